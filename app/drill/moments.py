"""Plays the scripted moments of scenarios at their time."""
from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from app.drill.arrivals import Arrival, Arrivals
from app.drill.orders import INTAKE, Order
from app.drill.scenario import Moment, Scenario
from app.drill.stage import Stage
from app.services.views import Warning_

_POOLS = {"quarter": "s", "town": "s", "shore": "w", "homes": "h", "anywhere": "."}


class MomentPlay:
    """Knows what each moment's `ref` became."""

    def __init__(self, stage: Stage, scenarios: Sequence[Scenario], arrivals: Arrivals,
                 rng: np.random.Generator) -> None:
        self._stage, self._scenarios, self._arrivals, self._rng = stage, scenarios, arrivals, rng
        self._plan: list[tuple[float, Scenario, int, Moment]] = []
        self._spots: dict[tuple[str, int, str], int] = {}
        self._ids: dict[tuple[str, int, str], str] = {}

    def start(self, at: float) -> None:
        """The drill begins now (epoch s)."""
        for scenario in self._scenarios:
            self._enter(scenario, 0, at + scenario.starts_after_s)

    def _enter(self, scenario: Scenario, turn: int, at: float) -> None:
        self._plan.extend((at + m.after_s, scenario, turn, m) for m in scenario.moments)
        self._plan.sort(key=lambda p: p[0])

    def due(self, now: float) -> Iterator[tuple[Order, Arrival | None, str]]:
        """(order, arrival or None for a warning, id of the incident to merge into or "")."""
        while self._plan and self._plan[0][0] <= now:
            at, scenario, turn, moment = self._plan.pop(0)
            if moment is scenario.moments[-1] and scenario.repeat_after_s > 0:
                begun = at - moment.after_s
                self._enter(scenario, turn + 1, max(begun + scenario.repeat_after_s, now))
            if moment.do == "warn":
                yield Order(INTAKE, self._warning(scenario, turn, moment, now)), None, ""
            elif len(self._stage.spots.lon) and self._stage.book.code("kind", moment.kind):
                arrival = self._arrival(scenario, turn, moment)
                into = self._ids.get((scenario.name, turn, moment.merge_into), "")
                yield Order(INTAKE, arrival.report), arrival, into

    def _arrival(self, scenario: Scenario, turn: int, moment: Moment) -> Arrival:
        spot = self._spots.get((scenario.name, turn, moment.same_place_as))
        if spot is None:
            spot = self._spot(moment.where)
        arrival = self._arrivals.report(moment.kind, moment.channel, spot, moment.level, text=moment.text,
                                        device=moment.device, jitter_m=moment.jitter_m)
        if moment.ref:
            self._spots[(scenario.name, turn, moment.ref)] = spot
            self._ids[(scenario.name, turn, moment.ref)] = arrival.report.incident_id or ""
        return arrival

    def _spot(self, where: str) -> int:
        """A place; the quarter's are the last part of the shops' pool."""
        pool = self._stage.spots.pools[_POOLS[where]]
        first = (2 * len(pool)) // 3 if where == "quarter" else 0
        return int(pool[int(self._rng.integers(first, len(pool)))])

    @staticmethod
    def _warning(scenario: Scenario, turn: int, moment: Moment, now: float) -> Warning_:
        until = now + moment.lasts_s if moment.lasts_s > 0 else None
        return Warning_(f"drill-{scenario.name}-{turn}", moment.level or 4, moment.title, moment.text, moment.areas,
                        now, now, until, moment.source)
