"""A publication that is killed at seeded moments: no file is half written, nothing leads nowhere, and the next run ends
as if nothing had happened (F12). A real process, really killed, over the newsroom's own sections."""

from __future__ import annotations

import gzip
import os
import random
import re
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from lxml import etree

from monitor.jobs.render import bring_up_to_date
from monitor.jobs.sections import House, Section
from monitor.jobs.sections.feeds import Feeds
from monitor.jobs.sections.pages import Pages
from monitor.jobs.tree import GONE
from monitor.model import Provider, RevisionKind
from monitor.stages.syndicate import Site
from monitor.store.database import Database
from tests.jobs.test_tree import files_in
from tests.past import START, many_past, publish_past, revise_past
from tests.wires import CODEBOOK

KILLS = 6
SEED = 20260302
# What changes the disk, as Python itself reports it: nothing of ours is replaced to be killed at a chosen moment.
_DEEDS = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir"})
_LINKED = re.compile(r"https://wire\.example(/wires/[a-z0-9-]+)")


def the_house() -> House:
    """A newsroom of a small register and codebook."""
    known = tuple(Provider(id=name, name=name.title()) for name in ("openai", "anthropic", "google"))
    codebook = replace(CODEBOOK, codes=tuple(c for c in CODEBOOK.codes if c.id in {"M2", "F4", "F5"}))
    site = Site(name="The Wire", base_url="https://wire.example", codebook=codebook, providers=known)
    return House(site=site, guide="# Guide")


def the_sections() -> tuple[Section, ...]:
    """Its own feeds and pages."""
    house = the_house()
    return (Feeds(house), Pages(house))


def in_a_process_that_is_killed(work: Callable[[], object], *, at: int) -> bool:
    """Do it in a process of its own that SIGKILL ends at its nth change of the disk; whether it came to that."""
    child = os.fork()
    if child == 0:
        left = at

        def count(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            is_writing = event == "open" and isinstance(arguments[1], str) and "w" in arguments[1]
            if event in _DEEDS or is_writing:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_a_publication_killed_at_seeded_moments_never_shows_half_a_wire_f12(
    sqlite_database: Database, tmp_path: Path
) -> None:
    url, tree, sections = str(sqlite_database.url), tmp_path / "tree", the_sections()
    wires = list(many_past(sqlite_database, 4))

    def bring_in_child() -> None:
        database = Database(url)  # a connection does not outlive a fork
        bring_up_to_date(database, tree, sections)

    chosen, killed = random.Random(SEED), 0
    for number in range(5, 5 + KILLS):
        sqlite_database.close()
        at = START + timedelta(hours=number)
        with sqlite_database.write() as tx:
            wires.append(publish_past(tx, number, at=at))
            revise_past(tx, wires[number % 3], number, kind=RevisionKind.CORRECTION, at=at + timedelta(minutes=5))
        sqlite_database.close()
        killed += in_a_process_that_is_killed(bring_in_child, at=chosen.randint(1, 100))
        nothing_is_half(tree)
        bring_up_to_date(sqlite_database, tree, sections)
        nothing_is_half(tree)
        the_wire_is_told_everywhere(tree, f"wire-{number}")
    assert killed >= KILLS // 2, "hardly a run was killed before its end"
    bring_up_to_date(sqlite_database, tmp_path / "calm", sections)
    assert files_in(tree) == files_in(tmp_path / "calm")
    assert [p for p in tree.rglob(".*") if p.name.endswith(".new")] == []


def nothing_is_half(tree: Path) -> None:
    """Each file is whole, compressed or not, and what a list or a feed leads to is there."""
    for name, body in files_in(tree).items():
        if "/." in f"/{name}":
            continue  # beside its place yet: no server serves it
        told = gzip.decompress(body) if name.endswith(".gz") else body
        if (kind := name.removesuffix(".gz").rpartition(".")[2]) == "html":
            assert told.rstrip().endswith(b"</html>"), name
        elif kind in {"atom", "rss", "xml"}:
            etree.fromstring(told)
        for path in _LINKED.findall(told.decode()) if kind in {"atom", "rss", "json"} else ():
            page = f"{path[1:]}/index.html"
            assert (tree / page).is_file() or (tree / GONE / page).is_file(), f"{name} leads to {path}"


def the_wire_is_told_everywhere(tree: Path, slug: str) -> None:
    """Its page, the lists and the feeds agree that it is published."""
    assert (tree / "wires" / slug / "index.html").is_file()
    for name in ("index.html", "archive/index.html", "feed.atom", "feed.rss", "feed.json"):
        assert f"/wires/{slug}" in (tree / name).read_text(), name
