"""The desk as a dispatcher works at it: by keys and by the command line, on a seat that really changes."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import current_thread

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QListView
from pytestqt.qtbot import QtBot

from app.domain.faults import KnownFault, Message, Refused
from app.services.commands import MarkRead, ReportIncident
from app.services.seat import Seat
from app.services.views import SyncState
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.desk_stage import acts, body_of, one, opened
from tests.widgets.room_stage import key, keys, settle, stage, until
from widgets.bridge import Bridge
from widgets.map.layers import AreaSelection, SelectionShape
from widgets.screens.desk import DeskWindow
from widgets.screens.desk_orders import page_path
from widgets.screens.desk_topbar import sync_words
from widgets.theme import tokens


@pytest.fixture
def seat() -> FakeSeat:
    return FakeSeat(operator=SUPERVISOR, open_=80, ended=10, units=60, cameras=30, components=100)


@pytest.fixture
def bridge(qtbot: QtBot, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat, "zh_CN") as made:
        yield made


@pytest.fixture
def desk(bridge: Bridge) -> Iterator[DeskWindow]:
    window = opened(bridge)
    yield window
    window.close()
    tokens.use("dark")


def texts(window: DeskWindow) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def test_down_selects_and_all_panes_show_the_same_incident(desk: DeskWindow, bridge: Bridge) -> None:
    body = body_of(desk)
    key(Qt.Key.Key_Down)
    key(Qt.Key.Key_Down)
    settle(bridge)
    chosen = body.queue.current_id
    assert chosen is not None
    assert body.incident.incident_id == chosen
    assert body.recommend._id == chosen
    assert body.timeline._id == chosen
    assert body.map.view.selected == ("incident", chosen)


def test_nothing_is_selected_or_marked_read_by_merely_opening_the_desk(desk: DeskWindow, seat: FakeSeat) -> None:
    QTest.qWait(50)
    assert body_of(desk).incident.incident_id is None
    assert seat.done == []


def test_a_letter_in_the_queue_begins_the_act_on_the_selected_incident(desk: DeskWindow, bridge: Bridge, seat: FakeSeat
                                                                        ) -> None:
    body = body_of(desk)
    body.select(one(seat, "reported"))
    settle(bridge)
    body.queue.view.setFocus()
    key(Qt.Key.Key_A)
    assert until(lambda: body.incident.form is not None)
    assert body.incident.form is not None
    assert body.incident.form.option.verb == "register"


def test_the_ctrl_twin_does_the_same(desk: DeskWindow, bridge: Bridge, seat: FakeSeat) -> None:
    body = body_of(desk)
    body.select(one(seat, "reported"))
    settle(bridge)
    body.queue.view.setFocus()
    key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert until(lambda: body.incident.form is not None)


def test_a_letter_without_a_selection_says_what_to_do(desk: DeskWindow) -> None:
    key(Qt.Key.Key_A)
    assert body_of(desk).banner.isVisible()
    assert "请先选事件" in body_of(desk).banner.label.text()


@pytest.mark.parametrize("slash", ["/", "、", "／"])
def test_the_slash_of_any_keyboard_begins_the_command_line(desk: DeskWindow, slash: str) -> None:
    QTest.sendKeyEvent(QTest.KeyAction.Click, body_of(desk).queue.view, Qt.Key.Key_unknown, slash,
                       Qt.KeyboardModifier.NoModifier)
    assert body_of(desk).command.field.hasFocus()


def test_the_command_line_assigns_to_the_incident_it_names_not_to_the_selected_one(desk: DeskWindow, bridge: Bridge,
                                                                                    seat: FakeSeat) -> None:
    body = body_of(desk)
    waiting = [r for r in seat.rows.values() if r.phase == "registered" and not r.flags & 1]
    body.select(waiting[0].id)
    settle(bridge)
    body.command.begin(f"派 {waiting[1].number[-4:]} 抢险队1")
    settle(bridge)
    assert waiting[1].number[-4:] in body.command.preview.text()
    assert waiting[0].number[-4:] in body.command.preview.text()
    key(Qt.Key.Key_Return)
    settle(bridge)
    assert [(a.incident_id, a.verb, a.params) for a in acts(seat)] == [(waiting[1].id, "assign", {"unit": "u0005"})]
    assert "已" in body.command.preview.text()


def test_a_refusal_of_the_seat_stays_with_the_line(desk: DeskWindow, bridge: Bridge, seat: FakeSeat) -> None:
    body = body_of(desk)
    body.select(one(seat, "registered"))
    settle(bridge)
    assert until(lambda: any(isinstance(c, MarkRead) for c in seat.done))
    settle(bridge)
    seat.fail_next = Refused(Message("单位正忙"))
    body.command.begin("派 抢险队1")
    key(Qt.Key.Key_Return)
    settle(bridge)
    assert "单位正忙" in body.command.preview.text()
    assert body.command.field.text() == "派 抢险队1"


def test_f2_takes_a_call_in_a_panel_and_escape_keeps_what_was_typed(desk: DeskWindow, bridge: Bridge, seat: FakeSeat
                                                                    ) -> None:
    body = body_of(desk)
    key(Qt.Key.Key_F2)
    assert body.right.currentWidget() is body.taking
    assert QApplication.activeModalWidget() is None
    keys("jg")
    settle(bridge)
    body.taking.close_panel()
    settle(bridge)
    assert body.right.currentWidget() is body.side


def test_in_the_call_taking_panel_its_own_keys_win(desk: DeskWindow, bridge: Bridge) -> None:
    body = body_of(desk)
    key(Qt.Key.Key_F2)
    settle(bridge)
    keys("jg")
    settle(bridge)
    key(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    settle(bridge)
    assert body.taking.current is not None
    assert len(body.taking.keeper.takings) == 2
    body.queue.view.setFocus()
    assert body.actions_.actions["new"].isEnabled()


def test_a_new_incident_is_announced_counted_and_shown_by_n(desk: DeskWindow, bridge: Bridge, seat: FakeSeat) -> None:
    body = body_of(desk)
    key(Qt.Key.Key_Down)
    before = seat.status().unacknowledged
    bridge.act(ReportIncident("0401", "hotline", "新地点"), owner=body)
    assert until(lambda: body.queue.bar.isVisible())
    assert body.top.alarms.count == before + 1
    assert sum(body.board.state().waiting) >= 1
    rows = body.queue.model.rowCount()
    body.queue.view.setFocus()
    key(Qt.Key.Key_N)
    assert body.queue.model.rowCount() == rows + 1


def test_the_map_picks_and_answers_where(desk: DeskWindow, bridge: Bridge, seat: FakeSeat) -> None:
    body = body_of(desk)
    chosen = one(seat, "on_scene")
    body.map.view.picked.emit("incident", chosen)
    settle(bridge)
    assert body.queue.current_id == chosen
    told: list[tuple[float, float]] = []
    body.map.ask_point(lambda lon, lat: told.append((lon, lat)))
    QTest.mouseClick(body.map.view, Qt.MouseButton.LeftButton)
    assert len(told) == 1
    assert 116.5 < told[0][0] < 117.5
    body.map.ask_point(lambda lon, lat: told.append((lon, lat)))
    key(Qt.Key.Key_Escape)
    QTest.mouseClick(body.map.view, Qt.MouseButton.LeftButton)
    assert len(told) == 1


def test_find_lists_what_it_found_and_goes_there(desk: DeskWindow, bridge: Bridge) -> None:
    body = body_of(desk)
    body.map.find("抢险队")
    settle(bridge)
    assert body.map.results.isVisible()
    assert body.map.results.list.count() > 1
    first = body.map.results.list.item(0)
    assert first.toolTip() == first.text(), "a long one is cut in the list"
    body.map.results.list.setFocus()
    QTest.keyClick(body.map.results.list, Qt.Key.Key_Return)
    assert body.map.view.selected is not None
    assert body.map.view.selected[0] == "unit"


def test_a_drawn_shape_lists_what_lies_in_it_areas_and_components_too(desk: DeskWindow, bridge: Bridge) -> None:
    body = body_of(desk)
    settle(bridge)
    view = body.map.view
    view.centre_on(117.03, 30.52, 15)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_R)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    QTest.mouseMove(view, QPoint(view.width() - 20, view.height() - 20))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() - 20, view.height() - 20))
    settle(bridge)
    results = body.map.results
    listed = [results.list.item(i).text() for i in range(results.list.count())]
    for word, count in re.findall(r"(\S+) (\d+)(?: · |$)", results.title.text()):
        assert sum(row.startswith(f"{word} · ") for row in listed) == int(count), word
    assert {"区域", "部件"} <= {row.split(" · ")[0] for row in listed}
    assert "仅列出" not in results.title.text()
    view.area_selected.emit(AreaSelection(SelectionShape("radius", ()), {"component": [str(i) for i in range(301)]}))
    assert "仅列出前 300" in results.title.text()


def test_theme_and_language_switch_while_it_runs(desk: DeskWindow, bridge: Bridge) -> None:
    body = body_of(desk)
    assert body.queue.tabs.tabs["to_accept"].text() == "待受理"
    key(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    assert body.queue.tabs.tabs["to_accept"].text() == "To accept"
    assert body.actions_.actions["call"].text() == "Take a call"
    assert "演示" not in texts(desk)
    key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    assert not tokens.current().dark
    QTest.qWait(30)
    assert desk.grab().toImage().pixelColor(2, desk.height() // 2).name().upper() == tokens.LIGHT.ground


def test_panes_leave_for_own_windows_and_come_back(desk: DeskWindow, bridge: Bridge) -> None:
    body = body_of(desk)
    for name in ("queue", "map", "incident", "timeline"):
        body.panes[name].tear()
    assert body.panes["queue"].window_ is not None
    assert body.queue.isVisible()
    assert body.queue.window() is body.panes["queue"].window_
    body.panes["queue"].window_.close()
    assert body.queue.window() is desk
    body.orders.all_back()
    assert all(not pane.torn for pane in body.panes.values())
    assert body.map.isVisible()


def test_a_letter_in_an_own_window_acts_too(desk: DeskWindow, bridge: Bridge, seat: FakeSeat) -> None:
    body = body_of(desk)
    body.select(one(seat, "reported"))
    settle(bridge)
    body.panes["queue"].tear()
    body.queue.view.setFocus()
    QTest.keyClick(body.queue.view, Qt.Key.Key_A)
    assert until(lambda: body.incident.form is not None)


def test_windows_are_remembered_and_restored(qtbot: QtBot, seat: FakeSeat) -> None:
    with stage(seat, "zh_CN") as bridge:
        first = opened(bridge, restore=True)
        settle(bridge)
        first.setGeometry(40, 30, 1000, 640)
        body_of(first).panes["timeline"].tear(QRect(120, 90, 420, 320))
        body_of(first).command.set_history(["去 0309"])
        first.close()
        settle(bridge)
        second = opened(bridge, restore=True)
        settle(bridge)
        assert second.geometry().getRect() == (40, 30, 1000, 640)
        assert body_of(second).panes["timeline"].torn
        assert body_of(second).command.history() == ("去 0309",)
        second.close()


def test_every_act_has_a_key_and_a_menu_entry_and_no_key_twice(desk: DeskWindow) -> None:
    actions = body_of(desk).actions_
    in_menus = {a for menu in actions.menus.values() for a in menu.actions()}
    taken: dict[str, str] = {}
    for name, action in actions.actions.items():
        assert action in in_menus, name
        assert action.shortcuts(), name
        for sequence in action.shortcuts():
            assert sequence.toString(), name
            assert sequence.toString() not in taken, (name, taken.get(sequence.toString()))
            taken[sequence.toString()] = name
    letters = [e.letter for e in actions.entries.values() if e.letter]
    assert len(letters) == len(set(letters))
    assert all(action.text() for action in actions.actions.values())


def test_views_without_text_take_no_input_method(desk: DeskWindow) -> None:
    body = body_of(desk)
    for view in (body.queue.view, body.map.view, body.incident, desk):
        assert not view.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled), view


def test_the_situation_map_goes_to_a_file_and_the_banner_says_where(qtbot: QtBot, seat: FakeSeat, tmp_path: Path
                                                                    ) -> None:
    written: list[Path] = []
    threads: list[str] = []

    def report(_seat: Seat) -> Callable[[Path], None]:
        threads.append(current_thread().name)

        def draw(path: Path) -> None:
            threads.append(current_thread().name)
            path.write_text("<html></html>", "utf-8")
            written.append(path)

        return draw

    with stage(seat, "zh_CN") as bridge:
        window = opened(bridge, report=report)
        body_of(window).orders.write_map(str(tmp_path / "态势.html"))
        assert until(lambda: "已生成" in body_of(window).banner.label.text() and bool(written))
        assert written == [tmp_path / "态势.html"]
        assert "态势.html" in body_of(window).banner.label.text()
        assert threads[0] == "seat-db"
        assert threads[1] != "seat-db", "acts wait for what is done on the database's thread"
        window.close()


def test_situation_maps_have_a_name_of_their_time() -> None:
    assert page_path("", "situation-map", 1_795_430_527.0).name == "situation-map-20261123-184207.html"
    assert page_path("x", "situation-map", 0.0).name == "x.html"


@pytest.mark.expects_log(r"seat can't be opened")
def test_a_seat_that_cannot_be_opened_says_why_and_can_be_tried_again(qtbot: QtBot, seat: FakeSeat) -> None:
    tries: list[int] = []

    def open_seat() -> Seat:
        tries.append(1)
        if len(tries) == 1:
            raise KnownFault(Message("数据目录是只读的"))
        return seat

    with stage(seat, "zh_CN"):
        bridge = Bridge(open_seat, drain_ms=20, poll_ms=20)
        window = DeskWindow(bridge, settings={"window": False}, lang="zh_CN", theme="dark")
        window.show()
        bridge.start()
        assert until(lambda: "数据目录是只读的" in texts(window))
        QTest.mouseClick(window._again, Qt.MouseButton.LeftButton)
        assert until(lambda: window.body is not None)
        window.close()
        bridge.close()


@pytest.mark.expects_log(r"store can't be read")
def test_trouble_of_the_store_stays_in_sight_until_it_is_over(desk: DeskWindow, bridge: Bridge, seat: FakeSeat) -> None:
    good = seat.poll_changes

    def broken() -> object:
        raise KnownFault(Message("磁盘已满"))

    setattr(seat, "poll_changes", broken)  # noqa: B010 - a store that fails
    body = body_of(desk)
    assert until(lambda: "磁盘已满" in body.banner.trouble_label.text())
    assert body.banner.isVisible()
    setattr(seat, "poll_changes", good)  # noqa: B010
    assert until(lambda: "恢复" in body.banner.label.text())
    assert not body.banner.trouble_label.isVisible()


@pytest.mark.parametrize(("mode", "role"), [("alone", "muted"), ("connected", "good"), ("behind", "notice"),
                                            ("off", "danger")])
def test_sync_state_is_said_with_its_age_and_is_good_only_when_connected(qapp: object, mode: str, role: str) -> None:
    text, said = sync_words(SyncState(mode, 3, 2, 1_000.0, None), 1_060.0)
    assert said == role
    assert "2" in text
    if mode != "alone":
        assert "1 min ago" in text or "1 分前" in text


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_nothing_on_the_bars_is_cut_and_columns_have_room(qtbot: QtBot, seat: FakeSeat, size: tuple[int, int], lang: str
                                                           ) -> None:
    with stage(seat, lang) as bridge:
        window = opened(bridge, size=size, lang=lang)
        body = body_of(window)
        body.select(one(seat, "on_scene"))
        settle(bridge)
        assert (window.width(), window.height()) == size
        for part in (body.top.centre, body.top.clock, body.top.sync, body.top.user, body.status.video,
                     body.status.data):
            assert part.isVisible(), part.text()
            assert part.width() >= part.sizeHint().width(), part.text()
        assert body.queue.width() >= 500
        assert body.map.width() >= 300
        assert body.side.width() >= 330
        picture = window.grab().toImage()
        assert not picture.isNull()
        assert QImage(picture).width() == size[0]
        window.close()


def test_the_card_of_a_force_says_its_position_once(desk: DeskWindow, bridge: Bridge) -> None:
    body = body_of(desk)
    settle(bridge)
    assert until(lambda: bool(body.map.feed.units))
    rows = body.map.card("unit", next(iter(body.map.feed.units)))
    told = dict(rows)
    assert "位置" in told
    assert "位置" not in told["位置"]


def test_ctrl_n_is_call_takings_also_from_its_lists(desk: DeskWindow, bridge: Bridge) -> None:
    body = body_of(desk)
    key(Qt.Key.Key_F2)
    settle(bridge)
    popup = QListView(body.taking)
    popup.setWindowFlag(Qt.WindowType.Popup)
    body._on_focus_changed(None, popup)
    assert not body.actions_.actions["new"].isEnabled()
    body._on_focus_changed(popup, body.queue.view)
    assert body.actions_.actions["new"].isEnabled()
    popup.deleteLater()


def test_a_refusal_of_an_incident_that_is_no_longer_on_screen_is_told_with_its_number(desk: DeskWindow, bridge: Bridge,
                                                                                    seat: FakeSeat) -> None:
    body = body_of(desk)
    first, other = (r for r in list(seat.rows.values())[:2])
    body.select(first.id)
    assert until(lambda: body.incident.view is not None)
    body.trigger("T")
    assert body.incident.form is not None
    body.incident.form.fields["note"].restore("told the school")
    seat.fail_next = Refused(Message("The store is locked"))
    body.incident.form.send()
    body.select(other.id)
    assert until(lambda: body.banner.isVisible())
    assert first.number in body.banner.label.text()
    assert "The store is locked" in body.banner.label.text()


def test_a_duplicate_is_looked_at_and_the_draft_waits(desk: DeskWindow, bridge: Bridge, seat: FakeSeat) -> None:
    body = body_of(desk)
    row = next(r for r in seat.queue() if r.lon is not None)
    assert row.lon is not None and row.lat is not None  # noqa: PT018
    body.report_at(row.lon, row.lat)
    body.taking.form.fields["place"].restore("Gate 9")
    assert until(lambda: bool(body.taking.duplicates.hits))
    wanted = body.taking.duplicates.hits[0].row.id
    body.taking.duplicates.opened.emit(wanted)
    settle(bridge)
    assert body.incident.isVisible()
    assert body.incident.incident_id == wanted
    body.take_call()
    assert body.taking.form.fields["place"].value() == "Gate 9"


def test_the_desk_hangs_up(desk: DeskWindow, bridge: Bridge, seat: FakeSeat) -> None:
    body = body_of(desk)
    assert body.strip.answer_next()
    assert until(lambda: body.taking.isVisible() and body.taking.call.talking)
    desk.activateWindow()
    key(Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert until(lambda: seat.call_rows["call1"].state == "ended")
