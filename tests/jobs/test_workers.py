"""Worker processes: whatever a document does to one, the next document is fine (H9, H26, H27)."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, wait
from pathlib import Path

import pytest

from monitor.jobs.workers import Workers
from monitor.model import Failure, Page, ParsedFeed, Unparsable
from tests.jobs.deeds import break_down, crash, hang, hoard, interrupt, spin, vanish

FEED = b"<rss version='2.0'><channel><title>T</title><item><title>A</title></item></channel></rss>"
PAGE = b"<html><body><article><h1>Head</h1>" + b"<p>Some sentences that make an article, one by one.</p>" * 9
MIB = 2**20
ROOT = Path(__file__).parents[2]


def named(function: Callable[[], object]) -> str:
    return f"{function.__module__}:{function.__name__}"


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1, timeout_seconds=0.5, memory_bytes=200 * MIB) as opened:
        opened.parse_feed(FEED, url="").result(30)  # the first document waits for the process to start
        yield opened


@pytest.mark.parametrize(
    ("deed", "kind", "detail"),
    [
        (crash, Failure.UNPARSABLE, "the worker process died (SIGSEGV)"),
        (vanish, Failure.UNPARSABLE, "the worker process died (exit status 3)"),
        (spin, Failure.TIMEOUT, "took more than 0.5 s of processor time, and was stopped"),
        (hang, Failure.TIMEOUT, "took more than 3 s and was stopped"),
        (hoard, Failure.TOO_LARGE, "took more than 200 MiB of memory"),
        (break_down, Failure.UNPARSABLE, "the parser failed: ValueError: a library's own fault"),
    ],
)
def test_a_document_that_kills_its_worker_fails_alone_h27(
    workers: Workers, deed: Callable[[], object], kind: Failure, detail: str
) -> None:
    before = workers.parse_feed(FEED, url="")
    bad = workers.submit(named(deed))
    after = workers.extract_page(PAGE, url="https://example.org/a")
    assert isinstance(before.result(30), ParsedFeed)
    assert bad.result(30) == Unparsable(kind=kind, detail=detail)
    assert isinstance(after.result(30), Page)


def test_an_interrupt_is_left_to_the_parent(workers: Workers) -> None:
    assert workers.submit(named(interrupt)).result(30) == "still here"


def test_many_threads_may_ask_at_once(workers: Workers) -> None:
    answers: list[object] = []

    def ask() -> None:
        answers.extend(workers.extract_page(PAGE, url="").result(30) for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 20
    assert all(isinstance(answer, Page) for answer in answers)


def test_closing_cancels_what_is_under_way_f15() -> None:
    opened = Workers(1, timeout_seconds=60)
    endless = opened.submit(named(spin))
    waiting = opened.parse_feed(FEED, url="")
    began = time.monotonic()
    opened.close()
    assert time.monotonic() - began < 30
    assert not wait([endless, waiting, opened.parse_feed(FEED, url="")], timeout=10).not_done
    for future in (endless, waiting, opened.parse_feed(FEED, url="")):
        with pytest.raises(CancelledError):
            future.result(10)


def test_workers_that_idle_burn_nothing(workers: Workers) -> None:
    workers.parse_feed(FEED, url="").result(30)
    began = sum(os.times()[:2])
    time.sleep(1.0)
    assert sum(os.times()[:2]) - began < 0.1


ORPHANED = """
import os, sys, time
from monitor.jobs.workers import Workers
if __name__ == "__main__":
    workers = Workers(2)
    workers.parse_feed(b"<rss version='2.0'/>", url="").result(60)
    children = open(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read().split()
    print(*children, flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="lists child processes by /proc")
def test_workers_end_when_their_parent_is_killed_f1(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(ORPHANED)
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(Path.cwd())}
    ) as parent:
        assert parent.stdout is not None
        children = [int(pid) for pid in parent.stdout.readline().split()]
        parent.kill()
    assert len(children) >= 2
    ends = time.monotonic() + 10
    while (
        left := [pid for pid in children if Path(f"/proc/{pid}").exists() and not is_zombie(pid)]
    ) and time.monotonic() < ends:
        time.sleep(0.05)
    assert left == []


def is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_the_parsers_libraries_are_loaded_in_the_workers_alone() -> None:
    program = "import sys, monitor.jobs.workers; print({'trafilatura', 'feedparser', 'numpy'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "set()"


ASK = """
from monitor.jobs.workers import Workers
if __name__ == "__main__":
    with Workers(1) as workers:
        print(workers.parse_feed(b"<rss/>", url="").result(60))
"""


def test_workers_that_cannot_load_their_parsers_say_so_of_each_document_h27(tmp_path: Path) -> None:
    """Nobody waits for workers that end before their first document."""
    (tmp_path / "lxml").mkdir()
    (tmp_path / "lxml" / "__init__.py").write_text("raise ImportError('a broken installation')")
    (tmp_path / "ask.py").write_text(ASK)
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    done = subprocess.run(
        [sys.executable, str(tmp_path / "ask.py")],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert "the parser failed: ImportError: a broken installation" in done.stdout, done.stderr
