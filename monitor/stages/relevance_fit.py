"""Labelled examples → weights of a logistic regression, in plain NumPy; the same examples give the same weights.

Thousands of short examples are fitted by L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5). A few
hundred, beside what another model says of them (`offset`), are fitted by how alike they are: weights drawn towards
nought are a sum of the examples (Schölkopf et al. 2001), so that Newton's method finds one number for each. That is how
a newsroom's decisions correct the shipped model without its data.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MEMORY = 10
ROUNDS = 120
BLOCK = 2_048  # columns that are compared at once
CLOSE = 1e-5  # of the gradient, relative to the first


@dataclass(frozen=True, slots=True)
class Table:
    """Sparse examples, row by row: columns, values, and where each row begins; no row is empty."""

    columns: Ints
    values: Floats
    starts: Ints
    width: int

    def dot(self, weights: Floats) -> Floats:
        """What `weights` say of each row."""
        products: Floats = np.add.reduceat(self.values * weights[self.columns], self.starts)
        return products

    def back(self, residuals: Floats) -> Floats:
        """For each column the sum of its values, each times its row's residual."""
        counts = np.diff(np.append(self.starts, len(self.columns)))
        sums: Floats = np.bincount(
            self.columns, self.values * np.repeat(residuals, counts), minlength=self.width
        ).astype(np.float64, copy=False)
        return sums


def table_of(rows: Sequence[tuple[Ints, Floats]], width: int) -> Table:
    """A table of `rows` (columns below `width`, values), each with a last column of ones: the bias."""
    columns = [np.append(c, width) for c, _ in rows]
    values = [np.append(v, 1.0) for _, v in rows]
    starts = np.cumsum([0, *(len(c) for c in columns[:-1])])
    return Table(np.concatenate(columns), np.concatenate(values), starts.astype(np.int64), width + 1)


def fit(
    table: Table,
    labels: Floats,
    shares: Floats,
    *,
    ridge: float,
) -> Floats:
    """The weights (the last is the bias) that make the labels (0..1) likeliest.

    `shares` say how much each example weighs; `ridge` is the penalty on each squared weight but the bias, beside
    the mean loss.
    """
    shares = shares / shares.sum()
    penalty = np.full(table.width, ridge)
    penalty[-1] = 0.0

    def ask(weights: Floats) -> tuple[float, Floats]:
        said = table.dot(weights)
        loss = float(shares @ (np.logaddexp(0.0, said) - labels * said) + 0.5 * (penalty * weights) @ weights)
        return loss, table.back(shares * (sigmoid(said) - labels)) + penalty * weights

    return minimise(ask, np.zeros(table.width))


def minimise(ask: Callable[[Floats], tuple[float, Floats]], start: Floats) -> Floats:
    """Where a smooth convex function is least; `ask` tells its value and its gradient."""
    at, (value, slope) = start, ask(start)
    enough = CLOSE * max(1e-12, float(np.linalg.norm(slope)))
    steps: deque[tuple[Floats, Floats]] = deque(maxlen=MEMORY)
    for _ in range(ROUNDS):
        if np.linalg.norm(slope) <= enough:
            break
        towards = -_scaled(slope, steps)
        length, fall = 1.0, float(slope @ towards)
        while length > 1e-10:
            there = at + length * towards
            value_there, slope_there = ask(there)
            if value_there <= value + 1e-4 * length * fall:
                break
            length /= 2
        else:
            break
        change = slope_there - slope
        if change @ (there - at) > 1e-14:
            steps.append((there - at, change))
        at, value, slope = there, value_there, slope_there
    return at


def _scaled(slope: Floats, steps: deque[tuple[Floats, Floats]]) -> Floats:
    """The slope times an estimate of the inverse curvature."""
    q = slope.copy()
    kept: list[float] = []
    for moved, change in reversed(steps):
        share = float(moved @ q) / float(moved @ change)
        kept.append(share)
        q -= share * change
    if steps:
        moved, change = steps[-1]
        q *= float(moved @ change) / float(change @ change)
    else:
        q /= max(1.0, float(np.linalg.norm(slope)))
    for (moved, change), share in zip(steps, reversed(kept), strict=True):
        q += (share - float(change @ q) / float(moved @ change)) * moved
    return q


# --- examples by how alike they are -----------------------------------------------------------------------------


def likeness(rows: Sequence[tuple[Ints, Floats]]) -> Floats:
    """How alike each two rows are: their inner product; a column may stand in a row more than once."""
    count = len(rows)
    alike = np.zeros((count, count))
    occur, columns = np.unique(np.concatenate([c for c, _ in rows]), return_inverse=True)
    values = np.concatenate([v for _, v in rows])
    owners = np.repeat(np.arange(count), [len(c) for c, _ in rows])
    order = np.argsort(columns, kind="stable")
    columns, values, owners = columns[order], values[order], owners[order]
    for first in range(0, len(occur), BLOCK):
        some = slice(*np.searchsorted(columns, [first, first + BLOCK]))
        places = owners[some] * BLOCK + columns[some] - first
        dense = np.bincount(places, values[some], minlength=count * BLOCK).reshape(count, BLOCK)
        alike += dense @ dense.T
    return alike


def fit_alike(alike: Floats, labels: Floats, shares: Floats, offset: Floats) -> Floats:
    """How much each example adds to the weights, which are of variance one and add to what `offset` says."""
    count = len(labels)

    def ask(added: Floats) -> tuple[float, Floats]:
        told = alike @ added
        said = offset + told
        return float(shares @ (np.logaddexp(0.0, said) - labels * said) + 0.5 * added @ told), told

    added = np.zeros(count)
    value, told = ask(added)
    for _ in range(ROUNDS):
        likely = sigmoid(offset + told)
        curves = np.maximum(shares * likely * (1 - likely), 1e-9)
        wanted = curves * told + shares * (labels - likely)
        towards = np.linalg.solve(np.eye(count) + curves[:, None] * alike, wanted) - added
        length = 1.0
        while length > 1e-6:
            value_there, told_there = ask(added + length * towards)
            if value_there <= value:
                break
            length /= 2
        else:
            break
        added, told, fell, value = added + length * towards, told_there, value - value_there, value_there
        if fell <= CLOSE * CLOSE * max(1.0, value):
            break
    return added


def sigmoid(said: Floats) -> Floats:
    """Log-odds as probabilities, without overflow."""
    shares: Floats = np.exp(-np.logaddexp(0.0, -said))
    return shares


def fit_scale(said: Floats, labels: Floats, shares: Floats | None = None) -> tuple[float, float]:
    """Slope and shift that make log-odds agree with what happened (Platt 1999, with his softened labels)."""
    told = np.ones(len(said)) if shares is None else shares
    happened, not_ = float((labels > 0.5).sum()), float((labels <= 0.5).sum())
    soft = np.where(labels > 0.5, (happened + 1) / (happened + 2), 1 / (not_ + 2))
    rows = Table(
        np.tile(np.array([0, 1]), len(said)),
        np.column_stack([said, np.ones(len(said))]).ravel(),
        np.arange(0, 2 * len(said), 2),
        2,
    )
    slope, shift = fit(rows, soft, told, ridge=1e-6)
    return float(slope), float(shift)
