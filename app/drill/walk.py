"""Forces that move: those that patrol wander along the roads, those that are sent take a way there and stay."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.drill.frame import Floats, Ints
from app.drill.roads import RoadNet

ARRIVED_M = 30.0
_WANDER = {"grid_worker": 0.30, "patrol": 0.55, "police": 0.6, "urban": 0.5, "property": 0.35, "volunteer": 0.2,
           "repair": 0.1, "medical": 0.02, "fire": 0.02, "mediator": 0.03, "community": 0.1}
_PATROL_MS = {"police": 5.5, "patrol": 2.2, "urban": 4.5, "grid_worker": 1.4}
_SENT_MS = {"police": 9.0, "fire": 9.5, "medical": 10.0, "repair": 8.0, "urban": 7.5, "patrol": 5.0, "grid_worker": 3.6}
_TURN_EVERY_S = 900.0


@dataclass(slots=True)
class Way:
    """A way to a goal: corners still ahead, nearest first; metres."""

    xs: list[float]
    ys: list[float]


class Walkers:
    """Positions of all forces, metres. `step(seconds)` moves them; without roads they go straight."""

    def __init__(self, kinds: Sequence[str], x: Floats, y: Floats, roads: RoadNet | None, seed: int) -> None:
        self.x, self.y = x.astype(np.float64).copy(), y.astype(np.float64).copy()
        self.heading: Floats = np.full(len(kinds), np.nan)
        self.placed: NDArray[np.bool_] = np.isfinite(self.x) & np.isfinite(self.y)
        self.moved: NDArray[np.bool_] = np.zeros(len(kinds), dtype=bool)
        self._roads = roads
        self._rng = np.random.default_rng((seed, 21))
        self._kinds = tuple(kinds)
        self._chance = np.array([_WANDER.get(k, 0.1) for k in kinds])
        self._pace = np.array([_PATROL_MS.get(k, 1.4) for k in kinds]) * self._rng.uniform(0.75, 1.25, len(kinds))
        self._ways: dict[int, Way] = {}
        self._fixed: set[int] = set()
        self._next_turn = 0.0
        self._clock = 0.0
        self._wandering: NDArray[np.bool_] = self._rng.random(len(kinds)) < self._chance
        self._piece: Ints = np.full(len(kinds), -1, dtype=np.int64)
        self._to: Ints = np.zeros(len(kinds), dtype=np.int64)
        self._homes = (self.x.copy(), self.y.copy())

    def send(self, i: int, x: float, y: float) -> None:
        """Set out for a place; by road where that is no great detour."""
        if not self.placed[i]:
            return
        self._fixed.discard(i)
        self._piece[i] = -1
        xs, ys = [x], [y]
        here = float(np.hypot(self.x[i] - x, self.y[i] - y))
        if self._roads is not None and here > 120.0:
            start = self._roads.nearest_node(float(self.x[i]), float(self.y[i]))
            nodes = self._roads.path(start, self._roads.nearest_node(x, y))
            xs = [*(float(self._roads.x[n]) for n in nodes), x]
            ys = [*(float(self._roads.y[n]) for n in nodes), y]
        self._ways[i] = Way(xs, ys)

    def put(self, i: int, x: float, y: float) -> None:
        """Be at a place and stay."""
        self.x[i], self.y[i] = x, y
        self.placed[i] = True
        self.hold(i)

    def hold(self, i: int) -> None:
        """Stay."""
        self._ways.pop(i, None)
        self._fixed.add(i)
        self._piece[i] = -1

    def release(self, i: int) -> None:
        """Free again: patrol as before."""
        self._ways.pop(i, None)
        self._fixed.discard(i)

    def near(self, i: int, x: float, y: float) -> bool:
        """Arrived at a place."""
        return bool(np.hypot(self.x[i] - x, self.y[i] - y) <= ARRIVED_M)

    def underway(self, i: int) -> bool:
        """On a way somewhere."""
        return i in self._ways

    def step(self, seconds: float, active: NDArray[np.bool_]) -> None:
        """Move everybody who is `active` (on duty) by so many seconds."""
        self.moved[:] = False
        self._clock += seconds
        if self._clock >= self._next_turn:
            self._next_turn = self._clock + _TURN_EVERY_S
            self._wandering = self._rng.random(len(self.x)) < self._chance
        for i in [i for i in self._ways if active[i]]:
            self._along(i, seconds * _SENT_MS.get(self._kinds[i], 3.0))
        if self._roads is not None:
            self._wander(self._roads, seconds, active)

    def _along(self, i: int, metres: float) -> None:
        way = self._ways[i]
        x, y = float(self.x[i]), float(self.y[i])
        while way.xs and metres > 0.0:
            dx, dy = way.xs[0] - x, way.ys[0] - y
            far = float(np.hypot(dx, dy))
            if far > 1e-6:
                self.heading[i] = np.degrees(np.arctan2(dx, dy)) % 360.0
            if far <= metres:
                x, y = way.xs.pop(0), way.ys.pop(0)
                metres -= far
            else:
                x, y = x + dx / far * metres, y + dy / far * metres
                metres = 0.0
        self.x[i], self.y[i] = x, y
        self.moved[i] = True
        if not way.xs:
            del self._ways[i]

    def _wander(self, roads: RoadNet, seconds: float, active: NDArray[np.bool_]) -> None:
        busy = np.zeros(len(self.x), dtype=bool)
        busy[list(self._ways)] = True
        busy[list(self._fixed)] = True
        who = np.flatnonzero(self._wandering & active & self.placed & ~busy)
        if not len(who):
            return
        for i in who[self._piece[who] < 0].tolist():
            node = roads.nearest_node(float(self.x[i]), float(self.y[i]))
            self._to[i] = node
            self._piece[i] = roads.pieces_at(node)[0]
        left = self._pace[who] * seconds
        self.moved[who] = True
        for _ in range(40):
            self._forward(roads, who, left)
            who, left = who[left > 0.05], left[left > 0.05]
            if not len(who):
                break
            self._choose(roads, who)

    def _forward(self, roads: RoadNet, who: Ints, left: Floats) -> None:
        """Go on towards the next node; `left` loses what was gone."""
        gx, gy = roads.x[self._to[who]] - self.x[who], roads.y[self._to[who]] - self.y[who]
        far = np.hypot(gx, gy)
        gone = np.minimum(far, left)
        share = np.divide(gone, far, out=np.ones_like(far), where=far > 1e-9)
        turned = far > 1.0
        self.heading[who[turned]] = np.degrees(np.arctan2(gx[turned], gy[turned])) % 360.0
        self.x[who] += gx * share
        self.y[who] += gy * share
        left -= gone
        left[far > gone + 1e-9] = 0.0

    def _choose(self, roads: RoadNet, who: Ints) -> None:
        """At a node: another piece, not back if there is a choice; homewards when far from home."""
        for i in who.tolist():
            node = int(self._to[i])
            pieces = roads.pieces_at(node).tolist()
            onward = [p for p in pieces if p != self._piece[i]] or pieces
            ends = [int(roads.b[p]) if int(roads.a[p]) == node else int(roads.a[p]) for p in onward]
            hx, hy = float(self._homes[0][i]), float(self._homes[1][i])
            if (self.x[i] - hx) ** 2 + (self.y[i] - hy) ** 2 > 640_000.0:
                best = min(range(len(ends)),
                           key=lambda k: (roads.x[ends[k]] - hx) ** 2 + (roads.y[ends[k]] - hy) ** 2)
            else:
                best = int(self._rng.integers(len(ends)))
            self._piece[i], self._to[i] = onward[best], ends[best]
