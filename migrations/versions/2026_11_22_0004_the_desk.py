"""the desk: saved filters, leases of claims, writing, people"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

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
        "presences",
        sa.Column("tab", sa.String(length=120), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("tab", name=op.f("pk_presences")),
    )
    op.create_index(op.f("ix_presences_seen_at"), "presences", ["seen_at"], unique=False)

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

    op.add_column("candidates", sa.Column("claimed_until", Instant(), nullable=True))
    op.add_column("candidates", sa.Column("changed_at", Instant(), nullable=True))
    op.create_index(op.f("ix_candidates_changed_at"), "candidates", ["changed_at"], unique=False)
    op.create_index(op.f("ix_candidates_claimed_until"), "candidates", ["claimed_until"], unique=False)

    op.add_column("revisions", sa.Column("due_at", Instant(), nullable=True))
    op.add_column("revisions", sa.Column("asked_by", sa.Text(), nullable=True))
    op.add_column("revisions", sa.Column("asked_at", Instant(), nullable=True))
    op.add_column("revisions", sa.Column("reader", sa.Text(), nullable=True))

    # Notes, suggestions and ties are only ever added to.
    for table in ("wire_notes", "suggestions", "ties"):
        refusal = (
            "EXECUTE FUNCTION refuse_change()"
            if op.get_bind().dialect.name == "postgresql"
            else f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER tr_{table}_no_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW {refusal}")


def downgrade() -> None:
    raise CommandError("a newsroom's past is not thrown away: restore a backup instead")
