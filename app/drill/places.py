"""Where things happen in the demo district, with an address in generated names."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.drill.cells import Cells
from app.drill.devices import quarter_pieces
from app.drill.district import Skeleton
from app.drill.frame import Floats, Ints
from app.drill.roads import LANE, MINOR, RoadNet, along_roads
from app.geo.index import AreaIndex, AreaShape

_POOL = 6_000
_SHOPS = ("商铺", "夜市入口", "菜市场门口", "超市门前", "公交站旁", "学校南门", "银行门口", "停车场",
          "饭店后门", "商场 2 号门")
_HOMES = ("小区 3 栋", "小区东门", "小区 12 栋", "小区车棚", "小区 7 栋 2 单元", "老小区门口", "居民楼下",
          "小区北门", "垃圾房旁", "楼道内")
_PLAIN = ("路口", "人行道", "工地西门", "桥头", "路段中间", "绿化带", "公园门口", "涵洞", "加油站旁", "河边步道")


@dataclass(frozen=True, slots=True)
class Spots:
    """A pool of places: degrees, metres, address and grid of each, and which of them suit shops, homes, water, any."""

    lon: Floats
    lat: Floats
    x: Floats
    y: Floats
    address: tuple[str, ...]
    area: tuple[str | None, ...]
    pools: dict[str, Ints]


def make_spots(base: Skeleton, rng: np.random.Generator) -> Spots:
    """Some thousands of places beside the roads; enough that a place seldom comes again."""
    cells, roads = base.cells, base.roads
    quarter = quarter_pieces(cells, roads)
    parts = [
        ("s", along_roads(cells, roads, _POOL // 3, rng, offset_m=(7.0, 14.0), town=1.3,
                          by_class=(1.5, 2.0, 1.2, 0.4))),
        ("s", along_roads(cells, roads, _POOL // 6, rng, offset_m=(7.0, 14.0), focus=quarter)),
        ("h", along_roads(cells, roads, _POOL // 2, rng, offset_m=(12.0, 30.0), town=0.85,
                          by_class=(0.3, 0.6, 1.2, 2.0))),
        (".", along_roads(cells, roads, _POOL // 2, rng, offset_m=(2.0, 7.0), town=0.7,
                          by_class=(2.0, 1.5, 1.0, 0.7))),
    ]
    x = np.concatenate([k.x for _, k in parts])
    y = np.concatenate([k.y for _, k in parts])
    draw = np.concatenate([np.full(len(k), ord(d)) for d, k in parts])
    piece = np.concatenate([k.piece for _, k in parts])
    lon, lat = cells.frame.to_deg(x, y)
    index = AreaIndex([AreaShape(a.key, a.level, a.geometry) for a in base.areas])
    address = tuple(_address(roads, int(p), chr(int(d)), rng) for p, d in zip(piece, draw, strict=True))
    pools = {d: np.flatnonzero(draw == ord(d)) for d in "sh."}
    pools["w"] = np.argsort(_shore_distance(cells, x, y))[:300]
    return Spots(lon, lat, x, y, address, tuple(index.keys_of(lon, lat)), pools)


def _shore_distance(cells: Cells, x: Floats, y: Floats) -> Floats:
    """Distance from the southern end of the town: the river's side."""
    sx, sy = cells.frame.to_m(117.0305, 30.4975)
    out: Floats = np.hypot(x - sx, y - sy)
    return out


def _address(roads: RoadNet, piece: int, draw: str, rng: np.random.Generator) -> str:
    name = roads.names[int(roads.name[piece])]
    words = {"s": _SHOPS, "h": _HOMES}.get(draw, _PLAIN)
    word = words[int(rng.integers(len(words)))]
    if draw == "s" and word == "商铺":
        return f"{name} {int(rng.integers(1, 280))} 号商铺"
    if draw == "." and rng.random() < 0.35:
        here = {int(p) for end in (roads.a[piece], roads.b[piece]) for p in roads.pieces_at(int(end)).tolist()}
        other = sorted({roads.names[int(roads.name[p])] for p in here} - {name})
        if other:
            return f"{name}与{other[0]}交口"
    if roads.kind[piece] in (MINOR, LANE) or rng.random() < 0.5:
        return f"{name} {int(rng.integers(1, 160))} 号{word}"
    return f"{name}{word}"


