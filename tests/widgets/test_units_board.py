"""The unit board: 1,000 forces, filters, ages, orders; and the fields' type-ahead; and the log-in."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.faults import Message, Refused
from app.services.commands import Act, Position, ReportPositions, SetUnitDuty
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.room_stage import key, keys, settle, shown, stage, until
from widgets.bridge import Bridge
from widgets.forms.field import ChoiceField, NumberField, TimeField
from widgets.forms.matching import Choice, matches, sounds
from widgets.forms.pickers import PointField
from widgets.incident import RecommendPanel
from widgets.login import LoginPanel
from widgets.theme import Step, language, px
from widgets.theme.fonts import font
from widgets.units import UnitBoard
from widgets.units.model import AGE, DUTY, KIND, LOAD, SKILLS, STATUS, STATUSES


@pytest.fixture
def seat() -> FakeSeat:
    return FakeSeat(operator=SUPERVISOR, open_=60, ended=0, units=1_000, cameras=0, components=0)


@pytest.fixture
def bridge(qtbot: QtBot, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat) as made:
        yield made


@pytest.fixture
def board(bridge: Bridge, seat: FakeSeat) -> UnitBoard:
    made = UnitBoard(bridge, seat.clock)
    shown(made, 900, 500)
    assert until(lambda: made.model.total == 1_000)
    return made


def test_counts_agree_with_the_status_of_the_seat(board: UnitBoard, seat: FakeSeat) -> None:
    status = seat.status()
    assert board.model.counts() == {s: status.units.get(s, 0) for s in STATUSES}
    assert board.statuses[""].text() == "all 1000"
    assert board.statuses["free"].text() == f"free {status.units['free']}"


def test_skills_are_listed_as_the_readers_language_lists(board: UnitBoard, seat: FakeSeat,
                                                                 qapp: QApplication) -> None:
    unit = replace(next(iter(seat.unit_rows.values())), skills=("a", "b"))
    assert board.model.text(unit, SKILLS) == "a, b"
    language.use(qapp, "zh_CN")
    assert board.model.text(unit, SKILLS) == "a、b"


def test_filters_narrow_by_status_kind_team_area_and_pinyin(board: UnitBoard, seat: FakeSeat) -> None:
    board.statuses["on_scene"].click()
    assert board.model.rowCount() == seat.status().units["on_scene"]
    board.statuses[""].click()
    board.search.setFocus()
    keys("xld")
    assert 0 < board.model.rowCount() < 1_000
    unit = board.model.unit(0)
    assert unit is not None
    assert "巡逻队" in unit.name
    board.search.clear()
    board.kind.setCurrentIndex(1)
    wanted = board.kind.currentData()
    assert board.model.rowCount() == sum(1 for u in seat.unit_rows.values() if u.kind == wanted)
    board.kind.setCurrentIndex(0)
    board.area.setCurrentIndex(1)
    assert board.model.rowCount() < 1_000


def test_an_old_position_is_marked_and_never_counts_as_known(board: UnitBoard, seat: FakeSeat) -> None:
    unit = next(iter(seat.unit_rows.values()))
    old = replace(unit, position_at=seat.now - 901)
    assert board.model.stale(old)
    assert board.model.text(old, AGE) == "? 15 min"
    assert board.model.text(replace(unit, position_at=None), AGE) == "? no position"
    assert board.model.text(replace(unit, position_at=seat.now - 7), AGE) == "7 s"


def test_enter_gives_the_order_for_the_selected_incident(board: UnitBoard, bridge: Bridge, seat: FakeSeat) -> None:
    board.statuses["free"].click()
    board.table.setFocus()
    board.table.selectRow(0)
    key(Qt.Key.Key_Return)
    settle(bridge)
    assert not [c for c in seat.done if isinstance(c, Act)]
    row = next(r for r in seat.queue() if r.phase == "registered" and not r.flags & 1)
    board.set_incident(row.id, row.number)
    assigned: list[tuple[str, str]] = []
    board.assigned.connect(lambda i, u: assigned.append((i, u)))
    unit = board.selected()
    key(Qt.Key.Key_Return)
    assert until(lambda: bool(assigned))
    assert assigned == [(row.id, unit)]
    changed = board.model.row_of(unit or "")
    assert changed is not None
    assert until(lambda: board.model.data(board.model.index(changed, LOAD)) == str(seat.unit_rows[unit or ""].load))


def test_space_and_a_double_click_show_the_place(board: UnitBoard) -> None:
    gone: list[str] = []
    board.unit_activated.connect(gone.append)
    board.table.setFocus()
    board.table.selectRow(3)
    key(Qt.Key.Key_Space)
    spot = board.table.visualRect(board.model.index(5, 1)).center()
    QTest.mouseClick(board.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    QTest.mouseDClick(board.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    QTest.mouseRelease(board.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    third, fifth = board.model.unit(3), board.model.unit(5)
    assert third is not None
    assert fifth is not None
    assert gone == [third.id, fifth.id]


def test_rows_are_rewritten_where_they_stand(board: UnitBoard, bridge: Bridge, seat: FakeSeat) -> None:
    resets: list[int] = []
    board.model.modelReset.connect(lambda: resets.append(1))
    unit = board.model.unit(2)
    assert unit is not None
    board.table.selectRow(2)
    seat.do(SetUnitDuty(unit.id, False))
    assert until(lambda: (u := board.model.unit(2)) is not None and u.status == "off")
    assert board.selected() == unit.id
    assert not resets


def test_a_thousand_moves_cost_one_repaint(board: UnitBoard, bridge: Bridge, seat: FakeSeat,
                                           figure: Callable[[str], None]) -> None:
    told: list[QModelIndex] = []
    board._tick.stop()
    board.model.dataChanged.connect(lambda first, _last: told.append(first))
    seat.do(ReportPositions(tuple(Position(u, 117.0, 30.5, seat.now) for u in seat.unit_rows)))
    assert until(lambda: bool(told), 3_000)
    settle(bridge)
    assert len(told) <= 2
    began = time.perf_counter()
    board.model.arrange()
    took_ms = 1000 * (time.perf_counter() - began)
    figure(f"unit board: 1,000 rows arranged in {took_ms:.1f} ms")
    assert took_ms < 500


def test_an_empty_district_says_what_to_do(qtbot: QtBot) -> None:
    empty = FakeSeat.empty()
    with stage(empty) as bridge:
        board = UnitBoard(bridge, empty.clock)
        shown(board, 700, 300)
        settle(bridge)
        assert "Import units" in board._state.text()


def test_recommended_forces_come_with_reasons_and_enter_assigns(bridge: Bridge, seat: FakeSeat) -> None:
    panel = RecommendPanel(bridge, seat.clock)
    shown(panel, 380, 320)
    row = next(r for r in seat.queue() if r.phase == "registered" and not r.flags & 1)
    panel.show_view(seat.incident(row.id))
    assert until(lambda: panel.model.rowCount() > 0)
    first = panel.model.line(0)
    assert first is not None
    assert first.figures
    assert first.reasons
    hovered: list[str] = []
    panel.unit_hovered.connect(hovered.append)
    QTest.mouseMove(panel.list.viewport(), panel.list.visualRect(panel.model.index(1)).center())
    assert until(lambda: bool(hovered))
    panel.list.setFocus()
    seat.fail_next = Refused(Message("it was taken a moment ago"))
    key(Qt.Key.Key_Return)
    assert until(lambda: "a moment ago" in panel._state.text())
    key(Qt.Key.Key_Return)
    settle(bridge)
    act = next(c for c in seat.done if isinstance(c, Act))
    assert (act.verb, act.params["unit"], act.params["part"]) == ("assign", first.unit.id, "lead")
    panel.show_view(seat.incident(row.id))
    assert panel.part() == "help"


def test_type_ahead_finds_by_label_code_pinyin_and_full_width_letters() -> None:
    choices = [Choice("0401", "电动自行车起火", ("E-bike on fire",)), Choice("0402", "燃气异味", ("Smell of gas",)),
               Choice("0101", "暴露垃圾", ("Exposed garbage",)), Choice("0403", "II级积水")]
    for typed, wanted in (("ddz", "0401"), ("ｒｑ", "0402"), ("ranqi", "0402"), ("gas", "0402"), ("0101", "0101"),
                          ("垃圾", "0101"), ("exp", "0101"), ("fire", "0401")):
        assert next(c.code for c in matches(typed, choices)) == wanted, typed
    assert not matches("qqq", choices)
    assert len(matches("", choices)) == 4
    assert sounds("") == ("", "")


def test_fields_read_what_people_type(qtbot: QtBot) -> None:
    point = PointField()
    for text, value in (("117.05, 30.5", (117.05, 30.5)), ("117.05，30.5", (117.05, 30.5)),
                        ("１１７ 30.5", (117.0, 30.5)),
                        ("0,0", None), ("200, 10", None), ("x", None), ("1e999, 2", None), ("nan, 3", None)):
        point.restore(text)
        assert point.value() == value, text
    at = TimeField(lambda: datetime(2026, 11, 23, 16, 30, tzinfo=UTC), "Asia/Shanghai")
    for text, hour_utc in (("23:50", "2026-11-23 15:50"), ("00:40", "2026-11-23 16:40"),
                           ("11-20 08:00", "2026-11-20 00:00")):
        at.restore(text)
        read = at.value()
        assert isinstance(read, float)
        assert datetime.fromtimestamp(read, UTC).strftime("%Y-%m-%d %H:%M") == hour_utc, text
    at.restore("25:00")
    assert at.problem()
    number = NumberField(1, 100)
    number.restore("0")
    assert number.problem()
    choice = ChoiceField([Choice("a", "A"), Choice("b", "B")])
    for widget in (point, at, number, choice):
        qtbot.addWidget(widget)
    shown(choice, 200, 40)
    choice.setFocus()
    key("2")
    assert choice.value() == "b"
    key(Qt.Key.Key_Right)
    assert choice.value() == "a"


def test_the_log_in_slows_guessing_and_forgets_the_password(qtbot: QtBot) -> None:
    tries: list[tuple[str, str]] = []

    def open_seat(name: str, password: str, done: Callable[[], None], failed: Callable[..., None]) -> None:
        tries.append((name, password))
        if password == "right":
            done()
        else:
            failed(Message("Name or password is wrong."))

    with stage(FakeSeat.empty()):
        panel = LoginPanel(open_seat, names=[("d02", "Dispatcher 02"), ("s01", "Supervisor 01")], centre="Centre")
        shown(panel, 400, 300)
        entered: list[str] = []
        panel.logged_in.connect(entered.append)
        panel.setFocus()
        keys("d02")
        key(Qt.Key.Key_Return)
        keys("wrong")
        key(Qt.Key.Key_Return)
        assert panel.password.text() == ""
        assert "Name or password is wrong." in panel.note
        assert panel.password.hasFocus()
        for _ in range(2):
            keys("wrong")
            key(Qt.Key.Key_Return)
        assert len(tries) == 3
        keys("right")
        key(Qt.Key.Key_Return)
        assert len(tries) == 3, "the fourth try has to wait"
        panel._left_s = 1
        panel._on_second()
        key(Qt.Key.Key_Return)
        assert tries[-1] == ("d02", "right")
        assert entered == ["d02"]


def test_nobody_is_recommended_for_an_incident_that_has_ended(bridge: Bridge, seat: FakeSeat) -> None:
    panel = RecommendPanel(bridge, seat.clock)
    shown(panel, 380, 500)
    view = seat.incident(next(r.id for r in seat.rows.values() if r.phase == "registered"))
    panel.show_view(view)
    settle(bridge)
    assert panel.model.rowCount() > 0
    panel.show_view(replace(view, row=view.row._replace(phase="merged")))
    panel.reload()
    settle(bridge)
    assert panel.model.rowCount() == 0
    assert "ended" in panel._state.text() or "结束" in panel._state.text()


@pytest.mark.parametrize("width", [480, 720, 900, 1300])
def test_titles_and_words_of_narrow_columns_are_never_cut(board: UnitBoard, width: int) -> None:
    board.resize(width, 500)
    QTest.qWait(10)
    metrics, header = QFontMetrics(font(Step.BODY)), board.table.horizontalHeader().fontMetrics()
    for column in (STATUS, KIND, LOAD, DUTY):
        if board.table.isColumnHidden(column):
            continue
        room = board.table.columnWidth(column) - px(12)
        title = str(board.model.headerData(column, Qt.Orientation.Horizontal))
        assert header.horizontalAdvance(title) <= room, title
        unit_rows = [board.model.unit(i) for i in range(board.model.rowCount())]
        for word in {board.model.text(u, column) for u in unit_rows if u is not None}:
            assert metrics.horizontalAdvance(word) + (px(18) if column == STATUS else 0) <= room, word
    used = sum(board.table.columnWidth(c) for c in range(9) if not board.table.isColumnHidden(c))
    assert used <= board.table.viewport().width()


def test_a_force_of_unknown_state_is_counted_and_marked(board: UnitBoard, bridge: Bridge, seat: FakeSeat) -> None:
    ident, unit = next(iter(seat.unit_rows.items()))
    seat.unit_rows[ident] = replace(unit, status="unknown", position_at=seat.now - 960)
    board.reload()
    settle(bridge)
    counts = board.model.counts()
    assert counts["unknown"] == seat.status().units["unknown"] >= 1
    assert sum(counts.values()) == sum(seat.status().units.values())
    assert board.statuses["unknown"].text() == f"unknown {counts['unknown']}"
    board.select_unit(ident)
    row = board.model.row_of(ident)
    assert row is not None
    assert board.model.text(seat.unit_rows[ident], AGE) == "? 16 min"
    box = board.table.visualRect(board.model.index(row, STATUS))
    with_mark = board.table.viewport().grab(box).toImage()
    inks = {with_mark.pixelColor(x, y).name() for x in range(4, 24) for y in range(4, box.height() - 4)}
    assert len(inks) > 4
