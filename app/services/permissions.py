"""Who may do what, where: role by role from the transition tables, area by path prefix."""

from __future__ import annotations

from app.domain.faults import Message, Refused
from app.domain.incident import IncidentState, may_step
from app.domain.incident_process import CLOSED, INCIDENT, OPEN_PHASES, RETURNS_BEFORE_ARBITER
from app.domain.incident_state import is_same_maker
from app.domain.passing import REFUSALS_BEFORE_ARBITER
from app.domain.process import Role, Transition
from app.services.book import Book
from app.services.commands import (
    CallEvent,
    CameraPictures,
    CameraStates,
    DroneStates,
    HandOver,
    HandoverAct,
    MoveCamera,
    ReportPositions,
    SaveSnapshot,
    SetMasks,
    SetUnitDuty,
    SignDuty,
)
from app.services.operator import Operator

DESK_ROLES = frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.DUTY_LEADER})
ARBITERS = frozenset({Role.SUPERVISOR, Role.DUTY_LEADER})
CAMERA_ROLES = DESK_ROLES | {Role.VERIFIER, Role.WALL, Role.COMMUNITY}
"""who may look at cameras at all"""
PTZ_ROLES = DESK_ROLES
"""who may turn a camera: the picture of everybody who looks at it moves"""
TEACHING = frozenset({"preset_set", "preset_removed"})
MASK_ROLES = frozenset({Role.SUPERVISOR, Role.DUTY_LEADER})
"""who may say what of a camera's picture is covered"""
MASKS_REFUSED = Message("Only a supervisor or duty leader may change what is covered in a picture.")
TEACHER_ROLES = MASK_ROLES
"""who may teach a camera presets, and remove them"""
SNAPSHOT_ROLES = frozenset({Role.SUPERVISOR, Role.DUTY_LEADER})
"""who may keep a still of a camera as a file without an incident"""
PERSONAL_ROLES = DESK_ROLES | {Role.VERIFIER}
"""who may see a reporter's phone, and only of a case that they handle"""

_NOTHING = "\x01"
LIST_ROLES = frozenset({Role.SUPERVISOR, Role.DUTY_LEADER, Role.INTAKE})
"""who may bring the city's lists in, take them back and choose the map's background"""
FORCE_ROLES = frozenset({Role.GRID_WORKER, Role.DEPARTMENT, Role.COMMUNITY})


def demand_command(command: object, operator: Operator) -> None:
    """Raise `Refused` when the role may not give a command that is no verb of a transition table."""
    if isinstance(command, SetUnitDuty):
        own = operator.unit_id == command.unit_id and operator.roles & FORCE_ROLES
        allowed = bool(own or operator.roles & DESK_ROLES)
    elif isinstance(command, CallEvent):
        allowed = bool(operator.roles & (DESK_ROLES | {Role.INTAKE}))
    elif isinstance(command, SignDuty | HandOver | HandoverAct):
        allowed = bool(operator.roles & (DESK_ROLES | {Role.VERIFIER}))
    elif isinstance(command, ReportPositions):
        own = {p.unit_id for p in command.positions} <= {operator.unit_id} and operator.roles & FORCE_ROLES
        allowed = bool(own or operator.roles & (DESK_ROLES | {Role.INTAKE}))
    elif isinstance(command, DroneStates):
        allowed = bool(operator.roles & (DESK_ROLES | {Role.INTAKE}))
    elif isinstance(command, MoveCamera | SetMasks | SaveSnapshot | CameraPictures | CameraStates):
        allowed = _may_with_camera(command, operator)
    else:
        return
    if not allowed:
        raise Refused(Message("Your role may not do this."))


def _may_with_camera(command: MoveCamera | SetMasks | SaveSnapshot | CameraPictures | CameraStates,
                     operator: Operator) -> bool:
    """Raises `Refused` where there is more to say than no."""
    if isinstance(command, MoveCamera) and command.what in TEACHING:
        if operator.roles & (PTZ_ROLES - TEACHER_ROLES) and not operator.roles & TEACHER_ROLES:
            raise Refused(Message("Only a supervisor or duty leader may change a camera's presets."))
        return bool(operator.roles & TEACHER_ROLES)
    if isinstance(command, MoveCamera):
        return bool(operator.roles & PTZ_ROLES)
    if isinstance(command, SetMasks):
        if not operator.roles & MASK_ROLES:
            raise Refused(MASKS_REFUSED)
        return True
    if isinstance(command, SaveSnapshot):
        if command.incident_id is not None:
            return bool(operator.roles & (CAMERA_ROLES - {Role.WALL}))
        if not operator.roles & SNAPSHOT_ROLES:
            raise Refused(Message("Without an incident only a supervisor or duty leader may keep a still as a file."))
        return True
    if isinstance(command, CameraPictures):
        return bool(operator.roles & (CAMERA_ROLES | {Role.INTAKE}))
    return bool(operator.roles & (DESK_ROLES | {Role.INTAKE, Role.WALL}))


def demand_reason(reason: str) -> None:
    """Raise `Refused` when nobody says why a camera is looked at."""
    if not reason.strip():
        raise Refused(Message("Looking at a camera needs a reason."))


def area_prefix(operator: Operator, book: Book) -> str:
    """The path prefix of what the operator may see: their area inside the area of the seat's centre; "" for the whole
    district. An unknown area, and one outside the centre's, sees nothing."""
    here = book.centres.own_path
    if operator.area_id is None:
        return here
    area = book.areas.get(operator.area_id)
    if area is None:
        return _NOTHING
    return area.path if area.path.startswith(here) else here if here.startswith(area.path) else _NOTHING


def acts_for(operator: Operator, book: Book) -> str:
    """The centre whose passed incidents are the operator's to see and to sign for; "" when their area is but a part of
    the centre's."""
    return book.centres.own if area_prefix(operator, book) == book.centres.own_path else ""


def may_see(operator: Operator, book: Book, state: IncidentState) -> bool:
    """An incident in the operator's area, given to the operator's unit, or ever passed to the centre they act for."""
    if operator.unit_id and any(a.unit == operator.unit_id for a in state.assignments):
        return True
    centre = acts_for(operator, book) if state.passes else ""
    if centre and any(p.to == centre for p in state.passes):
        return True
    return state.area_path.startswith(area_prefix(operator, book))


def why_not(row: Transition, state: IncidentState, operator: Operator, book: Book) -> Message | None:
    """Why `operator` may not do `row` upon `state` now; None when nothing but missing data could stand in the way."""
    if not operator.roles & row.roles:
        return Message("Your role may not do this.")
    if not may_see(operator, book, state):
        return Message("This incident lies outside your area.")
    if state.phase not in row.sources:
        return Message("Not possible in the phase {phase}.", {"phase": Message(f"phase.{state.phase}")})
    if state.held_at and (row.to in OPEN_PHASES or (row.to == CLOSED and not row.irreversible)):
        return Message("The incident is on hold: resume it first.")
    return _guard(row, state, operator, book)


def _guard(row: Transition, state: IncidentState, operator: Operator, book: Book) -> Message | None:
    """The rules beyond phase and role, by the name in the table."""
    guard = row.guard
    if guard == "assignable":
        if state.returns >= RETURNS_BEFORE_ARBITER and state.lead is None and not operator.roles & ARBITERS:
            return Message("Returned {count} times: a supervisor must decide who takes it.", {"count": state.returns})
    elif guard == "own_assignment":
        return _step(row, state, operator)
    elif guard == "not_handler":
        if any(is_same_maker(kept, operator.maker) for kept in state.handlers):
            return Message("Whoever handled it may not verify it.")
    elif guard == "no_request" and state.extension is not None:
        return Message("An extension was already asked for.")
    elif guard == "request_open" and state.extension is None:
        return Message("No extension was asked for.")
    elif guard == "not_held" and state.held_at:
        return Message("It is on hold already.")
    elif guard == "held" and not state.held_at:
        return Message("It is not on hold.")
    elif guard in ("passable", "pass_to_me", "refusable", "pass_from_me"):
        return _pass(row, state, operator, book)
    elif guard == "imported" and not state.imported:
        return Message("Only imported incidents are withdrawn; void this one.")
    return None


def _pass(row: Transition, state: IncidentState, operator: Operator, book: Book) -> Message | None:
    """The rules of passing between centres."""
    centres, own, waiting = book.centres, acts_for(operator, book), state.open_pass
    if not own:
        return Message("This seat belongs to no centre of a hub: nothing is passed here.")
    if row.guard != "passable":
        if waiting is None or own != (waiting.source if row.guard == "pass_from_me" else waiting.to):
            return Message("Nothing is being passed here.")
        if row.guard == "refusable" and waiting.binding:
            return Message("An arbiter decided who takes it, or it was escalated; that stands.")
        return None
    if waiting is not None:
        return Message("It is on its way to {centre} already.", {"centre": waiting.to_name or waiting.to})
    if not centres.of_way(row.verb.removeprefix("pass_")):
        return Message("There is no centre in that direction.")
    arbiter = operator.roles & ARBITERS
    holder = centres.get(state.holder) if state.holder not in ("", own) else None
    if holder is not None and not (arbiter and holder.path.startswith(centres.own_path)):
        return Message("{centre} has it: that centre passes it on.", {"centre": holder.name or holder.code})
    if state.pass_refusals >= REFUSALS_BEFORE_ARBITER and not arbiter:
        return Message("Refused {count} times: a supervisor must decide who takes it.",
                       {"count": state.pass_refusals})
    return None


def _step(row: Transition, state: IncidentState, operator: Operator) -> Message | None:
    """Whether an order that the operator may act upon can still take this step."""
    if not any(a.open for a in state.assignments):
        return Message("Nobody has it in hand.")
    mine = [a for a in state.assignments if a.open and (operator.roles & DESK_ROLES or a.unit == operator.unit_id)]
    if not mine:
        return Message("It is not assigned to your unit.")
    if not any(may_step(a, row.to) for a in mine):
        return Message("This step was already taken.")
    return None


def demand(row: Transition, state: IncidentState, operator: Operator, book: Book) -> None:
    """Raise `Refused` with the reason when the act is not allowed."""
    reason = why_not(row, state, operator, book)
    if reason is not None:
        raise Refused(reason)


def transition(verb: str) -> Transition:
    """The row of a verb that people may give. Raises `Refused` for an unknown one."""
    row = INCIDENT.get(verb)
    if row is None or not row.roles:
        raise Refused(Message("There is no act named {verb}.", {"verb": verb}))
    return row
