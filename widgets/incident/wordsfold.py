"""What the reporter said: long words are cut, and read to their end by a button and a key."""
from __future__ import annotations

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.services.views import IncidentView
from widgets.forms.field import ime_off
from widgets.incident.facts import LONGEST_SHOWN, FactLines, description_lines
from widgets.incident.words import tr
from widgets.theme import px
from widgets.theme.parts import KeyButton

UNFOLD_KEY = ","
UNFOLD_KEYS = (",", "，")
"""also as a Chinese keyboard gives it"""


class WordsFold(QWidget):
    """The description of one incident; folded again with the next one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: IncidentView | None = None
        self.unfolded = False
        self.lines = FactLines(self)
        self.button = KeyButton(UNFOLD_KEY, "", self)
        ime_off(self.button)
        self.button.clicked.connect(self.toggle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(4))
        layout.addWidget(self.lines)
        layout.addWidget(self.button)
        self._show()

    def show_view(self, view: IncidentView) -> None:
        """The words of a view."""
        if self._view is None or self._view.row.id != view.row.id:
            self.unfolded = False
        self._view = view
        self._show()

    @Slot()
    def toggle(self) -> None:
        """All of it, or its beginning."""
        self.unfolded = not self.unfolded
        self._show()

    def _show(self) -> None:
        view = self._view
        self.lines.show_lines(description_lines(view, whole=self.unfolded) if view is not None else [])
        more = len(view.description) - LONGEST_SHOWN if view is not None else 0
        self.button.setVisible(more > 0)
        self.button.set_label(tr("Show less") if self.unfolded else tr("Show all ({n} more characters)", n=more))
        self.setVisible(view is not None and bool(view.description.strip()))

    def texts(self) -> list[str]:
        """What is shown."""
        return self.lines.texts()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
