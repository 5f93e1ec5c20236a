"""One rationale for many: each a decision of its own, what cannot be decided is left, and one undo takes all back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitor.errors import IllegalDecision
from monitor.jobs import triage
from monitor.jobs.bulks import MOST, BulkWork, Rules, carry_out, state_bulk, undo_bulk
from monitor.model import (
    ActionKind,
    Bulk,
    BulkItem,
    BulkStatus,
    CandidateId,
    CandidateStatus,
    Code,
    Codebook,
    ItemState,
    Manner,
    Severity,
    Wish,
)
from monitor.store.bulks import get_bulk, lease_bulk, list_items
from monitor.store.candidates import get_candidate, list_decisions
from monitor.store.database import Database
from monitor.store.people import list_audit
from monitor.store.wires import get_wire
from tests.conftest import ManualClock
from tests.stored import PROVIDERS, a_candidate_of

CODEBOOK = Codebook(
    version="1",
    codes=(Code(id="M2", name="Model behaviour", definition="…"), Code(id="F4", name="Privacy", definition="…")),
)
RULES = Rules(base_url="https://newsroom.example", codebook=CODEBOOK, providers=PROVIDERS)
REJECT = Wish(kind=ActionKind.REJECT, reason="The launch archive holds no incident of this kind.")


def chosen(database: Database, *candidates: CandidateId) -> list[BulkItem]:
    with database.read() as tx:
        return [BulkItem(candidate=c, version_seen=get_candidate(tx, c).version) for c in candidates]


def some(database: Database, count: int) -> list[CandidateId]:
    return [a_candidate_of(database, "gazette", title=f"Acme story {n}") for n in range(count)]


def work(database: Database, clock: ManualClock, **more: Any) -> BulkWork:
    return carry_out(database, clock, owner="daemon", rules=RULES, **more)


def stated(database: Database, clock: ManualClock, wish: Wish, candidates: list[CandidateId], **more: Any) -> Bulk:
    return state_bulk(
        database, clock, wish, chosen(database, *candidates), editor="mara", chosen="marked one by one", **more
    )


def now_of(database: Database, bulk: Bulk) -> Bulk:
    with database.read() as tx:
        return get_bulk(tx, bulk.id)


def statuses(database: Database, candidates: list[CandidateId]) -> list[CandidateStatus]:
    with database.read() as tx:
        return [get_candidate(tx, c).status for c in candidates]


def notes(database: Database, bulk: Bulk, state: ItemState) -> dict[CandidateId, str]:
    with database.read() as tx:
        return {i.candidate: i.note or "" for i in list_items(tx, bulk.id, states=[state], limit=100)}


def test_each_is_a_decision_of_its_own_under_the_one_rationale(database: Database, clock: ManualClock) -> None:
    candidates = some(database, 3)
    bulk = stated(database, clock, REJECT, candidates)
    assert work(database, clock) == BulkWork(bulk_count=1, decided_count=3)
    assert statuses(database, candidates) == [CandidateStatus.REJECTED] * 3
    done = now_of(database, bulk)
    assert (done.status, done.done_count, done.left_count) == (BulkStatus.DONE, 3, 0)
    with database.read() as tx:
        for candidate in candidates:
            (decision,) = list_decisions(tx, candidate)
            assert (decision.editor, decision.reason) == ("mara", REJECT.reason)
        assert [e.what for e in list_audit(tx)].count("candidate.reject") == 3
        assert [e.what for e in list_audit(tx, what="bulk.state")] == ["bulk.state"]


def test_one_undo_brings_all_back(database: Database, clock: ManualClock) -> None:
    candidates = some(database, 3)
    bulk = stated(database, clock, REJECT, candidates)
    work(database, clock)
    undo_bulk(database, clock, bulk.id, by="mara")
    undo_bulk(database, clock, bulk.id, by="jo")
    work(database, clock)
    assert statuses(database, candidates) == [CandidateStatus.OPEN] * 3
    undone = now_of(database, bulk)
    assert (undone.status, undone.undone_count, undone.undo_by) == (BulkStatus.UNDONE, 3, "mara")
    with database.read() as tx:
        assert [d.kind for d in list_decisions(tx, candidates[0])] == [ActionKind.REJECT, ActionKind.UNDO]


def test_what_changed_since_it_was_chosen_or_is_claimed_is_left_with_the_reason_d10(
    database: Database, clock: ManualClock
) -> None:
    fine, stale, claimed = some(database, 3)
    triage.claim(database, clock, claimed, editor="jo")
    bulk = stated(database, clock, REJECT, [fine, stale, claimed])
    triage.snooze(database, clock, stale, editor="jo", until=clock.now() + timedelta(hours=1))
    work(database, clock)
    assert statuses(database, [fine, stale, claimed]) == [
        CandidateStatus.REJECTED,
        CandidateStatus.SNOOZED,
        CandidateStatus.OPEN,
    ]
    said = notes(database, bulk, ItemState.LEFT)
    assert said[claimed] == "jo has claimed it."
    assert "has changed since you read it" in said[stale]
    assert now_of(database, bulk).left_count == 2


def test_the_undo_keeps_what_was_decided_on_since(database: Database, clock: ManualClock) -> None:
    one, other = some(database, 2)
    bulk = stated(database, clock, REJECT, [one, other])
    work(database, clock)
    triage.accept(database, clock, one, editor="jo", writing=triage.Writing(base_url=RULES.base_url))
    undo_bulk(database, clock, bulk.id, by="mara")
    work(database, clock)
    assert statuses(database, [one, other]) == [CandidateStatus.ACCEPTED, CandidateStatus.OPEN]
    assert "is not the latest that stands" in notes(database, bulk, ItemState.KEPT)[one]


def test_a_process_that_dies_between_decision_and_note_is_taken_over_without_doubles_f8(
    database: Database, clock: ManualClock
) -> None:
    first, second = some(database, 2)
    bulk = stated(database, clock, REJECT, [first, second])
    with database.write() as tx:
        lease_bulk(tx, now=clock.now(), owner="dead", lease_for=timedelta(minutes=2))
    key = f"bulk-{bulk.id}-{first}"
    triage.reject(database, clock, first, editor="mara", reason=REJECT.reason, key=key)
    assert work(database, clock) == BulkWork()
    clock.advance(minutes=3)
    assert work(database, clock).decided_count == 2
    with database.read() as tx:
        assert [len(list_decisions(tx, c)) for c in (first, second)] == [1, 1]


def test_an_undo_while_it_runs_stops_it_and_finds_what_was_decided_without_a_note(
    database: Database, clock: ManualClock
) -> None:
    first, second = some(database, 2)
    bulk = stated(database, clock, REJECT, [first, second])
    triage.reject(database, clock, first, editor="mara", reason=REJECT.reason, key=f"bulk-{bulk.id}-{first}")
    undo_bulk(database, clock, bulk.id, by="mara")
    work(database, clock)
    assert statuses(database, [first, second]) == [CandidateStatus.OPEN] * 2
    undone = now_of(database, bulk)
    assert (undone.undone_count, undone.left_count) == (1, 1)


def test_a_stop_leaves_it_where_it_was_and_the_next_goes_on(database: Database, clock: ManualClock) -> None:
    candidates = some(database, 25)
    bulk = stated(database, clock, REJECT, candidates)
    turns = iter([False, False, True])
    work(database, clock, is_stopping=lambda: next(turns, True))
    half = now_of(database, bulk)
    assert (half.status, half.done_count, half.passed_count, half.goal_count) == (BulkStatus.RUNNING, 20, 20, 25)
    work(database, clock)
    assert now_of(database, bulk).done_count == 25


def test_accepted_in_bulk_the_wires_are_stamped_and_a_whole_one_of_the_archive_is_released(
    database: Database, clock: ManualClock
) -> None:
    whole = a_candidate_of(
        database, "gazette", "courier", title="Acme chatbot leaks addresses", published_at=clock.now()
    )
    bare = a_candidate_of(database, "gazette", title="Something else entirely")
    wish = Wish(
        kind=ActionKind.ACCEPT,
        reason="Checked by the founding editors.",
        severity=Severity("SEV-4"),
        codes=("M2", "F4"),
    )
    bulk = stated(database, clock, wish, [whole, bare])
    work(database, clock)
    assert now_of(database, bulk).done_count == 2
    with database.read() as tx:
        wires = [get_wire(tx, w) for c in (whole, bare) if (w := get_candidate(tx, c).wire) is not None]
    assert [w.revisions[-1].manner for w in wires] == [Manner.BULK] * 2
    assert [w.revisions[-1].status.value for w in wires] == ["released", "draft"]
    undo_bulk(database, clock, bulk.id, by="mara")
    work(database, clock)
    assert statuses(database, [whole, bare]) == [CandidateStatus.OPEN] * 2


def test_assigned_they_are_anothers_for_a_day(database: Database, clock: ManualClock) -> None:
    candidates = some(database, 2)
    stated(database, clock, Wish(kind=ActionKind.CLAIM, reason="Yours, please.", assignee="jo"), candidates)
    work(database, clock)
    with database.read() as tx:
        found = get_candidate(tx, candidates[0])
    assert found.holder_at(clock.now()) == "jo"
    assert found.holder_at(clock.now() + timedelta(hours=25)) is None


def test_a_repeated_request_is_one_bulk_d10(database: Database, clock: ManualClock) -> None:
    candidates = some(database, 2)
    first = stated(database, clock, REJECT, candidates, key="form-1")
    assert stated(database, clock, REJECT, candidates, key="form-1") == first
    assert work(database, clock).bulk_count == 1


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish(kind=ActionKind.REJECT, reason="  "), "State a rationale"),
        (Wish(kind=ActionKind.REJECT, reason="x" * 2001), "Shorten it"),
        (Wish(kind=ActionKind.SNOOZE, reason="Later."), "how long"),
        (Wish(kind=ActionKind.CLAIM, reason="Yours."), "whom"),
        (Wish(kind=ActionKind.MERGE, reason="All one."), "one by one"),
    ],
)
def test_what_cannot_be_decided_in_bulk_is_refused(
    sqlite_database: Database, clock: ManualClock, wish: Wish, said: str
) -> None:
    items = [BulkItem(candidate=CandidateId(1), version_seen=1)]
    with pytest.raises(IllegalDecision, match=said):
        state_bulk(sqlite_database, clock, wish, items, editor="mara", chosen="…")


def test_none_and_too_many_are_refused(sqlite_database: Database, clock: ManualClock) -> None:
    for count, said in ((0, "No candidate"), (MOST + 1, "too many at once")):
        items = [BulkItem(candidate=CandidateId(n), version_seen=1) for n in range(1, count + 1)]
        with pytest.raises(IllegalDecision, match=said):
            state_bulk(sqlite_database, clock, REJECT, items, editor="mara", chosen="…")
