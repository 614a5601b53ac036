"""Time limits in four calendars: continuous hours, working hours, working days, calendar days (FIELD.md 1)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class CalendarKind(StrEnum):
    """How a limit's minutes count. A day is 1,440 minutes in the two calendars of days."""

    CONTINUOUS = "continuous"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


MINUTES_A_DAY = 1440
_SEARCH_DAYS = 3660


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Morning and afternoon hours of a working day, public holidays, and shifted working days (调休).

    All are data of the district. `covered`: years whose holidays are known; beyond them a week has five working days.
    """

    timezone: str = "Asia/Shanghai"
    hours: tuple[tuple[time, time], ...] = ((time(8, 30), time(12, 0)), (time(14, 30), time(17, 30)))
    holidays: AbstractSet[date] = field(default_factory=frozenset)
    workdays: AbstractSet[date] = field(default_factory=frozenset)
    covered: AbstractSet[int] = field(default_factory=frozenset)

    def is_working_day(self, day: date) -> bool:
        """A shifted working day works even on a weekend; a holiday never does."""
        if day in self.workdays:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def _spans(self, day: date) -> list[tuple[datetime, datetime]]:
        if not self.is_working_day(day):
            return []
        zone = ZoneInfo(self.timezone)
        return [
            (datetime.combine(day, a, zone).astimezone(UTC), datetime.combine(day, b, zone).astimezone(UTC))
            for a, b in self.hours
        ]

    def _local_day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.timezone)).date()

    def add(self, start: datetime, minutes: float, kind: CalendarKind | str) -> datetime:
        """The instant (UTC) `minutes` of this calendar after `start`.

        Working hours count only inside the hours of working days. N working days end at the same time of day N working
        days later; what starts on a day off counts from the opening of the next working day. Calendar days keep the
        local time of day. Raises ValueError for a naive `start`, negative minutes, or a calendar without hours.
        """
        if start.tzinfo is None:
            raise ValueError("start must be aware")
        if minutes < 0:
            raise ValueError("minutes must not be negative")
        kind = CalendarKind(kind)
        if kind is CalendarKind.CONTINUOUS:
            return start.astimezone(UTC) + timedelta(minutes=minutes)
        if kind is CalendarKind.CALENDAR_DAYS:
            return self._add_local(start, minutes)
        if kind is CalendarKind.WORKING_DAYS:
            return self._add_working_days(start, minutes)
        return self._add_working_hours(start, minutes)

    def _add_local(self, start: datetime, minutes: float) -> datetime:
        local = start.astimezone(ZoneInfo(self.timezone))
        return (local + timedelta(minutes=minutes)).astimezone(UTC)

    def _add_working_days(self, start: datetime, minutes: float) -> datetime:
        zone = ZoneInfo(self.timezone)
        local = start.astimezone(zone)
        if not self.is_working_day(local.date()):
            local = datetime.combine(self._next_working_day(local.date()), self.hours[0][0], zone)
        days, rest = divmod(minutes, MINUTES_A_DAY)
        day = local.date()
        for _ in range(int(days)):
            day = self._next_working_day(day)
        if rest:
            # a part of a day is that share of the working day's hours, counted on from the same time of day
            share = rest / MINUTES_A_DAY * self._minutes_of_day()
            return self._add_working_hours(datetime.combine(day, local.timetz().replace(tzinfo=None), zone), share)
        return datetime.combine(day, local.time(), zone).astimezone(UTC)

    def _minutes_of_day(self) -> float:
        return sum(
            (datetime.combine(date.min, b) - datetime.combine(date.min, a)).total_seconds() / 60 for a, b in self.hours
        )

    def _next_working_day(self, day: date) -> date:
        for _ in range(_SEARCH_DAYS):
            day += timedelta(days=1)
            if self.is_working_day(day):
                return day
        raise ValueError("the calendar has no working day within ten years")

    def _add_working_hours(self, start: datetime, minutes: float) -> datetime:
        if not self.hours:
            raise ValueError("the calendar has no working hours")
        left = timedelta(minutes=minutes)
        at = start.astimezone(UTC)
        day = self._local_day(at)
        for _ in range(_SEARCH_DAYS):
            for opens, closes in self._spans(day):
                begin = max(opens, at)
                if begin >= closes:
                    continue
                if left <= closes - begin:
                    return begin + left
                left -= closes - begin
            day += timedelta(days=1)
        raise ValueError("the limit does not end within ten years")

    def minutes_between(self, start: datetime, end: datetime, kind: CalendarKind | str) -> float:
        """Minutes of this calendar from `start` to `end`; 0 when `end` is not later.

        For both calendars of days the share of whole days is returned in minutes of 1,440 a day.
        """
        if end <= start:
            return 0.0
        kind = CalendarKind(kind)
        if kind in (CalendarKind.CONTINUOUS, CalendarKind.CALENDAR_DAYS):
            return (end - start).total_seconds() / 60
        total, day, last = timedelta(0), self._local_day(start), self._local_day(end)
        while day <= last:
            for opens, closes in self._spans(day):
                begin, stop = max(opens, start), min(closes, end)
                if stop > begin:
                    total += stop - begin
            day += timedelta(days=1)
        worked = total.total_seconds() / 60
        if kind is CalendarKind.WORKING_HOURS:
            return worked
        return worked / self._minutes_of_day() * MINUTES_A_DAY
