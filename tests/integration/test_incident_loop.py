"""One incident through the whole loop on a real store, and the same with Qt blocked from import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import shapely

from app.bootstrap import seats
from app.cli import main
from app.domain.faults import KnownFault, Message, Refused
from app.domain.process import Role
from app.intake.records import AreaRecord, UnitRecord
from app.intake.sink import PackCounts
from app.services.commands import Act, CallEvent, Position, Reporter, ReportIncident, ReportPositions, SaveDraft
from app.services.operator import Operator
from app.services.views import Flag
from data.store import audit, people, rebuild
from data.store.seat_store import StoreReads
from data.store.store import DiskFull, Founding
from tests.fakes.query_plans import plans_of

ROOT = Path(__file__).resolve().parents[2]
OPERATORS = (
    ("dispatcher", Role.DISPATCHER, None),
    ("supervisor", Role.SUPERVISOR, None),
    ("verifier", Role.VERIFIER, None),
    ("worker", Role.GRID_WORKER, "t:u1"),
    ("wall", Role.WALL, None),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A drill store with three units and an operator per role."""
    data = tmp_path / "seat"
    seats.found(data, Founding("340803", "D", "c", "Centre", "drill"))
    with seats.opened(data) as store:
        sink = seats.pack_sink(store, actor="test")
        pack = sink.begin_pack("units", "t", "1", "")
        sink.write_rows(
            pack,
            [
                UnitRecord(
                    f"t:u{i}", f"Patrol {i}", "patrol", skills=("cleaning",), lon=117.0 + i / 100, lat=30.5, digest="1"
                )
                for i in (1, 2, 3)
            ],
        )
        sink.activate(pack, PackCounts(3, 3))
        for name, role, unit in OPERATORS:
            people.put_operator(store, Operator(name, name, frozenset({role}), None, unit), "")
    return data


def as_(folder: Path, who: str) -> seats.OpenSeat:
    return seats.open_seat(folder, who, screen="test")


def take_in(folder: Path, **kw: Any) -> str:
    seat = as_(folder, "dispatcher")
    changed = seat.do(
        ReportIncident(**{"kind": "0102", "channel": "patrol", "place": "Gate 2", "lon": 117.0, "lat": 30.5, **kw})
    )
    seat.close()
    return next(iter(changed.incidents))


def act(folder: Path, who: str, incident: str, verb: str, **params: object) -> None:
    seat = as_(folder, who)
    try:
        seat.do(Act(incident, verb, params))
    finally:
        seat.close()


def phase(folder: Path, incident: str) -> str:
    seat = as_(folder, "dispatcher")
    try:
        return seat.queue([incident])[0].phase
    finally:
        seat.close()


def test_an_incident_goes_from_report_to_evaluation_and_the_log_rebuilds_it(folder: Path) -> None:
    one = take_in(folder, reporter=Reporter("Reporter", "13900000217"))
    for who, verb, params, after in (
        ("dispatcher", "register", {}, "registered"),
        ("dispatcher", "assign", {"unit": "t:u1"}, "assigned"),
        ("worker", "acknowledge", {}, "acknowledged"),
        ("worker", "depart", {}, "en_route"),
        ("dispatcher", "assign", {"unit": "t:u2"}, "en_route"),
        ("worker", "arrive", {}, "on_scene"),
        ("worker", "feed_back", {"result": "cleared"}, "fed_back"),
        ("verifier", "rework", {"reason": "no"}, "acknowledged"),
        ("worker", "feed_back", {"result": "cleared again"}, "fed_back"),
        ("verifier", "verify", {}, "verified"),
        ("dispatcher", "close", {}, "closed"),
        ("dispatcher", "evaluate", {"satisfaction": "satisfied"}, "evaluated"),
    ):
        act(folder, who, one, verb, **params)
        assert phase(folder, one) == after, verb
    seat = as_(folder, "dispatcher")
    view = seat.incident(one)
    assert view.reworks == 1
    assert view.timeline[0].kind == "incident.reported"
    assert len(view.timeline) == 13
    assert not any(e.superseded for e in view.timeline)
    status = seat.status()
    assert status.by_phase["evaluated"] == 1
    assert status.satisfied.numerator == status.satisfied.denominator == 1
    seat.close()
    with seats.opened(folder) as store:
        assert audit.verify(store).faults == ()
        before = rebuild.dump(store.read)
        rebuild.rebuild(store)
        assert rebuild.dump(store.read) == before


def test_whoever_handled_it_may_not_verify_it(folder: Path) -> None:
    one = take_in(folder, accept=True)
    act(folder, "supervisor", one, "assign", unit="t:u1")
    act(folder, "supervisor", one, "feed_back", result="done by telephone")
    with pytest.raises(Refused, match="may not verify"):
        act(folder, "supervisor", one, "verify")
    act(folder, "verifier", one, "verify")


def test_after_three_returns_only_an_arbiter_assigns(folder: Path) -> None:
    one = take_in(folder, accept=True)
    for _ in range(3):
        act(folder, "dispatcher", one, "assign", unit="t:u1")
        act(folder, "worker", one, "return", basis="not my grid")
    seat = as_(folder, "dispatcher")
    assert seat.queue([one])[0].flags & Flag.NEEDS_ARBITER
    seat.close()
    with pytest.raises(Refused, match="supervisor must decide"):
        act(folder, "dispatcher", one, "assign", unit="t:u2")
    act(folder, "supervisor", one, "assign", unit="t:u2")
    assert phase(folder, one) == "assigned"


def test_a_merge_keeps_every_reporter_and_one_clock(folder: Path) -> None:
    first = take_in(folder, accept=True, reporter=Reporter("A", "13900000001"))
    second = take_in(folder, reporter=Reporter("B", "13900000002"))
    act(folder, "dispatcher", second, "merge", into=first)
    seat = as_(folder, "dispatcher")
    view = seat.incident(first)
    assert len(view.reporters) == 2
    assert view.merged[0][0] == second
    assert seat.queue([second])[0].phase == "merged"
    assert seat.status().tabs["all"] == 1
    seat.close()


def test_a_second_assignment_leaves_the_first_one_its_own_state(folder: Path) -> None:
    one = take_in(folder, accept=True)
    act(folder, "dispatcher", one, "assign", unit="t:u1")
    act(folder, "worker", one, "arrive")
    act(folder, "dispatcher", one, "assign", unit="t:u2")
    seat = as_(folder, "dispatcher")
    states = {a.unit_id: (a.state, a.lead) for a in seat.incident(one).assignments}
    assert states == {"t:u1": ("on_scene", True), "t:u2": ("assigned", False)}
    assert {u.id: u.status for u in seat.units()} == {"t:u1": "on_scene", "t:u2": "going", "t:u3": "free"}
    seat.close()


def test_hold_stops_both_clocks_and_resume_goes_on_with_what_was_left(folder: Path) -> None:
    one = take_in(folder, accept=True)
    seat = as_(folder, "supervisor")
    due = seat.queue([one])[0].due_at
    assert due is not None
    seat.do(Act(one, "hold", {"reason": "needs a decision"}))
    assert seat.queue([one])[0].due_at is None
    seat.do(Act(one, "resume", {}))
    after = seat.queue([one])[0].due_at
    assert after is not None
    assert abs(after - due) < 30
    seat.close()


def test_an_extension_counts_only_when_it_was_approved(folder: Path) -> None:
    one = take_in(folder, accept=True)
    act(folder, "dispatcher", one, "request_extension", minutes=60, reason="parts are missing")
    with pytest.raises(Refused, match="already"):
        act(folder, "dispatcher", one, "request_extension", minutes=60, reason="again")
    seat = as_(folder, "supervisor")
    due = seat.queue([one])[0].due_at
    seat.do(Act(one, "approve_extension"))
    assert (seat.queue([one])[0].due_at or 0) > (due or 0)
    seat.close()


@pytest.mark.parametrize(
    ("verb", "params", "why"),
    [
        ("assign", {"unit": "t:nobody"}, "no force"),
        ("assign", {}, "missing"),
        ("close", {}, "Not possible"),
        ("merge", {"into": "nothing"}, "no incident"),
        ("assign", {"unit": "t:u1", "colour": "red"}, "does not take"),
        ("told", {"service": "911"}, "expected"),
        ("fly", {}, "no act named"),
    ],
)
def test_what_is_not_possible_is_refused_with_a_reason_and_changes_nothing(
    folder: Path, verb: str, params: dict[str, object], why: str
) -> None:
    one = take_in(folder, accept=True)
    seat = as_(folder, "dispatcher")
    before = seat.status().seq
    with pytest.raises(Refused, match=why):
        seat.do(Act(one, verb, params))
    assert seat.status().seq == before
    seat.close()


def test_the_wall_only_looks(folder: Path) -> None:
    one = take_in(folder, accept=True)
    with pytest.raises(Refused, match="role"):
        act(folder, "wall", one, "assign", unit="t:u1")


def test_one_refused_command_harms_only_itself(folder: Path) -> None:
    seat = as_(folder, "dispatcher")
    good = ReportIncident("0102", "patrol", "A", accept=True)
    changed, faults = seat.do_all([good, ReportIncident("0102", "patrol", " "), ReportIncident("0102", "patrol", "B")])
    assert len(changed.incidents) == 2
    assert [f is None for f in faults] == [True, False, True]
    seat.close()


def test_two_screens_of_a_seat_see_each_others_changes(folder: Path) -> None:
    wall, desk = as_(folder, "wall"), as_(folder, "dispatcher")
    wall.poll_changes()
    changed = desk.do(ReportIncident("0102", "patrol", "A"))
    assert wall.poll_changes().incidents == changed.incidents
    assert not wall.poll_changes()
    desk.do(ReportPositions((Position("t:u1", 117.1, 30.5, desk.clock.now().timestamp()),)))
    assert wall.poll_changes().positions
    wall.close()
    desk.close()


def test_a_zero_position_is_never_a_place_and_an_old_one_never_replaces_a_newer(folder: Path) -> None:
    seat = as_(folder, "dispatcher")
    now = seat.clock.now().timestamp()
    seat.do(ReportPositions((Position("t:u1", 117.2, 30.6, now), Position("t:u2", 0, 0, now))))
    seat.do(ReportPositions((Position("t:u1", 1.0, 1.0, now - 60),)))
    units = {u.id: u for u in seat.units()}
    assert (units["t:u1"].lon, units["t:u2"].position_at) == (117.2, None)
    seat.close()


def test_a_call_a_draft_and_the_incident_that_comes_of_them(folder: Path) -> None:
    seat = as_(folder, "dispatcher")
    seat.do(CallEvent("c1", "rang", "13912345678"))
    assert [(c.state, c.number_masked) for c in seat.calls()] == [("ringing", "139****5678")]
    seat.do(SaveDraft("d1", {"place": "half a pl"}, "c1"))
    assert seat.drafts()[0].fields == {"place": "half a pl"}
    seat.do(ReportIncident("0102", "hotline", "a place", draft_id="d1", call_id="c1", accept=True))
    assert seat.drafts() == []
    assert seat.calls() == [], "who was taken in talks no more"
    seat.close()


def test_erasing_a_person_leaves_the_log_whole(folder: Path) -> None:
    one = take_in(folder, accept=True, reporter=Reporter("Name", "13900000217", "Street 1"))
    seat = as_(folder, "dispatcher")
    person = seat.incident(one).reporters[0]
    seat.close()
    with seats.opened(folder) as store:
        people.erase(store, person.id, actor="dispatcher", reason="its time is over")
        assert audit.verify(store).faults == ()
    seat = as_(folder, "dispatcher")
    gone = seat.incident(one).reporters[0]
    assert gone.erased
    assert gone.phone == ""
    seat.close()
    raw = (
        (folder / "store.sqlite").read_bytes() + (folder / "store.sqlite-wal").read_bytes()
        if (folder / "store.sqlite-wal").exists()
        else (folder / "store.sqlite").read_bytes()
    )
    with seats.opened(folder) as store:
        contents = store.read.exec_driver_sql("SELECT group_concat(content) FROM event").scalar_one()
    assert "13900000217" not in contents
    assert raw


def test_an_unknown_operator_is_told_who_is_known(folder: Path) -> None:
    with pytest.raises(KnownFault, match="dispatcher"):
        as_(folder, "nobody")


def test_the_core_runs_an_incident_end_to_end_with_qt_blocked(folder: Path) -> None:
    code = (
        "import sys\n"
        "class Block:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('PySide6', 'shiboken6', 'pyqtgraph', 'widgets'):\n"
        "            raise ImportError('blocked ' + name)\n"
        "sys.meta_path.insert(0, Block())\n"
        "from app.cli import main\n"
        f"base = ['--data', {str(folder)!r}, '--lang', 'en', '--json']\n"
        "as_ = lambda who: base + ['--as', who]\n"
        "assert main(['report-incident', '--kind', '0102', '--place', 'Gate', '--accept'] + as_('dispatcher')) == 0\n"
        "steps = [('dispatcher', 'assign', 'unit=t:u1'), ('worker', 'acknowledge'), ('worker', 'arrive'),\n"
        "         ('worker', 'feed_back', 'result=done'), ('verifier', 'verify'), ('dispatcher', 'close')]\n"
        "for who, *words in steps:\n"
        "    assert main(['act', '-0001'] + words + as_(who)) == 0, words\n"
        "assert main(['status'] + as_('dispatcher')) == 0\n"
        "assert main(['audit', 'verify'] + base) == 0\n"
    )
    code = code.replace("'-0001'", "'0001'")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"closed": 1' in done.stdout


def test_a_free_force_whose_position_is_old_is_unknown_and_counted_so(folder: Path) -> None:
    seat = as_(folder, "dispatcher")
    now = seat.clock.now().timestamp()
    seat.do(ReportPositions((Position("t:u1", 117.0, 30.5, now - 1000), Position("t:u2", 117.0, 30.5, now - 10))))
    assert {u.id: u.status for u in seat.units()} == {"t:u1": "unknown", "t:u2": "free", "t:u3": "free"}
    assert seat.status().units == {"free": 2, "going": 0, "on_scene": 0, "off": 0, "unknown": 1}
    seat.close()


def test_only_a_security_administrator_adds_operators(folder: Path, tmp_path: Path,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    secret = tmp_path / "secret"
    secret.write_text("long enough")
    words = ["operator", "add", "eve", "--role", "security_admin", "--password-file", str(secret), "--lang", "en"]
    assert main([*words, "--data", str(folder), "--as", "dispatcher"]) == 1
    assert "security administrator" in capsys.readouterr().err
    other = tmp_path / "other"
    seats.found(other, Founding("1", "D", "c", "Centre"))
    assert main(["operator", "add", "bob", "--role", "dispatcher", "--password-file", str(secret), "--data", str(other),
                 "--lang", "en"]) == 1
    assert main([*words, "--data", str(other)]) == 0
    assert main([*words, "--data", str(other), "--as", "eve"]) == 1, "without a password"


def test_a_store_that_another_program_writes_to_can_still_be_looked_at(folder: Path) -> None:
    import sqlite3
    other = sqlite3.connect(folder / "store.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        seat = as_(folder, "dispatcher")
        assert seat.status().today == 0
        seat.close()
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_a_promise_to_call_back_holds_though_its_report_is_kept_in_the_same_commit(folder: Path) -> None:
    seat = as_(folder, "dispatcher")
    for what in ("rang", "answered"):
        seat.do(CallEvent("c1", what))
    seat.do_all([CallEvent("c1", "call_back"), ReportIncident("0102", "hotline", "Gate", call_id="c1")])
    assert [c.state for c in seat.calls()] == ["to_call_back"]
    seat.close()


@pytest.mark.expects_log(r"the draft of an incident that was taken in stays")
def test_an_act_that_was_kept_is_not_told_as_lost_because_its_draft_stays(
        folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seat = as_(folder, "dispatcher")
    seat.do(SaveDraft("d1", {"place": "Gate 3"}))

    def full(_draft: str) -> None:
        raise DiskFull(Message("The disk is full."))

    monkeypatch.setattr(seat._store.local, "drop_draft", full)
    changed, faults = seat.do_all([ReportIncident("0102", "patrol", "Gate 3", draft_id="d1")])
    assert faults == [None]
    assert len(changed.incidents) == 1
    assert [d.id for d in seat.drafts()] == ["d1"]
    seat.close()


def test_a_helping_force_outside_the_area_finds_its_case_and_acts_by_the_command_line(
        folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with seats.opened(folder) as store:
        sink = seats.pack_sink(store, actor="test")
        pack = sink.begin_pack("areas", "t", "1", "")
        boxes = {"0": (116, 30, 118, 31, None), "1": (116, 30, 117.005, 31, "t:0"), "2": (117.005, 30, 118, 31, "t:0")}
        sink.write_rows(pack, [
            AreaRecord(f"t:{n}", n, f"Area {n}", 3 if parent else 0, "grid" if parent else "district", parent,
                       shapely.to_wkb(shapely.box(*box)), digest="1") for n, (*box, parent) in boxes.items()])
        sink.activate(pack, PackCounts(3, 3))
        people.put_operator(store, Operator("helper", "H", frozenset({Role.GRID_WORKER}), "t:2", "t:u2"), "")
        people.put_operator(store, Operator("leader", "L", frozenset({Role.GRID_WORKER}), "t:2", "t:u3"), "")
    one, other = take_in(folder, accept=True), take_in(folder, accept=True)
    act(folder, "dispatcher", one, "assign", unit="t:u3")
    act(folder, "dispatcher", one, "assign", unit="t:u2", part="help")
    for who in ("helper", "leader"):
        seat = as_(folder, who)
        assert [r.id for r in seat.queue()] == [one]
        number = seat.queue()[0].number
        assert [h.id for h in seat.find(number) if h.kind == "incident"] == [one]
        assert {e.incident_id for e in seat.timeline()} == {one}
        assert seat.status().tabs["all"] == 1
        assert seat.queue([other]) == []
        seat.close()
    capsys.readouterr()
    words = ["--data", str(folder), "--as", "helper", "--lang", "en"]
    assert main(["act", number, "acknowledge", *words]) == 0
    assert number in capsys.readouterr().out
    assert main(["act", number, "return", "basis=not ours", *words]) == 0
    assert "sees the incident no longer" in capsys.readouterr().out
    assert main(["report-incident", "--kind", "0102", "--channel", "patrol", "--place", "Gate", "--at", "116.5,30.5",
                 *words]) == 0
    assert "lies outside" in capsys.readouterr().out


def test_the_open_queue_of_a_force_uses_the_index_of_its_assignments(folder: Path) -> None:
    with seats.opened(folder) as store:
        reads = StoreReads(store.read)
        plan = "\n".join(plans_of(store.read, lambda: reads.queue("o", "u", "d/", None, False)))
    assert "incident_open" in plan
    assert "assignment_unit" in plan
