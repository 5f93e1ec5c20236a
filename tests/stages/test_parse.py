"""Feeds: what is read of them, and what it may cost; the nasty ones are in tests/data/hostile."""

from __future__ import annotations

import time

import pytest

from monitor.model import ParsedFeed, Unparsable
from monitor.stages.entry import MAX_ENTRIES
from monitor.stages.parse import parse_feed

PATIENCE = 60  # processor seconds: what is quadratic takes hours, a busy machine a few times the usual second


def read(name: str, body: bytes) -> ParsedFeed | Unparsable:
    return parse_feed(body, url="https://feeds.example/herald.xml")


def rss(items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode()


def dated(number: int) -> str:
    return f"<item><guid>{number}</guid><pubDate>2026-03-02 {number // 60 % 24:02}:{number % 60:02}</pubDate></item>"


@pytest.mark.parametrize("order", [1, -1], ids=["oldest first", "newest first"])
def test_only_the_newest_of_a_huge_document_are_read_h13(order: int) -> None:
    numbers = list(range(1_400))[::order]
    plain = [f"<item><guid>p{n}</guid></item>" for n in range(40_000)]
    dates = [dated(n) for n in numbers]
    items = plain + dates if order == 1 else dates + plain
    items = [dated(0), *items, dated(1_399)] if order == 1 else [dated(1_399), *items, dated(0)]
    began = time.process_time()
    feed = read("huge", rss("".join(items)))
    assert time.process_time() - began < PATIENCE
    assert isinstance(feed, ParsedFeed)
    assert len(feed.entries) == MAX_ENTRIES
    assert feed.notes == ("41402 entries: only the 2000 newest were read",)
    assert set(map(str, numbers)) <= {entry.guid for entry in feed.entries}


def test_a_title_of_four_megabytes_and_ten_thousand_categories_h13() -> None:
    categories = "".join(f"<category>c{n}</category>" for n in range(10_000))
    feed = read("long", rss(f"<item><guid>1</guid><title>{'t' * 4_000_000}</title>{categories}</item>"))
    assert isinstance(feed, ParsedFeed)
    assert len(feed.entries[0].title) == 500


@pytest.mark.parametrize(
    "body",
    [
        rss("<x>" * 200_000),
        rss(f"<item><title>{'<b>' * 20_000}</title></item>"),
        b"<!DOCTYPE rss [" + b"<!ENTITY a 'b'>" * 200_000 + b"]>" + rss(""),
        b"<!DOCTYPE " + b"<" * 2_000_000,
        rss(f"<item><author>{'a@a.' * 100_000}</author></item>"),
        rss(f"<item><dc:creator><![CDATA[{'a@' * 100_000}]]></dc:creator></item>"),
        rss(f"<item><pubDate>{'1' * 200_000}</pubDate></item>"),
        rss(f"<item><title>{'&amp;' * 200_000}</title></item>"),
        rss(f"<item><description>{'<!--' * 100_000}</description></item>"),
        rss(f"<item {'a=b ' * 50_000}/>"),
    ],
    ids=[
        "levels",
        "tags in a title",
        "entities",
        "doctype",
        "author",
        "creator",
        "date",
        "references",
        "comments",
        "attributes",
    ],
)
def test_pathological_documents_end_in_time_h8_h9(body: bytes) -> None:
    began = time.process_time()
    assert isinstance(read("slow", body), ParsedFeed | Unparsable)
    assert time.process_time() - began < PATIENCE


def test_a_body_that_names_a_file_or_url_opens_nothing_h8() -> None:
    for body in (b"/etc/passwd", b"file:///etc/passwd", b"http://127.0.0.1:9/"):
        assert isinstance(read("name", body), Unparsable)


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        ("text/xml", "Größe"),
        ("application/rss+xml; charset=iso-8859-1", "Größe"),
        ("text/html; charset=us-ascii", "Größe"),
        ("application/xml; charset=shift_jis", "Größe"),
        ("nonsense; charset=zip", "Größe"),
        ("application/xml; charset=unicode_escape", "Größe"),
    ],
)
def test_a_lying_content_type_does_not_matter_h10(content_type: str, text: str) -> None:
    body = rss(f"<item><title>{text}</title></item>".encode().decode())
    feed = parse_feed(body, url="", content_type=content_type)
    assert isinstance(feed, ParsedFeed)
    assert feed.entries[0].title == text


def test_the_servers_charset_is_heard_where_the_document_is_silent_h10() -> None:
    body = rss("<item><title>Новость</title></item>").decode().encode("koi8-r")
    feed = parse_feed(body, url="", content_type="application/xml; charset=KOI8-R")
    assert isinstance(feed, ParsedFeed)
    assert feed.entries[0].title == "Новость"
