"""The whistle: what a rule allows is never superseded, any history folds, times and ratings make the score."""
from __future__ import annotations

import copy
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.faults import KnownFault, Refused
from app.domain.incident_state import Fact
from app.domain.process import Role
from app.domain.whistle import WhistleState, apply
from app.domain.whistle_process import ENDED, PHASES, WHISTLE
from app.domain.working_time import WorkCalendar
from app.services import acts, whistles
from app.services.book import Book, Code
from app.services.operator import Operator
from app.services.views import AreaRow
from app.services.whistle_commands import BlowWhistle, WhistleAct
from tests.fakes.fake_transaction import FakeTransaction

UNITS = ("dept1", "dept2", "dept3")
MINUTE = 60_000


def area(key: str, path: str) -> AreaRow:
    return AreaRow(key, key, key, 2, None, path, None, False, None, None, False)


BOOK = Book(1, (
    Code("limit", "whistle_report:*:3", "x", "x", None, {"minutes": 60, "calendar": "continuous"}),
    Code("limit", "whistle_result:*:3", "x", "x", None, {"minutes": 600, "calendar": "calendar_days"}),
    *(Code("whistle_score", code, code, code, None, {"points": points}) for code, points in
      (("arrival", 30), ("result", 40), ("satisfied", 30), ("fair", 18), ("unsatisfied", 0))),
), (area("k1", "d/k1/"), area("k2", "d/k2/")))


def setting(role: Role, where: str | None = None, unit: str | None = None) -> acts.Setting:
    return acts.Setting(Operator(f"{role}-{where or unit}", "x", frozenset({role}), where, unit), BOOK, WorkCalendar(),
                        lambda _lon, _lat: None, {u: f"Bureau {u}" for u in UNITS}.get)


COMMUNITY, OTHER = setting(Role.COMMUNITY, "k1"), setting(Role.COMMUNITY, "k2")
DEPTS = {u: setting(Role.DEPARTMENT, None, u) for u in UNITS}


def do(tx: FakeTransaction, command: BlowWhistle | WhistleAct, who: acts.Setting) -> WhistleState:
    events = whistles.decide(command, tx, who)
    for event in events:
        tx.append(event)
    return tx.whistles[events[0].stream.partition("/")[2]]


def blow(tx: FakeTransaction, *units: str, who: acts.Setting = COMMUNITY) -> WhistleState:
    return do(tx, BlowWhistle("a shop blocks the fire lane", units or UNITS[:2]), who)


def test_departments_report_in_answer_and_are_rated_by_time_and_by_the_community() -> None:
    tx = FakeTransaction()
    one = blow(tx)
    assert (one.phase, one.area_path, [c.state for c in one.calls]) == ("blown", "d/k1/", ["called", "called"])
    assert one.number.endswith("-W001")
    tx.now_ms += 30 * MINUTE
    do(tx, WhistleAct(one.id, "report_in", {"who": "two officers"}), DEPTS["dept1"])
    tx.now_ms += 60 * MINUTE
    do(tx, WhistleAct(one.id, "report_in"), DEPTS["dept2"])
    for unit in UNITS[:2]:
        do(tx, WhistleAct(one.id, "answer", {"result": "cleared"}), DEPTS[unit])
    assert tx.whistles[one.id].phase == "answered"
    do(tx, WhistleAct(one.id, "rate", {"unit": "dept1", "satisfaction": "satisfied"}), COMMUNITY)
    ended = do(tx, WhistleAct(one.id, "rate", {"unit": "dept2", "satisfaction": "fair"}), COMMUNITY)
    assert ended.phase == "rated"
    assert [c.score for c in ended.calls] == [100, 58], "dept2 came after its hour"
    assert ended.superseded == []
    assert whistles.counts([ended], tx.now_ms, 0) == whistles.WhistleCounts(0, 0, 0, 0, 2, 79)


def test_what_is_open_and_what_is_late_is_counted() -> None:
    tx = FakeTransaction()
    one = blow(tx)
    do(tx, WhistleAct(one.id, "report_in"), DEPTS["dept1"])
    states = list(tx.whistles.values())
    assert whistles.counts(states, tx.now_ms, 0) == whistles.WhistleCounts(1, 1, 1, 0, 0, None)
    assert whistles.counts(states, tx.now_ms + 61 * MINUTE, 0).late == 1
    assert whistles.counts(states, tx.now_ms + 3 * 1440 * MINUTE, 0).late == 2


def test_each_may_do_only_what_is_theirs() -> None:
    tx = FakeTransaction()
    one = blow(tx)
    refused: list[tuple[BlowWhistle | WhistleAct, acts.Setting, str]] = [
        (BlowWhistle("x", ("dept1",)), DEPTS["dept1"], "role may not"),
        (BlowWhistle("x", ()), COMMUNITY, "Departments"),
        (BlowWhistle(" ", ("dept1",)), COMMUNITY, "Matter is missing"),
        (BlowWhistle("x", ("nobody",)), COMMUNITY, "no force nobody"),
        (BlowWhistle("x", ("dept1",), area_id="k2"), COMMUNITY, "outside your own"),
        (BlowWhistle("x", ("dept1",), incident_id="gone"), COMMUNITY, "no incident gone"),
        (WhistleAct(one.id, "report_in"), DEPTS["dept3"], "not yours"),
        (WhistleAct(one.id, "report_in", {"unit": "dept2"}), DEPTS["dept1"], "not yours"),
        (WhistleAct(one.id, "answer", {"result": "x"}), DEPTS["dept1"], "not reported in"),
        (WhistleAct(one.id, "rate", {"unit": "dept1", "satisfaction": "fair"}), COMMUNITY, "not reported in"),
        (WhistleAct(one.id, "withdraw", {"reason": "x"}), OTHER, "no whistle"),
        (WhistleAct(one.id, "call_more", {"unit": "dept1"}), COMMUNITY, "called already"),
        (WhistleAct(one.id, "fly"), COMMUNITY, "no act named"),
    ]
    for command, who, why in refused:
        with pytest.raises(Refused, match=why):
            whistles.decide(command, tx, who)
    do(tx, WhistleAct(one.id, "call_more", {"unit": "dept3"}), COMMUNITY)
    do(tx, WhistleAct(one.id, "report_in"), DEPTS["dept3"])
    gone = do(tx, WhistleAct(one.id, "withdraw", {"reason": "settled"}), COMMUNITY)
    assert gone.phase == "withdrawn"
    with pytest.raises(Refused, match="Not possible any more"):
        whistles.decide(WhistleAct(one.id, "report_in"), tx, DEPTS["dept1"])


def test_what_is_allowed_is_never_superseded_and_every_verb_is_reached() -> None:
    dice, tx, done = random.Random(7), FakeTransaction(), Counter[str]()
    people = [COMMUNITY, setting(Role.SUPERVISOR), *DEPTS.values()]
    verbs = [t.verb for t in WHISTLE if "" not in t.sources]
    for _ in range(60):
        one = blow(tx, *dice.sample(UNITS, 2))
        for _ in range(dice.choice((10, 40, 160))):
            tx.now_ms += dice.randrange(1, 90) * MINUTE
            verb = dice.choice(verbs)
            if verb in ("withdraw", "call_more") and dice.random() < 0.95:
                continue
            row = WHISTLE.get(verb)
            assert row is not None
            every = {"unit": dice.choice(UNITS), "result": "x", "satisfaction": "fair", "reason": "x"}
            params = {n.name: every[n.name] for n in row.needs if n.name in every}
            try:
                do(tx, WhistleAct(one.id, verb, params), dice.choice(people))
                done[verb] += 1
            except KnownFault:
                continue
    assert all(s.superseded == [] for s in tx.whistles.values())
    assert set(done) == set(verbs)
    assert {s.phase for s in tx.whistles.values()} == set(PHASES)


texts = st.text(max_size=4)
odd: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers() | st.floats() | texts | st.lists(texts)
bodies = st.fixed_dictionaries({}, optional={
    "unit": st.sampled_from(["a", "b"]) | odd, "level": odd, "matter": odd, "score": odd, "area": odd,
    "units": st.lists(st.fixed_dictionaries({"unit": st.sampled_from(["a", "b"]), "name": texts}) | odd, max_size=3),
    "report_clock": st.just({"due": 5}) | odd, "satisfaction": odd, "result": odd})
facts = st.builds(Fact, st.uuids().map(str), st.sampled_from([t.event for t in WHISTLE]) | texts,
                  st.integers(0, 2**50), texts, bodies)


@given(st.lists(facts, max_size=25))
def test_any_history_folds_and_survives_its_stored_text(history: list[Fact]) -> None:
    state: WhistleState | None = None
    for number, event in enumerate(history, 1):
        before = copy.deepcopy(state)
        after = apply(state, event)
        assert state == before, "apply changed the state it was given"
        assert WhistleState.load(after.dump()).dump() == after.dump()
        assert after.events == number
        assert after.phase in ("", *PHASES)
        assert (after.ended_at > 0) <= (after.phase in ENDED)
        assert len({c.unit for c in after.calls}) == len(after.calls)
        state = after
