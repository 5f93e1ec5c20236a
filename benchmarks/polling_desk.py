"""How the desk answers while everything comes in: python -m benchmarks.polling_desk [N] [--apart]

A newsroom is started as an operator starts it (`monitor run`; with --apart, `monitor serve` beside `monitor work`) with
N feeds (1,000) that it has never asked. From the moment an editor is signed in until the last feed is stored, that
editor opens page after page, one at a time; then again, with nothing left to poll, to compare: what else the machine
has to do shows in both.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.polling import serving
from benchmarks.polling_peers import ROOT, count_polls
from benchmarks.polling_server import feed_url
from monitor.clock import SystemClock
from monitor.jobs.people import add_editor
from monitor.model import Role
from monitor.store.database import Database
from monitor.store.migrate import upgrade

PAGES = ("/healthz", "/desk/queue", "/desk/sources", "/desk/sources/f0", "/desk/wires", "/desk/candidates/1")
IDLE = 40  # rounds over all pages, once every feed is in
PAUSE = 0.05  # seconds between two pages: an editor in a hurry
NAME, PASSWORD = "benchmark", "a long sentence to remember"
PATIENCE = 1_200.0  # seconds for the whole round


def write_sources(path: Path, port: int, feeds: int) -> None:
    lines = ["publishers:", "  - {id: press, name: The Press, domains: [press.example]}", "sources:"]
    lines += [
        f"  - {{id: f{n}, name: Feed {n}, url: '{feed_url(n, port)}', publisher: press, origin: press,"
        " tier: secondary}"
        for n in range(feeds)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@contextmanager
def newsroom(folder: Path, *, is_apart: bool) -> Iterator[str]:
    """The address of a running newsroom."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        own = free.getsockname()[1]
    env = os.environ | {
        "MONITOR_DATA_DIR": str(folder),
        "MONITOR_SOURCES": str(folder / "feeds.yaml"),
        "MONITOR_ALLOW_ADDRESSES": "127.0.0.0/8",
        "MONITOR_CONTACT": "benchmark@example.org",
        "MONITOR_PORT": str(own),
        "MONITOR_LOG_LEVEL": "warning",
        "PYTHONPATH": str(ROOT),
    }
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "monitor", command], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for command in (("work", "serve") if is_apart else ("run",))
    ]
    try:
        yield f"http://127.0.0.1:{own}"
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(60)


def sign_in(client: httpx.Client) -> None:
    ends = time.monotonic() + 120
    while True:
        try:
            form = client.get("/desk/login").text
            break
        except httpx.TransportError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)
    csrf = re.search(r'name="csrf"[^>]*? value="([^"]*)"', form)
    assert csrf is not None
    said = client.post("/desk/login", data={"csrf": csrf[1], "name": NAME, "password": PASSWORD})
    assert said.status_code == 303, said


def watch(client: httpx.Client, database: Database, feeds: int) -> tuple[dict[str, list[float]], int]:
    """Milliseconds for each answer, by page, until all feeds are polled; and how many are."""
    taken: dict[str, list[float]] = {page: [] for page in PAGES}
    ends = time.monotonic() + PATIENCE
    done = 0
    while done < feeds and time.monotonic() < ends:
        open_each(client, taken)
        done = count_polls(database)
    return taken, done


def open_each(client: httpx.Client, taken: dict[str, list[float]]) -> None:
    """Each page once; what took how long is added to `taken`."""
    for page, values in taken.items():
        began = time.perf_counter()
        answer = client.get(page)
        values.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200 or (answer.status_code == 404 and "candidates" in page), (page, answer)
        time.sleep(PAUSE)


def rest(client: httpx.Client) -> dict[str, list[float]]:
    """The same once nothing is left to poll."""
    taken: dict[str, list[float]] = {page: [] for page in PAGES}
    for _ in range(IDLE):
        open_each(client, taken)
    return taken


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of them do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("feeds", nargs="?", type=int, default=1000)
    parser.add_argument("--apart", action="store_true", help="two processes: monitor serve beside monitor work")
    given = parser.parse_args()
    feeds: int = given.feeds
    with serving() as port, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_sources(folder / "feeds.yaml", port, feeds)
        database = Database(f"sqlite:///{folder}/monitor.db")
        upgrade(database)
        add_editor(database, SystemClock(), NAME, role=Role.EDITOR, password=PASSWORD)
        with (
            newsroom(folder, is_apart=given.apart) as base,
            httpx.Client(base_url=base, headers={"Origin": base}, trust_env=False, timeout=60) as client,
        ):
            sign_in(client)
            already, began = count_polls(database), time.monotonic()
            taken, done = watch(client, database, feeds)
            seconds = time.monotonic() - began
            idle = rest(client)
        database.close()
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    print(f"{done - already} feeds came in within {seconds:.0f} s; {load}")
    for name, values_of in (("during the cold round", taken), ("after it", idle)):
        show(name, values_of)


def show(name: str, taken: dict[str, list[float]]) -> None:
    print(f"\n{name:22} answers   p50 ms   p95 ms   p99 ms   max ms")
    everything = [each for values in taken.values() for each in values]
    for page, values in (*taken.items(), ("all", everything)):
        shares = " ".join(f"{percentile(values, share):8.0f}" for share in (0.5, 0.95, 0.99))
        print(f"{page:22} {len(values):7} {shares} {max(values):8.0f}")


if __name__ == "__main__":
    main()
