"""When to come back, and why: the rules of polling as values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import (
    NO_VALIDATORS,
    Failed,
    Failure,
    Fetched,
    FetchOutcome,
    Gone,
    Hints,
    Hop,
    NotModified,
    Origin,
    PollState,
    PublisherId,
    Source,
    SourceId,
    Throttled,
    Tier,
    Validators,
)
from monitor.stages.cadence import CEILING, FLOOR, Reading, name_outcome, next_poll

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday
URL = "https://paper.example/feed"
BOTH = Validators(etag='"1"', last_modified="Mon, 02 Mar 2026 07:00:00 GMT")
NEWS = Reading(new_entry_count=2, entry_count=10, body_digest="d")
NO_NEWS = Reading(entry_count=10, body_digest="d")
SAME = Reading(is_unchanged=True, body_digest="d")


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def a_source(cadence: timedelta | None = None) -> Source:
    return Source(
        id=SourceId("paper"),
        name="Paper",
        url=URL,
        origin=Origin.PRESS,
        tier=Tier.SECONDARY,
        publisher=PublisherId("paper"),
        cadence=cadence,
    )


def a_state(**fields: object) -> PollState:
    known: dict[str, object] = {"source": SourceId("paper"), "url": URL, "due_at": NOW}
    return PollState(**(known | fields))  # type: ignore[arg-type]


def fetched(url: str = URL, *hops: Hop, **fields: object) -> Fetched:
    known: dict[str, object] = {
        "url": url,
        "final_url": hops[-1].url if hops else url,
        "hops": hops,
        "body": b"x",
        "content_type": None,
        "validators": BOTH,
        "fetched_at": NOW,
    }
    return Fetched(**(known | fields))  # type: ignore[arg-type]


def not_modified(validators: Validators = NO_VALIDATORS, **fields: object) -> NotModified:
    return NotModified(url=URL, final_url=URL, validators=validators, fetched_at=NOW, **fields)  # type: ignore[arg-type]


def failed(kind: Failure = Failure.TIMEOUT, **fields: object) -> Failed:
    return Failed(url=URL, kind=kind, detail="so it was", fetched_at=NOW, **fields)  # type: ignore[arg-type]


def throttled(status: int = 429, retry_after: timedelta | None = None, **fields: object) -> Throttled:
    known: dict[str, object] = {
        "url": URL,
        "host": "paper.example",
        "status": status,
        "retry_after": retry_after,
        "silences_host": status == 429,
        "fetched_at": NOW,
    }
    return Throttled(**(known | fields))  # type: ignore[arg-type]


def after(
    outcome: FetchOutcome,
    state: PollState | None = None,
    reading: Reading = NO_NEWS,
    *,
    cadence: timedelta | None = None,
    now: datetime = NOW,
    jitter: float = -1.0,
) -> PollState:
    return next_poll(state or a_state(), a_source(cadence), outcome, reading=reading, now=now, jitter=jitter)


def wait(state: PollState) -> timedelta:
    return state.due_at - NOW


# --- validators -------------------------------------------------------------------------------------------------


def test_errors_and_an_unchanged_body_lose_no_validators_p1() -> None:
    state = after(fetched(), reading=NEWS)
    for outcome in (failed(), failed(Failure.UNPARSABLE), throttled(), throttled(503), not_modified()):
        state = after(outcome, state)
        assert (state.validators, state.validators_url) == (BOTH, URL)
    assert after(fetched(validators=NO_VALIDATORS), state, SAME).validators == BOTH


def test_each_validator_is_renewed_on_its_own_p3() -> None:
    state = after(fetched(), reading=NEWS)
    renewed = after(not_modified(Validators(etag='"2"')), state)
    assert renewed.validators == Validators(etag='"2"', last_modified=BOTH.last_modified)
    renewed = after(fetched(validators=Validators(last_modified="later")), renewed, SAME)
    assert renewed.validators == Validators(etag='"2"', last_modified="later")


def test_a_changed_document_has_the_validators_it_came_with_p3() -> None:
    state = after(fetched(), reading=NEWS)
    assert after(fetched(validators=Validators(etag='"3"')), state).validators == Validators(etag='"3"')


def test_a_failed_parse_stores_no_validators_p4() -> None:
    state = after(failed(Failure.NOT_A_FEED, status=200))
    assert (state.validators, state.body_digest) == (NO_VALIDATORS, None)


# --- how soon ---------------------------------------------------------------------------------------------------


def test_at_most_once_an_hour_unless_configured_p6() -> None:
    assert wait(after(fetched(), reading=NEWS)) == hours(1)
    assert wait(after(fetched(), reading=NEWS, cadence=timedelta(minutes=30))) == timedelta(minutes=30)
    assert wait(after(fetched(), reading=NEWS, cadence=timedelta(minutes=1))) == FLOOR
    assert wait(after(fetched(), reading=NEWS, cadence=hours(48))) == hours(48)


def test_a_source_without_validators_at_most_every_three_hours_p6() -> None:
    state = after(fetched(validators=NO_VALIDATORS), reading=NEWS, cadence=hours(1))
    assert wait(state) == hours(3)
    assert state.rule == "no validators: at most every 3 h"


def test_not_before_the_answer_is_stale_up_to_a_day_p7() -> None:
    assert wait(after(fetched(fresh_for=hours(5)))) == hours(5)
    assert wait(after(not_modified(fresh_for=hours(5)), a_state(validators=BOTH))) == hours(5)
    assert wait(after(fetched(fresh_for=hours(500)))) == CEILING
    assert wait(after(fetched(fresh_for=timedelta()), reading=NEWS)) == hours(1)


@pytest.mark.parametrize("outcome", [throttled, failed, fetched, not_modified])
def test_retry_after_is_silence_until_then_up_to_seven_days_p8(outcome: object) -> None:
    for asked, held in ((hours(30), hours(30)), (hours(10_000), timedelta(days=7))):
        state = after(outcome(retry_after=asked), a_state(validators=BOTH))  # type: ignore[operator]
        assert wait(state) == held
        assert state.silent_until == state.due_at
        assert "Retry-After" in state.rule


def test_a_short_retry_after_does_not_hurry_p6_p8() -> None:
    assert wait(after(throttled(503, timedelta(seconds=5)))) == hours(1)


def test_without_retry_after_the_wait_doubles_p8() -> None:
    state, waits = a_state(), []
    for _ in range(6):
        state = after(throttled(), state, jitter=0.0)
        waits.append(round(wait(state) / hours(1), 2))
    assert waits == [2, 4, 8, 16, 21.82, 21.82]


@pytest.mark.parametrize(
    ("hints", "waits"),
    [
        (Hints(ttl=hours(6)), hours(6)),
        (Hints(update_every=hours(12)), hours(12)),
        (Hints(ttl=timedelta(minutes=1), update_every=timedelta(minutes=5)), hours(1)),
        (Hints(ttl=timedelta(seconds=9e9)), hours(1)),
        (Hints(update_every=timedelta(days=30)), CEILING),
        (Hints(skip_hours=frozenset({9, 10})), hours(3)),
        (Hints(skip_hours=frozenset(range(24))), hours(1)),
        (Hints(skip_days=frozenset({0})), hours(16)),
        (Hints(skip_days=frozenset(range(7))), hours(1)),
    ],
)
def test_hints_lengthen_the_wait_and_never_shorten_it_p10(hints: Hints, waits: timedelta) -> None:
    reading = replace(NEWS, hints=hints)
    assert wait(after(fetched(), reading=reading)) == waits


def test_hints_hold_until_the_document_changes_p10() -> None:
    state = after(fetched(), reading=replace(NEWS, hints=Hints(ttl=hours(6))))
    assert wait(after(not_modified(), state)) == hours(6)
    assert wait(after(fetched(), state, replace(NEWS, hints=Hints()))) == hours(1)


def test_quiet_sources_slow_down_to_a_day_and_lively_ones_speed_up_to_the_floor_p11() -> None:
    state = after(fetched(), reading=NEWS)
    for _ in range(30):
        state = after(not_modified(), state)
    assert wait(state) == CEILING
    assert state.rule == "its own pace: it is quiet, so every 24 h"
    for _ in range(10):
        state = after(fetched(), state, NEWS)
    assert wait(state) == hours(1)
    assert state.rule == "its own pace: it brings news, so every 60 min"


# --- hubs ------------------------------------------------------------------------------------------------------


def test_while_a_hub_delivers_polls_slow_down_to_a_net_and_say_so_p25_p26() -> None:
    state = a_state(pushed_until=NOW + timedelta(days=7))
    waits = []
    for _ in range(6):
        state = next_poll(state, a_source(), fetched(), reading=SAME, now=state.due_at, jitter=-1)
        waits.append(state.interval)
        assert state.rule.startswith("its hub delivers what is new: polls are only a net, every ")
    assert waits == [hours(2), hours(4), hours(8), hours(16), CEILING, CEILING]


@pytest.mark.parametrize("what", ["the poll finds what the hub kept back", "the hub is no longer bound"])
def test_a_hub_that_fails_gives_the_source_its_own_pace_back_p25(what: str) -> None:
    is_missed = what.startswith("the poll")
    state = a_state(interval=CEILING, pushed_until=NOW + timedelta(days=1) if is_missed else NOW)
    after = next_poll(state, a_source(), fetched(), reading=NEWS if is_missed else SAME, now=NOW, jitter=-1)
    assert after.due_at - NOW == hours(1)
    assert after.pushed_until is None
    assert "hub" not in after.rule


def test_a_configured_pace_holds_whatever_a_hub_delivers_p25() -> None:
    state = a_state(pushed_until=NOW + timedelta(days=7))
    after = next_poll(state, a_source(hours(2)), fetched(), reading=SAME, now=NOW, jitter=-1)
    assert (after.due_at - NOW, after.rule) == (hours(2), "configured: every 2 h")


# --- failures ---------------------------------------------------------------------------------------------------


def test_a_404_weighs_half_and_a_dns_hiccup_a_quarter_p13() -> None:
    for kind, weight in ((Failure.TIMEOUT, 1.0), (Failure.NOT_FOUND, 0.5), (Failure.DNS, 0.25)):
        state = after(failed(kind), jitter=0.0)
        assert state.failure_weight == weight
        assert abs(wait(state) - hours(1) * 2**weight) < timedelta(seconds=1)


def test_failures_back_off_to_a_day_for_ever_and_a_success_resets_p13() -> None:
    state = after(fetched(), reading=NEWS)
    for number in range(200):
        state = after(failed(), state, jitter=(-1.0) ** number)
    assert hours(19) < wait(state) <= CEILING
    assert state.failing_since == NOW
    assert not state.is_gone
    state = after(fetched(), state, NEWS)
    assert (state.failure_weight, state.failing_since, wait(state)) == (0.0, None, hours(1))


def test_back_off_is_spread_by_jitter_p13() -> None:
    assert len({wait(after(failed(), jitter=jitter)) for jitter in (-1.0, -0.5, 0.0, 0.5, 1.0)}) == 5


def test_gone_stops_polling_and_says_so_p14() -> None:
    state = after(Gone(url=URL, fetched_at=NOW), a_state(validators=BOTH))
    assert state.is_gone
    assert "polling has stopped" in state.rule
    assert state.validators == BOTH


def test_what_was_never_asked_counts_as_nothing_p9() -> None:
    before = a_state(validators=BOTH, failure_weight=1.0)
    state = after(throttled(429, hours(2), was_asked=False), before)
    assert state == replace(before, due_at=NOW + hours(2), rule="paper.example asked for silence")


# --- redirects --------------------------------------------------------------------------------------------------

NEW = "https://new.example/feed"


def polls_through(*hops: Hop, days: tuple[int, ...], reading: Reading = NO_NEWS, url: str = URL) -> PollState:
    state = a_state(url=url)
    for day in days:
        outcome = fetched(state.url) if state.url == hops[0].url else fetched(state.url, *hops)
        state = after(outcome, state, replace(reading, shares_entries=True), now=NOW + timedelta(days=day))
    return state


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_learnt_after_a_week_and_three_polls_p15(status: int) -> None:
    hop = Hop(status=status, url=NEW)
    assert polls_through(hop, days=(0, 1, 2, 6)).url == URL
    assert polls_through(hop, days=(0, 8)).url == URL
    learnt = polls_through(hop, days=(0, 4, 8))
    assert learnt.url == NEW
    assert learnt.redirect_url is None


def test_a_learnt_url_takes_only_the_validators_that_it_gave_itself_p5_p15() -> None:
    learnt = polls_through(Hop(status=301, url=NEW), days=(0, 4, 8))
    assert (learnt.validators, learnt.validators_url) == (BOTH, NEW)
    state = a_state()
    for day in (0, 4, 8):
        hops = (Hop(status=301, url=NEW), Hop(status=302, url=f"https://cdn.example/{day}"))
        reading = replace(NO_NEWS, shares_entries=True)
        state = after(fetched(URL, *hops), state, reading, now=NOW + timedelta(days=day))
    assert (state.url, state.validators) == (NEW, NO_VALIDATORS)


def test_a_redirect_to_another_feed_is_not_learnt_p15_h20() -> None:
    state = a_state()
    for day in range(20):
        state = after(fetched(URL, Hop(status=301, url=NEW)), state, NO_NEWS, now=NOW + timedelta(days=day))
    assert state.url == URL


def test_a_target_that_changes_starts_the_week_again_p15() -> None:
    state = a_state()
    for day, url in ((0, NEW), (4, "https://captive.example/"), (8, NEW), (9, NEW)):
        reading = replace(NO_NEWS, shares_entries=True)
        state = after(fetched(URL, Hop(status=301, url=url)), state, reading, now=NOW + timedelta(days=day))
    assert (state.url, state.redirect_count) == (URL, 2)


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_temporary_redirect_is_never_learnt_p15(status: int) -> None:
    state = polls_through(Hop(status=status, url=NEW), days=(0, 5, 10, 15, 20))
    assert (state.url, state.redirect_url) == (URL, None)


def test_https_on_the_same_host_is_learnt_at_once_and_never_unlearnt_p15() -> None:
    plain, secure = "http://paper.example/feed", "https://paper.example/feed"
    assert polls_through(Hop(status=301, url=secure), days=(0,), url=plain).url == secure
    assert polls_through(Hop(status=301, url="https://paper.example/login"), days=(0,), url=plain).url == plain
    assert polls_through(Hop(status=301, url=plain), days=(0, 5, 10, 15), url=secure).url == secure


# --- words ------------------------------------------------------------------------------------------------------


def test_every_outcome_has_a_word_and_every_state_a_rule_p26() -> None:
    outcomes: list[FetchOutcome] = [fetched(), not_modified(), Gone(url=URL, fetched_at=NOW), throttled(), failed()]
    for outcome in outcomes:
        word, detail = name_outcome(outcome, NEWS)
        state = after(outcome, reading=NEWS)
        assert word
        assert detail in state.last_outcome
        assert state.rule


OUTCOMES = st.one_of(
    st.builds(fetched, fresh_for=st.none() | st.timedeltas(timedelta(), timedelta(days=4_000))),
    st.builds(fetched, validators=st.just(NO_VALIDATORS)),
    st.builds(not_modified),
    st.builds(
        failed, st.sampled_from(Failure), retry_after=st.none() | st.timedeltas(timedelta(seconds=1), hours(900))
    ),
    st.builds(throttled, st.sampled_from([429, 503]), st.none() | st.timedeltas(timedelta(seconds=1), hours(900))),
)
READINGS = st.builds(
    Reading,
    new_entry_count=st.integers(0, 3),
    entry_count=st.integers(0, 9),
    is_unchanged=st.booleans(),
    hints=st.none()
    | st.builds(
        Hints,
        ttl=st.none() | st.timedeltas(),
        skip_hours=st.frozensets(st.integers(0, 23)),
        skip_days=st.frozensets(st.integers(0, 6)),
    ),
)


@given(st.lists(st.tuples(OUTCOMES, READINGS, st.floats(-1, 1)), min_size=1, max_size=12), st.booleans())
def test_whatever_happens_the_next_poll_is_neither_too_soon_nor_never_p6_p13(
    story: list[tuple[FetchOutcome, Reading, float]], is_configured: bool
) -> None:
    state, now = a_state(), NOW
    cadence = timedelta(minutes=20) if is_configured else None
    for outcome, reading, jitter in story:
        state = after(outcome, state, reading, now=now, jitter=jitter, cadence=cadence)
        soonest = timedelta(minutes=20) if is_configured and state.failure_weight == 0 else FLOOR
        assert state.due_at - now >= (soonest if is_configured else hours(1))
        assert state.due_at - now <= timedelta(days=15)
        now = state.due_at
