"""Projection, flat shapes, clusters and spreading: plain arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from widgets.map.areaindex import AreaIndex
from widgets.map.clusters import bin_points, cluster_marks, near_pairs, spread
from widgets.map.geometry import FAR_PX, Shapes, cut_long
from widgets.map.layers import AreaLayer, CameraLayer, IncidentMarks, PointLayer, UnitMarks
from widgets.map.mercator import Viewport, distance_m, metres_per_unit, to_lonlat, to_world, zoom_to_fit

SQUARE = np.array(((117.0, 30.5), (117.1, 30.5), (117.1, 30.6), (117.0, 30.6)))
HOLE = np.array(((117.04, 30.54), (117.06, 30.54), (117.06, 30.56), (117.04, 30.56)))
coordinates = st.tuples(st.floats(-179.9, 179.9), st.floats(-84.9, 84.9))


@given(coordinates)
def test_world_units_lead_back_to_the_same_place(place):
    lon, lat = to_lonlat(*to_world(*place))
    assert lon == pytest.approx(place[0], abs=1e-9)
    assert lat == pytest.approx(place[1], abs=1e-9)


def test_metres_per_unit_agrees_with_the_great_circle():
    x, y = to_world(117.0, 30.5)
    there = to_lonlat(x + 1e-5, y)
    assert distance_m((117.0, 30.5), there) == pytest.approx(1e-5 * metres_per_unit(y), rel=0.003)


@given(st.floats(8.0, 19.5), st.floats(0.0, 800.0), st.floats(0.0, 600.0))
def test_zooming_keeps_the_point_under_the_pointer(zoom, px, py):
    x, y = to_world(117.02, 30.52)
    before = Viewport(x, y, 14.0, 800, 600)
    after = before.zoomed(zoom, px, py)
    wx, wy = before.to_world(px, py)
    ax, ay = after.to_pixel(wx, wy)
    assert abs(ax - px) <= 2.0 ** max(0.0, zoom - 14.0) + 1
    assert abs(ay - py) <= 2.0 ** max(0.0, zoom - 14.0) + 1


def test_fit_is_the_largest_half_step_that_shows_all():
    x0, y1 = to_world(116.9, 30.4)
    x1, y0 = to_world(117.1, 30.6)
    zoom = zoom_to_fit((x0, y0, x1, y1), 800, 600)
    assert zoom * 2 == round(zoom * 2)
    width = (x1 - x0) * 256 * 2**zoom
    assert width <= 800
    assert max(width * 2**0.5 / 800, (y1 - y0) * 256 * 2 ** (zoom + 0.5) / 600) > 1


def test_rings_are_closed_and_turned_so_that_holes_stay_open_and_overlaps_join():
    for outer in (SQUARE, SQUARE[::-1]):
        for hole in (HOLE, HOLE[::-1]):
            index = AreaIndex(AreaLayer(["a"], ["A"], np.array([3]), [[[outer, hole]]]))
            assert index.at(*to_world(117.02, 30.52)) == [0]
            assert index.at(*to_world(117.05, 30.55)) == []
    two = AreaLayer(["a"], ["A"], np.array([3]), [[[SQUARE], [SQUARE + 0.05]]])
    assert AreaIndex(two).at(*to_world(117.08, 30.58)) == [0], "the overlap of two parts is inside"


def test_area_without_a_shape_is_kept_and_hit_nowhere():
    layer = AreaLayer(["a", "b"], ["A", "B"], np.array([3, 3]), [[], [[SQUARE]]])
    index = AreaIndex(layer)
    assert len(index) == 2
    assert index.at(*to_world(117.05, 30.55)) == [1]
    assert np.isnan(index.anchors[0]).all()


def test_the_finest_area_is_hit_first_and_a_dedicated_grid_before_an_ordinary_one():
    layer = AreaLayer(
        ["d", "g", "x"], ["D", "G", "X"], np.array([0, 3, 3]), [[[SQUARE]]] * 3, np.array([False, False, True])
    )
    assert AreaIndex(layer).at(*to_world(117.05, 30.55)) == [2, 1, 0]


def test_a_name_sits_inside_its_area_even_when_the_middle_does_not():
    bow = np.array(((0, 0), (3, 0), (3, 3), (2.8, 3), (2.8, 0.2), (0, 0.2))) * 0.01 + (117.0, 30.5)
    anchor = AreaIndex(AreaLayer(["a"], ["A"], np.array([3]), [[[bow]]])).anchors[0]
    assert shapely.Polygon(bow).contains(shapely.Point(to_lonlat(*anchor)))


def test_broken_points_of_a_line_are_left_out():
    shapes = Shapes.of_lines(
        [np.array(((117.0, 30.0), (np.nan, 30.1), (117.2, 30.2))), np.array(((1.0, 1.0),)), np.zeros((0, 2))]
    )
    assert len(shapes) == 3
    assert np.diff(shapes.part).tolist() == [2]
    assert not np.isfinite(shapes.box[1:]).any()


def test_path_of_a_feature_contains_what_the_polygon_contains():
    rng = np.random.default_rng(2)
    shapes = Shapes.of_polygons([[[SQUARE, HOLE]]]).scaled(1e6, to_world(117.0, 30.6))
    path = shapes.path(np.array([0]), 0.0, 0.0)
    polygon = shapely.Polygon(shapes.xy[shapes.part[0] : shapes.part[1]], [shapes.xy[shapes.part[1] : shapes.part[2]]])
    for x, y in rng.uniform(-50, 400, (300, 2)):
        assert path.contains(QPointF(x, y)) == polygon.contains(shapely.Point(x, y))


def test_cutting_long_pieces_keeps_what_is_seen_of_them():
    rng = np.random.default_rng(3)
    box = (0.0, 0.0, 512.0, 512.0)
    seen = shapely.box(*box)
    pieces = rng.uniform(-5 * FAR_PX, 5 * FAR_PX, (400, 4))
    pieces[:100, :2] = rng.uniform(0, 512, (100, 2))
    cut = cut_long(pieces, box)
    whole = shapely.union_all([shapely.LineString(p.reshape(2, 2)).intersection(seen) for p in pieces])
    left = shapely.union_all([shapely.LineString(p.reshape(2, 2)).intersection(seen) for p in cut])
    assert whole.length == pytest.approx(left.length, rel=1e-6)
    assert np.abs(cut).max() < FAR_PX


points = st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 1000)), max_size=60)


@given(points, st.floats(1.0, 300.0))
def test_clustering_loses_and_doubles_nothing(places, reach):
    xy = np.array(places, np.float64).reshape(-1, 2)
    for bins in (bin_points(xy[:, 0], xy[:, 1], reach), cluster_marks(xy[:, 0], xy[:, 1], reach)):
        assert bins.count.sum() == len(places)
        assert len(np.unique(bins.member)) == len(bins)
        assert (bins.count >= 1).all()


def test_points_without_a_place_are_in_no_cluster():
    x = np.array((1.0, np.nan, 3.0))
    assert bin_points(x, x, 10.0).count.tolist() == [2]
    assert bin_points(x, x, 10.0).member.tolist() == [0]


@given(points, st.floats(1.0, 200.0))
def test_near_pairs_are_those_of_brute_force(places, reach):
    xy = np.array(places, np.float64).reshape(-1, 2)
    left, right = near_pairs(xy[:, 0], xy[:, 1], reach)
    found = {frozenset(p) for p in zip(left.tolist(), right.tolist(), strict=True)}
    wanted = {
        frozenset((a, b)) for a in range(len(xy)) for b in range(a) if ((xy[a] - xy[b]) ** 2).sum() < reach * reach
    }
    assert found == wanted
    assert len(left) == len(found)


@pytest.mark.parametrize("count", [2, 3, 5, 8, 9, 20, 60])
def test_marks_that_lie_on_each_other_spread_apart_and_stay_near(count):
    x, y = spread(np.full(count, 100.0), np.full(count, 50.0), 30.0)
    gaps = np.hypot(x[:, None] - x, y[:, None] - y)[~np.eye(count, dtype=bool)]
    assert gaps.min() >= 26.0
    assert np.hypot(x - 100, y - 50).max() < 30.0 * (1.2 + count**0.5)


def test_a_mark_that_touches_no_other_stays_where_it_is():
    x, y = spread(np.array((0.0, 0.0, 500.0)), np.array((0.0, 4.0, 77.0)), 30.0)
    assert (x[2], y[2]) == (500.0, 77.0)
    assert np.hypot(x[0] - x[1], y[0] - y[1]) >= 28.0


def test_layers_refuse_columns_of_unequal_length():
    with pytest.raises(ValueError, match="lat"):
        PointLayer(["a"], np.zeros(1), np.zeros(2))
    with pytest.raises(ValueError, match="labels"):
        AreaLayer(["a"], [], np.zeros(1, np.int8), [[]])
    with pytest.raises(ValueError, match="heading"):
        CameraLayer(["a"], np.zeros(1), np.zeros(1), heading=np.zeros(3))
    with pytest.raises(ValueError, match="status"):
        UnitMarks(["a"], np.zeros(1), np.zeros(1), status=np.zeros(2, np.int8))
    with pytest.raises(ValueError, match="level"):
        IncidentMarks(["a"], np.zeros(1), np.zeros(1), level=np.zeros(2, np.int8))
