"""The guarded way to a server: resolve, check every address, connect to the address that was checked (H1-H3, H6, H7).

A backend serves one exchange. The wire counts what comes in, so that endless headers and chunk tricks end even when
they are fast; the exchange's one deadline ends them when they are slow. It lies straight on the event loop: no pool, no
retries, no address looked up again beneath.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import re
import socket
import ssl
from collections.abc import Sequence
from ipaddress import IPv4Address, ip_address

from monitor.model import Failure
from monitor.net.guard import Address, Network, Refusal, check_address
from monitor.net.target import Target, plain

HEAD_LIMIT = 256_000  # bytes before the body, 1xx answers included
_HELD = 262_144  # bytes read ahead of whoever reads; then the peer waits
READ_BYTES = 65_536  # at most, at once
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


class Wire(asyncio.Protocol):
    """One connection, straight on the event loop. It tells the tally what is read from it, in the clear.

    Reads as fast as it is read from: what waits here is at most _HELD and what the kernel hands over at once.
    """

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._transport: asyncio.Transport | None = None
        self._held = bytearray()
        self._reader: asyncio.Future[None] | None = None
        self._is_over = False
        self._error: Exception | None = None

    # What the event loop says.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        if len(self._held) > _HELD and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self._is_over = True
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        self._is_over, self._error = True, error
        self._wake()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    # What the exchange asks for; its one deadline stands above.

    async def read(self, max_bytes: int) -> bytes:
        """At most `max_bytes`, b"" at the end; raises Refusal, OSError."""
        while not self._held and not self._is_over:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        if not self._held and self._error is not None:
            raise self._error
        data = bytes(self._held[:max_bytes])
        del self._held[:max_bytes]
        if not self._held and self._transport is not None and not self._is_over:
            self._transport.resume_reading()
        self._tally.take(data)
        return data

    def write(self, data: bytes) -> None:
        """Send; a request of ours is small, so nobody waits until it has left."""
        if self._transport is not None:
            self._transport.write(data)

    def close(self) -> None:
        """At once: the answer is read, and a peer that does not take leave must not hold the socket."""
        if self._transport is not None:
            self._transport.abort()

    @property
    def peer(self) -> str | None:
        """The address that was connected to."""
        return None if self._transport is None else str(self._transport.get_extra_info("peername")[0])


class PlainWire:
    """A connection without TLS, read and written as the kernel has it: most polls are three calls.

    The same promises as Wire; what waits is in the kernel, and so bounded.
    """

    def __init__(self, taken: socket.socket, tally: Tally) -> None:
        self._socket = taken
        self._tally = tally
        self._unsent: asyncio.Task[None] | None = None

    async def read(self, max_bytes: int) -> bytes:
        """At most `max_bytes`, b"" at the end; raises Refusal, OSError."""
        data = await asyncio.get_running_loop().sock_recv(self._socket, max_bytes)
        self._tally.take(data)
        return data

    def write(self, data: bytes) -> None:
        """Send; a request of ours is small, so nobody waits until it has left."""
        with contextlib.suppress(OSError):  # reading says what is wrong
            sent = self._socket.send(data)
            if sent < len(data):
                rest = asyncio.get_running_loop().sock_sendall(self._socket, data[sent:])
                self._unsent = asyncio.ensure_future(rest)

    def close(self) -> None:
        """At once: the answer is read, and a peer that does not take leave must not hold the socket."""
        if self._unsent is not None:
            self._unsent.cancel()
        self._socket.close()

    @property
    def peer(self) -> str | None:
        """The address that was connected to."""
        return str(self._socket.getpeername()[0])


class GuardedBackend:
    """Connects one exchange to `target`, and to nothing else."""

    def __init__(self, target: Target, *, allow: Sequence[Network], tally: Tally) -> None:
        self._target = target
        self._allow = allow
        self._tally = tally

    async def connect(self, tls: ssl.SSLContext | None = None) -> Wire | PlainWire:
        """Connect to the first address that answers, once all of them have been checked; then TLS, where `tls` is.

        The name in the certificate must be the target's. Nothing that comes before TLS is read.
        """
        taken = await self._take()
        if tls is None:
            return PlainWire(taken, self._tally)
        wire = Wire(self._tally)
        try:
            loop = asyncio.get_running_loop()
            await loop.create_connection(lambda: wire, sock=taken, ssl=tls, server_hostname=self._target.host)
        except (ssl.SSLError, OSError) as error:
            taken.close()
            raise Refusal(Failure.TLS, f"no secure connection to {self._target.host}: {_why(error)}") from None
        except BaseException:
            wire.close()
            taken.close()
            raise
        return wire

    async def _take(self) -> socket.socket:
        """A socket that is connected to an address that may be asked; raises Refusal."""
        addresses = await resolve(self._target)
        for address in addresses:
            check_address(address, self._allow)
        error: OSError | None = None
        for place, address in enumerate(addresses, 1):
            try:
                if place == len(addresses):  # the exchange's own deadline is enough
                    return await _connect(address, self._target.port)
                async with asyncio.timeout(_CONNECT_SECONDS):
                    return await _connect(address, self._target.port)
            except OSError as one:  # TimeoutError is one of them
                error = one
        where = f"{self._target.host} ({addresses[-1]}) port {self._target.port}"
        raise Refusal(Failure.CONNECT, f"no connection to {where}: {_why(error or TimeoutError())}")


async def _connect(address: Address, port: int) -> socket.socket:
    found = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6, socket.SOCK_STREAM)
    try:
        found.setblocking(False)
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        said = found.connect_ex((str(address), port))
        if said == errno.EINPROGRESS:
            await _until_writable(found)
            said = found.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if said != 0:
            raise OSError(said, os.strerror(said))
    except BaseException:
        found.close()
        raise
    return found


async def _until_writable(waiting: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    number = waiting.fileno()  # of a socket, asyncio spells out the whole name each time
    loop.add_writer(number, _settle, done)
    try:
        await done
    finally:
        loop.remove_writer(number)


def _settle(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)


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
