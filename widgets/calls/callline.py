"""The call that a draft belongs to: who, since when; hang up, or note that it is to be called back."""
from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.ports import Clock
from app.services.changes import Changes
from app.services.commands import CallEvent
from app.services.views import CallRow
from widgets.bridge import Bridge
from widgets.calls.words import age_text, plain, say, tr
from widgets.forms.field import ime_off
from widgets.theme import px
from widgets.theme.labels import ElidedLabel, safe_tooltip

TICK_MS = 1_000


class CallLine(QWidget):
    """Takes no room for a draft without a call. `failed(text)`: it was not done, and why."""

    failed = Signal(str)

    def __init__(self, bridge: Bridge, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._clock = bridge, clock
        self.call_id: str | None = None
        self._call: CallRow | None = None
        self.text = ElidedLabel("", self, role="muted")
        self.hang_up_button, self.back_button = QPushButton(self), QPushButton(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), 0, px(12), 0)
        row.setSpacing(px(8))
        row.addWidget(self.text, 1)
        for button, what in ((self.hang_up_button, "ended"), (self.back_button, "call_back")):
            button.setObjectName("choice")
            button.setAutoDefault(False)
            ime_off(button)
            row.addWidget(button)
            button.clicked.connect(lambda _checked=False, what=what: self.end(what))
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._show)
        bridge.changed.connect(self._on_changed)
        self._show()

    def show_call(self, call_id: str | None) -> None:
        """The call of the draft on screen; None: it has none."""
        if call_id != self.call_id:
            self.call_id, self._call = call_id, None
        self._show()
        self._ask()

    def _ask(self) -> None:
        wanted = self.call_id
        if wanted is not None:
            self._bridge.ask(lambda seat: (wanted, next((c for c in seat.calls() if c.id == wanted), None)),
                             self._on_call, lambda fault: self.failed.emit(plain(say(fault))), owner=self, key="call")

    def _on_call(self, answer: tuple[str, CallRow | None]) -> None:
        wanted, call = answer
        if wanted == self.call_id:
            self._call = call
            self._show()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if self.call_id in changes.calls or "*" in changes.calls:
            self._ask()

    @property
    def talking(self) -> bool:
        """Whether the call is on the line."""
        return self._call is not None and self._call.state in ("talking", "ringing")

    def end(self, what: str) -> None:
        """Hang up ("ended"), or hang up and note that it is to be called back ("call_back")."""
        call_id = self.call_id
        if call_id is not None and self.talking:
            self._bridge.act(CallEvent(call_id, what), None,
                             lambda fault: self.failed.emit(tr("Not done: {why}", why=plain(say(fault)))), owner=self)

    @Slot()
    def _show(self) -> None:
        call = self._call
        self.setVisible(call is not None)
        if call is None:
            return
        number = plain(call.number_masked) or tr("number withheld")
        age = age_text(self._clock.now().timestamp() - call.since)
        words = "" if self.talking else tr("to call back")
        self.text.setText(" · ".join(p for p in (f"☎ {number}", words, age) if p))
        self.hang_up_button.setText(tr("Hang up"))
        safe_tooltip(self.hang_up_button, "Shift+F7")
        self.back_button.setText(tr("To call back"))
        for button in (self.hang_up_button, self.back_button):
            button.setVisible(self.talking)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
