"""The queue as a dispatcher drives it: tabs, filter, keys, newcomers that wait, states."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.faults import KnownFault, Message
from app.services.changes import Changes
from app.services.commands import Act, MarkRead, ReportIncident
from app.services.queue_order import SHOWN_TABS, TABS, sort_rows, tabs_of
from app.services.views import Flag
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.room_stage import settle, shown, stage, until
from widgets.bench.queue import run
from widgets.bridge import Bridge
from widgets.models.queue_model import Column
from widgets.queue.panel import QueuePanel
from widgets.theme import fonts, tokens
from widgets.theme.tokens import Step, px


@pytest.fixture
def seat() -> FakeSeat:
    return FakeSeat(operator=SUPERVISOR, open_=80, ended=10, units=40, cameras=0, components=0)


@pytest.fixture
def bridge(qtbot: QtBot, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat, "zh_CN") as made:
        yield made


def opened(bridge: Bridge, seat: FakeSeat, width: int = 800, height: int = 700) -> QueuePanel:
    panel = QueuePanel(bridge, seat.clock, seat.book, "zh_CN")
    shown(panel, width, height)
    settle(bridge)
    panel.view.setFocus()
    QTest.qWait(10)
    return panel


def ids(panel: QueuePanel) -> list[str]:
    return [panel.model.row(i).id for i in range(panel.model.rowCount())]


def report(seat: FakeSeat, bridge: Bridge, panel: QueuePanel, kind: str = "0401") -> None:
    bridge.act(ReportIncident(kind, "hotline", "新报地点 1 号"), owner=panel)
    settle(bridge)
    QTest.qWait(60)
    settle(bridge)


def test_rows_stand_in_queue_order_and_tabs_count_as_the_status_does(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat)
    assert ids(panel) == [r.id for r in sort_rows(seat.queue())]
    status = seat.status()
    assert {name: tab.count for name, tab in panel.tabs.tabs.items()} == {t: status.tabs[t] for t in SHOWN_TABS}


def test_each_tab_shows_its_rows_and_says_how_many(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat)
    for tab in TABS:
        QTest.mouseClick(panel.tabs.tabs[tab], Qt.MouseButton.LeftButton)
        assert set(ids(panel)) == {r.id for r in seat.queue() if tab in tabs_of(r, seat.now)}
        assert f"{panel.model.rowCount():,}" in panel.footer.text()


def test_arrows_home_end_and_enter_move_and_open(bridge: Bridge, seat: FakeSeat, qtbot: QtBot) -> None:
    panel = opened(bridge, seat)
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    assert panel.current_id == ids(panel)[0]
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    assert panel.current_id == ids(panel)[1]
    QTest.keyClick(panel.view, Qt.Key.Key_End)
    assert panel.current_id == ids(panel)[-1]
    QTest.keyClick(panel.view, Qt.Key.Key_PageUp)
    QTest.keyClick(panel.view, Qt.Key.Key_Home)
    assert panel.current_id == ids(panel)[0]
    with qtbot.waitSignal(panel.opened) as heard:
        QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert heard.args == [ids(panel)[0]]


def test_newcomers_wait_in_the_bar_while_the_queue_is_in_use_and_n_shows_them(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat)
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    before, current = ids(panel), panel.current_id
    report(seat, bridge, panel)
    assert ids(panel) == before
    assert panel.bar.isVisible()
    assert "1 件新事件" in panel.bar.text()
    assert "I 级" in panel.bar.text()
    assert panel.tabs.tabs["to_accept"].count == seat.status().tabs["to_accept"]
    panel.show_new()
    assert len(ids(panel)) == len(before) + 1
    assert panel.current_id == current
    assert not panel.bar.isVisible()


def test_when_nobody_uses_it_newcomers_come_in_and_the_current_row_stays_where_it_was(bridge: Bridge, seat: FakeSeat
                                                                                        ) -> None:
    panel = opened(bridge, seat)
    for _ in range(12):
        QTest.keyClick(panel.view, Qt.Key.Key_Down)
    panel.view.verticalScrollBar().setValue(120)
    panel.view.release()
    y = panel.view.rowViewportPosition(panel.view.currentIndex().row())
    current = panel.current_id
    report(seat, bridge, panel)
    assert len(ids(panel)) == 81
    assert panel.current_id == current
    assert panel.view.rowViewportPosition(panel.view.currentIndex().row()) == y
    assert panel.view.currentIndex().row() == ids(panel).index(current or "")


def test_the_pointer_over_the_queue_holds_the_rows(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat)
    QTest.mouseMove(panel.view.viewport(), QPoint(60, 60))
    QTest.mouseMove(panel.view.viewport(), QPoint(64, 62))
    QTest.qWait(10)
    assert panel.view.in_use
    before = ids(panel)
    report(seat, bridge, panel)
    assert ids(panel) == before


def test_filter_finds_and_escape_clears_it(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat)
    panel.focus_filter()
    QTest.keyClicks(panel.filter, "bllj")
    assert until(lambda: 0 < panel.model.rowCount() < 80)
    assert all(panel.model.row(i).kind == "0101" for i in range(panel.model.rowCount()))
    QTest.keyClicks(panel.filter, "zzzz")
    assert until(lambda: panel.model.rowCount() == 0)
    assert "没有符合" in panel.note.text()
    QTest.keyClick(panel.filter, Qt.Key.Key_Escape)
    assert panel.model.rowCount() == 80
    assert not panel.note.isVisible()


def test_a_header_sorts_turns_round_and_gives_the_own_order_back(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat)
    own = ids(panel)
    for wanted in (("level", False), ("level", True), ("priority", False)):
        panel.view._on_header(int(Column.LEVEL))
        assert (panel.model.query.sort, panel.model.query.descending) == wanted
    assert ids(panel) == own


def test_an_incident_hidden_by_tab_and_filter_is_found_when_it_is_selected(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat)
    other = next(r.id for r in seat.queue() if r.phase == "on_scene")
    panel.set_tab("to_accept")
    panel.set_filter("zzzz")
    assert panel.select(other)
    assert panel.current_id == other
    assert panel.model.query.tab == "all"


def test_unread_mark_goes_when_it_was_looked_at(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat)
    row = next(i for i in range(80) if panel.model.is_unread(i))
    bridge.act(MarkRead(panel.model.row(row).id), owner=panel)
    assert until(lambda: not panel.model.is_unread(row))


def test_an_act_of_somebody_else_shows_in_place(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat)
    key = next(r.id for r in seat.queue() if r.phase == "registered" and not r.flags & Flag.HELD)
    panel.select(key)
    panel.view.use()
    bridge.act(Act(key, "assign", {"unit": "u0000"}), owner=panel)
    assert until(lambda: panel.model.row(panel.model.position(key)).phase == "assigned")


def test_letters_are_left_to_the_desk_and_no_input_method_is_asked_for(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat)
    assert not panel.view.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    current = panel.current_id
    QTest.keyClick(panel.view, Qt.Key.Key_D)
    assert panel.current_id == current


@pytest.mark.parametrize("width", [500, 620, 720, 800, 1200])
def test_columns_fit_every_width_and_level_kind_place_phase_and_lamp_are_always_there(bridge: Bridge, seat: FakeSeat,
                                                                                       width: int) -> None:
    panel = opened(bridge, seat, width)
    header = panel.view.horizontalHeader()
    assert sum(header.sectionSize(c) for c in Column if not header.isSectionHidden(c)) <= panel.view.viewport().width()
    for column in (Column.LEVEL, Column.NUMBER, Column.KIND, Column.PLACE, Column.PHASE, Column.LEFT):
        assert not header.isSectionHidden(column)
        assert header.sectionSize(column) >= 32


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_beside_a_map_at_1280_kind_and_place_have_what_most_texts_need_or_other_columns_go(
        bridge: Bridge, seat: FakeSeat, lang: str) -> None:
    panel = opened(bridge, seat, 560)
    assert bridge.facts is not None
    panel.set_book(bridge.facts.book, lang)
    QTest.qWait(20)
    header, model = panel.view.horizontalHeader(), panel.model
    for column, share in ((Column.KIND, 0.7), (Column.PLACE, 0.5), (Column.LEFT, 1.0)):
        metrics = QFontMetrics(fonts.font(Step.BODY, bold=column == Column.KIND))
        room = header.sectionSize(column) - px(10)
        texts = [model.lamp_text(model.row(i)) if column == Column.LEFT else model.text(model.row(i), column)
                 for i in range(min(60, model.rowCount()))]
        assert sum(metrics.horizontalAdvance(t) <= room for t in texts) >= share * len(texts), (column, room)
    assert "overdue" not in {model.lamp_text(model.row(i))[:7] for i in range(model.rowCount())}


def test_where_there_is_room_for_every_text_none_is_cut(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, 1900)
    header, model = panel.view.horizontalHeader(), panel.model
    for column in (Column.KIND, Column.PLACE, Column.GRID, Column.SOURCE, Column.PHASE, Column.HANDLER):
        metrics = QFontMetrics(fonts.font(Step.BODY, bold=column == Column.KIND))
        longest = max(metrics.horizontalAdvance(model.text(model.row(i), column)) for i in range(model.rowCount()))
        assert header.sectionSize(column) >= longest + px(10), column
    assert sum(header.sectionSize(c) for c in Column) <= panel.view.viewport().width()


def test_columns_stand_still_while_rows_come_and_go(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, 800)
    header = panel.view.horizontalHeader()
    before = [header.sectionSize(c) for c in Column]
    seat.rows = {key: row._replace(place="a place with a very long name indeed " * 3) for key, row in seat.rows.items()}
    seat.flood(30)
    long = "a place with"
    assert until(lambda: sum(panel.model.row(i).place.startswith(long) for i in range(panel.model.rowCount())) > 20)
    assert [header.sectionSize(c) for c in Column] == before


def test_a_tick_repaints_the_lamps_only(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat)
    before = panel.view.grab().toImage()
    seat.clock.advance(61)
    panel.tick()
    QTest.qWait(30)
    after = panel.view.grab().toImage()
    at = panel.view.rows.lamp_slice()
    assert at is not None
    assert columns_changed(before, after, at.left, at.left + at.width)
    assert not columns_changed(before, after, 0, at.left)


def columns_changed(one: QImage, two: QImage, left: int, right: int) -> bool:
    return any(one.pixel(x, y) != two.pixel(x, y) for y in range(60, one.height(), 3) for x in range(left, right, 2))


def test_theme_switches_at_once(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat)
    try:
        tokens.use("light")
        QTest.qWait(20)
        picture = panel.view.viewport().grab().toImage()
        assert picture.pixelColor(picture.width() - 30, 20) == QColor(tokens.LIGHT.surface)
    finally:
        tokens.use("dark")


def test_an_empty_district_says_what_to_do_next(qtbot: QtBot) -> None:
    with stage(FakeSeat.empty(), "zh_CN") as bridge:
        panel = opened(bridge, FakeSeat.empty())
        assert panel.note.isVisible()
        assert "F2" in panel.note.text()


def test_a_queue_that_cannot_be_read_says_so_and_comes_back(qtbot: QtBot) -> None:
    seat = FakeSeat(open_=5, ended=0, units=5, cameras=0, components=0)
    good = seat.queue
    setattr(seat, "queue", _broken)  # noqa: B010 - a store that fails
    with stage(seat, "zh_CN") as bridge:
        panel = opened(bridge, seat)
        assert "磁盘" in panel.note.text()
        setattr(seat, "queue", good)  # noqa: B010
        panel.reload()
        assert until(lambda: panel.model.rowCount() == 5)
        assert not panel.note.isVisible()


def _broken(*_args: object, **_kwargs: object) -> list[object]:
    raise KnownFault(Message("磁盘读不出"))


def test_the_bench_gives_its_figures(qtbot: QtBot) -> None:
    figures = run(quick=True, count=3_000, proxy_count=600, seconds=0.5)
    assert {"queue.lag_p99_ms", "queue.sort_ms", "queue.filter_ms", "queue.proxy_sort_ms_10k",
            "queue.ratio_sort_proxy"} <= set(figures)
    assert float(str(figures["queue.ratio_sort_proxy"]["value"])) < 1.0
    assert all(set(f) == {"value", "unit", "target", "ok"} for f in figures.values())


def test_tab_and_footer_tell_the_same_count_and_say_which_rows_are_held(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat)
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    shown_before = panel.model.rowCount()
    panel.model.apply((), [ids(panel)[3], ids(panel)[5]])
    assert panel.model.rowCount() == shown_before
    count = panel.tabs.tabs["all"].count
    assert count == shown_before - 2
    assert f"全部 {count} 件" in panel.footer.text()
    assert "另 2 件已离开" in panel.footer.text()
    panel.view.release()
    assert f"全部 {count} 件" in panel.footer.text()
    assert "已离开" not in panel.footer.text()


@pytest.mark.parametrize("hidden_by", ["order", "tab", "filter"])
def test_a_new_level_one_out_of_sight_is_announced_in_any_order_tab_and_filter(bridge: Bridge, seat: FakeSeat,
                                                                               hidden_by: str) -> None:
    panel = opened(bridge, seat, height=400)
    if hidden_by == "order":
        panel._query(sort="level", descending=True)
    elif hidden_by == "tab":
        panel.set_tab("to_verify")
    else:
        panel.set_filter("nothing like it")
    panel.view.release()
    report(seat, bridge, panel)
    assert panel.bar.isVisible()
    assert "I 级" in panel.bar.text()
    panel.show_new()
    first, last = panel.view.visible_rows()
    assert any(panel.model.row(i).place == "新报地点 1 号" for i in range(first, last + 1))
    assert not panel.bar.isVisible()


def test_a_queue_that_could_not_be_read_is_read_again_when_something_changes(bridge: Bridge, seat: FakeSeat) -> None:
    read, fails = seat.queue, [1]

    def queue(ids=None, *, ended=False):  # type: ignore[no-untyped-def]
        if ids is None and fails[0]:
            fails[0] -= 1
            raise KnownFault(Message("The store is locked"))
        return read(ids, ended=ended)

    seat.queue = queue  # type: ignore[method-assign]
    panel = opened(bridge, seat)
    assert not panel.model.loaded
    bridge.changed.emit(Changes(incidents=frozenset({next(iter(seat.rows))})))
    assert until(lambda: panel.model.loaded)
    assert panel.model.rowCount() == 80


def test_who_is_too_far_behind_reads_the_whole_queue_again(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat)
    gone = panel.model.row(0).id
    del seat.rows[gone]
    bridge.changed.emit(Changes(incidents=frozenset({"*"})))
    assert until(lambda: panel.model.rowCount() == 79 and gone not in ids(panel))
