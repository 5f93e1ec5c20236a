"""The servers of `benchmarks.manners`: each behaves in its way, and checks every request against what it said before.

What is too early, which validators are due and what is unconditional is worked out here from the promises (P1-P20)
and from what this server answered; nothing is taken from the code that is judged.
"""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime

from tests.net.servers import Recorded, http, moved

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FORTNIGHT = timedelta(days=14)
LONGEST_SILENCE = timedelta(days=7)
GAP = timedelta(seconds=1.8)  # two seconds less a tenth (P12)
BACK_OFF = 0.8  # the least of the exponential wait that jitter may leave
ISSUES_SHOWN = 12  # entries of a document
_SENT = {"host", "user-agent", "accept", "accept-encoding", "connection"}
_CONDITIONS = {"if-none-match": "etag", "if-modified-since": "modified"}


class SimulatedClock:
    """Shared by newsroom and servers. Waiting costs nothing, and the time passes all the same."""

    def __init__(self, start: datetime) -> None:
        self._at = start
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self._at

    def advance(self, span: timedelta) -> None:
        with self._lock:
            self._at += max(span, timedelta())

    def advance_to(self, moment: datetime) -> None:
        with self._lock:
            self._at = max(self._at, moment)

    def real_seconds(self, span: timedelta) -> float:
        self.advance(span)
        return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """Days on which a server answers something else."""

    first: float  # day from which
    last: float  # day until which
    status: int = 500
    retry_after: timedelta | None = None
    is_date: bool = False  # Retry-After as a date
    how: str = "status"  # status, reset, short, page


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One way in which servers behave."""

    name: str
    count: int = 1
    host: str | None = None  # all on this one; else each on a host of its own
    every: timedelta | None = 30 * HOUR  # publishes so often; None: never after the first day
    gives: frozenset[str] = frozenset({"etag", "modified"})
    cadence: timedelta | None = None  # configured by the operator
    headers: tuple[tuple[str, str], ...] = ()
    expires: timedelta | None = None  # from Date
    fresh_for: timedelta = timedelta()  # what these headers come to
    hint: str = ""  # markup of the channel
    hinted: timedelta = timedelta()  # what it comes to
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    spell: Spell | None = None
    redirect: int | None = None  # status of the front address
    is_liar: bool = False  # 304 to every question with conditions
    is_fickle: bool = False  # a new ETag with each answer, for the same document
    gives_deltas: bool = False
    is_gzipped: bool = False
    slow: timedelta = timedelta()  # that an answer takes


@dataclass(slots=True)
class Ledger:
    """What was counted, and every fault in words."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, str]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def fault(self, kind: str, words: str) -> None:
        with self.lock:
            self.faults.append((kind, words))

    def count_faults(self, kind: str) -> int:
        return sum(each == kind for each, _ in self.faults)


@dataclass(slots=True)
class Host:
    """What all publications of a host share: one request at a time, a gap, silence after a 429."""

    name: str
    clock: SimulatedClock
    ledger: Ledger
    under_way: int = 0
    ended_at: datetime | None = None
    silent_until: datetime | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        now = self.clock.now()
        with self.ledger.lock:
            self.under_way += 1
            if self.under_way > 1:
                self.ledger.fault("at once", f"{self.name}: {self.under_way} requests under way")
        if self.ended_at is not None and now - self.ended_at < GAP:
            self.ledger.fault("gap", f"{self.name}: {now - self.ended_at} after the last")
        if self.silent_until is not None and now < self.silent_until:
            self.ledger.fault("too early", f"{self.name}: {now}, silent until {self.silent_until}")
        try:
            yield
        finally:
            with self.ledger.lock:
                self.under_way -= 1
                self.ended_at = self.clock.now()


@dataclass(slots=True)
class Publication:
    """The server side of one source."""

    name: str
    behaviour: Behaviour
    host: Host
    clock: SimulatedClock
    ledger: Ledger
    began: datetime
    served: set[str] = field(default_factory=set)  # entries of documents that were whole
    given: dict[str, str] = field(default_factory=dict)  # validators that are to come back
    not_before: datetime | None = None
    shown_at: datetime | None = None  # when a whole document was last given
    failure_count: int = 0
    answer_count: int = 0
    front_at: datetime | None = None
    is_gone: bool = False

    @property
    def path(self) -> str:
        return f"/{self.name}"

    @property
    def front(self) -> str:
        """The address that the newsroom was given."""
        return f"/front/{self.name}" if self.behaviour.redirect else self.path

    def answer(self, request: Recorded, connection: socket.socket) -> bytes | None:
        with self.host.turn():
            self._check_plainness(request)
            if request.path != self.path:
                return self._lead_on()
            return self._answer(request, connection)

    def _lead_on(self) -> bytes:
        assert self.behaviour.redirect is not None
        now = self.clock.now()
        if self.not_before is not None and now < self.not_before:
            self.ledger.fault("too early", f"{self.name}: front asked at {now}, not before {self.not_before}")
        self.front_at = now
        self.ledger.counts["redirects"] += 1
        return moved(self.behaviour.redirect, self.path)

    def _answer(self, request: Recorded, connection: socket.socket) -> bytes | None:
        how, now = self.behaviour, self.clock.now()
        self._check_time(now)
        self._check_conditions(request, now)
        if how.slow:
            self.clock.advance(how.slow)
            time.sleep(0.01)
        self.answer_count += 1
        spell = how.spell
        if spell is not None and spell.first * DAY <= now - self.began < spell.last * DAY:
            return self._fail(spell, now, connection)
        return self._serve(request, now)

    # --- what is checked --------------------------------------------------------------------------------------------

    def _check_plainness(self, request: Recorded) -> None:
        """P17-P19: who asks, gzip, and nothing beside."""
        allowed = _SENT | _CONDITIONS.keys() | {"a-im"}
        odd = [name for name in request.names if name not in allowed]
        if odd or request.method != "GET" or request.header("Accept-Encoding") != "gzip":
            self.ledger.fault("odd", f"{self.name}: {request.method} with {odd}")
        if not (request.header("User-Agent") or "").startswith("Monitor/"):
            self.ledger.fault("odd", f"{self.name}: asked by {request.header('User-Agent')}")

    def _check_time(self, now: datetime) -> None:
        """P6-P11, P13, P14."""
        if self.is_gone:
            self.ledger.fault("too early", f"{self.name}: asked after it was gone")
        if self.front_at is None and self.not_before is not None and now < self.not_before:
            self.ledger.fault("too early", f"{self.name}: {now}, not before {self.not_before}")
        self.front_at = None
        if self.shown_at is not None and (
            now.hour in self.behaviour.skip_hours or now.weekday() in self.behaviour.skip_days
        ):
            self.ledger.fault("too early", f"{self.name}: {now}, which the feed asks to skip")

    def _check_conditions(self, request: Recorded, now: datetime) -> None:
        """P1-P5, P24: what was given comes back byte for byte, and nothing else."""
        sent = {key: value for name, key in _CONDITIONS.items() if (value := request.header(name)) is not None}
        counts = self.ledger.counts
        if sent:
            counts["conditional"] += 1
            if sent != self.given:
                self.ledger.fault("wrong", f"{self.name}: {sent} came back for {self.given}")
        elif self.answer_count == 0:
            counts["first"] += 1
        elif not self.given:
            counts["nothing given"] += 1
        elif self.shown_at is not None and now - self.shown_at >= FORTNIGHT:
            counts["fortnight"] += 1
            self.shown_at = now  # asked for: not again before another fortnight, whatever comes of it
        else:
            self.ledger.fault("unconditional", f"{self.name}: again without conditions on {now}")

    # --- what is answered -------------------------------------------------------------------------------------------

    def _fail(self, spell: Spell, now: datetime, connection: socket.socket) -> bytes | None:
        self.ledger.counts["failures"] += 1
        self.failure_count += 1
        if spell.status == 410:
            self.is_gone = True
        if spell.retry_after is not None:
            said = now.replace(microsecond=0) if spell.is_date else now  # a date has no more than seconds
            self._wait(said, min(spell.retry_after, LONGEST_SILENCE))
            if spell.status == 429:
                self.host.silent_until = now + min(spell.retry_after, LONGEST_SILENCE)
        else:
            weight = self.failure_count * (0.5 if spell.status == 404 else 1.0)
            self._wait(now, BACK_OFF * min(2**weight * HOUR, DAY))
        return self._misbehave(spell, now, connection)

    def _misbehave(self, spell: Spell, now: datetime, connection: socket.socket) -> bytes | None:
        bait = (("ETag", '"of a bad answer"'), ("Last-Modified", "never"))
        if spell.how == "reset":
            connection.shutdown(socket.SHUT_RDWR)
            return None
        if spell.how == "short":
            return http(200, b"<rss version='2.0'><channel><item>", *bait, length=90_000)
        if spell.how == "page":
            return http(200, b"<!doctype html><title>Sign in</title>", *bait)
        headers = list(bait)
        if spell.retry_after is not None:
            until = format_datetime(now + spell.retry_after, usegmt=True)
            seconds = str(int(spell.retry_after.total_seconds()))
            headers.append(("Retry-After", until if spell.is_date else seconds))
        return http(spell.status, b"", *headers)

    def _serve(self, request: Recorded, now: datetime) -> bytes:
        how = self.behaviour
        issue = 0 if how.every is None else (now - self.began) // how.every
        validators = self._validators(issue)
        held = {key: value for name, key in _CONDITIONS.items() if (value := request.header(name)) is not None}
        self.failure_count = 0
        if held and (how.is_liar or held == validators):
            self._wait_politely(now)
            self.ledger.counts["not modified"] += 1
            return http(304, b"", *self._freshness(now))  # which a 304 repeats (RFC 9110 15.4.5)
        is_delta = how.gives_deltas and request.header("A-IM") == "feed" and bool(held)
        first = max(0, issue - ISSUES_SHOWN + 1)
        if is_delta:
            first = self._issue_of(held) + 1
            self.ledger.counts["deltas"] += 1
        titles = [f"{self.name} {n}" for n in range(first, issue + 1)]
        self.served.update(titles)
        self.given = validators
        self.shown_at = now
        self._wait_politely(now)
        return self._document(titles, now, is_delta=is_delta)

    def _document(self, titles: list[str], now: datetime, *, is_delta: bool) -> bytes:
        how = self.behaviour
        items = "".join(f"<item><title>{title}</title><guid>{title}</guid></item>" for title in titles)
        body = f"<rss version='2.0'><channel><title>{self.name}</title>{how.hint}{items}</channel></rss>".encode()
        headers = self._freshness(now)
        if "etag" in self.given:
            headers.append(("ETag", self.given["etag"]))
        if "modified" in self.given:
            headers.append(("Last-Modified", self.given["modified"]))
        if is_delta:
            headers.append(("IM", "feed"))
        if how.is_gzipped:
            body = gzip.compress(body)
            headers.append(("Content-Encoding", "gzip"))
        return http(226 if is_delta else 200, body, *headers)

    def _freshness(self, now: datetime) -> list[tuple[str, str]]:
        headers = list(self.behaviour.headers)
        if self.behaviour.expires is not None:
            headers.append(("Date", format_datetime(now, usegmt=True)))
            headers.append(("Expires", format_datetime(now + self.behaviour.expires, usegmt=True)))
        return headers

    def _validators(self, issue: int) -> dict[str, str]:
        """Odd on purpose: quotes, weakness, spaces and dates are the server's own business (P2)."""
        how = self.behaviour
        number = f"{issue}.{self.answer_count}" if how.is_fickle else str(issue)
        both = {"etag": f'W/"{self.name}  {number}-gzip"', "modified": f"issue {issue} of {self.name}, about eight"}
        return {key: value for key, value in both.items() if key in how.gives}

    def _issue_of(self, held: dict[str, str]) -> int:
        return int(held["modified"].split()[1])

    def _wait_politely(self, now: datetime) -> None:
        how = self.behaviour
        floor = max(how.cadence or HOUR, DAY / 96)
        without = timedelta() if how.gives else 3 * HOUR
        self._wait(now, max(floor, without, min(how.fresh_for, DAY), how.hinted))

    def _wait(self, now: datetime, span: timedelta) -> None:
        self.not_before = now + max(span, self.behaviour.cadence or HOUR)
