"""What the seat keeps about video."""
from __future__ import annotations

from dataclasses import dataclass

from app.services import video_orders
from app.services import video_walls as vw
from app.services.seat import Seat
from app.services.video_walls import Patrol, VideoWall


@dataclass(frozen=True, slots=True)
class Kept:
    """What the seat keeps about video, read at once."""

    walls: tuple[VideoWall, ...]
    patrols: tuple[Patrol, ...]
    visitors: bool
    board: object


def read_kept(seat: Seat) -> Kept:
    """On the database thread."""
    return Kept(video_orders.walls(seat), video_orders.patrols(seat), seat.setting(vw.VISITORS) is True,
                seat.setting(vw.BOARD))
