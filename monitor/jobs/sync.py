"""Bring the sources of the database in line with feeds.yaml: add, change, retire; nothing is ever deleted.

A faulty file is refused whole and leaves the database as it was: what ran before goes on running.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from monitor.errors import Busy, Unknown
from monitor.jobs.sources_file import read_text
from monitor.model import Catalogue, Clock, Publisher, SourceId
from monitor.stages.catalogue import read_catalogue
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

ATTEMPTS = 3  # how often a file is read that changes under the reading


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
    for _ in range(ATTEMPTS):
        file = read_text(path)
        catalogue = read_catalogue(file.text, file=str(path), providers=providers)
        with database.read() as tx:
            plan = _plan(tx, catalogue)
        if not plan.has_changes:  # the usual case: no writer has to wait for it
            return plan
        with database.write() as tx:
            lock_catalogue(tx)
            if read_text(path).digest == file.digest:  # else an edit came between, and its sources would be retired
                return follow(tx, catalogue, now=clock.now())
    raise Busy(f"{path} changes again and again while it is read. The sources are as they were; try again.")


def follow(tx: Transaction, catalogue: Catalogue, *, now: datetime) -> SyncReport:
    """Make the sources agree with `catalogue`; the caller holds `lock_catalogue`."""
    plan = _plan(tx, catalogue)
    wanted = {source.id: source for source in catalogue.sources}
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
    return read_catalogue(read_text(path).text, file=str(path), providers=providers)


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
