"""The incident as a fold of its events: pure, total. Reads neither code lists nor a clock."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping
from typing import Any

from app.domain import passing
from app.domain.events import Json
from app.domain.incident_process import (
    ACKNOWLEDGED,
    ASSIGNED,
    EN_ROUTE,
    FED_BACK,
    INCIDENT,
    ON_SCENE,
    OPEN_PHASES,
    REGISTERED,
    VOIDED,
)
from app.domain.incident_state import OPEN_ASSIGNMENT as OPEN_ASSIGNMENT
from app.domain.incident_state import Assignment as Assignment
from app.domain.incident_state import Fact as Fact
from app.domain.incident_state import IncidentState as IncidentState
from app.domain.process import Transition

_BY_EVENT: Mapping[str, Transition] = {t.event: t for t in INCIDENT}
_OPEN = frozenset(OPEN_PHASES)
PLACED = "incident.placed"
_STAMPED = frozenset({"incident.acknowledged", "incident.departed", "incident.arrived", "incident.fed_back"})
_RANK = {ASSIGNED: 0, ACKNOWLEDGED: 1, EN_ROUTE: 2, ON_SCENE: 3, FED_BACK: 4}


def may_step(assignment: Assignment, to: str | None) -> bool:
    """Whether an assignment can still go to `to`: steps may be left out, none is taken twice or backwards."""
    return assignment.open and (to is None or _RANK[assignment.state] < _RANK[to])


def apply(state: IncidentState | None, event: Fact) -> IncidentState:
    """The state after `event`. Total: an event that may not follow is kept as superseded and changes nothing else."""
    new = IncidentState() if state is None else copy.copy(state)
    apply_in_place(new, event)
    return new


def apply_in_place(s: IncidentState, event: Fact) -> None:
    """As `apply`, upon a state that nobody else holds. Lists are replaced, never changed."""
    row = _BY_EVENT.get(event.kind)
    s.events += 1
    s.last_event = event.id
    if event.kind != PLACED:  # its own steps may still come from the file that it came from
        s.last_at = max(s.last_at, event.occurred_at)
    fold = _FOLDS.get(event.kind)
    if row is None or fold is None or not _may_follow(s, row, event) or not fold(s, event):
        s.superseded = [*s.superseded, event.id]
        return
    if row.to is not None and row.on != "assignment" and row.verb != "assign":
        _enter(s, row.to, event)


def _may_follow(s: IncidentState, row: Transition, event: Fact) -> bool:
    """Legal by the table; an imported history may leave out the phases that its source does not know, its facts are
    corrected whatever has become of it, and what was withdrawn may be brought in again."""
    if s.phase in row.sources:
        return True
    if event.body.get("imported") is not True:
        return False
    if "" in row.sources:
        return s.imported and s.phase == VOIDED
    return s.phase in _OPEN or (s.imported and (row.verb == "correct" or event.kind in _STAMPED))


def _enter(s: IncidentState, phase: str, event: Fact) -> None:
    if s.phase != phase:
        s.phase_since = event.occurred_at
    s.phase = phase
    if s.passes and phase not in _OPEN:
        passing.lapse(s)
    clock = event.body.get("phase_clock")
    s.phase_clock = clock if isinstance(clock, dict) else {}


def _text(body: Mapping[str, Json], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _number(body: Mapping[str, Json], name: str) -> float | None:
    value = body.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _texts(body: Mapping[str, Json], name: str) -> list[str]:
    value = body.get(name)
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def _facts(s: IncidentState, body: Mapping[str, Json]) -> None:
    """Take over what the event says of kind, level, place, point, area, clock; leave the rest."""
    for name in ("kind", "channel", "place", "description", "device", "verdict"):
        if _text(body, name):
            setattr(s, name, _text(body, name))
    s.number = s.number or _text(body, "number")  # never renumbered
    level = _number(body, "level")
    if level is not None and 1 <= level <= 4:
        s.level = int(level)
    lon, lat = _number(body, "lon"), _number(body, "lat")
    if lon is not None and lat is not None:
        s.lon, s.lat = lon, lat
    if "area" in body:
        s.area = _text(body, "area") or None
        s.area_path = _text(body, "area_path")
    if "sensitive" in body:
        s.sensitive = body["sensitive"] is True
    clock = body.get("clock")
    if isinstance(clock, dict):
        s.clock = clock


_COUNTED = ("id", "number", "last_event", "last_at", "events", "superseded")


def _reported(s: IncidentState, e: Fact) -> bool:
    body = e.body
    if s.phase:
        fresh = IncidentState()
        for name in IncidentState.__dataclass_fields__:
            if name not in _COUNTED:
                setattr(s, name, getattr(fresh, name))
    s.id = s.id or _text(body, "id")
    _facts(s, body)
    s.original_place = _text(body, "place")
    s.reported_at = s.phase_since = e.occurred_at
    s.reporters = _texts(body, "reporters")
    s.photos = _texts(body, "photos")
    s.source, s.external = _text(body, "source"), _text(body, "external")
    s.imported = body.get("imported") is True
    return True


def _self_handled(s: IncidentState, e: Fact) -> bool:
    _reported(s, e)
    s.self_handled = True
    s.registered_at = s.fed_back_at = s.closed_at = e.occurred_at
    s.handlers = [e.maker]
    unit = _text(e.body, "unit")
    if unit:
        s.assignments = [
            Assignment(
                unit,
                _text(e.body, "unit_name"),
                True,
                FED_BACK,
                e.occurred_at,
                e.occurred_at,
                0,
                e.occurred_at,
                e.occurred_at,
            )
        ]
    return True


def _checked(s: IncidentState, e: Fact) -> bool:
    s.finding = _text(e.body, "finding")
    return True


def _registered(s: IncidentState, e: Fact) -> bool:
    _facts(s, e.body)
    s.registered_at = e.occurred_at
    s.dispatcher = e.maker
    s.returned = False
    return True


def _assigned(s: IncidentState, e: Fact) -> bool:
    unit = _text(e.body, "unit")
    if not unit or any(a.unit == unit and a.open for a in s.assignments):
        return False
    lead = e.body.get("lead") is True
    current = s.lead
    if lead and current is not None and current.open:
        lead = False
    one = Assignment(unit, _text(e.body, "unit_name"), lead, ASSIGNED, e.occurred_at)
    s.assignments = [*s.assignments, one]
    s.dispatcher = e.maker
    if lead:
        s.returned = False
        _enter(s, ASSIGNED, e)
    return True


def _with(s: IncidentState, unit: str, change: Callable[[Assignment], Assignment]) -> Assignment | None:
    for i in range(len(s.assignments) - 1, -1, -1):
        a = s.assignments[i]
        if a.unit == unit and a.open:
            new = change(a)
            s.assignments = [*s.assignments[:i], new, *s.assignments[i + 1 :]]
            return new
    return None


def _progress(to: str, stamp: str) -> Callable[[IncidentState, Fact], bool]:
    def fold(s: IncidentState, e: Fact) -> bool:
        unit, now = _text(e.body, "unit"), e.occurred_at
        at = next((a for a in reversed(s.assignments) if a.unit == unit and a.open), None)
        if at is None or not may_step(at, to):
            return _told_late(s, e, to, stamp)
        stamps: dict[str, Any] = {"acknowledged_at": at.acknowledged_at or now, stamp: now}
        s.assignments = [a._replace(state=to, **stamps) if a is at else a for a in s.assignments]
        if to == FED_BACK:
            s.handlers = sorted({*s.handlers, e.maker, *_texts(e.body, "handlers")})
            s.photos = [*s.photos, *_texts(e.body, "photos")]
        if at.lead:
            if to == FED_BACK:
                s.fed_back_at = now
            _enter(s, to, e)
        return True

    return fold


def _told_late(s: IncidentState, e: Fact, to: str, stamp: str) -> bool:
    """A step that a file tells when its force is further on, or the incident has ended: its time is kept, if there is
    none yet; nothing goes back."""
    if e.body.get("imported") is not True:
        return False
    unit, now = _text(e.body, "unit"), e.occurred_at
    at = next((a for a in reversed(s.assignments) if a.unit == unit), None)
    if at is None or at.state in ("returned", "recalled") or getattr(at, stamp):
        return False
    times: dict[str, Any] = {stamp: now}
    s.assignments = [a._replace(**times) if a is at else a for a in s.assignments]
    if to == FED_BACK:
        s.handlers = sorted({*s.handlers, e.maker, *_texts(e.body, "handlers")})
        if at.lead and not s.fed_back_at:
            s.fed_back_at = now
    return True


def _given_back(state: str) -> Callable[[IncidentState, Fact], bool]:
    def fold(s: IncidentState, e: Fact) -> bool:
        new = _with(s, _text(e.body, "unit"), lambda a: a._replace(state=state))
        if new is None:
            return False
        if state == "returned":
            s.returns += 1
        if new.lead:
            heir = next((a for a in s.assignments if a.open), None)
            if heir is not None:
                _with(s, heir.unit, lambda a: a._replace(lead=True))
                _enter(s, heir.state, e)
            else:
                s.returned = state == "returned"
                _enter(s, REGISTERED, e)
        return True

    return fold


def _verified(s: IncidentState, e: Fact) -> bool:
    s.verified_at = e.occurred_at
    s.photos = [*s.photos, *_texts(e.body, "photos")]
    return True


def _reworked(s: IncidentState, e: Fact) -> bool:
    lead = s.lead
    if lead is None:
        return False
    s.assignments = [
        a._replace(state=ACKNOWLEDGED, fed_back_at=0, arrived_at=0) if a is lead else a for a in s.assignments
    ]
    s.reworks += 1
    s.fed_back_at = s.verified_at = 0
    return True


def _closed(s: IncidentState, e: Fact) -> bool:
    s.closed_at = e.occurred_at
    s.held_at, s.extension = 0, None
    s.assignments = [a._replace(state="closed") if a.open else a for a in s.assignments]
    _facts(s, {"verdict": _text(e.body, "verdict")})
    return True


def _force_closed(s: IncidentState, e: Fact) -> bool:
    s.forced = True
    if s.held_at:
        _facts(s, {"clock": e.body.get("clock")})
    return _closed(s, e)


def _evaluated(s: IncidentState, e: Fact) -> bool:
    if not s.closed_at:
        _closed(s, e)  # an import whose source does not tell the closing
    s.satisfaction = _text(e.body, "satisfaction")
    s.score = _number(e.body, "score")
    return True


def _chased(s: IncidentState, e: Fact) -> bool:
    s.chased += 1
    s.assignments = [a._replace(chased=a.chased + 1) if a.open else a for a in s.assignments]
    return True


def _told(s: IncidentState, e: Fact) -> bool:
    s.told = [*s.told, [_text(e.body, "service"), e.occurred_at, _text(e.body, "number")]]
    return True


def _extension_requested(s: IncidentState, e: Fact) -> bool:
    s.extension = {"minutes": _number(e.body, "minutes"), "reason": _text(e.body, "reason"), "by": e.actor}
    return True


def _extension_approved(s: IncidentState, e: Fact) -> bool:
    if s.extension is None:
        return False
    s.extension = None
    s.extensions += 1
    _facts(s, e.body)
    return True


def _extension_refused(s: IncidentState, e: Fact) -> bool:
    if s.extension is None:
        return False
    s.extension = None
    return True


def _held(s: IncidentState, e: Fact) -> bool:
    if s.held_at:
        return False
    s.held_at = e.occurred_at
    return True


def _resumed(s: IncidentState, e: Fact) -> bool:
    if not s.held_at:
        return False
    s.held_at = 0
    _facts(s, e.body)
    for name in ("phase_clock", "pass_clock"):
        clock = e.body.get(name)
        if isinstance(clock, dict):
            setattr(s, name, clock)
    return True


def _supervised(s: IncidentState, e: Fact) -> bool:
    s.supervised = [*s.supervised, _text(e.body, "ground")]
    return True


def _raised(s: IncidentState, e: Fact) -> bool:
    s.raised += 1
    return True


def _merged(s: IncidentState, e: Fact) -> bool:
    into = _text(e.body, "into")
    if into == s.id or (not into and e.body.get("imported") is not True):
        return False  # a city's file may say that it was merged and not into what
    s.merged_into = into
    s.closed_at = e.occurred_at
    s.held_at, s.extension = 0, None
    s.assignments = [a._replace(state="recalled") if a.open else a for a in s.assignments]
    return True


def _absorbed(s: IncidentState, e: Fact) -> bool:
    """Another incident was merged into this one: its reporters come along, one clock runs."""
    s.merged = [*s.merged, _text(e.body, "incident")]
    s.reporters = [*s.reporters, *(r for r in _texts(e.body, "reporters") if r not in s.reporters)]
    return True


def _voided(s: IncidentState, e: Fact) -> bool:
    s.closed_at = e.occurred_at
    s.held_at, s.extension = 0, None
    s.assignments = [a._replace(state="recalled") if a.open else a for a in s.assignments]
    return True


def _reopened(s: IncidentState, e: Fact) -> bool:
    s.closed_at = s.fed_back_at = s.verified_at = 0
    s.satisfaction, s.verdict, s.forced = "", "", False
    # back to dispatch: whoever had it in hand handles it no longer, however it ended
    s.assignments = [a if a.state in ("returned", "recalled") else a._replace(state="recalled") for a in s.assignments]
    _facts(s, e.body)
    return True


def _corrected(s: IncidentState, e: Fact) -> bool:
    _facts(s, e.body)
    return True


def _placed(s: IncidentState, e: Fact) -> bool:
    """Where it lies by the areas that are in force since: nothing else of it changes."""
    s.area = _text(e.body, "area") or None
    s.area_path = _text(e.body, "area_path")
    return True


def _noted(s: IncidentState, e: Fact) -> bool:
    s.photos = [*s.photos, *_texts(e.body, "photos")]
    return True


_FOLDS: Mapping[str, Callable[[IncidentState, Fact], bool]] = {
    "incident.reported": _reported,
    "incident.self_handled": _self_handled,
    "incident.site_checked": _checked,
    "incident.registered": _registered,
    "incident.assigned": _assigned,
    "incident.recalled": _given_back("recalled"),
    "incident.acknowledged": _progress(ACKNOWLEDGED, "acknowledged_at"),
    "incident.departed": _progress(EN_ROUTE, "departed_at"),
    "incident.arrived": _progress(ON_SCENE, "arrived_at"),
    "incident.fed_back": _progress(FED_BACK, "fed_back_at"),
    "incident.returned": _given_back("returned"),
    "incident.verified": _verified,
    "incident.reworked": _reworked,
    "incident.closed": _closed,
    "incident.evaluated": _evaluated,
    "incident.chased": _chased,
    "incident.told": _told,
    "incident.extension_requested": _extension_requested,
    "incident.extension_approved": _extension_approved,
    "incident.extension_refused": _extension_refused,
    "incident.held": _held,
    "incident.resumed": _resumed,
    "incident.supervised": _supervised,
    "incident.raised": _raised,
    "incident.passed_up": passing.offer("up"),
    "incident.passed_down": passing.offer("down"),
    "incident.passed_across": passing.offer("across"),
    "incident.pass_signed": passing.sign,
    "incident.pass_refused": passing.refuse,
    "incident.pass_recalled": passing.take_back,
    "incident.pass_escalated": passing.escalate,
    "incident.merged": _merged,
    "incident.absorbed": _absorbed,
    "incident.voided": _voided,
    "incident.force_closed": _force_closed,
    "incident.reopened": _reopened,
    "incident.corrected": _corrected,
    PLACED: _placed,
    "incident.noted": _noted,
    "incident.withdrawn": _voided,
}
