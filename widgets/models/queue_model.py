"""The queue as a Qt model over `QueueIndex`: it can stand still while it is in use, and says what waits."""
from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import IntEnum

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal, Slot

from app.domain.faults import Message
from app.domain.incident_process import ENDED_PHASES, REGISTERED
from app.services.lamp import lamp, time_left_text
from app.services.queue_order import TAB_BIT
from app.services.views import Flag, QueueRow
from app.text import escape_html
from widgets.models.queue_index import Labels, Query, QueueIndex, Slots

Index = QModelIndex | QPersistentModelIndex
_DISPLAY, _TOOLTIP = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.ToolTipRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
_RETURNED = int(Flag.RETURNED)
_ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


URGENT = 2
"""New incidents up to this level are announced wherever they stand."""
CHUNK = 50
"""Rows taken in at one turn of the event loop: some 2 ms."""


class Column(IntEnum):
    """Columns of the queue, left to right."""

    LEVEL = 0
    NUMBER = 1
    KIND = 2
    PLACE = 3
    GRID = 4
    SOURCE = 5
    PHASE = 6
    LEFT = 7
    HANDLER = 8


SORT_OF = {Column.LEVEL: "level", Column.NUMBER: "number", Column.KIND: "kind", Column.PLACE: "place",
           Column.GRID: "place", Column.SOURCE: "source", Column.PHASE: "phase", Column.LEFT: "left",
           Column.HANDLER: "handler"}


def short_number(number: str, *, with_seat: bool = True) -> str:
    """A number without its year: "20261123-02-0312" → "1123-02-0312", and without the seat's part "1123-0312".

    The full one is in the panel and the tooltip.
    """
    parts = number.split("-")
    if len(parts[0]) == 8 and parts[0].isdecimal():
        parts[0] = parts[0][4:]
    if not with_seat and len(parts) == 3:
        del parts[1]
    return "-".join(parts)


def seat_part(number: str) -> str:
    """The seat's part of a number, "" when it has none."""
    parts = number.split("-")
    return parts[1] if len(parts) == 3 else ""


class QueueModel(QAbstractTableModel):
    """Rows of a tab in order. While `frozen`, rows change in place but none moves, comes or goes."""

    shown = Signal()
    """the rows shown were replaced: come, gone or moved"""
    pending_changed = Signal()
    """what waits behind the frozen rows changed: see `newcomers`, `stale`"""
    counts_changed = Signal()
    taken = Signal()
    """all that `take` was given is in"""

    def __init__(self, now: Callable[[], float], labels: Labels, parent: object = None) -> None:
        super().__init__(parent)  # type: ignore[arg-type]
        self.now = now
        self.labels = labels
        self.index_ = QueueIndex()
        self.query = Query()
        self.view: Slots = np.empty(0, np.intp)
        self.frozen = False
        self.loaded = False
        self.newcomers = 0
        self.newcomer_level = 0
        self.stale = False
        self.total = 0
        """rows that the query has now, whatever the frozen rows show"""
        self.held = 0
        """rows that have left and are shown only because the rows stand still"""
        self._fresh: set[str] = set()
        self._urgent: dict[str, int] = {}
        self.visible = (0, -1)
        """first and last row on screen, kept by the view: changes elsewhere are not announced"""
        self.render: Callable[[Message], str] = str
        self._waiting: deque[QueueRow] = deque()
        self._waiting_gone: set[str] = set()
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._on_turn)
        self._headers: Sequence[str] = ()
        self._seats: set[str] = set()
        self._none = QModelIndex()

    # ---- Qt --------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.view)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(Column)

    def data(self, index: Index, role: int = 0) -> object:
        if role == 0 or role == _ACCESSIBLE:
            return self.text(self.row(index.row()), index.column())
        if role == _TOOLTIP:
            return self.tooltip(self.row(index.row()))
        if role == ROW_ROLE:
            return self.row(index.row())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if role == 0 and orientation == Qt.Orientation.Horizontal and section < len(self._headers):
            return self._headers[section]
        return None

    def set_texts(self, labels: Labels, headers: Sequence[str], render: Callable[[Message], str]) -> None:
        """Another language or another version of the book; `render` turns a `Message` into text."""
        self.labels, self._headers, self.render = labels, tuple(headers), render
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        self._show(self.index_.view(self.query, self.labels, self.now()))

    # ---- texts -----------------------------------------------------------------------------------------------------

    def row(self, view_row: int) -> QueueRow:
        """The incident at a row of the view."""
        return self.index_.rows[int(self.view[view_row])]

    def text(self, row: QueueRow, column: int) -> str:
        """What a cell says; also what a screen reader says."""
        match column:
            case Column.LEVEL:
                return _ROMAN.get(row.level, "?")
            case Column.NUMBER:
                return short_number(row.number, with_seat=len(self._seats) > 1)
            case Column.KIND:
                return self.labels.of("kind", row.kind)
            case Column.PLACE:
                return row.place
            case Column.GRID:
                return self.labels.of("area", row.area_id or "")
            case Column.SOURCE:
                return self.labels.of("channel", row.channel)
            case Column.PHASE:
                if row.phase == REGISTERED and row.flags & _RETURNED:
                    return self.render(Message("returned"))
                return self.labels.of("phase", f"{row.phase}@{row.kind}")
            case Column.LEFT:
                return self.render(time_left_text(row, self.now()))
            case _:
                return f"{row.handler} +{row.helpers}" if row.helpers else row.handler

    def lamp_text(self, row: QueueRow) -> str:
        """What stands in the lamp: as short as it can be; the tooltip and screen readers have the full words."""
        said = time_left_text(row, self.now())
        return self.render(Message("late {time}", said.params) if said.id == "overdue {time}" else said)

    def lamp(self, row: QueueRow) -> str:
        """The lamp of a row now."""
        return lamp(row, self.now())

    def tooltip(self, row: QueueRow) -> str:
        """Everything the row says, unabridged: one fact a line, escaped."""
        area = self.labels.book.area_label(row.area_id, 3)
        facts = (row.number, self.text(row, Column.KIND), row.place, area, self.text(row, Column.SOURCE),
                 self.text(row, Column.PHASE), self.text(row, Column.LEFT), self.text(row, Column.HANDLER))
        return "<span style='white-space:pre'>" + "<br>".join(escape_html(f) for f in facts if f) + "</span>"

    def is_unread(self, view_row: int) -> bool:
        """Changed since this operator last looked."""
        return bool(self.index_.unread[self.view[view_row]])

    def has_left(self, view_row: int) -> bool:
        """Ended, or no more in this tab, and only still here because the rows stand still."""
        row = self.row(view_row)
        if row.phase in ENDED_PHASES:
            return True
        bits = self.index_.bits[self.view[view_row]]
        return self.query.tab not in ("overdue", "all") and not bits & TAB_BIT[self.query.tab]

    def position(self, incident_id: str) -> int:
        """Row of an incident in the view, or -1."""
        slot = self.index_.slot_of.get(incident_id)
        if slot is None:
            return -1
        found = np.flatnonzero(self.view == slot)
        return int(found[0]) if len(found) else -1

    # ---- changing --------------------------------------------------------------------------------------------------

    def load(self, index: QueueIndex) -> None:
        """Show another index, whole."""
        self.index_ = index
        self.loaded = True
        self._urgent.clear()
        self._waiting.clear()
        self._waiting_gone.clear()
        self._seats = {seat_part(row.number) for row in index.rows}
        self._show(index.view(self.query, self.labels, self.now()))
        self.counts_changed.emit()

    def apply(self, rows: Sequence[QueueRow], gone: Collection[str] = ()) -> None:
        """Take a batch of changes in."""
        self._urgent.update((r.id, r.level) for r in rows if r.level <= URGENT and r.id not in self.index_.slot_of
                            and r.phase not in ENDED_PHASES)
        touched = self.index_.apply(rows, gone)
        self._seats.update(seat_part(row.number) for row in rows)
        self._settle(touched)
        self.counts_changed.emit()

    def take(self, rows: Sequence[QueueRow], gone: Collection[str] = ()) -> None:
        """As `apply`, but a part at each turn of the event loop: a flood must not hold up keys and painting.

        `taken` follows when all of it is in.
        """
        self._waiting.extend(rows)
        self._waiting_gone.update(gone)
        if not self._turn.isActive():
            self._on_turn()

    @Slot()
    def _on_turn(self) -> None:
        rows = [self._waiting.popleft() for _ in range(min(CHUNK, len(self._waiting)))]
        gone, self._waiting_gone = self._waiting_gone, set()
        self.apply(rows, gone)
        if self._waiting:
            self._turn.start()
        else:
            self.taken.emit()

    def mark_read(self, marks: Mapping[str, int]) -> None:
        """Take read marks in."""
        touched = self.index_.mark_read(marks)
        if len(touched):
            self._announce(touched)
            self.counts_changed.emit()

    def set_query(self, query: Query) -> None:
        """Another tab, filter or order: an act of the user, so it shows at once even while frozen."""
        self.query = query
        self._show(self.index_.view(query, self.labels, self.now()))

    def set_frozen(self, frozen: bool) -> None:
        """Let the rows stand still, or let what waits come in."""
        if frozen == self.frozen:
            return
        self.frozen = frozen
        if not frozen:
            self.thaw()

    def thaw(self) -> None:
        """Show what waits now; the rows may be frozen again afterwards."""
        if self.stale or self.newcomers:
            self._show(self.index_.view(self.query, self.labels, self.now()))

    def tick(self) -> None:
        """The second turned: an overdue tab may have grown. Lamps are the view's to repaint."""
        if self.query.tab == "overdue":
            self._settle(np.empty(0, np.intp))
        self.counts_changed.emit()

    def out_of_sight(self) -> dict[str, int]:
        """New incidents of levels I and II that have not been on screen yet and are not counted in `newcomers`:
        id → level. In whatever order, tab or filter; one that was seen, or ended, is forgotten."""
        first, last = self.visible
        seen = {self.index_.rows[s].id for s in self.view[first:last + 1].tolist()}
        slot_of, bits = self.index_.slot_of, self.index_.bits
        self._urgent = {i: level for i, level in self._urgent.items()
                        if i not in seen and i in slot_of and bits[slot_of[i]] & TAB_BIT["all"]}
        return {i: level for i, level in self._urgent.items() if i not in self._fresh}

    def _settle(self, touched: Slots) -> None:
        target = self.index_.view(self.query, self.labels, self.now())
        same = len(target) == len(self.view) and bool(np.array_equal(target, self.view))
        if same or self.frozen:
            self._announce(touched)
        self.total = len(target)
        if same:
            self._fresh = set()
            self._set_pending(0, 0, 0, stale=False)
        elif self.frozen:
            self._count_pending(target)
        else:
            self._show(target)

    def _announce(self, touched: Slots) -> None:
        first, last = self.visible
        last = min(last, len(self.view) - 1)
        if last < first or not len(touched):
            return
        hits = np.flatnonzero(np.isin(self.view[first:last + 1], touched))
        if len(hits):
            top, bottom = first + int(hits[0]), first + int(hits[-1])
            self.dataChanged.emit(self.index(top, 0, self._none), self.index(bottom, len(Column) - 1, self._none))

    def _count_pending(self, target: Slots) -> None:
        known = np.zeros(len(self.index_.key), np.bool_)
        known[self.view] = True
        fresh = target[~known[target]]
        level = int(self.index_.level[fresh].min()) if len(fresh) else 0
        stays = np.zeros(len(self.index_.key), np.bool_)
        stays[target] = True
        self._fresh = {self.index_.rows[s].id for s in fresh.tolist()}
        self._set_pending(len(fresh), level, int(np.count_nonzero(~stays[self.view])), stale=True)

    def _set_pending(self, newcomers: int, level: int, held: int, *, stale: bool) -> None:
        waits = (newcomers, level, held, stale)
        if waits != (self.newcomers, self.newcomer_level, self.held, self.stale):
            self.newcomers, self.newcomer_level, self.held, self.stale = waits
            self.pending_changed.emit()

    def _show(self, target: Slots) -> None:
        self.beginResetModel()
        self.view = target
        self.total, self._fresh = len(target), set()
        self.index_.forget_ended()
        self.endResetModel()
        self._set_pending(0, 0, 0, stale=False)
        self.shown.emit()
