"""What the map draws and leaves out: clusters, thinned forces, names, road names, the inset's corner."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt

from tests.widgets.map_city import CITY, fill, make, marks, view_lonlat, wait_until
from widgets.map.layers import KIND_CLUSTER, KIND_UNIT, AreaLayer, BaseLayer, IncidentMarks, UnitMarks
from widgets.map.mercator import to_lonlat
from widgets.map.placing import MANY_GRAVE, MOST_SPREAD
from widgets.map.view import MapView
from widgets.theme import language


@pytest.fixture
def view(qtbot) -> MapView:
    made = make(qtbot)
    fill(made)
    made.show()
    return made


def forces(*rows: tuple[float, float, int]) -> UnitMarks:
    lon, lat, status = (np.array(column) for column in zip(*rows, strict=True))
    return UnitMarks([f"U{n}" for n in range(len(rows))], lon, lat, status.astype(np.int8))


def test_incidents_of_levels_iii_and_iv_cluster_and_their_numbers_add_up(view):
    level = np.asarray(CITY.incidents.level)
    for zoom in (11, 13, 15, 18):
        view.centre_on(117.02, 30.52, zoom)
        placed = view.live.placed(view.viewport)
        assert placed.count.sum() == len(level)
        minor = level[placed.member] == 4
        for number in (3, 4):
            assert placed.count[level[placed.member] == number].sum() == (level == number).sum()
        assert (placed.count[level[placed.member] <= 2] == 1).all(), "I and II never cluster"
        assert set(placed.member[level[placed.member] <= 2]) == set(np.flatnonzero(level <= 2))
        x, y = placed.x[~minor], placed.y[~minor]
        gaps = np.hypot(x[:, None] - x, y[:, None] - y)[~np.eye(len(x), dtype=bool)]
        assert gaps.min() > 24, "I to III do not lie on each other"


def boxes_of(view: MapView) -> np.ndarray:
    """Boxes (n, 4) of the names on show, in view pixels, once those are placed that did not hold up the frame."""
    view.grab()
    assert wait_until(lambda: not view.labels.late)
    shown = view.labels.shown(view.viewport, view.fixed_boxes())
    half = [(n.width / 2, n.height / 2) for n, _, _ in shown]
    return np.array(
        [(x - w, y - h, x + w, y + h) for (_, x, y), (w, h) in zip(shown, half, strict=True)]
    ).reshape(-1, 4)


def overlaps(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (
        (a[:, None, 0] < b[None, :, 2])
        & (a[:, None, 2] > b[None, :, 0])
        & (a[:, None, 1] < b[None, :, 3])
        & (a[:, None, 3] > b[None, :, 1])
    )


@pytest.mark.parametrize("zoom", [11.0, 12.5, 14.0, 15.5, 17.0])
def test_names_lie_neither_on_each_other_nor_on_incidents(view, zoom):
    view.centre_on(117.02, 30.52, zoom)
    boxes = boxes_of(view)
    assert len(boxes) >= 1
    assert not overlaps(boxes, boxes)[~np.eye(len(boxes), dtype=bool)].any()
    assert not overlaps(boxes, view.live.boxes(view.viewport)).any()


def test_a_name_gives_way_when_an_incident_appears_on_it(view):
    view.set_incidents(IncidentMarks.empty())
    view.centre_on(117.02, 30.52, 13)
    boxes_of(view)
    label = next(n for n in view.labels._placed if n.level == 1)
    v = view.viewport
    lon, lat = view_lonlat(view, label.x - v.left, label.y - v.top)
    view.set_incidents(marks((lon, lat), level=(1,)))
    boxes = boxes_of(view)
    assert not overlaps(boxes, view.live.boxes(view.viewport)).any()


def test_names_keep_off_panels_of_the_screen(view):
    view.centre_on(117.02, 30.52, 13)
    view.set_obstructions([QRect(200, 100, 500, 400)])
    boxes = boxes_of(view)
    assert not overlaps(boxes, view.fixed_boxes()).any()


def test_names_are_whole_or_not_there_also_while_the_map_moves(view):
    view.centre_on(117.02, 30.52, 13)
    for step in range(12):
        view.pan_by(37.0, 23.0 * (-1) ** step)
        boxes = boxes_of(view)
        assert (boxes[:, :2] >= 0).all()
        assert (boxes[:, 2] <= view.viewport.width).all()
        assert (boxes[:, 3] <= view.viewport.height).all()
        assert not overlaps(boxes, view.fixed_boxes()).any(), "no name lies under a panel"


def test_crowded_marks_of_level_iii_are_joined_and_a_few_are_spread(view):
    few, many = 117.02, 117.10
    places = [(few, 30.52)] * MOST_SPREAD + [(many, 30.52)] * 40 + [(many, 30.52)] * 3
    view.set_incidents(marks(*places, level=(3,) * (MOST_SPREAD + 40) + (1, 2, 2)))
    view.centre_on(117.06, 30.52, 13)
    placed = view.live.placed(view.viewport)
    assert sorted(placed.count.tolist()) == [1] * (MOST_SPREAD + 3) + [40]
    level = np.asarray(view.live.incidents.level)[placed.member]
    assert (level[-3:] == (2, 2, 1)).all(), "the most urgent lie on top"
    crowd = int(np.flatnonzero(placed.count == 40)[0])
    x, y = placed.x[crowd] - view.viewport.left, placed.y[crowd] - view.viewport.top
    assert next(hit.id for hit in view.hits_at(x, y) if hit.kind == KIND_CLUSTER) == "3:40"


def test_a_flood_of_grave_marks_is_joined_and_a_few_stay_single(view, qapp):
    language.use(qapp, "en")
    rng = np.random.default_rng(2)
    few = [(117.02 + 0.0002 * i, 30.52) for i in range(MANY_GRAVE)]
    view.set_incidents(marks(*few, level=(2,) * len(few)))
    view.centre_on(117.02, 30.52, 12)
    assert view.live.placed(view.viewport).count.tolist() == [1] * len(few)
    many = np.column_stack((rng.normal(117.02, 0.02, 250), rng.normal(30.52, 0.02, 250)))
    level = tuple(rng.choice((1, 2), 250).tolist())
    fresh = np.arange(250) == 7
    view.set_incidents(replace(marks(*many, level=level), pulse=fresh))
    for zoom in (11.0, 13.0, 16.0):
        view.centre_on(117.02, 30.52, zoom)
        placed = view.live.placed(view.viewport)
        assert placed.count.sum() == 250
        assert zoom == 16.0 or len(placed.count) < 100
        assert len(placed.pulsing) == 1, "the cluster of a new one pulses"
        gap = np.hypot(placed.x[:, None] - placed.x, placed.y[:, None] - placed.y)
        assert gap[~np.eye(len(gap), dtype=bool)].min() > 20.0 * view.look_scale
    view.centre_on(117.02, 30.52, 11)
    placed = view.live.placed(view.viewport)
    crowd = int(np.argmax(placed.count))
    assert np.asarray(view.live.incidents.level)[placed.member[crowd]] == 1, "it shows its gravest"
    view.centre_on(*to_lonlat(placed.true_x[crowd] / view.viewport.ppu, placed.true_y[crowd] / view.viewport.ppu), 11)
    at = view.live._on_screen(placed, view.viewport)
    hit = next(h.id for h in view.hits_at(float(at[0][crowd]), float(at[1][crowd])) if h.kind == KIND_CLUSTER)
    assert hit == f"1:{placed.count[crowd]}:mixed"
    assert "the gravest of level I" in view._rows(KIND_CLUSTER, hit)[0][1]


def test_the_numbers_of_a_flood_of_level_iii_add_up_at_every_zoom(view):
    rng = np.random.default_rng(1)
    places = np.column_stack((rng.normal(117.02, 0.01, 3_000), rng.normal(30.52, 0.01, 3_000)))
    view.set_incidents(marks(*places, level=(3,) * 3_000))
    for zoom in (11.0, 13.0, 15.0, 17.0):
        view.centre_on(117.02, 30.52, zoom)
        placed = view.live.placed(view.viewport)
        assert placed.count.sum() == 3_000
        assert len(placed.count) < 3_000 or zoom == 17.0


def test_from_afar_only_forces_that_matter_are_drawn_and_from_the_streets_on_all(view):
    near = [(117.02 + 0.0003 * n, 30.521, 0) for n in range(20)]
    view.set_incidents(marks((117.02, 30.52), level=(1,)))
    view.set_units(forces(*near, (117.09, 30.55, 0), (117.05, 30.53, 1), (117.06, 30.53, 2), (117.021, 30.52, 3)))
    view.centre_on(117.04, 30.53, 13)
    drawn = [view.live.units.ids[i] for i in view.live.forces(view.viewport)]
    assert {"U21", "U22"} <= set(drawn), "who is going or on the scene"
    assert not {"U20", "U23"} & set(drawn), "neither free ones far off nor those off duty"
    free = [ident for ident in drawn if int(ident[1:]) < 20]
    assert 1 <= len(free) <= 8
    assert view.forces_note() == view.tr(
        "Free ones: {0} near urgent work drawn; off line: from street level"
    ).format(len(free))
    view.centre_on(117.04, 30.53, 16)
    assert len(view.live.forces(view.viewport)) == 24
    assert view.forces_note() == ""


def test_the_selected_force_and_those_near_the_selected_incident_are_drawn(view):
    view.set_incidents(marks((117.02, 30.52), (117.2, 30.6), level=(1, 4)))
    view.set_units(forces((117.1, 30.56, 3), (117.201, 30.6, 0)))
    view.centre_on(117.1, 30.56, 13)
    assert list(view.live.forces(view.viewport)) == []
    assert KIND_UNIT not in [hit.kind for hit in view.hits_at(*view.position_of(KIND_UNIT, "U0"))]
    view.select(KIND_UNIT, "U0")
    assert list(view.live.forces(view.viewport)) == [0]
    view.select("incident", "I1")
    assert list(view.live.forces(view.viewport)) == [1]


def test_the_legend_counts_all_forces_whatever_is_drawn(qtbot):
    wall = make(qtbot, "wall")
    fill(wall)
    wall.show()
    wall.grab()
    told = " ".join(entry.text for row in wall._legend_rows() for entry in row)
    status = np.bincount(np.asarray(CITY.units.status), minlength=5)
    for count in (n for n in status if n):
        assert f" {count} " in f"{told} "
    units = [entry.text for entry in wall._legend_rows()[1]]
    assert sum(int(text.split()[-1]) for text in units) == len(CITY.units.status)
    assert len(units) == 4 + bool(status[4])


def test_the_inset_leaves_the_corner_where_the_most_urgent_incident_lies(qtbot):
    wall = make(qtbot, "wall", (1200, 800))
    fill(wall)
    wall.show()
    wall._hold(True)
    wall.centre_on(117.02, 30.52, 15)
    wall.set_incidents(IncidentMarks.empty())
    wall.grab()
    box = wall._inset.box(wall.viewport, wall.look_scale)
    lon, lat = view_lonlat(wall, box.center().x(), box.center().y())
    wall.set_incidents(marks((lon, lat), level=(1,)))
    wall.grab()
    moved = wall._inset.box(wall.viewport, wall.look_scale)
    at = wall.position_of("incident", "I0")
    assert moved != box
    assert not moved.contains(*at)
    assert not any(moved.intersects(panel) for panel in wall._panels())


def road_base(count: int = 30) -> BaseLayer:
    roads = [np.array(((117.0, 30.5 + 0.0008 * n), (117.05, 30.5 + 0.0008 * n + 0.004))) for n in range(count)]
    names = [f"测试{n}路" for n in range(count)]
    return BaseLayer(roads=roads, road_class=np.full(count, 2, np.int8), road_names=names)


def test_roads_are_named_from_street_level_on_without_overlap(view):
    view.set_base(road_base())
    view.set_incidents(marks((117.02, 30.52), level=(1,)))
    view.centre_on(117.02, 30.515, 14)
    assert wait_until(lambda: not view._settle.isActive(), 3)
    assert view.road_names.placed == []
    view.centre_on(117.02, 30.515, 16.5)
    assert wait_until(lambda: not view._settle.isActive(), 3)
    names = view.road_names.placed
    assert len(names) >= 3
    boxes = view.road_names._boxes
    assert not overlaps(boxes, boxes)[~np.eye(len(boxes), dtype=bool)].any()
    v = view.viewport
    assert not overlaps(boxes - (v.left, v.top, v.left, v.top), view.live.boxes(v)).any()
    assert {name.degrees for name in names} <= set(range(-90, 91))
    view.set_layer_visible("labels", False)
    view.grab()


def test_a_base_without_names_has_no_road_names(view):
    view.set_base(replace(road_base(), road_names=()))
    view.centre_on(117.02, 30.515, 17)
    assert wait_until(lambda: not view._settle.isActive(), 3)
    assert view.road_names.placed == []


def test_a_card_goes_when_the_map_moves_under_it(view, qtbot):
    view.card_provider = lambda kind, ident: [("", "x"), ("等级", "II")]
    view.set_incidents(marks((117.02, 30.52), level=(1,)))
    view.centre_on(117.02, 30.52, 15)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(450, 300))
    assert view._card.isVisible()
    assert view._card.width() < 300, "no wider than its lines ask for"
    view.centre_on(117.03, 30.52)
    assert not view._card.isVisible()


def test_a_map_without_areas_names_nothing(qtbot):
    made = make(qtbot)
    made.set_areas(AreaLayer.empty())
    made.show()
    assert len(boxes_of(made)) == 0
