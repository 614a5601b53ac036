"""A still of a camera to be kept: the picture as it was shown (masks painted), its time, camera, seat and operator in
it."""
from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from app.text import plain
from widgets.cameras import state as st
from widgets.cameras.tile import Tile
from widgets.theme import fonts, tokens

WANTED = QSize(1920, 1080)
LOOK_MS, WAIT_S, WAIT_WHOLE_S = 50, 1.5, 2.5
"""how long the taker waits for a picture of the wanted size, and for one decoded in full"""
QUALITY = 88
MARK_ALPHA = 0.16
LEAST_WIDE = 640
"""a smaller picture is enlarged, so that what stands in it can be read"""


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands in a still. `mark`: the watermark (seat, operator, time); `lines`: at the foot, left and right."""

    lines: tuple[str, str]
    mark: str
    nature: str = ""


@dataclass(slots=True)
class _Asked:
    tile: Tile
    camera_id: str
    done: Callable[[QImage, float], object]
    failed: Callable[[], object]
    before: int
    asked_at: float = field(default_factory=time.perf_counter)


class StillTaker(QObject):
    """Takes the picture of a tile, as large as its camera gives it: the tile asks for the whole for a moment."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: list[_Asked] = []
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._on_look)

    def take(self, tile: Tile, done: Callable[[QImage, float], object], failed: Callable[[], object]) -> None:
        """`done(image, age in s)`; `failed()` when the tile has no picture that is what it claims to be."""
        camera, image = tile.camera, tile.picture
        if camera is None or image is None or not st.good(tile.shown_state):
            failed()
            return
        tile.least_size = WANTED
        self._asked.append(_Asked(tile, camera.id, done, failed, image.width()))
        self._timer.start()

    @Slot()
    def _on_look(self) -> None:
        now = time.perf_counter()
        for one in list(self._asked):
            image, camera = one.tile.picture, one.tile.camera
            gone = camera is None or camera.id != one.camera_id or image is None
            if not gone and image is not None and one.tile.state.moving and (
                    (image.width() <= one.before and now - one.asked_at < WAIT_S)
                    or (one.tile.state.eased and now - one.asked_at < WAIT_WHOLE_S)):
                continue
            self._asked.remove(one)
            one.tile.least_size = QSize(0, 0)
            if gone or image is None or not st.good(one.tile.shown_state):
                one.failed()
            else:
                one.done(image.copy(), one.tile.state.age_s(now))
        if not self._asked:
            self._timer.stop()


def compose(image: QImage, caption: Caption) -> QImage:
    """The still with its caption and watermark. Any thread."""
    if image.width() < LEAST_WIDE:
        image = image.scaledToWidth(LEAST_WIDE, Qt.TransformationMode.SmoothTransformation)
    made = image.convertToFormat(QImage.Format.Format_RGB32)
    high = max(14.0, made.height() / 34)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _watermark(painter, QRectF(made.rect()), plain(caption.mark), high)
    _foot(painter, QRectF(made.rect()), caption, high)
    painter.end()
    return made


def _watermark(painter: QPainter, area: QRectF, text: str, high: float) -> None:
    """Seat, operator and time slanting over the whole picture: no part of it can be passed on without them."""
    ink = QColor(tokens.current().on_scrim)
    ink.setAlphaF(MARK_ALPHA)
    font = fonts.font(tokens.Step.BODY, bold=True)
    font.setPixelSize(round(high * 1.2))
    metrics = QFontMetricsF(font)
    step_x, step_y = metrics.horizontalAdvance(text) + high * 5, high * 7
    painter.save()
    painter.setFont(font)
    painter.setPen(ink)
    painter.translate(area.center())
    painter.rotate(-24)
    reach = area.width() * 0.75
    row, y = 0, -reach
    while y < reach:
        x = -reach - (step_x / 2 if row % 2 else 0)
        while x < reach:
            painter.drawText(QPointF(x, y), text)
            x += step_x
        row, y = row + 1, y + step_y
    painter.restore()


def _foot(painter: QPainter, area: QRectF, caption: Caption, high: float) -> None:
    theme = tokens.current()
    font = fonts.font(tokens.Step.BODY)
    font.setPixelSize(round(high))
    metrics = QFontMetricsF(font)
    strip = QRectF(area.left(), area.bottom() - metrics.height() * 2.4, area.width(), metrics.height() * 2.4)
    veil = QColor(theme.scrim)
    veil.setAlphaF(0.8)
    painter.fillRect(strip, veil)
    painter.setFont(font)
    painter.setPen(QColor(theme.on_scrim))
    inner = strip.adjusted(high * 0.5, 0, -high * 0.5, 0)
    for row, line in enumerate(caption.lines):
        shown = metrics.elidedText(plain(line), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(QRectF(inner.left(), strip.top() + metrics.height() * (0.1 + 1.1 * row), inner.width(),
                                metrics.height()), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
    if caption.nature:
        painter.setPen(QColor(theme.on_scrim_notice))
        painter.drawText(QRectF(area.left() + high * 0.5, area.top(), area.width(), metrics.height() * 1.3),
                         Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, plain(caption.nature))


def jpeg(image: QImage) -> bytes:
    """The still as a JPEG file. Any thread."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG", QUALITY)  # type: ignore[call-overload]  # the stub wants bytes, the call text
    buffer.close()
    return bytes(data.data())
