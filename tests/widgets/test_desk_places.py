"""Windows that come back with their monitors, and sanely without them."""
from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QRect

from widgets.screens.desk_memory import MOST_SETS, Monitor, Places, fitted, read_places, seen, signature, write_places

LEFT, RIGHT = Monitor("A", QRect(0, 0, 1920, 1080)), Monitor("B", QRect(1920, 0, 2560, 1440))


def test_places_come_back_for_the_same_monitors_in_any_order() -> None:
    places = Places(QRect(10, 20, 1300, 800), True, {"map": QRect(2000, 50, 900, 700)}, {"main": "abc"})
    stored = json.loads(json.dumps(write_places(None, [LEFT, RIGHT], places)))
    assert read_places(stored, [RIGHT, LEFT]) == places


def test_other_monitors_have_their_own_places_and_do_not_disturb_the_first() -> None:
    stored = write_places(None, [LEFT, RIGHT], Places(QRect(2000, 20, 1300, 800)))
    assert read_places(stored, [LEFT]) == Places()
    stored = write_places(stored, [LEFT], Places(QRect(5, 5, 1280, 720)))
    assert read_places(stored, [LEFT, RIGHT]).main == QRect(2000, 20, 1300, 800)
    assert read_places(stored, [LEFT]).main == QRect(5, 5, 1280, 720)


def test_a_window_nobody_could_reach_is_not_restored_there() -> None:
    stored = write_places(None, [LEFT], Places(QRect(5_000, 20, 1300, 800), False, {"map": QRect(-3_000, 0, 500, 500)}))
    places = read_places(stored, [LEFT])
    assert places.floats == {}
    assert places.main is not None
    assert LEFT.area.contains(places.main)


@pytest.mark.parametrize("stored", [None, 7, "x", [], {"A:0,0,1920x1080": 3},
                                    {"A:0,0,1920x1080": {"main": [1, 2], "floats": [1], "sizes": {"a": 1}}},
                                    {"A:0,0,1920x1080": {"main": [0, 0, 5, 5], "floats": {"map": "x"}}}])
def test_broken_settings_mean_windows_as_new(stored: object) -> None:
    assert read_places(stored, [LEFT]) == Places()


def test_the_monitors_used_longest_ago_are_forgotten() -> None:
    stored: object = None
    for n in range(MOST_SETS + 5):
        stored = write_places(stored, [Monitor(f"M{n}", LEFT.area)], Places(QRect(0, 0, 1280, 720)))
    assert isinstance(stored, dict)
    assert len(stored) == MOST_SETS
    assert signature([Monitor("M0", LEFT.area)]) not in stored


def test_a_window_is_moved_and_shrunk_into_a_monitor() -> None:
    assert fitted(QRect(1_800, -50, 3_000, 2_000), LEFT.area) == LEFT.area
    assert fitted(QRect(1_800, 900, 400, 300), LEFT.area) == QRect(1_520, 780, 400, 300)
    assert seen(QRect(1_700, 1_000, 400, 300), [LEFT])
    assert not seen(QRect(1_860, 1_000, 400, 300), [LEFT])
    assert not seen(QRect(100, -100, 400, 300), [LEFT])
