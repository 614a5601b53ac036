"""What the situation map is drawn from, read from a seat at one instant. No folium in here: reading is quick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.services.book import Book
from app.services.seat import Seat
from app.services.views import AreaRow, QueueRow


@dataclass(frozen=True, slots=True)
class Situation:
    """Open incidents in the seat's area (in no order), areas, code lists; `base`: the file of the vector base. Nothing
    of it changes afterwards: it may be drawn on any thread."""

    rows: Sequence[QueueRow]
    areas: Sequence[AreaRow]
    book: Book
    base: Path | None
    now: datetime
    centre: str
    nature: str
    zone: str


def read_situation(seat: Seat) -> Situation:
    """The seat's area as it is now."""
    base = seat.base_map()
    return Situation(tuple(seat.queue()), tuple(a for a in seat.areas() if a.wkb), seat.book,
                     Path(base) if base else None, seat.clock.now(), seat.centre_name, seat.nature, seat.timezone)
