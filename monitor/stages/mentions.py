"""A round-up × the window → the candidates that its sections mention, each with the section as the reason.

Each section is judged as an article of its own would be. What it tells best is mentioned; what it tells nobody of
opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from monitor.model import Article, ArticleId, CandidateId, Joined, Match
from monitor.stages.fingerprint import Fingerprint, fingerprint
from monitor.stages.grouping import comparable_of, compare, prospects, telling_of
from monitor.stages.roundup import Section, say_mentioned, sections_of
from monitor.stages.weights import FITTED, Weights
from monitor.stages.window import Window

MENTIONS_LIMIT = 12  # candidates of which one article is a mention: those it is nearest to

Judge = Callable[[Article, Fingerprint], Match]


def find_mentions(article: Article, window: Window, judge: Judge) -> tuple[Match, ...]:
    """The candidates that the sections of a round-up tell of, the nearest first.

    `judge` says where a section would belong if it were an article. One that only repeats another round-up is left out.
    The article must not be in the window yet: its own sentences would speak against it.
    """
    best: dict[CandidateId, Match] = {}
    for section in sections_of(article):
        part = _part(article, section)
        found = judge(part, fingerprint(part))
        if found.candidate is None or found.joined is Joined.MENTION or _is_roundup(found, window):
            continue
        known = best.get(found.candidate)
        if known is None or found.similarity > known.similarity:
            reason = say_mentioned(section)
            best[found.candidate] = replace(found, joined=Joined.MENTION, copy_of=None, reason=reason, related=())
    return tuple(sorted(best.values(), key=lambda m: (-m.similarity, m.candidate or 0))[:MENTIONS_LIMIT])


def find_late_mention(article: Article, told: ArticleId, window: Window, weights: Weights = FITTED) -> Match | None:
    """How a round-up of the window mentions `told`, which came after it and opened a candidate; None where it does not.

    Each section is weighed against that one article alone, as grouping weighs a pair.
    """
    rarity, other = window.rarity(), window[told]
    best: tuple[float, Section] | None = None
    for section in sections_of(article):
        part = _part(article, section)
        telling = telling_of(part, fingerprint(part))
        near = compare(telling, comparable_of(telling, [other]), rarity, window, weights)
        for found in prospects(near, telling, rarity, window, weights):
            if found.probability >= weights.join_at and (best is None or found.probability > best[0]):
                best = found.probability, section
    if best is None:
        return None
    return Match(
        candidate=window.candidate_of(told),
        joined=Joined.MENTION,
        nearest=told,
        copy_of=None,
        similarity=best[0],
        reason=say_mentioned(best[1]),
    )


def _part(article: Article, section: Section) -> Article:
    return replace(article, title=section.title, text=section.text, timeline=())


def _is_roundup(found: Match, window: Window) -> bool:
    return found.nearest is not None and found.nearest in window and window[found.nearest].fingerprint.is_digest
