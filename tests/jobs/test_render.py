"""Bringing the tree up to date: what an edition touches, and no more; whole when a version moves; then resumed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.jobs import render
from monitor.jobs.render import RenderReport, bring_up_to_date
from monitor.jobs.sections import Section
from monitor.jobs.tree import NOTES
from monitor.model import Change, Document
from monitor.model.publication import media_type_of
from monitor.store.database import Database, Transaction
from monitor.store.published import list_published
from tests.past import START, many_past, publish_past


@dataclass
class Wires:
    """A section of a page for each wire and a list of all; it notes what it was asked for."""

    version: str = "1"
    name: str = "wires"
    faulty: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def touched(self, tx: Transaction, change: Change) -> Iterable[str]:
        yield "/"
        yield f"/wires/{change.slug}"

    def every(self, tx: Transaction) -> Iterable[str]:
        yield "/"
        yield from (
            f"/wires/{w.slug}" for w in list_published(tx, limit=1_000) if f"/wires/{w.slug}" not in self.hidden
        )

    def render(self, tx: Transaction, path: str) -> Document | None:
        self.asked.append(path)
        if path in self.faulty:
            raise RuntimeError("cannot")
        known = [w.slug for w in list_published(tx, limit=1_000)]
        if path in self.hidden or path.removeprefix("/wires/") not in {"/", *known}:
            return None
        body = f"{self.version} {path} {known if path == '/' else ''}"
        return Document(path=path, media_type=media_type_of(path), body=body.encode())


def bring(
    database: Database, folder: Path, *sections: Section, is_thorough: bool = False, is_whole: bool = False
) -> RenderReport:
    return bring_up_to_date(database, folder, sections, is_thorough=is_thorough, is_whole=is_whole)


def publish_another(database: Database, number: int) -> str:
    with database.write() as tx:
        publish_past(tx, number, at=START + timedelta(hours=number))
    return f"/wires/wire-{number}"


def test_after_one_publication_only_what_it_touches_is_rendered(database: Database, tmp_path: Path) -> None:
    many_past(database, 5)
    wires = Wires()
    assert bring(database, tmp_path, wires).written_count == 6
    assert sorted(wires.asked) == ["/", *(f"/wires/wire-{n}" for n in range(1, 6))]
    wires.asked.clear()
    assert bring(database, tmp_path, wires).written_count == 0
    assert wires.asked == []
    new = publish_another(database, 6)
    assert bring(database, tmp_path, wires).written_count == 2
    assert sorted(wires.asked) == ["/", new]
    assert "wire-6" in (tmp_path / "index.html").read_text()


def test_a_path_that_many_editions_touch_is_rendered_once(sqlite_database: Database, tmp_path: Path) -> None:
    bring(sqlite_database, tmp_path, wires := Wires())
    many_past(sqlite_database, 9)
    wires.asked.clear()
    bring(sqlite_database, tmp_path, wires)
    assert (len(wires.asked), wires.asked.count("/")) == (10, 1)


def test_when_the_version_moves_all_is_rendered_and_what_is_no_more_is_removed(
    sqlite_database: Database, tmp_path: Path
) -> None:
    many_past(sqlite_database, 3)
    bring(sqlite_database, tmp_path, Wires())
    other = Wires(version="2", hidden={"/wires/wire-2"})
    report = bring(sqlite_database, tmp_path, other)
    assert (report.written_count, report.removed_count) == (3, 1)
    assert not (tmp_path / "wires/wire-2").exists()
    assert (tmp_path / "wires/wire-1/index.html").read_text().startswith("2 ")


def test_a_section_that_a_newsroom_no_longer_has_leaves_nothing(sqlite_database: Database, tmp_path: Path) -> None:
    many_past(sqlite_database, 2)
    bring(sqlite_database, tmp_path, Wires())
    report = bring(sqlite_database, tmp_path, Wires(name="others"))
    assert report.is_complete
    assert (tmp_path / "wires/wire-1/index.html").is_file()
    assert bring(sqlite_database, tmp_path, Wires(name="others", hidden={"/"}), is_whole=True).removed_count == 1


def test_out_of_time_it_goes_on_where_it_was_and_what_is_new_goes_first(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(render, "SLICE", 2)
    many_past(sqlite_database, 7)
    wires = Wires()
    first = bring_up_to_date(sqlite_database, tmp_path, [wires], has_time=lambda: False)
    assert (first.is_complete, len(wires.asked)) == (False, 2)
    new, before = publish_another(sqlite_database, 8), list(wires.asked)
    wires.asked.clear()
    assert not bring_up_to_date(sqlite_database, tmp_path, [wires], has_time=lambda: False).is_complete
    assert set(wires.asked[:2]) == {"/", new}
    assert bring(sqlite_database, tmp_path, wires).is_complete
    again = [path for path in wires.asked if path in before and path != "/"]
    assert again == []
    assert len(list(tmp_path.rglob("index.html"))) == 9
    wires.asked.clear()
    bring(sqlite_database, tmp_path, wires)
    assert wires.asked == []


def test_a_document_that_cannot_be_rendered_stays_and_stops_no_other(sqlite_database: Database, tmp_path: Path) -> None:
    many_past(sqlite_database, 2)
    bring(sqlite_database, tmp_path, wires := Wires())
    kept = (tmp_path / "index.html").read_bytes()
    wires.faulty = {"/"}
    publish_another(sqlite_database, 3)
    report = bring(sqlite_database, tmp_path, wires)
    assert (report.written_count, report.failed_count) == (1, 1)
    assert (tmp_path / "index.html").read_bytes() == kept
    wires.faulty = set()
    assert bring(sqlite_database, tmp_path, wires).written_count == 0
    assert bring(sqlite_database, tmp_path, wires, is_thorough=True).written_count == 1
    assert "wire-3" in (tmp_path / "index.html").read_text()


def test_a_thorough_run_brings_back_what_somebody_removed(sqlite_database: Database, tmp_path: Path) -> None:
    many_past(sqlite_database, 2)
    bring(sqlite_database, tmp_path, wires := Wires())
    (tmp_path / "index.html.gz").unlink()
    (tmp_path / "wires/wire-1/index.html").unlink()
    assert bring(sqlite_database, tmp_path, wires).written_count == 0
    assert bring(sqlite_database, tmp_path, wires, is_thorough=True).written_count == 2


def test_a_restored_database_has_another_past_than_the_tree_and_all_is_rendered_anew(
    sqlite_database: Database, tmp_path: Path, sqlite_template: Path
) -> None:
    many_past(sqlite_database, 3)
    bring(sqlite_database, tmp_path / "tree", Wires())
    (tmp_path / "restored.db").write_bytes(sqlite_template.read_bytes())
    restored = Database(f"sqlite:///{tmp_path / 'restored.db'}")
    many_past(restored, 3, first=11)
    bring(restored, tmp_path / "tree", Wires())
    restored.close()
    assert sorted(p.name for p in (tmp_path / "tree/wires").iterdir()) == ["wire-11", "wire-12", "wire-13"]


def test_without_sections_the_tree_is_left_alone(sqlite_database: Database, tmp_path: Path) -> None:
    many_past(sqlite_database, 1)
    bring(sqlite_database, tmp_path, Wires())
    before = sorted(tmp_path.rglob("*"))
    sections: Sequence[Section] = ()
    assert bring_up_to_date(sqlite_database, tmp_path, sections).written_count == 0
    assert sorted(tmp_path.rglob("*")) == before
    assert not (tmp_path / "other" / NOTES).exists()
