"""Logging in to a live store."""
from __future__ import annotations

from widgets.login.panel import LoginPanel

__all__ = ["LoginPanel"]
