"""What screens show of whistles (基层吹哨、部门报到)."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.faults import Message
from app.domain.whistle_process import ENDED


@dataclass(frozen=True, slots=True)
class CallView:
    """One department that was called. Times are epoch seconds, None when not yet or without a limit."""

    unit_id: str
    name: str
    state: str
    """called, reported_in, done, scored"""
    called_at: float
    report_due: float | None
    result_due: float | None
    reported_at: float | None
    answered_at: float | None
    who: str
    result: str
    satisfaction: str
    score: float | None
    verbs: tuple[str, ...]
    """what the asking operator may do about it now"""

    def late(self, now: float) -> bool:
        """Its next step is overdue, or was taken too late."""
        return bool((self.report_due is not None and (self.reported_at or now) > self.report_due)
                    or (self.result_due is not None and (self.answered_at or now) > self.result_due))


@dataclass(frozen=True, slots=True)
class WhistleView:
    """A whistle with the departments it called."""

    id: str
    number: str
    phase: str
    """blown, answered, rated, withdrawn"""
    matter: str
    level: int
    incident_id: str
    incident_number: str
    area_id: str | None
    centre_name: str
    by: str
    blown_at: float
    calls: tuple[CallView, ...]
    verbs: tuple[str, ...]
    due_because: tuple[Message, ...]

    @property
    def open(self) -> bool:
        """Neither rated nor withdrawn."""
        return self.phase not in ENDED


@dataclass(frozen=True, slots=True)
class WhistleCounts:
    """Numbers of the whistles an operator sees. `score`: mean of the departments rated this month, None: none yet."""

    open: int = 0
    to_report: int = 0
    """departments that were called and are not there yet"""
    to_answer: int = 0
    """departments that are there and owe their result"""
    late: int = 0
    """departments of those two whose time is over"""
    rated: int = 0
    """departments rated this month"""
    score: float | None = None
