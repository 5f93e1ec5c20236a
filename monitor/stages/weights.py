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
    "burst",  # log of the members told within a day before
    "burst_best",
    "burst_texts",  # `burst`, where the nearest member and the article have texts
    "outage",  # of any of the candidate's neighbours
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
    pair_intercept=3.91,
    pair={
        "cosine": -4.574,
        "title_cosine": -0.75,
        "title_covered": 1.26,
        "title_covered_least": 2.514,
        "shared": 5.054,
        "rarest": -2.833,
        "second": -0.227,
        "third": -0.21,
        "names": 0.708,
        "is_nameless": 1.212,
        "numbers": 0.517,
        "numbers_differ": -0.698,
        "days": -3.969,
        "long_ago": -0.007,
        "is_old": 0.808,
        "both_texts": 1.75,
        "one_text": 2.434,
        "same_publisher": -1.473,
        "length": -4.659,
        "title_words": 0.438,
        "phrases": 7.213,
        "own_phrases": 0.261,
        "is_foreign": -0.642,
        "foreign_names": 2.09,
        "contained": -1.978,
        "names_contained": 0.383,
        "first_name": -1.025,
        "second_name": -0.38,
        "first_number": -1.725,
        "lead_name": 0.905,
        "either_lead_name": 1.79,
        "lead_cosine": -0.338,
        "lead_title": 1.596,
        "outage": 8.267,
    },
    candidate_intercept=-3.798,
    candidate={
        "best": 0.045,
        "second": 0.22,
        "mean": -0.148,
        "centre": 2.908,
        "covered": 2.737,
        "size": 0.01,
        "quiet": -0.176,
        "agreeing": 1.005,
        "seen": 0.504,
        "is_single": -1.307,
        "centre_size": 1.172,
        "best_size": -0.097,
        "covered_size": -0.523,
        "margin": 0.923,
        "rivals": -0.005,
        "both_texts": -0.655,
        "both_texts_best": 0.451,
        "days": -3.731,
        "is_old": 2.377,
        "cosine": -1.88,
        "shared": 0.821,
        "is_foreign": -0.142,
        "foreign_best": 0.707,
        "burst": 0.139,
        "burst_best": 0.06,
        "burst_texts": -1.447,
        "outage": 1.596,
    },
    join_at=0.65,  # an editor merges two candidates in one step, but has to read to find what was joined wrongly
)
