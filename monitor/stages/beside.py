"""Two candidates side by side → what they share, what speaks against their being one, and the score they would have.

What is computed here is computed now, against a sample of what was told about the same time: the sentence that
grouping wrote when an article came says what was decided then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.model import Article, ArticleId, CandidateId, Evidence
from monitor.stages.explain import NAMED_IN_REASON, find_evidence, named, say_apart
from monitor.stages.fingerprint import surfaces
from monitor.stages.grouping import ANOTHER_LEAST, as_compared, comparable_of, compare, prospects
from monitor.stages.naming import is_taken_to_court, names_another
from monitor.stages.similarity import Rarity
from monitor.stages.weights import FITTED, Weights
from monitor.stages.window import Kept, Telling, Window

ARTICLES_COMPARED = 8  # of each candidate: the first to tell it in words of their own
PAIRS_SHOWN = 3
DAYS_APART = 3.0  # beyond which the time between speaks against
ONLY_SHOWN = 4  # names that only one of the two gives


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Two articles, one of each candidate."""

    left: ArticleId
    right: ArticleId
    evidence: Evidence  # with the score of the pair's candidates, and the threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Why two candidates are two, or why they might be one."""

    left: CandidateId
    right: CandidateId
    pairs: tuple[Likeness, ...]  # the nearest, at most one for each article of the left
    score: float | None  # of the nearest pair; None where nothing of the two can be compared
    threshold: float
    against: tuple[str, ...]  # one sentence each
    sample_size: int  # articles by which it was judged what is rare

    @property
    def is_one(self) -> bool:
        """Whether, by the words alone, the two would be one today."""
        return self.score is not None and self.score >= self.threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What is compared of one candidate."""

    candidate: CandidateId
    tellings: tuple[Telling, ...]  # oldest first
    articles: Mapping[ArticleId, Article]


def set_beside(
    left: Side, right: Side, sample: Iterable[tuple[Kept, CandidateId]], weights: Weights = FITTED
) -> Beside:
    """Compare the first articles of both. `sample` are others of about the same time, with their candidates."""
    window = Window()
    for kept, candidate in sample:
        if candidate not in (left.candidate, right.candidate):
            window.keep(kept, candidate)
    older, newer = sorted((left, right), key=lambda s: min((t.told_at, t.article) for t in s.tellings))
    for telling in older.tellings[:ARTICLES_COMPARED]:
        window.add(telling, older.candidate)
    rarity = window.rarity()
    found = sorted(_pairs(newer, older, window, rarity, weights), key=lambda p: -(p.evidence.score or 0.0))
    if newer is left:
        pairs = tuple(found)
    else:
        pairs = tuple(Likeness(left=p.right, right=p.left, evidence=_turned(p)) for p in found)
    opener, known = newer.tellings[0], older.tellings[:ARTICLES_COMPARED]
    is_other = names_another(opener, known) or is_taken_to_court(opener, known)
    least = ANOTHER_LEAST if is_other else weights.join_at
    return Beside(
        left=left.candidate,
        right=right.candidate,
        pairs=pairs[:PAIRS_SHOWN],
        score=pairs[0].evidence.score if pairs else None,
        threshold=least,
        against=tuple(_against(left, right, pairs, rarity, least, opener if is_other else None)),
        sample_size=len(window),
    )


def _pairs(newer: Side, older: Side, window: Window, rarity: Rarity, weights: Weights) -> Iterator[Likeness]:
    known = older.tellings[:ARTICLES_COMPARED]
    for telling in newer.tellings[:ARTICLES_COMPARED]:
        compared = as_compared(telling, window)
        others = {t.article: t for t in (*window.neighbours(compared, rarity), *known)}  # rivals too, as in grouping
        near = compare(compared, comparable_of(compared, others.values()), rarity, window, weights)
        spelling = surfaces(newer.articles[telling.article])
        for found in prospects(near, compared, rarity, window, weights):
            if found.candidate != older.candidate:
                continue
            nearest = found.nearest.telling
            has_meaning = bool(compared.fingerprint.vector and nearest.fingerprint.vector)
            evidence = find_evidence(
                compared,
                nearest,
                rarity,
                spelling,
                score=found.probability,
                threshold=weights.join_at,
                vector=found.nearest.meaning if has_meaning else None,
            )
            yield Likeness(left=telling.article, right=nearest.article, evidence=evidence)


def _turned(pair: Likeness) -> Evidence:
    found = pair.evidence
    return Evidence(
        nearest=pair.left,
        names=found.names,
        numbers=found.numbers,
        words=found.words,
        days=found.days,
        score=found.score,
        threshold=found.threshold,
        vector=found.vector,
    )


def _against(
    left: Side, right: Side, pairs: Sequence[Likeness], rarity: Rarity, least: float, other: Telling | None
) -> Iterator[str]:
    if any(t.fingerprint.is_digest for t in (left.tellings[0], right.tellings[0])):
        yield "One of the two is a round-up, which is one with nothing."
    if not pairs:
        yield "No article of the one can be compared with any of the other."
        return
    nearest = pairs[0].evidence
    if other is not None:
        yield f"The headline of {named(other)} tells of something else than the older one: more is needed then."
    if nearest.score is not None and nearest.score < least:
        yield f"The nearest two articles come to {nearest.score:.2f}, and {least:.2f} is needed."
    if nearest.days is not None and nearest.days > DAYS_APART:
        yield f"They are {say_apart(nearest.days)}: what is told so much later is mostly the next happening."
    if not nearest.names:
        yield "They name nobody in common."
    yield from _only_in(left, right, rarity)
    yield from _different_numbers(left, right)
    if _languages(left).isdisjoint(_languages(right)) and _languages(left) and _languages(right):
        yield "They are told in different languages: only names and numbers can be compared."


def _only_in(left: Side, right: Side, rarity: Rarity) -> Iterator[str]:
    """The rarest names of each candidate's leads that the other does not even mention."""
    for one, other in ((left, right), (right, left)):
        known = frozenset[str]().union(*(t.fingerprint.words for t in other.tellings[:ARTICLES_COMPARED]))
        told = one.tellings[:ARTICLES_COMPARED]
        names = {w for t in told for w in t.fingerprint.names & t.fingerprint.lead} - known
        spelling = {w: s for a in reversed([one.articles[t.article] for t in told]) for w, s in surfaces(a).items()}
        rarest = sorted(names, key=lambda w: (-sum(w in t.fingerprint.names for t in told), -rarity[w], w))[:ONLY_SHOWN]
        if rarest:
            said = ", ".join(dict.fromkeys(spelling.get(w, w) for w in rarest))
            yield f"Only candidate {one.candidate} names {said}."


def _different_numbers(left: Side, right: Side) -> Iterator[str]:
    ours, theirs = _numbers(left), _numbers(right)
    if ours and theirs and ours.isdisjoint(theirs):
        one, other = (", ".join(sorted(n)[:NAMED_IN_REASON]) for n in (ours, theirs))
        yield f"Both give figures, and none in common: {one} here, {other} there."


def _numbers(side: Side) -> frozenset[str]:
    return frozenset[str]().union(
        *(t.fingerprint.numbers & t.fingerprint.lead for t in side.tellings[:ARTICLES_COMPARED])
    )


def _languages(side: Side) -> frozenset[str]:
    found = {t.fingerprint.language for t in side.tellings}
    return frozenset(n.partition("-")[0].casefold() for n in found if n)
