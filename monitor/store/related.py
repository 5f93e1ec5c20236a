"""Which candidates are related, and which an editor says are not. Kept between articles, read between candidates.

Wherever merges, splits and their undoing take the articles, the relation is between the candidates they are in now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select

from monitor.model import ArticleId, CandidateId, Evidence, Relation, RelationKind
from monitor.store.database import Transaction, settled
from monitor.store.evidence import evidence_json, read_evidence
from monitor.store.tables import CandidateRow, RelationRow
from monitor.store.window import list_places

RELATED_READ = 400  # newest rows that speak of a candidate's articles
RELATED_LIMIT = 8  # candidates: what was found beyond the best is left out; an editor's word never is
_CHUNK = 500  # ids in one query
_SOME: Any = bindparam("articles", expanding=True)
_TOLD = (
    select(*RelationRow.__table__.columns)
    .where(or_(RelationRow.left_id.in_(_SOME), RelationRow.right_id.in_(_SOME)))
    .order_by(RelationRow.id.desc())
    .limit(RELATED_READ)
)
_SHOWN = select(CandidateRow.id, CandidateRow.title, CandidateRow.source_count).where(
    CandidateRow.id.in_(bindparam("of", expanding=True))
)


def append_relation(
    tx: Transaction,
    *,
    kind: RelationKind,
    left: ArticleId,
    right: ArticleId,
    reason: str,
    evidence: Evidence | None = None,
    by: str | None = None,
    at: datetime,
) -> None:
    """Keep that the candidates of two articles are related, or that an editor says they are not."""
    tx.add(
        RelationRow(
            left_id=left,
            right_id=right,
            kind=kind.value,
            reason=reason,
            evidence=evidence_json(evidence),
            editor=by,
            related_at=at,
        )
    )
    tx.flush()


def list_related(tx: Transaction, candidate: CandidateId, articles: Collection[ArticleId]) -> tuple[Relation, ...]:
    """The candidates that the one with `articles` is related to: an editor's word first, then the nearest.

    Of several rows about the same candidate the last by an editor holds, else the one that found most. Those that an
    editor dismissed are listed too, last.
    """
    rows = _rows(tx, articles)
    other = {row.id: ArticleId(row.right_id if row.left_id in articles else row.left_id) for row in rows}
    places = list_places(tx, sorted(set(other.values())))
    told: dict[CandidateId, list[Any]] = defaultdict(list)
    for row in rows:
        place = places.get(other[row.id])
        if place is not None and place != candidate:
            told[place].append(row)
    shown = {c.id: c for c in settled(tx).execute(_SHOWN, {"of": list(told)})} if told else {}
    found = sorted((_relation(shown[c], _standing(r)) for c, r in told.items()), key=_rank)
    return tuple(r for n, r in enumerate(found) if r.by is not None or n < RELATED_LIMIT)


def _rows(tx: Transaction, articles: Collection[ArticleId]) -> list[Any]:
    """Oldest first."""
    wanted, found = sorted(set(articles)), dict[int, Any]()
    for start in range(0, len(wanted), _CHUNK):
        some = wanted[start : start + _CHUNK]
        found |= {row.id: row for row in settled(tx).execute(_TOLD, {"articles": some})}
    return [found[i] for i in sorted(found)]


def _standing(rows: Sequence[Any]) -> Any:
    by_editor = [r for r in rows if r.editor is not None]
    return by_editor[-1] if by_editor else max(rows, key=lambda r: ((r.evidence or {}).get("score", 0.0), r.id))


def _relation(other: Any, row: Any) -> Relation:
    return Relation(
        candidate=CandidateId(other.id),
        title=other.title,
        source_count=other.source_count,
        kind=RelationKind(row.kind),
        left=ArticleId(row.left_id),
        right=ArticleId(row.right_id),
        reason=row.reason,
        evidence=read_evidence(row.evidence),
        by=row.editor,
        at=row.related_at,
    )


def _rank(relation: Relation) -> tuple[object, ...]:
    score = (relation.evidence.score if relation.evidence else None) or 0.0
    return (relation.kind is RelationKind.DISMISSED, relation.by is None, -score, relation.candidate)
