"""The demo's drones: they fly rounds, say what they have left, and are lost for a moment now and then."""
from __future__ import annotations

from app.drill.flights import LEAST, SILENT_EVERY_S, Flights
from app.drill.frame import Frame
from app.services.commands import DroneStates, ReportPositions
from app.services.views import UnitRow


def drone(unit_id: str, lon: float, lat: float) -> UnitRow:
    return UnitRow(unit_id, unit_id, "drone", "", "", "free", lon, lat, None, None, None, (), 0, (), "", True)


FRAME = Frame(117.0, 30.5)


def test_an_hour_of_flight_is_plausible_and_the_same_each_time():
    units: list[UnitRow] = [drone("u1", 117.01, 30.51), drone("u2", 117.02, 30.52)]
    first, second = Flights(units, FRAME), Flights(units, FRAME)
    lost = fixes = 0
    batteries = []
    last: dict[str, tuple[float, float]] = {}
    for second_ in range(3600):
        at = 1_800_000_000.0 + second_
        commands = list(first.commands(at))
        assert commands == list(second.commands(at))
        for command in commands:
            if isinstance(command, DroneStates):
                lost += sum(s.lost for s in command.states)
                batteries += [s.battery for s in command.states if s.battery is not None]
                assert all(s.heard_at <= at for s in command.states)
            elif isinstance(command, ReportPositions):
                assert command.fine
                for p in command.positions:
                    fixes += 1
                    before = last.get(p.unit_id)
                    if before is not None:
                        assert abs(p.lon - before[0]) + abs(p.lat - before[1]) < 0.012, "no jump"
                    last[p.unit_id] = (p.lon, p.lat)
    assert 0 < lost < 3600 * 2 / SILENT_EVERY_S * 40
    assert fixes > 6000
    assert LEAST <= min(batteries) < 30 < 90 < max(batteries) <= 100


def test_once_a_second_of_the_wall_is_enough():
    flights = Flights([drone("u1", 117.01, 30.51)], FRAME)
    assert len(list(flights.commands(1000.0, 10.0))) > 0
    assert list(flights.commands(1005.0, 10.0)) == []
    assert len(list(flights.commands(1010.0, 10.0))) > 0
