"""Small widgets that all rooms share. None of them ever renders a text as rich text; each follows theme and scale.

Texts are handed in ready: people's own, or translated by the room. Roles of labels (`good`, `muted`, `title`, ...) are
those of resources/qss/liandong.qss.
"""
from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from app.text import plain
from widgets.theme import fonts, shapes, tokens
from widgets.theme.labels import ElidedLabel, Label, Themed, safe_tooltip, set_role
from widgets.theme.panel import Panel, State
from widgets.theme.tokens import Step, px

__all__ = ["Bar", "ElidedLabel", "Figure", "KeyButton", "Label", "Lamp", "LevelMark", "Panel", "State", "Themed",
           "UnitMark", "safe_tooltip", "set_role"]


class Lamp(Themed):
    """Time left as a pill; `set_lamp` with a value of `app.services.views.Lamp` and the text of `app.services.lamp`."""

    def __init__(self, parent: QWidget | None = None, *, step: int = Step.BODY, at_scale: float | None = None) -> None:
        super().__init__(parent, at_scale=at_scale)
        self._lamp, self._text, self._step = "none", "", step
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def lamp(self) -> str:
        """The lamp shown."""
        return self._lamp

    def text(self) -> str:
        """The text shown."""
        return self._text

    def set_lamp(self, lamp: str, text: str) -> None:
        """Show another lamp or time; the size follows the text's length, not each figure."""
        text = plain(text)
        if (lamp, text) == (self._lamp, self._text):
            return
        grown = len(text) != len(self._text)
        self._lamp, self._text = lamp, text
        self.setAccessibleName(text)
        if grown:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if not self._text:
            return QSize(0, 0)
        return shapes.lamp_size(self._text, fonts.font(self._step, bold=True, at_scale=self._at_scale)).toSize()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._text:
            return
        font = fonts.font(self._step, bold=True, at_scale=self._at_scale)
        size = shapes.lamp_size(self._text, font)
        rect = QRectF(0, (self.height() - size.height()) / 2, min(size.width(), self.width()), size.height())
        painter = QPainter(self)
        shapes.paint_lamp(painter, rect, self._lamp, self._text, font)
        painter.end()


class _Mark(Themed):
    """A square painted mark."""

    def __init__(self, parent: QWidget | None, side: int, at_scale: float | None) -> None:
        super().__init__(parent, at_scale=at_scale)
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.px(self._side), self.px(self._side))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class LevelMark(_Mark):
    """The mark of a level 1..4: colour, Roman numeral and shape; 0 paints nothing."""

    def __init__(self, level: int = 0, parent: QWidget | None = None, *, side: int = 24,
                 at_scale: float | None = None) -> None:
        super().__init__(parent, side, at_scale)
        self._level = 0
        self.set_level(level)

    @property
    def level(self) -> int:
        """The level shown."""
        return self._level

    def set_level(self, level: int) -> None:
        """Show another level."""
        self._level = level
        self.setAccessibleName(shapes.NUMERALS[level - 1] if 1 <= level <= 4 else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if 1 <= self._level <= 4:
            painter = QPainter(self)
            shapes.paint_level(painter, QRectF(self.rect()), self._level)
            painter.end()


class UnitMark(_Mark):
    """The mark of a unit's state: free, going, on_scene, off, unknown."""

    def __init__(self, state: str = "unknown", parent: QWidget | None = None, *, side: int = 14,
                 at_scale: float | None = None) -> None:
        super().__init__(parent, side, at_scale)
        self._state = state

    def set_unit_state(self, state: str) -> None:
        """Show another state."""
        self._state = state
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shapes.paint_unit(painter, QRectF(self.rect()), self._state)
        painter.end()


class OnceButton(QPushButton):
    """A double click is one click: after the first one the button may be about another thing."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()


class KeyButton(QPushButton):
    """A button with its key in a box before its label. It shows the key; the room makes the key work."""

    def __init__(self, key: str, text: str, parent: QWidget | None = None, *, primary: bool = False) -> None:
        super().__init__(parent)
        self._key, self._label = key, ""
        self.setProperty("primary", primary)
        self.setAutoDefault(False)
        self.set_label(text)

    @property
    def key(self) -> str:
        """The key as shown."""
        return self._key

    @property
    def label(self) -> str:
        """The label without the key."""
        return self._label

    def set_label(self, text: str, key: str | None = None) -> None:
        """Another label, and key."""
        self._label = plain(text)
        self._key = self._key if key is None else key
        QPushButton.setText(self, self._label.replace("&", "&&"))
        self.setAccessibleName(f"{self._key} {self._label}".strip())
        self.updateGeometry()

    def set_primary(self, primary: bool) -> None:
        """Whether this is the usual next act."""
        if bool(self.property("primary")) != primary:
            self.setProperty("primary", primary)
            self.style().unpolish(self)
            self.style().polish(self)

    def _key_width(self) -> int:
        if not self._key:
            return 0
        metrics = self.fontMetrics()
        return max(metrics.height(), metrics.horizontalAdvance(self._key) + px(8)) + px(6)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._label) + self._key_width() + px(20), metrics.height() + px(12))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._key_width() + px(20) + self.fontMetrics().horizontalAdvance("…"), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        t, metrics = tokens.current(), self.fontMetrics()
        rect = QRectF(self.rect()).adjusted(px(10), 0, -px(8), 0)
        colour = QColor(t.text if self.isEnabled() else t.faint)
        if self._key:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            high = metrics.height()
            box = QRectF(rect.left(), rect.center().y() - high / 2, self._key_width() - px(6), high)
            painter.setPen(QPen(QColor(t.faint), px(1)))
            painter.drawRoundedRect(box.adjusted(.5, .5, -.5, -.5), px(3), px(3))
            small = fonts.sized(max(9.0, self.font().pixelSize() * 0.82))
            painter.setFont(small)
            painter.setPen(QColor(t.muted if self.isEnabled() else t.faint))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._key)
            rect.setLeft(box.right() + px(6))
        painter.setFont(self.font())
        painter.setPen(colour)
        words = metrics.elidedText(self._label, Qt.TextElideMode.ElideRight, int(rect.width()) + 1)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()


class Figure(Themed):
    """A big number over its caption, and perhaps a small note (numerator / denominator and period) below."""

    def __init__(self, caption: str = "", parent: QWidget | None = None, *, at_scale: float | None = None) -> None:
        super().__init__(parent, at_scale=at_scale)
        self._value: str | None = None
        self._caption, self._note, self._tone = plain(caption), "", "text"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_figure(self, value: str | None, *, caption: str | None = None, note: str = "", tone: str = "text") -> None:
        """Show a figure. None: nobody knows it (hatch with "?", and the note says why). `tone`: a token's name."""
        self._value = None if value is None else plain(value)
        self._caption = self._caption if caption is None else plain(caption)
        self._note, self._tone = plain(note), tone
        self.setAccessibleName(f"{self._caption} {self._value or '?'} {self._note}".strip())
        self.updateGeometry()
        self.update()

    def _lines(self) -> list[tuple[str, Step, bool, str]]:
        lines = [(self._value or "?", Step.FIGURE, True, self._tone), (self._caption, Step.BODY, False, "muted")]
        return [*lines, (self._note, Step.NOTE, False, "faint")] if self._note else lines

    def sizeHint(self) -> QSize:
        wide = high = 0
        for text, step, bold, _ in self._lines():
            metrics = _metrics(step, bold, self._at_scale)
            wide, high = max(wide, metrics.horizontalAdvance(text)), high + metrics.height()
        return QSize(wide + self.px(8), high)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.px(40), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        top = max(0.0, (self.height() - self.sizeHint().height()) / 2)
        for n, (text, step, bold, tone) in enumerate(self._lines()):
            font = fonts.font(step, bold=bold, at_scale=self._at_scale)
            metrics = _metrics(step, bold, self._at_scale)
            rect = QRectF(0, top, self.width(), metrics.height())
            if n == 0 and self._value is None:
                box = QRectF(QPointF(0, 0), rect.size() * 0.7)
                box.moveCenter(rect.center())
                shapes.paint_unknown(painter, box, fonts.font(Step.LEAD, bold=True, at_scale=self._at_scale))
            else:
                painter.setFont(font)
                painter.setPen(tokens.color(tone))
                words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width())
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)
            top += metrics.height()
        painter.end()


def _metrics(step: int, bold: bool, at_scale: float | None) -> QFontMetrics:
    return QFontMetrics(fonts.font(step, bold=bold, at_scale=at_scale))


class Bar(Themed):
    """A share of a whole as a bar, 0..1; None is hatched: nobody knows."""

    def __init__(self, parent: QWidget | None = None, *, thickness: int = 8, at_scale: float | None = None) -> None:
        super().__init__(parent, at_scale=at_scale)
        self._share: float | None = 0.0
        self._tone, self._thickness = "bar", thickness
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_share(self, share: float | None, tone: str = "bar") -> None:
        """Show another share (cut to 0..1); `tone`: a token's name."""
        self._share = None if share is None or share != share else min(1.0, max(0.0, share))
        self._tone = tone
        self.setAccessibleName("?" if self._share is None else f"{self._share:.0%}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.px(80), self.px(self._thickness))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.px(16), self.px(self._thickness))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        high = min(self.height(), self.px(self._thickness))
        rect = QRectF(0, (self.height() - high) / 2, self.width(), high)
        painter.setBrush(tokens.color("bar_track"))
        painter.drawRoundedRect(rect, high / 2, high / 2)
        if self._share is None:
            painter.setBrush(shapes.hatch(tokens.current().unknown))
            painter.drawRoundedRect(rect, high / 2, high / 2)
        elif self._share > 0:
            rect.setWidth(max(high, rect.width() * self._share))
            painter.setBrush(tokens.color(self._tone))
            painter.drawRoundedRect(rect, high / 2, high / 2)
        painter.end()
