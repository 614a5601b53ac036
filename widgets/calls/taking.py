"""Call taking (F2): a panel, never a dialog. Kept as it is typed, several drafts at once, duplicates while typing."""
from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.domain.faults import KnownFault, Message
from app.ports import Clock
from app.services.book import Book
from app.services.changes import Changes
from app.services.commands import Act, Command
from app.services.seat import Seat
from app.services.views import Draft, DuplicateHit, Hit
from widgets.bridge import Bridge, Fault
from widgets.calls.drafts import DraftKeeper, Taking, new_taking, report_of
from widgets.calls.duplicates import DuplicateList
from widgets.calls.words import lang, plain, say, tr
from widgets.forms.field import ChoiceField, Field, LineField, LinesField, ime_off
from widgets.forms.make import code_choices
from widgets.forms.matching import Choice, sounds
from widgets.forms.pickers import PointField, SearchField
from widgets.forms.typeahead import TypeAhead
from widgets.theme import px

LOOK_AFTER_MS = 400
DEFAULT_CHANNEL = "hotline"
NUMERALS = ("I", "II", "III", "IV")
ORDER = ("kind", "level", "place", "search", "point", "description", "name", "phone", "channel")


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
        self._filling = False
        self._fields: dict[str, Field] = {}
        self._captions: dict[str, QLabel] = {}
        self._book_version = -1
        self._point_for: str | None = None
        self._throwing = False
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(LOOK_AFTER_MS)
        self._look.timeout.connect(self._on_look)
        self._build()
        self._shortcuts()
        bridge.changed.connect(self._on_changed)
        bridge.ask(lambda _seat: sounds("预热"), owner=self, key="warm")

    # -- building
    def _build(self) -> None:
        self._title = QLabel(self)
        self._title.setObjectName("title")
        self._tabs = QHBoxLayout()
        self._tabs.setSpacing(px(4))
        self._tab_buttons: list[QPushButton] = []
        head = QHBoxLayout()
        head.setContentsMargins(px(12), px(8), px(12), 0)
        head.addWidget(self._title)
        head.addLayout(self._tabs, 1)
        body = QWidget(self)
        body.setObjectName("scrolled")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setVerticalSpacing(px(6))
        self._grid.setColumnStretch(1, 1)
        self.duplicates = DuplicateList(body)
        self.duplicates.merge_wanted.connect(self.merge_into)
        inner = QVBoxLayout(body)
        inner.setContentsMargins(px(12), px(8), px(12), px(8))
        inner.setSpacing(px(8))
        inner.addLayout(self._grid)
        inner.addWidget(self.duplicates)
        inner.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(body)
        self._note = QLabel(self)
        self._note.setWordWrap(True)
        for label in (self._title, self._note):
            label.setTextFormat(Qt.TextFormat.PlainText)
        foot = self._foot()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, px(8))
        layout.setSpacing(px(4))
        layout.addLayout(head)
        layout.addWidget(self._scroll, 1)
        self._note.setContentsMargins(px(12), 0, px(12), 0)
        layout.addWidget(self._note)
        layout.addLayout(foot)

    def _foot(self) -> QHBoxLayout:
        self._take_button, self._new_button, self._throw_button = QPushButton(self), QPushButton(self), QPushButton(self)
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
        for keys, slot in (("Ctrl+Return", self.take_in), ("Ctrl+Enter", self.take_in), ("Ctrl+Tab", self.next_draft),
                           ("Ctrl+Shift+Tab", self.previous_draft), ("Ctrl+N", self._on_new)):
            QShortcut(QKeySequence(keys), self, slot, context=context)
        for n in range(4):
            QShortcut(QKeySequence(f"Alt+{n + 1}"), self, self._merger(n), context=context)

    def _merger(self, n: int) -> Callable[[], None]:
        def merge() -> None:
            if n < len(self.duplicates.hits):
                self.merge_into(self.duplicates.hits[n].row.id)
        return merge

    def _make_fields(self, book: Book) -> None:
        """Fields of the lists in force; what was typed is put back."""
        for widget in (*self._captions.values(), *self._fields.values()):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._book_version = book.version
        levels = [Choice(str(n), f"{NUMERALS[n - 1]} {book.label('level', str(n), lang())}".strip()
                         if len(book.label("level", str(n), lang())) <= 4 else NUMERALS[n - 1]) for n in (1, 2, 3, 4)]
        channels = code_choices(book, "channel", lang())
        self._fields = {
            "kind": TypeAhead(code_choices(book, "kind", lang(), leaves=True), self),
            "level": ChoiceField(levels, self, required=False),
            "place": LineField(self),
            "search": SearchField(self._bridge, ("area", "camera", "component", "incident"), self,
                                  placeholder=tr("Finds the point; their words stay")),
            "point": PointField(self), "description": LinesField(self, lines=3), "name": LineField(self),
            "phone": LineField(self),
            "channel": TypeAhead([Choice(c.code, c.label, c.also) for c in channels], self),
        }
        labels = {"kind": tr("Kind"), "level": tr("Level"), "place": tr("Place"), "search": tr("Find place"),
                  "point": tr("Point"), "description": tr("What"), "name": tr("Name"), "phone": tr("Phone"),
                  "channel": tr("Source")}
        self._captions = {}
        for row, name in enumerate(ORDER):
            caption = QLabel(labels[name], self)
            caption.setTextFormat(Qt.TextFormat.PlainText)
            caption.setObjectName("muted")
            self._captions[name] = caption
            field = self._fields[name]
            field.setAccessibleName(labels[name])
            self._grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
            caption.setContentsMargins(0, px(6), 0, 0)
            self._grid.addWidget(field, row, 1)
            field.changed.connect(self._toucher(name))
            field.submitted.connect(self._stepper(name))
        self._wire(book)

    def _wire(self, book: Book) -> None:
        search, point, kind = self._fields["search"], self._fields["point"], self._fields["kind"]
        assert isinstance(search, SearchField)
        assert isinstance(point, PointField)
        assert isinstance(kind, TypeAhead)
        search.found.connect(self._on_found)
        point.wanted.connect(self._on_point_wanted)
        kind.picked.connect(lambda code: self._on_kind(book, code))
        previous: QWidget | None = None
        for name in ORDER:
            proxy = self._fields[name].focusProxy()
            if previous is not None and proxy is not None:
                QWidget.setTabOrder(previous, proxy)
            previous = proxy
        if previous is not None:
            QWidget.setTabOrder(previous, self._take_button)

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
        if self._book_version != facts.book.version or not self._fields:
            self._make_fields(facts.book)
        self._now = taking
        self._throwing = False
        self._fill(taking)
        self.duplicates.show_hits((), facts.book)
        self._look.start()
        self._refresh()
        self.focus_first()

    def _fill(self, taking: Taking) -> None:
        self._filling = True
        try:
            for name, field in self._fields.items():
                kept = taking.fields.get(name)
                if name == "channel" and kept is None:
                    kept = DEFAULT_CHANNEL
                field.restore(kept)
        finally:
            self._filling = False

    def focus_first(self) -> None:
        """The kind, or the first field that is still blank."""
        for name in ("kind", "place", "description"):
            field = self._fields.get(name)
            if field is not None and field.value() is None:
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        if (place := self._fields.get("description")) is not None:
            place.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- typing
    def _toucher(self, name: str) -> Callable[[], None]:
        def touched() -> None:
            if self._filling or self._now is None or name == "search":
                return
            self._throwing = False
            if name == "level":
                self._now.level_chosen = self._fields["level"].value() is not None
            self._keep()
            self.keeper.touched(self._now)
            self._say(tr("Saving…"), "muted")
            if name in ("kind", "point", "place", "description"):
                self._look.start()
            if name == "point" and isinstance(point := self._fields["point"].value(), tuple):
                self.point_changed.emit(*point)
        return touched

    def _stepper(self, name: str) -> Callable[[], None]:
        """Enter goes on to the next field; in the last one of the usual ones it takes the incident in."""
        def step() -> None:
            index = ORDER.index(name)
            if name in ("description", "channel"):
                if self._problem() is None:
                    self._say(tr("Ctrl+Enter takes it in."), "muted")
                following = ORDER[min(index + 1, len(ORDER) - 1)]
            else:
                following = ORDER[index + 1]
            self._fields[following].setFocus(Qt.FocusReason.TabFocusReason)
        return step

    def _keep(self) -> None:
        """What is on screen into the draft."""
        if self._now is None or not self._fields:
            return
        kept: dict[str, object] = {}
        for name, field in self._fields.items():
            if name == "search":
                continue
            value = field.value()
            if name == "point" and isinstance(value, tuple):
                kept[name] = list(value)
            elif isinstance(value, str) and not isinstance(field, LineField | LinesField):
                kept[name] = value
            elif (typed := field.kept()) is not None:
                kept[name] = typed
        self._now.fields = kept

    def _on_kind(self, book: Book, code: str) -> None:
        entry = book.code("kind", code)
        if entry is None or self._now is None or self._now.level_chosen:
            return
        level = entry.extra.get("default_level", entry.extra.get("level"))
        if level is not None:
            self._fields["level"].restore(str(level))
            self._now.level_chosen = False

    @Slot(object)
    def _on_found(self, hit: Hit) -> None:
        if hit.lon is not None and hit.lat is not None:
            self._fields["point"].restore((hit.lon, hit.lat))
            self._say(tr("Point of {place} taken; their words for the place stay.", place=hit.label), "muted")
        else:
            self._say(tr("{place} has no point of its own: pick one on the map.", place=hit.label), "warning")

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
            self._fields["point"].restore((lon, lat))
            self._fields["description"].setFocus(Qt.FocusReason.OtherFocusReason)
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
        point = taking.fields.get("point")
        lon, lat = (float(point[0]), float(point[1])) if isinstance(point, list) and len(point) == 2 else (None, None)
        kind = taking.fields.get("kind")
        words = " ".join(str(taking.fields.get(n) or "") for n in ("place", "description")).strip()
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
    def _problem(self) -> tuple[str, str] | None:
        for name, label in (("kind", tr("Kind")), ("place", tr("Place"))):
            field = self._fields[name]
            if problem := field.problem():
                return name, f"{label}: {problem}"
            if field.value() is None:
                return name, tr("{what} is needed", what=label)
        for name in ("point", "description", "channel"):
            if problem := self._fields[name].problem():
                return name, problem
        return None

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
        focused = self._fields["kind"]
        assert isinstance(focused, TypeAhead)
        for field in self._fields.values():
            if isinstance(field, TypeAhead) and not isinstance(field, SearchField):
                field.settle()
        self._keep()
        problem = self._problem()
        if problem is not None:
            self._say(problem[1], "danger")
            self._fields[problem[0]].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        taking.sending = True
        self._say(tr("Sending…"), "muted")
        self._refresh()
        new_id = str(uuid.uuid4())
        command = report_of(taking, new_id, DEFAULT_CHANNEL, accept=into is None)
        self._bridge.ask(_taker(command, new_id, into), lambda number: self._on_taken(taking, new_id, into, number),
                         lambda fault: self._on_not_taken(taking, fault), owner=self, act=True)

    def _on_taken(self, taking: Taking, new_id: str, into: str | None, number: str) -> None:
        self.keeper.forget(taking.id)
        text = tr("Taken in as {number}.", number=number) if into is None else \
            tr("Merged into {number}; this reporter is kept there.", number=number)
        if self._now is taking:
            self._now = None
            rest = list(self.keeper.takings.values())
            if rest:
                self._show(rest[-1])
            else:
                self._fill(new_taking())
                if self._bridge.facts is not None:
                    self.duplicates.show_hits((), self._bridge.facts.book)
        self._refresh()
        self._say(text, "good")
        if into is None:
            self.taken.emit(new_id)
        else:
            self.merged.emit(into)

    def _on_not_taken(self, taking: Taking, fault: Fault) -> None:
        taking.sending = False
        taking.note, taking.note_role = tr("Not taken in: {why} Everything typed is kept.", why=say(fault)), "danger"
        if self._now is taking:
            self._say(taking.note, "danger")
        self._refresh()

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
            self._fill(new_taking())
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
        if self._note.objectName() != role:
            self._note.setObjectName(role)
            self._note.style().unpolish(self._note)
            self._note.style().polish(self._note)
        self._note.setText(plain(text))

    def _refresh(self) -> None:
        self._title.setText(tr("Take a call"))
        self._take_button.setText(tr("Take in  Ctrl+Enter"))
        self._new_button.setText(tr("New  Ctrl+N"))
        self._throw_button.setText(tr("Throw away"))
        taking = self._now
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

    def _shower(self, taking: Taking) -> Callable[[], None]:
        return lambda: self._show(taking)

    @Slot(str)
    def _on_saved(self, draft_id: str) -> None:
        if self._now is not None and draft_id == self._now.id and not self._now.unsaved and not self._now.sending:
            self._now.note = ""
            self._say(tr("Saved."), "muted")

    @Slot(str, object)
    def _on_save_failed(self, draft_id: str, fault: Fault) -> None:
        if self._now is not None and draft_id == self._now.id:
            self._say(tr("Not saved yet: {why} It stays here and is tried again.", why=say(fault)), "danger")

    def _on_fault(self, fault: Fault) -> None:
        self._say(say(fault), "danger")

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.packs and self._fields and self._bridge.facts is not None:
            self._remake()

    def _remake(self) -> None:
        facts, taking = self._bridge.facts, self._now
        if facts is None:
            return
        self._keep()
        self._make_fields(facts.book)
        if taking is not None:
            self._fill(taking)
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
        if event.type() == QEvent.Type.LanguageChange and self._fields:
            self._remake()


def _taker(command: Command, new_id: str, into: str | None) -> Callable[[Seat], str]:
    """Take in (and merge) in one transaction; the number to tell the caller."""
    def take(seat: Seat) -> str:
        commands: list[Command] = [command]
        if into is not None:
            commands.append(Act(new_id, "merge", {"into": into}))
        _changes, errors = seat.do_all(commands)
        for error in errors:
            if error is not None:
                raise error
        rows = seat.queue([into or new_id], ended=True)
        if not rows:
            raise KnownFault(Message("It was taken in, but its number can't be read yet."))
        return rows[0].number
    return take
