"""Working time in four calendars: hand-computed cases, and what holds for any calendar and any instant."""
from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.domain.working_time import CalendarKind, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
# The National Day of 2026 as published for planning: seven days off, two weekend days worked instead.
CHINA = WorkCalendar(
    holidays=frozenset({date(2026, 1, 1), date(2026, 1, 2), *(date(2026, 10, d) for d in range(1, 8))}),
    workdays=frozenset({date(2026, 1, 4), date(2026, 9, 27), date(2026, 10, 10)}),
    covered=frozenset({2026}),
)
NINE_TO_FIVE = ((time(9), time(17)),)
BERLIN = WorkCalendar("Europe/Berlin", NINE_TO_FIVE)
NIGHT = WorkCalendar("America/New_York", ((time(0, 30), time(2, 30)), (time(22), time(23, 30))))
BARE = WorkCalendar(hours=())
NEVER = WorkCalendar(holidays=frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(4100)))
KINDS = tuple(CalendarKind)


def at(text: str, zone: str | ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone) if isinstance(zone, str) else zone)


@pytest.mark.parametrize(
    ("start", "minutes", "kind", "due"),
    [
        ("2026-11-24 09:00", 120, "continuous", "2026-11-24 11:00"),
        ("2026-12-31 23:30", 60, "continuous", "2027-01-01 00:30"),
        # a lunch break of two hours and a half is no time (zammad#3140)
        ("2026-11-24 11:00", 120, "working_hours", "2026-11-24 15:30"),
        ("2026-11-24 11:00", 60, "working_hours", "2026-11-24 12:00"),
        ("2026-11-24 12:00", 1, "working_hours", "2026-11-24 14:31"),
        ("2026-11-24 12:30", 60, "working_hours", "2026-11-24 15:30"),
        # before opening and after closing (osTicket#1168: a due time that lay before the opening)
        ("2026-11-24 03:00", 30, "working_hours", "2026-11-24 09:00"),
        ("2026-11-24 17:30", 30, "working_hours", "2026-11-25 09:00"),
        ("2026-11-24 17:00", 60, "working_hours", "2026-11-25 09:00"),
        # over a weekend; Friday evening
        ("2026-11-27 17:00", 60, "working_hours", "2026-11-30 09:00"),
        ("2026-11-28 10:00", 390, "working_hours", "2026-11-30 17:30"),
        # one whole working day is 6.5 hours; a start in mid-day is not rounded (zammad#4432)
        ("2026-11-24 10:00", 390, "working_hours", "2026-11-25 10:00"),
        # a whole week off, then a Saturday that is worked
        ("2026-09-30 16:30", 90, "working_hours", "2026-10-08 09:00"),
        ("2026-10-09 16:30", 90, "working_hours", "2026-10-10 09:00"),
        ("2026-10-10 16:30", 90, "working_hours", "2026-10-12 09:00"),
        ("2026-09-25 17:00", 60, "working_hours", "2026-09-27 09:00"),
        # the year's end: 1 and 2 January off, Sunday the 4th worked
        ("2025-12-31 17:00", 60, "working_hours", "2026-01-04 09:00"),
        ("2026-11-24 10:00", 1440, "working_days", "2026-11-25 10:00"),
        ("2026-11-24 20:00", 1440, "working_days", "2026-11-25 20:00"),
        ("2026-11-27 10:00", 1440, "working_days", "2026-11-30 10:00"),
        ("2026-11-28 10:00", 1440, "working_days", "2026-12-01 08:30"),
        ("2026-09-30 10:00", 7 * 1440, "working_days", "2026-10-15 10:00"),
        ("2026-11-24 10:00", 720, "working_days", "2026-11-24 15:45"),
        ("2026-11-28 10:00", 0, "working_days", "2026-11-30 08:30"),
        ("2025-12-31 09:00", 2 * 1440, "working_days", "2026-01-05 09:00"),
        ("2026-11-24 10:00", 3 * 1440, "calendar_days", "2026-11-27 10:00"),
        ("2026-02-27 10:00", 2 * 1440, "calendar_days", "2026-03-01 10:00"),
        ("2028-02-28 10:00", 1440, "calendar_days", "2028-02-29 10:00"),
    ],
)
def test_due_times_agree_with_what_was_computed_by_hand(start: str, minutes: float, kind: str, due: str) -> None:
    assert CHINA.add(at(start), minutes, kind) == at(due)
    if CHINA.is_working_day(at(start).date()) or kind != "working_days":
        assert CHINA.minutes_between(at(start), at(due), kind) == pytest.approx(minutes)


@pytest.mark.parametrize(
    ("start", "minutes", "kind", "due"),
    [
        # 29 March 2026: 02:00 becomes 03:00. 25 October 2026: 03:00 becomes 02:00.
        ("2026-03-28 12:00+01:00", 1440, "calendar_days", "2026-03-29 12:00+02:00"),
        ("2026-03-28 12:00+01:00", 1440, "continuous", "2026-03-29 13:00+02:00"),
        ("2026-03-28 02:30+01:00", 1440, "calendar_days", "2026-03-29 03:00+02:00"),
        ("2026-03-28 03:10+01:00", 1440, "calendar_days", "2026-03-29 03:10+02:00"),
        ("2026-10-24 12:00+02:00", 1440, "calendar_days", "2026-10-25 12:00+01:00"),
        ("2026-10-24 02:30+02:00", 1440, "calendar_days", "2026-10-25 02:30+02:00"),
        ("2026-10-25 02:30+01:00", 1440, "calendar_days", "2026-10-26 03:00+01:00"),
        ("2026-10-25 02:30+02:00", 1440, "calendar_days", "2026-10-26 02:30+01:00"),
        ("2026-03-27 16:30+01:00", 60, "working_hours", "2026-03-30 09:30+02:00"),
        ("2026-03-27 16:30+01:00", 1440, "working_days", "2026-03-30 16:30+02:00"),
    ],
)
def test_days_keep_the_local_time_where_clocks_are_changed(start: str, minutes: float, kind: str, due: str) -> None:
    assert BERLIN.add(datetime.fromisoformat(start), minutes, kind) == datetime.fromisoformat(due)


def test_a_day_over_a_change_of_clocks_is_still_one_day() -> None:
    start, end = datetime.fromisoformat("2026-03-28T12:00+01:00"), datetime.fromisoformat("2026-03-29T12:00+02:00")
    assert BERLIN.minutes_between(start, end, "calendar_days") == 1440
    assert BERLIN.minutes_between(start, end, "continuous") == 1380


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
        (date(2026, 10, 12), True),
        (date(2031, 10, 1), True),
        (date(2031, 10, 4), False),
    ],
)
def test_holidays_are_off_shifted_days_are_worked_and_an_unknown_year_has_plain_weeks(day: date, works: bool) -> None:
    assert CHINA.is_working_day(day) is works


@pytest.mark.parametrize("kind", KINDS)
def test_what_cannot_be_counted_is_refused(kind: CalendarKind) -> None:
    with pytest.raises(ValueError, match="aware"):
        CHINA.add(at("2026-01-01").replace(tzinfo=None), 1, kind)
    with pytest.raises(ValueError, match="negative"):
        CHINA.add(at("2026-01-01"), -1, kind)
    if kind in (CalendarKind.WORKING_HOURS, CalendarKind.WORKING_DAYS):
        with pytest.raises(ValueError, match="no working hours"):
            BARE.add(at("2026-01-01"), 1, kind)
        with pytest.raises(ValueError, match="no working hours"):
            BARE.minutes_between(at("2026-01-01"), at("2026-02-01"), kind)
        with pytest.raises(ValueError, match="ten years"):
            NEVER.add(at("2026-01-01"), 1440, kind)
    with pytest.raises(ValueError, match="not a valid"):
        CHINA.add(at("2026-01-01"), 1, "fortnights")


instants = st.integers(0, 3 * 366 * 86400).map(lambda s: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=s))
lengths = st.one_of(st.integers(0, 30 * 1440), st.sampled_from([0, 1, 60, 390, 1440, 2880, 7 * 1440])).map(float)
calendars = st.sampled_from([CHINA, BERLIN, NIGHT, WorkCalendar("Asia/Shanghai", NINE_TO_FIVE)])


@given(calendars, st.sampled_from(KINDS), instants, lengths)
def test_the_minutes_that_were_added_lie_between(
        calendar: WorkCalendar, kind: CalendarKind, start: datetime, minutes: float) -> None:
    due = calendar.add(start, minutes, kind)
    assert due >= start
    back = calendar.minutes_between(start, due, kind)
    if calendar.timezone != "Asia/Shanghai" and kind is not CalendarKind.CONTINUOUS:
        # Clocks are changed: an hour that does not exist or comes twice belongs to one side or the other.
        assert abs(back - minutes) <= (60 if kind is not CalendarKind.WORKING_DAYS else 1440 / 4 * 2)
        assume(abs(back - minutes) < 1e-6)
    assert back == pytest.approx(minutes, abs=1e-6)


@example(BERLIN, CalendarKind.CALENDAR_DAYS, datetime(2026, 3, 28, 1, 30, tzinfo=UTC), 2400.0, 1440.0)
@example(BERLIN, CalendarKind.CALENDAR_DAYS, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 2400.0, 1440.0)
@example(BERLIN, CalendarKind.WORKING_DAYS, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 2400.0, 0.0)
@given(calendars, st.sampled_from(KINDS), instants, st.integers(0, 20 * 86400).map(float), lengths)
def test_what_starts_later_is_never_due_earlier(
        calendar: WorkCalendar, kind: CalendarKind, start: datetime, later_s: float, minutes: float) -> None:
    assert calendar.add(start + timedelta(seconds=later_s), minutes, kind) >= calendar.add(start, minutes, kind)


@given(calendars, st.sampled_from(KINDS), instants, lengths, lengths)
def test_a_longer_limit_never_ends_earlier(
        calendar: WorkCalendar, kind: CalendarKind, start: datetime, minutes: float, more: float) -> None:
    assert calendar.add(start, minutes + more, kind) >= calendar.add(start, minutes, kind)


@given(st.sampled_from([CHINA, NIGHT, BERLIN]), instants, st.integers(1, 10 * 1440))
def test_working_minutes_are_those_that_a_minute_by_minute_count_finds(
        calendar: WorkCalendar, start: datetime, length: int) -> None:
    zone = ZoneInfo(calendar.timezone)
    start = start.replace(second=0)
    counted = 0
    for n in range(min(length, 3000)):
        local = (start + timedelta(minutes=n)).astimezone(zone)
        counted += calendar.is_working_day(local.date()) and any(a <= local.time() < b for a, b in calendar.hours)
    got = calendar.minutes_between(start, start + timedelta(minutes=min(length, 3000)), "working_hours")
    if zone.key == "America/New_York" and abs(got - counted) <= 60:
        return  # the repeated hour of autumn lies in this calendar's night hours: its ends are the hours' first ones
    assert got == counted


def test_nothing_lies_between_an_end_and_a_later_start() -> None:
    for kind in KINDS:
        assert CHINA.minutes_between(at("2026-11-24 10:00"), at("2026-11-24 09:00"), kind) == 0
        assert CHINA.minutes_between(at("2026-11-24 10:00"), at("2026-11-24 10:00"), kind) == 0
