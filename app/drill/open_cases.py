"""Cases still open at the first second, in every phase, so that no screen starts empty."""
from __future__ import annotations

from app.domain.incident_process import (
    ACKNOWLEDGED,
    ASSIGNED,
    EN_ROUTE,
    FED_BACK,
    ON_SCENE,
    REGISTERED,
    REPORTED,
    VERIFIED,
)
from app.drill.story import Case, Teller, pick

FRESH = ((REPORTED, 4), (REGISTERED, 6), (ASSIGNED, 6))
"""the newest ones wait at the desk or for a signature"""
_FRESH_AGE_S = {REPORTED: 800.0, REGISTERED: 3300.0, ASSIGNED: 4800.0}
_MIX = ((ACKNOWLEDGED, 0.14), (EN_ROUTE, 0.20), (ON_SCENE, 0.43), (FED_BACK, 0.20), (VERIFIED, 0.03))
_ORDER = (REPORTED, REGISTERED, ASSIGNED, ACKNOWLEDGED, EN_ROUTE, ON_SCENE, FED_BACK, VERIFIED)
_PACE_S = {REGISTERED: 45.0, ASSIGNED: 70.0, ACKNOWLEDGED: 140.0, EN_ROUTE: 90.0, ON_SCENE: 600.0, FED_BACK: 1500.0,
           VERIFIED: 1200.0}


def phase_of(rank: int, turn: float) -> str:
    """The phase of the `rank`-th newest open case."""
    for phase, count in FRESH:
        if rank < count:
            return phase
        rank -= count
    for phase, share in _MIX:
        turn -= share
        if turn < 0:
            return phase
    return ON_SCENE


def fresh_count() -> int:
    """How many of the newest cases wait before anybody has them in hand."""
    return sum(count for _, count in FRESH)


def youngest(case: Case, phase: str, now: float) -> None:
    """Move a case so near to now that its phase is believable."""
    most = _FRESH_AGE_S.get(phase)
    if most is not None and now - case.at > most:
        shift = now - most * (0.06 + 0.9 * case.turns[5]) - case.at
        case.at += shift
        case.registered += shift


def tell_open(teller: Teller, case: Case, phase: str, now: float) -> None:
    """Steps from the report to `phase`, all before `now`, each phase with its own clock."""
    last = _ORDER.index(phase)
    pace = [0.0]
    for i, name in enumerate(_ORDER[1:last + 1]):
        quick = 0.35 if case.level <= 2 else 1.0
        pace.append(_PACE_S[name] * quick * (0.5 + case.turns[i]))
    room = 0.93 * (now - case.at) - 2.0
    scale = min(1.0, room / max(sum(pace), 1.0))
    at, times = case.at, {}
    for name, wait in zip(_ORDER[:last + 1], pace, strict=True):
        at += wait * scale
        times[name] = at
    lead = case.lead
    for name in _ORDER[:last + 1]:
        clock = teller.phase_clock(case, name, times[name]) if name == phase else {}
        shown: dict[str, object] = {"phase_clock": clock} if clock else {}
        if name == REPORTED:
            case.add("reported", times[name], **shown)
        elif name == REGISTERED:
            case.registered = times[name]
            case.add("registered", times[name], actor="dispatcher2" if case.turns[3] < 0.6 else "dispatcher", **shown)
        elif name == ASSIGNED:
            case.add("assigned", times[name], unit=lead.id, unit_name=lead.name, lead=True,
                     actor="dispatcher2", **shown)
        elif name in (ACKNOWLEDGED, EN_ROUTE, ON_SCENE):
            step = {ACKNOWLEDGED: "acknowledged", EN_ROUTE: "departed", ON_SCENE: "arrived"}[name]
            case.add(step, times[name], unit=lead.id, actor=lead.name, **shown)
        elif name == FED_BACK:
            case.add("fed_back", times[name], unit=lead.id, actor=lead.name,
                     result=teller.words.answer(case.family, case.turns[16]), **shown)
        else:
            case.add("verified", times[name], actor="verifier", **shown)
    case.phase = phase
    _sides(teller, case, phase, times, now)


def _sides(teller: Teller, case: Case, phase: str, times: dict[str, float], now: float) -> None:
    """Some were returned, chased, held or are supervised; grave ones have services told and helpers on the way."""
    turns, notes, lead = case.turns, teller.words.notes, case.lead
    begun = times[phase]
    later = begun + 0.6 * (now - begun)
    if phase == REGISTERED and turns[12] < 0.3:
        given = begun + 0.2 * (now - begun)
        other = case.other
        case.add("assigned", given, unit=other.id, unit_name=other.name, lead=True, actor="dispatcher2")
        clock = teller.phase_clock(case, REGISTERED, later)
        case.add("returned", later, unit=other.id, basis=pick(notes["return"], turns[14]), actor=other.name,
                 **({"phase_clock": clock} if clock else {}))
    elif phase == ASSIGNED and turns[7] < 0.3:
        case.add("chased", later, actor="dispatcher2")
    elif phase in (ACKNOWLEDGED, ON_SCENE) and turns[9] < 0.06:
        case.add("extension_requested", later, minutes=240, reason=pick(notes["extension"], turns[14]), actor=lead.name)
    elif phase in (ACKNOWLEDGED, ON_SCENE) and turns[9] < 0.10:
        case.add("held", later, reason=pick(notes["hold"], turns[14]), actor="supervisor")
    elif phase in (EN_ROUTE, ON_SCENE) and turns[9] > 0.965:
        case.add("supervised", later, ground="important", note=pick(notes["supervise"], turns[14]), actor="supervisor")
    if case.level <= 2 and REGISTERED in times:
        service = {"fire": "119", "police": "110"}.get(case.family, "110")
        case.add("told", times[REGISTERED] + min(9.0, 0.3 * (now - times[REGISTERED])), service=service,
                 number=f"{service}-{int(turns[10] * 9000) + 1000}", actor="dispatcher2")
    if case.level <= 2 and ASSIGNED in times:
        for unit in case.helpers:
            at = times[ASSIGNED] + 0.25 * (now - times[ASSIGNED])
            case.add("assigned", at, unit=unit.id, unit_name=unit.name, lead=False, actor="dispatcher2")
            case.add("acknowledged", at + 0.2 * (now - at), unit=unit.id, actor=unit.name)
            case.add("departed", at + 0.4 * (now - at), unit=unit.id, actor=unit.name)
