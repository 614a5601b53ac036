"""The store's log: one transaction for everything, one chain for all programs of a seat, projections that follow."""
from __future__ import annotations

import contextlib
import multiprocessing
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.bootstrap import seats
from app.clock import FixedClock, SystemClock
from app.domain.events import Json, NewEvent
from app.domain.faults import KnownFault, Refused
from app.domain.incident_process import INCIDENT
from app.services.changes import Changes
from app.services.commands import (
    Act,
    CallEvent,
    Reporter,
    ReportIncident,
    SelfHandle,
    SetUnitDuty,
    SignDuty,
    ViewCamera,
)
from data.store import audit, rebuild, transaction
from data.store.store import Founding, Store

FOUNDING = Founding("340803", "D", "c", "Centre", "drill")
NOW = 1_790_000_000_000


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store without code lists, to be copied."""
    folder = tmp_path_factory.mktemp("empty") / "seat"
    Store.create(folder, FOUNDING, SystemClock()).close()
    return folder


@pytest.fixture(scope="module")
def with_lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the shipped code lists, to be copied."""
    folder = tmp_path_factory.mktemp("lists") / "seat"
    seats.found(folder, FOUNDING)
    return folder


def copied(template: Path, to: Path) -> Path:
    return Path(shutil.copytree(template, to / "seat"))


@pytest.fixture
def store(empty: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty store at a fixed time."""
    clock = FixedClock(datetime.fromtimestamp(NOW / 1000, UTC))
    with contextlib.closing(Store(copied(empty, tmp_path), clock)) as one:
        yield one


def count(store: Store, table: str) -> int:
    return int(store.read.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


TABLES = ("event", "incident", "assignment", "person", "counter", "change", "call", "outbox")


def counts(store: Store) -> dict[str, int]:
    return {table: count(store, table) for table in TABLES}


def fill(tx: transaction.Transaction, key: str) -> None:
    person = tx.put_person("reporter", {"phone": "1"})
    tx.append(NewEvent(f"incident/{key}", "incident.reported", {"id": key, "number": f"N{tx.next_number('20260101')}",
                                                                "reporters": [person]}, tx.now_ms))
    tx.append(NewEvent(f"incident/{key}", "incident.registered", {}, tx.now_ms))
    tx.append(NewEvent(f"incident/{key}", "incident.assigned", {"unit": "u1", "lead": True}, tx.now_ms))
    tx.append(NewEvent("call/c1", "call.rang", {}, tx.now_ms))


def test_events_projections_counter_people_and_change_note_come_together(store: Store) -> None:
    noted: list[Changes] = []
    with store.transaction(screen="desk", actor="a", note=noted.append) as tx:
        fill(tx, "i1")
        assert counts(store)["event"] == 0, "nobody sees what is not committed"
    assert counts(store) == {"event": 4, "incident": 1, "assignment": 1, "person": 1, "counter": 1, "change": 1,
                             "call": 1, "outbox": 0}
    assert noted == [Changes(incidents=frozenset({"i1"}), units=frozenset({"u1"}), calls=frozenset({"c1"}))]
    assert audit.verify(store).faults == ()


def write(store: Store, then: Callable[[], object], *more: NewEvent) -> None:
    with store.transaction(screen="desk", actor="a") as tx:
        fill(tx, "i1")
        for event in more:
            tx.append(event)
        then()


@pytest.mark.parametrize("where", ["_assigned_units", "assignment_rows", "incident_row", "dump_changes", "body"])
def test_a_fault_in_the_middle_leaves_nothing_and_the_next_one_goes_on(
        store: Store, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> object:
        raise RuntimeError("in the middle")

    before = counts(store)
    with monkeypatch.context() as patch:
        if where != "body":
            patch.setattr(transaction, where, fails)
        with pytest.raises(RuntimeError, match="in the middle"):
            write(store, fails if where == "body" else lambda: None)
    assert counts(store) == before
    with store.transaction(screen="desk", actor="a") as tx:
        fill(tx, "i1")
    assert audit.verify(store).faults == ()
    assert audit.verify(store).verified == 4


def test_a_row_that_the_file_refuses_takes_the_whole_transaction_with_it(store: Store) -> None:
    with store.transaction(screen="desk", actor="a") as tx:
        tx.append(NewEvent("call/c1", "call.rang", {}, NOW, id="the-same"))
    before = counts(store)
    with pytest.raises(KnownFault, match="reports"):
        write(store, lambda: None, NewEvent("call/c2", "call.rang", {}, NOW, id="the-same"))
    assert counts(store) == before
    assert audit.verify(store).faults == ()


def test_what_was_seen_of_a_stream_goes_into_the_next_event(store: Store) -> None:
    with store.transaction(screen="desk", actor="a") as tx:
        first = tx.append(NewEvent("incident/i", "incident.reported", {"id": "i"}, NOW))
    with store.transaction(screen="desk", actor="a") as tx:
        second = tx.append(NewEvent("incident/i", "incident.registered", {}, NOW))
        third = tx.append(NewEvent("call/c", "call.rang", {}, NOW, seen=("x",)))
    assert (first.seen, second.seen, third.seen) == ((), (first.id,), ("x",))


def write_from_a_process(folder: Path, name: str, batches: int, go: object) -> None:
    go.wait()  # type: ignore[attr-defined]
    with contextlib.closing(Store(folder, SystemClock())) as store:
        for n in range(batches):
            with store.transaction(screen=name, actor=name) as tx:
                for i in range(5):
                    key = f"{name}-{n}-{i}"
                    tx.append(NewEvent(f"incident/{key}", "incident.reported",
                                       {"id": key, "number": str(tx.next_number("20260101"))}, tx.now_ms))


def test_two_programs_of_a_seat_append_at_once_to_one_unbroken_chain(empty: Path, tmp_path: Path) -> None:
    folder = copied(empty, tmp_path)
    context = multiprocessing.get_context("spawn")
    go = context.Event()
    writers = [context.Process(target=write_from_a_process, args=(folder, name, 40, go)) for name in ("desk", "wall")]
    for one in writers:
        one.start()
    go.set()
    for one in writers:
        one.join(60)
        assert one.exitcode == 0
    with contextlib.closing(Store(folder, SystemClock())) as store:
        assert audit.verify(store).faults == ()
        assert audit.verify(store).verified == 400
        screens = store.read.exec_driver_sql(
            "SELECT json_extract(content, '$.screen') FROM event ORDER BY seq").scalars().all()
        assert len(set(screens)) == 2
        assert store.read.exec_driver_sql("SELECT count(DISTINCT number) FROM incident").scalar_one() == 400
        before = rebuild.dump(store.read)
        rebuild.rebuild(store)
        assert rebuild.dump(store.read) == before


def test_commands_that_come_together_share_one_transaction(with_lists: Path, tmp_path: Path) -> None:
    with contextlib.closing(seats.open_seat(copied(with_lists, tmp_path), screen="test")) as seat:
        changes_before = count(seat.store, "change")
        bad = [ReportIncident("0102", "patrol", "x\x00y"), ReportIncident("0102", "patrol", "\ud800"),
               ReportIncident("9999", "patrol", "x"), ReportIncident("0102", "patrol", "x", description="x" * 30_000)]
        good = [ReportIncident("0102", "patrol", f"Gate {n}", reporter=Reporter("A", "1"), accept=True)
                for n in range(10)]
        mixed = [c for pair in zip(good, [*bad, *bad, *bad], strict=False) for c in pair]
        changed, faults = seat.do_all(mixed)
        assert len(changed.incidents) == 10
        assert [isinstance(f, KnownFault) for f in faults] == [c in bad for c in mixed]
        assert count(seat.store, "change") == changes_before + 1
        assert count(seat.store, "person") == 10
        numbers = sorted(int(r.number[-4:]) for r in seat.queue())
        assert numbers == list(range(1, 11)), "a refused report takes no number"
        assert audit.verify(seat.store).faults == ()


WORDS = st.sampled_from(["", "Gate 2", "人民路", "'; DROP TABLE event; --", "\u202e<b>", "a" * 300])
KEYS = st.sampled_from(["i1", "i2", "i3"])
BODIES = st.fixed_dictionaries({}, optional={
    "id": KEYS, "unit": st.sampled_from(["u1", "u2"]), "lead": st.booleans(), "into": KEYS, "imported": st.booleans(),
    "level": st.integers(0, 5), "place": WORDS, "lon": st.floats(-180, 180), "lat": st.floats(-90, 90),
    "clock": st.fixed_dictionaries({"due": st.none() | st.integers(0, 2**62), "warn": st.none() | st.integers(0, 9)}),
    "phase_clock": st.just({"due": 7}), "reporters": st.lists(WORDS, max_size=2), "area": st.none() | WORDS,
    "area_path": WORDS, "minutes": st.floats(0, 100), "satisfaction": WORDS, "verdict": WORDS, "number": WORDS,
    "reason": WORDS, "person": st.none() | WORDS, "incident": st.none() | KEYS, "present": st.booleans(),
    "role": WORDS, "name": WORDS})
STREAMS = st.one_of(
    st.tuples(KEYS.map(lambda k: f"incident/{k}"), st.sampled_from([t.event for t in INCIDENT] + ["incident.odd"])),
    st.tuples(st.sampled_from(["unit/u1", "unit/u2"]), st.sampled_from(["unit.on_duty", "unit.off_duty", "unit.odd"])),
    st.tuples(st.sampled_from(["call/c1", "call/c/2"]), st.sampled_from(["call.rang", "call.answered", "call.ended"])),
    st.tuples(st.just("duty/shift"), st.just("duty.signed")),
    st.tuples(st.sampled_from(["pack/p", "odd", "", "camera/k"]), st.sampled_from(["pack.activated", "x"])))


@settings(max_examples=400 if settings().max_examples > 500 else 40, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(st.tuples(STREAMS, BODIES, st.integers(0, 2**45)), min_size=1, max_size=8), max_size=6))
def test_any_history_rebuilt_equals_the_live_one(
        empty: Path, batches: list[list[tuple[tuple[str, str], dict[str, Json], int]]]) -> None:
    with tempfile.TemporaryDirectory() as temporary, contextlib.closing(
            Store(copied(empty, Path(temporary)), SystemClock())) as store:
        for batch in batches:
            with store.transaction(screen="x", actor="a") as tx:
                for (stream, kind), body, at in batch:
                    tx.append(NewEvent(stream, kind, body, at))
        live = rebuild.dump(store.read)
        assert rebuild.rebuild(store) == sum(map(len, batches))
        assert rebuild.dump(store.read) == live
        assert audit.verify(store).faults == ()


def test_a_seats_own_day_rebuilt_equals_the_live_one(with_lists: Path, tmp_path: Path) -> None:
    dice = random.Random(11)
    with contextlib.closing(seats.open_seat(copied(with_lists, tmp_path), screen="test")) as seat:
        for n in range(40):
            commands = [ReportIncident("0102", "hotline", f"Place {n}", lon=117.0, lat=30.5, accept=dice.random() < 0.5,
                                       call_id=f"c{n}", reporter=Reporter("R", f"1390000{n:04d}")),
                        CallEvent(f"c{n}", "rang", "13900000000"), SelfHandle("0101", f"Corner {n}", "swept"),
                        SetUnitDuty(f"u{n % 3}", n % 2 == 0), SignDuty("supervisor", f"p{n % 4}", n % 3 == 0),
                        ViewCamera("k", "looking")]
            seat.do_all(commands)
        live = rebuild.dump(seat.store.read)
        rebuild.rebuild(seat.store)
        assert rebuild.dump(seat.store.read) == live
        assert audit.verify(seat.store).faults == ()


def test_an_act_upon_something_newer_than_what_was_looked_at_is_refused(with_lists: Path, tmp_path: Path) -> None:
    with contextlib.closing(seats.open_seat(copied(with_lists, tmp_path), screen="test")) as seat:
        one = next(iter(seat.do(ReportIncident("0102", "patrol", "Gate")).incidents))
        seen = seat.queue([one])[0].changed_seq
        seat.do(Act(one, "register", {}, seen))
        with pytest.raises(Refused, match="just changed"):
            seat.do(Act(one, "void", {"reason": "x"}, seen))
        seat.do(Act(one, "note", {"note": "a note is always welcome"}, seen))


def test_a_reader_that_is_far_behind_is_told_to_load_anew(store: Store) -> None:
    other = Store(store.folder, store.clock)
    with contextlib.closing(other):
        assert other.poll() == Changes()
        for n in range(3):
            with store.transaction(screen="x", actor="a") as tx:
                tx.mark(Changes(units=frozenset({f"u{n}"}), duty=True))
        assert other.poll() == Changes(units=frozenset({"u0", "u1", "u2"}), duty=True)
        assert other.poll() == Changes()
        for _ in range(3):
            with store.transaction(screen="x", actor="a") as tx:
                tx.mark(Changes(positions=True))
        with store._writer.begin():
            store._writer.exec_driver_sql("DELETE FROM change WHERE no < 6")
        assert other.poll() is None
        assert other.poll() == Changes()
