"""claims: leases on candidates that end by themselves, and who is at work where.

A claim is taken by a decision (`triage.claim`) and ends by another, or by time. While its holder works on the candidate
the end is put off; what has run out is cleared away, so that every list shows it as nobody's. Who looks at what is kept
for less than a minute, by the machine's clock, and no history of it.
"""

from __future__ import annotations

from datetime import timedelta

from monitor.model import CandidateId, Clock
from monitor.store.database import Database
from monitor.store.happenings import (
    drop_absent,
    drop_presence,
    has_lapsed,
    record_lapsed,
    record_presence,
    record_renewed,
)

PRESENT_FOR = timedelta(seconds=50)  # since somebody was last seen; a tab says so twice as often
RENEW_AFTER = timedelta(minutes=1)  # so seldom, at most, is the end of a claim put off
BATCH = 200  # claims ended in one transaction


def be_here(
    database: Database,
    clock: Clock,
    machine: Clock,
    *,
    tab: str,
    editor: str,
    subject: str,
    claimed: CandidateId | None = None,
    lease_for: timedelta,
) -> bool:
    """`editor` is at work on `subject`, and others see it; whether the end of a claim on `claimed` was put off."""
    now, seen_at = clock.now(), machine.now()
    with database.write() as tx:
        record_presence(tx, tab, editor=editor, subject=subject, at=seen_at)
        drop_absent(tx, before=seen_at - 2 * PRESENT_FOR)
        if claimed is None:
            return False
        before = now + lease_for - RENEW_AFTER
        return record_renewed(tx, claimed, editor=editor, now=now, until=now + lease_for, before=before)


def go_away(database: Database, tab: str) -> None:
    """The tab was closed or shows something else."""
    with database.write() as tx:
        drop_presence(tx, tab)


def end_lapsed(database: Database, clock: Clock) -> int:
    """End the claims that have run out; how many."""
    total = 0
    with database.read() as tx:
        if not has_lapsed(tx, now=clock.now()):
            return 0
    while True:
        with database.write() as tx:
            ended = record_lapsed(tx, now=clock.now(), limit=BATCH)
        total += ended
        if ended < BATCH:
            return total
