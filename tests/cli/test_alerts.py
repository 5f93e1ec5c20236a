"""`monitor alerts`: what would be told, what could not be sent, and a test message, as an operator types them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli.commands import make_app
from monitor.clock import SystemClock
from monitor.jobs.alerts import channel_of
from monitor.jobs.outbox import deliver
from monitor.model import Delivery, Origin, Publisher, PublisherId, Source, SourceId, Tier
from monitor.store import leases, outbox, polls, sources
from monitor.store.database import Database
from tests.net.servers import RecordingServer, http


@pytest.fixture
def database(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path))
    opened = Database(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer({"/in": http(200), "/bad/s3cret": http(403)}) as opened:
        yield opened


def run(*words: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(make_app(), ["alerts", *words], catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result.output


def test_without_addresses_it_says_so(database: Database) -> None:
    assert "MONITOR_ALERTS is not set" in run()
    assert "MONITOR_ALERTS is not set" in run("test", exit_code=1)


def test_a_test_message_goes_to_every_address_and_each_answer_is_said(
    database: Database, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"json://127.0.0.1:{server.port}"
    monkeypatch.setenv("MONITOR_ALERTS", f"{url}/in {url}/bad/s3cret")
    said = run("test", exit_code=1)
    assert sorted(server.paths) == ["/bad/s3cret", "/in"]
    assert said.count("json://…") == 2
    assert ": delivered: accepted" in said
    assert ": not delivered: " in said
    assert "s3cret" not in said


def test_the_list_names_what_would_be_told_and_what_could_not_be_sent(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, address = SystemClock(), "slack://s3cret1/s3cret2/s3cret3"
    monkeypatch.setenv("MONITOR_ALERTS", address)
    source = Source(
        id=SourceId("paper"),
        name="Paper",
        url="https://paper.example/feed",
        origin=Origin.PRESS,
        tier=Tier.SECONDARY,
        publisher=PublisherId("paper"),
    )
    with database.write() as tx:
        sources.record_publishers(tx, [Publisher(id=PublisherId("paper"), name="The Paper")])
        sources.add_source(tx, source, now=clock.now())
        state = replace(polls.get_poll_state(tx, source.id), is_gone=True, gone_at=clock.now(), last_outcome="410")
        leases.lease_source(tx, source.id, now=clock.now(), owner="one", lease_for=timedelta(minutes=1))
        polls.record_state(tx, state, owner="one")
        outbox.add_message(tx, key="k", channel=channel_of(address), subject="old news", body="b", now=clock.now())
    deliver(
        database, clock, {channel_of(address): lambda _: Delivery(is_delivered=False, detail="it is down")}, owner="one"
    )
    said = run()
    assert "To be told now: 1\n  new   paper: gone. " in said
    assert "to slack://… (" in said
    assert "it is down: old news" in said
    assert "s3cret" not in said
    listed = json.loads(run("--json"))
    assert [alert["source"] for alert in listed["alerts"]] == ["paper"]
    assert [message["note"] for message in listed["undelivered"]] == ["it is down"]
