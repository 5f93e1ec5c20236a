"""measured and mended: what the figures asked for"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("digest_issues", sa.Column("after_edition", sa.Integer(), nullable=True))
    op.add_column("digest_issues", sa.Column("edition", sa.Integer(), nullable=True))
    op.add_column("digest_issues", sa.Column("wires", sa.JSON(), nullable=True))

    op.create_index(
        "ix_revisions_unseen",
        "revisions",
        ["saved_at"],
        unique=False,
        sqlite_where=sa.text("status != 'published'"),
        postgresql_where=sa.text("status != 'published'"),
    )


def downgrade() -> None:
    raise CommandError("a newsroom's past is not thrown away: restore a backup instead")
