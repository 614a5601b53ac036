"""The counts of the screens read indexes instead of every incident; two indexes that nothing reads any more go."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "CREATE INDEX incident_counts ON incident (area_path, area, phase, centres, registered_at, fed_back_at, closed_at, "
    "full_due_at, verdict)",
    "CREATE INDEX incident_channel ON incident (channel, reported_at)",
    "CREATE INDEX incident_answered ON incident (closed_at, satisfaction) WHERE satisfaction != ''",
    "DROP INDEX incident_full_due",
    "DROP INDEX incident_closed",
)


def upgrade() -> None:
    """Only indexes change; every row stays as it is."""
    for statement in _STATEMENTS:
        op.execute(statement)
