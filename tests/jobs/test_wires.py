"""A wire between acceptance and publication: saved by version, released when nothing is missing, taken back unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from monitor.errors import IllegalDecision, StaleDecision, Unknown, Unpublishable
from monitor.jobs.wires import (
    cite_wire,
    discard_draft,
    found_newsroom,
    missing_from,
    release,
    save_draft,
    start_revision,
    withdraw,
)
from monitor.model import Draft, Manner, RevisionKind, RevisionStatus, SourcingStandard, WireId
from monitor.store.database import Database
from monitor.store.people import list_audit
from monitor.store.wires import (
    find_wire_of_candidate,
    get_newsroom,
    get_wire,
    list_in_work,
    list_released,
    list_wires,
)
from tests.conftest import ManualClock
from tests.wires import CODEBOOK, EDITOR, PROVIDERS, a_fit_draft, a_released_wire, an_opened_wire


def test_the_newsroom_is_founded_once_for_ever_o3(database: Database, clock: ManualClock) -> None:
    with database.write() as tx:
        with pytest.raises(Unknown):
            get_newsroom(tx)
        first = found_newsroom(tx, base_url="https://Wire.Example:8443/x", now=clock.now())
    clock.advance(days=400)
    with database.write() as tx:
        assert found_newsroom(tx, base_url="https://elsewhere.example", now=clock.now()) == first
    assert first.tag_authority == "wire.example"
    assert first.founded_on == date(2026, 3, 2)


def test_an_accepted_wire_has_an_id_a_slug_and_what_its_candidate_lends_o3(
    database: Database, clock: ManualClock
) -> None:
    wire = an_opened_wire(database, clock)
    assert wire.tag.startswith("tag:monitor.example,2026-03-02:wire/")
    assert wire.slug.startswith("chatbot-invents-a-ruling-")
    draft = wire.revisions[0].draft
    assert draft.headline.startswith("Chatbot invents a ruling")
    assert len(draft.sources) == 2
    with database.read() as tx:
        assert wire.candidate is not None
        assert find_wire_of_candidate(tx, wire.candidate) == wire
        assert list_in_work(tx) == list_wires(tx) == (wire,)


def test_a_draft_round_trips_and_moves_its_version_d10(database: Database, clock: ManualClock) -> None:
    wire = an_opened_wire(database, clock)
    seen = wire.revisions[-1].version
    draft = a_fit_draft(wire, standard=SourcingStandard.SINGLE_SOURCE, note="n")
    clock.advance(minutes=5)
    saved = save_draft(database, clock, wire.id, editor="grace", draft=draft, version_seen=seen)
    assert saved.draft == draft
    assert (saved.version, saved.editor, saved.saved_at) == (seen + 1, "grace", clock.now())
    assert (saved.source_count, saved.standard) == (2, SourcingStandard.SINGLE_SOURCE)
    with pytest.raises(StaleDecision, match="grace saved this draft meanwhile"):
        save_draft(database, clock, wire.id, editor=EDITOR, draft=Draft(), version_seen=seen)
    with database.read() as tx:
        assert get_wire(tx, wire.id).revisions[-1].draft == draft


def test_what_an_editor_pastes_is_cleaned_at_the_door_h11(database: Database, clock: ManualClock) -> None:
    wire = an_opened_wire(database, clock)
    draft = a_fit_draft(wire, headline="A\x00 head\nline", body="a\x00\ud800\r\nb [source](article:1)")
    saved = save_draft(database, clock, wire.id, editor=EDITOR, draft=draft, version_seen=None)
    assert (saved.draft.headline, saved.draft.body) == ("A head line", "a\nb [source](article:1)")


def test_a_draft_that_lacks_something_is_not_released(database: Database, clock: ManualClock) -> None:
    wire = an_opened_wire(database, clock)
    with pytest.raises(Unpublishable) as refused:
        release(database, clock, wire.id, editor=EDITOR, version_seen=None, codebook=CODEBOOK, providers=PROVIDERS)
    assert {m.field for m in refused.value.missing} >= {"severity", "occurred_on", "body", "rationale", "codes"}
    with database.read() as tx:
        assert get_wire(tx, wire.id).revisions[-1].status is RevisionStatus.DRAFT
        assert list_released(tx) == ()


def test_a_released_draft_waits_for_publish_and_is_not_edited(database: Database, clock: ManualClock) -> None:
    wire = a_released_wire(database, clock)
    with database.read() as tx:
        assert list_released(tx) == (wire.id,)
        assert missing_from(tx, get_wire(tx, wire.id), CODEBOOK, PROVIDERS, now=clock.now()) == ()
        assert [a.what for a in list_audit(tx)][:1] == ["wire.release"]
    with pytest.raises(IllegalDecision, match="is released"):
        save_draft(database, clock, wire.id, editor=EDITOR, draft=Draft(), version_seen=None)


def test_a_wire_that_no_reader_saw_can_be_withdrawn(database: Database, clock: ManualClock) -> None:
    wire = a_released_wire(database, clock)
    with database.write() as tx:
        withdraw(tx, wire.id, editor=EDITOR, now=clock.now())
    with database.read() as tx:
        assert (list_released(tx), list_wires(tx), list_in_work(tx)) == ((), (), ())
        assert get_wire(tx, wire.id).withdrawn_at == clock.now()
    with pytest.raises(IllegalDecision, match="withdrawn"):
        save_draft(database, clock, wire.id, editor=EDITOR, draft=Draft(), version_seen=None)


def test_no_second_revision_while_one_is_in_work(database: Database, clock: ManualClock) -> None:
    wire = an_opened_wire(database, clock)
    with pytest.raises(IllegalDecision, match="still draft"):
        start_revision(database, clock, wire.id, editor=EDITOR, kind=RevisionKind.UPDATE)
    with pytest.raises(IllegalDecision, match="one first revision"):
        start_revision(database, clock, wire.id, editor=EDITOR, kind=RevisionKind.FIRST)
    with pytest.raises(IllegalDecision, match="not discarded"):
        discard_draft(database, clock, wire.id, editor=EDITOR, version_seen=None)


def test_unknown_wires_are_refused(database: Database, clock: ManualClock) -> None:
    with pytest.raises(Unknown, match="no wire 7"):
        save_draft(database, clock, WireId(7), editor=EDITOR, draft=Draft(), version_seen=None)


def test_citations_are_counted_as_independent_publishers(database: Database, clock: ManualClock) -> None:
    wire = an_opened_wire(database, clock, publishers=("gazette", "gazette", "courier"))
    with database.read() as tx:
        cited = cite_wire(tx, wire, draft=a_fit_draft(wire))
        only = cite_wire(
            tx, wire, draft=replace(a_fit_draft(wire), body=f"x [source](article:{wire.revisions[0].draft.sources[0]})")
        )
    assert (cited.sourcing.source_count, cited.standard) == (2, SourcingStandard.STANDARD)
    assert (only.sourcing.source_count, only.standard) == (1, SourcingStandard.SINGLE_SOURCE)


def test_the_manner_is_the_editors_from_the_start(database: Database, clock: ManualClock) -> None:
    assert an_opened_wire(database, clock).revisions[0].manner is Manner.EDITOR
