"""Names of areas: which ones fit without lying on each other or on incidents, and their pictures with a halo.

The placing is plain arithmetic on boxes in view pixels; it prefers the place a name had before, so that names don't jump.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from widgets.map.areaindex import AreaIndex
from widgets.map.layers import FloatArray
from widgets.map.mercator import Viewport
from widgets.map.palette import Palette
from widgets.theme import fonts

LEVEL_ZOOMS = ((0.0, 10.9), (10.5, 15.4), (13.5, 17.4), (15.4, 30.0))
"""From and up to which zoom the names of districts, streets, communities and grids are shown."""
FONT_PX = (15.0, 14.0, 12.5, 12.0)
GAP_PX = 5.0
PIXMAPS_KEPT = 600
MARGIN_PX = 220.0
_OFFSETS = ((0.0, 0.0), (0.0, -1.4), (0.0, 1.4), (-0.62, 0.0), (0.62, 0.0), (-0.55, -1.4), (0.55, -1.4), (-0.55, 1.4),
            (0.55, 1.4), (0.0, -2.8), (0.0, 2.8), (-1.1, 0.0), (1.1, 0.0))


@dataclass(frozen=True)
class Label:
    """A placed name: number of the area, level, centre in world pixels of the zoom it was placed for, size in px."""

    number: int
    level: int
    x: float
    y: float
    width: float
    height: float


class LabelLayer:
    """Keeps the placing until the view, the data or the incidents change."""

    def __init__(self) -> None:
        self._index: AreaIndex | None = None
        self._palette: Palette | None = None
        self._style = 1.0
        self._pixmaps: OrderedDict[tuple[str, int], QPixmap] = OrderedDict()
        self._sizes: dict[tuple[str, int], tuple[float, float]] = {}
        self._last: dict[int, int] = {}
        self._soft = np.zeros((0, 2))
        self._placed: list[Label] = []
        self._key: tuple[object, ...] = ()
        self._box = (0.0, 0.0, 0.0, 0.0)

    def set_areas(self, index: AreaIndex | None) -> None:
        self._index = index
        self._sizes.clear()
        self._last.clear()
        self._key = ()

    def set_look(self, palette: Palette, style: float) -> None:
        self._palette, self._style = palette, style
        self._pixmaps.clear()
        self._sizes.clear()
        self._key = ()

    def forget(self) -> None:
        self._key = ()

    def place(self, view: Viewport, obstacles: FloatArray, version: int, fixed: FloatArray,
              soft: FloatArray | None = None) -> list[Label]:
        """Names for the view. ``obstacles`` (n, 4) are incident boxes in view pixels, ``fixed`` what lies on the screen
        itself (panels); ``version`` counts changes of the obstacles. ``soft`` (n, 2) are marks better left free."""
        key = (view.zoom, view.width, view.height, version, len(fixed))
        inner = (view.left, view.top, view.left + view.width, view.top + view.height)
        b = self._box
        if key == self._key and b[0] <= inner[0] and b[1] <= inner[1] and b[2] >= inner[2] and b[3] >= inner[3]:
            return self._placed
        self._key = key
        margin = MARGIN_PX * self._style
        self._box = (inner[0] - margin, inner[1] - margin, inner[2] + margin, inner[3] + margin)
        shift = np.array([view.left, view.top, view.left, view.top])
        blocked = np.vstack((obstacles.reshape(-1, 4) + shift, fixed.reshape(-1, 4) + shift))
        self._soft = np.zeros((0, 2)) if soft is None else soft + shift[:2]
        self._placed = self._place(view, blocked)
        return self._placed

    def _candidates(self, view: Viewport) -> list[tuple[int, int]]:
        index = self._index
        if index is None:
            return []
        x, y = index.anchors[:, 0] * view.ppu, index.anchors[:, 1] * view.ppu
        b = self._box
        near = np.flatnonzero((x > b[0]) & (x < b[2]) & (y > b[1]) & (y < b[3]))
        found = [(int(index.layer.levels[i]), int(i)) for i in near]
        zoom = view.zoom
        return sorted(item for item in found if LEVEL_ZOOMS[item[0]][0] <= zoom < LEVEL_ZOOMS[item[0]][1])

    def _place(self, view: Viewport, blocked: FloatArray) -> list[Label]:
        placed: list[Label] = []
        index = self._index
        gap = GAP_PX * self._style
        for level, number in self._candidates(view):
            assert index is not None
            width, height = self.size(index.layer.labels[number], level)
            box = index.shapes.box[number] * view.ppu
            if level >= 2 and (box[2] - box[0] < width * 0.8 or box[3] - box[1] < height * 1.2):
                continue
            spot = self._spot(number, index.anchors[number] * view.ppu, width, height, blocked, gap)
            if spot is None:
                continue
            placed.append(Label(number, level, spot[0], spot[1], width, height))
            taken = (spot[0] - width / 2, spot[1] - height / 2, spot[0] + width / 2, spot[1] + height / 2)
            blocked = np.vstack((blocked, np.array([taken])))
        return placed

    def _spot(self, number: int, anchor: FloatArray, width: float, height: float, blocked: FloatArray,
              gap: float) -> tuple[float, float] | None:
        """The first free place around the anchor, the one of last time first."""
        last = self._last.get(number)
        order = range(len(_OFFSETS)) if last is None else (last, *(i for i in range(len(_OFFSETS)) if i != last))
        best: tuple[int, int, float, float] | None = None
        for i in order:
            x, y = anchor[0] + _OFFSETS[i][0] * width, anchor[1] + _OFFSETS[i][1] * height
            w, h = width / 2 + gap, height / 2 + gap
            if ((blocked[:, 0] < x + w) & (blocked[:, 2] > x - w) & (blocked[:, 1] < y + h)
                    & (blocked[:, 3] > y - h)).any():
                continue
            covered = int(((np.abs(self._soft[:, 0] - x) < w) & (np.abs(self._soft[:, 1] - y) < h)).sum())
            if best is None or covered < best[0]:
                best = (covered, i, float(x), float(y))
            if covered == 0:
                break
        if best is None:
            return None
        self._last[number] = best[1]
        return best[2], best[3]

    def size(self, text: str, level: int) -> tuple[float, float]:
        key = (text, level)
        found = self._sizes.get(key)
        if found is None:
            metrics = QFontMetricsF(self._font(level))
            found = self._sizes[key] = (metrics.horizontalAdvance(text), metrics.ascent() * 0.95)
        return found

    def _font(self, level: int) -> QFont:
        return fonts.sized(FONT_PX[level] * self._style, bold=level <= 1)

    def draw(self, painter: QPainter, view: Viewport) -> None:
        """Draw what was placed, also while a zoom runs (then at the scaled position)."""
        index = self._index
        if index is None or self._palette is None or not self._placed:
            return
        factor = view.ppu / (256.0 * 2.0 ** float(self._key[0]) * view.dpr)  # type: ignore[arg-type]
        for label in self._placed:
            x, y = label.x * factor - view.left, label.y * factor - view.top
            if -label.width < x < view.width + label.width and -40 < y < view.height + 40:
                pixmap = self._pixmap(index.layer.labels[label.number], label.level)
                painter.drawPixmap(round(x - pixmap.width() / 2), round(y - pixmap.height() / 2), pixmap)

    def _pixmap(self, text: str, level: int) -> QPixmap:
        found = self._pixmaps.get((text, level))
        if found is not None:
            self._pixmaps.move_to_end((text, level))
            return found
        palette = self._palette
        assert palette is not None
        font = self._font(level)
        metrics = QFontMetricsF(font)
        halo = 3.0 * self._style
        pixmap = QPixmap(int(metrics.horizontalAdvance(text) + 2 * halo + 2), int(metrics.height() + 2 * halo))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addText(QPointF(halo + 1, halo + metrics.ascent()), font, text)
        halo_pen = QPen(QColor(palette.halo), halo, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, halo_pen)
        painter.setFont(font)
        painter.setPen(QColor(palette.label if level <= 1 else palette.muted))
        painter.drawText(QPointF(halo + 1, halo + metrics.ascent()), text)
        painter.end()
        self._pixmaps[(text, level)] = pixmap
        while len(self._pixmaps) > PIXMAPS_KEPT:
            self._pixmaps.popitem(last=False)
        return pixmap
