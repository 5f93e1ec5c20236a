"""Decisions of this newsroom → a correction of the shipped model, and whether it may replace what holds.

The shipped weights are where learning starts: what decisions say nothing of stays as it was. The same decisions give
the same correction. Whether it is better is asked of the newest decisions, held back from it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.model import CandidateId, Severity
from monitor.stages.likelihood import BIAS, PARTS, SLOPE, VOICES, WIDTH, Correction, correct, part_of
from monitor.stages.relevance_fit import Floats, Ints, fit_alike, likeness, sigmoid

LEAST = 60  # decisions, of either kind LEAST_OF_KIND: with fewer, too few are held back to tell better from worse
LEAST_OF_KIND = 5
HELD_BACK = 0.25  # of the decisions, the newest
FREEDOM = 30.0  # variance of what the words of a text may be corrected by, in log-odds
OTHERS = {SLOPE: 1.0, BIAS: 9.0, VOICES: 1.0}  # the same, of one unit of what is not words
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
    voices: float = 0.0  # see `likelihood.voices_of`


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
    alike = likeness([_row(e) for e in examples])
    weights = _fit(seen, alike[:cut, :cut])
    new = figures_of(held_back, [said_by(weights, e) for e in held_back])
    holding = figures_of(held_back, [e.held for e in held_back])
    return Learnt(
        correction=Correction(tuple(_part(examples, alike, part) for part in range(PARTS))),
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
    words = correct(weights, example.columns, example.values, example.log_odds)
    return example.log_odds + words + float(weights[VOICES]) * example.voices


def _part(examples: Sequence[Example], alike: Floats, part: int) -> NDArray[np.float32]:
    """Learnt without every candidate that this part will judge; nothing where that leaves too few."""
    others = np.array([n for n, e in enumerate(examples) if part_of(e.candidate) != part], np.int64)
    some = [examples[n] for n in others]
    return _fit(some, alike[np.ix_(others, others)]) if is_enough(some, LEAST // 2, 2) else np.zeros(WIDTH, np.float32)


def _fit(examples: Sequence[Example], alike: Floats) -> NDArray[np.float32]:
    """The weights that make the decisions likeliest, drawn towards nought: of what does not occur nothing is learnt."""
    added = fit_alike(
        alike,
        np.array([float(e.is_incident) for e in examples]),
        np.array([e.share for e in examples]),
        np.array([e.log_odds for e in examples]),
    )
    rows = [_row(e) for e in examples]
    columns = np.concatenate([c for c, _ in rows])
    values = np.concatenate([v * share for (_, v), share in zip(rows, added.tolist(), strict=True)])
    weights = np.bincount(columns, values, minlength=WIDTH) * math.sqrt(FREEDOM)
    for column, freedom in OTHERS.items():
        weights[column] *= math.sqrt(freedom / FREEDOM)
    return weights.astype(np.float32)


def _row(example: Example) -> tuple[Ints, Floats]:
    """An example in units in which every weight has variance one."""
    others = {SLOPE: example.log_odds / 4, BIAS: 1.0, VOICES: example.voices}
    values = [value * math.sqrt(OTHERS[column]) for column, value in others.items()]
    return (
        np.append(example.columns, list(others)),
        np.append(example.values * math.sqrt(FREEDOM), values),
    )


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
