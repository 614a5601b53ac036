"""One drone's link: heartbeats once a second, lost after five missed ones; what is to be written, and when. Pure."""
from __future__ import annotations

from typing import Final

from app.intake.mavlink import Battery, Fix, Heartbeat, Reading
from app.services.commands import Position
from app.services.drone_watch import DroneLimits, is_low
from app.services.views import DroneState

HEARTBEAT_S: Final = 1.0
MISSES: Final = 5
LOST_S: Final = HEARTBEAT_S * MISSES
"""so long without a heartbeat: the link is lost"""
POSITION_EVERY_S: Final = 1.0
STATE_EVERY_S: Final = 5.0


class DroneLink:
    """The state of one drone. Times given to it: `now` monotonic s, `epoch` UTC s.

    `system` None: the first vehicle that is heard of; messages of others are counted as `others`.
    """

    def __init__(self, unit_id: str, system: int | None = None, limits: DroneLimits | None = None) -> None:
        self.unit_id, self.limits = unit_id, limits or DroneLimits()
        self.system = system
        self.others = 0
        self.heartbeats = 0
        self.fixes = 0
        self.link = ""
        """"" before the first heartbeat, then "ok" or "lost" """
        self._beat_at = self._beat_epoch = 0.0
        self._fix: Fix | None = None
        self._battery: int | None = None
        self._armed = False
        self._fresh_fix = False
        self._position_at = self._state_at = float("-inf")
        self._told: tuple[object, ...] = ()

    def hear(self, reading: Reading, now: float, epoch: float) -> None:
        """Take note of a reading."""
        if self.system is None and isinstance(reading, Heartbeat | Fix):
            self.system = reading.system
        if reading.system != self.system:
            self.others += 1
            return
        if isinstance(reading, Heartbeat):
            self.heartbeats += 1
            self._beat_at, self._beat_epoch, self._armed, self.link = now, epoch, reading.armed, "ok"
        elif isinstance(reading, Fix):
            self.fixes += 1
            self._fix, self._fresh_fix = reading, True
        elif isinstance(reading, Battery):
            self._battery = reading.percent

    def tick(self, now: float) -> None:
        """Time passes."""
        if self.link == "ok" and now - self._beat_at > LOST_S:
            self.link = "lost"

    def position(self, now: float, epoch: float) -> Position | None:
        """A position that is due to be written: the last one, once a second, only while the link stands."""
        fix = self._fix
        if fix is None or not self._fresh_fix or self.link != "ok" or now - self._position_at < POSITION_EVERY_S:
            return None
        self._position_at, self._fresh_fix = now, False
        return Position(self.unit_id, fix.lon, fix.lat, epoch, fix.heading)

    def state(self, now: float) -> DroneState | None:
        """A state that is due to be written: at once when link, mode or low battery change, else every few seconds."""
        if not self.link:
            return None
        made = DroneState(self.unit_id, self.link, self._beat_epoch,
                          None if self._fix is None else round(self._fix.altitude_m, 1),
                          None if self._fix is None else round(self._fix.speed_mps, 1), self._battery,
                          "armed" if self._armed else "disarmed")
        news = (made.link, made.mode, is_low(made, self.limits))
        if news == self._told and (now - self._state_at < STATE_EVERY_S or made.lost):
            return None
        self._told, self._state_at = news, now
        return made
