"""The two clocks of an incident: what limit holds, when it warns, when it is due, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.events import Json
from app.domain.working_time import WorkCalendar

WARN_SHARE = 0.8
"""lamp: green up to 80 % of the limit, yellow to 100 %, red beyond (FIELD.md 1)"""


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit in `minutes` of `calendar`, with the rule's name and source. `minutes` None: no limit."""

    minutes: float | None
    calendar: str
    rule: str
    source: str


def at_ms(ms: int) -> datetime:
    """ms since 1970 → aware UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def to_ms(at: datetime) -> int:
    """Aware time → whole ms since 1970."""
    return round(at.timestamp() * 1000)


def clock_body(calendar: WorkCalendar, limit: Limit, start_ms: int) -> dict[str, Json]:
    """The clock that an event carries: from, warn, due (ms) and what explains it. No limit: warn and due are null."""
    body: dict[str, Json] = {
        "from": start_ms,
        "warn": None,
        "due": None,
        "minutes": limit.minutes,
        "calendar": limit.calendar,
        "rule": limit.rule,
        "source": limit.source,
    }
    if limit.minutes is not None:
        start = at_ms(start_ms)
        body["warn"] = to_ms(calendar.add(start, limit.minutes * WARN_SHARE, limit.calendar))
        body["due"] = to_ms(calendar.add(start, limit.minutes, limit.calendar))
    return body


def resumed_clock(calendar: WorkCalendar, clock: Mapping[str, Json], held_ms: int, now_ms: int) -> dict[str, Json]:
    """The clock after a hold: the minutes of its calendar that were left at `held_ms` run on from `now_ms`."""
    minutes, due, kind = clock.get("minutes"), clock.get("due"), str(clock.get("calendar") or "continuous")
    body = dict(clock)
    if not isinstance(due, int):
        return body
    if held_ms >= due:
        return body
    start = clock.get("from")
    if isinstance(start, int):
        held_ms = max(held_ms, start)  # a clock that began during the hold has all of its minutes left
    left = calendar.minutes_between(at_ms(held_ms), at_ms(due), kind)
    body["due"] = to_ms(calendar.add(at_ms(now_ms), left, kind))
    total = float(minutes) if isinstance(minutes, int | float) else left
    warn_left = left - total * (1 - WARN_SHARE)
    body["warn"] = to_ms(calendar.add(at_ms(now_ms), max(warn_left, 0.0), kind))
    return body


def extended_clock(calendar: WorkCalendar, clock: Mapping[str, Json], minutes: float) -> dict[str, Json]:
    """The clock with `minutes` of its own calendar added to its due time; a fifth of the whole is left at its warning.

    A hold in between and an imported deadline without minutes are met by what lies between start and due.
    """
    kind = str(clock.get("calendar") or "continuous")
    body = dict(clock)
    due, total, start = clock.get("due"), clock.get("minutes"), clock.get("from")
    if not isinstance(due, int):
        return body
    later = to_ms(calendar.add(at_ms(due), minutes, kind))
    begun = min(start, due) if isinstance(start, int) else due
    span = calendar.minutes_between(at_ms(begun), at_ms(later), kind)
    whole = float(total) + minutes if isinstance(total, int | float) else span
    body["due"], body["minutes"] = later, whole
    body["warn"] = to_ms(calendar.add(at_ms(begun), max(span - whole * (1 - WARN_SHARE), 0.0), kind))
    return body
