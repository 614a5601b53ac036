"""Lines under the command line: what is broken, and what was done or refused. Never a dialog."""
from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.text import plain
from widgets.forms.field import ime_off
from widgets.screens.desk_words import tr
from widgets.theme.labels import ElidedLabel
from widgets.theme.tokens import px

GOOD_MS, BAD_MS = 8_000, 20_000


class _Bar(QFrame):
    """One line with a cross to close it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.label = ElidedLabel("", self)
        self.cross = QToolButton(self)
        self.cross.setObjectName("link")
        self.cross.setText("×")
        ime_off(self.cross)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(2), px(4), px(2))
        row.addWidget(self.label, 1)
        row.addWidget(self.cross)
        self.hide()

    def say(self, text: str, look: str) -> None:
        """Show it."""
        self.setObjectName(look)
        self.style().unpolish(self)
        self.style().polish(self)
        self.label.setText(plain(text))
        self.setAccessibleName(plain(text))
        self.show()


class Banner(QWidget):
    """`good` and `note` go by themselves, `bad` later. `trouble` has a line of its own, which stays until it is `over`
    or closed by hand: neither hides the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._standing, self._passing = _Bar(self), _Bar(self)
        self.trouble_label, self.label = self._standing.label, self._passing.label
        self._standing.cross.clicked.connect(self._on_trouble_closed)
        self._passing.cross.clicked.connect(self._on_time)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(4))
        box.addWidget(self._standing)
        box.addWidget(self._passing)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)
        self.retranslate()
        self.hide()

    def good(self, text: str) -> None:
        """Something was done."""
        self._show(text, "noticeBar", GOOD_MS)

    def note(self, text: str) -> None:
        """What to do next."""
        self._show(text, "noticeBar", GOOD_MS)

    @Slot(str)
    def bad(self, text: str) -> None:
        """Something was refused, or went wrong once."""
        self._show(text, "refusalBar", BAD_MS)

    @Slot(str, bool)
    def said(self, text: str, good: bool) -> None:
        """What came of an answer."""
        if good:
            self.good(text)
        else:
            self.bad(text)

    def trouble(self, text: str) -> None:
        """Something is broken and stays so."""
        self._standing.say(text, "refusalBar")
        self.show()

    def over(self, text: str) -> None:
        """It works again."""
        self._on_trouble_closed()
        self.good(text)

    def _show(self, text: str, look: str, for_ms: int) -> None:
        self._passing.say(text, look)
        self.show()
        self._timer.start(for_ms)

    @Slot()
    def _on_time(self) -> None:
        self._timer.stop()
        self._passing.hide()
        self.setVisible(not self._standing.isHidden())

    @Slot()
    def _on_trouble_closed(self) -> None:
        self._standing.hide()
        self.setVisible(not self._passing.isHidden())

    def retranslate(self) -> None:
        """Texts in the language now in use."""
        for bar in (self._standing, self._passing):
            bar.cross.setAccessibleName(tr("Close"))
