"""Texts with a halo as small pictures, painted once: stroking a text's outline in each frame is what costs."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

KEPT = 600


class HaloTexts:
    """Pixmaps by text, font and colours; the longest unused dropped first."""

    def __init__(self) -> None:
        self._pixmaps: OrderedDict[tuple[str, int, bool, str, str, float], QPixmap] = OrderedDict()

    def clear(self) -> None:
        self._pixmaps.clear()

    def pixmap(self, text: str, font: QFont, colour: str, halo: str, width: float) -> QPixmap:
        """The text with a halo of ``width`` px on each side."""
        key = (text, font.pixelSize(), font.bold(), colour, halo, width)
        found = self._pixmaps.get(key)
        if found is not None:
            self._pixmaps.move_to_end(key)
            return found
        metrics = QFontMetricsF(font)
        pixmap = QPixmap(int(metrics.horizontalAdvance(text) + 2 * width + 2), int(metrics.height() + 2 * width))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at = QPointF(width + 1, width + metrics.ascent())
        path = QPainterPath()
        path.addText(at, font, text)
        painter.strokePath(
            path, QPen(QColor(halo), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        painter.setFont(font)
        painter.setPen(QColor(colour))
        painter.drawText(at, text)
        painter.end()
        self._pixmaps[key] = pixmap
        while len(self._pixmaps) > KEPT:
            self._pixmaps.popitem(last=False)
        return pixmap
