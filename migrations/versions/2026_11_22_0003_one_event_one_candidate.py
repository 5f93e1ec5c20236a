"""one event, one candidate: rulings, credits, evidence, related candidates, health kept"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

from monitor.store.tables import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reruns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("algorithm", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("last_decision", sa.Integer(), nullable=False),
        sa.Column("last_ruling", sa.Integer(), nullable=False),
        sa.Column("label_count", sa.Integer(), nullable=False),
        sa.Column("applying_at", Instant(), nullable=True),
        sa.Column("applied_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reruns")),
    )
    op.create_table(
        "conditions",
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("health", sa.String(length=16), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("sort_name", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("judge_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_conditions_source_id_sources")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_conditions")),
    )
    op.create_index(op.f("ix_conditions_judge_at"), "conditions", ["judge_at"], unique=False)
    op.create_index(
        op.f("ix_conditions_place_sort_name_source_id"), "conditions", ["place", "sort_name", "source_id"], unique=False
    )

    op.create_table(
        "article_versions",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("snapshot_digest", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_versions_article_id_articles")),
        sa.ForeignKeyConstraint(
            ["snapshot_digest"], ["snapshots.digest"], name=op.f("fk_article_versions_snapshot_digest_snapshots")
        ),
        sa.PrimaryKeyConstraint("article_id", "number", name=op.f("pk_article_versions")),
    )
    op.create_table(
        "past_groupings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("joined", sa.String(length=16), nullable=False),
        sa.Column("copy_of_id", sa.Integer(), nullable=True),
        sa.Column("nearest_id", sa.Integer(), nullable=True),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=True),
        sa.Column("algorithm", sa.Integer(), nullable=False),
        sa.Column("grouped_at", Instant(), nullable=False),
        sa.Column("superseded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_past_groupings_article_id_articles")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidates.id"], name=op.f("fk_past_groupings_candidate_id_candidates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_groupings")),
    )
    op.create_index(op.f("ix_past_groupings_article_id"), "past_groupings", ["article_id"], unique=False)

    op.create_table(
        "proposals",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("told_at", Instant(), nullable=False),
        sa.Column("label", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column("anchor_id", sa.Integer(), nullable=True),
        sa.Column("joined", sa.String(length=16), nullable=False),
        sa.Column("copy_of_id", sa.Integer(), nullable=True),
        sa.Column("nearest_id", sa.Integer(), nullable=True),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["anchor_id"], ["candidates.id"], name=op.f("fk_proposals_anchor_id_candidates")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_proposals_article_id_articles")),
        sa.ForeignKeyConstraint(["from_id"], ["candidates.id"], name=op.f("fk_proposals_from_id_candidates")),
        sa.ForeignKeyConstraint(["to_id"], ["candidates.id"], name=op.f("fk_proposals_to_id_candidates")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_anchor_id"), "proposals", ["anchor_id"], unique=False)
    op.create_index(op.f("ix_proposals_from_id"), "proposals", ["from_id"], unique=False)
    op.create_index(op.f("ix_proposals_label"), "proposals", ["label"], unique=False)
    op.create_index(op.f("ix_proposals_to_id"), "proposals", ["to_id"], unique=False)
    op.create_index(op.f("ix_proposals_told_at_article_id"), "proposals", ["told_at", "article_id"], unique=False)

    op.create_table(
        "relations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("left_id", sa.Integer(), nullable=False),
        sa.Column("right_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=True),
        sa.Column("editor", sa.Text(), nullable=True),
        sa.Column("related_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["left_id"], ["articles.id"], name=op.f("fk_relations_left_id_articles")),
        sa.ForeignKeyConstraint(["right_id"], ["articles.id"], name=op.f("fk_relations_right_id_articles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relations")),
    )
    op.create_index(op.f("ix_relations_left_id"), "relations", ["left_id"], unique=False)
    op.create_index(op.f("ix_relations_right_id"), "relations", ["right_id"], unique=False)

    op.create_table(
        "rulings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("editor", sa.Text(), nullable=False),
        sa.Column("ruled_at", Instant(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("withdraws_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_rulings_decision_id_decisions")),
        sa.ForeignKeyConstraint(["withdraws_id"], ["rulings.id"], name=op.f("fk_rulings_withdraws_id_rulings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
        sa.UniqueConstraint("key", name=op.f("uq_rulings_key")),
        sa.UniqueConstraint("withdraws_id", name=op.f("uq_rulings_withdraws_id")),
    )
    op.create_index(op.f("ix_rulings_decision_id"), "rulings", ["decision_id"], unique=False)
    op.create_index(op.f("ix_rulings_ruled_at"), "rulings", ["ruled_at"], unique=False)

    op.create_table(
        "ruling_articles",
        sa.Column("ruling_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("is_left", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_ruling_articles_article_id_articles")),
        sa.ForeignKeyConstraint(["ruling_id"], ["rulings.id"], name=op.f("fk_ruling_articles_ruling_id_rulings")),
        sa.PrimaryKeyConstraint("ruling_id", "article_id", name=op.f("pk_ruling_articles")),
    )
    op.create_index(op.f("ix_ruling_articles_article_id"), "ruling_articles", ["article_id"], unique=False)

    op.add_column("article_urls", sa.Column("is_claimed", sa.Boolean(), nullable=True))

    op.add_column("articles", sa.Column("credits", sa.JSON(), nullable=True))
    op.add_column("articles", sa.Column("version_count", sa.Integer(), server_default="0", nullable=False))
    op.add_column("articles", sa.Column("checked_at", Instant(), nullable=True))

    op.add_column("entries", sa.Column("credits", sa.JSON(), nullable=True))
    op.create_index(op.f("ix_entries_source_id_id"), "entries", ["source_id", "id"], unique=False)

    op.add_column("groupings", sa.Column("evidence", sa.JSON(), nullable=True))
    op.drop_index(op.f("ix_groupings_told_at"), table_name="groupings")
    op.create_index(op.f("ix_groupings_told_at_algorithm"), "groupings", ["told_at", "algorithm"], unique=False)

    op.create_index(op.f("ix_poll_states_host"), "poll_states", ["host"], unique=False)

    op.add_column("wires", sa.Column("coverage_seen_at", Instant(), nullable=True))

    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in ("rulings", "ruling_articles", "past_groupings", "article_versions", "relations"):
        refusal = (
            "EXECUTE FUNCTION refuse_change()"
            if is_postgresql
            else f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER tr_{table}_no_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW {refusal}")

    # Every source is judged as soon as the newsroom runs; until then it stands where newcomers do.
    op.execute(
        "INSERT INTO conditions (source_id, health, place, sort_name, said, judge_at) "
        "SELECT id, 'new', 9, lower(name), '', '1970-01-01 00:00:00.000000' FROM sources"
    )

    # What editors merged and split before rulings were kept holds from now on too, as far as it is known.
    connection = op.get_bind()
    standing = (
        "SELECT id, kind, payload FROM decisions WHERE kind IN ('merge', 'split') "
        "AND id NOT IN (SELECT undoes_id FROM decisions WHERE undoes_id IS NOT NULL) ORDER BY id"
    )
    for number, kind, payload in connection.execute(sa.text(standing)).all():
        said = json.loads(payload) if isinstance(payload, str) else payload
        moved = {m["article"] for part in said.get("absorbed", [said]) for m in part["members"]}
        members = (
            "SELECT m.article_id FROM memberships m JOIN decisions d ON d.candidate_id = m.candidate_id "
            "WHERE d.id = :number AND m.added_at <= d.decided_at"
        )
        stayed = set(connection.execute(sa.text(members), {"number": number}).scalars()) - moved
        if not moved or not stayed:
            continue
        lay_down = (
            "INSERT INTO rulings (kind, reason, editor, ruled_at, decision_id) "
            "SELECT :kind, coalesce(reason, 'Decided before rulings were kept.'), editor, decided_at, id "
            "FROM decisions WHERE id = :number RETURNING id"
        )
        says = "together" if kind == "merge" else "apart"
        ruling = connection.execute(sa.text(lay_down), {"kind": says, "number": number}).scalar_one()
        connection.execute(
            sa.text(
                "INSERT INTO ruling_articles (ruling_id, article_id, is_left) VALUES (:ruling, :article, :is_left)"
            ),
            [{"ruling": ruling, "article": a, "is_left": a in moved} for a in sorted(moved | stayed)],
        )


def downgrade() -> None:
    raise CommandError("a newsroom's past is not thrown away: restore a backup instead")
