"""The two clocks of an incident: what limit holds, when it warns, when it is due, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

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
    """The clock after a hold: the minutes of its calendar that were left at `held_ms` run on from `now_ms`.

    It keeps the hold (`holds`: [from, to] in ms), so that another limit can be given the same time (`regranted`).
    """
    if not clock:
        return {}
    minutes, due, kind = clock.get("minutes"), clock.get("due"), str(clock.get("calendar") or "continuous")
    body = dict(clock)
    body["holds"] = [*_holds(clock), [held_ms, now_ms]]
    if not isinstance(due, int) or held_ms >= due:
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
    It keeps what was granted (`extended`, minutes).

    A hold in between and an imported deadline without minutes are met by what lies between start and due.
    """
    kind = str(clock.get("calendar") or "continuous")
    body = dict(clock)
    body["extended"] = _extended(clock) + minutes
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


def regranted(
    calendar: WorkCalendar, fresh: Mapping[str, Json], old: Mapping[str, Json], unnoted: float = 0.0
) -> dict[str, Json]:
    """`fresh`, the clock of another limit from the same start, with what was granted under the `old` one: its approved
    minutes, in the calendar of the new limit, then its holds.

    `unnoted`: approved minutes that the old clock does not tell of, because it was extended before clocks kept them.
    """
    body = dict(fresh)
    granted = _extended(old) or unnoted
    if granted:
        body = extended_clock(calendar, body, granted)
    for held, resumed in _holds(old):
        body = resumed_clock(calendar, body, held, resumed)
    return body


def _extended(clock: Mapping[str, Json]) -> float:
    value = clock.get("extended")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _holds(clock: Mapping[str, Json]) -> list[Any]:
    value = clock.get("holds")
    return [[h[0], h[1]] for h in value if isinstance(h, list) and len(h) == 2 and isinstance(h[0], int)
            and isinstance(h[1], int)] if isinstance(value, list) else []
