"""What each feature of a pair and of a candidate weighs: two small logistic regressions, written out.

Fitted by `benchmarks/fit_grouping.py` on labelled news events (AI headlines in time order, reports of AI incidents,
look-alike events in full text, political events, large stories) and the simulated press, every file with one and the
same setting. A coefficient multiplies the feature of its name; the sum is in log odds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul

from monitor.stages.similarity import PAIR_FEATURES

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
)


@dataclass(frozen=True, slots=True)
class Weights:
    """Coefficients in the order of the features, and the probability from which an article joins a candidate."""

    pair_intercept: float
    pair: tuple[float, ...]
    candidate_intercept: float
    candidate: tuple[float, ...]
    join_at: float

    @classmethod
    def named(
        cls,
        pair_intercept: float,
        pair: Mapping[str, float],
        candidate_intercept: float,
        candidate: Mapping[str, float],
        join_at: float,
    ) -> Weights:
        """From coefficients by name; a feature without one weighs nothing."""
        unknown = (pair.keys() - set(PAIR_FEATURES)) | (candidate.keys() - set(CANDIDATE_FEATURES))
        if unknown:
            raise ValueError(f"there are no features {sorted(unknown)}")
        return cls(
            pair_intercept,
            tuple(pair.get(name, 0.0) for name in PAIR_FEATURES),
            candidate_intercept,
            tuple(candidate.get(name, 0.0) for name in CANDIDATE_FEATURES),
            join_at,
        )

    def pair_log_odds(self, features: Sequence[float]) -> float:
        """Log odds that two articles with these PAIR_FEATURES tell one event."""
        return self.pair_intercept + _dot(self.pair, features)

    def probability(self, features: Sequence[float]) -> float:
        """Probability that an article with these CANDIDATE_FEATURES tells the candidate's event."""
        log_odds = self.candidate_intercept + _dot(self.candidate, features)
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, log_odds))))


def _dot(coefficients: Sequence[float], features: Sequence[float]) -> float:
    total: float = sum(map(mul, coefficients, features))
    return total


FITTED = Weights.named(
    pair_intercept=4.625,
    pair={
        "cosine": -8.395,
        "title_cosine": 0.407,
        "title_covered": 1.939,
        "title_covered_least": 2.736,
        "shared": 4.211,
        "rarest": -1.516,
        "second": 1.011,
        "third": 0.736,
        "names": 1.288,
        "is_nameless": 0.922,
        "numbers": 0.077,
        "numbers_differ": -0.814,
        "days": -4.178,
        "long_ago": -0.015,
        "is_old": 1.101,
        "both_texts": 2.059,
        "one_text": 2.221,
        "same_publisher": -1.059,
        "length": -4.453,
        "title_words": 0.289,
        "phrases": -0.543,
        "own_phrases": -9.247,
        "is_foreign": 0.884,
        "foreign_names": 1.377,
    },
    candidate_intercept=-2.828,
    candidate={
        "best": 0.259,
        "second": 0.203,
        "mean": -0.06,
        "centre": 2.885,
        "covered": 1.671,
        "size": 0.055,
        "quiet": -0.216,
        "agreeing": 0.574,
        "seen": 0.142,
        "is_single": -0.938,
        "centre_size": 1.068,
        "best_size": -0.057,
        "covered_size": -0.285,
        "margin": 0.951,
        "rivals": -0.135,
        "both_texts": -1.048,
        "both_texts_best": 0.065,
        "days": -2.486,
        "is_old": 2.155,
        "cosine": -1.906,
        "shared": 0.559,
        "is_foreign": -2.718,
        "foreign_best": 0.933,
    },
    join_at=0.65,  # an editor merges two candidates in one step, but has to read to find what was joined wrongly
)
