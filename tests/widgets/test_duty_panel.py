"""Who is on duty, and signing in."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.domain.faults import Message, Refused
from app.domain.process import Role
from app.services.changes import Changes
from app.services.commands import SignDuty
from app.services.seat import Operator
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.wall_stage import until
from widgets.bridge import Bridge
from widgets.duty.panel import DutyPanel, roster_role
from widgets.theme import language


@pytest.fixture
def made(qapp) -> Iterator[tuple[DutyPanel, FakeSeat]]:
    language.use(qapp, "zh_CN")
    seat = FakeSeat(open_=3, ended=0, operator=SUPERVISOR)
    bridge = Bridge(lambda: seat, drain_ms=20, poll_ms=10)  # type: ignore[arg-type,return-value]
    panel = DutyPanel(bridge)
    panel.resize(320, 240)
    panel.show()
    bridge.start()
    assert until(lambda: panel.view is not None)
    yield panel, seat
    panel.close()
    bridge.close()
    panel.deleteLater()


def test_the_running_shift_is_shown(made):
    panel, _ = made
    texts = [v.text() for v in panel._values]
    assert texts == ["夜班", "带班领导 01", "值班长 01", "5 / 6", "22:42"]
    assert not panel.note.isVisible()


def test_signing_in_is_a_command_with_the_operator_s_role_and_name(made):
    panel, seat = made
    heard: list[bool] = []
    panel.signed.connect(heard.append)
    panel.sign_in.click()
    assert until(lambda: heard == [True])
    panel.sign_out.click()
    assert until(lambda: heard == [True, False])
    signs = [c for c in seat.done if isinstance(c, SignDuty)]
    assert [(s.role, s.name, s.present) for s in signs] == [("supervisor", "值班长", True), ("supervisor", "值班长",
                                                                                          False)]


def test_a_refusal_is_shown_in_words(made):
    panel, seat = made
    seat.fail_next = Refused(Message("Your role may not do this."))
    panel.sign_in.click()
    assert until(lambda: panel.note.isVisible())
    assert panel.note.text()


def test_without_a_roster_it_says_what_to_do(made):
    panel, seat = made
    seat.duty_view = None
    seat._changes = Changes(duty=True)
    assert until(lambda: panel.view is None)
    assert "导入" in panel.note.text()


def test_who_has_no_place_on_the_roster_cannot_sign(made):
    assert roster_role(Operator("w", "wall", frozenset({Role.WALL}), None)) is None
    assert roster_role(Operator("d", "d", frozenset({Role.DISPATCHER, Role.DUTY_LEADER}), None)) == "duty_leader"
