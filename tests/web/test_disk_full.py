"""The disk runs full under a newsroom at work, and is emptied again (F4): a real file system, too small by purpose."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from monitor.model import CandidateId
from monitor.store.database import Database
from tests.conftest import ManualClock, need
from tests.jobs.desk import rss, vouched
from tests.net.servers import RecordingServer
from tests.newsroom import PATIENCE_SECONDS, environment, free_port, wait_until
from tests.stored import store_article, store_candidate
from tests.web.conftest import Browser, Desk
from tests.web.test_desk import act

SIZE = "24m"
CANDIDATES = 60
MOUNTED = f'mount -t tmpfs -o size={SIZE} tmpfs "$1" && cp "$2" "$1/monitor.db" && shift 2 && exec "$@"'
SOURCE = "  - {{id: {0}, name: {0}, url: '{1}', origin: press, tier: secondary, publisher: paper}}\n"


@contextmanager
def newsroom(folder: Path, template: Path, **settings: object) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """`monitor run` whose data lie on a small disk of its own; the folder in which others see that disk."""
    if shutil.which("unshare") is None:
        need("unshare is not installed (apt install util-linux)")
    if subprocess.run(["unshare", "-Urm", "true"], check=False).returncode:
        pytest.skip("the kernel of this machine gives nobody a file system of his own: nothing to install would help")
    data = folder / "var"
    data.mkdir()
    command = ["sh", "-c", MOUNTED, "sh", str(data), str(template), sys.executable, "-m", "monitor", "run"]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            ["unshare", "-Urm", *command],
            cwd=folder, env=environment(folder, data_dir=data, **settings), stdout=said, stderr=said,
        )  # fmt: skip
    try:
        yield process, Path(f"/proc/{process.pid}/root{data}")
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        finally:
            process.kill()


def fill(disk: Path) -> Path:
    """Write until nothing more fits."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1_000_000, 4_096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filler


@pytest.fixture
def waiting(hashed_template: Path, tmp_path: Path) -> tuple[Path, list[CandidateId]]:
    """A database in which candidates wait for an editor."""
    path = tmp_path / "template.db"
    path.write_bytes(hashed_template.read_bytes())
    with closing(Database(f"sqlite:///{path}")) as database, database.write() as tx:
        candidates = [store_candidate(tx, store_article(tx)) for _ in range(CANDIDATES)]
    with closing(Database(f"sqlite:///{path}")) as database, database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return path, candidates


def test_a_full_disk_is_said_survived_and_left_behind_without_help_f4(
    waiting: tuple[Path, list[CandidateId]], tmp_path: Path
) -> None:
    template, candidates = waiting
    sources, port = tmp_path / "sources.yaml", free_port()
    with RecordingServer({"/early": vouched(rss("a")), "/late": vouched(rss("b"))}) as server:
        early = "publishers: [{id: paper, name: Paper}]\nsources:\n" + SOURCE.format("early", server.url("/early"))
        sources.write_text(early)
        settings: dict[str, Any] = {"sources": sources, "port": port, "base_url": f"http://127.0.0.1:{port}"}
        with newsroom(tmp_path, template, **settings) as (process, disk):

            def holds(condition: Any) -> None:
                said = tmp_path / "said"
                wait_until(lambda: process.poll() is None and condition(), said.read_text)

            def answers() -> bool:
                try:
                    return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).status_code == 200
                except httpx.TransportError:
                    return False

            holds(answers)
            holds(lambda: "/early" in server.paths)
            browser = signed_in(port)
            filler = fill(disk)
            kept, refused = set(), None
            for candidate in candidates[:-1]:
                refused = act(browser, candidate, "reject", reason="no incident")
                if refused.status_code != 303:
                    break
                kept.add(candidate)
            assert refused is not None
            assert (refused.status_code, "The disk is full." in refused.text) == (503, True)
            assert "Try again" in refused.text
            assert browser.get("/desk/queue").status_code == 200, "it can be read"
            assert browser.get(f"/desk/candidates/{candidates[-1]}").status_code == 200
            sources.write_text(early + SOURCE.format("late", server.url("/late")))
            filler.unlink()
            holds(lambda: act(browser, candidates[-1], "reject", reason="no incident").status_code == 303)
            holds(lambda: "/late" in server.paths)
            for candidate in (*kept, candidates[-1]):
                shown = browser.get(f"/desk/candidates/{candidate}").text
                assert "Undo reject" in shown, "what was acknowledged is there"
            assert process.poll() is None
            browser.http.close()


def signed_in(port: int) -> Browser:
    clock, none = ManualClock(), Any
    desk = Desk(url=f"http://127.0.0.1:{port}", app=none, database=none, clock=clock, machine=clock)  # type: ignore[arg-type]
    return desk.signed_in()
