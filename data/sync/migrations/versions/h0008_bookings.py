"""Appending waits less; a unit's booking ends with its work, and counts only for whom may see it.

What can be reckoned of a batch alone is reckoned before the lock is taken. A booking whose incident lies outside a
seat's area was never known to that seat: it cannot be held against it.
"""

from __future__ import annotations

from alembic import op

revision = "h0008"
down_revision = "h0007"
branch_labels = None
depends_on = None

_BOOKED = """
CREATE FUNCTION hub.booked(unit_ text, me hub.seat, prefix_ text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT b.event_id FROM hub.booking b JOIN hub.event e ON e.id = b.event_id
    WHERE b.unit = unit_ AND hub.may_see(me, prefix_, e.stream, e.centre);
$$;

DELETE FROM hub.booking b USING hub.event e, hub.event f, hub.ordering o, hub.ordering p
WHERE e.id = b.event_id AND o.event_id = e.id AND o.place > 0 AND f.stream = e.stream AND p.event_id = f.id
    AND p.place > o.place AND p.verdict = 'ok'
    AND (f.kind IN ('incident.closed', 'incident.force_closed', 'incident.voided', 'incident.merged')
         OR (f.kind IN ('incident.recalled', 'incident.returned')
             AND coalesce(hub.word(hub.as_json(f.content)->'body'->'unit'), b.unit) = b.unit));
"""

_APPEND = """
CREATE OR REPLACE FUNCTION hub.append(ids text[], contents text[])
RETURNS TABLE (o_id text, o_seq bigint, o_verdict text, o_owed boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    me hub.seat := hub.me();
    prefix_ text := (SELECT c.prefix FROM hub.centre c WHERE c.code = me.centre);
    district_ text := (SELECT value FROM hub.meta WHERE key = 'district');
    joining_ text[] := ARRAY(SELECT k.kind FROM hub.joining k);
    most int := coalesce(cardinality(ids), 0);
    bodies jsonb[]; hashes text[]; faults text[]; streams text[]; decides boolean[]; judged boolean[]; units text[];
    leans text[]; seens jsonb[]; paths text[];
    -- what frees a unit again: its id, '' for all of the incident, NULL for what frees none
    frees text[];
    -- of the batch: which of its streams an event belongs to and as how many-eth of it; its streams, how many, last act
    mine int[]; turns int[]; group_streams text[]; group_counts int[]; group_acts text[]; totals int[];
    seqs bigint[] := '{}'; verdicts text[] := '{}'; chains text[] := '{}'; places int[] := '{}';
    i int; first_ int; stored int; seq_ bigint; chain_ text; verdict_ text; place_ int; act_ text; booked_ text;
    clear_ boolean; deciding_ boolean; booking_ boolean; owed_ boolean := false; known hub.ordering;
BEGIN
    IF me.seat IS NULL THEN RAISE EXCEPTION 'no hello' USING ERRCODE = '28000'; END IF;
    IF most <> coalesce(cardinality(contents), 0) OR most > 5000 THEN
        RAISE EXCEPTION 'batch' USING ERRCODE = '22023';
    END IF;
    bodies := hub.parsed(contents);
    SELECT array_agg(w.hash), array_agg(w.fault), array_agg(w.stream), array_agg(w.decides), array_agg(w.judged),
           array_agg(w.seen), array_agg(w.unit), array_agg(w.leans), array_agg(w.path), array_agg(w.frees)
    INTO hashes, faults, streams, decides, judged, seens, units, leans, paths, frees
    FROM (SELECT encode(sha256(convert_to(n.content, 'UTF8')), 'hex') AS hash, n.j->>'stream' AS stream,
            hub.fault_of(n.id, n.j, n.content, me.seat, me.centre, district_) AS fault,
            n.j->>'stream' LIKE 'incident/%' AND n.j->>'kind' <> ALL (joining_) AS decides,
            CASE WHEN jsonb_typeof(n.j->'seen') = 'array' THEN jsonb_array_length(n.j->'seen') >= 2 END AS judged,
            n.j->'seen' AS seen,
            CASE WHEN n.j->>'kind' = 'incident.assigned' THEN hub.word(n.j->'body'->'unit') END AS unit,
            CASE WHEN n.j->>'kind' = 'incident.absorbed' THEN hub.word(n.j->'body'->'act') END AS leans,
            CASE WHEN n.j->>'stream' LIKE 'incident/%' THEN left(n.j->'body'->>'area_path', 500) END AS path,
            CASE WHEN n.j->>'kind' IN ('incident.closed', 'incident.force_closed', 'incident.voided', 'incident.merged')
                    THEN ''
                 WHEN n.j->>'kind' IN ('incident.recalled', 'incident.returned')
                    THEN coalesce(hub.word(n.j->'body'->'unit'), '') END AS frees
          FROM unnest(ids, contents, bodies) WITH ORDINALITY AS n(id, content, j, i) ORDER BY n.i) AS w;
    INSERT INTO hub.event (id, hash, stream, kind, seat, seat_no, centre, content)
    SELECT n.id, n.hash, n.stream, n.j->>'kind', me.seat, (n.j->>'seat_no')::bigint, me.centre, n.content
    FROM unnest(ids, hashes, streams, bodies, contents, faults) AS n(id, hash, stream, j, content, fault)
    WHERE n.fault IS NULL ORDER BY n.id
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS stored = ROW_COUNT;
    deciding_ := true = ANY (decides);
    booking_ := cardinality(array_remove(units, NULL)) > 0;
    clear_ := stored = most AND most > 0;
    IF clear_ THEN
        -- all new: what can be reckoned of the batch alone is reckoned, and written, before seats wait for each other
        SELECT array_agg(n.mine ORDER BY n.i), array_agg(n.turn ORDER BY n.i) INTO mine, turns
        FROM (SELECT u.i, (dense_rank() OVER (ORDER BY u.stream COLLATE "C"))::int AS mine,
                (row_number() OVER (PARTITION BY u.stream COLLATE "C" ORDER BY u.i))::int AS turn
              FROM unnest(streams) WITH ORDINALITY AS u(stream, i)) AS n;
        SELECT array_agg(g.stream ORDER BY g.mine), array_agg(g.counted ORDER BY g.mine),
               array_agg(coalesce(ids[g.act], '') ORDER BY g.mine)
        INTO group_streams, group_counts, group_acts
        FROM (SELECT u.mine, min(u.stream) AS stream, count(*)::int AS counted, max(u.i) FILTER (WHERE u.decides) AS act
              FROM unnest(streams, mine, decides) WITH ORDINALITY AS u(stream, mine, decides, i)
              GROUP BY u.mine) AS g;
        -- in one order everywhere: who waits for another's row holds none that this one waits for
        INSERT INTO hub.reach SELECT DISTINCT n.stream, p.path
        FROM unnest(streams, paths) AS n(stream, path), LATERAL (VALUES (n.path), ('@' || me.centre)) AS p(path)
        WHERE n.stream LIKE 'incident/%' AND p.path <> '' ORDER BY 1, 2
        ON CONFLICT DO NOTHING;
    END IF;

    -- the lock comes last: what follows is the only part that seats wait for each other
    PERFORM pg_advisory_xact_lock(4242001);
    SELECT h.seq, h.chain INTO seq_, chain_ FROM hub.head h;
    -- all new, none refused before, none overtaken: then all stand, as a set
    clear_ := clear_ AND NOT EXISTS (SELECT 1 FROM hub.ordering o WHERE o.place = 0 AND o.event_id = ANY (ids));
    IF clear_ AND deciding_ THEN
        clear_ := NOT EXISTS (
            SELECT 1 FROM (
                SELECT n.judged, n.decides, n.seen, n.stream, ids[max(n.i) FILTER (WHERE n.decides) OVER (
                    PARTITION BY n.stream ORDER BY n.i ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)] AS before
                FROM unnest(streams, decides, judged, seens) WITH ORDINALITY AS n(stream, decides, judged, seen, i)
            ) AS w LEFT JOIN hub.stream s ON s.stream = w.stream
            WHERE w.decides AND w.judged AND coalesce(w.before, s.last_act, '') <> ''
                AND NOT w.seen ? coalesce(w.before, s.last_act));
    END IF;
    IF clear_ AND booking_ THEN
        clear_ := NOT EXISTS (
            SELECT 1 FROM (
                SELECT n.judged, n.decides, n.seen, n.unit, ids[max(n.i) FILTER (WHERE n.decides) OVER (
                    PARTITION BY n.unit ORDER BY n.i ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)] AS before
                FROM unnest(units, decides, judged, seens) WITH ORDINALITY AS n(unit, decides, judged, seen, i)
                WHERE n.unit IS NOT NULL
            ) AS w LEFT JOIN LATERAL (SELECT hub.booked(w.unit, me, prefix_) AS event_id) b ON true
            WHERE w.decides AND w.judged AND NOT w.seen ? coalesce(w.before, b.event_id));
    END IF;
    IF clear_ AND cardinality(array_remove(leans, NULL)) > 0 THEN
        clear_ := NOT EXISTS (SELECT 1 FROM hub.ordering o WHERE o.event_id = ANY (leans) AND o.place > 0
                               AND o.verdict <> 'ok');
    END IF;
    IF clear_ THEN
        WITH put AS (
            INSERT INTO hub.stream AS s (stream, events, last_act)
            SELECT * FROM unnest(group_streams, group_counts, group_acts)
            ON CONFLICT (stream) DO UPDATE SET events = s.events + excluded.events,
                last_act = CASE WHEN excluded.last_act <> '' THEN excluded.last_act ELSE s.last_act END
            RETURNING s.stream, s.events
        )
        SELECT array_agg(put.events ORDER BY put.stream COLLATE "C") INTO totals FROM put;
        IF booking_ THEN
            INSERT INTO hub.booking AS b SELECT n.unit, ids[max(n.i)]
            FROM unnest(units, decides) WITH ORDINALITY AS n(unit, decides, i)
            WHERE n.unit IS NOT NULL AND n.decides GROUP BY n.unit
            ON CONFLICT (unit) DO UPDATE SET event_id = excluded.event_id;
        END IF;
        FOR i IN 1 .. most LOOP
            seq_ := seq_ + 1;
            chain_ := encode(sha256(convert_to(
                chain_ || '|' || seq_ || '|' || ids[i] || '|ok|' || hashes[i], 'UTF8')), 'hex');
            seqs[i] := seq_; verdicts[i] := 'ok'; chains[i] := chain_;
            places[i] := totals[mine[i]] - group_counts[mine[i]] + turns[i];
        END LOOP;
        INSERT INTO hub.ordering SELECT * FROM unnest(seqs, ids, verdicts, hashes, chains, places);
    ELSE
        FOR i IN 1 .. most LOOP
            seqs[i] := NULL; verdicts[i] := NULL; chains[i] := NULL; places[i] := 0;
            first_ := array_position(ids, ids[i]);
            IF first_ < i AND hashes[first_] = hashes[i] THEN CONTINUE; END IF;
            SELECT * INTO known FROM hub.ordering o
            WHERE o.event_id = ids[i] AND o.content_hash = hashes[i] AND (o.place > 0 OR o.place = 0);
            IF FOUND THEN
                o_id := ids[i]; o_seq := known.seq; o_verdict := known.verdict; o_owed := false;
                RETURN NEXT;
                CONTINUE;
            END IF;
            place_ := 0;
            IF faults[i] IS NOT NULL THEN
                verdict_ := 'refused:' || faults[i];
            ELSIF NOT EXISTS (SELECT 1 FROM hub.event e WHERE e.id = ids[i] AND e.hash = hashes[i]) THEN
                verdict_ := 'refused:' || CASE WHEN EXISTS (SELECT 1 FROM hub.event e WHERE e.id = ids[i])
                                               THEN 'collision' ELSE 'fork' END;
            ELSE
                verdict_ := 'ok'; booked_ := NULL;
                IF units[i] IS NOT NULL AND decides[i] THEN
                    booked_ := hub.booked(units[i], me, prefix_);
                END IF;
                INSERT INTO hub.stream AS s (stream, events) VALUES (streams[i], 1)
                ON CONFLICT (stream) DO UPDATE SET events = s.events + 1 RETURNING s.events, s.last_act
                INTO place_, act_;
                IF decides[i] AND judged[i] AND ((act_ <> '' AND NOT seens[i] ? act_)
                                                 OR (booked_ IS NOT NULL AND NOT seens[i] ? booked_)) THEN
                    verdict_ := 'overtaken';
                ELSIF leans[i] IS NOT NULL AND (verdicts[array_position(ids, leans[i])] <> 'ok' OR EXISTS (
                        SELECT 1 FROM hub.ordering o
                        WHERE o.event_id = leans[i] AND o.place > 0 AND o.verdict <> 'ok')) THEN
                    verdict_ := 'overtaken';
                ELSIF decides[i] THEN
                    UPDATE hub.stream s SET last_act = ids[i] WHERE s.stream = streams[i];
                    IF units[i] IS NOT NULL THEN
                        INSERT INTO hub.booking AS b VALUES (units[i], ids[i])
                        ON CONFLICT (unit) DO UPDATE SET event_id = ids[i];
                    END IF;
                END IF;
            END IF;
            seq_ := seq_ + 1;
            chain_ := encode(sha256(convert_to(chain_ || '|' || seq_ || '|' || ids[i] || '|' || verdict_ || '|'
                                               || hashes[i], 'UTF8')), 'hex');
            seqs[i] := seq_; verdicts[i] := verdict_; chains[i] := chain_; places[i] := place_;
        END LOOP;
        INSERT INTO hub.ordering SELECT n.seq, n.id, n.verdict, n.hash, n.chain, n.place
        FROM unnest(seqs, ids, verdicts, hashes, chains, places) AS n(seq, id, verdict, hash, chain, place)
        WHERE n.seq IS NOT NULL;
        INSERT INTO hub.reach SELECT DISTINCT n.stream, p.path
        FROM unnest(streams, paths, places) AS n(stream, path, place),
            LATERAL (VALUES (n.path), ('@' || me.centre)) AS p(path)
        WHERE n.place > 0 AND n.stream LIKE 'incident/%' AND p.path <> ''
        ON CONFLICT DO NOTHING;
    END IF;
    IF cardinality(array_remove(seqs, NULL)) > 0 THEN
        IF cardinality(array_remove(frees, NULL)) > 0 THEN
            DELETE FROM hub.booking b USING hub.event e, hub.ordering o, unnest(streams, frees, places, verdicts)
                AS n(stream, unit, place, verdict)
            WHERE n.unit IS NOT NULL AND n.verdict = 'ok' AND e.stream = n.stream AND e.id = b.event_id
                AND n.unit IN ('', b.unit) AND o.event_id = e.id AND o.place BETWEEN 1 AND n.place;
        END IF;
        UPDATE hub.head h SET seq = seq_, chain = chain_;
        owed_ := NOT hub.tell(seq_);
    END IF;
    o_owed := false;
    FOR i IN 1 .. most LOOP
        CONTINUE WHEN seqs[i] IS NULL;
        o_id := ids[i]; o_seq := seqs[i]; o_verdict := verdicts[i];
        RETURN NEXT;
    END LOOP;
    o_id := ''; o_seq := seq_; o_verdict := ''; o_owed := owed_;
    RETURN NEXT;
END $$;
"""


def upgrade() -> None:
    """Replace the function; bookings of work that has ended go."""
    for block in (_BOOKED, _APPEND):
        op.get_bind().exec_driver_sql(block.replace("%", "%%"))
    op.get_bind().exec_driver_sql("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hub FROM PUBLIC")
