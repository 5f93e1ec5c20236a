"""Migrations: an empty database upgraded equals the tables; running them again changes nothing (F13)."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from monitor.store.database import Database
from monitor.store.migrate import current_revision, newest_revision, upgrade
from monitor.store.tables import FROZEN, Row


def test_an_upgraded_database_equals_the_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []


def test_upgrading_again_changes_nothing_f13(database: Database) -> None:
    assert upgrade(database) == (newest_revision(database), newest_revision(database))
    assert current_revision(database) == newest_revision(database)


@pytest.mark.parametrize("verb", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit"])
def test_the_audit_cannot_be_rewritten_d11(database: Database, verb: str) -> None:
    with database.write() as tx:
        tx.execute(text("INSERT INTO audit (at, who, what, subject) VALUES ('2026-03-02 08:00:00', 'ada', 'x', 'y')"))
    with pytest.raises(DatabaseError, match="append-only"), database.write() as tx:
        tx.execute(text(verb))


def test_every_frozen_table_has_its_triggers(database: Database) -> None:
    query = (
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if database.dialect == "sqlite"
        else "SELECT event_object_table FROM information_schema.triggers"
    )
    with database.read() as tx:
        found = sorted(tx.execute(text(query)).scalars())
    assert found == sorted([*FROZEN, *FROZEN])
