"""One article for ever, under whatever address it is met: feeds and pages from real servers, and what comes of them.

The cases are data: `tests/data/addresses/cases.yaml`.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from ruamel.yaml import YAML

from monitor.jobs.extract import ExtractReport
from monitor.jobs.workers import Workers
from monitor.store.articles import get_snapshot_body, list_versions
from monitor.store.database import Database
from tests.conftest import ManualClock
from tests.jobs.pressroom import CANONICAL, Pressroom
from tests.net.servers import Answer, Recorded, RecordingServer, http, moved

CASES = YAML(typ="safe").load(Path(__file__).parents[1] / "data/addresses/cases.yaml")
HEADLINE = "Dispatch assistant switched off"
TEXTS = {
    "one": (
        "The council of Northport switched off its new dispatch assistant after it sent two crews to a wrong street.",
        "Residents of Mill Lane had waited forty minutes for an engine that stood two streets away.",
        "Dispatchers work with paper maps until an inquiry has said what went wrong, the council told reporters.",
    ),
    "two": (
        "No train ran south of Harrow this morning since a points heater failed, and engineers look for its cause.",
        "Buses take commuters as far as the old depot, where three extra coaches were put on before noon.",
        "The operator expects an ordinary timetable by the evening and pays for taxis where connections broke.",
    ),
    "three": (
        "Inspectors found rust in eleven of the cables that hold the bridge and closed it to all until spring.",
        "Lorries have to go round by the ferry, which doubled its crossings and still left a queue of a mile.",
        "A welder who worked on it in the seventies said that nobody had painted the north side since.",
    ),
}
LINKS = {
    "canonical": CANONICAL,
    "also_canonical": CANONICAL,
    "og_url": '<meta property="og:url" content="{}">',
    "amphtml": '<link rel="amphtml" href="{}">',
    "shortlink": '<link rel="shortlink" href="{}">',
    "mobile": '<link rel="alternate" media="only screen and (max-width: 640px)" href="{}">',
}


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer({"/robots.txt": http(404)}) as opened:
        yield opened


@pytest.fixture
def desk(database: Database, clock: ManualClock, server: RecordingServer, workers: Workers) -> Pressroom:
    return Pressroom(database, clock, server, workers)


@pytest.fixture
def one_desk(sqlite_database: Database, clock: ManualClock, server: RecordingServer, workers: Workers) -> Pressroom:
    return Pressroom(sqlite_database, clock, server, workers)


class Site:
    """The pages of a case, on a real server."""

    def __init__(self, server: RecordingServer, pages: Mapping[str, dict[str, Any]]) -> None:
        self.server = server
        by_path: dict[str, dict[str, bytes]] = {}
        for where, said in pages.items():
            host, path = re.fullmatch(r"(?://([^/]+))?(/.*)", where).groups()  # type: ignore[union-attr]
            by_path.setdefault(path, {})[host or ""] = self._answer(said)
        for path, by_host in by_path.items():
            server.answers[path] = (_by_host(by_host),)

    def url(self, said: str) -> str:
        """An address of a case as it stands in a feed or a page."""
        if said.startswith("http"):
            said = re.sub(r"\{netloc:(.+?)\}", lambda m: self._absolute(f"//{m[1]}").partition("//")[2], said)
            said = re.sub(r"\{quoted:(.+?)\}", lambda m: quote(self._absolute(m[1]), safe=""), said)
            return re.sub(r"\{plain:(.+?)\}", lambda m: self._absolute(m[1]), said)
        return self._absolute(said)

    def _absolute(self, said: str) -> str:
        if not said.startswith("//"):
            return self.server.url(said)
        host, _, path = said[2:].partition("/")
        return self.server.url(f"/{path}" if path else "", host=host)

    def _answer(self, said: dict[str, Any]) -> bytes:
        if "redirect" in said:
            status, _, where = said["redirect"].partition(" ")
            return moved(int(status), self.url(where))
        if "refresh" in said:
            markup = f'<head><meta http-equiv="refresh" content="0; URL={escape(self.url(said["refresh"]))}"></head>'
            return http(200, f"<html>{markup}<body></body></html>".encode(), ("Content-Type", "text/html"))
        if "script" in said:
            where = self.url(said["script"]).replace("/", r"\/")
            markup = f'<html><title>…</title><script>window.opener=null;location.replace("{where}")</script></html>'
            return http(200, markup.encode(), ("Content-Type", "text/html; charset=utf-8"))
        named = {name: said[name] for name in LINKS if name in said}
        head = "".join(LINKS[name].format(w if w.startswith(".") else self.url(w)) for name, w in named.items())
        title = said.get("title", HEADLINE)
        paragraphs = "".join(f"<p>{sentence}</p>" for sentence in TEXTS[said.get("text", "one")])
        body = f"<body><article><h1>{title}</h1>{paragraphs}</article></body>"
        markup = f"<html lang=en><head><title>{title}</title>{head}</head>{body}</html>"
        return http(200, markup.encode(), ("Content-Type", "text/html; charset=utf-8"))

    def feed(self, item: Mapping[str, str]) -> str:
        """A document with one entry."""
        url = self.url(item["url"])
        parts = {
            "title": item.get("title", HEADLINE),
            "link": url,
            "guid": item.get("guid", url),
            "pubDate": item.get("date", "Mon, 02 Mar 2026 06:00:00 GMT" if "guid" not in item else ""),
            "description": "In short.",
        }
        inner = "".join(f"<{name}>{escape(said)}</{name}>" for name, said in parts.items() if said)
        inner = inner.replace("<guid>", '<guid isPermaLink="false">')
        return f'<rss version="2.0"><channel><title>Herald</title><item>{inner}</item></channel></rss>'


def _by_host(answers: dict[str, bytes]) -> Answer:
    def answer(request: Recorded, connection: socket.socket) -> bytes:
        host = (request.header("Host") or "").partition(":")[0]
        return answers.get(host) or answers.get("") or http(404)

    return answer


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_an_article_is_one_under_all_its_addresses_and_no_other(one_desk: Pressroom, case: dict[str, Any]) -> None:
    desk = one_desk
    site = Site(desk.server, case["pages"])
    for item in case["items"]:
        desk.reads(site.feed(item))
        desk.extract()
        desk.clock.advance(hours=2)
        desk.extract()
    assert len(desk.articles()) == case["articles"], [(a.canonical_url, a.title, a.note) for a in desk.articles()]
    assert all(stored.article is not None for stored in desk.entries())
    titles = [item.get("title", HEADLINE) for item in case["items"]]
    if case["articles"] == len(set(titles)):
        assert {article.title for article in desk.articles()} == set(titles)
    if "asked" in case:
        assert len([path for path in desk.server.paths if path != "/robots.txt"]) == case["asked"]


def test_a_portal_that_wraps_its_links_is_not_asked(desk: Pressroom) -> None:
    site = Site(desk.server, {"/story": {}})
    desk.reads(site.feed({"url": "https://www.google.com/url?url={quoted:/story}&ct=ga"}))
    assert desk.extract() == ExtractReport(page_count=1)
    assert desk.article().url == desk.server.url("/story")


def test_a_page_that_gave_anothers_address_keeps_its_own_h15(desk: Pressroom) -> None:
    site = Site(desk.server, {"/a": {"canonical": "/b"}, "/b": {"title": "Trains stand still", "text": "two"}})
    desk.reads(site.feed({"url": "/a"}))
    desk.extract()
    first = desk.article()
    assert first.canonical_url == desk.server.url("/b", scheme="https")  # nothing speaks against it yet
    desk.reads(site.feed({"url": "/b", "title": "Trains stand still"}))
    desk.extract()
    liar, other = desk.articles()
    assert (liar.id, liar.canonical_url) == (first.id, desk.server.url("/a", scheme="https"))
    assert (other.title, other.canonical_url) == ("Trains stand still", desk.server.url("/b", scheme="https"))
    assert TEXTS["two"][0] in other.text


def test_an_old_item_served_anew_says_so_and_jumps_no_queue_h15(desk: Pressroom) -> None:
    site = Site(desk.server, {"/story": {}})
    desk.reads(site.feed({"url": "/story", "guid": "1", "date": "Mon, 02 Feb 2026 06:00:00 GMT"}))
    desk.extract()
    before = desk.article()
    desk.clock.advance(hours=240)
    desk.reads(site.feed({"url": "/story", "guid": "2", "date": "Wed, 11 Mar 2026 06:00:00 GMT"}))
    assert desk.extract() == ExtractReport(linked_count=2)  # met again, and its page asked again: it says the same
    assert desk.article() == before
    assert {entry.entry.published for entry in desk.entries()} == {
        "Mon, 02 Feb 2026 06:00:00 GMT",
        "Wed, 11 Mar 2026 06:00:00 GMT",
    }


# --- its revisions ----------------------------------------------------------------------------------------------


def test_what_a_page_says_later_is_kept_beside_what_it_said_first_h16(desk: Pressroom) -> None:
    site = Site(desk.server, {"/story": {}})
    desk.reads(site.feed({"url": "/story"}))
    desk.extract()
    first = desk.article()
    Site(desk.server, {"/story": {"title": "Assistant is off for good", "text": "three"}})
    desk.clock.advance(hours=3)
    desk.reads(site.feed({"url": "/story", "guid": site.url("/story"), "title": "Assistant is off for good"}))
    assert desk.extract() == ExtractReport(grown_count=1)
    again = desk.article()
    assert (again.title, again.text, again.snapshot) == (first.title, first.text, first.snapshot)
    assert again.version_count == 1
    with desk.database.read() as tx:
        (version,) = list_versions(tx, first.id)
        assert version.snapshot is not None
        assert TEXTS["three"][0].encode() in get_snapshot_body(tx, version.snapshot)
    assert (version.number, version.title, version.seen_at) == (1, "Assistant is off for good", desk.clock.now())
    assert TEXTS["three"][0] in version.text


def test_an_article_that_its_publisher_brings_again_is_looked_at_again(desk: Pressroom) -> None:
    site = Site(desk.server, {"/story": {}})
    desk.reads(site.feed({"url": "/story", "guid": "1", "date": "Mon, 02 Feb 2026 06:00:00 GMT"}))
    desk.extract()
    Site(desk.server, {"/story": {"title": "Assistant is off for good", "text": "three"}})
    desk.clock.advance(hours=48)
    again = {"url": "/story", "guid": "2", "title": "Assistant is off for good"}
    desk.reads(site.feed(again | {"date": "Wed, 04 Mar 2026 06:00:00 GMT"}))
    assert desk.extract() == ExtractReport(linked_count=1, grown_count=1)
    assert desk.article().version_count == 1
    assert desk.extract() == ExtractReport()


def test_a_page_is_asked_again_only_where_its_feed_says_something_new_p22(desk: Pressroom) -> None:
    site = Site(desk.server, {"/story": {}})
    for _ in range(3):
        desk.reads(site.feed({"url": "/story"}))
        desk.extract()
        desk.clock.advance(hours=6)
    assert desk.asked("/story") == 1


def test_a_page_that_changes_all_the_time_is_asked_rarer_and_rarer_p22(desk: Pressroom) -> None:
    site = Site(desk.server, {"/story": {}})
    began = desk.clock.now()
    for minute in range(0, 24 * 60, 20):
        Site(desk.server, {"/story": {"title": f"Edition {minute}"}})
        desk.reads(site.feed({"url": "/story", "guid": site.url("/story"), "title": f"Edition {minute}"}))
        desk.extract()
        desk.clock.advance(minutes=20)
    assert desk.clock.now() - began == timedelta(days=1)
    assert 4 <= desk.asked("/story") <= 6
    assert desk.article().version_count == desk.asked("/story") - 1


def test_a_page_that_says_the_same_is_no_version(desk: Pressroom) -> None:
    site = Site(desk.server, {"/story": {}})
    desk.reads(site.feed({"url": "/story"}))
    desk.extract()
    desk.clock.advance(hours=2)
    feed = site.feed({"url": "/story"}).replace("In short.", "In other words.")
    desk.reads(feed)
    assert desk.extract() == ExtractReport(linked_count=1)
    assert (desk.article().version_count, desk.asked("/story")) == (0, 2)
    assert desk.extract() == ExtractReport()


def test_where_the_page_is_gone_by_then_nothing_is_lost(desk: Pressroom) -> None:
    site = Site(desk.server, {"/story": {}})
    desk.reads(site.feed({"url": "/story"}))
    desk.extract()
    before = desk.article()
    desk.server.answers["/story"] = (http(410),)
    desk.clock.advance(hours=2)
    desk.reads(site.feed({"url": "/story", "guid": site.url("/story"), "title": "Withdrawn"}))
    assert desk.extract() == ExtractReport(linked_count=1)
    assert desk.article() == before
