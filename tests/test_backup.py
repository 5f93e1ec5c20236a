"""A backup taken while the newsroom works, restored elsewhere (F14): a moment in between, and nothing comes twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli.commands import make_app
from monitor.errors import Busy, IllegalDecision, Unconfigured
from monitor.jobs.backup import back_up, restore
from monitor.jobs.rulebook import read_rulebook
from monitor.model import no_progress
from monitor.press import Press
from monitor.store.database import Database
from tests.conftest import ManualClock
from tests.newsroom import catalogue, rows, stock, work_through


@pytest.fixture
def press() -> Iterator[Press]:
    now = datetime.now(UTC).replace(microsecond=0)
    with Press(ManualClock(now), start=now - timedelta(hours=4)) as served:
        yield served


def test_a_backup_taken_while_polling_is_one_moment_and_goes_on_without_doubles_f14(
    press: Press, sqlite_database: Database, tmp_path: Path
) -> None:
    sources, rules, taken = tmp_path / "sources.yaml", read_rulebook(), list[Path]()
    sources.write_text(catalogue(press))
    steps = iter(range(1, 1_000_000))

    def step(done: int, total: int) -> None:
        if (number := next(steps)) in {1, 4}:
            taken.append(tmp_path / f"backup{number}.db")
            back_up(sqlite_database, taken[-1])

    work_through(
        sqlite_database, ManualClock(press.now()), sources=sources, folder=tmp_path / "public", rules=rules, step=step
    )
    whole = stock(sqlite_database)
    assert len(taken) == 2
    moments = []
    for backup in taken:
        url = f"sqlite:///{tmp_path / backup.stem / 'monitor.db'}"
        assert restore(url, backup) is None
        with closing(Database(url)) as restored:
            assert rows(restored, "PRAGMA integrity_check") == [("ok",)]
            moments.append(then := stock(restored))
            assert set(then["entries"]) <= set(whole["entries"])
            assert set(then["articles"]) <= set(whole["articles"])
            later = ManualClock(press.now() + timedelta(minutes=31))  # the leases of that moment have run out
            work_through(restored, later, sources=sources, folder=tmp_path / backup.stem, rules=rules, step=no_progress)
            assert stock(restored) == whole
            assert rows(restored, "SELECT source_id, guid FROM entries GROUP BY 1, 2 HAVING count(*) > 1") == []
    assert moments[0] != whole, "a moment in between"


def test_both_are_commands_and_what_was_there_stays_f14(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)

    def said(*words: str) -> str:
        done = CliRunner().invoke(make_app(), list(words), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    backup = str(tmp_path / "kept" / "today.db")
    assert "bytes" in said("db", "backup", backup)
    assert "monitor.db.before-1" in said("db", "restore", backup)
    assert "nothing to do" in said("db", "upgrade")
    assert (tmp_path / "monitor.db.before-1").is_file()


def test_what_would_lose_something_is_refused_f14(sqlite_database: Database, tmp_path: Path) -> None:
    backup, url = tmp_path / "today.db", str(sqlite_database.url)
    back_up(sqlite_database, backup)
    with pytest.raises(IllegalDecision, match="there already"):
        back_up(sqlite_database, backup)
    with sqlite_database.read() as tx:
        tx.connection()
        with pytest.raises(Busy, match="stop Monitor first"):
            restore(url, backup)
    sqlite_database.close()
    (tmp_path / "torn.db").write_bytes(backup.read_bytes()[:-9_000])
    for faulty in (tmp_path / "torn.db", tmp_path / "none.db"):
        with pytest.raises(IllegalDecision, match="Nothing was changed"):
            restore(url, faulty)
    with pytest.raises(Unconfigured, match="pg_dump"):
        back_up(Database("postgresql://nobody@127.0.0.1:1/x"), tmp_path / "other.db")
