"""When which sound is due: repeated by level until acknowledged, muted visibly and for a time only. No Qt, no clock."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

LEVELS = (1, 2, 3, 4)
RING = 0
"""Stands for a ringing call where a level is expected; goes before all levels but I."""
_RANK = {1: 0, RING: 1, 2: 2, 3: 3, 4: 4}


@dataclass(frozen=True, slots=True)
class SoundProfile:
    """Times in seconds. `repeat_s`: I..IV, 0 plays once only; `mute_urgent_s` while a level I waits, else `mute_s`."""

    repeat_s: tuple[float, float, float, float] = (5.0, 15.0, 60.0, 180.0)
    ring_s: float = 4.0
    mute_s: float = 600.0
    mute_urgent_s: float = 60.0
    gap_s: float = 2.0

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> SoundProfile:
        """From a profile's table; ValueError for an unknown key or a value that is no time, or level I not repeated."""
        known = {field.name for field in fields(cls)}
        made = cls()
        for key, value in values.items():
            if key not in known:
                raise ValueError(f"sound.{key}: unknown key")
            many = key == "repeat_s" and isinstance(value, list | tuple)
            numbers: list[Any] = list(value) if many else [value]  # type: ignore[call-overload]
            if not all(isinstance(n, int | float) and not isinstance(n, bool) and 0 <= n < 86_400 for n in numbers):
                raise ValueError(f"sound.{key}: got {value!r}, expected seconds")
            if key == "repeat_s" and len(numbers) != 4:
                raise ValueError(f"sound.{key}: got {value!r}, expected four times, for I to IV")
            times = tuple(float(n) for n in numbers)
            change: dict[str, Any] = {key: times if key == "repeat_s" else times[0]}
            made = replace(made, **change)
        if made.repeat_s[0] <= 0 or made.mute_urgent_s > made.mute_s:
            raise ValueError("sound: level I is always repeated, and is muted for no longer than the others")
        return made


@dataclass(frozen=True, slots=True)
class SoundState:
    """What a screen shows: numbers that wait by level I..IV, a call rings, time left of the mute (s), 0: not muted."""

    waiting: tuple[int, int, int, int]
    ringing: bool
    muted_s: float

    @property
    def muted(self) -> bool:
        return self.muted_s > 0


class Alarm:
    """The sounds of one screen. All times are seconds of one monotonic clock, handed in."""

    def __init__(self, profile: SoundProfile | None = None) -> None:
        self.profile = profile or SoundProfile()
        self._waiting: dict[str, int] = {}
        self._counts = dict.fromkeys(LEVELS, 0)
        self._due: dict[int, float] = {}
        self._ringing = False
        self._muted_until = float("-inf")
        self._quiet_until = float("-inf")

    # ---- what happens ---------------------------------------------------------------------------------------------

    def raise_alarm(self, alarm_id: str, level: int, now: float) -> None:
        """Something new waits to be acknowledged, or an alarm changed its level. A new level I ends the mute."""
        level = level if level in LEVELS else 4
        before = self._waiting.get(alarm_id)
        if before == level:
            return
        if before is not None:
            self._counts[before] -= 1
            self._forget(before)
        self._waiting[alarm_id] = level
        self._counts[level] += 1
        if level == 1:
            self._muted_until = float("-inf")
        self._due[level] = now

    def acknowledge(self, alarm_id: str) -> None:
        """Somebody has it; unknown ids are ignored."""
        level = self._waiting.pop(alarm_id, None)
        if level is not None:
            self._counts[level] -= 1
            self._forget(level)

    def keep(self, waiting: Mapping[str, int], now: float) -> None:
        """Set all that waits (id -> level) at once; new ones sound, missing ones are acknowledged."""
        for alarm_id in [known for known in self._waiting if known not in waiting]:
            self.acknowledge(alarm_id)
        for alarm_id, level in waiting.items():
            self.raise_alarm(alarm_id, level, now)

    def ring(self, on: bool, now: float) -> None:
        """A call rings, or no longer does."""
        if on and not self._ringing:
            self._due[RING] = now
        elif not on:
            self._due.pop(RING, None)
        self._ringing = on

    def mute(self, now: float) -> None:
        """Silence for `mute_s`, or for `mute_urgent_s` when a level I waits."""
        self._muted_until = now + (self.profile.mute_urgent_s if self._counts[1] else self.profile.mute_s)

    def unmute(self, now: float) -> None:
        """End the mute; what waits sounds again."""
        self._muted_until = float("-inf")
        for level in self._due:
            self._due[level] = min(self._due[level], now)

    def _forget(self, level: int) -> None:
        if not self._counts[level]:
            self._due.pop(level, None)

    # ---- what follows ---------------------------------------------------------------------------------------------

    def tick(self, now: float) -> int | None:
        """The level whose sound is to be played now (RING for a call), the most urgent of those due; None: silence.

        Two sounds are never closer than `gap_s`, however many alarms come.
        """
        if now < self._muted_until or now < self._quiet_until:
            return None
        due = [level for level, at in self._due.items() if at <= now]
        if not due:
            return None
        level = min(due, key=_RANK.__getitem__)
        every = self.profile.ring_s if level == RING else self.profile.repeat_s[level - 1]
        if every > 0:
            self._due[level] = now + every
        else:
            del self._due[level]
        self._quiet_until = now + self.profile.gap_s
        return level

    def next_s(self, now: float) -> float | None:
        """Seconds until `tick` may have something to play; None: nothing waits."""
        if not self._due:
            return None
        return max(0.0, min(self._due.values()) - now, self._quiet_until - now, self._muted_until - now)

    def state(self, now: float) -> SoundState:
        """For the screen."""
        counts = (self._counts[1], self._counts[2], self._counts[3], self._counts[4])
        return SoundState(counts, self._ringing, max(0.0, self._muted_until - now))
