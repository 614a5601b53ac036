"""What crosses beside the order: positions and tracks, personal data by right, files in chunks, exchange by files."""

from __future__ import annotations

from alembic import op

revision = "h0002"
down_revision = "h0001"
branch_labels = None
depends_on = None

# Positions are written a thousand a second: no column that changes is indexed and pages keep room, so that rows are
# replaced in place.
_TABLES = """
CREATE TABLE hub.position (
    unit text PRIMARY KEY, lon float8 NOT NULL, lat float8 NOT NULL, at bigint NOT NULL, heading float8,
    path text COLLATE "C" NOT NULL, seat text NOT NULL, no bigint NOT NULL) WITH (fillfactor = 40);
CREATE SEQUENCE hub.position_no;
CREATE TABLE hub.track (
    bucket bigint NOT NULL, unit text NOT NULL, at bigint NOT NULL, lon float8 NOT NULL, lat float8 NOT NULL,
    path text COLLATE "C" NOT NULL, PRIMARY KEY (bucket, unit));
ALTER TABLE hub.seat ADD COLUMN personal boolean NOT NULL DEFAULT true;
CREATE TABLE hub.person (
    id text PRIMARY KEY, role text NOT NULL, data text NOT NULL, created_at bigint NOT NULL, centre text NOT NULL,
    seat text NOT NULL);
CREATE TABLE hub.erased (person text PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE hub.blob (
    digest text PRIMARY KEY, mime text NOT NULL, size bigint NOT NULL, centre text NOT NULL, seat text NOT NULL,
    whole boolean NOT NULL DEFAULT false, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE hub.chunk (
    digest text NOT NULL REFERENCES hub.blob ON DELETE CASCADE, no int NOT NULL, data bytea NOT NULL,
    PRIMARY KEY (digest, no));
ALTER TABLE hub.chunk ALTER COLUMN data SET STORAGE EXTERNAL;
CREATE TABLE hub.exchange (
    seat text PRIMARY KEY REFERENCES hub.seat (name), key text NOT NULL, came int NOT NULL DEFAULT 0,
    went int NOT NULL DEFAULT 0, state text NOT NULL DEFAULT '{}');
"""

_POSITIONS = """
CREATE FUNCTION hub.rule(key_ text, usual bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT m.value::bigint FROM hub.meta m WHERE m.key = key_), usual);
$$;

CREATE FUNCTION hub.put_positions(live boolean, units text[], lons float8[], lats float8[], ats bigint[],
                                  headings float8[], paths text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE
    me hub.seat := hub.me();
    no_ bigint;
    every_ bigint := hub.rule('track_every_ms', 20000);
    -- a wrong clock must not shut later positions out; a drill's time is its own
    latest bigint := CASE WHEN live THEN (extract(epoch FROM clock_timestamp()) * 1000)::bigint + 60000
                          ELSE 9223372036854775807 END;
    done bigint;
BEGIN
    IF cardinality(units) > 20000 THEN RAISE EXCEPTION 'batch' USING ERRCODE = '22023'; END IF;
    -- numbers are given and committed one batch after the other: a reader's cursor passes nothing by
    PERFORM pg_advisory_xact_lock(4242002);
    no_ := nextval('hub.position_no');
    INSERT INTO hub.position AS p (unit, lon, lat, at, heading, path, seat, no)
    SELECT DISTINCT ON (n.unit) n.unit, n.lon, n.lat, n.at, n.heading, left(n.path, 500), me.name, no_
    FROM unnest(units, lons, lats, ats, headings, paths) AS n(unit, lon, lat, at, heading, path)
    WHERE n.lon BETWEEN -180 AND 180 AND n.lat BETWEEN -90 AND 90 AND n.at BETWEEN 0 AND latest
      AND length(n.unit) <= 200
    ORDER BY n.unit, n.at DESC
    ON CONFLICT (unit) DO UPDATE SET lon = excluded.lon, lat = excluded.lat, at = excluded.at,
        heading = excluded.heading, path = excluded.path, seat = excluded.seat, no = excluded.no
    WHERE p.at < excluded.at;
    GET DIAGNOSTICS done = ROW_COUNT;
    INSERT INTO hub.track (bucket, unit, at, lon, lat, path)
    SELECT n.at - n.at % every_, n.unit, n.at, n.lon, n.lat, left(n.path, 500)
    FROM unnest(units, lons, lats, ats, paths) AS n(unit, lon, lat, at, path)
    WHERE n.lon BETWEEN -180 AND 180 AND n.lat BETWEEN -90 AND 90 AND n.at BETWEEN 0 AND latest
      AND length(n.unit) <= 200
    ON CONFLICT DO NOTHING;
    RETURN done;
END $$;

CREATE FUNCTION hub.prune_tracks(now_ bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hub, pg_temp AS $$
DECLARE done bigint;
BEGIN
    PERFORM hub.me();
    DELETE FROM hub.track t WHERE t.bucket < least(now_, (SELECT max(bucket) FROM hub.track))
        - hub.rule('track_kept_ms', 86400000);
    GET DIAGNOSTICS done = ROW_COUNT;
    RETURN done;
END $$;

CREATE FUNCTION hub.sees_unit(me hub.seat, prefix_ text, unit_ text, path_ text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT prefix_ = '' OR starts_with(path_, prefix_) OR EXISTS (
        SELECT 1 FROM hub.booking b JOIN hub.event e ON e.id = b.event_id
        WHERE b.unit = unit_ AND hub.may_see(me, prefix_, e.stream, e.centre));
$$;

CREATE FUNCTION hub.positions(after_ bigint)
RETURNS TABLE (o_unit text, o_lon float8, o_lat float8, o_at bigint, o_heading float8, o_no bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE
    me hub.seat := hub.me();
    prefix_ text := (SELECT c.prefix FROM hub.centre c WHERE c.code = me.centre);
    from_ bigint := after_;
BEGIN
    -- a restored hub may count lower than what the reader has seen
    IF from_ > coalesce((SELECT max(p.no) FROM hub.position p), 0) THEN from_ := 0; END IF;
    RETURN QUERY SELECT p.unit, p.lon, p.lat, p.at, p.heading, p.no FROM hub.position p
    WHERE p.no > from_ AND p.seat <> me.name AND hub.sees_unit(me, prefix_, p.unit, p.path);
END $$;

CREATE FUNCTION hub.tracks(bucket_ bigint, unit_ text, most int)
RETURNS TABLE (o_unit text, o_at bigint, o_lon float8, o_lat float8, o_bucket bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE
    me hub.seat := hub.me();
    prefix_ text := (SELECT c.prefix FROM hub.centre c WHERE c.code = me.centre);
BEGIN
    RETURN QUERY SELECT t.unit, t.at, t.lon, t.lat, t.bucket FROM hub.track t
    WHERE (t.bucket, t.unit) > (bucket_, unit_) AND hub.sees_unit(me, prefix_, t.unit, t.path)
    ORDER BY t.bucket, t.unit LIMIT least(most, 20000);
END $$;
"""

_PEOPLE = """
CREATE FUNCTION hub.names(me hub.seat, event_ text, key_ text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM hub.event e JOIN hub.centre c ON c.code = me.centre
        WHERE e.id = event_ AND length(key_) >= 16 AND position('"' || key_ || '"' IN e.content) > 0
          AND hub.may_see(me, c.prefix, e.stream, e.centre));
$$;

CREATE FUNCTION hub.put_persons(ids text[], roles text[], datas text[], created bigint[]) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me(); done int;
BEGIN
    IF cardinality(ids) > 1000 THEN RAISE EXCEPTION 'batch' USING ERRCODE = '22023'; END IF;
    INSERT INTO hub.person (id, role, data, created_at, centre, seat)
    SELECT n.id, n.role, n.data, n.at, me.centre, me.name
    FROM unnest(ids, roles, datas, created) AS n(id, role, data, at)
    WHERE length(n.id) BETWEEN 16 AND 40 AND length(n.data) <= 8000
      AND NOT EXISTS (SELECT 1 FROM hub.erased x WHERE x.person = n.id)
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS done = ROW_COUNT;
    -- an erasure that came between the look and the insert
    DELETE FROM hub.person p USING hub.erased x WHERE p.id = x.person AND p.id = ANY (ids);
    RETURN done;
END $$;

CREATE FUNCTION hub.persons(ids text[], events text[])
RETURNS TABLE (o_id text, o_role text, o_data text, o_created bigint, o_erased boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me();
BEGIN
    IF cardinality(ids) > 1000 THEN RAISE EXCEPTION 'batch' USING ERRCODE = '22023'; END IF;
    RETURN QUERY
        SELECT x.person, ''::text, ''::text, 0::bigint, true FROM hub.erased x WHERE x.person = ANY (ids)
        UNION ALL
        SELECT p.id, p.role, p.data, p.created_at, false
        FROM unnest(ids, events) AS n(id, event) JOIN hub.person p ON p.id = n.id
        WHERE me.personal AND (p.centre = me.centre OR hub.names(me, n.event, n.id));
END $$;

CREATE FUNCTION hub.erase_person() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = hub, pg_temp AS $$
BEGIN
    INSERT INTO hub.erased (person) VALUES (substr(NEW.stream, 8)) ON CONFLICT DO NOTHING;
    DELETE FROM hub.person p WHERE p.id = substr(NEW.stream, 8);
    RETURN NULL;
END $$;
CREATE TRIGGER erase_person AFTER INSERT ON hub.event FOR EACH ROW
    WHEN (NEW.kind = 'person.erased' AND NEW.stream LIKE 'person/%') EXECUTE FUNCTION hub.erase_person();
"""

# An erasure must reach every seat that may hold the data: its stream names nothing but the record.
_MAY_SEE = """
ALTER FUNCTION hub.may_see(hub.seat, text, text, text) RENAME TO may_see_incident;
CREATE FUNCTION hub.may_see(me hub.seat, prefix_ text, stream_ text, centre_ text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT stream_ LIKE 'person/%' OR hub.may_see_incident(me, prefix_, stream_, centre_);
$$;
"""

_BLOBS = """
CREATE FUNCTION hub.blob_begin(digest_ text, mime_ text, size_ bigint) RETURNS TABLE (o_held int[], o_whole boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me();
BEGIN
    IF digest_ !~ '^[0-9a-f]{64}$' OR size_ NOT BETWEEN 0 AND 67108864 THEN
        RAISE EXCEPTION 'blob' USING ERRCODE = '22023';
    END IF;
    INSERT INTO hub.blob (digest, mime, size, centre, seat)
    VALUES (digest_, left(mime_, 100), size_, me.centre, me.name)
    ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT ARRAY(SELECT c.no FROM hub.chunk c WHERE c.digest = digest_ ORDER BY c.no), b.whole
    FROM hub.blob b WHERE b.digest = digest_;
END $$;

CREATE FUNCTION hub.blob_put(digest_ text, no_ int, data_ bytea, last_ boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me(); b hub.blob; sum_ bytea;
BEGIN
    SELECT * INTO b FROM hub.blob x WHERE x.digest = digest_ FOR UPDATE;
    IF NOT FOUND OR octet_length(data_) > 1048576 OR no_ NOT BETWEEN 0 AND 8192 THEN
        RAISE EXCEPTION 'blob' USING ERRCODE = '22023';
    END IF;
    IF b.whole THEN RETURN true; END IF;
    INSERT INTO hub.chunk VALUES (digest_, no_, data_) ON CONFLICT DO NOTHING;
    IF NOT last_ THEN RETURN false; END IF;
    SELECT sha256(coalesce(string_agg(c.data, ''::bytea ORDER BY c.no), ''::bytea)) INTO sum_
    FROM hub.chunk c WHERE c.digest = digest_;
    IF encode(sum_, 'hex') = digest_ THEN
        UPDATE hub.blob x SET whole = true WHERE x.digest = digest_;
        RETURN true;
    END IF;
    -- what does not make up its name is thrown away and sent anew
    DELETE FROM hub.chunk c WHERE c.digest = digest_;
    RETURN false;
END $$;

CREATE FUNCTION hub.sees_blob(me hub.seat, digest_ text, event_ text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM hub.blob b WHERE b.digest = digest_ AND b.centre = me.centre)
        OR hub.names(me, event_, digest_);
$$;

CREATE FUNCTION hub.blob_info(digests text[], events text[])
RETURNS TABLE (o_digest text, o_mime text, o_size bigint, o_whole boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me();
BEGIN
    IF cardinality(digests) > 1000 THEN RAISE EXCEPTION 'batch' USING ERRCODE = '22023'; END IF;
    RETURN QUERY SELECT b.digest, b.mime, b.size, b.whole
    FROM unnest(digests, events) AS n(digest, event) JOIN hub.blob b ON b.digest = n.digest
    WHERE hub.sees_blob(me, n.digest, n.event);
END $$;

CREATE FUNCTION hub.blob_get(digest_ text, event_ text, from_ bigint, most int) RETURNS bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me(); size_ int; no_ int;
BEGIN
    IF NOT hub.sees_blob(me, digest_, event_) THEN RETURN NULL; END IF;
    -- all chunks but the last are of one size, so that a byte's chunk is reckoned, not sought
    SELECT octet_length(c.data) INTO size_ FROM hub.chunk c WHERE c.digest = digest_ AND c.no = 0;
    IF coalesce(size_, 0) = 0 THEN RETURN NULL; END IF;
    no_ := from_ / size_;
    RETURN (SELECT substr(c.data, (from_ - no_::bigint * size_)::int + 1, least(most, 1048576))
            FROM hub.chunk c WHERE c.digest = digest_ AND c.no = no_);
END $$;
"""

_EXCHANGE = """
CREATE FUNCTION hub.exchange_state() RETURNS TABLE (o_name text, o_key text, o_came int, o_went int, o_state text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me();
BEGIN
    RETURN QUERY SELECT x.seat, x.key, x.came, x.went, x.state FROM hub.exchange x WHERE x.seat = me.name;
END $$;

CREATE FUNCTION hub.exchange_put(came_ int, went_ int, state_ text, made_ bigint, reached_ bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me();
BEGIN
    UPDATE hub.exchange x SET came = greatest(came, came_), went = greatest(went, went_), state = state_
    WHERE x.seat = me.name;
    -- a seat without a line was heard when it wrote its file, not when somebody brought it
    UPDATE hub.seat s SET heard_at = greatest(s.heard_at, least(to_timestamp(made_ / 1000.0), clock_timestamp())),
        reached = greatest(s.reached, reached_), unsent = 0
    WHERE s.name = me.name;
END $$;

CREATE FUNCTION hub.exchange_goes() RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp AS $$
DECLARE me hub.seat := hub.me(); no_ int;
BEGIN
    UPDATE hub.exchange x SET went = went + 1 WHERE x.seat = me.name RETURNING went INTO no_;
    RETURN no_;
END $$;
"""

FOR_SEATS = (
    "put_positions(boolean,text[],float8[],float8[],bigint[],float8[],text[])",
    "prune_tracks(bigint)",
    "positions(bigint)",
    "tracks(bigint,text,int)",
    "put_persons(text[],text[],text[],bigint[])",
    "persons(text[],text[])",
    "blob_begin(text,text,bigint)",
    "blob_put(text,int,bytea,boolean)",
    "blob_info(text[],text[])",
    "blob_get(text,text,bigint,int)",
    "exchange_state()",
    "exchange_put(int,int,text,bigint,bigint)",
    "exchange_goes()",
)
"""functions of this revision that the seats' roles may call"""


def upgrade() -> None:
    """Create tables and functions; nobody but their owner may use them until they are granted."""
    for block in (_TABLES, _MAY_SEE, _POSITIONS, _PEOPLE, _BLOBS, _EXCHANGE):
        # a driver's own placeholders must not be seen in LIKE patterns
        op.get_bind().exec_driver_sql(block.replace("%", "%%"))
    op.get_bind().exec_driver_sql("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hub FROM PUBLIC")
