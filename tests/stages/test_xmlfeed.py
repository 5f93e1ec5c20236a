"""The native reader against feedparser: whatever it takes, it reads alike, in every field of feed and entries."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings

from monitor.stages.charset import decode
from monitor.stages.parse import parse_feed
from monitor.stages.xmlfeed import read_xml_feed
from tests.stages.feed_documents import feed_documents

URL = "https://feeds.example/herald.xml"
CASES = sorted((Path(__file__).parents[1] / "data" / "feeds").glob("*.xml"))


def check(body: bytes) -> None:
    assert parse_feed(body, url=URL) == parse_feed(body, url=URL, by_reference=True)


def is_taken(body: bytes) -> bool:
    return read_xml_feed(decode(body)[0]) is not None


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_nasty_feeds_read_as_feedparser_reads_them(path: Path) -> None:
    check(path.read_bytes())


@pytest.mark.data
def test_captured_feeds_read_as_feedparser_reads_them_and_most_are_read_natively(data_dir: Path) -> None:
    paths = sorted((data_dir / "feeds" / "files").iterdir())
    assert len(paths) == 251
    for path in paths:
        check(path.read_bytes())
    assert sum(is_taken(path.read_bytes()) for path in paths) > 200


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(feed_documents())
def test_made_up_feeds_read_as_feedparser_reads_them(body: bytes) -> None:
    event("read natively" if is_taken(body) else "left to feedparser")
    check(body)
