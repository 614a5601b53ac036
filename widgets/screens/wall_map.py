"""Feeds the wall's map from the wall's own snapshot, so that map, lists and counts show the same instant."""
from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.domain.incident_process import (
    ACKNOWLEDGED,
    ASSIGNED,
    EN_ROUTE,
    FED_BACK,
    ON_SCENE,
    REGISTERED,
    REPORTED,
    VERIFIED,
)
from app.geo.base import BaseMap
from app.services.seat import Seat
from app.services.views import AreaRow, CameraRow, UnitRow
from widgets.bridge.bridge import Bridge
from widgets.bridge.faults import Fault
from widgets.bridge.runner import Runner, Task
from widgets.map.areaindex import AreaIndex
from widgets.map.base import PreparedBase, prepare_base
from widgets.map.layers import (
    CAMERA_OFFLINE,
    CAMERA_OK,
    CAMERA_UNKNOWN,
    METRIC_OPEN,
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
    Polygon,
    UnitMarks,
)
from widgets.map.mercator import world_x, world_y
from widgets.map.view import MapView
from widgets.wall.layout import WAR
from widgets.wall.snapshot import Marks, WallSnapshot

FEW, SHARE, TOP_ZOOM = 4, 0.75, 15.5
PULSE_S = 180.0
"""a level I/II incident is new for so long, and for as long as nobody has taken it"""
_PHASE = {REPORTED: PHASE_NEW, REGISTERED: PHASE_NEW, ASSIGNED: PHASE_NEW, ACKNOWLEDGED: PHASE_IN_HAND,
          EN_ROUTE: PHASE_IN_HAND, ON_SCENE: PHASE_ON_SCENE, FED_BACK: PHASE_ANSWERED, VERIFIED: PHASE_ANSWERED}
_STATUS = {"free": UNIT_FREE, "going": UNIT_GOING, "on_scene": UNIT_ON_SCENE, "off": UNIT_OFF}
_CAMERA = {"online": CAMERA_OK, "offline": CAMERA_OFFLINE}
_MODE_LAYERS = {"tracks": True, "fov": False, "cameras": False, "components": False}
"""what wartime shows (True) or puts away (False); peacetime the other way round, components never"""


class WorkMap(MapView):
    """The wall's map: fits to where most of the grave work is. What lies far off shows as a dot in the inset."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, mode="wall")
        self.focus_id = ""

    def fit_to_work(self) -> None:
        """The nearest three quarters of the level I/II incidents around their middle, and the most urgent one always."""
        marks = self.live.incidents
        x, y = world_x(marks.lon), world_y(marks.lat)
        grave = np.flatnonzero(np.isfinite(x) & np.isfinite(y) & (np.asarray(marks.level) <= 2))
        if len(grave) < FEW:
            super().fit_to_work()
            return
        far = np.hypot(x[grave] - np.median(x[grave]), y[grave] - np.median(y[grave]))
        kept = grave[np.argsort(far, kind="stable")[:max(FEW - 1, math.ceil(len(grave) * SHARE))]].tolist()
        if self.focus_id in marks.ids:
            at = list(marks.ids).index(self.focus_id)
            if math.isfinite(x[at] + y[at]):
                kept.append(at)
        self._fit_pending = False
        self.fit_world((float(x[kept].min()), float(y[kept].min()), float(x[kept].max()), float(y[kept].max())), TOP_ZOOM)


class WallMap(QObject):
    """Keeps a `MapView` in wall mode up to date: `show(snapshot, now)` with each snapshot and each second."""

    def __init__(self, bridge: Bridge, runner: Runner, view: WorkMap, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._runner, self._view = bridge, runner, view
        self._area_version = -1
        self._marks = -1
        self._pulsing: frozenset[int] = frozenset()
        self._units: Sequence[UnitRow] | None = None
        self._cameras: Sequence[CameraRow] | None = None
        self._mode = ""
        self._unit_second = -1

    def show(self, snapshot: WallSnapshot, now: float) -> None:
        """Give the map what changed."""
        if snapshot.area_version != self._area_version:
            self._area_version = snapshot.area_version
            self._view.areas_loading = True
            self._bridge.ask(_read_areas, self._on_areas, owner=self, key="areas")
        if snapshot.mode != self._mode:
            self._mode = snapshot.mode
            war = snapshot.mode == WAR
            for layer, in_war in _MODE_LAYERS.items():
                self._view.set_layer_visible(layer, in_war == war and layer != "components")
        self._view.set_area_values(METRIC_OPEN, {a.area_id: float(a.open) for a in snapshot.status.areas if a.open})
        self._view.focus_id = snapshot.focus.row.id if snapshot.focus is not None else ""
        if snapshot.marks is not None:
            self._show_incidents(snapshot.marks, now)
        if snapshot.units is not self._units or int(now) // 5 != self._unit_second:
            self._units, self._unit_second = snapshot.units, int(now) // 5
            self._view.set_units(unit_marks(snapshot.units, now))
        if snapshot.cameras is not self._cameras:
            self._cameras = snapshot.cameras
            self._view.set_cameras(camera_layer(snapshot.cameras))

    def _show_incidents(self, marks: Marks, now: float) -> None:
        grave = np.flatnonzero(marks.level <= 2)
        fresh = frozenset(int(i) for i in grave if now - marks.reported_at[i] < PULSE_S or marks.phase[i] == REPORTED)
        if marks.version == self._marks and fresh == self._pulsing:
            return
        self._marks, self._pulsing = marks.version, fresh
        pulse = np.zeros(len(marks.ids), np.bool_)
        pulse[list(fresh)] = True
        phase = np.array([_PHASE.get(p, PHASE_IN_HAND) for p in marks.phase], np.int8)
        self._view.set_incidents(IncidentMarks(marks.ids, marks.lon, marks.lat, marks.level, phase, pulse))

    def _on_areas(self, found: tuple[list[AreaRow], str | None]) -> None:
        areas, base = found
        self._runner.run(lambda _task: AreaIndex(area_layer(areas)), self._view.set_areas, owner=self)
        if base:
            path = Path(base)
            self._runner.run(lambda task: load_base(path, task), self._on_base, self._on_base_fault, owner=self)

    @Slot(object)
    def _on_base(self, base: PreparedBase) -> None:
        self._view.set_base(base)

    def _on_base_fault(self, fault: Fault) -> None:
        """The map goes on without a base: areas and incidents do not need it."""


def _read_areas(seat: Seat) -> tuple[list[AreaRow], str | None]:
    return seat.areas(), seat.base_map()


def load_base(path: Path, task: Task) -> PreparedBase:
    """Read and project the vector base. Runs on a worker thread; raises KnownFault for a broken file."""
    base = BaseMap.load(path)
    return prepare_base(BaseLayer(base.roads, base.road_class, base.road_names, base.water_lines, base.water, base.greens,
                                  base.buildings, base.attribution, base.generated))


def polygons_of(wkb: bytes | None) -> list[Polygon]:
    """Polygons of an area's geometry as lists of rings, each (n, 2)."""
    if not wkb:
        return []
    parts = shapely.get_parts(shapely.from_wkb(wkb))
    return [[shapely.get_coordinates(r) for r in (p.exterior, *p.interiors)] for p in parts
            if p.geom_type == "Polygon" and not p.is_empty]


def area_layer(areas: Sequence[AreaRow]) -> AreaLayer:
    """Areas for the map."""
    return AreaLayer([a.id for a in areas], [a.name for a in areas], np.array([a.level for a in areas], np.int8),
                     [polygons_of(a.wkb) for a in areas], np.array([a.dedicated for a in areas], np.bool_),
                     [a.parent_id or "" for a in areas], any(a.generated for a in areas))


def unit_marks(units: Sequence[UnitRow], now: float) -> UnitMarks:
    """Forces with the age of their positions; one never heard of has none."""
    nan = float("nan")
    return UnitMarks(
        [u.id for u in units], np.array([nan if u.lon is None else u.lon for u in units], float),
        np.array([nan if u.lat is None else u.lat for u in units], float),
        np.array([_STATUS.get(u.status, UNIT_UNKNOWN) for u in units], np.int8),
        np.array([nan if u.position_at is None else max(0.0, now - u.position_at) for u in units], float),
        np.array([nan if u.heading is None else u.heading for u in units], float))


def camera_layer(cameras: Sequence[CameraRow]) -> CameraLayer:
    """Cameras with their state and field of view."""
    nan = float("nan")

    def column(values: Sequence[float | None], default: float) -> np.ndarray:
        return np.array([default if v is None else v for v in values], float)

    return CameraLayer(
        [c.id for c in cameras], column([c.lon for c in cameras], nan), column([c.lat for c in cameras], nan),
        column([c.heading for c in cameras], nan), column([c.fov for c in cameras], 60.0),
        column([c.range_m for c in cameras], 60.0),
        np.array([_CAMERA.get(c.state, CAMERA_UNKNOWN) for c in cameras], np.int8),
        np.array([c.kind == "lookout" for c in cameras], np.bool_))
