"""Privacy masks drawn on the desk: by mouse and by keys, in force on the tile at once, only for who may."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.services.commands import SetMasks
from tests.fakes.fake_seat import DISPATCHER, FakeSeat
from tests.widgets.desk_stage import body_of, made_seat, opened_board, with_stills
from tests.widgets.room_stage import settle, stage, until
from widgets.bridge import Bridge
from widgets.cameras.mask_editor import MaskEditor
from widgets.cameras.tile import Tile
from widgets.screens.desk import DeskWindow


@pytest.fixture
def seat(tmp_path: Path) -> FakeSeat:
    return with_stills(made_seat(open_=5, ended=5, units=5, cameras=4, components=5),
                       Image.new("RGB", (640, 360), (255, 255, 255)), tmp_path / "still.png")


@pytest.fixture
def bridge(qtbot: QtBot, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat, "zh_CN") as made:
        yield made


@pytest.fixture
def desk(bridge: Bridge, seat: FakeSeat) -> Iterator[DeskWindow]:
    window = opened_board(bridge)
    board = body_of(window).board_
    board.reason.say_reason("遮挡民居")
    board.add_camera(next(iter(seat.camera_rows)))
    assert until(lambda: board.grid.tiles[0].has_picture)
    yield window
    window.close()


def editor_on(desk: DeskWindow) -> MaskEditor:
    board = desk.body.board_
    editor = board.menus.masks
    board.menus.edit_masks(board.grid.tiles[0])
    assert until(lambda: editor.isVisible() and editor.canvas._image is not None)
    return editor


def place(editor: MaskEditor, x: float, y: float) -> QPoint:
    area = editor.canvas.area
    return QPoint(round(area.left() + x * area.width()), round(area.top() + y * area.height()))


def drag(editor: MaskEditor, start: tuple[float, float], end: tuple[float, float]) -> None:
    QTest.mousePress(editor.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place(editor, *start))
    QTest.mouseMove(editor.canvas, place(editor, *end))
    QTest.mouseRelease(editor.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place(editor, *end))


def lightness(tile: Tile, x: float, y: float) -> int:
    assert tile.picture is not None
    return tile.picture.pixelColor(round(x * tile.picture.width()), round(y * tile.picture.height())).lightness()


def near(mask: object, wanted: object) -> bool:
    return mask == pytest.approx(wanted, abs=0.01)


def test_a_mask_is_drawn_moved_bent_and_in_force_on_the_tile_at_once(desk: DeskWindow, seat: FakeSeat):
    board, tile = desk.body.board_, desk.body.board_.grid.tiles[0]
    camera = next(iter(seat.camera_rows))
    editor = editor_on(desk)
    assert not editor.save.isEnabled()
    drag(editor, (0.1, 0.1), (0.3, 0.4))
    drag(editor, (0.2, 0.2), (0.6, 0.4))
    drag(editor, (0.7, 0.6), (0.9, 0.9))
    QTest.mouseClick(editor.save, Qt.MouseButton.LeftButton)
    assert until(lambda: any(isinstance(c, SetMasks) for c in seat.done))
    act = next(c for c in seat.done if isinstance(c, SetMasks))
    assert (act.camera_id, act.reason) == (camera, "遮挡民居")
    assert near([v for point in act.masks[0] for v in point], [0.5, 0.3, 0.7, 0.3, 0.9, 0.9, 0.5, 0.6])
    assert until(lambda: not editor.isVisible() and tile.masked)
    assert until(lambda: lightness(tile, 0.6, 0.4) < 160)
    assert lightness(tile, 0.2, 0.2) > 240
    editor = editor_on(desk)
    assert len(editor.canvas.masks) == 1, "as they were kept"
    QTest.mouseClick(editor.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place(editor, 0.6, 0.4))
    QTest.keyClick(editor.canvas, Qt.Key.Key_Delete)
    assert (editor.canvas.masks, editor.save.isEnabled()) == ([], True)
    QTest.keyClick(editor.canvas, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert until(lambda: seat.mask_rows.get(camera) == () and not tile.masked)
    assert board.grid.hasFocus()


def test_all_of_it_by_keys(desk: DeskWindow, seat: FakeSeat):
    editor = editor_on(desk)
    canvas = editor.canvas
    assert canvas.hasFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Insert)
    QTest.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert near([v for point in canvas.masks[0] for v in point], [0.3, 0.35, 0.6, 0.35, 0.6, 0.66, 0.3, 0.66])
    QTest.keyClick(canvas, Qt.Key.Key_Insert)
    QTest.keyClick(canvas, Qt.Key.Key_PageDown)
    assert canvas.chosen == 0
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(canvas.masks) == 2
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert until(lambda: not editor.isVisible())
    assert not [c for c in seat.done if isinstance(c, SetMasks)], "left without keeping"
    assert "未改动" in desk.body.banner.label.text()


def test_a_polygon_corner_by_corner(desk: DeskWindow, seat: FakeSeat):
    editor = editor_on(desk)
    editor.points.click()
    for point in ((0.2, 0.2), (0.8, 0.3), (0.5, 0.9)):
        QTest.mouseClick(editor.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                         place(editor, *point))
    assert editor.canvas.drawing
    assert editor.canvas.masks == []
    QTest.keyClick(editor.canvas, Qt.Key.Key_Return)
    assert near([v for point in editor.canvas.masks[0] for v in point], [0.2, 0.2, 0.8, 0.3, 0.5, 0.9])
    QTest.mouseClick(editor.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place(editor, 0.1, 0.1))
    QTest.keyClick(editor.canvas, Qt.Key.Key_Escape)
    assert editor.isVisible(), "first the half drawn one goes"
    assert len(editor.canvas.masks) == 1
    editor.leave()


@pytest.mark.parametrize("why", ["role", "visitors"])
def test_who_may_not_is_told_why(desk: DeskWindow, bridge: Bridge, seat: FakeSeat, why: str):
    board = desk.body.board_
    if why == "role":
        assert bridge.facts is not None
        bridge.facts = replace(bridge.facts, operator=DISPATCHER)
    else:
        board.toggle_visitors()
        assert until(lambda: board.grid.tiles[0].visitors)
    words = "仅限" if why == "role" else "参观模式"
    board.menus.edit_masks()
    assert words in desk.body.banner.label.text()
    assert not board.menus.masks.isVisible()
    menu = QMenu()
    board.menus.fill_tile(menu, board.grid.tiles[0])
    action = next(a for a in menu.actions() if a.text().startswith("隐私遮挡"))
    assert (action.isEnabled(), words in action.text()) == (False, True)
    menu.deleteLater()


def test_visitors_who_come_in_close_it(desk: DeskWindow, seat: FakeSeat):
    editor = editor_on(desk)
    desk.body.board_.toggle_visitors()
    assert until(lambda: not editor.isVisible())
    assert editor.canvas._image is None


def test_what_is_covered_elsewhere_meanwhile_is_drawn_in_and_not_uncovered_by_saving(desk: DeskWindow, seat: FakeSeat):
    camera = next(iter(seat.camera_rows))
    theirs = (0.7, 0.7), (0.9, 0.7), (0.9, 0.9)
    editor = editor_on(desk)
    seat.set_masks(camera, theirs)
    assert until(lambda: editor.canvas.masks == [theirs])
    assert not editor.changed, "nothing was drawn here"
    drag(editor, (0.1, 0.1), (0.3, 0.4))
    later = (0.5, 0.7), (0.6, 0.7), (0.6, 0.9)
    seat.set_masks(camera, theirs, later)
    assert until(lambda: len(editor.canvas.masks) == 3)
    assert "已在别处更改" in desk.body.banner.label.text()
    editor.undo.click()
    assert editor.canvas.masks == [theirs, later], "taking a step of mine back uncovers nothing of theirs"
    drag(editor, (0.1, 0.1), (0.3, 0.4))
    QTest.mouseClick(editor.save, Qt.MouseButton.LeftButton)
    assert until(lambda: len(seat.masks(camera)) == 3 and not editor.isVisible())


def test_a_double_click_on_save_keeps_them_once(desk: DeskWindow, seat: FakeSeat):
    editor = editor_on(desk)
    drag(editor, (0.1, 0.1), (0.3, 0.4))
    editor.save.click()
    editor.save.click()
    assert until(lambda: not editor.isVisible())
    board = desk.body.board_
    assert until(lambda: board.grid.tiles[0].masked)
    assert len([c for c in seat.done if isinstance(c, SetMasks)]) == 1


def test_its_key_once_more_keeps_what_is_drawn(desk: DeskWindow, bridge: Bridge):
    editor = editor_on(desk)
    drag(editor, (0.1, 0.1), (0.3, 0.4))
    desk.body.board_.menus.edit_masks()
    settle(bridge)
    assert len(editor.canvas.masks) == 1
    assert editor.canvas.hasFocus()
    editor.leave()
