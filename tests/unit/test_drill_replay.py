"""Replay: every step once, in order, at the asked pace; nothing is known before its time."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import FixedClock
from app.domain.faults import Rejected
from app.drill.replay import Batch, Replay, changed_histories, clock_from, cut, parse_speed, play
from app.intake.records import HistoryEvent, IncidentHistory

T0 = datetime(2018, 3, 1, 8, 0, tzinfo=UTC)


def _history(number: int, minutes: list[int], verdict: str = "") -> IncidentHistory:
    steps = ("reported", "registered", "assigned", "closed", "evaluated")
    events = tuple(HistoryEvent(s, T0 + timedelta(minutes=m)) for s, m in zip(steps, sorted(minutes), strict=False))
    return IncidentHistory("test", f"test:{number}", str(number), "t", "", "0102", "k", events[-1].step, events[0].at,
                           events, verdict=verdict, digest="d")


@given(st.lists(st.lists(st.integers(0, 500), min_size=1, max_size=5), max_size=30), st.integers(1, 90))
def test_every_step_comes_once_and_in_order_whatever_the_pace(minutes: list[list[int]], pace: int) -> None:
    histories = [_history(n, m) for n, m in enumerate(minutes)]
    replay = Replay(histories)
    clock, seen = FixedClock(T0), []
    while replay.next_at is not None:
        clock.advance(pace * 60)
        due = replay.due(clock.now())
        assert all(d.at <= clock.now() for d in due)
        seen += due
    assert [d.at for d in seen] == sorted(d.at for d in seen)
    assert len(seen) == sum(len(m) for m in minutes) == len(replay)
    for history in histories:
        assert [d.index for d in seen if d.history is history] == list(range(len(history.events)))


def test_steps_of_one_instant_keep_the_order_of_the_incident() -> None:
    replay = Replay([_history(1, [0, 0, 0, 0]), _history(2, [0, 0])])
    assert [(d.history.number, d.event.step) for d in replay.due(T0)] == [
        ("1", "reported"), ("1", "registered"), ("1", "assigned"), ("1", "closed"), ("2", "reported"),
        ("2", "registered")]


def test_nothing_of_the_end_is_known_before_it() -> None:
    history = _history(1, [0, 1, 5, 60, 90], verdict="overdue")
    early = cut(history, 3)
    assert (early.phase, early.verdict, early.closed_at, len(early.events)) == ("assigned", "", None, 3)
    closed = cut(history, 4)
    assert (closed.phase, closed.closed_at) == ("closed", T0 + timedelta(minutes=60))
    assert cut(history, 5) is history
    assert len({early.digest, closed.digest, history.digest}) == 3


def test_a_batch_touches_each_incident_once_with_all_its_steps_so_far() -> None:
    replay = Replay([_history(1, [0, 1, 2, 300]), _history(2, [1, 400])])
    known = changed_histories(replay.due(T0 + timedelta(minutes=2)))
    assert {h.number: len(h.events) for h in known} == {"1": 3, "2": 1}


def test_max_speed_gives_everything_without_waiting() -> None:
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return False
    batches = list(play(Replay([_history(n, [n, n + 1]) for n in range(500)]), None, wait, batch=64))
    assert sum(len(b.steps) for b in batches) == 1_000
    assert batches[-1].done == batches[-1].total == 1_000
    assert all(b.at == b.steps[-1].at for b in batches)
    assert set(waits) == {0.0}


def test_scaled_time_waits_for_what_is_next_and_stops_when_told() -> None:
    clock, slept = FixedClock(T0), []

    def wait(seconds: float) -> bool:
        slept.append(seconds)
        clock.advance(seconds * 60)
        return len(slept) > 200
    got: list[Batch] = list(play(Replay([_history(1, [0, 10, 20, 30])]), clock, wait, speed=60))
    assert [len(b.steps) for b in got] == [1, 1, 1, 1]
    assert sum(slept) * 60 == pytest.approx(1800, abs=60)
    stopped = list(play(Replay([_history(1, [0, 10])]), FixedClock(T0), lambda _: True, speed=1))
    assert len(stopped) == 1


def test_the_citys_clock_begins_with_its_first_step() -> None:
    real = datetime(2026, 11, 23, tzinfo=UTC)
    clock = clock_from(T0, real, 1000.0)
    assert clock.anchor_scaled <= T0
    assert clock.speed == 1000.0


@pytest.mark.parametrize("text", ["0", "-5", "1e9", "fast", "nan", "0.5"])
def test_an_impossible_speed_is_refused(text: str) -> None:
    with pytest.raises(Rejected):
        parse_speed(text)


def test_speeds_are_numbers_or_max() -> None:
    assert parse_speed("MAX") is None
    assert parse_speed("100000") == 100_000.0


def test_an_empty_file_replays_as_nothing() -> None:
    replay = Replay([])
    assert replay.begin is replay.end is replay.next_at is None
    assert list(play(replay, None, lambda _: False)) == []
