"""Change feeds.yaml, and follow it in the same call: what the desk and the command line do to the list of sources.

The file stays the source of truth: the database is changed only by following what was written. Several may write at
once, and a person may save the file in an editor meanwhile: whoever comes second reads again and changes what is then
there. Every change says in the audit who made it. Should following fail after the file was written, the file is right
and the next sync follows it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.errors import Busy, IllegalDecision
from monitor.jobs.sources_file import FileText, SourcesFile, read_text, replace_text
from monitor.jobs.sync import ATTEMPTS, SyncReport, follow
from monitor.model import Catalogue, Clock, Complaint, Publisher, Source, SourceId
from monitor.stages.catalogue import read_catalogue
from monitor.stages.catalogue_edit import Change, Edited, edit_catalogue, is_blank
from monitor.stages.catalogue_lines import source_values
from monitor.stages.newcomer import admit
from monitor.stages.opml import MAX_COMPLAINTS, read_opml
from monitor.store.database import Database, Transaction
from monitor.store.people import append_audit
from monitor.store.polls import get_poll_state
from monitor.store.sources import count_sources, get_source, lock_catalogue

_NOTHING = FileText(text="", digest=hashlib.sha256(b"").hexdigest())


def current_catalogue(file: SourcesFile, *, providers: Collection[str] | None = None) -> Catalogue:
    """What the file says now, nothing where it has no records yet; raises FaultyFile."""
    path, before = _read(file)
    if is_blank(before.text):
        return Catalogue(publishers=(), sources=())
    return read_catalogue(before.text, file=str(path), providers=providers)


def add_source(
    database: Database,
    clock: Clock,
    *,
    file: SourcesFile,
    source: Source,
    publisher: Publisher | None = None,
    by: str,
    providers: Collection[str] | None = None,
    address: str | None = None,
) -> SyncReport:
    """Write a new source into the file, with its publisher where that is new, and poll it from now on.

    Raises FaultyFile where source or file are at fault, Unconfigured where the file cannot be written.
    """
    return add_sources(
        database,
        clock,
        file=file,
        sources=(source,),
        publishers=() if publisher is None else (publisher,),
        by=by,
        providers=providers,
        address=address,
    )


def add_sources(
    database: Database,
    clock: Clock,
    *,
    file: SourcesFile,
    sources: Collection[Source],
    publishers: Collection[Publisher] = (),
    by: str,
    providers: Collection[str] | None = None,
    address: str | None = None,
) -> SyncReport:
    """As `add_source`, for several in one edit: all of them, or none."""
    change = Change(publishers=tuple(publishers), added=tuple(sources))
    return _carry_out(database, clock, file, change, by, providers, address)


def change_source(
    database: Database,
    clock: Clock,
    *,
    file: SourcesFile,
    source: Source,
    publisher: Publisher | None = None,
    by: str,
    providers: Collection[str] | None = None,
    address: str | None = None,
) -> SyncReport:
    """Let the file say `source` in the place of the one of its id; a URL that a redirect had led to keeps its state.

    Raises Unknown, FaultyFile where source or file are at fault, Unconfigured where the file cannot be written.
    """
    change = Change(publishers=() if publisher is None else (publisher,), changed=(source,))
    return _carry_out(database, clock, file, change, by, providers, address)


def remove_source(
    database: Database,
    clock: Clock,
    *,
    file: SourcesFile,
    source: SourceId,
    by: str,
    providers: Collection[str] | None = None,
    address: str | None = None,
) -> SyncReport:
    """Take a source out of the file: it is not polled any more, and everything it brought stays. Raises Unknown."""
    return _carry_out(database, clock, file, Change(removed=(source,)), by, providers, address)


def adopt_url(
    database: Database,
    clock: Clock,
    *,
    file: SourcesFile,
    source: SourceId,
    by: str,
    providers: Collection[str] | None = None,
    address: str | None = None,
) -> SyncReport:
    """Write the URL that was learnt from a permanent redirect into the file; nothing starts anew (P15).

    Raises Unknown, and IllegalDecision where none was learnt.
    """
    with database.read() as tx:
        configured, learnt = get_source(tx, source).url, get_poll_state(tx, source).url
    if configured == learnt:
        raise IllegalDecision(f"{source} is polled at the URL of feeds.yaml: no other was learnt.")

    def adopt(catalogue: Catalogue) -> Change:
        return Change(changed=tuple(replace(known, url=learnt) for known in catalogue.sources if known.id == source))

    return _carry_out(database, clock, file, adopt, by, providers, address)


# --- lists of subscriptions ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of the lines of an OPML file."""

    added: tuple[SourceId, ...] = ()
    known_count: int = 0  # were in feeds.yaml already, or twice in the list
    refused_count: int = 0
    complaints: tuple[Complaint, ...] = ()  # of the first refused
    publisher_count: int = 0  # new ones

    def __str__(self) -> str:
        parts = [f"{len(self.added)} added, {self.known_count} known already, {self.refused_count} refused"]
        return "".join([*parts, f"; {self.publisher_count} new publishers"])


def import_opml(
    database: Database,
    clock: Clock,
    *,
    file: SourcesFile,
    body: bytes,
    name: str,
    by: str,
    providers: Collection[str] | None = None,
    address: str | None = None,
) -> ImportReport:
    """Add the subscriptions of an OPML file that are not there yet; each gets an id, a name and a publisher (H30).

    Good lines are imported, bad ones listed with line and reason. `name` is only named in complaints. Raises FaultyFile
    where it is no OPML at all or feeds.yaml is at fault, Unconfigured where that cannot be written.
    """
    found = read_opml(body, file=name)
    report = ImportReport()

    def plan(catalogue: Catalogue) -> Change:
        nonlocal report
        newcomers, known_count, complaints = admit(found.outlines, catalogue, file=name)
        publishers = tuple(n.publisher for n in newcomers if n.publisher is not None)
        report = ImportReport(
            added=tuple(n.source.id for n in newcomers),
            known_count=known_count,
            refused_count=found.refused_count + len(complaints),
            complaints=tuple([*found.complaints, *complaints][:MAX_COMPLAINTS]),
            publisher_count=len(publishers),
        )
        return Change(publishers=publishers, added=tuple(n.source for n in newcomers))

    _carry_out(database, clock, file, plan, by, providers, address)
    return report


# --- the one way to write -----------------------------------------------------------------------------------------


def _carry_out(
    database: Database,
    clock: Clock,
    file: SourcesFile,
    change: Change | Callable[[Catalogue], Change],
    by: str,
    providers: Collection[str] | None,
    address: str | None,
) -> SyncReport:
    """Edit, write and follow. Reading and editing take long and hold nothing; writing and following hold the lock."""
    for _ in range(ATTEMPTS):
        path, before = _read(file)
        _check_start(database, path, before)
        edited = edit_catalogue(before.text, change, file=str(path), providers=providers)
        with database.write() as tx:
            lock_catalogue(tx)
            if _read(file) != (path, before):
                continue  # somebody wrote it meanwhile
            if edited.text != before.text:
                replace_text(path, edited.text, has_bom=before.has_bom)
            report = follow(tx, edited.catalogue, now=clock.now())
            _note(tx, clock, edited, by, address)
            return report
    raise Busy(f"{file.edited()} is being written again and again by others. Nothing was changed; try again.")


def _read(file: SourcesFile) -> tuple[Path, FileText]:
    """The file that an edit writes, and the text it begins with."""
    path, followed = file.edited(), file.followed()
    if not path.exists() and followed == path:
        return path, _NOTHING  # configured, and not there yet
    return path, read_text(path if path.exists() else followed)


def _check_start(database: Database, path: Path, before: FileText) -> None:
    """A list that begins anew must not silence the sources that run."""
    if not is_blank(before.text):
        return
    with database.read() as tx:
        running = count_sources(tx)
    if running:
        raise IllegalDecision(
            f"{path} names no source, but {running} are polled: a file that began anew would retire them all. Nothing "
            "was changed. Put the file back that named them, or set MONITOR_SOURCES to it."
        )


def _note(tx: Transaction, clock: Clock, edited: Edited, by: str, address: str | None) -> None:
    before = {source.id: source_values(source) for source in edited.before.sources}
    change = edited.change
    lines = [
        *(("source.add", source.id, None, source_values(source)) for source in change.added),
        *(("source.change", source.id, before[source.id], source_values(source)) for source in change.changed),
        *(("source.remove", key, before[key], None) for key in change.removed),
    ]
    for what, key, was, is_now in lines:
        if was == is_now:
            continue
        append_audit(
            tx, at=clock.now(), who=by, what=what, subject=f"source {key}", before=was, after=is_now, address=address
        )
