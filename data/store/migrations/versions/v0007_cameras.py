"""Since when a camera is in its state, why it is off line, and when it last gave a picture."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE camera_state ADD COLUMN since BIGINT",
    "ALTER TABLE camera_state ADD COLUMN picture_at BIGINT",
    "ALTER TABLE camera_state ADD COLUMN why VARCHAR NOT NULL DEFAULT ''",
    "UPDATE camera_state SET since = at",
)


def upgrade() -> None:
    """Add columns; what is there stays as it is."""
    for statement in _STATEMENTS:
        op.execute(statement)
