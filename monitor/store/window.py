"""What `deduplicate` reads and writes: its queue, its window, its findings, and the right to be the one who does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from monitor.model import Article, ArticleId, CandidateId, CandidateStatus, DecisionId, Joined, Match, PublisherId
from monitor.store.articles import list_articles
from monitor.store.candidates import find_live
from monitor.store.database import insert_new
from monitor.store.evidence import evidence_json
from monitor.store.tables import ArticleRow, CandidateRow, DecisionRow, GroupingRow, LeaseRow, MembershipRow

_CHUNK = 500  # ids in one query

Place = tuple[datetime, ArticleId]  # in the queue: the article's own time, then its id


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """An article that was grouped, as the window keeps it."""

    article: ArticleId
    told_at: datetime
    candidate: CandidateId  # where it is now, whoever put it there
    publisher: PublisherId
    publisher_name: str
    title: str
    copy_of: ArticleId | None
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Where an article ended up."""

    candidate: CandidateId
    is_copy: bool
    counts: bool


def lease_right(tx: Session, name: str, *, now: datetime, owner: str, lease_for: timedelta) -> bool | None:
    """Take or keep the right `name` until `now` + `lease_for`; None where another process holds it.

    True where `owner` was the last to hold it, so that nobody else can have used it in between.
    """
    insert_new(tx, LeaseRow, [{"name": name, "owner": "nobody", "held_until": now}])
    last = tx.scalar(select(LeaseRow.owner).where(LeaseRow.name == name).with_for_update())
    taken = tx.execute(
        update(LeaseRow)
        .where(LeaseRow.name == name, or_(LeaseRow.owner == owner, LeaseRow.held_until <= now))
        .values(owner=owner, held_until=now + lease_for)
        .returning(LeaseRow.name)
    ).all()
    return last == owner if taken else None


def release_right(tx: Session, name: str, *, now: datetime, owner: str) -> None:
    """Let others have the right at once; who held it last stays known."""
    tx.execute(update(LeaseRow).where(LeaseRow.name == name, LeaseRow.owner == owner).values(held_until=now))


def list_ungrouped(tx: Session, *, limit: int, after: Place | None = None) -> tuple[Article, ...]:
    """Articles that wait to be grouped, by their own time and id, beyond the place `after`."""
    query = select(ArticleRow.id).where(ArticleRow.grouping_due.is_not(None))
    if after is not None:
        due, last = after
        query = query.where(
            or_(ArticleRow.grouping_due > due, (ArticleRow.grouping_due == due) & (ArticleRow.id > last))
        )
    ids = tx.scalars(query.order_by(ArticleRow.grouping_due, ArticleRow.id).limit(limit))
    return list_articles(tx, [ArticleId(i) for i in ids])


def count_ungrouped(tx: Session) -> int:
    """Articles that wait to be grouped."""
    return tx.scalar(select(func.count()).where(ArticleRow.grouping_due.is_not(None))) or 0


def record_grouping(
    tx: Session,
    article: Article,
    candidate: CandidateId,
    match: Match,
    *,
    algorithm: int,
    fingerprint: bytes,
    now: datetime,
) -> None:
    """Write what was found for an article, once and for ever, and take it off the queue."""
    tx.add(
        GroupingRow(
            article_id=article.id,
            candidate_id=candidate,
            told_at=article.told_at,
            joined=match.joined.value,
            copy_of_id=match.copy_of,
            nearest_id=match.nearest,
            similarity=match.similarity,
            reason=match.reason,
            algorithm=algorithm,
            fingerprint=fingerprint,
            grouped_at=now,
            evidence=evidence_json(match.evidence),
        )
    )
    tx.execute(update(ArticleRow).where(ArticleRow.id == article.id).values(grouping_due=None))


def list_told_before(tx: Session, moment: datetime, *, limit: int, algorithms: range) -> tuple[Grouped, ...]:
    """The last `limit` articles told up to `moment`, newest first, fingerprinted by one of `algorithms`."""
    query = select(GroupingRow).where(GroupingRow.told_at <= moment)
    return _grouped(tx, query.order_by(GroupingRow.told_at.desc(), GroupingRow.article_id.desc()), limit, algorithms)


def list_told_after(tx: Session, moment: datetime, *, limit: int, algorithms: range) -> tuple[Grouped, ...]:
    """The first `limit` articles told after `moment`, oldest first, fingerprinted by one of `algorithms`."""
    query = select(GroupingRow).where(GroupingRow.told_at > moment)
    return _grouped(tx, query.order_by(GroupingRow.told_at, GroupingRow.article_id), limit, algorithms)


def list_places(tx: Session, articles: Sequence[ArticleId]) -> dict[ArticleId, CandidateId]:
    """The candidate that each article is in now; of several the oldest. Articles in none are left out."""
    return {article: found.candidate for article, found in list_assignments(tx, articles).items()}


def find_newest_decision(tx: Session) -> DecisionId | None:
    """The last decision of all: while it is the same, no editor has moved an article."""
    found = tx.scalar(select(func.max(DecisionRow.id)))
    return None if found is None else DecisionId(found)


def _grouped(tx: Session, query: Select[GroupingRow], limit: int, algorithms: range) -> tuple[Grouped, ...]:
    rows = list(
        tx.execute(
            query.where(GroupingRow.algorithm >= algorithms.start, GroupingRow.algorithm < algorithms.stop)
            .join(ArticleRow, ArticleRow.id == GroupingRow.article_id)
            .add_columns(ArticleRow.publisher_id, ArticleRow.publisher_name, ArticleRow.title)
            .limit(limit)
        )
    )
    places = list_places(tx, [ArticleId(row.article_id) for row, *_ in rows])
    return tuple(
        Grouped(
            article=ArticleId(row.article_id),
            told_at=row.told_at,
            candidate=place,
            publisher=PublisherId(publisher),
            publisher_name=name,
            title=title,
            copy_of=None if row.copy_of_id is None else ArticleId(row.copy_of_id),
            fingerprint=row.fingerprint,
        )
        for row, publisher, name, title in rows
        if (place := places.get(ArticleId(row.article_id)) or find_live(tx, CandidateId(row.candidate_id)))
    )


def list_assignments(tx: Session, articles: Sequence[ArticleId]) -> dict[ArticleId, Assignment]:
    """Where each article is now and whether it counts there; articles in no candidate are left out.

    A round-up is where it was put when it came, not where it is mentioned besides.
    """
    found: dict[ArticleId, Assignment] = {}
    for start in range(0, len(articles), _CHUNK):
        is_mention = MembershipRow.joined == Joined.MENTION.value
        is_elsewhere = MembershipRow.candidate_id != GroupingRow.candidate_id
        query = (
            select(MembershipRow)
            .join(CandidateRow, CandidateRow.id == MembershipRow.candidate_id)
            .outerjoin(GroupingRow, GroupingRow.article_id == MembershipRow.article_id)
            .where(MembershipRow.article_id.in_(articles[start : start + _CHUNK]))
            .where(CandidateRow.status != CandidateStatus.MERGED.value)
            .order_by(is_mention, is_elsewhere & is_mention, MembershipRow.candidate_id)
        )
        for row in tx.scalars(query):
            found.setdefault(
                ArticleId(row.article_id),
                Assignment(
                    candidate=CandidateId(row.candidate_id), is_copy=row.copy_of_id is not None, counts=row.counts
                ),
            )
    return found
