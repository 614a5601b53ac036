"""Told on the spot: an own act that another one overtook (mine and the one that stands), or that the hub refused (mine
and why), to do again or to let be."""
from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.services.changes import Changes
from app.services.commands import AnswerConflict
from app.services.conflicting import command_of
from app.services.views import Conflict, TimelineEntry
from app.text import plain, render
from widgets.bridge import Bridge, Fault
from widgets.screens.desk_banner import Banner
from widgets.screens.desk_facts import DIVERGENCE_TOLD, DeskFacts
from widgets.screens.desk_words import ZONE, local, tr
from widgets.theme.labels import ElidedLabel, Label, safe_tooltip
from widgets.theme.parts import OnceButton
from widgets.theme.tokens import px

SOUNDING_LEVELS = (1, 2)


class ConflictBar(QFrame):
    """Shows the oldest conflict of this operator that waits for an answer; gone when none does.

    `opened(incident)`: the operator wants to see it. `said(text, good)`: what came of an answer. `changed()`: others
    wait than before (`sounding`).
    """

    opened = Signal(str)
    said = Signal(str, bool)
    changed = Signal()

    def __init__(self, bridge: Bridge, zone: str = ZONE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("refusalBar")
        self._bridge, self._zone = bridge, zone
        self.conflicts: list[Conflict] = []
        self._answered = ""
        """event of the one that has its answer, which may still be on its way"""
        self.head = ElidedLabel("", self, role="strong")
        self.mine, self.stands = ElidedLabel("", self), ElidedLabel("", self)
        self.mine_name, self.stands_name = Label("", "muted", self), Label("", "muted", self)
        self.take, self.keep, self.show_it = (OnceButton(self) for _ in range(3))
        for button, act in ((self.take, self.take_over), (self.keep, self.let_stand), (self.show_it, self.open_it)):
            button.clicked.connect(_plain(act))
        self._compose()
        bridge.changed.connect(self._on_changed)
        self.retranslate()
        self.hide()

    def _compose(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(px(2))
        words.addWidget(self.head)
        for name, text in ((self.mine_name, self.mine), (self.stands_name, self.stands)):
            line = QHBoxLayout()
            line.setSpacing(px(8))
            name.setMinimumWidth(px(72))
            line.addWidget(name)
            line.addWidget(text, 1)
            words.addLayout(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(4), px(8), px(4))
        row.setSpacing(px(8))
        row.addLayout(words, 1)
        for button in (self.take, self.keep, self.show_it):
            row.addWidget(button)

    # ---- what there is ---------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Read what waits for an answer."""
        self._bridge.ask(lambda seat: seat.conflicts(), self._on_read, lambda _fault: None, owner=self, key="conflicts")

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.incidents or changes.masks or changes.settings:
            self.ask()

    def _on_read(self, found: list[Conflict]) -> None:
        moved = [c.event_id for c in found] != [c.event_id for c in self.conflicts]
        self.conflicts = found
        self._show()
        if moved:
            self.changed.emit()

    def sounding(self) -> dict[str, int]:
        """What of it sounds: level I and II, until it is answered."""
        return {f"conflict {c.event_id}": c.level for c in self.conflicts if c.level in SOUNDING_LEVELS}

    # ---- answering -------------------------------------------------------------------------------------------------

    @property
    def shown(self) -> Conflict | None:
        """The one that is shown."""
        return self.conflicts[0] if self.conflicts else None

    def take_over(self) -> None:
        """My act once more, on top of the one that stands."""
        one = self.shown
        if one is None or one.event_id == self._answered:
            return
        if one.why_not is not None:
            self.said.emit(self._cannot(one, render(one.why_not)), False)
            return
        if not one.verb:
            self.said.emit(self._cannot(one, render(one.advice) if one.advice is not None else ""), False)
            return

        def failed(fault: Fault) -> None:
            self._answered = ""
            self.said.emit(self._cannot(one, render(fault.message)), False)

        self._answered = one.event_id
        self._bridge.act(command_of(one), lambda _changes: self._answer(one, taken=True),
                         failed, owner=self)

    def _cannot(self, one: Conflict, why: str) -> str:
        return tr("Cannot be done again: {why}", why=plain(why)) if one.refused is not None else \
            tr("Cannot be taken over: {why}", why=plain(why))

    def let_stand(self) -> None:
        """The other act stands, or the refusal is acknowledged; mine stays in the timeline as what it is."""
        if self.shown is not None and self.shown.event_id != self._answered:
            self._answer(self.shown, taken=False)

    def open_it(self) -> None:
        """Show the incident."""
        if self.shown is not None and self.shown.incident_id:
            self.opened.emit(self.shown.incident_id)

    def _answer(self, one: Conflict, *, taken: bool) -> None:
        def done(_changes: object) -> None:
            if one.refused is not None:
                text = tr("Done again: {number}", number=plain(one.number)) if taken else tr("Refusal acknowledged.")
            else:
                text = tr("Taken over: {number}", number=plain(one.number)) if taken else \
                    tr("Left as it stands: {number}", number=plain(one.number))
            self.said.emit(text, True)
            self.ask()

        def failed(fault: Fault) -> None:
            self._answered = ""
            self.said.emit(plain(render(fault.message)), False)

        self._answered = one.event_id
        self._bridge.act(AnswerConflict(one.event_id), done, failed, owner=self)

    # ---- words -----------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        one = self.shown
        self.setVisible(one is not None)
        if one is None:
            return
        more = " · " + tr("{n} more", n=len(self.conflicts) - 1) if len(self.conflicts) > 1 else ""
        self.head.setText(plain(self._headline(one) + more))
        self.mine.setText(self._line(one.mine, ""))
        self.stands.setText(self._stands(one) if one.refused is None else self._reason(one))
        self.setAccessibleName(f"{self.head.text()} {self.mine.text()} {self.stands.text()}")
        self.stands_name.setText(tr("It stands") if one.refused is None else tr("Why"))
        self.take.setText(tr("Take over") if one.refused is None else tr("Do it again"))
        self.keep.setText(tr("Let it stand") if one.refused is None else tr("Acknowledge"))
        self.take.setVisible(bool(one.verb))
        self.show_it.setVisible(bool(one.incident_id))
        self.take.setEnabled(one.why_not is None)
        safe_tooltip(self.take, render(one.why_not) if one.why_not is not None else tr("Your act once more, on top"))

    def _headline(self, one: Conflict) -> str:
        level = ("I", "II", "III", "IV")[min(max(one.level, 1), 4) - 1]
        if one.subject is not None and one.refused is None:
            return tr("Overtaken: {subject}. Somebody else acted first; your act changed nothing, it stays in the log.",
                      subject=render(one.subject))
        if one.subject is not None:
            return tr("Refused by the hub: {subject}. Your act counts nowhere.", subject=render(one.subject))
        if one.refused is None:
            return tr("Overtaken: {number}, level {level}. Somebody else acted first; your act changed nothing, it "
                      "stays in the timeline.", number=one.number, level=level)
        if not one.number:
            return tr("Refused by the hub: your act counts nowhere.")
        if not one.incident_id:
            return tr("Refused by the hub: {number}, level {level}. Without your act it is at no other seat either.",
                      number=one.number, level=level)
        return tr("Refused by the hub: {number}, level {level}. Your act counts nowhere; it stays in the timeline, "
                  "struck through.", number=one.number, level=level)

    @staticmethod
    def _reason(one: Conflict) -> str:
        return plain(" · ".join(render(m) for m in (one.refused, one.advice) if m is not None))

    def _stands(self, one: Conflict) -> str:
        if one.stands is None:
            return tr("an act outside the area of this seat")
        text = self._line(one.stands, one.stands_centre)
        return tr("{act} on {number}", act=text, number=plain(one.other_incident)) if one.other_incident else text

    def _line(self, entry: TimelineEntry, centre: str) -> str:
        parts = (render(entry.what), entry.text, entry.actor if centre else "", centre,
                 f"{local(entry.at, self._zone):%H:%M:%S}")
        return plain(" · ".join(part for part in parts if part).replace("\n", " "))

    def retranslate(self) -> None:
        """Texts in the language now in use."""
        self.mine_name.setText(tr("Mine"))
        self.show_it.setText(tr("Show"))
        self._show()


def _plain(act: Callable[[], None]) -> Callable[[bool], None]:
    def run(_checked: bool = False) -> None:
        act()
    return run


class DivergenceTeller(QObject):
    """Says once per seat that what it showed had come apart from the other seats' and was mended."""

    def __init__(self, bridge: Bridge, banner: Banner, zone: str, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._banner, self._zone = bridge, banner, zone
        self._told = 0.0

    def tell(self, facts: DeskFacts) -> None:
        """New numbers."""
        gone = facts.status.sync.diverged
        if gone is None or gone.at <= max(facts.divergence_told, self._told) + 1.0:
            return
        self._told = gone.at
        self._banner.bad(tr("What this seat showed had come apart from the other seats; it was mended at {time}, "
                            "{n} rows. Nothing entered was lost.", time=f"{local(gone.at, self._zone):%H:%M:%S}",
                            n=gone.rows))
        self._bridge.ask(lambda seat: seat.set_setting(DIVERGENCE_TOLD, gone.at), lambda _none: None,
                         lambda _fault: None, owner=self)
