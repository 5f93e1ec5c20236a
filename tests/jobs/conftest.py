"""What most tests of the verbs share: worker processes, which are slow to start, a server, and a desk that polls it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.jobs.workers import Workers
from monitor.store.database import Database
from tests.conftest import ManualClock
from tests.jobs.desk import Desk, make_fetcher
from tests.net.servers import RecordingServer


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """One process for the whole session; a test that breaks or closes workers opens its own."""
    with Workers(1) as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as opened:
        yield opened


@pytest.fixture
def desk(database: Database, clock: ManualClock, workers: Workers) -> Iterator[Desk]:
    with make_fetcher(clock) as fetcher:
        yield Desk(database, clock, fetcher, workers)
