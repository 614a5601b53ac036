"""The finder of incidents and places: it takes only what answers the text as it stands."""
from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.services.views import Hit
from tests.fakes.fake_seat import FakeSeat
from tests.widgets.room_stage import key, keys, shown, stage, until
from widgets.bridge import Bridge
from widgets.forms.pickers import SearchField


class SlowSeat(FakeSeat):
    """Answers a search when the test lets it."""

    def __init__(self) -> None:
        super().__init__(open_=0, ended=0, units=0, cameras=0, components=0)
        self.gate = threading.Event()
        self.gate.set()

    def find(self, text: str, limit: int = 20) -> list[Hit]:
        self.gate.wait(5)
        return [Hit("incident", f"id {text}", f"1123-{text}", "", None, None)]


@pytest.fixture
def seat() -> SlowSeat:
    return SlowSeat()


@pytest.fixture
def bridge(qtbot: QtBot, seat: SlowSeat) -> Iterator[Bridge]:
    with stage(seat) as made:
        yield made
        seat.gate.set()


@pytest.fixture
def field(bridge: Bridge) -> Iterator[SearchField]:
    window = QWidget()
    made = SearchField(bridge, ("incident",), window)
    layout = QVBoxLayout(window)
    layout.addWidget(made)
    layout.addWidget(QLineEdit(window))
    shown(window, 400, 300)
    made.setFocus()
    keys("0100")
    assert until(made.list.isVisible)
    yield made
    window.close()


def retyped(field: SearchField, seat: SlowSeat) -> None:
    seat.gate.clear()
    key(Qt.Key.Key_Backspace)
    keys("6")
    assert not field.list.isVisible(), "hits of an older text are none of this one"


def test_enter_waits_for_the_answer_to_what_is_typed(field: SearchField, seat: SlowSeat) -> None:
    submitted: list[int] = []
    field.submitted.connect(lambda: submitted.append(1))
    retyped(field, seat)
    key(Qt.Key.Key_Return)
    assert field.value() is None
    assert "0106" in field.problem()
    seat.gate.set()
    assert until(lambda: field.value() == "id 0106")
    assert not submitted
    key(Qt.Key.Key_Return)
    assert submitted


def test_tab_takes_the_answer_to_what_was_typed_when_it_comes(field: SearchField, seat: SlowSeat) -> None:
    retyped(field, seat)
    key(Qt.Key.Key_Tab)
    assert not field.edit.hasFocus()
    assert field.value() is None
    seat.gate.set()
    assert until(lambda: field.value() == "id 0106")
    assert field.edit.text() == "1123-0106"


def test_typing_on_takes_nothing_by_itself(field: SearchField, seat: SlowSeat) -> None:
    retyped(field, seat)
    key(Qt.Key.Key_Return)
    keys("2")
    seat.gate.set()
    assert until(field.list.isVisible)
    assert field.value() is None
    key(Qt.Key.Key_Return)
    assert field.value() == "id 01062"
