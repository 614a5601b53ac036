"""Records of packs as JSON rows, and the typed tables that queries read them from."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.intake.records import HistoryEvent, IncidentHistory
from data.store.tables import AREA, CAMERA, CODE, COMPONENT, PERSON, ROSTER, UNIT
from data.store.transaction import Transaction


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} in a record")


def dump(record: Any) -> str:
    """A record as JSON text."""
    if isinstance(record, IncidentHistory):
        raw = {f.name: getattr(record, f.name) for f in dataclasses.fields(record)}
        raw["events"] = [[e.step, e.at.isoformat(), dict(e.params)] for e in record.events]
    else:
        raw = {f.name: getattr(record, f.name) for f in dataclasses.fields(record)}
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _at(value: Any) -> datetime | None:
    return datetime.fromisoformat(value["at"]) if isinstance(value, dict) else None


def load_history(raw: dict[str, Any]) -> IncidentHistory:
    """The reverse of `dump` for a past incident."""
    opened = _at(raw["opened_at"])
    assert opened is not None
    raw = {
        **raw,
        "opened_at": opened,
        "closed_at": _at(raw.get("closed_at")),
        "target_at": _at(raw.get("target_at")),
        "events": tuple(HistoryEvent(s, datetime.fromisoformat(a), p) for s, a, p in raw["events"]),
    }
    return IncidentHistory(**raw)


def _ms(value: Any) -> int | None:
    at = _at(value)
    return round(at.timestamp() * 1000) if at else None


def _area(raw: dict[str, Any]) -> dict[str, Any]:
    geometry = raw.get("geometry")
    extra = raw.get("extra") or {}
    return {
        "id": raw["key"],
        "code": raw["code"],
        "name": raw["name"],
        "level": raw["level"],
        "level_name": raw["level_name"],
        "parent": raw.get("parent_key"),
        "path": "",
        "wkb": bytes.fromhex(geometry["hex"]) if geometry else None,
        "dedicated": int(bool(raw.get("dedicated"))),
        "households": raw.get("households"),
        "merchants": raw.get("merchants"),
        "generated": int(bool(extra.get("generated"))),
        "data": json.dumps({"staff": raw.get("staff") or {}, "extra": extra}, ensure_ascii=False),
    }


def _component(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": raw["key"],
        "kind": raw["class_code"] or raw["kind"],
        "name": raw["name"],
        "lon": raw["lon"],
        "lat": raw["lat"],
        "area": raw.get("area_key"),
        "class_code": raw["class_code"],
    }


def _camera(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": raw["key"],
        "name": raw["name"],
        "kind": raw["kind"],
        "lon": raw["lon"],
        "lat": raw["lat"],
        "heading": raw["heading"],
        "fov": raw["fov"],
        "range_m": raw["range_m"],
        "area": raw.get("area_key"),
        "tags": ",".join(raw["tags"]),
        "on_wall": int(raw["on_wall"]),
        "url": raw["url"],
        "sub_url": raw.get("sub_url") or "",
        "unit": raw.get("unit_key") or "",
        "stream_kind": raw["stream_kind"],
        "gb_code": raw["gb_code"],
    }


def _code(raw: dict[str, Any]) -> dict[str, Any]:
    extra = raw.get("extra") or {}
    return {
        "list": raw["list"],
        "code": raw["code"],
        "label_zh": raw["label_zh"],
        "label_en": raw["label_en"],
        "parent": raw.get("parent"),
        "extra": json.dumps(extra, ensure_ascii=False),
        "position": int(extra.get("position", 0) or 0),
    }


def _roster(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": raw["key"],
        "date": raw["date"],
        "shift": raw["shift"],
        "role": raw["role"],
        "name": raw["name"],
        "start": _ms(raw.get("start")),
        "end": _ms(raw.get("end")),
    }


def _unit(raw: dict[str, Any], person: str | None) -> dict[str, Any]:
    return {
        "id": raw["key"],
        "name": raw["name"],
        "kind": raw["kind"],
        "team": raw["team"],
        "call_sign": raw["call_sign"],
        "skills": ",".join(raw["skills"]),
        "area": raw.get("area_key"),
        "lon": raw["lon"],
        "lat": raw["lat"],
        "person": person,
    }


_TABLES: Mapping[str, tuple[Table, Any]] = {
    "areas": (AREA, _area),
    "components": (COMPONENT, _component),
    "cameras": (CAMERA, _camera),
    "codes": (CODE, _code),
    "roster": (ROSTER, _roster),
    "units": (UNIT, _unit),
}


def write(tx: Transaction, kind: str, raws: Sequence[dict[str, Any]]) -> None:
    """Upsert staged rows into the table of their kind."""
    if not raws or kind == "base":
        return
    table, convert = _TABLES[kind]
    if kind == "units":
        rows = _with_staff(tx, raws)
    else:
        rows = [convert(r) for r in raws]
    if kind == "codes":
        _continue_positions(tx.connection, rows)
    statement = upsert(table)
    keys = [c.name for c in table.primary_key]
    tx.connection.execute(
        statement.on_conflict_do_update(
            index_elements=keys, set_={c.name: statement.excluded[c.name] for c in table.c if c.name not in keys}
        ),
        rows,
    )


def _with_staff(tx: Transaction, raws: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of units, each with the one personal record of its number; a record that no unit has any more is emptied."""
    keys = [r["key"] for r in raws]
    before: dict[str, tuple[str, str]] = {}
    for start in range(0, len(keys), 900):
        before |= {
            r.id: (r.person, r.data)
            for r in tx.connection.execute(
                select(UNIT.c.id, UNIT.c.person, PERSON.c.data)
                .join(PERSON, PERSON.c.id == UNIT.c.person)
                .where(UNIT.c.id.in_(keys[start : start + 900]))
            )
        }
    rows = []
    for raw in raws:
        phone = raw.get("phone") or ""
        person, data = before.get(raw["key"], (None, ""))
        if person is not None and json.loads(data).get("phone") != phone:
            _empty(tx.connection, [person], tx.now_ms)
            person = None
        rows.append(_unit(raw, person or (tx.put_person("staff", {"phone": phone}) if phone else None)))
    return rows


def _empty(connection: Connection, persons: Sequence[str], now_ms: int) -> None:
    connection.execute(
        update(PERSON).where(PERSON.c.id.in_(persons), PERSON.c.erased_at.is_(None)).values(data="{}", erased_at=now_ms)
    )


def _continue_positions(connection: Connection, rows: list[dict[str, Any]]) -> None:
    last = connection.execute(select(func.max(CODE.c.position))).scalar() or 0
    for i, row in enumerate(rows):
        if not row["position"]:
            row["position"] = last + i + 1


def remove(tx: Transaction, kind: str, keys: Sequence[str]) -> None:
    """Delete rows of imported keys."""
    if kind == "base":
        return
    connection = tx.connection
    if kind == "units":
        staff = connection.execute(select(UNIT.c.person).where(UNIT.c.id.in_(list(keys)))).scalars().all()
        _empty(connection, [p for p in staff if p], tx.now_ms)
    table = _TABLES[kind][0]
    if kind == "codes":
        for key in keys:
            list_, _, code = key.partition(":")[2].partition("/")
            connection.execute(delete(CODE).where(CODE.c.list == list_, CODE.c.code == code))
        return
    connection.execute(delete(table).where(table.c.id.in_(list(keys))))


def number_paths(connection: Connection) -> None:
    """Give every area its path: the ids from the root down, each followed by "/". A ring of parents is cut."""
    for key, path in paths_of({r.id: r.parent for r in connection.execute(select(AREA.c.id, AREA.c.parent))}).items():
        connection.execute(update(AREA).where(AREA.c.id == key).values(path=path))


def paths_of(parents: Mapping[str, str | None]) -> dict[str, str]:
    """The path of each area, by the parents of all."""
    paths = {}
    for area in parents:
        line: list[str] = []
        at: str | None = area
        while at is not None and at in parents and at not in line:
            line.append(at)
            at = parents[at]
        paths[area] = "".join(p.replace("/", "%2F") + "/" for p in reversed(line))
    return paths
