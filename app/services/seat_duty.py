"""What a seat knows of the duty of its centre: the running shift, and hand-overs."""
from __future__ import annotations

from collections.abc import Collection

from app.domain.limits import to_ms
from app.services import duties, handovers
from app.services.duty_views import DutyView, Handover
from app.services.handovers import Open
from app.services.seat_calls import SeatCalls
from app.services.views import QueueRow, Status


class SeatDuty(SeatCalls):
    """A part of `LocalSeat`."""

    @property
    def _centre(self) -> str:
        raise NotImplementedError

    def queue(self, ids: Collection[str] | None = None, *, ended: bool = False) -> list[QueueRow]:
        """Rows of open incidents."""
        raise NotImplementedError

    def status(self) -> Status:
        """Every number that any screen shows."""
        raise NotImplementedError

    def duty(self) -> DutyView | None:
        """Who leads the running shift, who has signed in, what was handed over last; None: no roster and nobody."""
        people = self._store.reads.duty(to_ms(self.clock.now()), duties.early_ms(self.book))
        told = self._told(1, signed=True)
        last = max((h for h in told if not h.open), key=lambda h: h.signed_at or h.at, default=None)
        return duties.view(people, last, [h for h in reversed(told) if h.open])

    def handovers(self, limit: int = 50) -> list[Handover]:
        """Hand-overs of the centre, newest first: those that nobody has signed for yet, and the last ended ones."""
        return self._told(limit)

    def _told(self, limit: int, *, signed: bool = False) -> list[Handover]:
        reads, centre = self._store.reads, self._centre
        both = [handovers.view(state, self.operator, unsent=unsent)
                for state, unsent in reads.handovers(centre, limit, signed=signed)]
        return sorted([*both, *reads.one_sided(centre, limit)], key=lambda h: (-h.at, h.id))

    def open_now(self) -> Open:
        """What is open at this instant, for a hand-over."""
        return Open(self.status().tabs, tuple(self.queue()), self.clock.now().timestamp())
