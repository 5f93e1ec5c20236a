"""Who may poll a source now.

A source is polled by whoever holds its lease: taken in a transaction of its own, checked again in the one that records
the poll, so that a holder that wakes late writes nothing stale (P23, F8).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select, update

from monitor.model import PollState, Source, SourceId
from monitor.store.database import Round, connected
from monitor.store.mapped import sources
from monitor.store.polls import changed, get_poll_state, state_of
from monitor.store.rounds import HOSTS as _HOSTS
from monitor.store.rounds import POLL_STATES as _STATES
from monitor.store.rounds import SOURCES as _SOURCES
from monitor.store.rounds import Instant, source_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def lease_due_sources(
    tx: Round,
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
    connection = connected(tx)
    asked = {"now": now, "due_by": min(now, due_by or now), "passed_over": list(passed_over), "at_most": limit}
    states = [state_of(row) for row in connection.execute(_wanted_sources(), asked).all()]
    names = [state.source for state in states]
    taken = {"lease_owner": owner, "leased_until": now + lease_for}
    connection.execute(update(_STATES).where(_STATES.c.source_id.in_(names)).values(taken))
    named = {
        row.id: source_of(row) for row in connection.execute(select(_SOURCES).where(_SOURCES.c.id.in_(names))).all()
    }
    return tuple((named[state.source], state) for state in states)


def lease_source(
    tx: Session, source: SourceId, *, now: datetime, owner: str, lease_for: timedelta
) -> tuple[Source, PollState] | None:
    """Take one source now, due or not; None where another worker holds it. Raises Unknown."""
    found, state = sources.get_source(tx, source), get_poll_state(tx, source)
    is_free = or_(_STATES.c.leased_until.is_(None), _STATES.c.leased_until <= now)
    return (found, state) if _take(tx, source, is_free, owner, now + lease_for) else None


def count_due_sources(tx: Round, *, now: datetime) -> int:
    """How many sources are due and free, on hosts that have not asked for silence."""
    due = select(func.count()).select_from(_due_sources().subquery())
    return connected(tx).scalar(due, {"now": now, "due_by": now}) or 0


def is_lease_held(tx: Session, source: SourceId, *, owner: str) -> bool:
    """Whether `owner` still holds the source; locks the row until the transaction ends, so it stays true."""
    held = update(_STATES).where(_STATES.c.source_id == source, _STATES.c.lease_owner == owner)
    return changed(tx, held.values(lease_owner=owner)) == 1


def end_lease(tx: Session, source: SourceId, *, owner: str) -> None:
    """Give a source back without a poll."""
    held = update(_STATES).where(_STATES.c.source_id == source, _STATES.c.lease_owner == owner)
    tx.execute(held.values(lease_owner=None, leased_until=None))


@functools.cache
def _wanted_sources() -> Select[Any]:
    """Those that are taken next, the longest due first; made once, for a round takes some every moment."""
    others = _STATES.c.source_id.not_in(bindparam("passed_over", expanding=True))
    wanted = _due_sources().where(others).order_by(_STATES.c.due_at, _STATES.c.source_id).limit(bindparam("at_most"))
    return wanted.with_for_update(skip_locked=True, of=_STATES)


def _due_sources() -> Select[Any]:
    """The states of sources that may be asked at `now`, due by `due_by`; on an index in the order of due_at."""
    now, due_by = bindparam("now", type_=Instant()), bindparam("due_by", type_=Instant())
    is_free = or_(_STATES.c.leased_until.is_(None), _STATES.c.leased_until <= now)
    is_retired = exists().where(_SOURCES.c.id == _STATES.c.source_id, _SOURCES.c.retired_at.is_not(None))
    is_silent = exists().where(_HOSTS.c.host == _STATES.c.host, _HOSTS.c.silent_until > now)
    ready = (_STATES.c.is_gone.is_(False), _STATES.c.paused_at.is_(None), is_free, ~is_retired, ~is_silent)
    return select(_STATES).where(_STATES.c.due_at <= due_by, *ready)


def _take(tx: Session, source: str, condition: ColumnElement[bool], owner: str, until: datetime) -> bool:
    wanted = update(_STATES).where(_STATES.c.source_id == source, condition)
    return changed(tx, wanted.values(lease_owner=owner, leased_until=until)) == 1
