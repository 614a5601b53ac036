"""Possible duplicates of what is being typed: near in place and time; one key merges into one of them."""
from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
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
    near = [distance_text(hit.distance_m), tr("{n} min ago", n=round(hit.minutes))]
    near.append(tr("same kind") if hit.same_kind else tr("other kind"))
    near.append(plain(book.phase_label(row.phase, row.kind, lang())))
    return what, " · ".join(near)


class DuplicateList(QWidget):
    """Shows up to four. `merge_wanted(incident_id)`, `opened(incident_id)`."""

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
        what, near = hit_text(hit, book)
        for line, (text, role) in enumerate(((what, ""), (near, "note"))):
            label = Label(text, role, self)
            label.setWordWrap(True)
            self._grid.addWidget(label, 2 * index + line, 0)
            self._parts.append(label)
        merge = QPushButton(tr("Merge into this  Alt+{n}", n=index + 1), self)
        merge.setObjectName("choice")
        ime_off(merge)
        incident_id = hit.row.id
        merge.clicked.connect(lambda: self.merge_wanted.emit(incident_id))
        self._grid.addWidget(merge, 2 * index, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        self._parts.append(merge)
