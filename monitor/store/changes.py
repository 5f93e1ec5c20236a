"""What changed since, for programs that follow the newsroom: candidates, wires and decisions in the order of change.

The order is (time, id), so that a cursor into it is exact, and each page is one walk along an index. Rows from before
such times were kept come first, by id. Two writers may commit in another order than they took their times: whoever
asks again later goes back SETTLE, and may see a thing twice, but misses none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, and_, or_, select

from monitor.model import Candidate, Decision, Wire
from monitor.store.candidates import candidate_of, find_decision
from monitor.store.database import Transaction
from monitor.store.tables import CandidateRow, DecisionRow, RevisionRow
from monitor.store.wires import load_wires

T = TypeVar("T")
SETTLE = timedelta(seconds=10)  # longer than a write transaction takes, and than two machines' clocks differ
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in the order of changes: behind what changed at `at` and has `id`."""

    at: datetime = NEVER
    id: int = 0


@dataclass(frozen=True, slots=True)
class Changed(Generic[T]):
    """Some things in the order of their last change, and the place behind the last; None at the end."""

    things: tuple[T, ...]
    next: Place | None


def list_changed_candidates(
    tx: Transaction, *, since: datetime | None, after: Place, limit: int, status: str | None = None
) -> Changed[Candidate]:
    """Candidates that changed at or after `since`, behind `after`; of one status, where given."""
    wanted = [] if status is None else [CandidateRow.status == status]
    ids = _walk(tx, CandidateRow.changed_at, CandidateRow.id, wanted, since=since, after=after, limit=limit)
    rows = {row.id: row for row in tx.scalars(select(CandidateRow).where(CandidateRow.id.in_([i for _, i in ids])))}
    return Changed(tuple(candidate_of(rows[i]) for _, i in ids), _end(ids, limit))


def list_changed_wires(tx: Transaction, *, since: datetime | None, after: Place, limit: int) -> Changed[Wire]:
    """Wires of which a revision changed at or after `since`, behind `after`; one of several that changed comes once a
    page."""
    ids = _walk(tx, RevisionRow.changed_at, RevisionRow.wire_id, [], since=since, after=after, limit=limit)
    wires = load_wires(tx, list(dict.fromkeys(i for _, i in ids)))
    return Changed(wires, _end(ids, limit))


def list_changed_decisions(tx: Transaction, *, since: datetime | None, after: Place, limit: int) -> Changed[Decision]:
    """Decisions made at or after `since`, the earliest first."""
    ids = _walk(tx, DecisionRow.decided_at, DecisionRow.id, [], since=since, after=after, limit=limit)
    found = [find_decision(tx, i) for _, i in ids]
    return Changed(tuple(d for d in found if d is not None), _end(ids, limit))


def _walk(
    tx: Transaction,
    at: Any,
    ident: Any,
    wanted: list[ColumnElement[bool]],
    *,
    since: datetime | None,
    after: Place,
    limit: int,
) -> list[tuple[datetime, int]]:
    """The next (time, id) in order; those without a time first, as if they had changed at NEVER."""
    found: list[tuple[datetime, int]] = []
    if since is None and after.at == NEVER:
        query = select(ident).where(at.is_(None), ident > after.id, *wanted).order_by(ident).distinct()
        found = [(NEVER, i) for i in tx.scalars(query.limit(limit))]
        after = Place() if len(found) < limit else after
    if len(found) < limit:
        behind = or_(at > after.at, and_(at == after.at, ident > after.id))
        timed = [at >= max(after.at, since or NEVER), behind, *wanted]
        query = select(at, ident).where(*timed).order_by(at, ident).distinct()
        found += [(moment, i) for moment, i in tx.execute(query.limit(limit - len(found)))]
    return found


def _end(found: list[tuple[datetime, int]], limit: int) -> Place | None:
    return Place(at=found[-1][0], id=found[-1][1]) if len(found) == limit else None
