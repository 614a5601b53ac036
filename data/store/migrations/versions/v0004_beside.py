"""What crosses seats beside the log: whose a position is, what of persons and files was sent, what is still wanted."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE position ADD COLUMN own INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE person ADD COLUMN sent INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX person_owed ON person (created_at) WHERE sent = 0 AND role <> 'staff'",
    "ALTER TABLE blob ADD COLUMN sent INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE want ( what VARCHAR NOT NULL, \"key\" VARCHAR NOT NULL, event VARCHAR NOT NULL, size INTEGER, "
    "there INTEGER DEFAULT 0 NOT NULL, tries INTEGER DEFAULT 0 NOT NULL, next_at BIGINT DEFAULT 0 NOT NULL, "
    "PRIMARY KEY (what, \"key\") )",
)


def upgrade() -> None:
    """Add columns and a table; what is there stays as it is."""
    for statement in _STATEMENTS:
        op.execute(statement)
