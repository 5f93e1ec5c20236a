"""The one way out (H4): `Fetcher` asks the web politely and turns whatever happens into a `FetchOutcome`.

It owns one event loop in one thread; the rest of Monitor is plain synchronous code that waits for futures. Redirects
are followed here, hop by hop, each through the guard and through its host's slot; no cookies, no Referer, no retries:
a retry is a later poll.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import ssl
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from monitor import __version__
from monitor.later import later
from monitor.model import (
    NO_VALIDATORS,
    Clock,
    Failed,
    Failure,
    Fetched,
    FetchOutcome,
    FetchRequest,
    Gone,
    Hop,
    MailboxRequest,
    NotModified,
    SourceId,
    Throttled,
)
from monitor.net.exchange import Answer, exchange
from monitor.net.guard import Network, Refusal
from monitor.net.headers import read_freshness, read_links, read_retry_after, read_validators
from monitor.net.robots import Robots
from monitor.net.slots import HostSlots
from monitor.net.target import Target, join_target, plain, read_target

if TYPE_CHECKING:
    import httpx

    from monitor.net import mailbox as mailboxes
else:
    httpx, mailboxes = later("httpx"), later("monitor.net.mailbox")

MAX_HOPS = 5  # P16
_AT_ONCE = 32  # exchanges under way, over all hosts: bounds memory at 32 bodies
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_UNSAID_SILENCE = timedelta(minutes=15)  # of a host that says 429 without Retry-After; the cadence then backs off
_LONGEST_SILENCE = timedelta(days=7)  # P8


def no_password(source: SourceId) -> str:
    """For whoever polls no mailboxes."""
    raise Refusal(Failure.LOGIN, f"no passwords of mailboxes were handed to this process: {source} cannot be read")


def user_agent(contact: str, base_url: str) -> str:
    """`Monitor/<version> (+<url>; <contact>)`: who asks, and whom to complain to (P17)."""
    whom = "; ".join(filter(None, (f"+{base_url}", contact.strip())))
    return plain(f"Monitor/{__version__} ({whom})").encode("ascii", "replace").decode("ascii")


@functools.cache
def _tls_context() -> ssl.SSLContext:
    """One for the process, once it is needed: reading the world's certificates takes a tenth of a second."""
    return httpx.create_ssl_context(trust_env=False)


@functools.cache
def _https_context() -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=False)
    context.set_alpn_protocols(["http/1.1"])
    return context


@dataclass(slots=True)
class _Journey:
    """One request on its way through redirects."""

    request: FetchRequest
    seconds_left: float  # of real time, for all its exchanges together (H6)
    home: tuple[str, str, int]  # the origin that the credentials belong to
    authorization: str | None
    hops: list[Hop] = field(default_factory=list)
    retry_after: timedelta | None = None  # the longest that any answer on the way asked for

    @property
    def posted(self) -> bytes | None:
        """The form or document, as it is sent; None where nothing is posted."""
        if self.request.json is not None:
            return self.request.json
        return None if self.request.form is None else urlencode(self.request.form).encode("ascii")


class Fetcher:
    """Fetches at most 32 things at once, one at a time per host. Safe to use from any thread; close it at the end."""

    def __init__(
        self,
        *,
        user_agent: str,
        clock: Clock,
        allow: Sequence[Network] = (),
        host_gap: timedelta = timedelta(seconds=2),
        deadline_seconds: float = 60.0,
        find_password: Callable[[SourceId], str] = no_password,
    ) -> None:
        """`allow` names ranges that may be asked although private; `host_gap` passes on the clock's time,
        `deadline_seconds` is real time for one request with all its redirects, waiting for slots apart.
        `find_password` knows the passwords of mailboxes, and raises Refusal, with what to do, where there is none."""
        self._user_agent = user_agent
        self._clock = clock
        self._allow = tuple(allow)
        self._deadline_seconds = deadline_seconds
        self._find_password = find_password
        self._slots = HostSlots(clock, host_gap)
        self._robots = Robots(clock, user_agent.split("/", 1)[0], self._fetch)
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._lock = threading.Lock()
        self._is_closed = False
        self._submitted: list[tuple[Coroutine[Any, Any, FetchOutcome], Future[FetchOutcome]]] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fetcher", daemon=True)
        self._thread.start()

    def submit(self, request: FetchRequest) -> Future[FetchOutcome]:
        """Start a request; the future never raises for what the world does, and is cancelled by `close`."""
        return self._start(self._fetch(request))

    def visit(self, request: MailboxRequest) -> Future[FetchOutcome]:
        """Look into a mailbox: Fetched with what has come, NotModified where nothing has; else as `submit`."""
        return self._start(self._visit(request))

    def _start(self, work: Coroutine[Any, Any, FetchOutcome]) -> Future[FetchOutcome]:
        answer: Future[FetchOutcome] = Future()
        with self._lock:
            if not self._is_closed:
                self._submitted.append((work, answer))
                if len(self._submitted) == 1:  # the loop is woken once for all that are handed over meanwhile
                    self._loop.call_soon_threadsafe(self._begin)
                return answer
        work.close()
        _cancel(answer)
        return answer

    def _begin(self) -> None:
        """As `run_coroutine_threadsafe`, whose future holds itself and, until the next sweep, a whole document."""
        with self._lock:
            submitted, self._submitted = self._submitted, []
        for work, answer in submitted:
            self._loop.create_task(work).add_done_callback(functools.partial(_hand_over, answer=answer))

    def close(self) -> None:
        """Cancel what is under way and end the thread. Closing twice does nothing."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
        asyncio.run_coroutine_threadsafe(_cancel_all(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _fetch(self, request: FetchRequest) -> FetchOutcome:
        try:
            target = read_target(request.url)
            journey = _Journey(request, self._deadline_seconds, target.origin, target.authorization)
        except Refusal as refusal:
            return self._failed(request, refusal, None)
        try:
            return await self._travel(journey, target)
        except Refusal as refusal:
            return self._failed(request, refusal, journey.retry_after)

    async def _visit(self, request: MailboxRequest) -> FetchOutcome:
        """A mailbox in its host's slot (P12)."""
        try:
            mailbox = mailboxes.read_mailbox(request.url)
            password = self._find_password(request.source)
            async with self._slots.turn(mailbox.target.host), self._at_once:
                found = await mailboxes.visit_mailbox(
                    mailbox,
                    password,
                    cursor=request.cursor,
                    allow=self._allow,
                    tls=_tls_context(),
                    seconds=self._deadline_seconds,
                )
        except Refusal as refusal:
            return self._failed(request, refusal, None)
        now, url = self._clock.now(), request.url
        if not found.messages:
            return NotModified(url=url, final_url=url, validators=NO_VALIDATORS, fetched_at=now)
        return Fetched(
            url=url,
            final_url=url,
            body=b"",
            content_type="message/rfc822",
            validators=NO_VALIDATORS,
            messages=tuple(found.messages),
            cursor=found.cursor,
            notes=tuple(found.notes),
            fetched_at=now,
        )

    async def _travel(self, journey: _Journey, target: Target) -> FetchOutcome:
        """Ask, follow, and end with an outcome; raises Refusal."""
        seen = {target.url}
        while True:
            if journey.request.obeys_robots and (
                objection := await self._robots.objection(target, journey.request.url)
            ):
                return objection
            answer = await self._ask_in_turn(journey, target)
            if isinstance(answer, Throttled):
                return answer
            self._note_retry_after(journey, answer)
            if answer.status not in _REDIRECTS:
                return self._conclude(journey, answer)
            if journey.request.json is not None:
                raise Refusal(
                    Failure.REDIRECT, f"answered {answer.status}: redirects are not followed", status=answer.status
                )
            came_from, target = target, _next_target(answer)
            if journey.posted is not None:
                _check_form_may_follow(answer.status, came_from, target)
            if target.url in seen:
                raise Refusal(
                    Failure.REDIRECT, f"redirects in a loop, back to {plain(target.url)}", status=answer.status
                )
            if len(journey.hops) == MAX_HOPS:
                raise Refusal(Failure.REDIRECT, f"over {MAX_HOPS} redirects", status=answer.status)
            seen.add(target.url)
            journey.hops.append(Hop(status=answer.status, url=target.url))

    async def _ask_in_turn(self, journey: _Journey, target: Target) -> Answer | Throttled:
        """One exchange in its host's slot; a host that has asked for silence is not asked."""
        async with self._slots.turn(target.host):
            if left := self._slots.silence_left(target.host):
                return self._throttled(journey, target, 429, left, was_asked=False)
            async with self._at_once:
                began = time.monotonic()
                try:
                    answer = await exchange(
                        target,
                        self._headers(journey, target),
                        allow=self._allow,
                        tls=_https_context,
                        max_bytes=journey.request.max_bytes,
                        seconds=max(0.0, journey.seconds_left),
                        posted=journey.posted,
                    )
                finally:
                    journey.seconds_left -= time.monotonic() - began
            if answer.status == 429:
                asked = read_retry_after(answer.headers, self._clock.now()) or _UNSAID_SILENCE
                self._slots.silence(target.host, min(asked, _LONGEST_SILENCE))
            return answer

    def _headers(self, journey: _Journey, target: Target) -> list[tuple[str, str]]:
        """Everything that is sent beside Host: validators and credentials only where they came from (P2, P18)."""
        request = journey.request
        headers = [
            ("User-Agent", self._user_agent),
            ("Accept", request.accept),
            ("Accept-Encoding", "gzip"),
            ("Connection", "close"),
        ]
        if request.json is not None:
            headers += [("Content-Type", "application/json"), *request.headers]
        elif request.form is not None:
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        if journey.authorization is not None and target.origin == journey.home:
            headers.append(("Authorization", journey.authorization))
        if _vouches(request, target):
            if request.validators.etag is not None:
                headers.append(("If-None-Match", request.validators.etag))
            if request.validators.last_modified is not None:
                headers.append(("If-Modified-Since", request.validators.last_modified))
            if request.takes_delta:
                headers.append(("A-IM", "feed"))
        return headers

    def _note_retry_after(self, journey: _Journey, answer: Answer) -> None:
        asked = read_retry_after(answer.headers, self._clock.now())
        if asked is not None and (journey.retry_after is None or asked > journey.retry_after):
            journey.retry_after = asked

    def _conclude(self, journey: _Journey, answer: Answer) -> FetchOutcome:
        now = self._clock.now()
        request, status = journey.request, answer.status
        fresh_for = read_freshness(answer.headers, now)
        validators = read_validators(answer.headers)
        final_url = answer.target.url if journey.hops else request.url
        if status == 226 and not _is_delta_asked_for(request, answer):
            return self._failed(request, _refusal_of(status), journey.retry_after)
        if answer.body is not None:
            return Fetched(
                url=request.url,
                final_url=final_url,
                hops=tuple(journey.hops),
                body=answer.body,
                content_type=answer.headers.first("content-type"),
                validators=validators,
                fresh_for=fresh_for,
                retry_after=journey.retry_after,
                status=status,
                is_delta=status == 226,
                links=read_links(answer.headers, answer.target.url),
                fetched_at=now,
            )
        if status == 304 and _vouches(request, answer.target):
            return NotModified(
                url=request.url,
                final_url=final_url,
                hops=tuple(journey.hops),
                validators=validators,
                fresh_for=fresh_for,
                retry_after=journey.retry_after,
                fetched_at=now,
            )
        if status == 429 or (status == 503 and journey.retry_after is not None):
            return self._throttled(journey, answer.target, status, journey.retry_after)
        if status == 410 and all(hop.status in (301, 308) for hop in journey.hops):
            return Gone(url=request.url, fetched_at=now)
        return self._failed(request, _refusal_of(status), journey.retry_after)

    def _throttled(
        self, journey: _Journey, target: Target, status: int, span: timedelta | None, *, was_asked: bool = True
    ) -> Throttled:
        return Throttled(
            url=journey.request.url,
            host=target.host,
            status=status,
            retry_after=span,
            silences_host=status == 429,
            fetched_at=self._clock.now(),
            was_asked=was_asked,
        )

    def _failed(
        self, request: FetchRequest | MailboxRequest, refusal: Refusal, retry_after: timedelta | None
    ) -> Failed:
        return Failed(
            url=request.url,
            kind=refusal.kind,
            detail=plain(refusal.detail),
            status=refusal.status,
            retry_after=retry_after,
            fetched_at=self._clock.now(),
        )


def _vouches(request: FetchRequest, target: Target) -> bool:
    """Whether the request's validators came from `target`."""
    if request.validators == NO_VALIDATORS:
        return False
    return target.url == read_target(request.validators_url or request.url).url


def _is_delta_asked_for(request: FetchRequest, answer: Answer) -> bool:
    """Whether a 226 is what `A-IM: feed` asked for: new entries and nothing else (RFC 3229 10.5.2, P20)."""
    used = (name.partition(";")[0].strip().lower() for name in answer.headers.joined("im").split(","))
    return request.takes_delta and _vouches(request, answer.target) and list(used) == ["feed"]


def _check_form_may_follow(status: int, came_from: Target, target: Target) -> None:
    """Raise Refusal unless a form may go on: 307 and 308 alone keep it (RFC 9110 15.4), and never into the clear."""
    if status not in (307, 308):
        raise Refusal(Failure.REDIRECT, f"answered a form with {status}, which would lose it", status=status)
    if (came_from.scheme, target.scheme) == ("https", "http"):
        raise Refusal(Failure.REDIRECT, "redirects a form from https to http", status=status)


def _next_target(answer: Answer) -> Target:
    places = {value for name, value in answer.headers.items if name == "location"}
    if not places or not (place := places.pop()).strip():
        raise Refusal(Failure.REDIRECT, f"answered {answer.status} without a Location", status=answer.status)
    if places:
        raise Refusal(Failure.REDIRECT, f"answered {answer.status} with several Locations", status=answer.status)
    with contextlib.suppress(UnicodeDecodeError):  # not UTF-8: then one character a byte, as it came
        place = place.encode("latin-1").decode("utf-8")
    return join_target(answer.target, place)


def _refusal_of(status: int) -> Refusal:
    if status == 404:
        return Refusal(Failure.NOT_FOUND, "answered 404: not found", status=status)
    if status >= 500:
        return Refusal(Failure.SERVER_ERROR, f"answered {status}", status=status)
    if status >= 400:
        return Refusal(Failure.CLIENT_ERROR, f"answered {status}", status=status)
    return Refusal(Failure.PROTOCOL, f"answered {status}, which was not asked for", status=status)


def _hand_over(task: asyncio.Task[FetchOutcome], answer: Future[FetchOutcome]) -> None:
    with contextlib.suppress(InvalidStateError):  # whoever asked no longer waits
        if task.cancelled():
            _cancel(answer)
        elif (error := task.exception()) is not None:
            answer.set_exception(error)
        else:
            answer.set_result(task.result())


def _cancel(answer: Future[FetchOutcome]) -> None:
    answer.cancel()
    answer.set_running_or_notify_cancel()  # so that whoever waits for it wakes


async def _cancel_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for _ in range(3):  # closed sockets leave the loop in its next rounds
        await asyncio.sleep(0)
