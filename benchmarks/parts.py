"""What each part of the fit adds: python -m benchmarks.parts FOLDER [--vectors FILE] [--grouped]

How well pairs of articles about one event are told from the others that resemble each other, on events that the fit has
not seen: average precision, which asks for no threshold, so that it shows small differences that a grouping's figures
drown in chance. First the parts are added one after the other, then each is left out of all. With --grouped, whole
groupings are scored instead, with a part left out and the rest fitted anew, with fewer trees; that takes an hour. Both
by the first articles of each file, so that none outweighs the others.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from benchmarks.events import FILES, read_events
from benchmarks.fit_grouping import (
    ALL_FEATURES,
    FOLDS,
    MEANT,
    PRESS,
    SHARES,
    Case,
    Floats,
    Rows,
    compare_all,
    fold_of,
    held_out,
    read_edition,
    regress,
    together,
)
from benchmarks.meanings import Meanings
from monitor.stages.fitted import JOIN_AT
from monitor.stages.similarity import PAIR_FEATURES

FIRST = 700  # articles of each file
FEWER_TREES = 100
_NAMES = frozenset(n for n in PAIR_FEATURES if "name" in n)
_NUMBERS = frozenset(n for n in PAIR_FEATURES if "number" in n)
_TIME = frozenset({"days", "long_ago", "is_old"})
_PLACES = frozenset(
    {"title_cosine", "title_covered", "title_covered_least", "title_words", "lead_cosine", "lead_title"}
)
_HANDS = frozenset({"phrases", "own_phrases", "same_publisher", "same_page", "outage"})
_MEANING = frozenset(n for n in PAIR_FEATURES if "meaning" in n)
_WORDS = frozenset(PAIR_FEATURES) - _NAMES - _NUMBERS - _TIME - _PLACES - _HANDS - _MEANING
PARTS = {
    "words": _WORDS,
    "where they stand: titles and leads": _PLACES,
    "names": _NAMES,
    "numbers": _NUMBERS,
    "time": _TIME,
    "quotations, publishers, pages, outages": _HANDS,
    "vectors": _MEANING,
}
GROUPED = {
    "everything": frozenset[str](),
    "without names": frozenset(n for n in ALL_FEATURES if "name" in n),
    "without numbers": frozenset(n for n in ALL_FEATURES if "number" in n),
    "without time": _TIME | {"quiet", "days_texts", "joining_days"},
    "without vectors": MEANT,
    "without what is told now": frozenset(n for n in ALL_FEATURES if "burst" in n),
    "without how often articles join here": frozenset(n for n in ALL_FEATURES if "joining" in n),
    "without rivals": frozenset({"margin", "rivals", "meaning_margin"}),
}


@dataclass(frozen=True, slots=True)
class Pairs:
    """Articles of a file, each beside its neighbours."""

    features: Floats
    truths: Floats
    folds: Floats  # of the article's event, and of the neighbour's

    @classmethod
    def of(cls, cases: Sequence[Case]) -> Pairs:
        known = {case.item.article.id: case.item.event for case in cases}
        asked = [case for case in cases if case.copied is None]
        met = [(case.item.event, known[n.telling.article], n.features) for case in asked for n in case.neighbours]
        return cls(
            np.array([features for _, _, features in met]),
            np.array([float(one == other) for one, other, _ in met]),
            np.array([[fold_of(one), fold_of(other)] for one, other, _ in met]),
        )


def average_precision(truths: Floats, scores: Floats) -> float:
    """The mean, over the true ones, of the share of true ones among those with as high a score or a higher one."""
    ordered = truths[np.argsort(-scores, kind="stable")]
    found = ordered.cumsum()
    return float((found / np.arange(1, len(found) + 1))[ordered > 0].mean())


def precisions(files: Mapping[str, Pairs], kept: frozenset[str]) -> list[float]:
    """For each file the average precision of a regression over the features `kept`, fitted without those events."""
    places = [place for place, name in enumerate(PAIR_FEATURES) if name in kept]
    scores = {name: np.zeros(len(pairs.truths)) for name, pairs in files.items()}
    for fold in range(FOLDS):
        learnt = []
        for name, pairs in files.items():
            is_seen = (pairs.folds != fold).all(1)
            weight = SHARES[name] * 10_000 / is_seen.sum()
            rows = Rows(pairs.features[is_seen][:, places], pairs.truths[is_seen], np.full(int(is_seen.sum()), weight))
            learnt.append(rows)
        intercept, coefficients = regress(together(learnt))
        for name, pairs in files.items():
            is_asked = pairs.folds[:, 0] == fold
            scores[name][is_asked] = pairs.features[is_asked][:, places] @ np.array(coefficients) + intercept
    return [average_precision(pairs.truths, scores[name]) for name, pairs in files.items()]


def print_pairs(files: Mapping[str, Pairs]) -> None:
    """A row for each part added, then for each left out."""
    _head([*files, "mean"])
    cosine = PAIR_FEATURES.index("cosine")
    untaught = [average_precision(pairs.truths, pairs.features[:, cosine]) for pairs in files.values()]
    _row("cosine of words, nothing learnt", untaught)
    kept: frozenset[str] = frozenset()
    for title, features in PARTS.items():
        kept |= features
        _row(f"+ {title}" if kept != features else f"{title}, learnt on pairs", precisions(files, kept))
    for title, features in PARTS.items():
        _row(f"all without {title}", precisions(files, kept - features))


def print_groupings(files: Mapping[str, Sequence[Case]]) -> None:
    """BCubed F1 and pairwise F1 on events held out, when a part is left out and the rest is fitted anew."""
    _head([*files])
    ways: dict[str, dict[str, Any]] = {
        title: {"without": without, "trees": FEWER_TREES} for title, without in GROUPED.items()
    }
    for title, parts in (ways | {"without trees": {"trees": 0}}).items():
        scores = dict(held_out(files, JOIN_AT, rounds=0, **parts))
        print(f"| {title} | {' | '.join(f'{s.bcubed:.3f} / {s.pairs:.3f}' for s in scores.values())} |", flush=True)


def _head(names: Sequence[str]) -> None:
    print(f"| | {' | '.join(names)} |\n|---|{'---|' * len(names)}")


def _row(title: str, values: Sequence[float]) -> None:
    print(f"| {title} | {' | '.join(f'{v:.3f}' for v in values)} | {fmean(values):.3f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vectors", type=Path, help="a file in which vectors are kept from run to run")
    parser.add_argument("--grouped", action="store_true", help="score whole groupings")
    wanted = parser.parse_args()
    meanings = Meanings(wanted.vectors)
    files = {name: compare_all(read_events(wanted.folder / f"{name}.jsonl"), meanings) for name in FILES}
    files |= {name: compare_all(read_edition(seed), meanings) for name, seed in PRESS.items()}
    meanings.keep()
    files = {name: cases[:FIRST] for name, cases in files.items()}
    if wanted.grouped:
        print_groupings(files)
    else:
        print_pairs({name: Pairs.of(cases) for name, cases in files.items()})


if __name__ == "__main__":
    main()
