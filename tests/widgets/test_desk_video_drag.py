"""Dragging a camera onto a tile, from the map and from the list: what the program packs, through Qt's drop events."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.services.commands import ViewCamera
from tests.fakes.fake_seat import FakeSeat
from tests.widgets.desk_stage import body_of, made_seat, opened_board, with_stills
from tests.widgets.room_stage import stage, until
from widgets.bridge import Bridge
from widgets.models import dragging
from widgets.screens.desk import DeskWindow


@pytest.fixture
def seat(tmp_path: Path) -> FakeSeat:
    return with_stills(made_seat(open_=5, ended=5, units=5, cameras=6, components=5),
                       Image.new("RGB", (640, 360), (200, 200, 200)), tmp_path / "still.png")


@pytest.fixture
def bridge(qtbot: QtBot, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat, "zh_CN") as made:
        yield made


@pytest.fixture
def desk(bridge: Bridge) -> Iterator[DeskWindow]:
    window = opened_board(bridge)
    body_of(window).board_.reason.say_reason("proof")
    yield window
    window.close()


class Carried(QDrag):
    """A drag that is let go over `onto`: the offscreen platform has no pointer to drag with, so its loop is left out;
    what is carried is what the program packed, and the events take Qt's own way."""

    onto: QWidget | None = None

    def exec(self, *_actions: object) -> Qt.DropAction:
        assert Carried.onto is not None
        return let_go(self.mimeData(), Carried.onto)


def let_go(data: QMimeData, target: QWidget) -> Qt.DropAction:
    """Enter, move and drop over the middle of a widget."""
    at, left, none = target.rect().center(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(target, enter)
    if not enter.isAccepted():
        return Qt.DropAction.IgnoreAction
    QApplication.sendEvent(target, QDragMoveEvent(at, Qt.DropAction.CopyAction, data, left, none))
    drop = QDropEvent(QPointF(at), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(target, drop)
    return drop.dropAction() if drop.isAccepted() else Qt.DropAction.IgnoreAction


def test_from_the_list(desk: DeskWindow, seat: FakeSeat):
    board = desk.body.board_
    board.show_list(True)
    view = board.list.view
    assert until(lambda: view.model().rowCount() == 6)
    assert view.dragEnabled()
    index = view.model().index(2, 0)
    assert view.model().flags(index) & Qt.ItemFlag.ItemIsDragEnabled
    camera = board.list.model.rows[2].id
    assert let_go(view.model().mimeData([index]), board.grid.tiles[1]) == Qt.DropAction.CopyAction
    assert until(lambda: board.cameras[1] == camera)
    assert board.cameras[0] == "", "where it was let go, not where there is room"
    assert until(lambda: board.grid.tiles[1].has_picture)
    viewed = [c for c in seat.done if isinstance(c, ViewCamera)]
    assert [(v.camera_id, v.reason) for v in viewed] == [(camera, "proof")]


def test_from_the_map(desk: DeskWindow, seat: FakeSeat, monkeypatch):
    monkeypatch.setattr(dragging, "QDrag", Carried)
    board, view = desk.body.board_, desk.body.map.view
    camera = next(iter(seat.camera_rows.values()))
    assert camera.lon is not None
    assert camera.lat is not None
    assert until(lambda: desk.body.map.feed.cameras)
    view.centre_on(camera.lon, camera.lat, 18.0)
    middle = QPoint(view.width() // 2, view.height() // 2)
    assert until(lambda: view._camera_at(middle.toPointF()) == camera.id)
    here = view.centre()
    Carried.onto = board.grid.tiles[2]
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    QTest.mouseMove(view, middle + QPoint(12, 12))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle + QPoint(12, 12))
    assert until(lambda: board.cameras[2] == camera.id)
    assert until(lambda: board.grid.tiles[2].has_picture)
    assert view.centre() == here, "the map stays"


def test_what_is_no_camera_is_not_taken(desk: DeskWindow):
    data = QMimeData()
    data.setText("rtsp://10.0.0.1/1")
    board = desk.body.board_
    assert let_go(data, board.grid.tiles[0]) == Qt.DropAction.IgnoreAction
    assert board.cameras == ["", "", "", ""]
