"""The seat of one operator over a store: commands in, views out. Use it from one thread."""

from __future__ import annotations

import copy
import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from app.domain.events import NewEvent
from app.domain.faults import KnownFault, Message, Refused
from app.domain.incident_process import INCIDENT
from app.domain.limits import at_ms, to_ms
from app.domain.masks import Mask
from app.domain.working_time import WorkCalendar
from app.geo.index import haversine_m
from app.ports import Clock, SeatStore, Transaction
from app.services import (
    acts,
    camera_acts,
    camera_record,
    duties,
    finding,
    handovers,
    incident_view,
    permissions,
    seat_calls,
    status,
    whistles,
)
from app.services.book import Book
from app.services.camera_record import CameraAct
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
    ReportIncident,
    ReportPositions,
    SaveDraft,
    SelfHandle,
    SetUnitDuty,
    SignDuty,
)
from app.services.needs import check_texts
from app.services.operator import Operator
from app.services.recommend import recommend
from app.services.seat import ComponentColumns
from app.services.seat_duty import SeatDuty
from app.services.seat_lists import SeatLists
from app.services.unit_age import aged
from app.services.views import (
    AreaRow,
    CameraRow,
    Draft,
    DuplicateHit,
    Hit,
    IncidentView,
    QueueRow,
    Recommendation,
    Status,
    TimelineEntry,
    UnitRow,
    Warning_,
)
from app.services.whistle_commands import BlowWhistle, WhistleAct

log = logging.getLogger(__name__)

_LOCAL = (SaveDraft | DropDraft | MarkRead | AnswerConflict | ReportPositions | CameraStates | DroneStates
          | CameraPictures)


class LocalSeat(SeatDuty):
    """Implements `app.services.seat.Seat` over any `SeatStore`."""

    def __init__(
        self, store: SeatStore, operator: Operator, clock: Clock, calendar: WorkCalendar, *, screen: str
    ) -> None:
        self._store = store
        self.operator = replace(operator, seat=store.meta["seat"])
        self.clock = clock
        self.screen = screen
        self.nature = store.meta["nature"]
        self.centre_name = store.meta["centre_name"]
        self.timezone = store.meta.get("timezone", "Asia/Shanghai")
        self.seat_code = store.meta["seat_code"]
        self._calendar = calendar
        self.lists = SeatLists(store.reads)

    def as_operator(self, operator: Operator) -> LocalSeat:
        """The same store as another operator, for the same thread (the simulated people of a drill)."""
        other = copy.copy(self)
        other.operator = replace(operator, seat=self._store.meta["seat"])
        return other

    def put_warning(self, warning: Warning_) -> None:
        """Keep a public warning (local, no event)."""
        self._store.local.put_warning(warning)

    # -- lists in force ------------------------------------------------------------------------------------------------

    @property
    def book(self) -> Book:
        """Code lists and areas in force."""
        return self.lists.book

    def area_at(self, lon: float, lat: float) -> str | None:
        """The finest area that holds the point."""
        return self.lists.area_at(lon, lat)

    def _setting_of(self) -> acts.Setting:
        return acts.Setting(self.operator, self.book, self._calendar, self.lists.area_at, self.lists.unit_name,
                            self._store.meta["seat_code"])

    # -- commands ------------------------------------------------------------------------------------------------------

    def do(self, command: Command) -> Changes:
        """Do one command. Raises `Refused` or another `KnownFault`; then nothing has changed."""
        changed, faults = self.do_all([command])
        if faults[0] is not None:
            raise faults[0]
        return changed

    def do_all(self, commands: Sequence[Command]) -> tuple[Changes, list[Exception | None]]:
        """Several commands in one transaction (group commit); a refused one harms only itself."""
        faults: list[Exception | None] = [None] * len(commands)
        changed = Changes()
        logged = [(i, c) for i, c in enumerate(commands) if not isinstance(c, _LOCAL)]
        for i, command in enumerate(commands):
            if isinstance(command, _LOCAL):
                try:
                    changed = changed.merged(self._do_local(command))
                except KnownFault as fault:
                    faults[i] = fault
        if logged:
            setting = self._setting_of()
            with self._store.transaction(screen=self.screen, actor=self.operator.id) as tx:
                for i, command in logged:
                    try:
                        events = self._decide(command, tx, setting)
                    except KnownFault as fault:
                        faults[i] = fault
                        continue
                    for event in events:
                        tx.append(event)
            changed = changed.merged(getattr(tx, "changed", Changes()))
        self._drop_used_drafts(commands, faults)
        return changed, faults

    def _decide(self, command: Command, tx: Transaction, setting: acts.Setting) -> list[NewEvent]:
        now = tx.now_ms
        check_texts(command)
        permissions.demand_command(command, self.operator)
        if isinstance(command, Act):
            self._check_seen(command)
            return acts.act(command, tx, setting)
        if isinstance(command, ReportIncident):
            return seat_calls.with_call(command, *acts.report(command, tx, setting), tx)
        if isinstance(command, BlowWhistle | WhistleAct):
            return whistles.decide(command, tx, setting)
        if isinstance(command, SelfHandle):
            return seat_calls.with_call(command, *acts.self_handle(command, tx, setting), tx)
        if isinstance(command, SetUnitDuty):
            kind = "unit.on_duty" if command.on_duty else "unit.off_duty"
            return [NewEvent(f"unit/{command.unit_id}", kind, {}, now)]
        if isinstance(command, CallEvent):
            return list(seat_calls.decide(command, tx))
        if isinstance(command, SignDuty):
            return duties.decide(command, tx)
        if isinstance(command, HandOver | HandoverAct):
            return handovers.decide(command, tx, setting, self.open_now)
        if isinstance(command, camera_acts.CameraAct):
            return camera_acts.decide(command, tx, self.operator, self.lists.cameras, self._inside)
        raise Refused(Message("There is no act named {verb}.", {"verb": type(command).__name__}))

    def _check_seen(self, command: Act) -> None:
        if command.seen_seq is None:
            return
        row = INCIDENT.get(command.verb)
        found = self._store.reads.state(command.incident_id)
        if row is not None and row.to is not None and found is not None and found[1] > command.seen_seq:
            raise Refused(Message("Somebody else has just changed it; look again and repeat."))

    def _do_local(self, command: _LOCAL) -> Changes:
        local, now = self._store.local, self.clock.now().timestamp()
        permissions.demand_command(command, self.operator)
        if isinstance(command, SaveDraft):
            check_texts(command)
            local.save_draft(Draft(command.draft_id, self.operator.id, now, now, command.call_id, command.fields))
            return Changes(calls=frozenset({"draft:" + command.draft_id}))
        if isinstance(command, DropDraft):
            local.drop_draft(command.draft_id)
            return Changes(calls=frozenset({"draft:" + command.draft_id}))
        if isinstance(command, MarkRead):
            local.mark_read(self.operator.id, command.incident_id)
            return Changes(incidents=frozenset({command.incident_id}))
        if isinstance(command, AnswerConflict):
            local.answer_conflict(command.event_id)
            return Changes(settings=True)
        if isinstance(command, CameraPictures):
            local.put_camera_pictures([(c, round(t * 1000)) for c, t in command.pictures if c in self.lists.cameras])
            self.lists.forget_cameras()
            return Changes(cameras=frozenset(c for c, _ in command.pictures))
        if isinstance(command, CameraStates):
            local.put_camera_states(
                [(c, s, round(at * 1000)) for c, s, at in command.states if s in ("online", "offline")], command.why
            )
            self.lists.forget_cameras()
            return Changes(cameras=frozenset(c for c, _, _ in command.states))
        if isinstance(command, DroneStates):
            local.put_drone_states(command.states)
            return Changes(positions=True)
        good = []
        for p in command.positions:
            if -180 <= p.lon <= 180 and -90 <= p.lat <= 90 and (p.lon or p.lat) and 0 <= p.at <= now + 60:
                good.append((p.unit_id, p.lon, p.lat, round(p.at * 1000), p.heading))
        local.put_positions(good, fine=command.fine)
        return Changes(positions=True)

    def _drop_used_drafts(self, commands: Sequence[Command], faults: Sequence[Exception | None]) -> None:
        """The acts are kept already: a draft that stays is told to nobody as an act that failed."""
        for command, fault in zip(commands, faults, strict=True):
            if fault is None and isinstance(command, ReportIncident | SelfHandle) and command.draft_id:
                try:
                    self._store.local.drop_draft(command.draft_id)
                except KnownFault as why:
                    log.warning("the draft of an incident that was taken in stays: %s", why)

    # -- queries -------------------------------------------------------------------------------------------------------

    @property
    def _prefix(self) -> str:
        return permissions.area_prefix(self.operator, self.book)

    @property
    def _centre(self) -> str:
        return permissions.acts_for(self.operator, self.book)

    def _inside(self, area_id: str | None) -> bool:
        """Whether an area is one that the operator sees; what lies in none is the whole district's."""
        return self.lists.inside(area_id, self._prefix)

    def queue(self, ids: Collection[str] | None = None, *, ended: bool = False) -> list[QueueRow]:
        """Rows of open incidents (with `ended` also the ended ones), or just of `ids`."""
        return self._store.reads.queue(self.operator.maker, self.operator.unit_id, self._prefix, ids, ended,
                                       self._centre)

    def read_marks(self) -> dict[str, int]:
        """incident → changed_seq this operator last looked at."""
        return self._store.reads.read_marks(self.operator.id)

    def incident(self, incident_id: str) -> IncidentView:
        """All that the incident's panel shows. Raises `KnownFault` when it is not here or outside the area."""
        reads = self._store.reads
        found = reads.state(incident_id)
        if found is None or not permissions.may_see(self.operator, self.book, found[0]):
            raise KnownFault(Message("There is no incident {id} on this seat.", {"id": incident_id[:40]}))
        state = found[0]
        row = reads.queue(self.operator.maker, self.operator.unit_id, "", [incident_id], True)[0]
        units = {u.id: u for u in reads.units([a.unit for a in state.assignments])} if state.assignments else {}
        related = [*state.merged, *([state.merged_into] if state.merged_into else [])]

        def distance(unit: UnitRow) -> float | None:
            if None in (state.lon, state.lat, unit.lon, unit.lat):
                return None
            return float(haversine_m(state.lon or 0, state.lat or 0, unit.lon or 0, unit.lat or 0))

        return incident_view.build(
            state,
            row,
            reads.events(acts.stream(incident_id)),
            self.operator,
            self.book,
            units=units,
            people=reads.persons(state.reporters) if state.reporters else {},
            numbers=reads.numbers(related) if related else {},
            names=self._actor_name,
            mask=_mask,
            zone_time=self._local_time,
            distance=distance,
            awaited=reads.awaited(state.photos) if state.photos else {},
            verdicts=reads.not_standing(acts.stream(incident_id)),
        )

    def _actor_name(self, actor: str) -> str:
        return self._store.meta.get(f"operator:{actor}") or actor

    def local_time(self, epoch_s: float) -> str:
        """Month, day and time by the district's clock."""
        return self._local_time(round(epoch_s * 1000))

    def _local_time(self, ms: int) -> str:
        return at_ms(ms).astimezone(ZoneInfo(self.timezone)).strftime("%m-%d %H:%M")

    def timeline(self, limit: int = 50) -> list[TimelineEntry]:
        """The last events in the operator's area, newest first."""
        events = self._store.reads.last_events(self._prefix, limit, self._centre, self.operator.unit_id)
        rows = {r.id: r for r in self.queue({e.stream.partition("/")[2] for e, _, _ in events})}
        out = []
        for event, _, unsent in events:
            row = rows.get(event.stream.partition("/")[2])
            out.append(
                incident_view.entry(event, unsent, (), self._actor_name, (row.number, row.level) if row else ("", 4))
            )
        return out

    def duplicates(self, *, lon: float | None, lat: float | None, kind: str, text: str = "",
                   exclude: str | None = None) -> list[DuplicateHit]:
        """Open incidents near in place and time, or at a place of the same words; same kind first, then nearest."""
        return finding.duplicates(self._store.reads, self._prefix, self.clock.now(), lon=lon, lat=lat, kind=kind,
                                  text=text, exclude=exclude)

    def recommend(self, incident_id: str) -> Recommendation:
        """Forces for the incident, best first, and why others were passed over."""
        found = self._store.reads.state(incident_id)
        if found is None or not permissions.may_see(self.operator, self.book, found[0]):
            raise KnownFault(Message("There is no incident {id} on this seat.", {"id": incident_id[:40]}))
        units = [u for u in self._store.reads.units(None) if self._inside(u.area_id)]
        return recommend(found[0], units, self.book, self.clock.now().timestamp())

    def find(self, text: str, limit: int = 20) -> list[Hit]:
        """Incidents by number or place, then areas, units, cameras, components by name or code."""
        return finding.find(text, limit, self._store.reads, self.lists, self._prefix, self._centre, self._inside,
                            self.operator.unit_id)

    def units(self, ids: Collection[str] | None = None) -> list[UnitRow]:
        """Forces with status, position and load."""
        rows, prefix = self._store.reads.units(ids), self._prefix
        if prefix:
            rows = [u for u in rows if self.lists.inside(u.area_id, prefix)]
        return aged(rows, self.clock.now().timestamp())

    def tracks(self, since: float) -> dict[str, list[tuple[float, float, float]]]:
        """unit → sampled (epoch s, lon, lat)."""
        found = self._store.reads.tracks(round(since * 1000))
        if self._prefix and found:
            here = {u.id for u in self.units(found)}
            return {unit: track for unit, track in found.items() if unit in here}
        return found

    def cameras(self, ids: Collection[str] | None = None) -> list[CameraRow]:
        """Cameras as devices, with their last known state."""
        rows, prefix = self._store.reads.cameras(ids), self._prefix
        return [c for c in rows if self.lists.inside(c.area_id, prefix)] if prefix else rows

    def masks(self, camera_id: str) -> tuple[Mask, ...]:
        """The privacy masks in force over a camera's pictures, whoever set them."""
        return self._store.reads.masks(camera_id).in_force

    def camera_record(self, since: float) -> list[CameraAct]:
        """What was done with the cameras that the operator sees, since an instant (epoch s). Raises `Refused`."""
        found = camera_record.read(self._store.reads, self.operator, round(since * 1000), self._actor_name)
        seen = {c.id for c in self.cameras()} if self._prefix else None
        return [a for a in found if seen is None or a.camera_id in seen]

    def nearest_cameras(self, lon: float, lat: float, limit: int = 6, *, wall: bool = False) -> list[CameraRow]:
        """Cameras near a point: working and facing ones first among near equals. `wall`: only those marked for it."""
        return self.lists.nearest_cameras(lon, lat, limit, wall=wall, prefix=self._prefix)

    def components(self) -> ComponentColumns:
        """All components as columns."""
        columns = self._store.reads.components(self._prefix)
        assert isinstance(columns, ComponentColumns)
        return columns

    def areas(self) -> list[AreaRow]:
        """The areas that the operator sees, highest level first."""
        prefix = self._prefix
        return [a for a in self.book.areas.values() if a.path.startswith(prefix)]

    def warnings(self) -> list[Warning_]:
        """Public warnings in force."""
        return self._store.reads.warnings(to_ms(self.clock.now()))

    def status(self) -> Status:
        """Every number that any screen shows."""
        now, reads = self.clock.now(), self._store.reads
        day, yesterday, period = status.bounds(now, self.timezone)
        units: dict[str, int] = {"free": 0, "going": 0, "on_scene": 0, "off": 0, "unknown": 0}
        for unit in self.units():
            units[unit.status] = units.get(unit.status, 0) + 1
        return status.build(
            reads.counts(self._prefix, to_ms(now), day, yesterday, period, self._centre, self.operator.unit_id),
            now=now,
            timezone=self.timezone,
            book=self.book,
            operator=self.operator,
            seq=reads.seq(),
            units=units,
            cameras=self.lists.camera_counts(self._prefix),
            components=self.lists.component_count(self._prefix),
            prefix=self._prefix,
            sync=self._in_seat_time(reads.sync("hub" in self._store.meta)),
            centres=tuple(self._in_seat_time(c) for c in reads.centres()),
            nature=self.nature,
            whistles=whistles.counts(self._whistle_states(), to_ms(now), period),
        )

    def base_map(self) -> str | None:
        """Path of the vector base, or None."""
        return self._store.base_map()

    def blob(self, digest: str) -> bytes:
        """A photo or file by its digest."""
        return self._store.get_blob(digest)

    def put_blob(self, data: bytes, mime: str) -> str:
        """Keep a photo or file; returns its digest."""
        return self._store.put_blob(data, mime)

    def setting(self, key: str, default: object = None) -> object:
        """A value of this seat that is no event."""
        value = self._store.reads.setting(key)
        return default if value is None else value

    def set_setting(self, key: str, value: object) -> None:
        """Keep a value of this seat."""
        self._store.local.set_setting(key, value)

    def poll_changes(self) -> Changes:
        """What changed since the last call, by any program of the seat."""
        changed = self._store.poll()
        if changed is None:
            self.lists.forget()
            return Changes(
                incidents=frozenset({"*"}),
                units=frozenset({"*"}),
                cameras=frozenset({"*"}),
                packs=frozenset({"*"}),
                calls=frozenset({"*"}),
                whistles=frozenset({"*"}),
                masks=frozenset({"*"}),
                duty=True,
                positions=True,
                settings=True,
            )
        if changed.packs:
            self.lists.forget()
        if changed.cameras:
            self.lists.forget_cameras()
        return changed

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()


def _mask(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "*" * len(phone)
