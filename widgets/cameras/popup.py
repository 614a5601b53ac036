"""One camera over the map: its picture, its health, and where it may go from here."""
from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from app.ports import Clock
from app.services.changes import Changes
from app.services.seat import Seat
from app.services.views import CameraRow, QueueRow
from app.text import plain
from widgets.bridge.bridge import Bridge
from widgets.cameras.board_menus import fill_modes
from widgets.cameras.camera_list import short_time, state_word
from widgets.cameras.feeds import FeedHub
from widgets.cameras.hands import TileHands
from widgets.cameras.looking import Looking
from widgets.cameras.ptz import PtzBar
from widgets.cameras.reason import ReasonBar
from widgets.cameras.tile import Tile, say
from widgets.theme.labels import Label
from widgets.theme.tokens import px

WIDE, HIGH = 440, 404


class CameraPopup(QFrame):
    """`show_camera(row)`; Esc or × closes it and ends the view.

    Signals: `to_board(camera id)` · `snapshot_wanted(tile, to a file)` · `closed()`.
    """

    to_board = Signal(str)
    snapshot_wanted = Signal(object, bool)
    closed = Signal()

    def __init__(self, bridge: Bridge, hub: FeedHub, clock: Clock, parent: QWidget, *, nature: str = "live") -> None:
        super().__init__(parent)
        self.setObjectName("raised")
        self._bridge, self._clock = bridge, clock
        self._camera: CameraRow | None = None
        self.looking = Looking(bridge, hub, self)
        self.tile = Tile(self, nature=nature)
        self._hands = TileHands(self)
        self._hands.take(self.tile)
        self.tile.setAcceptDrops(False)
        self._hands.menu_asked.connect(self._on_menu)
        self._hands.double_clicked.connect(self._on_double)
        self.ptz = PtzBar(bridge, hub.runner, hub.ptz, self)
        self.reason = ReasonBar(self)
        self.reason.given.connect(self._look)
        self._title, self._health = Label("", "strong", self), Label("", "muted", self)
        for label in (self._title, self._health):
            label.setWordWrap(True)
        self._buttons = {name: QToolButton(self) for name in ("board", "still", "close")}
        self._buttons["board"].clicked.connect(self._on_board)
        self._buttons["still"].clicked.connect(lambda: self.snapshot_wanted.emit(self.tile, False))
        self._buttons["close"].setObjectName("link")
        self._buttons["close"].setText("×")
        self._buttons["close"].clicked.connect(self.leave)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._buttons["close"], 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self._buttons["board"])
        foot.addWidget(self._buttons["still"])
        foot.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(10), px(6), px(8), px(8))
        box.setSpacing(px(4))
        box.addLayout(head)
        box.addWidget(self.tile, 1)
        box.addWidget(self.ptz)
        box.addWidget(self._health)
        box.addLayout(foot)
        box.addWidget(self.reason)
        bridge.changed.connect(self._on_changed)
        self._retranslate()
        self.hide()

    def set_incident(self, row: QueueRow | None) -> None:
        """The selected incident: a reason to look."""
        self.reason.set_incident(row)

    def open(self, camera_id: str) -> None:
        """Show a camera by its id, as soon as the seat has answered."""
        def find(seat: Seat) -> CameraRow | None:
            return next(iter(seat.cameras([camera_id])), None)

        self._bridge.ask(find, self._on_found, owner=self, key="camera")

    def _on_found(self, camera: CameraRow | None) -> None:
        if camera is not None:
            self.show_camera(camera)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        camera = self._camera
        if camera is not None and self.isVisible() and changes.cameras & {camera.id, "*"}:
            self._bridge.ask(lambda seat: seat.cameras([camera.id]), self._on_known, owner=self, key="again")

    def _on_known(self, found: Sequence[CameraRow]) -> None:
        """What is known now of the camera that is shown."""
        for camera in found:
            if self._camera is not None and camera.id == self._camera.id and self.isVisible():
                self._camera = camera
                self._title.setText(plain(camera.name))
                self._say()
                self._look()

    def show_camera(self, camera: CameraRow) -> None:
        """Show a camera."""
        self._camera = camera
        self._title.setText(plain(camera.name))
        self._say()
        self.place()
        self.show()
        self.raise_()
        if not self.reason.reason[0]:
            self.reason.ask()
        self._look()

    def place(self) -> None:
        """Upper left corner of the map, below its layers."""
        parent = self.parentWidget()
        if parent is not None:
            wide = min(px(WIDE), parent.width() - px(24))
            high = min(px(HIGH), parent.height() - px(68))
            self.setGeometry(px(12), px(56), wide, high)

    @Slot()
    def _look(self) -> None:
        if self._camera is not None and self.isVisible():
            self.looking.show(self.tile, self._camera, *self.reason.reason)
            self.ptz.show_for(self._camera if self.reason.reason[0] else None, *self.reason.reason)

    @Slot()
    def leave(self) -> None:
        """Close it; the view ends."""
        self.hide()
        self.closed.emit()

    @Slot()
    def _on_board(self) -> None:
        if self._camera is not None:
            self.to_board.emit(self._camera.id)
            self.leave()

    @Slot(object)
    def _on_double(self, _tile: Tile) -> None:
        self._on_board()

    @Slot(object, QPoint)
    def _on_menu(self, tile: Tile, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(say("To the video board"), self._on_board)
        menu.addAction(say("Snapshot into the incident"), lambda: self.snapshot_wanted.emit(tile, False))
        menu.addAction(say("Snapshot to a file"), lambda: self.snapshot_wanted.emit(tile, True))
        fill_modes(menu.addMenu(say("Mode")), tile)
        menu.popup(at)

    def _say(self) -> None:
        camera = self._camera
        if camera is None:
            return
        now = self._clock.now().timestamp()
        self._health.setText(say("{state} since {since} · last picture {picture}", state=state_word(camera),
                                 since=short_time(camera.since, now), picture=short_time(camera.picture_at, now)))

    def _retranslate(self) -> None:
        self._buttons["board"].setText(say("To the board"))
        self._buttons["still"].setText(say("Snapshot"))
        self._buttons["close"].setAccessibleName(say("Close"))
        self._say()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: the view ends."""
        super().hideEvent(event)
        self.looking.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
