"""What a merge or a split would make of the source counts is what it makes of them."""

from __future__ import annotations

import random

import pytest

from monitor.errors import IllegalDecision, Unknown
from monitor.jobs import rulings, triage
from monitor.jobs.foresee import Side, foresee_merge, foresee_split
from monitor.model import ArticleId, CandidateId
from monitor.store.candidates import get_detail
from monitor.store.database import Database, Transaction
from monitor.store.grouping import list_members
from tests.conftest import ManualClock
from tests.stored import PROVIDERS, a_candidate_of, store_article, store_candidate

TEXTS = (
    "Acme pays a fine.",
    "The agency reported first that Acme pays. According to Gazette, it is large.",
    "A court decided on Monday that Acme has to pay, our reporter heard.",
)


def some_candidate(tx: Transaction, chance: random.Random) -> CandidateId:
    """Of a few papers, several times each, with copies of each other."""
    made: list[ArticleId] = []
    copies: dict[ArticleId, ArticleId] = {}
    for _ in range(chance.randint(2, 6)):
        article = store_article(tx, f"paper-{chance.randint(1, 4)}", text=chance.choice(TEXTS))
        if made and chance.random() < 0.4:
            copies[article] = chance.choice(made)
        made.append(article)
    return store_candidate(tx, *made, copies=copies)


def as_it_is(database: Database, candidate: CandidateId) -> tuple[object, ...]:
    with database.read() as tx:
        detail = get_detail(tx, candidate)
    standings = {s.article: (s.counts, s.reason) for s in detail.sourcing.standings}
    return detail.candidate.source_count, detail.candidate.article_count, detail.candidate.title, standings


def as_foreseen(side: Side) -> tuple[object, ...]:
    standings = {s.article: (s.counts, s.reason) for s in side.sourcing.standings}
    return side.sourcing.source_count, side.article_count, side.title, standings


def test_a_merge_becomes_what_was_foreseen(database: Database, clock: ManualClock) -> None:
    chance = random.Random(7)
    for _ in range(5):
        with database.write() as tx:
            here, *others = (some_candidate(tx, chance) for _ in range(chance.randint(2, 3)))
            before = {s.article for c in (here, *others) for s in get_detail(tx, c).sourcing.standings if s.counts}
        with database.read() as tx:
            foreseen = foresee_merge(tx, here, others, register=PROVIDERS.owners)
        assert [c.id for c in foreseen.absorbed] == others
        triage.merge(database, clock, here, others, providers=PROVIDERS, editor="ada")
        (side,) = foreseen.sides
        assert as_foreseen(side) == as_it_is(database, here)
        after = {s.article for s in side.sourcing.standings if s.counts}
        assert {t.standing.article for t in side.turns} == before ^ after


def test_a_split_becomes_what_was_foreseen_on_both_sides(database: Database, clock: ManualClock) -> None:
    chance = random.Random(8)
    for _ in range(5):
        with database.write() as tx:
            candidate = some_candidate(tx, chance)
            articles = [m.article.id for m in list_members(tx, candidate)]
        leave = chance.sample(articles, k=chance.randint(1, len(articles) - 1))
        with database.read() as tx:
            foreseen = foresee_split(tx, candidate, leave, register=PROVIDERS.owners)
        decision = triage.split(database, clock, candidate, leave, providers=PROVIDERS, editor="ada")
        opened = decision.payload["opened"]
        assert isinstance(opened, int)
        stay, left = foreseen.sides
        assert (stay.candidate, left.candidate) == (candidate, None)
        assert as_foreseen(stay) == as_it_is(database, candidate)
        assert as_foreseen(left) == as_it_is(database, CandidateId(opened))


def test_what_editors_keep_apart_is_said(database: Database, clock: ManualClock) -> None:
    one, two = (a_candidate_of(database, p) for p in ("gazette", "courier"))
    rulings.never_merge(database, clock, one, two, providers=PROVIDERS, reason="Two towns", editor="ben")
    with database.read() as tx:
        apart = foresee_merge(tx, one, [two]).apart
    assert apart is not None
    assert (apart.by, apart.reason) == ("ben", "Two towns")


def test_what_makes_no_sense_is_refused_in_words(database: Database, clock: ManualClock) -> None:
    one, two, three = (a_candidate_of(database, p) for p in ("gazette", "courier", "herald"))
    triage.merge(database, clock, two, [three], providers=PROVIDERS, editor="ada")
    with database.read() as tx:
        for others, said in (
            ([one], "with itself"),
            ([three], f"are in candidate {two}"),
            ([CandidateId(n) for n in range(100, 130)], "20 at most"),
        ):
            with pytest.raises(IllegalDecision, match=said):
                foresee_merge(tx, one, others)
        with pytest.raises(Unknown):
            foresee_merge(tx, one, [CandidateId(999)])
        (article,) = (m.article.id for m in list_members(tx, one))
        with pytest.raises(IllegalDecision, match="All articles are ticked"):
            foresee_split(tx, one, [article])
        with pytest.raises(IllegalDecision, match="Tick the articles"):
            foresee_split(tx, one, [])
