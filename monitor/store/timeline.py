"""A candidate as a time line: hundreds of articles in one query, without the texts that nobody sees at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from monitor.model import (
    Article,
    ArticleId,
    CandidateDetail,
    CandidateId,
    Joined,
    Member,
    Origin,
    PublisherId,
    Sourcing,
    SourcingStandard,
    Standing,
    StatusUpdate,
    Tier,
    Wire,
)
from monitor.store.candidates import get_for_reading, list_decisions
from monitor.store.database import Transaction, settled
from monitor.store.tables import ArticleRow, ArticleVersionRow, MembershipRow, PastGroupingRow, WireRow
from monitor.store.wires import find_wire

_CHUNK = 500  # ids in one query
CHANGES_LIMIT = 50  # later texts that a history names, the newest

_SHOWN = (
    ArticleRow.id,
    ArticleRow.canonical_url,
    ArticleRow.url,
    ArticleRow.title,
    ArticleRow.published_at,
    ArticleRow.language,
    ArticleRow.publisher_id,
    ArticleRow.publisher_name,
    ArticleRow.source_id,
    ArticleRow.origin,
    ArticleRow.tier,
    ArticleRow.first_seen_at,
    ArticleRow.timeline,
    ArticleRow.version_count,
    MembershipRow.joined,
    MembershipRow.copy_of_id,
    MembershipRow.nearest_id,
    MembershipRow.similarity,
    MembershipRow.reason,
    MembershipRow.counts,
    MembershipRow.standing_reason,
    MembershipRow.added_at,
)


_OUTLINE = (
    select(*_SHOWN)
    .join(MembershipRow, MembershipRow.article_id == ArticleRow.id)
    .where(MembershipRow.candidate_id == bindparam("of"))
)
_SOME: Any = bindparam("articles", expanding=True)
_CHANGED = (
    select(ArticleVersionRow.article_id, ArticleVersionRow.number, ArticleVersionRow.seen_at)
    .where(ArticleVersionRow.article_id.in_(_SOME))
    .order_by(ArticleVersionRow.seen_at.desc())
    .limit(CHANGES_LIMIT)
)
_REGROUPED = (
    select(PastGroupingRow.candidate_id, func.count(), func.max(PastGroupingRow.superseded_at))
    .where(PastGroupingRow.article_id.in_(_SOME), PastGroupingRow.candidate_id != bindparam("here"))
    .group_by(PastGroupingRow.candidate_id)
)


def get_outline(tx: Transaction, candidate: CandidateId) -> CandidateDetail:
    """As `get_detail`, but its articles come without text, note, credits and snapshot, and without evidence."""
    found = get_for_reading(tx, candidate)
    rows = settled(tx).execute(_OUTLINE, {"of": candidate}).all()
    pairs = sorted((_pair(row) for row in rows), key=lambda p: (p[0].article.told_at, p[0].article.id))
    return CandidateDetail(
        candidate=found,
        members=tuple(m for m, _ in pairs),
        sourcing=_sourcing(pairs),
        decisions=list_decisions(tx, candidate),
    )


def _pair(row: Any) -> tuple[Member, Standing]:
    article = Article(
        id=ArticleId(row.id),
        canonical_url=row.canonical_url,
        url=row.url,
        title=row.title,
        text="",
        published_at=row.published_at,
        language=row.language,
        publisher=PublisherId(row.publisher_id),
        publisher_name=row.publisher_name,
        source=row.source_id,
        origin=Origin(row.origin),
        tier=Tier(row.tier),
        first_seen_at=row.first_seen_at,
        timeline=tuple(StatusUpdate(at=None, state=u["state"] or "", text="") for u in row.timeline or ()),
        version_count=row.version_count,
    )
    member = Member(
        article=article,
        joined=Joined(row.joined),
        copy_of=None if row.copy_of_id is None else ArticleId(row.copy_of_id),
        nearest=None if row.nearest_id is None else ArticleId(row.nearest_id),
        similarity=row.similarity,
        reason=row.reason,
        added_at=row.added_at,
    )
    return member, Standing(article=article.id, counts=row.counts, reason=row.standing_reason)


def _sourcing(pairs: Sequence[tuple[Member, Standing]]) -> Sourcing:
    count = sum(s.counts for _, s in pairs)
    is_primary = any(m.article.tier is Tier.PRIMARY for m, _ in pairs)
    several = SourcingStandard.CONFIRMED if is_primary else SourcingStandard.STANDARD
    return Sourcing(
        source_count=count,
        standings=tuple(s for _, s in pairs),
        standard=SourcingStandard.SINGLE_SOURCE if count < 2 else several,
    )


# --- growth after publication -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What joined a candidate after readers had seen its wire, and no editor has looked at yet."""

    wire: Wire
    since: datetime
    articles: frozenset[ArticleId]
    publishers: tuple[str, ...]  # that tell it and are not cited, in the order in which they came


def find_growth(tx: Transaction, detail: CandidateDetail) -> Growth | None:
    """None where nothing joined, or readers have seen nothing of it."""
    wire = None if detail.candidate.wire is None else find_wire(tx, detail.candidate.wire)
    published = None if wire is None else wire.published
    if wire is None or published is None or published.published_at is None or wire.is_retracted:
        return None
    seen_at = tx.scalar(select(WireRow.coverage_seen_at).where(WireRow.id == wire.id))
    since = published.published_at if seen_at is None else max(published.published_at, seen_at)
    cited = {a for revision in wire.revisions for a in revision.draft.sources}
    told = {c.publisher for c in published.citations}
    late = [
        m.article
        for m in detail.members
        if m.added_at > since and m.joined is not Joined.MENTION and m.article.id not in cited
    ]
    if not late:
        return None
    names = dict.fromkeys(a.publisher_name for a in late if a.publisher not in told)
    return Growth(wire=wire, since=since, articles=frozenset(a.id for a in late), publishers=tuple(names))


# --- what machines did ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A page that said something else than before."""

    article: ArticleId
    number: int
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouped:
    """Articles that a re-run of the grouping brought here from another candidate."""

    origin: CandidateId
    article_count: int
    at: datetime


def list_changed(tx: Transaction, articles: Collection[ArticleId]) -> tuple[Changed, ...]:
    """The last CHANGES_LIMIT times that a page of these said something else, oldest first."""
    found: list[Changed] = []
    for some in _chunks(articles):
        rows = settled(tx).execute(_CHANGED, {"articles": some})
        found.extend(Changed(article=ArticleId(a), number=n, seen_at=at) for a, n, at in rows)
    return tuple(sorted(found, key=lambda c: (c.seen_at, c.article))[-CHANGES_LIMIT:])


def list_regrouped(tx: Transaction, candidate: CandidateId, articles: Collection[ArticleId]) -> tuple[Regrouped, ...]:
    """From which candidates a re-run brought articles that are here now, oldest first."""
    found: list[Regrouped] = []
    for some in _chunks(articles):
        rows = settled(tx).execute(_REGROUPED, {"articles": some, "here": candidate})
        found.extend(Regrouped(origin=CandidateId(c), article_count=n, at=at) for c, n, at in rows)
    return tuple(sorted(found, key=lambda r: (r.at, r.origin)))


def _chunks(articles: Collection[ArticleId]) -> list[list[ArticleId]]:
    wanted = sorted(set(articles))
    return [wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK)]
