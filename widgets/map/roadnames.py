"""Names of roads at street zoom: along the road, quiet, without overlap. Placed when the view has come to rest, never
within a frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPixmap, QTransform

from widgets.map.geometry import Shapes
from widgets.map.halo import HaloTexts
from widgets.map.layers import ROAD_LOCAL, ROAD_TERTIARY, FloatArray
from widgets.map.mercator import Viewport, detail_zoom
from widgets.map.palette import Palette
from widgets.theme import fonts

FROM_ZOOM, LOCAL_FROM_ZOOM = 16.0, 17.0
FONT_PX = 11.5
GAP_PX = 6.0
MARGIN_PX = 120.0
MOST_TRIED, MOST_SHOWN = 150, 48
SAME_NAME_PX = 420.0
STRAIGHT = 0.97
FRACTIONS = (0.5, 0.3, 0.7, 0.15, 0.85)
TURN_STEP = 2


@dataclass(frozen=True)
class RoadName:
    """A placed name: centre in world pixels of its level, degrees clockwise, half width and height of its upright
    box."""

    text: str
    x: float
    y: float
    degrees: int
    half_width: float
    half_height: float


class RoadNames:
    """``place`` works them out, ``draw`` shows them as long as the view stays on that level."""

    def __init__(self) -> None:
        self._shapes: Shapes | None = None
        self._names: Sequence[str] = ()
        self._class = np.zeros(0, np.int8)
        self._palette: Palette | None = None
        self._style = 1.0
        self._texts = HaloTexts()
        self._turned: dict[tuple[str, int], QPixmap] = {}
        self._font: QFont | None = None
        self.placed: list[RoadName] = []
        self._boxes = np.zeros((0, 4))
        self._level = -1.0

    def set_roads(self, shapes: Shapes, names: Sequence[str], road_class: object) -> None:
        self._shapes = shapes if len(names) == len(shapes) else None
        self._names = names
        self._class = np.asarray(road_class)
        self._turned.clear()
        self.forget()

    def set_look(self, palette: Palette, style: float) -> None:
        self._palette, self._style = palette, style
        self._font = None
        self._texts.clear()
        self._turned.clear()
        self.forget()

    def forget(self) -> None:
        self.placed, self._boxes, self._level = [], np.zeros((0, 4)), -1.0

    def place(self, view: Viewport, blocked: FloatArray) -> None:
        """Choose names for the view. ``blocked`` (n, 4): boxes in view pixels that they keep off."""
        self.forget()
        level = round(view.zoom * 2.0) / 2.0
        detail = detail_zoom(level, self._style / view.dpr)
        if self._shapes is None or detail < FROM_ZOOM:
            return
        view = replace(view, zoom=level)
        taken = [tuple(box) for box in np.add(blocked, (view.left, view.top, view.left, view.top)).tolist()]
        places: dict[str, list[tuple[float, float]]] = {}
        for number in self._candidates(view, ROAD_LOCAL if detail >= LOCAL_FROM_ZOOM else ROAD_TERTIARY):
            found = self._along(number, view, taken, places.setdefault(self._names[number], []))
            if found is None:
                continue
            self.placed.append(found)
            places[found.text].append((found.x, found.y))
            taken.append(_box(found))
            if len(self.placed) >= MOST_SHOWN:
                break
        self._level = level
        self._boxes = np.array([_box(n) for n in self.placed], np.float64).reshape(-1, 4)

    def _candidates(self, view: Viewport, most_class: int) -> list[int]:
        """Named roads in the view, the greatest and longest first."""
        assert self._shapes is not None
        near = self._shapes.inside(view.bounds(MARGIN_PX * self._style))
        near = near[(self._class[near] <= most_class)]
        box = self._shapes.box[near]
        length = np.hypot(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) * view.ppu
        order = np.lexsort((-length, self._class[near]))
        wide = length[order] > 4.0 * FONT_PX * self._style
        return [int(i) for i in near[order[wide]].tolist() if self._names[int(i)]][:MOST_TRIED]

    def _along(
        self, number: int, view: Viewport, taken: list[tuple[float, ...]], same: list[tuple[float, float]]
    ) -> RoadName | None:
        """The first place on the road that is straight enough, free, and far from the same name."""
        shapes, text = self._shapes, self._names[number]
        assert shapes is not None
        first = shapes.feature[number]
        xy = shapes.xy[shapes.part[first] : shapes.part[first + 1]] * view.ppu
        along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))))
        metrics = QFontMetricsF(self._face())
        width, height = metrics.horizontalAdvance(text), metrics.ascent()
        if along[-1] < 1.1 * width:
            return None
        for fraction in FRACTIONS:
            at = min(max(fraction * along[-1], width / 2), along[-1] - width / 2)
            x, y = (np.interp((at - width / 2, at, at + width / 2), along, xy[:, i]) for i in (0, 1))
            dx, dy = float(x[2] - x[0]), float(y[2] - y[0])
            if math.hypot(dx, dy) < STRAIGHT * width:
                continue
            turn = (math.degrees(math.atan2(dy, dx)) + 90.0) % 180.0 - 90.0
            cos, sin = abs(math.cos(math.radians(turn))), abs(math.sin(math.radians(turn)))
            half = (width * cos + height * sin) / 2, (width * sin + height * cos) / 2
            degrees = round(turn / TURN_STEP) * TURN_STEP
            found = RoadName(text, float(x[1]), float(y[1]), degrees, *half)
            apart = all(math.hypot(found.x - a, found.y - b) > SAME_NAME_PX * self._style for a, b in same)
            if apart and not _hits(_box(found, GAP_PX * self._style), taken):
                return found
        return None

    def draw(self, painter: QPainter, view: Viewport, blocked: FloatArray) -> None:
        """Draw the names that lie wholly inside the view and under none of the boxes (n, 4; view pixels)."""
        if self._level != view.zoom or not self.placed or self._palette is None:
            return
        b = self._boxes - (view.left, view.top, view.left, view.top)
        seen = (b[:, 0] >= 0) & (b[:, 1] >= 0) & (b[:, 2] <= view.width) & (b[:, 3] <= view.height)
        if len(blocked):
            over = (b[:, None, 0] < blocked[:, 2]) & (b[:, None, 2] > blocked[:, 0])
            over &= (b[:, None, 1] < blocked[:, 3]) & (b[:, None, 3] > blocked[:, 1])
            seen &= ~over.any(axis=1)
        for i in np.flatnonzero(seen).tolist():
            name = self.placed[i]
            pixmap = self._pixmap(name, self._palette)
            x, y = name.x - view.left - pixmap.width() / 2, name.y - view.top - pixmap.height() / 2
            painter.drawPixmap(round(x), round(y), pixmap)

    def _pixmap(self, name: RoadName, palette: Palette) -> QPixmap:
        key = (name.text, name.degrees)
        found = self._turned.get(key)
        if found is None:
            flat = self._texts.pixmap(name.text, self._face(), palette.faint, palette.halo, 2.5 * self._style)
            turned = flat.transformed(QTransform().rotate(name.degrees), Qt.TransformationMode.SmoothTransformation)
            found = self._turned[key] = turned if name.degrees else flat
        return found

    def _face(self) -> QFont:
        if self._font is None:
            self._font = fonts.sized(FONT_PX * self._style)
        return self._font


def _box(name: RoadName, gap: float = 0.0) -> tuple[float, float, float, float]:
    w, h = name.half_width + gap, name.half_height + gap
    return name.x - w, name.y - h, name.x + w, name.y + h


def _hits(box: tuple[float, ...], taken: list[tuple[float, ...]]) -> bool:
    return any(box[0] < t[2] and box[2] > t[0] and box[1] < t[3] and box[3] > t[1] for t in taken)
