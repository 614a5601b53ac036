"""A transaction in memory: what is appended is folded at once; nothing is stored."""
from __future__ import annotations

from collections.abc import Mapping

from app.domain import handover as handing
from app.domain import masks, whistle
from app.domain.events import GENESIS, Event, NewEvent, canonical, parse
from app.domain.incident import Fact, IncidentState, apply
from app.services.changes import Changes


class FakeTransaction:
    """Implements `app.ports.Transaction`. `log`: all events in order; `people`: personal data put beside it."""

    def __init__(self, now_ms: int = 1_790_000_000_000) -> None:
        self.now_ms = now_ms
        self.states: dict[str, IncidentState] = {}
        self.whistles: dict[str, whistle.WhistleState] = {}
        self.handovers: dict[str, handing.HandoverState] = {}
        self.log: list[Event] = []
        self.people: dict[str, Mapping[str, str]] = {}
        self.numbers: dict[str, int] = {}
        self.changed = Changes()
        self.settings: dict[str, object] = {}

    def incident(self, incident_id: str) -> IncidentState | None:
        return self.states.get(incident_id)

    def whistle(self, whistle_id: str) -> whistle.WhistleState | None:
        return self.whistles.get(whistle_id)

    def handover(self, handover_id: str) -> handing.HandoverState | None:
        return self.handovers.get(handover_id)

    def open_handovers(self) -> list[handing.HandoverState]:
        return [h for h in self.handovers.values() if h.open]

    def masks(self, camera_id: str) -> masks.MaskState:
        state = masks.MaskState()
        for event in self.log:
            state = masks.apply(state, event) if event.stream == f"camera/{camera_id}" else state
        return state

    def call_state(self, call_id: str) -> str:
        last = next((e for e in reversed(self.log) if e.stream == f"call/{call_id}"), None)
        return {"call.call_back": "to_call_back"}.get(last.kind, "") if last is not None else ""

    def expect_new(self, incident_id: str) -> None:
        assert incident_id not in self.states

    def append(self, new: NewEvent) -> Event:
        event = Event(new.id or f"e{len(self.log)}", new.stream, new.kind, "d", "c", "s", len(self.log) + 1, GENESIS,
                      "test", new.actor or "actor", new.occurred_at, "drill", new.body, new.on_behalf_of,
                      seen=new.seen, schema_version=new.schema_version)
        event = parse(canonical(event))
        self.log.append(event)
        family, _, key = event.stream.partition("/")
        fact = Fact(event.id, event.kind, event.occurred_at, event.actor, event.body)
        if family == "incident":
            self.states[key] = apply(self.states.get(key), fact)
        elif family == "whistle":
            self.whistles[key] = whistle.apply(self.whistles.get(key), fact)
        elif family == "handover":
            self.handovers[key] = handing.apply(self.handovers.get(key), fact)
        return event

    def next_number(self, day: str) -> int:
        self.numbers[day] = self.numbers.get(day, 0) + 1
        return self.numbers[day]

    def put_person(self, role: str, data: Mapping[str, str]) -> str:
        self.people[f"p{len(self.people)}"] = data
        return f"p{len(self.people) - 1}"

    def setting(self, key: str) -> object:
        return self.settings.get(key)

    def put_setting(self, key: str, value: object) -> None:
        self.settings[key] = value

    def mark(self, changes: Changes) -> None:
        self.changed = self.changed.merged(changes)
