"""Who is on duty, on the desk: by its key, by the command line, from the top bar; the wall says the same."""
from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.services.changes import Changes
from app.services.commands import HandOver
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.desk_stage import body_of, opened
from tests.widgets.room_stage import key, keys, stage, until
from widgets.bridge import Bridge
from widgets.screens.desk import DeskWindow


@pytest.fixture
def seat() -> FakeSeat:
    return FakeSeat(operator=SUPERVISOR, open_=8, ended=1, units=6, cameras=3, components=1)


@pytest.fixture
def bridge(qtbot: QtBot, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat, "zh_CN") as made:
        yield made


@pytest.fixture
def desk(bridge: Bridge) -> Iterator[DeskWindow]:
    window = opened(bridge)
    yield window
    window.close()


def test_a_key_shows_who_is_on_duty_in_place_of_the_queue_and_back(desk: DeskWindow) -> None:
    body = body_of(desk)
    key(Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert body.left.currentWidget() is body.panes["duty"]
    focused = QApplication.focusWidget()
    assert focused is not None
    assert body.duty.isAncestorOf(focused)
    key(Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert body.left.currentWidget() is body.panes["queue"]
    QTest.mouseClick(body.top.duty, Qt.MouseButton.LeftButton)
    assert body.left.currentWidget() is body.panes["duty"]


@pytest.mark.parametrize("by", ["交班", "handover", "Ctrl+F3"])
def test_a_shift_is_handed_over_by_the_keyboard_alone(desk: DeskWindow, seat: FakeSeat, by: str) -> None:
    body = body_of(desk)
    if by == "Ctrl+F3":
        key(Qt.Key.Key_F3, Qt.KeyboardModifier.ControlModifier)
    else:
        keys("/")
        body.command.field.setText(by)
        key(Qt.Key.Key_Return)
    assert until(lambda: body.duty.form is not None)
    assert until(lambda: body.duty.form.note.edit.hasFocus())
    keys("all well")
    key(Qt.Key.Key_Return)
    assert until(lambda: body.duty.form is None)
    assert [c.note for c in seat.done if isinstance(c, HandOver)] == ["all well"]


def test_the_bar_says_who_has_not_signed_in(desk: DeskWindow, seat: FakeSeat) -> None:
    assert seat.duty_view is not None
    seat.duty_view = dataclasses.replace(seat.duty_view, leader_in=False)
    seat._changes = Changes(duty=True)
    assert until(lambda: "带班领导 01（未签到）" in body_of(desk).top.duty.text())
    assert "值班长 01（未签到）" not in body_of(desk).top.duty.text()
