"""Calls: the strip of what rings and waits, and the panel that takes an incident in while it is told."""
from __future__ import annotations

from widgets.calls.strip import CallStrip
from widgets.calls.taking import CallTaking

__all__ = ["CallStrip", "CallTaking"]
