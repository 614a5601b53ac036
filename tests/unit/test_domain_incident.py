"""The incident as a fold: total over any history, pure, and the same from its stored text."""
from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import Json
from app.domain.incident import Fact, IncidentState, apply, apply_in_place
from app.domain.incident_process import ENDED_PHASES, HANDLING, INCIDENT, OPEN_PHASES, PHASES
from app.domain.passing import Pass
from app.domain.process import Need, Process, Role, Transition
from data.store.projection import incident_row

KINDS = [t.event for t in INCIDENT]
UNITS = ["u1", "u2", "u3"]
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
odd: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), texts, st.just(10**400), st.lists(texts, max_size=3),
    st.dictionaries(texts, st.integers(), max_size=3))
SENSIBLE: dict[str, st.SearchStrategy[Any]] = {
    "id": st.just("i"), "unit": st.sampled_from(UNITS), "lead": st.booleans(), "into": st.sampled_from(["i", "j", ""]),
    "imported": st.booleans(), "level": st.integers(0, 5), "lon": st.floats(-200, 200), "lat": st.floats(-100, 100),
    "clock": st.dictionaries(st.sampled_from(["from", "due", "warn"]), st.none() | st.integers(0, 10**13)),
    "phase_clock": st.just({"due": 5}), "reporters": st.lists(st.just("p1"), max_size=2), "area": st.none() | texts,
    "photos": st.lists(texts, max_size=2), "minutes": st.floats(0, 100), "score": st.floats(0, 100),
    "to": st.sampled_from(["c1", "c2"]), "from": st.sampled_from(["c1", "c3"]), "centre": st.sampled_from(["c1", "c3"]),
    "binding": st.booleans(), "pass_clock": st.just({"due": 7}),
    "handlers": st.lists(texts, max_size=2), "verdict": st.sampled_from(["", "ONTIME"]), "incident": st.just("j"),
}
bodies = st.fixed_dictionaries({}, optional={k: v | odd for k, v in SENSIBLE.items()}) | st.dictionaries(texts, odd)
facts = st.builds(Fact, st.uuids().map(str), st.sampled_from(KINDS) | texts, st.integers(0, 2**52), texts, bodies)


def fold(history: list[Fact]) -> IncidentState | None:
    state = None
    for event in history:
        state = apply(state, event)
    return state


def dump(state: IncidentState) -> str:
    return state.dump()


@given(st.lists(facts, max_size=25))
def test_any_history_folds_and_survives_its_stored_text(history: list[Fact]) -> None:
    state: IncidentState | None = None
    live = IncidentState()
    for number, event in enumerate(history, 1):
        before = dump(state) if state is not None else None
        after = apply(state, event)
        assert (dump(state) if state is not None else None) == before, "apply changed the state it was given"
        again = IncidentState.load(dump(after))
        assert dump(again) == dump(after)
        apply_in_place(live, copy.deepcopy(event))
        assert dump(live) == dump(after)
        assert after.events == number
        assert after.phase in ("", *PHASES)
        assert after.last_event == event.id
        state = again


GUIDED = ("incident.reported", "incident.registered", "incident.assigned", "incident.acknowledged",
          "incident.departed", "incident.arrived", "incident.fed_back", "incident.verified", "incident.closed")


@given(st.lists(st.builds(Fact, st.uuids().map(str), st.sampled_from(KINDS), st.integers(0, 2**52),
                          st.sampled_from(["a", "b"]), st.fixed_dictionaries(SENSIBLE)), max_size=40))
def test_what_always_holds_of_a_state(history: list[Fact]) -> None:
    begun = [Fact(f"e{i}", kind, i, "a", {"id": "i", "unit": "u1", "lead": True}) for i, kind in enumerate(GUIDED)]
    state = fold([*begun[:3], *history])
    assert state is not None
    open_units = [a.unit for a in state.assignments if a.open]
    assert len(open_units) == len(set(open_units)), "a unit has one open assignment at most"
    assert sum(a.lead and a.open for a in state.assignments) <= 1
    if state.phase in HANDLING:
        assert any(a.open and a.lead for a in state.assignments)
    if state.phase in ENDED_PHASES:
        assert not open_units
        assert not state.held_at
    assert state.lead is None or state.lead.state not in ("returned", "recalled")
    waiting = [p for p in state.passes if p.state == "offered"]
    assert waiting in ([], state.passes[-1:]), "one pass at most waits, and it is the last one"
    if state.phase in ENDED_PHASES:
        assert not waiting
        assert not state.pass_clock
    assert len(state.superseded) <= state.events


def test_the_loop_goes_through_with_nothing_superseded() -> None:
    state = None
    phases = []
    for i, kind in enumerate(GUIDED):
        state = apply(state, Fact(f"e{i}", kind, 1000 + i, "worker" if i else "desk",
                                  {"id": "i", "unit": "u1", "lead": True, "unit_name": "Patrol"}))
        phases.append(state.phase)
    assert tuple(phases) == PHASES[:9]
    assert state is not None
    assert state.superseded == []
    assert (state.reported_at, state.registered_at, state.fed_back_at, state.verified_at, state.closed_at) == (
        1000, 1001, 1006, 1007, 1008)
    assert IncidentState.load(dump(state)) == state
    one = state.assignments[0]
    assert (one.assigned_at, one.acknowledged_at, one.departed_at, one.arrived_at, one.fed_back_at) == (
        1002, 1003, 1004, 1005, 1006)
    assert not state.on_scene


def story(*steps: tuple[str, dict[str, Json]], imported: bool = False) -> IncidentState:
    first: dict[str, Json] = {"id": "i", "place": "Gate", "imported": imported, "clock": {"due": 50}}
    state = apply(None, Fact("e0", "incident.reported", 1, "desk", first))
    for i, (kind, body) in enumerate(steps, 1):
        apply_in_place(state, Fact(f"e{i}", f"incident.{kind}", i * 10, "worker", body))
    return state


HAND = (("registered", {}), ("assigned", {"unit": "u1", "lead": True}))
Step = tuple[str, dict[str, Json]]


@pytest.mark.parametrize(
    ("steps", "superseded"),
    [
        ([("verified", {})], 1),
        ([("unheard_of", {})], 1),
        ([*HAND, ("assigned", {"unit": "u1"})], 1),
        ([*HAND, ("assigned", {})], 1),
        ([*HAND, ("acknowledged", {"unit": "u2"})], 1),
        ([*HAND, ("arrived", {"unit": "u1"}), ("acknowledged", {"unit": "u1"})], 1),
        ([*HAND, ("returned", {"unit": "u2"})], 1),
        ([*HAND, ("extension_approved", {})], 1),
        ([*HAND, ("extension_refused", {})], 1),
        ([*HAND, ("resumed", {})], 1),
        ([*HAND, ("held", {}), ("held", {})], 1),
        ([*HAND, ("merged", {"into": "i"})], 1),
        ([*HAND, ("merged", {})], 1),
        ([("registered", {"imported": True}), ("fed_back", {"imported": True, "unit": "u1"})], 1),
        ([("registered", {}), ("verified", {"imported": True}), ("reworked", {})], 1),
    ],
)
def test_what_may_not_follow_is_kept_as_superseded_and_changes_nothing_else(
        steps: list[Step], superseded: int) -> None:
    state = story(*steps)
    before = story(*steps[:-1])
    assert len(state.superseded) == superseded
    state.superseded, state.events, state.last_event, state.last_at = (
        before.superseded, before.events, before.last_event, before.last_at)
    assert dump(state) == dump(before)


def test_a_second_lead_helps_and_a_helper_inherits_the_lead() -> None:
    state = story(*HAND, ("assigned", {"unit": "u2", "lead": True}), ("arrived", {"unit": "u2"}))
    assert [a.lead for a in state.assignments] == [True, False]
    assert (state.phase, state.on_scene) == ("assigned", True)
    apply_in_place(state, Fact("x", "incident.returned", 99, "w", {"unit": "u1"}))
    assert state.lead is not None
    assert (state.lead.unit, state.phase, state.returns, state.returned) == ("u2", "on_scene", 1, False)
    apply_in_place(state, Fact("y", "incident.recalled", 100, "w", {"unit": "u2"}))
    assert (state.phase, state.lead, state.returned) == ("registered", None, False)


def test_a_helper_that_gives_up_leaves_the_lead_where_it_is() -> None:
    state = story(*HAND, ("acknowledged", {"unit": "u1"}), ("assigned", {"unit": "u2"}), ("returned", {"unit": "u2"}))
    assert state.lead is not None
    assert (state.lead.unit, state.phase, state.returns, state.returned) == ("u1", "acknowledged", 1, False)


def test_a_helpers_answer_leaves_the_phase_to_the_lead() -> None:
    state = story(*HAND, ("assigned", {"unit": "u2"}), ("fed_back", {"unit": "u2", "handlers": ["x"]}))
    assert (state.phase, state.fed_back_at, state.handlers) == ("assigned", 0, ["worker", "x"])
    apply_in_place(state, Fact("x", "incident.returned", 99, "w", {"unit": "u1"}))
    assert (state.phase, state.returned) == ("registered", True)


def test_ending_an_incident_ends_its_hold_and_its_request() -> None:
    held = (*HAND, ("extension_requested", {"minutes": 5}), ("held", {}))
    for end, body in (("force_closed", {}), ("merged", {"into": "j"})):
        state = story(*held, (end, body))
        assert state.phase in ENDED_PHASES
        assert (state.held_at, state.extension) == (0, None)
    reopened = story(*held, ("force_closed", {}), ("reopened", {"clock": {"due": 99}}))
    assert (reopened.phase, reopened.due(), reopened.forced, reopened.closed_at) == ("registered", 99, False, 0)


@pytest.mark.parametrize("end", [
    (("force_closed", {}),), (("fed_back", {"unit": "u1"}), ("verified", {}), ("closed", {})),
    (("fed_back", {"unit": "u1"}), ("verified", {}), ("closed", {}), ("evaluated", {})),
    (("assigned", {"unit": "u2"}), ("force_closed", {}))])
def test_nobody_handles_a_reopened_incident_until_it_is_assigned_again(end: tuple[Any, ...]) -> None:
    reopened = story(*HAND, *end, ("reopened", {}))
    assert reopened.phase == "registered"
    assert reopened.lead is None
    assert incident_row(reopened, 0)["handler"] == incident_row(reopened, 0)["lead_unit"] == ""
    assert {a.state for a in reopened.assignments} == {"recalled"}, "who had it in hand is kept"
    assert reopened.assignments[0].unit == "u1"
    again = story(*HAND, *end, ("reopened", {}), ("assigned", {"unit": "u3", "lead": True, "unit_name": "New"}))
    assert (again.phase, incident_row(again, 0)["handler"]) == ("assigned", "New")
    assert again.superseded == []


def test_a_held_incident_is_not_due() -> None:
    assert story().due() == 50
    assert story(("held", {})).due() is None
    assert story(("held", {}), ("resumed", {"clock": {"due": 70}, "phase_clock": {"due": 60}})).due() == 70
    assert IncidentState().due() is None


def test_a_withdrawn_import_may_come_in_again_under_its_number() -> None:
    state = story(("closed", {"imported": True, "verdict": "ONTIME"}), ("withdrawn", {}), imported=True)
    assert (state.phase, state.verdict) == ("voided", "ONTIME")
    apply_in_place(state, Fact("again", "incident.reported", 5, "x", {"id": "i", "imported": True, "place": "new"}))
    assert (state.phase, state.place, state.verdict, state.superseded) == ("reported", "new", "", [])
    assert state.events == 4
    other = story(("voided", {}))
    apply_in_place(other, Fact("again", "incident.reported", 5, "x", {"id": "i", "imported": True}))
    assert (other.phase, other.superseded) == ("voided", ["again"])


def test_self_handled_is_closed_at_once_by_its_handler() -> None:
    state = apply(None, Fact("e", "incident.self_handled", 7, "worker", {"id": "i", "unit": "u1", "unit_name": "P"}))
    assert (state.phase, state.closed_at, state.handlers, state.self_handled) == ("closed", 7, ["worker"], True)
    assert [a.state for a in state.assignments] == ["fed_back"]
    assert (state.lead is not None, state.on_scene) == (True, False)
    alone = apply(None, Fact("e", "incident.self_handled", 7, "worker", {"id": "i"}))
    assert alone.assignments == []


def test_an_import_that_leaves_out_the_closing_is_closed_by_its_evaluation() -> None:
    state = story(*HAND, ("evaluated", {"imported": True, "satisfaction": "fair"}), imported=True)
    assert (state.phase, state.closed_at, state.assignments[0].state) == ("evaluated", 30, "closed")


def test_facts_are_taken_over_only_where_they_make_sense() -> None:
    state = story(("corrected", {"level": 9, "lon": 117.0, "place": "", "area": "", "sensitive": True, "clock": 5}))
    assert (state.level, state.lon, state.place, state.area, state.sensitive, state.clock) == (
        4, None, "Gate", None, True, {"due": 50})
    apply_in_place(state, Fact("x", "incident.corrected", 1, "w", {"level": 2, "lon": 117, "lat": 30, "area": "a"}))
    assert (state.level, state.lon, state.lat, state.area) == (2, 117.0, 30.0, "a")
    apply_in_place(state, Fact("y", "incident.corrected", 1, "w", {"lon": 10**400, "lat": float("nan"), "level": True}))
    assert (state.level, state.lon, state.lat) == (2, 117.0, 30.0)


def test_every_other_step_leaves_its_trace() -> None:
    state = story(
        ("site_checked", {"finding": "true"}), *HAND, ("chased", {}), ("told", {"service": "119", "number": "7"}),
        ("supervised", {"ground": "leader"}), ("raised", {}), ("extension_requested", {"minutes": 30}),
        ("extension_refused", {}), ("extension_requested", {"minutes": 30}),
        ("extension_approved", {"clock": {"due": 80}}), ("absorbed", {"incident": "j", "reporters": ["p2"]}),
        ("noted", {"photos": ["a"]}), ("fed_back", {"unit": "u1", "photos": ["b"]}), ("verified", {"photos": ["c"]}),
        ("reworked", {}), ("fed_back", {"unit": "u1"}), ("verified", {}), ("closed", {}),
        ("evaluated", {"satisfaction": "fair", "score": 90}))
    assert state.superseded == []
    assert (state.finding, state.chased, state.raised, state.extensions, state.reworks) == ("true", 1, 1, 1, 1)
    assert state.assignments[0].chased == 1
    assert state.told == [["119", 50, "7"]]
    assert (state.supervised, state.merged, state.reporters, state.photos) == (["leader"], ["j"], ["p2"], [*"abc"])
    assert (state.satisfaction, state.score, state.clock) == ("fair", 90.0, {"due": 80})


def test_every_row_of_the_table_is_made_by_an_event_that_folds() -> None:
    assert len(set(KINDS)) == len(KINDS)
    for row in INCIDENT:
        body: dict[str, Json] = {"id": "i", "unit": "u1", "lead": True, "into": "j", "minutes": 5}
        for source in row.sources:
            state = IncidentState(id="i", phase=source, imported=True)
            if row.on == "assignment" or row.verb == "rework":
                state = story(*HAND)
                state.phase = source
            if row.verb in ("approve_extension", "refuse_extension"):
                state.extension = {"minutes": 5}
            if row.verb == "resume":
                state.held_at = 1
            if row.verb in ("sign_pass", "refuse_pass", "recall_pass", "escalate_pass"):
                state.passes = [Pass("c2", "", "c1", "", "across", "offered", 1, "a")]
                body["centre"] = "c1" if row.verb in ("recall_pass", "escalate_pass") else "c2"
            if row.verb.startswith("pass_"):
                body |= {"to": "c2", "from": "c1"}
            after = apply(state, Fact("x", row.event, 9, "a", body))
            assert after.superseded == [], (row.verb, source)
            if row.to is not None and row.verb != "assign":
                assert after.phase == row.to
    assert {t.to for t in INCIDENT if t.to} == set(PHASES), "every phase is reached by some verb"
    assert {p for t in INCIDENT for p in t.sources} == {"", *PHASES}, "every phase can be left or noted upon"
    leaving = [t.verb for t in INCIDENT.from_phase("fed_back") if t.to]
    assert leaving == ["verify", "rework", "force_close", "withdraw"]
    assert set(OPEN_PHASES) | set(ENDED_PHASES) == set(PHASES)


def test_a_table_that_contradicts_itself_is_refused() -> None:
    one = Transition("go", "x.gone", frozenset({"a"}), "b", frozenset({Role.DISPATCHER}), "Go", needs=(
        Need("note", "lines", "Note"),))
    assert Process("x", ("a", "b"), (one,)).get("go") is one
    with pytest.raises(ValueError, match="twice"):
        Process("x", ("a", "b"), (one, one))
    with pytest.raises(ValueError, match="unknown phase"):
        Process("x", ("a",), (one,))


OVER: Step = ("passed_across", {"to": "c2", "from": "c1", "pass_clock": {"due": 70}})


def test_a_pass_is_signed_for_refused_or_taken_back_by_the_centre_it_concerns() -> None:
    state = story(*HAND, OVER)
    assert state.open_pass is not None
    assert (state.open_pass.to, state.holder, state.pass_clock) == ("c2", "", {"due": 70})
    wrong_ones: list[Step] = [("pass_signed", {"centre": "c1"}), ("pass_refused", {"centre": "c3"}),
                              ("pass_recalled", {"centre": "c2"}), OVER]
    for wrong in wrong_ones:
        assert len(story(*HAND, OVER, wrong).superseded) == 1
    signed = story(*HAND, OVER, ("pass_signed", {"centre": "c2", "pass_clock": {"due": 99}}))
    assert (signed.open_pass, signed.holder, signed.pass_clock) == (None, "c2", {"due": 99})
    assert signed.phase == state.phase, "a pass changes no phase"
    back = story(*HAND, OVER, ("pass_refused", {"centre": "c2"}))
    assert (back.open_pass, back.holder, back.pass_refusals, back.pass_clock) == (None, "", 1, {})
    again: Step = ("pass_escalated", {"centre": "c1", "pass_clock": {"due": 200}})
    escalated = story(*HAND, OVER, again, ("pass_refused", {"centre": "c2"}))
    assert escalated.open_pass is not None, "what was escalated is not given back"
    assert (escalated.open_pass.binding, escalated.raised, escalated.pass_clock) == (True, 1, {"due": 200})
    assert len(escalated.superseded) == 1
    assert len(story(*HAND, OVER, ("pass_escalated", {"centre": "c2"})).superseded) == 1
    taken = story(*HAND, OVER, ("pass_recalled", {"centre": "c1"}))
    assert (taken.open_pass, taken.pass_refusals) == (None, 0)
    assert IncidentState.load(dump(signed)) == signed


def test_what_an_arbiter_passed_is_not_refused_and_an_end_ends_a_pass() -> None:
    binding: Step = ("passed_across", {**OVER[1], "binding": True})
    refused = story(*HAND, binding, ("pass_refused", {"centre": "c2"}))
    assert refused.open_pass is not None
    assert len(refused.superseded) == 1
    ended = story(*HAND, OVER, ("force_closed", {}))
    assert [p.state for p in ended.passes] == ["lapsed"]
    assert ended.pass_clock == {}
