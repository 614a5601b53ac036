"""The live layer: incidents, forces, drones, tracks. Drawn anew in each frame from arrays; positions on the screen are
worked out once per zoom level and change of data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from widgets.map.atlas import Atlas
from widgets.map.clusters import cluster_marks, spread
from widgets.map.fragments import Fragments
from widgets.map.geometry import array_path
from widgets.map.layers import (
    KIND_CLUSTER,
    KIND_DRONE,
    KIND_INCIDENT,
    KIND_UNIT,
    TRACK_DRONE,
    UNIT_GOING,
    FloatArray,
    Hit,
    IncidentMarks,
    IntArray,
    Track,
    UnitMarks,
)
from widgets.map.mercator import Viewport, ring_to_world, world_x, world_y
from widgets.map.palette import Palette, with_alpha
from widgets.map.sprites import (
    cluster_sprite,
    count_text,
    drone_sprite,
    heading_sprite,
    incident_sprite,
    unit_sprite,
)

INCIDENT_SIZE_PX = 30.0
CLUSTER_REACH_PX = 40.0
CELL_PX = 46
REACH_PX = 14.0
UNITS_FROM_ZOOM = 11.0
PULSE_MS = 1_600
PULSE_RADII_PX = (15.0, 27.0)


@dataclass(eq=False)
class Placed:
    """Incident marks as they lie at one zoom level: world pixels at that level, index into the marks, count of clusters."""

    level: float = -1.0
    x: FloatArray = field(default_factory=lambda: np.zeros(0))
    y: FloatArray = field(default_factory=lambda: np.zeros(0))
    true_x: FloatArray = field(default_factory=lambda: np.zeros(0))
    true_y: FloatArray = field(default_factory=lambda: np.zeros(0))
    member: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    count: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    half: FloatArray = field(default_factory=lambda: np.zeros(0))


class LiveLayer:
    """Marks in, pictures and hits out; all in device pixels of a viewport."""

    def __init__(self) -> None:
        self.incidents = IncidentMarks.empty()
        self.units = UnitMarks.empty()
        self.drones = UnitMarks.empty()
        self.tracks: list[tuple[Track, FloatArray]] = []
        self.shown = {"incidents": True, "units": True, "drones": True, "tracks": True}
        self.version = 0
        self._wx = self._wy = np.zeros(0)
        self._ux = self._uy = np.zeros(0)
        self._dx = self._dy = np.zeros(0)
        self._placed = Placed()
        self._style = 1.0
        self._palette: Palette | None = None
        self._atlas: Atlas | None = None
        self._rings: dict[str, int] = {}
        self._fragments = Fragments()

    def set_look(self, palette: Palette, style: float) -> None:
        self._palette, self._style = palette, style
        self._atlas = None
        self._rings = {}
        self._placed = Placed()
        self.version += 1

    def set_incidents(self, marks: IncidentMarks) -> None:
        self.incidents = marks
        self._wx, self._wy = world_x(marks.lon), world_y(marks.lat)
        self._placed = Placed()
        self.version += 1

    def set_units(self, marks: UnitMarks) -> None:
        self.units = marks
        self._ux, self._uy = world_x(marks.lon), world_y(marks.lat)

    def set_drones(self, marks: UnitMarks) -> None:
        self.drones = marks
        self._dx, self._dy = world_x(marks.lon), world_y(marks.lat)

    def set_tracks(self, tracks: Sequence[Track]) -> None:
        self.tracks = [(track, ring_to_world(track.points)) for track in tracks if len(track.points) > 1]

    def pulsing(self) -> bool:
        return bool(self.shown["incidents"] and self.incidents.pulse is not None
                    and (self.incidents.pulse & (self.incidents.level <= 2)).any())  # type: ignore[operator]

    def placed(self, view: Viewport) -> Placed:
        """Where the marks lie: I to III spread apart, IV clustered. The same until zoom or data change."""
        if self._placed.level != view.zoom:
            self._placed = self._place(view)
        return self._placed

    def _place(self, view: Viewport) -> Placed:
        level = np.asarray(self.incidents.level)
        ppu = view.ppu
        finite = np.isfinite(self._wx) & np.isfinite(self._wy)
        single = np.flatnonzero(finite & (level <= 3))
        minor = np.flatnonzero(finite & (level == 4))
        single = single[np.argsort(-level[single], kind="stable")]
        size = INCIDENT_SIZE_PX * self._style
        base_x, base_y = view.left, view.top
        tx, ty = self._wx[single] * ppu, self._wy[single] * ppu
        sx, sy = spread(tx - base_x, ty - base_y, size)
        bins = cluster_marks(self._wx[minor], self._wy[minor], CLUSTER_REACH_PX * self._style / ppu)
        cx, cy = bins.x * ppu, bins.y * ppu
        one = np.ones(len(single), np.int64)
        half = np.concatenate((np.where(bins.count > 1, 15.0, 12.0), np.full(len(single), 15.0))) * self._style
        member = minor[bins.member] if len(bins) else np.zeros(0, np.int64)
        return Placed(view.zoom, np.concatenate((cx, sx + base_x)), np.concatenate((cy, sy + base_y)),
                      np.concatenate((cx, tx)), np.concatenate((cy, ty)), np.concatenate((member, single)),
                      np.concatenate((bins.count, one)), half)

    def boxes(self, view: Viewport) -> FloatArray:
        """Boxes (n, 4) of the incident marks in view pixels: what labels keep off."""
        if not self.shown["incidents"] or not len(self.incidents.ids):
            return np.zeros((0, 4))
        p = self.placed(view)
        x, y = p.x - view.left, p.y - view.top
        seen = (x > -60) & (x < view.width + 60) & (y > -60) & (y < view.height + 60)
        x, y, half = x[seen], y[seen], p.half[seen]
        return np.column_stack((x - half, y - half, x + half, y + half))

    def unit_points(self, view: Viewport) -> FloatArray:
        """Positions (n, 2) of the shown forces in view pixels."""
        if not self.shown["units"] or view.zoom < UNITS_FROM_ZOOM:
            return np.zeros((0, 2))
        _, x, y = self._seen(self._ux * view.ppu - view.left, self._uy * view.ppu - view.top, view)
        return np.column_stack((x, y))

    def draw(self, painter: QPainter, view: Viewport, clock_ms: int) -> None:
        """Tracks, forces, drones, then incidents, the most urgent on top."""
        palette = self._palette
        if palette is None:
            return
        atlas = self._ready_atlas(palette)
        if self.shown["tracks"]:
            self._draw_tracks(painter, view, palette)
        fragments = self._fragments
        fragments.clear()
        if self.shown["units"] and view.zoom >= UNITS_FROM_ZOOM:
            self._add_units(fragments, atlas, view)
        if self.shown["drones"]:
            self._add_drones(fragments, atlas, view)
        if self.shown["incidents"]:
            self._draw_leaders(painter, view, palette)
            self._add_incidents(fragments, atlas, view)
        fragments.draw(painter, atlas.pixmap)
        if self.shown["incidents"]:
            self._draw_pulses(painter, view, palette, clock_ms)

    def _ready_atlas(self, palette: Palette) -> Atlas:
        if self._atlas is None:
            s = self._style
            atlas = Atlas(math.ceil(CELL_PX * s))
            atlas.add([incident_sprite(palette, level, phase, s) for level in (1, 2, 3, 4) for phase in range(4)])
            atlas.add([unit_sprite(palette, status, stale, s) for stale in (False, True) for status in range(5)])
            atlas.add([heading_sprite(palette, s), drone_sprite(palette, False, s), drone_sprite(palette, True, s)])
            self._atlas = atlas
        return self._atlas

    def _seen(self, x: FloatArray, y: FloatArray, view: Viewport) -> tuple[IntArray, FloatArray, FloatArray]:
        margin = CELL_PX * self._style
        index = np.flatnonzero((x > -margin) & (x < view.width + margin) & (y > -margin) & (y < view.height + margin))
        return index, np.floor(x[index] + 0.5), np.floor(y[index] + 0.5)

    def _add_units(self, fragments: Fragments, atlas: Atlas, view: Viewport) -> None:
        marks = self.units
        index, x, y = self._seen(self._ux * view.ppu - view.left, self._uy * view.ppu - view.top, view)
        if not len(index):
            return
        assert marks.status is not None
        assert marks.age_s is not None
        assert marks.heading is not None
        status = marks.status[index].astype(np.int64)
        stale = ~(marks.age_s[index] <= marks.stale_after_s)
        heading = marks.heading[index]
        turned = np.flatnonzero(np.isfinite(heading) & (status == UNIT_GOING) & ~stale)
        if view.zoom >= 14.0 and len(turned):
            fragments.add(x[turned], y[turned], atlas.sources, np.full(len(turned), _FIRST_EXTRA), heading[turned])
        fragments.add(x, y, atlas.sources, _FIRST_UNIT + status + 5 * stale)

    def _add_drones(self, fragments: Fragments, atlas: Atlas, view: Viewport) -> None:
        index, x, y = self._seen(self._dx * view.ppu - view.left, self._dy * view.ppu - view.top, view)
        if len(index):
            assert self.drones.age_s is not None
            stale = ~(self.drones.age_s[index] <= self.drones.stale_after_s)
            fragments.add(x, y, atlas.sources, _FIRST_EXTRA + 1 + stale.astype(np.int64))

    def _add_incidents(self, fragments: Fragments, atlas: Atlas, view: Viewport) -> None:
        p = self.placed(view)
        index, x, y = self._seen(p.x - view.left, p.y - view.top, view)
        if not len(index):
            return
        assert self.incidents.level is not None
        assert self.incidents.phase is not None
        member, count = p.member[index], p.count[index]
        sprite = (self.incidents.level[member].astype(np.int64) - 1) * 4 + self.incidents.phase[member]
        for i in np.flatnonzero(count > 1):
            sprite[i] = self._ring(atlas, int(count[i]))
        fragments.add(x, y, atlas.sources, sprite)

    def _ring(self, atlas: Atlas, count: int) -> int:
        text = count_text(count)
        found = self._rings.get(text)
        if found is None:
            assert self._palette is not None
            found = self._rings[text] = atlas.add([cluster_sprite(self._palette, count, self._style)])
        return found

    def _draw_leaders(self, painter: QPainter, view: Viewport, palette: Palette) -> None:
        """A hairline from a mark that was moved aside to where it really is."""
        p = self.placed(view)
        moved = np.flatnonzero(np.hypot(p.x - p.true_x, p.y - p.true_y) > 4.0 * self._style)
        if not len(moved):
            return
        x = np.column_stack((p.true_x[moved], p.x[moved])).ravel() - view.left
        y = np.column_stack((p.true_y[moved], p.y[moved])).ravel() - view.top
        painter.strokePath(array_path(x, y, np.arange(0, len(x), 2)), QPen(with_alpha(palette.text, 0.6), self._style))

    def _draw_pulses(self, painter: QPainter, view: Viewport, palette: Palette, clock_ms: int) -> None:
        assert self.incidents.level is not None
        assert self.incidents.pulse is not None
        p = self.placed(view)
        ringing = np.flatnonzero(self.incidents.pulse[p.member] & (self.incidents.level[p.member] <= 2))
        index, x, y = self._seen(p.x[ringing] - view.left, p.y[ringing] - view.top, view)
        inner, outer = (r * self._style for r in PULSE_RADII_PX)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for i, px, py in zip(index.tolist(), x.tolist(), y.tolist(), strict=True):
            colour = palette.level[int(self.incidents.level[p.member[ringing[i]]]) - 1]
            for part in (0.0, 0.5):
                share = (clock_ms % PULSE_MS / PULSE_MS + part) % 1.0
                painter.setPen(QPen(with_alpha(colour, 0.9 * (1.0 - share)), 2.0 * self._style))
                radius = inner + (outer - inner) * share
                painter.drawEllipse(QPointF(px, py), radius, radius)

    def pulse_boxes(self, view: Viewport) -> list[QRectF]:
        """Where the pulse rings are (device pixels), so that only they are repainted."""
        assert self.incidents.level is not None
        assert self.incidents.pulse is not None
        p = self.placed(view)
        ringing = np.flatnonzero(self.incidents.pulse[p.member] & (self.incidents.level[p.member] <= 2))
        half = (PULSE_RADII_PX[1] + 2.0) * self._style
        _, x, y = self._seen(p.x[ringing] - view.left, p.y[ringing] - view.top, view)
        return [QRectF(a - half, b - half, 2 * half, 2 * half) for a, b in zip(x.tolist(), y.tolist(), strict=True)]

    def _draw_tracks(self, painter: QPainter, view: Viewport, palette: Palette) -> None:
        for track, xy in self.tracks:
            x, y = xy[:, 0] * view.ppu - view.left, xy[:, 1] * view.ppu - view.top
            if x.max() < 0 or x.min() > view.width or y.max() < 0 or y.min() > view.height:
                continue
            drone = track.kind == TRACK_DRONE
            pen = QPen(QColor(palette.drone if drone else palette.muted), (1.6 if drone else 1.4) * self._style)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            if drone:
                pen.setDashPattern([3.0, 2.5])
            painter.strokePath(array_path(x, y, np.zeros(1, np.int64)), pen)

    def hits(self, view: Viewport, px: float, py: float) -> list[Hit]:
        """Marks under a point, incidents first, then drones and forces, the nearest first."""
        found: list[Hit] = []
        if self.shown["incidents"] and len(self.incidents.ids):
            p = self.placed(view)
            distance = np.hypot(p.x - view.left - px, p.y - view.top - py)
            near = np.flatnonzero(distance <= p.half + 2.0 * self._style)
            level = self.incidents.level
            assert level is not None
            for i in near[np.lexsort((distance[near], level[p.member[near]]))].tolist():
                if p.count[i] > 1:
                    found.append(Hit(KIND_CLUSTER, str(int(p.count[i])), float(distance[i])))
                else:
                    found.append(Hit(KIND_INCIDENT, self.incidents.ids[int(p.member[i])], float(distance[i])))
        reach = REACH_PX * self._style
        for kind, name, marks, wx, wy in ((KIND_DRONE, "drones", self.drones, self._dx, self._dy),
                                          (KIND_UNIT, "units", self.units, self._ux, self._uy)):
            if self.shown[name] and len(wx) and (kind == KIND_DRONE or view.zoom >= UNITS_FROM_ZOOM):
                distance = np.hypot(wx * view.ppu - view.left - px, wy * view.ppu - view.top - py)
                near = np.flatnonzero(distance <= reach)
                found += [Hit(kind, marks.ids[i], float(distance[i])) for i in near[np.argsort(distance[near])].tolist()]
        return found

    def position(self, view: Viewport, kind: str, ident: str) -> tuple[float, float] | None:
        """View pixels of a mark, or None; an incident inside a cluster is where it really is."""
        for name, marks, wx, wy in ((KIND_INCIDENT, self.incidents, self._wx, self._wy),
                                    (KIND_UNIT, self.units, self._ux, self._uy),
                                    (KIND_DRONE, self.drones, self._dx, self._dy)):
            if kind != name or ident not in marks.ids:
                continue
            i = list(marks.ids).index(ident)
            if kind == KIND_INCIDENT:
                p = self.placed(view)
                at = np.flatnonzero((p.member == i) & (p.count == 1))
                if len(at):
                    return float(p.x[at[0]] - view.left), float(p.y[at[0]] - view.top)
            if not math.isfinite(wx[i] + wy[i]):
                return None
            return float(wx[i] * view.ppu - view.left), float(wy[i] * view.ppu - view.top)
        return None


_FIRST_UNIT = 16
_FIRST_EXTRA = 26
