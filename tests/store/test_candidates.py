"""The queue and its filters, one candidate with all that hangs on it, and decisions that only grow in number."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from monitor.errors import Unknown
from monitor.model import (
    ActionKind,
    ArticleId,
    Candidate,
    CandidateId,
    CandidateStatus,
    Origin,
    SourcingStandard,
    Tier,
)
from monitor.store.candidates import (
    LARGEST_ID,
    append_decision,
    count_queue,
    count_waiting,
    find_decision_by_key,
    find_live,
    find_oldest_waiting,
    find_standing_decision,
    get_candidate,
    get_detail,
    list_absorbed,
    list_candidates_of,
    list_decisions,
    list_on_wire,
    list_queue,
    record_status,
)
from monitor.store.database import Database, Transaction
from tests.stored import MORNING, a_candidate_of, join, store_article, store_candidate


def titles(found: tuple[Candidate, ...]) -> list[str]:
    return [c.title for c in found]


@pytest.fixture
def three(database: Database) -> Database:
    """Told an hour apart: a quiet story, a death, a launch."""
    for hour, title in enumerate(["A quiet story", "Man killed by robot", "Acme unveils a model"]):
        at = MORNING + timedelta(hours=hour)
        a_candidate_of(database, "gazette", title=title, at=at, first_seen_at=at)
    return database


def test_the_urgent_come_first_by_the_sum_of_their_cues(three: Database) -> None:
    with three.read() as tx:
        found = list_queue(tx, now=MORNING)
    assert titles(found) == ["Man killed by robot", "A quiet story", "Acme unveils a model"]
    assert [c.score for c in found] == [sum(cue.weight for cue in c.cues) for c in found]


def test_the_newest_come_first_when_asked_and_break_ties(three: Database) -> None:
    with three.read() as tx:
        newest = list_queue(tx, now=MORNING, order="newest")
    assert titles(newest) == ["Acme unveils a model", "Man killed by robot", "A quiet story"]
    a_candidate_of(three, "courier", title="A quiet sequel", at=MORNING + timedelta(days=1))
    with three.read() as tx:
        assert titles(list_queue(tx, now=MORNING))[1:3] == ["A quiet sequel", "A quiet story"]


def test_pages_of_the_queue_meet_without_gap_or_overlap(three: Database) -> None:
    with three.read() as tx:
        whole = list_queue(tx, now=MORNING)
        pages = [c for offset in range(3) for c in list_queue(tx, now=MORNING, limit=1, offset=offset)]
    assert tuple(pages) == whole


def test_figures_of_the_queue(three: Database) -> None:
    with three.read() as tx:
        assert count_waiting(tx, now=MORNING) == 3
        assert find_oldest_waiting(tx, now=MORNING) == MORNING


def test_an_empty_queue_has_no_oldest(database: Database) -> None:
    with database.read() as tx:
        assert (count_waiting(tx, now=MORNING), find_oldest_waiting(tx, now=MORNING)) == (0, None)


def _set(tx: Transaction, candidate: CandidateId, status: CandidateStatus, hours: int = 8) -> None:
    snoozes = status is CandidateStatus.SNOOZED
    record_status(
        tx,
        candidate,
        status=status,
        snoozed_at=MORNING + timedelta(hours=3) if snoozes else None,
        snoozed_until=MORNING + timedelta(hours=hours) if snoozes else None,
    )


def test_a_snoozed_candidate_is_back_when_its_time_comes(database: Database) -> None:
    candidate = a_candidate_of(database, "gazette")
    with database.write() as tx:
        _set(tx, candidate, CandidateStatus.SNOOZED)
    with database.read() as tx:
        assert list_queue(tx, now=MORNING + timedelta(hours=8, seconds=-1)) == ()
        (back,) = list_queue(tx, now=MORNING + timedelta(hours=8))
    assert (back.id, back.status) == (candidate, CandidateStatus.SNOOZED)


def test_a_snoozed_candidate_is_back_when_coverage_grows(database: Database) -> None:
    candidate = a_candidate_of(database, "gazette")
    now = MORNING + timedelta(hours=4)
    with database.write() as tx:
        _set(tx, candidate, CandidateStatus.SNOOZED)
        assert count_waiting(tx, now=now) == 0
        join(tx, candidate, store_article(tx, "courier"), at=now)
        assert count_waiting(tx, now=now) == 1


def test_only_what_waits_is_listed_unless_statuses_are_named(three: Database) -> None:
    with three.write() as tx:
        _set(tx, list_queue(tx, now=MORNING)[0].id, CandidateStatus.REJECTED)
    with three.read() as tx:
        assert len(list_queue(tx, now=MORNING)) == 2
        rejected = list_queue(tx, now=MORNING, statuses=[CandidateStatus.REJECTED])
        assert titles(rejected) == ["Man killed by robot"]
        assert count_queue(tx, now=MORNING, statuses=list(CandidateStatus)) == 3
        assert count_queue(tx, now=MORNING, statuses=[]) == 0


SEARCHES = [
    ("quiet", 1),
    ("QUIET story", 1),
    ("story quiet", 1),
    ("quiet robot", 0),
    ("a", 3),
    ("", 3),
    ("   ", 3),
    ("%", 0),
    ("_", 0),
    ("100%", 0),
    ("/", 0),
    ("\\", 0),
    ("*", 0),
    ("'", 0),
    ('" OR 1=1 --', 0),
    ("quiet NEAR story", 0),
    ("quiet\0story", 1),
    ("\ud800", 3),
    ("x" * 10_000, 0),
    ("quiet " * 2_000, 1),
    ("99999999999999999999", 0),
    ("²", 0),
]


def test_a_search_is_an_answer_whatever_is_typed_h31(three: Database) -> None:
    with three.read() as tx:
        for search, found in SEARCHES:
            assert len(list_queue(tx, now=MORNING, text=search)) == found, search
            assert count_queue(tx, now=MORNING, text=search) == found, search


def test_signs_of_a_pattern_are_found_as_they_stand_h31(database: Database) -> None:
    a_candidate_of(database, "gazette", title="Prices up 100% says a_b")
    a_candidate_of(database, "gazette", title="Prices up 1000 says aXb")
    with database.read() as tx:
        assert titles(list_queue(tx, now=MORNING, text="100%")) == ["Prices up 100% says a_b"]
        assert titles(list_queue(tx, now=MORNING, text="a_b")) == ["Prices up 100% says a_b"]


def test_a_number_finds_its_candidate(three: Database) -> None:
    with three.read() as tx:
        wanted = list_queue(tx, now=MORNING)[2]
        assert list_queue(tx, now=MORNING, text=f"#{wanted.id}") == (wanted,)


# --- one candidate ----------------------------------------------------------------------------------------------


def test_a_candidate_comes_back_whole(database: Database) -> None:
    with database.write() as tx:
        first = store_article(tx, "gazette", title="AcmeChat leaks records", tier=Tier.PRIMARY, origin=Origin.REGULATOR)
        copy = store_article(tx, "courier", first_seen_at=MORNING + timedelta(hours=1))
        other = store_article(
            tx, "herald", title="Records of patients leak", first_seen_at=MORNING + timedelta(hours=2)
        )
        candidate = store_candidate(tx, first, copy, other, copies={copy: first})
    with database.read() as tx:
        detail = get_detail(tx, candidate)
    found = detail.candidate
    assert (found.source_count, found.article_count) == (2, 3)
    assert found.title == "Records of patients leak", "the press speaks before a regulator's terse title"
    assert (found.providers, set(found.origins)) == (("acme",), {Origin.REGULATOR, Origin.PRESS})
    assert (
        [m.article.id for m in detail.members] == [first, copy, other] == [s.article for s in detail.sourcing.standings]
    )
    assert [s.counts for s in detail.sourcing.standings] == [True, False, True]
    assert all(s.reason for s in detail.sourcing.standings)
    assert (detail.sourcing.source_count, detail.sourcing.standard) == (2, SourcingStandard.CONFIRMED)
    assert detail.decisions == ()


def test_what_is_not_there_is_unknown_whatever_its_number(database: Database) -> None:
    with database.read() as tx:
        for number in (0, -1, 404, LARGEST_ID, LARGEST_ID + 1, 2**63, 10**30):
            with pytest.raises(Unknown, match=f"no candidate {number}"):
                get_candidate(tx, CandidateId(number))
            assert find_live(tx, CandidateId(number)) is None


def test_a_merged_candidate_leads_on_to_the_last(database: Database) -> None:
    a, b, c = (a_candidate_of(database, "gazette") for _ in range(3))
    with database.write() as tx:
        record_status(tx, a, status=CandidateStatus.MERGED, merged_into=b)
        record_status(tx, b, status=CandidateStatus.MERGED, merged_into=c)
    with database.read() as tx:
        assert [find_live(tx, x) for x in (a, b, c)] == [c, c, c]
        assert [x.id for x in list_absorbed(tx, b)] == [a]


def test_every_change_of_status_moves_the_version_d10(database: Database) -> None:
    candidate = a_candidate_of(database, "gazette")
    with database.write() as tx:
        before = get_candidate(tx, candidate).version
        after = record_status(tx, candidate, status=CandidateStatus.REJECTED)
    assert after.version == before + 1


def test_an_article_knows_its_candidates(database: Database) -> None:
    with database.write() as tx:
        article = store_article(tx)
        one, two = store_candidate(tx, article), store_candidate(tx, article)
        assert list_candidates_of(tx, article) == (one, two)
        assert list_candidates_of(tx, ArticleId(99)) == ()


def test_no_candidate_is_on_a_wire_before_it_is_accepted(database: Database) -> None:
    a_candidate_of(database, "gazette")
    with database.read() as tx:
        assert list_on_wire(tx, 1) == ()  # type: ignore[arg-type]


# --- decisions --------------------------------------------------------------------------------------------------


def test_decisions_come_back_oldest_first_and_know_what_undid_them(database: Database) -> None:
    candidate = a_candidate_of(database, "gazette")
    with database.write() as tx:
        done = append_decision(
            tx, candidate, kind=ActionKind.REJECT, editor="mara", decided_at=MORNING, reason="A launch.",
            version_seen=1, payload={"before": {"status": "open"}}, key="k1",
        )  # fmt: skip
        assert find_standing_decision(tx, candidate) == done
        undo = append_decision(
            tx, candidate, kind=ActionKind.UNDO, editor="jo", decided_at=MORNING, reason=None,
            version_seen=2, payload={}, undoes=done.id,
        )  # fmt: skip
    with database.read() as tx:
        assert find_standing_decision(tx, candidate) is None
        listed = list_decisions(tx, candidate)
        assert find_decision_by_key(tx, "k1") == listed[0]
        assert find_decision_by_key(tx, "k2") is None
    assert [d.undone_by for d in listed] == [undo.id, None]
    assert (listed[0].reason, listed[0].payload, listed[0].editor) == ("A launch.", done.payload, "mara")


def test_no_code_of_ours_rewrites_a_decision(database: Database) -> None:
    candidate = a_candidate_of(database, "gazette")
    with database.write() as tx:
        append_decision(
            tx, candidate, kind=ActionKind.REJECT, editor="mara", decided_at=MORNING, reason="No.", version_seen=1,
            payload={},
        )  # fmt: skip
    for statement in ("UPDATE decisions SET reason = 'x'", "DELETE FROM decisions"):
        with pytest.raises(DBAPIError, match="append-only"), database.write() as tx:
            tx.execute(text(statement))
