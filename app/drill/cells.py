"""Generated streets, communities, grids and blocks inside a real outline: compact cells, denser in the town.

Cells are Voronoi cells of relaxed points, each level cut out of the one above, then bent a little so that no border is
drawn with a ruler, and last cut by the outline. The same seed gives the same cells.
"""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from app.drill.frame import Floats, Frame, Ints
from app.geo.datum import gcj02_to_wgs84
from app.geo.shapes import polygonal

STREETS = 14
COMMUNITIES = 60
QUARTER_GRIDS = 21
"""dedicated grids of the commercial quarter (DISTRICT.md: re-cut from 6 to 21)"""
_SAMPLES = 60_000
_TOWN = ((117.036, 30.520, 1900.0, 1.0), (117.012, 30.512, 1800.0, 0.55), (117.012, 30.548, 1500.0, 0.35),
         (116.985, 30.500, 1300.0, 0.18), (116.935, 30.545, 900.0, 0.07), (116.80, 30.445, 800.0, 0.05),
         (116.868, 30.39, 700.0, 0.035), (116.885, 30.47, 800.0, 0.03))
"""(lon, lat, spread in m, weight): the town by the river in the south-east, its growth, and villages (generated)"""
_COUNTRYSIDE = 0.012
_BEND_M, _BEND_LENGTH_M = 95.0, 2600.0
_URBAN_DENSITY = 0.16


@dataclass(frozen=True, slots=True)
class Cells:
    """The district cut up. Polygons are in metres of `frame`, already inside `outline`.

    `community_street`, `grid_community` and `block_grid` name the parent by index; `urban` marks the grids of the town;
    `quarter` is the community of the commercial quarter; `blocks` exist in the town only. `seams` are the lines between
    the finest cells, each once, reaching a little beyond the outline.
    """

    frame: Frame
    outline: BaseGeometry
    streets: NDArray[np.object_]
    communities: NDArray[np.object_]
    grids: NDArray[np.object_]
    blocks: NDArray[np.object_]
    community_street: Ints
    grid_community: Ints
    block_grid: Ints
    urban: NDArray[np.bool_]
    quarter: int
    seams: NDArray[np.object_]


def load_outline(root: Path) -> BaseGeometry:
    """The real outline of the district in WGS-84, from the shipped GCJ-02 copy below `root` (data/reference)."""
    raw = json.loads((root / "demo" / "outline_gcj02.geojson").read_text(encoding="utf-8"))
    shape = shapely.from_geojson(json.dumps(raw["features"][0]["geometry"]))

    def move(xy: Floats) -> Floats:
        return np.column_stack(gcj02_to_wgs84(xy[:, 0], xy[:, 1]))
    return shapely.transform(shape, move)


def density(frame: Frame, x: Floats, y: Floats) -> Floats:
    """How built-up a place is, 0..about 1.2."""
    total = np.full(np.shape(x), _COUNTRYSIDE)
    for lon, lat, spread, weight in _TOWN:
        cx, cy = frame.to_m(lon, lat)
        total = total + weight * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2.0 * spread**2))
    return total


def make_cells(outline_deg: BaseGeometry, rng: np.random.Generator) -> Cells:
    """Cut the outline (WGS-84) into cells."""
    centre = outline_deg.centroid
    frame = Frame(float(centre.x), float(centre.y))
    outline = frame.geometry_to_m(outline_deg)
    hull = outline.buffer(1500.0)
    points = _samples(frame, outline, rng)
    weight = density(frame, points[:, 0], points[:, 1])
    streets, _, owner = _split(hull, points, np.full(len(points), -1), [STREETS], rng, weight**0.3)
    people: Floats = np.bincount(owner, weights=weight**0.1, minlength=STREETS).astype(np.float64)
    counts = _shares(people, COMMUNITIES, least=2)
    communities, community_street, owner2 = _split_each(streets, points, owner, counts, rng)
    quarter = _quarter(frame, communities, outline)
    counts = _grid_counts(frame, communities, outline, quarter)
    grids, grid_community, owner3 = _split_each(communities, points, owner2, counts, rng)
    centres = shapely.get_coordinates(shapely.centroid(grids))
    urban = density(frame, centres[:, 0], centres[:, 1]) > _URBAN_DENSITY
    wanted = np.where(urban, np.clip(np.round(shapely.area(grids) / 22_000.0), 2, 12), 0).astype(np.int64)
    blocks, block_grid, _ = _split_each(grids, points, owner3, wanted, rng, rounds=2, fill=True)
    finest = np.concatenate((blocks, grids[~np.isin(np.arange(len(grids)), block_grid)]))
    seams = shapely.get_parts(shapely.union_all(shapely.boundary(finest), grid_size=1.0))
    bent = [_bend(level, outline) for level in (streets, communities, grids, blocks)]
    return _whole(frame, outline, bent, (community_street, grid_community, block_grid), urban, quarter,
                  _bent(seams, 160.0))


def _whole(frame: Frame, outline: BaseGeometry, bent: list[NDArray[np.object_]], parents: tuple[Ints, Ints, Ints],
           urban: NDArray[np.bool_], quarter: int, seams: NDArray[np.object_]) -> Cells:
    """Leave out the cells that the outline cut away, and number the rest anew."""
    keep_s, keep_c, keep_g, keep_b = (np.flatnonzero(shapely.area(level) > 400.0) for level in bent)

    def renumber(parent: Ints, kept: Ints, above: Ints) -> Ints:
        place = {int(old): new for new, old in enumerate(above)}
        return np.array([place[int(p)] for p in parent[kept]], dtype=np.int64)
    keep_c = keep_c[np.isin(parents[0][keep_c], keep_s)]
    keep_g = keep_g[np.isin(parents[1][keep_g], keep_c)]
    keep_b = keep_b[np.isin(parents[2][keep_b], keep_g)]
    return Cells(frame, outline, bent[0][keep_s], bent[1][keep_c], bent[2][keep_g], bent[3][keep_b],
                 renumber(parents[0], keep_c, keep_s), renumber(parents[1], keep_g, keep_c),
                 renumber(parents[2], keep_b, keep_g), urban[keep_g], int(np.flatnonzero(keep_c == quarter)[0]), seams)


def _samples(frame: Frame, area: BaseGeometry, rng: np.random.Generator) -> Floats:
    west, south, east, north = area.bounds
    shapely.prepare(area)
    kept: list[Floats] = []
    while sum(map(len, kept)) < _SAMPLES:
        x = rng.uniform(west, east, 200_000)
        y = rng.uniform(south, north, 200_000)
        chosen = rng.random(200_000) < np.clip(density(frame, x, y) + 0.03, 0.0, 1.0)
        x, y = x[chosen], y[chosen]
        inside = shapely.contains_xy(area, x, y)
        kept.append(np.column_stack((x[inside], y[inside])))
    return np.concatenate(kept)[:_SAMPLES]


def _shares(weights: Floats, total: int, least: int) -> list[int]:
    """Whole numbers that add up to `total`, in proportion, none below `least`."""
    exact = weights / weights.sum() * (total - least * len(weights))
    out = np.floor(exact).astype(np.int64)
    for i in np.argsort(out - exact)[: total - least * len(weights) - int(out.sum())]:
        out[i] += 1
    return [int(n) + least for n in out]


def _relax(points: Floats, count: int, rng: np.random.Generator, rounds: int, weight: Floats | None = None) -> Floats:
    """Centres of `count` compact clusters of the points (k-means after a weighted draw)."""
    if count <= 1 or len(points) <= count:
        return points[:max(count, 1)] if len(points) <= count else points.mean(axis=0, keepdims=True)
    chance = None if weight is None else weight / weight.sum()
    centres = points[rng.choice(len(points), count, replace=False, p=chance)].copy()
    share = np.ones(len(points)) if weight is None else weight
    for _ in range(rounds):
        owner = _nearest(points, centres)
        mass = np.bincount(owner, weights=share, minlength=count)
        for axis in (0, 1):
            moved = np.bincount(owner, weights=share * points[:, axis], minlength=count)
            np.divide(moved, mass, out=centres[:, axis], where=mass > 0)
    return centres


def _nearest(points: Floats, centres: Floats) -> Ints:
    square = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    return np.asarray(np.argmin(square, axis=1), dtype=np.int64)


def _split(area: BaseGeometry, points: Floats, _owner: Ints, counts: list[int], rng: np.random.Generator,
           weight: Floats | None) -> tuple[NDArray[np.object_], Ints, Ints]:
    centres = _relax(points, counts[0], rng, 12, weight)
    cells = _voronoi(area, centres)
    return cells, np.zeros(len(cells), dtype=np.int64), _nearest(points, centres)


def _split_each(areas: NDArray[np.object_], points: Floats, owner: Ints, counts: list[int] | Ints,
                rng: np.random.Generator, rounds: int = 8, fill: bool = False
                ) -> tuple[NDArray[np.object_], Ints, Ints]:
    """Cut each area into `counts[i]` cells: the cells, the parent of each, and the cell of each sample point."""
    cells: list[BaseGeometry] = []
    parent: list[int] = []
    new_owner = np.full(len(points), -1, dtype=np.int64)
    order = np.argsort(owner, kind="stable")
    bounds = np.searchsorted(owner[order], np.arange(len(areas) + 1))
    for i, area in enumerate(areas):
        mine = order[bounds[i]:bounds[i + 1]]
        count = int(counts[i])
        if count == 0:
            continue
        own = points[mine]
        if len(own) < 3 * count or fill:
            own = np.concatenate((own, _inside(area, 12 * count, rng)))
        centres = _relax(own, count, rng, rounds)
        made = _voronoi(area, centres)
        if len(mine):
            new_owner[mine] = _nearest(points[mine], centres) + len(cells)
        cells.extend(made)
        parent.extend([i] * len(made))
    return np.array(cells, dtype=object), np.array(parent, dtype=np.int64), new_owner


def _inside(area: BaseGeometry, count: int, rng: np.random.Generator) -> Floats:
    west, south, east, north = area.bounds
    xy = np.column_stack((rng.uniform(west, east, 6 * count), rng.uniform(south, north, 6 * count)))
    kept = xy[shapely.contains_xy(area, xy[:, 0], xy[:, 1])]
    return kept if len(kept) else np.array([[area.centroid.x, area.centroid.y]])


def _voronoi(area: BaseGeometry, centres: Floats) -> NDArray[np.object_]:
    """Cells of the centres inside `area`, in the order of the centres."""
    if len(centres) == 1:
        return np.array([area], dtype=object)
    parts = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(centres), extend_to=area))
    tree = shapely.STRtree(parts)
    seeds = shapely.points(centres)
    which, found = tree.query(seeds, predicate="intersects")
    order = np.full(len(centres), -1, dtype=np.int64)
    order[which] = found
    return np.array([polygonal(p) for p in shapely.intersection(parts[order], area)], dtype=object)


def _quarter(frame: Frame, communities: NDArray[np.object_], outline: BaseGeometry) -> int:
    """The community of the commercial quarter: in the heart of the town, of a fair size."""
    centres = shapely.get_coordinates(shapely.centroid(communities))
    inside = shapely.area(shapely.intersection(communities, outline)) / shapely.area(communities)
    score = density(frame, centres[:, 0], centres[:, 1]) * (inside > 0.98)
    return int(np.argmax(score))


def _grid_counts(frame: Frame, communities: NDArray[np.object_], outline: BaseGeometry, quarter: int) -> list[int]:
    centres = shapely.get_coordinates(shapely.centroid(communities))
    built = density(frame, centres[:, 0], centres[:, 1])
    inside = shapely.area(shapely.intersection(communities, outline)) / shapely.area(communities)
    counts = np.clip(np.round(4.0 + 4.5 * np.sqrt(built) + shapely.area(communities) / 4.0e6), 4, 10) * (inside > 0.05)
    counts = np.maximum(np.round(counts * np.clip(inside + 0.25, 0.0, 1.0)), 1)
    out = [int(n) for n in counts]
    out[quarter] = QUARTER_GRIDS
    return out


def _bend(cells: NDArray[np.object_], outline: BaseGeometry) -> NDArray[np.object_]:
    """The cells with their borders bent gently, cut by the outline."""
    return np.array([polygonal(g) for g in shapely.intersection(_bent(cells, 60.0), outline)], dtype=object)


def _bent(shapes: NDArray[np.object_], piece_m: float) -> NDArray[np.object_]:
    """The same bend of all shapes: what met before meets after, but for the sag of a piece (160 m: under 2 m)."""
    dense = shapely.segmentize(shapes, piece_m)

    def move(xy: Floats) -> Floats:
        a, b = xy[:, 0] * (2 * np.pi / _BEND_LENGTH_M), xy[:, 1] * (2 * np.pi / _BEND_LENGTH_M)
        dx = np.sin(b + 0.7 * np.sin(a * 0.6)) + 0.45 * np.sin(2.3 * b + 1.1)
        dy = np.sin(a + 0.9 * np.sin(b * 0.5) + 2.0) + 0.45 * np.sin(2.1 * a + 0.3)
        return xy + _BEND_M * np.column_stack((dx, dy))
    return np.asarray(shapely.transform(dense, move), dtype=object)
