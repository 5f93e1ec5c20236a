"""The clocks: aware UTC, and a simulated one that runs fast until it meets the present."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from monitor.clock import SimulatedClock, SystemClock


def test_the_system_clock_is_aware_and_runs_at_its_own_pace() -> None:
    assert SystemClock().now().tzinfo is UTC
    assert SystemClock().real_seconds(timedelta(minutes=2)) == 120.0


def test_a_simulated_clock_runs_fast() -> None:
    clock = SimulatedClock(datetime(2026, 3, 1, tzinfo=UTC), speed=36_000)
    before = clock.now()
    time.sleep(0.05)
    assert clock.now() - before >= timedelta(minutes=30)
    assert clock.real_seconds(timedelta(hours=10)) == 1.0


def test_a_simulated_clock_meets_the_present_and_goes_with_it() -> None:
    clock = SimulatedClock(datetime.now(UTC) - timedelta(hours=1), speed=1_000_000)
    time.sleep(0.05)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.real_seconds(timedelta(seconds=3)) == 3.0


@pytest.mark.parametrize(
    ("start", "speed"),
    [(datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None), 1.0), (datetime(2026, 3, 1, tzinfo=UTC), 0.0)],
)
def test_a_naive_start_or_a_clock_that_stands_still_is_refused(start: datetime, speed: float) -> None:
    with pytest.raises(ValueError, match="aware start"):
        SimulatedClock(start, speed=speed)
