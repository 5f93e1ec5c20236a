"""clean: let go of the lines of polls that nobody reads any more. What sources brought, and the audit, stay for ever.

A source keeps its last polls whatever their age, and every day of the past year as one line; so pictures and rhythms
lose nothing. Killed at any point it can be run again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from monitor.model import Clock, Progress, SourceId, no_progress
from monitor.store.database import Database, Transaction
from monitor.store.retention import drop_days, drop_delivered, drop_polls, list_aged

POLLS_FOR = timedelta(days=90)
POLLS_AT_LEAST = 50  # of each source, however old: as many as its page shows
DAYS_FOR = timedelta(days=400)
MESSAGES_FOR = timedelta(days=90)
BATCH = 500  # rows of one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanReport:
    """What was let go of."""

    poll_count: int = 0
    day_count: int = 0
    message_count: int = 0

    def __str__(self) -> str:
        if self == CleanReport():
            return "Nothing is old enough to be let go of."
        return f"Let go of {self.poll_count} old polls, {self.day_count} days and {self.message_count} sent messages."


def clean(database: Database, clock: Clock, *, progress: Progress = no_progress) -> CleanReport:
    """Drop what is past its time, in short transactions."""
    now = clock.now()
    polls_before, days_before = now - POLLS_FOR, (now - DAYS_FOR).astimezone(UTC).date()
    with database.read() as tx:
        aged = list_aged(tx, polls_before=polls_before, days_before=days_before)
    poll_count = day_count = 0
    for done, source in enumerate(aged, start=1):
        poll_count += _in_batches(database, partial(_drop_polls, source, polls_before))
        with database.write() as tx:
            day_count += drop_days(tx, source, before=days_before)
        progress(done, len(aged))
    sent = _in_batches(database, lambda tx: drop_delivered(tx, before=now - MESSAGES_FOR, limit=BATCH))
    return CleanReport(poll_count=poll_count, day_count=day_count, message_count=sent)


def _drop_polls(source: SourceId, before: datetime, tx: Transaction) -> int:
    return drop_polls(tx, source, before=before, keep=POLLS_AT_LEAST, limit=BATCH)


def _in_batches(database: Database, drop: Callable[[Transaction], int]) -> int:
    total = 0
    while True:
        with database.write() as tx:
            dropped = drop(tx)
        total += dropped
        if dropped < BATCH:
            return total
