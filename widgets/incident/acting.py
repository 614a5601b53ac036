"""What was typed for which act, which acts wait for an answer: kept beside the panel, for any number of incidents."""
from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from app.services.seat import Seat
from app.services.views import IncidentView, UnitRow
from widgets.forms.matching import Choice
from widgets.incident.form import Typed
from widgets.incident.words import status_label, tr

KEPT_FORMS = 200
"""Half-typed forms kept, by incident and verb; the oldest goes first."""


class Acting:
    """Half-typed forms and acts on their way."""

    def __init__(self) -> None:
        self._typed: OrderedDict[tuple[str, str], Typed] = OrderedDict()
        self._pending: dict[str, list[str]] = {}
        self._ahead: set[str] = set()
        self.numbers: dict[str, str] = {}
        """incident → number of those with acts on their way"""

    def typed(self, incident_id: str, verb: str) -> Typed:
        """What was typed for an act, to go on with."""
        typed = self._typed.setdefault((incident_id, verb), Typed())
        self._typed.move_to_end((incident_id, verb))
        while len(self._typed) > KEPT_FORMS:
            self._typed.popitem(last=False)
        return typed

    def known(self, incident_id: str, verb: str) -> Typed | None:
        """The same without making one."""
        return self._typed.get((incident_id, verb))

    def pending(self, incident_id: str | None) -> list[str]:
        """Verbs on their way."""
        return self._pending.get(incident_id or "", [])

    def begin(self, incident_id: str, verb: str, view: IncidentView | None) -> int | None:
        """An act is sent. Returns the sequence its maker looked at; None when an own act of before is not yet seen, or
        for a note, which overtakes nothing."""
        fresh = view is not None and view.row.id == incident_id and incident_id not in self._ahead
        seen = view.row.changed_seq if view is not None and fresh and verb != "note" else None
        self._pending.setdefault(incident_id, []).append(verb)
        if view is not None and view.row.id == incident_id:
            self.numbers[incident_id] = view.row.number
        self._ahead.add(incident_id)
        return seen

    def seen(self, incident_id: str) -> None:
        """A view arrived; it holds every act that was answered before."""
        if not self._pending.get(incident_id):
            self._ahead.discard(incident_id)

    def settle(self, incident_id: str, verb: str, refusal: str = "") -> None:
        """The answer came: done (what was typed is forgotten) or refused (it is kept with the reason)."""
        waiting = self._pending.get(incident_id, [])
        if verb in waiting:
            waiting.remove(verb)
        if not waiting:
            self._pending.pop(incident_id, None)
        if not refusal:
            self._typed.pop((incident_id, verb), None)
        elif (typed := self._typed.get((incident_id, verb))) is not None:
            typed.refusal = refusal


def forces_for(incident_id: str) -> Callable[[Seat], list[UnitRow]]:
    """All forces, the recommended ones first."""
    def load(seat: Seat) -> list[UnitRow]:
        best = [c.unit for c in seat.recommend(incident_id).candidates]
        known = {u.id for u in best}
        return best + [u for u in seat.units() if u.id not in known]
    return load


def unit_choice(unit: UnitRow) -> Choice:
    """A force as a choice of a picker."""
    parts = (status_label(unit.status), tr("load {n}", n=unit.load) if unit.load else "")
    return Choice(unit.id, unit.name, (unit.call_sign, unit.team), " · ".join(p for p in parts if p))
