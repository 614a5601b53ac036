"""The second lane: video frames. One slot per tile holds the latest frame; older ones are dropped, never queued.

    lane = FrameLane(parent)
    lane.arrived.connect(self._on_frames)      # tile ids with a new frame, at most 125 times a second
    lane.put(tile_id, image, meta)             # any thread
    frame = lane.take(tile_id)                 # GUI thread
"""
from __future__ import annotations

import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage

FRAME_INTERVAL_MS = 8
"""half of a screen's: a picture waits 4 ms on average, and pictures that came together are painted in slices"""


@dataclass(slots=True)
class Frame:
    """A picture and what its source says about it; `put_at`: perf_counter seconds of its arrival in the lane."""

    image: QImage
    meta: object
    put_at: float
    keep: object = None


class FrameLane(QObject):
    """Latest-frame slots. `put` blocks for no longer than a dictionary access. The first frame after a rest wakes the
    GUI at once; while frames keep coming a timer looks for them: each wake from another thread has its price."""

    arrived = Signal(object)
    _woken = Signal()

    def __init__(self, parent: QObject | None = None, *, interval_ms: int = FRAME_INTERVAL_MS) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._slots: dict[Hashable, Frame] = {}
        self._fresh: set[Hashable] = set()
        self._shown: set[Hashable] = set()
        self._asleep = True
        self._closed = False
        self.dropped = 0
        self._timer = QTimer(self)
        self._timer.setInterval(interval_ms)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)

    def watch(self, tile_id: Hashable, on: bool = True) -> None:
        """Frames of watched tiles only are kept; those of others are dropped at once."""
        with self._lock:
            if on:
                self._shown.add(tile_id)
                return
            self._shown.discard(tile_id)
            self._fresh.discard(tile_id)
            old = self._slots.pop(tile_id, None)
        del old

    def put(self, tile_id: Hashable, image: QImage, meta: object = None, keep: object = None) -> None:
        """Offer a frame from any thread. `image` must not be drawn on later; `keep` is what owns its pixels, if it
        does not itself."""
        frame = Frame(image, meta, time.perf_counter(), keep)
        with self._lock:
            if self._closed or tile_id not in self._shown:
                return
            if tile_id in self._fresh:
                self.dropped += 1
            self._slots[tile_id] = frame
            self._fresh.add(tile_id)
            wake, self._asleep = self._asleep, False
        if wake:
            self._woken.emit()

    def take(self, tile_id: Hashable) -> Frame | None:
        """The newest frame of a tile, also when it was taken before; None: there never was one."""
        with self._lock:
            return self._slots.get(tile_id)

    def close(self) -> None:
        """Drop all frames and take no more."""
        self._timer.stop()
        with self._lock:
            self._closed = True
            self._slots.clear()
            self._fresh.clear()
            self._shown.clear()

    @Slot()
    def _on_woken(self) -> None:
        if not self._closed:
            self._timer.start()
            self._on_tick()

    @Slot()
    def _on_tick(self) -> None:
        with self._lock:
            fresh, self._fresh = frozenset(self._fresh), set()
            self._asleep = not fresh
        if fresh and not self._closed:
            self.arrived.emit(fresh)
        elif not fresh:
            self._timer.stop()
