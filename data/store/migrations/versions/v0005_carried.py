"""The force that carries a camera."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column; what is there stays as it is."""
    op.execute("ALTER TABLE camera ADD COLUMN unit VARCHAR NOT NULL DEFAULT ''")
