"""What commands do to the rows of `FakeSeat`: the transition table, without its guards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.domain.faults import Message, Refused
from app.domain.incident_process import ENDED_PHASES, INCIDENT
from app.services.changes import Changes
from app.services.commands import Act, CallEvent, ReportIncident
from app.services.views import CallRow, Flag, QueueRow, TimelineEntry, UnitRow
from tests.fakes.fake_incident import assigned_unit


class Acts:
    """The part of `FakeSeat` that changes rows; `self` is a FakeSeat."""

    def _report(self: Any, c: ReportIncident) -> Changes:
        entry = self.book.code("kind", c.kind)
        if entry is None:
            raise Refused(Message("unknown kind {kind}", {"kind": c.kind}))
        if not c.place.strip() and c.lon is None:
            raise Refused(Message("{field} is missing", {"field": Message("Place")}))
        self.seq += 1
        key = c.incident_id or f"n{self.seq:06d}"
        if key in self.rows:
            raise Refused(Message("This incident was already taken in."))
        at = self.now if c.occurred_at is None else c.occurred_at
        limit = float(str(entry.extra["minutes"])) * 60
        area = c.area_id or (self.area_at(c.lon, c.lat) if c.lon is not None and c.lat is not None else None)
        flags = (
            int(Flag.SENSITIVE if entry.extra["sensitive"] else 0)
            | (0 if c.accept else Flag.UNACKNOWLEDGED)
            | Flag.MINE
        )
        self.rows[key] = QueueRow(
            key,
            f"20261123-02-{self.seq:04d}",
            c.level or int(str(entry.extra["level"])),
            c.kind,
            c.place,
            area,
            c.channel,
            "registered" if c.accept else "reported",
            flags,
            at,
            at,
            at + 0.8 * limit,
            at + limit,
            at + limit / 2,
            "",
            0,
            c.lon,
            c.lat,
            self.seq,
            False,
            None,
        )
        self._log(key, "incident.reported", Message("Report"), c.description)
        if c.draft_id:
            self.draft_rows.pop(c.draft_id, None)
        if c.call_id:
            self._call(CallEvent(c.call_id, "ended", incident_id=key))
        return Changes(incidents=frozenset({key}), calls=frozenset(i for i in (c.draft_id, c.call_id) if i))

    def _act(self: Any, c: Act) -> Changes:
        row, t = self._row(c.incident_id), INCIDENT.get(c.verb)
        if t is None:
            raise Refused(Message("unknown verb {verb}", {"verb": c.verb}))
        if row.phase not in t.sources:
            raise Refused(
                Message("{verb} is not possible in phase {phase}", {"verb": Message(t.label), "phase": row.phase})
            )
        if not t.roles & self.operator.roles:
            raise Refused(Message("your role may not do that"))
        if c.seen_seq is not None and c.seen_seq < row.changed_seq:
            raise Refused(Message("the incident has changed meanwhile: look again"))
        for need in t.needs:
            if need.required and not str(c.params.get(need.name) or "").strip():
                raise Refused(Message("{field} is missing", {"field": Message(need.label)}))
        self.seq += 1
        units = self._move(row, c, t.to)
        self._log(row.id, t.event, Message(t.label), str(c.params.get("note") or c.params.get("reason") or ""))
        return Changes(incidents=frozenset({row.id}), units=units)

    def _move(self: Any, row: QueueRow, c: Act, to: str | None) -> frozenset[str]:
        flags = row.flags & ~Flag.UNACKNOWLEDGED if row.phase == "reported" and to else row.flags
        over: dict[str, Any] = {}
        touched: set[str] = set()
        match c.verb:
            case "assign":
                unit = self._unit(str(c.params["unit"]))
                flags &= ~Flag.RETURNED
                helping = bool(row.handler)
                over = {"helpers": row.helpers + 1} if helping else {"handler": unit.name}
                to = row.phase if helping else to
                self._book(unit, row.id, 1)
                self.given[row.id] = unit.id
                touched.add(unit.id)
            case "return" | "recall":
                to, over = "registered", {"handler": "", "on_scene": False}
                flags |= Flag.RETURNED if c.verb == "return" else 0
            case "arrive":
                over = {"on_scene": True}
            case "hold":
                flags, over = flags | Flag.HELD, {"due_at": None, "warn_at": None}
            case "resume":
                flags, over = flags & ~Flag.HELD, {"due_at": self.now + 3600, "warn_at": self.now + 2880}
            case "supervise":
                flags |= Flag.SUPERVISED
            case "chase":
                flags |= Flag.CHASED
            case "request_extension":
                flags |= Flag.EXTENSION_ASKED
            case "register" | "correct":
                over = {
                    k: v
                    for k, v in (
                        ("level", c.params.get("level")),
                        ("kind", c.params.get("kind")),
                        ("place", c.params.get("place")),
                    )
                    if v
                }
                if "level" in over:
                    over["level"] = int(str(over["level"]))
        status = {"depart": "going", "arrive": "on_scene", "feed_back": "free", "return": "free", "recall": "free"}.get(
            c.verb
        )
        unit_id = assigned_unit(self, row)
        if status and unit_id:
            self.unit_rows[unit_id] = replace(self.unit_rows[unit_id], status=status)
            if status == "free":
                self._book(self.unit_rows[unit_id], row.id, -1)
            touched.add(unit_id)
        ended = to in ENDED_PHASES
        self.rows[row.id] = row._replace(
            phase=to or row.phase, flags=int(flags), changed_seq=self.seq, closed_at=self.now if ended else None, **over
        )
        return frozenset(touched)

    def _book(self: Any, unit: UnitRow, incident_id: str, by: int) -> None:
        rest = tuple(i for i in unit.incidents if i != incident_id)
        self.unit_rows[unit.id] = replace(
            unit, load=max(0, unit.load + by), incidents=(*rest, incident_id) if by > 0 else rest
        )

    def _call(self: Any, c: CallEvent) -> Changes:
        if c.what == "number_shown":
            return Changes()
        state = {
            "rang": "ringing",
            "answered": "talking",
            "ended": "ended",
            "missed": "missed",
            "call_back": "to_call_back",
            "called_back": "ended",
        }[c.what]
        old = self.call_rows.get(c.call_id)
        masked = c.phone[:3] + "****" + c.phone[-4:] if c.phone else old.number_masked if old else ""
        incident = c.incident_id or (old.incident_id if old else None)
        self.call_rows[c.call_id] = CallRow(c.call_id, state, self.now, masked, incident, self.operator.id)
        return Changes(calls=frozenset({c.call_id}))

    def _log(self: Any, key: str, kind: str, what: Message, text: str) -> None:
        row = self.rows[key]
        entry = TimelineEntry(
            f"e{self.seq:07d}",
            key,
            self.now,
            kind,
            what,
            text,
            self.operator.name,
            "02",
            self.screen,
            unsent=self.sync.mode == "off",
            number=row.number,
            level=row.level,
        )
        self.entries.setdefault(key, []).append(entry)
        self.last_entries.append(entry)
