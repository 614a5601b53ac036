"""Alarm sounds with visible mute."""
from __future__ import annotations

from widgets.sound.alarm import Alarm, SoundProfile, SoundState
from widgets.sound.board import SoundBoard, SoundButton

__all__ = ["Alarm", "SoundBoard", "SoundButton", "SoundProfile", "SoundState"]
