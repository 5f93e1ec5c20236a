"""Editors and sessions on both databases: what the desk's own tests show over HTTP on SQLite."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DatabaseError

from monitor.errors import Denied, IllegalDecision
from monitor.jobs import people
from monitor.model import Role, Session
from monitor.store.coverage import get_figures, list_told_times
from monitor.store.database import Database
from monitor.store.people import list_audit
from monitor.store.tables import AuditRow
from tests.conftest import ManualClock
from tests.stored import MORNING, a_candidate_of

PASSWORD = "a long sentence to remember"


def enter(database: Database, clock: ManualClock, password: str = PASSWORD) -> str:
    where = {"address": "192.0.2.1", "block": "192.0.2.1", "user_agent": "test"}
    return people.sign_in(database, clock, name="ada", password=password, **where).token


def test_the_first_editor_signs_in_ends_sessions_and_is_barred(database: Database, clock: ManualClock) -> None:
    link = people.first_editor_link(database, "https://newsroom.example", clock.now())
    assert link is not None
    token = link.split("token=")[1]
    made = {"name": "ada", "password": PASSWORD, "newsroom": "Gazette", "address": "192.0.2.1"}
    assert people.accept_invitation(database, clock, token, **made).role is Role.ADMIN
    with pytest.raises(Denied):
        people.accept_invitation(database, clock, token, **made)
    with pytest.raises(IllegalDecision):
        people.add_editor(database, clock, "Ada", role=Role.EDITOR, password=PASSWORD)
    first, second = enter(database, clock), enter(database, clock)
    session = people.find_session(database, clock, first)
    assert session is not None
    assert people.end_other_sessions(database, clock, session, address=None) == 1
    assert people.find_session(database, clock, second) is None
    people.disable_editor(database, clock, "ada")
    assert people.find_session(database, clock, first) is None
    with pytest.raises(Denied):
        enter(database, clock)


def test_a_session_that_is_used_goes_on_and_its_use_is_kept_to_the_minute_d2(
    database: Database, clock: ManualClock
) -> None:
    people.add_editor(database, clock, "ada", role=Role.EDITOR, password=PASSWORD)
    token = enter(database, clock)

    def use() -> Session:
        session = people.find_session(database, clock, token)
        assert session is not None
        people.touch_session(database, clock, token, session)
        return session

    began = clock.now()
    clock.advance(seconds=59)
    use()
    assert use().seen_at == began
    for _ in range(3):
        at = clock.advance(seconds=people.IDLE.total_seconds() - 60)
        use()
        assert use().seen_at == at
    clock.advance(seconds=people.IDLE.total_seconds() + 1)
    assert people.find_session(database, clock, token) is None


def test_ten_failures_throttle_until_five_minutes_have_passed_d5(database: Database, clock: ManualClock) -> None:
    people.add_editor(database, clock, "ada", role=Role.EDITOR, password=PASSWORD)
    for _ in range(people.MAX_FAILURES):
        with pytest.raises(Denied):
            enter(database, clock, "not the password")
    with pytest.raises(people.Throttled):
        enter(database, clock)
    clock.advance(minutes=5, seconds=1)
    enter(database, clock)


def test_no_line_of_the_audit_can_be_changed_or_removed_d11(database: Database, clock: ManualClock) -> None:
    people.add_editor(database, clock, "ada", role=Role.EDITOR, password=PASSWORD)
    with pytest.raises(DatabaseError, match="append-only"), database.write() as tx:
        tx.query(AuditRow).update({"who": "somebody else"})
    with pytest.raises(DatabaseError, match="append-only"), database.write() as tx:
        tx.query(AuditRow).delete()
    with database.read() as tx:
        assert [line.what for line in list_audit(tx)] == ["editor.add"]


def test_the_figures_and_the_coverage_of_the_queue(database: Database) -> None:
    candidate = a_candidate_of(database, "gazette", "courier")
    with database.read() as tx:
        figures = get_figures(tx, now=MORNING, who="ada")
        times = list_told_times(tx, [candidate], since=MORNING)
    assert (figures.waiting, figures.oldest_at, figures.mine, figures.published_today) == (1, MORNING, 0, 0)
    assert times == {candidate: (MORNING, MORNING)}
