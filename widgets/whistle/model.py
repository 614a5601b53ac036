"""Whistles as a table: one row for each department that was called, under its whistle's number and matter."""
from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.services.views import CallView, WhistleView
from widgets.theme import color
from widgets.whistle.words import age_text, call_state, clock_text, plain, tr

NUMBER, MATTER, DEPARTMENT, STATE, REPORT, RESULT, SCORE = range(7)
_INDEX = QModelIndex | QPersistentModelIndex
_ROMAN = ("I", "II", "III", "IV")


def step_text(due: float | None, done: float | None, now: float, zone: str) -> str:
    """One of a call's two times: when it was taken, or what is left of its limit."""
    if done is not None:
        late = due is not None and done > due
        at = clock_text(done, now, zone)
        at = at[:5] if len(at) == len("18:42:07") else at
        return at + (" " + tr("late {age}", age=age_text(done - (due or 0))) if late else "")
    if due is None:
        return tr("no limit")
    return tr("{age} left", age=age_text(due - now)) if now <= due else tr("overdue {age}", age=age_text(now - due))


class WhistleModel(QAbstractTableModel):
    """`show(whistles, now)`; ages go on with `tick(now)`."""

    def __init__(self, zone: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._zone, self._now = zone, 0.0
        self.rows: list[tuple[WhistleView, CallView]] = []

    def show(self, whistles: Sequence[WhistleView], now: float) -> None:
        """Open ones first, the newest on top."""
        self.beginResetModel()
        self._now = now
        ordered = sorted(whistles, key=lambda w: (not w.open, -w.blown_at))
        self.rows = [(w, c) for w in ordered for c in w.calls]
        self.endResetModel()

    def tick(self, now: float) -> None:
        """The clock went on."""
        self._now = now
        if self.rows:
            self.dataChanged.emit(self.index(0, REPORT), self.index(len(self.rows) - 1, RESULT))

    def rowCount(self, parent: _INDEX = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _INDEX = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else 7

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("No."), tr("Matter"), tr("Department"), tr("State"), tr("Reported in"), tr("Result"),
                    tr("Score"))[section]
        return None

    def data(self, index: _INDEX, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        one, call = self.rows[index.row()]
        column = index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(index.row(), column)
        if role == Qt.ItemDataRole.ToolTipRole and column in (MATTER, RESULT, DEPARTMENT):
            return None
        if role == Qt.ItemDataRole.ForegroundRole:
            return color(self._role(one, call, column))
        if role == Qt.ItemDataRole.TextAlignmentRole and column == SCORE:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def text(self, row: int, column: int) -> str:
        """What a cell shows; a whistle's own cells stand at its first department."""
        one, call = self.rows[row]
        first = row == 0 or self.rows[row - 1][0].id != one.id
        if column == NUMBER:
            return f"{_ROMAN[one.level - 1]}  {plain(one.number).rpartition('-')[2]}" if first else ""
        if column == MATTER:
            return plain(one.matter.replace("\n", " ")) if first else ""
        if column == DEPARTMENT:
            return plain(call.name)
        if column == STATE:
            return call_state(call) if one.phase != "withdrawn" else tr("withdrawn")
        if column == SCORE:
            return f"{call.score:g}" if call.score is not None else "—"
        if one.phase == "withdrawn":
            return "—"
        if column == REPORT:
            return step_text(call.report_due, call.reported_at, self._now, self._zone)
        return step_text(call.result_due, call.answered_at, self._now, self._zone)

    def _role(self, one: WhistleView, call: CallView, column: int) -> str:
        if not one.open:
            return "muted"
        due, done = {REPORT: (call.report_due, call.reported_at), RESULT: (call.result_due, call.answered_at)}.get(
            column, (None, None))
        if due is not None and (done or self._now) > due:
            return "danger"
        return "text" if column in (NUMBER, MATTER, DEPARTMENT, STATE, SCORE) else "muted"
