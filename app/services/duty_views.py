"""What screens show of the duty of a centre."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DutyPerson:
    """One person of the running shift. `since`: when they last signed in or out; None: not yet."""

    role: str
    name: str
    planned: bool
    """on the roster; else signed in without it"""
    present: bool
    since: float | None = None
    shift: str = ""
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """What was told when a shift was handed over, with what was open at that instant (by tab of the queue)."""

    at: float
    name: str
    role: str
    note: str
    matters: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DutyView:
    """Who leads now (带班领导), who supervises (值班长), how many of the shift have signed in."""

    shift: str
    leader: str
    supervisor: str
    present: int
    planned: int
    until: float | None
    leader_in: bool = True
    supervisor_in: bool = True
    """whether they have signed in"""
    people: tuple[DutyPerson, ...] = ()
    handover: Handover | None = None
    """the last one"""

    @property
    def post(self) -> str:
        """How many of the planned ones have signed in: "5/6"; without a roster just how many."""
        return f"{self.present}/{self.planned}" if self.planned else str(self.present)
