"""Windows that come back with their monitors, and sanely without them."""
from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QRect
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.widgets.desk_stage import desk_on, made_seat
from tests.widgets.room_stage import settle, until
from widgets.screens import desk_places
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


def test_places_are_stored_soon_after_a_window_moved(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_places, "KEEP_MS", 50)
    monkeypatch.setattr(desk_places, "monitors", lambda: [LEFT])
    seat = made_seat()
    with desk_on(seat, restore=True) as body:
        settle(body.bridge)
        body.panes["map"].tear(QRect(100, 100, 400, 300))
        assert until(lambda: "map" in read_places(seat.setting("desk.windows"), [LEFT]).floats)
        window = body.panes["map"].window_
        assert window is not None
        window.setGeometry(300, 200, 500, 320)
        assert until(lambda: read_places(seat.setting("desk.windows"), [LEFT]).floats["map"]
                     == QRect(300, 200, 500, 320))
        body.desk.setGeometry(50, 40, 1100, 700)
        assert until(lambda: read_places(seat.setting("desk.windows"), [LEFT]).main == QRect(50, 40, 1100, 700))
    assert "map" in read_places(seat.setting("desk.windows"), [LEFT]).floats, "closing the desk docks nothing for good"


def test_a_window_comes_back_with_its_monitor_in_the_session_that_tore_it(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
                                                                          ) -> None:
    there = [LEFT, RIGHT]
    monkeypatch.setattr(desk_places, "monitors", lambda: list(there))
    monkeypatch.setattr(desk_places, "SETTLE_MS", 30)
    with desk_on(made_seat(), restore=True) as body:
        settle(body.bridge)
        pane, place = body.panes["map"], QRect(2_100, 100, 700, 500)
        pane.tear(place)
        QTest.qWait(20)
        del there[1]
        body.places._on_screens(None)
        assert until(lambda: not pane.torn), "nobody could reach it there"
        there.append(RIGHT)
        body.places._on_screens(None)
        assert until(lambda: pane.torn)
        assert pane.window_ is not None
        assert pane.window_.geometry() == place


def test_a_cable_that_flickers_leaves_windows_where_they_were(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    there = [LEFT, RIGHT]
    monkeypatch.setattr(desk_places, "monitors", lambda: list(there))
    monkeypatch.setattr(desk_places, "SETTLE_MS", 60)
    monkeypatch.setattr(desk_places, "KEEP_MS", 20)
    with desk_on(made_seat(), restore=True) as body:
        settle(body.bridge)
        pane, place = body.panes["map"], QRect(2_100, 100, 700, 500)
        pane.tear(place)
        QTest.qWait(60)
        del there[1]
        body.places._on_screens(None)
        assert pane.window_ is not None
        pane.window_.setGeometry(10, 10, 700, 500)  # what the system does with windows of a monitor that went
        QTest.qWait(40)
        there.append(RIGHT)
        body.places._on_screens(None)
        assert until(lambda: pane.window_ is not None and pane.window_.geometry() == place)
        settle(body.bridge)
