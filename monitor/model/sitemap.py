"""The documents of a sitemap source, and what was read of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.model.entry import Entry, Part
from monitor.model.poll import NO_VALIDATORS, Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapDocument:
    """Where one document of a sitemap source stands: the one that feeds.yaml names, or one that an index names."""

    url: str
    index_url: str | None = None  # of the index that names it; None: the source's own document
    depth: int = 0  # indexes above it
    listed: str | None = None  # lastmod as the index last said
    is_listed: bool = True  # the index still names it
    absent_at: datetime | None = None  # when its index was last read without it; None: it was there from the first
    modified: str | None = None  # lastmod when it was last read, or was found too old to be worth it
    asked_at: datetime | None = None
    validators: Validators = NO_VALIDATORS
    validators_url: str | None = None  # the address that gave them (P5)
    body_digest: str | None = None
    failure_count: int = 0  # in a row
    is_read: bool = False  # at least once: what it names is known


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSitemap:
    """One document of a sitemap source, read against what it named before."""

    format: str  # sitemap, news-sitemap, text-sitemap, sitemap-index
    entries: tuple[Entry, ...] = ()  # the new ones, in document order, at most MAX_ENTRIES
    parts: tuple[Part, ...] = ()  # of an index
    known: bytes = b""  # the digests of all that it names or named, sorted, 8 bytes each
    url_count: int = 0  # that it names now
    shared_count: int = 0  # of these, how many were known
    is_malformed: bool = False
    notes: tuple[str, ...] = ()
