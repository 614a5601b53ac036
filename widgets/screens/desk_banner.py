"""One line under the command line: what was done, what was refused, what is broken. Never a dialog."""
from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from app.text import plain
from widgets.screens.desk_words import tr
from widgets.theme.labels import ElidedLabel
from widgets.theme.tokens import px

GOOD_MS, BAD_MS = 8_000, 20_000


class Banner(QFrame):
    """`good` and `note` go by themselves, `bad` later, `trouble` only when it is over or closed by hand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held = False
        self.label = ElidedLabel("", self)
        self._close = QToolButton(self)
        self._close.setObjectName("link")
        self._close.setText("×")
        self._close.clicked.connect(self._on_close)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(2), px(4), px(2))
        row.addWidget(self.label, 1)
        row.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)
        self.retranslate()
        self.hide()

    def good(self, text: str) -> None:
        """Something was done."""
        self._held = False
        self._show(text, "noticeBar", GOOD_MS)

    def note(self, text: str) -> None:
        """What to do next."""
        if not self._held:
            self._show(text, "noticeBar", GOOD_MS)

    @Slot(str)
    def bad(self, text: str) -> None:
        """Something was refused."""
        if not self._held:
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
        self._held = True
        self._show(text, "refusalBar", 0)

    def _show(self, text: str, look: str, for_ms: int) -> None:
        self.setObjectName(look)
        self.style().unpolish(self)
        self.style().polish(self)
        self.label.setText(plain(text))
        self.setAccessibleName(plain(text))
        self.show()
        self._timer.stop()
        if for_ms:
            self._timer.start(for_ms)

    @Slot()
    def _on_time(self) -> None:
        self.hide()

    @Slot()
    def _on_close(self) -> None:
        self._held = False
        self._timer.stop()
        self.hide()

    def retranslate(self) -> None:
        """Texts in the language now in use."""
        self._close.setAccessibleName(tr("Close"))
