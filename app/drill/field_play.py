"""The simulated forces: they sign, set out, arrive, work and feed back; now and then they return an order."""
from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from app.drill.hands import Hands
from app.drill.orders import FIELD, Order
from app.drill.plays import Agenda, Play, Task
from app.drill.stage import Stage
from app.drill.story import pick
from app.drill.walk import Walkers
from app.services.commands import Act
from app.services.views import AssignmentView, Flag

_RETURN, _EXTEND, _LATE = 0.03, 0.02, 0.04
_WORK_S = {1: 420.0, 2: 700.0, 3: 1500.0, 4: 2400.0}
_CHECK_S, _HELD_S = 5.0, 120.0
_OPEN = frozenset({"assigned", "acknowledged", "en_route", "on_scene"})


class FieldPlay:
    """Plans the next act of each open assignment. A unit on its way arrives when it is there, not by the clock."""

    def __init__(self, stage: Stage, agenda: Agenda, hands: Hands, walkers: Walkers, rng: np.random.Generator) -> None:
        self._stage, self._agenda, self._hands = stage, agenda, hands
        self._walkers, self._rng = walkers, rng
        self.work: dict[str, set[str]] = {}
        """unit → incidents it has in hand"""

    def see(self, play: Play, assignments: Sequence[AssignmentView], now: float) -> None:
        """Look at the assignments of an incident: plan for those whose state is new, let go of those that ended."""
        open_ones = {a.unit_id: a for a in assignments if a.state in _OPEN}
        play.lead = next((a.unit_id for a in assignments if a.lead and a.state in _OPEN), play.lead)
        for unit in [u for u in play.states if u not in open_ones]:
            del play.states[unit]
            self._let_go(unit, play.id)
        for unit, one in open_ones.items():
            if play.states.get(unit) == one.state or unit not in self._hands.index:
                continue
            play.states[unit] = one.state
            self.work.setdefault(unit, set()).add(play.id)
            self._plan(play, one, now)

    def ended(self, play: Play) -> None:
        """The incident is over: everybody is free of it."""
        for unit in list(play.states):
            del play.states[unit]
            self._let_go(unit, play.id)

    def _let_go(self, unit: str, incident: str) -> None:
        mine = self.work.get(unit)
        if mine is None:
            return
        mine.discard(incident)
        if not mine:
            del self.work[unit]
            self._walkers.release(self._hands.index[unit])

    def _plan(self, play: Play, one: AssignmentView, now: float) -> None:
        turn, grave, i = float(self._rng.random()), play.row.level <= 2, self._hands.index[one.unit_id]
        if one.state == "assigned":
            wait = self._between(5, 30) if grave else self._between(20, 160)
            what = "return" if turn < _RETURN and not grave else "acknowledge"
            self._add(now + wait * (3.0 if what == "return" else 1.0), play, one, what)
        elif one.state == "acknowledged":
            self._add(now + (self._between(4, 20) if grave else self._between(20, 120)), play, one, "depart")
        elif one.state == "en_route":
            self._set_out(play, i)
            wait = _CHECK_S if self._walkers.placed[i] and play.place else self._between(600, 1800)
            self._add(now + wait, play, one, "arrive")
        else:
            self._be_there(play, i)
            if turn < _EXTEND and one.lead:
                self._add(now + self._between(120, 400), play, one, "extend")
            share = 1.0 if one.lead else 0.7
            self._add(now + share * self._work_s(play, now), play, one, "feed_back")

    def _work_s(self, play: Play, now: float) -> float:
        """How long the work takes: a share of what is left of the limit (grave things: minutes); at times more."""
        wanted = _WORK_S[play.row.level] * float(np.exp(self._rng.normal(0.0, 0.5)))
        if play.row.due_at is None or play.row.due_at <= now:
            return wanted
        left = play.row.due_at - now
        if float(self._rng.random()) < _LATE:
            return left * 1.1 + 60.0
        if play.row.level > 2:
            return max(left * float(self._rng.uniform(0.08, 0.75)), 240.0)
        return max(min(wanted, left * 0.8), 30.0)

    def _between(self, low: float, high: float) -> float:
        return float(self._rng.uniform(low, high))

    def _add(self, at: float, play: Play, one: AssignmentView, what: str) -> None:
        self._agenda.add(at, Task("field:" + what, play.id, one.unit_id, one.state))

    def _target(self, play: Play) -> tuple[float, float] | None:
        if play.place is None:
            return None
        x, y = self._stage.frame.to_m(*play.place)
        return float(x), float(y)

    def _set_out(self, play: Play, i: int) -> None:
        target = self._target(play)
        if target is not None:
            self._walkers.send(i, *target)

    def _be_there(self, play: Play, i: int) -> None:
        target = self._target(play)
        if target is None or not self._walkers.placed[i]:
            return
        if self._walkers.near(i, *target):
            self._walkers.hold(i)
        else:
            self._walkers.put(i, target[0] + self._between(-12, 12), target[1] + self._between(-12, 12))

    def act(self, task: Task, play: Play, now: float) -> Iterator[Order]:
        """The orders of a task that is due; none when the assignment has moved on by another hand."""
        if play.states.get(task.unit) != task.expect:
            return
        if play.row.flags & Flag.HELD:
            self._agenda.add(now + _HELD_S, task)
            return
        what = task.what.removeprefix("field:")
        notes, turn = self._stage.words.notes, float(self._rng.random())
        if what == "arrive":
            if not self._there(task, play):
                self._agenda.add(now + _CHECK_S, task)
                return
            yield self._order(task, "arrive")
        elif what == "return":
            yield self._order(task, "return", basis=pick(notes["return"], turn))
        elif what == "extend":
            minutes = 30 if play.row.level <= 3 else 240
            yield self._order(task, "request_extension", minutes=minutes, reason=pick(notes["extension"], turn))
        elif what == "feed_back":
            entry = self._stage.book.code("kind", play.row.kind)
            family = str(entry.extra.get("family", "")) if entry else ""
            yield self._order(task, "feed_back", result=self._stage.words.answer(family, turn))
        else:
            yield self._order(task, what)

    def _there(self, task: Task, play: Play) -> bool:
        i = self._hands.index[task.unit]
        target = self._target(play)
        if target is None or not self._walkers.placed[i] or self._walkers.near(i, *target):
            return True
        if not self._walkers.underway(i):
            self._walkers.send(i, *target)
        return False

    @staticmethod
    def _order(task: Task, verb: str, **params: object) -> Order:
        if verb != "request_extension":
            params = {"unit": task.unit, **params}
        return Order(FIELD, Act(task.incident, verb, params), task.unit, task.incident)
