"""A whole newsroom as processes: `monitor` as a person starts it, and a round of all jobs that a test can kill.

A round has a clock of its own and tells each of its steps, so that whoever reads along can end it after any of them.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from sqlalchemy import text

from monitor.jobs.deduplicate import deduplicate
from monitor.jobs.extract import extract
from monitor.jobs.poll import poll
from monitor.jobs.publish import publish
from monitor.jobs.rulebook import Rulebook, read_rulebook
from monitor.jobs.sections import House
from monitor.jobs.sections.feeds import Feeds
from monitor.jobs.sync import sync
from monitor.jobs.workers import Workers
from monitor.model import Progress
from monitor.net.client import Fetcher
from monitor.press import Press
from monitor.press.events import read_publishers
from monitor.stages.syndicate import Site
from monitor.store.database import Database
from tests.conftest import ManualClock

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 120  # for a machine that is busy with other tests; nothing here takes nearly as long
LINK = re.compile(r"http://\S+/desk/first\?token=\S+")


# --- monitor, as a process ----------------------------------------------------------------------------------------


def environment(folder: Path, **settings: object) -> dict[str, str]:
    """The environment of a `monitor` that keeps all it has in `folder`, and of nobody else's settings."""
    inherited = {
        k: v for k, v in os.environ.items() if not k.startswith("MONITOR_") and not k.lower().endswith("_proxy")
    }
    named = {
        "data_dir": folder / "var",
        "contact": "desk@newsroom.example",
        "allow_addresses": "127.0.0.0/8",
        "workers": 1,
        **settings,
    }
    return {**inherited, "PYTHONPATH": str(ROOT), **{f"MONITOR_{k.upper()}": str(v) for k, v in named.items()}}


@dataclass
class Monitor:
    """`monitor run`, `serve` or `work` in a process of its own; what it says goes into a file. A context manager."""

    verb: str
    folder: Path
    settings: Mapping[str, object]
    port: int = 0
    process: subprocess.Popen[bytes] = field(init=False)

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port()
        self._said, self._complained = self.folder / f"{self.verb}.out", self.folder / f"{self.verb}.err"
        with self._said.open("wb") as out, self._complained.open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "monitor", self.verb], cwd=self.folder, stdout=out, stderr=err,
                env=environment(self.folder, port=self.port, **self.settings),
            )  # fmt: skip
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        return self._said.read_text()

    @property
    def complained(self) -> str:
        """All of standard error, on one line."""
        return " ".join(self._complained.read_text().split())

    def wait_for(self, condition: Callable[[], object]) -> None:
        """Until `condition` holds, while the process lives."""

        def holds() -> bool:
            assert self.process.poll() is None, f"it ended with {self.process.returncode}: {self.complained[-2000:]}"
            return bool(condition())

        wait_until(holds, lambda: self.complained)

    def answers(self) -> bool:
        """Whether the web side is up."""
        try:
            return httpx.get(f"{self.url}/healthz", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> float:
        """Interrupt it as Ctrl-C does; the seconds until it was gone. Its exit status must be 0."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(timeout=PATIENCE_SECONDS)
        assert status == 0, self.complained[-2000:]
        return time.monotonic() - began


def wait_until(condition: Callable[[], object], explain: Callable[[], str] = str) -> None:
    """Look at what other processes do until `condition` holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS} s: {explain()[-2000:]}"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# --- what there is ------------------------------------------------------------------------------------------------


def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    """What `query` finds."""
    with database.read() as tx:
        return [tuple(row) for row in tx.execute(text(query))]


def number(database: Database, query: str) -> int:
    """The one number that `query` finds."""
    ((found,),) = rows(database, query)
    return int(found)


def is_all_done(database: Database) -> bool:
    """Whether every source was polled, every entry extracted and every article grouped."""
    left = (
        "SELECT count(*) FROM poll_states WHERE last_polled_at IS NULL",
        "SELECT count(*) FROM entries WHERE article_id IS NULL",
        "SELECT count(*) FROM articles WHERE grouping_due IS NOT NULL",
    )
    return not any(number(database, query) for query in left) and number(database, "SELECT count(*) FROM sources") > 0


def stock(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Entries, articles and candidates, told by what they are and not by when and under which number they came."""
    grouped: dict[int, list[str]] = {}
    for candidate, url in rows(
        database, "SELECT candidate_id, canonical_url FROM memberships JOIN articles ON articles.id = article_id"
    ):
        grouped.setdefault(candidate, []).append(url)
    return {
        "entries": sorted(rows(database, "SELECT source_id, guid, title, digest FROM entries")),
        "articles": sorted(
            rows(database, "SELECT canonical_url, title, text, publisher_id, note FROM articles"), key=str
        ),
        "candidates": sorted(tuple(sorted(urls)) for urls in grouped.values()),
    }


def feeds_asked(press: Press) -> list[str]:
    """The feeds that were asked for, as addresses, in order."""
    paths = feed_urls(press)
    return [url for r in press.requests if (url := press.root(r.host) + r.path) in paths]


def feed_urls(press: Press) -> set[str]:
    """The addresses of the feeds in `catalogue`."""
    return {press.root(p.id) + p.sources[0].path for p in read_publishers() if len(p.sources) == 1}


def catalogue(press: Press) -> str:
    """A feeds.yaml of the press's publishers that have one feed: where one host has several, each waits its turn."""
    several = [json.dumps(p.id) for p in read_publishers() if len(p.sources) > 1]
    lines = press.catalogue_yaml().splitlines(keepends=True)
    return "".join(line for line in lines if not any(f"publisher: {p}" in line for p in several))


# --- a round of all jobs ------------------------------------------------------------------------------------------


def work_through(
    database: Database,
    clock: ManualClock,
    *,
    sources: Path,
    folder: Path,
    rules: Rulebook,
    step: Progress,
) -> None:
    """All jobs once, in order, each until it finds nothing more; `step` after each thing that is done."""
    sync(database, clock, path=sources)
    allow = [ip_network("127.0.0.0/8")]
    with (
        Workers(1) as workers,
        Fetcher(user_agent="Monitor/test", clock=clock, allow=allow, host_gap=timedelta()) as fetcher,
    ):
        poll(database, clock, fetcher, workers, owner="test", progress=step)
        extract(database, clock, fetcher, workers, owner="test", progress=step)
    deduplicate(database, clock, owner="test", providers=rules.index, progress=step)
    site = Site(name="Test", base_url="http://newsroom.example", codebook=rules.codebook, providers=rules.providers)
    sections = (Feeds(House(site=site, guide=rules.guide)),)
    publish(database, clock, public_dir=folder, site=site, sections=sections, progress=step)


@dataclass
class Rounds:
    """Rounds of all jobs on one database, each in a process that is killed. A context manager.

    The processes are forked from one that has loaded all libraries, so that a round costs little more than its work.
    """

    database: str
    sources: Path
    folder: Path
    program: str = "from tests.newsroom import fork_rounds"  # what a round is: it names a `fork_rounds`

    def __enter__(self) -> Self:
        code = f"import sys; {self.program}; fork_rounds(*sys.argv[1:])"
        self._process = subprocess.Popen(
            [sys.executable, "-c", code, self.database, str(self.sources), str(self.folder)],
            cwd=ROOT, env=environment(self.folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._ask, self._heard = self._process.stdin, self._process.stdout
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ask.close()
        self._heard.close()
        self._process.wait(PATIENCE_SECONDS)

    def kill_one(self, at: datetime, *, steps: int, seconds: float) -> int:
        """Start a round at `at` and kill it so many seconds after so many steps; the status it ended with."""
        print(at.isoformat(), file=self._ask, flush=True)
        pid = int(self._heard.readline())
        lines = iter(self._heard.readline, "")
        for line in itertools.islice(lines, steps):
            if line.startswith("ended"):
                return int(line.split()[1])
        time.sleep(seconds)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return int(next(line for line in lines if line.startswith("ended")).split()[1])


def fork_rounds(url: str, sources: str, folder: str) -> None:
    """For each instant on standard input a round in a process of its own, told on standard output step by step."""
    rules = read_rulebook()

    def one_round(clock: ManualClock) -> None:
        work_through(Database(url), clock, sources=Path(sources), folder=Path(folder), rules=rules, step=say_step)

    fork_each(one_round)


def fork_each(one_round: Callable[[ManualClock], None]) -> None:
    """`one_round` for each instant on standard input, in a process of its own."""
    for line in sys.stdin:
        if (pid := os.fork()) == 0:
            try:
                clock = ManualClock(datetime.fromisoformat(line.strip()))
                print(os.getpid(), flush=True)
                one_round(clock)
                os._exit(0)
            finally:  # also where the round failed: standard error has said why
                traceback.print_exc()
                os._exit(1)
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert ended is not None
        print("ended", ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status, flush=True)
        # Only now may the number be given to another process: whoever killed this one has heard of its end.
        os.waitpid(pid, 0)


def say_step(done: int, total: int) -> None:
    """Tell whoever reads along that something is done."""
    print(done, total, flush=True)
