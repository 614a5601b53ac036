"""One hand-over as both sides read it: its text, what was open, where it stands, and what may be done with it."""
from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.handover_process import HANDOVER, RETURNED, WAITING
from app.services.book import Book
from app.services.duty_views import Handover
from app.text import plain, render
from widgets.duty.words import (
    act_word,
    day_time,
    help_word,
    item_words,
    matters_words,
    phase_words,
    role_word,
    say,
    step_words,
)
from widgets.forms.field import ime_off
from widgets.theme import px
from widgets.theme.labels import Label, set_role

_ACTS = sorted((row for row in HANDOVER if row.guard), key=lambda row: row.guard)
"""those of the incoming person first"""
_LOOK = {WAITING: "notice", RETURNED: "danger"}


class HandoverCard(QFrame):
    """`wanted(verb)`: a button was pressed. `show_it` may be called as often as something changes."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("raised")
        self.handover: Handover | None = None
        self.state, self.title = Label("", "notice", self), Label("", "strong", self)
        self.reason, self.note, self.items = Label("", "danger", self), Label("", "", self), Label("", "", self)
        self.matters, self.steps = Label("", "muted", self), Label("", "muted", self)
        self.why = Label("", "muted", self)
        self.buttons = {row.verb: QPushButton(self) for row in _ACTS}
        self.buttons["sign"].setObjectName("primary")
        row = QHBoxLayout()
        row.setSpacing(px(8))
        for verb, button in self.buttons.items():
            button.clicked.connect(self._asker(verb))
            ime_off(button)
            row.addWidget(button)
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(8), px(8), px(8), px(8))
        box.setSpacing(px(6))
        for label in (self.state, self.title, self.reason, self.note, self.why, self.items, self.matters, self.steps):
            label.setWordWrap(True)
            box.addWidget(label)
        box.insertLayout(box.indexOf(self.items), row)  # what may be done stands above the list, however long that is

    def _asker(self, verb: str) -> Callable[[bool], None]:
        def ask(_checked: bool = False) -> None:
            self.wanted.emit(verb)
        return ask

    def show_it(self, one: Handover, now: float, zone: tzinfo, book: Book, lang: str) -> None:
        """What is known of it now."""
        self.handover = one
        set_role(self.state, _LOOK.get(one.phase, "good" if one.incoming else "muted"))
        self.state.setText(phase_words(one, now, zone))
        unsent = " · " + say("not yet sent") if one.unsent else ""
        self.title.setText(say("Handed over by {role} {name}, {time}", role=role_word(one.role), name=plain(one.name),
                               time=day_time(one.at, now, zone)) + (f" · {one.number}" if one.number else "") + unsent)
        self.reason.setText(say("Given back: {reason}", reason=plain(one.reason, lines=True)) if one.reason else "")
        self.note.setText(one.note)
        self.items.setText("\n".join(item_words(i, book, lang) for i in one.items))
        self.matters.setText(say("Open then: {matters}", matters=matters_words(dict(one.matters))))
        self.steps.setText("\n".join(step_words(s, now, zone) for s in one.steps) if len(one.steps) > 1 else "")
        self.why.setText(render(one.why_unsigned) if one.why_unsigned is not None and one.phase == WAITING else "")
        for label in (self.state, self.reason, self.items, self.steps, self.why):
            label.setVisible(bool(label.text()))
        for row in _ACTS:
            button = self.buttons[row.verb]
            button.setText(act_word(row) + "…")
            button.setVisible(row.verb in one.verbs)
            button.setToolTip(help_word(row))
