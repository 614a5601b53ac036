"""The desk's video board by hand and by words: reasons, dragging, named walls, snapshots, visitors."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from app.services import video_walls
from app.services.commands import Act, SaveSnapshot
from tests.fakes.fake_seat import FakeSeat
from tests.widgets.desk_stage import made_seat, opened_board, views, with_stills
from tests.widgets.room_stage import settle, stage, until
from widgets.bridge import Bridge
from widgets.cameras import state as st
from widgets.cameras.board import VideoBoard
from widgets.cameras.still import Caption, compose, jpeg
from widgets.cameras.tile import Tile
from widgets.models.dragging import camera_mime
from widgets.screens.desk import DeskWindow


@pytest.fixture
def seat(tmp_path: Path) -> FakeSeat:
    """Thirty cameras, each with a still of stripes."""
    picture = Image.new("RGB", (640, 360))
    picture.putdata([(255, 255, 255) if x // 8 % 2 else (0, 0, 0) for _ in range(360) for x in range(640)])
    made = with_stills(made_seat(open_=40, ended=5, units=20, cameras=30, components=50), picture,
                       tmp_path / "still.png")
    made.camera_rows = {k: replace(c, tags=("school",) if i < 3 else ())
                        for i, (k, c) in enumerate(made.camera_rows.items())}
    return made


@pytest.fixture
def bridge(qtbot: QtBot, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat, "zh_CN") as made:
        yield made


@pytest.fixture
def desk(bridge: Bridge) -> Iterator[DeskWindow]:
    window = opened_board(bridge)
    yield window
    window.close()


def board_of(desk: DeskWindow) -> VideoBoard:
    return desk.body.board_


def ids(seat: FakeSeat) -> list[str]:
    return list(seat.camera_rows)


def drop(tile: Tile, camera_id: str, source: Tile | None = None) -> None:
    """What a drop brings to a tile."""
    data = camera_mime(camera_id)
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                       Qt.KeyboardModifier.NoModifier)
    hands = tile.window().findChild(VideoBoard)._hands
    if source is None:  # Qt hands a drop on only while it drags
        assert hands.eventFilter(tile, event)
        assert event.isAccepted()
    else:
        hands.dropped.emit(tile, camera_id, source)


def open_incident(desk: DeskWindow) -> str:
    row = next(r for r in desk.body.queue.model.index_.rows if r.phase not in ("closed", "void"))
    desk.body.select(row.id)
    assert until(lambda: desk.body.incident.view is not None and desk.body.bridge.idle)
    return row.id


def test_without_a_reason_no_camera_is_looked_at_and_what_is_said_is_recorded(desk: DeskWindow, seat: FakeSeat):
    board = board_of(desk)
    board.add_camera(ids(seat)[0])
    settle(desk.body.bridge)
    tile = board.grid.tiles[0]
    assert (tile.state.state, tile.has_picture) == (st.NEEDS_REASON, False)
    assert not views(seat)
    assert board.reason.asking
    board.reason.say_reason("例行巡查")
    assert until(lambda: board.grid.tiles[0].has_picture)
    assert [(v.camera_id, v.reason, v.incident_id) for v in views(seat)] == [(ids(seat)[0], "例行巡查", None)]
    desk.body.orders.focus("queue")
    assert until(lambda: [v.ended for v in views(seat)] == [False, True]), "when nobody looks the view ends"


def test_a_camera_without_a_place_is_not_looked_for_on_the_map_in_silence(desk: DeskWindow, seat: FakeSeat):
    board = board_of(desk)
    board.reason.say_reason("check")
    camera = ids(seat)[0]
    feed = desk.body.map.feed
    assert until(lambda: len(feed.cameras) > 1)
    feed.cameras[camera] = replace(feed.cameras[camera], name="<b>北门</b>", lon=None, lat=None)
    board.on_map.emit(camera)
    assert until(lambda: desk.body.banner.label.text() == "<b>北门</b> 在地图上没有位置。")
    board.on_map.emit(ids(seat)[1])
    assert until(lambda: desk.body.map.view.selected == ("camera", ids(seat)[1]))


def test_keys_in_the_list_of_cameras_are_not_the_tiles(desk: DeskWindow, seat: FakeSeat):
    board = board_of(desk)
    board.reason.say_reason("check")
    board.add_camera(ids(seat)[0])
    assert until(lambda: board.grid.tiles[0].has_picture)
    board.show_list(True)
    view = board.list.view
    view.setFocus()
    other = next(i for i, c in enumerate(board.list.model.rows) if c.id == ids(seat)[1])
    view.selectRow(other)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert board.cameras[0] == ids(seat)[0]
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert board.cameras[:2] == ids(seat)[:2]
    assert board.grid.enlarged is None
    board.list.filter.setFocus()
    QTest.keyClick(board.list.filter, Qt.Key.Key_Return)
    board.reason.findChild(QToolButton).click()
    field = board.reason.findChild(QLineEdit)
    assert field.hasFocus()
    QTest.keyClicks(field, "another")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert board.reason.reason == ("another", None)
    assert board.grid.enlarged is None
    board.grid.setFocus()
    QTest.keyClick(board.grid, Qt.Key.Key_Return)
    assert board.grid.enlarged is board.grid.tiles[0]


def test_a_name_that_is_cut_in_the_list_of_cameras_is_its_tooltip_and_no_markup(desk: DeskWindow, seat: FakeSeat):
    board = board_of(desk)
    name = "<b>大观区玉琳路与集贤北路交叉口东北角全景枪机</b>"
    board.list.show_cameras([replace(next(iter(seat.camera_rows.values())), name=name)], board.areas, 0.0)
    told = board.list.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;大观区玉琳路与集贤北路交叉口东北角全景枪机" in told


def test_a_usual_reason_is_shown_in_the_readers_language_and_kept_in_none(desk: DeskWindow, seat: FakeSeat):
    board = board_of(desk)
    board.add_camera(ids(seat)[0])
    settle(desk.body.bridge)
    button = next(b for b in board.reason.findChildren(QPushButton) if b.text() == "例行巡查")
    button.click()
    assert until(lambda: board.grid.tiles[0].has_picture)
    assert [v.reason for v in views(seat)] == ["routine round"]
    assert "事由：例行巡查" in [label.text() for label in board.reason.findChildren(QLabel)]


def test_an_open_incident_is_a_reason_by_itself(desk: DeskWindow, seat: FakeSeat):
    incident = open_incident(desk)
    board = board_of(desk)
    board.add_camera(ids(seat)[3])
    assert until(lambda: board.grid.tiles[0].has_picture)
    assert next((v.camera_id, v.incident_id) for v in views(seat) if v.camera_id == ids(seat)[3]) == (ids(seat)[3],
                                                                                                    incident)


def test_cameras_are_dropped_onto_tiles_and_tiles_change_places(desk: DeskWindow, seat: FakeSeat):
    open_incident(desk)
    board = board_of(desk)
    a, b = ids(seat)[:2]
    drop(board.grid.tiles[2], a)
    drop(board.grid.tiles[0], b)
    assert board.cameras == [b, "", a, ""]
    assert until(lambda: board.grid.tiles[0].has_picture and board.grid.tiles[2].has_picture)
    recorded = len(views(seat))
    moved = board.grid.tiles[0]
    drop(board.grid.tiles[2], b, moved)
    assert board.cameras == [a, "", b, ""]
    assert board.grid.tiles[2] is moved, "the tile itself moves: no picture is asked for again"
    settle(desk.body.bridge)
    assert len(views(seat)) == recorded


def test_a_wall_is_saved_shown_by_name_and_is_there_after_a_restart(desk: DeskWindow, seat: FakeSeat):
    open_incident(desk)
    board = board_of(desk)
    for camera in ids(seat)[:5]:
        board.add_camera(camera)
    assert len(board.grid.tiles) == 6, "the layout grows with the cameras"
    board.save_as("城南学校")
    settle(desk.body.bridge)
    board.set_count(1)
    desk.body.orders.on_ordered("video", {"text": "cnxx"})
    assert until(lambda: board.cameras[:5] == ids(seat)[:5])
    desk.body.orders.on_ordered("wall", {"text": "城南"})
    assert until(lambda: video_walls.read_on_wall(seat.setting(video_walls.ON_WALL)).name == "城南学校")
    desk.body.orders.on_ordered("layout", {"text": "9"})
    settle(desk.body.bridge)
    kept = seat.setting(video_walls.BOARD)
    assert (kept["count"], kept["cameras"][:5]) == (9, ids(seat)[:5])


def test_a_patrol_of_a_tag_runs_on_the_board(desk: DeskWindow, seat: FakeSeat):
    open_incident(desk)
    board = board_of(desk)
    board.set_count(1)
    seat.set_setting(video_walls.PATROLS, video_walls.patrols_json([video_walls.Patrol("校门", "tag", ("school",), 5)]))
    seat.camera_rows[ids(seat)[1]] = replace(seat.camera_rows[ids(seat)[1]], state="offline")
    board.known.ask()
    settle(desk.body.bridge)
    desk.body.orders.on_ordered("patrol", {"text": "xm"})
    assert until(lambda: board.grid.tiles[0].has_picture)
    assert until(lambda: board.passed_over == 1)
    assert "校门" in board.note.text()
    assert "跳过 1" in board.note.text()
    desk.body.orders.on_ordered("patrol", {"text": "stop"})
    assert board.cameras[0] in ids(seat)[:3]


def test_the_wheel_zooms_and_a_double_click_resets_then_enlarges(desk: DeskWindow, seat: FakeSeat):
    open_incident(desk)
    board = board_of(desk)
    board.add_camera(ids(seat)[0])
    assert until(lambda: board.grid.tiles[0].has_picture)
    tile = board.grid.tiles[0]
    at = QPointF(tile.width() * 0.75, tile.height() * 0.25)
    QApplication.sendEvent(tile, QWheelEvent(at, tile.mapToGlobal(at), QPoint(0, 0), QPoint(0, 360),
                                             Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
                                             Qt.ScrollPhase.NoScrollPhase, False))
    assert tile.zoom.factor == pytest.approx(1.25 ** 3)
    assert tile.zoom.x > 0.5 > tile.zoom.y
    QTest.mouseDClick(tile, Qt.MouseButton.LeftButton)
    assert not tile.zoom.on
    QTest.mouseDClick(tile, Qt.MouseButton.LeftButton)
    assert board.grid.enlarged is tile
    assert tile.geometry() == board.grid.rect()


def test_a_snapshot_lies_in_the_incident_and_its_timeline_opens_it(desk: DeskWindow, seat: FakeSeat):
    board = board_of(desk)
    board.reason.say_reason("x")
    board.add_camera(ids(seat)[0])
    assert until(lambda: board.grid.tiles[0].has_picture)
    desk.body.incident.show_incident(None)
    board.set_incident(None)
    desk.body.video.snapshot(board.grid.tiles[0], False)
    settle(desk.body.bridge)
    assert not any(isinstance(c, Act) for c in seat.done), "without an open incident there is none"
    assert "未选中" in desk.body.banner.label.text()
    incident = open_incident(desk)
    desk.body.video.snapshot(board.grid.tiles[0], False)
    assert until(lambda: any(isinstance(c, Act) and c.verb == "note" for c in seat.done))
    act = next(c for c in seat.done if isinstance(c, Act) and c.verb == "note")
    digest = act.params["photos"][0]
    image = QImage.fromData(seat.blob(digest))
    assert (act.incident_id, image.isNull(), image.width() >= 640) == (incident, False, True)
    assert seat.camera_rows[ids(seat)[0]].name in str(act.params["note"])
    kept = next(c for c in seat.done if isinstance(c, SaveSnapshot))
    assert (kept.camera_id, kept.digest, kept.incident_id) == (ids(seat)[0], digest, incident), "in the record too"


def test_a_snapshot_without_an_incident_is_a_file_and_a_recorded_act(desk: DeskWindow, seat: FakeSeat, tmp_path: Path,
                                                                     monkeypatch):
    monkeypatch.setattr("widgets.screens.desk_video.snapshot_path", lambda *_: tmp_path / "still.jpg")
    board = board_of(desk)
    board.reason.say_reason("设备检查")
    board.add_camera(ids(seat)[0])
    assert until(lambda: board.grid.tiles[0].has_picture)
    desk.body.video.snapshot(board.grid.tiles[0], True)
    assert until(lambda: (tmp_path / "still.jpg").exists())
    saved = next(c for c in seat.done if isinstance(c, SaveSnapshot))
    assert (saved.camera_id, saved.reason) == (ids(seat)[0], "设备检查")


def test_visitors_see_nothing_that_could_be_known_again(desk: DeskWindow, seat: FakeSeat):
    open_incident(desk)
    board = board_of(desk)
    board.set_count(1)
    board.add_camera(ids(seat)[0])
    assert until(lambda: board.grid.tiles[0].has_picture)
    tile = board.grid.tiles[0]
    assert contrast(tile) > 100, "stripes are seen"
    desk.body.video.order("visitors", "")
    assert until(lambda: tile.visitors)
    assert contrast(tile) < 40
    assert any("参观" in t for t in tile.texts())
    assert seat.setting(video_walls.VISITORS) is True, "remembered"
    desk.body.video.order("visitors", "")
    assert until(lambda: not tile.visitors)
    assert contrast(tile) > 100


def contrast(tile: Tile) -> int:
    """Between neighbours eight points apart, along the middle of the tile as painted."""
    image = tile.grab().toImage()
    y = image.height() // 2
    row = [image.pixelColor(x, y).lightness() for x in range(image.width() // 4, image.width() * 3 // 4)]
    return max(abs(a - b) for a, b in zip(row, row[8:], strict=False))


def test_a_still_carries_camera_time_seat_and_operator(qapp):
    grey = QImage(320, 180, QImage.Format.Format_RGB32)
    grey.fill(Qt.GlobalColor.gray)
    plain = compose(grey, Caption(("", ""), ""))
    made = compose(grey, Caption(("城南 1 号 · 2026-11-30 10:00:00", "席位 01 · 调度员"), "01 调度员", "演示画面"))
    assert made.width() == 640, "small pictures are enlarged"

    def differing(rows: range) -> int:
        return sum(made.pixel(x, y) != plain.pixel(x, y) for y in rows for x in range(0, 640, 2))

    bands = [differing(rows) for rows in (range(4, 16), range(60, 170, 3), range(180, 300, 3), range(318, 356, 2))]
    assert all(n > 20 for n in bands), "words at the head, the watermark all over, words at the foot"
    assert jpeg(made)[:2] == b"\xff\xd8"


def test_the_watermark_says_seat_operator_and_time(desk: DeskWindow, seat: FakeSeat):
    camera = seat.camera_rows[ids(seat)[0]]
    caption = desk.body.video._caption(camera, 0.0, "1201-0001")
    day = caption.lines[0].removeprefix(f"{camera.name} · ")
    assert caption.mark == f"{seat.seat_code} {seat.operator.name} {day}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", day)


def test_a_camera_of_the_map_opens_over_it_and_goes_to_the_board(desk: DeskWindow, seat: FakeSeat):
    open_incident(desk)
    body = desk.body
    body.map.camera_picked.emit(ids(seat)[5])
    assert until(lambda: body.video.popup.isVisible() and body.video.popup.tile.has_picture)
    body.video.popup.to_board.emit(ids(seat)[5])
    assert ids(seat)[5] in board_of(desk).cameras
    body.video.popup.leave()
    assert until(lambda: any(v.ended and v.camera_id == ids(seat)[5] for v in views(seat)))
