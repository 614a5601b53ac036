"""The table of forces: how its cells are painted, how wide its columns are, which keys are the board's."""
from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.services.views import UnitRow
from widgets.forms.field import letters_act
from widgets.theme import Step, color, px
from widgets.theme.fonts import font
from widgets.theme.shapes import hatch, paint_unit, paint_unknown
from widgets.units.model import AGE, DUTY, INCIDENT, KIND, LOAD, NAME, SKILLS, STATUS, STATUSES, TEAM, UnitModel
from widgets.units.words import age_text, plain, status_label, tr

_INDEX = QModelIndex | QPersistentModelIndex
SHARES = {STATUS: 10, NAME: 15, KIND: 11, TEAM: 13, INCIDENT: 17, LOAD: 6, AGE: 9, SKILLS: 11, DUTY: 8}
"""Width of each column in hundredths."""
TITLE_ROOM_PX = 30
"""Beside a column's title: its margins and the mark of the order."""
DROPS = ((SKILLS, 640), (TEAM, 560), (KIND, 470), (DUTY, 440))
"""Below these widths a column is left out, the least needed first."""


class _CellDelegate(QStyledItemDelegate):
    """Plain text; the status with its shape; an old position on a hatch."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _INDEX) -> None:
        model = index.model()
        unit = model.unit(index.row()) if isinstance(model, UnitModel) else None
        if unit is None or not isinstance(model, UnitModel):
            return
        painter.save()
        try:
            self._cell(painter, option, model, unit, index.column())
        finally:
            painter.restore()

    def _cell(self, painter: QPainter, option: QStyleOptionViewItem, model: UnitModel, unit: UnitRow,
              column: int) -> None:
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, color("selection"))
        rect = option.rect.adjusted(px(6), 0, -px(6), 0)
        body = font(Step.BODY, bold=column == NAME)
        metrics = QFontMetrics(body)
        painter.setFont(body)
        said = model.wordings(unit, column)
        text = next((words for words in said if metrics.horizontalAdvance(words) <= rect.width()), said[-1])
        role = "text" if column in (NAME, STATUS, INCIDENT) or (column == LOAD and unit.load) else "muted"
        if column == STATUS:
            mark = QRectF(rect.left(), rect.center().y() - px(6), px(12), px(12))
            if unit.status in STATUSES and unit.status != "unknown":
                paint_unit(painter, mark, unit.status)
            else:
                paint_unknown(painter, mark.adjusted(-px(1), -px(1), px(1), px(1)), font(Step.NOTE, bold=True))
            rect = rect.adjusted(px(18), 0, 0, 0)
        elif column == AGE and model.stale(unit):
            painter.fillRect(option.rect.adjusted(px(2), px(3), -px(2), -px(3)), hatch(color("unknown").name(), 0.45))
            self._chip(painter, rect, text, metrics)
            return
        align = Qt.AlignmentFlag.AlignRight if column in (LOAD, AGE) else Qt.AlignmentFlag.AlignLeft
        painter.setPen(color(role))
        painter.drawText(rect, int(align | Qt.AlignmentFlag.AlignVCenter),
                         metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width()))

    @staticmethod
    def _chip(painter: QPainter, rect: QRect, text: str, metrics: QFontMetrics) -> None:
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        width = metrics.horizontalAdvance(shown) + px(6)
        chip = QRect(rect.right() - width, rect.center().y() - metrics.height() // 2, width, metrics.height())
        painter.fillRect(chip, color("surface"))
        painter.setPen(color("text"))
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), shown)


class UnitTable(QTableView):
    """`pressed_key(key, with Shift)`: Enter, Shift+Enter and Space are the board's. `fit(width)` lays columns out."""

    pressed_key = Signal(int, bool)

    def __init__(self, units: UnitModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._units = units
        self.setModel(units)
        self.setItemDelegate(_CellDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(px(30))
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setSortingEnabled(True)
        self.sortByColumn(STATUS, Qt.SortOrder.AscendingOrder)
        letters_act(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed_key.emit(event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return
        super().keyPressEvent(event)

    def fit(self, width: int) -> None:
        """Columns of few words get the room their words need in this language, the others share what is left."""
        hidden = {column for column, least in DROPS if width < px(least)}
        needs = {column: need for column, need in self._needs().items() if column not in hidden}
        for column, _least in DROPS:
            if sum(needs.values()) * 2 <= width * 1.2:
                break
            hidden.add(column)
            needs.pop(column, None)
        shares = {c: share for c, share in SHARES.items() if c not in hidden and c not in needs}
        room, whole = max(0, width - sum(needs.values())), sum(shares.values())
        for column in SHARES:
            self.setColumnHidden(column, column in hidden)
            if column not in hidden:
                self.setColumnWidth(column, needs[column] if column in needs else room * shares[column] // whole)

    def _needs(self) -> dict[int, int]:
        """Width of the titles and words of the columns that have few of them."""
        header, body = self.horizontalHeader(), QFontMetrics(font(Step.BODY))
        words: dict[int, list[str]] = {
            STATUS: [status_label(s) for s in STATUSES], KIND: [plain(label) for _code, label in self._units.kinds()],
            LOAD: ["00"], AGE: [f"? {age_text(3_540)}"], DUTY: [tr("on duty"), tr("off duty")],
        }
        out: dict[int, int] = {}
        for column, said in words.items():
            mark = px(18) if column == STATUS else 0
            widest = max((body.horizontalAdvance(w) for w in said), default=0) + mark + px(14)
            title = str(self._units.headerData(column, Qt.Orientation.Horizontal) or "")
            out[column] = max(widest, header.fontMetrics().horizontalAdvance(title) + px(TITLE_ROOM_PX))
        return out
