"""Windows and splitters of the desk, remembered for each set of monitors, brought back when a monitor goes or comes."""
from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication

from app.services.seat import Seat
from widgets.screens.desk_memory import KEY, Monitor, Places, read_places, seen, write_places

if TYPE_CHECKING:
    from widgets.screens.desk_body import DeskBody

SETTLE_MS = 500
"""Monitors come and go one by one while a dock is plugged in: wait until it is quiet."""
KEEP_MS = 1_000
"""So long after the last move of a window or handle its place is stored."""
HISTORY_KEY = "desk.history"


def monitors() -> list[Monitor]:
    """The monitors of now, the main one first."""
    screens = QGuiApplication.screens()
    first = QGuiApplication.primaryScreen()
    screens.sort(key=lambda s: s is not first)
    return [Monitor(s.name(), s.availableGeometry()) for s in screens]


class DeskPlaces(QObject):
    """Loads and saves places through the seat's settings: soon after each move, so that a monitor that goes and comes
    back finds its windows again, and so does a desk that was cut off."""

    def __init__(self, body: DeskBody) -> None:
        super().__init__(body)
        self._body = body
        self._stored: object = None
        self._loaded = False
        self._kept: tuple[object, list[str]] | None = None
        self._keep = QTimer(self)
        self._keep.setSingleShot(True)
        self._keep.setInterval(KEEP_MS)
        self._keep.timeout.connect(self._on_keep)
        body.desk.installEventFilter(self)
        for pane in body.panes.values():
            pane.moved.connect(self._on_pane_moved)
        body.split.splitterMoved.connect(self._touched)
        body.side.split.splitterMoved.connect(self._touched)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self._on_settled)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenAdded.connect(self._on_screens)
            app.screenRemoved.connect(self._on_screens)

    def load(self) -> None:
        """Ask the seat, then put windows where they were."""
        def ask(seat: Seat) -> tuple[object, object]:
            return seat.setting(KEY), seat.setting(HISTORY_KEY)

        self._body.bridge.ask(ask, self._on_loaded, lambda _fault: None, owner=self)

    def _on_loaded(self, answer: tuple[object, object]) -> None:
        self._stored, history = answer
        self._loaded = True
        if isinstance(history, list):
            self._body.command.set_history(str(line) for line in history)
        self.apply(read_places(self._stored, monitors()))

    def apply(self, places: Places) -> None:
        """Put windows and splitters there."""
        window = self._body.desk
        if places.main is not None:
            window.setGeometry(places.main)
        if places.full:
            window.showMaximized()
        split = places.sizes.get("main")
        if split:
            self._body.moved_by_hand = True
            self._body.split.restoreState(QByteArray.fromBase64(split.encode("ascii", "ignore")))
        side = places.sizes.get("side_low" if self._body.side.low else "side")
        if side:
            self._body.side.restore(side)
        for name, pane in self._body.panes.items():
            rect = places.floats.get(name)
            if rect is None:
                continue
            if pane.window_ is None:
                pane.tear(rect)
            elif pane.window_.geometry() != rect:
                pane.window_.setGeometry(rect)
            if pane.window_ is not None and any(s.geometry() == rect for s in QGuiApplication.screens()):
                pane.window_.showFullScreen()

    def now(self) -> Places:
        """Where everything is."""
        body = self._body
        split = bytes(body.split.saveState().toBase64().data()).decode("ascii")
        floats = {n: p.window_.geometry() for n, p in body.panes.items() if p.window_ is not None}
        side = "side_low" if body.side.low else "side"
        old = read_places(self._stored, monitors()).sizes
        return Places(body.desk.normalGeometry(), body.desk.isMaximized(), floats,
                      {**old, **({"main": split} if body.moved_by_hand else {}),
                       **({side: body.side.state()} if body.side.moved_by_hand else {})})

    def save(self) -> None:
        """Keep places for the monitors of now, and the lines of the command line."""
        self._keep.stop()
        if not self._loaded:
            return
        self._stored = stored = write_places(self._stored, monitors(), self.now())
        history = list(self._body.command.history())
        if self._kept == (stored, history):
            return
        self._kept = stored, history

        def keep(seat: Seat) -> None:
            seat.set_setting(KEY, stored)
            seat.set_setting(HISTORY_KEY, history)

        self._body.bridge.ask(keep, None, lambda _fault: None, owner=self, act=True)

    def stop(self) -> None:
        """The desk closes: what is put back into it from now on is no wish of anybody."""
        self.save()
        self._loaded = False
        self._timer.stop()

    @Slot()
    def _touched(self) -> None:
        if self._loaded:
            self._keep.start()

    @Slot()
    def _on_keep(self) -> None:
        if self._timer.isActive():  # monitors come or go: where windows are now is nobody's wish
            self._keep.start()
        else:
            self.save()

    @Slot()
    def _on_pane_moved(self) -> None:
        for pane in self._body.panes.values():
            if pane.window_ is not None:
                pane.window_.installEventFilter(self)  # a second time is the same
        self._touched()
        if self._loaded and not self._timer.isActive():
            self._stored = write_places(self._stored, monitors(), self.now())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.WindowStateChange):
            self._touched()
        return False

    @Slot(object)
    def _on_screens(self, _screen: object) -> None:
        self._timer.start()

    @Slot()
    def _on_settled(self) -> None:
        """A known set of monitors: everything goes where it was on it. Else: what nobody can see comes back."""
        there = monitors()
        known = read_places(self._stored, there)
        for pane in self._body.panes.values():
            if pane.window_ is not None and not seen(pane.window_.frameGeometry(), there):
                pane.dock()
        if known.main is not None:
            self.apply(known)
        elif there and not seen(self._body.desk.frameGeometry(), there):
            self._body.desk.setGeometry(there[0].area.adjusted(40, 40, -40, -40))
