"""Gives a player's orders to the seats and shows it what became of them: the thin loop around the pure player."""
from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from app.domain.faults import KnownFault
from app.domain.incident_process import HANDLING
from app.domain.process import Role
from app.domain.working_time import WorkCalendar
from app.drill.district import DEFAULT_SEED, make_skeleton
from app.drill.orders import ACTORS, DISPATCHER, Order
from app.drill.scenario import load_scenarios
from app.drill.simulation import Player
from app.drill.stage import Stage, city_stage, demo_stage
from app.services.changes import Changes
from app.services.commands import Command
from app.services.operator import Operator
from app.services.packs import load_calendars
from app.services.seat import Seat
from app.services.views import AssignmentView, Warning_

_log = logging.getLogger(__name__)

_CAST: Mapping[str, tuple[str, str, Role]] = {
    "dispatcher": ("dispatcher2", "调度员（演示）02", Role.DISPATCHER),
    "supervisor": ("supervisor", "值班长（演示）01", Role.SUPERVISOR),
    "verifier": ("verifier2", "核查员（演示）02", Role.VERIFIER),
    "field": ("forces", "移动端（演示）", Role.DISPATCHER),
    "intake": ("intake", "接入（演示）", Role.INTAKE)}
"""which of the demo's operators each simulated actor is; the first dispatcher is left to the person at the desk"""
SELECTED_SETTING = "desk.selected"
"""the incident that the person at the desk looks at: the player's desk keeps its hands off it"""


class Runner:
    """Runs one player over seats that share a store. Use it from one thread.

    `seats`: actor (dispatcher, supervisor, verifier, field, intake) → seat; missing ones act through the dispatcher's.
    The field's operator needs a desk role: it signs, arrives and feeds back on behalf of the forces. `warn` keeps a
    public warning.
    """

    def __init__(self, seats: Mapping[str, Seat], player: Player, *, warn: Callable[[Warning_], None] | None = None
                 ) -> None:
        self.player = player
        self._seats = {actor: seats.get(actor, seats[DISPATCHER]) for actor in ACTORS}
        self._main = seats[DISPATCHER]
        self._warn = warn
        self._down = False
        self.done = 0
        self.refused = 0

    def begin(self) -> None:
        """Look at everything that is open. Call it once, before the first tick."""
        self._main.poll_changes()
        self._look(frozenset(r.id for r in self._main.queue()), frozenset(), first=True)

    def tick(self) -> Changes:
        """One step of the player at the seat's time. Raises nothing of the world's: a fault is logged once."""
        try:
            changes = self._tick()
        except KnownFault as fault:
            if not self._down:
                self._down = True
                _log.warning("The scenario player waits: %s", fault)
            return Changes()
        if self._down:
            self._down = False
            _log.info("The scenario player goes on")
        return changes

    def _tick(self) -> Changes:
        selected = self._main.setting(SELECTED_SETTING)
        if isinstance(selected, str):
            self.player.take_over(selected)
        now = self._main.clock.now()
        self.player.speed = _speed(self._main)
        # What others did since the last tick is seen before anything is ordered: a person's act comes first.
        before = self._main.poll_changes()
        self._look(before.incidents, frozenset())
        orders = self.player.step(now)
        own: set[str] = set()
        total = before
        for actor in ACTORS:
            mine = [o for o in orders if o.actor == actor]
            if mine:
                changed = self._give(actor, mine, own)
                total = total.merged(changed)
        after = self._main.poll_changes()
        total = total.merged(after)
        own |= {i for i in total.incidents if i not in before.incidents}
        self._look(frozenset(own), frozenset(own))
        if total.calls:
            self.player.observe_calls(self._main.calls())
        return total

    def _give(self, actor: str, orders: list[Order], own: set[str]) -> Changes:
        commands: list[Command] = []
        given: list[Order] = []
        for order in orders:
            if isinstance(order.command, Warning_):
                if self._warn is not None:
                    self._warn(order.command)
                continue
            commands.append(order.command)
            given.append(order)
        if not commands:
            return Changes()
        changed, faults = self._seats[actor].do_all(commands)
        for order, fault in zip(given, faults, strict=True):
            self.done += fault is None
            if order.incident:
                own.add(order.incident)
            if fault is not None:
                self.refused += 1
                if not isinstance(fault, KnownFault):
                    raise fault
                self.player.refused(order, self._main.clock.now())
        return changed

    def _look(self, ids: frozenset[str], own: frozenset[str], first: bool = False) -> None:
        if not ids:
            return
        rows = self._main.queue(ids)
        assignments: dict[str, tuple[AssignmentView, ...]] = {}
        for row in rows:
            if row.phase in HANDLING:
                assignments[row.id] = self._main.incident(row.id).assignments
        self.player.observe(rows, assignments, self._main.clock.now(), own=own, first=first)


    def run(self, stop: threading.Event, *, seconds: float | None = None, every_s: float = 1.0) -> None:
        """Tick about once in `every_s` seconds of the wall's clock until `stop` is set or `seconds` have gone by."""
        self.begin()
        ticks = 0
        while not stop.wait(every_s):
            self.tick()
            ticks += 1
            if seconds is not None and ticks * every_s >= seconds:
                return


def make_player(seat: Seat, root: Path, *, seed: int | None = None, seats: Mapping[str, Seat] | None = None,
                scenarios: Iterable[str] | None = None, human_share: float = 0.2, intensity: float = 1.0,
                warn: Callable[[Warning_], None] | None = None) -> Runner:
    """A runner for the city that `seat` holds; `root` is data/reference.

    The demo district is known by its areas (then forces walk its roads); any other city is played over its components
    and areas. `seats`: see `Runner`; without them the seat itself lends its store to the simulated operators.
    """
    calendar = load_calendars(root).calendar()
    stage = stage_for(seat, root, calendar, seed)
    player = Player(stage, seat.units(), seat.cameras(), load_scenarios(root, scenarios),
                    seed=DEFAULT_SEED if seed is None else seed, speed=_speed(seat), human_share=human_share,
                    intensity=intensity)
    return Runner(seats or _lent(seat), player, warn=warn or getattr(seat, "put_warning", None))


def stage_for(seat: Seat, root: Path, calendar: WorkCalendar, seed: int | None) -> Stage:
    """The demo's stage when the seat holds the demo district of that seed, else one made from what the seat holds."""
    known = {a.id: a.wkb for a in seat.areas() if a.generated}
    if known:
        stored = getattr(getattr(seat, "store", None), "meta", {}).get("seed")
        wanted = seed if seed is not None else int(stored) if stored else DEFAULT_SEED
        base = make_skeleton(root, wanted)
        if all(known.get(a.key) == a.geometry for a in base.areas if a.level > 0):
            return demo_stage(root, seat.book, calendar, wanted, base)
    return city_stage(root, seat, calendar)


def _speed(seat: Seat) -> float:
    speed = getattr(seat, "speed", 1.0)
    return float(speed) if isinstance(speed, int | float) and speed > 0 else 1.0


def _lent(seat: Seat) -> dict[str, Seat]:
    """The seat as each of the simulated operators, where it can be lent; else as it is."""
    lend = getattr(seat, "as_operator", None)
    if lend is None:
        return {DISPATCHER: seat}
    return {actor: lend(Operator(id_, name, frozenset({role}), None)) for actor, (id_, name, role) in _CAST.items()}
