"""The unit board: all forces in one table; filters by status, kind, team, area and words; Enter assigns, a double click
shows the place."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.ports import Clock
from app.services.changes import Changes
from app.services.commands import Act
from app.services.seat import Seat
from app.services.views import UnitRow
from widgets.bridge import Bridge, Fault
from widgets.forms.field import ime_off
from widgets.forms.matching import Choice, folded, rank
from widgets.theme import px
from widgets.theme.labels import Label, set_role
from widgets.units.model import AGE, DUTY, INCIDENT, NAME, STATUSES, Filter, UnitModel
from widgets.units.table import UnitTable
from widgets.units.words import lang, plain, say, status_label, tr

TICK_MS = 1_000
class UnitBoard(QFrame):
    """Signals: `unit_activated(id)` centre the map on it (double click, Space) · `incident_activated(id)` ·
    `assigned(incident_id, unit_id)` · `refused(text)`. `set_incident(id, number)` says what Enter assigns to."""

    unit_activated = Signal(str)
    unit_selected = Signal(str)
    incident_activated = Signal(str)
    assigned = Signal(str, str)
    refused = Signal(str)

    def __init__(self, bridge: Bridge, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._bridge, self._clock = bridge, clock
        self._incident: tuple[str, str] | None = None
        self._loaded = False
        self._sending = False
        self._note = ("", "muted")
        self._stale = False
        self.model = UnitModel(self)
        self.model.found = _found
        self._build()
        self._tick, self._pause = QTimer(self), QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TICK_MS)
        self._pause.timeout.connect(self._on_pause)
        bridge.changed.connect(self._on_changed)
        self.retranslate()

    # -- building
    def _build(self) -> None:
        self._title, self._target, self._state = Label(role="title"), Label(role="muted"), Label(role="muted")
        self._state.setWordWrap(True)
        self.search = QLineEdit(self)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_filter)
        self.search.returnPressed.connect(self._on_search_enter)
        self.kind, self.team, self.area = QComboBox(self), QComboBox(self), QComboBox(self)
        for box in (self.kind, self.team, self.area):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(5)
            ime_off(box)
            box.currentIndexChanged.connect(self._on_filter)
        self.statuses: dict[str, QPushButton] = {}
        self._status_row = QHBoxLayout()
        self._status_row.setSpacing(px(4))
        for status in ("", *STATUSES):
            button = QPushButton(self)
            button.setObjectName("tab")
            button.setCheckable(True)
            button.setChecked(not status)
            ime_off(button)
            button.clicked.connect(self._status_picker(status))
            self.statuses[status] = button
            self._status_row.addWidget(button)
        self._status_row.addStretch(1)
        self.more = QPushButton(self)
        self.more.setObjectName("link")
        self.more.clicked.connect(self._on_filter)
        self.more.hide()
        ime_off(self.more)
        self.table = UnitTable(self.model, self)
        self.table.doubleClicked.connect(self._on_double)
        self.table.pressed_key.connect(self._on_key)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self._compose()

    def _compose(self) -> None:
        head, filters = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self._title)
        head.addWidget(self._target, 1, Qt.AlignmentFlag.AlignRight)
        filters.setSpacing(px(8))
        filters.addWidget(self.search, 2)
        for box in (self.kind, self.team, self.area):
            filters.addWidget(box, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(12), px(8), px(12), px(8))
        layout.setSpacing(px(6))
        for part in (head, self._status_row, filters):
            layout.addLayout(part)
        layout.addWidget(self._state)
        layout.addWidget(self.more)
        layout.addWidget(self.table, 1)

    # -- data
    @Slot()
    def reload(self) -> None:
        """All forces anew."""
        self._stale = False
        self._bridge.ask(lambda seat: _load(seat, None), self._on_loaded, self._on_failed, owner=self, key="all")

    @Slot(object)
    def _on_loaded(self, answer: tuple[Sequence[UnitRow], Mapping[str, str]]) -> None:
        kept = self.selected()
        facts = self._bridge.facts
        if facts is not None:
            self.model.set_book(facts.book, lang())
        self.model.now_s = self._clock.now().timestamp()
        self._loaded, self._note = True, ("", "muted")
        self.model.load(*answer)
        self._fill_filters()
        self.table.fit(self.width() - px(24) - px(12))
        self._reselect(kept)
        self._refresh()

    @Slot(object)
    def _on_some(self, answer: tuple[Sequence[UnitRow], Mapping[str, str]]) -> None:
        kept = self.selected()
        self.model.now_s = self._clock.now().timestamp()
        rows = self.model.update(*answer)
        self._repaint(rows)
        self._reselect(kept)
        self._refresh()

    def _repaint(self, rows: Sequence[int]) -> None:
        """Only what is on screen is told."""
        first = self.table.rowAt(0)
        last = self.table.rowAt(self.table.viewport().height() - 1)
        if first < 0 or not rows:
            return
        last = self.model.rowCount() - 1 if last < 0 else last
        if any(first <= row <= last for row in rows):
            self.model.dataChanged.emit(self.model.index(first, 0), self.model.index(last, DUTY))

    @Slot(object)
    def _on_failed(self, fault: Fault) -> None:
        self._note = (tr("Forces can't be read: {why} What is shown is as it was.", why=say(fault)), "danger")
        self._refresh()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if not (changes.packs or changes.areas or changes.units or changes.positions):
            return
        if not self.isVisible():
            self._stale = True  # read when it is shown
        elif changes.packs or changes.areas or not self._loaded or "*" in changes.units:
            self.reload()
        else:
            if changes.units:
                self._ask_some(changes.units)
            if changes.positions and not self._pause.isActive():
                self._pause.start()

    def _ask_some(self, ids: frozenset[str]) -> None:
        self._bridge.ask(lambda seat: _load(seat, ids), self._on_some, self._on_failed, owner=self)

    @Slot()
    def _on_pause(self) -> None:
        if self.isVisible():
            self._bridge.ask(lambda seat: _load(seat, None), self._on_some, self._on_failed, owner=self, key="moved")
        else:
            self._stale = True

    @Slot()
    def _on_tick(self) -> None:
        self.model.now_s = self._clock.now().timestamp()
        first = self.table.rowAt(0)
        if first >= 0:
            last = self.table.rowAt(self.table.viewport().height() - 1)
            last = self.model.rowCount() - 1 if last < 0 else last
            self.model.dataChanged.emit(self.model.index(first, AGE), self.model.index(last, AGE))

    # -- filters
    def _fill_filters(self) -> None:
        facts = self._bridge.facts
        areas = facts.book if facts is not None else None
        streets = sorted((a for a in areas.areas.values() if a.level in (1, 2)), key=lambda a: a.code) if areas else []
        for box, first, items in (
            (self.kind, tr("All kinds"), self.model.kinds()),
            (self.team, tr("All teams"), [(t, t) for t in self.model.teams()]),
            (self.area, tr("All areas"), [(a.id, ("   " if a.level == 2 else "") + a.name) for a in streets]),
        ):
            wanted = box.currentData()
            box.blockSignals(True)
            box.clear()
            box.addItem(first, "")
            for value, label in items:
                box.addItem(plain(label), value)
            box.setCurrentIndex(max(0, box.findData(wanted)))
            box.blockSignals(False)

    def _status_picker(self, status: str):
        def pick() -> None:
            for value, button in self.statuses.items():
                button.setChecked(value == status)
            self._on_filter()
        return pick

    @Slot()
    def _on_filter(self) -> None:
        kept = self.selected()
        status = next((s for s, b in self.statuses.items() if b.isChecked()), "")
        self.model.arrange(Filter(status, self.kind.currentData() or "", self.team.currentData() or "",
                                  self.area.currentData() or None, folded(self.search.text())))
        self._reselect(kept)
        self._refresh()

    @Slot()
    def _on_search_enter(self) -> None:
        self.table.setFocus(Qt.FocusReason.TabFocusReason)
        if self.selected() is None and self.model.rowCount():
            self.table.selectRow(0)

    # -- selection
    def selected(self) -> str | None:
        """Id of the selected force."""
        unit = self.model.unit(self.table.currentIndex().row())
        return unit.id if unit is not None else None

    def _reselect(self, unit_id: str | None) -> None:
        row = self.model.row_of(unit_id) if unit_id else None
        if row is not None and row != self.table.currentIndex().row():
            self.table.selectionModel().setCurrentIndex(
                self.model.index(row, NAME),
                QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows)

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, now: QModelIndex, _before: QModelIndex) -> None:
        unit = self.model.unit(now.row())
        if unit is not None:
            self.unit_selected.emit(unit.id)

    def select_unit(self, unit_id: str) -> bool:
        """Show and select one; filters that hide it are taken off. False: no such force."""
        if self.model.row_of(unit_id) is None:
            self.search.clear()
            for box in (self.kind, self.team, self.area):
                box.setCurrentIndex(0)
            self.statuses[""].click()
        row = self.model.row_of(unit_id)
        if row is None:
            return False
        self.table.selectRow(row)
        self.table.scrollTo(self.model.index(row, NAME))
        return True

    @Slot(QModelIndex)
    def _on_double(self, index: QModelIndex) -> None:
        unit = self.model.unit(index.row())
        if unit is None:
            return
        if index.column() == INCIDENT and unit.incidents:
            self.incident_activated.emit(unit.incidents[0])
        else:
            self.unit_activated.emit(unit.id)

    # -- acting
    def set_incident(self, incident_id: str | None, number: str = "") -> None:
        """What Enter assigns the selected force to."""
        self._incident = (incident_id, number) if incident_id else None
        self._refresh()

    @Slot(int, bool)
    def _on_key(self, key: int, as_help: bool) -> None:
        unit_id = self.selected()
        if unit_id is None:
            return
        if key == Qt.Key.Key_Space:
            self.unit_activated.emit(unit_id)
        else:
            self.assign(unit_id, as_help=as_help)

    def assign(self, unit_id: str, *, as_help: bool = False) -> None:
        """Give the order for the selected incident; without one it says so. The seat makes the first force the lead."""
        row = self.model.row_of(unit_id)
        unit = self.model.unit(row) if row is not None else None
        if self._incident is None:
            self._note = (tr("Select an incident first: Enter gives this force to it."), "warning")
            self._refresh()
            return
        if self._sending:
            return
        incident_id, number = self._incident
        name = plain(unit.name) if unit is not None else unit_id
        self._sending = True
        self._note = (tr("Sending {name} to {number}…", name=name, number=number), "muted")
        self._refresh()

        def done(_changes: Changes) -> None:
            self._sending = False
            self._note = (tr("{name} has the order for {number}.", name=name, number=number), "good")
            self._refresh()
            self.assigned.emit(incident_id, unit_id)

        def failed(fault: Fault) -> None:
            self._sending = False
            self._note = (tr("{name} was not sent: {why}", name=name, why=say(fault)), "danger")
            self._refresh()
            self.refused.emit(self._note[0])

        params = {"unit": unit_id, **({"part": "help"} if as_help else {})}
        self._bridge.act(Act(incident_id, "assign", params), done, failed, owner=self)

    # -- showing
    def _refresh(self) -> None:
        counts = self.model.counts()
        self.statuses[""].setText(tr("all {n}", n=self.model.total))
        for status in STATUSES:
            self.statuses[status].setText(f"{status_label(status)} {counts[status]}")
        if self._incident is None:
            self._target.setText(tr("no incident selected"))
        else:
            self._target.setText(tr("Enter: assign to {number}", number=plain(self._incident[1])))
        text, role = self._note
        if not text:
            text, role = self._state_text(), "muted"
        set_role(self._state, role)
        self._state.setText(text)
        self._state.setVisible(bool(text))
        self.more.setText(tr("{n} more pass these filters now: show them", n=len(self.model.more)))
        self.more.setVisible(bool(self.model.more))

    def _state_text(self) -> str:
        if not self._loaded:
            return tr("Loading forces…")
        if not self.model.total:
            return tr("No forces yet. Import units, or start the demo.")
        if not self.model.rowCount():
            return tr("No force passes these filters.")
        if self.model.rowCount() < self.model.total:
            return tr("{shown} of {total} shown", shown=self.model.rowCount(), total=self.model.total)
        return ""

    def retranslate(self) -> None:
        """Say it in the language now in use."""
        self._title.setText(tr("Forces"))
        self.search.setPlaceholderText(tr("Name, team, pinyin initials"))
        facts = self._bridge.facts
        if facts is not None:
            self.model.set_book(facts.book, lang())
        self._fill_filters()
        self.model.relabel()
        self.table.fit(self.width() - px(24) - px(12))
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.fit(self.width() - px(24) - px(12))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()
        if self._stale or not self._loaded:
            self.reload()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


def _found(unit: UnitRow, text: str) -> bool:
    return rank(text, Choice(unit.id, unit.name, (unit.call_sign, unit.team))) is not None


def _load(seat: Seat, ids: frozenset[str] | None) -> tuple[Sequence[UnitRow], Mapping[str, str]]:
    units = seat.units(ids)
    wanted = {i for u in units for i in u.incidents}
    return units, {row.id: row.number for row in seat.queue(wanted)} if wanted else {}
