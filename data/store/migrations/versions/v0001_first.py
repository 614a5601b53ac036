"""First version of a seat's store."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_STATEMENTS = (
    "CREATE TABLE area ( id VARCHAR NOT NULL, code VARCHAR NOT NULL, name VARCHAR NOT NULL, level INTEGER NOT "
    "NULL, level_name VARCHAR NOT NULL, parent VARCHAR, path VARCHAR NOT NULL, wkb BLOB, dedicated INTEGER NOT "
    "NULL, households INTEGER, merchants INTEGER, generated INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY "
    "(id) )",
    "CREATE TABLE assignment ( incident VARCHAR NOT NULL, unit VARCHAR NOT NULL, state VARCHAR NOT NULL, lead "
    "INTEGER NOT NULL, since BIGINT NOT NULL, PRIMARY KEY (incident, unit) )",
    "CREATE INDEX assignment_unit ON assignment (unit)",
    "CREATE TABLE blob ( digest VARCHAR(64) NOT NULL, mime VARCHAR NOT NULL, size INTEGER NOT NULL, created_at "
    "BIGINT NOT NULL, PRIMARY KEY (digest) )",
    "CREATE TABLE call ( id VARCHAR NOT NULL, state VARCHAR NOT NULL, since BIGINT NOT NULL, person VARCHAR, "
    "incident VARCHAR, operator VARCHAR NOT NULL, PRIMARY KEY (id) )",
    "CREATE TABLE camera ( id VARCHAR NOT NULL, name VARCHAR NOT NULL, kind VARCHAR NOT NULL, lon FLOAT, lat "
    "FLOAT, heading FLOAT, fov FLOAT, range_m FLOAT, area VARCHAR, tags VARCHAR NOT NULL, on_wall INTEGER NOT "
    "NULL, url VARCHAR NOT NULL, stream_kind VARCHAR NOT NULL, gb_code VARCHAR NOT NULL, PRIMARY KEY (id) )",
    "CREATE TABLE camera_state ( id VARCHAR NOT NULL, state VARCHAR NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (id) )",
    "CREATE TABLE change ( no INTEGER NOT NULL, at BIGINT NOT NULL, what TEXT NOT NULL, PRIMARY KEY (no) )",
    "CREATE TABLE code ( list VARCHAR NOT NULL, code VARCHAR NOT NULL, label_zh VARCHAR NOT NULL, label_en "
    "VARCHAR NOT NULL, parent VARCHAR, extra TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (list, "
    "code) )",
    "CREATE TABLE component ( id VARCHAR NOT NULL, kind VARCHAR NOT NULL, name VARCHAR NOT NULL, lon FLOAT NOT "
    "NULL, lat FLOAT NOT NULL, area VARCHAR, class_code VARCHAR NOT NULL, PRIMARY KEY (id) )",
    "CREATE TABLE counter ( day VARCHAR NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (day) )",
    "CREATE TABLE draft ( id VARCHAR NOT NULL, operator VARCHAR NOT NULL, started_at BIGINT NOT NULL, saved_at "
    "BIGINT NOT NULL, call VARCHAR, fields TEXT NOT NULL, PRIMARY KEY (id) )",
    "CREATE TABLE event ( seq INTEGER NOT NULL, id VARCHAR(36) NOT NULL, stream VARCHAR NOT NULL, kind VARCHAR "
    "NOT NULL, seat VARCHAR NOT NULL, seat_no INTEGER NOT NULL, occurred_at BIGINT NOT NULL, received_at "
    "BIGINT NOT NULL, hash VARCHAR(64) NOT NULL, content TEXT NOT NULL, PRIMARY KEY (seq), UNIQUE (seat, "
    "seat_no), UNIQUE (id) )",
    "CREATE INDEX event_stream ON event (stream, seq)",
    "CREATE TABLE incident ( id VARCHAR NOT NULL, number VARCHAR NOT NULL, phase VARCHAR NOT NULL, level "
    "INTEGER NOT NULL, kind VARCHAR NOT NULL, channel VARCHAR NOT NULL, place TEXT NOT NULL, area VARCHAR, "
    "area_path VARCHAR NOT NULL, flags INTEGER NOT NULL, reported_at BIGINT NOT NULL, registered_at BIGINT NOT "
    "NULL, fed_back_at BIGINT NOT NULL, closed_at BIGINT NOT NULL, limit_from BIGINT, warn_at BIGINT, due_at "
    "BIGINT, phase_due_at BIGINT, full_due_at BIGINT, handler VARCHAR NOT NULL, lead_unit VARCHAR NOT NULL, "
    "helpers INTEGER NOT NULL, lon FLOAT, lat FLOAT, on_scene INTEGER NOT NULL, ended INTEGER NOT NULL, "
    "verdict VARCHAR NOT NULL, satisfaction VARCHAR NOT NULL, source VARCHAR NOT NULL, external VARCHAR NOT "
    "NULL, dispatcher VARCHAR NOT NULL, last_seq INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (id) )",
    "CREATE INDEX incident_changed ON incident (last_seq)",
    "CREATE INDEX incident_closed ON incident (closed_at)",
    "CREATE INDEX incident_external ON incident (source, external)",
    "CREATE INDEX incident_full_due ON incident (full_due_at)",
    "CREATE INDEX incident_number ON incident (number)",
    "CREATE INDEX incident_open ON incident (ended, phase)",
    "CREATE INDEX incident_reported ON incident (reported_at)",
    'CREATE TABLE meta ( "key" VARCHAR NOT NULL, value TEXT NOT NULL, PRIMARY KEY ("key") )',
    "CREATE TABLE operator ( id VARCHAR NOT NULL, name VARCHAR NOT NULL, roles VARCHAR NOT NULL, area VARCHAR, "
    "unit VARCHAR, secret VARCHAR NOT NULL, disabled INTEGER NOT NULL, PRIMARY KEY (id) )",
    "CREATE TABLE outbox ( seq INTEGER NOT NULL, PRIMARY KEY (seq) )",
    "CREATE TABLE pack ( id VARCHAR NOT NULL, kind VARCHAR NOT NULL, source VARCHAR NOT NULL, version VARCHAR "
    "NOT NULL, profile VARCHAR NOT NULL, status VARCHAR NOT NULL, created_at BIGINT NOT NULL, activated_at "
    "BIGINT, counts TEXT NOT NULL, PRIMARY KEY (id) )",
    "CREATE INDEX pack_kind ON pack (kind, source)",
    'CREATE TABLE pack_row ( pack VARCHAR NOT NULL, "key" VARCHAR NOT NULL, digest VARCHAR NOT NULL, "before" '
    'VARCHAR, data TEXT NOT NULL, PRIMARY KEY (pack, "key") )',
    'CREATE INDEX pack_row_key ON pack_row ("key")',
    "CREATE TABLE person ( id VARCHAR NOT NULL, role VARCHAR NOT NULL, data TEXT NOT NULL, created_at BIGINT "
    "NOT NULL, erased_at BIGINT, PRIMARY KEY (id) )",
    "CREATE TABLE position ( unit VARCHAR NOT NULL, lon FLOAT NOT NULL, lat FLOAT NOT NULL, at BIGINT NOT "
    "NULL, heading FLOAT, PRIMARY KEY (unit) )",
    "CREATE TABLE read_mark ( operator VARCHAR NOT NULL, incident VARCHAR NOT NULL, seq INTEGER NOT NULL, "
    "PRIMARY KEY (operator, incident) )",
    'CREATE TABLE ref ( kind VARCHAR NOT NULL, "key" VARCHAR NOT NULL, source VARCHAR NOT NULL, digest VARCHAR '
    'NOT NULL, pack VARCHAR NOT NULL, PRIMARY KEY (kind, "key") )',
    "CREATE INDEX ref_source ON ref (kind, source)",
    "CREATE TABLE roster ( id VARCHAR NOT NULL, date VARCHAR NOT NULL, shift VARCHAR NOT NULL, role VARCHAR "
    'NOT NULL, name VARCHAR NOT NULL, start BIGINT, "end" BIGINT, PRIMARY KEY (id) )',
    "CREATE INDEX roster_start ON roster (start)",
    'CREATE TABLE setting ( "key" VARCHAR NOT NULL, value TEXT NOT NULL, PRIMARY KEY ("key") )',
    "CREATE TABLE signed ( role VARCHAR NOT NULL, name VARCHAR NOT NULL, at BIGINT NOT NULL, present INTEGER "
    "NOT NULL, PRIMARY KEY (role, name) )",
    "CREATE TABLE snapshot ( id INTEGER NOT NULL, seq INTEGER NOT NULL, at BIGINT NOT NULL, data BLOB NOT "
    "NULL, PRIMARY KEY (id) )",
    "CREATE TABLE track ( unit VARCHAR NOT NULL, at BIGINT NOT NULL, lon FLOAT NOT NULL, lat FLOAT NOT NULL, "
    "PRIMARY KEY (unit, at) )",
    "CREATE TABLE unit ( id VARCHAR NOT NULL, name VARCHAR NOT NULL, kind VARCHAR NOT NULL, team VARCHAR NOT "
    "NULL, call_sign VARCHAR NOT NULL, skills VARCHAR NOT NULL, area VARCHAR, lon FLOAT, lat FLOAT, person "
    "VARCHAR, PRIMARY KEY (id) )",
    "CREATE TABLE unit_duty ( unit VARCHAR NOT NULL, on_duty INTEGER NOT NULL, since BIGINT NOT NULL, PRIMARY "
    "KEY (unit) )",
    "CREATE TABLE warning ( id VARCHAR NOT NULL, level INTEGER NOT NULL, title VARCHAR NOT NULL, text TEXT NOT "
    "NULL, areas VARCHAR NOT NULL, issued_at BIGINT NOT NULL, received_at BIGINT NOT NULL, until BIGINT, "
    "source VARCHAR NOT NULL, PRIMARY KEY (id) )",
)


def upgrade() -> None:
    """Create every table and index."""
    for statement in _STATEMENTS:
        op.execute(statement)
