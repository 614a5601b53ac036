"""The start of a new seat on a hub with a long past: part of `main.py bench sync`."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path

import psutil

from app.bench.figures import Figure, at_most, told
from app.bench.past import past
from app.bootstrap import syncing
from app.clock import SystemClock
from app.services.sync_rules import DECIDING, GENESIS_CHAIN, OK, link
from data.store import ordered
from data.store.store import Founding, Store
from data.sync import address as addresses
from data.sync import admin
from data.sync.hub_run import HubRun
from data.sync.keeper_link import KeeperLink
from data.sync.link import HubLink
from data.sync.loopback import Postgres
from data.sync.seat_sync import SeatSync, catch_up
from data.sync.snapshot import PART_ROWS

DISTRICT, CENTRE = "000000", "c"
_now = SystemClock().monotonic


def fill(server: Postgres, database: str, count: int) -> float:
    """Put a past of `count` events into a prepared, empty hub, as its append function would have left it; seconds."""
    began = _now()
    with server.connect(database) as c, server.connect(database) as d:
        chain, seq = GENESIS_CHAIN, 0
        streams: dict[str, tuple[int, str]] = {}
        reach: dict[str, str] = {}
        with c.transaction(), d.transaction(), c.cursor().copy(
                "COPY hub.event (id, hash, stream, kind, seat, seat_no, centre, content) FROM STDIN") as bodies, \
                d.cursor().copy("COPY hub.ordering (seq, event_id, verdict, content_hash, chain, place) FROM STDIN"
                                ) as order:
            for event, content, digest in past(count, DISTRICT, CENTRE):
                seq += 1
                chain = link(chain, seq, event.id, OK, digest)
                place, act = streams.get(event.stream, (0, ""))
                streams[event.stream] = place + 1, event.id if event.kind in DECIDING else act
                if "area_path" in event.body:
                    reach[event.stream] = str(event.body["area_path"])
                bodies.write_row((event.id, digest, event.stream, event.kind, event.seat, event.seat_no, CENTRE,
                content))
                order.write_row((seq, event.id, OK, digest, chain, place + 1))
        with c.transaction():
            with c.cursor().copy("COPY hub.stream (stream, events, last_act) FROM STDIN") as copy:
                for stream, (place, act) in streams.items():
                    copy.write_row((stream, place, act))
            with c.cursor().copy("COPY hub.reach (stream, path) FROM STDIN") as copy:
                for stream, path in reach.items():
                    copy.write_row((stream, path))
                    copy.write_row((stream, f"@{CENTRE}"))
            c.execute("UPDATE hub.head SET seq = %s, chain = %s", (seq, chain))
        c.execute("ANALYZE")
    return _now() - began


def _start(folder: Path, url: str) -> None:
    """A process: a new seat from its first hello until it holds the head."""
    store = Store(folder, SystemClock())
    sync = SeatSync(store, SystemClock())
    address = addresses.parse_address(url)
    line = HubLink(address, addresses.find_secret(folder, address))
    began = _now()
    head = sync.begin(line).head
    past_s = _now() - began
    catch_up(sync, line, head)
    rest_s = _now() - began - past_s
    line.close()
    reached, chain = ordered.reached(store.read)
    usage = psutil.Process().cpu_times()
    store.close()
    (folder / "took.txt").write_text(f"{past_s} {rest_s} {reached} {chain} {usage.user + usage.system}")


def run(server: Postgres, folder: Path, count: int) -> dict[str, Figure]:
    """Seconds until a new seat holds everything: `count` events from the snapshot and half a part that it pulls. Of a
    shorter past both are told in proportion to 1,000,000 and 5,000."""
    address = addresses.parse_address(server.create("start"))
    admin.init(address, server.SECRET, district=DISTRICT, district_name="D", now_ms=1)
    admin.put_centre(address, server.SECRET, CENTRE, CENTRE, level=0, parent=None, prefix="")
    seat, secret = admin.add_seat(address, server.SECRET, "fresh", CENTRE)
    part = min(PART_ROWS, count // 4)
    whole = count + part // 2
    filled = fill(server, address.database, whole)
    beside = Store.create(folder / "beside", Founding(DISTRICT, "D", CENTRE, "", "drill"), SystemClock())
    began = _now()
    try:
        HubRun(beside, lambda: KeeperLink(address, server.SECRET, part_rows=part), lambda _m: None).run(
            threading.Event(), once=True)
    finally:
        beside.close()
    made = _now() - began
    with server.connect(address.database) as c:
        row = c.execute("SELECT max(bytes) FROM hub.snapshot").fetchone()
    size = row[0] if row is not None else 0
    fresh = folder / "fresh"
    Store.create(fresh, Founding(DISTRICT, "D", CENTRE, "", "drill"), SystemClock()).close()
    addresses.write_secret_file(fresh / addresses.SECRET_FILE, secret)
    syncing.join(fresh, seat.url, None)
    process = multiprocessing.get_context("spawn").Process(target=_start, args=(fresh, seat.url))
    process.start()
    process.join()
    past_s, rest_s, reached, _, cpu = (fresh / "took.txt").read_text().split()
    if int(reached) != whole:
        raise RuntimeError(f"the new seat holds {reached} of {whole}")
    seconds = float(past_s) * 1_000_000 / count + float(rest_s) * PART_ROWS / part
    return {"sync.bootstrap_1m_s": at_most(seconds, "s", 60.0),
            "sync.bootstrap_rest_s": told(float(rest_s), "s"),
            "sync.bootstrap_events": told(whole, "events"),
            "sync.bootstrap_cpu_s": told(float(cpu), "s"),
            "sync.beside_fold_and_snapshot_s": told(made, "s"),
            "sync.snapshot_mb": told(size / 1e6, "MB"),
            "sync.fill_s": told(filled, "s")}
