"""Finding things: by number, name or code; and what was perhaps reported before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from app.domain.limits import to_ms
from app.geo.index import haversine_m
from app.ports import Reads
from app.services.seat_lists import SeatLists, middle
from app.services.views import DuplicateHit, Hit, QueueRow

DUPLICATE_RADIUS_M = 200.0
DUPLICATE_WINDOW = timedelta(hours=2)
SHOWN_DUPLICATES = 8


def find(text: str, limit: int, reads: Reads, lists: SeatLists, prefix: str, centre: str,
         inside: Callable[[str | None], bool], unit: str | None) -> list[Hit]:
    """Incidents by number or place, then areas, units, cameras, components by name or code; all of what the asking
    operator sees: below `prefix`, passed to `centre`, in an area that is `inside`, in hand of their own
    `unit`."""
    text = text.strip()
    if not text:
        return []
    low = text.lower()
    hits = [Hit("incident", r.id, r.number, r.place, r.lon, r.lat)
            for r in reads.by_number(text, prefix, limit, centre, unit)]
    areas = [a for a in lists.book.areas.values() if (low in a.name.lower() or a.code == text) and inside(a.id)]
    hits += [Hit("area", a.id, a.name, a.code, *middle(a)) for a in areas[:limit]]
    units = [u for u in reads.units(None) if inside(u.area_id)
             and (low in u.name.lower() or (u.call_sign and low in u.call_sign.lower()))]
    hits += [Hit("unit", u.id, u.name, u.call_sign, u.lon, u.lat) for u in units[:limit]]
    cameras = [c for c in lists.cameras.values() if low in c.name.lower() and inside(c.area_id)]
    hits += [Hit("camera", c.id, c.name, c.kind, c.lon, c.lat) for c in cameras[:limit]]
    if len(hits) < limit:
        hits += [Hit("component", i, name or i, kind, lon, lat)
                 for i, kind, name, lon, lat in reads.find_component(text, limit - len(hits), prefix)]
    return hits[:limit]


def duplicates(reads: Reads, prefix: str, now: datetime, *, lon: float | None, lat: float | None, kind: str,
               text: str, exclude: str | None) -> list[DuplicateHit]:
    """Open incidents near in place and time, or at a place of the same words; same kind first, then nearest."""
    since = to_ms(now - DUPLICATE_WINDOW)
    found: dict[str, tuple[QueueRow, float | None]] = {}
    if lon is not None and lat is not None:
        for row in reads.near(lon, lat, DUPLICATE_RADIUS_M, since, prefix):
            distance = float(haversine_m(lon, lat, row.lon or 0, row.lat or 0))
            if distance <= DUPLICATE_RADIUS_M:
                found[row.id] = (row, distance)
    if len(text.strip()) >= 2:
        for row in reads.same_place(text.strip(), since, prefix):
            found.setdefault(row.id, (row, None))
    hits = [
        DuplicateHit(row, distance, (now.timestamp() - row.reported_at) / 60, row.kind == kind)
        for row, distance in found.values()
        if row.id != exclude and row.closed_at is None and row.reported_at * 1000 >= since
    ]
    return sorted(hits, key=lambda h: (not h.same_kind, h.distance_m or 0.0, h.minutes))[:SHOWN_DUPLICATES]
