"""The labelled headlines, their folds in time, and the fit of the relevance model on some of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.stages.relevance import Model, product, vector_of
from monitor.stages.relevance_fit import fit, fit_scale, sigmoid, table_of
from monitor.stages.relevance_words import BUCKETS, Passage, read_passage

FOLDS = 5
ABOUT_AI = ("stream_ai", "aiid", "provider")

Floats = NDArray[np.float64]
Halves = NDArray[np.float16]
Mask = NDArray[np.bool_]
Row = tuple[NDArray[np.int64], Floats]


@dataclass(frozen=True)
class Recipe:
    """How the model is made. The parts are left out one at a time by the benchmark.

    The shares say what each kind of example weighs together: those of the stream are few and the most like what will
    be read, so they weigh as much as thousands of others.
    """

    harm: Mapping[tuple[str, int], float] = field(
        default_factory=lambda: {("stream_ai", 1): 2.0, ("stream_ai", 0): 4.0, ("aiid", 1): 1.0, ("provider", 0): 0.5}
    )
    machine: Mapping[str, float] = field(
        default_factory=lambda: {"stream_ai": 2.0, "aiid": 1.0, "provider": 0.5, "stream_other": 6.0, "cyber": 0.5}
    )
    ridge: float = 3e-5
    has_words: bool = True
    has_pieces: bool = True
    more: NDArray[np.float64] | None = None  # further columns of each headline, of length 1


SHIPPED = Recipe()


@dataclass(frozen=True)
class Headlines:
    """All labelled headlines, in the order of the file."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    subset: NDArray[np.str_]
    label: Floats  # nan: borderline
    event: NDArray[np.str_]  # of the stream's AI headlines
    fold: NDArray[np.int64]

    @cached_property
    def passages(self) -> list[Passage]:
        return [read_passage(t) for t in self.titles]

    @property
    def is_stream(self) -> Mask:
        return np.isin(self.subset, ["stream_ai", "stream_other"])

    def view(self, name: str) -> Mask:
        inside = {"stream_ai": self.subset == "stream_ai", "stream": self.is_stream}[name]
        found: Mask = inside & ~np.isnan(self.label)
        return found

    def train_without(self, fold: int) -> Mask:
        """What may be learnt from to judge `fold`: other stretches of time, and no telling of its events."""
        here = self.fold == fold
        told = set(self.event[here]) - {""}
        found: Mask = ~here & ~np.isin(self.event, sorted(told))
        return found


def _records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def load_headlines(folder: Path) -> Headlines:
    """The headlines in `folder`/relevance, with five stretches of time of equally many stream headlines as folds.

    Headlines of the other subsets are cut into five runs of the file (which keeps an incident's reports together).
    """
    rows = _records(folder / "relevance" / "headlines.jsonl")
    events = {record["id"]: record["event"] for record in _records(folder / "events" / "stream2026.jsonl")}
    subset = np.array([r["subset"] for r in rows])
    stream = np.isin(subset, ["stream_ai", "stream_other"])
    fold = np.zeros(len(rows), np.int64)
    in_time = sorted(np.flatnonzero(stream), key=lambda i: (rows[i]["published"], i))
    groups = [in_time, *(np.flatnonzero(subset == s) for s in ("aiid", "provider", "cyber"))]
    for group in groups:
        for number, some in enumerate(np.array_split(np.array(group, np.int64), FOLDS)):
            fold[some] = number
    return Headlines(
        ids=tuple(r["id"] for r in rows),
        titles=tuple(r["title"] for r in rows),
        subset=subset,
        label=np.array([np.nan if r["label"] is None else float(r["label"]) for r in rows]),
        event=np.array([events.get(r["id"], "") for r in rows]),
        fold=fold,
    )


def rarity_of(passages: list[Passage]) -> Halves:
    """How rare each bucket is, smoothed (scikit-learn's formula); what was never seen is the rarest."""
    counts = np.zeros(BUCKETS)
    for passage in passages:
        for hashed in passage.hashed:
            counts[hashed] += 1
    return (np.log((1 + len(passages)) / (1 + counts)) + 1).astype(np.float16)


def _shares(data: Headlines, mask: Mask, kinds: Mapping[tuple[str, int], float] | Mapping[str, float]) -> Floats:
    shares = np.zeros(len(data.ids))
    for kind, whole in kinds.items():
        subset, label = kind if isinstance(kind, tuple) else (kind, None)
        found = mask & (data.subset == subset) & (True if label is None else data.label == label)
        shares[found] = whole / max(1, int(found.sum()))
    return shares


def learn(data: Headlines, mask: Mask, recipe: Recipe = SHIPPED) -> Model:
    """The two judgements learnt from the headlines of `mask`; not calibrated."""
    rarity = rarity_of([data.passages[i] for i in np.flatnonzero(mask)])
    harm, machine = _learn(data, mask, rarity, recipe)
    return Model(
        version="",
        rarity=rarity,
        harm=harm.astype(np.float16),
        machine=machine.astype(np.float16),
        slope=1.0,
        shift=0.0,
    )


def _learn(data: Headlines, mask: Mask, rarity: Halves, recipe: Recipe) -> tuple[Floats, Floats]:
    about = np.isin(data.subset, ABOUT_AI).astype(float)
    found = []
    for kinds, labels in ((recipe.harm, data.label), (recipe.machine, about)):
        shares = _shares(data, mask, kinds)
        used = np.flatnonzero(shares > 0)
        table = table_of([_row(data, i, rarity, recipe) for i in used.tolist()], _width(recipe))
        found.append(fit(table, labels[used], shares[used], ridge=recipe.ridge))
    return found[0], found[1]


def _width(recipe: Recipe) -> int:
    return BUCKETS + (0 if recipe.more is None else recipe.more.shape[1])


def _row(data: Headlines, number: int, rarity: Halves, recipe: Recipe) -> Row:
    passage = data.passages[number]
    columns, values = vector_of(passage, rarity)
    words = len(passage.hashed[0])
    kept = slice(0 if recipe.has_words else words, None if recipe.has_pieces else words)
    columns, values = columns[kept], values[kept]
    if recipe.more is not None:
        columns = np.append(columns, np.arange(BUCKETS, BUCKETS + recipe.more.shape[1]))
        values = np.append(values, recipe.more[number])
    return columns, values


def cross_judge(
    data: Headlines, recipe: Recipe = SHIPPED, *, folds: Iterable[int] = range(FOLDS)
) -> tuple[Floats, Floats]:
    """The log-odds of harm and of machine for each headline, by models that saw nothing of its stretch of time."""
    harm, machine = np.full(len(data.ids), np.nan), np.full(len(data.ids), np.nan)
    for fold in folds:
        seen, here = data.train_without(fold), np.flatnonzero(data.fold == fold)
        rarity = rarity_of([data.passages[i] for i in np.flatnonzero(seen)])
        weights = _learn(data, seen, rarity, recipe)
        table = table_of([_row(data, i, rarity, recipe) for i in here.tolist()], _width(recipe))
        harm[here], machine[here] = (table.dot(w) for w in weights)
    return harm, machine


def products(harm: Floats, machine: Floats) -> Floats:
    """The log-odds that both hold, headline by headline."""
    pairs = zip(harm.tolist(), machine.tolist(), strict=True)
    return np.array([product(h, m) if h == h else np.nan for h, m in pairs])


def calibrate(data: Headlines, said: Floats) -> Floats:
    """Probabilities: the scale of each stretch of time is learnt from how the others were judged."""
    told = np.full(len(said), np.nan)
    for fold in range(FOLDS):
        slope, shift = scale_of(data, said, data.fold != fold)
        here = data.fold == fold
        told[here] = sigmoid(slope * said[here] + shift)
    return told


def scale_of(data: Headlines, said: Floats, mask: Mask) -> tuple[float, float]:
    """The calibration that the stream's headlines of `mask` ask for."""
    used = mask & data.view("stream") & ~np.isnan(said)
    return fit_scale(said[used], data.label[used])
