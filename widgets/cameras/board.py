"""The desk's video board: tiles in a layout, named walls, patrols, the list of cameras, and what hands do with them."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QToolButton, QVBoxLayout, QWidget

from app.domain.faults import Refused
from app.ports import Clock
from app.services import video_orders
from app.services import video_walls as vw
from app.services.changes import Changes
from app.services.seat import Seat
from app.services.video_walls import Patrol, VideoWall
from app.services.views import AreaRow, CameraRow, QueueRow
from app.text import plain, render
from widgets.bridge.bridge import Bridge
from widgets.bridge.faults import Fault
from widgets.cameras.asking import AskLine
from widgets.cameras.board_kept import Kept, read_kept
from widgets.cameras.board_menus import BoardMenus, patrol_words
from widgets.cameras.board_rows import CameraRows
from widgets.cameras.camera_list import CameraList
from widgets.cameras.feeds import FeedHub
from widgets.cameras.grid import TileGrid
from widgets.cameras.hands import TileHands
from widgets.cameras.looking import Looking
from widgets.cameras.ptz import PtzBar
from widgets.cameras.reason import ReasonBar
from widgets.cameras.rota import patrol as stop_of
from widgets.cameras.tile import Tile, say
from widgets.cameras.turner import AHEAD_S, Show, Turner
from widgets.theme.labels import Label
from widgets.theme.tokens import px

TURN_MS = 200
LIST_SHARE = 0.36
LAYOUT_KEYS = {Qt.Key.Key_1: 1, Qt.Key.Key_2: 4, Qt.Key.Key_3: 9, Qt.Key.Key_4: 16, Qt.Key.Key_5: 25, Qt.Key.Key_6: 6}
"""1 to 5: so many tiles across and down; 6: one large and five small"""
_OF_TILES = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete)


class VideoBoard(QWidget):
    """Signals: `snapshot_wanted(tile, to a file)` · `on_map(camera id)` · `full_wanted()`
    · `said(text, good)` for the desk's banner."""

    snapshot_wanted = Signal(object, bool)
    on_map = Signal(str)
    full_wanted = Signal()
    said = Signal(str, bool)

    def __init__(self, bridge: Bridge, hub: FeedHub, clock: Clock, areas: Mapping[str, AreaRow], *,
                 nature: str = "live", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._bridge, self._clock, self.areas = bridge, clock, areas
        self.known = CameraRows(bridge, self.isVisible, self)
        self.rows: dict[str, CameraRow] = {}
        self.kept = Kept((), (), False, None)
        self._places: list[tuple[str, str, str | None]] = [("", "", None)] * 4
        self.patrol: Patrol | None = None
        self._round: list[CameraRow] = []
        self._elapsed = QElapsedTimer()
        self.wall_name = ""
        self._loaded = self._full = False
        self._stop = (1, 1)
        self.passed_over = 0
        self.grid = TileGrid(4, nature=nature)
        self.looking = Looking(bridge, hub, self)
        self._turner = Turner(self.grid, self.looking, self)
        self._hands = TileHands(self)
        self.ptz = PtzBar(bridge, hub.runner, hub.ptz, self)
        self.reason = ReasonBar(self)
        self.asking = AskLine(self)
        self.list = CameraList(self)
        self.note = Label("", "note", self)
        self.note.setWordWrap(True)
        self._tick = QTimer(self)
        self._tick.setInterval(TURN_MS)
        self._tick.timeout.connect(self._put)
        self._build()
        self._wire()
        self._retranslate()
        self._load()

    # ---- building --------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        def button(checkable: bool = False) -> QToolButton:
            made = QToolButton(self)
            made.setCheckable(checkable)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            return made

        self.walls_button, self.patrols_button = button(), button()
        self.menus = BoardMenus(self, self._bridge)
        for menu_button, fill in ((self.walls_button, self.menus.fill_walls),
                                  (self.patrols_button, self.menus.fill_patrols)):
            menu = QMenu(menu_button)
            menu.aboutToShow.connect(lambda menu=menu, fill=fill: fill(menu))
            menu_button.setMenu(menu)
            menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.layouts = {count: button(True) for count in vw.COUNTS}
        self.list_button, self.visitors_button, self.full_button = button(True), button(True), button()
        bar = QHBoxLayout()
        bar.setSpacing(px(4))
        bar.addWidget(self.walls_button)
        bar.addWidget(self.patrols_button)
        bar.addStretch(1)
        low = QHBoxLayout()
        low.setSpacing(px(2))
        low.addWidget(self.note, 1)
        for count, one in self.layouts.items():
            one.setText(str(count))
            one.setFixedWidth(px(34))
            one.clicked.connect(lambda _checked=False, count=count: self.set_count(count))
            low.addWidget(one)
        for one in (self.list_button, self.visitors_button, self.full_button):
            bar.addWidget(one)
        self.split = QSplitter(Qt.Orientation.Vertical, self)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.grid)
        self.split.addWidget(self.list)
        self.split.setStretchFactor(0, 1)
        self.list.hide()
        self.grid.setMinimumSize(px(160), px(90))
        self.grid.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.grid)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(8), px(6), px(8), px(6))
        box.setSpacing(px(4))
        box.addLayout(bar)
        box.addWidget(self.asking)
        box.addWidget(self.reason)
        box.addWidget(self.split, 1)
        box.addWidget(self.ptz)
        box.addLayout(low)

    def _wire(self) -> None:
        for tile in self.grid.tiles:
            self._hands.take(tile)
        self.grid.made.connect(self._hands.take)
        self._hands.dropped.connect(self._on_dropped)
        self._hands.double_clicked.connect(self.toggle_enlarged)
        self._hands.menu_asked.connect(self._on_menu)
        self.reason.given.connect(self._on_reason)
        self.list.chosen.connect(self.add_camera)
        self.list_button.toggled.connect(self.show_list)
        self.visitors_button.clicked.connect(lambda _on=False: self.toggle_visitors())
        self.full_button.clicked.connect(self.full_wanted)
        self._bridge.changed.connect(self._on_changed)
        self.known.came.connect(self._on_cameras)
        self.known.failed.connect(self._failed)

    # ---- what the seat keeps ---------------------------------------------------------------------------------------

    def _load(self) -> None:
        self._bridge.ask(read_kept, self._on_kept, self._failed, owner=self, key="kept")
        self.known.ask()

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        if changes.settings:
            self._bridge.ask(read_kept, self._on_kept, self._failed, owner=self, key="kept")

    def _on_kept(self, kept: Kept) -> None:
        self.kept = kept
        self.visitors_button.setChecked(kept.visitors)
        if not self._loaded:
            self._loaded = True
            board = vw.read_walls([kept.board]) if kept.board is not None else ()
            if board:
                self._lay(board[0])
        self._say()

    @Slot()
    def _on_cameras(self) -> None:
        self.rows = self.known.rows
        rows = tuple(self.rows.values())
        self.list.show_cameras(rows, self.areas, self._now())
        if self.patrol is not None:
            self._round = vw.members(self.patrol, rows, self.areas)
        self._put()

    def set_areas(self, areas: Mapping[str, AreaRow]) -> None:
        """Another version of the areas."""
        self.areas = areas
        self.known.ask()

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _failed(self, fault: Fault) -> None:
        self.said.emit(plain(render(fault.message)), False)

    def order(self, order: Callable[[Seat], Any], done: Callable[[Any], None] | None = None) -> None:
        self._bridge.ask(order, done or (lambda _nothing: None), self._failed, owner=self)

    # ---- what is shown ---------------------------------------------------------------------------------------------

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the saved walls and patrols."""
        return (*(w.name for w in self.kept.walls), *(p.name for p in self.kept.patrols))

    @property
    def cameras(self) -> list[str]:
        """Camera ids by place, "" for an empty one."""
        return [camera for camera, _, _ in self._places]

    def set_count(self, count: int) -> None:
        """Another layout; cameras beyond it go."""
        empty = ("", "", None)
        self._places = (self._places + [empty] * count)[:count]
        self.grid.set_count(count)
        self.remember()
        self._put()

    def add_camera(self, camera_id: str, at: int | None = None) -> None:
        """Show a camera in a place, else in the first empty one; where none is, the layout grows, at last the last
        place gives way."""
        self.stop_patrol()
        if at is None and camera_id in self.cameras:
            return
        if at is None:
            at = next((i for i, c in enumerate(self.cameras) if not c), None)
        if at is None:
            larger = next((c for c in vw.COUNTS if c > len(self._places)), None)
            at = len(self._places) if larger is not None else len(self._places) - 1
            if larger is not None:
                self.set_count(larger)
        reason, incident = self.reason.reason
        self._places[at] = (camera_id, reason, incident)
        self.wall_name = ""
        self.remember()
        if not reason:
            self.reason.ask()
        self._put()

    def take_away(self, tile: Tile) -> None:
        """Empty a place."""
        if tile in self.grid.tiles and self.patrol is None:
            self._places[self.grid.tiles.index(tile)] = ("", "", None)
            self.remember()
            self._put()

    def show_wall(self, wall: VideoWall) -> None:
        """Show a named wall."""
        self.stop_patrol()
        self._lay(wall)
        self.wall_name = wall.name
        self.remember()

    def _lay(self, wall: VideoWall) -> None:
        reason, incident = self.reason.reason
        self._places = [(c, reason, incident) if c else ("", "", None) for c in wall.cameras]
        self.grid.set_count(wall.count)
        if any(wall.cameras) and not reason and self.isVisible():
            self.reason.ask()
        self._put()

    def remember(self) -> None:
        """The board is there again after a restart."""
        board = vw.walls_json([VideoWall(self.wall_name or "board", len(self._places), tuple(self.cameras))])[0]
        self.order(lambda seat: seat.set_setting(vw.BOARD, board))
        self._say()

    def run_patrol(self, patrol: Patrol) -> None:
        """Turn the tiles through a patrol until `stop_patrol`."""
        self.patrol, self.wall_name = patrol, ""
        self._round = vw.members(patrol, self.rows.values(), self.areas)
        self._elapsed.restart()
        if not self.reason.reason[0]:
            self.reason.ask()
        self._put()

    def stop_patrol(self) -> None:
        """The tiles stay at what the patrol shows now."""
        if self.patrol is None:
            return
        shown = [self.looking.shown(tile) for tile in self.grid.tiles]
        self._places = [(s[0].id, s[1], s[2]) if s is not None else ("", "", None) for s in shown]
        self.patrol, self.passed_over = None, 0
        self._put()

    def set_incident(self, row: QueueRow | None) -> None:
        """The incident that is selected: a reason, and where snapshots go."""
        self.reason.set_incident(row)

    @Slot()
    def _on_reason(self) -> None:
        reason, incident = self.reason.reason
        self._places = [(c, r, i) if r or not c else (c, reason, incident) for c, r, i in self._places]
        self._put()

    @Slot()
    def _put(self) -> None:
        if not self.isVisible():
            self._turner.clear()
            self.looking.clear()
            self.ptz.show_for(None, "")
            return
        if self.patrol is not None:
            self._put_patrol(self.patrol)
        else:
            self._turner.put([Show(self.rows[c], reason, incident) if c in self.rows else None
                              for c, reason, incident in self._places], empty_word=say("drop a camera here"))
        self._offer_turning()
        self._say()

    def _offer_turning(self) -> None:
        """Arrows below the tile that is enlarged, or the only one: what moves must be seen well."""
        tile = self.grid.enlarged or (self.grid.tiles[0] if len(self.grid.tiles) == 1 else None)
        shown = self.looking.shown(tile) if tile is not None else None
        self.ptz.show_for(*(shown if shown is not None and shown[1] else (None, "")))

    def _put_patrol(self, patrol: Patrol) -> None:
        reason, incident = self.reason.reason
        turn = stop_of(self._round, len(self.grid.tiles), self._elapsed.elapsed() / 1000, patrol.dwell_s,
                       min(AHEAD_S, patrol.dwell_s / 2) if reason else 0.0)
        self._turner.put([Show(c, reason, incident) for c in turn.cameras],
                         [Show(c, reason, incident) for c in turn.coming], patrol=True)
        self.passed_over = turn.passed_over + len(self._turner.silent)
        self._stop = (turn.page + 1, turn.pages)

    # ---- hands -----------------------------------------------------------------------------------------------------

    @Slot(object, str, object)
    def _on_dropped(self, tile: Tile, camera_id: str, source: Tile | None) -> None:
        """A camera onto a tile; a tile's camera onto another one: the two change places."""
        if tile not in self.grid.tiles:
            return
        at = self.grid.tiles.index(tile)
        if source is not None and source in self.grid.tiles:
            self.stop_patrol()
            self.swap(self.grid.tiles.index(source), at)
        else:
            self.add_camera(camera_id, at)

    def swap(self, one: int, other: int) -> None:
        """Two tiles change places, pictures and all."""
        self._places[one], self._places[other] = self._places[other], self._places[one]
        self.grid.swap(one, other)
        self.wall_name = ""
        self.remember()
        self._put()

    @Slot(object)
    def toggle_enlarged(self, tile: Tile) -> None:
        """One tile over all others, and back."""
        self.grid.enlarge(None if self.grid.enlarged is tile else tile if tile.camera is not None else None)

    @Slot(object, QPoint)
    def _on_menu(self, tile: Tile, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menus.fill_tile(menu, tile)
        if not menu.isEmpty():
            menu.popup(at)

    def current_tile(self) -> Tile | None:
        """The tile that acts are about: the enlarged one, the one under the pointer, else the first with a picture."""
        tiles = self.grid.tiles
        return self.grid.enlarged or next((t for t in tiles if t.underMouse() and t.camera is not None), None) \
            or next((t for t in tiles if t.has_picture), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1 to 6: layouts; Enter enlarges; Del empties; Esc goes back to all tiles. In the list of cameras Enter and
        Del are not the tiles'."""
        key = Qt.Key(event.key())
        tile = self.current_tile()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _OF_TILES and self.list.view.hasFocus():
            event.accept()
        elif key in LAYOUT_KEYS:
            self.set_count(LAYOUT_KEYS[key])
        elif key == Qt.Key.Key_Escape and self.grid.enlarged is not None:
            self.grid.enlarge(None)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and tile is not None:
            self.toggle_enlarged(tile)
        elif key == Qt.Key.Key_Delete and tile is not None:
            self.take_away(tile)
        else:
            super().keyPressEvent(event)

    # ---- orders by words -------------------------------------------------------------------------------------------

    def save_as(self, name: str) -> None:
        """Keep the board under a name."""
        wall = VideoWall(name, len(self._places), tuple(self.cameras))

        def done(kept: VideoWall) -> None:
            self.wall_name = kept.name
            self.said.emit(say("Wall saved: {name}", name=kept.name), True)

        self.order(lambda seat: video_orders.save_wall(seat, wall), done)

    def show_named(self, words: str) -> None:
        """Show the wall or patrol that people mean; refused in the banner when it is not clear."""
        def find(seat: Seat) -> VideoWall | Patrol:
            try:
                return vw.named(video_orders.walls(seat), words)
            except Refused:
                return vw.named(video_orders.patrols(seat), words)

        def show(found: VideoWall | Patrol) -> None:
            if isinstance(found, VideoWall):
                self.show_wall(found)
            else:
                self.run_patrol(found)

        self.order(find, show)

    def put_on_wall(self, words: str) -> None:
        """Tell the big wall what to show."""
        def done(told: vw.OnWall) -> None:
            self.said.emit(say("The big wall shows: {name}", name=told.name) if told.name
                           else say("The big wall turns its cameras by itself."), True)
        self.order(lambda seat: video_orders.put_on_wall(seat, words), done)

    def toggle_visitors(self) -> None:
        """Visitors come or go: one act for all screens of the seat, kept until it is ended."""
        def done(on: bool) -> None:
            self.said.emit(say("Visitors' mode: pictures are blurred on desk and wall.") if on
                           else say("Visitors' mode is over."), True)
        self.order(video_orders.set_visitors, done)

    def show_list(self, on: bool) -> None:
        """The list of cameras below the tiles, or not."""
        self.list.setVisible(on)
        self.list_button.setChecked(on)
        if on:
            high = max(200, self.split.height())
            self.split.setSizes([round(high * (1 - LIST_SHARE)), round(high * LIST_SHARE)])
            self.list.filter.setFocus()

    def show_full(self, on: bool) -> None:
        """Whether the board has the whole screen: then the button leads back."""
        self._full = on
        self.grid.grow(on)
        self._retranslate()

    # ---- looks -----------------------------------------------------------------------------------------------------

    def _say(self) -> None:
        for count, one in self.layouts.items():
            one.setChecked(count == len(self.grid.tiles))
        words = []
        if self.patrol is not None:
            words += patrol_words(self.patrol, *self._stop, self.passed_over)
        elif self.wall_name:
            words.append(say("wall {name}", name=plain(self.wall_name)))
        if self.grid.enlarged is not None:
            words.append(say("double click or Esc: all tiles again"))
        elif self.patrol is None:
            words.append(say("wheel zooms · double click enlarges · drag to swap"))
        self.note.setText(" · ".join(words))

    def _retranslate(self) -> None:
        self.walls_button.setText(say("Walls"))
        self.patrols_button.setText(say("Patrol"))
        self.list_button.setText(say("Cameras"))
        self.visitors_button.setText(say("Visitors"))
        self.full_button.setText(say("Back  Esc") if self._full else say("Full screen"))
        self._say()

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to look."""
        super().showEvent(event)
        self._tick.start()
        self.known.wake()
        if any(c and not r for c, r, _ in self._places):
            self._on_reason()
            self.reason.ask()
        self._put()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: the views end."""
        super().hideEvent(event)
        self._tick.stop()
        self._put()

    def close_views(self) -> None:
        """End all views (the desk closes)."""
        self._tick.stop()
        self._turner.clear()
        self.looking.clear()
