"""All cameras as devices: state, since when, last picture; with filters, to be dragged onto tiles and exported."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QAbstractTableModel, QEvent, QMimeData, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.services.command_words import initials
from app.services.views import AreaRow, CameraRow
from app.text import escape_html, plain
from widgets.cameras.tile import ZONE, say
from widgets.forms.field import letters_act
from widgets.models.dragging import camera_mime
from widgets.theme import tokens
from widgets.theme.labels import ElidedLabel
from widgets.theme.tokens import px

ALL, ONLINE, OFFLINE, UNKNOWN, NO_ADDRESS, ON_WALL = "all", "online", "offline", "unknown", "no_address", "on_wall"
FILTERS = (ALL, ONLINE, OFFLINE, UNKNOWN, NO_ADDRESS, ON_WALL)
_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_SIGNS = {"online": "●", "offline": "▽", "unknown": "?"}


def state_word(camera: CameraRow) -> str:
    """State in shape and word."""
    words = {"online": say("on-line"), "offline": say("off-line")}
    return f"{_SIGNS.get(camera.state, '?')} {words.get(camera.state, say('unknown'))}"


def short_time(at: float | None, now: float, zone: ZoneInfo = ZONE) -> str:
    """"14:03", with the day when it was another one; a dash when it is not known."""
    if at is None:
        return "–"
    then, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(now, zone)
    return then.strftime("%H:%M") if then.date() == today.date() else then.strftime("%m-%d %H:%M")


def matches(camera: CameraRow, words: str, area: str, filter_: str) -> bool:
    """Whether a camera passes the filters: every word in its name, id, area or tags, or as initials of its name."""
    if filter_ in (ONLINE, OFFLINE, UNKNOWN) and camera.state != filter_:
        return False
    if (filter_ == NO_ADDRESS and camera.source) or (filter_ == ON_WALL and not camera.on_wall):
        return False
    text = " ".join((camera.name, camera.id, area, *camera.tags)).lower()
    return all(word in text or word in initials(camera.name) for word in words.lower().split())


class CameraModel(QAbstractTableModel):
    """Rows that pass the filters, in the order of the chosen column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.all: Sequence[CameraRow] = ()
        self.rows: list[CameraRow] = []
        self.areas: Mapping[str, AreaRow] = {}
        self.words, self.filter = "", ALL
        self.now = 0.0
        self._sort = (0, False)

    def area(self, camera: CameraRow) -> str:
        """The name of its area."""
        area = self.areas.get(camera.area_id or "")
        return area.name if area is not None else ""

    def refresh(self) -> None:
        """Filter and sort anew."""
        self.beginResetModel()
        self.rows = [c for c in self.all if matches(c, self.words, self.area(c), self.filter)]
        column, down = self._sort
        keys = (lambda c: (c.name, c.id), lambda c: (c.state, c.name), lambda c: (c.since or 0.0, c.name),
                lambda c: (c.picture_at or 0.0, c.name), lambda c: (self.area(c), c.name))
        self.rows.sort(key=keys[column], reverse=down)
        self.endResetModel()

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (say("Camera"), say("State"), say("Since"), say("Last picture"), say("Area"))[section]
        return None

    def data(self, index: _Index, role: int = 0) -> Any:
        camera = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (plain(camera.name), state_word(camera), short_time(camera.since, self.now),
                    short_time(camera.picture_at, self.now), plain(self.area(camera)))[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() in (0, 4):
            words = escape_html(camera.name if index.column() == 0 else self.area(camera))
            return f"<span>{words}</span>" if words else None
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 1:
            return QColor(tokens.color({"online": "good", "offline": "danger"}.get(camera.state, "notice")))
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return camera_mime("").formats()

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return camera_mime(self.rows[indexes[0].row()].id if indexes else "")

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sort = (column, order == Qt.SortOrder.DescendingOrder)
        self.refresh()


class CameraList(QWidget):
    """Signals: `chosen(camera id)` on Enter or double click · `shown_changed()` other rows pass the filters ·
    `export_wanted(rows)`."""

    chosen = Signal(str)
    shown_changed = Signal()
    export_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = CameraModel(self)
        self.filter = QLineEdit(self)
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaxLength(100)
        self.state = QComboBox(self)
        self.state.addItems([""] * len(FILTERS))
        self.note = ElidedLabel("", self, role="muted")
        self.view = QTableView(self)
        self.view.setModel(self.model)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setDragEnabled(True)
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.view.setSortingEnabled(True)
        self.view.setShowGrid(False)
        self.view.setWordWrap(False)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(px(28))
        letters_act(self.view)
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        head = self.view.horizontalHeader()
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for at, wide in ((1, 84), (2, 96), (3, 96), (4, 110)):
            self.view.setColumnWidth(at, px(wide))
        self.view.activated.connect(self._on_activated)
        self.filter.textChanged.connect(self._on_filter)
        self.state.currentIndexChanged.connect(self._on_filter)
        top = QHBoxLayout()
        top.setSpacing(px(6))
        top.addWidget(self.filter, 1)
        top.addWidget(self.state)
        self.export = QToolButton(self)
        self.export.clicked.connect(lambda: self.export_wanted.emit(list(self.model.rows)))
        top.addWidget(self.export)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(4))
        box.addLayout(top)
        box.addWidget(self.view, 1)
        box.addWidget(self.note)
        self._retranslate()

    def show_cameras(self, cameras: Iterable[CameraRow], areas: Mapping[str, AreaRow], now: float) -> None:
        """All cameras as they are now."""
        kept, bar = self.current_id(), self.view.verticalScrollBar()
        stood = bar.value()
        self.model.all, self.model.areas, self.model.now = tuple(cameras), areas, now
        self._refresh()
        if kept:
            row = next((i for i, c in enumerate(self.model.rows) if c.id == kept), None)
            if row is not None:
                self.view.selectRow(row)
        bar.setValue(stood)

    def current_id(self) -> str:
        """The camera of the selected row; "" when none is."""
        at = self.view.currentIndex()
        return self.model.rows[at.row()].id if at.isValid() and at.row() < len(self.model.rows) else ""

    def _refresh(self) -> None:
        self.model.refresh()
        counts = {s: sum(c.state == s for c in self.model.all) for s in ("online", "offline")}
        self.note.setText(say("{shown} of {all} · on-line {online} · off-line {offline} · unknown {unknown}",
                              shown=len(self.model.rows), all=len(self.model.all), **counts,
                              unknown=len(self.model.all) - sum(counts.values())))
        self.shown_changed.emit()

    @Slot()
    def _on_filter(self) -> None:
        self.model.words, self.model.filter = self.filter.text(), FILTERS[max(0, self.state.currentIndex())]
        self._refresh()

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.rows[index.row()].id)

    def _retranslate(self) -> None:
        self.export.setText(say("Export"))
        self.filter.setPlaceholderText(say("name, number, area, tag"))
        words = (say("all"), say("on-line"), say("off-line"), say("unknown"), say("without address"),
                 say("marked for the wall"))
        for at, word in enumerate(words):
            self.state.setItemText(at, word)

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._refresh()
