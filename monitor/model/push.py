"""What a hub is asked for, and what it delivers (WebSub)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.ids import SourceId


class SubscriptionStatus(StrEnum):
    """How far a hub and we are with each other."""

    PENDING = "pending"  # to be asked for, or asked for and not confirmed
    ACTIVE = "active"  # the hub has confirmed and is bound until the lease ends
    RENEWING = "renewing"  # active, and asked for anew
    DENIED = "denied"  # the hub will not; asked again only when another hub or topic is named
    LEAVING = "leaving"  # to be ended, or its end asked for and not confirmed
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a feed says of itself: who delivers it, and under which name."""

    hub: str
    topic: str  # its rel=self


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A subscription to the feed of one source (P25)."""

    source: SourceId
    hub: str
    topic: str
    token: str  # of the callback's URL: nobody can guess it
    secret: str  # the hub signs with it
    status: SubscriptionStatus
    named_by: str  # the URL whose answer named hub and topic
    requested_at: datetime | None = None
    lease_until: datetime | None = None
    due_at: datetime | None = None  # when to ask the hub next; None where nothing is left to ask
    attempt_count: int = 0  # questions in a row that the hub did not confirm
    last_push_at: datetime | None = None
    note: str | None = None  # what the hub last said


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A document that a hub delivered and nobody has read yet."""

    id: int
    source: SourceId
    received_at: datetime
    content_type: str | None
    body: bytes
