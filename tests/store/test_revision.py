"""Whether a database is at the newest tables, without loading what migrates it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from monitor.store.database import Database
from monitor.store.migrate import current_revision, newest_revision, upgrade
from monitor.store.revision import REVISION, find_revision


def test_the_revision_needed_is_the_newest_migration(database: Database) -> None:
    assert newest_revision(database) == REVISION == find_revision(database) == current_revision(database)


def test_an_empty_database_has_no_revision_and_an_older_one_says_so(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/empty.db")
    assert find_revision(database) is None
    upgrade(database, to="0001")
    assert find_revision(database) == "0001"
    database.close()


def test_polling_loads_no_library_that_only_others_need() -> None:
    program = (
        "import sys, monitor.cli.intake;"
        "print({'alembic', 'trafilatura', 'feedparser', 'lxml', 'fastapi'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "set()"
