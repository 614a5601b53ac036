"""Small widgets that all rooms share. None of them ever renders a text as rich text; each follows theme and scale."""
from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from app.text import plain
from widgets.theme import fonts, shapes, tokens
from widgets.theme.tokens import Step, px

RATIO = 0.72
"""Height of a capital letter over that of its line: marks in a line of text are as high."""


def safe_tooltip(widget: QWidget, text: str) -> None:
    """Set a tooltip that shows `text` as it is: Qt would guess rich text from a "<"."""
    cleaned = plain(text)
    if Qt.mightBeRichText(cleaned) if hasattr(Qt, "mightBeRichText") else "<" in cleaned:
        cleaned = "<span>" + cleaned.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + "</span>"
    widget.setToolTip(cleaned)


class Themed(QWidget):
    """A painted widget at an own scale (None: the screen's), repainted when theme or scale change."""

    def __init__(self, parent: QWidget | None = None, *, at_scale: float | None = None) -> None:
        super().__init__(parent)
        self._at_scale = at_scale
        tokens.holder().changed.connect(self._on_theme_changed)

    def set_scale(self, at_scale: float | None) -> None:
        """Another scale for this widget alone."""
        self._at_scale = at_scale
        self._on_theme_changed()

    def px(self, value: float) -> int:
        """A length at this widget's scale."""
        return px(value, self._at_scale)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()
