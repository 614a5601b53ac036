"""Call taking (F2): a panel, never a dialog. Kept as it is typed, several drafts at once, duplicates while typing."""
from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.domain.faults import Message
from app.domain.incident_process import INCIDENT
from app.ports import Clock
from app.services.changes import Changes
from app.services.views import Draft, DuplicateHit, Hit
from widgets.bridge import Bridge, Fault
from widgets.calls.callline import CallLine
from widgets.calls.drafts import DraftKeeper, Taking, new_taking, point_of, report_of, taker
from widgets.calls.duplicates import DuplicateList
from widgets.calls.form import DEFAULT_CHANNEL, LOOKED_AT, CallForm
from widgets.calls.words import say, tr
from widgets.forms.field import ime_off
from widgets.forms.matching import sounds
from widgets.theme import px
from widgets.theme.labels import Label, set_role

LOOK_AFTER_MS = 400


class CallTaking(QFrame):
    """Signals: `taken(incident_id)` taken in (accepted) · `merged(into_id)` · `closed()` Esc, everything kept ·
    `point_wanted()` answer with `take_point(lon, lat)` · `point_changed(lon, lat)` for a mark on the map ·
    `open_incident(id)`."""

    taken = Signal(str)
    merged = Signal(str)
    closed = Signal()
    point_wanted = Signal()
    point_changed = Signal(float, float)
    open_incident = Signal(str)

    def __init__(self, bridge: Bridge, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._bridge, self._clock = bridge, clock
        self.keeper = DraftKeeper(bridge, self)
        self.keeper.saved.connect(self._on_saved)
        self.keeper.failed.connect(self._on_save_failed)
        self._now: Taking | None = None
        self._point_for: str | None = None
        self._throwing = False
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(LOOK_AFTER_MS)
        self._look.timeout.connect(self._on_look)
        self._build()
        self._shortcuts()
        bridge.changed.connect(self._on_changed)
        self._warm = False

    def showEvent(self, event: QShowEvent) -> None:
        """The table of sounds takes 0.2 s to load: not at the start, and not at the first letter."""
        super().showEvent(event)
        if not self._warm:
            self._warm = True
            self._bridge.ask(lambda _seat: sounds("预热"), owner=self, key="warm")  # not a text: warms the table

    # -- building
    def _build(self) -> None:
        self._title = Label("", "title", self)
        self._tabs = QHBoxLayout()
        self._tabs.setSpacing(px(4))
        self._tab_buttons: list[QPushButton] = []
        head = QHBoxLayout()
        head.setContentsMargins(px(12), px(8), px(12), 0)
        head.addWidget(self._title)
        head.addLayout(self._tabs, 1)
        self.call = CallLine(self._bridge, self._clock, self)
        self.call.failed.connect(lambda text: self._say(text, "danger"))
        body = QWidget(self)
        body.setObjectName("scrolled")
        self.form = CallForm(self._bridge, body)
        self.form.typed.connect(self._on_typed)
        self.form.finished.connect(self._on_finished)
        self.form.found.connect(self._on_found)
        self.form.point_wanted.connect(self._on_point_wanted)
        self.duplicates = DuplicateList(body)
        self.duplicates.merge_wanted.connect(self.merge_into)
        self.duplicates.opened.connect(self.open_incident)
        inner = QVBoxLayout(body)
        inner.setContentsMargins(px(12), px(8), px(12), px(8))
        inner.setSpacing(px(8))
        inner.addWidget(self.form)
        inner.addWidget(self.duplicates)
        inner.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(body)
        self._note = Label("", "muted", self)
        self._note.setWordWrap(True)
        foot = self._foot()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, px(8))
        layout.setSpacing(px(4))
        layout.addLayout(head)
        layout.addWidget(self.call)
        layout.addWidget(self._scroll, 1)
        self._note.setContentsMargins(px(12), 0, px(12), 0)
        layout.addWidget(self._note)
        layout.addLayout(foot)

    def _foot(self) -> QHBoxLayout:
        self._take_button, self._new_button = QPushButton(self), QPushButton(self)
        self._throw_button = QPushButton(self)
        self._take_button.setObjectName("primary")
        row = QHBoxLayout()
        row.setContentsMargins(px(12), 0, px(12), 0)
        row.setSpacing(px(8))
        row.addWidget(self._take_button, 1)
        for button, slot in ((self._take_button, self.take_in), (self._new_button, self._on_new),
                             (self._throw_button, self.throw_away)):
            button.setAutoDefault(False)
            ime_off(button)
            button.clicked.connect(slot)
            if button is not self._take_button:
                row.addWidget(button)
        return row

    def _shortcuts(self) -> None:
        context = Qt.ShortcutContext.WidgetWithChildrenShortcut
        own: dict[str, Callable[[], object]] = {
            "Ctrl+Return": self.take_in, "Ctrl+Enter": self.take_in, "Ctrl+Tab": self.next_draft,
            "Ctrl+Shift+Tab": self.previous_draft, "Ctrl+N": self._on_new,
            **{f"Alt+{n + 1}": self._merger(n) for n in range(4)}}
        for keys, slot in own.items():
            QShortcut(QKeySequence(keys), self, slot, context=context)
        self.own_keys = tuple(own)
        """keys that win over the desk's while the focus is in here"""

    def _merger(self, n: int) -> Callable[[], None]:
        def merge() -> None:
            if n < len(self.duplicates.hits):
                self.merge_into(self.duplicates.hits[n].row.id)
        return merge

    # -- opening
    def open_new(self, call_id: str | None = None, *, lon: float | None = None, lat: float | None = None) -> None:
        """Begin another draft, for a call or at a point of the map. A call that has one already opens that one; an
        untouched draft is used again."""
        known = next((t for t in self.keeper.takings.values()
                      if (call_id and t.call_id == call_id) or (t.empty and t.call_id == call_id)), None)
        taking = known or self.keeper.add(new_taking(call_id))
        if lon is not None and lat is not None:
            taking.fields["point"] = [lon, lat]
            self.keeper.touched(taking)
        self._show(taking)

    def open_draft(self, draft_id: str) -> None:
        """Open a draft that the seat keeps."""
        known = self.keeper.takings.get(draft_id)
        if known is not None:
            self._show(known)
            return

        def loaded(drafts: Sequence[Draft]) -> None:
            draft = next((d for d in drafts if d.id == draft_id), None)
            if draft is not None:
                self._show(self.keeper.adopt(draft))
            else:
                self._say(tr("This draft is no longer there: it was taken in or thrown away."), "warning")

        self._bridge.ask(lambda seat: seat.drafts(), loaded, self._on_fault, owner=self, key="draft")

    def open_any(self) -> None:
        """What F2 does without a ringing call: the draft on screen, else the newest one, else a new one."""
        if self._now is not None:
            self.focus_first()
            return
        self.open_new()

    def _show(self, taking: Taking) -> None:
        facts = self._bridge.facts
        if facts is None:
            self._say(tr("The seat is still opening."), "muted")
            return
        self._keep()
        if self.form.book_version != facts.book.version or not self.form.fields:
            self.form.make(facts.book)
        self._now = taking
        self._throwing = False
        self.form.fill(taking.fields, level_chosen=taking.level_chosen)
        self.duplicates.show_hits((), facts.book)
        self._look.start()
        self._refresh()
        self.focus_first()

    def focus_first(self) -> None:
        """The first field that is still blank."""
        if self.form.fields:
            self.form.focus_first()

    # -- typing
    @Slot(str)
    def _on_typed(self, name: str) -> None:
        taking = self._now
        if taking is None:  # typed on after the last one was taken in
            taking = self._now = self.keeper.add(new_taking())
            self._refresh()
        self._throwing = False
        taking.note, taking.note_role = "", "muted"  # whoever types on has read why it was refused
        self._keep()
        self.keeper.touched(taking)
        if name == "handled":
            self._say_take()
        self._say(tr("Saving…"), "muted")
        if name in LOOKED_AT:
            self._look.start()
        lon, lat = point_of(taking.fields)
        if name == "point" and lon is not None and lat is not None:
            self.point_changed.emit(lon, lat)

    def _keep(self) -> None:
        """What is on screen into the draft."""
        if self._now is not None and self.form.fields and not self._now.sending:
            self._now.fields = self.form.kept()
            self._now.level_chosen = self.form.level_chosen

    @Slot(object)
    def _on_found(self, hit: Hit) -> None:
        if hit.lon is not None and hit.lat is not None:
            self._say(tr("Point of {place} taken; their words for the place stay.", place=hit.label), "muted")
        else:
            self._say(tr("{place} has no point of its own: pick one on the map.", place=hit.label), "warning")

    @Slot()
    def _on_finished(self) -> None:
        problem = self.form.problem()
        self._say(tr("Ctrl+Enter takes it in.") if problem is None else problem[1], "muted")

    @Slot()
    def _on_point_wanted(self) -> None:
        self._point_for = self._now.id if self._now is not None else None
        self.point_wanted.emit()

    def take_point(self, lon: float, lat: float) -> bool:
        """A click on the map answers `point_wanted`; False when no draft waits for one."""
        taking = self.keeper.takings.get(self._point_for or "")
        self._point_for = None
        if taking is None:
            return False
        if taking is self._now:
            self.form.set_point(lon, lat)
            self.form.focus("description")
        else:
            taking.fields["point"] = [lon, lat]
            self.keeper.touched(taking)
        return True

    # -- duplicates
    @Slot()
    def _on_look(self) -> None:
        taking = self._now
        if taking is None:
            return
        lon, lat = point_of(taking.fields)
        kind = taking.fields.get("kind")
        words = str(taking.fields.get("place") or taking.fields.get("description") or "").strip()
        code = kind if isinstance(kind, str) else ""
        if lon is None and not code and not words:
            return

        def found(hits: list[DuplicateHit]) -> None:
            facts = self._bridge.facts
            if self._now is taking and facts is not None:
                self.duplicates.show_hits(hits, facts.book)

        self._bridge.ask(lambda seat: seat.duplicates(lon=lon, lat=lat, kind=code, text=words), found, owner=self,
                         key="duplicates")

    # -- doing
    @Slot()
    def take_in(self) -> None:
        """Take the incident in and accept it (Ctrl+Enter)."""
        self._report(None)

    @Slot(str)
    def merge_into(self, incident_id: str) -> None:
        """The same matter again: keep this reporter and merge into the other one."""
        self._report(incident_id)

    def _report(self, into: str | None) -> None:
        taking = self._now
        if taking is None or taking.sending:
            return
        self.form.settle()
        self._keep()
        problem = self.form.problem()
        if problem is not None:
            self._say(problem[1], "danger")
            self.form.focus(problem[0])
            return
        if into is not None and self.form.handled:
            self._say(tr("What was handled at once is logged by itself. To merge it, take that mark off first."),
                      "danger")
            self.form.focus("handled")
            return
        taking.sending = True
        self._say(tr("Sending…"), "muted")
        self._refresh()
        new_id = taking.incident_id
        command = report_of(taking, new_id, DEFAULT_CHANNEL, accept=into is None and self._may_accept())
        self._bridge.ask(taker(command, new_id, into), lambda done: self._on_taken(taking, new_id, into, *done),
                         lambda fault: self._on_not_taken(taking, fault), owner=self, act=True)

    def _may_accept(self) -> bool:
        """Whoever only takes calls leaves the acceptance to the desk."""
        facts, row = self._bridge.facts, INCIDENT.get("register")
        return facts is not None and row is not None and bool(facts.operator.roles & row.roles)

    def _on_taken(self, taking: Taking, new_id: str, into: str | None, number: str, unmerged: Message | None) -> None:
        self.keeper.forget(taking.id)
        if not number:
            text = tr("It was taken in, but its number can't be read yet.")
        elif unmerged is not None:
            text, into = tr("Taken in as {number}, but not merged: {why}", number=number, why=say(unmerged)), None
        elif taking.fields.get("handled"):
            text = tr("Logged as found and fixed: {number}.", number=number)
        elif into is None and not self._may_accept():
            text = tr("Reported as {number}; the desk is to accept it.", number=number)
        else:
            text = tr("Taken in as {number}.", number=number) if into is None else \
                tr("Merged into {number}; this reporter is kept there.", number=number)
        if self._now is taking:
            self._now = None
            rest = list(self.keeper.takings.values())
            if rest:
                self._show(rest[-1])
            else:
                self.form.fill({}, level_chosen=False)
                if self._bridge.facts is not None:
                    self.duplicates.show_hits((), self._bridge.facts.book)
        self._refresh()
        if self.isVisible() and self._now is None:
            self.form.focus("kind")
        self._say(text, "good")
        if into is None:
            self.taken.emit(new_id)
        else:
            self.merged.emit(into)

    def _on_not_taken(self, taking: Taking, fault: Fault) -> None:
        taking.sending = False
        taking.note, taking.note_role = tr("Not taken in: {why} Everything typed is kept.", why=say(fault)), "danger"
        self._refresh()
        if taking is self._now:
            self._keep()  # what was typed while it was on its way
        self.keeper.touched(taking)

    @Slot()
    def throw_away(self) -> None:
        """Throw the draft away; asks once more when something was typed."""
        taking = self._now
        if taking is None:
            return
        if not taking.empty and not self._throwing:
            self._throwing = True
            self._say(tr("Throw this draft away? Press again to do it; typing goes on with it."), "warning")
            return
        self.keeper.drop(taking.id)
        self._now = None
        rest = list(self.keeper.takings.values())
        if rest:
            self._show(rest[-1])
        else:
            self.form.fill({}, level_chosen=False)
            self._refresh()
            self.closed.emit()

    # -- several drafts
    @Slot()
    def next_draft(self) -> None:
        """Ctrl+Tab: the next draft."""
        self._turn(1)

    @Slot()
    def previous_draft(self) -> None:
        """Ctrl+Shift+Tab."""
        self._turn(-1)

    def _turn(self, step: int) -> None:
        order = list(self.keeper.takings.values())
        if self._now in order and len(order) > 1:
            self._show(order[(order.index(self._now) + step) % len(order)])

    @Slot()
    def _on_new(self) -> None:
        self.open_new()

    @property
    def current(self) -> Taking | None:
        """The draft on screen."""
        return self._now

    # -- showing
    def _say(self, text: str, role: str) -> None:
        set_role(self._note, role)
        self._note.setText(text)

    def _refresh(self) -> None:
        self._title.setText(tr("Take a call"))
        self._say_take()
        self._new_button.setText(tr("New  Ctrl+N"))
        self._throw_button.setText(tr("Throw away"))
        taking = self._now
        self.call.show_call(taking.call_id if taking is not None else None)
        for button in (self._take_button, self._throw_button):
            button.setEnabled(taking is not None and not taking.sending)
        for button in self._tab_buttons:
            button.hide()
            button.deleteLater()
        self._tab_buttons = []
        takings = list(self.keeper.takings.values())
        for index, each in enumerate(takings if len(takings) > 1 else ()):
            button = QPushButton(str(index + 1), self)
            button.setObjectName("tab")
            button.setCheckable(True)
            button.setChecked(each is taking)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(self._shower(each))
            self._tabs.addWidget(button)
            self._tab_buttons.append(button)
        if taking is not None:
            self._say(taking.note or (tr("Kept as it is typed. Esc closes, nothing is lost.")), taking.note_role)

    def _say_take(self) -> None:
        handled = bool(self.form.fields) and self.form.handled
        self._take_button.setText(tr("Log as found and fixed  Ctrl+Enter") if handled else tr("Take in  Ctrl+Enter"))

    def _shower(self, taking: Taking) -> Callable[[], None]:
        return lambda: self._show(taking)

    @Slot(str)
    def _on_saved(self, draft_id: str) -> None:
        now = self._now
        if now is not None and draft_id == now.id and not (now.unsaved or now.sending or now.note):
            self._say(tr("Saved."), "muted")

    @Slot(str, object)
    def _on_save_failed(self, draft_id: str, fault: Fault) -> None:
        if self._now is not None and draft_id == self._now.id:
            self._say(tr("Not saved yet: {why} It stays here and is tried again.", why=say(fault)), "danger")

    def _on_fault(self, fault: Fault) -> None:
        self._say(say(fault), "danger")

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.packs and self.form.fields and self._bridge.facts is not None:
            self._remake()

    def _remake(self) -> None:
        facts, taking = self._bridge.facts, self._now
        if facts is None:
            return
        self._keep()
        self.form.make(facts.book)
        if taking is not None:
            self.form.fill(taking.fields, level_chosen=taking.level_chosen)
        self._refresh()

    # -- Qt
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
            return
        super().keyPressEvent(event)

    def close_panel(self) -> None:
        """Esc: everything typed is kept and saved at once."""
        self._keep()
        self.keeper.save_all()
        for taking in [t for t in self.keeper.takings.values() if t.empty and t is not self._now]:
            self.keeper.forget(taking.id)
        self.closed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._keep()
        self.keeper.save_all()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.form.fields:
            self._remake()
