"""One HTTP exchange under one deadline: connect, TLS, headers and body together (H6).

A connection serves one exchange and is closed. Polls of a host lie hours apart, so nothing is lost, and a server that
sends more than it announced cannot answer the next question with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from monitor.model import Failure
from monitor.net.bodies import read_body
from monitor.net.guard import Network, Refusal
from monitor.net.headers import Headers
from monitor.net.target import Target, plain
from monitor.net.wire import HEAD_LIMIT, GuardedBackend, Tally

_CLOSE_SECONDS = 1.0
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
    tls: ssl.SSLContext,
    max_bytes: int,
    seconds: float,
    posted: bytes | None = None,
) -> Answer:
    """Ask `target`, within `seconds` of real time; raises Refusal for whatever goes wrong, always by name.

    With `posted` it is a POST of these bytes, and every 2xx brings its body.
    """
    tally = Tally(HEAD_LIMIT + 2 * max_bytes)
    backend = GuardedBackend(target, allow=allow, tally=tally)
    transport = _transport(backend, tls)
    try:
        async with asyncio.timeout(seconds):
            return await _ask(transport, target, headers, max_bytes, tally, posted)
    except TimeoutError:
        raise Refusal(Failure.TIMEOUT, f"not finished after {seconds:.0f} s") from None
    except (httpx.ProtocolError, httpx.DecodingError) as error:
        raise Refusal(Failure.PROTOCOL, f"not proper HTTP: {plain(str(error))}") from None
    except ssl.SSLError as error:
        raise Refusal(Failure.TLS, f"the secure connection broke: {plain(str(error))}") from None
    except (httpx.TransportError, OSError) as error:
        why = plain(str(error)) or type(error).__name__
        raise Refusal(Failure.CONNECT, f"the connection to {target.host} broke: {why}") from None
    finally:
        with contextlib.suppress(TimeoutError, OSError, httpx.TransportError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await transport.aclose()
                await backend.aclose()


def _transport(backend: GuardedBackend, tls: ssl.SSLContext) -> httpx.AsyncHTTPTransport:
    """HTTP/1.1 without environment, cookies, redirects or retries, through the guarded backend and nothing else."""
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=0)
    transport = httpx.AsyncHTTPTransport(verify=tls, trust_env=False, http1=True, http2=False, limits=limits)
    transport._pool._network_backend = backend  # httpx has no public way to hand it down; a test holds this line
    return transport


async def _ask(
    transport: httpx.AsyncHTTPTransport,
    target: Target,
    headers: Sequence[tuple[str, str]],
    max_bytes: int,
    tally: Tally,
    posted: bytes | None,
) -> Answer:
    request = httpx.Request(
        "GET" if posted is None else "POST",
        httpx.URL(scheme=target.scheme, host=target.host, port=target.port),
        headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in headers],
        content=posted,
        extensions={"target": target.path},
    )
    response = await transport.handle_async_request(request)
    tally.end_head()
    try:
        said = Headers.read(response.headers.raw)
        is_whole = response.status_code in _WHOLE or (posted is not None and response.is_success)
        body = await _body(response, said, max_bytes, tally) if is_whole else None
    finally:
        await response.aclose()
    return Answer(target=target, status=response.status_code, headers=said, body=body)


async def _body(response: httpx.Response, said: Headers, max_bytes: int, tally: Tally) -> bytes:
    length = said.length()
    try:
        body = await read_body(
            response.aiter_raw(), coding=said.joined("content-encoding"), length=length, max_bytes=max_bytes
        )
    except Refusal as refusal:
        refusal.status = response.status_code
        raise
    if length is not None and said.first("transfer-encoding") is None and tally.body_bytes() > length:
        raise Refusal(Failure.PROTOCOL, f"sent more than its Content-Length of {length}", status=response.status_code)
    return body
