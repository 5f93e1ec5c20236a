"""A recording server and a fetcher that may ask it, for every test of the net."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_network

import pytest

from monitor.clock import SystemClock
from monitor.model import Clock, Fetched, FetchOutcome, FetchRequest
from monitor.net.client import Fetcher, user_agent
from tests.net.servers import RecordingServer

LOOPBACK = (ip_network("127.0.0.0/8"),)
WHO = user_agent("desk@newsroom.example", "https://newsroom.example")

MakeFetcher = Callable[..., Fetcher]


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as opened:
        yield opened


@pytest.fixture
def make_fetcher() -> Iterator[MakeFetcher]:
    """Makes fetchers without a gap and with a short deadline, unless a test says otherwise."""
    made: list[Fetcher] = []

    def make(
        *, clock: Clock | None = None, gap: float = 0.0, deadline: float = 5.0, allow: object = LOOPBACK
    ) -> Fetcher:
        fetcher = Fetcher(
            user_agent=WHO,
            clock=clock or SystemClock(),
            allow=allow,  # type: ignore[arg-type]
            host_gap=timedelta(seconds=gap),
            deadline_seconds=deadline,
        )
        made.append(fetcher)
        return fetcher

    yield make
    for fetcher in made:
        fetcher.close()


@pytest.fixture
def fetch(make_fetcher: MakeFetcher) -> Callable[[str | FetchRequest], FetchOutcome]:
    """Fetch one thing and wait for what became of it."""
    fetcher = make_fetcher()

    def ask(what: str | FetchRequest) -> FetchOutcome:
        return fetcher.submit(FetchRequest(url=what) if isinstance(what, str) else what).result(30)

    return ask


def fetched(outcome: FetchOutcome) -> Fetched:
    assert isinstance(outcome, Fetched), outcome
    return outcome
