"""The vector base made ready for the tile process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from widgets.map.geometry import Shapes
from widgets.map.layers import Polygon, Ring


class BaseShapes(Protocol):
    """A ``BaseLayer``, an ``app.geo.base.BaseMap``, or anything else with these."""

    @property
    def roads(self) -> Sequence[Ring]: ...
    @property
    def road_class(self) -> Any: ...
    @property
    def road_names(self) -> Sequence[str]: ...
    @property
    def water_lines(self) -> Sequence[Ring]: ...
    @property
    def water(self) -> Sequence[Polygon]: ...
    @property
    def greens(self) -> Sequence[Polygon]: ...
    @property
    def buildings(self) -> Sequence[Polygon]: ...
    @property
    def attribution(self) -> str: ...
    @property
    def generated(self) -> bool: ...


@dataclass(frozen=True, eq=False)
class PreparedBase:
    body: dict[str, Any]
    attribution: str
    generated: bool
    roads: Shapes
    road_names: Sequence[str]


def prepare_base(layer: BaseShapes) -> PreparedBase:
    """Project and flatten all shapes. Touches no widget: may run on any thread."""
    body: dict[str, Any] = {"road_class": np.asarray(layer.road_class)}
    roads = Shapes.of_lines(layer.roads)
    for part, shapes in (
        ("roads", roads),
        ("water_lines", Shapes.of_lines(layer.water_lines)),
        ("water", Shapes.of_polygons([[p] for p in layer.water])),
        ("greens", Shapes.of_polygons([[p] for p in layer.greens])),
        ("buildings", Shapes.of_polygons([[p] for p in layer.buildings])),
    ):
        body.update(shapes.payload(part))
    return PreparedBase(body, layer.attribution, layer.generated, roads, layer.road_names)
