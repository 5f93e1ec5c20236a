"""An article that opens a candidate × the candidates it resembles → those that tell another happening of its affair.

The lawsuit, the ruling and the second outage are events of their own, and an editor wants to see them together. What
is asked is not how likely two articles tell one event, but whether they are about the same people and things: a name
that is not on everybody's lips and something rare besides it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from monitor.model import CandidateId, Evidence
from monitor.stages.explain import Spelling, find_evidence, named, say_apart, say_shared
from monitor.stages.fingerprint import Fingerprint
from monitor.stages.similarity import Rarity
from monitor.stages.window import Telling, Window

RELATED_LIMIT = 3  # candidates that one article relates its own to: the best
YOUNG = 4  # articles: a candidate with more is related already, if to anything
NAME_RARITY = 1.8  # of a shared name, at least: one that every sixth article has relates nothing
WORD_RARITY = 2.5  # of any other shared word that is counted: one in twelve articles has it
# Two doors: near to being one event, and sharing little; or further off, and sharing much where both begin.
NEAR_SCORE, NEAR_TERMS, NEAR_RARITY = 0.1, 2, 6.0
FAR_SCORE, FAR_TERMS, FAR_RARITY = 0.01, 3, 10.0

OUTAGE_SPAN = timedelta(days=14)  # within which one service's outages are an affair
OUTAGES_LIMIT = 2  # earlier ones, the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A candidate that an article resembles, and does not join."""

    candidate: CandidateId
    nearest: Telling
    score: float  # 0..1, probability that both tell one event


def find_related(
    telling: Telling, rivals: Iterable[Rival], rarity: Rarity, spelling: Spelling, *, threshold: float
) -> tuple[Evidence, ...]:
    """For each candidate that tells of the same affair what relates it, the nearest first."""
    found = [r for r in rivals if is_one_affair(telling.fingerprint, r.nearest.fingerprint, r.score, rarity)]
    best = sorted(found, key=lambda r: (-r.score, r.candidate))[:RELATED_LIMIT]
    return tuple(find_evidence(telling, r.nearest, rarity, spelling, score=r.score, threshold=threshold) for r in best)


def is_one_affair(a: Fingerprint, b: Fingerprint, score: float, rarity: Rarity) -> bool:
    """Whether two tellings that are one event with the probability `score` are of one affair, if they are two events.

    They share a name that is not on everybody's lips, and other rare words besides.
    """
    if score >= NEAR_SCORE:
        return _shares(a, b, a.words & b.words, rarity, terms=NEAR_TERMS, least=NEAR_RARITY)
    return score >= FAR_SCORE and _shares(a, b, a.lead & b.lead, rarity, terms=FAR_TERMS, least=FAR_RARITY)


def _shares(
    a: Fingerprint, b: Fingerprint, shared: frozenset[str], rarity: Rarity, *, terms: int, least: float
) -> bool:
    names = {w for w in shared & (a.names | b.names) if rarity[w] >= NAME_RARITY}
    counted = names | {w for w in shared if rarity[w] >= WORD_RARITY}
    return bool(names) and len(counted) >= terms and math.fsum(rarity[w] for w in counted) >= least


def find_earlier_outages(
    telling: Telling, window: Window, joined: CandidateId | None, rarity: Rarity, spelling: Spelling
) -> tuple[Evidence, ...]:
    """The outages that the same status page told lately, beyond the candidate that the article joins."""
    if not telling.fingerprint.is_status:
        return ()
    told = window.earlier_outages(telling, span=OUTAGE_SPAN)
    others = [t for t in told if window.candidate_of(t.article) != joined]
    return tuple(find_evidence(telling, t, rarity, spelling) for t in others[:OUTAGES_LIMIT])


def say_related(nearest: Telling, evidence: Evidence) -> str:
    """Why two candidates are related."""
    if evidence.score is None and nearest.fingerprint.is_status:
        return f"An earlier outage of the same service, {named(nearest)}, {say_apart(evidence.days or 0.0)}."
    return f"Another happening of the same affair as {named(nearest)}: {say_shared(evidence)}."
