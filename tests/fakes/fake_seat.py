"""A seat without a store: the real interface over a generated district; commands really change rows.

`FakeSeat()` is a normal evening; `FakeSeat.empty()`, `FakeSeat.flooded()` the two ends. Same seed, same world.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from app.clock import FixedClock
from app.domain.faults import KnownFault, Message, Refused
from app.domain.incident_process import ENDED_PHASES, OPEN_PHASES
from app.domain.masks import Mask
from app.domain.process import Role
from app.ports import Clock
from app.services.book import Book
from app.services.changes import Changes
from app.services.commands import (
    Act,
    AnswerConflict,
    CallEvent,
    CameraPictures,
    CameraStates,
    Command,
    DroneStates,
    DropDraft,
    HandOver,
    HandoverAct,
    MarkRead,
    MoveCamera,
    ReportIncident,
    ReportPositions,
    SaveDraft,
    SaveSnapshot,
    SelfHandle,
    SetMasks,
    SetUnitDuty,
    SignDuty,
    ViewCamera,
)
from app.services.duty_views import DutyView, Handover
from app.services.handovers import Open
from app.services.seat import ComponentColumns, Operator
from app.services.views import (
    AreaRow,
    CallRow,
    CameraRow,
    Candidate,
    CentreLink,
    Conflict,
    Draft,
    DuplicateHit,
    Hit,
    IncidentView,
    QueueRow,
    Recommendation,
    Status,
    SyncState,
    TimelineEntry,
    UnitRow,
    Warning_,
    WhistleView,
)
from app.services.whistle_commands import BlowWhistle, WhistleAct
from tests.fakes import fake_world as world
from tests.fakes.fake_acts import Acts
from tests.fakes.fake_incident import base_timeline, view_of
from tests.fakes.fake_status import status_of
from tests.fakes.fake_world import metres

SUPERVISOR = Operator("supervisor", "值班长", frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.VERIFIER}), None)
DISPATCHER = Operator("dispatcher02", "调度员 02", frozenset({Role.DISPATCHER, Role.VERIFIER}), None)


class FakeSeat(Acts):
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
        self.timezone = "Asia/Shanghai"
        self.seat_code = "01"
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
        self.mask_rows: dict[str, tuple[Mask, ...]] = {}
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
        self.numbers = {"call1": "13912340217", "call2": "13800007731"}
        self.warning_rows: list[Warning_] = []
        self.conflict_rows: list[Conflict] = []
        self.whistle_rows: list[WhistleView] = []
        self.sync = SyncState("connected", 0, 0, now - 1, 12)
        self.duty_view: DutyView | None = DutyView("夜班", "带班领导 01", "值班长 01", 5, 6, now + 4 * 3600)
        self.past_handovers: list[Handover] = []
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
        if self.fail_next is not None and not isinstance(command, MarkRead | ViewCamera):
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
                        incident_id=command.incident_id,
                        draft_id=command.draft_id,
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
            case DroneStates():
                for drone in command.states:
                    self.unit_rows[drone.unit_id] = replace(self._unit(drone.unit_id), drone=drone)
                return Changes(positions=True)
            case ReportPositions():
                for p in command.positions:
                    self.unit_rows[p.unit_id] = replace(
                        self._unit(p.unit_id), lon=p.lon, lat=p.lat, position_at=p.at, heading=p.heading
                    )
                return Changes(positions=True)
            case CameraPictures():
                for camera_id, at in command.pictures:
                    row = self.camera_rows[camera_id]
                    self.camera_rows[camera_id] = replace(row, state="online", state_at=at, picture_at=at)
                return Changes(cameras=frozenset(p[0] for p in command.pictures))
            case SaveSnapshot():
                return Changes()
            case CameraStates():
                for camera_id, state, at in command.states:
                    row = self.camera_rows[camera_id]
                    since = row.since if row.state == state else at
                    self.camera_rows[camera_id] = replace(row, state=state, state_at=at, since=since,
                                                          why=command.why.get(camera_id, ""))
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
                seen = self.rows.get(command.incident_id)
                if seen is None or self.read.get(seen.id) == seen.changed_seq:
                    return Changes()
                self.read[seen.id] = seen.changed_seq
                return Changes(incidents=frozenset({command.incident_id}))
            case BlowWhistle() | WhistleAct():
                return Changes(whistles=frozenset({"w"}))
            case AnswerConflict():
                self.conflict_rows = [c for c in self.conflict_rows if c.event_id != command.event_id]
                return Changes(settings=True)
            case SignDuty() | HandOver() | HandoverAct():
                return Changes(duty=True)
            case SetMasks():
                return self.set_masks(command.camera_id, *command.masks)
            case ViewCamera() | MoveCamera():
                if not command.reason.strip():
                    raise Refused(Message("{field} is missing", {"field": Message("Reason")}))
                return Changes()

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

    def whistles(self) -> list[WhistleView]:
        return list(self.whistle_rows)

    def departments(self) -> list[UnitRow]:
        return [u for u in self.unit_rows.values() if u.kind == "department"]

    def conflicts(self) -> list[Conflict]:
        return list(self.conflict_rows)

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

    def call_number(self, call_id: str) -> str:
        self.do(CallEvent(call_id, "number_shown"))
        return self.numbers.get(call_id, "")

    def drafts(self) -> list[Draft]:
        return [d for d in self.draft_rows.values() if d.operator == self.operator.id]

    def duty(self) -> DutyView | None:
        return self.duty_view

    def handovers(self, limit: int = 50) -> list[Handover]:
        return self.past_handovers[:limit]

    def open_now(self) -> Open:
        return Open(self.status().tabs, tuple(r for r in self.rows.values() if r.phase in OPEN_PHASES), self.now)

    def warnings(self) -> list[Warning_]:
        return list(self.warning_rows)

    def status(self) -> Status:
        return status_of(self)

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

    def masks(self, camera_id: str) -> tuple[Mask, ...]:
        return self.mask_rows.get(camera_id, ())

    def set_masks(self, camera_id: str, *masks: Mask) -> Changes:
        self.mask_rows[camera_id] = masks
        changes = Changes(masks=frozenset({camera_id}))
        self._changes = self._changes.merged(changes)
        return changes

    def poll_changes(self) -> Changes:
        changes, self._changes = self._changes, Changes()
        return changes

    def close(self) -> None:
        self.closed = True
