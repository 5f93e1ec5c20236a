"""Copies, source counts and events, pinned on the simulated press, which knows its truth."""

from __future__ import annotations

from benchmarks.press_events import START, score_press
from monitor.press.edition import compose


def test_the_press_is_grouped_and_counted_as_well_as_ever() -> None:
    found = score_press(compose(seed=1, start=START))
    assert found.copy_precision >= 0.99
    assert found.copy_recall >= 0.97
    assert found.counted_right >= 0.87
    assert found.one_candidate >= 0.81
    assert found.clusters.bcubed >= 0.96
    assert found.clusters.pairs >= 0.95
