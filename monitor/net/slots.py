"""One request at a time per host, a gap apart, and silence where a host asked for it (P9, P12)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from monitor.model import Clock

_JITTER = 0.1  # of the gap, either way: many newsrooms must not march in step
_KEPT = 4_096  # hosts remembered before idle ones are dropped
_random = Random()  # seeded by the machine; jitter has no secret to keep  # noqa: S311


@dataclass(slots=True)
class _Slot:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: datetime | None = None
    silent_until: datetime | None = None
    waiting: int = 0


class HostSlots:
    """The slots of all hosts; used on one event loop only. Gaps pass on the clock's time."""

    def __init__(self, clock: Clock, gap: timedelta) -> None:
        self._clock = clock
        self._gap = gap
        self._slots: dict[str, _Slot] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Hold the host's slot: begins when no other request runs and the gap has passed since the last one."""
        slot = self._slots.setdefault(host, _Slot())
        slot.waiting += 1
        try:
            async with slot.lock:
                await self._keep_distance(slot)
                try:
                    yield
                finally:
                    slot.free_at = self._clock.now() + self._gap * _random.uniform(1 - _JITTER, 1 + _JITTER)
        finally:
            slot.waiting -= 1
            self._forget_idle()

    def silence(self, host: str, span: timedelta) -> None:
        """No request goes to `host` for so long."""
        slot = self._slots.setdefault(host, _Slot())
        until = self._clock.now() + span
        slot.silent_until = max(until, slot.silent_until or until)

    def silence_left(self, host: str) -> timedelta | None:
        """How long `host` still wants silence; None where it does not."""
        slot = self._slots.get(host)
        if slot is None or slot.silent_until is None:
            return None
        left = slot.silent_until - self._clock.now()
        return left if left > timedelta() else None

    async def _keep_distance(self, slot: _Slot) -> None:
        if slot.free_at is None:
            return
        left = min(slot.free_at - self._clock.now(), self._gap * (1 + _JITTER))  # a clock set back stalls nobody (F9)
        if left > timedelta():
            await asyncio.sleep(self._clock.real_seconds(left))

    def _forget_idle(self) -> None:
        if len(self._slots) <= _KEPT:
            return
        now = self._clock.now()
        for host, slot in list(self._slots.items()):
            rests_until = max(filter(None, (slot.free_at, slot.silent_until)), default=now)
            if slot.waiting == 0 and rests_until <= now:
                del self._slots[host]
