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
    op.add_column("candidates", sa.Column("suggested_severity", sa.String(length=8), nullable=True))
    op.add_column("candidates", sa.Column("severity_reason", sa.Text(), nullable=True))

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

    # The queue says how grave a candidate may be, and only a judge says so: what waits is judged once more.
    op.execute("UPDATE candidates SET judged_by = -1 WHERE judged_by > 0 AND status IN ('open', 'snoozed')")


def downgrade() -> None:
    raise CommandError("a newsroom's past is not thrown away: restore a backup instead")
