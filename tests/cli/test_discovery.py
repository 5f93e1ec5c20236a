"""`monitor sources try` as an operator meets it, on real servers; it needs no database."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from monitor.cli.commands import make_app
from tests.net.servers import RecordingServer, http

LISTINGS = Path(__file__).parents[1] / "data" / "listings"
HTML = ("Content-Type", "text/html")
HOSTILE = "Bad \x1b[31mred\x1b[0m [bold]news[/bold] \u202e"


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    items = "".join(f"<item><title>Story {n}</title><guid>{n}</guid></item>" for n in range(7))
    feed = f"<rss version='2.0'><channel><title>Acme</title><language>en</language>{items}</channel></rss>"
    odd = f"<ul><li><a href='/a'>{HOSTILE}</a></li><li><a href='/b'>Two</a></li></ul>"
    answers = {
        "/feed": http(200, feed.encode(), ("Content-Type", "application/rss+xml")),
        "/news": http(200, (LISTINGS / "cards.html").read_bytes(), HTML),
        "/odd": http(200, odd.encode(), HTML),
    }
    with RecordingServer(answers) as opened:
        yield opened


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, and no database anywhere."""
    for name in [name for name in os.environ if name.startswith("MONITOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_ALLOW_ADDRESSES", "127.0.0.0/8")
    monkeypatch.setenv("MONITOR_DATABASE_URL", f"sqlite:///{tmp_path}/never.db")
    monkeypatch.setenv("MONITOR_LOG_LEVEL", "error")


def try_(*arguments: str) -> Result:
    words = ("sources", "try", *arguments)
    return CliRunner().invoke(make_app(words), words, catch_exceptions=False)


def test_it_shows_what_it_would_take_and_stores_nothing(server: RecordingServer, tmp_path: Path) -> None:
    found = try_(server.url("/feed"))
    assert found.exit_code == 0
    assert found.stdout.splitlines() == [
        f"{server.url('/feed')}: one way to follow it.",
        f"1. feed  {server.url('/feed')}",
        "   Acme, in en",
        "   an RSS feed of 7 entries; the address itself",
        *(f"     no date     Story {n}" for n in range(5)),
        "   as: id 127-feed, publisher 127.0.0.1"
        if "127-feed" in found.stdout
        else "   as: id 127, publisher 127.0.0.1",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_page_is_shown_with_its_selector_and_its_sample(server: RecordingServer) -> None:
    found = try_(server.url("/news"), "--selector", ".news-card h3 a")
    lines = found.stdout.splitlines()
    assert "   selector: .news-card h3 a" in lines
    assert "     2026-03-01  Incident report on the March outage" in lines
    assert any(line.startswith("   or: .news-card a  (4 links") for line in lines)
    assert server.paths == ["/news"]


def test_json_has_every_detail(server: RecordingServer) -> None:
    said = json.loads(try_(server.url("/news"), "--selector", ".news-card a", "--json").stdout)
    (finding,) = said["found"]
    assert (finding["kind"], finding["selector"], finding["entry_count"]) == ("page", ".news-card a", 4)
    assert finding["entries"][0]["published_at"] == "2026-03-01T09:00:00+00:00"
    assert finding["proposals"][0]["sample"][0]["title"] == "Incident report on the March outage"


def test_where_nothing_is_found_it_says_why_and_fails(server: RecordingServer) -> None:
    for address, words in (
        (server.url("/none"), "there is nothing at this address"),
        ("http://10.0.0.1/", "refused-address"),
        ("javascript:alert(1)", "neither http nor https"),
    ):
        found = try_(address)
        assert (found.exit_code, found.stdout) == (1, "")
        assert words in found.stderr


def test_a_selector_that_is_none_is_said(server: RecordingServer) -> None:
    found = try_(server.url("/news"), "--selector", "a[[")
    assert found.exit_code == 1
    assert "the selector a[[ cannot be used" in found.stderr


def test_words_from_outside_are_words_and_nothing_else_h29(server: RecordingServer) -> None:
    found = try_(server.url("/odd"), "--selector", "li a")
    assert "\x1b" not in found.stdout
    assert "[bold]news[/bold]" in found.stdout
