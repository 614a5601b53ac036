"""The vector base made ready for the tile process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from widgets.map.geometry import Shapes
from widgets.map.layers import BaseLayer


@dataclass(frozen=True, eq=False)
class PreparedBase:
    body: dict[str, Any]
    attribution: str
    generated: bool


def prepare_base(layer: BaseLayer) -> PreparedBase:
    """Project and flatten all shapes. Touches no widget: may run on any thread."""
    body: dict[str, Any] = {"road_class": np.asarray(layer.road_class)}
    for part, shapes in (
        ("roads", Shapes.of_lines(layer.roads)),
        ("water_lines", Shapes.of_lines(layer.water_lines)),
        ("water", Shapes.of_polygons([[p] for p in layer.water])),
        ("greens", Shapes.of_polygons([[p] for p in layer.greens])),
        ("buildings", Shapes.of_polygons([[p] for p in layer.buildings])),
    ):
        body.update(shapes.payload(part))
    return PreparedBase(body, layer.attribution, layer.generated)
