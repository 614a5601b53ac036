"""Tiles side by side: 1, 4, 6, 9, 16 or 25 of them, filling their room to the pixel."""
from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.services.views import CameraRow
from widgets.cameras.tile import Tile
from widgets.theme import tokens
from widgets.theme.tokens import Step

COUNTS = (1, 4, 6, 9, 16, 25)
_SHAPES = {1: (1, 1), 4: (2, 2), 6: (3, 2), 9: (3, 3), 16: (4, 4), 25: (5, 5)}


def cells(area: QRect, count: int, gap: int) -> list[QRect]:
    """Rectangles of `count` tiles within `area`; they share no pixel and leave none but the gaps.

    Six stand two or three across, whichever comes nearer to 16:9.
    """
    across, down = _SHAPES[count]
    if count == 6 and abs(math.log(area.width() / 2 / (area.height() / 3) * 9 / 16)) \
            < abs(math.log(area.width() / 3 / (area.height() / 2) * 9 / 16)):
        across, down = down, across
    xs = [area.left() + round(i * (area.width() + gap) / across) for i in range(across + 1)]
    ys = [area.top() + round(j * (area.height() + gap) / down) for j in range(down + 1)]
    return [QRect(xs[i], ys[j], max(1, xs[i + 1] - gap - xs[i]), max(1, ys[j + 1] - gap - ys[j]))
            for j in range(down) for i in range(across)]


class TileGrid(QWidget):
    """A grid of tiles. `set_cameras` puts cameras into it; places beyond them say that they are empty."""

    def __init__(self, count: int = 4, parent: QWidget | None = None, *, scale: float | None = None,
                 nature: str = "live",
                 step: Step = Step.BODY) -> None:
        super().__init__(parent)
        self._scale, self._nature, self._step = scale, nature, step
        self.tiles: list[Tile] = []
        self.set_count(count)

    def set_count(self, count: int) -> None:
        """How many tiles; ValueError for a number that is no grid."""
        if count not in _SHAPES:
            raise ValueError(f"no grid of {count} tiles: {COUNTS}")
        if count == len(self.tiles):
            return
        while len(self.tiles) > count:
            tile = self.tiles.pop()
            tile.hide()
            tile.deleteLater()
        while len(self.tiles) < count:
            tile = Tile(self, scale=self._scale, nature=self._nature, step=self._step)
            tile.show()
            self.tiles.append(tile)
        self._place()

    def set_look(self, scale: float | None, nature: str) -> None:
        """Scale of the texts, and whether the pictures are a demonstration's."""
        self._scale, self._nature = scale, nature
        for tile in self.tiles:
            tile.nature = nature
            tile.set_scale(scale)
        self._place()

    def set_cameras(self, cameras: Sequence[CameraRow]) -> None:
        """Put cameras into the tiles from the first on; one that is already shown in its place keeps its picture."""
        for i, tile in enumerate(self.tiles):
            tile.set_camera(cameras[i] if i < len(cameras) else None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the room."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        for tile, rect in zip(self.tiles, cells(self.rect(), len(self.tiles), tokens.space(0.5, self._scale)),
                              strict=True):
            tile.setGeometry(rect)
