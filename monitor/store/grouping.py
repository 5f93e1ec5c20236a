"""Candidates as `deduplicate` grows them: opening, membership, and what a recount found.

Membership has one door: `add_member` and `remove_member`. Whoever changes it runs `jobs.recount` in the same
transaction, so that a count never disagrees with its articles.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row as RowOf
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.engine import Connection
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
from monitor.store import rounds
from monitor.store.articles import list_articles
from monitor.store.database import insert_new, settled
from monitor.store.tables import ArticleRow, CandidateRow, GroupingRow, MembershipRow, PublisherRow
from monitor.store.tables_desk import CandidateProviderRow

# All of this is asked with every article that is grouped: statements are made once, and make no objects of rows.
_ARTICLES, _CANDIDATES, _MEMBERSHIPS, _PUBLISHERS, _NAMED = (
    row.metadata.tables[row.__tablename__]
    for row in (ArticleRow, CandidateRow, MembershipRow, PublisherRow, CandidateProviderRow)
)
_SOURCES = rounds.SOURCES
_OPEN = insert(_CANDIDATES)
_OF_CANDIDATE = _MEMBERSHIPS.c.candidate_id == bindparam("of")
_MEMBERS = select(_MEMBERSHIPS).where(_OF_CANDIDATE)
_MEMBERS_OF = select(_MEMBERSHIPS).where(_MEMBERSHIPS.c.candidate_id.in_(bindparam("candidates", expanding=True)))
_CHANGE_STANDING = (
    update(_MEMBERSHIPS)
    .where(_MEMBERSHIPS.c.candidate_id == bindparam("its"), _MEMBERSHIPS.c.article_id == bindparam("of"))
    .values(counts=bindparam("now_counts"), standing_reason=bindparam("now_reason"))
)
_LOCKED = (  # in the order of their ids, so that two who lock several never wait for each other
    select(_CANDIDATES)
    .where(_CANDIDATES.c.id.in_(bindparam("candidates", expanding=True)))
    .order_by(_CANDIDATES.c.id)
    .with_for_update()
)
_RECOUNT = ("version", "title", "source_count", "grown_at", "article_count", "providers", "origins", "kinds",
            "back_at", "cues", "score", "weighting", "likelihood", "judged_by",
            "suggested_severity", "severity_reason")  # fmt: skip
_RECOUNTED = (
    update(_CANDIDATES)
    .where(_CANDIDATES.c.id == bindparam("of"))
    .values({name: bindparam(f"now_{name}") for name in _RECOUNT})
)
_OWNED = select(_PUBLISHERS.c.id, _PUBLISHERS.c.owner).where(
    _PUBLISHERS.c.id.in_(bindparam("publishers", expanding=True)), _PUBLISHERS.c.owner.is_not(None)
)
_SPOKEN_FOR = (
    select(_MEMBERSHIPS.c.candidate_id, _SOURCES.c.provider)
    .select_from(_MEMBERSHIPS)
    .join(_ARTICLES, _ARTICLES.c.id == _MEMBERSHIPS.c.article_id)
    .join(_SOURCES, _SOURCES.c.id == _ARTICLES.c.source_id)
    .where(_MEMBERSHIPS.c.candidate_id.in_(bindparam("candidates", expanding=True)), _SOURCES.c.provider.is_not(None))
    .distinct()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A candidate with the articles it has now, and what it said of them when it was counted last."""

    members: tuple[Member, ...]  # oldest first (by `told_at`, then id)
    standings: Mapping[ArticleId, tuple[bool, str]]  # whether each counts, and why
    cues: tuple[Cue, ...]
    likelihood: float | None
    severity: tuple[str | None, str | None]  # that its words suggest, and why
    row: Mapping[str, Any]  # for `record_sourcing`


@dataclass(frozen=True, slots=True, kw_only=True)
class Recounted:
    """What a recount found of a candidate."""

    candidate: CandidateId
    before: Grown  # from which it started, read in the same transaction
    sourcing: Sourcing
    title: str | None  # None: the one it has
    providers: Sequence[str]
    origins: Sequence[Origin]
    cues: Sequence[Cue]
    now: datetime
    tiers: Collection[Tier] = ()
    weighting: int = 0  # the newsroom's, by which the cues were weighed
    likelihood: float | None = None
    judged_by: int = 0  # which model told the likelihood; 0: it is to be judged
    severity: tuple[str | None, str | None] = (None, None)  # what the articles' words suggest, and why


@dataclass(frozen=True, slots=True, kw_only=True)
class _Back:
    """Of a candidate, what tells when it waits again."""

    status: str
    snoozed_until: datetime | None
    snoozed_at: datetime | None
    awaited_count: int | None
    grown_at: datetime
    source_count: int


def open_candidate(tx: Session, *, title: str, opened_at: datetime) -> CandidateId:
    """A new, empty, open candidate; its first recount makes it version 1."""
    row = {
        "status": CandidateStatus.OPEN.value,
        "version": 0,
        "title": title,
        "opened_at": opened_at,
        "grown_at": opened_at,
        "source_count": 0,
        "article_count": 0,
        "providers": [],
        "origins": [],
        "score": 0.0,
        "cues": [],
    }
    key = settled(tx).execute(_OPEN, row).inserted_primary_key
    assert key is not None
    return CandidateId(key[0])


def add_member(tx: Session, candidate: CandidateId, article: ArticleId, match: Match, *, now: datetime) -> bool:
    """Put `article` into `candidate` for the reason `match` gives; False where it is in already (nothing changes)."""
    return add_members(tx, [(candidate, article, match, now)]) == 1


def add_members(tx: Session, joining: Sequence[tuple[CandidateId, ArticleId, Match, datetime]]) -> int:
    """The same of several, each at its time; how many of them were not in their candidates already."""
    rows = [
        {
            "candidate_id": candidate,
            "article_id": article,
            "joined": match.joined.value,
            "copy_of_id": match.copy_of,
            "nearest_id": match.nearest,
            "similarity": match.similarity,
            "reason": match.reason,
            "counts": False,
            "standing_reason": "",
            "added_at": now,
        }
        for candidate, article, match, now in joining
    ]
    settled(tx)
    return insert_new(tx, _MEMBERSHIPS, rows)


def remove_member(tx: Session, candidate: CandidateId, article: ArticleId) -> None:
    """Take `article` out of `candidate`; the grouping that first put it there stays on record."""
    tx.execute(
        delete(MembershipRow).where(MembershipRow.candidate_id == candidate, MembershipRow.article_id == article)
    )


def list_members(tx: Session, candidate: CandidateId) -> tuple[Member, ...]:
    """The candidate's articles with how each came there, oldest first (by `told_at`, then id)."""
    return _members(tx, settled(tx).execute(_MEMBERS, {"of": candidate}).all())


def list_members_of(tx: Session, candidates: Collection[CandidateId]) -> dict[CandidateId, tuple[Member, ...]]:
    """The same of several, read together."""
    rows = settled(tx).execute(_MEMBERS_OF, {"candidates": list(candidates)}).all()
    by_candidate: dict[CandidateId, list[Member]] = {candidate: [] for candidate in candidates}
    articles = {a.id: a for a in list_articles(tx, list({ArticleId(r.article_id) for r in rows}))}
    for row in rows:
        by_candidate[CandidateId(row.candidate_id)].append(member_of(row, articles[ArticleId(row.article_id)]))
    return {candidate: tuple(sorted(members, key=_age)) for candidate, members in by_candidate.items()}


def list_grown(tx: Session, candidates: Collection[CandidateId]) -> dict[CandidateId, Grown]:
    """Candidates for a recount, locked until the transaction ends; raises Unknown."""
    asked = {"candidates": list(candidates)}
    connection = settled(tx)
    found = {CandidateId(row.id): row for row in connection.execute(_LOCKED, asked)}
    if missing := sorted(set(candidates) - found.keys()):
        raise Unknown(f"There is no candidate {missing[0]}.")
    by_candidate: dict[CandidateId, list[RowOf[*tuple[Any, ...]]]] = {candidate: [] for candidate in candidates}
    for row in connection.execute(_MEMBERS_OF, asked):
        by_candidate[CandidateId(row.candidate_id)].append(row)
    ids = {ArticleId(r.article_id) for rows in by_candidate.values() for r in rows}
    articles = {article.id: article for article in list_articles(tx, list(ids))}
    return {
        candidate: Grown(
            members=tuple(sorted((member_of(r, articles[ArticleId(r.article_id)]) for r in rows), key=_age)),
            standings={ArticleId(r.article_id): (r.counts, r.standing_reason) for r in rows},
            cues=read_cues(found[candidate].cues),
            likelihood=found[candidate].likelihood,
            severity=(found[candidate].suggested_severity, found[candidate].severity_reason),
            row=found[candidate]._asdict(),
        )
        for candidate, rows in by_candidate.items()
    }


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
    rows = settled(tx).execute(_OWNED, {"publishers": list(publishers)})
    return {PublisherId(publisher): owner for publisher, owner in rows if owner}


def record_sourcing(tx: Session, found: Sequence[Recounted]) -> None:
    """Write what a recount found of candidates, and move their versions."""
    if not found:
        return
    connection = settled(tx)
    if standings := [changed for recounted in found for changed in _changed_standings(recounted)]:
        connection.execute(_CHANGE_STANDING, standings)
    _record_providers(connection, found)
    connection.execute(_RECOUNTED, [_recounted(recounted) for recounted in found])
    tx.expire_all()


def _changed_standings(found: Recounted) -> Iterator[dict[str, Any]]:
    now = {s.article: (s.counts, s.reason) for s in found.sourcing.standings}
    for article, standing in found.before.standings.items():
        if standing != now[article]:
            counts, reason = now[article]
            yield {"its": found.candidate, "of": article, "now_counts": counts, "now_reason": reason}


def _recounted(found: Recounted) -> dict[str, Any]:
    row, article_count = found.before.row, len(found.sourcing.standings)
    back = _Back(
        status=row["status"],
        snoozed_until=row["snoozed_until"],
        snoozed_at=row["snoozed_at"],
        awaited_count=row["awaited_count"],
        grown_at=found.now if article_count > row["article_count"] else row["grown_at"],
        source_count=found.sourcing.source_count,
    )
    values = {
        "version": row["version"] + 1,
        "title": row["title"] if found.title is None else found.title,
        "source_count": found.sourcing.source_count,
        "grown_at": back.grown_at,
        "article_count": article_count,
        "providers": list(dict.fromkeys(found.providers)),
        "origins": [o.value for o in found.origins],
        "kinds": kinds_of(found.origins, found.tiers),
        "back_at": waits_again_at(back),
        "cues": cues_json(found.cues),
        "score": sum(c.weight for c in found.cues),
        "weighting": found.weighting,
        "likelihood": found.likelihood,
        "judged_by": found.judged_by,
        "suggested_severity": found.severity[0],
        "severity_reason": found.severity[1],
    }
    return {"of": found.candidate, **{f"now_{name}": value for name, value in values.items()}}


def _record_providers(connection: Connection, found: Sequence[Recounted]) -> None:
    new: list[dict[str, Any]] = []
    for recounted in found:
        before, now = set(recounted.before.row["providers"]), dict.fromkeys(recounted.providers)
        if gone := before - set(now):
            named = _NAMED.c.candidate_id == recounted.candidate, _NAMED.c.provider.in_(gone)
            connection.execute(delete(_NAMED).where(*named))
        new += [{"provider": p, "candidate_id": recounted.candidate} for p in now if p not in before]
    if new:
        connection.execute(insert(_NAMED), new)


def write_cues(row: CandidateRow, cues: Sequence[Cue], weighting: int) -> None:
    """The reasons for a candidate's place, and the place: their sum."""
    row.cues = cues_json(cues)
    row.score = sum(c.weight for c in cues)
    row.weighting = weighting


def cues_json(cues: Sequence[Cue]) -> list[dict[str, Any]]:
    """The reasons, as a candidate's row has them."""
    return [{"name": c.name, "weight": c.weight, "evidence": c.evidence, "amount": c.amount} for c in cues]


def read_cues(stored: Sequence[Mapping[str, Any]]) -> tuple[Cue, ...]:
    """The reasons, from a candidate's row."""
    return tuple(
        Cue(name=c["name"], weight=c["weight"], evidence=c["evidence"], amount=c.get("amount")) for c in stored
    )


def kinds_of(origins: Collection[Origin], tiers: Collection[Tier]) -> int:
    """Origins and tiers as bits: what the queue is filtered by without reading lists."""
    return sum(1 << place for place, kind in enumerate((*Origin, *Tier)) if kind in origins or kind in tiers)


def waits_again_at(row: CandidateRow | _Back) -> datetime | None:
    """When a snoozed candidate waits again: its time, or when it grew; where it awaits sources, once they are there."""
    if row.status != CandidateStatus.SNOOZED.value or row.snoozed_until is None:
        return None
    has_grown = row.snoozed_at is None or row.grown_at > row.snoozed_at
    has_come = has_grown if row.awaited_count is None else row.source_count >= row.awaited_count
    return min(max(row.grown_at, row.snoozed_at or row.grown_at), row.snoozed_until) if has_come else row.snoozed_until


def _members(tx: Session, rows: Sequence[RowOf[*tuple[Any, ...]]]) -> tuple[Member, ...]:
    articles = {a.id: a for a in list_articles(tx, [ArticleId(r.article_id) for r in rows])}
    members = [member_of(row, articles[ArticleId(row.article_id)]) for row in rows]
    return tuple(sorted(members, key=_age))


def _age(member: Member) -> tuple[datetime, ArticleId]:
    return member.article.told_at, member.article.id


def member_of(row: RowOf[*tuple[Any, ...]], article: Article) -> Member:
    """The noun of a row of memberships."""
    return Member(
        article=article,
        joined=Joined(row.joined),
        copy_of=None if row.copy_of_id is None else ArticleId(row.copy_of_id),
        nearest=None if row.nearest_id is None else ArticleId(row.nearest_id),
        similarity=row.similarity,
        reason=row.reason,
        added_at=row.added_at,
    )


def list_source_providers(tx: Session, candidates: Collection[CandidateId]) -> dict[CandidateId, tuple[str, ...]]:
    """Provider ids for which the sources of each candidate's articles speak, as feeds.yaml says; sorted."""
    found: dict[CandidateId, list[str]] = {candidate: [] for candidate in candidates}
    for candidate, provider in settled(tx).execute(_SPOKEN_FOR, {"candidates": list(candidates)}):
        if provider:
            found[CandidateId(candidate)].append(provider)
    return {candidate: tuple(sorted(its)) for candidate, its in found.items()}
