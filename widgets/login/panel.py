"""Log in to a live store: an operator's name and password. Opening the seat is given in from outside."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.faults import Message
from widgets.bridge import Fault
from widgets.forms.field import ime_off
from widgets.forms.matching import Choice
from widgets.forms.typeahead import TypeAhead
from widgets.login.words import plain, say, tr
from widgets.theme import px
from widgets.theme.labels import Label, set_role

WAIT_S = (0, 0, 0, 2, 5, 10, 30)
"""Seconds before the next try, by failed tries: guessing gets slow, a slip does not."""
Why = Fault | Message | str


class OpensSeat(Protocol):
    """Begins to open the seat and returns at once; calls `done()` or `failed(why)` on this thread later."""

    def __call__(self, name: str, password: str, done: Callable[[], None], failed: Callable[[Why], None]) -> None: ...


class LoginPanel(QFrame):
    """Name, password, Enter. `logged_in(name)` after the seat is open, `cancelled()` on Esc.

    `open_seat(name, password, done, failed)` does the work elsewhere. The password is forgotten once handed over.
    """

    logged_in = Signal(str)
    cancelled = Signal()

    def __init__(self, open_seat: OpensSeat, parent: QWidget | None = None, *, names: Sequence[tuple[str, str]] = (),
                 centre: str = "", last_name: str = "") -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._open_seat = open_seat
        self._busy, self._failed, self._left_s, self._why = False, 0, 0, ""
        self._centre = centre
        self.name = TypeAhead([Choice(n, label, (n,), n) for n, label in names], self) if names else None
        self.name_line = QLineEdit(self)
        self.name_line.setMaxLength(100)
        self.name_line.setVisible(self.name is None)
        self.password = QLineEdit(self)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setMaxLength(500)
        self.password.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        ime_off(self.password)
        self.button = QPushButton(self)
        self.button.setObjectName("primary")
        ime_off(self.button)
        self._title, self._name_label = Label(role="title"), Label(role="muted")
        self._password_label, self._note = Label(role="muted"), Label(role="muted")
        self._note.setWordWrap(True)
        self._wait = QTimer(self)
        self._wait.setInterval(1_000)
        self._wait.timeout.connect(self._on_second)
        self._compose()
        self._wire()
        self.retranslate()
        if last_name:
            self.set_name(last_name)

    def _compose(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(8))
        grid.setVerticalSpacing(px(8))
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._name_label, 0, 0)
        grid.addWidget(self.name_line if self.name is None else self.name, 0, 1)
        grid.addWidget(self._password_label, 1, 0)
        grid.addWidget(self.password, 1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(24), px(24), px(24), px(24))
        layout.setSpacing(px(16))
        layout.addWidget(self._title)
        layout.addLayout(grid)
        layout.addWidget(self._note)
        layout.addWidget(self.button)
        layout.addStretch(1)
        self.setMinimumWidth(px(320))
        self.setMaximumWidth(px(480))

    def _wire(self) -> None:
        self.button.clicked.connect(self.log_in)
        self.password.returnPressed.connect(self.log_in)
        self.name_line.returnPressed.connect(self._to_password)
        if self.name is not None:
            self.name.submitted.connect(self._to_password)
            self.name.picked.connect(self._to_password)
        self.setFocusProxy(self.name_line if self.name is None else self.name)

    @Slot()
    def _to_password(self) -> None:
        self.password.setFocus(Qt.FocusReason.TabFocusReason)

    def set_name(self, name: str) -> None:
        """Fill the name in and go on to the password."""
        if self.name is not None:
            self.name.restore(name)
        self.name_line.setText(name)
        self._to_password()

    def typed_name(self) -> str:
        """The operator's log-in."""
        if self.name is not None:
            self.name.settle()
            value = self.name.value()
            return value if isinstance(value, str) else self.name.edit.text().strip()
        return self.name_line.text().strip()

    @Slot()
    def log_in(self) -> None:
        """Try."""
        if self._busy or self._left_s:
            return
        name, password = self.typed_name(), self.password.text()
        if not name or not password:
            self._say(tr("Name and password are needed."), "danger")
            (self.password if name else self.focusProxy() or self).setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._set_busy(True)
        self._say(tr("Opening the seat…"), "muted")
        self.password.clear()
        self._open_seat(name, password, lambda: self._on_open(name), self._on_failed)

    def _on_open(self, name: str) -> None:
        self._failed = 0
        self._set_busy(False)
        self._say(tr("Welcome."), "good")
        self.logged_in.emit(name)

    def _on_failed(self, why: Why) -> None:
        self._failed += 1
        self._set_busy(False)
        self._left_s = WAIT_S[min(self._failed, len(WAIT_S) - 1)]
        self._why = say(why)
        self._show_wait()
        if self._left_s:
            self._wait.start()
            self.button.setEnabled(False)
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_wait(self) -> None:
        text = tr("Not logged in: {why}", why=self._why)
        if self._left_s:
            text += "\n" + tr("Next try in {n} s.", n=self._left_s)
        self._say(text, "danger")

    @Slot()
    def _on_second(self) -> None:
        self._left_s -= 1
        if self._left_s <= 0:
            self._left_s = 0
            self._wait.stop()
            self.button.setEnabled(True)
        self._show_wait()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        for widget in (self.button, self.password, self.name_line if self.name is None else self.name):
            widget.setEnabled(not busy)

    def _say(self, text: str, role: str) -> None:
        set_role(self._note, role)
        self._note.setText(text)

    @property
    def note(self) -> str:
        """What it says now."""
        return self._note.text()

    def retranslate(self) -> None:
        """Say it in the language now in use."""
        self._title.setText(tr("Log in to {centre}", centre=plain(self._centre)) if self._centre else tr("Log in"))
        self._name_label.setText(tr("Name"))
        self._password_label.setText(tr("Password"))
        self.button.setText(tr("Log in  Enter"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.password.clear()
            self.cancelled.emit()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
