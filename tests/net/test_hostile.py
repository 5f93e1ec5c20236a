"""Servers that lie, drip, flood and stall: a named failure, within the deadline, within the cap (H3, H5-H7)."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import time
import tracemalloc
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, ip_network
from pathlib import Path

import pytest

from monitor.model import Failed, Failure, Fetched, FetchOutcome, FetchRequest
from monitor.net.guard import Refusal
from monitor.net.target import read_target
from monitor.net.wire import GuardedBackend, PlainWire, Tally, Wire
from tests.net.conftest import LOOPBACK, MakeFetcher, fetched
from tests.net.servers import Answer, RecordingServer, drip, http

Fetch = Callable[[str | FetchRequest], FetchOutcome]
DEADLINE = 0.6
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def kind_of(outcome: FetchOutcome) -> Failure:
    assert isinstance(outcome, Failed), outcome
    return outcome.kind


def gzipped(body: bytes, coding: str = "gzip") -> bytes:
    return http(200, body, ("Content-Encoding", coding))


# --- content codings (H5, P19) ----------------------------------------------------------------------------------


def test_a_gzip_bomb_stops_at_the_cap_h5(server: RecordingServer, fetch: Fetch) -> None:
    squeezed = gzip.compress(bytes(200_000_000), 9)
    server.answers["/"] = gzipped(squeezed)
    tracemalloc.start()
    outcome = fetch(FetchRequest(url=server.url(), max_bytes=2_000_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kind_of(outcome) is Failure.TOO_LARGE
    assert peak < 12_000_000


def test_a_body_exactly_at_the_cap_is_whole_h5(server: RecordingServer, fetch: Fetch) -> None:
    server.answers |= {"/plain": http(200, b"x" * 1_000), "/gzip": gzipped(gzip.compress(b"x" * 1_000))}
    for path in ("/plain", "/gzip"):
        assert fetched(fetch(FetchRequest(url=server.url(path), max_bytes=1_000))).body == b"x" * 1_000
        assert kind_of(fetch(FetchRequest(url=server.url(path), max_bytes=999))) is Failure.TOO_LARGE


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "compress", "gzip, gzip", "gzip, br", "aes128gcm"])
def test_only_gzip_is_taken_h5_p19(server: RecordingServer, fetch: Fetch, coding: str) -> None:
    server.answers["/"] = gzipped(gzip.compress(gzip.compress(b"<rss/>")), coding)
    outcome = fetch(server.url())
    assert kind_of(outcome) is Failure.ENCODING


def test_gzip_named_twice_in_two_headers_is_refused_h5(server: RecordingServer, fetch: Fetch) -> None:
    twice = gzip.compress(gzip.compress(b"x"))
    server.answers["/"] = http(200, twice, ("Content-Encoding", "gzip"), ("Content-Encoding", "gzip"))
    assert kind_of(fetch(server.url())) is Failure.ENCODING


WHOLE = gzip.compress(b"<rss/>" * 100)


@pytest.mark.parametrize(
    "body",
    [b"<rss/>", WHOLE[:-10], WHOLE[:-8] + b"\0" * 8, b"", WHOLE + b"trailing", zlib.compress(b"x"), WHOLE * 200],
    ids=["plain", "cut", "crc", "empty", "trailing", "zlib", "members"],
)
def test_broken_gzip_is_named_h5(server: RecordingServer, fetch: Fetch, body: bytes) -> None:
    server.answers["/"] = gzipped(body)
    assert kind_of(fetch(server.url())) is Failure.ENCODING


def test_gzip_in_two_members_and_padding_is_read_h5(server: RecordingServer, fetch: Fetch) -> None:
    server.answers["/"] = gzipped(gzip.compress(b"ab") + gzip.compress(b"cd") + b"\0\0", "X-GZIP")
    assert fetched(fetch(server.url())).body == b"abcd"


# --- time (H6) --------------------------------------------------------------------------------------------------

SLOW: dict[str, Answer] = {
    "endless body": drip(HEAD + b"\r\n", b"x" * 100, every=0.01),
    "one byte at a time": drip(HEAD + b"Content-Length: 100000\r\n\r\n", b"x", every=0.1),
    "one header at a time": drip(HEAD, b"X-More: y\r\n", every=0.05),
    "endless 103s": drip(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", every=0.02),
    "silence": drip(b"", every=0.1),
    "silence within the body": drip(HEAD + b"Content-Length: 10\r\n\r\n12345", b"", every=0.1),
}


@pytest.mark.parametrize("how", SLOW)
def test_one_deadline_ends_every_slow_exchange_h6(server: RecordingServer, make_fetcher: MakeFetcher, how: str) -> None:
    server.answers["/"] = SLOW[how]
    fetcher = make_fetcher(deadline=DEADLINE)
    began = time.monotonic()
    outcome = fetcher.submit(FetchRequest(url=server.url())).result(10)
    assert kind_of(outcome) is Failure.TIMEOUT
    assert DEADLINE * 0.9 < time.monotonic() - began < DEADLINE + 15


def test_stalled_tls_ends_at_the_deadline_h6(server: RecordingServer, make_fetcher: MakeFetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stalled:
        url = f"https://127.0.0.1:{stalled.getsockname()[1]}/"
        began = time.monotonic()
        outcome = make_fetcher(deadline=DEADLINE).submit(FetchRequest(url=url)).result(10)
    assert kind_of(outcome) is Failure.TIMEOUT
    assert time.monotonic() - began < DEADLINE + 15


def test_redirects_share_one_deadline_h6(server: RecordingServer, make_fetcher: MakeFetcher) -> None:
    def slowly(place: str) -> Answer:
        def answer(request: object, connection: object) -> bytes:
            time.sleep(DEADLINE / 3)
            return http(302, b"", ("Location", place))

        return answer

    server.answers |= {f"/{n}": slowly(f"/{n + 1}") for n in range(5)}
    outcome = make_fetcher(deadline=DEADLINE).submit(FetchRequest(url=server.url("/0"))).result(10)
    assert kind_of(outcome) is Failure.TIMEOUT
    assert len(server.requests) <= 4


def test_fast_floods_end_long_before_the_deadline_h5_h6_h7(server: RecordingServer, make_fetcher: MakeFetcher) -> None:
    server.answers |= {
        "/body": drip(HEAD + b"\r\n", b"x" * 65_536, every=0),
        "/hints": drip(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 500, every=0),
        "/chunks": drip(CHUNKED, (b"1;" + b"x" * 1_000 + b"\r\ny\r\n") * 50, every=0),
    }
    fetcher = make_fetcher(deadline=30)
    began = time.monotonic()
    found = [
        kind_of(fetcher.submit(FetchRequest(url=server.url(path), max_bytes=500_000)).result(20))
        for path in server.answers
    ]
    assert found == [Failure.TOO_LARGE, Failure.PROTOCOL, Failure.TOO_LARGE]
    assert time.monotonic() - began < 30


# --- lies (H7) --------------------------------------------------------------------------------------------------

LIES: dict[str, tuple[Answer, Failure]] = {
    "200,000 headers": (HEAD + b"X: y\r\n" * 200_000 + b"\r\n", Failure.PROTOCOL),
    "a header of 5 MB": (HEAD + b"X: " + b"y" * 5_000_000 + b"\r\n\r\n", Failure.PROTOCOL),
    "short body": (http(200, b"<rss>", length=100), Failure.PROTOCOL),
    "false Content-Length": (http(200, b"<rss/>" * 10, length=6), Failure.PROTOCOL),
    "two Content-Lengths": (HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx", Failure.PROTOCOL),
    "no number": (HEAD + b"Content-Length: many\r\n\r\nxx", Failure.PROTOCOL),
    "too much announced": (http(200, b"x", length=10**12), Failure.TOO_LARGE),
    "chunks cut off": (CHUNKED + b"5\r\nhello\r\n", Failure.PROTOCOL),
    "chunk too short": (CHUNKED + b"ff\r\nhello\r\n0\r\n\r\n", Failure.PROTOCOL),
    "chunk of nonsense": (CHUNKED + b"zz\r\nhello\r\n0\r\n\r\n", Failure.PROTOCOL),
    "transfer coding": (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", Failure.PROTOCOL),
    "HTTP/0.9": (b"<html>hello</html>", Failure.PROTOCOL),
    "junk": (b"\0\xff" * 1_000, Failure.PROTOCOL),
    "nothing": (b"", Failure.PROTOCOL),
    "a status of its own": (b"HTTP/1.1 999999 What\r\n\r\n", Failure.PROTOCOL),
    "another protocol": (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", Failure.PROTOCOL),
    "NUL in a header": (HEAD + b"ETag: a\0b\r\n\r\n", Failure.PROTOCOL),
}


@pytest.mark.parametrize("how", LIES)
def test_lies_are_named_h7(server: RecordingServer, fetch: Fetch, how: str) -> None:
    server.answers["/"], kind = LIES[how]
    assert kind_of(fetch(server.url())) is kind


def test_hostile_servers_do_not_disturb_healthy_ones_h32(server: RecordingServer, make_fetcher: MakeFetcher) -> None:
    server.answers |= {f"/{how}".replace(" ", "-"): answer for how, (answer, _) in LIES.items()}
    server.answers |= {f"/slow-{how}".replace(" ", "-"): answer for how, answer in SLOW.items()}
    bad = [*server.answers]
    server.answers["/good"] = http(200, gzip.compress(b"<rss/>"), ("Content-Encoding", "gzip"))
    fetcher = make_fetcher(deadline=2.0)
    hostile = [
        fetcher.submit(FetchRequest(url=server.url(path, host=f"bad{n}.localhost"))) for n, path in enumerate(bad)
    ]
    healthy = [fetcher.submit(FetchRequest(url=server.url("/good", host=f"good{n}.localhost"))) for n in range(20)]
    assert [fetched(future.result(20)).body for future in healthy] == [b"<rss/>"] * 20
    assert {type(future.result(20)) for future in hostile} == {Failed}


# --- TLS and resolving ------------------------------------------------------------------------------------------


def test_a_certificate_that_nobody_vouches_for_is_refused(make_fetcher: MakeFetcher) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).parent / "self-signed.pem")
    with RecordingServer({"/": http(200, b"x")}, tls=context) as server:
        outcome = make_fetcher().submit(FetchRequest(url=server.url(host="localhost", scheme="https"))).result(10)
        assert server.requests == []
    assert kind_of(outcome) is Failure.TLS


def test_a_server_that_speaks_no_tls_is_named(server: RecordingServer, fetch: Fetch) -> None:
    server.answers["*"] = http(200, b"x")
    with socket.create_server(("127.0.0.1", 0)) as plain:
        plain.settimeout(5)
        future = fetch_in_background(fetch, f"https://127.0.0.1:{plain.getsockname()[1]}/")
        connection, _ = plain.accept()
        connection.sendall(http(400, b"this is plain HTTP"))
        assert kind_of(future()) is Failure.TLS
        connection.close()


def fetch_in_background(fetch: Fetch, url: str) -> Callable[[], FetchOutcome]:
    pool = ThreadPoolExecutor(1)
    future = pool.submit(fetch, url)

    def wait() -> FetchOutcome:
        try:
            return future.result(10)
        finally:
            pool.shutdown()

    return wait


def test_a_port_where_nobody_listens_is_named(fetch: Fetch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert kind_of(fetch(f"http://127.0.0.1:{port}/")) is Failure.CONNECT


def test_several_answers_one_of_them_private_are_refused_h3() -> None:
    """Mixed answers: the guard sees all of them before it connects to any."""

    async def connect() -> Wire | PlainWire:
        loop = asyncio.get_running_loop()

        async def answer(*_: object, **__: object) -> list[tuple[object, ...]]:
            places = (IPv4Address("127.0.0.1"), IPv6Address("fe80::1"))
            return [(0, 0, 0, "", (str(place), port)) for place in places]

        loop.getaddrinfo = answer  # type: ignore[method-assign, assignment]
        target = read_target(f"http://mixed.example:{port}/")
        backend = GuardedBackend(target, allow=LOOPBACK, tally=Tally(1_000))
        return await backend.connect()

    with RecordingServer() as server:
        port = server.port
        with pytest.raises(Refusal) as refused:
            asyncio.run(connect())
        assert refused.value.kind is Failure.REFUSED_ADDRESS
        assert server.connection_count == 0


def test_a_name_that_changes_its_mind_is_asked_once_h3() -> None:
    """DNS rebinding: the second answer is never sought, the connection goes to the first."""
    asked: list[str] = []

    async def connect() -> None:
        loop = asyncio.get_running_loop()

        async def answer(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
            asked.append(host)
            return [(0, 0, 0, "", ("127.0.0.1" if len(asked) == 1 else "127.0.0.2", port))]

        loop.getaddrinfo = answer  # type: ignore[method-assign, assignment]
        target = read_target(f"http://rebinds.example:{port}/")
        backend = GuardedBackend(target, allow=(ip_network("127.0.0.1/32"),), tally=Tally(1_000))
        stream = await backend.connect()
        assert stream.peer == "127.0.0.1"
        stream.close()

    with RecordingServer() as server:
        port = server.port
        asyncio.run(connect())
    assert asked == ["rebinds.example"]


def test_the_backend_is_really_in_the_way_h4(server: RecordingServer, make_fetcher: MakeFetcher) -> None:
    """Whoever may ask nothing gets nothing, and the same question goes through where it is allowed."""
    server.answers["/"] = http(200, b"x")
    assert kind_of(make_fetcher(allow=()).submit(FetchRequest(url=server.url())).result(5)) is Failure.REFUSED_ADDRESS
    assert isinstance(make_fetcher().submit(FetchRequest(url=server.url())).result(5), Fetched)
