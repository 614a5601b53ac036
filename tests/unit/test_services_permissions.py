"""Who may do what, where: every role with every verb against a table written down here, not taken from the code."""
from __future__ import annotations

import pytest

from app.domain.faults import Refused
from app.domain.incident import Assignment, IncidentState
from app.domain.incident_process import INCIDENT
from app.domain.passing import Pass
from app.domain.process import Role
from app.services import permissions
from app.services.book import Book
from app.services.centres import Centre, Directory
from app.services.commands import (
    CallEvent,
    CameraStates,
    MarkRead,
    Position,
    ReportPositions,
    SetUnitDuty,
    SignDuty,
)
from app.services.operator import Operator
from app.services.views import AreaRow

FIELD = {"report", "self_handle", "check", "acknowledge", "depart", "arrive", "feed_back", "return", "note",
         "request_extension"}
"""what a force on the street does"""
DISPATCH = FIELD | {"register", "assign", "recall", "verify", "rework", "close", "evaluate", "chase", "told", "hold",
                    "resume", "raise", "merge", "void", "reopen", "correct"}
PASS = {"pass_up", "pass_down", "pass_across", "sign_pass", "refuse_pass", "recall_pass", "escalate_pass"}
"""between centres"""
COMMAND = {"approve_extension", "refuse_extension", "supervise", "force_close", "withdraw"}
"""what only those do who answer for the shift"""
EXPECTED: dict[Role, set[str]] = {
    Role.WALL: set(),
    Role.DISPATCHER: DISPATCH | PASS,
    Role.SUPERVISOR: DISPATCH | COMMAND | PASS,
    Role.DUTY_LEADER: (DISPATCH | COMMAND | PASS) - {"verify", "rework"},
    Role.VERIFIER: (FIELD - {"self_handle"}) | {"verify", "rework", "evaluate"},
    Role.DEPARTMENT: FIELD,
    Role.COMMUNITY: FIELD | {"register", "assign", "raise"} | PASS,
    Role.GRID_WORKER: FIELD,
    Role.INTAKE: {"report", "withdraw", "note"},
    Role.SECURITY_ADMIN: set(),
    Role.AUDITOR: set(),
}
VERBS = [t.verb for t in INCIDENT]


def area(key: str, parent: str | None, path: str) -> AreaRow:
    return AreaRow(key, key, key, path.count("/") - 1, parent, path, None, False, None, None, False)


BOOK = Book(1, (), (area("d", None, "d/"), area("d1", "d", "d/d1/"), area("d1a", "d1", "d/d1/d1a/"),
                    area("d2", "d", "d/d2/")))
JOINED = Book(1, (), BOOK.areas.values(), Directory("c1", (
    Centre("c0", "", 0, None, ""), Centre("c1", "", 1, "c0", ""), Centre("c2", "", 1, "c0", ""),
    Centre("c3", "", 2, "c1", ""))))


def operator(role: Role, where: str | None = None, unit: str | None = None) -> Operator:
    return Operator("me", "Me", frozenset({role}), where, unit)


def fitting(verb: str) -> IncidentState:
    """An incident on which nothing but the role could stand in the way of the verb."""
    row = INCIDENT.get(verb)
    assert row is not None
    state = IncidentState(id="i", phase=sorted(row.sources)[0], area="d1a", area_path="d/d1/d1a/", imported=True)
    state.assignments = [Assignment("u1", "Patrol", True, "assigned", 1)]
    state.held_at = 1 if row.guard == "held" else 0
    state.extension = {"minutes": 5} if row.guard == "request_open" else None
    if row.guard in ("pass_to_me", "refusable", "pass_from_me"):
        ends = ("c2", "", "c1", "") if row.guard == "pass_from_me" else ("c1", "", "c2", "")
        state.passes = [Pass(*ends, "across", "offered", 1, "a")]
    return state


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("verb", VERBS)
def test_each_role_may_do_exactly_what_the_table_says(role: Role, verb: str) -> None:
    row = INCIDENT.get(verb)
    assert row is not None
    reason = permissions.why_not(row, fitting(verb), operator(role, unit="u1"), JOINED)
    assert (reason is None) is (verb in EXPECTED[role]), (reason, verb, role)


def test_nobody_both_acts_and_erases() -> None:
    for role in (Role.SECURITY_ADMIN, Role.AUDITOR):
        assert not any(role in t.roles for t in INCIDENT)
    for role in Role:
        assert not (EXPECTED[role] and role in (Role.SECURITY_ADMIN, Role.AUDITOR))


def test_a_verb_that_only_follows_from_another_is_given_by_nobody() -> None:
    for verb in ("absorb", "fly", ""):
        with pytest.raises(Refused, match="no act named"):
            permissions.transition(verb)


@pytest.mark.parametrize("verb", sorted(EXPECTED[Role.COMMUNITY] - PASS))
@pytest.mark.parametrize(("where", "allowed"), [("d1", True), ("d1a", True), ("d", True), ("d2", False), ("x", False)])
def test_a_community_acts_only_in_its_own_area(verb: str, where: str, allowed: bool) -> None:
    row = INCIDENT.get(verb)
    assert row is not None
    reason = permissions.why_not(row, fitting(verb), operator(Role.COMMUNITY, where, None), BOOK)
    if allowed:
        assert reason is None or str(reason) == "It is not assigned to your unit."
    else:
        assert str(reason) == "This incident lies outside your area."


def test_an_area_whose_name_begins_alike_is_another_area() -> None:
    book = Book(1, (), (area("a", None, "a/"), area("ab", None, "ab/")))
    assert not permissions.may_see(operator(Role.COMMUNITY, "a"), book, IncidentState(area_path="ab/"))
    assert permissions.may_see(operator(Role.COMMUNITY, "a"), book, IncidentState(area_path="a/x/"))


def test_an_order_to_the_own_unit_is_seen_wherever_it_lies() -> None:
    state = IncidentState(area_path="d/d2/", assignments=[Assignment("u1", "", True, "assigned", 1)])
    assert permissions.may_see(operator(Role.GRID_WORKER, "d1", "u1"), BOOK, state)
    assert not permissions.may_see(operator(Role.GRID_WORKER, "d1", "u2"), BOOK, state)


@pytest.mark.parametrize(
    ("verb", "change", "why"),
    [
        ("assign", {"held_at": 1}, "on hold"),
        ("hold", {"held_at": 1}, "on hold already"),
        ("resume", {"held_at": 0}, "not on hold"),
        ("approve_extension", {"extension": None}, "No extension"),
        ("request_extension", {"extension": {"minutes": 1}}, "already asked"),
        ("withdraw", {"imported": False}, "Only imported"),
        ("verify", {"handlers": ["me"]}, "handled it"),
        ("rework", {"handlers": ["me"]}, "handled it"),
        ("acknowledge", {"assignments": []}, "Nobody"),
        ("close", {"phase": "assigned"}, "Not possible"),
        ("assign", {"returns": 3, "assignments": []}, "supervisor must decide"),
    ],
)
def test_a_guard_gives_its_reason(verb: str, change: dict[str, object], why: str) -> None:
    state = fitting(verb)
    for name, value in change.items():
        setattr(state, name, value)
    row = INCIDENT.get(verb)
    assert row is not None
    role = Role.DISPATCHER if verb not in COMMAND else Role.SUPERVISOR
    reason = permissions.why_not(row, state, operator(role), BOOK)
    assert why in str(reason)
    with pytest.raises(Refused, match=why):
        permissions.demand(row, state, operator(role), BOOK)


def test_an_arbiter_assigns_what_was_returned_three_times() -> None:
    state = IncidentState(phase="registered", returns=3)
    row = permissions.transition("assign")
    assert permissions.why_not(row, state, operator(Role.SUPERVISOR), BOOK) is None
    assert permissions.why_not(row, state, operator(Role.DUTY_LEADER), BOOK) is None


OWN, OTHER = Position("u1", 117.0, 30.5, 1.0), Position("u2", 117.0, 30.5, 1.0)
DESK = {Role.DISPATCHER, Role.SUPERVISOR, Role.DUTY_LEADER}
FORCES = {Role.DEPARTMENT, Role.COMMUNITY, Role.GRID_WORKER}


@pytest.mark.parametrize(
    ("command", "who"),
    [
        (SetUnitDuty("u1", True), DESK | FORCES),
        (SetUnitDuty("u2", True), DESK),
        (CallEvent("c", "rang"), DESK | {Role.INTAKE}),
        (SignDuty("supervisor", "x"), DESK | {Role.VERIFIER}),
        (ReportPositions((OWN,)), DESK | FORCES | {Role.INTAKE}),
        (ReportPositions((OWN, OTHER)), DESK | {Role.INTAKE}),
        (CameraStates(()), DESK | {Role.INTAKE, Role.WALL}),
        (MarkRead("i"), set(Role)),
    ],
)
def test_commands_that_are_no_verbs_have_their_roles_too(command: object, who: set[Role]) -> None:
    for role in Role:
        if role in who:
            permissions.demand_command(command, operator(role, unit="u1"))
        else:
            with pytest.raises(Refused, match="role"):
                permissions.demand_command(command, operator(role, unit="u1"))


def test_on_a_communitys_seat_everybody_sees_its_area_and_what_was_passed_to_it() -> None:
    book = Book(1, (), BOOK.areas.values(), Directory("c", (
        Centre("c", "", 1, None, "d/d1/"), Centre("o", "", 1, None, "d/d2/"))))
    inside, outside = IncidentState(area_path="d/d1/d1a/"), IncidentState(area_path="d/d2/")
    passed = IncidentState(area_path="d/d2/", passes=[Pass("c", "", "o", "", "across", "refused", 1, "a")])
    for who in (operator(Role.DISPATCHER), operator(Role.COMMUNITY, "d1"), operator(Role.SUPERVISOR, "d")):
        assert permissions.area_prefix(who, book) == "d/d1/"
        assert permissions.acts_for(who, book) == "c"
        assert [permissions.may_see(who, book, s) for s in (inside, outside, passed)] == [True, False, True]
    part = operator(Role.COMMUNITY, "d1a")
    assert permissions.acts_for(part, book) == "", "a part of the centre's area does not act for the centre"
    assert [permissions.may_see(part, book, s) for s in (inside, outside, passed)] == [True, False, False]
    stranger = operator(Role.COMMUNITY, "d2")
    assert not any(permissions.may_see(stranger, book, s) for s in (inside, outside, passed))
