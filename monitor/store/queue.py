"""The queue by filter: what stands where, quickly, however many candidates there are.

A candidate stands in one state at a time, and each state is one or two *arms*: a status, and what must hold of it. An
arm is walked in the order of an index that has all columns it is filtered by (`ix_candidates_urgent`, `…_latest`), so
that no row is read but those that are shown; a handful of arms are merged. Counting ends at `COUNT_LIMIT`. What only
few candidates have (a provider, the words of a search) is looked up first, and the few are sorted.
"""

from __future__ import annotations

import functools
import json
import operator
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from monitor.model import Candidate, CandidateId, CandidateStatus, Filter, QueueState
from monitor.store.candidates import candidate_of
from monitor.store.database import Transaction, connected, settled
from monitor.store.grouping import kinds_of
from monitor.store.rounds import Instant
from monitor.store.tables import CandidateRow, WireRow
from monitor.store.tables_desk import CandidateProviderRow, FilterMatchRow

COUNT_LIMIT = 10_000  # beyond it a count says "so many at least"
STATE_LIMIT = 500  # the same, of one state among all
FEW = 3_000  # candidates that are quicker sorted than walked past
SHAPES = 256  # of questions that are kept written
GROWING_SPAN = timedelta(days=60)  # coverage that nobody has looked at for so long is not "growing" any more

_WAITING = (QueueState.NEW, QueueState.CLAIMED)
_UNDECIDED = (*_WAITING, QueueState.SNOOZED, QueueState.AWAITING)
_ROW = CandidateRow
_LONG_AGO, _FAR = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCounts:
    """How many candidates stand in each state; STATE_LIMIT where there are so many or more."""

    counts: dict[QueueState, int]

    def of(self, state: QueueState) -> int:
        """How many stand in `state`."""
        return self.counts[state]


def list_filtered(
    tx: Transaction,
    wanted: Filter,
    *,
    who: str,
    now: datetime,
    limit: int = 50,
    among: Collection[CandidateId] | None = None,
) -> tuple[Candidate, ...]:
    """The candidates that `wanted` shows to `who`, from its offset on, in its order; ties by the newest.

    `among` are those that say the words of `wanted`, which search has found; without words there is none.
    """
    return load_listed(tx, list_ids(tx, wanted, who=who, now=now, limit=limit, among=among))


def list_ids(
    tx: Transaction,
    wanted: Filter,
    *,
    who: str,
    now: datetime,
    limit: int = 50,
    among: Collection[CandidateId] | None = None,
) -> tuple[CandidateId, ...]:
    """Which candidates `list_filtered` has: for whoever shows but some of them."""
    shape, values = _ask(tx, wanted, among, who=who, now=now)
    values |= {"most": wanted.offset + limit, "limit": limit, "offset": wanted.offset}
    return tuple(map(CandidateId, settled(tx).execute(_page(shape), values).scalars()))


def load_listed(tx: Transaction, ids: Sequence[CandidateId]) -> tuple[Candidate, ...]:
    """Those candidates, in this order."""
    rows = {row.id: row for row in connected(tx).execute(_ROWS, {"ids": list(ids)})} if ids else {}
    return tuple(candidate_of(rows[i]) for i in ids)


def count_filtered(
    tx: Transaction,
    wanted: Filter,
    *,
    who: str,
    now: datetime,
    most: int = COUNT_LIMIT,
    among: Collection[CandidateId] | None = None,
) -> int:
    """How many `list_filtered` has without offset and limit; `most` where there are so many or more."""
    shape, values = _ask(tx, wanted, among, who=who, now=now)
    return min(settled(tx).execute(_count(shape), {**values, "most": most}).scalar() or 0, most)


def find_oldest(tx: Transaction, *, now: datetime) -> datetime | None:
    """When the candidate opened that waits longest; None where none waits."""
    found = settled(tx).execute(_oldest(), {"now": now}).scalars().all()
    return min((at for at in found if at is not None), default=None)


def list_matching(
    tx: Transaction,
    wanted: Filter,
    *,
    who: str,
    now: datetime,
    grown_from: datetime,
    limit: int,
    untold_by: int | None = None,
    among: Collection[CandidateId] | None = None,
) -> tuple[Candidate, ...]:
    """Those that match and have opened or grown since then, the oldest growth first: what an alert looks at.

    `untold_by` leaves out what that saved filter has told already; `among` is as for `list_filtered`.
    """
    shape, values = _ask(tx, wanted, among, who=who, now=now)
    query = select(*_COLUMNS).where(or_(*_arms(shape)), _ROW.grown_at >= grown_from).order_by(_ROW.grown_at, _ROW.id)
    if untold_by is not None:
        told = FilterMatchRow
        query = query.where(~exists().where(told.filter_id == untold_by, told.candidate_id == _ROW.id))
    return tuple(map(candidate_of, settled(tx).execute(query.limit(limit), values)))


def count_states(tx: Transaction, *, now: datetime) -> StateCounts:
    """How many candidates stand in each state, of anybody; one question for all of them."""
    row = settled(tx).execute(_state_counts(), {"now": now, "grown_from": now - GROWING_SPAN}).one()
    return StateCounts(counts={state: min(count, STATE_LIMIT) for state, count in zip(QueueState, row, strict=True)})


@functools.cache
def _state_counts() -> Select[Any]:
    counts = []
    for state in QueueState:
        shape = _Shape(states=(state,), is_by_id=state is QueueState.CLAIMED)
        counts.append(_sum(_arms(shape), literal(STATE_LIMIT)))
    return select(*counts)


def _sum(arms: Sequence[ColumnElement[bool]], most: Any) -> Any:
    """How many rows all arms have, of each no more than `most`."""
    first = (select(literal(1).label("one")).select_from(_ROW).where(arm).limit(most).subquery() for arm in arms)
    return functools.reduce(operator.add, (select(func.count()).select_from(a).scalar_subquery() for a in first))


def find_state(candidate: Candidate, *, now: datetime, is_growing: bool = False) -> QueueState:
    """Where one candidate stands; whether an accepted one grows is the wire's to say."""
    if candidate.status in (CandidateStatus.OPEN, CandidateStatus.SNOOZED):
        if candidate.is_asleep(now):
            return QueueState.SNOOZED if candidate.awaited_count is None else QueueState.AWAITING
        return QueueState.NEW if candidate.holder_at(now) is None else QueueState.CLAIMED
    return QueueState.GROWING if is_growing else QueueState.DECIDED


# --- questions --------------------------------------------------------------------------------------------------
# To write such a question takes longer than to answer it: each is written once for each shape that a filter has, and
# asked with other values.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What of a filter changes the question itself; the rest are values."""

    states: tuple[QueueState, ...] = _WAITING
    order: str = "urgent"
    is_mine: bool = False
    by_sources: bool = False
    by_origins: bool = False
    by_tiers: bool = False
    is_from: bool = False
    is_before: bool = False
    by_providers: bool = False
    sets: tuple[str, ...] = ()  # names of values that list the only candidates there may be
    is_by_id: bool = False  # few are looked up by their ids, or by their editor: no index is walked for the status
    is_sqlite: bool = True


def _ask(
    tx: Transaction, wanted: Filter, among: Collection[CandidateId] | None, *, who: str, now: datetime
) -> tuple[_Shape, dict[str, Any]]:
    if wanted.text and among is None:
        raise ValueError("a filter with words needs the candidates that say them")
    is_sqlite = tx.connection().dialect.name == "sqlite"
    sets: dict[str, Collection[int]] = {}
    named = _find_named(tx, wanted.providers) if wanted.providers else None
    if named is not None:
        sets["named"] = named
    if wanted.text and among is not None:
        sets["saying"] = among
    is_few = any(len(ids) <= FEW for ids in sets.values())
    start, end = wanted.opened_from(now), wanted.opened_before(now)
    waits = _UNDECIDED if wanted.is_mine else _WAITING
    shape = _Shape(
        states=wanted.states or waits,
        order=wanted.order,
        is_mine=wanted.is_mine,
        by_sources=wanted.sources > 1,
        by_origins=bool(wanted.origins),
        by_tiers=bool(wanted.tiers),
        is_from=start is not None,
        is_before=end is not None,
        by_providers=bool(wanted.providers) and named is None,
        sets=tuple(sets),
        is_by_id=is_few or wanted.is_mine or wanted.states == (QueueState.CLAIMED,),
        is_sqlite=is_sqlite,
    )
    values: dict[str, Any] = {
        "now": now,
        "grown_from": now - GROWING_SPAN,
        "who": who,
        "sources": wanted.sources,
        "origins": kinds_of(wanted.origins, ()),
        "tiers": kinds_of((), wanted.tiers),
        "from": start,
        "before": end,
        "providers": list(wanted.providers),
        **{name: json.dumps(list(ids)) if is_sqlite else list(ids) for name, ids in sets.items()},
    }
    return shape, {name: values[name] for name in _named(shape)}


def _named(shape: _Shape) -> Iterator[str]:
    """The values that a question of this shape takes."""
    if set(shape.states) - {QueueState.DECIDED, QueueState.GROWING} or shape.is_mine:
        yield "now"
    if QueueState.GROWING in shape.states and QueueState.DECIDED not in shape.states:
        yield "grown_from"
    for name, is_asked in (
        ("who", shape.is_mine),
        ("sources", shape.by_sources),
        ("origins", shape.by_origins),
        ("tiers", shape.by_tiers),
        ("from", shape.is_from),
        ("before", shape.is_before),
        ("providers", shape.by_providers),
    ):
        if is_asked:
            yield name
    yield from shape.sets


def _find_named(tx: Transaction, providers: Sequence[str]) -> tuple[int, ...] | None:
    """The candidates that name any of the providers; None where they are more than are quickly sorted."""
    found = connected(tx).execute(_NAMED, {"providers": list(providers), "most": FEW + 1}).scalars().all()
    return None if len(found) > FEW else tuple(set(found))


_COLUMNS = tuple(_ROW.__table__.columns)
_ROWS = select(*_COLUMNS).where(_ROW.id.in_(bindparam("ids", expanding=True)))
_NAMED = (
    select(CandidateProviderRow.candidate_id)
    .where(CandidateProviderRow.provider.in_(bindparam("providers", expanding=True)))
    .limit(bindparam("most", type_=Integer))
)


@functools.lru_cache(maxsize=SHAPES)
def _page(shape: _Shape) -> Select[Any]:
    found = _found(shape)
    order = _order(shape, *(found.c[name] for name in ("score", "opened_at", "id")))
    page = select(found.c.id).order_by(*order)
    return page.limit(bindparam("limit", type_=Integer)).offset(bindparam("offset", type_=Integer))


@functools.lru_cache(maxsize=SHAPES)
def _count(shape: _Shape) -> Select[Any]:
    return select(_sum(_arms(shape), bindparam("most", type_=Integer)))


@functools.cache
def _oldest() -> Any:
    arms = [select(_ROW.opened_at).where(a).order_by(_ROW.opened_at).limit(1).subquery() for a in _arms(_Shape())]
    return union_all(*(select(arm.c.opened_at) for arm in arms))


def _found(shape: _Shape) -> Any:
    """A table of the first `most` of each arm."""
    walked = _order(shape, _ROW.score, _ROW.opened_at, _ROW.id)
    sorted_ = _order(shape, *(func.coalesce(column, column) for column in (_ROW.score, _ROW.opened_at, _ROW.id)))
    arms: list[Select[Any]] = []
    for arm, is_back in zip(_arms(shape), _are_back(shape), strict=True):
        by = sorted_ if is_back else walked
        score: Any = _ROW.score if shape.order == "urgent" else literal(0.0).label("score")  # else not in the index
        most = bindparam("most", type_=Integer)
        first = select(_ROW.id, score, _ROW.opened_at).where(arm).order_by(*by).limit(most).subquery()
        arms.append(select(first.c.id, first.c.score, first.c.opened_at))
    return arms[0].subquery() if len(arms) == 1 else union_all(*arms).subquery()


def _order(shape: _Shape, score: Any, opened_at: Any, ident: Any) -> tuple[Any, ...]:
    newest = (opened_at.desc(), ident.desc())
    return newest if shape.order == "newest" else (score.desc(), *newest)


# --- states as conditions ---------------------------------------------------------------------------------------


def _arms(shape: _Shape) -> list[ColumnElement[bool]]:
    """For each status that can match, all that must hold."""
    now = bindparam("now", type_=Instant())
    status: Any = _ROW.status.concat("") if shape.is_by_id else _ROW.status
    narrow = _narrowing(shape, now)
    grown_from = bindparam("grown_from", type_=Instant())
    return [and_(status == name.value, *more, *narrow) for name, more in _statuses(shape.states, now, grown_from)]


def _are_back(shape: _Shape) -> list[bool]:
    """Of each arm, whether it is those whose snooze has ended: few, that are sorted, where a walk would meet all that
    sleep. SQLite walks wherever an index has the order; an order that none has tells it not to.
    """
    now = bindparam("now", type_=Instant())
    return [
        status is CandidateStatus.SNOOZED and any(c.compare(b) for c in conditions for b in _backs(now))
        for status, conditions in _statuses(shape.states, now, now)
    ]


def _backs(now: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """That a snooze has ended: as an index says it; as none does, so that what few have claimed is looked up first."""
    return _ROW.back_at <= now, func.coalesce(_ROW.back_at, _ROW.back_at) <= now


def _statuses(
    states: Sequence[QueueState], now: Any, grown_from: Any
) -> list[tuple[CandidateStatus, tuple[ColumnElement[bool], ...]]]:
    arms: list[tuple[CandidateStatus, tuple[ColumnElement[bool], ...]]] = []
    waiting: tuple[ColumnElement[bool], ...] | None = None
    if set(_UNDECIDED) <= set(states):  # awake or asleep: one walk
        arms += [(CandidateStatus.OPEN, ()), (CandidateStatus.SNOOZED, ())]
        states = tuple(set(states) - set(_UNDECIDED))
    elif set(_WAITING) <= set(states):
        waiting = ()
    elif QueueState.NEW in states:
        waiting = (_held_until() <= now,)
    elif QueueState.CLAIMED in states:
        waiting = (_is_held(now),)
    if waiting is not None:
        by_index, by_editor = _backs(now)
        back = by_index if QueueState.NEW in states else by_editor
        arms += [(CandidateStatus.OPEN, waiting), (CandidateStatus.SNOOZED, (back, *waiting))]
    if QueueState.SNOOZED in states:
        arms.append((CandidateStatus.SNOOZED, (_ROW.back_at > now, _ROW.awaited_count.is_(None))))
    if QueueState.AWAITING in states:
        arms.append((CandidateStatus.SNOOZED, (_ROW.back_at > now, _ROW.awaited_count.is_not(None))))
    if QueueState.DECIDED in states:
        arms += [(CandidateStatus.ACCEPTED, ()), (CandidateStatus.REJECTED, ())]
    elif QueueState.GROWING in states:
        arms.append((CandidateStatus.ACCEPTED, _is_growing(grown_from)))
    return arms


def _is_held(now: Any) -> ColumnElement[bool]:
    """Whether somebody has claimed it and the claim has not run out."""
    return and_(_ROW.claimed_by > "", _held_until() > now)


def _held_until() -> ColumnElement[datetime]:
    """When its claim runs out; long ago where there is none. One value, so that no index is asked for half of it."""
    never, always = (literal(at, _ROW.claimed_until.type) for at in (_LONG_AGO, _FAR))
    return case((_ROW.claimed_by.is_(None), never), else_=func.coalesce(_ROW.claimed_until, always))


def _is_growing(grown_from: Any) -> tuple[ColumnElement[bool], ...]:
    """Its wire is out, and an article has joined since readers saw it and an editor last looked."""
    unseen = exists().where(
        WireRow.id == _ROW.wire_id,
        WireRow.published_number.is_not(None),
        WireRow.is_retracted.is_(False),
        WireRow.revised_at < _ROW.grown_at,
        or_(WireRow.coverage_seen_at.is_(None), WireRow.coverage_seen_at < _ROW.grown_at),
    )
    return (_ROW.grown_at >= grown_from, unseen)


def _narrowing(shape: _Shape, now: Any) -> list[ColumnElement[bool]]:
    """What must hold in whatever state."""
    narrow: list[ColumnElement[bool]] = []
    if shape.by_sources:
        narrow.append(_ROW.source_count >= bindparam("sources", type_=Integer))
    for is_asked, bits in ((shape.by_origins, "origins"), (shape.by_tiers, "tiers")):
        if is_asked:
            narrow.append(_ROW.kinds.bitwise_and(bindparam(bits, type_=Integer)) != literal(0))
    if shape.is_from:
        narrow.append(_ROW.opened_at >= bindparam("from", type_=Instant()))
    if shape.is_before:
        narrow.append(_ROW.opened_at < bindparam("before", type_=Instant()))
    if shape.by_providers:
        row = CandidateProviderRow
        names = row.provider.in_(bindparam("providers", expanding=True))
        narrow.append(exists().where(names, row.candidate_id == _ROW.id))
    narrow.extend(_ROW.id.in_(_listed(name, shape)) for name in shape.sets)
    if shape.is_mine:
        narrow += [_ROW.claimed_by == bindparam("who"), _held_until() > now]
    return narrow


def _listed(name: str, shape: _Shape) -> Any:
    """A list of ids as one value: as thousands of values, it would take longer to say than to look up."""
    if shape.is_sqlite:
        return select(func.json_each(bindparam(name)).table_valued("value").c.value)
    return select(func.unnest(bindparam(name, type_=ARRAY(Integer))))
