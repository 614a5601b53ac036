"""The one clock door. Nothing else in the program asks the machine for the time."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()


class ScaledClock:
    """A drill's own time: runs `speed` times as fast as the machine's from an anchor both share.

    Several programs on one drill store agree on the time because anchor and speed lie in the store.
    """

    def __init__(self, anchor_real: datetime, anchor_scaled: datetime, speed: float) -> None:
        if not speed > 0:
            raise ValueError("speed must be above zero")
        self.anchor_real = anchor_real
        self.anchor_scaled = anchor_scaled
        self.speed = speed

    def now(self) -> datetime:
        """Aware UTC of the drill."""
        real: timedelta = datetime.now(UTC) - self.anchor_real
        return self.anchor_scaled + real * self.speed

    def monotonic(self) -> float:
        """Scaled seconds that never go back."""
        return time.monotonic() * self.speed


class DrillClock(ScaledClock):
    """A scaled clock whose anchors follow what the drill store says; the machine's time until they are set."""

    def __init__(self) -> None:
        now = datetime.now(UTC)
        super().__init__(now, now, 1.0)
        self.stands = False

    def set(self, anchor_real: datetime, anchor_scaled: datetime, speed: float, *, stands: bool = False) -> None:
        """Take over new anchors; `stands`: the drill is closed, its time is `anchor_scaled` until it is opened."""
        ScaledClock.__init__(self, anchor_real, anchor_scaled, speed)
        self.stands = stands

    def now(self) -> datetime:
        """Aware UTC of the drill."""
        return self.anchor_scaled if self.stands else super().now()


class FixedClock:
    """A clock that is set by hand; for replays and tests."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock needs an aware time")
        self.at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The set time."""
        return self.at

    def monotonic(self) -> float:
        """Seconds since 1970 of the set time."""
        return self.at.timestamp()

    def advance(self, seconds: float) -> None:
        """Move on."""
        self.at += timedelta(seconds=seconds)
