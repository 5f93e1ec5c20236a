"""Outages: a status page's incident is one article that grows, from the poll to the candidate, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta

import pytest

from monitor.jobs.deduplicate import deduplicate
from monitor.jobs.extract import ExtractReport, extract
from monitor.jobs.workers import Workers
from monitor.model import Article, ArticleId, Candidate, CandidateId, Kind, Provider, SourceId, StatusUpdate
from monitor.stages.codebook import ProviderIndex
from monitor.store.articles import get_article
from monitor.store.candidates import get_candidate
from monitor.store.database import Database
from monitor.store.entries import count_unextracted, count_versions, get_newest, list_entries
from monitor.store.tables import ArticleRow, CandidateRow
from tests.conftest import ManualClock
from tests.jobs.desk import Desk, make_fetcher
from tests.net.servers import RecordingServer, http

STATUS = SourceId("status")
PROVIDERS = ProviderIndex([Provider(id="lumenquay", name="Lumenquay", aliases=("LumenChat",))])
DAY = datetime(2026, 3, 2, tzinfo=UTC)
BEGUN = (8, "Investigating", "LumenChat answers with errors. We are investigating.")
FOUND = (9, "Identified", "A certificate has run out.")
OVER = (10, "Resolved", "It has been renewed.")


def at(hour: int) -> datetime:
    return DAY + timedelta(hours=hour)


def update(told: tuple[int, str, str]) -> StatusUpdate:
    return StatusUpdate(at=at(told[0]), state=told[1], text=told[2])


def statuspage(*updates: tuple[int, str, str], number: int = 1) -> bytes:
    """Statuspage's Atom: every update in one entry, the newest on top; `published` and `updated` move with it."""
    shown = "".join(
        f"&lt;p&gt;&lt;small&gt;Mar &lt;var data-var='date'&gt; 2&lt;/var&gt;, &lt;var data-var='time'&gt;{hour:02}:00"
        f"&lt;/var&gt; UTC&lt;/small&gt;&lt;br&gt;&lt;strong&gt;{state}&lt;/strong&gt; - {text}&lt;/p&gt;"
        for hour, state, text in reversed(updates)
    )
    told_at = at(updates[-1][0]).isoformat()
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Lumenquay Status</title><id>tag:status,2005:/history</id>"
        f"<entry><id>tag:status.example,2005:Incident/{number}</id><published>{told_at}</published>"
        f"<updated>{told_at}</updated><title>Errors in LumenChat</title>"
        f"<link rel='alternate' href='https://status.example/incidents/{number}'/>"
        f"<content type='html'>{shown}</content></entry></feed>"
    ).encode()


def incident_io(told: tuple[int, str, str]) -> bytes:
    """incident.io's Atom: the last state alone."""
    hour, state, text = told
    return (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>Lumenquay status</title><id>https://status.example/</id>"
        "<entry><title>Errors in LumenChat</title><id>https://status.example//incidents/01X</id>"
        f"<link href='https://status.example//incidents/01X'/><updated>{at(hour).isoformat()}</updated>"
        f"<content type='html'>&lt;b&gt;Status: {state}&lt;/b&gt;&lt;br/&gt;{text}</content></entry></feed>"
    ).encode()


class StatusDesk(Desk):
    """A newsroom that follows one status page."""

    server: RecordingServer

    def shows(self, body: bytes) -> str:
        """The page shows this; it is polled when it is due, and the word of the history."""
        self.server.answers["/history.atom"] = http(200, body, ("Content-Type", "application/atom+xml"))
        self.until_due(STATUS)
        (line,) = self.poll().lines
        return line.outcome

    def extract(self, *, workers: Workers | None = None) -> ExtractReport:
        job = (self.database, self.clock, self.fetcher, workers or self.workers)
        return extract(*job, owner="test", providers=PROVIDERS)

    def group(self) -> None:
        deduplicate(self.database, self.clock, owner="test", providers=PROVIDERS)

    def article(self) -> Article:
        with self.database.read() as tx:
            (only,) = tx.query(ArticleRow.id).all()
            return get_article(tx, ArticleId(only[0]))

    def candidate(self) -> Candidate:
        with self.database.read() as tx:
            (only,) = tx.query(CandidateRow.id).all()
            return get_candidate(tx, CandidateId(only[0]))

    def version_count(self) -> int:
        with self.database.read() as tx:
            (entry,) = list_entries(tx, source=STATUS)
            return count_versions(tx, entry.id)


@pytest.fixture
def desk(database: Database, clock: ManualClock, workers: Workers) -> Iterator[StatusDesk]:
    with RecordingServer() as server, make_fetcher(clock) as fetcher:
        clock.at = at(8)
        opened = StatusDesk(database, clock, fetcher, workers)
        opened.server = server
        opened.add("status", server.url("/history.atom"), kind=Kind.STATUS, provider="lumenquay")
        yield opened


def test_an_outage_is_one_article_that_grows_with_its_timeline_h16(desk: StatusDesk) -> None:
    assert desk.shows(statuspage(BEGUN)) == "new"
    assert desk.extract() == ExtractReport(feed_count=1)
    first = desk.article()
    assert first.timeline == (update(BEGUN),)
    assert first.text == "Investigating: LumenChat answers with errors. We are investigating."
    assert desk.shows(statuspage(BEGUN, FOUND)) == "nothing-new"
    assert desk.extract() == ExtractReport(grown_count=1)
    assert desk.shows(statuspage(BEGUN, FOUND, OVER)) == "nothing-new"
    assert desk.extract() == ExtractReport(grown_count=1)
    last = desk.article()
    assert last.timeline == (update(BEGUN), update(FOUND), update(OVER))
    assert last.text.endswith("\nResolved: It has been renewed.")
    same = ("id", "canonical_url", "url", "title", "published_at", "first_seen_at", "source", "publisher")
    assert [getattr(last, name) for name in same] == [getattr(first, name) for name in same]
    assert first.published_at == at(8)
    assert desk.version_count() == 2
    assert desk.state(STATUS).entry_count == 1


def test_an_outage_that_goes_on_is_as_lively_as_news_p11_p26(desk: StatusDesk) -> None:
    desk.shows(statuspage(BEGUN))
    for told, interval in ((FOUND, 1.0), (None, 1.25)):
        desk.shows(statuspage(BEGUN, told or FOUND) + (b"" if told else b"<!-- -->"))
        state = desk.state(STATUS)
        assert state.interval == timedelta(hours=interval)
        assert state.last_outcome == ("200, no new entries, 1 has grown" if told else "200, no new entries")


def test_the_page_itself_is_not_asked_for_while_the_house_is_on_fire(desk: StatusDesk) -> None:
    desk.shows(statuspage(BEGUN))
    desk.extract()
    desk.shows(statuspage(BEGUN, FOUND))
    desk.extract()
    assert set(desk.server.paths) == {"/history.atom"}


def test_the_candidate_hears_of_it_and_counts_no_further_source_h16(desk: StatusDesk) -> None:
    desk.shows(statuspage(BEGUN))
    desk.extract()
    desk.group()
    before = desk.candidate()
    desk.shows(statuspage(BEGUN, FOUND))
    desk.extract()
    desk.group()
    after = desk.candidate()
    assert (after.source_count, after.article_count, after.id) == (1, 1, before.id)
    assert after.version > before.version  # what an editor has on screen is no longer all of it (D10)
    assert after.grown_at == desk.clock.now()


def test_the_same_page_again_doubles_nothing(desk: StatusDesk) -> None:
    desk.shows(statuspage(BEGUN))
    desk.extract()
    desk.group()
    desk.shows(statuspage(BEGUN, FOUND))
    desk.extract()
    grown = (desk.article(), desk.candidate(), desk.version_count())
    assert desk.shows(statuspage(BEGUN, FOUND) + b"<!-- -->") == "nothing-new"
    assert desk.extract() == ExtractReport()
    assert (desk.article(), desk.candidate(), desk.version_count()) == grown


def test_an_older_answer_from_a_cache_takes_nothing_back(desk: StatusDesk) -> None:
    desk.shows(statuspage(BEGUN))
    desk.extract()
    desk.shows(statuspage(BEGUN, FOUND, OVER))
    desk.extract()
    grown = desk.article()
    desk.shows(statuspage(BEGUN))  # known, word for word
    assert desk.extract() == ExtractReport()
    desk.shows(statuspage(BEGUN, FOUND))  # never seen, and older than what is known
    assert desk.extract() == ExtractReport(linked_count=1)
    assert desk.article() == grown


def test_a_page_that_shows_only_its_last_state_is_remembered(desk: StatusDesk) -> None:
    for told in (BEGUN, FOUND, OVER):
        desk.shows(incident_io(told))
        desk.extract()
    assert desk.article().timeline == (update(BEGUN), update(FOUND), update(OVER))


def test_words_that_come_before_the_first_were_read_are_not_lost(desk: StatusDesk) -> None:
    desk.shows(statuspage(BEGUN))
    desk.shows(statuspage(BEGUN, FOUND))
    assert desk.extract() == ExtractReport(feed_count=1)
    assert desk.article().timeline == (update(BEGUN), update(FOUND))
    assert desk.extract() == ExtractReport()


class Slow:
    """Workers that let a poll come between reading an outage and keeping it, once."""

    def __init__(self, workers: Workers, desk: StatusDesk) -> None:
        self._workers = workers
        self._desk = desk
        self._is_first = True

    def submit(self, *args: object, **kwargs: object) -> Future[object]:
        read: Future[object] = self._workers.submit(*args, **kwargs)  # type: ignore[arg-type]
        read.result(60)
        if self._is_first:
            self._is_first = False
            self._desk.shows(statuspage(BEGUN, FOUND, OVER))
        return read


@pytest.mark.parametrize("is_known", [False, True])
def test_words_that_come_while_earlier_ones_are_read_are_not_overlooked_f8(desk: StatusDesk, is_known: bool) -> None:
    desk.shows(statuspage(BEGUN))
    if is_known:
        desk.extract()
        desk.shows(statuspage(BEGUN, FOUND))
    report = desk.extract(workers=Slow(desk.workers, desk))  # type: ignore[arg-type]
    assert report.postponed_count == 1
    assert desk.article().timeline == (update(BEGUN), update(FOUND), update(OVER))
    with desk.database.read() as tx:
        assert count_unextracted(tx, now=desk.clock.now() + timedelta(days=1)) == 0


def test_a_growth_that_was_cut_short_is_made_up_for_f1(desk: StatusDesk) -> None:
    desk.shows(statuspage(BEGUN))
    desk.extract()
    desk.shows(statuspage(BEGUN, FOUND))
    with Workers(1) as closed:
        closed.close()  # as when the daemon stops: the lease is given back
        assert desk.extract(workers=closed).grown_count == 0
    assert desk.article().timeline == (update(BEGUN),)
    assert desk.extract() == ExtractReport(grown_count=1)
    assert desk.article().timeline == (update(BEGUN), update(FOUND))


def test_outages_that_share_the_front_page_are_articles_of_their_own(desk: StatusDesk) -> None:
    def item(number: int, title: str) -> str:
        return (
            f"<item><title>{title}</title><link>https://status.example/</link><guid>g#s_{number}</guid>"
            f"<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate><description>Errors.</description></item>"
        )

    def rss(*items: str) -> bytes:
        return f"<rss version='2.0'><channel><title>S</title>{''.join(items)}</channel></rss>".encode()

    first, second = item(1_772_438_400, "Service degradation: Slow"), item(1_772_438_401, "Informational message: Odd")
    desk.shows(rss(first))
    assert desk.extract() == ExtractReport(feed_count=1)
    desk.shows(rss(second, first))
    assert desk.extract() == ExtractReport(feed_count=1)


def test_an_article_that_another_source_brought_is_left_as_it_is(desk: StatusDesk) -> None:
    desk.shows(statuspage(BEGUN))
    desk.extract()
    article = desk.article()
    other = desk.add("other", desk.server.url("/other"), kind=Kind.STATUS)
    desk.server.answers["/other"] = http(200, statuspage(BEGUN, FOUND))
    assert desk.outcomes(other) == ["new"]
    assert desk.extract() == ExtractReport(linked_count=1)
    assert desk.article() == article


def test_the_newest_words_are_told_from_the_first(desk: StatusDesk) -> None:
    desk.shows(statuspage(BEGUN))
    desk.shows(statuspage(BEGUN, FOUND))
    with desk.database.read() as tx:
        (stored,) = list_entries(tx, source=STATUS)
        newest = get_newest(tx, stored.id)
    assert "Identified" not in (stored.entry.content or "")
    assert "Identified" in (newest.entry.content or "")
    assert (stored.version, newest.version > 0, newest.entry.guid) == (0, True, stored.entry.guid)
