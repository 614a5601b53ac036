"""Three levels of centres on one hub: passing between them, what a community sees, and acts that another overtook."""
from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.bootstrap import seats
from app.clock import FixedClock
from app.domain.faults import Refused
from app.domain.limits import to_ms
from app.domain.process import Role
from app.intake.records import CodeRecord
from app.services import lamp, queue_order
from app.services.commands import Act, AnswerConflict, ReportIncident
from app.services.local_seat import LocalSeat
from app.services.operator import Operator
from app.services.views import Flag
from app.services.whistle_commands import BlowWhistle, WhistleAct
from data.store import rebuild
from data.store.seat_store import SqliteSeatStore
from data.store.tables import AREA, CAMERA, COMPONENT, UNIT
from data.sync import admin
from tests.fakes.hub_town import Town, TownSeat, town
from tests.fakes.postgres import Postgres, running
from widgets.models.queue_index import QueueIndex

AREAS = (("d", None, 0, "d/"), ("s1", "d", 1, "d/s1/"), ("s2", "d", 1, "d/s2/"), ("k", "s1", 2, "d/s1/k/"),
         ("k2", "s1", 2, "d/s1/k2/"), ("g", "k", 3, "d/s1/k/g/"))
CENTRES = (("s1", 1, "c", "d/s1/"), ("s2", 1, "c", "d/s2/"), ("k", 2, "s1", "d/s1/k/"))
LIMITS = (("pass_sign:*:*", 30, "continuous"), ("pass_handle:*:*", 1440, "working_days"),
          ("case:*:*", 240, "continuous"))


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path) -> Iterator[Town]:
    with town(server, tmp_path / "town") as one:
        for code, level, parent, prefix in CENTRES:
            admin.put_centre(one.address, server.SECRET, code, f"Centre {code}", level=level, parent=parent,
                             prefix=prefix)
        yield one


def furnish(seat: TownSeat) -> None:
    """The city's lists on a seat: areas, limits, and one unit, camera and component in each area and in none."""
    sink = seats.pack_sink(seat.store, actor="system")
    staged = sink.begin_pack("codes", "test", "limit", "test")
    rows = [CodeRecord(f"t:{c}", "limit", c, c, c, None, {"minutes": m, "calendar": k}, c) for c, m, k in LIMITS]
    sink.write_rows(staged, rows)
    sink.activate(staged, seats.PackCounts(read=len(rows), accepted=len(rows)))
    with seat.store.transaction(screen="test", actor="test") as tx:
        run = tx.connection.execute
        for key, parent, level, path in AREAS:
            run(AREA.insert().values(id=key, code=key, name=key, level=level, level_name="", parent=parent, path=path,
                                     dedicated=0, generated=1, data="{}"))
        for area in (*(a[0] for a in AREAS), None):
            name = area or "none"
            run(UNIT.insert().values(id=f"u-{name}", name=name, kind="patrol", team="", call_sign="", skills="",
                                     area=area))
            run(CAMERA.insert().values(id=f"cam-{name}", name=name, kind="x", lon=117.0, lat=30.5, area=area, tags="",
                                       on_wall=0, url="", stream_kind="", gb_code=""))
            run(COMPONENT.insert().values(id=f"part-{name}", kind="x", name=name, lon=117.0, lat=30.5, area=area,
                                          class_code=""))


def desk(seat: TownSeat, role: Role = Role.DISPATCHER, who: str = "", area: str | None = None) -> LocalSeat:
    who = who or f"{role}-{seat.name}"
    return LocalSeat(SqliteSeatStore(seat.store, who, "desk"), Operator(who, who, frozenset({role}), area), seat.clock,
                     seats.calendar(), screen="desk")


def take_in(one: LocalSeat, area: str, level: int = 3) -> str:
    return next(iter(one.do(ReportIncident("0102", "patrol", f"Gate in {area}", level, area_id=area, accept=True)
                            ).incidents))


def test_an_incident_passed_between_centres_comes_with_its_past_and_both_see_its_state(place: Town) -> None:
    a, b = place.seat("a", "s1"), place.seat("b", "s2")
    for seat in (a, b):
        seat.meet()
        furnish(seat)
    here, there = desk(a), desk(b)
    one = take_in(here, "k")
    here.do(Act(one, "note", {"note": "what was before"}))
    a.meet()
    b.meet()
    assert there.queue() == []
    here.do(Act(one, "pass_across", {"centre": "s2", "reason": "their sewer"}))
    a.meet()
    b.meet()
    view = there.incident(one)
    assert [e.kind for e in view.timeline] == ["incident.reported", "incident.registered", "incident.noted",
                                               "incident.passed_across"]
    (row,) = there.queue()
    assert (row.id, row.passed_to) == (one, "s2")
    assert row.flags & Flag.PASSED
    assert row.pass_due_at is not None
    assert there.status().tabs["passed"] == there.status().tabs["all"] == 1
    assert "sign for it by" in "".join(m.id for m in view.due_because)
    assert [o.verb for o in view.actions if o.primary][:1] == ["sign_pass"] or "sign_pass" in {
        o.verb for o in view.actions if o.enabled}
    there.do(Act(one, "sign_pass"))
    there.do(Act(one, "assign", {"unit": "u-s2"}))
    b.meet()
    a.meet()
    for who in (here, there):
        found = who.incident(one)
        assert (found.row.holder, found.row.passed_to) == ("s2", "")
        assert [x.unit_id for x in found.assignments] == ["u-s2"]
        assert found.passes[0].state == "signed"
    with pytest.raises(Refused, match="Centre s2 has it"):
        here.do(Act(one, "pass_up", {"centre": "c", "reason": "x"}))
    for seat in (a, b):
        before = rebuild.dump(seat.store.read)
        rebuild.rebuild(seat.store)
        assert rebuild.dump(seat.store.read) == before


def test_a_pass_that_is_not_signed_for_in_time_is_overdue_at_both_centres_and_is_escalated(
        place: Town, expected_logs: object) -> None:
    expected_logs.allow("clock is")  # type: ignore[attr-defined]
    clock = FixedClock(datetime.now(UTC))
    a, b = place.seat("a", "s1", clock), place.seat("b", "s2", clock)
    for seat in (a, b):
        seat.meet()
        furnish(seat)
    here, there = desk(a), desk(b)
    one = take_in(here, "k")
    case_due = here.incident(one).row.due_at
    here.do(Act(one, "pass_across", {"centre": "s2", "reason": "their sewer"}))
    a.meet()
    b.meet()
    sign_by = clock.now().timestamp() + 30 * 60
    for who in (here, there):
        (row,) = who.queue()
        assert case_due is not None
        assert row.due_at is not None
        assert row.limit_from is not None
        assert (round(row.due_at - sign_by), row.due_at == row.pass_due_at, row.due_at < case_due) == (0, True, True)
        assert round(row.due_at - row.limit_from) == 30 * 60, "the lamp is the signing's own"
        assert who.status().tabs["overdue"] == 0
        with pytest.raises(Refused, match=r"still has time|Nothing is being passed"):
            who.do(Act(one, "escalate_pass", {"reason": "x"}))
    clock.advance(31 * 60)
    now = clock.now().timestamp()
    for who in (here, there):
        (row,) = who.queue()
        assert who.status().tabs["overdue"] == 1
        assert queue_order.tab_counts([row], now)["overdue"] == 1
        assert (lamp.lamp(row, now), lamp.time_left_text(row, now).id) == ("red", "overdue {time}")
        index = QueueIndex([row])
        assert index.late(now) == {one: row.level}, "what the desk's alarm sounds for, once"
    assert "escalate_pass" in {o.verb for o in here.incident(one).actions if o.enabled}
    assert "escalate_pass" not in {o.verb for o in there.incident(one).actions}
    here.do(Act(one, "escalate_pass", {"reason": "nobody answers"}))
    a.meet()
    b.meet()
    for who in (here, there):
        (row,) = who.queue()
        assert row.flags & Flag.RAISED
        assert row.due_at is not None
        assert round(row.due_at - now) == 30 * 60, "a new time to sign"
        assert who.status().tabs["overdue"] == 0
    with pytest.raises(Refused, match="escalated"):
        there.do(Act(one, "refuse_pass", {"basis": "not ours"}))
    there.do(Act(one, "sign_pass"))
    b.meet()
    a.meet()
    assert here.incident(one).row.due_at == case_due, "signed for: the case's own time again"


def test_what_is_given_back_leaves_the_queue_and_the_centres_above_the_target_see_it_too(place: Town) -> None:
    a, b, k = place.seat("a", "s2"), place.seat("b", "s1"), place.seat("k", "k")
    for seat in (a, b, k):
        seat.meet()
        furnish(seat)
    here, above, below = desk(a), desk(b), desk(k)
    one = take_in(here, "s2")
    here.do(Act(one, "pass_down", {"centre": "k", "reason": "x"}))
    for seat in (a, k, b):
        seat.meet()
    assert [r.id for r in below.queue()] == [one]
    assert b.state(one) == a.state(one), "the street holds what came to its community"
    below.do(Act(one, "refuse_pass", {"basis": "not ours"}))
    for seat in (k, a, b):
        seat.meet()
    assert below.queue() == []
    assert below.status().tabs["all"] == 0
    assert below.incident(one).passes[0].state == "refused", "its state can still be looked at"
    assert here.incident(one).row.passed_to == ""
    assert above.queue() == []


def test_a_community_sees_its_own_area_and_every_number_is_of_it(place: Town) -> None:
    c, k = place.seat("c", "c"), place.seat("k", "k")
    for seat in (c, k):
        seat.meet()
        furnish(seat)
    whole = desk(c)
    inside = [take_in(whole, "k", 1), take_in(whole, "g", 4)]
    for area in ("s1", "s2", "k2"):
        take_in(whole, area, 2)
    c.meet()
    k.meet()
    for one in (desk(k, Role.COMMUNITY, "secretary", "k"), desk(k, Role.SUPERVISOR), desk(c, Role.COMMUNITY, "x", "k")):
        status = one.status()
        assert {r.id for r in one.queue()} == set(inside)
        assert (status.tabs["all"], status.tabs["to_assign"], status.urgent, status.today) == (2, 2, 1, 2)
        assert sum(status.by_level.values()) == sum(status.by_phase.values()) == 2
        assert sum(ch.count for ch in status.channels) == sum(status.hourly) == 2
        assert {a.area_id: a.open for a in status.areas} == {"k": 2, "g": 1}
        assert [a.id for a in one.areas()] == ["k", "g"]
        assert {u.id for u in one.units()} == {"u-k", "u-g"}
        assert sum(status.units.values()) == 2
        assert {x.id for x in one.cameras()} == {"cam-k", "cam-g"}
        assert {x.id for x in one.nearest_cameras(117.0, 30.5, 9)} == {"cam-k", "cam-g"}
        assert sum(status.cameras.values()) == status.components == 2
        assert set(one.components().ids) == {"part-k", "part-g"}
        assert {h.id for h in one.find("k") if h.kind != "incident"} == {"k", "u-k", "cam-k", "part-k"}
        assert {e.incident_id for e in one.timeline()} == set(inside)
    assert desk(c).status().tabs["all"] == 5


def test_the_maker_of_an_overtaken_act_sees_both_and_takes_over(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    for seat in (a, b):
        seat.meet()
        furnish(seat)
    mine, theirs = desk(a, who="me"), desk(b, who="they")
    one, two = take_in(mine, "k", 1), take_in(mine, "k")
    a.meet()
    b.meet()
    theirs.do(Act(one, "assign", {"unit": "u-k"}))
    mine.do(Act(one, "assign", {"unit": "u-g", "note": "quick"}))
    assert [x.confirmed for x in mine.incident(one).assignments] == [False]
    b.meet()
    a.pull()
    assert mine.conflicts() == [], "what is not ordered yet may still stand"
    a.meet()
    (found,) = mine.conflicts()
    assert (found.number, found.level, found.verb) == (mine.incident(one).row.number, 1, "assign")
    assert found.stands is not None
    assert (found.stands.actor, found.stands_centre, found.mine.text) == ("they", "Centre", "quick")
    assert found.params == {"unit": "u-g", "note": "quick"}
    assert found.why_not is None
    assert desk(a, who="another").conflicts() == []
    mine.do(Act(one, found.verb, found.params))
    mine.do(AnswerConflict(found.event_id))
    assert mine.conflicts() == []
    a.meet()
    b.meet()
    for who in (mine, theirs):
        view = who.incident(one)
        assert [(x.unit_id, x.confirmed) for x in view.assignments] == [("u-k", True), ("u-g", True)]
        assert [e.superseded for e in view.timeline if e.kind == "incident.assigned"] == [False, True, False]
    theirs.do(Act(two, "assign", {"unit": "u-s1"}))
    three = take_in(mine, "k")
    mine.do(Act(three, "assign", {"unit": "u-s1"}))
    b.meet()
    a.meet()
    (found,) = mine.conflicts()
    assert (found.incident_id, found.other_incident) == (three, mine.incident(two).row.number)


def test_the_centres_and_a_mended_divergence_are_told_to_the_screens(place: Town) -> None:
    a = place.seat("a", "s1")
    a.meet()
    reads = SqliteSeatStore(a.store, "x", "desk").reads
    assert reads.directory().own_path == "d/s1/"
    assert [c.code for c in reads.directory().of_way("across")] == ["s2"]
    assert reads.directory().way("k") == "down"
    assert a.link is not None
    admin.put_centre(place.address, place.server.SECRET, "s3", "New", level=1, parent="c", prefix="d/s3/")
    a.sync.beat(a.link)
    assert [c.code for c in reads.directory().of_way("across")] == ["s2", "s3"]
    at = to_ms(a.clock.now())
    a.sync._note({"diverged": json.dumps({"seq": 1, "rows": 3, "at": at})})
    gone = reads.sync(True).diverged
    assert gone is not None
    assert (gone.at, gone.rows) == (at / 1000, 3)


def test_a_whistle_reaches_the_seats_of_its_area_and_folds_the_same_on_all(place: Town) -> None:
    k, c, other = place.seat("k", "k"), place.seat("c", "c"), place.seat("o", "s2")
    for seat in (k, c, other):
        seat.meet()
        furnish(seat)
    community, district = desk(k, Role.COMMUNITY, area="k"), desk(c)
    about = take_in(district, "k")
    c.meet()
    k.meet()
    changed = community.do(BlowWhistle("a blocked lane", ("u-d", "u-s1"), 3, about))
    (one,) = community.whistles()
    assert changed.whistles == {one.id}
    assert (one.incident_id, one.level, one.centre_name) == (about, 3, "Centre k")
    k.meet()
    c.meet()
    other.meet()
    assert [w.id for w in district.whistles()] == [one.id]
    assert desk(other).whistles() == []
    district.do(WhistleAct(one.id, "report_in", {"unit": "u-d"}))
    community.do(WhistleAct(one.id, "call_more", {"unit": "u-s2"}))
    k.meet()
    c.meet()
    k.meet()
    assert community.status().whistles == district.status().whistles
    assert (community.status().whistles.to_report, community.status().whistles.to_answer) == (2, 1)
    for seat in (k, c):
        before = rebuild.dump(seat.store.read)
        rebuild.rebuild(seat.store)
        assert rebuild.dump(seat.store.read) == before
    assert k.picture()["whistle"] == c.picture()["whistle"]
