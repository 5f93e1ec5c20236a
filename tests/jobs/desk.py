"""A newsroom with a fetcher, as far as polling needs one, and the documents that its servers answer with."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network

from monitor.jobs.poll import PollReport, poll
from monitor.jobs.standing import get_report
from monitor.jobs.workers import Workers
from monitor.model import Origin, PollState, Publisher, PublisherId, Source, SourceId, SourceReport, Tier
from monitor.net.client import Fetcher
from monitor.store import polls, sources
from monitor.store.database import Database
from monitor.store.entries import list_entries
from tests.conftest import ManualClock
from tests.net.servers import Answer, Recorded, http

PAPER = SourceId("paper")
MODIFIED = "Mon, 02 Mar 2026 07:00:00 GMT"


def rss(*titles: str, ttl: int = 0) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://paper.example/{title}</link><guid>{title}</guid></item>"
        for title in titles
    )
    hint = f"<ttl>{ttl}</ttl>" if ttl else ""
    return f"<rss version='2.0'><channel><title>Paper</title>{hint}{items}</channel></rss>".encode()


def vouched(body: bytes, etag: str = '"1"') -> bytes:
    return http(200, body, ("ETag", etag), ("Last-Modified", MODIFIED), ("Content-Type", "application/rss+xml"))


def conditional(body: bytes, etag: str = '"1"') -> Answer:
    """A server that knows its own validator."""

    def answer(request: Recorded, connection: object) -> bytes:
        return http(304) if request.header("If-None-Match") == etag else vouched(body, etag)

    return answer


class Desk:
    """A newsroom with a fetcher, as far as polling needs one."""

    def __init__(self, database: Database, clock: ManualClock, fetcher: Fetcher, workers: Workers) -> None:
        self.database = database
        self.clock = clock
        self.fetcher = fetcher
        self.workers = workers

    def add(self, name: str, url: str, **fields: object) -> SourceId:
        known: dict[str, object] = {
            "id": SourceId(name),
            "name": name,
            "url": url,
            "origin": Origin.PRESS,
            "tier": Tier.SECONDARY,
            "publisher": PublisherId("paper"),
        }
        source = Source(**(known | fields))  # type: ignore[arg-type]
        with self.database.write() as tx:
            sources.record_publishers(tx, [Publisher(id=PublisherId("paper"), name="The Paper")])
            sources.add_source(tx, source, now=self.clock.now())
        return source.id

    def poll(self, *names: SourceId, owner: str = "desk") -> PollReport:
        return poll(self.database, self.clock, self.fetcher, self.workers, owner=owner, sources=names)

    def outcomes(self, *names: SourceId) -> list[str]:
        return [line.outcome for line in self.poll(*names).lines]

    def state(self, source: SourceId = PAPER) -> PollState:
        with self.database.read() as tx:
            return polls.get_poll_state(tx, source)

    def report(self, source: SourceId = PAPER) -> SourceReport:
        with self.database.read() as tx:
            return get_report(tx, source, self.clock.now())

    def titles(self, source: SourceId = PAPER) -> list[str]:
        with self.database.read() as tx:
            return sorted(stored.entry.title for stored in list_entries(tx, source=source))

    def until_due(self, source: SourceId = PAPER) -> None:
        self.clock.at = max(self.clock.at, self.state(source).due_at)


def make_fetcher(clock: ManualClock, *, deadline: float = 5.0) -> Fetcher:
    return Fetcher(
        user_agent="Monitor/0 (+https://newsroom.example)",
        clock=clock,
        allow=(ip_network("127.0.0.0/8"),),
        host_gap=timedelta(),
        deadline_seconds=deadline,
    )
