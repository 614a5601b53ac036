"""Folds of the small streams: units on duty, sign-ins, calls, packs. Incidents fold in the domain."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.events import Event
from app.services.changes import Changes
from data.store.tables import CALL, SIGNED, UNIT_DUTY

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
    if family == "pack":
        return Changes(packs=frozenset({key}))
    return Changes()
