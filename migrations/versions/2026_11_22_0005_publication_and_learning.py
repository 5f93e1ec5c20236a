"""publication: what readers get; learning: what decisions teach"""

from __future__ import annotations

from alembic.util import CommandError

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    raise CommandError("a newsroom's past is not thrown away: restore a backup instead")
