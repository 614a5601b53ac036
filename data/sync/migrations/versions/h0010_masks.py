"""Privacy masks reach every seat of the district: a camera is covered on all screens or it is not covered.

What else is done with a camera (who looked, who turned it) stays in its centre.
"""

from __future__ import annotations

from alembic import op

revision = "h0010"
down_revision = "h0009"
branch_labels = None
depends_on = None

_SIGHT = """
CREATE FUNCTION hub.may_see(me hub.seat, prefix_ text, stream_ text, centre_ text, kind_ text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT kind_ = 'camera.masks_set' OR hub.may_see(me, prefix_, stream_, centre_);
$$;

CREATE INDEX event_masks ON hub.event (stream) WHERE kind = 'camera.masks_set';
"""

_GIVEN = """
CREATE OR REPLACE FUNCTION hub.pull(after_ bigint, most int)
RETURNS TABLE (o_seq bigint, o_id text, o_verdict text, o_hash text, o_chain text, o_place int, o_content text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE
    me hub.seat := hub.me();
    prefix_ text := (SELECT c.prefix FROM hub.centre c WHERE c.code = me.centre);
    till bigint := (SELECT min(p.seq) FROM hub.point p
                    WHERE p.seq > after_ AND p.at > clock_timestamp() - interval '3 minutes');
    found_ bigint;
BEGIN
    RETURN QUERY SELECT o.seq, o.event_id, o.verdict, o.content_hash, o.chain, o.place,
        CASE WHEN o.place > 0 AND e.seat <> me.seat AND hub.may_see(me, prefix_, e.stream, e.centre, e.kind)
             THEN e.content END
    FROM hub.ordering o LEFT JOIN hub.event e ON e.id = o.event_id AND e.hash = o.content_hash
    WHERE o.seq > after_ AND o.seq <= coalesce(till, o.seq) ORDER BY o.seq LIMIT least(most, 20000);
    GET DIAGNOSTICS found_ = ROW_COUNT;
    IF after_ + found_ = till THEN
        -- no row of the order: whoever pulled stands at a digest point now
        o_seq := till; o_verdict := 'point'; o_place := 0;
        RETURN NEXT;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION hub.bodies(ids text[])
RETURNS TABLE (o_seq bigint, o_id text, o_verdict text, o_hash text, o_chain text, o_place int, o_content text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE
    me hub.seat := hub.me();
    prefix_ text := (SELECT c.prefix FROM hub.centre c WHERE c.code = me.centre);
BEGIN
    RETURN QUERY SELECT o.seq, o.event_id, o.verdict, o.content_hash, o.chain, o.place, e.content
    FROM hub.event e JOIN hub.ordering o ON e.id = o.event_id AND e.hash = o.content_hash AND o.place > 0
    WHERE e.id = ANY (ids) AND hub.may_see(me, prefix_, e.stream, e.centre, e.kind) ORDER BY o.seq LIMIT 20000;
END $$;

CREATE OR REPLACE FUNCTION hub.stream_bodies(streams text[], upto bigint)
RETURNS TABLE (o_seq bigint, o_id text, o_verdict text, o_hash text, o_chain text, o_place int, o_content text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE
    me hub.seat := hub.me();
    prefix_ text := (SELECT c.prefix FROM hub.centre c WHERE c.code = me.centre);
BEGIN
    RETURN QUERY SELECT w.* FROM (
        SELECT o.seq, o.event_id, o.verdict, o.content_hash, o.chain, o.place, e.content
        FROM hub.event e JOIN hub.ordering o ON e.id = o.event_id AND e.hash = o.content_hash
        WHERE e.stream = ANY (streams) AND o.seq <= upto AND o.place > 0
          AND hub.may_see(me, prefix_, e.stream, e.centre, e.kind)
        UNION ALL
        -- by this name: the masks of all cameras
        SELECT o.seq, o.event_id, o.verdict, o.content_hash, o.chain, o.place, e.content
        FROM hub.event e JOIN hub.ordering o ON e.id = o.event_id AND e.hash = o.content_hash
        WHERE 'camera/' = ANY (streams) AND e.kind = 'camera.masks_set' AND o.seq <= upto AND o.place > 0
    ) AS w ORDER BY 1;
END $$;
"""


def upgrade() -> None:
    """Replace what gives bodies; the log stays as it is."""
    for block in (_SIGHT, _GIVEN):
        op.get_bind().exec_driver_sql(block.replace("%", "%%"))
    op.get_bind().exec_driver_sql("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hub FROM PUBLIC")
