"""Who may poll a source now.

A source is polled by whoever holds its lease: taken in a transaction of its own, checked again in the one that records
the poll, so that a holder that wakes late writes nothing stale (P23, F8).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, exists, func, or_, select, update
from sqlalchemy.orm import Session

from monitor.model import PollState, Source, SourceId
from monitor.store.polls import changed, get_poll_state, state_of
from monitor.store.sources import get_source, source_of
from monitor.store.tables import HostRow, PollStateRow, SourceRow

_STATES = cast(Table, PollStateRow.__table__)
_SOURCES = cast(Table, SourceRow.__table__)


def lease_due_sources(
    tx: Session,
    *,
    now: datetime,
    owner: str,
    limit: int,
    lease_for: timedelta,
    due_by: datetime | None = None,
    passed_over: Iterable[SourceId] = (),
) -> tuple[tuple[Source, PollState], ...]:
    """Take up to `limit` sources that are due, longest due first, on hosts that have not asked for silence (P9).

    `due_by` (now, unless earlier) lets one round end although sources fall due while it runs; `passed_over`, a few,
    are never taken. Reads what it takes and no more, however many sources there are.
    """
    due = _due_sources(now, min(now, due_by or now)).where(_STATES.c.source_id.not_in(list(passed_over)))
    wanted = due.order_by(_STATES.c.due_at, _STATES.c.source_id).limit(limit)
    states = [state_of(row) for row in tx.execute(wanted.with_for_update(skip_locked=True, of=_STATES)).all()]
    names = [state.source for state in states]
    taken = {"lease_owner": owner, "leased_until": now + lease_for}
    tx.execute(update(_STATES).where(_STATES.c.source_id.in_(names)).values(taken))
    named = {row.id: source_of(row) for row in tx.execute(select(_SOURCES).where(_SOURCES.c.id.in_(names))).all()}
    return tuple((named[state.source], state) for state in states)


def lease_source(
    tx: Session, source: SourceId, *, now: datetime, owner: str, lease_for: timedelta
) -> tuple[Source, PollState] | None:
    """Take one source now, due or not; None where another worker holds it. Raises Unknown."""
    found, state = get_source(tx, source), get_poll_state(tx, source)
    is_free = or_(PollStateRow.leased_until.is_(None), PollStateRow.leased_until <= now)
    return (found, state) if _take(tx, source, is_free, owner, now + lease_for) else None


def count_due_sources(tx: Session, *, now: datetime) -> int:
    """How many sources are due and free, on hosts that have not asked for silence."""
    return tx.scalar(select(func.count()).select_from(_due_sources(now, now).subquery())) or 0


def is_lease_held(tx: Session, source: SourceId, *, owner: str) -> bool:
    """Whether `owner` still holds the source; locks the row until the transaction ends, so it stays true."""
    held = update(PollStateRow).where(PollStateRow.source_id == source, PollStateRow.lease_owner == owner)
    return changed(tx, held.values(lease_owner=owner)) == 1


def end_lease(tx: Session, source: SourceId, *, owner: str) -> None:
    """Give a source back without a poll."""
    held = update(PollStateRow).where(PollStateRow.source_id == source, PollStateRow.lease_owner == owner)
    tx.execute(held.values(lease_owner=None, leased_until=None))


def _due_sources(now: datetime, due_by: datetime) -> Select[Any]:
    """The states of sources that may be asked; on an index in the order of due_at."""
    is_free = or_(_STATES.c.leased_until.is_(None), _STATES.c.leased_until <= now)
    is_retired = exists().where(_SOURCES.c.id == _STATES.c.source_id, _SOURCES.c.retired_at.is_not(None))
    is_silent = exists().where(HostRow.host == _STATES.c.host, HostRow.silent_until > now)
    ready = (_STATES.c.is_gone.is_(False), _STATES.c.paused_at.is_(None), is_free, ~is_retired, ~is_silent)
    return select(_STATES).where(_STATES.c.due_at <= due_by, *ready)


def _take(tx: Session, source: str, condition: ColumnElement[bool], owner: str, until: datetime) -> bool:
    wanted = update(PollStateRow).where(PollStateRow.source_id == source, condition)
    return changed(tx, wanted.values(lease_owner=owner, leased_until=until)) == 1
