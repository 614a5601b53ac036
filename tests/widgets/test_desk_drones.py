"""A drone in trouble on the desk: told once with a bar, on the map's mark, and told when it is over."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.services.drone_watch import DroneLimits
from app.services.views import DroneState
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.desk_stage import opened
from tests.widgets.room_stage import second_click, stage, until
from widgets.bridge import Bridge
from widgets.map.palette import Palette
from widgets.map.sprites import drone_sprite
from widgets.screens.desk import DeskWindow
from widgets.screens.desk_drones import SETTING
from widgets.screens.map_feed import unit_marks
from widgets.theme import tokens


@pytest.fixture
def seat() -> FakeSeat:
    return FakeSeat(operator=SUPERVISOR, open_=5, ended=5, units=6, cameras=3, components=5)


@pytest.fixture
def bridge(qtbot: QtBot, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat, "zh_CN") as made:
        yield made


def desk_on_drones(bridge: Bridge) -> DeskWindow:
    window = opened(bridge, size=(1600, 900))
    assert until(lambda: bool(window.body.map.feed.units) and window.body.video.drones._seen is not None)
    return window


def says(window: DeskWindow, seat: FakeSeat, **more: object) -> None:
    """The first force is a drone that says this; the desk looks."""
    first = next(iter(seat.unit_rows))
    row = seat.unit_rows[first]
    now = window.body.clock.now().timestamp()
    state = DroneState(first, "ok", now, 80.0, 9.0, 60, "armed")
    made = replace(row, kind="drone", name="<b>一号</b>", drone=replace(state, **more))  # type: ignore[arg-type]
    seat.unit_rows[first] = window.body.map.feed.units[first] = made
    window.body.video.drones.look()


def test_it_is_told_once_stays_until_it_is_seen_and_is_told_when_over(bridge: Bridge, seat: FakeSeat):
    window = desk_on_drones(bridge)
    body, bar = window.body, window.body.video.drones
    says(window, seat)
    assert not bar.isVisible()
    says(window, seat, battery=20)
    assert bar.isVisible()
    assert bar.head.text() == "<b>一号</b>：电量低，剩 20 %"
    assert bar.sounding() == {}
    says(window, seat, battery=20, link="lost", heard_at=body.clock.now().timestamp() - 30)
    assert "另有 1 条" in bar.head.text()
    assert list(bar.sounding().values()) == [2]
    bar.seen_button.click()
    assert "链路中断，最后收到于30 秒前" in bar.head.text()
    bar.seen_button.click()
    assert (bar.isVisible(), bar.sounding()) == (False, {})
    assert until(lambda: len(seat.setting(SETTING, [])) == 2)  # type: ignore[arg-type]
    says(window, seat, battery=45)
    assert body.banner.label.text() in ("<b>一号</b>：电量不再告警，45 %", "<b>一号</b>：链路已恢复")
    says(window, seat, battery=19)
    assert bar.isVisible(), "low again: told again"
    window.close()


def test_a_double_click_acknowledges_one_alarm_and_not_the_next_one_too(bridge: Bridge, seat: FakeSeat):
    window = desk_on_drones(bridge)
    bar = window.body.video.drones
    says(window, seat, battery=20, link="lost", heard_at=window.body.clock.now().timestamp() - 30)
    assert "另有 1 条" in bar.head.text()
    QTest.mouseClick(bar.seen_button, Qt.MouseButton.LeftButton)
    second_click(bar.seen_button)
    assert bar.isVisible()
    assert "另有" not in bar.head.text()
    QTest.mouseClick(bar.seen_button, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    window.close()


def test_what_was_seen_is_not_told_again_after_a_restart(bridge: Bridge, seat: FakeSeat):
    first = next(iter(seat.unit_rows))
    seat.set_setting(SETTING, [f"{first} battery"])
    window = desk_on_drones(bridge)
    says(window, seat, battery=20)
    assert not window.body.video.drones.isVisible()
    window.close()


def test_the_mark_on_the_map_shows_it(qapp: QApplication, seat: FakeSeat):
    row = next(iter(seat.unit_rows.values()))
    rows = [replace(row, kind="drone", drone=DroneState(row.id, link, 1000.0, battery=battery, mode=mode))
            for link, battery, mode in (("ok", 60, "armed"), ("ok", 20, "armed"), ("lost", 60, "armed"),
                                        ("lost", 20, "disarmed"), ("ok", None, "armed"))]
    marks = unit_marks(rows, 1010.0, DroneLimits())
    assert marks.warn is not None
    assert marks.warn.tolist() == [False, True, True, False, False]

    def painted(stale: bool, warn: bool) -> np.ndarray:
        image = QImage(64, 64, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        painter.translate(32, 32)
        drone_sprite(Palette.from_tokens(tokens.current()), stale, warn, 1.0)(painter)
        painter.end()
        return np.frombuffer(image.constBits(), np.uint8).copy()

    looks = [painted(stale, warn) for stale in (False, True) for warn in (False, True)]
    assert all((a != b).any() for i, a in enumerate(looks) for b in looks[:i]), "four that can be told apart"
