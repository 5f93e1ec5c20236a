"""`monitor poll` as an operator meets it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor import __version__
from monitor.cli.commands import make_app
from monitor.errors import Unknown
from monitor.model import Origin, Publisher, PublisherId, Source, SourceId, Tier
from monitor.store import sources
from monitor.store.database import Database
from tests.net.servers import RecordingServer, http

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FEED = b"<rss version='2.0'><channel><title>P</title><item><title>a</title><guid>a</guid></item></channel></rss>"


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer({"/feed": http(200, FEED, ("ETag", '"1"'))}) as opened:
        yield opened


@pytest.fixture
def newsroom(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    for name in [name for name in os.environ if name.startswith("MONITOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MONITOR_ALLOW_ADDRESSES", "127.0.0.0/8")
    monkeypatch.setenv("MONITOR_LOG_LEVEL", "error")
    monkeypatch.setenv("MONITOR_WORKERS", "1")
    database = Database(sqlite_url)
    yield database
    database.close()


def add(database: Database, name: str, url: str) -> None:
    with database.write() as tx:
        sources.record_publishers(tx, [Publisher(id=PublisherId("paper"), name="The Paper")])
        source = Source(
            id=SourceId(name),
            name=name,
            url=url,
            origin=Origin.PRESS,
            tier=Tier.SECONDARY,
            publisher=PublisherId("paper"),
        )
        sources.add_source(tx, source, now=NOW)


def run(*arguments: str) -> tuple[str, str]:
    result = CliRunner().invoke(make_app(), arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout, result.stderr


def test_poll_says_what_came_in_and_which_sources_failed(newsroom: Database, server: RecordingServer) -> None:
    add(newsroom, "good", server.url("/feed"))
    add(newsroom, "bad", server.url("/none"))
    said, told = run("poll")
    assert said == "2 polled: 1 with news (1 new entries), 1 failed.\n"
    assert "bad: not-found: answered 404: not found" in told
    assert run("poll")[0] == "No source is due.\n"


def test_poll_names_itself_and_warns_without_a_contact_p17(
    newsroom: Database, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(newsroom, "good", server.url("/feed"))
    assert "MONITOR_CONTACT is not set" in run("poll")[1]
    monkeypatch.setenv("MONITOR_CONTACT", "desk@paper.example")
    monkeypatch.setenv("MONITOR_BASE_URL", "https://paper.example")
    assert "MONITOR_CONTACT" not in run("poll", "good")[1]
    agents = [request.header("User-Agent") for request in server.requests]
    assert agents[1] == f"Monitor/{__version__} (+https://paper.example; desk@paper.example)"


def test_a_named_source_is_polled_now_and_says_which_rule_decides_p26(
    newsroom: Database, server: RecordingServer
) -> None:
    add(newsroom, "good", server.url("/feed"))
    run("poll")
    told = run("poll", "good")[1]
    assert "good: unchanged: 200, the same document as before; next 20" in told
    assert "its own pace" in told
    with pytest.raises(Unknown, match="no source 'nowhere'"):
        run("poll", "nowhere")


def test_where_nothing_can_be_reached_poll_says_so_and_names_the_demo(newsroom: Database) -> None:
    add(newsroom, "one", "http://nobody.invalid/feed")
    said, _ = run("poll")
    assert said.startswith("No source could be reached: not one of 1 answered.")
    assert "make demo" in said


def test_poll_speaks_json(newsroom: Database, server: RecordingServer) -> None:
    add(newsroom, "good", server.url("/feed"))
    (line,) = json.loads(run("poll", "--json")[0])["lines"]
    assert (line["source"], line["outcome"], line["new_entry_count"]) == ("good", "new", 1)


def test_help_has_an_example() -> None:
    assert "Example: monitor poll" in " ".join(run("poll", "--help")[0].split())
