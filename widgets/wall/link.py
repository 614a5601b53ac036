"""The wall's line to its seat: one snapshot at a time, as often as things change, and what to say when none comes."""
from __future__ import annotations

from collections import deque

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from app.services.changes import Changes
from app.services.seat import Seat
from widgets.bridge.bridge import Bridge
from widgets.bridge.faults import Fault
from widgets.wall.snapshot import WallReader, WallSnapshot

REST_MS, REST_SHARE = 400, 3
"""while changes never cease: least pause between an answer and the next question, and the pause in readings' lengths;
a change after a pause is read at once"""
HEARTBEAT_MS = 4_000
"""a reading even when nothing changed: ages and links move on"""
RETRY_MS = 5_000
"""pause before a seat that could not be opened is tried again: nobody stands at a wall to do it"""
STALE_S = 12.0
"""data that old (real seconds) is greyed"""
LOST_S = 20.0
"""and so long without an answer the seat counts as lost"""


class WallLink(QObject):
    """Asks the bridge for snapshots. Signals: `arrived(WallSnapshot)`, `freshness_changed()`.

    `stale`: older than its limit. `lost`: the seat does not answer; `fault` says why where it is known.
    """

    arrived = Signal(object)
    freshness_changed = Signal()

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._reader = WallReader()
        self._notes: deque[Changes] = deque()
        self._forget = False
        self._asked = QElapsedTimer()
        self._waiting = False
        self._again = False
        self._good = QElapsedTimer()
        self._good.start()
        self._faulty = False
        self.fault: Fault | None = None
        self.stale = False
        self.lost = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._ask)
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.setInterval(RETRY_MS)
        self._retry.timeout.connect(bridge.start)
        self._beat = QTimer(self)
        self._beat.setInterval(HEARTBEAT_MS)
        self._beat.timeout.connect(self.refresh)
        bridge.ready.connect(self._on_ready)
        bridge.failed.connect(self._on_failed)
        bridge.changed.connect(self._on_changed)
        bridge.trouble.connect(self._on_trouble)
        self._beat.start()
        if bridge.facts is not None:
            self.refresh()

    def stop(self) -> None:
        """No more questions."""
        self._beat.stop()
        self._rest.stop()
        self._retry.stop()

    @Slot()
    def refresh(self) -> None:
        """Read as soon as the last question is answered and the pause is over."""
        if self._waiting:
            self._again = True
        elif not self._rest.isActive():
            self._ask()

    @Slot()
    def _ask(self) -> None:
        self._waiting, self._again = True, False
        self._asked.start()
        self._bridge.ask(self._read, self._on_snapshot, self._on_fault, owner=self, key="wall")

    def _read(self, seat: Seat) -> WallSnapshot:
        """On the database thread."""
        if self._forget:
            self._forget = False
            self._reader.forget()
        while self._notes:
            self._reader.note(self._notes.popleft())
        return self._reader.read(seat)

    def _on_snapshot(self, snapshot: WallSnapshot) -> None:
        self._faulty, self.fault = False, None
        self._good.restart()
        self._settle()
        self.check()
        self.arrived.emit(snapshot)

    def _on_fault(self, fault: Fault) -> None:
        self._settle()
        self._forget = True
        self._down(fault)

    def _settle(self) -> None:
        self._waiting = False
        if self._again:
            self._again = False
            self._rest.start(max(REST_MS, REST_SHARE * int(self._asked.elapsed())))

    def _down(self, fault: Fault) -> None:
        self._faulty, self.fault = True, fault
        self.check()

    @Slot()
    def check(self) -> None:
        """Judge freshness by real time; the wall calls it every second."""
        age_s = self._good.elapsed() / 1000
        if self._waiting and self._asked.elapsed() > LOST_S * 1000:
            self._waiting = False
        state = (age_s > STALE_S or self._faulty, self._faulty or age_s > LOST_S)
        if state != (self.stale, self.lost):
            self.stale, self.lost = state
            self.freshness_changed.emit()

    @Slot()
    def _on_ready(self) -> None:
        self._forget = True
        self.refresh()

    @Slot(object)
    def _on_failed(self, fault: Fault) -> None:
        self._down(fault)
        self._retry.start()

    @Slot(object)
    def _on_trouble(self, fault: Fault | None) -> None:
        if fault is None:
            self.refresh()
        elif not fault.internal:
            self._down(fault)

    @Slot(object)
    def _on_changed(self, changes: Changes) -> None:
        self._notes.append(changes)
        self.refresh()
