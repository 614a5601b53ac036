"""One transaction: events, their projections, the outbox and the note of what changed, all or nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.events import GENESIS, Event, NewEvent, canonical, content_hash, uuid7
from app.domain.handover import HandoverState
from app.domain.incident import IncidentState
from app.domain.masks import MaskState
from app.domain.whistle import WhistleState
from app.services import sync_rules
from app.services.changes import Changes
from data.store import camera_masks, handovers, side_folds, whistles
from data.store.projection import assignment_rows, incident_row
from data.store.tables import ASSIGNMENT, CALL, COUNTER, INCIDENT, PERSON, SETTING

_EVENT_COLUMNS = ("seq", "id", "stream", "kind", "seat", "seat_no", "occurred_at", "received_at", "hash", "content",
                  "hub_seq", "verdict")
_INSERT_EVENT = f"INSERT INTO event ({', '.join(_EVENT_COLUMNS)}) VALUES ({', '.join('?' * len(_EVENT_COLUMNS))})"
_HEAD = (
    "SELECT e.seat_no, e.hash, (SELECT max(seq) FROM event) FROM (SELECT 1) LEFT JOIN (SELECT seat_no, hash FROM event "
    "WHERE seat = ? ORDER BY seat_no DESC LIMIT 1) e ON true"
)
_INCIDENT_COLUMNS = tuple(incident_row(IncidentState(), 0))
_UPSERT_INCIDENT = (
    f"INSERT INTO incident ({', '.join(_INCIDENT_COLUMNS)}) VALUES ({', '.join('?' * len(_INCIDENT_COLUMNS))}) "
    f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{c}=excluded.{c}' for c in _INCIDENT_COLUMNS if c != 'id')}"
)
_NUMBER = re.compile(r"(\d{8})-[^-]+-([A-Z]?)(\d{2,6})", re.ASCII)
"""of an incident; with a letter before its counter, and behind the counter's day, of something else"""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this seat is: goes into every event's header."""

    district: str
    centre: str
    seat: str
    seat_code: str
    nature: str


def _made_at(event: Event) -> int:
    """The time in ms that an id given by a seat holds; 0 for an id that many seats would give."""
    return int(event.id[:8] + event.id[9:13], 16) if event.id[14:15] == "7" else 0


class Transaction:
    """Collects events and folds them at once; `flush` writes everything. Use it through `Store.transaction`."""

    def __init__(
        self, connection: Connection, identity: Identity, *, screen: str, actor: str, now_ms: int, owed: bool
    ) -> None:
        self.connection = connection
        self.identity = identity
        self.screen = screen
        self.actor = actor
        self.now_ms = now_ms
        self._owed = owed
        self._states: dict[str, IncidentState | None] = {}
        self._touched: dict[str, int] = {}
        self._events: list[tuple[Any, ...]] = []
        self._owes: list[int] = []
        self._acts: dict[str, str] = {}
        self._bookings: dict[str, str] = {}
        self._offset_ms = self._known_offset() if owed else 0
        self._counters: dict[str, int] = {}
        self.changed = Changes()
        self.read_head()

    def read_head(self) -> None:
        """Where this seat's chain and the log end now."""
        head = self.connection.exec_driver_sql(_HEAD, (self.identity.seat,)).first()
        self._seat_no: int = head[0] or 0 if head else 0
        self._head: str = head[1] or GENESIS if head else GENESIS
        self._seq: int = head[2] or 0 if head else 0

    @property
    def head(self) -> tuple[int, str]:
        """(seat_no, hash) of this seat's last event, with what this transaction added."""
        return self._seat_no, self._head

    def _known_offset(self) -> int:
        """What the hub's clock was ahead of this machine's when it was last compared."""
        text = self.connection.exec_driver_sql("SELECT value FROM sync WHERE key = 'skew_ms'").scalar_one_or_none()
        return -int(text) if text else 0

    def incident(self, incident_id: str) -> IncidentState | None:
        """The folded state, with what this transaction added. Not to be changed by the caller."""
        if incident_id not in self._states:
            text = self.connection.exec_driver_sql("SELECT state FROM incident WHERE id = ?",
                                                   (incident_id,)).scalar_one_or_none()
            self._states[incident_id] = IncidentState.load(text) if text is not None else None
        return self._states[incident_id]

    def whistle(self, whistle_id: str) -> WhistleState | None:
        """The folded state of a whistle, with what this transaction added."""
        return whistles.state(self.connection, whistle_id)

    def handover(self, handover_id: str) -> HandoverState | None:
        """The folded state of a hand-over, with what this transaction added."""
        return handovers.state(self.connection, handover_id)

    def open_handovers(self) -> list[HandoverState]:
        """Hand-overs that nobody has signed for yet, with what this transaction added."""
        return handovers.open_ones(self.connection)

    def masks(self, camera_id: str) -> MaskState:
        """The privacy masks of a camera, with what this transaction added."""
        return camera_masks.state(self.connection, camera_id)

    def call_state(self, call_id: str) -> str:
        """Where a call stands, with what this transaction added; "" for an unknown one."""
        state = self.connection.execute(select(CALL.c.state).where(CALL.c.id == call_id)).scalar_one_or_none()
        return str(state or "")

    def expect_new(self, incident_id: str) -> None:
        """The caller knows that this incident does not exist yet: it need not be looked for."""
        self._states.setdefault(incident_id, None)

    def append(self, new: NewEvent) -> Event:
        """Give the event its place in the seat's chain, fold it, remember it for `flush`."""
        who = self.identity
        event = Event(
            id=new.id or uuid7(self.now_ms),
            stream=new.stream,
            kind=new.kind,
            district=who.district,
            centre=who.centre,
            seat=who.seat,
            seat_no=self._seat_no + 1,
            prev_seat_hash=self._head,
            screen=self.screen,
            actor=new.actor or self.actor,
            on_behalf_of=new.on_behalf_of,
            occurred_at=new.occurred_at,
            nature=who.nature,
            seen=new.seen or self._seen(new),
            body=new.body,
            clock_offset_ms=self._offset_ms,
            schema_version=new.schema_version,
        )
        self._chain(event, self.now_ms)
        return event

    def renumber(self, event: Event) -> Event:
        """Give an own event that was taken out of the log its place at the chain's end; all else of it stays."""
        event = replace(event, seat_no=self._seat_no + 1, prev_seat_hash=self._head)
        self._chain(event, _made_at(event) or self.now_ms)
        return event

    def _chain(self, event: Event, received: int) -> None:
        text = canonical(event)
        digest = content_hash(text)
        self._seat_no, self._head = event.seat_no, digest
        self._keep(event, digest, text, None, "", received)
        if self._owed:
            self._owes.append(self._seq)
            if event.kind in sync_rules.DECIDING:
                self._acts[event.stream] = event.id
            unit = sync_rules.booked_unit(event)
            if unit:
                self._bookings[unit] = event.id
        self.fold(event, self._seq)

    def _keep(self, event: Event, digest: str, text: str, hub_seq: int | None, verdict: str, received: int) -> None:
        self._seq += 1
        self._events.append((self._seq, event.id, event.stream, event.kind, event.seat, event.seat_no,
                             event.occurred_at, received, digest, text, hub_seq, verdict))

    def receive(self, event: Event, digest: str, text: str, hub_seq: int, verdict: str) -> int:
        """Keep another seat's event as the hub ordered it; folding it is the caller's. Returns its local sequence."""
        # an own event that a restored store gets back was committed when its id says
        own = event.seat == self.identity.seat
        self._keep(event, digest, text, hub_seq, verdict, (_made_at(event) if own else 0) or self.now_ms)
        if own:
            self._count_on(event)
        return self._seq

    def _seen(self, new: NewEvent) -> tuple[str, ...]:
        """What the maker knows: the stream's last event; with a hub also its last deciding event and, for an
        assignment, the unit's last booking (`sync_rules.overtaken`)."""
        if not new.stream.startswith("incident/"):
            return ()
        state = self.incident(new.stream[9:])
        if state is None or not state.last_event:
            return ()
        if not self._owed:
            return (state.last_event,)
        unit = new.body.get("unit")
        booked = self.booking(unit) if new.kind == sync_rules.BOOKING and isinstance(unit, str) else ""
        return (state.last_event, self.last_act(new.stream), *([booked] if booked else []))

    def last_act(self, stream: str) -> str:
        """The last deciding event of a stream, with what this transaction added; "" when none is known."""
        if stream not in self._acts:
            self._acts[stream] = self.connection.exec_driver_sql("SELECT event FROM act WHERE stream = ?",
                                                                 (stream,)).scalar_one_or_none() or ""
        return self._acts[stream]

    def set_last_act(self, stream: str, event_id: str) -> None:
        """What a rebase found."""
        self._acts[stream] = event_id

    def booking(self, unit: str) -> str:
        """The unit's last booking that this seat knows of; "" when none."""
        if unit not in self._bookings:
            row = self.connection.exec_driver_sql("SELECT own, confirmed FROM booking WHERE unit = ?", (unit,)).first()
            return str(row.own or row.confirmed) if row is not None else ""
        return self._bookings[unit]

    def put_incident(self, incident_id: str, state: IncidentState | None, seq: int) -> None:
        """Replace an incident's projection by what a rebase folded; None: nothing of it stands."""
        if state is not None:
            self._states[incident_id] = state
            self._touched[incident_id] = seq
            return
        self._states[incident_id] = None
        self._touched.pop(incident_id, None)
        self.connection.execute(delete(INCIDENT).where(INCIDENT.c.id == incident_id))
        units = _assigned_units(self.connection, [incident_id])
        self.connection.execute(delete(ASSIGNMENT).where(ASSIGNMENT.c.incident == incident_id))
        self.mark(Changes(incidents=frozenset({incident_id}), units=frozenset(u for _, u in units)))

    def fold(self, event: Event, seq: int, verdict: str = "") -> None:
        """Fold one event into the projections as the hub judged it; used by `append`, a rebase and a rebuild."""
        family, _, key = event.stream.partition("/")
        if family == "incident":
            state = self.incident(key)
            if state is None:
                state = self._states[key] = IncidentState()
            sync_rules.fold(state, event, verdict)
            self._touched[key] = max(seq, self._touched.get(key, 0))
        else:
            self.changed = self.changed.merged(side_folds.fold(self.connection, event))

    def next_number(self, day: str) -> int:
        """The next value of the local counter of a day; never given twice."""
        return self.reserve_numbers(day, 1)

    def reserve_numbers(self, day: str, count: int) -> int:
        """Take `count` numbers of a day at once; returns the first. Written with everything else by `flush`."""
        first = self._counted(day) + 1
        self._counters[day] = first + count - 1
        return first

    def _counted(self, day: str) -> int:
        if day in self._counters:
            return self._counters[day]
        return self.connection.execute(select(COUNTER.c.value).where(COUNTER.c.day == day)).scalar_one_or_none() or 0

    def _count_on(self, event: Event) -> None:
        """A number that came back with an own event is not given again."""
        number = event.body.get("number")
        found = _NUMBER.fullmatch(number) if isinstance(number, str) else None
        if found is not None:
            day = found[1] + found[2].lower()
            self._counters[day] = max(self._counted(day), int(found[3]))

    def put_person(self, role: str, data: Mapping[str, str]) -> str:
        """Keep personal data beside the log; returns the id that events refer to it by."""
        person = uuid7(self.now_ms)
        self.connection.execute(
            insert(PERSON).values(
                id=person, role=role, data=json.dumps(dict(data), ensure_ascii=False), created_at=self.now_ms
            )
        )
        return person

    def setting(self, key: str) -> object:
        """A value of this seat as this transaction leaves it, None when it was never set."""
        text = self.connection.execute(select(SETTING.c.value).where(SETTING.c.key == key)).scalar_one_or_none()
        return json.loads(text) if text is not None else None

    def put_setting(self, key: str, value: object) -> None:
        """Keep a JSON value of this seat."""
        kept = json.dumps(value, ensure_ascii=False)
        self.connection.execute(upsert(SETTING).values(key=key, value=kept).on_conflict_do_update(
            index_elements=["key"], set_={"value": kept}))

    def mark(self, changes: Changes) -> None:
        """Note a change that comes without an event."""
        self.changed = self.changed.merged(changes)

    def flush(self) -> Changes:
        """Write all; the caller commits."""
        connection = self.connection
        self.write_events()
        self.write_touched()
        if self._counters:
            statement = upsert(COUNTER)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["day"], set_={"value": statement.excluded.value}),
                [{"day": day, "value": value} for day, value in self._counters.items()])
        if self.changed:
            connection.exec_driver_sql('INSERT INTO "change" (at, what) VALUES (?, ?)',
                                       (self.now_ms, dump_changes(self.changed)))
        return self.changed

    def write_events(self) -> None:
        """Write the events that were added so far, what is owed to the hub, and what the maker has seen."""
        connection = self.connection
        if self._events:
            connection.exec_driver_sql(_INSERT_EVENT, self._events)
            self._events = []
        if self._owes:
            connection.exec_driver_sql("INSERT INTO outbox (seq) VALUES (?)", [(seq,) for seq in self._owes])
            self._owes = []
        acts = [(stream, event) for stream, event in self._acts.items() if event]
        if acts:
            connection.exec_driver_sql("INSERT INTO act (stream, event) VALUES (?, ?) ON CONFLICT (stream) DO UPDATE "
                                       "SET event = excluded.event", acts)
            self._acts = {}
        if self._bookings:
            connection.exec_driver_sql("INSERT INTO booking (unit, own) VALUES (?, ?) ON CONFLICT (unit) DO UPDATE "
                                       "SET own = excluded.own", list(self._bookings.items()))
            self._bookings = {}

    def write_touched(self) -> None:
        """Write the projections of all incidents that were folded."""
        if not self._touched:
            return
        connection = self.connection
        states = [(self._states[key], seq) for key, seq in self._touched.items()]
        rows = [tuple(incident_row(state, seq).values()) for state, seq in states if state is not None]
        connection.exec_driver_sql(_UPSERT_INCIDENT, rows)
        before = _assigned_units(connection, list(self._touched))
        if before:
            connection.exec_driver_sql("DELETE FROM assignment WHERE incident = ?", sorted({(i,) for i, _ in before}))
        assigned = [row for state, _ in states if state is not None for row in assignment_rows(state)]
        if assigned:
            connection.execute(insert(ASSIGNMENT), assigned)
        units = {unit for _, unit in before} | {row["unit"] for row in assigned}
        self.changed = self.changed.merged(Changes(incidents=frozenset(self._touched), units=frozenset(units)))
        self._touched = {}


def _assigned_units(connection: Connection, incidents: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for start in range(0, len(incidents), 500):
        part = tuple(incidents[start : start + 500])
        marks = ",".join("?" * len(part))
        found += [(r[0], r[1]) for r in connection.exec_driver_sql(
            f"SELECT incident, unit FROM assignment WHERE incident IN ({marks})", part)]
    return found


_SETS = ("incidents", "units", "cameras", "areas", "alarms", "packs", "calls", "whistles", "masks")
_BITS = ("duty", "positions", "settings")


def dump_changes(changes: Changes) -> str:
    """A `Changes` as JSON text, what is empty left out."""
    out: dict[str, object] = {name: sorted(getattr(changes, name)) for name in _SETS if getattr(changes, name)}
    out.update({name: True for name in _BITS if getattr(changes, name)})
    return json.dumps(out, separators=(",", ":"))


def load_changes(text: str) -> Changes:
    """The reverse of `dump_changes`."""
    raw: dict[str, Any] = json.loads(text)
    fields: dict[str, Any] = {k: frozenset(v) if isinstance(v, list) else v for k, v in raw.items()}
    return Changes(**fields)
