"""What a feed said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.model.article import Credit
from monitor.model.ids import ArticleId, CandidateId, EntryId, SourceId
from monitor.model.poll import NO_HINTS, Failure, Hints, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the feed said, as served, but for text made safe to store (H11)."""

    guid: str  # the feed's id; else the link; else a digest of title and text (H14)
    url: str | None  # absolute http(s), or None (H21)
    title: str
    published: str | None = None  # claim as served
    published_at: datetime | None = None  # the claim, where it can be read
    updated: str | None = None
    updated_at: datetime | None = None
    author: str | None = None
    summary: str | None = None  # HTML as served: never output unsanitised
    content: str | None = None  # HTML as served: never output unsanitised
    language: str | None = None
    credits: tuple[Credit, ...] = ()  # whom the feed names as the source of the words


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One document that a sitemap index names."""

    url: str
    modified: str | None = None  # lastmod as served


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed document, read."""

    format: str  # rss20, rss10, rss091, atom10, json11, ...
    title: str
    entries: tuple[Entry, ...]  # in document order, at most MAX_ENTRIES
    language: str | None = None
    id: str | None = None  # atom:id, or whatever else stands for the feed itself
    links: tuple[Link, ...] = ()  # hub and self, as the document says (WebSub 4)
    parts: tuple[Part, ...] = ()  # of a sitemap index: the documents to read next
    hints: Hints = NO_HINTS
    is_malformed: bool = False
    notes: tuple[str, ...] = ()  # limits that were applied, and the parser's complaint: for the operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Unparsable:
    """Bytes that gave no feed or no page."""

    kind: Failure  # UNPARSABLE, NOT_A_FEED, TIMEOUT or TOO_LARGE
    detail: str
    leads_to: str | None = None  # of a page that only sends its reader on: where to, absolute


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """An entry with its place in the newsroom."""

    id: EntryId
    source: SourceId
    entry: Entry
    first_seen_at: datetime
    attempt_count: int = 0  # of extracting it
    article: ArticleId | None = None  # what it led to; set already where it is extracted again, for its article to grow
    version: int = 0  # which of its texts `entry` has: 0 the first, else the number of a later one


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An entry of a source, and what became of it."""

    title: str
    url: str | None
    first_seen_at: datetime
    note: str | None  # what extraction had to say
    article: ArticleId | None
    candidate: CandidateId | None
