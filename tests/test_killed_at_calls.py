"""Killed as it is about to sync, to rename or to send for the nth time in a round: nothing lost, nothing double (F2).

strace kills, so nothing of ours is replaced to choose the moment.
"""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from monitor.jobs.rulebook import read_rulebook
from monitor.model import no_progress
from monitor.press import Press
from monitor.store.database import Database
from tests.conftest import ManualClock, need
from tests.newsroom import Rounds, catalogue, number, rows, stock, work_through
from tests.wires import a_released_wire

SEED = 2027
CALLS = {"fsync,fdatasync,syncfs": 30, "rename": 12, "sendto": 20}  # and up to which of them a round is killed
PER_CALL = 2
EVERYTHING = 1_000_000


@pytest.fixture
def press() -> Iterator[Press]:
    now = datetime.now(UTC).replace(microsecond=0)
    with Press(ManualClock(now), start=now - timedelta(hours=9), records_requests=True) as served:
        yield served


@contextmanager
def killing(pid: int, calls: str, nth: int, note: Path) -> Iterator[None]:
    """Whatever the process forks is killed at its nth call of this kind."""
    inject = f"inject={calls}:signal=KILL:when={nth}"
    tracer = subprocess.Popen(
        ["strace", "-f", "-p", str(pid), "-o", str(note), "-e", f"trace={calls}", "-e", inject],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert tracer.stderr is not None
    try:
        said = tracer.stderr.readline()
        if "attached" not in said:
            pytest.skip(f"the kernel of this machine lets nobody trace: {said}")
        yield
    finally:
        with suppress(ProcessLookupError):
            tracer.send_signal(signal.SIGINT)
        tracer.wait(60)
        tracer.stderr.close()


def filled(template: Path, folder: Path, press: Press) -> Database:
    """A database with a wire that waits for publication."""
    folder.mkdir()
    (folder / "monitor.db").write_bytes(template.read_bytes())
    database = Database(f"sqlite:///{folder / 'monitor.db'}")
    a_released_wire(database, ManualClock(press.now() - timedelta(days=9)))
    return database


def test_killed_at_any_sync_rename_or_send_it_ends_as_if_undisturbed_f2(
    press: Press, sqlite_template: Path, tmp_path: Path
) -> None:
    if shutil.which("strace") is None:
        need("strace is not installed (apt install strace)")
    sources, rules = tmp_path / "sources.yaml", read_rulebook()
    sources.write_text(catalogue(press))
    calm = filled(sqlite_template, tmp_path / "calm", press)
    calm.close()
    folder = tmp_path / "killed"
    shutil.copytree(tmp_path / "calm", folder)
    work_through(
        calm, ManualClock(press.now()), sources=sources, folder=tmp_path / "calm", rules=rules, step=no_progress
    )
    undisturbed = stock(calm)
    calm.close()

    database, at, chosen, killed = Database(f"sqlite:///{folder / 'monitor.db'}"), press.now(), random.Random(SEED), 0
    with Rounds(database=str(database.url), sources=sources, folder=folder) as rounds:
        time.sleep(0.1)
        for calls, most in CALLS.items():
            for nth in sorted(chosen.sample(range(1, most), PER_CALL)):
                with killing(rounds._process.pid, calls, nth, tmp_path / "calls"):
                    killed += rounds.kill_one(at, steps=EVERYTHING, seconds=0) == -signal.SIGKILL
                assert rows(database, "PRAGMA integrity_check") == [("ok",)]
                if (folder / "feed.atom").exists():
                    assert not feedparser.parse((folder / "feed.atom").read_bytes()).bozo
                at += timedelta(minutes=31)  # the leases of the dead have run out
    assert killed >= len(CALLS), "hardly a round was killed before its end"
    work_through(database, ManualClock(at), sources=sources, folder=folder, rules=rules, step=no_progress)
    assert stock(database) == undisturbed
    assert rows(database, "SELECT source_id, guid FROM entries GROUP BY 1, 2 HAVING count(*) > 1") == []
    assert rows(database, "PRAGMA foreign_key_check") == []
    assert number(database, "SELECT count(*) FROM wires WHERE published_number IS NOT NULL") == 1
    assert len(feedparser.parse((folder / "feed.atom").read_bytes()).entries) == 1
    database.close()
