"""Simulated drones of the demo: each flies rounds over its place, changes its battery, and is not heard for a moment
now and then. A pure function of the time."""
from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.drill.frame import Frame
from app.services.commands import Command, DroneStates, Position, ReportPositions
from app.services.views import DroneState, UnitRow

RADIUS_M, ROUND_S, SPEED_MPS = 420.0, 260.0, 10.2
FLIGHT_S, ON_GROUND_S = 1500.0, 300.0
FULL, LEAST = 98, 24
SILENT_EVERY_S, SILENT_S, LOST_AFTER_S = 700.0, 25.0, 5.0
EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class _Drone:
    unit_id: str
    x: float
    y: float
    phase: float
    """a share by which it is ahead of the others"""


class Flights:
    """`commands(now)` at most once a second of the clock on the wall."""

    def __init__(self, units: Sequence[UnitRow], frame: Frame) -> None:
        self._frame = frame
        self._drones: list[_Drone] = []
        for unit in units:
            if unit.lon is not None and unit.lat is not None:
                x, y = frame.to_m(unit.lon, unit.lat)
                self._drones.append(_Drone(unit.id, float(x), float(y), len(self._drones) * 0.37))
        self._at = -1e18

    def commands(self, at: float, speed: float = 1.0) -> Iterator[Command]:
        """Positions and states that are due at `at` (epoch s)."""
        if not self._drones or at - self._at < 0.9 * EVERY_S * speed:
            return
        self._at = at
        positions, states = [], []
        for drone in self._drones:
            position, state = self.seen(drone, at)
            states.append(state)
            if position is not None:
                positions.append(position)
        if positions:
            yield ReportPositions(tuple(positions), fine=True)
        yield DroneStates(tuple(states))

    def seen(self, drone: _Drone, at: float) -> tuple[Position | None, DroneState]:
        """Where it is, and what it says; no position while it is not heard."""
        into = (at + drone.phase * FLIGHT_S) % (FLIGHT_S + ON_GROUND_S)
        flying = into < FLIGHT_S
        silent = (at + drone.phase * SILENT_EVERY_S) % SILENT_EVERY_S
        heard = at - silent if flying and silent < SILENT_S else at
        lost = at - heard > LOST_AFTER_S
        share = min(into / FLIGHT_S, 1.0)
        charge = (into - FLIGHT_S) / ON_GROUND_S
        battery = round(FULL - (FULL - LEAST) * share) if flying else round(LEAST + (FULL - LEAST) * charge)
        out = min(into, FLIGHT_S - into, 60.0) / 60.0 if flying else 0.0
        turn = 2 * math.pi * ((at / ROUND_S + drone.phase) % 1.0)
        x = drone.x + out * RADIUS_M * math.sin(turn)
        y = drone.y + out * RADIUS_M * math.cos(turn)
        lon, lat = self._frame.to_deg(x, y)
        heading = round((math.degrees(turn) + 90.0) % 360.0, 1)
        state = DroneState(drone.unit_id, "lost" if lost else "ok", heard, round(90.0 * out, 1),
                           SPEED_MPS if flying else 0.0, battery, "armed" if flying else "disarmed")
        if heard < at:
            return None, state
        where = Position(drone.unit_id, round(float(lon), 7), round(float(lat), 7), at, heading if flying else None)
        return where, state
