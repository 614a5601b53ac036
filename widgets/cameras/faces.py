"""The faces of a tile: each state without a live picture has its own shape and its own words."""
from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from app.services import streams as sv
from widgets.cameras import state as st
from widgets.cameras.state import TileState

CAUSES = {sv.REFUSED: st.REFUSED, sv.NO_HOST: st.NO_HOST, sv.TIMED_OUT: st.TIMED_OUT, sv.ENDED: st.ENDED}
"""why a stream is being connected again → the face that says so"""


def face_of(state: TileState) -> str:
    """The face: the state, or the cause of connecting again where it is known."""
    if state.state == st.RECONNECTING:
        return CAUSES.get(state.cause, st.RECONNECTING)
    return state.state


def _camera(path: QPainterPath) -> None:
    path.addRoundedRect(QRectF(-0.95, -0.55, 1.25, 1.0), 0.16, 0.16)
    path.moveTo(0.38, -0.1)
    for x, y in ((0.95, -0.45), (0.95, 0.35), (0.38, 0.0)):
        path.lineTo(x, y)


def _circle(path: QPainterPath) -> None:
    path.addEllipse(QPointF(0, 0), 0.85, 0.85)


def _line(path: QPainterPath, *points: tuple[float, float]) -> None:
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)


def _dots(path: QPainterPath, y: float) -> None:
    for x in (-0.5, 0.0, 0.5):
        path.addEllipse(QPointF(x, y), 0.09, 0.09)


def glyph(face: str) -> QPainterPath:
    """Outline in the square -1..1, to be drawn with a pen."""
    path = QPainterPath()
    if face == st.CONNECTING:  # a camera, and dots that say: wait
        _camera(path)
        _dots(path, 0.85)
    elif face == st.RECONNECTING or face == st.ENDED:  # an open ring with an arrow head; ended: and a square, stopped
        path.arcMoveTo(QRectF(-0.8, -0.8, 1.6, 1.6), 60)
        path.arcTo(QRectF(-0.8, -0.8, 1.6, 1.6), 60, 285)
        _line(path, (0.1, -1.0), (0.46, -0.66), (0.02, -0.42))
        if face == st.ENDED:
            path.addRect(QRectF(-0.26, -0.26, 0.52, 0.52))
    elif face == st.REFUSED:  # no entry
        _circle(path)
        path.addRect(QRectF(-0.5, -0.13, 1.0, 0.26))
    elif face == st.NO_HOST:  # a signpost without a name
        _line(path, (-0.15, 1.0), (-0.15, -0.95))
        _line(path, (-0.15, -0.75), (0.6, -0.75), (0.95, -0.4), (0.6, -0.05), (-0.15, -0.05))
        _line(path, (-0.6, 1.0), (0.3, 1.0))
    elif face == st.TIMED_OUT:  # an hourglass
        _line(path, (-0.6, -0.9), (0.6, -0.9), (-0.6, 0.9), (0.6, 0.9), (-0.6, -0.9))
    elif face == st.UNSUPPORTED:  # a strip of film that is crossed out
        path.addRect(QRectF(-0.9, -0.65, 1.8, 1.3))
        _line(path, (-0.55, -0.65), (-0.55, 0.65))
        _line(path, (0.55, -0.65), (0.55, 0.65))
        _line(path, (-0.3, -0.3), (0.3, 0.3))
        _line(path, (-0.3, 0.3), (0.3, -0.3))
    elif face == st.NO_RIGHT:  # a padlock
        path.addRoundedRect(QRectF(-0.7, -0.1, 1.4, 1.0), 0.14, 0.14)
        path.arcMoveTo(QRectF(-0.45, -0.85, 0.9, 1.2), 0)
        path.arcTo(QRectF(-0.45, -0.85, 0.9, 1.2), 0, 180)
        _line(path, (0, 0.25), (0, 0.55))
    elif face == st.NEEDS_REASON:  # words that are still to be said
        path.addRoundedRect(QRectF(-0.95, -0.75, 1.9, 1.2), 0.2, 0.2)
        _line(path, (-0.4, 0.45), (-0.55, 0.9), (0.0, 0.45))
        _dots(path, -0.15)
    elif face == st.NOT_CONNECTED:  # a plug drawn out of its socket
        _line(path, (-1.0, 0.0), (-0.55, 0.0))
        path.addRect(QRectF(-0.55, -0.4, 0.4, 0.8))
        _line(path, (-0.15, -0.2), (0.08, -0.2))
        _line(path, (-0.15, 0.2), (0.08, 0.2))
        path.arcMoveTo(QRectF(0.2, -0.45, 0.8, 0.9), 90)
        path.arcTo(QRectF(0.2, -0.45, 0.8, 0.9), 90, 180)
        _line(path, (0.6, -0.45), (0.6, 0.45))
        _line(path, (0.6, 0.0), (1.0, 0.0))
    elif face == st.STALE:  # a clock
        _circle(path)
        _line(path, (0.0, -0.5), (0.0, 0.0), (0.38, 0.22))
    else:  # an empty frame with a cross to drop a camera on
        path.addRoundedRect(QRectF(-0.9, -0.65, 1.8, 1.3), 0.14, 0.14)
        _line(path, (-0.25, 0.0), (0.25, 0.0))
        _line(path, (0.0, -0.25), (0.0, 0.25))
    return path


def paint_face(painter: QPainter, box: QRectF, face: str, colour: str) -> None:
    """The face's shape within a box, in one colour."""
    side = min(box.width(), box.height()) / 2.2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.center())
    painter.scale(side, side)
    painter.setPen(QPen(QColor(colour), 0.13, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                        Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(glyph(face))
    painter.restore()


def paint_dot(painter: QPainter, centre: QPointF, side: float, ink: str, tone: str) -> None:
    """The mark beside the state in words: its shape says the tone too."""
    colour = QColor(ink)
    painter.setPen(QPen(colour, max(1.2, side * 0.3)))
    painter.setBrush(colour if tone == "good" else Qt.BrushStyle.NoBrush)
    if tone == "muted":
        painter.drawRect(QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side))
    else:
        painter.drawEllipse(centre, side / 2, side / 2)
    if tone == "notice":
        painter.drawLine(centre, QPointF(centre.x(), centre.y() - side * 0.35))
