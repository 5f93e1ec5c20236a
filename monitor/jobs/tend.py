"""tend: what an editor does to one source from the desk, each audited in its own transaction (D11).

Nothing here asks a server anything: whoever polls does that. What feeds.yaml says is changed in `jobs/catalogue.py`.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from monitor.errors import IllegalDecision, StaleDecision
from monitor.jobs.standing import get_report
from monitor.model import Clock, Health, Held, Kind, SourceId, SourceReport
from monitor.store import polls, sources
from monitor.store.database import Database, Transaction
from monitor.store.people import append_audit

ASK_GAP = timedelta(minutes=1)  # asked by hand at most so often: a hand is quicker than a server
LONGEST_PASSWORD = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tending:
    """Who tends a source, and from where."""

    editor: str
    address: str | None = None


def ask_now(database: Database, clock: Clock, source: SourceId, by: Tending) -> datetime:
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
        at = polls.hasten(tx, source, by=by.editor, now=now, no_sooner=max(waits))
        _note(tx, now, by, "source.ask", source, after={"due_at": at.isoformat()})
    return at


def pause(database: Database, clock: Clock, source: SourceId, by: Tending) -> None:
    """Have the source left alone until `resume`."""
    now = clock.now()
    with database.write() as tx:
        if _living(tx, source, now).state.paused_at is None:
            polls.pause(tx, source, by=by.editor, now=now)
            _note(tx, now, by, "source.pause", source)


def resume(database: Database, clock: Clock, source: SourceId, by: Tending) -> None:
    """Have the source asked again, when it is due."""
    now = clock.now()
    with database.write() as tx:
        if _living(tx, source, now).state.paused_at is not None:
            polls.resume(tx, source)
            _note(tx, now, by, "source.resume", source)


def confirm_change(database: Database, clock: Clock, source: SourceId, by: Tending, *, saw: str) -> None:
    """The changed document is the source (H19); raises StaleDecision where another is held back than was on screen."""
    now = clock.now()
    with database.write() as tx:
        state = _living(tx, source, now).state
        if state.held is None:
            raise StaleDecision("Nothing is held back any more: the source has turned back, or somebody confirmed it.")
        if digest_held(state.held) != saw:
            raise StaleDecision("It has changed once more since you opened the page. Look again, then decide.")
        polls.take_held(tx, source, now=now)
        before = {"title": state.feed_title, "feed_id": state.feed_id}
        after = {"title": state.held.title, "feed_id": state.held.feed_id}
        _note(tx, now, by, "source.confirm", source, before=before, after=after)


def restore_url(database: Database, clock: Clock, source: SourceId, by: Tending, *, saw: str) -> None:
    """Poll the URL of feeds.yaml again, not the learnt one (P15); raises StaleDecision where `saw` is no longer it."""
    now = clock.now()
    with database.write() as tx:
        report = _living(tx, source, now)
        if report.state.url != saw:
            raise StaleDecision("The address has changed since you opened the page. Look again, then decide.")
        sources.restore_url(tx, source, now=now)
        _note(tx, now, by, "source.restore", source, before={"url": saw}, after={"url": report.source.url})


def set_password(
    database: Database, clock: Clock, source: SourceId, by: Tending, *, password: str, folder: Path
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
        _note(tx, now, by, "source.password", source)
        polls.hasten(tx, source, by=by.editor, now=now, no_sooner=max(now, (report.state.silent_until or now)))


def note_change(
    database: Database,
    clock: Clock,
    source: SourceId,
    by: Tending,
    what: str,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Audit what was changed in feeds.yaml from the desk."""
    with database.write() as tx:
        _note(tx, clock.now(), by, what, source, before=before, after=after)


def digest_held(held: Held) -> str:
    """Tells one held-back document from another."""
    said = "\0".join((held.title, held.feed_id or "", *held.entry_titles))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


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


def _note(
    tx: Transaction,
    now: datetime,
    by: Tending,
    what: str,
    source: SourceId,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    append_audit(
        tx,
        at=now,
        who=by.editor,
        what=what,
        subject=f"source {source}",
        before=before,
        after=after,
        address=by.address,
    )
