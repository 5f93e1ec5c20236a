"""The database is away, or held by another: the newsroom waits calmly and goes on by itself (F6)."""

from __future__ import annotations

import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url

from monitor.jobs.rulebook import Rulebook, read_rulebook
from monitor.store.database import Database
from tests.jobs.desk import rss
from tests.net.servers import RecordingServer, http
from tests.test_daemon import add, entry_count, running, wait_until

WATCHED_SECONDS = 6


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return read_rulebook()


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer({"/gone": http(410)}) as opened:
        yield opened


class Gate:
    """The only way to a PostgreSQL, from a port of loopback. Shut, it ends what is open, and whoever comes."""

    def __init__(self, url: str) -> None:
        there = make_url(url)
        self._there = f"{there.query['host']}/.s.PGSQL.{there.port or 5432}" if "host" in there.query else there
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self.is_shut = False
        self.turned_away = 0
        here = there.set(host="127.0.0.1", port=self._listener.getsockname()[1], query={})
        self.url = here.render_as_string(hide_password=False)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if self.is_shut:
                    self.turned_away += 1
                    near.close()
                    continue
                far = self._reach()
                self._open |= {near, far}
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_carry, args=(one, other), daemon=True).start()

    def _reach(self) -> socket.socket:
        if not isinstance(self._there, str):
            return socket.create_connection((self._there.host or "127.0.0.1", self._there.port or 5432))
        far = socket.socket(socket.AF_UNIX)
        far.connect(self._there)
        return far

    def shut(self) -> None:
        self.is_shut = True
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def close(self) -> None:
        self.shut()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with one:
        with suppress(OSError):
            while piece := one.recv(65_536):
                other.sendall(piece)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def gate(database_url: str) -> Iterator[Gate]:
    """To PostgreSQL."""
    with closing(Gate(database_url)) as opened:
        yield opened


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_while_it_is_away_one_asks_seldom_and_loses_nothing_and_goes_on_when_it_is_back_f6(
    gate: Gate,
    database_url: str,
    tmp_path: Path,
    rules: Rulebook,
    server: RecordingServer,
) -> None:
    server.answers |= {"/feed": http(200, rss("a")), "/late": http(200, rss("b"))}
    with closing(Database(database_url)) as beside, closing(Database(gate.url)) as database:
        add(beside, "paper", server.url("/feed"))
        with running(database, tmp_path, rules) as daemon:
            desk = f"{daemon._settings.base_url}/desk/login"
            wait_until(lambda: entry_count(beside) == 1)
            assert httpx.get(desk, trust_env=False).status_code == 200
            gate.shut()
            add(beside, "late", server.url("/late"))
            wait_until(lambda: daemon._calm.is_away())
            answer = httpx.get(f"{daemon._settings.base_url}/healthz", trust_env=False)
            assert (answer.status_code, answer.text) == (503, "database does not answer\n")
            before = gate.turned_away
            time.sleep(WATCHED_SECONDS)
            assert 0 < gate.turned_away - before < WATCHED_SECONDS, "fewer than one try a second, of all jobs together"
            assert "/late" not in server.paths
            gate.is_shut = False
            wait_until(lambda: "/late" in server.paths)
            assert httpx.get(desk, trust_env=False).status_code == 200
        assert entry_count(beside) == 1, "nothing came twice"


def test_while_another_program_holds_it_writers_wait_and_readers_read_f6(
    sqlite_database: Database,
    tmp_path: Path,
    rules: Rulebook,
    server: RecordingServer,
) -> None:
    server.answers["/feed"] = http(200, rss("a"))
    add(sqlite_database, "other", server.url("/gone"))
    with (
        closing(sqlite3.connect(str(sqlite_database.url.database), isolation_level=None)) as holder,
        running(sqlite_database, tmp_path, rules) as daemon,
    ):
        wait_until(lambda: "/gone" in server.paths)
        holder.execute("BEGIN IMMEDIATE")
        writer = threading.Thread(target=add, args=(sqlite_database, "paper", server.url("/feed")))
        writer.start()
        time.sleep(1)
        assert writer.is_alive(), "it waits, and does not fail"
        assert httpx.get(f"{daemon._settings.base_url}/healthz", trust_env=False).status_code == 200
        assert entry_count(sqlite_database) == 0
        holder.execute("COMMIT")
        writer.join(60)
        wait_until(lambda: entry_count(sqlite_database) == 1)
    assert server.paths.count("/feed") == 1
