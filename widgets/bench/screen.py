"""One screen under measurement, in a process of its own: when it is useful, how its event loop was kept waiting.

Lines on stdout, each one JSON object: {"ready": seconds, ...} when the first useful screen is painted; after "stop" on
stdin {"p50_ms", "p99_ms", "max_ms", "settled_s", "rss_mb"}. Everything else goes to stderr.
"""
from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, QSocketNotifier, QTimer, Slot

from app.services.seat import Seat
from widgets.bridge.bridge import Bridge
from widgets.bridge.stall import StallWatch
from widgets.screens.launch import MakeWindow

LOOK_MS = 20


class Measured(QObject):
    """Runs one window until it was told to stop."""

    def __init__(self, open_seat: Callable[[], Seat], make: MakeWindow, size: tuple[int, int],
                 began_s: float, now_s: Callable[[], float], *, once: bool) -> None:
        super().__init__()
        self._began_s, self._now_s, self._once = began_s, now_s, once
        self.bridge = Bridge(open_seat)
        self.window = make(self.bridge)
        self.watch = StallWatch(self, warn_s=60.0)
        self._ready = self._stopping = False
        self._since_stop = QElapsedTimer()
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._on_look)
        self._stdin = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._stdin.activated.connect(self._on_stdin)
        self.window.resize(*size)
        self.window.show()
        self.bridge.start()
        self._look.start()

    def _say(self, **figures: float) -> None:
        sys.stdout.write(json.dumps(figures) + "\n")
        sys.stdout.flush()

    def _settled(self) -> bool:
        return self.window.is_settled()

    @Slot()
    def _on_look(self) -> None:
        if not self._settled():
            return
        if not self._ready:
            self._ready = True
            self.window.grab()
            self._say(ready=self._now_s() - self._began_s, rss_mb=_rss(), worker_rss_mb=_children_rss())
            if self._once:
                self._end()
                return
            self.watch.start()
        elif self._stopping:
            figures = self.watch.figures()
            self._say(p50_ms=figures.p50_ms, p99_ms=figures.p99_ms, max_ms=figures.max_ms, rss_mb=_rss(),
                      settled_s=self._since_stop.elapsed() / 1000)
            self._end()

    @Slot()
    def _on_stdin(self) -> None:
        if not sys.stdin.readline():
            self._end()
            return
        self._stopping = True
        self._since_stop.start()

    def _end(self) -> None:
        self._look.stop()
        self._stdin.setEnabled(False)
        self.watch.close()
        self.window.close()
        self.window.deleteLater()
        self.bridge.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.exit(0)


def _rss() -> float:
    """Memory of this program in MB, without the tiles that its worker paints: they lie in memory that both share and
    are counted there."""
    return float(psutil.Process().memory_info().rss) / 2**20 - _shared_mb()


def _shared_mb() -> float:
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
    except OSError:  # not Linux: there they are told apart by nobody
        return 0.0
    return sum(float(line.split()[1]) for line in lines if line.startswith("RssShmem:")) / 2**10


def _children_rss() -> float:
    return sum(float(c.memory_info().rss) for c in psutil.Process().children(recursive=True)) / 2**20
