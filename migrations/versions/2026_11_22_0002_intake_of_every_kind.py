"""intake of every kind: where a source stands in full, sitemaps, WebSub, the outbox"""

from __future__ import annotations

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

from monitor.store.tables import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("attempt_count", sa.Integer(), nullable=False),
        sa.Column("delivered_at", Instant(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_due_at"), "outbox", ["due_at"], unique=False)

    op.create_table(
        "alerts",
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("health", sa.String(length=16), nullable=False),
        sa.Column("said_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_alerts_source_id_sources")),
        sa.PrimaryKeyConstraint("source_id", "health", name=op.f("pk_alerts")),
    )
    op.create_table(
        "pushes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_pushes_source_id_sources")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pushes")),
    )
    op.create_index(op.f("ix_pushes_source_id"), "pushes", ["source_id"], unique=False)

    op.create_table(
        "sitemaps",
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("url_digest", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("index_url", sa.Text(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Text(), nullable=True),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("absent_at", Instant(), nullable=True),
        sa.Column("modified", sa.Text(), nullable=True),
        sa.Column("asked_at", Instant(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("validators_url", sa.Text(), nullable=True),
        sa.Column("body_digest", sa.String(length=64), nullable=True),
        sa.Column("failure_count", sa.Integer(), nullable=False),
        sa.Column("known", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_sitemaps_source_id_sources")),
        sa.PrimaryKeyConstraint("source_id", "url_digest", name=op.f("pk_sitemaps")),
    )
    op.create_table(
        "source_days",
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("poll_count", sa.Integer(), nullable=False),
        sa.Column("error_count", sa.Integer(), nullable=False),
        sa.Column("new_entry_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_source_days_source_id_sources")),
        sa.PrimaryKeyConstraint("source_id", "day", name=op.f("pk_source_days")),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("named_by", sa.Text(), nullable=False),
        sa.Column("requested_at", Instant(), nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("attempt_count", sa.Integer(), nullable=False),
        sa.Column("last_push_at", Instant(), nullable=True),
        sa.Column("read_at", Instant(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_subscriptions_source_id_sources")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("source_id", name=op.f("uq_subscriptions_source_id")),
        sa.UniqueConstraint("token", name=op.f("uq_subscriptions_token")),
    )
    op.create_index(op.f("ix_subscriptions_due_at"), "subscriptions", ["due_at"], unique=False)

    op.add_column("articles", sa.Column("timeline", sa.JSON(), nullable=True))

    op.add_column("poll_states", sa.Column("moved_at", Instant(), nullable=True))
    op.add_column("poll_states", sa.Column("gone_at", Instant(), nullable=True))
    op.add_column("poll_states", sa.Column("throttled_since", Instant(), nullable=True))
    op.add_column("poll_states", sa.Column("feed_title", sa.Text(), nullable=True))
    op.add_column("poll_states", sa.Column("feed_id", sa.Text(), nullable=True))
    op.add_column("poll_states", sa.Column("held", sa.JSON(), nullable=True))
    op.add_column("poll_states", sa.Column("empty_since", Instant(), nullable=True))
    op.add_column("poll_states", sa.Column("empty_count", sa.Integer(), server_default="0", nullable=False))
    op.add_column("poll_states", sa.Column("usual_count", sa.Integer(), server_default="0", nullable=False))
    op.add_column("poll_states", sa.Column("full_at", Instant(), nullable=True))
    op.add_column("poll_states", sa.Column("paused_at", Instant(), nullable=True))
    op.add_column("poll_states", sa.Column("paused_by", sa.Text(), nullable=True))
    op.add_column("poll_states", sa.Column("entry_count", sa.Integer(), server_default="0", nullable=False))
    op.add_column("poll_states", sa.Column("cursor", sa.JSON(), nullable=True))
    op.add_column("poll_states", sa.Column("pushed_until", Instant(), nullable=True))
    op.add_column("poll_states", sa.Column("host", sa.String(length=255), server_default="", nullable=False))
    op.drop_index(op.f("ix_poll_states_due_at"), table_name="poll_states")
    op.create_index(op.f("ix_poll_states_due_at_source_id"), "poll_states", ["due_at", "source_id"], unique=False)

    op.add_column("sources", sa.Column("kind", sa.String(length=16), server_default="feed", nullable=False))
    op.add_column("sources", sa.Column("selector", sa.Text(), nullable=True))

    op.execute(
        "UPDATE poll_states SET full_at = last_success_at, entry_count = "
        "(SELECT count(*) FROM entries WHERE entries.source_id = poll_states.source_id)"
    )
    op.execute(
        "UPDATE poll_states SET moved_at = last_success_at "
        "WHERE url <> (SELECT url FROM sources WHERE sources.id = poll_states.source_id)"
    )
    op.execute("UPDATE poll_states SET gone_at = last_polled_at WHERE is_gone")
    connection = op.get_bind()
    for source, url in connection.execute(sa.text("SELECT source_id, url FROM poll_states")).all():
        connection.execute(
            sa.text("UPDATE poll_states SET host = :host WHERE source_id = :source"),
            {"host": (urlsplit(url).hostname or "").rstrip("."), "source": source},
        )
    day = "date(polled_at)" if connection.dialect.name == "sqlite" else "(polled_at AT TIME ZONE 'UTC')::date"
    op.execute(
        "INSERT INTO source_days (source_id, day, poll_count, error_count, new_entry_count) "  # noqa: S608 - ours
        f"SELECT source_id, {day}, count(*), "
        "sum(CASE WHEN outcome IN ('new', 'nothing-new', 'unchanged', 'not-modified', 'empty', 'gone', 'throttled') "
        "THEN 0 ELSE 1 END), sum(new_entry_count) FROM polls GROUP BY 1, 2"
    )


def downgrade() -> None:
    raise CommandError("a newsroom's past is not thrown away: restore a backup instead")
