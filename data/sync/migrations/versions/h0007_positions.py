"""Positions for a seat of an area: which forces work on its incidents is looked up once a call, not once a force."""

from __future__ import annotations

from alembic import op

revision = "h0007"
down_revision = "h0006"
branch_labels = None
depends_on = None

_ALL = """
CREATE FUNCTION hub.units_at_work(me hub.seat, prefix_ text) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(DISTINCT b.unit), '{}') FROM hub.booking b
    JOIN hub.event e ON e.id = b.event_id JOIN hub.reach r ON r.stream = e.stream
    WHERE prefix_ <> '' AND (r.path = '@' || me.centre OR (r.path >= prefix_ AND r.path < prefix_ || chr(1114111)));
$$;

CREATE OR REPLACE FUNCTION hub.positions(after_ bigint)
RETURNS TABLE (o_unit text, o_lon float8, o_lat float8, o_at bigint, o_heading float8, o_no bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE
    me hub.seat := hub.me();
    prefix_ text := (SELECT c.prefix FROM hub.centre c WHERE c.code = me.centre);
    from_ bigint := after_;
    at_work text[] := hub.units_at_work(me, prefix_);
BEGIN
    -- a restored hub may count lower than what the reader has seen
    IF from_ > coalesce((SELECT max(p.no) FROM hub.position p), 0) THEN from_ := 0; END IF;
    RETURN QUERY SELECT p.unit, p.lon, p.lat, p.at, p.heading, p.no FROM hub.position p
    WHERE p.no > from_ AND p.seat <> me.name
      AND (prefix_ = '' OR starts_with(p.path, prefix_) OR p.unit = ANY (at_work));
END $$;

CREATE OR REPLACE FUNCTION hub.tracks(bucket_ bigint, unit_ text, most int)
RETURNS TABLE (o_unit text, o_at bigint, o_lon float8, o_lat float8, o_bucket bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE
    me hub.seat := hub.me();
    prefix_ text := (SELECT c.prefix FROM hub.centre c WHERE c.code = me.centre);
    at_work text[] := hub.units_at_work(me, prefix_);
BEGIN
    RETURN QUERY SELECT t.unit, t.at, t.lon, t.lat, t.bucket FROM hub.track t
    WHERE (t.bucket, t.unit) > (bucket_, unit_)
      AND (prefix_ = '' OR starts_with(t.path, prefix_) OR t.unit = ANY (at_work))
    ORDER BY t.bucket, t.unit LIMIT least(most, 20000);
END $$;

DROP FUNCTION hub.sees_unit(hub.seat, text, text, text);
"""


def upgrade() -> None:
    """Replace two functions; no table changes."""
    op.get_bind().exec_driver_sql(_ALL.replace("%", "%%"))
    op.get_bind().exec_driver_sql("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hub FROM PUBLIC")
