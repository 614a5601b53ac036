"""One line that asks: for a name, or whether something is really to go. Never a dialog."""
from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from widgets.cameras.tile import say
from widgets.theme.labels import ElidedLabel
from widgets.theme.tokens import px

MOST = 60


class AskLine(QWidget):
    """Hidden until it asks; Enter answers, Esc leaves it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._then: Callable[[str], object] | None = None
        self._label = ElidedLabel("", self, role="strong")
        self.field = QLineEdit(self)
        self.field.setMaxLength(MOST)
        self.field.returnPressed.connect(self.answer)
        self._yes, self._no = QPushButton(self), QPushButton(self)
        self._yes.setObjectName("primary")
        self._yes.clicked.connect(self.answer)
        self._no.clicked.connect(self.leave)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(6))
        row.addWidget(self._label, 1)
        row.addWidget(self.field, 2)
        row.addWidget(self._yes)
        row.addWidget(self._no)
        self.hide()

    def ask(self, question: str, text: str, then: Callable[[str], object]) -> None:
        """Ask for a text."""
        self._begin(question, say("Save"), then)
        self.field.show()
        self.field.setText(text)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def confirm(self, question: str, word: str, then: Callable[[str], object]) -> None:
        """Ask whether it is really meant."""
        self._begin(question, word, then)
        self.field.clear()
        self.field.hide()
        self._no.setFocus(Qt.FocusReason.OtherFocusReason)

    def _begin(self, question: str, word: str, then: Callable[[str], object]) -> None:
        self._then = then
        self._label.setText(question)
        self._yes.setText(word)
        self._no.setText(say("Cancel"))
        self.show()

    @Slot()
    def answer(self) -> None:
        """Do what was asked about."""
        then, text, asked = self._then, self.field.text().strip(), self.field.isVisible()
        if then is None or (asked and not text):
            return
        self.leave()
        then(text)

    @Slot()
    def leave(self) -> None:
        """Do nothing."""
        self._then = None
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves it."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.field.hasFocus():
            event.accept()  # the field has answered already
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another language: what was asked is asked no more."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.leave()
