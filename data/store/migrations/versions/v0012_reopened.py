"""Nobody handles a reopened incident until it is assigned again; after a forced close the old force was still named.

Which incidents were ever reopened is noted here; whoever opens the store next folds them anew from the log. Folded rows
of a hub's snapshot in the old form are not taken over any more.
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A list of streams under one key; nothing where none was reopened."""
    op.get_bind().exec_driver_sql(
        "INSERT INTO meta (key, value) SELECT 'refold', json_group_array(DISTINCT stream) FROM event "
        "WHERE kind = 'incident.reopened' HAVING count(*) > 0")
