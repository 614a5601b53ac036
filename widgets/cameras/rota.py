"""Which cameras the wall's tiles show: those beside the newest grave incident, else a patrol (轮巡). Pure, no Qt."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.services.views import CameraRow, QueueRow

DWELL_S = 15.0
"""how long a patrol stays at its cameras (setting `wall.dwell_s`)"""


@dataclass(frozen=True, slots=True)
class Turn:
    """What the tiles show now and why: `incident` is the one whose surroundings they show, None on patrol."""

    cameras: tuple[CameraRow, ...]
    incident: QueueRow | None
    page: int = 0
    pages: int = 1


def patrol(cameras: Sequence[CameraRow], tiles: int, elapsed_s: float, dwell_s: float = DWELL_S) -> Turn:
    """The cameras of this moment's stop on the round. Those that have a picture and work go before all others.

    The round is whole: each camera comes up once, the last stop may be short of tiles.
    """
    if tiles < 1 or not cameras:
        return Turn((), None, 0, 1)
    able = [c for c in cameras if c.source and c.state != "offline"] or list(cameras)
    pages = -(-len(able) // tiles)
    page = int(elapsed_s // max(dwell_s, 1.0)) % pages
    return Turn(tuple(able[page * tiles:(page + 1) * tiles]), None, page, pages)


def beside(incident: QueueRow, nearest: Sequence[CameraRow], tiles: int) -> Turn:
    """The nearest cameras to an incident, as many as there are tiles."""
    return Turn(tuple(nearest[:tiles]), incident)
