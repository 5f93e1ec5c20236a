"""Late coverage: what joined the candidates of a wire after readers had seen it, until an editor has looked at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update

from monitor.model import Joined, Member, Wire, WireId
from monitor.store.database import Transaction
from monitor.store.tables import CandidateRow, MembershipRow, WireRow
from monitor.store.wires import list_citable, load_wires

GROWING_LIMIT = 30  # wires that are looked at closely


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What is new since publication, and which publishers tell it that the wire does not cite."""

    wire: Wire
    members: tuple[Member, ...]  # oldest first
    publishers: tuple[str, ...]  # names, in the order in which they came


def list_growing(tx: Transaction, *, limit: int = GROWING_LIMIT) -> tuple[Late, ...]:
    """Published wires whose candidates have grown since an editor last looked, those that readers saw last first."""
    joined = (
        select(MembershipRow.article_id)
        .join(CandidateRow, CandidateRow.id == MembershipRow.candidate_id)
        .where(
            CandidateRow.wire_id == WireRow.id,
            MembershipRow.joined != Joined.MENTION.value,
            MembershipRow.added_at > WireRow.revised_at,
            or_(WireRow.coverage_seen_at.is_(None), MembershipRow.added_at > WireRow.coverage_seen_at),
        )
    )
    query = (
        select(WireRow.id)
        .where(WireRow.published_number.is_not(None), WireRow.is_retracted.is_(False), joined.exists())
        .order_by(WireRow.revised_at.desc(), WireRow.id.desc())
        .limit(limit)
    )
    found = (find_late(tx, wire) for wire in load_wires(tx, tx.scalars(query).all()))
    return tuple(late for late in found if late is not None)


def find_late(tx: Transaction, wire: Wire) -> Late | None:
    """What joined after publication and no revision cites; None where nothing did, or readers have seen nothing."""
    published = wire.published
    if published is None or published.published_at is None or wire.is_retracted:
        return None
    seen_at = tx.scalar(select(WireRow.coverage_seen_at).where(WireRow.id == wire.id))
    since = published.published_at if seen_at is None else max(published.published_at, seen_at)
    cited = {a for revision in wire.revisions for a in revision.draft.sources}
    members = tuple(
        m
        for m in list_citable(tx, wire)
        if m.added_at > since and m.joined is not Joined.MENTION and m.article.id not in cited
    )
    if not members:
        return None
    told = {c.publisher for c in published.citations}
    names = dict.fromkeys(m.article.publisher_name for m in members if m.article.publisher not in told)
    return Late(wire=wire, members=members, publishers=tuple(names))


def record_coverage_seen(tx: Transaction, wire: WireId, *, now: datetime) -> None:
    """An editor has looked at what joined until now."""
    tx.execute(update(WireRow).where(WireRow.id == wire).values(coverage_seen_at=now))
