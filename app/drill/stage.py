"""What a scenario player knows of the city it plays in: places, roads, shape of the days, words, lists in force."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from app.domain.working_time import WorkCalendar
from app.drill.district import DEFAULT_SEED, Skeleton, make_skeleton
from app.drill.frame import Floats, Frame
from app.drill.places import Spots, make_spots
from app.drill.roads import RoadNet
from app.drill.shape import Shape, make_shape
from app.drill.story import Words
from app.services.book import Book
from app.services.seat import Seat

_POOL = 3_000


@dataclass(frozen=True, slots=True)
class Stage:
    """A city to play in. `roads` None: forces go straight. `quarter` are indices of spots in the liveliest place."""

    frame: Frame
    spots: Spots
    roads: RoadNet | None
    shape: Shape
    words: Words
    book: Book
    calendar: WorkCalendar


def demo_stage(root: Path, book: Book, calendar: WorkCalendar, seed: int = DEFAULT_SEED,
               base: Skeleton | None = None) -> Stage:
    """The demo district; `seed` as it was generated with, `base` when its skeleton is at hand."""
    base = base or make_skeleton(root, seed)
    spots = make_spots(base, np.random.default_rng((seed, 8)))
    return Stage(base.cells.frame, spots, base.roads, make_shape(book, root), Words.load(root), book, calendar)


def city_stage(root: Path, seat: Seat, calendar: WorkCalendar, seed: int = DEFAULT_SEED) -> Stage:
    """Any city that a seat holds: places are its components, else points in its finest areas; no roads are known."""
    rng = np.random.default_rng((seed, 31))
    lon, lat, names = _places(seat, rng)
    frame = Frame(float(np.mean(lon)) if len(lon) else 0.0, float(np.mean(lat)) if len(lat) else 0.0)
    x, y = frame.to_m(lon, lat)
    area = tuple(seat.area_at(float(a), float(b)) for a, b in zip(lon, lat, strict=True))
    everywhere = np.arange(len(lon))
    address = tuple(" ".join(p for p in (seat.book.area_label(a, 2), n) if p) or "—"
                    for a, n in zip(area, names, strict=True))
    spots = Spots(lon, lat, x, y, address, area, dict.fromkeys("shw.", everywhere))
    return Stage(frame, spots, None, make_shape(seat.book, root), Words.load(root), seat.book, calendar)


def _places(seat: Seat, rng: np.random.Generator) -> tuple[Floats, Floats, list[str]]:
    columns = seat.components()
    if len(columns.ids) >= 50:
        chosen = rng.choice(len(columns.ids), min(_POOL, len(columns.ids)), replace=False)
        lon = np.asarray(columns.lon, dtype=np.float64)[chosen]
        lat = np.asarray(columns.lat, dtype=np.float64)[chosen]
        kinds = np.asarray(columns.kind_index)[chosen]
        return lon, lat, [columns.kinds[int(k)] for k in kinds]
    shapes = [(a.level, shapely.from_wkb(a.wkb)) for a in seat.areas() if a.wkb]
    if not shapes:
        return np.empty(0), np.empty(0), []
    finest = max(level for level, _ in shapes)
    points = [s.representative_point() for level, s in shapes if level == finest]
    return np.array([p.x for p in points]), np.array([p.y for p in points]), [""] * len(points)
