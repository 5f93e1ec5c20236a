"""poll: ask every source that is due, read what it says, keep what is new.

Leases first; then, outside any transaction, fetch and parse; then `settle` stores what is over, entries, validators,
the next poll and the line of history of a source together (P4). Killed at any point, a source costs one more fetch and
loses nothing: its lease runs out and its validators still vouch for what was stored.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from monitor.jobs.mailbox import read_messages
from monitor.jobs.settle import Ending, PollLine, own_fault, settle
from monitor.jobs.workers import Workers
from monitor.later import later
from monitor.log import get_log
from monitor.model import (
    NO_VALIDATORS,
    Clock,
    Failed,
    Failure,
    Fetched,
    FetchOutcome,
    FetchRequest,
    Kind,
    MailboxRequest,
    ParsedFeed,
    PollState,
    Progress,
    Source,
    SourceId,
    Unparsable,
    no_progress,
)
from monitor.net.client import Fetcher
from monitor.stages.cadence import NOTHING_READ, Reading, asks_in_full
from monitor.store import leases, polls
from monitor.store.database import Database, Transaction
from monitor.store.mapped import sources as known_sources

if TYPE_CHECKING:
    from monitor.jobs import sitemaps
else:
    sitemaps = later("monitor.jobs.sitemaps")

__all__ = ["LEASE", "PollLine", "PollReport", "poll"]

LEASE = timedelta(minutes=5)  # F8: what a killed poller held is retaken after this
_IN_FLIGHT = 96  # sources under way at once: bounds what is held in memory
_AT_FIRST = 16  # as long as it is not known what they bring; where documents come faster than they are read, no more
_HELD = 12  # documents that wait to be read
_MOMENT = 0.04  # real seconds that others get to come along once one is done: they share a transaction
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
_log = get_log()


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
    in_full: bool = False  # asked without conditions
    waits_for: Future[Any] | None = None  # an answer, or its reading
    outcome: FetchOutcome | None = None  # while it is read
    tour: sitemaps.Tour | None = None  # through the documents of a sitemap

    def ending(self, outcome: FetchOutcome, reading: Reading = NOTHING_READ, feed: ParsedFeed | None = None) -> Ending:
        return Ending(
            source=self.source,
            state=self.state,
            outcome=outcome,
            in_full=self.in_full,
            reading=reading,
            feed=feed,
            tour=self.tour,
        )


@dataclass(slots=True)
class _Round:
    """One call of `poll`: what is under way and what is done."""

    database: Database
    clock: Clock
    fetcher: Fetcher
    workers: Workers
    owner: str = field(kw_only=True)  # names this round alone: an older round of the same process holds nothing here
    under_way: dict[SourceId, _Visit] = field(default_factory=dict)
    done: SimpleQueue[_Visit] = field(default_factory=SimpleQueue)  # one step further each
    lines: list[PollLine] = field(default_factory=list)
    lost: set[SourceId] = field(default_factory=set)  # leases that somebody else ended: not taken again in this round
    reach: int = _AT_FIRST  # how many may be under way: most answers are short, documents take their place in memory
    is_stopped: bool = False

    def poll_due(self, progress: Progress) -> PollReport:
        began_at = self.clock.now()
        with self.database.read_round() as tx:
            due_count = leases.count_due_sources(tx, now=began_at)
        if not due_count:  # most ticks: nothing is written, nobody waits
            return PollReport()
        visited_count = 0
        while True:
            taken = () if self.is_stopped else self._lease_more(began_at)
            visited_count += len(taken)
            for source, state in taken:
                self._start(source, state)
            progress(len(self.lines), max(due_count, visited_count))
            if not self.under_way:
                return PollReport(lines=tuple(self.lines))
            self._advance()

    def poll_named(self, names: Sequence[SourceId], progress: Progress) -> PollReport:
        skipped: list[tuple[SourceId, str]] = []
        with self.database.write() as tx:
            polled = {source.id for source in known_sources.list_sources(tx)}
            found = [self._lease_named(tx, name, name in polled, skipped) for name in dict.fromkeys(names)]
        waiting = deque(each for each in found if each is not None)
        total = len(waiting)
        while waiting or self.under_way:
            for _ in range(min(len(waiting), self._room())):
                self._start(*waiting.popleft())
            self._advance()
            progress(len(self.lines), total)
        return PollReport(lines=tuple(self.lines), skipped=tuple(skipped))

    def _lease_more(self, due_by: datetime) -> tuple[tuple[Source, PollState], ...]:
        """Sources that were due when the round began; what is recorded is due later, so none is taken twice."""
        room = self._room()
        if room < self.reach // 2:
            return ()
        with self.database.write_round() as tx:
            return leases.lease_due_sources(
                tx,
                now=self.clock.now(),
                owner=self.owner,
                limit=room,
                lease_for=LEASE,
                due_by=due_by,
                passed_over=self.lost.union(self.under_way),
            )

    def _room(self) -> int:
        """How many more may be under way: few while documents wait to be read, many while none does."""
        held_count = sum(visit.outcome is not None for visit in self.under_way.values())
        if held_count > _HELD:
            self.reach = _AT_FIRST
        elif held_count < _HELD // 2 and len(self.lines) >= self.reach:  # it is known what answers are like
            self.reach = min(2 * self.reach, _IN_FLIGHT)
        return self.reach - len(self.under_way)

    def _lease_named(
        self, tx: Transaction, name: SourceId, is_polled: bool, skipped: list[tuple[SourceId, str]]
    ) -> tuple[Source, PollState] | None:
        now = self.clock.now()
        state = polls.get_poll_state(tx, name)
        if not is_polled:
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
        visit = self.under_way[source.id] = _Visit(source, state)
        try:
            asked = self._ask(visit)
        except Exception as error:  # goes the way of all answers, to the boundary
            asked = Future()
            asked.set_exception(error)
        self._wait(visit, asked)

    def _ask(self, visit: _Visit) -> Future[FetchOutcome]:
        source, state = visit.source, visit.state
        if source.kind is Kind.MAILBOX:
            return self.fetcher.visit(MailboxRequest(source=source.id, url=state.url, cursor=state.cursor))
        visit.in_full = asks_in_full(state, self.clock.now())
        if source.kind is Kind.SITEMAP:
            visit.tour = sitemaps.Tour(self.database, self.clock, self.workers, source, state, visit.in_full)
            return self.fetcher.submit(visit.tour.begin())
        request = FetchRequest(
            url=state.url,
            validators=NO_VALIDATORS if visit.in_full else state.validators,
            validators_url=state.validators_url,
            accept=_ACCEPT[source.kind],
            takes_delta=source.kind in (Kind.FEED, Kind.STATUS) and state.held is None,
        )
        return self.fetcher.submit(request)

    def _wait(self, visit: _Visit, future: Future[Any]) -> None:
        visit.waits_for = future
        future.add_done_callback(lambda _: self.done.put(visit))

    def _advance(self) -> None:
        """Wait until something is done, take each that is one step further, and store together what is over."""
        endings, given_back = [], []
        for visit in self._gather():
            try:
                ending = self._step(visit)
            except CancelledError:  # fetcher or workers were closed: whoever starts next polls this source at once
                self.is_stopped = True
                given_back.append(visit)
                continue
            except Exception as error:  # the boundary: what goes wrong with one source stays with it
                _log.exception("poll failed", source=visit.source.id)
                ending = visit.ending(own_fault(visit.state, error, now=self.clock.now()))
            if ending is not None:
                endings.append(ending)
        lines = settle(self.database, self.clock, endings, owner=self.owner)
        self.lines += lines
        self.lost |= {ending.source.id for ending in endings} - {line.source for line in lines}
        if given_back:
            with self.database.write() as tx:
                for visit in given_back:
                    leases.end_lease(tx, visit.source.id, owner=self.owner)
        for source in (*(ending.source.id for ending in endings), *(visit.source.id for visit in given_back)):
            del self.under_way[source]

    def _gather(self) -> list[_Visit]:
        """Whatever is done, at least one; while others are under way a moment is given them to come along.

        Slept through in one piece: waking for each that comes costs as much as asking it does.
        """
        found = [self.done.get()]
        if len(self.under_way) > 1:
            time.sleep(_MOMENT)
        with contextlib.suppress(Empty):
            while True:
                found.append(self.done.get_nowait())
        return found

    def _step(self, visit: _Visit) -> Ending | None:
        """From fetched to parsing, or from parsed to what is to be stored; None while the visit goes on."""
        arrived, visit.waits_for = visit.waits_for, None  # it knows the visit: no ring that holds a whole document
        assert arrived is not None
        if visit.tour is not None:
            return self._step_tour(visit, visit.tour, arrived)
        if visit.outcome is not None:
            assert isinstance(visit.outcome, Fetched)
            return _read(visit, visit.outcome, arrived.result())
        outcome: FetchOutcome = arrived.result()
        if not isinstance(outcome, Fetched):
            return visit.ending(outcome)
        if not outcome.is_delta and not outcome.messages and _digest(outcome.body) == visit.state.body_digest:
            return visit.ending(outcome, Reading(is_unchanged=True, body_digest=visit.state.body_digest))
        visit.outcome = outcome
        self._wait(visit, self._reading(visit, outcome))
        return None

    def _reading(self, visit: _Visit, outcome: Fetched) -> Future[ParsedFeed | Unparsable]:
        if visit.source.kind is Kind.MAILBOX:
            return read_messages(self.workers, outcome.messages, notes=outcome.notes)
        return self.workers.read_document(
            outcome.body,
            kind=visit.source.kind,
            selector=visit.source.selector,
            url=outcome.final_url,
            content_type=outcome.content_type,
        )

    def _step_tour(self, visit: _Visit, tour: sitemaps.Tour, arrived: Future[Any]) -> Ending | None:
        """From one document of a sitemap source to the next; the visit is over when none is left to ask."""
        if tour.reading_now is not None:
            tour.take_reading(arrived.result())
        elif (reading := tour.take_answer(arrived.result())) is not None:
            self._wait(visit, reading)
            return None
        request = tour.next_request()
        if request is None:
            return visit.ending(tour.settled(), tour.reading)
        self._wait(visit, self.fetcher.submit(request))
        return None


def _read(visit: _Visit, outcome: Fetched, read: ParsedFeed | Unparsable) -> Ending:
    if isinstance(read, Unparsable):
        failure = Failed(
            url=outcome.url,
            kind=read.kind,
            detail=read.detail,
            status=200,
            retry_after=outcome.retry_after,
            fetched_at=outcome.fetched_at,
        )
        return visit.ending(failure)
    digest = None if outcome.is_delta else _digest(outcome.body)
    return visit.ending(replace(outcome, body=b""), Reading(body_digest=digest), read)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
