"""Generated forces of the demo district: who can be sent. Names are call signs and roles, never persons."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.domain.process import Role
from app.drill.areas import Grids, digest_of, key
from app.drill.cells import Cells
from app.drill.frame import Floats
from app.drill.roads import RoadNet, along_roads
from app.geo.index import AreaIndex
from app.intake.records import UnitRecord


@dataclass(frozen=True, slots=True)
class _Force:
    """A sort of force: how many, how they are called, what they can do, how strongly the town holds them."""

    kind: str
    name: str
    sign: str
    team: str
    count: int
    skills: tuple[str, ...]
    town: float = 1.0
    per_team: int = 8
    on_duty: float = 0.62


_FORCES: tuple[_Force, ...] = (
    _Force("patrol", "巡逻队", "X", "社区巡防队", 60, ("security", "first_aid"), on_duty=0.7),
    _Force("patrol", "江淮义警", "Y", "江淮义警", 60, ("security",), on_duty=0.5),
    _Force("patrol", "商户联防队", "L", "商户联防", 40, ("security", "firefighting"), town=1.6),
    _Force("patrol", "校园护学岗", "H", "护学岗", 24, ("security", "traffic"), on_duty=0.4),
    _Force("patrol", "夜巡队", "N", "夜间巡防队", 30, ("security",), on_duty=0.4),
    _Force("police", "警用终端", "P", "派出所（演示）", 60, ("security", "traffic", "first_aid"), on_duty=0.75),
    _Force("volunteer", "志愿队", "V", "志愿服务队", 120, ("care", "mediation"), on_duty=0.45),
    _Force("property", "物业巡逻", "W", "物业联勤", 130, ("security", "repair"), town=1.2, on_duty=0.75),
    _Force("fire", "微型消防站", "F", "微型消防站", 40, ("firefighting", "rescue"), on_duty=0.95, per_team=4),
    _Force("urban", "城管中队", "C", "城市管理执法", 36, ("law_enforcement", "traffic"), on_duty=0.8, per_team=4),
    _Force("repair", "抢险队", "Q", "应急抢险", 10, ("rescue", "drainage", "water_rescue", "gas"), per_team=2,
           on_duty=0.95),
    _Force("repair", "市政养护队", "Z", "市政养护", 14, ("repair", "drainage", "electric"), per_team=4, on_duty=0.9),
    _Force("repair", "园林养护队", "G", "园林绿化", 8, ("greening",), per_team=4, on_duty=0.85),
    _Force("repair", "环卫清运组", "B", "环卫保洁", 30, ("cleaning", "animal"), per_team=6, on_duty=0.9),
    _Force("medical", "急救组", "J", "急救站（演示）", 8, ("first_aid",), per_team=2, on_duty=0.95),
    _Force("mediator", "调解室", "T", "人民调解", 30, ("mediation", "psychology"), on_duty=0.8),
)
_DEPARTMENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("城管局", ("law_enforcement",)), ("住建局", ("repair",)), ("应急局", ("rescue",)),
    ("市场监管局", ("law_enforcement",)), ("生态环境分局", ("law_enforcement",)), ("交通局", ("traffic",)),
    ("民政局", ("care",)), ("人社局", ()), ("教体局", ()),
    ("卫健委", ("psychology",)), ("司法局", ("mediation",)), ("水务公司", ("repair", "drainage")),
    ("燃气公司", ("gas",)), ("供电公司", ("electric",)),
)
_COMMUNITY_STAFF = 2


@dataclass(frozen=True, slots=True)
class DemoOperator:
    """An operator of the demo: login, shown name, role, area key (None: the whole district), unit key."""

    id: str
    name: str
    role: Role
    area_key: str | None = None
    unit_key: str | None = None


def make_units(cells: Cells, roads: RoadNet, grids: Grids, index: AreaIndex,
               rng: np.random.Generator) -> list[UnitRecord]:
    """Grid workers of every grid, staff of every community, teams of all kinds, departments (without a position)."""
    rows: list[UnitRecord] = []
    for i, name in enumerate(grids.names):
        node = roads.nearest_node(float(grids.x[i]), float(grids.y[i]))
        skills: tuple[str, ...] = ("mediation", "care") if i % 3 else ("mediation", "care", "first_aid")
        number = name.split()[1]
        sign = f"{'S' if grids.dedicated[i] else 'W'}{number}"
        shown = f"{'专属网格员' if grids.dedicated[i] else '网格员'} {number}"
        rows.append(_unit(cells, f"grid{i + 1:03d}", shown, "grid_worker", "网格员", skills,
                          grids.keys[i], (float(roads.x[node]), float(roads.y[node])), sign,
                          bool(rng.random() < 0.72), len(rows)))
    for c, community in enumerate(grids.community_keys):
        home = np.flatnonzero(grids.community == c)[0]
        for n in range(1, _COMMUNITY_STAFF + 1):
            rows.append(_unit(cells, f"staff{c + 1:02d}{n}", f"社区专干 {c + 1:02d}-{n}", "community",
                              f"社区工作站 {c + 1:02d}", ("mediation", "care"), community,
                              (float(grids.x[home]), float(grids.y[home])),
                              f"D{c + 1:02d}{n}", n == 1, len(rows)))
    for force in _FORCES:
        kerb = along_roads(cells, roads, force.count, rng, offset_m=(1.0, 4.0), town=force.town,
                           by_class=(2.0, 2.0, 1.0, 0.5))
        lon, lat = cells.frame.to_deg(kerb.x, kerb.y)
        home_keys = index.keys_of(lon, lat)
        for n in range(force.count):
            rows.append(_unit(cells, f"{force.sign.lower()}{n + 1:03d}", f"{force.name} {n + 1}", force.kind,
                              f"{force.team} {n // force.per_team + 1} 组", force.skills, home_keys[n],
                              (float(kerb.x[n]), float(kerb.y[n])), f"{force.sign}{n + 1:02d}",
                              bool(rng.random() < force.on_duty), len(rows)))
    for n, (name, skills) in enumerate(_DEPARTMENTS, 1):
        rows.append(_unit(cells, f"dept{n:02d}", f"{name}（演示）", "department", "职能部门", skills, None, None,
                          f"B{n:02d}", True, len(rows)))
    return rows


def drone_spots(cells: Cells, grids: Grids) -> list[tuple[float, float, int]]:
    """(x, y in metres, grid) of where the drones stand: beside two high places of the town."""
    town = np.flatnonzero(cells.urban)
    spots = town[np.linspace(0, len(town) - 1, 6).astype(int)].tolist()
    return [(float(grids.x[g]) + 60.0, float(grids.y[g]) + 40.0, g) for g in (spots[2], spots[4])]


def make_drones(cells: Cells, grids: Grids) -> list[UnitRecord]:
    """Two drones."""
    return [_unit(cells, f"uav{n}", f"无人机（生成）{n}", "drone", "无人机班组", ("drone",), grids.keys[grid], (x, y),
                  f"U{n:02d}", True, 90_000 + n) for n, (x, y, grid) in enumerate(drone_spots(cells, grids), 1)]


def _unit(cells: Cells, row_id: str, name: str, kind: str, team: str, skills: tuple[str, ...], area: str | None,
          at: tuple[float, float] | None, sign: str, on_duty: bool, number: int) -> UnitRecord:
    lon: float | None = None
    lat: float | None = None
    if at is not None:
        x, y = cells.frame.to_deg(at[0], at[1])
        lon, lat = float(x), float(y)
    # No telephone number in the land begins with 100: none of these can be dialled.
    phone = f"100{80_000_000 + number:08d}"
    return UnitRecord(key(row_id), name, kind, team, skills, phone, area, lon, lat, sign,
                      {"generated": True, "on_duty": on_duty}, digest_of(row_id, name, kind, skills, lon, lat))


def make_operators(grids: Grids, units: list[UnitRecord]) -> list[DemoOperator]:
    """One operator per role (two dispatchers and verifiers, since nobody checks what he handled)."""
    worker = next(u for u in units if u.kind == "grid_worker")
    department = next(u for u in units if u.kind == "department")
    community = grids.community_keys[int(grids.community[0])]
    return [
        DemoOperator("dispatcher", "调度员（演示）01", Role.DISPATCHER),
        DemoOperator("dispatcher2", "调度员（演示）02", Role.DISPATCHER),
        DemoOperator("forces", "移动端（演示）", Role.DISPATCHER),
        DemoOperator("verifier", "核查员（演示）01", Role.VERIFIER),
        DemoOperator("verifier2", "核查员（演示）02", Role.VERIFIER),
        DemoOperator("supervisor", "值班长（演示）01", Role.SUPERVISOR),
        DemoOperator("leader", "带班领导（演示）01", Role.DUTY_LEADER),
        DemoOperator("wall", "大屏（演示）", Role.WALL),
        DemoOperator("community", "社区书记（演示）01", Role.COMMUNITY, community),
        DemoOperator("grid", worker.name, Role.GRID_WORKER, worker.area_key, worker.key),
        DemoOperator("department", department.name, Role.DEPARTMENT, None, department.key),
        DemoOperator("intake", "接入（演示）", Role.INTAKE),
        DemoOperator("admin", "安全管理员（演示）", Role.SECURITY_ADMIN),
        DemoOperator("auditor", "审计员（演示）", Role.AUDITOR),
    ]


def homes(cells: Cells, units: list[UnitRecord]) -> tuple[Floats, Floats]:
    """Metres of the units' first positions (NaN without one)."""
    lon = np.array([np.nan if u.lon is None else u.lon for u in units])
    lat = np.array([np.nan if u.lat is None else u.lat for u in units])
    return cells.frame.to_m(lon, lat)
