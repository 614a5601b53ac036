"""The bridge: one database thread, answers on the GUI thread, one batch of changes per drain."""
from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QObject

from app.clock import FixedClock
from app.domain.faults import KnownFault, Message, Refused
from app.services.changes import Changes
from app.services.commands import Act, Command, MarkRead
from app.services.seat import Operator
from widgets.bridge import Bridge, Fault


class SmallSeat:
    """As much of a seat as the bridge touches; counts transactions and can hang, refuse, break."""

    def __init__(self) -> None:
        self.operator = Operator("d1", "dispatcher 01", frozenset(), None)
        self.clock = FixedClock(datetime(2026, 11, 23, 10, 42, 7, tzinfo=UTC))
        self.screen, self.nature, self.centre_name = "desk", "live", "centre"
        self.timezone, self.seat_code = "Asia/Shanghai", "01"
        self.book: Any = object()
        self.thread = threading.get_ident()
        self.lock = threading.Lock()
        self.pending = Changes()
        self.log: list[str] = []
        self.transactions = 0
        self.gate = threading.Event()
        self.gate.set()
        self.poll_error: Exception | None = None
        self.closed = False

    def feed(self, changes: Changes) -> None:
        """As another process of the seat would."""
        with self.lock:
            self.pending = self.pending.merged(changes)

    def do(self, command: Command) -> Changes:
        self.transactions += 1
        return self._do(command)

    def _do(self, command: Command) -> Changes:
        assert threading.get_ident() == self.thread
        assert isinstance(command, Act | MarkRead)
        if isinstance(command, Act) and command.verb == "refused":
            raise Refused(Message("no"))
        self.log.append(command.incident_id)
        changes = Changes(incidents=frozenset({command.incident_id}))
        self.feed(changes)
        return changes

    def do_all(self, commands: list[Command]) -> tuple[Changes, list[Exception | None]]:
        self.transactions += 1
        total, errors = Changes(), list[Exception | None]()
        for command in commands:
            try:
                total = total.merged(self._do(command))
                errors.append(None)
            except KnownFault as fault:
                errors.append(fault)
        return total, errors

    def poll_changes(self) -> Changes:
        assert threading.get_ident() == self.thread
        if self.poll_error is not None:
            raise self.poll_error
        with self.lock:
            changes, self.pending = self.pending, Changes()
        return changes

    def close(self) -> None:
        self.closed = True


class Desk:
    """A bridge over a small seat, and what came out of it."""

    def __init__(self, qtbot: Any, **how: Any) -> None:
        self.qtbot = qtbot
        self.seats: list[SmallSeat] = []
        self.batches: list[Changes] = []
        self.troubles: list[Fault | None] = []
        self.bridge = Bridge(self._open, **how)
        self.bridge.changed.connect(self.batches.append)
        self.bridge.trouble.connect(self.troubles.append)
        self.owner = QObject()

    def _open(self) -> Any:
        self.seats.append(SmallSeat())
        return self.seats[-1]

    def opened(self) -> Desk:
        with self.qtbot.waitSignal(self.bridge.ready, timeout=5000):
            self.bridge.start()
        return self

    @property
    def seat(self) -> SmallSeat:
        return self.seats[-1]

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=5000)

    def hold(self) -> threading.Event:
        """Keep the database thread busy until the returned event is set."""
        gate, entered = threading.Event(), threading.Event()

        def wait(_seat: Any) -> None:
            entered.set()
            gate.wait(10)
        self.bridge.ask(wait, owner=self.owner)
        assert entered.wait(5)
        return gate


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    made = Desk(qtbot, drain_ms=40, poll_ms=10)
    yield made.opened()
    made.bridge.close()


def test_an_answer_comes_on_the_gui_thread_and_the_question_runs_on_the_database_thread(desk: Desk) -> None:
    threads: list[int] = []
    desk.bridge.ask(lambda seat: threading.get_ident(), lambda got: threads.extend([got, threading.get_ident()]),
                    owner=desk.owner)
    desk.until(lambda: len(threads) == 2)
    assert threads[0] == desk.seat.thread != threads[1]
    assert threads[1] == threading.get_ident()


def test_facts_of_the_seat_are_there_once_it_is_ready(desk: Desk) -> None:
    facts = desk.bridge.facts
    assert facts is not None
    assert (facts.operator.id, facts.screen, facts.nature) == ("d1", "desk", "live")


def test_an_act_goes_before_queries_that_wait(desk: Desk) -> None:
    gate, order = desk.hold(), list[str]()
    for n in range(5):
        desk.bridge.ask(lambda seat: None, lambda _got, n=n: order.append(f"query {n}"), owner=desk.owner)  # type: ignore[misc]
    desk.bridge.act(Act("i1", "assign"), lambda _c: order.append("act"), owner=desk.owner)
    gate.set()
    desk.until(lambda: len(order) == 6)
    assert order[0] == "act"


def test_acts_that_wait_together_share_one_transaction_and_a_refused_one_harms_only_itself(desk: Desk) -> None:
    gate, done, refused = desk.hold(), list[Changes](), list[Fault]()
    for n in range(20):
        desk.bridge.act(Act(f"i{n}", "refused" if n == 7 else "assign"), done.append, refused.append, owner=desk.owner)
    gate.set()
    desk.until(lambda: len(done) + len(refused) == 20)
    assert desk.seat.transactions == 1
    assert len(refused) == 1
    assert refused[0].refused
    assert not refused[0].internal
    assert desk.seat.log == [f"i{n}" for n in range(20) if n != 7]
    desk.until(lambda: bool(desk.batches))
    assert len(desk.batches[0].incidents) == 19


def test_the_newest_request_of_a_key_replaces_the_queued_one(desk: Desk) -> None:
    gate, got = desk.hold(), list[int]()
    for n in range(50):
        desk.bridge.ask(lambda seat, n=n: n, got.append, owner=desk.owner, key="rows")  # type: ignore[misc]
    other = QObject()
    desk.bridge.ask(lambda seat: -1, got.append, owner=other, key="rows")
    gate.set()
    desk.until(lambda: len(got) == 2)
    desk.qtbot.wait(30)
    assert got == [49, -1]


def test_no_answer_reaches_an_owner_that_is_gone(desk: Desk) -> None:
    gate, got = desk.hold(), list[str]()
    dropped, deleted = QObject(), QObject()
    desk.bridge.ask(lambda seat: "a", got.append, owner=dropped)
    desk.bridge.ask(lambda seat: "b", got.append, owner=deleted)
    desk.bridge.ask(lambda seat: "c", got.append, owner=desk.owner)
    del dropped
    deleted.deleteLater()
    desk.qtbot.wait(5)
    gate.set()
    desk.until(lambda: bool(got))
    assert got == ["c"]


def test_what_callbacks_hold_is_never_destroyed_on_the_database_thread(desk: Desk) -> None:
    died_on: set[int] = set()

    class Held:
        def __del__(self) -> None:
            died_on.add(threading.get_ident())
    count: list[int] = []
    for _ in range(300):
        held = Held()
        desk.bridge.ask(lambda seat, held=held: id(held), lambda _got, held=held: count.append(1),  # type: ignore[misc]
                        owner=desk.owner)
    del held
    desk.until(lambda: len(count) == 300 and desk.bridge.idle)
    assert died_on == {threading.get_ident()}


def test_a_flood_costs_one_signal_per_drain(qtbot: Any) -> None:
    desk = Desk(qtbot, drain_ms=100, poll_ms=20).opened()
    began = time.perf_counter()
    for n in range(1000):
        desk.seat.feed(Changes(incidents=frozenset({f"i{n}"})))
        if n % 10 == 9:
            qtbot.wait(5)
    desk.until(lambda: sum(len(b.incidents) for b in desk.batches) >= 1000)
    took = time.perf_counter() - began
    assert len(desk.batches) <= took / 0.1 + 2
    assert frozenset[str]().union(*(b.incidents for b in desk.batches)) == {f"i{n}" for n in range(1000)}
    desk.bridge.close()


def test_the_first_change_after_a_quiet_time_does_not_wait_for_a_drain(qtbot: Any) -> None:
    desk = Desk(qtbot, drain_ms=2000, poll_ms=10).opened()
    qtbot.wait(30)
    desk.seat.feed(Changes(positions=True))
    qtbot.waitUntil(lambda: bool(desk.batches), timeout=1000)
    desk.bridge.close()


def test_a_bug_in_a_question_is_logged_with_its_trace_and_told_to_its_asker(desk: Desk, expected_logs: Any) -> None:
    expected_logs.allow("internal error")
    faults: list[Fault] = []
    desk.bridge.ask(lambda seat: 1 / 0, None, faults.append, owner=desk.owner)
    desk.until(lambda: bool(faults))
    assert faults[0].internal
    assert isinstance(faults[0].error, ZeroDivisionError)
    assert expected_logs.matching("internal error")


def test_a_fault_nobody_takes_comes_by_trouble_and_is_never_swallowed(desk: Desk, expected_logs: Any) -> None:
    expected_logs.allow("internal error")

    def refuse(_seat: Any) -> None:
        raise KnownFault(Message("the disk is full"))
    desk.bridge.ask(refuse, owner=desk.owner)

    def broken(_got: object) -> None:
        raise ZeroDivisionError
    desk.bridge.ask(lambda seat: 1, broken, owner=desk.owner)
    got: list[int] = []
    desk.bridge.ask(lambda seat: 2, got.append, owner=desk.owner)
    desk.until(lambda: bool(got))
    assert [fault.internal for fault in desk.troubles if fault] == [False, True]


def test_a_store_that_cannot_be_read_is_told_once_and_so_is_its_recovery(desk: Desk, expected_logs: Any) -> None:
    expected_logs.allow("the store can't be read")
    desk.seat.poll_error = KnownFault(Message("the store is locked"))
    desk.until(lambda: len(desk.troubles) == 1)
    desk.qtbot.wait(60)
    desk.seat.poll_error = None
    desk.until(lambda: len(desk.troubles) == 2)
    assert desk.troubles[1] is None
    assert len(expected_logs.matching("the store can't be read")) == 1


@pytest.mark.expects_log("the seat can't be opened: locked by another program")
def test_a_seat_that_cannot_be_opened_is_reported_and_may_be_tried_again(qtbot: Any) -> None:
    answers: list[Any] = [KnownFault(Message("locked by another program")), SmallSeat]

    def open_seat() -> Any:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer()
    bridge = Bridge(open_seat)
    with qtbot.waitSignal(bridge.failed, timeout=5000) as caught:
        bridge.start()
    assert str(caught.args[0].message) == "locked by another program"
    with qtbot.waitSignal(bridge.ready, timeout=5000):
        bridge.start()
    bridge.close()


def test_close_finishes_the_acts_and_drops_the_queries(desk: Desk) -> None:
    gate, got = desk.hold(), list[object]()
    for n in range(30):
        desk.bridge.act(MarkRead(f"i{n}"), got.append, owner=desk.owner)
        desk.bridge.ask(lambda seat: seat.log.append("query"), owner=desk.owner)
    gate.set()
    assert desk.bridge.close()
    desk.qtbot.wait(20)
    assert len(desk.seat.log) == 30
    assert "query" not in desk.seat.log
    assert got == []
    assert desk.seat.closed
    desk.bridge.act(MarkRead("late"), owner=desk.owner)
    assert "late" not in desk.seat.log


def test_an_act_answers_within_100_ms_while_changes_pour_in(desk: Desk, figure: Callable[[str], None]) -> None:
    took: list[float] = []
    for n in range(40):
        desk.seat.feed(Changes(incidents=frozenset(f"f{n}-{k}" for k in range(50))))
        for _ in range(5):
            desk.bridge.ask(lambda seat: time.sleep(0.002), owner=desk.owner)
        began, seen = time.perf_counter(), list[Changes]()
        desk.bridge.act(Act(f"i{n}", "assign"), seen.append, owner=desk.owner)
        desk.until(lambda seen=seen: bool(seen))  # type: ignore[misc]
        took.append(time.perf_counter() - began)
    took.sort()
    figure(f"bridge: act answered p50 {took[20] * 1000:.1f} ms, max {took[-1] * 1000:.1f} ms under load")
    assert took[35] < 0.1
