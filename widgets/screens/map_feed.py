"""What keeps a map view fed from a seat: areas, base, components, cameras, forces, incidents. Desk and wall share it.

    feed = MapFeed(bridge, view, wall=False)
    feed.start()                      # after bridge.ready

Heavy shapes are made on the bridge's thread. Incidents are kept as columns and change one by one; a flood repaints the
map at most once a second. On a wall, incidents of sensitive kinds stand in the middle of their grid.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from PySide6.QtCore import QObject, QTimer, Slot
from shapely.geometry.base import BaseGeometry

from app.domain.incident_process import (
    ASSIGNED,
    FED_BACK,
    ON_SCENE,
    OPEN_PHASES,
    REGISTERED,
    REPORTED,
    VERIFIED,
)
from app.geo.base import BaseMap
from app.services.changes import Changes
from app.services.drone_watch import DroneLimits, is_low, is_missed, limits_of
from app.services.seat import ComponentColumns, Seat
from app.services.views import AreaRow, CameraRow, Flag, QueueRow, Status, UnitRow
from widgets.bridge import Bridge, Fault
from widgets.map.areaindex import AreaIndex
from widgets.map.base import PreparedBase, prepare_base
from widgets.map.layers import (
    CAMERA_OFFLINE,
    CAMERA_OK,
    CAMERA_UNKNOWN,
    METRIC_HOUSEHOLDS,
    METRIC_OPEN,
    METRIC_OVERDUE,
    PHASE_ANSWERED,
    PHASE_IN_HAND,
    PHASE_NEW,
    PHASE_ON_SCENE,
    UNIT_FREE,
    UNIT_GOING,
    UNIT_OFF,
    UNIT_ON_SCENE,
    UNIT_UNKNOWN,
    AreaLayer,
    BaseLayer,
    CameraLayer,
    IncidentMarks,
    PointLayer,
    Polygon,
    RasterLayer,
    UnitMarks,
)
from widgets.map.view import MapView
from widgets.screens.track_keeper import TrackKeeper

AGE_STEP_MS = 5_000
UNITS_PAUSE_MS = 1_000
RETRY_MS = 2_000
"""what could not be read is asked for again after this"""
FLOOD_ROWS, FLOOD_PAUSE_MS, PAUSE_MS = 1_500, 1_000, 50
RASTER_SETTING = "map.raster"
"""a description as `app.geo.tiles.open_source` takes it (`main.py basemap set`)"""
_OPEN = frozenset(OPEN_PHASES)
_PHASES = {REPORTED: PHASE_NEW, ON_SCENE: PHASE_ON_SCENE, FED_BACK: PHASE_ANSWERED, VERIFIED: PHASE_ANSWERED}
_UNTAKEN = frozenset({REPORTED, REGISTERED, ASSIGNED})
_UNITS = {"free": UNIT_FREE, "going": UNIT_GOING, "on_scene": UNIT_ON_SCENE, "off": UNIT_OFF, "unknown": UNIT_UNKNOWN}
_CAMERAS = {"online": CAMERA_OK, "offline": CAMERA_OFFLINE, "unknown": CAMERA_UNKNOWN}
_SENSITIVE = int(Flag.SENSITIVE)
Point = tuple[float, float]


@dataclass(slots=True)
class _Ground:
    """What was made of the areas on the bridge's thread."""

    index: AreaIndex
    households: dict[str, float]
    middles: dict[str, Point]


@dataclass(slots=True)
class IncidentColumns:
    """Open incidents as dense columns; a row that goes leaves its place to the last one."""

    ids: list[str] = field(default_factory=list)
    _place: dict[str, int] = field(default_factory=dict)
    _lonlat: np.ndarray = field(default_factory=lambda: np.full((1024, 2), np.nan))
    _marks: np.ndarray = field(default_factory=lambda: np.zeros((1024, 3), np.int8))

    def __len__(self) -> int:
        return len(self.ids)

    def put(self, row: QueueRow, at: Point | None) -> None:
        """Add or change one; `at` None: it has no place on the map."""
        place = self._place.get(row.id)
        if place is None:
            place = self._place[row.id] = len(self.ids)
            self.ids.append(row.id)
            if place >= len(self._lonlat):
                self._lonlat = np.concatenate((self._lonlat, np.full_like(self._lonlat, np.nan)))
                self._marks = np.concatenate((self._marks, np.zeros_like(self._marks)))
        self._lonlat[place] = (math.nan, math.nan) if at is None else at
        self._marks[place] = (row.level, _PHASES.get(row.phase, PHASE_IN_HAND),
                              row.level <= 2 and row.phase in _UNTAKEN)

    def drop(self, incident_id: str) -> None:
        """Take one away; unknown ids are ignored."""
        place = self._place.pop(incident_id, None)
        if place is None:
            return
        last = self.ids.pop()
        if last != incident_id:
            self.ids[place] = last
            self._place[last] = place
            self._lonlat[place] = self._lonlat[len(self.ids)]
            self._marks[place] = self._marks[len(self.ids)]

    def marks(self) -> IncidentMarks:
        """A copy for the map."""
        n = len(self.ids)
        return IncidentMarks(tuple(self.ids), self._lonlat[:n, 0].copy(), self._lonlat[:n, 1].copy(),
                             self._marks[:n, 0].copy(), self._marks[:n, 1].copy(), self._marks[:n, 2] != 0)


class MapFeed(QObject):
    """Feeds one `MapView`. `units`, `cameras`: rows as fed last, by id. `on_fault(Fault)`: what could not be read, told
    once; it is read again every `RETRY_MS` and when the store works again, then `on_fault(None)`."""

    def __init__(self, bridge: Bridge, view: MapView, *, wall: bool = False, lang: str = "zh_CN",
                 on_fault: Callable[[Fault | None], None] | None = None) -> None:
        super().__init__(view)
        self._bridge, self._view, self._wall, self._lang = bridge, view, wall, lang
        self._on_fault = on_fault
        self.units: dict[str, UnitRow] = {}
        self.cameras: dict[str, CameraRow] = {}
        self.incidents = IncidentColumns()
        self.components: ComponentColumns | None = None
        self.middles: dict[str, Point] = {}
        self._raster: object = None
        self._tracks, self._drones = TrackKeeper(), set[str]()
        self._dirty: set[str] = set()
        self._asking = False
        self._loaded = False
        self._again: dict[str, Callable[[], None]] = {}
        self._failing: set[str] = set()
        self._timers: dict[str, QTimer] = {}
        for name, wait_ms, slot in (("draw", PAUSE_MS, self._draw_incidents),
                                    ("units", UNITS_PAUSE_MS, self._ask_units),
                                    ("again", RETRY_MS, self.read_again),
                                    ("ages", AGE_STEP_MS, self._draw_units)):
            timer = QTimer(self)
            timer.setInterval(wait_ms)
            timer.setSingleShot(name != "ages")
            timer.timeout.connect(slot)
            self._timers[name] = timer

    # ---- life ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Ask for everything, and follow the changes from now on."""
        self._bridge.changed.connect(self._on_changed)
        self._bridge.trouble.connect(self._on_trouble)
        self._ask_ground()
        self._ask_all_incidents()
        self._ask_units()
        self._ask_cameras()
        self._timers["ages"].start()

    def stop(self) -> None:
        """Follow no more."""
        self._bridge.changed.disconnect(self._on_changed)
        self._bridge.trouble.disconnect(self._on_trouble)
        for timer in self._timers.values():
            timer.stop()

    def is_settled(self) -> bool:
        """Whether the marks on the map are those of the rows that were asked for."""
        return self._loaded and not self._asking and not self._dirty and not self._timers["draw"].isActive()

    def set_language(self, lang: str) -> None:
        """Names of kinds of components in another language."""
        self._lang = lang
        if self.components is not None:
            self._on_components(self.components)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.packs or changes.areas:
            self._ask_ground()
        if changes.settings and not (changes.packs or changes.areas):
            self._ask_raster()
        if changes.packs or "*" in changes.incidents:
            self._ask_all_incidents()
        elif changes.incidents:
            self._dirty |= changes.incidents
            self._ask_dirty()
        if changes.packs:
            self._ask_cameras()
        if changes.packs or changes.areas:
            self._tracks.forget()
        if changes.units or changes.positions or changes.packs:
            self._begin("units")
        if changes.cameras and not changes.packs:
            some = len(changes.cameras) < 200 and "*" not in changes.cameras
            self._ask_cameras(changes.cameras if some else None)

    def _begin(self, timer: str) -> None:
        if not self._timers[timer].isActive():
            self._timers[timer].start()

    def _ask(self, fn: Callable[[Seat], object], done: Callable[..., None], key: str) -> None:
        def came(answer: object) -> None:
            self._read(key)
            done(answer)

        self._bridge.ask(fn, came, lambda fault: self._failed(key, fault, lambda: self._ask(fn, done, key)),
                         owner=self, key=key)

    # ---- what could not be read ------------------------------------------------------------------------------------

    def _failed(self, key: str, fault: Fault, again: Callable[[], None]) -> None:
        """Not read: told once, tried again."""
        self._again[key] = again
        self._begin("again")
        told = bool(self._failing)
        self._failing.add(key)
        if self._on_fault is not None and not told:
            self._on_fault(fault)

    def _read(self, key: str) -> None:
        """It was read; when it was the last that could not be, that is told."""
        self._again.pop(key, None)
        if key in self._failing:
            self._failing.discard(key)
            if self._on_fault is not None and not self._failing:
                self._on_fault(None)

    @Slot()
    def read_again(self) -> None:
        """Ask once more for what could not be read."""
        waiting, self._again = self._again, {}
        for ask in waiting.values():
            ask()

    @Slot(object)
    def _on_trouble(self, fault: Fault | None) -> None:
        if fault is None:
            self.read_again()

    # ---- ground ----------------------------------------------------------------------------------------------------

    def _ask_ground(self) -> None:
        self._ask(lambda seat: make_ground(seat.areas()), self._on_ground, "ground")
        self._ask(load_base, self._on_base, "base")
        self._ask_raster()
        self._ask(lambda seat: seat.components(), self._on_components, "components")

    def _on_ground(self, ground: _Ground) -> None:
        self.middles = ground.middles
        self._view.set_areas(ground.index)
        self._view.set_area_values(METRIC_HOUSEHOLDS, ground.households)
        if self._wall:
            self._ask_all_incidents()

    def _on_base(self, base: PreparedBase | None) -> None:
        self._view.set_base(base)

    def _ask_raster(self) -> None:
        self._ask(lambda seat: seat.setting(RASTER_SETTING), self._on_raster, "raster")

    def _on_raster(self, description: object) -> None:
        if description == self._raster:
            return
        self._raster = description
        self._view.set_raster(raster_layer(description))

    def _on_components(self, columns: ComponentColumns) -> None:
        self.components = columns
        facts = self._bridge.facts
        names = [facts.book.label("component_kind", k, self._lang) if facts else k for k in columns.kinds]
        kind = np.asarray(columns.kind_index).astype(np.int8)
        lon, lat = np.asarray(columns.lon), np.asarray(columns.lat)
        self._view.set_components(PointLayer(columns.ids, lon, lat, kind, names))

    # ---- incidents -------------------------------------------------------------------------------------------------

    def _ask_all_incidents(self) -> None:
        self._asking = True
        self._dirty.clear()
        self._bridge.ask(lambda seat: seat.queue(), self._on_all, lambda fault: self._not_read(fault, frozenset()),
                         owner=self, key="incidents")

    def _on_all(self, rows: list[QueueRow]) -> None:
        self.incidents = IncidentColumns()
        self._loaded = True
        self._timers["draw"].start(PAUSE_MS)  # what is there when the screen begins waits for nothing
        self._take(rows)

    def _ask_dirty(self) -> None:
        if self._asking or not self._dirty or not self._loaded:
            return
        ids, self._dirty = self._dirty, set()
        self._asking = True
        self._bridge.ask(lambda seat: (seat.queue(ids), ids), self._on_rows, lambda fault: self._not_read(fault, ids),
                         owner=self)

    def _not_read(self, fault: Fault, ids: Collection[str]) -> None:
        self._asking = False
        self._dirty.update(ids)
        self._failed("incidents", fault, self._ask_dirty if self._loaded else self._ask_all_incidents)

    def _on_rows(self, answer: tuple[list[QueueRow], Collection[str]]) -> None:
        rows, ids = answer
        known = {row.id for row in rows}
        for gone in ids:
            if gone not in known:
                self.incidents.drop(gone)
        self._take(rows)

    def _take(self, rows: Iterable[QueueRow]) -> None:
        self._asking = False
        self._read("incidents")
        for row in rows:
            if row.phase in _OPEN:
                self.incidents.put(row, self._where(row))
            else:
                self.incidents.drop(row.id)
        draw = self._timers["draw"]
        if not draw.isActive():
            draw.start(FLOOD_PAUSE_MS if len(self.incidents) > FLOOD_ROWS else PAUSE_MS)
        self._ask_dirty()

    def _where(self, row: QueueRow) -> Point | None:
        if self._wall and row.flags & _SENSITIVE:
            return self.middles.get(row.area_id or "")
        return None if row.lon is None or row.lat is None else (row.lon, row.lat)

    @Slot()
    def _draw_incidents(self) -> None:
        self._view.set_incidents(self.incidents.marks())

    # ---- forces ----------------------------------------------------------------------------------------------------

    @Slot()
    def _ask_units(self) -> None:
        now = self._now()
        since = self._tracks.since(now)
        self._ask(lambda seat: (seat.units(), seat.tracks(since)),
                  lambda answer: self._on_units(answer, since, now), "units")

    def _now(self) -> float:
        facts = self._bridge.facts
        return facts.clock.now().timestamp() if facts is not None else 0.0

    def _on_units(self, answer: tuple[list[UnitRow], Mapping[str, Sequence[tuple[float, float, float]]]],
                  since: float, now: float) -> None:
        rows, tracks = answer
        self.units = {row.id: row for row in rows}
        self._draw_units()
        drones = {row.id for row in rows if row.kind == "drone"}
        if self._tracks.take(tracks, since, now) or drones != self._drones:
            self._drones = drones
            self._view.set_tracks(self._tracks.tracks(drones))

    @Slot()
    def _draw_units(self) -> None:
        now = self._now()
        rows = list(self.units.values())
        self._view.set_units(unit_marks([r for r in rows if r.kind != "drone"], now))
        self._view.set_drones(unit_marks([r for r in rows if r.kind == "drone"], now, self._drone_limits()))

    def _drone_limits(self) -> DroneLimits | None:
        facts = self._bridge.facts
        return limits_of(facts.book) if facts is not None else None

    # ---- cameras and counts ----------------------------------------------------------------------------------------

    def _ask_cameras(self, ids: Collection[str] | None = None) -> None:
        if ids is None:
            self._ask(lambda seat: seat.cameras(), self._on_all_cameras, "cameras")
        else:
            self._bridge.ask(lambda seat: seat.cameras(ids), self._on_cameras,
                             lambda fault: self._failed("cameras", fault, self._ask_cameras), owner=self)

    def _on_all_cameras(self, rows: list[CameraRow]) -> None:
        self.cameras = {}
        self._on_cameras(rows)

    def _on_cameras(self, rows: list[CameraRow]) -> None:
        self.cameras.update((row.id, row) for row in rows)
        self._view.set_cameras(camera_layer(list(self.cameras.values())))

    def show_counts(self, status: Status) -> None:
        """Colour the areas by the numbers that the screen has read: it hands them over with each new status."""
        self._view.set_area_values(METRIC_OPEN, {a.area_id: float(a.open) for a in status.areas})
        self._view.set_area_values(METRIC_OVERDUE, {a.area_id: a.overdue / a.open if a.open else 0.0
                                                    for a in status.areas})


def make_ground(rows: Sequence[AreaRow]) -> _Ground:
    """Areas as the map takes them, their households and a point inside each. Slow for many: not on the GUI thread."""
    kept = [row for row in rows if row.wkb is not None]
    shapes: list[BaseGeometry] = [shapely.from_wkb(row.wkb or b"") for row in kept]
    layer = AreaLayer([r.id for r in kept], [r.name for r in kept], np.array([r.level for r in kept], np.int8),
                      [rings(shape) for shape in shapes], np.array([r.dedicated for r in kept], np.bool_),
                      [r.parent_id or "" for r in kept], any(r.generated for r in kept))
    middles = {row.id: (p.x, p.y) for row, shape in zip(kept, shapes, strict=True)
               if not shape.is_empty for p in (shape.representative_point(),)}
    households = {r.id: float(r.households) for r in kept if r.households is not None}
    return _Ground(AreaIndex(layer), households, middles)


def rings(shape: BaseGeometry) -> list[Polygon]:
    """The polygons of a geometry, each as [outer ring, hole, ...] of (n, 2) arrays; lines and points are left out."""
    polygons: list[Polygon] = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            polygons.append([np.asarray(part.exterior.coords)[:, :2],
                             *(np.asarray(hole.coords)[:, :2] for hole in part.interiors)])
        elif part.geom_type in ("MultiPolygon", "GeometryCollection"):
            polygons += rings(part)
    return polygons


def load_base(seat: Seat) -> PreparedBase | None:
    """The seat's vector base, or None where it has none. Slow: not on the GUI thread."""
    path = seat.base_map()
    if path is None:
        return None
    base = BaseMap.load(Path(path))
    return prepare_base(BaseLayer(base.roads, base.road_class, base.road_names, base.water_lines, base.water,
                                  base.greens, base.buildings, base.attribution, base.generated))


def raster_layer(description: object) -> RasterLayer | None:
    """A raster base as the map takes it, with whose it is and its approval number; None for none."""
    if not isinstance(description, Mapping):
        return None
    credit = " ".join(str(description.get(name) or "") for name in ("attribution", "approval")).strip()
    return RasterLayer(description, credit, max_zoom=int(description.get("max_zoom", 30)))


def _column(values: Iterable[float | None]) -> np.ndarray:
    return np.array([math.nan if v is None else v for v in values], np.float64)


def unit_marks(rows: Sequence[UnitRow], now: float, limits: DroneLimits | None = None) -> UnitMarks:
    """Forces as marks; the age of a position is counted from `now`. A drone that nobody hears is nowhere for sure;
    `limits`: from which on it is in trouble."""
    warn = None if limits is None else np.array([r.drone is not None and (
        is_low(r.drone, limits) or is_missed(r.drone, limits, now)) for r in rows], np.bool_)
    return UnitMarks([r.id for r in rows], _column(r.lon for r in rows), _column(r.lat for r in rows),
                     np.array([_UNITS.get(r.status, UNIT_UNKNOWN) for r in rows], np.int8),
                     _column(None if r.position_at is None or (r.drone is not None and r.drone.lost)
                             else max(0.0, now - r.position_at) for r in rows),
                     _column(r.heading for r in rows), warn)


def camera_layer(rows: Sequence[CameraRow]) -> CameraLayer:
    """Cameras as a layer."""
    fov = np.array([60.0 if r.fov is None else r.fov for r in rows], np.float64)
    reach = np.array([60.0 if r.range_m is None else r.range_m for r in rows], np.float64)
    return CameraLayer([r.id for r in rows], _column(r.lon for r in rows), _column(r.lat for r in rows),
                       _column(r.heading for r in rows), fov, reach,
                       np.array([_CAMERAS.get(r.state, CAMERA_UNKNOWN) for r in rows], np.int8),
                       np.array([r.kind == "lookout" for r in rows], np.bool_))
