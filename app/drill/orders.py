"""What a player asks to be done, and as whom."""
from __future__ import annotations

from dataclasses import dataclass

from app.services.commands import Command
from app.services.views import Warning_

DISPATCHER, SUPERVISOR, VERIFIER, FIELD, INTAKE = "dispatcher", "supervisor", "verifier", "field", "intake"
ACTORS = (DISPATCHER, SUPERVISOR, VERIFIER, FIELD, INTAKE)


@dataclass(frozen=True, slots=True)
class Order:
    """A command (or a public warning) of one of the simulated actors. `unit`: the force that acts, for the field."""

    actor: str
    command: Command | Warning_
    unit: str = ""
    incident: str = ""
