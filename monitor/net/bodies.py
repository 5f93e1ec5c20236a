"""Bodies, bounded before they are held: read raw, decode gzip and nothing else, stop at the cap (H5, H7, P19).

httpx 0.28 decodes whole chunks before anybody can count them (a bomb of 317 bytes became 400 MB), so its decoders are
never used.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Callable

from monitor.model import Failure
from monitor.net.guard import Refusal

_MAX_MEMBERS = 100  # of one gzip body: a server needs one


async def read_body(chunks: AsyncIterator[bytes], *, coding: str, length: int | None, max_bytes: int) -> bytes:
    """The decoded body. `coding` is Content-Encoding as served, `length` Content-Length.

    Raises Refusal: TOO_LARGE over `max_bytes`, encoded or decoded; ENCODING for a coding that was not asked for or
    does not decode.
    """
    if length is not None and length > max_bytes:
        raise Refusal(Failure.TOO_LARGE, f"says it has {length} bytes; {max_bytes} are the limit")
    add, end = _decoder(coding, max_bytes)
    encoded = 0
    async for chunk in chunks:
        encoded += len(chunk)
        if encoded > max_bytes:
            raise Refusal(Failure.TOO_LARGE, f"over {max_bytes} bytes")
        add(chunk)
    return end()


def _decoder(coding: str, max_bytes: int) -> tuple[Callable[[bytes], None], Callable[[], bytes]]:
    match coding.strip().lower():
        case "" | "identity":
            held = bytearray()
            return held.extend, lambda: bytes(held)
        case "gzip" | "x-gzip":
            gunzip = _Gunzip(max_bytes)
            return gunzip.add, gunzip.end
        case other:
            raise Refusal(Failure.ENCODING, f"content coding {other[:40]!r}, though only gzip was asked for")


class _Gunzip:
    """Decodes gzip (RFC 1952), several members too, and never holds more than the cap."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._decoded = bytearray()
        self._member = zlib.decompressobj(wbits=31)
        self._member_count = 1

    def add(self, data: bytes) -> None:
        while data:
            if self._member.eof and not (data := self._next_member(data)):
                return
            try:
                self._decoded += self._member.decompress(data, self._max_bytes - len(self._decoded) + 1)
            except zlib.error as error:
                raise Refusal(Failure.ENCODING, f"broken gzip: {error}") from None
            if len(self._decoded) > self._max_bytes:
                raise Refusal(Failure.TOO_LARGE, f"over {self._max_bytes} bytes once decoded")
            data = self._member.unused_data if self._member.eof else self._member.unconsumed_tail

    def end(self) -> bytes:
        if not self._member.eof:
            raise Refusal(Failure.ENCODING, "broken gzip: it ends too early")
        return bytes(self._decoded)

    def _next_member(self, data: bytes) -> bytes:
        """`data` from its next member on; zeros between are padding."""
        rest = data.lstrip(b"\0")
        if rest:
            self._member_count += 1
            if self._member_count > _MAX_MEMBERS:
                raise Refusal(Failure.ENCODING, f"broken gzip: over {_MAX_MEMBERS} members")
            self._member = zlib.decompressobj(wbits=31)
        return rest
