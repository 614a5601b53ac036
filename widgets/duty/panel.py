"""Who is on duty: the shift and its people, signing in and out, handing over and taking over, what was handed over."""
from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.domain.faults import Message
from app.domain.handover_process import HANDOVER
from app.services.changes import Changes
from app.services.commands import Command, HandOver, HandoverAct, SignDuty
from app.services.duties import post_of
from app.services.duty_views import DutyView, Handover
from app.services.handovers import Open, worth_naming
from app.services.queue_order import is_overdue
from app.services.seat import Seat
from app.text import plain, render
from widgets.bridge.bridge import Bridge
from widgets.bridge.faults import Fault
from widgets.duty.card import HandoverCard
from widgets.duty.forms import Kept, Named, TextForm
from widgets.duty.history import SHOWN, HandoverHistory
from widgets.duty.words import act_word, day_time, help_word, matters_words, open_words, role_word, say, shift_word
from widgets.theme import language, px
from widgets.theme.labels import ElidedLabel, Label, set_role

Read = tuple[DutyView | None, list[Handover]]


class DutyPanel(QFrame):
    """States: loading, no roster for now (says so), the running shift, fault; or the hand-overs of the past in its
    place. `signed(bool)` after signing in or out; `print_wanted()`: the last hand-overs are to be written into a
    file."""

    signed = Signal(bool)
    print_wanted = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None, *, zone: tzinfo | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._bridge, self._given_zone = bridge, zone
        self.view: DutyView | None = None
        self.form: TextForm | None = None
        self.drafts: dict[str, Kept] = {}
        """what was typed into a form that was put away, by act and hand-over"""
        self._form_key = ""
        self._state = "loading"
        self._fault = ""
        self.cells: list[Label] = []
        self.cards: list[HandoverCard] = []
        self._build()
        bridge.ready.connect(self.refresh)
        bridge.changed.connect(self._on_changed)
        self._show()
        if bridge.facts is not None:
            self.refresh()

    # ---- building --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.title, self.head = Label("", "title", self), ElidedLabel("", self, role="muted")
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(self.title)
        head.addWidget(self.head, 1)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll, self._scrolled = scroll, self._inner()
        scroll.setWidget(self._scrolled)
        self._foot = QVBoxLayout()
        self._foot.addLayout(self._buttons())
        box = QVBoxLayout(self)
        box.setContentsMargins(px(12), px(6), px(12), px(8))
        box.setSpacing(px(8))
        box.addLayout(head)
        box.addWidget(scroll, 1)
        box.addLayout(self._foot)
        self.setFocusProxy(self.sign_in)

    def _inner(self) -> QWidget:
        self.note = Label("", "muted", self)
        self.note.setWordWrap(True)
        self.people = QWidget(self)
        self._grid = QGridLayout(self.people)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(6))
        self._grid.setColumnStretch(2, 1)
        self._waiting = QVBoxLayout()
        self._waiting.setSpacing(px(8))
        self.last = HandoverCard(self)
        self.history = HandoverHistory(self)
        self.history.hide()
        self.history.left.connect(self.show_shift)
        self.history.print_wanted.connect(self.print_wanted)
        self.history.card.wanted.connect(lambda verb: self.begin(verb, self.history.card.handover))
        self.shift = QWidget(self)
        column = QVBoxLayout(self.shift)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(10))
        column.addWidget(self.people)
        column.addLayout(self._waiting)
        column.addWidget(self.last)
        column.addStretch(1)
        inner = QWidget(self)
        inner.setObjectName("scrolled")
        whole = QVBoxLayout(inner)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(px(10))
        for part in (self.note, self.shift, self.history):
            whole.addWidget(part)
        whole.addStretch(1)
        return inner

    def _buttons(self) -> QHBoxLayout:
        self.sign_in, self.sign_out, self.hand_over, self.earlier = (QPushButton(self) for _ in range(4))
        self.sign_in.clicked.connect(self._on_sign_in)
        self.sign_out.clicked.connect(self._on_sign_out)
        self.hand_over.clicked.connect(lambda _checked=False: self.begin_handover())
        self.earlier.clicked.connect(lambda _checked=False: self.show_history())
        buttons = QHBoxLayout()
        for button in (self.sign_in, self.sign_out, self.hand_over, self.earlier):
            buttons.addWidget(button)
        buttons.addStretch(1)
        return buttons

    # ---- reading ---------------------------------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Read roster, sign-ins and hand-overs again."""
        with_past = self.history.isVisibleTo(self)
        self._bridge.ask(lambda seat: _read(seat, past=with_past), self._on_read, self._on_fault, owner=self,
                         key="duty")

    def _on_read(self, read: Read) -> None:
        self.view, past = read
        self._fault = ""
        self._state = "none" if self.view is None else "shift"
        if self.history.isVisibleTo(self):
            self._show_past(past)
        self._show()

    def _on_fault(self, fault: Fault) -> None:
        self._fault = render(fault.message)
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
        post = post_of(facts.operator) if facts is not None else None
        return (post, facts.operator.name) if facts is not None and post is not None else None

    def _mine(self) -> Handover | None:
        """The operator's own hand-over that nobody has signed for yet."""
        waiting = self.view.waiting if self.view is not None else ()
        return next((h for h in waiting if (h.role, h.name) == self._who()), None)

    def begin_handover(self) -> None:
        """Open the form of the hand-over, with what is open at this moment: a new one, or the own one that waits."""
        if self._who() is not None:
            self.show_shift()
            self._begin_text(self._mine())

    def begin_taking(self) -> None:
        """To the hand-over that waits for this operator's signature; says so when none does."""
        self.show_shift()
        card = next((c for c in self.cards if c.handover is not None and "sign" in c.handover.verbs), None)
        if card is None:
            self._fault = say("No hand-over waits for your signature.")
            self._show()
            return
        self._scroll.verticalScrollBar().setValue(card.mapTo(self._scrolled, QPoint()).y())
        card.buttons["sign"].setFocus()

    def begin(self, verb: str, one: Handover | None) -> None:
        """Open the form of an act upon a hand-over, in place of the one that is open: what was typed there is kept."""
        row, key = HANDOVER.get(verb), f"{verb} {one.id}" if one is not None else ""
        if one is None or row is None or self._is_open(key):
            return
        if verb == "rewrite":
            self._begin_text(one)
            return
        (need,) = row.needs
        about = say("As it stands above, {time}", time=day_time(one.at, self._now(), self._zone()))
        title = {"sign": say("Take the shift over from {name}", name=plain(one.name)),
                 "object": say("Give the hand-over back to {name}", name=plain(one.name))}.get(verb, act_word(row))
        form = TextForm(title, render(Message(need.label)), act_word(row), self, about=f"{about}\n{help_word(row)}",
                        required=need.required, lines=2)
        self._open(form, key, lambda text: HandoverAct(one.id, verb, {need.name: text} if text else {}, one.version))

    def _is_open(self, key: str) -> bool:
        """Whether that form is open; then it has the keys."""
        there = self.form is not None and self._form_key == key
        if self.form is not None and there:
            self.form.setFocus()
        return there

    def _begin_text(self, mine: Handover | None) -> None:
        key, before = f"text {mine.id if mine else ''}", self.form
        if self._is_open(key):
            return

        def opened(open_: Open) -> None:
            if self.form is not before:
                return
            form = TextForm(say("Change the hand-over") if mine else say("Hand the shift over"),
                            say("What the next shift must know"), say("Hand over"), self,
                            about=say("Open now: {matters}", matters=matters_words(dict(open_.counts))),
                            named=self._named(open_))
            if mine is not None and key not in self.drafts:
                there = {i.incident for i in mine.items}
                self.drafts[key] = Kept(mine.note, frozenset(r.id for r in worth_naming(open_)
                                                             if r.id not in there))

            def command(text: str) -> Command:
                if mine is None:
                    return HandOver(text, form.chosen())
                return HandoverAct(mine.id, "rewrite", {"note": text}, items=form.chosen())

            self._open(form, key, command)

        self._bridge.ask(lambda seat: seat.open_now(), opened, self._on_fault, owner=self, key="hand over")

    def _named(self, open_: Open) -> list[Named]:
        facts = self._bridge.facts
        assert facts is not None
        return [Named(r.id, open_words(r.level, r.number, r.kind, r.phase, r.place, is_overdue(r, open_.at),
                                       facts.book, language.current()))
                for r in worth_naming(open_)]

    def _open(self, form: TextForm, key: str, command: Callable[[str], Command]) -> None:
        self.close_form()
        self.form, self._form_key = form, key
        if key in self.drafts:
            form.restore(self.drafts[key])

        def done(_changes: Changes) -> None:
            if self._form_key == key:
                self._close(keep=False)
            self.drafts.pop(key, None)
            self.refresh()

        def failed(fault: Fault) -> None:
            why = say("Not done: {why}", why=plain(render(fault.message)))
            if self.form is not None and self._form_key == key:
                self.form.refuse(why)
            else:
                self._fault = why
                self._show()

        form.sent.connect(lambda text: self._bridge.act(command(text), done, failed, owner=self))
        form.cancelled.connect(self.close_form)
        self._foot.addWidget(form)
        self._show()
        form.setFocus()

    @Slot()
    def close_form(self) -> None:
        """Put the form away; what was typed is there again when it is opened."""
        self._close(keep=True)

    def _close(self, *, keep: bool) -> None:
        if self.form is None:
            return
        if keep:
            self.drafts[self._form_key] = self.form.kept()
        self.form.hide()
        self.form.deleteLater()
        self.form = None
        self._show()
        (self.history if self.history.isVisibleTo(self) else self.hand_over).setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.close_form()

    # ---- showing ---------------------------------------------------------------------------------------------------

    def show_history(self) -> None:
        """The hand-overs of the past in place of the shift."""
        self.shift.hide()
        self.history.show()
        self._show()
        self.refresh()
        self.history.setFocus()

    @Slot()
    def show_shift(self) -> None:
        """Who is on duty, in place of the past."""
        if self.history.isVisibleTo(self):
            self.history.hide()
            self.shift.show()
            self._show()
            self.earlier.setFocus()

    def _show_past(self, past: list[Handover]) -> None:
        facts = self._bridge.facts
        if facts is not None:
            self.history.show_list(past, self._now(), self._zone(), facts.book, language.current())

    def _zone(self) -> tzinfo:
        facts = self._bridge.facts
        return self._given_zone or ZoneInfo(facts.timezone if facts is not None else "Asia/Shanghai")

    def _now(self) -> float:
        facts = self._bridge.facts
        return facts.clock.now().timestamp() if facts is not None else 0.0

    @Slot()
    def _show(self) -> None:
        view, now = self.view, self._now()
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
        self._show_cards(view, now)
        self._show_buttons(view, allowed)

    def _show_buttons(self, view: DutyView | None, allowed: bool) -> None:
        mine = next((p.present for p in (view.people if view is not None else ()) if (p.role, p.name) == self._who()),
                    None)
        here, own = not self.history.isVisibleTo(self), self._mine()
        for button, text, on in ((self.sign_in, say("Sign in"), allowed and mine is not True),
                                 (self.sign_out, say("Sign out"), allowed and mine is not False and own is None),
                                 (self.hand_over, say("Change the hand-over…") if own else say("Hand over…"), allowed),
                                 (self.earlier, say("Earlier…"), True)):
            button.setText(text)
            button.setEnabled(on)
            button.setVisible(self.form is None and here)
        self.sign_out.setToolTip(say("Your hand-over is not signed yet: you stay responsible until it is.")
                                 if own else "")
        self.earlier.setToolTip(say("Hand-overs of the past"))

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
            if one.waits:
                state, role = say("{state} · waits to be relieved", state=state), "notice"
            for column, (text, look) in enumerate(((role_word(one.role), "muted"), (plain(one.name), "strong"),
                                                   (state, role))):
                cell = Label(text, look, self.people)
                cell.setWordWrap(column == 2)
                self._grid.addWidget(cell, row, column)
                self.cells.append(cell)
        self.people.setVisible(bool(self.cells))

    def _show_cards(self, view: DutyView | None, now: float) -> None:
        facts = self._bridge.facts
        waiting = view.waiting if view is not None else ()
        while len(self.cards) < len(waiting):
            card = HandoverCard(self.shift)
            card.wanted.connect(self._beginner(card))
            self._waiting.addWidget(card)
            card.show()
            self.cards.append(card)
        for card in self.cards[len(waiting):]:
            self._waiting.removeWidget(card)
            card.hide()
            card.deleteLater()
        del self.cards[len(waiting):]
        last = view.handover if view is not None else None
        self.last.setVisible(last is not None)
        for card, one in ((*zip(self.cards, waiting, strict=True), *(((self.last, last),) if last else ()))):
            if facts is not None:
                card.show_it(one, now, self._zone(), facts.book, language.current())

    def _beginner(self, card: HandoverCard) -> Callable[[str], None]:
        def begin(verb: str) -> None:
            self.begin(verb, card.handover)
        return begin

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
            if self.history.isVisibleTo(self):
                self._show_past(self.history.handovers)


def _read(seat: Seat, *, past: bool) -> Read:
    return seat.duty(), seat.handovers(SHOWN) if past else []
