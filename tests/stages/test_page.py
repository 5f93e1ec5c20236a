"""Pages: what they say, what they say of themselves, and when they are no article (H10, H26)."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from monitor.model import Page, Unparsable
from monitor.stages.page import PAGE_LIMIT, extract_page, strip_markup

PATIENCE = 60  # processor seconds: what is quadratic takes hours, a busy machine a few times the usual second

TEXT = "The council of Northport switched off its new dispatch assistant after it sent two crews to the wrong street."
URL = "https://herald.example/story"


def a_page(head: str = "", *, title: str = "Dispatch off", text: str = TEXT, lang: str = ' lang="en-GB"') -> str:
    body = "".join(f"<p>{text} Part {n} tells what residents said about it.</p>" for n in range(4))
    return (
        f"<html{lang}><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{body}</article></body>"
    )


def read(page: str | bytes, url: str = URL, content_type: str | None = None) -> Page | Unparsable:
    return extract_page(page if isinstance(page, bytes) else page.encode(), url=url, content_type=content_type)


def page(markup: str | bytes, url: str = URL) -> Page:
    found = read(markup, url)
    assert isinstance(found, Page), found
    return found


def test_what_a_page_says_of_itself() -> None:
    found = page(
        a_page(
            '<link rel="canonical" href="/story/?utm_source=x"><meta property="og:site_name" content="The Herald">'
            '<meta property="article:published_time" content="2026-03-02T09:30:00+01:00">'
            '<meta name="author" content="Ada Moss">'
        )
    )
    assert found.text.count(TEXT) == 4
    assert (found.title, found.author, found.site_name, found.language) == (
        "Dispatch off", "Ada Moss", "The Herald", "en-GB",
    )  # fmt: skip
    assert found.canonical_url == "https://herald.example/story"
    assert found.published == "2026-03-02T09:30:00+01:00"
    assert found.published_at == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def test_linked_data_tells_the_date() -> None:
    data = '{"@graph": [{"@type": "NewsArticle", "datePublished": "2026-03-02T07:30:00Z"}]}'
    found = page(a_page(f'<script type="application/ld+json">{data}</script>'))
    assert found.published_at == datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def test_a_language_that_is_not_said_is_read_from_the_text() -> None:
    german = "Der Stadtrat hat den neuen Assistenten nach mehreren Fehlern gestern Abend wieder abgeschaltet."
    assert page(a_page(text=german, lang="")).language == "de"


@pytest.mark.parametrize(
    ("head", "key"),
    [
        ('<link rel="canonical" href="https://herald.example/">', None),  # every page its front page: a mistake
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        ('<link rel="alternate canonical" href="https://other.example/x">', "https://other.example/x"),
        ('<meta property="og:url" content="https://herald.example/b?fbclid=1">', "https://herald.example/b"),
        ("", None),
    ],
)
def test_the_address_that_a_page_claims_h21(head: str, key: str | None) -> None:
    assert page(a_page(head)).canonical_url == key


@pytest.mark.parametrize(
    ("body", "content_type", "detail"),
    [
        (b"", None, "empty"),
        (b" \n ", "text/html", "empty"),
        (b"%PDF-1.7 x", "text/html", "a PDF"),
        (b"\x89PNG\r\n", "text/html", "not a page but a file"),
        (b"<html><p>x", "image/svg+xml", "not a page but a file"),
        (b"<html><body></body></html>", "text/html", "no article text"),
        (a_page(title="Page not found", text="Sorry.").encode(), None, "soft 404"),
        (a_page(title="Just a moment...", text="Wait.").encode(), None, "a wall"),
    ],
)
def test_what_is_no_article_h26(body: bytes, content_type: str | None, detail: str) -> None:
    found = read(body, content_type=content_type)
    assert isinstance(found, Unparsable)
    assert detail in found.detail


@pytest.mark.parametrize(
    "body",
    [
        "<table>" + "<tr><td colspan=9000000000000000>x</td></tr>" * 200,
        a_page(text="<div>" * 300 + TEXT),
        "<div>" * 100_000,
        "".join(f"<p>{TEXT}</p>" for _ in range(5_000)),
        f"<html><body><p data-x='{'x' * 3_000_000}'>{TEXT}",
    ],
    ids=["colspan", "300 levels", "100,000 levels", "5,000 paragraphs", "a long attribute"],
)
def test_hostile_pages_end_in_time_h26(body: str) -> None:
    began = time.process_time()
    assert isinstance(read(body), Page | Unparsable)
    assert time.process_time() - began < PATIENCE


def test_a_page_over_the_limit_is_read_without_its_scripts_h26() -> None:
    heavy = f"<script>{'x' * PAGE_LIMIT}</script>" + a_page()
    found = page(heavy)
    assert found.text.count(TEXT) == 4
    assert "only 2000000 were read" in found.notes[0]


@pytest.mark.parametrize(
    "encoded",
    [
        a_page(text="Größe née", lang="").encode("latin-1"),
        a_page('<meta charset="windows-1252">', text="Größe née").encode("cp1252"),
        a_page(" " * 2_000 + '<meta charset="iso-8859-15">', text="Größe née").encode("iso-8859-15"),
        a_page('<meta charset="iso-8859-1">', text="Größe née").encode(),
        b"\xff\xfe" + a_page(text="Größe née").encode("utf-16-le"),
    ],
    ids=["silent", "declared", "declared late", "lying", "UTF-16"],
)
def test_pages_in_any_charset_h10(encoded: bytes) -> None:
    assert "Größe née" in page(encoded).text


def test_controls_are_removed_h11() -> None:
    assert "Nor\x00thport" not in page(a_page(text="A\x00B\x01C&#0;D " + TEXT)).text
    assert "ABC" in page(a_page(text="A\x00B\x01C " + TEXT)).text


def test_a_feeds_markup_becomes_lines_of_text() -> None:
    markup = "<h2>Head</h2><p>One <b>two</b>.</p><ul><li>a</li><li>b</li></ul>c<br/>d<script>x</script> &amp; <"
    assert strip_markup(markup).split("\n") == ["Head", "One two.", "a", "b", "c", "d & <"]
    assert strip_markup("plain") == "plain"
    assert strip_markup("") == ""


@pytest.mark.parametrize("character", ["&#8;", "&#x0B;", "&#xFFFE;", "\x08"])
def test_a_control_character_in_a_feed_costs_no_text_h11(character: str) -> None:
    assert strip_markup(f"<p>one{character} two</p>and{character}<br>{character}more").split("\n") == [
        "one two",
        "and",
        "more",
    ]
