"""How each source was last judged to be doing: what the list is sorted, filtered and counted by."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.model import Health, Judgement, Publisher, PublisherId, SourceId
from monitor.store import conditions, sources
from monitor.store.database import Database, Transaction
from tests.store.test_sources import a_source, found

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def judged(tx: Transaction, **health: Health) -> None:
    conditions.record_judgements(
        tx, [Judgement(source=SourceId(name), health=each, until=None) for name, each in health.items()]
    )


def page(tx: Transaction, *words: str, first: Health = Health.HELD_BACK, offset: int = 0, limit: int = 9) -> list[str]:
    return list(conditions.list_page(tx, first=first, last=Health.HEALTHY, words=words, offset=offset, limit=limit))


def test_the_list_is_in_the_order_of_states_then_of_names_page_by_page(database: Database) -> None:
    with database.write() as tx:
        found(tx, "a", "b", "c", "d", "e")
        judged(tx, a=Health.HEALTHY, b=Health.FAILING, c=Health.RETIRED, d=Health.GONE, e=Health.FAILING)
        assert page(tx) == ["d", "b", "e", "a"]
        assert [page(tx, offset=offset, limit=2) for offset in (0, 2, 4)] == [["d", "b"], ["e", "a"], []]
        assert page(tx, first=Health.FAILING) == ["b", "e", "a"]
        assert conditions.count_by_health(tx) == {
            Health.GONE: 1,
            Health.FAILING: 2,
            Health.HEALTHY: 1,
            Health.RETIRED: 1,
        }


def test_all_words_are_looked_for_as_they_stand_whatever_the_case(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one", "two")
        sources.add_source(tx, replace(a_source("straße", provider="acme"), name="100 % ÄRGER_"), now=NOW)
        conditions.record_words(tx, [(source, "The Paper") for source in sources.list_sources(tx)])
        assert page(tx, "PAPER", "one") == ["one"]
        assert page(tx, "strasse") == page(tx, "ärger") == page(tx, "%") == page(tx, "r_") == page(tx, "acme")
        assert page(tx, "acme") == ["straße"]
        assert page(tx, "two", "one") == []
        assert conditions.count_by_health(tx, words=["feed"]) == {Health.NEW: 3}


def test_whoever_is_named_is_judged_anew_the_longest_due_first(database: Database) -> None:
    with database.write() as tx:
        found(tx, "a", "b", "c")
        later = NOW + timedelta(hours=1)
        for name, until in (("a", None), ("b", later), ("c", NOW)):
            conditions.record_judgements(tx, [Judgement(source=SourceId(name), health=Health.HEALTHY, until=until)])
        assert conditions.list_unjudged(tx, now=NOW, limit=9) == ("c",)
        assert conditions.list_unjudged(tx, now=later, limit=9) == ("c", "b")
        conditions.call_for_judgement(tx, [SourceId("a")])
        assert conditions.list_unjudged(tx, now=later, limit=2, is_locking=True) == ("a", "c")
        judged(tx, a=Health.HEALTHY)
        conditions.call_for_judgement_of_host(tx, "b.example")
        assert conditions.list_unjudged(tx, now=NOW, limit=9) == ("b", "c")
        conditions.call_for_judgement_of_publisher(tx, "paper")
        assert conditions.list_unjudged(tx, now=NOW, limit=9) == ("a", "b", "c")


def test_another_name_of_the_publisher_is_searched_too(database: Database) -> None:
    with database.write() as tx:
        found(tx, "one")
        judged(tx, one=Health.HEALTHY)
        sources.record_publishers(tx, [Publisher(id=PublisherId("paper"), name="The Gazette")])
        assert conditions.list_unjudged(tx, now=NOW, limit=9) == ("one",)
