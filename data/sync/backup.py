"""A hub's backup in one file, and back: every table as one moment saw it, in COPY's own text, with sums to check it by.

Made over an ordinary connection while the seats work on: one REPEATABLE READ transaction sees one moment and holds
nobody up. No tool of the right version is needed. What can be made again (snapshots) is left out.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from app.domain.events import uuid7
from app.domain.faults import KnownFault, Message
from data.sync import admin
from data.sync.address import HubAddress
from data.sync.audit import verify_chain
from data.sync.migrations import HUB_HEAD
from data.sync.migrations.versions.h0003_snapshots import DERIVED

FORMAT = 1
MANIFEST = "manifest.json"
_SKIPPED = frozenset({*DERIVED, "alembic_version"})
_CHUNK = 1 << 20
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, TypeError, NotImplementedError, RuntimeError)
"""what reading a damaged archive may raise"""

Told = Callable[[str, int, int], None]
"""hears (table, rows done or 0, rows of the table)"""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds. `seats`: whether the seats' log-ins are in it."""

    district: str
    epoch: str
    revision: str
    seq: int
    chain: str
    rows: dict[str, int]
    bytes: int
    seats: bool
    shut_out: tuple[str, ...] = ()
    """seats that the backup lets in and this server does not: shut out since it was made, they stay so"""


def _tables(c: psycopg.Connection[Any]) -> list[str]:
    """The hub's tables, those that others refer to first. Partitions go with their parent."""
    names = [r[0] for r in c.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'hub' AND "
        "c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1").fetchall() if r[0] not in _SKIPPED]
    refers: dict[str, set[str]] = {n: set() for n in names}
    for a, b in c.execute(
            "SELECT a.relname, b.relname FROM pg_constraint k JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b ON "
            "b.oid = k.confrelid JOIN pg_namespace n ON n.oid = a.relnamespace WHERE k.contype = 'f' AND n.nspname = "
            "'hub' AND a.oid <> b.oid").fetchall():
        if a in refers and b in refers:
            refers[a].add(b)
    out: list[str] = []
    while refers:
        ready = sorted(n for n, others in refers.items() if others <= set(out)) or sorted(refers)
        out += ready
        for name in ready:
            del refers[name]
    return out


def _columns(c: psycopg.Connection[Any], table: str) -> list[str]:
    return [r[0] for r in c.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND "
        "attgenerated = '' ORDER BY attnum", (f"hub.{table}",)).fetchall()]


def _named(table: str, columns: list[str]) -> sql.Composed:
    return sql.SQL("hub.{} ({})").format(sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns)))


def make(address: HubAddress, secret: str | None, path: Path, told: Told = lambda _t, _n, _of: None) -> Backup:
    """Write the hub of this moment to a new file that only its owner may read. Raises `KnownFault`; then no file is
    left.
    """
    if path.exists():
        raise KnownFault(Message("There is a file {path} already; it was left as it is.", {"path": path}))
    part = path.with_name(f"{path.name}.part")
    try:
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w+b") as file:
            with admin.keeper(address, secret) as c:
                made = _write(c, file, told)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as fault:
        raise KnownFault(Message("{path} cannot be written: {why}",
                                 {"path": path, "why": fault.strerror or str(fault)})) from fault
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return Backup(**{**made, "bytes": path.stat().st_size})


def _write(c: psycopg.Connection[Any], file: Any, told: Told) -> dict[str, Any]:
    c.execute("SET statement_timeout = 0")
    with c.transaction(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        c.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        meta = dict(c.execute("SELECT key, value FROM hub.meta").fetchall())
        revision = c.execute("SELECT version_num::text FROM hub.alembic_version").fetchone()
        head = c.execute("SELECT seq, chain FROM hub.head").fetchone()
        assert revision is not None
        assert head is not None
        tables: dict[str, Any] = {}
        for table in _tables(c):
            columns = _columns(c, table)
            digest, rows = hashlib.sha256(), 0
            command = sql.SQL("COPY (SELECT {} FROM hub.{}) TO STDOUT").format(
                sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(table))
            with out.open(f"{table}.copy", "w", force_zip64=True) as member, c.cursor().copy(command) as rows_of:
                batch = io.BytesIO()
                for block in rows_of:
                    raw = bytes(block)
                    rows += raw.count(b"\n")
                    batch.write(raw)
                    if batch.tell() >= _CHUNK:
                        digest.update(batch.getbuffer())
                        member.write(batch.getvalue())
                        batch = io.BytesIO()
                        told(table, rows, 0)
                digest.update(batch.getbuffer())
                member.write(batch.getvalue())
            tables[table] = {"columns": columns, "rows": rows, "sha256": digest.hexdigest()}
        roles = _roles(c)
        out.writestr(MANIFEST, json.dumps({
            "format": FORMAT, "revision": revision[0], "district": meta["district"], "epoch": meta["epoch"],
                "seq": head[0],
            "chain": head[1], "tables": tables, "roles": roles}, ensure_ascii=False))
    return {"district": meta["district"], "epoch": meta["epoch"], "revision": revision[0], "seq": head[0],
        "chain": head[1],
            "rows": {t: d["rows"] for t, d in tables.items()}, "seats": bool(roles)}


def _roles(c: psycopg.Connection[Any]) -> dict[str, str]:
    """Role → SCRAM verifier of the seats that are let in; empty where the owner may not read them."""
    allowed = c.execute("SELECT has_table_privilege('pg_catalog.pg_authid', 'SELECT')").fetchone()
    if allowed is None or not allowed[0]:
        return {}
    return dict(c.execute("SELECT a.rolname, a.rolpassword FROM pg_authid a JOIN hub.seat s ON s.role = a.rolname "
                          "WHERE "
                          "s.revoked_at IS NULL AND a.rolpassword LIKE 'SCRAM-SHA-256$%'").fetchall())


def _read(path: Path) -> tuple[zipfile.ZipFile, dict[str, Any]]:
    try:
        file = zipfile.ZipFile(path)
        try:
            manifest = json.loads(file.read(MANIFEST))
            good = manifest["format"] == FORMAT
            revision = str(manifest["revision"])
        except BaseException:
            file.close()
            raise
    except FileNotFoundError as fault:
        raise KnownFault(Message("There is no file {path}.", {"path": path})) from fault
    except (OSError, *_DAMAGE) as fault:
        raise KnownFault(Message("{path} is no whole backup of a hub: cut short, damaged or something else.",
                                 {"path": path})) from fault
    if not good or revision > HUB_HEAD:
        file.close()
        raise KnownFault(Message("{path} was made by a newer version of this program; use that one.", {"path": path}))
    return file, manifest


def restore(path: Path, address: HubAddress, secret: str | None, *, now_ms: int,
            told: Told = lambda _t, _n, _of: None) -> Backup:
    """Bring a backup into an empty database and check it: sums, counts, chain, every body. It gets a new epoch.

    Raises `KnownFault` for a database that is not empty, and for a backup that does not hold; then the database is
    empty
    again.
    """
    file, manifest = _read(path)
    with file, admin.keeper(address, secret) as c:
        admin.demand_server(c)
        strange = c.execute("SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                            "WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT "
                            "LIKE 'pg_temp%' AND n.nspname NOT LIKE 'pg_toast_temp%' LIMIT 1").fetchone()
        if strange is not None or c.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'hub'").fetchone() is not None:
            raise KnownFault(Message("The database {name} is not empty; a backup is restored into an empty one. "
                                     "Nothing "
                                     "was changed.", {"name": address.database}))
        try:
            _bring_in(c, file, manifest, told)
            _check(c, manifest)
            seq, faults = verify_chain(address, secret)
            if faults or seq != manifest["seq"]:
                raise KnownFault(faults[0]) if faults else _broken(path)
            with c.transaction():
                c.execute("UPDATE hub.meta SET value = %s WHERE key = 'epoch'", (uuid7(now_ms),))
                shut_out = _let_in(c, manifest["roles"])
        except BaseException as fault:
            with contextlib.suppress(psycopg.Error):
                c.execute("DROP SCHEMA IF EXISTS hub CASCADE")
            if isinstance(fault, (*_DAMAGE, psycopg.DataError, psycopg.IntegrityError)):
                raise _broken(path) from fault
            raise
        row = c.execute("SELECT value FROM hub.meta WHERE key = 'epoch'").fetchone()
    assert row is not None
    return Backup(manifest["district"], row[0], HUB_HEAD, manifest["seq"], manifest["chain"],
                  {t: d["rows"] for t, d in manifest["tables"].items()}, path.stat().st_size, bool(manifest["roles"]),
                  shut_out)


def _broken(path: Path) -> KnownFault:
    return KnownFault(Message("{path} does not hold what it says of itself: it was damaged or changed. The database is "
                              "empty as before.", {"path": path}))


def _bring_in(c: psycopg.Connection[Any], file: zipfile.ZipFile, manifest: dict[str, Any], told: Told) -> None:
    c.execute("CREATE SCHEMA hub")
    c.execute("REVOKE ALL ON SCHEMA hub FROM PUBLIC")
    admin.upgrade(c, manifest["revision"])
    present = _tables(c)
    tables = manifest["tables"]
    if set(present) != set(tables):
        raise zipfile.BadZipFile("tables")
    with c.transaction():
        # what follows an event (its reach) is in the backup as well, as it was then
        c.execute("ALTER TABLE hub.event DISABLE TRIGGER USER")
        for table in reversed(present):
            c.execute(sql.SQL("DELETE FROM hub.{}").format(sql.Identifier(table)))
        for table in present:
            digest, rows = hashlib.sha256(), tables[table]["rows"]
            with file.open(f"{table}.copy") as member, c.cursor().copy(
                    sql.SQL("COPY {} FROM STDIN").format(_named(table, tables[table]["columns"]))) as into:
                for block in _blocks(member):
                    digest.update(block)
                    into.write(block)
                    told(table, 0, rows)
            if digest.hexdigest() != tables[table]["sha256"]:
                raise zipfile.BadZipFile("sum")
            _set_counters(c, table)
        c.execute("ALTER TABLE hub.event ENABLE TRIGGER USER")
    admin.upgrade(c, HUB_HEAD)
    c.execute("ANALYZE")


def _blocks(member: Any) -> Iterator[bytes]:
    while block := member.read(_CHUNK):
        yield block


def _set_counters(c: psycopg.Connection[Any], table: str) -> None:
    for column in _columns(c, table):
        row = c.execute("SELECT pg_get_serial_sequence(%s, %s)", (f"hub.{table}", column)).fetchone()
        if row is not None and row[0] is not None:
            c.execute(sql.SQL("SELECT setval({}, coalesce(max({}), 0) + 1, false) FROM hub.{}").format(
                sql.Literal(row[0]), sql.Identifier(column), sql.Identifier(table)))


def _check(c: psycopg.Connection[Any], manifest: dict[str, Any]) -> None:
    head = c.execute("SELECT seq, chain FROM hub.head").fetchone()
    if head is None or tuple(head) != (manifest["seq"], manifest["chain"]):
        raise zipfile.BadZipFile("head")
    for table, told in manifest["tables"].items():
        row = c.execute(sql.SQL("SELECT count(*) FROM hub.{}").format(sql.Identifier(table))).fetchone()
        if row is None or row[0] != told["rows"]:
            raise zipfile.BadZipFile("count")


def _let_in(c: psycopg.Connection[Any], verifiers: dict[str, str]) -> tuple[str, ...]:
    """The seats' roles, where the server has none of that name yet, and their rights on this database. Returns the
    seats whose roles may not log in here: they were shut out since the backup was made, and the hub knows it again."""
    admin.grant(c)
    for role, revoked in c.execute("SELECT role, revoked_at IS NOT NULL FROM hub.seat ORDER BY role").fetchall():
        if not revoked:
            known = c.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
            if known is not None and not known[0]:
                c.execute("UPDATE hub.seat SET revoked_at = clock_timestamp() WHERE role = %s", (role,))
            elif known is not None or role in verifiers:
                admin.put_role(c, role, None if known is not None else verifiers[role])
    return tuple(r[0] for r in c.execute("SELECT s.name FROM hub.seat s JOIN pg_roles r ON r.rolname = s.role WHERE "
                                         "NOT r.rolcanlogin ORDER BY 1").fetchall())
