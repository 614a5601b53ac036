"""The duty of a centre on a real store: roster, sign-ins with and without it, hand-overs that both sides sign."""
from __future__ import annotations

import contextlib
from datetime import timedelta
from pathlib import Path

import pytest

from app.bootstrap import seats
from app.clock import SystemClock
from app.domain.events import NewEvent
from app.domain.faults import Refused
from app.domain.process import Role
from app.intake.records import RosterRecord
from app.intake.sink import PackCounts
from app.services import duties
from app.services.commands import HandOver, HandoverAct, ReportIncident, SignDuty
from app.services.operator import Operator
from data.store import audit, people, rebuild
from data.store.store import Founding


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    seats.found(tmp_path / "seat", Founding("340803", "D", "c", "Centre", "drill"))
    return tmp_path / "seat"


def roster(folder: Path, *names: tuple[str, str]) -> None:
    now = SystemClock().now()
    rows = [RosterRecord(f"t:{name}", f"{now:%Y-%m-%d}", "day", role, name, now - timedelta(hours=2),
                         now + timedelta(hours=6), digest="1") for role, name in names]
    with seats.opened(folder) as store:
        sink = seats.pack_sink(store, actor="t")
        pack = sink.begin_pack("roster", "t", "1", "p")
        sink.write_rows(pack, rows)
        sink.activate(pack, PackCounts(len(rows), len(rows)))


def test_the_shift_is_who_is_on_the_roster_and_who_signed_in_without(folder: Path) -> None:
    with contextlib.closing(seats.open_seat(folder, screen="desk")) as seat:
        assert seat.duty() is None
        seat.do(SignDuty("supervisor", "Li"))
        alone = seat.duty()
        assert alone is not None
        assert (alone.supervisor, alone.supervisor_in, alone.leader, alone.post) == ("Li", True, "", "1")
    roster(folder, ("duty_leader", "Wang"), ("supervisor", "Li"), ("verifier", "Zhao"))
    with contextlib.closing(seats.open_seat(folder, screen="wall")) as seat:
        view = seat.duty()
        assert view is not None
        assert (view.leader, view.leader_in, view.supervisor_in, view.post, view.shift) == ("Wang", False, True, "1/3",
                                                                                         "day")
        seat.do(SignDuty("dispatcher", "Guest"))
        view = seat.duty()
        assert view is not None
        assert [(p.name, p.planned, p.present) for p in view.people] == [
            ("Wang", True, False), ("Li", True, True), ("Zhao", True, False), ("Guest", False, True)]
        assert view.post == "1/3", "who is not planned fills nobody's place"


def test_a_hand_over_waits_until_the_incoming_person_signs(folder: Path) -> None:
    roster(folder, ("supervisor", "Li"), ("supervisor", "Wang"))
    with contextlib.closing(seats.open_seat(folder, "Li", screen="desk")) as seat:
        seat.do(SignDuty("duty_leader", "Li"))
        seat.do(ReportIncident("0102", "hotline", "Gate", 1))
        with pytest.raises(Refused):
            seat.do(HandOver("  \n"))
        seat.do(HandOver("pump on Lane 3 runs"))
        seat.do(ReportIncident("0102", "hotline", "Gate 2"))
        with pytest.raises(Refused):
            seat.do(SignDuty("duty_leader", "Li", False))
        (own,) = seat.handovers()
        assert (own.verbs, own.why_unsigned is not None) == (("rewrite", "withdraw"), True)
    with contextlib.closing(seats.open_seat(folder, "Wang", screen="wall")) as seat:
        view = seat.duty()
        assert view is not None
        assert (view.leader, view.leader_in, view.leader_waits) == ("Li", True, True)
        (waits,) = view.waiting
        assert (waits.note, waits.name, waits.role, waits.verbs) == ("pump on Lane 3 runs", "Li", "duty_leader",
                                                                    ("sign", "object"))
        assert (waits.matters["all"], waits.matters["to_accept"], waits.matters["overdue"]) == (1, 1, 0)
        assert [(i.place, i.level) for i in waits.items] == [("Gate", 1)]
        seat.do(HandoverAct(waits.id, "sign", {}, waits.version))
        view = seat.duty()
        assert view is not None
        assert (view.waiting, view.leader, view.leader_in, view.leader_waits) == ((), "Wang", True, False)
        assert [p.name for p in view.people if p.present] == ["Wang"], "the signature signs one out and the other in"
        assert view.handover is not None
        assert (view.handover.incoming, view.handover.note) == ("Wang", waits.note)
    with seats.opened(folder) as store:
        before = rebuild.dump(store.read)
        rebuild.rebuild(store)
        assert rebuild.dump(store.read) == before
        assert audit.verify(store).faults == ()


def test_the_last_hand_over_is_the_one_that_was_signed_last(folder: Path) -> None:
    """Whichever was begun first: several posts are handed over at once."""
    with (contextlib.closing(seats.open_seat(folder, "Li", screen="desk")) as li,
          contextlib.closing(seats.open_seat(folder, "Ma", screen="desk")) as ma,
          contextlib.closing(seats.open_seat(folder, "Wang", screen="desk")) as wang):
        for one in (li, ma):
            one.do(HandOver(f"of {one.operator.name}"))
        for name in ("Ma", "Li"):
            (waits,) = (h for h in wang.handovers() if h.name == name)
            wang.do(HandoverAct(waits.id, "sign", {}, waits.version))
            view = wang.duty()
            assert view is not None
            assert view.handover is not None
            assert view.handover.note == f"of {name}"


def test_who_signs_in_anew_after_the_signature_is_there(folder: Path) -> None:
    with contextlib.closing(seats.open_seat(folder, "Li", screen="desk")) as li:
        li.do(HandOver("x"))
        with contextlib.closing(seats.open_seat(folder, "Wang", screen="desk")) as wang:
            one = wang.handovers()[0]
            wang.do(HandoverAct(one.id, "sign", {}, one.version))
            view = li.duty()
            assert view is not None
            assert [p.name for p in view.people] == ["Wang"]
            li.do(SignDuty("duty_leader", "Li"))
            wang.do(SignDuty("duty_leader", "Wang", False))
            view = li.duty()
            assert view is not None
            assert [p.name for p in view.people if p.present] == ["Li"]


def test_hand_overs_of_one_side_stay_what_they_were(folder: Path) -> None:
    """Told by programs from before both sides signed: the last is shown however many have signed in since."""
    with seats.opened(folder) as store, store.transaction(screen="t", actor="t") as tx:
        tx.append(NewEvent(duties.STREAM, duties.HANDED_OVER, {
            "role": "supervisor", "name": "Li", "note": "pump on Lane 3 runs", "matters": {"all": 3, "odd": "x"}},
            tx.now_ms))
        for n in range(250):
            tx.append(NewEvent("duty/shift", "duty.signed", {"role": "dispatcher", "name": f"n{n}", "present": True},
                               tx.now_ms))
    with contextlib.closing(seats.open_seat(folder, "Wang", screen="wall")) as seat:
        view = seat.duty()
        assert view is not None
        assert view.handover is not None
        assert (view.handover.note, view.handover.phase, view.handover.matters, view.handover.verbs) == (
            "pump on Lane 3 runs", "one_sided", {"all": 3}, ())
        assert view.waiting == ()
        assert not view.handover.open
        seat.do(HandOver("and the gate"))
        assert [h.phase for h in seat.handovers()] == ["waiting", "one_sided"]


def test_only_roles_of_the_roster_hand_over(folder: Path) -> None:
    with seats.opened(folder) as store:
        people.put_operator(store, Operator("w", "Worker", frozenset({Role.GRID_WORKER}), None), "")
    with contextlib.closing(seats.open_seat(folder, "w", screen="desk")) as seat:
        for command in (HandOver("x"), HandoverAct("x", "sign")):
            with pytest.raises(Refused):
                seat.do(command)


def test_a_sign_in_is_for_one_shift(folder: Path) -> None:
    """The shift began two hours ago; the rule in force lets people sign in an hour before."""
    roster(folder, ("duty_leader", "Wang"), ("supervisor", "Li"), ("verifier", "Zhao"))
    now = round(SystemClock().now().timestamp() * 1000)
    signed = (("supervisor", "Li", 3 * 24 * 60), ("duty_leader", "Wang", 3 * 60 + 5), ("verifier", "Zhao", 2 * 60 + 55),
              ("dispatcher", "Guest", 3 * 60 + 5))
    with seats.opened(folder) as store, store.transaction(screen="t", actor="t") as tx:
        for role, name, minutes in signed:
            tx.append(NewEvent("duty/shift", "duty.signed", {"role": role, "name": name, "present": True},
                               now - minutes * 60_000))
    with contextlib.closing(seats.open_seat(folder, screen="desk")) as seat:
        view = seat.duty()
        assert view is not None
        assert view.post == "1/3"
        assert {p.name: p.present for p in view.people} == {"Wang": False, "Li": False, "Zhao": True}
        assert {p.name for p in view.people if p.since is not None} == {"Zhao"}
        seat.do(SignDuty("supervisor", "Li"))
        again = seat.duty()
        assert again is not None
        assert (again.post, again.supervisor_in) == ("2/3", True)
