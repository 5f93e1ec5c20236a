"""alerts: from polls that fail to a message at a real webhook, once a day per cause (F11)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from monitor.jobs.alerts import (
    AlertReport,
    channel_of,
    doors_to,
    list_alerts,
    list_undelivered,
    raise_alerts,
    send_test,
)
from monitor.jobs.outbox import OutboxReport, deliver
from monitor.model import Health, OutboxMessage
from monitor.net.notify import Notifier
from monitor.store import polls
from tests.conftest import ManualClock
from tests.jobs.desk import PAPER, Desk, rss, vouched
from tests.net.servers import RecordingServer, http

BASE_URL = "https://desk.example"


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer({"/in": http(200)}) as opened:
        yield opened


def tell(desk: Desk, *addresses: str) -> AlertReport:
    return raise_alerts(desk.database, desk.clock, addresses=addresses, base_url=BASE_URL, newsroom="AI Desk")


def messages(desk: Desk) -> tuple[OutboxMessage, ...]:
    return tuple(reversed(list_undelivered(desk.database, limit=1_000)))


def webhook(server: RecordingServer, path: str = "/in") -> str:
    return f"json://127.0.0.1:{server.port}{path}"


def test_a_source_that_is_gone_is_heard_of_at_the_webhook_once_f11(desk: Desk, server: RecordingServer) -> None:
    server.answers["/feed"] = [vouched(rss("a")), http(410)]
    desk.add("paper", server.url("/feed"))
    desk.poll()
    assert tell(desk, webhook(server)) == AlertReport()
    desk.until_due()
    desk.poll()
    assert tell(desk, webhook(server)) == AlertReport(new_count=1)
    assert tell(desk, webhook(server)) == AlertReport()
    with Notifier() as notifier:
        doors = doors_to([webhook(server)], notifier)
        assert deliver(desk.database, desk.clock, doors, owner="one") == OutboxReport(delivered_count=1)
        assert deliver(desk.database, desk.clock, doors, owner="one") == OutboxReport()
    (heard,) = [request for request in server.requests if request.path == "/in"]
    said = json.loads(heard.body)
    assert said["title"] == "AI Desk: paper is gone"
    assert f"{BASE_URL}/desk/sources/paper" in said["message"]
    key = heard.header("Idempotency-Key")
    assert key is not None
    assert key.rpartition("/")[0] in said["message"]
    assert messages(desk) == ()


def test_a_source_that_fails_for_days_is_told_once_a_day_not_once_a_poll(desk: Desk, server: RecordingServer) -> None:
    server.answers["/feed"] = [vouched(rss("a")), *[http(500)] * 60]
    desk.add("paper", server.url("/feed"))
    desk.poll()
    for _ in range(3 * 12):
        desk.clock.advance(hours=2)
        desk.poll()
        tell(desk, "json://a.example")
    assert desk.report().health is Health.FAILING
    days = [message.created_at.date() for message in messages(desk)]
    assert len(days) == len(set(days)) == 3
    server.answers["/feed"] = vouched(rss("a", "b"))
    desk.until_due()
    desk.poll()
    assert tell(desk, "json://a.example") == AlertReport(over_count=1)
    assert tell(desk, "json://a.example") == AlertReport()
    assert messages(desk)[-1].subject == "AI Desk: paper is well again, it was failing"


def test_each_address_has_its_own_message_and_its_secret_is_nowhere_d13(desk: Desk, server: RecordingServer) -> None:
    server.answers["/feed"] = http(410)
    desk.add("paper", server.url("/feed"))
    desk.poll()
    addresses = ("slack://s3cret1/s3cret2/s3cret3", "json://user:s3cret4@a.example")
    tell(desk, *addresses)
    assert {message.channel for message in messages(desk)} == set(map(channel_of, addresses))
    assert len({message.key for message in messages(desk)}) == 2
    with desk.database.read() as tx:
        stored = str(tx.execute(text("SELECT * FROM outbox")).all())
    assert "s3cret" not in stored


def test_an_address_that_was_removed_gives_its_messages_up(desk: Desk, server: RecordingServer) -> None:
    server.answers["/feed"] = http(410)
    desk.add("paper", server.url("/feed"))
    desk.poll()
    tell(desk, "json://old.example")
    tell(desk, "json://new.example")
    (message,) = messages(desk)
    assert (message.due_at, message.note) == (None, "its address is no longer in MONITOR_ALERTS")


def test_without_addresses_nothing_is_written(desk: Desk, server: RecordingServer) -> None:
    server.answers["/feed"] = http(410)
    desk.add("paper", server.url("/feed"))
    desk.poll()
    assert tell(desk) == AlertReport()
    assert messages(desk) == ()
    (alert,) = list_alerts(desk.database, desk.clock)  # it waits to be told, as soon as there is somebody to tell
    assert (alert.source, alert.health) == (PAPER, Health.GONE)
    assert tell(desk, "json://a.example") == AlertReport(new_count=1)


def test_two_daemons_tell_once_f7_f11(desk: Desk, server: RecordingServer) -> None:
    server.answers["*"] = http(410)
    for n in range(5):
        desk.add(f"s{n}", server.url(f"/{n}", host=f"h{n}.localhost"))
    desk.poll()
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: tell(desk, "json://a.example"), range(2)))
    assert sorted(report.new_count for report in reports) == [0, 5]
    (message,) = messages(desk)
    assert message.subject == "AI Desk: 5 sources need you (5 gone)"


def test_a_paused_source_ends_without_a_word(desk: Desk, server: RecordingServer) -> None:
    server.answers["/feed"] = http(410)
    desk.add("paper", server.url("/feed"))
    desk.poll()
    tell(desk, "json://a.example")
    with desk.database.write() as tx:
        polls.pause(tx, PAPER, by="ada", now=desk.clock.now())
    desk.clock.advance(days=2)
    assert tell(desk, "json://a.example") == AlertReport()


def test_a_test_message_says_what_each_address_answered(clock: ManualClock, server: RecordingServer) -> None:
    server.answers["/bad/s3cret"] = http(403)
    with Notifier() as notifier:
        addresses = [webhook(server), webhook(server, "/bad/s3cret")]
        answers = send_test(addresses, notifier, clock, base_url=BASE_URL, newsroom="AI Desk")
    assert [answer.is_delivered for answer in answers.values()] == [True, False]
    assert "s3cret" not in str(answers)
    assert json.loads(server.requests[0].body)["title"] == "AI Desk: a test of alerts"
