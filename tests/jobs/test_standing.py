"""standing: every source as an operator sees it, from real databases, in a bounded number of questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from monitor.errors import Unknown
from monitor.jobs.standing import get_report, list_reports
from monitor.model import Health, PollState, SourceId
from monitor.store import leases, polls, sources
from monitor.store.database import Database, Transaction
from tests.store.test_sources import LEASE, a_source, found, record

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ONE = SourceId("one")


def stands(tx: Transaction, at: datetime = NOW, **fields: object) -> PollState:
    """One poll of the source "one" that left it standing so."""
    leases.lease_source(tx, ONE, now=NOW + timedelta(days=999), owner="a", lease_for=LEASE)
    state = replace(polls.get_poll_state(tx, ONE), last_polled_at=at, last_success_at=at, last_outcome="200", **fields)  # type: ignore[arg-type]
    assert record(tx, state, polled_at=at, new_entry_count=1)
    tx.expire_all()
    return state


def test_every_source_has_a_condition_and_retired_ones_come_last(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one", "two")
        sources.retire_source(tx, ONE, now=NOW)
        reports = list_reports(tx, NOW)
    assert [(r.source.id, r.health) for r in reports] == [("two", Health.NEW), ("one", Health.RETIRED)]
    assert reports[1].condition.since == reports[1].retired_at == NOW


def test_a_report_says_what_the_last_month_brought_and_how_often_something_comes(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one")
        for days in (40, 30, 20, 10, 0):
            stands(tx, NOW - timedelta(days=days), last_new_at=NOW - timedelta(days=days))
        report = get_report(tx, ONE, NOW)
    assert report.rhythm.usual_gap == timedelta(days=10)
    assert [(NOW.date() - each.day).days for each in report.days] == [20, 10, 0]
    assert {(each.poll_count, each.new_entry_count) for each in report.days} == {(1, 1)}
    assert report.health is Health.HEALTHY


def test_the_silence_of_a_host_puts_off_all_its_sources_p9(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one")
        until = NOW + timedelta(hours=2)
        polls.record_host_silence(tx, "one.example", until=until)
        report = get_report(tx, ONE, NOW)
    assert (report.health, report.state.due_at) == (Health.THROTTLED, until)
    assert report.state.rule == "one.example asked for silence (429)"
    assert report.condition.next_at == until


def test_a_thousand_sources_take_as_many_questions_as_one(database: Database) -> None:
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    with database.write() as tx:
        found(tx, *(f"source{number}" for number in range(20)))
    counts = []
    for limit in (1, 20):
        with database.write() as tx:
            for number in range(limit, 20):
                sources.retire_source(tx, SourceId(f"source{number}"), now=NOW)
        with database.read() as tx:
            asked.clear()
            list_reports(tx, NOW)
            counts.append(len(asked))
    assert counts[0] == counts[1] <= 6


def test_no_report_without_a_source(database: Database) -> None:
    with database.read() as tx, pytest.raises(Unknown, match="nowhere"):
        get_report(tx, SourceId("nowhere"), NOW)


def test_the_store_reads_one_source_as_it_reads_all(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one", "two")
        sources.add_source(tx, a_source("three"), now=NOW)
        stands(tx, last_new_at=NOW)
        assert [get_report(tx, r.source.id, NOW) for r in list_reports(tx, NOW)] == list(list_reports(tx, NOW))
