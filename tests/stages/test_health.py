"""health: every source in exactly one named state, judged by its own rhythm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import (
    NEVER_POLLED,
    NO_RHYTHM,
    ActiveDays,
    Health,
    Held,
    Kind,
    Origin,
    PollState,
    PublisherId,
    Rhythm,
    Source,
    SourceId,
    Tier,
)
from monitor.stages.health import (
    BUSY_SILENCE,
    FALLBACK,
    LEAST_SILENCE,
    LONG_FAILING,
    MOST_SILENCE,
    NEVER_AFTER,
    REMEMBERED,
    judge,
    measure_rhythm,
    patience,
    stands_until,
    tell_rhythm,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday
TODAY = NOW.date()
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SOURCE = Source(
    id=SourceId("paper"),
    name="The Paper",
    url="https://paper.example/feed",
    origin=Origin.PRESS,
    tier=Tier.SECONDARY,
    publisher=PublisherId("paper"),
)
POLLED = PollState(
    source=SOURCE.id,
    url=SOURCE.url,
    due_at=NOW + HOUR,
    last_polled_at=NOW,
    last_success_at=NOW,
    last_new_at=NOW - HOUR,
    last_outcome="200, 1 new entry",
    entry_count=9,
)
HELD = Held(since=NOW - DAY, title="Casino", feed_id=None, entry_titles=("Win big",))

STATES: dict[Health, dict[str, Any]] = {
    Health.PAUSED: {"paused_at": NOW - DAY, "paused_by": "ada"},
    Health.GONE: {"is_gone": True, "gone_at": NOW - DAY},
    Health.HELD_BACK: {"held": HELD},
    Health.THROTTLED: {"silent_until": NOW + DAY, "throttled_since": NOW - HOUR},
    Health.NOT_A_FEED: {"failure_weight": 1.0, "failing_since": NOW - DAY, "last_outcome": "not-a-feed: HTML"},
    Health.FAILING: {"failure_weight": 1.0, "failing_since": NOW - DAY, "last_outcome": "timeout: 60 s passed"},
    Health.SILENT_ZERO: {"empty_since": NOW - DAY, "empty_count": 2, "usual_count": 20},
    Health.MOVED: {"url": "https://new.example/feed", "moved_at": NOW - DAY},
    Health.QUIET: {"last_new_at": NOW - 31 * DAY},
    Health.HEALTHY: {},
}


def health(rhythm: Rhythm = NO_RHYTHM, **fields: Any) -> Health:
    return judge(replace(POLLED, **fields), SOURCE, rhythm, now=NOW).health


def rhythm(*days_ago: int, since: int = 89, error: int | None = None) -> Rhythm:
    """Of a source first asked `since` days ago, with news on these days."""
    active = tuple(sorted(TODAY - timedelta(days=ago) for ago in days_ago))
    last_error = None if error is None else TODAY - timedelta(days=error)
    return measure_rhythm(
        ActiveDays(first=TODAY - timedelta(days=since), active=active, last_error=last_error), today=TODAY
    )


# --- the state ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("expected", STATES)
def test_each_state_has_a_name_a_beginning_a_reason_and_a_next_step(expected: Health) -> None:
    condition = judge(replace(POLLED, **STATES[expected]), SOURCE, NO_RHYTHM, now=NOW)
    assert condition.health is expected
    assert condition.since is not None
    assert condition.why.endswith(".")
    assert condition.next_step.endswith(".")
    assert (condition.next_at is None) == (expected in {Health.PAUSED, Health.GONE})


def test_where_several_are_true_the_one_that_asks_most_of_a_person_wins() -> None:
    states = list(STATES)
    for place, expected in enumerate(states):
        together: dict[str, Any] = {}
        for later in reversed(states[place:]):
            together |= STATES[later]
        assert health(**together) is expected


def test_a_source_that_was_never_asked_is_new_and_a_removed_one_retired() -> None:
    fresh = PollState(source=SOURCE.id, url=SOURCE.url, due_at=NOW)
    assert judge(fresh, SOURCE, NO_RHYTHM, now=NOW).health is Health.NEW
    moved = replace(POLLED, last_outcome=NEVER_POLLED)
    assert judge(moved, SOURCE, NO_RHYTHM, now=NOW).why == "It has not been asked at this address yet."
    removed = judge(replace(POLLED, **STATES[Health.PAUSED]), SOURCE, NO_RHYTHM, now=NOW, retired_at=NOW - DAY)
    assert (removed.health, removed.since, removed.next_at) == (Health.RETIRED, NOW - DAY, None)


def test_the_silence_of_the_host_throttles_the_source_p9() -> None:
    condition = judge(POLLED, SOURCE, NO_RHYTHM, now=NOW, host_silent_until=NOW + DAY)
    assert (condition.health, condition.next_at) == (Health.THROTTLED, NOW + DAY)
    assert "Another answer of its host asked for silence" in condition.why
    assert judge(POLLED, SOURCE, NO_RHYTHM, now=NOW, host_silent_until=NOW).health is Health.HEALTHY


def test_a_429_without_retry_after_is_throttled_until_another_answer_comes_p8() -> None:
    assert health(throttled_since=NOW - HOUR, failure_weight=1.0) is Health.THROTTLED
    assert health(throttled_since=None, failure_weight=1.0) is Health.FAILING


def test_a_page_that_finds_nothing_once_is_news_and_a_feed_only_twice() -> None:
    once = replace(POLLED, empty_since=NOW, empty_count=1, usual_count=20)
    page = replace(SOURCE, kind=Kind.PAGE)
    assert judge(once, SOURCE, NO_RHYTHM, now=NOW).health is Health.HEALTHY
    found = judge(once, page, NO_RHYTHM, now=NOW)
    assert found.health is Health.SILENT_ZERO
    assert "there used to be 20" in found.why
    assert "selector" in found.next_step


def test_https_learnt_on_the_same_host_is_no_move_p15() -> None:
    assert health(url="https://paper.example/feed2", moved_at=None) is Health.HEALTHY


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("not-found: 404", "new address"),
        ("robots: robots.txt asks us to stay away", "robots.txt"),
        ("refused-address: 10.0.0.1 is private", "MONITOR_ALLOW_ADDRESSES"),
        ("tls: certificate has expired", "certificate"),
        ("not-a-feed: HTML", "Open the address in a browser"),
    ],
)
def test_a_failure_says_what_a_person_can_do(outcome: str, said: str) -> None:
    failing = replace(POLLED, failure_weight=1.0, failing_since=NOW, last_outcome=outcome)
    assert said in judge(failing, SOURCE, NO_RHYTHM, now=NOW).next_step


def test_a_timeout_asks_nothing_of_a_person_until_it_has_lasted_long() -> None:
    failing = replace(POLLED, **STATES[Health.FAILING])
    assert "browser" not in judge(failing, SOURCE, NO_RHYTHM, now=NOW).next_step
    long = replace(failing, failing_since=NOW - LONG_FAILING)
    assert "browser" in judge(long, SOURCE, NO_RHYTHM, now=NOW).next_step


def test_healthy_since_the_day_after_the_last_error() -> None:
    def since(known: Rhythm) -> datetime | None:
        return judge(POLLED, SOURCE, known, now=NOW).since

    assert since(rhythm(1, 2, 3, error=10)) == datetime(2026, 2, 21, tzinfo=UTC)
    assert since(rhythm(1, 2, 3, since=20)) == datetime(2026, 2, 10, tzinfo=UTC)
    assert since(rhythm(1, 2, 3, error=0)) == POLLED.last_success_at
    assert since(rhythm(since=0)) == POLLED.last_success_at


# --- the rhythm -----------------------------------------------------------------------------------------------------


def silent(known: Rhythm, days: float) -> Health:
    return health(known, last_new_at=NOW - timedelta(days=days))


def test_a_daily_source_that_is_silent_for_a_week_is_quiet() -> None:
    weekdays = [ago for ago in range(7, 80) if (TODAY - timedelta(days=ago)).weekday() < 5]
    daily = rhythm(*weekdays)
    assert daily.usual_gap == DAY
    assert silent(daily, 7) is Health.QUIET


def test_a_weekend_and_easter_are_no_news() -> None:
    weekdays = [ago for ago in range(3, 80) if (TODAY - timedelta(days=ago)).weekday() < 5]
    daily = rhythm(*weekdays)
    assert not daily.is_busy
    assert patience(daily) == LEAST_SILENCE
    assert silent(daily, 3) is silent(daily, 5) is Health.HEALTHY


def test_a_source_that_never_rests_is_quiet_after_three_days() -> None:
    busy = rhythm(*range(3, 60))
    assert busy.is_busy
    assert silent(busy, 2.9) is Health.HEALTHY
    assert silent(busy, BUSY_SILENCE / DAY) is Health.QUIET


def test_a_weekly_source_may_be_silent_for_three_weeks() -> None:
    weekly = rhythm(*range(2, 86, 7))
    assert weekly.usual_gap == 7 * DAY
    assert silent(weekly, 20) is Health.HEALTHY
    assert silent(weekly, 21) is Health.QUIET


def test_a_monthly_source_that_is_silent_for_a_week_or_a_month_is_no_news() -> None:
    monthly = rhythm(7, 37, 67)
    assert silent(monthly, 7) is silent(monthly, 35) is Health.HEALTHY
    assert silent(monthly, MOST_SILENCE / DAY) is Health.QUIET


def test_a_source_with_long_pauses_of_its_own_is_given_them() -> None:
    bursts = rhythm(*(start + day for start in (5, 21, 37, 53, 69) for day in (0, 1, 2)))
    assert bursts.usual_gap == DAY
    assert bursts.long_gap == 14 * DAY
    assert silent(bursts, 15) is Health.HEALTHY
    assert silent(bursts, 22) is Health.QUIET


def test_where_little_is_known_a_month_is_waited() -> None:
    assert patience(rhythm(3)) == patience(NO_RHYTHM) == FALLBACK
    assert silent(rhythm(20), 29) is Health.HEALTHY
    assert silent(rhythm(20), 30) is Health.QUIET


def test_a_source_that_answers_for_a_week_and_never_brought_anything_is_quiet() -> None:
    days = NEVER_AFTER.days
    assert health(rhythm(since=days - 1), last_new_at=None) is Health.HEALTHY
    condition = judge(replace(POLLED, last_new_at=None), SOURCE, rhythm(since=days), now=NOW)
    assert condition.health is Health.QUIET
    assert "brought nothing yet" in condition.why


def test_time_in_which_it_was_not_asked_is_not_silence() -> None:
    daily = rhythm(*range(20, 60))
    brought = {"last_new_at": NOW - 20 * DAY, "last_polled_at": NOW - 19 * DAY}
    assert health(daily, last_success_at=NOW - 19 * DAY, **brought) is Health.HEALTHY
    assert health(daily, last_success_at=NOW, **brought) is Health.QUIET


def test_the_rhythm_is_told_in_words() -> None:
    def told(known: Rhythm, ago: int) -> str:
        return tell_rhythm(known, replace(POLLED, last_new_at=NOW - timedelta(days=ago)), now=NOW)

    assert told(rhythm(*range(9, 80, 2)), 9) == "Usually brings something about every 2 days; the last was 9 days ago."
    assert told(rhythm(*range(2, 86, 7)), 1) == "Usually brings something about once a week; the last was 1 day ago."
    assert told(rhythm(*range(60)), 0) == "Usually brings something almost every day; the last was today."
    assert told(rhythm(4), 4) == "Too little is known of its rhythm; the last it brought was 4 days ago."


@given(active=st.sets(st.integers(0, 89), max_size=90), since=st.integers(0, 89), silent_days=st.integers(0, 400))
def test_silence_never_makes_a_quiet_source_healthy_again(active: set[int], since: int, silent_days: int) -> None:
    """However the days with news leave the window while nothing comes, quiet stays quiet."""
    news = sorted(TODAY - timedelta(days=ago) for ago in active if ago <= since)
    if not news:
        return
    last, was_quiet = datetime.combine(news[-1], datetime.min.time(), UTC), False
    for later in range(0, silent_days, 5):
        now = NOW + timedelta(days=later)
        first = max(TODAY - timedelta(days=since), now.date() - REMEMBERED + DAY)
        known = ActiveDays(first=first, active=tuple(day for day in news if day >= first))
        state = replace(POLLED, last_new_at=last, last_success_at=now)
        is_quiet = judge(state, SOURCE, measure_rhythm(known, today=now.date()), now=now).health is Health.QUIET
        assert is_quiet or not was_quiet
        was_quiet = is_quiet


def test_no_day_no_rhythm() -> None:
    assert measure_rhythm(ActiveDays(), today=date(2026, 3, 2)) == NO_RHYTHM


# --- how long a judgement stands ------------------------------------------------------------------------------------


def test_a_silence_that_was_asked_for_stands_until_it_is_over_p8_p9() -> None:
    own, hosts = NOW + HOUR, NOW + 2 * HOUR
    silent = replace(POLLED, silent_until=own)
    assert stands_until(Health.THROTTLED, silent, now=NOW) == own
    assert stands_until(Health.THROTTLED, silent, now=NOW, host_silent_until=hosts) == hosts
    assert stands_until(Health.THROTTLED, replace(silent, throttled_since=NOW), now=NOW) is None


def test_what_only_an_answer_or_a_person_ends_stands_until_then() -> None:
    for health in set(Health) - {Health.THROTTLED, Health.QUIET}:
        assert stands_until(health, POLLED, now=NOW) is None


@given(
    active=st.sets(st.integers(0, 200), max_size=40),
    first=st.integers(0, 200),
    asked=st.integers(0, 90),
    later=st.integers(0, 24 * 200),
)
def test_until_a_judgement_falls_due_it_is_what_would_be_judged_now(
    active: set[int], first: int, asked: int, later: int
) -> None:
    """`active` and `first` are days ago, `asked` the days since the last answer; the future brings none."""
    news = sorted(day for day in active if asked <= day <= first)

    def judged(now: datetime) -> Health:
        ends = (now - REMEMBERED).date()
        days = [day for day in (TODAY - each * DAY for each in reversed(news)) if day >= ends]
        begins = max(TODAY - max(first, asked) * DAY, ends)
        known = ActiveDays(first=begins if begins <= TODAY - asked * DAY else None, active=tuple(days))
        return judge(state, SOURCE, measure_rhythm(known, today=now.date()), now=now).health

    last = NOW - asked * DAY
    state = replace(
        POLLED, last_polled_at=last, last_success_at=last, last_new_at=NOW - news[0] * DAY if news else None
    )
    health = judged(NOW)
    until = stands_until(health, state, now=NOW)
    at = NOW + later * HOUR
    if until is None or at < until:
        assert judged(at) is health
