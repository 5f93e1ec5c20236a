"""settle: what visits came to is stored, many in one transaction, and a bad one harms no other.

Entries, validators, the next poll and the line of history of a source are stored together or not at all (P4), and only
by whoever still holds its lease (F8). Sources that are over at the same time share a transaction, and so its one sync
to the disk. Where anything in it fails nothing of it is kept, and each source is stored by itself: the one at fault is
set back, the others are as if it had never been there.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.jobs.standing import judge_polled
from monitor.later import later
from monitor.log import get_log
from monitor.model import (
    Clock,
    Failed,
    Failure,
    Fetched,
    FetchOutcome,
    Gone,
    Held,
    Kind,
    NotModified,
    ParsedFeed,
    Polled,
    PollState,
    Source,
    SourceId,
    Throttled,
)
from monitor.stages.cadence import NOTHING_READ, Reading, is_another_feed, name_outcome, next_poll
from monitor.store import polls
from monitor.store.database import Database, Round
from monitor.store.mapped import entries

if TYPE_CHECKING:
    from monitor.jobs import subscribe
    from monitor.jobs.sitemaps import Tour
else:
    subscribe = later("monitor.jobs.subscribe")

_MOST_ENTRIES = 500  # in one transaction: other writers wait for it
_UNREACHED = {Failure.DNS, Failure.CONNECT, Failure.TLS, Failure.TIMEOUT, Failure.REFUSED_ADDRESS}
_log = get_log()
_random = random.Random()  # seeded by the machine; jitter has no secret to keep  # noqa: S311


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
class Ending:
    """A visit that is over: what is to be stored of it."""

    source: Source
    state: PollState  # as it was leased
    outcome: FetchOutcome
    in_full: bool = False  # asked without conditions
    reading: Reading = NOTHING_READ
    feed: ParsedFeed | None = None
    tour: Tour | None = None  # of a sitemap: it keeps what its documents brought


def settle(database: Database, clock: Clock, endings: Sequence[Ending], *, owner: str) -> list[PollLine]:
    """Store what visits came to; a line for each that `owner` still held."""
    lines = [line for some in _batches(endings) for line in _settle_batch(database, clock, some, owner=owner)]
    for line in lines:
        is_news = line.is_failure or line.new_entry_count
        tell = _log.info if is_news else _log.debug
        tell("polled", source=line.source, outcome=line.outcome, detail=line.detail, new=line.new_entry_count)
    return lines


def _batches(endings: Sequence[Ending]) -> Iterator[list[Ending]]:
    """The endings in turn, so many together as bring at most _MOST_ENTRIES."""
    batch: list[Ending] = []
    size = 0
    for ending in endings:
        brought = len(ending.feed.entries) if ending.feed is not None else 0
        if batch and size + brought > _MOST_ENTRIES:
            yield batch
            batch, size = [], 0
        batch.append(ending)
        size += brought
    if batch:
        yield batch


def _settle_batch(database: Database, clock: Clock, batch: Sequence[Ending], *, owner: str) -> list[PollLine]:
    """All together, or, where that fails, each by itself."""
    if len(batch) > 1:
        try:
            return _store(database, clock, batch, owner=owner)
        except Exception as error:  # which of them it was shows now
            _log.info("polls are stored one by one", count=len(batch), error=str(error)[:200])
    return [line for ending in batch for line in _settle_alone(database, clock, ending, owner=owner)]


def _settle_alone(database: Database, clock: Clock, ending: Ending, *, owner: str) -> list[PollLine]:
    """The boundary: what goes wrong with one source stays with it."""
    try:
        return _store(database, clock, [ending], owner=owner)
    except Exception as error:
        _log.exception("poll failed", source=ending.source.id)
        failed = replace(
            ending, outcome=own_fault(ending.state, error, now=clock.now()), reading=NOTHING_READ, feed=None
        )
        return _store(database, clock, [failed], owner=owner)


def own_fault(state: PollState, error: Exception, *, now: datetime) -> Failed:
    """After a bug of ours the source backs off like any that fails, so that it is not asked again and again."""
    detail = f"an error of Monitor's own ({type(error).__name__}), which the log has; nothing new was stored"
    return Failed(url=state.url, kind=Failure.UNPARSABLE, detail=detail, fetched_at=now)


def _store(database: Database, clock: Clock, endings: Sequence[Ending], *, owner: str) -> list[PollLine]:
    """One transaction: everything of every ending, or nothing."""
    names = [ending.source.id for ending in endings]
    with database.write_round() as tx:
        held = polls.lock_held(tx, names, owner=owner)
        stored = [_keep(tx, ending, clock.now()) for ending in endings if ending.source.id in held]
        polls.record_polls(tx, [polled for ending, polled in stored if _was_asked(ending.outcome)])
        for ending, polled in stored:
            if not _was_asked(ending.outcome):
                polls.record_state(tx, polled.state, owner=owner)
        judge_polled(tx, [(ending.source, polled.state) for ending, polled in stored], clock.now())
    for ending in endings:
        if ending.source.id not in held:
            _log.info("poll came too late", source=ending.source.id)
    return [_line(ending.outcome, polled) for ending, polled in stored]


def _decide(ending: Ending, reading: Reading) -> tuple[Ending, Polled]:
    """When the source is asked next, and what its history says."""
    state = next_poll(
        ending.state,
        ending.source,
        ending.outcome,
        reading=reading,
        now=ending.outcome.fetched_at,
        jitter=_random.uniform(-1, 1),
        in_full=ending.in_full,
    )
    return ending, _polled(ending, ending.outcome, reading, state)


def _keep(tx: Round, ending: Ending, now: datetime) -> tuple[Ending, Polled]:
    """Store what is new of one source, and decide when it is asked next."""
    outcome, reading = ending.outcome, ending.reading
    if ending.feed is not None:
        reading = _keep_entries(tx, ending, ending.feed, now)
    if ending.tour is not None and isinstance(outcome, Fetched | NotModified):
        reading = ending.tour.keep(tx, now)
    _, polled = _decide(ending, reading)
    state = polled.state
    if isinstance(outcome, Throttled) and outcome.silences_host:
        polls.record_host_silence(tx, outcome.host, until=state.silent_until or state.due_at)
    if isinstance(outcome, Fetched) and reading.held is None:
        named = ending.feed.links if ending.feed is not None else ()
        state = subscribe.note_offer(tx, ending.source, state, header=outcome.links, document=named)
    return ending, polled if state is polled.state else replace(polled, state=state)


def _keep_entries(tx: Round, ending: Ending, feed: ParsedFeed, now: datetime) -> Reading:
    """Store what is new, unless it is another feed altogether (H19)."""
    source, outcome = ending.source.id, ending.outcome
    assert isinstance(outcome, Fetched)
    known = entries.find_known(tx, source, feed.entries)
    if not outcome.is_delta and is_another_feed(ending.state, feed, known_count=known.count):
        titles = tuple(entry.title for entry in feed.entries[:5])
        return Reading(held=Held(since=now, title=feed.title, feed_id=feed.id, entry_titles=titles))
    grows = ending.source.kind is Kind.STATUS
    kept = entries.record_document(tx, source, known, now=now, grows=grows)
    return Reading(
        title=None if outcome.is_delta else feed.title or None,
        feed_id=None if outcome.is_delta else feed.id,
        new_entry_count=kept.new_count,
        grown_entry_count=kept.grown_count,
        entry_count=len(feed.entries),
        shares_entries=known.count > 0,
        hints=feed.hints,
        notes=feed.notes,
        body_digest=ending.reading.body_digest,
        cursor=outcome.cursor,
    )


def _polled(ending: Ending, outcome: FetchOutcome, reading: Reading, state: PollState) -> Polled:
    word, detail = name_outcome(outcome, reading)
    return Polled(
        state=state,
        before=ending.state,
        polled_at=outcome.fetched_at,
        outcome=word,
        detail=detail,
        status=_status(outcome),
        new_entry_count=reading.new_entry_count,
        is_error=isinstance(outcome, Failed),
    )


def _line(outcome: FetchOutcome, polled: Polled) -> PollLine:
    return PollLine(
        source=polled.state.source,
        outcome=polled.outcome,
        detail=polled.detail,
        new_entry_count=polled.new_entry_count,
        is_failure=polled.is_error,
        was_reached=not (isinstance(outcome, Failed) and outcome.kind in _UNREACHED),
        due_at=polled.state.due_at,
        rule=polled.state.rule,
    )


def _was_asked(outcome: FetchOutcome) -> bool:
    """Whether a question was sent; where its host had asked for silence a moment before, none was (P9)."""
    return not isinstance(outcome, Throttled) or outcome.was_asked


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
