"""A database of SQLite as a file: copied while others write, and looked at before it is put anywhere."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from monitor.store.database import Database


def copy_into(database: Database, place: Path) -> None:
    """All of it as of one moment, to a file that is not there yet; who writes meanwhile does not wait."""
    with closing(sqlite3.connect(f"file:{database.url.database}?mode=ro", uri=True)) as connection:
        connection.execute("VACUUM INTO ?", (str(place),))


def find_fault(path: Path) -> str | None:
    """Why this file is no sound database of ours; None where it is."""
    if not path.is_file():
        return "there is no such file"
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        return str(error)
    return None if found == ["ok"] else "; ".join(found)


def is_open_elsewhere(path: Path) -> bool:
    """Whether another process has it open: each that does holds a lock, also while it does nothing."""
    with closing(sqlite3.connect(path, timeout=0.5, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return True
    return False
