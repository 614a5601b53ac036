"""Folds of the small streams: units on duty, sign-ins, calls, packs. Incidents fold in the domain."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.events import Event
from app.services.changes import Changes
from data.store import camera_masks, handovers, whistles
from data.store.tables import CALL, PACK_ROW, SIGNED, UNIT, UNIT_DUTY

_CALL_STATES = {
    "call.rang": "ringing",
    "call.answered": "talking",
    "call.ended": "ended",
    "call.missed": "missed",
    "call.call_back": "to_call_back",
    "call.called_back": "ended",
}


def fold(connection: Connection, event: Event) -> Changes:
    """Fold one event that is no incident's; returns what changed. Unknown kinds change nothing."""
    family, _, key = event.stream.partition("/")
    if family == "unit" and event.kind in ("unit.on_duty", "unit.off_duty"):
        row = {"unit": key, "on_duty": int(event.kind == "unit.on_duty"), "since": event.occurred_at}
        connection.execute(upsert(UNIT_DUTY).values(row).on_conflict_do_update(index_elements=["unit"], set_=row))
        return Changes(units=frozenset({key}))
    if family == "duty" and event.kind == "duty.signed":
        body = event.body
        row = {
            "role": str(body.get("role", "")),
            "name": str(body.get("name", "")),
            "at": event.occurred_at,
            "present": int(body.get("present") is True),
        }
        connection.execute(
            upsert(SIGNED)
            .values(row)
            .on_conflict_do_update(index_elements=["role", "name"], set_={"at": row["at"], "present": row["present"]})
        )
        return Changes(duty=True)
    if family == "duty" and event.kind == "duty.handed_over":
        return Changes(duty=True)
    if family == "call" and event.kind in _CALL_STATES:
        body = event.body
        row = {
            "id": key,
            "state": _CALL_STATES[event.kind],
            "since": event.occurred_at,
            "person": body.get("person"),
            "incident": body.get("incident"),
            "operator": event.actor,
        }
        later = {"state": row["state"], "since": row["since"], "operator": row["operator"]}
        if row["incident"]:
            later["incident"] = row["incident"]
        connection.execute(upsert(CALL).values(row).on_conflict_do_update(index_elements=["id"], set_=later))
        return Changes(calls=frozenset({key}))
    if family == "person" and event.kind == "person.erased":
        forget(connection, key, event.occurred_at)
        return Changes(duty=True)
    if family == "whistle":
        return whistles.fold(connection, event)
    if family == "handover":
        return handovers.fold(connection, event)
    if family == "camera":
        return camera_masks.fold(connection, event)
    if family == "pack":
        return Changes(packs=frozenset({key}))
    return Changes()


def forget(connection: Connection, person: str, at_ms: int) -> None:
    """Empty a personal record for good, also one that has not come here yet. The lists that a member of staff came with
    hold the number too, in every version that was brought in."""
    connection.exec_driver_sql(
        "INSERT INTO person (id, role, data, created_at, erased_at, sent) VALUES (?, '', '{}', ?, ?, 2) "
        "ON CONFLICT (id) DO UPDATE SET data = '{}', erased_at = coalesce(erased_at, excluded.erased_at)",
        (person, at_ms, at_ms))
    connection.exec_driver_sql("DELETE FROM want WHERE what = 'person' AND \"key\" = ?", (person,))
    for unit in connection.execute(select(UNIT.c.id).where(UNIT.c.person == person)).all():
        for row in connection.execute(select(PACK_ROW.c.pack, PACK_ROW.c.data).where(PACK_ROW.c.key == unit.id)).all():
            data = {**json.loads(row.data), "phone": ""}
            connection.execute(
                update(PACK_ROW)
                .where(PACK_ROW.c.pack == row.pack, PACK_ROW.c.key == unit.id)
                .values(data=json.dumps(data, ensure_ascii=False, separators=(",", ":")))
            )
