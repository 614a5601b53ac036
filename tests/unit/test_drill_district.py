"""The demo district: whole, deterministic, quick, labelled as generated."""
from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely

from app.drill.district import District, Skeleton, make_district, make_skeleton
from app.drill.ground import base_map, make_ground
from app.drill.roads import ARTERIAL, LANE
from app.geo.base import BaseMap
from app.intake.records import Kind

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"


@pytest.fixture(scope="module")
def district() -> District:
    return make_district(REFERENCE, date(2026, 11, 24))


@pytest.fixture(scope="module")
def skeleton(district: District) -> Skeleton:
    return district.skeleton


def test_the_same_seed_makes_the_same_district_and_another_one_another(skeleton: Skeleton) -> None:
    again, other = make_skeleton(REFERENCE), make_skeleton(REFERENCE, 5)
    assert [a.digest for a in again.areas] == [a.digest for a in skeleton.areas]
    assert [a.digest for a in other.areas] != [a.digest for a in skeleton.areas]
    assert len(other.areas) > 350
    assert np.array_equal(again.roads.x, skeleton.roads.x)


def test_cells_fill_the_real_outline_without_gap_or_overlap(skeleton: Skeleton) -> None:
    cells = skeleton.cells
    whole = float(shapely.area(cells.outline))
    assert whole == pytest.approx(275e6, rel=0.01)  # 275 km² (DISTRICT.md)
    for level in (cells.streets, cells.communities, cells.grids):
        assert float(shapely.area(level).sum()) == pytest.approx(whole, rel=1e-3)
        assert bool(shapely.is_valid(level).all())


def test_counts_are_those_of_the_district(district: District, skeleton: Skeleton) -> None:
    levels = Counter(a.level for a in skeleton.areas)
    assert levels[0] == 1
    assert levels[1] == 14
    assert levels[2] == 60
    assert levels[3] >= 300
    assert (skeleton.cells.grid_community == skeleton.cells.quarter).sum() == 21
    kinds = Counter(c.kind for c in district.cameras)
    assert kinds["lookout"] == 6
    assert kinds["drone"] == 2
    assert sum(kinds.values()) - 8 == 3_500
    assert len(district.components) == 100_000
    assert sum(c.kind == "联防报警按钮" for c in district.components) == 1_200
    assert len(district.units) > 1_000
    assert sum(a.extra.get("centre") is True for a in skeleton.areas) == 1 + 9 + 40


def test_grids_have_fifteen_digits_nested_in_their_parents_codes(skeleton: Skeleton) -> None:
    by_key = {a.key: a for a in skeleton.areas}
    assert len(by_key) == len(skeleton.areas)
    for area in skeleton.areas:
        assert len(area.code) == {0: 6, 1: 9, 2: 12, 3: 15}[area.level]
        if area.parent_key:
            assert area.code.startswith(by_key[area.parent_key].code)


def test_generated_areas_say_so_and_never_carry_a_real_code(district: District, skeleton: Skeleton) -> None:
    real = {c.code for c in district.official}
    for area in skeleton.areas:
        if area.level == 0:
            assert area.name == "大观区"
            continue
        assert area.extra["generated"] is True
        assert area.code not in real
        if area.level in (1, 2):
            assert "（生成）" in area.name
    assert sum(len(c.code) == 9 for c in district.official) == 14
    assert sum(len(c.code) == 12 for c in district.official) == 60


def test_most_ordinary_grids_keep_to_the_size_rule_and_some_do_not(skeleton: Skeleton) -> None:
    plain = [a for a in skeleton.areas if a.level == 3 and not a.dedicated]
    over = [a for a in plain if (a.households or 0) > 200]
    assert 0 < len(over) < len(plain) // 10
    dedicated = [a for a in skeleton.areas if a.dedicated]
    assert 0 < sum((a.merchants or 0) > 300 for a in dedicated) < len(dedicated) // 2
    assert all(a.staff["leader"] and a.staff["deputy"] and a.staff["members"] for a in plain)


def test_every_camera_and_component_lies_in_a_grid(district: District) -> None:
    grids = {a.key for a in district.skeleton.areas if a.level == 3}
    assert sum(c.area_key in grids for c in district.components) >= 0.9999 * len(district.components)
    assert {c.area_key for c in district.cameras} <= grids
    assert all(len(c.gb_code) == 20 and c.gb_code.isdigit() for c in district.cameras)
    assert all(Path(c.url).is_file() for c in district.cameras[:50])


def test_no_force_or_duty_has_a_persons_name_or_a_number_that_can_be_dialled(district: District) -> None:
    for unit in district.units:
        assert unit.phone.startswith("100")
        assert any(c.isdigit() for c in unit.name) or "（演示）" in unit.name
    assert all("（演示）" in r.name for r in district.roster)
    assert all("演示" in o.name or o.unit_key for o in district.operators)


def test_the_roster_covers_every_hour_of_a_year_with_nine_posts(district: District) -> None:
    rows = [r for r in district.roster if r.start and r.end]
    begin = min(r.start for r in rows if r.shift == "night" and r.start)
    spans = np.array([(r.start.timestamp(), r.end.timestamp()) for r in rows if r.start and r.end])
    for hours in range(0, 365 * 24, 5):
        at = begin.timestamp() + hours * 3600 + 1
        posts = [rows[i] for i in np.flatnonzero((spans[:, 0] <= at) & (at < spans[:, 1])).tolist()]
        assert len({r.name for r in posts}) == 9
        assert Counter(r.role for r in posts)["duty_leader"] == 1
    assert len({r.key for r in rows}) == len(rows)


def test_one_can_walk_from_everywhere_to_everywhere(skeleton: Skeleton) -> None:
    roads = skeleton.roads
    rng = np.random.default_rng(1)
    for _ in range(20):
        start, goal = (int(v) for v in rng.integers(0, len(roads.x), 2))
        path = roads.path(start, goal)
        assert path[0] == start
        assert path[-1] == goal
        steps = [np.hypot(roads.x[a] - roads.x[b], roads.y[a] - roads.y[b]) for a, b in pairwise(path)]
        assert max(steps, default=0.0) < 1_500.0  # along pieces, never a jump across the district
    assert set(np.unique(roads.kind)) == set(range(ARTERIAL, LANE + 1))


def test_the_ground_is_a_base_map_that_says_it_is_generated(skeleton: Skeleton) -> None:
    base = base_map(make_ground(skeleton.cells, skeleton.roads, np.random.default_rng(1)))
    again = BaseMap.from_bytes(base.to_bytes())
    assert again.generated
    assert len(again.roads) > 1_000
    assert len(again.buildings) > 5_000
    assert len(again.water) >= 5
    west, south, east, north = skeleton.outline.bounds
    for line in again.roads[::50]:
        assert west - 0.01 < line[:, 0].min() <= line[:, 0].max() < east + 0.01
        assert south - 0.01 < line[:, 1].min() <= line[:, 1].max() < north + 0.01


def test_records_come_areas_first(district: District) -> None:
    kinds = [kind for kind, _, _ in district.records()]
    assert kinds[0] is Kind.AREAS
    assert set(kinds) == {Kind.AREAS, Kind.CODES, Kind.UNITS, Kind.CAMERAS, Kind.COMPONENTS, Kind.ROSTER}
