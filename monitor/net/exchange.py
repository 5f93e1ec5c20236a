"""One HTTP exchange under one deadline: connect, TLS, headers and body together (H6).

Answers are httpx's; they come over a connection of our own, which reads HTTP with h11, the parser within httpx: no
pool, no retries, no redirects, no cookies, and every byte through the guard and the tally. Most answers are a 304 that
is plainly one, and are read at a glance; whatever is not, h11 judges. A connection serves one exchange and is closed.
Polls of a host lie hours apart, so nothing is lost, and a server that sends more than it announced cannot answer the
next question with it.
"""

from __future__ import annotations

import asyncio
import functools
import re
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import h11
import httpx

from monitor.model import Failure
from monitor.net.bodies import read_body
from monitor.net.guard import Network, Refusal
from monitor.net.headers import Headers
from monitor.net.target import Target, plain
from monitor.net.wire import HEAD_LIMIT, GuardedBackend, PlainWire, Tally, Wire

_READ_BYTES = 65_536
_HEAD_AT_ONCE = 102_400  # bytes that one header section or chunk head may take, as in httpx
_VALUE = re.compile(rb"(?:[^\x00\s]+(?:[ \t]+[^\x00\s]+)*)?")  # of a header that is sent, as h11 allows it
_PLAIN_304 = re.compile(  # a whole head in the strict form of RFC 9112, every line of it ended by CR LF
    rb"HTTP/1\.1 304(?: [\x20-\x7e]*)?\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*)\r\n"
)
_WHOLE = frozenset({200, 203, 226})  # answers whose body is the document, or what is new in it (RFC 3229)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said to one request."""

    target: Target
    status: int
    headers: Headers
    body: bytes | None  # decoded; None where the status is not one of a whole document


async def exchange(
    target: Target,
    headers: Sequence[tuple[str, str]],
    *,
    allow: Sequence[Network],
    tls: Callable[[], ssl.SSLContext],
    max_bytes: int,
    seconds: float,
    posted: bytes | None = None,
) -> Answer:
    """Ask `target`, within `seconds` of real time; raises Refusal for whatever goes wrong, always by name.

    With `posted` it is a POST of these bytes, and every 2xx brings its body.
    """
    tally = Tally(HEAD_LIMIT + 2 * max_bytes)
    backend = GuardedBackend(target, allow=allow, tally=tally)
    wire: Wire | PlainWire | None = None
    try:
        async with asyncio.timeout(seconds):
            wire = await backend.connect(tls() if target.scheme == "https" else None)
            return await _ask(wire, target, headers, max_bytes, tally, posted)
    except TimeoutError:
        raise Refusal(Failure.TIMEOUT, f"not finished after {seconds:.0f} s") from None
    except h11.ProtocolError as error:
        raise Refusal(Failure.PROTOCOL, f"not proper HTTP: {plain(str(error))}") from None
    except ssl.SSLError as error:
        raise Refusal(Failure.TLS, f"the secure connection broke: {plain(str(error))}") from None
    except OSError as error:
        why = plain(str(error)) or type(error).__name__
        raise Refusal(Failure.CONNECT, f"the connection to {target.host} broke: {why}") from None
    finally:
        if wire is not None:
            wire.close()


async def _ask(
    wire: Wire | PlainWire,
    target: Target,
    headers: Sequence[tuple[str, str]],
    max_bytes: int,
    tally: Tally,
    posted: bytes | None,
) -> Answer:
    wire.write(_spell(target, headers, posted))
    data = await wire.read(_READ_BYTES)
    if (plain_304 := read_plain_304(data)) is not None:  # what most polls come to: no object is made of it
        tally.end_head()
        return Answer(target=target, status=304, headers=Headers.read(plain_304), body=None)
    response = await OneAnswer(wire).read(data)
    tally.end_head()
    said = Headers.read(response.headers.raw)
    is_whole = response.status_code in _WHOLE or (posted is not None and response.is_success)
    body = await _body(response, said, max_bytes, tally) if is_whole else None
    return Answer(target=target, status=response.status_code, headers=said, body=body)


class OneAnswer:
    """Reads the answer to one request from the connection that carried it, as it comes."""

    def __init__(self, wire: Wire | PlainWire) -> None:
        self._wire = wire
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_AT_ONCE)

    async def read(self, data: bytes) -> httpx.Response:
        """The answer that begins with `data`, its body still to come; raises h11.ProtocolError, Refusal."""
        for event in _asked():  # so that it knows what it reads an answer to
            self._http.send(event)
        self._take(data)
        head = await self._head()
        return httpx.Response(head.status_code, headers=head.headers.raw_items(), stream=_Body(self._chunks))

    async def _head(self) -> h11.Response | h11.InformationalResponse:
        """The head of the answer; interim ones are passed over (RFC 9110 15.2)."""
        while True:
            event = await self._next_event()
            if isinstance(event, h11.Response) or (
                isinstance(event, h11.InformationalResponse) and event.status_code == 101
            ):
                return event

    async def _next_event(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            self._take(await self._wire.read(_READ_BYTES))
        return event

    def _take(self, data: bytes) -> None:
        if not data and self._http.their_state is h11.SEND_RESPONSE:
            raise Refusal(Failure.PROTOCOL, "not proper HTTP: the server hung up without an answer")
        self._http.receive_data(data)

    async def _chunks(self) -> AsyncIterator[bytes]:
        while isinstance(event := await self._next_event(), h11.Data):
            yield bytes(event.data)


def _spell(target: Target, headers: Sequence[tuple[str, str]], posted: bytes | None) -> bytes:
    """The bytes of a request: Host first, and the target as stored, which httpx would spell anew.

    Raises h11.LocalProtocolError for a value that would break its line.
    """
    lines = [b"%s %s HTTP/1.1" % (b"GET" if posted is None else b"POST", target.path)]
    own = () if posted is None else (("Content-Length", str(len(posted))),)
    for name, value in (("Host", target.authority), *headers, *own):
        spelled = value.encode("latin-1")
        if _VALUE.fullmatch(spelled) is None:
            raise h11.LocalProtocolError(f"{name!r} cannot be sent as {spelled[:80]!r}")
        lines.append(b"%s: %s" % (name.encode("ascii"), spelled))
    return b"\r\n".join((*lines, b"", posted or b""))


@functools.cache
def _asked() -> tuple[h11.Request, h11.EndOfMessage]:
    """A question whose answer is read as that to each of ours is."""
    return h11.Request(method="GET", target="/", headers=[("Host", "a"), ("Connection", "close")]), h11.EndOfMessage()


def read_plain_304(head: bytes) -> list[tuple[bytes, bytes]] | None:
    """The headers of a 304 whose head is whole and beyond doubt; None for anything else, which h11 has to judge."""
    if (found := _PLAIN_304.match(head)) is None:
        return None
    headers = []
    for line in found[1].split(b"\r\n")[:-1]:
        name, _, value = line.partition(b":")
        headers.append((name, value.strip(b" \t")))
    lengths = [value for name, value in headers if name.lower() == b"content-length"]
    is_doubtful = lengths and (len(lengths) > 1 or re.fullmatch(rb"[0-9]{1,18}", lengths[0]) is None)
    is_chunked = any(name.lower() == b"transfer-encoding" for name, _ in headers)
    return None if is_doubtful or is_chunked else headers


@dataclass(frozen=True, slots=True)
class _Body(httpx.AsyncByteStream):
    """The body, as encoded for its content."""

    chunks: Callable[[], AsyncIterator[bytes]]

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.chunks()


async def _body(response: httpx.Response, said: Headers, max_bytes: int, tally: Tally) -> bytes:
    length, status = said.length(), response.status_code
    try:
        body = await read_body(
            response.aiter_raw(), coding=said.joined("content-encoding"), length=length, max_bytes=max_bytes
        )
    except Refusal as refusal:
        refusal.status = status
        raise
    if length is not None and said.first("transfer-encoding") is None and tally.body_bytes() > length:
        raise Refusal(Failure.PROTOCOL, f"sent more than its Content-Length of {length}", status=status)
    return body
