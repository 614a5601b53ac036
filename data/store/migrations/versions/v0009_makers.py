"""Who handled an incident and who dispatched it is remembered together with the seat: an operator's id means somebody
only there. What was folded before is told the seat by its events; the rows are then what folding anew makes of them."""

from __future__ import annotations

import json
from typing import Any

from alembic import op
from sqlalchemy import Connection

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_CHUNK = 500
_MARK = "\x1f"
_DISPATCHED = ("incident.registered", "incident.assigned")
_Event = tuple[str, str, str, str, str | None]
"""(id, kind, actor, seat, the handlers that an import tells of as JSON)"""
_HANDLED = ("incident.fed_back", "incident.self_handled")


def upgrade() -> None:
    """Incidents in chunks; one without a dispatcher and without a handler stays as it is."""
    connection = op.get_bind()
    last = ""
    while True:
        rows = connection.exec_driver_sql(
            "SELECT id, dispatcher, state FROM incident WHERE id > ? ORDER BY id LIMIT ?", (last, _CHUNK)).all()
        if not rows:
            return
        last = rows[-1][0]
        states = {r[0]: json.loads(r[2]) for r in rows}
        wanted = {k: s for k, s in states.items() if s.get("dispatcher") or s.get("handlers")}
        events = _events(connection, list(wanted))
        changed = []
        for key, state in wanted.items():
            _name(state, events.get(key, []))
            text = json.dumps(state, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
            changed.append((state.get("dispatcher", ""), text, key))
        if changed:
            connection.exec_driver_sql("UPDATE incident SET dispatcher = ?, state = ? WHERE id = ?", changed)


def _events(connection: Connection, keys: list[str]) -> dict[str, list[_Event]]:
    """Incident → its events in the order in which they were folded, without what the hub refused."""
    found: dict[str, list[_Event]] = {}
    if not keys:
        return found
    kinds = _DISPATCHED + _HANDLED
    marks = ",".join("?" * len(keys)), ",".join("?" * len(kinds))
    for row in connection.exec_driver_sql(
            "SELECT substr(stream, 10), id, kind, json_extract(content, '$.actor'), seat, "
            "json_extract(content, '$.body.handlers') FROM event "
            f"WHERE stream IN ({marks[0]}) AND kind IN ({marks[1]}) AND verdict NOT LIKE 'refused%' "
            "ORDER BY hub_seq IS NULL, hub_seq, seq", (*(f"incident/{k}" for k in keys), *kinds)):
        found.setdefault(row[0], []).append((row[1], row[2], row[3], row[4], row[5]))
    return found


def _name(state: dict[str, Any], events: list[_Event]) -> None:
    lost = set(state.get("superseded", ()))
    standing = [e for e in events if e[0] not in lost]
    dispatched = [f"{actor}{_MARK}{seat}" for _, kind, actor, seat, _ in standing
                  if kind in _DISPATCHED and actor == state.get("dispatcher")]
    if dispatched:
        state["dispatcher"] = dispatched[-1]
    names: set[str] = set(state.get("handlers", ()))
    if not names:
        return
    makers = {actor: f"{actor}{_MARK}{seat}" for _, kind, actor, seat, _ in standing if kind in _HANDLED}
    told = {name for *_, text in standing if text and text.startswith("[") for name in json.loads(text)
            if isinstance(name, str)}
    state["handlers"] = sorted({*(n for n in names if n in told or n not in makers),
                                *(f"{actor}{_MARK}{seat}" for _, kind, actor, seat, _ in standing
                                  if kind in _HANDLED and actor in names)})
