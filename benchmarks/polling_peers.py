"""The pollers that are measured side by side, each asked to do what its own manual says, with its own defaults."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import delete, func, insert, select, update

from monitor.model import Origin, Publisher, PublisherId, Source, SourceId, Tier
from monitor.store import sources
from monitor.store.database import Database
from monitor.store.migrate import upgrade
from monitor.store.tables import ConditionRow, EntryRow, PollRow, PollStateRow, SourceRow

ROOT = Path(__file__).parents[1]


class Contender(Protocol):
    """Something that polls feeds."""

    name: str

    def missing(self) -> str | None:
        """Why it cannot be measured here; None where it can."""

    def prepare(self, folder: Path, urls: Sequence[str]) -> None:
        """Make it know the feeds, not yet asked."""

    def command(self, folder: Path) -> tuple[list[str], dict[str, str]]:
        """What polls all of them once, and its environment."""

    def age(self, folder: Path) -> None:
        """Make all of them due again."""

    def count(self, folder: Path) -> int | None:
        """How many entries it has stored; None where it stores none."""


@dataclass(slots=True)
class Monitor:
    """`monitor poll`."""

    name: str = "monitor"
    workers: int = 2

    def missing(self) -> str | None:
        return None

    def prepare(self, folder: Path, urls: Sequence[str]) -> None:
        database = self.open(folder)
        upgrade(database)
        know(database, urls)
        database.close()

    def open(self, folder: Path) -> Database:
        return Database(f"sqlite:///{folder}/monitor.db")

    def command(self, folder: Path) -> tuple[list[str], dict[str, str]]:
        env = {
            "MONITOR_DATA_DIR": str(folder),
            "MONITOR_ALLOW_ADDRESSES": "127.0.0.0/8",
            "MONITOR_CONTACT": "benchmark@example.org",
            "MONITOR_WORKERS": str(self.workers),
            "PYTHONPATH": str(ROOT),
        }
        return [sys.executable, "-m", "monitor", "poll"], env

    def age(self, folder: Path) -> None:
        database = self.open(folder)
        make_due(database)
        database.close()

    def count(self, folder: Path) -> int | None:
        database = self.open(folder)
        with database.read() as tx:
            found = tx.scalar(select(func.count()).select_from(EntryRow))
        database.close()
        return found


def know(database: Database, urls: Sequence[str], *, prefix: str = "f", due_in: timedelta = timedelta()) -> None:
    """Add a source for each URL, never polled, due at once or `due_in` later."""
    if not urls:
        return
    now = datetime.now(UTC)
    publisher = Publisher(id=PublisherId("press"), name="The Press")
    ids = [f"{prefix}{n}" for n in range(len(urls))]
    with database.write() as tx:
        sources.record_publishers(tx, [publisher])
        model = Source(
            id=SourceId("model"),
            name="Model",
            url="http://model.example/",
            origin=Origin.PRESS,
            tier=Tier.SECONDARY,
            publisher=publisher.id,
        )
        sources.add_source(tx, model, now=now)
        source, state = _values(tx.get_one(SourceRow, "model")), _values(tx.get_one(PollStateRow, "model"))
        condition = _values(tx.get_one(ConditionRow, "model"))
        source |= {"name": "A feed"}
        state |= {"due_at": now + due_in}
        tx.execute(insert(SourceRow), [source | {"id": i, "url": u} for i, u in zip(ids, urls, strict=True)])
        hosts = [url.split("/")[2].split(":")[0] for url in urls]
        states = zip(ids, urls, hosts, strict=True)
        tx.execute(insert(PollStateRow), [state | {"source_id": i, "url": u, "host": h} for i, u, h in states])
        tx.execute(insert(ConditionRow), [condition | {"source_id": i} for i in ids])
        tx.execute(delete(ConditionRow).where(ConditionRow.source_id == "model"))
        tx.execute(delete(PollStateRow).where(PollStateRow.source_id == "model"))
        tx.execute(delete(SourceRow).where(SourceRow.id == "model"))


def make_due(database: Database, *, prefix: str = "f") -> None:
    """All sources whose id begins so may be polled now."""
    ago = datetime.now(UTC) - timedelta(minutes=1)
    with database.write() as tx:
        due = update(PollStateRow).where(PollStateRow.source_id.startswith(prefix)).values(due_at=ago)
        tx.execute(due, execution_options={"synchronize_session": False})


def count_polls(database: Database) -> int:
    """How many polls the history has."""
    with database.read() as tx:
        return tx.scalar(select(func.count()).select_from(PollRow)) or 0


def _values(row: SourceRow | PollStateRow | ConditionRow) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


_READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
if sys.argv[2] == "add":
    for url in open(sys.argv[3]).read().split():
        reader.add_feed(url)
else:
    reader.update_feeds(workers=int(sys.argv[2]), scheduled=False)
"""


@dataclass(slots=True)
class Reader:
    """`reader` of the Python Package Index in its own environment, with `sgmllib3k`, which it forgets to name."""

    home: Path
    workers: int = 1  # its default; threads
    name: str = "reader"

    @property
    def python(self) -> Path:
        return self.home / "bin" / "python"

    def missing(self) -> str | None:
        if not self.python.exists():
            try:
                venv.create(self.home, with_pip=True, clear=True)
                pip: list[str] = [str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
                subprocess.run([*pip, "reader", "sgmllib3k"], check=True, capture_output=True, timeout=300)
            except (OSError, subprocess.SubprocessError) as error:
                shutil.rmtree(self.home, ignore_errors=True)
                return f"it could not be installed ({type(error).__name__})"
        return None

    def prepare(self, folder: Path, urls: Sequence[str]) -> None:
        (folder / "urls").write_text("\n".join(urls))
        subprocess.run(self._run(folder, "add", str(folder / "urls")), check=True, capture_output=True)

    def command(self, folder: Path) -> tuple[list[str], dict[str, str]]:
        return self._run(folder, str(self.workers)), {}

    def _run(self, folder: Path, *more: str) -> list[str]:
        return [str(self.python), "-c", _READER, str(folder / "reader.db"), *more]

    def age(self, folder: Path) -> None:
        """It asks all of them whenever it is told to."""

    def count(self, folder: Path) -> int | None:
        return _count_rows(folder / "reader.db", "entries")


@dataclass(slots=True)
class Newsboat:
    """Debian's `newsboat`, told to reload and end."""

    name: str = "newsboat"

    def missing(self) -> str | None:
        return None if shutil.which("newsboat") else "it is not installed (apt-get install newsboat)"

    def prepare(self, folder: Path, urls: Sequence[str]) -> None:
        (folder / "urls").write_text("\n".join(urls))
        (folder / "config").write_text("reload-threads 1\n")

    def command(self, folder: Path) -> tuple[list[str], dict[str, str]]:
        argv = ["newsboat", "-u", f"{folder}/urls", "-c", f"{folder}/cache.db", "-C", f"{folder}/config"]
        return [*argv, "-x", "reload"], {"HOME": str(folder)}

    def age(self, folder: Path) -> None:
        """It asks all of them whenever it is told to."""

    def count(self, folder: Path) -> int | None:
        return _count_rows(folder / "cache.db", "rss_item")


@dataclass(slots=True)
class Sfeed:
    """Debian's `sfeed`: a shell script around curl and small programs. It sends no validators."""

    name: str = "sfeed"

    def missing(self) -> str | None:
        return None if shutil.which("sfeed_update") else "it is not installed (apt-get install sfeed)"

    def prepare(self, folder: Path, urls: Sequence[str]) -> None:
        feeds = "".join(f'feed "f{n}" "{url}"\n' for n, url in enumerate(urls))
        (folder / "sfeedrc").write_text(f'sfeedpath="{folder}/feeds"\nfeeds() {{\n{feeds}}}\n')
        (folder / "feeds").mkdir()

    def command(self, folder: Path) -> tuple[list[str], dict[str, str]]:
        return ["sfeed_update", str(folder / "sfeedrc")], {"HOME": str(folder)}

    def age(self, folder: Path) -> None:
        """It asks all of them whenever it is told to."""

    def count(self, folder: Path) -> int | None:
        return sum(path.read_bytes().count(b"\n") for path in (folder / "feeds").iterdir())


_BARE = """
import asyncio, sys, httpx
folder, is_warm = sys.argv[1], sys.argv[2] == "warm"
async def fetch(client, urls):
    for number, url in urls:
        async with client.stream("GET", url, headers={"If-None-Match": f'"{number}-1"'} if is_warm else {}) as response:
            await response.aread()
            assert response.status_code == (304 if is_warm else 200), response
async def main():
    urls = iter(list(enumerate(open(folder + "/urls").read().split())))
    async with httpx.AsyncClient(trust_env=False, headers={"Connection": "close"}) as client:
        await asyncio.gather(*(fetch(client, urls) for _ in range(32)))
asyncio.run(main())
"""


@dataclass(slots=True)
class Bare:
    """A download of the same bytes by httpx, 32 at once: nothing is read, nothing is kept."""

    name: str = "bare httpx"
    is_warm: bool = False

    def missing(self) -> str | None:
        return None

    def prepare(self, folder: Path, urls: Sequence[str]) -> None:
        self.is_warm = False
        (folder / "urls").write_text("\n".join(urls))

    def command(self, folder: Path) -> tuple[list[str], dict[str, str]]:
        return [sys.executable, "-c", _BARE, str(folder), "warm" if self.is_warm else "cold"], {}

    def age(self, folder: Path) -> None:
        self.is_warm = True

    def count(self, folder: Path) -> int | None:
        return None


def _count_rows(path: Path, table: str) -> int:
    with sqlite3.connect(path) as connection:
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    connection.close()
    return int(count)


def cache_folder() -> Path:
    """Where a peer's environment is kept between runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "monitor-benchmarks"
