"""tend: have a source asked by hand, and give a mailbox its password; each audited in its transaction (D11).

Nothing here asks a server anything: whoever polls does that. Pauses and confirmations are in `jobs/sources.py`, what
feeds.yaml says is changed in `jobs/catalogue.py`.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from monitor.errors import IllegalDecision
from monitor.jobs.standing import get_report
from monitor.model import Clock, Health, Kind, SourceId, SourceReport
from monitor.store import polls
from monitor.store.database import Database, Transaction
from monitor.store.people import append_audit

ASK_GAP = timedelta(minutes=1)  # asked by hand at most so often: a hand is quicker than a server
LONGEST_PASSWORD = 1_000


def ask_now(database: Database, clock: Clock, *, source: SourceId, by: str, address: str | None = None) -> datetime:
    """Have the source asked as soon as manners allow; when that is. Raises IllegalDecision where it cannot be.

    Never while it or its host wants silence (P8, P9), nor sooner than ASK_GAP after the last time.
    """
    now = clock.now()
    with database.write() as tx:
        report = _living(tx, source, now)
        if report.state.paused_at is not None:
            raise IllegalDecision(f"{report.source.name} is paused. Resume it first; it is then asked when it is due.")
        asked_at = report.state.last_polled_at
        silent = report.condition.next_at if report.health is Health.THROTTLED else None
        waits = [now, *(each for each in (silent, asked_at and asked_at + ASK_GAP) if each is not None)]
        at = polls.hasten(tx, source, by=by, now=now, no_sooner=max(waits))
        after = {"due_at": at.isoformat()}
        append_audit(tx, at=now, who=by, what="source.ask", subject=f"source {source}", after=after, address=address)
    return at


def set_password(
    database: Database,
    clock: Clock,
    *,
    source: SourceId,
    password: str,
    folder: Path,
    by: str,
    address: str | None = None,
) -> None:
    """Keep a mailbox's password in a file of its own that only the newsroom's user can read; nothing else has it."""
    now = clock.now()
    password = password.strip("\r\n")
    if not password or len(password) > LONGEST_PASSWORD or any(c in password for c in "\0\r\n"):
        raise IllegalDecision("A password is one line of 1 to 1,000 characters. Nothing was changed.")
    with database.write() as tx:
        report = _living(tx, source, now)
        if report.source.kind is not Kind.MAILBOX or "/" in source:
            raise IllegalDecision("Only a mailbox has a password. Nothing was changed.")
        _write_secret(folder, source, password)
        append_audit(tx, at=now, who=by, what="source.password", subject=f"source {source}", address=address)
        polls.hasten(tx, source, by=by, now=now, no_sooner=max(now, (report.state.silent_until or now)))


def _living(tx: Transaction, source: SourceId, now: datetime) -> SourceReport:
    report = get_report(tx, source, now)
    if report.retired_at is not None:
        raise IllegalDecision(f"{report.source.name} was removed from feeds.yaml. Bring it back first.")
    return report


def _write_secret(folder: Path, source: SourceId, password: str) -> None:
    """Whole or not at all: beside it, flushed, renamed; readable by this user alone from the first byte."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", dir=folder)  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(password + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(folder / source)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
