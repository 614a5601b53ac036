"""What the desk says of a drone: link with its age, battery, height; and its mark when nobody hears it."""
from __future__ import annotations

import math

from app.services.views import DroneState, UnitRow
from widgets.screens.desk_map import drone_rows
from widgets.screens.map_feed import unit_marks
from widgets.theme import language


def unit(drone: DroneState | None) -> UnitRow:
    return UnitRow("u", "无人机", "drone", "", "", "free", 117.0, 30.5, 995.0, 90.0, None, (), 0, (), "", True, drone)


def test_the_card_says_link_battery_and_height_and_nothing_that_is_not_known(qapp):
    language.use(qapp, "zh_CN")
    assert drone_rows(DroneState("u", "ok", 1000.0, 80.4, 9.6, 61), 1001.0) == [
        ("链路", "正常"), ("电量", "61 %"), ("高度", "80 m · 10 m/s")]
    rows = dict(drone_rows(DroneState("u", "lost", 900.0, None, None, 20), 1000.0))
    assert "失联" in rows["链路"]
    assert "1" in rows["链路"], "with its age"
    assert rows["电量"] == "20 % · 低"
    assert "高度" not in rows


def test_a_drone_that_nobody_hears_has_a_stale_mark_though_its_position_is_young():
    heard, lost = unit(DroneState("u", "ok", 1000.0)), unit(DroneState("u", "lost", 990.0))
    marks = unit_marks([heard, lost, unit(None)], 1000.0)
    assert marks.age_s is not None
    assert marks.age_s[0] == marks.age_s[2] == 5.0
    assert math.isnan(marks.age_s[1])
