"""`monitor sources` as an operator meets it: look, add, edit, act, import and export, on a real feed server."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import select
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typer
from typer.testing import CliRunner

from monitor.cli.commands import make_app
from monitor.errors import FaultyFile, IllegalDecision, Unknown
from monitor.jobs.sync import read_file
from monitor.model import Held, Kind, Source, SourceId
from monitor.shipped import shipped_path
from monitor.store.database import Database
from monitor.store.leases import lease_due_sources
from monitor.store.people import list_audit
from monitor.store.polls import get_poll_state, record_state
from tests.net.servers import RecordingServer, http

ROOT = Path(__file__).parents[2]
FEED = (
    b"<rss version='2.0'><channel><title>Acme Letters</title><link>https://acme.example/</link><language>en</language>"
    b"<item><title>First</title><guid>a</guid><pubDate>Mon, 02 Mar 2026 07:00:00 GMT</pubDate></item>"
    b"<item><title>Second</title><guid>b</guid></item></channel></rss>"
)
FEEDS = """\
# Ours.
publishers:
  - id: gazette
    name: The Gazette
    domains: [gazette.example]
sources:
  - id: one   # the first
    name: One
    url: %s
    origin: research
    tier: tertiary
    publisher: gazette
"""


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    answers = {"/feed": http(200, FEED, ("ETag", '"1"'), ("Content-Type", "application/rss+xml"))}
    with RecordingServer(answers) as opened:
        yield opened


@pytest.fixture
def here(tmp_path: Path, sqlite_url: str, server: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a feeds.yaml of one source that leads nowhere, and a migrated database."""
    for name in [name for name in os.environ if name.startswith("MONITOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("MONITOR_ALLOW_ADDRESSES", "127.0.0.0/8")
    monkeypatch.setenv("MONITOR_CONTACT", "desk@paper.example")
    monkeypatch.setenv("MONITOR_LOG_LEVEL", "error")
    monkeypatch.setenv("MONITOR_WORKERS", "1")
    (tmp_path / "feeds.yaml").write_text(FEEDS % server.url("/none"))
    run("sync")
    return tmp_path


def run(*arguments: str, given: str | None = None) -> tuple[str, str]:
    result = CliRunner().invoke(make_app(arguments), arguments, input=given, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout, result.stderr


def add_good(here: Path, server: RecordingServer) -> None:
    """A second source, by hand: to look at an address takes requests, seconds apart."""
    more = (
        f"  - {{id: good, name: Good, url: '{server.url('/feed')}', origin: press, tier: primary, publisher: gazette}}"
    )
    with (here / "feeds.yaml").open("a") as file:
        file.write(more + "\n")
    run("sync")


def named(here: Path, key: str) -> Source:
    return next(source for source in read_file(here / "feeds.yaml").sources if source.id == key)


def audited(url: str) -> list[tuple[str, str, str]]:
    database = Database(url)
    with database.read() as tx:
        found = [(line.who, line.what, line.subject) for line in reversed(list_audit(tx))]
    database.close()
    return found


def put(database_url: str, key: str, **changes: object) -> None:
    """Let a source stand otherwise, as a poll would record it."""
    database, now = Database(database_url), datetime.now(UTC)
    with database.write() as tx:
        lease_due_sources(tx, owner="test", now=now + timedelta(days=9), lease_for=timedelta(minutes=5), limit=10)
        state = get_poll_state(tx, SourceId(key))
        record_state(tx, replace(state, **changes), owner="test")  # type: ignore[arg-type]
    database.close()


# --- look ---------------------------------------------------------------------------------------------------------


def test_the_list_says_state_why_and_what_is_next(here: Path, server: RecordingServer) -> None:
    add_good(here, server)
    run("poll")
    lines = {line.split("\t")[0]: line.split("\t") for line in run("sources")[0].splitlines()}
    assert [(key, line[1], line[2]) for key, line in sorted(lines.items())] == [
        ("good", "feed", "healthy"),
        ("one", "feed", "failing"),
    ]
    assert "404" in lines["one"][4]
    assert lines["one"][6] > lines["one"][3], "the next poll has its time"
    listed = {source["id"]: source for source in json.loads(run("sources", "--json")[0])}
    assert (listed["good"]["kind"], listed["good"]["entry_count"], listed["good"]["health"]) == ("feed", 2, "healthy")
    assert listed["one"]["failing_since"]
    assert listed["one"]["next_poll_at"] > listed["one"]["last_polled_at"]


def test_show_says_everything_about_one_source(here: Path, server: RecordingServer) -> None:
    add_good(here, server)
    run("poll")
    said = run("sources", "show", "good")[0]
    assert said.startswith("good  Good\nstate       healthy")
    assert f"address     {server.url('/feed')} (feed)" in said
    assert "entries     2; the last new one 20" in said
    assert f"30 days     {'_' * 29}█  new entries a day, 2 at most" in said
    assert "200, 2 new entries" in said
    assert "next poll   20" in said
    said = run("sources", "show", "one")[0]
    assert f"            {'_' * 29}!  days with errors, 1 in all" in said
    shown = json.loads(run("sources", "show", "good", "--json")[0])
    assert (shown["days"][0]["new_entry_count"], shown["polls"][0]["new_entry_count"], shown["held"]) == (2, 2, None)
    with pytest.raises(Unknown, match="nowhere"):
        run("sources", "show", "nowhere")


# --- add, edit, remove --------------------------------------------------------------------------------------------


def test_add_finds_out_what_it_is_and_says_why(here: Path, server: RecordingServer, sqlite_url: str) -> None:
    said, told = run("sources", "add", server.url("/feed"))
    assert "1. feed" in said
    assert "is new" in told
    assert "press, secondary: nothing says otherwise" in told
    assert "feeds.yaml: 1 added" in said
    (source,) = [s for s in read_file(here / "feeds.yaml").sources if s.id != "one"]
    assert (source.name, source.url, source.language) == ("Acme Letters", server.url("/feed"), "en")
    assert (here / "feeds.yaml").read_text().startswith("# Ours.\n")
    assert audited(sqlite_url) == [("command line", "source.add", f"source {source.id}")]
    with pytest.raises(IllegalDecision, match=f"is the address of {source.id} already"):
        run("sources", "add", server.url("/feed"))


def test_what_is_said_is_taken_and_the_rest_is_as_the_publishers_others(here: Path, server: RecordingServer) -> None:
    said = {"publisher": "gazette", "id": "mine", "name": "Mine: AI", "every": "2h"}
    options = [word for key, value in said.items() for word in (f"--{key}", value)]
    told = run("sources", "add", server.url("/feed"), *options)[1]
    assert "research, tertiary: as one, of the same publisher" in told
    source = named(here, "mine")
    assert (source.name, source.origin, source.tier, source.cadence) == (
        "Mine: AI",
        "research",
        "tertiary",
        timedelta(hours=2),
    )
    with pytest.raises(FaultyFile, match="did you mean gazette"):
        run("sources", "add", server.url("/other"), "--publisher", "gazete")
    with pytest.raises(FaultyFile, match="the id one is that of"):
        run("sources", "add", server.url("/other"), "--id", "one")
    assert "/other" not in {request.path for request in server.requests}, "faults of the command are told first"


def test_where_nothing_is_found_nothing_is_added_unless_its_kind_is_said(here: Path, server: RecordingServer) -> None:
    before = (here / "feeds.yaml").read_text()
    with pytest.raises(IllegalDecision, match="Nothing was added"):
        run("sources", "add", server.url("/nothing"))
    assert (here / "feeds.yaml").read_text() == before
    told = run("sources", "add", server.url("/nothing"), "--kind", "feed", "--id", "later")[1]
    assert "because you said so" in told
    assert named(here, "later").kind is Kind.FEED


def test_a_mailbox_is_added_and_its_password_is_asked_for_apart(here: Path) -> None:
    told = run("sources", "add", "imaps://desk%40example.org@imap.example.org/INBOX", "--id", "letter")[1]
    assert "monitor sources password letter" in told
    assert named(here, "letter").kind is Kind.MAILBOX
    said = run("sources", "password", "letter", "--password-stdin", given="hunter2\n")[0]
    path = here / "var" / "secrets" / "letter"
    assert str(path) in said
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("hunter2\n", 0o600)
    with pytest.raises(IllegalDecision, match="holds a password: take it out"):
        run("sources", "add", "imaps://desk:hunter2@imap.example.org/INBOX")
    with pytest.raises(IllegalDecision, match="There is no terminal"):
        run("sources", "password", "letter")


def test_edit_changes_keys_and_takes_them_out(here: Path, sqlite_url: str) -> None:
    before = (here / "feeds.yaml").read_text()
    run("sources", "edit", "one", "--name", "One: AI", "--every", "6h", "--language", "no")
    source = named(here, "one")
    assert (source.name, source.cadence, source.language) == ("One: AI", timedelta(hours=6), "no")
    run("sources", "edit", "one", "--name", "One", "--every", "", "--language", "")
    assert (here / "feeds.yaml").read_text() == before.replace("name: One", 'name: "One"')
    assert [line[1] for line in audited(sqlite_url)] == ["source.change", "source.change"]
    with pytest.raises(IllegalDecision, match="not a distance such as 30m"):
        run("sources", "edit", "one", "--every", "daily")
    with pytest.raises(FaultyFile, match="under 15 minutes"):
        run("sources", "edit", "one", "--every", "5m")
    with pytest.raises(Unknown, match="no source 'two'"):
        run("sources", "edit", "two", "--name", "x")


def test_remove_takes_it_out_and_keeps_what_it_brought(here: Path, server: RecordingServer) -> None:
    add_good(here, server)
    run("sources", "poll", "good")
    assert "good is removed; what it brought stays" in run("sources", "remove", "good")[0]
    assert [s.id for s in read_file(here / "feeds.yaml").sources] == ["one"]
    (gone,) = [s for s in json.loads(run("sources", "--json")[0]) if s["id"] == "good"]
    assert (gone["health"], gone["entry_count"], gone["next_poll_at"]) == ("retired", 2, None)


def test_on_a_terminal_it_asks_once_and_no_changes_nothing(here: Path) -> None:
    before = (here / "feeds.yaml").read_text()
    words = [sys.executable, "-m", "monitor", "sources", "remove", "one"]
    shown, status = at_a_terminal(words, answer="n\n", cwd=here)
    assert "Take one (One) out of feeds.yaml? [Y/n]" in shown
    assert status != 0
    assert (here / "feeds.yaml").read_text() == before


def at_a_terminal(words: list[str], *, answer: str, cwd: Path) -> tuple[str, int]:
    """What a command shows to somebody who gives one answer when asked."""
    controller, terminal = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120", "TERM": "xterm"}
    process = subprocess.Popen(words, stdin=terminal, stdout=terminal, stderr=terminal, cwd=cwd, env=env)
    os.close(terminal)
    shown, ends_at, is_answered = b"", time.monotonic() + 120, False
    while time.monotonic() < ends_at and select.select([controller], [], [], 120)[0]:
        try:
            shown += os.read(controller, 4096)
        except OSError:  # the other end is closed
            break
        if b"[Y/n]" in shown and not is_answered:
            os.write(controller, answer.encode())
            is_answered = True
    os.close(controller)
    return shown.decode(), process.wait(timeout=60)


def test_without_a_file_of_ones_own_the_first_edit_makes_a_copy_of_the_shipped_one(here: Path) -> None:
    (here / "feeds.yaml").unlink()
    said = run("sources", "edit", "openai-news", "--every", "4h")[0]
    assert said.startswith(f"openai-news is changed. {here}/var/feeds.yaml: ")
    lines = (here / "var" / "feeds.yaml").read_text().splitlines()
    assert set(lines) - set(shipped_path("feeds.yaml").read_text().splitlines()) <= {"    every: 4h"}
    assert len(lines) == len(shipped_path("feeds.yaml").read_text().splitlines()) + 1


# --- one action each ----------------------------------------------------------------------------------------------


def test_pause_and_resume_say_what_changed(here: Path, server: RecordingServer, sqlite_url: str) -> None:
    add_good(here, server)
    assert run("sources", "pause", "good", "one")[0] == "good is paused.\none is paused.\n"
    assert run("sources", "pause", "good")[0] == "good was already: nothing changed.\n"
    assert "it is paused" in run("sources", "poll", "good")[1]
    assert not server.requests
    assert run("sources", "resume", "good")[0] == "good is polled again.\n"
    assert json.loads(run("sources", "poll", "good", "--json")[0])["lines"][0]["new_entry_count"] == 2
    assert [line[1] for line in audited(sqlite_url)] == ["source.pause", "source.pause", "source.resume"]


def test_a_held_back_change_is_confirmed_with_one_command_h19(here: Path, sqlite_url: str) -> None:
    held = Held(since=datetime.now(UTC), title="Casino News", feed_id=None, entry_titles=("Win",))
    put(sqlite_url, "one", held=held)
    assert "held back   now calls itself Casino News" in run("sources", "show", "one")[0]
    assert run("sources", "confirm", "one")[0] == "one: Casino News is taken at the next poll.\n"
    with pytest.raises(IllegalDecision, match="Nothing of one is held back"):
        run("sources", "confirm", "one")


def test_a_learnt_url_is_restored_or_adopted_with_one_command_p15(
    here: Path, server: RecordingServer, sqlite_url: str
) -> None:
    put(sqlite_url, "one", url=server.url("/new"), moved_at=datetime.now(UTC))
    assert f"polled at   {server.url('/new')}" in run("sources", "show", "one")[0]
    assert run("sources", "restore", "one")[0] == f"one is polled at {server.url('/none')} again, from now on.\n"
    put(sqlite_url, "one", url=server.url("/new"), moved_at=datetime.now(UTC))
    assert "one has its new address in feeds.yaml" in run("sources", "adopt", "one")[0]
    assert (here / "feeds.yaml").read_text() == FEEDS % server.url("/new")
    with pytest.raises(IllegalDecision, match="no other was learnt"):
        run("sources", "restore", "one")


# --- lists --------------------------------------------------------------------------------------------------------


def test_a_list_comes_in_and_all_sources_go_out(here: Path, server: RecordingServer) -> None:
    (here / "mine.opml").write_text(
        '<opml version="2.0"><body><outline text="Regulators">\n'
        '<outline text="The Office" xmlUrl="https://office.example/feed"/>\n'
        '<outline text="Secret" xmlUrl="file:///etc/passwd"/></outline>\n'
        f'<outline text="One" xmlUrl="{server.url("/none")}"/></body></opml>'
    )
    said, told = run("sources", "import", "mine.opml")
    assert said == "1 added, 1 known already, 1 refused; 1 new publishers.\n"
    assert told.startswith("mine.opml:3: Secret: the URL's scheme is file")
    assert named(here, "the-office").origin == "regulator"
    assert json.loads(run("sources", "import", "mine.opml", "--json")[0])["known_count"] == 2
    outlines = ElementTree.fromstring(run("sources", "export", "--opml")[0]).findall("body/outline/outline")
    assert sorted(o.get("xmlUrl", "") for o in outlines) == [server.url("/none"), "https://office.example/feed"]
    rows = list(csv.DictReader(io.StringIO(run("sources", "export", "--csv")[0])))
    assert [(row["id"], row["health"]) for row in rows] == [("one", "new"), ("the-office", "new")]
    assert [row["id"] for row in json.loads(run("sources", "export", "--json")[0])] == ["one", "the-office"]
    with pytest.raises(IllegalDecision, match="Choose one"):
        run("sources", "export", "--csv", "--json")


def test_a_list_of_nothing_but_faults_changes_nothing(here: Path) -> None:
    before = (here / "feeds.yaml").read_text()
    (here / "bad.opml").write_text('<opml><body><outline text="x" xmlUrl="ftp://x.example/"/></body></opml>')
    assert run("sources", "import", "bad.opml")[0] == "0 added, 0 known already, 1 refused; 0 new publishers.\n"
    (here / "none.opml").write_text("nothing")
    with pytest.raises(FaultyFile, match=r"none.opml: the file: is not OPML"):
        run("sources", "import", "none.opml")
    assert (here / "feeds.yaml").read_text() == before


def commands() -> list[str]:
    group = typer.main.get_command(make_app(["sources"]))
    assert isinstance(group, typer.core.TyperGroup)
    found = group.commands["sources"]
    assert isinstance(found, typer.core.TyperGroup)
    return sorted(found.commands)


@pytest.mark.parametrize("command", ["", *commands()])
def test_every_command_has_an_example(command: str) -> None:
    said = " ".join(run("sources", *([command] if command else []), "--help")[0].split())
    assert f"Example: monitor sources {command}".strip() in said
