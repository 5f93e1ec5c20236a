"""A newsroom with one server as its world: feeds are read, pages are asked for, articles are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

from monitor.jobs.extract import ExtractReport, extract
from monitor.jobs.workers import Workers
from monitor.model import (
    Article,
    ArticleId,
    Entry,
    Origin,
    ParsedFeed,
    Publisher,
    PublisherId,
    Source,
    SourceId,
    StoredEntry,
    Tier,
)
from monitor.net.client import Fetcher
from monitor.stages.codebook import ProviderIndex
from monitor.stages.parse import parse_feed
from monitor.store.articles import get_article
from monitor.store.database import Database
from monitor.store.entries import Recorded, find_known, list_entries, record_document, record_entries
from monitor.store.sources import add_source, record_publishers
from monitor.store.tables import ArticleRow
from tests.conftest import ManualClock
from tests.net.servers import Answer, RecordingServer, http

HERALD = Source(
    id=SourceId("herald"),
    name="Herald",
    url="https://herald.example/feed",
    origin=Origin.PRESS,
    tier=Tier.SECONDARY,
    publisher=PublisherId("herald"),
    language="en",
)
RELAY = replace(HERALD, id=SourceId("relay"), name="Relay", is_aggregator=True, publisher=PublisherId("relay"))
BODY = "The council of Northport switched off its new dispatch assistant after it sent two crews to the wrong street."
CANONICAL = '<link rel="canonical" href="{}">'


def a_page(title: str = "Dispatch assistant switched off", *, head: str = "", text: str = BODY) -> bytes:
    paragraphs = "".join(
        f"<p>{text} Paragraph {n} of this report adds what residents said about it.</p>" for n in "abc"
    )
    markup = f"<html lang=en><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{paragraphs}"
    return http(200, f"{markup}</article></body></html>".encode(), ("Content-Type", "text/html; charset=utf-8"))


class Pressroom:
    """A newsroom with one server as its world."""

    def __init__(self, database: Database, clock: ManualClock, server: RecordingServer, workers: Workers) -> None:
        self.database, self.clock, self.server, self.workers = database, clock, server, workers
        with database.write() as tx:
            record_publishers(
                tx,
                [
                    Publisher(id=PublisherId("herald"), name="The Herald"),
                    Publisher(id=PublisherId("relay"), name="Relay"),
                    Publisher(id=PublisherId("gazette"), name="The Gazette", domains=("gazette.localhost",)),
                ],
            )
            for source in (HERALD, RELAY):
                add_source(tx, source, now=clock.now())

    def answer(self, path: str, *answers: Answer) -> None:
        self.server.answers[path] = answers

    def brings(self, *entries: Entry, source: Source = HERALD) -> None:
        with self.database.write() as tx:
            record_entries(tx, source.id, entries, now=self.clock.now())

    def reads(self, feed: str | bytes, source: Source = HERALD) -> Recorded:
        """Take in a feed's document as a poll does."""
        found = parse_feed(feed if isinstance(feed, bytes) else feed.encode(), url=source.url)
        assert isinstance(found, ParsedFeed), found
        with self.database.write() as tx:
            return record_document(tx, source.id, find_known(tx, source.id, found.entries), now=self.clock.now())

    def extract(self, *, limit: int | None = None, providers: ProviderIndex | None = None) -> ExtractReport:
        fetcher = Fetcher(
            user_agent="Monitor/0 (+https://newsroom.example)",
            clock=self.clock,
            allow=(ip_network("127.0.0.0/8"),),
            host_gap=timedelta(0),
            deadline_seconds=5,
        )
        with fetcher:
            return extract(
                self.database, self.clock, fetcher, self.workers, owner="test", limit=limit, providers=providers
            )

    def articles(self) -> list[Article]:
        with self.database.read() as tx:
            ids = tx.query(ArticleRow.id).order_by(ArticleRow.id).all()
            return [get_article(tx, ArticleId(id_)) for (id_,) in ids]

    def article(self) -> Article:
        (only,) = self.articles()
        return only

    def entries(self) -> list[StoredEntry]:
        with self.database.read() as tx:
            return list(list_entries(tx))

    def asked(self, path: str) -> int:
        return self.server.paths.count(path)


def an_entry(url: str | None, guid: str | None = None, **fields: object) -> Entry:
    values: dict[str, object] = {"title": "Dispatch assistant switched off", "summary": "<p>In short.</p>"} | fields
    return Entry(guid=guid or url or "no-link", url=url, **values)  # type: ignore[arg-type]
