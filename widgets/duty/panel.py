"""Who is on duty: shift, leader, supervisor, how many have signed in, until when; and signing in and out."""
from __future__ import annotations

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.process import Role
from app.services.changes import Changes
from app.services.commands import SignDuty
from app.services.seat import Operator, Seat
from app.services.views import DutyView
from app.text import fill, plain, render
from widgets.bridge.bridge import Bridge
from widgets.bridge.faults import Fault
from widgets.theme import fonts, tokens
from widgets.theme.tokens import Step

CONTEXT = "duty"
ROLES = (Role.DUTY_LEADER, Role.SUPERVISOR, Role.DISPATCHER, Role.VERIFIER)
"""roles of the roster, the highest first: an operator signs in as the first one that they have"""


def say(source: str, /, **params: object) -> str:
    """`source` (English) in the present language, its ``{names}`` filled."""
    return fill(QCoreApplication.translate(CONTEXT, source), params)


def roster_role(operator: Operator) -> str | None:
    """The role an operator signs in with; None when the roster has no place for them."""
    return next((str(role) for role in ROLES if role in operator.roles), None)


class DutyPanel(QWidget):
    """States: loading, no roster for now (says so), the running shift, fault. `signed(bool)` after signing in or
    out."""

    signed = Signal(bool)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None, *, zone: tzinfo | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._given_zone = bridge, zone
        self.view: DutyView | None = None
        self._state = "loading"
        self._fault = ""
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(tokens.space(1.5))
        self._grid.setVerticalSpacing(tokens.space(0.5))
        self._names = [QLabel(self) for _ in range(5)]
        self._values = [QLabel(self) for _ in range(5)]
        for row, (name, value) in enumerate(zip(self._names, self._values, strict=True)):
            for label in (name, value):
                label.setTextFormat(Qt.TextFormat.PlainText)
            self._grid.addWidget(name, row, 0)
            self._grid.addWidget(value, row, 1)
        self._grid.setColumnStretch(1, 1)
        self.note = QLabel(self)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.sign_in, self.sign_out = QPushButton(self), QPushButton(self)
        self.sign_in.clicked.connect(self._on_sign_in)
        self.sign_out.clicked.connect(self._on_sign_out)
        buttons = QHBoxLayout()
        buttons.addWidget(self.sign_in)
        buttons.addWidget(self.sign_out)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addLayout(self._grid)
        layout.addWidget(self.note)
        layout.addLayout(buttons)
        layout.addStretch(1)
        bridge.ready.connect(self.refresh)
        bridge.changed.connect(self._on_changed)
        tokens.changed().connect(self._show)
        self._show()
        if bridge.facts is not None:
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read the roster again."""
        self._bridge.ask(_duty, self._on_duty, self._on_fault, owner=self, key="duty")

    def _on_duty(self, view: DutyView | None) -> None:
        self.view, self._fault = view, ""
        self._state = "none" if view is None else "shift"
        self._show()

    def _on_fault(self, fault: Fault) -> None:
        self._fault = render(fault.message)
        self._show()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.duty or changes.packs:
            self.refresh()

    @Slot()
    def _on_sign_in(self) -> None:
        self._sign(True)

    @Slot()
    def _on_sign_out(self) -> None:
        self._sign(False)

    def _sign(self, present: bool) -> None:
        facts = self._bridge.facts
        role = roster_role(facts.operator) if facts is not None else None
        if facts is None or role is None:
            return

        def done(_changes: Changes) -> None:
            self.refresh()
            self.signed.emit(present)

        self._bridge.act(SignDuty(role, facts.operator.name, present), done, self._on_fault, owner=self)

    def _zone(self) -> tzinfo:
        facts = self._bridge.facts
        return self._given_zone or ZoneInfo(facts.timezone if facts is not None else "Asia/Shanghai")

    @Slot()
    def _show(self) -> None:
        view = self.view
        until = ""
        if view is not None and view.until is not None:
            until = datetime.fromtimestamp(view.until, self._zone()).strftime("%H:%M")
        values = ("", "", "", "", "") if view is None else (
            view.shift, view.leader or say("nobody signed in"), view.supervisor or say("nobody signed in"),
            f"{view.present} / {view.planned}", until)
        names = (say("Shift"), say("Duty leader"), say("Shift supervisor"), say("Signed in"), say("Until"))
        for label, text in zip(self._names, names, strict=True):
            self._style(label, text, "muted", Step.BODY)
            label.setVisible(view is not None)
        for label, text in zip(self._values, values, strict=True):
            self._style(label, plain(text), "text", Step.BODY)
            label.setVisible(view is not None)
        words = {"loading": say("Reading the roster"),
                 "none": say("No roster for now: import one (main.py import roster FILE)."), "shift": ""}
        self._style(self.note, self._fault or words[self._state], "danger" if self._fault else "muted", Step.BODY)
        self.note.setVisible(bool(self.note.text()))
        facts = self._bridge.facts
        allowed = facts is not None and roster_role(facts.operator) is not None
        self.sign_in.setText(say("Sign in"))
        self.sign_out.setText(say("Sign out"))
        self.sign_in.setEnabled(allowed)
        self.sign_out.setEnabled(allowed)

    @staticmethod
    def _style(label: QLabel, text: str, colour: str, step: Step) -> None:
        label.setText(text)
        label.setFont(fonts.font(step))
        palette = label.palette()
        palette.setColor(label.foregroundRole(), tokens.color(colour))
        label.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._show()


def _duty(seat: Seat) -> DutyView | None:
    return seat.duty()
