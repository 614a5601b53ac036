"""What a seat knows of the other centres: acts that were overtaken, whistles, and the line to the hub by its clock."""

from __future__ import annotations

import dataclasses
from typing import TypeVar

from app.clock import SystemClock
from app.domain.whistle import WhistleState
from app.ports import Clock, SeatStore
from app.services import conflicting, status, whistles
from app.services.book import Book
from app.services.operator import Operator
from app.services.views import CentreLink, Conflict, SyncState, UnitRow, WhistleView

DEPARTMENT = "department"
"""kind of force that is called by a whistle"""
_Told = TypeVar("_Told", SyncState, CentreLink)


class SeatLevels:
    """A part of `LocalSeat`."""

    _store: SeatStore
    operator: Operator
    clock: Clock
    timezone: str

    @property
    def book(self) -> Book:
        """Code lists and areas in force."""
        raise NotImplementedError

    def _actor_name(self, actor: str) -> str:
        raise NotImplementedError

    def _local_time(self, ms: int) -> str:
        raise NotImplementedError

    def conflicts(self) -> list[Conflict]:
        """This operator's acts that another one overtook and that they have not answered yet, oldest first."""
        return conflicting.views(self._store.reads, self.operator, self.book, self._actor_name)

    def whistles(self) -> list[WhistleView]:
        """Open whistles that the operator sees and those of this month, newest first."""
        names, book = self._actor_name, self.book
        return [whistles.view(s, self.operator, book, names, whistles.because(s, book, self._local_time))
                for s in self._whistle_states()]

    def departments(self) -> list[UnitRow]:
        """Departments that can be called, wherever they lie, by name."""
        found = [u for u in self._store.reads.units(None) if u.kind == DEPARTMENT]
        return sorted(found, key=lambda u: u.name)

    def _whistle_states(self) -> list[WhistleState]:
        period = status.bounds(self.clock.now(), self.timezone)[2]
        return [s for s in self._store.reads.whistles(period) if whistles.may_see(self.operator, self.book, s)]

    def _in_seat_time(self, told: _Told) -> _Told:
        """What the syncing program noted by the machine's clock, by the clock that this seat's screens show."""
        shift = self.clock.now().timestamp() - SystemClock().now().timestamp()
        if isinstance(told, SyncState):
            gone = told.diverged
            moved = dataclasses.replace(gone, at=gone.at + shift) if gone is not None else None
            return dataclasses.replace(told, since=told.since + shift if told.since is not None else None,
                                       diverged=moved)
        return dataclasses.replace(told, seen_at=told.seen_at + shift if told.seen_at is not None else None)
