"""An article × one candidate among its neighbours → the features by which it is judged whether it joins.

What it shares with the nearest member and with the candidate as a whole, how far the next candidate lies behind, how
much is told of it now, and how often an article joins another here at all: in a stream of separate stories seldom, in
the reports of one affair nearly always.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from monitor.model import CandidateId
from monitor.stages.fingerprint import Fingerprint
from monitor.stages.rarity import Numbers
from monitor.stages.similarity import PAIR_FEATURES, Rarity, weigh
from monitor.stages.window import NEIGHBOURS, Telling, Window

CANDIDATE_FEATURES = (
    "best",  # log odds of the nearest member, as `similarity` has them
    "second",  # of the second nearest
    "mean",  # of all neighbours among the members
    "centre",  # cosine with the candidate's words, weighted by how many members use them
    "covered",  # share of the article's weight that the candidate's words hold
    "size",  # log of the number of members
    "quiet",  # log of the days beyond the first since the newest members
    "agreeing",  # share of neighbours among the members with even odds or better
    "seen",  # share of the members that are neighbours
    "is_single",
    "centre_size",
    "best_size",
    "covered_size",
    "margin",  # lead of `best` over the best other candidate, at most MARGIN_LIMIT
    "rivals",  # log of the number of candidates that resemble the article at all
    "both_texts",  # of the nearest member, as the next ones
    "both_texts_best",
    "days",
    "is_old",
    "cosine",
    "shared",
    "is_foreign",
    "foreign_best",
    "burst",  # log of the members told within a day before
    "burst_best",
    "burst_texts",  # `burst`, where the nearest member and the article have texts
    "outage",  # of any of the candidate's neighbours
    "best_positive",
    "best_single",  # `best`, where the candidate has one member
    "one_text",  # of the nearest member
    "days_texts",
    "same_page",
    "joining",  # log odds that an article joins another here, by the window's newest
    "joining_best",
    "joining_days",
    "joining_texts",
    "joining_centre",
    "meaning",  # the largest of the neighbours among the members; as the next ones 0 where there are no vectors
    "meaning_mean",
    "meaning_margin",  # lead of `meaning` over the other candidates, at most MEANING_MARGIN_LIMIT
    "meaning_texts",
    "meaning_single",
    "burst_meaning",
    "joining_meaning",
)
MARGIN_LIMIT = 2.0  # log odds: being the only candidate says no more than leading the next one by this
MEANING_MARGIN_LIMIT = 0.3
RIVAL_LOG_ODDS = -1.5  # a candidate with less is no rival
NEWEST_MEMBERS = 5  # members by which a candidate is found to be still told
BURST_MEMBERS = 60  # newest members by which it is judged how much is told now
_DAY = timedelta(days=1)
_OUTAGE, _MEANING, _TEXTS, _ONE_TEXT, _DAYS, _OLD, _COSINE, _SHARED, _FOREIGN, _PAGE = map(
    PAIR_FEATURES.index,
    (
        *("outage", "meaning", "both_texts", "one_text", "days", "is_old", "cosine", "shared", "is_foreign"),
        "same_page",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """An earlier article, compared in full."""

    telling: Telling
    features: tuple[float, ...]  # PAIR_FEATURES
    log_odds: float

    @property
    def meaning(self) -> float:
        return self.features[_MEANING]


@dataclass(frozen=True, slots=True)
class Field:
    """All candidates that an article resembles, as each is judged against the others."""

    odds: tuple[float, ...]  # of each candidate's nearest member, the best first
    meanings: tuple[float, ...]  # the largest of each candidate, the largest first
    joining: float  # log odds
    words: Numbers  # of the article, as far as the window knows them
    weight: float  # of all its words

    @classmethod
    def of(
        cls, made: Fingerprint, told: Mapping[CandidateId, Sequence[Neighbour]], window: Window, rarity: Rarity
    ) -> Field:
        """Of an article, and of candidates and their members among its neighbours, the nearest first."""
        share = window.joined_share()
        return cls(
            tuple(sorted((found[0].log_odds for found in told.values()), reverse=True)),
            tuple(sorted((max(n.meaning for n in found) for found in told.values()), reverse=True)),
            math.log((share + 0.02) / (1.02 - share)),
            window.known(made.words),
            weigh(made.words, rarity),
        )


def candidate_features(
    candidate: CandidateId,
    found: Sequence[Neighbour],
    field: Field,
    centre: float,
    covered: float,
    telling: Telling,
    window: Window,
) -> tuple[float, ...]:
    """In the order of CANDIDATE_FEATURES; `found` are the members among the neighbours, the nearest first.

    `centre` and `covered` are what `find_centres` says of the candidate.
    """
    members = window.members(candidate)
    size, is_single = math.log(len(members)), float(len(members) == 1)
    odds = [n.log_odds for n in found]
    best, joining = odds[0], field.joining
    silence = (telling.told_at - max(map(window.told_at, members[-NEWEST_MEMBERS:]))) / _DAY
    burst = math.log1p(sum(abs(telling.told_at - window.told_at(m)) <= _DAY for m in members[-BURST_MEMBERS:]))
    nearest = found[0].features
    texts, days = nearest[_TEXTS], nearest[_DAYS]
    meaning = max(n.meaning for n in found)
    return (
        best,
        odds[1] if len(odds) > 1 else best - 1.0,
        sum(odds) / len(odds),
        centre,
        covered,
        size,
        math.log1p(max(0.0, silence - 1.0)),
        sum(o > 0 for o in odds) / len(odds),
        len(odds) / min(len(members), NEIGHBOURS),
        is_single,
        centre * size,
        best * size,
        covered * size,
        min(best - _next(field.odds, best), MARGIN_LIMIT),
        math.log1p(sum(o > RIVAL_LOG_ODDS for o in field.odds)),
        texts,
        texts * best,
        days,
        nearest[_OLD],
        nearest[_COSINE],
        nearest[_SHARED],
        nearest[_FOREIGN],
        nearest[_FOREIGN] * best,
        burst,
        burst * best,
        burst * texts,
        max(n.features[_OUTAGE] for n in found),
        max(best, 0.0),
        best * is_single,
        nearest[_ONE_TEXT],
        days * texts,
        nearest[_PAGE],
        joining,
        joining * best,
        joining * days,
        joining * texts,
        joining * centre,
        meaning,
        sum(n.meaning for n in found) / len(found),
        min(meaning - _next(field.meanings, meaning), MEANING_MARGIN_LIMIT),
        meaning * texts,
        meaning * is_single,
        burst * meaning,
        joining * meaning,
    )


def _next(values: Sequence[float], own: float) -> float:
    """The best of the others, where `own` is one of `values`, the best first."""
    if own < values[0]:
        return values[0]
    return values[1] if len(values) > 1 else -math.inf


def find_centres(
    field: Field, candidates: Sequence[CandidateId], rarity: Rarity, window: Window
) -> dict[CandidateId, tuple[float, float]]:
    """Of each candidate the cosine of an article with its mean, and the share of its weight that the words hold.

    All at once, since there are several; sums are exact, so that their order does not matter.
    """
    if not candidates:
        return {}
    counted = [window.words_of(candidate) for candidate in candidates]
    words, counts = np.concatenate([c.words for c in counted]), np.concatenate([c.counts for c in counted])
    rarities = rarity.of(words)
    lengths, squares = rarities * counts, rarities * rarities
    whole = (lengths * lengths).tolist()
    common = np.flatnonzero(window.vocabulary.look_up(field.words, 1, words))
    shared, covered = (squares * counts)[common].tolist(), squares[common].tolist()
    ends = np.cumsum([len(c.words) for c in counted])
    places = np.searchsorted(common, ends).tolist()  # of the last common word of each
    found: dict[CandidateId, tuple[float, float]] = {}
    start, first = 0, 0
    for candidate, end, last in zip(candidates, ends.tolist(), places, strict=True):
        size = len(window.members(candidate))
        length = math.sqrt(math.fsum(whole[start:end])) / size
        found[candidate] = (
            (
                math.fsum(shared[first:last]) / size / (math.sqrt(field.weight) * length),
                math.fsum(covered[first:last]) / field.weight,
            )
            if field.weight and length
            else (0.0, 0.0)
        )
        start, first = end, last
    return found
