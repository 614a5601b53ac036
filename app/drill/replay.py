"""Replay of a city's past as if it were live: its steps in the order and at the pace in which they happened."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.clock import ScaledClock
from app.domain.faults import Rejected
from app.domain.incident_process import PHASES
from app.intake.records import HistoryEvent, IncidentHistory
from app.ports import Clock

MAX = "max"
MAX_SPEED = 100_000.0
BATCH = 2_000
LONGEST_WAIT_S = 2.0
_TO_PHASE: Mapping[str, str | None] = {
    **{p: p for p in PHASES}, "departed": "en_route", "arrived": "on_scene", "void": "voided", "withdrawn": "voided",
    "self_handled": "closed", "force_closed": "closed", "returned": "registered", "recalled": "registered",
    "reopened": "registered", "rework": "acknowledged", "reworked": "acknowledged"}


@dataclass(frozen=True, slots=True)
class Due:
    """One step of one past incident whose time has come. `index`: its place among the incident's steps, from 0."""

    at: datetime
    history: IncidentHistory
    event: HistoryEvent
    index: int

    @property
    def first(self) -> bool:
        """The incident becomes known with this step."""
        return self.index == 0

    @property
    def last(self) -> bool:
        """Nothing more is known of the incident."""
        return self.index == len(self.history.events) - 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Steps in order, and the time of the city when they are given."""

    at: datetime
    steps: tuple[Due, ...]
    done: int
    total: int


def parse_speed(text: str) -> float | None:
    """Times real time, 1 to 100,000, or "max" (None: as fast as it goes). Raises Rejected for anything else."""
    if text.strip().lower() == MAX:
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = float("nan")
    if not 1.0 <= speed <= MAX_SPEED:
        raise Rejected("speed", text, "1 to 100000, or max")
    return speed


class Replay:
    """The steps of all histories by time; steps of one instant keep the order of the file and of the incident. `after`:
    key → time up to which an incident's steps were given before, in a replay that was stopped."""

    def __init__(self, histories: Sequence[IncidentHistory], after: Mapping[str, datetime] | None = None) -> None:
        given = after or {}
        keyed = [(e.at, i, n) for i, h in enumerate(histories) for n, e in enumerate(h.events)
                 if h.key not in given or e.at > given[h.key]]
        keyed.sort()
        self._histories = tuple(histories)
        self._order = keyed
        self._next = 0

    def __len__(self) -> int:
        return len(self._order)

    @property
    def keys(self) -> frozenset[str]:
        """The incidents of which there is a step to give."""
        return frozenset(self._histories[i].key for _, i, _ in self._order)

    @property
    def begin(self) -> datetime | None:
        """Time of the first step; None when there is none."""
        return self._order[0][0] if self._order else None

    @property
    def end(self) -> datetime | None:
        """Time of the last step."""
        return self._order[-1][0] if self._order else None

    @property
    def done(self) -> int:
        """Steps given so far."""
        return self._next

    @property
    def next_at(self) -> datetime | None:
        """Time of the step that comes next; None at the end."""
        return self._order[self._next][0] if self._next < len(self._order) else None

    def due(self, now: datetime, most: int | None = None) -> tuple[Due, ...]:
        """The steps up to `now` (aware) not yet given, at most `most` of them; each is given once."""
        stop = self._next
        limit = len(self._order) if most is None else min(len(self._order), stop + most)
        while stop < limit and self._order[stop][0] <= now:
            stop += 1
        return self._take(stop)

    def take(self, count: int) -> tuple[Due, ...]:
        """The next `count` steps whatever their time."""
        return self._take(min(len(self._order), self._next + count))

    def _take(self, stop: int) -> tuple[Due, ...]:
        out = tuple(Due(at, self._histories[i], self._histories[i].events[n], n)
                    for at, i, n in self._order[self._next:stop])
        self._next = stop
        return out


def cut(history: IncidentHistory, count: int) -> IncidentHistory:
    """What was known of an incident after its first `count` steps: no later step, no verdict before its end."""
    if count >= len(history.events):
        return history
    events = history.events[:count]
    phase, closed = "reported", None
    for event in events:
        to = _TO_PHASE.get(event.step)
        if to is not None:
            phase = to
            closed = event.at if to in ("closed", "voided", "merged") else closed if to == "evaluated" else None
    return replace(history, events=events, phase=phase, closed_at=closed, verdict="",
                   digest=f"{history.digest}@{count}" if history.digest else "")


def changed_histories(steps: Sequence[Due]) -> list[IncidentHistory]:
    """The incidents that the steps touch, each once, as they were known after the last of those steps."""
    latest: dict[str, Due] = {}
    for step in steps:
        latest[step.history.key] = step
    return [cut(step.history, step.index + 1) for step in latest.values()]


def clock_from(begin: datetime, real_now: datetime, speed: float) -> ScaledClock:
    """The city's time: `begin` now, then `speed` times as fast as the machine's."""
    return ScaledClock(real_now, begin - timedelta(seconds=1), speed)


def play(replay: Replay, clock: Clock | None, wait: Callable[[float], bool], *, speed: float = 1.0,
         every_s: float = 0.25, batch: int = BATCH) -> Iterator[Batch]:
    """Yield what is due, in order, until everything was given or `wait` says stop.

    `clock`: the city's time (see `clock_from`); None: as fast as the taker takes, in batches whose time is that of
    their last step. `wait(seconds)` sleeps on the wall's clock and returns True to stop (`threading.Event.wait`).
    A gap is slept through in pieces of at most `LONGEST_WAIT_S`, so that a change of the clock's speed is noticed.
    """
    total = len(replay)
    while (ahead := replay.next_at) is not None:
        if clock is None:
            if wait(0.0):
                return
            steps = replay.take(batch)
            yield Batch(steps[-1].at, steps, replay.done, total)
            continue
        now = clock.now()
        steps = replay.due(now, batch)
        if steps:
            yield Batch(now, steps, replay.done, total)
            if len(steps) == batch:
                continue
        rest = (ahead - clock.now()).total_seconds() / max(speed, 1e-9)
        if wait(min(max(rest, every_s), LONGEST_WAIT_S)):
            return
