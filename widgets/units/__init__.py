"""The unit board: all forces, what they do and how old their positions are."""
from __future__ import annotations

from widgets.units.board import UnitBoard

__all__ = ["UnitBoard"]
