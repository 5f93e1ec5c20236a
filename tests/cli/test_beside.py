"""The jobs beside the web: told what to do, started again where they die, and gone with whoever started them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from monitor.cli.beside import Beside, Order
from monitor.clock import SimulatedClock
from monitor.settings import Settings
from tests.newsroom import Monitor, free_port, wait_until

OBEDIENT = """
import sys, threading
from monitor.cli.beside import read_order, wait_for_end
def say(word):
    with open(sys.argv[1], "a") as said:
        print(word, file=said)
order = read_order()
say(f"{order.settings.newsroom} {order.is_brisk} {order.is_again} {order.clock.speed}")
if {dies}: sys.exit(3)
wait_for_end(ended := threading.Event())
say(ended.is_set())
"""
DEAF = "import time; time.sleep(600)"


@pytest.fixture
def order(tmp_path: Path) -> Order:
    clock = SimulatedClock(datetime(2026, 3, 2, tzinfo=UTC), speed=600)
    return Order(settings=Settings(data_dir=tmp_path, newsroom="N"), clock=clock, is_brisk=True)


def command(code: str, said: Path, *, dies: bool = False) -> tuple[str, ...]:
    return (sys.executable, "-c", code.replace("{dies}", str(dies)), str(said))


def read(said: Path) -> list[str]:
    return said.read_text().splitlines() if said.exists() else []


def test_the_process_is_told_what_to_do_and_hears_when_everything_stops(order: Order, tmp_path: Path) -> None:
    said = tmp_path / "said"
    with Beside(order, command=command(OBEDIENT, said)) as jobs:
        wait_until(lambda: read(said))
        assert jobs.is_alive()
    assert read(said) == ["N True False 600", "True"]
    assert not jobs.is_alive()


def test_one_that_dies_is_missed_and_started_again_ever_more_slowly(
    order: Order, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = tmp_path / "said"
    with Beside(order, command=command(OBEDIENT, said, dies=True)) as jobs:
        wait_until(lambda: len(read(said)) == 2 and not jobs.is_alive())
    assert read(said) == ["N True False 600", "N True True 600"]
    lines = [line for line in capsys.readouterr().err.splitlines() if "the jobs ended" in line]
    assert ["status=3" in line for line in lines] == [True] * len(lines)
    assert "in_seconds=2.0" in lines[0]


def test_one_that_does_not_stop_is_killed(order: Order, tmp_path: Path) -> None:
    with Beside(order, command=command(DEAF, tmp_path / "said"), patience=0.1) as jobs:
        wait_until(jobs.is_alive)
    assert not jobs.is_alive()
    assert [thread.name for thread in threading.enumerate() if thread.name == "jobs"] == []


# --- as an operator runs it -----------------------------------------------------------------------------------------

SOURCE = {
    "id": "one", "name": "One", "url": f"http://127.0.0.1:{free_port()}/feed", "origin": "press", "tier": "secondary",
    "publisher": "all",
}  # fmt: skip
SOURCES = json.dumps({"publishers": [{"id": "all", "name": "All"}], "sources": [SOURCE]})


def jobs_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The process of the jobs that a newsroom keeps beside it."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    found = {*children.read_text().split()}
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        found |= {*(task / "children").read_text().split()}
    return [int(pid) for pid in found if b"monitor.cli.work" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def niceness(pid: int) -> int:
    """The higher, the later it comes to the processor."""
    return os.getpriority(os.PRIO_PROCESS, pid)


def is_gone(pid: int) -> bool:
    """Whether it ended; one that nobody has waited for is gone too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the children of a process are read from /proc")
def test_the_newsroom_says_that_its_jobs_died_brings_them_back_and_takes_them_along_f15(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text(SOURCES)
    with Monitor("run", tmp_path, {"sources": tmp_path / "feeds.yaml", "log_level": "error"}) as newsroom:
        newsroom.wait_for(newsroom.answers)
        (jobs,) = jobs_of(newsroom.process)
        newsroom.wait_for(lambda: niceness(jobs) > niceness(newsroom.process.pid))
        os.kill(jobs, signal.SIGKILL)
        newsroom.wait_for(lambda: not newsroom.answers())
        assert "the jobs do not run" in httpx.get(f"{newsroom.url}/healthz", trust_env=False).text
        newsroom.wait_for(newsroom.answers)
        (again,) = jobs_of(newsroom.process)
        assert again != jobs
        assert newsroom.stop() < 10
        wait_until(lambda: is_gone(again))
    assert "the jobs ended, and are started again" in newsroom.complained
    assert "Traceback" not in newsroom.complained


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the children of a process are read from /proc")
def test_the_jobs_end_with_a_newsroom_that_is_killed_f15(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text(SOURCES)
    with Monitor("run", tmp_path, {"sources": tmp_path / "feeds.yaml", "log_level": "error"}) as newsroom:
        newsroom.wait_for(newsroom.answers)
        (jobs,) = jobs_of(newsroom.process)
        newsroom.process.kill()
        wait_until(lambda: is_gone(jobs))
