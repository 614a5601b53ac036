"""A desk whose operator's act was overtaken: told with sound, shown both acts, answered by keys or buttons."""
from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.faults import Message, Refused
from app.domain.masks import as_json
from app.services.changes import Changes
from app.services.commands import Act, AnswerConflict, SetMasks
from app.services.views import Conflict, Divergence, SyncState, TimelineEntry
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.desk_stage import body_of, opened
from tests.widgets.room_stage import second_click, settle, stage, until
from widgets.bridge import Bridge
from widgets.screens.desk import DeskWindow
from widgets.screens.desk_topbar import skew_words, sync_words, why_words
from widgets.theme import language


@pytest.fixture
def seat() -> FakeSeat:
    return FakeSeat(operator=SUPERVISOR, open_=20, ended=2, units=10, cameras=4, components=10)


@pytest.fixture
def bridge(qtbot: QtBot, seat: FakeSeat) -> Iterator[Bridge]:
    with stage(seat, "en") as made:
        yield made


@pytest.fixture
def desk(bridge: Bridge) -> Iterator[DeskWindow]:
    window = opened(bridge, lang="en")
    yield window
    window.close()


def entry(seat: FakeSeat, key: str, what: str, actor: str) -> TimelineEntry:
    return TimelineEntry(f"e-{actor}", key, seat.now, "incident.noted", Message("{what}", {"what": what}), "", actor,
                         "s", "desk")


def conflict(seat: FakeSeat, key: str, level: int, why_not: Message | None = None) -> Conflict:
    return Conflict(f"c-{key}", key, seat.rows[key].number, level, entry(seat, key, "mine <b>", "me"),
                    entry(seat, key, "theirs", "Dispatcher 07"), "Street centre", "", "note", {"note": "again"},
                    why_not)


def test_an_overtaken_act_is_told_with_sound_and_both_acts_and_taken_over(desk: DeskWindow, seat: FakeSeat) -> None:
    bar, board = body_of(desk).conflict, body_of(desk).board
    key = next(r.id for r in seat.rows.values() if r.phase != "reported")
    assert not bar.isVisible()
    seat.conflict_rows = [conflict(seat, key, 1)]
    seat._changes = Changes(incidents=frozenset({key}))
    assert until(bar.isVisible)
    assert seat.rows[key].number in bar.head.text()
    assert bar.mine.text().startswith("mine <b>")
    assert "Dispatcher 07 · Street centre" in bar.stands.text()
    assert f"conflict c-{key}" in board._alarm._waiting
    body_of(desk).actions_.actions["conflict_take"].trigger()
    assert until(lambda: not bar.isVisible())
    assert seat.done[-2:] == [Act(key, "note", {"note": "again"}), AnswerConflict(f"c-{key}")]
    assert f"conflict c-{key}" not in board._alarm._waiting


def test_a_double_click_takes_over_once(desk: DeskWindow, seat: FakeSeat) -> None:
    bar = body_of(desk).conflict
    key = next(r.id for r in seat.rows.values() if r.phase != "reported")
    seat.conflict_rows = [conflict(seat, key, 4)]
    bar.ask()
    assert until(bar.isVisible)
    bar.take.click()
    bar.take.click()
    bar.keep.click()
    assert until(lambda: not bar.isVisible())
    settle(desk.bridge)
    assert [c for c in seat.done if isinstance(c, Act | AnswerConflict)] == [
        Act(key, "note", {"note": "again"}), AnswerConflict(f"c-{key}")]


@pytest.mark.parametrize("which", ["take", "keep"])
def test_the_second_click_of_a_double_click_answers_not_the_next_one(desk: DeskWindow, seat: FakeSeat,
                                                                          which: str) -> None:
    bar = body_of(desk).conflict
    keys = [r.id for r in seat.rows.values() if r.phase != "reported"][:2]
    seat.conflict_rows = [conflict(seat, key, 4) for key in keys]
    bar.ask()
    assert until(bar.isVisible)
    button = getattr(bar, which)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert until(lambda: bar.shown is not None and bar.shown.incident_id == keys[1])
    second_click(button)
    settle(desk.bridge)
    assert bar.shown is not None
    assert [c for c in seat.done if isinstance(c, AnswerConflict)] == [AnswerConflict(f"c-{keys[0]}")]


def test_what_failed_once_is_taken_over_when_it_can_be(desk: DeskWindow, seat: FakeSeat) -> None:
    bar = body_of(desk).conflict
    key = next(r.id for r in seat.rows.values() if r.phase != "reported")
    seat.conflict_rows = [conflict(seat, key, 4)]
    bar.ask()
    assert until(bar.isVisible)
    seat.fail_next = Refused(Message("Nobody has it in hand."))
    bar.take.click()
    assert until(lambda: "Nobody has it in hand." in body_of(desk).banner.label.text())
    bar.take.click()
    assert until(lambda: not bar.isVisible())


def test_what_cannot_be_taken_over_says_why_and_may_be_left(desk: DeskWindow, seat: FakeSeat) -> None:
    bar = body_of(desk).conflict
    key = next(iter(seat.rows))
    seat.conflict_rows = [conflict(seat, key, 4, Message("Nobody has it in hand."))]
    bar.ask()
    assert until(bar.isVisible)
    assert not bar.take.isEnabled()
    assert bar.sounding() == {}, "level IV does not sound"
    bar.take_over()
    assert "Nobody has it in hand." in body_of(desk).banner.label.text()
    bar.show_it.click()
    assert body_of(desk).incident.incident_id == key
    bar.keep.click()
    assert until(lambda: not bar.isVisible())
    assert seat.done[-1] == AnswerConflict(f"c-{key}")


def test_a_refused_act_says_why_and_what_to_do_and_stays_until_acknowledged(desk: DeskWindow, seat: FakeSeat) -> None:
    bar, board = body_of(desk).conflict, body_of(desk).board
    key = next(iter(seat.rows))
    why, advice = Message("it is larger than 1 MB"), Message("Do it again in smaller parts.")
    lost = dataclasses.replace(conflict(seat, key, 1), stands=None, refused=why, advice=advice)
    bare = dataclasses.replace(lost, event_id="c-2", incident_id="", number="", level=4, verb="")
    seat.conflict_rows = [lost, bare]
    bar.ask()
    assert until(bar.isVisible)
    assert bar.head.text().startswith(f"Refused by the hub: {seat.rows[key].number}, level I.")
    assert bar.stands.text() == "it is larger than 1 MB · Do it again in smaller parts."
    assert (bar.take.text(), bar.keep.text()) == ("Do it again", "Acknowledge")
    assert f"conflict {lost.event_id}" in board._alarm._waiting
    body_of(desk).actions_.actions["conflict_take"].trigger()
    assert until(lambda: bar.shown is bare)
    assert seat.done[-2:] == [Act(key, "note", {"note": "again"}), AnswerConflict(lost.event_id)]
    assert bar.head.text() == "Refused by the hub: your act counts nowhere."
    assert not bar.take.isVisible()
    assert not bar.show_it.isVisible()
    bar.take_over()
    assert body_of(desk).banner.label.text() == "Cannot be done again: Do it again in smaller parts."
    desk.toggle_language()
    assert until(lambda: bar.head.text() == "操作被中心服务器拒收：各席位均不生效。")
    assert bar.keep.text() == "知道了"
    bar.keep.click()
    assert until(lambda: not bar.isVisible())
    assert seat.done[-1] == AnswerConflict("c-2")


def test_a_divergence_that_was_mended_is_told_once(desk: DeskWindow, seat: FakeSeat) -> None:
    body = body_of(desk)
    seat.sync = SyncState("connected", 0, 0, seat.now, 0, diverged=Divergence(seat.now, 7))
    body.facts_feed.ask()
    assert until(lambda: "7 rows" in body.banner.label.text())
    assert until(lambda: seat.settings.get("divergence_told") == seat.now)
    body.banner.hide()
    body.facts_feed.ask()
    assert not until(lambda: body.banner.isVisible(), 400)


def test_the_sync_state_says_since_when_and_why_and_a_wrong_clock_is_shown(qapp: QApplication) -> None:
    language.use(qapp, "en")
    why = Message("{trouble} Work goes on here.", {"trouble": Message("The hub's disk is full.")})
    off = SyncState("off", 0, 3, 1_000.0, 5, why=why)
    text, role = sync_words(off, 1_130.0)
    assert role == "danger"
    assert "3 not yet sent" in text
    assert "08:16" in text
    assert "The hub's disk is full." in text
    assert why_words(off) == "The hub's disk is full."
    assert why_words(SyncState("connected", 0, 0, 1.0, 0, why=why)) == ""
    shown = [skew_words(SyncState("connected", 0, 0, 1.0, ms)) for ms in (None, 2_000, 2_001, -60_001)]
    assert [colour for colour, _ in shown] == ["none", "none", "yellow", "red"]
    assert shown[2][1] == "clock 2.0 s fast"
    assert shown[3][1] == "clock 60 s slow"
    assert skew_words(SyncState("alone", 0, 0, None, 90_000)) == ("none", "")


def test_masks_that_were_overtaken_or_refused_are_told_with_their_camera_and_set_again(
        desk: DeskWindow, seat: FakeSeat) -> None:
    bar = body_of(desk).conflict
    camera, box = next(iter(seat.camera_rows)), ((0.1, 0.1), (0.4, 0.1), (0.4, 0.5))
    lost = dataclasses.replace(conflict(seat, next(iter(seat.rows)), 4), incident_id="", number="North gate",
                               verb="masks", params={"masks": as_json([box]), "reason": "flats"}, camera_id=camera,
                               subject=Message("the privacy masks of {name}", {"name": "North gate"}))
    refused = dataclasses.replace(lost, event_id="c-2", refused=Message("it is larger than 1 MB"), stands=None)
    seat.conflict_rows = [lost, refused]
    seat._changes = Changes(masks=frozenset({camera}))
    assert until(bar.isVisible)
    assert bar.head.text().startswith("Overtaken: the privacy masks of North gate.")
    assert bar.show_it.isHidden()
    bar.take.click()
    assert until(lambda: bar.shown is refused)
    assert seat.done[-2:] == [SetMasks(camera, (box,), "flats"), AnswerConflict(lost.event_id)]
    assert bar.head.text().startswith("Refused by the hub: the privacy masks of North gate.")
    bar.take.click()
    assert until(lambda: not bar.isVisible())
    assert seat.done[-2:] == [SetMasks(camera, (box,), "flats"), AnswerConflict("c-2")]
