"""Polling pages without a feed and sitemaps: real servers, both databases, from question to entries and articles."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.jobs.extract import extract
from monitor.jobs.sitemaps import MAX_BODY
from monitor.model import Health, Kind, Validators
from monitor.stages.sitemap_index import PARTS_PER_POLL
from monitor.store import sitemaps, sources
from monitor.store.articles import get_article
from monitor.store.entries import list_entries
from tests.jobs.desk import PAPER, Desk
from tests.net.servers import Answer, Recorded, RecordingServer, http

HTML = ("Content-Type", "text/html; charset=utf-8")
XML = ("Content-Type", "application/xml")
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
TODAY, LONG_AGO = "2026-03-02", "2025-01-01"


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer({"/robots.txt": http(404)}) as opened:
        yield opened


def poll_when_due(desk: Desk) -> list[str]:
    desk.until_due()
    return desk.outcomes()


def etagged(body: bytes, etag: str = '"1"', kind: tuple[str, str] = XML) -> Answer:
    """A server that knows its own validator."""

    def answer(request: Recorded, connection: object) -> bytes:
        return http(304) if request.header("If-None-Match") == etag else http(200, body, ("ETag", etag), kind)

    return answer


def asked(server: RecordingServer) -> list[tuple[str, str | None]]:
    return [(request.path, request.header("If-None-Match")) for request in server.requests]


# --- pages ----------------------------------------------------------------------------------------------------------


def newsroom(*slugs: str, more: str = "Read more", title: str = "Newsroom | Acme", card: str = "card") -> bytes:
    cards = "".join(
        f'<li class="{card}"><h3><a href="/news/{slug}">On {slug.replace("-", " ")}, in short</a></h3>'
        f'<time datetime="2026-03-01">1 March</time><a href="/news/{slug}?utm_source=list">{more}</a></li>'
        for slug in slugs
    )
    nav = '<nav><a href="/">Acme</a><a href="/about">About</a><a href="/careers">Careers at Acme</a></nav>'
    return f"<html><head><title>{title}</title></head><body>{nav}<main><ul>{cards}</ul></main></body></html>".encode()


def an_article(title: str) -> bytes:
    text = "<p>The company says what happened, whom it reached and what it changes from now on.</p>" * 4
    published = '<meta property="article:published_time" content="2026-02-28T10:00:00Z">'
    return http(200, f"<html><head><title>{title}</title>{published}</head><body><article><h1>{title}</h1>{text}"
                     "</article></body></html>".encode(), HTML)  # fmt: skip


TEN = [f"notice-number-{n}-of-ten" for n in range(10)]


def test_a_page_gives_an_entry_for_each_link_and_nothing_for_the_same_page_again(
    desk: Desk, server: RecordingServer
) -> None:
    server.answers["/news"] = etagged(newsroom(*TEN), kind=HTML)
    desk.add("paper", server.url("/news"), kind=Kind.PAGE, selector=".card a")
    assert desk.outcomes() == ["new"]
    assert desk.titles() == [f"On {slug.replace('-', ' ')}, in short" for slug in TEN]
    assert poll_when_due(desk) == ["not-modified"]
    assert asked(server) == [("/news", None), ("/news", '"1"')]


def test_the_page_behind_a_link_says_title_and_date_of_the_article(desk: Desk, server: RecordingServer) -> None:
    server.answers["/news"] = http(200, newsroom("march-outage", "new-office", "third-thing"), HTML)
    server.answers["/news/march-outage"] = an_article("Report on the outage of 28 February")
    server.answers["/news/new-office"] = an_article("PAPER")
    server.answers["/news/third-thing"] = http(404)
    desk.add("paper", server.url("/news"), kind=Kind.PAGE, selector=".card a")
    desk.poll()
    extract(desk.database, desk.clock, desk.fetcher, desk.workers, owner="desk")
    with desk.database.read() as tx:
        entries = {str(stored.entry.url).rpartition("/")[2]: stored for stored in list_entries(tx, source=PAPER)}
        articles = {get_article(tx, n).url.rpartition("/")[2]: get_article(tx, n) for n in (1, 2, 3)}  # type: ignore[arg-type]
    assert entries.keys() == articles.keys()
    outage, office, third = (articles[slug] for slug in ("march-outage", "new-office", "third-thing"))
    assert (outage.title, outage.published_at) == (
        "Report on the outage of 28 February",
        datetime(2026, 2, 28, 10, 0, tzinfo=UTC),
    )
    assert office.title == "On new office, in short"  # the site's name is no title
    assert (third.title, third.published_at) == ("On third thing, in short", datetime(2026, 3, 1, tzinfo=UTC))


def test_other_words_for_the_same_links_make_no_new_entries(desk: Desk, server: RecordingServer) -> None:
    one = newsroom("march-outage", "new-office", "third-thing")
    other = (
        one.replace(b"Read more", b"Continue").replace(b", in short", b" (updated)").replace(b"?utm_source=list", b"/")
    )
    server.answers["/news"] = [http(200, one, HTML), http(200, other, HTML)]
    desk.add("paper", server.url("/news"), kind=Kind.PAGE, selector=".card a")
    assert desk.outcomes() == ["new"]
    assert poll_when_due(desk) == ["nothing-new"]
    assert len(desk.titles()) == 3


@pytest.mark.parametrize("left", [0, 1])
def test_a_redesign_that_leaves_the_selector_nothing_is_a_silent_zero_and_deletes_nothing(
    desk: Desk, server: RecordingServer, left: int
) -> None:
    """Ten links; then another design, in which the selector finds none, or always the same one."""
    redesigned = newsroom(*TEN, "news-after-it", card="tile").replace(b'class="tile"', b'class="card"', left)
    server.answers["/news"] = [
        http(200, newsroom(*TEN), HTML),
        http(200, redesigned, HTML),
        http(200, redesigned + b" ", HTML),
        http(200, newsroom(*TEN, "news-after-it"), HTML),
    ]
    desk.add("paper", server.url("/news"), kind=Kind.PAGE, selector=".card a")
    desk.poll()
    assert desk.report().health is Health.HEALTHY
    assert poll_when_due(desk) == ["empty" if left == 0 else "nothing-new"]
    since = desk.clock.now()
    report = desk.report()
    assert (report.health, report.condition.since) == (Health.SILENT_ZERO, since)
    assert len(desk.titles()) == 10
    if left == 0:
        assert "the selector .card a finds nothing on the page" in desk.state().last_outcome
    poll_when_due(desk)
    assert (desk.report().health, desk.report().condition.since) == (Health.SILENT_ZERO, since)
    assert poll_when_due(desk) == ["new"]
    assert (desk.report().health, len(desk.titles())) == (Health.HEALTHY, 11)


def test_a_page_without_a_selector_is_read_by_the_best_proposal(desk: Desk, server: RecordingServer) -> None:
    server.answers["/news"] = http(200, newsroom(*TEN), HTML)
    desk.add("paper", server.url("/news"), kind=Kind.PAGE)
    desk.poll()
    assert len(desk.titles()) == 10


def test_a_selector_that_is_none_fails_with_a_sentence(desk: Desk, server: RecordingServer) -> None:
    server.answers["/news"] = http(200, newsroom(*TEN), ("ETag", '"1"'), HTML)
    desk.add("paper", server.url("/news"), kind=Kind.PAGE, selector="ul li[[")
    assert desk.outcomes() == ["unparsable"]
    assert "the selector ul li[[ cannot be used" in desk.state().last_outcome
    assert desk.state().validators == Validators()  # P4
    with desk.database.write() as tx:
        sources.change_source(tx, replace(sources.get_source(tx, PAPER), selector=".card a"), now=desk.clock.now())
    assert desk.outcomes() == ["new"]


def test_sections_of_a_changelog_are_articles_of_their_own(desk: Desk, server: RecordingServer) -> None:
    sections = "".join(f"<h2 id='v1.{n}'>v1.{n}</h2><p>Version {n} changes {n} things.</p>" for n in (4, 3, 2))
    server.answers["/changes"] = http(200, f"<html><body><main>{sections}</main></body></html>".encode(), HTML)
    desk.add("paper", server.url("/changes"), kind=Kind.PAGE)
    desk.poll()
    report = extract(desk.database, desk.clock, desk.fetcher, desk.workers, owner="desk")
    assert report.feed_count == 3
    with desk.database.read() as tx:
        texts = sorted(get_article(tx, n).text for n in (1, 2, 3))  # type: ignore[arg-type]
    assert texts == [f"Version {n} changes {n} things." for n in (2, 3, 4)]
    assert server.paths == ["/changes"]


# --- sitemaps -------------------------------------------------------------------------------------------------------


def urlset(*urls: str, modified: str | None = None) -> bytes:
    said = f"<lastmod>{modified}</lastmod>" if modified else ""
    items = "".join(f"<url><loc>{url}</loc>{said}</url>" for url in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NAMESPACE}>{items}</urlset>'.encode()


def index(*parts: tuple[str, str | None]) -> bytes:
    said = "".join(
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>" for url, day in parts
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><sitemapindex {NAMESPACE}>{said}</sitemapindex>'.encode()


def urls(desk: Desk) -> list[str]:
    with desk.database.read() as tx:
        return sorted(str(stored.entry.url).rpartition("/")[2] for stored in list_entries(tx, source=PAPER))


def test_of_a_sitemap_only_what_is_new_becomes_an_entry(desk: Desk, server: RecordingServer) -> None:
    page = server.url
    old = [page(f"/old-{n}") for n in range(30)]
    first = (
        urlset(*old, modified=LONG_AGO)[:-9]
        + f"<url><loc>{page('/fresh')}</loc><lastmod>{TODAY}</lastmod></url></urlset>".encode()
    )
    server.answers["/sitemap.xml"] = [
        http(200, first, XML),
        http(200, urlset(*old[5:], page("/fresh"), page("/newer")), XML),
        http(200, urlset(), XML),
        http(200, urlset(*old, page("/fresh"), page("/newer"), page("/newest")), XML),
    ]
    desk.add("paper", page("/sitemap.xml"), kind=Kind.SITEMAP)
    assert desk.outcomes() == ["new"]
    assert urls(desk) == ["fresh"]
    assert poll_when_due(desk) == ["new"]
    assert urls(desk) == ["fresh", "newer"]
    assert poll_when_due(desk) == ["empty"]  # a bad day forgets nothing
    assert poll_when_due(desk) == ["new"]
    assert urls(desk) == ["fresh", "newer", "newest"]


def test_a_news_sitemap_says_titles_dates_and_languages(desk: Desk, server: RecordingServer) -> None:
    news = (
        f'<urlset {NAMESPACE} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>'
        f"<loc>{server.url('/a')}</loc><news:news><news:publication><news:name>The Paper</news:name>"
        "<news:language>de</news:language></news:publication><news:publication_date>2026-02-20T08:00:00+01:00"
        "</news:publication_date><news:title>Gericht stoppt Punktesystem</news:title></news:news></url></urlset>"
    )
    server.answers["/news.xml.gz"] = http(200, gzip.compress(news.encode()), ("Content-Type", "application/gzip"))
    desk.add("paper", server.url("/news.xml.gz"), kind=Kind.SITEMAP)
    desk.poll()
    with desk.database.read() as tx:
        (stored,) = list_entries(tx, source=PAPER)
    entry = stored.entry
    assert (entry.title, entry.language) == ("Gericht stoppt Punktesystem", "de")
    assert entry.published_at == datetime(2026, 2, 20, 7, 0, tzinfo=UTC)


def test_each_document_of_an_index_is_asked_with_its_own_validators_p2_p5(desk: Desk, server: RecordingServer) -> None:
    a, b = server.url("/a.xml"), server.url("/b.xml")
    server.answers |= {
        "/sitemap.xml": [
            etagged(index((a, TODAY), (b, TODAY)), '"i1"'),
            etagged(index((a, TODAY), (b, "2026-03-03")), '"i2"'),
        ],
        "/a.xml": etagged(urlset(server.url("/one"), modified=TODAY), '"a"'),
        "/b.xml": [
            etagged(urlset(server.url("/two"), modified=TODAY), '"b"'),
            etagged(urlset(server.url("/two"), server.url("/three")), '"b2"'),
        ],
    }
    desk.add("paper", server.url("/sitemap.xml"), kind=Kind.SITEMAP)
    assert desk.outcomes() == ["new"]
    assert urls(desk) == ["one", "two"]
    assert poll_when_due(desk) == ["new"]
    assert urls(desk) == ["one", "three", "two"]
    assert poll_when_due(desk) == ["not-modified"]
    assert asked(server) == [
        ("/sitemap.xml", None),
        ("/a.xml", None),
        ("/b.xml", None),
        ("/sitemap.xml", '"i1"'),
        ("/b.xml", '"b"'),
        ("/sitemap.xml", '"i2"'),
    ]


def test_parts_whose_change_nobody_dates_are_asked_even_under_an_index_that_is_the_same(
    desk: Desk, server: RecordingServer
) -> None:
    server.answers |= {
        "/sitemap.xml": etagged(index((server.url("/a.xml"), None)), '"i"'),
        "/a.xml": [
            etagged(urlset(server.url("/one")), '"a"'),
            etagged(urlset(server.url("/one"), server.url("/two")), '"b"'),
        ],
    }
    desk.add("paper", server.url("/sitemap.xml"), kind=Kind.SITEMAP)
    assert desk.outcomes() == ["nothing-new"]
    desk.until_due()
    (line,) = desk.poll().lines
    assert (line.outcome, line.detail) == ("new", "304 of the index, and in its parts 1 new entry")
    assert urls(desk) == ["two"]
    assert asked(server)[2:] == [("/sitemap.xml", '"i"'), ("/a.xml", '"a"')]


def test_a_large_index_is_read_the_newest_first_and_a_few_at_a_time(desk: Desk, server: RecordingServer) -> None:
    days = [(datetime(2026, 3, 2, tzinfo=UTC) - timedelta(minutes=30 * n)).isoformat() for n in range(45)]
    parts = [(server.url(f"/part-{n:02}.xml"), day) for n, day in enumerate(days)]
    server.answers["/sitemap.xml"] = etagged(index(*reversed(parts)))
    for n in range(45):
        server.answers[f"/part-{n:02}.xml"] = etagged(urlset(server.url(f"/p{n:02}"), modified=days[n]))
    desk.add("paper", server.url("/sitemap.xml"), kind=Kind.SITEMAP)
    asked_per_poll = []
    for _ in range(4):
        before = len(server.requests)
        poll_when_due(desk)
        asked_per_poll.append(server.paths[before + 1 :])
    assert [len(paths) for paths in asked_per_poll] == [PARTS_PER_POLL, PARTS_PER_POLL, 45 - 2 * PARTS_PER_POLL, 0]
    assert asked_per_poll[0][0] == "/part-00.xml"
    assert len(urls(desk)) == 45


def test_archives_that_an_index_names_are_not_asked_until_they_change(desk: Desk, server: RecordingServer) -> None:
    parts = [(server.url(f"/{year}.xml"), f"{year}-12-31") for year in range(1990, 2026)]
    changed = [(url, "2026-03-02T06:00:00Z" if url.endswith("/1990.xml") else day) for url, day in parts]
    server.answers["/sitemap.xml"] = [etagged(index(*parts), '"1"'), etagged(index(*changed), '"2"')]
    server.answers["*"] = http(200, urlset(server.url("/ancient"), modified=LONG_AGO), XML)
    found = f"<url><loc>{server.url('/found')}</loc><lastmod>2026-03-02T06:00:00Z</lastmod></url></urlset>".encode()
    ancient = urlset(server.url("/ancient"), modified=LONG_AGO)
    server.answers["/1990.xml"] = http(200, ancient.replace(b"</urlset>", found), XML)
    desk.add("paper", server.url("/sitemap.xml"), kind=Kind.SITEMAP)
    desk.poll()
    assert len(server.requests) == 1 + PARTS_PER_POLL
    poll_when_due(desk)
    assert server.paths[1 + PARTS_PER_POLL :] == ["/sitemap.xml", "/1990.xml"]
    assert urls(desk) == ["found"]


def test_all_that_a_part_holds_is_new_where_the_part_itself_is(desk: Desk, server: RecordingServer) -> None:
    a, b = server.url("/a.xml"), server.url("/b.xml")
    server.answers |= {
        "/sitemap.xml": [etagged(index((a, None)), '"1"'), etagged(index((a, None), (b, None)), '"2"')],
        "/a.xml": etagged(urlset(server.url("/one"))),
        "/b.xml": etagged(urlset(server.url("/two"), server.url("/three"))),
    }
    desk.add("paper", server.url("/sitemap.xml"), kind=Kind.SITEMAP)
    desk.poll()
    poll_when_due(desk)
    assert urls(desk) == ["three", "two"]


def test_parts_that_are_only_renamed_bring_nothing(desk: Desk, server: RecordingServer) -> None:
    a, b = server.url("/a.xml"), server.url("/b.xml")
    server.answers |= {
        "/sitemap.xml": [etagged(index((a, None)), '"1"'), etagged(index((b, None)), '"2"')],
        "/a.xml": etagged(urlset(server.url("/one"))),
        "/b.xml": etagged(urlset(server.url("/one"), server.url("/two"))),
    }
    desk.add("paper", server.url("/sitemap.xml"), kind=Kind.SITEMAP)
    desk.poll()
    poll_when_due(desk)
    assert urls(desk) == []


def test_parts_that_an_index_no_longer_names_are_forgotten_after_a_month(desk: Desk, server: RecordingServer) -> None:
    names = [server.url(f"/{n}.xml") for n in range(3)]
    server.answers["/sitemap.xml"] = [etagged(index((name, None)), f'"{n}"') for n, name in enumerate(names)]
    server.answers["*"] = etagged(urlset(server.url("/one")))
    desk.add("paper", server.url("/sitemap.xml"), kind=Kind.SITEMAP)

    def documents() -> list[str]:
        with desk.database.read() as tx:
            return [document.url[-6:] for document in sitemaps.list_documents(tx, PAPER)[1:]]

    desk.poll()
    poll_when_due(desk)
    assert documents() == ["/0.xml", "/1.xml"]
    desk.clock.advance(days=31)
    poll_when_due(desk)
    assert documents() == ["/1.xml", "/2.xml"]


def test_indexes_in_circles_and_on_other_sites_end(desk: Desk, server: RecordingServer) -> None:
    me, you = server.url("/sitemap.xml"), server.url("/other.xml")
    deep = [server.url(f"/deep-{n}.xml") for n in range(5)]
    server.answers |= {
        "/sitemap.xml": etagged(index((you, None), (me, None), (deep[0], None), ("https://evil.example/s.xml", None))),
        "/other.xml": etagged(index((me, None), (you, None))),
        **{f"/deep-{n}.xml": etagged(index((deep[n + 1], None))) for n in range(4)},
    }
    desk.add("paper", me, kind=Kind.SITEMAP)
    desk.poll()
    assert sorted(server.paths) == ["/deep-0.xml", "/deep-1.xml", "/other.xml", "/sitemap.xml"]
    assert "parts on other sites than 127.0.0.1 were left out: 1" in desk.state().last_outcome
    assert "nested deeper" in desk.state().last_outcome


def test_a_part_that_fails_stops_no_other_keeps_its_validators_and_backs_off_p4_p13(
    desk: Desk, server: RecordingServer
) -> None:
    a, b, c = (server.url(f"/{name}.xml") for name in "abc")
    page = b"<!doctype html><html><title>Maintenance</title></html>"
    server.answers |= {
        "/sitemap.xml": etagged(index((a, None), (b, None), (c, None))),
        "/a.xml": [
            etagged(urlset(server.url("/one"))),
            http(200, page, ("ETag", '"bad"')),
            etagged(urlset(server.url("/one"))),
        ],
        "/b.xml": http(500),
        "/c.xml": [etagged(urlset()), etagged(urlset(server.url("/three")), '"3"')],
    }
    desk.add("paper", server.url("/sitemap.xml"), kind=Kind.SITEMAP)
    desk.poll()
    assert "1 of 3 parts asked failed" in desk.state().last_outcome
    desk.clock.advance(hours=1, minutes=30)
    poll_when_due(desk)
    assert urls(desk) == ["three"]
    assert server.paths.count("/b.xml") == 1  # it backs off for two hours
    desk.clock.advance(hours=24)
    poll_when_due(desk)
    assert [etag for path, etag in asked(server) if path == "/a.xml"] == [None, '"1"', '"1"']
    assert server.paths.count("/b.xml") == 2
    assert desk.report().health is Health.HEALTHY


def test_a_part_that_throttles_silences_the_host_and_ends_the_poll_p8_p9(desk: Desk, server: RecordingServer) -> None:
    parts = [(server.url(f"/{n}.xml"), None) for n in range(6)]
    server.answers |= {"/sitemap.xml": etagged(index(*parts)), "*": http(429, b"", ("Retry-After", "36000"))}
    server.answers["/0.xml"] = etagged(urlset(server.url("/one"), modified=TODAY))
    desk.add("paper", server.url("/sitemap.xml"), kind=Kind.SITEMAP)
    assert desk.outcomes() == ["new"]
    assert len(server.requests) == 3
    assert desk.state().due_at - desk.clock.now() >= timedelta(hours=10)
    assert desk.poll(PAPER).skipped == ((PAPER, "its host 127.0.0.1 asked for silence"),)


def test_a_sitemap_that_turns_into_a_page_fails_and_keeps_what_it_knew_h18(desk: Desk, server: RecordingServer) -> None:
    one, two = server.url("/one"), server.url("/two")
    server.answers["/sitemap.xml"] = [
        http(200, urlset(one), ("ETag", '"1"'), XML),
        http(200, b"<html><head><title>Log in</title></head></html>", ("ETag", '"2"'), HTML),
        http(200, urlset(one, two), ("ETag", '"3"'), XML),
    ]
    desk.add("paper", server.url("/sitemap.xml"), kind=Kind.SITEMAP)
    desk.poll()
    assert poll_when_due(desk) == ["not-a-feed"]
    assert desk.report().health is Health.NOT_A_FEED
    assert "an HTML page titled “Log in”" in desk.state().last_outcome
    assert poll_when_due(desk) == ["new"]
    assert urls(desk) == ["two"]
    assert [etag for _, etag in asked(server)] == [None, '"1"', '"1"']


def test_a_poll_that_comes_too_late_stores_nothing_of_any_document_f8(desk: Desk, server: RecordingServer) -> None:
    def slow(request: Recorded, connection: object) -> bytes:
        with desk.database.write() as tx:
            sources.change_source(
                tx, replace(sources.get_source(tx, PAPER), url=server.url("/other.xml")), now=desk.clock.now()
            )
        return http(200, urlset(server.url("/one"), modified=TODAY), XML)

    server.answers |= {"/sitemap.xml": etagged(index((server.url("/a.xml"), None))), "/a.xml": slow}
    server.answers["/other.xml"] = http(200, urlset(server.url("/one"), modified=TODAY), XML)
    desk.add("paper", server.url("/sitemap.xml"), kind=Kind.SITEMAP)
    assert desk.outcomes() == []
    with desk.database.read() as tx:
        assert sitemaps.list_documents(tx, PAPER) == ()
    assert urls(desk) == []
    assert desk.outcomes() == ["new"]
    assert urls(desk) == ["one"]


HOSTILE = {
    "entities that grow": b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><urlset>&b;</urlset>',
    "10 MB and more": urlset() + b" " * MAX_BODY,
    "a bomb in gzip": gzip.compress(b"<urlset>" + b" " * 60_000_000),
    "broken gzip": gzip.compress(urlset("http://a.example/"))[:-12],
    "200,000 levels": b"<x>" * 200_000,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_sitemap_fails_by_name_and_what_was_there_stays_h5_h8(
    desk: Desk, server: RecordingServer, what: str
) -> None:
    server.answers["/sitemap.xml"] = [
        http(200, urlset(server.url("/one"), modified=TODAY), ("ETag", '"1"'), XML),
        http(200, HOSTILE[what], ("ETag", '"2"'), XML),
    ]
    desk.add("paper", server.url("/sitemap.xml"), kind=Kind.SITEMAP)
    desk.poll()
    assert poll_when_due(desk)[0] in ("unparsable", "too-large", "not-a-feed")
    assert (urls(desk), desk.state().validators.etag) == (["one"], '"1"')


def test_fifty_thousand_urls_are_read_and_remembered(desk: Desk, server: RecordingServer) -> None:
    many = [server.url(f"/stories/{n:05}") for n in range(49_999)]
    server.answers["/sitemap.xml"] = [
        http(200, urlset(*many, modified=LONG_AGO), XML),
        http(200, urlset(server.url("/stories/new"), *many), XML),
    ]
    desk.add("paper", server.url("/sitemap.xml"), kind=Kind.SITEMAP)
    assert desk.outcomes() == ["nothing-new"]
    with desk.database.read() as tx:
        assert len(sitemaps.find_known(tx, PAPER, server.url("/sitemap.xml")) or b"") == 49_999 * 8
    assert poll_when_due(desk) == ["new"]
    assert urls(desk) == ["new"]
