"""The one door to the screen: events at a limited rate, frames, background tasks, stall watch."""
from __future__ import annotations

from widgets.bridge.bridge import Bridge, SeatFacts
from widgets.bridge.faults import Fault

__all__ = ["Bridge", "Fault", "SeatFacts"]
