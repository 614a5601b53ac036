"""The strip for the calls: ringing · talking · half-taken drafts · to call back, each with its age."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QWidget, QWidgetAction

from app.ports import Clock
from app.services.book import Book
from app.services.changes import Changes
from app.services.commands import CallEvent
from app.services.packs import limit_of
from app.services.seat import Seat
from app.services.seat_calls import ANSWER_SCOPE
from app.services.views import CallRow, Draft
from widgets.bridge import Bridge, Fault
from widgets.calls.words import age_text, lang, plain, say, tr
from widgets.forms.field import ime_off
from widgets.theme import px
from widgets.theme.labels import FittingLabel, Label, set_role

STATES = ("ringing", "talking", "draft", "to_call_back")
TICK_MS = 1_000
LONGEST_WORD = 14
"""Characters of a draft's words on its chip."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that waits: `what` is one of STATES, `id` of the call or draft."""

    what: str
    id: str
    since: float
    text: str
    call_id: str | None = None
    missed: bool = False


def chips(calls: Sequence[CallRow], drafts: Sequence[Draft], kind_label: Callable[[str], str]) -> list[Chip]:
    """In the order of the strip, oldest first within a state. A draft of a talking call is shown once, as the draft."""
    drafted = {d.call_id for d in drafts if d.call_id}
    out = [Chip(c.state, c.id, c.since, plain(c.number_masked) or tr("number withheld"), c.id, c.missed) for c in calls
           if c.state in ("ringing", "to_call_back") or (c.state == "talking" and c.id not in drafted)]
    for draft in drafts:
        kind = draft.fields.get("kind")
        label = kind_label(kind) if isinstance(kind, str) else ""
        place = plain(str(draft.fields.get("place") or ""))
        told = plain(str(draft.fields.get("description") or ""))
        words = " ".join(w for w in (plain(label), place) if w) or told or tr("nothing said yet")
        if len(words) > LONGEST_WORD:
            words = words[: LONGEST_WORD - 1] + "…"
        out.append(Chip("draft", draft.id, draft.started_at, words, draft.call_id))
    return sorted(out, key=lambda c: (STATES.index(c.what), c.since))


class CallStrip(QFrame):
    """Signals: `call_answered(call_id)` open the call-taking panel for it · `draft_opened(draft_id)` ·
    `called_back(call_id, incident_id)` · `refused(text)`: an act upon a call was not done. Keys are the desk's:
    `answer_next`, `hang_up`, `open_next_draft`, `call_back_next`. Calling back shows the number first, and is done only
    when the operator says so."""

    call_answered = Signal(str)
    draft_opened = Signal(str)
    called_back = Signal(str, str)
    refused = Signal(str)
    ringing_changed = Signal(int)

    def __init__(self, bridge: Bridge, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._clock = bridge, clock
        self._calls: Sequence[CallRow] = ()
        self._drafts: Sequence[Draft] = ()
        self._chips: list[Chip] = []
        self._buttons: list[QPushButton] = []
        self._fault = ""
        self._loaded = False
        self.menu: QMenu | None = None
        """what can be done with a call that waits to be called back, while it is open"""
        self._counts = Label("", "muted", self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(px(8))
        self._row.addWidget(self._counts)
        self.lacking = FittingLabel(self, role="notice")
        """which rule the lists in force lack, "" when none"""
        self._row.addWidget(self.lacking, 1)
        self._keys = Label("", "faint", self)
        self._row.addWidget(self._keys)
        ime_off(self)
        self.setFixedHeight(px(34))
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        bridge.changed.connect(self._on_changed)
        self._refresh()
        self.reload()

    # -- data
    @Slot()
    def reload(self) -> None:
        """Ask the seat again."""
        self._bridge.ask(_load, self._on_loaded, self._on_failed, owner=self, key="calls")

    @Slot(object)
    def _on_loaded(self, answer: tuple[Sequence[CallRow], Sequence[Draft]]) -> None:
        before = self.count("ringing")
        self._calls, self._drafts = answer
        self._fault, self._loaded = "", True
        self._refresh()
        if self.count("ringing") != before:
            self.ringing_changed.emit(self.count("ringing"))

    @Slot(object)
    def _on_failed(self, fault: Fault) -> None:
        self._fault = plain(say(fault))
        self._refresh()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.calls or changes.packs:
            self.reload()

    def count(self, what: str) -> int:
        """How many are ringing, talking, draft, to_call_back."""
        if what == "draft":
            return len(self._drafts)
        return sum(1 for c in self._calls if c.state == what)

    def counts_text(self) -> str:
        """The four counts in words."""
        if self._fault:
            return tr("Calls can't be read: {why}", why=self._fault)
        if not self._loaded:
            return tr("Loading calls…")
        return tr("ringing {ringing} · talking {talking} · drafts {drafts} · to call back {back}",
                  ringing=self.count("ringing"), talking=self.count("talking"), drafts=self.count("draft"),
                  back=self.count("to_call_back"))

    # -- showing
    def _refresh(self) -> None:
        facts = self._bridge.facts
        book = facts.book if facts is not None else None
        self._chips = chips(self._calls, self._drafts, lambda c: book.label("kind", c, lang()) if book else c)
        role = "danger" if self._fault else "notice" if self.count("ringing") else "muted"
        set_role(self._counts, role)
        self._counts.setText("☎ " + self.counts_text())
        self.lacking.set_wordings(*_lacking(book) if self._loaded and book is not None else ("",))
        self._keys.setText(tr("F2 take a call · F3 find · F4 forces · F6 cameras · F1 all keys"))
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = [self._button(chip) for chip in self._chips]
        self._on_tick()
        self._fit()

    def _button(self, chip: Chip) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName("choice")
        button.setProperty("primary", "true" if chip.what == "ringing" else "false")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        ime_off(button)
        button.clicked.connect(lambda: self.activate(chip))
        self._row.insertWidget(self._row.count() - 2, button)
        return button

    @Slot()
    def _on_tick(self) -> None:
        now = self._clock.now().timestamp()
        words = {"ringing": tr("answer"), "talking": tr("talking"), "draft": tr("draft"),
                 "to_call_back": tr("call back")}
        for chip, button in zip(self._chips, self._buttons, strict=True):
            word = tr("missed, call back") if chip.missed else words[chip.what]
            text = f"{word} {chip.text} · {age_text(now - chip.since)}".replace("&", "&&")
            if button.text() != text:
                button.setText(text)
        if any(c.missed_at is not None and c.missed_at <= now for c in self._calls):
            self.reload()  # it rang too long by now

    def _fit(self) -> None:
        """Chips that do not fit are left out; the counts say how many there are. Keys are named where there is room."""
        left = self.width() - self._counts.sizeHint().width()
        for button in self._buttons:
            left -= button.sizeHint().width() + px(8)
            button.setVisible(left >= 0)
        self._keys.setVisible(not self.lacking.text() and left >= self._keys.sizeHint().width() + px(32))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()
        self.close_menu()

    # -- acting
    def activate(self, chip: Chip) -> None:
        """Answer, open or call back."""
        if chip.what == "draft":
            self.draft_opened.emit(chip.id)
        elif chip.what == "talking":
            self.call_answered.emit(chip.id)
        elif chip.what == "ringing":
            self._tell(chip, "answered", lambda: self.call_answered.emit(chip.id))
        else:
            self._bridge.ask(lambda seat: seat.call_number(chip.id), lambda number: self._offer(chip, number),
                             self._on_refused, owner=self, act=True)

    def _offer(self, chip: Chip, number: str) -> None:
        """The number is on screen: what came of calling it?"""
        self.close_menu()
        call = next((c for c in self._calls if c.id == chip.id), None)
        incident = call.incident_id or "" if call is not None else ""
        menu = self.menu = QMenu(self)
        text = "☎ " + (plain(number) or tr("number withheld"))
        head, shown = QWidgetAction(menu), Label(text, "title", menu)
        shown.setContentsMargins(px(16), px(8), px(16), px(4))
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        head.setText(text)
        head.setDefaultWidget(shown)
        head.setEnabled(False)
        menu.addAction(head)
        for text, act in (
            (tr("They are on the line: take it down"),
             lambda: self._tell(chip, "answered", lambda: self.call_answered.emit(chip.id))),
            (tr("Called back: done"),
             lambda: self._tell(chip, "called_back", lambda: self.called_back.emit(chip.id, incident))),
            (tr("Not reached: it stays here"), lambda: None),
        ):
            menu.addAction(text).triggered.connect(act)
        menu.aboutToHide.connect(self._on_menu_gone)
        button = next((b for c, b in zip(self._chips, self._buttons, strict=True) if c.id == chip.id), None)
        at = button if button is not None and button.isVisible() else self
        menu.popup(at.mapToGlobal(at.rect().bottomLeft()))

    def close_menu(self) -> None:
        """Close what is offered for a call."""
        if self.menu is not None:
            self.menu.close()

    @Slot()
    def _on_menu_gone(self) -> None:
        menu, self.menu = self.menu, None
        if menu is not None:
            menu.deleteLater()

    def _tell(self, chip: Chip, what: str, then: Callable[[], None]) -> None:
        def done(_changes: Changes) -> None:
            then()
            self.reload()

        self._bridge.act(CallEvent(chip.id, what), done, self._on_refused, owner=self)

    def _on_refused(self, fault: Fault) -> None:
        self.refused.emit(tr("Not done: {why}", why=plain(say(fault))))
        self.reload()

    def hang_up(self) -> bool:
        """End the call that this operator talks on; False when there is none."""
        facts = self._bridge.facts
        own = facts.operator.id if facts is not None else ""
        call = next((c for c in self._calls if c.state == "talking" and c.operator == own), None)
        if call is not None:
            self._bridge.act(CallEvent(call.id, "ended"), None, self._on_refused, owner=self)
        return call is not None

    def _first(self, what: str) -> bool:
        chip = next((c for c in self._chips if c.what == what), None)
        if chip is not None:
            self.activate(chip)
        return chip is not None

    def answer_next(self) -> bool:
        """Answer the call that has been ringing longest; False when none rings."""
        return self._first("ringing")

    def open_next_draft(self) -> bool:
        """Open the oldest draft."""
        return self._first("draft")

    def call_back_next(self) -> bool:
        """Call back who has waited longest."""
        return self._first("to_call_back")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._refresh()


def _load(seat: Seat) -> tuple[Sequence[CallRow], Sequence[Draft]]:
    return seat.calls(), seat.drafts()


def _lacking(book: Book) -> tuple[str, ...]:
    """What the limits in force lack for calls, and how to add it; the fullest wording first."""
    if limit_of(book, ANSWER_SCOPE, "", 0) is not None:
        return ("",)
    return (tr("The list of time limits in force has no rule call_answer: a call that nobody takes is never shown as "
               "missed. Add the rule to your list (code call_answer:*:*, minutes, calendar continuous) and bring it "
               "in, or take the shipped one: main.py pack update limit"),
            tr("no rule call_answer: missed calls do not show; main.py pack update limit adds it"),
            tr("no rule call_answer: missed calls do not show"), tr("no rule for missed calls"))
