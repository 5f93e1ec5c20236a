"""The hub is told of what was published: once, after it lies there, and again where it did not listen (O9)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from monitor.jobs.announce import CHANNEL, announce, hub_doors
from monitor.jobs.outbox import deliver
from monitor.jobs.publish import publish
from monitor.jobs.sections import House
from monitor.jobs.sections.feeds import Feeds
from monitor.jobs.take_down import take_down
from monitor.model.feeds import TakeDownReason
from monitor.net.client import Fetcher
from monitor.stages.syndicate import Site
from monitor.store.database import Database
from monitor.store.editions import read_edition
from monitor.store.outbox import list_undelivered
from tests.conftest import ManualClock
from tests.hubs import Hub
from tests.past import START, many_past, publish_past
from tests.wires import BASE_URL, CODEBOOK, PROVIDERS

PLAIN = Site(name="Wire", base_url=BASE_URL, codebook=CODEBOOK, providers=PROVIDERS.providers[:3])


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as hub:
        yield hub


@pytest.fixture
def fetcher(clock: ManualClock) -> Iterator[Fetcher]:
    with Fetcher(user_agent="x", clock=clock, allow=(ip_network("127.0.0.0/8"),), host_gap=timedelta()) as fetcher:
        yield fetcher


def publish_in(database: Database, clock: ManualClock, folder: Path, site: Site) -> None:
    publish(database, clock, public_dir=folder, site=site, sections=(Feeds(House(site=site, guide="")),))


def test_a_publication_is_told_to_the_hub_through_the_outbox_o9(
    database: Database, clock: ManualClock, tmp_path: Path, hub: Hub, fetcher: Fetcher
) -> None:
    site = replace(PLAIN, hub=hub.url)
    with database.write() as tx:
        publish_past(tx, 1, at=START, codes=("M2", "F4"))
    publish_in(database, clock, tmp_path, site)
    with database.read() as tx:
        (message,) = list_undelivered(tx)
    assert (message.channel, message.subject) == (CHANNEL, hub.url)
    report = deliver(database, clock, hub_doors(site, fetcher), owner="test")
    assert (report.delivered_count, report.failed_count) == (1, 0)
    assert hub.asked == [{"hub.mode": "publish", "hub.url": f"{BASE_URL}/feed.atom"}]
    assert hub.told == json.loads(message.body)
    assert set(hub.told) == {
        f"{BASE_URL}/{stem}.{form}"
        for stem in ("feed", "providers/anthropic/feed", "feeds/sev/2", "feeds/code/M2", "feeds/code/F4")
        for form in ("atom", "rss", "json")
    } | {f"{BASE_URL}/feeds/standard/single-source.{form}" for form in ("atom", "rss", "json")}
    assert all((tmp_path / url.removeprefix(f"{BASE_URL}/")).is_file() for url in hub.told)
    publish_in(database, clock, tmp_path, site)
    assert deliver(database, clock, hub_doors(site, fetcher), owner="test").delivered_count == 0


def test_a_hub_that_is_down_is_told_later_f11_o9(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path, hub: Hub, fetcher: Fetcher
) -> None:
    site = replace(PLAIN, hub=hub.url)
    hub.answers = [500]
    many_past(sqlite_database, 1)
    publish_in(sqlite_database, clock, tmp_path, site)
    doors = hub_doors(site, fetcher)
    assert deliver(sqlite_database, clock, doors, owner="test").failed_count == 1
    with sqlite_database.read() as tx:
        (message,) = list_undelivered(tx)
    assert "the hub did not take it" in (message.note or "")
    clock.advance(minutes=5)
    assert deliver(sqlite_database, clock, doors, owner="test").delivered_count == 1
    assert f"{BASE_URL}/feed.atom" in hub.told


def test_many_publications_at_once_are_one_message_that_names_each_feed_once_o9(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    site = replace(PLAIN, hub="https://hub.example/")
    many_past(sqlite_database, 30)
    publish_in(sqlite_database, clock, tmp_path, site)
    with sqlite_database.read() as tx:
        (message,) = list_undelivered(tx)
        until = read_edition(tx).number
    topics = json.loads(message.body)
    assert len(topics) == len(set(topics)) > 30
    assert announce(sqlite_database, clock, site, until=until) == 0


def test_a_take_down_is_told_to_the_hub_once_its_tombstones_lie_there_o6_o9(
    sqlite_database: Database, clock: ManualClock, tmp_path: Path, hub: Hub, fetcher: Fetcher
) -> None:
    site = replace(PLAIN, hub=hub.url)
    (wire,) = many_past(sqlite_database, 1)
    publish_in(sqlite_database, clock, tmp_path, site)
    deliver(sqlite_database, clock, hub_doors(site, fetcher), owner="test")
    before, hub.told[:] = sorted(hub.told), []
    take_down(sqlite_database, clock, wire, who="ada", reason=TakeDownReason.ORDER, note="by order of a court")
    publish_in(sqlite_database, clock, tmp_path, site)
    assert deliver(sqlite_database, clock, hub_doors(site, fetcher), owner="test").delivered_count == 1
    assert sorted(hub.told) == before
    for url in hub.told:
        assert "was taken down" in (tmp_path / url.removeprefix(f"{BASE_URL}/")).read_text()


def test_without_a_hub_nothing_is_written(sqlite_database: Database, clock: ManualClock, tmp_path: Path) -> None:
    many_past(sqlite_database, 1)
    publish_in(sqlite_database, clock, tmp_path, PLAIN)
    with sqlite_database.read() as tx:
        assert list_undelivered(tx) == ()
    assert "hub" not in (tmp_path / "feed.atom").read_text()
