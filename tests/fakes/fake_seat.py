"""A seat without a store: the real interface over a generated district; commands really change rows.

`FakeSeat()` is a normal evening; `FakeSeat.empty()`, `FakeSeat.flooded()` the two ends. Same seed, same world.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from app.clock import FixedClock
from app.domain.faults import KnownFault, Message, Refused
from app.domain.incident_process import ENDED_PHASES, INCIDENT, OPEN_PHASES
from app.domain.process import Role
from app.ports import Clock
from app.services.book import Book
from app.services.changes import Changes
from app.services.commands import (
    Act,
    CallEvent,
    CameraStates,
    Command,
    DropDraft,
    MarkRead,
    ReportIncident,
    ReportPositions,
    SaveDraft,
    SelfHandle,
    SetUnitDuty,
    SignDuty,
    ViewCamera,
)
from app.services.queue_order import is_overdue, tab_counts
from app.services.seat import ComponentColumns, Operator
from app.services.views import (
    AreaCount,
    AreaRow,
    CallRow,
    CameraRow,
    Candidate,
    CentreLink,
    ChannelCount,
    Draft,
    DuplicateHit,
    DutyView,
    Flag,
    Hit,
    IncidentView,
    QueueRow,
    Ratio,
    Recommendation,
    Status,
    SyncState,
    TimelineEntry,
    UnitRow,
    Warning_,
)
from tests.fakes import fake_world as world
from tests.fakes.fake_incident import assigned_unit, base_timeline, view_of

SUPERVISOR = Operator("supervisor", "值班长", frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.VERIFIER}), None)
DISPATCHER = Operator("dispatcher02", "调度员 02", frozenset({Role.DISPATCHER, Role.VERIFIER}), None)


class FakeSeat:
    """`Seat` over dictionaries. Public attributes (`rows`, `sync`, `fail_next`, ...) are for tests to set."""

    def __init__(
        self,
        *,
        open_: int = 138,
        ended: int = 220,
        units: int = 120,
        cameras: int = 300,
        components: int = 2_000,
        seed: int = 1,
        clock: Clock | None = None,
        operator: Operator = DISPATCHER,
        nature: str = "demo",
        screen: str = "desk",
        calls: bool = True,
    ) -> None:
        rng = np.random.default_rng(seed)
        self.operator = operator
        self.clock: Clock = clock or FixedClock(datetime.fromtimestamp(world.T0, UTC))
        self.screen, self.nature, self.centre_name = screen, nature, "智慧大观联动中心"
        self.unit_rows = world.make_units(units, rng)
        self.rows = world.make_rows(open_, ended, rng, self.unit_rows)
        self.camera_rows = world.make_cameras(cameras, rng)
        self.component_columns = world.make_components(components, rng)
        self.seq = len(self.rows)
        self.read = {i: r.changed_seq for n, (i, r) in enumerate(self.rows.items()) if n % 8}
        self.entries: dict[str, list[TimelineEntry]] = {}
        self.last_entries: list[TimelineEntry] = []
        self.given: dict[str, str] = {}
        self.settings: dict[str, object] = {}
        self.blobs: dict[str, bytes] = {}
        self.draft_rows: dict[str, Draft] = {}
        now = self.now
        self.call_rows = (
            {
                c.id: c
                for c in (
                    CallRow("call1", "ringing", now - 6, "139****0217", None, ""),
                    CallRow("call2", "to_call_back", now - 640, "138****7731", None, ""),
                )
            }
            if calls and open_
            else {}
        )
        self.warning_rows: list[Warning_] = []
        self.sync = SyncState("connected", 0, 0, now - 1, 12)
        self.duty_view: DutyView | None = DutyView("夜班", "带班领导 01", "值班长 01", 5, 6, now + 4 * 3600)
        self.centres = tuple(
            CentreLink(
                f"c{i}",
                f"街道中心（生成）{i:02d}",
                1,
                ("up", "stale", "unknown")[i % 3],
                now - 30 * i if i % 3 < 2 else None,
            )
            for i in range(1, 10)
        )
        self.fail_next: KnownFault | None = None
        self.done: list[Command] = []
        self.closed = False
        self._changes = Changes()

    @classmethod
    def empty(cls, **over: object) -> FakeSeat:
        """A district on its first day: areas, no incident, no force, no camera."""
        return cls(**{"open_": 0, "ended": 0, "units": 0, "cameras": 0, "components": 0, **over})  # type: ignore[arg-type]

    @classmethod
    def flooded(cls, n: int = 100_000, **over: object) -> FakeSeat:
        """n open incidents, 1,000 forces, 3,500 cameras."""
        return cls(**{"open_": n, "ended": 1000, "units": 1000, "cameras": 3500, **over})  # type: ignore[arg-type]

    @property
    def book(self) -> Book:
        return world.book()

    @property
    def now(self) -> float:
        """Epoch seconds of the seat's clock."""
        return self.clock.now().timestamp()

    # ---- commands -------------------------------------------------------------------------------------------------

    def do(self, command: Command) -> Changes:
        if self.fail_next is not None:
            fault, self.fail_next = self.fail_next, None
            raise fault
        changes = self._do(command)
        self.done.append(command)
        self._changes = self._changes.merged(changes)
        return changes

    def do_all(self, commands: Sequence[Command]) -> tuple[Changes, list[Exception | None]]:
        total, errors = Changes(), list[Exception | None]()
        for command in commands:
            try:
                total = total.merged(self.do(command))
                errors.append(None)
            except KnownFault as fault:
                errors.append(fault)
        return total, errors

    def _do(self, command: Command) -> Changes:
        match command:
            case ReportIncident():
                return self._report(command)
            case Act():
                return self._act(command)
            case SelfHandle():
                made = self._report(
                    ReportIncident(
                        command.kind,
                        "grid_patrol",
                        command.place,
                        lon=command.lon,
                        lat=command.lat,
                        area_id=command.area_id,
                    )
                )
                key = next(iter(made.incidents))
                self.rows[key] = self.rows[key]._replace(phase="closed", closed_at=self.now, flags=0)
                return made
            case SetUnitDuty():
                unit = self._unit(command.unit_id)
                self.unit_rows[unit.id] = replace(
                    unit, on_duty=command.on_duty, status="free" if command.on_duty else "off"
                )
                return Changes(units=frozenset({unit.id}))
            case ReportPositions():
                for p in command.positions:
                    self.unit_rows[p.unit_id] = replace(
                        self._unit(p.unit_id), lon=p.lon, lat=p.lat, position_at=p.at, heading=p.heading
                    )
                return Changes(positions=True)
            case CameraStates():
                for camera_id, state, at in command.states:
                    self.camera_rows[camera_id] = replace(self.camera_rows[camera_id], state=state, state_at=at)
                return Changes(cameras=frozenset(s[0] for s in command.states))
            case CallEvent():
                return self._call(command)
            case SaveDraft():
                old = self.draft_rows.get(command.draft_id)
                self.draft_rows[command.draft_id] = Draft(
                    command.draft_id,
                    self.operator.id,
                    old.started_at if old else self.now,
                    self.now,
                    command.call_id,
                    dict(command.fields),
                )
                return Changes(calls=frozenset({command.draft_id}))
            case DropDraft():
                self.draft_rows.pop(command.draft_id, None)
                return Changes(calls=frozenset({command.draft_id}))
            case MarkRead():
                self.read[command.incident_id] = self._row(command.incident_id).changed_seq
                return Changes(incidents=frozenset({command.incident_id}))
            case SignDuty():
                return Changes(duty=True)
            case ViewCamera():
                if not command.reason.strip():
                    raise Refused(Message("{field} is missing", {"field": Message("Reason")}))
                return Changes()

    def _report(self, c: ReportIncident) -> Changes:
        entry = self.book.code("kind", c.kind)
        if entry is None:
            raise Refused(Message("unknown kind {kind}", {"kind": c.kind}))
        if not c.place.strip() and c.lon is None:
            raise Refused(Message("{field} is missing", {"field": Message("Place")}))
        self.seq += 1
        key = c.incident_id or f"n{self.seq:06d}"
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
        return Changes(incidents=frozenset({key}), calls=frozenset({c.draft_id}) if c.draft_id else frozenset())

    def _act(self, c: Act) -> Changes:
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

    def _move(self, row: QueueRow, c: Act, to: str | None) -> frozenset[str]:
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

    def _book(self, unit: UnitRow, incident_id: str, by: int) -> None:
        rest = tuple(i for i in unit.incidents if i != incident_id)
        self.unit_rows[unit.id] = replace(
            unit, load=max(0, unit.load + by), incidents=(*rest, incident_id) if by > 0 else rest
        )

    def _call(self, c: CallEvent) -> Changes:
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
        self.call_rows[c.call_id] = CallRow(c.call_id, state, self.now, masked, c.incident_id, self.operator.name)
        return Changes(calls=frozenset({c.call_id}))

    def _log(self, key: str, kind: str, what: Message, text: str) -> None:
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

    def flood(self, n: int, seed: int = 0) -> Changes:
        """Change n random rows as a flood of events would; returns and records the changes."""
        rng = np.random.default_rng(seed)
        ids = list(self.rows)
        picked = frozenset(ids[int(i)] for i in rng.integers(0, len(ids), n))
        for key in picked:
            self.seq += 1
            row = self.rows[key]
            self.rows[key] = row._replace(
                level=int(rng.integers(1, 5)),
                changed_seq=self.seq,
                phase=OPEN_PHASES[int(rng.integers(0, 8))],
                closed_at=None,
            )
        changes = Changes(incidents=picked)
        self._changes = self._changes.merged(changes)
        return changes

    # ---- queries --------------------------------------------------------------------------------------------------

    def _row(self, incident_id: str) -> QueueRow:
        row = self.rows.get(incident_id)
        if row is None:
            raise KnownFault(Message("no incident {id}", {"id": incident_id}))
        return row

    def _unit(self, unit_id: str) -> UnitRow:
        unit = self.unit_rows.get(unit_id)
        if unit is None:
            raise Refused(Message("no unit {id}", {"id": unit_id}))
        return unit

    def queue(self, ids: Collection[str] | None = None, *, ended: bool = False) -> list[QueueRow]:
        if ids is not None:
            return [self.rows[i] for i in ids if i in self.rows]
        return [r for r in self.rows.values() if ended or r.phase not in ENDED_PHASES]

    def read_marks(self) -> dict[str, int]:
        return dict(self.read)

    def incident(self, incident_id: str) -> IncidentView:
        return view_of(self, self._row(incident_id))

    def timeline(self, limit: int = 50) -> list[TimelineEntry]:
        rows = sorted((r for r in self.rows.values()), key=lambda r: -r.reported_at)[:limit]
        made = [base_timeline(self, r)[-1] for r in rows]
        return sorted([*self.last_entries, *made], key=lambda e: -e.at)[:limit]

    def duplicates(
        self, *, lon: float | None, lat: float | None, kind: str, text: str = "", exclude: str | None = None
    ) -> list[DuplicateHit]:
        if lon is None or lat is None:
            return []
        hits = [
            DuplicateHit(r, metres(lon, lat, r.lon, r.lat), (self.now - r.reported_at) / 60, r.kind == kind)
            for r in self.queue()
            if r.lon is not None and r.lat is not None and r.id != exclude
        ]
        return sorted((h for h in hits if h.distance_m <= 300), key=lambda h: (not h.same_kind, h.distance_m))[:10]

    def recommend(self, incident_id: str) -> Recommendation:
        row = self._row(incident_id)
        good, passed = list[Candidate](), list[tuple[UnitRow, Message]]()
        for u in self.unit_rows.values():
            if u.lon is None or u.lat is None or row.lon is None or row.lat is None:
                continue
            d = metres(row.lon, row.lat, u.lon, u.lat)
            age = self.now - (u.position_at or 0)
            if u.status != "free" or age > 300:
                if d < 1500:
                    passed.append(
                        (
                            u,
                            Message("position {minutes} min old", {"minutes": int(age // 60)})
                            if age > 300
                            else Message("busy: {status}", {"status": u.status}),
                        )
                    )
                continue
            reasons = (Message("position {seconds} s ago", {"seconds": int(age)}), Message("load {n}", {"n": u.load}))
            good.append(Candidate(u, d, d / 5.5, age, u.area_id == row.area_id, bool(u.skills), d, reasons))
        good.sort(key=lambda c: c.score)
        return Recommendation(incident_id, tuple(good[:8]), tuple(passed[:6]))

    def find(self, text: str, limit: int = 20) -> list[Hit]:
        text = text.strip().lower()
        if not text:
            return []
        hits = [
            Hit("incident", r.id, r.number, self.book.label("kind", r.kind, "zh_CN") + " " + r.place, r.lon, r.lat)
            for r in self.rows.values()
            if r.number.endswith(text) or text in r.place.lower()
        ]
        hits += [
            Hit("unit", u.id, u.name, u.call_sign, u.lon, u.lat)
            for u in self.unit_rows.values()
            if text in u.name.lower() or text == u.call_sign.lower()
        ]
        hits += [Hit("camera", c.id, c.name, c.kind, c.lon, c.lat) for c in self.camera_rows.values() if text in c.name]
        hits += [Hit("area", a.id, a.name, a.code, None, None) for a in self.book.areas.values() if text in a.name]
        return hits[:limit]

    def units(self, ids: Collection[str] | None = None) -> list[UnitRow]:
        return [u for u in self.unit_rows.values() if ids is None or u.id in ids]

    def tracks(self, since: float) -> dict[str, list[tuple[float, float, float]]]:
        return {}

    def cameras(self, ids: Collection[str] | None = None) -> list[CameraRow]:
        return [c for c in self.camera_rows.values() if ids is None or c.id in ids]

    def nearest_cameras(self, lon: float, lat: float, limit: int = 6, *, wall: bool = False) -> list[CameraRow]:
        near = [
            replace(c, distance_m=metres(lon, lat, c.lon, c.lat))
            for c in self.camera_rows.values()
            if c.lon is not None and c.lat is not None and (c.on_wall or not wall)
        ]
        return sorted(near, key=lambda c: c.distance_m or 0.0)[:limit]

    def components(self) -> ComponentColumns:
        return self.component_columns

    def areas(self) -> list[AreaRow]:
        return list(world.areas())

    def area_at(self, lon: float, lat: float) -> str | None:
        return world.area_ids_at(np.array([[lon, lat]]))[0]

    def calls(self) -> list[CallRow]:
        return [c for c in self.call_rows.values() if c.state in ("ringing", "talking", "to_call_back")]

    def drafts(self) -> list[Draft]:
        return [d for d in self.draft_rows.values() if d.operator == self.operator.id]

    def duty(self) -> DutyView | None:
        return self.duty_view

    def warnings(self) -> list[Warning_]:
        return list(self.warning_rows)

    def status(self) -> Status:
        now, rows = self.now, list(self.rows.values())
        open_rows = [r for r in rows if r.phase not in ENDED_PHASES]
        day = math.floor((now + 8 * 3600) / 86400) * 86400 - 8 * 3600.0
        today = [r for r in rows if r.reported_at >= day]
        channels = Counter(r.channel for r in today)
        last = {c: max((r.reported_at for r in rows if r.channel == c), default=None) for c, _, _ in world.CHANNELS}
        hours = Counter(int((r.reported_at - day) // 3600) for r in today)
        closed = [r for r in rows if r.closed_at is not None and r.due_at is not None]
        on_time = Ratio(sum(1 for r in closed if (r.closed_at or 0) <= (r.due_at or 0)), len(closed))
        return Status(
            now,
            day,
            self.seq,
            Counter(r.phase for r in rows),
            tab_counts(open_rows, now),
            {level: sum(1 for r in open_rows if r.level == level) for level in (1, 2, 3, 4)},
            len(today),
            sum(1 for r in rows if day - 86400 <= r.reported_at < now - 86400),
            tuple(ChannelCount(c, channels[c], last[c]) for c, _, _ in world.CHANNELS),
            tuple(hours[h] for h in range(24)),
            self._area_counts(open_rows, now),
            on_time,
            on_time,
            Ratio(len(closed), len(rows)),
            Ratio(0, 0),
            on_time,
            "month",
            day - 22 * 86400,
            sum(1 for r in open_rows if r.phase == "reported"),
            sum(1 for r in open_rows if r.level <= 2),
            Counter(u.status for u in self.unit_rows.values()),
            Counter(c.state for c in self.camera_rows.values()),
            len(self.component_columns.ids),
            self.sync,
            self.centres,
            self.nature,
        )

    def _area_counts(self, open_rows: list[QueueRow], now: float) -> tuple[AreaCount, ...]:
        opened, late = Counter[str](), Counter[str]()
        for r in open_rows:
            area = self.book.areas.get(r.area_id or "")
            for key in area.path.strip("/").split("/") if area else ():
                opened[key] += 1
                late[key] += is_overdue(r, now)
        return tuple(AreaCount(a, opened[a], late[a], Ratio(opened[a] - late[a], opened[a])) for a in self.book.areas)

    def base_map(self) -> str | None:
        return None

    def blob(self, digest: str) -> bytes:
        if digest not in self.blobs:
            raise KnownFault(Message("no file {digest}", {"digest": digest[:12]}))
        return self.blobs[digest]

    def put_blob(self, data: bytes, mime: str) -> str:
        digest = hashlib.sha256(data).hexdigest()
        self.blobs[digest] = data
        return digest

    def setting(self, key: str, default: object = None) -> object:
        return self.settings.get(key, default)

    def set_setting(self, key: str, value: object) -> None:
        self.settings[key] = value
        self._changes = self._changes.merged(Changes(settings=True))

    def poll_changes(self) -> Changes:
        changes, self._changes = self._changes, Changes()
        return changes

    def close(self) -> None:
        self.closed = True


def metres(lon1: float, lat1: float, lon2: float | None, lat2: float | None) -> float:
    """Equirectangular distance, good enough inside one district."""
    if lon2 is None or lat2 is None:
        return math.inf
    x = math.radians(lon2 - lon1) * math.cos(math.radians((lat1 + lat2) / 2))
    return 6_371_000 * math.hypot(x, math.radians(lat2 - lat1))
