"""A hand-over that both sides sign: what a rule allows is never superseded, any history folds, only the text that was
read is signed."""
from __future__ import annotations

import copy
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.faults import KnownFault, Refused
from app.domain.handover import HandoverState, apply
from app.domain.handover_process import ENDED, HANDOVER, PHASES
from app.domain.incident_state import Fact
from app.domain.process import Role
from app.domain.working_time import WorkCalendar
from app.services import acts, duties, handovers
from app.services.book import Book
from app.services.commands import HandOver, HandoverAct, SignDuty
from app.services.duty_views import DutyPerson
from app.services.handovers import Open
from app.services.operator import Operator
from tests.fakes.fake_seat import FakeSeat
from tests.fakes.fake_transaction import FakeTransaction

BOOK = Book(1, (), ())


def setting(name: str, *roles: Role) -> acts.Setting:
    return acts.Setting(Operator(name, name, frozenset(roles), None, None), BOOK, WorkCalendar(),
                        lambda _lon, _lat: None, {}.get)


LI, WANG = setting("Li", Role.SUPERVISOR), setting("Wang", Role.SUPERVISOR)
LEADER, CLERK = setting("Chen", Role.DUTY_LEADER), setting("Zhou", Role.DISPATCHER)
WORKER = setting("Wu", Role.GRID_WORKER)
NOTHING = Open({"all": 3, "overdue": 1}, (), 0.0)


def do(tx: FakeTransaction, command: HandOver | HandoverAct, who: acts.Setting, open_: Open = NOTHING) -> HandoverState:
    events = handovers.decide(command, tx, who, lambda: open_)
    for event in events:
        tx.append(event)
    return tx.handovers[events[0].stream.partition("/")[2]]


def written(tx: FakeTransaction, who: acts.Setting = LI) -> HandoverState:
    return do(tx, HandOver("pump on Lane 3 runs"), who)


def test_the_incoming_person_signs_what_the_outgoing_one_wrote() -> None:
    tx = FakeTransaction()
    one = written(tx)
    assert (one.phase, one.role, one.name, one.open) == ("waiting", "supervisor", "Li", True)
    assert one.number.endswith("-J01")
    assert (one.matters["all"], one.matters["overdue"], one.matters["held"]) == (3, 1, 0)
    tx.now_ms += 60_000
    done = do(tx, HandoverAct(one.id, "sign", {"remark": "read"}, one.version), WANG)
    assert (done.phase, done.incoming, done.signed_at, done.open) == ("signed", "Wang", tx.now_ms, False)
    assert done.note == one.note
    assert [(s.verb, s.name, s.text) for s in done.steps] == [("write", "Li", "pump on Lane 3 runs"),
                                                             ("sign", "Wang", "read")]


def test_what_was_given_back_is_changed_and_only_the_new_text_can_be_signed() -> None:
    tx = FakeTransaction()
    one = written(tx)
    back = do(tx, HandoverAct(one.id, "object", {"reason": "which pump?"}, one.version), WANG)
    assert (back.phase, back.reason, back.open) == ("returned", "which pump?", True)
    with pytest.raises(Refused, match="Not possible any more"):
        do(tx, HandoverAct(one.id, "sign", {}, one.version), WANG)
    again = do(tx, HandoverAct(one.id, "rewrite", {"note": "pump 2 on Lane 3"}), LI, Open({"all": 9}, (), 0.0))
    assert (again.phase, again.note, again.reason, again.matters["all"]) == ("waiting", "pump 2 on Lane 3", "", 9)
    with pytest.raises(Refused, match="changed since you read it"):
        do(tx, HandoverAct(one.id, "sign", {}, one.version), WANG)
    assert do(tx, HandoverAct(one.id, "sign", {}, again.version), WANG).phase == "signed"


def test_each_side_does_only_what_is_theirs() -> None:
    tx = FakeTransaction()
    one = written(tx)
    refused = [
        (HandOver("x"), WORKER, "role may not"),
        (HandOver(" \n"), CLERK, "is missing"),
        (HandOver("x"), LI, "last hand-over is not signed"),
        (HandoverAct(one.id, "sign", {}, one.version), LI, "their own hand-over"),
        (HandoverAct(one.id, "sign", {}, one.version), CLERK, "does not take over this post"),
        (HandoverAct(one.id, "sign", {}, one.version), WORKER, "role may not"),
        (HandoverAct(one.id, "sign"), WANG, "read it again"),
        (HandoverAct(one.id, "object", {}, one.version), WANG, "Reason is missing"),
        (HandoverAct(one.id, "rewrite", {"note": "x"}), WANG, "Only Li"),
        (HandoverAct(one.id, "withdraw"), WANG, "Only Li"),
        (HandoverAct(one.id, "fly"), LI, "no act named"),
        (HandoverAct("gone", "sign"), WANG, "no hand-over gone"),
    ]
    for command, who, why in refused:
        with pytest.raises(Refused, match=why):
            handovers.decide(command, tx, who, lambda: NOTHING)
    assert do(tx, HandoverAct(one.id, "sign", {}, one.version), LEADER).incoming == "Chen", "a higher post may"
    mine = written(tx, LEADER)
    with pytest.raises(Refused, match="does not take over"):
        do(tx, HandoverAct(mine.id, "sign", {}, mine.version), WANG)
    assert do(tx, HandoverAct(mine.id, "withdraw", {"reason": "I stay"}), LEADER).phase == "withdrawn"
    assert written(tx, LEADER).phase == "waiting"


def test_who_hands_over_cannot_sign_out_before_the_signature() -> None:
    tx = FakeTransaction()
    one = written(tx)
    with pytest.raises(Refused, match="stay responsible"):
        duties.decide(SignDuty("supervisor", "Li", False), tx)
    assert duties.decide(SignDuty("supervisor", "Wang", False), tx)
    do(tx, HandoverAct(one.id, "withdraw"), LI)
    assert duties.decide(SignDuty("supervisor", "Li", False), tx)


def test_the_incidents_that_matter_are_named_as_they_stand_unless_others_are_chosen() -> None:
    seat = FakeSeat(open_=40, ended=5)
    open_ = seat.open_now()
    tx = FakeTransaction()
    one = do(tx, HandOver("x"), LI, open_)
    rows = handovers.worth_naming(open_)
    assert [(i.incident, i.number, i.phase, i.level) for i in one.items] == [(r.id, r.number, r.phase, r.level)
                                                                            for r in rows]
    assert rows
    chosen = (rows[-1].id, "no such incident")
    assert [i.incident for i in do(tx, HandOver("x", chosen), WANG, open_).items] == [rows[-1].id]


def test_who_waits_to_be_relieved_keeps_the_post_whatever_the_roster_says() -> None:
    tx = FakeTransaction()
    one = handovers.view(written(tx), LI.operator, unsent=False)
    night = [DutyPerson("duty_leader", "Chen", True, True, 1.0, "day24", 90.0),
             DutyPerson("supervisor", "Wang", True, True, 1.0, "night", 50.0)]
    view = duties.view(night, None, [one])
    assert view is not None
    assert (view.supervisor, view.supervisor_waits, view.leader, view.leader_waits) == ("Li", True, "Chen", False)
    assert view.post == "2/2", "who is not planned fills nobody's place"
    assert (view.shift, view.until) == ("night", 50.0), "the shift that runs is the supervisor's of the roster"
    after = duties.view(night, one, [])
    assert after is not None
    assert (after.supervisor, after.supervisor_waits) == ("Wang", False)


def test_what_is_allowed_is_never_superseded_and_every_verb_is_reached() -> None:
    dice, tx, done = random.Random(7), FakeTransaction(), Counter[str]()
    people = [LI, WANG, LEADER, CLERK, WORKER]
    for _ in range(1_500):
        tx.now_ms += dice.randrange(1, 90) * 60_000
        who = dice.choice(people)
        row = dice.choice(list(HANDOVER))
        one = dice.choice(list(tx.handovers.values())) if tx.handovers else None
        params = {n.name: "x" for n in row.needs}
        try:
            if row.verb == "write" or one is None:
                do(tx, HandOver("x"), who)
            else:
                do(tx, HandoverAct(one.id, row.verb, params, one.version), who)
        except KnownFault:
            continue
        done[row.verb] += 1
    assert all(s.superseded == [] for s in tx.handovers.values())
    assert set(done) == {t.verb for t in HANDOVER}
    assert {s.phase for s in tx.handovers.values()} >= set(ENDED)


texts = st.text(max_size=4)
odd: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers() | st.floats() | texts | st.lists(texts)
names = st.sampled_from(["a", "b"])
bodies = st.fixed_dictionaries({}, optional={
    "name": names | odd, "note": names | odd, "version": st.sampled_from(["v1", "v2"]) | odd, "role": odd,
    "reason": odd,
    "matters": st.dictionaries(texts, odd) | odd, "items": st.lists(st.fixed_dictionaries({}, optional={
        "incident": texts, "level": odd, "overdue": odd}) | odd, max_size=3) | odd})
facts = st.builds(Fact, st.sampled_from(["v1", "v2", "v3"]), st.sampled_from([t.event for t in HANDOVER]) | texts,
                  st.integers(0, 2**50), texts, bodies)


@given(st.lists(facts, max_size=25))
def test_any_history_folds_and_survives_its_stored_text(history: list[Fact]) -> None:
    state: HandoverState | None = None
    for number, event in enumerate(history, 1):
        before = copy.deepcopy(state)
        after = apply(state, event)
        assert state == before, "apply changed the state it was given"
        assert HandoverState.load(after.dump()) == after
        assert after.events == number
        assert after.phase in ("", *PHASES)
        assert (after.phase == "signed") == bool(after.incoming)
        assert after.incoming != after.name or not after.incoming
        assert len(after.steps) + len(after.superseded) == after.events
        state = after


def test_a_signature_under_another_text_changes_nothing() -> None:
    def fact(key: str, kind: str, **body: Any) -> Fact:
        return Fact(key, f"handover.{kind}", 5, "x", body)

    state = apply(None, fact("e1", "written", name="Li", role="supervisor", note="a"))
    state = apply(state, fact("e2", "rewritten", name="Li", note="b"))
    state = apply(state, fact("e3", "signed", name="Wang", version="e1"))
    assert (state.phase, state.superseded, state.incoming) == ("waiting", ["e3"], "")
    state = apply(state, fact("e4", "signed", name="Li", version="e2"))
    assert state.phase == "waiting", "nobody signs for themselves"
    state = apply(state, fact("e5", "signed", name="Wang", version="e2"))
    assert (state.phase, state.incoming) == ("signed", "Wang")
    state = apply(state, fact("e6", "returned", name="Zhao", reason="?", version="e2"))
    assert (state.phase, state.superseded) == ("signed", ["e3", "e4", "e6"])
