"""What is asked of the web, what it answers, and where a source stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

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
    LOGIN = "login"  # a mailbox: no password, a wrong one, or no such user


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One thing to ask of the web."""

    url: str
    validators: Validators = NO_VALIDATORS
    validators_url: str | None = None  # the address that gave them, and the only one they go to; None means `url`
    accept: str = "*/*"
    max_bytes: int = 5_000_000  # of the decoded body
    obeys_robots: bool = False
    takes_delta: bool = False  # A-IM: feed, together with validators (RFC 3229, P20)
    form: tuple[tuple[str, str], ...] | None = None  # POST these, form-encoded, instead of GET: only to a hub
    json: bytes | None = None  # POST this document instead: only to a webhook, and to no redirect of it
    headers: tuple[tuple[str, str], ...] = ()  # beside those of every request; only with `json`


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxRequest:
    """A mailbox to look into; its password is found by whoever asks, and stands in no noun."""

    source: SourceId
    url: str  # imaps://desk%40example.org@imap.example.org/INBOX (RFC 5092), without a password
    cursor: dict[str, Any] | None = None  # what the last visit said; None: never visited


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect that was followed."""

    status: int  # 301, 302, 303, 307 or 308
    url: str  # where it pointed, absolute


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link of a Link header (RFC 8288) or of a feed document."""

    rel: str  # one relation, lower case
    url: str  # absolute


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A 200 with its whole body, or a 226 with what is new (`is_delta`)."""

    url: str  # asked for
    final_url: str  # answered, after `hops`
    hops: tuple[Hop, ...] = ()
    body: bytes  # decoded
    content_type: str | None  # as served
    validators: Validators
    fresh_for: timedelta | None = None  # Cache-Control max-age less Age, or Expires (P7); None where not said
    retry_after: timedelta | None = None
    status: int = 200
    is_delta: bool = False  # 226: entries that are absent are still there (RFC 3229, P20)
    links: tuple[Link, ...] = ()  # of the Link header, hub and self only
    messages: tuple[bytes, ...] = ()  # of a mailbox, oldest first, each as served; `body` is then empty
    cursor: dict[str, Any] | None = None  # of a mailbox: how far it was read
    notes: tuple[str, ...] = ()  # of a mailbox: limits that were applied
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """A 304; `validators` holds only what it renewed (P3). Of a mailbox: no message has come."""

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


NEVER_POLLED = "never polled"  # also of an address that has just replaced another


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
    last_outcome: str = NEVER_POLLED  # what the last answer was, in words; of the address that is polled now
    is_gone: bool = False  # 410
    redirect_url: str | None = None  # permanent target seen, not yet learnt (P15)
    redirect_since: datetime | None = None
    redirect_count: int = 0
    moved_at: datetime | None = None  # when `url` became another than the configured one
    gone_at: datetime | None = None
    throttled_since: datetime | None = None  # first of the answers in a row that asked for silence
    feed_title: str | None = None  # as the feed names itself: what H19 compares
    feed_id: str | None = None
    held: Held | None = None  # a change so large that an operator is asked first (H19)
    empty_since: datetime | None = None  # first of the readings in a row that found nothing, where once was something
    empty_count: int = 0
    usual_count: int = 0  # entries of the last document that had some
    full_at: datetime | None = None  # last answer with a body, or question without conditions (P24)
    paused_at: datetime | None = None
    paused_by: str | None = None
    entry_count: int = 0  # that it ever brought
    cursor: dict[str, Any] | None = None  # how far a mailbox was read, and the like; opaque here
    pushed_until: datetime | None = None  # until when a hub that has delivered is bound to go on: polls are a net (P25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A document that is no longer the source it was: nothing of it is stored until somebody says so (H19)."""

    since: datetime
    title: str  # what it now calls itself
    feed_id: str | None
    entry_titles: tuple[str, ...]  # the first few, to judge by


class Health(StrEnum):
    """The named state of a source. Their order is that of a list: what asks most of a person stands first."""

    HELD_BACK = "held back"
    GONE = "gone"
    NOT_A_FEED = "not a feed"
    SILENT_ZERO = "silent zero"  # it answers, and what it answers is empty
    FAILING = "failing"
    MOVED = "moved"  # a permanent redirect was learnt: feeds.yaml still has the old URL
    QUIET = "quiet"  # silent for longer than its own rhythm explains
    THROTTLED = "throttled"
    PAUSED = "paused"
    NEW = "new"
    HEALTHY = "healthy"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The named state of a source, so that a person can act on it."""

    health: Health
    since: datetime | None
    why: str  # one sentence
    next_step: str  # what happens next, or what the operator can do
    next_at: datetime | None  # when; None where nothing happens by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The name of a source's state, as kept for the list of all."""

    source: SourceId
    health: Health
    until: datetime | None  # when time alone may change it; None: only an answer or a person does


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDay:
    """What one UTC day brought."""

    day: date
    poll_count: int = 0
    error_count: int = 0
    new_entry_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveDays:
    """The UTC days of some span on which a source brought something."""

    first: date | None = None  # day of the span on which it was asked; None where never
    active: tuple[date, ...] = ()  # ascending
    last_error: date | None = None  # day on which a poll failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a source usually brings something; from its own past."""

    usual_gap: timedelta | None  # the median time between days with news; None where too little is known
    active_days: int  # days with news among `observed_days`
    observed_days: int
    long_gap: timedelta | None = None  # nine of ten gaps are no longer than this
    is_busy: bool = False  # brings something almost every day, weekends too
    untroubled_since: date | None = None  # the first day after the last with an error; None: that was today


NO_RHYTHM = Rhythm(usual_gap=None, active_days=0, observed_days=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPoll:
    """One line of a source's history."""

    polled_at: datetime
    outcome: str
    detail: str
    status: int | None
    new_entry_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """A source and all that is stored of how it is doing: what a report is judged from."""

    source: Source
    publisher_name: str
    state: PollState
    host_silent_until: datetime | None
    retired_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one poll came to: where the source now stands, and its line in the history."""

    state: PollState
    before: PollState | None = None  # as it was stored when the poll began; None: not known, and all of it is written
    polled_at: datetime
    outcome: str
    detail: str
    status: int | None = None
    new_entry_count: int = 0
    is_error: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """A source as the desk and `monitor sources` show it."""

    source: Source
    publisher_name: str
    state: PollState
    condition: Condition
    rhythm: Rhythm = NO_RHYTHM
    days: tuple[SourceDay, ...] = ()  # the last 30, oldest first; those without a poll are left out, or all are
    entry_count: int
    retired_at: datetime | None = None

    @property
    def health(self) -> Health:
        """The name of its condition."""
        return self.condition.health
