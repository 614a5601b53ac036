"""The field of the command line: typing, preview, completion, recall, confirmation, input methods."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, ValuesView
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.services.command_line import Scene
from app.services.views import QueueRow
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.room_stage import shown, stage
from widgets.command import CommandLine
from widgets.models.queue_index import QueueIndex

SEAT = FakeSeat(operator=SUPERVISOR, open_=40, ended=0, units=24, cameras=0, components=0)
OPEN = {r.id: r for r in SEAT.queue()}
WAITING = [r for r in OPEN.values() if r.phase == "registered" and not r.flags & 1]
SCENE = Scene(OPEN, SEAT.units(), SEAT.book, SUPERVISOR.roles, "zh_CN", WAITING[0].id)


def near(_incident: str) -> Mapping[str, tuple[float | None, float | None]]:
    return {"u0005": (640.0, 180.0)}


@pytest.fixture
def line(qtbot: QtBot) -> Iterator[CommandLine]:
    with stage(SEAT, "zh_CN"):
        made = CommandLine(lambda: SCENE, near)
        shown(made, 1200, 44)
        made.begin()
        yield made


def acted(line: CommandLine) -> list[tuple[str, str, object]]:
    heard: list[tuple[str, str, object]] = []
    line.acted.connect(lambda verb, incident, params: heard.append((verb, incident, params)))
    return heard


def typed(line: CommandLine, text: str) -> None:
    """As an input method commits it."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(line.field, event)
    line.field.textEdited.emit(line.field.text())
    QTest.qWait(60)


def test_the_preview_says_what_enter_does_before_it_does_it(line: CommandLine) -> None:
    heard = acted(line)
    other = WAITING[1].number[-4:]
    typed(line, f"派 {other} 抢险队1")
    assert f"→ {other}" in line.preview.text()
    assert "距 640 米，约 3 分" in line.preview.text()
    assert f"当前选中的是 {WAITING[0].number[-4:]}" in line.preview.text()
    assert heard == []
    QTest.keyClick(line.field, Qt.Key.Key_Return)
    assert heard == [("assign", WAITING[1].id, {"unit": "u0005"})]


@pytest.mark.parametrize("lead", ["/", "、", "／", ""])
def test_the_slash_of_any_keyboard_is_the_same(line: CommandLine, lead: str) -> None:
    heard = acted(line)
    typed(line, f"{lead}派抢险队1")
    QTest.keyClick(line.field, Qt.Key.Key_Return)
    assert [h[0] for h in heard] == ["assign"]


def test_a_refusal_is_said_and_the_line_stays(line: CommandLine) -> None:
    heard = acted(line)
    typed(line, "派 99999 抢险队1")
    QTest.keyClick(line.field, Qt.Key.Key_Return)
    assert heard == []
    assert "没有以 99999 结尾" in line.preview.text()
    assert line.field.text() == "派 99999 抢险队1"


def test_an_irreversible_act_wants_enter_twice_and_a_change_starts_anew(line: CommandLine) -> None:
    heard = acted(line)
    typed(line, "作废 重复上报")
    QTest.keyClick(line.field, Qt.Key.Key_Return)
    assert heard == []
    assert "不可撤销" in line.preview.text()
    typed(line, "了")
    QTest.keyClick(line.field, Qt.Key.Key_Return)
    assert heard == []
    QTest.keyClick(line.field, Qt.Key.Key_Return)
    assert [h[0] for h in heard] == ["void"]


def test_tab_walks_through_what_fits(line: CommandLine) -> None:
    typed(line, "派 qx")
    QTest.keyClick(line.field, Qt.Key.Key_Tab)
    assert line.field.text() == "派 抢险队 1 "
    QTest.keyClick(line.field, Qt.Key.Key_Tab)
    assert line.field.text() == "派 抢险队 2 "
    QTest.keyClick(line.field, Qt.Key.Key_Backtab)
    assert line.field.text() == "派 抢险队 1 "


def test_up_and_down_recall_lines_and_an_earlier_session(line: CommandLine) -> None:
    line.set_history(["去 0309"])
    typed(line, "派 抢险队1")
    QTest.keyClick(line.field, Qt.Key.Key_Return)
    line.done("ok")
    QTest.keyClick(line.field, Qt.Key.Key_Up)
    assert line.field.text() == "派 抢险队1"
    QTest.keyClick(line.field, Qt.Key.Key_Up)
    assert line.field.text() == "去 0309"
    QTest.keyClick(line.field, Qt.Key.Key_Down)
    QTest.keyClick(line.field, Qt.Key.Key_Down)
    assert line.field.text() == ""


def test_escape_leaves_and_clears(line: CommandLine, qtbot: QtBot) -> None:
    typed(line, "派")
    with qtbot.waitSignal(line.left):
        QTest.keyClick(line.field, Qt.Key.Key_Escape)
    assert line.field.text() == ""


def test_orders_of_the_desk_go_their_own_way(line: CommandLine) -> None:
    heard: list[tuple[str, object]] = []
    line.ordered.connect(lambda command, params: heard.append((command, params)))
    for text, command in (("主题 浅色", "theme"), ("筛选 井盖", "filter"), ("态势图", "map"), ("帮助", "help"),
                          (WAITING[0].number[-4:], "go")):
        typed(line, text)
        QTest.keyClick(line.field, Qt.Key.Key_Return)
        assert heard[-1][0] == command


def test_markup_in_a_name_is_shown_as_text(qtbot: QtBot) -> None:
    unit = replace(SEAT.unit_rows["u0005"], name="<b>队</b>")
    scene = replace(SCENE, units=[unit])
    with stage(SEAT, "zh_CN"):
        line = CommandLine(lambda: scene, lambda _i: {})
        shown(line, 1200, 44)
        line.begin("派 R01")
        QTest.qWait(60)
        assert line.preview.textFormat() == Qt.TextFormat.PlainText
        assert "<b>队</b>" in line.preview.text()


def test_tab_in_the_empty_line_shows_the_verbs_and_never_leaves_it(line: CommandLine) -> None:
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        line.field.clear()
        line.field.textEdited.emit("")
        QTest.keyClick(line.field, key)
        assert line.field.hasFocus()
        assert line.field.text() == ""
        assert line.preview.text().startswith("动词：")
    QTest.keyClick(line.field, Qt.Key.Key_Tab)
    assert line.field.hasFocus()
    assert line.field.text().strip() in line.preview.text() or line.field.text().strip()


def test_enter_twice_is_one_act_until_the_answer_came(line: CommandLine) -> None:
    heard = acted(line)
    typed(line, "note hello")
    for _ in range(3):
        QTest.keyClick(line.field, Qt.Key.Key_Return)
    assert [verb for verb, _i, _p in heard] == ["note"]
    line.refresh()
    assert line.preview.text() == "正在发送…"
    assert line.done("完成", line.sent)
    assert line.field.text() == ""
    typed(line, "note hello")
    QTest.keyClick(line.field, Qt.Key.Key_Return)
    assert len(heard) == 2, "said again on purpose it is done again"


def test_what_was_typed_since_stays_when_the_answer_comes(line: CommandLine) -> None:
    typed(line, "note hello")
    QTest.keyClick(line.field, Qt.Key.Key_Return)
    first = line.sent
    QTest.keyClicks(line.field, " and more")
    assert not line.done("完成", first)
    assert line.field.text() == "note hello and more"
    assert not line.refused("不行", first)
    assert line.field.text() == "note hello and more"
    assert "不行" not in line.preview.text()


class _NeverWalked(dict[str, QueueRow]):
    """Rows that may be asked for by id only."""

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("all rows were looked at")

    def values(self) -> ValuesView[QueueRow]:
        raise AssertionError("all rows were looked at")


def test_a_number_is_found_by_its_end_and_the_line_is_read_once(qtbot: QtBot) -> None:
    asked: list[str] = []
    index = QueueIndex(list(OPEN.values()))
    row = WAITING[1]

    def ending(digits: str) -> Iterator[QueueRow]:
        asked.append(digits)
        return index.ending(digits)

    scene = replace(SCENE, rows=_NeverWalked(OPEN), ending=ending)
    with stage(SEAT, "zh_CN"):
        made = CommandLine(lambda: scene, near)
        shown(made, 1200, 44)
        made.field.setText(f"assign {row.number[-4:]} u0005")
        asked.clear()
        reading = made.reading()
        assert reading.incident_id == row.id
        assert len(asked) == 1


def test_a_changed_number_and_one_that_is_gone_are_no_longer_found_by_their_end() -> None:
    rows = list(OPEN.values())
    index = QueueIndex(rows)
    assert [r.id for r in index.ending(rows[0].number)] == [rows[0].id]
    assert {r.id for r in index.ending(rows[0].number[-2:])} == {r.id for r in rows
                                                                if r.number.endswith(rows[0].number[-2:])}
    moved = rows[0]._replace(number="20261124-01-7777")
    index.apply([moved])
    assert list(index.ending(rows[0].number)) == []
    assert [r.id for r in index.ending("7777")] == [moved.id]
    index.apply([], gone=[moved.id])
    index.forget_ended()
    assert list(index.ending("7777")) == []
