"""Who is on duty, signing in, and handing over."""
from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.bootstrap.seats import REFERENCE
from app.domain.faults import Message, Refused
from app.domain.process import Role
from app.services.changes import Changes
from app.services.commands import HandOver, SignDuty
from app.services.duties import post_of
from app.services.duty_views import DutyPerson, DutyView, Handover
from app.services.seat import Operator
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.wall_stage import until
from widgets.bridge import Bridge
from widgets.duty.panel import DutyPanel
from widgets.duty.words import shift_word
from widgets.theme import language


def shift(now: float, *, mine: bool) -> DutyView:
    people = (DutyPerson("duty_leader", "带班领导 01", True, False),
              DutyPerson("supervisor", "值班长", True, mine, now - 60),
              DutyPerson("verifier", "核查员 07", False, True, now - 90_000))
    last = Handover(now - 3600, "值班长 09", "supervisor", "<b>东街</b> 水管未修", {"all": 12, "overdue": 2, "held": 0})
    return DutyView("night", "带班领导 01", "值班长", int(mine), 2, now + 4 * 3600, False, mine, people, last)


@pytest.fixture
def made(qapp) -> Iterator[tuple[DutyPanel, FakeSeat]]:
    language.use(qapp, "zh_CN")
    seat = FakeSeat(open_=3, ended=0, operator=SUPERVISOR)
    seat.duty_view = shift(seat.clock.now().timestamp(), mine=False)
    bridge = Bridge(lambda: seat, drain_ms=20, poll_ms=10)  # type: ignore[arg-type,return-value]
    panel = DutyPanel(bridge)
    panel.resize(420, 480)
    panel.show()
    bridge.start()
    assert until(lambda: panel.view is not None)
    yield panel, seat
    panel.close()
    bridge.close()
    panel.deleteLater()


def cells(panel: DutyPanel) -> list[str]:
    return [cell.text() for cell in panel.cells]


def test_the_running_shift_is_shown_with_who_is_not_there_and_what_was_handed_over(made):
    panel, _ = made
    assert panel.head.text().startswith("夜班 · 至 ")
    assert panel.head.text().endswith("已签到 0/2")
    texts = cells(panel)
    assert texts[:3] == ["带班领导", "带班领导 01", "未签到"]
    assert texts[3:5] == ["值班长", "值班长"]
    assert texts[5].endswith("签退")
    assert texts[8].endswith("签到 · 不在值班表")
    assert panel.last.note.text() == "<b>东街</b> 水管未修"
    assert panel.last.note.textFormat() == Qt.TextFormat.PlainText
    assert panel.last.matters.text() == "交班时未结：未结 12 · 超期 2"
    assert not any(b.isVisible() for b in panel.last.buttons.values())
    assert not panel.note.isVisible()


def test_signing_in_and_out_by_keys_is_a_command_with_the_operator_s_role_and_name(made):
    panel, seat = made
    heard: list[bool] = []
    panel.signed.connect(heard.append)
    panel.setFocus()
    QTest.keyClick(panel.sign_in, Qt.Key.Key_Space)
    assert until(lambda: heard == [True])
    seat.duty_view = shift(seat.clock.now().timestamp(), mine=True)
    seat._changes = Changes(duty=True)
    assert until(lambda: not panel.sign_in.isEnabled())
    QTest.keyClick(panel.sign_out, Qt.Key.Key_Space)
    assert until(lambda: heard == [True, False])
    signs = [c for c in seat.done if isinstance(c, SignDuty)]
    assert [(s.role, s.name, s.present) for s in signs] == [("supervisor", "值班长", True),
                                                            ("supervisor", "值班长", False)]


def test_handing_over_says_what_is_open_asks_for_words_and_sends_them(made):
    panel, seat = made
    QTest.keyClick(panel.hand_over, Qt.Key.Key_Space)
    assert until(lambda: panel.form is not None)
    form = panel.form
    assert "未结 3" in form.open.text()
    assert until(lambda: form.note.edit.hasFocus())
    QTest.keyClick(form.note.edit, Qt.Key.Key_Return)
    assert form.refusal.text() == "缺少下一班须知。"
    assert not [c for c in seat.done if isinstance(c, HandOver)]
    QTest.keyClicks(form.note.edit, "pump on Lane 3")
    QTest.keyClick(form.note.edit, Qt.Key.Key_Escape)
    assert panel.form is None
    panel.begin_handover()
    assert until(lambda: panel.form is not None)
    assert panel.form.note.value() == "pump on Lane 3", "Esc keeps the draft"
    QTest.keyClick(panel.form.note.edit, Qt.Key.Key_Return)
    assert until(lambda: panel.form is None)
    sent = [c for c in seat.done if isinstance(c, HandOver)]
    assert [c.note for c in sent] == ["pump on Lane 3"]
    assert sent[0].items
    panel.begin_handover()
    assert until(lambda: panel.form is not None)
    assert panel.form.note.value() is None, "what was sent is no draft any more"


def test_what_people_wrote_is_no_markup_in_the_tooltips_of_the_lists(made):
    panel, seat = made
    evil, now = "<img src=x onerror=1>", seat.clock.now().timestamp()
    for key, row in list(seat.rows.items()):
        seat.rows[key] = row._replace(level=1, place=evil)
    seat.past_handovers = [Handover(now - 60, evil, "supervisor", "")]
    panel.show_history()
    assert panel.history.back.text() == "返回当前班次", "the way back is named before anything was read"
    assert until(lambda: panel.history.list.count() == 1)
    panel.begin_handover()
    assert until(lambda: panel.form is not None and panel.form.items.count() > 0)
    for item in (panel.history.list.item(0), panel.form.items.item(0)):
        assert evil in item.text(), "a list shows it as it is"
        assert item.toolTip().startswith("<span>")
        assert "<img" not in item.toolTip()


def test_a_refusal_is_shown_in_words_and_what_was_typed_stays(made):
    panel, seat = made
    seat.fail_next = Refused(Message("Your role may not do this."))
    panel.sign_in.click()
    assert until(lambda: panel.note.isVisible())
    assert panel.note.text()
    panel.begin_handover()
    assert until(lambda: panel.form is not None)
    panel.form.note.restore("x")
    seat.fail_next = Refused(Message("Your role may not do this."))
    panel.form.send()
    assert until(lambda: panel.form.refusal.isVisible())
    assert panel.form.note.value() == "x"


def one_waits(panel, seat):
    """A hand-over waits for this operator's signature."""
    now = seat.clock.now().timestamp()
    one = Handover(now - 60, "值班长 09", "supervisor", "a", id="h1", phase="waiting", verbs=("sign", "object"))
    seat.duty_view = dataclasses.replace(shift(now, mine=True), waiting=(one,))
    seat._changes = Changes(duty=True)
    assert until(lambda: len(panel.cards) == 1)


def test_another_act_takes_the_place_of_a_form_that_is_open_and_what_was_typed_is_kept(made):
    panel, seat = made
    one_waits(panel, seat)
    sign, back = (panel.cards[0].buttons[verb] for verb in ("sign", "object"))
    sign.click()
    QTest.keyClicks(panel.form.note.edit, "seen")
    first = panel.form
    sign.click()
    assert panel.form is first, "it is open already"
    back.click()
    assert panel.form is not first
    assert panel.form.note.accessibleName() == "理由"
    QTest.keyClick(panel.form.note.edit, Qt.Key.Key_Return)
    assert panel.form.refusal.text() == "缺少理由。"
    sign.click()
    assert panel.form.note.value() == "seen"
    panel.begin_handover()
    assert until(lambda: panel.form.note.accessibleName() == "下一班须知")


def test_enter_twice_sends_once(made):
    panel, seat = made
    panel.begin_handover()
    assert until(lambda: panel.form is not None)
    QTest.keyClicks(panel.form.note.edit, "seen")
    form = panel.form
    QTest.keyClick(form.note.edit, Qt.Key.Key_Return)
    QTest.keyClick(form.note.edit, Qt.Key.Key_Return)
    assert until(lambda: panel.form is None)
    panel.begin_handover()
    assert until(lambda: panel.form is not None)
    assert [c.note for c in seat.done if isinstance(c, HandOver)] == ["seen"]
    seat.fail_next = Refused(Message("There is no act named {verb}.", {"verb": "x"}))
    panel.form.note.restore("again")
    panel.form.send()
    assert until(panel.form.refusal.isVisible)
    panel.form.send()
    assert until(lambda: panel.form is None)
    assert [c.note for c in seat.done if isinstance(c, HandOver)] == ["seen", "again"]


def test_a_form_whose_matters_come_late_takes_no_keys_from_another_one(made):
    panel, seat = made
    one_waits(panel, seat)
    came: list[str] = []
    panel.begin_handover()
    panel.cards[0].buttons["object"].click()
    back = panel.form
    panel._bridge.ask(lambda seat: None, lambda _none: came.append("after it"), owner=panel)
    assert until(lambda: bool(came))
    assert panel.form is back
    assert back.note.edit.hasFocus()


def test_the_keys_come_back_to_the_list_when_a_form_over_the_past_is_put_away(made):
    panel, seat = made
    now = seat.clock.now().timestamp()
    seat.past_handovers = [Handover(now - 60, "值班长 09", "supervisor", "a", id="h1", phase="waiting",
                                    verbs=("sign", "object"))]
    panel.show_history()
    assert until(lambda: panel.history.list.count() == 1)
    panel.history.card.buttons["sign"].click()
    assert panel.form.note.edit.hasFocus()
    QTest.keyClick(panel.form.note.edit, Qt.Key.Key_Escape)
    assert panel.history.list.hasFocus()


def test_what_cannot_be_read_is_no_refusal_of_what_is_typed(made, monkeypatch):
    panel, seat = made
    panel.begin_handover()
    assert until(lambda: panel.form is not None)

    def broken():
        raise Refused(Message("There is no act named {verb}.", {"verb": "x"}))

    monkeypatch.setattr(seat, "duty", broken)
    panel.refresh()
    assert until(panel.note.isVisible)
    assert panel.form.refusal.isHidden()


def test_without_a_roster_it_says_what_to_do(made):
    panel, seat = made
    seat.duty_view = None
    seat._changes = Changes(duty=True)
    assert until(lambda: panel.view is None)
    assert "导入" in panel.note.text()
    assert panel.sign_in.isEnabled()


def test_who_has_no_place_on_the_roster_cannot_sign(made):
    _, seat = made
    assert post_of(Operator("w", "wall", frozenset({Role.WALL}), None)) is None
    assert post_of(Operator("d", "d", frozenset({Role.DISPATCHER, Role.DUTY_LEADER}), None)) == "duty_leader"
    assert dataclasses.replace(seat.duty_view, planned=0, present=1).post == "1"


def test_each_shift_that_a_roster_can_have_has_a_word_in_the_readers_language(qapp):
    language.use(qapp, "zh_CN")
    profile = tomllib.loads((REFERENCE / "profiles" / "generic_roster.toml").read_text("utf-8"))
    for code in set(profile["values"]["shift"].values()):
        assert shift_word(code).endswith("班"), code
    for row in tomllib.loads((REFERENCE / "codes" / "shift.toml").read_text("utf-8"))["codes"]:
        assert shift_word(row["code"]) != row["code"]
    assert shift_word("三值") == "三值", "a roster's own word stands as it is"
