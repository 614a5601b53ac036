"""The map's benchmark: circular pans at four zooms and a continuous zoom at 1080p and 4K, offscreen.

The same data is drawn by the tiled map, directly (every layer in each frame, the same painter), and as a plain
pyqtgraph
scatter, in turns within one run: the ratios carry over to other machines, the times do not.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from typing import NamedTuple, TypedDict

import numpy as np
import psutil
from PySide6.QtCore import QEventLoop, QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication

from widgets.bench.mapcity import City, make_city
from widgets.map.frame import Frame
from widgets.map.layers import METRIC_OPEN
from widgets.map.mercator import Viewport, to_world
from widgets.map.scene import Scene
from widgets.map.staticpaint import paint_static
from widgets.map.view import MapView
from widgets.theme import tokens

ZOOMS = (12.0, 14.0, 15.5, 17.0)
CORE = (117.02, 30.52)
FRAME_S = 1.0 / 60.0
SWEEP_STEP = 8.0 / 60.0
SETTLE_S = 30.0


class Figure(TypedDict):
    value: float
    unit: str
    target: float | None
    ok: bool


class DirectMap(MapView):
    """The same map without tiles: every static layer is painted in each frame."""

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene()
        for kind, (_, body) in self.tiles.process.bodies.items():
            self.scene.apply(kind, body)
        self.tiles.send = self._apply  # type: ignore[method-assign]
        self.tiles.start = lambda: None  # type: ignore[method-assign]
        self.tiles.draw = self._draw  # type: ignore[method-assign]

    def _apply(self, kind: str, body: dict[str, object], touched: object = None) -> None:
        self.scene.apply(kind, body)

    def _draw(self, painter: QPainter, view: Viewport, clip: QRect) -> None:
        paint_static(
            self.scene,
            painter,
            Frame(view.zoom, view.dpr, view.left, view.top, view.width, view.height, tokens.scale()),
        )


def run(quick: bool = False) -> dict[str, Figure]:
    """All figures by name. ``quick`` runs fewer frames and rounds; the figures mean the same."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication(["bench"])
    assert isinstance(application, QApplication)
    city = make_city()
    figures: dict[str, Figure] = {}

    def put(name: str, value: float, unit: str, target: float | None = None, at_least: bool = False) -> None:
        ok = target is None or (value >= target if at_least else value <= target)
        figures[f"map.{name}"] = Figure(value=round(value, 3), unit=unit, target=target, ok=ok)

    frames = 36 if quick else 90
    rounds = 1 if quick else 3
    view, first_paint_s = _first_paint(city, 1920, 1080)
    put("first_paint_s", first_paint_s, "s", 3.0)
    _tour(view, frames, ZOOMS)
    put("rss_mb", psutil.Process().memory_info().rss / 1e6, "MB", 350.0)
    direct = _filled(DirectMap(), city, 1920, 1080)
    tiled, direct_p95 = _interleaved(view, direct, frames, rounds)
    put("p95_ms_1080p", tiled.p95_ms, "ms", 10.0)
    put("cpu_p95_ms_1080p", tiled.cpu_p95_ms, "ms", 10.0)
    put("fps_1080p", tiled.fps, "1/s", 45.0, at_least=True)
    put("ratio_direct", tiled.p95_ms / direct_p95, "1", 0.2)
    _close(direct)
    put("hit_p95_ms", _hits(view, 200 if quick else 1_000), "ms", 1.0)
    put("movers_ms", _movers(view, city, 20 if quick else 60), "ms", 10.0)
    put("recolour_ms", _recolour(view, city, 3 if quick else 7), "ms", 250.0)
    view.resize(3840, 2160)
    _settle(view)
    large = _median([_tour(view, frames, ZOOMS) for _ in range(rounds)])
    put("p95_ms_4k", large.p95_ms, "ms", 20.0)
    put("cpu_p95_ms_4k", large.cpu_p95_ms, "ms", 20.0)
    put("fps_4k", large.fps, "1/s")
    put("worker_rss_mb", psutil.Process(view.tiles.process.pid).memory_info().rss / 1e6, "MB", 600.0)
    _close(view)
    put("ratio_pyqtgraph", tiled.p95_ms / _pyqtgraph(city, 10 if quick else 30), "1", 0.5)
    return figures


def _filled(view: MapView, city: City, width: int, height: int) -> MapView:
    view.resize(width, height)
    view.show()
    view.set_areas(city.areas)
    view.set_base(city.base)
    view.set_components(city.components)
    view.set_cameras(city.cameras)
    view.set_area_values(METRIC_OPEN, city.values)
    view.set_incidents(city.incidents)
    view.set_units(city.units)
    return view


def _first_paint(city: City, width: int, height: int) -> tuple[MapView, float]:
    """A new map until everything that is seen has been painted: process start, projection and painting included."""
    start = time.perf_counter()
    view = _filled(MapView(), city, width, height)
    _settle(view)
    view.repaint()
    return view, time.perf_counter() - start


def _close(view: MapView) -> None:
    view.tiles.process.stop()
    view.close()
    view.deleteLater()
    _work(0.05)


def _work(seconds: float) -> None:
    end = time.perf_counter() + seconds
    while True:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 2)
        left = end - time.perf_counter()
        if left <= 0:
            return
        time.sleep(min(left, 0.002))


def _settle(view: MapView) -> None:
    end = time.perf_counter() + SETTLE_S
    while not view.tiles.settled() and time.perf_counter() < end:
        _work(0.005)


def _circle(view: MapView, zoom: float, frames: int) -> Iterator[Viewport]:
    """A circle of a third of the view's height around the core, 16 px a frame at most."""
    x, y = to_world(*CORE)
    base = replace(view.viewport, cx=x, cy=y, zoom=zoom)
    radius = view.viewport.height / 3.0
    step = min(2.0 * np.pi / frames, 16.0 / radius)
    for number in range(frames):
        angle = number * step
        yield base.moved(radius * float(np.cos(angle)), radius * float(np.sin(angle)))


def _sweep(view: MapView, frames: int) -> Iterator[Viewport]:
    """A continuous zoom in and out between 11.5 and 17.5: eight zoom levels a second at 60 frames."""
    x, y = to_world(*CORE)
    base = replace(view.viewport, cx=x, cy=y)
    for number in range(frames):
        share = 1.0 - abs(2.0 * (number * SWEEP_STEP / 12.0 % 1.0) - 1.0)
        yield replace(base, zoom=11.5 + 6.0 * share)


class Tour(NamedTuple):
    """95th percentile of the frames (ms by the clock, and of the thread's own CPU time: what other programs on the
    machine do not change), and frames a second."""

    p95_ms: float
    cpu_p95_ms: float
    fps: float


def _play(view: MapView, path: Iterator[Viewport]) -> tuple[list[tuple[float, float]], float]:
    """Milliseconds of each frame (move and repaint; by the clock and of CPU time), and seconds for all with the event
    loop between, 60 a second at most."""
    times = []
    begin = time.perf_counter()
    for target in path:
        start, begun = time.perf_counter(), time.thread_time()
        view.set_viewport(target)
        view.repaint()
        spent = time.perf_counter() - start
        times.append((spent * 1000.0, (time.thread_time() - begun) * 1000.0))
        _work(max(0.0, FRAME_S - spent))
    return times, time.perf_counter() - begin


def _tour(view: MapView, frames: int, zooms: tuple[float, ...]) -> Tour:
    """Pans at all zooms and a sweep."""
    times: list[tuple[float, float]] = []
    seconds = 0.0
    for zoom in zooms:
        view.set_viewport(next(_circle(view, zoom, frames)))
        _settle_short(view)
        spent, took = _play(view, _circle(view, zoom, frames))
        times += spent
        seconds += took
    spent, took = _play(view, _sweep(view, frames))
    clock, cpu = np.percentile(times + spent, 95, axis=0).tolist()
    return Tour(clock, cpu, (len(times) + len(spent)) / (seconds + took))


def _settle_short(view: MapView) -> None:
    if not isinstance(view, DirectMap):
        _settle(view)
        view.repaint()


def _interleaved(view: MapView, direct: MapView, frames: int, rounds: int) -> tuple[Tour, float]:
    """The tiled map's medians, and the direct one's 95th percentile."""
    tiled, plain = [], []
    for _ in range(rounds):
        tiled.append(_tour(view, frames, ZOOMS))
        plain.append(_tour(direct, max(8, frames // 6), ZOOMS).p95_ms)
    return _median(tiled), median(plain)


def _median(tours: list[Tour]) -> Tour:
    return Tour(*(median(column) for column in zip(*tours, strict=True)))


def _hits(view: MapView, count: int) -> float:
    rng = np.random.default_rng(3)
    times = []
    for zoom in ZOOMS:
        view.set_viewport(next(_circle(view, zoom, 8)))
        view.hits_at(1.0, 1.0)
        for x, y in rng.uniform((0, 0), (1920, 1080), (count // len(ZOOMS), 2)):
            start = time.perf_counter()
            view.hits_at(float(x), float(y))
            times.append((time.perf_counter() - start) * 1000.0)
    return float(np.percentile(times, 95))


def _movers(view: MapView, city: City, count: int) -> float:
    """Median milliseconds to move 1,000 forces and repaint the whole map."""
    rng = np.random.default_rng(4)
    view.set_viewport(next(_circle(view, 14.0, 8)))
    _settle_short(view)
    times = []
    lon, lat = city.units.lon.copy(), city.units.lat.copy()
    for _ in range(count):
        lon += rng.normal(size=len(lon)) * 1e-5
        lat += rng.normal(size=len(lat)) * 1e-5
        start = time.perf_counter()
        view.set_units(replace(city.units, lon=lon, lat=lat))
        view.repaint()
        times.append((time.perf_counter() - start) * 1000.0)
        _work(0.005)
    return median(times)


def _recolour(view: MapView, city: City, count: int) -> float:
    """Median milliseconds from new values of all grids to the last seen tile in its new colours."""
    rng = np.random.default_rng(5)
    view.set_viewport(next(_circle(view, 13.0, 8)))
    _settle(view)
    times = []
    for _ in range(count):
        _work(0.4)
        values = {ident: float(v) for ident, v in zip(city.values, rng.poisson(1.6, len(city.values)), strict=True)}
        start = time.perf_counter()
        view.set_area_values(METRIC_OPEN, values)
        while not view.tiles.settled() and time.perf_counter() - start < SETTLE_S:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 2)
        view.repaint()
        times.append((time.perf_counter() - start) * 1000.0)
    return median(times)


def _pyqtgraph(city: City, frames: int) -> float:
    """95th percentile of the same pans with components and incidents as a plain pyqtgraph scatter."""
    import pyqtgraph

    widget = pyqtgraph.PlotWidget()
    widget.resize(1920, 1080)
    for layer, size in ((city.components, 4), (city.incidents, 10), (city.units, 8)):
        widget.addItem(pyqtgraph.ScatterPlotItem(x=layer.lon, y=layer.lat, size=size, pen=None))
    widget.show()
    times = []
    for zoom in ZOOMS:
        width = 1920.0 / (256.0 * 2.0**zoom) * 360.0
        for number in range(max(2, frames // len(ZOOMS))):
            angle = number * 0.05
            x, y = CORE[0] + width / 5 * float(np.cos(angle)), CORE[1] + width / 6 * float(np.sin(angle))
            start = time.perf_counter()
            widget.setRange(xRange=(x - width / 2, x + width / 2), yRange=(y - width / 4, y + width / 4), padding=0)
            widget.repaint()
            QApplication.processEvents()
            times.append((time.perf_counter() - start) * 1000.0)
    widget.close()
    widget.deleteLater()
    _work(0.05)
    return float(np.percentile(times, 95))
