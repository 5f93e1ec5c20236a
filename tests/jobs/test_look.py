"""What narrows the queue by words: what search knows, and what changed since it last looked."""

from __future__ import annotations

from monitor.jobs.index import index
from monitor.jobs.look import find_saying, look_up
from monitor.model import CandidateId, ResultKind
from monitor.store.database import Database
from monitor.store.tables import CandidateRow
from tests.conftest import ManualClock
from tests.stored import PROVIDERS, a_candidate_of


def saying(database: Database, text: str) -> tuple[CandidateId, ...]:
    with database.read() as tx:
        return find_saying(tx, text, providers=PROVIDERS).candidates


def test_words_are_found_as_they_are_now_before_and_after_search_took_them_in(
    database: Database, clock: ManualClock
) -> None:
    old = a_candidate_of(database, "gazette", title="Robotaxi stops a train")
    index(database, clock, providers=PROVIDERS)
    new = a_candidate_of(database, "courier", title="A second robotaxi waits")
    assert saying(database, "robotaxi") == (new, old)
    assert saying(database, "robotaxi -train") == (new,)
    assert saying(database, "publisher:courier OR flood") == (new,)
    with database.write() as tx:
        tx.get_one(CandidateRow, old).title = "A bus stops a train"
    assert saying(database, "bus train") == (old,)
    assert saying(database, f"#{old}") == saying(database, str(old)) == (old,)
    assert saying(database, "?!") == ()


def test_a_word_that_is_still_typed_is_a_beginning(sqlite_database: Database) -> None:
    candidate = a_candidate_of(sqlite_database, "gazette", title="Chatbots invent rulings")
    with sqlite_database.read() as tx:
        for typed in ("chat", "invent rul", "invent rulin", "rulings", "ruling"):
            found = look_up(tx, typed, providers=PROVIDERS, kind=ResultKind.CANDIDATE)
            assert found == ((candidate,) if typed != "invent rul" else ()), typed
