"""Tables of a seat that is joined to a hub: its order, what was seen, what is still to fetch."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "ALTER TABLE event ADD COLUMN hub_seq INTEGER",
    "ALTER TABLE event ADD COLUMN verdict VARCHAR NOT NULL DEFAULT ''",
    # a seat without a hub pays nothing for it
    "CREATE INDEX event_hub ON event (hub_seq) WHERE hub_seq IS NOT NULL",
    "CREATE TABLE ordering ( seq INTEGER NOT NULL, event_id VARCHAR NOT NULL, verdict VARCHAR NOT NULL, hash "
    "VARCHAR(64) NOT NULL, chain VARCHAR(64) NOT NULL, PRIMARY KEY (seq) )",
    "CREATE TABLE gap ( stream VARCHAR NOT NULL, upto INTEGER NOT NULL, PRIMARY KEY (stream) )",
    "CREATE TABLE act ( stream VARCHAR NOT NULL, event VARCHAR NOT NULL, PRIMARY KEY (stream) )",
    "CREATE TABLE booking ( unit VARCHAR NOT NULL, confirmed VARCHAR DEFAULT '' NOT NULL, own VARCHAR DEFAULT '' NOT "
    "NULL, PRIMARY KEY (unit) )",
    'CREATE TABLE sync ( "key" VARCHAR NOT NULL, value TEXT NOT NULL, PRIMARY KEY ("key") )',
    "CREATE TABLE peer ( centre VARCHAR NOT NULL, name VARCHAR NOT NULL, level INTEGER NOT NULL, seen_at BIGINT, "
    "PRIMARY KEY (centre) )",
)


def upgrade() -> None:
    """Add columns and tables; what is there stays as it is."""
    for statement in _STATEMENTS:
        op.execute(statement)
