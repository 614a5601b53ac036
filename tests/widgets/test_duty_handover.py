"""A shift handed over and taken over in a real window on a real store, by keys and mouse: both sides sign one text."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.bootstrap import seats
from app.bootstrap.screens import handover_page
from app.domain.process import Role
from app.services.commands import HandOver, HandoverAct
from app.services.duty_views import Handover
from app.services.operator import Operator
from data.store import people
from tests.widgets.desk_stage import body_of, opened
from tests.widgets.real_stage import found, give, report
from tests.widgets.room_stage import bridge_to, key, keys, until
from widgets.bridge import Bridge
from widgets.screens.desk import DeskWindow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found(tmp_path / "seat")
    give(tmp_path / "seat", report(1), report(2, level=4))
    with seats.opened(tmp_path / "seat") as store:
        for name in ("Li", "Wang"):
            people.put_operator(store, Operator(name, name, frozenset({Role.SUPERVISOR}), None), "")
    return tmp_path / "seat"


@pytest.fixture
def bridge(qapp: QApplication, folder: Path) -> Iterator[Bridge]:
    with bridge_to(lambda: seats.open_seat(folder, "Li", screen="desk"), "en", "dark") as made:
        yield made


@pytest.fixture
def desk(bridge: Bridge) -> Iterator[DeskWindow]:
    window = opened(bridge, lang="en")
    yield window
    window.close()


def other(folder: Path, *commands: object) -> list[Handover]:
    """Wang at another program of the seat."""
    with closing(seats.open_seat(folder, "Wang", screen="desk")) as seat:
        for command in commands:
            seat.do(command)  # type: ignore[arg-type]
        return seat.handovers()


def test_written_by_keys_given_back_changed_and_signed(desk: DeskWindow, folder: Path) -> None:
    body = body_of(desk)
    duty = body.duty
    key(Qt.Key.Key_F3, Qt.KeyboardModifier.ControlModifier)
    assert until(lambda: duty.form is not None)
    form = duty.form
    assert form is not None
    assert [form.items.item(n).text()[:3] for n in range(form.items.count())] == ["II "]
    keys("pump 1 runs")
    key(Qt.Key.Key_Return)
    assert until(lambda: duty.form is None and len(duty.cards) == 1)
    card = duty.cards[0]
    assert card.state.text() == "Waits for the signature of the next shift: Li stays responsible"
    assert "Gate 1" in card.items.text()
    assert [v for v, b in card.buttons.items() if b.isVisible()] == ["rewrite", "withdraw"]
    assert not duty.sign_out.isEnabled()
    assert until(lambda: "Li (waits to be relieved)" in body.top.duty.text())

    one = other(folder)[0]
    other(folder, HandoverAct(one.id, "object", {"reason": "which pump?"}, one.version))
    assert until(lambda: card.state.text().startswith("Given back: Li"))
    assert card.reason.text() == "Given back: which pump?"
    QTest.mouseClick(card.buttons["rewrite"], Qt.MouseButton.LeftButton)
    assert until(lambda: duty.form is not None)
    assert duty.form is not None
    assert duty.form.note.value() == "pump 1 runs", "the text that is to be changed stands there"
    keys(" on Lane 3")
    key(Qt.Key.Key_Return)
    assert until(lambda: card.state.text().startswith("Waits"))
    again = other(folder)[0]
    assert (again.note, again.phase) == ("pump 1 runs on Lane 3", "waiting")

    other(folder, HandoverAct(again.id, "sign", {"remark": "seen"}, again.version))
    assert until(lambda: not duty.cards and duty.last.isVisible())
    assert duty.last.state.text().startswith("Signed for by Wang, ")
    assert "signed by Wang: seen" in duty.last.steps.text()
    assert until(lambda: "waits" not in body.top.duty.text())


def test_taken_over_by_the_command_line_with_a_remark(desk: DeskWindow, folder: Path) -> None:
    duty = body_of(desk).duty
    other(folder, HandOver("<b>gate</b> is open"))
    keys("/")
    body_of(desk).command.field.setText("接班")
    key(Qt.Key.Key_Return)
    assert until(lambda: len(duty.cards) == 1 and duty.isVisible())
    assert duty.cards[0].note.text() == "<b>gate</b> is open"
    assert duty.cards[0].note.textFormat() == Qt.TextFormat.PlainText
    key(Qt.Key.Key_F3, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert until(duty.cards[0].buttons["sign"].hasFocus)
    key(Qt.Key.Key_Space)
    assert duty.form is not None
    keys("seen")
    key(Qt.Key.Key_Return)
    assert until(lambda: duty.form is None and not duty.cards)
    (done,) = other(folder)
    assert (done.incoming, done.phase) == ("Li", "signed")


def test_a_long_hand_over_is_read_from_its_head_with_the_signature_in_sight(desk: DeskWindow, folder: Path) -> None:
    duty = body_of(desk).duty
    desk.resize(1280, 720)
    give(folder, *(report(n, level=2) for n in range(3, 40)))
    other(folder, HandOver("gate 1 is open"))
    assert until(lambda: len(duty.cards) == 1)
    card = duty.cards[0]
    key(Qt.Key.Key_F3, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert until(card.buttons["sign"].hasFocus)
    assert card.items.height() > duty.height(), "the list is longer than the pane"
    for part in (card.state, card.title, card.note, card.buttons["sign"], card.buttons["object"]):
        assert part.visibleRegion().boundingRect() == part.rect()


def test_a_text_that_was_changed_while_it_was_read_is_not_signed(desk: DeskWindow, folder: Path) -> None:
    duty = body_of(desk).duty
    key(Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    one = other(folder, HandOver("a"))[0]
    assert until(lambda: len(duty.cards) == 1)
    QTest.mouseClick(duty.cards[0].buttons["sign"], Qt.MouseButton.LeftButton)
    assert duty.form is not None
    other(folder, HandoverAct(one.id, "rewrite", {"note": "b"}))
    assert until(lambda: duty.cards[0].note.text() == "b")
    duty.form.send()
    assert until(lambda: duty.form is not None and duty.form.refusal.isVisible())
    assert "read it again" in duty.form.refusal.text()
    key(Qt.Key.Key_Escape)
    assert duty.form is None
    assert other(folder)[0].phase == "waiting"


def test_nobody_to_relieve_is_said(desk: DeskWindow) -> None:
    duty = body_of(desk).duty
    key(Qt.Key.Key_F3, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert until(lambda: "waits for your signature" in duty.note.text())


def test_the_past_is_read_by_keys_and_written_to_a_file(desk: DeskWindow, folder: Path, tmp_path: Path,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    body = body_of(desk)
    duty = body.duty
    with closing(seats.open_seat(folder, "Li", screen="desk")) as seat:
        for n in range(3):
            seat.do(HandOver(f"<script>{n}</script>"))
            one = seat.handovers()[0]
            other(folder, HandoverAct(one.id, "sign", {}, one.version))
    key(Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert until(lambda: duty.last.isVisible())
    QTest.mouseClick(duty.earlier, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert until(lambda: duty.history.list.count() == 3)
    assert duty.history.list.hasFocus()
    assert duty.history.card.note.text() == "<script>2</script>"
    key(Qt.Key.Key_Down)
    assert duty.history.card.note.text() == "<script>1</script>"
    desk.report_handovers = handover_page
    monkeypatch.setattr("widgets.screens.desk_orders.page_path", lambda *_args: tmp_path / "h.html")
    duty.history.print_.click()
    assert until((tmp_path / "h.html").exists)
    assert until(lambda: "h.html" in body.banner.label.text())
    page = (tmp_path / "h.html").read_text("utf-8")
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 3
    assert page.count("Signed for by Wang") == 3
    QTest.mouseClick(duty.history.back, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert duty.shift.isVisible()
    assert not duty.history.isVisible()
