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
    coming: tuple[CameraRow, ...] = ()
    """the next stop of a patrol, when it is time to connect to it"""
    passed_over: int = 0
    """cameras of the round that are off line or have no address"""
    name: str = ""
    """of the patrol or the named wall; "" for the round of all"""
    places: tuple[CameraRow | None, ...] | None = None
    """of a named wall: its cameras by place"""


def patrol(cameras: Sequence[CameraRow], tiles: int, elapsed_s: float, dwell_s: float = DWELL_S,
           ahead_s: float = 0.0) -> Turn:
    """The cameras of this moment's stop on the round. Those without a picture or off line are passed over and counted.

    The round is whole: each camera comes up once, the last stop may be short of tiles. `ahead_s` before a stop ends the
    next one is in `coming`.
    """
    if tiles < 1 or not cameras:
        return Turn((), None, 0, 1)
    able = [c for c in cameras if c.source and c.state != "offline"]
    passed_over = len(cameras) - len(able)
    if not able:
        able, passed_over = list(cameras), 0
    pages = -(-len(able) // tiles)
    dwell_s = max(dwell_s, 1.0)
    page = int(elapsed_s // dwell_s) % pages

    def stop(number: int) -> tuple[CameraRow, ...]:
        return tuple(able[number * tiles:(number + 1) * tiles])

    soon = pages > 1 and dwell_s - elapsed_s % dwell_s <= ahead_s
    return Turn(stop(page), None, page, pages, stop((page + 1) % pages) if soon else (), passed_over)


def beside(incident: QueueRow, nearest: Sequence[CameraRow], tiles: int) -> Turn:
    """The nearest cameras to an incident, as many as there are tiles."""
    return Turn(tuple(nearest[:tiles]), incident)
