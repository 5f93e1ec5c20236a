"""What a round of polls holds in memory: the documents under way, and none that is done with."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

import pytest

from monitor.jobs.workers import Workers
from monitor.model import Fetched, FetchRequest, ParsedFeed
from monitor.store.database import Database
from tests.conftest import ManualClock
from tests.jobs.test_poll import Desk, make_fetcher, rss, vouched
from tests.net.servers import RecordingServer


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1, expects_pages=False) as opened:
        yield opened


@pytest.fixture
def unswept() -> Iterator[None]:
    """Nothing is collected but by its last reference."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def held(kind: type, *, at_most: int) -> int:
    """How many of `kind` are there, once other threads have let go of theirs."""
    ends = time.monotonic() + 10
    while (count := sum(type(thing) is kind for thing in gc.get_objects())) > at_most and time.monotonic() < ends:
        time.sleep(0.05)
    return count


@pytest.mark.usefixtures("unswept")
def test_an_answer_goes_with_whoever_asked(clock: ManualClock) -> None:
    with RecordingServer({"/": vouched(rss("a"))}) as server, make_fetcher(clock) as fetcher:
        for _ in range(5):
            assert isinstance(fetcher.submit(FetchRequest(url=server.url())).result(10), Fetched)
        assert held(Fetched, at_most=1) <= 1  # a thread that waits for the next still names the last


def test_no_document_is_held_once_it_is_stored(sqlite_database: Database, clock: ManualClock, workers: Workers) -> None:
    with RecordingServer() as server, make_fetcher(clock) as fetcher:
        desk = Desk(sqlite_database, clock, fetcher, workers)
        for name in "abcdefgh":
            server.answers[f"/{name}"] = vouched(rss(name))
            desk.add(name, server.url(f"/{name}", host=f"{name}.localhost"))
        gc.collect()
        gc.disable()
        try:
            assert desk.outcomes() == ["new"] * 8
            assert held(Fetched, at_most=1) <= 1
            assert held(ParsedFeed, at_most=1) <= 1
        finally:
            gc.enable()
