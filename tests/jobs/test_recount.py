"""A candidate's count in the database: what it says of owners, hearsay and rulings, and that nothing lifts it.

A wire that cites the same articles says the same number.
"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from monitor.jobs.recount import count_members, recount
from monitor.jobs.wires import cite_wire, found_newsroom, open_wire
from monitor.model import (
    ArticleId,
    CandidateId,
    Credit,
    CreditKind,
    Draft,
    Publisher,
    PublisherId,
    RulingId,
    RulingKind,
    Wire,
)
from monitor.stages.codebook import ProviderIndex
from monitor.store.candidates import get_candidate, get_detail
from monitor.store.database import Database, Transaction
from monitor.store.grouping import list_members, remove_member
from monitor.store.rulings import append_ruling, append_withdrawal
from monitor.store.sources import record_publishers
from tests.conftest import ManualClock
from tests.stages.test_owners import shipped
from tests.stages.test_sourcing import HEARSAY, independent
from tests.stored import MORNING, PROVIDERS, join, store_article, store_candidate

OWNED = ProviderIndex(PROVIDERS.providers, owners=shipped)
PAPERS = ("gazette", "echo", "herald", "Reuters", "Wired", "Ars Technica")


def counted(tx: Transaction, candidate: CandidateId) -> list[tuple[bool, str]]:
    recount(tx, candidate, now=MORNING, providers=OWNED)
    return [(s.counts, s.reason) for s in get_detail(tx, candidate).sourcing.standings]


def test_the_register_of_owners_is_asked_by_name_and_host_and_feeds_yaml_wins(database: Database) -> None:
    with database.write() as tx:
        wired = store_article(tx, "wired", title="First")
        ars = store_article(tx, "ars", canonical_url="https://arstechnica.com/2")
        candidate = store_candidate(tx, wired, ars)
        assert counted(tx, candidate)[1] == (
            False,
            (
                "Ars belongs to Advance Publications (the register of owners lists arstechnica.com), which already "
                "counts with “First” (Wired)."
            ),
        )
        record_publishers(tx, [Publisher(id=PublisherId("ars"), name="Ars", owner="Somebody Else")])
        assert [counts for counts, _ in counted(tx, candidate)] == [True, True]


def test_a_ruling_is_heard_at_the_next_count_and_its_withdrawal_too(database: Database) -> None:
    with database.write() as tx:
        one, two = store_article(tx, "gazette"), store_article(tx, "echo", text=HEARSAY.format(name="Gazette"))
        candidate = store_candidate(tx, one, two)
        assert [counts for counts, _ in counted(tx, candidate)] == [True, False]
        ruling = append_ruling(tx, kind=RulingKind.NOT_DERIVED, left=[two], reason="I rang them", by="ada", at=MORNING)
        assert [counts for counts, _ in counted(tx, candidate)] == [True, True]
        append_withdrawal(tx, ruling.id, reason="They lied", by="ada", at=MORNING)
        assert [counts for counts, _ in counted(tx, candidate)] == [True, False]


def test_a_wire_that_cites_the_same_articles_says_the_same_number(database: Database) -> None:
    with database.write() as tx:
        told = [
            store_article(tx, "wired"),
            store_article(tx, "Ars Technica"),
            store_article(tx, "echo", text=HEARSAY.format(name="The Verge")),
            store_article(tx, "herald"),
        ]
        candidate = store_candidate(tx, *told)
        append_ruling(tx, kind=RulingKind.DOES_NOT_COUNT, left=[told[3]], reason="satire", by="ada", at=MORNING)
        counted(tx, candidate)
        body = "\n\n".join(f"Said so [source](article:{a})." for a in told)
        wire = a_wire(tx, candidate, Draft(headline="One", body=body))
        cited = cite_wire(tx, wire, register=OWNED.owners)
        assert cited.sourcing.source_count == get_candidate(tx, candidate).source_count == 1
        assert [c.reason for c in cited.citations] == [s.reason for s in get_detail(tx, candidate).sourcing.standings]


def a_wire(tx: Transaction, candidate: CandidateId, draft: Draft) -> Wire:
    newsroom = found_newsroom(tx, base_url="https://newsroom.example", now=MORNING)
    detail = get_detail(tx, candidate)
    return open_wire(tx, candidate=detail, editor="ada", now=MORNING, newsroom=newsroom, draft=draft)


class Count(RuleBasedStateMachine):
    """Articles come and go, are ruled about, and are counted anew; one newsroom goes on from run to run."""

    database: Database  # given by the test
    clock: ManualClock

    @initialize()
    def open(self) -> None:
        self.rulings: list[RulingId] = []
        with self.database.write() as tx:
            self.candidate = store_candidate(tx, store_article(tx, "gazette"))

    @rule(
        paper=st.sampled_from(PAPERS),
        retold=st.none() | st.sampled_from(PAPERS),
        credited=st.none() | st.sampled_from(PAPERS),
        original=st.none() | st.integers(0, 9),
        hours=st.integers(0, 30),
    )
    def joins(self, paper: str, retold: str | None, credited: str | None, original: int | None, hours: int) -> None:
        with self.database.write() as tx:
            at = MORNING + timedelta(hours=hours)
            article = store_article(
                tx,
                paper,
                text="Words." if retold is None else HEARSAY.format(name=retold.title()),
                first_seen_at=at,
                credits=() if credited is None else (Credit(kind=CreditKind.AGENCY, name=credited),),
            )
            there = [m.article.id for m in list_members(tx, self.candidate)]
            copy_of = None if original is None else there[original % len(there)]
            join(tx, self.candidate, article, at=at, copy_of=copy_of)
            recount(tx, self.candidate, now=at, providers=OWNED)

    @rule(which=st.integers(0, 9))
    def leaves(self, which: int) -> None:
        with self.database.write() as tx:
            there = [m.article.id for m in list_members(tx, self.candidate)]
            if len(there) > 1:
                remove_member(tx, self.candidate, there[which % len(there)])
                recount(tx, self.candidate, now=self.clock.now(), providers=OWNED)

    @rule(
        kind=st.sampled_from([k for k in RulingKind if k not in {RulingKind.TOGETHER, RulingKind.APART}]),
        which=st.integers(0, 9),
        other=st.integers(0, 9),
    )
    def is_ruled(self, kind: RulingKind, which: int, other: int) -> None:
        with self.database.write() as tx:
            there = [m.article.id for m in list_members(tx, self.candidate)]
            left, right = there[which % len(there)], there[other % len(there)]
            sides: list[ArticleId] = [right] if kind in {RulingKind.COPY, RulingKind.NOT_A_COPY} else []
            if left not in sides:
                ruling = append_ruling(
                    tx, kind=kind, left=[left], right=sides, reason="So.", by="ada", at=self.clock.advance(minutes=1)
                )
                self.rulings.append(ruling.id)
            recount(tx, self.candidate, now=self.clock.now(), providers=OWNED)

    @rule(which=st.integers(0, 9))
    def is_taken_back(self, which: int) -> None:
        if self.rulings:
            with self.database.write() as tx:
                ruling = self.rulings[which % len(self.rulings)]
                append_withdrawal(tx, ruling, reason="No.", by="ada", at=self.clock.advance(minutes=1))
                recount(tx, self.candidate, now=self.clock.now(), providers=OWNED)

    @invariant()
    def the_count_is_that_of_independent_publishers(self) -> None:
        with self.database.read() as tx:
            detail = get_detail(tx, self.candidate)
            house = independent(list(detail.members), {}, has_register=True)
            counting = [m for m, s in zip(detail.members, detail.sourcing.standings, strict=True) if s.counts]
            assert detail.candidate.source_count == len(counting) <= len(set(house.values()))
            assert len({house[m.article.publisher] for m in counting}) == len(counting)
            again = count_members(tx, detail.members[::-1], register=OWNED.owners)
            assert {s.article: s for s in again.standings} == {s.article: s for s in detail.sourcing.standings}
            assert all(s.reason for s in again.standings)


def test_no_history_of_a_candidate_lifts_its_count_above_the_independent_publishers(
    database: Database, clock: ManualClock
) -> None:
    machine = type("Here", (Count,), {"database": database, "clock": clock})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=5, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
