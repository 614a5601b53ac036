"""Cyclic garbage is collected on the main thread only.

The collector runs on whatever thread allocates; on a worker it would destroy QObjects there and crash. So it is
switched off, and a timer of the main thread collects instead: young generations often, the old one rarely.
"""
from __future__ import annotations

import gc
import logging
import time

from PySide6.QtCore import QObject, QTimer, Slot

log = logging.getLogger(__name__)

INTERVAL_MS = 500
FULL_EVERY_S = 60.0
FULL_AT_ONCE_OBJECTS = 200_000
"""So many objects in the youngest generation (collector off for long under load) call for a full collection."""


class GcGuard(QObject):
    """Switches automatic collection off while it lives; `close` gives it back as it was."""

    def __init__(self, parent: QObject | None = None, *, interval_ms: int = INTERVAL_MS) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        self._thresholds = gc.get_threshold()
        self._last_full = time.perf_counter()
        self.longest_ms = 0.0
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start(interval_ms)

    def close(self) -> None:
        """Stop; automatic collection is as it was before."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()

    @staticmethod
    def settle() -> None:
        """After start-up: what exists now will stay; later collections needn't look at it."""
        gc.collect()
        gc.freeze()

    @Slot()
    def _on_timeout(self) -> None:
        young, middle, old = gc.get_count()
        limits = [limit or 1 for limit in self._thresholds]
        now = time.perf_counter()
        generation = -1
        if young > FULL_AT_ONCE_OBJECTS or (old > limits[2] and now - self._last_full > FULL_EVERY_S):
            generation = 2
        elif middle > limits[1]:
            generation = 1
        elif young > limits[0]:
            generation = 0
        if generation < 0:
            return
        gc.collect(generation)
        took_ms = (time.perf_counter() - now) * 1000
        self.longest_ms = max(self.longest_ms, took_ms)
        if generation == 2:
            self._last_full = time.perf_counter()
            log.debug("full collection took %.0f ms", took_ms)
