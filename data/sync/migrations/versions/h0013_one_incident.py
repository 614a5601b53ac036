"""A batch of one incident, as most batches are, is ordered without what only batches of several need.

No windows over its events, no sums a stream, and two statements a link of the chain instead of three.
"""

from __future__ import annotations

from alembic import op

revision = "h0013"
down_revision = "h0012"
branch_labels = None
depends_on = None

_ORDER = """
CREATE OR REPLACE FUNCTION hub.order_batch(ids text[], contents text[], OUT o_verdicts text[], OUT o_head bigint,
                                           OUT o_new boolean, OUT o_due boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    seat_ text; centre_ text; prefix_ text; district_ text; joining_ text[]; me hub.seat;
    most int := coalesce(cardinality(ids), 0);
    bodies jsonb[]; hashes text[]; faults text[]; streams text[]; kinds text[]; numbers bigint[]; decides boolean[];
    -- whether an act says what its maker had seen
    judged boolean[]; seens jsonb[]; units text[]; leans text[]; paths text[];
    -- what frees a unit again: its id, '' for all of the incident, NULL for what frees none
    frees text[];
    -- of an event in its stream within the batch: how many-eth it is, how many follow (NULL where all are of one
    -- stream), where the act before it lies
    turns int[]; rests int[]; befores int[];
    -- whether all are of one stream, as most batches are; then: where its last act lies
    one_ boolean; last_ int;
    seqs bigint[] := '{}'; verdicts text[] := '{}'; chains text[] := '{}'; places int[] := '{}';
    i int; first_ int; stored int; head_ bigint; seq_ bigint; chain_ text; tails text[]; verdict_ text;
    place_ int; act_ text; booked_ text; clear_ boolean; refused_ boolean; booking_ boolean; totals jsonb;
    known hub.ordering;
BEGIN
    SELECT s.seat, s.centre, m.value, ARRAY(SELECT k.kind FROM hub.joining k)
    INTO seat_, centre_, district_, joining_ FROM hub.seat s JOIN hub.meta m ON m.key = 'district'
    WHERE s.role = session_user AND s.revoked_at IS NULL;
    IF seat_ IS NULL THEN RAISE EXCEPTION 'no seat, or no hello' USING ERRCODE = '28000'; END IF;
    IF most <> coalesce(cardinality(contents), 0) OR most > 5000 THEN
        RAISE EXCEPTION 'batch' USING ERRCODE = '22023';
    END IF;
    bodies := hub.parsed(contents);
    SELECT array_agg(e.hash), array_agg('|' || e.id || '|ok|' || e.hash), array_agg(e.fault), array_agg(e.stream),
           array_agg(e.kind), array_agg(e.number), array_agg(e.decides), array_agg(e.judged), array_agg(e.seen),
           array_agg(e.path)
    INTO hashes, tails, faults, streams, kinds, numbers, decides, judged, seens, paths
    FROM (SELECT p.id, p.i, p.stream, p.kind, p.seen,
              encode(sha256(convert_to(p.content, 'UTF8')), 'hex') AS hash,
              hub.fault_of(p.id, p.j, p.content, seat_, centre_, district_) AS fault,
              CASE WHEN p.j->>'seat_no' ~ '^[0-9]{1,15}$' THEN (p.j->>'seat_no')::bigint END AS number,
              p.acts AND p.kind <> ALL (joining_) AS decides,
              CASE WHEN jsonb_typeof(p.seen) = 'array' THEN p.acts AND p.kind <> ALL (joining_)
                  AND jsonb_array_length(p.seen) >= 2 END AS judged,
              CASE WHEN p.acts THEN left(p.body->>'area_path', 500) END AS path
          FROM (SELECT n.id, n.content, n.j, n.i::int AS i, n.j->>'stream' AS stream, n.j->>'kind' AS kind,
                  n.j->'seen' AS seen, n.j->'body' AS body, n.j->>'stream' LIKE 'incident/%' AS acts
                FROM unnest(ids, contents, bodies) WITH ORDINALITY AS n(id, content, j, i) OFFSET 0) AS p
          OFFSET 0) AS e;
    one_ := coalesce(streams[1] = ALL (streams), false);
    IF NOT one_ THEN
        SELECT array_agg(w.turn), array_agg(w.counted - w.turn), array_agg(w.before)
        INTO turns, rests, befores
        FROM (SELECT (row_number() OVER own)::int AS turn, (count(*) OVER (PARTITION BY e.stream))::int AS counted,
                  max(e.i) FILTER (WHERE e.decides) OVER own AS before
              FROM (SELECT n.stream COLLATE "C" AS stream, n.decides, n.i::int AS i
                    FROM unnest(streams, decides) WITH ORDINALITY AS n(stream, decides, i)) AS e
              WINDOW own AS (PARTITION BY e.stream ORDER BY e.i ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
              ORDER BY e.i) AS w;
    ELSIF true = ANY (decides) THEN
        FOR i IN 1 .. most LOOP
            befores[i] := last_;
            IF decides[i] THEN last_ := i; END IF;
        END LOOP;
    END IF;
    INSERT INTO hub.event (id, hash, stream, kind, seat, seat_no, centre, content)
    SELECT n.id, n.hash, n.stream, n.kind, seat_, n.number, centre_, n.content
    FROM unnest(ids, hashes, streams, kinds, numbers, contents, faults)
        AS n(id, hash, stream, kind, number, content, fault)
    WHERE n.fault IS NULL ORDER BY n.id
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS stored = ROW_COUNT;
    IF kinds && ARRAY['incident.assigned', 'incident.absorbed', 'incident.closed', 'incident.force_closed',
                      'incident.voided', 'incident.merged', 'incident.recalled', 'incident.returned'] THEN
        SELECT array_agg(CASE n.kind WHEN 'incident.assigned' THEN n.unit END ORDER BY n.i),
               array_agg(CASE n.kind WHEN 'incident.absorbed' THEN n.act END ORDER BY n.i),
               array_agg(CASE WHEN n.kind IN ('incident.closed', 'incident.force_closed', 'incident.voided',
                                              'incident.merged') THEN ''
                              WHEN n.kind IN ('incident.recalled', 'incident.returned') THEN coalesce(n.unit, '') END
                         ORDER BY n.i)
        INTO units, leans, frees
        FROM (SELECT u.kind, hub.word(u.j->'body'->'unit') AS unit, hub.word(u.j->'body'->'act') AS act, u.i
              FROM unnest(kinds, bodies) WITH ORDINALITY AS u(kind, j, i)) AS n;
        booking_ := cardinality(array_remove(units, NULL)) > 0;
    END IF;
    IF booking_ THEN
        me := hub.me();
        prefix_ := (SELECT c.prefix FROM hub.centre c WHERE c.code = centre_);
    END IF;
    clear_ := stored = most AND most > 0;
    IF clear_ THEN
        -- all new: whom it reaches is written before seats wait for each other, in one order everywhere: who waits for
        -- another's row holds none that this one waits for
        IF NOT one_ THEN
            INSERT INTO hub.reach SELECT n.stream, '@' || centre_ FROM unnest(streams, rests) AS n(stream, rest)
            WHERE n.rest = 0 AND n.stream LIKE 'incident/%' ORDER BY n.stream
            ON CONFLICT DO NOTHING;
        ELSIF streams[1] LIKE 'incident/%' THEN
            INSERT INTO hub.reach VALUES (streams[1], '@' || centre_) ON CONFLICT DO NOTHING;
        END IF;
        IF cardinality(array_remove(paths, NULL)) > 0 THEN
            INSERT INTO hub.reach SELECT DISTINCT n.stream, n.path FROM unnest(streams, paths) AS n(stream, path)
            WHERE n.path <> '' ORDER BY 1, 2
            ON CONFLICT DO NOTHING;
        END IF;
    END IF;

    -- the lock comes last: what follows is the only part that seats wait for each other
    PERFORM pg_advisory_xact_lock(4242001);
    SELECT h.seq, h.chain, EXISTS (SELECT 1 FROM hub.ordering o WHERE o.place = 0 AND o.event_id = ANY (ids)),
        t.at < clock_timestamp() - interval '20 milliseconds' OR t.at > clock_timestamp() + interval '1 second'
    INTO head_, chain_, refused_, o_due FROM hub.head h, hub.told t;
    seq_ := head_;
    -- all new, none refused before, none overtaken: then all stand, as a set
    clear_ := clear_ AND NOT refused_;
    IF clear_ AND true = ANY (judged) THEN
        clear_ := NOT EXISTS (
            SELECT 1 FROM unnest(streams, judged, seens, befores) AS n(stream, judged, seen, before)
                LEFT JOIN hub.stream s ON s.stream = n.stream
            WHERE n.judged AND coalesce(ids[n.before], s.last_act, '') <> ''
                AND NOT n.seen ? coalesce(ids[n.before], s.last_act));
    END IF;
    IF clear_ AND booking_ THEN
        clear_ := NOT EXISTS (
            SELECT 1 FROM (
                SELECT n.judged, n.seen, n.unit, ids[max(n.i) FILTER (WHERE n.decides) OVER (
                    PARTITION BY n.unit ORDER BY n.i ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)] AS before
                FROM unnest(units, decides, judged, seens) WITH ORDINALITY AS n(unit, decides, judged, seen, i)
                WHERE n.unit IS NOT NULL
            ) AS w LEFT JOIN LATERAL (SELECT hub.booked(w.unit, me, prefix_) AS event_id) b ON true
            WHERE w.judged AND NOT w.seen ? coalesce(w.before, b.event_id));
    END IF;
    IF clear_ AND cardinality(array_remove(leans, NULL)) > 0 THEN
        clear_ := NOT EXISTS (SELECT 1 FROM hub.ordering o WHERE o.event_id = ANY (leans) AND o.place > 0
                               AND o.verdict <> 'ok');
    END IF;
    IF clear_ THEN
        FOR i IN 1 .. most LOOP
            chain_ := encode(sha256(convert_to(chain_ || '|' || head_ + i || tails[i], 'UTF8')), 'hex');
            chains[i] := chain_;
        END LOOP;
        seq_ := head_ + most;
        IF one_ THEN
            INSERT INTO hub.stream AS s (stream, events, last_act) VALUES (streams[1], most, coalesce(ids[last_], ''))
            ON CONFLICT (stream) DO UPDATE SET events = s.events + excluded.events,
                last_act = CASE WHEN excluded.last_act <> '' THEN excluded.last_act ELSE s.last_act END
            RETURNING s.events INTO place_;
            INSERT INTO hub.ordering
            SELECT head_ + n.i, n.id, 'ok', n.hash, n.chain, place_ - most + n.i
            FROM unnest(ids, hashes, chains) WITH ORDINALITY AS n(id, hash, chain, i);
        ELSE
            WITH put AS (
                INSERT INTO hub.stream AS s (stream, events, last_act)
                SELECT n.stream, n.turn, coalesce(CASE WHEN n.decides THEN n.id ELSE ids[n.before] END, '')
                FROM unnest(streams, turns, rests, decides, ids, befores) AS n(stream, turn, rest, decides, id, before)
                WHERE n.rest = 0
                ON CONFLICT (stream) DO UPDATE SET events = s.events + excluded.events,
                    last_act = CASE WHEN excluded.last_act <> '' THEN excluded.last_act ELSE s.last_act END
                RETURNING s.stream, s.events
            )
            SELECT jsonb_object_agg(put.stream, put.events) INTO totals FROM put;
            INSERT INTO hub.ordering
            SELECT head_ + n.i, n.id, 'ok', n.hash, n.chain, (totals->>n.stream)::int - n.rest
            FROM unnest(ids, hashes, chains, streams, rests) WITH ORDINALITY AS n(id, hash, chain, stream, rest, i);
        END IF;
        UPDATE hub.head h SET seq = seq_, chain = chain_;
        IF booking_ THEN
            INSERT INTO hub.booking AS b SELECT n.unit, ids[max(n.i)]
            FROM unnest(units, decides) WITH ORDINALITY AS n(unit, decides, i)
            WHERE n.unit IS NOT NULL AND n.decides GROUP BY n.unit
            ON CONFLICT (unit) DO UPDATE SET event_id = excluded.event_id;
        END IF;
        verdicts := array_fill('ok'::text, ARRAY[most]);
    ELSE
        FOR i IN 1 .. most LOOP
            seqs[i] := NULL; verdicts[i] := NULL; chains[i] := NULL; places[i] := 0;
            first_ := array_position(ids, ids[i]);
            IF first_ < i AND hashes[first_] = hashes[i] THEN
                verdicts[i] := verdicts[first_];
                CONTINUE;
            END IF;
            SELECT * INTO known FROM hub.ordering o
            WHERE o.event_id = ids[i] AND o.content_hash = hashes[i] AND (o.place > 0 OR o.place = 0);
            IF FOUND THEN
                verdicts[i] := known.verdict;
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
                IF judged[i] AND ((act_ <> '' AND NOT seens[i] ? act_)
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
            LATERAL (VALUES (n.path), ('@' || centre_)) AS p(path)
        WHERE n.place > 0 AND n.stream LIKE 'incident/%' AND p.path <> ''
        ON CONFLICT DO NOTHING;
        UPDATE hub.head h SET seq = seq_, chain = chain_ WHERE h.seq < seq_;
    END IF;
    IF cardinality(array_remove(frees, NULL)) > 0 THEN
        DELETE FROM hub.booking b USING hub.event e, hub.ordering o, hub.ordering f,
            unnest(ids, streams, frees) AS n(id, stream, unit)
        WHERE n.unit IS NOT NULL AND f.event_id = n.id AND f.seq > head_ AND f.place > 0 AND f.verdict = 'ok'
            AND e.stream = n.stream AND e.id = b.event_id AND n.unit IN ('', b.unit)
            AND o.event_id = e.id AND o.place BETWEEN 1 AND f.place;
    END IF;
    o_verdicts := verdicts; o_head := seq_; o_new := seq_ > head_;
END $$;
"""


def upgrade() -> None:
    """Replace the function; who may call it stays."""
    op.get_bind().exec_driver_sql(_ORDER.replace("%", "%%"))
