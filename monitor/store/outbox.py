"""The outbox: messages written in the transaction of their cause, and sent by whoever holds their lease (F11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from monitor.model import OutboxMessage
from monitor.store.database import insert_new
from monitor.store.polls import changed
from monitor.store.tables import OutboxRow


def add_message(tx: Session, *, key: str, channel: str, subject: str, body: str, now: datetime) -> bool:
    """Write a message down, due at once; False where one with that key was written before: its cause is the same."""
    values = {"key": key, "channel": channel, "subject": subject, "body": body, "created_at": now, "due_at": now}
    return insert_new(tx, OutboxRow, [values]) == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A message that is to leave."""

    key: str
    channel: str
    subject: str
    body: str


def add_messages(tx: Session, messages: Sequence[Written], *, now: datetime) -> int:
    """Write many messages down, due at once; how many were new."""
    return insert_new(tx, OutboxRow, [asdict(m) | {"created_at": now, "due_at": now} for m in messages])


def lease_message(
    tx: Session,
    *,
    now: datetime,
    owner: str,
    lease_for: timedelta,
    channels: Sequence[str],
    passed_over: Sequence[str] = (),
) -> OutboxMessage | None:
    """Take the message that has waited longest among those due on `channels`, for `lease_for`; counts the attempt."""
    wanted = [channel for channel in channels if channel not in passed_over]
    is_free = or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until <= now)
    ready = and_(OutboxRow.due_at <= now, OutboxRow.channel.in_(wanted), is_free)
    first = select(OutboxRow).where(ready).order_by(OutboxRow.due_at, OutboxRow.id).limit(1)
    row = tx.scalar(first.with_for_update(skip_locked=True))
    if row is None:
        return None
    row.lease_owner, row.leased_until = owner, now + lease_for
    row.attempt_count += 1
    tx.flush()
    return _message(row)


def record_delivery(tx: Session, message: OutboxMessage, *, owner: str, now: datetime, note: str) -> bool:
    """It has left; False, with nothing written, where `owner` no longer holds it."""
    return _settle(tx, message, owner, {"delivered_at": now, "due_at": None, "note": note})


def record_setback(tx: Session, message: OutboxMessage, *, owner: str, due_at: datetime | None, note: str) -> bool:
    """It has not left: tried again at `due_at`, or given up where that is None."""
    return _settle(tx, message, owner, {"due_at": due_at, "note": note})


def record_unaddressed(tx: Session, *, channels: Sequence[str], prefix: str, note: str) -> int:
    """Give up what waits for a channel below `prefix` that is none of `channels` any more; how many."""
    lost = and_(OutboxRow.due_at.is_not(None), OutboxRow.channel.startswith(prefix), OutboxRow.channel.not_in(channels))
    return changed(tx, update(OutboxRow).where(lost).values(due_at=None, note=note))


def list_undelivered(tx: Session, *, limit: int = 50) -> tuple[OutboxMessage, ...]:
    """Messages that wait or were given up, the newest first."""
    query = select(OutboxRow).where(OutboxRow.delivered_at.is_(None)).order_by(OutboxRow.id.desc())
    return tuple(map(_message, tx.scalars(query.limit(limit))))


def count_waiting(tx: Session, *, before: datetime) -> int:
    """Messages written before then that still wait."""
    query = select(func.count()).select_from(OutboxRow)
    return tx.scalar(query.where(OutboxRow.due_at.is_not(None), OutboxRow.created_at < before)) or 0


def _settle(tx: Session, message: OutboxMessage, owner: str, values: dict[str, Any]) -> bool:
    held = and_(OutboxRow.id == message.id, OutboxRow.lease_owner == owner)
    return changed(tx, update(OutboxRow).where(held).values(**values, lease_owner=None, leased_until=None)) == 1


def _message(row: OutboxRow) -> OutboxMessage:
    return OutboxMessage(
        id=row.id,
        key=row.key,
        channel=row.channel,
        subject=row.subject,
        body=row.body,
        created_at=row.created_at,
        due_at=row.due_at,
        attempt_count=row.attempt_count,
        delivered_at=row.delivered_at,
        note=row.note,
    )
