"""The whistle as a fold of its events: pure, total. Reads neither code lists nor a clock."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

from app.domain.events import Json
from app.domain.incident_state import Fact
from app.domain.process import Transition
from app.domain.whistle_process import ANSWERED, CALLED, DONE, RATED, REPORTED_IN, SCORED, WHISTLE

_BY_EVENT: Mapping[str, Transition] = {t.event: t for t in WHISTLE}


class Call(NamedTuple):
    """One department's part. Times in ms, 0 when not yet; dues None without a limit; `score` None until it is rated."""

    unit: str
    name: str
    state: str
    called_at: int
    report_due: int | None = None
    result_due: int | None = None
    reported_at: int = 0
    answered_at: int = 0
    who: str = ""
    result: str = ""
    satisfaction: str = ""
    score: float | None = None


@dataclass(slots=True)
class WhistleState:
    """All that follows from a whistle's events. Treat it as immutable: `apply` returns a new one."""

    id: str = ""
    number: str = ""
    phase: str = ""
    matter: str = ""
    level: int = 4
    incident: str = ""
    incident_number: str = ""
    area: str | None = None
    area_path: str = ""
    centre: str = ""
    centre_name: str = ""
    by: str = ""
    blown_at: int = 0
    ended_at: int = 0
    report_clock: dict[str, Json] = field(default_factory=dict)
    result_clock: dict[str, Json] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)
    events: int = 0

    def call(self, unit: str) -> Call | None:
        """A department's part, None when it was not called."""
        return next((c for c in self.calls if c.unit == unit), None)

    def dump(self) -> str:
        """The state as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    @classmethod
    def load(cls, text: str) -> WhistleState:
        """The reverse of `dump`."""
        raw = json.loads(text)
        raw["calls"] = [Call(*c) for c in raw["calls"]]
        return cls(**raw)


def apply(state: WhistleState | None, event: Fact) -> WhistleState:
    """The state after `event`. Total: an event that may not follow is kept as superseded and changes nothing else."""
    s = WhistleState() if state is None else copy.copy(state)
    s.events += 1
    row = _BY_EVENT.get(event.kind)
    if row is None or s.phase not in row.sources or not _fold(s, row, event):
        s.superseded = [*s.superseded, event.id]
        return s
    if row.to is not None:
        s.phase = row.to
        s.ended_at = event.occurred_at if row.verb == "withdraw" else 0
    elif s.calls and all(c.state == SCORED for c in s.calls):
        s.phase, s.ended_at = RATED, event.occurred_at
    elif s.calls and all(c.state in (DONE, SCORED) for c in s.calls):
        s.phase = ANSWERED
    return s


def _fold(s: WhistleState, row: Transition, e: Fact) -> bool:
    if row.verb == "blow":
        return _blown(s, e)
    if row.verb == "call_more":
        return _called(s, e)
    if row.on != "call":
        return True
    one = s.call(_text(e.body, "unit"))
    if one is None or one.state != row.guard:
        return False
    new = {
        "report_in": one._replace(state=REPORTED_IN, reported_at=e.occurred_at, who=_text(e.body, "who")),
        "answer": one._replace(state=DONE, answered_at=e.occurred_at, result=_text(e.body, "result")),
        "rate": one._replace(state=SCORED, satisfaction=_text(e.body, "satisfaction"), score=_score(e.body)),
    }[row.verb]
    s.calls = [new if c.unit == one.unit else c for c in s.calls]
    return True


def _blown(s: WhistleState, e: Fact) -> bool:
    body = e.body
    calls = _calls(body, e.occurred_at)
    if not calls:
        return False
    s.calls = calls
    for name in ("id", "number", "matter", "incident", "incident_number", "area_path", "centre", "centre_name"):
        setattr(s, name, _text(body, name))
    s.area = _text(body, "area") or None
    level = body.get("level")
    s.level = level if isinstance(level, int) and not isinstance(level, bool) and 1 <= level <= 4 else 4
    s.by, s.blown_at = e.actor, e.occurred_at
    for name in ("report_clock", "result_clock"):
        clock = body.get(name)
        setattr(s, name, clock if isinstance(clock, dict) else {})
    return True


def _called(s: WhistleState, e: Fact) -> bool:
    known = {c.unit for c in s.calls}
    fresh = [c for c in _calls(e.body, e.occurred_at) if c.unit not in known]
    s.calls = [*s.calls, *fresh]
    return bool(fresh)


def _calls(body: Mapping[str, Json], at: int) -> list[Call]:
    """The departments named, each once, with the times they have."""
    units = body.get("units")
    found: dict[str, Call] = {}
    for one in units if isinstance(units, list) else []:
        if isinstance(one, dict) and isinstance(one.get("unit"), str) and one["unit"]:
            unit = str(one["unit"])
            found.setdefault(unit, Call(unit, _text(one, "name") or unit, CALLED, at, _due(body, "report_clock"),
                                        _due(body, "result_clock")))
    return list(found.values())


def _due(body: Mapping[str, Json], name: str) -> int | None:
    clock = body.get(name)
    due = clock.get("due") if isinstance(clock, dict) else None
    return due if isinstance(due, int) and not isinstance(due, bool) else None


def _score(body: Mapping[str, Json]) -> float | None:
    score = body.get("score")
    good = isinstance(score, int | float) and not isinstance(score, bool) and 0 <= score <= 100
    return float(score) if good and isinstance(score, int | float) else None


def _text(body: Mapping[str, Json], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""
