"""What is asked of the web, what it answers, and where a source stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model.ids import SourceId
from monitor.model.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask with next time; opaque, echoed byte for byte (RFC 9110 13.1, P2)."""

    etag: str | None = None
    last_modified: str | None = None


NO_VALIDATORS = Validators()


class Failure(StrEnum):
    """Why a fetch failed. The value is what an operator reads; a sentence with details goes beside it."""

    REFUSED_ADDRESS = "refused-address"  # private, loopback or otherwise not ours to ask (H1-H3)
    BAD_URL = "bad-url"  # not http or https, or not a URL (P16)
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"  # the deadline of the whole exchange passed (H6)
    PROTOCOL = "protocol"  # not HTTP, false lengths, too many headers (H7)
    TOO_LARGE = "too-large"  # encoded or decoded body over the cap (H5)
    ENCODING = "encoding"  # a content coding that was not asked for, or broken
    REDIRECT = "redirect"  # loop, over 5 hops, missing Location (P16)
    NOT_FOUND = "not-found"  # 404
    CLIENT_ERROR = "client-error"  # other 4xx
    SERVER_ERROR = "server-error"  # 5xx
    UNPARSABLE = "unparsable"  # fetched, but the parser refused or died
    NOT_A_FEED = "not-a-feed"  # fetched, and it is something else (H18)
    ROBOTS = "robots"  # robots.txt asks us to stay away (P21)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One thing to ask of the web."""

    url: str
    validators: Validators = NO_VALIDATORS
    validators_url: str | None = None  # the address that gave them, and the only one they go to; None means `url`
    accept: str = "*/*"
    max_bytes: int = 5_000_000  # of the decoded body
    obeys_robots: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect that was followed."""

    status: int  # 301, 302, 303, 307 or 308
    url: str  # where it pointed, absolute


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A 200 with its whole body."""

    url: str  # asked for
    final_url: str  # answered, after `hops`
    hops: tuple[Hop, ...] = ()
    body: bytes  # decoded
    content_type: str | None  # as served
    validators: Validators
    fresh_for: timedelta | None = None  # Cache-Control max-age less Age, or Expires (P7); None where not said
    retry_after: timedelta | None = None
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """A 304; `validators` holds only what it renewed (P3)."""

    url: str
    final_url: str
    hops: tuple[Hop, ...] = ()
    validators: Validators
    fresh_for: timedelta | None = None
    retry_after: timedelta | None = None
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttled:
    """429, or any answer whose Retry-After asks for silence without giving a body (P8, P9)."""

    url: str
    host: str
    status: int
    retry_after: timedelta | None
    silences_host: bool  # 429 silences the host, 503 only the source
    fetched_at: datetime
    was_asked: bool = True  # False: nothing was sent, the host had asked for silence a moment before (P9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """410: stop, keep everything, tell the operator (P14)."""

    url: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Anything else; nothing is stored but the failure."""

    url: str
    kind: Failure
    detail: str  # one line, safe to show and to log
    status: int | None = None
    retry_after: timedelta | None = None
    fetched_at: datetime


FetchOutcome = Fetched | NotModified | Throttled | Gone | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a feed document says about how often to come back (P10); nonsense is already dropped."""

    ttl: timedelta | None = None
    update_every: timedelta | None = None  # sy:updatePeriod / sy:updateFrequency
    skip_hours: frozenset[int] = frozenset()  # 0-23, GMT
    skip_days: frozenset[int] = frozenset()  # 0 = Monday


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """Where a source stands: what decides the next poll, and what an operator wants to know."""

    source: SourceId
    url: str  # polled now: the configured one, or a learnt redirect target (P15)
    validators: Validators = NO_VALIDATORS
    validators_url: str | None = None  # the address that gave them: after a redirect not `url` (P5)
    due_at: datetime
    rule: str = "new source"  # which rule decided due_at, in words (P26)
    interval: timedelta = timedelta(hours=1)  # the cadence's own idea, before rules lengthen it
    hints: Hints = NO_HINTS
    failure_weight: float = 0.0  # 1 per failure, 404 half, DNS a quarter (P13); 0 after a success
    failing_since: datetime | None = None
    silent_until: datetime | None = None  # Retry-After of this source
    body_digest: str | None = None  # of the last parsed body: an unchanged one never reaches the parser
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None  # last poll that brought an entry
    last_outcome: str = "never polled"  # what the last answer was, in words
    is_gone: bool = False  # 410
    redirect_url: str | None = None  # permanent target seen, not yet learnt (P15)
    redirect_since: datetime | None = None
    redirect_count: int = 0


class Health(StrEnum):
    """The named state of a source."""

    NEW = "new"
    HEALTHY = "healthy"
    QUIET = "quiet"
    FAILING = "failing"
    THROTTLED = "throttled"
    GONE = "gone"
    NOT_A_FEED = "not a feed"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """A source as the desk and `monitor sources` show it."""

    source: Source
    publisher_name: str
    state: PollState
    health: Health
    entry_count: int
    retired_at: datetime | None = None
