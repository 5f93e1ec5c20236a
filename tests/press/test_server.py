"""The press over HTTP: feeds that others' readers read, pages with their furniture, conditions, and bad days."""

from __future__ import annotations

import gzip
import json
import re
from datetime import timedelta
from html import unescape

import feedparser
import pytest

from monitor.model import Kind, ParsedFeed
from monitor.press import Press
from monitor.press.events import PressSource, read_publishers
from monitor.press.server import CLOSED_TO_ROBOTS
from monitor.stages.catalogue import read_catalogue
from monitor.stages.codebook import read_providers
from monitor.stages.page import extract_page
from monitor.stages.status import read_status, read_timeline
from tests.conftest import ManualClock
from tests.press.conftest import START, Reply, ask

SOURCES = [(p.id, s) for p in read_publishers() for s in p.sources]


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def entries_of(reply: Reply, source: PressSource) -> list[tuple[str, str]]:
    """Title and link of each entry, as feedparser or json sees them."""
    if source.format == "json11":
        return [(i["title"], i["url"]) for i in json.loads(reply.body)["items"]]
    read = feedparser.parse(reply.body, response_headers={"content-type": reply.headers["content-type"]})
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == source.format
    return [(e.title, e.link) for e in read.entries]


def test_all_formats_are_spoken_more_than_once() -> None:
    counts = [sum(s.format == form for _, s in SOURCES) for form in ("rss20", "rss10", "atom10", "json11")]
    assert min(counts) >= 3
    assert {p.language for p in read_publishers()} == {"en", "de", "es"}
    assert len(read_publishers()) == 33


@pytest.mark.parametrize(("publisher", "source"), SOURCES, ids=[s.id for _, s in SOURCES])
def test_a_feed_holds_the_newest_entries(press: Press, publisher: str, source: PressSource) -> None:
    entries = entries_of(ask(press, publisher, source.path), source)
    again = {r.target: r.at for r in press.edition.revivals}
    own = [t for t in reversed(press.edition.tellings) if t.source.id == source.id and t.published_at <= press.now()]
    newest = sorted(own, key=lambda t: again.get(t.key, t.published_at), reverse=True)
    if publisher == "morning-skim":
        assert len(entries) == 20
    else:
        assert [title for title, _ in entries] == [flat(t.in_feed(press.now()).text.title) for t in newest[:20]]


def test_links_of_feeds_lead_to_pages_with_or_without_trackers(press: Press) -> None:
    for publisher in ("wexholm-courier", "undertow-weekly", "orrin-tribune"):
        source = next(s for p, s in SOURCES if p == publisher)
        title, link = entries_of(ask(press, publisher, source.path), source)[0]
        assert ("utm_source" in link) == source.has_tracking
        page = ask(press, publisher, link.split(str(press.port), 1)[1])
        canonical = re.search(rb'rel="canonical" href="([^"]+)"', page.body)
        assert page.status == 200
        assert title in unescape(page.body.decode())
        assert canonical is not None
        assert "utm_" not in canonical[1].decode()


def test_every_article_of_the_truth_is_served(press: Press) -> None:
    for telling in press.edition.tellings:
        answer = press.answer(telling.publisher.id, telling.path)
        if telling.publisher.is_paywalled:
            assert answer.status == 403
            continue
        assert answer.status == 200, telling.key
        body = unescape(answer.body.decode())
        assert all(p in body for p in telling.page(press.now()).text.paragraphs)


def test_extraction_finds_the_article_among_the_furniture(press: Press) -> None:
    for telling in [t for t in press.edition.tellings if not t.publisher.is_paywalled][::25]:
        answer = press.answer(telling.publisher.id, telling.path)
        page = extract_page(answer.body, url=press.url_of(telling))
        assert all(p in flat(page.text) for p in telling.page(press.now()).text.paragraphs), telling.key  # type: ignore[union-attr]


def test_catalogue_and_register_are_what_the_newsroom_reads(press: Press) -> None:
    providers = read_providers(press.providers_yaml(), file="providers.yaml")
    catalogue = read_catalogue(press.catalogue_yaml(), file="feeds.yaml", providers=[p.id for p in providers])
    assert len(catalogue.publishers) == 33
    assert len(catalogue.sources) == len(SOURCES)
    assert [s.id for s in catalogue.sources if s.is_aggregator] == ["morning-skim"]
    assert [s.id for s in catalogue.sources if s.kind is Kind.STATUS] == [
        f"{name}-status" for name in ("velmora", "kestrane", "quorvex", "dovrel")
    ]
    assert {o for e in press.truth.events for o in e.providers} <= {p.id for p in providers}


def test_status_feeds_show_every_update_of_an_incident(moving: tuple[Press, ManualClock]) -> None:
    press, clock = moving
    incident = max((t for t in press.edition.tellings if t.role == "status"), key=lambda t: len(t.versions))
    shown = []
    for version in incident.versions:
        clock.at = version.at
        reply = ask(press, incident.publisher.id, incident.source.path)
        feed = read_status(reply.body, url=press.root(incident.publisher.id) + incident.source.path)
        assert isinstance(feed, ParsedFeed)
        (entry,) = [e for e in feed.entries if e.url and incident.path in e.url]
        timeline = read_timeline(entry.content or "", near=version.at)
        assert timeline[-1].at == version.at.replace(second=0, microsecond=0)
        shown.append((entry.guid, len(timeline)))
    assert len({guid for guid, _ in shown}) == 1
    assert [count for _, count in shown] == list(range(1, len(incident.versions) + 1))


def test_nothing_is_shown_before_its_time(moving: tuple[Press, ManualClock]) -> None:
    press, clock = moving
    last = press.edition.tellings[-1]
    assert ask(press, last.publisher.id, last.path).status == 404
    clock.at = last.published_at
    assert ask(press, last.publisher.id, last.path).status == 200


def test_an_unchanged_feed_answers_304_to_either_validator(press: Press) -> None:
    first = ask(press, "meridane", "/feed.xml")
    by_tag = ask(press, "meridane", "/feed.xml", If_None_Match=first.headers["etag"])
    by_date = ask(press, "meridane", "/feed.xml", If_Modified_Since=first.headers["last-modified"])
    stale = ask(
        press, "meridane", "/feed.xml", If_None_Match='"other"', If_Modified_Since=first.headers["last-modified"]
    )
    assert (by_tag.status, by_date.status, stale.status) == (304, 304, 200)
    assert by_tag.body == b""
    assert by_tag.headers["etag"] == first.headers["etag"]


def test_sources_differ_in_validators_and_freshness(press: Press) -> None:
    none, tag, date = (
        ask(press, host, path).headers
        for host, path in (
            ("radio-halvor", "/news.rss"), ("port-calder-echo", "/feed.xml"), ("brindlemere-gazette", "/rss.rdf"),
        )
    )  # fmt: skip
    assert not {"etag", "last-modified"} & none.keys()
    assert "etag" in tag
    assert "last-modified" not in tag
    assert "etag" not in date
    assert "last-modified" in date
    assert ask(press, "velmora", "/status/history.atom").headers["cache-control"] == "max-age=300"


def test_gzip_where_asked_with_a_validator_of_its_own(press: Press) -> None:
    plain = ask(press, "stackwren", "/feed.atom")
    zipped = ask(press, "stackwren", "/feed.atom", Accept_Encoding="gzip")
    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body
    assert zipped.headers["etag"] != plain.headers["etag"]
    assert (
        ask(press, "stackwren", "/feed.atom", Accept_Encoding="gzip", If_None_Match=zipped.headers["etag"]).status
        == 304
    )


def test_a_feed_breaks_for_a_day_and_recovers(moving: tuple[Press, ManualClock]) -> None:
    press, clock = moving
    seen = []
    for day in (4.5, 5.5, 6.5):
        clock.at = START + timedelta(days=day)
        seen.append(bool(feedparser.parse(ask(press, "eskerton-post", "/feed.xml").body).bozo))
    assert seen == [False, True, False]
    statuses = []
    for day in (7.5, 8.5, 9.5):
        clock.at = START + timedelta(days=day)
        statuses.append(ask(press, "radio-halvor", "/news.rss").status)
    assert statuses == [200, 500, 200]


def test_a_status_entry_grows_under_one_guid(moving: tuple[Press, ManualClock]) -> None:
    press, clock = moving
    found = []
    for hours in (1.0, 2.0, 4.0):
        clock.at = START + timedelta(days=2, hours=8 + hours)
        found.append(feedparser.parse(ask(press, "velmora", "/status/history.atom").body).entries[0])
    assert len({e.id for e in found}) == 1
    assert len({e.updated for e in found}) == 3
    assert "Resolved" not in found[0].summary
    assert "Resolved" in found[2].summary


def test_a_silent_edit_changes_the_page_and_not_the_feed(moving: tuple[Press, ManualClock]) -> None:
    press, clock = moving
    telling = next(t for t in press.edition.tellings if any(v.is_silent for v in t.versions))
    source = telling.source
    before_at, after_at = (telling.versions[-1].at + timedelta(minutes=m) for m in (-1, 1))
    clock.at = before_at
    before = (ask(press, telling.publisher.id, source.path).body, ask(press, telling.publisher.id, telling.path))
    clock.at = after_at
    after = (ask(press, telling.publisher.id, source.path).body, ask(press, telling.publisher.id, telling.path))
    assert before[0] == after[0]
    assert before[1].body != after[1].body
    assert before[1].headers.get("etag", 1) != after[1].headers.get("etag", 2)


def test_a_loud_edit_keeps_the_guid_and_changes_the_text(moving: tuple[Press, ManualClock]) -> None:
    press, clock = moving
    telling = next(
        t for t in press.edition.tellings
        if t.source.format == "rss10" and len(t.versions) > 1 and not t.versions[1].is_silent
    )  # fmt: skip
    clock.at = telling.versions[1].at - timedelta(minutes=1)
    before = feedparser.parse(ask(press, telling.publisher.id, telling.source.path).body)
    clock.at = telling.versions[1].at + timedelta(minutes=1)
    after = feedparser.parse(ask(press, telling.publisher.id, telling.source.path).body)
    url = press.url_of(telling)
    one, other = (next(e for e in feed.entries if e.link == url) for feed in (before, after))
    assert one.id == other.id
    assert one.content[0].value != other.content[0].value


def test_a_retraction_replaces_page_and_entry(moving: tuple[Press, ManualClock]) -> None:
    press, clock = moving
    article = next(a for a in press.truth.articles if a.publisher == "undertow-weekly" and a.retracted_at)
    assert article.retracted_at is not None
    clock.at = article.retracted_at + timedelta(minutes=1)
    path = article.url.split(str(press.port), 1)[1]
    page = ask(press, "undertow-weekly", path).body.decode()
    titles = [e.title for e in feedparser.parse(ask(press, "undertow-weekly", "/feed.xml").body).entries]
    assert "has retracted this article" in page
    assert f"Retracted: {article.title}" in unescape(page)
    assert f"Retracted: {article.title}" in titles


def test_robots_are_told_where_not_to_go(press: Press) -> None:
    assert b"Disallow: /search" in ask(press, "meridane", "/robots.txt").body
    closed = next(t for t in press.edition.tellings if t.publisher.id == CLOSED_TO_ROBOTS)
    rule = re.search(rb"Disallow: (\S+)", ask(press, CLOSED_TO_ROBOTS, "/robots.txt").body)
    assert rule is not None
    assert closed.path.startswith(rule[1].decode())


def test_the_control_host_tells_the_truth(press: Press) -> None:
    assert ask(press, "press", "/truth.json").body.decode() == press.truth.to_json()
    assert ask(press, "press", "/feeds.yaml").body.decode() == press.catalogue_yaml()
    assert ask(press, "press", "/").status == 200
    assert ask(press, "nobody", "/feed.xml").status == 404


def test_requests_are_recorded_where_asked(moving: tuple[Press, ManualClock]) -> None:
    press, clock = moving
    ask(press, "meridane", "/feed.xml", User_Agent="test")
    ask(press, "meridane", "/missing", method="HEAD")
    assert [(r.host, r.path, r.method, r.status, r.at) for r in press.requests] == [
        ("meridane", "/feed.xml", "GET", 200, clock.at),
        ("meridane", "/missing", "HEAD", 404, clock.at),
    ]
    assert press.requests[0].headers["user-agent"] == "test"


def test_stopping_frees_the_port() -> None:
    clock = ManualClock(START)
    first = Press(clock, start=START)
    first.start()
    port = first.port
    first.stop()
    with Press(clock, start=START, port=port) as second:
        assert ask(second, "meridane", "/robots.txt").status == 200


def test_a_naive_start_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Press(ManualClock(START), start=START.replace(tzinfo=None))
