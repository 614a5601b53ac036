"""Generated cameras, city components and alarm buttons of the demo district."""
from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from app.drill.areas import Grids, digest_of, key
from app.drill.cells import Cells
from app.drill.forces import drone_spots
from app.drill.frame import Floats
from app.drill.roads import ARTERIAL, Kerb, RoadNet, along_roads
from app.geo.index import AreaIndex
from app.intake.records import CameraRecord, ComponentRecord

CAMERAS, LOOKOUTS = 3_500, 6
COMPONENTS, BUTTONS = 100_000, 1_200
BUTTON_KIND = "联防报警按钮"
_GB_HEAD = "3408030000"
_KINDS: tuple[tuple[str, str, float], ...] = (
    ("01", "路灯", 15.0), ("01", "雨水箅子", 12.0), ("01", "污水井盖", 10.0), ("01", "雨水井盖", 8.0),
    ("01", "电力井盖", 6.0), ("01", "通讯井盖", 6.0), ("01", "上水井盖", 5.0), ("01", "燃气井盖", 3.5),
    ("01", "消防设施", 2.5), ("01", "立杆", 3.0), ("01", "通讯交接箱", 1.2), ("01", "变压器（箱）", 0.5),
    ("01", "健身设施", 0.8), ("01", "邮筒", 0.1), ("01", "路灯井盖", 1.5), ("02", "交通标志牌", 4.0),
    ("02", "路名牌", 1.5), ("02", "交通信号灯", 0.6), ("02", "交通护栏", 2.0), ("02", "公交站亭", 0.5),
    ("02", "存车支架", 0.7), ("03", "果皮箱", 3.5), ("03", "垃圾分类投放点", 0.8), ("03", "公共厕所", 0.15),
    ("03", "广告牌匾", 1.2), ("04", "行道树", 12.0), ("04", "绿地护栏", 0.6), ("04", "街头座椅", 0.8),
    ("04", "花架花钵", 0.7), ("04", "古树名木", 0.05), ("05", "防汛设施", 0.15), ("05", "水域护栏", 0.3),
    ("05", "应急避难场所", 0.03),
)
"""class, word and weight of the components along the roads"""


def make_cameras(cells: Cells, roads: RoadNet, grids: Grids, index: AreaIndex, root: Path,
                 rng: np.random.Generator) -> list[CameraRecord]:
    """Street cameras along the roads, six lookouts and two drones; each with a still of the shipped ones as picture."""
    stills = sorted((root / "demo" / "stills").glob("*.jpg"))
    urls = [p.as_posix() for p in stills] or [""]
    kerb = along_roads(cells, roads, CAMERAS, rng, offset_m=(4.0, 9.0), town=0.75, by_class=(4.0, 2.5, 1.3, 0.6))
    lon, lat = cells.frame.to_deg(kerb.x, kerb.y)
    owner = index.keys_of(lon, lat)
    kind = rng.choice(np.array(["fixed", "dome", "ptz"]), CAMERAS, p=[0.56, 0.2, 0.24]).tolist()
    heading = np.round((kerb.heading + np.where(rng.random(CAMERAS) < 0.5, 0.0, 180.0)
                        + rng.normal(0, 14, CAMERAS)) % 360.0, 1)
    fov = np.where(rng.random(CAMERAS) < 0.3, 105.0, 62.0)
    reach = rng.choice(np.array([60.0, 80.0, 120.0]), CAMERAS)
    names = [roads.names[n] for n in roads.name[kerb.piece].tolist()]
    major = roads.kind[kerb.piece] == ARTERIAL
    # Neighbours show different pictures.
    pick = ((np.floor(kerb.x / 60.0) * 5 + np.floor(kerb.y / 60.0) * 7) % len(urls)).astype(np.int64).tolist()
    pole: dict[str, int] = {}
    rows = []
    for i in range(CAMERAS):
        number = pole[names[i]] = pole.get(names[i], 0) + 1
        rows.append(_camera(f"cam{i + 1:04d}", f"{_GB_HEAD}132{i + 1:07d}", f"{names[i]} {number} 号杆", float(lon[i]),
                            float(lat[i]), float(heading[i]), float(fov[i]), float(reach[i]), kind[i], urls[pick[i]],
                            ("天网",) if major[i] else ("雪亮",), owner[i], wall=bool(major[i])))
    return rows + _high(cells, grids, urls, rng)


def _high(cells: Cells, grids: Grids, urls: list[str], rng: np.random.Generator) -> list[CameraRecord]:
    """Lookouts on high places of the town, drones parked at two of them; on the wall's patrol."""
    town = np.flatnonzero(cells.urban)
    spots = town[np.linspace(0, len(town) - 1, LOOKOUTS).astype(int)].tolist()
    rows = []
    for n, grid in enumerate(spots, 1):
        lon, lat = (float(v) for v in cells.frame.to_deg(grids.x[grid], grids.y[grid]))
        rows.append(_camera(f"lookout{n}", f"{_GB_HEAD}131{9_000_000 + n}", f"高空瞭望（生成）{n}", lon, lat,
                            float(rng.integers(0, 360)), 40.0, 3000.0, "lookout", urls[n % len(urls)],
                            ("高空瞭望",), grids.keys[grid], wall=True))
    for n, (x, y, grid) in enumerate(drone_spots(cells, grids), 1):
        lon, lat = (float(v) for v in cells.frame.to_deg(x, y))
        row = _camera(f"drone{n}", f"{_GB_HEAD}131{9_100_000 + n}", f"无人机画面（生成）{n}", lon, lat, 0.0, 84.0,
                      400.0, "drone", urls[(n + 5) % len(urls)], ("无人机",), grids.keys[grid], wall=True)
        rows.append(dataclasses.replace(row, unit_key=key(f"uav{n}")))
    return rows


def _camera(row_id: str, gb: str, name: str, lon: float, lat: float, heading: float, fov: float, reach: float,
            kind: str, url: str, tags: tuple[str, ...], area: str | None, wall: bool = False) -> CameraRecord:
    stream = "snapshot" if url else ""
    return CameraRecord(key(row_id), gb, name, lon, lat, heading, fov, reach, kind, url, stream, tags, area, wall,
                        {"generated": True}, digest_of(row_id, gb, name, lon, lat, heading, fov, reach, kind, url))


def make_components(cells: Cells, roads: RoadNet, index: AreaIndex, rng: np.random.Generator,
                    count: int = COMPONENTS) -> list[ComponentRecord]:
    """`count` components along the roads, the last `BUTTONS` of them alarm buttons of the joint defence."""
    plain = count - BUTTONS
    kerb = along_roads(cells, roads, plain, rng, offset_m=(3.0, 8.0), town=0.55, by_class=(2.2, 1.6, 1.0, 0.9))
    weight = np.array([k[2] for k in _KINDS])
    kinds = rng.choice(len(_KINDS), plain, p=weight / weight.sum())
    quarter = quarter_pieces(cells, roads)
    buttons = np.concatenate([
        _xy(along_roads(cells, roads, BUTTONS // 3, rng, offset_m=(9.0, 14.0), focus=quarter)),
        _xy(along_roads(cells, roads, BUTTONS - BUTTONS // 3, rng, offset_m=(9.0, 14.0), town=1.2))])
    x, y = np.concatenate((kerb.x, buttons[:, 0])), np.concatenate((kerb.y, buttons[:, 1]))
    lon, lat = cells.frame.to_deg(x, y)
    owner = index.keys_of(lon, lat)
    return _rows(kinds, lon, lat, owner, plain)


def _rows(kinds: NDArray[np.int64], lon: Floats, lat: Floats, owner: list[str | None],
          plain: int) -> list[ComponentRecord]:
    number = [0] * (len(_KINDS) + 1)
    rows: list[ComponentRecord] = []
    plain_extra: dict[str, object] = {"generated": True}
    which = [*kinds.tolist(), *([len(_KINDS)] * (len(lon) - plain))]
    for i, (kind, x, y, area) in enumerate(zip(which, lon.tolist(), lat.tolist(), owner, strict=True)):
        number[kind] += 1
        if kind < len(_KINDS):
            class_code, word, _ = _KINDS[kind]
            row_id, name, extra = f"part{i + 1:06d}", f"{word} {number[kind]:05d}", plain_extra
        else:
            class_code, word = "05", BUTTON_KIND
            row_id, name = f"button{number[kind]:04d}", f"报警按钮 C-{number[kind]:04d}"
            extra = {"generated": True, "group": f"联防组 {(number[kind] - 1) // 10 + 1:03d}"}
        rows.append(ComponentRecord(key(row_id), class_code, word, name, x, y, area, "", "", extra,
                                    digest_of(row_id, word, x, y)))
    return rows


def quarter_pieces(cells: Cells, roads: RoadNet) -> NDArray[np.bool_]:
    """Which pieces of road lie in the commercial quarter."""
    x, y = (roads.x[roads.a] + roads.x[roads.b]) / 2, (roads.y[roads.a] + roads.y[roads.b]) / 2
    return np.asarray(shapely.contains_xy(cells.communities[cells.quarter], x, y))


def _xy(kerb: Kerb) -> Floats:
    return np.column_stack((kerb.x, kerb.y))
