"""How decisions had been foreseen → calibration, precision and recall over time, and drift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from monitor.model import Trial
from monitor.stages.relevance_learn import average_precision, calibration_error

BINS = 5  # of the calibration
THRESHOLD = 0.5  # from where on a candidate counts as called an incident
RECENT = 100  # decisions whose like is looked for in those before
LEAST_BEFORE = 50
SHIFT = 0.15  # of the mean probability, or of the share accepted
WORSE = 0.1  # of the log loss


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A week of decisions; figures are None where there is nothing to count."""

    begins_on: date
    decided: int
    incidents: int
    unread: int  # of which it could not tell
    precision: float | None  # of those called incidents, the share that was accepted
    recall: float | None  # of those accepted, the share that was called an incident
    ranking: float | None  # average precision
    shipped_ranking: float | None  # of the shipped model, on the same
    error: float | None  # expected calibration error


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Decisions whose candidates were called alike."""

    low: float
    high: float
    count: int
    called: float  # mean probability
    accepted: float  # share


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All of it."""

    whole: Stretch | None
    weeks: tuple[Stretch, ...]  # oldest first
    bins: tuple[Bin, ...]
    drift: str  # one sentence


def report(trials: Sequence[Trial]) -> Report:
    """What `trials` (oldest first) show."""
    weeks: dict[date, list[Trial]] = {}
    for trial in trials:
        day = trial.decided_at.date()
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(trial)
    return Report(
        whole=stretch(trials) if trials else None,
        weeks=tuple(stretch(some) for _, some in sorted(weeks.items())),
        bins=bins(trials),
        drift=drift(trials),
    )


def stretch(trials: Sequence[Trial]) -> Stretch:
    """The figures of some decisions."""
    told = [t for t in trials if t.probability is not None]
    labels = np.array([float(t.is_incident) for t in told])
    said = np.array([t.probability for t in told], np.float64)
    shipped = np.array([t.shipped_probability or 0.0 for t in told], np.float64)
    called = said >= THRESHOLD
    hits = float((labels * called).sum())
    incidents = float(labels.sum())
    day = trials[0].decided_at.date()
    return Stretch(
        begins_on=day - timedelta(days=day.weekday()),
        decided=len(trials),
        incidents=sum(t.is_incident for t in trials),
        unread=len(trials) - len(told),
        precision=hits / float(called.sum()) if called.any() else None,
        recall=hits / incidents if incidents else None,
        ranking=average_precision(labels, said) if incidents else None,
        shipped_ranking=average_precision(labels, shipped) if incidents else None,
        error=calibration_error(labels, said) if told else None,
    )


def bins(trials: Sequence[Trial]) -> tuple[Bin, ...]:
    """How often what was called so likely was accepted."""
    found: list[Bin] = []
    for number in range(BINS):
        low, high = number / BINS, (number + 1) / BINS
        some = [
            (t.probability, t.is_incident)
            for t in trials
            if t.probability is not None and low <= t.probability and (t.probability < high or number == BINS - 1)
        ]
        if some:
            called = sum(p for p, _ in some) / len(some)
            accepted = sum(is_incident for _, is_incident in some) / len(some)
            found.append(Bin(low=low, high=high, count=len(some), called=called, accepted=accepted))
    return tuple(found)


def drift(trials: Sequence[Trial]) -> str:
    """Whether the newest decisions are like those before, in a sentence."""
    told = [t for t in trials if t.probability is not None]
    before, recent = told[:-RECENT], told[-RECENT:]
    if len(before) < LEAST_BEFORE:
        return f"Too few decisions to see a drift: it takes {RECENT + LEAST_BEFORE}, there are {len(told)}."
    was, now = _means(before), _means(recent)
    found = [
        f"{name} went from {old:.2f} to {new:.2f}"
        for name, old, new, bar in zip(
            ("the share accepted", "the mean probability", "the log loss"), was, now, (SHIFT, SHIFT, WORSE), strict=True
        )
        if (new - old if bar == WORSE else abs(new - old)) > bar
    ]
    if not found:
        return f"No drift: the newest {RECENT} decisions are like the {len(before)} before them."
    return f"Drift: of the newest {RECENT} decisions against the {len(before)} before, {', and '.join(found)}."


def _means(trials: Sequence[Trial]) -> tuple[float, float, float]:
    labels = np.array([float(t.is_incident) for t in trials])
    said = np.clip(np.array([t.probability for t in trials], np.float64), 1e-6, 1 - 1e-6)
    loss = -(labels * np.log(said) + (1 - labels) * np.log(1 - said))
    return float(labels.mean()), float(said.mean()), float(loss.mean())
