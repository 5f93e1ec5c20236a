"""Candidates as `deduplicate` grows them: opening, membership, and what a recount found.

Membership has one door: `add_member` and `remove_member`. Whoever changes it runs `jobs.recount` in the same
transaction, so that a count never disagrees with its articles.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from monitor.errors import Unknown
from monitor.model import (
    Article,
    ArticleId,
    CandidateId,
    CandidateStatus,
    Cue,
    Joined,
    Match,
    Member,
    Origin,
    PublisherId,
    Sourcing,
    Standing,
    Tier,
)
from monitor.store.articles import list_articles
from monitor.store.tables import ArticleRow, CandidateRow, GroupingRow, MembershipRow, PublisherRow, SourceRow
from monitor.store.tables_desk import CandidateProviderRow


def open_candidate(tx: Session, *, title: str, opened_at: datetime) -> CandidateId:
    """A new, empty, open candidate; its first recount makes it version 1."""
    row = CandidateRow(
        status=CandidateStatus.OPEN.value,
        version=0,
        title=title,
        opened_at=opened_at,
        grown_at=opened_at,
        source_count=0,
        article_count=0,
        providers=[],
        origins=[],
        score=0.0,
        cues=[],
    )
    tx.add(row)
    tx.flush()
    return CandidateId(row.id)


def add_member(tx: Session, candidate: CandidateId, article: ArticleId, match: Match, *, now: datetime) -> bool:
    """Put `article` into `candidate` for the reason `match` gives; False where it is in already (nothing changes)."""
    if tx.get(MembershipRow, (candidate, article)) is not None:
        return False
    tx.add(
        MembershipRow(
            candidate_id=candidate,
            article_id=article,
            joined=match.joined.value,
            copy_of_id=match.copy_of,
            nearest_id=match.nearest,
            similarity=match.similarity,
            reason=match.reason,
            counts=False,
            standing_reason="",
            added_at=now,
        )
    )
    tx.flush()
    return True


def remove_member(tx: Session, candidate: CandidateId, article: ArticleId) -> None:
    """Take `article` out of `candidate`; the grouping that first put it there stays on record."""
    tx.execute(
        delete(MembershipRow).where(MembershipRow.candidate_id == candidate, MembershipRow.article_id == article)
    )


def list_members(tx: Session, candidate: CandidateId) -> tuple[Member, ...]:
    """The candidate's articles with how each came there, oldest first (by `told_at`, then id)."""
    rows = list(tx.scalars(select(MembershipRow).where(MembershipRow.candidate_id == candidate)))
    articles = {a.id: a for a in list_articles(tx, [ArticleId(r.article_id) for r in rows])}
    members = [_member(row, articles[ArticleId(row.article_id)]) for row in rows]
    return tuple(sorted(members, key=lambda m: (m.article.told_at, m.article.id)))


def list_placed(tx: Session, candidate: CandidateId) -> frozenset[ArticleId]:
    """The articles that tell the candidate's event: all but those that mention it among others."""
    query = select(MembershipRow.article_id).where(
        MembershipRow.candidate_id == candidate, MembershipRow.joined != Joined.MENTION.value
    )
    return frozenset(map(ArticleId, tx.scalars(query)))


def list_standings(tx: Session, candidate: CandidateId) -> tuple[Standing, ...]:
    """Whether each article counts, as last recounted; oldest article id first."""
    rows = tx.scalars(
        select(MembershipRow).where(MembershipRow.candidate_id == candidate).order_by(MembershipRow.article_id)
    )
    return tuple(Standing(article=ArticleId(r.article_id), counts=r.counts, reason=r.standing_reason) for r in rows)


def list_found_copies(tx: Session, articles: Collection[ArticleId]) -> dict[ArticleId, ArticleId | None]:
    """What `deduplicate` found each article to be a copy of, before any editor; those never grouped are left out."""
    query = select(GroupingRow.article_id, GroupingRow.copy_of_id).where(GroupingRow.article_id.in_(list(articles)))
    return {ArticleId(a): None if original is None else ArticleId(original) for a, original in tx.execute(query)}


def record_copies(tx: Session, candidate: CandidateId, originals: Mapping[ArticleId, ArticleId | None]) -> None:
    """Write which members are copies of what; the grouping that found otherwise stays on record."""
    for article, original in originals.items():
        row = tx.get(MembershipRow, (candidate, article))
        if row is not None:
            row.copy_of_id = original
    tx.flush()


def list_owners(tx: Session, publishers: Collection[PublisherId]) -> dict[PublisherId, str]:
    """The company behind each of `publishers`, where the register names one."""
    rows = tx.execute(
        select(PublisherRow.id, PublisherRow.owner).where(
            PublisherRow.id.in_(list(publishers)), PublisherRow.owner.is_not(None)
        )
    )
    return {PublisherId(publisher): owner for publisher, owner in rows if owner}


def record_sourcing(
    tx: Session,
    candidate: CandidateId,
    *,
    sourcing: Sourcing,
    title: str | None,
    providers: Sequence[str],
    origins: Sequence[Origin],
    cues: Sequence[Cue],
    now: datetime,
    tiers: Collection[Tier] = (),
    weighting: int = 0,
) -> None:
    """Write what a recount found, and move the candidate's version; `title` None keeps the one it has.

    `weighting` is the newsroom's, by which the cues were weighed.
    """
    row = tx.get(CandidateRow, candidate, with_for_update=True)
    if row is None:
        raise Unknown(f"There is no candidate {candidate}.")
    standings = {s.article: s for s in sourcing.standings}
    for membership in tx.scalars(select(MembershipRow).where(MembershipRow.candidate_id == candidate)):
        standing = standings[ArticleId(membership.article_id)]
        membership.counts, membership.standing_reason = standing.counts, standing.reason
    row.version += 1
    row.title = row.title if title is None else title
    row.source_count = sourcing.source_count
    row.grown_at = now if len(standings) > row.article_count else row.grown_at
    row.article_count = len(standings)
    _record_providers(tx, row, providers)
    row.origins = [o.value for o in origins]
    row.kinds = kinds_of(origins, tiers)
    row.back_at = waits_again_at(row)
    write_cues(row, cues, weighting)
    tx.flush()


def _record_providers(tx: Session, row: CandidateRow, providers: Sequence[str]) -> None:
    before, now = set(row.providers), dict.fromkeys(providers)
    row.providers = list(now)
    if gone := before - set(now):
        named = CandidateProviderRow.candidate_id == row.id, CandidateProviderRow.provider.in_(gone)
        tx.execute(delete(CandidateProviderRow).where(*named))
    tx.add_all(CandidateProviderRow(provider=p, candidate_id=row.id) for p in now if p not in before)


def write_cues(row: CandidateRow, cues: Sequence[Cue], weighting: int) -> None:
    """The reasons for a candidate's place, and the place: their sum."""
    row.cues = [{"name": c.name, "weight": c.weight, "evidence": c.evidence, "amount": c.amount} for c in cues]
    row.score = sum(c.weight for c in cues)
    row.weighting = weighting


def kinds_of(origins: Collection[Origin], tiers: Collection[Tier]) -> int:
    """Origins and tiers as bits: what the queue is filtered by without reading lists."""
    return sum(1 << place for place, kind in enumerate((*Origin, *Tier)) if kind in origins or kind in tiers)


def waits_again_at(row: CandidateRow) -> datetime | None:
    """When a snoozed candidate waits again: its time, or when it grew; where it awaits sources, once they are there."""
    if row.status != CandidateStatus.SNOOZED.value or row.snoozed_until is None:
        return None
    has_grown = row.snoozed_at is None or row.grown_at > row.snoozed_at
    has_come = has_grown if row.awaited_count is None else row.source_count >= row.awaited_count
    return min(max(row.grown_at, row.snoozed_at or row.grown_at), row.snoozed_until) if has_come else row.snoozed_until


def _member(row: MembershipRow, article: Article) -> Member:
    return Member(
        article=article,
        joined=Joined(row.joined),
        copy_of=None if row.copy_of_id is None else ArticleId(row.copy_of_id),
        nearest=None if row.nearest_id is None else ArticleId(row.nearest_id),
        similarity=row.similarity,
        reason=row.reason,
        added_at=row.added_at,
    )


def list_source_providers(tx: Session, candidate: CandidateId) -> tuple[str, ...]:
    """Provider ids for which the sources of the candidate's articles speak, as feeds.yaml says; sorted."""
    rows = tx.scalars(
        select(SourceRow.provider)
        .join(ArticleRow, ArticleRow.source_id == SourceRow.id)
        .join(MembershipRow, MembershipRow.article_id == ArticleRow.id)
        .where(MembershipRow.candidate_id == candidate, SourceRow.provider.is_not(None))
        .distinct()
    )
    return tuple(sorted(p for p in rows if p))
