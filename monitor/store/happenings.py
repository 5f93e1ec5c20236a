"""What happened since, for those who watch: candidates by the time of their last change, and who is at work where.

The cursor is a time, not a number: numbers that two writers took are not committed in their order. A reader therefore
goes back a few seconds behind its cursor each time and skips what it has seen; that also covers the clocks of two
machines, as far as they agree.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select, update

from monitor.model import ActionKind, CandidateId, Happening, Presence
from monitor.store.candidates import get_candidates
from monitor.store.database import Transaction, insert_new, settled
from monitor.store.polls import changed
from monitor.store.tables import CandidateRow, DecisionRow
from monitor.store.tables_live import PresenceRow

_LAST_CHANGE = select(func.max(CandidateRow.changed_at))


def list_happenings(tx: Transaction, *, since: datetime, limit: int) -> tuple[Happening, ...]:
    """Candidates that changed at or after `since`, the earliest change first; reads no more than `limit`."""
    query = select(CandidateRow).where(CandidateRow.changed_at >= since)
    found = tx.scalars(query.order_by(CandidateRow.changed_at, CandidateRow.id).limit(limit)).all()
    ids = [CandidateId(row.id) for row in found]
    candidates, decisions = get_candidates(tx, ids), _last_decisions(tx, ids)  # the rows are in the session already
    happenings = []
    for row in found:
        last = decisions.get(row.id)
        happenings.append(
            Happening(
                candidate=candidates[CandidateId(row.id)],
                changed_at=row.changed_at or since,
                kind=None if last is None else ActionKind(last.kind),
                editor=None if last is None else last.editor,
                reason=None if last is None else last.reason,
                decided_at=None if last is None else last.decided_at,
            )
        )
    return tuple(happenings)


def find_last_change(tx: Transaction) -> datetime | None:
    """When any candidate changed last; None where none has."""
    return settled(tx).execute(_LAST_CHANGE).scalar()


def _last_decisions(tx: Transaction, candidates: Collection[CandidateId]) -> dict[int, DecisionRow]:
    if not candidates:
        return {}
    newest = select(func.max(DecisionRow.id)).where(DecisionRow.candidate_id.in_(candidates))
    rows = tx.scalars(select(DecisionRow).where(DecisionRow.id.in_(newest.group_by(DecisionRow.candidate_id))))
    return {row.candidate_id: row for row in rows}


# --- claims -----------------------------------------------------------------------------------------------------


def record_renewed(
    tx: Transaction, candidate: CandidateId, *, editor: str, now: datetime, until: datetime, before: datetime
) -> bool:
    """Put off the end of a claim that `editor` still holds and that would end before `before`; whether there was one.

    The version stays: whoever has the candidate on screen has not missed anything.
    """
    is_held = (CandidateRow.claimed_by == editor, CandidateRow.claimed_until > now)
    wanted = update(CandidateRow).where(CandidateRow.id == candidate, *is_held, CandidateRow.claimed_until < before)
    return changed(tx, wanted.values(claimed_until=until)) == 1


def has_lapsed(tx: Transaction, *, now: datetime) -> bool:
    """Whether any claim has run out: asked often, and without holding up who writes."""
    return tx.scalar(select(CandidateRow.id).where(CandidateRow.claimed_until <= now).limit(1)) is not None


def record_lapsed(tx: Transaction, *, now: datetime, limit: int) -> int:
    """End claims that have run out, at most `limit`; how many. The version stays: nobody decided anything."""
    lapsed = select(CandidateRow.id).where(CandidateRow.claimed_until <= now).order_by(CandidateRow.claimed_until)
    ids = list(tx.scalars(lapsed.limit(limit).with_for_update(skip_locked=True)))
    if ids:
        tx.execute(update(CandidateRow).where(CandidateRow.id.in_(ids)).values(claimed_by=None, claimed_until=None))
    return len(ids)


# --- presence ---------------------------------------------------------------------------------------------------


def record_presence(tx: Transaction, tab: str, *, editor: str, subject: str, at: datetime) -> None:
    """Say where a tab is at work; it is in one place at a time."""
    said = {"editor": editor, "subject": subject, "seen_at": at}
    if not insert_new(tx, PresenceRow, [{"tab": tab, **said}]):
        tx.execute(update(PresenceRow).where(PresenceRow.tab == tab).values(**said))


def drop_presence(tx: Transaction, tab: str) -> None:
    """A tab was closed, or went elsewhere."""
    tx.execute(delete(PresenceRow).where(PresenceRow.tab == tab))


def drop_absent(tx: Transaction, *, before: datetime) -> int:
    """Forget whoever was last seen before; how many."""
    return changed(tx, delete(PresenceRow).where(PresenceRow.seen_at < before))


def list_presences(tx: Transaction, *, since: datetime, limit: int = 200) -> tuple[Presence, ...]:
    """Who has been seen at or after `since`, and where, each editor once in each place."""
    query = (
        select(PresenceRow.subject, PresenceRow.editor, func.max(PresenceRow.seen_at))
        .where(PresenceRow.seen_at >= since)
        .group_by(PresenceRow.subject, PresenceRow.editor)
        .order_by(PresenceRow.subject, PresenceRow.editor)
        .limit(limit)
    )
    return tuple(Presence(subject=subject, editor=editor, seen_at=at) for subject, editor, at in tx.execute(query))
