"""Gates of the relevance model, small enough for every run: one stretch of time, and a hundred simulated decisions.

The figures themselves come from `python -m benchmarks.relevance` and `python -m benchmarks.relevance_learning`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.relevance import auc, recall_at
from benchmarks.relevance_data import cross_judge, load_headlines, products
from benchmarks.relevance_learning import simulate
from monitor.stages.relevance_learn import average_precision

LATEST = 4  # the last fifth of the stream in time: 16 incidents


@pytest.mark.data
def test_the_newest_stretch_of_time_is_judged_by_what_came_before_and_elsewhere(data_dir: Path) -> None:
    data = load_headlines(data_dir)
    said = products(*cross_judge(data, folds=[LATEST]))
    ai = data.view("stream_ai") & (data.fold == LATEST)
    stream = data.view("stream") & (data.fold == LATEST)
    assert auc(data.label[ai], said[ai]) >= 0.88
    assert average_precision(data.label[ai], said[ai]) >= 0.5
    assert recall_at(data.label[stream], said[stream], 0.10) >= 0.85


def test_a_hundred_decisions_teach_what_the_shipped_model_could_not_know() -> None:
    *_, last = simulate(2, 100, step=100, left_out=[1])
    assert last.adopted == 1
    assert last.learnt >= last.shipped + 0.1
