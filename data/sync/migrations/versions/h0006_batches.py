"""Batches are judged and ordered as sets; a superseded merge takes its other half with it; points reach every seat.

A batch of new events of which none was overtaken (nearly all are) is ordered by a handful of statements whatever its
length; only the chain is reckoned row by row. Every other batch is looked at event by event, with the same verdicts.
"""

from __future__ import annotations

from alembic import op

revision = "h0006"
down_revision = "h0005"
branch_labels = None
depends_on = None

_TABLES = """
ALTER TABLE hub.ordering DROP CONSTRAINT ordering_event_id_content_hash_key;
CREATE UNIQUE INDEX ordering_event ON hub.ordering (event_id) WHERE place > 0;
CREATE UNIQUE INDEX ordering_refused ON hub.ordering (event_id, content_hash) WHERE place = 0;
ALTER TABLE hub.stream SET (fillfactor = 70);
CREATE INDEX digest_at ON hub.digest (at);
CREATE INDEX digest_of_seat ON hub.digest (seat, at);
"""

_PARSE = """
CREATE FUNCTION hub.parsed(contents text[]) RETURNS jsonb[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    BEGIN
        RETURN ARRAY(SELECT u.c::jsonb FROM unnest(contents) WITH ORDINALITY AS u(c, i) ORDER BY u.i);
    EXCEPTION WHEN OTHERS THEN
        RETURN ARRAY(SELECT hub.as_json(u.c) FROM unnest(contents) WITH ORDINALITY AS u(c, i) ORDER BY u.i);
    END;
END $$;

DROP FUNCTION hub.fault_of(text, jsonb, text, text, text, text);
CREATE FUNCTION hub.fault_of(id_ text, j jsonb, content text, seat_ text, centre_ text, district_ text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN j IS NULL OR jsonb_typeof(j) <> 'object' THEN 'unreadable'
        WHEN octet_length(content) > 1000000 THEN 'size'
        WHEN j->>'id' IS DISTINCT FROM id_ OR length(id_) > 40 THEN 'id'
        WHEN j->>'seat' IS DISTINCT FROM seat_ THEN 'seat'
        WHEN j->>'centre' IS DISTINCT FROM centre_ THEN 'centre'
        WHEN j->>'district' IS DISTINCT FROM district_ THEN 'district'
        WHEN coalesce(j->>'nature', '') NOT IN ('live', 'demo', 'drill') THEN 'nature'
        WHEN coalesce(j->>'stream', '') !~ '^[a-z_]+/.' OR length(j->>'stream') > 220
             OR coalesce(j->>'kind', '') !~ '^[a-z_]+[.][a-z_]+$' THEN 'kind'
        WHEN jsonb_typeof(j->'seat_no') IS DISTINCT FROM 'number' OR (j->>'seat_no') !~ '^[0-9]+$'
             OR length(j->>'seat_no') > 15 OR length(j->>'occurred_at') > 18
             OR jsonb_typeof(j->'body') IS DISTINCT FROM 'object' OR jsonb_typeof(j->'seen') IS DISTINCT FROM 'array'
             OR jsonb_typeof(j->'occurred_at') IS DISTINCT FROM 'number' OR (j->>'occurred_at') !~ '^-?[0-9]+$'
             THEN 'structure'
    END;
$$;

CREATE FUNCTION hub.word(j jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN jsonb_typeof(j) = 'string' AND j #>> '{}' <> '' THEN j #>> '{}' END;
$$;
"""

_APPEND = """
CREATE OR REPLACE FUNCTION hub.append(ids text[], contents text[])
RETURNS TABLE (o_id text, o_seq bigint, o_verdict text, o_owed boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    me hub.seat := hub.me();
    district_ text := (SELECT value FROM hub.meta WHERE key = 'district');
    joining_ text[] := ARRAY(SELECT k.kind FROM hub.joining k);
    most int := coalesce(cardinality(ids), 0);
    bodies jsonb[]; hashes text[]; faults text[]; streams text[]; decides boolean[]; judged boolean[]; units text[];
    leans text[]; seens jsonb[]; paths text[];
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
           array_agg(w.seen), array_agg(w.unit), array_agg(w.leans), array_agg(w.path)
    INTO hashes, faults, streams, decides, judged, seens, units, leans, paths
    FROM (SELECT encode(sha256(convert_to(n.content, 'UTF8')), 'hex') AS hash, n.j->>'stream' AS stream,
            hub.fault_of(n.id, n.j, n.content, me.seat, me.centre, district_) AS fault,
            n.j->>'stream' LIKE 'incident/%' AND n.j->>'kind' <> ALL (joining_) AS decides,
            CASE WHEN jsonb_typeof(n.j->'seen') = 'array' THEN jsonb_array_length(n.j->'seen') >= 2 END AS judged,
            n.j->'seen' AS seen,
            CASE WHEN n.j->>'kind' = 'incident.assigned' THEN hub.word(n.j->'body'->'unit') END AS unit,
            CASE WHEN n.j->>'kind' = 'incident.absorbed' THEN hub.word(n.j->'body'->'act') END AS leans,
            CASE WHEN n.j->>'stream' LIKE 'incident/%' THEN left(n.j->'body'->>'area_path', 500) END AS path
          FROM unnest(ids, contents, bodies) WITH ORDINALITY AS n(id, content, j, i) ORDER BY n.i) AS w;
    INSERT INTO hub.event (id, hash, stream, kind, seat, seat_no, centre, content)
    SELECT n.id, n.hash, n.stream, n.j->>'kind', me.seat, (n.j->>'seat_no')::bigint, me.centre, n.content
    FROM unnest(ids, hashes, streams, bodies, contents, faults) AS n(id, hash, stream, j, content, fault)
    WHERE n.fault IS NULL ORDER BY n.id
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS stored = ROW_COUNT;
    deciding_ := true = ANY (decides);
    booking_ := cardinality(array_remove(units, NULL)) > 0;

    -- the lock comes last: what follows is the only part that seats wait for each other
    PERFORM pg_advisory_xact_lock(4242001);
    SELECT h.seq, h.chain INTO seq_, chain_ FROM hub.head h;
    -- all new, none refused before, none overtaken: then all stand, as a set
    clear_ := stored = most AND most > 0
        AND NOT EXISTS (SELECT 1 FROM hub.ordering o WHERE o.place = 0 AND o.event_id = ANY (ids));
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
            ) AS w LEFT JOIN hub.booking b ON b.unit = w.unit
            WHERE w.decides AND w.judged AND NOT w.seen ? coalesce(w.before, b.event_id));
    END IF;
    IF clear_ AND cardinality(array_remove(leans, NULL)) > 0 THEN
        clear_ := NOT EXISTS (SELECT 1 FROM hub.ordering o WHERE o.event_id = ANY (leans) AND o.place > 0
                               AND o.verdict <> 'ok');
    END IF;
    IF clear_ THEN
        verdicts := array_fill('ok'::text, ARRAY[most]);
        WITH n AS (
            SELECT u.stream, u.decides, u.i, row_number() OVER w AS k, count(*) OVER (PARTITION BY u.stream) AS most
            FROM unnest(streams, decides) WITH ORDINALITY AS u(stream, decides, i)
            WINDOW w AS (PARTITION BY u.stream ORDER BY u.i)
        ), put AS (
            INSERT INTO hub.stream AS s (stream, events, last_act)
            SELECT n.stream, count(*), coalesce(ids[max(n.i) FILTER (WHERE n.decides)], '') FROM n GROUP BY n.stream
            ON CONFLICT (stream) DO UPDATE SET events = s.events + excluded.events,
                last_act = CASE WHEN excluded.last_act <> '' THEN excluded.last_act ELSE s.last_act END
            RETURNING s.stream, s.events
        )
        SELECT array_agg((put.events - n.most + n.k)::int ORDER BY n.i) INTO places FROM n JOIN put USING (stream);
        IF booking_ THEN
            INSERT INTO hub.booking AS b SELECT n.unit, ids[max(n.i)]
            FROM unnest(units, decides) WITH ORDINALITY AS n(unit, decides, i)
            WHERE n.unit IS NOT NULL AND n.decides GROUP BY n.unit
            ON CONFLICT (unit) DO UPDATE SET event_id = excluded.event_id;
        END IF;
        FOR i IN 1 .. most LOOP
            chain_ := encode(sha256(convert_to(
                chain_ || '|' || (seq_ + i)::text || '|' || ids[i] || '|ok|' || hashes[i], 'UTF8')), 'hex');
            chains[i] := chain_;
        END LOOP;
        seqs := ARRAY(SELECT generate_series(seq_ + 1, seq_ + most));
        seq_ := seq_ + most;
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
                    SELECT b.event_id INTO booked_ FROM hub.booking b WHERE b.unit = units[i];
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
    END IF;
    IF cardinality(array_remove(seqs, NULL)) > 0 THEN
        INSERT INTO hub.ordering SELECT n.seq, n.id, n.verdict, n.hash, n.chain, n.place
        FROM unnest(seqs, ids, verdicts, hashes, chains, places) AS n(seq, id, verdict, hash, chain, place)
        WHERE n.seq IS NOT NULL;
        INSERT INTO hub.reach SELECT DISTINCT n.stream, p.path
        FROM unnest(streams, paths, places) AS n(stream, path, place),
            LATERAL (VALUES (n.path), ('@' || me.centre)) AS p(path)
        WHERE n.place > 0 AND n.stream LIKE 'incident/%' AND p.path <> ''
        ON CONFLICT DO NOTHING;
        UPDATE hub.head h SET seq = seq_, chain = chain_;
        owed_ := NOT hub.tell(seq_);
    END IF;
    RETURN QUERY SELECT n.id, n.seq, n.verdict, false FROM unnest(ids, seqs, verdicts) AS n(id, seq, verdict)
        WHERE n.seq IS NOT NULL;
    o_id := ''; o_seq := seq_; o_verdict := ''; o_owed := owed_;
    RETURN NEXT;
END $$;
"""

_BODIES = """
CREATE OR REPLACE FUNCTION hub.bodies(ids text[])
RETURNS TABLE (o_seq bigint, o_id text, o_verdict text, o_hash text, o_chain text, o_place int, o_content text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE
    me hub.seat := hub.me();
    prefix_ text := (SELECT c.prefix FROM hub.centre c WHERE c.code = me.centre);
BEGIN
    RETURN QUERY SELECT o.seq, o.event_id, o.verdict, o.content_hash, o.chain, o.place, e.content
    FROM hub.event e JOIN hub.ordering o ON e.id = o.event_id AND e.hash = o.content_hash AND o.place > 0
    WHERE e.id = ANY (ids) AND hub.may_see(me, prefix_, e.stream, e.centre) ORDER BY o.seq LIMIT 20000;
END $$;
"""

_POINTS = """
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
        CASE WHEN o.place > 0 AND e.seat <> me.seat AND hub.may_see(me, prefix_, e.stream, e.centre) THEN e.content END
    FROM hub.ordering o LEFT JOIN hub.event e ON e.id = o.event_id AND e.hash = o.content_hash
    WHERE o.seq > after_ AND o.seq <= coalesce(till, o.seq) ORDER BY o.seq LIMIT least(most, 20000);
    GET DIAGNOSTICS found_ = ROW_COUNT;
    IF after_ + found_ = till THEN
        -- no row of the order: whoever pulled stands at a digest point now
        o_seq := till; o_verdict := 'point'; o_place := 0;
        RETURN NEXT;
    END IF;
END $$;

CREATE FUNCTION hub.set_point(every_s double precision) RETURNS boolean
LANGUAGE plpgsql SET search_path = hub, pg_temp AS $$
DECLARE since timestamptz := clock_timestamp() - make_interval(secs => greatest(every_s, 0.1));
BEGIN
    IF EXISTS (SELECT 1 FROM hub.point p WHERE p.at > since) THEN RETURN false; END IF;
    PERFORM pg_advisory_xact_lock(4242001);
    IF EXISTS (SELECT 1 FROM hub.point p WHERE p.at > since) THEN RETURN false; END IF;
    -- at rest every seat stands at the head; the row after it is nobody's yet, so each seat's pull will end there
    INSERT INTO hub.point (seq) SELECT h.seq + n FROM hub.head h, unnest(ARRAY[0, 1]) AS n WHERE h.seq > 0
    ON CONFLICT (seq) DO UPDATE SET at = clock_timestamp();
    DELETE FROM hub.digest d WHERE d.at < clock_timestamp() - interval '1 hour';
    DELETE FROM hub.point p WHERE p.at < clock_timestamp() - interval '1 day';
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION hub.make_point(every_s double precision) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp AS $$
BEGIN
    PERFORM hub.me();
    RETURN hub.set_point(every_s);
END $$;

CREATE OR REPLACE FUNCTION hub.compare(seq_ bigint, centres text[], counts int[], digests text[])
RETURNS TABLE (o_centre text, o_agree int, o_differ int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me();
BEGIN
    INSERT INTO hub.digest AS d (seq, seat, centre, rows, digest)
    SELECT seq_, me.name, n.c, n.r, n.d FROM unnest(centres, counts, digests) AS n(c, r, d)
    ON CONFLICT (seq, seat, centre) DO UPDATE
        SET rows = excluded.rows, digest = excluded.digest, at = clock_timestamp();
    RETURN QUERY SELECT n.c,
        (SELECT count(*)::int FROM hub.digest d WHERE d.seq = seq_ AND d.centre = n.c AND d.seat <> me.name
            AND d.digest = n.d),
        (SELECT count(*)::int FROM hub.digest d WHERE d.seq = seq_ AND d.centre = n.c AND d.seat <> me.name
            AND d.digest <> n.d)
    FROM unnest(centres, digests) AS n(c, d);
END $$;

CREATE FUNCTION hub.differing_from(name_ text) RETURNS TABLE (o_seq bigint, o_centre text)
LANGUAGE sql STABLE SET search_path = hub, pg_temp AS $$
    -- also at points that this seat has long left: the others handed theirs in later
    SELECT m.seq, m.centre FROM hub.digest m
    WHERE m.seat = name_ AND m.at > clock_timestamp() - interval '15 minutes' AND EXISTS (
        SELECT 1 FROM hub.digest d WHERE d.seq = m.seq AND d.centre = m.centre AND d.seat <> m.seat
            AND d.digest <> m.digest)
    ORDER BY m.seq, m.centre;
$$;

CREATE FUNCTION hub.differing() RETURNS TABLE (o_seq bigint, o_centre text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me();
BEGIN
    RETURN QUERY SELECT * FROM hub.differing_from(me.name);
END $$;
"""

FOR_SEATS = ("differing()",)
"""functions that the seats' roles may call"""


def upgrade() -> None:
    """Replace the functions; the log stays as it is."""
    for block in (_TABLES, _PARSE, _APPEND, _BODIES, _POINTS):
        op.get_bind().exec_driver_sql(block.replace("%", "%%"))
    op.get_bind().exec_driver_sql("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hub FROM PUBLIC")
