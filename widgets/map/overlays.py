"""What lies on the map itself: scale bar, attribution, inset, legend, notices. Painted in device pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from widgets.map.areaindex import AreaIndex
from widgets.map.geometry import Shapes
from widgets.map.halo import HaloTexts
from widgets.map.layers import DISTRICT, FloatArray
from widgets.map.mercator import Viewport, metres_per_unit
from widgets.map.palette import Palette, with_alpha
from widgets.map.sprites import unit_sprite
from widgets.theme import fonts

INSET_PX = (200.0, 160.0)
EDGE_PX = 14.0
GRAVE = 10.0
RIM_PX = 14.0
SCALE_BAR_PX = 110.0
FOOTER_PX = 22.0
LEGEND_TEXT_PX = 13.0
Box = tuple[float, float, float, float]


def panel(painter: QPainter, box: QRectF, palette: Palette, style: float, alpha: float = 0.92) -> None:
    painter.setPen(QPen(QColor(palette.line), style))
    painter.setBrush(with_alpha(palette.surface, alpha))
    painter.drawRoundedRect(box, 6 * style, 6 * style)


def round_length_m(most_m: float) -> float:
    """The largest of 1, 2, 5 × 10ⁿ that is not more."""
    if most_m <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most_m))
    return next(f * power for f in (5.0, 2.0, 1.0) if f * power <= most_m * (1 + 1e-9))


class Footer:
    """Bottom right, on a ground of its own so that it can be read over any marks: notes and sources in one line, then
    the scale bar with its length. The last text (whose map it is) is always there; of the others those that fit."""

    def __init__(self) -> None:
        self._texts = HaloTexts()
        self._font: tuple[float, QFont] | None = None
        self.box = QRectF()
        """What it covered last."""

    def draw(self, painter: QPainter, view: Viewport, palette: Palette, style: float, texts: Sequence[str]) -> None:
        per_px = metres_per_unit(view.cy) / view.ppu
        length = round_length_m(SCALE_BAR_PX * style * per_px)
        label = f"{length:.0f} m" if length < 1000 else f"{length / 1000:.0f} km"
        if self._font is None or self._font[0] != style:
            self._font = (style, fonts.sized(12 * style))
        font = self._font[1]
        metrics = QFontMetricsF(font)
        base = view.height - EDGE_PX * style
        right, y = round(view.width - EDGE_PX * style), round(base - 4 * style)
        left = round(right - length / per_px)
        x = left - 8 * style - metrics.horizontalAdvance(label)
        placed = [(x, label)]
        for number, text in enumerate(reversed([text for text in texts if text])):
            room = x - (EDGE_PX + 16) * style
            if metrics.horizontalAdvance(text) > room:
                if number:
                    break
                text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            x -= metrics.horizontalAdvance(text) + 16 * style
            placed.append((x, text))
        self.box = QRectF(x, base - 18 * style, right - x, FOOTER_PX * style)
        panel(painter, self.box.adjusted(-6 * style, 0, 6 * style, 2 * style), palette, style)
        self._bar(painter, left, right, y, palette, style)
        for at, text in placed:
            self._text(painter, at, base, text, font, palette, style)

    @staticmethod
    def _bar(painter: QPainter, left: int, right: int, y: int, palette: Palette, style: float) -> None:
        tick, thick = round(5 * style), max(1, round(1.3 * style))
        for colour, rim in ((palette.halo, max(1, round(1.2 * style))), (palette.muted, 0)):
            for box in (
                QRect(left, y - thick, right - left, thick),
                QRect(left, y - tick, thick, tick),
                QRect(right - thick, y - tick, thick, tick),
            ):
                painter.fillRect(box.adjusted(-rim, -rim, rim, rim), QColor(colour))

    def _text(
        self, painter: QPainter, x: float, base: float, text: str, font: QFont, palette: Palette, style: float
    ) -> None:
        halo = 3.0 * style
        pixmap = self._texts.pixmap(text, font, palette.muted, palette.halo, halo)
        painter.drawPixmap(round(x - halo - 1), round(base - halo - QFontMetricsF(font).ascent()), pixmap)


class Inset:
    """The whole district, small, with the seen part framed and urgent incidents as dots."""

    def __init__(self) -> None:
        self._pixmap: QPixmap | None = None
        self._key: tuple[object, ...] = ()
        self._frame = (0.0, 0.0, 1.0)
        self._box: QRectF | None = None
        self._corner = 0

    def box(self, view: Viewport, style: float) -> QRectF:
        """Where it lies: bottom left until ``settle`` found a better corner."""
        return self._corners(view, style, [])[0] if self._box is None else self._box

    def settle(self, view: Viewport, style: float, panels: Sequence[QRectF], marks: FloatArray) -> None:
        """Choose a corner that hides none of ``marks`` ((n, 3): view pixels and weight; weights from GRAVE on make it
        move) and no panel; it stays where it is as long as it may."""
        boxes = self._corners(view, style, panels)
        costs = []
        for box in boxes:
            if any(box.intersects(p) for p in panels) or box.top() < 0 or box.bottom() > view.height:
                costs.append(math.inf)
                continue
            rim = RIM_PX * style
            inside = (marks[:, 0] > box.left() - rim) & (marks[:, 0] < box.right() + rim)
            inside &= (marks[:, 1] > box.top() - rim) & (marks[:, 1] < box.bottom() + rim)
            costs.append(float(marks[inside, 2].sum()))
        if costs[self._corner] >= GRAVE and min(costs) < costs[self._corner]:
            self._corner = costs.index(min(costs))
        self._box = boxes[self._corner]

    @staticmethod
    def _corners(view: Viewport, style: float, panels: Sequence[QRectF]) -> list[QRectF]:
        """Bottom left, bottom right, top left, top right; moved up or down past the panels that lie there."""
        width, height, edge = INSET_PX[0] * style, INSET_PX[1] * style, EDGE_PX * style
        found = []
        for below in (True, False):
            for x in (edge, view.width - edge - width):
                box = QRectF(x, view.height - edge - height if below else edge, width, height)
                for _ in panels:
                    hit = next((p for p in panels if p.intersects(box)), None)
                    if hit is None:
                        break
                    if below:
                        box.moveBottom(hit.top() - edge / 2)
                    else:
                        box.moveTop(hit.bottom() + edge / 2)
                found.append(box)
        return found

    def wanted(self, view: Viewport, bounds: Box | None, style: float) -> bool:
        """Only where it fits and says something: a part of the district lies outside the view."""
        if bounds is None or view.width < INSET_PX[0] * style * 2.6 or view.height < INSET_PX[1] * style * 2.4:
            return False
        seen = view.bounds()
        return not (seen[0] <= bounds[0] and seen[1] <= bounds[1] and seen[2] >= bounds[2] and seen[3] >= bounds[3])

    def draw(
        self,
        painter: QPainter,
        view: Viewport,
        index: AreaIndex,
        bounds: Box,
        palette: Palette,
        style: float,
        dots: Sequence[tuple[float, float, str]],
    ) -> None:
        box = self.box(view, style)
        self._prepare(index, bounds, palette, style, box)
        assert self._pixmap is not None
        painter.drawPixmap(QPointF(round(box.x()), round(box.y())), self._pixmap)
        painter.save()
        painter.setClipRect(box.adjusted(style, style, -style, -style), Qt.ClipOperation.IntersectClip)
        for x, y, colour in dots:
            at = self._at(box, x, y)
            painter.setPen(QPen(QColor(palette.halo), style))
            painter.setBrush(QColor(colour))
            painter.drawEllipse(at, 3.2 * style, 3.2 * style)
        seen = view.bounds()
        part = QRectF(self._at(box, seen[0], seen[1]), self._at(box, seen[2], seen[3])).intersected(box).toRect()
        thick = max(1, round(1.5 * style))
        painter.fillRect(part, with_alpha(palette.accent, 0.1))
        for edge in (
            QRect(part.left(), part.top(), part.width(), thick),
            QRect(part.left(), part.bottom() - thick + 1, part.width(), thick),
            QRect(part.left(), part.top(), thick, part.height()),
            QRect(part.right() - thick + 1, part.top(), thick, part.height()),
        ):
            painter.fillRect(edge, QColor(palette.accent))
        painter.restore()

    def world_at(self, view: Viewport, style: float, px: float, py: float) -> tuple[float, float]:
        """World point under a pixel of the inset."""
        box = self.box(view, style)
        ox, oy, scale = self._frame
        return ox + (px - box.x()) / scale, oy + (py - box.y()) / scale

    def _at(self, box: QRectF, x: float, y: float) -> QPointF:
        ox, oy, scale = self._frame
        return QPointF(box.x() + (x - ox) * scale, box.y() + (y - oy) * scale)

    def _prepare(self, index: AreaIndex, bounds: Box, palette: Palette, style: float, box: QRectF) -> None:
        key = (id(index), bounds, palette, style)
        if key == self._key:
            return
        self._key = key
        pad = 10 * style
        scale = min(
            (box.width() - 2 * pad) / (bounds[2] - bounds[0]), (box.height() - 2 * pad) / (bounds[3] - bounds[1])
        )
        ox = (bounds[0] + bounds[2]) / 2 - box.width() / 2 / scale
        oy = (bounds[1] + bounds[3]) / 2 - box.height() / 2 / scale
        self._frame = (ox, oy, scale)
        pixmap = QPixmap(math.ceil(box.width()) + 1, math.ceil(box.height()) + 1)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        panel(painter, QRectF(0.5, 0.5, box.width() - 1, box.height() - 1), palette, style, 0.94)
        levels = np.asarray(index.layer.levels)
        chosen = np.flatnonzero(levels == (DISTRICT if (levels == DISTRICT).any() else levels.min()))
        shapes: Shapes = index.shapes.scaled(scale, (ox, oy))
        path = shapes.path(chosen, 0.0, 0.0)
        painter.fillPath(path, QColor(palette.load[1]))
        painter.strokePath(path, QPen(QColor(palette.border[0]), 1.2 * style))
        painter.end()
        self._pixmap = pixmap


@dataclass(frozen=True)
class LegendEntry:
    """A swatch (``colour``), a force's shape (``unit``) or neither, and its words; ``quiet``: a note."""

    text: str
    colour: str = ""
    unit: int = -1
    quiet: bool = False


LegendRows = Sequence[Sequence[LegendEntry]]


class Legend:
    """The wall's legend, top left; painted anew only when it says something else."""

    def __init__(self) -> None:
        self.box = QRectF()
        self._pixmap = QPixmap()
        self._key: tuple[object, ...] = ()

    def prepare(self, palette: Palette, style: float, rows: LegendRows) -> None:
        """Know ``box`` before anything is placed beside it."""
        key = (palette, style, tuple(tuple(row) for row in rows))
        if key == self._key:
            return
        self._key = key
        metrics = QFontMetricsF(fonts.sized(LEGEND_TEXT_PX * style))
        line, swatch, gap = 24 * style, 14 * style, 12 * style
        widths = [
            sum(
                (swatch + 6 * style if e.colour or e.unit >= 0 else 0) + metrics.horizontalAdvance(e.text) + gap
                for e in row
            )
            for row in rows
        ]
        edge = EDGE_PX * style
        self.box = QRectF(edge, edge, math.ceil(max(widths) + gap), math.ceil(line * len(rows) + 12 * style))
        self._pixmap = QPixmap(math.ceil(self.box.width()) + 1, math.ceil(self.box.height()) + 1)
        self._pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        panel(painter, QRectF(0.5, 0.5, self.box.width() - 1, self.box.height() - 1), palette, style)
        for number, row in enumerate(rows):
            _legend_row(painter, palette, style, row, gap, 6 * style + line * (number + 0.5))
        painter.end()

    def draw(self, painter: QPainter) -> None:
        painter.drawPixmap(round(self.box.x()), round(self.box.y()), self._pixmap)


def _legend_row(
    painter: QPainter, palette: Palette, style: float, row: Sequence[LegendEntry], x: float, y: float
) -> None:
    font = fonts.sized(LEGEND_TEXT_PX * style)
    metrics = QFontMetricsF(font)
    swatch, gap = 14 * style, 12 * style
    for entry in row:
        if entry.colour:
            painter.setPen(QPen(QColor(palette.line), style))
            painter.setBrush(QColor(entry.colour))
            painter.drawRect(QRectF(x, y - 5.5 * style, swatch, 11 * style))
            x += swatch + 6 * style
        elif entry.unit >= 0:
            painter.save()
            painter.translate(x + swatch / 2, y)
            unit_sprite(palette, entry.unit, False, style)(painter)
            painter.restore()
            x += swatch + 6 * style
        painter.setFont(font)
        painter.setPen(QColor(palette.muted if entry.quiet else palette.text))
        painter.drawText(QPointF(x, y + metrics.capHeight() / 2 + 0.5 * style), entry.text)
        x += metrics.horizontalAdvance(entry.text) + gap


def draw_notice(painter: QPainter, room: QRectF, palette: Palette, style: float, text: str) -> float:
    """A quiet bar at the top centre of `room` (device pixels), hatched at its left end: the picture is not what it
    should be. Long texts take several lines. Returns the top of the next one."""
    font = fonts.sized(13 * style)
    metrics = QFontMetricsF(font)
    width = min(room.width(), metrics.horizontalAdvance(text) + 48 * style)
    flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap)
    needed = metrics.boundingRect(QRectF(0, 0, width - 42 * style, room.height()), flags, text)
    box = QRectF(room.center().x() - width / 2, room.top(), width, max(30 * style, needed.height() + 12 * style))
    panel(painter, box, palette, style, 0.96)
    painter.setPen(QPen(QColor(palette.muted), style))
    painter.setBrush(QBrush(QColor(palette.muted), Qt.BrushStyle.BDiagPattern))
    painter.drawRect(QRectF(box.x() + 10 * style, box.center().y() - 7 * style, 14 * style, 14 * style))
    painter.setFont(font)
    painter.setPen(QColor(palette.text))
    text_box = box.adjusted(32 * style, 0, -10 * style, 0)
    painter.drawText(text_box, flags, text)
    return box.bottom() + 6 * style


def draw_empty(painter: QPainter, view: Viewport, palette: Palette, style: float, title: str, hint: str) -> None:
    """Centre of an empty map: what is missing and what to do next."""
    painter.setFont(fonts.sized(20 * style, bold=True))
    painter.setPen(QColor(palette.text))
    middle = view.height / 2
    painter.drawText(QRectF(0, middle - 44 * style, view.width, 34 * style), Qt.AlignmentFlag.AlignCenter, title)
    painter.setFont(fonts.sized(14 * style))
    painter.setPen(QColor(palette.muted))
    painter.drawText(
        QRectF(64 * style, middle - 4 * style, view.width - 128 * style, 100 * style),
        Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap,
        hint,
    )
