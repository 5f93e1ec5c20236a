"""Decisions of this newsroom → a correction of the shipped model, and whether it may replace what holds.

The shipped weights are where learning starts: what decisions say nothing of stays as it was. The same decisions give
the same correction. Whether it is better is asked of the newest decisions, held back from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.model import CandidateId, Severity
from monitor.stages.likelihood import PARTS, Correction, correct, part_of
from monitor.stages.relevance_fit import Floats, Ints, fit, sigmoid, table_of
from monitor.stages.relevance_words import BUCKETS

LEAST = 60  # decisions, of either kind LEAST_OF_KIND: with fewer, too few are held back to tell better from worse
LEAST_OF_KIND = 5
HELD_BACK = 0.25  # of the decisions, the newest
FREEDOM = 9.0  # variance of what a text may be corrected by, in log-odds: three either way is common
SEVERITY_SHARES = {Severity.SEV_1: 1.5, Severity.SEV_2: 1.25}  # missing one of these costs more


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A decided candidate as it stood when it was decided on."""

    candidate: CandidateId
    is_incident: bool
    share: float  # how much it weighs
    log_odds: float  # by the shipped model
    held: float  # by the model that holds, which learnt nothing from this candidate
    columns: Ints
    values: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How well decisions were foreseen."""

    loss: float  # mean log loss
    precision: float  # average precision
    error: float  # expected calibration error


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """A correction, and what is known of it."""

    correction: Correction
    is_better: bool  # not worse than what holds, on the decisions held back
    held_back_count: int
    new: Figures
    holding: Figures
    shipped: Figures


def learn(examples: Sequence[Example]) -> Learnt | None:
    """A correction from `examples` (in the order of their decisions); None where there are too few of either kind."""
    if not is_enough(examples):
        return None
    cut = len(examples) - max(LEAST // 4, round(HELD_BACK * len(examples)))
    seen, held_back = examples[:cut], examples[cut:]
    kinds = [e.is_incident for e in held_back]
    if not is_enough(seen, LEAST // 2, 2) or all(kinds) or not any(kinds):
        return None
    weights = _fit(seen)
    new = figures_of(held_back, [said_by(weights, e) for e in held_back])
    holding = figures_of(held_back, [e.held for e in held_back])
    return Learnt(
        correction=Correction(tuple(_part(examples, part) for part in range(PARTS))),
        is_better=new.loss <= holding.loss and new.precision >= holding.precision,
        held_back_count=len(held_back),
        new=new,
        holding=holding,
        shipped=figures_of(held_back, [e.log_odds for e in held_back]),
    )


def is_enough(examples: Sequence[Example], least: int = LEAST, of_kind: int = LEAST_OF_KIND) -> bool:
    """Whether something can be learnt."""
    incidents = sum(e.is_incident for e in examples)
    return len(examples) >= least and min(incidents, len(examples) - incidents) >= of_kind


def said_by(weights: NDArray[np.float32], example: Example) -> float:
    """The log-odds of an example by a part of a correction."""
    return example.log_odds + correct(weights, example.columns, example.values, example.log_odds)


def _part(examples: Sequence[Example], part: int) -> NDArray[np.float32]:
    """Learnt without every candidate that this part will judge; nothing where that leaves too few."""
    others = [e for e in examples if part_of(e.candidate) != part]
    return _fit(others) if is_enough(others, LEAST // 2, 2) else np.zeros(BUCKETS + 2, np.float32)


def _fit(examples: Sequence[Example]) -> NDArray[np.float32]:
    """Over the columns that occur, which are few: of all others nothing is learnt."""
    occur = np.unique(np.concatenate([e.columns for e in examples]))
    rows = [
        (np.append(np.searchsorted(occur, e.columns), len(occur)), np.append(e.values, e.log_odds / 4))
        for e in examples
    ]  # the last column, which `table_of` adds, is the bias
    labels = np.array([float(e.is_incident) for e in examples])
    shares = np.array([e.share for e in examples])
    ridge = 1 / (FREEDOM * float(shares.sum()))
    offset = np.array([e.log_odds for e in examples])
    found = fit(table_of(rows, len(occur) + 1), labels, shares, ridge=ridge, offset=offset, bias_ridge=ridge)
    weights = np.zeros(BUCKETS + 2, np.float32)
    weights[occur] = found[:-2]
    weights[BUCKETS:] = found[-2:]
    return weights


# --- how well decisions are foreseen ------------------------------------------------------------------------------


def figures_of(examples: Sequence[Example], said: Sequence[float]) -> Figures:
    """Loss, average precision and calibration of log-odds on what editors decided."""
    labels = np.array([float(e.is_incident) for e in examples])
    odds = np.array(said)
    return Figures(
        loss=float(np.mean(np.logaddexp(0, odds) - labels * odds)),
        precision=average_precision(labels, odds),
        error=calibration_error(labels, sigmoid(odds)),
    )


def average_precision(labels: Floats, said: Floats) -> float:
    """Mean precision at each incident, read from the top; ties in the order given."""
    ordered = labels[np.argsort(-said, kind="stable")]
    precision = np.cumsum(ordered) / np.arange(1, len(ordered) + 1)
    return float((precision * ordered).sum() / max(1.0, ordered.sum()))


def calibration_error(labels: Floats, probabilities: Floats, bins: int = 10) -> float:
    """Expected calibration error: bins of equal width, weighed by how many are in each (Guo et al. 2017)."""
    where = np.minimum((probabilities * bins).astype(int), bins - 1)
    gaps = [abs(labels[where == b].mean() - probabilities[where == b].mean()) * (where == b).mean() for b in set(where)]
    return float(sum(gaps))
