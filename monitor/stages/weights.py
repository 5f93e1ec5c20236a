"""What each feature of a pair and of a candidate weighs: two small logistic regressions, written out.

Fitted by `benchmarks/fit_grouping.py` on labelled news events (AI headlines in time order, reports of AI incidents,
look-alike events in full text, political events, large stories), every file with one and the same setting. A
coefficient multiplies the feature of its name; the sum is in log odds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    return math.fsum(c * f for c, f in zip(coefficients, features, strict=True))


FITTED = Weights.named(
    pair_intercept=4.694,
    pair={
        "cosine": -1.749,
        "title_cosine": -2.089,
        "title_covered": 1.582,
        "title_covered_least": 2.019,
        "shared": 2.424,
        "rarest": -2.42,
        "second": 2.177,
        "third": 1.117,
        "names": 1.179,
        "is_nameless": 0.965,
        "numbers": -0.024,
        "numbers_differ": -0.992,
        "days": -4.151,
        "long_ago": -0.077,
        "is_old": 1.155,
        "both_texts": 3.361,
        "one_text": 2.055,
        "same_publisher": 1.608,
        "length": -3.363,
        "title_words": 0.614,
    },
    candidate_intercept=-2.017,
    candidate={
        "best": -0.116,
        "second": 0.293,
        "mean": -0.035,
        "centre": 7.987,
        "covered": 0.586,
        "size": 0.032,
        "quiet": -0.232,
        "agreeing": -0.122,
        "seen": -0.626,
        "is_single": -1.035,
        "centre_size": 0.369,
        "best_size": 0.016,
        "covered_size": -0.152,
        "margin": 1.096,
        "rivals": 0.114,
        "both_texts": 0.852,
        "both_texts_best": 0.066,
        "days": -2.982,
        "is_old": 2.055,
        "cosine": -0.659,
        "shared": 0.223,
    },
    join_at=0.7,  # an editor merges two candidates in one step, but has to read to find what was joined wrongly
)
