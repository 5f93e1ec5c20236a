"""While the database is away: one asks now and then whether it is back, instead of every job at every tick (F6)."""

from __future__ import annotations

import threading
import time

from monitor.log import get_log
from monitor.store.ailing import ailment_of
from monitor.store.database import Database, ping

PAUSE_SECONDS = 3.0  # between two looks; with the longest usual rhythm of a job it goes on within ten
SAID_FOR_SECONDS = 60.0  # a full disk can be read, and is noticed anew with each write

log = get_log()


class Calm:
    """Of one process; its jobs share it."""

    def __init__(self, database: Database, *, pause: float = PAUSE_SECONDS) -> None:
        """Takes it that the database is there."""
        self._database = database
        self._pause = pause
        self._lock = threading.Lock()
        self._ailment: str | None = None
        self._look_at = 0.0
        self._said: str | None = None
        self._say_again_at = 0.0

    def is_away(self) -> bool:
        """Whether a job had better not begin: it is away, or somebody looks just now."""
        with self._lock:
            if self._ailment is None:
                return False
            if time.monotonic() < self._look_at:
                return True
            self._look_at = time.monotonic() + self._pause
        try:
            ping(self._database)
        except Exception as error:
            self.note(error)
            return True
        with self._lock:
            self._ailment = None
        return False

    def note(self, error: BaseException) -> bool:
        """Whether that is the database's trouble, and no job's: it is said once, and everybody waits."""
        ailment = ailment_of(error)
        if ailment is None:
            return False
        now = time.monotonic()
        with self._lock:
            self._ailment, self._look_at = ailment, now + self._pause
            is_said = self._said == ailment and now < self._say_again_at
            if not is_said:
                self._said, self._say_again_at = ailment, now + SAID_FOR_SECONDS
        if not is_said:
            log.error("the jobs wait for the database", ailment=ailment)
        return True
