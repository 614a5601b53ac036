"""The marks of the live layer, on the shapes that queue and wall use too."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from widgets.map.atlas import Draw
from widgets.map.layers import PHASE_ANSWERED, PHASE_NEW, PHASE_ON_SCENE
from widgets.map.palette import Palette, with_alpha
from widgets.theme import fonts, shapes

MARK_HALF_PX = (15.0, 14.5, 13.5, 11.5)
UNIT_HALF_PX = 6.6
PULSE_INNER_PX, PULSE_OUTER_PX = 15.0, 27.0
UNIT_STATES = ("free", "going", "on_scene", "off", "unknown")


def _square(half: float) -> QRectF:
    return QRectF(-half, -half, 2 * half, 2 * half)


def _round_pen(colour: str | QColor, width: float) -> QPen:
    return QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def incident_sprite(palette: Palette, level: int, phase: int, style: float) -> Draw:
    """Level by shape, colour and numeral; phase by a round badge (new), a square one (on scene), a hollow body
    (answered)."""
    half = MARK_HALF_PX[level - 1] * style

    def draw(painter: QPainter) -> None:
        body = shapes.placed(shapes.level_path(level), _square(half))
        numeral = shapes.placed(shapes.numeral_path(level), _square(half))
        colour = palette.level[level - 1]
        painter.strokePath(body, _round_pen(palette.halo, 4.0 * style))
        if phase == PHASE_ANSWERED:
            painter.fillPath(body, QColor(palette.halo))
            inner = shapes.placed(shapes.level_path(level), _square(half - 1.2 * style))
            painter.strokePath(inner, _round_pen(colour if palette.dark else palette.edge[level - 1], 2.2 * style))
            small = shapes.placed(shapes.numeral_path(level), _square(half * 0.78))
            painter.fillPath(small, QColor(colour if palette.dark else palette.edge[level - 1]))
        else:
            painter.fillPath(body, QColor(colour))
            if not palette.dark:
                painter.strokePath(body, _round_pen(palette.edge[level - 1], 1.2 * style))
            painter.fillPath(numeral, QColor(palette.on_level[level - 1]))
        if phase in (PHASE_NEW, PHASE_ON_SCENE):
            _badge(painter, half, style, palette, phase)

    return draw


def _badge(painter: QPainter, half: float, style: float, palette: Palette, phase: int) -> None:
    box = QRectF(-4.0 * style, -4.0 * style, 8.0 * style, 8.0 * style)
    box.moveCenter(QPointF(half * 0.82, -half * 0.78))
    painter.setPen(QPen(QColor(palette.halo), 1.6 * style))
    if phase == PHASE_NEW:
        painter.setBrush(QColor(palette.label))
        painter.drawEllipse(box)
    else:
        painter.setBrush(QColor(palette.unit[2]))
        painter.drawRect(box)


def pulse_sprite(palette: Palette, level: int, share: float, style: float) -> Draw:
    """A ring that widens and fades as ``share`` goes from 0 to 1."""
    radius = (PULSE_INNER_PX + (PULSE_OUTER_PX - PULSE_INNER_PX) * share) * style

    def draw(painter: QPainter) -> None:
        painter.setPen(QPen(with_alpha(palette.level[level - 1], 0.9 * (1.0 - share)), 2.0 * style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(0, 0), radius, radius)

    return draw


def count_text(count: int) -> str:
    """At most four characters."""
    return str(count) if count < 1000 else f"{count / 1000:.1f}k" if count < 10_000 else f"{count // 1000}k"


def cluster_sprite(palette: Palette, count: int, style: float, level: int = 4) -> Draw:
    """The number of incidents in the hollow shape of their level: a ring for IV, two squares behind each other for
    III; in the full shape for I and II."""
    text = count_text(count)
    if level <= 2:
        return _grave_cluster(palette, text, style, level)
    radius = (11.5 + 1.8 * max(0, len(text) - 1)) * style
    outline = shapes.placed(shapes.level_path(level), _square(radius / (0.84 if level == 3 else 0.94)))
    behind = 3.0 * style

    def draw(painter: QPainter) -> None:
        colour = palette.level[level - 1] if palette.dark or level == 4 else palette.edge[level - 1]
        for shift in (behind, 0.0) if level == 3 else (0.0,):
            body = outline.translated(shift, -shift)
            painter.strokePath(body, _round_pen(palette.halo, 4.8 * style))
            painter.fillPath(body, QColor(palette.halo))
            painter.strokePath(body, _round_pen(colour, 2.2 * style))
        painter.setFont(fonts.sized(13 * style, bold=True))
        painter.setPen(QColor(palette.label))
        painter.drawText(_square(radius * 2), Qt.AlignmentFlag.AlignCenter, text)

    return draw


def _grave_cluster(palette: Palette, text: str, style: float, level: int) -> Draw:
    """As large as its number needs; the triangle's number stands where it is widest."""
    radius = (16.0 + 2.2 * (len(text) - 1)) * style
    outline = shapes.placed(shapes.level_path(level), _square(radius))
    low = radius * 0.34 if level == 2 else 0.0

    def draw(painter: QPainter) -> None:
        painter.strokePath(outline, _round_pen(palette.halo, 5.0 * style))
        painter.fillPath(outline, QColor(palette.level[level - 1]))
        if not palette.dark:
            painter.strokePath(outline, _round_pen(palette.edge[level - 1], 1.2 * style))
        painter.setFont(fonts.sized(13 * style if len(text) < 3 else 12 * style, bold=True))
        painter.setPen(QColor(palette.on_level[level - 1]))
        painter.drawText(_square(radius * 2).translated(0.0, low), Qt.AlignmentFlag.AlignCenter, text)

    return draw


def unit_sprite(palette: Palette, status: int, stale: bool, style: float) -> Draw:
    """Free ▲, going ▶, on scene ■, off ▽ hollow, unknown ◇ hollow; a stale position is hatched and carries a "?"."""
    half = UNIT_HALF_PX * style

    def draw(painter: QPainter) -> None:
        colour = palette.unit[status]
        body = shapes.placed(shapes.unit_path(UNIT_STATES[status]), _square(half))
        painter.strokePath(body, _round_pen(palette.halo, 2.8 * style))
        if status >= 3 or stale:
            painter.fillPath(body, QColor(palette.halo))
        if status >= 3:
            painter.strokePath(
                shapes.placed(shapes.unit_path(UNIT_STATES[status]), _square(half * 0.9)),
                QPen(QColor(colour), 1.5 * style),
            )
        elif stale:
            painter.fillPath(body, shapes.hatch(colour, 0.9))
            painter.strokePath(body, QPen(QColor(colour), 1.3 * style))
        else:
            painter.fillPath(body, QColor(colour))
        if (stale and status != 3) or status == 4:
            _question(painter, palette, style, half)

    return draw


def _question(painter: QPainter, palette: Palette, style: float, half: float, sign: str = "?") -> None:
    path = QPainterPath()
    path.addText(QPointF(half * 0.85, -half * 0.1), fonts.sized(11 * style, bold=True), sign)
    painter.strokePath(path, _round_pen(palette.halo, 2.6 * style))
    painter.fillPath(path, QColor(palette.label))


def heading_sprite(palette: Palette, style: float) -> Draw:
    """A short tick to the north of a mark, to be turned by the heading."""

    def draw(painter: QPainter) -> None:
        for colour, width in ((palette.halo, 3.4), (palette.label, 1.6)):
            painter.setPen(QPen(QColor(colour), width * style))
            painter.drawLine(QPointF(0, -8 * style), QPointF(0, -12 * style))

    return draw


def drone_sprite(palette: Palette, stale: bool, warn: bool, style: float) -> Draw:
    """The drone's glyph in a ring; a broken ring and "?" when its position is old; a thick ring in the colour of level
    I and "!" when its battery is low or its link lost."""
    radius = 11.0 * style
    ring = palette.level[0] if warn else palette.drone

    def draw(painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.halo))
        painter.drawEllipse(QPointF(0, 0), radius + 2 * style, radius + 2 * style)
        painter.setPen(
            QPen(QColor(ring), (2.6 if warn else 1.8) * style, Qt.PenStyle.DashLine if stale else Qt.PenStyle.SolidLine)
        )
        painter.setBrush(with_alpha(palette.drone, 0.18))
        painter.drawEllipse(QPointF(0, 0), radius, radius)
        painter.fillPath(shapes.placed(shapes.drone_path(), _square(radius * 0.68)), QColor(palette.drone))
        if stale or warn:
            _question(painter, palette, style, radius, "!" * warn + "?" * stale)

    return draw
