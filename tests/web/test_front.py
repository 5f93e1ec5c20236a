"""Documents at the protocol itself: the same answers as by ASGI, in order, to whoever asks however slowly (O4)."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader

import pytest

from monitor.web.front import COPIED_UP_TO, Front
from tests.web.test_documents import FEED, PAGE, Shop, a_shop

LARGE = b"0123456789abcdef" * (COPIED_UP_TO // 16 + 30_000)
HOST = "host: wire.example"
ROUTED = b"routed"


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, Shop]]:
    """One tree, answered in front and by ASGI alone."""
    folder = tmp_path_factory.mktemp("front")
    with (
        a_shop(folder, base_url="https://wire.example", keep_alive=1) as ours,
        a_shop(folder, base_url="https://wire.example", is_in_front=False) as plain,
    ):
        for path, body in (("/feed.atom", FEED), ("/", PAGE), ("/archive", PAGE), ("/large.txt", LARGE)):
            ours.put(path, body)
        ours.put("/static/site.css", b"p {}" * 100)
        ours.put("/wires/gone", b"taken down" * 50, 410)
        yield ours, plain


@contextmanager
def connected(shop: Shop) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", shop.reader.base_url.port or 0), timeout=20) as connection:
        yield connection


def asked(first: str, *lines: str, version: str = "1.1") -> bytes:
    """A request's bytes; its line without the version."""
    return "\r\n".join([f"{first} HTTP/{version}", *lines, "", ""]).encode()


def answered(shop: Shop, request: bytes) -> tuple[list[bytes], bytes]:
    """Lines of the head in one order, without the date, and the body, of one request on a connection of its own."""
    with connected(shop) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        whole = b"".join(iter(lambda: connection.recv(65_536), b""))
    head, _, body = whole.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    return [first, *sorted(line for line in lines if not line.startswith(b"date:"))], body


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "DELETE"])
@pytest.mark.parametrize(
    "path",
    ["/feed.atom", "/feed.atom?", "/feed.atom?utm=x", "/", "/large.txt", "/archive?month=1", "/static/site.css?0a1b",
     "/wires/gone", "/wires/none", "/feed%2eatom", "//feed.atom", "/feed.atom#top", "http://wire.example/feed.atom"],
)  # fmt: skip
def test_it_says_what_asgi_says(shops: tuple[Shop, Shop], method: str, path: str) -> None:
    request = asked(f"{method} {path}", HOST, "connection: close")
    ours, theirs = (answered(shop, request) for shop in shops)
    assert ours == theirs


@pytest.mark.parametrize(
    "lines",
    [
        ("accept-encoding: gzip",), ("accept-encoding: br", "Accept-Encoding: GZIP"), ("if-none-match: *",),
        ('if-none-match: "x"', "If-None-Match: *"), ("if-modified-since: Fri, 01 Jan 2100 00:00:00 GMT",),
        ("if-modified-since: yesterday",), ("host: evil.example",), ("content-length: 5", "", "hello"),
        ("transfer-encoding: chunked", "", "5\r\nhello\r\n0\r\n\r\n"), ("expect: 100-continue", "content-length: 0"),
        ("connection: upgrade", "upgrade: websocket"), ("connection: upgrade", "upgrade: h2c"),
        ("connection: keep-alive, close",), ("range: bytes=0-5",),
    ],
)  # fmt: skip
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_it_reads_headers_as_asgi_does(shops: tuple[Shop, Shop], lines: tuple[str, ...], version: str) -> None:
    given = lines if any(line.startswith("host") for line in lines) else (HOST, *lines)
    request = asked("GET /feed.atom", *given, version=version)
    ours, theirs = (answered(shop, request) for shop in shops)
    assert ours == theirs


def test_a_connection_closes_when_asked_to_or_old_and_says_so(shops: tuple[Shop, Shop]) -> None:
    for version, lines in (("1.1", ["connection: close"]), ("1.0", []), ("1.0", ["connection: keep-alive"])):
        with connected(shops[0]) as connection:
            connection.sendall(asked("GET /feed.atom", HOST, *lines, version=version))
            whole = b"".join(iter(lambda: connection.recv(65_536), b""))
        assert b"\r\nconnection: close\r\n" in whole
        assert whole.endswith(FEED)


def test_requests_in_a_row_are_answered_in_their_order_whoever_answers(shops: tuple[Shop, Shop]) -> None:
    ours, _ = shops
    row = [("/feed.atom", FEED), ("/none", ROUTED), ("/large.txt", LARGE), ("/", PAGE), ("/large.txt", LARGE),
           ("/none", ROUTED), ("/feed.atom", FEED)] * 3  # fmt: skip
    with connected(ours) as connection, connection.makefile("rb") as answers:
        connection.sendall(b"".join(asked(f"GET {path}", HOST) for path, _ in row))
        for path, body in row:
            assert (path, _body(answers)) == (path, body)


def _body(answers: BufferedReader) -> bytes:
    length = 0
    while (line := answers.readline()) not in {b"\r\n", b""}:
        if line.startswith(b"content-length:"):
            length = int(line.split()[1])
    return answers.read(length)


def test_who_asks_and_does_not_read_makes_us_hold_few_answers(shops: tuple[Shop, Shop]) -> None:
    ours, _ = shops
    count = 300
    with connected(ours) as connection, connection.makefile("rb") as answers:
        connection.sendall(asked("GET /large.txt", HOST) * count)
        time.sleep(0.5)
        waiting = [c.transport.get_write_buffer_size() for c in ours.server.server_state.connections if _is_ours(c)]
        assert 0 < max(waiting) <= 3 * len(LARGE)
        for _ in range(count):
            assert _body(answers) == LARGE


def _is_ours(connection: object) -> bool:
    return isinstance(connection, Front) and connection.transport is not None


def test_a_connection_that_is_used_stays_and_an_idle_one_is_closed(shops: tuple[Shop, Shop]) -> None:
    with connected(shops[0]) as connection, connection.makefile("rb") as answers:
        for path in ("/feed.atom", "/none", "/feed.atom", "/none"):
            connection.sendall(asked(f"GET {path}", HOST))
            assert _body(answers)
            time.sleep(0.4)
        assert connection.recv(1) == b"", "after a second in which nothing was asked"


def test_a_reader_who_leaves_at_once_harms_nobody(shops: tuple[Shop, Shop]) -> None:
    for _ in range(20):
        with connected(shops[0]) as connection:
            connection.sendall(asked("GET /large.txt", HOST) * 3)
    assert shops[0].get().content == FEED
