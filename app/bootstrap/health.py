"""Health of the cameras: the sweep as a program or beside a screen, `main.py video health`, its export."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from app.bootstrap import seats
from app.bootstrap.output import emit, note, say, write_table
from app.clock import SystemClock
from app.domain.faults import KnownFault, Message
from app.domain.process import Role
from app.services import camera_health
from app.services.camera_health import Health
from app.services.seat import Seat
from app.services.views import AreaRow, CameraRow
from app.text import escape_csv_cell, mark
from app.video.sweep import Answer, AskPlatform, Budget, Report, sweep

log = logging.getLogger(__name__)
LOCK_FILE = "sweep.lock"
EVERY_S = 180.0
"""a sweep begins so long after the last one began, or when that one ends"""
RETRY_S = 30.0
BESIDE_AFTER_S = 20.0
"""a screen has loaded before the sweep beside it begins"""


def sweep_once(seat: Seat, budget: Budget, stopped: Callable[[], bool] = lambda: False, *,
               platform: AskPlatform | None = None) -> Report:
    """Ask all cameras once, keep what changed as it becomes known, then outages. Raises what the seat raises."""
    known: dict[str, CameraRow] = {c.id: c for c in seat.cameras()}

    def tell(answers: Sequence[Answer]) -> None:
        if stopped():
            raise KnownFault(Message("Stopped. What was committed is kept."))
        states = camera_health.news(known, [(a.camera_id, a.state, a.why) for a in answers],
                                    seat.clock.now().timestamp())
        if states is not None:
            seat.do(states)

    report = asyncio.run(sweep({c.id: c.source for c in known.values()}, budget, platform=platform, tell=tell))
    camera_health.watch_outages(seat)
    seat.set_setting(camera_health.SWEPT, {
        "at": seat.clock.now().timestamp(), "asked": report.asked, "online": report.online, "offline": report.offline,
        "left_out": report.left_out, "seconds": round(report.seconds, 1), "cpu_s": round(report.cpu_s, 2)})
    return report


def platforms(folder: Path) -> AskPlatform:
    """Asks the catalogues of WVP platforms, with the log-ins of a data folder."""
    from app.video.catalogue import states
    from app.video.logins import Logins

    login = Logins(folder)
    return lambda addresses: states(login, addresses)


class SweepRunner:
    """Sweeps again and again on a thread of its own; of all programs of a seat one at a time (file lock)."""

    def __init__(self, folder: Path, budget: Budget = Budget(), *, wait_s: float = 0.0) -> None:  # noqa: B008
        self._folder, self._budget = folder, budget
        self._wait_s = wait_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="camera-sweep", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what was found is kept."""
        self._stop.set()
        self._thread.join(10.0)

    def _run(self) -> None:
        clock = SystemClock()
        lock = FileLock(self._folder / LOCK_FILE)
        self._stop.wait(self._wait_s)
        while not self._stop.is_set():
            try:
                lock.acquire(timeout=0)
            except Timeout:
                self._stop.wait(RETRY_S)
                continue
            try:
                if not self._sweep_on(clock):
                    return
            finally:
                lock.release()

    def _sweep_on(self, clock: SystemClock) -> bool:
        """Until it is stopped; False: in a demo or drill nothing is ever asked."""
        down = False
        while not self._stop.is_set():
            began = clock.monotonic()
            wait = EVERY_S
            try:
                with contextlib.closing(seats.open_device_seat(self._folder, "sweep")) as seat:
                    if seat.nature != "live":
                        return False
                    sweep_once(seat, self._budget, self._stop.is_set, platform=platforms(self._folder))
                if down:
                    log.info("the sweep over the cameras works again")
                down = False
            except KnownFault as fault:
                if not self._stop.is_set() and not down:
                    log.warning("the sweep over the cameras failed: %s", fault)
                    down = True
                wait = RETRY_S
            self._stop.wait(max(1.0, wait - (clock.monotonic() - began)))
        return True


@contextlib.contextmanager
def beside(folder: Path) -> Iterator[None]:
    """Sweep while the block runs. In a demo or drill the cameras' states are played: nothing is asked."""
    runner = SweepRunner(folder, wait_s=BESIDE_AFTER_S)
    runner.start()
    try:
        yield
    finally:
        runner.stop()


def run_sweep(args: argparse.Namespace) -> int:
    """`main.py video sweep [--once] [--rate N]`."""
    folder = args.data or seats.default_folder()
    budget = Budget(per_s=args.rate)
    with contextlib.closing(seats.open_device_seat(folder, "sweep")) as seat:
        if seat.nature != "live":
            raise KnownFault(Message("In a demo or drill the cameras' states are played; nothing is asked."))
        if args.once:
            try:
                with FileLock(folder / LOCK_FILE).acquire(timeout=0):
                    report = sweep_once(seat, budget, platform=platforms(folder))
            except Timeout:
                raise KnownFault(Message("Another program of this seat is sweeping.")) from None
            emit(args, {"asked": report.asked, "questions": report.questions, "online": report.online,
                        "offline": report.offline, "left_out": report.left_out, "seconds": round(report.seconds, 1),
                        "cpu_s": round(report.cpu_s, 2)},
                 say(mark("{asked} asked in {seconds} s ({cpu} s of CPU): {online} on line, {offline} off line; "
                          "{left_out} left out"), asked=report.asked, seconds=f"{report.seconds:.0f}",
                     cpu=f"{report.cpu_s:.1f}", online=report.online, offline=report.offline,
                     left_out=report.left_out))
            return 0
    ended = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda _number, _frame: ended.set())
    note(say(mark("Sweeping; Ctrl+C ends it.")))
    runner = SweepRunner(folder, budget)
    runner.start()
    try:
        while not ended.wait(0.5):
            pass
    finally:
        runner.stop()
    return 0


# ---- health --------------------------------------------------------------------------------------------------------


def show(args: argparse.Namespace) -> int:
    """`main.py video health [--export F]`."""
    folder = args.data or seats.default_folder()
    with contextlib.closing(seats.open_seat(folder, args.operator, screen="cli", role=Role.DISPATCHER)) as seat:
        found = camera_health.read_health(seat)
        areas, zone = seat.book.areas, seat.timezone
    if args.export is not None:
        export(found.rows, areas, args.export, zone)
    emit(args, as_json(found, args.export), told(found))
    return 0


def as_json(found: Health, exported: Path | None = None) -> dict[str, object]:
    """For programs."""
    return {"cameras": found.total, "states": dict(found.states), "without_address": found.unconnected,
            "outages": found.outages, "swept": dict(found.swept), "export": str(exported) if exported else None,
            "areas": [{"area": a.name, "online": up, "offline": down, "cameras": all_}
                      for a, up, down, all_ in found.areas]}


def told(found: Health) -> str:
    """For people: the whole, then the streets, worst first."""
    states = found.states
    lines = [say(mark("{total} cameras: {online} on line, {offline} off line, {unknown} unknown; "
                      "{none} without address; outages: {outages}"),
                 total=f"{found.total:,}", online=f"{states.get('online', 0):,}",
                 offline=f"{states.get('offline', 0):,}", unknown=f"{states.get('unknown', 0):,}",
                 none=f"{found.unconnected:,}", outages=found.outages)]
    lines += [say(mark("{area}: {online} of {all} on line, {offline} off line"), area=a.name, online=up, all=all_,
                  offline=down) for a, up, down, all_ in found.areas]
    return "\n".join(lines)


_WORDS = {
    "online": mark("on line"), "offline": mark("off line"), "unknown": mark("unknown"),
    "refused": mark("connection refused"), "no_host": mark("no such host"), "timed_out": mark("no answer in time"),
    "no_right": mark("the camera refuses the log-in"), "ended": mark("the stream ended"),
    "unsupported": mark("cannot be played"),
}
"""of states and reasons in the export; kinds have a code list"""


def _word(code: str) -> str:
    return say(_WORDS[code]) if code in _WORDS else code


def table(rows: Sequence[CameraRow], areas: Mapping[str, AreaRow], zone: str) -> Iterator[list[str]]:
    """Header and rows of the export, every cell through the escaping door; times in the district's zone."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    here = ZoneInfo(zone)

    def time_(at: float | None) -> str:
        return datetime.fromtimestamp(at, here).strftime("%Y-%m-%d %H:%M:%S") if at is not None else ""

    yield [say(w) for w in (mark("Id"), mark("Name"), mark("Kind"), mark("Area"), mark("State"), mark("Since"),
                            mark("Why"), mark("Last picture"), mark("May be on the wall"))]
    for c in rows:
        area = areas.get(c.area_id or "")
        yield [escape_csv_cell(v) for v in (c.id, c.name, say(f"camera_kind.{c.kind}"), area.name if area else "",
                                            _word(c.state), time_(c.since), _word(c.why), time_(c.picture_at),
                                            "1" if c.on_wall else "0")]


def export(rows: Sequence[CameraRow], areas: Mapping[str, AreaRow], path: Path, zone: str) -> None:
    """Write the list of all cameras. Raises `KnownFault`."""
    write_table(table(rows, areas, zone), path)
