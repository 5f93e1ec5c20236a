"""Answers that are no plain 304: their HTTP read by h11, the parser within httpx, and their bodies decoded.

Apart from the exchange, which loads it when it is first needed: most rounds of polls see nothing but 304s.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import h11
import httpx

from monitor.model import Failure
from monitor.net.bodies import read_body
from monitor.net.guard import Refusal
from monitor.net.headers import Headers
from monitor.net.target import plain
from monitor.net.wire import READ_BYTES, PlainWire, Tally, Wire

_HEAD_AT_ONCE = 102_400  # bytes that one header section or chunk head may take, as in httpx


_WHOLE = frozenset({200, 203, 226})  # answers whose body is the document, or what is new in it (RFC 3229)


async def read_answer(
    wire: Wire | PlainWire, begun: bytes, *, max_bytes: int, tally: Tally, is_posted: bool
) -> tuple[int, Headers, bytes | None]:
    """Status, headers and decoded body of the answer that begins with `begun`; raises Refusal.

    The body is None where the status is not one of a whole document; what was posted takes that of every 2xx.
    """
    try:
        response = await _OneAnswer(wire).read(begun)
        tally.end_head()
        said = Headers.read(response.headers.raw)
        is_whole = response.status_code in _WHOLE or (is_posted and response.is_success)
        body = await _read_whole(response, said, max_bytes, tally) if is_whole else None
    except h11.ProtocolError as error:
        raise Refusal(Failure.PROTOCOL, f"not proper HTTP: {plain(str(error))}") from None
    return response.status_code, said, body


class _OneAnswer:
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
            self._take(await self._wire.read(READ_BYTES))
        return event

    def _take(self, data: bytes) -> None:
        if not data and self._http.their_state is h11.SEND_RESPONSE:
            raise Refusal(Failure.PROTOCOL, "not proper HTTP: the server hung up without an answer")
        self._http.receive_data(data)

    async def _chunks(self) -> AsyncIterator[bytes]:
        while isinstance(event := await self._next_event(), h11.Data):
            yield bytes(event.data)


@functools.cache
def _asked() -> tuple[h11.Request, h11.EndOfMessage]:
    """A question whose answer is read as that to each of ours is."""
    return h11.Request(method="GET", target="/", headers=[("Host", "a"), ("Connection", "close")]), h11.EndOfMessage()


@dataclass(frozen=True, slots=True)
class _Body(httpx.AsyncByteStream):
    """The body, as encoded for its content."""

    chunks: Callable[[], AsyncIterator[bytes]]

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self.chunks()


async def _read_whole(response: httpx.Response, said: Headers, max_bytes: int, tally: Tally) -> bytes:
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
