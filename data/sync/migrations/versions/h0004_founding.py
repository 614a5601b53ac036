"""What a new seat is founded with: its centre, the district's name and time zone, the lists of the city in force."""

from __future__ import annotations

from alembic import op

revision = "h0004"
down_revision = "h0003"
branch_labels = None
depends_on = None

_ALL = """
CREATE TABLE hub.list_piece (no int PRIMARY KEY, data bytea NOT NULL);
ALTER TABLE hub.list_piece ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE FUNCTION hub.founding()
RETURNS TABLE (o_district text, o_district_name text, o_centre text, o_centre_name text, o_nature text,
               o_timezone text, o_pieces int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me();
BEGIN
    RETURN QUERY SELECT (SELECT m.value FROM hub.meta m WHERE m.key = 'district'),
        (SELECT m.value FROM hub.meta m WHERE m.key = 'district_name'), c.code, c.name,
        coalesce((SELECT m.value FROM hub.meta m WHERE m.key = 'nature'), 'live'),
        coalesce((SELECT m.value FROM hub.meta m WHERE m.key = 'timezone'), 'Asia/Shanghai'),
        (SELECT count(*)::int FROM hub.list_piece)
    FROM hub.centre c WHERE c.code = me.centre;
END $$;

CREATE FUNCTION hub.list_piece(no_ int) RETURNS bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
BEGIN
    PERFORM hub.me();
    RETURN (SELECT p.data FROM hub.list_piece p WHERE p.no = no_);
END $$;
"""

FOR_SEATS = ("founding()", "list_piece(int)")
"""functions that the seats' roles may call"""


def upgrade() -> None:
    """Create them; nobody but their owner may use them until `grants` says so."""
    op.get_bind().exec_driver_sql(_ALL)
    op.get_bind().exec_driver_sql("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hub FROM PUBLIC")
