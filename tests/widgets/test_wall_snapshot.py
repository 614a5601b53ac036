"""One reading of the seat for the whole wall."""
from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.faults import KnownFault, Message
from app.services.changes import Changes
from app.services.queue_order import is_open, is_overdue, sort_rows
from app.services.views import Flag
from tests.fakes.fake_seat import FakeSeat
from widgets.wall.layout import PEACE, WAR
from widgets.wall.snapshot import WallReader, agrees, most_urgent, read_plan


class CountingSeat(FakeSeat):
    """Counts what is asked."""

    def __init__(self, **over):
        super().__init__(**over)
        self.asked: list[object] = []

    def queue(self, ids=None, *, ended=False):
        self.asked.append(None if ids is None else len(ids))
        return super().queue(ids, ended=ended)


def test_urgent_list_is_the_desk_queue_cut_to_urgent_and_overdue():
    seat = FakeSeat()
    snapshot = WallReader().read(seat)
    rows = [r for r in seat.rows.values() if is_open(r)]
    want = [r.id for r in sort_rows(rows) if r.level <= 2 or is_overdue(r, snapshot.at)]
    assert [r.id for r in snapshot.urgent] == want[:60]
    assert snapshot.urgent_total == len(want)
    assert snapshot.status.tabs["overdue"] == sum(is_overdue(r, snapshot.at) for r in rows)
    assert snapshot.supervised_total == snapshot.status.tabs["supervised"]


def test_wartime_widens_urgent_to_level_three():
    seat = FakeSeat()
    peace = WallReader().read(seat)
    seat.set_setting("mode", WAR)
    war = WallReader().read(seat)
    assert (peace.mode, war.mode) == (PEACE, WAR)
    assert war.urgent_total > peace.urgent_total
    assert {r.level for r in war.urgent} >= {1, 2, 3}
    assert war.urgent_ids == peace.urgent_ids, "the map re-fits for level I and II only"


def test_after_the_first_reading_only_changed_rows_are_asked_for():
    seat = CountingSeat()
    reader = WallReader()
    reader.read(seat)
    seat.asked.clear()
    changes = seat.flood(3)
    reader.note(changes)
    snapshot = reader.read(seat)
    assert None not in seat.asked
    assert len(changes.incidents) in seat.asked
    assert agrees(snapshot.status, [r for r in seat.rows.values() if is_open(r)])


def test_rows_that_stay_different_from_the_counts_are_read_anew():
    seat = CountingSeat()
    reader = WallReader()
    reader.read(seat)
    seat.flood(40)  # the note of it is lost
    first = reader.read(seat)
    second = reader.read(seat)
    assert None in seat.asked[1:]
    assert second.supervised_total == second.status.tabs["supervised"]
    assert first.status.tabs == second.status.tabs


def test_the_card_takes_the_highest_level_first_and_held_ones_last():
    seat = FakeSeat()
    rows = [r for r in seat.queue() if r.level <= 2]
    picked = most_urgent(sort_rows(rows), PEACE)
    assert picked is not None
    assert picked.level == min(r.level for r in rows if not r.flags & Flag.HELD)
    held = [r._replace(flags=int(Flag.HELD)) for r in rows if r.level == 1]
    other = [r for r in rows if r.level == 2 and not r.flags & Flag.HELD]
    assert most_urgent([*held, *other],
                       PEACE) == sort_rows(r for r in other if r.level == min(o.level for o in other))[0]
    assert most_urgent([], PEACE) is None


def test_cameras_turn_to_the_newest_grave_incident_but_never_to_a_sensitive_one():
    seat = FakeSeat(cameras=400)
    row = max((r for r in seat.queue() if r.level <= 2 and r.lon is not None and not seat.book.is_sensitive(r.kind)),
              key=lambda r: r.reported_at)
    seat.rows[row.id] = row = row._replace(reported_at=seat.now - 1)
    secret = next(r for r in seat.queue() if r.id != row.id and r.lon is not None)
    seat.rows[secret.id] = secret._replace(level=1, kind="0602", reported_at=seat.now, flags=int(Flag.SENSITIVE))
    snapshot = WallReader().read(seat)
    assert snapshot.grave is not None
    assert snapshot.grave.id == row.id
    assert snapshot.beside
    assert all(c.on_wall for c in snapshot.beside)
    distances = [c.distance_m for c in snapshot.beside]
    assert distances == sorted(distances)


def test_the_ticker_holds_nobody_s_words_and_no_names():
    seat = FakeSeat()
    seat.last_entries = [replace(e, text="我叫张三，电话 13905561234", actor="张三") for e in seat.timeline(5)]
    for news in WallReader().read(seat).news:
        assert news.entry.text == ""
        assert news.entry.actor == ""


def test_an_incident_that_vanishes_between_two_questions_harms_nothing():
    seat = FakeSeat()

    def gone(_id):
        raise KnownFault(Message("no incident {id}", {"id": "x"}))

    seat.incident = gone  # type: ignore[method-assign]
    snapshot = WallReader().read(seat)
    assert snapshot.focus is not None
    assert snapshot.focus.assignments == ()


def test_changed_packs_make_everything_be_read_anew():
    seat = CountingSeat()
    reader = WallReader()
    reader.read(seat)
    reader.note(Changes(packs=frozenset({"areas"})))
    seat.asked.clear()
    reader.read(seat)
    assert None in seat.asked


@pytest.mark.parametrize(("value", "steps"), [
    (None, None), ({}, None), ("x", None), ({"title": "防汛", "items": "x"}, 0),
    ({"title": "防汛", "items": [{"text": "设卡", "done": True}, 3]}, 1)])
def test_a_plan_is_read_from_the_setting_whatever_it_holds(value, steps):
    plan = read_plan(value)
    assert (plan is None) == (steps is None)
    if plan is not None:
        assert len(plan.items) == steps
