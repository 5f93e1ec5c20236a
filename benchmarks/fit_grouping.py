"""Fit the coefficients of `monitor.stages.weights` on labelled events: python -m benchmarks.fit_grouping FOLDER

Two logistic regressions. The first learns from an article and each of its neighbours whether both tell one event; the
second, from each candidate among the neighbours, whether it is the article's. Candidates are the gold events while
learning. Printed are the coefficients, and two tables of what they are worth on events they were not fitted on: each
event scored by weights fitted without it (cross-validation), and each file by weights fitted on the other files.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from benchmarks.events import FILES, Labelled, Score, read_events, score
from benchmarks.press_events import START, read_press
from monitor.model import ArticleId, CandidateId
from monitor.press.edition import compose
from monitor.stages.copies import find_original
from monitor.stages.fingerprint import fingerprint
from monitor.stages.grouping import (
    Neighbour,
    Prospect,
    as_compared,
    comparable_of,
    compare,
    prospects,
    telling_of,
)
from monitor.stages.similarity import PAIR_FEATURES
from monitor.stages.weights import CANDIDATE_FEATURES, FITTED, Weights
from monitor.stages.window import Telling, Window

Floats = NDArray[np.float64]
# How much a file counts, whatever its size: the stream is closest to the product; the small and the giant count less.
# The simulated press is the only one with full texts of publishers that come back, and so with their standing phrases.
# Another seed words the same events anew: what the weights are worth on events not seen, only held-out events say.
PRESS = {"press": 11, "press again": 12}  # seeds that no test uses
SHARES = {"stream2026": 2.0, "aiid_reports": 1.0, "ecbplus": 0.7, "newswcl50": 0.15, "uci_news": 0.3} | dict.fromkeys(
    PRESS, 1.25
)
RIDGE = 1.0
FOLDS = 3
JOIN_AT = FITTED.join_at


@dataclass(frozen=True, slots=True)
class Case:
    """An article, compared with what was in the window when it came."""

    item: Labelled
    telling: Telling
    compared: Telling  # without its standing sentences
    copied: ArticleId | None
    neighbours: tuple[Neighbour, ...]  # log odds not yet meant


@dataclass(frozen=True, slots=True)
class Rows:
    """What a regression learns from: features, truths, and the weight of each row."""

    features: Floats
    truths: Floats
    weights: Floats


def compare_all(items: Sequence[Labelled]) -> list[Case]:
    """Every article with its neighbours, in a window where candidates are the gold events."""
    window = Window()
    number: dict[str, CandidateId] = {}
    cases: list[Case] = []
    seen: set[str] = set()
    for item in items:
        if item.article.canonical_url in seen:
            continue
        seen.add(item.article.canonical_url)
        telling = telling_of(item.article, fingerprint(item.article))
        rarity = window.rarity()
        near = window.neighbours(telling, rarity)
        original = find_original(telling, near, window)
        compared = as_compared(telling, window)
        comparable = comparable_of(telling, near)
        near_ones = compare(compared, comparable, rarity, window, FITTED)
        cases.append(Case(item, telling, compared, original and original[0].article, near_ones))
        window.add(telling, number.setdefault(item.event, CandidateId(len(number))))
    return cases


def regroup(cases: Sequence[Case], weights: Weights, decide: Callable[[Case, Sequence[Prospect]], CandidateId]) -> None:
    """Play the articles again, each into the candidate that `decide` names."""
    window = Window()
    for case in cases:
        near = tuple(replace(n, log_odds=weights.pair_log_odds(n.features)) for n in case.neighbours)
        found: Sequence[Prospect] = ()
        if case.copied is None:
            found = prospects(near, case.compared, window.rarity(), window, weights)
        window.add(case.telling, decide(case, found))


def pair_rows(cases: Sequence[Case], share: float) -> Rows:
    """A row for each article and each of its neighbours."""
    events = {case.item.article.id: case.item.event for case in cases}
    rows = [
        (n.features, float(events[n.telling.article] == case.item.event))
        for case in cases
        if case.copied is None
        for n in case.neighbours
    ]
    return _rows(rows, share)


def candidate_rows(cases: Sequence[Case], weights: Weights, share: float) -> Rows:
    """A row for each article and each candidate among its neighbours, where candidates are the gold events."""
    rows: list[tuple[tuple[float, ...], float]] = []
    number: dict[str, CandidateId] = {}

    def as_labelled(case: Case, found: Sequence[Prospect]) -> CandidateId:
        mine = number.setdefault(case.item.event, CandidateId(len(number)))
        rows.extend((p.features, float(p.candidate == mine)) for p in found)
        return mine

    regroup(cases, weights, as_labelled)
    return _rows(rows, share)


def clusters(cases: Sequence[Case], weights: Weights) -> dict[str, int]:
    """Each article's candidate, as the newsroom would group them with `weights`."""
    assigned: dict[str, int] = {}
    by_article: dict[ArticleId, CandidateId] = {}

    def as_matched(case: Case, found: Sequence[Prospect]) -> CandidateId:
        best = max(found, key=lambda p: (p.probability, -p.candidate), default=None)
        if case.copied is not None:
            candidate = by_article[case.copied]
        elif best is not None and best.probability >= weights.join_at:
            candidate = best.candidate
        else:
            candidate = CandidateId(len(assigned) + 1)
        by_article[case.item.article.id] = candidate
        assigned[case.item.id] = candidate
        return candidate

    regroup(cases, weights, as_matched)
    return assigned


def fit(files: Mapping[str, Sequence[Case]], join_at: float = JOIN_AT) -> Weights:
    """Weights learnt from `files`."""
    pairs = _regress([pair_rows(cases, SHARES[name]) for name, cases in files.items()])
    first = Weights(pairs[0], pairs[1], 0.0, (0.0,) * len(CANDIDATE_FEATURES), join_at)
    whole = _regress([candidate_rows(cases, first, SHARES[name]) for name, cases in files.items()])
    return Weights(pairs[0], pairs[1], whole[0], whole[1], join_at)


def _rows(rows: Sequence[tuple[tuple[float, ...], float]], share: float) -> Rows:
    features, truths = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    return Rows(features, truths, np.full(len(rows), share * 10_000 / len(rows)))


def _regress(parts: Sequence[Rows]) -> tuple[float, tuple[float, ...]]:
    """Ridge logistic regression by Newton's method over standardised features; intercept and plain coefficients."""
    features = np.vstack([p.features for p in parts])
    truths, weights = np.concatenate([p.truths for p in parts]), np.concatenate([p.weights for p in parts])
    mean, spread = features.mean(0), features.std(0)
    spread[spread == 0] = 1.0
    design = np.hstack([(features - mean) / spread, np.ones((len(features), 1))])
    penalty = np.eye(design.shape[1]) * RIDGE
    penalty[-1, -1] = 0.0
    found = np.zeros(design.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(design @ found, -30, 30)))
        slope = design.T @ (weights * (chance - truths)) + penalty @ found
        curve = (design * (weights * chance * (1 - chance))[:, None]).T @ design + penalty
        step = np.linalg.solve(curve, slope)
        found -= step
        if np.abs(step).max() < 1e-6:
            break
    plain = found[:-1] / spread
    return float(found[-1] - plain @ mean), tuple(float(c) for c in plain)


def held_out(files: Mapping[str, Sequence[Case]], join_at: float) -> Iterator[tuple[str, Score]]:
    """Each file scored fold by fold, over the articles whose events the weights have not seen; the folds' mean."""
    found: dict[str, list[Score]] = {name: [] for name in files}
    for fold in range(FOLDS):
        weights = fit({name: _without(cases, fold) for name, cases in files.items()}, join_at)
        for name, cases in files.items():
            unseen = {c.item.id for c in cases if _fold(c) == fold}
            if unseen:
                gold = {c.item.id: c.item.event for c in cases}
                found[name].append(score(gold, clusters(cases, weights), only=unseen))
    for name, scores in found.items():
        yield name, Score(**{f.name: fmean(getattr(s, f.name) for s in scores) for f in fields(Score)})


def left_out(files: Mapping[str, Sequence[Case]], join_at: float) -> Iterator[tuple[str, Score]]:
    """Each file scored by weights fitted on the other files."""
    for name, cases in files.items():
        weights = fit({other: c for other, c in files.items() if other != name}, join_at)
        yield name, score({c.item.id: c.item.event for c in cases}, clusters(cases, weights))


def _fold(case: Case) -> int:
    return zlib.crc32(case.item.event.encode()) % FOLDS


def _without(cases: Sequence[Case], fold: int) -> list[Case]:
    """The cases of other folds, compared with articles of other folds only."""
    kept = {c.item.article.id for c in cases if _fold(c) != fold}
    return [
        replace(c, neighbours=tuple(n for n in c.neighbours if n.telling.article in kept))
        for c in cases
        if c.item.article.id in kept
    ]


def print_scores(title: str, scores: Iterator[tuple[str, Score]]) -> None:
    print(f"\n{title}\n{'':14} BCubed  pairs  mixed  fragmented")
    for name, s in scores:
        print(f"{name:14} {s.bcubed:6.3f} {s.pairs:6.3f} {s.mixed:6.2f} {s.fragmented:6.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--join-at", type=float, nargs="+", default=[JOIN_AT])
    parser.add_argument("--quick", action="store_true", help="fit and score on all, without holding out")
    parser.add_argument("--events-only", action="store_true", help="hold out events, not whole files")
    wanted = parser.parse_args()
    files = {name: compare_all(read_events(wanted.folder / f"{name}.jsonl")) for name in FILES}
    files |= {name: compare_all(read_press(compose(seed=seed, start=START))) for name, seed in PRESS.items()}
    weights = fit(files)
    print(
        "pair:",
        round(weights.pair_intercept, 3),
        {n: round(c, 3) for n, c in zip(PAIR_FEATURES, weights.pair, strict=True)},
    )
    print(
        "candidate:",
        round(weights.candidate_intercept, 3),
        {n: round(c, 3) for n, c in zip(CANDIDATE_FEATURES, weights.candidate, strict=True)},
    )
    for at in wanted.join_at:
        chosen = replace(weights, join_at=at)
        gold = {n: {c.item.id: c.item.event for c in cases} for n, cases in files.items()}
        print_scores(
            f"fitted on all, joins at {at}", ((n, score(gold[n], clusters(c, chosen))) for n, c in files.items())
        )
        if not wanted.quick:
            print_scores(f"events held out, joins at {at}", held_out(files, at))
        if not wanted.quick and not wanted.events_only:
            print_scores(f"file left out, joins at {at}", left_out(files, at))


if __name__ == "__main__":
    main()
