"""How a source is doing: where it stands and what it usually brings → one named state that a person can act on.

Every source is in exactly one state. Where several are true the one that asks most of a person wins: retired, paused,
gone, held back, throttled, new, not a feed, failing, silent zero, moved, quiet, healthy. Every threshold has its name
here. Pure: `now` and `today` are handed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from statistics import median

from monitor.model import (
    NEVER_POLLED,
    NO_RHYTHM,
    ActiveDays,
    Condition,
    Failure,
    Health,
    Kind,
    PollState,
    Rhythm,
    Source,
)
from monitor.stages.cadence import SILENT_ZERO_AFTER

MEASURED = timedelta(days=90)  # before the last news, so that a growing silence does not change the rhythm it breaks
FEW_GAPS = 4  # with fewer, a rhythm is a guess
LEAST_SILENCE = timedelta(days=6)  # outlasts Easter; a daily source that is silent for a week is news
BUSY_SILENCE = timedelta(days=3)  # of a source that brings something on almost every day
BUSY_SHARE, BUSY_DAYS = 0.9, 14  # almost every day, weekends too, for at least a fortnight
USUAL_GAPS, LONG_GAPS = 3.0, 1.5  # silent for so many times its usual gap, and its long ones: unusual
FALLBACK = timedelta(days=30)  # where the past tells nothing
FEW_LONG_GAPS = 2.0  # and where it tells little, twice the longest gap, if that is more
MOST_SILENCE = timedelta(days=60)
REMEMBERED = MEASURED + MOST_SILENCE  # what has to be known of the past
NEVER_AFTER = timedelta(days=7)  # answered for so long, and never brought anything
LONG_FAILING = timedelta(days=14)  # trying again has not helped: a person has to look

_DAY = timedelta(days=1)
_ADVICE = {
    Failure.NOT_FOUND: "Look at the site for its new address.",
    Failure.DNS: "If the name stays away, look for where the site has gone.",
    Failure.ROBOTS: "Its robots.txt asks us to stay away: remove the source, or ask its owner.",
    Failure.REFUSED_ADDRESS: "The address is not public: correct it, or allow it with MONITOR_ALLOW_ADDRESSES.",
    Failure.BAD_URL: "Correct the address.",
    Failure.TLS: "Its certificate is at fault: only its owner can put that right.",
    Failure.CLIENT_ERROR: "It may want a key or block us: open the address in a browser, and ask its owner.",
    Failure.LOGIN: "Give it its password: nothing of the mailbox can be read without.",
    Failure.REDIRECT: "Open the address in a browser, and see where it leads.",
    Failure.TOO_LARGE: "Look for a shorter feed of the same site.",
}
_NOT_A_FEED_ADVICE = {
    Kind.FEED: "Open the address in a browser; if the site has moved its feed, correct the address.",
    Kind.STATUS: "Open the address in a browser; if the status page has moved its feed, correct the address.",
    Kind.PAGE: "Open the page; if its list looks different now, correct the selector.",
    Kind.SITEMAP: "Open the address in a browser; robots.txt of the site may name the sitemap's new place.",
    Kind.MAILBOX: "Look into the mailbox with a mail program.",
}


# --- rhythm ---------------------------------------------------------------------------------------------------------


def measure_rhythm(days: ActiveDays, *, today: date) -> Rhythm:
    """The source's usual rhythm from the days on which it brought something; a day is one in UTC."""
    if days.first is None:
        return NO_RHYTHM
    ordinals = [day.toordinal() for day in days.active]
    active = [day for day in ordinals if ordinals[-1] - day < MEASURED.days]
    gaps = sorted(later - earlier for earlier, later in pairwise(active))
    return Rhythm(
        usual_gap=timedelta(days=median(gaps)) if gaps else None,
        long_gap=timedelta(days=gaps[(len(gaps) - 1) * 9 // 10]) if gaps else None,
        active_days=len(active),
        observed_days=(today - days.first).days + 1,
        is_busy=_is_busy(active),
        untroubled_since=_untroubled(days.first, days.last_error, today),
    )


def _untroubled(first: date, last_error: date | None, today: date) -> date | None:
    if last_error is None:
        return first
    return last_error + _DAY if last_error < today else None


def _is_busy(active: Sequence[int]) -> bool:
    if len(active) < BUSY_DAYS:
        return False
    return len(active) >= BUSY_SHARE * (active[-1] - active[0] + 1)


def patience(rhythm: Rhythm) -> timedelta:
    """How long the source may be silent before that is news."""
    if rhythm.usual_gap is None or rhythm.long_gap is None:
        return FALLBACK
    if rhythm.active_days <= FEW_GAPS:
        return min(max(FALLBACK, FEW_LONG_GAPS * rhythm.long_gap), MOST_SILENCE)
    if rhythm.is_busy:
        return BUSY_SILENCE
    return min(max(LEAST_SILENCE, USUAL_GAPS * rhythm.usual_gap, LONG_GAPS * rhythm.long_gap), MOST_SILENCE)


def silence(state: PollState, rhythm: Rhythm) -> timedelta:
    """How long the source is known to have brought nothing: up to its last good answer, not beyond."""
    asked_at = state.last_success_at or state.last_polled_at
    if asked_at is None:
        return timedelta()
    if state.last_new_at is None:
        return max(rhythm.observed_days - 1, 0) * _DAY
    return max(asked_at - state.last_new_at, timedelta())


def needs_rhythm(state: PollState) -> bool:
    """Whether the source has been silent for so long that its rhythm decides if that is news."""
    return state.last_new_at is None or silence(state, NO_RHYTHM) >= BUSY_SILENCE


def stands_until(
    health: Health, state: PollState, *, now: datetime, host_silent_until: datetime | None = None
) -> datetime | None:
    """When time alone may give the source another state than this; None: only an answer or a person does."""
    if health is Health.THROTTLED and state.throttled_since is None:
        return max(each for each in (state.silent_until, host_silent_until) if each is not None)
    if health not in (Health.HEALTHY, Health.QUIET) or not needs_rhythm(state):
        return None
    if state.last_new_at is not None and silence(state, NO_RHYTHM) >= MOST_SILENCE:
        return None
    today = now.astimezone(UTC).date()  # a rhythm is one of days
    return datetime.combine(today + _DAY, time(tzinfo=UTC))


def tell_rhythm(rhythm: Rhythm, state: PollState, *, now: datetime) -> str:
    """The rhythm in words: "Brings something about every 2 days; the last was 9 days ago."."""
    if state.last_new_at is None:
        asked = f"asked for {_days(rhythm.observed_days)}" if rhythm.observed_days else "never asked yet"
        return f"It has brought nothing yet; {asked}."
    last = "today" if (ago := (now - state.last_new_at).days) < 1 else f"{_days(ago)} ago"
    if rhythm.usual_gap is None:
        return f"Too little is known of its rhythm; the last it brought was {last}."
    usual = "almost every day" if rhythm.is_busy else f"about {_every(rhythm.usual_gap)}"
    return f"Usually brings something {usual}; the last was {last}."


def _every(gap: timedelta) -> str:
    days = round(gap / _DAY)
    return {1: "every day", 7: "once a week", 30: "once a month", 31: "once a month"}.get(days, f"every {days} days")


def _days(count: int) -> str:
    return f"{count} {'day' if count == 1 else 'days'}"


# --- condition ------------------------------------------------------------------------------------------------------


def judge(
    state: PollState,
    source: Source,
    rhythm: Rhythm,
    *,
    now: datetime,
    host_silent_until: datetime | None = None,
    retired_at: datetime | None = None,
) -> Condition:
    """The one state the source is in: since when, why, what comes next and when."""
    if retired_at is not None:
        return _retired(retired_at, state)
    for says in (_paused, _gone, _held_back):
        if (condition := says(state)) is not None:
            return condition
    if (condition := _throttled(state, now, host_silent_until)) is not None:
        return condition
    if state.last_outcome == NEVER_POLLED and not state.failure_weight:
        return _new(state)
    for judges in (_failing, _silent_zero, _moved, _quiet):
        if (condition := judges(state, source, rhythm, now)) is not None:
            return condition
    return _healthy(state, rhythm, now)


def _retired(retired_at: datetime, state: PollState) -> Condition:
    return Condition(
        health=Health.RETIRED,
        since=retired_at,
        why=_last("It was removed from feeds.yaml; all it brought is kept.", state),
        next_step="It is not asked any more. Bring it back to have it asked again.",
        next_at=None,
    )


def _paused(state: PollState) -> Condition | None:
    if state.paused_at is None:
        return None
    return Condition(
        health=Health.PAUSED,
        since=state.paused_at,
        why=_last(f"{state.paused_by or 'Somebody'} paused it.", state),
        next_step="It is not asked until somebody resumes it.",
        next_at=None,
    )


def _gone(state: PollState) -> Condition | None:
    if not state.is_gone:
        return None
    return Condition(
        health=Health.GONE,
        since=state.gone_at,
        why=f"The server says that it is gone for good: {state.last_outcome}.",
        next_step="It is not asked any more. Give it its new address, or remove it.",
        next_at=None,
    )


def _held_back(state: PollState) -> Condition | None:
    if state.held is None:
        return None
    name = f"“{state.held.title}”" if state.held.title else "nothing at all"
    return Condition(
        health=Health.HELD_BACK,
        since=state.held.since,
        why=f"Name, id and every entry changed at once: it now calls itself {name}. Nothing of it was taken.",
        next_step="Confirm the change, or give it another address. Until then it is asked whether it turned back.",
        next_at=state.due_at,
    )


def _throttled(state: PollState, now: datetime, host_silent_until: datetime | None) -> Condition | None:
    is_host_silent = host_silent_until is not None and host_silent_until > now
    is_silent = state.silent_until is not None and state.silent_until > now
    if not (is_host_silent or is_silent or state.throttled_since is not None):
        return None
    waits_until = max(each for each in (state.due_at, state.silent_until, host_silent_until) if each is not None)
    why = "Another answer of its host asked for silence." if is_host_silent and not state.throttled_since else ""
    return Condition(
        health=Health.THROTTLED,
        since=state.throttled_since or state.last_polled_at,
        why=_last(why, state),
        next_step="Nothing has to be done: it is left alone until then, and asked again.",
        next_at=waits_until,
    )


def _new(state: PollState) -> Condition:
    is_first = state.last_polled_at is None
    return Condition(
        health=Health.NEW,
        since=None,
        why="It has not been asked yet." if is_first else "It has not been asked at this address yet.",
        next_step="Nothing has to be done: it is asked for the first time.",
        next_at=state.due_at,
    )


def _failing(state: PollState, source: Source, rhythm: Rhythm, now: datetime) -> Condition | None:  # noqa: ARG001
    if not state.failure_weight:
        return None
    is_other = state.last_outcome.startswith(Failure.NOT_A_FEED)
    advice = _NOT_A_FEED_ADVICE[source.kind] if is_other else _advice(state, now)
    return Condition(
        health=Health.NOT_A_FEED if is_other else Health.FAILING,
        since=state.failing_since,
        why=_last("", state),
        next_step=f"It is asked again by itself, at least once a day. {advice}".strip(),
        next_at=state.due_at,
    )


def _advice(state: PollState, now: datetime) -> str:
    word = state.last_outcome.partition(":")[0]
    if word in _ADVICE:
        return _ADVICE[Failure(word)]
    is_long = state.failing_since is not None and now - state.failing_since >= LONG_FAILING
    return "That has not helped for long: open the address in a browser." if is_long else ""


def _silent_zero(state: PollState, source: Source, rhythm: Rhythm, now: datetime) -> Condition | None:  # noqa: ARG001
    needed = 1 if source.kind is Kind.PAGE else SILENT_ZERO_AFTER
    if state.empty_since is None or state.empty_count < needed:
        return None
    what = {Kind.PAGE: "links", Kind.MAILBOX: "messages"}.get(source.kind, "entries")
    found = f"It answers, but no {what} are found any more, where there used to be {state.usual_count}."
    step = (
        "Open the page and correct the selector." if source.kind is Kind.PAGE else "Open it and see whether it moved."
    )
    return Condition(
        health=Health.SILENT_ZERO,
        since=state.empty_since,
        why=_last(found, state),
        next_step=f"It goes on being asked. {step}",
        next_at=state.due_at,
    )


def _moved(state: PollState, source: Source, rhythm: Rhythm, now: datetime) -> Condition | None:  # noqa: ARG001
    if state.moved_at is None or state.url == source.url:
        return None
    return Condition(
        health=Health.MOVED,
        since=state.moved_at,
        why=f"It redirects for good, and is asked at {state.url}; feeds.yaml still has {source.url}.",
        next_step="Write the new address into feeds.yaml, or go back to the old one.",
        next_at=state.due_at,
    )


def _quiet(state: PollState, source: Source, rhythm: Rhythm, now: datetime) -> Condition | None:  # noqa: ARG001
    silent = silence(state, rhythm)
    if silent < (NEVER_AFTER if state.last_new_at is None else patience(rhythm)):
        return None
    return Condition(
        health=Health.QUIET,
        since=state.last_new_at,
        why=tell_rhythm(rhythm, state, now=now),
        next_step="It goes on being asked. Open the site: if there is news, the address is no longer the right one.",
        next_at=state.due_at,
    )


def _healthy(state: PollState, rhythm: Rhythm, now: datetime) -> Condition:
    day, today = rhythm.untroubled_since, now.astimezone(UTC).date()
    return Condition(
        health=Health.HEALTHY,
        since=state.last_success_at if day is None or day >= today else datetime.combine(day, time(tzinfo=UTC)),
        why=_last("", state),
        next_step="Nothing has to be done.",
        next_at=state.due_at,
    )


def _last(said: str, state: PollState) -> str:
    """The sentence, and what the last answer was."""
    if state.last_polled_at is None:
        return f"{said} It was never asked.".strip()
    return f"{said} Last answer: {state.last_outcome.rstrip('.')}.".strip()
