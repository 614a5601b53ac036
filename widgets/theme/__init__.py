"""Colours, sizes, fonts and icons: the only place with such literals."""
from __future__ import annotations

from widgets.theme.tokens import Step, Tokens, color, current, px, radius, size, space

__all__ = ["Step", "Tokens", "color", "current", "px", "radius", "size", "space"]
