"""sync makes the sources of the database agree with feeds.yaml, and never deletes what they brought."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import FaultyFile
from monitor.jobs.standing import get_report
from monitor.jobs.sync import SyncReport, sync
from monitor.model import Entry, SourceId, Validators
from monitor.shipped import shipped_path
from monitor.store.database import Database
from monitor.store.entries import list_entries, record_entries
from monitor.store.leases import lease_due_sources
from monitor.store.polls import get_poll_state, record_poll
from monitor.store.sources import find_publisher, get_source, list_publishers, list_sources
from tests.conftest import ManualClock

HEAD = """\
publishers:
  - id: gazette
    name: The Gazette
    domains: [gazette.example, www.gazette.example, a.example]
sources:
"""


def a_source(key: str, *, url: str | None = None, **more: str) -> str:
    fields = {
        "id": key,
        "name": key.title(),
        "url": url or f"https://{key}.example/feed",
        "origin": "press",
        "tier": "secondary",
        "publisher": "gazette",
        **more,
    }
    return "  - " + "\n    ".join(f"{name}: {value}" for name, value in fields.items()) + "\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "feeds.yaml"
    path.write_text(HEAD + a_source("one") + a_source("two"), encoding="utf-8")
    return path


def write(path: Path, *sources: str, head: str = HEAD) -> None:
    path.write_text(head + "".join(sources), encoding="utf-8")


def running(database: Database) -> list[str]:
    with database.read() as tx:
        return sorted(source.id for source in list_sources(tx))


def test_the_first_sync_adds_everything_due_at_once(database: Database, clock: ManualClock, file: Path) -> None:
    report = sync(database, clock, path=file)
    assert (report.added, report.unchanged_count, report.publisher_count) == (("one", "two"), 0, 1)
    with database.read() as tx:
        assert get_poll_state(tx, SourceId("one")).due_at == clock.now()
        publisher = find_publisher(tx, ["www.gazette.example"])
    assert publisher is not None
    assert publisher.name == "The Gazette"


def test_a_second_sync_changes_nothing(database: Database, clock: ManualClock, file: Path) -> None:
    sync(database, clock, path=file)
    report = sync(database, clock, path=file)
    assert report == SyncReport(unchanged_count=2)
    assert not report.has_changes
    assert str(report) == "0 added, 0 changed, 0 retired, 2 unchanged"


def test_a_change_is_recorded_and_nothing_else_moves(database: Database, clock: ManualClock, file: Path) -> None:
    sync(database, clock, path=file)
    due = clock.now()
    clock.advance(hours=1)
    write(file, a_source("one", name="Uno", every="2h"), a_source("two"))
    report = sync(database, clock, path=file)
    assert (report.changed, report.unchanged_count) == (("one",), 1)
    with database.read() as tx:
        source = get_source(tx, SourceId("one"))
        assert (source.name, source.cadence) == ("Uno", timedelta(hours=2))
        assert get_poll_state(tx, SourceId("one")).due_at == due


def test_a_changed_url_starts_without_validators_p5(database: Database, clock: ManualClock, file: Path) -> None:
    sync(database, clock, path=file)
    with database.write() as tx:
        taken = lease_due_sources(tx, now=clock.now(), owner="t", limit=9, lease_for=timedelta(minutes=5))
        for _, state in taken:
            known = replace(state, validators=Validators(etag='"v1"'), due_at=clock.now() + timedelta(hours=3))
            record_poll(tx, known, polled_at=clock.now(), owner="t", outcome="new", detail="")
    clock.advance(minutes=10)
    write(file, a_source("one", url="https://moved.example/feed"), a_source("two"))
    sync(database, clock, path=file)
    with database.read() as tx:
        moved, stayed = (get_poll_state(tx, SourceId(name)) for name in ("one", "two"))
    assert (moved.url, moved.validators.etag, moved.due_at) == ("https://moved.example/feed", None, clock.now())
    assert stayed.validators.etag == '"v1"'


def test_what_left_the_file_is_retired_and_its_history_kept(database: Database, clock: ManualClock, file: Path) -> None:
    sync(database, clock, path=file)
    with database.write() as tx:
        record_entries(tx, SourceId("two"), [Entry(guid="g", url="https://two.example/1", title="T")], now=clock.now())
    write(file, a_source("one"))
    assert sync(database, clock, path=file).retired == ("two",)
    assert running(database) == ["one"]
    with database.read() as tx:
        two = get_report(tx, SourceId("two"), clock.now())
        assert len(list_entries(tx, source=SourceId("two"))) == 1
    assert two.retired_at == clock.now()


def test_a_source_that_returns_is_no_longer_retired(database: Database, clock: ManualClock, file: Path) -> None:
    sync(database, clock, path=file)
    write(file, a_source("one"))
    sync(database, clock, path=file)
    write(file, a_source("one"), a_source("two"), a_source("three"))
    report = sync(database, clock, path=file)
    assert (report.added, report.returned) == (("three",), ("two",))
    assert str(report) == "1 added, 1 back again, 0 changed, 0 retired, 1 unchanged"
    assert running(database) == ["one", "three", "two"]


@pytest.mark.parametrize(
    ("body", "line", "reason"),
    [
        ((HEAD + a_source("one") + a_source("one", url="https://x.example/")).encode(), 12, "already on line 6"),
        ((HEAD + a_source("one", tier="first") + a_source("six")).encode(), 10, "the tier first is unknown"),
        (b"publishers: []\nsources:\n  - id: \xff\n", 3, "is not UTF-8"),
        (b"", None, "is empty"),
        (None, None, "cannot be read"),
    ],
)
def test_a_faulty_file_is_refused_whole_and_what_ran_goes_on(
    database: Database, clock: ManualClock, file: Path, body: bytes | None, line: int | None, reason: str
) -> None:
    sync(database, clock, path=file)
    if body is None:
        file.unlink()
    else:
        file.write_bytes(body)
    with pytest.raises(FaultyFile) as refusal:
        sync(database, clock, path=file)
    (complaint,) = refusal.value.complaints
    assert (complaint.file, complaint.line) == (str(file), line)
    assert reason in complaint.reason
    assert running(database) == ["one", "two"]


def test_publishers_change_and_domains_move_but_none_is_deleted(
    database: Database, clock: ManualClock, file: Path
) -> None:
    sync(database, clock, path=file)
    head = HEAD.replace(", a.example", "").replace(
        "sources:", "  - id: herald\n    name: Herald\n    domains: [a.example]\n    owner: Group\nsources:"
    )
    write(file, a_source("one", publisher="herald"), a_source("two", publisher="herald"), head=head)
    assert sync(database, clock, path=file).publisher_count == 2
    write(
        file,
        a_source("one", publisher="herald"),
        head="publishers:\n  - id: herald\n    name: Herald\n    domains: [a.example]\n    owner: Group\nsources:\n",
    )
    assert sync(database, clock, path=file).publisher_count == 0
    with database.read() as tx:
        assert {p.id for p in list_publishers(tx)} == {"gazette", "herald"}
        found = find_publisher(tx, ["a.example"])
    assert found is not None
    assert found.id == "herald"


def test_a_file_with_a_byte_order_mark_is_read_h10(database: Database, clock: ManualClock, file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert len(sync(database, clock, path=file).added) == 2


def test_the_catalogue_that_ships_goes_in_and_stays(database: Database, clock: ManualClock) -> None:
    path = shipped_path("feeds.yaml")
    assert len(sync(database, clock, path=path).added) >= 150
    assert not sync(database, clock, path=path).has_changes


def test_two_that_follow_the_file_at_once_add_each_source_once_f7(
    database: Database, clock: ManualClock, file: Path
) -> None:
    write(file, *(a_source(f"s{n}") for n in range(40)))
    together = threading.Barrier(4)

    def follow() -> SyncReport:
        together.wait(10)
        return sync(database, clock, path=file)

    with ThreadPoolExecutor(4) as pool:
        reports = [future.result() for future in [pool.submit(follow) for _ in range(4)]]
    assert sorted(len(report.added) for report in reports) == [0, 0, 0, 40]
    with database.read() as tx:
        assert len(list_sources(tx)) == 40
