"""Benchmark of camera tiles: live streams of numbered frames, painted in a window, judged by what is painted.

Run by `main.py bench video`. Streams, test server and the bar code's reader are handed in by the composition root.
"""
from __future__ import annotations

import gc
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import psutil
from numpy.typing import NDArray
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.clock import SystemClock
from app.services.streams import KEYFRAME, LIVE, Streams
from app.services.views import CameraRow
from widgets.bridge.gc_guard import GcGuard
from widgets.bridge.runner import Runner
from widgets.cameras.feeds import FeedHub
from widgets.cameras.tile import Tile
from widgets.theme import language, style

TILE = (480, 270)
SMALL, LARGE = (640, 360, 15), (1920, 1080, 25)
"""width, height, frames a second of the streams"""
PROBE_MS = 5
READ_EVERY = 5
"""one painted frame in so many is read"""
RATIO, FPS, P50_MORE_MS, P99_MORE_MS = 1.10, 14.5, 10.0, 40.0
LAG_STAGGERED_MS, LAG_LOCKED_MS, KEYFRAME_RATIO, FIRST_S = 4.0, 10.0, 0.2, 1.2

Read = Callable[[NDArray[np.uint8]], int | None]
Took = tuple[float, float | None]
"""What another program took for the same streams: CPU-seconds a stream-second; frames/s painted, if it paints."""
Peer = Callable[[list[str], float], Took | None]
"""another program for these addresses over so many seconds; None: not installed here"""


class Served(Protocol):
    """A running test server."""

    def url(self, mount: int = 0) -> str: ...
    def delay_s(self, number: int, mount: int = 0, now: float | None = None) -> float: ...


Serve = Callable[[tuple[int, int, int], int, float], AbstractContextManager[Served]]
"""(stream, count, stagger in s) -> a server of so many streams"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure and the bound that it must keep, if any."""

    value: float
    unit: str
    most: float | None = None
    least: float | None = None


def told(value: float, unit: str) -> Measured:
    """A figure without a bound."""
    return Measured(value, unit)


def at_most(value: float, unit: str, most: float) -> Measured:
    """A figure that must not exceed `most`."""
    return Measured(value, unit, most=most)


def at_least(value: float, unit: str, least: float) -> Measured:
    """A figure that must reach `least`."""
    return Measured(value, unit, least=least)


@dataclass
class Seen:
    """What one window of measuring saw."""

    cpu: float = 0.0
    fps: float = 0.0
    memory_mb: float = 0.0
    delays_ms: list[float] = field(default_factory=list)
    lags_ms: list[float] = field(default_factory=list)

    def delay_ms(self, share: float) -> float:
        """Quantile of the delay of painted frames."""
        return _quantile(self.delays_ms, share)

    @property
    def lag_p99_ms(self) -> float:
        """How late the screen's thread is at the 99th percentile."""
        return _quantile(self.lags_ms, 0.99)


def _quantile(found: list[float], share: float) -> float:
    ordered = sorted(found)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


class _Tile(Tile):
    """Counts what it paints, and reads one in a few."""

    def __init__(self, parent: QWidget, mount: int, server: Served, read: Read) -> None:
        super().__init__(parent)
        self.painted = 0
        self.reads = False
        self.delays_ms: list[float] = []
        self._mount, self._server, self._read = mount, server, read
        self._last: QImage | None = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, then look at what was painted."""
        super().paintEvent(event)
        image = self._image
        if image is None or image is self._last:
            return
        self._last = image
        self.painted += 1
        if self.reads and self.painted % READ_EVERY == 0:
            rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
            number = self._read(rows[:, 1:image.width() * 4:4])
            if number is not None:
                self.delays_ms.append(self._server.delay_s(number, self._mount) * 1000)


class Stage:
    """A window of tiles on live streams."""

    def __init__(self, streams: Streams, server: Served, count: int, read: Read, mode: str) -> None:
        self.window = QWidget()
        across = max(1, round(count ** 0.5))
        self.window.resize(TILE[0] * across, TILE[1] * -(-count // across))
        self.runner = Runner()
        self.hub = FeedHub(self.runner, streams=streams)
        self.tiles = []
        for i in range(count):
            tile = _Tile(self.window, i, server, read)
            tile.setGeometry(TILE[0] * (i % across), TILE[1] * (i // across), *TILE)
            tile.pinned, tile.clock = mode, SystemClock()
            self.tiles.append(tile)
        self.window.show()
        wait(0.1)
        for i, tile in enumerate(self.tiles):
            self.hub.attach(tile, CameraRow(f"c{i}", f"camera {i}", "fixed", None, None, None, None, None, "online",
                                            None, None, (), True, server.url(i)))

    def playing(self, wait_s: float = 20.0) -> bool:
        """Wait until all tiles have a picture."""
        end = time.perf_counter() + wait_s
        while time.perf_counter() < end and not all(t.has_picture for t in self.tiles):
            wait(0.02)
        return all(t.has_picture for t in self.tiles)

    def cost(self, seconds: float) -> Seen:
        """What it costs and how much is painted, over so many seconds."""
        for tile in self.tiles:
            tile.painted = 0
        own = psutil.Process()
        began, cpu = time.perf_counter(), sum(own.cpu_times()[:2])
        wait(seconds)
        took, cpu = time.perf_counter() - began, sum(own.cpu_times()[:2]) - cpu
        return Seen(cpu / took / len(self.tiles), sum(t.painted for t in self.tiles) / took / len(self.tiles),
                    memory_mb=own.memory_info().rss / 2**20)

    def watch(self, seconds: float, seen: Seen) -> Seen:
        """How old painted pictures are, and how late the screen's thread is: apart from `cost`, for looking has its
        price."""
        for tile in self.tiles:
            tile.delays_ms, tile.reads = seen.delays_ms, True
        last = time.perf_counter()

        def probe() -> None:
            nonlocal last
            now = time.perf_counter()
            seen.lags_ms.append((now - last) * 1000 - PROBE_MS)
            last = now

        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(probe)
        timer.start(PROBE_MS)
        wait(seconds)
        timer.stop()
        for tile in self.tiles:
            tile.reads = False
        return seen

    def close(self) -> None:
        """Let go of everything."""
        self.hub.close()
        self.runner.close()
        self.window.close()
        self.window.deleteLater()
        wait(0.05)


def wait(seconds: float) -> None:
    """Run the event loop."""
    loop = QEventLoop()
    QTimer.singleShot(max(1, round(seconds * 1000)), loop.quit)
    loop.exec()


def play(make_streams: Callable[[], Streams], serve: Serve, read: Read, stream: tuple[int, int, int], count: int,
         seconds: float, *, locked: bool = False, mode: str = LIVE) -> Seen:
    """One measurement."""
    with serve(stream, count, 0.0 if locked else 1 / stream[2] / count) as server:
        streams = make_streams()
        stage = Stage(streams, server, count, read, mode)
        try:
            if not stage.playing():
                raise RuntimeError(f"{count} streams did not all play")
            wait(2.5)  # the budget looks every two seconds
            return stage.watch(seconds, stage.cost(seconds))
        finally:
            stage.close()
            streams.close()


def first_pictures(make_streams: Callable[[], Streams], serve: Serve, read: Read, tries: int) -> list[float]:
    """Seconds from asking for a camera to its first picture on the tile, at moments anywhere between key frames."""
    found = []
    with serve(SMALL, 1, 0.0) as server:
        for i in range(tries):
            wait(0.13 * i % 0.9 + 0.05)
            streams = make_streams()
            began = time.perf_counter()
            stage = Stage(streams, server, 1, read, LIVE)
            while not stage.tiles[0].painted and time.perf_counter() - began < 10:
                wait(0.005)
            found.append(time.perf_counter() - began - 0.1)  # the stage waits so long before it asks
            stage.close()
            streams.close()
    return found


def run(make_streams: Callable[[], Streams], serve: Serve, read: Read, peers: Mapping[str, Peer], *,
        quick: bool = False) -> dict[str, Measured]:
    """All figures. `peers`: other programs on the same streams, measured in turns with the tiles."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    language.use(app, "zh_CN")
    style.apply(app, "dark", "zh_CN")
    guard = GcGuard(app)
    seconds, rounds = (3.0, 2) if quick else (6.0, 3)
    figures: dict[str, Measured] = {}
    try:
        _sixteen(figures, make_streams, serve, read, peers, seconds, rounds)
        _key_frames(figures, make_streams, serve, read, seconds, rounds)
        firsts = first_pictures(make_streams, serve, read, 4 if quick else 12)
        figures["video.first_picture_s"] = at_most(max(firsts), "s, the slowest", FIRST_S)
        for count in (1, 9):
            _tell(figures, str(count), play(make_streams, serve, read, SMALL, count, seconds))
        _tell(figures, "4_1080p25", play(make_streams, serve, read, LARGE, 4, seconds))
    finally:
        guard.close()
        gc.collect()
    return figures


def _sixteen(figures: dict[str, Measured], make_streams: Callable[[], Streams], serve: Serve, read: Read,
             peers: Mapping[str, Peer], seconds: float, rounds: int) -> None:
    """Sixteen tiles and their peers, in turns."""
    staggered, locked = [], []
    beside: dict[str, list[Took]] = {name: [] for name in peers}
    for _ in range(rounds):
        staggered.append(play(make_streams, serve, read, SMALL, 16, seconds))
        for name, peer in peers.items():
            with serve(SMALL, 16, 1 / SMALL[2] / 16) as server:
                took = peer([server.url(i) for i in range(16)], seconds)
            if took is not None:
                beside[name].append(took)
        locked.append(play(make_streams, serve, read, SMALL, 16, seconds, locked=True))
    frame_ms = 1000 / SMALL[2]
    cpu = statistics.median(s.cpu for s in staggered)
    figures["video.cpu_16"] = told(cpu, "CPU-s per stream-s")
    for name, took_all in beside.items():
        if not took_all:
            continue
        peer_cost = statistics.median(cost for cost, _ in took_all)
        figures[f"video.cpu_16_{name}"] = told(peer_cost, "CPU-s per stream-s")
        painted = [fps for _, fps in took_all if fps is not None]
        if painted:
            figures[f"video.fps_16_{name}"] = told(statistics.median(painted), "painted frames/s of 15")
        if name == "ffmpeg":
            figures["video.cpu_ratio_16"] = at_most(cpu / peer_cost, "of bare ffmpeg", RATIO)
        else:
            figures[f"video.cpu_ratio_16_{name}"] = told(cpu / peer_cost, f"of {name}")
    figures["video.fps_16"] = at_least(statistics.median(s.fps for s in staggered), "painted frames/s of 15", FPS)
    figures["video.latency_p50_ms"] = at_most(
        statistics.median(s.delay_ms(0.5) for s in staggered), "ms", round(frame_ms + P50_MORE_MS, 1))
    figures["video.latency_p99_ms"] = at_most(
        statistics.median(s.delay_ms(0.99) for s in staggered), "ms", round(frame_ms + P99_MORE_MS, 1))
    figures["video.lag_p99_staggered_ms"] = at_most(
        statistics.median(s.lag_p99_ms for s in staggered), "ms", LAG_STAGGERED_MS)
    figures["video.lag_p99_locked_ms"] = at_most(statistics.median(s.lag_p99_ms for s in locked), "ms", LAG_LOCKED_MS)
    figures["video.fps_16_locked"] = told(statistics.median(s.fps for s in locked), "painted frames/s of 15")
    figures["video.latency_p50_locked_ms"] = told(statistics.median(s.delay_ms(0.5) for s in locked), "ms")
    figures["video.latency_p99_locked_ms"] = told(statistics.median(s.delay_ms(0.99) for s in locked), "ms")
    figures["video.memory_16_mb"] = told(staggered[-1].memory_mb, "MB")


def _key_frames(figures: dict[str, Measured], make_streams: Callable[[], Streams], serve: Serve, read: Read,
                seconds: float, rounds: int) -> None:
    """Twenty-five tiles in full and in key frames, in turns."""
    full, keys = [], []
    for _ in range(rounds):
        full.append(play(make_streams, serve, read, SMALL, 25, seconds))
        keys.append(play(make_streams, serve, read, SMALL, 25, seconds, mode=KEYFRAME))
    figures["video.keyframe_ratio_25"] = at_most(
        statistics.median(k.cpu for k in keys) / statistics.median(f.cpu for f in full), "of full decoding",
        KEYFRAME_RATIO)
    figures["video.cpu_25_keyframe"] = told(statistics.median(k.cpu for k in keys), "CPU-s per stream-s")
    _tell(figures, "25", full[-1])


def _tell(figures: dict[str, Measured], name: str, seen: Seen) -> None:
    figures[f"video.cpu_{name}"] = told(seen.cpu, "CPU-s per stream-s")
    figures[f"video.fps_{name}"] = told(seen.fps, "painted frames/s")
    figures[f"video.latency_p50_ms_{name}"] = told(seen.delay_ms(0.5), "ms")
    figures[f"video.latency_p99_ms_{name}"] = told(seen.delay_ms(0.99), "ms")
    figures[f"video.lag_p99_ms_{name}"] = told(seen.lag_p99_ms, "ms")
    figures[f"video.memory_{name}_mb"] = told(seen.memory_mb, "MB")
