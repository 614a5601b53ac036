"""Calls and call taking over a real store."""
from __future__ import annotations

from pathlib import Path

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.bootstrap import seats
from app.clock import FixedClock, SystemClock
from app.domain.process import Role
from app.services.commands import Act, CallEvent
from app.services.local_seat import LocalSeat
from app.services.operator import Operator
from data.store.seat_store import SqliteSeatStore
from tests.widgets.real_stage import found, give, opened, real_stage, report
from tests.widgets.room_stage import settle, shown, until
from widgets.calls import CallStrip, CallTaking
from widgets.calls.drafts import Taking
from widgets.calls.duplicates import hit_text


def test_a_call_that_was_taken_in_talks_no_more(qtbot: QtBot, tmp_path: Path) -> None:
    folder = found(tmp_path / "seat")
    give(folder, CallEvent("c1", "rang", "13912345678"))
    with real_stage(folder) as bridge:
        facts = bridge.facts
        assert facts is not None
        strip, taking = CallStrip(bridge, facts.clock), CallTaking(bridge, facts.clock)
        strip.call_answered.connect(taking.open_new)
        taken: list[str] = []
        taking.taken.connect(taken.append)
        shown(taking, 480, 620)
        shown(strip, 900, 40)
        assert until(lambda: strip.count("ringing") == 1)
        strip.answer_next()
        assert until(lambda: taking.current is not None and strip.count("talking") == 1)
        taking.form.fields["kind"].restore("0102")
        taking.form.fields["place"].restore("Gate 7")
        taking.take_in()
        assert until(lambda: bool(taken))
        assert until(lambda: strip.count("talking") == 0)
        assert strip.count("to_call_back") == 0


def test_what_is_to_be_called_back_stays_so_when_its_report_is_taken_in(qtbot: QtBot, tmp_path: Path) -> None:
    folder = found(tmp_path / "seat")
    give(folder, CallEvent("c1", "rang", "13912345678"), CallEvent("c1", "answered"), CallEvent("c1", "call_back"),
         report(1, call_id="c1"))
    seat = opened(folder)
    assert [(c.state, c.incident_id) for c in seat.calls()] == [("to_call_back", "i1")]
    seat.close()


def test_the_words_of_a_place_find_a_duplicate_however_spaced_and_whatever_else_is_said(
        qtbot: QtBot, tmp_path: Path) -> None:
    folder = found(tmp_path / "seat")
    give(folder, report(1, place="Bridge Road 92 south gate"))
    with real_stage(folder) as bridge:
        facts = bridge.facts
        assert facts is not None
        taking = CallTaking(bridge, facts.clock)
        shown(taking, 480, 620)
        taking.open_new()
        taking.form.focus("description")
        QTest.keyClicks(taking.form.fields["description"].focusProxy() or taking.focusWidget(), "water on the road")
        taking.form.focus("place")
        QTest.keyClicks(taking.focusWidget(), "bridge road  92")
        assert until(lambda: bool(taking.duplicates.hits))
        hit = taking.duplicates.hits[0]
        assert (hit.row.id, hit.distance_m) == ("i1", None)
        assert "same words for the place" in hit_text(hit, facts.book)[1]


def test_a_merge_that_is_refused_leaves_one_report_and_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    folder = found(tmp_path / "seat")
    give(folder, report(1))
    with real_stage(folder) as bridge:
        facts = bridge.facts
        assert facts is not None
        taking = CallTaking(bridge, facts.clock)
        shown(taking, 480, 620)
        taken: list[str] = []
        taking.taken.connect(taken.append)
        taking.open_new()
        taking.form.fields["kind"].restore("0102")
        taking.form.fields["place"].restore("Gate 1")
        settle(bridge)
        give(folder, Act("i1", "void", {"reason": "not an incident"}))
        draft = taking.current
        assert draft is not None
        taking.merge_into("i1")
        taking.merge_into("i1")
        assert until(lambda: bool(taken))
        settle(bridge)
        assert taken == [draft.incident_id]
        assert known(folder) == {"i1", draft.incident_id}
        assert taking.current is None, "there is nothing to be sent a second time"


def test_a_draft_is_one_incident_on_whatever_screen_it_is_taken_in(tmp_path: Path) -> None:
    assert Taking("d1").incident_id == Taking("d1", "c1").incident_id
    assert Taking("d1").incident_id != Taking("d2").incident_id


def known(folder: Path) -> set[str]:
    seat = opened(folder)
    try:
        return {r.id for r in seat.queue(ended=True)}
    finally:
        seat.close()


def test_a_call_that_nobody_answers_is_missed_by_the_rule_in_force(tmp_path: Path) -> None:
    folder = found(tmp_path / "seat")
    give(folder, CallEvent("c1", "rang", "13912345678"), CallEvent("c2", "missed", "13812345679"))
    start = SystemClock().now()
    with seats.opened(folder) as store:
        who = Operator("d", "D", frozenset({Role.DISPATCHER}), None)
        clock = FixedClock(start)
        seat = LocalSeat(SqliteSeatStore(store, "d", "desk"), who, clock, seats.calendar(store), screen="desk")
        assert {c.id: c.state for c in seat.calls()} == {"c1": "ringing", "c2": "to_call_back"}
        clock.advance(61)
        assert {c.id: (c.state, c.missed) for c in seat.calls()} == {"c1": ("to_call_back", True),
                                                                    "c2": ("to_call_back", True)}
        assert seat.call_number("c1") == "13912345678"
