"""Ports: what the core needs from the outside, as protocols."""
from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The one clock door: aware UTC and monotonic seconds."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
