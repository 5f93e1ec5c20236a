"""A 304 that is plainly one is read at a glance, and says what h11 would have read."""

from __future__ import annotations

import h11
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.net.exchange import read_plain_304

PLAIN = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nVary:a\r\nContent-Length: 0\r\nVary: \tb \r\n\r\n'


def by_h11(head: bytes) -> list[tuple[bytes, bytes]] | None:
    """The headers of a 304, as h11 reads them; None where it reads none."""
    connection = h11.Connection(h11.CLIENT)
    for asked in (h11.Request(method="GET", target="/", headers=[("Host", "a")]), h11.EndOfMessage()):
        connection.send(asked)
    try:
        connection.receive_data(head)
        event = connection.next_event()
    except h11.RemoteProtocolError:
        return None
    return list(event.headers.raw_items()) if isinstance(event, h11.Response) and event.status_code == 304 else None


def test_its_headers_are_read() -> None:
    assert read_plain_304(PLAIN) == by_h11(PLAIN)
    assert read_plain_304(PLAIN) == [(b"ETag", b'"1"'), (b"Vary", b"a"), (b"Content-Length", b"0"), (b"Vary", b"b")]


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 3040 Not Modified\r\n\r\n",
        PLAIN[:-2],  # not whole
        PLAIN.replace(b"\r\n", b"\n"),
        PLAIN.replace(b"ETag:", b"ETag :"),
        PLAIN.replace(b"Vary:a", b" folded"),
        PLAIN.replace(b"Vary:a", b"Vary: \x00"),
        PLAIN.replace(b"Content-Length: 0", b"Content-Length: 0, 1"),
        PLAIN.replace(b"Vary:a", b"Content-Length: 1"),
        PLAIN.replace(b"Vary:a", b"Transfer-Encoding: chunked"),
    ],
)
def test_whatever_is_in_doubt_is_left_to_h11(head: bytes) -> None:
    assert read_plain_304(head) is None


@given(st.binary(max_size=40), st.integers(min_value=0, max_value=len(PLAIN)), st.integers(min_value=0, max_value=40))
@example(b"", 0, 0)
def test_it_never_reads_anything_else_than_h11_does(noise: bytes, place: int, cut: int) -> None:
    head = PLAIN[:place] + noise + PLAIN[place + cut :]
    if (found := read_plain_304(head)) is not None:
        assert found == by_h11(head)
