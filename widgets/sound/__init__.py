"""Alarm sounds with visible mute."""
