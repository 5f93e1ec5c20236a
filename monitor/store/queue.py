"""The queue by filter: what stands where, quickly, however many candidates there are.

A candidate stands in one state at a time, and each state is one or two *arms*: a status, and what must hold of it. An
arm is walked in the order of an index that has all columns it is filtered by (`ix_candidates_urgent`, `…_latest`), so
that no row is read but those that are shown; a handful of arms are merged. Counting ends at `COUNT_LIMIT`. What only
few candidates have (a provider, the words of a search) is looked up first, and the few are sorted.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, literal, or_, select, union_all

from monitor.model import ActionKind, Candidate, CandidateStatus, Decision, Filter, QueueState
from monitor.store.candidates import candidate_of, find_decision, says_all
from monitor.store.database import Transaction
from monitor.store.grouping import kinds_of
from monitor.store.rounds import Instant
from monitor.store.tables import CandidateRow, DecisionRow, WireRow
from monitor.store.tables_desk import CandidateProviderRow, FilterMatchRow

COUNT_LIMIT = 10_000  # beyond it a count says "so many at least"
STATE_LIMIT = 1_000  # the same, of one state among all
FEW = 3_000  # candidates that are quicker sorted than walked past
GROWING_SPAN = timedelta(days=60)  # coverage that nobody has looked at for so long is not "growing" any more
UNDO_LIMIT = 20  # of an editor's decisions, among which the latest that stands is looked for
UNDO_SPAN = timedelta(days=1)

_WAITING = (QueueState.NEW, QueueState.CLAIMED)
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
    tx: Transaction, wanted: Filter, *, who: str, now: datetime, limit: int = 50
) -> tuple[Candidate, ...]:
    """The candidates that `wanted` shows to `who`, from its offset on, in its order; ties by the newest."""
    found = _found(tx, wanted, who=who, now=now, most=wanted.offset + limit)
    order = _order(wanted, *(found.c[name] for name in ("score", "opened_at", "id")))
    ids = tx.scalars(select(found.c.id).order_by(*order).limit(limit).offset(wanted.offset)).all()
    rows = {row.id: row for row in tx.scalars(select(_ROW).where(_ROW.id.in_(ids)))}
    return tuple(candidate_of(rows[i]) for i in ids)


def count_filtered(tx: Transaction, wanted: Filter, *, who: str, now: datetime, most: int = COUNT_LIMIT) -> int:
    """How many `list_filtered` has without offset and limit; `most` where there are so many or more."""
    found = _found(tx, wanted, who=who, now=now, most=most, is_ordered=False)
    return min(tx.scalar(select(func.count()).select_from(found)) or 0, most)


def find_oldest(tx: Transaction, *, now: datetime) -> datetime | None:
    """When the candidate opened that waits longest; None where none waits."""
    found = []
    for arm in _arms(tx, Filter(), who="", now=now):
        found.append(tx.scalar(select(_ROW.opened_at).where(arm).order_by(_ROW.opened_at).limit(1)))
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
) -> tuple[Candidate, ...]:
    """Those that match and have opened or grown since then, the oldest growth first: what an alert looks at.

    `untold_by` leaves out what that saved filter has told already.
    """
    arms = _arms(tx, wanted, who=who, now=now)
    query = select(_ROW).where(or_(*arms), _ROW.grown_at >= grown_from).order_by(_ROW.grown_at, _ROW.id)
    if untold_by is not None:
        told = FilterMatchRow
        query = query.where(~exists().where(told.filter_id == untold_by, told.candidate_id == _ROW.id))
    return tuple(map(candidate_of, tx.scalars(query.limit(limit))))


def count_states(tx: Transaction, *, now: datetime) -> StateCounts:
    """How many candidates stand in each state, of anybody; one question for all of them."""
    row = tx.execute(_state_counts(), {"now": now, "grown_from": now - GROWING_SPAN}).one()
    return StateCounts(counts={state: min(count, STATE_LIMIT) for state, count in zip(QueueState, row, strict=True)})


@functools.cache
def _state_counts() -> Select[Any]:
    """Made once: every look at the queue asks it."""
    now, grown_from = (bindparam(name, type_=Instant()) for name in ("now", "grown_from"))
    counts = []
    for state in QueueState:
        status: Any = _ROW.status.concat("") if state is QueueState.CLAIMED else _ROW.status
        arms = [and_(status == name.value, *more) for name, more in _statuses((state,), now, grown_from)]
        first = [select(_ROW.id).where(arm).limit(STATE_LIMIT).subquery() for arm in arms]
        found = union_all(*(select(arm.c.id) for arm in first)).subquery()
        counts.append(select(func.count()).select_from(found).scalar_subquery())
    return select(*counts)


def find_state(candidate: Candidate, *, now: datetime, is_growing: bool = False) -> QueueState:
    """Where one candidate stands; whether an accepted one grows is the wire's to say."""
    if candidate.status in (CandidateStatus.OPEN, CandidateStatus.SNOOZED):
        if candidate.is_asleep(now):
            return QueueState.SNOOZED if candidate.awaited_count is None else QueueState.AWAITING
        return QueueState.NEW if candidate.holder_at(now) is None else QueueState.CLAIMED
    return QueueState.GROWING if is_growing else QueueState.DECIDED


def find_latest_of(tx: Transaction, who: str, *, now: datetime) -> Decision | None:
    """The latest decision of `who` within a day that still stands and is no claim: what an undo takes back."""
    query = (
        select(DecisionRow.id)
        .where(
            DecisionRow.editor == who,
            DecisionRow.decided_at >= now - UNDO_SPAN,
            DecisionRow.kind.not_in([ActionKind.UNDO.value, ActionKind.CLAIM.value]),
        )
        .order_by(DecisionRow.decided_at.desc(), DecisionRow.id.desc())
        .limit(UNDO_LIMIT)
    )
    found = (find_decision(tx, number) for number in tx.scalars(query).all())
    return next((d for d in found if d is not None and d.undone_by is None), None)


# --- states as conditions ---------------------------------------------------------------------------------------


def _found(tx: Transaction, wanted: Filter, *, who: str, now: datetime, most: int, is_ordered: bool = True) -> Any:
    """A table of the first `most` of each arm."""
    by = _order(wanted, _ROW.score, _ROW.opened_at, _ROW.id) if is_ordered else ()
    arms: list[Select[Any]] = []
    for arm in _arms(tx, wanted, who=who, now=now):
        score: Any = _ROW.score if wanted.order == "urgent" else literal(0.0).label("score")  # else not in the index
        first = select(_ROW.id, score, _ROW.opened_at).where(arm).order_by(*by).limit(most).subquery()
        arms.append(select(first.c.id, first.c.score, first.c.opened_at))
    return arms[0].subquery() if len(arms) == 1 else union_all(*arms).subquery()


def _order(wanted: Filter, score: Any, opened_at: Any, ident: Any) -> tuple[Any, ...]:
    newest = (opened_at.desc(), ident.desc())
    return newest if wanted.order == "newest" else (score.desc(), *newest)


def _arms(tx: Transaction, wanted: Filter, *, who: str, now: datetime) -> list[ColumnElement[bool]]:
    """For each status that can match, all that must hold."""
    narrow, is_few = _narrowing(tx, wanted, now)
    # Where few are looked up by their ids or their editor, no index is walked for the status.
    is_few = is_few or wanted.is_mine or wanted.states == (QueueState.CLAIMED,)
    status: Any = _ROW.status.concat("") if is_few else _ROW.status
    if wanted.is_mine:
        narrow = [*narrow, _ROW.claimed_by == who, _is_held(now)]
        states = wanted.states or (*_WAITING, QueueState.SNOOZED, QueueState.AWAITING)
    else:
        states = wanted.states or _WAITING
    return [and_(status == name.value, *more, *narrow) for name, more in _statuses(states, now, now - GROWING_SPAN)]


def _statuses(
    states: Sequence[QueueState], now: Any, grown_from: Any
) -> list[tuple[CandidateStatus, tuple[ColumnElement[bool], ...]]]:
    arms: list[tuple[CandidateStatus, tuple[ColumnElement[bool], ...]]] = []
    waiting: tuple[ColumnElement[bool], ...] | None = None
    if set(_WAITING) <= set(states):
        waiting = ()
    elif QueueState.NEW in states:
        waiting = (_held_until() <= now,)
    elif QueueState.CLAIMED in states:
        waiting = (_is_held(now),)
    if waiting is not None:
        arms += [
            (CandidateStatus.OPEN, waiting),
            (CandidateStatus.SNOOZED, (_ROW.back_at <= now, *waiting)),
        ]
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


def _narrowing(tx: Transaction, wanted: Filter, now: datetime) -> tuple[list[ColumnElement[bool]], bool]:
    """What must hold in whatever state, and whether it names few candidates by their ids."""
    narrow: list[ColumnElement[bool]] = []
    is_few = False
    if wanted.sources > 1:
        narrow.append(_ROW.source_count >= wanted.sources)
    for bits in (kinds_of(wanted.origins, ()), kinds_of((), wanted.tiers)):
        if bits:
            narrow.append(_ROW.kinds.bitwise_and(bits) != literal(0))
    if (start := wanted.opened_from(now)) is not None:
        narrow.append(_ROW.opened_at >= start)
    if (end := wanted.opened_before(now)) is not None:
        narrow.append(_ROW.opened_at < end)
    if wanted.providers:
        condition, is_few = _names(tx, wanted.providers)
        narrow.append(condition)
    if wanted.text:
        narrow.append(says_all(wanted.text))
    return narrow, is_few


def _names(tx: Transaction, providers: Sequence[str]) -> tuple[ColumnElement[bool], bool]:
    row = CandidateProviderRow
    few = tx.scalars(select(row.candidate_id).where(row.provider.in_(providers)).limit(FEW + 1)).all()
    if len(few) <= FEW:
        return _ROW.id.in_(sorted(set(few))), True
    return exists().where(row.provider.in_(providers), row.candidate_id == _ROW.id), False
