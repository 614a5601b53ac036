"""The live layer: incidents, forces, drones, tracks. Drawn anew in each frame from arrays; positions on the screen are
worked out once per zoom level and change of data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPen

from widgets.map.atlas import TURNS, Atlas, turn_of, turned
from widgets.map.forces import CELL_PX as FORCE_CELL_PX
from widgets.map.forces import STREET_ZOOM, working_forces
from widgets.map.fragments import Fragments
from widgets.map.geometry import array_path
from widgets.map.layers import (
    KIND_CLUSTER,
    KIND_DRONE,
    KIND_INCIDENT,
    KIND_UNIT,
    UNIT_GOING,
    FloatArray,
    Hit,
    IncidentMarks,
    IntArray,
    Track,
    UnitMarks,
)
from widgets.map.mercator import MAX_ZOOM, MIN_ZOOM, Viewport, detail_zoom, world_x, world_y
from widgets.map.palette import Palette, with_alpha
from widgets.map.placing import Placed, place_incidents
from widgets.map.sprites import (
    PULSE_OUTER_PX,
    cluster_sprite,
    count_text,
    drone_sprite,
    heading_sprite,
    incident_sprite,
    pulse_sprite,
    unit_sprite,
)
from widgets.map.tracks import TrackLayer

CELL_PX = 58
PULSE_STEPS = 24
PLACINGS_KEPT = 8
NEAR_STEPS = (-0.5, 0.5, -1.0, 1.0)
REACH_PX = 14.0
UNITS_FROM_ZOOM = 11.0
PULSE_MS = 1_600


class LiveLayer:
    """Marks in, pictures and hits out; all in device pixels of a viewport."""

    def __init__(self) -> None:
        self.incidents = IncidentMarks.empty()
        self.units = UnitMarks.empty()
        self.drones = UnitMarks.empty()
        self._tracks = TrackLayer()
        self.shown = {"incidents": True, "units": True, "drones": True, "tracks": True}
        self.version = 0
        self.street_zoom = STREET_ZOOM
        self._focus = ("", "")
        self._forces: tuple[tuple[object, ...], IntArray] = ((), np.zeros(0, np.int64))
        self._changes = 0
        self._wx = self._wy = np.zeros(0)
        self._ux = self._uy = np.zeros(0)
        self._dx = self._dy = np.zeros(0)
        self._placed: dict[float, Placed] = {}
        self._style = 1.0
        self._palette: Palette | None = None
        self._atlas: Atlas | None = None
        self._rings: dict[tuple[int, str], int] = {}
        self._fragments = Fragments()

    def set_look(self, palette: Palette, style: float) -> None:
        self._palette, self._style = palette, style
        self._atlas = None
        self._rings = {}
        self._placed = {}
        self.version += 1

    def set_incidents(self, marks: IncidentMarks) -> None:
        self.incidents = marks
        self._wx, self._wy = world_x(marks.lon), world_y(marks.lat)
        self._placed = {}
        self._changes += 1
        self.version += 1

    def set_focus(self, kind: str, ident: str) -> None:
        """The selected thing: forces near an incident, and a force itself, are drawn at any zoom."""
        self._focus = (kind, ident)
        self._changes += 1

    def set_units(self, marks: UnitMarks) -> None:
        self.units = marks
        self._changes += 1
        self._ux, self._uy = world_x(marks.lon), world_y(marks.lat)

    def set_drones(self, marks: UnitMarks) -> None:
        self.drones = marks
        self._dx, self._dy = world_x(marks.lon), world_y(marks.lat)

    def set_tracks(self, tracks: Sequence[Track]) -> None:
        self._tracks.set_tracks(tracks)

    def _going(self, view: Viewport) -> frozenset[str]:
        """Ids of the forces that are under way, from the streets on."""
        if self.thinned(view):
            return frozenset()
        return frozenset(self.units.ids[i] for i in np.flatnonzero(self.units.status == UNIT_GOING).tolist())

    def _detail(self, view: Viewport) -> float:
        return detail_zoom(view.zoom, self._style / view.dpr)

    def pulsing(self) -> bool:
        return bool(
            self.shown["incidents"]
            and (np.asarray(self.incidents.pulse) & (np.asarray(self.incidents.level) <= 2)).any()
        )

    def placed(self, view: Viewport) -> Placed:
        """Where the marks lie at the half zoom step nearest to the view's (``placing``). Kept until the data change;
        while a zoom runs the places are only scaled, those of a neighbouring step if need be."""
        level = round(view.zoom * 2.0) / 2.0
        found = self._placed.get(level)
        if found is None and level != view.zoom:
            found = next((self._placed[level + step] for step in NEAR_STEPS if level + step in self._placed), None)
        if found is None:
            if len(self._placed) >= PLACINGS_KEPT:
                self._placed.pop(next(iter(self._placed)))
            found = self._placed[level] = self._place(replace(view, zoom=level))
        return found

    def prepare(self, view: Viewport, step: float) -> bool:
        """Place the marks for a zoom ``step`` away; False if that is known already."""
        level = round(view.zoom * 2.0) / 2.0 + step
        if level in self._placed or not len(self.incidents.ids) or not MIN_ZOOM <= level <= MAX_ZOOM:
            return False
        self.placed(replace(view, zoom=level))
        return True

    def _on_screen(self, p: Placed, view: Viewport) -> tuple[FloatArray, FloatArray]:
        """View pixels of placed marks."""
        if p.level == view.zoom:
            return p.x - view.left, p.y - view.top
        factor = 2.0 ** (view.zoom - p.level)
        return p.x * factor - view.left, p.y * factor - view.top

    def _place(self, view: Viewport) -> Placed:
        marks = self.incidents
        placed = place_incidents(
            self._wx, self._wy, np.asarray(marks.level), np.asarray(marks.pulse), view, self._style
        )
        placed.sprite = self._sprites(placed.member, placed.count)
        return placed

    def _sprites(self, member: IntArray, count: IntArray) -> IntArray:
        """The sprite of each mark; rings for clusters are added to the atlas as their numbers come up."""
        level = np.asarray(self.incidents.level)[member].astype(np.int64)
        sprite = (level - 1) * 4 + np.asarray(self.incidents.phase)[member]
        if self._palette is not None:
            atlas = self._ready_atlas(self._palette)
            many = np.flatnonzero(count > 1)
            key, inverse = np.unique(count[many] * 8 + level[many], return_inverse=True)
            rings = [self._ring(atlas, k // 8, k % 8) for k in key.tolist()]
            sprite[many] = np.array(rings, np.int64)[inverse]
        return sprite

    def boxes(self, view: Viewport) -> FloatArray:
        """Boxes (n, 4) of the incident marks in view pixels: what labels keep off."""
        if not self.shown["incidents"] or not len(self.incidents.ids):
            return np.zeros((0, 4))
        p = self.placed(view)
        x, y = self._on_screen(p, view)
        seen = (x > -60) & (x < view.width + 60) & (y > -60) & (y < view.height + 60)
        x, y, half = x[seen], y[seen], p.half[seen]
        return np.column_stack((x - half, y - half, x + half, y + half))

    def thinned(self, view: Viewport) -> bool:
        """Whether some forces are left out at this zoom."""
        return self._detail(view) < self.street_zoom

    def forces(self, view: Viewport) -> IntArray:
        """Indices of the forces that are drawn, wherever they are."""
        detail = self._detail(view)
        level = round(view.zoom * 2.0) / 2.0
        key = (self._changes, self._style, level, view.dpr, detail >= self.street_zoom, detail >= UNITS_FROM_ZOOM)
        if key != self._forces[0]:
            if detail < UNITS_FROM_ZOOM:
                chosen = np.zeros(0, np.int64)
            elif detail >= self.street_zoom:
                chosen = np.arange(len(self.units.ids))
            else:
                ppu = replace(view, zoom=level).ppu
                also = self._focus[1] if self._focus[0] == KIND_UNIT else ""
                chosen = working_forces(
                    self.units, self._ux, self._uy, self._urgent(), ppu, FORCE_CELL_PX * self._style, also
                )
            self._forces = (key, chosen)
        return self._forces[1]

    def _urgent(self) -> FloatArray:
        """World points (n, 2) of the open incidents of level I and II (else III), the selected one first."""
        level = np.asarray(self.incidents.level)
        finite = np.isfinite(self._wx) & np.isfinite(self._wy)
        chosen = np.flatnonzero(finite & (level <= 2))
        if not len(chosen):
            chosen = np.flatnonzero(finite & (level == 3))
        if self._focus[0] == KIND_INCIDENT and self._focus[1] in self.incidents.ids:
            at = list(self.incidents.ids).index(self._focus[1])
            chosen = np.concatenate(([at] if finite[at] else [], chosen)).astype(np.int64)
        return np.column_stack((self._wx[chosen], self._wy[chosen]))

    def weights(self, view: Viewport) -> FloatArray:
        """(n, 3) view pixels of the incidents of level I to III and how much each should stay in sight."""
        if not self.shown["incidents"] or not len(self.incidents.ids):
            return np.zeros((0, 3))
        p = self.placed(view)
        level = np.asarray(self.incidents.level)[p.member]
        chosen = np.flatnonzero(level <= 3)
        x, y = self._on_screen(p, view)
        weight = np.array((0.0, 100.0, 30.0, 0.01))[level[chosen]]
        return np.column_stack((x[chosen], y[chosen], weight))

    def unit_points(self, view: Viewport) -> FloatArray:
        """Positions (n, 2) of the shown forces in view pixels."""
        if not self.shown["units"]:
            return np.zeros((0, 2))
        _, x, y = self._seen_forces(view)
        return np.column_stack((x, y))

    def _seen_forces(self, view: Viewport) -> tuple[IntArray, FloatArray, FloatArray]:
        forces = self.forces(view)
        at, x, y = self._seen(self._ux[forces] * view.ppu - view.left, self._uy[forces] * view.ppu - view.top, view)
        return forces[at], x, y

    def draw_forces(self, painter: QPainter, view: Viewport) -> None:
        """Tracks, forces, drones: what lies under the names."""
        palette = self._palette
        if palette is None:
            return
        atlas = self._ready_atlas(palette)
        if self.shown["tracks"]:
            selected = self._focus[1] if self._focus[0] == KIND_UNIT else ""
            self._tracks.draw(painter, view, palette, self._style, selected, self._going(view))
        fragments = self._fragments
        fragments.clear()
        if self.shown["units"]:
            self._add_units(fragments, atlas, view)
        if self.shown["drones"]:
            self._add_drones(fragments, atlas, view)
        fragments.draw(painter, atlas.pixmap)

    def draw_incidents(self, painter: QPainter, view: Viewport, clock_ms: int) -> None:
        """Incidents, the most urgent on top of all."""
        palette = self._palette
        if palette is None or not self.shown["incidents"]:
            return
        atlas = self._ready_atlas(palette)
        fragments = self._fragments
        fragments.clear()
        self._draw_leaders(painter, view, palette)
        self._add_incidents(fragments, atlas, view)
        self._add_pulses(fragments, atlas, view, clock_ms)
        fragments.draw(painter, atlas.pixmap)

    def _ready_atlas(self, palette: Palette) -> Atlas:
        if self._atlas is None:
            s = self._style
            atlas = Atlas(math.ceil(CELL_PX * s))
            for level, size in ((1, 40.0), (2, 38.0), (3, 36.0), (4, 32.0)):
                atlas.add([incident_sprite(palette, level, phase, s) for phase in range(4)], size * s)
            atlas.add([unit_sprite(palette, status, False, s) for status in range(4)], 18.0 * s)
            atlas.add([unit_sprite(palette, 4, False, s)], 30.0 * s)
            atlas.add([unit_sprite(palette, status, True, s) for status in range(5)], 30.0 * s)
            atlas.add([drone_sprite(palette, stale, warn, s) for warn in (False, True) for stale in (False, True)],
                      40.0 * s)
            atlas.add(turned(heading_sprite(palette, s)), 28.0 * s)
            for level in (1, 2):
                atlas.add([pulse_sprite(palette, level, step / PULSE_STEPS, s) for step in range(PULSE_STEPS)])
            self._atlas = atlas
        return self._atlas

    def _seen(self, x: FloatArray, y: FloatArray, view: Viewport) -> tuple[IntArray, FloatArray, FloatArray]:
        margin = CELL_PX * self._style
        index = np.flatnonzero((x > -margin) & (x < view.width + margin) & (y > -margin) & (y < view.height + margin))
        return index, np.floor(x[index] + 0.5), np.floor(y[index] + 0.5)

    def _add_units(self, fragments: Fragments, atlas: Atlas, view: Viewport) -> None:
        marks = self.units
        index, x, y = self._seen_forces(view)
        if not len(index):
            return
        assert marks.status is not None
        assert marks.age_s is not None
        assert marks.heading is not None
        status = marks.status[index].astype(np.int64)
        stale = ~(marks.age_s[index] <= marks.stale_after_s)
        heading = marks.heading[index]
        moving = np.flatnonzero(np.isfinite(heading) & (status == UNIT_GOING) & ~stale)
        if self._detail(view) >= 14.0 and len(moving):
            fragments.add(x[moving], y[moving], atlas.sources, _FIRST_HEADING + turn_of(heading[moving]))
        fragments.add(x, y, atlas.sources, _FIRST_UNIT + status + 5 * stale)

    def _add_drones(self, fragments: Fragments, atlas: Atlas, view: Viewport) -> None:
        index, x, y = self._seen(self._dx * view.ppu - view.left, self._dy * view.ppu - view.top, view)
        if len(index):
            assert self.drones.age_s is not None
            stale = ~(self.drones.age_s[index] <= self.drones.stale_after_s)
            assert self.drones.warn is not None
            fragments.add(x, y, atlas.sources, _FIRST_DRONE + stale.astype(np.int64) + 2 * self.drones.warn[index])

    def _add_incidents(self, fragments: Fragments, atlas: Atlas, view: Viewport) -> None:
        p = self.placed(view)
        index, x, y = self._seen(*self._on_screen(p, view), view)
        if not len(index):
            return
        fragments.add(x, y, atlas.sources, p.sprite[index])

    def _ring(self, atlas: Atlas, count: int, level: int) -> int:
        text = count_text(count)
        found = self._rings.get((level, text))
        if found is None:
            assert self._palette is not None
            found = self._rings[level, text] = atlas.add(
                [cluster_sprite(self._palette, count, self._style, level)],
                (34.0 + 3.8 * (len(text) - 1) if level > 2 else 44.0 + 4.6 * (len(text) - 1)) * self._style,
            )
        return found

    def _draw_leaders(self, painter: QPainter, view: Viewport, palette: Palette) -> None:
        """A hairline from a mark that was moved aside to where it really is."""
        p = self.placed(view)
        moved = p.moved
        if not len(moved):
            return
        factor = 2.0 ** (view.zoom - p.level)
        x = np.column_stack((p.true_x[moved], p.x[moved])).ravel() * factor - view.left
        y = np.column_stack((p.true_y[moved], p.y[moved])).ravel() * factor - view.top
        painter.strokePath(array_path(x, y, np.arange(0, len(x), 2)), QPen(with_alpha(palette.text, 0.6), self._style))

    def _add_pulses(self, fragments: Fragments, atlas: Atlas, view: Viewport, clock_ms: int) -> None:
        p = self.placed(view)
        px, py = self._on_screen(p, view)
        index, x, y = self._seen(px[p.pulsing], py[p.pulsing], view)
        if not len(index):
            return
        level = np.asarray(self.incidents.level)[p.member[p.pulsing[index]]].astype(np.int64)
        for part in (0.0, 0.5):
            step = int((clock_ms % PULSE_MS / PULSE_MS + part) % 1.0 * PULSE_STEPS)
            fragments.add(x, y, atlas.sources, _FIRST_PULSE + (level - 1) * PULSE_STEPS + step)

    def pulse_boxes(self, view: Viewport) -> list[QRectF]:
        """Where the pulse rings are (device pixels), so that only they are repainted."""
        p = self.placed(view)
        half = (PULSE_OUTER_PX + 2.0) * self._style
        px, py = self._on_screen(p, view)
        _, x, y = self._seen(px[p.pulsing], py[p.pulsing], view)
        return [QRectF(a - half, b - half, 2 * half, 2 * half) for a, b in zip(x.tolist(), y.tolist(), strict=True)]

    def hits(self, view: Viewport, px: float, py: float) -> list[Hit]:
        """Marks under a point, incidents first, then drones and forces, the nearest first."""
        found: list[Hit] = []
        if self.shown["incidents"] and len(self.incidents.ids):
            p = self.placed(view)
            mx, my = self._on_screen(p, view)
            distance = np.hypot(mx - px, my - py)
            near = np.flatnonzero(distance <= p.half + 2.0 * self._style)
            level = self.incidents.level
            assert level is not None
            for i in near[np.lexsort((distance[near], level[p.member[near]]))].tolist():
                if p.count[i] > 1:
                    name = f"{int(level[p.member[i]])}:{int(p.count[i])}{':mixed' if p.mixed[i] else ''}"
                    found.append(Hit(KIND_CLUSTER, name, float(distance[i])))
                else:
                    found.append(Hit(KIND_INCIDENT, self.incidents.ids[int(p.member[i])], float(distance[i])))
        reach = REACH_PX * self._style
        for kind, name, marks, wx, wy, drawn in (
            (KIND_DRONE, "drones", self.drones, self._dx, self._dy, np.arange(len(self._dx))),
            (KIND_UNIT, "units", self.units, self._ux, self._uy, self.forces(view)),
        ):
            if self.shown[name] and len(drawn):
                distance = np.hypot(wx[drawn] * view.ppu - view.left - px, wy[drawn] * view.ppu - view.top - py)
                near = np.flatnonzero(distance <= reach)
                near = near[np.argsort(distance[near])]
                found += [Hit(kind, marks.ids[int(drawn[i])], float(distance[i])) for i in near.tolist()]
        return found

    def position(self, view: Viewport, kind: str, ident: str) -> tuple[float, float] | None:
        """View pixels of a mark, or None; an incident inside a cluster is where it really is."""
        for name, marks, wx, wy in (
            (KIND_INCIDENT, self.incidents, self._wx, self._wy),
            (KIND_UNIT, self.units, self._ux, self._uy),
            (KIND_DRONE, self.drones, self._dx, self._dy),
        ):
            if kind != name or ident not in marks.ids:
                continue
            i = list(marks.ids).index(ident)
            if kind == KIND_INCIDENT:
                p = self.placed(view)
                at = np.flatnonzero((p.member == i) & (p.count == 1))
                if len(at):
                    x, y = self._on_screen(p, view)
                    return float(x[at[0]]), float(y[at[0]])
            if not math.isfinite(wx[i] + wy[i]):
                return None
            return float(wx[i] * view.ppu - view.left), float(wy[i] * view.ppu - view.top)
        return None


_FIRST_UNIT = 16
_FIRST_DRONE = 26
_FIRST_HEADING = 30
_FIRST_PULSE = _FIRST_HEADING + TURNS
