"""A line that finds one entry of a list while it is typed: label, code, pinyin initials. The list opens in place."""
from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from widgets.forms.field import Field
from widgets.forms.matching import Choice, matches
from widgets.forms.words import plain, tr
from widgets.theme import color, px

SHOWN = 6
"""Rows of the open list."""


class ChoiceModel(QAbstractListModel):
    """The choices that answer now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choices: Sequence[Choice] = ()

    def show(self, choices: Sequence[Choice]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._choices = choices
        self.endResetModel()

    def choice(self, row: int) -> Choice | None:
        """The choice of a row, None outside."""
        return self._choices[row] if 0 <= row < len(self._choices) else None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._choices)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        if role == 0:
            choice = self.choice(index.row())
            return plain(choice.label) if choice else None
        return None


class _ChoiceDelegate(QStyledItemDelegate):
    """Label left, detail right in the muted colour; both as plain text."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem,
              index: QModelIndex | QPersistentModelIndex) -> None:
        model = index.model()
        choice = model.choice(index.row()) if isinstance(model, ChoiceModel) else None
        if choice is None:
            return
        rect = option.rect.adjusted(px(8), 0, -px(8), 0)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, color("selection"))
        metrics = option.fontMetrics
        align = Qt.AlignmentFlag.AlignVCenter
        detail = metrics.elidedText(plain(choice.detail), Qt.TextElideMode.ElideRight, rect.width() * 55 // 100)
        painter.setPen(color("muted"))
        painter.drawText(rect, int(align | Qt.AlignmentFlag.AlignRight), detail)
        taken = metrics.horizontalAdvance(detail) + (px(8) if detail else 0)
        painter.setPen(color("text"))
        label = metrics.elidedText(plain(choice.label), Qt.TextElideMode.ElideRight, rect.width() - taken)
        painter.drawText(rect, int(align | Qt.AlignmentFlag.AlignLeft), label)

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(px(80), option.fontMetrics.height() + px(10))


class TypeAhead(Field):
    """Finds one of `choices`. Arrow keys move, Enter or Tab takes the marked one, Enter on a taken one sends."""

    picked = Signal(str)
    searched = Signal(str)

    def __init__(self, choices: Sequence[Choice] = (), parent: QWidget | None = None, *, placeholder: str = "") -> None:
        super().__init__(parent)
        self._choices = tuple(choices)
        self._code: str | None = None
        self.edit = QLineEdit(self)
        self.edit.setMaxLength(200)
        self.edit.setPlaceholderText(placeholder or tr("Name, code or pinyin initials"))
        self.model = ChoiceModel(self)
        self.list = QListView(self)
        self.list.setObjectName("raised")
        self.list.setModel(self.model)
        self.list.setItemDelegate(_ChoiceDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(2))
        layout.addWidget(self.edit)
        self.setFocusProxy(self.edit)
        self.edit.textEdited.connect(self._on_edited)
        self.edit.installEventFilter(self)
        self.list.clicked.connect(self._on_clicked)

    # -- the list
    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Other choices; what was typed and taken stays."""
        self._choices = tuple(choices)
        if self._code is not None and not self.edit.isModified():
            self._show_code(self._code)
        waiting = self._code is None and self.edit.hasFocus() and self.edit.isModified() and bool(self.edit.text())
        if self.list.isVisible() or waiting:  # what was typed before they came finds them now
            self._open()

    def _found(self) -> Sequence[Choice]:
        return matches(self.edit.text() if self._code is None else "", self._choices, 60)

    def _open(self) -> None:
        found = self._found()
        self.model.show(found)
        if not found:
            self._close_list()
            return
        self._place_list(min(SHOWN, len(found)))
        self.list.setCurrentIndex(self.model.index(0))
        self.list.show()
        self.list.raise_()

    def _place_list(self, rows: int) -> None:
        """Over what lies below the line, above it where there is no room: nothing moves while one types."""
        window = self.window()
        if self.list.parent() is not window:
            self.list.setParent(window)
        height = rows * (self.list.sizeHintForRow(0) or px(28)) + px(4)
        spot = self.edit.mapTo(window, self.edit.rect().bottomLeft())
        top = spot.y() + px(2)
        if top + height > window.height():
            top = max(0, spot.y() - self.edit.height() - height - px(2))
        self.list.setGeometry(spot.x(), top, self.edit.width(), height)

    def _close_list(self) -> None:
        self.list.hide()
        if self.list.parent() is not self:
            self.list.setParent(self)
            self.list.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._close_list()

    @Slot(str)
    def _on_edited(self, text: str) -> None:
        self._code = None
        self._open()
        self.searched.emit(text)
        self.changed.emit()

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self._take(index.row())

    def _take(self, row: int) -> bool:
        choice = self.model.choice(row)
        if choice is None:
            return False
        self._code = choice.code
        self.edit.setText(plain(choice.label))
        self.edit.setModified(False)
        self._close_list()
        self.changed.emit()
        self.picked.emit(choice.code)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._key(event)
            if event.type() == QEvent.Type.FocusOut and not (self.list.isVisible() and self.list.underMouse()):
                self._left()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key, row = event.key(), self.list.currentIndex().row()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            if not self.list.isVisible():
                self._open()
                return True
            step = 1 if key == Qt.Key.Key_Down else -1
            count = max(1, self.model.rowCount())
            self.list.setCurrentIndex(self.model.index((row + step) % count))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.settle()
                self.submitted.emit()
            elif not (self.list.isVisible() and self._take(row)):
                self.submitted.emit()
            return True
        if key == Qt.Key.Key_Escape and self.list.isVisible():
            self._close_list()
            return True
        return False

    def _left(self) -> None:
        """The focus went elsewhere."""
        if self.list.isVisible():
            self.settle()

    def settle(self) -> None:
        """On leaving: what is typed takes the best match, so that Tab is enough."""
        if self._code is None and self.edit.text().strip():
            if not self.list.isVisible():
                self.model.show(self._found())
            self._take(max(0, self.list.currentIndex().row()))
        self._close_list()

    # -- field
    def value(self) -> object:
        return self._code

    def problem(self) -> str:
        return tr("Not in the list: {text}", text=plain(self.edit.text())[:40]) \
            if self._code is None and self.edit.text().strip() else ""

    def kept(self) -> object:
        if self._code is not None:
            return {"code": self._code, "label": self.edit.text()}
        return {"typed": self.edit.text()} if self.edit.text() else None

    def restore(self, kept: object) -> None:
        self._code = None
        if isinstance(kept, dict):
            if "code" in kept:
                self._show_code(str(kept["code"]), str(kept.get("label", "")))
            else:
                self.edit.setText(str(kept.get("typed", "")))
        elif kept is None or kept == "":
            self.edit.clear()
        else:
            self._show_code(str(kept))
        self._close_list()
        self.changed.emit()

    def _show_code(self, code: str, label: str = "") -> None:
        known = next((c.label for c in self._choices if c.code == code), label or code)
        self._code = code
        self.edit.setText(plain(known))
        self.edit.setModified(False)
