"""The quiet ground of the demo's map: river and lakes, greens, roads by class, buildings of the town. All generated."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from app.drill.cells import Cells, density
from app.drill.frame import Floats, Frame
from app.drill.roads import ARTERIAL, CLASS_NAMES, MINOR, SECONDARY, RoadNet
from app.geo.base import ROAD_LOCAL, ROAD_PRIMARY, ROAD_SECONDARY, ROAD_TERTIARY, BaseMap

_RIVER_ENDS = ((117.0533, 30.517), (116.8990, 30.3605))
_RIVER_WIDTH_M = 1500.0
_STREAM = ((116.742, 30.452), (116.79, 30.437), (116.83, 30.452), (116.868, 30.443), (116.90, 30.462),
           (116.928, 30.446), (116.938, 30.436))
_HOUSES = 5_000
_BASE_CLASS = {"arterial": ROAD_PRIMARY, "secondary": ROAD_SECONDARY, "minor": ROAD_TERTIARY, "lane": ROAD_LOCAL}

Shapes = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Ground:
    """Geometries in WGS-84 degrees. `roads` by class name with the roads' names beside; widths are the map's affair."""

    water: Shapes
    green: Shapes
    roads: dict[str, tuple[Shapes, tuple[str, ...]]]
    buildings: Shapes


def make_ground(cells: Cells, roads: RoadNet, rng: np.random.Generator) -> Ground:
    """River along the real south-eastern border, a stream, lakes and greens inside cells, roads, buildings."""
    frame = cells.frame
    parks = _parks(cells, rng)
    water = [_river(cells), _stream(frame), *_lakes(cells, rng)]
    green = [shapely.buffer(cells.blocks[i], -9.0) for i in parks] + _woods(cells, rng)
    houses = np.concatenate((_town_buildings(cells, set(parks), rng), _country_houses(cells, roads, rng)))
    wet = shapely.union_all(np.array(water, dtype=object))
    shapely.prepare(wet)
    houses = houses[~shapely.intersects(wet, houses)]
    return Ground(_deg(frame, water), _deg(frame, green),
                  {CLASS_NAMES[kind]: _lines(frame, roads, kind) for kind in range(len(CLASS_NAMES))},
                  frame.geometries_to_deg(houses))


def _deg(frame: Frame, shapes: list[BaseGeometry]) -> Shapes:
    parts = [p for s in shapes for p in shapely.get_parts(s) if p.geom_type == "Polygon" and p.area > 200.0]
    return frame.geometries_to_deg(np.array(parts, dtype=object))


def _lines(frame: Frame, roads: RoadNet, kind: int) -> tuple[Shapes, tuple[str, ...]]:
    """The pieces of a class joined to lines, one or more a name."""
    mine = np.flatnonzero(roads.kind == kind)
    shapes: list[BaseGeometry] = []
    names: list[str] = []
    order = mine[np.argsort(roads.name[mine], kind="stable")]
    cuts = np.flatnonzero(np.diff(roads.name[order])) + 1
    for group in np.split(order, cuts):
        if not len(group):
            continue
        merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(list(_segments(roads, group)))))
        shapes.extend(merged)
        names.extend([roads.names[int(roads.name[group[0]])]] * len(merged))
    return frame.geometries_to_deg(np.array(shapes, dtype=object)), tuple(names)


def _segments(roads: RoadNet, pieces: NDArray[np.int64]) -> Shapes:
    """The pieces as lines of two points."""
    ends = np.stack((np.column_stack((roads.x[roads.a[pieces]], roads.y[roads.a[pieces]])),
                     np.column_stack((roads.x[roads.b[pieces]], roads.y[roads.b[pieces]]))), axis=1)
    return np.asarray(shapely.linestrings(ends), dtype=np.object_)


def _boxes(corners: Floats) -> Shapes:
    """Polygons of corners (n, 4, 2)."""
    rings = np.concatenate((corners, corners[:, :1]), axis=1)
    return np.asarray(shapely.polygons(rings), dtype=np.object_)


def _one(shape: object) -> BaseGeometry:
    if not isinstance(shape, BaseGeometry):
        raise TypeError("one geometry was expected")
    return shape


def _river(cells: Cells) -> BaseGeometry:
    ring = shapely.get_coordinates(shapely.get_exterior_ring(cells.outline))[:-1]
    ends = [int(np.argmin(np.hypot(ring[:, 0] - x, ring[:, 1] - y)))
            for x, y in (cells.frame.to_m(*p) for p in _RIVER_ENDS)]
    low, high = sorted(ends)
    ways = [ring[low:high + 1], np.concatenate((ring[high:], ring[:low + 1]))]
    bank = shapely.simplify(shapely.LineString(min(ways, key=_length)), 120.0)
    bands = [shapely.buffer(bank, side * _RIVER_WIDTH_M, single_sided=True) for side in (1.0, -1.0)]
    band = min(bands, key=lambda b: float(shapely.area(shapely.intersection(b, cells.outline))))
    smooth = shapely.buffer(shapely.buffer(shapely.buffer(band, 60.0), 500.0), -500.0)
    shore = shapely.buffer(shapely.buffer(cells.outline, -90.0), 55.0)
    return _one(shapely.difference(smooth, shore))


def _length(xy: Floats) -> float:
    return float(np.hypot(*np.diff(xy, axis=0).T).sum())


def _stream(frame: Frame) -> BaseGeometry:
    x, y = frame.to_m(*np.array(_STREAM).T)
    t = np.linspace(0, len(x) - 1, 200)
    px, py = np.interp(t, np.arange(len(x)), x), np.interp(t, np.arange(len(x)), y)
    line = shapely.LineString(np.column_stack((px + 160 * np.sin(t * 5.0), py + 190 * np.sin(t * 6.3 + 1.0))))
    return _one(shapely.buffer(line, 55.0))


def _lakes(cells: Cells, rng: np.random.Generator) -> list[BaseGeometry]:
    """Rounded insides of a few cells, so that no road runs through a lake."""
    areas = shapely.area(cells.grids)
    wide = np.flatnonzero(~cells.urban & (areas > 1.2e6))
    town = np.flatnonzero(shapely.area(cells.blocks) > 26_000.0)
    out = [_rounded(cells.grids[i], 330.0) for i in rng.choice(wide, min(7, len(wide)), replace=False)]
    return out + [_rounded(cells.blocks[i], 26.0) for i in rng.choice(town, min(5, len(town)), replace=False)]


def _woods(cells: Cells, rng: np.random.Generator) -> list[BaseGeometry]:
    centre = shapely.get_coordinates(shapely.centroid(cells.grids))
    north = np.flatnonzero(~cells.urban & (centre[:, 1] > np.percentile(centre[:, 1], 60)))
    return [_rounded(cells.grids[i], 190.0) for i in rng.choice(north, min(16, len(north)), replace=False)]


def _rounded(cell: BaseGeometry, margin_m: float) -> BaseGeometry:
    inner = shapely.buffer(cell, -margin_m)
    return _one(shapely.buffer(shapely.buffer(inner, -margin_m * 0.35), margin_m * 0.35))


def _parks(cells: Cells, rng: np.random.Generator) -> list[int]:
    count = min(60, len(cells.blocks))
    return sorted(int(i) for i in rng.choice(len(cells.blocks), count, replace=False))


def _town_buildings(cells: Cells, parks: set[int], rng: np.random.Generator) -> Shapes:
    """Rows of slabs and single blocks, set square to each block's longest side."""
    boxes: list[Floats] = []
    owner: list[int] = []
    frames = shapely.get_coordinates(shapely.minimum_rotated_rectangle(cells.blocks)).reshape(-1, 5, 2)
    for i in range(len(cells.blocks)):
        if i in parks:
            continue
        made = _rows_in(frames[i], rng)
        boxes.append(made)
        owner.extend([i] * len(made))
    polygons = _boxes(np.concatenate(boxes))
    inner = shapely.buffer(cells.blocks, -11.0)
    shapely.prepare(inner)
    kept = shapely.contains(inner[np.array(owner)], polygons)
    return polygons[kept]


def _rows_in(box: Floats, rng: np.random.Generator) -> Floats:
    """Corners (n, 4, 2) of buildings in rows over a rotated box of five points."""
    one, two = box[1] - box[0], box[3] - box[0]
    if np.hypot(*one) < np.hypot(*two):
        one, two = two, one
    long_m, wide_m = float(np.hypot(*one)), float(np.hypot(*two))
    ux, uy = one / max(long_m, 1e-6), two / max(wide_m, 1e-6)
    width, depth = (46.0, 14.0) if rng.random() < 0.6 else (27.0, 22.0)
    along = np.arange(12.0, long_m - width - 6.0, width + 10.0)
    across = np.arange(10.0, wide_m - depth - 6.0, depth + 17.0)
    a, c = (m.ravel() for m in np.meshgrid(along, across))
    keep = rng.random(len(a)) < 0.86
    a, c = a[keep], c[keep]
    w = width * rng.uniform(0.75, 1.0, len(a))
    d = depth * rng.uniform(0.85, 1.0, len(a))
    su = np.stack((a, a + w, a + w, a), axis=1)
    sv = np.stack((c, c, c + d, c + d), axis=1)
    return np.asarray(box[0] + su[..., None] * ux + sv[..., None] * uy, dtype=np.float64)


def _country_houses(cells: Cells, roads: RoadNet, rng: np.random.Generator) -> Shapes:
    """Small houses in clusters beside the roads outside the town."""
    middle = np.column_stack(((roads.x[roads.a] + roads.x[roads.b]) / 2, (roads.y[roads.a] + roads.y[roads.b]) / 2))
    built = density(cells.frame, middle[:, 0], middle[:, 1])
    outside = (built < 0.2) & np.isin(roads.kind, (ARTERIAL, SECONDARY, MINOR))
    if not outside.any():
        return np.empty(0, dtype=np.object_)
    spots = rng.choice(np.flatnonzero(outside), 220)
    at = middle[np.repeat(spots, _HOUSES // len(spots))]
    at = at + rng.normal(0.0, 1.0, at.shape) * np.array([95.0, 95.0])
    turn = np.repeat(rng.uniform(0, np.pi, len(spots)), _HOUSES // len(spots))
    half = np.stack((rng.uniform(5, 8, len(at)), rng.uniform(4, 6, len(at))), axis=1)
    signs = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], dtype=np.float64)
    local = half[:, None, :] * signs[None, :, :]
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    corners = np.stack((local[..., 0] * cos - local[..., 1] * sin, local[..., 0] * sin + local[..., 1] * cos), axis=2)
    corners = corners + at[:, None, :]
    polygons = _boxes(corners)
    lines = _segments(roads, np.arange(len(roads.a), dtype=np.int64))
    near = shapely.STRtree(lines).query(polygons, predicate="dwithin", distance=5.0)[0]
    inside = np.asarray(shapely.contains_xy(cells.outline, at[:, 0], at[:, 1]))
    inside[near] = False
    return np.asarray(polygons[inside], dtype=np.object_)


def base_map(ground: Ground) -> BaseMap:
    """The ground as the map's vector base, marked as generated."""
    roads: list[Floats] = []
    names: list[str] = []
    classes: list[int] = []
    for name, (shapes, labels) in ground.roads.items():
        for shape, label in zip(shapes.tolist(), labels, strict=True):
            roads.append(shapely.get_coordinates(shape))
            names.append(label)
            classes.append(_BASE_CLASS[name])
    return BaseMap(roads, np.array(classes, dtype=np.int8), names, (), _rings(ground.water), _rings(ground.green),
                   _rings(ground.buildings), "演示底图（生成示意）", True)


def _rings(shapes: Shapes) -> list[list[Floats]]:
    out: list[list[Floats]] = []
    for shape in shapes.tolist():
        rings = [shape.exterior, *shape.interiors]
        out.append([shapely.get_coordinates(r) for r in rings])
    return out
