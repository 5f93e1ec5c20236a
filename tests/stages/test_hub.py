"""The rules of WebSub as values (P25)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from monitor.model import Link, Offer
from monitor.stages.hub import (
    FIRST_RETRY,
    LONGEST_LEASE,
    LONGEST_RETRY,
    SHORTEST_LEASE,
    WANTED_LEASE,
    believe_lease,
    can_be_called,
    find_offer,
    is_genuine,
    renewal_at,
    retry_at,
    sign,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HUB, TOPIC = Link(rel="hub", url="https://hub.example/"), Link(rel="self", url="https://paper.example/feed")
OTHER_HUB, OTHER_TOPIC = Link(rel="hub", url="http://old.example/"), Link(rel="self", url="https://paper.example/old")
OFFER = Offer(hub=HUB.url, topic=TOPIC.url)


def test_the_header_goes_before_the_document_relation_by_relation_p25() -> None:
    assert find_offer([HUB, TOPIC], [OTHER_HUB, OTHER_TOPIC]) == OFFER
    assert find_offer([HUB], [OTHER_HUB, TOPIC]) == OFFER
    assert find_offer([], [HUB, TOPIC]) == OFFER
    assert find_offer([OTHER_HUB, HUB], [TOPIC]) == OFFER  # https where there is a choice
    assert find_offer([OTHER_HUB], [TOPIC]) == Offer(hub=OTHER_HUB.url, topic=TOPIC.url)


@pytest.mark.parametrize(
    "links",
    [
        [HUB],
        [TOPIC],
        [Link(rel="hub", url="javascript:alert(1)"), TOPIC],
        [HUB, Link(rel="self", url="file:///etc/passwd")],
        [Link(rel="hub", url="https://h.example/" + "a" * 3_000), TOPIC],
        [Link(rel="hub", url="https://[1"), TOPIC],
        [Link(rel="hub", url="https://hub.example/\x00"), TOPIC],
    ],
)
def test_half_an_offer_or_a_foreign_scheme_is_none_h21_p25(links: list[Link]) -> None:
    assert find_offer(links, []) is None


def test_a_lease_is_believed_within_bounds_p25() -> None:
    assert believe_lease(None) == WANTED_LEASE
    assert believe_lease(86_400) == timedelta(days=1)
    assert believe_lease(0) == believe_lease(-5) == SHORTEST_LEASE
    assert believe_lease(10**15) == LONGEST_LEASE


@pytest.mark.parametrize("jitter", [-1.0, 0.0, 1.0])
def test_a_renewal_leaves_time_for_a_hub_that_is_down_p25(jitter: float) -> None:
    assert timedelta(days=6) < renewal_at(WANTED_LEASE, NOW, jitter=jitter) - NOW < timedelta(days=8)


def test_a_hub_that_fails_is_asked_ever_more_rarely_p25() -> None:
    waits = [retry_at(n, NOW, jitter=0) - NOW for n in range(1, 60)]
    assert waits[:3] == [FIRST_RETRY, FIRST_RETRY * 2, FIRST_RETRY * 4]
    assert waits == sorted(waits)
    assert max(retry_at(n, NOW, jitter=1) - NOW for n in range(1, 60)) <= LONGEST_RETRY
    assert retry_at(1, NOW, jitter=0, asked=timedelta(days=3)) - NOW == timedelta(days=3)


def test_a_signature_is_one_of_the_four_over_the_very_bytes_p25() -> None:
    for algorithm in ("sha1", "sha256", "sha384", "sha512"):
        assert is_genuine("s", b"body", sign("s", b"body", algorithm=algorithm))
        assert is_genuine("s", b"body", sign("s", b"body", algorithm=algorithm).upper())
        assert not is_genuine("s", b"body ", sign("s", b"body", algorithm=algorithm))
        assert not is_genuine("t", b"body", sign("s", b"body", algorithm=algorithm))
    for junk in (None, "", "sha256", "sha256=", "md5=d41d8cd98f00b204e9800998ecf8427e", "=", "sha256=\ud800é"):
        assert not is_genuine("s", b"body", junk)


def test_hubs_are_asked_only_where_they_can_reach_us_p25() -> None:
    loopback = (ip_network("127.0.0.0/8"),)
    for url in ("https://newsroom.example", "http://192.0.2.7:8000", "http://[2001:db8::1]"):
        assert can_be_called(url)
    for url in ("http://localhost:8000", "http://127.0.0.1:8000", "http://a.localhost", "http://[::1]:8000", "http:"):
        assert not can_be_called(url)
    assert can_be_called("http://localhost:8000", loopback)
    assert not can_be_called("http://[::1]:8000", loopback)
