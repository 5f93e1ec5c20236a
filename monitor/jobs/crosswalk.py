"""crosswalk: ids of the same events in other databases, noted in many wires at once from a list.

Each wire is a transaction of its own. One whose draft is in work gets the ids there; a published one gets an update,
released where that is asked for, else left as a draft for an editor. A second run finds nothing to add.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.errors import FaultyFile, MonitorError
from monitor.jobs.wires import release, save_draft, start_revision
from monitor.model import Clock, Codebook, Complaint, Progress, RevisionKind, RevisionStatus, WireId, no_progress
from monitor.stages.codebook import ProviderIndex
from monitor.stages.crosswalk import of_parts
from monitor.store.database import Database
from monitor.store.wires import find_wire_by_name, get_wire

COLUMNS = ("wire", "database", "id")
SIZE_LIMIT = 20_000_000  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CrosswalkReport:
    """What an import did."""

    noted_count: int = 0  # wires that have ids more
    released_count: int = 0  # of these, on their way to readers
    known_count: int = 0  # wires that had them all
    complaints: tuple[Complaint, ...] = ()


def import_crosswalk(
    database: Database,
    clock: Clock,
    *,
    path: Path,
    editor: str,
    codebook: Codebook,
    providers: ProviderIndex,
    is_released: bool = False,
    progress: Progress = no_progress,
) -> CrosswalkReport:
    """Note what a CSV file (wire, database, id) says. Good lines enter; bad ones are listed; raises FaultyFile."""
    complaints: list[Complaint] = []
    wanted: dict[WireId, dict[str, None]] = {}
    for line, name, key, why in _read(path):
        wire = None if why else _find(database, name)
        if wire is None:
            reason = why or "there is no wire of this number, name or tag"
            complaints.append(Complaint(file=str(path), line=line, subject=name[:80] or "the line", reason=reason))
        else:
            wanted.setdefault(wire, {})[key] = None
    noted = released = known = 0
    for done, (wire, keys) in enumerate(wanted.items(), start=1):
        try:
            is_new, is_out = _note(database, clock, wire, tuple(keys), editor, codebook, providers, is_released)
        except MonitorError as error:
            complaints.append(Complaint(file=str(path), line=None, subject=f"wire {wire}", reason=str(error)))
        else:
            noted, released, known = noted + is_new, released + is_out, known + (not is_new)
        progress(done, len(wanted))
    return CrosswalkReport(noted_count=noted, released_count=released, known_count=known, complaints=tuple(complaints))


def _find(database: Database, name: str) -> WireId | None:
    with database.read() as tx:
        found = find_wire_by_name(tx, name)
    return None if found is None else found.id


def _note(
    database: Database,
    clock: Clock,
    number: WireId,
    keys: tuple[str, ...],
    editor: str,
    codebook: Codebook,
    providers: ProviderIndex,
    is_released: bool,
) -> tuple[bool, bool]:
    with database.read() as tx:
        wire = get_wire(tx, number)
    last = wire.revisions[-1]
    if set(keys) <= set(last.draft.crosswalk):
        return False, False
    was_published = last.status is RevisionStatus.PUBLISHED
    if was_published:
        last = start_revision(database, clock, wire.id, editor=editor, kind=RevisionKind.UPDATE)
    draft = replace(last.draft, crosswalk=tuple(dict.fromkeys((*last.draft.crosswalk, *keys))))
    save_draft(database, clock, wire.id, editor=editor, draft=draft, version_seen=None)
    if not (was_published and is_released):
        return True, False
    release(database, clock, wire.id, editor=editor, version_seen=None, codebook=codebook, providers=providers)
    with database.read() as tx:
        return True, get_wire(tx, wire.id).revisions[-1].status is RevisionStatus.RELEASED


def _read(path: Path) -> Iterator[tuple[int, str, str, str]]:
    """Each line: its number, which wire, which id, and what is wrong with it."""
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise OSError(f"more than {SIZE_LIMIT:,} bytes")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FaultyFile([Complaint(file=str(path), line=None, subject="the file", reason=str(error))]) from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=False)
    if not set(COLUMNS) <= set(reader.fieldnames or ()):
        reason = f"needs a heading with {', '.join(COLUMNS)}"
        raise FaultyFile([Complaint(file=str(path), line=1, subject="the heading", reason=reason)])
    try:
        for row in reader:
            name, database, given = ((row.get(column) or "").strip() for column in COLUMNS)
            found = of_parts(database, given)
            why = "" if name and found else f"“{database[:40]} {given[:80]}” is no id of aiid, oecd-aim or aiaaic"
            yield reader.line_num, name, found.key if found else "", why if name else "names no wire"
    except csv.Error as error:
        raise FaultyFile(
            [Complaint(file=str(path), line=reader.line_num, subject="the file", reason=str(error))]
        ) from error
