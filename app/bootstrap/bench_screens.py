"""Benchmarks of whole screens on a real store: cold start at 100,000 incidents, and a flood of 1,000 events a second.

Each screen, and the writer of the flood, is a process of its own, as it is in the room.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, timedelta
from pathlib import Path
from typing import IO

from app.bench.figures import Figure, at_least, at_most, told
from app.bootstrap import seats
from app.clock import SystemClock
from app.domain.process import Role
from app.intake.records import AreaRecord, HistoryEvent, IncidentHistory
from app.intake.sink import PackCounts
from app.services.commands import Command, ReportIncident
from data.store.store import Founding

PER_SECOND, BATCH = 1_000, 50
WEST, SOUTH, EAST, NORTH = 116.95, 30.48, 117.05, 30.56
START_S, DESK_MB, WORKER_MB = 3.0, 350.0, 600.0
STALL_P99_MS, STALL_MAX_MS = 50.0, 250.0
_ROOT = Path(__file__).resolve().parents[2]


def make_store(folder: Path, incidents: int, open_share: float = 0.1) -> None:
    """A drill store with one area of 100 grids and so many incidents of the last weeks, a share of them still open."""
    import shapely

    seats.found(folder, Founding("000000", "bench", "bench", "bench", "drill"))
    with seats.opened(folder) as store:
        sink = seats.pack_sink(store, actor="bench")
        areas = [AreaRecord("b:0", "000000", "district", 0, "district",
                            geometry=shapely.to_wkb(shapely.box(WEST, SOUTH, EAST, NORTH)), digest="1")]
        for i in range(100):
            x, y = WEST + (EAST - WEST) * (i % 10) / 10, SOUTH + (NORTH - SOUTH) * (i // 10) / 10
            cell = shapely.box(x, y, x + (EAST - WEST) / 10, y + (NORTH - SOUTH) / 10)
            areas.append(AreaRecord(f"b:{i + 1}", f"{i + 1:06d}", f"grid {i + 1:03d}", 3, "grid", "b:0",
                                    shapely.to_wkb(cell), digest="1"))
        pack = sink.begin_pack("areas", "b", "1", "")
        sink.write_rows(pack, areas)
        sink.activate(pack, PackCounts(len(areas), len(areas)))
        pack = sink.begin_pack("incidents", "b", "1", "")
        histories = _histories(incidents, open_share)
        for start in range(0, len(histories), 5_000):
            sink.append_histories(pack, histories[start:start + 5_000])
        sink.activate(pack, PackCounts(incidents, incidents))


def _histories(count: int, open_share: float) -> list[IncidentHistory]:
    rng = random.Random(1)
    now = SystemClock().now()
    out = []
    for i in range(count):
        opened = now - timedelta(minutes=rng.uniform(10, 60 * 24 * 40))
        steps = [HistoryEvent("reported", opened), HistoryEvent("registered", opened + timedelta(minutes=1))]
        closed = rng.random() >= open_share
        if closed:
            steps.append(HistoryEvent("closed", opened + timedelta(minutes=8)))
        lon, lat = rng.uniform(WEST, EAST), rng.uniform(SOUTH, NORTH)
        cell = int((lat - SOUTH) / (NORTH - SOUTH) * 10) * 10 + int((lon - WEST) / (EAST - WEST) * 10) + 1
        out.append(IncidentHistory(
            "b", f"b:{i:06d}", str(i), f"incident {i}", "", "0102", "0102", "closed" if closed else "registered",
            opened.astimezone(UTC), tuple(steps), address=f"Road {i % 400} no. {i % 97}", lon=lon, lat=lat,
            area_key=f"b:{min(cell, 100)}", level=str(rng.choices((1, 2, 3, 4), (1, 3, 20, 76))[0]), digest="1"))
    return out


def _child(what: str, folder: Path, *words: str) -> subprocess.Popen[str]:
    # compiled modules are kept, as they are where people work, but beside the store and not in the tree
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(folder.parent / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    # monotonic clocks run alike in all processes of a machine; the age that the system tells of a process is rounded to
    # whole seconds of its boot
    began = ("--began", str(SystemClock().monotonic())) if what != "writer" else ()
    return subprocess.Popen([sys.executable, "-m", "app.bootstrap.bench_screens", what, str(folder), *words, *began],
                            cwd=_ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)


def _line(stream: IO[str] | None) -> dict[str, float]:
    assert stream is not None
    line = stream.readline()
    if not line:
        raise RuntimeError("a measured screen ended before it had said anything; see its messages above")
    found: dict[str, float] = json.loads(line)
    return found


def start(quick: bool) -> dict[str, Figure]:
    """Cold starts of the desk at 100,000 incidents (quick: 10,000), the median of three."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "seat"
        make_store(folder, 10_000 if quick else 100_000)
        found = []
        for _ in range(3):
            child = _child("desk", folder, "--once")
            found.append(_line(child.stdout))
            child.wait(timeout=60)
    median = {name: statistics.median(f[name] for f in found) for name in found[0]}
    return {
        "start.first_useful_s": at_most(median["ready"], "s", START_S),
        "start.rss_mb": at_most(median["rss_mb"], "MB", DESK_MB),
        "start.worker_rss_mb": at_most(median["worker_rss_mb"], "MB", WORKER_MB),
        "start.incidents": told(10_000 if quick else 100_000, "incidents"),
    }


def flood(quick: bool, seconds: float | None = None) -> dict[str, Figure]:
    """1,000 incidents a second for 10 s (quick: 4 s) from a writer, with a desk and a wall on the same store."""
    seconds = seconds if seconds is not None else 4.0 if quick else 10.0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "seat"
        make_store(folder, 500)
        screens = {what: _child(what, folder) for what in ("desk", "wall")}
        first = {what: _line(child.stdout) for what, child in screens.items()}
        writer = _child("writer", folder, str(seconds))
        wrote = _line(writer.stdout)
        writer.wait(timeout=60)
        for child in screens.values():
            assert child.stdin is not None
            child.stdin.write("stop\n")
            child.stdin.flush()
        last = {what: _line(child.stdout) for what, child in screens.items()}
        for child in screens.values():
            child.wait(timeout=60)
        seat = seats.open_seat(folder, None, screen="bench", role=Role.DISPATCHER)
        stored = len(seat.queue(ended=True)) - 500
        seat.close()
    sent = wrote["sent"]
    return {
        "flood.sent": at_least(sent, "incidents", PER_SECOND * seconds * 0.99),
        "flood.stored": at_least(stored, "incidents", sent),
        "flood.rate_per_s": told(sent / wrote["seconds"], "incidents/s"),
        "flood.stall_p99_ms": at_most(max(f["p99_ms"] for f in last.values()), "ms", STALL_P99_MS),
        "flood.stall_max_ms": at_most(max(f["max_ms"] for f in last.values()), "ms", STALL_MAX_MS),
        "flood.desk_stall_p99_ms": told(last["desk"]["p99_ms"], "ms"),
        "flood.wall_stall_p99_ms": told(last["wall"]["p99_ms"], "ms"),
        "flood.settled_s": told(max(f["settled_s"] for f in last.values()), "s"),
        "flood.memory_added_mb": told(last["desk"]["rss_mb"] - first["desk"]["rss_mb"], "MB"),
    }


def write_flood(folder: Path, seconds: float) -> dict[str, float]:
    """Report 1,000 incidents a second in transactions of `BATCH`, as a gateway of sensors would."""
    rng, clock = random.Random(2), SystemClock()
    seat = seats.open_seat(folder, None, screen="flood", role=Role.DISPATCHER)
    sent, began = 0, clock.monotonic()
    try:
        while sent < PER_SECOND * seconds:
            due = began + sent / PER_SECOND
            wait = due - clock.monotonic()
            if wait > 0:
                _sleep(wait)
            commands: list[Command] = [ReportIncident(
                "0102", "sensor", f"Road {rng.randrange(400)}", level=rng.choices((2, 3, 4), (1, 9, 90))[0],
                lon=rng.uniform(WEST, EAST), lat=rng.uniform(SOUTH, NORTH)) for _ in range(BATCH)]
            _, faults = seat.do_all(commands)
            sent += sum(1 for fault in faults if fault is None)
    finally:
        seat.close()
    return {"sent": sent, "seconds": clock.monotonic() - began}


def _sleep(seconds: float) -> None:
    import threading

    threading.Event().wait(seconds)


def main(words: Sequence[str]) -> int:
    """A child of the benchmarks: `writer FOLDER SECONDS` or `desk|wall FOLDER [--once] [--began MONOTONIC]`."""
    clock = SystemClock()
    began = float(words[words.index("--began") + 1]) if "--began" in words else clock.monotonic()
    what, folder = words[0], Path(words[1])
    if what == "writer":
        sys.stdout.write(json.dumps(write_flood(folder, float(words[2]))) + "\n")
        return 0
    from app.bootstrap.screens import handover_page, situation_map
    from widgets.bench.screen import Measured
    from widgets.screens import launch

    role = Role.DISPATCHER if what == "desk" else Role.WALL
    app = launch.application("dark", "zh_CN", offscreen=True)
    make = launch.make_desk("dark", "zh_CN", situation_map, handover_page) if what == "desk" else launch.make_wall(
        "dark", "zh_CN", {})
    measured = Measured(lambda: seats.open_seat(folder, None, screen="shot", role=role), make, (1920, 1080), began,
                        clock.monotonic, once="--once" in words)
    code = app.exec()
    del measured
    return int(code)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
