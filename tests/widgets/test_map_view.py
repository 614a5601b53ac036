"""The map as its user meets it: hits, picks, tools, names, the wall's moves, states."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.widgets.map_city import CITY, fill, make, marks, view_lonlat, wait_until
from widgets.map.layers import (
    KIND_AREA,
    KIND_CAMERA,
    KIND_COMPONENT,
    KIND_DRONE,
    KIND_INCIDENT,
    KIND_UNIT,
    METRIC_HOUSEHOLDS,
    METRIC_OPEN,
    METRIC_OVERDUE,
    TRACK_DRONE,
    IncidentMarks,
    SelectionShape,
    Track,
    UnitMarks,
)
from widgets.map.mercator import to_world
from widgets.map.overlays import Footer
from widgets.map.sprites import count_text
from widgets.map.view import MapView
from widgets.theme import tokens


@pytest.fixture
def view(qtbot) -> MapView:
    made = make(qtbot)
    fill(made)
    made.show()
    return made


def at_centre(view: MapView) -> tuple[float, float]:
    return view.viewport.width / 2, view.viewport.height / 2


def test_the_most_urgent_thing_under_the_pointer_comes_first(view):
    view.set_incidents(marks((117.02, 30.52), level=(2,)))
    view.set_units(UnitMarks(["U"], np.array([117.02]), np.array([30.52]), np.array([0], np.int8)))
    view.set_drones(UnitMarks(["D"], np.array([117.02]), np.array([30.52])))
    view.centre_on(117.02, 30.52, 17)
    kinds = [hit.kind for hit in view.hits_at(*at_centre(view))]
    assert kinds[:3] == [KIND_INCIDENT, KIND_DRONE, KIND_UNIT]
    areas = [hit.id for hit in view.hits_at(*at_centre(view)) if hit.kind == KIND_AREA]
    assert [i[0] for i in areas] == ["G", "C", "S", "D"], "the finest area first"


def test_cameras_and_components_are_hit_where_they_are_shown_and_only_then(view):
    view.set_incidents(IncidentMarks.empty())
    view.set_units(UnitMarks.empty())
    for kind, layer, zoom, below in (
        (KIND_CAMERA, CITY.cameras, 17, 12.0),
        (KIND_COMPONENT, CITY.components, 18, 16.5),
    ):
        view.centre_on(float(layer.lon[3]), float(layer.lat[3]), zoom)
        assert layer.ids[3] in [hit.id for hit in view.hits_at(*at_centre(view)) if hit.kind == kind]
        view.centre_on(float(layer.lon[3]), float(layer.lat[3]), below)
        assert kind not in [hit.kind for hit in view.hits_at(*at_centre(view))]
    view.centre_on(float(CITY.cameras.lon[3]), float(CITY.cameras.lat[3]), 17)
    view.set_layer_visible("cameras", False)
    assert KIND_CAMERA not in [hit.kind for hit in view.hits_at(*at_centre(view))]


def test_a_click_picks_and_rings_and_a_drag_does_not(view, qtbot):
    view.set_incidents(marks((117.02, 30.52), level=(1,)))
    view.centre_on(117.02, 30.52, 15)
    middle = QPoint(450, 300)
    with qtbot.waitSignal(view.picked) as blocker:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle)
    assert blocker.args == [KIND_INCIDENT, "I0"]
    assert view.selected == (KIND_INCIDENT, "I0")
    before = view.centre()
    picked: list[str] = []
    view.picked.connect(lambda kind, ident: picked.append(ident))
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(view, middle + QPoint(40, 0))
    qtbot.mouseMove(view, middle + QPoint(120, 30))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle + QPoint(120, 30))
    assert picked == []
    assert view.centre()[0] < before[0]
    assert view.centre()[1] > before[1]


def test_a_click_on_a_cluster_zooms_in_instead_of_picking(view, qtbot):
    view.set_incidents(marks((117.02, 30.52), (117.0201, 30.52), level=(4, 4)))
    view.centre_on(117.02, 30.52, 12)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(450, 300))
    assert wait_until(lambda: view.viewport.zoom >= 13.5, 3)
    assert view.selected is None


@pytest.mark.parametrize(
    "shape",
    [
        SelectionShape("rectangle", ((116.98, 30.50), (117.05, 30.55))),
        SelectionShape("polygon", ((116.98, 30.50), (117.05, 30.50), (117.02, 30.56))),
        SelectionShape("radius", ((117.02, 30.52),), 1500.0),
    ],
)
def test_selection_lists_exactly_what_is_inside(view, shape):
    import shapely

    from widgets.map.mercator import distance_m

    found = view.inside(shape).inside
    for kind, layer in (
        (KIND_INCIDENT, CITY.incidents),
        (KIND_UNIT, CITY.units),
        (KIND_CAMERA, CITY.cameras),
        (KIND_COMPONENT, CITY.components),
    ):
        if shape.kind == "radius":
            wanted = {
                i
                for i, x, y in zip(layer.ids, layer.lon, layer.lat, strict=True)
                if distance_m((x, y), shape.points[0]) < 1490
            }
            most = {
                i
                for i, x, y in zip(layer.ids, layer.lon, layer.lat, strict=True)
                if distance_m((x, y), shape.points[0]) < 1510
            }
            assert wanted <= set(found[kind]) <= most
        else:
            area = (
                shapely.box(116.98, 30.50, 117.05, 30.55)
                if shape.kind == "rectangle"
                else shapely.Polygon(shape.points)
            )
            assert set(found[kind]) == {
                i for i, x, y in zip(layer.ids, layer.lon, layer.lat, strict=True) if area.contains(shapely.Point(x, y))
            }
    assert "D" in found[KIND_AREA]
    assert any(i.startswith("G") for i in found[KIND_AREA])


def test_drawing_a_rectangle_with_the_pointer_gives_a_selection(view, qtbot):
    view.centre_on(117.02, 30.52, 14)
    view.use_tool("rectangle")
    with qtbot.waitSignal(view.area_selected) as blocker:
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
        qtbot.mouseMove(view, QPoint(500, 400))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(500, 400))
    assert blocker.args[0].shape.kind == "rectangle"
    assert blocker.args[0].inside[KIND_COMPONENT]
    view.grab()
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.tool is None


def test_polygon_and_radius_are_drawn_and_finished(view, qtbot):
    view.centre_on(117.02, 30.52, 14)
    view.use_tool("polygon")
    for x, y in ((200, 150), (500, 160), (420, 420)):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    with qtbot.waitSignal(view.area_selected) as blocker:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert len(blocker.args[0].shape.points) == 3
    view.use_tool("radius")
    with qtbot.waitSignal(view.area_selected) as blocker:
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(500, 300))
    assert blocker.args[0].shape.radius_m == pytest.approx(
        100 * 156543.03 * math.cos(math.radians(30.52)) / 2**14, rel=0.01
    )
    view.grab()


def test_measuring_adds_the_legs_and_the_area(view, qtbot):
    view.centre_on(117.02, 30.52, 15)
    view.use_tool("measure")
    for x in (300, 400, 500):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(x, 300))
    metres = 156543.03 * math.cos(math.radians(30.52)) / 2**15
    assert view.tool.total_m() == pytest.approx(200 * metres, rel=0.005)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(500, 400))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 400))
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 400))
    assert view.tool.area_m2() == pytest.approx(200 * 100 * metres * metres, rel=0.01)
    view.grab()


def test_wheel_zooms_by_half_steps_under_the_pointer(view):
    view.centre_on(117.02, 30.52, 14)
    before = view_lonlat(view, 700, 200)
    wheel = QWheelEvent(
        QPointF(700, 200),
        QPointF(700, 200),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, wheel)
    assert wait_until(lambda: view.viewport.zoom == 14.5, 3)
    after = view_lonlat(view, 700, 200)
    assert after == pytest.approx(before, abs=7e-5)


def test_keys_move_zoom_fit_and_open(view, qtbot):
    view.centre_on(117.02, 30.52, 14)
    lon, lat, _ = view.centre()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.centre()[0] > lon
    assert view.centre()[1] > lat
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert wait_until(lambda: view.viewport.zoom == 14.5, 3)
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert wait_until(lambda: view.viewport.zoom == 14.0, 3)
    qtbot.keyClick(view, Qt.Key.Key_Home)
    bounds, seen = view.district_bounds(), view.viewport.bounds()
    assert seen[0] <= bounds[0]
    assert seen[3] >= bounds[3]
    qtbot.keyClick(view, Qt.Key.Key_L)
    assert view._panel.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_L)
    assert not view._panel.isVisible()


def test_the_input_method_is_off_so_that_letters_stay_keys(view):
    assert not view.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_right_click_offers_the_verbs_of_a_place(view, qtbot):
    view.own_menu = False
    view.centre_on(117.02, 30.52, 15)
    with qtbot.waitSignal(view.context_requested) as blocker:
        QApplication.sendEvent(
            view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(450, 300), QPoint(450, 300))
        )
    lon, lat, _, hits = blocker.args
    assert (lon, lat) == pytest.approx((117.02, 30.52), abs=1e-4)
    assert any(hit.kind == KIND_AREA for hit in hits)
    menu = view.verbs(lon, lat)
    for signal, action in zip(
        (view.report_here, view.nearest_cameras, view.nearest_units), menu.actions(), strict=False
    ):
        with qtbot.waitSignal(signal) as blocker:
            action.trigger()
        assert blocker.args == [lon, lat]
    menu.deleteLater()


def test_go_to_takes_coordinates_and_asks_for_everything_else(view, qtbot):
    view.go_to("117.05, 30.55")
    assert view.centre()[:2] == pytest.approx((117.05, 30.55), abs=1e-6)
    view.go_to("30.51，117.01")
    assert view.centre()[:2] == pytest.approx((117.01, 30.51), abs=1e-6)
    with qtbot.waitSignal(view.goto_requested) as blocker:
        view.go_to("网格 12")
    assert blocker.args == ["网格 12"]
    with qtbot.waitSignal(view.goto_requested) as blocker:
        view.go_to("200, 95")
    assert blocker.args == ["200, 95"], "no place on Earth: said, not passed over in silence"


def test_cards_show_plain_rows_and_never_markup(view, qtbot):
    view.card_provider = lambda kind, ident: [("", "<b>x</b>"), ("等级", "II"), ("地点", "<img src=x>")]
    view.set_incidents(marks((117.02, 30.52), level=(2,)))
    view.centre_on(117.02, 30.52, 15)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(450, 300))
    card = view._card
    assert card.isVisible()
    assert card._title.text() == "<b>x</b>"
    assert card._title.textFormat() == Qt.TextFormat.PlainText
    assert view.rect().contains(card.geometry())
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not card.isVisible()


def test_layers_and_metric_are_chosen_in_the_panel_and_said_in_the_legend(view):
    view.set_layer_visible("units", False)
    assert not view._panel._boxes["units"].isChecked()
    view._panel._boxes["units"].setChecked(True)
    assert view.live.shown["units"]
    view.set_area_values(METRIC_HOUSEHOLDS, {"G1": 205.0, "G2": 90.0, "G3": math.nan, "gone": 3.0})
    view.set_metric(METRIC_HOUSEHOLDS)
    assert view.index.steps(METRIC_HOUSEHOLDS, view.values[METRIC_HOUSEHOLDS])[view.index.number["G1"]] == 3
    assert view.index.steps(METRIC_HOUSEHOLDS, view.values[METRIC_HOUSEHOLDS])[view.index.number["G3"]] == -1
    assert view.legend_texts()[3] == "> 200"
    with pytest.raises(KeyError):
        view.set_layer_visible("nonsense", True)


@pytest.mark.parametrize(
    ("metric", "value", "step"),
    [
        (METRIC_OPEN, 0, 0),
        (METRIC_OPEN, 2, 1),
        (METRIC_OPEN, 3, 2),
        (METRIC_OPEN, 6, 3),
        (METRIC_OVERDUE, 0.0, 0),
        (METRIC_OVERDUE, 0.05, 1),
        (METRIC_OVERDUE, 0.1, 2),
        (METRIC_OVERDUE, 0.3, 3),
        (METRIC_HOUSEHOLDS, 100, 0),
        (METRIC_HOUSEHOLDS, 200, 2),
        (METRIC_HOUSEHOLDS, 201, 3),
    ],
)
def test_steps_begin_where_the_legend_says(view, metric, value, step):
    assert view.index.steps(metric, {"G0": value})[view.index.number["G0"]] == step


def test_the_wall_fits_itself_when_the_set_of_urgent_incidents_changes_and_only_then(qtbot):
    wall = make(qtbot, "wall")
    fill(wall)
    wall.show()
    wall.set_incidents(marks((117.0, 30.5), (117.03, 30.52), level=(1, 2)))
    first = wall.centre()
    assert first[:2] == pytest.approx((117.015, 30.51), abs=0.002)
    wall.set_incidents(marks((117.0, 30.5), (117.03, 30.52), (116.9, 30.45), level=(1, 2, 4)))
    assert wall.centre() == first, "a new IV does not move the wall"
    wall.set_incidents(marks((117.05, 30.55), level=(1,)))
    assert wall.centre() != first
    wall.pan_by(200, 0)
    assert wall.held
    moved = wall.centre()
    wall.set_incidents(marks((117.0, 30.5), (117.03, 30.52), level=(1, 2)))
    assert wall.centre() == moved, "a manual move holds"
    wall.grab()
    qtbot.keyClick(wall, Qt.Key.Key_Asterisk)
    assert not wall.held
    assert wall.centre()[:2] == pytest.approx((117.015, 30.51), abs=0.002)


def test_the_wall_keeps_clear_of_the_screens_cards(qtbot):
    wall = make(qtbot, "wall")
    fill(wall)
    wall.show()
    wall.set_margins(0, 0, 400, 0)
    wall.set_incidents(marks((117.0, 30.5), (117.03, 30.52), level=(1, 2)))
    p = wall.live.placed(wall.viewport)
    urgent = p.x - wall.viewport.left
    assert urgent.max() <= 500


def test_old_data_and_a_lost_painter_are_said_in_words(view):
    view.set_data_age(3.0)
    assert view.notices() == []
    view.set_data_age(75.0)
    assert any("75" in text for text in view.notices())
    view.set_loading("areas", 0.4)
    assert any("40" in text for text in view.notices())
    view.set_loading("areas", None)
    view.tiles.process.restarts = 1
    assert len(view.notices()) == 2


def test_notices_and_controls_do_not_lie_on_each_other(view):
    view.resize(600, 700)
    QTest.qWait(20)
    room, dpr = view.notice_room(), view.devicePixelRatioF()
    assert room.width() > 300
    assert len(view.control_boxes()) == 2
    for box in view.control_boxes():
        assert not room.intersects(QRectF(box.x() * dpr, box.y() * dpr, box.width() * dpr, box.height() * dpr))


def test_sources_and_scale_lie_on_a_ground_of_their_own(view):
    image = QImage(view.viewport.width, view.viewport.height, QImage.Format.Format_RGB32)
    image.fill(QColor("#FF0000"))
    footer, painter = Footer(), QPainter(image)
    footer.draw(painter, view.viewport, view.palette_now(), 1.0, ["whose map it is"])
    painter.end()
    box = footer.box.toRect()
    assert image.pixelColor(box.left() - 40, box.center().y()) == QColor("#FF0000")
    assert max(image.pixelColor(x, box.top() + 2).red() for x in range(box.left(), box.right())) < 90
    view.grab()


def test_marks_without_a_place_are_kept_and_not_drawn(view):
    nan = math.nan
    view.set_incidents(marks((nan, nan), (117.0, 30.5), level=(1, 1)))
    view.set_units(UnitMarks(["a", "b"], np.array((nan, 117.0)), np.array((nan, 30.5)), None, np.array((nan, 1.0))))
    view.set_tracks([Track("t", np.array(((117.0, 30.5), (117.1, 30.6))), TRACK_DRONE)])
    view.set_drones(UnitMarks(["t"], np.array([117.1]), np.array([30.6]), age_s=np.array([500.0])))
    view.grab()
    assert view.position_of(KIND_INCIDENT, "I0") is None
    assert view.position_of(KIND_INCIDENT, "I1") is not None
    assert view.position_of(KIND_DRONE, "t") is not None
    assert view.position_of(KIND_INCIDENT, "nobody") is None


def test_a_stale_position_does_not_look_like_a_fresh_one(view):
    def picture(age: float) -> bytes:
        view.set_units(UnitMarks(["a"], np.array([117.02]), np.array([30.52]), np.array([1], np.int8), np.array([age])))
        image = view.grab().toImage().copy(430, 280, 40, 40)
        return bytes(image.constBits())

    view.set_incidents(IncidentMarks.empty())
    view.centre_on(117.02, 30.52, 14)
    assert picture(5.0) == picture(10.0)
    assert picture(5.0) != picture(500.0)
    assert picture(500.0) == picture(math.nan)


def test_theme_and_scale_change_the_look_at_once(view):
    before = bytes(view.grab().toImage().constBits())
    try:
        tokens.use("light")
        assert bytes(view.grab().toImage().constBits()) != before
        tokens.set_scale(2.0)
        assert view.look_scale == 2.0
        view.grab()
    finally:
        tokens.use("dark")
        tokens.set_scale(1.0)


def test_a_fault_while_painting_is_logged_once_and_does_not_end_the_program(view, expected_logs):
    expected_logs.allow("could not be painted")
    view.live.draw_incidents = lambda *a: 1 / 0
    view.grab()
    view.grab()
    assert len(expected_logs.matching("could not be painted")) == 1


def test_cluster_numbers_stay_short():
    assert [count_text(n) for n in (2, 999, 1000, 9_949, 23_000)] == ["2", "999", "1.0k", "9.9k", "23k"]


def test_selected_things_keep_their_ring_while_they_move(view):
    view.centre_on(117.02, 30.52, 15)
    view.select(KIND_UNIT, "U1")
    u = CITY.units
    lon = u.lon.copy()
    lon[1], lat = 117.021, u.lat.copy()
    lat[1] = 30.521
    view.set_units(replace(u, lon=lon, lat=lat))
    assert view.position_of(KIND_UNIT, "U1") == pytest.approx(
        view.viewport.to_pixel(*to_world(117.021, 30.521)), abs=1e-6
    )
    view.grab()


def test_another_language_reaches_every_control_and_the_painted_texts(view, qtbot):
    from widgets.theme import language

    app = QApplication.instance()
    assert app is not None
    try:
        language.use(app, "zh_CN")
        QApplication.processEvents()
        assert view._layers_button.text() == "图层 L · 在办事件"
        assert [box.text() for box in view._panel._boxes.values()][:3] == ["事件", "力量", "视频"]
        assert "底图与界线为生成示意" in view._footer_texts()
        view.toggle_panel()
        language.use(app, "en")
        QApplication.processEvents()
        assert view._layers_button.text() == "Layers L · Open incidents"
        assert view._panel.isVisible()
    finally:
        language.forget(app)


def test_every_text_of_the_map_is_translated():
    import re
    from pathlib import Path

    from app.text import Catalogue

    room = Path(__file__).resolve().parents[2] / "widgets" / "map"
    sources = {
        text
        for file in room.glob("*.py")
        for text in re.findall(r'self\.tr\(\s*"((?:[^"\\]|\\.)*)"', file.read_text("utf-8"))
    }
    known = {key[1] for key in Catalogue.load("zh_CN").texts}
    assert len(sources) > 40
    assert sources - known == set()
