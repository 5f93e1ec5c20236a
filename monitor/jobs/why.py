"""why: where an article is and why, and two candidates side by side. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.errors import IllegalDecision, Unknown
from monitor.model import (
    Article,
    ArticleId,
    Candidate,
    CandidateDetail,
    CandidateId,
    Joined,
    Member,
    Relation,
    Ruling,
    Standing,
)
from monitor.stages.beside import ARTICLES_COMPARED, Beside, Side, set_beside
from monitor.stages.fingerprint import fingerprint
from monitor.stages.fingerprint_bytes import decode
from monitor.stages.grouping import COMPARABLE, telling_of
from monitor.stages.rulings import forbidden
from monitor.stages.window import Kept
from monitor.store.articles import list_articles
from monitor.store.candidates import get_detail, list_candidates_of
from monitor.store.database import Transaction
from monitor.store.related import list_related
from monitor.store.rulings import list_rulings_of
from monitor.store.window import Grouped, list_kept, list_told_before

SAMPLE = 300  # articles told last before the newest of both, by which it is judged what is rare


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Everything that says why two candidates are two."""

    left: CandidateDetail
    right: CandidateDetail
    beside: Beside
    apart: Ruling | None  # an editor's word that they never be one
    relation: Relation | None


def why_not_one(tx: Transaction, left: CandidateId, right: CandidateId) -> Why:
    """Set two candidates side by side, wherever in the past they lie. Raises Unknown, and IllegalDecision for one."""
    if left == right:
        raise IllegalDecision(f"Candidate {left} beside itself shows nothing. Name two candidates.")
    one, other = get_detail(tx, left), get_detail(tx, right)
    for found in (one, other):
        if found.candidate.merged_into is not None:
            raise IllegalDecision(
                f"Candidate {found.candidate.id} was merged into {found.candidate.merged_into}: look at that one."
            )
        if not found.members:
            raise IllegalDecision(f"No article is left in candidate {found.candidate.id}: there is nothing to compare.")
    ours, theirs = _articles(one), _articles(other)
    rulings = list_rulings_of(tx, ours)
    related = list_related(tx, left, ours)
    return Why(
        left=one,
        right=other,
        beside=set_beside(_side(tx, one), _side(tx, other), _sample(tx, one, other)),
        apart=forbidden(ours, theirs, rulings),
        relation=next((r for r in related if r.candidate == right), None),
    )


def _articles(detail: CandidateDetail) -> list[ArticleId]:
    return [m.article.id for m in detail.members if m.joined is not Joined.MENTION]


def _side(tx: Transaction, detail: CandidateDetail) -> Side:
    """The candidate's first tellings in words of their own; copies only where there is nothing else.

    As they were kept when they were grouped; what was fingerprinted by an earlier version is made anew, from its text.
    """
    members = [m for m in detail.members if m.joined is not Joined.MENTION] or list(detail.members)
    shown = sorted(members, key=lambda m: m.copy_of is not None)[:ARTICLES_COMPARED]
    ids = [m.article.id for m in shown]
    made = {g.article: decode(g.fingerprint) for g in list_kept(tx, ids, algorithms=COMPARABLE)}
    return Side(
        candidate=detail.candidate.id,
        tellings=tuple(
            telling_of(m.article, made.get(m.article.id) or fingerprint(m.article), copy_of=m.copy_of) for m in shown
        ),
        articles={m.article.id: m.article for m in shown},
    )


def _sample(tx: Transaction, *details: CandidateDetail) -> list[tuple[Kept, CandidateId]]:
    newest = max(m.article.told_at for d in details for m in d.members)
    own = {m.article.id for d in details for m in d.members}
    told = list_told_before(tx, newest, limit=SAMPLE, algorithms=COMPARABLE)
    return [(_kept(g), g.candidate) for g in reversed(told) if g.article not in own]


def _kept(grouped: Grouped) -> Kept:
    return Kept(
        article=grouped.article,
        told_at=grouped.told_at,
        publisher=grouped.publisher,
        publisher_name=grouped.publisher_name,
        title=grouped.title,
        fingerprint=grouped.fingerprint,
        copy_of=grouped.copy_of,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One candidate that an article is in."""

    candidate: Candidate
    member: Member
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleWhy:
    """Everything that says why an article is where it is."""

    article: Article
    places: tuple[Place, ...]  # more than one for a round-up
    titles: Mapping[ArticleId, str]  # of the articles that the evidence names
    rulings: tuple[Ruling, ...]  # that stand and speak of it


def why_here(tx: Transaction, article: ArticleId) -> ArticleWhy:
    """Where an article is, and why it counts or not. Raises Unknown."""
    found = list_articles(tx, [article])
    if not found:
        raise Unknown(f"There is no article {article}. A candidate names its own: monitor candidate ID")
    places = []
    for candidate in list_candidates_of(tx, article):
        detail = get_detail(tx, candidate)
        pairs = zip(detail.members, detail.sourcing.standings, strict=True)
        places += [Place(candidate=detail.candidate, member=m, standing=s) for m, s in pairs if m.article.id == article]
    named = {a for p in places for a in (p.member.nearest, p.member.copy_of) if a is not None}
    return ArticleWhy(
        article=found[0],
        places=tuple(places),
        titles={a.id: a.title for a in list_articles(tx, sorted(named))},
        rulings=list_rulings_of(tx, [article]),
    )
