"""The smaller stream of a camera; what a drone says of itself."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE camera ADD COLUMN sub_url VARCHAR NOT NULL DEFAULT ''",
    "CREATE TABLE drone ( unit VARCHAR NOT NULL, link VARCHAR NOT NULL, heard_at BIGINT NOT NULL, altitude_m FLOAT, "
    "speed_mps FLOAT, battery INTEGER, mode VARCHAR NOT NULL, PRIMARY KEY (unit) )",
)


def upgrade() -> None:
    """Add a column and a table; what is there stays as it is."""
    for statement in _STATEMENTS:
        op.execute(statement)
