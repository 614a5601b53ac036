"""A made-up city of the customer's size for the map's benchmark: same seed, same city."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from widgets.map.layers import (
    AreaLayer,
    BaseLayer,
    CameraLayer,
    FloatArray,
    IncidentMarks,
    PointLayer,
    Polygon,
    UnitMarks,
)

CENTRE = np.array((117.02, 30.52))
SPREAD = np.array((0.035, 0.02))


@dataclass(frozen=True, eq=False)
class City:
    areas: AreaLayer
    values: dict[str, float]
    base: BaseLayer
    components: PointLayer
    cameras: CameraLayer
    incidents: IncidentMarks
    units: UnitMarks


def make_city(
    grids: int = 500,
    components: int = 100_000,
    cameras: int = 3_500,
    incidents: int = 10_000,
    units: int = 1_000,
    seed: int = 7,
) -> City:
    """Areas of four levels, roads, a river, buildings, points around a dense core."""
    rng = np.random.default_rng(seed)
    outline = _outline(rng)
    areas = _areas(rng, outline, grids)
    values = {
        ident: float(v)
        for ident, v in zip(areas.ids, rng.poisson(1.6, len(areas.ids)), strict=True)
        if ident.startswith("G")
    }
    p = _points(rng, outline, components)
    c = _points(rng, outline, cameras)
    i = _points(rng, outline, incidents)
    u = _points(rng, outline, units)
    level = np.full(incidents, 4, np.int8)
    level[: min(40, incidents)], level[:8], level[:2] = 3, 2, 1
    return City(
        areas,
        values,
        _base(rng, outline),
        PointLayer(
            [f"P{n}" for n in range(components)], p[:, 0], p[:, 1], rng.integers(0, 5, components).astype(np.int8)
        ),
        CameraLayer(
            [f"K{n}" for n in range(cameras)],
            c[:, 0],
            c[:, 1],
            rng.uniform(0, 360, cameras),
            state=rng.choice([0, 0, 0, 0, 0, 0, 0, 1, 2], cameras).astype(np.int8),
            lookout=np.arange(cameras) < 6,
        ),
        IncidentMarks(
            [f"I{n}" for n in range(incidents)],
            i[:, 0],
            i[:, 1],
            level,
            rng.integers(0, 4, incidents).astype(np.int8),
            np.arange(incidents) < 4,
        ),
        UnitMarks(
            [f"U{n}" for n in range(units)],
            u[:, 0],
            u[:, 1],
            rng.choice([0, 0, 0, 1, 1, 2, 3], units).astype(np.int8),
            rng.exponential(25.0, units),
            rng.uniform(0, 360, units),
        ),
    )


def _outline(rng: np.random.Generator) -> shapely.Polygon:
    angle = np.linspace(0, 2 * np.pi, 320, endpoint=False)
    radius = 1.0 + 0.18 * np.sin(3 * angle) + 0.1 * np.sin(7 * angle + 1) + rng.normal(size=320) * 0.01
    return shapely.Polygon(CENTRE + np.column_stack((np.cos(angle) * 0.16, np.sin(angle) * 0.09)) * radius[:, None])


def _points(rng: np.random.Generator, outline: shapely.Polygon, count: int) -> FloatArray:
    """Three of four around the core, the others anywhere inside."""
    x0, y0, x1, y1 = outline.bounds
    found: list[FloatArray] = []
    while sum(map(len, found)) < count:
        near = CENTRE + rng.normal(size=(count, 2)) * SPREAD
        far = np.column_stack((rng.uniform(x0, x1, count), rng.uniform(y0, y1, count)))
        both = np.where((rng.random(count) < 0.75)[:, None], near, far)
        found.append(both[shapely.contains_xy(outline, both)])
    return np.vstack(found)[:count]


def _areas(rng: np.random.Generator, outline: shapely.Polygon, grids: int) -> AreaLayer:
    ids, labels, levels, polygons = ["D"], ["大观区"], [0], [_polygons(outline)]
    for letter, level, count, name in (
        ("S", 1, 14, "街道（生成）"),
        ("C", 2, 60, "社区（生成）"),
        ("G", 3, grids, "网格 "),
    ):
        cells = shapely.voronoi_polygons(shapely.MultiPoint(_points(rng, outline, count)), extend_to=outline)
        for number, cell in enumerate(cells.geoms):
            ids.append(f"{letter}{number}")
            labels.append(f"{name}{number + 1:02d}")
            levels.append(level)
            polygons.append(_polygons(cell.intersection(outline)))
    dedicated = np.array([i.startswith("G") and int(i[1:]) % 9 == 0 for i in ids])
    return AreaLayer(ids, labels, np.array(levels, np.int8), polygons, dedicated, generated=True)


def _polygons(shape: shapely.Geometry) -> list[Polygon]:
    return [
        [np.array(part.exterior.coords), *(np.array(hole.coords) for hole in part.interiors)]
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
    ]


def _base(rng: np.random.Generator, outline: shapely.Polygon) -> BaseLayer:
    roads, classes = [], []
    for number, (x, y) in enumerate(_points(rng, outline, 400)):
        kind = 0 if number < 6 else 1 if number < 16 else 2 if number < 40 else 3 if number < 140 else 4
        half = rng.uniform(0.02, 0.06) if kind < 3 else rng.uniform(0.002, 0.012)
        turn = rng.uniform(0, np.pi)
        along = np.linspace(-half, half, 14)
        jitter = rng.normal(size=(2, 14)) * 0.0002
        roads.append(np.column_stack((x + along * np.cos(turn) + jitter[0], y + along * np.sin(turn) + jitter[1])))
        classes.append(kind)
    river = shapely.LineString([(116.75, 30.37), (116.95, 30.46), (117.06, 30.47), (117.3, 30.54)]).buffer(0.008)
    buildings = []
    for corner in CENTRE + rng.normal(size=(12_000, 2)) * SPREAD * 0.6:
        width, height = rng.uniform(0.0001, 0.0003, 2)
        buildings.append([corner + np.array(((0, 0), (width, 0), (width, height), (0, height), (0, 0)))])
    return BaseLayer(
        roads=roads,
        road_class=np.array(classes, np.int8),
        road_names=[f"路 {n}" for n in range(len(roads))],
        water=_polygons(river),
        buildings=buildings,
        generated=True,
    )
