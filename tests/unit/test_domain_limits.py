"""The clocks of an incident: limit, hold, extension; and the lamp they light."""
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import Json
from app.domain.limits import Limit, at_ms, clock_body, extended_clock, regranted, resumed_clock, to_ms
from app.domain.working_time import CalendarKind, WorkCalendar
from app.services.lamp import lamp
from app.services.views import Flag, QueueRow

CALENDAR = WorkCalendar()
HOUR = 3_600_000
TUESDAY = to_ms(datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
"""09:00 in Shanghai"""


def whole(value: Json) -> int:
    assert isinstance(value, int)
    return value


def clock(minutes: float | None, calendar: str = "continuous", start: int = TUESDAY) -> dict[str, Json]:
    return clock_body(CALENDAR, Limit(minutes, calendar, "rule", "source"), start)


def test_a_limit_warns_at_four_fifths_and_says_where_it_comes_from() -> None:
    assert clock(60) == {"from": TUESDAY, "warn": TUESDAY + 48 * 60_000, "due": TUESDAY + HOUR, "minutes": 60,
                         "calendar": "continuous", "rule": "rule", "source": "source"}


def test_no_limit_is_a_value_and_stays_one() -> None:
    free = clock(None)
    assert (free["warn"], free["due"]) == (None, None)
    assert resumed_clock(CALENDAR, free, TUESDAY, TUESDAY + HOUR) == {**free, "holds": [[TUESDAY, TUESDAY + HOUR]]}
    assert extended_clock(CALENDAR, free, 60) == {**free, "extended": 60}
    assert resumed_clock(CALENDAR, {}, TUESDAY, TUESDAY + HOUR) == {}


def test_a_hold_over_lunch_takes_no_working_minute() -> None:
    held = clock(180, "working_hours")  # 09:00 to 12:00
    resumed = resumed_clock(CALENDAR, held, TUESDAY + 2 * HOUR, TUESDAY + 6 * HOUR)  # held 11:00, resumed 15:00
    assert resumed["due"] == TUESDAY + 7 * HOUR
    assert resumed["warn"] == TUESDAY + 6 * HOUR + 24 * 60_000


def test_a_hold_after_the_warning_warns_at_once_and_one_after_the_end_changes_nothing() -> None:
    one = clock(60)
    late = resumed_clock(CALENDAR, one, TUESDAY + 50 * 60_000, TUESDAY + 5 * HOUR)
    assert (late["warn"], late["due"]) == (TUESDAY + 5 * HOUR, TUESDAY + 5 * HOUR + 10 * 60_000)
    over = resumed_clock(CALENDAR, one, TUESDAY + HOUR, TUESDAY + 5 * HOUR)
    assert (over["warn"], over["due"]) == (one["warn"], one["due"])


def test_a_clock_that_began_during_the_hold_has_all_its_minutes_left() -> None:
    began = clock(60, start=TUESDAY + HOUR)
    resumed = resumed_clock(CALENDAR, began, TUESDAY, TUESDAY + 3 * HOUR)
    assert resumed["due"] == TUESDAY + 4 * HOUR


def test_an_extension_adds_its_minutes_and_moves_the_warning() -> None:
    longer = extended_clock(CALENDAR, clock(60), 40)
    assert (longer["due"], longer["minutes"]) == (TUESDAY + 100 * 60_000, 100)
    assert longer["warn"] == TUESDAY + 80 * 60_000


def test_an_extension_after_a_hold_does_not_count_the_hold_as_used() -> None:
    held = resumed_clock(CALENDAR, clock(60), TUESDAY + 30 * 60_000, TUESDAY + 10 * HOUR)
    longer = extended_clock(CALENDAR, held, 40)
    assert longer["due"] == TUESDAY + 10 * HOUR + 70 * 60_000
    assert longer["warn"] == TUESDAY + 10 * HOUR + 50 * 60_000


def test_an_imported_deadline_without_minutes_is_extended_from_what_it_had() -> None:
    imported: dict[str, Json] = {"from": TUESDAY, "warn": None, "due": TUESDAY + 60 * 60_000, "minutes": None}
    longer = extended_clock(CALENDAR, imported, 40)
    assert (longer["warn"], longer["due"], longer["minutes"]) == (TUESDAY + 80 * 60_000, TUESDAY + 100 * 60_000, 100)
    resumed = resumed_clock(CALENDAR, imported, TUESDAY + 30 * 60_000, TUESDAY + HOUR)
    assert resumed["due"] == TUESDAY + 90 * 60_000


def test_a_clock_without_a_start_can_still_be_held_and_extended() -> None:
    bare: dict[str, Json] = {"due": TUESDAY + HOUR}
    assert extended_clock(CALENDAR, bare, 30)["due"] == TUESDAY + HOUR + 30 * 60_000
    assert resumed_clock(CALENDAR, bare, TUESDAY, TUESDAY + HOUR)["due"] == TUESDAY + 2 * HOUR


def test_another_limit_is_given_what_was_granted_under_the_old_one() -> None:
    old = extended_clock(CALENDAR, resumed_clock(CALENDAR, clock(60), TUESDAY + 10 * 60_000, TUESDAY + 2 * HOUR), 40)
    new = regranted(CALENDAR, clock(180), old)
    assert new["due"] == TUESDAY + 180 * 60_000 + 40 * 60_000 + 110 * 60_000
    assert new["minutes"] == 220
    again = regranted(CALENDAR, clock(60), new)
    assert again["due"] == old["due"], "there and back changes nothing"
    assert regranted(CALENDAR, clock(180), clock(60)) == clock(180)
    free = regranted(CALENDAR, clock(None), old)
    assert free["due"] is None
    assert regranted(CALENDAR, clock(60), free)["due"] == old["due"], "nor does a time without a limit"


def test_a_clock_from_a_time_that_noted_no_extension_is_given_what_it_has_beyond_its_limit() -> None:
    assert regranted(CALENDAR, clock(180), clock(100), 40)["due"] == TUESDAY + 220 * 60_000


def test_times_survive_the_way_to_ms_and_back() -> None:
    assert to_ms(at_ms(TUESDAY + 7)) == TUESDAY + 7


moments = st.integers(0, 200 * 24 * 3600).map(lambda s: TUESDAY + s * 1000)


@given(st.sampled_from([str(k) for k in CalendarKind]), st.integers(1, 5000), moments,
       st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), max_size=4))
def test_holds_give_back_exactly_the_minutes_that_were_left(
        kind: str, minutes: int, start: int, holds: list[tuple[int, int]]) -> None:
    one, now, used = clock(minutes, kind, start), start, 0.0
    for run, pause in holds:
        later = now + run * 60_000
        if later >= whole(one["due"]):
            break
        used += CALENDAR.minutes_between(at_ms(now), at_ms(later), kind)
        now = later + pause * 60_000
        one = resumed_clock(CALENDAR, one, later, now)
        assert whole(one["warn"]) <= whole(one["due"])
        left = CALENDAR.minutes_between(at_ms(now), at_ms(whole(one["due"])), kind)
        assert left == pytest.approx(minutes - used, abs=0.01)


@given(st.sampled_from([str(k) for k in CalendarKind]), st.integers(1, 5000), st.integers(1, 5000), moments)
def test_an_extended_limit_is_the_limit_of_both_together(kind: str, minutes: int, more: int, start: int) -> None:
    longer = extended_clock(CALENDAR, clock(minutes, kind, start), more)
    both = clock(minutes + more, kind, start)
    span = CALENDAR.minutes_between(at_ms(start), at_ms(whole(longer["due"])), kind)
    assert span == pytest.approx(minutes + more, abs=0.01)
    assert whole(longer["warn"]) <= whole(longer["due"])
    if kind != "working_days":  # there a part of a day is counted in hours, a whole one by the date
        assert abs(whole(longer["due"]) - whole(both["due"])) <= 2


steps = st.lists(st.tuples(st.booleans(), st.integers(1, 600), st.integers(1, 600)), max_size=5)


@given(st.sampled_from([str(k) for k in CalendarKind if k != CalendarKind.WORKING_DAYS]), moments, steps,
       st.integers(5_000, 9_000), st.integers(5_000, 9_000))
def test_whatever_was_granted_a_corrected_limit_has_it_too(
        kind: str, start: int, story: list[tuple[bool, int, int]], before: int, after: int) -> None:
    """Extensions and holds upon one limit, then another limit: as if they had been given upon that one."""
    one, other, now = clock(before, kind, start), clock(after, kind, start), start
    for extended, first, second in story:
        if extended:
            one, other = extended_clock(CALENDAR, one, first), extended_clock(CALENDAR, other, first)
        else:
            held = now + first * 60_000
            now = held + second * 60_000
            one, other = resumed_clock(CALENDAR, one, held, now), resumed_clock(CALENDAR, other, held, now)
    new = regranted(CALENDAR, clock(after, kind, start), one)
    assert new["minutes"] == other["minutes"]
    assert whole(new["warn"]) <= whole(new["due"])
    apart = CALENDAR.minutes_between(at_ms(min(whole(new["due"]), whole(other["due"]))),
                                     at_ms(max(whole(new["due"]), whole(other["due"]))), kind)
    assert apart == pytest.approx(0, abs=0.01)


def row(now: float, *, level: int = 3, held: bool = False, on_scene: bool = False, phase: str = "assigned",
        closed: float | None = None, minutes: float | None = 60, warn: bool = True) -> QueueRow:
    one = clock(minutes)
    due, at_warn = one["due"], one["warn"]
    return QueueRow(
        "i", "n", level, "0101", "p", None, "patrol", phase, int(Flag.HELD) if held else 0, TUESDAY / 1000,
        TUESDAY / 1000, at_warn / 1000 if warn and isinstance(at_warn, int) else None,
        due / 1000 if isinstance(due, int) else None, None, "", 0, None, None, 1, on_scene, closed)


@pytest.mark.parametrize(
    ("minute", "extra", "colour"),
    [
        (0, {}, "green"), (48, {}, "green"), (48.1, {}, "yellow"), (60, {}, "yellow"), (60.1, {}, "red"),
        (0, {"level": 1}, "yellow"), (0, {"level": 2}, "yellow"), (0, {"level": 1, "on_scene": True}, "green"),
        (0, {"level": 1, "phase": "closed", "closed": TUESDAY / 1000}, "green"),
        (90, {"held": True}, "held"), (90, {"minutes": None}, "none"), (59, {"warn": False}, "green"),
        (90, {"phase": "closed", "closed": TUESDAY / 1000 + 1800}, "green"),
        (90, {"phase": "closed", "closed": TUESDAY / 1000 + 4000}, "red"),
    ],
)
def test_the_lamp_follows_the_share_of_the_limit(minute: float, extra: dict[str, object], colour: str) -> None:
    now = TUESDAY / 1000 + minute * 60
    assert lamp(row(now, **extra), now) == colour  # type: ignore[arg-type]


def test_the_lamp_only_ever_grows_worse_while_the_clock_runs() -> None:
    seen = [lamp(row(0, level=level), TUESDAY / 1000 + s) for level in (1, 4) for s in range(0, 4000, 7)]
    order = {"green": 0, "yellow": 1, "red": 2}
    half = len(seen) // 2
    for colours in (seen[:half], seen[half:]):
        assert [order[c] for c in colours] == sorted(order[c] for c in colours)
