"""How well the relevance model tells incidents from other news, on headlines that it did not learn from.

usage: python -m benchmarks.relevance FOLDER [--parts] [--vectors]

FOLDER holds relevance/headlines.jsonl and events/stream2026.jsonl (development data, not in this repository). Each
stretch of time (a fifth of the stream) is judged by a model that saw only the others, and no telling of an event of
that stretch; its scale comes from how the others were judged. Neither publisher nor subset nor id is read. Intervals
are 95 %, from 2,000 resamples of the headlines. A minute of processor time; --parts fits the model once more for each
part that is left out (5 minutes), --vectors once with the sentence vectors (5 minutes, most of it for the vectors).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.relevance_data import (
    FOLDS,
    SHIPPED,
    Headlines,
    Recipe,
    calibrate,
    cross_judge,
    load_headlines,
    products,
    rarity_of,
)
from monitor.jobs.relevance import shipped_model
from monitor.jobs.rulebook import read_rulebook
from monitor.jobs.score_file import score_record
from monitor.shipped import shipped_path
from monitor.shipped.encoder import find_encoder, open_encoder
from monitor.stages.relevance import read_article
from monitor.stages.relevance_fit import fit, table_of
from monitor.stages.relevance_learn import average_precision, calibration_error
from monitor.stages.relevance_words import BUCKETS
from monitor.stages.vectors import read_encoder

Floats = NDArray[np.float64]
RESAMPLES = 2_000


# --- measures ---------------------------------------------------------------------------------------------------


def auc(labels: Floats, said: Floats) -> float:
    """Area under the ROC curve, ties counting half (Mann and Whitney)."""
    _, place, counts = np.unique(said, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[place]
    happened = int(labels.sum())
    return float((ranks[labels == 1].sum() - happened * (happened + 1) / 2) / (happened * (len(labels) - happened)))


def recall_at(labels: Floats, said: Floats, budget: float) -> float:
    """Share of the incidents found among the first `budget` (a share) of all."""
    first = np.argsort(-said, kind="stable")[: max(1, round(budget * len(labels)))]
    return float(labels[first].sum() / labels.sum())


def interval(measure: Callable[[Floats, Floats], float], labels: Floats, said: Floats) -> tuple[float, float]:
    """95 % of what the measure is on resamples."""
    chance = np.random.default_rng(7)
    found: list[float] = []
    while len(found) < RESAMPLES:
        drawn = chance.integers(0, len(labels), len(labels))
        if 0 < labels[drawn].sum() < len(drawn):
            found.append(measure(labels[drawn], said[drawn]))
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


# --- the models -------------------------------------------------------------------------------------------------


def simple_method(data: Headlines) -> Floats:
    """TF-IDF of words and one logistic regression on all labels, five random folds: what the goals are set beside."""
    chance = np.random.default_rng(0)
    known = np.flatnonzero(~np.isnan(data.label))
    said = np.full(len(data.ids), np.nan)
    folds = chance.permutation(len(known)) % FOLDS
    for number in range(FOLDS):
        seen, here = known[folds != number], known[folds == number]
        rarity = rarity_of([data.passages[i] for i in seen.tolist()]).astype(np.float64)
        rows = {i: _words_of(data, i, rarity) for i in known.tolist()}
        # C = 10 of the customary implementation
        table = table_of([rows[i] for i in seen.tolist()], BUCKETS)
        weights = fit(table, data.label[seen], np.ones(len(seen)), ridge=0.1 / len(seen))
        said[here] = table_of([rows[i] for i in here.tolist()], BUCKETS).dot(weights)
    return said


def _words_of(data: Headlines, number: int, rarity: Floats) -> tuple[NDArray[np.int64], Floats]:
    columns = data.passages[number].hashed[0]
    values = rarity[columns]
    return columns, values / (float(np.sqrt(values @ values)) or 1.0)


def parts(data: Headlines) -> Iterator[tuple[str, Floats]]:
    """The model with one part left out at a time."""
    harm = SHIPPED.harm
    yield "without pieces of words", _of(data, replace(SHIPPED, has_pieces=False))
    yield "without words and pairs", _of(data, replace(SHIPPED, has_words=False))
    for name, subset in (("AI Incident Database headlines", "aiid"), ("providers' posts", "provider")):
        kept = {kind: share for kind, share in harm.items() if kind[0] != subset}
        yield f"without {name} (judgement on harm)", _of(data, replace(SHIPPED, harm=kept))
    yield "every example weighing the same", _of(data, _unweighted(data))


def _unweighted(data: Headlines) -> Recipe:
    def many(subset: str, label: int | None = None) -> float:
        found = (data.subset == subset) & (True if label is None else data.label == label)
        return float(found.sum())

    return replace(
        SHIPPED,
        harm={kind: many(*kind) for kind in SHIPPED.harm},
        machine={subset: many(subset) for subset in SHIPPED.machine},
    )


def _of(data: Headlines, recipe: Recipe) -> Floats:
    return products(*cross_judge(data, recipe))


def vectors_of(data: Headlines) -> Floats | None:
    """The sentence vector of each headline; None where the optional package is not installed."""
    folder = find_encoder()
    if folder is None:
        return None
    packed = read_encoder(*open_encoder(folder)).encode(data.titles)
    found = np.array([np.frombuffer(p, np.int8) if p else np.zeros(384, np.int8) for p in packed]).astype(np.float64)
    lengths = np.sqrt((found**2).sum(1, keepdims=True))
    vectors: Floats = found / np.maximum(lengths, 1e-9)
    return vectors


# --- the table --------------------------------------------------------------------------------------------------


def line(data: Headlines, said: Floats) -> str:
    """AUC and average precision of the AI headlines; average precision and recall in the whole stream."""
    ai, stream = data.view("stream_ai"), data.view("stream")
    of_ai, of_stream = (data.label[ai], said[ai]), (data.label[stream], said[stream])
    return (
        f"{auc(*of_ai):.3f}  {average_precision(*of_ai):.3f}  |  {average_precision(*of_stream):.3f}  "
        f"{recall_at(*of_stream, 0.05):.3f}  {recall_at(*of_stream, 0.10):.3f}"
    )


def tell(data: Headlines, harm: Floats, machine: Floats) -> None:
    """The figures of the model, with intervals."""
    said = products(harm, machine)
    told = calibrate(data, said)
    ai, stream = data.view("stream_ai"), data.view("stream")
    rows: list[tuple[str, Callable[[Floats, Floats], float], NDArray[np.bool_], Floats]] = [
        ("stream_ai  AUC", auc, ai, said),
        ("stream_ai  average precision", average_precision, ai, said),
        ("stream_ai  calibration error", calibration_error, ai, told),
        ("stream     AUC", auc, stream, said),
        ("stream     average precision", average_precision, stream, said),
        ("stream     recall at 5 %", lambda y, s: recall_at(y, s, 0.05), stream, said),
        ("stream     recall at 10 %", lambda y, s: recall_at(y, s, 0.10), stream, said),
        ("stream     calibration error", calibration_error, stream, told),
    ]
    print(f"{int(data.label[ai].sum())} incidents among {int(ai.sum())} AI headlines, {int(stream.sum())} in all")
    for name, measure, mask, values in rows:
        low, high = interval(measure, data.label[mask], values[mask])
        print(f"  {name:30s} {measure(data.label[mask], values[mask]):.3f}   ({low:.3f} to {high:.3f})")


def tell_cost(data: Headlines) -> None:
    """What an article costs, with the shipped model: to judge it, and with all that `monitor score` says of it."""
    model, rules = shipped_model(), read_rulebook()
    size = shipped_path("relevance.npz").stat().st_size / 1e6
    lead = " ".join(data.titles[:12])
    some = data.titles[:2_000]
    for name, text in (("headline", ""), ("headline and beginning of the text", lead)):
        begun = time.process_time()
        for number, title in enumerate(some):
            read_article(title, text and f"{number} {text}", model, is_explained=False)
        judged = time.process_time()
        for number, title in enumerate(some):
            score_record({"id": number, "title": title, "text": text and f"{number} {text}"}, rules)
        scored = time.process_time()
        print(
            f"  {name:36s} {(judged - begun) / len(some) * 1e3:.2f} ms of processor time to judge,"
            f" {(scored - judged) / len(some) * 1e3:.2f} with suggestions and reasons"
        )
    print(f"  on disk {size:.2f} MB")


def main(argv: list[str]) -> None:
    """Print it."""
    if not argv or argv[0].startswith("-"):
        sys.exit(__doc__)
    data = load_headlines(Path(argv[0]))
    columns = "stream_ai AUC, AP  |  stream AP, recall at 5 %, at 10 %"
    print(f"simple method, random folds      {line(data, simple_method(data))}   ({columns})")
    harm, machine = cross_judge(data)
    print(f"this model, by time              {line(data, products(harm, machine))}")
    print(f"  the judgement on harm alone    {line(data, harm)}")
    print(f"  that on AI systems alone       {line(data, machine)}")
    tell(data, harm, machine)
    tell_cost(data)
    if "--parts" in argv:
        for name, said in parts(data):
            print(f"{name:60s} {line(data, said)}", flush=True)
    if "--vectors" in argv and (vectors := vectors_of(data)) is not None:
        print(f"{'with sentence vectors besides':60s} {line(data, _of(data, replace(SHIPPED, more=vectors)))}")


if __name__ == "__main__":
    main(sys.argv[1:])
