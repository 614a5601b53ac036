"""The lamp and the queue's order: one rule for every screen."""
from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.incident_process import OPEN_PHASES, PHASES
from app.services.lamp import lamp, left_s, time_left_text
from app.services.queue_order import COUNTED, is_overdue, order_key, order_keys, sort_rows, tab_counts, tabs_of
from app.services.views import Flag, QueueRow

T0 = 1_800_000_000.0


def row(**over: object) -> QueueRow:
    values: dict[str, object] = {
        "id": "a", "number": "20261123-02-0001", "level": 3, "kind": "k", "place": "p", "area_id": None,
        "channel": "grid_patrol", "phase": "registered", "flags": 0, "reported_at": T0, "limit_from": T0,
        "warn_at": T0 + 80, "due_at": T0 + 100, "phase_due_at": None, "handler": "", "helpers": 0, "lon": None,
        "lat": None, "changed_seq": 1, "on_scene": False, "closed_at": None}
    return QueueRow(**{**values, **over})  # type: ignore[arg-type]


@pytest.mark.parametrize(("after", "expected"), [(0, "green"), (80, "green"), (80.5, "yellow"), (100, "yellow"),
                                                 (100.5, "red")])
def test_lamp_is_green_to_80_percent_yellow_to_100_red_beyond(after: float, expected: str) -> None:
    assert lamp(row(), T0 + after) == expected


@pytest.mark.parametrize("level", [1, 2])
def test_urgent_incident_is_never_green_before_somebody_is_on_the_scene(level: int) -> None:
    assert lamp(row(level=level), T0) == "yellow"
    assert lamp(row(level=level, on_scene=True), T0) == "green"


def test_held_and_unlimited_incidents_have_their_own_lamp() -> None:
    assert lamp(row(flags=int(Flag.HELD), due_at=None), T0) == "held"
    assert lamp(row(due_at=None, warn_at=None), T0) == "none"
    assert left_s(row(due_at=None), T0) is None


def test_ended_incident_keeps_the_lamp_of_its_end() -> None:
    ended = row(phase="closed", closed_at=T0 + 50)
    assert lamp(ended, T0 + 10_000) == "green"
    assert left_s(ended, T0 + 10_000) == 50


@pytest.mark.parametrize(("left", "expected"), [
    (877, "14:37"), (0, "00:00"), (3_599, "59:59"), (3_600, "1:00:00"), (86_399, "23:59:59"), (86_400, "1 d"),
    (-75, "overdue 01:15"), (-90_000, "overdue 1 d")])
def test_time_left_is_written_as_minutes_hours_or_days(left: int, expected: str) -> None:
    assert str(time_left_text(row(due_at=T0 + left), T0)) == expected


def test_figures_change_at_the_stroke_of_the_second_whatever_the_fraction_of_the_due_time() -> None:
    one = row(due_at=T0 + 100.9)
    assert {left_s(one, T0 + f) for f in (0.0, 0.3, 0.99)} == {100}


def test_queue_order_is_unacknowledged_then_level_then_time_left() -> None:
    rows = [row(id=f"{phase}-{level}-{due}", phase=phase, level=level, due_at=due)
            for phase, level, due in itertools.product(("assigned", "reported"), (4, 1), (None, T0 + 9, T0 + 5))]
    assert [r.id for r in sort_rows(rows)] == [
        f"{phase}-{level}-{due}" for phase in ("reported", "assigned") for level in (1, 4)
        for due in (T0 + 5, T0 + 9, None)]


@given(st.lists(st.tuples(st.sampled_from(PHASES), st.integers(1, 4), st.none() | st.floats(-1e9, 9e9),
                          st.floats(-1e9, 9e9)), max_size=20))
def test_order_keys_fit_into_63_bits_and_agree_with_the_single_key(cases: list[tuple[str, int, float | None, float]]
                                                                    ) -> None:
    rows = [row(phase=p, level=lv, due_at=d, reported_at=r) for p, lv, d, r in cases]
    keys = order_keys(rows)
    assert [int(k) for k in keys] == [order_key(r) for r in rows]
    assert all(0 <= int(k) < 2**63 for k in keys)


def test_every_open_row_stands_in_exactly_one_tab_of_its_phase() -> None:
    for phase, flags in itertools.product(OPEN_PHASES, (0, int(Flag.RETURNED))):
        tabs = tabs_of(row(phase=phase, flags=flags), T0)
        assert "all" in tabs
        assert len(tabs & {"to_accept", "to_assign", "to_sign", "in_hand", "returned", "to_verify"}) == 1


def test_counts_leave_ended_rows_out_and_held_ones_are_never_overdue() -> None:
    rows = [row(phase="closed"), row(due_at=T0 - 1), row(due_at=T0 - 1, flags=int(Flag.HELD | Flag.MINE)),
            row(phase="reported", flags=int(Flag.SUPERVISED))]
    counts = tab_counts(rows, T0)
    assert set(counts) == set(COUNTED)
    assert (counts["all"], counts["overdue"], counts["held"], counts["mine"], counts["supervised"]) == (3, 1, 1, 1, 1)
    assert is_overdue(rows[1], T0)
    assert not is_overdue(rows[2], T0)
