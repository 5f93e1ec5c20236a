"""One HTTP exchange under one deadline: connect, TLS, headers and body together (H6).

It goes over a connection of our own: no pool, no retries, no redirects, no cookies, and every byte through the guard
and the tally. Most answers are a 304 that is plainly one, and are read at a glance; whatever is not, h11 and httpx read
(`answers.py`). A connection serves one exchange and is closed.
Polls of a host lie hours apart, so nothing is lost, and a server that sends more than it announced cannot answer the
next question with it.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.later import later
from monitor.model import Failure
from monitor.net.guard import Network, Refusal
from monitor.net.headers import Headers
from monitor.net.target import Target, plain
from monitor.net.wire import HEAD_LIMIT, READ_BYTES, GuardedBackend, PlainWire, Tally, Wire

if TYPE_CHECKING:
    from monitor.net import answers
else:
    answers = later("monitor.net.answers")

_VALUE = re.compile(rb"(?:[^\x00\s]+(?:[ \t]+[^\x00\s]+)*)?")  # of a header that is sent, as h11 allows it
_PLAIN_304 = re.compile(  # a whole head in the strict form of RFC 9112, every line of it ended by CR LF
    rb"HTTP/1\.1 304(?: [\x20-\x7e]*)?\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*)\r\n"
)


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
    data = await wire.read(READ_BYTES)
    if (plain_304 := read_plain_304(data)) is not None:  # what most polls come to: no object is made of it
        tally.end_head()
        return Answer(target=target, status=304, headers=Headers.read(plain_304), body=None)
    status, said, body = await answers.read_answer(
        wire, data, max_bytes=max_bytes, tally=tally, is_posted=posted is not None
    )
    return Answer(target=target, status=status, headers=said, body=body)


def _spell(target: Target, headers: Sequence[tuple[str, str]], posted: bytes | None) -> bytes:
    """The bytes of a request: Host first, and the target as stored, which httpx would spell anew.

    Raises Refusal for a value that would break its line.
    """
    lines = [b"%s %s HTTP/1.1" % (b"GET" if posted is None else b"POST", target.path)]
    own = () if posted is None else (("Content-Length", str(len(posted))),)
    for name, value in (("Host", target.authority), *headers, *own):
        spelled = value.encode("latin-1")
        if _VALUE.fullmatch(spelled) is None:
            raise Refusal(Failure.PROTOCOL, f"not proper HTTP: {name!r} cannot be sent as {plain(repr(spelled[:80]))}")
        lines.append(b"%s: %s" % (name.encode("ascii"), spelled))
    return b"\r\n".join((*lines, b"", posted or b""))


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
