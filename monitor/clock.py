"""The clocks: the wall clock, and a simulated one that runs faster beside the simulated press.

Every job takes a `model.Clock`; nothing else asks the machine for the time of day.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        return datetime.now(UTC)

    def real_seconds(self, span: timedelta) -> float:
        """A second is a second."""
        return span.total_seconds()


class SimulatedClock:
    """Starts at `start` and runs `speed` times as fast as the machine's monotonic clock.

    One that starts in the past runs fast until it meets the present, and then goes with it: nothing that happens
    beside a simulated press is dated tomorrow.
    """

    def __init__(self, start: datetime, *, speed: float) -> None:
        if start.tzinfo is None or speed <= 0:
            raise ValueError("a simulated clock needs an aware start and a positive speed")
        self.start = start.astimezone(UTC)
        self.speed = speed
        self._began = time.monotonic()
        self._is_past = self.start < datetime.now(UTC)

    def now(self) -> datetime:
        """The simulated instant, aware, UTC."""
        simulated = self.start + timedelta(seconds=(time.monotonic() - self._began) * self.speed)
        return min(simulated, datetime.now(UTC)) if self._is_past else simulated

    def real_seconds(self, span: timedelta) -> float:
        """`speed` simulated seconds pass in one, until the present is met."""
        simulated = self.start + timedelta(seconds=(time.monotonic() - self._began) * self.speed)
        has_met_present = self._is_past and simulated >= datetime.now(UTC)
        return span.total_seconds() / (1.0 if has_met_present else self.speed)
