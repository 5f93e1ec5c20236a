"""A day of polls, some of them hostile: after the first hours neither memory nor open files grow (F16).

A simulated day of the same rounds as a real one, with fewer sources: what leaks, leaks with each round or each source.
"""

from __future__ import annotations

import gc
import os
import socket
from contextlib import suppress
from pathlib import Path

from monitor.jobs.workers import Workers
from monitor.model import SourceId
from monitor.store.database import Database
from monitor.store.entries import list_entries
from tests.conftest import ManualClock
from tests.jobs.desk import Desk, make_fetcher, rss, vouched
from tests.net.servers import Answer, Recorded, RecordingServer, http

HOURS, FLAT_AFTER = 24, 6  # the libraries' own caches are full by then
SOURCES, HOSTILE = 30, 3  # every tenth, which is more than there are outside
GROWTH_KIB = 6_000  # of all processes: a leak of one document a poll would be ten times as much


def grows(clock: ManualClock, number: int) -> Answer:
    """The last two hours' entries, two an hour."""

    def answer(request: Recorded, connection: socket.socket) -> bytes:
        hour = int(clock.now().timestamp()) // 3600
        titles = [f"s{number} at {h} no {n} {'word ' * 200}" for h in (hour, hour - 1) for n in range(2)]
        return vouched(rss(*titles), f'"{hour}"')

    return answer


def hangs_up(request: Recorded, connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


HOSTILES: tuple[Answer, ...] = (
    hangs_up,
    http(200, b"<rss><channel>" + b"<item><title>x" * 200),
    http(200, b"\x1f\x8b" + os.urandom(100_000), ("Content-Encoding", "gzip")),
)


def memory_kib() -> int:
    """Resident, of this process and of its children."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return sum(_resident_kib(pid) for pid in ("self", *children))


def _resident_kib(pid: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


def test_after_some_hours_memory_and_open_files_stay_as_they_are_f16(
    sqlite_database: Database, clock: ManualClock
) -> None:
    with RecordingServer() as server, Workers(1, expects_pages=False) as workers, make_fetcher(clock) as fetcher:
        desk = Desk(sqlite_database, clock, fetcher, workers)
        for number in range(SOURCES):
            server.answers[f"/{number}"] = HOSTILES[number] if number < HOSTILE else grows(clock, number)
            desk.add(f"s{number}", server.url(f"/{number}", host=f"s{number}.localhost"))
        seen = []
        for hour in range(HOURS):
            desk.poll(*(SourceId(f"s{number}") for number in range(SOURCES)))
            server.requests.clear()
            clock.advance(hours=1)
            if hour >= FLAT_AFTER:
                gc.collect()
                seen.append((memory_kib(), sum(1 for _ in Path("/proc/self/fd").iterdir())))
    first, last = seen[0], seen[-1]
    assert last[0] - first[0] < GROWTH_KIB, seen
    assert last[1] <= first[1] + 2, seen
    with sqlite_database.read() as tx:
        healthy = [len(list_entries(tx, source=SourceId(f"s{n}"), limit=500)) for n in range(HOSTILE, SOURCES)]
    assert min(healthy) == max(healthy) == 2 * (HOURS + 1), "and everything came, once"
