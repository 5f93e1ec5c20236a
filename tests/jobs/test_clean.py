"""clean: old polls go, everything else stays."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert

from monitor.jobs import clean as job
from monitor.jobs.clean import CleanReport, clean
from monitor.model import SourceId
from monitor.store import sources
from monitor.store.database import Database
from monitor.store.days import list_days
from monitor.store.polls import count_polls, list_polls
from monitor.store.tables import OutboxRow, PollRow, SourceDayRow
from tests.conftest import ManualClock
from tests.store.test_sources import found

ONE, TWO = SourceId("one"), SourceId("two")


def polled(database: Database, clock: ManualClock, source: SourceId, *, every: timedelta, count: int) -> None:
    """`count` polls, the last now, and the day of each."""
    times = [clock.now() - every * back for back in range(count)]
    line = {"outcome": "nothing-new", "detail": "200", "new_entry_count": 0}
    with database.write() as tx:
        tx.execute(insert(PollRow), [{"source_id": source, "polled_at": at, **line} for at in times])
        days = {at.date() for at in times}
        counts = {"poll_count": 1, "error_count": 0, "new_entry_count": 0}
        tx.execute(insert(SourceDayRow), [{"source_id": source, "day": day, **counts} for day in days])


def test_polls_older_than_ninety_days_go_in_small_batches_and_their_days_stay(
    database: Database, clock: ManualClock
) -> None:
    with database.write() as tx:
        found(tx, "one", "two")
    polled(database, clock, ONE, every=timedelta(hours=3), count=8 * 200 + 1)  # 200 days
    polled(database, clock, TWO, every=timedelta(hours=3), count=80)
    report = clean(database, clock)
    assert report == CleanReport(poll_count=8 * 110)
    assert report.poll_count > job.BATCH
    with database.read() as tx:
        assert (count_polls(tx, ONE), count_polls(tx, TWO)) == (8 * 90 + 1, 80)
        assert list_polls(tx, ONE, limit=1)[0].polled_at == clock.now()
        assert len(list_days(tx, since=(clock.now() - timedelta(days=200)).date(), sources=[ONE])[ONE]) == 201
    assert clean(database, clock) == CleanReport()


def test_a_source_that_is_no_longer_asked_keeps_its_last_fifty_polls(database: Database, clock: ManualClock) -> None:
    with database.write() as tx:
        found(tx, "one")
    polled(database, clock, ONE, every=timedelta(hours=3), count=70)
    with database.write() as tx:
        sources.retire_source(tx, ONE, now=clock.now())
    clock.advance(days=365)
    assert clean(database, clock).poll_count == 20
    with database.read() as tx:
        assert count_polls(tx, ONE) == job.POLLS_AT_LEAST


def test_days_are_kept_for_more_than_a_year(database: Database, clock: ManualClock) -> None:
    with database.write() as tx:
        found(tx, "one")
    polled(database, clock, ONE, every=timedelta(days=1), count=10)
    clock.advance(days=395)
    assert clean(database, clock).day_count == 4


def test_messages_go_once_they_are_delivered_and_old(database: Database, clock: ManualClock) -> None:
    now = clock.now()
    text = {"channel": "alert", "subject": "s", "body": "b", "created_at": now, "attempt_count": 1}
    with database.write() as tx:
        tx.execute(
            insert(OutboxRow),
            [{"key": "sent", "due_at": None, "delivered_at": now, **text}, {"key": "waits", "due_at": now, **text}],
        )
    assert clean(database, clock).message_count == 0
    clock.advance(days=91)
    assert clean(database, clock).message_count == 1
    assert clean(database, clock).message_count == 0
