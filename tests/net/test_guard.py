"""Which addresses may be asked, and in which spellings (H1-H3)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address, ip_network

import pytest

from monitor.model import Failed, Failure, Fetched, FetchOutcome, FetchRequest
from monitor.net.guard import Refusal, check_address, read_numeric_host, unpack
from monitor.net.target import read_target
from tests.net.conftest import LOOPBACK, MakeFetcher
from tests.net.servers import RecordingServer, http, moved

Fetch = Callable[[str | FetchRequest], FetchOutcome]

DENIED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "fc00::1",
    "fdff::1",
    "ff02::1",
    "ff0e::1",
    "100::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "4000::1",
]
CARRIERS = {
    "::ffff:127.0.0.1": "127.0.0.1",
    "::ffff:10.0.0.1": "10.0.0.1",
    "::127.0.0.1": "::127.0.0.1",
    "64:ff9b::192.168.0.1": "192.168.0.1",
    "64:ff9b:1::1": "64:ff9b:1::1",
    "2002:7f00:1::": "127.0.0.1",
    "2002:a9fe:a9fe::1": "169.254.169.254",
    "2001:0:808:808:0:0:80ff:fffe": "127.0.0.1",
    "2606:4700::5efe:7f00:1": "127.0.0.1",
    "::ffff:0:127.0.0.1": "::ffff:0:127.0.0.1",
}
SPELLINGS = {
    "2130706433": "127.0.0.1",
    "0x7f.1": "127.0.0.1",
    "0x7f000001": "127.0.0.1",
    "127.1": "127.0.0.1",
    "0177.0.0.1": "127.0.0.1",
    "\uff11\uff12\uff17.0.0.1": "127.0.0.1",
    "127\u30020.0.1": "127.0.0.1",
    "127.0.0.1.": "127.0.0.1",
    "0": "0.0.0.0",
    "10.1": "10.0.0.1",
    "0xa9fea9fe": "169.254.169.254",
    "[::ffff:7f00:1]": "::ffff:7f00:1",
    "[::1]": "::1",
}


@pytest.mark.parametrize("text", DENIED)
def test_addresses_that_lead_inside_are_refused_h1(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_address(ip_address(text))
    assert refused.value.kind is Failure.REFUSED_ADDRESS


@pytest.mark.parametrize(("text", "inside"), CARRIERS.items())
def test_an_ipv4_address_inside_an_ipv6_one_is_refused_h2(text: str, inside: str) -> None:
    assert unpack(ip_address(text)) == ip_address(inside)
    with pytest.raises(Refusal):
        check_address(ip_address(text))


@pytest.mark.parametrize("text", ["8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_public_addresses_are_asked_h1(text: str) -> None:
    check_address(ip_address(text))


def test_the_allow_list_is_explicit_and_no_wider_than_it_says_h1() -> None:
    allow = (ip_network("127.0.0.0/8"), ip_network("fd00::/8"))
    for text in ("127.0.0.1", "::ffff:127.0.0.1", "fd00::1"):
        check_address(ip_address(text), allow)
    for text in ("10.0.0.1", "::1", "fc00::1"):
        with pytest.raises(Refusal):
            check_address(ip_address(text), allow)


@pytest.mark.parametrize(("spelling", "address"), SPELLINGS.items())
def test_every_spelling_of_an_address_is_read_h2(spelling: str, address: str) -> None:
    assert read_target(f"http://{spelling}/").address == ip_address(address)


@pytest.mark.parametrize("host", ["1.2.3.4.5", "256.1.1.1", "09.1.1.1", "a.1", "::g", "fe80::1%eth0"])
def test_digits_that_are_no_address_are_refused_h2(host: str) -> None:
    with pytest.raises(Refusal):
        read_numeric_host(host)


@pytest.mark.parametrize("spelling", [*SPELLINGS, "localhost", "paper.localhost", "LOCALHOST."])
def test_nothing_is_sent_where_the_allow_list_is_silent_h1_h2(
    server: RecordingServer, make_fetcher: MakeFetcher, spelling: str
) -> None:
    fetcher = make_fetcher(allow=())
    outcome = fetcher.submit(FetchRequest(url=server.url(host=spelling))).result(10)
    assert isinstance(outcome, Failed)
    assert outcome.kind is Failure.REFUSED_ADDRESS
    assert server.connection_count == 0


def test_a_redirect_is_checked_before_it_is_followed_h3(server: RecordingServer, make_fetcher: MakeFetcher) -> None:
    fetcher = make_fetcher(allow=[ip_network("127.0.0.1/32")])
    with RecordingServer({"/": http(200, b"secret")}) as inside:
        server.answers["/"] = moved(302, inside.url(host="127.0.0.2"))
        outcome = fetcher.submit(FetchRequest(url=server.url())).result(10)
        assert isinstance(outcome, Failed)
        assert outcome.kind is Failure.REFUSED_ADDRESS
        assert inside.connection_count == 0


def test_localhost_and_names_below_it_are_the_loopback_address(server: RecordingServer, fetch: Fetch) -> None:
    server.answers["/"] = http(200, b"x")
    for host in ("localhost", "paper.localhost", "deep.paper.localhost"):
        assert isinstance(fetch(server.url(host=host)), Fetched)
    hosts = [request.header("Host") for request in server.requests]
    assert hosts == [f"{host}:{server.port}" for host in ("localhost", "paper.localhost", "deep.paper.localhost")]


def test_a_name_without_an_address_is_a_dns_failure_p13(fetch: Fetch) -> None:
    outcome = fetch("http://nobody.invalid/")
    assert isinstance(outcome, Failed)
    assert outcome.kind is Failure.DNS


def test_the_address_checked_is_the_address_connected_to_h3(server: RecordingServer, make_fetcher: MakeFetcher) -> None:
    """Every spelling of one host connects to the address that the guard saw: nothing resolves a second time."""
    server.answers["/"] = http(200, b"x")
    fetcher = make_fetcher(allow=LOOPBACK)
    for spelling in ("2130706433", "0x7f.1", "127.1", "\uff11\uff12\uff17.0.0.1"):
        outcome = fetcher.submit(FetchRequest(url=server.url(host=spelling))).result(10)
        assert isinstance(outcome, Fetched), outcome
    assert {request.header("Host") for request in server.requests} == {f"127.0.0.1:{server.port}"}
