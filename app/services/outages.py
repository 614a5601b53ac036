"""Outages of cameras by area: many that fail together are one alarm, not hundreds. Pure."""
from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.services.views import AreaRow, CameraRow

SETTING: Final = "video.outages"
"""outages that last: area id → [incident id, since, how many were off line]"""
LEAST: Final = 5
"""fewer cameras are single faults"""
SHARE, BACK_SHARE = 0.5, 0.2
"""an outage begins when so many of an area's cameras are off line, and ends when no more than so many are"""
TOGETHER_S: Final = 900.0
"""they failed within this time: chronic faults add up to no outage"""
_SPACE: Final = uuid.UUID("6f1c0f52-9d4e-5a53-8a3c-0b4a6b7c2d10")


@dataclass(frozen=True, slots=True)
class Outage:
    """One area whose cameras failed together. `since`: epoch s of the first of them."""

    area_id: str
    since: float
    offline: int
    total: int

    @property
    def incident_id(self) -> str:
        """The same on every seat that sees it: of the area and the ten minutes in which it began."""
        return outage_id(self.area_id, self.since)


def outage_id(area_id: str, since: float) -> str:
    """UUIDv5 of the area and of when it began."""
    return str(uuid.uuid5(_SPACE, f"video-outage/{area_id}/{int(since // 600)}"))


def find(cameras: Collection[CameraRow], areas: Mapping[str, AreaRow]) -> list[Outage]:
    """Outages of this moment, coarsest areas first; what lies within one is not named again.

    Only areas above the grids count, and only cameras that have an address.
    """
    found: list[Outage] = []
    by_area = _by_area(cameras, areas)
    for area in sorted((areas[a] for a in by_area), key=lambda a: (a.level, a.id)):
        if area.level > 2 or any(area.path.startswith(areas[o.area_id].path) for o in found):
            continue
        rows = by_area[area.id]
        fresh = sorted(c.since for c in rows if c.state == "offline" and c.since is not None)
        fresh = _together(fresh)
        if len(fresh) >= LEAST and len(fresh) >= SHARE * len(rows):
            found.append(Outage(area.id, fresh[0], len(fresh), len(rows)))
    return found


def is_over(area_id: str, cameras: Collection[CameraRow], areas: Mapping[str, AreaRow]) -> bool:
    """Whether the area's cameras are back; an area that is no more has no outage."""
    rows = _by_area(cameras, areas).get(area_id, [])
    return sum(c.state == "offline" for c in rows) <= BACK_SHARE * len(rows)


def _together(times: Sequence[float]) -> list[float]:
    """The most of these (sorted) that lie within `TOGETHER_S`."""
    best: Sequence[float] = ()
    start = 0
    for end in range(len(times)):
        while times[end] - times[start] > TOGETHER_S:
            start += 1
        if end + 1 - start > len(best):
            best = times[start:end + 1]
    return list(best)


def _by_area(cameras: Iterable[CameraRow], areas: Mapping[str, AreaRow]) -> dict[str, list[CameraRow]]:
    """Cameras of each area and of all above it."""
    found: dict[str, list[CameraRow]] = {}
    for camera in cameras:
        area = areas.get(camera.area_id or "")
        if area is None or not camera.source:
            continue
        for part in area.path.split("/"):
            if part in areas:
                found.setdefault(part, []).append(camera)
    return found
