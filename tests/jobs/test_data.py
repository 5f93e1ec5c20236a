"""The files of data: whole, the same by every way, brought up to date wire by wire, and never half."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import frictionless
import pytest

from monitor.jobs import data
from monitor.jobs.data import DataReport, make_data
from monitor.jobs.publish import publish
from monitor.jobs.tree import Tree
from monitor.jobs.wires import release, save_draft, start_revision
from monitor.model import RevisionKind, Wire, WireId
from monitor.model.feeds import TakeDownReason
from monitor.site.house import House
from monitor.stages.dataset import BY_NAME, TABLES, read_licence
from monitor.stages.syndicate import Site
from monitor.store.database import Database
from monitor.store.take_downs import add_take_down
from monitor.store.wires import get_wire
from tests.conftest import ManualClock
from tests.wires import BASE_URL, CODEBOOK, EDITOR, PROVIDERS, a_released_wire

SITE = Site(name="The Wire", base_url=BASE_URL, codebook=CODEBOOK, providers=PROVIDERS.providers)
HOUSE = House(site=SITE, guide="")
LICENCE = read_licence("CC-BY-4.0")
FORMULA = '=HYPERLINK("https://evil.example","x")'


class Room:
    """A newsroom that publishes, and its files of data."""

    corrected: Wire

    def __init__(self, database: Database, clock: ManualClock, folder: Path) -> None:
        self.database, self.clock, self.folder = database, clock, folder

    def publish(self, **fields: Any) -> Wire:
        wire = a_released_wire(self.database, self.clock, **fields)
        publish(self.database, self.clock, public_dir=self.folder, site=SITE, sections=())
        return wire

    def revise(self, wire: Wire, kind: RevisionKind, **fields: Any) -> None:
        opened = start_revision(self.database, self.clock, wire.id, editor=EDITOR, kind=kind)
        draft = replace(opened.draft, **fields)
        rules: Any = {"codebook": CODEBOOK, "providers": PROVIDERS}
        save_draft(self.database, self.clock, wire.id, editor=EDITOR, draft=draft, version_seen=opened.version)
        release(self.database, self.clock, wire.id, editor=EDITOR, version_seen=None, **rules)
        publish(self.database, self.clock, public_dir=self.folder, site=SITE, sections=())

    def make(self, *, house: House = HOUSE, folder: Path | None = None, **more: Any) -> DataReport:
        return make_data(
            self.database, self.clock, public_dir=folder or self.folder, house=house, licence=LICENCE, **more
        )

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "data/wires.jsonl").read_bytes().splitlines()]

    def sheet(self, name: str) -> list[dict[str, str]]:
        with (self.folder / f"data/{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.folder}/data/incidents.sqlite?mode=ro", uri=True)) as connection:
            return connection.execute(query, values).fetchall()

    def bytes_of(self, folder: Path | None = None) -> dict[str, bytes]:
        found = sorted((folder or self.folder).glob("data/*"))
        return {path.name: path.read_bytes() for path in found if path.suffix != ".sqlite"}


@pytest.fixture
def empty(sqlite_database: Database, clock: ManualClock, tmp_path: Path) -> Room:
    """A newsroom that has published nothing."""
    return Room(sqlite_database, clock, tmp_path / "public")


@pytest.fixture(scope="module")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The database of a newsroom with three wires, made once, and the number of the corrected one."""
    folder = tmp_path_factory.mktemp("filled")
    path = folder / "monitor.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    number = fill(Room(database, ManualClock(), folder / "public")).id
    database.close()
    return path, number


@pytest.fixture
def room(filled: tuple[Path, int], clock: ManualClock, tmp_path: Path) -> Iterator[Room]:
    """A newsroom with three wires: one corrected, one retracted, one with a formula for words and ids elsewhere."""
    path, number = filled
    copy = tmp_path / "monitor.db"
    copy.write_bytes(path.read_bytes())
    database = Database(f"sqlite:///{copy}")
    clock.advance(hours=1)
    room = Room(database, clock, tmp_path / "public")
    with database.read() as tx:
        room.corrected = get_wire(tx, WireId(number))
    yield room
    database.close()


def fill(room: Room) -> Wire:
    corrected = room.publish(headline="Chatbot invents a ruling")
    retracted = room.publish(headline="Robot breaks an arm")
    room.publish(headline=FORMULA, crosswalk=("aiid:123", "aiaaic:AIAAIC0042"))
    room.revise(corrected, RevisionKind.CORRECTION, note="It was another court.")
    room.revise(retracted, RevisionKind.RETRACTION, note="-It did not happen.")
    return corrected


# --- what is in it -----------------------------------------------------------------------------------------------


def test_the_three_forms_tell_the_same(room: Room) -> None:
    assert room.make() == DataReport(wire_count=3, file_count=14, is_whole=True)
    lines = room.lines()
    assert [line["status"] for line in lines] == ["corrected", "retracted", "published"]
    for table in TABLES:
        rows = room.ask(f"SELECT * FROM {table.name}")
        assert len(rows) == len(room.sheet(table.name))
    for line, row in zip(lines, room.sheet("wires"), strict=True):
        assert (line["tag"], line["url"], str(line["revision"])) == (row["tag"], row["url"], row["revision"])
        assert line["body"] == row["body"]
        assert [p["id"] for p in line["providers"]] == row["providers"].split()
        found = room.ask("SELECT headline FROM wires WHERE id = ?", line["id"])
        assert found == [(line["headline"],)]
    assert {len(line["sources"]) for line in lines} == {2}
    assert [len(line["revisions"]) for line in lines] == [2, 2, 1]
    assert lines[2]["crosswalk"] == [
        {"database": "aiid", "external_id": "123", "url": "https://incidentdatabase.ai/cite/123"},
        {"database": "aiaaic", "external_id": "AIAAIC0042", "url": None},
    ]
    assert "article:" in lines[0]["body"]
    assert "article:" not in lines[0]["body_text"]


def test_no_cell_is_a_formula_and_the_other_forms_have_the_words_as_they_are_h28(room: Room) -> None:
    room.make()
    assert room.sheet("wires")[2]["headline"] == f"'{FORMULA}"
    assert room.sheet("wires")[1]["note"] == "'-It did not happen."
    assert room.lines()[2]["headline"] == room.ask("SELECT headline FROM wires ORDER BY id")[2][0] == FORMULA
    for table in TABLES:
        cells = [cell for row in room.sheet(table.name) for cell in row.values()]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_package_is_valid_by_the_frictionless_library(room: Room) -> None:
    room.make()
    report = frictionless.validate(str(room.folder / "data/datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldNumber", "type", "note"])
    package = json.loads((room.folder / "data/datapackage.json").read_bytes())
    assert [r["name"] for r in package["resources"]] == [t.name for t in TABLES]
    assert package["licenses"] == [
        {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0 International",
         "path": "https://creativecommons.org/licenses/by/4.0/"}
    ]  # fmt: skip
    for resource in package["resources"]:
        body = (room.folder / "data" / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
        assert resource["bytes"] == len(body)
        assert all(field["description"] for field in resource["schema"]["fields"])


def test_the_sqlite_file_is_sound_and_can_be_searched(room: Room) -> None:
    room.make()
    assert room.ask("PRAGMA integrity_check") == [("ok",)]
    assert room.ask("PRAGMA foreign_key_check") == []
    query = "SELECT wires.headline FROM wires JOIN wires_fts ON wires_fts.rowid = wires.id WHERE wires_fts MATCH ?"
    assert room.ask(query, "robot arm") == [("Robot breaks an arm",)]
    about = dict(room.ask("SELECT name, value FROM about"))
    assert about["licence"] == "Creative Commons Attribution 4.0 International"
    metadata = json.loads((room.folder / "data/metadata.json").read_bytes())
    assert set(metadata["databases"]["incidents"]["tables"]) == set(BY_NAME)
    assert not list(room.folder.glob("data/*-wal"))
    assert not list(room.folder.glob("data/.*"))


def test_what_readers_may_not_see_is_not_in_it(room: Room) -> None:
    a_released_wire(room.database, room.clock, headline="A secret draft")
    room.make()
    assert not [name for name, body in room.bytes_of().items() if b"secret draft" in body]
    assert b"secret draft" not in (room.folder / "data/incidents.sqlite").read_bytes()


# --- how it is kept ----------------------------------------------------------------------------------------------


def test_with_nothing_new_nothing_is_touched_and_what_is_the_same_stays_o4(room: Room) -> None:
    room.make()
    before = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in room.folder.rglob("*") if p.is_file()}
    assert room.make() == DataReport()
    assert {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in room.folder.rglob("*") if p.is_file()} == before
    room.publish(headline="One more")
    report = room.make()
    assert (report.wire_count, report.is_whole) == (1, False)
    codes = room.folder / "data/codes.csv"
    assert (codes.stat().st_mtime_ns, codes.stat().st_ino) == before[codes]


def test_brought_up_to_date_it_says_what_it_would_say_made_anew(room: Room, tmp_path: Path) -> None:
    wire = room.corrected
    room.make()
    room.revise(wire, RevisionKind.UPDATE, headline="Chatbot invents two rulings", providers=("anthropic",))
    room.publish(headline="One more")
    room.make()
    anew = tmp_path / "anew"
    assert room.make(folder=anew).is_whole
    assert room.bytes_of() == room.bytes_of(anew)
    query = "SELECT count(*) FROM wires_fts WHERE wires_fts MATCH ?"
    assert (room.ask(query, "two rulings"), room.ask(query, "invents NOT rulings")) == ([(1,)], [(0,)])
    assert room.ask("PRAGMA integrity_check") == [("ok",)]


def test_what_was_taken_down_leaves_every_file_but_its_name(room: Room) -> None:
    wire = room.corrected
    room.make()
    room.clock.advance(minutes=1)
    with room.database.write() as tx:
        add_take_down(tx, wire.id, who="ada", reason=next(iter(TakeDownReason)), note="", now=room.clock.now())
    room.make()
    assert [line["slug"] for line in room.lines()] == [row["slug"] for row in room.sheet("wires")]
    assert wire.slug not in {line["slug"] for line in room.lines()}
    assert [row["slug"] for row in room.sheet("taken_down")] == [wire.slug]
    assert room.ask("SELECT count(*) FROM sources WHERE wire_id = ?", wire.id) == [(0,)]
    assert b"another court" not in (room.folder / "data/wires.jsonl").read_bytes()


def test_however_often_is_published_it_is_made_every_few_minutes(room: Room) -> None:
    span = timedelta(minutes=15)
    room.make(every=span)
    room.publish(headline="Another")
    room.clock.advance(minutes=14)
    assert room.make(every=span) == DataReport(is_early=True)
    room.clock.advance(minutes=1)
    assert room.make(every=span).wire_count == 1


def broken(path: Path) -> None:
    path.write_bytes(b"not a database")


def missing(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("harm", [broken, missing])
def test_a_file_that_was_harmed_is_made_anew(room: Room, harm: Callable[[Path], None]) -> None:
    room.make()
    before = room.bytes_of()
    harm(room.folder / "data/incidents.sqlite")
    room.publish(headline="One more")
    assert room.make().is_whole
    assert room.ask("SELECT count(*) FROM wires") == [(4,)]
    assert room.bytes_of()["codes.csv"] == before["codes.csv"]


def test_a_newsroom_that_moved_has_its_new_addresses_in_every_row(room: Room) -> None:
    room.make()
    there = House(site=replace(SITE, base_url="https://elsewhere.example"), guide="")
    assert room.make(house=there).is_whole
    assert all(line["url"].startswith("https://elsewhere.example/") for line in room.lines())


def test_killed_while_it_is_made_readers_have_the_files_of_before_f12(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.make()
    before = room.bytes_of()
    room.publish(headline="One more")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(data, "record_of", die)  # in the middle: some files are out of the record, others are not yet
    with pytest.raises(KeyboardInterrupt):
        room.make()
    monkeypatch.undo()
    assert room.bytes_of()["wires.jsonl"] == before["wires.jsonl"]
    assert room.ask("SELECT count(*) FROM wires") == [(3,)]
    room.make()
    assert [len(room.lines()), len(room.sheet("wires"))] == [4, 4]
    assert room.ask("SELECT count(*) FROM wires") == [(4,)]


def test_no_publication_waits_for_it_and_it_waits_for_none(room: Room) -> None:
    """The record is made apart; only the page and what describes the files are written under the tree's lock."""
    held: list[bool] = []

    def look(done: int, total: int) -> None:
        with Tree(room.folder).locked():
            held.append(done <= total)

    room.make(progress=look)
    assert held == [True]


def test_every_file_has_its_compressed_form_beside_it(room: Room) -> None:
    room.make()
    files = room.bytes_of()
    for name in ("wires.jsonl", "wires.csv", "datapackage.json"):
        assert gzip.decompress(files[f"{name}.gz"]) == files[name]


def test_the_page_offers_every_file_and_explains_every_column(room: Room) -> None:
    room.make()
    page = (room.folder / "data/index.html").read_text()
    offered = {p.name for p in (room.folder / "data").iterdir() if p.suffix not in {".gz", ".html"}}
    assert all(f'href="/data/{name}"' in page for name in offered)
    assert all(f"<code>{f.name}</code>" in page for t in TABLES for f in t.fields)
    assert "Creative Commons Attribution 4.0 International" in page


def test_before_anything_is_published_the_files_are_empty_and_whole(empty: Room) -> None:
    empty.make()
    assert empty.lines() == []
    assert empty.sheet("wires") == []
    assert frictionless.validate(str(empty.folder / "data/datapackage.json")).valid


@pytest.mark.parametrize(
    ("said", "name", "url"),
    [
        ("CC0-1.0", "CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("Our own terms https://wire.example/terms", "Our own terms", "https://wire.example/terms"),
        ("All rights reserved", "All rights reserved", None),
    ],
)
def test_the_licence_is_the_newsrooms_to_say(said: str, name: str, url: str | None) -> None:
    licence = read_licence(said)
    assert (licence.name, licence.url) == (name, url)
