"""The queue by filter: states, narrowing and order on both databases, and that no look at it reads the whole table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from monitor.model import CandidateId, CandidateStatus, Filter, Origin, QueueState, Tier, filter_of
from monitor.store.candidates import record_status
from monitor.store.database import Database, Transaction
from monitor.store.queue import count_filtered, count_states, find_oldest, find_state, list_filtered
from tests.stored import MORNING, PROVIDERS, a_candidate_of, join, store_article, store_candidate

NOW = MORNING + timedelta(hours=1)


def shown(tx: Transaction, query: str = "", **more: Any) -> list[CandidateId]:
    return [c.id for c in list_filtered(tx, filter_of(query), who="ada", now=NOW, **more)]


def test_pages_of_several_states_meet_without_gap_or_overlap(database: Database) -> None:
    ids = [a_candidate_of(database, *["gazette", "courier", "herald"][: n % 3 + 1]) for n in range(9)]
    with database.write() as tx:
        for number in ids[:4]:
            until = NOW + timedelta(hours=1 if number % 2 else -1)
            record_status(
                tx, number, status=CandidateStatus.SNOOZED, snoozed_until=until, snoozed_at=NOW - timedelta(hours=2)
            )
        record_status(tx, ids[8], status=CandidateStatus.REJECTED)
    every = "state=new&state=snoozed&state=decided"
    with database.read() as tx:
        whole = shown(tx, every)
        assert sorted(whole) == sorted(ids)
        assert [i for offset in range(0, 9, 2) for i in shown(tx, f"{every}&offset={offset}", limit=2)] == whole
        assert count_filtered(tx, filter_of(every), who="ada", now=NOW) == 9
        assert count_filtered(tx, filter_of(every), who="ada", now=NOW, most=5) == 5


def test_the_states_part_all_that_is_neither_merged_nor_seen(database: Database) -> None:
    for n in range(12):
        candidate = a_candidate_of(database, "gazette")
        with database.write() as tx:
            _put(tx, candidate, n)
    with database.read() as tx:
        counts = count_states(tx, now=NOW)
        found = {s: list_filtered(tx, Filter(states=(s,)), who="ada", now=NOW) for s in QueueState}
        undecided = Filter(states=(QueueState.NEW, QueueState.CLAIMED, QueueState.SNOOZED, QueueState.AWAITING))
        together = list_filtered(tx, undecided, who="ada", now=NOW)
        bens = list_filtered(tx, Filter(is_mine=True), who="ben", now=NOW)
    assert {s: counts.of(s) for s in QueueState} == {s: len(c) for s, c in found.items()}
    assert sum(len(c) for c in found.values()) == 12
    assert {c.id for c in together} == {c.id for s in undecided.states for c in found[s]}
    assert {c.id for c in bens} == {c.id for c in found[QueueState.CLAIMED]}
    for state, candidates in found.items():
        assert {find_state(c, now=NOW) for c in candidates} <= {state}


def _put(tx: Transaction, candidate: CandidateId, n: int) -> None:
    later, earlier = NOW + timedelta(hours=1), NOW - timedelta(minutes=1)
    match n % 6:
        case 1:
            record_status(tx, candidate, status=CandidateStatus.OPEN, claimed_by="ben", claimed_until=later)
        case 2:
            record_status(tx, candidate, status=CandidateStatus.OPEN, claimed_by="ben", claimed_until=earlier)
        case 3:
            record_status(tx, candidate, status=CandidateStatus.SNOOZED, snoozed_until=later, snoozed_at=NOW)
        case 4:
            record_status(
                tx, candidate, status=CandidateStatus.SNOOZED, snoozed_until=later, snoozed_at=NOW, awaited_count=2
            )
        case 5:
            record_status(tx, candidate, status=CandidateStatus.REJECTED)


def test_the_oldest_is_of_what_waits(database: Database) -> None:
    a_candidate_of(database, "gazette", at=MORNING)
    snoozed = a_candidate_of(database, "gazette", at=MORNING - timedelta(days=1))
    with database.write() as tx:
        record_status(tx, snoozed, status=CandidateStatus.SNOOZED, snoozed_until=NOW, snoozed_at=MORNING)
    with database.read() as tx:
        assert find_oldest(tx, now=NOW - timedelta(seconds=1)) == MORNING
        assert find_oldest(tx, now=NOW) == MORNING - timedelta(days=1)


def test_providers_origins_and_tiers_follow_the_articles(database: Database) -> None:
    with database.write() as tx:
        candidate = store_candidate(tx, store_article(tx, "gazette", title="AcmeChat errs"))
        assert shown(tx, "provider=acme&origin=press&tier=secondary") == [candidate]
        join(tx, candidate, store_article(tx, "court", origin=Origin.REGULATOR, tier=Tier.PRIMARY), at=NOW)
        assert shown(tx, "origin=regulator&tier=primary") == [candidate]
        assert shown(tx, "origin=probe") == []
    assert "acme" in PROVIDERS.ids


@pytest.mark.parametrize(
    "query",
    [
        "",
        "order=newest",
        "state=new",
        "state=claimed",
        "state=snoozed",
        "state=awaiting",
        "state=growing",
        "state=decided",
        "mine=1",
        "provider=acme",
        "origin=probe&tier=primary&sources=3&age=24h",
        "age=over-24h&order=newest",
    ],
)
def test_no_part_of_the_queue_reads_the_table_from_end_to_end(sqlite_database: Database, query: str) -> None:
    asked: list[tuple[str, object]] = []

    @event.listens_for(sqlite_database.engine, "before_cursor_execute")
    def note(_c: object, _cursor: object, statement: str, parameters: object, _x: object, _m: object) -> None:
        asked.append((statement, parameters))

    with sqlite_database.read() as tx:
        list_filtered(tx, filter_of(query), who="ada", now=NOW)
        count_filtered(tx, filter_of(query), who="ada", now=NOW)
        count_states(tx, now=NOW)
        for statement, parameters in [a for a in asked if a[0].startswith("SELECT")]:
            plan = tx.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
            scans = [row[3] for row in plan if row[3].startswith("SCAN candidates")]
            assert scans == [], statement


def test_a_filter_and_its_address_are_one() -> None:
    wanted = Filter(
        order="newest",
        text="a & b",
        is_mine=True,
        states=(QueueState.NEW, QueueState.GROWING),
        providers=("acme", "openai"),
        origins=(Origin.PROBE,),
        tiers=(Tier.PRIMARY, Tier.TERTIARY),
        age="over-24h",
        sources=3,
        offset=40,
    )
    assert filter_of(wanted.query()) == wanted
    assert filter_of(Filter().query()) == Filter()
    assert Filter().query() == ""


def test_hostile_addresses_become_filters_that_both_databases_can_answer(database: Database) -> None:
    queries = ("text=%00%ED%A0%80", "provider=%00", "sources=99999999999999999999", "offset=1e9", "text=%25_%5C")
    with database.read() as tx:
        found = [list_filtered(tx, filter_of(q), who="ada", now=NOW, among=[CandidateId(7)]) for q in queries]
        assert found == [()] * len(queries)


@pytest.mark.parametrize("count", [0, 2, 5_000])
def test_words_narrow_to_those_that_say_them_in_the_order_of_the_queue(database: Database, count: int) -> None:
    """However many say them: a few are sorted, many are met on the way."""
    ids = [a_candidate_of(database, "gazette", at=MORNING + timedelta(minutes=n)) for n in range(3)]
    say = [*ids[1:], *range(100_000, 100_000 + count)][:count]
    with database.read() as tx:
        wanted = filter_of("text=robotaxi&order=newest")
        found = list_filtered(tx, wanted, who="ada", now=NOW, among=[CandidateId(i) for i in say])
        assert [c.id for c in found] == ([ids[2], ids[1]] if count else [])
        with pytest.raises(ValueError, match="words"):
            list_filtered(tx, wanted, who="ada", now=NOW)
