"""Lists that a seat brings into force reach seats that have joined; digests say in which bucket a difference lies."""

from __future__ import annotations

from alembic import op

revision = "h0009"
down_revision = "h0008"
branch_labels = None
depends_on = None

_DIGESTS = """
CREATE FUNCTION hub.digests_at(seq_ bigint, centre_ text) RETURNS TABLE (o_mine boolean, o_digest text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me();
BEGIN
    -- only of a point and centre that this seat has handed its own in for
    RETURN QUERY SELECT d.seat = me.name, d.digest FROM hub.digest d WHERE d.seq = seq_ AND d.centre = centre_
        AND EXISTS (SELECT 1 FROM hub.digest m WHERE m.seq = seq_ AND m.centre = centre_ AND m.seat = me.name);
END $$;
"""

_PACKS = """
CREATE TABLE hub.pack (
    pack text NOT NULL, piece int NOT NULL, pieces int NOT NULL, data bytea NOT NULL, seat text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (pack, piece));
-- the bytes are packed already
ALTER TABLE hub.pack ALTER COLUMN data SET STORAGE EXTERNAL;
CREATE INDEX event_pack ON hub.event (stream) WHERE kind IN ('pack.activated', 'pack.rolled_back');

-- lists go down: to the seats of the centre that brought them in and of those below it
CREATE FUNCTION hub.may_have_pack(me hub.seat, prefix_ text, seat_ text, centre_ text, kind_ text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT (seat_ = me.seat OR starts_with(prefix_, coalesce((SELECT c.prefix FROM hub.centre c
            WHERE c.code = centre_), '-'))) AND (me.personal OR coalesce(kind_, '') <> 'roster');
$$;

CREATE FUNCTION hub.packs()
RETURNS TABLE (o_pack text, o_body text, o_seq bigint, o_back bigint, o_mine boolean, o_pieces int,
               o_held int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE
    me hub.seat := hub.me();
    prefix_ text := (SELECT c.prefix FROM hub.centre c WHERE c.code = me.centre);
BEGIN
    RETURN QUERY
    SELECT substr(w.stream, 6), (w.j->'body')::text, w.seq,
        (SELECT min(o.seq) FROM hub.event b JOIN hub.ordering o ON o.event_id = b.id AND o.content_hash = b.hash
         WHERE b.stream = w.stream AND b.kind = 'pack.rolled_back' AND o.place > 0
           AND hub.may_have_pack(me, prefix_, b.seat, b.centre, '')),
        w.seat = me.seat,
        coalesce((SELECT p.pieces FROM hub.pack p WHERE p.pack = substr(w.stream, 6) GROUP BY p.pieces
                  HAVING count(*) = p.pieces LIMIT 1), 0),
        (SELECT count(*)::int FROM hub.pack p WHERE p.pack = substr(w.stream, 6))
    FROM (SELECT e.stream, e.seat, e.centre, o.seq, hub.as_json(e.content) AS j
          FROM hub.event e JOIN hub.ordering o ON o.event_id = e.id AND o.content_hash = e.hash AND o.place > 0
          WHERE e.kind = 'pack.activated') AS w
    WHERE hub.may_have_pack(me, prefix_, w.seat, w.centre, w.j->'body'->>'kind')
    ORDER BY w.seq;
END $$;

CREATE FUNCTION hub.put_pack(pack_ text, piece_ int, pieces_ int, data_ bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me();
BEGIN
    IF pieces_ NOT BETWEEN 1 AND 10000 OR piece_ NOT BETWEEN 0 AND pieces_ - 1 OR length(data_) > 16000000
       OR NOT EXISTS (SELECT 1 FROM hub.event e WHERE e.stream = 'pack/' || pack_ AND e.kind = 'pack.activated'
                      AND e.seat = me.seat) THEN
        RAISE EXCEPTION 'pack' USING ERRCODE = '22023';
    END IF;
    DELETE FROM hub.pack p WHERE p.pack = pack_ AND p.pieces <> pieces_;
    INSERT INTO hub.pack (pack, piece, pieces, data, seat) VALUES (pack_, piece_, pieces_, data_, me.seat)
    ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION hub.pack_piece(pack_ text, piece_ int) RETURNS bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE
    me hub.seat := hub.me();
    prefix_ text := (SELECT c.prefix FROM hub.centre c WHERE c.code = me.centre);
BEGIN
    RETURN (SELECT p.data FROM hub.pack p WHERE p.pack = pack_ AND p.piece = piece_ AND EXISTS (
        SELECT 1 FROM hub.event e WHERE e.stream = 'pack/' || pack_ AND e.kind = 'pack.activated'
          AND hub.may_have_pack(me, prefix_, e.seat, e.centre, hub.as_json(e.content)->'body'->>'kind')));
END $$;
"""

FOR_SEATS = ("digests_at(bigint,text)", "packs()", "put_pack(text,int,int,bytea)", "pack_piece(text,int)")
"""functions that the seats' roles may call"""


def upgrade() -> None:
    """Add them; nobody but their owner may use them until `grants` says so."""
    for block in (_DIGESTS, _PACKS):
        op.get_bind().exec_driver_sql(block.replace("%", "%%"))
    op.get_bind().exec_driver_sql("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hub FROM PUBLIC")
