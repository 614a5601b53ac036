"""The whistles' panel: what it shows of a call's times, what may be done, a form that hands a whole command over."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.faults import Message, Refused
from app.services.changes import Changes
from app.services.views import CallView, WhistleView
from app.services.whistle_commands import BlowWhistle, WhistleAct
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.room_stage import settle, stage, until
from widgets.bridge import Bridge
from widgets.theme import language
from widgets.whistle import WhistlePanel
from widgets.whistle.form import DepartmentsField
from widgets.whistle.model import REPORT, SCORE, step_text

ZONE = "Asia/Shanghai"


@pytest.fixture
def seat() -> FakeSeat:
    return FakeSeat(operator=SUPERVISOR, open_=10, ended=1, units=60, cameras=2, components=5)


@pytest.fixture
def bridge(qtbot: QtBot, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat, "en") as made:
        yield made


@pytest.fixture
def panel(bridge: Bridge, seat: FakeSeat) -> Iterator[WhistlePanel]:
    one = WhistlePanel(bridge, seat.clock, zone=ZONE)
    one.resize(900, 600)
    one.show()
    yield one
    one.close()


def call(seat: FakeSeat, unit: str, state: str, verbs: tuple[str, ...] = (), **over: object) -> CallView:
    fields: dict[str, object] = {
        "unit_id": unit, "name": f"Bureau {unit}", "state": state, "called_at": seat.now - 600,
        "report_due": seat.now - 60, "result_due": seat.now + 3_600, "reported_at": None, "answered_at": None,
        "who": "", "result": "", "satisfaction": "", "score": None, "verbs": verbs}
    return CallView(**{**fields, **over})  # type: ignore[arg-type]


def whistle(seat: FakeSeat, *calls: CallView) -> WhistleView:
    return WhistleView("w1", "20261123-01-W001", "blown", "a <b>blocked</b> lane", 2, next(iter(seat.rows)),
                       "20261123-01-0007", None,
                       "Community 21", "secretary", seat.now - 600, calls, ("call_more", "withdraw"),
                       (Message("report in by {due}", {"due": "18:00"}),))


def test_both_times_of_each_department_are_shown_and_only_possible_acts_offered(panel: WhistlePanel, seat: FakeSeat
                                                                                ) -> None:
    assert until(lambda: "No whistle yet" in panel.state.text())
    seat.whistle_rows = [whistle(seat, call(seat, "a", "called", ("report_in",)),
                                 call(seat, "b", "scored", reported_at=seat.now - 300, report_due=seat.now - 400,
                                      answered_at=seat.now - 200, score=88.0))]
    seat._changes = Changes(whistles=frozenset({"w1"}))
    assert until(lambda: len(panel.model.rows) == 2)
    assert [panel.model.text(0, c) for c in range(7)] == [
        "II  W001", "a <b>blocked</b> lane", "Bureau a", "called", "overdue 1 min", "1 h left", "—"]
    assert panel.model.text(1, 0) == panel.model.text(1, 1) == ""
    assert panel.model.text(1, REPORT).endswith("late 1 min")
    assert panel.model.text(1, SCORE) == "88"
    assert panel.counts.text() == "1 open · 1 to report in · 2 late"
    shown = {verb for verb, button in panel.buttons.items() if not button.isHidden()}
    assert shown == {"report_in", "call_more", "withdraw"}
    panel.view.selectRow(1)
    assert {verb for verb, button in panel.buttons.items() if not button.isHidden()} == {"call_more", "withdraw"}
    assert "Incident 20261123-01-0007" in panel.detail.text()


def test_an_act_is_given_by_its_form_and_a_refusal_keeps_what_was_typed(panel: WhistlePanel, seat: FakeSeat) -> None:
    seat.whistle_rows = [whistle(seat, call(seat, "a", "reported_in", ("answer",)))]
    panel.reload()
    assert until(lambda: bool(panel.model.rows))
    panel.buttons["answer"].click()
    assert panel.form is not None
    panel.form.send()
    assert "Result is missing" in panel.form.note.text()
    panel.form.fields["result"].restore("cleared")
    seat.fail_next = Refused(Message("This step was already taken."))
    panel.form.send()
    assert until(lambda: panel.form is not None and "already taken" in panel.form.note.text())
    panel.form.send()
    assert until(lambda: panel.form is None)
    assert seat.done[-1] == WhistleAct("w1", "answer", {"unit": "a", "result": "cleared"})


def test_enter_twice_sends_once(panel: WhistlePanel, seat: FakeSeat) -> None:
    begun(panel, seat)
    form = panel.form
    assert form is not None
    form.fields["result"].submitted.emit()
    form.fields["result"].submitted.emit()
    assert until(lambda: panel.form is None)
    begun(panel, seat)
    assert len([c for c in seat.done if isinstance(c, WhistleAct)]) == 1


def test_a_whistle_is_blown_for_an_incident_to_several_departments(panel: WhistlePanel, seat: FakeSeat) -> None:
    panel.reload()
    assert until(lambda: bool(panel.departments))
    key = next(iter(seat.rows))
    panel.begin_about(key, seat.rows[key].number)
    assert panel.form is not None
    assert "incident" not in panel.form.fields
    panel.form.fields["matter"].restore("a blocked lane")
    field = panel.form.fields["units"]
    assert isinstance(field, DepartmentsField)
    codes = [c.code for c in panel.departments[:2]]
    for code in codes:
        field.finder.picked.emit(code)
    panel.form.send()
    assert until(lambda: panel.form is None)
    assert seat.done[-1] == BlowWhistle("a blocked lane", tuple(codes), 3, key)


def test_a_time_is_said_as_what_is_left_or_how_late_it_was(qapp: QApplication) -> None:
    language.use(qapp, "en")
    assert step_text(None, None, 0.0, ZONE) == "no limit"
    assert step_text(100.0, None, 40.0, ZONE) == "1 min left"
    assert step_text(100.0, None, 161.0, ZONE) == "overdue 1 min"
    assert step_text(100.0, 90.0, 200.0, ZONE) == "08:01"


def begun(panel: WhistlePanel, seat: FakeSeat) -> None:
    seat.whistle_rows = [whistle(seat, call(seat, "a", "reported_in", ("answer",)),
                                 call(seat, "b", "reported_in", ("answer",)))]
    panel.reload()
    assert until(lambda: len(panel.model.rows) == 2)
    panel.buttons["answer"].click()
    assert panel.form is not None
    panel.form.fields["result"].restore("half a page")


def result_of(panel: WhistlePanel) -> object:
    assert panel.form is not None
    return panel.form.fields["result"].kept()


def test_what_is_typed_stays_when_forces_change_and_while_another_pane_is_shown(panel: WhistlePanel, seat: FakeSeat,
                                                                               bridge: Bridge) -> None:
    begun(panel, seat)
    bridge.changed.emit(Changes(units=frozenset({next(iter(seat.unit_rows))})))
    settle(bridge)
    assert result_of(panel) == "half a page"
    panel.hide()
    panel.show()
    settle(bridge)
    assert result_of(panel) == "half a page"


def test_what_is_typed_comes_back_with_the_row_it_is_about(panel: WhistlePanel, seat: FakeSeat) -> None:
    begun(panel, seat)
    panel.view.selectRow(1)
    assert panel.form is None
    panel.begin("answer")
    assert result_of(panel) is None
    panel.view.selectRow(0)
    panel.begin("answer")
    assert result_of(panel) == "half a page"
    assert panel.form is not None
    panel.form.cancel_button.click()
    panel.begin("answer")
    assert result_of(panel) is None, "what was given up is gone"


def test_a_refusal_reaches_its_own_form_and_no_other(panel: WhistlePanel, seat: FakeSeat) -> None:
    begun(panel, seat)
    told: list[str] = []
    panel.refused.connect(told.append)
    seat.fail_next = Refused(Message("This step was already taken."))
    assert panel.form is not None
    panel.form.send()
    panel.view.selectRow(1)
    panel.begin("answer")
    assert until(lambda: bool(told))
    assert "This step was already taken." in told[0]
    assert panel.form is not None
    assert panel.form.note.isHidden()
    panel.view.selectRow(0)
    panel.begin("answer")
    assert panel.form is not None
    assert "already taken" in panel.form.note.text()
    assert result_of(panel) == "half a page"


def test_no_column_is_narrower_than_its_title(panel: WhistlePanel) -> None:
    for width in (460, 700, 1_200):
        panel.resize(width, 500)
        QApplication.processEvents()
        header = panel.view.horizontalHeader()
        shown = [c for c in range(panel.model.columnCount()) if not header.isSectionHidden(c)]
        assert len(shown) >= 5
        assert len(shown) == 7 or width < 700
        assert all(header.sectionSize(c) >= header.sectionSizeHint(c) for c in shown)
        assert header.length() <= panel.view.viewport().width()
