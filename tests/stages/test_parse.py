"""Feeds: every case in tests/data/feeds is a document beside what must be read from it; its name says which promise."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from monitor.model import Failure, ParsedFeed, Unparsable
from monitor.stages.entry import MAX_ENTRIES
from monitor.stages.parse import parse_feed

PATIENCE = 60  # processor seconds: what is quadratic takes hours, a busy machine a few times the usual second

CASES = sorted((Path(__file__).parents[1] / "data" / "feeds").glob("*.xml"))
PER_ENTRY = {"titles": "title", "urls": "url", "guids": "guid", "published": "published", "authors": "author",
             "published_at": "published_at", "contents": "content"}  # fmt: skip


def read(name: str, body: bytes) -> ParsedFeed | Unparsable:
    return parse_feed(body, url="https://feeds.example/herald.xml")


def seen(feed: ParsedFeed, field: str) -> list[Any]:
    values = [getattr(entry, PER_ENTRY[field]) for entry in feed.entries]
    return [value.isoformat() if field == "published_at" and value else value for value in values]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_nasty_feeds_h8_h9_h10_h11_h13_h14_h17_h18_h21_h25(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text())
    began = time.process_time()
    feed = read(path.name, path.read_bytes())
    assert time.process_time() - began < PATIENCE
    if "error" in expected:
        assert isinstance(feed, Unparsable), feed
        assert feed.kind == Failure(expected["error"]["kind"])
        assert expected["detail"] in feed.detail
        return
    assert isinstance(feed, ParsedFeed), feed
    for field in PER_ENTRY.keys() & expected.keys():
        wanted = expected[field]
        found = seen(feed, field)
        assert len(found) == len(wanted)
        ends = [str(w).removesuffix("*") if str(w).endswith("*") else None for w in wanted]
        shown = [f if end is None else f[: len(end)] + "*" for f, end in zip(found, ends, strict=True)]
        assert shown == wanted
    if "format" in expected:
        assert feed.format == expected["format"]
    if "malformed" in expected:
        assert feed.is_malformed is expected["malformed"]
    if "note" in expected:
        assert any(expected["note"] in note for note in feed.notes), feed.notes
    if "hints" in expected:
        hints = asdict(feed.hints)
        assert {k: v and v.total_seconds() for k, v in hints.items() if k in ("ttl", "update_every")} | {
            k: sorted(v) for k, v in hints.items() if k.startswith("skip")
        } == expected["hints"]


def test_every_case_has_its_expectation_beside_it() -> None:
    assert len(CASES) > 40
    assert {path.stem for path in CASES} == {path.stem for path in CASES[0].parent.glob("*.json")}


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
