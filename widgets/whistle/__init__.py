"""Whistles (基层吹哨、部门报到): what communities called departments for, and how these answered."""
from __future__ import annotations

from widgets.whistle.panel import WhistlePanel

__all__ = ["WhistlePanel"]
