"""One reading of the seat for the whole wall: every panel shows the same instant, so that no two can disagree."""
from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.domain.faults import KnownFault, Message
from app.services.book import Book
from app.services.changes import Changes
from app.services.duty_views import DutyView
from app.services.queue_order import is_open, is_overdue, order_key
from app.services.seat import Seat
from app.services.seat_lists import FACING_GAINS_M, faces_point
from app.services.video_walls import NOTHING_CHOSEN, ON_WALL, PATROLS, VISITORS, WALLS, Chosen, chosen_of
from app.services.views import (
    AssignmentView,
    CameraRow,
    Flag,
    QueueRow,
    Status,
    TimelineEntry,
    ToldView,
    Warning_,
)
from widgets.wall.layout import PEACE, WAR
from widgets.wall.phrases import is_hidden
from widgets.wall.privacy import public_text

URGENT_LEVEL: Mapping[str, int] = {PEACE: 2, WAR: 3}
"""The lowest level that counts as urgent, by mode: wartime widens it to III."""
LIST_ROWS = 60
"""rows of a list that a wall can ever show; the counts are those of all"""
TICKER_ROWS = 24
GRAVE_LEVEL = 2
"""levels I and II turn the cameras"""
MOST_TILES = 9
NEAR_M, LOOKOUT_M, EARTH_M = 1_000.0, 5_000.0, 6_371_000.0
"""a camera further off than this shows nothing of an incident"""


@dataclass(frozen=True, slots=True)
class Focus:
    """The most urgent incident: what, who, told, missing. No reporter, no words of people."""

    row: QueueRow
    assignments: tuple[AssignmentView, ...]
    told: tuple[ToldView, ...]
    missing: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class News:
    """One line of the ticker: the event without anybody's own words, and the incident as it is now."""

    entry: TimelineEntry
    row: QueueRow | None
    unit: str = ""
    """the force it is about, by name; "" when none or unknown"""
    service: str = ""
    """of "told": 110, 119, 120, 122"""


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One step of the plan in force."""

    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of the wartime mode with its steps, from the seat's setting `plan`."""

    title: str
    items: tuple[PlanItem, ...]


@dataclass(frozen=True, slots=True)
class WallSnapshot:
    """All that the wall shows, read at `at` (the status' own instant)."""

    at: float
    status: Status
    book: Book
    centre_name: str
    nature: str
    mode: str
    urgent: tuple[QueueRow, ...]
    urgent_total: int
    supervised: tuple[QueueRow, ...]
    supervised_total: int
    focus: Focus | None
    duty: DutyView | None
    warnings: tuple[Warning_, ...]
    news: tuple[News, ...]
    plan: Plan | None
    urgent_ids: frozenset[str] = field(default_factory=frozenset)
    """level I/II incidents: the map re-fits only when this set changes"""
    grave: QueueRow | None = None
    """the newest level I/II incident with a point that the cameras may turn to"""
    beside: tuple[CameraRow, ...] = ()
    """wall cameras nearest to it, nearest first"""
    wall_cameras: tuple[CameraRow, ...] = ()
    """all cameras that a wall may show, for the patrol"""
    cameras: int = 0
    """cameras known at all; 0: none is connected"""
    chosen: Chosen = NOTHING_CHOSEN
    """what somebody told the wall's tiles to show"""
    visitors: bool = False
    """whether visitors are in the room"""


def is_urgent(row: QueueRow, mode: str) -> bool:
    """Whether an open incident belongs in the urgent list by its level."""
    return row.level <= URGENT_LEVEL.get(mode, 2)


def read_plan(value: object) -> Plan | None:
    """The plan in force from the setting's JSON ``{"title": str, "items": [{"text": str, "done": bool}]}``; else
    None."""
    if not isinstance(value, Mapping) or not value.get("title"):
        return None
    items = value.get("items")
    steps = [PlanItem(str(i.get("text", "")), bool(i.get("done"))) for i in items if isinstance(i, Mapping)] \
        if isinstance(items, list) else []
    return Plan(str(value["title"]), tuple(steps))


class WallReader:
    """Reads snapshots. Lives on the bridge's database thread; keeps the open rows and asks only for what changed."""

    def __init__(self) -> None:
        self._rows: dict[str, QueueRow] | None = None
        self._changed: set[str] = set()
        self._cameras: tuple[CameraRow, ...] | None = None
        self._near: tuple[str, float | None, float | None, tuple[CameraRow, ...]] | None = None
        self._differed = False

    def note(self, changes: Changes) -> None:
        """Remember what to read anew. Call it on the database thread."""
        self._changed |= changes.incidents
        if changes.cameras or changes.packs:
            self._cameras, self._near = None, None
        if changes.packs:
            self._rows = None

    def forget(self) -> None:
        """Read everything anew next time (after the seat was lost)."""
        self._rows = None
        self._cameras, self._near = None, None

    def read(self, seat: Seat) -> WallSnapshot:
        """One reading. Raises what the seat raises; nothing is half read.

        Rows and counts must tell the same: where they differ in two readings running, all rows are read anew. (Once is
        no fault: another program wrote in between, and the change comes with the next batch.)
        """
        rows = self._refresh(seat)
        snapshot = self._snapshot(seat, seat.status(), rows)
        if agrees(snapshot.status, rows.values()):
            self._differed = False
        elif not self._differed:
            self._differed = True
        else:
            self.forget()
            snapshot = self._snapshot(seat, seat.status(), self._refresh(seat))
            self._differed = False
        return snapshot

    def _refresh(self, seat: Seat) -> dict[str, QueueRow]:
        if self._rows is None:
            self._rows = {row.id: row for row in seat.queue()}
            self._changed.clear()
        elif self._changed:
            ids = tuple(self._changed)
            found = {row.id: row for row in seat.queue(ids)}
            for incident_id in ids:
                row = found.get(incident_id)
                if row is not None and is_open(row):
                    self._rows[incident_id] = row
                else:
                    self._rows.pop(incident_id, None)
            self._changed.clear()
        return self._rows

    def _snapshot(self, seat: Seat, status: Status, rows: dict[str, QueueRow]) -> WallSnapshot:
        mode = WAR if seat.setting("mode", PEACE) == WAR else PEACE
        now, book = status.as_of, seat.book
        urgent, supervised, grave, urgent_ids = sieve(rows.values(), mode, now)
        newest = newest_grave(grave, book)
        wall_cameras = tuple(c for c in self._all_cameras(seat) if c.on_wall)
        return WallSnapshot(
            at=now, status=status, book=book, centre_name=seat.centre_name, nature=seat.nature, mode=mode,
            urgent=first_rows(urgent), urgent_total=len(urgent),
            supervised=first_rows(supervised), supervised_total=len(supervised),
            focus=read_focus(seat, urgent, mode), duty=seat.duty(), warnings=tuple(seat.warnings()),
            news=self._news(seat, rows), plan=read_plan(seat.setting("plan")),
            urgent_ids=frozenset(urgent_ids),
            grave=newest, beside=self._beside(seat, newest), cameras=len(self._all_cameras(seat)),
            wall_cameras=wall_cameras,
            chosen=chosen_of(seat.setting(ON_WALL), seat.setting(WALLS), seat.setting(PATROLS), wall_cameras,
                             book.areas), visitors=seat.setting(VISITORS) is True)

    def _news(self, seat: Seat, rows: dict[str, QueueRow]) -> tuple[News, ...]:
        entries = seat.timeline(TICKER_ROWS)
        ended = {e.incident_id for e in entries} - set(rows)
        known = {row.id: row for row in seat.queue(tuple(ended))} if ended else {}
        names = self._unit_names(seat, entries)
        return tuple(News(without_words(e), rows.get(e.incident_id) or known.get(e.incident_id), unit_of(e, names),
                          str(e.what.params.get("service", ""))[:3]) for e in entries)

    @staticmethod
    def _unit_names(seat: Seat, entries: Iterable[TimelineEntry]) -> dict[str, str]:
        ids = {str(e.what.params["unit"]) for e in entries if e.what.params.get("unit")}
        return {u.id: u.name for u in seat.units(ids)} if ids else {}

    def _all_cameras(self, seat: Seat) -> tuple[CameraRow, ...]:
        if self._cameras is None:
            self._cameras = tuple(_public(c) if c.on_wall else c for c in seat.cameras())
        return self._cameras

    def _beside(self, seat: Seat, grave: QueueRow | None) -> tuple[CameraRow, ...]:
        if grave is None or grave.lon is None or grave.lat is None:
            return ()
        if self._near is None or self._near[:3] != (grave.id, grave.lon, grave.lat):
            near = nearest([c for c in self._all_cameras(seat) if c.on_wall], grave.lon, grave.lat)
            self._near = (grave.id, grave.lon, grave.lat, near)
        return self._near[3]


def _public(camera: CameraRow) -> CameraRow:
    """The camera with a name that everybody may read: some carry a keeper's name and number."""
    name = public_text(camera.name)
    return camera if name == camera.name else replace(camera, name=name)


Sieved = tuple[list[QueueRow], list[QueueRow], list[QueueRow], list[str]]


def sieve(rows: Iterable[QueueRow], mode: str, now: float) -> Sieved:
    """Urgent or overdue, supervised, grave with a point, ids of level I/II; in one pass over many rows."""
    least, supervised_bit = URGENT_LEVEL.get(mode, GRAVE_LEVEL), int(Flag.SUPERVISED)
    urgent, supervised, grave, ids = list[QueueRow](), list[QueueRow](), list[QueueRow](), list[str]()
    for row in rows:
        level, due = row.level, row.due_at
        if level <= least or (due is not None and due < now and is_overdue(row, now)):
            urgent.append(row)
        if row.flags & supervised_bit:
            supervised.append(row)
        if level <= GRAVE_LEVEL:
            ids.append(row.id)
            if row.lon is not None:
                grave.append(row)
    return urgent, supervised, grave, ids


def first_rows(rows: Sequence[QueueRow]) -> tuple[QueueRow, ...]:
    """The first `LIST_ROWS` in the queue's order."""
    return tuple(heapq.nsmallest(LIST_ROWS, rows, key=lambda row: (order_key(row), row.id)))


def unit_of(entry: TimelineEntry, names: Mapping[str, str]) -> str:
    """The name of the force an event is about. An id without a name says nothing to anybody: ""."""
    unit, name = str(entry.what.params.get("unit", "")), str(entry.what.params.get("unit_name", ""))
    return names.get(unit) or (name if name != unit else "")


def nearest(cameras: Iterable[CameraRow], lon: float, lat: float) -> tuple[CameraRow, ...]:
    """Cameras that may see a point: those that face it before near equals, off-line ones last; lookouts see further."""
    found: list[CameraRow] = []
    for camera in cameras:
        if camera.lon is None or camera.lat is None:
            continue
        east = math.radians(camera.lon - lon) * math.cos(math.radians(lat))
        far = math.hypot(east, math.radians(camera.lat - lat)) * EARTH_M
        if far <= (LOOKOUT_M if camera.kind == "lookout" else NEAR_M):
            found.append(replace(camera, distance_m=far, faces=faces_point(camera, lon, lat)))
    found.sort(key=lambda c: (c.state == "offline" or not c.source,
                              (c.distance_m or 0.0) - (FACING_GAINS_M if c.faces else 0.0), c.id))
    return tuple(found[:MOST_TILES])


def newest_grave(rows: Iterable[QueueRow], book: Book) -> QueueRow | None:
    """The newest of the rows that the cameras may turn to: sensitive ones are passed over."""
    newest = sorted(rows, key=lambda r: (r.reported_at, r.id), reverse=True)
    return next((r for r in newest if not is_hidden(r, book)), None)


def agrees(status: Status, rows: Iterable[QueueRow]) -> bool:
    """Whether open rows and the status' counts tell the same."""
    now, bit = status.as_of, int(Flag.SUPERVISED)
    total = overdue = supervised = 0
    for row in rows:
        total += 1
        if row.due_at is not None and row.due_at < now and is_overdue(row, now):
            overdue += 1
        if row.flags & bit:
            supervised += 1
    tabs = status.tabs
    return (total, overdue, supervised) == (tabs.get("all", total), tabs.get("overdue", overdue),
                                            tabs.get("supervised", supervised))


def read_focus(seat: Seat, urgent: Sequence[QueueRow], mode: str) -> Focus | None:
    """The most urgent incident by level, then by the queue's order; None while none is urgent by its level."""
    row = most_urgent(urgent, mode)
    if row is None:
        return None
    try:
        view = seat.incident(row.id)
    except KnownFault:
        return Focus(row, (), (), ())
    return Focus(view.row, view.assignments, view.told, view.missing)


def most_urgent(urgent: Iterable[QueueRow], mode: str) -> QueueRow | None:
    """Highest level first, whether taken or not; within it the queue's order. Held ones come last."""
    return min((r for r in urgent if is_urgent(r, mode)), default=None,
               key=lambda r: (bool(r.flags & Flag.HELD), r.level, order_key(r), r.id))


def without_words(entry: TimelineEntry) -> TimelineEntry:
    """The entry without what people wrote or who they are."""
    return replace(entry, what=Message(entry.kind), text="", actor="", photos=())
