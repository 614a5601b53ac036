"""Alarms of a video platform (GB/T 28181-2022 A.2.5.3) → reports of incidents, or a refused row with its reason.

An alarm that a camera repeats is one incident until it has been quiet for `QUIET_S`. The id follows from where, what
and when, so that the same alarm read twice, or by two seats, is one incident.
"""
from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app import text
from app.domain.events import machine_event_id
from app.domain.faults import Message, Rejected
from app.services.commands import ReportIncident

QUIET_S: Final = 600.0
CHANNEL: Final = "sensor"
DEVICE, VIDEO, FAULT = "2", "5", "6"
_METHODS: Final = {
    "1": "telephone alarm", "2": "device alarm", "3": "text message alarm", "4": "GPS alarm", "5": "video alarm",
    "6": "device fault", "7": "other alarm",
}
_TYPES: Final = {
    ("2", "1"): "video lost", ("2", "2"): "device tampered with", ("2", "3"): "storage full",
    ("2", "4"): "too hot", ("2", "5"): "too cold",
    ("5", "1"): "raised by hand", ("5", "2"): "motion", ("5", "3"): "object left", ("5", "4"): "object removed",
    ("5", "5"): "line crossed", ("5", "6"): "intrusion", ("5", "7"): "wrong way", ("5", "8"): "loitering",
    ("5", "9"): "flow count", ("5", "10"): "density", ("5", "11"): "picture abnormal", ("5", "12"): "fast movement",
    ("5", "13"): "picture covered",
}
_KINDS: Final = {("2", "4"): "1205", ("5", "8"): "1304", ("5", "6"): "1304"}
"""codes of the shipped list of kinds: smoke alarm, loitering; all others"""
_OTHER_KIND: Final = "1307"
_OWN_FAULTS: Final = frozenset({("2", "1"), ("2", "3"), ("2", "5"), ("5", "11")})


@dataclass(frozen=True, slots=True)
class PlatformAlarm:
    """One alarm. `at`: epoch s; `level` 1 to 4; `own_fault`: the device itself is ill, nobody is sent out for it."""

    device: str
    channel: str
    method: str
    type: str
    level: int
    at: float
    description: str
    lon: float | None
    lat: float | None

    @property
    def own_fault(self) -> bool:
        """Whether it tells of the device, not of the place that it watches."""
        return self.method == FAULT or (self.method, self.type) in _OWN_FAULTS

    @property
    def key(self) -> str:
        """What repeats: this channel raising this alarm."""
        return f"{self.device}/{self.channel}/{self.method}/{self.type}"

    @property
    def what(self) -> Message:
        """In words."""
        method = Message(_METHODS[self.method])
        kind = _TYPES.get((self.method, self.type))
        return method if kind is None else Message("{method}: {kind}", {"method": method, "kind": Message(kind)})


def parse_alarm(raw: object, zone: ZoneInfo) -> PlatformAlarm:
    """Read one alarm as the platform says it. Raises `Rejected`."""
    if not isinstance(raw, Mapping):
        raise Rejected("alarm", raw, "an object")
    device = _id(raw, "deviceId")
    channel = _id(raw, "channelId") if raw.get("channelId") else device
    method = _word(raw, "alarmMethod")[:1]
    if method not in _METHODS:
        raise Rejected("alarm.alarmMethod", raw.get("alarmMethod"), "1 to 7")
    level = _word(raw, "alarmPriority") or "4"
    if level not in ("1", "2", "3", "4"):
        raise Rejected("alarm.alarmPriority", raw.get("alarmPriority"), "1 to 4")
    lon, lat = _degrees(raw, "longitude", 180.0), _degrees(raw, "latitude", 90.0)
    if lon is None or lat is None or (lon == 0.0 and lat == 0.0):
        lon = lat = None
    return PlatformAlarm(device, channel, method, _word(raw, "alarmType"), int(level), _time(raw, zone),
                         text.plain(str(raw.get("alarmDescription") or ""))[:500].strip(), lon, lat)


def _id(raw: Mapping[object, object], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= 64 or not value.isascii() or not value.isalnum():
        raise Rejected(f"alarm.{name}", value, "an id of letters and digits")
    return value


def _word(raw: Mapping[object, object], name: str) -> str:
    value = raw.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Rejected(f"alarm.{name}", value, "a number")
    word = str(value).strip() if isinstance(value, str) or abs(value) < 1000 else "?"
    if len(word) > 8 or (word and not (word.isascii() and word.isdecimal())):
        raise Rejected(f"alarm.{name}", value, "a number")
    return word


def _degrees(raw: Mapping[object, object], name: str, most: float) -> float | None:
    value = raw.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > most or not math.isfinite(value):
        raise Rejected(f"alarm.{name}", value, "degrees")
    return float(value)


def _time(raw: Mapping[object, object], zone: ZoneInfo) -> float:
    value = raw.get("alarmTime")
    if isinstance(value, str) and len(value) <= 32:
        try:
            at = datetime.fromisoformat(value.strip())
            found = (at if at.tzinfo is not None else at.replace(tzinfo=zone)).timestamp()
        except (ValueError, OverflowError):
            found = -1.0
        if found >= 0:
            return found
    raise Rejected("alarm.alarmTime", value, "a time of the form YYYY-MM-DD hh:mm:ss")


def _name(alarm: PlatformAlarm) -> str:
    return f"{alarm.key}@{alarm.at:.3f}"


@dataclass(slots=True)
class AlarmRun:
    """Alarms in their order → what is to be reported. `last`: key of what repeats → when it was last heard (epoch s);
    `seen`: key@time of the alarms of the last runs; give both to the next run. read = reports + known + repeats +
    own faults + rejected."""

    source: str
    last: dict[str, float] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)
    read: int = 0
    known: int = 0
    repeats: int = 0
    own_faults: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    _before: dict[str, float | None] = field(default_factory=dict)

    def reports(self, raws: Iterable[object], zone: ZoneInfo) -> list[tuple[PlatformAlarm, str]]:
        """(alarm, id of its incident) of those that are new, oldest first."""
        good: list[PlatformAlarm] = []
        for raw in raws:
            self.read += 1
            try:
                alarm = parse_alarm(raw, zone)
            except Rejected as fault:
                self.rejected.append(fault)
                continue
            if alarm.own_fault:
                self.own_faults += 1
            else:
                good.append(alarm)
        out = []
        for alarm in sorted(good, key=lambda a: (a.at, a.key)):
            name = _name(alarm)
            if name in self.seen:
                self.known += 1
                continue
            self.seen[name] = alarm.at
            before = self._before[name] = self.last.get(alarm.key)
            self.last[alarm.key] = max(alarm.at, before or 0.0)
            if before is not None and alarm.at - before < QUIET_S:
                self.repeats += 1
                continue
            out.append((alarm, machine_event_id(f"alarm/{self.source}/{alarm.channel}",
                                                f"{alarm.method}/{alarm.type}", round(alarm.at * 1000))))
        return out

    def offer_again(self, alarm: PlatformAlarm) -> None:
        """One of this run's reports could not be kept just now: the next run finds it, and what repeated it, new. Of
        several the latest first."""
        before = self._before.get(_name(alarm))
        if before is None:
            self.last.pop(alarm.key, None)
        else:
            self.last[alarm.key] = before
        later = [name for name, at in self.seen.items() if name.startswith(f"{alarm.key}@") and at >= alarm.at]
        for name in later:
            del self.seen[name]

    def forget(self, before: float) -> None:
        """Drop what has been quiet since then (epoch s)."""
        self.last = {key: at for key, at in self.last.items() if at >= before}
        self.seen = {key: at for key, at in self.seen.items() if at >= before}


def report_of(alarm: PlatformAlarm, incident_id: str, source: str, place: str, point: tuple[float, float] | None,
              now: float) -> ReportIncident:
    """The report of an alarm. `place`, `point`: of its camera, where the alarm names none."""
    described = text.render(alarm.what)
    if alarm.description:
        described = f"{described} · {alarm.description}"
    lon, lat = (alarm.lon, alarm.lat) if alarm.lon is not None else point if point is not None else (None, None)
    return ReportIncident(
        _KINDS.get((alarm.method, alarm.type), _OTHER_KIND), CHANNEL, place or alarm.channel, level=alarm.level,
        description=described, lon=lon, lat=lat, external=(source, f"{alarm.key}/{alarm.at:.0f}"), device=alarm.channel,
        occurred_at=min(alarm.at, now), incident_id=incident_id)
