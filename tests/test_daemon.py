"""The daemon's ticks, as they run: polls, hubs, deliveries, alerts and the outbox in one process."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from monitor.clock import SystemClock
from monitor.daemon import Daemon, Rhythm
from monitor.jobs.rulebook import Rulebook, read_rulebook
from monitor.jobs.sources_file import SourcesFile
from monitor.model import Origin, Publisher, PublisherId, Source, SourceId, Tier
from monitor.settings import Settings
from monitor.stages.syndicate import Site
from monitor.store import push, sources
from monitor.store.database import Database
from monitor.store.entries import list_entries
from monitor.web.app import create_app
from tests.hubs import Hub
from tests.jobs.desk import rss
from tests.net.servers import RecordingServer, http
from tests.web.conftest import served

BRISK = Rhythm(poll=0.2, push=0.2, subscribe=0.2, alerts=0.3, outbox=0.2)
PATIENCE = 60.0  # seconds of a busy machine


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return read_rulebook(codebook=None, providers=None, guide=None)


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer({"/gone": http(410), "/in": http(200)}) as opened:
        yield opened


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as opened:
        yield opened


def add(database: Database, name: str, url: str) -> None:
    source = Source(
        id=SourceId(name),
        name=name,
        url=url,
        origin=Origin.PRESS,
        tier=Tier.SECONDARY,
        publisher=PublisherId("paper"),
    )
    with database.write() as tx:
        sources.record_publishers(tx, [Publisher(id=PublisherId("paper"), name="The Paper")])
        sources.add_source(tx, source, now=SystemClock().now())


@contextmanager
def running(database: Database, folder: Path, rules: Rulebook, **more: Any) -> Iterator[Daemon]:
    """Web side and daemon of one newsroom."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = Settings(
            data_dir=folder, base_url=base_url, allow_addresses=(ip_network("127.0.0.0/8"),), workers=1, **more
        )
        site = Site(name="N", base_url=base_url, codebook=rules.codebook, providers=rules.providers)
        daemon = Daemon(
            settings,
            database,
            SystemClock(),
            owner="test",
            sources=SourcesFile(configured=folder / "feeds.yaml", data_dir=folder),
            site=site,
            providers=rules.index,
            rhythm=BRISK,
        )
        with served(create_app(settings, database, SystemClock()), listener):
            daemon.start()
            try:
                yield daemon
            finally:
                began = time.monotonic()
                daemon.stop()
                assert time.monotonic() - began < 10  # F15


def wait_until(happened: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.05)


def entry_count(database: Database) -> int:
    with database.read() as tx:
        return len(list_entries(tx, source=SourceId("paper")))


def offer(server: RecordingServer, hub: Hub) -> str:
    topic = server.url("/feed")
    server.answers["/feed"] = http(200, rss("a"), ("Link", f'<{hub.url}>; rel="hub", <{topic}>; rel="self"'))
    return topic


def test_a_delivery_becomes_an_entry_and_a_trouble_a_message_by_themselves_p25_f11_f15(
    sqlite_database: Database, tmp_path: Path, rules: Rulebook, server: RecordingServer, hub: Hub
) -> None:
    topic = offer(server, hub)
    add(sqlite_database, "paper", topic)
    add(sqlite_database, "gone", server.url("/gone"))
    with running(sqlite_database, tmp_path, rules, alerts=f"json://127.0.0.1:{server.port}/in"):
        wait_until(lambda: hub.subscribers)
        assert hub.publish(topic, rss("b", "a")) == [202]
        wait_until(lambda: entry_count(sqlite_database) == 2)
        wait_until(lambda: "/in" in server.paths)
    (heard,) = [request for request in server.requests if request.path == "/in"]
    assert b"gone is gone" in heard.body
    assert server.paths.count("/feed") == 1  # the delivery came beside the polls


def test_where_push_is_off_no_hub_is_asked_p25(
    sqlite_database: Database, tmp_path: Path, rules: Rulebook, server: RecordingServer, hub: Hub
) -> None:
    add(sqlite_database, "paper", offer(server, hub))
    with running(sqlite_database, tmp_path, rules, push="off"):
        wait_until(lambda: entry_count(sqlite_database) == 1)
        time.sleep(4 * BRISK.subscribe)
    with sqlite_database.read() as tx:
        assert len(push.list_subscriptions(tx)) == 1  # the offer is known, should somebody turn it on
    assert hub.asked == []
