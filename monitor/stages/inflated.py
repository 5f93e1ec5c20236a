"""gzip bytes (RFC 1952) as a file of what they inflate to, within a limit: a bomb costs no more than that (H5)."""

from __future__ import annotations

import io
import zlib

GZIP = b"\x1f\x8b"
_PIECE = 65_536
_MAX_MEMBERS = 100  # of one file: whoever makes one needs one


class TooLarge(Exception):
    """The document is larger than its limit once inflated."""


class Inflated(io.RawIOBase):
    """What `body` inflates to, several members too, and never more than `limit` bytes of it."""

    def __init__(self, body: bytes, limit: int) -> None:
        self._body = memoryview(body)
        self._limit = limit
        self._given = 0  # bytes of the body handed to the decoder
        self._rest = b""  # of those, what it has not taken yet
        self._member = zlib.decompressobj(wbits=31)
        self._member_count = 1
        self._count = 0

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; b"" at the end. Raises TooLarge, zlib.error."""
        wanted = _PIECE if size < 0 else max(size, 1)
        while True:
            if not self._rest:
                self._rest = bytes(self._body[self._given : self._given + _PIECE])
                self._given += len(self._rest)
            if self._member.eof and not self._begin_member():
                return b""
            if not self._rest:
                raise zlib.error("it ends too early")
            piece = self._member.decompress(self._rest, wanted)
            self._rest = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            if piece:
                self._count += len(piece)
                if self._count > self._limit:
                    raise TooLarge
                return piece

    def _begin_member(self) -> bool:
        """Whether another member follows; what else follows is padding."""
        if not self._rest.startswith(GZIP[: len(self._rest)]) or not self._rest:
            return False
        self._member_count += 1
        if self._member_count > _MAX_MEMBERS:
            raise zlib.error(f"over {_MAX_MEMBERS} members")
        self._member = zlib.decompressobj(wbits=31)
        return True
