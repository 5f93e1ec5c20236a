"""What a database can say about its own soundness: read by `monitor doctor`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from monitor.store.tables import PollStateRow

MAX_FAULTS = 10


def list_faults(tx: Session) -> tuple[str, ...]:
    """Damage that the database itself finds, at most `MAX_FAULTS` lines; nothing where it is sound.

    SQLite: `PRAGMA quick_check` and `foreign_key_check`. PostgreSQL refuses damaged pages by itself when it is set up
    with checksums, and has no such question.
    """
    if tx.get_bind().dialect.name != "sqlite":
        return ()
    damage = [str(row[0]) for row in tx.execute(text(f"PRAGMA quick_check({MAX_FAULTS})"))]
    orphans = tx.execute(text("PRAGMA foreign_key_check")).fetchmany(MAX_FAULTS)
    found = [line for line in damage if line != "ok"]
    found += [f"row {row[1]} of {row[0]} points at a row of {row[2]} that is not there" for row in orphans]
    return tuple(found[:MAX_FAULTS])


def find_last_poll_at(tx: Session) -> datetime | None:
    """When a source was last polled; None before the first poll."""
    return tx.scalar(select(func.max(PollStateRow.last_polled_at)))
