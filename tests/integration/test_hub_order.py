"""What the hub judges and seats are told: sets and single events alike, halves of a merge, refusals, digest points."""
from __future__ import annotations

import random
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import syncing
from app.clock import FixedClock
from app.domain.events import Event, NewEvent, canonical, uuid7
from app.services import incident_view
from data.store.seat_store import StoreReads
from data.store.store import Store
from data.sync import admin, mending, seat_sync
from tests.fakes.hub_town import DISTRICT, Town, TownSeat, town
from tests.fakes.paper_hub import PaperHub
from tests.fakes.postgres import Postgres, running


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path) -> Iterator[Town]:
    with town(server, tmp_path / "town") as one:
        yield one


def random_events(dice: random.Random, seat: str, count: int) -> list[Event]:
    """Acts on few streams and units, some of them by somebody who had not seen the last one, merges as two halves."""
    events: list[Event] = []
    for n in range(1, count + 1):
        key, kind, body = f"incident/i{dice.randrange(3)}", dice.choice(
            ("noted", "held", "resumed", "assigned", "assigned", "merged", "fed_back", "recalled", "returned",
             "closed")), {}
        before = [e.id for e in events]
        seen = tuple(dice.sample(before, min(len(before), dice.choice((0, 2, 30)))))
        if kind == "assigned":
            body = {"unit": dice.choice(("u1", "u2", "", 7)), "area_path": dice.choice(("d/s/", ""))}
        if kind in ("recalled", "returned"):
            body = {"unit": dice.choice(("u1", "u2"))} if dice.random() < 0.8 else {}
        if kind == "fed_back" and events:
            kind, body = "absorbed", {"act": dice.choice(events).id}
        events.append(Event(uuid7(n), key, f"incident.{kind}", DISTRICT, "c", seat, n, "0" * 64, "desk", "a", n,
                            "drill", body, seen=seen))  # type: ignore[arg-type]
    return events


def test_a_batch_judged_as_a_set_is_judged_as_its_events_would_be_one_by_one(place: Town) -> None:
    """The hub's functions against the rules on paper, in batches of any size, some offered again."""
    seat = place.seat("a")
    link, paper, dice = seat.dial(), PaperHub(FixedClock(datetime(2026, 1, 1, tzinfo=UTC))), random.Random(4)
    events = random_events(dice, seat.store.identity.seat, 600)
    at = 0
    while at < len(events):
        size = dice.choice((1, 1, 2, 5, 40))
        part = events[max(at - dice.choice((0, 0, 0, 3)), 0) : at + size]
        at += size
        told = link.append([e.id for e in part], [canonical(e) for e in part])
        assert dict(told.verdicts) == {e.id: paper.take(e.id, canonical(e)).verdict for e in part}
    rows = place.run("SELECT seq, event_id, verdict, content_hash, chain, place FROM hub.ordering ORDER BY seq")
    assert rows == [(r.seq, r.event_id, r.verdict, r.hash, r.chain, r.place) for r in paper.rows]
    assert {r.verdict for r in paper.rows} == {"ok", "overtaken"}
    reach = set(place.run("SELECT stream, path FROM hub.reach"))
    assert reach == {(f"incident/i{i}", path) for i in range(3) for path in ("@c", "d/s/")}


def test_a_superseded_merge_leaves_no_mark_on_the_other_incident(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    one, two = a.report(), a.report()
    a.meet()
    b.meet()
    merge(a, one, two)
    b.act(one, "voided")
    b.meet()
    a.meet()
    b.meet()
    for seat in (a, b):
        assert "merged" not in seat.state(two) or seat.state(two)["merged"] == []
        verdicts = StoreReads(seat.store.read).not_standing(f"incident/{two}")
        assert list(verdicts.values()) == ["overtaken"]
    assert len(a.state(one)["superseded"]) == 1
    assert not a.state(two).get("superseded")
    assert a.picture() == b.picture()


def test_a_merge_that_stands_keeps_both_halves(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    one, two = a.report(), a.report()
    a.meet()
    b.meet()
    merge(b, one, two)
    b.meet()
    a.meet()
    assert a.state(two)["merged"] == [one]
    assert StoreReads(a.store.read).not_standing(f"incident/{two}") == {}


def merge(seat: TownSeat, one: str, two: str) -> None:
    act = uuid7(seat.now())
    seat.do(NewEvent(f"incident/{one}", "incident.merged", {"into": two, "into_number": two}, seat.now(), id=act),
            NewEvent(f"incident/{two}", "incident.absorbed", {"incident": one, "number": one, "reporters": [],
                                                              "act": act}, seat.now()))


def test_an_act_that_the_hub_refuses_says_so_and_why_in_the_timeline(
        place: Town, capsys: pytest.CaptureFixture[str], expected_logs: object) -> None:
    expected_logs.allow("the hub refused")  # type: ignore[attr-defined]
    a = place.seat("a")
    key = a.report()
    a.meet()
    # a second copy of the folder acted first: its event has this one's place in the seat's chain
    link = a.link
    assert link is not None
    number = a.store.read.exec_driver_sql("SELECT max(seat_no) FROM event").scalar_one() + 1
    copy = Event(uuid7(1), f"incident/{key}", "incident.noted", DISTRICT, "c", a.store.identity.seat, number, "0" * 64,
                 "desk", "a", 1, "drill", {"note": "of the copy"})
    assert link.append([copy.id], [canonical(copy)]).verdicts == {copy.id: "ok"}
    mine = a.act(key, "held")
    a.meet()
    assert StoreReads(a.store.read).not_standing(f"incident/{key}") == {mine: "refused:fork"}
    assert a.state(key).get("held_at", 0) == 0
    event = next(e for e, _, _ in StoreReads(a.store.read).events(f"incident/{key}") if e.id == mine)
    entry = incident_view.entry(event, False, (), str, verdict="refused:fork")
    assert entry.refused is not None
    assert entry.refused.id == "another copy of this seat's data has acted already"
    assert not entry.superseded
    syncing.sync(Namespace(data=a.folder, action="status", url=None, json=False))
    out = capsys.readouterr().out
    assert "incident.held" in out
    assert f"incident/{key}" in out


def test_after_sync_once_the_seat_was_on_the_hub_just_now(place: Town) -> None:
    a = place.seat("a")
    a.report()
    before = a.now()
    syncing._meet(a.folder)
    state = StoreReads(a.store.read).sync(joined=True)
    assert (state.mode, state.unsent) == ("off", 0)
    assert state.since is not None
    assert before / 1000 <= state.since <= a.now() / 1000


def test_a_seat_that_moves_on_has_compared_at_each_point_before(place: Town) -> None:
    """Events come while points are set: every seat hands its digests in at the same one."""
    a, b = place.seat("a"), place.seat("b")
    key = a.report()
    a.meet()
    b.meet()
    assert a.link is not None
    assert a.link.make_point(0.1)
    for _ in range(3):
        a.act(key, "noted", note="x")
        a.meet()
    b.meet()
    handed = place.run("SELECT seq, count(DISTINCT seat), count(DISTINCT digest) FROM hub.digest GROUP BY seq")
    assert handed == [(3, 2, 1)]


def test_whoever_compared_first_learns_of_the_difference_though_it_has_moved_on(
        place: Town, expected_logs: object) -> None:
    expected_logs.allow("had diverged")  # type: ignore[attr-defined]
    a, b = place.seat("a"), place.seat("b")
    key, other = a.report(), a.report()
    a.meet()
    b.meet()
    assert a.link is not None
    assert b.link is not None
    with a.store._writer.begin():
        a.store._writer.exec_driver_sql("UPDATE incident SET place = 'wrong' WHERE id = ?", (other,))
    a.link.make_point(0.1)
    for note in ("x", "y"):
        b.act(key, "noted", note=note)
        b.sync.push(b.link)
        a.pull()
    assert (a.reached, b.reached) == (6, 4)
    b.pull()
    assert a.sync.compare(a.link) == 1
    assert a.picture() == b.picture()
    assert place.run("SELECT seat, centre, repaired FROM hub.divergence") == [("a", "c", True)]
    assert a.sync.compare(a.link) == 0


def test_a_difference_that_nobody_can_mend_is_recorded_and_looked_into_seldom(
        place: Town, expected_logs: object, monkeypatch: pytest.MonkeyPatch) -> None:
    expected_logs.allow("stays so")  # type: ignore[attr-defined]
    clock = FixedClock(datetime.now(UTC))
    a = place.seat("a", clock=clock)
    a.report()
    a.meet()
    assert a.link is not None
    looks: list[int] = []
    look = mending.Mending

    def counted(*arguments: Any) -> mending.Mending:
        looks.append(1)
        return look(*arguments)

    monkeypatch.setattr(seat_sync, "Mending", counted)
    for at, looked in ((0.0, 1), (30.0, 1), (700.0, 2)):
        clock.advance(at)
        place.run("DELETE FROM hub.point")
        a.link.make_point(0.1)
        a.act(a.report(), "noted", note="x")
        a.push()
        a.sync._digested = None
        place.run("INSERT INTO hub.digest SELECT seq, 'z', centre, rows, 'other' FROM hub.digest WHERE seat = 'a' "
                  "ON CONFLICT DO NOTHING")
        a.sync.compare(a.link)
        assert len(looks) == looked
    assert place.run("SELECT repaired FROM hub.divergence") == [(False,)]


def test_only_what_the_hub_gives_again_does_not_wait_for_the_disk(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = place.seat("a"), place.seat("b")
    levels: list[int] = []

    def watch(seat: TownSeat) -> None:
        store = seat.sync.store
        store._writer.connection.dbapi_connection.set_trace_callback(  # type: ignore[union-attr]
            lambda words: levels.append(level(store)) if words == "COMMIT" else None)

    def level(store: Store) -> int:
        return int(store._writer.connection.dbapi_connection.execute(  # type: ignore[union-attr]
            "PRAGMA synchronous").fetchone()[0])

    a.report()
    a.meet()
    b.dial()
    a.act(a.report(), "noted", note="x")
    a.meet()
    b.pull()
    assert level(b.sync.store) == 2
    watch(b)
    a.act(a.report(), "noted", note="y")
    a.meet()
    b.pull()
    assert levels == [1]
    with b.sync.store.transaction(screen="desk", actor="b") as tx:
        tx.append(NewEvent("unit/u", "unit.on_duty", {}, b.now()))
    assert levels == [1, 2]
    with pytest.raises(ZeroDivisionError), b.sync.store.transaction(screen="x", actor="x", durable=False):
        raise ZeroDivisionError
    assert level(b.sync.store) == 2


def test_a_force_that_works_where_a_seat_cannot_look_may_be_sent_by_that_seat(place: Town) -> None:
    for code in ("a", "b"):
        admin.put_centre(place.address, place.server.SECRET, code, code.upper(), level=1, parent="c",
                         prefix=f"r/{code}/")
    centre, a = place.seat("c1"), place.seat("a1", "a")
    there = centre.report(area_path="r/b/")
    centre.assign(there, "U")
    centre.meet()
    a.meet()
    here = a.report(area_path="r/a/")
    a.assign(here, "U")
    a.meet()
    centre.meet()
    assert a.units_of(here) == centre.units_of(here) == ["U"], "what a seat could not know is not held against it"
    sent = centre.report(area_path="r/a/")
    centre.assign(sent, "U")
    centre.meet()
    late = a.report(area_path="r/a/")
    a.assign(late, "U")
    a.meet()
    assert a.units_of(late) == [], "this one was in its sight, and it had not fetched it"


@pytest.mark.parametrize("end", ["recalled", "returned", "closed", "voided"])
def test_a_booking_ends_with_the_work(place: Town, end: str) -> None:
    first, second = place.seat("a"), place.seat("b")
    done = first.report()
    first.assign(done, "U")
    first.act(done, end, **({"unit": "U"} if end in ("recalled", "returned") else {}))
    first.meet()
    key = second.report()
    second.assign(key, "U")
    second.meet()
    assert second.units_of(key) == ["U"], "free again, though this seat had heard of neither"
    with place.server.connect(place.address.database) as c:
        rows = c.execute("SELECT e.stream FROM hub.booking b JOIN hub.event e ON e.id = b.event_id").fetchall()
    assert rows == [(f"incident/{key}",)]
