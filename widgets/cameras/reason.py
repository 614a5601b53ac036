"""Why somebody looks: the open incident that is selected, else what the operator says. Without it no picture comes."""
from __future__ import annotations

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.domain.incident_process import OPEN_PHASES
from app.services.view_reasons import BESIDE_INCIDENT, USUAL, shown
from app.services.views import QueueRow
from app.text import plain, render
from widgets.cameras.tile import say
from widgets.models.queue_model import short_number
from widgets.theme.labels import FittingLabel
from widgets.theme.tokens import px

MOST = 200
_OPEN = frozenset(OPEN_PHASES)


class ReasonBar(QWidget):
    """`given()`: there is a reason now, or another one. What was said holds until it is changed or the desk closes."""

    given = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._incident: QueueRow | None = None
        self._said = ""
        self.asking = False
        self._label = FittingLabel(self, role="muted")
        self._field = QLineEdit(self)
        self._field.setMaxLength(MOST)
        self._field.returnPressed.connect(self._on_entered)
        self._usual = [QPushButton(self) for _ in USUAL]
        for button, usual in zip(self._usual, USUAL, strict=True):
            button.clicked.connect(lambda _checked=False, usual=usual: self.say_reason(usual))
        self._other = QToolButton(self)
        self._other.setObjectName("link")
        self._other.clicked.connect(self._on_other)
        head = QHBoxLayout()
        head.addWidget(self._label, 1)
        head.addWidget(self._other)
        self._places = QGridLayout()
        self._places.setSpacing(px(6))
        self._across = 0
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(4))
        box.addLayout(head)
        box.addLayout(self._places)
        self._show()

    @property
    def reason(self) -> tuple[str, str | None]:
        """(reason, incident it is about); ("", None) while there is none."""
        if self._said:
            return self._said, None
        if self._incident is not None:
            return BESIDE_INCIDENT, self._incident.id
        return "", None

    def set_incident(self, row: QueueRow | None) -> None:
        """The selected incident: an open one is a reason by itself."""
        row = row if row is not None and row.phase in _OPEN else None
        if (row and (row.id, row.number)) == (self._incident and (self._incident.id, self._incident.number)):
            return
        self._incident = row
        self.asking = self.asking and not self.reason[0]
        self._show()
        if self.reason[0]:
            self.given.emit()

    def ask(self) -> None:
        """Ask for a reason, unless there is one."""
        if not self.reason[0]:
            self.asking = True
            self._show()

    def say_reason(self, words: str) -> None:
        """The operator's own reason; "" takes it back."""
        self._said = " ".join(plain(words).split())[:MOST]
        self.asking = False
        self._field.clear()
        self._show()
        if self.reason[0]:
            self.given.emit()

    @Slot()
    def _on_entered(self) -> None:
        if self._field.text().strip():
            self.say_reason(self._field.text())

    @Slot()
    def _on_other(self) -> None:
        self.asking = not self.asking
        if self._said and self._incident is not None:
            self.asking = False
            self.say_reason("")
            return
        self._show()
        if self.asking:
            self._field.setFocus()

    def _show(self) -> None:
        if self._said:
            words = [say("Reason: {reason}", reason=shown(self._said))]
        elif self._incident is not None:
            number = self._incident.number
            words = [say("Reason: incident {number}", number=n)
                     for n in (number, short_number(number), short_number(number, with_seat=False))]
        else:
            words = [say("Why do you look? It is recorded.") if self.asking else say("No reason given yet.")]
        self._label.set_wordings(*words)
        self._field.setPlaceholderText(say("reason, then Enter"))
        for button, usual in zip(self._usual, USUAL, strict=True):
            button.setText(render(shown(usual)))
            button.setVisible(self.asking)
        self._field.setVisible(self.asking)
        self._across = 0
        self._arrange()
        self._other.setText(say("Cancel") if self.asking else say("Incident again") if self._said and
                            self._incident is not None else say("Other reason"))

    def _arrange(self) -> None:
        """Field and usual reasons in one row, or the reasons below it in as many columns as show them whole."""
        gap, room = self._places.spacing(), self.width()
        wide = [button.sizeHint().width() for button in self._usual]
        field = self._field.fontMetrics().horizontalAdvance(self._field.placeholderText()) + px(32)
        if field + sum(wide) + gap * len(wide) <= room:
            across = len(wide) + 1
        else:
            across = next((n for n in (len(wide), 2) if n * (max(wide) + gap) - gap <= room), 1)
        if across == self._across:
            return
        self._across = across
        beside = across > len(wide)
        for column in range(len(wide) + 1):
            self._places.setColumnStretch(column, int(column == 0) if beside else int(column < across))
        for part in (self._field, *self._usual):
            self._places.removeWidget(part)
        self._places.addWidget(self._field, 0, 0, 1, 1 if beside else across)
        for at, button in enumerate(self._usual):
            row, column = (0, at + 1) if beside else (1 + at // across, at % across)
            self._places.addWidget(button, row, column)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
