"""A generated district for tests: areas inside the real outline, code book, forces, cameras, incidents."""

from __future__ import annotations

import json
import math
import os
import random
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry import Polygon, shape

from app.services.book import Book, Code
from app.services.seat import ComponentColumns
from app.services.views import AreaRow, CameraRow, Flag, QueueRow, UnitRow

T0 = 1_795_430_527.0
"""23 November 2026, 18:42:07 in Anqing."""
SHARED = Path(os.environ.get("LIANDONG_SHARED", Path(__file__).resolve().parents[2] / "../shared/data"))
_FILE = "boundaries/echarts_anqing_gb2018.geojson"
DISTRICT = "340803"

KINDS = (
    # code, zh, en, class, level, family, icon, sensitive, minutes, weight
    ("0401", "电动自行车起火", "E-bike on fire", "04", 1, "emergency", "fire", False, 15, 1),
    ("0402", "燃气异味", "Smell of gas", "04", 2, "emergency", "gas", False, 30, 2),
    ("0403", "积水围困车辆", "Cars in flood water", "04", 2, "emergency", "water", False, 60, 2),
    ("0301", "井盖缺损", "Manhole cover missing", "03", 3, "city", "manhole", False, 120, 6),
    ("0404", "树木倒伏", "Fallen tree", "04", 3, "city", "tree", False, 180, 6),
    ("0501", "流浪犬聚集", "Stray dogs", "05", 3, "city", "animal", False, 240, 5),
    ("0101", "暴露垃圾", "Exposed garbage", "01", 4, "city", "garbage", False, 240, 16),
    ("0502", "机动车乱停放", "Badly parked cars", "05", 4, "city", "parking", False, 480, 14),
    ("0503", "占道经营", "Street vending", "05", 4, "city", "stall", False, 480, 12),
    ("0201", "小广告", "Illegal posters", "02", 4, "city", "poster", False, 1440, 10),
    ("0302", "噪声扰民", "Noise at night", "03", 4, "city", "noise", False, 360, 9),
    ("0405", "路灯不亮", "Street light out", "04", 4, "city", "light", False, 2880, 9),
    ("0601", "邻里纠纷", "Dispute between neighbours", "06", 4, "dispute", "people", True, 4320, 5),
    ("0602", "未成年人求助", "Minor asks for help", "06", 2, "dispute", "people", True, 60, 1),
)
CHANNELS = (
    ("city_order", "市转办", "City order"),
    ("hotline", "来电", "Call"),
    ("alarm_button", "联防报警", "Alarm button"),
    ("sensor", "智能感知", "Sensor"),
    ("grid_patrol", "网格巡查", "Grid patrol"),
    ("citizen_photo", "随手拍", "Citizen's photo"),
    ("neighbour_chat", "邻里聊", "Neighbours' chat"),
)
PHASES = (
    ("reported", "待受理", "To accept"),
    ("registered", "待分拨", "To assign"),
    ("assigned", "待签收", "To sign for"),
    ("acknowledged", "已签收", "Signed for"),
    ("en_route", "途中", "En route"),
    ("on_scene", "到场", "On scene"),
    ("fed_back", "待核查", "To verify"),
    ("verified", "已核查", "Verified"),
    ("closed", "办结", "Closed"),
    ("evaluated", "已评价", "Evaluated"),
    ("voided", "作废", "Void"),
    ("merged", "已合并", "Merged"),
)
UNIT_KINDS = (
    ("grid_worker", "网格员", "Grid worker"),
    ("patrol", "巡逻队", "Patrol team"),
    ("fire_post", "微型消防站", "Micro fire post"),
    ("police", "警用终端", "Police terminal"),
    ("urban", "城管中队", "Urban management"),
    ("rescue", "抢险队", "Rescue team"),
    ("department", "部门", "Department"),
    ("volunteer", "志愿者", "Volunteers"),
)
SKILLS = (
    ("fire", "灭火", "Fire fighting"),
    ("first_aid", "急救", "First aid"),
    ("mediation", "调解", "Mediation"),
    ("repair", "抢修", "Repair"),
)
PLACES = (
    "商圈 C区 2 号门",
    "南路 88 号",
    "下穿通道",
    "东路口",
    "农场东路",
    "北村 12 栋",
    "中路 31 号",
    "人行道 12",
    "一村 7 栋",
    "46 号杆",
    "夜市",
    "3 号门",
    "后街 5 号",
    "工地西门",
    "学校南门",
    "社区 21 活动室",
    "滨江步道 4 号码头",
    "老街菜市场北口",
)
_OPEN_MIX = (
    ("reported", 7),
    ("registered", 13),
    ("assigned", 9),
    ("acknowledged", 30),
    ("en_route", 12),
    ("on_scene", 20),
    ("fed_back", 14),
    ("verified", 9),
)
_PLAIN = Polygon([(116.93, 30.45), (117.06, 30.49), (117.07, 30.60), (117.0, 30.66), (116.92, 30.58)])


@lru_cache(maxsize=1)
def outline() -> Polygon:
    """The district's real outline where the shared data lie, else a plain polygon near it."""
    path = next((p for p in (SHARED / _FILE, SHARED / "data" / _FILE) if p.exists()), SHARED / _FILE)
    if not path.exists():
        return _PLAIN
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        if feature["properties"]["name"] == "大观区":
            parts = shapely.get_parts(shapely.make_valid(shape(feature["geometry"])))
            flat = [p for part in parts for p in shapely.get_parts(part) if isinstance(p, Polygon)]
            return max(flat, key=lambda p: p.area)
    return _PLAIN


def points_inside(n: int, rng: np.random.Generator) -> np.ndarray:
    """n points (lon, lat) inside the outline, denser towards its south-east, where the city is."""
    poly = outline()
    west, south, east, north = poly.bounds
    out = np.empty((0, 2))
    while len(out) < n:
        half = max(64, n)
        wide = rng.uniform((west, south), (east, north), (half, 2))
        town = rng.normal((117.02, 30.515), (0.02, 0.015), (half, 2))
        both = np.concatenate((wide[::3], town))
        rng.shuffle(both)
        out = np.concatenate((out, both[shapely.contains_xy(poly, both[:, 0], both[:, 1])]))
    return out[:n]


@lru_cache(maxsize=4)
def areas(grids: int = 300) -> tuple[AreaRow, ...]:
    """One district, 14 streets, 56 communities and the grids, each the union of those below it."""
    rng = np.random.default_rng(7)
    seeds = points_inside(grids, rng)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=outline()))
    cells = shapely.intersection(cells, outline())
    cells = cells[~shapely.is_empty(cells)]
    centres = shapely.get_coordinates(shapely.point_on_surface(cells))
    communities = points_inside(56, rng)
    streets = communities[:14]
    street_of = _nearest(communities, streets)
    community_of = _nearest(centres, communities)
    rows = [_area("", DISTRICT, "大观区", 0, outline(), False)]
    root = rows[0]
    for s in range(14):
        mine = [c for c in range(56) if street_of[c] == s]
        shapes = [shapely.union_all(cells[community_of == c]) for c in mine if (community_of == c).any()]
        if not shapes:
            continue
        street = _area(
            root.path, f"{DISTRICT}{s + 1:03d}", f"街道（生成）{s + 1:02d}", 1, shapely.union_all(shapes), False
        )
        rows.append(street)
        for k, c in enumerate(c for c in mine if (community_of == c).any()):
            members = np.flatnonzero(community_of == c)
            community = _area(
                street.path,
                f"{street.code}{k + 1:03d}",
                f"社区 {c + 1:02d}",
                2,
                shapely.union_all(cells[members]),
                False,
            )
            rows.append(community)
            rows += [
                _area(
                    community.path,
                    f"{community.code}{g + 1:03d}",
                    f"专属 {g:02d}" if g % 9 == 0 else f"网格 {g:03d}",
                    3,
                    cells[g],
                    g % 9 == 0,
                )
                for g in map(int, members)
            ]
    return tuple(rows)


def _nearest(points: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    return np.argmin(((points[:, None, :] - seeds[None, :, :]) ** 2).sum(axis=2), axis=1)


def _area(parent_path: str, code: str, name: str, level: int, geometry: shapely.Geometry, dedicated: bool) -> AreaRow:
    parent = parent_path.rstrip("/").rsplit("/", 1)[-1] or None
    grid = level == 3
    return AreaRow(
        code,
        code,
        name,
        level,
        parent,
        f"{parent_path}{code}/",
        shapely.to_wkb(geometry),
        dedicated,
        180 if grid and not dedicated else None,
        240 if dedicated else None,
        True,
    )


@lru_cache(maxsize=1)
def book() -> Book:
    """Labels in both languages for every code that this world uses."""
    codes = [
        Code(
            "kind",
            c,
            zh,
            en,
            cls,
            {"level": level, "family": family, "icon": icon, "sensitive": sensitive, "minutes": minutes},
        )
        for c, zh, en, cls, level, family, icon, sensitive, minutes, _ in KINDS
    ]
    codes += [
        Code("kind_class", c, zh, en)
        for c, zh, en in (
            ("01", "市容环境", "City appearance"),
            ("02", "宣传广告", "Posters"),
            ("03", "施工管理", "Works"),
            ("04", "突发事件", "Emergencies"),
            ("05", "街面秩序", "Street order"),
            ("06", "矛盾纠纷", "Disputes"),
        )
    ]
    codes += [Code("channel", *c) for c in CHANNELS] + [Code("phase", *p) for p in PHASES]
    codes += [
        Code("phase", "registered@city", "待派遣", "To dispatch"),
        Code("phase", "closed@city", "结案", "Case closed"),
    ]
    codes += [Code("level", str(i), f"{r}级", f"Level {r}") for i, r in enumerate(("I", "II", "III", "IV"), 1)]
    codes += [Code("unit_kind", *u) for u in UNIT_KINDS] + [Code("skill", *s) for s in SKILLS]
    codes += [
        Code("camera_kind", *c)
        for c in (("dome", "球机", "Dome"), ("bullet", "枪机", "Bullet"), ("lookout", "高空瞭望", "High lookout"))
    ]
    codes += [
        Code("component_class", c, zh, en)
        for c, zh, en in (
            ("01", "公用设施", "Utilities"),
            ("02", "道路交通", "Roads"),
            ("03", "市容环境", "City appearance"),
        )
    ]
    codes += [
        Code("component_kind", c, zh, en, p)
        for c, zh, en, p in (
            ("0101", "上水井盖", "Water manhole", "01"),
            ("0102", "路灯", "Street light", "01"),
            ("0201", "公交站牌", "Bus stop", "02"),
            ("0301", "垃圾箱", "Litter bin", "03"),
        )
    ]
    codes += [Code("limit", "call_answer:*:*", "来电接听时限", "Answering a call", None,
                   {"minutes": 1, "calendar": "continuous"})]
    return Book(1, codes, areas())


def area_ids_at(points: np.ndarray) -> list[str | None]:
    """The grid of each point, None outside all."""
    grids = [a for a in areas() if a.level == 3]
    tree, ids = _tree()
    out: list[str | None] = [None] * len(points)
    for point, cell in tree.query(shapely.points(points), predicate="intersects").T:
        out[int(point)] = ids[int(cell)]
    assert len(ids) == len(grids)
    return out


@lru_cache(maxsize=1)
def _tree() -> tuple[shapely.STRtree, list[str]]:
    grids = [a for a in areas() if a.level == 3]
    return shapely.STRtree([shapely.from_wkb(a.wkb or b"") for a in grids]), [a.id for a in grids]


def make_units(n: int, rng: np.random.Generator) -> dict[str, UnitRow]:
    """n forces; every ninth has an old position or none. Their work comes with the incidents."""
    points = points_inside(max(n, 1), rng)
    area_ids = area_ids_at(points)
    units: dict[str, UnitRow] = {}
    for i in range(n):
        kind, zh, _ = UNIT_KINDS[i % len(UNIT_KINDS)]
        serial = i // len(UNIT_KINDS) + 1
        known = i % 9 != 8
        on_duty = i % 11 != 10
        status = "off" if not on_duty else "free" if known else "unknown"
        skills = (SKILLS[i % 4][0],) if i % 3 else ()
        units[f"u{i:04d}"] = UnitRow(
            f"u{i:04d}",
            f"{zh} {serial}",
            kind,
            f"{zh}组 {serial % 5 + 1}",
            f"{kind[0].upper()}{serial:02d}",
            status,
            float(points[i, 0]) if known or i % 2 else None,
            float(points[i, 1]) if known or i % 2 else None,
            T0 - float(rng.integers(1, 40)) if known else T0 - 1200.0,
            float(rng.integers(0, 360)),
            area_ids[i],
            skills,
            0,
            (),
            f"138****{1000 + i:04d}",
            on_duty,
        )
    return units


def make_cameras(n: int, rng: np.random.Generator) -> dict[str, CameraRow]:
    """n cameras: most on-line, some off-line, some never heard of."""
    points = points_inside(max(n, 1), rng)
    area_ids = area_ids_at(points)
    out: dict[str, CameraRow] = {}
    for i in range(n):
        state = "offline" if i % 17 == 3 else "unknown" if i % 23 == 5 else "online"
        kind = "lookout" if i % 60 == 0 else ("dome", "bullet")[i % 2]
        out[f"c{i:05d}"] = CameraRow(
            f"c{i:05d}",
            f"{PLACES[i % len(PLACES)]} 摄像机 {i:04d}",
            kind,
            float(points[i, 0]),
            float(points[i, 1]),
            None if kind == "dome" else float(i * 37 % 360),
            None if kind == "dome" else 70.0,
            2000.0 if kind == "lookout" else 80.0,
            state,
            None if state == "unknown" else T0 - float(i % 50),
            area_ids[i],
            ("road",),
            i % 40 == 0,
            "",
        )
    return out


def make_components(n: int, rng: np.random.Generator) -> ComponentColumns:
    """n components as columns."""
    points = points_inside(max(n, 1), rng)[:n]
    return ComponentColumns(
        [f"p{i:06d}" for i in range(n)],
        points[:, 0].copy(),
        points[:, 1].copy(),
        rng.integers(0, 4, n).astype(np.int16),
        ("0101", "0102", "0201", "0301"),
    )


def make_rows(open_: int, ended: int, rng: np.random.Generator, units: dict[str, UnitRow]) -> dict[str, QueueRow]:
    """Incidents in all phases, levels and channels, newest last; books the forces that the handled ones are with."""
    chooser = random.Random(int(rng.integers(1 << 30)))
    points = points_inside(max(open_ + ended, 1), rng)
    area_ids = area_ids_at(points)
    free = [u for u in units.values() if u.status == "free"]
    rows: dict[str, QueueRow] = {}
    weights, phases = [k[-1] for k in KINDS], [p for p, _ in _OPEN_MIX]
    kinds = chooser.choices(KINDS, weights, k=open_ + ended)
    mix = chooser.choices(phases, [w for _, w in _OPEN_MIX], k=open_)
    if open_ > 2:
        kinds[ended : ended + 3] = KINDS[0], KINDS[1], KINDS[0]
        mix[:3] = "on_scene", "registered", "reported"
    for i in range(open_ + ended):
        phase = mix[i - ended] if i >= ended else chooser.choice(("closed", "closed", "evaluated", "voided", "merged"))
        row = _row(i, phase, kinds[i], points[i], area_ids[i], chooser)
        if i >= ended and phase not in ("reported", "registered") and units:
            unit = free[i % len(free)] if free else next(iter(units.values()))
            row = row._replace(handler=unit.name, helpers=chooser.choice((0, 0, 0, 1, 2)))
            if phase not in ("fed_back", "verified"):
                _book(units, unit.id, row)
        rows[row.id] = row
    return rows


def _row(i: int, phase: str, kind: tuple, point: np.ndarray, area_id: str | None, chooser: random.Random) -> QueueRow:
    code, _, _, _, level, _, _, sensitive, minutes, _ = kind
    limit_s = minutes * 60.0
    ended = phase in ("closed", "evaluated", "voided", "merged")
    age_s = (
        chooser.uniform(2e4, 8e4) if ended else limit_s * min(chooser.expovariate(2.2), chooser.uniform(1.05, 1.4)) + 5
    )
    flags = int(Flag.SENSITIVE) if sensitive else 0
    if phase == "reported":
        flags |= Flag.UNACKNOWLEDGED
        age_s = min(age_s, 900)
    for name, share in (
        ("SUPERVISED", 0.04),
        ("EXTENDED", 0.05),
        ("HAS_MERGED", 0.05),
        ("MINE", 0.15),
        ("CHASED", 0.03),
    ):
        if chooser.random() < share:
            flags |= Flag[name]
    if phase == "registered" and chooser.random() < 0.2:
        flags |= Flag.RETURNED
    held = phase in ("registered", "acknowledged") and chooser.random() < 0.04
    reported = T0 - age_s
    due = None if held or (level == 4 and chooser.random() < 0.03) else reported + limit_s
    if held:
        flags |= Flag.HELD
    return QueueRow(
        f"i{i:06d}",
        f"20261123-02-{i + 1:04d}",
        level,
        code,
        chooser.choice(PLACES),
        area_id,
        chooser.choice(CHANNELS)[0],
        phase,
        flags,
        reported,
        reported,
        None if due is None else reported + 0.8 * limit_s,
        due,
        None if due is None else reported + limit_s / 2,
        "",
        0,
        None if i % 97 == 96 else float(point[0]),
        None if i % 97 == 96 else float(point[1]),
        i + 1,
        phase in ("on_scene", "fed_back", "verified"),
        reported + limit_s * chooser.uniform(0.2, 1.1) if ended else None,
    )


def _book(units: dict[str, UnitRow], unit_id: str, row: QueueRow) -> None:
    unit = units[unit_id]
    status = {"on_scene": "on_scene", "en_route": "going"}.get(row.phase, unit.status)
    units[unit_id] = replace_unit(unit, status=status, load=unit.load + 1, incidents=(*unit.incidents, row.id))


def replace_unit(unit: UnitRow, **over: object) -> UnitRow:
    """A unit with some fields changed."""
    return replace(unit, **over)  # type: ignore[arg-type]


def metres(lon1: float, lat1: float, lon2: float | None, lat2: float | None) -> float:
    """Equirectangular distance, good enough inside one district."""
    if lon2 is None or lat2 is None:
        return math.inf
    x = math.radians(lon2 - lon1) * math.cos(math.radians((lat1 + lat2) / 2))
    return 6_371_000 * math.hypot(x, math.radians(lat2 - lat1))
