"""What is known of one incident: the serialisable state that the fold of its events keeps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from app.domain.events import Json
from app.domain.incident_process import ACKNOWLEDGED, ASSIGNED, EN_ROUTE, ON_SCENE
from app.domain.passing import Pass, holder, open_pass

OPEN_ASSIGNMENT = frozenset({ASSIGNED, ACKNOWLEDGED, EN_ROUTE, ON_SCENE})


_SEAT = "\x1f"


def maker_of(actor: str, seat: str) -> str:
    """An operator as the states remember them: the id means somebody only together with the seat that it is of."""
    return f"{actor}{_SEAT}{seat}" if seat else actor


def is_same_maker(kept: str, maker: str) -> bool:
    """Whether the maker that a state keeps is this one. What an import tells of names no seat: then the id decides."""
    return kept == maker or (_SEAT not in kept and kept != "" and kept == maker.partition(_SEAT)[0])


class Fact(NamedTuple):
    """What a fold needs of an event."""

    id: str
    kind: str
    occurred_at: int
    actor: str
    body: Mapping[str, Json]
    seat: str = ""

    @property
    def maker(self) -> str:
        """Who made it, on which seat."""
        return maker_of(self.actor, self.seat)


class Assignment(NamedTuple):
    """One unit's part in an incident, its own record with its own state. Times in ms, 0 when not yet."""

    unit: str
    name: str
    lead: bool
    state: str
    assigned_at: int
    acknowledged_at: int = 0
    departed_at: int = 0
    arrived_at: int = 0
    fed_back_at: int = 0
    chased: int = 0

    @property
    def open(self) -> bool:
        """Still in hand."""
        return self.state in OPEN_ASSIGNMENT


@dataclass(slots=True)
class IncidentState:
    """All that follows from an incident's events. Treat it as immutable: `apply` returns a new one."""

    id: str = ""
    number: str = ""
    phase: str = ""
    level: int = 4
    kind: str = ""
    channel: str = ""
    place: str = ""
    original_place: str = ""
    description: str = ""
    area: str | None = None
    area_path: str = ""
    lon: float | None = None
    lat: float | None = None
    sensitive: bool = False
    reported_at: int = 0
    registered_at: int = 0
    fed_back_at: int = 0
    verified_at: int = 0
    closed_at: int = 0
    clock: dict[str, Json] = field(default_factory=dict)
    phase_clock: dict[str, Json] = field(default_factory=dict)
    phase_since: int = 0
    assignments: list[Assignment] = field(default_factory=list)
    held_at: int = 0
    supervised: list[str] = field(default_factory=list)
    raised: int = 0
    passes: list[Pass] = field(default_factory=list)
    pass_refusals: int = 0
    pass_clock: dict[str, Json] = field(default_factory=dict)
    extension: dict[str, Json] | None = None
    extensions: int = 0
    returns: int = 0
    returned: bool = False
    reworks: int = 0
    chased: int = 0
    merged: list[str] = field(default_factory=list)
    merged_into: str = ""
    reporters: list[str] = field(default_factory=list)
    told: list[list[Json]] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)
    finding: str = ""
    handlers: list[str] = field(default_factory=list)
    dispatcher: str = ""
    satisfaction: str = ""
    score: float | None = None
    verdict: str = ""
    source: str = ""
    external: str = ""
    imported: bool = False
    self_handled: bool = False
    forced: bool = False
    device: str = ""
    last_event: str = ""
    last_at: int = 0
    events: int = 0
    superseded: list[str] = field(default_factory=list)

    @property
    def lead(self) -> Assignment | None:
        """The assignment that drives the phase: the open or answered lead one, newest first."""
        for a in reversed(self.assignments):
            if a.lead and a.state not in ("returned", "recalled"):
                return a
        return None

    @property
    def on_scene(self) -> bool:
        """Somebody has arrived and is still in hand."""
        return any(a.state == ON_SCENE for a in self.assignments)

    @property
    def open_pass(self) -> Pass | None:
        """The pass to another centre that waits to be signed for."""
        return open_pass(self.passes)

    @property
    def holder(self) -> str:
        """The centre that signed for it last; "" while it is where it lies."""
        return holder(self.passes)

    def due(self) -> int | None:
        """Due time in ms; None without limit or while held."""
        value = self.clock.get("due")
        return value if isinstance(value, int) and not self.held_at else None

    def dump(self) -> str:
        """The state as JSON text, without what is at its default."""
        out: dict[str, Any] = {}
        for name, default in _DEFAULTS.items():
            value = getattr(self, name)
            if value != default:
                out[name] = value
        return json.dumps(out, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    @classmethod
    def load(cls, text: str) -> IncidentState:
        """The reverse of `dump`."""
        raw = json.loads(text)
        if "assignments" in raw:
            raw["assignments"] = [Assignment(*a) for a in raw["assignments"]]
        if "passes" in raw:
            raw["passes"] = [Pass(*p) for p in raw["passes"]]
        return cls(**raw)


_DEFAULTS: dict[str, Any] = {f.name: getattr(IncidentState(), f.name) for f in fields(IncidentState)}
