"""The static export: the tree as a folder for any web server, byte for byte, that removes only what it wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.errors import IllegalDecision
from monitor.jobs.export import NOTE, export
from monitor.jobs.tree import Tree
from tests.jobs.test_tree import a_document, files_in


def a_tree(folder: Path) -> Tree:
    tree = Tree(folder)
    with tree.locked():
        tree.write("feeds", [a_document("/feed.atom", b"<feed/>")])
        tree.write("pages", [a_document("/"), a_document("/wires/x", b"told"), a_document("/wires/y", status=410)])
    return tree


def test_an_export_is_the_tree_byte_for_byte(tmp_path: Path) -> None:
    a_tree(tmp_path / "tree")
    report = export(tmp_path / "tree", tmp_path / "out")
    found = files_in(tmp_path / "out")
    assert found.pop(NOTE)
    assert found == files_in(tmp_path / "tree")
    assert report.file_count == report.written_count == len(found) == 8
    for name in found:
        times = [(tmp_path / root / name).stat().st_mtime_ns for root in ("tree", "out")]
        assert times[0] == times[1], "a web server derives its validators from the time of the file"


def test_an_export_run_again_writes_only_what_differs_and_removes_what_is_gone(tmp_path: Path) -> None:
    tree = a_tree(tmp_path / "tree")
    export(tmp_path / "tree", tmp_path / "out")
    assert export(tmp_path / "tree", tmp_path / "out").written_count == 0
    with tree.locked():
        tree.write("feeds", [a_document("/feed.atom", b"<feed>1</feed>")])
        tree.remove(["/wires/x"])
    (tmp_path / "out/robots.txt").write_text("of the operator")
    report = export(tmp_path / "tree", tmp_path / "out")
    assert (report.written_count, report.removed_count, report.left) == (2, 2, ())
    assert not (tmp_path / "out/wires").exists()
    assert (tmp_path / "out/feed.atom").read_bytes() == b"<feed>1</feed>"
    assert (tmp_path / "out/robots.txt").read_text() == "of the operator"


def test_a_file_that_somebody_changed_is_named_and_stays(tmp_path: Path) -> None:
    tree = a_tree(tmp_path / "tree")
    export(tmp_path / "tree", tmp_path / "out")
    (tmp_path / "out/wires/x/index.html").write_text("changed by hand")
    with tree.locked():
        tree.remove(["/wires/x"])
    for _ in range(2):
        assert export(tmp_path / "tree", tmp_path / "out").left == ("wires/x/index.html",)
    assert (tmp_path / "out/wires/x/index.html").read_text() == "changed by hand"


def test_what_no_export_wrote_is_never_overwritten(tmp_path: Path) -> None:
    a_tree(tmp_path / "tree")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/index.html").write_text("somebody's own site")
    with pytest.raises(IllegalDecision, match=r"no export wrote it.*Nothing was written"):
        export(tmp_path / "tree", tmp_path / "out")
    assert files_in(tmp_path / "out") == {"index.html": b"somebody's own site"}


@pytest.mark.parametrize("where", [".", "wires", ".."])
def test_an_export_into_the_tree_or_around_it_is_refused(tmp_path: Path, where: str) -> None:
    a_tree(tmp_path / "a/tree")
    with pytest.raises(IllegalDecision, match="overlaps"):
        export(tmp_path / "a/tree", tmp_path / "a/tree" / where)


def test_a_note_that_leads_elsewhere_removes_nothing_there(tmp_path: Path) -> None:
    a_tree(tmp_path / "tree")
    (tmp_path / "precious").write_bytes(b"")
    (tmp_path / "out").mkdir()
    digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    (tmp_path / "out" / NOTE).write_text(f'{{"../precious": "{digest}", "{tmp_path}/precious": "{digest}"}}')
    export(tmp_path / "tree", tmp_path / "out")
    assert (tmp_path / "precious").exists()
