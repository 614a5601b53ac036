"""Keys of the desk: each acts once, on what was meant, in whatever view the focus is."""
from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.services.commands import Act
from app.services.views import DuplicateHit
from tests.widgets.desk_stage import acts, desk_on, made_seat, one
from tests.widgets.room_stage import key, settle, until

pytestmark = pytest.mark.usefixtures("qtbot")


def test_a_letter_right_after_an_arrow_waits_for_the_incident() -> None:
    seat = made_seat()
    with desk_on(seat) as body:
        body.select(one(seat, "reported"))
        assert body.incident.view is None, "still being read"
        body.queue.view.setFocus()
        key(Qt.Key.Key_A)
        key(Qt.Key.Key_T)
        assert body.incident.form is None
        assert until(lambda: body.incident.form is not None)
        assert body.incident.form is not None
        assert body.incident.form.option.verb == "register", "the first letter was meant for the incident"
        settle(body.bridge)


def test_a_letter_that_waited_dies_when_another_incident_is_selected() -> None:
    seat = made_seat()
    with desk_on(seat) as body:
        body.select(one(seat, "reported"))
        body.queue.view.setFocus()
        key(Qt.Key.Key_A)
        body.select(one(seat, "reported", number=1))
        settle(body.bridge)
        QTest.qWait(50)
        assert body.incident.form is None


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_alt_and_a_number_merges_into_that_duplicate(n: int) -> None:
    seat = made_seat(open_=60)
    rows = [r for r in seat.queue() if r.phase == "registered"][:4]
    seat.duplicates = lambda **_k: [DuplicateHit(r, 10.0, 2.0, True) for r in rows]  # type: ignore[method-assign]
    with desk_on(seat) as body:
        body.take_call()
        body.taking.form.fields["kind"].restore(rows[0].kind)
        body.taking.form.fields["place"].edit.setText("Gate 1")  # type: ignore[attr-defined]
        body.taking.form.focus("place")
        assert until(lambda: len(body.taking.duplicates.hits) == 4)
        QTest.keyClick(QApplication.focusWidget(), getattr(Qt.Key, f"Key_{n}"), Qt.KeyboardModifier.AltModifier)
        assert until(lambda: [a.params.get("into") for a in acts(seat) if a.verb == "merge"] == [rows[n - 1].id])


def test_no_key_means_two_things_at_once() -> None:
    """Qt carries neither out when two that are in force have the same keys."""
    with desk_on(made_seat()) as body:
        body.take_call()
        body.taking.form.focus("place")
        shortcuts = body.desk.findChildren(QShortcut)
        assert len(shortcuts) >= 9
        for shortcut in shortcuts:
            holder = shortcut.parent()
            assert isinstance(holder, QWidget)
            if holder is body.taking:
                clashing = [n for n, a in body.actions_.actions.items() if a.isEnabled()
                            and shortcut.key() in a.shortcuts()]
                assert not clashing, (shortcut.key().toString(), clashing)
        body.orders.focus("queue")
        settle(body.bridge)
        assert all(a.isEnabled() for a in body.actions_.actions.values()), "elsewhere the desk has its keys"
        others = [s for s in shortcuts if s.parent() is not body.taking]
        taken = {k.toString() for a in body.actions_.actions.values() for k in a.shortcuts()}
        assert not [s.key().toString() for s in others if s.key().toString() in taken]


def test_enter_twice_on_the_command_line_is_one_act_and_what_is_typed_since_stays() -> None:
    seat = made_seat()
    with desk_on(seat) as body:
        chosen = one(seat, "registered")
        body.select(chosen)
        settle(body.bridge)
        body.command.begin("note hello")
        key(Qt.Key.Key_Return)
        key(Qt.Key.Key_Return)
        QTest.keyClicks(body.command.field, " and more")
        settle(body.bridge)
        assert [a for a in acts(seat) if a.verb == "note"] == [Act(chosen, "note", {"note": "hello"}, None)]
        assert body.command.field.text() == "note hello and more"
        assert "Done" in body.banner.label.text()
