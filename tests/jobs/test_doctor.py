"""Each check of the doctor names what is wrong and what to do next; one that breaks hides no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.jobs.doctor import Finding, Installation, Level, examine
from monitor.jobs.house import read_house
from monitor.jobs.sync import sync
from monitor.jobs.workers import Workers
from monitor.model import Role
from monitor.shipped import shipped_path
from monitor.stages.codebook import read_codebook
from monitor.stages.syndicate import Site
from monitor.store.database import Database
from monitor.store.leases import lease_source
from monitor.store.people import add_editor
from monitor.store.polls import record_poll
from monitor.store.sources import get_source, list_sources
from tests.conftest import ManualClock

FEEDS = """\
publishers: [{id: gazette, name: Gazette}]
sources:
""" + "".join(
    f"  - {{id: s{n}, name: S{n}, url: 'https://s{n}.example/', origin: press, tier: secondary, publisher: gazette}}\n"
    for n in range(4)
)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 12, 1, 8, 0, tzinfo=UTC))


@pytest.fixture
def sound(tmp_path: Path, sqlite_url: str) -> Installation:
    """An installation with nothing wrong but that nobody has set it up yet."""
    feeds = tmp_path / "feeds.yaml"
    feeds.write_text(FEEDS)
    guide = tmp_path / "guide.md"
    guide.write_text("# Guide\n")
    return Installation(
        database_url=sqlite_url,
        data_dir=tmp_path,
        public_dir=tmp_path / "public",
        feeds=feeds,
        codebook=shipped_path("codebook.yaml"),
        providers=tmp_path / "providers.yaml",
        guide=guide,
        base_url="http://127.0.0.1:8000",
        host="127.0.0.1",
        port=8000,
        contact="desk@newsroom.example",
    )


@pytest.fixture
def running(sound: Installation, database_url: str) -> Installation:
    """The same, on SQLite and on PostgreSQL."""
    return replace(sound, database_url=database_url)


@pytest.fixture(autouse=True)
def _register(tmp_path: Path) -> None:
    (tmp_path / "providers.yaml").write_bytes(shipped_path("providers.yaml").read_bytes())


def named(findings: tuple[Finding, ...], check: str) -> Finding:
    (found,) = [finding for finding in findings if finding.check == check]
    return found


def poll(database: Database, clock: ManualClock, source: str, *, succeeds: bool) -> None:
    with database.write() as tx:
        wanted = next(s for s in list_sources(tx) if s.id == source)
        taken = lease_source(tx, wanted.id, now=clock.now(), owner="t", lease_for=timedelta(minutes=5))
        assert taken is not None
        state = replace(
            taken[1],
            last_polled_at=clock.now(),
            last_success_at=clock.now() if succeeds else None,
            failing_since=None if succeeds else clock.now() - timedelta(days=2),
            failure_weight=0.0 if succeeds else 5.0,
        )
        assert record_poll(tx, state, owner="t", polled_at=clock.now(), outcome="dns", detail="")
        assert get_source(tx, wanted.id) == wanted


def test_a_fresh_installation_fails_nowhere_and_says_what_is_left_to_do(
    running: Installation, clock: ManualClock
) -> None:
    findings = examine(running, clock)
    assert {f.check for f in findings if f.level is Level.FAIL} == set()
    assert {f.check for f in findings if f.level is Level.WARN} == {"editors", "sources"}
    assert "monitor sync" in (named(findings, "sources").next_step or "")
    assert "at revision" in named(findings, "database").says
    assert named(findings, "feeds.yaml").says.endswith("4 sources of 1 publishers")
    assert all(f.next_step for f in findings if f.level is not Level.OK), "every trouble comes with a next step"


def test_an_editor_is_counted(running: Installation, clock: ManualClock, database: Database) -> None:
    with database.write() as tx:
        add_editor(tx, name="ada", role=Role.ADMIN, password_hash="x", now=clock.now())
    assert named(examine(running, clock), "editors").level is Level.OK


def test_where_no_source_can_be_reached_the_demo_is_named(
    running: Installation, clock: ManualClock, database: Database
) -> None:
    sync(database, clock, path=running.feeds)
    assert named(examine(running, clock), "sources").level is Level.OK
    poll(database, clock, "s0", succeeds=False)
    found = named(examine(running, clock), "sources")
    assert found.level is Level.WARN
    assert "none of the 1 sources that were polled could ever be reached" in found.says
    assert "make demo" in (found.next_step or "")


def test_many_failing_sources_are_a_warning_and_few_are_not(
    running: Installation, clock: ManualClock, database: Database
) -> None:
    sync(database, clock, path=running.feeds)
    poll(database, clock, "s0", succeeds=True)
    poll(database, clock, "s1", succeeds=False)
    assert named(examine(running, clock), "sources").says == "4 sources, 1 of them failing"
    poll(database, clock, "s2", succeeds=False)
    found = named(examine(running, clock), "sources")
    assert (found.level, found.says) == (Level.WARN, "2 of 4 sources fail, among them s1, s2")


def test_a_clock_that_went_back_or_was_never_set_is_noticed_h20(
    running: Installation, clock: ManualClock, database: Database
) -> None:
    sync(database, clock, path=running.feeds)
    poll(database, clock, "s0", succeeds=True)
    clock.advance(hours=-1)
    assert named(examine(running, clock), "clock").level is Level.WARN
    clock.at = datetime(1970, 1, 1, 0, 10, tzinfo=UTC)
    assert named(examine(running, clock), "clock").level is Level.FAIL


Change = Callable[[Installation], Installation]


@pytest.mark.parametrize(
    ("change", "check", "level", "says"),
    [
        (lambda i: replace(i, contact=""), "contact", Level.WARN, "no contact"),
        (lambda i: replace(i, port=9000), "base URL", Level.WARN, "listens on port 9000"),
        (lambda i: replace(i, host="0.0.0.0"), "base URL", Level.WARN, "listens on 0.0.0.0"),
        (lambda i: replace(i, base_url="http://wire.example"), "base URL", Level.WARN, "not https"),
        (lambda i: replace(i, base_url="https://wire.example"), "base URL", Level.WARN, "not trusted"),
        (lambda i: replace(i, feeds=i.data_dir / "none.yaml"), "feeds.yaml", Level.FAIL, "cannot be read"),
        (lambda i: replace(i, codebook=i.guide), "codebook", Level.FAIL, "guide.md"),
        (lambda i: replace(i, providers=i.guide), "provider register", Level.FAIL, "guide.md"),
        (lambda i: replace(i, guide=i.data_dir), "guide", Level.FAIL, "cannot be read"),
        (lambda i: replace(i, data_dir=i.data_dir / "none"), "data folder", Level.WARN, "does not exist yet"),
        (lambda i: replace(i, database_url="sqlite:////nowhere/x.db"), "database", Level.WARN, "does not exist yet"),
        (
            lambda i: replace(i, database_url="postgresql://u:secret@127.0.0.1:1/x"),
            "database",
            Level.FAIL,
            "does not answer",
        ),
        (lambda i: replace(i, database_url="mysql://x/y"), "database", Level.FAIL, "use sqlite or postgresql"),
    ],
)
def test_a_trouble_is_named_with_its_next_step(
    sound: Installation, clock: ManualClock, change: Change, check: str, level: Level, says: str
) -> None:
    findings = examine(change(sound), clock)
    found = named(findings, check)
    assert (found.level, says in found.says) == (level, True), found
    assert found.next_step
    assert "secret" not in repr(findings)
    assert len(findings) >= 8, "the other checks still ran"


def test_behind_a_trusted_proxy_https_is_right(sound: Installation, clock: ManualClock) -> None:
    public = replace(sound, base_url="https://wire.example", trusted_proxies=("127.0.0.1",))
    assert named(examine(public, clock), "base URL").level is Level.OK


def test_a_published_feed_is_read_back(sound: Installation, clock: ManualClock) -> None:
    sound.public_dir.mkdir()
    feed = sound.public_dir / "feed.atom"
    feed.write_text(
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:x</id><title>T</title><updated>2026-01-01T00:00:00Z</updated>'
        "<entry><id>tag:y</id><title>E</title><updated>2026-01-01T00:00:00Z</updated></entry></feed>"
    )
    assert named(examine(sound, clock), "published feed").says.endswith("atom10 with 1 entries")
    feed.write_text("<feed")
    assert named(examine(sound, clock), "published feed").level is Level.FAIL


def test_an_empty_database_and_a_damaged_one_are_told_apart(
    sound: Installation, clock: ManualClock, tmp_path: Path, sqlite_template: Path
) -> None:
    empty = tmp_path / "empty.db"
    empty.touch()
    found = named(examine(replace(sound, database_url=f"sqlite:///{empty}"), clock), "database")
    assert (found.level, found.next_step) == (Level.FAIL, "Run: monitor db upgrade")
    damaged = tmp_path / "damaged.db"
    body = bytearray(sqlite_template.read_bytes())
    for page in range(4096 * 4, len(body) - 4096, 4096 * 3):
        body[page : page + 64] = b"\xff" * 64
    damaged.write_bytes(body)
    found = named(examine(replace(sound, database_url=f"sqlite:///{damaged}"), clock), "database")
    assert found.level is Level.FAIL


def test_a_worker_process_is_tried_h27(sound: Installation, clock: ManualClock) -> None:
    with Workers(1) as workers:
        assert named(examine(sound, clock, workers), "worker processes").level is Level.OK
    found = named(examine(replace(sound), clock, workers), "worker processes")
    assert found.level is Level.FAIL, "closed workers answer nobody"
    assert found.next_step


def test_looking_creates_nothing(sound: Installation, clock: ManualClock, tmp_path: Path) -> None:
    before = sorted(p.name for p in tmp_path.iterdir())
    examine(replace(sound, database_url=f"sqlite:///{tmp_path}/none/monitor.db"), clock)
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_a_faulty_register_of_owners_is_named_by_line(sound: Installation, tmp_path: Path, clock: ManualClock) -> None:
    mine = tmp_path / "owners.yaml"
    assert named(examine(sound, clock), "register of owners").level is Level.OK
    mine.write_text('version: "1"\nowners:\n  - {owner: Mine, kind: pres, publishers: {Echo: echo.example}}\n')
    found = named(examine(replace(sound, owners=mine), clock), "register of owners")
    assert found.level is Level.FAIL
    assert f"{mine}:3: owner Mine: kind must be one of" in found.says
    assert "MONITOR_OWNERS" in (found.next_step or "")


def test_a_template_of_ones_own_that_fails_is_named_with_its_line(
    sound: Installation, clock: ManualClock, tmp_path: Path
) -> None:
    codebook = read_codebook(shipped_path("codebook.yaml").read_text(), file="codebook.yaml")
    site = Site(name="The Wire", base_url="https://wire.example", codebook=codebook, providers=())
    folder = tmp_path / "look"
    folder.mkdir()
    shown = replace(sound, read_house=lambda: read_house(site, "# Guide", templates=folder))
    assert named(examine(shown, clock), "look").says == "the shipped templates are used"
    (folder / "latest.html").write_text(
        "{% extends 'base.html' %}\n{% block main %}\n{{ page.nothing.of.it }}\n{% endblock %}"
    )
    (folder / "guide.html").write_text("{% if %}")
    found = named(examine(shown, clock), "look")
    assert found.level is Level.WARN
    assert "latest.html:3" in found.says, "that it fails is seen only where a page is made"
    assert "guide.html:1" in found.says
    assert found.next_step
    faulty = replace(sound, read_house=lambda: read_house(site, "# Guide", colours="accent=#ffff00"))
    assert named(examine(faulty, clock), "look").level is Level.FAIL
