"""extract: every entry leads to an article, each page is asked for once, nothing is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor.jobs.extract import BACK_OFF, ExtractReport, extract
from monitor.jobs.workers import Workers
from monitor.model import PublisherId
from monitor.net.client import Fetcher
from monitor.store.articles import get_snapshot_body
from monitor.store.database import Database
from monitor.store.entries import count_unextracted
from monitor.store.polls import is_host_silent
from tests.conftest import ManualClock
from tests.jobs.pressroom import BODY, CANONICAL, HERALD, RELAY, Pressroom, a_page, an_entry
from tests.net.servers import RecordingServer, http, moved


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer({"/robots.txt": http(404)}) as opened:
        yield opened


@pytest.fixture
def desk(database: Database, clock: ManualClock, server: RecordingServer, workers: Workers) -> Pressroom:
    return Pressroom(database, clock, server, workers)


def test_an_entry_becomes_an_article_with_its_page_as_evidence(desk: Pressroom) -> None:
    page = a_page(head='<meta name="author" content="Ada Moss">')
    desk.answer("/a", page)
    published = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    desk.brings(an_entry(desk.server.url("/a?utm_source=rss"), "1", published_at=published))
    desk.answer("/a?utm_source=rss", page)
    assert desk.extract() == ExtractReport(page_count=1)
    article = desk.article()
    assert article.canonical_url == desk.server.url("/a", scheme="https")
    assert article.url == desk.server.url("/a")
    assert article.title == "Dispatch assistant switched off"
    assert article.text.count(BODY) == 3
    assert (article.author, article.published_at, article.language) == ("Ada Moss", published, "en")
    assert (article.publisher, article.publisher_name, article.source) == ("herald", "The Herald", "herald")
    assert (article.first_seen_at, article.note) == (desk.clock.now(), None)
    body = page.partition(b"\r\n\r\n")[2]
    assert article.snapshot is not None
    assert article.snapshot.digest == hashlib.sha256(body).hexdigest()
    with desk.database.read() as tx:
        assert get_snapshot_body(tx, article.snapshot.digest) == body


def test_a_page_is_asked_for_once_p22(desk: Pressroom) -> None:
    desk.answer("/a", a_page())
    url = desk.server.url("/a")
    desk.brings(an_entry(url, "1"), an_entry(url + "?fbclid=1", "2"))
    desk.brings(an_entry(url, "of another source"), source=RELAY)
    assert desk.extract() == ExtractReport(page_count=1, linked_count=2)
    desk.brings(an_entry(url + "#comments", "later"))
    assert desk.extract() == ExtractReport(linked_count=1)
    assert desk.extract() == ExtractReport()
    assert desk.asked("/a") + desk.asked("/a?fbclid=1") == 1
    assert desk.article().publisher == "herald"


def test_a_changed_guid_does_not_double_an_article_h15(desk: Pressroom) -> None:
    desk.answer("/a", a_page())
    for guid in ("http://herald.example/1", "https://herald.example/1", "build-7-1"):
        desk.brings(an_entry(desk.server.url("/a"), guid))
        desk.extract()
        desk.clock.advance(hours=1)
    assert len(desk.entries()) == 3
    assert desk.article().canonical_url == desk.server.url("/a", scheme="https")
    assert desk.asked("/a") == 1


def test_a_canonical_address_of_the_same_site_is_believed(desk: Pressroom) -> None:
    head = CANONICAL.format(desk.server.url("/story", scheme="https"))
    desk.answer("/amp/story", a_page(head=head))
    desk.answer("/story?page=1", a_page(head=head))
    desk.brings(an_entry(desk.server.url("/amp/story")))
    desk.extract()
    desk.brings(an_entry(desk.server.url("/story?page=1")), an_entry(desk.server.url("/story")))
    assert desk.extract() == ExtractReport(linked_count=2)
    assert desk.article().canonical_url == desk.server.url("/story", scheme="https")
    assert desk.asked("/story") == 0


def test_a_page_cannot_pass_itself_off_as_another_publishers_article(desk: Pressroom) -> None:
    desk.answer("/a", a_page(head=CANONICAL.format("https://gazette.example/scoop")))
    desk.brings(an_entry(desk.server.url("/a")))
    desk.extract()
    assert desk.article().canonical_url == desk.server.url("/a", scheme="https")
    assert "names an address of another site as its own: https://gazette.example/scoop" in (desk.article().note or "")


def test_one_mistaken_canonical_address_does_not_swallow_other_news(desk: Pressroom) -> None:
    head = CANONICAL.format(desk.server.url("/news"))
    desk.answer("/a", a_page("First", head=head))
    desk.answer("/b", a_page("Second", head=head, text="A quite different report on trains in the south."))
    desk.answer("/c", a_page("First", head=head))  # a portal: the same for whatever is asked
    for name, title in (("a", "First"), ("b", "Second"), ("c", "Third")):
        desk.brings(an_entry(desk.server.url(f"/{name}"), title=title))
        desk.extract()
    first, second, third = desk.articles()
    assert (first.title, second.title, third.title) == ("First", "Second", "Third")
    assert "A quite different report" in second.text
    assert second.canonical_url == desk.server.url("/b", scheme="https")
    assert third.text == "In short."
    assert "the address of another article" in (third.note or "")


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451])
def test_where_the_page_is_refused_the_feed_speaks(desk: Pressroom, status: int) -> None:
    desk.answer("/a", http(status))
    desk.brings(
        an_entry(desk.server.url("/a"), content="<h2>Head</h2><p>All of <b>it</b>.<br>More.</p><script>x</script>")
    )
    assert desk.extract() == ExtractReport(feed_count=1)
    article = desk.article()
    assert article.text == "Head\nAll of it.\nMore."
    assert article.note == f"text from the feed: the page answered {status}"
    assert article.canonical_url == desk.server.url("/a", scheme="https")
    assert article.snapshot is None
    assert desk.extract() == ExtractReport()
    assert desk.asked("/a") == 1


def test_robots_are_obeyed_p21(desk: Pressroom) -> None:
    desk.answer("/robots.txt", http(200, b"User-agent: *\nDisallow: /private", ("Content-Type", "text/plain")))
    desk.answer("/private/a", a_page())
    desk.brings(an_entry(desk.server.url("/private/a")))
    assert desk.extract() == ExtractReport(feed_count=1)
    assert desk.asked("/private/a") == 0
    assert "robots" in (desk.article().note or "")


def test_a_broken_server_is_tried_three_times_with_growing_distance(desk: Pressroom) -> None:
    desk.answer("/a", http(500))
    desk.brings(an_entry(desk.server.url("/a")))
    for wait in BACK_OFF:
        assert desk.extract() == ExtractReport(postponed_count=1)
        assert desk.extract() == ExtractReport()
        desk.clock.advance(seconds=wait.total_seconds())
    assert desk.extract() == ExtractReport(feed_count=1)
    assert desk.article().note == "text from the feed: the page answered 500, 3 times"
    assert desk.asked("/a") == 3


def test_a_server_that_recovers_gives_its_page(desk: Pressroom) -> None:
    desk.answer("/a", http(502), a_page())
    desk.brings(an_entry(desk.server.url("/a")))
    assert desk.extract() == ExtractReport(postponed_count=1)
    desk.clock.advance(minutes=10)
    assert desk.extract() == ExtractReport(page_count=1)


def test_a_host_that_asks_for_silence_gets_it_p9(desk: Pressroom) -> None:
    desk.answer("/a", http(429, b"", ("Retry-After", "7200")), a_page())
    desk.answer("/b", a_page("Another"))
    desk.brings(an_entry(desk.server.url("/a")), an_entry(desk.server.url("/b"), title="Another"))
    assert desk.extract() == ExtractReport(postponed_count=2)
    assert desk.asked("/b") == 0
    with desk.database.read() as tx:
        assert is_host_silent(tx, "127.0.0.1", now=desk.clock.now() + timedelta(hours=1))
    desk.clock.advance(hours=1)
    assert desk.extract().page_count == 0
    desk.clock.advance(hours=2)
    assert desk.extract() == ExtractReport(page_count=2)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (http(200, b"%PDF-1.7 ...", ("Content-Type", "text/html")), "a PDF"),
        (http(200, b"", ("Content-Type", "text/html")), "empty"),
        (a_page("Page not found - The Herald", text="Sorry."), "soft 404"),
        (a_page("Just a moment...", text="Checking."), "a wall"),
        (moved(302, "/"), "front page"),
    ],
)
def test_what_is_no_article_page_leaves_the_feed_to_speak_h26(desk: Pressroom, answer: bytes, why: str) -> None:
    desk.answer("/a", answer)
    desk.answer("/", a_page("The Herald"))
    desk.brings(an_entry(desk.server.url("/a")))
    assert desk.extract() == ExtractReport(feed_count=1)
    assert why in (desk.article().note or "")
    assert desk.article().text == "In short."


def test_behind_a_paywall_the_fuller_text_counts_h26(desk: Pressroom) -> None:
    desk.answer("/a", a_page(text="Subscribe"))
    desk.brings(an_entry(desk.server.url("/a"), content=f"<p>{BODY}</p>" * 20))
    assert desk.extract() == ExtractReport(page_count=1)
    assert desk.article().text.count(BODY) == 20
    assert "far more than the page" in (desk.article().note or "")
    assert desk.article().snapshot is not None


def test_entries_without_a_link_are_articles_of_their_own(desk: Pressroom) -> None:
    desk.brings(
        an_entry(None, "a", title="Elevated error rates"), an_entry(None, "b", title="", summary="<p>All up.</p>")
    )
    assert desk.extract() == ExtractReport(feed_count=2)
    one, other = sorted(desk.articles(), key=lambda article: article.title)
    assert (one.title, one.text) == ("All up.", "All up.")
    assert other.url == HERALD.url
    assert one.canonical_url != other.canonical_url
    assert one.canonical_url.startswith("https://herald.example/feed#")


def test_a_changelog_gives_an_article_for_each_of_its_entries(desk: Pressroom) -> None:
    url = desk.server.url("/log")
    desk.answer("/log", a_page("Changelog"))
    desk.brings(an_entry(url + "#march-1", title="March 1"), an_entry(url + "#march-2", title="March 2"))
    assert desk.extract() == ExtractReport(feed_count=2)
    desk.clock.advance(hours=1)
    desk.brings(an_entry(url + "#march-3", title="March 3"))
    assert desk.extract() == ExtractReport(feed_count=1)
    assert [article.title for article in desk.articles()] == ["March 1", "March 2", "March 3"]
    assert desk.asked("/log") == 0


def test_a_relay_lends_nobody_its_voice(desk: Pressroom) -> None:
    gazette = desk.server.url("/a", host="www.gazette.localhost")
    unknown = desk.server.url("/b", host="news.unknown.localhost")
    desk.answer("/a", a_page("As the Gazette has it"))
    desk.answer("/b", http(403))
    desk.brings(an_entry(gazette, title="As relayed"), an_entry(unknown, title="Other"), source=RELAY)
    assert desk.extract() == ExtractReport(page_count=1, feed_count=1)
    by_publisher = {article.publisher: article for article in desk.articles()}
    assert by_publisher[PublisherId("gazette")].title == "As the Gazette has it"
    assert by_publisher[PublisherId("gazette")].publisher_name == "The Gazette"
    assert by_publisher[PublisherId("unknown.localhost")].publisher_name == "unknown.localhost"


def test_no_more_is_taken_than_asked_for(desk: Pressroom) -> None:
    desk.brings(*(an_entry(None, str(n), title=f"Story {n}") for n in range(5)))
    assert desk.extract(limit=3) == ExtractReport(feed_count=3)
    assert desk.extract(limit=3) == ExtractReport(feed_count=2)


def test_a_job_that_is_closed_lets_go_of_its_entries(desk: Pressroom) -> None:
    desk.brings(*(an_entry(None, str(n), title=f"Story {n}") for n in range(3)))
    with Workers(1) as closed:
        pass
    desk.workers = closed
    assert desk.extract() == ExtractReport()
    with desk.database.read() as tx:
        assert count_unextracted(tx, now=desk.clock.now()) == 3
    assert {stored.attempt_count for stored in desk.entries()} == {0}


def test_progress_is_told(desk: Pressroom) -> None:
    desk.brings(*(an_entry(None, str(n), title=f"Story {n}") for n in range(3)))
    told: list[tuple[int, int]] = []
    with Fetcher(user_agent="x", clock=desk.clock) as fetcher:
        extract(
            desk.database,
            desk.clock,
            fetcher,
            desk.workers,
            owner="test",
            progress=lambda done, total: told.append((done, total)),
        )
    assert told == [(1, 3), (2, 3), (3, 3)]
