"""Many sprites in one call: a numpy array whose rows are Qt's own ``QPainter.PixmapFragment`` records."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtGui import QPainter, QPixmap
from shiboken6 import Shiboken

from widgets.map.layers import FloatArray, IntArray

X, Y, SOURCE_LEFT, SOURCE_TOP, WIDTH, HEIGHT, SCALE_X, SCALE_Y, ROTATION, OPACITY = range(10)


class Fragments:
    """Rows grow as needed and are reused from frame to frame."""

    def __init__(self) -> None:
        self._rows = np.zeros((64, 10))
        self.count = 0

    def clear(self) -> None:
        self.count = 0

    def add(self, x: FloatArray, y: FloatArray, sources: FloatArray, sprite: IntArray, opacity: float = 1.0) -> None:
        """Sprites centred at (x, y); ``sources`` (n, 4) are the atlas rectangles, ``sprite`` indexes them."""
        count = len(x)
        if not count:
            return
        end = self.count + count
        if end > len(self._rows):
            rows = np.zeros((max(end, 2 * len(self._rows)), 10))
            rows[: self.count] = self._rows[: self.count]
            self._rows = rows
        part = self._rows[self.count : end]
        part[:, X], part[:, Y] = x, y
        part[:, SOURCE_LEFT:SCALE_X] = sources[sprite]
        part[:, SCALE_X:ROTATION] = 1.0
        part[:, ROTATION] = 0.0
        part[:, OPACITY] = opacity
        self.count = end

    def draw(self, painter: QPainter, atlas: QPixmap) -> None:
        if self.count:
            first: Any = Shiboken.wrapInstance(self._rows.ctypes.data, QPainter.PixmapFragment)
            painter.drawPixmapFragments(first, self.count, atlas)
