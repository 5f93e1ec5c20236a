"""Fit `monitor.stages.fitted` on labelled events: python -m benchmarks.fit_grouping FOLDER [--write]

Two logistic regressions, and trees that correct the second. The first learns from an article and each of its neighbours
whether both tell one event; the second, from each candidate among the neighbours, whether it is the article's: once
among candidates that are the gold events, and once among those that the fit itself would make, so that it learns to
live with its own mistakes (Ross et al. 2011). All of it twice: by words alone, and with vectors.

Printed is what the fit is worth on events it has not seen: each event scored by weights fitted without it
(cross-validation), and with --left-out each file by weights fitted on the other files. --held-out alone groups with
each fold's weights as the newsroom does, its rules beside the odds; the others judge by the odds alone. What each part
adds, `parts` prints.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.boosting import Grown, boost
from benchmarks.events import FILES, Labelled, Score, read_events, replay, score
from benchmarks.fitted_file import write_fitted
from benchmarks.meanings import Meanings
from benchmarks.press_events import START, read_press
from monitor.model import Article, ArticleId, CandidateId
from monitor.press.edition import compose
from monitor.stages.candidacy import CANDIDATE_FEATURES, Neighbour
from monitor.stages.copies import find_original
from monitor.stages.fitted import JOIN_AT
from monitor.stages.grouping import Prospect, as_compared, comparable_of, compare, prospects, telling_of
from monitor.stages.similarity import PAIR_FEATURES
from monitor.stages.weights import FITTED, Forest, Tree, Weights
from monitor.stages.window import Telling, Window

Floats = NDArray[np.float64]
# How much a file counts, whatever its size: the stream is closest to the product; the small and the giant count less.
# The simulated press is the only one with full texts of publishers that come back, and so with their standing phrases.
PRESS = {"press": 11}  # a seed that no test uses
SHARES = {"stream2026": 4.0, "aiid_reports": 1.0, "ecbplus": 1.0, "newswcl50": 0.15, "uci_news": 0.3} | dict.fromkeys(
    PRESS, 1.2
)
LEARNT = 1_200  # articles of a file from which candidates are learnt, for the giant ones
RIDGE = 100.0
TREES = 300
FOLDS = 3
ROUNDS = 1  # of learning among candidates of its own
ALL_FEATURES = (*PAIR_FEATURES, *CANDIDATE_FEATURES)
MEANT = frozenset(n for n in ALL_FEATURES if "meaning" in n)


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
    """What a regression learns from: features, truths from 0 to 1, and the weight of each row."""

    features: Floats
    truths: Floats
    weights: Floats


Decide = Callable[[Case, Sequence[Prospect]], CandidateId]


def compare_all(items: Sequence[Labelled], meanings: Meanings) -> list[Case]:
    """Every article with its neighbours, in a window where candidates are the gold events."""
    window = Window()
    number: dict[str, CandidateId] = {}
    cases: list[Case] = []
    seen: set[str] = set()
    for item, made in zip(items, meanings.fingerprints([item.article for item in items]), strict=True):
        if item.article.canonical_url in seen:
            continue
        seen.add(item.article.canonical_url)
        telling = telling_of(item.article, made)
        rarity = window.rarity()
        near = window.neighbours(telling, rarity)
        original = find_original(telling, near, window)
        compared = as_compared(telling, window)
        near_ones = compare(compared, comparable_of(telling, near), rarity, window, FITTED)
        cases.append(Case(item, telling, compared, original and original[0].article, near_ones))
        window.add(telling, number.setdefault(item.event, CandidateId(len(number) + 1)))
    return cases


def read_edition(seed: int) -> list[Labelled]:
    """A fortnight of the simulated press, the article told first in front."""
    edition = compose(seed=seed, start=START)
    found = []
    for number, (told, new) in enumerate(zip(edition.tellings, read_press(edition), strict=True), 1):
        values = {f.name: getattr(new, f.name) for f in fields(new)}
        article = Article(id=ArticleId(number), **values)
        found.append(Labelled(id=told.key, event=told.event or told.key, article=article))
    return sorted(found, key=lambda item: (item.article.told_at, item.article.id))


def by_words(cases: Sequence[Case]) -> list[Case]:
    """The same cases as if there were no vectors."""
    places = [place for place, name in enumerate(PAIR_FEATURES) if name in MEANT]

    def without(neighbour: Neighbour) -> Neighbour:
        kept = tuple(0.0 if place in places else value for place, value in enumerate(neighbour.features))
        return replace(neighbour, telling=_bare(neighbour.telling), features=kept)

    return [
        replace(
            case,
            telling=_bare(case.telling),
            compared=_bare(case.compared),
            neighbours=tuple(without(n) for n in case.neighbours),
        )
        for case in cases
    ]


def _bare(telling: Telling) -> Telling:
    return replace(telling, fingerprint=replace(telling.fingerprint, vector=b""))


def regroup(cases: Sequence[Case], weights: Weights, decide: Decide) -> None:
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


def candidate_rows(cases: Sequence[Case], weights: Weights, share: float, place: Decide) -> Rows:
    """A row for each article and each candidate among its neighbours, where `place` makes the candidates.

    True is the share of the candidate's articles that tell the article's event.
    """
    rows: list[tuple[tuple[float, ...], float]] = []
    events: dict[CandidateId, list[str]] = {}

    def as_placed(case: Case, found: Sequence[Prospect]) -> CandidateId:
        rows.extend((p.features, fmean(e == case.item.event for e in events[p.candidate])) for p in found)
        candidate = place(case, found)
        events.setdefault(candidate, []).append(case.item.event)
        return candidate

    regroup(cases[:LEARNT] if share < 0.5 else cases, weights, as_placed)
    return _rows(rows, share)


def as_labelled() -> Decide:
    """Into the candidate of the gold event."""
    number: dict[str, CandidateId] = {}
    return lambda case, _: number.setdefault(case.item.event, CandidateId(len(number) + 1))


def as_judged(join_at: float) -> Decide:
    """Into the best candidate, as the newsroom does."""
    places: dict[ArticleId, CandidateId] = {}

    def place(case: Case, found: Sequence[Prospect]) -> CandidateId:
        best = max(found, key=lambda p: (p.probability, -p.candidate), default=None)
        if case.copied is not None and case.copied in places:
            candidate = places[case.copied]
        elif best is not None and best.probability >= join_at:
            candidate = best.candidate
        else:
            candidate = CandidateId(len(places) + 1)
        places[case.item.article.id] = candidate
        return candidate

    return place


def clusters(cases: Sequence[Case], weights: Weights) -> dict[str, int]:
    """Each article's candidate, as the newsroom would group them with `weights`."""
    assigned: dict[str, int] = {}
    judge = as_judged(weights.join_at)

    def keep(case: Case, found: Sequence[Prospect]) -> CandidateId:
        candidate = judge(case, found)
        assigned[case.item.id] = candidate
        return candidate

    regroup(cases, weights, keep)
    return assigned


def fit(
    files: Mapping[str, Sequence[Case]],
    join_at: float = JOIN_AT,
    *,
    without: frozenset[str] = frozenset(),
    rounds: int = ROUNDS,
    trees: int = TREES,
) -> Weights:
    """Weights learnt from `files`; `without` some features, which then weigh nothing."""
    pairs = together([pair_rows(cases, SHARES[name]) for name, cases in files.items()])
    pair = regress(_blind(pairs, PAIR_FEATURES, without))
    first = Weights(pair[0], pair[1], 0.0, (0.0,) * len(CANDIDATE_FEATURES), join_at)
    learnt = [candidate_rows(cases, first, SHARES[name], as_labelled()) for name, cases in files.items()]
    found = _judge(first, learnt, without, trees)
    for _ in range(rounds):
        learnt += [candidate_rows(cases, found, SHARES[name], as_judged(join_at)) for name, cases in files.items()]
        found = _judge(first, learnt, without, trees)
    return found


def _judge(first: Weights, learnt: Sequence[Rows], without: frozenset[str], trees: int) -> Weights:
    rows = _blind(together(learnt), CANDIDATE_FEATURES, without)
    intercept, coefficients = regress(rows)
    odds = rows.features @ np.array(coefficients) + intercept
    grown = boost(rows.features, rows.truths, rows.weights, odds, count=trees)
    return replace(first, candidate_intercept=intercept, candidate=coefficients, trees=Forest([*map(_tree, grown)]))


def _blind(rows: Rows, names: Sequence[str], without: frozenset[str]) -> Rows:
    """The rows as if the features `without` never moved."""
    features = rows.features.copy()
    features[:, [place for place, name in enumerate(names) if name in without]] = 0.0
    return replace(rows, features=features)


def _tree(grown: Grown) -> Tree:
    return Tree(grown.features, grown.bounds, grown.leaves)


def _rows(rows: Sequence[tuple[tuple[float, ...], float]], share: float) -> Rows:
    features, truths = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    return Rows(features, truths, np.full(len(rows), share * 10_000 / max(1, len(rows))))


def together(parts: Sequence[Rows]) -> Rows:
    kept = [p for p in parts if len(p.truths)]
    return Rows(
        np.vstack([p.features for p in kept]),
        np.concatenate([p.truths for p in kept]),
        np.concatenate([p.weights for p in kept]),
    )


def regress(rows: Rows) -> tuple[float, tuple[float, ...]]:
    """Ridge logistic regression by Newton's method over standardised features; intercept and plain coefficients."""
    mean, spread = rows.features.mean(0), rows.features.std(0)
    spread[spread < 1e-9] = np.inf  # a feature that never moves says nothing
    design = np.hstack([(rows.features - mean) / spread, np.ones((len(rows.features), 1))])
    penalty = np.eye(design.shape[1]) * RIDGE
    penalty[-1, -1] = 0.0
    found = np.zeros(design.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(design @ found, -30, 30)))
        slope = design.T @ (rows.weights * (chance - rows.truths)) + penalty @ found
        curve = (design * (rows.weights * chance * (1 - chance))[:, None]).T @ design + penalty
        step = np.linalg.solve(curve, slope)
        found -= step
        if np.abs(step).max() < 1e-6:
            break
    plain = (found[:-1] / spread).round(3)
    return round(float(found[-1] - plain @ mean), 3), tuple(float(c) for c in plain)


def held_out(files: Mapping[str, Sequence[Case]], join_at: float, **parts: Any) -> Iterator[tuple[str, Score]]:
    """Each file scored fold by fold, over the articles whose events the weights have not seen; the folds' mean."""
    found: dict[str, list[Score]] = {name: [] for name in files}
    for fold in range(FOLDS):
        weights = fit({name: _without(cases, fold) for name, cases in files.items()}, join_at, **parts)
        for name, cases in files.items():
            unseen = {c.item.id for c in cases if fold_of(c.item.event) == fold}
            if unseen:
                gold = {c.item.id: c.item.event for c in cases}
                found[name].append(score(gold, clusters(cases, weights), only=unseen))
    for name, scores in found.items():
        if scores:
            yield name, Score(**{f.name: fmean(getattr(s, f.name) for s in scores) for f in fields(Score)})


def held_out_whole(
    files: Mapping[str, Sequence[Labelled]],
    kinds: Mapping[str, Mapping[str, Sequence[Case]]],
    meanings: Meanings,
    join_at: float,
) -> Iterator[tuple[str, str, Score]]:
    """What a newsroom would make of events it was not fitted on, its rules beside the odds: kind, file and score.

    Each fold's weights group every file as `clusters` does, copies, names and second looks included; scored are the
    articles whose events those weights have not seen. The means over the folds.
    """
    found: dict[tuple[str, str], list[Score]] = {(kind, name): [] for kind in kinds for name in files}
    for fold in range(FOLDS):
        words, meant = (
            fit({name: _without(cases, fold) for name, cases in of_kind.items()}, join_at) for of_kind in kinds.values()
        )
        for kind, weights, by in zip(kinds, (words, replace(words, by_meaning=meant)), (None, meanings), strict=True):
            for name, items in files.items():
                unseen = {item.id for item in items if fold_of(item.event) == fold}
                if unseen:
                    gold = {item.id: item.event for item in items}
                    grouped = replay(items, weights=weights, meanings=by)
                    found[kind, name].append(score(gold, grouped, only=unseen))
    for (kind, name), scores in found.items():
        if scores:
            yield kind, name, Score(**{f.name: fmean(getattr(s, f.name) for s in scores) for f in fields(Score)})


def left_out(files: Mapping[str, Sequence[Case]], join_at: float) -> Iterator[tuple[str, Score]]:
    """Each file scored by weights fitted on the other files."""
    for name, cases in files.items():
        weights = fit({other: c for other, c in files.items() if other != name}, join_at)
        yield name, score({c.item.id: c.item.event for c in cases}, clusters(cases, weights))


def fold_of(event: str) -> int:
    """In which fold an event is held out."""
    return zlib.crc32(event.encode()) % FOLDS


def _without(cases: Sequence[Case], fold: int) -> list[Case]:
    """The cases of other folds, compared with articles of other folds only."""
    kept = {c.item.article.id for c in cases if fold_of(c.item.event) != fold}
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
    parser.add_argument("--write", action="store_true", help="write monitor/stages/fitted.py")
    parser.add_argument("--quick", action="store_true", help="fit and score on all, without holding out")
    parser.add_argument("--held-out", action="store_true", help="only score events held out: no fit on all")
    parser.add_argument("--left-out", action="store_true", help="hold out whole files, too")
    parser.add_argument("--vectors", type=Path, help="a file in which vectors are kept from run to run")
    wanted = parser.parse_args()
    meanings = Meanings(wanted.vectors)
    read = {name: read_events(wanted.folder / f"{name}.jsonl") for name in FILES}
    read |= {name: read_edition(seed) for name, seed in PRESS.items()}
    files = {name: compare_all(items, meanings) for name, items in read.items()}
    meanings.keep()
    kinds = {"by words alone": {name: by_words(cases) for name, cases in files.items()}, "with vectors": files}
    at = wanted.join_at[0]
    if wanted.held_out:
        scored = list(held_out_whole(read, kinds, meanings, at))
        for kind in kinds:
            its = ((name, s) for one, name, s in scored if one == kind)
            print_scores(f"{kind}, events held out, grouped whole, joins at {at}", its)
        return
    fitted = {kind: fit(of_kind, at) for kind, of_kind in kinds.items()}
    if wanted.write:
        write_fitted(fitted["by words alone"], fitted["with vectors"])
    for kind, of_kind in kinds.items():
        gold = {n: {c.item.id: c.item.event for c in cases} for n, cases in of_kind.items()}
        for at in wanted.join_at:
            chosen = replace(fitted[kind], join_at=at)
            print_scores(
                f"{kind}, fitted on all, joins at {at}",
                ((n, score(gold[n], clusters(c, chosen))) for n, c in of_kind.items()),
            )
        if not wanted.quick:
            print_scores(f"{kind}, events held out, joins at {wanted.join_at[0]}", held_out(of_kind, wanted.join_at[0]))
        if wanted.left_out:
            print_scores(f"{kind}, file left out, joins at {wanted.join_at[0]}", left_out(of_kind, wanted.join_at[0]))


if __name__ == "__main__":
    main()
