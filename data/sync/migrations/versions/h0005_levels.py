"""What is passed between centres and what communities whistle for reaches those it concerns; the centres' directory."""

from __future__ import annotations

from alembic import op

revision = "h0005"
down_revision = "h0004"
branch_labels = None
depends_on = None

_REACH = """
CREATE FUNCTION hub.reach_of_centre() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hub, pg_temp AS $$
DECLARE j jsonb := hub.as_json(NEW.content); path_ text := left(j->'body'->>'area_path', 500);
BEGIN
    -- the target of a pass and every centre above it; of a whistle its maker and its area
    INSERT INTO hub.reach
    WITH RECURSIVE line(code, parent) AS (
        SELECT c.code, c.parent FROM hub.centre c WHERE c.code = j->'body'->>'to'
        UNION SELECT c.code, c.parent FROM hub.centre c JOIN line l ON c.code = l.parent)
    SELECT NEW.stream, '@' || code FROM line
    ON CONFLICT DO NOTHING;
    IF NEW.stream LIKE 'whistle/%' THEN
        INSERT INTO hub.reach VALUES (NEW.stream, '@' || NEW.centre) ON CONFLICT DO NOTHING;
        IF path_ <> '' THEN
            INSERT INTO hub.reach VALUES (NEW.stream, path_) ON CONFLICT DO NOTHING;
        END IF;
    END IF;
    RETURN NULL;
END $$;

-- deferred: it runs at the commit, behind the lock, and only for these kinds
CREATE CONSTRAINT TRIGGER reach_of_centre AFTER INSERT ON hub.event DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.kind LIKE 'incident.passed\\_%' OR NEW.stream LIKE 'whistle/%')
EXECUTE FUNCTION hub.reach_of_centre();

CREATE OR REPLACE FUNCTION hub.may_see_incident(me hub.seat, prefix_ text, stream_ text, centre_ text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT centre_ = me.centre OR stream_ LIKE 'unit/%' OR ((stream_ LIKE 'incident/%' OR stream_ LIKE 'whistle/%')
        AND (prefix_ = '' OR EXISTS (SELECT 1 FROM hub.reach r WHERE r.stream = stream_ AND (r.path = '@' || me.centre
            OR (r.path >= prefix_ AND r.path < prefix_ || chr(1114111))))));
$$;

CREATE FUNCTION hub.directory() RETURNS TABLE (o_code text, o_name text, o_level int, o_parent text, o_prefix text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
BEGIN
    PERFORM hub.me();
    RETURN QUERY SELECT c.code, c.name, c.level, c.parent, c.prefix FROM hub.centre c ORDER BY c.level, c.code;
END $$;
"""

FOR_SEATS = ("directory()",)


def upgrade() -> None:
    """Add what is there for passing; no table changes."""
    op.get_bind().exec_driver_sql(_REACH.replace("%", "%%"))
    op.get_bind().exec_driver_sql("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hub FROM PUBLIC")
