"""Hand-overs of a shift that both sides sign. Those told by one side (duty.handed_over) stay in the log as they are and
are read from there."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "CREATE TABLE handover ( id VARCHAR NOT NULL, centre VARCHAR NOT NULL, phase VARCHAR NOT NULL, open INTEGER NOT "
    "NULL, role VARCHAR NOT NULL, name VARCHAR NOT NULL, incoming VARCHAR NOT NULL, signed_at BIGINT NOT NULL, "
    "began_at BIGINT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (id) )",
    "CREATE INDEX handover_open ON handover (open, began_at)",
)


def upgrade() -> None:
    """Add the table; what is there stays as it is."""
    for statement in _STATEMENTS:
        op.execute(statement)
