"""One HTTP exchange under one deadline: connect, TLS, headers and body together (H6).

HTTP is spoken by httpcore, the engine of httpx, without its pool: a connection serves one exchange and is closed. Polls
of a host lie hours apart, so nothing is lost, and a server that sends more than it announced cannot answer the next
question with it.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpcore

from monitor.model import Failure
from monitor.net.bodies import read_body
from monitor.net.guard import Network, Refusal
from monitor.net.headers import Headers
from monitor.net.target import USUAL_PORTS, Target, plain
from monitor.net.wire import HEAD_LIMIT, GuardedBackend, Tally, Wire

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
    except httpcore.ProtocolError as error:
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
    connection = httpcore.AsyncHTTP11Connection(_origin(target), wire)
    response = await connection.handle_async_request(_request(target, headers, posted))
    tally.end_head()
    try:
        said = Headers.read(response.headers)
        is_whole = response.status in _WHOLE or (posted is not None and 200 <= response.status < 300)
        body = await _body(response, said, max_bytes, tally) if is_whole else None
    finally:
        await response.aclose()
    return Answer(target=target, status=response.status, headers=said, body=body)


def _origin(target: Target) -> httpcore.Origin:
    return httpcore.Origin(target.scheme.encode(), target.host.encode(), target.port)


def _request(target: Target, headers: Sequence[tuple[str, str]], posted: bytes | None) -> httpcore.Request:
    """The request as it goes out: the target as stored, Host first."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    if target.port != USUAL_PORTS[target.scheme]:
        host += f":{target.port}"
    lines = [(b"Host", host.encode("ascii"))]
    lines += [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers]
    if posted is not None:
        lines.append((b"Content-Length", b"%d" % len(posted)))
    return httpcore.Request(
        b"GET" if posted is None else b"POST",
        httpcore.URL(scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path),
        headers=lines,
        content=posted,
    )


async def _body(response: httpcore.Response, said: Headers, max_bytes: int, tally: Tally) -> bytes:
    length = said.length()
    try:
        body = await read_body(
            response.aiter_stream(), coding=said.joined("content-encoding"), length=length, max_bytes=max_bytes
        )
    except Refusal as refusal:
        refusal.status = response.status
        raise
    if length is not None and said.first("transfer-encoding") is None and tally.body_bytes() > length:
        raise Refusal(Failure.PROTOCOL, f"sent more than its Content-Length of {length}", status=response.status)
    return body
