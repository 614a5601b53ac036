"""Seats on one hub: one order, own work on top, conflicts told, lines that break and come back."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.bootstrap import syncing
from app.clock import SystemClock
from app.domain.events import NewEvent
from app.domain.process import Role
from app.domain.working_time import WorkCalendar
from app.services.commands import Reporter, ReportIncident
from app.services.local_seat import LocalSeat
from app.services.operator import Operator
from app.services.views import Flag
from data.store import audit, rebuild
from data.store.seat_store import SqliteSeatStore, StoreReads
from data.store.store import Founding, Store
from data.sync import address as addresses
from data.sync import admin
from data.sync.faults import HubRefusal
from tests.fakes.hub_town import DISTRICT, Town, TownSeat, town
from tests.fakes.postgres import Postgres, running


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path) -> Iterator[Town]:
    with town(server, tmp_path / "town") as one:
        yield one


def flags(seat: TownSeat, key: str) -> Flag:
    return Flag(StoreReads(seat.store.read).queue("", None, "", [key], True)[0].flags)


def until(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether it comes true within some seconds."""
    ends = time.monotonic() + seconds
    while not true() and time.monotonic() < ends:
        time.sleep(0.05)
    return true()


def whole(*seats: TownSeat) -> None:
    """Logs and projections of all seats hold, and all show the same."""
    for seat in seats:
        seat.store.head.write()
        assert audit.verify(seat.store).faults == ()
        before = rebuild.dump(seat.store.read)
        rebuild.rebuild(seat.store)
        assert rebuild.dump(seat.store.read) == before
    assert all(s.picture() == seats[0].picture() for s in seats)


def test_what_one_seat_does_is_on_the_other_in_the_hubs_order(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    one = a.report(lon=117.0, lat=30.5)
    assert flags(a, one) & Flag.UNSENT
    assert [unsent for _, _, unsent in StoreReads(a.store.read).events(f"incident/{one}")] == [True, True]
    a.meet()
    b.meet()
    assert not flags(a, one) & Flag.UNSENT
    b.assign(one, "u1")
    b.do(NewEvent("unit/u1", "unit.on_duty", {}, b.now()), NewEvent("duty/shift", "duty.signed", {"role": "x", "name":
                                                                                                 "y"}, b.now()))
    b.meet()
    a.meet()
    assert a.state(one)["phase"] == "assigned"
    whole(a, b)


def test_own_unsent_acts_lie_on_top_of_what_comes(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    one = a.report()
    a.meet()
    b.meet()
    a.act(one, "noted", note="mine, unsent")
    b.act(one, "noted", note="theirs")
    b.meet()
    a.pull()
    words = [e.body["note"] for e, _, _ in StoreReads(a.store.read).events(f"incident/{one}") if "note" in e.body]
    assert words == ["theirs", "mine, unsent"]
    a.meet()
    b.meet()
    whole(a, b)


def test_of_two_who_assign_one_incident_off_line_the_later_is_superseded_and_told(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    one = a.report()
    a.meet()
    b.meet()
    first, second = a.assign(one, "u1"), b.assign(one, "u2")
    note = b.act(one, "noted", note="joins")
    a.meet()
    b.pull()
    assert b.state(one)["superseded"] == [second], "the loser sees it before anything of it is sent"
    b.meet()
    a.pull()
    for seat in (a, b):
        assert seat.units_of(one) == ["u1"]
        assert seat.state(one)["superseded"] == [second]
        assert flags(seat, one) & Flag.CONFLICT
        events = [e.id for e, _, _ in StoreReads(seat.store.read).events(f"incident/{one}")]
        assert {first, second, note} <= set(events)
    b.assign(one, "u2", lead=False)
    b.meet()
    a.pull()
    assert a.units_of(one) == ["u1", "u2"], "knowing both, the loser may act again"
    whole(a, b)


def test_one_unit_booked_on_two_incidents_off_line_is_booked_once(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    one, two = a.report(), a.report()
    a.meet()
    b.meet()
    a.assign(one, "u1")
    b.assign(two, "u1")
    b.act(two, "acknowledged", unit="u1")
    a.meet()
    b.pull()
    assert b.units_of(two) == [], "told before its own is sent"
    b.meet()
    a.pull()
    for seat in (a, b):
        assert (seat.units_of(one), seat.units_of(two)) == (["u1"], [])
        assert flags(seat, two) & Flag.CONFLICT
    b.assign(two, "u1")
    b.meet()
    a.pull()
    assert a.units_of(two) == ["u1"], "booked twice knowingly is a decision"
    whole(a, b)


def test_what_follows_a_superseded_act_falls_with_it(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    one = a.report()
    a.meet()
    b.meet()
    a.act(one, "voided", reason="no")
    b.assign(one, "u1")
    b.act(one, "acknowledged", unit="u1")
    b.act(one, "force_closed", basis="x")
    a.meet()
    b.meet()
    a.pull()
    assert a.state(one)["phase"] == "voided"
    assert len(a.state(one)["superseded"]) == 3
    whole(a, b)


def test_a_lost_answer_repeats_nothing(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    link = a.dial()
    one = a.report()
    assert a.sync.push(link)[0] == 2
    a.dial()
    a.push()
    b.meet()
    assert place.head() == 2
    assert b.state(one)["events"] == 2
    whole(a, b)


def test_a_store_of_before_joins_with_all_it_has(place: Town) -> None:
    a = place.seat("a")
    a.store.meta.pop("hub")
    keys = [a.report() for _ in range(5)]
    a.assign(keys[0], "u1")
    with a.store.transaction(screen="x", actor="x") as tx:
        tx.connection.exec_driver_sql("DELETE FROM sync")
    a.store.set_meta("hub", a.address.url)
    a.meet()
    b = place.seat("b")
    b.meet()
    assert a.unsent == 0
    assert b.units_of(keys[0]) == ["u1"]
    whole(a, b)


def test_a_community_gets_what_comes_into_its_area_with_its_past(place: Town) -> None:
    from data.sync import admin

    admin.put_centre(place.address, place.server.SECRET, "s", "Street", level=1, parent="c", prefix="d/s1/")
    a, s = place.seat("a"), place.seat("s", "s")
    inside, outside = a.report(area="x", area_path="d/s1/g/"), a.report(area="y", area_path="d/s2/g/")
    a.assign(outside, "u1")
    a.meet()
    s.meet()
    assert [r[0] for r in s.store.read.exec_driver_sql("SELECT id FROM incident")] == [inside]
    a.act(outside, "corrected", area="x", area_path="d/s1/g/")
    a.meet()
    s.meet()
    assert s.state(outside) == a.state(outside)
    assert s.units_of(outside) == ["u1"]
    own = s.report(area_path="")
    s.meet()
    a.pull()
    a.act(own, "noted", note="seen")
    a.meet()
    s.pull()
    assert s.state(own)["events"] == 3
    whole(a)
    assert audit.verify(s.store).faults == ()


def test_a_restored_hub_is_found_and_gets_back_what_it_lost(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    keys = [a.report() for _ in range(3)]
    a.meet()
    b.meet()
    kept = place.head()
    a.assign(keys[0], "u1")
    a.meet()
    b.pull()
    b.act(keys[1], "voided", reason="x")
    b.meet()
    a.pull()
    # the hub is what it was before the last acts
    place.run(f"""DELETE FROM hub.event WHERE id IN (SELECT event_id FROM hub.ordering WHERE seq > {kept});
        DELETE FROM hub.ordering WHERE seq > {kept}; DELETE FROM hub.booking;
        UPDATE hub.stream s SET events = 2, last_act = (SELECT e.id FROM hub.event e WHERE e.stream = s.stream AND
            e.kind = 'incident.registered');
        UPDATE hub.head SET seq = {kept}, chain = (SELECT chain FROM hub.ordering WHERE seq = {kept})""")
    b.act(keys[2], "noted", note="while the hub was away")
    a.hang_up()
    b.hang_up()
    b.sync.store.close()
    b.sync.__init__(type(b.store)(b.folder, b.clock), b.clock)  # type: ignore[misc]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("data.sync.seat_sync.log.warning", lambda *_: None)
        b.meet()
        a.meet()
        b.meet()
    assert place.head() == kept + 3
    assert a.units_of(keys[0]) == ["u1"]
    assert b.state(keys[1])["phase"] == "voided"
    whole(a, b)


def test_tampering_with_the_order_is_found_by_the_seat(place: Town) -> None:
    a = place.seat("a")
    for _ in range(4):
        a.report()
    a.meet()
    a.store.head.write()
    assert audit.verify(a.store).faults == ()
    for words in ("UPDATE ordering SET verdict = 'overtaken' WHERE seq = 3", "DELETE FROM ordering WHERE seq = 8",
                  "DELETE FROM ordering WHERE seq = 2", "UPDATE event SET verdict = 'overtaken' WHERE hub_seq = 4",
                  "UPDATE event SET hub_seq = 99 WHERE hub_seq = 4"):
        with pytest.raises(RuntimeError), a.store._writer.begin():  # noqa: PT012
            a.store._writer.exec_driver_sql(words)
            a.store.read.close()
            a.store.read = a.store._writer
            assert audit.verify(a.store).faults, words
            raise RuntimeError("back")
        a.store.read = a.store._reader_engine.connect()


def test_a_foreign_secret_or_centre_is_told_and_changes_nothing(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    a.report()
    a.dial()
    a.secret, a.address = b.secret, b.address
    b.dial()
    with pytest.raises(HubRefusal, match="another seat"):
        a.dial()
    assert a.unsent == 2


def test_numbers_carry_the_code_that_the_hub_gave(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    a.meet()
    b.meet()
    assert [s.sync.store.meta["seat_code"] for s in (a, b)] == ["01", "02"]


def test_threads_bring_it_across_in_well_under_a_second_and_say_how_they_stand(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    a.start()
    b.start()
    place.level()
    until = time.monotonic() + 5
    while StoreReads(a.store.read).sync(True).mode != "connected":
        assert time.monotonic() < until
        time.sleep(0.02)
    one = a.report()
    began = time.monotonic()
    while not b.store.read.exec_driver_sql("SELECT 1 FROM incident WHERE id = ?", (one,)).first():
        assert time.monotonic() - began < 3
        time.sleep(0.005)
    while StoreReads(b.store.read).sync(True).unsent or not StoreReads(b.store.read).centres():
        assert time.monotonic() - began < 5
        time.sleep(0.02)
    state = StoreReads(b.store.read).sync(True)
    assert (state.mode, state.unsent) == ("connected", 0)
    assert state.skew_ms is not None
    assert abs(state.skew_ms) < 2_000
    link = StoreReads(b.store.read).centres()[0]
    assert (link.centre, link.state) == ("c", "up")


def test_only_one_program_of_a_seat_syncs(place: Town) -> None:
    a = place.seat("a")
    first = a.start()
    place.level()
    second = a.start()
    time.sleep(0.3)
    assert place.run("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'liandong seat'")[0][0] == 1
    first.stop()
    a.report()
    place.level()
    second.stop()


@pytest.mark.expects_log("off the hub")
def test_a_hub_that_goes_and_comes_is_logged_once_down_and_costs_nothing(tmp_path: Path) -> None:
    with running() as own, town(own, tmp_path / "t") as place:
        a, b = place.seat("a"), place.seat("b")
        a.start()
        b.start()
        place.level()
        own.stop(fast=False)
        until = time.monotonic() + 10
        keys = []
        while StoreReads(a.store.read).sync(True).mode != "off":
            assert time.monotonic() < until
            time.sleep(0.05)
        keys = [a.report() for _ in range(10)] + [b.report() for _ in range(10)]
        assert a.unsent == 20
        own.start()
        place.level(30)
        assert place.run("SELECT count(*) FROM hub.ordering")[0][0] == 40
        for seat in (a, b):
            assert all(seat.state(k)["events"] == 2 for k in keys)
            seat.stop()
        whole(a, b)


def test_the_command_line_joins_sends_and_tells(place: Town, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    from app.cli import main

    a = place.seat("a")
    with closing(a.store):
        a.report()
        folder = str(a.folder)
        assert main(["sync", "once", "--data", folder, "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"sent": 2, "reached": 2, "head": 2}
        assert main(["sync", "status", "--data", folder, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["reached"], told["unsent"], told["hub"]) == (2, 0, a.address.url)
        assert main(["sync", "join", "postgresql://u:w@h/d", "--data", folder]) == 1
        assert "w@h" not in capsys.readouterr().err
    a.store = type(a.store)(a.folder, a.clock)


def test_digests_are_equal_at_one_sequence_and_a_flipped_row_is_found_and_mended(
        place: Town, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    from app.cli import main
    from data.sync.digest import digests

    a, b = place.seat("a"), place.seat("b")
    keys = [a.report(area="s", area_path="d/s/") for _ in range(5)]
    a.meet()
    b.meet()
    assert digests(a.store, ["", "d/", "x/"]) == digests(b.store, ["", "d/", "x/"])
    assert [d.rows for d in digests(a.store, ["", "d/", "x/"])[1].values()] == [5, 5, 0]
    before = digests(a.store, [""])
    a.act(keys[0], "voided", reason="unsent")
    assert digests(a.store, [""]) == before, "what is unsent does not count"
    told = []
    for seat in (a, b):
        assert main(["sync", "digest", "--data", str(seat.folder), "--json"]) == 0
        told.append(json.loads(capsys.readouterr().out))
    assert told[0] == told[1]
    a.meet()
    b.meet()
    with b.store._writer.begin():
        b.store._writer.exec_driver_sql("UPDATE incident SET place = 'flipped' WHERE id = ?", (keys[1],))
    assert a.link is not None
    assert b.link is not None
    assert a.link.make_point(0.1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("data.sync.seat_sync.log.warning", lambda *_: None)
        b.sync.compare(b.link)
        a.sync.compare(a.link)
        b.sync.compare(b.link)
    assert a.picture() == b.picture()
    assert place.run("SELECT seat, repaired FROM hub.divergence") == [("b", True)]


def test_an_operator_of_the_same_name_on_another_seat_is_somebody_else(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")

    def sit(one: TownSeat) -> LocalSeat:
        who = Operator("lin", "Lin", frozenset({Role.DISPATCHER, Role.SUPERVISOR}), None)
        return LocalSeat(SqliteSeatStore(one.store, "lin", "desk"), who, one.store.clock, WorkCalendar(), screen="desk")

    here, there = sit(a), sit(b)
    changed = here.do(ReportIncident("0102", "patrol", "Gate 2", accept=True,
                                     reporter=Reporter("某某某", "13900001234")))
    (key,) = changed.incidents
    for _ in range(2):
        a.meet()
        a.aside()
        b.meet()
        b.aside()
    assert here.queue()[0].flags & Flag.MINE
    assert not there.queue()[0].flags & Flag.MINE
    assert (here.status().tabs["mine"], there.status().tabs["mine"]) == (1, 0)
    assert here.incident(key).reporters[0].phone == "13900001234"
    assert there.incident(key).reporters[0].masked


def test_an_area_that_comes_into_sight_brings_its_past(place: Town, expected_logs: object) -> None:
    expected_logs.allow("hub")  # type: ignore[attr-defined]
    own = (place.address, place.server.SECRET)
    admin.put_centre(*own, "a", "A", level=1, parent="c", prefix="r/a/")
    centre, small = place.seat("c1"), place.seat("a1", "a")
    there = centre.report(area_path="r/b/")
    centre.assign(there, "U")
    centre.meet()
    small.meet()
    assert StoreReads(small.store.read).queue("", None, "", [there], True) == []
    small.start()
    assert until(lambda: small.reached == centre.reached)
    time.sleep(0.5)
    admin.put_centre(*own, "a", "A", level=1, parent="c", prefix="r/")
    assert until(lambda: StoreReads(small.store.read).queue("", None, "", [there], True) != [])
    assert small.state(there) == centre.state(there)


def test_what_an_open_screen_does_after_its_seat_was_joined_is_owed(server: Postgres, place: Town,
                                                                   tmp_path: Path) -> None:
    other = place.seat("other")
    address, secret = admin.add_seat(place.address, server.SECRET, "late", "c")
    Store.create(tmp_path / "late", Founding(DISTRICT, "D", "c", "c", "drill"), SystemClock()).close()
    addresses.write_secret_file(tmp_path / "late" / addresses.SECRET_FILE, secret)
    with closing(Store(tmp_path / "late", SystemClock())) as screen:
        syncing.join(tmp_path / "late", address.url, None)
        with screen.transaction(screen="desk", actor="x") as tx:
            tx.append(NewEvent("incident/1", "incident.reported", {"id": "1", "number": "1", "place": "p"}, tx.now_ms))
        assert screen.read.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one() == 1
    other.meet()
