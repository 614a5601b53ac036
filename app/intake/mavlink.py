"""MAVLink bytes → what a drone says of itself: heartbeat, position, height, heading, speed, battery. By pymavlink.

What is no message is counted and passed over; it never ends a link.
"""
from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pymavlink.dialects.v20 import ardupilotmega as dialect

AUTOPILOT: Final = 1
"""component id of an autopilot (MAV_COMP_ID_AUTOPILOT1)"""
NO_VEHICLES: Final = frozenset({6, 18, 26, 27, 30})
"""MAV_TYPE of ground stations, on-board controllers, gimbals, ADSB receivers, cameras"""
_ARMED: Final = 128
_UNKNOWN_HEADING: Final = 65535
_STARTS: Final = (0xFE, 0xFD)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """It is there. `armed`: its motors may run."""

    system: int
    armed: bool


@dataclass(frozen=True, slots=True)
class Fix:
    """Where it is: WGS-84 degrees, height above its start (m), heading (degrees), speed over ground (m/s)."""

    system: int
    lon: float
    lat: float
    altitude_m: float
    heading: float | None
    speed_mps: float


@dataclass(frozen=True, slots=True)
class Battery:
    """How much is left, percent."""

    system: int
    percent: int


Reading = Heartbeat | Fix | Battery


class MavlinkReader:
    """Feed it bytes as they come. `messages` good ones, `bad` pieces that were none (broken, unknown, not plausible).

    `whole`: what is fed at once holds whole messages only (a datagram, a log's packet); else one may go on in the next.
    """

    def __init__(self, *, whole: bool = False) -> None:
        self._parser: Any = dialect.MAVLink(None)
        self._whole = whole
        self._buffer = bytearray()
        self._skipping = False
        self.messages = 0
        self.bad = 0

    def feed(self, data: bytes) -> list[Reading]:
        """The readings in the bytes, in their order. Never raises for what they hold."""
        out: list[Reading] = []
        self._buffer += data
        at, buffer = 0, self._buffer
        while at < len(buffer):
            size = _size(buffer, at)
            if size is None and not self._whole:
                break  # it may go on
            message = self._decoded(bytes(buffer[at:at + size])) if size else None
            if message is None or not size:
                if not self._skipping:
                    self.bad += 1
                self._skipping = True
                at += 1
                continue
            self._skipping = False
            at += size
            self.messages += 1
            reading = self._reading(message)
            if reading is not None:
                out.append(reading)
        del buffer[:at]
        if self._whole:
            self._skipping = False
        return out

    def _decoded(self, packet: bytes) -> Any:
        """The message of a packet whose check sum is right, else None."""
        try:
            return self._parser.decode(bytearray(packet))
        except (dialect.MAVError, ValueError, TypeError, struct.error, IndexError, KeyError, OverflowError):
            return None

    def _reading(self, message: Any) -> Reading | None:
        kind, system = message.get_type(), int(message.get_srcSystem())
        if kind == "HEARTBEAT":
            if message.get_srcComponent() != AUTOPILOT or message.type in NO_VEHICLES:
                return None
            return Heartbeat(system, bool(message.base_mode & _ARMED))
        if kind == "GLOBAL_POSITION_INT":
            return self._fix(message, system)
        if kind in ("SYS_STATUS", "BATTERY_STATUS"):
            left = int(message.battery_remaining)
            return Battery(system, left) if 0 <= left <= 100 else None
        return None

    def _fix(self, message: Any, system: int) -> Fix | None:
        lon, lat, height_m = message.lon / 1e7, message.lat / 1e7, message.relative_alt / 1000
        if not (abs(lon) <= 180 and abs(lat) <= 90 and abs(height_m) < 20_000):
            self.bad += 1
            return None
        if lon == 0.0 and lat == 0.0:
            return None  # no satellites yet
        heading = None if message.hdg == _UNKNOWN_HEADING or message.hdg > 36000 else message.hdg / 100 % 360
        return Fix(system, lon, lat, height_m, heading, math.hypot(message.vx, message.vy) / 100)


def _size(data: bytes | bytearray, at: int) -> int | None:
    """Length of the packet that begins here; 0: none does, None: not all of it is there."""
    if data[at] not in _STARTS:
        return 0
    if len(data) < at + 3:
        return None
    size = data[at + 1] + (8 if data[at] == 0xFE else 12)
    if data[at] == 0xFD and data[at + 2] & 1:  # signed
        size += 13
    return size if len(data) >= at + size else None


def log_packets(data: bytes) -> Iterator[tuple[float, bytes]]:
    """(epoch s, packet) of a telemetry log (.tlog: eight bytes of microseconds before each packet); bytes that do not
    fit are passed over up to the next packet."""
    at, end = 0, len(data)
    while at + 10 < end:
        size = _size(data, at + 8)
        us = struct.unpack_from(">Q", data, at)[0]
        if size == 0 or not 0 < us < 1 << 53:
            at += 1
            continue
        if size is None:
            return
        yield us / 1e6, data[at + 8:at + 8 + size]
        at += 8 + size
