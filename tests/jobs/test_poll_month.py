"""Thirty simulated days of polling with three restarts, every request counted (P27, with three sources for fifty)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_network

import pytest

from monitor.jobs import standing
from monitor.jobs.poll import poll
from monitor.jobs.workers import Workers
from monitor.model import Origin, Publisher, PublisherId, Source, SourceId, Tier
from monitor.net.client import Fetcher
from monitor.store import polls, sources
from monitor.store.database import Database
from tests.conftest import ManualClock
from tests.net.servers import Recorded, RecordingServer, http

SOURCES, DAYS, RESTARTS = 3, 30, 3
SILENT_ON = 12  # day on which the last source answers 503 with Retry-After: 2 days


@dataclass
class Publication:
    """One source's server side: publishes every `every`, knows its validator, notes what is wrong with requests."""

    name: str
    clock: ManualClock
    every: timedelta
    began: datetime
    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    asked_at: datetime | None = None
    not_before: datetime | None = None
    given: str | None = None
    has_been_silent: bool = False

    def answer(self, request: Recorded, connection: object) -> bytes:
        now = self.clock.now()
        self._check(request, now)
        self.asked_at = now
        if self.name == f"s{SOURCES - 1}" and not self.has_been_silent and now - self.began > timedelta(days=SILENT_ON):
            self.has_been_silent = True
            self.not_before = now + timedelta(days=2)
            return http(503, b"", ("Retry-After", str(2 * 86_400)))
        issue = (now - self.began) // self.every
        etag = f'"{self.name}-{issue}"'
        self.not_before = now + timedelta(hours=1)
        if request.header("If-None-Match") == etag:
            self.counts["not modified"] += 1
            return http(304)
        self.given = etag
        self.counts["whole"] += 1
        items = "".join(
            f"<item><title>{self.name} {n}</title><guid>{self.name}-{n}</guid></item>"
            for n in range(max(0, issue - 5), issue + 1)
        )
        body = f"<rss version='2.0'><channel><title>{self.name}</title>{items}</channel></rss>"
        return http(200, body.encode(), ("ETag", etag), ("Cache-Control", "no-cache"))

    def _check(self, request: Recorded, now: datetime) -> None:
        sent = request.header("If-None-Match")
        if sent is None:
            self.counts["unconditional"] += 1
        elif sent != self.given:
            self.faults.append(f"wrong validator {sent}, not {self.given}")
        if self.not_before is not None and now < self.not_before:
            self.faults.append(f"too early: {now}, not before {self.not_before}")


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as opened:
        yield opened


def test_a_month_of_polls_is_polite_p27(sqlite_url: str, clock: ManualClock, server: RecordingServer) -> None:
    publications = []
    database = Database(sqlite_url)
    with database.write() as tx:
        sources.record_publishers(tx, [Publisher(id=PublisherId("p"), name="P")])
        for n in range(SOURCES):
            publication = Publication(f"s{n}", clock, timedelta(hours=30 * (n + 1)), clock.now())
            publications.append(publication)
            server.answers[f"/s{n}"] = publication.answer
            source = Source(
                id=SourceId(f"s{n}"),
                name=f"s{n}",
                url=server.url(f"/s{n}"),
                origin=Origin.PRESS,
                tier=Tier.SECONDARY,
                publisher=PublisherId("p"),
            )
            sources.add_source(tx, source, now=clock.now())
    database.close()

    ends = clock.now() + timedelta(days=DAYS)
    with Workers(1) as workers:
        for life in range(RESTARTS + 1):
            database = Database(sqlite_url)
            until = ends - timedelta(days=DAYS) * (RESTARTS - life) / (RESTARTS + 1)
            with Fetcher(user_agent="Monitor/0", clock=clock, allow=[ip_network("127.0.0.0/8")]) as fetcher:
                while (due_at := next_due(database)) < until:
                    clock.at = max(clock.at, due_at)
                    poll(database, clock, fetcher, workers, owner=f"life {life}")
            database.close()

    assert [publication.faults for publication in publications] == [[]] * SOURCES
    assert [publication.counts["unconditional"] for publication in publications] == [1] * SOURCES
    assert all(publication.counts["not modified"] > 10 for publication in publications)
    assert server.most_at_once == 1
    assert DAYS * SOURCES * 0.8 < len(server.requests) < DAYS * SOURCES * 12
    database = Database(sqlite_url)
    with database.read() as tx:
        kept = {report.source.id: report.entry_count for report in standing.list_reports(tx, clock.now())}
    database.close()
    assert kept == {p.name: int(p.given.split("-")[1].strip('"')) + 1 for p in publications if p.given}


def next_due(database: Database) -> datetime:
    with database.read() as tx:
        return min(polls.get_poll_state(tx, source.id).due_at for source in sources.list_sources(tx))
