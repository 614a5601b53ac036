"""Labels that show a text as it is, and the base of painted widgets."""
from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QListWidgetItem, QSizePolicy, QWidget

from app.text import escape_html, plain
from widgets.theme import tokens
from widgets.theme.tokens import px


def safe_tooltip(widget: QWidget | QListWidgetItem, text: str) -> None:
    """Set a tooltip that shows `text` as it is: Qt would guess rich text from a "<"."""
    cleaned = plain(text, lines=True)
    widget.setToolTip(f"<span>{escape_html(cleaned, lines=True)}</span>" if "<" in cleaned else cleaned)


def set_role(widget: QWidget, role: str) -> None:
    """Another role of the style sheet for a widget: "muted", "danger", ...; "" for none."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Label(QLabel):
    """A label that shows its text as it is, never as markup."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        if role:
            self.setProperty("role", role)

    def setText(self, text: str) -> None:
        """Show `text` without control characters and direction overrides; line ends stay."""
        super().setText(plain(text, lines=True))


class ElidedLabel(Label):
    """One line that ends in "…" where it has no room, and then shows the whole text as its tooltip."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, role: str = "",
                 mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        self._mode = mode
        super().__init__(text, role, parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        QLabel.setText(self, plain(text))
        self._set_hint()
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("…"), self.sizeHint().height())

    def sizeHint(self) -> QSize:
        metrics, margins = self.fontMetrics(), self.contentsMargins()
        return QSize(metrics.horizontalAdvance(self.text()) + margins.left() + margins.right() + 2,
                     metrics.height() + margins.top() + margins.bottom())

    def is_elided(self) -> bool:
        """Whether a part of the text is not shown."""
        return self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()

    def _set_hint(self) -> None:
        safe_tooltip(self, self.text() if self.is_elided() else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_hint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        rect = self.contentsRect()
        words = self.fontMetrics().elidedText(self.text(), self._mode, rect.width())
        flags = self.alignment() | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(rect, int(flags), words)
        painter.end()


class FittingLabel(ElidedLabel):
    """One line in the first of several wordings that has room, the fullest first; the fullest is its tooltip wherever a
    shorter one is shown. The last one is cut where even that has no room."""

    def __init__(self, parent: QWidget | None = None, *, role: str = "") -> None:
        self._wordings: tuple[str, ...] = ("",)
        super().__init__("", parent, role=role)

    def set_wordings(self, *wordings: str) -> None:
        """Show one of these."""
        self._wordings = tuple(plain(words) for words in wordings) or ("",)
        self._fit()

    def _fit(self) -> None:
        room, metrics = self.contentsRect().width(), self.fontMetrics()
        shown = next((w for w in self._wordings if metrics.horizontalAdvance(w) <= room), self._wordings[-1])
        if shown != self.text():
            QLabel.setText(self, shown)
        whole = self._wordings[0]
        safe_tooltip(self, whole if shown != whole or self.is_elided() else "")
        self.setAccessibleName(whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


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
