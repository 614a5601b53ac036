"""What lies inside a drawn shape, per kind of layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from widgets.map.areaindex import AreaIndex
from widgets.map.layers import FloatArray, SelectionShape
from widgets.map.mercator import metres_per_unit, ring_to_world, to_world

CIRCLE_CORNERS = 96


def geometry(shape: SelectionShape) -> Any:
    """The shape as a polygon in world units; ``ValueError`` for too few points."""
    if shape.kind == "radius":
        x, y = to_world(*shape.points[0])
        radius = shape.radius_m / metres_per_unit(y)
        angle = np.linspace(0.0, 2.0 * math.pi, CIRCLE_CORNERS, endpoint=False)
        return shapely.Polygon(np.column_stack((x + radius * np.cos(angle), y + radius * np.sin(angle))))
    points = ring_to_world(np.asarray(shape.points, np.float64))
    if shape.kind == "rectangle":
        (ax, ay), (bx, by) = points[0], points[1]
        return shapely.box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
    if len(points) < 3:
        raise ValueError("a polygon needs three corners")
    polygon = shapely.Polygon(points)
    return polygon if shapely.is_valid(polygon) else shapely.make_valid(polygon)


def points_inside(area: Any, ids: Sequence[str], x: FloatArray, y: FloatArray) -> list[str]:
    """Ids of the points inside, in their own order."""
    if not len(ids):
        return []
    x0, y0, x1, y1 = shapely.bounds(area)
    near = np.flatnonzero((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1))
    shapely.prepare(area)
    return [ids[i] for i in near[shapely.contains_xy(area, x[near], y[near])].tolist()]


def areas_inside(area: Any, index: AreaIndex) -> list[str]:
    """Ids of the areas whose inside the shape meets (a shared border alone is not enough)."""
    box = shapely.bounds(area)
    near = index.shapes.inside((box[0], box[1], box[2], box[3]))
    if not len(near):
        return []
    polygons = index.polygons()[near]
    shapely.prepare(area)
    met = shapely.intersects(area, polygons) & ~shapely.touches(area, polygons)
    return [index.layer.ids[i] for i in near[met].tolist()]
