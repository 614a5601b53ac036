"""The hub's keeper: preparing a database, letting seats in and out, telling how it stands. Needs the owner's role."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from app.domain.events import uuid7
from app.domain.faults import KnownFault, Message
from app.services.sync_rules import GENESIS_CHAIN, JOINING
from data.sync.address import HubAddress, connect
from data.sync.faults import known, other_version
from data.sync.keeper_link import ONE_PER_HUB
from data.sync.keys import parse_public
from data.sync.migrations import HUB_HEAD
from data.sync.migrations.versions import (
    h0001_first,
    h0002_beside,
    h0003_snapshots,
    h0004_founding,
    h0005_levels,
    h0006_batches,
    h0009_lists,
    h0011_disk,
    h0012_files,
)

LEAST_VERSION = 14
_GIVEN = (h0001_first, h0002_beside, h0003_snapshots, h0004_founding, h0005_levels, h0006_batches, h0009_lists,
          h0011_disk, h0012_files)
FOR_SEATS = tuple(f for revision in _GIVEN for f in revision.FOR_SEATS if f not in h0011_disk.GONE)
"""functions and procedures that the seats' roles may call; they have no right on any table"""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}\Z")
_SCRIPTS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat as the hub knows it. `age_s` since it was last heard; None: never."""

    name: str
    centre: str
    code: str
    age_s: float | None
    reached: int
    unsent: int
    skew_ms: int
    revoked: bool


@dataclass(frozen=True, slots=True)
class HubStanding:
    """How the hub stands."""

    district: str
    epoch: str
    seq: int
    chain: str
    refused: int
    overtaken: int
    bytes: int
    seats: tuple[SeatLine, ...]
    divergences: int
    beside: bool
    """whether the seat beside the hub (hub run) is at work"""
    snapshots: tuple[tuple[str, int, float], ...]
    """(centre, sequence, age in s) of the newest snapshot of each centre"""


@contextmanager
def keeper(address: HubAddress, secret: str | None) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the hub's owner; its errors come as `KnownFault`."""
    try:
        with connect(address, secret, seconds=10, name="liandong keeper") as connection:
            yield connection
    except psycopg.Error as fault:
        raise known(fault) from fault


def init(address: HubAddress, secret: str | None, *, district: str, district_name: str, now_ms: int) -> str:
    """Prepare or upgrade the hub; returns its epoch. Raises `KnownFault` for one of another district or too old."""
    with keeper(address, secret) as c:
        demand_server(c)
        c.execute("CREATE SCHEMA IF NOT EXISTS hub")
        c.execute("REVOKE ALL ON SCHEMA hub FROM PUBLIC")
        upgrade(c, HUB_HEAD)
        with c.transaction():
            _fill(c, district, district_name, now_ms)
            grant(c)
        epoch = c.execute("SELECT value FROM hub.meta WHERE key = 'epoch'").fetchone()
        assert epoch is not None
        return str(epoch[0])


def demand_server(c: psycopg.Connection[Any]) -> None:
    """Raise `KnownFault` for a server that is too old or a database that is not UTF8."""
    if c.info.server_version < LEAST_VERSION * 10_000:
        raise KnownFault(Message("The hub needs PostgreSQL {least} or later; this is {version}.",
                                 {"least": LEAST_VERSION, "version": c.info.server_version // 10_000}))
    if c.execute("SHOW server_encoding").fetchone() != ("UTF8",):
        raise KnownFault(Message("The hub's database must be encoded in UTF8; this one is not."))


def upgrade(connection: psycopg.Connection[Any], revision: str) -> None:
    """Bring the hub's schema to a revision, as a whole or not at all."""
    from alembic import command
    from alembic.config import Config

    if connection.execute("SELECT to_regclass('hub.alembic_version')").fetchone() != (None,):
        stands = connection.execute("SELECT version_num::text FROM hub.alembic_version").fetchone()
        if stands is not None and stands[0] > HUB_HEAD:
            raise other_version(stands[0], HUB_HEAD)
    engine = create_engine("postgresql+psycopg://", creator=lambda: connection, poolclass=StaticPool)
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    connection.autocommit = False
    try:
        with engine.connect() as wrapped:
            config.attributes["connection"] = wrapped
            command.upgrade(config, revision)
            wrapped.commit()
    except SQLAlchemyError as fault:
        connection.rollback()
        raise KnownFault(Message("The hub could not be prepared: {why}. It is what it was before.",
                                 {"why": str(getattr(fault, "orig", fault)).splitlines()[0]})) from fault
    finally:
        if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            connection.rollback()
        connection.autocommit = True


def _fill(c: psycopg.Connection[Any], district: str, district_name: str, now_ms: int) -> None:
    found = c.execute("SELECT value FROM hub.meta WHERE key = 'district'").fetchone()
    if found is not None and found[0] != district:
        raise KnownFault(Message("This is the hub of another district ({theirs}). Nothing was changed.",
                                 {"theirs": found[0]}))
    for key, value in (("district", district), ("district_name", district_name), ("epoch", uuid7(now_ms))):
        c.execute("INSERT INTO hub.meta VALUES (%s, %s) ON CONFLICT DO NOTHING", (key, value))
    c.execute("INSERT INTO hub.head VALUES (1, 0, %s) ON CONFLICT DO NOTHING", (GENESIS_CHAIN,))
    c.execute("INSERT INTO hub.told VALUES (1, 0, 'epoch') ON CONFLICT DO NOTHING")
    for kind in sorted(JOINING):
        c.execute("INSERT INTO hub.joining VALUES (%s) ON CONFLICT DO NOTHING", (kind,))


def _group(c: psycopg.Connection[Any]) -> str:
    return f"{c.info.dbname}_seats"


def grant(c: psycopg.Connection[Any]) -> None:
    """Let the group of this hub's seats call the functions that are for them."""
    group = sql.Identifier(_group(c))
    if c.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (_group(c),)).fetchone() is None:
        c.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(group))
    c.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(c.info.dbname), group))
    c.execute(sql.SQL("GRANT USAGE ON SCHEMA hub TO {}").format(group))
    if c.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'public'").fetchone() is not None:
        # PostgreSQL 14 lets everybody make tables there
        c.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    for function in FOR_SEATS:
        c.execute(sql.SQL("GRANT EXECUTE ON ROUTINE hub.{} TO {}").format(sql.SQL(function), group))


def put_centre(address: HubAddress, secret: str | None, code: str, name: str, *, level: int, parent: str | None,
               prefix: str) -> None:
    """Add or change a centre. `prefix`: path of its area ("" for the whole district). Where it changes, the centre's
    seats are hung up: they come back at once and fetch what is in their sight now."""
    with keeper(address, secret) as c:
        before = c.execute("SELECT prefix FROM hub.centre WHERE code = %s", (code,)).fetchone()
        c.execute("INSERT INTO hub.centre VALUES (%s, %s, %s, %s, %s) ON CONFLICT (code) DO UPDATE SET name = "
                  "excluded.name, level = excluded.level, parent = excluded.parent, prefix = excluded.prefix",
                  (code, name, level, parent, prefix))
        if before is not None and before[0] != prefix:
            c.execute("SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN hub.seat s ON s.role = "
                      "a.usename WHERE s.centre = %s", (code,))


def add_seat(address: HubAddress, secret: str | None, name: str, centre: str) -> tuple[HubAddress, str]:
    """Let a seat in: a role and secret of its own. Returns the seat's address and its secret, which is kept nowhere
    here: the hub gets its SCRAM verifier only. An existing seat gets a new secret; a revoked one is let in again.

    Raises `KnownFault` for a name that cannot be one.
    """
    if not _NAME.match(name):
        raise KnownFault(Message("A seat's name is of lower-case letters, digits and _, at most 31: {name}",
                                 {"name": name[:40]}))
    word = secrets.token_urlsafe(24)
    with keeper(address, secret) as c, c.transaction():
        role = f"{c.info.dbname}_{name}"[:63]
        if c.execute("SELECT 1 FROM hub.centre WHERE code = %s", (centre,)).fetchone() is None:
            raise KnownFault(Message("The hub knows no centre {code}: hub centre {code} first.",
                                     {"code": centre[:40]}))
        found = c.execute("SELECT centre FROM hub.seat WHERE name = %s", (name,)).fetchone()
        if found is not None and found[0] != centre:
            raise KnownFault(Message("There is a seat {name} of centre {centre} already.",
                                     {"name": name, "centre": found[0]}))
        put_role(c, role, c.pgconn.encrypt_password(word.encode(), role.encode(), b"scram-sha-256").decode())
        # one at a time: no two seats may have one code
        c.execute("LOCK TABLE hub.seat IN SHARE ROW EXCLUSIVE MODE")
        c.execute("INSERT INTO hub.seat (name, role, centre, code) VALUES (%s, %s, %s, (SELECT to_char(n, CASE WHEN n "
                  "< 100 THEN 'FM00' ELSE 'FM999999' END) FROM (SELECT coalesce(max(code::int), 0) + 1 AS n FROM "
                  "hub.seat) AS next)) ON CONFLICT (name) DO UPDATE SET revoked_at = NULL", (name, role, centre))
    return address.with_user(role), word


def put_role(c: psycopg.Connection[Any], role: str, verifier: str | None) -> None:
    """Make a seat's role, or let it in again; `verifier` None: its secret stays what it is."""
    known_role = c.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is not None
    c.execute(sql.SQL("{} ROLE {} LOGIN INHERIT NOCREATEDB NOCREATEROLE {}").format(
        sql.SQL("ALTER" if known_role else "CREATE"), sql.Identifier(role),
        sql.SQL("PASSWORD {}").format(sql.Literal(verifier)) if verifier else sql.SQL("")))
    c.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(_group(c)), sql.Identifier(role)))
    above = c.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if above is not None and not above[0]:
        # an owner who is no superuser may end the connections of roles that it is a member of
        c.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))


def revoke_seat(address: HubAddress, secret: str | None, name: str) -> None:
    """Shut a seat out at once: no log-in, no call, open connections ended. What it sent stays."""
    with keeper(address, secret) as c:
        row = c.execute("UPDATE hub.seat SET revoked_at = coalesce(revoked_at, clock_timestamp()) WHERE name = %s "
                        "RETURNING role", (name,)).fetchone()
        if row is None:
            raise KnownFault(Message("The hub knows no seat {name}.", {"name": name[:40]}))
        c.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(row[0])))
        c.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (row[0],))


def set_personal(address: HubAddress, secret: str | None, name: str, allowed: bool) -> None:
    """Whether a seat is given personal data of what its centre may see."""
    with keeper(address, secret) as c:
        if c.execute("UPDATE hub.seat SET personal = %s WHERE name = %s", (allowed, name)).rowcount != 1:
            raise KnownFault(Message("The hub knows no seat {name}.", {"name": name[:40]}))


def set_exchange_key(address: HubAddress, secret: str | None, name: str, key: str) -> None:
    """Let a seat exchange by files that it signs with this key. Raises `KnownFault` for what is no key or no seat."""
    parse_public(key)
    with keeper(address, secret) as c:
        if c.execute("SELECT 1 FROM hub.seat WHERE name = %s AND revoked_at IS NULL", (name,)).fetchone() is None:
            raise KnownFault(Message("The hub knows no seat {name}.", {"name": name[:40]}))
        c.execute("INSERT INTO hub.exchange (seat, key) VALUES (%s, %s) ON CONFLICT (seat) DO UPDATE SET key = "
                  "excluded.key", (name, key.strip()))


def set_tracks(address: HubAddress, secret: str | None, *, every_s: int, kept_hours: int) -> None:
    """How often the hub samples tracks and how long it keeps them."""
    with keeper(address, secret) as c, c.transaction():
        for key, value in (("track_every_ms", every_s * 1000), ("track_kept_ms", kept_hours * 3_600_000)):
            c.execute("INSERT INTO hub.meta VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                      (key, str(value)))


def standing(address: HubAddress, secret: str | None) -> HubStanding:
    """How the hub stands. Raises `KnownFault`."""
    with keeper(address, secret) as c:
        meta = dict(c.execute("SELECT key, value FROM hub.meta").fetchall())
        head = c.execute("SELECT seq, chain FROM hub.head").fetchone()
        counts = c.execute("SELECT count(*) FILTER (WHERE verdict LIKE 'refused%'), "
                           "count(*) FILTER (WHERE verdict = 'overtaken') FROM hub.ordering").fetchone()
        size = c.execute("SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c JOIN "
                         "pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'hub' AND c.relkind = 'r'"
                         ).fetchone()
        rows = c.execute("SELECT name, centre, code, extract(epoch FROM clock_timestamp() - heard_at)::float8, "
                         "reached, unsent, skew_ms, revoked_at IS NOT NULL FROM hub.seat ORDER BY name").fetchall()
        diverged = c.execute("SELECT count(*) FROM hub.divergence").fetchone()
        beside = c.execute("SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = "
                           "current_database() AND locktype = 'advisory' AND granted AND classid = 0 AND objid = %s",
                           (ONE_PER_HUB,)).fetchone() is not None
        snapshots = c.execute("SELECT DISTINCT ON (centre) centre, seq, extract(epoch FROM clock_timestamp() - "
                              "at)::float8 "
                              "FROM hub.snapshot ORDER BY centre, seq DESC").fetchall()
    assert head is not None
    assert counts is not None
    assert size is not None
    assert diverged is not None
    return HubStanding(meta["district"], meta["epoch"], head[0], head[1], counts[0], counts[1], size[0],
                       tuple(SeatLine(*r) for r in rows), diverged[0], beside, tuple(snapshots))
