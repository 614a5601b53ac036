"""Snapshots that new seats start from: parts of the order for all, bodies and folded rows per centre."""

from __future__ import annotations

from alembic import op

revision = "h0003"
down_revision = "h0002"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE hub.snapshot (
    no bigserial PRIMARY KEY, centre text NOT NULL, seq bigint NOT NULL, chain text NOT NULL, part_rows int NOT NULL,
    folds int NOT NULL, form text NOT NULL, digests text NOT NULL, bytes bigint NOT NULL DEFAULT 0,
    at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE hub.part (
    kind text NOT NULL, centre text NOT NULL, of_snapshot bigint NOT NULL, number int NOT NULL, piece int NOT NULL,
    data bytea NOT NULL, PRIMARY KEY (kind, centre, of_snapshot, number, piece));
-- the bytes are packed already
ALTER TABLE hub.part ALTER COLUMN data SET STORAGE EXTERNAL;
"""

_FUNCTIONS = """
CREATE FUNCTION hub.offer(no_ bigint)
RETURNS TABLE (o_no bigint, o_seq bigint, o_chain text, o_part_rows int, o_folds int, o_form text, o_digests text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me();
BEGIN
    RETURN QUERY SELECT s.no, s.seq, s.chain, s.part_rows, s.folds, s.form, s.digests
    FROM hub.snapshot s JOIN hub.ordering o ON o.seq = s.seq AND o.chain = s.chain
    WHERE s.centre = me.centre AND s.no = coalesce(no_, s.no) ORDER BY s.seq DESC, s.no DESC LIMIT 1;
END $$;

CREATE FUNCTION hub.part_of(no_ bigint, kind_ text, number_ int, piece_ int) RETURNS bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me();
BEGIN
    -- the order is for all; bodies and folded rows are those of the seat's own centre only
    RETURN (SELECT p.data FROM hub.snapshot s JOIN hub.part p ON p.kind = kind_ AND p.number = number_
        AND p.piece = piece_ AND p.centre = CASE WHEN kind_ = 'order' THEN '' ELSE s.centre END
        AND p.of_snapshot = CASE WHEN kind_ = 'fold' THEN s.no ELSE 0 END
        WHERE s.no = no_ AND s.centre = me.centre AND number_ < s.seq / s.part_rows + 1);
END $$;
"""

FOR_SEATS = ("offer(bigint)", "part_of(bigint,text,int,int)")
"""functions that the seats' roles may call"""

DERIVED = ("part", "snapshot")
"""tables that the seat beside the hub makes again: no backup holds them"""


def upgrade() -> None:
    """Create them; nobody but their owner may use them until `grants` says so."""
    for block in (_TABLES, _FUNCTIONS):
        op.get_bind().exec_driver_sql(block)
    op.get_bind().exec_driver_sql("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hub FROM PUBLIC")
