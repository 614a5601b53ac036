"""Benchmark of the queue: sort, filter, 1,000 updates a second while scrolling, and Qt's own proxy for comparison.

Run by `main.py bench queue`. Data are made up here from a seed: 100,000 open incidents with believable keys.
"""
from __future__ import annotations

import gc
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QEventLoop, QObject, QSortFilterProxyModel, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from app.clock import FixedClock
from app.domain.incident_process import OPEN_PHASES
from app.services.book import Book, Code
from app.services.queue_order import order_key
from app.services.views import QueueRow
from widgets.bridge.gc_guard import GcGuard
from widgets.models.queue_index import Labels, Query, QueueIndex
from widgets.models.queue_model import ROW_ROLE, QueueModel
from widgets.queue.view import QueueView

Figure = dict[str, object]
ROWS, PROXY_ROWS = 100_000, 10_000
UPDATES_PER_S, BATCH_MS, SCROLL_MS, PROBE_MS = 1_000, 150, 16, 5
LAG_P99_MS = 13.0
SORT_MS = 60.0
FILTER_MS = 60.0
_NOW = 1_795_430_527.0


def make_rows(count: int, seed: int = 1) -> list[QueueRow]:
    """Open incidents in all phases and levels, due from yesterday to in two days."""
    rng = random.Random(seed)
    rows = []
    for i in range(count):
        reported = _NOW - rng.uniform(0, 86_400)
        due = _NOW + rng.uniform(-40_000, 170_000)
        phase = rng.choice(OPEN_PHASES)
        rows.append(QueueRow(
            f"i{i:07d}", f"20261123-02-{i:06d}", rng.choice((1, 2, 3, 3, 4, 4, 4, 4)), f"k{rng.randrange(60)}",
            f"路 {rng.randrange(4000)} 号", f"g{rng.randrange(300)}", f"c{rng.randrange(7)}", phase, 0, reported,
            reported, due - 3600, due, None, "" if phase in OPEN_PHASES[:2] else f"队 {rng.randrange(200)}", 0, None,
            None, i, phase == "on_scene", None))
    return rows


def _labels() -> Labels:
    codes = [Code("kind", f"k{i}", f"类型 {i}", f"Kind {i}") for i in range(60)]
    codes += [Code("channel", f"c{i}", f"来源 {i}", f"Source {i}") for i in range(7)]
    return Labels(Book(1, codes, ()), "zh_CN")


class _Proxy(QSortFilterProxyModel):
    """What one would write first: a sorting proxy that asks the model for each comparison."""

    def lessThan(self, left: object, right: object) -> bool:
        return bool(order_key(left.data(ROW_ROLE)) < order_key(right.data(ROW_ROLE)))


class _Load(QObject):
    """Feeds changes, scrolls, and measures how late the event loop is, until `seconds` are over."""

    def __init__(self, view: QueueView, model: QueueModel, rows: list[QueueRow], seconds: float, *, hold: bool) -> None:
        super().__init__()
        self._view, self._model, self._hold = view, model, hold
        self._rng = random.Random(7)
        self._rows = rows
        self._seq = len(rows)
        self.lags_ms: list[float] = []
        self.applied = 0
        self._loop = QEventLoop()
        self._due = 0.0
        self._step = 37
        self._timers = []
        for wait_ms, slot in ((BATCH_MS, self._on_batch), (SCROLL_MS, self._on_scroll), (PROBE_MS, self._on_probe)):
            timer = QTimer(self)
            timer.setTimerType(Qt.TimerType.PreciseTimer)
            timer.timeout.connect(slot)
            timer.setInterval(wait_ms)
            self._timers.append(timer)
        QTimer.singleShot(round(seconds * 1000), self._loop, self._loop.quit)

    def run(self) -> None:
        """Blocks until the time is over."""
        self._due = time.perf_counter() + PROBE_MS / 1000
        for timer in self._timers:
            timer.start()
        self._loop.exec()
        for timer in self._timers:
            timer.stop()

    @Slot()
    def _on_batch(self) -> None:
        changed = []
        for _ in range(UPDATES_PER_S * BATCH_MS // 1000):
            at = self._rng.randrange(len(self._rows))
            self._seq += 1
            row = self._rows[at]
            self._rows[at] = row._replace(level=self._rng.randint(1, 4), changed_seq=self._seq,
                                          due_at=(row.due_at or 0.0) + self._rng.uniform(-600, 600))
            changed.append(self._rows[at])
        self._model.take(changed)
        self.applied += len(changed)

    @Slot()
    def _on_scroll(self) -> None:
        if self._hold:
            self._view.use()
        bar = self._view.verticalScrollBar()
        if not 0 < bar.value() + self._step < bar.maximum():
            self._step = -self._step
        bar.setValue(bar.value() + self._step)

    @Slot()
    def _on_probe(self) -> None:
        now = time.perf_counter()
        self.lags_ms.append(max(0.0, (now - self._due) * 1000))
        self._due = now + PROBE_MS / 1000


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _timed(fn: Callable[[], object]) -> float:
    start = time.perf_counter()
    fn()
    return (time.perf_counter() - start) * 1000


def _figure(value: float, unit: str, target: float | None) -> Figure:
    return {"value": round(value, 4), "unit": unit, "target": target, "ok": target is None or value <= target}


def run(quick: bool = False, *, count: int = ROWS, proxy_count: int = PROXY_ROWS,
        seconds: float | None = None) -> dict[str, Figure]:
    """All figures; `quick` measures for 2 s instead of 12 s and over fewer rounds. Other counts are for tests.

    Garbage is collected as in the program itself: by the guard, on the main thread, the old generation frozen.
    """
    if QApplication.instance() is None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    clock = FixedClock(datetime.fromtimestamp(_NOW, UTC))
    labels = _labels()
    guard = GcGuard()
    rows = make_rows(count)
    build_ms = statistics.median(_timed(lambda: QueueIndex(rows)) for _ in range(1 if quick else 3))
    model = QueueModel(lambda: clock.now().timestamp(), labels)
    view = QueueView(model)
    view.restyle()
    view.resize(800, 900)
    model.load(QueueIndex(rows))
    view.show()
    app.processEvents()
    small = QueueModel(lambda: clock.now().timestamp(), labels)
    small.load(QueueIndex(make_rows(proxy_count, 2)))
    sorts, filters, proxies, paints = [], [], [], []
    for _ in range(2 if quick else 5):
        sorts.append(_timed(lambda: _sort(model, app)))
        filters.append(_timed(lambda: _filter(model, app)))
        model.set_query(Query())
        app.processEvents()
        proxies.append(_timed(lambda: _proxy(small)))
        paints.append(_paint(view))
    held: list[float] = []
    live: list[float] = []
    applied = 0
    GcGuard.settle()
    for _ in range(1 if quick else 3):
        for lags, hold in ((held, True), (live, False)):
            if not hold:
                view.release()
            load = _Load(view, model, rows, seconds or (2.0 if quick else 4.0), hold=hold)
            load.run()
            lags += load.lags_ms
            applied += load.applied
    guard.close()
    gc.unfreeze()
    view.close()
    view.deleteLater()
    app.processEvents()
    sort_ms, proxy_ms = statistics.median(sorts), statistics.median(proxies)
    return {
        "queue.lag_p99_ms": _figure(percentile(held, 0.99), "ms", LAG_P99_MS),
        "queue.lag_max_ms": _figure(max(held), "ms", None),
        "queue.lag_live_p99_ms": _figure(percentile(live, 0.99), "ms", None),
        "queue.sort_ms": _figure(sort_ms, "ms", SORT_MS),
        "queue.filter_ms": _figure(statistics.median(filters), "ms", FILTER_MS),
        "queue.repaint_ms": _figure(statistics.median(paints), "ms", None),
        "queue.build_ms": _figure(build_ms, "ms", None),
        "queue.updates": _figure(applied, "rows", None),
        "queue.proxy_sort_ms_10k": _figure(proxy_ms, "ms", None),
        "queue.ratio_sort_proxy": _figure(sort_ms / proxy_ms, "100,000 own / 10,000 proxy", 1.0),
    }


def _sort(model: QueueModel, app: QApplication) -> None:
    """Key to order to screen for all rows: the index sorts anew, the view shows it."""
    model.index_.resort()
    model.set_query(Query(descending=not model.query.descending))
    app.processEvents()


def _filter(model: QueueModel, app: QApplication) -> None:
    """A word typed: from the pause in typing to the rows on screen."""
    model.set_query(Query(words="17"))
    app.processEvents()


def _proxy(source: QueueModel) -> None:
    proxy = _Proxy()
    proxy.setSourceModel(source)
    proxy.sort(0)


def _paint(view: QueueView) -> float:
    """One full repaint of all rows on screen with nothing cached."""
    view.rows.forget()
    return _timed(lambda: view.viewport().repaint())
