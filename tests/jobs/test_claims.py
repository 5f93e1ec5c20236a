"""Claims are leases: they go on while their holder works, end by themselves, and are taken over so that all see it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.errors import IllegalDecision
from monitor.jobs import triage
from monitor.jobs.claims import PRESENT_FOR, be_here, end_lapsed, go_away
from monitor.model import Candidate, CandidateId, CandidateStatus
from monitor.store.candidates import count_queue, get_candidate, list_decisions
from monitor.store.database import Database
from monitor.store.happenings import find_last_change, list_happenings, list_presences
from tests.conftest import ManualClock
from tests.stored import PROVIDERS, a_candidate_of

HALF_HOUR = timedelta(minutes=30)


def found(database: Database, candidate: CandidateId) -> Candidate:
    with database.read() as tx:
        return get_candidate(tx, candidate)


def at_work(database: Database, clock: ManualClock, editor: str, candidate: CandidateId) -> bool:
    return be_here(
        database, clock, clock, tab=f"tab-{editor}", editor=editor, subject=f"candidate {candidate}",
        claimed=candidate, lease_for=HALF_HOUR,
    )  # fmt: skip


def test_a_claim_ends_by_itself(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    triage.claim(database, clock, candidate, editor="mara")
    assert end_lapsed(database, clock) == 0
    clock.advance(minutes=30)
    assert found(database, candidate).holder_at(clock.now()) is None
    with database.read() as tx:
        assert count_queue(tx, now=clock.now(), claimed_by="mara") == 0
    before = found(database, candidate).version
    assert end_lapsed(database, clock) == 1
    lapsed = found(database, candidate)
    assert (lapsed.claimed_by, lapsed.claimed_until, lapsed.version) == (None, None, before)


def test_it_goes_on_while_its_holder_works_on_the_candidate(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    triage.claim(database, clock, candidate, editor="mara")
    clock.advance(minutes=20)
    before = found(database, candidate).version
    assert not at_work(database, clock, "jo", candidate)
    assert at_work(database, clock, "mara", candidate)
    assert not at_work(database, clock, "mara", candidate)  # at most once a minute
    renewed = found(database, candidate)
    assert renewed.claimed_until == clock.now() + HALF_HOUR
    assert renewed.version == before
    clock.advance(minutes=31)
    assert not at_work(database, clock, "mara", candidate)  # too late: it has ended


def test_what_has_run_out_is_anybodys(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    triage.claim(database, clock, candidate, editor="mara")
    clock.advance(minutes=31)
    decision = triage.claim(database, clock, candidate, editor="jo")
    assert "taken_from" not in decision.payload
    assert found(database, candidate).claimed_by == "jo"


def test_a_claim_is_taken_over_and_the_history_says_from_whom(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    triage.claim(database, clock, candidate, editor="mara")
    with pytest.raises(IllegalDecision, match="mara has claimed candidate 1 already, until 08:30 UTC"):
        triage.claim(database, clock, candidate, editor="jo")
    triage.claim(database, clock, candidate, editor="jo", takes_over=True)
    assert found(database, candidate).claimed_by == "jo"
    with pytest.raises(IllegalDecision, match="nothing to take over"):
        triage.claim(database, clock, candidate, editor="jo", takes_over=True)
    with database.read() as tx:
        assert [d.payload.get("taken_from") for d in list_decisions(tx, candidate)] == [None, "mara"]
    triage.undo(database, clock, candidate, editor="jo", providers=PROVIDERS)
    back = found(database, candidate)
    assert (back.claimed_by, back.claimed_until) == ("mara", clock.now() + HALF_HOUR)


def test_who_is_at_work_is_known_for_less_than_a_minute(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    at_work(database, clock, "mara", candidate)
    at_work(database, clock, "jo", candidate)

    def here() -> list[str]:
        with database.read() as tx:
            return [p.editor for p in list_presences(tx, since=clock.now() - PRESENT_FOR)]

    assert here() == ["jo", "mara"]
    go_away(database, "tab-jo")
    assert here() == ["mara"]
    clock.advance(seconds=51)
    assert here() == []


def test_what_happened_is_read_by_the_time_of_the_change_and_no_more_than_asked(
    database: Database, clock: ManualClock
) -> None:
    one = a_candidate_of(database, "gazette", title="The first")
    other = a_candidate_of(database, "courier", title="The second")
    with database.read() as tx:
        cursor = find_last_change(tx)
    assert cursor is not None
    triage.reject(database, clock, one, editor="mara", reason="No.")
    with database.read() as tx:
        news = list_happenings(tx, since=cursor + timedelta(microseconds=1), limit=10)
        both = list_happenings(tx, since=cursor - timedelta(hours=1), limit=10)
        assert [h.candidate.id for h in list_happenings(tx, since=cursor - timedelta(hours=1), limit=1)] == [other]
    (happening,) = news
    assert (happening.candidate.status, happening.editor, happening.reason) == (CandidateStatus.REJECTED, "mara", "No.")
    assert [h.candidate.id for h in both] == [other, one]
    assert both[0].kind is None
