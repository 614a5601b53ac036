"""Hotline calls: they ring; a person may take them, else a simulated dispatcher does, and the incident follows."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.drill.arrivals import Arrival
from app.drill.orders import DISPATCHER, INTAKE, Order
from app.services.commands import CallEvent
from app.services.views import CallRow


@dataclass(slots=True)
class _Call:
    arrival: Arrival
    rang: float
    takes_at: float
    talks_until: float = 0.0
    taken: bool = False


class CallPlay:
    """Keeps the calls that ring or talk. `ring_s`: how long a person has to take one."""

    def __init__(self, rng: np.random.Generator, ring_s: float) -> None:
        self._rng, self._ring_s = rng, ring_s
        self._calls: dict[str, _Call] = {}

    def ring(self, call_id: str, arrival: Arrival, now: float) -> Order:
        """A call comes in."""
        takes = now + self._ring_s * float(self._rng.uniform(0.8, 1.4))
        self._calls[call_id] = _Call(arrival, now, takes)
        phone = arrival.report.reporter.phone if arrival.report.reporter else ""
        return Order(INTAKE, CallEvent(call_id, "rang", phone))

    def see(self, rows: Sequence[CallRow]) -> None:
        """Calls as they are: one that talks without our doing was taken by a person, who writes it down himself."""
        for row in rows:
            call = self._calls.get(row.id)
            if call is not None and row.state == "talking" and not call.taken:
                del self._calls[row.id]

    def due(self, now: float) -> Iterator[tuple[Order, Arrival | None]]:
        """Orders that are due, with the arrival that became an incident."""
        for call_id, call in list(self._calls.items()):
            if not call.taken and now >= call.takes_at:
                call.taken = True
                call.talks_until = now + float(self._rng.uniform(35, 95))
                yield Order(DISPATCHER, CallEvent(call_id, "answered")), None
            elif call.taken and now >= call.talks_until:
                del self._calls[call_id]
                report = replace(call.arrival.report, call_id=call_id)
                arrival = replace(call.arrival, report=report)
                yield Order(DISPATCHER, report, incident=report.incident_id or ""), arrival
                yield Order(DISPATCHER, CallEvent(call_id, "ended", incident_id=report.incident_id)), None

    def __len__(self) -> int:
        return len(self._calls)
