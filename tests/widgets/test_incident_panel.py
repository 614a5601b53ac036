"""The incident panel, driven by keys as a dispatcher would."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.domain.faults import Message, Refused
from app.services.commands import Act, MarkRead
from app.services.lamp import lamp
from app.services.views import AssignmentView, ReporterView, TimelineEntry
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.room_stage import key, keys, settle, shown, stage, until
from widgets.bridge import Bridge
from widgets.forms.typeahead import TypeAhead
from widgets.incident import IncidentPanel, TimelinePanel
from widgets.incident.photos import PhotoStrip, decoded
from widgets.incident.timeline import shown_entry


@pytest.fixture
def seat() -> FakeSeat:
    return FakeSeat(operator=SUPERVISOR, open_=60, ended=10, units=60, cameras=0, components=0)


@pytest.fixture
def bridge(qtbot: QtBot, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat) as made:
        yield made


def opened(bridge: Bridge, seat: FakeSeat, phase: str, width: int = 380) -> IncidentPanel:
    panel = IncidentPanel(bridge, seat.clock)
    shown(panel, width)
    panel.show_incident(one(seat, phase))
    settle(bridge)
    panel.setFocus()
    return panel


def one(seat: FakeSeat, phase: str) -> str:
    return next(r.id for r in seat.rows.values() if r.phase == phase and not r.flags & 1)


def texts(panel: IncidentPanel) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def acts(seat: FakeSeat) -> list[Act]:
    return [c for c in seat.done if isinstance(c, Act)]


def test_a_letter_opens_the_form_and_enter_sends_the_act(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "reported")
    key("a")
    assert panel.form is not None
    assert panel.form.option.verb == "register"
    note = panel.form.fields["note"].focusProxy()
    assert note is not None
    note.setFocus()
    keys("clear")
    key(Qt.Key.Key_Return)
    settle(bridge)
    assert panel.form is None
    assert acts(seat)[-1].verb == "register"
    assert acts(seat)[-1].params["note"] == "clear"
    assert seat.rows[panel.incident_id or ""].phase == "registered"
    assert panel.view is not None
    assert panel.view.row.phase == "registered"


def test_a_form_takes_pinyin_initials_for_the_force(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "registered")
    key("d")
    settle(bridge)
    assert panel.form is not None
    unit = panel.form.fields["unit"]
    assert isinstance(unit, TypeAhead)
    keys("xld")
    assert until(lambda: unit.list.isVisible())
    label = unit.model.choice(0)
    assert label is not None
    assert label.label.startswith("巡逻队")
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    settle(bridge)
    assert acts(seat)[-1].params["unit"] == label.code
    assert panel.form is None


def test_a_refusal_is_shown_in_the_form_and_nothing_typed_is_lost(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "assigned")
    key("c")
    assert panel.form is not None
    panel.form.fields["note"].setFocus()
    keys("hurry")
    seat.fail_next = Refused(Message("the force is gone"))
    key(Qt.Key.Key_Return)
    assert until(lambda: panel.form is not None and not panel.form.sending)
    settle(bridge)
    assert "the force is gone" in texts(panel)
    assert panel.form.fields["note"].value() == "hurry"
    key(Qt.Key.Key_Return)
    settle(bridge)
    assert acts(seat)[-1].params["note"] == "hurry"


def test_typed_text_survives_escape_reloads_and_another_incident(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "assigned")
    first = panel.incident_id
    key("t")
    keys("half a sentence")
    seat.flood(200)
    settle(bridge)
    assert panel.form is not None
    assert panel.form.fields["note"].value() == "half a sentence"
    panel.show_incident(one(seat, "reported"))
    settle(bridge)
    panel.show_incident(first)
    settle(bridge)
    panel.setFocus()
    assert panel.trigger("note")
    assert panel.form is not None
    assert panel.form.fields["note"].value() == "half a sentence"
    key(Qt.Key.Key_Escape)
    assert panel.form is None
    assert panel.hasFocus()
    key("t")
    assert panel.form is not None
    assert panel.form.fields["note"].value() == "half a sentence"


def test_an_irreversible_act_needs_a_second_enter(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "registered")
    key("0")
    assert panel.form is not None
    keys("reported twice by mistake")
    key(Qt.Key.Key_Return)
    settle(bridge)
    assert not acts(seat)
    assert "taken back" in texts(panel)
    key(Qt.Key.Key_Escape)
    assert panel.form is not None
    panel.form.fields["reason"].setFocus()
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    settle(bridge)
    assert [a.verb for a in acts(seat)] == ["void"]


def test_a_required_field_left_blank_is_named_and_gets_the_focus(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "registered")
    key("0")
    assert panel.form is not None
    panel.form.send_button.click()
    assert "Reason is needed" in texts(panel)
    assert isinstance(QApplication.focusWidget(), QPlainTextEdit)
    assert not acts(seat)


def test_an_act_that_is_not_possible_says_why(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "assigned")
    refused: list[tuple[str, str, str]] = []
    panel.refused.connect(lambda i, v, t: refused.append((i, v, t)))
    assert not panel.trigger("approve_extension")
    assert refused
    assert refused[0][2] == "no extension was asked for"
    assert "no extension was asked for" in texts(panel)
    assert panel.form is None


def test_sending_is_seen_before_the_answer(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "assigned")
    key("c")
    key(Qt.Key.Key_Return)
    assert "Sending: Chase" in texts(panel)
    settle(bridge)
    assert "Sending" not in texts(panel)


def test_two_acts_in_a_row_do_not_refuse_each_other(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "assigned")
    panel.act("chase", {})
    panel.act("supervise", {"ground": "leader"})
    settle(bridge)
    assert [a.verb for a in acts(seat)] == ["chase", "supervise"]


def test_an_act_says_what_its_maker_looked_at(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "assigned")
    assert panel.view is not None
    before = panel.view.row.changed_seq
    panel.act("chase", {})
    settle(bridge)
    assert acts(seat)[-1].seen_seq == before


def test_an_incident_looked_at_for_a_second_is_marked_read_once(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "reported")
    assert not [c for c in seat.done if isinstance(c, MarkRead)]
    assert until(lambda: any(isinstance(c, MarkRead) for c in seat.done), 2_000)
    QTest.qWait(200)
    settle(bridge)
    assert len([c for c in seat.done if isinstance(c, MarkRead)]) == 1
    assert panel.isVisible()


def test_the_lamp_is_that_of_the_queue(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "assigned")
    assert panel.view is not None
    _kind, number, _phase, text = panel.header.texts()
    assert number == panel.view.row.number
    assert panel.header._lamp == lamp(panel.view.row, seat.now)
    assert text


def test_ctrl_and_a_letter_act_too_and_the_panel_takes_no_input_method(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "assigned")
    assert not panel.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert panel.form is not None
    assert panel.form.option.verb == "chase"
    edit = panel.form.fields["note"].focusProxy()
    assert edit is not None
    assert edit.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    event = QInputMethodEvent()
    event.setCommitString("请尽快")
    QApplication.sendEvent(edit, event)
    assert panel.form.fields["note"].value() == "请尽快"


def test_letters_typed_into_a_field_are_no_acts(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "assigned")
    key("t")
    keys("czd0q")
    assert panel.form is not None
    assert panel.form.option.verb == "note"
    assert panel.form.fields["note"].value() == "czd0q"
    panel.form.send_button.setFocus()
    key("c")
    assert panel.form.option.verb == "note"


def test_a_point_comes_from_the_map(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "registered")
    wanted: list[bool] = []
    panel.point_wanted.connect(lambda: wanted.append(True))
    assert not panel.take_point(117.0, 30.5)
    panel.trigger("correct")
    assert panel.form is not None
    panel.form.fields["point"].wanted.emit()
    assert wanted
    assert panel.take_point(117.0, 30.5)
    assert panel.form.fields["point"].value() == (117.0, 30.5)


def test_the_panel_says_what_it_shows_when_it_shows_nothing(bridge: Bridge, seat: FakeSeat) -> None:
    panel = IncidentPanel(bridge, seat.clock)
    shown(panel)
    assert "No incident is selected" in texts(panel)
    panel.show_incident("gone")
    settle(bridge)
    assert "could not be read" in texts(panel)
    assert "Nothing was lost" in texts(panel)


def test_a_changed_incident_is_shown_anew(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "registered")
    seat.do(Act(panel.incident_id or "", "hold", {"reason": "waits for parts"}))
    assert until(lambda: panel.view is not None and bool(panel.view.row.flags & 1))
    settle(bridge)
    assert "held" in texts(panel)


def test_every_assignment_keeps_its_own_state(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "assigned")
    now = seat.now
    panel.assignments.show_assignments((
        AssignmentView("u2", "help 2", False, "on_scene", now - 500, now - 400, now - 65, None),
        AssignmentView("u1", "lead 1", True, "assigned", now - 300, None, None, None, 640.0, now - 900, 2)), now)
    said = [label.text() for label in panel.assignments.findChildren(QLabel) if label.isVisible()]
    assert said[:4] == ["lead", "lead 1", "not signed for 5 min", "? 640 m · position 15 min old · chased 2×"]
    assert said[4:7] == ["help", "help 2", "on scene 1 min"]


def test_a_masked_reporter_is_shown_as_the_seat_gave_it(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "assigned")
    assert "139****0217" in texts(panel)
    assert panel.view is not None
    panel._on_view(replace(panel.view, reporters=(ReporterView("r", "name", "phone", True, erased=True),)))
    assert "reporter erased" in texts(panel)
    assert "phone" not in texts(panel)


def test_the_language_changes_while_a_form_is_open(bridge: Bridge, seat: FakeSeat) -> None:
    from widgets.theme import language

    panel = opened(bridge, seat, "assigned")
    key("t")
    keys("kept")
    language.use(QApplication.instance(), "zh_CN")  # type: ignore[arg-type]
    settle(bridge)
    assert panel.form is not None
    assert panel.form.fields["note"].value() == "kept"
    assert "备注" in texts(panel)
    assert "来源" in texts(panel)


def test_photos_enlarge_in_place_and_a_broken_one_says_so(bridge: Bridge, seat: FakeSeat) -> None:
    image = QImage(800, 400, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice

    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    good, bad = seat.put_blob(bytes(data.data()), "image/png"), seat.put_blob(b"<svg onload=x>", "image/png")
    strip = PhotoStrip(bridge)
    shown(strip, 380, 100)
    strip.show_photos((good, bad, "missing"))
    assert until(lambda: len(strip._images) == 3)
    small = strip.height()
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip._cell(0).center())
    assert strip.height() > small + 150
    key(Qt.Key.Key_Right)
    key(Qt.Key.Key_Escape)
    assert strip.height() == small
    assert strip._images[bad].isNull()
    assert decoded(b"").isNull()


def test_a_photo_that_is_not_here_yet_says_so_with_its_size_until_it_comes(bridge: Bridge, seat: FakeSeat) -> None:
    there = seat.put_blob(b"no picture at all", "image/png")
    strip = PhotoStrip(bridge)
    shown(strip, 380, 100)
    strip.show_photos((there, "b" * 64, "c" * 64), {"b" * 64: 1_234_567, "c" * 64: None})
    assert until(lambda: there in strip._images)
    assert [strip.words(d) for d in (there, "b" * 64, "c" * 64)] == ["no picture", "not here yet, 1.2 MB",
                                                                    "not here yet"]
    asked = seat.put_blob(b"came", "image/png")
    strip.show_photos((there, asked), {asked: 4})
    assert strip.words(asked) == "not here yet, 0.1 MB"
    strip.show_photos((there, asked))
    assert strip.words(asked) == "loading"
    assert until(lambda: asked in strip._images)


def test_the_timeline_strikes_what_was_overtaken_and_marks_what_is_unsent(bridge: Bridge, seat: FakeSeat) -> None:
    entry = TimelineEntry("e", "i", seat.now, "incident.noted", Message("Note"), "line 1\nline 2", "dispatcher", "02",
                          "desk", superseded=True, unsent=True)
    overtaken = shown_entry(entry, seat.now)
    assert overtaken.struck
    assert overtaken.mark == "overtaken"
    assert overtaken.words == "line 1\nline 2"
    assert shown_entry(replace(entry, superseded=False), seat.now).mark == "not yet sent"
    seat.sync = replace(seat.sync, mode="off")
    panel = TimelinePanel(bridge, seat.clock)
    shown(panel, 380, 300)
    incident = one(seat, "assigned")
    panel.show_incident(incident)
    settle(bridge)
    before = panel.model.rowCount()
    seat.do(Act(incident, "note", {"note": "done off-line"}))
    assert until(lambda: panel.model.rowCount() == before + 1)
    last = panel.model.row(before)
    assert last is not None
    assert last.mark == "not yet sent"


def test_a_language_or_theme_switch_paints_without_a_fault(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "on_scene", 320)
    for event in (QEvent.Type.LanguageChange, QEvent.Type.StyleChange, QEvent.Type.FontChange):
        QApplication.sendEvent(panel, QEvent(event))
    assert not panel.grab().isNull()


def test_the_key_of_the_fold_is_shown_as_a_key(bridge: Bridge, seat: FakeSeat) -> None:
    panel = opened(bridge, seat, "registered")
    assert panel.bar.more.isVisible()
    assert panel.bar.more.key == "."
    assert "." not in panel.bar.more.label
    key(".")
    assert panel.bar.more.label == "Less"


@pytest.mark.parametrize("height", [360, 480, 700])
@pytest.mark.parametrize(("phase", "letter"), [("registered", "d"), ("reported", "a")])
def test_the_send_button_and_the_head_stay_in_sight(bridge: Bridge, seat: FakeSeat, height: int, phase: str,
                                                    letter: str) -> None:
    panel = opened(bridge, seat, phase)
    panel.resize(380, height)
    key(letter)
    settle(bridge)
    form = panel.form
    assert form is not None
    button = form.send_button
    assert button.visibleRegion().boundingRect() == button.rect()
    assert panel.rect().contains(button.mapTo(panel, button.rect().bottomRight()))
    assert panel.header.visibleRegion().boundingRect() == panel.header.rect()
    for each in form.fields.values():
        each.setFocus()
        QTest.qWait(5)
        assert not each.visibleRegion().isEmpty()
