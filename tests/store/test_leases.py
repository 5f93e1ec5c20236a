"""Leasing: what is due is taken a handful at a time, however many sources there are (P9, P23)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, event, insert, text

from monitor.model import Origin, Polled, Publisher, PublisherId, Source, SourceId, Tier
from monitor.store import days, leases, polls, sources
from monitor.store.database import Database, Transaction
from monitor.store.tables import PollStateRow, SourceRow

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)


def know(database: Database, count: int) -> None:
    """`count` sources, each on a host of its own, due one after the other until now."""
    model = Source(
        id=SourceId("s0"),
        name="A source",
        url="http://s0.example/",
        origin=Origin.PRESS,
        tier=Tier.SECONDARY,
        publisher=PublisherId("paper"),
    )
    with database.write() as tx:
        sources.record_publishers(tx, [Publisher(id=PublisherId("paper"), name="The Paper")])
        sources.add_source(tx, model, now=NOW)
        source, state = _values(tx.get_one(SourceRow, "s0")), _values(tx.get_one(PollStateRow, "s0"))
        tx.execute(insert(SourceRow), [source | {"id": f"s{n}"} for n in range(1, count)])
        states = [
            state | {"source_id": f"s{n}", "host": f"s{n}.example", "due_at": NOW - timedelta(seconds=count - n)}
            for n in range(1, count)
        ]
        tx.execute(insert(PollStateRow), states)


def _values(row: SourceRow | PollStateRow) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def lease(database: Database, **more: Any) -> list[str]:
    known: dict[str, Any] = {"now": NOW, "owner": "a", "limit": 4, "lease_for": LEASE}
    with database.write() as tx:
        return [source.id for source, _ in leases.lease_due_sources(tx, **(known | more))]


@contextmanager
def heard(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Every statement that is sent, with its parameters."""
    said: list[tuple[str, Any]] = []

    def note(_connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        said.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def plan_of(database: Database, statement: str, parameters: Any) -> str:
    """How the database goes about it, in its own words."""
    explain = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "
    with database.engine.connect() as connection:
        if database.dialect == "postgresql":
            connection.execute(text("ANALYZE"))
        rows: Sequence[Any] = connection.exec_driver_sql(explain + statement, parameters).all()
    return "\n".join(str(row[-1]) for row in rows)


def test_a_lease_takes_at_most_its_limit_the_longest_due_first(database: Database) -> None:
    know(database, 10)
    assert lease(database) == ["s1", "s2", "s3", "s4"]
    assert lease(database, passed_over=["s5", "s7"]) == ["s6", "s8", "s9", "s0"]
    assert lease(database) == ["s5", "s7"]
    assert lease(database) == []


def test_silent_hosts_do_not_fill_a_lease_p9(database: Database) -> None:
    know(database, 10)
    with database.write() as tx:
        for n in range(1, 8):
            polls.record_host_silence(tx, f"s{n}.example", until=NOW + LEASE)
    with database.read() as tx:
        assert leases.count_due_sources(tx, now=NOW) == 3
    assert lease(database) == ["s8", "s9", "s0"]
    assert lease(database, now=NOW + LEASE) == ["s1", "s2", "s3", "s4"]


def test_a_clock_set_back_makes_nothing_due_f9(database: Database) -> None:
    know(database, 3)
    assert lease(database, now=NOW - timedelta(hours=1), due_by=NOW) == []
    assert lease(database, now=NOW + timedelta(hours=1), due_by=NOW - timedelta(seconds=1)) == ["s1", "s2"]


def test_leasing_goes_along_an_index_and_sorts_nothing(database: Database) -> None:
    know(database, 2_000)
    with heard(database) as said:
        assert len(lease(database, limit=64)) == 64
    assert len(said) < 8  # of which two begin and end the transaction: none of them for each source
    plan = plan_of(database, *next(one for one in said if "ORDER BY" in one[0]))
    assert "ix_poll_states_due_at_source_id" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_a_batch_records_states_lines_and_days_and_gives_the_leases_back_p4(database: Database) -> None:
    know(database, 3)
    lease(database)
    with database.write() as tx:
        assert polls.lock_held(tx, [SourceId("s1"), SourceId("s2")], owner="a") == {"s1", "s2"}
        assert polls.lock_held(tx, [SourceId("s1")], owner="b") == set()
    for outcome in ("new", "dns"):
        with database.write() as tx:
            polls.record_polls(tx, [polled(name, tx=tx, outcome=outcome) for name in ("s1", "s2")])
    with database.read() as tx:
        assert polls.count_polls(tx, SourceId("s2")) == 2
        assert polls.get_poll_state(tx, SourceId("s2")).last_outcome == "dns"
        found = days.list_days(tx, since=NOW.date())[SourceId("s2")]
        assert [(each.poll_count, each.error_count, each.new_entry_count) for each in found] == [(2, 1, 2)]
        assert polls.lock_held(tx, [SourceId("s0"), SourceId("s1")], owner="a") == {"s0"}


def polled(name: str, *, tx: Transaction, outcome: str) -> Polled:
    state = replace(polls.get_poll_state(tx, SourceId(name)), last_outcome=outcome)
    is_error = outcome == "dns"
    return Polled(
        state=state,
        polled_at=NOW,
        outcome=outcome,
        detail="",
        new_entry_count=0 if is_error else 2,
        is_error=is_error,
    )
