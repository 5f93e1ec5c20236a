"""What a page said, and the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.ids import ArticleId, PublisherId, SourceId
from monitor.model.source import Origin, Tier


class CreditKind(StrEnum):
    """In what manner an article says that its words, or part of them, are another's."""

    AGENCY = "agency"  # a news agency's name in the byline, the dateline or at the foot
    DC_SOURCE = "dc-source"  # the feed's dc:source, source or atom:source; the page's sourceOrganization and the like
    SYNDICATION = "syndication"  # a link that leads to the original: rel=syndication, rel=canonical of another site
    VIA = "via"  # "via …", rel=via
    REPUBLISHED = "republished"  # "this story was originally published by …", a press release's own service
    TRANSLATED = "translated"  # "translated from …", hreflang
    RETELLS = "retells"  # "first reported by …": words of its own about another's report


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Where an article says its words come from: evidence that it is a copy, never proof."""

    kind: CreditKind
    name: str  # as the register of agencies spells it, else as said; a host where only a link was found
    url: str | None = None  # canonical, where a link leads to the original or to whom is credited
    quote: str = ""  # the words or the markup by which it was found, for an editor to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What an article's page said."""

    canonical_url: str | None  # rel=canonical or og:url, absolute and canonical; None where the page names none
    title: str | None
    text: str  # paragraphs parted by newlines; may be empty
    author: str | None = None
    published: str | None = None  # claim as found
    published_at: datetime | None = None
    language: str | None = None
    site_name: str | None = None
    notes: tuple[str, ...] = ()  # limits that were applied, characters that were lost: for the operator
    credits: tuple[Credit, ...] = ()
    addresses: tuple[str, ...] = ()  # canonical, of the same site: where else it says that it is found (AMP, mobile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The evidence: the page's bytes as served, kept compressed under their digest."""

    digest: str  # SHA-256 of the decoded body, hex
    url: str  # answered
    fetched_at: datetime
    content_type: str | None
    size_bytes: int  # of the decoded body


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusUpdate:
    """One entry in the timeline of an outage, as the status page wrote it."""

    at: datetime | None  # the page's claim; None where it cannot be read
    state: str  # "Investigating", "Resolved", ... as served
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """An article on its way into the database."""

    canonical_url: str
    url: str  # as an editor should open it
    title: str
    text: str
    author: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    publisher: PublisherId
    publisher_name: str
    source: SourceId | None  # first source that led here; None for an archive
    origin: Origin
    tier: Tier
    first_seen_at: datetime
    note: str | None = None  # e.g. "text from the feed: the page answered 403"
    timeline: tuple[StatusUpdate, ...] = ()  # of an outage, oldest first
    credits: tuple[Credit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The page behind an entry: one per canonical URL, for ever."""

    id: ArticleId
    canonical_url: str
    url: str
    title: str
    text: str
    author: str | None = None
    published_at: datetime | None = None  # the publisher's claim
    language: str | None = None
    publisher: PublisherId
    publisher_name: str
    source: SourceId | None
    origin: Origin
    tier: Tier
    first_seen_at: datetime
    note: str | None = None
    snapshot: Snapshot | None = None
    timeline: tuple[StatusUpdate, ...] = ()  # of an outage, oldest first
    credits: tuple[Credit, ...] = ()
    version_count: int = 0  # later texts of its page that are kept beside this first one

    @property
    def told_at(self) -> datetime:
        """The earlier of the publisher's claim and our first sight: a future date never jumps a queue (H17)."""
        return self.first_seen_at if self.published_at is None else min(self.published_at, self.first_seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleVersion:
    """What an article's page said at a later time, kept beside what it said first."""

    number: int  # 1 is the first change
    title: str
    text: str
    seen_at: datetime
    snapshot: str | None  # digest of the page as served; None where the text is the feed's
    note: str | None = None
