"""WebSub: what was agreed with which hub, and what hubs delivered that nobody has read yet (P25).

Where a hub stands is changed only where it still stands as it did: the daemon that asks, the hub that confirms and the
poll that meets another offer may come in any order. Whoever changes both locks where the source stands first, and the
subscription then, as a poll does: so nobody waits for anybody in a circle (F7).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from monitor.model import Kind, Push, SourceId, Subscription, SubscriptionStatus
from monitor.store.offers import distrust
from monitor.store.polls import changed
from monitor.store.tables import PollStateRow, PushRow, SourceRow, SubscriptionRow

_ASKED = (SubscriptionStatus.PENDING, SubscriptionStatus.ACTIVE, SubscriptionStatus.RENEWING)
_BOUND = (SubscriptionStatus.ACTIVE, SubscriptionStatus.RENEWING)


# --- subscriptions --------------------------------------------------------------------------------------------------


def find_subscription(tx: Session, source: SourceId) -> Subscription | None:
    """What was agreed for a source."""
    row = tx.scalar(select(SubscriptionRow).where(SubscriptionRow.source_id == source))
    return None if row is None else _subscription(row)


def find_by_token(tx: Session, token: str) -> Subscription | None:
    """Whose callback this is."""
    row = tx.scalar(select(SubscriptionRow).where(SubscriptionRow.token == token))
    return None if row is None else _subscription(row)


def list_subscriptions(tx: Session) -> tuple[Subscription, ...]:
    """All of them, by source."""
    return tuple(map(_subscription, tx.scalars(select(SubscriptionRow).order_by(SubscriptionRow.source_id))))


def lease_subscriptions(tx: Session, *, now: datetime, again_at: datetime, limit: int) -> tuple[Subscription, ...]:
    """Take subscriptions whose hub is to be asked now, each as it stands before the question.

    Each is marked as asked before it is: a hub may confirm before it has answered. One that is lost between here and
    its answer is asked anew at `again_at`.
    """
    waiting = (
        select(SubscriptionRow)
        .where(SubscriptionRow.due_at <= now)
        .order_by(SubscriptionRow.due_at, SubscriptionRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = []
    for row in tx.scalars(waiting).all():
        taken.append(_subscription(row))
        if row.status != SubscriptionStatus.LEAVING:
            is_bound = row.status in _BOUND and row.lease_until is not None and row.lease_until > now
            row.status = SubscriptionStatus.RENEWING if is_bound else SubscriptionStatus.PENDING
        row.requested_at, row.due_at = now, again_at
        row.attempt_count += 1
    tx.flush()
    return tuple(taken)


def record_answer(
    tx: Session,
    subscription: Subscription,
    *,
    note: str,
    due_at: datetime | None,
    status: SubscriptionStatus | None = None,
) -> None:
    """What a hub answered to the question; nothing, where its confirmation came first or the offer changed."""
    still = and_(
        SubscriptionRow.source_id == subscription.source,
        SubscriptionRow.token == subscription.token,
        SubscriptionRow.status.in_(
            (SubscriptionStatus.PENDING, SubscriptionStatus.RENEWING, SubscriptionStatus.LEAVING)
        ),
        SubscriptionRow.attempt_count == subscription.attempt_count + 1,
    )
    values: dict[str, Any] = {"note": note, "due_at": due_at}
    if status is not None:
        values["status"] = status
    tx.execute(update(SubscriptionRow).where(still).values(**values))


def record_lease(tx: Session, token: str, *, until: datetime, renew_at: datetime, note: str) -> bool:
    """The hub confirmed: it is bound `until` then. False where nothing was pending."""
    sources = _lock_sources_of(tx, token)
    pending = and_(
        SubscriptionRow.token == token,
        SubscriptionRow.requested_at.is_not(None),
        SubscriptionRow.status.in_((SubscriptionStatus.PENDING, SubscriptionStatus.RENEWING)),
    )
    values: dict[str, Any] = {"status": SubscriptionStatus.ACTIVE, "lease_until": until, "due_at": renew_at}
    values |= {"attempt_count": 0, "note": note}
    if changed(tx, update(SubscriptionRow).where(pending).values(**values)) == 0:
        return False
    is_relied_on = and_(PollStateRow.source_id.in_(sources), PollStateRow.pushed_until.is_not(None))
    changed(tx, update(PollStateRow).where(is_relied_on).values(pushed_until=until))
    return True


def record_end(tx: Session, token: str, *, status: SubscriptionStatus, note: str, now: datetime) -> None:
    """Denied by the hub, or ended as we asked: nothing more is asked, and polls go back to their own pace."""
    distrust(tx, _lock_sources_of(tx, token), now=now)
    ended = update(SubscriptionRow).where(SubscriptionRow.token == token)
    tx.execute(ended.values(status=status, due_at=None, lease_until=None, note=note, attempt_count=0))


def end_unwanted(tx: Session, *, now: datetime, kinds: Sequence[Kind]) -> int:
    """Begin to leave the hubs of sources that are retired, paused, gone, moved or none of `kinds`; how many."""
    unwanted = (
        select(SubscriptionRow.source_id)
        .join(SourceRow, SourceRow.id == SubscriptionRow.source_id)
        .join(PollStateRow, PollStateRow.source_id == SubscriptionRow.source_id)
        .where(
            SubscriptionRow.status.in_((*_ASKED, SubscriptionStatus.DENIED)),
            or_(
                SourceRow.retired_at.is_not(None),
                SourceRow.kind.not_in(kinds),
                PollStateRow.paused_at.is_not(None),
                PollStateRow.is_gone,
                PollStateRow.url != SubscriptionRow.named_by,
            ),
        )
    )
    sources = tx.scalars(unwanted).all()
    if not sources:
        return 0
    _lock_sources(tx, sources)
    sources = tx.scalars(unwanted.where(SubscriptionRow.source_id.in_(sources))).all()  # as it is now
    for row in tx.scalars(select(SubscriptionRow).where(SubscriptionRow.source_id.in_(sources)).with_for_update()):
        is_known_there = row.requested_at is not None and row.status != SubscriptionStatus.DENIED
        row.status = SubscriptionStatus.LEAVING if is_known_there else SubscriptionStatus.ENDED
        row.due_at = now if is_known_there else None
        row.attempt_count = 0
        row.note = "its source is no longer polled at the address that named the hub"
    tx.flush()
    tx.execute(delete(PushRow).where(PushRow.source_id.in_(sources)))  # nobody will read them
    distrust(tx, sources, now=now)
    return len(sources)


def _lock_sources_of(tx: Session, token: str) -> Sequence[str]:
    sources = tx.scalars(select(SubscriptionRow.source_id).where(SubscriptionRow.token == token)).all()
    _lock_sources(tx, sources)
    return sources


def _lock_sources(tx: Session, sources: Sequence[str]) -> None:
    """Nobody else changes where these stand until the transaction ends."""
    held = select(PollStateRow.source_id).where(PollStateRow.source_id.in_(sources)).order_by(PollStateRow.source_id)
    tx.execute(held.with_for_update())


def _subscription(row: SubscriptionRow) -> Subscription:
    return Subscription(
        source=SourceId(row.source_id),
        hub=row.hub,
        topic=row.topic,
        token=row.token,
        secret=row.secret,
        status=SubscriptionStatus(row.status),
        named_by=row.named_by,
        requested_at=row.requested_at,
        lease_until=row.lease_until,
        due_at=row.due_at,
        attempt_count=row.attempt_count,
        last_push_at=row.last_push_at,
        note=row.note,
    )


# --- deliveries -----------------------------------------------------------------------------------------------------


def add_push(tx: Session, source: SourceId, *, body: bytes, content_type: str | None, now: datetime) -> None:
    """Keep a delivery until it is read."""
    tx.add(PushRow(source_id=source, received_at=now, content_type=content_type, body=body))
    tx.execute(update(SubscriptionRow).where(SubscriptionRow.source_id == source).values(last_push_at=now))
    tx.flush()


def count_pushes(tx: Session, source: SourceId | None = None) -> int:
    """How many deliveries are unread, of one source or of all."""
    query = select(func.count()).select_from(PushRow)
    return tx.scalar(query if source is None else query.where(PushRow.source_id == source)) or 0


def list_pushed_sources(tx: Session, *, now: datetime, gap: timedelta, limit: int) -> tuple[SourceId, ...]:
    """Sources with deliveries to read, the longest waiting first; each at most once in `gap`, none that is held."""
    is_free = or_(PollStateRow.leased_until.is_(None), PollStateRow.leased_until <= now)
    is_rested = or_(SubscriptionRow.read_at.is_(None), SubscriptionRow.read_at <= now - gap)
    query = (
        select(PushRow.source_id)
        .join(SubscriptionRow, SubscriptionRow.source_id == PushRow.source_id)
        .join(PollStateRow, PollStateRow.source_id == PushRow.source_id)
        .where(is_free, is_rested)
        .group_by(PushRow.source_id)
        .order_by(func.min(PushRow.id))
    )
    return tuple(map(SourceId, tx.scalars(query.limit(limit))))


def list_pushes(tx: Session, source: SourceId) -> tuple[Push, ...]:
    """The deliveries of a source that nobody has read, in the order in which they came."""
    rows = tx.scalars(select(PushRow).where(PushRow.source_id == source).order_by(PushRow.id))
    return tuple(
        Push(
            id=row.id,
            source=SourceId(row.source_id),
            received_at=row.received_at,
            content_type=row.content_type,
            body=row.body,
        )
        for row in rows
    )


def end_pushes(tx: Session, source: SourceId, pushes: Sequence[Push], *, now: datetime) -> None:
    """These were read: what they said is stored, in the same transaction."""
    tx.execute(delete(PushRow).where(PushRow.id.in_([push.id for push in pushes])))
    tx.execute(update(SubscriptionRow).where(SubscriptionRow.source_id == source).values(read_at=now))
