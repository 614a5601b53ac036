"""Sprites painted once into one pixmap."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QPolygonF

from widgets.map.layers import FloatArray

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
