"""The next acts as buttons with their letter, from the view's `actions`: possible ones first, the rest with why not."""
from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.services.book import Book
from app.services.views import ActionOption
from widgets.forms.field import ime_off
from widgets.incident.words import plain, say, tr
from widgets.theme import px
from widgets.theme.labels import Label
from widgets.theme.parts import KeyButton

AT_ONCE = 8
"""Buttons shown before the fold."""


class EvenGrid(QWidget):
    """Widgets of equal width in as many columns as their widest fits into, at most four."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QWidget] = []
        self._gap = px(8)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_items(self, items: Sequence[QWidget]) -> None:
        """Replace all; the old ones are deleted."""
        for old in self._items:
            old.hide()
            old.deleteLater()
        self._items = list(items)
        for item in self._items:
            item.setParent(self)
            item.show()
        self._place()

    def _columns(self, width: int) -> int:
        widest = max((i.sizeHint().width() for i in self._items), default=1)
        return max(1, min(4, (width + self._gap) // (max(1, widest) + self._gap)))

    def _place(self) -> None:
        height = self.heightForWidth(self.width())
        if not self._items:
            self.setFixedHeight(0)
            return
        columns = self._columns(self.width())
        rows = -(-len(self._items) // columns)
        each = (self.width() - self._gap * (columns - 1)) // columns
        high = (height - self._gap * (rows - 1)) // rows
        for index, item in enumerate(self._items):
            row, column = divmod(index, columns)
            item.setGeometry(QRect(column * (each + self._gap), row * (high + self._gap), each, high))
        if self.height() != height:
            self.setFixedHeight(height)

    def heightForWidth(self, width: int) -> int:
        if not self._items:
            return 0
        rows = -(-len(self._items) // self._columns(width))
        high = max(i.sizeHint().height() for i in self._items)
        return rows * high + (rows - 1) * self._gap

    def sizeHint(self) -> QSize:
        return QSize(px(320), self.heightForWidth(max(self.width(), px(280))))

    def resizeEvent(self, _event: object) -> None:
        self._place()


class ActionBar(QWidget):
    """The acts of one incident. `triggered(verb)` when one is pressed; a verb in `busy` waits for its answer."""

    triggered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions: tuple[ActionOption, ...] = ()
        self._busy: frozenset[str] = frozenset()
        self._book: Book | None = None
        self._buttons: dict[str, QWidget] = {}
        self._open = False
        self._first = EvenGrid(self)
        self._rest = EvenGrid(self)
        self.more = KeyButton(".", "", self)
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.clicked.connect(self.toggle_more)
        ime_off(self.more)
        self._why = QWidget(self)
        self._why_grid = QGridLayout(self._why)
        self._why_grid.setContentsMargins(0, 0, 0, 0)
        self._why_grid.setColumnStretch(1, 1)
        self._why_labels: list[Label] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(8))
        for part in (self._first, self.more, self._rest, self._why):
            layout.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_actions(self, actions: Sequence[ActionOption], book: Book | None = None,
                     busy: frozenset[str] = frozenset()) -> None:
        """Show these; nothing is rebuilt when nothing changed."""
        if tuple(actions) == self._actions and busy == self._busy:
            return
        self._actions, self._busy, self._book = tuple(actions), busy, book
        self.rebuild()

    def rebuild(self) -> None:
        """Make all buttons anew (language, theme, other actions)."""
        possible = sorted((a for a in self._actions if a.enabled), key=lambda a: not a.primary)
        refused = [a for a in self._actions if not a.enabled]
        self._buttons = {a.verb: self._button(a) for a in possible}
        at_once = [self._buttons[a.verb] for a in possible[:AT_ONCE]]
        self._first.set_items(at_once)
        self._rest.set_items([self._buttons[a.verb] for a in possible[AT_ONCE:]])
        self._show_why(refused)
        hidden = len(possible) - len(at_once) + len(refused)
        self.more.setVisible(hidden > 0)
        self._fold(hidden)

    def _button(self, action: ActionOption) -> QWidget:
        button = KeyButton(action.key, plain(say(action.label)), primary=action.primary)
        button.setEnabled(action.verb not in self._busy)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        ime_off(button)
        verb = action.verb
        button.clicked.connect(lambda: self.triggered.emit(verb))
        return button

    def _show_why(self, refused: Sequence[ActionOption]) -> None:
        for label in self._why_labels:
            label.hide()
            label.deleteLater()
        self._why_labels = []
        for row, action in enumerate(refused):
            name = Label(f"{action.key}  {say(action.label)}".strip(), "faint", self._why)
            why = Label(say(action.why_not, self._book) if action.why_not else "", "muted", self._why)
            why.setWordWrap(True)
            for column, label in enumerate((name, why)):
                label.setAlignment(Qt.AlignmentFlag.AlignTop)
                self._why_grid.addWidget(label, row, column)
                self._why_labels.append(label)

    def toggle_more(self) -> None:
        """Open or close the fold."""
        self._open = not self._open
        possible = sum(1 for a in self._actions if a.enabled)
        self._fold(len(self._actions) - min(AT_ONCE, possible))

    def _fold(self, hidden: int) -> None:
        self.more.set_label(tr("Less") if self._open else tr("More ({n})", n=hidden))
        self._rest.setVisible(self._open)
        self._why.setVisible(self._open and bool(self._why_labels))

    def by_key(self, letter: str) -> ActionOption | None:
        """The possible act of a letter, else the impossible one (to say why), else None."""
        found = [a for a in self._actions if a.key and a.key.casefold() == letter.casefold()]
        return next((a for a in found if a.enabled), found[0] if found else None)

    def by_verb(self, verb: str) -> ActionOption | None:
        """The act of a verb."""
        return next((a for a in self._actions if a.verb == verb), None)
