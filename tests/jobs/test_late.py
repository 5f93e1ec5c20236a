"""Late coverage: what joins a wire's candidate after readers saw it is offered until an editor has looked at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.errors import IllegalDecision
from monitor.jobs import triage
from monitor.jobs.publish import publish
from monitor.jobs.triage import Release, Writing
from monitor.jobs.wires import see_coverage, start_revision
from monitor.model import CandidateId, Joined, Match, RevisionKind, WireId
from monitor.stages.syndicate import Site
from monitor.store.database import Database
from monitor.store.grouping import add_member, list_members
from monitor.store.late import find_late, list_growing
from monitor.store.people import list_audit
from monitor.store.wires import get_wire
from tests.conftest import ManualClock
from tests.jobs.test_triage import CODEBOOK, a_draft
from tests.stored import PROVIDERS, a_candidate_of, join, store_article


def a_wire_out(database: Database, clock: ManualClock, folder: Path) -> tuple[CandidateId, WireId]:
    """A candidate of one article, and its wire, which readers see."""
    candidate = a_candidate_of(database, "gazette")
    with database.read() as tx:
        article = list_members(tx, candidate)[0].article.id
    writing = Writing(
        base_url="https://n.example",
        draft=a_draft(article),
        release=Release(codebook=CODEBOOK, providers=PROVIDERS),
    )
    made = triage.accept(database, clock, candidate, editor="ada", writing=writing)
    site = Site(name="N", base_url="https://n.example", codebook=CODEBOOK, providers=())
    publish(database, clock, public_dir=folder, site=site)
    clock.advance(hours=1)
    return candidate, WireId(int(str(made.payload["wire"])))


def growing(database: Database) -> list[tuple[WireId, int, tuple[str, ...]]]:
    with database.read() as tx:
        return [(g.wire.id, len(g.members), g.publishers) for g in list_growing(tx)]


def grow(database: Database, clock: ManualClock, candidate: CandidateId, publisher: str) -> None:
    with database.write() as tx:
        join(tx, candidate, store_article(tx, publisher), at=clock.now())
    clock.advance(minutes=1)


def test_what_joins_a_published_wire_is_offered_until_it_is_seen(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    candidate, wire = a_wire_out(database, clock, tmp_path)
    assert growing(database) == []
    grow(database, clock, candidate, "gazette")
    grow(database, clock, candidate, "herald")
    assert growing(database) == [(wire, 2, ("Herald",))]
    see_coverage(database, clock, wire, editor="ada")
    assert growing(database) == []
    clock.advance(minutes=1)
    grow(database, clock, candidate, "courier")
    assert growing(database) == [(wire, 1, ("Courier",))]
    with database.read() as tx:
        assert list_audit(tx, limit=1)[0].what == "wire.seen"


def test_an_update_that_cites_it_has_taken_it_up(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    candidate, wire = a_wire_out(database, clock, tmp_path)
    grow(database, clock, candidate, "herald")
    start_revision(database, clock, wire, editor="ada", kind=RevisionKind.UPDATE)
    assert growing(database) == []


def test_a_round_up_that_mentions_it_is_no_coverage(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    candidate, _ = a_wire_out(database, clock, tmp_path)
    match = Match(candidate=None, joined=Joined.MENTION, nearest=None, copy_of=None, similarity=0.5, reason="…")
    with database.write() as tx:
        add_member(tx, candidate, store_article(tx, "herald"), match, now=clock.now())
    assert growing(database) == []


def test_a_wire_that_no_reader_has_seen_has_no_late_coverage(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    made = triage.accept(database, clock, candidate, editor="ada", writing=Writing(base_url="https://n.example"))
    wire = WireId(int(str(made.payload["wire"])))
    with database.read() as tx:
        assert find_late(tx, get_wire(tx, wire)) is None
    with pytest.raises(IllegalDecision, match="have not seen"):
        see_coverage(database, clock, wire, editor="ada")
