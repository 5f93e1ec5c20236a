"""Letting go of what nobody reads any more: the lines of old polls, and messages that were delivered.

What a source brought, its days and the audit are never touched. Each call drops at most `limit` rows, so that no
transaction is long.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from monitor.model import SourceId
from monitor.store.polls import changed
from monitor.store.tables import OutboxRow, PollRow, Row, SourceDayRow, SourceRow


def list_aged(tx: Session, *, polls_before: datetime, days_before: date) -> tuple[SourceId, ...]:
    """The sources, retired ones too, that have lines of polls or days from before these instants."""
    has_polls = exists().where(PollRow.source_id == SourceRow.id, PollRow.polled_at < polls_before)
    has_days = exists().where(SourceDayRow.source_id == SourceRow.id, SourceDayRow.day < days_before)
    aged = select(SourceRow.id).where(or_(has_polls, has_days)).order_by(SourceRow.id)
    return tuple(map(SourceId, tx.scalars(aged)))


def drop_polls(tx: Session, source: SourceId, *, before: datetime, keep: int, limit: int) -> int:
    """Drop lines of polls made before `before`, but never one of the last `keep` of the source."""
    newest = select(PollRow.polled_at).where(PollRow.source_id == source).order_by(PollRow.polled_at.desc())
    oldest_kept = tx.scalar(newest.offset(keep - 1).limit(1))
    if oldest_kept is None:
        return 0
    return _drop(
        tx, PollRow, PollRow.id, [PollRow.source_id == source, PollRow.polled_at < min(before, oldest_kept)], limit
    )


def drop_days(tx: Session, source: SourceId, *, before: date) -> int:
    """Drop the days of a source before `before`."""
    return changed(tx, delete(SourceDayRow).where(SourceDayRow.source_id == source, SourceDayRow.day < before))


def drop_delivered(tx: Session, *, before: datetime, limit: int) -> int:
    """Drop messages that were delivered, or given up, and are older than `before`."""
    return _drop(tx, OutboxRow, OutboxRow.id, [OutboxRow.due_at.is_(None), OutboxRow.created_at < before], limit)


def _drop(
    tx: Session, row: type[Row], key: InstrumentedAttribute[int], where: Sequence[ColumnElement[bool]], limit: int
) -> int:
    keys = tx.scalars(select(key).where(*where).order_by(key).limit(limit)).all()
    return changed(tx, delete(row).where(key.in_(keys))) if keys else 0
