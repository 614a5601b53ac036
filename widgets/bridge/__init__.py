"""The one door to the screen: events at a limited rate, frames, background tasks, stall watch."""
from __future__ import annotations

from widgets.bridge.bridge import Bridge, SeatFacts
from widgets.bridge.faults import Fault
from widgets.bridge.frames import Frame, FrameLane
from widgets.bridge.gc_guard import GcGuard
from widgets.bridge.runner import Runner, Task
from widgets.bridge.stall import StallFigures, StallWatch

__all__ = ["Bridge", "Fault", "Frame", "FrameLane", "GcGuard", "Runner", "SeatFacts", "StallFigures", "StallWatch",
           "Task"]
