"""robots.txt (RFC 9309), asked for once a day per origin, through the same client as everything else (P21)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.later import later
from monitor.model import Clock, Failed, Failure, Fetched, FetchOutcome, FetchRequest, Gone, NotModified, Throttled
from monitor.net.target import Target

if TYPE_CHECKING:
    import protego
else:
    protego = later("protego")  # most polls ask feeds, which robots.txt does not speak of

_KEPT_FOR = timedelta(hours=24)  # RFC 9309 2.4
_KEPT_WHEN_UNREACHABLE = timedelta(hours=1)
_MAX_BYTES = 512_000  # RFC 9309 2.5: at least 500 KiB
_UNREACHABLE = {Failure.DNS, Failure.CONNECT, Failure.TLS, Failure.TIMEOUT, Failure.SERVER_ERROR}
_KEPT = 2_048  # origins remembered before the oldest are dropped


@dataclass(slots=True)
class _Known:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    until: datetime | None = None
    rules: protego.Protego | None = None  # None: everything is allowed
    unreachable: Failed | Throttled | None = None  # everything is refused for now (RFC 9309 2.3.1.4)


class Robots:
    """What each origin's robots.txt says; used on one event loop only."""

    def __init__(self, clock: Clock, product: str, fetch: Callable[[FetchRequest], Awaitable[FetchOutcome]]) -> None:
        self._clock = clock
        self._product = product
        self._fetch = fetch
        self._known: dict[tuple[str, str, int], _Known] = {}

    async def objection(self, target: Target, url: str) -> Failed | Throttled | None:
        """Why `target` is left alone; None where it may be asked. `url` names the page in the outcome."""
        known = self._known.setdefault(target.origin, _Known())
        async with known.lock:
            if known.until is None or known.until <= self._clock.now():
                await self._learn(known, target)
                self._forget_oldest()
        if known.unreachable is not None:
            return _for_page(known.unreachable, url)
        if known.rules is None or known.rules.can_fetch(target.url, self._product):
            return None
        detail = f"robots.txt of {target.host} asks {self._product} to stay away"
        return Failed(url=url, kind=Failure.ROBOTS, detail=detail, fetched_at=self._clock.now())

    async def _learn(self, known: _Known, target: Target) -> None:
        host = f"[{target.host}]" if ":" in target.host else target.host
        request = FetchRequest(
            url=f"{target.scheme}://{host}:{target.port}/robots.txt",
            accept="text/plain, */*;q=0.1",
            max_bytes=_MAX_BYTES,
        )
        known.rules, known.unreachable = _read(await self._fetch(request))
        kept_for = _KEPT_FOR if known.unreachable is None else _KEPT_WHEN_UNREACHABLE
        known.until = self._clock.now() + kept_for

    def _forget_oldest(self) -> None:
        while len(self._known) > _KEPT:
            del self._known[next(iter(self._known))]


def _read(outcome: FetchOutcome) -> tuple[protego.Protego | None, Failed | Throttled | None]:
    match outcome:
        case Fetched(body=body):
            return protego.Protego.parse(body.decode("utf-8", "replace")), None
        case Failed(kind=kind) if kind in _UNREACHABLE:
            return None, outcome
        case Throttled():
            return None, outcome
        case Failed() | Gone() | NotModified():
            return None, None  # a robots.txt that is not there allows everything (RFC 9309 2.3.1.3)


def _for_page(outcome: Failed | Throttled, url: str) -> Failed | Throttled:
    if isinstance(outcome, Failed):
        return replace(outcome, url=url, detail=f"robots.txt could not be read: {outcome.detail}")
    return replace(outcome, url=url)
