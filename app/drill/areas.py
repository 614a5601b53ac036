"""Records of the generated areas and of the real code list of the demo district."""
from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from app.drill.cells import Cells
from app.drill.frame import Floats, Ints
from app.intake.records import AreaRecord, CodeRecord, full_key

SOURCE = "demo"
DISTRICT_CODE = "340803"
_FIRST_STREET = 901
"""generated streets have numbers that no real street of the district has"""
_CENTRES_2, _CENTRES_3 = 9, 40
_HOUSEHOLD_RULE, _MERCHANT_RULE = 200, 300
_DEDICATED = ("学校", "医院", "市场", "园区", "车站", "景区")


@dataclass(frozen=True, slots=True)
class Grids:
    """What later steps need of the grids: keys and columns of equal length."""

    keys: tuple[str, ...]
    names: tuple[str, ...]
    x: Floats
    y: Floats
    dedicated: NDArray[np.bool_]
    street_keys: tuple[str, ...]
    community_keys: tuple[str, ...]
    community: Ints
    street: Ints


def digest_of(*parts: object) -> str:
    """Digest of a record's content."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]


def key(row_id: str) -> str:
    """Full key of a demo row."""
    return full_key(SOURCE, row_id)


def make_areas(cells: Cells, outline_deg: BaseGeometry, rng: np.random.Generator) -> tuple[list[AreaRecord], Grids]:
    """District, streets, communities and grids with counts and staff (roles, no persons)."""
    out = [_record(DISTRICT_CODE, "大观区", 0, "district", None, outline_deg,
                   extra={"generated": False, "centre": True})]
    order_s = _by_place(cells.streets)
    street_code = _codes(order_s, _FIRST_STREET, [DISTRICT_CODE] * len(cells.streets))
    community_code = _nested(cells.communities, cells.community_street, street_code)
    grid_code = _nested(cells.grids, cells.grid_community, community_code)
    dense = _densest(cells)
    shapes = [cells.frame.geometries_to_deg(level) for level in (cells.streets, cells.communities, cells.grids)]
    for rank, i in enumerate(order_s.tolist(), 1):
        out.append(_record(street_code[i], f"街道（生成）{rank:02d}", 1, "street", DISTRICT_CODE, shapes[0][i],
                           extra={"generated": True, "centre": i in dense[0]}))
    order_c = sorted(range(len(cells.communities)), key=lambda i: community_code[i])
    for rank, i in enumerate(order_c, 1):
        name = "商圈社区（生成）" if i == cells.quarter else "社区（生成）"
        out.append(_record(community_code[i], f"{name}{rank:02d}", 2, "community",
                           street_code[int(cells.community_street[i])], shapes[1][i],
                           extra={"generated": True, "centre": i in dense[1]}))
    rows, names, dedicated = _grid_records(cells, grid_code, community_code, shapes[2], rng)
    out.extend(rows)
    centre = shapely.get_coordinates(shapely.point_on_surface(cells.grids))
    grids = Grids(tuple(map(key, grid_code)), names, centre[:, 0], centre[:, 1], dedicated,
                  tuple(map(key, street_code)), tuple(map(key, community_code)), cells.grid_community,
                  cells.community_street[cells.grid_community])
    return out, grids


def official_codes(root: Path) -> list[CodeRecord]:
    """The real streets and communities as a code list ("official_area"): names and codes without any geometry."""
    raw = json.loads((root / "demo" / "official_areas.json").read_text(encoding="utf-8"))
    rows = [(raw["district"]["code"], raw["district"]["name"], None)]
    rows += [(s["code"], s["name"], raw["district"]["code"]) for s in raw["streets"]]
    rows += [(c["code"], c["name"], c["street"]) for c in raw["communities"]]
    return [CodeRecord(full_key("china-division", code), "official_area", code, name, "", parent,
                       digest=digest_of(code, name, parent)) for code, name, parent in rows]


def _by_place(cells: NDArray[np.object_]) -> Ints:
    """North to south, west to east within a band: numbers that a reader can follow on the map."""
    centre = shapely.get_coordinates(shapely.centroid(cells))
    return np.lexsort((centre[:, 0], -np.round(centre[:, 1] / 4000.0)))


def _codes(order: Ints, first: int, parents: list[str]) -> list[str]:
    out = [""] * len(order)
    for rank, i in enumerate(order.tolist()):
        out[i] = f"{parents[i]}{first + rank:03d}"
    return out


def _nested(cells: NDArray[np.object_], parent: Ints, parent_code: list[str]) -> list[str]:
    out = [""] * len(cells)
    for p in range(len(parent_code)):
        mine = np.flatnonzero(parent == p)
        for rank, j in enumerate(_by_place(cells[mine]).tolist(), 1):
            out[int(mine[j])] = f"{parent_code[p]}{rank:03d}"
    return out


def _densest(cells: Cells) -> tuple[set[int], set[int]]:
    """The streets and communities that have a centre of the 1+9+40: those with the most grids."""
    streets = np.bincount(cells.community_street[cells.grid_community], minlength=len(cells.streets))
    communities = np.bincount(cells.grid_community, minlength=len(cells.communities))
    return (set(np.argsort(-streets, kind="stable")[:_CENTRES_2].tolist()),
            set(np.argsort(-communities, kind="stable")[:_CENTRES_3].tolist()))


def _grid_records(cells: Cells, grid_code: list[str], community_code: list[str], shapes: NDArray[np.object_],
                  rng: np.random.Generator) -> tuple[list[AreaRecord], tuple[str, ...], NDArray[np.bool_]]:
    count = len(cells.grids)
    dedicated = cells.grid_community == cells.quarter
    others = np.flatnonzero(~dedicated & cells.urban)
    dedicated[rng.choice(others, 24, replace=False)] = True
    households = np.where(cells.urban, rng.normal(158, 26, count), rng.normal(128, 38, count)).clip(24, 262).round()
    merchants = np.where(cells.urban, rng.gamma(2.0, 18.0, count), rng.gamma(1.5, 5.0, count)).round()
    merchants[dedicated] = rng.normal(238, 52, int(dedicated.sum())).clip(60, 352).round()
    households[dedicated] = rng.integers(0, 60, int(dedicated.sum()))
    names = [""] * count
    plain = special = 0
    for i in sorted(range(count), key=lambda i: grid_code[i]):
        if dedicated[i]:
            special += 1
            names[i] = f"专属网格 {special:02d}"
        else:
            plain += 1
            names[i] = f"网格 {plain:03d}"
    rows = []
    for i in range(count):
        tag = names[i].replace(" ", "")
        members = [f"{tag} 网格员（演示）{n}" for n in range(1, 3 + int(households[i] > _HOUSEHOLD_RULE))]
        what = "商圈" if cells.grid_community[i] == cells.quarter else _DEDICATED[i % len(_DEDICATED)]
        extra: dict[str, object] = {"generated": True}
        if dedicated[i]:
            extra["subject"] = what
        rows.append(_record(
            grid_code[i], names[i], 3, "grid", community_code[int(cells.grid_community[i])], shapes[i],
            dedicated=bool(dedicated[i]), households=int(households[i]), merchants=int(merchants[i]), extra=extra,
            staff={"leader": f"{tag} 网格长（演示）", "deputy": f"{tag} 副网格长（演示）", "members": members}))
    return rows, tuple(names), dedicated


def _record(code: str, name: str, level: int, level_name: str, parent: str | None, shape: BaseGeometry, *,
            dedicated: bool = False, households: int | None = None, merchants: int | None = None,
            staff: dict[str, object] | None = None, extra: dict[str, object] | None = None) -> AreaRecord:
    wkb = bytes(shapely.to_wkb(shape))
    return AreaRecord(key(code), code, name, level, level_name, key(parent) if parent else None, wkb, dedicated,
                      households, merchants, staff or {}, extra or {},
                      digest_of(code, name, parent, wkb.hex(), dedicated, households, merchants, staff, extra))
