"""Tiles side by side: 1, 4, 6 (one large), 9, 16 or 25 of them, filling their room to the pixel."""
from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.services.views import CameraRow
from widgets.cameras.tile import Tile
from widgets.theme import tokens
from widgets.theme.tokens import Step

COUNTS = (1, 4, 6, 9, 16, 25)
WIDE, BETTER = 16 / 9, 1.15
"""what pictures are like, and how much larger they must become for tiles to leave their square"""
GROWN_FROM = (1880, 940)
"""on a larger room than this the texts of a grid that grows are larger: what a full screen of 1920 × 1080 leaves it"""
_SHAPES = {1: (1, 1), 4: (2, 2), 6: (3, 3), 9: (3, 3), 16: (4, 4), 25: (5, 5)}


def cells(area: QRect, count: int, gap: int) -> list[QRect]:
    """Rectangles of `count` tiles within `area`; they share no pixel and leave none but the gaps.

    Six are one large tile at the top left, two thirds wide and high, and five small ones around it. Others stand in as
    many rows as show most of their pictures: in a high and narrow room sixteen are no longer four by four.
    """
    across, down = _SHAPES[count]
    rows = rows_for(area.width(), area.height(), count)
    if rows != down and count != 6:
        return _in_rows(area, count, rows, gap)
    xs = [area.left() + round(i * (area.width() + gap) / across) for i in range(across + 1)]
    ys = [area.top() + round(j * (area.height() + gap) / down) for j in range(down + 1)]

    def cell(i: int, j: int, wide: int = 1, high: int = 1) -> QRect:
        return QRect(xs[i], ys[j], max(1, xs[i + wide] - gap - xs[i]), max(1, ys[j + high] - gap - ys[j]))

    if count == 6:
        return [cell(0, 0, 2, 2), *(cell(i, j) for i, j in ((2, 0), (2, 1), (0, 2), (1, 2), (2, 2)))]
    return [cell(i, j) for j in range(down) for i in range(across)]


def rows_for(width: int, height: int, count: int) -> int:
    """How many rows show the smallest of the whole pictures (16:9) as large as can be; the square's unless others are
    clearly better."""
    if count == 6:
        return _SHAPES[count][1]

    def size(rows: int) -> float:
        most = -(-count // rows)
        return min(width / most, height / rows * WIDE)

    square = _SHAPES[count][1]
    best = max(range(1, count + 1), key=lambda rows: (size(rows), -abs(rows - square)))
    return best if size(best) > size(square) * BETTER else square


def _in_rows(area: QRect, count: int, rows: int, gap: int) -> list[QRect]:
    """Rows of one height, the upper ones with one tile more where it does not come out even."""
    ys = [area.top() + round(j * (area.height() + gap) / rows) for j in range(rows + 1)]
    made = []
    for j in range(rows):
        across = count // rows + (j < count % rows)
        xs = [area.left() + round(i * (area.width() + gap) / across) for i in range(across + 1)]
        made += [QRect(xs[i], ys[j], max(1, xs[i + 1] - gap - xs[i]), max(1, ys[j + 1] - gap - ys[j]))
                 for i in range(across)]
    return made


class TileGrid(QWidget):
    """A grid of tiles. `set_cameras` puts cameras into it; places beyond them say that they are empty.

    `made(tile)` and `dropped(tile)` tell of tiles that come and go, the hidden ones of a patrol too.
    """

    made = Signal(object)
    dropped = Signal(object)

    def __init__(self, count: int = 4, parent: QWidget | None = None, *, scale: float | None = None,
                 nature: str = "live",
                 step: Step = Step.BODY) -> None:
        super().__init__(parent)
        self._scale, self._nature, self._step = scale, nature, step
        self._grows = False
        self.tiles: list[Tile] = []
        self.enlarged: Tile | None = None
        self.set_count(count)

    def set_count(self, count: int) -> None:
        """How many tiles; ValueError for a number that is no grid."""
        if count not in _SHAPES:
            raise ValueError(f"no grid of {count} tiles: {COUNTS}")
        if count == len(self.tiles):
            return
        self.enlarged = None
        while len(self.tiles) > count:
            self.drop(self.tiles.pop())
        while len(self.tiles) < count:
            self.tiles.append(self.make())
        self._place()

    def make(self) -> Tile:
        """One more tile of this grid's look; it has no place yet."""
        tile = Tile(self, scale=self._scale, nature=self._nature, step=self._step)
        self.made.emit(tile)
        return tile

    def drop(self, tile: Tile) -> None:
        """A tile goes for good."""
        self.dropped.emit(tile)
        tile.hide()
        tile.deleteLater()

    def replace(self, at: int, tile: Tile) -> Tile:
        """Put a tile into a place; returns the one that was there, hidden."""
        old, self.tiles[at] = self.tiles[at], tile
        if self.enlarged is old:
            self.enlarged = tile
        self._place()
        old.hide()
        return old

    def swap(self, one: int, other: int) -> None:
        """Two tiles change places."""
        self.tiles[one], self.tiles[other] = self.tiles[other], self.tiles[one]
        self._place()

    def place_of(self, at: int) -> QRect:
        """The rectangle of a place."""
        return cells(self.rect(), len(self.tiles), tokens.space(0.5, self._scale))[at]

    def enlarge(self, tile: Tile | None) -> None:
        """One tile over all others, which then cost nothing; None: all are there again."""
        self.enlarged = tile if tile in self.tiles else None
        self._place()

    def set_look(self, scale: float | None, nature: str) -> None:
        """Scale of the texts, and whether the pictures are a demonstration's."""
        self._scale, self._nature = scale, nature
        for tile in self.findChildren(Tile):
            tile.nature = nature
            tile.set_scale(scale)
        self._place()

    def grow(self, on: bool) -> None:
        """Whether the texts grow with the room: a full screen is looked at as a whole, whatever its points."""
        self._grows = on
        self._fit_texts()

    def _fit_texts(self) -> None:
        share = min(self.width() / GROWN_FROM[0], self.height() / GROWN_FROM[1])
        scale = round(tokens.scale() * share, 2) if self._grows and share > 1 else None
        if scale != self._scale:
            self.set_look(scale, self._nature)

    def set_cameras(self, cameras: Sequence[CameraRow]) -> None:
        """Put cameras into the tiles from the first on; one that is already shown in its place keeps its picture."""
        for i, tile in enumerate(self.tiles):
            tile.set_camera(cameras[i] if i < len(cameras) else None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the room."""
        super().resizeEvent(event)
        if self._grows:
            self._fit_texts()
        self._place()

    def _place(self) -> None:
        for tile, rect in zip(self.tiles, cells(self.rect(), len(self.tiles), tokens.space(0.5, self._scale)),
                              strict=True):
            alone = self.enlarged is tile
            tile.setGeometry(self.rect() if alone else rect)
            tile.setVisible(alone or self.enlarged is None)
