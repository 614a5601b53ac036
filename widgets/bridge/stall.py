"""Watches the event loop: how late a 10 ms timer comes. A thread takes the main thread's stack while it hangs."""
from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from collections import deque
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer, Slot

log = logging.getLogger(__name__)

TICK_MS = 10
WARN_S = 1.0
KEPT = 6_000
"""Latest lags that the figures are made of: one minute."""


@dataclass(frozen=True, slots=True)
class StallFigures:
    """Lags of the event loop over the last minute, in ms beyond the timer's own 10 ms."""

    p50_ms: float
    p99_ms: float
    max_ms: float
    count: int


class StallWatch(QObject):
    """Measures while it runs. A lag above one second is logged once per stall, with where the main thread stood."""

    def __init__(self, parent: QObject | None = None, *, warn_s: float = WARN_S, tick_ms: int = TICK_MS) -> None:
        super().__init__(parent)
        self._tick_s, self._warn_s = tick_ms / 1000, warn_s
        self._lags: deque[float] = deque(maxlen=KEPT)
        self._main = threading.get_ident()
        self._beat = time.perf_counter()
        self._max_ever = 0.0
        self._stack: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, name="stall-watch", daemon=True)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        """Begin measuring."""
        self._beat = time.perf_counter()
        self._timer.start(round(self._tick_s * 1000))
        self._thread.start()

    def close(self) -> None:
        """Stop measuring, join the thread."""
        self._timer.stop()
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def figures(self) -> StallFigures:
        """The figures of the last minute; zeros before anything was measured."""
        if not self._lags:
            return StallFigures(0.0, 0.0, 0.0, 0)
        ordered = sorted(self._lags)
        return StallFigures(1000 * ordered[len(ordered) // 2], 1000 * ordered[min(len(ordered) - 1,
                            int(len(ordered) * 0.99))], 1000 * ordered[-1], len(ordered))

    def reset(self) -> None:
        """Forget what was measured."""
        self._lags.clear()

    @Slot()
    def _on_tick(self) -> None:
        now = time.perf_counter()
        lag = max(0.0, now - self._beat - self._tick_s)
        self._beat = now
        self._lags.append(lag)
        if lag > self._warn_s:
            stack, self._stack = "".join(self._stack) or "  (no sample)\n", []
            log.warning("the screen stood still for %.1f s, at:\n%s", lag, stack.rstrip())

    def _look(self) -> None:
        """Sample the main thread's stack once in each stall, when it has lasted half of the limit."""
        sampled = 0.0
        while not self._stop.wait(self._warn_s / 4):
            beat = self._beat
            if time.perf_counter() - beat > self._warn_s / 2 and sampled != beat:
                frame = sys._current_frames().get(self._main)
                self._stack = traceback.format_stack(frame)[-8:] if frame is not None else []
                sampled = beat
                del frame
