"""What changed since, in pages that lose nothing: candidates, wires and decisions, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from monitor.jobs import triage
from monitor.model import CandidateId
from monitor.store.changes import NEVER, Place, list_changed_candidates, list_changed_decisions, list_changed_wires
from monitor.store.database import Database
from tests.conftest import ManualClock
from tests.stored import a_candidate_of
from tests.wires import a_released_wire


def walk(database: Database, limit: int, since: datetime | None = None) -> list[int]:
    found: list[int] = []
    after: Place | None = Place()
    while after is not None:
        with database.read() as tx:
            page = list_changed_candidates(tx, since=since, after=after, limit=limit)
        found += [c.id for c in page.things]
        after = page.next
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 200])
def test_every_candidate_comes_once_in_the_order_of_change(database: Database, clock: ManualClock, limit: int) -> None:
    ids = [a_candidate_of(database, f"paper{n}") for n in range(5)]
    triage.claim(database, clock, ids[1], editor="ada")
    assert walk(database, limit) == [ids[0], *ids[2:], ids[1]]


@pytest.mark.parametrize("limit", [1, 2, 200])
def test_what_stood_before_such_times_were_kept_comes_first(database: Database, clock: ManualClock, limit: int) -> None:
    ids = [a_candidate_of(database, f"paper{n}") for n in range(4)]
    with database.write() as tx:
        tx.execute(text("UPDATE candidates SET changed_at = NULL WHERE id IN (:a, :b)"), {"a": ids[1], "b": ids[3]})
    assert walk(database, limit) == [ids[1], ids[3], ids[0], ids[2]]
    assert walk(database, limit, since=NEVER + timedelta(days=1)) == [ids[0], ids[2]]


def test_only_what_changed_since(database: Database, clock: ManualClock) -> None:
    ids = [a_candidate_of(database, f"paper{n}") for n in range(3)]
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    with database.write() as tx:
        for number, each in enumerate(ids):
            tx.execute(
                text("UPDATE candidates SET changed_at = :at WHERE id = :id").bindparams(
                    at=(moment + timedelta(days=number)).replace(tzinfo=None), id=each
                )
            )
    assert walk(database, 2, since=moment + timedelta(days=1)) == ids[1:]
    with database.read() as tx:
        page = list_changed_candidates(tx, since=None, after=Place(), limit=9, status="rejected")
    assert page.things == ()


def test_a_wire_comes_again_when_a_revision_of_it_changes(database: Database, clock: ManualClock) -> None:
    first, second = (a_released_wire(database, clock) for _ in range(2))
    with database.read() as tx:
        page = list_changed_wires(tx, since=None, after=Place(), limit=2)
        assert [w.id for w in page.things] == [first.id, second.id]
        assert page.next is not None
        rest = list_changed_wires(tx, since=None, after=page.next, limit=2)
    assert (rest.things, rest.next) == ((), None)


def test_decisions_come_in_their_order_each_once(database: Database, clock: ManualClock) -> None:
    ids = [a_candidate_of(database, f"paper{n}") for n in range(3)]
    for each in ids:
        clock.advance(minutes=1)
        triage.reject(database, clock, CandidateId(each), reason="No incident", editor="ada")
    with database.read() as tx:
        page = list_changed_decisions(tx, since=None, after=Place(), limit=2)
        assert page.next is not None
        rest = list_changed_decisions(tx, since=None, after=page.next, limit=2)
        late = list_changed_decisions(tx, since=clock.now(), after=Place(), limit=2)
    assert [d.candidate for d in (*page.things, *rest.things)] == ids
    assert [d.candidate for d in late.things] == ids[-1:]
