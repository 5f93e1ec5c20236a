"""What a candidate's page says of how likely it is an incident: for and against, word by word, article by article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.jobs.relevance import judge_now, shipped_model
from monitor.model import Article, ArticleId, CandidateDetail, Member
from monitor.stages.likelihood import BEGINNING, Judge, Likelihood, judge_members, percent, told_by, why_untold
from monitor.stages.relevance import LEAD, Model, Reading, probability_of, read_article
from monitor.stages.relevance_marks import Run, Span, runs, spans_of, worth_marking
from monitor.stages.relevance_say import Reason, tell_reasons
from monitor.store.database import Transaction
from monitor.store.learning import list_beginnings

SHOWN = 3  # articles whose words are shown: those that say so most, and the one that says so least


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What one article says, with its words marked."""

    article: ArticleId
    publisher: str
    percent: str
    title: tuple[Run, ...]
    lead: tuple[Run, ...]  # empty where no word of it is worth marking
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """Where words of one article speak for an incident or against."""

    title: tuple[Span, ...]
    text: tuple[Span, ...]  # in the text without the spaces before it

    @property
    def is_nothing(self) -> bool:
        """Whether no word is worth marking."""
        return not (self.title or self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Likely:
    """All of it."""

    percent: str  # "cannot tell" where it cannot
    why_not: str  # why it cannot tell
    model: int | None  # of this newsroom; None: as shipped
    spoken: tuple[Spoken, ...]
    read_count: int
    unread_count: int


def read_likely(tx: Transaction, detail: CandidateDetail) -> Likely:
    """How likely, and why, by the model that holds now."""
    judge, choice = judge_now(tx)
    members = _with_texts(tx, detail.members)
    found = judge_members(members, judge, detail.candidate.id)
    if found is None:
        why_not = why_untold(detail.members)
        return Likely(
            percent="cannot tell", why_not=why_not, model=choice.model, spoken=(), read_count=0, unread_count=0
        )
    return Likely(
        percent=percent(found.probability),
        why_not="",
        model=choice.model,
        spoken=tuple(_spoken(members, found, judge)),
        read_count=len(found.read),
        unread_count=found.unread_count,
    )


def _with_texts(tx: Transaction, members: Sequence[Member]) -> tuple[Member, ...]:
    return list_beginnings(tx, told_by(members))


def _spoken(members: Sequence[Member], found: Likelihood, judge: Judge) -> list[Spoken]:
    ordered = sorted(found.read, key=lambda r: -r[1])
    chosen = ordered if len(ordered) <= SHOWN else [*ordered[: SHOWN - 1], ordered[-1]]
    by_id = {m.article.id: m for m in members}
    told = []
    for article, log_odds in chosen:
        member = by_id[article]
        its = member.article
        reading = _explained(its.title, its.text, its.language, judge.model)
        if reading is not None:
            told.append(_of_article(member, reading, log_odds))
    return told


def read_signs(article: Article) -> Signs:
    """Where words of `article` speak for an incident, and where against, by the shipped model; nowhere if unread."""
    reading = _explained(article.title, article.text[:BEGINNING], article.language, shipped_model())
    if reading is None:
        return Signs(title=(), text=())
    told = worth_marking(reading)
    return Signs(
        title=spans_of(told, article.title, is_lead=False),
        text=spans_of(told, article.text.strip(), is_lead=True),
    )


@lru_cache(maxsize=500)
def _explained(title: str, beginning: str, language: str | None, model: Model) -> Reading | None:
    """Kept, since an editor goes from article to article and back."""
    return read_article(title, beginning, model, language=language, is_explained=True)


def _of_article(member: Member, reading: Reading, log_odds: float) -> Spoken:
    article = member.article
    lead = article.text.strip()[:LEAD]
    told = worth_marking(reading)
    spans = spans_of(told, lead, is_lead=True)
    return Spoken(
        article=article.id,
        publisher=article.publisher_name,
        percent=percent(probability_of(log_odds)),
        title=runs(article.title, spans_of(told, article.title, is_lead=False)),
        lead=runs(lead, spans) if spans else (),
        reasons=tell_reasons(reading),
    )
