"""Possible duplicates of what is being typed: near in place and time; one key merges into one of them."""
from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from app.services.book import Book
from app.services.views import DuplicateHit
from widgets.calls.words import distance_text, lang, plain, tr
from widgets.forms.field import ime_off
from widgets.theme import px
from widgets.theme.labels import Label

SHOWN = 4


def hit_text(hit: DuplicateHit, book: Book) -> tuple[str, str]:
    """(what, how near): "1123-0312 E-bike on fire · gate 2" and "120 m · 4 min · same kind"."""
    row = hit.row
    what = f"{plain(row.number)} {plain(book.label('kind', row.kind, lang()))} · {plain(row.place)}"
    how = tr("same words for the place") if hit.distance_m is None else distance_text(hit.distance_m)
    near = [how, tr("{n} min ago", n=round(hit.minutes))]
    near.append(tr("same kind") if hit.same_kind else tr("other kind"))
    near.append(plain(book.phase_label(row.phase, row.kind, lang())))
    return what, " · ".join(near)


class LinkLabel(Label):
    """A text of any length that can be clicked, or reached by Tab and opened by Enter: `opened()`."""

    opened = Signal()

    def __init__(self, text: str, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, role, parent)
        self.setWordWrap(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(text)
        ime_off(self)

    def _underline(self, on: bool) -> None:
        shown = self.font()
        shown.setUnderline(on)
        self.setFont(shown)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bare = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if bare and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._underline(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._underline(self.underMouse())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._underline(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._underline(self.hasFocus())


class DuplicateList(QWidget):
    """Shows up to four. `merge_wanted(incident_id)`, `opened(incident_id)`: its text was clicked, to look at it."""

    merge_wanted = Signal(str)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hits: Sequence[DuplicateHit] = ()
        self._title = Label("", "notice", self)
        self._parts: list[QWidget] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setVerticalSpacing(px(2))
        self._grid.setColumnStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(4))
        layout.addWidget(self._title)
        layout.addLayout(self._grid)
        self.hide()

    def show_hits(self, hits: Sequence[DuplicateHit], book: Book) -> None:
        """Show these; none: takes no room."""
        self.hits = hits[:SHOWN]
        for part in self._parts:
            part.hide()
            part.deleteLater()
        self._parts = []
        self._title.setText(tr("Perhaps reported already: {n}", n=len(hits)))
        for index, hit in enumerate(self.hits):
            self._row(index, hit, book)
        self.setVisible(bool(hits))

    def _row(self, index: int, hit: DuplicateHit, book: Book) -> None:
        incident_id = hit.row.id
        what, near = hit_text(hit, book)
        link, label = LinkLabel(what, "link", self), Label(near, "note", self)
        label.setWordWrap(True)
        link.opened.connect(lambda: self.opened.emit(incident_id))
        for line, part in enumerate((link, label)):
            self._grid.addWidget(part, 2 * index + line, 0)
            self._parts.append(part)
        merge = QPushButton(tr("Merge into this  Alt+{n}", n=index + 1), self)
        merge.setObjectName("choice")
        ime_off(merge)
        merge.clicked.connect(lambda: self.merge_wanted.emit(incident_id))
        self._grid.addWidget(merge, 2 * index, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        self._parts.append(merge)
