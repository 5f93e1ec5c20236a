"""How far a database has been migrated, asked without the migrations' own library: every command asks, few migrate."""

from __future__ import annotations

from sqlalchemy import inspect, text

from monitor.store.database import Database

REVISION = "0006"  # that this installation needs; a test holds it to the newest migration
_TABLE = "alembic_version"


def find_revision(database: Database) -> str | None:
    """The revision the database is at; None where it is empty."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table(_TABLE):
            return None
        found: str | None = connection.scalar(text(f"SELECT version_num FROM {_TABLE}"))  # noqa: S608 - our own name
        return found
