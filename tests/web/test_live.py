"""The live view over real HTTP: what others do is told as it happens, after a break from where it stopped."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest

from monitor.jobs import people, triage
from monitor.model import CandidateId, EditorId
from monitor.settings import Settings
from monitor.store.candidates import get_candidate
from monitor.store.people import get_editor, list_sessions
from monitor.store.tables import CandidateRow
from monitor.web.app import create_app
from monitor.web.desk.live import Lines
from tests.stored import a_candidate_of, join, store_article
from tests.web.conftest import PASSWORD, Browser, Desk, served
from tests.web.events import following


@pytest.fixture(autouse=True)
def quick(desk: Desk) -> None:
    desk.app.state.lines = Lines(tick_seconds=0.05)


def test_candidates_growth_claims_and_decisions_of_others_are_told_as_they_happen(desk: Desk) -> None:
    ada, ben = desk.signed_in("ada"), desk.signed_in("ben")
    with following(ada) as stream:
        assert stream.answer.headers["content-type"].startswith("text/event-stream")
        assert stream.answer.headers["cache-control"] == "no-store"
        assert "connect-src 'self'" in stream.answer.headers["content-security-policy"]
        stream.until("hello")
        candidate = a_candidate_of(desk.database, "gazette", title="<b>Chatbot</b>")
        opened = stream.until("candidate", lambda d: d["id"] == candidate).data
        assert (opened["status"], opened["sources"], opened["did"]) == ("open", 1, None)
        with desk.database.write() as tx:
            join(tx, candidate, store_article(tx, "courier"), at=desk.clock.now())
        assert stream.until("candidate", lambda d: d["sources"] == 2).data["articles"] == 2
        version = opened_version(desk, candidate)
        path = f"/desk/candidates/{candidate}"
        ben.submit(path, f"{path}/claim", {"version": version})
        claimed = stream.until("candidate", lambda d: d["did"] == "claim").data
        assert (claimed["holder"], claimed["by"], claimed["mine"], claimed["until"]) == (
            "ben",
            "ben",
            False,
            "08:30 UTC",
        )
        ben.submit(path, f"{path}/reject", {"version": version + 1, "reason": "Old <i>event</i>"})
        rejected = stream.until("candidate", lambda d: d["status"] == "rejected").data
        assert (rejected["by"], rejected["own"], rejected["holder"]) == ("ben", False, None)
        assert rejected["reason"] == "Old <i>event</i>"  # shown as text, by whoever shows it


def opened_version(desk: Desk, candidate: CandidateId) -> int:
    with desk.database.read() as tx:
        return get_candidate(tx, candidate).version


def test_a_browser_that_comes_back_is_told_what_it_missed(desk: Desk) -> None:
    ada = desk.signed_in()
    a_candidate_of(desk.database, "gazette")
    with following(ada) as stream:
        last = stream.until("beat").id
    missed = a_candidate_of(desk.database, "courier")
    with following(ada, last_event_id=last) as stream:
        assert stream.until("candidate", lambda d: d["id"] == missed)
    with following(ada, f"?since={last}") as stream:
        assert stream.until("candidate", lambda d: d["id"] == missed)


@pytest.mark.parametrize("last", ["", "x", "-5", "9" * 17, "9" * 40, "١٢"])
def test_a_cursor_that_is_none_of_ours_begins_now(desk: Desk, last: str) -> None:
    a_candidate_of(desk.database, "gazette")
    with following(desk.signed_in(), f"?since={last}") as stream:
        if len(last) < 21:
            assert stream.until("hello").id.isdigit()
        else:
            assert stream.answer.status_code == 404


def test_more_than_can_be_told_one_by_one_is_said_in_one_word(desk: Desk) -> None:
    desk.app.state.lines.many = 3
    for _ in range(5):
        a_candidate_of(desk.database, "gazette")
    with following(desk.signed_in()) as stream:
        assert stream.until("many").data == {}
        after = a_candidate_of(desk.database, "courier")
        assert stream.until("candidate", lambda d: d["id"] == after)


def test_two_web_processes_tell_the_same(desk: Desk) -> None:
    """The second application shares nothing with the first but the database, and the cookie's secret: its hash."""
    ada = desk.signed_in()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = Settings(data_dir=desk.app.state.context.settings.data_dir, base_url=url)
        other = create_app(settings, desk.database, desk.clock, machine=desk.machine)
        with served(other, listener):
            there = Browser(Desk(url=url, app=other, database=desk.database, clock=desk.clock, machine=desk.machine))
            there.http.cookies = ada.http.cookies
            with following(there) as stream:
                stream.until("hello")
                path = f"/desk/candidates/{a_candidate_of(desk.database, 'gazette')}"
                ada.submit(path, f"{path}/claim", {"version": 1})
                assert stream.until("candidate", lambda d: d["did"] == "claim").data["mine"]
            there.http.close()


def test_it_ends_with_the_session_and_keeps_none_alive_d2(desk: Desk) -> None:
    ada = desk.signed_in()
    with desk.database.read() as tx:
        (before,) = list_sessions(tx, people_id(desk), seen_after=desk.machine.now() - timedelta(hours=1))
    desk.machine.advance(minutes=30)
    with following(ada) as stream:
        stream.until("hello")
        with desk.database.read() as tx:
            (now,) = list_sessions(tx, people_id(desk), seen_after=desk.machine.now() - timedelta(hours=1))
        assert now.seen_at == before.seen_at
        people.change_password(
            desk.database, desk.machine, "ada", password=PASSWORD + " anew", current=PASSWORD, newsroom="Monitor",
            by="ada", address=None,
        )  # fmt: skip
        stream.until("ended")
        assert stream.next() is None
    assert ada.get("/desk/live").status_code == 303


def people_id(desk: Desk) -> EditorId:
    with desk.database.read() as tx:
        return get_editor(tx, "ada").id


def test_a_session_has_so_many_connections_and_no_more(desk: Desk) -> None:
    desk.app.state.lines.per_session = 1
    ada = desk.signed_in()
    with following(ada) as stream:
        stream.until("hello")
        with following(ada) as second:
            assert second.answer.status_code == 429
        with following(desk.signed_in("ben")) as others:
            assert others.answer.status_code == 200


def test_who_is_at_work_is_told_to_the_others_and_keeps_a_claim_alive(desk: Desk) -> None:
    ada, ben = desk.signed_in("ada"), desk.signed_in("ben")
    candidate = a_candidate_of(desk.database, "gazette")
    triage.claim(desk.database, desk.clock, candidate, editor="ben")
    desk.clock.advance(minutes=20)
    beat = {"tab": "a" * 16, "subject": f"candidate {candidate}"}
    with following(ada) as stream:
        assert ben.submit("/desk/queue", "/desk/live/here", beat).status_code == 204
        assert stream.until("here", bool).data == {f"candidate {candidate}": ["ben"]}
        ben.submit("/desk/queue", "/desk/live/here", beat | {"subject": ""})
        assert stream.until("here", lambda d: not d).data == {}
    with desk.database.read() as tx:
        assert get_candidate(tx, candidate).claimed_until == desk.clock.now() + timedelta(minutes=30)


@pytest.mark.parametrize(
    "beat",
    [{"tab": "short", "subject": "candidate 1"}, {"tab": "'; --" * 4, "subject": "wire 1"}, {"subject": "wire 1"}],
)
def test_a_tab_without_a_name_is_not_here(desk: Desk, beat: dict[str, str]) -> None:
    assert desk.signed_in().submit("/desk/queue", "/desk/live/here", beat).status_code == 404


def test_where_nobody_can_be_is_nowhere(desk: Desk) -> None:
    ada, ben = desk.signed_in("ada"), desk.signed_in("ben")
    for subject in ("candidate 0", "candidate 12345678901", "people 1", "candidate 1; DROP", "Ω"):
        assert ben.submit("/desk/queue", "/desk/live/here", {"tab": "b" * 16, "subject": subject}).status_code == 204
    with following(ada) as stream:
        assert stream.until("here").data == {}


def test_what_a_migration_found_is_never_told(desk: Desk) -> None:
    """Rows of an older version have no time of change: they are as they were."""
    candidate = a_candidate_of(desk.database, "gazette")
    with desk.database.write() as tx:
        tx.get_one(CandidateRow, candidate).changed_at = None
    with following(desk.signed_in()) as stream:
        stream.until("beat")
        assert not [e for e in stream.seen if e.name == "candidate"]
