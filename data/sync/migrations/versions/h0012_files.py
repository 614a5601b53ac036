"""Seats that exchange by files: tracks in the order in which the hub got them; what it has of a seat's own log.

A seat without a line gets points late and in any order: it asks for what came here since, not for what was measured
since. Whether its own numbers fork is seen by what the hub has of it.
"""

from __future__ import annotations

from alembic import op

revision = "h0012"
down_revision = "h0011"
branch_labels = None
depends_on = None

_TRACKS = """
-- given under the lock of positions: a reader's cursor passes nothing by
ALTER TABLE hub.track ADD COLUMN no bigserial;
CREATE INDEX track_no ON hub.track (no);

CREATE FUNCTION hub.tracks_since(no_ bigint, most int)
RETURNS TABLE (o_unit text, o_at bigint, o_lon float8, o_lat float8, o_no bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE
    me hub.seat := hub.me();
    prefix_ text := (SELECT c.prefix FROM hub.centre c WHERE c.code = me.centre);
    at_work text[] := hub.units_at_work(me, prefix_);
BEGIN
    RETURN QUERY SELECT t.unit, t.at, t.lon, t.lat, t.no FROM hub.track t
    WHERE t.no > no_ AND (prefix_ = '' OR starts_with(t.path, prefix_) OR t.unit = ANY (at_work))
    ORDER BY t.no LIMIT least(most, 20000);
END $$;

CREATE FUNCTION hub.tracks_head() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
BEGIN
    PERFORM hub.me();
    RETURN coalesce((SELECT max(t.no) FROM hub.track t), 0);
END $$;
"""

_OWN = """
CREATE FUNCTION hub.own_head() RETURNS TABLE (o_seat_no bigint, o_hash text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me();
BEGIN
    RETURN QUERY SELECT e.seat_no, e.hash FROM hub.event e WHERE e.seat = me.seat ORDER BY e.seat_no DESC LIMIT 1;
END $$;

CREATE FUNCTION hub.answered(ids text[]) RETURNS TABLE (o_id text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
BEGIN
    PERFORM hub.me();
    RETURN QUERY SELECT n.id FROM unnest(ids) AS n(id) WHERE EXISTS (
        SELECT 1 FROM hub.ordering o WHERE o.event_id = n.id AND (o.place > 0 OR o.place = 0));
END $$;
"""

FOR_SEATS = ("tracks_since(bigint,int)", "tracks_head()", "own_head()", "answered(text[])")
"""functions that the seats' roles may call"""


def upgrade() -> None:
    """Number the points that there are; add the functions."""
    for block in (_TRACKS, _OWN):
        op.get_bind().exec_driver_sql(block.replace("%", "%%"))
    op.get_bind().exec_driver_sql("REVOKE ALL ON ALL ROUTINES IN SCHEMA hub FROM PUBLIC")
