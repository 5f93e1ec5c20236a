"""The outbox: nothing written is lost, and nothing arrives twice but under the same key (F11)."""

from __future__ import annotations

import multiprocessing
import random
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import httpx
import pytest

from monitor.jobs.outbox import GIVEN_UP_AFTER, LONGEST_RETRY, Door, OutboxReport, deliver
from monitor.model import Delivery, OutboxMessage
from monitor.store import outbox
from monitor.store.database import Database
from tests.conftest import ManualClock
from tests.net.servers import RecordingServer, drip, http

KILLS = 6


def door_to(url: str, *, deadline: float = 2.0) -> Door:
    """A door that posts a message with its key."""

    def send(message: OutboxMessage) -> Delivery:
        try:
            answer = httpx.post(url, content=message.body, headers={"Idempotency-Key": message.key}, timeout=deadline)
        except httpx.HTTPError as error:
            return Delivery(is_delivered=False, detail=type(error).__name__)
        return Delivery(is_delivered=answer.is_success, detail=f"answered {answer.status_code}")

    return send


def write(database: Database, clock: ManualClock, *keys: str, channel: str = "alert") -> None:
    with database.write() as tx:
        for key in keys:
            outbox.add_message(tx, key=key, channel=channel, subject="s", body=f"body of {key}", now=clock.now())


def waiting(database: Database) -> tuple[OutboxMessage, ...]:
    with database.read() as tx:
        return outbox.list_undelivered(tx)


def keys_of(server: RecordingServer) -> Counter[str | None]:
    return Counter(request.header("Idempotency-Key") for request in server.requests)


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer({"/in": http(200)}) as opened:
        yield opened


# --- writing ----------------------------------------------------------------------------------------------------


def test_a_message_stands_and_falls_with_its_cause_f11(database: Database, clock: ManualClock) -> None:
    def fail_after_writing() -> None:
        with database.write() as tx:
            outbox.add_message(tx, key="k", channel="alert", subject="s", body="b", now=clock.now())
            raise RuntimeError("the cause was not recorded")

    with pytest.raises(RuntimeError):
        fail_after_writing()
    assert waiting(database) == ()


def test_the_same_cause_is_one_message_f11(database: Database, clock: ManualClock, server: RecordingServer) -> None:
    write(database, clock, "k", "k")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: write(database, clock, "k", "l"), range(8)))
    assert deliver(database, clock, {"alert": door_to(server.url("/in"))}, owner="one").delivered_count == 2
    write(database, clock, "k")
    assert deliver(database, clock, {"alert": door_to(server.url("/in"))}, owner="one") == OutboxReport()
    assert keys_of(server) == {"k": 1, "l": 1}
    assert sorted(request.body for request in server.requests) == [b"body of k", b"body of l"]


# --- sending ----------------------------------------------------------------------------------------------------


def test_a_receiver_that_is_down_gets_everything_once_it_is_up_f11(database: Database, clock: ManualClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    doors = {"alert": door_to(f"http://127.0.0.1:{port}/in")}
    write(database, clock, "a", "b", "c")
    waits = []
    for _ in range(10):
        began = clock.now()
        deliver(database, clock, doors, owner="one")
        clock.at = min(message.due_at for message in waiting(database) if message.due_at is not None)
        waits.append(clock.now() - began)
    assert timedelta(minutes=1) * 0.8 < sum(waits[:3], timedelta()) < timedelta(minutes=20)
    assert max(waits) <= LONGEST_RETRY
    assert {message.note for message in waiting(database)} <= {"ConnectError", None}
    clock.advance(hours=2)
    with RecordingServer({"/in": http(204)}) as server:
        doors = {"alert": door_to(server.url("/in"))}
        assert deliver(database, clock, doors, owner="one").delivered_count == 3
        assert keys_of(server) == {"a": 1, "b": 1, "c": 1}
    assert waiting(database) == ()


def test_a_receiver_that_fails_or_is_slow_holds_up_no_other_f11(database: Database, clock: ManualClock) -> None:
    slow = drip(b"HTTP/1.1 200 Yes\r\n", b"", every=0.3)
    with RecordingServer({"/in": http(200), "/bad": [http(500), http(429), http(200)], "/slow": slow}) as server:
        doors = {
            "bad": door_to(server.url("/bad")),
            "slow": door_to(server.url("/slow"), deadline=0.3),
            "good": door_to(server.url("/in")),
        }
        for channel in doors:
            write(database, clock, f"{channel}-1", f"{channel}-2", channel=channel)
        report = deliver(database, clock, doors, owner="one")
        assert report == OutboxReport(delivered_count=2, failed_count=2)
        for _ in range(3):
            clock.advance(hours=1)
            deliver(database, clock, doors, owner="one")
        assert {message.channel for message in waiting(database)} == {"slow"}
        assert {message.note for message in waiting(database)} == {"ReadTimeout"}


def test_two_daemons_send_each_message_once_f7_f11(
    database: Database, clock: ManualClock, server: RecordingServer
) -> None:
    names = [f"k{n}" for n in range(16)]
    write(database, clock, *names)
    doors = {"alert": door_to(server.url("/in"))}
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda owner: deliver(database, clock, doors, owner=owner), ["one", "two"]))
    assert sum(report.delivered_count for report in reports) == 16
    assert keys_of(server) == dict.fromkeys(names, 1)


def test_a_holder_that_wakes_late_writes_nothing_stale_f8_f11(database: Database, clock: ManualClock) -> None:
    write(database, clock, "k")
    doors: dict[str, Door] = {"alert": lambda _: Delivery(is_delivered=True, detail="second")}

    def sleep_long(message: OutboxMessage) -> Delivery:
        clock.advance(minutes=6)
        assert deliver(database, clock, doors, owner="two").delivered_count == 1
        return Delivery(is_delivered=False, detail="first")

    deliver(database, clock, {"alert": sleep_long}, owner="one")
    assert waiting(database) == ()


def test_what_cannot_be_sent_is_given_up_and_stays_to_be_seen_f11(database: Database, clock: ManualClock) -> None:
    write(database, clock, "wrong", channel="wrong")
    write(database, clock, "down", channel="down")
    doors: dict[str, Door] = {
        "wrong": lambda _: Delivery(is_delivered=False, detail="no such address", is_final=True),
        "down": lambda _: Delivery(is_delivered=False, detail="down"),
    }
    deliver(database, clock, doors, owner="one")
    assert {m.key: m.due_at is None for m in waiting(database)} == {"wrong": True, "down": False}
    clock.advance(seconds=GIVEN_UP_AFTER.total_seconds())
    deliver(database, clock, doors, owner="one")
    assert {m.key: (m.due_at, m.note) for m in waiting(database)} == {
        "wrong": (None, "no such address"),
        "down": (None, "down"),
    }


def test_a_door_with_a_bug_costs_one_message_its_turn_f11(database: Database, clock: ManualClock) -> None:
    write(database, clock, "k")

    def broken(message: OutboxMessage) -> Delivery:
        raise ValueError("a bug")

    assert deliver(database, clock, {"alert": broken}, owner="one").failed_count == 1
    (message,) = waiting(database)
    assert message.note == "an error of Monitor's own (ValueError)"


# --- killed -----------------------------------------------------------------------------------------------------


def run_daemon(url: str, receiver: str, at: datetime) -> None:
    """A daemon of its own, until nothing is left to send."""
    database, clock = Database(url), ManualClock(at)
    while deliver(database, clock, {"alert": door_to(receiver)}, owner="daemon").delivered_count:
        pass
    database.close()


def test_killed_at_any_moment_nothing_is_lost_and_doubles_share_their_key_f11(
    sqlite_url: str, sqlite_database: Database, clock: ManualClock
) -> None:
    names = [f"k{n}" for n in range(60)]
    write(sqlite_database, clock, *names)
    chance = random.Random(11)
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__])
    with RecordingServer({"/in": http(200)}) as server:
        kills = 0
        while waiting(sqlite_database):
            daemon = processes.Process(target=run_daemon, args=(sqlite_url, server.url("/in"), clock.now()))
            sent = len(server.requests)
            daemon.start()
            if kills < KILLS:
                wait_until(lambda sent=sent: len(server.requests) > sent)  # type: ignore[misc]
                time.sleep(chance.uniform(0.0, 0.05))
                daemon.kill()
                kills += 1
            daemon.join(60)
            clock.advance(minutes=6)
        arrived = keys_of(server)
    assert set(arrived) == set(names)
    assert len(names) <= sum(arrived.values()) <= len(names) + kills
    assert kills == KILLS


def wait_until(happened: Callable[[], bool], *, seconds: float = 30.0) -> None:
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.002)
