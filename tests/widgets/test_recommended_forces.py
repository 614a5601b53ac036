"""Recommended forces: what is selected is whom the operator picked, or nobody."""
from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.faults import KnownFault, Message
from app.services.commands import Act
from app.services.views import Candidate, Recommendation
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.room_stage import key, settle, shown, stage, until
from widgets.bridge import Bridge
from widgets.incident import RecommendPanel


class Choosing(FakeSeat):
    """Recommends all forces but those that the test takes away."""

    def __init__(self) -> None:
        super().__init__(operator=SUPERVISOR, open_=10, ended=0, units=6, cameras=0, components=0)
        self.out: set[str] = set()
        self.asked = 0
        self.broken = False

    def recommend(self, incident_id: str) -> Recommendation:
        self.asked += 1
        if self.broken:
            raise KnownFault(Message("The store is locked"))
        units = list(self.unit_rows.values())
        good = tuple(Candidate(u, 100.0 * n, 60.0, 10.0, True, True, float(n), ()) for n, u in enumerate(units)
                     if u.id not in self.out)
        return Recommendation(incident_id, good, tuple((u, Message("it is off duty")) for u in units
                                                       if u.id in self.out))

    @property
    def assigned(self) -> list[object]:
        return [c.params["unit"] for c in self.done if isinstance(c, Act) and c.verb == "assign"]


@pytest.fixture
def seat() -> Choosing:
    return Choosing()


@pytest.fixture
def bridge(qtbot: QtBot, seat: Choosing) -> Iterator[Bridge]:
    with stage(seat) as made:
        yield made


@pytest.fixture
def panel(bridge: Bridge, seat: Choosing) -> RecommendPanel:
    made = RecommendPanel(bridge, seat.clock)
    shown(made, 400, 500)
    made.show_incident(next(r.id for r in seat.queue() if r.phase == "registered"))
    settle(bridge)
    made.list.setFocus()
    assert made.model.rowCount() == 6
    return made


def again(panel: RecommendPanel, seat: Choosing, bridge: Bridge) -> None:
    asked = seat.asked
    panel.reload()
    assert until(lambda: seat.asked > asked)
    settle(bridge)


def unit(panel: RecommendPanel, row: int) -> str:
    line = panel.model.line(row)
    assert line is not None
    return line.unit.id


def test_when_the_picked_force_can_no_longer_go_enter_sends_nobody_else(panel: RecommendPanel, seat: Choosing,
                                                                       bridge: Bridge) -> None:
    key(Qt.Key.Key_Down)
    key(Qt.Key.Key_Down)
    picked = unit(panel, 2)
    seat.out = {picked}
    again(panel, seat, bridge)
    key(Qt.Key.Key_Return)
    settle(bridge)
    assert seat.assigned == []
    assert "it is off duty" in panel._state.text()
    assert not panel.list.currentIndex().isValid()
    again(panel, seat, bridge)
    key(Qt.Key.Key_Return)
    settle(bridge)
    assert seat.assigned == [], "nobody is picked for the operator afterwards either"
    key(Qt.Key.Key_Down)
    key(Qt.Key.Key_Return)
    assert until(lambda: seat.assigned == [unit(panel, 0)])


def test_rows_stand_still_while_keys_or_pointer_are_in_use(panel: RecommendPanel, seat: Choosing,
                                                          bridge: Bridge) -> None:
    key(Qt.Key.Key_Down)
    rows = [unit(panel, n) for n in range(6)]
    seat.out = {rows[0]}
    again(panel, seat, bridge)
    assert [unit(panel, n) for n in range(6)] == rows
    panel._rest.timeout.emit()
    assert [unit(panel, n) for n in range(5)] == rows[1:]
    assert panel._selected() == rows[1], "the picked one stays the picked one"


def test_a_double_click_sends_whom_it_hit(panel: RecommendPanel, seat: Choosing, bridge: Bridge) -> None:
    wanted = unit(panel, 1)
    at = panel.list.visualRect(panel.model.index(1)).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    seat.out = {unit(panel, 0)}
    again(panel, seat, bridge)
    QTest.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert until(lambda: seat.assigned == [wanted])


def test_what_could_not_be_read_is_said_only_until_it_is_read(panel: RecommendPanel, seat: Choosing,
                                                             bridge: Bridge) -> None:
    seat.broken = True
    again(panel, seat, bridge)
    assert "The store is locked" in panel._state.text()
    seat.broken = False
    again(panel, seat, bridge)
    assert panel._state.text() == ""
    assert dataclasses.is_dataclass(panel._answer)
