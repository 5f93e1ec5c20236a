"""A re-run of the grouping of the whole history: what it proposes stands beside what holds, until it is carried out.

Everything is read page by page, in the order in which the articles were told. Where articles are between candidates
that an editor may touch at any time, the caller compares decisions and rulings within its transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update

from monitor.model import ArticleId, CandidateId, CandidateStatus, Joined, Match, PublisherId, WireId
from monitor.store.database import Transaction
from monitor.store.evidence import evidence_json, read_evidence
from monitor.store.tables import (
    ArticleRow,
    CandidateRow,
    DecisionRow,
    GroupingRow,
    MembershipRow,
    PastGroupingRow,
    ProposalRow,
    RerunRow,
    RevisionRow,
    RulingArticleRow,
    RulingRow,
)
from monitor.store.window import Place

Label = int  # of a proposed candidate

_CHUNK = 500  # ids in one query


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun:
    """How far a re-run has come."""

    id: int
    algorithm: int
    started_at: datetime
    last_decision: int  # of all, as it knows them
    last_ruling: int
    label_count: int
    applying_at: datetime | None
    applied_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article as it was grouped."""

    article: ArticleId
    told_at: datetime
    candidate: CandidateId  # that it was put into
    algorithm: int
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Where a re-run would put an article."""

    article: ArticleId
    told_at: datetime
    label: Label
    home: CandidateId  # where it is
    anchor: CandidateId | None  # where it must stay
    match: Match  # its candidate, and the runner-up of its evidence, are labels
    fingerprint: bytes | None  # None: the one that is stored will do
    algorithm_was: int | None = None  # by which it was grouped; None on the way in
    copy_was: ArticleId | None = None  # its original as it holds now


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """An article of the window of a re-run."""

    article: ArticleId
    told_at: datetime
    label: Label
    publisher: PublisherId
    publisher_name: str
    title: str
    copy_of: ArticleId | None
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Relabelled:
    """An article that a later one shows to belong elsewhere than was proposed."""

    article: ArticleId
    label: Label
    match: Match | None = None  # None: it goes with another, for the reason that it had


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How many articles of a candidate a label holds."""

    candidate: CandidateId
    label: Label
    count: int
    is_anchored: bool  # one of them must stay in the candidate


# --- the run ----------------------------------------------------------------------------------------------------


def find_rerun(tx: Transaction) -> Rerun | None:
    """The newest re-run."""
    row = tx.scalar(select(RerunRow).order_by(RerunRow.id.desc()).limit(1))
    return None if row is None else _rerun(row)


def open_rerun(tx: Transaction, *, algorithm: int, now: datetime) -> Rerun:
    """Begin a re-run; the proposals of the one before it are the caller's to clear."""
    decision, ruling = find_newest_hands(tx)
    row = RerunRow(algorithm=algorithm, started_at=now, last_decision=decision, last_ruling=ruling, label_count=0)
    tx.add(row)
    tx.flush()
    return _rerun(row)


def record_rerun(tx: Transaction, rerun: int, **fields: Any) -> Rerun:
    """Write how far a re-run has come: fields of `Rerun`."""
    row = tx.get_one(RerunRow, rerun)
    for name, value in fields.items():
        setattr(row, name, value)
    tx.flush()
    return _rerun(row)


def find_newest_hands(tx: Transaction) -> tuple[int, int]:
    """The last decision and the last ruling of all: while they are the same, no editor has touched anything."""
    return tx.scalar(select(func.max(DecisionRow.id))) or 0, tx.scalar(select(func.max(RulingRow.id))) or 0


def find_first_touched(tx: Transaction, rerun: Rerun) -> datetime | None:
    """When the earliest article was told of which an editor decided or ruled since the re-run last looked."""
    ruled = (
        select(RulingArticleRow.article_id)
        .join(
            RulingRow,
            or_(RulingRow.id == RulingArticleRow.ruling_id, RulingRow.withdraws_id == RulingArticleRow.ruling_id),
        )
        .where(RulingRow.id > rerun.last_ruling)
    )
    decided = (
        select(MembershipRow.article_id)
        .join(DecisionRow, DecisionRow.candidate_id == MembershipRow.candidate_id)
        .where(DecisionRow.id > rerun.last_decision)
    )
    either = or_(GroupingRow.article_id.in_(ruled), GroupingRow.article_id.in_(decided))
    return tx.scalar(select(func.min(GroupingRow.told_at)).where(either))


def find_first_missing(tx: Transaction) -> datetime | None:
    """When the earliest article was told that was grouped behind the re-run's back; None where there is none."""
    last = find_last_place(tx)
    if last is None:
        return None
    passed = select(func.count()).select_from(GroupingRow).where(~_is_after(GroupingRow, last))
    if tx.scalar(passed) == count_proposals(tx):
        return None
    known = select(ProposalRow.article_id).where(ProposalRow.article_id == GroupingRow.article_id).exists()
    return tx.scalar(select(func.min(GroupingRow.told_at)).where(~_is_after(GroupingRow, last), ~known))


def count_grouped(tx: Transaction) -> int:
    """All articles that were grouped."""
    return tx.scalar(select(func.count()).select_from(GroupingRow)) or 0


def count_proposals(tx: Transaction) -> int:
    """All articles that the re-run has passed."""
    return tx.scalar(select(func.count()).select_from(ProposalRow)) or 0


def count_pending(tx: Transaction) -> int:
    """Labels that are not carried out yet."""
    return tx.scalar(select(func.count(ProposalRow.label.distinct())).where(ProposalRow.to_id.is_(None))) or 0


def clear_proposals(tx: Transaction, *, since: datetime | None, limit: int) -> int:
    """Forget up to `limit` proposals for articles told at `since` or later, the newest first; how many those were."""
    query = select(ProposalRow.article_id).order_by(ProposalRow.told_at.desc(), ProposalRow.article_id.desc())
    if since is not None:
        query = query.where(ProposalRow.told_at >= since)
    ids = list(tx.scalars(query.limit(limit)))
    tx.execute(delete(ProposalRow).where(ProposalRow.article_id.in_(ids)))
    return len(ids)


def find_last_place(tx: Transaction) -> Place | None:
    """The place of the last article that the re-run has passed."""
    query = select(ProposalRow.told_at, ProposalRow.article_id).order_by(
        ProposalRow.told_at.desc(), ProposalRow.article_id.desc()
    )
    row = tx.execute(query.limit(1)).first()
    return None if row is None else (row[0], ArticleId(row[1]))


# --- proposing --------------------------------------------------------------------------------------------------


def list_found_after(tx: Transaction, place: Place | None, *, limit: int) -> tuple[Found, ...]:
    """Grouped articles beyond `place`, in the order in which they were told."""
    query = select(
        GroupingRow.article_id,
        GroupingRow.told_at,
        GroupingRow.candidate_id,
        GroupingRow.algorithm,
        GroupingRow.fingerprint,
    )
    if place is not None:
        query = query.where(_is_after(GroupingRow, place))
    query = query.order_by(GroupingRow.told_at, GroupingRow.article_id).limit(limit)
    return tuple(
        Found(article=ArticleId(a), told_at=at, candidate=CandidateId(c), algorithm=version, fingerprint=made)
        for a, at, c, version, made in tx.execute(query)
    )


def list_roundups(tx: Transaction, place: Place | None, *, limit: int) -> tuple[Place, ...]:
    """When each round-up that was grouped was told, and which it is, beyond `place`, in the order of both."""
    query = (
        select(GroupingRow.told_at, GroupingRow.article_id)
        .where(GroupingRow.joined == Joined.MENTION.value)
        .order_by(GroupingRow.told_at, GroupingRow.article_id)
    )
    if place is not None:
        query = query.where(_is_after(GroupingRow, place))
    return tuple((told_at, ArticleId(article)) for told_at, article in tx.execute(query.limit(limit)))


def list_mentioning(tx: Transaction, roundup: ArticleId) -> set[CandidateId]:
    """The live candidates that a round-up is a mention of, beside the one of its own."""
    query = (
        select(MembershipRow.candidate_id)
        .join(CandidateRow, CandidateRow.id == MembershipRow.candidate_id)
        .join(GroupingRow, GroupingRow.article_id == MembershipRow.article_id)
        .where(
            MembershipRow.article_id == roundup,
            MembershipRow.joined == Joined.MENTION.value,
            MembershipRow.candidate_id != GroupingRow.candidate_id,
            CandidateRow.status != CandidateStatus.MERGED.value,
        )
    )
    return set(map(CandidateId, tx.scalars(query)))


def list_proposed_newest(tx: Transaction, *, limit: int) -> tuple[Proposed, ...]:
    """The last `limit` articles that the re-run has passed, newest first."""
    query = (
        select(
            ProposalRow.article_id,
            ProposalRow.told_at,
            ProposalRow.label,
            ArticleRow.publisher_id,
            ArticleRow.publisher_name,
            ArticleRow.title,
            ProposalRow.copy_of_id,
            func.coalesce(ProposalRow.fingerprint, GroupingRow.fingerprint),
        )
        .join(ArticleRow, ArticleRow.id == ProposalRow.article_id)
        .join(GroupingRow, GroupingRow.article_id == ProposalRow.article_id)
        .order_by(ProposalRow.told_at.desc(), ProposalRow.article_id.desc())
        .limit(limit)
    )
    return tuple(
        Proposed(
            article=ArticleId(article),
            told_at=told_at,
            label=label,
            publisher=PublisherId(publisher),
            publisher_name=name,
            title=title,
            copy_of=None if copy_of is None else ArticleId(copy_of),
            fingerprint=made,
        )
        for article, told_at, label, publisher, name, title, copy_of, made in tx.execute(query)
    )


def append_proposals(tx: Transaction, proposals: Sequence[Proposal]) -> None:
    """Keep where a re-run would put articles."""
    rows = [
        {
            "article_id": p.article,
            "told_at": p.told_at,
            "label": p.label,
            "from_id": p.home,
            "anchor_id": p.anchor,
            "joined": p.match.joined.value,
            "copy_of_id": p.match.copy_of,
            "nearest_id": p.match.nearest,
            "similarity": p.match.similarity,
            "reason": p.match.reason,
            "evidence": evidence_json(p.match.evidence),
            "fingerprint": p.fingerprint,
        }
        for p in proposals
    ]
    if rows:
        tx.execute(insert(ProposalRow), rows)


def relabel_proposals(tx: Transaction, moved: Iterable[Relabelled]) -> None:
    """Write where articles that the re-run has passed belong after all."""
    for one in moved:
        values: dict[str, Any] = {"label": one.label}
        if one.match is not None:
            values |= {
                "joined": one.match.joined.value,
                "copy_of_id": one.match.copy_of,
                "nearest_id": one.match.nearest,
                "similarity": one.match.similarity,
                "reason": one.match.reason,
                "evidence": evidence_json(one.match.evidence),
            }
        tx.execute(update(ProposalRow).where(ProposalRow.article_id == one.article).values(**values))


def list_labels_of(tx: Transaction, articles: Collection[ArticleId]) -> dict[ArticleId, Label]:
    """The label of each of `articles` that the re-run has passed."""
    wanted, found = sorted(articles), dict[ArticleId, Label]()
    for start in range(0, len(wanted), _CHUNK):
        some = wanted[start : start + _CHUNK]
        query = select(ProposalRow.article_id, ProposalRow.label).where(ProposalRow.article_id.in_(some))
        found.update((ArticleId(a), label) for a, label in tx.execute(query))
    return found


def list_homes(tx: Transaction, articles: Collection[ArticleId]) -> dict[ArticleId, CandidateId]:
    """The candidate whose event each article tells now, whoever put it there; of several the oldest."""
    wanted, found = sorted(set(articles)), dict[ArticleId, CandidateId]()
    for start in range(0, len(wanted), _CHUNK):
        query = (
            select(MembershipRow.article_id, func.min(MembershipRow.candidate_id))
            .join(CandidateRow, CandidateRow.id == MembershipRow.candidate_id)
            .where(MembershipRow.article_id.in_(wanted[start : start + _CHUNK]))
            .where(MembershipRow.joined != Joined.MENTION.value, CandidateRow.status != CandidateStatus.MERGED.value)
            .group_by(MembershipRow.article_id)
        )
        found.update((ArticleId(a), CandidateId(c)) for a, c in tx.execute(query))
    return found


def list_anchors(tx: Transaction) -> dict[CandidateId, Label]:
    """The label that holds what must stay in each candidate that an editor accepted or rejected."""
    query = select(ProposalRow.anchor_id, func.min(ProposalRow.label)).where(ProposalRow.anchor_id.is_not(None))
    return {CandidateId(c): label for c, label in tx.execute(query.group_by(ProposalRow.anchor_id)) if c is not None}


def list_pins(tx: Transaction, articles: Collection[ArticleId]) -> dict[ArticleId, CandidateId]:
    """Those of `articles` that no computation moves, and where they are.

    What any revision of a wire cites stays in its candidate; of a candidate that an editor accepted or rejected and
    of which nothing is cited, the article told first stays.
    """
    wanted, found = sorted(set(articles)), dict[ArticleId, CandidateId]()
    for start in range(0, len(wanted), _CHUNK):
        query = (
            select(MembershipRow.article_id, MembershipRow.candidate_id, CandidateRow.wire_id)
            .join(CandidateRow, CandidateRow.id == MembershipRow.candidate_id)
            .where(
                MembershipRow.article_id.in_(wanted[start : start + _CHUNK]),
                MembershipRow.joined != Joined.MENTION.value,
                CandidateRow.status.in_((CandidateStatus.ACCEPTED.value, CandidateStatus.REJECTED.value)),
            )
        )
        stays: dict[int, frozenset[int]] = {}
        for article, candidate, wire in tx.execute(query):
            if candidate not in stays:
                stays[candidate] = _stay_in(tx, CandidateId(candidate), None if wire is None else WireId(wire))
            if article in stays[candidate]:
                found[ArticleId(article)] = CandidateId(candidate)
    return found


def _stay_in(tx: Transaction, candidate: CandidateId, wire: WireId | None) -> frozenset[int]:
    members = (
        select(MembershipRow.article_id)
        .join(GroupingRow, GroupingRow.article_id == MembershipRow.article_id)
        .where(MembershipRow.candidate_id == candidate, MembershipRow.joined != Joined.MENTION.value)
        .order_by(GroupingRow.told_at, GroupingRow.article_id)
    )
    if wire is not None:
        drafts = tx.scalars(select(RevisionRow.draft).where(RevisionRow.wire_id == wire))
        cited = {a for draft in drafts for a in draft.get("sources", ())}
        if kept := cited.intersection(tx.scalars(members)):
            return frozenset(kept)
    return frozenset(tx.scalars(members.limit(1)))


# --- reading what is proposed -----------------------------------------------------------------------------------


def list_labels(tx: Transaction, *, after: Label, limit: int, is_pending: bool = False) -> tuple[Label, ...]:
    """Labels beyond `after`, ascending; with `is_pending` only those that are not carried out yet."""
    query = select(ProposalRow.label).where(ProposalRow.label > after).distinct().order_by(ProposalRow.label)
    if is_pending:
        query = query.where(ProposalRow.to_id.is_(None))
    return tuple(tx.scalars(query.limit(limit)))


def list_proposals(tx: Transaction, labels: Collection[Label]) -> dict[Label, tuple[Proposal, ...]]:
    """What is proposed for each label, in the order in which it was told."""
    query = (
        select(ProposalRow, GroupingRow.algorithm, MembershipRow.copy_of_id)
        .join(GroupingRow, GroupingRow.article_id == ProposalRow.article_id)
        .outerjoin(
            MembershipRow,
            (MembershipRow.article_id == ProposalRow.article_id) & (MembershipRow.candidate_id == ProposalRow.from_id),
        )
        .where(ProposalRow.label.in_(sorted(labels)))
        .order_by(ProposalRow.label, ProposalRow.told_at, ProposalRow.article_id)
    )
    found: dict[Label, list[Proposal]] = {label: [] for label in labels}
    for row, algorithm, copy_was in tx.execute(query):
        found[row.label].append(_proposal(row, algorithm, copy_was))
    return {label: tuple(rows) for label, rows in found.items()}


def list_overlaps(tx: Transaction, candidates: Collection[CandidateId]) -> tuple[Overlap, ...]:
    """How the articles of each of `candidates` are spread over labels, all of them."""
    wanted, found = sorted(candidates), list[Overlap]()
    for start in range(0, len(wanted), _CHUNK):
        query = (
            select(ProposalRow.from_id, ProposalRow.label, func.count(), func.max(ProposalRow.anchor_id))
            .where(ProposalRow.from_id.in_(wanted[start : start + _CHUNK]))
            .group_by(ProposalRow.from_id, ProposalRow.label)
        )
        found += [
            Overlap(candidate=CandidateId(c), label=label, count=n, is_anchored=anchor == c)
            for c, label, n, anchor in tx.execute(query)
        ]
    return tuple(found)


def find_destination(tx: Transaction, label: Label) -> CandidateId | None:
    """The candidate that a label was carried out as; None where it was not yet."""
    found = tx.scalar(select(ProposalRow.to_id).where(ProposalRow.label == label).limit(1))
    return None if found is None else CandidateId(found)


# --- carrying it out --------------------------------------------------------------------------------------------


def supersede_grouping(
    tx: Transaction,
    article: ArticleId,
    candidate: CandidateId,
    match: Match,
    *,
    algorithm: int,
    fingerprint: bytes | None,
    now: datetime,
) -> None:
    """Write what was found anew, and keep beside it what had been found; `fingerprint` None keeps the old one."""
    row = tx.get_one(GroupingRow, article)
    kept = {c: getattr(row, c) for c in _KEPT}
    tx.add(PastGroupingRow(**kept, superseded_at=now))
    row.candidate_id = candidate
    row.joined = match.joined.value
    row.copy_of_id = match.copy_of
    row.nearest_id = match.nearest
    row.similarity = match.similarity
    row.reason = match.reason
    row.evidence = evidence_json(match.evidence)
    row.algorithm = algorithm
    row.fingerprint = row.fingerprint if fingerprint is None else fingerprint
    row.grouped_at = now


_KEPT = (
    "article_id", "candidate_id", "joined", "copy_of_id", "nearest_id", "similarity", "reason", "evidence",
    "algorithm", "grouped_at",
)  # fmt: skip


def record_found(tx: Transaction, candidate: CandidateId, article: ArticleId, match: Match) -> None:
    """Write how a member is found to belong where it is already; what an editor put there keeps the editor's reason."""
    row = tx.get(MembershipRow, (candidate, article))
    if row is None:
        return
    if match.copy_of is not None or match.joined is not Joined.EDITOR:
        row.copy_of_id = match.copy_of
    if Joined.EDITOR.value in (row.joined, match.joined.value):
        return
    row.joined = match.joined.value
    row.nearest_id = match.nearest
    row.similarity = match.similarity
    row.reason = match.reason
    tx.flush()


def record_destination(tx: Transaction, label: Label, candidate: CandidateId) -> None:
    """Write that a label was carried out as `candidate`."""
    tx.execute(update(ProposalRow).where(ProposalRow.label == label).values(to_id=candidate))


def settle_destinations(tx: Transaction, *, limit: int) -> int:
    """What was carried out is where the articles are: up to `limit` of them; how many those were."""
    ids = list(tx.scalars(select(ProposalRow.article_id).where(ProposalRow.to_id.is_not(None)).limit(limit)))
    tx.execute(
        update(ProposalRow)
        .where(ProposalRow.article_id.in_(ids))
        .values(from_id=ProposalRow.to_id, to_id=None, fingerprint=None)
    )
    return len(ids)


def _is_after(row: Any, place: Place) -> Any:
    told_at, article = place
    return (row.told_at >= told_at) & or_(row.told_at > told_at, row.article_id > article)


def _rerun(row: RerunRow) -> Rerun:
    return Rerun(
        id=row.id,
        algorithm=row.algorithm,
        started_at=row.started_at,
        last_decision=row.last_decision,
        last_ruling=row.last_ruling,
        label_count=row.label_count,
        applying_at=row.applying_at,
        applied_at=row.applied_at,
    )


def _proposal(row: ProposalRow, algorithm: int, copy_was: int | None) -> Proposal:
    return Proposal(
        article=ArticleId(row.article_id),
        told_at=row.told_at,
        label=row.label,
        home=CandidateId(row.from_id),
        anchor=None if row.anchor_id is None else CandidateId(row.anchor_id),
        match=Match(
            candidate=None,
            joined=Joined(row.joined),
            nearest=None if row.nearest_id is None else ArticleId(row.nearest_id),
            copy_of=None if row.copy_of_id is None else ArticleId(row.copy_of_id),
            similarity=row.similarity,
            reason=row.reason,
            evidence=read_evidence(row.evidence),
        ),
        fingerprint=row.fingerprint,
        algorithm_was=algorithm,
        copy_was=None if copy_was is None else ArticleId(copy_was),
    )
