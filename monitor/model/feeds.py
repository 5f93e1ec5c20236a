"""What a feed is called, and what stands where a wire was taken down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.ids import WireId
from monitor.model.subscriber import Wanted


class FeedFormat(StrEnum):
    """In what a feed is written; also the ending of its address."""

    ATOM = "atom"
    RSS = "rss"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAddress:
    """One document of a feed: what it subscribes to, or one of its archives (RFC 5005)."""

    wanted: Wanted
    format: FeedFormat
    archive: int | None = None  # from 1, the oldest; None: the subscription document


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEvent:
    """A line of a feed's log: readers saw this revision, or saw the wire go. Lines are only ever added."""

    position: int  # in this feed, from 1
    wire: WireId
    revision: int  # its number; 0: the wire was taken down
    at: datetime  # the entry's date: that of the revision, or of the take-down


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFeed:
    """A combined feed that somebody asked for, and that is kept current since."""

    wanted: Wanted
    asked_at: datetime
    event_count: int


class TakeDownReason(StrEnum):
    """Why readers may not see a wire any more; they are told this much and no more."""

    ORDER = "order"
    PRIVACY = "privacy"
    RIGHTS = "rights"
    SAFETY = "safety"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDown:
    """A wire that readers saw and see no more. Its address says so for ever (410), its feeds carry a tombstone."""

    wire: WireId
    tag: str
    slug: str
    at: datetime
    who: str
    reason: TakeDownReason
    note: str  # for the newsroom's own record; never shown to readers
