"""One transaction: events, their projections, the outbox and the note of what changed, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.events import GENESIS, Event, NewEvent, canonical, content_hash, uuid7
from app.domain.incident import Fact, IncidentState, apply_in_place
from app.services.changes import Changes
from data.store import side_folds
from data.store.projection import assignment_rows, incident_row
from data.store.tables import ASSIGNMENT, CHANGE, COUNTER, EVENT, INCIDENT, OUTBOX, PERSON

_EVENT_COLUMNS = ("seq", "id", "stream", "kind", "seat", "seat_no", "occurred_at", "received_at", "hash", "content")
_INSERT_EVENT = f"INSERT INTO event ({', '.join(_EVENT_COLUMNS)}) VALUES ({', '.join('?' * len(_EVENT_COLUMNS))})"
_INCIDENT_COLUMNS = tuple(incident_row(IncidentState(), 0))
_UPSERT_INCIDENT = (
    f"INSERT INTO incident ({', '.join(_INCIDENT_COLUMNS)}) VALUES ({', '.join('?' * len(_INCIDENT_COLUMNS))}) "
    f"ON CONFLICT (id) DO UPDATE SET {', '.join(f'{c}=excluded.{c}' for c in _INCIDENT_COLUMNS if c != 'id')}"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this seat is: goes into every event's header."""

    district: str
    centre: str
    seat: str
    seat_code: str
    nature: str


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
        self._counters: dict[str, int] = {}
        self.changed = Changes()
        head = connection.execute(
            select(EVENT.c.seat_no, EVENT.c.hash)
            .where(EVENT.c.seat == identity.seat)
            .order_by(EVENT.c.seat_no.desc())
            .limit(1)
        ).first()
        self._seat_no: int = head.seat_no if head else 0
        self._head: str = head.hash if head else GENESIS
        last = connection.exec_driver_sql("SELECT max(seq) FROM event").scalar()
        self._seq: int = last or 0

    @property
    def head(self) -> tuple[int, str]:
        """(seat_no, hash) of this seat's last event, with what this transaction added."""
        return self._seat_no, self._head

    def incident(self, incident_id: str) -> IncidentState | None:
        """The folded state, with what this transaction added. Not to be changed by the caller."""
        if incident_id not in self._states:
            text = self.connection.execute(
                select(INCIDENT.c.state).where(INCIDENT.c.id == incident_id)
            ).scalar_one_or_none()
            self._states[incident_id] = IncidentState.load(text) if text is not None else None
        return self._states[incident_id]

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
            seen=new.seen or self._seen(new.stream),
            body=new.body,
        )
        text = canonical(event)
        digest = content_hash(text)
        self._seat_no, self._head = event.seat_no, digest
        self._seq += 1
        self._events.append(
            (
                self._seq,
                event.id,
                event.stream,
                event.kind,
                event.seat,
                event.seat_no,
                event.occurred_at,
                self.now_ms,
                digest,
                text,
            )
        )
        self.fold(event, self._seq)
        return event

    def _seen(self, stream: str) -> tuple[str, ...]:
        if stream.startswith("incident/"):
            state = self.incident(stream[9:])
            return (state.last_event,) if state is not None and state.last_event else ()
        return ()

    def fold(self, event: Event, seq: int) -> None:
        """Fold one event into the projections; used by `append` and by a rebuild from the log."""
        family, _, key = event.stream.partition("/")
        if family == "incident":
            state = self.incident(key)
            if state is None:
                state = self._states[key] = IncidentState()
            apply_in_place(state, Fact(event.id, event.kind, event.occurred_at, event.actor, event.body))
            self._touched[key] = seq
        else:
            self.changed = self.changed.merged(side_folds.fold(self.connection, event))

    def next_number(self, day: str) -> int:
        """The next value of the local counter of a day; never given twice."""
        return self.reserve_numbers(day, 1)

    def reserve_numbers(self, day: str, count: int) -> int:
        """Take `count` numbers of a day at once; returns the first. Written with everything else by `flush`."""
        if day not in self._counters:
            self._counters[day] = self.connection.execute(
                select(COUNTER.c.value).where(COUNTER.c.day == day)).scalar_one_or_none() or 0
        first = self._counters[day] + 1
        self._counters[day] += count
        return first

    def put_person(self, role: str, data: Mapping[str, str]) -> str:
        """Keep personal data beside the log; returns the id that events refer to it by."""
        person = uuid7(self.now_ms)
        self.connection.execute(
            insert(PERSON).values(
                id=person, role=role, data=json.dumps(dict(data), ensure_ascii=False), created_at=self.now_ms
            )
        )
        return person

    def mark(self, changes: Changes) -> None:
        """Note a change that comes without an event."""
        self.changed = self.changed.merged(changes)

    def flush(self) -> Changes:
        """Write all; the caller commits."""
        connection = self.connection
        if self._events:
            connection.exec_driver_sql(_INSERT_EVENT, self._events)
            if self._owed:
                connection.execute(insert(OUTBOX), [{"seq": e[0]} for e in self._events])
        self.write_touched()
        if self._counters:
            statement = upsert(COUNTER)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["day"], set_={"value": statement.excluded.value}),
                [{"day": day, "value": value} for day, value in self._counters.items()])
        if self.changed:
            connection.execute(insert(CHANGE).values(at=self.now_ms, what=dump_changes(self.changed)))
        return self.changed

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
            connection.execute(delete(ASSIGNMENT).where(ASSIGNMENT.c.incident.in_({i for i, _ in before})))
        assigned = [row for state, _ in states if state is not None for row in assignment_rows(state)]
        if assigned:
            connection.execute(insert(ASSIGNMENT), assigned)
        units = {unit for _, unit in before} | {row["unit"] for row in assigned}
        self.changed = self.changed.merged(Changes(incidents=frozenset(self._touched), units=frozenset(units)))
        self._touched = {}


def _assigned_units(connection: Connection, incidents: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for start in range(0, len(incidents), 500):
        found += [
            (r.incident, r.unit)
            for r in connection.execute(
                select(ASSIGNMENT.c.incident, ASSIGNMENT.c.unit).where(
                    ASSIGNMENT.c.incident.in_(incidents[start : start + 500])
                )
            )
        ]
    return found


_SETS = ("incidents", "units", "cameras", "areas", "alarms", "packs", "calls")
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
