"""What `deduplicate` reads and writes: its queue, its window, its findings, and the right to be the one who does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Row as RowOf
from sqlalchemy import Select, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session

from monitor.model import Article, ArticleId, CandidateId, CandidateStatus, DecisionId, Joined, Match, PublisherId
from monitor.store.articles import list_articles
from monitor.store.candidates import find_live
from monitor.store.database import insert_new, settled
from monitor.store.evidence import evidence_json
from monitor.store.tables import ArticleRow, CandidateRow, DecisionRow, GroupingRow, LeaseRow, MembershipRow

_CHUNK = 500  # ids in one query

_FOUND = select(  # columns, not rows: tens of thousands are read at every start
    GroupingRow.article_id,
    GroupingRow.told_at,
    GroupingRow.candidate_id,
    ArticleRow.publisher_id,
    ArticleRow.publisher_name,
    ArticleRow.title,
    GroupingRow.copy_of_id,
    GroupingRow.fingerprint,
).join(ArticleRow, ArticleRow.id == GroupingRow.article_id)

# Where articles are, an article's own place first: where grouping put it, then others, then where it is mentioned.
_LIVE = (
    select(MembershipRow.article_id, MembershipRow.candidate_id, MembershipRow.copy_of_id, MembershipRow.counts)
    .join(CandidateRow, CandidateRow.id == MembershipRow.candidate_id)
    .outerjoin(GroupingRow, GroupingRow.article_id == MembershipRow.article_id)
    .where(CandidateRow.status != CandidateStatus.MERGED.value)
    .order_by(
        MembershipRow.joined == Joined.MENTION.value,
        MembershipRow.candidate_id != GroupingRow.candidate_id,
        MembershipRow.candidate_id,
    )
)
_LEASES, _ARTICLES, _GROUPINGS = (row.metadata.tables[row.__tablename__] for row in (LeaseRow, ArticleRow, GroupingRow))
_KEEP_RIGHT = (  # made once, as the next two: with every article the making costs more than the asking
    update(_LEASES)
    .where(_LEASES.c.name == bindparam("of"), _LEASES.c.owner == bindparam("by"))
    .values(held_until=bindparam("until"))
)
_RECORD = insert(_GROUPINGS)
_OFF_THE_QUEUE = update(_ARTICLES).where(_ARTICLES.c.id == bindparam("of")).values(grouping_due=None)

_Query = TypeVar("_Query", bound=Select[*tuple[Any, ...]])
Place = tuple[datetime, ArticleId]  # in the queue: the article's own time, then its id


class Grouped(NamedTuple):
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
class Found:
    """What was found for an article."""

    article: Article
    candidate: CandidateId
    match: Match
    algorithm: int
    fingerprint: bytes
    grouped_at: datetime


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
    kept = {"of": name, "by": owner, "until": now + lease_for}
    if tx.connection().execute(_KEEP_RIGHT, kept).rowcount:  # with every article: one statement, no more
        return True
    insert_new(tx, LeaseRow, [{"name": name, "owner": "nobody", "held_until": now}])
    taken = tx.execute(
        update(LeaseRow)
        .where(LeaseRow.name == name, LeaseRow.held_until <= now)
        .values(owner=owner, held_until=now + lease_for)
        .returning(LeaseRow.name)
    ).all()
    return False if taken else None


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
    found = Found(
        article=article,
        candidate=candidate,
        match=match,
        algorithm=algorithm,
        fingerprint=fingerprint,
        grouped_at=now,
    )
    record_groupings(tx, [found])


def record_groupings(tx: Session, found: Sequence[Found]) -> None:
    """The same of several."""
    if not found:
        return
    rows = [
        {
            "article_id": each.article.id,
            "candidate_id": each.candidate,
            "told_at": each.article.told_at,
            "joined": each.match.joined.value,
            "copy_of_id": each.match.copy_of,
            "nearest_id": each.match.nearest,
            "similarity": each.match.similarity,
            "reason": each.match.reason,
            "algorithm": each.algorithm,
            "fingerprint": each.fingerprint,
            "grouped_at": each.grouped_at,
            "evidence": evidence_json(each.match.evidence),
        }
        for each in found
    ]
    connection = settled(tx)
    connection.execute(_RECORD, rows)
    connection.execute(_OFF_THE_QUEUE, [{"of": each.article.id} for each in found])


def find_nth_newest(tx: Session, number: int, *, algorithms: range) -> datetime | None:
    """When the article was told that stands at `number` from the newest; None where there are fewer."""
    query = select(GroupingRow.told_at).order_by(GroupingRow.told_at.desc()).offset(number - 1).limit(1)
    return tx.scalar(_comparable(query, algorithms))


def list_told_newest(tx: Session, *, limit: int, algorithms: range) -> tuple[Grouped, ...]:
    """The last `limit` articles of all, newest first, fingerprinted by one of `algorithms`."""
    newest = (GroupingRow.told_at.desc(), GroupingRow.article_id.desc())
    return _grouped(tx, _FOUND.order_by(*newest), limit, algorithms)


def list_told_before(tx: Session, moment: datetime, *, limit: int, algorithms: range) -> tuple[Grouped, ...]:
    """The last `limit` articles told up to `moment`, newest first, fingerprinted by one of `algorithms`."""
    newest = (GroupingRow.told_at.desc(), GroupingRow.article_id.desc())
    return _grouped(tx, _FOUND.where(GroupingRow.told_at <= moment).order_by(*newest), limit, algorithms)


def list_told_after(tx: Session, moment: datetime, *, limit: int, algorithms: range) -> tuple[Grouped, ...]:
    """The first `limit` articles told after `moment`, oldest first, fingerprinted by one of `algorithms`."""
    oldest = (GroupingRow.told_at, GroupingRow.article_id)
    return _grouped(tx, _FOUND.where(GroupingRow.told_at > moment).order_by(*oldest), limit, algorithms)


def list_kept(tx: Session, articles: Sequence[ArticleId], *, algorithms: range) -> tuple[Grouped, ...]:
    """These articles as they were grouped, wherever in the past; those fingerprinted by none of `algorithms` not."""
    return _grouped(tx, _FOUND.where(GroupingRow.article_id.in_(articles)), len(articles), algorithms)


def list_places(tx: Session, articles: Sequence[ArticleId]) -> dict[ArticleId, CandidateId]:
    """The candidate that each article is in now; of several the oldest. Articles in none are left out."""
    return {article: found.candidate for article, found in list_assignments(tx, articles).items()}


def find_newest_decision(tx: Session) -> DecisionId | None:
    """The last decision of all: while it is the same, no editor has moved an article."""
    found = tx.scalar(select(func.max(DecisionRow.id)))
    return None if found is None else DecisionId(found)


def _comparable(query: _Query, algorithms: range) -> _Query:
    return query.where(GroupingRow.algorithm >= algorithms.start, GroupingRow.algorithm < algorithms.stop)


def _grouped(tx: Session, query: Select[*tuple[Any, ...]], limit: int, algorithms: range) -> tuple[Grouped, ...]:
    rows = settled(tx).execute(_comparable(query, algorithms).limit(limit)).all()  # no objects: there are thousands
    is_much = len(rows) > _CHUNK
    places = _places_between(tx, rows, algorithms) if is_much else list_places(tx, [ArticleId(row[0]) for row in rows])
    names: dict[str, str] = {}  # a publisher's name is kept once, not with every article
    return tuple(
        Grouped(
            article=ArticleId(article),
            told_at=told_at,
            candidate=place,
            publisher=PublisherId(names.setdefault(publisher, publisher)),
            publisher_name=names.setdefault(name, name),
            title=title,
            copy_of=None if copy_of is None else ArticleId(copy_of),
            fingerprint=fingerprint,
        )
        for article, told_at, found, publisher, name, title, copy_of, fingerprint in rows
        if (place := places.get(ArticleId(article)) or find_live(tx, CandidateId(found)))
    )


def _places_between(
    tx: Session, rows: Sequence[RowOf[*tuple[Any, ...]]], algorithms: range
) -> dict[ArticleId, CandidateId]:
    """As `list_places`, of all that were told between the first of `rows` and the last: not by thousands of ids."""
    told = [row.told_at for row in rows]
    between = GroupingRow.told_at.between(min(told), max(told))
    found: dict[ArticleId, CandidateId] = {}
    for article, candidate, *_ in settled(tx).execute(_comparable(_LIVE.where(between), algorithms)):
        found.setdefault(ArticleId(article), CandidateId(candidate))
    return found


def list_assignments(tx: Session, articles: Sequence[ArticleId]) -> dict[ArticleId, Assignment]:
    """Where each article is now and whether it counts there; articles in no candidate are left out.

    An article in several is where grouping put it, as long as it is there; a round-up is not where it is mentioned.
    """
    found: dict[ArticleId, Assignment] = {}
    for start in range(0, len(articles), _CHUNK):
        some = _LIVE.where(MembershipRow.article_id.in_(articles[start : start + _CHUNK]))
        for article, candidate, copy_of, counts in tx.execute(some):
            assignment = Assignment(candidate=CandidateId(candidate), is_copy=copy_of is not None, counts=counts)
            found.setdefault(ArticleId(article), assignment)
    return found
