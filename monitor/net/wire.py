"""The guarded way to a server: resolve, check every address, connect to the address that was checked (H1-H3, H6, H7).

A backend serves one exchange. It counts what comes in, so that endless headers and chunk tricks end even when they are
fast; the exchange's one deadline ends them when they are slow.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, ip_address
from typing import Any

import httpcore

from monitor.model import Failure
from monitor.net.guard import Address, Network, Refusal, check_address
from monitor.net.target import Target, plain

HEAD_LIMIT = 256_000  # bytes before the body, 1xx answers included
_CONNECT_SECONDS = 10.0  # for each address but the last: the next may be nearer
_LOOPBACK = IPv4Address("127.0.0.1")


class Tally:
    """What one exchange has received, in the clear."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._head = bytearray()
        self._received = 0
        self._is_in_head = True

    def take(self, data: bytes) -> None:
        """Count `data`; raises Refusal when it is too much."""
        self._received += len(data)
        self._left -= len(data)
        if self._is_in_head:
            self._head += data
            if len(self._head) > HEAD_LIMIT:
                raise Refusal(Failure.PROTOCOL, f"over {HEAD_LIMIT} bytes of headers")
        elif self._left < 0:
            raise Refusal(Failure.TOO_LARGE, "far more bytes on the wire than the body may have")

    def end_head(self) -> None:
        """The headers are complete; what follows is body."""
        self._is_in_head = False

    def body_bytes(self) -> int:
        """Bytes received after the final header section: more than Content-Length says is a lie (H7)."""
        start = 0
        while found := re.compile(rb"\r?\n\r?\n").search(self._head, start):
            is_interim = re.match(rb"HTTP/1\.\d 1\d\d", self._head[start : start + 12]) is not None
            start = found.end()
            if not is_interim:
                break
        return self._received - start


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects one exchange to `target`, and to nothing else."""

    def __init__(self, target: Target, *, allow: Sequence[Network], tally: Tally) -> None:
        self._target = target
        self._allow = allow
        self._tally = tally
        self._inner = httpcore.AnyIOBackend()
        self._opened: list[httpcore.AsyncNetworkStream] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - httpcore's signature; the deadline stands above
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers, once all of them have been checked."""
        addresses = await resolve(self._target)
        for address in addresses:
            check_address(address, self._allow)
        for place, address in enumerate(addresses, 1):
            try:
                stream = await self._inner.connect_tcp(
                    str(address),
                    port,
                    timeout=None if place == len(addresses) else _CONNECT_SECONDS,
                    socket_options=socket_options,
                )
                self._opened.append(stream)
                return _CountedStream(stream, self._tally)
            except (httpcore.ConnectError, httpcore.ConnectTimeout, OSError) as error:
                last = error
        raise Refusal(Failure.CONNECT, f"no connection to {host} ({addresses[-1]}) port {port}: {_why(last)}")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Never: no URL of ours leads to a file."""
        raise Refusal(Failure.REFUSED_ADDRESS, f"{path} is a file")

    async def aclose(self) -> None:
        """Close what was opened: httpcore forgets a connection that is cut short within its TLS handshake."""
        for stream in self._opened:
            await stream.aclose()

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore wishes."""
        await asyncio.sleep(seconds)


class _CountedStream(httpcore.AsyncNetworkStream):
    """A stream that tells the tally what it reads; TLS is started beneath the count."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, tally: Tally) -> None:
        self._inner = inner
        self._tally = tally

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = await self._inner.read(max_bytes, timeout)
        self._tally.take(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            secured = await self._inner.start_tls(ssl_context, server_hostname, timeout)
        except (httpcore.ConnectError, ssl.SSLError, OSError) as error:
            raise Refusal(Failure.TLS, f"no secure connection to {server_hostname}: {_why(error)}") from None
        return _CountedStream(secured, self._tally)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


async def resolve(target: Target) -> tuple[Address, ...]:
    """Every address of the target's host; raises Refusal where there is none.

    `localhost` and all names below it are the loopback address, whatever a resolver says (RFC 6761 6.3).
    """
    if target.address is not None:
        return (target.address,)
    if target.host == "localhost" or target.host.endswith(".localhost"):
        return (_LOOPBACK,)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refusal(Failure.DNS, f"no address for {target.host}: {_why(error)}") from None
    addresses = tuple(dict.fromkeys(ip_address(str(place[0]).partition("%")[0]) for *_, place in found))
    if not addresses:
        raise Refusal(Failure.DNS, f"no address for {target.host}")
    return addresses


def _why(error: BaseException) -> str:
    return plain(str(error)) or type(error).__name__
