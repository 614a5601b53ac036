"""What screens show of the duty of a centre."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.faults import Message
from app.domain.handover import Item
from app.domain.handover_process import ONE_SIDED, RETURNED, WAITING


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
    waits: bool = False
    """their hand-over is not signed yet: they are responsible until it is"""


@dataclass(frozen=True, slots=True)
class HandoverStep:
    """What was done with a hand-over, by whom; `text`: what was written with it."""

    verb: str
    at: float
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Handover:
    """What was told when a shift was handed over, with what was open at that instant (by tab of the queue). `at`: when
    the text as it stands was written."""

    at: float
    name: str
    role: str
    note: str
    matters: Mapping[str, int] = field(default_factory=dict)
    id: str = ""
    number: str = ""
    phase: str = ONE_SIDED
    items: tuple[Item, ...] = ()
    """incidents that were named"""
    version: str = ""
    """of the text: what is signed"""
    reason: str = ""
    """why it was given back"""
    incoming: str = ""
    signed_at: float | None = None
    steps: tuple[HandoverStep, ...] = ()
    verbs: tuple[str, ...] = ()
    """what this operator may do with it"""
    why_unsigned: Message | None = None
    """why this operator cannot sign for it"""
    unsent: bool = False
    """the hub does not know all of it yet"""

    @property
    def open(self) -> bool:
        """Whether the outgoing person is still responsible."""
        return self.phase in (WAITING, RETURNED)


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
    """the last one that was signed, or told by one side"""
    waiting: tuple[Handover, ...] = ()
    """those that nobody has signed for yet, the oldest first"""

    @property
    def post(self) -> str:
        """How many of the planned ones have signed in: "5/6"; without a roster just how many."""
        return f"{self.present}/{self.planned}" if self.planned else str(self.present)

    @property
    def leader_waits(self) -> bool:
        """Whether the leader's hand-over is not signed yet."""
        return any(p.waits and p.role == "duty_leader" and p.name == self.leader for p in self.people)

    @property
    def supervisor_waits(self) -> bool:
        """Whether the supervisor's hand-over is not signed yet."""
        return any(p.waits and p.role != "duty_leader" and p.name == self.supervisor for p in self.people)
