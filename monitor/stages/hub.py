"""WebSub (P25): what a feed offers, how long a lease is believed, when to ask again, and whether a delivery is genuine.

Pure; section numbers are those of the W3C Recommendation of 23 January 2018.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import urlsplit

from monitor.model import Kind, Link, Offer, PollState

WANTED_LEASE = timedelta(days=10)  # what we ask for; the hub decides (5.1)
SHORTEST_LEASE, LONGEST_LEASE = timedelta(minutes=10), timedelta(days=30)  # what we believe of what it says
RENEW_AFTER = 0.7  # of the lease: on ten days that leaves three for a hub that is down
UNCONFIRMED_AFTER = timedelta(hours=1)  # a hub that took the question and never came back is asked anew
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=15), timedelta(hours=24)
FALTERING_AFTER = 3  # questions in a row without an answer: its deliveries are no longer relied on
GIVEN_UP_AFTER = 4  # goodbyes that a hub did not confirm: its lease runs out by itself
JITTER = 0.1
PUSHED_KINDS = (Kind.FEED, Kind.STATUS)  # what a hub delivers is a feed
_MAX_URL = 2_048
_ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}


def find_offer(header: Sequence[Link], document: Sequence[Link]) -> Offer | None:
    """The hub and the topic that an answer names: the Link header goes before the document (4).

    None where either is missing: a topic that is guessed is not what the hub knows. Of several hubs the first that can
    be asked over https is taken, else the first.
    """
    hubs = _named("hub", header) or _named("hub", document)
    topics = _named("self", header) or _named("self", document)
    if not hubs or not topics:
        return None
    return Offer(hub=next((url for url in hubs if url.startswith("https:")), hubs[0]), topic=topics[0])


def _named(rel: str, links: Sequence[Link]) -> list[str]:
    return [link.url for link in links if link.rel == rel and _is_web(link.url)]


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_sound = len(url) <= _MAX_URL and url.isprintable() and " " not in url
    return is_sound and parts.scheme in ("http", "https") and bool(parts.hostname)


def can_be_called(base_url: str, allow: Sequence[IPv4Network | IPv6Network] = ()) -> bool:
    """Whether hubs reach callbacks under `base_url`: not where it is this machine alone, unless `allow` covers it."""
    host = urlsplit(base_url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        host = "127.0.0.1"
    try:
        address = ip_address(host)
    except ValueError:
        return bool(host)
    if not (address.is_loopback or address.is_unspecified):
        return True
    return any(address in network for network in allow)


def believe_lease(seconds: int | None) -> timedelta:
    """The lease that a hub confirmed; nonsense is brought within bounds, and silence means what we asked for (5.3)."""
    if seconds is None:
        return WANTED_LEASE
    return min(max(timedelta(seconds=min(max(seconds, 0), 10**9)), SHORTEST_LEASE), LONGEST_LEASE)


def renewal_at(lease: timedelta, now: datetime, *, jitter: float) -> datetime:
    """When to ask for the next lease, well before this one ends."""
    return now + lease * RENEW_AFTER * (1 + JITTER * jitter)


def retry_at(attempt_count: int, now: datetime, *, jitter: float, asked: timedelta | None = None) -> datetime:
    """When to ask a hub again that failed `attempt_count` times in a row; `asked` is its Retry-After."""
    wait = min(FIRST_RETRY * 2.0 ** min(attempt_count - 1, 10), LONGEST_RETRY / (1 + JITTER))
    return now + max(wait * (1 + JITTER * jitter), asked or timedelta())


def sign(secret: str, body: bytes, *, algorithm: str = "sha256") -> str:
    """X-Hub-Signature of a body (7); raises KeyError for an algorithm that the Recommendation does not name."""
    return f"{algorithm}={hmac.new(secret.encode(), body, _ALGORITHMS[algorithm]).hexdigest()}"


def is_genuine(secret: str, body: bytes, signature: str | None) -> bool:
    """Whether `signature` is that of `body` under `secret`; compared in constant time. No signature is none."""
    algorithm, _, given = (signature or "").strip().partition("=")
    if algorithm.lower() not in _ALGORITHMS:
        return False
    expected = sign(secret, body, algorithm=algorithm.lower()).partition("=")[2]
    return hmac.compare_digest(expected.encode(), given.strip().lower().encode("utf-8", "replace"))


def take_in(state: PollState, *, new_entry_count: int, lease_until: datetime | None, now: datetime) -> PollState:
    """Where a source stands after its hub delivered: the next poll stays when it was, and so do the validators (P1)."""
    news = f"{new_entry_count or 'no'} new {'entry' if new_entry_count == 1 else 'entries'}"
    return replace(
        state,
        entry_count=state.entry_count + new_entry_count,
        last_new_at=now if new_entry_count else state.last_new_at,
        last_outcome=f"delivered by its hub, {news}",
        pushed_until=lease_until if lease_until is not None and lease_until > now else None,
    )
