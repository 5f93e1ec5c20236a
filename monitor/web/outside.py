"""How the web side asks the world: for looking at an address before it is added, and for nothing else.

Made at the first use, for most processes never need it; one place for all requests of the process, so that its manners
hold between them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.errors import Busy
from monitor.jobs.workers import Workers
from monitor.model import Clock
from monitor.net.client import Fetcher, user_agent
from monitor.settings import Settings

AT_ONCE = 2  # addresses that are looked at: each holds a thread of the web for up to a minute


class Outside:
    """A fetcher and a worker process, made at the first use."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._made: tuple[Fetcher, Workers] | None = None

    @contextmanager
    def use(self) -> Iterator[tuple[Fetcher, Workers]]:
        """Both, until the block ends; raises Busy where AT_ONCE others hold them."""
        if not self._places.acquire(blocking=False):
            raise Busy("Others are looking at addresses just now. Nothing was changed; try again in a minute.")
        try:
            yield self._open()
        finally:
            self._places.release()

    def close(self) -> None:
        """Let go of both; a look that is under way ends without a finding."""
        with self._lock:
            made, self._made = self._made, None
        if made is not None:
            made[0].close()
            made[1].close()

    def _open(self) -> tuple[Fetcher, Workers]:
        with self._lock:
            if self._made is None:
                settings = self._settings
                agent = user_agent(settings.contact, settings.base_url)
                fetcher = Fetcher(user_agent=agent, clock=self._clock, allow=settings.allow_addresses)
                self._made = (fetcher, Workers(1))
            return self._made
