"""the first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

from monitor.store.tables import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


_FROZEN = {  # table → the condition on the old row under which it is frozen
    "decisions": "TRUE",
    "audit": "TRUE",
    "snapshots": "TRUE",
    "entry_versions": "TRUE",
    "revisions": "OLD.status = 'published'",
}
_REFUSE = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
)


def _freeze(table: str, condition: str, verb: str, dialect: str) -> str:
    head = f"CREATE TRIGGER tr_{table}_no_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW WHEN"
    if dialect == "postgresql":
        return f"{head} ({condition}) EXECUTE FUNCTION refuse_change()"
    return f"{head} {condition} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("failed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_key_failed_at"), "attempts", ["key", "failed_at"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)

    op.create_table(
        "editors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editors")),
        sa.UniqueConstraint("name", name=op.f("uq_editors_name")),
    )
    op.create_table(
        "hosts",
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("silent_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_hosts")),
    )
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitations")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("held_until", Instant(), nullable=False),
        sa.CheckConstraint("owner <> ''", name=op.f("ck_leases_owner_named")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "newsroom",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tag_authority", sa.String(length=255), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.Column("founded_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsroom")),
    )
    op.create_table(
        "publishers",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publishers")),
    )
    op.create_table(
        "snapshots",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("fetched_at", Instant(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_snapshots")),
    )
    op.create_table(
        "wires",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=500), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", Instant(), nullable=False),
        sa.Column("accepted_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.Column("first_published_at", Instant(), nullable=True),
        sa.Column("revised_at", Instant(), nullable=True),
        sa.Column("is_retracted", sa.Boolean(), nullable=False),
        sa.Column("published_number", sa.Integer(), nullable=True),
        sa.Column("severity", sa.String(length=8), nullable=True),
        sa.Column("archive_id", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wires")),
        sa.UniqueConstraint("archive_id", name=op.f("uq_wires_archive_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_wires_slug")),
        sa.UniqueConstraint("tag", name=op.f("uq_wires_tag")),
    )
    op.create_index(op.f("ix_wires_candidate_id"), "wires", ["candidate_id"], unique=False)
    op.create_index(op.f("ix_wires_first_published_at"), "wires", ["first_published_at"], unique=False)
    op.create_index(op.f("ix_wires_revised_at"), "wires", ["revised_at"], unique=False)
    op.create_index(op.f("ix_wires_severity"), "wires", ["severity"], unique=False)

    op.create_table(
        "candidates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("grown_at", Instant(), nullable=False),
        sa.Column("source_count", sa.Integer(), nullable=False),
        sa.Column("article_count", sa.Integer(), nullable=False),
        sa.Column("providers", sa.JSON(), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("cues", sa.JSON(), nullable=False),
        sa.Column("snoozed_until", Instant(), nullable=True),
        sa.Column("snoozed_at", Instant(), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("wire_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["candidates.id"], name=op.f("fk_candidates_merged_into_id_candidates")
        ),
        sa.ForeignKeyConstraint(["wire_id"], ["wires.id"], name=op.f("fk_candidates_wire_id_wires")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
    )
    op.create_index("ix_candidates_newest", "candidates", ["status", "opened_at"], unique=False)
    op.create_index("ix_candidates_queue", "candidates", ["status", "score", "id"], unique=False)
    op.create_index(op.f("ix_candidates_wire_id"), "candidates", ["wire_id"], unique=False)

    op.create_table(
        "publisher_domains",
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("publisher_id", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["publisher_id"], ["publishers.id"], name=op.f("fk_publisher_domains_publisher_id_publishers")
        ),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_publisher_domains")),
    )
    op.create_index(op.f("ix_publisher_domains_publisher_id"), "publisher_domains", ["publisher_id"], unique=False)

    op.create_table(
        "revisions",
        sa.Column("wire_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("manner", sa.String(length=16), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("standard", sa.String(length=16), nullable=False),
        sa.Column("source_count", sa.Integer(), nullable=False),
        sa.Column("citations", sa.JSON(), nullable=False),
        sa.Column("rationale", sa.JSON(), nullable=True),
        sa.Column("signal_origin", sa.String(length=32), nullable=True),
        sa.Column("published_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["wire_id"], ["wires.id"], name=op.f("fk_revisions_wire_id_wires")),
        sa.PrimaryKeyConstraint("wire_id", "number", name=op.f("pk_revisions")),
    )
    op.create_index(op.f("ix_revisions_published_at"), "revisions", ["published_at"], unique=False)
    op.create_index(op.f("ix_revisions_status"), "revisions", ["status"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("handle", sa.String(length=32), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["editor_id"], ["editors.id"], name=op.f("fk_sessions_editor_id_editors")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
        sa.UniqueConstraint("handle", name=op.f("uq_sessions_handle")),
    )
    op.create_index(op.f("ix_sessions_editor_id"), "sessions", ["editor_id"], unique=False)

    op.create_table(
        "sources",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("tier", sa.String(length=32), nullable=False),
        sa.Column("publisher_id", sa.String(length=200), nullable=False),
        sa.Column("provider", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("cadence_seconds", sa.Integer(), nullable=True),
        sa.Column("is_aggregator", sa.Boolean(), nullable=False),
        sa.Column("retired_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["publisher_id"], ["publishers.id"], name=op.f("fk_sources_publisher_id_publishers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
    )
    op.create_index(op.f("ix_sources_publisher_id"), "sources", ["publisher_id"], unique=False)

    op.create_table(
        "wire_codes",
        sa.Column("wire_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["wire_id"], ["wires.id"], name=op.f("fk_wire_codes_wire_id_wires")),
        sa.PrimaryKeyConstraint("wire_id", "code", name=op.f("pk_wire_codes")),
    )
    op.create_index(op.f("ix_wire_codes_code"), "wire_codes", ["code"], unique=False)

    op.create_table(
        "wire_providers",
        sa.Column("wire_id", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["wire_id"], ["wires.id"], name=op.f("fk_wire_providers_wire_id_wires")),
        sa.PrimaryKeyConstraint("wire_id", "provider", name=op.f("pk_wire_providers")),
    )
    op.create_index(op.f("ix_wire_providers_provider"), "wire_providers", ["provider"], unique=False)

    op.create_table(
        "articles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=False),
        sa.Column("url_digest", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("published_at", Instant(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("publisher_id", sa.String(length=200), nullable=False),
        sa.Column("publisher_name", sa.Text(), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=True),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("tier", sa.String(length=32), nullable=False),
        sa.Column("first_seen_at", Instant(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("snapshot_digest", sa.String(length=64), nullable=True),
        sa.Column("archive_id", sa.Text(), nullable=True),
        sa.Column("grouping_due", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["snapshot_digest"], ["snapshots.digest"], name=op.f("fk_articles_snapshot_digest_snapshots")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_articles_source_id_sources")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("url_digest", name=op.f("uq_articles_url_digest")),
    )
    op.create_index(op.f("ix_articles_first_seen_at"), "articles", ["first_seen_at"], unique=False)
    op.create_index(op.f("ix_articles_grouping_due"), "articles", ["grouping_due"], unique=False)
    op.create_index(op.f("ix_articles_publisher_id"), "articles", ["publisher_id"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version_seen", sa.Integer(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_decisions_candidate_id_candidates")),
        sa.ForeignKeyConstraint(["undoes_id"], ["decisions.id"], name=op.f("fk_decisions_undoes_id_decisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("key", name=op.f("uq_decisions_key")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_decisions_undoes_id")),
    )
    op.create_index(op.f("ix_decisions_candidate_id"), "decisions", ["candidate_id"], unique=False)
    op.create_index(op.f("ix_decisions_decided_at"), "decisions", ["decided_at"], unique=False)

    op.create_table(
        "poll_states",
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("validators_url", sa.Text(), nullable=True),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("interval_seconds", sa.Float(), nullable=False),
        sa.Column("hints", sa.JSON(), nullable=False),
        sa.Column("failure_weight", sa.Float(), nullable=False),
        sa.Column("failing_since", Instant(), nullable=True),
        sa.Column("silent_until", Instant(), nullable=True),
        sa.Column("body_digest", sa.String(length=64), nullable=True),
        sa.Column("last_polled_at", Instant(), nullable=True),
        sa.Column("last_success_at", Instant(), nullable=True),
        sa.Column("last_new_at", Instant(), nullable=True),
        sa.Column("last_outcome", sa.Text(), nullable=False),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.Column("redirect_url", sa.Text(), nullable=True),
        sa.Column("redirect_since", Instant(), nullable=True),
        sa.Column("redirect_count", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_poll_states_source_id_sources")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_poll_states")),
    )
    op.create_index(op.f("ix_poll_states_due_at"), "poll_states", ["due_at"], unique=False)

    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("polled_at", Instant(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("new_entry_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_polls_source_id_sources")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
    )
    op.create_index(op.f("ix_polls_source_id_polled_at"), "polls", ["source_id", "polled_at"], unique=False)

    op.create_table(
        "article_urls",
        sa.Column("url_digest", sa.String(length=64), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_urls_article_id_articles")),
        sa.PrimaryKeyConstraint("url_digest", name=op.f("pk_article_urls")),
    )
    op.create_index(op.f("ix_article_urls_article_id"), "article_urls", ["article_id"], unique=False)

    op.create_table(
        "entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("guid_digest", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("published_at", Instant(), nullable=True),
        sa.Column("updated", sa.Text(), nullable=True),
        sa.Column("updated_at", Instant(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("first_seen_at", Instant(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("attempt_count", sa.Integer(), nullable=False),
        sa.Column("extract_due_at", Instant(), nullable=True),
        sa.Column("extract_note", sa.Text(), nullable=True),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_entries_article_id_articles")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_entries_source_id_sources")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("source_id", "guid_digest", name=op.f("uq_entries_source_id_guid_digest")),
    )
    op.create_index(op.f("ix_entries_article_id"), "entries", ["article_id"], unique=False)
    op.create_index(op.f("ix_entries_extract_due_at"), "entries", ["extract_due_at"], unique=False)

    op.create_table(
        "groupings",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("told_at", Instant(), nullable=False),
        sa.Column("joined", sa.String(length=16), nullable=False),
        sa.Column("copy_of_id", sa.Integer(), nullable=True),
        sa.Column("nearest_id", sa.Integer(), nullable=True),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("grouped_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_groupings_article_id_articles")),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidates.id"], name=op.f("fk_groupings_candidate_id_candidates")),
        sa.ForeignKeyConstraint(["copy_of_id"], ["articles.id"], name=op.f("fk_groupings_copy_of_id_articles")),
        sa.ForeignKeyConstraint(["nearest_id"], ["articles.id"], name=op.f("fk_groupings_nearest_id_articles")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_groupings")),
    )
    op.create_index(op.f("ix_groupings_candidate_id"), "groupings", ["candidate_id"], unique=False)
    op.create_index(op.f("ix_groupings_told_at"), "groupings", ["told_at"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("joined", sa.String(length=16), nullable=False),
        sa.Column("copy_of_id", sa.Integer(), nullable=True),
        sa.Column("nearest_id", sa.Integer(), nullable=True),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("standing_reason", sa.Text(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_memberships_article_id_articles")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidates.id"], name=op.f("fk_memberships_candidate_id_candidates")
        ),
        sa.ForeignKeyConstraint(["copy_of_id"], ["articles.id"], name=op.f("fk_memberships_copy_of_id_articles")),
        sa.ForeignKeyConstraint(["nearest_id"], ["articles.id"], name=op.f("fk_memberships_nearest_id_articles")),
        sa.PrimaryKeyConstraint("candidate_id", "article_id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_article_id"), "memberships", ["article_id"], unique=False)

    op.create_table(
        "entry_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("updated", sa.Text(), nullable=True),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_entry_versions_entry_id_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_versions")),
        sa.UniqueConstraint("entry_id", "digest", name=op.f("uq_entry_versions_entry_id_digest")),
    )

    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(_REFUSE)
    for table, condition in _FROZEN.items():
        for verb in ("UPDATE", "DELETE"):
            op.execute(_freeze(table, condition, verb, dialect))


def downgrade() -> None:
    raise CommandError("a newsroom's past is not thrown away: restore a backup instead")
