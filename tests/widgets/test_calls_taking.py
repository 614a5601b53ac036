"""Calls: the strip and the call-taking panel, worked by keyboard alone."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.domain.faults import KnownFault, Message, Refused
from app.domain.process import Role
from app.services.commands import Act, CallEvent, DropDraft, ReportIncident, SaveDraft, SelfHandle
from app.services.views import Draft
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.room_stage import key, keys, settle, shown, stage, until
from widgets.bridge import Bridge
from widgets.calls import CallStrip, CallTaking
from widgets.calls.drafts import SAVE_AFTER_MS
from widgets.calls.duplicates import LinkLabel
from widgets.forms.pickers import PointField
from widgets.forms.typeahead import TypeAhead

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def seat() -> FakeSeat:
    return FakeSeat(operator=SUPERVISOR, open_=60, ended=0, units=20, cameras=0, components=0)


@pytest.fixture
def bridge(qtbot: QtBot, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat) as made:
        yield made


@pytest.fixture
def taking(bridge: Bridge, seat: FakeSeat) -> CallTaking:
    panel = CallTaking(bridge, seat.clock)
    shown(panel, 480, 620)
    return panel


def said(panel: CallTaking) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def of(seat: FakeSeat, kind: type) -> list[Any]:
    return [c for c in seat.done if isinstance(c, kind)]


def test_a_call_is_taken_in_by_keyboard_alone(bridge: Bridge, seat: FakeSeat, taking: CallTaking) -> None:
    taken: list[str] = []
    taking.taken.connect(taken.append)
    taking.open_new("call1")
    settle(bridge)
    keys("ddzxc")
    key(Qt.Key.Key_Return)
    assert taking.form.fields["kind"].value() == "0401"
    assert taking.form.fields["level"].value() == "1", "the level follows the kind"
    key(Qt.Key.Key_Return)
    key("2")
    key(Qt.Key.Key_Return)
    keys("north gate, blue shed")
    taking.form.focus("name")
    keys("W")
    key(Qt.Key.Key_Tab)
    keys("13900000217")
    key(Qt.Key.Key_Return, CTRL)
    assert until(lambda: bool(taken))
    report = of(seat, ReportIncident)[-1]
    assert (report.kind, report.level, report.place, report.accept) == ("0401", 2, "north gate, blue shed", True)
    assert (report.reporter.name, report.reporter.phone) == ("W", "13900000217")
    assert report.call_id == "call1"
    assert seat.rows[taken[0]].phase == "registered"
    assert seat.rows[taken[0]].number in said(taking)
    assert not seat.draft_rows


def test_what_is_typed_is_kept_on_the_seat_after_a_pause_and_on_closing(
        bridge: Bridge, seat: FakeSeat, taking: CallTaking) -> None:
    taking.open_new()
    taking.form.focus("place")
    keys("east")
    assert until(lambda: len(of(seat, SaveDraft)) == 1, 1_500)
    assert of(seat, SaveDraft)[0].fields["place"] == "east"
    keys(" gate")
    key(Qt.Key.Key_Escape)
    settle(bridge)
    assert next(iter(seat.draft_rows.values())).fields["place"] == "east gate"


def test_a_draft_comes_back_on_another_screen_as_it_was_typed(
        bridge: Bridge, seat: FakeSeat, taking: CallTaking) -> None:
    seat.draft_rows["d9"] = Draft("d9", SUPERVISOR.id, seat.now - 90, seat.now - 60, None, {
        "kind": {"typed": "smel"}, "place": "pier 3", "level": "2", "point": [117.01, 30.51]})
    taking.open_draft("d9")
    settle(bridge)
    kind = taking.form.fields["kind"]
    assert isinstance(kind, TypeAhead)
    assert kind.edit.text() == "smel"
    assert taking.form.fields["place"].value() == "pier 3"
    assert taking.form.fields["point"].value() == (117.01, 30.51)
    kind.edit.setFocus()
    key(Qt.Key.Key_Return, CTRL)
    settle(bridge)
    assert of(seat, ReportIncident)[-1].kind == "0402"
    assert of(seat, ReportIncident)[-1].level == 2, "a level that was chosen stays"


def test_ctrl_tab_turns_between_several_drafts(bridge: Bridge, seat: FakeSeat, taking: CallTaking) -> None:
    taking.open_new("call1")
    taking.form.focus("place")
    keys("first")
    key("n", CTRL)
    taking.form.focus("place")
    keys("second")
    assert len(taking.keeper.takings) == 2
    key(Qt.Key.Key_Tab, CTRL)
    assert taking.form.fields["place"].value() == "first"
    key(Qt.Key.Key_Tab, CTRL)
    assert taking.form.fields["place"].value() == "second"
    taking.keeper.save_all()
    settle(bridge)
    assert sorted(str(d.fields["place"]) for d in seat.draft_rows.values()) == ["first", "second"]


def test_duplicates_show_while_typing_and_one_key_merges(bridge: Bridge, seat: FakeSeat, taking: CallTaking) -> None:
    row = next(r for r in seat.queue() if r.phase == "assigned")
    merged: list[str] = []
    taking.merged.connect(merged.append)
    taking.open_new(lon=row.lon, lat=row.lat)
    keys("ddz")
    key(Qt.Key.Key_Return)
    taking.form.focus("place")
    keys("the same smoke")
    assert until(lambda: bool(taking.duplicates.hits))
    wanted = taking.duplicates.hits[0].row.id
    key("1", Qt.KeyboardModifier.AltModifier)
    assert until(lambda: bool(merged))
    assert merged == [wanted]
    report, act = of(seat, ReportIncident)[-1], of(seat, Act)[-1]
    assert not report.accept
    assert (act.incident_id, act.verb, act.params["into"]) == (report.incident_id, "merge", wanted)


def test_a_refused_report_says_why_and_keeps_everything(bridge: Bridge, seat: FakeSeat, taking: CallTaking) -> None:
    taking.open_new()
    keys("ddz")
    key(Qt.Key.Key_Return)
    taking.form.focus("place")
    keys("gate 2")
    taking.keeper.save_all()
    settle(bridge)
    seat.fail_next = KnownFault(Message("The disk is full"))
    key(Qt.Key.Key_Return, CTRL)
    assert until(lambda: "The disk is full" in said(taking))
    assert taking.form.fields["place"].value() == "gate 2"
    key(Qt.Key.Key_Return, CTRL)
    settle(bridge)
    assert of(seat, ReportIncident)[-1].place == "gate 2"


def test_a_missing_kind_is_named_and_gets_the_focus(bridge: Bridge, seat: FakeSeat, taking: CallTaking) -> None:
    taking.open_new()
    taking.form.focus("place")
    keys("gate")
    key(Qt.Key.Key_Return, CTRL)
    assert "Kind is needed" in said(taking)
    assert taking.form.fields["kind"].focusProxy().hasFocus()  # type: ignore[union-attr]
    assert not of(seat, ReportIncident)


def test_typing_after_a_report_begins_the_next_draft(bridge: Bridge, seat: FakeSeat, taking: CallTaking) -> None:
    taking.open_new()
    keys("ddz")
    key(Qt.Key.Key_Return)
    taking.form.focus("place")
    keys("one")
    key(Qt.Key.Key_Return, CTRL)
    assert until(lambda: taking.current is None)
    taking.form.focus("place")
    keys("two")
    assert taking.current is not None
    taking.keeper.save_all()
    settle(bridge)
    assert [d.fields["place"] for d in seat.draft_rows.values()] == ["two"]


def test_the_callers_words_are_not_rewritten_by_a_search(bridge: Bridge, seat: FakeSeat, taking: CallTaking) -> None:
    row = next(r for r in seat.queue() if r.lon is not None)
    taking.open_new()
    taking.form.focus("place")
    keys("behind the red house")
    taking.form.focus("search")
    keys(row.number[-4:])
    search = taking.form.fields["search"]
    assert isinstance(search, TypeAhead)
    assert until(lambda: search.list.isVisible())
    key(Qt.Key.Key_Return)
    assert taking.form.fields["place"].value() == "behind the red house"
    assert taking.form.fields["point"].value() is not None


def test_a_draft_is_thrown_away_only_on_the_second_press(bridge: Bridge, seat: FakeSeat, taking: CallTaking) -> None:
    taking.open_new()
    taking.form.focus("place")
    keys("wrong number")
    taking.keeper.save_all()
    taking.throw_away()
    settle(bridge)
    assert seat.draft_rows
    taking.throw_away()
    settle(bridge)
    assert not seat.draft_rows
    assert of(seat, DropDraft)


def test_the_strip_counts_answers_and_calls_back(bridge: Bridge, seat: FakeSeat) -> None:
    strip = CallStrip(bridge, seat.clock)
    shown(strip, 900, 40)
    settle(bridge)
    assert strip.counts_text() == "ringing 1 · talking 0 · drafts 0 · to call back 1"
    answered: list[str] = []
    strip.call_answered.connect(answered.append)
    assert strip.answer_next()
    assert until(lambda: bool(answered))
    assert strip.call_back_next()
    assert until(lambda: strip.menu is not None)
    assert strip.menu is not None
    assert "13800007731" in strip.menu.actions()[0].text(), "whoever calls back needs the number"
    settle(bridge)
    assert [c.what for c in of(seat, CallEvent)] == ["answered", "number_shown"], "nothing is done until it is said"
    strip.menu.actions()[-2].trigger()
    strip.close_menu()
    settle(bridge)
    assert [c.what for c in of(seat, CallEvent)] == ["answered", "number_shown", "called_back"]
    assert until(lambda: strip.count("talking") == 1)
    assert not strip.answer_next()
    seat.draft_rows["d"] = Draft("d", SUPERVISOR.id, seat.now - 130, seat.now, "call1", {"place": "gate"})
    seat.do(SaveDraft("d", {"place": "gate"}, "call1"))
    assert until(lambda: strip.count("draft") == 1)
    opened: list[str] = []
    strip.draft_opened.connect(opened.append)
    assert strip.open_next_draft()
    assert opened == ["d"]
    QTest.qWait(10)


def test_the_strip_says_when_calls_cannot_be_read(bridge: Bridge, seat: FakeSeat) -> None:
    class Broken(FakeSeat):
        def calls(self):
            raise KnownFault(Message("The store is locked"))

    with stage(Broken(open_=0, ended=0, units=0, cameras=0, components=0)) as broken:
        strip = CallStrip(broken, seat.clock)
        shown(strip, 900, 40)
        settle(broken)
        assert "The store is locked" in strip.counts_text()


def test_a_point_that_cannot_be_read_says_so_while_it_stands_there(bridge: Bridge, seat: FakeSeat, taking: CallTaking
                                                                   ) -> None:
    taking.open_new()
    settle(bridge)
    point = taking.form.fields["point"]
    assert isinstance(point, PointField)
    point.edit.setFocus()
    keys("117.03,30.52jgqs")
    assert until(lambda: point.sign.isVisible())
    assert point.sign.text()
    for _ in range(4):
        key(Qt.Key.Key_Backspace)
    assert point.value() == (117.03, 30.52)
    assert not point.sign.isVisible()


def test_what_was_taken_in_but_not_merged_is_told_as_taken_in(bridge: Bridge, seat: FakeSeat, taking: CallTaking,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    do = seat._do

    def refusing(command: object) -> object:
        if isinstance(command, Act) and command.verb == "merge":
            raise Refused(Message("It is not on hold."))
        return do(command)  # type: ignore[arg-type]

    monkeypatch.setattr(seat, "_do", refusing)
    taken: list[str] = []
    taking.taken.connect(taken.append)
    taking.open_new("call1")
    settle(bridge)
    keys("ddzxc")
    key(Qt.Key.Key_Return)
    taking.form.focus("place")
    keys("north gate")
    taking.merge_into(next(iter(seat.rows)))
    assert until(lambda: bool(taken))
    assert seat.rows[taken[0]].number in said(taking)
    assert "It is not on hold." in said(taking)
    assert not seat.draft_rows, "it is not there to be reported a second time"


def test_whoever_may_not_accept_reports_and_leaves_that_to_the_desk(qtbot: QtBot) -> None:
    seat = FakeSeat(operator=replace(SUPERVISOR, roles=frozenset({Role.INTAKE})), open_=5, ended=0, units=2, cameras=0,
                    components=0)
    with stage(seat) as bridge:
        panel = CallTaking(bridge, seat.clock)
        shown(panel, 480, 620)
        taken: list[str] = []
        panel.taken.connect(taken.append)
        panel.open_new("call1")
        settle(bridge)
        keys("ddzxc")
        key(Qt.Key.Key_Return)
        panel.form.focus("place")
        keys("north gate")
        key(Qt.Key.Key_Return, CTRL)
        assert until(lambda: bool(taken))
        assert of(seat, ReportIncident)[-1].accept is False
        assert "is to accept it" in said(panel)


def test_a_refusal_stays_until_one_types_on(bridge: Bridge, seat: FakeSeat, taking: CallTaking) -> None:
    taking.open_new()
    keys("ddz")
    key(Qt.Key.Key_Return)
    taking.form.focus("place")
    keys("gate 2")

    do = seat._do

    def refusing(command: object) -> object:
        if isinstance(command, ReportIncident):
            raise Refused(Message("The kind is locked"))
        return do(command)  # type: ignore[arg-type]

    seat._do = refusing  # type: ignore[assignment,method-assign]
    key(Qt.Key.Key_Return, CTRL)
    assert until(lambda: "The kind is locked" in said(taking))
    assert until(lambda: bool(of(seat, SaveDraft)))
    QTest.qWait(SAVE_AFTER_MS + 100)
    settle(bridge)
    assert "The kind is locked" in said(taking)
    keys("b")
    assert until(lambda: "Saved." in said(taking))


def test_a_draft_that_could_not_be_saved_is_tried_again(bridge: Bridge, seat: FakeSeat, taking: CallTaking) -> None:
    taking.open_new()
    taking.form.focus("place")
    seat.fail_next = KnownFault(Message("The disk is full"))
    keys("east")
    assert until(lambda: "The disk is full" in said(taking))
    assert not seat.draft_rows
    assert until(lambda: bool(seat.draft_rows)), "without another key"
    assert until(lambda: "Saved." in said(taking))


def test_a_possible_duplicate_is_opened_by_its_text(bridge: Bridge, seat: FakeSeat, taking: CallTaking) -> None:
    row = next(r for r in seat.queue() if r.phase == "assigned")
    opened: list[str] = []
    taking.open_incident.connect(opened.append)
    taking.open_new(lon=row.lon, lat=row.lat)
    assert until(lambda: bool(taking.duplicates.hits))
    links = taking.duplicates.findChildren(LinkLabel)
    QTest.mouseClick(links[0], Qt.MouseButton.LeftButton)
    links[0].setFocus()
    key(Qt.Key.Key_Return)
    assert opened == [taking.duplicates.hits[0].row.id] * 2


def test_the_call_of_a_draft_is_hung_up_or_noted_to_be_called_back(bridge: Bridge, seat: FakeSeat,
                                                                  taking: CallTaking) -> None:
    seat.do(CallEvent("call1", "answered"))
    taking.open_new("call1")
    assert until(lambda: taking.call.talking)
    assert "139****0217" in said(taking)
    taking.call.back_button.click()
    assert until(lambda: seat.call_rows["call1"].state == "to_call_back")
    assert until(lambda: not taking.call.talking)
    assert not taking.call.back_button.isVisible()
    seat.do(CallEvent("call1", "answered"))
    assert until(lambda: taking.call.talking)
    taking.call.hang_up_button.click()
    assert until(lambda: seat.call_rows["call1"].state == "ended")
    assert until(lambda: not taking.call.isVisible())


def test_a_refused_act_upon_a_call_leaves_the_counts(bridge: Bridge, seat: FakeSeat) -> None:
    strip = CallStrip(bridge, seat.clock)
    shown(strip, 900, 40)
    settle(bridge)
    told: list[str] = []
    strip.refused.connect(told.append)
    seat.fail_next = Refused(Message("Somebody else has answered it."))
    assert strip.answer_next()
    assert until(lambda: bool(told))
    settle(bridge)
    assert "Somebody else has answered it." in told[0]
    assert strip.counts_text() == "ringing 1 · talking 0 · drafts 0 · to call back 1"


def test_what_was_handled_at_once_is_logged_in_one_step_by_keys_alone(
        bridge: Bridge, seat: FakeSeat, taking: CallTaking) -> None:
    taking.open_new()
    fields = taking.form.fields
    assert not fields["result"].isVisibleTo(taking.form)
    fields["kind"].restore("0401")
    fields["place"].setFocus()
    keys("Gate 7")
    fields["handled"].setFocus()
    key(Qt.Key.Key_Space)
    assert fields["result"].isVisibleTo(taking.form)
    assert until(lambda: fields["result"].edit.hasFocus())  # type: ignore[attr-defined]
    key(Qt.Key.Key_Return, CTRL)
    assert "Result" in taking._note.text(), "the result is asked for by name"
    assert not [c for c in seat.done if isinstance(c, SelfHandle)]
    keys("swept")
    fields["photos"].restore([["a" * 64, "after.jpg"]])
    taking.merge_into(next(iter(seat.rows)))
    assert "take that mark off" in taking._note.text()
    fields["result"].setFocus()
    taken: list[str] = []
    taking.taken.connect(taken.append)
    key(Qt.Key.Key_Return, CTRL)
    assert until(lambda: bool(taken))
    sent = [c for c in seat.done if isinstance(c, SelfHandle)]
    assert [(c.place, c.result, c.photos, c.incident_id) for c in sent] == [("Gate 7", "swept", ("a" * 64,), taken[0])]
    assert "found and fixed" in taking._note.text()
    assert not taking.form.handled, "the next draft begins as a report again"
