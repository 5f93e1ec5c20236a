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
from monitor.store.evidence import list_evidence
from monitor.store.related import list_related
from monitor.store.rulings import list_rulings_of
from monitor.store.window import list_places
from monitor.web.desk.history import RULED
from monitor.web.desk.likely import Likely, read_likely
from monitor.web.desk.view import tell_apart

SCALE_WIDTH = 160  # pixels from 0 to 1
WORDS_SHOWN = 8  # of each kind


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

    likely: Likely
    why: Why | None  # of the article that is shown; None where nothing was compared
    rulings: tuple[RulingLine, ...]  # oldest first
    related: tuple[RelatedLine, ...]
    dismissed: tuple[RelatedLine, ...]
    mentions: tuple[tuple[Member, Standing], ...]  # round-ups, where other articles tell the event
    stages: tuple[Stage, ...]  # empty where only one kind of source tells it

    @property
    def apart_from(self) -> tuple[CandidateId, ...]:
        """Candidates that an editor keeps apart from this one."""
        return tuple(c for line in self.rulings if line.ruling.kind is RulingKind.APART for c in line.others)


def read_reasons(tx: Transaction, detail: CandidateDetail, *, shown: ArticleId | None) -> Reasons:
    """Everything that says why these articles are one candidate; of the figures, those of the article that is shown."""
    ids = [m.article.id for m in detail.members]
    own = [m.article.id for m in detail.members if m.joined is not Joined.MENTION]
    related = list_related(tx, detail.candidate.id, own)
    pairs = tuple(zip(detail.members, detail.sourcing.standings, strict=True))
    return Reasons(
        likely=read_likely(tx, detail),
        why=_why(tx, detail, shown),
        rulings=_ruling_lines(tx, detail, list_rulings_of(tx, ids)),
        related=tuple(_related_line(r) for r in related if r.kind is not RelationKind.DISMISSED),
        dismissed=tuple(_related_line(r) for r in related if r.kind is RelationKind.DISMISSED),
        mentions=tell_apart(pairs)[1],
        stages=tell_stages(detail.members),
    )


def _why(tx: Transaction, detail: CandidateDetail, shown: ArticleId | None) -> Why | None:
    member = next((m for m in detail.members if m.article.id == shown), None)
    if member is None or member.joined is Joined.MENTION:
        return None
    evidence = list_evidence(tx, [member.article.id]).get(member.article.id)
    if evidence is None:
        return None
    here = next((m.article for m in detail.members if m.article.id == evidence.nearest), None)
    away = () if here is not None or evidence.nearest is None else list_articles(tx, [evidence.nearest])
    return Why(
        evidence=evidence,
        nearest=here or next(iter(away), None),
        elsewhere=list_places(tx, [a.id for a in away]).get(away[0].id) if away else None,
        apart="" if evidence.days is None else say_apart(evidence.days),
        is_copy=member.joined is Joined.COPY,
        says_all=_says_all(member.joined, evidence),
    )


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
    return RulingLine(ruling=ruling, what=RULED[ruling.kind], titles=titles, others=tuple(others))


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
