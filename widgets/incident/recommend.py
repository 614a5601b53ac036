"""Recommended forces with their reasons, and who was passed over and why. Enter gives the order."""
from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QVBoxLayout,
    QWidget,
)

from app.domain.incident_process import ENDED_PHASES
from app.ports import Clock
from app.services.changes import Changes
from app.services.commands import Act
from app.services.views import IncidentView, Recommendation
from widgets.bridge import Bridge, Fault
from widgets.forms.field import letters_act
from widgets.incident.candidates import CandidateDelegate, CandidateList, CandidateModel, Line, candidate_line
from widgets.incident.words import plain, say, status_label, tr
from widgets.theme import px
from widgets.theme.labels import Label, safe_tooltip, set_role

RELOAD_MS = 2_000
"""At most so often while forces move."""
REST_MS = 5_000
"""Rows stand still so long after keys or pointer were used on them."""
OPEN_STATES = ("assigned", "acknowledged", "en_route", "on_scene", "fed_back")


class RecommendPanel(QFrame):
    """Who could go. Enter or a double click assigns (the lead while there is none, else help); Shift+Enter: as help.

    Rows stand still while keys or pointer are in use. When the selected force can no longer go nobody else takes its
    place: nothing is selected, and it is said.

    Signals: `unit_hovered(id or "")` for the map, `assigned(incident, unit)`, `refused(text)`.
    """

    unit_hovered = Signal(str)
    unit_activated = Signal(str)
    assigned = Signal(str, str)
    refused = Signal(str)

    def __init__(self, bridge: Bridge, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._bridge, self._clock = bridge, clock
        self._id: str | None = None
        self._view: IncidentView | None = None
        self._answer: Recommendation | None = None
        self._held: Recommendation | None = None
        """came while the rows were in use"""
        self._sending: str | None = None
        self._note, self._unread, self._gone = "", "", ""
        self._picked, self._refreshing, self._given = False, False, ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._on_rest)
        self._stale = QTimer(self)
        self._stale.setSingleShot(True)
        self._stale.setInterval(RELOAD_MS)
        self._stale.timeout.connect(self.reload)
        self.model = CandidateModel(self)
        self._build()
        bridge.changed.connect(self._on_changed)
        self.retranslate()

    def _build(self) -> None:
        self._title, self._side = Label("", "title", self), Label("", "muted", self)
        self._state = Label("", "muted", self)
        self._state.setWordWrap(True)
        self._state.setContentsMargins(px(12), 0, px(12), px(8))
        self.list = CandidateList(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(CandidateDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        letters_act(self.list)
        self.list.hovered.connect(self._on_hovered)
        self.list.entered_key.connect(self._on_enter)
        self.list.used.connect(self._rest.start)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.doubleClicked.connect(self._on_double)
        self.list.clicked.connect(self._on_clicked)
        self.setFocusProxy(self.list)
        head = QHBoxLayout()
        head.setContentsMargins(px(12), px(8), px(12), px(4))
        head.addWidget(self._title, 1)
        head.addWidget(self._side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, px(4))
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._state)
        layout.addWidget(self.list, 1)

    # -- data
    def show_view(self, view: IncidentView | None) -> None:
        """Recommend for the incident another panel shows."""
        changed = (view.row.id if view else None) != self._id
        self._view = view
        if changed:
            self._id = view.row.id if view else None
            self._forget()
        if self._ended:
            self._answer, self._held, self._note, self._gone = None, None, "", ""
        self._refresh()
        if view is not None and (changed or self._answer is None):
            self.reload()

    def show_incident(self, incident_id: str | None) -> None:
        """Recommend for an incident by itself."""
        if incident_id != self._id:
            self._id, self._view = incident_id, None
            self._forget()
            self._refresh()
        self.reload()

    def _forget(self) -> None:
        """Another incident: nothing of the last one stays."""
        self._answer, self._held, self._sending = None, None, None
        self._note, self._unread, self._gone, self._given = "", "", "", ""
        self._picked = False
        self._rest.stop()
        self.list.setCurrentIndex(QModelIndex())

    @Slot()
    def reload(self) -> None:
        """Ask the seat again; not for what has ended."""
        wanted = self._id
        if wanted is not None and not self._ended:
            self._bridge.ask(lambda seat: seat.recommend(wanted), self._on_answer, self._on_failed, owner=self,
                             key="recommend")

    @Slot(object)
    def _on_answer(self, answer: Recommendation) -> None:
        if answer.incident_id != self._id or self._ended:
            return
        self._unread = ""
        if self._rest.isActive() and self._answer is not None:
            self._held = answer
        else:
            self._answer, self._held = answer, None
            self._refresh()

    @Slot()
    def _on_rest(self) -> None:
        """The rows are at rest: what came meanwhile is shown."""
        self._rest.stop()
        if self._held is not None:
            self._answer, self._held = self._held, None
            self._refresh()

    @Slot(object)
    def _on_failed(self, fault: Fault) -> None:
        self._unread = tr("No recommendation: {why} Forces can be picked by hand (D).", why=plain(say(fault)))
        self._refresh()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if self._id is None or not self.isVisible():
            return
        if self._id in changes.incidents:
            self.reload()
        elif (changes.units or changes.positions) and not self._stale.isActive():
            self._stale.start()

    def _refresh(self) -> None:
        kept = self._line()
        answer = self._answer
        book = self._bridge.facts.book if self._bridge.facts is not None else None
        lines: list[Line] = []
        if answer is not None:
            lines = [candidate_line(c, book) for c in answer.candidates]
            lines += [Line(u, plain(u.name), status_label(u.status), "", plain(say(why, book)), True, False)
                      for u, why in answer.passed_over]
        self._refreshing = True
        try:
            self.model.show(lines)
            self._select(kept)
        finally:
            self._refreshing = False
        set_role(self._state, "danger" if self._note or self._unread else "warning" if self._gone else "muted")
        self._state.setText(self._state_text())
        self._state.setVisible(bool(self._state.text()))
        self._side.setText("" if answer is None else tr("can go {n} · passed over {m}", n=len(answer.candidates),
                                                        m=len(answer.passed_over)))

    @property
    def _ended(self) -> bool:
        return self._view is not None and self._view.row.phase in ENDED_PHASES

    def _state_text(self) -> str:
        if self._note or self._unread:
            return self._note or self._unread
        if self._sending:
            return tr("Sending: {what}", what=self._sending)
        if self._gone:
            return self._gone
        if self._id is None:
            return tr("Forces are recommended when an incident is selected.")
        if self._ended:
            return tr("This incident has ended: nobody needs to go.")
        if self._answer is None:
            return tr("Looking for forces…")
        if not self._answer.candidates:
            return tr("No force is free with a known position. Pick one by hand (D), or ask the next level (I).")
        return ""

    def _line(self) -> Line | None:
        line = self.model.line(self.list.currentIndex().row())
        return line if line is not None and not line.passed_over else None

    def _selected(self) -> str | None:
        line = self._line()
        return line.unit.id if line is not None else None

    def _select(self, kept: Line | None) -> None:
        """Go on with the one that was selected; the first only where nobody has picked or is about to press Enter."""
        rows = {line.unit.id: i for i, line in enumerate(self.model.lines) if not line.passed_over}
        if kept is not None and kept.unit.id in rows:
            self._gone = ""
            self.list.setCurrentIndex(self.model.index(rows[kept.unit.id]))
            return
        if kept is not None and self._answer is not None and (self._picked or self.list.hasFocus()):
            given, self._given, self._picked = self._given, "", True
            why = next((line.reasons for line in self.model.lines if line.unit.id == kept.unit.id), "")
            if kept.unit.id != given:
                self._gone = tr("{name} can no longer go ({why}): pick again.", name=kept.name, why=why) if why else \
                    tr("{name} can no longer go: pick again.", name=kept.name)
        first = next(iter(rows.values()), None) if not self._picked else None
        self.list.setCurrentIndex(self.model.index(first) if first is not None else QModelIndex())

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, now: QModelIndex, _before: QModelIndex) -> None:
        """The operator picked one."""
        if not self._refreshing and now.isValid():
            self._picked = True
            if self._gone:
                self._gone = ""
                self._refresh()

    # -- acting
    def part(self, *, as_help: bool = False) -> str:
        """"lead" while nobody leads, else "help"."""
        led = self._view is not None and any(a.lead and a.state in OPEN_STATES for a in self._view.assignments)
        return "help" if as_help or led else "lead"

    def assign(self, unit_id: str, *, as_help: bool = False) -> None:
        """Give the order."""
        incident_id = self._id
        name = next((line.name for line in self.model.lines if line.unit.id == unit_id), unit_id)
        if incident_id is None or self._sending is not None:
            return
        self._sending, self._note = name, ""
        self._refresh()
        seen = self._view.row.changed_seq if self._view is not None else None

        def done(_changes: Changes) -> None:
            if incident_id == self._id:
                self._sending, self._given = None, unit_id
                self._rest.stop()
                self._refresh()
                self.reload()
            self.assigned.emit(incident_id, unit_id)

        def failed(fault: Fault) -> None:
            note = tr("{name} was not assigned: {why}", name=name, why=plain(say(fault)))
            if incident_id == self._id:
                self._sending, self._note = None, note
                self._refresh()
            self.refused.emit(note)

        command = Act(incident_id, "assign", {"unit": unit_id, "part": self.part(as_help=as_help)}, seen)
        self._bridge.act(command, done, failed, owner=self)

    @Slot(bool)
    def _on_enter(self, as_help: bool) -> None:
        self._on_rest()  # who fell out meanwhile is not sent
        unit_id = self._selected()
        if unit_id is not None:
            self.assign(unit_id, as_help=as_help)

    @Slot(QModelIndex)
    def _on_double(self, index: QModelIndex) -> None:
        line = self.model.line(index.row())
        self._on_rest()
        if line is not None and not line.passed_over and line.unit.id == self._selected():
            self.assign(line.unit.id)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        line = self.model.line(index.row())
        if line is not None:
            self.unit_activated.emit(line.unit.id)

    @Slot(object)
    def _on_hovered(self, row: int | None) -> None:
        line = self.model.line(row) if row is not None else None
        self.unit_hovered.emit(line.unit.id if line is not None else "")

    def retranslate(self) -> None:
        """Say it in the language now in use."""
        self._title.setText(tr("Recommended forces"))
        safe_tooltip(self.list, tr("Enter or double click: assign. Shift+Enter: as help."))
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
