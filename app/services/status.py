"""Every number that a screen shows, from one set of counts at one instant.

Rates of the month (local): handled on time = fed back by the limit / due to handle (the limit fell into the period,
or it was handled in it); closed on time = closed by the limit / due to close (likewise); closing =
closed / registered in the period; satisfied = satisfied / answered call-backs of cases closed in the period. An
imported verdict outranks ours. Voided and merged incidents do not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.incident_process import ASSIGNED, FED_BACK, PHASES, REGISTERED, REPORTED, VERIFIED
from app.domain.incident_state import is_same_maker
from app.domain.limits import to_ms
from app.services.book import Book
from app.services.operator import Operator
from app.services.queue_order import COUNTED
from app.services.views import AreaCount, CentreLink, ChannelCount, Flag, Ratio, Status, SyncState, WhistleCounts

STREET = 1
_RETURNED, _SUPERVISED, _HELD, _PASSED = (
    int(Flag.RETURNED), int(Flag.SUPERVISED), int(Flag.HELD), int(Flag.PASSED))
_TABS = {REPORTED: "to_accept", ASSIGNED: "to_sign", FED_BACK: "to_verify", VERIFIED: "to_verify"}


def bounds(now: datetime, timezone: str) -> tuple[int, int, int]:
    """(start of the local day, of the day before, of the month) in ms."""
    local = now.astimezone(ZoneInfo(timezone))
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return to_ms(day), to_ms(day - timedelta(days=1)), to_ms(day.replace(day=1))


def build(
    raw: Mapping[str, Any],
    *,
    now: datetime,
    timezone: str,
    book: Book,
    operator: Operator,
    seq: int,
    units: Mapping[str, int],
    cameras: Mapping[str, int],
    components: int,
    sync: SyncState,
    centres: tuple[CentreLink, ...],
    nature: str,
    prefix: str = "",
    whistles: WhistleCounts | None = None,
) -> Status:
    """The status out of raw counts (`Reads.counts`), of the areas below `prefix`."""
    day, _, period = bounds(now, timezone)
    tabs, levels, unacknowledged, urgent = _open_counts(raw["open"], operator)
    today = list(raw["today"])
    hourly = [0] * 24
    zone = ZoneInfo(timezone)
    for _, at, count in today:
        hourly[datetime.fromtimestamp(at / 1000, zone).hour] += count
    return Status(
        as_of=now.timestamp(),
        day_start=day / 1000,
        seq=seq,
        by_phase={phase: raw["phase"].get(phase, 0) for phase in PHASES},
        tabs=tabs,
        by_level=levels,
        today=sum(hourly),
        yesterday_same_time=raw["yesterday"],
        channels=_channels(raw, today, book),
        hourly=tuple(hourly),
        areas=_areas(raw, book, prefix),
        handled_on_time=_sum(raw["handled"]),
        closed_on_time=Ratio(*raw["closed"]),
        closing=Ratio(*raw["closing"]),
        satisfied=_satisfied(raw["satisfied"], book),
        verdict_on_time=Ratio(*raw["verdict"]),
        period="month",
        period_start=period / 1000,
        unacknowledged=unacknowledged,
        urgent=urgent,
        units=dict(units),
        cameras=dict(cameras),
        components=components,
        sync=sync,
        centres=centres,
        nature=nature,
        whistles=whistles or WhistleCounts(),
    )


def _open_counts(rows: Any, operator: Operator) -> tuple[dict[str, int], dict[int, int], int, int]:
    tabs = dict.fromkeys(COUNTED, 0)
    levels = {1: 0, 2: 0, 3: 0, 4: 0}
    unacknowledged = urgent = 0
    for phase, level, flags, _area, dispatcher, unit, late, count in rows:
        tabs["all"] += count
        levels[level] += count
        tabs["overdue"] += late * count
        urgent += count if level <= 2 else 0
        if phase == REPORTED:
            unacknowledged += count
        tabs[_tab_of(phase, flags)] += count
        tabs["supervised"] += count if flags & _SUPERVISED else 0
        tabs["held"] += count if flags & _HELD else 0
        tabs["passed"] += count if flags & _PASSED else 0
        if is_same_maker(dispatcher, operator.maker) or (operator.unit_id and unit == operator.unit_id):
            tabs["mine"] += count
    return tabs, levels, unacknowledged, urgent


def _tab_of(phase: str, flags: int) -> str:
    """The one tab of the phase that an open incident stands in."""
    if phase == REGISTERED:
        return "returned" if flags & _RETURNED else "to_assign"
    return _TABS.get(phase, "in_hand")


def _channels(raw: Mapping[str, Any], today: list[Any], book: Book) -> tuple[ChannelCount, ...]:
    counts: dict[str, int] = {}
    for channel, _, count in today:
        counts[channel] = counts.get(channel, 0) + count
    names = [c.code for c in book.codes("channel") if c.extra.get("live", True)]
    names += [c for c in counts if c not in names]
    last = raw["channels"]
    return tuple(ChannelCount(c, counts.get(c, 0), last[c] / 1000 if c in last else None) for c in names)


def _areas(raw: Mapping[str, Any], book: Book, prefix: str) -> tuple[AreaCount, ...]:
    """Every area's load, summed over all below it."""
    opened: dict[str, list[int]] = {}
    for _phase, _level, _flags, area, _dispatcher, _unit, late, count in raw["open"]:
        for one in _line(area, book):
            entry = opened.setdefault(one, [0, 0, 0, 0])
            entry[0] += count
            entry[1] += late * count
    for area, good, total in raw["handled"]:
        for one in _line(area, book):
            entry = opened.setdefault(one, [0, 0, 0, 0])
            entry[2] += good
            entry[3] += total
    return tuple(
        AreaCount(area, count[0], count[1], Ratio(count[2], count[3]))
        for area, count in ((a, opened.get(a, [0, 0, 0, 0])) for a, row in book.areas.items()
                            if row.path.startswith(prefix))
    )


def _line(area_id: str | None, book: Book) -> list[str]:
    line: list[str] = []
    while area_id is not None and area_id in book.areas and area_id not in line:
        line.append(area_id)
        area_id = book.areas[area_id].parent_id
    return line


def _satisfied(counts: Mapping[str, int], book: Book) -> Ratio:
    """Which answers count, and which are satisfied, the code list says."""
    good = total = 0
    for code, count in counts.items():
        entry = book.code("satisfaction", code)
        extra = entry.extra if entry else {}
        total += count if extra.get("counts", code != "not_reached") else 0
        good += count if extra.get("satisfied", code == "satisfied") else 0
    return Ratio(good, total)


def _sum(rows: Any) -> Ratio:
    return Ratio(sum(r[1] for r in rows), sum(r[2] for r in rows))
