"""The map of CONTRIBUTING.md, kept true: imports point to lower levels only, and each library stays behind its door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import model

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "monitor"
LEVELS = {
    "model": 0, "errors": 0, "later": 0,
    "stages": 1, "net": 1, "store": 1, "settings": 1, "clock": 1, "log": 1, "shipped": 1, "press": 1,
    "site": 2,
    "jobs": 3,
    "web": 4, "daemon": 4,
    "cli": 5,
}  # fmt: skip
SIBLINGS_ALLOWED = {("store", "shipped"), ("errors", "model")}  # migrations travel along; refusals carry nouns
DOORS = {
    "httpx": {"net"}, "httpcore": {"net"}, "h11": {"net"}, "sqlalchemy": {"store"}, "alembic": {"store"},
    "fastapi": {"web"}, "starlette": {"web"}, "apscheduler": {"daemon"}, "feedparser": {"stages"},
    "trafilatura": {"stages"}, "feedgen": {"stages"}, "pebble": {"jobs"}, "typer": {"cli"}, "apprise": {"net"},
    "joserfc": {"stages"}, "requests": set(), "urllib.request": set(), "aiohttp": set(),
}  # fmt: skip
ONE_FILE = {
    "feedparser": "stages/parse.py",
    "trafilatura": "stages/page.py",
    "feedgen": "stages/generator.py",
    "joserfc": "stages/openid.py",
    "apprise": "net/apprise_process.py",  # the operator's own addresses alone: see net/notify.py
}


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module imported, and whether the import hides inside a function."""
    tree = ast.parse(path.read_text())
    inner = {
        id(n) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef) for n in ast.walk(f)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in inner
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the room they point to"
            folder = ROOT / (node.module or "").replace(".", "/")
            for alias in node.names:  # `from monitor.cli import serve` imports monitor.cli.serve
                is_module = (folder / f"{alias.name}.py").exists() or (folder / alias.name / "__init__.py").exists()
                yield f"{node.module}.{alias.name}" if is_module else node.module or "", id(node) in inner


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_downwards_and_libraries_stay_behind_their_doors(path: Path) -> None:
    here = room(path)
    if here in {"__init__", "__main__"}:
        return
    for name, is_inner in imports(path):
        if name.startswith("monitor."):
            there = name.split(".")[1]
            assert not is_inner, f"{name} is imported inside a function"
            if there != here:
                allowed = LEVELS[there] < LEVELS[here] or (here, there) in SIBLINGS_ALLOWED
                assert allowed, f"{here} may not import {there}"
        for library, doors in DOORS.items():
            if name == library or name.startswith(library + "."):
                assert here in doors, f"{library} is imported only in {doors or 'nothing'}"
                if library in ONE_FILE:
                    assert str(path.relative_to(PACKAGE)) == ONE_FILE[library]


def test_stages_are_pure() -> None:
    for path in (PACKAGE / "stages").glob("*.py"):
        names = {name for name, _ in imports(path)}
        impure = names & {"os", "socket", "random", "time", "logging", "sqlite3", "subprocess"}
        assert not impure, f"{path.name} imports {impure}"
        calls = {n.attr for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Attribute)}
        assert not calls & {"utcnow", "today"}, f"{path.name} asks the clock"
        assert "datetime.now(" not in path.read_text(), f"{path.name} asks the clock"


def test_only_the_edge_reads_settings() -> None:
    for path in modules():
        if room(path) not in {"web", "daemon", "cli", "settings"}:
            assert "monitor.settings" not in {name for name, _ in imports(path)}, path


def test_no_room_for_leftovers() -> None:
    words = {"utils", "util", "helpers", "common", "managers", "misc"}
    assert not [p for p in modules() if p.stem in words or words & set(p.parts)]


def test_no_import_circles() -> None:
    """What a type checker alone imports makes none; `store/mapped.py` loads what it names when it is first used."""
    graph = {
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): {n for n, _ in imports(p)}
        for p in modules()
    }
    graph["monitor.store.mapped"] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail, name])
        for target in graph.get(name, ()):
            if target in graph and name not in done:
                visit(target, (*trail, name))
        done.add(name)

    done: set[str] = set()
    for name in graph:
        visit(name, ())


def test_every_noun_is_found_in_the_file_that_has_it() -> None:
    """`monitor.model` makes a noun when it is first asked for; a type checker reads the imports above."""
    found = {name: getattr(model, name) for name in model.__all__}
    homes = {name: noun.__module__ for name, noun in found.items() if isinstance(noun, type)}
    assert {home.rpartition(".")[0] for home in homes.values()} == {"monitor.model"}
    assert not hasattr(model, "Nobody")
