"""Bring the sources of the database in line with feeds.yaml: add, change, retire; nothing is ever deleted.

A faulty file is refused whole and leaves the database as it was: what ran before goes on running.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.errors import FaultyFile, Unknown
from monitor.model import Catalogue, Clock, Complaint, Publisher, SourceId
from monitor.stages.catalogue import MAX_CHARACTERS, read_catalogue
from monitor.store.database import Database, Transaction
from monitor.store.sources import (
    add_source,
    change_source,
    get_source,
    list_publishers,
    list_sources,
    lock_catalogue,
    record_publishers,
    retire_source,
)

MAX_BYTES = 4 * MAX_CHARACTERS  # UTF-8 takes at most four bytes a character


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What a sync did, by source id, in order of the ids."""

    added: tuple[SourceId, ...] = ()
    returned: tuple[SourceId, ...] = ()  # retired before, and back in the file
    changed: tuple[SourceId, ...] = ()
    retired: tuple[SourceId, ...] = ()
    unchanged_count: int = 0
    publisher_count: int = 0  # publishers that were added or changed

    @property
    def has_changes(self) -> bool:
        """Whether anything was written."""
        return bool(self.added or self.returned or self.changed or self.retired or self.publisher_count)

    def __str__(self) -> str:
        parts = [
            f"{len(ids)} {word}"
            for word, ids in (
                ("added", self.added),
                ("back again", self.returned),
                ("changed", self.changed),
                ("retired", self.retired),
            )
            if ids or word != "back again"
        ]
        return ", ".join([*parts, f"{self.unchanged_count} unchanged"])


def sync(database: Database, clock: Clock, *, path: Path, providers: Collection[str] | None = None) -> SyncReport:
    """Read `path` and follow it in one write transaction; raises FaultyFile and changes nothing.

    `providers` are the ids of the provider register: with them, a source that names another one is a fault.
    """
    catalogue = read_file(path, providers=providers)
    with database.read() as tx:
        plan = _plan(tx, catalogue)
    if not plan.has_changes:  # the usual case: no writer has to wait for it
        return plan
    now = clock.now()
    wanted = {source.id: source for source in catalogue.sources}
    with database.write() as tx:
        lock_catalogue(tx)
        plan = _plan(tx, catalogue)  # again: another process may have followed the file meanwhile
        record_publishers(tx, _new_publishers(tx, catalogue))
        for key in (*plan.added, *plan.returned):
            add_source(tx, wanted[key], now=now)
        for key in plan.changed:
            change_source(tx, wanted[key], now=now)
        for key in plan.retired:
            retire_source(tx, key, now=now)
    return plan


def read_file(path: Path, *, providers: Collection[str] | None = None) -> Catalogue:
    """feeds.yaml at `path`, checked; raises FaultyFile, also where it cannot be read at all."""
    try:
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise _unreadable(path, "is not UTF-8: save it as UTF-8", line) from None
    except OSError as error:
        raise _unreadable(path, f"cannot be read: {error.strerror or error}. Set MONITOR_SOURCES to a file") from None
    return read_catalogue(text, file=str(path), providers=providers)


def _unreadable(path: Path, reason: str, line: int | None = None) -> FaultyFile:
    return FaultyFile([Complaint(file=str(path), line=line, subject="the file", reason=reason)])


def _plan(tx: Transaction, catalogue: Catalogue) -> SyncReport:
    """What has to be done for the database to agree with the file."""
    running = {source.id: source for source in list_sources(tx)}
    wanted = {source.id: source for source in catalogue.sources}
    missing = sorted(wanted.keys() - running.keys())
    both = sorted(wanted.keys() & running.keys())
    returned = tuple(key for key in missing if _is_known(tx, key))
    changed = tuple(key for key in both if wanted[key] != running[key])
    return SyncReport(
        added=tuple(key for key in missing if key not in returned),
        returned=returned,
        changed=changed,
        retired=tuple(sorted(running.keys() - wanted.keys())),
        unchanged_count=len(both) - len(changed),
        publisher_count=len(_new_publishers(tx, catalogue)),
    )


def _new_publishers(tx: Transaction, catalogue: Catalogue) -> list[Publisher]:
    """Publishers that the database lacks or knows otherwise. One that left the file stays: articles name it."""
    known = {publisher.id: _sorted(publisher) for publisher in list_publishers(tx)}
    return [publisher for publisher in catalogue.publishers if known.get(publisher.id) != _sorted(publisher)]


def _sorted(publisher: Publisher) -> Publisher:
    return replace(publisher, domains=tuple(sorted(publisher.domains)))


def _is_known(tx: Transaction, source: SourceId) -> bool:
    try:
        get_source(tx, source)
    except Unknown:
        return False
    return True
