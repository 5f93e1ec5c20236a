"""One HTTP exchange under one deadline: connect, TLS, headers and body together (H6).

HTTP is read by h11, the parser within httpx, without what httpx puts around it: no pool, no retries, no redirects, no
cookies. A connection serves one exchange and is closed. Polls of a host lie hours apart, so nothing is lost, and a
server that sends more than it announced cannot answer the next question with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass

import h11

from monitor.model import Failure
from monitor.net.bodies import read_body
from monitor.net.guard import Network, Refusal
from monitor.net.headers import Headers
from monitor.net.target import USUAL_PORTS, Target, plain
from monitor.net.wire import HEAD_LIMIT, GuardedBackend, Tally, Wire

_READ_BYTES = 65_536
_HEAD_AT_ONCE = 102_400  # bytes that one header section or chunk head may take, as in httpx
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
    wire: Wire | None = None
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
    wire: Wire,
    target: Target,
    headers: Sequence[tuple[str, str]],
    max_bytes: int,
    tally: Tally,
    posted: bytes | None,
) -> Answer:
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_AT_ONCE)
    wire.write(_request(http, target, headers, posted))
    response = await _response(wire, http)
    tally.end_head()
    said = Headers.read(response.headers.raw_items())
    is_whole = response.status_code in _WHOLE or (posted is not None and 200 <= response.status_code < 300)
    body = await _body(wire, http, response.status_code, said, max_bytes, tally) if is_whole else None
    return Answer(target=target, status=response.status_code, headers=said, body=body)


def _request(http: h11.Connection, target: Target, headers: Sequence[tuple[str, str]], posted: bytes | None) -> bytes:
    """The request as it goes out: the target as stored, Host first."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    if target.port != USUAL_PORTS[target.scheme]:
        host += f":{target.port}"
    lines = [("Host", host), *headers]
    if posted is not None:
        lines.append(("Content-Length", str(len(posted))))
    request = h11.Request(
        method=b"GET" if posted is None else b"POST",
        target=target.path,
        headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in lines],
    )
    events = [request, *([h11.Data(data=posted)] if posted else []), h11.EndOfMessage()]
    return b"".join(http.send(event) or b"" for event in events)


async def _response(wire: Wire, http: h11.Connection) -> h11.Response | h11.InformationalResponse:
    """The head of the answer; interim ones are passed over (RFC 9110 15.2)."""
    while True:
        event = await _next_event(wire, http)
        if isinstance(event, h11.Response) or (
            isinstance(event, h11.InformationalResponse) and event.status_code == 101
        ):
            return event


async def _next_event(wire: Wire, http: h11.Connection) -> object:
    while (event := http.next_event()) is h11.NEED_DATA:
        data = await wire.read(_READ_BYTES)
        if not data and http.their_state is h11.SEND_RESPONSE:
            raise Refusal(Failure.PROTOCOL, "not proper HTTP: the server hung up without an answer")
        http.receive_data(data)
    return event


async def _chunks(wire: Wire, http: h11.Connection) -> AsyncGenerator[bytes, None]:
    """The body, as encoded for its content."""
    while isinstance(event := await _next_event(wire, http), h11.Data):
        yield bytes(event.data)


async def _body(wire: Wire, http: h11.Connection, status: int, said: Headers, max_bytes: int, tally: Tally) -> bytes:
    length = said.length()
    try:
        async with contextlib.aclosing(_chunks(wire, http)) as chunks:
            body = await read_body(chunks, coding=said.joined("content-encoding"), length=length, max_bytes=max_bytes)
    except Refusal as refusal:
        refusal.status = status
        raise
    if length is not None and said.first("transfer-encoding") is None and tally.body_bytes() > length:
        raise Refusal(Failure.PROTOCOL, f"sent more than its Content-Length of {length}", status=status)
    return body
