"""The table of the queue: Qt's table for keys, selection and screen readers, own painting for speed."""
from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from app.domain.faults import Message
from app.text import render
from widgets.models.queue_model import SORT_OF, Column, QueueModel
from widgets.queue.rowpaint import RowPainter, RowState, Slice
from widgets.theme import fonts, shapes, tokens
from widgets.theme.tokens import Step, px

KEYS_REST_MS = 10_000
"""After the last key the rows may move again."""
POINTER_REST_MS = 60_000
"""A pointer that lies still over the queue for so long no longer holds the rows."""
ROW_PX = 36
# Width at scale 1 (place takes what is left) and the width of the view below which a column goes.
_WIDTHS = {Column.LEVEL: 36, Column.NUMBER: 102, Column.KIND: 96, Column.PLACE: 96, Column.GRID: 66,
           Column.SOURCE: 66, Column.PHASE: 78, Column.LEFT: 88, Column.HANDLER: 94}
_GOES_BELOW = {Column.SOURCE: 740, Column.GRID: 690, Column.HANDLER: 620}
_MOST = {Column.KIND: 230, Column.PLACE: 280, Column.PHASE: 130, Column.SOURCE: 150, Column.HANDLER: 180,
         Column.GRID: 130}
"""However long its texts are, no column takes more before all have what they need."""
_LEAVES = (Column.GRID, Column.SOURCE, Column.HANDLER)
"""Where kind and place would be cut, these go, in this order; the tooltip and the panel have them."""
_CUT_SHARE = 0.8
"""Kind and place have so much of what most of their texts need, or another column goes."""
_SAMPLE, _MOST_OF, _MOST_KINDS = 200, 0.85, 0.95
_WIDEST_LAMP = Message("late {time}", {"time": "8:08:08"})
_NARROW_PX, _COUNTER_PX = 600, 66
"""Below this width a number shows its counter only."""
_MOVES = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}


class QueueView(QTableView):
    """Signals: `picked(id)` the operator went to a row · `opened(id)` Enter or double click · `sort_asked(name)` ·
    `menu_asked(id, global QPoint)` right click or the menu key."""

    picked = Signal(str)
    opened = Signal(str)
    sort_asked = Signal(str)
    menu_asked = Signal(str, QPoint)

    def __init__(self, model: QueueModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.rows = RowPainter(model)
        self.current_id: str | None = None
        self._hovered = -1
        self._quiet = False
        self._anchor: int | None = None
        self._kept_scroll = 0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._on_rest)
        self._set_up()
        self._needs: dict[Column, int] = {}
        self._longest: dict[Column, int] = {}
        self.setModel(model)
        model.headerDataChanged.connect(self._on_texts)
        model.modelAboutToBeReset.connect(self._on_about_to_reset)
        model.modelReset.connect(self._on_reset)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        tokens.holder().changed.connect(self.restyle)

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        down, across = self.verticalHeader(), self.horizontalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setHighlightSections(False)
        across.setSectionsClickable(True)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setMinimumSectionSize(1)
        across.sectionClicked.connect(self._on_header)

    # ---- what is current -------------------------------------------------------------------------------------------

    def select(self, incident_id: str | None, *, scroll: bool = True) -> bool:
        """Make an incident current without telling `picked`; False when it is not in this view."""
        self.current_id = incident_id
        row = self._model.position(incident_id) if incident_id is not None else -1
        self._quiet = True
        if row >= 0:
            index = self._model.index(row, Column.NUMBER)
            self.setCurrentIndex(index)
            if scroll:
                self.scrollTo(index)
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        self._quiet = False
        return row >= 0

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        if self._quiet or not current.isValid():
            return
        row = self._model.row(current.row())
        if row.id != self.current_id:
            self.current_id = row.id
            self.picked.emit(row.id)

    @Slot()
    def _on_about_to_reset(self) -> None:
        """Remember how far down the current row is on screen, to put it there again."""
        row = self.currentIndex().row()
        at = self.rowViewportPosition(row) if row >= 0 else -1
        self._anchor = at if 0 <= at < self.viewport().height() else None
        self._kept_scroll = self.verticalScrollBar().value()
        self._quiet = True

    @Slot()
    def _on_texts(self) -> None:
        """Another language or book: other texts need other widths."""
        self._needs = {}
        self._lay_out()

    def _measure(self) -> None:
        """What most of the texts need, from a sample of the rows; kept, so that columns stand still."""
        count = self._model.rowCount()
        if self._needs or not count:
            return
        rows = [self._model.row(at) for at in range(0, count, max(1, count // _SAMPLE))]
        plain, bold = QFontMetrics(fonts.font(Step.BODY)), QFontMetrics(fonts.font(Step.BODY, bold=True))
        for column in _MOST:
            metrics = bold if column == Column.KIND else plain
            wide = sorted(metrics.horizontalAdvance(self._model.text(row, column)) for row in rows)
            share = _MOST_KINDS if column == Column.KIND else _MOST_OF
            self._needs[column] = wide[int(share * (len(wide) - 1))] + px(14)
            self._longest[column] = wide[-1] + px(14)

    @Slot()
    def _on_reset(self) -> None:
        if not self._needs and self._model.rowCount():
            self._lay_out()
        self._hovered = -1
        row = self._model.position(self.current_id) if self.current_id is not None else -1
        self._quiet = True
        bar = self.verticalScrollBar()
        if row >= 0:
            index = self._model.index(row, Column.NUMBER)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect
                                                  | QItemSelectionModel.SelectionFlag.Rows)
        self.updateGeometries()
        held = row >= 0 and self._anchor is not None
        bar.setValue(row * self._row_px() - (self._anchor or 0) if held else self._kept_scroll)
        self._quiet = False
        self._tell_visible()

    # ---- standing still while in use -------------------------------------------------------------------------------

    def use(self, rest_ms: int = KEYS_REST_MS) -> None:
        """The operator is at work here: rows stand still for a while."""
        if self._rest.remainingTime() < rest_ms:
            self._rest.start(rest_ms)
        self._model.set_frozen(True)

    @property
    def in_use(self) -> bool:
        """Whether rows stand still now."""
        return self._rest.isActive()

    def release(self) -> None:
        """Let the rows move again at once."""
        self._rest.stop()
        self._model.set_frozen(False)

    @Slot()
    def _on_rest(self) -> None:
        self._model.set_frozen(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.use()
        super().wheelEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.use(POINTER_REST_MS)
        self._hover(self.rowAt(int(event.position().y())))
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.use(POINTER_REST_MS)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.rowAt(int(event.position().y()))
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(self._model.row(row).id)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
            self._rest.start(min(KEYS_REST_MS, max(0, self._rest.remainingTime())))
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        row = self.rowAt(event.pos().y()) if event.reason() == QContextMenuEvent.Reason.Mouse \
            else self.currentIndex().row()
        if row >= 0:
            self.use(POINTER_REST_MS)
            self.setCurrentIndex(self._model.index(row, Column.NUMBER))
            place = event.globalPos() if event.reason() == QContextMenuEvent.Reason.Mouse else \
                self.viewport().mapToGlobal(QPoint(px(ROW_PX), self.rowViewportPosition(row) + self._row_px()))
            self.menu_asked.emit(self._model.row(row).id, place)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Taking the focus alone picks no row (Qt's table would), so nothing is marked as looked at."""
        QWidget.focusInEvent(self, event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Only movement and Enter are the table's; letters go on to the desk's actions."""
        key = Qt.Key(event.key())
        last = self._model.rowCount() - 1
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in _MOVES and last >= 0:
            self.use()
            if plain and key in (Qt.Key.Key_Home, Qt.Key.Key_End):
                self.setCurrentIndex(self._model.index(0 if key == Qt.Key.Key_Home else last, Column.NUMBER))
                return
            if not self.currentIndex().isValid():
                self.setCurrentIndex(self._model.index(self.rowAt(0) if self.rowAt(0) >= 0 else 0, Column.NUMBER))
                return
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and self.currentIndex().isValid():
            self.opened.emit(self._model.row(self.currentIndex().row()).id)
        else:
            event.ignore()

    @Slot(int)
    def _on_header(self, section: int) -> None:
        self.sort_asked.emit(SORT_OF[Column(section)])

    # ---- layout ----------------------------------------------------------------------------------------------------

    def _row_px(self) -> int:
        return self.verticalHeader().defaultSectionSize()

    @Slot()
    def restyle(self) -> None:
        """Another theme or scale."""
        self.verticalHeader().setMinimumSectionSize(px(ROW_PX))
        self.verticalHeader().setDefaultSectionSize(px(ROW_PX))
        self.rows.forget()
        self._lay_out()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
        self._tell_visible()

    def _lay_out(self) -> None:
        """Columns for the room there is: what would cut kind and place goes; the rest is shared by need."""
        room = self.viewport().width()
        self._measure()
        shown = [c for c in Column if room >= px(_GOES_BELOW.get(c, 0))]
        widths = self._widths(room, shown)
        for column in _LEAVES:
            if not self._cuts(widths):
                break
            if column in shown:
                shown.remove(column)
                widths = self._widths(room, shown)
        header, left, slices = self.horizontalHeader(), 0, []
        for column in Column:
            header.setSectionHidden(column, column not in widths)
            if column in widths:
                header.resizeSection(column, widths[column])
                slices.append(Slice(column, left, widths[column]))
                left += widths[column]
        self.rows.layout(tuple(slices), max(1, room), max(1, self._row_px()), self.devicePixelRatioF())

    def _widths(self, room: int, shown: list[Column]) -> dict[Column, int]:
        widths = {c: px(_WIDTHS[c]) for c in shown}
        if room < px(_NARROW_PX):
            widths[Column.NUMBER] = px(_COUNTER_PX)
        left = shapes.lamp_size(render(_WIDEST_LAMP), fonts.font(Step.BODY, bold=True)).toSize().width() + px(12)
        widths[Column.LEFT] = max(left, widths[Column.LEFT])
        spare = room - sum(widths.values())
        needs = {c: max(0, self._need(c) - widths[c]) for c in _MOST if c in widths}
        kind = min(needs.pop(Column.KIND), max(0, spare) // 2)  # what it is comes before all else
        widths[Column.KIND] += kind
        spare -= kind
        wanted = sum(needs.values())
        share = min(1.0, max(0, spare) / wanted) if wanted else 0.0
        for column, more in needs.items():
            widths[column] += int(more * share)
        spare = room - sum(widths.values())
        # where there is room for every text, none is cut: the longest of each column, then the place has the rest
        more_still = {c: max(0, self._longest.get(c, 0) - widths[c]) for c in _MOST if c in widths}
        if share == 1.0 and spare >= sum(more_still.values()):
            for column, more in more_still.items():
                widths[column] += more
        widths[Column.PLACE] = max(px(40), widths[Column.PLACE] + room - sum(widths.values()))
        return widths

    def _cuts(self, widths: dict[Column, int]) -> bool:
        """Whether kind or place have less than most of their texts need."""
        return any(widths[c] < _CUT_SHARE * self._need(c) for c in (Column.KIND, Column.PLACE))

    def _need(self, column: Column) -> int:
        return min(px(_MOST[column]), self._needs.get(column, 0))

    @Slot()
    def _on_scrolled(self) -> None:
        self._tell_visible()

    def _tell_visible(self) -> None:
        self._model.visible = self.visible_rows()

    def visible_rows(self) -> tuple[int, int]:
        """First and last row on screen; (0, -1) when there is none."""
        count = self._model.rowCount()
        if not count:
            return 0, -1
        high, top = self._row_px(), self.verticalScrollBar().value()
        return max(0, top // high), min(count - 1, (top + self.viewport().height() - 1) // high)

    # ---- painting --------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """The second turned: repaint the lamps only."""
        at = self.rows.lamp_slice()
        if at is not None:
            self.viewport().update(QRect(at.left, 0, at.width, self.viewport().height()))

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            for which in (row, self._hovered):
                if which >= 0:
                    self.viewport().update(0, self.rowViewportPosition(which), self.viewport().width(), self._row_px())
            self._hovered = row

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        area = event.rect()
        painter.setClipRegion(QRegion(area))
        high, offset = self._row_px(), self.verticalScrollBar().value()
        first = max(0, (offset + area.top()) // high)
        last = min(self._model.rowCount() - 1, (offset + area.bottom()) // high)
        current, focused = self.currentIndex().row(), self.hasFocus()
        model = self._model
        for at in range(first, last + 1):
            state = RowState(model.is_unread(at), model.has_left(at), at == current, at == self._hovered, focused)
            self.rows.paint(painter, at * high - offset, model.row(at), state)
        bottom = (last + 1) * high - offset
        if bottom <= area.bottom():
            rest = QRect(area.left(), max(area.top(), bottom), area.width(), area.bottom() - bottom + 1)
            painter.fillRect(rest, QColor(tokens.current().surface))
        painter.end()
