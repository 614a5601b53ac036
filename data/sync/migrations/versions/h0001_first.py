"""First version of the hub: the order, the bodies, seats and centres, and the functions that seats may call."""

from __future__ import annotations

from alembic import op

revision = "h0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE hub.meta (key text PRIMARY KEY, value text NOT NULL);
CREATE TABLE hub.centre (
    code text PRIMARY KEY, name text NOT NULL DEFAULT '', level int NOT NULL DEFAULT 0,
    parent text REFERENCES hub.centre, prefix text NOT NULL DEFAULT '');
CREATE TABLE hub.seat (
    name text PRIMARY KEY, role text NOT NULL UNIQUE, centre text NOT NULL REFERENCES hub.centre,
    code text NOT NULL UNIQUE, seat text UNIQUE, added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    revoked_at timestamptz, heard_at timestamptz, reached bigint NOT NULL DEFAULT 0, unsent int NOT NULL DEFAULT 0,
    skew_ms int NOT NULL DEFAULT 0);
CREATE TABLE hub.event (
    id text PRIMARY KEY, hash text NOT NULL, stream text NOT NULL, kind text NOT NULL, seat text NOT NULL,
    seat_no bigint NOT NULL, centre text NOT NULL, received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    content text NOT NULL, UNIQUE (seat, seat_no));
CREATE INDEX event_stream ON hub.event (stream);
CREATE TABLE hub.ordering (
    seq bigint PRIMARY KEY, event_id text NOT NULL, verdict text NOT NULL, content_hash text NOT NULL,
    chain text NOT NULL, place int NOT NULL, UNIQUE (event_id, content_hash));
CREATE TABLE hub.head (one int PRIMARY KEY CHECK (one = 1), seq bigint NOT NULL, chain text NOT NULL);
CREATE TABLE hub.told (one int PRIMARY KEY CHECK (one = 1), seq bigint NOT NULL, at timestamptz NOT NULL);
CREATE TABLE hub.stream (stream text PRIMARY KEY, events int NOT NULL, last_act text NOT NULL DEFAULT '');
CREATE TABLE hub.booking (unit text PRIMARY KEY, event_id text NOT NULL);
CREATE TABLE hub.reach (stream text NOT NULL, path text COLLATE "C" NOT NULL, PRIMARY KEY (stream, path));
CREATE TABLE hub.joining (kind text PRIMARY KEY);
CREATE TABLE hub.point (seq bigint PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE hub.digest (
    seq bigint NOT NULL, seat text NOT NULL, centre text NOT NULL, rows int NOT NULL, digest text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (seq, seat, centre));
CREATE TABLE hub.divergence (
    no bigserial PRIMARY KEY, seat text NOT NULL, seq bigint NOT NULL, centre text NOT NULL, repaired boolean NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp());
"""

_JSON = """
CREATE FUNCTION hub.as_json(content text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN content::jsonb;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;
"""

_ME = """
CREATE FUNCTION hub.me() RETURNS hub.seat LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE found_ hub.seat;
BEGIN
    SELECT * INTO found_ FROM hub.seat WHERE role = session_user AND revoked_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no seat' USING ERRCODE = '28000';
    END IF;
    RETURN found_;
END $$;
"""

_HELLO = """
CREATE FUNCTION hub.hello(seat_ text, district_ text, centre_ text, reached_ bigint)
RETURNS TABLE (o_epoch text, o_head bigint, o_chain text, o_code text, o_prefix text, o_revision text,
               o_now timestamptz, o_seat_no bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me(); district text;
BEGIN
    SELECT value INTO district FROM hub.meta WHERE key = 'district';
    IF district <> district_ THEN
        RAISE EXCEPTION 'district %', district USING ERRCODE = 'LD001';
    END IF;
    IF me.seat IS NOT NULL AND me.seat <> seat_ THEN
        RAISE EXCEPTION 'seat %', me.name USING ERRCODE = 'LD002';
    END IF;
    IF me.centre <> centre_ THEN
        RAISE EXCEPTION 'centre %', me.centre USING ERRCODE = 'LD003';
    END IF;
    IF me.seat IS NULL THEN
        BEGIN
            UPDATE hub.seat SET seat = seat_ WHERE name = me.name;
        EXCEPTION WHEN unique_violation THEN
            RAISE EXCEPTION 'seat %', me.name USING ERRCODE = 'LD002';
        END;
    END IF;
    RETURN QUERY SELECT
        (SELECT value FROM hub.meta WHERE key = 'epoch'), h.seq,
        CASE WHEN reached_ = 0 THEN repeat('0', 64)
             ELSE (SELECT o.chain FROM hub.ordering o WHERE o.seq = reached_) END,
        me.code, c.prefix, (SELECT version_num::text FROM hub.alembic_version), clock_timestamp(),
        (SELECT coalesce(max(e.seat_no), 0) FROM hub.event e WHERE e.seat = seat_)
    FROM hub.head h, hub.centre c WHERE c.code = me.centre;
END $$;
"""

_FAULT = """
CREATE FUNCTION hub.fault_of(id_ text, j jsonb, content text, seat_ text, centre_ text, district_ text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF j IS NULL OR jsonb_typeof(j) <> 'object' THEN RETURN 'unreadable'; END IF;
    IF octet_length(content) > 1000000 THEN RETURN 'size'; END IF;
    IF j->>'id' IS DISTINCT FROM id_ OR length(id_) > 40 THEN RETURN 'id'; END IF;
    IF j->>'seat' IS DISTINCT FROM seat_ THEN RETURN 'seat'; END IF;
    IF j->>'centre' IS DISTINCT FROM centre_ THEN RETURN 'centre'; END IF;
    IF j->>'district' IS DISTINCT FROM district_ THEN RETURN 'district'; END IF;
    IF coalesce(j->>'nature', '') NOT IN ('live', 'demo', 'drill') THEN RETURN 'nature'; END IF;
    IF coalesce(j->>'stream', '') !~ '^[a-z_]+/.' OR length(j->>'stream') > 220
       OR coalesce(j->>'kind', '') !~ '^[a-z_]+[.][a-z_]+$' THEN
        RETURN 'kind';
    END IF;
    IF jsonb_typeof(j->'seat_no') IS DISTINCT FROM 'number' OR (j->>'seat_no') !~ '^[0-9]+$'
       OR length(j->>'seat_no') > 15 OR length(j->>'occurred_at') > 18
       OR jsonb_typeof(j->'body') IS DISTINCT FROM 'object' OR jsonb_typeof(j->'seen') IS DISTINCT FROM 'array'
       OR jsonb_typeof(j->'occurred_at') IS DISTINCT FROM 'number' OR (j->>'occurred_at') !~ '^-?[0-9]+$' THEN
        RETURN 'structure';
    END IF;
    RETURN NULL;
END $$;
"""

_APPEND = """
CREATE FUNCTION hub.append(ids text[], contents text[])
RETURNS TABLE (o_id text, o_seq bigint, o_verdict text, o_owed boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE
    me hub.seat := hub.me();
    district_ text := (SELECT value FROM hub.meta WHERE key = 'district');
    joining_ text[] := ARRAY(SELECT k.kind FROM hub.joining k);
    most int := coalesce(cardinality(ids), 0);
    hashes text[] := '{}'; bodies jsonb[] := '{}'; faults text[] := '{}';
    seqs bigint[] := '{}'; verdicts text[] := '{}'; chains text[] := '{}'; places int[] := '{}';
    j jsonb; i int; first_ int; good int := 0; seq_ bigint; chain_ text; verdict_ text; place_ int; act_ text;
    unit_ text; booked_ text; kind_ text; stream_ text; path_ text; decides boolean; careful boolean;
    wrote boolean := false; reach_streams text[] := '{}'; reach_paths text[] := '{}'; owed_ boolean := false;
    known hub.ordering;
BEGIN
    IF me.seat IS NULL THEN RAISE EXCEPTION 'no hello' USING ERRCODE = '28000'; END IF;
    IF most <> coalesce(cardinality(contents), 0) OR most > 5000 THEN
        RAISE EXCEPTION 'batch' USING ERRCODE = '22023';
    END IF;
    FOR i IN 1 .. most LOOP
        j := hub.as_json(contents[i]);
        bodies[i] := j;
        hashes[i] := encode(sha256(convert_to(contents[i], 'UTF8')), 'hex');
        faults[i] := hub.fault_of(ids[i], j, contents[i], me.seat, me.centre, district_);
        IF faults[i] IS NULL THEN good := good + 1; END IF;
    END LOOP;
    INSERT INTO hub.event (id, hash, stream, kind, seat, seat_no, centre, content)
    SELECT n.id, n.hash, n.j->>'stream', n.j->>'kind', me.seat, (n.j->>'seat_no')::bigint, me.centre, n.content
    FROM unnest(ids, hashes, bodies, contents, faults) AS n(id, hash, j, content, fault)
    WHERE n.fault IS NULL ORDER BY n.id
    ON CONFLICT DO NOTHING;
    -- the lock comes last: what follows is the only part that seats wait for each other
    PERFORM pg_advisory_xact_lock(4242001);
    SELECT h.seq, h.chain INTO seq_, chain_ FROM hub.head h;
    -- a batch of nothing but new events needs no look at each
    careful := EXISTS (SELECT 1 FROM hub.ordering o WHERE o.event_id = ANY (ids))
        OR (SELECT count(DISTINCT u) FROM unnest(ids) u) <> most
        OR (SELECT count(*) FROM hub.event e JOIN unnest(ids, hashes) AS n(id, hash) ON e.id = n.id AND e.hash = n.hash)
            <> good;
    FOR i IN 1 .. most LOOP
        seqs[i] := NULL; verdicts[i] := NULL; chains[i] := NULL; places[i] := 0;
        IF careful THEN
            first_ := array_position(ids, ids[i]);
            IF first_ < i AND hashes[first_] = hashes[i] THEN CONTINUE; END IF;
            SELECT * INTO known FROM hub.ordering o WHERE o.event_id = ids[i] AND o.content_hash = hashes[i];
            IF FOUND THEN
                o_id := ids[i]; o_seq := known.seq; o_verdict := known.verdict; o_owed := false;
                RETURN NEXT;
                CONTINUE;
            END IF;
        END IF;
        verdict_ := 'refused:' || faults[i]; place_ := 0;
        IF careful AND faults[i] IS NULL
           AND NOT EXISTS (SELECT 1 FROM hub.event e WHERE e.id = ids[i] AND e.hash = hashes[i]) THEN
            verdict_ := 'refused:' || CASE WHEN EXISTS (SELECT 1 FROM hub.event e WHERE e.id = ids[i])
                                           THEN 'collision' ELSE 'fork' END;
        ELSIF faults[i] IS NULL THEN
            j := bodies[i]; kind_ := j->>'kind'; stream_ := j->>'stream'; verdict_ := 'ok'; booked_ := NULL;
            decides := stream_ LIKE 'incident/%' AND kind_ <> ALL (joining_);
            IF kind_ = 'incident.assigned' THEN
                unit_ := coalesce(j->'body'->>'unit', '');
                SELECT b.event_id INTO booked_ FROM hub.booking b WHERE b.unit = unit_;
            END IF;
            INSERT INTO hub.stream AS s (stream, events) VALUES (stream_, 1)
            ON CONFLICT (stream) DO UPDATE SET events = s.events + 1 RETURNING s.events, s.last_act INTO place_, act_;
            IF decides AND jsonb_array_length(j->'seen') >= 2 AND
               ((act_ <> '' AND NOT j->'seen' ? act_) OR (booked_ IS NOT NULL AND NOT j->'seen' ? booked_)) THEN
                verdict_ := 'overtaken';
            ELSIF decides THEN
                UPDATE hub.stream s SET last_act = ids[i] WHERE s.stream = stream_;
                IF kind_ = 'incident.assigned' THEN
                    INSERT INTO hub.booking AS b VALUES (unit_, ids[i])
                    ON CONFLICT (unit) DO UPDATE SET event_id = ids[i];
                END IF;
            END IF;
            IF stream_ LIKE 'incident/%' THEN
                reach_streams := reach_streams || stream_; reach_paths := reach_paths || ('@' || me.centre);
                path_ := left(j->'body'->>'area_path', 500);
                IF path_ <> '' THEN
                    reach_streams := reach_streams || stream_; reach_paths := reach_paths || path_;
                END IF;
            END IF;
        END IF;
        seq_ := seq_ + 1;
        chain_ := encode(sha256(convert_to(chain_ || '|' || seq_ || '|' || ids[i] || '|' || verdict_ || '|'
                                           || hashes[i], 'UTF8')), 'hex');
        seqs[i] := seq_; verdicts[i] := verdict_; chains[i] := chain_; places[i] := place_;
        wrote := true;
        o_id := ids[i]; o_seq := seq_; o_verdict := verdict_; o_owed := false;
        RETURN NEXT;
    END LOOP;
    IF wrote THEN
        INSERT INTO hub.ordering SELECT n.seq, n.id, n.verdict, n.hash, n.chain, n.place
        FROM unnest(seqs, ids, verdicts, hashes, chains, places) AS n(seq, id, verdict, hash, chain, place)
        WHERE n.seq IS NOT NULL;
        INSERT INTO hub.reach SELECT DISTINCT n.stream, n.path
        FROM unnest(reach_streams, reach_paths) AS n(stream, path)
        ON CONFLICT DO NOTHING;
        UPDATE hub.head h SET seq = seq_, chain = chain_;
        owed_ := NOT hub.tell(seq_);
    END IF;
    o_id := ''; o_seq := seq_; o_verdict := ''; o_owed := owed_;
    RETURN NEXT;
END $$;
"""

_TELL = """
CREATE FUNCTION hub.tell(seq_ bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hub, pg_temp AS $$
BEGIN
    -- at most every 20 ms; who is turned away owes the trailing one (hub.nudge)
    UPDATE hub.told t SET seq = seq_, at = clock_timestamp()
    WHERE t.at < clock_timestamp() - interval '20 milliseconds' OR t.at > clock_timestamp() + interval '1 second';
    IF FOUND THEN
        PERFORM pg_notify('liandong_hub', seq_::text);
    END IF;
    RETURN FOUND;
END $$;

CREATE FUNCTION hub.nudge() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE head_ bigint := (SELECT h.seq FROM hub.head h); told_ bigint := (SELECT t.seq FROM hub.told t);
BEGIN
    PERFORM hub.me();
    RETURN told_ >= head_ OR hub.tell(head_);
END $$;
"""

_PULL = """
CREATE FUNCTION hub.may_see(me hub.seat, prefix_ text, stream_ text, centre_ text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT centre_ = me.centre OR stream_ LIKE 'unit/%' OR (stream_ LIKE 'incident/%' AND (prefix_ = '' OR EXISTS (
        SELECT 1 FROM hub.reach r WHERE r.stream = stream_ AND (r.path = '@' || me.centre
            OR (r.path >= prefix_ AND r.path < prefix_ || chr(1114111))))));
$$;

CREATE FUNCTION hub.pull(after_ bigint, most int)
RETURNS TABLE (o_seq bigint, o_id text, o_verdict text, o_hash text, o_chain text, o_place int, o_content text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE
    me hub.seat := hub.me();
    prefix_ text := (SELECT c.prefix FROM hub.centre c WHERE c.code = me.centre);
    till bigint := (SELECT min(p.seq) FROM hub.point p WHERE p.seq > after_);
BEGIN
    RETURN QUERY SELECT o.seq, o.event_id, o.verdict, o.content_hash, o.chain, o.place,
        CASE WHEN o.place > 0 AND e.seat <> me.seat AND hub.may_see(me, prefix_, e.stream, e.centre) THEN e.content END
    FROM hub.ordering o LEFT JOIN hub.event e ON e.id = o.event_id AND e.hash = o.content_hash
    WHERE o.seq > after_ AND o.seq <= coalesce(till, o.seq) ORDER BY o.seq LIMIT least(most, 20000);
END $$;

CREATE FUNCTION hub.bodies(ids text[])
RETURNS TABLE (o_seq bigint, o_id text, o_verdict text, o_hash text, o_chain text, o_place int, o_content text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE
    me hub.seat := hub.me();
    prefix_ text := (SELECT c.prefix FROM hub.centre c WHERE c.code = me.centre);
BEGIN
    RETURN QUERY SELECT o.seq, o.event_id, o.verdict, o.content_hash, o.chain, o.place, e.content
    FROM hub.event e JOIN hub.ordering o ON e.id = o.event_id AND e.hash = o.content_hash
    WHERE e.id = ANY (ids) AND hub.may_see(me, prefix_, e.stream, e.centre) ORDER BY o.seq LIMIT 20000;
END $$;

CREATE FUNCTION hub.stream_bodies(streams text[], upto bigint)
RETURNS TABLE (o_seq bigint, o_id text, o_verdict text, o_hash text, o_chain text, o_place int, o_content text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE
    me hub.seat := hub.me();
    prefix_ text := (SELECT c.prefix FROM hub.centre c WHERE c.code = me.centre);
BEGIN
    RETURN QUERY SELECT o.seq, o.event_id, o.verdict, o.content_hash, o.chain, o.place, e.content
    FROM hub.event e JOIN hub.ordering o ON e.id = o.event_id AND e.hash = o.content_hash
    WHERE e.stream = ANY (streams) AND o.seq <= upto AND o.place > 0
      AND hub.may_see(me, prefix_, e.stream, e.centre) ORDER BY o.seq;
END $$;

CREATE FUNCTION hub.chain_at(seqs bigint[]) RETURNS TABLE (o_seq bigint, o_chain text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
BEGIN
    PERFORM hub.me();
    RETURN QUERY SELECT o.seq, o.chain FROM hub.ordering o WHERE o.seq = ANY (seqs);
END $$;
"""

_BEAT = """
CREATE FUNCTION hub.beat(reached_ bigint, unsent_ int, skew_ int)
RETURNS TABLE (o_head bigint, o_now timestamptz, o_epoch text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me();
BEGIN
    UPDATE hub.seat s SET heard_at = clock_timestamp(), reached = reached_, unsent = unsent_, skew_ms = skew_
    WHERE s.name = me.name;
    RETURN QUERY SELECT h.seq, clock_timestamp(), (SELECT m.value FROM hub.meta m WHERE m.key = 'epoch')
    FROM hub.head h;
END $$;

CREATE FUNCTION hub.presence() RETURNS TABLE (o_centre text, o_name text, o_level int, o_age_s double precision)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
BEGIN
    PERFORM hub.me();
    RETURN QUERY SELECT c.code, c.name, c.level,
        (SELECT extract(epoch FROM clock_timestamp() - max(s.heard_at))::double precision FROM hub.seat s
         WHERE s.centre = c.code AND s.revoked_at IS NULL)
    FROM hub.centre c ORDER BY c.level, c.code;
END $$;

CREATE FUNCTION hub.make_point(every_s double precision) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE made boolean;
BEGIN
    PERFORM hub.me();
    IF EXISTS (SELECT 1 FROM hub.point p WHERE p.at > clock_timestamp() - make_interval(secs => greatest(every_s, 0.1)))
    THEN RETURN false; END IF;
    -- at rest every seat stands at the head; under load all stop at the one ahead, which none has passed
    INSERT INTO hub.point (seq) SELECT h.seq + n FROM hub.head h, unnest(ARRAY[0, 200]) AS n WHERE h.seq > 0
    ON CONFLICT (seq) DO UPDATE SET at = clock_timestamp();
    RETURN true;
END $$;

CREATE FUNCTION hub.points(after_ bigint) RETURNS TABLE (o_seq bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
BEGIN
    PERFORM hub.me();
    RETURN QUERY SELECT p.seq FROM hub.point p WHERE p.seq >= after_ ORDER BY p.seq LIMIT 100;
END $$;

CREATE FUNCTION hub.compare(seq_ bigint, centres text[], counts int[], digests text[])
RETURNS TABLE (o_centre text, o_agree int, o_differ int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me();
BEGIN
    INSERT INTO hub.digest AS d (seq, seat, centre, rows, digest)
    SELECT seq_, me.name, n.c, n.r, n.d FROM unnest(centres, counts, digests) AS n(c, r, d)
    ON CONFLICT (seq, seat, centre) DO UPDATE
        SET rows = excluded.rows, digest = excluded.digest, at = clock_timestamp();
    DELETE FROM hub.digest d WHERE d.at < clock_timestamp() - interval '1 day';
    DELETE FROM hub.point p WHERE p.at < clock_timestamp() - interval '1 day';
    RETURN QUERY SELECT n.c,
        (SELECT count(*)::int FROM hub.digest d WHERE d.seq = seq_ AND d.centre = n.c AND d.seat <> me.name
            AND d.digest = n.d),
        (SELECT count(*)::int FROM hub.digest d WHERE d.seq = seq_ AND d.centre = n.c AND d.seat <> me.name
            AND d.digest <> n.d)
    FROM unnest(centres, digests) AS n(c, d);
END $$;

CREATE FUNCTION hub.centres() RETURNS TABLE (o_code text, o_prefix text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me(); prefix_ text := (SELECT c.prefix FROM hub.centre c WHERE c.code = me.centre);
BEGIN
    RETURN QUERY SELECT c.code, c.prefix FROM hub.centre c WHERE starts_with(c.prefix, prefix_) ORDER BY c.code;
END $$;

CREATE FUNCTION hub.diverged(seq_ bigint, centre_ text, repaired_ boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me();
BEGIN
    INSERT INTO hub.divergence (seat, seq, centre, repaired) VALUES (me.name, seq_, left(centre_, 100), repaired_);
END $$;
"""

FOR_SEATS = (
    "hello(text,text,text,bigint)",
    "append(text[],text[])",
    "nudge()",
    "pull(bigint,int)",
    "bodies(text[])",
    "stream_bodies(text[],bigint)",
    "chain_at(bigint[])",
    "beat(bigint,int,int)",
    "presence()",
    "make_point(double precision)",
    "points(bigint)",
    "compare(bigint,text[],int[],text[])",
    "centres()",
    "diverged(bigint,text,boolean)",
)
"""functions that the seats' roles may call; they have no right on any table"""


def upgrade() -> None:
    """Create tables and functions; nobody but their owner may use them until `grants` says so."""
    for block in (_TABLES, _JSON, _ME, _HELLO, _FAULT, _TELL, _APPEND, _PULL, _BEAT):
        # a driver's own placeholders must not be seen in LIKE patterns
        op.get_bind().exec_driver_sql(block.replace("%", "%%"))
    op.get_bind().exec_driver_sql("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hub FROM PUBLIC")
