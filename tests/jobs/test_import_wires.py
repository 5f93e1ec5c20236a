"""Wires of the past: good lines in whole, bad lines listed, each stamped as classified in bulk, nothing doubled."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from monitor.jobs.import_wires import ImportReport, import_wires
from monitor.jobs.publish import publish
from monitor.jobs.wires import release, save_draft, start_revision
from monitor.model import Manner, RevisionKind, SourcingStandard, Tier
from monitor.stages.syndicate import Site
from monitor.stages.wire_archive import UNTESTED
from monitor.store.database import Database
from monitor.store.published import list_published
from monitor.store.window import count_ungrouped
from monitor.store.wires import list_citable, list_wires
from tests.conftest import ManualClock
from tests.wires import A_TEST, BASE_URL, CODEBOOK, PROVIDERS

SITE = Site(name="Wire", base_url=BASE_URL, codebook=CODEBOOK, providers=PROVIDERS.providers)
WHY = "The founding editors read every one of these."


def a_record(**fields: Any) -> dict[str, Any]:
    return {
        "id": "past-1",
        "headline": "Chatbot invents a refund",
        "body": "It promised. [source](https://gazette.example/a?utm_source=x)\n\nA tribunal agreed. [source](2)",
        "occurred_on": "2024-02-14",
        "published": "2024-02-16T09:00:00Z",
        "severity": "SEV-3",
        "providers": ["ChatGPT"],
        "codes": ["m2", "F5"],
        "sources": [
            {
                "url": "https://gazette.example/a",
                "title": "A refund",
                "publisher": "Gazette",
                "published": "2024-02-15",
            },
            {"url": "https://tribunal.example/7", "title": "Decision 7", "publisher": "Tribunal", "tier": "primary"},
        ],
        **fields,
    }


def import_lines(database: Database, clock: ManualClock, folder: Path, *lines: object) -> ImportReport:
    path = folder / "past.jsonl"
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return import_wires(
        database,
        clock,
        path=path,
        rationale=WHY,
        editor="cli:ada",
        base_url=BASE_URL,
        codebook=CODEBOOK,
        providers=PROVIDERS,
    )


def publish_all(database: Database, clock: ManualClock, folder: Path) -> None:
    publish(database, clock, public_dir=folder / "public", site=SITE)


def test_a_finished_wire_enters_under_its_own_dates_and_says_bulk(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    report = import_lines(database, clock, tmp_path, a_record())
    assert (report.new_count, report.known_count, report.complaints) == (1, 0, ())
    publish_all(database, clock, tmp_path)
    with database.read() as tx:
        (wire,) = list_published(tx)
        assert count_ungrouped(tx) == 0  # its sources open no candidate
    revision = wire.published
    assert revision is not None
    assert wire.first_published_at == revision.published_at == datetime(2024, 2, 16, 9, tzinfo=UTC)
    assert (revision.draft.occurred_on, revision.draft.providers) == (date(2024, 2, 14), ("openai",))
    assert (revision.source_count, revision.standard) == (2, SourcingStandard.CONFIRMED)
    assert [c.tier for c in revision.citations] == [Tier.SECONDARY, Tier.PRIMARY]
    why = revision.rationale
    assert why is not None
    assert (why.text, why.counterfactual, why.manner) == (WHY, UNTESTED, Manner.BULK)
    assert why.classified_at == clock.now()
    assert why.classified_by == "cli:ada"


def test_run_twice_nothing_doubles(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    without_id = a_record(headline="Another")
    del without_id["id"]
    import_lines(database, clock, tmp_path, a_record(), without_id)
    clock.advance(days=1)
    report = import_lines(database, clock, tmp_path, a_record(), without_id, a_record(headline="Edited since"))
    assert (report.new_count, report.known_count, report.refused_count) == (0, 3, 0)
    with database.read() as tx:
        assert len(list_wires(tx)) == 2


def test_bad_lines_are_listed_with_line_and_reason_and_leave_nothing_behind_h30(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    lines = [
        "not json",
        "[]",
        a_record(id="a", severity="SEV-9", published="2029-01-01"),
        a_record(id="b", body="No source here."),
        a_record(id="c", sources=[{"url": "javascript:alert(1)", "title": "x"}]),
        a_record(id="d", providers=["Nobody Inc"], codes=["M2"]),
        a_record(id="e", body="Cites a stranger. [source](https://elsewhere.example/)"),
        a_record(id="f", headlin="a slip"),
        "",
        a_record(id="good"),
        "x" * 1_100_000,
    ]
    report = import_lines(database, clock, tmp_path, *lines)
    assert (report.line_count, report.new_count, report.refused_count) == (11, 1, 9)
    said = [str(c) for c in report.complaints]
    for expected in (
        "past.jsonl:1: the line: is not JSON",
        "past.jsonl:2: the line: is not a JSON object",
        "past.jsonl:3: published: 2029-01-01",
        "past.jsonl:3: severity: must be SEV-1",
        "past.jsonl:4: body: Paragraph 1",
        "past.jsonl:5: source 1: has no url",
        "past.jsonl:6: providers: “Nobody Inc” is not in the provider register",
        "past.jsonl:6: codes: Choose at least one F code",
        "past.jsonl:7: body: Paragraph 1 cites https://elsewhere.example/, which is not among",
        "past.jsonl:8: headlin: is not a field",
        "past.jsonl:11: the line: is longer than",
    ):
        assert any(s.startswith(expected) for s in said), expected
    with database.read() as tx:
        (wire,) = list_wires(tx)
        assert len(list_citable(tx, wire)) == 2


def test_the_bulk_stamp_ends_when_an_editor_amends_the_rationale(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    import_lines(database, clock, tmp_path, a_record())
    publish_all(database, clock, tmp_path)
    with database.read() as tx:
        (wire,) = list_published(tx)
    for headline, rationale, manner in (("Better", WHY, Manner.BULK), ("Best", "I read it myself.", Manner.EDITOR)):
        clock.advance(days=1)
        opened = start_revision(database, clock, wire.id, editor="grace", kind=RevisionKind.UPDATE)
        test = None if manner is Manner.BULK else replace(A_TEST, support=opened.draft.sources[0])
        draft = replace(opened.draft, headline=headline, rationale=rationale, but_for=test)
        save_draft(database, clock, wire.id, editor="grace", draft=draft, version_seen=opened.version)
        release(database, clock, wire.id, editor="grace", version_seen=None, codebook=CODEBOOK, providers=PROVIDERS)
        publish_all(database, clock, tmp_path)
        with database.read() as tx:
            revision = list_published(tx)[0].published
        assert revision is not None
        assert revision.rationale is not None
        assert (revision.rationale.manner, revision.draft.headline) == (manner, headline)
        assert (revision.rationale.classified_by == "grace") is (manner is Manner.EDITOR)


def test_the_line_in_the_documentation_is_a_good_one(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "archive.md").read_text()
    example = page.rpartition("```json\n")[2].partition("\n```")[0]
    assert import_lines(database, clock, tmp_path, " ".join(example.split("\n"))).complaints == ()
