"""The feeds as a publication leaves them: logs that only grow, archives that stay, and nothing rendered for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from monitor.jobs.feeds import keep_feed
from monitor.jobs.publish import PublishReport, publish
from monitor.jobs.sections import House
from monitor.jobs.sections.feeds import Feeds
from monitor.jobs.take_down import take_down
from monitor.model import RevisionKind, Severity
from monitor.model.feeds import TakeDownReason
from monitor.model.subscriber import Wanted
from monitor.stages.syndicate import Cut, Site
from monitor.store.database import Database
from monitor.store.feeds import count_events, list_places
from tests.conftest import ManualClock
from tests.past import START, many_past, publish_past, revise_past
from tests.wires import BASE_URL, CODEBOOK, PROVIDERS

FEW = tuple(p for p in PROVIDERS.providers if p.id in ("openai", "anthropic", "google"))
SITE = Site(name="Wire", base_url=BASE_URL, codebook=CODEBOOK, providers=FEW)
HOUSE = House(site=SITE, guide="")
STRETCH = 6
SHORT = Cut(stretch=STRETCH, fresh=3)
LATER = START + timedelta(days=60)
ALL_SINGLE = "/feeds/standard/single-source.atom"
ATOM = "{http://www.w3.org/2005/Atom}"


def publish_in(database: Database, clock: ManualClock, folder: Path, feeds: Feeds | None = None) -> PublishReport:
    section = feeds or Feeds(HOUSE, cut=SHORT)
    return publish(database, clock, public_dir=folder, site=SITE, sections=(section,))


def parsed(folder: Path, path: str) -> etree._Element:
    return etree.fromstring((folder / path.lstrip("/")).read_bytes())


def links_of(feed: etree._Element) -> dict[str, str]:
    return {e.get("rel") or "": (e.get("href") or "").removeprefix(BASE_URL) for e in feed.findall(ATOM + "link")}


def entries_of(feed: etree._Element) -> list[tuple[str, str]]:
    return [(e.findtext(ATOM + "id") or "", e.findtext(ATOM + "updated") or "") for e in feed.findall(ATOM + "entry")]


def walk(folder: Path, path: str) -> list[tuple[str, etree._Element]]:
    """The subscription document and all its archives, newest first, as RFC 5005 4.1 goes."""
    found = []
    here: str | None = path
    while here is not None:
        document = parsed(folder, here)
        found.append((here, document))
        here = links_of(document).get("prev-archive")
    return found


def state(folder: Path) -> Mapping[str, Any]:
    files = [p for p in folder.rglob("*") if p.is_file() and ".tree" not in p.parts and "monitor.db" not in p.name]
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


def test_archives_and_the_subscription_document_hold_every_wire_once_o5(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    many_past(sqlite_database, 3 * STRETCH + 7)
    publish_in(sqlite_database, clock, tmp_path)
    lengths = {"/feed.atom": 25, "/providers/openai/feed.atom": 8, "/feeds/sev/2.atom": 7, ALL_SINGLE: 25}
    for feed, wanted in lengths.items():
        documents = walk(tmp_path, feed)
        told = [entry for _, document in documents for entry in entries_of(document)]
        assert len(told) == len(set(told)) == len({tag for tag, _ in told}) == wanted
        for (_, newer), (path, older) in pairwise(documents):
            assert max(entries_of(older), key=lambda e: e[1])[1] < min(entries_of(newer), key=lambda e: e[1])[1]
            assert older.findall("{http://purl.org/syndication/history/1.0}archive")
            following = links_of(older).get("next-archive")
            assert following is None or following in dict(documents)
            assert links_of(older)["current"] == feed
            assert links_of(older)["self"] == path
    assert len(walk(tmp_path, "/feed.atom")) == 4


def test_an_archive_keeps_its_entries_when_wires_are_corrected_and_the_correction_comes_anew_o5_o6(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    wires = many_past(sqlite_database, 2 * STRETCH)
    publish_in(sqlite_database, clock, tmp_path)
    before = (tmp_path / "feeds/archive/1.atom").read_bytes()
    with sqlite_database.write() as tx:
        revise_past(tx, wires[0], 1, kind=RevisionKind.CORRECTION, at=LATER)
    publish_in(sqlite_database, clock, tmp_path)
    assert (tmp_path / "feeds/archive/1.atom").read_bytes() == before
    for name in ("feed.atom", "feed.rss"):
        newest = feedparser.parse((tmp_path / name).read_bytes()).entries[0]
        assert newest.id == "tag:wire.example,2026-01-05:wire/1"
        assert newest.title.startswith("Corrected: ")
        assert newest.updated == LATER.isoformat()
    many_past(sqlite_database, STRETCH, first=500, start=LATER)
    publish_in(sqlite_database, clock, tmp_path)
    after = parsed(tmp_path, "/feeds/archive/1.atom")
    assert links_of(after)["next-archive"] == "/feeds/archive/2.atom"  # the one thing that is ever added
    assert entries_of(after) == entries_of(etree.fromstring(before))
    newest_first = [entry for _, document in walk(tmp_path, "/feed.atom") for entry in entries_of(document)]
    together = dict(reversed(newest_first))
    assert len(together) == 3 * STRETCH
    assert together["tag:wire.example,2026-01-05:wire/1"] == LATER.isoformat()


def test_a_wire_that_leaves_a_choice_tells_the_subscribers_of_that_choice_o6(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    with sqlite_database.write() as tx:
        wire = publish_past(tx, 1, at=START, providers=("openai",), severity=Severity.SEV_1)
        revise_past(tx, wire, 1, kind=RevisionKind.CORRECTION, at=LATER, providers=("google",), severity=Severity.SEV_3)
    publish_in(sqlite_database, clock, tmp_path)
    for path in (
        "/providers/openai/feed.atom",
        "/providers/google/feed.atom",
        "/feeds/sev/1.atom",
        "/feeds/sev/3.atom",
    ):
        (entry,) = parsed(tmp_path, path).findall(ATOM + "entry")
        assert (entry.findtext(ATOM + "title") or "").startswith("Corrected: ")
        terms = {c.get("term") for c in entry.findall(ATOM + "category")}
        assert {"google", "SEV-3"} <= terms
        assert not {"openai", "SEV-1"} & terms


def test_what_comes_in_with_an_old_date_is_told_and_drives_out_no_news_o5(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    with sqlite_database.write() as tx:
        publish_past(tx, 1, at=LATER)
    many_past(sqlite_database, 3 * STRETCH, first=100)  # a launch archive, after the first news
    publish_in(sqlite_database, clock, tmp_path)
    shown = entries_of(parsed(tmp_path, "/feed.atom"))
    assert shown[0] == ("tag:wire.example,2026-01-05:wire/1", LATER.isoformat())
    together = {tag for _, document in walk(tmp_path, "/feed.atom") for tag, _ in entries_of(document)}
    assert len(together) == 3 * STRETCH + 1


@pytest.mark.parametrize("count", [13, 49])
def test_a_publication_renders_the_feeds_that_have_the_wire_whatever_the_past_is_long(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path, count: int
) -> None:
    many_past(sqlite_database, count)
    feeds = Feeds(HOUSE, cut=SHORT)
    publish_in(sqlite_database, clock, tmp_path, feeds)
    before = state(tmp_path)
    with sqlite_database.write() as tx:
        publish_past(tx, 9_001, at=LATER, providers=("openai",), severity=Severity.SEV_2, codes=("M2", "F4"))
    report = publish_in(sqlite_database, clock, tmp_path, feeds)
    touched = {path for path, body in state(tmp_path).items() if before.get(path) != body and path[-3:] != ".gz"}
    stems = ["feed", "providers/openai/feed", "feeds/sev/2", "feeds/code/M2", "feeds/code/F4"]
    stems.append("feeds/standard/single-source")
    assert touched == {f"{stem}.{form}" for stem in stems for form in ("atom", "rss", "json")}
    assert report.rendered_count == len(touched)


def test_the_same_state_gives_the_same_bytes_whoever_renders_and_when_o4(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    feeds = Feeds(HOUSE, cut=SHORT)
    for batch in range(3):
        many_past(sqlite_database, STRETCH - 5, first=1 + 100 * batch, start=START + timedelta(days=9 * batch))
        publish_in(sqlite_database, clock, tmp_path / "bit by bit", feeds)
        clock.advance(days=1)
    publish_in(sqlite_database, clock, tmp_path / "at once")
    assert state(tmp_path / "bit by bit") == state(tmp_path / "at once")


def test_a_taken_down_wire_leaves_a_tombstone_in_every_document_that_had_it_o6(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    wires = many_past(sqlite_database, 2 * STRETCH)
    publish_in(sqlite_database, clock, tmp_path)
    clock.advance(days=100)
    taken = take_down(
        sqlite_database, clock, wires[2], who="grace", reason=TakeDownReason.PRIVACY, note="A letter of 3 March."
    )
    publish_in(sqlite_database, clock, tmp_path)
    archive, subscribed = parsed(tmp_path, "/feeds/archive/1.atom"), parsed(tmp_path, "/feed.atom")
    for document in (archive, subscribed):
        (grave,) = document.findall("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
        assert (grave.get("ref"), grave.get("when")) == (taken.tag, taken.at.isoformat())
        assert taken.tag not in dict(entries_of(document))
    assert len(entries_of(archive)) == STRETCH - 1
    left = [path for path, body in state(tmp_path).items() if b"ruling 3." in body or b"letter of 3 March" in body]
    assert left == []
    assert subscribed.findtext(ATOM + "updated") == taken.at.isoformat()
    assert b'"deleted": [\n   {\n    "ref": "%b"' % taken.tag.encode() in (tmp_path / "feed.json").read_bytes()
    assert b"deleted-entry" in (tmp_path / "feed.rss").read_bytes()


def test_a_kept_combination_begins_with_all_that_was_ever_in_it(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    from_the_start, later = tmp_path / "a", tmp_path / "b"
    ask(sqlite_database, clock, from_the_start)
    wires = many_past(sqlite_database, 30)
    with sqlite_database.write() as tx:
        revise_past(tx, wires[1], 2, kind=RevisionKind.CORRECTION, at=LATER, providers=("openai",), codes=("M1",))
        revise_past(tx, wires[8], 9, kind=RevisionKind.UPDATE, at=LATER, providers=("google",))
    publish_in(sqlite_database, clock, from_the_start)
    with sqlite_database.write() as tx:
        tx.execute(text("DROP TRIGGER tr_feed_events_no_delete"))
        tx.execute(text("DELETE FROM feed_events WHERE feed LIKE '%&%'"))
        tx.execute(text("DELETE FROM asked_feeds"))
    ask(sqlite_database, clock, later)
    publish_in(sqlite_database, clock, later)
    name = "feeds/provider/openai/sev/1-2.atom"
    assert (from_the_start / name).read_bytes() == (later / name).read_bytes()
    tags = [tag.rpartition("/")[2] for tag, _ in entries_of(parsed(later, name))]
    assert tags == ["9", "24", "21", "12"]  # the ninth is Google's by now, and its subscribers know


def ask(database: Database, clock: ManualClock, folder: Path) -> None:
    wanted = Wanted(providers=("openai",), severities=(Severity.SEV_1, Severity.SEV_2))
    assert keep_feed(database, clock, wanted) is True
    assert keep_feed(database, clock, wanted) is False
    publish_in(database, clock, folder)


def test_a_feeds_log_is_only_ever_added_to(database: Database) -> None:
    with database.write() as tx:
        publish_past(tx, 1, at=START)
        assert list_places(tx, publish_past(tx, 2, at=LATER))[""] == (2,)
        assert count_events(tx, "") == 2
    for change in ("UPDATE feed_events SET revision = 9", "DELETE FROM feed_events"):
        with pytest.raises(DatabaseError, match="append-only"), database.write() as tx:
            tx.execute(text(change))
