"""What a process is: a table of transitions. Buttons, command line, gateway and help are all made from such a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who may act. No role both acts and erases."""

    WALL = "wall"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    DUTY_LEADER = "duty_leader"
    VERIFIER = "verifier"
    DEPARTMENT = "department"
    COMMUNITY = "community"
    GRID_WORKER = "grid_worker"
    INTAKE = "intake"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Need:
    """One datum that a transition takes.

    `type` is one of: text, lines, choice:<a|b|...>, code:<list>, unit, units, incident, area, centre, minutes, point,
    time, flag, blobs, score. A required one that is missing or blank makes the command refuse.
    """

    name: str
    type: str
    label: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: in which phases the verb is legal, what event it makes, where it leads, who may do it, what it needs.

    `to` is None when the phase stays (a side state, a note, or decided by the lead assignment). `guard` names a rule of
    the process beyond phase and role. `key` is the letter of the desk. `on` is "incident" or "assignment": the latter
    needs an assignment of the incident to act upon. `irreversible` acts are confirmed by the user.
    """

    verb: str
    event: str
    sources: frozenset[str]
    to: str | None
    roles: frozenset[Role]
    label: str
    key: str = ""
    needs: tuple[Need, ...] = ()
    guard: str = ""
    on: str = "incident"
    irreversible: bool = False
    help: str = ""


class Process:
    """An immutable transition table of one kind of process, looked up by verb."""

    def __init__(self, name: str, phases: tuple[str, ...], transitions: tuple[Transition, ...]) -> None:
        self.name = name
        self.phases = phases
        self._by_verb: Mapping[str, Transition] = {t.verb: t for t in transitions}
        if len(self._by_verb) != len(transitions):
            raise ValueError(f"process {name}: a verb stands twice")
        for t in transitions:
            unknown = set(t.sources) - set(phases) - {""}
            if unknown or (t.to is not None and t.to not in phases):
                raise ValueError(f"process {name}: {t.verb} names an unknown phase")

    def __iter__(self) -> Iterator[Transition]:
        return iter(self._by_verb.values())

    def get(self, verb: str) -> Transition | None:
        """The row of a verb, or None."""
        return self._by_verb.get(verb)

    def from_phase(self, phase: str) -> tuple[Transition, ...]:
        """Rows whose verb is legal in `phase` as far as the phase alone tells."""
        return tuple(t for t in self if phase in t.sources)
