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
from tests.jobs.desk import Desk, make_fetcher, rss, vouched
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


THREADS = 2  # that may wait for the next document with the last one still in a name of theirs


def count(kind: type) -> int:
    return sum(type(thing) is kind for thing in gc.get_objects())


def held(kind: type, *, before: int) -> int:
    """How many of `kind` are there that were not `before`, once other threads have let go of theirs."""
    ends = time.monotonic() + 10
    while (more := count(kind) - before) > THREADS and time.monotonic() < ends:
        time.sleep(0.5)  # seldom: to look at all there is can break a tuple that another thread is making
    return more


@pytest.mark.usefixtures("unswept")
def test_an_answer_goes_with_whoever_asked(clock: ManualClock) -> None:
    with RecordingServer({"/": vouched(rss("a"))}) as server, make_fetcher(clock) as fetcher:
        before = count(Fetched)
        for _ in range(8):
            assert isinstance(fetcher.submit(FetchRequest(url=server.url())).result(10), Fetched)
        assert held(Fetched, before=before) <= THREADS


def test_no_document_is_held_once_it_is_stored(sqlite_database: Database, clock: ManualClock, workers: Workers) -> None:
    with RecordingServer() as server, make_fetcher(clock) as fetcher:
        desk = Desk(sqlite_database, clock, fetcher, workers)
        for name in "abcdefgh":
            server.answers[f"/{name}"] = vouched(rss(name))
            desk.add(name, server.url(f"/{name}", host=f"{name}.localhost"))
        gc.collect()
        gc.disable()
        before = count(Fetched), count(ParsedFeed)
        try:
            assert desk.outcomes() == ["new"] * 8
            assert held(Fetched, before=before[0]) <= THREADS
            assert held(ParsedFeed, before=before[1]) <= THREADS
        finally:
            gc.enable()
