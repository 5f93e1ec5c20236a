"""the desk: saved filters, leases of claims, writing, people"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError
from sqlalchemy.dialects import postgresql

from monitor.store.tables import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("more", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done_count", sa.Integer(), nullable=False),
        sa.Column("left_count", sa.Integer(), nullable=False),
        sa.Column("undone_count", sa.Integer(), nullable=False),
        sa.Column("kept_count", sa.Integer(), nullable=False),
        sa.Column("stated_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("undo_by", sa.Text(), nullable=True),
        sa.Column("undo_at", Instant(), nullable=True),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("leased_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulks")),
        sa.UniqueConstraint("key", name=op.f("uq_bulks_key")),
    )
    op.create_index(op.f("ix_bulks_status"), "bulks", ["status"], unique=False)

    op.create_table(
        "cursors",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_cursors")),
    )
    op.create_table(
        "precedents",
        sa.Column("trait", sa.String(length=250), nullable=False),
        sa.Column("accepted_count", sa.Integer(), nullable=False),
        sa.Column("decided_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("trait", name=op.f("pk_precedents")),
    )
    op.create_table(
        "presences",
        sa.Column("tab", sa.String(length=120), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("tab", name=op.f("pk_presences")),
    )
    op.create_index(op.f("ix_presences_seen_at"), "presences", ["seen_at"], unique=False)

    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("alerts", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("told_until", Instant(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_saved_filters_token_hash")),
    )
    op.create_index(op.f("ix_saved_filters_alerts_removed_at"), "saved_filters", ["alerts", "removed_at"], unique=False)
    op.create_index(op.f("ix_saved_filters_owner_name"), "saved_filters", ["owner", "name"], unique=False)

    op.create_table(
        "search_documents",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ref", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=True),
        sa.Column("document", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_search_documents")),
    )
    op.create_index(
        op.f("ix_search_documents_document"),
        "search_documents",
        ["document"],
        unique=False,
        postgresql_using="gin",
        sqlite_where=sa.text("document IS NOT NULL"),
    )
    op.create_index(op.f("ix_search_documents_kind_ref"), "search_documents", ["kind", "ref"], unique=True)

    op.create_table(
        "search_due",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ref", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("kind", "ref", name=op.f("pk_search_due")),
    )
    op.create_table(
        "ties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("editor", sa.String(length=80), nullable=False),
        sa.Column("provider", sa.String(length=200), nullable=False),
        sa.Column("is_tied", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("said_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ties")),
    )
    op.create_index(op.f("ix_ties_editor"), "ties", ["editor"], unique=False)

    op.create_table(
        "weightings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False),
        sa.Column("weighed_at", Instant(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weightings")),
        sa.UniqueConstraint("key", name=op.f("uq_weightings_key")),
    )
    op.create_table(
        "api_replies",
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["editor_id"], ["editors.id"], name=op.f("fk_api_replies_editor_id_editors")),
        sa.PrimaryKeyConstraint("editor_id", "key", name=op.f("pk_api_replies")),
    )
    op.create_index("ix_api_replies_asked_at", "api_replies", ["asked_at"], unique=False)

    op.create_table(
        "api_tokens",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("scopes", sa.String(length=80), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["editor_id"], ["editors.id"], name=op.f("fk_api_tokens_editor_id_editors")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    op.create_index(op.f("ix_api_tokens_editor_id"), "api_tokens", ["editor_id"], unique=False)

    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["editor_id"], ["editors.id"], name=op.f("fk_identities_editor_id_editors")),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identities")),
    )
    op.create_index(op.f("ix_identities_editor_id"), "identities", ["editor_id"], unique=False)

    op.create_table(
        "suggestions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wire_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("uptake", sa.String(length=16), nullable=False),
        sa.Column("final", sa.Text(), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["wire_id"], ["wires.id"], name=op.f("fk_suggestions_wire_id_wires")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
    )
    op.create_index(op.f("ix_suggestions_wire_id"), "suggestions", ["wire_id"], unique=False)

    op.create_table(
        "wire_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wire_id", sa.Integer(), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["wire_id"], ["wires.id"], name=op.f("fk_wire_notes_wire_id_wires")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wire_notes")),
    )
    op.create_index(op.f("ix_wire_notes_wire_id"), "wire_notes", ["wire_id"], unique=False)

    op.create_table(
        "candidate_providers",
        sa.Column("provider", sa.String(length=200), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidates.id"], name=op.f("fk_candidate_providers_candidate_id_candidates")
        ),
        sa.PrimaryKeyConstraint("provider", "candidate_id", name=op.f("pk_candidate_providers")),
    )
    op.create_index(op.f("ix_candidate_providers_candidate_id"), "candidate_providers", ["candidate_id"], unique=False)

    op.create_table(
        "filter_matches",
        sa.Column("filter_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("matched_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidates.id"], name=op.f("fk_filter_matches_candidate_id_candidates")
        ),
        sa.ForeignKeyConstraint(
            ["filter_id"], ["saved_filters.id"], name=op.f("fk_filter_matches_filter_id_saved_filters")
        ),
        sa.PrimaryKeyConstraint("filter_id", "candidate_id", name=op.f("pk_filter_matches")),
    )
    op.create_table(
        "mentions",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("editor", sa.String(length=80), nullable=False),
        sa.Column("seen_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["wire_notes.id"], name=op.f("fk_mentions_note_id_wire_notes")),
        sa.PrimaryKeyConstraint("note_id", "editor", name=op.f("pk_mentions")),
    )
    op.create_index("ix_mentions_editor_seen_at", "mentions", ["editor", "seen_at"], unique=False)

    op.create_table(
        "bulk_items",
        sa.Column("bulk_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("version_seen", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulks.id"], name=op.f("fk_bulk_items_bulk_id_bulks")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidates.id"], name=op.f("fk_bulk_items_candidate_id_candidates")
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_bulk_items_decision_id_decisions")),
        sa.PrimaryKeyConstraint("bulk_id", "candidate_id", name=op.f("pk_bulk_items")),
    )
    op.create_index(
        op.f("ix_bulk_items_bulk_id_state_place"), "bulk_items", ["bulk_id", "state", "place"], unique=False
    )

    op.create_table(
        "judgements",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("traits", sa.JSON(), nullable=False),
        sa.Column("is_undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_judgements_decision_id_decisions")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_judgements")),
    )
    op.add_column("candidates", sa.Column("claimed_until", Instant(), nullable=True))
    op.add_column("candidates", sa.Column("changed_at", Instant(), nullable=True))
    op.add_column("candidates", sa.Column("awaited_count", sa.Integer(), nullable=True))
    op.add_column("candidates", sa.Column("back_at", Instant(), nullable=True))
    op.add_column("candidates", sa.Column("kinds", sa.Integer(), server_default="0", nullable=False))
    op.add_column("candidates", sa.Column("weighting", sa.Integer(), server_default="0", nullable=False))
    op.drop_index(op.f("ix_candidates_newest"), table_name="candidates")
    op.drop_index(op.f("ix_candidates_queue"), table_name="candidates")
    op.create_index(
        "ix_candidates_back",
        "candidates",
        [
            "status",
            "back_at",
            "awaited_count",
            "score",
            "opened_at",
            "source_count",
            "kinds",
            "claimed_by",
            "claimed_until",
        ],
        unique=False,
    )
    op.create_index(op.f("ix_candidates_changed_at"), "candidates", ["changed_at"], unique=False)
    op.create_index("ix_candidates_claimed", "candidates", ["claimed_by", "status"], unique=False)
    op.create_index(op.f("ix_candidates_claimed_until"), "candidates", ["claimed_until"], unique=False)
    op.create_index("ix_candidates_grown", "candidates", ["status", "grown_at"], unique=False)
    op.create_index(
        "ix_candidates_latest",
        "candidates",
        ["status", "opened_at", "id", "source_count", "kinds", "claimed_by", "claimed_until"],
        unique=False,
    )
    op.create_index(
        "ix_candidates_urgent",
        "candidates",
        ["status", "score", "opened_at", "id", "source_count", "kinds", "claimed_by", "claimed_until"],
        unique=False,
    )
    op.create_index("ix_candidates_weighed", "candidates", ["status", "weighting"], unique=False)

    op.create_index(op.f("ix_decisions_editor_decided_at"), "decisions", ["editor", "decided_at"], unique=False)

    op.add_column("invitations", sa.Column("handle", sa.String(length=16), nullable=True))
    op.add_column("invitations", sa.Column("invited_by", sa.Text(), nullable=True))
    op.add_column("invitations", sa.Column("note", sa.Text(), nullable=True))
    op.add_column("invitations", sa.Column("used_by", sa.Text(), nullable=True))

    op.add_column("revisions", sa.Column("due_at", Instant(), nullable=True))
    op.add_column("revisions", sa.Column("asked_by", sa.Text(), nullable=True))
    op.add_column("revisions", sa.Column("asked_at", Instant(), nullable=True))
    op.add_column("revisions", sa.Column("changed_at", Instant(), nullable=True))
    op.add_column("revisions", sa.Column("reader", sa.Text(), nullable=True))
    op.create_index(op.f("ix_revisions_changed_at"), "revisions", ["changed_at"], unique=False)

    # Notes, suggestions and ties are only ever added to.
    for table in ("weightings", "wire_notes", "suggestions", "ties"):
        refusal = (
            "EXECUTE FUNCTION refuse_change()"
            if op.get_bind().dialect.name == "postgresql"
            else f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER tr_{table}_no_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW {refusal}")

    # The queue's own columns, for candidates that were there before.
    op.execute(
        "UPDATE candidates SET back_at = CASE WHEN grown_at > snoozed_at THEN grown_at ELSE snoozed_until END "
        "WHERE status = 'snoozed'"
    )
    values = ("provider", "regulator", "probe", "press", "research", "incident-database")  # origins, then tiers
    for place, value in enumerate((*values, "primary", "secondary", "tertiary")):
        told = (
            "UPDATE candidates SET kinds = kinds | :bit WHERE id IN (SELECT candidate_id FROM memberships "
            "JOIN articles ON articles.id = article_id WHERE (origin = :it OR tier = :it) AND joined <> 'mention')"
        )
        op.get_bind().execute(sa.text(told), {"bit": 1 << place, "it": value})
    listed = sa.table("candidates", sa.column("id", sa.Integer), sa.column("providers", sa.JSON))
    named = sa.table("candidate_providers", sa.column("provider", sa.String), sa.column("candidate_id", sa.Integer))
    for number, providers in op.get_bind().execute(sa.select(listed.c.id, listed.c.providers)).all():
        for provider in dict.fromkeys(providers or ()):
            op.get_bind().execute(sa.insert(named).values(provider=provider, candidate_id=number))

    # Full-text search: what is there already goes into the index bit by bit afterwards, by the job `index`.
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if not is_postgresql:
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5(title, body, facets, content='', "
            "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
        )
    changes = (  # table, column with the id, kind, which changes
        ("articles", "id", "article", "INSERT", "UPDATE OF title, text"),
        ("candidates", "id", "candidate", "INSERT", "UPDATE OF title, article_count, providers, status"),
        ("wires", "id", "wire", "INSERT", "UPDATE OF withdrawn_at, first_published_at, is_retracted"),
        ("revisions", "wire_id", "wire", "INSERT", "UPDATE OF draft, status"),
    )
    for table, column, kind, *verbs in changes:
        if is_postgresql:
            op.execute(
                f"CREATE FUNCTION note_search_due_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608
                f"INSERT INTO search_due (kind, ref) VALUES ('{kind}', NEW.{column}) ON CONFLICT DO NOTHING; "
                "RETURN NULL; END $$"
            )
        for verb in verbs:
            name = f"tr_search_{table}_{verb.partition(' ')[0].lower()}"
            done = (
                f"EXECUTE FUNCTION note_search_due_of_{table}()"
                if is_postgresql
                else f"BEGIN INSERT INTO search_due (kind, ref) SELECT '{kind}', NEW.{column} WHERE NOT EXISTS "  # noqa: S608
                f"(SELECT 1 FROM search_due WHERE kind = '{kind}' AND ref = NEW.{column}); END"
            )
            op.execute(f"CREATE TRIGGER {name} AFTER {verb} ON {table} FOR EACH ROW {done}")
        if column == "id":
            op.execute(f"INSERT INTO search_due (kind, ref) SELECT '{kind}', id FROM {table}")  # noqa: S608


def downgrade() -> None:
    raise CommandError("a newsroom's past is not thrown away: restore a backup instead")
