"""Other addresses of one article: guessed without touching what may choose an article, and unwrapped by reading."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitor.stages.canonical import canonical_url, openable_target
from monitor.stages.spellings import plain_spelling, spellings
from monitor.stages.wrappers import unwrapped_url

STORY = "https://herald.example/2026/03/story"

SPELLINGS = [
    "https://www.herald.example/2026/03/story",
    "https://m.herald.example/2026/03/story",
    "https://mobile.herald.example/2026/03/story",
    "https://amp.herald.example/2026/03/story",
    "https://herald.example/2026/03/story/amp",
    "https://herald.example/amp/2026/03/story",
    "https://herald.example/2026/03/story.amp",
    "https://herald.example/2026/03/story/print",
    "https://herald.example/2026/03/story/index.html",
    "https://herald.example/2026/03/story?print=1",
    "https://herald.example/2026/03/story?outputType=amp",
    "https://m.herald.example/2026/03/story/amp",
]


@pytest.mark.parametrize("other", SPELLINGS)
def test_one_article_is_looked_for_under_its_other_addresses(other: str) -> None:
    key = canonical_url(other)
    assert key is not None
    assert plain_spelling(key) == STORY
    assert STORY in {key, *spellings(key)}


@pytest.mark.parametrize("other", SPELLINGS[:10])
def test_and_it_is_found_from_there(other: str) -> None:
    assert canonical_url(other) in spellings(STORY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://herald.example/a?id=1", "https://herald.example/a?id=2"),
        ("https://herald.example/a?view=archive", "https://herald.example/a"),
        ("https://m.example/a", "https://example/a"),  # a name that somebody registered is never cut
        ("https://amp.dev/a", "https://dev/a"),
        ("https://news.herald.example/a", "https://herald.example/a"),
        ("https://herald.example/amplify", "https://herald.example/lify"),
        ("https://herald.example/print", "https://herald.example/"),
    ],
)
def test_what_is_no_spelling_of_another(one: str, other: str) -> None:
    assert other not in spellings(one)


_HOSTS = st.sampled_from(["herald.example", "www.herald.example", "m.herald.example", "herald.co.uk", "127.0.0.1:8000"])
_PATHS = st.lists(
    st.sampled_from(["story", "amp", "print", "2026", "a.html", "a.amp.html", "index.html", "m", "%C3%9F", "..", ""]),
    max_size=4,
).map("/".join)
_VALUES = st.text("0123456789abcXYZ-_", min_size=1, max_size=6)
_CHOOSERS = st.sampled_from(["id", "p", "article", "story", "page_id", "aid", "nid", "newsid", "itemid", "slug", "q"])
_TRACKERS = st.lists(
    st.sampled_from(["utm_source=x", "fbclid=1", "amp=1", "ref=rss", "share=twitter", "gclid=2", "mc_cid=3"]),
    max_size=3,
)


def _address(host: str, path: str, query: str, *, scheme: str = "https") -> str:
    return f"{scheme}://{host}/{path}?{query}"


@given(_HOSTS, _PATHS, _CHOOSERS, _VALUES, _VALUES, _TRACKERS, _TRACKERS)
def test_what_chooses_an_article_always_parts_addresses(
    host: str, path: str, name: str, one: str, other: str, some: list[str], more: list[str]
) -> None:
    assume(one != other)
    first, second = (
        canonical_url(_address(host, path, "&".join([*before, f"{name}={value}"])))
        for value, before in ((one, some), (other, more))
    )
    assert first is not None
    assert second is not None
    assert first != second
    assert plain_spelling(first) != plain_spelling(second)
    assert not {first, *spellings(first)} & {second, *spellings(second)}


@given(_HOSTS, _PATHS, _CHOOSERS, _VALUES, _TRACKERS, st.permutations(["a=1", "b=2"]))
def test_how_a_reader_came_parts_nothing(
    host: str, path: str, name: str, value: str, trackers: list[str], rest: list[str]
) -> None:
    plain = canonical_url(_address(host, path, "&".join([f"{name}={value}", "a=1", "b=2"])))
    tracked = canonical_url(_address(host, path, "&".join([*rest, *trackers, f"{name}={value}"]), scheme="http"))
    assert plain == tracked


@given(_HOSTS, _PATHS, _CHOOSERS, _VALUES)
def test_spellings_are_canonical_and_plain_ones_are_their_own(host: str, path: str, name: str, value: str) -> None:
    key = canonical_url(_address(host, path, f"{name}={value}"))
    assert key is not None
    assert canonical_url(key) == key
    made = spellings(key)
    assert all(canonical_url(other) == other for other in made)
    assert len(made) < 80


# --- addresses inside addresses ---------------------------------------------------------------------------------

WRAPPED = [
    "https://www-herald-example.cdn.ampproject.org/c/s/herald.example/2026/03/story",
    "https://cdn.ampproject.org/v/s/herald.example/2026/03/story?amp_js_v=0.1",
    "https://www.google.com/amp/s/herald.example/2026/03/story",
    "https://www.google.co.uk/url?rct=j&sa=t&url=https://herald.example/2026/03/story&ct=ga",
    "https://news.google.com/news/url?sa=t&url=https%3A%2F%2Fherald.example%2F2026%2F03%2Fstory",
    "https://news.google.com/rss/articles/CBMiJGh0dHBzOi8vaGVyYWxkLmV4YW1wbGUvMjAyNi8wMy9zdG9yedIBAA?oc=5",
    "http://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3a%2f%2fherald.example%2f2026%2f03%2fstory&c=1",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fherald.example%2F2026%2F03%2Fstory&h=AT",
    "https://out.reddit.com/t3_x?url=https%3A%2F%2Fherald.example%2F2026%2F03%2Fstory&token=y",
    "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fherald.example%2F2026%2F03%2Fstory",
    "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fherald.example%2F2026%2F03%2Fstory&data=x",
    "https://web.archive.org/web/20260301120000id_/https://herald.example/2026/03/story",
    "https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RO=10/RU=https%3a%2f%2fherald.example%2f2026%2f03%2fstory/RK=2/RS=x",
    "https://herald-example.translate.goog/2026/03/story?_x_tr_sl=de&_x_tr_tl=en",
]


@pytest.mark.parametrize("wrapped", WRAPPED)
def test_an_address_inside_an_address_is_the_one_that_counts(wrapped: str) -> None:
    assert canonical_url(wrapped) == STORY
    assert canonical_url(openable_target(wrapped)) == STORY


@pytest.mark.parametrize("wrapped", WRAPPED[3:5])
def test_wrappers_are_read_inside_one_another(wrapped: str) -> None:
    assert canonical_url(f"https://l.facebook.com/l.php?u={quote(wrapped, safe='')}") == STORY


@pytest.mark.parametrize(
    "address",
    [
        "https://www.google.com/url?url=javascript:alert(1)",
        "https://www.google.com/search?q=https://herald.example/a",
        "https://news.google.com/rss/articles/AU_yqLxxxxxxxxxxxxxxxxxx",
        "https://herald.example/redirect?url=https://other.example/a",
        "https://cdn.ampproject.org/c/s/nohost",
        "https://notgoogle.com/url?url=https://herald.example/a",
        "https://t.co/abc",
    ],
)
def test_what_names_no_other_page_stays_as_it_is_h21(address: str) -> None:
    assert unwrapped_url(address) == address


@given(st.text(max_size=60), st.sampled_from([*WRAPPED, STORY]))
def test_unwrapping_ends_and_gives_its_own_key(tail: str, start: str) -> None:
    key = canonical_url(start + tail)
    assert key is None or canonical_url(key) == key
