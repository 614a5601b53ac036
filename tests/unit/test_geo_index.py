"""Areas and nearest points: the finest area, the same answer at borders, nearest first."""

from __future__ import annotations

import time

import numpy as np
import shapely

from app.geo.index import AreaIndex, AreaShape, NearestPoints, haversine_m
from app.geo.shapes import repair_polygon, swap_suspicion, swapped_points


def box(key: str, level: int, west: float, south: float, east: float, north: float) -> AreaShape:
    return AreaShape(key, level, shapely.to_wkb(shapely.box(west, south, east, north)))


DISTRICT = box("d", 0, 117.0, 30.0, 118.0, 31.0)
WEST = box("w", 1, 117.0, 30.0, 117.5, 31.0)
EAST = box("e", 1, 117.5, 30.0, 118.0, 31.0)
GRID = box("g", 2, 117.1, 30.1, 117.2, 30.2)


def test_point_lies_in_the_finest_area() -> None:
    index = AreaIndex([DISTRICT, WEST, EAST, GRID])
    found = index.keys_of([117.15, 117.3, 117.9, 119.0, np.nan], [30.15, 30.5, 30.5, 30.5, 30.5])
    assert found == ["g", "w", "e", None, None]
    assert index.key_at(117.15, 30.15) == "g"
    assert index.all_at(117.15, 30.15) == ["g", "w", "d"]
    assert index.key_at(119.0, 30.5) is None


def test_border_points_give_the_same_answer_in_any_order() -> None:
    for areas in ([WEST, EAST, DISTRICT], [EAST, DISTRICT, WEST]):
        assert AreaIndex(areas).keys_of([117.5, 118.0], [30.5, 31.0]) == ["e", "e"]


def test_no_areas_means_no_area() -> None:
    index = AreaIndex([AreaShape("names only", 3, None)])
    assert index.keys_of([1.0], [2.0]) == [None]
    assert index.outline() is None
    assert index.bounds() is None


def test_outline_is_the_coarsest_level() -> None:
    outline = AreaIndex([GRID, DISTRICT]).outline()
    assert outline is not None
    assert outline.equals(shapely.box(117.0, 30.0, 118.0, 31.0))


def test_hundred_thousand_points_in_five_hundred_areas_are_quick_and_all_placed() -> None:
    side = np.linspace(0.0, 1.0, 24)
    areas = [
        box(f"{i}-{j}", 3, 117 + side[i], 30 + side[j], 117 + side[i + 1], 30 + side[j + 1])
        for i in range(23)
        for j in range(23)
    ]
    rng = np.random.default_rng(1)
    lon, lat = 117 + rng.random(100_000), 30 + rng.random(100_000)
    index = AreaIndex(areas)
    began = time.perf_counter()
    found = index.locate(lon, lat)
    assert time.perf_counter() - began < 5.0
    assert (found >= 0).all()


def test_nearest_are_sorted_by_metres_and_then_by_key() -> None:
    points = NearestPoints(["b", "a", "far", "lost"], [117.01, 117.01, 118.0, np.nan], [30.0, 30.0, 30.0, 30.0])
    near = points.nearest(117.0, 30.0, count=2)
    assert [n.key for n in near] == ["a", "b"]
    assert abs(near[0].distance_m - 963) < 2
    assert [n.key for n in points.within(117.0, 30.0, 5_000)] == ["a", "b"]
    assert points.nearest(117.0, 30.0, count=0) == []
    assert NearestPoints([], [], []).nearest(1, 2) == []


def test_haversine_of_one_degree_at_the_equator() -> None:
    assert abs(float(haversine_m(0, 0, 1, 0)) - 111_195) < 1


def test_bow_tie_is_repaired_and_said_so() -> None:
    bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)])
    repair = repair_polygon(bow_tie)
    assert repair.changed
    assert repair.reason == "Self-intersection"
    assert repair.geometry.is_valid
    assert not repair_polygon(shapely.box(0, 0, 1, 1)).changed


def test_swapped_points_are_seen_against_the_outline() -> None:
    outline = shapely.box(117.0, 30.0, 118.0, 31.0)
    lon, lat = [30.5, 30.6, 117.5, np.nan], [117.5, 117.6, 30.5, 1.0]
    assert swapped_points(lon, lat, outline).tolist() == [True, True, False, False]
    assert swap_suspicion(lon, lat, outline).suspected
    assert not swap_suspicion([117.5], [30.5], outline).suspected
