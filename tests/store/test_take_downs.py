"""Taking down: readers' lists and counts go without the wire, and what was done cannot be undone or rewritten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from monitor.errors import IllegalDecision, Unknown
from monitor.jobs.feeds import keep_feed
from monitor.jobs.take_down import take_down
from monitor.model import Severity, WireId
from monitor.model.feeds import TakeDownReason
from monitor.model.subscriber import Wanted
from monitor.store.database import Database
from monitor.store.editions import list_changes
from monitor.store.feeds import list_asked_feeds, list_places
from monitor.store.published import count_published, find_published_by_slug, list_published
from monitor.store.take_downs import every_take_down, find_take_down_by_slug, list_take_downs
from tests.conftest import ManualClock
from tests.past import START, many_past, publish_past


def test_readers_see_nothing_of_it_any_more_and_every_feed_that_had_it_says_so_o6(
    database: Database, clock: ManualClock
) -> None:
    wanted = Wanted(providers=("openai",), severities=(Severity.SEV_1, Severity.SEV_4))
    wires = many_past(database, 3)
    assert keep_feed(database, clock, wanted)
    with database.read() as tx:
        (asked,) = list_asked_feeds(tx)
        feeds = set(list_places(tx, wires[2]))
    assert (asked.wanted, asked.event_count) == (wanted, 1)
    assert feeds == {
        "", "provider:openai", "severity:SEV-4", "code:M2", "code:F5", "standard:single-source",
        "provider:openai&severity:SEV-1,SEV-4",
    }  # fmt: skip
    taken = take_down(database, clock, wires[2], who="grace", reason=TakeDownReason.SAFETY, note=" How to build it. ")
    with database.read() as tx:
        assert (count_published(tx), [w.id for w in list_published(tx)]) == (2, [wires[1], wires[0]])
        assert find_published_by_slug(tx, "wire-3") is None
        assert find_take_down_by_slug(tx, "wire-3") == taken
        assert list_take_downs(tx) == (taken,)
        assert taken.note == "How to build it."
        places = list_places(tx, wires[2])
        assert {feed: len(positions) for feed, positions in places.items()} == dict.fromkeys(feeds, 2)
        (_, change) = list_changes(tx, after=3, limit=9)[0]
        assert (change.wire, change.after) == (wires[2], None)
    for verb in ("UPDATE take_downs SET note = 'x'", "DELETE FROM take_downs"):
        with pytest.raises(DatabaseError, match="append-only"), database.write() as tx:
            tx.execute(text(verb))


def test_what_readers_do_not_see_is_not_taken_down(sqlite_database: Database, clock: ManualClock) -> None:
    with sqlite_database.write() as tx:
        wire = publish_past(tx, 1, at=START)
    reason = TakeDownReason.ORDER
    with pytest.raises(IllegalDecision, match="note"):
        take_down(sqlite_database, clock, wire, who="grace", reason=reason, note=" \n")
    take_down(sqlite_database, clock, wire, who="grace", reason=reason, note="x")
    with pytest.raises(IllegalDecision, match="nothing to take down"):
        take_down(sqlite_database, clock, wire, who="grace", reason=reason, note="x")
    with pytest.raises(Unknown):
        take_down(sqlite_database, clock, WireId(99), who="grace", reason=reason, note="x")


def test_all_are_listed_whatever_their_number_and_those_of_a_year_by_themselves(
    database: Database, clock: ManualClock
) -> None:
    wires = many_past(database, 5)
    early, new_year = START + timedelta(days=9), datetime(2027, 1, 1, tzinfo=UTC)
    for wire, at in zip(wires, [early, early, new_year - timedelta(seconds=1), new_year, new_year], strict=True):
        clock.at = at
        take_down(database, clock, wire, who="grace", reason=TakeDownReason.SAFETY, note="x")
    newest_first = list(reversed(wires))
    with database.read() as tx:
        assert [t.wire for t in every_take_down(tx, at_a_time=2)] == newest_first
        assert [t.wire for t in list_take_downs(tx, year=2027)] == newest_first[:2]
        assert [t.wire for t in list_take_downs(tx, year=2026)] == newest_first[2:]
        assert list_take_downs(tx, year=2025) == ()


def test_the_newest_are_found_by_an_index_and_not_by_looking_through_wires(sqlite_database: Database) -> None:
    plan = "EXPLAIN QUERY PLAN SELECT t.at, w.slug FROM take_downs t JOIN wires w ON w.id = t.wire_id"
    with sqlite_database.read() as tx:
        steps = [str(row[3]) for row in tx.execute(text(f"{plan} ORDER BY t.at DESC, t.wire_id DESC LIMIT 9"))]
    assert "ix_take_downs_at" in steps[0]
    assert not [step for step in steps if step.startswith("SCAN w")]
