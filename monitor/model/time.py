"""The newsroom's time, and how a job tells how far it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """The newsroom's time: the wall clock, or a simulated fortnight."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    def real_seconds(self, span: timedelta) -> float:
        """How many seconds of the machine's time `span` of this clock's time takes."""
        ...


class Progress(Protocol):
    """How a job tells whoever waits for it how far it is."""

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` things are finished; `total` may grow."""
        ...


def no_progress(done: int, total: int) -> None:
    """For a job that nobody watches."""
