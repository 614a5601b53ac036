"""The picture of a camera with its privacy masks to be drawn, moved and bent, by mouse or keys."""
from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.domain.masks import Mask
from app.services import mask_drawing as draw
from widgets.cameras.tile import say
from widgets.theme import tokens
from widgets.theme.tokens import px

HANDLE_PX = 9
STEP, LARGE_STEP = 0.01, 0.05
NEW = (0.35, 0.35, 0.65, 0.65)
"""where a mask made by a key lies at first"""
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_KEPT = frozenset({*_ARROWS, Qt.Key.Key_Insert, Qt.Key.Key_Delete, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
                   Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape})
_WITH_CTRL = frozenset({Qt.Key.Key_S, Qt.Key.Key_Z})


class MaskCanvas(QWidget):
    """`masks` as they are drawn now; `changed()` when they are other ones, or another is chosen.

    Drag on the picture: a rectangle, or with `by_points` one corner a click (double click or Enter ends it). Drag a
    mask: move it; a corner: bend it. Keys: Ins a new one, PgUp and PgDn choose, arrows move (Shift: far, Ctrl: its
    lower right edges), Del deletes, Ctrl+Z takes a step back, Esc drops what is being drawn.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.masks: list[Mask] = []
        self.chosen: int | None = None
        self.by_points = False
        self._image: QImage | None = None
        self._points: list[tuple[float, float]] = []
        self._from: tuple[float, float] | None = None
        self._corner: int | None = None
        self._moving = False
        self._at: tuple[float, float] = (0.0, 0.0)
        self._before: list[list[Mask]] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setMouseTracking(True)
        self.setMinimumSize(px(160), px(90))
        tokens.changed().connect(self.update)

    # ---- what is drawn ---------------------------------------------------------------------------------------------

    def begin(self, masks: tuple[Mask, ...]) -> None:
        """Draw anew from these."""
        self.masks, self.chosen, self._points, self._from, self._before = list(masks), None, [], None, []
        self._told()

    def take_in(self, masks: Sequence[Mask]) -> None:
        """Draw these too, whatever step is taken back."""
        for step in (*self._before, self.masks):
            step += [m for m in masks if m not in step]
        self._told()

    def set_image(self, image: QImage | None) -> None:
        """The picture below."""
        if image is not self._image:
            self._image = image
            self.update()

    @property
    def area(self) -> QRectF:
        """Where the whole picture lies."""
        if self._image is None or self._image.isNull():
            return QRectF(self.rect())
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2, size.width(),
                      size.height())

    @property
    def drawing(self) -> bool:
        """Whether a mask is only half drawn."""
        return bool(self._points) or self._from is not None

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._before)

    def add(self) -> None:
        """A new mask in the middle, to be moved by keys."""
        made = draw.rectangle(*NEW)
        assert made is not None
        self._put(made)

    def delete(self) -> None:
        """The chosen one goes."""
        if self.chosen is not None:
            self._keep()
            del self.masks[self.chosen]
            self.chosen = min(self.chosen, len(self.masks) - 1) if self.masks else None
            self._told()

    def undo(self) -> None:
        """As before the last step."""
        if self._before:
            self.masks = self._before.pop()
            self.chosen = None
            self._told()

    def choose(self, step: int) -> None:
        """The next or the one before."""
        if self.masks:
            now = self.chosen if self.chosen is not None else (-1 if step > 0 else 0)
            self.chosen = (now + step) % len(self.masks)
            self._told()

    def _put(self, mask: Mask | None) -> None:
        if mask is not None and len(self.masks) < draw.MOST_MASKS:
            self._keep()
            self.masks.append(mask)
            self.chosen = len(self.masks) - 1
        self._told()

    def _keep(self) -> None:
        self._before.append(list(self.masks))

    def _told(self) -> None:
        self.setAccessibleName(say("{n} masks, {at} is chosen", n=len(self.masks),
                                   at=self.chosen + 1 if self.chosen is not None else "–"))
        self.changed.emit()
        self.update()

    # ---- by mouse --------------------------------------------------------------------------------------------------

    def _share(self, at: QPointF) -> tuple[float, float]:
        area = self.area
        return (at.x() - area.left()) / max(1.0, area.width()), (at.y() - area.top()) / max(1.0, area.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a corner or a mask, or begin a new one."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        x, y = self._at = self._share(event.position())
        if self._points:
            self._points.append((x, y))
            self._told()
            return
        near = px(HANDLE_PX) / max(1.0, self.area.width()), px(HANDLE_PX) / max(1.0, self.area.height())
        if self.chosen is not None and (corner := draw.corner_at(self.masks[self.chosen], x, y, *near)) is not None:
            self._keep()
            self._corner = corner
        elif (under := next((i for i in reversed(range(len(self.masks))) if draw.holds(self.masks[i], x, y)),
                            None)) is not None:
            self.chosen = under
            self._keep()
            self._moving = True
        elif self.by_points:
            self._points = [(x, y)]
        else:
            self.chosen, self._from = None, (x, y)
        self._told()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw, move or bend along."""
        x, y = self._share(event.position())
        if self.chosen is not None and self._corner is not None:
            self.masks[self.chosen] = draw.bent(self.masks[self.chosen], self._corner, x, y)
        elif self.chosen is not None and self._moving:
            self.masks[self.chosen] = draw.moved(self.masks[self.chosen], x - self._at[0], y - self._at[1])
        self._at = (x, y)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        taken = self._moving or self._corner is not None
        self._moving, self._corner = False, None
        if taken and self._before and self._before[-1] == self.masks:
            self._before.pop()  # taken up and put down again
        if self._from is not None:
            start, self._from = self._from, None
            self._put(draw.rectangle(*start, *self._share(event.position())))
        elif taken:
            self._told()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ends a mask drawn by points."""
        if self._points:
            self.finish()
        else:
            self.mousePressEvent(event)

    def finish(self) -> None:
        """The mask drawn by points is whole."""
        points, self._points = self._points, []
        self._put(draw.polygon(points))

    def drop(self) -> bool:
        """Forget what is half drawn. False: nothing was."""
        if not self.drawing:
            return False
        self._points, self._from = [], None
        self._told()
        return True

    # ---- by keys ---------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Its own keys are not the desk's while it has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            held = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if Qt.Key(event.key()) in (_KEPT if not held else _KEPT | _WITH_CTRL):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Everything without a mouse."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Insert:
            self.add()
        elif key == Qt.Key.Key_Delete:
            self.delete()
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.choose(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in _ARROWS and self.chosen is not None:
            far = LARGE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
            dx, dy = (d * far for d in _ARROWS[key])
            act = draw.stretched if event.modifiers() & Qt.KeyboardModifier.ControlModifier else draw.moved
            self._keep()
            self.masks[self.chosen] = act(self.masks[self.chosen], dx, dy)
            self._told()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._points:
            self.finish()
        elif key == Qt.Key.Key_Z and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.undo()
        elif key == Qt.Key.Key_Escape:
            if not self.drop():
                self.left.emit()
        else:
            super().keyPressEvent(event)

    # ---- looks -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, all masks, the chosen one with its corners, and what is being drawn."""
        theme, area = tokens.current(), self.area
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.ground))
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(area, self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for i, mask in enumerate(self.masks):
            self._shape(painter, area, list(mask), chosen=i == self.chosen)
        if self._from is not None:
            made = draw.rectangle(*self._from, *self._at)
            self._shape(painter, area, list(made or ()), chosen=True)
        if self._points:
            self._shape(painter, area, [*self._points, self._at], chosen=True)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), px(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.end()

    @staticmethod
    def _shape(painter: QPainter, area: QRectF, points: list[tuple[float, float]], *, chosen: bool) -> None:
        theme = tokens.current()
        at = [QPointF(area.left() + x * area.width(), area.top() + y * area.height()) for x, y in points]
        fill = QColor(theme.scrim)
        fill.setAlphaF(0.55)
        painter.setBrush(fill)
        for colour, width in ((theme.scrim, 4.0), (theme.accent if chosen else theme.on_scrim, 2.0)):
            painter.setPen(QPen(QColor(colour), px(width) if chosen else width))
            painter.drawPolygon(QPolygonF(at))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        if chosen:
            painter.setBrush(QColor(theme.accent))
            painter.setPen(QPen(QColor(theme.scrim), 1.0))
            side = px(HANDLE_PX)
            for point in at:
                painter.drawRect(QRectF(point.x() - side / 2, point.y() - side / 2, side, side))
