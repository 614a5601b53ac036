"""Forms of a hand-over, in place: its text with the incidents that it names, a reason, a remark."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from widgets.duty.words import say
from widgets.forms.field import LinesField, letters_act
from widgets.theme import px
from widgets.theme.labels import Label, safe_tooltip

ROWS_SHOWN = 5
"""so many incidents are seen at once; the rest scrolls"""


@dataclass(frozen=True, slots=True)
class Named:
    """An incident that may be named in a hand-over."""

    id: str
    words: str
    chosen: bool = True


@dataclass(frozen=True, slots=True)
class Kept:
    """What was typed into a form that was put away."""

    text: object = None
    left_out: frozenset[str] = frozenset()


class TextForm(QFrame):
    """`sent(text)`, `cancelled()`; Esc keeps what was typed. Enter in the text sends."""

    sent = Signal(str)
    cancelled = Signal()

    def __init__(self, title: str, label: str, button: str, parent: QWidget | None = None, *, about: str = "",
                 required: bool = True, named: Sequence[Named] = (), lines: int = 4) -> None:
        super().__init__(parent)
        self.setObjectName("raised")
        self._label, self._required = label, required
        self.note = LinesField(self, lines=lines)
        self.note.setAccessibleName(label)
        self.note.submitted.connect(self.send)
        self.refusal = Label("", "refusal", self)
        self.refusal.setWordWrap(True)
        self.refusal.hide()
        self.open = Label(about, "muted", self)
        self.open.setWordWrap(True)
        self.open.setVisible(bool(about))
        self.items = QListWidget(self)
        self.send_button, self.cancel_button = QPushButton(button, self), QPushButton(say("Cancel"), self)
        self.send_button.setObjectName("primary")
        self.send_button.clicked.connect(lambda _checked=False: self.send())
        self.cancel_button.clicked.connect(lambda _checked=False: self.cancelled.emit())
        box = QVBoxLayout(self)
        box.setContentsMargins(px(8), px(8), px(8), px(8))
        box.setSpacing(px(6))
        head = Label(title, "strong", self)
        head.setWordWrap(True)
        for part in (head, self.open):
            box.addWidget(part)
        self._add_items(box, named)
        box.addWidget(Label(label, "muted", self))
        box.addWidget(self.note)
        box.addWidget(self.refusal)
        foot = QHBoxLayout()
        foot.addWidget(self.send_button)
        foot.addWidget(self.cancel_button)
        foot.addStretch(1)
        box.addLayout(foot)
        self.setFocusProxy(self.note)

    def _add_items(self, box: QVBoxLayout, named: Sequence[Named]) -> None:
        letters_act(self.items)
        self.items.setAccessibleName(say("Open incidents that are named"))
        self.items.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.items.setTextElideMode(Qt.TextElideMode.ElideRight)
        for one in named:
            item = QListWidgetItem(one.words, self.items)
            safe_tooltip(item, one.words)
            item.setData(Qt.ItemDataRole.UserRole, one.id)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if one.chosen else Qt.CheckState.Unchecked)
        title = Label(say("Open incidents that are named (Space takes one out)"), "muted", self)
        title.setWordWrap(True)
        for part in (title, self.items):
            part.setVisible(bool(named))
            box.addWidget(part)
        row = self.items.sizeHintForRow(0) if named else 0
        self.items.setFixedHeight(min(len(named), ROWS_SHOWN) * max(row, px(20)) + px(8))

    def chosen(self) -> tuple[str, ...]:
        """Incidents that are named."""
        return tuple(str(item.data(Qt.ItemDataRole.UserRole)) for item in self._rows()
                     if item.checkState() == Qt.CheckState.Checked)

    def _rows(self) -> list[QListWidgetItem]:
        return [self.items.item(row) for row in range(self.items.count())]

    def kept(self) -> Kept:
        """What is to be there again when the form is opened anew."""
        return Kept(self.note.kept(), frozenset(str(i.data(Qt.ItemDataRole.UserRole)) for i in self._rows()
                                                if i.checkState() != Qt.CheckState.Checked))

    def restore(self, kept: Kept) -> None:
        """As it was put away."""
        self.note.restore(kept.text)
        self.note.edit.moveCursor(QTextCursor.MoveOperation.End)
        self.leave_out(kept.left_out)

    def leave_out(self, ids: Collection[str]) -> None:
        """These are not named."""
        for item in self._rows():
            if item.data(Qt.ItemDataRole.UserRole) in ids:
                item.setCheckState(Qt.CheckState.Unchecked)

    def send(self) -> None:
        """Send what was typed, or say what is missing. Once: again after a refusal."""
        if not self.send_button.isEnabled():
            return
        text = str(self.note.value() or "")
        why = self.note.problem() or (say("{what} is missing.", what=self._label)
                                      if self._required and not text else "")
        if why:
            self.refuse(why)
            return
        self.send_button.setEnabled(False)
        self.sent.emit(text)

    def refuse(self, text: str) -> None:
        """Say why it was not done; what was typed stays."""
        self.refusal.setText(text)
        self.refusal.show()
        self.send_button.setEnabled(True)
        self.note.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
            return
        super().keyPressEvent(event)
