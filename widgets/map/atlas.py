"""Sprites painted once into one pixmap."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QPolygonF

from widgets.map.layers import FloatArray, IntArray

Draw = Callable[[QPainter], None]
"""Draws a sprite around the origin, in device pixels."""


class Atlas:
    """Equal square cells of ``cell`` device pixels; sprites can be added later, the pixmap doubles."""

    COLUMNS = 16

    def __init__(self, cell: int) -> None:
        self.cell = cell + cell % 2
        self.pixmap = QPixmap(self.cell * self.COLUMNS, self.cell)
        self.pixmap.fill(Qt.GlobalColor.transparent)
        self.sources: FloatArray = np.zeros((0, 4))

    def add(self, draws: Sequence[Draw], size: float | None = None) -> int:
        """Add sprites; the number of the first one. ``size`` is how much of the cell they need (its middle): what is
        copied
        for each sprite in each frame, so keep it tight."""
        first = len(self.sources)
        rows = math.ceil((first + len(draws)) / self.COLUMNS)
        if rows * self.cell > self.pixmap.height():
            self._grow(max(rows, 2 * (self.pixmap.height() // self.cell)))
        numbers = np.arange(first, first + len(draws))
        cells = np.column_stack((numbers % self.COLUMNS * self.cell, numbers // self.COLUMNS * self.cell))
        side = min(self.cell, 2 * math.ceil(size / 2)) if size is not None else self.cell
        rim = (self.cell - side) / 2
        added = np.column_stack((cells + rim, np.full((len(draws), 2), side))).astype(np.float64)
        painter = QPainter(self.pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for draw, corner in zip(draws, cells.tolist(), strict=True):
            painter.save()
            painter.setClipRect(QRectF(corner[0], corner[1], self.cell, self.cell))
            painter.translate(corner[0] + self.cell / 2, corner[1] + self.cell / 2)
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


TURNS = 36
"""Directions a sprite is kept in: turning one at each draw costs as much as copying fifty."""


def turned(draw: Draw) -> list[Draw]:
    """The sprite in TURNS directions, clockwise from north."""

    def make(degrees: float) -> Draw:
        def drawn(painter: QPainter) -> None:
            painter.rotate(degrees)
            draw(painter)

        return drawn

    return [make(360.0 * turn / TURNS) for turn in range(TURNS)]


def turn_of(heading: FloatArray) -> IntArray:
    """Which of the TURNS directions is nearest (0 for an unknown heading)."""
    return np.round(np.nan_to_num(heading) * TURNS / 360.0).astype(np.int64) % TURNS
