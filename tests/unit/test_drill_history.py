"""Past and open incidents of the demo: a believable shape, and no step that the incident's own rules would refuse."""
from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from app.domain.incident import Fact, IncidentState, apply_in_place
from app.domain.incident_process import OPEN_PHASES
from app.domain.working_time import CalendarKind
from app.drill.district import District, make_district
from app.drill.history import make_histories
from app.drill.worktime import WorkTimes
from app.intake.histories import Lists, incident_id, to_events
from app.intake.records import IncidentHistory
from app.services.book import Book
from app.services.packs import all_codes, load_calendars, load_packs
from app.services.views import AreaRow

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 18, 42, tzinfo=ZONE)
CALENDAR = load_calendars(REFERENCE).calendar()


@pytest.fixture(scope="module")
def district() -> District:
    return make_district(REFERENCE, date(2026, 11, 23), components=2_000)


@pytest.fixture(scope="module")
def book(district: District) -> Book:
    rows = [AreaRow(a.key, a.code, a.name, a.level, a.parent_key, "", None, a.dedicated, a.households, a.merchants,
                    True) for a in district.skeleton.areas]
    return Book(1, all_codes(load_packs(REFERENCE)), rows)


@pytest.fixture(scope="module")
def histories(district: District, book: Book) -> list[IncidentHistory]:
    return make_histories(district, book, CALENDAR, NOW, REFERENCE)


@pytest.fixture(scope="module")
def states(district: District, book: Book, histories: list[IncidentHistory]) -> list[IncidentState]:
    names = {u.key: u.name for u in district.units}
    lists = Lists(lambda: book, CALENDAR, names.get)
    out = []
    for history in (h for n, h in enumerate(histories) if n % 3 == 0 or h.phase in OPEN_PHASES):
        state = IncidentState()
        for n, event in enumerate(to_events(history, lists, "n", [])):
            apply_in_place(state, Fact(str(n), event.kind, event.occurred_at or 0, event.actor or "", event.body))
        out.append(state)
    return out


def test_no_step_is_refused_by_the_incidents_own_rules(histories: list[IncidentHistory],
                                                       states: list[IncidentState]) -> None:
    phases = {incident_id(h.key): h.phase for h in histories}
    assert sum(len(s.superseded) for s in states) == 0
    assert all(s.phase == phases[s.id] for s in states)


def test_steps_are_in_time_order_and_none_lies_in_the_future(histories: list[IncidentHistory]) -> None:
    for history in histories:
        times = [e.at for e in history.events]
        assert times == sorted(times)
        assert times[-1] <= NOW
        assert history.opened_at == times[0]
    assert len({h.key for h in histories}) == len(histories)


def test_sixty_days_of_two_to_three_hundred_a_day(histories: list[IncidentHistory]) -> None:
    days = Counter(h.opened_at.astimezone(ZONE).date() for h in histories)
    assert len(days) == 61
    assert 210 < np.median(list(days.values())) < 310
    working = [n for d, n in days.items() if CALENDAR.is_working_day(d) and d != NOW.date()]
    off = [n for d, n in days.items() if not CALENDAR.is_working_day(d)]
    assert np.mean(off) < np.mean(working)


def test_nights_are_quiet_and_levels_mostly_four(histories: list[IncidentHistory]) -> None:
    hours = Counter(h.opened_at.astimezone(ZONE).hour for h in histories)
    assert max(hours[h] for h in (2, 3, 4)) * 4 < min(hours[h] for h in (9, 10, 17))
    levels = Counter(h.level for h in histories)
    assert levels["4"] > 0.65 * len(histories)
    assert levels["1"] < 0.01 * len(histories)


def test_noise_comes_at_night_and_parking_in_the_rush(histories: list[IncidentHistory]) -> None:
    def share(kind: str, hours: range) -> float:
        mine = [h for h in histories if h.class_code == kind]
        return sum(h.opened_at.astimezone(ZONE).hour in hours for h in mine) / len(mine)
    assert share("1102", range(19, 24)) > 0.35
    assert share("0506", range(7, 10)) > 0.2


def test_about_ninety_six_of_a_hundred_are_handled_in_time(states: list[IncidentState]) -> None:
    done = [s for s in states if s.fed_back_at and isinstance(s.clock.get("due"), int) and not s.self_handled]
    share = sum(s.fed_back_at <= int(str(s.clock["due"])) for s in done) / len(done)
    assert 0.95 < share < 0.98
    closed = [s for s in done if s.closed_at]
    assert 0.91 < sum(s.closed_at <= int(str(s.clock["due"])) for s in closed) / len(closed) < 0.96


def test_everything_that_may_come_between_does(histories: list[IncidentHistory]) -> None:
    steps = Counter(e.step for h in histories for e in h.events)
    for step in ("returned", "reworked", "voided", "checked", "merged", "absorbed", "extension_approved", "chased",
                 "told", "self_handled", "evaluated"):
        assert steps[step] > 20, step


def test_about_140_are_open_in_every_phase(histories: list[IncidentHistory], states: list[IncidentState]) -> None:
    phases = Counter(h.phase for h in histories if h.phase in OPEN_PHASES)
    assert 130 <= sum(phases.values()) <= 150
    assert set(phases) == set(OPEN_PHASES)
    open_ones = [s for s in states if s.phase in OPEN_PHASES]
    assert {s.level for s in open_ones} >= {1, 2, 3, 4}
    overdue = [s for s in open_ones if (s.due() or NOW.timestamp() * 2000) < NOW.timestamp() * 1000]
    assert 1 <= len(overdue) <= 8
    assert all(s.phase_clock for s in open_ones if s.phase == "assigned")


def test_the_same_moment_makes_the_same_history(district: District, book: Book,
                                                histories: list[IncidentHistory]) -> None:
    one, two = (make_histories(district, book, CALENDAR, NOW, REFERENCE, days=5) for _ in range(2))
    assert one == two
    assert len(one) < len(histories)


@pytest.mark.parametrize("at", ["2026-11-24T03:10:00+08:00", "2026-10-03T11:00:00+08:00", "2027-01-04T00:01:00+08:00"])
def test_any_hour_and_holiday_will_do(district: District, book: Book, at: str) -> None:
    now = datetime.fromisoformat(at)
    made = make_histories(district, book, CALENDAR, now, REFERENCE, days=6)
    assert all(h.events[-1].at <= now for h in made)
    assert 100 <= sum(h.phase in OPEN_PHASES for h in made) <= 150


def test_quick_working_hours_agree_with_the_domains_calendar() -> None:
    rng = np.random.default_rng(3)
    begin = datetime(2026, 9, 20, tzinfo=ZONE)
    work = WorkTimes(CALENDAR, begin, NOW)
    start = begin.timestamp() + rng.uniform(0, 60 * 86_400, 300)
    minutes = rng.uniform(1, 1500, 300).round()
    for kind in CalendarKind:
        quick = work.add(start, minutes, kind)
        for i in range(0, 300, 3):
            exact = CALENDAR.add(datetime.fromtimestamp(float(start[i]), ZONE), float(minutes[i]), kind)
            assert quick[i] == pytest.approx(exact.timestamp(), abs=0.01), kind


def test_no_reporter_can_be_dialled(histories: list[IncidentHistory]) -> None:
    for history in histories:
        phone = str(history.reporter.get("phone", ""))
        assert not phone or (phone.startswith("100") and len(phone) == 11)
