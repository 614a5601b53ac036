"""`main.py replay`: a real city's incidents played as if live, in a drill store with its own clock."""

from __future__ import annotations

import argparse
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs

from app import text
from app.bootstrap import seats
from app.bootstrap.city import words_of
from app.bootstrap.output import emit, note, say, transient
from app.clock import DrillClock, SystemClock
from app.domain.events import NewEvent
from app.domain.faults import KnownFault, Message
from app.domain.process import Role
from app.drill.replay import BATCH, Replay, parse_speed, play
from app.intake.choosing import open_list
from app.intake.histories import Told, to_events, told_of
from app.intake.pipeline import import_file
from app.intake.records import IncidentHistory, Kind
from app.text import mark
from data.store.packs import PLAYING, PackSink
from data.store.store import STORE_FILE, Founding, Store


class ReplaySink(PackSink):
    """A sink that brings past incidents into force in the order and at the pace of their own time. What was stopped
    stays under way until the next replay goes on with it; an import leaves it alone."""

    under_way = PLAYING

    def __init__(self, store: Store, sink: PackSink, speed: float | None, stop: threading.Event) -> None:
        super().__init__(store, sink.lists, actor="replay", screen="replay", tell=lambda m: note(text.render(m)))
        self._speed = speed
        self._stop = stop

    def _activate_histories(self, pack: str, source: str) -> None:
        staged = self.past.staged(pack)
        histories, told = staged.histories, staged.told
        for start in range(0, len(staged.changed), BATCH):
            with self._transaction() as tx:
                self._append(tx, pack, source, staged.changed[start : start + BATCH])
        replay = Replay(histories, {key: datetime.fromtimestamp(max(one.at for one in steps) / 1000, UTC)
                                    for key, steps in told.items() if steps})
        events = {h.key: self._rest(h, told[h.key]) for h in histories if h.key in told}
        open_keys = replay.keys
        self._end_given(pack, source, [h for h in histories if h.key not in open_keys], events)
        if replay.begin is None:
            return
        seats.write_clock(self._store, replay.begin, self._speed or 1.0)
        numbers: dict[str, str] = {}
        clock = self._store.clock if self._speed is not None else None
        for batch in play(replay, clock, self._stop.wait, speed=self._speed or 1.0):
            with self._transaction() as tx:
                numbers.update(self.past.give_numbers(tx, [s.history for s in batch.steps if s.first]))
                for step in batch.steps:
                    key = step.history.key
                    if step.first:
                        events[key] = self.past.first_events(tx, step.history, numbers.pop(key))
                        self.past.note_ref(tx, pack, source, step.history, whole=False)
                    self._append_until(tx, events[key], round(step.at.timestamp() * 1000), last=step.last)
                    if step.last:
                        events.pop(key)
                        self.past.note_ref(tx, pack, source, step.history, whole=True)
            if clock is None:
                seats.write_clock(self._store, batch.at, 1.0)
            transient(f"{batch.at:%Y-%m-%d %H:%M} {batch.done:,}/{batch.total:,}")
        if self._stop.is_set():
            raise KnownFault(Message("Stopped. What was played is kept; the same command goes on from there."))

    def _rest(self, history: IncidentHistory, told: list[Told]) -> list[NewEvent]:
        known = set(told)
        return [e for e in to_events(history, self.lists, "", []) if told_of(e) not in known]

    def _end_given(self, pack: str, source: str, ended: list[IncidentHistory],
                   events: dict[str, list[NewEvent]]) -> None:
        """Incidents of which every step was given before the stop, and only the note of it was not."""
        with self._transaction() as tx:
            for history in ended:
                for event in events.pop(history.key, []):
                    tx.append(event)
                self.past.note_ref(tx, pack, source, history, whole=True)

    def _append_until(self, tx: Any, events: list[NewEvent], at_ms: int, *, last: bool) -> None:
        while events and (last or events[0].occurred_at <= at_ms):
            tx.append(events.pop(0))


def replay_city(args: argparse.Namespace) -> int:
    """Bring the areas in (when given), then play the incidents; prints what an import prints, and on-time counts."""
    speed = parse_speed(args.speed)
    if not args.file.exists():
        raise KnownFault(Message("There is no file {file}", {"file": args.file}))
    folder = args.data or Path(platformdirs.user_data_dir("liandong", appauthor=False)) / f"replay-{args.file.stem}"
    _prepare(folder, args)
    stop = threading.Event()
    for name in ("SIGTERM", "SIGINT"):
        signal.signal(getattr(signal, name), lambda *_: stop.set())
    with seats.opened(folder) as store:
        if store.identity.nature == "live":
            raise KnownFault(Message("A replay never runs on a live store; choose another folder with --data."))
        store.clock = DrillClock()
        seats.set_clock(store.clock, store.meta.get("clock"))
        sink = ReplaySink(store, seats.pack_sink(store, actor="replay"), speed, stop)
        sink.finish_interrupted()
        result = import_file("incidents", args.file, args.profile, sink=sink, clock=SystemClock(), crs=args.crs,
                             rejects_to=folder)
    seat = seats.open_seat(folder, None, screen="replay", role=Role.DISPATCHER)
    try:
        on_time = seat.status().verdict_on_time
    finally:
        seat.close()
    out = {**result.to_json(), "data": str(folder),
           "on_time": {"numerator": on_time.numerator, "denominator": on_time.denominator, "value": on_time.value}}
    emit(args, out, "\n".join([words_of(result), say(mark("on time {good} of {all}"), good=on_time.numerator,
                                                     all=on_time.denominator),
                               say(mark("Look at it: main.py desk --data {folder}"), folder=str(folder))]))
    return 0


def _prepare(folder: Path, args: argparse.Namespace) -> None:
    opened = open_list(Kind.INCIDENTS, args.file, args.profile, crs=args.crs)
    zone = opened.profile.time_zone or "Asia/Shanghai"
    if not (folder / STORE_FILE).exists():
        seats.found(folder, Founding(opened.source, opened.profile.title or opened.source, opened.source,
                                     opened.profile.title or opened.source, "drill", zone))
    if args.areas is not None:
        with seats.opened(folder) as store:
            result = import_file("areas", args.areas, args.areas_profile, sink=seats.pack_sink(store, actor="replay"),
                                 clock=SystemClock(), crs=args.crs, rejects_to=folder)
        note(words_of(result))


