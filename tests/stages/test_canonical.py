"""One spelling for a URL, a title, a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stages.canonical import (
    URL_LIMIT,
    canonical_url,
    clean_line,
    clean_text,
    cut,
    fragment_of,
    host_of,
    normal_title,
    openable_url,
    registrable_domain,
    untracked_url,
)

PAGE = "https://example.org/story"


@pytest.mark.parametrize(
    "spelling",
    [
        "https://example.org/story",
        "http://example.org/story",
        "HTTP://EXAMPLE.org:80/story",
        "https://example.org.:443/story/",
        "https://example.org/a/../story",
        "https://example.org/./a/%2e%2E/story",
        "https://example.org/story#comments",
        "https://example.org/story?utm_source=rss&utm_medium=feed",
        "https://example.org/story?fbclid=abc&gclid=1&mc_cid=2&MC_EID=3",
        "https://example.org/story?ref=rss",
        "https://example.org/story?amp=1",
        "https://user:secret@example.org/story",
        " https://example.org/\nstory\t",
        "https:\\\\example.org\\story",
    ],
)
def test_spellings_of_one_page_give_one_key(spelling: str) -> None:
    assert canonical_url(spelling) == PAGE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/?id=5", "https://example.org/?id=6"),
        ("https://example.org/?p=123", "https://example.org/"),
        ("https://example.org/Story", "https://example.org/story"),
        ("https://example.org:8080/story", "https://example.org/story"),
        ("https://m.example.org/story", "https://example.org/story"),
        ("https://example.org/story/amp", "https://example.org/story"),
        ("https://example.org/x?ref=main", "https://example.org/x?ref=dev"),
        ("https://example.org/#!/one", "https://example.org/#!/two"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
    ],
)
def test_different_pages_keep_different_keys(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_the_query_is_sorted_and_blank_values_stay() -> None:
    assert canonical_url("https://example.org/?b=1&a=&c=%20") == "https://example.org/?a=&b=1&c=+"


def test_other_alphabets_have_one_spelling() -> None:
    assert canonical_url("https://MÜNCHEN.example/ä?ü=ö") == "https://xn--mnchen-3ya.example/%C3%A4?%C3%BC=%C3%B6"
    assert canonical_url("https://xn--mnchen-3ya.example/%c3%a4?%c3%bc=%c3%b6") == canonical_url(
        "https://münchen.example/ä?ü=ö"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " \x00javascript:alert(1)",
        "java\nscript:alert(1)",
        "java\tscript:alert(1)",
        "java&#10;script:alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6a;&#x61;vascript&colon;alert(1)",
        "&amp;#106;avascript:alert(1)",
        "javascript&#58;alert(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "mailto:a@example.org",
        "feed:https://example.org/x",
        "tag:example.org,2026:1",
        "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        "https://exa mple.org/",
        "https://example.org:99999/",
        "https://[::1/",
        "https://exam%70le.org/",
    ],
)
def test_only_http_and_https_pass_h21(hostile: str) -> None:
    assert canonical_url(hostile, PAGE) is None
    assert openable_url(hostile) is None
    assert openable_url(hostile, "javascript:alert(1)//") is None


@pytest.mark.parametrize("empty", ["", "   ", "https://", "https:///story", "#", None])
def test_no_host_is_no_url(empty: str | None) -> None:
    assert openable_url(empty) is None


def test_a_hostile_base_gives_nothing_h21() -> None:
    assert openable_url("x", "javascript:alert(1)//") is None
    assert openable_url("x", "data:text/html,") is None


def test_a_url_over_the_limit_is_none_h13() -> None:
    assert openable_url("https://example.org/" + "a" * URL_LIMIT) is None
    assert canonical_url("https://example.org/" + "a" * 100_000) is None
    assert canonical_url("https://example.org/" + "ä" * 1_000) is None  # 6,000 once percent-encoded


def test_relative_urls_are_resolved() -> None:
    assert openable_url("/x y", PAGE) == "https://example.org/x%20y"
    assert openable_url("//other.example/x", PAGE) == "https://other.example/x"
    assert openable_url("?a=1", PAGE) == "https://example.org/story?a=1"
    assert openable_url("x") is None


def test_an_openable_url_stays_as_served() -> None:
    served = "http://example.org/Story/?utm_source=rss#part-2"
    assert openable_url(served) == served
    assert fragment_of(served) == "part-2"


def test_readers_are_sent_without_trackers() -> None:
    assert untracked_url("http://example.org/S/?b=%20&utm_source=rss&a#x") == "http://example.org/S/?b=+&a=#x"
    assert untracked_url("http://example.org/S/?b=%20&a#x") == "http://example.org/S/?b=%20&a#x"


def test_what_is_checked_is_what_a_browser_opens_h21() -> None:
    assert openable_url("https://good.example\\@evil.example/x") == "https://good.example/@evil.example/x"


def test_hosts_and_who_registered_them() -> None:
    assert host_of("https://News.BBC.co.uk.:8443/x") == "news.bbc.co.uk"
    assert registrable_domain("https://news.bbc.co.uk/x") == "bbc.co.uk"
    assert registrable_domain("someone.github.io") == "someone.github.io"
    assert registrable_domain("http://127.0.0.1:80/") == "127.0.0.1"
    assert registrable_domain("http://agency.localhost:80/") == "agency.localhost"
    assert registrable_domain("http://localhost/") == "localhost"
    assert registrable_domain("not a url") == "not a url"
    assert host_of("https://[broken") == ""


def test_what_no_database_can_hold_is_removed_h11() -> None:
    nasty = "a\x00b\x01c\x1fd\x7fe\x85f\x9fg\ud800h\udfffi\ufffej\uffffk\U0001fffel\tm\r\nn\ro"
    assert clean_text(nasty) == "abcdefghijkl\tm\nn\no"


def test_what_only_looks_odd_is_kept_h12() -> None:
    odd = "\u202eevil\u202c \u200bzero\u200d e" + "\u0301" * 500 + " \u0430pple 👩\u200d💻"
    assert clean_text(odd) == odd


def test_titles_are_compared_without_looks_h12() -> None:
    assert normal_title("  The\u00a0ﬁrst\u200b STRASSE\n") == normal_title("the first straße")


def test_lines_and_limits() -> None:
    assert clean_line("  a\n\tb \x00 c ") == "a b c"
    assert cut("abcdef", 4) == "abc…"
    assert cut("abcd", 4) == "abcd"


@given(st.text(), st.sampled_from([None, PAGE]))
def test_a_key_is_its_own_key(url: str, base: str | None) -> None:
    key = canonical_url(url, base)
    assert key is None or canonical_url(key) == key


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_clean_text_is_utf8_and_stable_h11(text: str) -> None:
    cleaned = clean_text(text)
    assert cleaned.encode().decode() == cleaned
    assert clean_text(cleaned) == cleaned


def _is_unstorable(character: str) -> bool:
    point = ord(character)
    is_control = (point < 32 and character not in "\t\n") or 127 <= point < 160
    return is_control or 0xD800 <= point < 0xE000 or 0xFDD0 <= point < 0xFDF0 or point & 0xFFFE == 0xFFFE


@given(
    st.text(alphabet=st.one_of(st.characters(exclude_categories=[]), st.sampled_from("\r\n\x85\ufdd0\ufdcf\ufffe🏿")))
)
def test_clean_text_drops_what_cannot_be_stored_and_nothing_else_h11(text: str) -> None:
    ended = text.replace("\r\n", "\n").replace("\r", "\n")
    assert clean_text(text) == "".join(c for c in ended if not _is_unstorable(c))


_PARTS = ["https://", "HTTP://", "javascript:", "a.example", "A.example", "[::1]", "@", ":443", ":0443", "/", "//",
          "..", "\\", "?", "#", ";", "&amp;", "%2e", "ä", "a=b", "~x", " ", "\t"]  # fmt: skip


@given(st.lists(st.sampled_from(_PARTS), max_size=9), st.sampled_from([None, PAGE, "http://a.example"]))
def test_a_url_that_needs_no_reading_is_what_reading_it_gives_h21(parts: list[str], base: str | None) -> None:
    url = "".join(parts)
    assert openable_url(url, base) == openable_url(" " + url, base)  # space at the ends is dropped, and is no shortcut
