"""An imported archive, accepted in bulk: a decision for each wire, stamped, never doubled, amended one by one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from monitor.jobs import triage
from monitor.jobs.archive import import_archive
from monitor.jobs.bulk import BulkReport, Choice, accept_in_bulk
from monitor.jobs.publish import publish
from monitor.jobs.wires import release, save_draft, start_revision
from monitor.model import (
    ActionKind,
    CandidateId,
    Draft,
    Manner,
    Publisher,
    PublisherId,
    RevisionKind,
    RevisionStatus,
    Severity,
    Wire,
)
from monitor.stages.bulk import Stated
from monitor.stages.syndicate import Site
from monitor.store.candidates import find_standing_decision, get_candidate, list_open
from monitor.store.database import Database
from monitor.store.people import list_audit
from monitor.store.sources import add_source, record_publishers
from monitor.store.wires import get_wire, list_wires
from tests.conftest import ManualClock
from tests.store.test_sources import a_source
from tests.stored import a_candidate_of
from tests.wires import A_TEST, BASE_URL, CODEBOOK, PROVIDERS

SITE = Site(name="Wire", base_url=BASE_URL, codebook=CODEBOOK, providers=PROVIDERS.providers)
WHY = "The founding editors checked the archive."
WHOLE = Stated(rationale=WHY, severity=Severity.SEV_4, codes=("M4", "F9"))
LINES = (
    ("a", "gazette", "2024-06-04", "OpenAI shuts down Sora video app after deepfakes"),
    ("b", "courier", "2024-09-01", "Anthropic's Claude leaks chat histories of hospital patients"),
    ("c", "herald", "2025-02-01", "Storm closes ferry line to Halden"),
)


def an_archive(database: Database, clock: ManualClock, folder: Path) -> tuple[CandidateId, ...]:
    """Three candidates of the past: two name a provider, one does not."""
    path = folder / "past.jsonl"
    records = [
        {"id": i, "url": f"https://{p}.example/{i}", "title": t, "publisher": p.title(), "published": f"{d}T10:00:00Z"}
        for i, p, d, t in LINES
    ]
    path.write_text("\n".join(map(json.dumps, records)))
    import_archive(database, clock, path=path, owner="test", providers=PROVIDERS)
    with database.read() as tx:
        return list_open(tx)


def accept(
    database: Database, clock: ManualClock, *, choice: Choice | None = None, stated: Stated = WHOLE, **given: Any
) -> BulkReport:
    return accept_in_bulk(
        database, clock, choice=choice or Choice(), stated=stated, editor="ada", base_url=BASE_URL,
        codebook=CODEBOOK, providers=PROVIDERS, **given,
    )  # fmt: skip


def publish_all(database: Database, clock: ManualClock, folder: Path) -> None:
    publish(database, clock, public_dir=folder / "public", site=SITE)


def wires_of(database: Database) -> dict[str, Wire]:
    with database.read() as tx:
        return {w.revisions[-1].draft.headline: w for w in list_wires(tx, limit=100)}


def amended(draft: Draft, **fields: Any) -> Draft:
    """The draft, with the but-for test where the rationale becomes an editor's own."""
    if fields["rationale"] != draft.rationale:
        fields["but_for"] = replace(A_TEST, support=draft.sources[0])
    return replace(draft, **fields)


def test_what_lacks_nothing_is_released_and_the_rest_waits(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    chosen = an_archive(database, clock, tmp_path)
    report = accept(database, clock)
    assert (report.chosen_count, report.released_count, report.draft_count, report.left_count) == (3, 2, 1, 0)
    assert report.missing == {"providers": 1}
    wire = wires_of(database)[LINES[0][3]]
    last = wire.revisions[-1]
    assert (last.status, last.manner, last.source_count) == (RevisionStatus.RELEASED, Manner.BULK, 1)
    assert (last.draft.occurred_on, last.draft.providers) == (date(2024, 6, 4), ("openai",))
    assert f"Gazette reported on 4 June 2024: {LINES[0][3]}. [source](article:" in last.draft.body
    with database.read() as tx:
        decisions = [find_standing_decision(tx, c) for c in chosen]
        audit = list_audit(tx, what="candidate.accept")
    assert {d.reason for d in decisions if d} == {f"In bulk: {WHY}"}
    assert [d.kind for d in decisions if d] == [ActionKind.ACCEPT] * 3
    assert [entry.who for entry in audit] == ["ada"] * 3


def test_readers_see_that_it_was_classified_in_bulk_and_when(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    an_archive(database, clock, tmp_path)
    accept(database, clock)
    day = clock.now()
    clock.advance(hours=30)
    publish_all(database, clock, tmp_path)
    revision = wires_of(database)[LINES[0][3]].published
    assert revision is not None
    assert revision.rationale is not None
    why = revision.rationale
    assert (why.text, why.manner, why.classified_by, why.classified_at) == (WHY, Manner.BULK, "ada", day)


def test_twice_nothing_doubles_and_what_was_undone_may_be_accepted_again(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    chosen = an_archive(database, clock, tmp_path)
    accept(database, clock)
    assert accept(database, clock).chosen_count == 0
    again = accept(database, clock, choice=Choice(candidates=(*chosen, CandidateId(999))))
    assert (again.left_count, again.left_reasons) == (4, {"accepted already": 3, "not known": 1})
    assert len(wires_of(database)) == 3
    triage.undo(database, clock, chosen[0], editor="ada", providers=PROVIDERS)
    assert accept(database, clock).released_count == 1


def test_a_choice_is_narrowed_by_day_and_by_sources(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    chosen = an_archive(database, clock, tmp_path)
    assert accept(database, clock, choice=Choice(least_sources=2)).chosen_count == 0
    named = accept(database, clock, choice=Choice(candidates=chosen, before=date(2024, 9, 1)), is_dry_run=True)
    assert named.left_reasons == {"first told on 1 September 2024 or later": 2}
    assert accept(database, clock, choice=Choice(before=date(2024, 9, 1))).released_count == 1


def test_without_severity_and_codes_all_are_drafts(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    an_archive(database, clock, tmp_path)
    report = accept(database, clock, stated=Stated(rationale=WHY))
    assert (report.released_count, report.draft_count) == (0, 3)
    assert report.missing == {"severity": 3, "codes": 3, "providers": 1}
    publish_all(database, clock, tmp_path)
    assert all(w.published is None for w in wires_of(database).values())


def test_a_dry_run_tells_the_same_and_changes_nothing(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    chosen = an_archive(database, clock, tmp_path)
    with database.read() as tx:
        before = [get_candidate(tx, c) for c in chosen]
    dry = accept(database, clock, is_dry_run=True)
    with database.read() as tx:
        assert [get_candidate(tx, c) for c in chosen] == before
    assert wires_of(database) == {}
    done = accept(database, clock)
    assert (dry.released_count, dry.draft_count, dry.missing) == (done.released_count, done.draft_count, done.missing)


def test_whom_an_editor_claims_while_it_runs_is_left_and_stops_none(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    chosen = an_archive(database, clock, tmp_path)

    def somebody_is_quicker(done: int, total: int) -> None:
        if done == 1:
            triage.claim(database, clock, chosen[1], editor="grace")

    report = accept(database, clock, progress=somebody_is_quicker)
    assert report.left_reasons == {"claimed by another editor": 1}
    assert report.released_count + report.draft_count == 2
    with database.read() as tx:
        assert get_candidate(tx, chosen[1]).claimed_by == "grace"


def test_news_of_polled_sources_is_left_for_an_editor(database: Database, clock: ManualClock) -> None:
    with database.write() as tx:
        record_publishers(tx, [Publisher(id=PublisherId("gazette"), name="Gazette")])
        add_source(tx, a_source("gazette", publisher=PublisherId("gazette")), now=clock.now())
    news = a_candidate_of(database, "gazette", source="gazette")
    report = accept(database, clock, choice=Choice(candidates=(news,)))
    assert report.left_reasons == {"a source that is polled tells it too: decide at the desk": 1}
    assert wires_of(database) == {}


def test_an_editor_amends_the_rationale_wire_by_wire(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    an_archive(database, clock, tmp_path)
    accept(database, clock)
    day = clock.now()
    publish_all(database, clock, tmp_path)
    clock.advance(days=3)
    wire = wires_of(database)[LINES[0][3]]
    for rationale, manner, who, when in (
        (WHY, Manner.BULK, "ada", day),  # more text, the same classification
        ("I read it: the app was the cause.", Manner.EDITOR, "grace", clock.now()),
        ("I read it: the app was the cause.", Manner.EDITOR, "grace", clock.now()),
    ):
        opened = start_revision(database, clock, wire.id, editor="grace", kind=RevisionKind.UPDATE)
        draft = amended(opened.draft, headline=f"{opened.draft.headline}!", rationale=rationale)
        save_draft(database, clock, wire.id, editor="grace", draft=draft, version_seen=None)
        release(database, clock, wire.id, editor="grace", version_seen=None, codebook=CODEBOOK, providers=PROVIDERS)
        publish_all(database, clock, tmp_path)
        with database.read() as tx:
            revision = get_wire(tx, wire.id).published
        assert revision is not None
        assert revision.rationale is not None
        why = revision.rationale
        assert (why.text, why.manner, why.classified_by, why.classified_at) == (rationale, manner, who, when)


def test_completing_a_draft_is_no_review_until_the_rationale_is_amended(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    an_archive(database, clock, tmp_path)
    accept(database, clock, stated=Stated(rationale=WHY))
    day = clock.now()
    clock.advance(days=1)
    first, second = (wires_of(database)[line[3]] for line in LINES[:2])
    for wire, rationale in ((first, WHY), (second, "I read it.")):
        draft = wire.revisions[-1].draft
        draft = amended(draft, severity=Severity.SEV_3, codes=("M2", "F4"), rationale=rationale)
        save_draft(database, clock, wire.id, editor="grace", draft=draft, version_seen=None)
        release(database, clock, wire.id, editor="grace", version_seen=None, codebook=CODEBOOK, providers=PROVIDERS)
    publish_all(database, clock, tmp_path)
    found = [
        w.published.rationale for w in map(wires_of(database).get, (LINES[0][3], LINES[1][3])) if w and w.published
    ]
    assert [(w.manner, w.classified_by, w.classified_at) for w in found if w] == [
        (Manner.BULK, "ada", day),
        (Manner.EDITOR, "grace", clock.now()),
    ]
