"""Frames, background tasks, garbage collection, stall watch, Qt's messages."""
from __future__ import annotations

import gc
import logging
import sys
import threading
import time
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal, qInstallMessageHandler, qWarning
from PySide6.QtGui import QImage

from app.domain.faults import KnownFault, Message
from widgets.bridge import FrameLane, GcGuard, Runner, StallWatch, Task, qt_messages


def picture(shade: int) -> QImage:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(shade)
    return image


def test_a_slot_holds_the_latest_frame_only_and_the_gui_is_woken_at_a_limited_rate(qtbot: Any) -> None:
    lane, wakes = FrameLane(interval_ms=20), list[frozenset[str]]()
    lane.arrived.connect(wakes.append)
    lane.watch("a")
    lane.watch("b")
    stop = threading.Event()

    def source(tile: str) -> None:
        n = 0
        while not stop.is_set():
            n += 1
            lane.put(tile, picture(n), n)
            time.sleep(0.001)
        lane.put(tile, picture(0), "last")
    threads = [threading.Thread(target=source, args=(tile,)) for tile in ("a", "b")]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    qtbot.wait(300)
    stop.set()
    for thread in threads:
        thread.join()
    qtbot.waitUntil(lambda: (frame := lane.take("a")) is not None and frame.meta == "last", timeout=2000)
    took = time.perf_counter() - began
    assert 2 <= len(wakes) <= took / 0.02 + 2
    assert lane.dropped > 0
    lane.close()
    assert lane.take("a") is None


def test_frames_of_tiles_nobody_watches_are_dropped(qtbot: Any) -> None:
    lane = FrameLane()
    lane.put("a", picture(1))
    assert lane.take("a") is None
    lane.watch("a")
    lane.put("a", picture(1))
    assert lane.take("a") is not None
    lane.watch("a", False)
    assert lane.take("a") is None
    lane.close()


@pytest.fixture
def runner(qtbot: Any) -> Any:
    made = Runner(threads=2)
    yield made
    assert made.close()


def test_a_task_reports_progress_and_its_result_on_the_gui_thread(qtbot: Any, runner: Runner) -> None:
    owner, got, shares = QObject(), list[Any](), list[float]()

    def work(task: Task) -> int:
        for n in range(100):
            task.progress(n / 100)
        return threading.get_ident()
    runner.run(work, lambda result: got.extend([result, threading.get_ident()]), owner=owner, progress=shares.append)
    qtbot.waitUntil(lambda: len(got) == 2, timeout=5000)
    assert got[0] != got[1] == threading.get_ident()
    assert len(shares) < 100


def test_a_cancelled_task_says_nothing(qtbot: Any, runner: Runner) -> None:
    owner, got, began = QObject(), list[Any](), threading.Event()

    def work(task: Task) -> str:
        began.set()
        while not task.cancelled:
            time.sleep(0.001)
        return "late"
    task = runner.run(work, got.append, got.append, owner=owner)
    assert began.wait(5)
    task.cancel()
    runner.run(lambda _task: "next", got.append, owner=owner)
    qtbot.waitUntil(lambda: bool(got), timeout=5000)
    qtbot.wait(20)
    assert got == ["next"]


def test_known_faults_and_bugs_of_tasks_are_told_apart(qtbot: Any, runner: Runner, expected_logs: Any) -> None:
    expected_logs.allow("internal error")
    owner, faults = QObject(), list[Any]()

    def full(_task: Task) -> None:
        raise KnownFault(Message("the disk is full"))
    runner.run(full, None, faults.append, owner=owner)
    runner.run(lambda _task: int("x"), None, faults.append, owner=owner)
    qtbot.waitUntil(lambda: len(faults) == 2, timeout=5000)
    assert sorted(fault.internal for fault in faults) == [False, True]


def test_closing_cancels_what_waits_and_what_runs(qtbot: Any) -> None:
    runner, owner, got = Runner(threads=1), QObject(), list[Any]()

    def work(task: Task) -> None:
        while not task.cancelled:
            time.sleep(0.001)
    for _ in range(5):
        runner.run(work, got.append, owner=owner)
    time.sleep(0.02)
    assert runner.close()
    assert not got


def test_garbage_is_collected_by_the_main_thread_only(qtbot: Any) -> None:
    died_on: set[int] = set()

    class Knot:
        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            died_on.add(threading.get_ident())
    guard = GcGuard(interval_ms=10)
    try:
        assert not gc.isenabled()

        def litter() -> None:
            for _ in range(3000):
                Knot()
        thread = threading.Thread(target=litter)
        thread.start()
        thread.join()
        assert not died_on
        qtbot.waitUntil(lambda: bool(died_on), timeout=3000)
        assert died_on == {threading.get_ident()}
    finally:
        guard.close()
    assert gc.isenabled()


@pytest.mark.expects_log("the screen stood still")
def test_a_stall_is_measured_and_logged_once_with_the_place(qtbot: Any, expected_logs: Any) -> None:
    watch = StallWatch(warn_s=0.2)
    watch.start()
    try:
        qtbot.wait(100)

        def a_slow_slot() -> None:
            time.sleep(0.5)
        a_slow_slot()
        qtbot.wait(50)
        figures = watch.figures()
        assert 400 < figures.max_ms < 5000
        assert figures.p50_ms < 50
        lines = expected_logs.matching("the screen stood still")
        assert len(lines) == 1
        assert "a_slow_slot" in lines[0]
        watch.reset()
        assert watch.figures().count == 0
    finally:
        watch.close()


def test_messages_of_qt_go_to_the_log(qtbot: Any, caplog: pytest.LogCaptureFixture, expected_logs: Any) -> None:
    expected_logs.allow("something is odd")
    before = qInstallMessageHandler(None)
    qt_messages.install()
    try:
        qWarning("something is odd")
    finally:
        qInstallMessageHandler(before)
    assert ("qt", logging.WARNING, "something is odd") in caplog.record_tuples


def test_emitting_a_signal_keeps_the_reference_count_of_true(qtbot: Any) -> None:
    class Sender(QObject):
        sent = Signal(bool)
    sender, got = Sender(), list[bool]()
    sender.sent.connect(lambda value: got.append(value is True))
    before = sys.getrefcount(True)
    for _ in range(1000):
        sender.sent.emit(True)
    got.clear()
    assert abs(sys.getrefcount(True) - before) < 50
