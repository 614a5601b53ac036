"""Incidents and the areas that came into force after them: found in bulk, placed by events, in chunks.

An incident keeps the area that it was given while that area stands. It is placed when it lies in none and an area
holds its point, when its area is no longer in force or hangs elsewhere, and when a new area below its own holds its
point.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.events import Json, NewEvent
from app.domain.incident import PLACED
from app.geo.index import AreaIndex, AreaShape
from app.services.changes import Changes
from data.store.pack_tables import paths_of
from data.store.store import Store
from data.store.tables import AREA, CAMERA, COMPONENT, META, PACK, PACK_ROW, UNIT
from data.store.transaction import Transaction

CHUNK = 500
DUE_KEY = "placing"
"""in the store's own values: the pack of areas after which incidents are still to be placed; "" or absent: none"""
LISTS = {"components": COMPONENT, "cameras": CAMERA, "units": UNIT}
_ALL = frozenset({"*"})
_INCIDENTS = (
    "SELECT id, area, area_path, lon, lat FROM incident WHERE area IS NOT NULL OR area_path <> '' OR lon IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Area:
    """What placing needs of an area; `geometry` is WKB, WGS-84."""

    name: str
    level: int
    parent: str | None
    geometry: bytes | None


@dataclass(frozen=True, slots=True)
class Move:
    """An incident, the (area, path) it has, and those it is to have; area None with path "": in no area."""

    incident: str
    before: tuple[str | None, str]
    after: tuple[str | None, str]


def in_force(store: Store) -> dict[str, Area]:
    """The areas in force by id."""
    rows = store.read.execute(select(AREA.c.id, AREA.c.name, AREA.c.level, AREA.c.parent, AREA.c.wkb))
    return {r.id: Area(r.name, r.level, r.parent, r.wkb) for r in rows}


def note_due(tx: Transaction, pack: str) -> None:
    """Remember, together with the areas, that incidents are to be placed after them: a kill loses nothing. What is due
    already stays so: placing carries it on and does the rest with it."""
    statement = upsert(META).values(key=DUE_KEY, value=pack)
    tx.connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": pack},
                                                          where=META.c.value == ""))


def place_lists(tx: Transaction) -> None:
    """Give components and cameras the area that their point lies in now, and forces one where theirs is not in force.
    """
    connection = tx.connection
    areas = connection.execute(select(AREA.c.id, AREA.c.level, AREA.c.wkb)).all()
    index, known = AreaIndex(AreaShape(a.id, a.level, a.wkb) for a in areas), {a.id for a in areas}
    for kind, table in LISTS.items():
        rows = connection.execute(select(table.c.id, table.c.area, table.c.lon, table.c.lat)).all()
        if kind == "units":  # theirs may be named by the list
            rows = [r for r in rows if r.area not in known]
        found = index.keys_of([r.lon for r in rows], [r.lat for r in rows]) if rows else []
        other = [{"key": r.id, "new": key} for r, key in zip(rows, found, strict=True) if key != r.area]
        if other:
            connection.execute(update(table).where(table.c.id == bindparam("key")).values(area=bindparam("new")), other)
            tx.mark(Changes(units=_ALL if kind == "units" else frozenset(),
                            cameras=_ALL if kind == "cameras" else frozenset()))


def moves(store: Store, areas: Mapping[str, Area], fresh: Collection[str] = ()) -> list[Move]:
    """Which incidents are to be placed under `areas`, of which `fresh` are new: 100,000 incidents in one pass."""
    paths = paths_of({key: area.parent for key, area in areas.items()})
    gone = _once_in_force(store) - areas.keys()
    rows = [r for r in store.read.exec_driver_sql(_INCIDENTS) if r.area is None or r.area in areas or r.area in gone]
    coarse = _above(paths, areas, fresh)
    asked = [r for r in rows if r.lon is not None and (r.area not in areas or r.area in coarse)]
    found: dict[str, str | None] = {}
    if asked:
        index = AreaIndex(AreaShape(key, area.level, area.geometry) for key, area in areas.items())
        keys = index.keys_of([r.lon for r in asked], [r.lat for r in asked])
        found = {r.id: key for r, key in zip(asked, keys, strict=True)}
    out = []
    for row in rows:
        before, key = (row.area, row.area_path), found.get(row.id)
        if row.area in areas:
            finer = key is not None and key in fresh and key != row.area and paths[key].startswith(paths[row.area])
            key = key if finer else row.area
        after = (key, paths[key]) if key is not None else (None, "")
        if after != before:
            out.append(Move(row.id, before, after))
    return out


def _once_in_force(store: Store) -> set[str]:
    """Areas that a pack known here brought; of others nobody here can say that they are gone."""
    rows = store.read.execute(
        select(PACK_ROW.c.key).join(PACK, PACK.c.id == PACK_ROW.c.pack).where(PACK.c.kind == "areas").distinct())
    return set(rows.scalars())


def _above(paths: Mapping[str, str], areas: Mapping[str, Area], fresh: Collection[str]) -> set[str]:
    """The areas that have a fresh one somewhere below them."""
    out: set[str] = set()
    for key in fresh:
        at = areas[key].parent if key in areas else None
        while at is not None and at in paths and at not in out:
            out.add(at)
            at = areas[at].parent
    return out


def place(
    store: Store, wanted: Iterable[Move], *, actor: str, screen: str, progress: Callable[[int, int], None]
) -> int:
    """Give the incidents their areas by events, a chunk a transaction; what has moved meanwhile is left. The count."""
    areas, todo, count = in_force(store), list(wanted), 0
    for start in range(0, len(todo), CHUNK):
        with store.transaction(screen=screen, actor=actor) as tx:
            for move in todo[start : start + CHUNK]:
                state, (key, path) = tx.incident(move.incident), move.after
                if state is None or (state.area, state.area_path) != move.before:
                    continue
                body: dict[str, Json] = {"area": key, "area_path": path}
                if key is not None:
                    body["area_name"] = areas[key].name
                tx.append(NewEvent(f"incident/{move.incident}", PLACED, body, tx.now_ms))
                count += 1
        progress(min(start + CHUNK, len(todo)), len(todo))
    return count
