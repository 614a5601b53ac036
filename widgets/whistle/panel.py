"""The whistles' panel: all calls with both of their times, the acts upon the selected one, a form in place."""
from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.domain.faults import Message
from app.domain.process import Transition
from app.domain.whistle_process import WHISTLE
from app.ports import Clock
from app.services.changes import Changes
from app.services.commands import Command
from app.services.seat import Seat
from app.services.views import CallView, UnitRow, WhistleView
from app.services.whistle_commands import DEFAULT_LEVEL, BlowWhistle, WhistleAct
from widgets.bridge import Bridge, Fault
from widgets.forms.field import letters_act
from widgets.forms.make import FormPlace
from widgets.forms.matching import Choice
from widgets.theme import px
from widgets.theme.labels import ElidedLabel, Label, set_role
from widgets.whistle.form import WhistleForm
from widgets.whistle.model import MATTER, NUMBER, REPORT, RESULT, SCORE, STATE, WhistleModel
from widgets.whistle.words import lang, phase_label, plain, say, tr

Read = tuple[list[WhistleView], list[UnitRow]]
SHARES = {NUMBER: 11, MATTER: 16, STATE: 12, REPORT: 18, RESULT: 14, SCORE: 11}
"""What columns get in hundredths of the room beside their titles; the department takes the rest."""
LEAVES = (SCORE, RESULT)
"""Where titles would be cut these go, in this order; what the row says when pointed at has them."""


class WhistlePanel(QFrame):
    """`incident_activated(id)`: the incident of a whistle is to be shown · `refused(text)`: an act was not done whose
    form is no longer open. Reads only while it is in sight."""

    incident_activated = Signal(str)
    refused = Signal(str)

    def __init__(self, bridge: Bridge, clock: Clock, *, zone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._bridge, self._clock, self._zone = bridge, clock, zone
        self._stale = True
        self.about: tuple[str, str] = ("", "")
        """(id, number) of the incident that a new whistle would be about"""
        self.departments: list[Choice] = []
        self.form: WhistleForm | None = None
        self._about_call = ("", "")
        """(whistle, department) that the open form is about"""
        self._typed: dict[tuple[str, str, str], dict[str, object]] = {}
        """(verb, whistle or incident, department) → what was typed for it and not sent"""
        self._refused: dict[tuple[str, str, str], str] = {}
        self._key = ("", "", "")
        self._reselecting = False
        self.model = WhistleModel(zone, self)
        self._build()
        bridge.changed.connect(self._on_changed)
        self.retranslate()

    def _build(self) -> None:
        self.title, self.counts = Label("", "title", self), ElidedLabel("", self, role="muted")
        self.blow = QPushButton(self)
        self.blow.clicked.connect(lambda _checked=False: self.begin("blow"))
        self.view = QTableView(self)
        self.view.setModel(self.model)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setShowGrid(False)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(px(30))
        self.view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.selectionModel().currentRowChanged.connect(self._on_current)
        self.view.doubleClicked.connect(self._on_opened)
        letters_act(self.view)
        self.view.viewport().installEventFilter(self)
        self.state, self.detail = Label("", "muted", self), Label("", "muted", self)
        for label in (self.state, self.detail):
            label.setWordWrap(True)
        self.buttons: dict[str, QPushButton] = {}
        acts = QHBoxLayout()
        acts.setSpacing(px(6))
        for row in WHISTLE:
            if row.verb != "blow":
                button = QPushButton(self)
                button.clicked.connect(self._beginner(row.verb))
                self.buttons[row.verb] = button
                acts.addWidget(button)
        acts.addStretch(1)
        head = QHBoxLayout()
        head.setContentsMargins(px(12), px(6), px(12), 0)
        head.setSpacing(px(12))
        head.addWidget(self.title)
        head.addWidget(self.counts, 1)
        head.addWidget(self.blow)
        low = QVBoxLayout()
        low.setContentsMargins(px(12), 0, px(12), px(8))
        low.setSpacing(px(6))
        self._form_place = QVBoxLayout()
        self._form_place.setAlignment(Qt.AlignmentFlag.AlignTop)
        for part in (self.state, self.detail):
            low.addWidget(part)
        low.addLayout(acts)
        low.addLayout(self._form_place)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 0, 1, 0)
        box.setSpacing(px(6))
        box.addLayout(head)
        box.addWidget(self.view, 1)
        box.addLayout(low)
        self.setFocusProxy(self.view)

    # ---- reading ---------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read again."""
        self._stale = False
        self._bridge.ask(_read, self._on_read, self._on_failed, owner=self, key="whistles")

    def _on_read(self, read: Read) -> None:
        whistles, units = read
        self.departments = [Choice(u.id, u.name, (u.call_sign,) if u.call_sign else ()) for u in units]
        self._show_rows(whistles)
        opened = [w for w in whistles if w.open]
        waiting = [c for w in opened for c in w.calls if c.state == "called"]
        late = sum(c.late(self._clock.now().timestamp()) for w in opened for c in w.calls)
        self.counts.setText(tr("{n} open · {called} to report in · {late} late", n=len(opened), called=len(waiting),
                               late=late) if whistles else "")
        set_role(self.counts, "danger" if late else "muted")
        self._say_state("" if whistles else tr("No whistle yet. A community calls departments when a matter is beyond "
                                               "it: \"Blow the whistle\"."))
        self._show_selected()

    def _show_rows(self, whistles: list[WhistleView]) -> None:
        """Rows as read, the selected one still selected; the form stays unless what it is about is gone."""
        kept = self.selected()
        wanted = (kept[0].id, kept[1].unit_id) if kept else ("", "")
        self._reselecting = True
        try:
            self.model.show(whistles, self._clock.now().timestamp())
            rows = [(w.id, c.unit_id) for w, c in self.model.rows]
            if rows:
                self.view.selectionModel().setCurrentIndex(
                    self.model.index(rows.index(wanted) if wanted in rows else 0, 0),
                    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows)
        finally:
            self._reselecting = False
        if self.form is not None and self.form.row.verb != "blow" and self._about_call not in rows:
            self.close_form()

    def _on_failed(self, fault: Fault) -> None:
        self._say_state(tr("Not read: {why}", why=plain(say(fault))))

    def _say_state(self, text: str) -> None:
        self.state.setText(text)
        self.state.setVisible(bool(text))

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.whistles or changes.packs or changes.units:
            if self.isVisible():
                self.reload()
            else:
                self._stale = True

    def tick(self, now: float) -> None:
        """The second turned."""
        if self.isVisible():
            self.model.tick(now)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.reload()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view.viewport() and event.type() == QEvent.Type.Resize:
            self._fit()
        return bool(super().eventFilter(watched, event))

    def _fit(self) -> None:
        wide, header = self.view.viewport().width(), self.view.horizontalHeader()
        for column in LEAVES:
            self.view.setColumnHidden(column, False)
        titles = {column: header.sectionSizeHint(column) for column in range(self.model.columnCount())}
        for column in LEAVES:
            gone = sum(titles.values()) > wide
            self.view.setColumnHidden(column, gone)
            if gone:
                del titles[column]
        room = max(0, wide - sum(titles.values()))
        shares = {column: room * share // 100 for column, share in SHARES.items() if column in titles}
        for column, title in titles.items():
            self.view.setColumnWidth(column, title + shares.get(column, room - sum(shares.values())))

    # ---- acting ----------------------------------------------------------------------------------------------------

    def selected(self) -> tuple[WhistleView, CallView] | None:
        """The whistle and the department that is selected."""
        at = self.view.currentIndex().row()
        return self.model.rows[at] if 0 <= at < len(self.model.rows) else None

    def _beginner(self, verb: str) -> Callable[[bool], None]:
        def begin(_checked: bool = False) -> None:
            self.begin(verb)
        return begin

    def begin(self, verb: str) -> None:
        """Open the form of a verb upon what is selected."""
        row, facts, chosen = WHISTLE.get(verb), self._bridge.facts, self.selected()
        if row is None or facts is None or (verb != "blow" and chosen is None):
            return
        about = (chosen[0].id, chosen[1].unit_id if row.on == "call" else "") if chosen and verb != "blow" else \
            (self.about[0], "")
        if self.form is not None and self._key == (verb, *about):
            self.form.focus_first()
            return
        self.close_form()
        self._key = (verb, *about)
        self._about_call = (chosen[0].id, chosen[1].unit_id) if chosen else ("", "")
        known: dict[str, object] = {}
        if row.on == "call" and chosen is not None:
            known["unit"] = chosen[1].unit_id
        if verb == "blow" and self.about[0]:
            known["incident"] = self.about[0]
        place = FormPlace(self._bridge, self._clock, facts.book, lang(), zone=self._zone)
        form = self.form = WhistleForm(row, place, self.departments, known, self)
        form.restore(self._typed.get(self._key, {}))
        form.sent.connect(lambda params: self._send(form, row, chosen[0].id if chosen else "", params))
        form.cancelled.connect(self._on_cancelled)
        if (refusal := self._refused.pop(self._key, "")):
            form.refuse(refusal)
        if verb == "blow" and self.about[0]:
            self.form.say(tr("About incident {number}", number=plain(self.about[1])))
        self._form_place.addWidget(self.form)
        for part in (self.state, self.detail, *self.buttons.values()):
            part.hide()
        self.view.setVisible(verb != "blow")
        self.form.focus_first()

    def begin_about(self, incident_id: str, number: str) -> None:
        """Blow the whistle for an incident; "" for a matter of its own."""
        self.about = (incident_id, number)
        self.begin("blow")

    def _send(self, form: WhistleForm, row: Transition, whistle_id: str, params: dict[str, object]) -> None:
        command: Command
        if row.verb == "blow":
            units = params.get("units")
            level = params.get("level") or DEFAULT_LEVEL
            command = BlowWhistle(
                str(params.get("matter", "")), tuple(str(u) for u in units) if isinstance(units, list) else (),
                int(str(level)), _text(params.get("incident")), _text(params.get("area")))
        else:
            command = WhistleAct(whistle_id, row.verb, params)

        key = self._key
        self._typed[key] = form.kept()

        def done(_changes: object) -> None:
            self._typed.pop(key, None)
            if self.form is form:
                self.close_form(keep=False)
            self.reload()

        def failed(fault: Fault) -> None:
            why = tr("Not done: {why}", why=plain(say(fault)))
            if self.form is form:
                form.refuse(why)
            else:
                self._refused[key] = why
                self.refused.emit(tr("{act}: {why}", act=plain(say(Message(row.label))), why=why))

        self._bridge.act(command, done, failed, owner=self)

    @Slot()
    def _on_cancelled(self) -> None:
        self.close_form(keep=False)

    def close_form(self, *, keep: bool = True) -> None:
        """Put the form away; what was typed is kept for the same act upon the same, unless it was sent or given up."""
        if self.form is not None:
            if keep:
                self._typed[self._key] = self.form.kept()
            else:
                self._typed.pop(self._key, None)
            self.form.hide()
            self.form.deleteLater()
            self.form = None
            self.view.show()
            self.state.setVisible(bool(self.state.text()))
            self._show_selected()
            self.view.setFocus()

    def _on_current(self, *_indexes: object) -> None:
        if self._reselecting:
            return
        self.close_form()
        self._show_selected()

    def _on_opened(self, *_index: object) -> None:
        chosen = self.selected()
        if chosen is not None and chosen[0].incident_id:
            self.incident_activated.emit(chosen[0].incident_id)

    def _show_selected(self) -> None:
        if self.form is not None:
            return
        chosen = self.selected()
        facts = self._bridge.facts
        for verb, button in self.buttons.items():
            row = WHISTLE.get(verb)
            allowed = chosen is not None and verb in (chosen[1].verbs if row is not None and row.on == "call"
                                                      else chosen[0].verbs)
            button.setVisible(allowed)
        blow = WHISTLE.get("blow")
        self.blow.setVisible(facts is not None and blow is not None and bool(facts.operator.roles & blow.roles))
        self.detail.setText(self._detail(*chosen) if chosen is not None else "")
        self.detail.setVisible(bool(self.detail.text()))

    def _detail(self, one: WhistleView, call: CallView) -> str:
        head = (plain(one.number), plain(one.centre_name), plain(one.by), phase_label(one))
        parts = [" · ".join(p for p in head if p)]
        if one.incident_number:
            parts.append(tr("Incident {number} (double click shows it)", number=plain(one.incident_number)))
        parts.append(plain(one.matter))
        if call.who:
            parts.append(tr("Who came: {who}", who=plain(call.who)))
        if call.result:
            parts.append(tr("Result: {text}", text=plain(call.result)))
        if call.score is not None:
            parts.append(tr("Score: {score}", score=call.score))
        parts += [plain(say(m, self._bridge.facts.book if self._bridge.facts else None)) for m in one.due_because]
        return "\n".join(p for p in parts if p)

    # ---- words -----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Texts in the language now in use."""
        self.title.setText(tr("Whistles"))
        self.blow.setText(tr("Blow the whistle"))
        for verb, button in self.buttons.items():
            row = WHISTLE.get(verb)
            button.setText(say(Message(row.label)) if row is not None else verb)
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, SCORE)
        self._show_selected()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self._stale = True
            if self.isVisible():
                self.reload()


def _read(seat: Seat) -> Read:
    return seat.whistles(), seat.departments()


def _text(value: object) -> str | None:
    return str(value) if value else None
