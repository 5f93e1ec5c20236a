"""The native reader against feedparser: whatever it takes, it reads alike, in every field of feed and entries."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings

from benchmarks.hostile_cases import Case, document_of, list_documents, read_cases
from monitor.model import ParsedFeed
from monitor.stages.charset import decode
from monitor.stages.parse import parse_feed
from monitor.stages.xmlfeed import read_xml_feed
from tests.stages.feed_documents import feed_documents

URL = "https://feeds.example/herald.xml"
PATIENCE = 60  # processor seconds: what is quadratic takes minutes
SLOW = {"h8-many-attributes", "h13-categories"}  # for feedparser: seconds
CASES = [
    case
    for case in list_documents(read_cases())
    if case.reads in ("feed", "status") and len(case.part(0)) < 4e5 and case.name not in SLOW
]


def check(body: bytes) -> None:
    assert parse_feed(body, url=URL) == parse_feed(body, url=URL, by_reference=True)


def is_taken(body: bytes) -> bool:
    return read_xml_feed(decode(body)[0]) is not None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nasty_feeds_read_as_feedparser_reads_them(case: Case) -> None:
    check(document_of(case))


@pytest.mark.data
def test_captured_feeds_read_as_feedparser_reads_them_and_most_are_read_natively(data_dir: Path) -> None:
    paths = sorted((data_dir / "feeds" / "files").iterdir())
    assert len(paths) == 251
    for path in paths:
        check(path.read_bytes())
    assert sum(is_taken(path.read_bytes()) for path in paths) > 200


def test_a_feed_that_writes_about_entities_is_no_attack_h8() -> None:
    """Without a DOCTYPE nothing is declared; feedparser's path refuses the word wherever it stands."""
    told = "<![CDATA[<pre><!ENTITY xxe SYSTEM 'file:///etc/passwd'></pre>]]>"
    item = f"<item><title>XXE</title><description>{told}</description></item>"
    feed = parse_feed(f"<rss version='2.0'><channel>{item}</channel></rss>".encode(), url=URL)
    assert isinstance(feed, ParsedFeed)
    assert feed.entries[0].summary == told[9:-3]


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE rss><rss version='2.0'><channel><title>T</title></channel></rss>",
        "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss version='2.0'><channel><title>&a;</title></channel></rss>",
        "<rss version='2.0'><channel><title>&a;</title></channel></rss>",
        "<rss version='2.0'><channel><title>&#0;&#xD800;</title></channel></rss>",
        "<rss version='2.0'><channel><title>a\x01</title></channel></rss>",
        "<rss version='2.0'><channel>" + "<b>" * 100 + "</b>" * 100 + "</channel></rss>",
        "<rss version='2.0'><channel>" + "<item/>" * 2_001 + "</channel></rss>",
        f"<rss version='2.0'><channel><item><author>{'a@' * 200}</author></item></channel></rss>",
        "<rss version='2.0'><channel><title>T</title></channel></rss><rss/>",
        "<rss version='2.0'><channel><x:title>T</x:title></channel></rss>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>T</title></head></html>",
    ],
    ids=["doctype", "entity", "undeclared entity", "references", "control", "depth", "entries", "name", "roots",
         "prefix", "html"],
)  # fmt: skip
def test_what_is_out_of_the_ordinary_is_left_to_feedparser_h8_h9_h11_h13_h25(body: str) -> None:
    assert read_xml_feed(body) is None


@pytest.mark.parametrize(
    ("reference", "title"),
    [("&#0000000065;", "A"), ("&#x00000000041;", "A"), ("&#0000000000;", ""), ("&#9999999999;", "")],
)
def test_a_reference_with_zeros_before_it_is_one_h11(reference: str, title: str) -> None:
    body = f"<rss version='2.0'><channel><title>{reference}</title></channel></rss>".encode()
    feed = parse_feed(body, url=URL)
    assert isinstance(feed, ParsedFeed)
    assert feed.title == title
    check(body)


def test_a_hundred_thousand_attributes_are_not_looked_up_one_by_one_h8() -> None:
    stated = " ".join(f"a{number}='b'" for number in range(100_000))
    body = f"<rss version='2.0'><channel><item {stated}><title {stated}>T</title></item></channel></rss>".encode()
    began = time.process_time()
    feed = parse_feed(body, url=URL)
    assert time.process_time() - began < PATIENCE
    assert isinstance(feed, ParsedFeed)
    assert feed.entries[0].title == "T"


def test_upper_case_is_no_obstacle_h25() -> None:
    body = (
        b"<RSS VERSION='2.0'><CHANNEL><TITLE>T</TITLE><ITEM><Guid ISPERMALINK='FALSE'>1</Guid></ITEM></CHANNEL></RSS>"
    )
    assert is_taken(body)
    check(body)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(feed_documents())
def test_made_up_feeds_read_as_feedparser_reads_them(body: bytes) -> None:
    event("read natively" if is_taken(body) else "left to feedparser")
    check(body)
