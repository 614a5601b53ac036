"""What is to be told of drones: a battery that is low, a link that is lost, each once, and when it is over. Pure."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.services.book import Book
from app.services.views import DroneState, UnitRow

LIST: Final = "drone_limit"
BATTERY, LINK = "battery", "link"
ON_GROUND: Final = "disarmed"
"""a drone that said so and is then switched off is not missed"""


@dataclass(frozen=True, slots=True)
class DroneLimits:
    """Percent and seconds, as the list drone_limit says; the values here are those of the shipped list, for a store
    that was founded before there was one."""

    battery_low: int = 25
    battery_fine: int = 30
    link_lost: int = 5


def limits_of(book: Book) -> DroneLimits:
    """The limits in force."""
    found = {code.code: code.extra.get("value") for code in book.codes(LIST)}
    shipped = DroneLimits()

    def value(name: str) -> int:
        got = found.get(name)
        return got if isinstance(got, int) and not isinstance(got, bool) and got >= 0 else int(getattr(shipped, name))

    low = value("battery_low")
    return DroneLimits(low, max(low + 1, value("battery_fine")), value("link_lost"))


def is_low(drone: DroneState, limits: DroneLimits) -> bool:
    """Whether it has to come back."""
    return drone.battery is not None and drone.battery <= limits.battery_low and drone.mode != ON_GROUND


def is_missed(drone: DroneState, limits: DroneLimits, now: float) -> bool:
    """Whether nobody hears it, though it was in the air when it was heard last. `now`: epoch s."""
    return drone.lost and drone.mode != ON_GROUND and now - drone.heard_at >= limits.link_lost


@dataclass(frozen=True, slots=True)
class DroneAlarm:
    """`what`: BATTERY or LINK; `since`: epoch s when it was seen first (LINK: when the drone was heard last)."""

    unit_id: str
    name: str
    what: str
    since: float
    battery: int | None = None

    @property
    def key(self) -> str:
        """The same alarm, on each screen and after a restart; a lost link is told anew when it was back between."""
        return f"{self.unit_id} {self.what}" + (f" {self.since:.0f}" if self.what == LINK else "")


class DroneWatch:
    """Feed it with the forces as they are now; it knows what stands, and says what came and what is over."""

    def __init__(self) -> None:
        self.standing: dict[tuple[str, str], DroneAlarm] = {}
        """(unit id, what) → the alarm, the oldest first"""

    def look(self, units: Iterable[UnitRow], limits: DroneLimits, now: float) -> tuple[list[DroneAlarm],
                                                                                      list[DroneAlarm]]:
        """(come, over) since the last look. A battery that trembles about its limit is told once: it is over only at
        `battery_fine`, or on the ground. A drone that is no longer in the lists leaves without a word."""
        came: list[DroneAlarm] = []
        over: list[DroneAlarm] = []
        there: dict[tuple[str, str], DroneAlarm] = {}
        for unit in units:
            drone = unit.drone
            if drone is None:
                continue
            for what, stands in ((LINK, is_missed(drone, limits, now)), (BATTERY, self._low(unit.id, drone, limits))):
                old = self.standing.get((unit.id, what))
                if stands:
                    since = drone.heard_at if what == LINK else old.since if old is not None else now
                    made = DroneAlarm(unit.id, unit.name, what, since, drone.battery)
                    there[unit.id, what] = made
                    if old is None:
                        came.append(made)
                elif old is not None:
                    over.append(DroneAlarm(unit.id, unit.name, what, old.since, drone.battery))
        self.standing = {**{key: there[key] for key in self.standing if key in there}, **there}
        return came, over

    def _low(self, unit_id: str, drone: DroneState, limits: DroneLimits) -> bool:
        if (unit_id, BATTERY) in self.standing and drone.battery is not None and drone.mode != ON_GROUND:
            return drone.battery < limits.battery_fine
        return is_low(drone, limits)
