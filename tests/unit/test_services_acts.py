"""The use cases: what a rule allows is never superseded when it is folded, and what is refused leaves nothing."""
from __future__ import annotations

import contextlib
import random
from collections import Counter
from dataclasses import replace

import pytest

from app.domain.events import NewEvent
from app.domain.faults import KnownFault, Refused, Rejected
from app.domain.incident import Assignment, IncidentState
from app.domain.incident_process import INCIDENT, OPEN_PHASES, PHASES
from app.domain.process import Role
from app.domain.working_time import WorkCalendar
from app.services import acts
from app.services.book import Book, Code
from app.services.centres import Centre, Directory
from app.services.commands import Act, Reporter, ReportIncident, SelfHandle
from app.services.needs import check_texts, read_needs, read_point
from app.services.operator import Operator
from app.services.permissions import why_not
from tests.fakes.fake_transaction import FakeTransaction

UNITS = ("u1", "u2", "u3")
CENTRES = (Centre("c0", "District", 0, None, ""), Centre("c1", "Street 1", 1, "c0", ""),
           Centre("c2", "Street 2", 1, "c0", ""), Centre("c3", "Community", 2, "c1", ""))
CODES = (
    Code("kind", "0102", "a", "a", None, {"level": 3}), Code("kind", "0901", "b", "b", None, {"sensitive": True}),
    Code("channel", "patrol", "p", "p"),
    Code("limit", "case:*:*", "x", "x", None, {"minutes": 240, "calendar": "working_hours"}),
    Code("limit", "assigned:*:*", "x", "x", None, {"minutes": 15, "calendar": "continuous"}),
    Code("limit", "pass_sign:*:*", "x", "x", None, {"minutes": 30, "calendar": "continuous"}),
    Code("limit", "pass_handle:*:*", "x", "x", None, {"minutes": 1440, "calendar": "working_days"}),
)
BOOKS = {own: Book(1, CODES, (), Directory(own, CENTRES)) for own in ("c0", "c1", "c2", "c3")}
BOOK = Book(1, CODES, ())
EVERYBODY = frozenset(Role) - {Role.AUDITOR, Role.SECURITY_ADMIN}


def setting(*roles: Role, who: str = "desk", unit: str | None = None, centre: str = "") -> acts.Setting:
    return acts.Setting(Operator(who, who, frozenset(roles) or EVERYBODY, None, unit),
                        BOOKS[centre] if centre else BOOK, WorkCalendar(), lambda _lon, _lat: None,
                        {u: f"Patrol {u}" for u in UNITS}.get)


def take_in(tx: FakeTransaction, **fields: object) -> str:
    command = replace(ReportIncident("0102", "patrol", "Gate 2"), **fields)  # type: ignore[arg-type]
    incident, events = acts.report(command, tx, setting())
    for event in events:
        tx.append(event)
    return incident


def do(tx: FakeTransaction, incident: str, verb: str, who: acts.Setting | None = None, **params: object) -> None:
    for event in acts.act(Act(incident, verb, params), tx, who or setting()):
        tx.append(event)


def some_params(dice: random.Random, verb: str, others: list[str]) -> dict[str, object]:
    """What a need takes, by its type; sometimes left out where it may be."""
    row = INCIDENT.get(verb)
    assert row is not None
    made: dict[str, object] = {}
    for need in row.needs:
        kind, _, rest = need.type.partition(":")
        value: object = {
            "unit": dice.choice(UNITS), "centre": dice.choice(CENTRES).code, "incident": dice.choice(others),
            "minutes": dice.randrange(1, 500),
            "score": dice.randrange(1, 100), "blobs": [], "code": dice.choice(["0102", "0901"]), "area": None,
            "point": (117.0, 30.5)}.get(kind, dice.choice(rest.split("|")) if kind == "choice" else "words")
        if need.required or dice.random() < 0.5:
            made[need.name] = value
    return made


def test_what_is_allowed_is_never_superseded_and_every_verb_is_reached() -> None:
    dice, done, phases = random.Random(20_261_124), Counter[str](), set[str]()
    people = [setting(who=f"desk{n}", centre=f"c{n % 4}") for n in range(12)] + [
        setting(Role.GRID_WORKER, who=f"worker{u}", unit=u) for u in UNITS]
    verbs = [t.verb for t in INCIDENT if t.roles and "" not in t.sources]
    tx = FakeTransaction()
    for _ in range(110):
        mine = [take_in(tx), take_in(tx, accept=True)]
        tx.append(NewEvent(f"incident/import{len(tx.log)}", "incident.reported",
                           {"id": f"import{len(tx.log)}", "imported": True, "place": "x"}, tx.now_ms))
        mine.append(f"import{len(tx.log) - 1}")
        for _ in range(150):
            tx.now_ms += dice.randrange(1_000, 4_000_000)
            incident, verb = dice.choice(mine), dice.choice(verbs)
            if dice.random() < 0.2:
                verb = {"fed_back": "verify", "verified": "close"}.get(tx.states[incident].phase, verb)
            if verb in ("void", "force_close", "merge", "withdraw") and dice.random() < 0.9:
                continue
            with contextlib.suppress(KnownFault):
                do(tx, incident, verb, dice.choice(people), **some_params(dice, verb, mine))
                done[verb] += 1
            phases.add(tx.states[incident].phase)
    for state in tx.states.values():
        assert state.superseded == [], state
    assert set(verbs) == set(done), set(verbs) - set(done)
    assert phases == set(PHASES)


def test_due_times_never_lie_before_their_start_whatever_was_done() -> None:
    dice, tx = random.Random(4), FakeTransaction()
    for _ in range(30):
        one = take_in(tx, accept=True)
        for _ in range(30):
            tx.now_ms += dice.randrange(1_000, 9_000_000)
            verb = dice.choice(["hold", "resume", "request_extension", "approve_extension", "refuse_extension",
                                "correct", "assign", "return", "register"])
            with contextlib.suppress(KnownFault):
                do(tx, one, verb, **some_params(dice, verb, [one]))
            clock = tx.states[one].clock
            start, warn, due = clock["from"], clock["warn"], clock["due"]
            assert isinstance(start, int)
            assert isinstance(warn, int)
            assert isinstance(due, int)
            assert start <= warn <= due


def test_a_force_never_acts_for_another_one() -> None:
    tx = FakeTransaction()
    one = take_in(tx, accept=True)
    do(tx, one, "assign", unit="u1")
    do(tx, one, "assign", unit="u2")
    worker = setting(Role.GRID_WORKER, who="w", unit="u1")
    words = {"result": "x"}
    for verb, params in (("acknowledge", {}), ("arrive", {}), ("feed_back", words), ("return", {"basis": "x"})):
        with pytest.raises(Refused, match="your unit"):
            do(tx, one, verb, worker, unit="u2", **params)
    do(tx, one, "acknowledge", worker)
    do(tx, one, "arrive", worker, unit="u1")
    assert {a.unit: a.state for a in tx.states[one].assignments} == {"u1": "on_scene", "u2": "assigned"}


def test_the_desk_acts_on_behalf_of_a_force_and_the_log_says_so() -> None:
    tx = FakeTransaction()
    one = take_in(tx, accept=True)
    do(tx, one, "assign", unit="u1")
    do(tx, one, "acknowledge")
    assert tx.log[-1].on_behalf_of == "u1"
    do(tx, one, "arrive", setting(Role.GRID_WORKER, who="w", unit="u1"))
    assert tx.log[-1].on_behalf_of == ""


GOOD = ReportIncident("0102", "patrol", "Gate 2", reporter=Reporter("A", "13900000001"))


@pytest.mark.parametrize(
    "bad",
    [
        replace(GOOD, place=" "), replace(GOOD, place="x" * 501), replace(GOOD, description="x" * 20_001),
        replace(GOOD, kind="9999"), replace(GOOD, channel="dream"), replace(GOOD, level=5),
        replace(GOOD, lon=200.0, lat=1.0), replace(GOOD, lon=117.0), replace(GOOD, lon=0.0, lat=0.0),
        replace(GOOD, lon=float("nan"), lat=1.0), replace(GOOD, occurred_at=float("nan")),
        replace(GOOD, occurred_at=1e18), replace(GOOD, occurred_at=-1.0),
        replace(GOOD, lon="a", lat="b"),  # type: ignore[arg-type]
    ],
)
def test_a_refused_report_leaves_no_number_and_no_personal_record(bad: ReportIncident) -> None:
    tx = FakeTransaction()
    with pytest.raises(Refused):
        acts.report(bad, tx, setting())
    assert (tx.numbers, tx.people, tx.log) == ({}, {}, [])


@pytest.mark.parametrize("bad", [SelfHandle("0102", " ", "done"), SelfHandle("0102", "x", " "),
                                 SelfHandle("9", "x", "y"), SelfHandle("0102", "x", "y" * 20_001)])
def test_a_refused_self_handling_leaves_no_number(bad: SelfHandle) -> None:
    tx = FakeTransaction()
    with pytest.raises(Refused):
        acts.self_handle(bad, tx, setting())
    assert tx.numbers == {}


def test_what_was_handled_at_once_keeps_who_reported_it_how_and_in_which_words() -> None:
    tx = FakeTransaction()
    key, (event,) = acts.self_handle(SelfHandle("0102", "Gate", "swept", level=2, description="glass on the road",
                                                reporter=Reporter("Li"), incident_id="i9"), tx,
                                     setting())
    body = event.body
    assert (key, body["level"], body["channel"], body["description"]) == ("i9", 2, "patrol", "glass on the road")
    assert len(body["reporters"]) == len(tx.people) == 1  # type: ignore[arg-type]
    with pytest.raises(Refused):
        acts.self_handle(SelfHandle("0102", "Gate", "swept", level=5), FakeTransaction(), setting())


def test_the_wall_takes_nothing_in() -> None:
    for refused in (lambda: acts.report(GOOD, FakeTransaction(), setting(Role.WALL)),
                    lambda: acts.self_handle(SelfHandle("0102", "x", "y"), FakeTransaction(), setting(Role.WALL))):
        with pytest.raises(Refused, match="role"):
            refused()


@pytest.mark.parametrize("bad", [
    replace(GOOD, place="a\x00b"), replace(GOOD, place="\ud800"), replace(GOOD, reporter=Reporter("a\x00")),
    replace(GOOD, external=("s", "\udfff")), replace(GOOD, photos=("\x00",)), replace(GOOD, lon=float("inf"), lat=1.0),
    replace(GOOD, occurred_at=float("nan")), Act("i\x00", "note"), Act("i", "note", {"note": "\x00"}),
    Act("i", "note", {"x\ud800": 1}), Act("i", "note", {"note": 2**70}), Act("i", "note", {"note": object()})])
def test_what_the_log_cannot_carry_is_refused_at_the_edge(bad: ReportIncident | Act) -> None:
    with pytest.raises(Rejected):
        check_texts(bad)


def test_what_it_can_carry_passes() -> None:
    check_texts(replace(GOOD, place="人民路 '\"<b>=1+1\u202e", lon=117.0, lat=30.5, accept=True))
    check_texts(Act("i", "assign", {"unit": "u1", "point": (1, 2), "photos": ["a"], "flag": True}))


def test_the_same_incident_is_taken_in_once() -> None:
    tx = FakeTransaction()
    one = take_in(tx, incident_id="given")
    assert one == "given"
    with pytest.raises(Refused, match="already taken in"):
        acts.report(replace(GOOD, incident_id="given"), tx, setting())


@pytest.mark.parametrize(
    ("verb", "params", "why"),
    [
        ("assign", {"unit": 5}, "expected a text"), ("assign", {"unit": "u9"}, "no force"),
        ("assign", {"unit": "u2", "part": "lead"}, "leads it"), ("assign", {"unit": "u1"}, "in hand already"),
        ("note", {"note": "x" * 20_001}, "at most 20000"), ("note", {"note": "  "}, "missing"),
        ("correct", {}, "Nothing to correct"), ("correct", {"area": "nowhere"}, "no area"),
        ("correct", {"kind": "77"}, "a code of the list kind"), ("correct", {"level": "0"}, "1, 2, 3, 4"),
        ("correct", {"point": "here"}, "longitude"), ("correct", {"point": (0, 0)}, "longitude"),
        ("request_extension", {"minutes": 0, "reason": "x"}, "above 0"),
        ("request_extension", {"minutes": "soon", "reason": "x"}, "a number"),
        ("request_extension", {"minutes": 10**9, "reason": "x"}, "at most"),
        ("note", {"note": "x", "photos": "abc"}, "file digests"), ("note", {"note": "x", "photos": [1]}, "digests"),
        ("merge", {"into": "self"}, "no incident"), ("told", {"service": "911"}, "110"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused_with_what_was_expected(
        verb: str, params: dict[str, object], why: str) -> None:
    tx = FakeTransaction()
    one = take_in(tx, accept=True)
    do(tx, one, "assign", unit="u1")
    before = len(tx.log)
    with pytest.raises(Refused, match=why):
        do(tx, one, verb, **params)
    assert len(tx.log) == before


def test_a_step_is_taken_once_and_never_backwards() -> None:
    tx = FakeTransaction()
    one = take_in(tx, accept=True)
    do(tx, one, "assign", unit="u1")
    do(tx, one, "assign", unit="u2")
    do(tx, one, "arrive")
    do(tx, one, "acknowledge")  # the lead has; so it is the helper who does
    assert [a.state for a in tx.states[one].assignments] == ["on_scene", "acknowledged"]
    for who in (setting(), setting(Role.GRID_WORKER, unit="u2")):
        with pytest.raises(Refused, match="already taken"):
            do(tx, one, "acknowledge", who)
    with pytest.raises(Refused, match="already taken"):
        do(tx, one, "depart", unit="u1")


def test_merging_checks_both_ends() -> None:
    tx = FakeTransaction()
    one, other = take_in(tx), take_in(tx)
    with pytest.raises(Refused, match="itself"):
        do(tx, one, "merge", into=one)
    do(tx, other, "void", reason="x")
    with pytest.raises(Refused, match="is ended"):
        do(tx, one, "merge", into=other)


def test_a_helper_needs_somebody_to_help() -> None:
    tx = FakeTransaction()
    one = take_in(tx, accept=True)
    with pytest.raises(Refused, match="nobody to help"):
        do(tx, one, "assign", unit="u1", part="help")
    do(tx, one, "assign", unit="u1", part="lead")
    with pytest.raises(Refused, match="no open assignment"):
        do(tx, one, "recall", unit="u2", reason="x")


def test_needs_are_read_once_and_typed() -> None:
    row = INCIDENT.get("correct")
    assert row is not None
    read = read_needs(row.needs, {"level": "2", "point": ["117", "30.5"], "place": " a ", "reason": ""}, BOOK)
    assert read == {"level": 2, "lon": 117.0, "lat": 30.5, "place": "a"}
    assert read_point((1, 2)) == (1.0, 2.0)


def test_a_level_or_kind_given_at_acceptance_sets_the_clock() -> None:
    tx = FakeTransaction()
    one = take_in(tx, kind="0901", level=1)
    assert tx.states[one].sensitive
    do(tx, one, "register", kind="0102", level="2")
    state = tx.states[one]
    assert (state.kind, state.level, state.sensitive, state.clock["minutes"]) == ("0102", 2, False, 240)
    assert state.phase in OPEN_PHASES


def test_passed_three_times_in_vain_an_arbiter_decides_and_that_stands() -> None:
    tx = FakeTransaction()
    one = take_in(tx, accept=True)
    here, there = (setting(Role.DISPATCHER, centre=c) for c in ("c1", "c2"))
    arbiter = setting(Role.SUPERVISOR, centre="c1")
    with pytest.raises(Refused, match="in that direction"):
        do(tx, one, "pass_up", here, centre="c2", reason="x")
    with pytest.raises(Refused, match="Reason is missing"):
        do(tx, one, "pass_across", here, centre="c2")
    for _ in range(3):
        do(tx, one, "pass_across", here, centre="c2", reason="x")
        with pytest.raises(Refused, match="on its way"):
            do(tx, one, "pass_up", here, centre="c0", reason="x")
        with pytest.raises(Refused, match="Nothing is being passed"):
            do(tx, one, "sign_pass", here)
        do(tx, one, "refuse_pass", there, basis="not ours")
    with pytest.raises(Refused, match="Refused 3 times"):
        do(tx, one, "pass_across", here, centre="c2", reason="x")
    do(tx, one, "pass_across", arbiter, centre="c2", reason="decided")
    with pytest.raises(Refused, match="arbiter decided"):
        do(tx, one, "refuse_pass", there, basis="still not ours")
    do(tx, one, "sign_pass", there)
    state = tx.states[one]
    assert (state.holder, state.pass_refusals) == ("c2", 0)
    assert state.pass_clock["calendar"] == "working_days", "its own clock, in its own calendar"
    with pytest.raises(Refused, match="Street 2 has it"):
        do(tx, one, "pass_up", here, centre="c0", reason="x")
    do(tx, one, "pass_down", there, centre="c3", reason="x")
    do(tx, one, "recall_pass", there, reason="x")
    assert state.superseded == tx.states[one].superseded == []


def test_a_centre_that_does_not_sign_in_time_is_escalated_with_a_new_time() -> None:
    tx = FakeTransaction()
    one = take_in(tx, accept=True)
    here, there = (setting(Role.DISPATCHER, centre=c) for c in ("c1", "c2"))
    do(tx, one, "pass_across", here, centre="c2", reason="x")
    first = whole(tx.states[one].pass_clock["due"])
    with pytest.raises(Refused, match="still has time to sign"):
        do(tx, one, "escalate_pass", here, reason="x")
    do(tx, one, "hold", here, reason="flood")
    tx.now_ms = first + 1
    with pytest.raises(Refused, match="still has time to sign"):
        do(tx, one, "escalate_pass", here, reason="x, but its clock stands still")
    do(tx, one, "resume", here)
    tx.now_ms = whole(tx.states[one].pass_clock["due"]) + 1
    with pytest.raises(Refused, match="Nothing is being passed"):
        do(tx, one, "escalate_pass", there, reason="x")
    do(tx, one, "escalate_pass", here, reason="nobody answers")
    state = tx.states[one]
    assert state.pass_clock["from"] == tx.now_ms, "a clock of its own, begun anew"
    assert (state.raised, state.passes[-1].binding) == (1, True)
    with pytest.raises(Refused, match="escalated"):
        do(tx, one, "refuse_pass", there, basis="not ours")
    do(tx, one, "sign_pass", there)
    assert state.superseded == tx.states[one].superseded == []


def test_without_a_hub_nothing_is_passed() -> None:
    tx = FakeTransaction()
    one = take_in(tx, accept=True)
    with pytest.raises(Refused, match="no centre of a hub"):
        do(tx, one, "pass_up", centre="c0", reason="x")


@pytest.mark.parametrize("role", sorted(Role))
def test_whoever_takes_an_incident_in_and_accepts_it_must_be_allowed_both(role: Role) -> None:
    tx = FakeTransaction()
    rows = [INCIDENT.get("report"), INCIDENT.get("register")]
    command = ReportIncident("0102", "patrol", "Gate 2", accept=True)
    if all(row is not None and role in row.roles for row in rows):
        assert [e.kind for e in acts.report(command, tx, setting(role))[1]] == [
            "incident.reported", "incident.registered"]
        return
    with pytest.raises(Refused, match="Your role"):
        acts.report(command, tx, setting(role))
    assert not tx.numbers
    assert not tx.people


def whole(value: object) -> int:
    assert isinstance(value, int)
    return value


GOING_ON = ("register", "assign", "acknowledge", "depart", "arrive", "feed_back", "verify", "rework", "close")
"""verbs that take an incident further along its loop"""


@pytest.mark.parametrize("verb", GOING_ON)
def test_nothing_goes_on_while_an_incident_is_held(verb: str) -> None:
    row = INCIDENT.get(verb)
    assert row is not None
    for phase in row.sources:
        state = IncidentState(id="i", phase=phase, held_at=1, assignments=[Assignment("u1", "", True, "assigned", 1)])
        assert "resume it first" in str(why_not(row, state, setting().operator, BOOK))


@pytest.mark.parametrize("verb", ["note", "told", "supervise", "correct", "chase", "recall", "return", "merge", "void",
                                  "force_close", "request_extension", "resume"])
def test_what_takes_nothing_further_may_be_done_while_it_is_held(verb: str) -> None:
    row = INCIDENT.get(verb)
    assert row is not None
    for phase in row.sources & set(OPEN_PHASES):
        state = IncidentState(id="i", phase=phase, held_at=1, assignments=[Assignment("u1", "", True, "assigned", 1)])
        assert why_not(row, state, setting().operator, BOOK) is None


def test_a_resumed_incident_has_the_held_time_in_all_three_clocks() -> None:
    tx = FakeTransaction()
    one = take_in(tx, accept=True)
    do(tx, one, "assign", unit="u1")
    do(tx, one, "pass_down", setting(centre="c0"), centre="c1", reason="theirs")
    before = replace(tx.states[one])
    assert all(c["due"] for c in (before.clock, before.phase_clock, before.pass_clock))
    tx.now_ms += 60_000
    do(tx, one, "hold", reason="parts")
    tx.now_ms += 7 * 24 * 3_600_000
    do(tx, one, "resume")
    after = tx.states[one]
    week = 7 * 24 * 3_600_000
    for was, now in ((before.phase_clock, after.phase_clock), (before.pass_clock, after.pass_clock)):
        assert whole(now["due"]) - whole(was["due"]) == week
    assert whole(after.clock["due"]) > whole(before.clock["due"])


def test_an_answer_that_came_from_elsewhere_while_it_was_held_leaves_it_to_be_resumed() -> None:
    tx = FakeTransaction()
    one = take_in(tx, accept=True)
    do(tx, one, "assign", unit="u1")
    due = whole(tx.states[one].clock["due"])
    do(tx, one, "hold", reason="parts")
    tx.append(NewEvent(f"incident/{one}", "incident.fed_back", {"unit": "u1", "result": "done"}, tx.now_ms))
    assert (tx.states[one].phase, bool(tx.states[one].held_at)) == ("fed_back", True)
    with pytest.raises(Refused, match="resume it first"):
        do(tx, one, "verify", setting(who="checker"))
    tx.now_ms += 7 * 24 * 3_600_000
    do(tx, one, "resume")
    assert whole(tx.states[one].clock["due"]) > due
    do(tx, one, "verify", setting(who="checker"))
    do(tx, one, "close")
    assert tx.states[one].superseded == []


def test_what_is_closed_by_force_while_it_is_held_is_not_late_for_that() -> None:
    tx = FakeTransaction()
    one = take_in(tx, accept=True)
    do(tx, one, "hold", reason="parts")
    tx.now_ms += 30 * 24 * 3_600_000
    do(tx, one, "force_close", basis="settled")
    state = tx.states[one]
    assert (state.phase, state.held_at) == ("closed", 0)
    assert state.closed_at <= whole(state.clock["due"])


def test_a_correction_keeps_the_time_that_was_granted() -> None:
    tx = FakeTransaction()
    one, other = take_in(tx, accept=True), take_in(tx, accept=True)
    for incident in (one, other):
        do(tx, incident, "request_extension", minutes=600, reason="parts")
        do(tx, incident, "approve_extension")
        do(tx, incident, "hold", reason="rain")
    tx.now_ms += 3 * 24 * 3_600_000
    for incident in (one, other):
        do(tx, incident, "resume")
    due = tx.states[one].clock["due"]
    do(tx, one, "correct", level="2")
    do(tx, one, "correct", kind="0901")
    assert tx.states[one].clock == tx.states[other].clock
    assert tx.states[one].clock["due"] == due


def test_a_correction_after_it_was_reopened_counts_from_there() -> None:
    tx = FakeTransaction()
    one = take_in(tx, accept=True)
    do(tx, one, "force_close", basis="settled")
    tx.now_ms += 90 * 24 * 3_600_000
    do(tx, one, "reopen", reason="again")
    due = tx.states[one].clock["due"]
    do(tx, one, "correct", level="2")
    assert tx.states[one].clock["due"] == due


def test_an_extension_of_before_clocks_noted_it_is_kept_by_a_correction() -> None:
    tx = FakeTransaction()
    one = take_in(tx, accept=True)
    do(tx, one, "request_extension", minutes=600, reason="parts")
    do(tx, one, "approve_extension")
    state = tx.states[one]
    state.clock = {k: v for k, v in state.clock.items() if k != "extended"}
    due = state.clock["due"]
    do(tx, one, "correct", level="2")
    assert tx.states[one].clock["due"] == due
