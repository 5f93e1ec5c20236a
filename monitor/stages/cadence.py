"""When to come back: the outcome of a poll and the history of a source → its next poll, with the rule in words.

The next poll is the latest of what the rules ask for; the one that wins is named in `PollState.rule` (P26). Every
threshold has its name here. Pure: `now` and the jitter (-1 to 1) are handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any
from urllib.parse import urlsplit

from monitor.model import (
    NO_VALIDATORS,
    Failed,
    Failure,
    Fetched,
    FetchOutcome,
    Gone,
    Held,
    Hints,
    Hop,
    Kind,
    NotModified,
    ParsedFeed,
    PollState,
    Source,
    Throttled,
    Validators,
)

FLOOR = timedelta(minutes=15)  # whatever is configured, never sooner (P6)
USUAL_FLOOR = timedelta(hours=1)  # unless configured (P6)
WITHOUT_VALIDATORS = timedelta(hours=3)  # every poll costs such a server the whole document (P6)
CEILING = timedelta(hours=24)  # the slowest that quiet, caching or failing sources become (P7, P11, P13)
LONGEST_SILENCE = timedelta(days=7)  # of Retry-After (P8)
SPEED_UP, SLOW_DOWN = 0.5, 1.25  # of the interval, for a poll with news and one without (P11)
UNDER_A_HUB = 2.0  # of the interval, while a hub delivers what is new and polls are only a net (P25)
JITTER = 0.1
FULL_AFTER = timedelta(days=14)  # of nothing but 304: one question without conditions finds a server that lies (P24)
SILENT_ZERO_AFTER = 2  # readings in a row that found nothing; of a page, whose selector may have broken, one
MOST_NOTES = 3  # of one reading, in the history's line
FEW = 3  # a page that gave at least so many links, and now gives one, has lost its list
LEARN_AFTER, LEARN_COUNT = timedelta(days=7), 3  # a permanent redirect is believed (P15)
_SANE_HINT = timedelta(days=31)  # a longer hint is nonsense (P10)
_WEIGHTS = {Failure.NOT_FOUND: 0.5, Failure.DNS: 0.25}  # 404 feeds do come back, DNS hiccups pass (P13)
_UNHEARD = {Failure.REFUSED_ADDRESS, Failure.BAD_URL, Failure.DNS, Failure.TLS}
_MOST_WEIGHT = 10.0  # 2**10 hours is long past the ceiling


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the document brought, beside the answer itself; of a 200 that was parsed or had not changed."""

    new_entry_count: int = 0
    grown_entry_count: int = 0  # of a status page: outages that go on, and are as lively as news
    entry_count: int = 0
    shares_entries: bool = False  # some of its entries were known before: it is still the same source (P15)
    hints: Hints | None = None  # None: the body had not changed, and what was known stands
    body_digest: str | None = None
    is_unchanged: bool = False  # the body of the last poll again
    title: str | None = None  # as the feed names itself
    feed_id: str | None = None
    held: Held | None = None  # it is another feed than it was: nothing was stored (H19)
    cursor: dict[str, Any] | None = None  # how far a mailbox was read
    notes: tuple[str, ...] = ()  # limits that were applied, and complaints: the first few are told (H13)


NOTHING_READ = Reading()


@dataclass(frozen=True, slots=True)
class _Wait:
    until: datetime
    rule: str


def next_poll(
    state: PollState,
    source: Source,
    outcome: FetchOutcome,
    *,
    reading: Reading = NOTHING_READ,
    now: datetime,
    jitter: float,
    in_full: bool = False,
) -> PollState:
    """Where the source stands after `outcome`, which came at `now`; `in_full` if the question had no conditions.

    A body that the parser refused is handed in as Failed, so that it stores no validators (P4). An outcome that was
    never asked for (`Throttled.was_asked` false) changes nothing but the next poll.
    """
    if in_full and _was_heard(outcome):
        state = _with(state, full_at=now)
    match outcome:
        case Fetched() if reading.held is not None:
            return _after_another_feed(state, source, reading.held, outcome.retry_after, now)
        case Fetched() | NotModified():
            return _after_success(state, source, outcome, reading, now, jitter)
        case Gone():
            return _after_gone(state, now)
        case Throttled(was_asked=False):
            return _after_holding_back(state, outcome, now)
        case Throttled() | Failed():
            return _after_failure(state, source, outcome, now, jitter)


_FIELDS = tuple(field.name for field in fields(PollState))
_read = attrgetter(*_FIELDS)


def _with(state: PollState, **changes: Any) -> PollState:
    """`state` with these changes; itself where they change nothing, as most polls leave most of it.

    Half of what `dataclasses.replace` takes, which asks each of the fields whether it may be given.
    """
    if all(getattr(state, name) == value for name, value in changes.items()):
        return state
    return PollState(**dict(zip(_FIELDS, _read(state), strict=True)) | changes)


def asks_in_full(state: PollState, now: datetime) -> bool:
    """Whether the next question goes without conditions: the first of all, and one after FULL_AFTER of 304s (P24)."""
    since = state.full_at or state.last_new_at  # the former is not known of polls before it was noted
    return state.validators == NO_VALIDATORS or since is None or now - since >= FULL_AFTER


def _was_heard(outcome: FetchOutcome) -> bool:
    """Whether a server had the question: a full one that nobody heard is asked again (P24)."""
    match outcome:
        case Throttled(was_asked=was_asked):
            return was_asked
        case Failed(kind=kind):
            return kind not in _UNHEARD
        case _:
            return True


def is_another_feed(state: PollState, feed: ParsedFeed, *, known_count: int) -> bool:
    """Whether title, id and every entry changed at once: a parked domain, a new owner, a mix-up (H19)."""
    if state.feed_title is None or known_count or not feed.entries or not state.entry_count:
        return False
    return feed.title != state.feed_title and (feed.id != state.feed_id or feed.id is None)


def name_outcome(outcome: FetchOutcome, reading: Reading = NOTHING_READ) -> tuple[str, str]:
    """One word for the history and a sentence beside it, with what the reading noted."""
    word, sentence = _name_answer(outcome, reading)
    return word, "; ".join((sentence, *reading.notes[:MOST_NOTES]))


def _name_answer(outcome: FetchOutcome, reading: Reading) -> tuple[str, str]:
    match outcome:
        case NotModified() if reading.new_entry_count:
            return "new", f"304 of the index, and in its parts{_count(reading.new_entry_count)[4:]}"
        case Fetched() if reading.is_unchanged and reading.new_entry_count:
            return "new", f"200, the same index as before, and in its parts{_count(reading.new_entry_count)[4:]}"
        case Fetched() if reading.is_unchanged:
            return "unchanged", "200, the same document as before"
        case Fetched() if reading.held is not None:
            return "held-back", _changed_wholly(reading.held)
        case Fetched(is_delta=True):
            return "new" if reading.new_entry_count else "nothing-new", f"226, {_count(reading.new_entry_count)[5:]}"
        case Fetched(messages=messages) if messages:
            count = "one message" if len(messages) == 1 else f"{len(messages)} messages"
            said = f"{count}, {_count(reading.new_entry_count)[5:]}"
            return "new" if reading.new_entry_count else "nothing-new", said
        case Fetched() if reading.entry_count == 0:
            return "empty", "200, a feed without entries; what it brought before is kept"
        case Fetched():
            said = _count(reading.new_entry_count) + _grown(reading.grown_entry_count)
            return "new" if reading.new_entry_count else "nothing-new", said
        case NotModified(url=url) if urlsplit(url).scheme in ("imap", "imaps"):
            return "nothing-new", "no message has come"
        case NotModified():
            return "not-modified", "304, not modified"
        case Gone():
            return "gone", "410, gone for good: polling has stopped, everything is kept"
        case Throttled(was_asked=False, host=host):
            return "not-asked", f"not asked: {host} wants silence"
        case Throttled(status=status, host=host):
            return "throttled", f"{status}, {host} asks to wait"
        case Failed(kind=kind, detail=detail):
            return kind.value, detail


def _changed_wholly(held: Held) -> str:
    return f"200, but title, id and every entry changed at once: it now calls itself {held.title or 'nothing'}"


def _count(new: int) -> str:
    return f"200, {new or 'no'} new {'entry' if new == 1 else 'entries'}"


def _grown(count: int) -> str:
    return f", {count} {'has' if count == 1 else 'have'} grown" if count else ""


# --- outcomes ---------------------------------------------------------------------------------------------------


def _after_success(
    state: PollState, source: Source, outcome: Fetched | NotModified, reading: Reading, now: datetime, jitter: float
) -> PollState:
    state = _learn_redirect(_renew_validators(state, outcome, reading), outcome, reading, now)
    state = _count_empty(state, source, outcome, reading, now)
    interval = _next_interval(state, source, reading, now)
    pushed_until = state.pushed_until if _is_pushed(state, reading, now) else None
    silent_until = _silence(outcome.retry_after, now)
    hints = reading.hints or state.hints
    spread = min(interval * (1 + JITTER * (1 + jitter) / 2), max(CEILING, interval))
    is_blind = state.validators == NO_VALIDATORS
    waits = [
        _Wait(now + spread, _why_interval(source, reading, interval=interval, is_pushed=pushed_until is not None)),
        *_politeness(source, now, silent_until=silent_until, is_blind=is_blind),
    ]
    if outcome.fresh_for is not None:
        waits.append(_Wait(now + min(outcome.fresh_for, CEILING), "the server says its answer stays fresh until then"))
    due_at, rule = _latest(waits + _hinted(hints, now), hints)
    return _with(
        state,
        due_at=due_at,
        rule=rule,
        interval=interval,
        hints=hints,
        body_digest=reading.body_digest or state.body_digest,
        failure_weight=0.0,
        failing_since=None,
        throttled_since=None,
        gone_at=None,
        held=None,  # a 304 too says so: the validators are still those of the document it was
        feed_title=reading.title or state.feed_title,
        feed_id=reading.feed_id or state.feed_id,
        full_at=now if _shows_all(outcome, reading) else state.full_at,
        entry_count=state.entry_count + reading.new_entry_count,
        cursor=reading.cursor or state.cursor,
        pushed_until=pushed_until,
        silent_until=silent_until,
        last_polled_at=now,
        last_success_at=now,
        last_new_at=now if reading.new_entry_count else state.last_new_at,
        last_outcome=name_outcome(outcome, reading)[1],
        is_gone=False,
    )


def _shows_all(outcome: Fetched | NotModified, reading: Reading) -> bool:
    """Whether the answer shows that the server tells what it has; a delta does where it brings something (P24)."""
    return isinstance(outcome, Fetched) and (not outcome.is_delta or reading.new_entry_count > 0)


def _count_empty(
    state: PollState, source: Source, outcome: Fetched | NotModified, reading: Reading, now: datetime
) -> PollState:
    """Readings in a row that found nothing where once was something: "silent zero". A 304 never clears them."""
    if isinstance(outcome, NotModified) or reading.is_unchanged:
        return _with(state, empty_count=state.empty_count + 1) if state.empty_since is not None else state
    if outcome.is_delta:
        return state
    has_lost_list = source.kind is Kind.PAGE and reading.entry_count == 1 and state.usual_count >= FEW
    if state.usual_count and (reading.entry_count == 0 or has_lost_list):
        return _with(state, empty_since=state.empty_since or now, empty_count=state.empty_count + 1)
    return _with(state, empty_since=None, empty_count=0, usual_count=reading.entry_count or state.usual_count)


def _after_another_feed(
    state: PollState, source: Source, held: Held, retry_after: timedelta | None, now: datetime
) -> PollState:
    """Nothing is taken over, validators neither, until an operator says so; it may also turn back by itself (H19)."""
    held = held if state.held is None else replace(held, since=state.held.since)
    silent_until = _silence(retry_after, now)
    return _with(
        state,
        held=held,
        silent_until=silent_until,
        last_polled_at=now,
        last_success_at=now,
        full_at=now,
        failure_weight=0.0,
        failing_since=None,
        throttled_since=None,
        last_outcome=_changed_wholly(held),
        due_at=max(now + max(CEILING, source.cadence or CEILING), silent_until or now),
        rule="held back until the change is confirmed; asked once a day whether it has turned back",
    )


def _after_failure(
    state: PollState, source: Source, outcome: Throttled | Failed, now: datetime, jitter: float
) -> PollState:
    """Back off, twice as long with each failure, and never for good (P8, P13)."""
    step = _WEIGHTS.get(outcome.kind, 1.0) if isinstance(outcome, Failed) else 1.0
    weight = min(state.failure_weight + step, _MOST_WEIGHT)
    word, detail = name_outcome(outcome)
    state = _with(
        state,
        failure_weight=weight,
        failing_since=state.failing_since or now,
        throttled_since=(state.throttled_since or now) if isinstance(outcome, Throttled) else None,
        silent_until=_silence(outcome.retry_after, now),
        last_polled_at=now,
        last_outcome=detail if isinstance(outcome, Throttled) else f"{word}: {detail}",
    )
    if state.silent_until is not None:
        rule = f"Retry-After: the {'host' if _silences_host(outcome) else 'source'} asked for silence"
        return _settle(state, source, now, _Wait(state.silent_until, rule))
    calm = min(
        max(state.interval, USUAL_FLOOR if source.cadence is None else FLOOR) * 2**weight, CEILING / (1 + JITTER)
    )
    wait = _Wait(now + calm * (1 + JITTER * jitter), f"backing off after {_failures(weight)}")
    return _settle(state, source, now, wait)


def _after_gone(state: PollState, now: datetime) -> PollState:
    return _with(
        state,
        is_gone=True,
        gone_at=state.gone_at or now,
        due_at=now + CEILING,
        rule="410 Gone: polling has stopped; everything is kept. A new URL in feeds.yaml starts it again",
        last_polled_at=now,
        last_outcome=name_outcome(Gone(url=state.url, fetched_at=now))[1],
    )


def _after_holding_back(state: PollState, outcome: Throttled, now: datetime) -> PollState:
    until = _silence(outcome.retry_after, now) or now + FLOOR
    return _with(state, due_at=max(until, state.due_at), rule=f"{outcome.host} asked for silence")


def _silences_host(outcome: Throttled | Failed) -> bool:
    return isinstance(outcome, Throttled) and outcome.silences_host


def _silence(retry_after: timedelta | None, now: datetime) -> datetime | None:
    return None if retry_after is None else now + min(retry_after, LONGEST_SILENCE)


def _failures(weight: float) -> str:
    return "one failure" if weight == 1 else f"failures that weigh {weight:g}"


# --- waits ------------------------------------------------------------------------------------------------------


def _settle(state: PollState, source: Source, now: datetime, wait: _Wait) -> PollState:
    """After this wait, and whatever else holds for a state that nothing was learnt of."""
    is_blind = state.validators == NO_VALIDATORS and state.last_success_at is not None
    waits = [wait, *_politeness(source, now, silent_until=state.silent_until, is_blind=is_blind)]
    due_at, rule = _latest(waits, state.hints)
    return _with(state, due_at=due_at, rule=rule)


def _latest(waits: Sequence[_Wait], hints: Hints) -> tuple[datetime, str]:
    """The latest wait wins; hours and days that the feed asks to skip are skipped last."""
    last = max(waits, key=lambda wait: wait.until)
    allowed = _skip(last.until, hints)
    return allowed, last.rule if allowed == last.until else "the feed asks not to be polled at these hours or days"


def _politeness(source: Source, now: datetime, *, silent_until: datetime | None, is_blind: bool) -> list[_Wait]:
    """What holds whatever the outcome was (P6, P8); `is_blind` where it has answered, and without validators."""
    waits = [_Wait(now + _floor(source), f"never sooner than {tell_span(_floor(source))}")]
    if silent_until is not None:
        waits.append(_Wait(silent_until, "Retry-After: the source asked for silence"))
    if is_blind and source.kind is not Kind.MAILBOX:
        waits.append(_Wait(now + WITHOUT_VALIDATORS, f"no validators: at most every {tell_span(WITHOUT_VALIDATORS)}"))
    return waits


def _floor(source: Source) -> timedelta:
    return USUAL_FLOOR if source.cadence is None else FLOOR


def _is_pushed(state: PollState, reading: Reading, now: datetime) -> bool:
    """Whether a hub that has delivered is still bound to, and this poll found nothing that it had kept back (P25)."""
    return state.pushed_until is not None and state.pushed_until > now and not _is_lively(reading)


def _next_interval(state: PollState, source: Source, reading: Reading, now: datetime) -> timedelta:
    """The source's own pace: configured, or nearer with news and farther without (P11); under a hub a net (P25)."""
    if source.cadence is not None:
        return max(source.cadence, FLOOR)
    if _is_pushed(state, reading, now):
        return min(state.interval * UNDER_A_HUB, CEILING)
    if state.pushed_until is not None:  # the hub missed something, or is no longer bound: from the start again
        return USUAL_FLOOR
    pace = state.interval * (SPEED_UP if _is_lively(reading) else SLOW_DOWN)
    return min(max(pace, USUAL_FLOOR), CEILING)


def _is_lively(reading: Reading) -> bool:
    return reading.new_entry_count + reading.grown_entry_count > 0


def _why_interval(source: Source, reading: Reading, *, interval: timedelta, is_pushed: bool) -> str:
    if source.cadence is not None:
        return f"configured: every {tell_span(interval)}"
    if is_pushed:
        return f"its hub delivers what is new: polls are only a net, every {tell_span(interval)}"
    pace = "it brings news" if _is_lively(reading) else "it is quiet"
    return f"its own pace: {pace}, so every {tell_span(interval)}"


def _hinted(hints: Hints, now: datetime) -> list[_Wait]:
    """What the feed says about itself: it can lengthen the wait to a day, never shorten it (P10)."""
    named = ((hints.ttl, "the feed's ttl"), (hints.update_every, "the feed's sy:updatePeriod"))
    return [
        _Wait(now + min(span, CEILING), f"{name} says {tell_span(span)}")
        for span, name in named
        if span is not None and timedelta() < span <= _SANE_HINT
    ]


def _skip(due_at: datetime, hints: Hints) -> datetime:
    """The first hour from `due_at` on that the feed does not ask to skip; hints that leave none are nonsense (P10)."""
    hour = due_at
    for _ in range(8 * 24):
        if hour.hour not in hints.skip_hours and hour.weekday() not in hints.skip_days:
            return hour
        hour = hour.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return due_at


def tell_span(span: timedelta) -> str:
    """A span in words: "45 min", "2.5 h"."""
    minutes = round(span.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.3g} h"


# --- validators and redirects -----------------------------------------------------------------------------------


def _renew_validators(state: PollState, outcome: Fetched | NotModified, reading: Reading) -> PollState:
    """Each is renewed on its own by a 304 or an unchanged body; a changed document has those it came with (P3).

    A delta renews them like a 304: where it brings none, those of its base ask for it and what follows (P20).
    """
    given = outcome.validators
    if _is_same_document(outcome, reading) and state.validators_url in (None, outcome.final_url):
        given = Validators(
            etag=given.etag or state.validators.etag,
            last_modified=given.last_modified or state.validators.last_modified,
        )
    return _with(state, validators=given, validators_url=None if given == NO_VALIDATORS else outcome.final_url)


def _is_same_document(outcome: Fetched | NotModified, reading: Reading) -> bool:
    """Whether the server vouches for the document of the last poll, as it was or as the base of a delta."""
    return isinstance(outcome, NotModified) or outcome.is_delta or reading.is_unchanged


def _learn_redirect(state: PollState, outcome: Fetched | NotModified, reading: Reading, now: datetime) -> PollState:
    """Believe a permanent redirect after a week of polls that all led to the same feed (P15)."""
    target = _permanent_target(outcome.hops)
    if target is None or target == state.url or urlsplit(state.url).username is not None:
        return _with(state, redirect_url=None, redirect_since=None, redirect_count=0)
    if _is_secured(state.url, target):
        return _move(state, target, moved_at=state.moved_at)
    since = state.redirect_since
    if target != state.redirect_url or since is None:
        return _with(state, redirect_url=target, redirect_since=now, redirect_count=1)
    state = _with(state, redirect_count=state.redirect_count + 1)
    is_same_feed = _is_same_document(outcome, reading) or reading.shares_entries
    is_downgrade = urlsplit(state.url).scheme == "https" and urlsplit(target).scheme == "http"
    is_tried = state.redirect_count >= LEARN_COUNT and now - since >= LEARN_AFTER
    return _move(state, target, moved_at=now) if is_tried and is_same_feed and not is_downgrade else state


def _permanent_target(hops: Sequence[Hop]) -> str | None:
    """Where the permanent redirects at the head of the chain lead; what follows a temporary one is not believed."""
    target = None
    for hop in hops:
        if hop.status not in (301, 308):
            break
        target = hop.url
    return target


def _is_secured(url: str, target: str) -> bool:
    """Whether `target` is `url` over https: the same host and path on the usual port."""
    old, new = urlsplit(url), urlsplit(target)
    if (old.scheme, new.scheme) != ("http", "https") or old.hostname != new.hostname:
        return False
    return (old.path or "/", old.query) == (new.path or "/", new.query)


def _move(state: PollState, target: str, *, moved_at: datetime | None) -> PollState:
    """Poll `target` from now on; validators of any other address stay behind (P5)."""
    is_vouched = state.validators_url == target
    return _with(
        state,
        url=target,
        moved_at=moved_at,
        validators=state.validators if is_vouched else NO_VALIDATORS,
        validators_url=target if is_vouched else None,
        body_digest=state.body_digest if is_vouched else None,
        redirect_url=None,
        redirect_since=None,
        redirect_count=0,
    )
