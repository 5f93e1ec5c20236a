"""A press at the end of its fortnight, served on loopback, and a way to ask it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from monitor.press import Press
from tests.conftest import ManualClock

START = datetime(2026, 3, 7, tzinfo=UTC)
END = START + timedelta(days=14)


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes


def ask(press: Press, host: str, path: str, method: str = "GET", **headers: str) -> Reply:
    """One request over loopback; header names are written with underscores."""
    connection = http.client.HTTPConnection("127.0.0.1", press.port, timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers={"Host": f"{host}.localhost:{press.port}", **named})
        answer = connection.getresponse()
        return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    """All is published."""
    with Press(ManualClock(END), start=START) as served:
        yield served


@pytest.fixture
def moving() -> Iterator[tuple[Press, ManualClock]]:
    """A press whose clock the test moves."""
    clock = ManualClock(START)
    with Press(clock, start=START, records_requests=True) as served:
        yield served, clock
