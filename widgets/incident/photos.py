"""Photos as thumbnails; a click enlarges one in place. Files that are no picture say so."""
from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QImageReader,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.services.seat import Seat
from widgets.bridge import Bridge
from widgets.incident.words import tr
from widgets.theme import Step, color, px, size

THUMB = 64
LARGEST_SIDE = 1_600
MOST_PIXELS = 100_000_000
"""A picture that claims more is not decoded."""


def decoded(data: bytes) -> QImage:
    """The picture scaled to at most `LARGEST_SIDE`; a null image when it is none."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    claimed = reader.size()
    if not claimed.isValid() or claimed.width() * claimed.height() > MOST_PIXELS:
        return QImage()
    if max(claimed.width(), claimed.height()) > LARGEST_SIDE:
        reader.setScaledSize(claimed.scaled(QSize(LARGEST_SIDE, LARGEST_SIDE), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


class PhotoStrip(QWidget):
    """Thumbnails in rows. Enter or Space enlarges the first one or puts it back, ←/→ change and Esc closes it."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._digests: tuple[str, ...] = ()
        self._images: dict[str, QImage] = {}
        self._awaited: dict[str, int | None] = {}
        self._large: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.hide()

    def show_photos(self, digests: tuple[str, ...], awaited: Mapping[str, int | None] | None = None) -> None:
        """Show these; known ones are not fetched again. `awaited`: those that are not on this seat yet, with the size
        in bytes where it is known: they say so until they come."""
        awaited = dict(awaited or {})
        if digests == self._digests and awaited == self._awaited:
            return
        came = self._awaited.keys() - awaited.keys()
        self._images = {d: i for d, i in self._images.items() if d not in came}
        same, self._digests, self._awaited = digests == self._digests, digests, awaited
        self._images = {d: i for d, i in self._images.items() if d in digests}
        self._large = self._large if same else None
        self.setVisible(bool(digests))
        for digest in digests:
            if digest not in self._images and digest not in awaited:
                self._bridge.ask(_fetch(digest), self._on_image(digest), self._on_image(digest), owner=self)
        self._fit()

    def _on_image(self, digest: str) -> Callable[[object], None]:
        def arrived(image: object) -> None:
            if digest in self._digests:
                self._images[digest] = image if isinstance(image, QImage) else QImage()
                self._fit()
        return arrived

    def _cell(self, index: int) -> QRect:
        side, gap = px(THUMB), px(8)
        columns = max(1, (self.width() + gap) // (side + gap))
        row, column = divmod(index, columns)
        return QRect(column * (side + gap), row * (side + gap), side, side)

    def _large_size(self) -> QSize:
        image = self._images.get(self._digests[self._large]) if self._large is not None else None
        if image is None or image.isNull():
            return QSize(self.width(), px(120))
        fitted = image.size().scaled(QSize(self.width(), px(480)), Qt.AspectRatioMode.KeepAspectRatio)
        return fitted

    def _fit(self) -> None:
        bottom = self._cell(len(self._digests) - 1).bottom() + 1 if self._digests else 0
        if self._large is not None:
            bottom += px(8) + self._large_size().height()
        if bottom != self.height() or self.minimumHeight() != bottom:
            self.setFixedHeight(max(0, bottom))
        self.update()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = self.font()
        font.setPixelSize(size(Step.NOTE))
        painter.setFont(font)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for index, digest in enumerate(self._digests):
            self._paint_one(painter, self._cell(index), digest, index == self._large)
        if self._large is not None:
            fitted = self._large_size()
            top = self._cell(len(self._digests) - 1).bottom() + 1 + px(8)
            rect = QRect((self.width() - fitted.width()) // 2, top, fitted.width(), fitted.height())
            self._paint_one(painter, rect, self._digests[self._large], False)
        if self.hasFocus() and self._digests:
            painter.setPen(QPen(color("accent"), px(2)))
            first = self._cell(self._large or 0)
            painter.drawRect(first.adjusted(px(1), px(1), -px(1), -px(1)))
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def words(self, digest: str) -> str:
        """What stands where there is no picture to show: awaited with its size, loading, or none."""
        if digest in self._awaited:
            length = self._awaited[digest]
            if length is None:
                return tr("not here yet")
            return tr("not here yet, {mb} MB", mb=f"{max(length / 1e6, 0.1):.1f}")
        return tr("no picture") if digest in self._images else tr("loading")

    def _paint_one(self, painter: QPainter, rect: QRect, digest: str, marked: bool) -> None:
        image = self._images.get(digest)
        painter.fillRect(rect, color("raised"))
        if image is None or image.isNull():
            painter.setPen(color("faint"))
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self.words(digest))
        else:
            fitted = image.size().scaled(rect.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(rect.left() + (rect.width() - fitted.width()) // 2,
                           rect.top() + (rect.height() - fitted.height()) // 2, fitted.width(), fitted.height())
            painter.drawImage(target, image)
        painter.setPen(color("accent" if marked else "line"))
        painter.drawRect(rect.adjusted(0, 0, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = event.position().toPoint()
        hit = next((i for i in range(len(self._digests)) if self._cell(i).contains(spot)), None)
        self.enlarge(None if hit is None or hit == self._large else hit)

    @Slot(object)
    def enlarge(self, index: int | None) -> None:
        """Show one large, or none."""
        self._large = index if index is not None and 0 <= index < len(self._digests) else None
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.enlarge(0 if self._large is None else None)
        elif self._large is not None and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self.enlarge((self._large + step) % len(self._digests))
        elif self._large is not None and event.key() == Qt.Key.Key_Escape:
            self.enlarge(None)
        else:
            super().keyPressEvent(event)


def _fetch(digest: str) -> Callable[[Seat], QImage]:
    return lambda seat: decoded(seat.blob(digest))
