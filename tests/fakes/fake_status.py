"""All numbers of `FakeSeat`, counted from its rows."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from app.domain.incident_process import ENDED_PHASES
from app.services.queue_order import is_overdue, tab_counts
from app.services.views import AreaCount, ChannelCount, QueueRow, Ratio, Status
from tests.fakes import fake_world as world

if TYPE_CHECKING:
    from tests.fakes.fake_seat import FakeSeat


def status_of(seat: FakeSeat) -> Status:
    now, rows = seat.now, list(seat.rows.values())
    open_rows = [r for r in rows if r.phase not in ENDED_PHASES]
    day = math.floor((now + 8 * 3600) / 86400) * 86400 - 8 * 3600.0
    today = [r for r in rows if r.reported_at >= day]
    channels = Counter(r.channel for r in today)
    last = {c: max((r.reported_at for r in rows if r.channel == c), default=None) for c, _, _ in world.CHANNELS}
    hours = Counter(int((r.reported_at - day) // 3600) for r in today)
    closed = [r for r in rows if r.closed_at is not None and r.due_at is not None]
    on_time = Ratio(sum(1 for r in closed if (r.closed_at or 0) <= (r.due_at or 0)), len(closed))
    return Status(
        now,
        day,
        seat.seq,
        Counter(r.phase for r in rows),
        tab_counts(open_rows, now),
        {level: sum(1 for r in open_rows if r.level == level) for level in (1, 2, 3, 4)},
        len(today),
        sum(1 for r in rows if day - 86400 <= r.reported_at < now - 86400),
        tuple(ChannelCount(c, channels[c], last[c]) for c, _, _ in world.CHANNELS),
        tuple(hours[h] for h in range(24)),
        _area_counts(seat, open_rows, now),
        on_time,
        on_time,
        Ratio(len(closed), len(rows)),
        Ratio(0, 0),
        on_time,
        "month",
        day - 22 * 86400,
        sum(1 for r in open_rows if r.phase == "reported"),
        sum(1 for r in open_rows if r.level <= 2),
        Counter(u.status for u in seat.unit_rows.values()),
        Counter(c.state for c in seat.camera_rows.values()),
        len(seat.component_columns.ids),
        seat.sync,
        seat.centres,
        seat.nature,
    )


def _area_counts(seat: FakeSeat, open_rows: list[QueueRow], now: float) -> tuple[AreaCount, ...]:
    opened, late = Counter[str](), Counter[str]()
    for r in open_rows:
        area = seat.book.areas.get(r.area_id or "")
        for key in area.path.strip("/").split("/") if area else ():
            opened[key] += 1
            late[key] += is_overdue(r, now)
    return tuple(AreaCount(a, opened[a], late[a], Ratio(opened[a] - late[a], opened[a])) for a in seat.book.areas)
