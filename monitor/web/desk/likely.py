"""What a candidate's page says of how likely it is an incident: for and against, word by word, article by article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.jobs.relevance import judge_now
from monitor.model import ArticleId, CandidateDetail, Joined, Member
from monitor.stages.likelihood import Judge, Likelihood, judge_members, percent, told_by
from monitor.stages.relevance import LEAD, Reading, probability_of, read_article
from monitor.stages.relevance_say import CANNOT_TELL, Reason, tell_reasons, weightiest
from monitor.store.database import Transaction
from monitor.store.learning import list_beginnings

SHOWN = 3  # articles whose words are shown: those that say so most, and the one that says so least


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text: plain, or words that speak for or against."""

    text: str
    sign: str = ""  # "for", "against"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What one article says, with its words marked."""

    article: ArticleId
    publisher: str
    percent: str
    title: tuple[Piece, ...]
    lead: tuple[Piece, ...]  # empty where no word of it is worth marking
    reasons: tuple[Reason, ...]


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
        has_own = any(m.joined is not Joined.MENTION for m in detail.members)
        why_not = CANNOT_TELL if has_own else "Cannot tell: nothing but round-ups mention it."
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
        reading = read_article(its.title, its.text, judge.model, language=its.language, is_explained=True)
        if reading is not None:
            told.append(_of_article(member, reading, log_odds))
    return told


def _of_article(member: Member, reading: Reading, log_odds: float) -> Spoken:
    article = member.article
    lead = article.text.strip()[:LEAD]
    marked = _marked(lead, reading, is_lead=True)
    return Spoken(
        article=article.id,
        publisher=article.publisher_name,
        percent=percent(probability_of(log_odds)),
        title=_marked(article.title, reading, is_lead=False),
        lead=marked if any(piece.sign for piece in marked) else (),
        reasons=tell_reasons(reading),
    )


def _marked(text: str, reading: Reading, *, is_lead: bool) -> tuple[Piece, ...]:
    """`text` in pieces, the words worth telling marked; of harm first, since both judgements know some words."""
    here = [s for s in reading.said if s.is_lead is is_lead]
    told = [
        *weightiest([s for s in here if s.about == "harm" and s.weight > 0]),
        *weightiest([s for s in here if s.about == "harm" and s.weight < 0]),
        *weightiest([s for s in here if s.about == "machine" and s.weight > 0]),
    ]
    signs: dict[tuple[int, int], str] = {}
    for said in told:
        signs.setdefault((said.start, said.end), "for" if said.weight > 0 else "against")
    pieces: list[Piece] = []
    at = 0
    for (start, end), sign in sorted(signs.items()):
        if text[start:end] == "" or start < at:
            continue
        pieces += [Piece(text=text[at:start]), Piece(text=text[start:end], sign=sign)]
        at = end
    return tuple(piece for piece in [*pieces, Piece(text=text[at:])] if piece.text)
