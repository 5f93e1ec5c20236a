"""What each feature of a pair and of a candidate weighs: two small logistic regressions, and trees that correct one.

The coefficients and trees stand written out in `fitted`; `benchmarks/fit_grouping.py` found them on labelled news
events (AI headlines in time order, reports of AI incidents, look-alike events in full text, political events, large
stories) and the simulated press, every file with one and the same setting. A coefficient multiplies the feature of its
name, a tree asks three questions about named features; the sum is in log odds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import NamedTuple

from monitor.stages.candidacy import CANDIDATE_FEATURES
from monitor.stages.fitted import BY_MEANING, BY_WORDS, JOIN_AT
from monitor.stages.similarity import PAIR_FEATURES

_QUESTIONS = 7  # of a tree, three deep


class Tree(NamedTuple):
    """Questions from the root down, level by level: is the feature below its bound? And what each answer adds."""

    features: tuple[int, ...]
    bounds: tuple[float, ...]
    leaves: tuple[float, ...]

    def value(self, features: Sequence[float]) -> float:
        place = 0
        while place < _QUESTIONS:
            place = 2 * place + (1 if features[self.features[place]] < self.bounds[place] else 2)
        return self.leaves[place - _QUESTIONS]

    @classmethod
    def read(cls, line: str) -> Tree:
        """From `name<bound` seven times, a bar, and what the eight leaves add."""
        questions, _, leaves = line.partition("|")
        asked = [question.split("<") for question in questions.split()]
        return cls(
            tuple(CANDIDATE_FEATURES.index(name) for name, _ in asked),
            tuple(float(bound) for _, bound in asked),
            tuple(map(float, leaves.split())),
        )

    def __str__(self) -> str:
        asked = (f"{CANDIDATE_FEATURES[f]}<{b:g}" for f, b in zip(self.features, self.bounds, strict=True))
        return f"{' '.join(asked)} | {' '.join(f'{leaf:g}' for leaf in self.leaves)}"


@dataclass(frozen=True, slots=True)
class Weights:
    """Coefficients in the order of the features, and the probability from which an article joins a candidate."""

    pair_intercept: float
    pair: tuple[float, ...]
    candidate_intercept: float
    candidate: tuple[float, ...]
    join_at: float
    trees: tuple[Tree, ...] = ()
    by_meaning: Weights | None = None  # instead of these, where both articles have vectors

    @classmethod
    def named(
        cls,
        pair_intercept: float,
        pair: Mapping[str, float],
        candidate_intercept: float,
        candidate: Mapping[str, float],
        join_at: float,
        trees: str = "",
        by_meaning: Weights | None = None,
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
            tuple(Tree.read(line) for line in trees.split(";") if line.strip()),
            by_meaning,
        )

    def where(self, *, has_meaning: bool) -> Weights:
        """Those that hold for two articles that both have a vector, or not."""
        return self.by_meaning if has_meaning and self.by_meaning is not None else self

    def pair_log_odds(self, features: Sequence[float]) -> float:
        """Log odds that two articles with these PAIR_FEATURES tell one event."""
        return self.pair_intercept + _dot(self.pair, features)

    def probability(self, features: Sequence[float]) -> float:
        """Probability that an article with these CANDIDATE_FEATURES tells the candidate's event."""
        log_odds = self.candidate_intercept + _dot(self.candidate, features)
        log_odds += math.fsum(tree.value(features) for tree in self.trees)
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, log_odds))))


def _dot(coefficients: Sequence[float], features: Sequence[float]) -> float:
    total: float = sum(map(mul, coefficients, features))
    return total


FITTED = Weights.named(*BY_WORDS[:4], JOIN_AT, BY_WORDS[4], Weights.named(*BY_MEANING[:4], JOIN_AT, BY_MEANING[4]))
