"""Alerts of saved filters: from a candidate that newly matches to a message at a real webhook, once (F11, D13)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import IllegalDecision, Unknown
from monitor.jobs import filters
from monitor.jobs.filters import MatchReport, doors_of, read_addresses, save_filter, set_alerts, store_addresses
from monitor.jobs.outbox import OutboxReport, deliver
from monitor.jobs.people import add_editor
from monitor.model import AlertTo, Editor, Filter, Role
from monitor.net.notify import Notifier
from monitor.store.database import Database
from tests.conftest import ManualClock
from tests.net.servers import RecordingServer, http
from tests.stored import a_candidate_of


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer({"/in": [http(500), *[http(200)] * 9]}) as opened:
        yield opened


@pytest.fixture
def ada(database: Database, clock: ManualClock) -> Editor:
    return add_editor(database, clock, "ada", role=Role.SENIOR, password="a long sentence to remember")


def tell(database: Database, clock: ManualClock, folder: Path, *newsroom: str, most: int = 50) -> MatchReport:
    return filters.tell_matches(
        database,
        clock,
        newsroom_addresses=newsroom,
        folder=folder,
        base_url="https://desk.example",
        newsroom="AI Desk",
        providers={},
        most=most,
    )


def test_a_match_is_heard_of_at_the_webhook_once_also_where_it_was_down_at_first_f11(
    database: Database, clock: ManualClock, ada: Editor, server: RecordingServer, tmp_path: Path
) -> None:
    address = f"json://127.0.0.1:{server.port}/in"
    store_addresses(database, clock, folder=tmp_path, name="ada", addresses=[address], by="test")
    saved = save_filter(database, clock, owner=ada, name="Two voices", wanted=Filter(sources=2))
    set_alerts(database, clock, saved.id, by=ada, alerts=AlertTo.ME)
    clock.advance(minutes=1)
    a_candidate_of(database, "gazette", "courier", title="Chatbot invents a ruling", at=clock.now())
    assert tell(database, clock, tmp_path) == MatchReport(match_count=1, message_count=1)
    assert tell(database, clock, tmp_path) == MatchReport()
    with Notifier() as notifier:
        for delivered, failed in ((0, 1), (1, 0), (0, 0)):
            doors = doors_of(database, (), tmp_path, notifier)
            report = deliver(database, clock, doors, owner="one")
            assert report == OutboxReport(delivered_count=delivered, failed_count=failed)
            clock.advance(minutes=5)
    first, again = (r for r in server.requests if r.path == "/in")
    said = json.loads(again.body)
    assert said["title"] == "AI Desk: Chatbot invents a ruling"
    assert "https://desk.example/desk/candidates/1" in said["message"]
    assert again.header("Idempotency-Key") == first.header("Idempotency-Key")


def test_more_than_one_look_can_tell_is_told_in_the_next(
    database: Database, clock: ManualClock, ada: Editor, tmp_path: Path
) -> None:
    saved = save_filter(database, clock, owner=ada, name="All", wanted=Filter())
    set_alerts(database, clock, saved.id, by=ada, alerts=AlertTo.NEWSROOM)
    clock.advance(minutes=30)
    for _ in range(5):
        a_candidate_of(database, "gazette", at=clock.now())
    told = [tell(database, clock, tmp_path, "json://a.example", "json://b.example", most=2) for _ in range(4)]
    assert [(t.match_count, t.message_count) for t in told] == [(2, 2), (2, 2), (1, 2), (0, 0)]


def test_an_alert_that_is_set_again_does_not_tell_what_came_in_between(
    database: Database, clock: ManualClock, ada: Editor, tmp_path: Path
) -> None:
    saved = save_filter(database, clock, owner=ada, name="All", wanted=Filter())
    set_alerts(database, clock, saved.id, by=ada, alerts=AlertTo.NEWSROOM)
    set_alerts(database, clock, saved.id, by=ada, alerts=AlertTo.NOBODY)
    clock.advance(hours=5)
    a_candidate_of(database, "gazette", at=clock.now())
    clock.advance(hours=5)
    set_alerts(database, clock, saved.id, by=ada, alerts=AlertTo.NEWSROOM)
    assert tell(database, clock, tmp_path, "json://a.example") == MatchReport()


def test_the_addresses_of_a_person_stand_in_a_file_and_nowhere_else_d13(
    database: Database, clock: ManualClock, ada: Editor, tmp_path: Path
) -> None:
    secret = "mailto://user:verysecret@example.org"
    path = store_addresses(database, clock, folder=tmp_path, name="ada", addresses=[secret], by="test")
    assert path is not None
    assert path.stat().st_mode & 0o077 == 0
    assert read_addresses(tmp_path, ada.name) == (secret,)
    with database.read() as tx:
        assert "verysecret" not in str(tx.execute(text("SELECT * FROM audit")).all())
    assert store_addresses(database, clock, folder=tmp_path, name="ada", addresses=[], by="test") is None
    assert read_addresses(tmp_path, "ada") == ()
    with pytest.raises(Unknown):
        store_addresses(database, clock, folder=tmp_path, name="nobody", addresses=[secret], by="test")
    with pytest.raises(IllegalDecision):
        store_addresses(database, clock, folder=tmp_path, name="ada", addresses=["ada at example"], by="test")


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "ada lovelace", "Åsa"])
def test_a_name_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    assert filters.address_file(tmp_path, name).parent == tmp_path / filters.FOLDER


def test_a_filter_needs_a_name_and_nobody_has_too_many(database: Database, clock: ManualClock, ada: Editor) -> None:
    for name in ("", " \n", "x" * 81):
        with pytest.raises(IllegalDecision, match="needs a name"):
            save_filter(database, clock, owner=ada, name=name, wanted=Filter())
    for number in range(filters.MOST_FILTERS):
        save_filter(database, clock, owner=ada, name=f"f{number}", wanted=Filter())
    with pytest.raises(IllegalDecision, match="remove one first"):
        save_filter(database, clock, owner=ada, name="one more", wanted=Filter())


def test_a_claim_or_a_decision_is_no_news_to_a_filter(
    database: Database, clock: ManualClock, ada: Editor, tmp_path: Path
) -> None:
    candidate = a_candidate_of(database, "gazette", at=clock.now())
    clock.advance(hours=3)
    saved = save_filter(database, clock, owner=ada, name="All", wanted=Filter())
    set_alerts(database, clock, saved.id, by=ada, alerts=AlertTo.NEWSROOM)
    clock.advance(minutes=1)
    with database.write() as tx:
        tx.execute(text("UPDATE candidates SET version = version + 1 WHERE id = :id"), {"id": candidate})
    assert tell(database, clock, tmp_path, "json://a.example").match_count == 0
