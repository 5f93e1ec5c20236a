"""publication: what readers get; learning: what decisions teach"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError
from sqlalchemy.dialects import postgresql

from monitor.store.tables import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asked_feeds",
        sa.Column("key", sa.String(length=320), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_asked_feeds")),
    )
    op.create_index(op.f("ix_asked_feeds_asked_at"), "asked_feeds", ["asked_at"], unique=False)

    op.create_table(
        "digest_issues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("choice", sa.String(length=64), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("until_at", Instant(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("wire_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_issues")),
    )
    op.create_index(
        op.f("ix_digest_issues_period_until_at_choice"), "digest_issues", ["period", "until_at", "choice"], unique=True
    )
    op.create_index(op.f("ix_digest_issues_until_at"), "digest_issues", ["until_at"], unique=False)

    op.create_table(
        "facet_months",
        sa.Column("facet", sa.String(length=220), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("wire_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("facet", "month", name=op.f("pk_facet_months")),
    )
    op.create_index(op.f("ix_facet_months_month"), "facet_months", ["month"], unique=False)

    op.create_table(
        "hub_tellings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub_tellings")),
    )
    op.create_table(
        "relevance_models",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learnt_at", Instant(), nullable=False),
        sa.Column("shipped", sa.String(length=32), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("is_better", sa.Boolean(), nullable=False),
        sa.Column("last_trial_id", sa.Integer(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relevance_models")),
    )
    op.create_table(
        "subscribe_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribe_attempts")),
    )
    op.create_index(op.f("ix_subscribe_attempts_at"), "subscribe_attempts", ["at"], unique=False)
    op.create_index(op.f("ix_subscribe_attempts_key_at"), "subscribe_attempts", ["key", "at"], unique=False)

    op.create_table(
        "subscribers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("choice", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("confirm_hash", sa.String(length=64), nullable=True),
        sa.Column("confirm_until", Instant(), nullable=True),
        sa.Column("leave_token", sa.String(length=64), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("confirmed_at", Instant(), nullable=True),
        sa.Column("paused_at", Instant(), nullable=True),
        sa.Column("refusal_count", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("confirm_hash", name=op.f("uq_subscribers_confirm_hash")),
        sa.UniqueConstraint("leave_token", name=op.f("uq_subscribers_leave_token")),
    )
    op.create_index(op.f("ix_subscribers_address"), "subscribers", ["address"], unique=False)
    op.create_index(
        op.f("ix_subscribers_address_period_choice"), "subscribers", ["address", "period", "choice"], unique=True
    )
    op.create_index(op.f("ix_subscribers_confirm_until"), "subscribers", ["confirm_until"], unique=False)
    op.create_index(op.f("ix_subscribers_state_paused_at"), "subscribers", ["state", "paused_at"], unique=False)
    op.create_index(
        op.f("ix_subscribers_state_period_choice"), "subscribers", ["state", "period", "choice"], unique=False
    )

    op.create_table(
        "tallies",
        sa.Column("counted", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("wire_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("counted", "value", "month", name=op.f("pk_tallies")),
    )
    op.create_table(
        "tellings",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("told_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tellings")),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(length=80), nullable=False),
        sa.Column("old_secret", sa.String(length=80), nullable=True),
        sa.Column("old_secret_until", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("failing_since", Instant(), nullable=True),
        sa.Column("delivered_at", Instant(), nullable=True),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.Column("disabled_why", sa.Text(), nullable=True),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "editions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wire_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["wire_id"], ["wires.id"], name=op.f("fk_editions_wire_id_wires")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_editions")),
    )
    op.create_index(op.f("ix_editions_wire_id"), "editions", ["wire_id"], unique=False)

    op.create_table(
        "feed_events",
        sa.Column("feed", sa.String(length=320), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wire_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["wire_id"], ["wires.id"], name=op.f("fk_feed_events_wire_id_wires")),
        sa.PrimaryKeyConstraint("feed", "position", name=op.f("pk_feed_events")),
    )
    op.create_index("ix_feed_events_feed_at", "feed_events", ["feed", "at"], unique=False)
    op.create_index(op.f("ix_feed_events_wire_id"), "feed_events", ["wire_id"], unique=False)

    op.create_table(
        "relevance_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.Integer(), nullable=True),
        sa.Column("chosen_at", Instant(), nullable=False),
        sa.Column("chosen_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["model_id"], ["relevance_models.id"], name=op.f("fk_relevance_choices_model_id_relevance_models")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relevance_choices")),
        sa.UniqueConstraint("key", name=op.f("uq_relevance_choices_key")),
    )
    op.create_table(
        "take_downs",
        sa.Column("wire_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["wire_id"], ["wires.id"], name=op.f("fk_take_downs_wire_id_wires")),
        sa.PrimaryKeyConstraint("wire_id", name=op.f("pk_take_downs")),
    )
    op.create_index(op.f("ix_take_downs_at"), "take_downs", ["at"], unique=False)

    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("wire_id", sa.Integer(), nullable=True),
        sa.Column("attempted_at", Instant(), nullable=False),
        sa.Column("is_delivered", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id_webhooks")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index(op.f("ix_webhook_deliveries_attempted_at"), "webhook_deliveries", ["attempted_at"], unique=False)
    op.create_index(
        op.f("ix_webhook_deliveries_webhook_id_id"), "webhook_deliveries", ["webhook_id", "id"], unique=False
    )

    op.create_table(
        "wire_facets",
        sa.Column("facet", sa.String(length=220), nullable=False),
        sa.Column("wire_id", sa.Integer(), nullable=False),
        sa.Column("first_published_at", Instant(), nullable=False),
        sa.Column("revised_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["wire_id"], ["wires.id"], name=op.f("fk_wire_facets_wire_id_wires")),
        sa.PrimaryKeyConstraint("facet", "wire_id", name=op.f("pk_wire_facets")),
    )
    op.create_index("ix_wire_facets_published", "wire_facets", ["facet", "first_published_at", "wire_id"], unique=False)
    op.create_index("ix_wire_facets_revised", "wire_facets", ["facet", "revised_at", "wire_id"], unique=False)
    op.create_index(op.f("ix_wire_facets_wire_id"), "wire_facets", ["wire_id"], unique=False)

    op.create_table(
        "wire_tallies",
        sa.Column("wire_id", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["wire_id"], ["wires.id"], name=op.f("fk_wire_tallies_wire_id_wires")),
        sa.PrimaryKeyConstraint("wire_id", name=op.f("pk_wire_tallies")),
    )
    op.create_table(
        "machine_asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("wanted_by", sa.String(length=80), nullable=False),
        sa.Column("wanted_at", Instant(), nullable=False),
        sa.Column("material", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("suggestions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidates.id"], name=op.f("fk_machine_asks_candidate_id_candidates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_asks")),
    )
    op.create_index(op.f("ix_machine_asks_candidate_id"), "machine_asks", ["candidate_id"], unique=False)
    op.create_index("ix_machine_asks_state_due_at", "machine_asks", ["state", "due_at"], unique=False)

    op.create_table(
        "machine_calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ask_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["machine_asks.id"], name=op.f("fk_machine_calls_ask_id_machine_asks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_calls")),
    )
    op.create_index(op.f("ix_machine_calls_ask_id"), "machine_calls", ["ask_id"], unique=False)
    op.create_index(op.f("ix_machine_calls_at"), "machine_calls", ["at"], unique=False)

    op.create_table(
        "relevance_trials",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("is_incident", sa.Boolean(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("shipped_probability", sa.Float(), nullable=True),
        sa.Column("judged_by", sa.Integer(), nullable=False),
        sa.Column("is_undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidates.id"], name=op.f("fk_relevance_trials_candidate_id_candidates")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name=op.f("fk_relevance_trials_decision_id_decisions")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_relevance_trials")),
    )
    op.create_index(op.f("ix_relevance_trials_candidate_id"), "relevance_trials", ["candidate_id"], unique=False)
    op.create_index(
        op.f("ix_relevance_trials_is_undone_decision_id"),
        "relevance_trials",
        ["is_undone", "decision_id"],
        unique=False,
    )

    op.add_column("candidates", sa.Column("likelihood", sa.Double(), nullable=True))
    op.add_column("candidates", sa.Column("judged_by", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_candidates_judged", "candidates", ["status", "judged_by"], unique=False)
    op.create_index(
        "ix_candidates_merged",
        "candidates",
        ["merged_into_id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NOT NULL"),
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )

    op.create_index("ix_revisions_kind_published_at", "revisions", ["kind", "published_at"], unique=False)

    op.add_column("suggestions", sa.Column("model", sa.Text(), server_default="", nullable=False))

    # Editions and calls of a language model are only ever added to.
    for table in ("editions", "machine_calls", "feed_events", "take_downs", "relevance_models", "relevance_choices"):
        refusal = (
            "EXECUTE FUNCTION refuse_change()"
            if op.get_bind().dialect.name == "postgresql"
            else f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER tr_{table}_no_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW {refusal}")

    # By what readers find the wires that are published already, and how many there are of each month.
    is_known = "w.published_number IS NOT NULL AND w.first_published_at IS NOT NULL AND w.withdrawn_at IS NULL"
    month = (
        "to_char(first_published_at AT TIME ZONE 'UTC', 'YYYY-MM')"
        if op.get_bind().dialect.name == "postgresql"
        else "substr(first_published_at, 1, 7)"
    )
    facets = (
        ("''", ""),
        ("'severity:' || w.severity", ""),
        ("'provider:' || f.provider", "JOIN wire_providers f ON f.wire_id = w.id"),
        ("'code:' || f.code", "JOIN wire_codes f ON f.wire_id = w.id"),
        (
            "'standard:' || r.standard",
            "JOIN revisions r ON r.wire_id = w.id AND r.number = w.published_number",
        ),
    )
    for facet, joined in facets:
        is_there = " AND w.severity IS NOT NULL" if "w.severity" in facet else ""
        op.execute(
            "INSERT INTO wire_facets (facet, wire_id, first_published_at, revised_at) "  # noqa: S608
            f"SELECT {facet}, w.id, w.first_published_at, w.revised_at FROM wires w {joined} "
            f"WHERE {is_known}{is_there}"
        )
    op.execute(
        f"INSERT INTO facet_months (facet, month, wire_count) SELECT facet, {month}, count(*) "  # noqa: S608
        f"FROM wire_facets GROUP BY facet, {month}"
    )

    # The log of each feed begins with what readers see now: one line a wire, in the order of its last revision.
    op.execute(
        "INSERT INTO feed_events (feed, position, wire_id, revision, at) SELECT f.facet, "
        "row_number() OVER (PARTITION BY f.facet ORDER BY f.revised_at, f.wire_id), f.wire_id, w.published_number, "
        "f.revised_at FROM wire_facets f JOIN wires w ON w.id = f.wire_id"
    )

    # What each published wire adds to the statistics (`store.tallies`), and the counts themselves.
    spans = ((6, "6h"), (24, "24h"), (72, "3d"), (168, "7d"), (720, "30d"))
    places = sa.text("INSERT INTO wire_tallies (wire_id, told) VALUES (:wire, :told)").bindparams(
        sa.bindparam("told", type_=sa.JSON().with_variant(postgresql.JSONB(), "postgresql"))
    )
    wires = sa.text(
        "SELECT w.id, w.is_retracted, w.first_published_at, r.draft, r.standard, r.source_count, r.signal_origin, "
        "f.citations, f.manner, f.kind FROM wires w "
        "JOIN revisions r ON r.wire_id = w.id AND r.number = w.published_number "
        "JOIN revisions f ON f.wire_id = w.id AND f.number = (SELECT min(p.number) FROM revisions p "
        "WHERE p.wire_id = w.id AND p.status = 'published') "
        "WHERE w.first_published_at IS NOT NULL AND w.withdrawn_at IS NULL AND w.id > :after ORDER BY w.id LIMIT 500"
    )
    counts: dict[tuple[str, str, str], int] = {}
    after = 0

    def read(value: Any) -> Any:
        """JSON as the database gives it: text on SQLite, read already on PostgreSQL."""
        return json.loads(value) if isinstance(value, str) else value

    while found := op.get_bind().execute(wires, {"after": after}).all():
        after = found[-1].id
        for row in found:
            at = row.first_published_at
            at = at if isinstance(at, datetime) else datetime.fromisoformat(at)
            at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
            month, draft, cited = f"{at:%Y-%m}", read(row.draft), read(row.citations)
            told = {("retracted", "", month)}
            if not row.is_retracted:
                happened = str(draft.get("occurred_on") or month)[:7]
                told = {("standard", row.standard, month), ("sources", str(min(max(row.source_count, 1), 6)), month)}
                told |= {("origin", row.signal_origin, month)} if row.signal_origin else set()
                told |= {("severity", draft["severity"], happened)} if draft.get("severity") else set()
                told |= {("provider", p, happened) for p in draft.get("providers") or ()}
                told |= {("code", c, happened) for c in draft.get("codes") or ()}
                dated = [datetime.fromisoformat(c["published_at"]) for c in cited if c.get("published_at")]
                dated = [d if d.tzinfo else d.replace(tzinfo=UTC) for d in dated]
                if dated and row.manner != "bulk" and row.kind == "first":
                    hours = (at - min(dated)).total_seconds() / 3600
                    told.add(("delay", next((name for most, name in spans if hours < most), "more"), month))
            op.get_bind().execute(places, {"wire": row.id, "told": sorted(map(list, told))})
            for key in told:
                counts[key] = counts.get(key, 0) + 1
    kept = sa.text("INSERT INTO tallies (counted, value, month, wire_count) VALUES (:counted, :value, :month, :n)")
    for (counted, value, month), n in sorted(counts.items()):
        op.get_bind().execute(kept, {"counted": counted, "value": value, "month": month, "n": n})


def downgrade() -> None:
    raise CommandError("a newsroom's past is not thrown away: restore a backup instead")
