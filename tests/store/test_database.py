"""The one door to the database: durable settings, writers that queue, instants that are aware (F3)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from monitor.errors import Unconfigured
from monitor.store.database import Database
from monitor.store.people import append_audit
from tests.conftest import ManualClock


def test_sqlite_is_durable_and_keeps_its_references_f3(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new' / 'monitor.db'}")
    with database.read() as tx:
        found = {name: tx.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")}
        assert found == {"journal_mode": "wal", "synchronous": 2}
        assert tx.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert tx.execute(text("PRAGMA busy_timeout")).scalar() == 30_000
    database.close()


def test_what_is_written_while_reading_is_not_kept(database: Database, clock: ManualClock) -> None:
    with database.read() as tx:
        append_audit(tx, at=clock.now(), who="ada", what="test", subject="nothing")
    with database.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM audit")).scalar() == 0


def test_a_write_that_fails_leaves_nothing_behind(database: Database, clock: ManualClock) -> None:
    def fail() -> None:
        with database.write() as tx:
            append_audit(tx, at=clock.now(), who="ada", what="test", subject="nothing")
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        fail()
    with database.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM audit")).scalar() == 0


def test_a_naive_instant_is_refused(database: Database) -> None:
    naive = datetime.fromisoformat("2026-03-02T08:00:00")
    with pytest.raises(StatementError, match="aware"), database.write() as tx:
        append_audit(tx, at=naive, who="ada", what="test", subject="nothing")


@pytest.mark.parametrize("url", ["mysql://somebody@somewhere/x", "no url at all"])
def test_another_database_is_refused_by_name(url: str) -> None:
    with pytest.raises(Unconfigured, match="MONITOR_DATABASE_URL"):
        Database(url)
