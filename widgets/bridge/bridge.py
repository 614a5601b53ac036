"""The one door between a seat and its views.

    bridge = Bridge(open_seat)                  # on the GUI thread
    bridge.ready.connect(...); bridge.failed.connect(...); bridge.changed.connect(...)
    bridge.start()
    bridge.ask(lambda seat: seat.queue(), self._on_rows, owner=self, key="rows")
    bridge.act(Act(incident_id, "assign", {...}), self._on_done, self._on_fault, owner=self)
    bridge.close()

One thread owns the database. Acts go before queries; commands that arrive together share one transaction. Answers come
on the GUI thread, or not at all when their owner is gone. `changed` comes at most once every `drain_ms`, as one union.
"""
from __future__ import annotations

import logging
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.domain.faults import KnownFault
from app.ports import Clock
from app.services.book import Book
from app.services.changes import Changes
from app.services.commands import Command
from app.services.seat import Operator, Seat
from widgets.bridge.faults import Fault, fault_of
from widgets.bridge.jobs import Job, Jobs

log = logging.getLogger(__name__)
T = TypeVar("T")

DRAIN_MS = 150
POLL_MS = 50
ANSWER_BUDGET_S = 0.008
"""Answers of one turn of the event loop; the rest waits for the next turn, so that input and painting get theirs."""


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """What of a seat may be read on the GUI thread without asking: it does not change, or is replaced as a whole."""

    operator: Operator
    clock: Clock
    screen: str
    nature: str
    centre_name: str
    book: Book
    timezone: str = "Asia/Shanghai"
    """IANA name of the zone whose clock the district lives by"""
    seat_code: str = ""
    """the seat's own code, as it stands in the numbers of its incidents"""


class Bridge(QObject):
    """Owner of the database thread. Lives on the GUI thread; call `start` once and `close` at the end.

    Signals: `ready()` the seat is open, `facts` is set. `failed(Fault)` it could not be opened; `start` may be called
    again. `changed(Changes)` one batch. `trouble(Fault | None)` a fault nobody asked about (the store while polling, a
    bug), None when the store works again; `down` says whether it cannot be read now.
    """

    ready = Signal()
    failed = Signal(object)
    changed = Signal(object)
    trouble = Signal(object)
    _woken = Signal()

    def __init__(self, open_seat: Callable[[], Seat], *, drain_ms: int = DRAIN_MS, poll_ms: int = POLL_MS,
                 parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_seat = open_seat
        self._drain_s, self._poll_s = drain_ms / 1000, poll_ms / 1000
        self._jobs = Jobs()
        self._lock = threading.Lock()
        self._answers: deque[Job] = deque()
        self._news: deque[Callable[[], None]] = deque()
        self._pending = Changes()
        self._wake_sent = False
        self._down_since: float | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self.facts: SeatFacts | None = None
        self.down = False
        self._last_drain = float("-inf")
        self._drain_timer = QTimer(self)
        self._drain_timer.setSingleShot(True)
        self._drain_timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._drain_timer.timeout.connect(self._on_drain)
        self._woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)

    # ---- for views (GUI thread) -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Open the seat in the database thread; `ready` or `failed` follows. Jobs may be queued before."""
        if self._closed:
            raise RuntimeError("the bridge is closed")
        if self._thread is not None:
            return
        self._thread = threading.Thread(target=self._work, name="seat-db")
        self._thread.start()

    def ask(self, fn: Callable[[Seat], T], done: Callable[[T], None] | None = None,
            failed: Callable[[Fault], None] | None = None, *, owner: QObject, key: Hashable | None = None,
            act: bool = False) -> None:
        """Run `fn(seat)` on the database thread; its result comes to `done` on this thread, its fault to `failed`.

        Nothing comes when `owner` is gone. `key`: a queued request of the same owner and key is replaced. `act`: goes
        before all queries (for a function that changes something). Without `failed` a fault comes by `trouble`.
        """
        self._put(fn, None, done, failed, owner, key, act)

    def act(self, command: Command, done: Callable[[Changes], None] | None = None,
            failed: Callable[[Fault], None] | None = None, *, owner: QObject) -> None:
        """Do one command, before all queries. Commands that wait together share a transaction; a refused one harms only
        itself. `done` gets the changes of that transaction, after they are on disk."""
        self._put(None, command, done, failed, owner, None, True)

    @property
    def idle(self) -> bool:
        """Nothing asked is still unanswered."""
        with self._lock:
            return self._jobs.idle and not self._answers and not self._news

    def waiting_s(self) -> float:
        """How long the oldest queued request has been waiting (s)."""
        return self._jobs.oldest_s()

    def close(self, timeout_s: float = 10.0) -> bool:
        """Finish the acts, drop the queries, close the seat, join the thread. Answers no longer come.

        Returns whether the thread ended in time; a second call does nothing.
        """
        self._closed = True
        dropped = self._jobs.close()
        self._drain_timer.stop()
        thread, ended = self._thread, True
        if thread is not None:
            thread.join(timeout_s)
            ended = not thread.is_alive()
            if not ended:
                log.error("the database thread did not end within %.0f s", timeout_s)
        dropped.clear()
        self._answers.clear()
        self._news.clear()
        return ended

    def _put(self, fn: Callable[[Seat], Any] | None, command: Command | None, done: Callable[[Any], None] | None,
             failed: Callable[[Fault], None] | None, owner: QObject, key: Hashable | None, act: bool) -> None:
        if self._closed:
            return
        scoped = None if key is None else (id(owner), act, key)
        replaced = self._jobs.put(Job(fn, command, done, failed, weakref.ref(owner), scoped), act=act)
        del replaced

    # ---- GUI thread -----------------------------------------------------------------------------------------------

    @Slot()
    def _on_woken(self) -> None:
        """Deliver answers for at most ANSWER_BUDGET_S, and plan the next batch of changes."""
        with self._lock:
            self._wake_sent = False
        if self._closed:
            return
        until = time.perf_counter() + ANSWER_BUDGET_S
        while self._news:
            self._news.popleft()()
        while self._answers:
            self._deliver(self._answers.popleft())
            if time.perf_counter() > until and self._answers:
                self._wake()
                break
        if self._pending and not self._drain_timer.isActive() and not self._closed:
            wait_s = self._last_drain + self._drain_s - time.perf_counter()
            self._drain_timer.start(round(max(0.0, wait_s) * 1000))

    @Slot()
    def _on_drain(self) -> None:
        with self._lock:
            batch, self._pending = self._pending, Changes()
        self._last_drain = time.perf_counter()
        if batch and not self._closed:
            self.changed.emit(batch)

    def _deliver(self, job: Job) -> None:
        owner, done, failed = job.owner(), job.done, job.failed
        job.fn = job.done = job.failed = None  # what they hold goes on this thread, whoever drops the job last
        if owner is None or not shiboken6.isValid(owner):
            return
        try:
            if job.error is None:
                if done is not None:
                    done(job.result)
                return
            fault = fault_of(job.error, "a request to the seat")
            if failed is not None:
                failed(fault)
            else:
                self.trouble.emit(fault)
        except Exception as error:  # noqa: BLE001  a bug of one view must not cost the others their answers
            self.trouble.emit(fault_of(error, "a view's answer"))

    def _opened(self, facts: SeatFacts) -> None:
        first, self.facts = self.facts is None, facts
        if first:
            self.ready.emit()

    def _stands(self, fault: Fault | None) -> None:
        self.down = fault is not None
        self.trouble.emit(fault)

    def _not_opened(self, fault: Fault) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self.failed.emit(fault)

    # ---- database thread ------------------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            seat = self._open_seat()
            facts = _facts(seat)
        except Exception as error:  # noqa: BLE001  reported to the screen, logged when it is ours
            fault = fault_of(error, "opening the seat")
            if not fault.internal:
                log.warning("the seat can't be opened: %s", error)
            self._tell(lambda: self._not_opened(fault))
            return
        self._tell(lambda: self._opened(facts))
        try:
            self._serve(seat)
        finally:
            seat.close()

    def _serve(self, seat: Seat) -> None:
        next_poll = time.perf_counter()
        while not self._jobs.finished:
            batch = self._jobs.take(max(0.0, next_poll - time.perf_counter()))
            changed = False
            if batch:
                changed = self._run(seat, batch)
                self._hand_back(batch)
            if changed or time.perf_counter() >= next_poll:
                self._poll(seat)
                next_poll = time.perf_counter() + self._poll_s

    @staticmethod
    def _run(seat: Seat, batch: list[Job]) -> bool:
        """Do the jobs; each holds its result or error afterwards. Returns whether something may have changed."""
        first = batch[0]
        if first.command is None:
            if first.wanted and first.fn is not None:
                try:
                    first.result = first.fn(seat)
                except Exception as error:  # noqa: BLE001  handed to the GUI thread, which shows or logs it
                    first.error = error
            return True
        try:
            if len(batch) == 1:
                first.result = seat.do(first.command)
                return True
            changes, errors = seat.do_all([job.command for job in batch if job.command is not None])
            for job, refused in zip(batch, errors, strict=True):
                job.result, job.error = changes, refused
        except Exception as error:  # noqa: BLE001  the whole transaction failed: every maker is told
            for job in batch:
                job.error = error
        return True

    def _hand_back(self, batch: list[Job]) -> None:
        """Give the jobs to the GUI thread, which takes the callbacks out: widgets must not die on this one."""
        self._answers.extend(batch)
        batch.clear()
        self._jobs.done()
        self._wake()

    def _poll(self, seat: Seat) -> None:
        try:
            changes = seat.poll_changes()
            facts = _facts(seat) if changes.packs or changes.settings else None
        except Exception as error:  # noqa: BLE001  shown as trouble; logged once when it is ours
            if self._down_since is None:
                self._down_since = time.perf_counter()
                fault = fault_of(error, "looking for changes")
                if isinstance(error, KnownFault):
                    log.warning("the store can't be read: %s", error)
                self._tell(lambda: self._stands(fault))
            return
        if self._down_since is not None:
            log.info("the store can be read again after %.1f s", time.perf_counter() - self._down_since)
            self._down_since = None
            self._tell(lambda: self._stands(None))
        if facts is not None:
            self._tell(lambda: self._opened(facts))
        if changes:
            with self._lock:
                self._pending = self._pending.merged(changes)
            self._wake()

    def _tell(self, news: Callable[[], None]) -> None:
        self._news.append(news)
        self._wake()

    def _wake(self) -> None:
        with self._lock:
            if self._wake_sent or self._closed:
                return
            self._wake_sent = True
        self._woken.emit()


def _facts(seat: Seat) -> SeatFacts:
    return SeatFacts(seat.operator, seat.clock, seat.screen, seat.nature, seat.centre_name, seat.book, seat.timezone,
                     seat.seat_code)
