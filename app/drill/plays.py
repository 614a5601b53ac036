"""What a player remembers: one record per incident it has seen, and a queue of what is to be done when."""
from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.services.views import QueueRow


@dataclass(slots=True)
class Play:
    """An incident as the player sees it. `human`: a person at a desk has it, the player's desk keeps its hands off."""

    id: str
    row: QueueRow
    human: bool = False
    kept: bool = False
    """waits for a person for a while before the player's desk takes it"""
    false_alarm: bool = False
    merge_into: str = ""
    planned: str = ""
    """the phase that the desk's next act was planned for"""
    told: set[str] = field(default_factory=set)
    late: bool = False
    states: dict[str, str] = field(default_factory=dict)
    """unit → state of its open assignment that the next act was planned for"""
    lead: str = ""
    asked: bool = False
    refused: int = 0

    @property
    def place(self) -> tuple[float, float] | None:
        """(lon, lat), None without a point."""
        return None if self.row.lon is None or self.row.lat is None else (self.row.lon, self.row.lat)


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done for an incident (and a unit) if `expect` still holds when its time comes."""

    what: str
    incident: str
    unit: str = ""
    expect: str = ""
    text: str = ""


class Agenda:
    """Tasks by time; equal times in the order they were added."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Task]] = []
        self._count = 0

    def add(self, at: float, task: Task) -> None:
        """Remember to do it at an instant (epoch s)."""
        self._count += 1
        heapq.heappush(self._heap, (at, self._count, task))

    def due(self, now: float) -> Iterator[tuple[float, Task]]:
        """Take out everything due by now, earliest first."""
        while self._heap and self._heap[0][0] <= now:
            at, _, task = heapq.heappop(self._heap)
            yield at, task

    def __len__(self) -> int:
        return len(self._heap)
