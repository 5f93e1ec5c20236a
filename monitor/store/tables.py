"""The tables. Migrations read this metadata; rows are suffixed `Row` and never leave `store`.

Conventions: ids are integers unless a person named the thing; instants are aware UTC; whatever is a list of words that
no query filters by is JSON. What must never change (decisions, published revisions, snapshots, the audit) is also
guarded by a trigger on both databases, so that no bug of ours can rewrite it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from monitor.store import rounds
from monitor.store.rounds import Instant as Instant


class Row(DeclarativeBase):
    """Base of all rows."""

    metadata = rounds.METADATA
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own form
        datetime: Instant,
        date: Date,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        bytes: LargeBinary,
    }


def _told_at(context: Any) -> datetime:
    """`model.Article.told_at` of the row that is being inserted."""
    given = context.get_current_parameters()
    first_seen_at: datetime = given["first_seen_at"]
    return min(first_seen_at, given.get("published_at") or first_seen_at)


def _machine_time() -> datetime:
    return datetime.now(UTC)


class NewsroomRow(Row):
    """One row: what was fixed when the newsroom was founded."""

    __tablename__ = "newsroom"
    id: Mapped[int] = mapped_column(primary_key=True)
    tag_authority: Mapped[str] = mapped_column(String(255))
    founded_on: Mapped[date]
    founded_at: Mapped[datetime]


# --- source -----------------------------------------------------------------------------------------------------


class PublisherRow(Row):
    __tablename__ = "publishers"
    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Text)


class PublisherDomainRow(Row):
    """Hosts that speak with a publisher's voice."""

    __tablename__ = "publisher_domains"
    domain: Mapped[str] = mapped_column(String(255), primary_key=True)
    publisher_id: Mapped[str] = mapped_column(ForeignKey("publishers.id"), index=True)


class SourceRow(Row):
    """A source of feeds.yaml; one that left the file is retired, never deleted."""

    __table__ = rounds.SOURCES
    id: Mapped[str]
    name: Mapped[str]
    url: Mapped[str]
    origin: Mapped[str]
    tier: Mapped[str]
    publisher_id: Mapped[str]
    provider: Mapped[str | None]
    language: Mapped[str | None]
    cadence_seconds: Mapped[int | None]
    is_aggregator: Mapped[bool]
    kind: Mapped[str]
    selector: Mapped[str | None]
    retired_at: Mapped[datetime | None]


class PollStateRow(Row):
    """`model.PollState`, and the lease under which one worker polls."""

    __table__ = rounds.POLL_STATES
    source_id: Mapped[str]
    url: Mapped[str]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    validators_url: Mapped[str | None]
    due_at: Mapped[datetime]
    rule: Mapped[str]
    interval_seconds: Mapped[float]
    hints: Mapped[dict[str, Any]]
    failure_weight: Mapped[float]
    failing_since: Mapped[datetime | None]
    silent_until: Mapped[datetime | None]
    body_digest: Mapped[str | None]
    last_polled_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    last_new_at: Mapped[datetime | None]
    last_outcome: Mapped[str]
    is_gone: Mapped[bool]
    redirect_url: Mapped[str | None]
    redirect_since: Mapped[datetime | None]
    redirect_count: Mapped[int]
    moved_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]
    throttled_since: Mapped[datetime | None]
    feed_title: Mapped[str | None]
    feed_id: Mapped[str | None]
    held: Mapped[dict[str, Any] | None]
    empty_since: Mapped[datetime | None]
    empty_count: Mapped[int]
    usual_count: Mapped[int]
    full_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    paused_by: Mapped[str | None]
    entry_count: Mapped[int]
    cursor: Mapped[dict[str, Any] | None]
    pushed_until: Mapped[datetime | None]
    host: Mapped[str]
    lease_owner: Mapped[str | None]
    leased_until: Mapped[datetime | None]


class ConditionRow(Row):
    """How a source was last judged to be doing: what the list of sources is sorted, filtered and counted by."""

    __table__ = rounds.CONDITIONS
    source_id: Mapped[str]
    health: Mapped[str]
    place: Mapped[int]
    sort_name: Mapped[str]
    said: Mapped[str]
    judge_at: Mapped[datetime | None]


class SourceDayRow(Row):
    """What one UTC day of polls brought: the picture of a month, without reading every poll of it."""

    __table__ = rounds.SOURCE_DAYS
    source_id: Mapped[str]
    day: Mapped[date]
    poll_count: Mapped[int]
    error_count: Mapped[int]
    new_entry_count: Mapped[int]


class SitemapRow(Row):
    """`model.SitemapDocument`, and which of its URLs were there before."""

    __table__ = rounds.SITEMAPS
    source_id: Mapped[str]
    url_digest: Mapped[str]
    url: Mapped[str]
    index_url: Mapped[str | None]
    depth: Mapped[int]
    listed: Mapped[str | None]
    is_listed: Mapped[bool]
    absent_at: Mapped[datetime | None]
    modified: Mapped[str | None]
    asked_at: Mapped[datetime | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    validators_url: Mapped[str | None]
    body_digest: Mapped[str | None]
    failure_count: Mapped[int]
    known: Mapped[bytes | None]


class SubscriptionRow(Row):
    """`model.Subscription`: WebSub, one per source whose feed names a hub (P25)."""

    __table__ = rounds.SUBSCRIPTIONS
    id: Mapped[int]
    source_id: Mapped[str]
    hub: Mapped[str]
    topic: Mapped[str]
    token: Mapped[str]
    secret: Mapped[str]
    status: Mapped[str]
    named_by: Mapped[str]
    requested_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    attempt_count: Mapped[int]
    last_push_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    note: Mapped[str | None]


class PushRow(Row):
    """A document that a hub delivered, until it is read: taken in at once, read by whoever polls (P25)."""

    __tablename__ = "pushes"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), index=True)
    received_at: Mapped[datetime]
    content_type: Mapped[str | None] = mapped_column(Text)
    body: Mapped[bytes]


class OutboxRow(Row):
    """A message that must leave, written in the transaction of its cause and sent afterwards (F11)."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)  # of idempotency: the same cause is one message
    channel: Mapped[str] = mapped_column(String(32))  # alert; later webhook, hub, digest
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # null: delivered, or given up
    attempt_count: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(Text)  # why it was not delivered yet
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    leased_until: Mapped[datetime | None]


class AlertRow(Row):
    """A trouble of a source that the operator was told of: at most once a day, and its end once."""

    __tablename__ = "alerts"
    source_id: Mapped[str] = mapped_column(ForeignKey("sources.id"), primary_key=True)
    health: Mapped[str] = mapped_column(String(16), primary_key=True)  # model.Health
    said_at: Mapped[datetime]  # last
    ended_at: Mapped[datetime | None]  # when its end was told; null: it still stands


class HostRow(Row):
    """A host that asked for silence (P9)."""

    __table__ = rounds.HOSTS
    host: Mapped[str]
    silent_until: Mapped[datetime]


class PollRow(Row):
    """One line per poll: the source's history, append-only."""

    __table__ = rounds.POLLS
    id: Mapped[int]
    source_id: Mapped[str]
    polled_at: Mapped[datetime]
    outcome: Mapped[str]
    detail: Mapped[str]
    status: Mapped[int | None]
    new_entry_count: Mapped[int]


# --- entry and article ------------------------------------------------------------------------------------------


class EntryRow(Row):
    """An entry as first served, with where its extraction stands. Work for `extract`: article_id is null, due."""

    __table__ = rounds.ENTRIES
    id: Mapped[int]
    source_id: Mapped[str]
    guid: Mapped[str]
    guid_digest: Mapped[str]
    url: Mapped[str | None]
    title: Mapped[str]
    published: Mapped[str | None]
    published_at: Mapped[datetime | None]
    updated: Mapped[str | None]
    updated_at: Mapped[datetime | None]
    author: Mapped[str | None]
    summary: Mapped[str | None]
    content: Mapped[str | None]
    language: Mapped[str | None]
    credits: Mapped[list[Any] | None]
    digest: Mapped[str]
    first_seen_at: Mapped[datetime]
    article_id: Mapped[int | None]
    attempt_count: Mapped[int]
    extract_due_at: Mapped[datetime | None]
    extract_note: Mapped[str | None]
    lease_owner: Mapped[str | None]
    leased_until: Mapped[datetime | None]


class EntryVersionRow(Row):
    """What a feed said later about the same entry: kept beside it, not over it (H16)."""

    __table__ = rounds.ENTRY_VERSIONS
    id: Mapped[int]
    entry_id: Mapped[int]
    digest: Mapped[str]
    title: Mapped[str]
    url: Mapped[str | None]
    summary: Mapped[str | None]
    content: Mapped[str | None]
    updated: Mapped[str | None]
    seen_at: Mapped[datetime]


class SnapshotRow(Row):
    """A page as served, compressed, under the digest of its body. Append-only."""

    __tablename__ = "snapshots"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    fetched_at: Mapped[datetime]
    content_type: Mapped[str | None] = mapped_column(Text)
    size_bytes: Mapped[int]
    body: Mapped[bytes]  # gzip


class ArticleRow(Row):
    """One article per canonical URL. Work for `deduplicate`: grouping_due is set, the oldest first."""

    __tablename__ = "articles"
    id: Mapped[int] = mapped_column(primary_key=True)
    canonical_url: Mapped[str] = mapped_column(Text)
    url_digest: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of canonical_url
    url: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime | None]
    language: Mapped[str | None] = mapped_column(String(35))
    publisher_id: Mapped[str] = mapped_column(String(200), index=True)
    publisher_name: Mapped[str] = mapped_column(Text)
    source_id: Mapped[str | None] = mapped_column(ForeignKey("sources.id"))
    origin: Mapped[str] = mapped_column(String(32))
    tier: Mapped[str] = mapped_column(String(32))
    first_seen_at: Mapped[datetime] = mapped_column(index=True)
    note: Mapped[str | None] = mapped_column(Text)
    snapshot_digest: Mapped[str | None] = mapped_column(ForeignKey("snapshots.digest"))
    archive_id: Mapped[str | None] = mapped_column(Text)  # the id it had in an imported archive
    timeline: Mapped[list[Any] | None]  # model.StatusUpdate of an outage
    credits: Mapped[list[Any] | None]  # model.Credit; null: none
    version_count: Mapped[int] = mapped_column(default=0, server_default="0")  # later texts kept in article_versions
    checked_at: Mapped[datetime | None]  # when its page was last asked again
    # While it waits to be grouped, its own time (`told_at`), the order of grouping; null once it is. Looking for work
    # must not read the whole history.
    grouping_due: Mapped[datetime | None] = mapped_column(index=True, default=_told_at)


class ArticleUrlRow(Row):
    """Every canonical spelling under which an article was met, so that it is found again."""

    __tablename__ = "article_urls"
    url_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    url: Mapped[str] = mapped_column(Text)
    # By the page's own word only (rel=canonical, amphtml): the article never answered there, another may.
    is_claimed: Mapped[bool | None]  # null: no


class ArticleVersionRow(Row):
    """What an article's page said later: kept beside the first, not over it. Append-only."""

    __tablename__ = "article_versions"
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))  # of title and text
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    snapshot_digest: Mapped[str | None] = mapped_column(ForeignKey("snapshots.digest"))
    note: Mapped[str | None] = mapped_column(Text)
    seen_at: Mapped[datetime]


# --- candidate --------------------------------------------------------------------------------------------------


class GroupingRow(Row):
    """What `deduplicate` found for one article: written once, beside the article. Fingerprint and Match."""

    __tablename__ = "groupings"
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)  # as found, before any editor
    told_at: Mapped[datetime]  # the article's own time: what the window is cut by
    joined: Mapped[str] = mapped_column(String(16))
    copy_of_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    nearest_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    similarity: Mapped[float] = mapped_column(Float)
    reason: Mapped[str] = mapped_column(Text)
    algorithm: Mapped[int]  # version of fingerprint and grouping
    fingerprint: Mapped[bytes]
    grouped_at: Mapped[datetime]
    evidence: Mapped[dict[str, Any] | None]  # model.Evidence; null where nothing was compared, and in older rows
    __table_args__ = (Index(None, "told_at", "algorithm"),)  # what is comparable is found without reading the rest


class PastGroupingRow(Row):
    """What an earlier grouping had found for an article, before a re-run found anew. Append-only."""

    __tablename__ = "past_groupings"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"))
    joined: Mapped[str] = mapped_column(String(16))
    copy_of_id: Mapped[int | None]
    nearest_id: Mapped[int | None]
    similarity: Mapped[float] = mapped_column(Float)
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[dict[str, Any] | None]
    algorithm: Mapped[int]
    grouped_at: Mapped[datetime]
    superseded_at: Mapped[datetime]


class RerunRow(Row):
    """One re-run of the grouping of the whole history: how far it has come. The newest is the one that goes on."""

    __tablename__ = "reruns"
    id: Mapped[int] = mapped_column(primary_key=True)
    algorithm: Mapped[int]
    started_at: Mapped[datetime]
    last_decision: Mapped[int] = mapped_column(default=0)  # of all, as the re-run knows them
    last_ruling: Mapped[int] = mapped_column(default=0)
    label_count: Mapped[int] = mapped_column(default=0)
    applying_at: Mapped[datetime | None]  # since when it is being carried out
    applied_at: Mapped[datetime | None]


class ProposalRow(Row):
    """Where the newest re-run would put an article: beside what holds, until it is carried out."""

    __tablename__ = "proposals"
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True)
    told_at: Mapped[datetime]
    label: Mapped[int] = mapped_column(index=True)  # of the proposed candidate: its number within the re-run
    from_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)  # the candidate it is in
    to_id: Mapped[int | None] = mapped_column(ForeignKey("candidates.id"), index=True)  # carried out: where it went
    anchor_id: Mapped[int | None] = mapped_column(ForeignKey("candidates.id"), index=True)  # that it must stay in
    joined: Mapped[str] = mapped_column(String(16))
    copy_of_id: Mapped[int | None]
    nearest_id: Mapped[int | None]
    similarity: Mapped[float] = mapped_column(Float)
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[dict[str, Any] | None]
    fingerprint: Mapped[bytes | None]  # where the stored one is of another version
    __table_args__ = (Index(None, "told_at", "article_id"),)


_FILTERED = ("source_count", "kinds", "claimed_by", "claimed_until")


class CandidateRow(Row):
    __tablename__ = "candidates"
    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(String(16))
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    grown_at: Mapped[datetime]
    source_count: Mapped[int]
    article_count: Mapped[int]
    providers: Mapped[list[Any]]
    origins: Mapped[list[Any]]
    score: Mapped[float] = mapped_column(Float, default=0.0)
    cues: Mapped[list[Any]]
    snoozed_until: Mapped[datetime | None]
    snoozed_at: Mapped[datetime | None]  # an article that joined later ends the snooze
    claimed_by: Mapped[str | None] = mapped_column(Text)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("candidates.id"))
    wire_id: Mapped[int | None] = mapped_column(ForeignKey("wires.id"), index=True)
    claimed_until: Mapped[datetime | None] = mapped_column(index=True)  # null: until given back or taken over
    # The machine's time of its last change, whatever changed: the cursor of the desk's live view.
    changed_at: Mapped[datetime | None] = mapped_column(index=True, default=_machine_time, onupdate=_machine_time)
    awaited_count: Mapped[int | None]  # of sources, until which it sleeps; null: any growth ends a snooze
    back_at: Mapped[datetime | None]  # when a snoozed one waits again: its time, or when what it slept for came
    kinds: Mapped[int] = mapped_column(default=0, server_default="0")  # bits of its articles' origins and tiers
    weighting: Mapped[int] = mapped_column(default=0, server_default="0")  # by which its score was summed
    likelihood: Mapped[float | None]  # that it is an AI incident, 0..1; null: cannot tell, or not judged yet
    # 1 + relevance_choices.id; 0: nobody yet, or it has grown since; below: judged when less was asked of a judge.
    judged_by: Mapped[int] = mapped_column(default=0, server_default="0")
    suggested_severity: Mapped[str | None] = mapped_column(String(8))  # by its articles' words, when it was judged
    severity_reason: Mapped[str | None] = mapped_column(Text)
    # The queue is walked in the order of an index that has all it is filtered by: however few match, no row is read
    # but those that are shown.
    __table_args__ = (
        Index("ix_candidates_urgent", "status", "score", "opened_at", "id", *_FILTERED),
        Index("ix_candidates_latest", "status", "opened_at", "id", *_FILTERED),
        Index("ix_candidates_back", "status", "back_at", "awaited_count", "score", "opened_at", *_FILTERED),
        Index("ix_candidates_grown", "status", "grown_at"),
        Index("ix_candidates_claimed", "claimed_by", "status"),
        Index("ix_candidates_weighed", "status", "weighting"),
        Index("ix_candidates_judged", "status", "judged_by"),
        Index(  # what was merged into one; few ever are
            "ix_candidates_merged",
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
    )


class MembershipRow(Row):
    """An article in a candidate. Many-to-many from the first day: a round-up may belong to several."""

    __tablename__ = "memberships"
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True, index=True)
    joined: Mapped[str] = mapped_column(String(16))
    copy_of_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    nearest_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    similarity: Mapped[float] = mapped_column(Float)
    reason: Mapped[str] = mapped_column(Text)
    counts: Mapped[bool] = mapped_column(default=False)
    standing_reason: Mapped[str] = mapped_column(Text, default="")
    added_at: Mapped[datetime]


class RelationRow(Row):
    """Two articles whose candidates tell happenings of one affair, or do not, as an editor says. Append-only.

    It is kept between articles: wherever editors move them, their candidates are related.
    """

    __tablename__ = "relations"
    id: Mapped[int] = mapped_column(primary_key=True)
    left_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    right_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[dict[str, Any] | None]  # model.Evidence
    editor: Mapped[str | None] = mapped_column(Text)  # null: it was found
    related_at: Mapped[datetime]


class DecisionRow(Row):
    """Append-only: guarded by a trigger."""

    __tablename__ = "decisions"
    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    editor: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    version_seen: Mapped[int]
    payload: Mapped[dict[str, Any]]
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), unique=True)
    key: Mapped[str | None] = mapped_column(String(64), unique=True)  # idempotency: a repeated POST is one decision
    __table_args__ = (Index(None, "editor", "decided_at"),)  # what somebody decided last


class RulingRow(Row):
    """`model.Ruling`, or the withdrawal of one. Append-only: guarded by a trigger."""

    __tablename__ = "rulings"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    editor: Mapped[str] = mapped_column(Text)
    ruled_at: Mapped[datetime] = mapped_column(index=True)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), index=True)
    withdraws_id: Mapped[int | None] = mapped_column(ForeignKey("rulings.id"), unique=True)
    key: Mapped[str | None] = mapped_column(String(64), unique=True)  # idempotency: a repeated POST is one ruling


class RulingArticleRow(Row):
    """An article that a ruling speaks of. Append-only: guarded by a trigger."""

    __tablename__ = "ruling_articles"
    ruling_id: Mapped[int] = mapped_column(ForeignKey("rulings.id"), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True, index=True)
    is_left: Mapped[bool]


# --- wire -------------------------------------------------------------------------------------------------------


class WireRow(Row):
    __tablename__ = "wires"
    id: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(String(500), unique=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    candidate_id: Mapped[int | None] = mapped_column(index=True)  # no foreign key: candidates point here already
    accepted_at: Mapped[datetime]
    accepted_by: Mapped[str] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]  # acceptance undone before anything was published
    first_published_at: Mapped[datetime | None] = mapped_column(index=True)
    revised_at: Mapped[datetime | None] = mapped_column(index=True)  # of the newest published revision
    is_retracted: Mapped[bool] = mapped_column(default=False)
    published_number: Mapped[int | None]  # the revision that readers see; null until there is one
    severity: Mapped[str | None] = mapped_column(String(8), index=True)  # facet of that revision
    archive_id: Mapped[str | None] = mapped_column(String(500), unique=True)  # in an imported archive of wires
    coverage_seen_at: Mapped[datetime | None]  # when an editor last looked at what joined after publication


class RevisionRow(Row):
    """A numbered text of a wire; once status is `published` a trigger forbids any change."""

    __tablename__ = "revisions"
    wire_id: Mapped[int] = mapped_column(ForeignKey("wires.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), index=True)
    draft: Mapped[dict[str, Any]]  # model.Draft
    manner: Mapped[str] = mapped_column(String(16))
    editor: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    standard: Mapped[str] = mapped_column(String(16))
    source_count: Mapped[int] = mapped_column(default=0)
    citations: Mapped[list[Any]]  # model.Citation, frozen with publication
    rationale: Mapped[dict[str, Any] | None]  # model.Rationale, frozen with publication
    signal_origin: Mapped[str | None] = mapped_column(String(32))
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    due_at: Mapped[datetime | None]  # of a released one: published when this has come
    asked_by: Mapped[str | None] = mapped_column(Text)  # who waits for a second reader
    asked_at: Mapped[datetime | None]
    # The machine's time of its last change, whatever changed: the cursor of the API.
    changed_at: Mapped[datetime | None] = mapped_column(index=True, default=_machine_time, onupdate=_machine_time)
    reader: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        Index("ix_revisions_kind_published_at", "kind", "published_at"),  # the log of corrections
        Index(  # what readers do not see yet: few of very many
            "ix_revisions_unseen",
            "saved_at",
            sqlite_where=text("status != 'published'"),
            postgresql_where=text("status != 'published'"),
        ),
    )


class WireProviderRow(Row):
    """Facets of the published revision, for pages by provider."""

    __tablename__ = "wire_providers"
    wire_id: Mapped[int] = mapped_column(ForeignKey("wires.id"), primary_key=True)
    provider: Mapped[str] = mapped_column(String(200), primary_key=True, index=True)


class WireCodeRow(Row):
    """Facets of the published revision, for pages by code."""

    __tablename__ = "wire_codes"
    wire_id: Mapped[int] = mapped_column(ForeignKey("wires.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True, index=True)


# --- people -----------------------------------------------------------------------------------------------------


class EditorRow(Row):
    __tablename__ = "editors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(Text)
    is_disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class SessionRow(Row):
    """A signed-in browser; only the hash of its token is kept (D1)."""

    __tablename__ = "sessions"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    handle: Mapped[str] = mapped_column(String(32), unique=True)
    editor_id: Mapped[int] = mapped_column(ForeignKey("editors.id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    user_agent: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(64))


class AttemptRow(Row):
    """Failed sign-ins, for the throttle (D5); old ones are cleared."""

    __tablename__ = "attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200))  # "account:<name>" or "address:<ip>"
    failed_at: Mapped[datetime]
    __table_args__ = (Index(None, "key", "failed_at"),)


class InvitationRow(Row):
    """A one-time link; only the hash of its token is kept."""

    __tablename__ = "invitations"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    handle: Mapped[str | None] = mapped_column(
        String(16)
    )  # by which an admin names it; None of the first editor's link
    invited_by: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)  # for whom it is
    used_by: Mapped[str | None] = mapped_column(Text)


class AuditRow(Row):
    """Who did what, when, from where. Append-only: guarded by a trigger (D11)."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    address: Mapped[str | None] = mapped_column(String(64))


class LeaseRow(Row):
    """A named right that one process holds at a time, such as the one writer of `deduplicate`."""

    __tablename__ = "leases"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64))
    held_until: Mapped[datetime]
    __table_args__ = (CheckConstraint("owner <> ''", name="owner_named"),)


# --- what no code of ours may rewrite -----------------------------------------------------------------------------

# A migration that makes or rebuilds one of these makes its triggers too; of revisions, those that are published.
FROZEN = (
    "decisions",
    "past_groupings",
    "rulings",
    "ruling_articles",
    "relations",
    "audit",
    "snapshots",
    "entry_versions",
    "article_versions",
    "revisions",
    "wire_notes",
    "suggestions",
    "ties",
    "weightings",
    "relevance_models",
    "relevance_choices",
    "editions",
    "feed_events",
    "take_downs",
    "machine_calls",
)
