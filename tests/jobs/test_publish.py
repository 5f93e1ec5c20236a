"""Publication: a released revision is frozen with all that was computed, and the feeds follow the database."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from monitor.errors import IllegalDecision
from monitor.jobs.publish import PublishReport, publish
from monitor.jobs.sections import House
from monitor.jobs.sections.feeds import Feeds
from monitor.jobs.tree import NOTES
from monitor.jobs.wires import found_newsroom, release, save_draft, start_revision, withdraw
from monitor.model import Manner, Origin, RevisionKind, RevisionStatus, SourcingStandard, Tier, Wire
from monitor.stages.syndicate import Site
from monitor.store.database import Database
from monitor.store.people import list_audit
from monitor.store.published import (
    Choice,
    Order,
    count_by_code,
    count_by_provider,
    count_published,
    find_published_by_slug,
    list_months,
    list_published,
)
from monitor.store.wires import discard_draft, get_wire
from tests.conftest import ManualClock
from tests.wires import BASE_URL, CODEBOOK, EDITOR, PROVIDERS, a_fit_draft, a_released_wire, an_opened_wire

SITE = Site(name="Wire", base_url=BASE_URL, codebook=CODEBOOK, providers=PROVIDERS.providers)


def publish_in(database: Database, clock: ManualClock, folder: Path, site: Site = SITE) -> PublishReport:
    return publish(database, clock, public_dir=folder, site=site, sections=(Feeds(House(site=site, guide="")),))


def revise(database: Database, clock: ManualClock, wire: Wire, kind: RevisionKind, **fields: object) -> None:
    opened = start_revision(database, clock, wire.id, editor="grace", kind=kind)
    draft = replace(opened.draft, **fields)  # type: ignore[arg-type]
    save_draft(database, clock, wire.id, editor="grace", draft=draft, version_seen=opened.version)
    release(database, clock, wire.id, editor="grace", version_seen=None, codebook=CODEBOOK, providers=PROVIDERS)


def entries_of(folder: Path, path: str = "feed.atom") -> list[feedparser.FeedParserDict]:
    body = (folder / path).read_bytes()
    assert gzip.decompress((folder / f"{path}.gz").read_bytes()) == body
    found = feedparser.parse(body)
    assert not found.bozo
    return list(found.entries)


def test_a_released_revision_is_frozen_with_all_that_was_computed(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    wire = a_released_wire(database, clock)
    clock.advance(minutes=1)
    assert publish_in(database, clock, tmp_path).published_count == 1
    with database.read() as tx:
        found = get_wire(tx, wire.id)
        revision = found.published
        assert revision is not None
        assert revision.status is RevisionStatus.PUBLISHED
        assert (revision.source_count, revision.standard) == (2, SourcingStandard.STANDARD)
        assert [c.publisher_name for c in revision.citations] == ["Gazette", "Courier"]
        assert all(c.counts and c.reason for c in revision.citations)
        assert (revision.signal_origin, revision.published_at) == (Origin.PRESS, clock.now())
        assert found.first_published_at == clock.now()
        why = revision.rationale
        assert why is not None
        assert (why.classified_by, why.classified_at, why.manner) == (EDITOR, clock.now(), Manner.EDITOR)
        assert "wire.publish" in {a.what for a in list_audit(tx)}


def test_a_published_revision_is_whole_and_never_changes(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    wire = a_released_wire(database, clock)
    publish_in(database, clock, tmp_path)
    with database.read() as tx:
        before = get_wire(tx, wire.id)
    with pytest.raises(IllegalDecision, match="is published"):
        save_draft(database, clock, wire.id, editor=EDITOR, draft=a_fit_draft(wire), version_seen=None)
    with pytest.raises(IllegalDecision, match="retracted"), database.write() as tx:
        withdraw(tx, wire.id, editor=EDITOR, now=clock.now())
    with pytest.raises(IllegalDecision), database.write() as tx:
        discard_draft(tx, wire.id, version_seen=None)
    with pytest.raises(DatabaseError, match="append-only"), database.write() as tx:
        tx.execute(text("UPDATE revisions SET source_count = 9"))
    with database.read() as tx:
        assert get_wire(tx, wire.id) == before


def test_what_nobody_accepted_is_never_public(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    an_opened_wire(database, clock)
    gone = a_released_wire(database, clock)
    with database.write() as tx:
        withdraw(tx, gone.id, editor=EDITOR, now=clock.now())
    assert publish_in(database, clock, tmp_path).published_count == 0
    with database.read() as tx:
        assert (list_published(tx), count_published(tx), find_published_by_slug(tx, gone.slug)) == ((), 0, None)
    assert entries_of(tmp_path) == []


def test_a_second_run_changes_nothing_o4_f12(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    a_released_wire(database, clock)
    assert publish_in(database, clock, tmp_path).rendered_count > 2
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns, p.stat().st_ino) for p in tmp_path.rglob("*") if p.is_file()}
    clock.advance(days=3)
    assert publish_in(database, clock, tmp_path) == PublishReport(published_count=0, failed_count=0, rendered_count=0)
    after = {p: (p.read_bytes(), p.stat().st_mtime_ns, p.stat().st_ino) for p in tmp_path.rglob("*") if p.is_file()}
    assert after == before


def test_a_feed_that_is_missing_or_behind_is_rendered_again_f12(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    a_released_wire(database, clock)
    publish_in(database, clock, tmp_path)
    body = (tmp_path / "feed.atom").read_bytes()
    (tmp_path / "providers/openai/feed.atom").unlink()
    assert publish_in(database, clock, tmp_path).rendered_count == 1
    (tmp_path / NOTES / "state.json").write_text("{")
    (tmp_path / "feed.atom").write_bytes(b"torn")
    assert publish_in(database, clock, tmp_path).rendered_count == 1
    assert (tmp_path / "feed.atom").read_bytes() == body
    assert [p.name for p in tmp_path.rglob(".*.new")] == []


def test_the_same_wires_in_another_folder_give_the_same_bytes_o4(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    for _ in range(3):
        a_released_wire(database, clock)
    publish_in(database, clock, tmp_path / "a")
    clock.advance(days=1)
    publish_in(database, clock, tmp_path / "b")
    names = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("feed.*"))
    assert len(names) >= 4
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_two_wires_of_one_moment_have_two_times_o1(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    for _ in range(4):
        a_released_wire(database, clock)
    publish_in(database, clock, tmp_path)
    assert len({e.updated for e in entries_of(tmp_path)}) == 4


def test_a_correction_is_a_new_revision_of_the_same_entry_o3_o6(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    wire = a_released_wire(database, clock)
    publish_in(database, clock, tmp_path)
    (first,) = entries_of(tmp_path)
    clock.advance(days=2)
    revise(
        database, clock, wire, RevisionKind.CORRECTION, note="There were three rulings, not two.", providers=("meta",)
    )
    publish_in(database, clock, tmp_path)
    (entry,) = entries_of(tmp_path)
    assert (entry.id, entry.link, entry.published) == (first.id, first.link, first.published)
    assert entry.updated > first.updated
    assert entry.title.startswith("Corrected: ")
    assert "There were three rulings, not two." in entry.content[0].value
    assert "Correction, 4 March 2026" in entry.summary
    assert entries_of(tmp_path, "providers/meta/feed.atom")[0].id == entry.id
    with database.read() as tx:
        assert count_by_provider(tx) == {"meta": 1}
        found = find_published_by_slug(tx, wire.slug)
        assert found is not None
        assert [r.kind for r in found.revisions] == [RevisionKind.FIRST, RevisionKind.CORRECTION]


def test_a_provider_that_a_wire_no_longer_names_keeps_its_feed_and_is_told_of_the_correction_o6(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    wire = a_released_wire(database, clock)
    publish_in(database, clock, tmp_path)
    clock.advance(days=1)
    revise(database, clock, wire, RevisionKind.CORRECTION, note="It was another chatbot.", providers=("meta",))
    publish_in(database, clock, tmp_path)
    (entry,) = entries_of(tmp_path, "providers/openai/feed.atom")
    assert entry.title.startswith("Corrected: ")


def test_a_retraction_says_so_and_nothing_vanishes_o6(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    wire = a_released_wire(database, clock)
    publish_in(database, clock, tmp_path)
    revise(database, clock, wire, RevisionKind.RETRACTION, note="The filing was a hoax.")
    publish_in(database, clock, tmp_path)
    (entry,) = entries_of(tmp_path)
    assert entry.title.startswith("Retracted: ")
    assert "The filing was a hoax." in entry.content[0].value
    assert "A lawyer filed a brief" in entry.content[0].value
    with database.read() as tx:
        assert get_wire(tx, wire.id).is_retracted


def test_an_update_keeps_the_classification_and_its_day(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    wire = a_released_wire(database, clock)
    publish_in(database, clock, tmp_path)
    classified_at = clock.now()
    clock.advance(days=1)
    revise(database, clock, wire, RevisionKind.UPDATE, headline="Chatbot invents three rulings")
    publish_in(database, clock, tmp_path)
    clock.advance(days=1)
    revise(database, clock, wire, RevisionKind.UPDATE, rationale="It did so twice.")
    publish_in(database, clock, tmp_path)
    with database.read() as tx:
        first, second, third = (r.rationale for r in get_wire(tx, wire.id).revisions)
    assert first is not None
    assert first == second
    assert third is not None
    assert (third.classified_by, third.classified_at) == ("grace", clock.now())
    assert first.classified_at == classified_at


def test_a_standard_is_computed_and_may_only_be_lowered(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    wire = an_opened_wire(database, clock, tier=Tier.PRIMARY)
    low = a_fit_draft(wire, standard=SourcingStandard.SINGLE_SOURCE)
    save_draft(database, clock, wire.id, editor=EDITOR, draft=low, version_seen=None)
    release(database, clock, wire.id, editor=EDITOR, version_seen=None, codebook=CODEBOOK, providers=PROVIDERS)
    publish_in(database, clock, tmp_path)
    with database.read() as tx:
        revision = get_wire(tx, wire.id).published
    assert revision is not None
    assert (revision.standard, revision.source_count) == (SourcingStandard.SINGLE_SOURCE, 2)


def test_readers_find_wires_by_provider_severity_code_and_month(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    clock.at = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
    early = a_released_wire(database, clock, providers=("meta", "xai"), codes=("M4", "F9"))
    publish_in(database, clock, tmp_path)
    clock.at = datetime(2026, 4, 1, 0, 30, tzinfo=UTC)
    late = a_released_wire(database, clock)
    publish_in(database, clock, tmp_path)
    with database.read() as tx:
        assert [w.id for w in list_published(tx)] == [late.id, early.id]
        assert [w.id for w in list_published(tx, Choice(provider="xai"))] == [early.id]
        assert [w.id for w in list_published(tx, Choice(code="F5"))] == [late.id]
        assert [w.id for w in list_published(tx, Choice(year=2026, month=3))] == [early.id]
        assert [w.id for w in list_published(tx, Choice(year=2026), order=Order.REVISED, limit=1)] == [late.id]
        assert list_published(tx, Choice(provider="xai", code="F5")) == ()
        assert [(m.year, m.month, m.total) for m in list_months(tx)] == [(2026, 4, 1), (2026, 3, 1)]
        assert count_by_code(tx) == {"M4": 1, "F9": 1, "M2": 1, "F5": 1}


def test_one_wire_that_cannot_be_frozen_does_not_stop_the_others(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    broken = a_released_wire(database, clock)
    fine = a_released_wire(database, clock)
    with database.write() as tx:
        tx.execute(text("UPDATE revisions SET draft = '{}' WHERE wire_id = :w"), {"w": broken.id})
    report = publish_in(database, clock, tmp_path)
    assert (report.published_count, report.failed_count) == (1, 1)
    assert [e.link.rpartition("/")[2] for e in entries_of(tmp_path)] == [fine.slug]


def test_before_any_wire_the_feed_is_valid_and_dated_by_the_founding_o4(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    with database.write() as tx:
        found_newsroom(tx, base_url=BASE_URL, now=clock.now())
    clock.advance(days=9)
    assert publish_in(database, clock, tmp_path).rendered_count > 0
    feed = feedparser.parse((tmp_path / "feed.atom").read_bytes())
    assert feed.feed.updated == "2026-03-02T08:00:00+00:00"
