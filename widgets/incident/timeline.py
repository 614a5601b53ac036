"""The timeline (办理过程): who did what, when, on which screen. Overtaken acts are struck, unsent ones marked."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.ports import Clock
from app.services.book import Book
from app.services.changes import Changes
from app.services.views import IncidentView, TimelineEntry
from widgets.bridge import Bridge, Fault
from widgets.forms.field import ime_off, letters_act
from widgets.incident.scrolling import ReadList
from widgets.incident.words import DISTRICT_ZONE, clock_text, plain, plain_lines, say, screen_label, tr
from widgets.incident.wordsfold import UNFOLD_KEY, UNFOLD_KEYS
from widgets.theme import Step, color, px
from widgets.theme.fonts import font
from widgets.theme.labels import Label, set_role
from widgets.theme.parts import KeyButton

_INDEX = QModelIndex | QPersistentModelIndex
MOST_LINES = 12
"""Lines of a person's words shown per entry, until the list is unfolded."""
_NO_END = 1 << 20
LONGEST_SEAT = 6
"""A seat's code longer than this tells a reader nothing; the screen does."""
WIDE = 340
"""From this width on the maker stands on the right of the first line, below it on a line of its own."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry ready to paint: all texts plain."""

    at: str
    what: str
    words: str
    who: str
    actor: str
    struck: bool
    mark: str
    mark_role: str
    said: str = ""
    """the mark, where it is too long for the first line and stands below it"""


class TimelineModel(QAbstractListModel):
    """Entries as texts, oldest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Shown] = []

    def show(self, rows: list[Shown]) -> None:
        """Show these; rows that only came on at the end are appended."""
        old = self._rows
        if rows == old:
            return
        if old and rows[: len(old)] == old:
            self.beginInsertRows(QModelIndex(), len(old), len(rows) - 1)
            self._rows = rows
            self.endInsertRows()
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, index: int) -> Shown | None:
        """One entry."""
        return self._rows[index] if 0 <= index < len(self._rows) else None

    def rowCount(self, parent: _INDEX | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _INDEX, role: int = 0) -> object:
        shown = self.row(index.row())
        if shown is None or role != 0:
            return None
        return " · ".join(part for part in (shown.at, shown.what, shown.words, shown.who, shown.mark) if part)


class _EntryDelegate(QStyledItemDelegate):
    """Time, act, maker; below it the maker's words, to their end when `unfolded`."""

    unfolded = False

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _INDEX) -> None:
        shown = self._shown(index)
        if shown is None:
            return
        painter.save()
        try:
            self._paint(painter, option.rect, font(Step.BODY), shown)
        finally:
            painter.restore()

    def _shown(self, index: _INDEX) -> Shown | None:
        model = index.model()
        return model.row(index.row()) if isinstance(model, TimelineModel) else None

    def _paint(self, painter: QPainter, full: QRect, body_font: QFont, shown: Shown) -> None:
        rect = full.adjusted(px(12), px(5), -px(12), -px(4))
        metrics = QFontMetrics(body_font)
        line = metrics.height()
        left = _time_width(metrics, shown)
        painter.setFont(body_font)
        painter.setPen(color("muted"))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QRect(rect.left(), rect.top(), left, line), flags, shown.at)
        body = rect.adjusted(left, 0, 0, 0)
        wide = full.width() >= px(WIDE)
        verdict = _verdict(metrics, shown, body.width())
        if not verdict.isEmpty():
            shown = replace(shown, mark="", said=shown.mark)
        said = metrics.horizontalAdvance(shown.what)
        said += metrics.horizontalAdvance(shown.mark) + px(8) if shown.mark else 0
        room = max(body.width() * 2 // 5, body.width() - said - px(12))
        who_width = min(metrics.horizontalAdvance(shown.who) + 1, room) if wide else 0
        self._first_line(painter, body, body_font, shown, who_width, line)
        below = QRect(body.left(), body.top() + line + px(1), body.width(), body.height())
        if not wide and shown.who:
            painter.setFont(body_font)
            painter.setPen(color("faint"))
            painter.drawText(QRect(below.left(), below.top(), below.width(), line), flags,
                             metrics.elidedText(shown.who, Qt.TextElideMode.ElideRight, below.width()))
            below.translate(0, line + px(1))
        if shown.said:
            painter.setFont(body_font)
            painter.setPen(color(shown.mark_role))
            painter.drawText(QRect(below.left(), below.top(), below.width(), verdict.height()), _WORDS, shown.said)
            below.translate(0, verdict.height() + px(1))
        self._words(painter, below, body_font, shown)
        painter.fillRect(full.left() + px(12), full.bottom(), full.width() - px(24), 1, color("line"))

    def _first_line(self, painter: QPainter, body: QRect, body_font: QFont, shown: Shown, who_width: int,
                    line: int) -> None:
        metrics = QFontMetrics(body_font)
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if who_width:
            painter.setPen(color("faint"))
            who = shown.who if metrics.horizontalAdvance(shown.who) <= who_width else shown.actor
            painter.drawText(QRect(body.left(), body.top(), body.width(), line), right,
                             metrics.elidedText(who, Qt.TextElideMode.ElideRight, who_width))
        room = body.width() - (who_width + px(8) if who_width else 0)
        mark_width = metrics.horizontalAdvance(shown.mark) + px(8) if shown.mark else 0
        struck = QFont(body_font)
        struck.setStrikeOut(shown.struck)
        painter.setFont(struck)
        painter.setPen(color("muted" if shown.struck else "text"))
        what = metrics.elidedText(shown.what, Qt.TextElideMode.ElideRight, max(px(40), room - mark_width))
        painter.drawText(QRect(body.left(), body.top(), room, line), flags, what)
        if shown.mark:
            painter.setFont(body_font)
            painter.setPen(color(shown.mark_role))
            painter.drawText(QRect(body.left() + metrics.horizontalAdvance(what) + px(8), body.top(), mark_width, line),
                             flags, shown.mark)

    def _words(self, painter: QPainter, below: QRect, body_font: QFont, shown: Shown) -> None:
        if not shown.words:
            return
        struck = QFont(body_font)
        struck.setStrikeOut(shown.struck)
        painter.setFont(struck)
        painter.setPen(color("muted"))
        high = _NO_END if self.unfolded else QFontMetrics(body_font).height() * MOST_LINES
        painter.drawText(QRect(below.left(), below.top(), below.width(), high), _WRAP, shown.words)

    def sizeHint(self, option: QStyleOptionViewItem, index: _INDEX) -> QSize:
        shown = self._shown(index)
        view = option.widget
        if shown is None or not isinstance(view, QListView):
            return QSize(px(80), px(24))
        metrics = QFontMetrics(font(Step.BODY))
        width = max(px(120), view.viewport().width())
        line = metrics.height()
        height = line + px(10)
        if width < px(WIDE) and shown.who:
            height += line + px(1)
        verdict = _verdict(metrics, shown, width - px(24) - _time_width(metrics, shown))
        if not verdict.isEmpty():
            height += verdict.height() + px(1)
        if shown.words:
            high = _words_height(metrics, shown, width)
            height += (high if self.unfolded else min(line * MOST_LINES, high)) + px(2)
        return QSize(width, height)

    def cut(self, shown: Shown, width: int) -> bool:
        """Whether an entry's words have an end that is not shown while folded, in a list so wide."""
        if not shown.words:
            return False
        metrics = QFontMetrics(font(Step.BODY))
        return _words_height(metrics, shown, max(px(120), width)) > metrics.height() * MOST_LINES


def _time_width(metrics: QFontMetrics, shown: Shown) -> int:
    return metrics.horizontalAdvance("00-00 00:00") + px(8) if len(shown.at) > 8 else \
        metrics.horizontalAdvance("00:00:00") + px(12)


def _words_height(metrics: QFontMetrics, shown: Shown, width: int) -> int:
    room = QRect(0, 0, width - px(24) - _time_width(metrics, shown), _NO_END)
    return metrics.boundingRect(room, _WRAP, shown.words).height()


def _verdict(metrics: QFontMetrics, shown: Shown, width: int) -> QRect:
    """The room of a verdict that is too long for the first line, below it; empty: it stands in the first line."""
    if metrics.horizontalAdvance(shown.mark) <= width * 2 // 5:
        return QRect()
    return metrics.boundingRect(QRect(0, 0, width, metrics.height() * MOST_LINES), _WORDS, shown.mark)


_WORDS = int(Qt.TextFlag.TextWordWrap)
_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)


class TimelinePanel(QFrame):
    """One incident's timeline. Feed it the view another panel holds (`show_view`), or let it load by itself."""

    entry_activated = Signal(object)
    """an entry was clicked"""

    def __init__(self, bridge: Bridge, clock: Clock, parent: QWidget | None = None, *, follow: bool = True,
                 zone: str = DISTRICT_ZONE) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._bridge, self._clock, self._zone = bridge, clock, zone
        self._id: str | None = None
        self._shown_id = ""
        self._entries: Sequence[TimelineEntry] = ()
        self._title, self._side = Label("", "title", self), Label("", "muted", self)
        self.model = TimelineModel(self)
        self.view = ReadList(self)
        self.view.setModel(self.model)
        self._delegate = _EntryDelegate(self.view)
        self.view.setItemDelegate(self._delegate)
        self.view.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.setFocusProxy(self.view)
        letters_act(self.view)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.clicked.connect(self._on_clicked)
        self._state = Label("", "muted", self)
        self._state.setWordWrap(True)
        self.button = KeyButton(UNFOLD_KEY, "", self)
        ime_off(self.button)
        self.button.clicked.connect(self.toggle)
        self._compose()
        self.retranslate()
        if follow:
            bridge.changed.connect(self._on_changed)

    def _compose(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(px(12), px(8), px(12), px(6))
        head.addWidget(self._title, 1)
        head.addWidget(self.button)
        head.addWidget(self._side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, px(4))
        layout.setSpacing(0)
        layout.addLayout(head)
        self._state.setContentsMargins(px(12), px(4), px(12), px(8))
        layout.addWidget(self._state)
        layout.addWidget(self.view, 1)

    # -- data
    def show_incident(self, incident_id: str | None) -> None:
        """Show one incident's timeline, or none."""
        if incident_id != self._id:
            self._fold(unfolded=False)
            self._entries = ()
            self._id = incident_id
            self._refresh(tr("Loading…") if incident_id else "")
        self.reload()

    def show_view(self, view: IncidentView | None) -> None:
        """Show a view that is already at hand."""
        if view is not None and view.row.id != self._shown_id:
            self._fold(unfolded=False)
            self._shown_id = view.row.id
        self._id = view.row.id if view else None
        self._entries = view.timeline if view else ()
        self._refresh("")

    def reload(self) -> None:
        """Ask the seat again."""
        wanted = self._id
        if wanted is not None:
            self._bridge.ask(lambda seat: seat.incident(wanted), self._on_view, self._on_failed, owner=self,
                             key="timeline")

    @Slot(object)
    def _on_view(self, view: IncidentView) -> None:
        if view.row.id == self._id:
            self._entries = view.timeline
            self._refresh("")

    @Slot(object)
    def _on_failed(self, fault: Fault) -> None:
        self._refresh(tr("The timeline could not be read: {why} Nothing is lost.", why=plain(say(fault))), "danger")

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if self._id is not None and self._id in changes.incidents:
            self.reload()

    def _refresh(self, state: str, role: str = "muted") -> None:
        at_end = self._at_end()
        now = self._clock.now().timestamp()
        book = self._bridge.facts.book if self._bridge.facts is not None else None
        ordered = sorted(self._entries, key=lambda e: e.at)
        self.model.show([shown_entry(e, now, book, self._zone) for e in ordered])
        if not state and not self._entries:
            state = tr("No incident is selected.") if self._id is None else tr("Nothing has been done yet.")
        set_role(self._state, role)
        self._state.setText(state)
        self._state.setVisible(bool(state))
        unsent = sum(1 for e in self._entries if e.unsent)
        self._side.setText(tr("not yet sent: {n}", n=unsent) if unsent else tr("who · when · where"))
        self._offer()
        if at_end:
            self.view.scrollToBottom()

    @property
    def unfolded(self) -> bool:
        """Whether all that was written is shown."""
        return self._delegate.unfolded

    @Slot()
    def toggle(self) -> None:
        """All that was written, or the beginning of what is long."""
        self._fold(unfolded=not self._delegate.unfolded)

    def _fold(self, *, unfolded: bool) -> None:
        if unfolded != self._delegate.unfolded:
            self._delegate.unfolded = unfolded
            self.view.scheduleDelayedItemsLayout()
            self.view.viewport().update()
            self._offer()

    def _offer(self) -> None:
        """The button is there where something is cut."""
        width = self.view.viewport().width()
        rows = (self.model.row(n) for n in range(self.model.rowCount()))
        self.button.setVisible(any(self._delegate.cut(row, width) for row in rows if row is not None))
        self.button.set_label(tr("Show less") if self._delegate.unfolded else tr("Show all"))
        self._side.setVisible(self.button.isHidden() or any(e.unsent for e in self._entries))  # no room for both

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() in UNFOLD_KEYS and not self.button.isHidden():
            self.toggle()
        else:
            super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        ordered = sorted(self._entries, key=lambda e: e.at)
        if 0 <= index.row() < len(ordered):
            self.entry_activated.emit(ordered[index.row()])

    def _at_end(self) -> bool:
        bar = self.view.verticalScrollBar()
        return bar.value() >= bar.maximum() - px(4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.view.scheduleDelayedItemsLayout()
        self._offer()

    def retranslate(self) -> None:
        """Say it in the language now in use."""
        self._title.setText(tr("Timeline"))
        self._refresh("")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


def shown_entry(entry: TimelineEntry, now: float, book: Book | None = None,
                zone: str = DISTRICT_ZONE) -> Shown:
    """An entry as texts."""
    mark, role = "", "notice"
    if entry.refused is not None:
        mark, role = tr("refused by the hub: {why}", why=say(entry.refused, book)), "danger"
    elif entry.superseded:
        mark, role = tr("overtaken"), "danger"
    elif entry.unsent:
        mark = tr("not yet sent")
    where = screen_label(entry.screen)
    known = 0 < len(entry.seat) <= LONGEST_SEAT and entry.screen == "desk"
    seat = tr("seat {seat}", seat=plain(entry.seat)) if known else where
    actor = "" if entry.actor == entry.screen else plain(entry.actor)  # nobody: the import or the drill itself
    who = " · ".join(part for part in (actor, seat) if part)
    words = plain_lines(entry.text).strip()
    if entry.photos:
        words = (words + "\n" if words else "") + tr("Photos: {n}", n=len(entry.photos))
    what = plain(say(entry.what, book))
    return Shown(clock_text(entry.at, now, zone), what, words, who, plain(entry.actor),
                 entry.superseded or entry.refused is not None, mark, role)
