"""What fills the desk's window: bars, queue, map, the selected incident, and how they speak to each other."""
from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPlainTextEdit,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.services.changes import Changes
from app.services.views import IncidentView, QueueRow
from app.text import plain, render
from widgets.bridge import Fault, Runner
from widgets.calls import CallStrip, CallTaking
from widgets.cameras.board import VideoBoard
from widgets.cameras.feeds import FeedHub
from widgets.cameras.nearby import NearbyCameras
from widgets.command import CommandLine
from widgets.duty.panel import DutyPanel
from widgets.forms.field import ime_off
from widgets.incident import IncidentPanel, RecommendPanel, TimelinePanel
from widgets.queue.panel import QueuePanel
from widgets.screens.desk_actions import DeskActions
from widgets.screens.desk_alarms import DeskAlarms
from widgets.screens.desk_banner import Banner
from widgets.screens.desk_conflict import ConflictBar, DivergenceTeller
from widgets.screens.desk_facts import DeskFacts, FactsFeed
from widgets.screens.desk_map import DeskMap
from widgets.screens.desk_orders import DeskOrders, desk_entries
from widgets.screens.desk_panes import Pane, SideColumn
from widgets.screens.desk_places import DeskPlaces
from widgets.screens.desk_scene import DeskScene
from widgets.screens.desk_status import StatusStrip
from widgets.screens.desk_topbar import TopBar
from widgets.screens.desk_video import DeskVideo
from widgets.screens.desk_words import tr
from widgets.sound import SoundBoard
from widgets.theme.panel import Panel
from widgets.theme.tokens import px
from widgets.units import UnitBoard
from widgets.whistle import WhistlePanel

if TYPE_CHECKING:
    from widgets.screens.desk import DeskWindow

QUEUE_SHARE, MAP_SHARE, SIDE_SHARE = 45, 28, 27


class DeskBody(QWidget):
    """Built once the seat is open. `start` feeds it, `stop` ends it."""

    def __init__(self, desk: DeskWindow, zone: str) -> None:
        super().__init__(desk)
        self.setObjectName("screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        facts = desk.bridge.facts
        assert facts is not None
        self.desk, self.bridge, self.clock = desk, desk.bridge, facts.clock
        self._second = -1
        self.moved_by_hand = False
        self._wanted = ""
        self.board = SoundBoard(self)
        self.runner = Runner(self)
        self.hub = FeedHub(self.runner, self, streams=desk.streams)
        self.facts_feed = FactsFeed(self.bridge, self)
        self.facts: DeskFacts | None = None
        self.zone = zone
        self._build(zone)
        self.alarms: DeskAlarms = DeskAlarms(self.board, self.queue, self.top)
        self.alarms.add(self.conflict.sounding)
        self.orders = DeskOrders(self)
        self.video = DeskVideo(self, self.board_)
        self.actions_ = DeskActions(desk, desk_entries(self))
        self.taking_owns = self.actions_.sharing(self.taking.own_keys)
        """Acts whose keys mean something else while an incident is taken in."""
        self.top.menu.setMenu(self.actions_.menu)
        self.places = DeskPlaces(self)
        self._wire()

    # ---- building --------------------------------------------------------------------------------------------------

    def _build(self, zone: str) -> None:
        bridge, clock, desk = self.bridge, self.clock, self.desk
        facts = bridge.facts
        assert facts is not None
        book, lang = facts.book, desk.lang
        self.top = TopBar(facts, self.board, zone, self)
        self.talk = DeskScene(self)
        self.command = CommandLine(self.talk.scene, self.talk.near, self)
        self.strip = CallStrip(bridge, clock, self)
        self.banner = Banner(self)
        self.conflict = ConflictBar(bridge, zone, self)
        self.divergence = DivergenceTeller(bridge, self.banner, zone, self)
        self.queue = QueuePanel(bridge, clock, book, lang)
        self.units = UnitBoard(bridge, clock)
        self.whistles = WhistlePanel(bridge, clock, zone=zone)
        self.duty = DutyPanel(bridge, zone=ZoneInfo(zone))
        self.map = DeskMap(bridge, clock, book, lang, self.row_of)
        self.incident = IncidentPanel(bridge, clock, zone=zone)
        self.recommend = RecommendPanel(bridge, clock)
        self.timeline = TimelinePanel(bridge, clock, follow=False, zone=zone)
        self.cameras = NearbyCameras(bridge, self.hub, nature=facts.nature)
        self.board_ = VideoBoard(bridge, self.hub, clock, book.areas, nature=facts.nature)
        self.camera_panel = Panel(tr("Nearest cameras"))
        self.camera_panel.set_body(self.cameras)
        self.taking = CallTaking(bridge, clock)
        self.help = QPlainTextEdit(self)
        self.help.setReadOnly(True)
        self.help.setFrameShape(QFrame.Shape.NoFrame)
        self.help.setTabStopDistance(px(160))
        ime_off(self.help)
        self.status = StatusStrip(book, lang, self)
        self._make_panes()
        self._compose()

    def _make_panes(self) -> None:
        def pane(name: str, content: QWidget, title: str) -> Pane:
            return Pane(name, content, lambda: tr(title), self.key)

        made = (pane("queue", self.queue, "Queue"), pane("map", self.map, "Map"),
                pane("incident", self.incident, "Incident"), pane("recommend", self.recommend, "Forces for it"),
                pane("cameras", self.camera_panel, "Cameras"), pane("timeline", self.timeline, "Timeline"),
                pane("units", self.units, "All forces"), pane("whistles", self.whistles, "Whistles"),
                pane("video", self.board_, "Video board"), pane("duty", self.duty, "On duty"))
        self.panes = {p.name: p for p in made}
        self.side = SideColumn(self.panes["incident"], [self.panes[n] for n in ("recommend", "cameras", "timeline")])
        self.left, self.right = QStackedWidget(self), QStackedWidget(self)
        for name in ("queue", "units", "whistles", "video", "duty"):
            self.left.addWidget(self.panes[name])
        for widget in (self.side, self.taking, self.help):
            self.right.addWidget(widget)

    def _compose(self) -> None:
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.setChildrenCollapsible(False)
        for part in (self.left, self.panes["map"], self.right):
            self.split.addWidget(part)
        self.split.splitterMoved.connect(self._on_split_moved)
        for at, share in enumerate((QUEUE_SHARE, MAP_SHARE, SIDE_SHARE)):
            self.split.setStretchFactor(at, share)
        line = QFrame(self)
        line.setObjectName("panel")
        row = QHBoxLayout(line)
        row.setContentsMargins(0, px(4), px(8), px(4))
        row.setSpacing(px(8))
        row.addWidget(self.command, 5)
        row.addWidget(self.strip, 4)
        line.setFixedHeight(px(44))
        box = QVBoxLayout(self)
        box.setContentsMargins(px(8), px(8), px(8), 0)
        box.setSpacing(px(6))
        box.addWidget(self.top)
        box.addWidget(line)
        box.addWidget(self.banner)
        box.addWidget(self.conflict)
        box.addWidget(self.split, 1)
        box.addWidget(self.status)

    def _wire(self) -> None:
        self.queue.picked.connect(self.show_incident)
        self.queue.opened.connect(self._on_opened)
        self.queue.menu_asked.connect(self._on_menu)
        self.queue.model.shown.connect(self._on_queue_shown)
        self.top.alarms_wanted.connect(self._on_alarms_wanted)
        self.top.duty.clicked.connect(self.orders.toggle_duty)
        self.duty.print_wanted.connect(self.orders.write_handovers)
        self.command.acted.connect(self.orders.on_acted)
        self.command.ordered.connect(self.orders.on_ordered)
        self.command.left.connect(self._focus_queue)
        self.strip.call_answered.connect(self.take_call)
        self.strip.draft_opened.connect(self.open_draft)
        self.strip.called_back.connect(self._on_called_back)
        self.strip.ringing_changed.connect(lambda n: self.board.ring(n > 0))
        self.map.incident_picked.connect(self.select)
        self.map.report_wanted.connect(self.report_at)
        self.map.trouble.connect(self.show_trouble)
        self.incident.view_changed.connect(self._on_view)
        self.incident.open_incident.connect(self.select)
        self.incident.point_wanted.connect(lambda: self.map.ask_point(self.incident.take_point))
        self.incident.point_dropped.connect(lambda: self.map.forget_point(self.incident.take_point))
        self.incident.escaped.connect(self._focus_queue)
        self.recommend.unit_hovered.connect(self.map.hover_unit)
        self.recommend.unit_activated.connect(self.map.show_unit)
        self.recommend.refused.connect(self.banner.bad)
        self.timeline.entry_activated.connect(self.video.open_photo)
        self.units.unit_activated.connect(self.map.show_unit)
        self.units.incident_activated.connect(self.select)
        self.whistles.incident_activated.connect(self.select)
        self.taking.taken.connect(self._on_taken)
        self.taking.merged.connect(self._on_taken)
        self.taking.closed.connect(self.close_taking)
        self.taking.open_incident.connect(self.select)
        self.taking.point_wanted.connect(lambda: self.map.ask_point(self.taking.take_point))
        self.taking.point_changed.connect(lambda lon, lat: self.map.look_at(lon, lat))
        self.conflict.opened.connect(self.select)
        self.conflict.said.connect(self.banner.said)
        self.conflict.changed.connect(self.alarms.again)
        self.facts_feed.arrived.connect(self._on_facts)
        self.facts_feed.failed.connect(self._on_facts_failed)
        self.bridge.changed.connect(self._on_changed)
        for pane in self.panes.values():
            pane.moved.connect(self.orders.on_pane_moved)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        """In the call-taking panel its own keys win: the desk's acts on the same ones rest."""
        while now is not None and now is not self.taking:  # also out of its lists, which are windows of their own
            now = now.parentWidget()
        typing = now is not None
        for name in self.taking_owns:
            self.actions_.actions[name].setEnabled(not typing)

    # ---- life ------------------------------------------------------------------------------------------------------

    def start(self, *, restore: bool = True) -> None:
        """Begin to feed everything; put windows where they were."""
        self.map.start()
        self.facts_feed.start()
        self.conflict.ask()
        if restore:
            self.places.load()
        self.queue.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def stop(self) -> None:
        """Keep what is to be kept, end what runs. The bridge is the program's to close."""
        self.places.stop()
        for pane in self.panes.values():
            pane.dock()
        self.facts_feed.stop()
        self.map.feed.stop()
        self.map.view.tiles.process.stop()
        self.cameras.show_incident(None)
        self.video.stop()
        self.hub.close()
        self.runner.close()
        self.board.close()

    def is_settled(self) -> bool:
        """Queue and numbers are there, and the number asked for is selected."""
        shown = self.incident.incident_id is None or self.incident.view is not None
        return self.video.is_settled() and shown and self.queue.model.loaded and self.facts is not None \
            and not self._wanted and self.map.feed.is_settled() and self.map.view.tiles.settled()

    def tick(self, now: float) -> None:
        """Called five times a second; what shows seconds changes at the stroke of the second."""
        if int(now) != self._second:
            self._second = int(now)
            self.top.tick(now)
            self.queue.tick()
            self.status.tick(now)
            self.alarms.tick(now)
            self.whistles.tick(now)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Until somebody moves a handle the three columns keep their shares."""
        super().resizeEvent(event)
        if not self.moved_by_hand:
            wide = event.size().width()
            self.split.setSizes([wide * share // 100 for share in (QUEUE_SHARE, MAP_SHARE, SIDE_SHARE)])

    @Slot()
    def _on_split_moved(self) -> None:
        self.moved_by_hand = True

    # ---- the selected incident -------------------------------------------------------------------------------------

    def row_of(self, incident_id: str) -> QueueRow | None:
        """A row of the queue's index, whatever the tab."""
        index = self.queue.model.index_
        slot = index.slot_of.get(incident_id)
        return index.rows[slot] if slot is not None else None

    @Slot(str)
    def show_incident(self, incident_id: str) -> None:
        """Show an incident in all panes that show one."""
        self.incident.show_incident(incident_id)
        self.alarms.seen(incident_id)
        row = self.row_of(incident_id)
        self.units.set_incident(incident_id, row.number if row else "")
        self.map.select_incident(row)
        self.command.refresh()

    @Slot(str)
    def select(self, incident_id: str) -> None:
        """Select an incident from anywhere."""
        self.queue.select(incident_id)
        self.show_incident(incident_id)

    def select_later(self, incident_id: str) -> None:
        """Select an incident now, or when the queue has arrived."""
        self._wanted = incident_id
        self._on_queue_shown()

    @Slot()
    def _on_queue_shown(self) -> None:
        if self._wanted and self.queue.model.loaded:
            incident_id, self._wanted = self._wanted, ""
            self.select(incident_id)

    @Slot(str)
    def _on_opened(self, incident_id: str) -> None:
        """Enter on a row: the incident's panel takes the keys, the map looks there."""
        self.show_incident(incident_id)
        self.map.select_incident(self.row_of(incident_id), centre=True)
        self.right.setCurrentWidget(self.side)
        self.incident.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_view(self, view: IncidentView | None) -> None:
        self.recommend.show_view(view)
        self.timeline.show_view(view)
        self.cameras.show_incident(view.row if view is not None else None)
        self.video.show_view(view)
        if view is not None:
            self.talk.forget(view.row.id)

    @Slot(str, QPoint)
    def _on_menu(self, incident_id: str, at: QPoint) -> None:
        self.show_incident(incident_id)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions_.menus["incident"].actions())
        menu.popup(at)

    def trigger(self, letter: str) -> None:
        """Begin the act of a letter on the selected incident."""
        if self.incident.incident_id is None:
            self.banner.note(tr("Select an incident first: ↑ ↓ in the queue, a click on the map, its number after /."))
            return
        self.right.setCurrentWidget(self.side)
        if not self.incident.trigger_key(letter):
            self.incident.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- calls -----------------------------------------------------------------------------------------------------

    @Slot(str)
    def take_call(self, call_id: str = "") -> None:
        """F2, or a call that was answered: the call-taking panel, in place of the right column."""
        self.right.setCurrentWidget(self.taking)
        if call_id:
            self.taking.open_new(call_id)
        else:
            self.taking.open_any()
        self.taking.focus_first()

    @Slot(float, float)
    def report_at(self, lon: float, lat: float) -> None:
        """Take an incident in at a point of the map."""
        self.right.setCurrentWidget(self.taking)
        self.taking.open_new(lon=lon, lat=lat)
        self.taking.focus_first()

    @Slot(str)
    def open_draft(self, draft_id: str) -> None:
        """Go on with a half-taken incident."""
        self.right.setCurrentWidget(self.taking)
        self.taking.open_draft(draft_id)

    @Slot()
    def close_taking(self) -> None:
        """Back to the incident; drafts stay in the strip."""
        self.map.forget_point()
        self.right.setCurrentWidget(self.side)
        self._focus_queue()

    @Slot(str)
    def _on_taken(self, incident_id: str) -> None:
        self.queue.show_new()
        QTimer.singleShot(0, self, lambda: self.select(incident_id))

    @Slot(str, str)
    def _on_called_back(self, _call_id: str, incident_id: str) -> None:
        if incident_id:
            self.select(incident_id)

    # ---- around ----------------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_facts(self, facts: DeskFacts) -> None:
        self.facts = facts
        now = self.clock.now().timestamp()
        self.top.show_facts(facts, now)
        self.status.show_status(facts.status, now)
        self.map.show_status(facts.status)
        self.map.view.set_data_age(None)
        self.divergence.tell(facts)

    @Slot(object)
    def _on_facts_failed(self, fault: Fault) -> None:
        self.status.show_trouble(plain(render(fault.message)))

    @Slot(object)
    def show_trouble(self, fault: Fault | None) -> None:
        """A fault nobody asked about: that the store is down stays until it works again, others go by themselves."""
        if fault is None:
            self.banner.over(tr("The store can be read again."))
            self.queue.reload()
            return
        told = tr("{why} What was entered is kept.", why=plain(render(fault.message)))
        if self.bridge.down:
            self.banner.trouble(told)
        else:
            self.banner.bad(told)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.packs and self.bridge.facts is not None:
            self._set_book()

    def _set_book(self) -> None:
        facts = self.bridge.facts
        if facts is not None:
            self.queue.set_book(facts.book, self.desk.lang)
            self.map.set_book(facts.book, self.desk.lang)
            self.board_.set_areas(facts.book.areas)
            self.status.set_book(facts.book, self.desk.lang)

    @Slot()
    def _on_alarms_wanted(self) -> None:
        self.queue.set_tab("to_accept")
        self.orders.focus("queue")

    @Slot()
    def _focus_queue(self) -> None:
        """The keys go to the queue, or to what is shown in its place: never to what nobody sees."""
        shown = self.left.currentWidget()
        if shown is self.panes["queue"] or not isinstance(shown, Pane):
            self.queue.view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            shown.content.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_language(self, lang: str) -> None:
        """Texts that no widget renews by itself."""
        self.queue.set_language(lang)
        self._set_book()
        self.actions_.retranslate()
        self.top.retranslate()
        self.banner.retranslate()
        self.conflict.retranslate()
        self.side.retranslate()
        self.camera_panel.set_title(tr("Nearest cameras"))
        for pane in self.panes.values():
            pane.retranslate()
        self.help.setPlainText(self.actions_.help_text())
        if self.facts is not None:
            self._on_facts(self.facts)

    def key(self, event: QKeyEvent) -> bool:
        """A key that the focused view did not take."""
        if event.key() == Qt.Key.Key_Escape and (self.map.forget_point() or self.video.close_popup()):
            return True
        if event.key() == Qt.Key.Key_Escape:
            if self.right.currentWidget() is self.help:
                self.right.setCurrentWidget(self.side)
            self._focus_queue()
            return True
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers():
            self.queue.step(1 if event.key() == Qt.Key.Key_Down else -1)
            return True
        return self.actions_.key(event)
