"""Who may poll a source now.

A source is polled by whoever holds its lease: taken by a conditional UPDATE, checked again in the transaction that
records the poll, so that a holder that wakes late writes nothing stale (P23, F8).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from monitor.model import PollState, Source, SourceId
from monitor.store.polls import changed, get_poll_state, host_of, silent_hosts, state_of
from monitor.store.sources import get_source, source_of
from monitor.store.tables import PollStateRow, SourceRow


def lease_due_sources(
    tx: Session,
    *,
    now: datetime,
    owner: str,
    limit: int,
    lease_for: timedelta,
    due_by: datetime | None = None,
    passed_over: Sequence[SourceId] = (),
) -> tuple[tuple[Source, PollState], ...]:
    """Take up to `limit` sources that are due, longest due first, on hosts that have not asked for silence (P9).

    `due_by` (now, unless earlier) lets one round end although sources fall due while it runs; `passed_over` are never
    taken.
    """
    silent = silent_hosts(tx, now)
    ready = and_(_is_ready(now), PollStateRow.due_at <= (due_by or now))
    waiting = (
        select(PollStateRow, SourceRow)
        .join(SourceRow, SourceRow.id == PollStateRow.source_id)
        .where(ready, SourceRow.retired_at.is_(None), PollStateRow.source_id.not_in(passed_over))
        .order_by(PollStateRow.due_at, PollStateRow.source_id)
        .with_for_update(skip_locked=True, of=PollStateRow)
    )
    taken: list[tuple[Source, PollState]] = []
    for state, source in tx.execute(waiting).all():
        if len(taken) == limit:
            break
        if host_of(state.url) not in silent and _take(tx, state.source_id, ready, owner, now + lease_for):
            taken.append((source_of(source), state_of(state)))
    return tuple(taken)


def lease_source(
    tx: Session, source: SourceId, *, now: datetime, owner: str, lease_for: timedelta
) -> tuple[Source, PollState] | None:
    """Take one source now, due or not; None where another worker holds it. Raises Unknown."""
    found, state = get_source(tx, source), get_poll_state(tx, source)
    is_free = or_(PollStateRow.leased_until.is_(None), PollStateRow.leased_until <= now)
    return (found, state) if _take(tx, source, is_free, owner, now + lease_for) else None


def count_due_sources(tx: Session, *, now: datetime) -> int:
    """How many sources are due and free."""
    query = select(func.count()).select_from(PollStateRow).join(SourceRow, SourceRow.id == PollStateRow.source_id)
    return tx.scalar(query.where(_is_ready(now), PollStateRow.due_at <= now, SourceRow.retired_at.is_(None))) or 0


def is_lease_held(tx: Session, source: SourceId, *, owner: str) -> bool:
    """Whether `owner` still holds the source; locks the row until the transaction ends, so it stays true."""
    held = update(PollStateRow).where(PollStateRow.source_id == source, PollStateRow.lease_owner == owner)
    return changed(tx, held.values(lease_owner=owner)) == 1


def end_lease(tx: Session, source: SourceId, *, owner: str) -> None:
    """Give a source back without a poll."""
    held = update(PollStateRow).where(PollStateRow.source_id == source, PollStateRow.lease_owner == owner)
    tx.execute(held.values(lease_owner=None, leased_until=None))


def _is_ready(now: datetime) -> ColumnElement[bool]:
    is_free = or_(PollStateRow.leased_until.is_(None), PollStateRow.leased_until <= now)
    return and_(PollStateRow.is_gone.is_(False), PollStateRow.paused_at.is_(None), is_free)


def _take(tx: Session, source: str, condition: ColumnElement[bool], owner: str, until: datetime) -> bool:
    wanted = update(PollStateRow).where(PollStateRow.source_id == source, condition)
    return changed(tx, wanted.values(lease_owner=owner, leased_until=until)) == 1
