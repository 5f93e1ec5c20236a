"""What a candidate's page says of why: the evidence of each article, rulings that stand, related candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.model import (
    Article,
    ArticleId,
    CandidateDetail,
    CandidateId,
    Evidence,
    Joined,
    Member,
    Origin,
    Relation,
    RelationKind,
    Ruling,
    RulingKind,
    Standing,
)
from monitor.stages.explain import say_apart, say_shared
from monitor.store.articles import list_articles
from monitor.store.database import Transaction
from monitor.store.related import list_related
from monitor.store.rulings import list_rulings_of
from monitor.store.window import list_places

SCALE_WIDTH = 160  # pixels from 0 to 1
WORDS_SHOWN = 8  # of each kind

_RULED = {
    RulingKind.TOGETHER: "One event",
    RulingKind.APART: "Never one event",
    RulingKind.COPY: "A copy",
    RulingKind.NOT_A_COPY: "Not a copy",
    RulingKind.COUNTS: "Counts",
    RulingKind.DOES_NOT_COUNT: "Does not count",
    RulingKind.NOT_DERIVED: "Reports by itself",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The evidence of one article, with titles and places for its ids."""

    evidence: Evidence
    nearest: Article | None
    elsewhere: CandidateId | None  # the candidate of the nearest article, where that is not this one
    apart: str  # the time between, in words
    is_copy: bool  # the score is how much of the shorter text stands in the other
    says_all: bool  # nothing in the stored sentence goes beyond the figures

    @property
    def is_over(self) -> bool:
        """Whether the score reaches the threshold."""
        return (self.evidence.score or 0.0) >= (self.evidence.threshold or 0.0)

    @property
    def score_x(self) -> int:
        """Where the score stands on the scale."""
        return round((self.evidence.score or 0.0) * SCALE_WIDTH)

    @property
    def threshold_x(self) -> int:
        """Where the threshold stands on the scale."""
        return round((self.evidence.threshold or 0.0) * SCALE_WIDTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingLine:
    """A ruling that stands, in words."""

    ruling: Ruling
    what: str
    titles: tuple[str, ...]  # of the articles of this candidate that it speaks of, where it does not speak of all
    others: tuple[CandidateId, ...]  # that hold the articles it speaks of besides


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedLine:
    """A related candidate."""

    relation: Relation
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Whose telling came when."""

    kind: str
    publisher: str
    article: Article
    more: int  # other publishers of this kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """All of it, for one candidate."""

    whys: Mapping[ArticleId, Why]
    rulings: tuple[RulingLine, ...]  # oldest first
    related: tuple[RelatedLine, ...]
    dismissed: tuple[RelatedLine, ...]
    mentions: tuple[tuple[Member, Standing], ...]  # round-ups, where other articles tell the event
    stages: tuple[Stage, ...]  # empty where only one kind of source tells it

    @property
    def apart_from(self) -> tuple[CandidateId, ...]:
        """Candidates that an editor keeps apart from this one."""
        return tuple(c for line in self.rulings if line.ruling.kind is RulingKind.APART for c in line.others)


def read_reasons(tx: Transaction, detail: CandidateDetail) -> Reasons:
    """Everything that says why these articles are one candidate."""
    ids = [m.article.id for m in detail.members]
    own = [m.article.id for m in detail.members if m.joined is not Joined.MENTION]
    related = list_related(tx, detail.candidate.id, own)
    pairs = tuple(zip(detail.members, detail.sourcing.standings, strict=True))
    return Reasons(
        whys=_whys(tx, detail),
        rulings=_ruling_lines(tx, detail, list_rulings_of(tx, ids)),
        related=tuple(_related_line(r) for r in related if r.kind is not RelationKind.DISMISSED),
        dismissed=tuple(_related_line(r) for r in related if r.kind is RelationKind.DISMISSED),
        mentions=tuple(p for p in pairs if p[0].joined is Joined.MENTION) if own else (),
        stages=tell_stages(detail.members),
    )


def _whys(tx: Transaction, detail: CandidateDetail) -> dict[ArticleId, Why]:
    here = {m.article.id: m.article for m in detail.members}
    compared = {m.article.id: m.evidence for m in detail.members if m.evidence is not None}
    away = sorted({e.nearest for e in compared.values() if e.nearest is not None} - here.keys())
    known = here | {a.id: a for a in list_articles(tx, away)}
    places = list_places(tx, away)
    joined = {m.article.id: m.joined for m in detail.members}
    copies = {m.article.id for m in detail.members if m.joined is Joined.COPY}
    return {
        article: Why(
            evidence=evidence,
            nearest=None if evidence.nearest is None else known.get(evidence.nearest),
            elsewhere=None if evidence.nearest is None else places.get(evidence.nearest),
            apart="" if evidence.days is None else say_apart(evidence.days),
            is_copy=article in copies,
            says_all=_says_all(joined[article], evidence),
        )
        for article, evidence in compared.items()
    }


def _says_all(joined: Joined, evidence: Evidence) -> bool:
    if joined is Joined.OPENED:
        return evidence.score is not None and evidence.score < (evidence.threshold or 0.0)
    return joined is Joined.EVENT


def _ruling_lines(tx: Transaction, detail: CandidateDetail, rulings: Sequence[Ruling]) -> tuple[RulingLine, ...]:
    here = {m.article.id: m.article for m in detail.members if m.joined is not Joined.MENTION}
    spoken = {a for r in rulings for a in (*r.left, *r.right)}
    places = list_places(tx, sorted(spoken - here.keys()))
    return tuple(_ruling_line(r, here, places, detail.candidate.id) for r in rulings)


def _ruling_line(
    ruling: Ruling, here: Mapping[ArticleId, Article], places: Mapping[ArticleId, CandidateId], own: CandidateId
) -> RulingLine:
    ours = [a for a in (*ruling.left, *ruling.right) if a in here]
    others = sorted({places[a] for a in (*ruling.left, *ruling.right) if a in places} - {own})
    is_whole = ruling.kind in (RulingKind.TOGETHER, RulingKind.APART) and len(ours) == len(here)
    titles = () if is_whole else tuple(here[a].title for a in ours)
    return RulingLine(ruling=ruling, what=_RULED[ruling.kind], titles=titles, others=tuple(others))


def _related_line(relation: Relation) -> RelatedLine:
    """What was found names the candidate once more; its line does so already."""
    if relation.by is None and relation.evidence is not None and relation.evidence.score is not None:
        said = say_shared(relation.evidence)
        return RelatedLine(relation=relation, why=f"{said[0].upper()}{said[1:]}.")
    return RelatedLine(relation=relation, why=f"{relation.by}: {relation.reason}" if relation.by else relation.reason)


def tell_stages(members: Sequence[Member]) -> tuple[Stage, ...]:
    """Who told it first of each kind of source, in the order of time; nothing where all are of one kind."""
    told: dict[str, list[Article]] = {}
    for member in members:
        if member.joined is not Joined.MENTION:
            told.setdefault(_kind(member.article), []).append(member.article)
    if len(told) < 2:
        return ()
    firsts = (
        Stage(
            kind=kind,
            publisher=articles[0].publisher_name,
            article=articles[0],
            more=len({a.publisher for a in articles}) - 1,
        )
        for kind, articles in told.items()
    )
    return tuple(sorted(firsts, key=lambda s: (s.article.told_at, s.article.id)))


def _kind(article: Article) -> str:
    if article.timeline:
        return "status page"
    return "provider's own word" if article.origin is Origin.PROVIDER else article.origin.value.replace("-", " ")
