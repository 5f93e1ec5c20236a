"""foresee: what a merge or a split would make of the source counts, by the very rules that count afterwards.

It only reads. Nothing is promised of what joins in between: the decision itself counts anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from monitor.errors import IllegalDecision
from monitor.jobs.recount import count_members
from monitor.model import ArticleId, Candidate, CandidateId, CandidateStatus, Joined, Member, Ruling, Sourcing, Standing
from monitor.stages.owners import NO_REGISTER, OwnerIndex
from monitor.stages.rulings import forbidden
from monitor.stages.sourcing import speaking_member
from monitor.store.candidates import find_live, get_candidate
from monitor.store.database import Transaction
from monitor.store.grouping import list_members, list_standings
from monitor.store.rulings import list_rulings_of

MERGED_LIMIT = 20  # candidates that are foreseen as one


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """An article that would count and did not, or the other way round."""

    member: Member
    standing: Standing  # as it would be


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A candidate as it would be."""

    candidate: CandidateId | None  # None: one that would be opened
    title: str
    article_count: int
    sourcing: Sourcing
    before: int | None  # sources until now; None for one that would be opened
    turns: tuple[Turn, ...]  # in the order of time


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """What a decision would leave behind."""

    sides: tuple[Side, ...]
    absorbed: tuple[Candidate, ...] = ()  # merge: those whose articles would move
    apart: Ruling | None = None  # merge: by which an editor keeps them apart


def foresee_merge(
    tx: Transaction,
    candidate: CandidateId,
    others: Sequence[CandidateId],
    *,
    register: OwnerIndex = NO_REGISTER,
) -> Foresight:
    """What `candidate` would be with all articles of `others`. Raises Unknown and IllegalDecision in words to show."""
    here = get_candidate(tx, candidate)
    absorbed = _others(tx, candidate, others)
    groups = [list_members(tx, c) for c in (candidate, *(o.id for o in absorbed))]
    members = _united(groups)
    counted = {s.article for c in (candidate, *(o.id for o in absorbed)) for s in list_standings(tx, c) if s.counts}
    return Foresight(
        sides=(_side(tx, here, members, counted, register),), absorbed=absorbed, apart=_find_apart(tx, groups)
    )


def foresee_split(
    tx: Transaction, candidate: CandidateId, articles: Collection[ArticleId], *, register: OwnerIndex = NO_REGISTER
) -> Foresight:
    """What `candidate` and the one that would be opened with `articles` would be. Raises as `foresee_merge`."""
    here = get_candidate(tx, candidate)
    members = list_members(tx, candidate)
    left = tuple(m for m in members if m.article.id in articles)
    stay = tuple(m for m in members if m.article.id not in articles)
    if not left:
        raise IllegalDecision("Tick the articles that tell another event.")
    if not stay:
        raise IllegalDecision("All articles are ticked: leave at least one, or there is nothing to split off from.")
    counted = {s.article for s in list_standings(tx, candidate) if s.counts}
    return Foresight(sides=(_side(tx, here, stay, counted, register), _side(tx, None, left, counted, register)))


def _others(tx: Transaction, candidate: CandidateId, others: Sequence[CandidateId]) -> tuple[Candidate, ...]:
    wanted = [o for o in dict.fromkeys(others) if o != candidate]
    if not wanted:
        raise IllegalDecision("Name another candidate: this one cannot be merged with itself.")
    if len(wanted) > MERGED_LIMIT:
        raise IllegalDecision(f"That many cannot be looked at together: {MERGED_LIMIT} at most.")
    found = []
    for other in wanted:
        known = get_candidate(tx, other)
        if known.status is CandidateStatus.MERGED:
            live = find_live(tx, other)
            raise IllegalDecision(f"Candidate {other} was merged already: its articles are in candidate {live}.")
        if known.status is CandidateStatus.ACCEPTED:
            raise IllegalDecision(
                f"Candidate {other} is accepted, and its wire would lose its story: open it, and merge into it."
            )
        found.append(known)
    return tuple(found)


def _united(groups: Iterable[Sequence[Member]]) -> tuple[Member, ...]:
    """The members of all, each article once: as the first group has it, for a merge leaves that one as it is."""
    found: dict[ArticleId, Member] = {}
    for group in groups:
        for member in group:
            found.setdefault(member.article.id, member)
    return tuple(sorted(found.values(), key=lambda m: (m.article.told_at, m.article.id)))


def _side(
    tx: Transaction,
    candidate: Candidate | None,
    members: Sequence[Member],
    counted: Collection[ArticleId],
    register: OwnerIndex,
) -> Side:
    sourcing = count_members(tx, members, register=register)
    pairs = zip(members, sourcing.standings, strict=True)
    return Side(
        candidate=None if candidate is None else candidate.id,
        title=speaking_member(members, sourcing).article.title,
        article_count=len(members),
        sourcing=sourcing,
        before=None if candidate is None else candidate.source_count,
        turns=tuple(Turn(member=m, standing=s) for m, s in pairs if s.counts is not (m.article.id in counted)),
    )


def _find_apart(tx: Transaction, groups: Sequence[Sequence[Member]]) -> Ruling | None:
    placed = [frozenset(m.article.id for m in group if m.joined is not Joined.MENTION) for group in groups]
    rulings = list_rulings_of(tx, {a for group in placed for a in group})
    found = (forbidden(one, other, rulings) for one, other in combinations(placed, 2))
    return max((r for r in found if r is not None), key=lambda r: r.id, default=None)
