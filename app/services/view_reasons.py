"""Reasons for looking at a camera that the program itself gives, or that are one press away: kept as they stand here,
in no reader's language, and said in the reader's; what a person wrote stays as it was written."""
from __future__ import annotations

from typing import Final

from app.domain.faults import Message
from app.text import mark

BESIDE_INCIDENT: Final = mark("beside an incident")
WALL_INCIDENT: Final = mark("wall: beside an incident")
WALL_PATROL: Final = mark("wall: patrol")
WALL_NAMED: Final = mark("wall: named wall")
USUAL: Final = (mark("routine round"), mark("check of a report"), mark("check of equipment"))
"""one press away"""
_KEPT: Final = frozenset((BESIDE_INCIDENT, WALL_INCIDENT, WALL_PATROL, WALL_NAMED, *USUAL))


def shown(reason: str) -> Message | str:
    """A reason as it was kept, fit for `app.text.render`."""
    return Message(reason) if reason in _KEPT else reason
