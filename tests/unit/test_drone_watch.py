"""What is told of drones: once, by the limits of the list, and when it is over."""
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.bootstrap.seats import REFERENCE
from app.services.book import Book
from app.services.drone_watch import BATTERY, LINK, DroneLimits, DroneWatch, limits_of
from app.services.packs import all_codes, load_packs
from app.services.views import DroneState, UnitRow
from tests.fakes import fake_world

NOW = 1_000_000.0
LIMITS = DroneLimits(25, 30, 5)


def drone(**more: object) -> UnitRow:
    state = DroneState("uav1", "ok", NOW, 80.0, 9.0, 60, "armed")
    row = next(iter(fake_world.make_units(1, np.random.default_rng(1)).values()))
    return replace(row, id="uav1", name="无人机一号", kind="drone",
                   drone=replace(state, **more))  # type: ignore[arg-type]


def told(watch: DroneWatch, at: float = NOW, **more: object) -> list[tuple[str, str]]:
    came, over = watch.look([drone(**more)], LIMITS, at)
    return [("came", a.what) for a in came] + [("over", a.what) for a in over]


def test_a_battery_that_trembles_about_its_limit_is_told_once_and_when_it_is_over():
    watch = DroneWatch()
    assert told(watch) == []
    assert told(watch, battery=25) == [("came", BATTERY)]
    assert [told(watch, battery=n) for n in (26, 25, 29, 24)] == [[], [], [], []]
    assert told(watch, battery=30) == [("over", BATTERY)]
    assert told(watch, battery=26) == []


def test_a_lost_link_is_told_after_its_limit_and_again_when_it_was_back():
    watch = DroneWatch()
    assert told(watch, NOW + 4.9, link="lost") == []
    assert told(watch, NOW + 5, link="lost") == [("came", LINK)]
    first = watch.standing["uav1", LINK]
    assert told(watch, NOW + 60, link="lost") == []
    assert told(watch, NOW + 61, heard_at=NOW + 61) == [("over", LINK)]
    assert told(watch, NOW + 70, link="lost", heard_at=NOW + 61) == [("came", LINK)]
    assert watch.standing["uav1", LINK].key != first.key, "another alarm, to be acknowledged by itself"


@pytest.mark.parametrize("more", [{"battery": 10}, {"link": "lost"}, {"battery": None}])
def test_what_stands_on_the_ground_or_says_nothing_alarms_nobody(more: dict[str, object]):
    mode = "armed" if more.get("battery", 0) is None else "disarmed"
    assert told(DroneWatch(), NOW + 60, mode=mode, **more) == []


def test_landing_ends_a_low_battery_and_a_drone_off_the_lists_leaves_without_a_word():
    watch = DroneWatch()
    told(watch, battery=20)
    assert told(watch, battery=20, mode="disarmed") == [("over", BATTERY)]
    told(watch, battery=20)
    assert watch.look([], LIMITS, NOW) == ([], [])
    assert not watch.standing


def test_the_limits_are_those_of_the_list_in_force():
    shipped = Book(1, all_codes(load_packs(REFERENCE)), ())
    assert limits_of(shipped) == DroneLimits() == LIMITS, "the same for a store from before the list"
    assert limits_of(Book(1, (), ())) == DroneLimits()
    own = [replace(c, extra={"value": 40}) if c.code == "battery_low" else c for c in shipped.codes("drone_limit")]
    limits = limits_of(Book(1, own, ()))
    assert (limits.battery_low, limits.battery_fine) == (40, 41)
    assert DroneWatch().look([drone(battery=40)], limits, NOW)[0][0].battery == 40
