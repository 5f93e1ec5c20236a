"""The documents among the hostile cases, read without a newsroom: what the reader says of them, and what of their text
may reach a page of ours (H8-H14, H17, H18, H21-H25)."""

from __future__ import annotations

import re
import time
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml.html import fromstring

from benchmarks.hostile_cases import Case, build, document_of, list_documents, read_cases
from monitor.model import Kind, ParsedFeed, Unparsable
from monitor.stages.markup import safe_html
from monitor.stages.read import read_document

PATIENCE = 60  # processor seconds: what is quadratic takes hours, a busy machine a few times the usual second
DOCUMENTS = list_documents(read_cases())
SHORT = [case for case in DOCUMENTS if len(case.part(0)) < 400_000]  # the longest are read in the newsroom's tests
PARSED = [case for case in DOCUMENTS if "parsed" in case.expect]
_ACTIVE = re.compile(
    r"<(?:script|iframe|object|embed|form|button|input|meta|base|link|style|svg|math|template|noscript|img|video)\b"
    r"|\son\w+\s*=|javascript:|vbscript:|data:text|srcdoc|formaction|\sping=|\sstyle=|\sid=|\sname=",
    re.IGNORECASE,
)


def read(case: Case) -> ParsedFeed | Unparsable:
    return read_document(document_of(case), kind=Kind(case.reads), url="https://feeds.example/herald.xml")


@pytest.mark.parametrize("case", PARSED, ids=lambda case: case.name)
def test_the_reader_says_what_it_met_h8_h10_h13_h25_p10(case: Case) -> None:
    expected, feed = case.expect["parsed"], read(case)
    assert isinstance(feed, ParsedFeed), feed
    if "format" in expected:
        assert feed.format == expected["format"]
    if "malformed" in expected:
        assert feed.is_malformed is expected["malformed"]
    if "note" in expected:
        assert any(expected["note"] in note for note in feed.notes), feed.notes
    if "hints" in expected:
        assert _hints(feed) == expected["hints"]


def _hints(feed: ParsedFeed) -> dict[str, Any]:
    hints = asdict(feed.hints)
    spans = {name: span.total_seconds() for name in ("ttl", "update_every") if (span := hints[name]) is not None}
    return spans | {name: sorted(hints[name]) for name in ("skip_hours", "skip_days")}


@pytest.mark.parametrize("case", SHORT, ids=lambda case: case.name)
def test_every_document_ends_in_time_and_gives_safe_text_h8_h9_h11_h21_h22(case: Case) -> None:
    began = time.process_time()
    feed = read(case)
    assert time.process_time() - began < PATIENCE
    for entry in feed.entries[:20] if isinstance(feed, ParsedFeed) else ():
        assert entry.url is None or entry.url.startswith(("http://", "https://"))
        for text in (entry.title, entry.guid, entry.author, entry.published, entry.summary, entry.content):
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", text or "")
        for markup in (entry.summary, entry.content):
            _check_shown(markup or "")


def _check_shown(markup: str) -> None:
    """What a page of ours would show of it."""
    shown = safe_html(markup)
    tags = "".join(re.findall(r"<[^>]*>", shown))
    assert not _ACTIVE.search(tags), shown[:2_000]
    if shown.strip():
        for link in fromstring(f"<div>{shown}</div>").iter("a"):
            assert urlsplit(link.get("href") or "").scheme in ("", "http", "https")


def test_what_goes_over_the_wire_is_what_the_file_says() -> None:
    answer = build("<rss/>", {"headers": [["Content-Type", "text/xml"]], "gzip": 1, "length": 7})
    assert answer.startswith(b'HTTP/1.1 200 Said\r\nETag: "hostile"\r\nContent-Type: text/xml\r\n')
    assert b"Content-Length: 7\r\n" in answer
    assert answer.split(b"\r\n\r\n")[1].startswith(b"\x1f\x8b")
    assert build("HTTP/1.1 200 OK\n\nx", {"wire": True}) == b"HTTP/1.1 200 OK\r\n\r\nx"
