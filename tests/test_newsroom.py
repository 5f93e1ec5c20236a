"""The whole newsroom as a user meets it: real processes, real HTTP, real databases; only the press is invented.

From an empty folder to a wire in a reader's feed program; started again, killed, doubled, and cut off from the world.
"""

from __future__ import annotations

import html
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import httpx
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner, Result

from monitor.cli.commands import make_app
from monitor.errors import IllegalDecision
from monitor.jobs.rulebook import read_rulebook
from monitor.model import no_progress
from monitor.press import Press
from monitor.stages.syndicate import inert
from monitor.store.database import Database
from tests.conftest import ManualClock, need
from tests.jobs.test_import_wires import a_record
from tests.net.servers import Recorded, RecordingServer, http
from tests.newsroom import (
    LINK,
    Monitor,
    Rounds,
    catalogue,
    environment,
    feed_urls,
    feeds_asked,
    free_port,
    is_all_done,
    number,
    rows,
    stock,
    work_through,
)
from tests.web.conftest import value_of
from tests.wires import a_released_wire

PASSWORD = "a long sentence to remember"
KILLS, SEED = 8, 2026
SOURCES_FOR_TWO = 72  # more than one process takes at once, so that two must share them
PAGE_EVERY = 6  # one in so many entries has a page: each page takes four polite seconds
EMPTY_FEED = b"<rss version='2.0'><channel><title>Late</title><link>http://late.example/</link></channel></rss>"


@pytest.fixture
def press() -> Iterator[Press]:
    """The first hours of the press, which end now and go no further, so that two rounds meet the same news."""
    now = datetime.now(UTC).replace(microsecond=0)
    with Press(ManualClock(now), start=now - timedelta(hours=21), records_requests=True) as served:
        yield served


# --- 1. monitor run -----------------------------------------------------------------------------------------------


def test_run_polls_each_source_once_and_started_again_asks_nobody_early_p6_f15(press: Press, tmp_path: Path) -> None:
    settings = _settings_beside(press, tmp_path)
    with Monitor("run", tmp_path, settings) as newsroom:
        newsroom.wait_for(newsroom.answers)
        said = newsroom.said
        for path in ("/", "/desk", "/feed.atom"):
            assert f"{newsroom.url}{path}\n" in said
        _make_the_first_editor(newsroom.url, LINK.findall(said))
        with closing(Database(f"sqlite:///{tmp_path / 'var' / 'monitor.db'}")) as database:
            newsroom.wait_for(lambda: is_all_done(database))
            before, poll_count = stock(database), number(database, "SELECT count(*) FROM polls")
        assert newsroom.stop() < 10
        assert "Traceback" not in newsroom.complained
    assert Counter(feeds_asked(press)) == dict.fromkeys(feed_urls(press), 1)
    assert len(before["entries"]) == len(before["articles"]) == len(_told(press)) > 8

    # Started again with one source more: the newcomer is asked, which shows that a round was run, and nobody else.
    with RecordingServer({"/late": http(200, EMPTY_FEED, ("ETag", '"1"'))}) as late:
        sources = tmp_path / "sources.yaml"
        sources.write_text(
            f"{sources.read_text()}  - {{id: late, name: Late, url: 'http://late.localhost:{late.port}/late', "
            "origin: press, tier: secondary, publisher: meridane}\n"
        )
        known = len(press.requests)
        with Monitor("run", tmp_path, settings, port=newsroom.port) as newsroom:
            newsroom.wait_for(lambda: late.requests)
            with closing(Database(f"sqlite:///{tmp_path / 'var' / 'monitor.db'}")) as database:
                newsroom.wait_for(lambda: is_all_done(database))
                assert number(database, "SELECT count(*) FROM polls") == poll_count + 1
                assert stock(database) == before
            assert "/desk/first" not in newsroom.said
            assert newsroom.stop() < 10
    assert late.paths == ["/late"]
    assert press.requests[known:] == []


def _told(press: Press) -> list[str]:
    """The addresses of what is out, of the publishers that are followed."""
    followed = {url.removeprefix("http://").partition(".")[0] for url in feed_urls(press)}
    return [a.url for a in press.truth.out(press.now()) if a.publisher in followed]


def _settings_beside(press: Press, folder: Path) -> dict[str, object]:
    sources, providers, owners = (folder / f"{name}.yaml" for name in ("sources", "providers", "owners"))
    sources.write_text(catalogue(press))
    providers.write_text(press.providers_yaml())
    owners.write_text(press.owners_yaml())
    return {"sources": sources, "providers": providers, "owners": owners}


def _make_the_first_editor(url: str, links: list[str]) -> None:
    """Follow the one-time link as a browser does, sign in elsewhere, and find the link spent."""
    (link,) = links
    assert link.startswith(f"{url}/desk/first?token=")
    common: dict[str, Any] = {"base_url": url, "trust_env": False, "headers": {"origin": url}, "timeout": 30}
    with httpx.Client(**common) as browser:
        form = browser.get(link).text
        made = browser.post(
            "/desk/first",
            data={
                "csrf": value_of(form, "csrf"), "token": value_of(form, "token"),
                "name": "ada", "password": PASSWORD, "again": PASSWORD,
            },
        )  # fmt: skip
        assert (made.status_code, made.headers["location"]) == (303, "/desk")
        assert browser.get("/desk/queue").status_code == 200
    with httpx.Client(**common) as elsewhere:
        assert elsewhere.get(link).status_code == 403
        assert elsewhere.get("/desk/queue").status_code == 303
        csrf = value_of(elsewhere.get("/desk/login").text, "csrf")
        signed_in = elsewhere.post("/desk/login", data={"csrf": csrf, "name": "ada", "password": PASSWORD})
        assert signed_in.status_code == 303
        assert elsewhere.get("/desk/queue").status_code == 200


def test_run_says_plainly_that_no_source_can_be_reached_and_names_the_demo(tmp_path: Path) -> None:
    sources = tmp_path / "feeds.yaml"
    sources.write_text(_catalogue({f"s{n}": f"http://s{n}.localhost:{free_port()}/feed" for n in range(3)}))
    with Monitor("run", tmp_path, {}) as newsroom:
        newsroom.wait_for(lambda: "No source could be reached" in newsroom.complained)
        assert "run: make demo" in newsroom.complained
        assert newsroom.answers()
        assert newsroom.stop() < 10


def _catalogue(urls: dict[str, str]) -> str:
    sources = [
        {"id": key, "name": key, "url": url, "origin": "press", "tier": "secondary", "publisher": "all"}
        for key, url in urls.items()
    ]
    return json.dumps({"publishers": [{"id": "all", "name": "All"}], "sources": sources})


# --- 2. the main job by commands only -----------------------------------------------------------------------------


class Shell:
    """`monitor VERB …` as a person types it."""

    def run(self, *words: object) -> Result:
        spoken = [str(w) for w in words]
        return CliRunner().invoke(make_app(spoken), spoken)

    def said(self, *words: object) -> str:
        result = self.run(*words)
        assert result.exit_code == 0, (words, result.output, result.exception)
        return result.stdout

    def json(self, *words: object) -> Any:
        return json.loads(self.said(*words, "--json"))


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A command line in an empty folder."""
    wanted = environment(tmp_path, base_url="https://newsroom.example", log_level="error")
    for name in [n for n in os.environ if n.startswith("MONITOR_")]:
        monkeypatch.delenv(name)
    for name, value in wanted.items():
        if name.startswith("MONITOR_"):
            monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")
    return Shell()


def test_from_an_empty_database_to_a_readers_feed_by_commands_only(
    press: Press, shell: Shell, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in _settings_beside(press, tmp_path).items():
        monkeypatch.setenv(f"MONITOR_{name.upper()}", str(value))
    monkeypatch.setenv("MONITOR_DATABASE_URL", _emptied(database_url, tmp_path))
    _bring_the_news_in(shell, press)

    queue = shell.json("queue")
    told = max(queue, key=lambda c: c["source_count"])
    detail = shell.json("candidate", told["id"])
    urls = [a["url"] for a in detail["articles"]]
    (event,) = [e for e in press.truth.events if urls[0] in e.articles]
    assert detail["source_count"] == press.truth.expected_sources(event.id, press.now()) >= 2
    assert set(urls) <= set(event.articles)

    _try_the_other_decisions(shell, [c["id"] for c in queue if c["id"] != told["id"]], told["id"])

    file = _filled_in(shell.said("candidate", told["id"], "--draft"), tmp_path, [a["id"] for a in detail["articles"]])
    assert "released" in shell.said("accept", told["id"], "--wire", file)
    assert shell.said("publish").startswith("1 published")
    published = (tmp_path / "var" / "public" / "feed.atom").read_bytes()
    (entry,) = feedparser.parse(published).entries
    assert entry.title == "A headline of our own"
    assert {link.href for link in entry.links if link.rel in {"via", "related"}} == set(urls)
    assert len([link for link in entry.links if link.rel == "via"]) >= detail["source_count"]
    assert all(url in entry.content[0].value for url in urls)

    assert isinstance(shell.run("accept", told["id"], "--wire", file).exception, IllegalDecision)
    again = shell.json("publish")
    assert (again["published_count"], again["failed_count"], again["rendered_count"]) == (0, 0, 0)
    assert (tmp_path / "var" / "public" / "feed.atom").read_bytes() == published
    (wire,) = shell.json("wires")
    assert (wire["status"], wire["source_count"]) == ("published", detail["source_count"])


def _emptied(url: str, folder: Path) -> str:
    """The URL of a database without any table."""
    if url.startswith("sqlite"):
        return f"sqlite:///{folder / 'empty' / 'monitor.db'}"
    with closing(Database(url)) as database, database.engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    return url


def _bring_the_news_in(shell: Shell, press: Press) -> None:
    """Each verb does its work, and finds nothing to do when it is said again."""
    count = len(feed_urls(press))
    assert "upgraded from empty" in shell.said("db", "upgrade")
    assert "nothing to do" in shell.said("db", "upgrade")
    assert len(shell.json("sync")["added"]) == count
    again = shell.json("sync")
    assert (again["added"], again["changed"], again["retired"], again["unchanged_count"]) == ([], [], [], count)
    lines = shell.json("poll")["lines"]
    assert len(lines) == count
    assert not [line for line in lines if line["is_failure"]]
    assert shell.json("poll")["lines"] == []
    assert shell.said("poll").strip() == "No source is due."
    extracted = shell.json("extract")
    entry_count = sum(line["new_entry_count"] for line in lines)
    assert (
        sum(extracted.values()) == extracted["page_count"] + extracted["feed_count"] == entry_count == len(_told(press))
    )
    assert sum(shell.json("extract").values()) == 0
    assert shell.json("deduplicate")["article_count"] == entry_count
    assert shell.json("deduplicate")["article_count"] == 0
    assert Counter(feeds_asked(press)) == dict.fromkeys(feed_urls(press), 1)


def _filled_in(outline: str, folder: Path, articles: list[int]) -> Path:
    """The outline of a wire, filled in as an editor would."""
    draft = YAML(typ="safe").load(outline)
    assert draft["sources"] == articles
    draft |= {
        "headline": "A headline of our own",
        "severity": "SEV-3",
        "occurred_on": datetime.now(UTC).date() - timedelta(days=1),
        "body": "What happened. " + " ".join(f"[source](article:{a})" for a in articles),
        "rationale": "An AI system was at work.",
        "but_for": {
            "outcome": "what happened",
            "system": "the AI system",
            "role": "was at work",
            "without": "nothing would have happened",
            "support": articles[0],
            "confidence": "high",
        },
        "codes": ["M2", "F5"],
    }
    assert draft["providers"]
    file = folder / "wire.yaml"
    with file.open("w", encoding="utf-8") as written:
        YAML(typ="safe").dump(draft, written)
    return file


def _try_the_other_decisions(shell: Shell, others: list[int], main: int) -> None:
    """Reject, merge, split and snooze; undone, each leaves the queue as it was."""

    def waiting() -> set[int]:
        return {c["id"] for c in shell.json("queue")}

    before, (first, second, *_) = waiting(), others
    shell.said("reject", first, "--reason", "Only a launch.")
    assert waiting() == before - {first}
    shell.said("undo", first)
    shell.said("snooze", first, "--hours", 2)
    assert waiting() == before - {first}
    shell.said("undo", first)
    shell.said("merge", first, second)
    assert waiting() == before - {second}
    shell.said("undo", first)
    article = shell.json("candidate", main)["articles"][-1]["id"]
    opened = shell.json("split", main, article)["opened"]
    assert waiting() == before | {opened}
    shell.said("undo", main)
    assert waiting() == before
    assert isinstance(shell.run("undo", main).exception, IllegalDecision)


# --- 3. killed ----------------------------------------------------------------------------------------------------


def test_killed_at_random_moments_it_ends_as_if_undisturbed_f1_p1(
    press: Press, sqlite_template: Path, tmp_path: Path
) -> None:
    sources = tmp_path / "sources.yaml"
    sources.write_text(catalogue(press))
    calm = _with_two_wires(sqlite_template, tmp_path / "calm", press)
    calm.close()
    folder = tmp_path / "killed"
    shutil.copytree(tmp_path / "calm", folder)
    database = Database(f"sqlite:///{folder / 'monitor.db'}")
    told: list[int] = []
    work_through(
        calm, ManualClock(press.now()), sources=sources, folder=tmp_path / "calm", rules=read_rulebook(),
        step=lambda done, total: told.append(done),
    )  # fmt: skip
    undisturbed, step_count = stock(calm), len(told)
    assert number(calm, "SELECT count(*) FROM wires WHERE published_number IS NOT NULL") == 2
    calm.close()

    chosen, at, kill_count = random.Random(SEED), press.now(), 0
    with Rounds(database=str(database.url), sources=sources, folder=folder) as rounds:
        for _ in range(KILLS):
            asked, done = len(press.requests), _what_is_done(database)
            steps = chosen.randint(1, step_count * 2 // 3)
            status = rounds.kill_one(at, steps=steps, seconds=chosen.uniform(0, 0.05))
            assert status in {0, -signal.SIGKILL}
            _nobody_was_asked_again(press, asked, done)
            assert rows(database, "PRAGMA integrity_check") == [("ok",)]
            _is_absent_or_whole(folder / "feed.atom")
            at += timedelta(minutes=31)  # the leases of the dead have run out
            kill_count += status != 0
    assert kill_count >= KILLS // 4, "hardly a round was killed before its end"
    asked, done = len(press.requests), _what_is_done(database)
    work_through(
        database,
        ManualClock(at),
        sources=sources,
        folder=folder,
        rules=read_rulebook(),
        step=no_progress,
    )
    _nobody_was_asked_again(press, asked, done)
    assert stock(database) == undisturbed
    assert rows(database, "SELECT source_id, guid FROM entries GROUP BY 1, 2 HAVING count(*) > 1") == []
    assert rows(database, "PRAGMA integrity_check") == [("ok",)]
    assert rows(database, "PRAGMA foreign_key_check") == []
    shown = feedparser.parse((folder / "feed.atom").read_bytes()).entries
    assert sorted(e.id for e in shown) == [tag for (tag,) in rows(database, "SELECT tag FROM wires ORDER BY tag")]
    database.close()


def _with_two_wires(template: Path, folder: Path, press: Press) -> Database:
    """A migrated database in `folder` with two wires that wait for publication."""
    folder.mkdir()
    (folder / "monitor.db").write_bytes(template.read_bytes())
    database = Database(f"sqlite:///{folder / 'monitor.db'}")
    for day in (9, 8):
        a_released_wire(database, ManualClock(press.now() - timedelta(days=day)))
    return database


def _what_is_done(database: Database) -> tuple[set[str], set[str]]:
    """Feeds whose answer is kept with validators, and pages that were read."""
    feeds = rows(database, "SELECT url FROM poll_states WHERE etag IS NOT NULL OR last_modified IS NOT NULL")
    pages = rows(database, "SELECT canonical_url FROM articles WHERE snapshot_digest IS NOT NULL")
    return {url for (url,) in feeds}, {url for (url,) in pages}


def _nobody_was_asked_again(press: Press, since: int, done: tuple[set[str], set[str]]) -> None:
    """A feed that is kept is asked with conditions only (P1), a page that was read not at all (P22)."""
    feeds, pages = done
    for request in press.requests[since:]:
        url = press.root(request.host) + request.path
        is_conditional = {"if-none-match", "if-modified-since"} & request.headers.keys()
        assert is_conditional or url not in feeds, f"{url} was kept, and is asked in full"
        assert url.partition("?utm_")[0] not in pages, f"{url} was read, and is fetched again"


def _is_absent_or_whole(feed: Path) -> None:
    """F12."""
    if feed.exists():
        assert not feedparser.parse(feed.read_bytes()).bozo


# --- 4. two at once -----------------------------------------------------------------------------------------------


def test_two_daemons_on_one_database_do_everything_once_p23_f7(database_url: str, tmp_path: Path) -> None:
    url = _emptied(database_url, tmp_path)  # without a table: both migrate, read feeds.yaml and found the newsroom, too
    with _two_part_press() as (server, callers), closing(Database(url)) as database:
        sources = tmp_path / "sources.yaml"
        sources.write_text(
            _catalogue({f"s{n}": f"http://s{n}.localhost:{server.port}/f{n}" for n in range(SOURCES_FOR_TWO)})
        )
        common = {"sources": sources, "database_url": url}
        with (
            Monitor("work", tmp_path / "one", {**common, "contact": "one@newsroom.example"}) as one,
            Monitor("work", tmp_path / "two", {**common, "contact": "two@newsroom.example"}) as two,
        ):
            one.wait_for(lambda: "Working" in one.said)
            two.wait_for(lambda: "Working" in two.said)
            one.wait_for(lambda: two.process.poll() is None and is_all_done(database))
            assert one.stop() < 10
            assert two.stop() < 10
        assert {"one", "two"} <= callers, "both have polled"
        asked = Counter(server.paths)
        everything = [f"/f{n}" for n in range(SOURCES_FOR_TWO)] + [
            f"/p{n}" for n in range(0, SOURCES_FOR_TWO, PAGE_EVERY)
        ]
        assert {path: asked[path] for path in everything} == dict.fromkeys(everything, 1)
        for table in ("polls", "entries", "articles", "groupings", "memberships"):
            assert number(database, f"SELECT count(*) FROM {table}") == SOURCES_FOR_TWO, table
        for daemon in (one, two):
            assert "Traceback" not in daemon.complained
            assert "failed=" not in daemon.complained.replace("failed=0", "")


@contextmanager
def _two_part_press() -> Iterator[tuple[RecordingServer, set[str]]]:
    """Feeds of one entry, some with a page. They answer when two callers have asked: neither is alone."""
    callers: set[str] = set()
    both = threading.Event()
    with_page = range(0, SOURCES_FOR_TWO, PAGE_EVERY)

    def hear(request: Recorded) -> None:
        callers.update(re.findall(r"(\w+)@newsroom\.example", request.header("User-Agent") or ""))
        if len(callers) > 1:
            both.set()

    def feed(request: Recorded, _connection: socket.socket) -> bytes:
        hear(request)
        both.wait(40)
        n = request.path.removeprefix("/f")
        link = f"<link>http://{request.header('Host')}/p{n}</link>" if int(n) in with_page else ""
        said = f"<title>{_words(int(n), 6)}</title><description>{_words(int(n) + 4000, 40)}</description>"
        item = f"<item><guid>g{n}</guid>{link}{said}</item>"
        body = f"<rss version='2.0'><channel><title>{n}</title>{item}</channel></rss>"
        return http(200, body.encode(), ("Content-Type", "application/rss+xml"), ("ETag", f'"{n}"'))

    def page(request: Recorded, _connection: socket.socket) -> bytes:
        n = int(request.path.removeprefix("/p"))
        text = "".join(f"<p>{_words(n + 1000 * part, 40)}.</p>" for part in range(1, 4))
        body = f"<html><head><title>{_words(n, 6)}</title></head><body><article>{text}</article></body></html>"
        return http(200, body.encode(), ("Content-Type", "text/html; charset=utf-8"))

    answers: dict[str, Callable[[Recorded, socket.socket], bytes]] = {}
    answers |= {f"/f{n}": feed for n in range(SOURCES_FOR_TWO)} | {f"/p{n}": page for n in with_page}
    with RecordingServer(answers) as server:
        yield server, callers


def _words(number: int, count: int) -> str:
    """Words that no other number has."""
    chosen = random.Random(number)
    return " ".join("".join(chosen.choices("abcdefghijklmnoprstuvw", k=7)) for _ in range(count)).capitalize()


# --- 5. read back -------------------------------------------------------------------------------------------------


def test_thirty_wires_are_read_back_by_two_independent_readers_o12(
    shell: Shell, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = shutil.which("newsboat")
    if reader is None:
        need("newsboat is not installed (Debian: apt-get install newsboat)")
        return
    monkeypatch.setenv("MONITOR_DATABASE_URL", sqlite_url)
    file = tmp_path / "past.jsonl"
    file.write_text("".join(json.dumps(_past(n)) + "\n" for n in range(30)))
    assert "30 wires imported" in shell.said("archive", "import-wires", file, "--rationale", "All were read.")
    wanted = {w["tag"]: w["headline"] for w in shell.json("wires")}
    assert len(wanted) == len(set(wanted.values())) == 30

    with Monitor("serve", tmp_path, {"database_url": sqlite_url, "base_url": "https://newsroom.example"}) as served:
        served.wait_for(served.answers)
        body = httpx.get(f"{served.url}/feed.atom", trust_env=False).content
        heard = _heard_by_newsboat(reader, f"{served.url}/feed.atom", tmp_path / "newsboat")
        heard_as_rss = _heard_by_newsboat(reader, f"{served.url}/feed.rss", tmp_path / "newsboat of RSS")
        assert served.stop() < 10
    parsed = feedparser.parse(body)
    assert not parsed.bozo
    assert {e.id: _plain(e.title_detail) for e in parsed.entries} == wanted
    assert heard == wanted
    assert heard_as_rss == {tag: inert(headline) for tag, headline in wanted.items()}


def _plain(title: Any) -> str:
    """What a reader shows of a title that says whether it is HTML."""
    return html.unescape(title.value) if title.type == "text/html" else str(title.value)


def _past(n: int) -> dict[str, Any]:
    """A finished wire; some titles are such as readers stumble over."""
    awkward = [
        "Tom & Jerry’s “AI” <b>said</b> it",
        "1 < 2 &amp; 3 > 2",
        "人工智能系统出错",
        "هوش مصنوعی",
        "Ça, c'est l’été",
    ]
    headline = f"{awkward[n]} {n}" if n < len(awkward) else f"Chatbot invents refund number {n}"
    day = datetime(2024, 2, 16, 9, tzinfo=UTC) + timedelta(days=n)
    return a_record(
        id=f"past-{n}", headline=headline, occurred_on=day.date().isoformat(), published=day.isoformat(),
        body="It promised. [source](1)",
        sources=[{"url": f"https://gazette.example/{n}", "title": f"A refund, {n}", "publisher": "Gazette"}],
    )  # fmt: skip


def _heard_by_newsboat(reader: str, url: str, folder: Path) -> dict[str, str]:
    """Ids and titles as newsboat keeps them after it has read `url`."""
    folder.mkdir()
    (folder / "urls").write_text(f"{url}\n")
    (folder / "config").write_text("")
    files = ["-u", str(folder / "urls"), "-c", str(folder / "cache.db"), "-C", str(folder / "config")]
    subprocess.run(
        [reader, "-q", *files, "-x", "reload"],
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, check=True, timeout=60,
        stdin=subprocess.DEVNULL, capture_output=True,
    )  # fmt: skip
    with closing(sqlite3.connect(folder / "cache.db")) as cache:
        return dict(cache.execute("SELECT guid, title FROM rss_item"))
