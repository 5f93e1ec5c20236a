"""The publication tree: documents as files that any web server can serve, each whole at every moment."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from monitor.jobs.tree import GONE, Tree, TreeState
from monitor.model import Document
from monitor.model.publication import file_of, is_path, media_type_of


def a_document(path: str, body: bytes = b"words", status: int = 200) -> Document:
    return Document(path=path, media_type=media_type_of(path), body=body, status=status)


def files_in(folder: Path) -> dict[str, bytes]:
    found = sorted(p for p in folder.rglob("*") if p.is_file() and ".tree" not in p.parts)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


@pytest.mark.parametrize(
    ("path", "file", "media_type"),
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/wires/a-b", "wires/a-b/index.html", "text/html; charset=utf-8"),
        ("/providers/character.ai", "providers/character.ai/index.html", "text/html; charset=utf-8"),
        ("/feed.atom", "feed.atom", "application/atom+xml; charset=utf-8"),
        ("/feed.json", "feed.json", "application/feed+json"),
        ("/feeds/sev/1.json", "feeds/sev/1.json", "application/feed+json"),
        ("/data/datapackage.json", "data/datapackage.json", "application/json"),
        ("/data/wires.csv", "data/wires.csv", "text/csv; charset=utf-8"),
    ],
)
def test_where_a_document_lies_and_what_it_is_follow_from_its_address(path: str, file: str, media_type: str) -> None:
    assert (is_path(path), file_of(path), media_type_of(path)) == (True, file, media_type)


@pytest.mark.parametrize(
    "path",
    ["", "feed.atom", "//evil", "/a/../b", "/.tree/state.json", "/a//b", "/a/", "/a\0b", "/a b", "/a\\b", "/a\n"],
)
def test_what_could_lead_out_of_the_tree_is_no_address(path: str, tmp_path: Path) -> None:
    assert not is_path(path)
    with pytest.raises(ValueError, match="cannot be the address"):
        Tree(tmp_path).write("x", [Document(path=path, media_type="text/html; charset=utf-8", body=b"")])


def test_a_document_that_a_web_server_would_serve_otherwise_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a web server will say text/csv"):
        Tree(tmp_path).write("x", [Document(path="/a.csv", media_type="text/plain", body=b"")])
    with pytest.raises(ValueError, match="status 404"):
        Tree(tmp_path).write("x", [a_document("/a", status=404)])


def test_every_document_lies_beside_its_compressed_form_that_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        tree = Tree(tmp_path / name)
        with tree.locked():
            assert tree.write("x", [a_document("/feed.atom", b"<feed/>" * 99), a_document("/wires/x")]) == 2
    found = files_in(tmp_path / "one")
    assert found == files_in(tmp_path / "two")
    assert sorted(found) == ["feed.atom", "feed.atom.gz", "wires/x/index.html", "wires/x/index.html.gz"]
    assert gzip.decompress(found["feed.atom.gz"]) == found["feed.atom"]


def test_what_does_not_differ_is_not_touched_and_what_does_is_later_by_a_whole_second_o4(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    with tree.locked():
        times = []
        for body in (b"a", b"a", b"b", b"c"):
            tree.write("x", [a_document("/feed.atom", body)])
            times.append(int((tmp_path / "feed.atom").stat().st_mtime))
        assert times[0] == times[1] < times[2] < times[3]  # Last-Modified tells them apart
        (tmp_path / "feed.atom.gz").write_bytes(b"torn")
        assert tree.write("x", [a_document("/feed.atom", b"c")]) == 1
        assert gzip.decompress((tmp_path / "feed.atom.gz").read_bytes()) == b"c"


def test_a_document_is_there_or_gone_and_what_is_removed_leaves_no_empty_folder(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    with tree.locked():
        tree.write("x", [a_document("/wires/x", b"told"), a_document("/wires/x/revisions/1")])
        tree.write("x", [a_document("/wires/x", b"taken down", status=410)])
        assert not (tmp_path / "wires/x/index.html").exists()
        assert (tmp_path / GONE / "wires/x/index.html").read_bytes() == b"taken down"
        assert tree.has("/wires/x")
        tree.write("x", [a_document("/wires/x", b"told again")])
        assert not (tmp_path / GONE / "wires/x/index.html").exists()
        assert tree.remove(["/wires/x", "/wires/x/revisions/1", "/never"]) == 2
        assert files_in(tmp_path) == {}
        assert not (tmp_path / "wires").exists()


def test_notes_survive_what_a_killed_process_leaves_f12(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    with tree.locked():
        tree.write_state(TreeState(edition=7, mark="m", sections={"x": "1"}, owed={"x": ["/a"]}))
        assert Tree(tmp_path).read_state() == TreeState(edition=7, mark="m", sections={"x": "1"}, owed={"x": ["/a"]})
        for damaged in ("{", "[]", '{"edition": "x"}', ""):
            (tree.notes / "state.json").write_text(damaged)
            assert tree.read_state() == TreeState()
        tree.add_done("x", "1", ["/a", "/b"])
        with (tree.notes / "x.done").open("a") as file:
            file.write("/half-a-li")
        assert list(tree.read_done("x", "1"))[1:] == ["/a", "/b"]
        tree.add_done("x", "1", ["/c"])
        assert "/c" in tree.read_done("x", "1")
        assert tree.read_done("x", "2") == {}
        tree.add_done("x", "2", ["/a"])
        assert list(tree.read_done("x", "2"))[1:] == ["/a"]
