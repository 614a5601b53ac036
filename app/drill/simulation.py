"""The scenario player: simulated reporters, desk, forces and devices over any seat, replayable by seed.

`step(now)` is a pure function of the simulated state and the time: it returns orders and touches nothing. Whoever runs
it (`app.drill.player`) gives the orders to the seats and tells the player what became of them through `observe`.
"""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np

from app.drill.arrivals import Arrival, Arrivals
from app.drill.call_play import CallPlay
from app.drill.desk_play import DeskPlay
from app.drill.field_play import FieldPlay
from app.drill.flights import Flights
from app.drill.hands import Force, Hands, forces_in_metres
from app.drill.moments import MomentPlay
from app.drill.orders import DISPATCHER, FIELD, INTAKE, Order
from app.drill.plays import Agenda, Play
from app.drill.scenario import Scenario
from app.drill.stage import Stage
from app.drill.story import pick
from app.drill.walk import Walkers
from app.services.commands import CameraStates, Position, ReportPositions, SelfHandle, SetUnitDuty
from app.services.views import AssignmentView, CallRow, CameraRow, QueueRow, UnitRow

_ENDED = frozenset({"closed", "evaluated", "voided", "merged"})
_SELF_HANDLED = 0.3
_SWEEP_S, _SWEEP_PARTS = 60.0, 12
_DUTY_S = 240.0
_OFFLINE = 0.025


class Player:
    """Plays a city at `speed` (1..60 times the clock on the wall)."""

    def __init__(self, stage: Stage, units: Sequence[UnitRow], cameras: Sequence[CameraRow],
                 scenarios: Sequence[Scenario], *, seed: int, speed: float = 1.0, human_share: float = 0.2,
                 intensity: float = 1.0) -> None:
        self.speed = speed
        self._stage = stage
        self._flights = Flights([u for u in units if u.kind == "drone"], stage.frame)
        units = [u for u in units if u.kind != "drone"]
        self._rng = np.random.default_rng((seed, 51))
        x, y = forces_in_metres(stage.frame, [u.lon for u in units], [u.lat for u in units])
        self._walkers = Walkers([u.kind for u in units], x, y, stage.roads, seed)
        forces = [Force(u.id, u.name, u.kind, u.skills, u.area_id, u.on_duty) for u in units]
        # The choosers see the forces where they walk.
        self._hands = Hands(forces, self._walkers.x, self._walkers.y)
        self._on_duty = np.array([u.on_duty for u in units], dtype=bool)
        self._agenda = Agenda()
        self._desk = DeskPlay(stage, self._agenda, self._hands, self._rng, human_share=human_share,
                              patience_s=max(600.0, 90.0 * speed))
        self._field = FieldPlay(stage, self._agenda, self._hands, self._walkers, self._rng)
        self._arrivals = Arrivals(stage, seed, intensity)
        self._calls = CallPlay(self._rng, max(25.0, 6.0 * speed))
        self._moments = MomentPlay(stage, scenarios, self._arrivals, self._rng)
        self._plays: dict[str, Play] = {}
        self._expected: dict[str, str] = {}
        self._cameras = [c.id for c in cameras]
        self._camera_up = self._rng.random(len(cameras)) > _OFFLINE
        self._last = self._next_sweep = self._next_duty = 0.0
        self._position_turn = self._sweep_turn = 0
        self._positions_at = -1e18
        self._started = False

    # -- what the player sees ------------------------------------------------------------------------------------------

    def observe(self, rows: Sequence[QueueRow], assignments: Mapping[str, Sequence[AssignmentView]], now: datetime, *,
                own: Collection[str] = (), first: bool = False) -> None:
        """Rows as they are now. `own`: incidents that the player itself changed since it looked last; another change
        was a person's, who then has the incident. `first`: everything is as it was found."""
        at = now.timestamp()
        for row in rows:
            play = self._plays.get(row.id)
            if play is None:
                if row.phase in _ENDED and row.id not in self._expected:
                    continue
                play = self._plays[row.id] = Play(row.id, row)
                play.merge_into = self._expected.pop(row.id, "")
                play.human = not first and row.id not in own
                self._desk.meet(play)
            elif row.changed_seq > play.row.changed_seq and row.id not in own:
                play.human = True
            play.row = row
            if row.phase in _ENDED:
                self._field.ended(play)
            else:
                self._field.see(play, assignments.get(row.id, ()), at)
            self._desk.plan(play, at)
            if row.phase in _ENDED and (row.phase != "closed" or play.human):
                del self._plays[row.id]
        self._desk.busy = {self._hands.index[u] for u in self._field.work}

    def observe_calls(self, rows: Sequence[CallRow]) -> None:
        """Calls as they are now."""
        self._calls.see(rows)

    def refused(self, order: Order, now: datetime) -> None:
        """An order was refused: look again in a while, three times at most, then leave it to people."""
        play = self._plays.get(order.incident)
        if play is None:
            return
        play.refused += 1
        play.merge_into = ""
        if play.refused > 3:
            play.human = True
            return
        play.planned = ""
        play.states.pop(order.unit, None)

    def take_over(self, incident_id: str) -> None:
        """A person has selected the incident: the player's desk keeps its hands off."""
        play = self._plays.get(incident_id)
        if play is not None:
            play.human = True

    @property
    def knows_roads(self) -> bool:
        """Whether the forces walk along roads."""
        return self._stage.roads is not None

    @property
    def open(self) -> int:
        """How many incidents the player follows."""
        return len(self._plays)

    # -- what the player does ------------------------------------------------------------------------------------------

    def step(self, now: datetime) -> list[Order]:
        """Orders for everything that is due by `now`. Call it about once a second; a long pause is not made up for."""
        at = now.timestamp()
        if not self._started:
            self._started = True
            self._last, self._next_sweep, self._next_duty = at, at, at + _DUTY_S
            self._moments.start(at)
        seconds = min(max(at - self._last, 0.0), 600.0)
        self._last = at
        self._walkers.step(seconds, self._on_duty)
        orders = [*self._new(now), *self._due(at), *self._positions(at), *self._devices(at), *self._shifts(at),
                  *(Order(INTAKE, c) for c in self._flights.commands(at, self.speed))]
        return orders

    def _new(self, now: datetime) -> Iterator[Order]:
        at = now.timestamp()
        for order, arrival, into in self._moments.due(at):
            if arrival is None:
                yield order
            else:
                yield from self._report(arrival, at, into)
        for arrival in self._arrivals.due(now):
            yield from self._report(arrival, at, "")
        for order, told in self._calls.due(at):
            if told is not None and told.report.incident_id:
                self._expected.setdefault(told.report.incident_id, "")
            yield order

    def _report(self, arrival: Arrival, at: float, into: str) -> Iterator[Order]:
        report = arrival.report
        incident = report.incident_id or ""
        if report.channel == "hotline":
            if into:
                self._expected[incident] = into
            yield self._calls.ring(self._arrivals.new_id(), arrival, at)
            return
        if report.channel == "patrol" and (report.level or 4) >= 3 and float(self._rng.random()) < _SELF_HANDLED:
            near = self._hands.nearest("mediation", arrival.x, arrival.y, 1)
            unit = self._hands.forces[near[0]].id if near else None
            result = pick(self._stage.words.own, float(self._rng.random()))
            yield Order(FIELD, SelfHandle(report.kind, report.place, result, report.lon, report.lat, unit_id=unit),
                        unit or "")
            return
        self._expected[incident] = into
        yield Order(DISPATCHER if report.channel == "neighbour_chat" else INTAKE, report, incident=incident)

    def _due(self, at: float) -> Iterator[Order]:
        for _, task in self._agenda.due(at):
            play = self._plays.get(task.incident)
            if play is None:
                continue
            part = self._desk if task.what.startswith("desk:") else self._field
            yield from part.act(task, play, at)

    def _positions(self, at: float) -> Iterator[Order]:
        """Once a second of the wall's clock: who moved, and by turns who stands (so that no position grows stale)."""
        if at - self._positions_at < 0.9 * self.speed:
            return
        self._positions_at = at
        turns = max(1, round(10.0 / self.speed))
        self._position_turn = (self._position_turn + 1) % turns
        standing = np.arange(len(self._on_duty)) % turns == self._position_turn
        who = np.flatnonzero(self._on_duty & self._walkers.placed & (self._walkers.moved | standing))
        if not len(who):
            return
        lon, lat = self._stage.frame.to_deg(self._walkers.x[who], self._walkers.y[who])
        heading = self._walkers.heading[who].tolist()
        fixes = tuple(Position(self._hands.forces[i].id, x, y, at, None if h != h else round(h, 1))
                      for i, x, y, h in zip(who.tolist(), lon.tolist(), lat.tolist(), heading, strict=True))
        yield Order(FIELD, ReportPositions(fixes))

    def _devices(self, at: float) -> Iterator[Order]:
        """A sweep over the cameras each minute, a part of them at a time; some fail, some come back."""
        if at < self._next_sweep or not self._cameras:
            return
        self._next_sweep = at + _SWEEP_S / _SWEEP_PARTS * max(self.speed, 1.0)
        self._sweep_turn = (self._sweep_turn + 1) % _SWEEP_PARTS
        mine = range(self._sweep_turn, len(self._cameras), _SWEEP_PARTS)
        if mine and float(self._rng.random()) < 0.4:
            i = mine[int(self._rng.integers(len(mine)))]
            self._camera_up[i] = float(self._rng.random()) > _OFFLINE
        yield Order(INTAKE, CameraStates(tuple(
            (self._cameras[i], "online" if self._camera_up[i] else "offline", at) for i in mine)))

    def _shifts(self, at: float) -> Iterator[Order]:
        """Now and then a free force goes off duty and another one comes on."""
        if at < self._next_duty or not len(self._on_duty):
            return
        self._next_duty = at + _DUTY_S * float(self._rng.uniform(0.5, 1.5))
        for on in (False, True):
            free = np.flatnonzero((self._on_duty != on) & self._walkers.placed)
            free = np.array([i for i in free.tolist() if self._hands.forces[i].id not in self._field.work])
            if len(free):
                i = int(free[int(self._rng.integers(len(free)))])
                self._on_duty[i] = on
                yield Order(FIELD, SetUnitDuty(self._hands.forces[i].id, on), self._hands.forces[i].id)
