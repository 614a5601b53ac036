"""Tools that draw on the map: measuring and selecting. They hold world points; the view feeds them."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from widgets.map.layers import SelectionShape
from widgets.map.mercator import Viewport, distance_m, metres_per_unit, to_lonlat
from widgets.map.palette import Palette, with_alpha
from widgets.theme import fonts

WorldPoint = tuple[float, float]
Finished = Callable[[SelectionShape], None]


def length_text(metres: float) -> str:
    """A length for people: metres below one kilometre, else kilometres."""
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.2f} km"


def area_text(square_metres: float) -> str:
    return f"{square_metres:.0f} m²" if square_metres < 100_000 else f"{square_metres / 1e6:.2f} km²"


class Tool:
    """A tool takes clicks and moves in world units and draws itself. ``busy`` while something is begun."""

    name = ""

    def __init__(self) -> None:
        self.points: list[WorldPoint] = []
        self.pointer: WorldPoint | None = None
        self.done = False

    @property
    def busy(self) -> bool:
        return bool(self.points) and not self.done

    def press(self, at: WorldPoint) -> None: ...

    def release(self, at: WorldPoint) -> None: ...

    def move(self, at: WorldPoint) -> None:
        self.pointer = at

    def finish(self) -> None:
        """Double click or Enter."""

    def draw(self, painter: QPainter, view: Viewport, palette: Palette, style: float) -> None: ...

    def _pixels(self, view: Viewport, points: list[WorldPoint]) -> list[QPointF]:
        return [QPointF(*view.to_pixel(x, y)) for x, y in points]

    def _with_pointer(self) -> list[WorldPoint]:
        return [*self.points, self.pointer] if self.pointer is not None and not self.done else list(self.points)


class MeasureTool(Tool):
    """Clicks make a line; each leg and the sum are written on it, the area too when it closes on its first point."""

    name = "measure"

    def press(self, at: WorldPoint) -> None:
        if self.done:
            self.points, self.done = [], False
        self.points.append(at)

    def finish(self) -> None:
        self.done = len(self.points) > 1

    def total_m(self) -> float:
        lonlat = [to_lonlat(*p) for p in self._with_pointer()]
        return sum(distance_m(a, b) for a, b in pairwise(lonlat))

    def area_m2(self) -> float:
        """Area of the polygon through the points (0 for fewer than three)."""
        points = self._with_pointer()
        if len(points) < 3:
            return 0.0
        xy = np.array(points) - np.array(points[0])
        metres = metres_per_unit(points[0][1])
        cross = xy[:, 0] * np.roll(xy[:, 1], -1) - np.roll(xy[:, 0], -1) * xy[:, 1]
        return abs(float(cross.sum())) / 2.0 * metres * metres

    def draw(self, painter: QPainter, view: Viewport, palette: Palette, style: float) -> None:
        pixels = self._pixels(view, self._with_pointer())
        if not pixels:
            return
        painter.setPen(QPen(QColor(palette.halo), 4.0 * style))
        painter.drawPolyline(QPolygonF(pixels))
        painter.setPen(QPen(QColor(palette.accent), 2.0 * style))
        painter.drawPolyline(QPolygonF(pixels))
        painter.setBrush(QColor(palette.halo))
        for pixel in pixels:
            painter.drawEllipse(pixel, 3.5 * style, 3.5 * style)
        text = length_text(self.total_m())
        if len(pixels) > 2:
            text += f" · {area_text(self.area_m2())}"
        draw_tag(painter, pixels[-1], text, palette, style)


class _AreaTool(Tool):
    def __init__(self, finished: Finished) -> None:
        super().__init__()
        self._finished = finished

    def _outline(self, painter: QPainter, path: QPainterPath, palette: Palette, style: float) -> None:
        painter.fillPath(path, with_alpha(palette.accent, 0.12))
        painter.strokePath(
            path,
            QPen(QColor(palette.accent), 1.8 * style, Qt.PenStyle.SolidLine if self.done else Qt.PenStyle.DashLine),
        )

    def _end(self, shape: SelectionShape) -> None:
        self.done = True
        self._finished(shape)


class RectangleTool(_AreaTool):
    name = "rectangle"

    def press(self, at: WorldPoint) -> None:
        self.points, self.done = [at], False

    def release(self, at: WorldPoint) -> None:
        if self.points and at != self.points[0]:
            self.points.append(at)
            self._end(SelectionShape("rectangle", tuple(to_lonlat(*p) for p in self.points)))
        else:
            self.points = []

    def draw(self, painter: QPainter, view: Viewport, palette: Palette, style: float) -> None:
        pixels = self._pixels(view, self._with_pointer())
        if len(pixels) > 1:
            path = QPainterPath()
            path.addRect(QRectF(pixels[0], pixels[1]).normalized())
            self._outline(painter, path, palette, style)


class PolygonTool(_AreaTool):
    name = "polygon"

    def press(self, at: WorldPoint) -> None:
        if self.done:
            self.points, self.done = [], False
        self.points.append(at)

    def finish(self) -> None:
        corners = [p for i, p in enumerate(self.points) if i == 0 or p != self.points[i - 1]]
        if len(corners) >= 3:
            self.points = corners
            self._end(SelectionShape("polygon", tuple(to_lonlat(*p) for p in corners)))

    def draw(self, painter: QPainter, view: Viewport, palette: Palette, style: float) -> None:
        pixels = self._pixels(view, self._with_pointer())
        if pixels:
            path = QPainterPath()
            path.addPolygon(QPolygonF(pixels))
            path.closeSubpath()
            self._outline(painter, path, palette, style)


class RadiusTool(_AreaTool):
    name = "radius"

    def press(self, at: WorldPoint) -> None:
        self.points, self.done = [at], False

    def release(self, at: WorldPoint) -> None:
        if not self.points:
            return
        self.points.append(at)
        radius = self._radius_m(self.points)
        if radius > 0.5:
            self._end(SelectionShape("radius", (to_lonlat(*self.points[0]),), radius))
        else:
            self.points = []

    @staticmethod
    def _radius_m(points: list[WorldPoint]) -> float:
        return math.dist(points[0], points[1]) * metres_per_unit(points[0][1])

    def draw(self, painter: QPainter, view: Viewport, palette: Palette, style: float) -> None:
        points = self._with_pointer()
        if len(points) < 2:
            return
        centre, edge = self._pixels(view, points[:2])
        radius = math.hypot(edge.x() - centre.x(), edge.y() - centre.y())
        path = QPainterPath()
        path.addEllipse(centre, radius, radius)
        self._outline(painter, path, palette, style)
        painter.setPen(QPen(QColor(palette.accent), 1.2 * style))
        painter.drawLine(centre, edge)
        draw_tag(painter, edge, length_text(self._radius_m(points[:2])), palette, style)


def draw_tag(painter: QPainter, at: QPointF, text: str, palette: Palette, style: float) -> None:
    """A small box with a text beside a point."""
    font = fonts.sized(12 * style)
    metrics = QFontMetricsF(font)
    box = QRectF(at.x() + 10 * style, at.y() - 12 * style, metrics.horizontalAdvance(text) + 14 * style, 22 * style)
    painter.setPen(QPen(QColor(palette.line), style))
    painter.setBrush(with_alpha(palette.surface, 0.94))
    painter.drawRoundedRect(box, 4 * style, 4 * style)
    painter.setFont(font)
    painter.setPen(QColor(palette.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
