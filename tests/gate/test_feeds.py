"""The captured feeds read as they did: nothing crashes, and every difference from the manifest is named here."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.feeds import difference, read_manifest
from monitor.stages.parse import parse_feed

DIFFERENCES = {
    # tags and doubly escaped entities in a title are read as their author meant them
    "rbren__craigslist.rss": "first title",
    "feedjira__google_alerts_atom.xml": "first title",
    "huginn__slickdeals.atom": "first title",
    # an XML declaration and nothing else: the manifest counts no entries, we say that it is no feed
    "kurtmckee__rss_empty_document.xml": "not-a-feed",
}


@pytest.mark.data
def test_captured_feeds_read_as_the_manifest_says(data_dir: Path) -> None:
    folder = data_dir / "feeds"
    records = read_manifest(folder)
    assert len(records) == 251
    found = {}
    for record in records:
        feed = parse_feed((folder / "files" / record["file"]).read_bytes(), url="https://feed.example/")
        if said := difference(record, feed):
            found[record["file"]] = said
    assert found.keys() == DIFFERENCES.keys(), found
    assert all(said.startswith(DIFFERENCES[file]) for file, said in found.items())
