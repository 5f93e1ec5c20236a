"""The desk's pages looked at once when the newsroom starts."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import event

from monitor.settings import Settings
from monitor.store.database import Database
from monitor.web.app import create_app
from monitor.web.desk.warm import look_once
from tests.conftest import ManualClock


def test_pages_are_made_ahead_and_nothing_is_written(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    asked: list[str] = []

    @event.listens_for(sqlite_database.engine, "before_cursor_execute")
    def _note(_c: object, _k: object, statement: str, *_: object) -> None:
        asked.append(statement)

    look_once(create_app(Settings(data_dir=tmp_path, base_url="http://127.0.0.1:8000"), sqlite_database, clock))
    assert any("FROM candidates" in statement for statement in asked)
    assert any("FROM sources" in statement for statement in asked)
    assert not [s for s in asked if s.startswith(("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE"))]
