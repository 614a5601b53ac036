"""The demo district: build it, run its time, play its scenario, show it."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.bootstrap import seats
from app.bootstrap.output import emit, note, progress, say
from app.clock import DrillClock, SystemClock
from app.domain.faults import KnownFault, Message
from app.domain.process import Role
from app.intake.sink import PackCounts
from app.services.commands import CameraStates, Position, ReportPositions
from app.services.operator import Operator
from app.text import mark
from data.store import people
from data.store.pack_force import BASE_MAP_FILE
from data.store.seat_store import SqliteSeatStore
from data.store.store import STORE_FILE, Founding, Store

log = logging.getLogger(__name__)
DISTRICT, DISTRICT_NAME = "340803", "大观区"
SHOT_AFTER_S = 25.0
"""how long the scenario plays before the pictures are taken where there is no display"""


def build(folder: Path, seed: int | None = None, tell: Callable[[str, int, int], None] = progress) -> None:
    """Build the demo district's store. It appears under its name only when it is whole: a kill leaves nothing half."""
    from app.drill import district as districts
    from app.drill import history

    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    now = SystemClock().now()
    seed = districts.DEFAULT_SEED if seed is None else seed
    first_day = now.astimezone(ZoneInfo(districts.TIMEZONE)).date()
    made = districts.make_district(seats.REFERENCE, first_day - timedelta(days=1), seed, progress=tell)
    seats.found(part, Founding(DISTRICT, DISTRICT_NAME, DISTRICT, districts.NAME, "demo", districts.TIMEZONE))
    with seats.opened(part) as store:
        for i, (kind, source, rows) in enumerate(made.records()):
            tell(str(kind), i, 6)
            _bring(store, str(kind), source, rows)
        for one in made.operators:
            people.put_operator(
                store, Operator(one.id, one.name, frozenset({one.role}), one.area_key, one.unit_key), ""
            )
        _ground(made, part)
        _live(store, made, now, seed)
        store.set_meta("seed", str(seed))
        tell("incidents", 0, 1)
        book = SqliteSeatStore(store, "system", "demo").reads.book()
        histories = history.make_histories(made, book, seats.calendar(), now, seats.REFERENCE)
        _bring(store, "incidents", "demo", histories, tell)
        _begin(store, made, histories, now)
        seats.write_clock(store, now, 1.0, stands=True)
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    os.replace(part, folder)


def _bring(
    store: Store, kind: str, source: str, rows: Sequence[Any], tell: Callable[[str, int, int], None] | None = None
) -> None:
    sink = seats.pack_sink(store, actor="system", progress=tell)
    pack = sink.begin_pack(kind, source, "generated", "demo")
    for start in range(0, len(rows), 10_000):
        part = rows[start : start + 10_000]
        if kind == "incidents":
            sink.append_histories(pack, part)
        else:
            sink.write_rows(pack, part)
    sink.activate(pack, PackCounts(read=len(rows), accepted=len(rows)))


def _ground(made: Any, folder: Path) -> None:
    import numpy as np

    from app.drill.ground import base_map, make_ground

    base = made.skeleton
    base_map(make_ground(base.cells, base.roads, np.random.default_rng((base.seed, 6)))).save(folder / BASE_MAP_FILE)


def _live(store: Store, made: Any, now: datetime, seed: int) -> None:
    """Positions and camera states from the first second: most cameras work, a few are off line, some never answered."""
    import numpy as np

    rng = np.random.default_rng((seed, 9))
    at = now.timestamp()
    seat = seats.OpenSeat(
        SqliteSeatStore(store, "system", "demo"),
        Operator("system", "system", frozenset(Role), None),
        store.clock,
        seats.calendar(store),
        screen="demo",
    )
    draw = rng.random(len(made.cameras))
    seat.do(
        CameraStates(
            tuple(
                (c.key, "offline" if d < 0.02 else "online", at - float(d) * 60)
                for c, d in zip(made.cameras, draw, strict=True)
                if d < 0.992
            )
        )
    )
    ages = rng.exponential(6.0, len(made.units))
    seat.do(
        ReportPositions(
            tuple(
                Position(u.key, u.lon, u.lat, at - float(a))
                for u, a in zip(made.units, ages, strict=True)
                if u.lon is not None and u.lat is not None
            )
        )
    )


def _begin(store: Store, made: Any, histories: Sequence[Any], now: datetime) -> None:
    """Who is off duty, who has signed in, and forces at the places of the incidents they work on."""
    from app.drill.start import start_commands

    everybody = Operator("system", "system", frozenset(Role), None)
    seat = seats.OpenSeat(
        SqliteSeatStore(store, "system", "demo"), everybody, store.clock, seats.calendar(store), screen="demo"
    )
    seat.do_all([c for c in start_commands(made, histories, now) if not isinstance(c, CameraStates)])


def run(args: argparse.Namespace) -> int:
    """`main.py demo`."""
    from widgets.screens import launch

    for name in ("SIGTERM", "SIGHUP"):  # the latter: its terminal was closed
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _terminated)
    folder = args.data or seats.demo_folder()
    if not (folder / STORE_FILE).exists():
        note(say(mark("Building the demo district …")))
        build(folder, args.seed)
    elif _nature(folder) != "demo":
        raise KnownFault(
            Message("The store in {folder} is no demo; choose another folder with --data.", {"folder": folder})
        )
    if args.build_only:
        emit(args, {"data": str(folder)}, say(mark("The demo district lies in {folder}"), folder=str(folder)))
        return 0
    _resume(folder, args.speed)
    if launch.has_display():
        return _windows(folder, args)
    return _pictures(folder, args)


def _terminated(_number: int, _frame: object) -> None:
    # as Ctrl+C: what was started is ended on the way out
    raise KeyboardInterrupt


def _nature(folder: Path) -> str:
    with seats.opened(folder) as store:
        return store.identity.nature


def _resume(folder: Path, speed: float) -> None:
    """Time goes on where it stopped: a demo that was closed for a night is not overdue in the morning.

    One that was killed goes on from its last event: its time ran while nobody was there.
    """
    with seats.opened(folder) as store:
        stands = isinstance(store.clock, DrillClock) and store.clock.stands
        seats.write_clock(store, store.clock.now() if stands else store.last_received(), speed)


def _stop(folder: Path) -> None:
    with seats.opened(folder) as store:
        seats.write_clock(store, store.clock.now(), 1.0, stands=True)


def _program(folder: Path, lang: str, *words: str) -> subprocess.Popen[bytes]:
    main = Path(__file__).resolve().parents[2] / "main.py"
    spoken = ["--lang", lang] if lang else []
    return subprocess.Popen([sys.executable, str(main), *words, "--data", str(folder), *spoken])


def _end(programs: Sequence[subprocess.Popen[bytes]]) -> None:
    for one in programs:
        if one.poll() is None:
            one.terminate()
    for one in programs:
        try:
            one.wait(timeout=10)
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()


def _windows(folder: Path, args: argparse.Namespace) -> int:
    lang = args.lang if args.lang_given else ""
    programs = [_program(folder, lang, "play"), _program(folder, lang, "wall")]
    try:
        return _program_wait(_program(folder, lang, "desk"), programs)
    finally:
        _end(programs)
        _stop(folder)


def _program_wait(desk: subprocess.Popen[bytes], others: list[subprocess.Popen[bytes]]) -> int:
    others.append(desk)
    return desk.wait()


def _pictures(folder: Path, args: argparse.Namespace) -> int:
    """Without a display: play for a while, then paint desk and wall in both languages."""
    from app.bootstrap import screens
    from widgets.screens import launch

    player = _program(folder, args.lang, "play", "--seconds", str(SHOT_AFTER_S))
    try:
        player.wait(timeout=SHOT_AFTER_S * 4)
    except subprocess.TimeoutExpired:
        log.info("the scenario is still playing while the pictures are painted")
    finally:
        _end([player])
    launch.application("dark", args.lang, offscreen=True)
    files = []
    for what in ("desk", "wall"):
        for lang in ("zh_CN", "en"):
            out = args.out / f"{what}-{lang}.png"
            screens.paint(folder, what, (1920, 1080), "dark", lang, out)
            files.append(str(out))
    _stop(folder)
    emit(
        args,
        {"data": str(folder), "pictures": files},
        say(mark("There is no display: the screens were painted into {files}"), files=", ".join(files)),
    )
    return 0


def play(args: argparse.Namespace) -> int:
    """`main.py play`: bring new incidents and move the forces until stopped."""
    from app.drill.player import make_player

    folder = args.data or seats.demo_folder()
    stop = threading.Event()
    for name in ("SIGTERM", "SIGINT"):
        signal.signal(getattr(signal, name), lambda *_: stop.set())
    seat = seats.open_seat(folder, None, screen="play", role=Role.DISPATCHER)
    try:
        if seat.nature == "live":
            raise KnownFault(Message("A scenario never plays on a live store."))
        seats.wake(folder)
        make_player(seat, seats.REFERENCE, seed=args.seed).run(stop, seconds=args.seconds or None)
    finally:
        seat.close()
    return 0
