"""Reading server-sent events as a browser would, from a real server, never longer than a test can wait."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.web.conftest import Browser

PATIENCE = 20.0  # seconds until an event that does not come is missed


@dataclass(frozen=True)
class Event:
    """One event: its name, its data, and the cursor it carries."""

    name: str
    data: Any
    id: str


@dataclass
class Stream:
    """The events of one connection, as they come."""

    answer: httpx.Response
    lines: Iterator[str]
    seen: list[Event] = field(default_factory=list)

    def next(self) -> Event | None:
        """The next event; None where the server ended the connection."""
        fields: dict[str, str] = {}
        for line in self.lines:
            name, _, value = line.partition(": ")
            if name in ("event", "data", "id"):
                fields[name] = value
            elif not line and "event" in fields:
                event = Event(fields["event"], json.loads(fields["data"]), fields.get("id", ""))
                self.seen.append(event)
                return event
        return None

    def until(self, name: str, is_it: Callable[[Any], bool] = lambda _: True) -> Event:
        """The next event of this name that `is_it`."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            event = self.next()
            assert event is not None, f"the connection ended before {name}: {self.seen}"
            if event.name == name and is_it(event.data):
                return event
        raise AssertionError(f"no {name}: {self.seen}")


@contextmanager
def following(browser: Browser, query: str = "", **headers: str) -> Iterator[Stream]:
    """A connection to the live view."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with browser.http.stream("GET", f"/desk/live{query}", headers=sent, timeout=PATIENCE) as answer:
        yield Stream(answer, answer.iter_lines() if answer.status_code == 200 else iter(()))
