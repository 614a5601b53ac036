"""`main.py bench`: which benchmarks there are, and what they are run on."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from app.bench.figures import Figure, report
from app.bootstrap import seats
from app.bootstrap.output import emit
from app.domain.faults import KnownFault, Message
from data.store.store import Founding

Run = Callable[[bool], Mapping[str, Mapping[str, object]]]


def _plain(figures: Mapping[str, Figure]) -> dict[str, Mapping[str, object]]:
    return {name: dict(figure) for name, figure in figures.items()}


def _map(quick: bool) -> Mapping[str, Mapping[str, object]]:
    from widgets.bench import map as bench

    return bench.run(quick)


def _queue(quick: bool) -> Mapping[str, Mapping[str, object]]:
    from widgets.bench import queue as bench

    return bench.run(quick)


def _import(quick: bool) -> Mapping[str, Mapping[str, object]]:
    from app.bench import importing
    from app.bootstrap.city import import_list

    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "seat"
        seats.found(store, Founding("000000", "bench", "bench", "bench", "drill"))
        return importing.run(Path(folder), lambda kind, file, profile: import_list(
            store, kind, file, profile, crs="wgs84", dry_run=False), quick=quick)


def _flood(quick: bool) -> Mapping[str, Mapping[str, object]]:
    from app.bootstrap.bench_screens import flood

    return _plain(flood(quick))


def _video(quick: bool) -> Mapping[str, Mapping[str, object]]:
    from app.bootstrap import bench_video

    return _plain(bench_video.run(quick))


def _start(quick: bool) -> Mapping[str, Mapping[str, object]]:
    from app.bootstrap.bench_screens import start

    return _plain(start(quick))


def _sync(quick: bool) -> Mapping[str, Mapping[str, object]]:
    from app.bootstrap.bench_sync import run

    return run(quick)


def _positions(quick: bool) -> Mapping[str, Mapping[str, object]]:
    from app.bootstrap.bench_positions import run

    return _plain(run(quick))


BENCHES: Mapping[str, tuple[str, Run]] = {
    "map": ("the live map: frames, hit-test, movers, recolouring, beside direct drawing and pyqtgraph", _map),
    "queue": ("the queue at 100,000 rows: sort, filter, updates while scrolling, beside Qt's proxy", _queue),
    "flood": ("1,000 events/s through store, bridge and both screens", _flood),
    "positions": ("1,000 units that move, reported to one seat: until they stand in the others' stores", _positions),
    "sync": ("seats on a hub: append on one until folded on the others, order against none, drain", _sync),
    "import": ("100,000 components and 23,000 incidents from files", _import),
    "video": ("camera tiles on live streams: cost, painted frames, delay, lag, key frames, beside peers", _video),
    "start": ("cold start to the first useful screen at 100,000 incidents", _start),
}


def bench(args: argparse.Namespace) -> int:
    """Run one benchmark; exit 1 when a target was missed (it is printed all the same)."""
    if args.list_all or args.name is None:
        emit(args, {"benches": {n: about for n, (about, _) in BENCHES.items()}},
             "\n".join(f"{n}: {about}" for n, (about, _) in BENCHES.items()))
        return 0
    if args.name not in BENCHES:
        raise KnownFault(Message("There is no benchmark {name}: {names}",
                                 {"name": args.name[:40], "names": ", ".join(BENCHES)}))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    result = report(args.name, BENCHES[args.name][1](args.quick))
    figures = result["figures"]
    assert isinstance(figures, dict)
    lines = [f"{'ok    ' if f['ok'] else 'MISSED'} {name} {f['value']} {f['unit']}"
             + (f" (target {f['target']})" if f["target"] is not None else "") for name, f in figures.items()]
    emit(args, result, "\n".join(lines))
    return 0 if all(f["ok"] for f in figures.values()) else 1
