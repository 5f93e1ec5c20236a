"""Feeds over HTTP: built by a reader, kept from then on, read back after a year, pushed by a hub, buried."""

from __future__ import annotations

import hashlib
import hmac
import html
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from urllib.parse import parse_qs, urlsplit

import feedparser
import httpx
import pytest
from lxml import etree
from reader import make_reader

from monitor.jobs import feeds as job
from monitor.jobs.announce import hub_doors
from monitor.jobs.outbox import deliver
from monitor.jobs.publish import publish
from monitor.jobs.sections import sections_of
from monitor.jobs.sections.feeds import Feeds
from monitor.model import RevisionKind, Severity
from monitor.net.client import Fetcher
from monitor.stages.syndicate import Cut
from tests.hubs import Hub
from tests.past import START, many_past, publish_past, revise_past
from tests.web.conftest import Desk

ATOM = "{http://www.w3.org/2005/Atom}"
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
SHORT = Cut(stretch=5, fresh=3)
A_YEAR = timedelta(days=365)


def publish_at(desk: Desk) -> None:
    """As the newsroom's daemon does, the archives cut short."""
    house = desk.app.state.context.house
    sections = [Feeds(house, cut=SHORT) if s.name == "feeds" else s for s in sections_of(house) if s.name != "assets"]
    folder = desk.app.state.context.settings.public_dir
    publish(desk.database, desk.clock, public_dir=folder, site=house.site, sections=sections)


def get(desk: Desk, path: str) -> httpx.Response:
    return httpx.get(f"{desk.url}{path}", trust_env=False)


# --- building one -------------------------------------------------------------------------------------------------


def test_a_reader_builds_a_feed_without_script_and_learns_how_much_it_brings(desk: Desk) -> None:
    with desk.database.write() as tx:
        for number in range(6):
            publish_past(tx, number, at=START + timedelta(days=9 * number), providers=("openai",))
    publish_at(desk)
    desk.clock.at = START + timedelta(days=50)  # 24 February: the month that is not over has what it has
    page = get(desk, "/feeds").text
    assert "<script" not in page.replace("<script src=", "", 1)  # that of light and dark alone
    assert '<form action="/feeds" method="get"' in page
    built = get(desk, "/feeds?provider=openai&severity=SEV-2&severity=SEV-1").text
    assert '<h2 id="built">OpenAI, SEV-1 or SEV-2</h2>' in built
    assert "2 wires last month (January 2026), 2 so far in February 2026" in built
    assert "4 wires in all" in built
    for form in ("atom", "rss", "json"):
        assert f"{desk.url}/feeds/provider/openai/sev/1-2.{form}" in built
    assert built.count(" checked") == 3
    assert "cannot be made" in get(desk, "/feeds?provider=nobody").text
    assert "cannot be made" in get(desk, "/feeds?severity=SEV-9").text


def test_a_combination_is_made_for_who_asks_first_and_kept_current_since(desk: Desk) -> None:
    folder = desk.app.state.context.settings.public_dir
    with desk.database.write() as tx:
        publish_past(tx, 1, at=START, providers=("openai",), severity=Severity.SEV_1)
    publish_at(desk)
    path = "/feeds/provider/openai/sev/1-2.atom"
    assert not (folder / path[1:]).exists()
    first = get(desk, path)
    assert (first.status_code, first.headers["content-type"]) == (200, "application/atom+xml; charset=utf-8")
    (entry,) = feedparser.parse(first.content).entries
    assert html.unescape(entry.title) == "Chatbot <b>invents</b> a ruling & more, 1"
    assert (folder / path[1:]).read_bytes() == first.content
    with desk.database.write() as tx:
        publish_past(tx, 2, at=START + timedelta(days=1), providers=("openai",), severity=Severity.SEV_2)
        publish_past(tx, 3, at=START + timedelta(days=2), providers=("google",), severity=Severity.SEV_2)
    publish_at(desk)
    for form in ("atom", "rss", "json"):
        assert get(desk, f"/feeds/provider/openai/sev/1-2.{form}").text.count("/revisions/1") == 2


def test_another_spelling_leads_to_the_one_address_for_good(desk: Desk) -> None:
    moved = get(desk, "/feeds/severity/SEV-2,SEV-1/provider/ChatGPT.atom")
    assert (moved.status_code, moved.headers["location"]) == (301, "/feeds/provider/openai/sev/1-2.atom")
    assert get(desk, "/feeds/provider/openai.rss").headers["location"] == "/providers/openai/feed.rss"
    assert get(desk, "/feeds.json").headers["location"] == "/feed.json"
    for path in ("/feeds/provider/nobody.atom", "/feeds/colour/red.atom", "/feeds/sev/1/archive/9.atom"):
        assert get(desk, path).status_code == 404


def test_a_provider_without_wires_has_a_feed_to_wait_at(desk: Desk) -> None:
    publish_at(desk)
    for path in ("/providers/cohere/feed.atom", "/feeds/code/F12.atom"):
        found = get(desk, path)
        assert (found.status_code, feedparser.parse(found.content).entries) == (200, [])
    assert get(desk, "/providers/nobody/feed.atom").status_code == 404


def test_a_program_that_tries_all_combinations_gets_no_further_than_a_bound(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "HOURLY_LIMIT", 3)
    publish_at(desk)
    answers = [get(desk, f"/feeds/sev/1/code/M{n}.atom").status_code for n in range(1, 6)]
    assert answers == [200, 200, 200, 503, 503]
    assert get(desk, "/feeds/sev/1/code/M1.atom").status_code == 200
    desk.clock.advance(hours=2)
    assert get(desk, "/feeds/sev/1/code/M5.atom").status_code == 200


# --- after a year ---------------------------------------------------------------------------------------------------


@dataclass
class Subscriber:
    """Walks archives as RFC 5005, 4.2 says, and keeps of each entry what is newest; forgets what was buried."""

    seen: set[str] = field(default_factory=set)  # archive documents that it has read
    entries: dict[str, tuple[str, str]] = field(default_factory=dict)  # id → updated, title
    requests: int = 0

    def catch_up(self, url: str) -> None:
        documents = []
        here: str | None = url
        while here is not None and here not in self.seen:
            self.requests += 1
            feed = etree.fromstring(httpx.get(here, trust_env=False).content)
            documents.append(feed)
            if feed.find("{http://purl.org/syndication/history/1.0}archive") is not None:
                self.seen.add(here)
            here = next((e.get("href") for e in feed.iter(ATOM + "link") if e.get("rel") == "prev-archive"), None)
        for feed in reversed(documents):
            for entry in feed.iter(ATOM + "entry"):
                tag, updated, title = (entry.findtext(ATOM + name) or "" for name in ("id", "updated", "title"))
                self.entries[tag] = max(self.entries.get(tag, ("", "")), (updated, title))
            for grave in feed.iter(DELETED):
                self.entries.pop(grave.get("ref") or "", None)


def test_a_subscriber_who_was_away_for_a_year_has_every_wire_as_it_stands_o5_o6(desk: Desk) -> None:
    wires = many_past(desk.database, 12)
    publish_at(desk)
    stayed = Subscriber()
    stayed.catch_up(f"{desk.url}/feed.atom")
    assert len(stayed.entries) == 12
    many_past(desk.database, 13, first=100, start=START + A_YEAR)
    with desk.database.write() as tx:
        at = START + A_YEAR
        revise_past(tx, wires[0], 1, kind=RevisionKind.CORRECTION, at=at - timedelta(days=100))
        revise_past(tx, wires[1], 2, kind=RevisionKind.RETRACTION, at=at - timedelta(days=90))
    many_past(desk.database, 14, first=200, start=START + A_YEAR + timedelta(days=9))
    desk.clock.advance(days=400)
    sam = desk.signed_in("sam")
    answer = sam.submit(
        f"/desk/wires/{wires[2]}/take-down",
        f"/desk/wires/{wires[2]}/take-down",
        {"reason": "privacy", "note": "A letter of 3 March."},
    )
    assert answer.status_code == 303
    publish_at(desk)
    before = stayed.requests
    stayed.catch_up(f"{desk.url}/feed.atom")
    assert stayed.requests - before < 8  # what was read a year ago is not read again
    anew = Subscriber()
    anew.catch_up(f"{desk.url}/feed.atom")
    assert anew.entries == stayed.entries
    assert len(anew.entries) == 12 + 13 + 14 - 1
    titles = {tag.rpartition("/")[2]: title for tag, (_, title) in anew.entries.items()}
    assert titles["1"].startswith("Corrected: ")
    assert titles["2"].startswith("Retracted: ")
    assert "3" not in titles
    heard = _heard_by_reader([f"{desk.url}/feed.atom", *sorted(anew.seen)])
    buried = "tag:wire.example,2026-01-05:wire/3"
    assert {tag: title for tag, (_, title) in heard.items() if tag != buried}.keys() == anew.entries.keys()
    assert all(heard[tag][0] == updated for tag, (updated, _) in anew.entries.items())


def _heard_by_reader(urls: list[str]) -> dict[str, tuple[str, str]]:
    """What `reader` (PyPI) keeps of these documents: of each entry what is newest."""
    reader = make_reader(":memory:")
    for url in urls:
        reader.add_feed(url)
    reader.update_feeds()
    assert [feed.url for feed in reader.get_feeds() if feed.last_exception] == []
    kept: dict[str, tuple[str, str]] = {}
    for entry in reader.get_entries():
        assert entry.updated is not None
        told = (entry.updated.isoformat(), entry.title or "")
        kept[entry.id] = max(kept.get(entry.id, ("", "")), told)
    reader.close()
    return kept


# --- taken down -----------------------------------------------------------------------------------------------------


def test_only_senior_editors_take_down_and_readers_are_told_no_more_than_the_reason_o6_d9(desk: Desk) -> None:
    wires = many_past(desk.database, 2)
    publish_at(desk)
    page = f"/desk/wires/{wires[0]}/take-down"
    ben = desk.signed_in("ben")
    assert ben.get(page).status_code == 403
    assert page not in ben.get(f"/desk/wires/{wires[0]}").text
    sam = desk.signed_in("sam")
    assert page in sam.get(f"/desk/wires/{wires[0]}").text
    assert sam.submit(page, page, {"reason": "privacy", "note": " "}).status_code == 409
    assert sam.submit(page, page, {"reason": "whim", "note": "x"}).status_code == 422
    assert get(desk, "/wires/wire-1").status_code == 200
    assert sam.submit(page, page, {"reason": "order", "note": "File 7/26, sealed."}).status_code == 303
    publish_at(desk)
    assert "File 7/26, sealed." in sam.get(page).text
    for path in ("/wires/wire-1", "/wires/wire-1/revisions/1"):
        gone = get(desk, path)
        assert gone.status_code == 410
        assert "by order of a court or an authority" in gone.text
        assert "invents" not in gone.text
        assert "sealed" not in gone.text
    assert "Taken down" in sam.get(f"/desk/wires/{wires[0]}").text
    assert (
        sam.submit(f"/desk/wires/{wires[1]}", f"/desk/wires/{wires[0]}/revise", {"kind": "update"}).status_code == 409
    )
    feed = get(desk, "/feed.atom").text
    assert "wire/1</id>" not in feed
    assert 'ref="tag:wire.example,2026-01-05:wire/1"' in feed


# --- pushed -----------------------------------------------------------------------------------------------------------


@dataclass
class Callback:
    """A WebSub subscriber: confirms what it asked for, keeps what is delivered and rightly signed."""

    url: str
    secret: str
    delivered: list[bytes] = field(default_factory=list)


@contextmanager
def a_callback(secret: str) -> Iterator[Callback]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200, parse_qs(urlsplit(self.path).query)["hub.challenge"][0].encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            name, _, digest = self.headers["X-Hub-Signature"].partition("=")
            if hmac.compare_digest(hmac.new(secret.encode(), body, getattr(hashlib, name)).hexdigest(), digest):
                callback.delivered.append(body)
            self._answer(202, b"")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    callback = Callback(f"http://127.0.0.1:{server.server_address[1]}/cb", secret)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield callback
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def test_a_subscriber_finds_the_hub_and_is_told_within_moments_o9(desk_with: Callable[..., Desk]) -> None:
    """The whole way: discovery by header, subscription, publication, ping, distribution."""
    with Hub() as hub, a_callback("s3cret") as callback:
        desk = desk_with(hub=hub.url)
        many_past(desk.database, 2)
        publish_at(desk)
        answer = get(desk, "/feed.atom")
        assert {link["rel"]: link["url"] for link in answer.links.values()} == {
            "hub": hub.url,
            "self": f"{desk.url}/feed.atom",
        }
        found = feedparser.parse(answer.content).feed.links
        assert [(x.rel, x.href) for x in found if x.rel in ("hub", "self")] == [
            ("self", f"{desk.url}/feed.atom"),
            ("hub", hub.url),
        ]
        httpx.post(
            hub.url,
            data={
                "hub.mode": "subscribe",
                "hub.topic": f"{desk.url}/feed.atom",
                "hub.callback": callback.url,
                "hub.secret": callback.secret,
            },
            trust_env=False,
        )
        hub.settle()
        with desk.database.write() as tx:
            publish_past(tx, 77, at=START + timedelta(days=30))
        publish_at(desk)
        site = desk.app.state.context.house.site
        allow = (ip_network("127.0.0.0/8"),)
        with Fetcher(user_agent="x", clock=desk.clock, allow=allow, host_gap=timedelta()) as fetcher:
            deliver(desk.database, desk.clock, hub_doors(site, fetcher), owner="test")
        assert hub.distribute() == [202]
        (body,) = callback.delivered
        assert feedparser.parse(body).entries[0].id == "tag:wire.example,2026-01-05:wire/77"
