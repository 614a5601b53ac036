"""The wall: the district at a glance. Composition only; nothing on it needs a hand."""
from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QColor, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QScreen
from PySide6.QtWidgets import QWidget

from app import text
from app.services.streams import Streams
from widgets.bridge.bridge import Bridge
from widgets.bridge.runner import Runner
from widgets.cameras.feeds import FeedHub
from widgets.cameras.grid import TileGrid
from widgets.cameras.rota import DWELL_S
from widgets.cameras.state import CONNECTING, RECONNECTING
from widgets.cameras.wall_tiles import WallTiles
from widgets.charts.hourly import HourlyBars
from widgets.screens.map_feed import MapFeed
from widgets.screens.wall_map import WorkMap
from widgets.screens.wall_video import WallVideo
from widgets.theme import language, tokens
from widgets.wall.card import Card
from widgets.wall.counts import Areas, Forces, Phases, Rates, Today
from widgets.wall.holder import Holder
from widgets.wall.kiosk import Awake
from widgets.wall.layout import EXTENTS, PEACE, Extent, WallPlan, extents_of, plan, wall_scale
from widgets.wall.link import WallLink
from widgets.wall.lists import Centres, Checklist, Supervised, Urgent
from widgets.wall.look import Look
from widgets.wall.news import Ticker
from widgets.wall.phrases import kind_text, local, ranked_level, say
from widgets.wall.slate import Scene, Slate
from widgets.wall.snapshot import WallSnapshot
from widgets.wall.title import TitleBar, WarningBanner

log = logging.getLogger(__name__)
ZONE = "Asia/Shanghai"
TICK_MS = 200
PICTURES_S = 15.0
"""so long after its start a picture of the wall waits for those of its tiles"""
WINDOW_SIZE = (1280, 720)
"""until it is shown on a screen of its own"""
MAP_GROWTH = 7 / 6
"""the map's own texts begin a step lower on the type scale: so much larger, its smallest equals the panels'"""


class WallWindow(QWidget):
    """A wall on one seat. `settings`: zone, wall.distance_m, wall.height_m, wall.dwell_s; all optional.

    `scale` overrides what the size (and the viewing distance) would give. In a kiosk only Ctrl+Shift+Q leaves.
    """

    def __init__(self, bridge: Bridge, *, settings: Mapping[str, object] | None = None, kiosk: bool = False,
                 screen: int | None = None, scale: float | None = None, lang: str | None = None,
                 theme: str | None = None, runner: Runner | None = None, show_map: bool = True,
                 streams: Streams | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("wall")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._bridge, self._kiosk, self._leave = bridge, kiosk, False
        self._settings = dict(settings or {})
        self._fixed_scale = scale
        if theme is not None:
            tokens.use(theme)
        self._screen_number = screen
        self._use_language(lang)
        self.scene = Scene(Look(1.0), zone=ZoneInfo(str(self._settings.get("zone", ZONE))),
                           lang=lang or text.language().lang)
        self.plan: WallPlan | None = None
        self._second = -1
        self._own_runner = Runner(self) if runner is None else None
        worker = runner or self._own_runner
        assert worker is not None
        self._began = time.perf_counter()
        self.hub = FeedHub(worker, self, streams=streams)
        self._make_panels()
        self.map = WorkMap(self) if show_map else None
        self.map_feed = MapFeed(bridge, self.map, wall=True, lang=self.scene.lang) if self.map is not None else None
        self._map_fed = False
        self.cameras = WallTiles(bridge, self.hub, self.tiles, self, dwell_s=self._number("wall.dwell_s") or DWELL_S)
        self.video = WallVideo(bridge, self)
        self.link = WallLink(bridge, self)
        self.link.arrived.connect(self._on_snapshot)
        self.link.freshness_changed.connect(self._on_freshness)
        self._due: dict[str, None] = {}
        self._brush = QTimer(self, singleShot=True, interval=0)
        self._brush.timeout.connect(self._on_brush)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._on_tick)
        self._tick.start()
        tokens.changed().connect(self._on_look_changed)
        self._awake = Awake("liandong", "wall", self) if kiosk else None
        if kiosk:
            self.setCursor(Qt.CursorShape.BlankCursor)
            self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle(say("Wall"))
        self.setMinimumSize(320, 240)
        self.resize(*WINDOW_SIZE)
        guiapp = QGuiApplication.instance()
        if isinstance(guiapp, QGuiApplication):
            guiapp.screenAdded.connect(self._on_screen_added)

    @staticmethod
    def _use_language(lang: str | None) -> None:
        app = QCoreApplication.instance()
        if lang is not None and app is not None and language.current() != lang:
            language.use(app, lang)

    def _make_panels(self) -> None:
        scene = self.scene
        self.bars = HourlyBars(scale=scene.look.scale)
        self.tiles = TileGrid(4, scale=scene.look.scale)
        kinds = (TitleBar, WarningBanner, Today, Phases, Rates, Areas, Urgent, Supervised, Centres, Checklist, Forces,
                 Card, Ticker)
        made: list[Slate] = [
            *(kind(scene, self) for kind in kinds),
            Holder("hourly", scene, self._hourly_titles, self._hourly_absent, self.bars, self),
            Holder("cameras", scene, self._camera_titles, self._camera_absent, self.tiles, self),
        ]
        self.panels: dict[str, Slate] = {p.NAME: p for p in made}
    # ---- layout ----------------------------------------------------------------------------------------------------

    def wall_scale(self) -> float:
        """The scale of the present size and viewing distance."""
        if self._fixed_scale is not None:
            return self._fixed_scale
        return wall_scale(self.width(), self.height(), self._number("wall.distance_m"), self._number("wall.height_m"))

    def _number(self, key: str) -> float | None:
        value = self._settings.get(key)
        return float(value) if isinstance(value, int | float) else None

    def arrange(self) -> None:
        """Lay the panels out for the present size, mode, warning and most urgent incident."""
        snapshot = self.scene.snapshot
        made = plan(self.width(), self.height(), self.wall_scale(), mode=snapshot.mode if snapshot else PEACE,
                    warning=bool(snapshot and snapshot.warnings), card=bool(snapshot and snapshot.focus),
                    extents=self._extents(snapshot), tiles=snapshot.chosen.count if snapshot else 0)
        if made == self.plan:
            return
        rescaled = self.plan is None or made.scale != self.plan.scale
        self.plan = made
        if rescaled:
            self._set_look()
            tokens.set_scale(made.scale * MAP_GROWTH)
        for name, panel in self.placed():
            rect = made.rects.get(name)
            if rect is not None:
                panel.setGeometry(QRect(rect.x, rect.y, rect.w, rect.h))
            panel.setVisible(rect is not None)
        self.tiles.set_count(max(1, made.camera_tiles))
        for panel in self.panels.values():
            if isinstance(panel, Holder):
                panel.place()

    def placed(self) -> list[tuple[str, QWidget]]:
        """Everything the layout places, by name."""
        return [*self.panels.items(), *([("map", self.map)] if self.map is not None else [])]

    def _extents(self, snapshot: WallSnapshot | None) -> Mapping[str, Extent]:
        if snapshot is None:
            return EXTENTS
        status = snapshot.status
        level, areas = ranked_level(snapshot.book), snapshot.book.areas
        return extents_of(channels=len(status.channels), urgent=snapshot.urgent_total, centres=len(status.centres),
                          streets=sum(a.area_id in areas and areas[a.area_id].level == level for a in status.areas),
                          supervised=snapshot.supervised_total, steps=len(snapshot.plan.items) if snapshot.plan else 0)

    def _set_look(self) -> None:
        self.scene = replace(self.scene, look=Look(self.wall_scale()))
        self.bars.set_look(self.scene.look.scale)
        self.tiles.set_look(self.scene.look.scale, self._nature())
        for panel in self.panels.values():
            panel.show_scene(self.scene)
        self._show()

    def _nature(self) -> str:
        return self.scene.snapshot.nature if self.scene.snapshot else "live"

    # ---- data ------------------------------------------------------------------------------------------------------

    @Slot(object)
    def _on_snapshot(self, snapshot: WallSnapshot) -> None:
        nature = self._nature()
        facts = self._bridge.facts
        zone = ZoneInfo(str(self._settings.get("zone") or (facts.timezone if facts is not None else ZONE)))
        self.scene = replace(self.scene, snapshot=snapshot, now=self._now(), lost_since=None, stale=self.link.stale,
                             zone=zone)
        if nature != snapshot.nature:
            self.tiles.set_look(self.scene.look.scale, snapshot.nature)
        self.arrange()
        self._turn_cameras()
        self._show()
        if self.map_feed is not None:
            if not self._map_fed:
                self._map_fed = True
                self.map_feed.start()
            self.map_feed.show_counts(snapshot.status)

    @Slot()
    def _on_freshness(self) -> None:
        snapshot = self.scene.snapshot
        since = (snapshot.at if snapshot else self._now()) if self.link.lost else None
        self.scene = replace(self.scene, stale=self.link.stale, lost_since=since,
                             fault=self.link.fault.message if self.link.fault else None)
        self._show()

    @Slot()
    def _on_tick(self) -> None:
        self.link.check()
        self._turn_cameras()
        now = self._now()
        if int(now) != self._second:
            self._second = int(now)
            self.scene = replace(self.scene, now=now)
            self._show()

    def _turn_cameras(self) -> None:
        """The patrol goes by real time, a drill's clock may run faster."""
        snapshot = self.scene.snapshot
        if snapshot is None:
            return
        before = self.cameras.turn
        if self.cameras.update(snapshot.grave, snapshot.beside, snapshot.wall_cameras, snapshot.chosen) != before:
            self.panels["cameras"].update()

    def _now(self) -> float:
        facts = self._bridge.facts
        return facts.clock.now().timestamp() if facts is not None else self.scene.now

    def _show(self) -> None:
        """All panels take the new scene at once and are painted one a turn of the event loop: painted together they
        would hold up everything else."""
        for panel in self.panels.values():
            panel.take(self.scene)
        self._due |= dict.fromkeys(self.panels)
        self._brush.start()
        snapshot = self.scene.snapshot
        if snapshot is not None:
            hour = local(self.scene.now, self.scene.zone).hour
            self.bars.set_values(snapshot.status.hourly, hour, dim=self.scene.stale)
            self._show_map(self.map, snapshot)

    @Slot()
    def _on_brush(self) -> None:
        name = next(iter(self._due), None)
        if name is None:
            return
        del self._due[name]
        panel = self.panels[name]
        if panel.isVisible():
            panel.repaint()
        if self._due:
            self._brush.start()

    def _show_map(self, map_: WorkMap | None, snapshot: WallSnapshot) -> None:
        if map_ is not None:
            map_.focus_id = snapshot.focus.row.id if snapshot.focus else ""
            map_.show_mode(snapshot.mode)
            map_.keep_clear()
            map_.set_data_age(self.scene.age_s)

    def _hourly_titles(self, scene: Scene) -> tuple[str, tuple[str, ...]]:
        return say("Today by hour"), (say("incidents an hour"),)

    def _hourly_absent(self, scene: Scene) -> tuple[str, ...]:
        if scene.snapshot is None:
            return (say("waiting for data"),)
        fed = any(c.last_at is not None for c in scene.snapshot.status.channels)
        return () if fed else (say("not connected"),)

    def _camera_absent(self, scene: Scene) -> tuple[str, ...]:
        if scene.snapshot is None:
            return (say("waiting for data"),)
        if not scene.snapshot.cameras:
            return (say("not connected"),)
        return () if self.cameras.turn.cameras or scene.snapshot.wall_cameras else (
            say("no camera is released for the wall"),)

    def _camera_titles(self, scene: Scene) -> tuple[str, tuple[str, ...]]:
        snapshot, turn = scene.snapshot, self.cameras.turn
        if snapshot is None:
            return say("Video"), ()
        if turn.incident is not None:
            kind = kind_text(turn.incident, snapshot.book, scene.lang)
            return say("Video beside: {kind}", kind=kind), (say("turned by itself"),)
        name = text.plain(turn.name)
        title = say("Video: {name}", name=name) if name else say("Video")
        if snapshot.visitors:
            title = f"{title} · {say('visitors: blurred')}"
        if not turn.cameras or turn.places is not None:
            return title, ()
        round_ = say("patrol {page} of {pages}", page=turn.page + 1, pages=turn.pages)
        if turn.passed_over:
            passed = say("{n} passed over", n=turn.passed_over)
            return title, (f"{round_} · {passed}", round_, say("patrol"))
        return title, (round_, say("patrol"))

    # ---- window ----------------------------------------------------------------------------------------------------

    def is_settled(self) -> bool:
        """Whether all that the screen shows has arrived."""
        if self.link.lost:
            return True
        if self.scene.snapshot is None or self._due or not self._bridge.idle:
            return False
        if any(tile.state.state in (CONNECTING, RECONNECTING) for tile in self.tiles.tiles) \
                and time.perf_counter() - self._began < PICTURES_S:
            return False
        fed = self.map_feed is not None and self._map_fed and self.map_feed.is_settled()
        return self.map is None or (fed and self.map.index is not None and self.map.tiles.settled())

    def showFullScreen(self) -> None:
        """Full screen on the screen that was asked for, the first one where it is not there."""
        screens = QGuiApplication.screens()
        number = self._screen_number or 0
        there = number < len(screens)
        target: QScreen | None = screens[number] if there else QGuiApplication.primaryScreen()
        if not there and target is not None:
            log.info("There is no monitor %d (there are 0 to %d); shown on %s until it comes", number, len(screens) - 1,
                     target.name())
        if target is not None:
            self.setScreen(target)
            self.setGeometry(target.geometry())
        super().showFullScreen()

    @Slot(QScreen)
    def _on_screen_added(self, _screen: QScreen) -> None:
        """The monitor is back: so is the wall."""
        if self.isFullScreen():
            self.showFullScreen()

    @Slot()
    def _on_look_changed(self) -> None:
        self._set_look()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Another language: every text anew."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.scene = replace(self.scene, lang=text.language().lang)
            self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new size."""
        super().resizeEvent(event)
        self.arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground between the panels; never white."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(tokens.current().ground))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Shift+Q leaves; Esc leaves full screen, but not in a kiosk."""
        ctrl_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_Q and event.modifiers() & ctrl_shift == ctrl_shift:
            self.leave()
            self.close()
        elif event.key() == Qt.Key.Key_Escape and not self._kiosk and self.isFullScreen():
            self.showNormal()
        elif self.video.key(event):
            event.accept()
        elif event.key() == Qt.Key.Key_Asterisk:
            if self.map is not None:
                self.map.release()
        else:
            super().keyPressEvent(event)

    def leave(self) -> None:
        """Let the next close end a kiosk too (the program ends)."""
        self._leave = True

    def closeEvent(self, event: QCloseEvent) -> None:
        """A kiosk is left by Ctrl+Shift+Q or by the program's end, not by the window system."""
        if self._kiosk and not self._leave and event.spontaneous():
            event.ignore()
            return
        self._tick.stop()
        self.link.stop()
        if self.map_feed is not None and self._map_fed:
            self._map_fed = False
            self.map_feed.stop()
        self.cameras.close()
        self.hub.close()
        if self._own_runner is not None:
            self._own_runner.close()
        if self._awake is not None:
            self._awake.release()
        super().closeEvent(event)



