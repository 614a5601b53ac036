"""Passing an incident between centres: offered, signed for by the receiving one, refused back, or taken back.

A pass changes no phase. Where the incident lies stays what it was; who has it in hand is the last centre that signed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from app.domain.events import Json

WAYS = ("up", "down", "across")
OFFERED, SIGNED, REFUSED, TAKEN_BACK, LAPSED = "offered", "signed", "refused", "taken_back", "lapsed"
REFUSALS_BEFORE_ARBITER = 3
"""after so many refusals only an arbiter passes it on, and what an arbiter passed is not refused (as for returns)"""


class Pass(NamedTuple):
    """One pass from centre to centre. Times in ms, 0 when not yet. `binding`: it is not refused, because an
    arbiter decided so or because it was escalated."""

    to: str
    to_name: str
    source: str
    source_name: str
    way: str
    state: str
    at: int
    by: str
    answered_at: int = 0
    answered_by: str = ""
    binding: bool = False


class Passed(Protocol):
    """What a fold of passes reads and writes of an incident."""

    passes: list[Pass]
    pass_refusals: int
    raised: int
    pass_clock: dict[str, Json]


class PassFact(Protocol):
    """What it needs of an event."""

    @property
    def occurred_at(self) -> int: ...
    @property
    def actor(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Json]: ...


def open_pass(passes: list[Pass]) -> Pass | None:
    """The pass that waits for its centre."""
    return passes[-1] if passes and passes[-1].state == OFFERED else None


def holder(passes: list[Pass]) -> str:
    """The centre that has it in hand because it signed for it last; "" while it is where it lies."""
    return next((p.to for p in reversed(passes) if p.state == SIGNED), "")


def _text(body: Mapping[str, Json], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _clock(s: Passed, body: Mapping[str, Json]) -> None:
    clock = body.get("pass_clock")
    s.pass_clock = clock if isinstance(clock, dict) else {}


def offer(way: str) -> Callable[[Passed, PassFact], bool]:
    """The fold of a pass in one direction."""

    def fold(s: Passed, e: PassFact) -> bool:
        to, source = _text(e.body, "to"), _text(e.body, "from")
        if not to or to == source or open_pass(s.passes) is not None:
            return False
        s.passes = [*s.passes, Pass(to, _text(e.body, "to_name"), source, _text(e.body, "from_name"), way, OFFERED,
                                    e.occurred_at, e.actor, binding=e.body.get("binding") is True)]
        _clock(s, e.body)
        return True

    return fold


def _answer(s: Passed, e: PassFact, state: str) -> bool:
    waiting = open_pass(s.passes)
    if waiting is None:
        return False
    by = waiting.source if state == TAKEN_BACK else waiting.to
    if _text(e.body, "centre") != by or (state == REFUSED and waiting.binding):
        return False
    s.passes = [*s.passes[:-1], waiting._replace(state=state, answered_at=e.occurred_at, answered_by=e.actor)]
    _clock(s, e.body)
    return True


def sign(s: Passed, e: PassFact) -> bool:
    """The receiving centre takes it."""
    if not _answer(s, e, SIGNED):
        return False
    s.pass_refusals = 0
    return True


def refuse(s: Passed, e: PassFact) -> bool:
    """The receiving centre gives it back."""
    if not _answer(s, e, REFUSED):
        return False
    s.pass_refusals += 1
    return True


def take_back(s: Passed, e: PassFact) -> bool:
    """The passing centre takes it back before it was signed for."""
    return _answer(s, e, TAKEN_BACK)


def escalate(s: Passed, e: PassFact) -> bool:
    """The passing centre escalates what was not signed for in time: it must be taken, within a new time."""
    waiting = open_pass(s.passes)
    if waiting is None or _text(e.body, "centre") != waiting.source:
        return False
    s.passes = [*s.passes[:-1], waiting._replace(binding=True)]
    s.raised += 1
    _clock(s, e.body)
    return True


def lapse(s: Passed) -> None:
    """The incident ended: nobody signs for it any more, no clock of a pass runs."""
    waiting = open_pass(s.passes)
    if waiting is not None:
        s.passes = [*s.passes[:-1], waiting._replace(state=LAPSED)]
    s.pass_clock = {}
