"""The small card beside a thing under the pointer, and the larger one after a click. Plain text only."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from widgets.theme import tokens

ROWS_HOVER = 4
WIDTH_PX, LEAST_PX, CLOSE_PX = 340, 120, 36
Rows = Sequence[tuple[str, str]]


class MapCard(QFrame):
    """``hover`` cards take no pointer; the others have a close button. The first row is the title when its label is
    empty."""

    closed = Signal()

    def __init__(self, parent: QWidget, hover: bool) -> None:
        super().__init__(parent)
        self.setObjectName("raised")
        self._hover = hover
        if hover:
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._title = self._label("strong")
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        if not hover:
            close = QToolButton(self)
            close.setObjectName("link")
            close.setText("×")
            close.setAccessibleName(self.tr("Close"))
            close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            close.clicked.connect(self._on_close)
            head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.addLayout(head)
        layout.addLayout(self._grid)
        self._cells: list[tuple[QLabel, QLabel]] = []
        self.hide()

    def _label(self, role: str) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", role)
        label.setWordWrap(True)
        return label

    def _on_close(self) -> None:
        self.hide()
        self.closed.emit()

    def show_rows(self, rows: Rows, at: QPoint, within: QWidget) -> None:
        """Show the rows beside a point of ``within``, inside its borders."""
        rows = list(rows)
        title = rows.pop(0)[1] if rows and not rows[0][0] else ""
        if self._hover:
            rows = rows[:ROWS_HOVER]
        self._title.setText(title)
        self._title.setVisible(bool(title) or not self._hover)
        while len(self._cells) < len(rows):
            name, value = self._label("muted"), self._label("")
            self._grid.addWidget(name, len(self._cells), 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, len(self._cells), 1)
            self._cells.append((name, value))
        for number, (name, value) in enumerate(self._cells):
            used = number < len(rows)
            name.setVisible(used)
            value.setVisible(used)
            if used:
                name.setText(rows[number][0])
                value.setText(rows[number][1])
        pad = tokens.space(1)
        self.layout().setContentsMargins(pad + pad // 2, pad, pad + pad // 2, pad)  # type: ignore[union-attr]
        self._fit(within.width() - 2 * pad)
        self.move_beside(at, within)
        self.show()
        self.raise_()

    def _fit(self, room: int) -> None:
        """As wide as the longest line asks for, within bounds; as high as the lines then are."""
        layout = self.layout()
        assert layout is not None
        margins = layout.contentsMargins()
        used = [cells for cells in self._cells if not cells[0].isHidden()]
        names, values = (max((_wide(pair[i]) for pair in used), default=0) for i in (0, 1))
        title = 0 if self._title.isHidden() else _wide(self._title) + (0 if self._hover else tokens.px(CLOSE_PX))
        wanted = max(title, names + values + self._grid.horizontalSpacing()) + margins.left() + margins.right()
        self.setFixedWidth(min(max(wanted + tokens.px(4), tokens.px(LEAST_PX)), tokens.px(WIDTH_PX), room))
        self._grid.invalidate()
        layout.invalidate()
        self.setFixedHeight(layout.heightForWidth(self.width()))

    def move_beside(self, at: QPoint, within: QWidget) -> None:
        gap = tokens.px(18)
        x = at.x() + gap if at.x() + gap + self.width() <= within.width() else at.x() - gap - self.width()
        y = (
            at.y() + gap // 2
            if at.y() + gap // 2 + self.height() <= within.height()
            else at.y() - gap // 2 - self.height()
        )
        self.move(max(0, min(x, within.width() - self.width())), max(0, min(y, within.height() - self.height())))


def _wide(label: QLabel) -> int:
    label.ensurePolished()
    return label.fontMetrics().horizontalAdvance(label.text()) + 2 * label.margin() + 2
