"""A camera's picture in its tile: which part fills it, pixel by pixel where made for it; blurred for visitors."""
from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath

from widgets.cameras.zoom import Zoom
from widgets.theme import tokens

BLURRED_TO = 24
"""points across a picture that visitors may see"""
SEEN = 0.8
"""so much of a picture is shown at least"""


def paint_picture(painter: QPainter, area: QRectF, image: QImage, ratio: float, zoom: Zoom, *, blur: bool) -> None:
    """Fill `area` (`ratio` pixels a point) with the picture. One of the tile's own size is copied, no more."""
    if ratio == 1.0 and image.width() == area.width() and image.height() == area.height() and not zoom.on and not blur:
        painter.drawImage(0, 0, image)
        return
    whole, area = area, place_of(image.width(), image.height(), area)
    if area != whole:
        for bar in (QRectF(whole.left(), whole.top(), whole.width(), area.top() - whole.top()),
                    QRectF(whole.left(), area.bottom(), whole.width(), whole.bottom() - area.bottom()),
                    QRectF(whole.left(), area.top(), area.left() - whole.left(), area.height()),
                    QRectF(area.right(), area.top(), whole.right() - area.right(), area.height())):
            painter.fillRect(bar, QColor(tokens.current().ground))
    source = cover(image, area, ratio)
    if zoom.on:
        source = zoom.part(source)
    if blur:
        image, source = blurred(image, source)
    if blur or abs(source.width() - area.width() * ratio) >= 1 or abs(source.height() - area.height() * ratio) >= 1:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(area, image, source)


def place_of(width: int, height: int, area: QRectF) -> QRectF:
    """Where in a tile's `area` a picture stands: all of it, as long as no more than a fifth of the picture is left out;
    else a part of it, in whole points, with bars beside: what happens at the edge of a scene must be seen."""
    if width <= 0 or height <= 0 or area.height() <= 0 or area.width() <= 0:
        return area
    have, want = width / height, area.width() / area.height()
    if have * SEEN > want:
        high = max(1, round(area.width() / (have * SEEN)))
        return QRectF(area.left(), area.top() + (area.height() - high) // 2, area.width(), high)
    if want * SEEN > have:
        wide = max(1, round(area.height() * have / SEEN))
        return QRectF(area.left() + (area.width() - wide) // 2, area.top(), wide, area.height())
    return area


def blurred(image: QImage, source: QRectF) -> tuple[QImage, QRectF]:
    """The shown part as a picture in which nobody can be known: a few points in place of it."""
    part = image.copy(source.toAlignedRect())
    small = part.scaled(BLURRED_TO, max(1, round(BLURRED_TO * part.height() / max(1, part.width()))),
                        Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return small, QRectF(small.rect())


def cover(image: QImage, area: QRectF, ratio: float = 1.0) -> QRectF:
    """The part of the image that fills `area` (`ratio` pixels a point) with its proportions kept.

    An image made for this size is shown pixel by pixel: up to two of its rows or columns are left out.
    """
    if image.height() == 0 or area.height() <= 0:
        return QRectF(image.rect())
    across, down = round(area.width() * ratio), round(area.height() * ratio)
    over = image.width() - across, image.height() - down
    if min(over) in (0, 1, 2):
        return QRectF(over[0] // 2, over[1] // 2, across, down)
    want = area.width() / area.height()
    have = image.width() / image.height()
    if have > want:
        wide = image.height() * want
        return QRectF((image.width() - wide) / 2, 0, wide, image.height())
    high = image.width() / want
    return QRectF(0, (image.height() - high) / 2, image.width(), high)


def corner_cuts(area: QRectF, radius: float) -> Iterator[tuple[QRectF, QPainterPath]]:
    """The four corners of `area` and what of each lies outside of its rounding."""
    inside = QPainterPath()
    inside.addRoundedRect(area, radius, radius)
    for x in (area.left(), area.right() - radius):
        for y in (area.top(), area.bottom() - radius):
            box = QRectF(x, y, radius, radius)
            outside = QPainterPath()
            outside.addRect(box)
            yield box, outside.subtracted(inside)
