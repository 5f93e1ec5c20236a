"""Bring a database to the newest tables, or say how far it is behind. Alembic does the work."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from monitor.shipped import shipped_path
from monitor.store.database import Database


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(shipped_path("migrations")))
    config.attributes["database"] = database
    return config


def upgrade(database: Database, *, to: str = "head") -> tuple[str | None, str | None]:
    """Migrate, to the newest revision; the revision before and after. Running it twice changes nothing."""
    before = current_revision(database)
    command.upgrade(_config(database), to)
    return before, current_revision(database)


def current_revision(database: Database) -> str | None:
    """The revision the database is at; None where it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision(database: Database) -> str:
    """The revision that this installation of Monitor needs."""
    head = ScriptDirectory.from_config(_config(database)).get_current_head()
    if head is None:
        raise FileNotFoundError("no migrations travel with this installation of Monitor: install it again")
    return head
