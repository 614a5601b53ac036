"""What goes on goes on on the screen: distances, pinned cards, forces that become free; and no false alarm."""
from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.domain.faults import KnownFault, Message
from app.services.changes import Changes
from tests.widgets.desk_stage import desk_on, made_seat, one
from tests.widgets.room_stage import settle, until
from widgets.map import view as map_view
from widgets.map.layers import Hit
from widgets.screens import desk_status

pytestmark = pytest.mark.usefixtures("qtbot")


def test_distances_of_its_forces_follow_their_positions_at_most_every_two_seconds() -> None:
    seat = made_seat()
    with desk_on(seat) as body:
        body.incident._moved.setInterval(80)
        body.select(one(seat, "en_route"))
        settle(body.bridge)
        assert body.incident.view is not None
        assert body.incident.view.assignments
        read, metres = seat.incident, [4_000.0]
        asked: list[str] = []

        def moved(incident_id: str) -> object:
            asked.append(incident_id)
            view = read(incident_id)
            return replace(view, assignments=tuple(replace(a, distance_m=metres[0], position_at=seat.now)
                                                   for a in view.assignments))

        seat.incident = moved  # type: ignore[method-assign, assignment]
        told: list[object] = []
        body.incident.view_changed.connect(told.append)
        for _ in range(8):
            body.bridge.changed.emit(Changes(positions=True))
        assert until(lambda: any("4.0 km" in row[3].text() for row in body.incident.assignments._rows))
        settle(body.bridge)
        assert len(asked) == 1, "once for all of them"
        assert told == [], "the panels beside it have nothing new"
        metres[0] = 300.0
        body.bridge.changed.emit(Changes(positions=True))
        assert until(lambda: any("300 m" in row[3].text() for row in body.incident.assignments._rows))


def test_the_preview_of_an_order_follows_positions(monkeypatch: pytest.MonkeyPatch) -> None:
    seat = made_seat()
    with desk_on(seat) as body:
        body.talk._moved.setInterval(30)
        body.select(one(seat, "registered"))
        settle(body.bridge)
        unit = next(u for u in body.map.feed.units.values() if u.lon is not None)
        body.command.begin(f"assign {unit.call_sign}")
        settle(body.bridge)
        metres = [1_234.0]
        monkeypatch.setattr(body.map, "distances", lambda _lon, _lat: {unit.id: (metres[0], None)})
        monkeypatch.setattr(seat, "recommend", lambda _i: (_ for _ in ()).throw(KnownFault(Message("locked"))))
        body.bridge.changed.emit(Changes(positions=True))
        assert until(lambda: "1,234 m" in body.command.preview.text())
        metres[0] = 888.0
        body.bridge.changed.emit(Changes(positions=True))
        assert until(lambda: "888 m" in body.command.preview.text())
        settle(body.bridge)


def test_a_pinned_card_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_view, "PINNED_CARD_MS", 30)
    with desk_on(made_seat()) as body:
        settle(body.bridge)
        view, age = body.map.view, [10]
        view.card_provider = lambda _kind, _id: [("", "Force 1"), ("Position", f"{age[0]} s ago")]

        def words() -> list[str]:
            return [label.text() for label in view._card.findChildren(QLabel)]

        view.show_card(Hit("unit", "u1"), QPoint(50, 50))
        assert "10 s ago" in words()
        age[0] = 11
        assert until(lambda: "11 s ago" in words())
        view.hide_cards()
        assert not view._pinned_timer.isActive()


def test_a_force_that_becomes_free_is_announced_while_only_free_ones_are_shown() -> None:
    seat = made_seat()
    with desk_on(seat) as body:
        board = body.units
        body.orders.focus("units")
        settle(body.bridge)
        board.statuses["free"].click()
        shown = board.model.rowCount()
        going = next(u for u in board.model._units.values() if u.status == "going")
        read = seat.units
        seat.units = lambda ids=None: [replace(u, status="free") if u.id == going.id else u  # type: ignore[method-assign]
                                       for u in read(ids)]
        body.bridge.changed.emit(Changes(units=frozenset({going.id})))
        assert until(board.more.isVisible)
        assert "1" in board.more.text()
        assert board.model.rowCount() == shown, "nothing moves under the hand"
        board.more.click()
        assert board.model.row_of(going.id) is not None
        assert not board.more.isVisible()


def test_a_hidden_unit_board_reads_nothing_and_is_fresh_when_it_is_shown() -> None:
    seat = made_seat()
    with desk_on(seat) as body:
        settle(body.bridge)
        board = body.units
        asked: list[object] = []
        board._bridge = _Counting(board._bridge, asked)  # type: ignore[assignment]
        for _ in range(5):
            body.bridge.changed.emit(Changes(positions=True, units=frozenset({"u0001"})))
            QTest.qWait(20)
        QTest.qWait(board._pause.interval() + 50)
        assert asked == []
        body.orders.focus("units")
        assert len(asked) == 1
        settle(body.bridge)


def test_a_hidden_video_board_reads_no_cameras_and_a_shown_one_reads_those_that_changed() -> None:
    seat = made_seat()
    with desk_on(seat) as body:
        settle(body.bridge)
        board = body.board_
        mine: list[object] = []
        board.known._bridge = _Counting(board.known._bridge, mine)  # type: ignore[assignment]
        changed = next(iter(seat.camera_rows))
        for _ in range(3):
            body.bridge.changed.emit(Changes(cameras=frozenset({changed})))
            settle(body.bridge)
        assert mine == []
        body.video.open_board()
        settle(body.bridge)
        assert len(mine) == 1
        seat.camera_rows[changed] = replace(seat.camera_rows[changed], state="offline")
        body.bridge.changed.emit(Changes(cameras=frozenset({changed})))
        assert until(lambda: board.rows[changed].state == "offline")
        settle(body.bridge)
        assert len(mine) == 2


class _Counting:
    """A bridge that notes who asks."""

    def __init__(self, bridge: object, asked: list[object]) -> None:
        self._bridge, self._asked = bridge, asked

    def __getattr__(self, name: str) -> object:
        if name in ("ask", "act"):
            self._asked.append(name)
        return getattr(self._bridge, name)


def test_numbers_are_not_old_because_the_demo_runs_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    with desk_on(made_seat(open_=10)) as body:
        assert until(lambda: body.facts is not None)
        settle(body.bridge)
        body.facts_feed.stop()
        seconds = [1_000.0]
        monkeypatch.setattr(desk_status, "perf_counter", lambda: seconds[0])
        assert body.facts is not None
        status = body.facts.status
        body.status.show_status(status, status.as_of)
        seconds[0] += 1.0
        body.status.tick(status.as_of + 60.0)
        assert body.status.fresh.isHidden()
        seconds[0] += 20.0
        body.status.tick(status.as_of + 1_260.0)
        assert not body.status.fresh.isHidden()
        assert "21 s" in body.status.fresh.text()


def test_that_there_is_no_recommendation_goes_with_the_next_good_one() -> None:
    seat = made_seat()
    with desk_on(seat) as body:
        body.select(one(seat, "registered"))
        settle(body.bridge)
        read = seat.recommend

        def broken(_incident: str) -> object:
            raise KnownFault(Message("locked"))

        seat.recommend = broken  # type: ignore[method-assign, assignment]
        body.recommend.reload()
        assert until(lambda: "locked" in body.recommend._state.text())
        seat.recommend = read  # type: ignore[method-assign]
        body.recommend.reload()
        assert until(lambda: "locked" not in body.recommend._state.text())
