"""Who is on duty: the shift and its people, signing in and out, handing over with what is open, what was handed over.
"""
from __future__ import annotations

from datetime import tzinfo
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.domain.process import Role
from app.services.changes import Changes
from app.services.commands import HandOver, SignDuty
from app.services.duties import MATTERS
from app.services.duty_views import DutyView, Handover
from app.services.seat import Operator, Seat
from app.text import plain, render
from widgets.bridge.bridge import Bridge
from widgets.bridge.faults import Fault
from widgets.duty.words import day_time, matters_words, role_word, say, shift_word
from widgets.forms.field import LinesField
from widgets.theme import px
from widgets.theme.labels import ElidedLabel, Label, set_role

ROLES = (Role.DUTY_LEADER, Role.SUPERVISOR, Role.DISPATCHER, Role.VERIFIER)
"""roles of the roster, the highest first: an operator signs in as the first one that they have"""
Read = tuple[DutyView | None, dict[str, int]]


def roster_role(operator: Operator) -> str | None:
    """The role an operator signs in with; None when the roster has no place for them."""
    return next((str(role) for role in ROLES if role in operator.roles), None)


class HandoverForm(QFrame):
    """What the next shift must know, beside what is open now. `sent(note)`, `cancelled()`; Esc keeps what was typed."""

    sent = Signal(str)
    cancelled = Signal()

    def __init__(self, matters: dict[str, int], draft: object, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("raised")
        self.note = LinesField(self, lines=4)
        self.note.setAccessibleName(say("What the next shift must know"))
        self.note.restore(draft)
        self.note.submitted.connect(self.send)
        self.refusal = Label("", "refusal", self)
        self.refusal.setWordWrap(True)
        self.refusal.hide()
        self.open = Label(say("Open now: {matters}", matters=matters_words(matters)), "muted", self)
        self.open.setWordWrap(True)
        self.send_button, self.cancel_button = QPushButton(say("Hand over"), self), QPushButton(say("Cancel"), self)
        self.send_button.setObjectName("primary")
        self.send_button.clicked.connect(lambda _checked=False: self.send())
        self.cancel_button.clicked.connect(lambda _checked=False: self.cancelled.emit())
        foot = QHBoxLayout()
        foot.addWidget(self.send_button)
        foot.addWidget(self.cancel_button)
        foot.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(8), px(8), px(8), px(8))
        box.setSpacing(px(6))
        box.addWidget(Label(say("Hand the shift over"), "strong", self))
        box.addWidget(self.open)
        box.addWidget(Label(say("What the next shift must know"), "muted", self))
        box.addWidget(self.note)
        box.addWidget(self.refusal)
        box.addLayout(foot)
        self.setFocusProxy(self.note)

    def send(self) -> None:
        """Hand over what was typed, or say what is missing."""
        note = str(self.note.value() or "")
        why = self.note.problem() or ("" if note else
                                      say("{what} is missing.", what=say("What the next shift must know")))
        if why:
            self.refuse(why)
            return
        self.send_button.setEnabled(False)
        self.sent.emit(note)

    def refuse(self, text: str) -> None:
        """Say why it was not done; what was typed stays."""
        self.refusal.setText(text)
        self.refusal.show()
        self.send_button.setEnabled(True)
        self.note.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
            return
        super().keyPressEvent(event)


class DutyPanel(QFrame):
    """States: loading, no roster for now (says so), the running shift, fault. `signed(bool)` after signing in or out.
    """

    signed = Signal(bool)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None, *, zone: tzinfo | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._bridge, self._given_zone = bridge, zone
        self.view: DutyView | None = None
        self.matters: dict[str, int] = {}
        self.form: HandoverForm | None = None
        self.draft: object = None
        """what was typed into a hand-over that was put away"""
        self._state = "loading"
        self._fault = ""
        self.cells: list[Label] = []
        self._build()
        bridge.ready.connect(self.refresh)
        bridge.changed.connect(self._on_changed)
        self._show()
        if bridge.facts is not None:
            self.refresh()

    def _build(self) -> None:
        self.title, self.head = Label("", "title", self), ElidedLabel("", self, role="muted")
        self.note = Label("", "muted", self)
        self.note.setWordWrap(True)
        self.people = QWidget(self)
        self._grid = QGridLayout(self.people)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(6))
        self._grid.setColumnStretch(2, 1)
        self.last_title, self.last_matters = Label("", "strong", self), Label("", "muted", self)
        self.last_note = Label("", "", self)
        for label in (self.last_title, self.last_note, self.last_matters):
            label.setWordWrap(True)
        self.sign_in, self.sign_out, self.hand_over = QPushButton(self), QPushButton(self), QPushButton(self)
        self.sign_in.clicked.connect(self._on_sign_in)
        self.sign_out.clicked.connect(self._on_sign_out)
        self.hand_over.clicked.connect(lambda _checked=False: self.begin_handover())
        buttons = QHBoxLayout()
        for button in (self.sign_in, self.sign_out, self.hand_over):
            buttons.addWidget(button)
        buttons.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(self.title)
        head.addWidget(self.head, 1)
        inner = QWidget(self)
        inner.setObjectName("scrolled")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(10))
        for part in (self.note, self.people, self.last_title, self.last_note, self.last_matters):
            self._column.addWidget(part)
        self._column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        self._foot = QVBoxLayout()
        self._foot.addLayout(buttons)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(12), px(6), px(12), px(8))
        box.setSpacing(px(8))
        box.addLayout(head)
        box.addWidget(scroll, 1)
        box.addLayout(self._foot)
        self.setFocusProxy(self.sign_in)

    # ---- reading ---------------------------------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Read roster, sign-ins and what is open again."""
        self._bridge.ask(_read, self._on_read, self._on_fault, owner=self, key="duty")

    def _on_read(self, read: Read) -> None:
        self.view, self.matters = read
        self._fault = ""
        self._state = "none" if self.view is None else "shift"
        self._show()

    def _on_fault(self, fault: Fault) -> None:
        self._fault = render(fault.message)
        if self.form is not None:
            self.form.refuse(say("Not done: {why}", why=plain(self._fault)))
        self._show()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.duty or changes.packs:
            self.refresh()

    # ---- acting ----------------------------------------------------------------------------------------------------

    @Slot()
    def _on_sign_in(self) -> None:
        self._sign(True)

    @Slot()
    def _on_sign_out(self) -> None:
        self._sign(False)

    def _sign(self, present: bool) -> None:
        who = self._who()
        if who is None:
            return

        def done(_changes: Changes) -> None:
            self.refresh()
            self.signed.emit(present)

        self._bridge.act(SignDuty(*who, present), done, self._on_fault, owner=self)

    def _who(self) -> tuple[str, str] | None:
        facts = self._bridge.facts
        role = roster_role(facts.operator) if facts is not None else None
        return (role, facts.operator.name) if facts is not None and role is not None else None

    def begin_handover(self) -> None:
        """Open the form of the hand-over, with what is open at this moment."""
        if self.form is not None or self._who() is None:
            return

        def opened(read: Read) -> None:
            self._on_read(read)
            if self.form is None:
                self.form = HandoverForm(self.matters, self.draft, self)
                self.form.sent.connect(self._on_hand_over)
                self.form.cancelled.connect(self.close_form)
                self._foot.addWidget(self.form)
                self._show()
                self.form.setFocus()

        self._bridge.ask(_read, opened, self._on_fault, owner=self, key="hand over")

    @Slot(str)
    def _on_hand_over(self, note: str) -> None:
        who = self._who()
        if who is None:
            return

        def done(_changes: Changes) -> None:
            if self.form is not None:
                self.form.note.restore(None)
            self.close_form()
            self.refresh()
            self.signed.emit(False)

        self._bridge.act(HandOver(*who, note), done, self._on_fault, owner=self)

    @Slot()
    def close_form(self) -> None:
        """Put the form away; what was typed is there again when it is opened."""
        if self.form is not None:
            self.draft = self.form.note.kept()
            self.form.hide()
            self.form.deleteLater()
            self.form = None
            self._show()
            self.hand_over.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.close_form()

    # ---- showing ---------------------------------------------------------------------------------------------------

    def _zone(self) -> tzinfo:
        facts = self._bridge.facts
        return self._given_zone or ZoneInfo(facts.timezone if facts is not None else "Asia/Shanghai")

    @Slot()
    def _show(self) -> None:
        view, facts = self.view, self._bridge.facts
        now = facts.clock.now().timestamp() if facts is not None else 0.0
        self.title.setText(say("On duty"))
        parts = []
        if view is not None:
            parts = [shift_word(view.shift)] if view.shift else []
            if view.until is not None:
                parts.append(say("until {time}", time=day_time(view.until, now, self._zone())))
            parts.append(say("signed in {post}", post=view.post))
        self.head.setText(" · ".join(parts))
        words = {"loading": say("Reading the roster"),
                 "none": say("No roster for now: import one (main.py import roster FILE). Signing in works without."),
                 "shift": ""}
        allowed = self._who() is not None
        self.note.setText(self._fault or words[self._state] or ("" if allowed else say("Your role is on no roster: "
                                                                                      "others sign in here.")))
        set_role(self.note, "danger" if self._fault else "muted")
        self.note.setVisible(bool(self.note.text()))
        self._show_people(view, now)
        self._show_last(view.handover if view is not None else None, now)
        mine = next((p.present for p in (view.people if view is not None else ()) if (p.role, p.name) == self._who()),
                    None)
        for button, text, on in ((self.sign_in, say("Sign in"), mine is not True),
                                 (self.sign_out, say("Sign out"), mine is not False),
                                 (self.hand_over, say("Hand over…"), True)):
            button.setText(text)
            button.setEnabled(allowed and on)
            button.setVisible(self.form is None)

    def _show_people(self, view: DutyView | None, now: float) -> None:
        for cell in self.cells:
            self._grid.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        self.cells = []
        for row, one in enumerate(view.people if view is not None else ()):
            if one.present and one.since is not None:
                state, role = say("signed in {time}", time=day_time(one.since, now, self._zone())), "good"
            elif one.since is not None:
                state, role = say("signed out {time}", time=day_time(one.since, now, self._zone())), "muted"
            else:
                state, role = say("not signed in"), "notice"
            if not one.planned:
                state = say("{state} · not on the roster", state=state)
            for column, (text, look) in enumerate(((role_word(one.role), "muted"), (plain(one.name), "strong"),
                                                   (state, role))):
                cell = Label(text, look, self.people)
                self._grid.addWidget(cell, row, column)
                self.cells.append(cell)
        self.people.setVisible(bool(self.cells))

    def _show_last(self, last: Handover | None, now: float) -> None:
        for label in (self.last_title, self.last_note, self.last_matters):
            label.setVisible(last is not None)
        if last is None:
            return
        self.last_title.setText(say("Handed over by {role} {name}, {time}", role=role_word(last.role),
                                    name=plain(last.name), time=day_time(last.at, now, self._zone())))
        self.last_note.setText(last.note)
        self.last_matters.setText(say("Open then: {matters}", matters=matters_words(dict(last.matters))))

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._show()


def _read(seat: Seat) -> Read:
    tabs = seat.status().tabs
    return seat.duty(), {name: tabs.get(name, 0) for name in MATTERS}
