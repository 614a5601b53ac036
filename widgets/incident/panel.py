"""The selected incident: what it is, where, who works on it, what may be done next. Acts are done here, in place."""
from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.domain.incident_process import INCIDENT
from app.ports import Clock
from app.services.book import Book
from app.services.changes import Changes
from app.services.commands import Act, MarkRead
from app.services.views import ActionOption, IncidentView, UnitRow
from widgets.bridge import Bridge, Fault
from widgets.forms.field import ime_off
from widgets.forms.make import FormPlace
from widgets.forms.matching import Choice, folded
from widgets.forms.pickers import PointField
from widgets.incident.acting import Acting, forces_for, unit_choice
from widgets.incident.actions import ActionBar
from widgets.incident.assignments import AssignmentList, MergedList
from widgets.incident.facts import FactLines, place_lines, source_lines, state_lines
from widgets.incident.form import ActionForm
from widgets.incident.header import IncidentHeader
from widgets.incident.photos import PhotoStrip
from widgets.incident.scrolling import scrolls
from widgets.incident.words import DISTRICT_ZONE, lang, plain, say, tr
from widgets.incident.wordsfold import UNFOLD_KEYS, WordsFold
from widgets.theme import px
from widgets.theme.labels import Label, set_role

READ_AFTER_MS = 1_000
LOADING_AFTER_MS = 500
POSITIONS_MS = 2_000
"""Distances of the forces are read anew at most so often while positions come in."""
TICK_MS = 500
_ACT_KEYS = frozenset(t.key.casefold() for t in INCIDENT if t.key)
LEAST_FACTS_PX = 96
"""So much of the incident stays in sight beside a long form."""


class IncidentPanel(QFrame):
    """One incident with its acts.

    Signals: `open_incident(id)` a merged one was clicked · `point_wanted()` the form waits for a click on the map,
    answer with `take_point(lon, lat)` · `view_changed(IncidentView | None)` for panels beside it · `acted(id, verb)`
    done · `refused(id, verb, text)` also when the form is no longer on screen · `escaped()` Esc with no form open ·
    `point_dropped()` the form that waited for a click is gone.
    """

    open_incident = Signal(str)
    point_wanted = Signal()
    view_changed = Signal(object)
    acted = Signal(str, str)
    refused = Signal(str, str, str)
    escaped = Signal()
    point_dropped = Signal()

    def __init__(self, bridge: Bridge, clock: Clock, parent: QWidget | None = None, *,
                 zone: str = DISTRICT_ZONE) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._bridge, self._clock, self._zone = bridge, clock, zone
        self._id: str | None = None
        self._view: IncidentView | None = None
        self._acting = Acting()
        self._read_seq: dict[str, int] = {}
        self._form: ActionForm | None = None
        self._wanted_verb: str | None = None
        self._wanted_key: str | None = None
        self._units: list[Choice] = []
        self._waits_for_point: PointField | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        ime_off(self)
        self._build()
        self._timers()
        bridge.changed.connect(self._on_changed)
        self._show_state()

    # -- building
    def _build(self) -> None:
        self.header = IncidentHeader(self)
        self._state = Label("", "muted", self)
        self._state.setWordWrap(True)
        self._place, self._facts, self.words = FactLines(self), FactLines(self), WordsFold(self)
        self.bar = ActionBar(self)
        self.bar.triggered.connect(self.trigger)
        self._sending = FactLines(self)
        self._slot = QVBoxLayout()
        self.assignments = AssignmentList(self)
        self.photos = PhotoStrip(self._bridge, self)
        self.merged = MergedList(self)
        self.merged.opened.connect(self.open_incident)
        body = QWidget(self)
        body.setObjectName("scrolled")
        inner = QVBoxLayout(body)
        inner.setContentsMargins(px(12), px(4), px(12), px(12))
        inner.setSpacing(px(8))
        for lines in (self._place, self._facts, self._sending):
            inner.addWidget(lines)
        parts: tuple[QWidget, ...] = (self.assignments, self.bar, self.words, self.photos, self.merged)
        for part in parts:
            inner.addWidget(part)
        inner.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, px(8), 0, 0)
        outer.setSpacing(px(4))
        outer.addWidget(self.header)
        outer.addWidget(self._state)
        outer.addWidget(self._scroll, 1)
        self._slot.setContentsMargins(px(12), 0, px(12), px(8))
        outer.addLayout(self._slot)  # under what scrolls: its send button is always in sight
        self._scroll.setMinimumHeight(px(LEAST_FACTS_PX))
        self._state.setContentsMargins(px(12), 0, px(12), px(12))

    def _timers(self) -> None:
        self._read_timer, self._late, self._tick, self._moved = (QTimer(self) for _ in range(4))
        for timer, wait_ms, slot in ((self._read_timer, READ_AFTER_MS, self._on_looked_at),
                                     (self._late, LOADING_AFTER_MS, self._on_late),
                                     (self._moved, POSITIONS_MS, self._on_moved),
                                     (self._tick, TICK_MS, self._on_tick)):
            timer.setInterval(wait_ms)
            timer.setSingleShot(timer is not self._tick)
            timer.timeout.connect(slot)

    # -- what is shown
    @property
    def incident_id(self) -> str | None:
        """The incident on screen."""
        return self._id

    @property
    def view(self) -> IncidentView | None:
        """Its view as loaded last."""
        return self._view

    def number_of(self, incident_id: str) -> str:
        """The number of an incident that was acted upon here; "" when it was not."""
        return self._acting.numbers.get(incident_id, "")

    def show_incident(self, incident_id: str | None) -> None:
        """Show an incident, or none. What was typed for another one is kept."""
        if incident_id == self._id:
            self.reload()
            return
        self.close_form()
        self._id, self._view, self._wanted_verb, self._wanted_key = incident_id, None, None, None
        self._read_timer.stop()
        self._show_state()
        self.view_changed.emit(None)
        if incident_id is not None:
            self._late.start()
            self.reload()

    def reload(self) -> None:
        """Ask the seat for the incident again."""
        wanted = self._id
        if wanted is not None:
            self._bridge.ask(lambda seat: seat.incident(wanted), self._on_view, self._on_failed, owner=self, key="view")

    @Slot(object)
    def _on_view(self, view: IncidentView) -> None:
        if view.row.id != self._id:
            return
        self._late.stop()
        self._acting.seen(view.row.id)
        self._view = view
        self._show_view()
        self.view_changed.emit(view)
        if self.isVisible():
            self._read_timer.start()
        if self._wanted_verb is not None:
            verb, self._wanted_verb, self._wanted_key = self._wanted_verb, None, None
            self.trigger(verb)
        elif self._wanted_key is not None:
            letter, self._wanted_key = self._wanted_key, None
            self.trigger_key(letter)

    @Slot(object)
    def _on_failed(self, fault: Fault) -> None:
        self._late.stop()
        self._wanted_key = None
        why = plain(say(fault))
        if self._view is None:
            self._show_state(tr("This incident could not be read: {why} Nothing was lost; it is tried again when "
                                "something changes.", why=why), "danger")
        else:
            self._show_sending(tr("Shown as it was before: {why}", why=why))

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if self._id is None:
            return
        mine = self._view is not None and any(a.unit_id in changes.units for a in self._view.assignments)
        if self._id in changes.incidents or changes.packs or mine:
            self.reload()
        elif changes.positions and self._view is not None and self._view.assignments and not self._moved.isActive():
            self._moved.start()

    @Slot()
    def _on_moved(self) -> None:
        """Forces moved: their distances are read anew; where nothing else changed, nothing else is shown anew."""
        wanted = self._id
        if wanted is not None and self.isVisible():
            self._bridge.ask(lambda seat: seat.incident(wanted), self._on_distances, lambda _fault: None, owner=self,
                             key="distances")

    @Slot(object)
    def _on_distances(self, view: IncidentView) -> None:
        shown = self._view
        if shown is None or view.row.id != self._id:
            return
        if view.row != shown.row or _states(view) != _states(shown):
            self._on_view(view)
            return
        self._view = view
        self.assignments.show_assignments(view.assignments, self._clock.now().timestamp())

    @Slot()
    def _on_late(self) -> None:
        if self._view is None and self._id is not None:
            self._show_state(tr("Loading…"))

    def _show_state(self, text: str = "", role: str = "muted") -> None:
        if not text and self._id is None:
            text = tr("No incident is selected. Pick one in the queue or on the map; F2 takes a call.")
        shown = self._view is not None
        set_role(self._state, role)
        self._state.setText(text)
        self._state.setVisible(bool(text) and not shown)
        self.header.setVisible(shown)
        self._scroll.setVisible(shown)
        if not shown:
            self._tick.stop()

    def _show_view(self) -> None:
        view, facts = self._view, self._bridge.facts
        if view is None or facts is None:
            return
        now = self._clock.now().timestamp()
        self._show_state()
        self.header.show_view(view, facts.book, now, lang())
        self._place.show_lines(place_lines(view, facts.book))
        self._facts.show_lines(self._fact_lines(now))
        self.words.show_view(view)
        self.assignments.show_assignments(view.assignments, now)
        self.photos.show_photos(view.photos, view.awaited)
        self.merged.show_view(view)
        self._show_sending()
        if self.isVisible():
            self._tick.start()

    def show_photo(self, index: int) -> None:
        """Enlarge one of the incident's photos and bring it into sight."""
        self.photos.enlarge(index)
        QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(self.photos))

    def _fact_lines(self, now: float) -> list[tuple[str, str]]:
        view, facts = self._view, self._bridge.facts
        if view is None or facts is None:
            return []
        state = state_lines(view, facts.book, now, self._zone)
        missing = [line for line in state if line[0] in ("danger", "warning")]
        rest = [line for line in state if line not in missing]
        return missing + source_lines(view, facts.book, lang(), now, self._zone) + rest

    def _book(self) -> Book | None:
        return self._bridge.facts.book if self._bridge.facts is not None else None

    def _show_sending(self, note: str = "") -> None:
        pending = self._acting.pending(self._id)
        lines = [("warning", note)] if note else []
        if pending:
            labels = [a.label for a in self._view.actions if a.verb in pending] if self._view else []
            lines.append(("muted", tr("Sending: {what}", what=" · ".join(say(x) for x in labels) or "…")))
        self._sending.show_lines(lines)
        if self._view is not None:
            self.bar.show_actions(self._view.actions, self._book(), frozenset(pending))

    @Slot()
    def _on_tick(self) -> None:
        if self._view is None:
            return
        now = self._clock.now().timestamp()
        self.header.tick(now)
        self.assignments.tick(now)
        self._facts.show_lines(self._fact_lines(now))

    # -- reading
    @Slot()
    def _on_looked_at(self) -> None:
        if self.isVisible():
            self._mark_read()

    def _mark_read(self) -> None:
        view = self._view
        if view is not None and self._read_seq.get(view.row.id, -1) < view.row.changed_seq:
            self._read_seq[view.row.id] = view.row.changed_seq
            self._bridge.act(MarkRead(view.row.id), owner=self)

    # -- acting
    @Slot(str)
    def trigger(self, verb: str) -> bool:
        """Begin an act on the incident shown, as its button would: its form opens, or it is done at once when it takes
        nothing. False (and the reason shown) when it is not possible now. While the incident is loading it waits."""
        if self._id is None:
            return False
        if self._view is None:
            self._wanted_verb = verb
            return True
        option = self.bar.by_verb(verb)
        if option is None or not option.enabled:
            reason = option.why_not if option is not None else None
            why = say(reason, self._book()) if reason is not None else tr("not possible in this phase")
            label = say(option.label) if option is not None else verb
            self._show_sending(tr("{act}: {why}", act=plain(label), why=plain(why)))
            self.refused.emit(self._id, verb, plain(why))
            return False
        self._mark_read()
        self._open_form(option)
        return True

    def trigger_key(self, letter: str) -> bool:
        """Begin the act of a letter; False when no act has it or it is not possible. While the incident is loading the
        first letter waits; what is typed after it was meant for what it opens, and does nothing."""
        if self._id is not None and self._view is None and letter.casefold() in _ACT_KEYS:
            self._wanted_key = self._wanted_key or letter
            return True
        option = self.bar.by_key(letter)
        return self.trigger(option.verb) if option is not None and self._view is not None else False

    def _open_form(self, option: ActionOption) -> None:
        facts = self._bridge.facts
        if self._id is None or facts is None:
            return
        if self._form is not None and self._form.option.verb == option.verb:
            self._form.focus_first()
            return
        self.close_form()
        typed = self._acting.typed(self._id, option.verb)
        place = FormPlace(self._bridge, self._clock, facts.book, lang(), self._id, self._zone,
                          units=lambda: self._units)
        form = ActionForm(option, place, typed, self)
        form.sent.connect(self._sender(self._id, option.verb, form))
        form.cancelled.connect(self._on_cancelled)
        form.point_wanted.connect(self._on_point_wanted)
        self._form = form
        self._slot.addWidget(form)
        form.show()
        if not option.fields and not option.irreversible:
            form.send()
            return
        form.focus_first()
        if option.verb == "assign":
            self._load_units(self._id, form)

    def _load_units(self, incident_id: str, form: ActionForm) -> None:
        """Forces for the picker: the recommended first, then all others."""
        def loaded(units: list[UnitRow]) -> None:
            self._units = [unit_choice(u) for u in units]
            if self._form is form:
                form.offer_units(self._units)

        self._bridge.ask(forces_for(incident_id), loaded, owner=self, key="units")

    def _sender(self, incident_id: str, verb: str, form: ActionForm) -> Callable[[Mapping[str, object]], None]:
        return lambda params: self._send(incident_id, verb, params)

    def act(self, verb: str, params: Mapping[str, object]) -> None:
        """Do an act without its form (a recommended force was taken)."""
        if self._id is not None:
            self._send(self._id, verb, params)

    def _send(self, incident_id: str, verb: str, params: Mapping[str, object]) -> None:
        seen = self._acting.begin(incident_id, verb, self._view)
        if incident_id == self._id:
            self._show_sending()
        self._bridge.act(Act(incident_id, verb, dict(params), seen),
                         lambda _changes: self._on_acted(incident_id, verb),
                         lambda fault: self._on_refused(incident_id, verb, fault), owner=self)

    def _on_acted(self, incident_id: str, verb: str) -> None:
        self._acting.settle(incident_id, verb)
        if incident_id == self._id:
            if self._form is not None and self._form.option.verb == verb:
                self.close_form()
            self._show_sending()
            self.reload()
        self.acted.emit(incident_id, verb)

    def _on_refused(self, incident_id: str, verb: str, fault: Fault) -> None:
        reason = plain(say(fault, self._book()))
        self._acting.settle(incident_id, verb, reason)
        if incident_id == self._id:
            if self._form is not None and self._form.option.verb == verb:
                self._show_sending()
                self._form.refuse(reason)
            else:
                self._show_sending(tr("Not done: {why}", why=reason))
            self.reload()
        self.refused.emit(incident_id, verb, reason)

    @Slot()
    def _on_cancelled(self) -> None:
        self.close_form()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_form(self) -> None:
        """Close the open form; what was typed is kept for this incident and verb."""
        form, self._form = self._form, None
        waited, self._waits_for_point = self._waits_for_point is not None, None
        if waited:
            self.point_dropped.emit()
        if form is None:
            return
        if self._acting.known(self._id or "", form.option.verb) is form.typed:
            form.keep()
        had_focus = form.isAncestorOf(focused) if (focused := self.window().focusWidget()) is not None else False
        form.hide()
        self._slot.removeWidget(form)
        form.deleteLater()
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def form(self) -> ActionForm | None:
        """The open form."""
        return self._form

    # -- the map
    @Slot(object)
    def _on_point_wanted(self, field: PointField) -> None:
        self._waits_for_point = field
        self.point_wanted.emit()

    def take_point(self, lon: float, lat: float) -> bool:
        """A click on the map answers `point_wanted`; False when no form waits."""
        field, self._waits_for_point = self._waits_for_point, None
        if field is None or self._form is None:
            return False
        field.restore((lon, lat))
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    # -- Qt
    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = folded(event.text()) if event.text() else ""
        bare = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
                                        | Qt.KeyboardModifier.MetaModifier)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z:
            letter, bare = chr(event.key()), True
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif bare and letter in (".", "。"):
            self.bar.toggle_more()
        elif bare and letter in UNFOLD_KEYS:
            self.words.toggle()
        elif not scrolls(self._scroll, event) and not (bare and letter and self.trigger_key(letter)):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._view is not None:
            self._show_view()
            self._read_timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()
        self._read_timer.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language now in use; the open form opens again with what was typed."""
        verb = self._form.option.verb if self._form is not None else None
        self.close_form()
        self._show_state()
        self._show_view()
        self.bar.rebuild()
        if verb is not None:
            self.trigger(verb)


def _states(view: IncidentView) -> list[tuple[str, str, bool]]:
    return [(a.unit_id, a.state, a.lead) for a in view.assignments]
