"""The command line of the desk: a thin field over `app.services.command_line`."""
from __future__ import annotations

from widgets.command.line import CommandLine

__all__ = ["CommandLine"]
