"""Panes in front, behind and away: what nobody sees does not run, what is away is said, tabs stay where they were."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QRect
from PySide6.QtTest import QTest

from app.services.changes import Changes
from tests.widgets.desk_stage import desk_on, made_seat, views
from tests.widgets.room_stage import settle, until

pytestmark = pytest.mark.usefixtures("qtbot")


def test_a_board_that_comes_back_behind_the_queue_is_not_seen_and_not_recorded(tmp_path: Path) -> None:
    seat = made_seat()
    still = tmp_path / "still.png"
    Image.new("RGB", (64, 36)).save(still)
    seat.camera_rows = {k: replace(c, source=str(still), state="online") for k, c in seat.camera_rows.items()}
    with desk_on(seat) as body:
        board = body.board_
        body.video.open_board()
        assert until(lambda: bool(board.rows))
        board.add_camera(next(iter(board.rows)))
        settle(body.bridge)
        board.reason.say_reason("check")
        assert until(lambda: [v.ended for v in views(seat)] == [False])
        body.orders.focus("queue")
        assert until(lambda: [v.ended for v in views(seat)] == [False, True])
        body.video.toggle_full()
        assert until(lambda: [v.ended for v in views(seat)] == [False, True, False])
        body.video.toggle_full()
        assert body.left.currentWidget() is body.panes["queue"]
        assert body.queue.isVisible()
        assert not board.isVisible()
        assert until(lambda: views(seat)[-1].ended)


def test_the_board_comes_back_from_the_whole_screen_to_where_it_was() -> None:
    with desk_on(made_seat()) as body:
        body.video.open_board()
        body.video.toggle_full()
        assert body.queue.isVisible(), "the queue has its place while the board is away"
        body.video.toggle_full()
        assert body.board_.isVisible()
        assert body.left.currentWidget() is body.panes["video"]


def test_where_a_torn_queue_was_stands_that_it_is_away_and_how_it_comes_back() -> None:
    with desk_on(made_seat()) as body:
        pane = body.panes["queue"]
        pane.tear(QRect(50, 50, 600, 400))
        QTest.qWait(20)
        face = pane._face
        assert face is not None
        assert face.isVisible()
        assert "Queue" in face.text.text()
        body.orders.focus("units")
        assert not face.isVisible()
        body.orders.toggle_units()
        assert face.isVisible()
        face.back.click()
        assert not pane.torn
        assert body.queue.isVisible()
        assert body.queue.view.isVisible()


def test_keys_go_to_what_is_shown_in_place_of_the_queue() -> None:
    with desk_on(made_seat()) as body:
        body.orders.focus("units")
        body.command.begin()
        body.command.left.emit()
        assert body.units.isAncestorOf(body.desk.focusWidget())


def test_a_docked_tab_stays_behind_the_one_in_front() -> None:
    with desk_on(made_seat()) as body:
        assert body.side.low
        body.side.show_pane("cameras")
        pane = body.panes["timeline"]
        pane.tear()
        pane.dock()
        assert body.cameras.isVisible()
        assert not body.timeline.isVisible()
        body.side.show_pane("timeline")
        assert body.timeline.isVisible()


def test_the_tab_jumps_to_the_cameras_once_for_an_incident_not_at_each_change_of_it() -> None:
    seat = made_seat()
    with desk_on(seat) as body:
        assert body.side.low
        grave = [r.id for r in body.queue.model.index_.rows if r.level <= 2]
        body.select(grave[0])
        settle(body.bridge)
        tabs = body.side.tabs
        assert tabs.currentWidget() is body.panes["cameras"]
        body.side.show_pane("timeline")
        body.bridge.changed.emit(Changes(incidents=frozenset({grave[0]})))
        settle(body.bridge)
        assert tabs.currentWidget() is body.panes["timeline"]
        body.select(grave[1])
        settle(body.bridge)
        assert tabs.currentWidget() is body.panes["cameras"]


def test_messages_above_a_column_do_not_turn_its_panes_into_tabs() -> None:
    with desk_on(made_seat(), size=(1920, 1080)) as body:
        assert not body.side.low
        body.banner.trouble("The store cannot be read.")
        body.banner.bad("Not done.")
        assert until(lambda: body.banner.label.isVisible())
        QTest.qWait(30)
        assert not body.side.low
        body.desk.resize(1920, 800)
        assert until(lambda: bool(body.side.low))
