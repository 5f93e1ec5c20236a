"""Grouping, pinned on labelled events with the one setting that ships. Lowering a pin is an explicit act in review."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.events import read_events, replay, score
from monitor.jobs.archive import import_archive
from monitor.stages.codebook import ProviderIndex
from monitor.store.database import Database
from monitor.store.window import list_places
from tests.conftest import ManualClock

pytestmark = pytest.mark.data
PINS = {  # file → digest of the data, BCubed F1, pairwise F1
    "stream2026": ("881c9b656dc20cac", 0.946, 0.575),
    "ecbplus": ("755f31438d854aba", 0.866, 0.823),
    "newswcl50": ("7cf18cb4037647b9", 1.0, 1.0),
}


@pytest.mark.parametrize("name", PINS)
def test_events_are_grouped_as_well_as_ever(data_dir: Path, name: str) -> None:
    path = data_dir / "events" / f"{name}.jsonl"
    digest, bcubed, pairs = PINS[name]
    assert hashlib.sha256(path.read_bytes()).hexdigest()[:16] == digest, "other data: pin anew, on purpose"
    items = read_events(path)
    found = score({item.id: item.event for item in items}, replay(items))
    assert found.bcubed >= bcubed
    assert found.pairs >= pairs


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
