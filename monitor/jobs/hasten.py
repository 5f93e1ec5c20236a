"""hasten: have a source asked by hand. Nothing here asks a server anything: whoever polls does that."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.errors import IllegalDecision
from monitor.jobs.standing import get_report
from monitor.model import Clock, Health, SourceId
from monitor.store import polls
from monitor.store.database import Database
from monitor.store.people import append_audit

ASK_GAP = timedelta(minutes=1)  # asked by hand at most so often: a hand is quicker than a server


def ask_now(database: Database, clock: Clock, *, source: SourceId, by: str, address: str | None = None) -> datetime:
    """Have the source asked as soon as manners allow; when that is. Raises IllegalDecision where it cannot be.

    Never while it or its host wants silence (P8, P9), nor sooner than ASK_GAP after the last time.
    """
    now = clock.now()
    with database.write() as tx:
        report = get_report(tx, source, now)
        if report.retired_at is not None:
            raise IllegalDecision(f"{report.source.name} was removed from feeds.yaml. Bring it back first.")
        if report.state.paused_at is not None:
            raise IllegalDecision(f"{report.source.name} is paused. Resume it first; it is then asked when it is due.")
        asked_at = report.state.last_polled_at
        silent = report.condition.next_at if report.health is Health.THROTTLED else None
        waits = [now, *(each for each in (silent, asked_at and asked_at + ASK_GAP) if each is not None)]
        at = polls.hasten(tx, source, by=by, now=now, no_sooner=max(waits))
        after = {"due_at": at.isoformat()}
        append_audit(tx, at=now, who=by, what="source.ask", subject=f"source {source}", after=after, address=address)
    return at
