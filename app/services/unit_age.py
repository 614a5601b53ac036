"""A force whose last position is old is not known to be free: the state "unknown" is shown, never a fresh one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from app.services.views import UnitRow

UNKNOWN_AFTER_S = 900.0
"""three times what a recommendation still takes for fresh; below it the age alone is shown"""


def aged(units: Iterable[UnitRow], now: float) -> list[UnitRow]:
    """The same units; a free one whose position is older than `UNKNOWN_AFTER_S` (s) is "unknown". `now`: epoch s.

    One that never reports a position (a department) stays as it is; one at work is known by its order. A drone that
    nobody hears is unknown at once.
    """
    out = []
    for unit in units:
        old = unit.position_at is not None and now - unit.position_at > UNKNOWN_AFTER_S
        old = old or (unit.drone is not None and unit.drone.lost)
        out.append(dataclasses.replace(unit, status="unknown") if old and unit.status == "free" else unit)
    return out
