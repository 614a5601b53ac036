"""From folded states to the rows that queries read. Pure but for the table rows it names."""

from __future__ import annotations

from typing import Any

from app.domain.incident import IncidentState
from app.domain.incident_process import ENDED_PHASES, REGISTERED, REPORTED, RETURNS_BEFORE_ARBITER
from app.domain.passing import LAPSED, OFFERED, SIGNED
from app.services.views import Flag

_ENDED = frozenset(ENDED_PHASES)
_LATEST_MS = 253_402_300_800_000
"""the end of the year 9999: no clock is read beyond it"""


def flags_of(s: IncidentState) -> int:
    """The side states of an incident as `Flag` bits."""
    flags = Flag(0)
    for on, flag in (
        (s.held_at, Flag.HELD),
        (s.supervised, Flag.SUPERVISED),
        (s.sensitive, Flag.SENSITIVE),
        (s.phase == REPORTED, Flag.UNACKNOWLEDGED),
        (s.extensions, Flag.EXTENDED),
        (s.returned and s.phase == REGISTERED, Flag.RETURNED),
        (s.merged, Flag.HAS_MERGED),
        (s.superseded, Flag.CONFLICT),
        (s.raised, Flag.RAISED),
        (s.returns >= RETURNS_BEFORE_ARBITER and s.phase == REGISTERED, Flag.NEEDS_ARBITER),
        (s.imported, Flag.IMPORTED),
        (s.extension, Flag.EXTENSION_ASKED),
        (s.reworks, Flag.REWORKED),
        (s.chased, Flag.CHASED),
        (s.open_pass or s.holder, Flag.PASSED),
    ):
        if on:
            flags |= flag
    return int(flags)


def _ms(clock: dict[str, Any], name: str) -> int | None:
    value = clock.get(name)
    return value if isinstance(value, int) and abs(value) < _LATEST_MS else None


def centres_of(s: IncidentState) -> str:
    """The centres that it was passed to and that did not give it back: "|c1|c2|"; "" for none."""
    codes = sorted({p.to for p in s.passes if p.state in (OFFERED, SIGNED, LAPSED)})
    return f"|{'|'.join(codes)}|" if codes else ""


def incident_row(s: IncidentState, seq: int) -> dict[str, Any]:
    """The queue's row of a state; `seq` is the local sequence of its last event."""
    lead = s.lead
    held = bool(s.held_at)
    full_due = _ms(s.clock, "due")
    waiting = s.open_pass
    # until it is accepted no case clock runs: what is due is the acceptance itself
    clock = s.phase_clock if s.phase == REPORTED and full_due is None else s.clock
    return {
        "id": s.id,
        "number": s.number,
        "phase": s.phase,
        "level": s.level,
        "kind": s.kind,
        "channel": s.channel,
        "place": s.place,
        "area": s.area,
        "area_path": s.area_path,
        "flags": flags_of(s),
        "reported_at": s.reported_at,
        "registered_at": s.registered_at,
        "fed_back_at": s.fed_back_at,
        "closed_at": s.closed_at,
        "limit_from": _ms(clock, "from"),
        "warn_at": None if held else _ms(clock, "warn"),
        "due_at": None if held else _ms(clock, "due"),
        "phase_due_at": None if held else _ms(s.phase_clock, "due"),
        "full_due_at": full_due,
        "handler": lead.name or lead.unit if lead else "",
        "lead_unit": lead.unit if lead else "",
        "helpers": sum(1 for a in s.assignments if a.open and not a.lead),
        "lon": s.lon,
        "lat": s.lat,
        "on_scene": int(s.on_scene),
        "ended": int(s.phase in _ENDED),
        "verdict": s.verdict,
        "satisfaction": s.satisfaction,
        "source": s.source,
        "external": s.external,
        "dispatcher": s.dispatcher,
        "pass_to": waiting.to if waiting is not None else "",
        "holder": s.holder,
        "pass_due_at": None if held else _ms(s.pass_clock, "due"),
        "centres": centres_of(s),
        "last_seq": seq,
        "state": s.dump(),
    }


def assignment_rows(s: IncidentState) -> list[dict[str, Any]]:
    """Open assignments of an open incident: what its units have in hand."""
    if s.phase in _ENDED:
        return []
    return [
        {"incident": s.id, "unit": a.unit, "state": a.state, "lead": int(a.lead), "since": a.assigned_at}
        for a in s.assignments
        if a.open
    ]
