"""What screens show of the line to the hub."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.faults import Message


@dataclass(frozen=True, slots=True)
class CentreLink:
    """A centre of the 1+9+40 and its link: "up", "stale", "down", "unknown" (no presence was ever seen)."""

    centre: str
    name: str
    level: int
    state: str
    seen_at: float | None


@dataclass(frozen=True, slots=True)
class Divergence:
    """What this seat showed had diverged from the other seats' and was mended: when, and how many rows."""

    at: float
    rows: int


SKEW_SHOWN_MS, SKEW_ALARM_MS = 2_000, 60_000
"""a clock that far off the hub's is shown, and alarmed (PROMISES.md 8)"""


@dataclass(frozen=True, slots=True)
class SyncState:
    """`mode`: "alone" (no hub configured), "connected", "behind", "off", "files" (no line: exchange by files). `why`:
    what keeps it off, where that is known."""

    mode: str
    behind: int
    unsent: int
    since: float | None
    skew_ms: int | None
    why: Message | None = None
    diverged: Divergence | None = None
