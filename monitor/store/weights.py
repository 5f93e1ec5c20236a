"""What weighs in the order, what editors decided before, and putting the queue into another order, page by page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row as RowOf
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from monitor.model import (
    ActionKind,
    Candidate,
    CandidateId,
    CandidateStatus,
    Cue,
    Decision,
    DecisionId,
    Precedent,
    Precedents,
    Weighting,
)
from monitor.store.candidates import candidate_of, list_decisions_after
from monitor.store.database import insert_new, settled
from monitor.store.tables import ArticleRow, CandidateRow, MembershipRow
from monitor.store.tables_desk import CursorRow, JudgementRow, PrecedentRow, WeightingRow

ALL = "all"  # the precedent of every decision
PUBLISHERS = 50  # of a candidate
_UNDECIDED = (CandidateStatus.OPEN.value, CandidateStatus.SNOOZED.value)
_JUDGING = (ActionKind.ACCEPT.value, ActionKind.ATTACH.value, ActionKind.REJECT.value, ActionKind.UNDO.value)
_LEARNT = "precedents"
_WEIGHTINGS, _PRECEDENTS = (row.metadata.tables[row.__tablename__] for row in (WeightingRow, PrecedentRow))
_NEWEST = select(_WEIGHTINGS).order_by(_WEIGHTINGS.c.id.desc()).limit(1)  # asked with every article, as the next
_OF_TRAITS = select(_PRECEDENTS).where(_PRECEDENTS.c.trait.in_(bindparam("traits", expanding=True)))


# --- weights -----------------------------------------------------------------------------------------------------


def find_weighting(tx: Session) -> Weighting | None:
    """The weights that hold; None while nobody has changed those that were shipped."""
    row = settled(tx).execute(_NEWEST).one_or_none()
    return None if row is None else _weighting(row)


def list_weightings(tx: Session, *, limit: int = 20) -> tuple[Weighting, ...]:
    """What weighed when, the newest first."""
    rows = tx.scalars(select(WeightingRow).order_by(WeightingRow.id.desc()).limit(limit))
    return tuple(map(_weighting, rows))


def add_weighting(
    tx: Session, *, weights: Mapping[str, float], editor: str, now: datetime, note: str, key: str | None
) -> Weighting | None:
    """From now on these hold; None where a change with that key was made before."""
    if key is not None and tx.scalar(select(WeightingRow.id).where(WeightingRow.key == key)) is not None:
        return None
    row = WeightingRow(weights=dict(weights), editor=editor, weighed_at=now, note=note, key=key)
    tx.add(row)
    tx.flush()
    return _weighting(row)


def _weighting(row: WeightingRow | RowOf[*tuple[Any, ...]]) -> Weighting:
    weights = {str(reason): float(weight) for reason, weight in row.weights.items()}
    return Weighting(id=row.id, weights=weights, editor=row.editor, weighed_at=row.weighed_at, note=row.note)


# --- the queue in another order ----------------------------------------------------------------------------------


def list_unweighed(tx: Session, weighting: int, *, limit: int) -> tuple[Candidate, ...]:
    """Undecided candidates whose score was summed by earlier weights."""
    found: list[CandidateRow] = []
    for status in _UNDECIDED:
        older = (CandidateRow.status == status, CandidateRow.weighting < weighting)
        query = select(CandidateRow).where(*older).order_by(CandidateRow.weighting).limit(limit - len(found))
        found += tx.scalars(query.with_for_update(skip_locked=True))
    return tuple(map(candidate_of, found))


def record_cues(tx: Session, cues: Mapping[CandidateId, Sequence[Cue]], weighting: int) -> None:
    """Other reasons for the same articles: the place changes, and nothing that an editor has seen (no new version)."""
    if not cues:
        return
    values = [
        {
            "number": candidate,
            "cues": [{"name": c.name, "weight": c.weight, "evidence": c.evidence, "amount": c.amount} for c in told],
            "score": sum(c.weight for c in told),
            "weighting": weighting,
        }
        for candidate, told in cues.items()
    ]
    table: Any = CandidateRow.__table__
    changed = update(table).where(table.c.id == bindparam("number"))
    tx.connection().execute(changed.values(changed_at=table.c.changed_at), values)


# --- precedents --------------------------------------------------------------------------------------------------


def list_voices(tx: Session, candidates: Collection[CandidateId]) -> dict[CandidateId, tuple[tuple[str, str], ...]]:
    """Ids and names of the publishers that count in each candidate, bounded."""
    query = (
        select(MembershipRow.candidate_id, ArticleRow.publisher_id, ArticleRow.publisher_name)
        .join(ArticleRow, ArticleRow.id == MembershipRow.article_id)
        .where(MembershipRow.candidate_id.in_(list(candidates)), MembershipRow.counts.is_(True))
        .order_by(MembershipRow.candidate_id, MembershipRow.article_id)
    )
    found: dict[CandidateId, dict[str, str]] = defaultdict(dict)
    for candidate, publisher, name in tx.execute(query):
        if len(found[CandidateId(candidate)]) < PUBLISHERS:
            found[CandidateId(candidate)][publisher] = name
    return {candidate: tuple(names.items()) for candidate, names in found.items()}


def list_precedents(tx: Session, traits: Collection[str]) -> Precedents:
    """How candidates with these traits were decided on, and all."""
    rows = settled(tx).execute(_OF_TRAITS, {"traits": sorted({*traits, ALL})})
    known = {row.trait: Precedent(accepted=row.accepted_count, decided=row.decided_count) for row in rows}
    overall = known.pop(ALL, Precedent(accepted=0, decided=0))
    return Precedents(overall=overall, by_trait=known)


def list_unlearnt(tx: Session, *, limit: int) -> tuple[Decision, ...]:
    """Decisions that say something of what editors accept, from where learning stopped on."""
    return list_decisions_after(tx, _position(tx), kinds=_JUDGING, limit=limit)


def record_judgement(tx: Session, decision: DecisionId, *, is_accepted: bool, traits: Sequence[str]) -> None:
    """Count a decision as a precedent of its traits; once, however often it is told."""
    values = {"decision_id": decision, "is_accepted": is_accepted, "traits": list(traits), "is_undone": False}
    if insert_new(tx, JudgementRow, [values]):
        _count(tx, traits, is_accepted=is_accepted, by=1)


def record_undone(tx: Session, decision: DecisionId) -> None:
    """It counts no more: an undo took it back."""
    row = tx.get(JudgementRow, decision)
    if row is not None and not row.is_undone:
        row.is_undone = True
        _count(tx, row.traits, is_accepted=row.is_accepted, by=-1)


def record_learnt(tx: Session, position: DecisionId) -> None:
    """Learning has come so far."""
    insert_new(tx, CursorRow, [{"name": _LEARNT, "position": 0}])
    tx.execute(update(CursorRow).where(CursorRow.name == _LEARNT).values(position=position))


def _position(tx: Session) -> int:
    return tx.scalar(select(CursorRow.position).where(CursorRow.name == _LEARNT)) or 0


def _count(tx: Session, traits: Sequence[str], *, is_accepted: bool, by: int) -> None:
    named = [*traits, ALL]
    insert_new(tx, PrecedentRow, [{"trait": t, "accepted_count": 0, "decided_count": 0} for t in named])
    row = PrecedentRow
    more = {"decided_count": row.decided_count + by, "accepted_count": row.accepted_count + (by if is_accepted else 0)}
    tx.execute(update(row).where(row.trait.in_(named)).values(more), execution_options={"synchronize_session": False})
