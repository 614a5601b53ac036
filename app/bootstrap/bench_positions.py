"""`main.py bench positions`: units that report each second to one seat, and when the other seats' stores show them."""

from __future__ import annotations

import json
import math
import multiprocessing
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from multiprocessing.synchronize import Event as Flag
from pathlib import Path

from app.bench.figures import Figure, at_least, at_most, told
from app.bootstrap import syncing
from app.clock import SystemClock
from data.store.local import LocalWrites
from data.store.store import Founding, Store
from data.sync import address as addresses
from data.sync import admin
from data.sync.beside import TURN_S
from data.sync.link import HubLink
from data.sync.loopback import running
from data.sync.runner import SyncRunner
from data.sync.side_line import SIDE_NAME, SideLine

UNITS, SEATS, DISTRICT = 1_000, 3, "000000"
LOOK_S = 0.05
"""how often a seat's store is looked into, as a screen does"""


def _now_ms() -> int:
    return round(SystemClock().now().timestamp() * 1000)


def _until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until it is, at most `seconds`: a busy machine starts processes slowly."""
    clock, pause = SystemClock(), threading.Event()
    began = clock.monotonic()
    while not true() and clock.monotonic() - began < seconds:
        pause.wait(0.1)


def _holds(store: Store, units: int, since_ms: int) -> bool:
    return int(store.read.exec_driver_sql("SELECT count(*) FROM position WHERE at >= ?",
                                          (since_ms,)).scalar_one()) >= units


def _watch(store: Store, seen: dict[str, float], heard: dict[str, int]) -> None:
    """Note when each position was first seen in this seat's store."""
    if not store.poll_version():
        return
    rows = store.read.exec_driver_sql("SELECT unit, at FROM position").all()
    now = _now_ms()
    for unit, at in rows:
        if heard.get(unit) != at:
            heard[unit] = at
            seen[f"{unit}@{at}"] = now - at


def _seat(folder: Path, url: str, secret: str, ended: Flag, out: Path) -> None:
    """A process: syncs, and looks into the store as a screen would."""
    address = addresses.HubAddress(url)
    runner = SyncRunner(folder, lambda: Store(folder, SystemClock()), lambda: HubLink(address, secret),
                        connect_beside=lambda: SideLine(address, secret))
    runner.start()
    store, seen, heard = Store(folder, SystemClock()), dict[str, float](), dict[str, int]()
    while not ended.wait(LOOK_S):
        _watch(store, seen, heard)
    events = store.read.exec_driver_sql("SELECT count(*) FROM event").scalar_one()
    tracks = store.read.exec_driver_sql("SELECT count(*) FROM track").scalar_one()
    store.close()
    runner.stop()
    out.write_text(json.dumps({"seen": seen, "events": events, "tracks": tracks}))


def _line(url: str, secret: str, ended: Flag, heard: dict[str, float]) -> None:
    """Take in all positions as a seat's second line does, without a store."""
    clock, cursor = SystemClock(), 0
    with SideLine(addresses.HubAddress(url), secret) as line:
        while not ended.is_set():
            began = clock.monotonic()
            fixes, cursor = line.positions(cursor)
            now = _now_ms()
            heard.update((f"{f.unit}@{f.at}", now - f.at) for f in fixes)
            ended.wait(max(0.02, TURN_S - (clock.monotonic() - began)))


def _lines(those: Sequence[tuple[str, str]], ended: Flag, out: Path) -> None:
    """A process: many lines, a thread each."""
    heard: list[dict[str, float]] = [{} for _ in those]
    threads = [threading.Thread(target=_line, args=(url, secret, ended, heard[i])) for i, (url, secret) in
               enumerate(those)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    out.write_text(json.dumps(heard))


def _report(store: Store, units: int, seconds: int) -> list[str]:
    """All units report once a second, spread over the second in ten batches; what was reported."""
    local, made, pause = LocalWrites(lambda: store.transaction(screen="gateway", actor="bench")), [], threading.Event()
    clock = SystemClock()
    began = clock.monotonic()
    for step in range(seconds * 10):
        wait = began + step / 10 - clock.monotonic()
        if wait > 0:
            pause.wait(wait)
        at, turn = _now_ms(), step / 60
        rows = [(f"u{i}", 117.0 + i / 1e4 + math.cos(turn) / 100, 30.5 + math.sin(turn) / 100, at, None)
                for i in range(step % 10, units, 10)]
        local.put_positions(rows)
        made += [f"{u}@{at}" for u, *_ in rows]
    return made


def measure(seconds: int, units: int = UNITS, lines: int = 0) -> Mapping[str, float]:
    """p50, p95, p99, max (ms) from report to the other seats' stores; how many of all last positions came; what the log
    and the hub's journal grew by. `lines`: so many more seats of which only the line is there, without a store."""
    context = multiprocessing.get_context("spawn")
    ended = context.Event()
    with tempfile.TemporaryDirectory() as name, running(durable=True) as server:
        folder = Path(name)
        hub = addresses.parse_address(server.create("positions"))
        admin.init(hub, server.SECRET, district=DISTRICT, district_name="D", now_ms=1)
        admin.put_centre(hub, server.SECRET, "c", "c", level=0, parent=None, prefix="")
        processes, outs = [], []
        for i in range(SEATS):
            address, secret = admin.add_seat(hub, server.SECRET, f"s{i}", "c")
            Store.create(folder / f"s{i}", Founding(DISTRICT, "D", "c", "c", "drill"), SystemClock()).close()
            addresses.write_secret_file(folder / f"s{i}" / addresses.SECRET_FILE, secret)
            syncing.join(folder / f"s{i}", address.url, None)
            outs.append(folder / f"s{i}.json")
            processes.append(context.Process(target=_seat, args=(folder / f"s{i}", address.url, secret, ended,
                                                                 outs[-1])))
        more = [admin.add_seat(hub, server.SECRET, f"line{i}", "c") for i in range(lines)]
        if more:
            those = [(address.url, secret) for address, secret in more]
            processes.append(context.Process(target=_lines, args=(those, ended, folder / "lines.json")))
        for one in processes:
            one.start()
        with server.connect(hub.database) as c:
            _until(lambda: c.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s",
                                     (SIDE_NAME,)).fetchone() == (SEATS + lines,))
            threading.Event().wait(1.0)
            journal = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"
            before = c.execute(journal).fetchone()
            store = Store(folder / "s0", SystemClock())
            made = _report(store, units, seconds)
            store.close()
            last_at = made[-1].partition("@")[2]
            for i in range(1, SEATS):
                other = Store(folder / f"s{i}", SystemClock())
                _until(partial(_holds, other, units, int(last_at) - 1_000))
                other.close()
            threading.Event().wait(1.0)
            after = c.execute(journal).fetchone()
            log = c.execute("SELECT count(*) FROM hub.event").fetchone()
            kept = c.execute("SELECT count(*), pg_total_relation_size('hub.position') FROM hub.position").fetchone()
        ended.set()
        for one in processes:
            one.join()
        told_ = [json.loads(out.read_text()) for out in outs]
        heard = json.loads((folder / "lines.json").read_text()) if more else []
    assert before is not None
    assert after is not None
    assert log is not None
    assert kept is not None
    last = made[-units:]
    waits = sorted(v for t in told_[1:] for v in t["seen"].values())
    p50, p95, p99 = (waits[min(int(len(waits) * q), len(waits) - 1)] for q in (0.5, 0.95, 0.99))
    by_line = sorted(v for one in heard for v in one.values()) or [0.0]
    return {"lines_p50": by_line[len(by_line) // 2], "lines_p99": by_line[int(len(by_line) * 0.99)],
            "lines_last_came": sum(key in one for one in heard for key in last), "lines_last": len(last) * lines,
            "p50": p50, "p95": p95, "p99": p99, "max": waits[-1],
            "seen": len(waits), "reported": len(made) * (SEATS - 1),
            "last_came": sum(key in t["seen"] for t in told_[1:] for key in last), "last": len(last) * (SEATS - 1),
            "events": log[0] + sum(t["events"] for t in told_), "kept": kept[0], "table_bytes": kept[1],
            "tracks": min(t["tracks"] for t in told_), "journal_bytes_per_s": (after[0] - before[0]) / (seconds + 2)}


def run(quick: bool) -> Mapping[str, Figure]:
    """1,000 units once a second on three seats."""
    m = measure(8 if quick else 30)
    return {
        "positions.p50_ms": told(m["p50"], "ms"), "positions.p95_ms": told(m["p95"], "ms"),
        "positions.p99_ms": at_most(m["p99"], "ms", 2_000), "positions.max_ms": told(m["max"], "ms"),
        "positions.seen": told(m["seen"], f"of {m['reported']:.0f}, later ones replace earlier"),
        "positions.last_came": at_least(m["last_came"], "positions", m["last"]),
        "positions.events_added": at_most(m["events"], "events", 0),
        "positions.hub_rows": told(m["kept"], "rows"), "positions.hub_table_kb": told(m["table_bytes"] / 1e3, "kB"),
        "positions.hub_journal_kb_per_s": told(m["journal_bytes_per_s"] / 1e3, "kB/s"),
    }
