"""The video board on the whole screen: every layout fills it, its texts grow with it, and there is a way back by key
and by mouse from wherever the keys are."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.services.video_walls import COUNTS
from tests.fakes.fake_seat import FakeSeat
from tests.widgets.desk_stage import body_of, made_seat, opened_board, with_stills
from tests.widgets.room_stage import stage, until
from widgets.bridge import Bridge
from widgets.screens.desk import DeskWindow
from widgets.screens.desk_body import DeskBody


@pytest.fixture
def seat(tmp_path: Path) -> FakeSeat:
    return with_stills(made_seat(open_=10, ended=2, units=5, cameras=30), Image.new("RGB", (64, 36)),
                       tmp_path / "still.png")


@pytest.fixture
def bridge(qapp: QApplication, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat, "zh_CN") as made:
        yield made


@pytest.fixture
def desk(bridge: Bridge) -> Iterator[DeskWindow]:
    window = opened_board(bridge)
    yield window
    window.close()


def full(body: DeskBody) -> QWidget:
    """The board's own window over the whole screen, with a camera in its first tile."""
    board = body.board_
    board.reason.say_reason("x")
    board.add_camera(next(iter(board.rows)), 0)
    body.video.toggle_full()
    window = body.panes["video"].window_
    assert window is not None
    assert window.isFullScreen()
    assert until(lambda: board.grid.tiles[0].has_picture)
    return window


def esc(at: QWidget) -> None:
    QTest.keyClick(at, Qt.Key.Key_Escape)


def test_esc_leads_from_one_tile_to_all_and_then_back_to_the_desk(desk: DeskWindow) -> None:
    body = body_of(desk)
    window, board = full(body), body.board_
    assert board.full_button.text() == "返回  Esc"
    QTest.mouseDClick(board.grid.tiles[0], Qt.MouseButton.LeftButton)
    assert board.grid.enlarged is board.grid.tiles[0]
    assert until(lambda: "Esc" in board.note.text()), "it says how to come back"
    esc(board.grid)
    assert board.grid.enlarged is None
    assert window.isFullScreen()
    esc(board.grid)
    assert not body.panes["video"].torn
    assert body.left.currentWidget() is body.panes["video"]
    assert board.full_button.text() == "全屏"


@pytest.mark.parametrize("place", ["the window", "the list", "a button", "the reason"])
def test_esc_leads_back_from_wherever_the_keys_are(desk: DeskWindow, place: str) -> None:
    body = body_of(desk)
    window, board = full(body), body.board_
    if place == "the list":
        board.show_list(True)
    elif place == "the reason":
        board.reason._other.click()
    at = {"the window": window, "the list": board.list.filter, "a button": board.layouts[9],
          "the reason": board.reason._field}[place]
    at.setFocus()
    for _ in range(2):  # the first may leave a field
        if body.panes["video"].torn:
            esc(QApplication.focusWidget() or at)
    assert not body.panes["video"].torn


def test_the_mouse_leads_back_too_and_so_does_the_key_that_led_there(desk: DeskWindow) -> None:
    body = body_of(desk)
    full(body)
    QTest.mouseClick(body.board_.full_button, Qt.MouseButton.LeftButton)
    assert not body.panes["video"].torn
    window = full(body)
    QTest.keyClick(window, Qt.Key.Key_F11, Qt.KeyboardModifier.ShiftModifier)
    assert not body.panes["video"].torn


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 2160)])
def test_every_layout_fills_the_screen_and_its_texts_grow_with_it(desk: DeskWindow, size: tuple[int, int]) -> None:
    body = body_of(desk)
    window, board = full(body), body.board_
    window.setGeometry(0, 0, *size)
    for count in COUNTS:
        board.set_count(count)
        for at, camera in enumerate(list(board.rows)[:count]):
            board.add_camera(camera, at)
        assert until(lambda count=count: all(t.has_picture for t in board.grid.tiles) and
                     len(board.grid.tiles) == count)
        seen = [t.geometry() for t in board.grid.tiles]
        assert all(board.grid.rect().contains(g) for g in seen)
        assert sum(g.width() * g.height() for g in seen) > 0.94 * board.grid.width() * board.grid.height()
        assert min(g.width() for g in seen) > size[0] / 6
    grown = board.grid._scale or 1.0
    assert grown == pytest.approx(size[1] / 1080, rel=0.12)
    body.panes["video"].dock()
    assert board.grid._scale is None, "in the desk its texts are the desk's"
