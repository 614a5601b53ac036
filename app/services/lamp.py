"""The lamp of an incident and the text of its time left: one rule for every screen, so that all agree to the second."""
from __future__ import annotations

import math

from app.domain.faults import Message
from app.domain.incident_process import ENDED_PHASES
from app.services.views import Flag, Lamp, QueueRow

URGENT_LEVELS = frozenset({1, 2})
"""Never green before somebody is on the scene (UI.md, tokens)."""
_HOUR_S, _DAY_S = 3_600, 86_400
_HELD = int(Flag.HELD)


def reference_time(row: QueueRow, now: float) -> float:
    """The instant the row is judged at: `now`, or when it ended."""
    return now if row.closed_at is None else min(now, row.closed_at)


def lamp(row: QueueRow, now: float) -> str:
    """One of `Lamp`'s values: green up to 80 % of the limit, yellow to 100 %, red beyond (FIELD.md 1).

    Held incidents have no running clock: "held". No limit: "none". Level I/II stay yellow until somebody is on scene.
    """
    if row.flags & _HELD:
        return Lamp.HELD
    if row.due_at is None:
        return Lamp.NONE
    at = reference_time(row, now)
    if at > row.due_at:
        return Lamp.RED
    if row.warn_at is not None and at > row.warn_at:
        return Lamp.YELLOW
    if row.level in URGENT_LEVELS and not row.on_scene and row.phase not in ENDED_PHASES:
        return Lamp.YELLOW
    return Lamp.GREEN


def left_s(row: QueueRow, now: float) -> int | None:
    """Whole seconds left until the row is due; below zero when overdue; None without a running clock.

    Both instants are cut to whole seconds, so that every screen changes its figure at the same stroke of the clock.
    """
    if row.due_at is None or row.flags & _HELD:
        return None
    return math.floor(row.due_at) - math.floor(reference_time(row, now))


def duration_text(seconds: float) -> Message:
    """mm:ss under an hour, h:mm:ss under a day, whole days beyond. The sign is ignored."""
    whole = abs(int(seconds))
    if whole >= _DAY_S:
        return Message("{days} d", {"days": whole // _DAY_S})
    return Message("{time}", {"time": clock_text(whole)})


def clock_text(seconds: int) -> str:
    """mm:ss under an hour, else h:mm:ss."""
    hours, rest = divmod(seconds, _HOUR_S)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{secs:02d}" if hours else f"{minutes:02d}:{secs:02d}"


def time_left_text(row: QueueRow, now: float) -> Message:
    """What stands in the lamp: the time left, "overdue ...", "held" or "no limit"."""
    if row.flags & _HELD:
        return Message("held")
    left = left_s(row, now)
    if left is None:
        return Message("no limit")
    if row.due_at is not None and reference_time(row, now) > row.due_at:
        return Message("overdue {time}", {"time": duration_text(left)})
    return duration_text(max(0, left))
