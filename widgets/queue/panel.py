"""The queue of the desk: tabs with counts, filter, the bar of newcomers, the table, its footer. Fed by the bridge."""
from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.ports import Clock
from app.services.book import Book
from app.services.changes import Changes
from app.services.command_words import initials
from app.services.queue_order import SHOWN_TABS
from app.services.seat import Seat
from app.services.views import QueueRow
from app.text import plain, render
from widgets.bridge import Bridge, Fault
from widgets.models.queue_index import PRIORITY, Labels, Query, QueueIndex
from widgets.models.queue_model import QueueModel
from widgets.queue.tabs import TabStrip
from widgets.queue.view import QueueView
from widgets.queue.words import headers, sort_label, tab_empty, tab_label, tr
from widgets.theme.labels import ElidedLabel
from widgets.theme.tokens import px

FILTER_PAUSE_MS = 120
LOADING_AFTER_MS = 500
_ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
Batch = tuple[list[QueueRow], set[str], dict[str, int]]


class QueuePanel(QFrame):
    """Signals: `picked(id)` the operator went to an incident · `opened(id)` Enter or double click ·
    `menu_asked(id, global QPoint)` · `counts_changed(dict)` of all tabs · `newcomers(int, level)` rows that wait."""

    picked = Signal(str)
    opened = Signal(str)
    menu_asked = Signal(str, QPoint)
    counts_changed = Signal(object)
    newcomers = Signal(int, int)

    def __init__(self, bridge: Bridge, clock: Clock, book: Book, lang: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._bridge, self._clock = bridge, clock
        self._lang = lang
        self.model = QueueModel(self._now, Labels(book, lang, initials), self)
        self._dirty: set[str] = set()
        self._asking = False
        self._trouble = ""
        self._build()
        self._wire()
        self._retranslate()
        self.reload()

    def _now(self) -> float:
        return self._clock.now().timestamp()

    # ---- building --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.tabs = TabStrip(self)
        self.tabs.choose("all")
        self.filter = QLineEdit(self)
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaxLength(200)
        self.bar = QPushButton(self)
        self.bar.setObjectName("noticeBar")
        self.bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.bar.hide()
        self.view = QueueView(self.model, self)
        self.note = QLabel(self.view.viewport())
        self.note.setObjectName("muted")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.footer = ElidedLabel("", self, role="muted")
        self._filter_row = QHBoxLayout()
        self._filter_row.addWidget(self.filter, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, px(6), 1, px(2))
        box.setSpacing(px(4))
        top = QVBoxLayout()
        top.setContentsMargins(px(8), 0, px(8), 0)
        top.setSpacing(px(4))
        top.addWidget(self.tabs)
        top.addLayout(self._filter_row)
        box.addLayout(top)
        box.addWidget(self.bar)
        box.addWidget(self.view, 1)
        low = QHBoxLayout()
        low.setContentsMargins(px(12), 0, px(12), px(4))
        low.addWidget(self.footer, 1)
        box.addLayout(low)
        self.setMinimumWidth(px(300))
        self.setFocusProxy(self.view)
        self.view.restyle()

    def _wire(self) -> None:
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(FILTER_PAUSE_MS)
        self._typing.timeout.connect(self._on_filter)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(LOADING_AFTER_MS)
        self._late.timeout.connect(self._on_late)
        self.filter.textChanged.connect(self._typing.start)
        self.filter.returnPressed.connect(self._on_filter_done)
        self.filter.installEventFilter(self)
        self.bar.clicked.connect(self.show_new)
        self.tabs.chosen.connect(self.set_tab)
        self.view.picked.connect(self.picked)
        self.view.opened.connect(self.opened)
        self.view.menu_asked.connect(self.menu_asked)
        self.view.sort_asked.connect(self._on_sort_asked)
        self.view.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.view.viewport().installEventFilter(self)
        self.model.shown.connect(self._on_shown)
        self.model.pending_changed.connect(self._on_pending)
        self.model.counts_changed.connect(self._on_counts)
        self.model.taken.connect(self._on_taken)
        self._bridge.changed.connect(self._on_changed)

    # ---- feeding ---------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask for the whole queue again; the index is built on the bridge's thread."""
        self._late.start()
        self._asking = True
        self._dirty.clear()
        self._bridge.ask(lambda seat: QueueIndex(seat.queue(), seat.read_marks()), self._on_loaded, self._on_failed,
                         owner=self, key="all")

    @Slot(object)
    def _on_loaded(self, index: QueueIndex) -> None:
        self._late.stop()
        self._asking, self._trouble = False, ""
        self.model.load(index)
        self._ask_dirty()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.packs and self._bridge.facts is not None:
            self.set_book(self._bridge.facts.book, self._lang)
        if "*" in changes.incidents or (self._trouble and not self.model.loaded):
            self.reload()
        elif changes.incidents:
            self._dirty |= changes.incidents
            self._ask_dirty()

    def _ask_dirty(self) -> None:
        """Fetch what changed; changes that come meanwhile wait for the next fetch, so that one is under way at most."""
        if self._asking or not self._dirty or not self.model.loaded:
            return
        ids, self._dirty = self._dirty, set()
        self._asking = True

        def fetch(seat: Seat) -> Batch:
            rows = seat.queue(ids)
            marks = seat.read_marks()
            return rows, ids - {row.id for row in rows}, {i: marks[i] for i in ids if i in marks}

        self._bridge.ask(fetch, self._on_batch, lambda fault: self._on_batch_failed(fault, ids), owner=self)

    @Slot(object)
    def _on_batch(self, batch: Batch) -> None:
        self._trouble = ""
        rows, gone, marks = batch
        self.model.mark_read(marks)
        self.model.take(rows, gone)

    @Slot()
    def _on_taken(self) -> None:
        self._asking = False
        self._announce()
        self._show_note()
        self._ask_dirty()

    def _on_batch_failed(self, fault: Fault, ids: set[str]) -> None:
        self._dirty |= ids
        self._on_failed(fault)

    @Slot(object)
    def _on_failed(self, fault: Fault) -> None:
        self._late.stop()
        self._asking = False
        self._trouble = plain(render(fault.message))
        self._show_note()
        self._show_footer()

    def set_book(self, book: Book, lang: str) -> None:
        """Another version of the code lists, or another language."""
        self._lang = lang
        self.model.set_texts(Labels(book, lang, initials), headers(), render)
        self.view.rows.set_marks(tr("S"), tr("unsent"), tr("overtaken"), tr("P"))
        self.view.viewport().update()

    def tick(self) -> None:
        """The second turned."""
        self.model.tick()
        self.view.tick()

    # ---- acts of the operator --------------------------------------------------------------------------------------

    @Slot(str)
    def set_tab(self, name: str) -> None:
        """Show a tab (a name of `SHOWN_TABS`)."""
        if name not in SHOWN_TABS:
            return
        self.tabs.choose(name)
        self._query(tab=name)
        self.view.scrollToTop()

    def set_filter(self, words: str) -> None:
        """Filter by words; "" shows all."""
        self.filter.setText(words)
        self._typing.stop()
        self._on_filter()

    def focus_filter(self) -> None:
        """Type into the filter (F3)."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    @Slot()
    def show_new(self) -> None:
        """Bring in what waits (N), and go to the top where the newcomers are."""
        if self.model.stale or self.model.newcomers:
            self.model.thaw()
            self.view.scrollToTop()
        away = self.model.out_of_sight()
        if away:
            self._bring(min(away, key=lambda i: away[i]))
        self._on_pending()

    def _bring(self, incident_id: str) -> None:
        """Scroll to an incident, out of another tab or filter when they hide it; the current one stays current."""
        if self.model.position(incident_id) < 0:
            with QSignalBlocker(self.filter):
                self.filter.clear()
            self.tabs.choose("all")
            self._query(tab="all", words="")
        row = self.model.position(incident_id)
        if row >= 0:
            self.view.scrollTo(self.model.index(row, 1))

    def select(self, incident_id: str | None) -> bool:
        """Make an incident current; when this tab or filter hides it, all are shown. False: it is not open."""
        if self.view.select(incident_id):
            return True
        if incident_id is None or incident_id not in self.model.index_.slot_of:
            return False
        self.model.thaw()
        if not self.view.select(incident_id):
            with QSignalBlocker(self.filter):
                self.filter.clear()
            self.tabs.choose("all")
            self._query(tab="all", words="")
        return self.view.select(incident_id)

    def step(self, by: int) -> None:
        """Go up or down from wherever the focus is."""
        count = self.model.rowCount()
        if count:
            row = self.view.currentIndex().row()
            self.view.use()
            self.view.setCurrentIndex(self.model.index(min(count - 1, max(0, row + by)), 1))

    @property
    def current_id(self) -> str | None:
        """The incident the operator is at."""
        return self.view.current_id

    def _query(self, **over: object) -> None:
        old = self.model.query
        parts = {"tab": old.tab, "words": old.words, "sort": old.sort, "descending": old.descending, **over}
        self.model.set_query(Query(**parts))  # type: ignore[arg-type]

    @Slot(str)
    def _on_sort_asked(self, sort: str) -> None:
        """First click: that column; second: the other way round; third: back to the queue's own order."""
        old = self.model.query
        if old.sort != sort:
            self._query(sort=sort, descending=False)
        elif not old.descending:
            self._query(descending=True)
        else:
            self._query(sort=PRIORITY, descending=False)

    @Slot()
    def _on_filter(self) -> None:
        words = self.filter.text().strip()
        if words != self.model.query.words:
            self._query(words=words)
            self.view.scrollToTop()

    @Slot()
    def _on_filter_done(self) -> None:
        self._typing.stop()
        self._on_filter()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.model.rowCount() and self.model.position(self.view.current_id or "") < 0:
            self.view.setCurrentIndex(self.model.index(0, 1))

    # ---- showing ---------------------------------------------------------------------------------------------------

    @Slot()
    def _on_shown(self) -> None:
        self._announce()
        self._show_note()
        self._show_footer()

    @Slot()
    def _on_counts(self) -> None:
        counts = self.model.index_.counts(self._now())
        self.tabs.show_counts(counts)
        self.counts_changed.emit(counts)

    @Slot()
    def _on_pending(self) -> None:
        model = self.model
        self._announce()
        self.newcomers.emit(model.newcomers, model.newcomer_level)
        self._show_footer()

    def _announce(self) -> None:
        """The bar: what waits behind rows that stand still, and new level I and II out of sight in any order."""
        model = self.model
        away = model.out_of_sight()
        count = model.newcomers + len(away)
        if count:
            level = min((*away.values(), *((model.newcomer_level,) if model.newcomers else ())))
            text = tr("↑ {n} new (highest level {level}) — N shows them", n=count, level=_ROMAN.get(level, "?"))
            self.bar.setText(text)
            self.bar.setAccessibleName(text)
        self.bar.setVisible(count > 0)

    @Slot()
    def _on_late(self) -> None:
        self._show_note()

    def _show_note(self) -> None:
        """What stands in the table when it has no rows: why, and what to do next."""
        if self.model.rowCount():
            self.note.hide()
            return
        if self._trouble and not self.model.loaded:
            text = tr("The queue could not be read: {why} Nothing was lost; it is tried again when something changes.",
                      why=self._trouble)
        elif not self.model.loaded:
            text = tr("Loading the queue…") if not self._late.isActive() else ""
        elif self.model.query.words:
            text = tr("No incident fits “{words}”. Esc clears the filter.", words=plain(self.model.query.words))
        else:
            text = tab_empty(self.model.query.tab)
        self.note.setText(text)
        self._place_note()
        self.note.setVisible(bool(text))

    def _place_note(self) -> None:
        room = self.view.viewport().rect()
        self.note.setGeometry(room.adjusted(px(24), px(24), -px(24), -max(px(24), room.height() // 2)))

    def _show_footer(self) -> None:
        model, query = self.model, self.model.query
        if not model.loaded:
            self.footer.setText("")
            return
        first, last = self.view.visible_rows()
        parts = [tr("{tab}: {n}", tab=tab_label(query.tab), n=f"{model.total:,}")]
        if model.held:
            parts.append(tr("{n} held in place", n=f"{model.held:,}"))
        if model.rowCount():
            parts.append(tr("rows {first}–{last}", first=f"{first + 1:,}", last=f"{last + 1:,}"))
        parts.append(tr("filter: {words}", words=plain(query.words)) if query.words else tr("no filter"))
        order = sort_label(query.sort) + (" ↓" if query.descending else "")
        parts.append(tr("order: {order}", order=order))
        if model.stale and not model.newcomers:
            parts.append(tr("order has changed — N sorts"))
        if self._trouble:
            parts.append(tr("not fresh: {why}", why=self._trouble))
        self.footer.setText(" · ".join(parts))

    @Slot()
    def _on_scrolled(self) -> None:
        self.model.visible = self.view.visible_rows()
        self._announce()
        self._show_footer()

    def _retranslate(self) -> None:
        self.tabs.retranslate()
        self.filter.setPlaceholderText(tr("Filter (F3): number, place, kind, grid, source, force, I–IV, initials"))
        self.filter.setAccessibleName(tr("Filter of the queue"))
        self.view.setAccessibleName(tr("Queue of incidents"))
        self.set_book(self.model.labels.book, self._lang)
        self._on_pending()
        self._show_note()
        self._show_footer()

    def set_language(self, lang: str) -> None:
        """The application's language changed to `lang`."""
        self._lang = lang
        self._retranslate()

    # ---- Qt --------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.filter and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.set_filter("")
                self.view.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.step(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
        if watched is self.view.viewport() and event.type() == QEvent.Type.Resize:
            self._place_note()
            self._show_footer()
        return bool(super().eventFilter(watched, event))  # type: ignore[arg-type]


