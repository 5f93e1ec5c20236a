"""poll: ask every source that is due, read what it says, keep what is new.

Leases first; then, outside any transaction, fetch and parse; then one short write per source in which entries,
validators, the next poll and the line of history are stored together (P4). Killed at any point, a source costs one
more fetch and loses nothing: its lease runs out and its validators still vouch for what was stored.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from monitor.jobs.mailbox import read_messages
from monitor.jobs.sitemaps import Tour
from monitor.jobs.subscribe import note_offer
from monitor.jobs.workers import Workers
from monitor.model import (
    NO_VALIDATORS,
    Clock,
    Failed,
    Failure,
    Fetched,
    FetchOutcome,
    FetchRequest,
    Gone,
    Held,
    Kind,
    MailboxRequest,
    NotModified,
    ParsedFeed,
    PollState,
    Progress,
    Source,
    SourceId,
    Throttled,
    Unparsable,
    no_progress,
)
from monitor.net.client import Fetcher
from monitor.stages.cadence import NOTHING_READ, Reading, asks_in_full, is_another_feed, name_outcome, next_poll
from monitor.store import leases, polls, sources
from monitor.store.database import Database, Transaction
from monitor.store.entries import find_known, record_document

LEASE = timedelta(minutes=5)  # F8: what a killed poller held is retaken after this
_IN_FLIGHT = 64  # sources under way at once: bounds what is held in memory
_ACCEPT_FEED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
_ACCEPT = {
    Kind.FEED: _ACCEPT_FEED,
    Kind.STATUS: _ACCEPT_FEED,
    Kind.PAGE: "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
}
_ADVICE = (
    "Is this machine on the internet, and may it ask these addresses? What was kept stays, and each source is tried "
    "again later. To see the newsroom at work without the internet: make demo (or: monitor demo)."
)
_UNREACHED = {Failure.DNS, Failure.CONNECT, Failure.TLS, Failure.TIMEOUT, Failure.REFUSED_ADDRESS}
_log = structlog.get_logger()
_random = secrets.SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollLine:
    """What one source answered."""

    source: SourceId
    outcome: str  # the word of the history: new, nothing-new, unchanged, not-modified, throttled, gone, or a Failure
    detail: str
    new_entry_count: int = 0
    is_failure: bool = False
    was_reached: bool = True
    due_at: datetime | None = None  # the next poll
    rule: str = ""  # why then (P26)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What a round brought. `lines` are in the order in which sources were done."""

    lines: tuple[PollLine, ...] = ()
    skipped: tuple[tuple[SourceId, str], ...] = ()  # named, and not polled: why

    @property
    def new_entry_count(self) -> int:
        return sum(line.new_entry_count for line in self.lines)

    @property
    def failure_count(self) -> int:
        return sum(line.is_failure for line in self.lines)

    @property
    def is_nothing_reached(self) -> bool:
        """Sources were asked, and not one server answered: this machine has no way out, or all are down."""
        return bool(self.lines) and not any(line.was_reached for line in self.lines)

    def __str__(self) -> str:
        if self.is_nothing_reached:
            return f"No source could be reached: not one of {len(self.lines)} answered. {_ADVICE}"
        with_news = sum(line.new_entry_count > 0 for line in self.lines)
        said = f"{len(self.lines)} polled: {with_news} with news ({self.new_entry_count} new entries)"
        said += f", {self.failure_count} failed"
        return said + (f", {len(self.skipped)} left alone." if self.skipped else ".")


def poll(
    database: Database,
    clock: Clock,
    fetcher: Fetcher,
    workers: Workers,
    *,
    owner: str,
    sources: Sequence[SourceId] = (),
    progress: Progress = no_progress,
) -> PollReport:
    """Poll all sources that are due, each once; or those named, due or not. Raises Unknown for a name that is none.

    A named source is left alone where its host, or it itself, asked for silence, or another worker polls it now.
    """
    round_ = _Round(database, clock, fetcher, workers, owner=f"{owner[:47]}/{secrets.token_hex(8)}")
    if sources:
        return round_.poll_named(sources, progress)
    return round_.poll_due(progress)


@dataclass(slots=True)
class _Visit:
    """One source on its way through fetch and parse."""

    source: Source
    state: PollState
    fetching: Future[FetchOutcome]
    in_full: bool  # asked without conditions
    parsing: Future[ParsedFeed | Unparsable] | None = None
    outcome: FetchOutcome | None = None
    tour: Tour | None = None  # through the documents of a sitemap

    @property
    def waits_for(self) -> Future[Any]:
        if self.tour is not None:
            return self.tour.reading_now or self.fetching
        return self.fetching if self.parsing is None else self.parsing


@dataclass(slots=True)
class _Round:
    """One call of `poll`: what is under way and what is done."""

    database: Database
    clock: Clock
    fetcher: Fetcher
    workers: Workers
    owner: str = field(kw_only=True)  # names this round alone: an older round of the same process holds nothing here
    under_way: list[_Visit] = field(default_factory=list)
    lines: list[PollLine] = field(default_factory=list)
    is_stopped: bool = False

    def poll_due(self, progress: Progress) -> PollReport:
        began_at = self.clock.now()
        with self.database.read() as tx:
            due_count = leases.count_due_sources(tx, now=began_at)
        visited: list[SourceId] = []
        while True:
            taken = () if self.is_stopped else self._lease_more(began_at, visited)
            visited += [source.id for source, _ in taken]
            for source, state in taken:
                self._start(source, state)
            progress(len(self.lines), max(due_count, len(visited)))
            if not self.under_way:
                return PollReport(lines=tuple(self.lines))
            self._advance()

    def poll_named(self, names: Sequence[SourceId], progress: Progress) -> PollReport:
        skipped: list[tuple[SourceId, str]] = []
        with self.database.write() as tx:
            found = [self._lease_named(tx, name, skipped) for name in dict.fromkeys(names)]
        waiting = [each for each in found if each is not None]
        total = len(waiting)
        while waiting or self.under_way:
            while waiting and len(self.under_way) < _IN_FLIGHT:
                self._start(*waiting.pop(0))
            self._advance()
            progress(len(self.lines), total)
        return PollReport(lines=tuple(self.lines), skipped=tuple(skipped))

    def _lease_more(self, due_by: datetime, visited: Sequence[SourceId]) -> tuple[tuple[Source, PollState], ...]:
        room = _IN_FLIGHT - len(self.under_way)
        if room < _IN_FLIGHT // 4:
            return ()
        with self.database.write() as tx:
            return leases.lease_due_sources(
                tx,
                now=self.clock.now(),
                owner=self.owner,
                limit=room,
                lease_for=LEASE,
                due_by=due_by,
                passed_over=visited,
            )

    def _lease_named(
        self, tx: Transaction, name: SourceId, skipped: list[tuple[SourceId, str]]
    ) -> tuple[Source, PollState] | None:
        now = self.clock.now()
        state = polls.get_poll_state(tx, name)
        if all(source.id != name for source in sources.list_sources(tx)):
            skipped.append((name, "it is retired: feeds.yaml no longer names it"))
            return None
        if state.paused_at is not None:
            skipped.append((name, "it is paused: monitor sources resume " + name))
            return None
        silent_until = state.silent_until or now
        if polls.is_host_silent(tx, polls.host_of(state.url), now=now):
            skipped.append((name, f"its host {polls.host_of(state.url)} asked for silence"))
        elif silent_until > now:
            skipped.append((name, f"it asked for silence until {silent_until:%Y-%m-%d %H:%M} UTC"))
        elif (taken := leases.lease_source(tx, name, now=now, owner=self.owner, lease_for=LEASE)) is None:
            skipped.append((name, "another worker is polling it"))
        else:
            return taken
        return None

    def _start(self, source: Source, state: PollState) -> None:
        if source.kind is Kind.MAILBOX:
            look = MailboxRequest(source=source.id, url=state.url, cursor=state.cursor)
            self.under_way.append(_Visit(source, state, self.fetcher.visit(look), in_full=False))
            return
        in_full = asks_in_full(state, self.clock.now())
        if source.kind is Kind.SITEMAP:
            tour = Tour(self.database, self.clock, self.workers, source, state, in_full)
            self.under_way.append(_Visit(source, state, self.fetcher.submit(tour.begin()), in_full, tour=tour))
            return
        request = FetchRequest(
            url=state.url,
            validators=NO_VALIDATORS if in_full else state.validators,
            validators_url=state.validators_url,
            accept=_ACCEPT[source.kind],
            takes_delta=source.kind in (Kind.FEED, Kind.STATUS) and state.held is None,
        )
        self.under_way.append(_Visit(source, state, self.fetcher.submit(request), in_full))

    def _advance(self) -> None:
        """Wait until something is done, and take each that is one step further."""
        futures: list[Future[Any]] = [visit.waits_for for visit in self.under_way]
        wait(futures, return_when=FIRST_COMPLETED)
        for visit in [visit for visit in self.under_way if visit.waits_for.done()]:
            if self._is_over(visit):
                self.under_way.remove(visit)

    def _is_over(self, visit: _Visit) -> bool:
        """One step of one visit. The boundary: what goes wrong with one source stays with it."""
        try:
            return self._step(visit)
        except CancelledError:  # fetcher or workers were closed: whoever starts next polls this source at once
            self.is_stopped = True
            with self.database.write() as tx:
                leases.end_lease(tx, visit.source.id, owner=self.owner)
        except Exception as error:
            _log.exception("poll failed", source=visit.source.id)
            self._set_back(visit, error)
        return True

    def _set_back(self, visit: _Visit, error: Exception) -> None:
        """After a bug of ours the source backs off like any that fails, so that it is not asked again and again."""
        detail = f"an error of Monitor's own ({type(error).__name__}), which the log has; nothing new was stored"
        now = self.clock.now()
        self._record(visit, Failed(url=visit.state.url, kind=Failure.UNPARSABLE, detail=detail, fetched_at=now))

    def _step(self, visit: _Visit) -> bool:
        """From fetched to parsing, or from parsed to recorded; whether the visit is over."""
        if visit.tour is not None:
            return self._step_tour(visit, visit.tour)
        if visit.parsing is not None:
            assert isinstance(visit.outcome, Fetched)
            self._record_read(visit, visit.outcome, visit.parsing.result())
            return True
        visit.outcome = outcome = visit.fetching.result()
        if not isinstance(outcome, Fetched):
            self._record(visit, outcome)
        elif visit.source.kind is Kind.MAILBOX:
            visit.parsing = read_messages(self.workers, outcome.messages)
            return False
        elif not outcome.is_delta and _digest(outcome.body) == visit.state.body_digest:
            self._record(visit, outcome, Reading(is_unchanged=True, body_digest=visit.state.body_digest))
        else:
            visit.parsing = self.workers.read_document(
                outcome.body,
                kind=visit.source.kind,
                selector=visit.source.selector,
                url=outcome.final_url,
                content_type=outcome.content_type,
            )
            return False
        return True

    def _step_tour(self, visit: _Visit, tour: Tour) -> bool:
        """From one document of a sitemap source to the next; the visit is over when none is left to ask."""
        if tour.reading_now is not None:
            tour.take_reading(tour.reading_now.result())
        elif tour.take_answer(visit.fetching.result()) is not None:
            return False
        request = tour.next_request()
        if request is not None:
            visit.fetching = self.fetcher.submit(request)
            return False
        self._record(visit, tour.settled(), tour.reading)
        return True

    def _record_read(self, visit: _Visit, outcome: Fetched, read: ParsedFeed | Unparsable) -> None:
        if isinstance(read, Unparsable):
            failure = Failed(
                url=outcome.url,
                kind=read.kind,
                detail=read.detail,
                status=200,
                retry_after=outcome.retry_after,
                fetched_at=outcome.fetched_at,
            )
            self._record(visit, failure)
        else:
            digest = None if outcome.is_delta else _digest(outcome.body)
            self._record(visit, outcome, Reading(body_digest=digest), read)

    def _record(
        self, visit: _Visit, outcome: FetchOutcome, reading: Reading = NOTHING_READ, feed: ParsedFeed | None = None
    ) -> None:
        """Entries, validators, next poll and the line of history in one transaction, or nothing (P4, F8)."""
        with self.database.write() as tx:
            if not leases.is_lease_held(tx, visit.source.id, owner=self.owner):
                _log.info("poll came too late", source=visit.source.id)
                return
            if feed is not None:
                reading = _keep(tx, visit, feed, reading, self.clock.now())
            if visit.tour is not None and isinstance(outcome, Fetched | NotModified):
                reading = visit.tour.keep(tx, self.clock.now())
            state = next_poll(
                visit.state,
                visit.source,
                outcome,
                reading=reading,
                now=outcome.fetched_at,
                jitter=_random.uniform(-1, 1),
                in_full=visit.in_full,
            )
            line = _line(outcome, reading, state)
            self._store(tx, state, outcome, line)
            if isinstance(outcome, Fetched) and reading.held is None:
                note_offer(tx, visit.source, state, header=outcome.links, document=feed.links if feed else ())
        self.lines.append(line)
        is_news = line.is_failure or line.new_entry_count
        tell = _log.info if is_news else _log.debug
        tell("polled", source=line.source, outcome=line.outcome, detail=line.detail, new=line.new_entry_count)

    def _store(self, tx: Transaction, state: PollState, outcome: FetchOutcome, line: PollLine) -> None:
        if isinstance(outcome, Throttled) and outcome.silences_host:
            polls.record_host_silence(tx, outcome.host, until=state.silent_until or state.due_at)
        if isinstance(outcome, Throttled) and not outcome.was_asked:
            polls.record_state(tx, state, owner=self.owner)
            return
        polls.record_poll(
            tx,
            state,
            owner=self.owner,
            polled_at=outcome.fetched_at,
            outcome=line.outcome,
            detail=line.detail,
            status=_status(outcome),
            new_entry_count=line.new_entry_count,
            is_error=line.is_failure,
        )


def _keep(tx: Transaction, visit: _Visit, feed: ParsedFeed, reading: Reading, now: datetime) -> Reading:
    """Store what is new, unless it is another feed altogether (H19)."""
    source, is_delta = visit.source.id, isinstance(visit.outcome, Fetched) and visit.outcome.is_delta
    known = find_known(tx, source, feed.entries)
    if not is_delta and is_another_feed(visit.state, feed, known_count=known.count):
        titles = tuple(entry.title for entry in feed.entries[:5])
        return Reading(held=Held(since=now, title=feed.title, feed_id=feed.id, entry_titles=titles))
    grows = visit.source.kind is Kind.STATUS
    kept = record_document(tx, source, feed.entries, known=known, now=now, grows=grows)
    return Reading(
        title=None if is_delta else feed.title or None,
        feed_id=None if is_delta else feed.id,
        new_entry_count=kept.new_count,
        grown_entry_count=kept.grown_count,
        entry_count=len(feed.entries),
        shares_entries=known.count > 0,
        hints=feed.hints,
        notes=feed.notes,
        body_digest=reading.body_digest,
        cursor=visit.outcome.cursor if isinstance(visit.outcome, Fetched) else None,
    )


def _line(outcome: FetchOutcome, reading: Reading, state: PollState) -> PollLine:
    word, detail = name_outcome(outcome, reading)
    return PollLine(
        source=state.source,
        outcome=word,
        detail=detail,
        new_entry_count=reading.new_entry_count,
        is_failure=isinstance(outcome, Failed),
        was_reached=not (isinstance(outcome, Failed) and outcome.kind in _UNREACHED),
        due_at=state.due_at,
        rule=state.rule,
    )


def _status(outcome: FetchOutcome) -> int | None:
    match outcome:
        case Failed(status=status) | Throttled(status=status):
            return status
        case Fetched(status=status):
            return None if outcome.messages else status
        case Gone():
            return 410
        case _:
            return 304 if name_outcome(outcome)[0] == "not-modified" else None


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
