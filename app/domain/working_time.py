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
_NONE = timedelta(0)


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The instant (UTC, whole second) after `low`, at most `high`, from which the zone has the offset of `high`."""
    offset = high.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (low, middle) if middle.astimezone(zone).utcoffset() == offset else (middle, high)
    return high.replace(microsecond=0)


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

    def _wall(self, at: datetime) -> datetime:
        """Local time without zone. The second run of a repeated hour counts as that hour's end, so that what starts
        later is never due earlier."""
        zone = ZoneInfo(self.timezone)
        local = at.astimezone(zone)
        if not local.fold:
            return local.replace(tzinfo=None)
        back = (local.replace(fold=0).utcoffset() or _NONE) - (local.utcoffset() or _NONE)
        return _change(zone, local.astimezone(UTC) - back, local.astimezone(UTC)).astimezone(zone).replace(
            tzinfo=None) + back

    def _instant(self, wall: datetime) -> datetime:
        """UTC of a local time: the first of two; the end of the gap for one that the clocks jump over."""
        zone = ZoneInfo(self.timezone)
        first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if first.astimezone(zone).replace(tzinfo=None) == wall:
            return first
        return _change(zone, wall.replace(tzinfo=zone, fold=1).astimezone(UTC), first)

    def _add_local(self, start: datetime, minutes: float) -> datetime:
        return self._instant(self._wall(start) + timedelta(minutes=minutes))

    def _add_working_days(self, start: datetime, minutes: float) -> datetime:
        if not self.hours:
            raise ValueError("the calendar has no working hours")
        wall = self._wall(start)
        if not self.is_working_day(wall.date()):
            wall = datetime.combine(self._next_working_day(wall.date()), self.hours[0][0])
        days, rest = divmod(minutes, MINUTES_A_DAY)
        day = wall.date()
        for _ in range(int(days)):
            day = self._next_working_day(day)
        at = self._instant(datetime.combine(day, wall.time()))
        if rest:
            # a part of a day is that share of the working day's hours, counted on from the same time of day
            return self._add_working_hours(at, rest / MINUTES_A_DAY * self._minutes_of_day())
        return at

    def _next_working_day(self, day: date) -> date:
        for _ in range(_SEARCH_DAYS):
            day += timedelta(days=1)
            if self.is_working_day(day):
                return day
        raise ValueError("the calendar has no working day within ten years")

    def _minutes_of_day(self) -> float:
        return sum(
            (datetime.combine(date.min, b) - datetime.combine(date.min, a)).total_seconds() / 60 for a, b in self.hours
        )

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

        For both calendars of days the share of whole days is returned in minutes of 1,440 a day. Raises ValueError for
        a calendar without hours where they are asked for.
        """
        if end <= start:
            return 0.0
        kind = CalendarKind(kind)
        if kind is CalendarKind.CONTINUOUS:
            return (end - start).total_seconds() / 60
        if kind is CalendarKind.CALENDAR_DAYS:
            return max(0.0, (self._wall(end) - self._wall(start)).total_seconds() / 60)
        if not self.hours:
            raise ValueError("the calendar has no working hours")
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
