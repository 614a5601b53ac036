"""Marks that mean the same on map, queue and wall: levels, units, lamps, unknown, cameras, drones. Shape *and* colour.

Paths are centred on (0, 0) within a square of side 2 (-1..1); `placed` puts one into a rectangle.
"""
from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QTransform,
)

from widgets.theme import tokens
from widgets.theme.tokens import Tokens

NUMERALS = ("I", "II", "III", "IV")
UNIT_STATES = ("free", "going", "on_scene", "off", "unknown")
# Share of a shape's square that its numeral may fill: (width, height, centre moved down), by level.
_NUMERAL_BOX = ((0.44, 0.74, 0.0), (0.80, 0.68, 0.34), (1.14, 1.04, 0.0), (1.10, 0.92, 0.0))


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    path.closeSubpath()
    return path


def level_path(level: int) -> QPainterPath:
    """I diamond, II triangle, III square, IV circle (`level` 1..4; anything else counts as 4)."""
    if level == 1:
        return _polygon((0, -1), (1, 0), (0, 1), (-1, 0))
    if level == 2:
        return _polygon((0, -0.96), (1, 0.86), (-1, 0.86))
    path = QPainterPath()
    if level == 3:
        path.addRoundedRect(QRectF(-0.84, -0.84, 1.68, 1.68), 0.2, 0.2)
    else:
        path.addEllipse(QPointF(0, 0), 0.94, 0.94)
    return path


def numeral_path(level: int) -> QPainterPath:
    """The Roman numeral of a level, drawn so that it stays sharp when small; fits its shape of `level_path`."""
    width, height, down = _NUMERAL_BOX[min(4, max(1, level)) - 1]
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    top, bottom = down - height / 2, down + height / 2
    serif, stem = 0.13, 0.19
    if level >= 4 or level < 1:
        path.addRect(QRectF(-width / 2, top, stem, height))
        left, right, foot = -width / 2 + stem + 0.14, width / 2, stem * 0.52
        mid = (left + right) / 2
        wide = stem * 1.1
        path.addPath(_polygon((left, top), (left + wide, top), (mid, bottom - height * 0.28), (right - wide, top),
                              (right, top), (mid + foot, bottom), (mid - foot, bottom)))
        return path
    path.addRect(QRectF(-width / 2, top, width, serif))
    path.addRect(QRectF(-width / 2, bottom - serif, width, serif))
    inner = width - 1.3 * serif if level > 1 else stem
    for n in range(level):
        x = 0.0 if level == 1 else -inner / 2 + stem / 2 + n * (inner - stem) / (level - 1)
        path.addRect(QRectF(x - stem / 2, top, stem, height))
    return path


def unit_path(state: str) -> QPainterPath:
    """free ▲, going ▶, on_scene ■, off ▽, unknown ◇ (the last two are drawn hollow)."""
    if state == "free":
        return _polygon((0, -0.9), (0.95, 0.8), (-0.95, 0.8))
    if state == "going":
        return _polygon((0.95, 0), (-0.75, 0.95), (-0.75, -0.95))
    if state == "on_scene":
        return _polygon((-0.78, -0.78), (0.78, -0.78), (0.78, 0.78), (-0.78, 0.78))
    if state == "off":
        return _polygon((0, 0.9), (0.95, -0.8), (-0.95, -0.8))
    return _polygon((0, -0.95), (0.95, 0), (0, 0.95), (-0.95, 0))


def unit_colour(state: str, theme: Tokens | None = None) -> str:
    """The colour that goes with `unit_path`."""
    t = theme or tokens.current()
    colours = {"free": t.unit_free, "going": t.unit_going, "on_scene": t.unit_on_scene, "off": t.unit_off}
    return colours.get(state, t.unknown)


def camera_path() -> QPainterPath:
    """A camera on its bracket, looking right."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(-0.95, -0.55, 1.25, 1.0), 0.16, 0.16)
    path.addPath(_polygon((0.38, -0.18), (0.95, -0.5), (0.95, 0.4), (0.38, 0.08)))
    path.addRect(QRectF(-0.5, 0.5, 0.35, 0.4))
    return path


def drone_path() -> QPainterPath:
    """Four rotors and their arms."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for x, y in ((-0.62, -0.62), (0.62, -0.62), (0.62, 0.62), (-0.62, 0.62)):
        path.addEllipse(QPointF(x, y), 0.34, 0.34)
    for turn in (45, 135):
        arm = QPainterPath()
        arm.addRect(QRectF(-0.85, -0.11, 1.7, 0.22))
        path.addPath(QTransform().rotate(turn).map(arm))
    path.addEllipse(QPointF(0, 0), 0.28, 0.28)
    return path


def placed(path: QPainterPath, rect: QRectF) -> QPainterPath:
    """The path of the unit square in the largest square within `rect`."""
    half = min(rect.width(), rect.height()) / 2
    centre = rect.center()
    return QTransform(half, 0, 0, half, centre.x(), centre.y()).map(path)


def paint_level(painter: QPainter, rect: QRectF, level: int, theme: Tokens | None = None, *,
                opacity: float = 1.0) -> None:
    """The mark of a level in the largest square within `rect`."""
    t = theme or tokens.current()
    n = min(4, max(1, level)) - 1
    half = min(rect.width(), rect.height()) / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(painter.opacity() * opacity)
    edge = max(0.8, half * 0.09)
    inner = rect.adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2)
    painter.setPen(QPen(QColor(t.level_edge[n]), edge, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                        Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(QColor(t.level[n]))
    painter.drawPath(placed(level_path(n + 1), inner))
    painter.fillPath(placed(numeral_path(n + 1), inner), QColor(t.level_ink[n]))
    painter.restore()


def paint_unit(painter: QPainter, rect: QRectF, state: str, theme: Tokens | None = None, *, halo: bool = False) -> None:
    """The mark of a unit's state; `halo` rings it for use over the map."""
    t = theme or tokens.current()
    colour = QColor(unit_colour(state, t))
    half = min(rect.width(), rect.height()) / 2
    path = placed(unit_path(state), rect)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if halo:
        painter.strokePath(path, QPen(QColor(t.map_halo), max(2.0, half * 0.4)))
    if state in ("free", "going", "on_scene"):
        painter.fillPath(path, colour)
    else:
        pen = QPen(colour, max(1.2, half * 0.24))
        if state != "off":
            pen.setStyle(Qt.PenStyle.DotLine)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.strokePath(placed(unit_path(state), rect.adjusted(half * .1, half * .1, -half * .1, -half * .1)), pen)
    painter.restore()


def paint_glyph(painter: QPainter, rect: QRectF, path: QPainterPath, colour: str) -> None:
    """A path of the unit square (camera, drone) filled with one colour."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(placed(path, rect), QColor(colour))
    painter.restore()


def hatch(colour: str, alpha: float = 0.55) -> QBrush:
    """Slanting lines: nobody knows."""
    ink = QColor(colour)
    ink.setAlphaF(alpha)
    return QBrush(ink, Qt.BrushStyle.BDiagPattern)


def paint_unknown(painter: QPainter, rect: QRectF, font: QFont, text: str = "?", theme: Tokens | None = None) -> None:
    """Hatched field with "?" (and the age, when `text` says so). Never green without fresh news."""
    t = theme or tokens.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    area = QPainterPath()
    area.addRoundedRect(rect, tokens.RADIUS_PX / 2, tokens.RADIUS_PX / 2)
    painter.fillPath(area, QColor(t.unknown_ground))
    painter.fillPath(area, hatch(t.unknown))
    if text:
        metrics = QFontMetricsF(font)
        words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        box = QRectF(0, 0, metrics.horizontalAdvance(words) + metrics.height() * 0.4, metrics.height())
        box.moveCenter(rect.center())
        painter.fillRect(box.intersected(rect), QColor(t.unknown_ground))
        painter.setFont(font)
        painter.setPen(QColor(t.text))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()


def lamp_size(text: str, font: QFont) -> QSizeF:
    """Room that `paint_lamp` needs for its text."""
    metrics = QFontMetricsF(font)
    high = metrics.height()
    return QSizeF(math.ceil(metrics.horizontalAdvance(text) + high * 0.66), math.ceil(high * 1.18))


def lamp_text_colour(lamp: str, theme: Tokens | None = None) -> str:
    """The colour of a lamp's text."""
    t = theme or tokens.current()
    return {"green": t.lamp_green_text, "yellow": t.lamp_yellow_text, "red": t.lamp_red_text}.get(lamp, t.muted)


def paint_lamp(painter: QPainter, rect: QRectF, lamp: str, text: str, font: QFont, theme: Tokens | None = None) -> None:
    """Time left as a pill filling `rect`: green outline, yellow fill with dark text, red fill with white text.

    "held" is a dotted grey outline, "none" bare text; `lamp` takes the values of `app.services.views.Lamp`.
    """
    t = theme or tokens.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line = max(1.0, rect.height() / 20)
    inner = rect.adjusted(line / 2, line / 2, -line / 2, -line / 2)
    corner = rect.height() * 0.17
    outlines = {"green": QPen(QColor(t.lamp_green_outline), line),
                "held": QPen(QColor(t.faint), line, Qt.PenStyle.DotLine)}
    fills = {"yellow": t.lamp_yellow_fill, "red": t.lamp_red_fill}
    if lamp in fills:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fills[lamp]))
        painter.drawRoundedRect(rect, corner, corner)
    elif lamp in outlines:
        painter.setPen(outlines[lamp])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(inner, corner, corner)
    painter.setFont(font)
    painter.setPen(QColor(lamp_text_colour(lamp, t)))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, text)
    painter.restore()


_pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}


def _pixmap(kind: str, side: int, ratio: float, theme: Tokens) -> tuple[QPixmap, bool]:
    key = (kind, theme.name, side, ratio)
    found = _pixmaps.get(key)
    if found is not None:
        return found, False
    if len(_pixmaps) > 256:
        _pixmaps.clear()
    made = QPixmap(max(1, round(side * ratio)), max(1, round(side * ratio)))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    _pixmaps[key] = made
    return made, True


def level_pixmap(level: int, side: int, ratio: float = 1.0, theme: Tokens | None = None) -> QPixmap:
    """The mark of a level, `side` logical pixels square; cached."""
    t = theme or tokens.current()
    pixmap, fresh = _pixmap(f"level{level}", side, ratio, t)
    if fresh:
        painter = QPainter(pixmap)
        paint_level(painter, QRectF(0, 0, side, side), level, t)
        painter.end()
    return pixmap


def unit_pixmap(state: str, side: int, ratio: float = 1.0, theme: Tokens | None = None) -> QPixmap:
    """The mark of a unit's state, `side` logical pixels square; cached."""
    t = theme or tokens.current()
    pixmap, fresh = _pixmap(f"unit-{state}", side, ratio, t)
    if fresh:
        painter = QPainter(pixmap)
        paint_unit(painter, QRectF(0, 0, side, side), state, t)
        painter.end()
    return pixmap
