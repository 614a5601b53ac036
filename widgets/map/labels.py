"""Names of areas: which ones fit without lying on each other or on incidents, and their pictures with a halo.

The placing is plain arithmetic on boxes in view pixels; it prefers the place a name had before, so that names don't
jump.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPixmap

from widgets.map.areaindex import AreaIndex
from widgets.map.halo import HaloTexts
from widgets.map.layers import DISTRICT, STREET, FloatArray
from widgets.map.mercator import Viewport, detail_zoom
from widgets.map.palette import Palette
from widgets.theme import fonts

LEVEL_ZOOMS = ((0.0, 10.9), (10.5, 15.4), (13.5, 17.4), (15.9, 30.0))
"""From and up to which zoom the names of districts, streets, communities and grids are shown."""
LIFTED_FROM_ZOOM = 9.5
"""Without streets the coarsest areas below the district are named in their place, from this zoom on."""
FONT_PX = (15.0, 14.0, 12.5, 12.0)
GAP_PX, RIM_PX = 5.0, 6.0
MARGIN_PX = 220.0
_OFFSETS = np.array(
    (
        (0.0, 0.0),
        (0.0, -1.4),
        (0.0, 1.4),
        (-0.62, 0.0),
        (0.62, 0.0),
        (-0.55, -1.4),
        (0.55, -1.4),
        (-0.55, 1.4),
        (0.55, 1.4),
        (0.0, -2.8),
        (0.0, 2.8),
        (-1.1, 0.0),
        (1.1, 0.0),
    )
)


@dataclass(frozen=True)
class Label:
    """A placed name: number of the area, level, centre in world pixels of the zoom it was placed for, size in px."""

    number: int
    level: int
    x: float
    y: float
    width: float
    height: float


def _lifted_level(index: AreaIndex | None) -> int | None:
    """The level that stands in for the streets where there are none; None where there are, or no areas at all."""
    below = [] if index is None else [int(v) for v in np.unique(np.asarray(index.layer.levels)) if v > DISTRICT]
    return below[0] if below and below[0] > STREET else None


class LabelLayer:
    """Keeps the placing until the view, the data or the incidents change."""

    def __init__(self) -> None:
        self._index: AreaIndex | None = None
        self._lifted: int | None = None
        self._palette: Palette | None = None
        self._style = 1.0
        self._texts = HaloTexts()
        self._fonts: dict[int, QFont] = {}
        self._sizes: dict[tuple[str, int], tuple[float, float]] = {}
        self._last: dict[int, int] = {}
        self._soft = np.zeros((0, 2))
        self._placed: list[Label] = []
        self._key: tuple[object, ...] = ()
        self._box = (0.0, 0.0, 0.0, 0.0)
        self._inner = (0.0, 0.0, 0.0, 0.0)
        self.late = False

    def set_areas(self, index: AreaIndex | None) -> None:
        self._index = index
        self._lifted = _lifted_level(index)
        self._sizes.clear()
        self._last.clear()
        self._key = ()

    def set_look(self, palette: Palette, style: float) -> None:
        self._palette, self._style = palette, style
        self._texts.clear()
        self._fonts.clear()
        self._sizes.clear()
        self._key = ()

    def forget(self) -> None:
        """Place anew when asked next."""
        self._key = ()

    def place(
        self,
        view: Viewport,
        obstacles: Callable[[], FloatArray],
        version: int,
        fixed: FloatArray,
        soft: Callable[[], FloatArray] | None = None,
        may_wait: bool = False,
    ) -> list[Label]:
        """Names for the view. ``obstacles()`` (n, 4) are incident boxes in view pixels, ``fixed`` what lies on the
        screen
        itself (panels); ``version`` counts changes of the obstacles. ``soft()`` (n, 2) are marks better left free.
        With ``may_wait`` a move of the view and a change of what it keeps off keep the names of before (none where the
        scale is another) and set ``late``: they are placed by the next call without it."""
        level = round(view.zoom * 2.0) / 2.0
        if level != view.zoom and self._key and self._key[0] == level:
            return self._placed
        view = replace(view, zoom=level)
        key = (level, version, view.width, view.height, fixed.tobytes())
        inner = (view.left, view.top, view.left + view.width, view.top + view.height)
        b = self._box
        if key == self._key and b[0] <= inner[0] and b[1] <= inner[1] and b[2] >= inner[2] and b[3] >= inner[3]:
            return self._placed
        if may_wait and self._key[2:4] == key[2:4]:
            if abs(float(self._key[0]) - level) > 1.0:  # type: ignore[arg-type]
                self._placed = []  # names of another scale would lie on each other
            self.late = True
            return self._placed
        self.late = False
        self._key = key
        self._inner = inner
        margin = MARGIN_PX * self._style
        self._box = (inner[0] - margin, inner[1] - margin, inner[2] + margin, inner[3] + margin)
        shift = np.array([view.left, view.top, view.left, view.top])
        blocked = np.vstack((obstacles().reshape(-1, 4) + shift, fixed.reshape(-1, 4) + shift))
        self._soft = np.zeros((0, 2)) if soft is None else soft() + shift[:2]
        self._placed = self._place(view, blocked)
        return self._placed

    def _candidates(self, view: Viewport) -> list[tuple[int, int]]:
        index = self._index
        if index is None:
            return []
        x, y = index.anchors[:, 0] * view.ppu, index.anchors[:, 1] * view.ppu
        b = self._box
        near = np.flatnonzero((x > b[0]) & (x < b[2]) & (y > b[1]) & (y < b[3]))
        zoom = detail_zoom(view.zoom, self._style / view.dpr)
        found = [(int(index.layer.levels[i]), int(i)) for i in near]
        chosen = [item for item in found if self._from_zoom(item[0]) <= zoom < LEVEL_ZOOMS[item[0]][1]]
        return sorted((STREET if level == self._lifted else level, number) for level, number in chosen)

    def _from_zoom(self, level: int) -> float:
        return LIFTED_FROM_ZOOM if level == self._lifted else LEVEL_ZOOMS[level][0]

    def _place(self, view: Viewport, blocked: FloatArray) -> list[Label]:
        placed: list[Label] = []
        candidates = self._candidates(view)
        used = len(blocked)
        blocked = np.vstack((blocked, np.full((len(candidates), 4), np.nan)))
        index = self._index
        gap = GAP_PX * self._style
        for level, number in candidates:
            assert index is not None
            width, height = self.size(index.layer.labels[number], level)
            box = index.shapes.box[number] * view.ppu
            if level >= 2 and (box[2] - box[0] < width * 1.1 or box[3] - box[1] < height * 1.5):
                continue
            inside = box if int(index.layer.levels[number]) >= 2 else None  # also where it stands in for a street
            spot = self._spot(number, index.anchors[number] * view.ppu, (width, height), blocked[:used], gap, inside)
            if spot is None:
                continue
            placed.append(Label(number, level, spot[0], spot[1], width, height))
            taken = (spot[0] - width / 2, spot[1] - height / 2, spot[0] + width / 2, spot[1] + height / 2)
            blocked[used] = taken
            used += 1
        return placed

    def _spot(
        self,
        number: int,
        anchor: FloatArray,
        size: tuple[float, float],
        blocked: FloatArray,
        gap: float,
        inside: FloatArray | None,
    ) -> tuple[float, float] | None:
        """The first free place around the anchor, the one of last time first; ``inside`` is a box its middle must
        lie in."""
        width, height = size
        kept = self._last.get(number)
        if kept is not None and self._still_free(anchor + _OFFSETS[kept] * (width, height), size, blocked, gap, inside):
            at = anchor + _OFFSETS[kept] * (width, height)
            return float(at[0]), float(at[1])
        reach_x, reach_y = 1.7 * width + gap, 3.4 * height + gap
        blocked = blocked[
            (blocked[:, 0] < anchor[0] + reach_x)
            & (blocked[:, 2] > anchor[0] - reach_x)
            & (blocked[:, 1] < anchor[1] + reach_y)
            & (blocked[:, 3] > anchor[1] - reach_y)
        ]
        soft = self._soft[
            (np.abs(self._soft[:, 0] - anchor[0]) < reach_x) & (np.abs(self._soft[:, 1] - anchor[1]) < reach_y)
        ]
        places = anchor + _OFFSETS * (width, height)
        w, h = width / 2 + gap, height / 2 + gap
        x, y = places[:, :1], places[:, 1:]
        taken = np.asarray(
            (blocked[:, 0] < x + w) & (blocked[:, 2] > x - w) & (blocked[:, 1] < y + h) & (blocked[:, 3] > y - h)
        )
        free = np.logical_not(taken.any(axis=1))
        if inside is not None:
            free &= (places >= inside[:2]).all(axis=1) & (places <= inside[2:]).all(axis=1)
        rim = RIM_PX * self._style
        v = (self._inner[0] + rim, self._inner[1] + rim, self._inner[2] - rim, self._inner[3] - rim)
        whole = free & (x - width / 2 >= v[0])[:, 0] & (x + width / 2 <= v[2])[:, 0]
        whole &= (y - height / 2 >= v[1])[:, 0] & (y + height / 2 <= v[3])[:, 0]
        if whole.any():
            free = whole
        if kept is not None and free[kept]:
            chosen = kept
        elif free.any():
            covered = ((np.abs(soft[:, 0] - x) < w) & (np.abs(soft[:, 1] - y) < h)).sum(axis=1)
            chosen = int(np.argmin(np.where(free, covered, len(soft) + 1)))
        else:
            return None
        self._last[number] = chosen
        return float(places[chosen, 0]), float(places[chosen, 1])

    def _still_free(self, at: FloatArray, size: tuple[float, float], blocked: FloatArray, gap: float,
                    inside: FloatArray | None) -> bool:
        """Whether a name may stay here: nothing lies on it and it is wholly in view."""
        x, y, w, h, rim = float(at[0]), float(at[1]), size[0] / 2, size[1] / 2, RIM_PX * self._style
        v = self._inner
        if x - w < v[0] + rim or x + w > v[2] - rim or y - h < v[1] + rim or y + h > v[3] - rim:
            return False
        if inside is not None and not (inside[0] <= x <= inside[2] and inside[1] <= y <= inside[3]):
            return False
        w, h = w + gap, h + gap
        return not bool(((blocked[:, 0] < x + w) & (blocked[:, 2] > x - w)
                         & (blocked[:, 1] < y + h) & (blocked[:, 3] > y - h)).any())

    def size(self, text: str, level: int) -> tuple[float, float]:
        key = (text, level)
        found = self._sizes.get(key)
        if found is None:
            metrics = QFontMetricsF(self._font(level))
            found = self._sizes[key] = (metrics.horizontalAdvance(text), metrics.ascent() * 0.95)
        return found

    def _font(self, level: int) -> QFont:
        if level not in self._fonts:
            self._fonts[level] = fonts.sized(FONT_PX[level] * self._style, bold=level <= 1)
        return self._fonts[level]

    def shown(self, view: Viewport, fixed: FloatArray) -> list[tuple[Label, float, float]]:
        """The placed names with their centres in view pixels, also while a zoom runs (then at the scaled position):
        those that lie wholly inside the view and under no panel (``fixed``, (n, 4))."""
        if self._index is None or not self._placed:
            return []
        factor = view.ppu / (256.0 * 2.0 ** float(self._key[0]) * view.dpr)  # type: ignore[arg-type]
        at = np.array([(n.x, n.y, n.width / 2, n.height / 2) for n in self._placed])
        x, y, w, h = at[:, 0] * factor - view.left, at[:, 1] * factor - view.top, at[:, 2], at[:, 3]
        rim = RIM_PX * self._style
        keep = (x - w >= rim) & (x + w <= view.width - rim) & (y - h >= rim) & (y + h <= view.height - rim)
        for box in fixed:
            keep &= (x + w <= box[0]) | (x - w >= box[2]) | (y + h <= box[1]) | (y - h >= box[3])
        return [(self._placed[i], float(x[i]), float(y[i])) for i in np.flatnonzero(keep).tolist()]

    def draw(self, painter: QPainter, view: Viewport, fixed: FloatArray) -> FloatArray:
        """Draw the shown names; gives their boxes (n, 4) in view pixels."""
        index = self._index
        if index is None or self._palette is None:
            return np.zeros((0, 4))
        boxes = []
        for label, x, y in self.shown(view, fixed):
            pixmap = self._pixmap(index.layer.labels[label.number], label.level)
            painter.drawPixmap(round(x - pixmap.width() / 2), round(y - pixmap.height() / 2), pixmap)
            w, h = label.width / 2, label.height / 2
            boxes.append((x - w, y - h, x + w, y + h))
        return np.array(boxes, np.float64).reshape(-1, 4)

    def prepare(self) -> None:
        """Paint the texts of the names that are placed, between two frames: a new one takes longer than a frame has."""
        if self._index is not None and self._palette is not None:
            for label in self._placed:
                self._pixmap(self._index.layer.labels[label.number], label.level)

    def _pixmap(self, text: str, level: int) -> QPixmap:
        palette = self._palette
        assert palette is not None
        return self._texts.pixmap(
            text, self._font(level), palette.label if level <= 1 else palette.muted, palette.halo, 3.0 * self._style
        )
