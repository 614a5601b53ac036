"""Keys of the desk: each acts once, on what was meant, in whatever view the focus is."""
from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

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


@pytest.mark.parametrize("pane", ["recommend", "units", "whistles", "video", "timeline"])
def test_a_slash_begins_the_command_line_from_every_list(pane: str) -> None:
    seat = made_seat()
    with desk_on(seat) as body:
        body.select(one(seat, "registered"))
        settle(body.bridge)
        if pane == "video":
            body.video.show_list()
            body.board_.list.view.setFocus()
        else:
            body.orders.focus(pane)
        settle(body.bridge)
        if pane == "units":
            body.units.table.setFocus()
        assert isinstance(QApplication.focusWidget(), QAbstractItemView)
        key("/")
        assert body.command.field.hasFocus()


def test_letters_act_on_the_incident_from_the_recommended_forces() -> None:
    seat = made_seat()
    with desk_on(seat) as body:
        body.select(one(seat, "registered"))
        settle(body.bridge)
        body.orders.focus("recommend")
        key(Qt.Key.Key_T)
        assert body.incident.form is not None


def test_a_slash_begins_the_command_line_from_what_the_map_found() -> None:
    with desk_on(made_seat()) as body:
        body.map.find("1")
        settle(body.bridge)
        assert body.map.results.isVisible()
        body.map.results.list.setFocus()
        key("/")
        assert body.command.field.hasFocus()


def test_arrows_in_timeline_and_incident_move_what_is_read_not_the_selection() -> None:
    seat = made_seat()
    with desk_on(seat) as body:
        chosen = one(seat, "on_scene")
        body.select(chosen)
        settle(body.bridge)
        view = body.incident.view
        assert view is not None
        body.timeline.show_view(replace(view, timeline=view.timeline * 30))
        QTest.qWait(30)
        body.orders.focus("timeline")
        bar = body.timeline.view.verticalScrollBar()
        assert bar.maximum() > 0
        end = bar.value()
        key(Qt.Key.Key_Up)
        assert bar.value() < end
        key(Qt.Key.Key_Home)
        assert bar.value() == 0
        key(Qt.Key.Key_Up)
        assert body.queue.current_id == chosen
        body.orders.focus("incident")
        scroll = body.incident._scroll.verticalScrollBar()
        body.incident._scroll.setFixedHeight(120)
        QTest.qWait(20)
        assert scroll.maximum() > 0
        key(Qt.Key.Key_PageDown)
        assert scroll.value() > 0
        key(Qt.Key.Key_Down)
        key(Qt.Key.Key_Up)
        assert body.queue.current_id == chosen


def test_photos_are_reached_and_opened_by_keys() -> None:
    seat = made_seat()
    with desk_on(seat) as body:
        photos = body.incident.photos
        body.select(one(seat, "on_scene"))
        settle(body.bridge)
        photos.show_photos(("a" * 64, "b" * 64))
        assert photos.focusPolicy() & Qt.FocusPolicy.TabFocus
        photos.setFocus()
        key(Qt.Key.Key_Return)
        assert photos._large == 0
        key(Qt.Key.Key_Right)
        assert photos._large == 1
        key(Qt.Key.Key_Escape)
        assert photos._large is None
        settle(body.bridge)


def test_escape_on_the_map_closes_the_camera_over_it_and_ends_its_view() -> None:
    with desk_on(made_seat()) as body:
        settle(body.bridge)
        body.video.popup.open(next(iter(body.map.feed.cameras)))
        assert until(body.video.popup.isVisible)
        body.map.view.setFocus()
        key(Qt.Key.Key_Escape)
        assert not body.video.popup.isVisible()
        assert body.map.view.hasFocus(), "the next Esc leaves the map"
        key(Qt.Key.Key_Escape)
        assert body.queue.view.hasFocus()


def test_a_question_for_a_place_ends_with_the_form_that_asked() -> None:
    seat = made_seat()
    with desk_on(seat) as body:
        body.select(one(seat, "on_scene"))
        settle(body.bridge)
        body.incident.trigger("correct")
        form = body.incident.form
        assert form is not None
        form.fields["point"].wanted.emit()  # type: ignore[attr-defined]
        assert body.map.ask_line.isVisible()
        body.incident.close_form()
        assert not body.map.ask_line.isVisible()
        assert body.map._wanted is None
