"""The simulated people at the desk: they accept, give out, tell the services, merge, verify, close and call back."""
from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from app.drill.hands import Hands, skill_of
from app.drill.orders import DISPATCHER, SUPERVISOR, VERIFIER, Order
from app.drill.plays import Agenda, Play, Task
from app.drill.stage import Stage
from app.drill.story import pick, services_of
from app.services.commands import Act
from app.services.views import Flag, QueueRow

_FALSE = {"sensor": 0.14, "joint_alarm": 0.14}
_FALSE_ELSE = 0.025
_REWORK, _EVALUATE = 0.03, 0.5
_GONE = frozenset({"closed", "evaluated", "voided", "merged"})


class DeskPlay:
    """Plans the desk's next act for each incident and, when its time comes, makes the order."""

    def __init__(self, stage: Stage, agenda: Agenda, hands: Hands, rng: np.random.Generator, *, human_share: float,
                 patience_s: float) -> None:
        self._stage, self._agenda, self._hands, self._rng = stage, agenda, hands, rng
        self._human_share, self._patience_s = human_share, patience_s
        self.busy: set[int] = set()
        """forces that have something in hand"""

    def meet(self, play: Play) -> None:
        """A new incident: does it wait for a person, is it a false alarm?"""
        turn = float(self._rng.random())
        play.kept = turn < self._human_share and play.row.level > 1
        likely = _FALSE.get(play.row.channel, _FALSE_ELSE)
        play.false_alarm = play.row.level > 2 and float(self._rng.random()) < likely

    def plan(self, play: Play, now: float) -> None:
        """Plan what the desk does in the phase that the incident entered."""
        row = play.row
        if play.human or row.flags & Flag.HELD:
            return
        if row.flags & Flag.EXTENSION_ASKED and not play.asked:
            play.asked = True
            self._add(now + self._between(90, 600), play, "approve", row.phase)
        if play.planned == row.phase:
            return
        play.planned = row.phase
        grave = row.level <= 2
        if row.phase == "reported":
            self._plan_reported(play, now, grave)
        elif row.phase == "registered":
            wait = self._between(6, 18) if grave else self._between(25, 140)
            if grave:
                for n, _ in enumerate(services_of(row.kind, skill_of(self._stage.book, row.kind)[1])):
                    self._add(now + 4 + 6 * n, play, "told", "")
            self._add(now + self._patience(play, wait), play, "assign", row.phase)
        elif row.phase == "assigned" and float(self._rng.random()) < 0.25:
            self._add(now + self._between(120, 300), play, "chase", row.phase)
        elif row.phase == "fed_back":
            wait = self._between(180, 420) if grave else self._between(300, 7200)
            self._add(now + self._patience(play, wait), play, "check", row.phase)
        elif row.phase == "verified":
            self._add(now + self._patience(play, self._between(60, 500)), play, "close", row.phase)
        elif row.phase == "closed" and float(self._rng.random()) < _EVALUATE:
            self._add(now + self._between(1800, 9000), play, "evaluate", row.phase)

    def _plan_reported(self, play: Play, now: float, grave: bool) -> None:
        if play.merge_into:
            self._add(now + self._patience(play, self._between(70, 160)), play, "merge", "")
        elif play.false_alarm:
            self._add(now + self._between(60, 400), play, "void", play.row.phase)
        else:
            wait = self._between(4, 14) if grave else self._between(15, 90)
            self._add(now + self._patience(play, wait), play, "register", play.row.phase)

    def _patience(self, play: Play, wait: float) -> float:
        return wait + self._patience_s if play.kept else wait

    def _between(self, low: float, high: float) -> float:
        return float(self._rng.uniform(low, high))

    def _add(self, at: float, play: Play, what: str, expect: str) -> None:
        self._agenda.add(at, Task("desk:" + what, play.id, expect=expect))

    def act(self, task: Task, play: Play, now: float) -> Iterator[Order]:
        """The orders of a task that is due; none when a person took it over or it has moved on."""
        row = play.row
        if play.human or row.phase in _GONE - {"closed"} or (task.expect and row.phase != task.expect):
            return
        what = task.what.removeprefix("desk:")
        if what == "assign":
            yield from self._assign(play)
        elif what == "told":
            yield from self._told(play)
        elif what == "void":
            note = pick(self._stage.words.notes["false_alarm"], float(self._rng.random()))
            yield self._order(DISPATCHER, play, "check", finding="false", note=note)
            yield self._order(DISPATCHER, play, "void", reason=note)
        elif what == "check":
            if float(self._rng.random()) < _REWORK:
                reason = pick(self._stage.words.notes["rework"], float(self._rng.random()))
                yield self._order(VERIFIER, play, "rework", reason=reason)
            else:
                yield self._order(VERIFIER, play, "verify")
        elif what == "evaluate":
            answer = pick(("satisfied",) * 42 + ("fair",) * 5 + ("not_reached",) * 4 + ("unsatisfied",),
                          float(self._rng.random()))
            yield self._order(VERIFIER, play, "evaluate", satisfaction=answer)
        elif what == "merge" and row.phase in ("reported", "registered", "assigned", "acknowledged", "en_route"):
            yield self._order(DISPATCHER, play, "merge", into=play.merge_into)
        elif what == "approve" and row.flags & Flag.EXTENSION_ASKED:
            yield self._order(SUPERVISOR, play, "approve_extension")
        elif what in ("register", "close", "chase"):
            yield self._order(DISPATCHER, play, what)

    def _assign(self, play: Play) -> Iterator[Order]:
        row = play.row
        skill, family = skill_of(self._stage.book, row.kind)
        x, y = self._metres(row)
        lead = self._hands.choose(row.kind, skill, family, row.area_id, x, y, float(self._rng.random()), self.busy)
        actor = SUPERVISOR if row.flags & Flag.NEEDS_ARBITER else DISPATCHER
        yield self._order(actor, play, "assign", unit=self._hands.forces[lead].id)
        if row.level <= 2:
            others = self._hands.nearest("security", x, y, 1, {lead, *self.busy})
            others += self._hands.nearest(skill, x, y, 3 - row.level, {lead, *self.busy, *others})
            for other in others:
                yield self._order(actor, play, "assign", unit=self._hands.forces[other].id, part="help")

    def _told(self, play: Play) -> Iterator[Order]:
        _, family = skill_of(self._stage.book, play.row.kind)
        for service in services_of(play.row.kind, family):
            if service not in play.told:
                play.told.add(service)
                number = f"{service}-{int(self._rng.integers(1000, 9999))}"
                yield self._order(DISPATCHER, play, "told", service=service, number=number)
                return

    def _metres(self, row: QueueRow) -> tuple[float, float]:
        if row.lon is None or row.lat is None:
            return 0.0, 0.0
        x, y = self._stage.frame.to_m(row.lon, row.lat)
        return float(x), float(y)

    @staticmethod
    def _order(actor: str, play: Play, verb: str, **params: object) -> Order:
        return Order(actor, Act(play.id, verb, params), incident=play.id)


def verbs(orders: Sequence[Order]) -> list[str]:
    """The verbs of orders upon incidents."""
    return [o.command.verb for o in orders if isinstance(o.command, Act)]
