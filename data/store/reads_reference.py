"""Queries over what was brought in: areas, codes, units, cameras, components, roster; and over local rows."""

from __future__ import annotations

import itertools
import json
import operator
from collections.abc import Collection
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, func, or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from app.services.book import Book, Code
from app.services.seat import ComponentColumns
from app.services.views import AreaRow, CallRow, CameraRow, Draft, DroneState, UnitRow, Warning_
from data.store.local import TRACKED
from data.store.tables import (
    AREA,
    ASSIGNMENT,
    CALL,
    CAMERA,
    CAMERA_STATE,
    CODE,
    COMPONENT,
    DRAFT,
    DRONE,
    PACK,
    PERSON,
    POSITION,
    SETTING,
    UNIT,
    UNIT_DUTY,
    WARNING,
)

_DRONE = ("link", "heard_at", "altitude_m", "speed_mps", "battery", "mode")
_RANK = {"assigned": "going", "acknowledged": "going", "en_route": "going", "on_scene": "on_scene"}


_WAITING_CALLS = ("ringing", "talking", "to_call_back", "missed")
_AT_ONCE = 900
"""a statement takes only so many values"""


def masked(phone: str) -> str:
    """A phone number with its middle hidden: 139****0217; short ones wholly."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "*" * len(phone)


def _below(area: ColumnElement[Any], prefix: str) -> ColumnElement[bool]:
    """Rows whose area lies below a path; all of them without one."""
    if not prefix:
        return true()
    return area.in_(select(AREA.c.id).where(AREA.c.path >= prefix, AREA.c.path < prefix + "\U0010ffff"))


def rows_of(connection: Connection, query: Select[Any], column: ColumnElement[Any], ids: Collection[str] | None
            ) -> list[Any]:
    """Rows of a query whose `column` is one of `ids`, however many these are; None: all of its rows."""
    if ids is None:
        return list(connection.execute(query))
    wanted, rows = list(ids), list[Any]()
    for start in range(0, len(wanted), _AT_ONCE):
        rows += connection.execute(query.where(column.in_(wanted[start : start + _AT_ONCE])))
    return rows


class ReferenceReads:
    """Answers from the last commit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def book_version(self) -> int:
        """Changes whenever a pack is activated or rolled back."""
        value = self._connection.execute(select(func.max(PACK.c.activated_at), func.count())).one()
        return int(value[0] or 0) * 1000 + int(value[1])

    def book(self) -> Book:
        """The code lists and areas in force."""
        codes = [
            Code(r.list, r.code, r.label_zh, r.label_en, r.parent, json.loads(r.extra))
            for r in self._connection.execute(select(CODE).order_by(CODE.c.list, CODE.c.position))
        ]
        return Book(self.book_version(), codes, self.areas())

    def areas(self) -> list[AreaRow]:
        """All areas, the highest level first, by code within a level."""
        return [
            AreaRow(
                r.id,
                r.code,
                r.name,
                r.level,
                r.parent,
                r.path,
                r.wkb,
                bool(r.dedicated),
                r.households,
                r.merchants,
                bool(r.generated),
                _staff(r.data),
            )
            for r in self._connection.execute(select(AREA).order_by(AREA.c.level, AREA.c.code, AREA.c.id))
        ]

    def units(self, ids: Collection[str] | None) -> list[UnitRow]:
        """Units with status, position and load. Status: off duty, else from their furthest open assignment."""
        busy: dict[str, list[tuple[str, str]]] = {}
        for r in self._connection.execute(select(ASSIGNMENT).order_by(ASSIGNMENT.c.since)):
            busy.setdefault(r.unit, []).append((r.incident, r.state))
        duty_by_default = self._setting("units_on_duty_by_default", True)
        query = (
            select(
                UNIT,
                POSITION.c.lon.label("plon"),
                POSITION.c.lat.label("plat"),
                POSITION.c.at,
                POSITION.c.heading,
                UNIT_DUTY.c.on_duty,
                *(DRONE.c[name].label(f"drone_{name}") for name in _DRONE),
            )
            .outerjoin(POSITION, POSITION.c.unit == UNIT.c.id)
            .outerjoin(UNIT_DUTY, UNIT_DUTY.c.unit == UNIT.c.id)
            .outerjoin(DRONE, DRONE.c.unit == UNIT.c.id)
        )
        return [self._unit(r, busy.get(r.id, []), bool(duty_by_default))
                for r in rows_of(self._connection, query, UNIT.c.id, ids)]

    def _unit(self, r: Any, work: list[tuple[str, str]], default: bool) -> UnitRow:
        on_duty = default if r.on_duty is None else bool(r.on_duty)
        states = {_RANK.get(state, "going") for _, state in work}
        status = "on_scene" if "on_scene" in states else "going" if states else "free" if on_duty else "off"
        has_position = r.plon is not None
        return UnitRow(
            r.id,
            r.name,
            r.kind,
            r.team,
            r.call_sign,
            status,
            r.plon if has_position else r.lon,
            r.plat if has_position else r.lat,
            r.at / 1000 if has_position else None,
            r.heading,
            r.area,
            tuple(s for s in r.skills.split(",") if s),
            len(work),
            tuple(i for i, _ in work),
            "",
            on_duty,
            None if r.drone_link is None else DroneState(
                r.id, r.drone_link, r.drone_heard_at / 1000, r.drone_altitude_m, r.drone_speed_mps, r.drone_battery,
                r.drone_mode),
        )

    def tracks(self, since_ms: int) -> dict[str, list[tuple[float, float, float]]]:
        """unit → sampled (epoch s, lon, lat) since then, in time order."""
        rows = self._connection.exec_driver_sql(
            TRACKED + "SELECT t.unit, t.at / 1000.0, t.lon, t.lat FROM tracked CROSS JOIN track t "
            "ON t.unit = tracked.unit AND t.at >= ?", (since_ms,)).cursor.fetchall()  # plain tuples: there are many
        return {unit: [row[1:] for row in points] for unit, points in itertools.groupby(rows, operator.itemgetter(0))}

    def cameras(self, ids: Collection[str] | None) -> list[CameraRow]:
        """Cameras with their last known state, "unknown" until something told it; a carried one is where its force
        is."""
        query = (
            select(
                CAMERA,
                *(CAMERA_STATE.c[name] for name in ("state", "at", "since", "picture_at", "why")),
                POSITION.c.lon.label("plon"),
                POSITION.c.lat.label("plat"),
            )
            .outerjoin(CAMERA_STATE, CAMERA_STATE.c.id == CAMERA.c.id)
            .outerjoin(POSITION, (POSITION.c.unit == CAMERA.c.unit) & (CAMERA.c.unit != ""))
        )
        return [
            CameraRow(
                r.id,
                r.name,
                r.kind,
                r.lon if r.plon is None else r.plon,
                r.lat if r.plon is None else r.plat,
                r.heading,
                r.fov,
                r.range_m,
                r.state or "unknown",
                r.at / 1000 if r.at else None,
                r.area,
                tuple(t for t in r.tags.split(",") if t),
                bool(r.on_wall),
                r.url,
                sub_source=r.sub_url,
                unit_id=r.unit,
                since=r.since / 1000 if r.since else None,
                picture_at=r.picture_at / 1000 if r.picture_at else None,
                why=r.why or "",
            )
            for r in rows_of(self._connection, query, CAMERA.c.id, ids)
        ]

    def camera_counts(self) -> dict[str, int]:
        """state → number of cameras."""
        state = func.coalesce(CAMERA_STATE.c.state, "unknown")
        return {
            r[0]: r[1]
            for r in self._connection.execute(
                select(state, func.count())
                .select_from(CAMERA.outerjoin(CAMERA_STATE, CAMERA_STATE.c.id == CAMERA.c.id))
                .group_by(state)
            )
        }

    def component_count(self, prefix: str = "") -> int:
        """Number of components in force, below an area path."""
        query = select(func.count()).select_from(COMPONENT)
        return int(self._connection.execute(query.where(_below(COMPONENT.c.area, prefix))).scalar_one())

    def components(self, prefix: str = "") -> ComponentColumns:
        """All components below an area path as columns."""
        c = COMPONENT.c
        rows = self._connection.execute(select(c.id, c.lon, c.lat, c.kind).where(_below(c.area, prefix))).all()
        kinds = sorted({r[3] for r in rows})
        index = {kind: i for i, kind in enumerate(kinds)}
        return ComponentColumns(
            [r[0] for r in rows],
            np.array([r[1] for r in rows], dtype=np.float64),
            np.array([r[2] for r in rows], dtype=np.float64),
            np.array([index[r[3]] for r in rows], dtype=np.int16),
            tuple(kinds),
        )

    def find_component(self, text: str, limit: int, prefix: str = "") -> list[tuple[str, str, str, float, float]]:
        """(id, kind, name, lon, lat) of components whose id or name holds the text."""
        like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        c = COMPONENT.c
        return [
            (r.id, r.kind, r.name, r.lon, r.lat)
            for r in self._connection.execute(
                select(c.id, c.kind, c.name, c.lon, c.lat)
                .where(or_(c.name.like(like, escape="\\"), c.id.like(like, escape="\\")), _below(c.area, prefix))
                .limit(limit)
            )
        ]

    def calls(self) -> list[CallRow]:
        """Calls that ring, talk, wait to be called back or were missed, oldest first."""
        rows = list(
            self._connection.execute(
                select(CALL).where(CALL.c.state.in_(_WAITING_CALLS)).order_by(CALL.c.since)
            )
        )
        people = self.persons({r.person for r in rows if r.person})
        return [
            CallRow(
                r.id,
                r.state,
                r.since / 1000,
                masked(people.get(r.person or "", ({}, False))[0].get("phone", "")),
                r.incident,
                r.operator,
            )
            for r in rows
        ]

    def call_phone(self, call_id: str) -> str | None:
        """The number of a call, "" when it was withheld or erased; None: there is no such call."""
        row = self._connection.execute(select(CALL.c.person).where(CALL.c.id == call_id)).first()
        if row is None:
            return None
        return self.persons({row.person}).get(row.person, ({}, False))[0].get("phone", "") if row.person else ""

    def drafts(self, operator: str) -> list[Draft]:
        """Half-taken incidents of an operator, oldest first."""
        return [
            Draft(r.id, r.operator, r.started_at / 1000, r.saved_at / 1000, r.call, json.loads(r.fields))
            for r in self._connection.execute(
                select(DRAFT).where(DRAFT.c.operator == operator).order_by(DRAFT.c.started_at)
            )
        ]

    def persons(self, ids: Collection[str]) -> dict[str, tuple[dict[str, str], bool]]:
        """id → (data, erased)."""
        return {
            r.id: (json.loads(r.data), r.erased_at is not None)
            for r in rows_of(self._connection, select(PERSON), PERSON.c.id, ids)
        }

    def warnings(self, at_ms: int) -> list[Warning_]:
        """Public warnings in force, the highest level first."""
        return [
            Warning_(
                r.id,
                r.level,
                r.title,
                r.text,
                r.areas,
                r.issued_at / 1000,
                r.received_at / 1000,
                r.until / 1000 if r.until else None,
                r.source,
            )
            for r in self._connection.execute(
                select(WARNING).where(or_(WARNING.c.until.is_(None), WARNING.c.until > at_ms)).order_by(WARNING.c.level)
            )
        ]

    def setting(self, key: str) -> object:
        """A value of this seat, None when it was never set."""
        return self._setting(key, None)

    def _setting(self, key: str, default: object) -> object:
        text = self._connection.execute(select(SETTING.c.value).where(SETTING.c.key == key)).scalar_one_or_none()
        return json.loads(text) if text is not None else default


def _staff(data: str) -> tuple[str, ...]:
    staff = json.loads(data).get("staff") or {}
    told = (str(staff.get("leader") or ""), str(staff.get("deputy") or ""), *map(str, staff.get("members") or ()))
    return told if any(told) else ()
