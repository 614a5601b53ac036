"""Work that is neither the database's nor the GUI's: files, pictures, exports, sums over many rows.

    task = runner.run(lambda task: export(path, task.progress), done, failed, owner=self, progress=self._on_progress)
    task.cancel()

The function gets its `Task`; it reports `task.progress(0.4)` and looks at `task.cancelled` now and then.
"""
from __future__ import annotations

import logging
import threading
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from widgets.bridge.faults import Fault, fault_of

log = logging.getLogger(__name__)
THREADS = 2


class Task:
    """One piece of work. `cancel` from the GUI thread; the rest is for the function that does it."""

    def __init__(self, runner: Runner, fn: Callable[[Task], Any], done: Callable[[Any], None] | None,
                 failed: Callable[[Fault], None] | None, on_progress: Callable[[float], None] | None,
                 owner: QObject) -> None:
        self._runner = runner
        self._cancel = threading.Event()
        self._share = 0.0
        self.fn: Callable[[Task], Any] | None = fn
        self.done, self.failed, self.on_progress = done, failed, on_progress
        self.owner = weakref.ref(owner)
        self.result: Any = None
        self.error: BaseException | None = None
        self.finished = False

    @property
    def cancelled(self) -> bool:
        """Whether nobody wants the result any more; the function should return soon."""
        return self._cancel.is_set()

    def cancel(self) -> None:
        """Want it no more: neither `done` nor `failed` will be called."""
        self._cancel.set()

    def progress(self, share: float) -> None:
        """Report how much is done, 0..1; shown at the rate of the event loop, not of the calls."""
        self._share = share
        self._runner._tell(self)

    @property
    def share(self) -> float:
        """What was reported last."""
        return self._share


class Runner(QObject):
    """A few worker threads, started when first needed. Lives on the GUI thread; `close` joins them."""

    _woken = Signal()

    def __init__(self, parent: QObject | None = None, *, threads: int = THREADS) -> None:
        super().__init__(parent)
        self._ready = threading.Condition()
        self._queue: deque[Task] = deque()
        self._told: deque[Task] = deque()
        self._threads: list[threading.Thread] = []
        self._most = max(1, threads)
        self._idle = 0
        self._running: set[Task] = set()
        self._wake_sent = False
        self._closed = False
        self._woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)

    def run(self, fn: Callable[[Task], Any], done: Callable[[Any], None] | None = None,
            failed: Callable[[Fault], None] | None = None, *, owner: QObject,
            progress: Callable[[float], None] | None = None) -> Task:
        """Do `fn(task)` on a worker thread. `done(result)` or `failed(Fault)` follows on this thread, unless cancelled
        or `owner` is gone. Without `failed` a known fault is logged."""
        task = Task(self, fn, done, failed, progress, owner)
        if self._closed:
            task.cancel()
            return task
        with self._ready:
            self._queue.append(task)
            if not self._idle and len(self._threads) < self._most:
                thread = threading.Thread(target=self._work, name=f"task-{len(self._threads)}")
                self._threads.append(thread)
                thread.start()
            self._ready.notify()
        return task

    def close(self, timeout_s: float = 10.0) -> bool:
        """Cancel everything, join the threads; whether they ended in time."""
        self._closed = True
        with self._ready:
            for task in (*self._queue, *self._running):
                task.cancel()
            self._queue.clear()
            self._ready.notify_all()
        for thread in self._threads:
            thread.join(timeout_s)
        alive = [thread.name for thread in self._threads if thread.is_alive()]
        if alive:
            log.error("background work did not end within %.0f s: %s", timeout_s, ", ".join(alive))
        self._told.clear()
        return not alive

    # ---- worker threads -------------------------------------------------------------------------------------------

    def _work(self) -> None:
        cell: list[Task] = []
        while self._take(cell):
            self._do(cell[0])
            self._give_back(cell)

    def _take(self, cell: list[Task]) -> bool:
        with self._ready:
            self._idle += 1
            self._ready.wait_for(lambda: self._closed or bool(self._queue))
            self._idle -= 1
            if self._closed:
                return False
            cell.append(self._queue.popleft())
            self._running.add(cell[0])
            return True

    @staticmethod
    def _do(task: Task) -> None:
        if task.cancelled or task.fn is None:
            return
        try:
            task.result = task.fn(task)
        except Exception as error:  # noqa: BLE001  handed to the GUI thread, which shows or logs it
            task.error = error

    def _give_back(self, cell: list[Task]) -> None:
        """The GUI thread takes the callbacks out of the task: widgets that they hold must not die on this one."""
        cell[0].finished = True
        self._told.append(cell[0])
        with self._ready:
            self._running.discard(cell.pop())
        self._wake()

    def _tell(self, task: Task) -> None:
        with self._ready:
            if not any(told is task for told in self._told):
                self._told.append(task)
        self._wake()

    def _wake(self) -> None:
        with self._ready:
            if self._wake_sent or self._closed:
                return
            self._wake_sent = True
        self._woken.emit()

    # ---- GUI thread -----------------------------------------------------------------------------------------------

    @Slot()
    def _on_woken(self) -> None:
        with self._ready:
            self._wake_sent = False
        while not self._closed:
            try:
                task = self._told.popleft()
            except IndexError:
                return
            self._report(task)

    @staticmethod
    def _report(task: Task) -> None:
        owner, finished = task.owner(), task.finished
        wanted = not task.cancelled and owner is not None and shiboken6.isValid(owner) and task.fn is not None
        done, failed, on_progress = task.done, task.failed, task.on_progress
        if finished:  # what the callbacks hold goes on this thread, whoever drops the task last
            task.done = task.failed = task.on_progress = task.fn = None
        if not wanted:
            return
        try:
            if not finished:
                if on_progress is not None:
                    on_progress(task.share)
                return
            if task.error is None:
                if done is not None:
                    done(task.result)
                return
            fault = fault_of(task.error, "background work")
            if failed is not None:
                failed(fault)
            elif not fault.internal:
                log.warning("background work failed: %s", fault.message)
        except Exception as error:  # noqa: BLE001  a bug of one view must not stop the others
            fault_of(error, "a view's answer to background work")
