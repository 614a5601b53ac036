"""Passing between centres, acts that another one overtook, and whistles."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE incident ADD COLUMN pass_to VARCHAR NOT NULL DEFAULT ''",
    "ALTER TABLE incident ADD COLUMN holder VARCHAR NOT NULL DEFAULT ''",
    "ALTER TABLE incident ADD COLUMN pass_due_at BIGINT",
    "ALTER TABLE incident ADD COLUMN centres VARCHAR NOT NULL DEFAULT ''",
    "CREATE TABLE conflict ( event VARCHAR NOT NULL, incident VARCHAR NOT NULL, actor VARCHAR NOT NULL, at BIGINT NOT "
    "NULL, answered_at BIGINT, PRIMARY KEY (event) )",
    "CREATE TABLE whistle ( id VARCHAR NOT NULL, area_path VARCHAR NOT NULL, ended INTEGER NOT NULL, blown_at BIGINT "
    "NOT NULL, state TEXT NOT NULL, PRIMARY KEY (id) )",
)


def upgrade() -> None:
    """Add columns and tables; what is there stays as it is."""
    for statement in _STATEMENTS:
        op.execute(statement)
