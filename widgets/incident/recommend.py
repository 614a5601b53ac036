"""Recommended forces with their reasons, and who was passed over and why. Enter gives the order."""
from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.incident_process import ENDED_PHASES
from app.ports import Clock
from app.services.book import Book
from app.services.changes import Changes
from app.services.commands import Act
from app.services.views import Candidate, IncidentView, Recommendation, UnitRow
from widgets.bridge import Bridge, Fault
from widgets.forms.field import letters_act
from widgets.incident.words import age_text, distance_text, plain, say, status_label, tr
from widgets.theme import Step, color, px
from widgets.theme.fonts import font
from widgets.theme.labels import Label, safe_tooltip, set_role
from widgets.theme.shapes import paint_unit

_INDEX = QModelIndex | QPersistentModelIndex
STALE_S = 300
RELOAD_MS = 2_000
"""At most so often while forces move."""
OPEN_STATES = ("assigned", "acknowledged", "en_route", "on_scene", "fed_back")


@dataclass(frozen=True, slots=True)
class Line:
    """One row ready to paint. `unit` None: no more than a word."""

    unit: UnitRow
    name: str
    status: str
    figures: str
    reasons: str
    passed_over: bool
    stale: bool


def candidate_line(candidate: Candidate, book: Book | None = None) -> Line:
    """A candidate: distance and expected minutes; then the age of its position and the seat's own reasons."""
    unit = candidate.unit
    figures = []
    if candidate.distance_m is not None:
        figures.append(distance_text(candidate.distance_m))
    if candidate.eta_s is not None:
        figures.append(tr("{n} min away", n=max(1, round(candidate.eta_s / 60))))
    age = candidate.position_age_s
    stale = age is None or age > STALE_S
    said = [] if age is None else [tr("{age} ago", age=age_text(age))]
    told = [m for m in candidate.reasons if figures or m.id != "no position"]  # "distance unknown" says it already
    said += [plain(say(m, book)) for m in told] or [tr("load {n}", n=unit.load)]
    return Line(unit, plain(unit.name), status_label(unit.status), " · ".join(figures) or tr("distance unknown"),
                " · ".join(s for s in said if s), False, stale)


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []

    def show(self, lines: list[Line]) -> None:
        """Replace the rows; only repainted when their number stays."""
        if len(lines) == len(self.lines):
            self.lines = lines
            if lines:
                self.dataChanged.emit(self.index(0), self.index(len(lines) - 1))
            return
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def line(self, row: int) -> Line | None:
        """One row."""
        return self.lines[row] if 0 <= row < len(self.lines) else None

    def rowCount(self, parent: _INDEX | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def data(self, index: _INDEX, role: int = 0) -> object:
        line = self.line(index.row())
        if line is None or role != 0:
            return None
        return " · ".join(p for p in (line.name, line.status, line.figures, line.reasons) if p)

    def flags(self, index: _INDEX) -> Qt.ItemFlag:
        line = self.line(index.row())
        if line is None or line.passed_over:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(QStyledItemDelegate):
    """Candidates on two lines, those passed over on one."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _INDEX) -> None:
        model = index.model()
        line = model.line(index.row()) if isinstance(model, _Model) else None
        if line is None:
            return
        painter.save()
        try:
            if line.passed_over:
                self._passed(painter, option.rect, font(Step.NOTE), line)
            else:
                self._candidate(painter, option, line)
        finally:
            painter.restore()

    def _passed(self, painter: QPainter, full: QRect, small: QFont, line: Line) -> None:
        rect = full.adjusted(px(12), 0, -px(12), 0)
        painter.setFont(small)
        painter.setPen(color("faint"))
        metrics = QFontMetrics(small)
        text = tr("✕ {name}: {why}", name=line.name, why=line.reasons)
        painter.drawText(rect, _LEFT, metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width()))

    def _candidate(self, painter: QPainter, option: QStyleOptionViewItem, line: Line) -> None:
        marked = bool(option.state & QStyle.StateFlag.State_Selected)
        if marked or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, color("selection" if marked else "hover"))
        rect = option.rect.adjusted(px(12), px(5), -px(12), -px(5))
        body, small, bold = font(Step.BODY), font(Step.NOTE), font(Step.BODY, bold=True)
        metrics, note = QFontMetrics(body), QFontMetrics(small)
        top = QRect(rect.left(), rect.top(), rect.width(), metrics.height())
        paint_unit(painter, QRectF(top.left(), top.center().y() - px(6), px(12), px(12)),
                   "unknown" if line.stale else line.unit.status)
        text = top.adjusted(px(20), 0, 0, 0)
        painter.setFont(body)
        painter.setPen(color("text"))
        right = metrics.horizontalAdvance(line.figures)
        painter.drawText(text, _RIGHT, line.figures)
        room = text.width() - right - px(12)
        status = metrics.horizontalAdvance(line.status) + px(8)
        name = QFontMetrics(bold).elidedText(line.name, Qt.TextElideMode.ElideRight, max(px(48), room - status))
        painter.setFont(bold)
        painter.drawText(text, _LEFT, name)
        used = QFontMetrics(bold).horizontalAdvance(name) + px(8)
        painter.setFont(body)
        painter.setPen(color("muted"))
        if used + status <= room + px(8):
            painter.drawText(text.adjusted(used, 0, 0, 0), _LEFT, line.status)
        painter.setFont(small)
        low = QRect(text.left(), top.bottom() + px(2), text.width(), note.height())
        painter.drawText(low, _LEFT, note.elidedText(line.reasons, Qt.TextElideMode.ElideRight, low.width()))
        painter.fillRect(option.rect.left() + px(12), option.rect.bottom(), option.rect.width() - px(24), 1,
                         color("line"))

    def sizeHint(self, option: QStyleOptionViewItem, index: _INDEX) -> QSize:
        model = index.model()
        line = model.line(index.row()) if isinstance(model, _Model) else None
        note = QFontMetrics(font(Step.NOTE)).height()
        if line is None or line.passed_over:
            return QSize(px(120), note + px(8))
        return QSize(px(120), QFontMetrics(font(Step.BODY)).height() + note + px(13))


_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class _List(QListView):
    """Tells which row the mouse is over, and when Enter is pressed."""

    hovered = Signal(object)
    entered_key = Signal(bool)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        self.hovered.emit(index.row() if index.isValid() else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_key.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return
        super().keyPressEvent(event)


class RecommendPanel(QFrame):
    """Who could go. Enter or a double click assigns (the lead while there is none, else help); Shift+Enter: as help.

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
        self._sending: str | None = None
        self._note = ""
        self._stale = QTimer(self)
        self._stale.setSingleShot(True)
        self._stale.setInterval(RELOAD_MS)
        self._stale.timeout.connect(self.reload)
        self.model = _Model(self)
        self._build()
        bridge.changed.connect(self._on_changed)
        self.retranslate()

    def _build(self) -> None:
        self._title, self._side = Label("", "title", self), Label("", "muted", self)
        self._state = Label("", "muted", self)
        self._state.setWordWrap(True)
        self._state.setContentsMargins(px(12), 0, px(12), px(8))
        self.list = _List(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(_Delegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        letters_act(self.list)
        self.list.hovered.connect(self._on_hovered)
        self.list.entered_key.connect(self._on_enter)
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
            self._answer, self._note, self._sending = None, "", None
        if self._ended:
            self._answer, self._note = None, ""
        self._refresh()
        if view is not None and (changed or self._answer is None):
            self.reload()

    def show_incident(self, incident_id: str | None) -> None:
        """Recommend for an incident by itself."""
        if incident_id != self._id:
            self._id, self._view, self._answer, self._note = incident_id, None, None, ""
            self._refresh()
        self.reload()

    @Slot()
    def reload(self) -> None:
        """Ask the seat again; not for what has ended."""
        wanted = self._id
        if wanted is not None and not self._ended:
            self._bridge.ask(lambda seat: seat.recommend(wanted), self._on_answer, self._on_failed, owner=self,
                             key="recommend")

    @Slot(object)
    def _on_answer(self, answer: Recommendation) -> None:
        if answer.incident_id == self._id and not self._ended:
            self._answer = answer
            self._refresh()

    @Slot(object)
    def _on_failed(self, fault: Fault) -> None:
        self._note = tr("No recommendation: {why} Forces can be picked by hand (D).", why=plain(say(fault)))
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
        kept = self._selected()
        answer = self._answer
        book = self._bridge.facts.book if self._bridge.facts is not None else None
        lines: list[Line] = []
        if answer is not None:
            lines = [candidate_line(c, book) for c in answer.candidates]
            lines += [Line(u, plain(u.name), status_label(u.status), "", plain(say(why, book)), True, False)
                      for u, why in answer.passed_over]
        self.model.show(lines)
        self._select(kept)
        set_role(self._state, "danger" if self._note else "muted")
        self._state.setText(self._state_text())
        self._state.setVisible(bool(self._state.text()))
        self._side.setText("" if answer is None else tr("can go {n} · passed over {m}", n=len(answer.candidates),
                                                        m=len(answer.passed_over)))

    @property
    def _ended(self) -> bool:
        return self._view is not None and self._view.row.phase in ENDED_PHASES

    def _state_text(self) -> str:
        if self._note:
            return self._note
        if self._sending:
            return tr("Sending: {what}", what=self._sending)
        if self._id is None:
            return tr("Forces are recommended when an incident is selected.")
        if self._ended:
            return tr("This incident has ended: nobody needs to go.")
        if self._answer is None:
            return tr("Looking for forces…")
        if not self._answer.candidates:
            return tr("No force is free with a known position. Pick one by hand (D), or ask the next level (I).")
        return ""

    def _selected(self) -> str | None:
        line = self.model.line(self.list.currentIndex().row())
        return line.unit.id if line is not None and not line.passed_over else None

    def _select(self, unit_id: str | None) -> None:
        rows = [i for i, line in enumerate(self.model.lines) if not line.passed_over]
        row = next((i for i in rows if self.model.lines[i].unit.id == unit_id), rows[0] if rows else None)
        if row is not None:
            self.list.setCurrentIndex(self.model.index(row))

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
            self._sending = None
            self._refresh()
            self.assigned.emit(incident_id, unit_id)
            self.reload()

        def failed(fault: Fault) -> None:
            self._sending = None
            self._note = tr("{name} was not assigned: {why}", name=name, why=plain(say(fault)))
            self._refresh()
            self.refused.emit(self._note)

        command = Act(incident_id, "assign", {"unit": unit_id, "part": self.part(as_help=as_help)}, seen)
        self._bridge.act(command, done, failed, owner=self)

    @Slot(bool)
    def _on_enter(self, as_help: bool) -> None:
        unit_id = self._selected()
        if unit_id is not None:
            self.assign(unit_id, as_help=as_help)

    @Slot(QModelIndex)
    def _on_double(self, index: QModelIndex) -> None:
        line = self.model.line(index.row())
        if line is not None and not line.passed_over:
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
