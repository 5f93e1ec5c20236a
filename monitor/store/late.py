"""Late coverage: what joined the candidates of a wire after readers had seen it, until an editor has looked at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select, update

from monitor.model import ArticleId, CandidateStatus, Joined, Member, Wire, WireId
from monitor.store.articles import list_articles
from monitor.store.database import Transaction, settled
from monitor.store.grouping import member_of
from monitor.store.tables import CandidateRow, MembershipRow, WireRow
from monitor.store.wires import load_wires

GROWING_LIMIT = 30  # wires that are told of
LOOKED_AT = 500  # accepted candidates that grew last, among which they are looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What is new since publication, and which publishers tell it that the wire does not cite."""

    wire: Wire
    members: tuple[Member, ...]  # oldest first
    publishers: tuple[str, ...]  # names, in the order in which they came


def list_growing(tx: Transaction, *, limit: int = GROWING_LIMIT) -> tuple[Late, ...]:
    """Published wires whose candidates have grown since an editor last looked, those that grew last first."""
    found = settled(tx).execute(_GROWING, {"most": limit}).scalars().all()
    return _read(tx, load_wires(tx, found))


def find_late(tx: Transaction, wire: Wire) -> Late | None:
    """What joined after publication and no revision cites; None where nothing did, or readers have seen nothing."""
    return next(iter(_read(tx, [wire])), None)


def _read(tx: Transaction, wires: Sequence[Wire]) -> tuple[Late, ...]:
    """Of those of which there is any."""
    ids = [w.id for w in wires if w.published is not None and not w.is_retracted]
    rows = settled(tx).execute(_JOINED, {"wires": ids}).all() if ids else []
    articles = {a.id: a for a in list_articles(tx, list({ArticleId(r.article_id) for r in rows}))}
    joined: dict[int, dict[ArticleId, Member]] = defaultdict(dict)
    for row in rows:
        article = articles[ArticleId(row.article_id)]
        joined[row.wire_id].setdefault(article.id, member_of(row, article))
    found = (_late(w, sorted(joined[w.id].values(), key=lambda m: (m.article.told_at, m.article.id))) for w in wires)
    return tuple(late for late in found if late is not None)


def _late(wire: Wire, joined: Sequence[Member]) -> Late | None:
    cited = {a for revision in wire.revisions for a in revision.draft.sources}
    members = tuple(m for m in joined if m.article.id not in cited)
    if wire.published is None or not members:
        return None
    told = {c.publisher for c in wire.published.citations}
    names = dict.fromkeys(m.article.publisher_name for m in members if m.article.publisher not in told)
    return Late(wire=wire, members=members, publishers=tuple(names))


def _is_late(added_at: Any) -> ColumnElement[bool]:
    """After readers saw the wire, and after an editor last looked."""
    unseen = or_(WireRow.coverage_seen_at.is_(None), WireRow.coverage_seen_at < added_at)
    return and_(WireRow.revised_at < added_at, unseen)


def _growing() -> Any:
    last = (
        select(CandidateRow.id, CandidateRow.wire_id, CandidateRow.grown_at)
        .where(CandidateRow.status == CandidateStatus.ACCEPTED.value)
        .order_by(CandidateRow.grown_at.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    joined = select(MembershipRow.article_id).where(
        MembershipRow.candidate_id == last.c.id,
        MembershipRow.joined != Joined.MENTION.value,
        _is_late(MembershipRow.added_at),
    )
    return (
        select(WireRow.id)
        .join(last, last.c.wire_id == WireRow.id)
        .where(WireRow.published_number.is_not(None), WireRow.is_retracted.is_(False))
        .where(_is_late(last.c.grown_at), joined.exists())
        .order_by(last.c.grown_at.desc(), WireRow.id.desc())
        .limit(bindparam("most"))
    )


_GROWING = _growing()
_JOINED = (
    select(CandidateRow.wire_id, *MembershipRow.__table__.columns)
    .join(CandidateRow, CandidateRow.id == MembershipRow.candidate_id)
    .join(WireRow, WireRow.id == CandidateRow.wire_id)
    .where(
        CandidateRow.wire_id.in_(bindparam("wires", expanding=True)),
        MembershipRow.joined != Joined.MENTION.value,
        _is_late(MembershipRow.added_at),
    )
)


def record_coverage_seen(tx: Transaction, wire: WireId, *, now: datetime) -> None:
    """An editor has looked at what joined until now."""
    tx.execute(update(WireRow).where(WireRow.id == wire).values(coverage_seen_at=now))
