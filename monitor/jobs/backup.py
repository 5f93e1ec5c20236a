"""backup and restore: all tables as at one moment, taken while others write, put back where nobody does (F14).

SQLite only: PostgreSQL brings pg_dump and pg_restore, and they are named where somebody asks for these.
"""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from monitor.errors import Busy, IllegalDecision, Unconfigured
from monitor.jobs.tree import sync_to_disk
from monitor.store.backup import copy_into, find_fault, is_open_elsewhere
from monitor.store.database import Database

_PARTS = ("", "-wal", "-shm")  # of a database of SQLite, by the ends of their names


def back_up(database: Database, place: Path) -> int:
    """Write a copy to `place`, which must not be there yet; its bytes. There is a whole copy or none.

    Raises IllegalDecision where something is there, Unconfigured on PostgreSQL.
    """
    _refuse_postgres(database, f"pg_dump --format=custom --file={place}")
    if place.exists():
        raise IllegalDecision(f"{place} is there already: nothing was written. Name another file.")
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.new")
    beside.unlink(missing_ok=True)
    copy_into(database, beside)
    sync_to_disk(beside)
    beside.rename(place)
    sync_to_disk(place.parent)
    return place.stat().st_size


def restore(url: str, backup: Path) -> Path | None:
    """Put the backup in the place of the database that `url` names; where what was there lies now, if anything was.

    Raises Busy while somebody has the database open, IllegalDecision for a file that is no sound database of ours,
    Unconfigured on PostgreSQL. Nothing was changed then.
    """
    with closing(Database(url)) as database:
        _refuse_postgres(database, f"pg_restore --clean --if-exists --dbname=DATABASE {backup}")
        if fault := find_fault(backup):
            raise IllegalDecision(f"{backup} cannot be restored: {fault}. Nothing was changed.")
        place = Path(database.url.database or "")
    if place.exists() and is_open_elsewhere(place):
        raise Busy(f"{place} is open in another process: stop Monitor first. Nothing was changed.")
    new = place.with_name(f".{place.name}.new")
    shutil.copyfile(backup, new)
    sync_to_disk(new)
    aside = _put_aside(place)
    new.rename(place)
    sync_to_disk(place.parent)
    return aside


def _put_aside(place: Path) -> Path | None:
    if not place.exists():
        return None
    number = 1
    while (aside := place.with_name(f"{place.name}.before-{number}")).exists():
        number += 1
    for part in _PARTS:
        found = place.with_name(f"{place.name}{part}")
        if found.exists():
            found.rename(aside.with_name(f"{aside.name}{part}"))
    return aside


def _refuse_postgres(database: Database, command: str) -> None:
    if database.dialect != "sqlite":
        raise Unconfigured(f"PostgreSQL has its own for this, which takes a moment as a whole too: {command}")
