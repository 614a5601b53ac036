"""Guards around every test: stray logs and Qt messages, and threads, timers, windows or child processes left behind.

A test that expects a warning says so: `@pytest.mark.expects_log(r"disk full")` (it must come), or asks for the fixture
`expected_logs` and calls `expected_logs.allow(r"...")` (it may come). What a fixture of wider scope starts may stay.
"""
from __future__ import annotations

import gc
import logging
import multiprocessing
import re
import sys
import threading
import time
import weakref
from collections.abc import Callable, Generator
from typing import Any

import pytest

GRACE_S = 2.0
# Of test tools, and of Qt threads that once ran Python code (their own check is by QThread).
KNOWN_THREADS = re.compile(r"MainThread|pytest_timeout|execnet|Dummy-")
# What the offscreen platform says about itself.
KNOWN_QT = re.compile(r"This plugin does not support|propagateSizeHints|XDG_RUNTIME_DIR|Populating font family aliases")
# Belongs to Qt itself.
KNOWN_WINDOWS = frozenset({"QTipLabel", "QDesktopScreenWidget", "QDesktopWidget"})


class Records(logging.Handler):
    """Collects log records and Qt messages of WARNING and above as lines `LEVEL name: message`."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self.allowed: list[re.Pattern[str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")

    def allow(self, pattern: str) -> None:
        """Lines that match `pattern` may come in this test."""
        self.allowed.append(re.compile(pattern))

    def matching(self, pattern: str) -> list[str]:
        """The lines so far that match."""
        return [line for line in self.lines if re.search(pattern, line)]

    def take_strays(self) -> list[str]:
        strays = [line for line in self.lines if not any(p.search(line) for p in self.allowed)]
        self.lines = [line for line in self.lines if line not in strays]
        return strays


_records = pytest.StashKey[Records]()
_before = pytest.StashKey["Standing"]()


class Standing:
    """What runs now: threads, active timers, running QThreads, windows, child processes."""

    def __init__(self) -> None:
        self.threads = {t for t in threading.enumerate() if not KNOWN_THREADS.match(t.name)}
        self.children = {p.pid for p in multiprocessing.active_children()}
        self.qt: weakref.WeakSet[Any] = weakref.WeakSet(qt_objects())

    def take_in(self, other: Standing) -> None:
        """What stands in `other` stands here too."""
        self.threads |= other.threads
        self.children |= other.children
        self.qt |= other.qt


def qt_objects() -> list[Any]:
    """Active QTimers, running QThreads and top-level windows that Python knows of."""
    core, widgets = sys.modules.get("PySide6.QtCore"), sys.modules.get("PySide6.QtWidgets")
    if core is None:
        return []
    valid = sys.modules["shiboken6"].isValid
    found = [o for o in gc.get_objects() if isinstance(o, core.QTimer | core.QThread) and valid(o)
             and (o.isActive() if isinstance(o, core.QTimer) else o.isRunning() and not o.isCurrentThread())]
    if widgets is not None and widgets.QApplication.instance() is not None:
        found += [w for w in widgets.QApplication.topLevelWidgets() if w.metaObject().className() not in KNOWN_WINDOWS]
    return found


_lasting = Standing()


def _settle() -> None:
    core = sys.modules.get("PySide6.QtCore")
    app = core.QCoreApplication.instance() if core is not None else None
    if core is not None and app is not None:
        core.QCoreApplication.sendPostedEvents(None, int(core.QEvent.Type.DeferredDelete.value))
        core.QCoreApplication.processEvents()


def left_behind(before: Standing, keep: list[re.Pattern[str]]) -> list[str]:
    """What stands now and did not stand before, described; gives what is ending `GRACE_S` to end."""
    deadline = time.monotonic() + GRACE_S
    collected = False
    while True:
        _settle()
        now = Standing()
        threads = [t for t in now.threads - before.threads - _lasting.threads
                   if t.is_alive() and not any(p.search(t.name) for p in keep)]
        objects = [o for o in now.qt if o not in before.qt and o not in _lasting.qt]
        children = now.children - before.children - _lasting.children
        if not (threads or objects or children):
            return []
        if not collected:
            del now, objects
            gc.collect()
            collected = True
            continue
        if time.monotonic() > deadline:
            return ([f"thread {t.name!r}{' (daemon)' if t.daemon else ''}" for t in threads]
                    + [f"{type(o).__name__} {o.objectName()!r}" for o in objects]
                    + [f"child process {pid}" for pid in children])
        time.sleep(0.02)


def _fail(title: str, lines: list[str]) -> None:
    pytest.fail(title + "\n  " + "\n  ".join(lines), pytrace=False)


def _qt_messages(records: Records) -> Callable[[], None]:
    """Let Qt's messages of warning and above into `records`; returns what undoes it."""
    core = sys.modules.get("PySide6.QtCore")
    if core is None:
        return lambda: None
    loud = {core.QtMsgType.QtWarningMsg: "WARNING", core.QtMsgType.QtCriticalMsg: "CRITICAL",
            core.QtMsgType.QtFatalMsg: "FATAL"}

    def receive(kind: Any, context: Any, text: str) -> None:
        if kind in loud and not KNOWN_QT.search(text):
            records.lines.append(f"{loud[kind]} Qt.{context.category or 'default'}: {text}")

    previous = core.qInstallMessageHandler(receive)
    return lambda: core.qInstallMessageHandler(previous) and None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, Any, Any]:
    records = item.stash[_records] = Records()
    for mark in item.iter_markers("expects_log"):
        for pattern in mark.args:
            records.allow(pattern)
    item.stash[_before] = Standing()
    undo = _qt_messages(records)
    logging.getLogger().addHandler(records)
    try:
        return (yield)
    finally:
        logging.getLogger().removeHandler(records)
        undo()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any, request: pytest.FixtureRequest) -> Generator[None, Any, Any]:
    """What a fixture of a wider scope than one test starts may outlive the test that first asked for it."""
    if fixturedef.scope == "function":
        return (yield)
    result = yield
    _lasting.take_in(Standing())
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    result = yield
    records = item.stash[_records]
    for mark in item.iter_markers("expects_log"):
        for pattern in mark.args:
            if not records.matching(pattern):
                pytest.fail(f"expected a log record matching {pattern!r}; there was none", pytrace=False)
    strays = records.take_strays()
    if strays:
        _fail("stray log records:", strays)
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, Any, Any]:
    result = yield
    keep = [re.compile(p) for mark in item.iter_markers("keeps_threads") for p in mark.args]
    left = left_behind(item.stash[_before], keep)
    if left:
        _fail("left running after the test:", left)
    strays = item.stash[_records].take_strays()
    if strays:
        _fail("stray log records while cleaning up:", strays)
    return result


@pytest.fixture
def expected_logs(request: pytest.FixtureRequest) -> Records:
    """The records of WARNING and above of this test: `.allow(regex)` tolerates, `.matching(regex)` finds."""
    return request.node.stash[_records]
