"""push: take in what hubs deliver, at once, and read it where polls are read (WebSub 7, P25).

Taking in is one signature and one row, so that the hub has its 2xx at once. Reading happens under the source's poll
lease, in a worker, with the entries, the count of the day and the line of history in one transaction: a delivery is
read once, and killed at any point it is read again and finds its entries known.
"""

from __future__ import annotations

import secrets
from concurrent.futures import CancelledError
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.jobs.workers import Workers
from monitor.log import get_log
from monitor.model import (
    Clock,
    Kind,
    ParsedFeed,
    PollState,
    Push,
    Source,
    SourceId,
    Subscription,
    SubscriptionStatus,
    Unparsable,
)
from monitor.stages.cadence import is_another_feed
from monitor.stages.hub import is_genuine, take_in
from monitor.store import leases, polls, push
from monitor.store.database import Database, Transaction
from monitor.store.entries import Recorded, find_known, record_document

MOST_UNREAD = 10  # deliveries of a source: the hub is asked to try the next one later
MOST_UNREAD_OF_ALL = 300
READ_GAP = timedelta(minutes=1)  # of one source: a hub that delivers without end costs one reading a minute
_LEASE = timedelta(minutes=5)
_BATCH = 20  # sources a tick
_log = get_log()


class Intake(StrEnum):
    """What became of a delivery."""

    TAKEN = "taken"
    IGNORED = "ignored"  # signed wrongly or not at all: the hub is not told (7.1)
    FULL = "full"  # too many are unread: later
    ENDED = "ended"  # we left: the hub may stop
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PushReport:
    """What deliveries brought."""

    source_count: int = 0
    push_count: int = 0
    new_entry_count: int = 0
    failed_count: int = 0  # sources

    def __str__(self) -> str:
        said = f"{self.push_count} deliveries for {self.source_count} sources read: {self.new_entry_count} new entries"
        return said + (f", {self.failed_count} failed." if self.failed_count else ".")


def receive(
    database: Database, clock: Clock, *, token: str, body: bytes, content_type: str | None, signature: str | None
) -> Intake:
    """Keep what a hub delivers, if it is from the hub; reading comes later."""
    with database.read() as tx:
        found = push.find_by_token(tx, token)
    if found is None:
        return Intake.UNKNOWN
    if found.status in (SubscriptionStatus.ENDED, SubscriptionStatus.LEAVING, SubscriptionStatus.DENIED):
        return Intake.ENDED
    if not is_genuine(found.secret, body, signature):
        _log.warning("a delivery was not signed by the hub and is ignored", source=found.source, hub=found.hub)
        return Intake.IGNORED
    with database.write() as tx:
        is_full = push.count_pushes(tx, found.source) >= MOST_UNREAD or push.count_pushes(tx) >= MOST_UNREAD_OF_ALL
        if is_full:
            return Intake.FULL
        push.add_push(tx, found.source, body=body, content_type=content_type, now=clock.now())
    return Intake.TAKEN


def read_pushes(database: Database, clock: Clock, workers: Workers, *, owner: str) -> PushReport:
    """Read what was delivered, each source under its poll lease, at most once in READ_GAP."""
    owner = f"{owner[:47]}/{secrets.token_hex(8)}"
    with database.read() as tx:
        waiting = push.list_pushed_sources(tx, now=clock.now(), gap=READ_GAP, limit=_BATCH)
    report = PushReport()
    for source in waiting:
        try:
            brought = _read_source(database, clock, workers, source, owner=owner)
        except Exception as error:  # the boundary: what goes wrong with one source stays with it
            with database.write() as tx:
                leases.end_lease(tx, source, owner=owner)
            if isinstance(error, CancelledError):  # the workers were closed: whoever runs next reads it
                return report
            _log.exception("deliveries were not read", source=source)
            brought = PushReport(failed_count=1)
        report = _sum(report, brought)
    return report


def _sum(one: PushReport, other: PushReport) -> PushReport:
    return PushReport(
        source_count=one.source_count + other.source_count,
        push_count=one.push_count + other.push_count,
        new_entry_count=one.new_entry_count + other.new_entry_count,
        failed_count=one.failed_count + other.failed_count,
    )


def _read_source(database: Database, clock: Clock, workers: Workers, name: SourceId, *, owner: str) -> PushReport:
    with database.write() as tx:
        taken = leases.lease_source(tx, name, now=clock.now(), owner=owner, lease_for=_LEASE)
        if taken is None:
            return PushReport()
        subscription, pushes = push.find_subscription(tx, name), push.list_pushes(tx, name)
    source, state = taken
    asked = [
        workers.read_document(
            each.body, kind=source.kind, selector=source.selector, url=state.url, content_type=each.content_type
        )
        for each in pushes
    ]
    read = [each.result() for each in asked]
    with database.write() as tx:
        if not leases.is_lease_held(tx, name, owner=owner):
            return PushReport()
        new = _record(tx, clock, source, state, subscription, pushes, read, owner=owner)
    _log.info("delivered", source=name, documents=len(pushes), new=new)
    return PushReport(source_count=1, push_count=len(pushes), new_entry_count=new)


def _record(
    tx: Transaction,
    clock: Clock,
    source: Source,
    state: PollState,
    subscription: Subscription | None,
    pushes: tuple[Push, ...],
    read: list[ParsedFeed | Unparsable],
    *,
    owner: str,
) -> int:
    now, new = clock.now(), 0
    refused: list[str] = []
    for document in read:
        kept = _keep(tx, source, state, document, now)
        if isinstance(kept, str):
            refused.append(kept)
        else:
            new += kept.new_count
    is_believed = len(refused) < len(read)
    lease_until = subscription.lease_until if subscription is not None else None
    if is_believed:
        state = take_in(state, new_entry_count=new, lease_until=lease_until, now=now)
    detail = state.last_outcome if is_believed else "delivered by its hub"
    detail += "".join(f"; one document was left: {why}" for why in refused)
    polls.record_push(tx, state, owner=owner, pushed_at=now, detail=detail, new_entry_count=new)
    push.end_pushes(tx, source.id, pushes, now=now)
    return new


def _keep(
    tx: Transaction, source: Source, state: PollState, document: ParsedFeed | Unparsable, now: datetime
) -> Recorded | str:
    """Store what is new; or why nothing is: unreadable, or another feed altogether (H19). Polls go on in any case."""
    if isinstance(document, Unparsable):
        return document.detail
    known = find_known(tx, source.id, document.entries)
    if state.held is not None or is_another_feed(state, document, known_count=known.count):
        return f"it calls itself {document.title or 'nothing'}, which is another feed"
    grows = source.kind is Kind.STATUS
    return record_document(tx, source.id, known, now=now, grows=grows)
