"""Dragging a camera onto a tile, from the map, from the list and from another tile: the whole way through Qt's own drag.

Presses and moves come by the window, the drag runs its own loop, the drop is Qt's.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.room_stage import stage, until
from widgets.bridge import Bridge
from widgets.screens.desk import DeskWindow
from widgets.theme import language, tokens


@pytest.fixture(autouse=True)
def as_before(qapp: QApplication) -> Iterator[None]:
    font, palette = qapp.font(), qapp.palette()
    yield
    tokens.use("dark")
    language.use(qapp, "en")
    qapp.setStyleSheet("")
    qapp.setFont(font)
    qapp.setPalette(palette)


@pytest.fixture
def seat(tmp_path: Path) -> FakeSeat:
    still = tmp_path / "still.png"
    Image.new("RGB", (640, 360), (200, 200, 200)).save(still)
    made = FakeSeat(operator=SUPERVISOR, open_=5, ended=5, units=5, cameras=6, components=5)
    made.camera_rows = {k: replace(c, source=str(still), state="online") for k, c in made.camera_rows.items()}
    return made


@pytest.fixture
def bridge(qtbot: QtBot, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat, "zh_CN") as made:
        yield made


@pytest.fixture
def desk(bridge: Bridge) -> Iterator[DeskWindow]:
    window = DeskWindow(bridge, settings={"window": False}, lang="zh_CN", theme="dark")
    window.resize(1600, 900)
    window.show()
    assert until(lambda: window.body is not None and window.body.queue.model.loaded and bridge.idle)
    window.body.video.open_board()
    board = window.body.board_
    assert until(lambda: board.rows and bridge.idle)
    board.reason.say_reason("proof")
    yield window
    window.close()


def drag(desk: DeskWindow, source: QWidget, start: QPoint, target: QWidget) -> None:
    """Press on the source, move away and let go over the middle of the target."""
    window = desk.windowHandle()
    begin = source.mapTo(desk, start)
    end = target.mapTo(desk, target.rect().center())
    QTest.mousePress(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, begin)

    def carry() -> None:
        for share in (0.5, 0.9, 1.0):
            QTest.mouseMove(window, begin + (end - begin) * share)
        QTest.mouseRelease(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)

    QTimer.singleShot(150, carry)  # by then the drag runs its own loop
    for step in (2, 12, 24):
        QTest.mouseMove(window, begin + QPoint(step, step))
    until(lambda: False, 400)


def test_from_the_list(desk: DeskWindow, seat: FakeSeat):
    board = desk.body.board_
    board.show_list(True)
    assert until(lambda: board.list.table.model().rowCount() == 6)
    row = board.list.table.visualRect(board.list.table.model().index(2, 0)).center()
    camera = board.list.model.rows[2].id
    drag(desk, board.list.table.viewport(), row, board.grid.tiles[1])
    assert until(lambda: board.cameras[1] == camera)
    assert board.cameras[0] == ""
    assert until(lambda: board.grid.tiles[1].has_picture)


def test_from_the_map(desk: DeskWindow, seat: FakeSeat):
    board, view = desk.body.board_, desk.body.map.view
    camera = next(iter(seat.camera_rows.values()))
    assert camera.lon is not None
    assert camera.lat is not None
    view.show_point(camera.lon, camera.lat, 18.0) if hasattr(view, "show_point") else desk.body.map.look_at(
        camera.lon, camera.lat)
    assert until(lambda: desk.body.map.feed.cameras)
    drag(desk, view, QPoint(view.width() // 2, view.height() // 2), board.grid.tiles[2])
    assert until(lambda: board.cameras[2] == camera.id)


def test_from_tile_to_tile_they_change_places(desk: DeskWindow, seat: FakeSeat):
    board = desk.body.board_
    first, second = list(seat.camera_rows)[:2]
    board.add_camera(first, 0)
    board.add_camera(second, 3)
    assert until(lambda: board.grid.tiles[0].has_picture and board.grid.tiles[3].has_picture)
    drag(desk, board.grid.tiles[0], QPoint(20, 20), board.grid.tiles[3])
    assert until(lambda: board.cameras == [second, "", "", first])


def test_dropped_beside_the_tiles_nothing_changes(desk: DeskWindow, seat: FakeSeat):
    board = desk.body.board_
    board.add_camera(next(iter(seat.camera_rows)), 0)
    assert until(lambda: board.grid.tiles[0].has_picture)
    before = list(board.cameras)
    drag(desk, board.grid.tiles[0], QPoint(20, 20), desk.body.top)
    assert board.cameras == before
