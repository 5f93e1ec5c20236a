"""discover: from an address to the ways in which it can be followed, with real servers."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.jobs.discover import MOST_REQUESTS, discover
from monitor.jobs.workers import Workers
from monitor.model import Discovery, Kind
from monitor.net.client import Fetcher
from monitor.stages.discover import MOST_GUESSES
from tests.conftest import ManualClock
from tests.jobs.desk import make_fetcher, rss
from tests.net.servers import Answer, Recorded, RecordingServer, http, moved

LISTINGS = Path(__file__).parents[1] / "data" / "listings"
HTML = ("Content-Type", "text/html; charset=utf-8")
XML = ("Content-Type", "application/xml")
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
FULL = "<p>A whole article stands in the feed itself.</p>" * 20


class Scout:
    """Whoever looks for a source."""

    def __init__(self, fetcher: Fetcher, workers: Workers, clock: ManualClock, server: RecordingServer) -> None:
        self.fetcher, self.workers, self.clock, self.server = fetcher, workers, clock, server

    def look(self, path: str, **wishes: str) -> Discovery:
        return self.ask(self.server.url(path), **wishes)

    def ask(self, url: str, **wishes: str) -> Discovery:
        return discover(self.fetcher, self.workers, url=url, clock=self.clock, **wishes)  # type: ignore[arg-type]


@pytest.fixture
def scout(clock: ManualClock, workers: Workers, server: RecordingServer) -> Iterator[Scout]:
    with make_fetcher(clock) as fetcher:
        yield Scout(fetcher, workers, clock, server)


class PlainServer:
    """Speaks HTTP alone, and says so to whoever begins with TLS."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> int:
        self._thread.start()
        port: int = self._listener.getsockname()[1]
        return port

    def __exit__(self, *error: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            for _ in range(10):
                connection, _address = self._listener.accept()
                with connection:
                    is_http = connection.recv(65_536).startswith(b"GET ")
                    connection.sendall(self._answer if is_http else http(400))


def page(*links: str, body: str = "", title: str = "Acme | News", head: str = "") -> bytes:
    top = f"<title>{title}</title>{''.join(links)}{head}"
    return http(200, f"<!doctype html><html lang='en-GB'><head>{top}</head><body>{body}</body></html>".encode(), HTML)


def alternate(href: str, title: str = "", kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}" title="{title}">'


def feed(*titles: str, name: str = "Acme News", text: str = "") -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://acme.example/{title}</link><guid>{title}</guid>"
        f"<pubDate>Mon, 0{n + 1} Mar 2026 08:00:00 GMT</pubDate><description><![CDATA[{text}]]></description></item>"
        for n, title in enumerate(titles)
    )
    return http(200, f"<rss version='2.0'><channel><title>{name}</title>{items}</channel></rss>".encode(), XML)


def atom(*titles: str, name: str = "Acme News", text: str = "") -> bytes:
    entries = "".join(
        f"<entry><title>{title}</title><id>tag:{title}</id><link href='https://acme.example/{title}'/>"
        f"<updated>2026-03-0{n + 1}T08:00:00Z</updated><content type='html'><![CDATA[{text}]]></content></entry>"
        for n, title in enumerate(titles)
    )
    root = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{name}</title>{entries}</feed>"
    return http(200, root.encode(), ("Content-Type", "application/atom+xml"))


def kinds(discovery: Discovery) -> list[tuple[Kind, str]]:
    return [(finding.kind, finding.url.partition("//")[2].partition("/")[2]) for finding in discovery.found]


# --- the address is it ----------------------------------------------------------------------------------------------


def test_a_feed_is_a_feed_shown_newest_first_and_asked_once(scout: Scout, server: RecordingServer) -> None:
    server.answers["/blog/rss"] = feed("a", "b", "c", name="The Acme Blog")
    found = scout.look("/blog/rss")
    best = found.best
    assert best is not None
    assert (best.kind, best.url, best.format, best.entry_count) == (Kind.FEED, server.url("/blog/rss"), "rss20", 3)
    assert [entry.title for entry in best.entries] == ["c", "b", "a"]
    assert (best.suggested_name, best.suggested_id) == ("The Acme Blog", "127-blog")
    assert best.why == "an RSS feed of 3 entries; the address itself"
    assert server.paths == ["/blog/rss"]


JSON_FEED = b'{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"id": "1", "title": "One"}]}'


@pytest.mark.parametrize(
    ("answer", "form"),
    [
        (atom("a"), "atom10"),
        (http(200, JSON_FEED, ("Content-Type", "application/json")), "json11"),
        (http(200, rss("a"), HTML), "rss20"),
        (http(200, rss("a"), ("Content-Type", "text/plain")), "rss20"),
    ],
)
def test_any_format_is_known_by_what_it_is_and_not_by_its_label(
    scout: Scout, server: RecordingServer, answer: bytes, form: str
) -> None:
    server.answers["/x"] = answer
    assert [(f.kind, f.format) for f in scout.look("/x").found] == [(Kind.FEED, form)]


UPDATES = (
    "<p><small>Mar <var>1</var>, 09:00 UTC</small><br><strong>Resolved</strong> - Over.</p>"
    "<p><small>Mar <var>1</var>, 08:00 UTC</small><br><strong>Investigating</strong> - We look into it.</p>"
)


def test_a_status_pages_feed_is_one_and_its_page_leads_there(scout: Scout, server: RecordingServer) -> None:
    server.answers |= {
        "/": page(
            title="Acme Status", body="<script src='https://cdn.statuspage.io/x.js'></script><p>All is well.</p>"
        ),
        "/history.atom": atom("Errors in the API", name="Acme Status - Incident History", text=UPDATES),
    }
    for path in ("/", "/history.atom"):
        best = scout.look(path).best
        assert best is not None
        assert (best.kind, best.url) == (Kind.STATUS, server.url("/history.atom"))
        assert best.suggested_name == "Acme Status"


def test_sitemaps_are_known_plain_zipped_and_as_an_index(scout: Scout, server: RecordingServer) -> None:
    urlset = f"<urlset {NAMESPACE}><url><loc>https://acme.example/one</loc><lastmod>2026-03-01</lastmod></url></urlset>"
    index = (
        f"<sitemapindex {NAMESPACE}><sitemap><loc>{server.url('/old.xml')}</loc><lastmod>2020-01-01</lastmod></sitemap>"
        f"<sitemap><loc>{server.url('/new.xml.gz')}</loc><lastmod>2026-03-01</lastmod></sitemap></sitemapindex>"
    )
    server.answers |= {
        "/new.xml.gz": http(200, gzip.compress(urlset.encode()), ("Content-Type", "application/x-gzip")),
        "/index.xml": http(200, index.encode(), XML),
    }
    for path in ("/new.xml.gz", "/index.xml"):
        best = scout.look(path).best
        assert best is not None
        assert (best.kind, best.url) == (Kind.SITEMAP, server.url(path))
        assert [entry.url for entry in best.entries] == ["https://acme.example/one"]
        assert "only what is new becomes an entry" in best.why
    assert "/old.xml" not in server.paths


@pytest.mark.parametrize("scheme", ["imap", "imaps"])
def test_a_mailbox_is_not_opened(scout: Scout, server: RecordingServer, scheme: str) -> None:
    best = scout.ask(f"{scheme}://desk%40acme.example@imap.acme.example/INBOX").best
    assert best is not None
    assert (best.kind, best.suggested_domain) == (Kind.MAILBOX, "acme.example")
    refused = scout.ask(f"{scheme}://desk:hunter2@imap.acme.example/INBOX")
    assert refused.best is None
    assert "hunter2" not in refused.why


# --- the address leads to it ----------------------------------------------------------------------------------------


def test_the_feeds_that_a_page_announces_are_found_full_texts_first_and_comments_last(
    scout: Scout, server: RecordingServer
) -> None:
    server.answers |= {
        "/": page(
            alternate("/comments/feed/", "Acme » Comments Feed"),
            alternate("/feed/excerpts", "Acme » Feed"),
            alternate("/feed/full", "Acme » Feed"),
            alternate("/wp-json/oembed?format=xml", "oEmbed", "text/xml"),
        ),
        "/comments/feed/": feed("re-one", name="Comments for Acme", text=FULL),
        "/feed/excerpts": feed("one", "two", "three"),
        "/feed/full": feed("one", "two", text=FULL),
    }
    found = scout.look("/")
    assert kinds(found) == [(Kind.FEED, "feed/full"), (Kind.FEED, "feed/excerpts"), (Kind.FEED, "comments/feed/")]
    assert [("full texts" in f.why, "comments" in f.why) for f in found.found] == [
        (True, False),
        (False, False),
        (False, True),
    ]
    assert found.found[0].language == "en-GB"
    assert server.paths.count("/robots.txt") == 0


def test_the_same_feed_in_two_formats_is_shown_once(scout: Scout, server: RecordingServer) -> None:
    server.answers |= {
        "/": page(alternate("/rss.xml"), alternate("/atom.xml", kind="application/atom+xml")),
        "/rss.xml": feed("one", "two"),
        "/atom.xml": atom("one", "two"),
    }
    assert kinds(scout.look("/")) == [(Kind.FEED, "atom.xml")]


def test_a_feed_beats_the_page_and_the_page_is_still_offered(scout: Scout, server: RecordingServer) -> None:
    listing = (LISTINGS / "cards.html").read_bytes().replace(b"</head>", alternate("feed.xml").encode() + b"</head>")
    server.answers |= {"/news/": http(200, listing, HTML), "/news/feed.xml": feed("one")}
    found = scout.look("/news/")
    assert kinds(found) == [(Kind.FEED, "news/feed.xml"), (Kind.PAGE, "news/")]


def test_a_page_without_a_feed_is_read_by_a_selector_that_finds_its_list(scout: Scout, server: RecordingServer) -> None:
    server.answers["/news"] = http(200, (LISTINGS / "cards.html").read_bytes(), HTML)
    found = scout.look("/news")
    assert kinds(found) == [(Kind.PAGE, "news")]
    best = found.found[0]
    assert (best.selector, best.entry_count, best.language) == (".news-card a", 4, "en")
    assert best.entries[0].title == "Incident report on the March outage"
    assert best.proposals[0].selector == best.selector
    assert len(server.paths) <= 2 + MOST_GUESSES
    assert server.paths[:2] == ["/news", "/robots.txt"]


def test_a_given_selector_is_what_is_shown(scout: Scout, server: RecordingServer) -> None:
    server.answers["/news"] = http(200, (LISTINGS / "cards.html").read_bytes(), HTML)
    found = scout.look("/news", selector="footer a")
    assert [(f.selector, f.entry_count) for f in found.found] == [("footer a", 4)]
    assert found.found[0].why == "the page itself: your selector finds 4 links"
    assert server.paths == ["/news"]
    nothing = scout.look("/news", selector=".none")
    assert nothing.found[0].entry_count == 0
    assert nothing.found[0].notes == ("the selector .none finds nothing on the page",)
    refused = scout.look("/news", selector="a[[")
    assert refused.best is None
    assert "the selector a[[ cannot be used" in refused.why


def test_usual_places_are_tried_as_the_pages_maker_has_them_and_only_until_one_is_there(
    scout: Scout, server: RecordingServer
) -> None:
    server.answers |= {
        "/blog": page(head='<meta name="generator" content="Hugo 0.120">'),
        "/blog/index.xml": feed("one"),
    }
    found = scout.look("/blog")
    assert kinds(found) == [(Kind.FEED, "blog/index.xml")]
    assert server.paths == ["/blog", "/robots.txt", "/blog/index.xml"]
    assert "does not name it" in found.found[0].why


def test_guesses_keep_to_robots_txt_and_the_address_itself_is_the_operators_own_act_p21(
    scout: Scout, server: RecordingServer
) -> None:
    server.answers |= {
        "/robots.txt": http(200, b"User-agent: *\nDisallow: /"),
        "/news": http(200, (LISTINGS / "cards.html").read_bytes(), HTML),
        "*": feed("one"),
    }
    found = scout.look("/news")
    assert kinds(found) == [(Kind.PAGE, "news")]
    assert server.paths == ["/news", "/robots.txt"]
    assert "robots.txt asks crawlers to stay away from this page" in found.notes[0]


def test_robots_txt_that_cannot_be_read_leaves_it_at_the_page_p21(scout: Scout, server: RecordingServer) -> None:
    server.answers |= {"/robots.txt": http(503), "/news": http(200, (LISTINGS / "cards.html").read_bytes(), HTML)}
    assert kinds(scout.look("/news")) == [(Kind.PAGE, "news")]
    assert server.paths == ["/news", "/robots.txt"]


def test_sitemaps_that_robots_txt_names_are_found_those_of_news_first(scout: Scout, server: RecordingServer) -> None:
    news = (
        f'<urlset {NAMESPACE} xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{server.url("/1")}</loc>'
        "<n:news><n:title>One</n:title><n:publication_date>2026-03-01</n:publication_date></n:news></url></urlset>"
    )
    robots = "\n".join(f"Sitemap: {server.url(path)}" for path in ("/all.xml", "/more.xml", "/news-sitemap.xml"))
    server.answers |= {
        "/robots.txt": http(200, f"User-agent: *\nDisallow:\n{robots}\nSitemap: https://evil.example/s.xml".encode()),
        "/": page(body="<p>Welcome.</p>"),
        "/news-sitemap.xml": http(200, news.encode(), XML),
        "/all.xml": http(200, f"<urlset {NAMESPACE}><url><loc>{server.url('/x')}</loc></url></urlset>".encode(), XML),
    }
    found = scout.look("/")
    assert kinds(found) == [(Kind.SITEMAP, "news-sitemap.xml"), (Kind.SITEMAP, "all.xml")]
    assert found.found[0].entries[0].title == "One"
    assert "/more.xml" not in server.paths


def test_a_feed_that_is_named_and_is_none_is_said(scout: Scout, server: RecordingServer) -> None:
    server.answers |= {
        "/": page(alternate("/gone.xml"), alternate("/login.xml"), alternate("/feed.xml")),
        "/login.xml": page(body="<p>Log in</p>"),
        "/feed.xml": feed("one"),
    }
    found = scout.look("/")
    assert kinds(found) == [(Kind.FEED, "feed.xml")]
    assert [note.split(" is named as a feed, but ")[1][:20] for note in found.notes] == [
        "there is nothing at ",
        "is none",
    ]


# --- what stands in the way -----------------------------------------------------------------------------------------


def test_a_missing_scheme_is_https_and_http_where_nobody_speaks_that(scout: Scout) -> None:
    with PlainServer(feed("one")) as port:
        found = scout.ask(f"127.0.0.1:{port}/feed")
        assert kinds(found) == [(Kind.FEED, "feed")]
        assert found.url == f"http://127.0.0.1:{port}/feed"
        assert scout.ask(f"https://127.0.0.1:{port}/feed").best is None  # https was asked for: http is no answer


def test_a_redirect_for_good_is_the_address_to_keep_and_one_for_now_is_not(
    scout: Scout, server: RecordingServer
) -> None:
    server.answers |= {"/a": moved(301, "/feed"), "/b": moved(302, "/feed"), "/feed": feed("one")}
    assert kinds(scout.look("/a")) == [(Kind.FEED, "feed")]
    assert kinds(scout.look("/b")) == [(Kind.FEED, "b")]


REFUSED = {
    "": "No address was given.",
    "javascript:alert(1)": "neither http nor https",
    "file:///etc/passwd": "neither http nor https",
    "ftp://acme.example/": "neither http nor https",
    "http://10.0.0.1/feed": "refused-address",
    "http://[::1": "is not an address",
    "news": "names no host",
    "http://nobody.invalid/": "dns",
}


@pytest.mark.parametrize("url", REFUSED)
def test_what_cannot_be_asked_is_said_in_a_sentence_h1_h3_h21(scout: Scout, url: str) -> None:
    found = scout.ask(url)
    assert (found.best, found.why[-1:]) == (None, ".")
    assert REFUSED[url] in found.why


def until_the_end(request: Recorded, connection: object) -> bytes:
    return http(200, b"<html>" + b"<a href='/x'>" * 400_000, HTML)


HOSTILE: dict[str, Answer] = {
    "an empty body": http(200, b""),
    "a picture": http(200, b"\x89PNG\r\n\x1a\n" + b"\0" * 99, ("Content-Type", "image/png")),
    "a bomb": http(200, gzip.compress(b"<urlset>" + b" " * 60_000_000), ("Content-Type", "application/gzip")),
    "a bomb on the way": http(200, gzip.compress(b" " * 60_000_000), ("Content-Encoding", "gzip")),
    "entities": http(200, b'<!DOCTYPE rss [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><rss><channel>&b;</channel></rss>'),
    "a loop": moved(302, "/x"),
    "a server that fails": http(500),
    "a server that throttles": http(429, b"", ("Retry-After", "60")),
    "nothing there": http(404),
    "gone": http(410),
    "a page of scripts alone": http(200, (LISTINGS / "script_only.html").read_bytes(), HTML),
    "400,000 open links": until_the_end,
    "half a feed": http(200, b"<rss version='2.0'><channel><title>x"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_answer_gives_a_sentence_and_little_is_asked_h4_h5_h8_h18(
    scout: Scout, server: RecordingServer, what: str
) -> None:
    server.answers["/x"] = HOSTILE[what]
    found = scout.look("/x")
    if what == "half a feed":  # what can be read is read (H25)
        assert [f.entry_count for f in found.found] == [0]
    else:
        assert (found.best, found.why[-1:]) == (None, ".")
    assert len(server.paths) <= MOST_REQUESTS


def test_a_page_that_names_a_thousand_feeds_costs_no_more_than_a_few_questions(
    scout: Scout, server: RecordingServer
) -> None:
    server.answers |= {"/": page(*(alternate(f"/feed/{n}") for n in range(1_000))), "*": http(404)}
    found = scout.look("/")
    assert found.best is None
    assert len(server.paths) <= MOST_REQUESTS
