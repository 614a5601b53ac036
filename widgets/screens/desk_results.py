"""A short list over the map: what was found, what lies in a drawn shape, what is nearest. Esc closes it."""
from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QToolButton, QVBoxLayout, QWidget

from app.services.views import Hit
from app.text import plain
from widgets.forms.field import letters_act
from widgets.screens.desk_words import tr
from widgets.theme.labels import Label, safe_tooltip
from widgets.theme.tokens import px

MOST = 300
_WIDE_PX, _HIGH_PX = 380, 300


class ResultList(QFrame):
    """`chosen(Hit)` on Enter, click or double click; `closed()`."""

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("raised")
        self._hits: Sequence[Hit] = ()
        self.title = Label("", "strong", self)
        self.title.setWordWrap(True)
        close = QToolButton(self)
        close.setObjectName("link")
        close.setText("×")
        close.setAccessibleName(tr("Close"))
        close.clicked.connect(self.close_list)
        self.list = QListWidget(self)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        letters_act(self.list)
        self.list.itemActivated.connect(self._on_item)
        self.list.itemClicked.connect(self._on_item)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(close)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(10), px(6), px(6), px(8))
        box.addLayout(head)
        box.addWidget(self.list, 1)
        self.hide()

    def show_hits(self, title: str, hits: Sequence[Hit], kinds: dict[str, str]) -> None:
        """Show what was found; `kinds` names the kinds of hits."""
        self._hits = list(hits)[:MOST]
        self.title.setText(plain(title))
        self.list.clear()
        for hit in self._hits:
            words = (kinds.get(hit.kind, hit.kind), hit.label, hit.detail)
            item = QListWidgetItem(plain(" · ".join(w for w in words if w)), self.list)
            safe_tooltip(item, item.text())
        if not self._hits:
            self.list.addItem(QListWidgetItem(tr("Nothing found. Try a number's end, a name, a grid, a place.")))
        self.place()
        self.show()
        self.raise_()

    def place(self) -> None:
        """Lower left corner of the map."""
        parent = self.parentWidget()
        if parent is not None:
            wide = min(px(_WIDE_PX), parent.width() - px(24))
            high = min(px(_HIGH_PX), max(px(120), parent.height() // 2))
            self.setGeometry(px(12), parent.height() - high - px(36), wide, high)

    @Slot()
    def close_list(self) -> None:
        """Away with it."""
        self.hide()
        self.closed.emit()

    @Slot(QListWidgetItem)
    def _on_item(self, item: QListWidgetItem) -> None:
        row = self.list.row(item)
        if 0 <= row < len(self._hits):
            self.chosen.emit(self._hits[row])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_list()
            return
        super().keyPressEvent(event)
