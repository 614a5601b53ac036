"""Sprites painted once into one pixmap."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from widgets.map.layers import FloatArray
from widgets.map.palette import Palette, with_alpha

Draw = Callable[[QPainter], None]
"""Draws a sprite around the origin, in device pixels."""


class Atlas:
    """Equal square cells of ``cell`` device pixels; sprites can be added later, the pixmap grows downwards."""

    COLUMNS = 16

    def __init__(self, cell: int) -> None:
        self.cell = cell + cell % 2
        self.pixmap = QPixmap(self.cell * self.COLUMNS, self.cell)
        self.pixmap.fill(Qt.GlobalColor.transparent)
        self.sources: FloatArray = np.zeros((0, 4))

    def add(self, draws: Sequence[Draw]) -> int:
        """Add sprites; the number of the first one."""
        first = len(self.sources)
        rows = math.ceil((first + len(draws)) / self.COLUMNS)
        if rows * self.cell > self.pixmap.height():
            self._grow(rows)
        numbers = np.arange(first, first + len(draws))
        added = np.column_stack((numbers % self.COLUMNS * self.cell, numbers // self.COLUMNS * self.cell,
                                 np.full(len(draws), self.cell), np.full(len(draws), self.cell))).astype(np.float64)
        painter = QPainter(self.pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for draw, source in zip(draws, added, strict=True):
            painter.save()
            painter.setClipRect(QRectF(source[0], source[1], self.cell, self.cell))
            painter.translate(source[0] + self.cell / 2, source[1] + self.cell / 2)
            draw(painter)
            painter.restore()
        painter.end()
        self.sources = np.vstack((self.sources, added))
        return first

    def _grow(self, rows: int) -> None:
        grown = QPixmap(self.pixmap.width(), rows * self.cell)
        grown.fill(Qt.GlobalColor.transparent)
        painter = QPainter(grown)
        painter.drawPixmap(0, 0, self.pixmap)
        painter.end()
        self.pixmap = grown


def polygon(points: Sequence[tuple[float, float]]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points])


def _shape(level: int, r: float) -> QPainterPath:
    path = QPainterPath()
    if level == 1:
        path.addPolygon(polygon([(0, -r * 1.25), (r * 1.25, 0), (0, r * 1.25), (-r * 1.25, 0)]))
    elif level == 2:
        path.addPolygon(polygon([(0, -r * 1.2), (r * 1.2, r * 0.9), (-r * 1.2, r * 0.9)]))
    elif level == 3:
        path.addRect(QRectF(-r * 0.9, -r * 0.9, r * 1.8, r * 1.8))
    else:
        path.addEllipse(QPointF(0, 0), r, r)
    path.closeSubpath()
    return path


NUMERALS = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ")
LATIN = ("I", "II", "III", "IV")


def incident_sprite(palette: Palette, level: int, phase: int, style: float) -> Draw:
    """Level by shape, colour and numeral; phase by a white dot (new), a corner square (on scene), a hollow body (answered)."""
    radius = (12.5, 12.5, 11.5, 10.5)[level - 1] * style

    def draw(painter: QPainter) -> None:
        colour = QColor(palette.level[level - 1])
        path = _shape(level, radius)
        hollow = phase == 3
        painter.setPen(QPen(QColor(palette.halo if palette.dark or hollow else palette.edge[level - 1]), 3.0 * style,
                            Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(QColor(palette.halo) if hollow else colour)
        painter.drawPath(path)
        if hollow:
            painter.setPen(QPen(colour, 2.0 * style, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                                Qt.PenJoinStyle.RoundJoin))
            painter.drawPath(path)
        elif level == 4:
            painter.setPen(QPen(QColor(palette.halo), 1.0 * style))
            painter.drawPath(path)
        font = QFont(palette.font)
        font.setPixelSize(round((13 if level < 3 else 12) * style))
        font.setWeight(QFont.Weight.Bold)
        painter.setFont(font)
        painter.setPen(colour if hollow else QColor(palette.on_level[level - 1]))
        drop = radius * 0.22 if level == 2 else 0.0
        painter.drawText(QRectF(-radius * 2, -radius * 2 + drop, radius * 4, radius * 4),
                         Qt.AlignmentFlag.AlignCenter, LATIN[level - 1])
        if phase == 0:
            _badge(painter, radius, style, QColor(palette.text), round_=True, palette=palette)
        elif phase == 2:
            _badge(painter, radius, style, QColor(palette.unit[2]), round_=False, palette=palette)
    return draw


def _badge(painter: QPainter, radius: float, style: float, colour: QColor, round_: bool, palette: Palette) -> None:
    painter.setPen(QPen(QColor(palette.halo), 1.4 * style))
    painter.setBrush(colour)
    box = QRectF(radius * 0.62, -radius * 1.22, 8.0 * style, 8.0 * style)
    if round_:
        painter.drawEllipse(box)
    else:
        painter.drawRect(box.adjusted(0.5 * style, 0.5 * style, -0.5 * style, -0.5 * style))


def cluster_sprite(palette: Palette, count: int, style: float) -> Draw:
    """A ring of level IV with the number of incidents in it."""
    text = str(count) if count < 1000 else f"{count / 1000:.0f}k"
    radius = (11.5 + 1.8 * max(0, len(text) - 1)) * style

    def draw(painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.halo))
        painter.drawEllipse(QPointF(0, 0), radius + 2.4 * style, radius + 2.4 * style)
        painter.setPen(QPen(QColor(palette.level[3]), 2.2 * style))
        painter.drawEllipse(QPointF(0, 0), radius, radius)
        font = QFont(palette.font)
        font.setPixelSize(round(13 * style))
        font.setWeight(QFont.Weight.Bold)
        painter.setFont(font)
        painter.setPen(QColor(palette.text))
        painter.drawText(QRectF(-radius * 2, -radius * 2, radius * 4, radius * 4), Qt.AlignmentFlag.AlignCenter, text)
    return draw


def unit_sprite(palette: Palette, status: int, stale: bool, style: float) -> Draw:
    """Free ▲, going ▶, on scene ■, off and unknown hollow ▽; a stale position is hatched and carries a question mark."""
    r = 5.6 * style
    shapes = ([(0, -r), (r * 1.05, r * 0.85), (-r * 1.05, r * 0.85)],
              [(-r * 0.8, -r * 1.05), (r * 1.05, 0), (-r * 0.8, r * 1.05)],
              [(-r * 0.85, -r * 0.85), (r * 0.85, -r * 0.85), (r * 0.85, r * 0.85), (-r * 0.85, r * 0.85)],
              [(-r, -r * 0.8), (r, -r * 0.8), (0, r)], [(-r, -r * 0.8), (r, -r * 0.8), (0, r)])

    def draw(painter: QPainter) -> None:
        colour = QColor(palette.unit[status])
        body = polygon(shapes[status])
        painter.setPen(QPen(QColor(palette.halo), 2.6 * style, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                            Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(QColor(palette.halo))
        painter.drawPolygon(body)
        if status >= 3:
            painter.setPen(QPen(colour, 1.4 * style))
            painter.drawPolygon(body)
        elif stale:
            painter.setPen(QPen(colour, 1.3 * style))
            painter.setBrush(QBrush(colour, Qt.BrushStyle.BDiagPattern))
            painter.drawPolygon(body)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPolygon(body)
        if (stale and status != 3) or status == 4:
            _question(painter, palette, style, r)
    return draw


def _question(painter: QPainter, palette: Palette, style: float, r: float) -> None:
    font = QFont(palette.font)
    font.setPixelSize(round(10 * style))
    font.setWeight(QFont.Weight.Bold)
    path = QPainterPath()
    path.addText(QPointF(r * 0.75, -r * 0.15), font, "?")
    painter.strokePath(path, QPen(QColor(palette.halo), 2.4 * style, Qt.PenStyle.SolidLine,
                                  Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.fillPath(path, QColor(palette.muted))


def heading_sprite(palette: Palette, style: float) -> Draw:
    """A short tick to the north of a mark, to be turned by the heading."""
    def draw(painter: QPainter) -> None:
        painter.setPen(QPen(QColor(palette.halo), 3.0 * style))
        painter.drawLine(QPointF(0, -7 * style), QPointF(0, -11 * style))
        painter.setPen(QPen(QColor(palette.text), 1.5 * style))
        painter.drawLine(QPointF(0, -7 * style), QPointF(0, -11 * style))
    return draw


def drone_sprite(palette: Palette, stale: bool, style: float) -> Draw:
    """A circle with a cross."""
    r = 8.0 * style

    def draw(painter: QPainter) -> None:
        colour = QColor(palette.drone)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.halo))
        painter.drawEllipse(QPointF(0, 0), r + 2 * style, r + 2 * style)
        painter.setPen(QPen(colour, 2.0 * style, Qt.PenStyle.DashLine if stale else Qt.PenStyle.SolidLine))
        painter.setBrush(with_alpha(palette.drone, 0.18))
        painter.drawEllipse(QPointF(0, 0), r, r)
        painter.setPen(QPen(colour, 2.0 * style))
        d = r * 0.42
        painter.drawLine(QPointF(-d, -d), QPointF(d, d))
        painter.drawLine(QPointF(d, -d), QPointF(-d, d))
        if stale:
            _question(painter, palette, style, r)
    return draw
