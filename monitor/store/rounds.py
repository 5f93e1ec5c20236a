"""The tables that every round of polls reads and writes, without the mapping of rows to objects.

A round knows them as SQL has them: what maps them (`tables.py`, which has all other tables too) takes longer to load
than hundreds of polls take.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from monitor.model import Kind, Origin, PublisherId, Source, SourceId, Tier

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite keeps it naive in UTC, PostgreSQL as timestamptz.

    It says itself how it is read and written: a hook around what SQLAlchemy has for times costs as much again, and
    every row has several.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return _as_text if dialect.name == "sqlite" else _as_utc

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], datetime | None]:  # noqa: ARG002
        return _from_text if dialect.name == "sqlite" else _as_utc


def _as_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"naive instant {value!r}: every instant is aware")
    return value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    """As SQLAlchemy spells a time for SQLite, so that old rows and new ones sort together."""
    utc = _as_utc(value)
    return None if utc is None else utc.replace(tzinfo=None).isoformat(" ", "microseconds")


def _from_text(value: str | None) -> datetime | None:
    if value is None:
        return None
    found = datetime.fromisoformat(value)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


METADATA = MetaData(naming_convention=NAMING)

SOURCES = Table(
    "sources",
    METADATA,
    Column("id", String(200), primary_key=True),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("origin", String(32), nullable=False),
    Column("tier", String(32), nullable=False),
    Column("publisher_id", String(200), ForeignKey("publishers.id"), index=True, nullable=False),
    Column("provider", String(200)),
    Column("language", String(35)),
    Column("cadence_seconds", Integer),
    Column("is_aggregator", Boolean, default=False, nullable=False),
    Column("kind", String(16), default="feed", server_default="feed", nullable=False),
    Column("selector", Text),
    Column("retired_at", Instant),
)
"""A source of feeds.yaml; one that left the file is retired, never deleted."""

POLL_STATES = Table(
    "poll_states",
    METADATA,
    Column("source_id", String(200), ForeignKey("sources.id"), primary_key=True),
    Column("url", Text, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("validators_url", Text),
    Column("due_at", Instant, nullable=False),
    Column("rule", Text, nullable=False),
    Column("interval_seconds", Float, nullable=False),
    Column("hints", JSON, nullable=False),
    Column("failure_weight", Float, default=0.0, nullable=False),
    Column("failing_since", Instant),
    Column("silent_until", Instant),
    Column("body_digest", String(64)),
    Column("last_polled_at", Instant),
    Column("last_success_at", Instant),
    Column("last_new_at", Instant),
    Column("last_outcome", Text, nullable=False),
    Column("is_gone", Boolean, default=False, nullable=False),
    Column("redirect_url", Text),
    Column("redirect_since", Instant),
    Column("redirect_count", Integer, default=0, nullable=False),
    Column("moved_at", Instant),
    Column("gone_at", Instant),
    Column("throttled_since", Instant),
    Column("feed_title", Text),
    Column("feed_id", Text),
    Column("held", JSON),  # model.Held
    Column("empty_since", Instant),
    Column("empty_count", Integer, default=0, server_default="0", nullable=False),
    Column("usual_count", Integer, default=0, server_default="0", nullable=False),
    Column("full_at", Instant),
    Column("paused_at", Instant),
    Column("paused_by", Text),
    Column(
        "entry_count", Integer, default=0, server_default="0", nullable=False
    ),  # counting entries reads the whole history
    Column("cursor", JSON),
    Column("pushed_until", Instant),
    Column(
        "host", String(255), default="", server_default="", index=True, nullable=False
    ),  # of url: whose silence it shares
    Column("lease_owner", String(64)),
    Column("leased_until", Instant),
    Index(None, "due_at", "source_id"),  # the order in which sources are taken
)
"""`model.PollState`, and the lease under which one worker polls."""

CONDITIONS = Table(
    "conditions",
    METADATA,
    Column("source_id", String(200), ForeignKey("sources.id"), primary_key=True),
    Column("health", String(16), nullable=False),  # model.Health
    Column("place", Integer, nullable=False),  # of health among the states: what asks most of a person is 0
    Column("sort_name", Text, nullable=False),  # casefolded, as what is searched
    Column("said", Text, nullable=False),
    Column("judge_at", Instant, index=True),  # null: time alone changes nothing
    Index(None, "place", "sort_name", "source_id"),  # the order of the list
)
"""How a source was last judged to be doing: what the list of sources is sorted, filtered and counted by."""

SOURCE_DAYS = Table(
    "source_days",
    METADATA,
    Column("source_id", String(200), ForeignKey("sources.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("poll_count", Integer, default=0, nullable=False),
    Column("error_count", Integer, default=0, nullable=False),
    Column("new_entry_count", Integer, default=0, nullable=False),
)
"""What one UTC day of polls brought: the picture of a month, without reading every poll of it."""

HOSTS = Table(
    "hosts",
    METADATA,
    Column("host", String(255), primary_key=True),
    Column("silent_until", Instant, nullable=False),
)
"""A host that asked for silence (P9)."""

POLLS = Table(
    "polls",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("source_id", String(200), ForeignKey("sources.id"), nullable=False),
    Column("polled_at", Instant, nullable=False),
    Column("outcome", String(32), nullable=False),  # new, unchanged, not-modified, throttled, gone, or a Failure
    Column("detail", Text, nullable=False),
    Column("status", Integer),
    Column("new_entry_count", Integer, default=0, nullable=False),
    Index(None, "source_id", "polled_at"),
)
"""One line per poll: the source's history, append-only."""


SITEMAPS = Table(
    "sitemaps",
    METADATA,
    Column("source_id", String(200), ForeignKey("sources.id"), primary_key=True),
    Column("url_digest", String(64), primary_key=True),  # SHA-256 of url
    Column("url", Text, nullable=False),
    Column("index_url", Text),  # of the index that names it; null: the source's own document
    Column("depth", Integer, default=0, nullable=False),
    Column("listed", Text),  # lastmod as the index last said
    Column("is_listed", Boolean, default=True, nullable=False),
    Column("absent_at", Instant),
    Column("modified", Text),  # lastmod when it was last read
    Column("asked_at", Instant),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("validators_url", Text),
    Column("body_digest", String(64)),
    Column("failure_count", Integer, default=0, nullable=False),
    Column("known", LargeBinary),  # the set of its URLs as sorted 8-byte digests; null: never read
)
"""`model.SitemapDocument`, and which of its URLs were there before."""


ENTRIES = Table(
    "entries",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("source_id", String(200), ForeignKey("sources.id"), nullable=False),
    Column("guid", Text, nullable=False),
    Column("guid_digest", String(64), nullable=False),  # SHA-256 of guid: keys stay short
    Column("url", Text),
    Column("title", Text, nullable=False),
    Column("published", Text),
    Column("published_at", Instant),
    Column("updated", Text),
    Column("updated_at", Instant),
    Column("author", Text),
    Column("summary", Text),
    Column("content", Text),
    Column("language", String(35)),
    Column("credits", JSON),  # model.Credit; null: none
    Column("digest", String(64), nullable=False),  # of title, url, summary and content as first served
    Column("first_seen_at", Instant, nullable=False),
    Column("article_id", Integer, ForeignKey("articles.id"), index=True),
    Column("attempt_count", Integer, default=0, nullable=False),
    Column("extract_due_at", Instant, index=True),  # null: nothing left to do
    Column("extract_note", Text),
    Column("lease_owner", String(64)),
    Column("leased_until", Instant),
    UniqueConstraint("source_id", "guid_digest"),
    Index(None, "source_id", "id"),  # what a source brought last
)
"""An entry as first served, with where its extraction stands. Work for `extract`: article_id is null, due."""

ENTRY_VERSIONS = Table(
    "entry_versions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("entry_id", Integer, ForeignKey("entries.id"), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text),
    Column("summary", Text),
    Column("content", Text),
    Column("updated", Text),
    Column("seen_at", Instant, nullable=False),
    UniqueConstraint("entry_id", "digest"),
)
"""What a feed said later about the same entry: kept beside it, not over it (H16)."""

SUBSCRIPTIONS = Table(
    "subscriptions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("source_id", String(200), ForeignKey("sources.id"), unique=True, nullable=False),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("token", String(64), unique=True, nullable=False),  # of the callback: nobody can guess it
    Column("secret", String(64), nullable=False),  # the hub signs with it
    Column("status", String(16), nullable=False),
    Column("named_by", Text, nullable=False),  # the URL whose answer named hub and topic: another one is a move
    Column("requested_at", Instant),
    Column("lease_until", Instant),
    Column("due_at", Instant, index=True),  # when to ask the hub next
    Column("attempt_count", Integer, default=0, nullable=False),
    Column("last_push_at", Instant),
    Column("read_at", Instant),  # when its deliveries were last read: at most so often
    Column("note", Text),  # what the hub last said
)
"""`model.Subscription`: WebSub, one per source whose feed names a hub (P25)."""


def source_of(row: Any) -> Source:
    """The noun of a row, read as an object or as columns."""
    return Source(
        id=SourceId(row.id),
        name=row.name,
        url=row.url,
        origin=Origin(row.origin),
        tier=Tier(row.tier),
        publisher=PublisherId(row.publisher_id),
        provider=row.provider,
        language=row.language,
        cadence=None if row.cadence_seconds is None else timedelta(seconds=row.cadence_seconds),
        kind=Kind(row.kind),
        selector=row.selector,
        is_aggregator=row.is_aggregator,
    )
