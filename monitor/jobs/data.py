"""data: the public record as files to take away: CSV, JSON Lines, SQLite, and what describes them.

The SQLite file is what grows: a change of a wire replaces that wire's rows on a copy of it, and only where there is
none, or it is of another past, is it made whole. The other files are written out of it, one after the other, without
holding them in memory. Files that say the same as before are left alone; the others are written beside, synced and
renamed (F12). All of it happens at most every few minutes, apart from publication, so that a publication costs the
same however long the record is.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from monitor.jobs.tree import NOTES, Tree, sync_all, write_beside
from monitor.model import Clock, Progress, WireId, no_progress
from monitor.model.dataset import DataFile, Licence, Row
from monitor.model.publication import Document, media_type_of
from monitor.site.data_page import data_page
from monitor.site.house import House
from monitor.stages import dataset
from monitor.stages.dataset import TABLES, names_of, package_of, record_of, register_rows, rows_of, stamp
from monitor.stages.sheet import neutral
from monitor.store.database import Database
from monitor.store.editions import Edition, find_edition, read_edition
from monitor.store.published import get_published
from monitor.store.record_file import RecordFile, opened
from monitor.store.take_downs import every_take_down
from monitor.store.tellings import list_seen, list_untold

SECTION = "files"  # as the tree notes its paths
FOLDER = "data"
SQLITE, LINES, PACKAGE, METADATA = "incidents.sqlite", "wires.jsonl", "datapackage.json", "metadata.json"
STATE = "data.json"  # beside the tree's other notes
BATCH = 200  # wires that are read at once
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DataReport:
    """What one run did."""

    wire_count: int = 0  # whose rows were replaced
    file_count: int = 0  # that say something else than before
    is_whole: bool = False  # the record was made anew
    is_early: bool = False  # there is something to do, but the last making is too near

    def __str__(self) -> str:
        if self.is_early:
            return "There is something new, and the files were made moments ago: later."
        return f"{self.wire_count} wires brought up to date, {self.file_count} files written."


def make_data(
    database: Database,
    clock: Clock,
    *,
    public_dir: Path,
    house: House,
    licence: Licence,
    every: timedelta = timedelta(),
    progress: Progress = no_progress,
) -> DataReport:
    """Bring the files up to date with the newest edition, unless they were made less than `every` ago. Idempotent."""
    state, now = _read_state(public_dir), clock.now()
    version = _version(house, licence)
    with database.read() as tx:
        edition = read_edition(tx)
    shown = (state.get("edition"), state.get("mark"), state.get("version"))
    if shown == (edition.number, _mark(edition), version):
        if _is_whole(public_dir, state):
            return DataReport()
    elif _is_early(state, now, every):
        return DataReport(is_early=True)
    with _alone(public_dir):
        return _Making(database, Tree(public_dir), house, licence, progress).make(now, version)


@contextmanager
def _alone(public_dir: Path) -> Iterator[None]:
    """One process makes the data at a time. Not the tree's own lock: a publication never waits for files of data."""
    notes = public_dir / NOTES
    notes.mkdir(parents=True, exist_ok=True)
    with (notes / "data.lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_whole(public_dir: Path, state: Mapping[str, object]) -> bool:
    names = state.get("files")
    return isinstance(names, list) and all((public_dir / FOLDER / str(name)).is_file() for name in names)


def _is_early(state: Mapping[str, object], now: datetime, every: timedelta) -> bool:
    made = state.get("made_at")
    return isinstance(made, str) and timedelta() <= now - datetime.fromisoformat(made) < every


class _Making:
    """One run, with the folder of data to itself."""

    def __init__(self, database: Database, tree: Tree, house: House, licence: Licence, progress: Progress) -> None:
        self.database = database
        self.folder = tree.folder / FOLDER
        self.tree = tree
        self.house = house
        self.licence = licence
        self.progress = progress
        self.report = DataReport()
        self.files: list[DataFile] = []

    def make(self, now: datetime, version: str) -> DataReport:
        self.folder.mkdir(parents=True, exist_ok=True)
        work = self.tree.folder / NOTES / "record.new"
        _drop_work(work)
        try:
            edition, counts = self._bring_up(work)
            self._put(SQLITE, lambda new: work.replace(new), is_zipped=False)
        finally:
            _drop_work(work)
        made_at = edition.at
        ordered = sorted(self.files, key=lambda f: (f.name.endswith(".csv"), f.name))
        package = package_of(
            self.house.site,
            ordered,
            licence=self.licence,
            made_at=made_at,
            version=f"{dataset.VERSION}.{edition.number}",
        )
        described = [_described(PACKAGE, package), _described(METADATA, _metadata(self.house, self.licence))]
        documents = [
            Document(path=f"/{FOLDER}/{file.name}", media_type=media_type_of(f"/{file.name}"), body=body)
            for file, body in described
        ]
        shown = [*(f for f in ordered if not f.name.endswith(".csv")), *(file for file, _ in described)]
        shown += [f for f in ordered if f.name.endswith(".csv")]
        page = data_page(self.house, shown, counts=counts, licence=self.licence, made_at=made_at)
        names = [f.name for f in shown]
        with self.tree.locked():
            written = self.tree.write(SECTION, [*documents, page])
            self.tree.write_paths(SECTION, [*(f"/{FOLDER}/{name}" for name in names), page.path])
        state = {"edition": edition.number, "mark": _mark(edition), "version": version, "files": names}
        note = json.dumps(state | {"made_at": now.isoformat()}, indent=1, sort_keys=True)
        write_beside(self.tree.folder / NOTES / STATE, note.encode())
        return replace(self.report, file_count=self.report.file_count + written)

    # --- the record ---------------------------------------------------------------------------------------------

    def _bring_up(self, work: Path) -> tuple[Edition, dict[str, int]]:
        """The record as of now at `work`, and the other files out of it; what it is as of, and how much it holds."""
        begins = self._copy(work)
        with opened(work, TABLES) as record:
            if begins is None:
                record.make()
                edition = self._fill(record)
            else:
                edition = self._follow(record, begins)
            registers = self._settle(record, edition)
            for table in TABLES:
                self._put(f"{table.name}.csv", lambda new, name=table.name: _write_csv(record, name, new))  # type: ignore[misc]
                self.files[-1] = replace(self.files[-1], rows=record.count(table.name))
            names = names_of(registers["providers"], registers["codes"])
            self._put(LINES, lambda new: _write_lines(record, new, lambda rows: record_of(rows, names)))
            return edition, {table.name: record.count(table.name) for table in TABLES}

    def _copy(self, work: Path) -> int | None:
        """A copy of the record that readers have, where it can be gone on with; the edition it shows."""
        place = self.folder / SQLITE
        if not place.is_file():
            return None
        try:
            shutil.copyfile(place, work)
            with opened(work, TABLES) as record:
                about = record.about()
            with self.database.read() as tx:
                shown = find_edition(tx, int(about.get("edition", "-1")))
        except (OSError, ValueError, sqlite3.DatabaseError):
            _drop_work(work)
            return None
        if about.get("mark") != _mark(shown) or about.get("made_by") != _maker(self.house) or not shown.number:
            _drop_work(work)  # another past, other addresses, other columns
            return None
        return shown.number

    def _fill(self, record: RecordFile) -> Edition:
        """Every published wire, a few at a time; then what was published meanwhile."""
        with self.database.read() as tx:
            edition = read_edition(tx)
        done, last = 0, 0
        while True:
            with self.database.read() as tx:
                ids = list_seen(tx, after=last, limit=BATCH)
                wires = get_published(tx, ids)
            if not ids:
                break
            for wire in wires:
                record.put_wire(rows_of(self.house.site, wire))
            last, done = ids[-1], done + len(wires)
            self.progress(done, done)
        self.report = replace(self.report, wire_count=done, is_whole=True)
        return self._follow(record, edition.number) if edition.number else edition

    def _follow(self, record: RecordFile, after: int) -> Edition:
        """The wires of the editions since then, each once."""
        changed = dict[WireId, None]()
        with self.database.read() as tx:
            while untold := list_untold(tx, after=after):
                after = untold[-1].number
                changed |= dict.fromkeys(told.change.wire for told in untold)
            edition = find_edition(tx, after)
        numbers = list(changed)
        for start in range(0, len(numbers), BATCH):
            some = numbers[start : start + BATCH]
            with self.database.read() as tx:
                wires = {w.id: w for w in get_published(tx, some) if w.withdrawn_at is None and w.published is not None}
            for number in some:
                if number in wires:
                    record.put_wire(rows_of(self.house.site, wires[number]))
                else:
                    record.drop_wire(number)
            self.progress(start + len(some), len(numbers))
        self.report = replace(self.report, wire_count=self.report.wire_count + len(numbers))
        return edition

    def _settle(self, record: RecordFile, edition: Edition) -> dict[str, list[Row]]:
        """What is not of one wire: registers, what was taken down, what the file says of itself."""
        site = self.house.site
        registers = register_rows(site.providers, site.codebook)
        known = {p["id"] for p in registers["providers"]}
        left = [p for p in record.values_of("wire_providers", "provider_id") if p not in known]
        registers["providers"] += [{"id": p, "name": p} for p in left]
        coded = {c["id"] for c in registers["codes"]}
        gone = [c for c in record.values_of("wire_codes", "code_id") if c not in coded]
        registers["codes"] += [{"id": c, "name": c, "definition": "", "is_retired": True} for c in gone]
        for table, rows in registers.items():
            record.replace_all(table, rows)
        with self.database.read() as tx:
            taken = [(t.slug, t.tag, t.at) for t in every_take_down(tx)]
        rows = [{"slug": slug, "tag": tag, "taken_down_at": stamp(at)} for slug, tag, at in taken]
        record.replace_all("taken_down", sorted(rows, key=lambda row: str(row["slug"])))
        record.say(
            {
                "edition": str(edition.number),
                "mark": _mark(edition),
                "made_by": _maker(self.house),
                "as_of": stamp(edition.at) or "",
                "title": f"{site.name}: AI incidents",
                "homepage": site.url(f"/{FOLDER}"),
                "licence": self.licence.title,
                "licence_url": self.licence.url or "",
            }
        )
        record.settle()
        return registers

    # --- files --------------------------------------------------------------------------------------------------

    def _put(self, name: str, write: Callable[[Path], object], *, is_zipped: bool = True) -> None:
        """Write a file beside its place, and put it there with its `.gz` where it says something new."""
        place, new = self.folder / name, self.folder / f".{name}.new"
        write(new)
        size, digest = new.stat().st_size, _digest(new)
        self.files.append(DataFile(name=name, size_bytes=size, digest=digest))
        zipped = place.with_name(f"{name}.gz")
        is_same = place.is_file() and place.stat().st_size == size and _digest(place) == digest
        if is_same and (not is_zipped or zipped.is_file()):
            new.unlink()
            return
        beside = [(new, place)]
        if is_zipped:
            packed = self.folder / f".{name}.gz.new"
            with (
                new.open("rb") as plain,
                packed.open("wb") as raw,
                gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as file,
            ):
                shutil.copyfileobj(plain, file, _PIECE)
            beside.insert(0, (packed, zipped))
        _make_later(new, place)
        sync_all([path for path, _ in beside])
        for path, target in beside:
            path.replace(target)
        sync_all([self.folder])
        self.report = replace(self.report, file_count=self.report.file_count + 1)


def _write_csv(record: RecordFile, table: str, new: Path) -> None:
    with new.open("w", encoding="utf-8", newline="") as file:
        record.write_csv(table, file, _cell)


def _cell(value: object) -> str:
    return neutral(value) if isinstance(value, str) else dataset.cell(value)


def _write_lines(record: RecordFile, new: Path, make: Callable[[Mapping[str, Sequence[Row]]], Row]) -> None:
    with new.open("wb", buffering=_PIECE) as file:
        record.write_lines(file, make)


def _described(name: str, value: Mapping[str, object]) -> tuple[DataFile, bytes]:
    body = json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
    return DataFile(name=name, size_bytes=len(body), digest=hashlib.sha256(body).hexdigest()), body


def _metadata(house: House, licence: Licence) -> dict[str, object]:
    """metadata.json of Datasette: titles, what each column means, the licence."""
    said: dict[str, object] = {
        "title": f"{house.name}: AI incidents",
        "description": "The whole public record of this newsroom.",
        "license": licence.title,
        "source": house.name,
        "source_url": house.url("/"),
        "about": "What each column means",
        "about_url": house.url(f"/{FOLDER}"),
        "databases": {
            SQLITE.removesuffix(".sqlite"): {
                "tables": {
                    table.name: {
                        "description": table.title,
                        "columns": {field.name: field.means for field in table.fields},
                        **({"sort_desc": "first_published_at"} if table.name == "wires" else {}),
                        **({"label_column": "headline"} if table.name == "wires" else {}),
                    }
                    for table in TABLES
                }
            }
        },
    }
    return said | ({"license_url": licence.url} if licence.url else {})


def _maker(house: House) -> str:
    """Moves when the same wires give other rows: their addresses, the tables."""
    told = (dataset.VERSION, house.site.base_url, TABLES)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _version(house: House, licence: Licence) -> str:
    """Moves when the same editions give other files."""
    told = (_maker(house), house.version, licence)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _mark(edition: Edition) -> str:
    return "" if edition.at is None else edition.at.isoformat()


def _read_state(public_dir: Path) -> dict[str, object]:
    try:
        value = json.loads((public_dir / NOTES / STATE).read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _drop_work(work: Path) -> None:
    for path in (work, work.with_name(f"{work.name}-journal")):
        with suppress(FileNotFoundError):
            path.unlink()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_later(new: Path, place: Path) -> None:
    """Its time is later than that of what it replaces by whole seconds, which is all that HTTP's dates have."""
    with suppress(FileNotFoundError):
        before = place.stat().st_mtime_ns // 1_000_000_000
        if new.stat().st_mtime_ns // 1_000_000_000 <= before:
            os.utime(new, (before + 1, before + 1))
