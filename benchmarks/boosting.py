"""Gradient boosting in a few lines of NumPy: small trees that correct what a regression gets wrong (Friedman 2001).

Trees are complete and three questions deep, so that they can be written down, read, and answered in pure Python. Each
question asks whether a feature is below a bound; bounds are quantiles. Nothing is random: equal rows give equal trees.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
DEPTH = 3
BINS = 24
RATE = 0.1
RIDGE = 5.0  # per leaf, in units of weighted rows: a leaf of few rows says little
LEAST = 5.0  # weighted curvature a leaf needs


@dataclass(frozen=True, slots=True)
class Grown:
    """A tree: the questions from the root down, level by level, and what each leaf adds to the log odds."""

    features: tuple[int, ...]
    bounds: tuple[float, ...]
    leaves: tuple[float, ...]


def boost(features: Floats, truths: Floats, weights: Floats, start: Floats, *, count: int) -> list[Grown]:
    """`count` trees that correct the log odds `start`; truths from 0 to 1."""
    bounds = [_bounds(column) for column in features.T]
    binned = np.array(
        [np.searchsorted(b, column, side="right") for b, column in zip(bounds, features.T, strict=True)]
    )  # a value equal to a bound is not below it
    odds = start.copy()
    trees = []
    for _ in range(count):
        chance = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        tree, leaf = _grow(binned, bounds, weights * (truths - chance), weights * chance * (1 - chance))
        trees.append(tree)
        odds += np.array(tree.leaves)[leaf]
    return trees


def _bounds(column: Floats) -> Floats:
    return np.unique(np.quantile(column, np.linspace(0, 1, BINS + 1)[1:-1]).round(4))


def _grow(binned: Whole, bounds: list[Floats], slopes: Floats, curves: Floats) -> tuple[Grown, Whole]:
    node = np.zeros(binned.shape[1], np.int64)
    features: list[int] = []
    cuts: list[float] = []
    for level in range(DEPTH):
        found = _best_splits(binned, bounds, node, 2**level, slopes, curves)
        is_right = np.zeros(len(node), np.int64)
        for number, (feature, place) in enumerate(found):
            features.append(feature)
            cuts.append(float(bounds[feature][place]) if place >= 0 else float("inf"))
            if place >= 0:
                inside = node == number
                is_right[inside] = binned[feature, inside] > place
        node = 2 * node + is_right
    count = 2**DEPTH
    slope, curve = np.bincount(node, slopes, count), np.bincount(node, curves, count)
    leaves = RATE * slope / (curve + RIDGE)
    return Grown(tuple(features), tuple(cuts), tuple(float(v) for v in leaves.round(4))), node


def _best_splits(
    binned: Whole, bounds: list[Floats], node: Whole, nodes: int, slopes: Floats, curves: Floats
) -> list[tuple[int, int]]:
    """For each node the feature and the place of its bound that gain most; place -1 where nothing gains."""
    best = [(0.0, 0, -1)] * nodes
    for feature, column in enumerate(binned):
        size = len(bounds[feature]) + 1
        if size < 2:
            continue
        key = node * size + column
        slope = np.bincount(key, slopes, nodes * size).reshape(nodes, size)
        curve = np.bincount(key, curves, nodes * size).reshape(nodes, size)
        left, left_curve = slope.cumsum(1)[:, :-1], curve.cumsum(1)[:, :-1]
        whole, whole_curve = slope.sum(1, keepdims=True), curve.sum(1, keepdims=True)
        right, right_curve = whole - left, whole_curve - left_curve
        gain = left**2 / (left_curve + RIDGE) + right**2 / (right_curve + RIDGE) - whole**2 / (whole_curve + RIDGE)
        gain[(left_curve < LEAST) | (right_curve < LEAST)] = 0.0
        for number, place in enumerate(gain.argmax(1)):
            if gain[number, place] > best[number][0] + 1e-9:
                best[number] = (float(gain[number, place]), feature, int(place))
    return [(feature, place) for _, feature, place in best]
