"""What weighs in the order: changed by those who may, audited, carried through the queue, and learnt from decisions."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import Denied, FaultyFile, IllegalDecision
from monitor.jobs.people import add_editor
from monitor.jobs.triage import reject, undo
from monitor.jobs.weights import adopt_file, change_weights, preview, weigh, weights_now
from monitor.model import Candidate, CandidateId, Editor, Filter, Role
from monitor.stages.likelihood import LIKELY, LIKELY_WEIGHT
from monitor.stages.score import DEFAULTS
from monitor.store.candidates import get_candidate
from monitor.store.database import Database
from monitor.store.people import list_audit
from monitor.store.queue import list_filtered
from monitor.store.weights import list_precedents
from tests.conftest import ManualClock
from tests.stored import MORNING, PROVIDERS, a_candidate_of, join, store_article

HARM = "words of death or injury"


def order(database: Database, clock: ManualClock) -> list[int]:
    with database.read() as tx:
        return [c.id for c in list_filtered(tx, Filter(), who="ada", now=clock.now())]


def found(database: Database, candidate: CandidateId) -> Candidate:
    with database.read() as tx:
        return get_candidate(tx, candidate)


@pytest.fixture
def senior(database: Database, clock: ManualClock) -> Editor:
    return add_editor(database, clock, "ada", role=Role.SENIOR, password="a long sentence to remember")


def test_a_change_is_carried_through_the_queue_and_no_candidate_looks_changed_d10_d11(
    database: Database, clock: ManualClock, senior: Editor
) -> None:
    deadly = a_candidate_of(database, "gazette", title="Man killed by robot")
    told = a_candidate_of(database, "gazette", "courier", title="A quiet story")
    before = found(database, deadly)
    assert order(database, clock) == [deadly, told]
    change_weights(database, clock, {HARM: 1.0, LIKELY: 0.0}, by=senior, note="We have a desk for that.", key="k")
    assert weigh(database, clock).weighed_count == 2
    assert weigh(database, clock).weighed_count == 0
    assert order(database, clock) == [told, deadly]
    after = found(database, deadly)
    assert (after.version, after.score, after.cues[0].weight) == (before.version, 1.0, 1.0)
    with database.read() as tx:
        (entry,) = (e for e in list_audit(tx, limit=5) if e.what == "weights.change")
    assert (entry.who, entry.before, entry.after) == (
        "ada",
        {HARM: 16.0, LIKELY: LIKELY_WEIGHT},
        {HARM: 1.0, LIKELY: 0.0, "reason": "We have a desk for that."},
    )


def test_what_comes_later_is_weighed_as_the_newsroom_says(
    database: Database, clock: ManualClock, senior: Editor
) -> None:
    change_weights(database, clock, {HARM: 2.5, LIKELY: 0.0}, by=senior, note="Less.")
    candidate = a_candidate_of(database, "gazette", title="Man killed by robot")
    assert found(database, candidate).score == 2.5
    assert weigh(database, clock).weighed_count == 0


def test_the_new_order_is_seen_before_it_is_kept(database: Database, clock: ManualClock) -> None:
    deadly = a_candidate_of(database, "gazette", title="Man killed by robot")
    told = a_candidate_of(database, "gazette", "courier", title="A quiet story")
    with database.read() as tx:
        moved = preview(tx, clock, {HARM: -5.0, LIKELY: 0.0}, limit=10)
    assert [(m.candidate.id, m.before, m.after) for m in moved] == [(told, 2, 1), (deadly, 1, 2)]
    assert order(database, clock) == [deadly, told]


def test_a_repeated_change_is_one_and_a_weighting_is_never_rewritten(
    database: Database, clock: ManualClock, senior: Editor
) -> None:
    for _ in range(2):
        change_weights(database, clock, {HARM: 4.0}, by=senior, note="Less.", key="same")
    with database.read() as tx:
        assert tx.scalar(text("SELECT count(*) FROM weightings")) == 1
    with pytest.raises(Exception, match="append-only"), database.write() as tx:
        tx.execute(text("UPDATE weightings SET note = 'other'"))


def test_who_may_not_or_says_no_reason_changes_nothing(database: Database, clock: ManualClock, senior: Editor) -> None:
    editor = add_editor(database, clock, "ben", role=Role.EDITOR, password="a long sentence to remember")
    with pytest.raises(Denied):
        change_weights(database, clock, {HARM: 1.0}, by=editor, note="Because.")
    with pytest.raises(IllegalDecision, match="Say why"):
        change_weights(database, clock, {HARM: 1.0}, by=senior, note=" ")
    with pytest.raises(IllegalDecision, match="needs a weight"):
        change_weights(database, clock, {HARM: 1e9}, by=senior, note="Because.")
    with database.read() as tx:
        assert weights_now(tx).id == 0


def test_the_newsrooms_file_is_taken_over_once_and_refused_whole(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    path = tmp_path / "weights.yaml"
    path.write_text("weights:\n  - {reason: probe, weight: 9}\n")
    assert adopt_file(database, clock, path) is not None
    assert adopt_file(database, clock, path) is None
    with database.read() as tx:
        assert weights_now(tx).weights == {**DEFAULTS, "probe": 9.0}
    path.write_text("weights:\n  - {reason: probe, weight: lots}\n")
    with pytest.raises(FaultyFile):
        adopt_file(database, clock, path)


def test_what_editors_decided_becomes_a_reason_and_an_undone_decision_does_not(
    database: Database, clock: ManualClock
) -> None:
    for number in range(24):
        publisher = "tabloid" if number % 2 else f"paper-{number}"
        rejected = a_candidate_of(database, publisher, title=f"Number {number}")
        if number == 0:
            continue
        decision = reject(database, clock, rejected, reason="No incident", editor="ada")
    undo(database, clock, rejected, undoes=decision.id, providers=PROVIDERS, editor="ada")
    weigh(database, clock)
    with database.read() as tx:
        known = list_precedents(tx, ["publisher:tabloid"])
    assert (known.overall.decided, known.by_trait["publisher:tabloid"].decided) == (22, 11)
    assert known.overall.accepted == 0
    later = a_candidate_of(database, "tabloid", at=MORNING + timedelta(hours=1))
    cue = next(c for c in found(database, later).cues if c.name == "accepted before")
    assert cue.evidence == "Editors accepted 0 of 11 told by Tabloid; 0 of 22 in all"
    with database.write() as tx:
        join(tx, later, store_article(tx, "gazette"), at=MORNING + timedelta(hours=2))
    assert [c.name for c in found(database, later).cues].count("accepted before") == 1
