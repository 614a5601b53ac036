"""Generated roads: the borders of the generated cells, as a network that forces walk along and things stand at."""
from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from app.drill.cells import Cells, density
from app.drill.frame import Floats, Ints

ARTERIAL, SECONDARY, MINOR, LANE = 0, 1, 2, 3
CLASS_NAMES = ("arterial", "secondary", "minor", "lane")
_SIDE_M = 4.0
_PREFIX = ("甲", "乙", "丙", "丁")
_SUFFIX = ("路", "路", "街", "巷")
_SPEED_SHARE = np.array([1.0, 0.85, 0.7, 0.5])


@dataclass(frozen=True, slots=True)
class RoadNet:
    """Straight pieces between nodes, metres of the cells' frame.

    `x`, `y`: nodes. `a`, `b`: node indices of a piece; `length_m`, `kind` (0 arterial .. 3 lane), `name` (index into
    `names`) of a piece. `starts`/`links` are the adjacency in rows: piece indices at each node.
    """

    x: Floats
    y: Floats
    a: Ints
    b: Ints
    length_m: Floats
    kind: Ints
    name: Ints
    names: tuple[str, ...]
    starts: Ints
    links: Ints
    _cache: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    def pieces_at(self, node: int) -> Ints:
        """Pieces that meet at a node."""
        return self.links[self.starts[node]:self.starts[node + 1]]

    def nearest_node(self, x: float, y: float) -> int:
        """The node nearest to a point."""
        return int(np.argmin((self.x - x) ** 2 + (self.y - y) ** 2))

    def path(self, start: int, goal: int, most: int = 20_000) -> list[int]:
        """Nodes of a quick way from `start` to `goal`, both included (A*); a straight jump where there is none."""
        known = self._cache.get((start, goal))
        if known is not None:
            return known
        came: dict[int, int] = {}
        cost = {start: 0.0}
        heap = [(0.0, start)]
        gx, gy = float(self.x[goal]), float(self.y[goal])
        found = False
        for _ in range(most):
            if not heap:
                break
            _, node = heapq.heappop(heap)
            if node == goal:
                found = True
                break
            for piece in self.pieces_at(node).tolist():
                other = int(self.b[piece]) if int(self.a[piece]) == node else int(self.a[piece])
                new = cost[node] + float(self.length_m[piece]) / float(_SPEED_SHARE[self.kind[piece]])
                if new < cost.get(other, np.inf):
                    cost[other] = new
                    came[other] = node
                    ahead = float(np.hypot(self.x[other] - gx, self.y[other] - gy))
                    heapq.heappush(heap, (new + ahead, other))
        way = [goal]
        while found and way[-1] != start:
            way.append(came[way[-1]])
        way = way[::-1] if found else [start, goal]
        if len(self._cache) < 20_000:
            self._cache[(start, goal)] = way
        return way


def make_roads(cells: Cells) -> RoadNet:
    """The network along all borders of blocks and grids inside the district; the border of the district is no road."""
    coords, owner = shapely.get_coordinates(cells.seams, return_index=True)
    step = np.flatnonzero(owner[1:] == owner[:-1])
    start, end = coords[step], coords[step + 1]
    sides = _sides(cells, start, end)
    rank = np.full(len(start), LANE, dtype=np.int64)
    for level, kind in ((2, MINOR), (1, SECONDARY), (0, ARTERIAL)):
        rank[sides[0][level] != sides[1][level]] = kind
    inside = (sides[0][2] >= 0) & (sides[1][2] >= 0)
    start, end, rank = start[inside], end[inside], rank[inside]
    pairs = [(a[inside], b[inside]) for a, b in zip(sides[0], sides[1], strict=True)]
    name, names = _names(rank, pairs)
    return _network(start, end, rank, name, names)


def _sides(cells: Cells, start: Floats, end: Floats) -> tuple[list[Ints], list[Ints]]:
    """For both sides of each piece the street, community and grid (-1 outside)."""
    middle = (start + end) / 2.0
    along = end - start
    normal = np.column_stack((-along[:, 1], along[:, 0])) / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    tree = shapely.STRtree(cells.grids)
    out: list[list[Ints]] = []
    for sign in (_SIDE_M, -_SIDE_M):
        grid = np.full(len(start), -1, dtype=np.int64)
        point, hit = tree.query(shapely.points(middle + sign * normal), predicate="intersects")
        grid[point] = hit
        community = np.where(grid >= 0, cells.grid_community[grid], -1)
        out.append([np.where(grid >= 0, cells.community_street[community], -1), community, grid])
    return out[0], out[1]


def _names(rank: Ints, pairs: list[tuple[Ints, Ints]]) -> tuple[Ints, tuple[str, ...]]:
    """A generated name per border of two areas: 甲3路 between streets, 乙12路, 丙145街, 丁7巷 inside a grid."""
    level_of = {ARTERIAL: 0, SECONDARY: 1, MINOR: 2, LANE: 2}
    name = np.zeros(len(rank), dtype=np.int64)
    names: list[str] = []
    for kind in range(4):
        mine = np.flatnonzero(rank == kind)
        one, two = (side[mine] for side in pairs[level_of[kind]])
        key = np.minimum(one, two) * 100_000 + np.maximum(one, two)
        _, index = np.unique(key, return_inverse=True)
        name[mine] = index + len(names)
        count = int(index.max()) + 1 if len(index) else 0
        names.extend(f"{_PREFIX[kind]}{i + 1}{_SUFFIX[kind]}" for i in range(count))
    return name, tuple(names)


def _network(start: Floats, end: Floats, rank: Ints, name: Ints, names: tuple[str, ...]) -> RoadNet:
    ends: Floats = np.round(np.concatenate((start, end)), 1).astype(np.float64)
    nodes, index = np.unique(ends, axis=0, return_inverse=True)
    index = index.reshape(-1)
    a, b = index[:len(start)], index[len(start):]
    real = a != b
    a, b, rank, name = a[real], b[real], rank[real], name[real]
    length = np.hypot(nodes[a, 0] - nodes[b, 0], nodes[a, 1] - nodes[b, 1])
    both = np.concatenate((a, b))
    order = np.argsort(both, kind="stable")
    links = np.concatenate((np.arange(len(a)), np.arange(len(a))))[order]
    starts = np.searchsorted(both[order], np.arange(len(nodes) + 1))
    return RoadNet(nodes[:, 0].copy(), nodes[:, 1].copy(), a.astype(np.int64), b.astype(np.int64), length, rank, name,
                   names, starts.astype(np.int64), links.astype(np.int64))


@dataclass(frozen=True, slots=True)
class Kerb:
    """Places beside the roads: metres, the road's heading there (degrees from north), the piece they stand at."""

    x: Floats
    y: Floats
    heading: Floats
    piece: Ints

    def __len__(self) -> int:
        return len(self.x)


def along_roads(cells: Cells, roads: RoadNet, count: int, rng: np.random.Generator, *, offset_m: tuple[float, float],
                town: float = 1.0, by_class: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0),
                focus: NDArray[np.bool_] | None = None) -> Kerb:
    """Draw `count` places beside the roads; `town` is how strongly the built-up part attracts them.

    `by_class` weighs arterial .. lane; `focus` (per piece) restricts them to some pieces.
    """
    mx, my = (roads.x[roads.a] + roads.x[roads.b]) / 2, (roads.y[roads.a] + roads.y[roads.b]) / 2
    weight = roads.length_m * np.asarray(by_class)[roads.kind] * density(cells.frame, mx, my) ** town
    if focus is not None and focus.any():
        weight = weight * focus
    drawn = count + count // 10 + 20  # some fall outside the district, beside a road that ends at its border
    piece = rng.choice(len(weight), drawn, p=weight / weight.sum())
    share = rng.random(drawn)
    ax, ay, bx, by = roads.x[roads.a[piece]], roads.y[roads.a[piece]], roads.x[roads.b[piece]], roads.y[roads.b[piece]]
    ux, uy = (bx - ax) / roads.length_m[piece], (by - ay) / roads.length_m[piece]
    side = np.where(rng.random(drawn) < 0.5, -1.0, 1.0) * rng.uniform(*offset_m, drawn)
    x, y = ax + (bx - ax) * share - uy * side, ay + (by - ay) * share + ux * side
    heading = np.degrees(np.arctan2(ux, uy)) % 360.0
    kept = np.flatnonzero(shapely.contains_xy(cells.outline, x, y))[:count]
    return Kerb(x[kept], y[kept], heading[kept], piece[kept])
