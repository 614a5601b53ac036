"""Bringing the rows of a pack into force, and taking them back: within the caller's transaction.

Each row remembers the pack whose row of its key it replaced. A pack that the hub ordered before one in force here is
put below it, so that all seats show the same whatever reached them first.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.geo.base import BaseMap
from app.services.changes import Changes
from data.store import pack_tables, placing
from data.store.store import Store
from data.store.tables import PACK, PACK_ROW, PERSON, REF, UNIT
from data.store.transaction import Transaction

BASE_MAP_FILE = "base.npz"
CHUNK = 5_000


def nothing_above(_pack: str) -> bool:
    """What is brought in here stands above all that is in force."""
    return False


def bring(tx: Transaction, pack: str, kind: str, source: str, *, above: Callable[[str], bool] = nothing_above,
          foreign: bool = False) -> int:
    """Bring staged rows into force; returns how many are. `above`: whether a pack stands above this one; its rows stay.
    `foreign`: from the hub, without telephone numbers: those known here stay."""
    connection = tx.connection
    done = 0
    for rows in chunks(connection, pack):
        now = _in_force(connection, kind, [r.key for r in rows])
        below = [r for r in rows if r.key in now and above(now[r.key])]
        for r in below:
            _put_below(connection, pack, r.key, now[r.key], above)
        hidden = {r.key for r in below}
        on_top = [r for r in rows if r.key not in hidden]
        if not on_top:
            continue
        connection.exec_driver_sql("UPDATE pack_row SET before = ? WHERE pack = ? AND \"key\" = ?",
                                   [(now.get(r.key), pack, r.key) for r in on_top])
        raws = [json.loads(r.data) for r in on_top]
        pack_tables.write(tx, kind, _with_phones(connection, raws) if foreign and kind == "units" else raws)
        statement = upsert(REF)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["kind", "key"],
                set_={c: statement.excluded[c] for c in ("source", "digest", "pack")},
            ),
            [{"kind": kind, "key": r.key, "source": source, "digest": r.digest, "pack": pack} for r in on_top],
        )
        done += len(on_top)
    if kind == "areas":
        _settle_areas(tx, None if foreign else pack)
    return done


def _settle_areas(tx: Transaction, pack: str | None) -> None:
    """Paths and places follow the areas; incidents are placed afterwards, by events of the seat that brings them in."""
    pack_tables.number_paths(tx.connection)
    placing.place_lists(tx)
    if pack is not None:
        placing.note_due(tx, pack)


def _in_force(connection: Connection, kind: str, keys: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(keys), 900):
        found |= {r.key: r.pack for r in connection.execute(
            select(REF.c.key, REF.c.pack).where(REF.c.kind == kind, REF.c.key.in_(keys[start : start + 900])))}
    return found


def _put_below(connection: Connection, pack: str, key: str, top: str, above: Callable[[str], bool]) -> None:
    """The row of a key goes below those of later packs: as if it had been there before them."""
    upper = top
    while True:
        under = connection.execute(select(PACK_ROW.c.before).where(PACK_ROW.c.pack == upper, PACK_ROW.c.key == key)
                                   ).scalar_one_or_none()
        if under is None or not above(under):
            break
        upper = under
    run = connection.exec_driver_sql
    run("UPDATE pack_row SET before = ? WHERE pack = ? AND \"key\" = ?", (under, pack, key))
    run("UPDATE pack_row SET before = ? WHERE pack = ? AND \"key\" = ?", (pack, upper, key))


def _with_phones(connection: Connection, raws: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = [r["key"] for r in raws]
    known: dict[str, str] = {}
    for start in range(0, len(keys), 900):
        known |= {r.id: json.loads(r.data).get("phone") or "" for r in connection.execute(
            select(UNIT.c.id, PERSON.c.data).join(PERSON, PERSON.c.id == UNIT.c.person)
            .where(UNIT.c.id.in_(keys[start : start + 900])))}
    return [{**r, "phone": r.get("phone") or known.get(r["key"], "")} for r in raws]


def take_back(tx: Transaction, pack: str, kind: str, *, foreign: bool = False) -> int:
    """Each row that is in force by a pack gives way to the one it replaced, or goes. Returns how many changed."""
    connection = tx.connection
    rows = connection.execute(
        select(PACK_ROW.c.key, PACK_ROW.c.before)
        .join(REF, (REF.c.key == PACK_ROW.c.key) & (REF.c.kind == kind) & (REF.c.pack == pack))
        .where(PACK_ROW.c.pack == pack)
    ).all()
    gone = []
    for r in rows:
        old = standing(connection, r.key, r.before)
        if old is None:
            gone.append(r.key)
            continue
        pack_tables.write(tx, kind, [json.loads(old.data)])
        connection.execute(
            update(REF)
            .where(REF.c.kind == kind, REF.c.key == r.key)
            .values(pack=old.pack, digest=old.digest, source=old.source)
        )
    for start in range(0, len(gone), 900):
        part = gone[start : start + 900]
        connection.execute(delete(REF).where(REF.c.kind == kind, REF.c.key.in_(part)))
        pack_tables.remove(tx, kind, part)
    if kind == "areas":
        _settle_areas(tx, None if foreign else pack)
    elif kind in placing.LISTS:
        placing.place_lists(tx)
    return len(rows)


def standing(connection: Connection, key: str, pack: str | None) -> Any:
    """The row of a key in `pack`, or in what that had replaced where it was itself taken back; None: there is none."""
    while pack is not None:
        row = connection.execute(rows_of(key).where(PACK_ROW.c.pack == pack)).first()
        if row is None or row.status == "active":
            return row
        pack = row.before
    return None


def rows_of(key: str) -> Select[Any]:
    """A key's rows (pack, before, digest, data, status and source of the pack) in all packs."""
    return (select(PACK_ROW.c.pack, PACK_ROW.c.before, PACK_ROW.c.digest, PACK_ROW.c.data, PACK.c.status, PACK.c.source)
            .join(PACK, PACK.c.id == PACK_ROW.c.pack).where(PACK_ROW.c.key == key))


def chunks(connection: Connection, pack: str) -> Iterator[Sequence[Any]]:
    """The staged rows (key, digest, data) of a pack by their keys."""
    last = ""
    while True:
        rows = connection.execute(
            select(PACK_ROW.c.key, PACK_ROW.c.digest, PACK_ROW.c.data)
            .where(PACK_ROW.c.pack == pack, PACK_ROW.c.key > last)
            .order_by(PACK_ROW.c.key)
            .limit(CHUNK)
        ).all()
        if not rows:
            return
        yield rows
        last = rows[-1].key


def changes_of(pack: str, kind: str) -> Changes:
    """What screens must read anew."""
    everything = frozenset({"*"})
    return Changes(
        packs=frozenset({pack}),
        settings=kind == "base",
        areas=everything if kind == "areas" else frozenset(),
        units=everything if kind == "units" else frozenset(),
        cameras=everything if kind == "cameras" else frozenset(),
        duty=kind == "roster",
    )


def write_base_file(store: Store, connection: Connection) -> None:
    """The bases of all sources in force as one file beside the store; before the commit, so that it never lacks."""
    path = store.folder / BASE_MAP_FILE
    rows = connection.execute(
        select(PACK_ROW.c.data)
        .join(REF, (REF.c.key == PACK_ROW.c.key) & (REF.c.pack == PACK_ROW.c.pack))
        .where(REF.c.kind == "base")
        .order_by(REF.c.key)
    ).all()
    if not rows:
        path.unlink(missing_ok=True)
        return
    base = BaseMap()
    for row in rows:
        base = base.merged(BaseMap.from_bytes(store.blobs.get(json.loads(row.data)["blob"])))
    part = path.with_suffix(".part")
    part.write_bytes(base.to_bytes())
    os.replace(part, path)
