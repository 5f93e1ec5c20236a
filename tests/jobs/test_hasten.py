"""hasten: a hand at the desk has a source asked, within manners."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.errors import IllegalDecision
from monitor.jobs.hasten import ASK_GAP, ask_now
from monitor.model import PollState, SourceId
from monitor.store import leases, polls, sources
from monitor.store.database import Database
from monitor.store.people import list_audit
from tests.conftest import ManualClock
from tests.store.test_sources import LEASE, found, record

ONE = SourceId("one")


@pytest.fixture
def known(database: Database, clock: ManualClock) -> Database:
    """A source that was asked ten minutes ago and is due in two hours."""
    with database.write() as tx:
        found(tx, "one", now=clock.now())
    stand(database, clock)
    return database


def stand(database: Database, clock: ManualClock, **fields: object) -> None:
    known: dict[str, object] = {
        "last_polled_at": clock.now() - timedelta(minutes=10),
        "due_at": clock.now() + timedelta(hours=2),
    }
    with database.write() as tx:
        leases.lease_source(tx, ONE, now=clock.now(), owner="a", lease_for=LEASE)
        assert record(tx, replace(polls.get_poll_state(tx, ONE), **known | fields))  # type: ignore[arg-type]


def state(database: Database) -> PollState:
    with database.read() as tx:
        return polls.get_poll_state(tx, ONE)


def ask(database: Database, clock: ManualClock) -> datetime:
    return ask_now(database, clock, source=ONE, by="ada", address="192.0.2.7")


def deeds(database: Database) -> list[str]:
    with database.read() as tx:
        return [line.what for line in list_audit(tx) if (line.who, line.address) == ("ada", "192.0.2.7")]


def test_a_source_is_asked_at_once_by_whoever_polls(known: Database, clock: ManualClock) -> None:
    assert ask(known, clock) == clock.now()
    assert (state(known).due_at, state(known).rule) == (clock.now(), "ada asked for it")
    with known.write() as tx:
        taken = leases.lease_due_sources(tx, now=clock.now(), owner="daemon", limit=9, lease_for=LEASE)
    assert [source.id for source, _ in taken] == [ONE]
    assert deeds(known) == ["source.ask"]


def test_a_quick_hand_asks_once_a_minute_at_most_p6(known: Database, clock: ManualClock) -> None:
    asked_at = clock.now() - timedelta(seconds=20)
    stand(known, clock, last_polled_at=asked_at)
    for _ in range(5):
        assert ask(known, clock) == asked_at + ASK_GAP


def test_no_hand_breaks_the_silence_of_a_source_or_its_host_p8(known: Database, clock: ManualClock) -> None:
    until = clock.now() + timedelta(hours=5)
    stand(known, clock, silent_until=until, due_at=until)
    assert ask(known, clock) == until
    stand(known, clock, silent_until=None)
    with known.write() as tx:
        polls.record_host_silence(tx, "one.example", until=until + timedelta(hours=1))
    assert ask(known, clock) >= state(known).due_at
    with known.write() as tx:
        assert not leases.lease_due_sources(tx, now=until, owner="d", limit=9, lease_for=LEASE)


def test_one_that_is_due_is_not_put_off(known: Database, clock: ManualClock) -> None:
    overdue = clock.now() - timedelta(hours=1)
    stand(known, clock, due_at=overdue)
    assert ask(known, clock) == clock.now()
    assert state(known).due_at == overdue


def test_a_source_that_is_gone_is_asked_once_more_p14(known: Database, clock: ManualClock) -> None:
    stand(known, clock, is_gone=True, gone_at=clock.now())
    ask(known, clock)
    with known.write() as tx:
        assert leases.lease_due_sources(tx, now=clock.now(), owner="d", limit=9, lease_for=LEASE)


def test_a_paused_source_is_resumed_first_and_a_removed_one_brought_back(known: Database, clock: ManualClock) -> None:
    with known.write() as tx:
        polls.pause(tx, ONE, by="ben", now=clock.now())
    with pytest.raises(IllegalDecision, match="Resume it first"):
        ask(known, clock)
    with known.write() as tx:
        sources.retire_source(tx, ONE, now=clock.now())
    with pytest.raises(IllegalDecision, match="Bring it back first"):
        ask(known, clock)
    assert deeds(known) == []
