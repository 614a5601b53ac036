"""Working hours for thousands of times at once: the same answers as the domain's calendar, in numpy."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from app.domain.working_time import CalendarKind, WorkCalendar
from app.drill.frame import Floats


class WorkTimes:
    """Adds minutes of a calendar to epoch seconds between `first` and `last` (aware)."""

    def __init__(self, calendar: WorkCalendar, first: datetime, last: datetime) -> None:
        self._calendar = calendar
        zone = ZoneInfo(calendar.timezone)
        opens: list[float] = []
        closes: list[float] = []
        day = first.astimezone(zone).date() - timedelta(days=1)
        end = last.astimezone(zone).date() + timedelta(days=60)
        while day <= end:
            if calendar.is_working_day(day):
                for a, b in calendar.hours:
                    opens.append(datetime.combine(day, a, zone).timestamp())
                    closes.append(datetime.combine(day, b, zone).timestamp())
            day += timedelta(days=1)
        self._opens, self._closes = np.array(opens), np.array(closes)
        self._before = np.concatenate(([0.0], np.cumsum(self._closes - self._opens)))

    def add(self, start: Floats, minutes: Floats, kind: str) -> Floats:
        """The instants `minutes` of the calendar after `start` (epoch s)."""
        if kind in (CalendarKind.CONTINUOUS, CalendarKind.CALENDAR_DAYS):
            # The local day is 1,440 minutes long as long as the zone does not change its offset.
            return start + minutes * 60.0
        if kind == CalendarKind.WORKING_HOURS:
            return self._working_hours(start, minutes)
        return np.array([self._calendar.add(datetime.fromtimestamp(s, UTC), m, kind).timestamp()
                         for s, m in zip(start.tolist(), minutes.tolist(), strict=True)])

    def _working_hours(self, start: Floats, minutes: Floats) -> Floats:
        span = np.searchsorted(self._closes, start, side="right")
        gone = self._before[span] + np.clip(start - self._opens[np.minimum(span, len(self._opens) - 1)], 0.0, None)
        wanted = gone + minutes * 60.0
        into = np.clip(np.searchsorted(self._before, wanted, side="left") - 1, 0, len(self._opens) - 1)
        ahead: Floats = self._opens[into] + (wanted - self._before[into])
        return np.where(minutes <= 0.0, start, ahead)
