"""archive import on both databases: at the same door, with its own time, and twice without doubling."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

from monitor.jobs.archive import ArchiveReport, import_archive, write_assignments
from monitor.model import CandidateId
from monitor.stages.codebook import ProviderIndex
from monitor.store.articles import get_article
from monitor.store.candidates import get_candidate
from monitor.store.database import Database
from tests.conftest import ManualClock

LINES: list[dict[str, object]] = [
    {
        "id": "a",
        "url": "https://wsj.com/1",
        "title": "OpenAI Set to Discontinue Sora Video Platform App",
        "publisher": "wsj.com",
        "published": "2026-02-07T08:00:00",
    },
    {
        "id": "b",
        "url": "https://variety.com/1",
        "title": "OpenAI Will Shut Down Sora Video Platform",
        "publisher": "variety.com",
    },
    {
        "id": "c",
        "url": "https://leeds.example/1",
        "title": "Tenant union takes landlord to court in Leeds",
        "publisher": "Leeds Post",
        "published": "2026-02-06",
    },
    {"id": "d", "url": "https://wsj.com/1?utm_source=feed", "title": "The same page again", "publisher": "wsj.com"},
    {
        "id": "e",
        "title": "OpenAI Set to Discontinue Sora Video Platform App",
        "publisher": None,
        "url": None,
        "published": "2026-02-08",
    },
]


def write(path: Path, *extra: str) -> Path:
    path.write_text("\n".join([*(json.dumps(line) for line in LINES), *extra]) + "\n", encoding="utf-8")
    return path


def bring_in(database: Database, clock: ManualClock, path: Path) -> ArchiveReport:
    return import_archive(database, clock, path=path, owner="test", providers=ProviderIndex([]))


def assigned(database: Database, report: ArchiveReport) -> dict[str, dict[str, object]]:
    out = io.StringIO()
    write_assignments(database, report.ids, out)
    return {line["id"]: line for line in map(json.loads, out.getvalue().splitlines())}


def test_an_archive_is_grouped_by_its_own_time(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    report = bring_in(database, clock, write(tmp_path / "past.jsonl"))
    assert (report.line_count, report.new_count, report.known_count, report.refused_count) == (5, 4, 1, 0)
    found = assigned(database, report)
    assert list(found) == ["a", "b", "c", "d", "e"]
    assert set(found["a"]) == {"id", "cluster", "is_copy", "counts"}
    assert found["a"]["cluster"] == found["d"]["cluster"] == found["e"]["cluster"] != found["c"]["cluster"]
    assert (found["e"]["is_copy"], found["e"]["counts"]) == (True, False)
    with database.read() as tx:
        candidate = get_candidate(tx, CandidateId(int(str(found["a"]["cluster"]))))
        undated = get_article(tx, report.ids["b"])
    assert candidate.opened_at == datetime(2026, 2, 7, 8, tzinfo=UTC)
    assert candidate.grown_at == datetime(2026, 2, 8, tzinfo=UTC)
    assert (undated.published_at, undated.told_at) == (None, candidate.opened_at)


def test_the_first_lines_without_a_time_take_the_first_that_follows(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    path = tmp_path / "past.jsonl"
    path.write_text('{"id": 1, "title": "No time"}\n{"id": 2, "title": "A time", "published": "2020-05-05"}\n')
    report = bring_in(database, clock, path)
    with database.read() as tx:
        assert get_article(tx, report.ids["1"]).told_at == datetime(2020, 5, 5, tzinfo=UTC)


def test_no_time_of_an_archive_lies_ahead_of_now_h17(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    path = tmp_path / "past.jsonl"
    path.write_text('{"id": 1, "title": "From the future", "published": "9999-12-31"}\n')
    report = bring_in(database, clock, path)
    with database.read() as tx:
        assert get_article(tx, report.ids["1"]).told_at == clock.now()


def test_bad_lines_are_listed_and_the_good_ones_enter_h30(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    path = write(tmp_path / "past.jsonl", "{", "", '{"id": "a", "title": "used"}', '{"id": "z", "title": "Good"}')
    report = bring_in(database, clock, path)
    assert [(c.line, c.subject) for c in report.complaints] == [(6, "the line"), (8, "a")]
    assert (report.line_count, report.refused_count) == (9, 2)
    assert "z" in report.ids


def test_an_archive_imported_twice_doubles_nothing(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    path = write(tmp_path / "past.jsonl")
    first = bring_in(database, clock, path)
    before = assigned(database, first)
    again = bring_in(database, clock, path)
    assert (again.new_count, again.known_count, again.grouping.article_count) == (0, 5, 0)
    assert assigned(database, again) == before


def test_a_line_without_end_is_passed_over_in_pieces_h30(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    path = tmp_path / "past.jsonl"
    path.write_text('{"id": 1, "title": "' + "x" * 17_000_000 + '"}\n{"id": 2, "title": "Good"}\n')
    report = bring_in(database, clock, path)
    assert [c.reason for c in report.complaints] == ["is longer than 8,000,000 characters"]
    assert list(report.ids) == ["2"]
