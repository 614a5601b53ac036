"""The incident's transition table: the closed loop of GB/T 30428 with its side states.

Phase labels, channels, kinds and limits are data (code lists); this table holds what may follow what.
"""
from __future__ import annotations

from app.domain.process import Need, Process, Role, Transition

REPORTED, REGISTERED, ASSIGNED = "reported", "registered", "assigned"
ACKNOWLEDGED, EN_ROUTE, ON_SCENE = "acknowledged", "en_route", "on_scene"
FED_BACK, VERIFIED, CLOSED, EVALUATED = "fed_back", "verified", "closed", "evaluated"
VOIDED, MERGED = "voided", "merged"

PHASES = (REPORTED, REGISTERED, ASSIGNED, ACKNOWLEDGED, EN_ROUTE, ON_SCENE, FED_BACK, VERIFIED, CLOSED, EVALUATED,
          VOIDED, MERGED)
"""Core phases in order, then the two that end an incident without handling it."""
OPEN_PHASES = PHASES[:8]
ENDED_PHASES = PHASES[8:]
HANDLING = (ASSIGNED, ACKNOWLEDGED, EN_ROUTE, ON_SCENE)
RETURNS_BEFORE_ARBITER = 3
"""After so many returns only an arbiter (supervisor, duty leader) may assign (FIELD.md, side states)."""

_DESK = frozenset({Role.DISPATCHER, Role.SUPERVISOR, Role.DUTY_LEADER})
_LEAD = frozenset({Role.SUPERVISOR, Role.DUTY_LEADER})
_FORCE = frozenset({Role.GRID_WORKER, Role.DEPARTMENT, Role.COMMUNITY})
_ANY = _DESK | _FORCE | {Role.VERIFIER}
_CHECK = frozenset({Role.VERIFIER, Role.SUPERVISOR, Role.DISPATCHER})


def _s(*phases: str) -> frozenset[str]:
    return frozenset(phases)


_NOTE = Need("note", "lines", "Note", required=False)
_BASIS = Need("basis", "lines", "Basis")
_REASON = Need("reason", "lines", "Reason")
_PHOTOS = Need("photos", "blobs", "Photos", required=False)

INCIDENT = Process("incident", PHASES, (
    Transition("report", "incident.reported", _s(""), REPORTED, _ANY | {Role.INTAKE}, "Report", "", (
        Need("kind", "code:kind", "Kind"), Need("channel", "code:channel", "Source"),
        Need("level", "choice:1|2|3|4", "Level"), Need("place", "text", "Place"),
        Need("description", "lines", "Description", required=False), Need("point", "point", "Point", required=False),
        _PHOTOS), help="Take an incident in. It is kept from the first word on."),
    Transition("self_handle", "incident.self_handled", _s(""), CLOSED, _FORCE | _DESK, "Found and fixed", "", (
        Need("kind", "code:kind", "Kind"), Need("place", "text", "Place"),
        Need("point", "point", "Point", required=False), Need("result", "lines", "Result"),
        Need("photos", "blobs", "Photos", required=False)),
        help="A grid worker found, fixed and logged it in one step; a sample is checked."),
    Transition("check", "incident.site_checked", _s(REPORTED), None, _ANY, "Check on site", "K", (
        Need("finding", "choice:true|false|unknown", "Finding"), _NOTE),
        help="Before acceptance: is it so on the spot? True, false alarm, or cannot tell."),
    Transition("register", "incident.registered", _s(REPORTED), REGISTERED, _DESK | {Role.COMMUNITY}, "Accept", "A", (
        Need("kind", "code:kind", "Kind", required=False), Need("level", "choice:1|2|3|4", "Level", required=False),
        Need("area", "area", "Grid", required=False), _NOTE),
        help="Give number, kind, level, grid; both clocks start."),
    Transition("assign", "incident.assigned", _s(REGISTERED, *HANDLING), ASSIGNED, _DESK | {Role.COMMUNITY},
               "Assign", "D", (Need("unit", "unit", "Force or department"),
                               Need("part", "choice:lead|help", "Part", required=False), _NOTE), guard="assignable",
               help="Give it to a force or a department; the first is the lead, further ones help."),
    Transition("recall", "incident.recalled", _s(*HANDLING), None, _DESK, "Recall", "Z",
               (Need("unit", "unit", "Force or department"), _REASON), on="assignment",
               help="Take an assignment back; the incident waits for another one."),
    Transition("acknowledge", "incident.acknowledged", _s(*HANDLING), ACKNOWLEDGED, _ANY, "Sign for", "S",
               (Need("unit", "unit", "Force or department", required=False), _NOTE), on="assignment",
               guard="own_assignment", help="The force signs for the order."),
    Transition("depart", "incident.departed", _s(*HANDLING), EN_ROUTE, _ANY, "En route", "G",
               (Need("unit", "unit", "Force or department", required=False),), on="assignment",
               guard="own_assignment"),
    Transition("arrive", "incident.arrived", _s(*HANDLING), ON_SCENE, _ANY, "On scene", "O",
               (Need("unit", "unit", "Force or department", required=False),
                Need("point", "point", "Point", required=False)), on="assignment", guard="own_assignment"),
    Transition("feed_back", "incident.fed_back", _s(*HANDLING), FED_BACK, _ANY, "Feed back", "R",
               (Need("unit", "unit", "Force or department", required=False), Need("result", "lines", "Result"),
                _PHOTOS), on="assignment", guard="own_assignment",
               help="The result with photos. The lead's answer sends the incident to verification."),
    Transition("return", "incident.returned", _s(*HANDLING), None, _ANY, "Return", "B",
               (Need("unit", "unit", "Force or department", required=False), _BASIS), on="assignment",
               guard="own_assignment",
               help="Give an order back with its basis. The clock runs on; after three returns an arbiter decides."),
    Transition("verify", "incident.verified", _s(FED_BACK), VERIFIED, _CHECK, "Verify: passed", "V", (_NOTE, _PHOTOS),
               guard="not_handler", help="Somebody other than the handler finds it done."),
    Transition("rework", "incident.reworked", _s(FED_BACK, VERIFIED), ACKNOWLEDGED, _CHECK, "Rework", "W", (_REASON,),
               guard="not_handler", help="Not done: back to the lead, counted."),
    Transition("close", "incident.closed", _s(VERIFIED), CLOSED, _DESK, "Close", "F", (_NOTE,)),
    Transition("evaluate", "incident.evaluated", _s(CLOSED), EVALUATED, _DESK | {Role.VERIFIER}, "Evaluate", "Y",
               (Need("satisfaction", "choice:satisfied|fair|unsatisfied|not_reached", "Satisfaction"),
                Need("score", "score", "Score", required=False), _NOTE),
               help="Call back who reported it, and score."),
    Transition("chase", "incident.chased", _s(*HANDLING), None, _DESK, "Chase", "C", (_NOTE,),
               help="The phone of the force rings again."),
    Transition("told", "incident.told", _s(*OPEN_PHASES), None, _DESK, "Tell 110/119/120", "E",
               (Need("service", "choice:110|119|120|122", "Service"),
                Need("number", "text", "Their number", required=False), _NOTE),
               help="Who of the emergency services was told, when, and under which number of theirs."),
    Transition("request_extension", "incident.extension_requested", _s(REGISTERED, *HANDLING), None, _ANY,
               "Ask for extension", "X", (Need("minutes", "minutes", "Minutes more"), _REASON), guard="no_request"),
    Transition("approve_extension", "incident.extension_approved", _s(REGISTERED, *HANDLING), None, _LEAD,
               "Approve extension", "1", (_NOTE,), guard="request_open"),
    Transition("refuse_extension", "incident.extension_refused", _s(REGISTERED, *HANDLING), None, _LEAD,
               "Refuse extension", "2", (_REASON,), guard="request_open"),
    Transition("hold", "incident.held", _s(REPORTED, REGISTERED, *HANDLING), None, _LEAD | {Role.DISPATCHER}, "Hold", "H",
               (_REASON,), guard="not_held", help="Put on the list of hard problems; the clocks stand still."),
    Transition("resume", "incident.resumed", _s(REPORTED, REGISTERED, *HANDLING), None, _LEAD | {Role.DISPATCHER}, "Resume", "H",
               (_NOTE,), guard="held"),
    Transition("supervise", "incident.supervised", _s(*OPEN_PHASES), None, _LEAD, "Supervise", "U",
               (Need("ground", "choice:overdue|leader|important", "Ground"), _NOTE)),
    Transition("raise", "incident.raised", _s(*OPEN_PHASES), None, _DESK | {Role.COMMUNITY}, "Raise", "I", (_REASON,),
               help="Hand up to the next level of centre."),
    Transition("merge", "incident.merged", _s(REPORTED, REGISTERED, *HANDLING), MERGED, _DESK, "Merge", "M",
               (Need("into", "incident", "Into incident"), _NOTE), guard="mergeable",
               help="The same matter reported again: every reporter is kept, one clock runs."),
    Transition("void", "incident.voided", _s(REPORTED, REGISTERED), VOIDED, _DESK, "Void", "0", (_REASON,),
               irreversible=True),
    Transition("force_close", "incident.force_closed", _s(*OPEN_PHASES), CLOSED, _LEAD, "Force close", "Q", (_BASIS,),
               irreversible=True),
    Transition("reopen", "incident.reopened", _s(CLOSED, EVALUATED, VOIDED), REGISTERED, _LEAD | {Role.DISPATCHER}, "Reopen", "J",
               (_REASON,), help="Closed is not fixed: the incident waits for assignment again, its old history stays."),
    Transition("correct", "incident.corrected", _s(*OPEN_PHASES), None, _DESK, "Correct", "P", (
        Need("kind", "code:kind", "Kind", required=False), Need("level", "choice:1|2|3|4", "Level", required=False),
        Need("place", "text", "Place", required=False), Need("point", "point", "Point", required=False),
        Need("area", "area", "Grid", required=False), Need("description", "lines", "Description", required=False),
        Need("reason", "lines", "Reason", required=False))),
    Transition("note", "incident.noted", _s(*PHASES), None, _ANY, "Note", "T", (Need("note", "lines", "Note"), _PHOTOS)),
    Transition("absorb", "incident.absorbed", _s(*PHASES), None, frozenset(), "Merged into this", "", (
        Need("incident", "incident", "Incident"),), help="Made by the merge of another incident; nobody gives it by hand."),
    Transition("withdraw", "incident.withdrawn", _s(*PHASES), VOIDED, _LEAD | {Role.INTAKE}, "Withdraw", "", (_REASON,),
               irreversible=True, guard="imported", help="An incident that an import brought in by mistake."),
))
