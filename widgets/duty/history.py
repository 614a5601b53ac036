"""Hand-overs of the past: a list, and the one that is chosen as both sides signed it."""
from __future__ import annotations

from datetime import tzinfo

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from app.domain.faults import Message
from app.services.book import Book
from app.services.duty_views import Handover
from app.text import plain, render
from widgets.duty.card import HandoverCard
from widgets.duty.words import day_time, role_word, say
from widgets.forms.field import letters_act
from widgets.theme import px
from widgets.theme.labels import Label, safe_tooltip

SHOWN = 50
ROWS_SHOWN = 6


class HandoverHistory(QWidget):
    """`print_wanted()`: the listed ones are to be written into a file; `left()`: back to who is on duty."""

    print_wanted = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.handovers: list[Handover] = []
        self._facts: tuple[float, tzinfo, Book, str] | None = None
        self.title = Label("", "strong", self)
        self.list = QListWidget(self)
        letters_act(self.list)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.card = HandoverCard(self)
        self.print_, self.back = QPushButton(self), QPushButton(self)
        self.print_.clicked.connect(self._on_print)
        self.back.clicked.connect(self._on_back)
        self.list.currentRowChanged.connect(self._on_row)
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addWidget(self.print_)
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(8))
        for part in (self.title, self.list, self.card):
            box.addWidget(part)
        box.addStretch(1)
        box.addLayout(row)
        self.setFocusProxy(self.list)
        self._retranslate()

    def _retranslate(self) -> None:
        self.back.setText(say("Back to the shift"))
        self.print_.setText(say("Write to a file…"))
        self.print_.setToolTip(say("The listed hand-overs as a page to be printed, in the documents' folder"))
        self.print_.setEnabled(bool(self.handovers))

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def show_list(self, handovers: list[Handover], now: float, zone: tzinfo, book: Book, lang: str) -> None:
        """The last ones, newest first; the chosen one stays chosen."""
        before = self.chosen
        self.handovers, self._facts = handovers, (now, zone, book, lang)
        self.list.blockSignals(True)
        self.list.clear()
        for one in handovers:
            words = " · ".join(p for p in (day_time(one.at, now, zone), role_word(one.role), plain(one.name),
                                           render(Message(f"handover.{one.phase}"))) if p)
            safe_tooltip(QListWidgetItem(words, self.list), words)
        at = next((n for n, one in enumerate(handovers) if before is not None and (one.id, one.at) ==
                   (before.id, before.at)), 0)
        self.list.setCurrentRow(at if handovers else -1)
        self.list.blockSignals(False)
        row = self.list.sizeHintForRow(0) if handovers else px(20)
        self.list.setFixedHeight(max(1, min(len(handovers), ROWS_SHOWN)) * max(row, px(20)) + px(8))
        self.title.setText(say("Hand-overs of the past") if handovers else say("No shift was handed over yet"))
        self.print_.setEnabled(bool(handovers))
        self._on_row(self.list.currentRow())

    @property
    def chosen(self) -> Handover | None:
        """The one whose text is shown."""
        return self.card.handover if self.card.isVisibleTo(self) else None

    @Slot(int)
    def _on_row(self, row: int) -> None:
        there = 0 <= row < len(self.handovers) and self._facts is not None
        self.card.setVisible(there)
        if there and self._facts is not None:
            self.card.show_it(self.handovers[row], *self._facts)

    @Slot()
    def _on_print(self) -> None:
        self.print_wanted.emit()

    @Slot()
    def _on_back(self) -> None:
        self.left.emit()
