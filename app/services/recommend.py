"""Which forces to send: distance, age of position, load, skill, grid, each said; and why others were passed over."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.faults import Message
from app.domain.incident import IncidentState
from app.geo.index import haversine_m
from app.services.book import Book
from app.services.views import Candidate, Recommendation, UnitRow

SPEED_M_S = {"police": 8.0, "fire": 8.0, "medical": 8.0, "urban": 6.0, "repair": 6.0, "patrol": 4.0}
WALK_M_S = 2.5
"""mean speeds in town over the straight distance; others walk or ride an electric bicycle"""
STALE_POSITION_S = 300.0
FAR_M = 8_000.0
SHOWN, PASSED_SHOWN = 8, 6


def recommend(state: IncidentState, units: Sequence[UnitRow], book: Book, now: float) -> Recommendation:
    """Candidates, best first, and the nearest passed over with the reason. Never blocks on the database."""
    entry = book.code("kind", state.kind)
    skill = str(entry.extra.get("skill", "")) if entry else ""
    busy = {a.unit for a in state.assignments if a.open}
    returned = {a.unit for a in state.assignments if a.state == "returned"}
    candidates: list[Candidate] = []
    passed: list[tuple[float, UnitRow, Message]] = []
    for unit in units:
        if unit.id in busy or unit.kind == "drone":  # it sees, it does not act
            continue
        distance = _distance(state, unit)
        age = now - unit.position_at if unit.position_at is not None else None
        reason = _passed_over(unit, distance, age, returned)
        if reason is not None:
            passed.append((distance if distance is not None else 1e12, unit, reason))
            continue
        candidates.append(_candidate(state, unit, distance, age, skill, book))
    candidates.sort(key=lambda c: (c.score, c.unit.id))
    passed.sort(key=lambda p: (p[0], p[1].id))
    return Recommendation(state.id, tuple(candidates[:SHOWN]), tuple((u, m) for _, u, m in passed[:PASSED_SHOWN]))


def _distance(state: IncidentState, unit: UnitRow) -> float | None:
    if state.lon is None or state.lat is None or unit.lon is None or unit.lat is None:
        return None
    return float(haversine_m(state.lon, state.lat, unit.lon, unit.lat))


def _passed_over(unit: UnitRow, distance: float | None, age: float | None, returned: set[str]) -> Message | None:
    if unit.status == "off":
        return Message("off duty")
    if unit.id in returned:
        return Message("returned this order before")
    if unit.status == "on_scene":
        return Message("is on the scene of another incident")
    if age is not None and age > STALE_POSITION_S:
        return Message("position {minutes} min old, stale", {"minutes": int(age // 60)})
    if distance is not None and distance > FAR_M:
        return Message("{km} km away", {"km": f"{distance / 1000:.0f}"})
    return None


def _candidate(
    state: IncidentState, unit: UnitRow, distance: float | None, age: float | None, skill: str, book: Book
) -> Candidate:
    eta = distance * 1.3 / SPEED_M_S.get(unit.kind, WALK_M_S) if distance is not None else None
    owns = bool(unit.area_id and unit.area_id == state.area)
    beside = bool(
        unit.area_id
        and state.area
        and not owns
        and book.ancestor(unit.area_id, 2) == book.ancestor(state.area, 2)
        and book.ancestor(state.area, 2) is not None
    )
    has_skill = not skill or skill in unit.skills
    # minutes to arrive, plus what each drawback is worth in minutes
    score = (eta / 60 if eta is not None else 30.0) + 6.0 * unit.load + (0.0 if has_skill else 8.0)
    score += (0.0 if age is not None else 4.0) - (4.0 if owns else 1.5 if beside else 0.0)
    reasons = []
    if owns:
        reasons.append(Message("its own grid"))
    elif beside:
        reasons.append(Message("same community"))
    if skill:
        reasons.append(
            Message(
                "has the skill {skill}" if has_skill else "without the skill {skill}",
                {"skill": Message(f"skill.{skill}")},
            )
        )
    reasons.append(Message("{count} in hand", {"count": unit.load}))
    if age is None:
        reasons.append(Message("no position, its post is used" if distance is not None else "no position"))
    return Candidate(unit, distance, eta, age, owns, has_skill, score, tuple(reasons))
