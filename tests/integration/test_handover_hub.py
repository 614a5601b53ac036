"""A shift handed over between two seats of one centre on a real hub: text and signature cross, and who signed for
what somebody else gave back meanwhile is told."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import seats
from app.domain.faults import Refused
from app.domain.process import Role
from app.services.commands import HandOver, HandoverAct
from app.services.local_seat import LocalSeat
from app.services.operator import Operator
from data.store import ordered, rebuild
from data.store.seat_store import SqliteSeatStore
from tests.fakes.hub_town import DISTRICT, Town, TownSeat, town
from tests.fakes.postgres import Postgres, running


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with running() as one:
        yield one


@pytest.fixture
def place(server: Postgres, tmp_path: Path, expected_logs: object) -> Iterator[Town]:
    expected_logs.allow("the hub refused")  # type: ignore[attr-defined]
    with town(server, tmp_path / "town") as one:
        yield one


def desk(seat: TownSeat, name: str) -> LocalSeat:
    who = Operator(name, name, frozenset({Role.SUPERVISOR}), None)
    return LocalSeat(SqliteSeatStore(seat.store, name, "desk"), who, seat.clock, seats.calendar(), screen="desk")


def same_on(*places: TownSeat) -> None:
    """Every seat shows the same hand-overs, and what its log makes of them."""
    rows = [rebuild.dump(p.store.read)["handover"] for p in places]
    assert all(r == rows[0] for r in rows)
    for one in places:
        before = rebuild.dump(one.store.read)
        rebuild.rebuild(one.store)
        assert rebuild.dump(one.store.read) == before


def test_written_at_one_seat_signed_at_another(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    li, wang = desk(a, "Li"), desk(b, "Wang")
    li.do(HandOver("pump on Lane 3 runs"))
    assert li.handovers()[0].unsent
    a.meet()
    b.meet()
    (mine,), (theirs,) = li.handovers(), wang.handovers()
    assert not mine.unsent
    assert (theirs.note, theirs.version, theirs.number) == (mine.note, mine.version, mine.number)
    assert (mine.verbs, theirs.verbs) == (("rewrite", "withdraw"), ("sign", "object"))
    wang.do(HandoverAct(theirs.id, "sign", {"remark": "read"}, theirs.version))
    view = li.duty()
    assert view is not None
    assert view.supervisor_waits, "until the signature is here the outgoing person is responsible"
    b.meet()
    a.meet()
    view = li.duty()
    assert view is not None
    assert (view.supervisor, view.waiting) == ("Wang", ())
    assert view.handover is not None
    assert (view.handover.incoming, view.handover.phase) == ("Wang", "signed")
    same_on(a, b)


def test_a_signature_under_a_text_that_was_changed_meanwhile_does_not_stand_and_its_maker_is_told(place: Town) -> None:
    a, b = place.seat("a"), place.seat("b")
    li, wang = desk(a, "Li"), desk(b, "Wang")
    li.do(HandOver("pump 1 runs"))
    a.meet()
    b.meet()
    (theirs,) = wang.handovers()
    li.do(HandoverAct(theirs.id, "rewrite", {"note": "pump 2 runs"}))
    wang.do(HandoverAct(theirs.id, "sign", {}, theirs.version))
    assert wang.handovers()[0].phase == "signed", "as far as this seat knows"
    a.meet()
    b.meet()
    (now,) = wang.handovers()
    assert (now.phase, now.note, now.incoming) == ("waiting", "pump 2 runs", "")
    (told,) = wang.conflicts()
    assert (told.verb, told.incident_id, told.number) == ("", "", now.number)
    assert told.subject is not None
    assert told.subject.params == {"name": "Li"}
    assert told.mine.what.id == "Hand-over signed for: {name}"
    assert told.stands is not None
    assert told.stands.what.id == "Hand-over changed: {name}"
    assert li.conflicts() == []
    with pytest.raises(Refused):
        wang.do(HandoverAct(now.id, "sign", {}, theirs.version))
    wang.do(HandoverAct(now.id, "sign", {}, now.version))
    b.meet()
    a.meet()
    assert li.handovers()[0].incoming == "Wang"
    same_on(a, b)


def test_signed_and_given_back_at_once_the_hub_s_first_stands(place: Town) -> None:
    a, b, c = place.seat("a"), place.seat("b"), place.seat("c")
    li, wang, zhao = desk(a, "Li"), desk(b, "Wang"), desk(c, "Zhao")
    li.do(HandOver("x"))
    for one in (a, b, c):
        one.meet()
    (theirs,) = wang.handovers()
    wang.do(HandoverAct(theirs.id, "object", {"reason": "which pump?"}, theirs.version))
    zhao.do(HandoverAct(theirs.id, "sign", {}, theirs.version))
    for one in (b, c, a, b, c):
        one.meet()
    assert {d.handovers()[0].phase for d in (li, wang, zhao)} == {"returned"}
    assert li.handovers()[0].reason == "which pump?"
    assert [c.subject is not None for c in zhao.conflicts()] == [True]
    assert wang.conflicts() == []
    same_on(a, b, c)
    with c.store.transaction(screen="test", actor="test") as tx:
        ordered.rewind(tx, c.reached - 2)
    assert zhao.conflicts() == [], "what a restored hub judges anew is told anew"


def test_a_hand_over_that_the_hub_refused_counts_nowhere_and_is_told(place: Town) -> None:
    a = place.seat("a")
    li = desk(a, "Li")
    a.meet()
    place.run("UPDATE hub.meta SET value = 'elsewhere' WHERE key = 'district'")
    try:
        li.do(HandOver("x"))
        a.meet()
    finally:
        place.run(f"UPDATE hub.meta SET value = '{DISTRICT}' WHERE key = 'district'")
    assert li.handovers() == []
    (told,) = li.conflicts()
    assert told.refused is not None
    assert told.subject is not None
    assert told.subject.params == {"name": "Li"}
    assert told.mine.what.id == "Hand-over {number} written: {name}"
    li.do(HandOver("once more"))
    assert [h.note for h in li.handovers()] == ["once more"]
