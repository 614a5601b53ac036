"""What is given to the demo's seat after its import, so that it lives from the first second."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from app.domain.incident_process import HANDLING
from app.drill.district import District
from app.intake.records import IncidentHistory
from app.services.commands import CameraStates, Command, Position, ReportPositions, SetUnitDuty, SignDuty

_OFFLINE, _ABSENT = 0.025, 0.04


def start_commands(district: District, histories: Sequence[IncidentHistory], now: datetime) -> list[Command]:
    """Commands in order: who is off duty, where everybody is, which cameras work, who has signed in for the shift.

    Forces on the scene of an open incident stand there; those on their way are somewhere between.
    """
    rng = np.random.default_rng((district.skeleton.seed, 9))
    at = now.timestamp()
    off = [u for u in district.units if u.extra.get("on_duty") is False]
    commands: list[Command] = [SetUnitDuty(u.key, False) for u in off]
    commands.append(ReportPositions(tuple(_positions(district, histories, at, rng))))
    up = rng.random(len(district.cameras)) > _OFFLINE
    commands.append(CameraStates(tuple(
        (c.key, "online" if ok else "offline", at - 30.0 * float(rng.random()))
        for c, ok in zip(district.cameras, up.tolist(), strict=True))))
    for row in district.roster:
        if row.start and row.end and row.start <= now < row.end and float(rng.random()) > _ABSENT:
            commands.append(SignDuty(row.role, row.name))
    return commands


def _positions(district: District, histories: Sequence[IncidentHistory], at: float,
               rng: np.random.Generator) -> list[Position]:
    there: dict[str, tuple[float, float, float]] = {}
    for history in histories:
        if history.phase not in HANDLING or history.lon is None or history.lat is None:
            continue
        share = {"on_scene": 1.0, "en_route": 0.6}.get(history.phase, 0.0)
        for event in history.events:
            if event.step == "assigned":
                there[str(event.params.get("unit", ""))] = (history.lon, history.lat, share)
    out = []
    for unit in district.units:
        if unit.lon is None or unit.lat is None or unit.extra.get("on_duty") is False:
            continue
        lon, lat = unit.lon, unit.lat
        if unit.key in there:
            to_lon, to_lat, share = there[unit.key]
            near = share * (1.0 - 0.0004 * float(rng.random()))
            lon, lat = lon + (to_lon - lon) * near, lat + (to_lat - lat) * near
        out.append(Position(unit.key, round(lon, 7), round(lat, 7), at - 12.0 * float(rng.random())))
    return out
