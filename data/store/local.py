"""Writes that are no events: drafts, read marks, settings, latest positions, camera states, warnings, operators."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, Table, case, delete, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.services.changes import Changes
from app.services.views import Draft, DroneState, Warning_
from data.store.tables import CAMERA_STATE, DRAFT, DRONE, INCIDENT, META, POSITION, READ_MARK, TRACK, WARNING
from data.store.transaction import Transaction

TRACK_EVERY_MS = 20_000
"""a track is sampled this often; replay shows tracks at their sampling (DESIGN.md)"""
FINE_TRACK_EVERY_MS = 2_000
"""of what flies: it goes 40 m in that time"""
TRACK_KEPT_HOURS = 24
TRACKED = (
    "WITH RECURSIVE tracked(unit) AS (SELECT min(unit) FROM track UNION ALL SELECT (SELECT min(unit) FROM track WHERE "
    "unit > tracked.unit) FROM tracked WHERE tracked.unit IS NOT NULL) ")
"""the units that have a track, by one search of the key each: no index lies on the time alone, and none is needed where
each unit's points are looked for by unit and time"""
TRACKS_KEPT = "tracks_kept_hours"
"""meta key: how long a seat keeps tracks, in hours"""


def kept_ms(connection: Connection) -> int:
    """How long this seat keeps tracks."""
    told = connection.execute(select(META.c.value).where(META.c.key == TRACKS_KEPT)).scalar_one_or_none()
    return int(told or TRACK_KEPT_HOURS) * 3_600_000


class LocalWrites:
    """Each call is one small transaction."""

    def __init__(self, transaction: Callable[[], AbstractContextManager[Transaction]]) -> None:
        self._transaction = transaction
        self._sampled: dict[str, int] = {}
        self._pruned_at = 0

    def save_draft(self, draft: Draft) -> None:
        """Keep a draft as it is now."""
        row = {
            "id": draft.id,
            "operator": draft.operator,
            "started_at": round(draft.started_at * 1000),
            "saved_at": round(draft.saved_at * 1000),
            "call": draft.call_id,
            "fields": json.dumps(dict(draft.fields), ensure_ascii=False),
        }
        later = {k: row[k] for k in ("saved_at", "call", "fields")}
        with self._transaction() as tx:
            tx.connection.execute(upsert(DRAFT).values(row).on_conflict_do_update(index_elements=["id"], set_=later))
            tx.mark(Changes(calls=frozenset({"draft:" + draft.id})))

    def drop_draft(self, draft_id: str) -> None:
        """Throw a draft away."""
        with self._transaction() as tx:
            tx.connection.execute(delete(DRAFT).where(DRAFT.c.id == draft_id))
            tx.mark(Changes(calls=frozenset({"draft:" + draft_id})))

    def mark_read(self, operator: str, incident_id: str) -> None:
        """Note that the operator has seen the incident as it is now; the seat's screens are told when that is new."""
        with self._transaction() as tx:
            seq = tx.connection.execute(
                select(INCIDENT.c.last_seq).where(INCIDENT.c.id == incident_id)
            ).scalar_one_or_none()
            known = tx.connection.execute(
                select(READ_MARK.c.seq).where(READ_MARK.c.operator == operator, READ_MARK.c.incident == incident_id)
            ).scalar_one_or_none()
            if seq is not None and seq != known:
                self._put(tx, READ_MARK, {"operator": operator, "incident": incident_id, "seq": seq})
                tx.mark(Changes(incidents=frozenset({incident_id})))

    def answer_conflict(self, event_id: str) -> None:
        """The maker of an overtaken act has answered: taken over, or let it stand."""
        with self._transaction() as tx:
            tx.connection.exec_driver_sql("UPDATE conflict SET answered_at = ? WHERE event = ?", (tx.now_ms, event_id))
            tx.mark(Changes(settings=True))

    def set_setting(self, key: str, value: object) -> None:
        """Keep a JSON value of this seat."""
        with self._transaction() as tx:
            tx.put_setting(key, value)
            tx.mark(Changes(settings=True))

    def put_positions(
        self, rows: Sequence[tuple[str, float, float, int, float | None]], *, fine: bool = False, own: bool = True
    ) -> int:
        """Latest positions (unit, lon, lat, ms, heading); older ones are left. Returns how many were newer.

        `fine`: the track is sampled often. `own`: reported to this seat; False: the hub told of them.
        """
        if not rows:
            return 0
        with self._transaction() as tx:
            statement = upsert(POSITION)
            excluded = statement.excluded
            before = tx.connection.exec_driver_sql("SELECT total_changes()").scalar_one()
            tx.connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["unit"],
                    set_={c: excluded[c] for c in ("lon", "lat", "at", "heading", "own")},
                    where=POSITION.c.at < excluded["at"],
                ),
                [
                    {"unit": u, "lon": lon, "lat": lat, "at": at, "heading": heading, "own": int(own)}
                    for u, lon, lat, at, heading in rows
                ],
            )
            newer = tx.connection.exec_driver_sql("SELECT total_changes()").scalar_one() - before
            self._sample(tx, rows, FINE_TRACK_EVERY_MS if fine else TRACK_EVERY_MS)
            if newer:
                tx.mark(Changes(positions=True))
        return int(newer)

    def _sample(
        self, tx: Transaction, rows: Sequence[tuple[str, float, float, int, float | None]], every_ms: int
    ) -> None:
        due = [r for r in rows if r[3] - self._sampled.get(r[0], -every_ms) >= every_ms]
        for r in due:
            self._sampled[r[0]] = r[3]
        if due:
            tx.connection.execute(
                upsert(TRACK).on_conflict_do_nothing(),
                [{"unit": u, "at": at, "lon": lon, "lat": lat} for u, lon, lat, at, _ in due],
            )
        if tx.now_ms - self._pruned_at > 600_000:
            self._pruned_at = tx.now_ms
            tx.connection.exec_driver_sql(
                TRACKED + "DELETE FROM track WHERE rowid IN (SELECT t.rowid FROM tracked CROSS JOIN track t "
                "ON t.unit = tracked.unit AND t.at < ?)", (tx.now_ms - kept_ms(tx.connection),))

    def put_camera_states(self, rows: Sequence[tuple[str, str, int]], why: Mapping[str, str] | None = None) -> None:
        """States as (camera, online|offline, ms); `why`: camera → reason. The same state again keeps its "since"."""
        if rows:
            self._put_cameras([{"id": camera, "state": state, "at": at, "since": at, "why": (why or {}).get(camera, "")}
                               for camera, state, at in rows])

    def put_camera_pictures(self, rows: Sequence[tuple[str, int]]) -> None:
        """(camera, ms) of pictures that were seen: whoever gives one is on line."""
        if rows:
            self._put_cameras([{"id": camera, "state": "online", "at": at, "since": at, "picture_at": at, "why": ""}
                               for camera, at in rows])

    def _put_cameras(self, rows: Sequence[dict[str, object]]) -> None:
        with self._transaction() as tx:
            statement = upsert(CAMERA_STATE)
            later: dict[str, object] = {c: statement.excluded[c] for c in rows[0] if c not in ("id", "since")}
            later["since"] = case((CAMERA_STATE.c.state == statement.excluded.state,
                                   func.coalesce(CAMERA_STATE.c.since, statement.excluded.since)),
                                  else_=statement.excluded.since)
            tx.connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=later), list(rows))
            tx.mark(Changes(cameras=frozenset(str(r["id"]) for r in rows)))

    def put_drone_states(self, rows: Sequence[DroneState]) -> None:
        """What drones say of themselves."""
        if not rows:
            return
        with self._transaction() as tx:
            for r in rows:
                self._put(tx, DRONE, {
                    "unit": r.unit_id, "link": r.link, "heard_at": round(r.heard_at * 1000),
                    "altitude_m": r.altitude_m, "speed_mps": r.speed_mps, "battery": r.battery, "mode": r.mode})
            tx.mark(Changes(positions=True))

    def put_warning(self, w: Warning_) -> None:
        """Keep a public warning."""
        with self._transaction() as tx:
            self._put(
                tx,
                WARNING,
                {
                    "id": w.id,
                    "level": w.level,
                    "title": w.title,
                    "text": w.text,
                    "areas": w.areas,
                    "issued_at": round(w.issued_at * 1000),
                    "received_at": round(w.received_at * 1000),
                    "until": round(w.until * 1000) if w.until else None,
                    "source": w.source,
                },
            )
            tx.mark(Changes(settings=True))

    def _put(self, tx: Transaction, table: Table, row: dict[str, Any]) -> None:
        keys = [c.name for c in table.primary_key]
        later = {k: v for k, v in row.items() if k not in keys}
        tx.connection.execute(upsert(table).values(row).on_conflict_do_update(index_elements=keys, set_=later))
