"""What each feature of a pair and of a candidate weighs: two small logistic regressions, and trees that correct one.

The coefficients and trees stand written out in `fitted`; `benchmarks/fit_grouping.py` found them on labelled news
events (AI headlines in time order, reports of AI incidents, look-alike events in full text, political events, large
stories) and the simulated press, every file with one and the same setting. A coefficient multiplies the feature of its
name, a tree asks three questions about named features; the sum is in log odds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import mul
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.stages.candidacy import CANDIDATE_FEATURES
from monitor.stages.fitted import BY_MEANING, BY_WORDS, JOIN_AT
from monitor.stages.similarity import PAIR_FEATURES

_QUESTIONS = 7  # of a tree, three deep
Floats = NDArray[np.float64]


class Tree(NamedTuple):
    """Questions from the root down, level by level: is the feature below its bound? And what each answer adds."""

    features: tuple[int, ...]
    bounds: tuple[float, ...]
    leaves: tuple[float, ...]

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


class Forest:
    """Trees that are asked together: all of an article's candidates at once."""

    def __init__(self, trees: Sequence[Tree] = ()) -> None:
        self.trees = tuple(trees)
        self._features = np.array([t.features for t in trees], np.int64).reshape(-1, _QUESTIONS)
        self._bounds = np.array([t.bounds for t in trees]).reshape(-1, _QUESTIONS)
        self._leaves = np.array([t.leaves for t in trees]).reshape(-1, _QUESTIONS + 1)

    def values(self, rows: Floats) -> Floats:
        """What the trees add to the log odds of each row of CANDIDATE_FEATURES."""
        number, row = np.arange(len(self._leaves)), np.arange(len(rows))[:, None]
        place = np.zeros((len(rows), len(number)), np.int64)
        for _ in range(3):
            asked = rows[row, self._features[number, place]]
            place = 2 * place + np.where(asked < self._bounds[number, place], 1, 2)
        total: Floats = self._leaves[number, place - _QUESTIONS].sum(1)
        return total


@dataclass(frozen=True, slots=True)
class Weights:
    """Coefficients in the order of the features, and the probability from which an article joins a candidate."""

    pair_intercept: float
    pair: tuple[float, ...]
    candidate_intercept: float
    candidate: tuple[float, ...]
    join_at: float
    trees: Forest = field(default_factory=Forest)
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
            Forest([Tree.read(line) for line in trees.split(";") if line.strip()]),
            by_meaning,
        )

    def where(self, *, has_meaning: bool) -> Weights:
        """Those that hold for two articles that both have a vector, or not."""
        return self.by_meaning if has_meaning and self.by_meaning is not None else self

    def pair_log_odds(self, features: Sequence[float]) -> float:
        """Log odds that two articles with these PAIR_FEATURES tell one event."""
        return self.pair_intercept + _dot(self.pair, features)

    def probabilities(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """For each row of CANDIDATE_FEATURES the probability that the article tells the candidate's event."""
        if not rows:
            return []
        corrections = self.trees.values(np.array(rows, np.float64)).tolist()
        odds = (
            self.candidate_intercept + _dot(self.candidate, row) + c for row, c in zip(rows, corrections, strict=True)
        )
        return [1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, o)))) for o in odds]


def _dot(coefficients: Sequence[float], features: Sequence[float]) -> float:
    total: float = sum(map(mul, coefficients, features))
    return total


FITTED = Weights.named(*BY_WORDS[:4], JOIN_AT, BY_WORDS[4], Weights.named(*BY_MEANING[:4], JOIN_AT, BY_MEANING[4]))
