"""`main.py bench sync`: seats in processes of their own on a PostgreSQL that is started for it, durable as in use."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import tempfile
import threading
from collections.abc import Iterator, Sequence
from multiprocessing.synchronize import Event as Flag
from pathlib import Path
from statistics import median
from typing import Any

from app.bench.figures import Figure, at_least, at_most, told
from app.bootstrap import bench_start, syncing
from app.clock import SystemClock
from app.domain.events import Event, NewEvent, canonical, uuid7
from app.services.sync_rules import Ordered
from data.store.store import Founding, Store
from data.sync import address as addresses
from data.sync import admin
from data.sync.link import HubLink
from data.sync.loopback import Postgres, running
from data.sync.runner import SyncRunner
from data.sync.seat_sync import SeatSync, catch_up

SEATS, LISTENERS, WRITERS = 5, 50, 4
DISTRICT = "000000"
_now = SystemClock().monotonic


class _Seat:
    def __init__(self, server: Postgres, hub: addresses.HubAddress, folder: Path, name: str) -> None:
        self.folder, self.name = folder / name, name
        self.address, self.secret = admin.add_seat(hub, server.SECRET, name, "c")
        Store.create(self.folder, Founding(DISTRICT, "D", "c", "c", "drill"), SystemClock()).close()
        addresses.write_secret_file(self.folder / addresses.SECRET_FILE, self.secret)
        syncing.join(self.folder, self.address.url, None)

    def link(self) -> HubLink:
        return HubLink(self.address, self.secret)

    def hello(self) -> HubLink:
        """A line of a seat without a store."""
        link = self.link()
        link.hello(self.name, DISTRICT, "c", 0)
        return link

    def store(self) -> Store:
        return Store(self.folder, SystemClock())


def _full_seat(folder: Path, url: str, secret: str, ended: Flag, out: Path) -> None:
    """A process: syncs and folds; notes when each event was committed here."""
    seen: dict[str, float] = {}

    def note(rows: Sequence[Ordered]) -> None:
        at = _now()
        seen.update((r.event_id, at) for r in rows)

    runner = SyncRunner(folder, lambda: Store(folder, SystemClock()),
                        lambda: HubLink(addresses.HubAddress(url), secret), on_rows=note)
    runner.start()
    ended.wait()
    runner.stop()
    out.write_text(json.dumps(seen))


def _listeners(lines: Sequence[tuple[str, str, str]], ended: Flag, out: Path) -> None:
    """A process: many lines that hear and pull, without a store."""
    heard: list[dict[str, float]] = [{} for _ in lines]

    def listen(i: int) -> None:
        url, secret, name = lines[i]
        link = HubLink(addresses.HubAddress(url), secret)
        reached = link.hello(name, DISTRICT, "c", 0).head
        while not ended.is_set():
            if link.wait(1.0) or link.heard > reached:
                rows = link.pull(reached, 1_000)
                at = _now()
                heard[i].update((r.event_id, at) for r in rows)
                reached = rows[-1].seq if rows else reached
        link.close()

    threads = [threading.Thread(target=listen, args=(i,), daemon=True) for i in range(len(lines))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    out.write_text(json.dumps(heard))


def _pace(seat: _Seat, rate: int, seconds: float) -> dict[str, float]:
    """Append at a rate on one seat; event → when its command began. What arrives within 10 ms shares a commit."""
    store, made = seat.store(), {}
    key, step, pause = uuid7(1), max(rate // 100, 1), threading.Event()
    began = _now()
    try:
        for n in range(round(rate * seconds / step)):
            wait = began + n * step / rate - _now()
            if wait > 0:
                pause.wait(wait)
            at = _now()
            with store.transaction(screen="desk", actor="bench") as tx:
                if n % 20 == 0:
                    key = uuid7(tx.now_ms + n)
                for i in range(step):
                    kind = "incident.reported" if n % 20 == 0 and i == 0 else "incident.noted"
                    body = {"id": key, "number": key, "place": "p"} if kind.endswith("reported") else {"note": "x" * 40}
                    made[tx.append(NewEvent(f"incident/{key}", kind, {**body}, tx.now_ms)).id] = at
    finally:
        store.close()
    return made


def _quantiles(waits: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(waits)
    return tuple(ordered[min(int(len(ordered) * q), len(ordered) - 1)] * 1000 for q in (0.5, 0.95, 0.99))  # type: ignore[return-value]


@contextlib.contextmanager
def _hub(server: Postgres, name: str) -> Iterator[addresses.HubAddress]:
    address = addresses.parse_address(server.create(name))
    admin.init(address, server.SECRET, district=DISTRICT, district_name="D", now_ms=1)
    admin.put_centre(address, server.SECRET, "c", "c", level=0, parent=None, prefix="")
    yield address


def _latency(server: Postgres, folder: Path, rate: int, seconds: float, listeners: int) -> dict[str, Figure]:
    """One seat writes, the others fold; or lines listen. Beside them a plain client asks each second."""
    context = multiprocessing.get_context("spawn")
    ended, label = context.Event(), f"{rate}eps"
    with _hub(server, f"lat{rate}_{listeners}") as hub:
        count = listeners or SEATS - 1
        seats = [_Seat(server, hub, folder / f"{rate}_{listeners}", f"s{i}") for i in range(count + 2)]
        outs = [folder / f"{rate}_{listeners}_{i}.json" for i in range(1 if listeners else count)]
        if listeners:
            lines = [(s.address.url, s.secret, s.name) for s in seats[2:]]
            processes = [context.Process(target=_listeners, args=(lines, ended, outs[0]))]
        else:
            processes = [context.Process(target=_full_seat, args=(s.folder, s.address.url, s.secret, ended, out))
                         for s, out in zip(seats[2:], outs, strict=True)]
        # the writer's own syncing, and the plain client
        aside = [folder / f"{rate}_{listeners}_{name}.json" for name in ("own", "plain")]
        processes.append(context.Process(target=_full_seat, args=(
            seats[0].folder, seats[0].address.url, seats[0].secret, ended, aside[0])))
        processes.append(context.Process(target=_poll, args=(
            seats[1].address.url, seats[1].secret, seats[1].name, ended, aside[1])))
        for one in processes:
            one.start()
        _wait_for(server, hub.database, len(seats))
        made = _pace(seats[0], rate, seconds)
        threading.Event().wait(3.0)
        ended.set()
        for one in processes:
            one.join()
    polled: dict[str, float] = json.loads(aside[1].read_text())
    seen: list[dict[str, float]] = [one for out in outs for one in (
        json.loads(out.read_text()) if listeners else [json.loads(out.read_text())])]
    waits = [one[e] - at for one in seen for e, at in made.items() if e in one]
    lost = len(made) * len(seen) - len(waits)
    p50, p95, p99 = _quantiles(waits)
    if listeners:
        return {f"sync.listeners_p50_ms_{label}": told(p50, "ms"), f"sync.listeners_p99_ms_{label}": told(p99, "ms"),
                f"sync.listeners_lost_{label}": at_most(lost, "events", 0)}
    plain = _quantiles([polled[e] - at for e, at in made.items() if e in polled])
    return {f"sync.p50_ms_{label}": told(p50, "ms"), f"sync.p95_ms_{label}": told(p95, "ms"),
            f"sync.p99_ms_{label}": told(p99, "ms"), f"sync.polling_client_p50_ms_{label}": told(plain[0], "ms"),
            f"sync.polling_client_p99_ms_{label}": told(plain[2], "ms"), f"sync.lost_{label}": told(lost, "events")}


def _wait_for(server: Postgres, database: str, lines: int) -> None:
    """Until so many lines are on the hub and had a moment to settle."""
    until = _now() + 60.0
    with server.connect(database) as c:
        while _now() < until:
            row = c.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                            (database,)).fetchone()
            if row is not None and row[0] >= lines:
                break
            threading.Event().wait(0.1)
    threading.Event().wait(1.5)


def _poll(url: str, secret: str, name: str, ended: Flag, out: Path) -> None:
    """A process: a plain client that asks each second."""
    link, reached, seen = HubLink(addresses.HubAddress(url), secret), 0, dict[str, float]()
    link.hello(name, DISTRICT, "c", 0)
    while not ended.wait(1.0):
        rows = link.pull(reached, 20_000)
        at = _now()
        seen.update((r.event_id, at) for r in rows)
        reached = rows[-1].seq if rows else reached
    link.close()
    out.write_text(json.dumps(seen))


_UNORDERED = """
CREATE TABLE hub.loose (LIKE hub.event INCLUDING ALL, seq bigserial UNIQUE);
CREATE FUNCTION hub.append_loose(ids text[], contents text[]) RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hub, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE seat_ text; centre_ text; district_ text; bodies jsonb[] := hub.parsed(contents);
BEGIN
    SELECT s.seat, s.centre, m.value INTO seat_, centre_, district_
    FROM hub.seat s JOIN hub.meta m ON m.key = 'district' WHERE s.role = session_user AND s.revoked_at IS NULL;
    RETURN QUERY INSERT INTO hub.loose (id, hash, stream, kind, seat, seat_no, centre, content)
    SELECT n.id, encode(sha256(convert_to(n.content, 'UTF8')), 'hex'), n.j->>'stream', n.j->>'kind', seat_,
        (n.j->>'seat_no')::bigint, centre_, n.content
    FROM unnest(ids, contents, bodies) AS n(id, content, j)
    WHERE hub.fault_of(n.id, n.j, n.content, seat_, centre_, district_) IS NULL
    ORDER BY n.id ON CONFLICT DO NOTHING RETURNING loose.seq;
    INSERT INTO hub.reach SELECT DISTINCT j->>'stream', '@' || centre_ FROM unnest(bodies) j ON CONFLICT DO NOTHING;
    PERFORM hub.tell(1);
END $$;
GRANT EXECUTE ON FUNCTION hub.append_loose(text[], text[]) TO PUBLIC;
"""
"""The same append without an order: checked, hashed, kept, told of as often; no lock, no verdict, no chain."""
_BATCH = 10
_TURNS = 9
"""windows of each way; one before them warms the plans"""


def _batches(writer: int, seat: str, start: int, count: int) -> list[tuple[list[str], list[str]]]:
    out = []
    for first in range(start, start + count * _BATCH, _BATCH):
        events = [Event(uuid7(n), f"incident/{writer}-{n // 20}", "incident.noted", DISTRICT, "c", seat, n, "0" * 64,
                        "desk", "bench", 5, "drill", {"note": "x" * 40}) for n in range(first, first + _BATCH)]
        out.append(([e.id for e in events], [canonical(e) for e in events]))
    return out


def _race(works: Sequence[tuple[Any, list[tuple[list[str], list[str]]]]], call: str) -> float:
    """Events a second of several writers who offer their batches together, each on a line of its own."""
    def offer(line: Any, batches: list[tuple[list[str], list[str]]]) -> None:
        for ids, contents in batches:
            line.execute(call, (ids, contents), prepare=True)

    threads = [threading.Thread(target=offer, args=w) for w in works]
    began = _now()
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return sum(len(b) for _, b in works) * _BATCH / (_now() - began)


def _ordered(server: Postgres, folder: Path, batches: int) -> dict[str, Figure]:
    """Ordered append beside the same append without order, and beside a bare insert: interleaved, several writers,
    10 events a commit, a writer's new batches each time."""
    with _hub(server, f"ratio{_BATCH}") as hub:
        seats = [_Seat(server, hub, folder / "ratio", f"w{i}") for i in range(WRITERS)]
        for s in seats:
            s.hello().close()
        with server.connect(hub.database) as c:
            c.execute(_UNORDERED)
            c.execute("CREATE TABLE hub.plain (seq bigserial PRIMARY KEY, id text UNIQUE, content text)")
            c.execute("GRANT INSERT ON hub.plain TO PUBLIC")
            c.execute("GRANT USAGE ON SEQUENCE hub.plain_seq_seq TO PUBLIC")
        lines = [addresses.connect(s.address, s.secret, seconds=10, name="bench") for s in seats]
        ways = {"ordered": "CALL hub.append(%b::text[], %b::text[])",
                "loose": "SELECT * FROM hub.append_loose(%b::text[], %b::text[])",
                "plain": "INSERT INTO hub.plain (id, content) SELECT * FROM unnest(%b::text[], %b::text[])"}
        rates: dict[str, list[float]] = {way: [] for way in ways}
        for turn in range(_TURNS + 1):
            for way, call in ways.items():
                works = [(line, _batches(i, seats[i].name, 1 + turn * batches * _BATCH, batches))
                         for i, line in enumerate(lines)]
                rate = _race(works, call)
                if turn:
                    rates[way].append(rate)
        for line in lines:
            line.close()
        if admin.standing(hub, server.SECRET).refused:
            raise RuntimeError("the hub refused what was to be ordered")
    ordered, loose, plain = (median(rates[way]) for way in ways)
    # of windows that lay beside each other: the machine's speed drifts between them
    ratio = median(mine / theirs for mine, theirs in zip(rates["ordered"], rates["loose"], strict=True))
    return {"sync.ordered_ratio": at_least(ratio, "ratio", 0.7),
            "sync.ordered_events_per_s": told(ordered, "events/s"),
            "sync.unordered_events_per_s": told(loose, "events/s"),
            "sync.bare_insert_events_per_s": told(plain, "events/s")}


def _drain(server: Postgres, folder: Path, count: int) -> dict[str, Figure]:
    """What waited is sent and confirmed; a new seat then pulls and folds it."""
    with _hub(server, "drain") as hub:
        first, second = (_Seat(server, hub, folder / "drain", n) for n in ("d1", "d2"))
        store = first.store()
        with store.transaction(screen="desk", actor="bench") as tx:
            for n in range(count // 10):
                key = f"{n:08x}"
                tx.append(NewEvent(f"incident/{key}", "incident.reported", {"id": key, "number": key, "place": "p"},
                                   tx.now_ms))
                for _ in range(9):
                    tx.append(NewEvent(f"incident/{key}", "incident.noted", {"note": "x" * 40}, tx.now_ms))
        took: list[float] = []
        for seat, own in ((first, store), (second, second.store())):
            sync, link, began = SeatSync(own, SystemClock()), seat.link(), _now()
            catch_up(sync, link, sync.begin(link).head)
            while sync.push(link)[0]:
                catch_up(sync, link, sync.head)
            took.append(_now() - began)
            link.close()
            own.close()
        size = admin.standing(hub, server.SECRET).bytes
    return {"sync.drain_10000_s": at_most(took[0] * 10_000 / count, "s", 60.0),
            "sync.pull_events_per_s": told(count / took[1], "events/s"),
            "sync.bytes_per_event": told(size / count, "bytes")}


def run(quick: bool) -> dict[str, Figure]:
    """All figures; a quick run has shorter windows and a tenth of the queue."""
    seconds = 4.0 if quick else 10.0
    out: dict[str, Figure] = {}
    with tempfile.TemporaryDirectory() as name, running(durable=True) as server:
        folder = Path(name)
        for rate in (50, 500):
            out |= _latency(server, folder, rate, seconds, 0)
        out |= _latency(server, folder, 500, seconds, LISTENERS)
        out |= _ordered(server, folder, 50 if quick else 200)
        out |= _drain(server, folder, 1_000 if quick else 10_000)
        out |= bench_start.run(server, folder, 20_000 if quick else 1_000_000)
    p50eps = out["sync.p99_ms_50eps"]["value"]
    out["sync.p99_ms_50eps"] = at_most(p50eps, "ms", 100.0)
    out["sync.p99_ms_500eps"] = at_most(out["sync.p99_ms_500eps"]["value"], "ms", 2 * p50eps)
    lost: Any = out.pop("sync.lost_50eps")["value"] + out.pop("sync.lost_500eps")["value"]
    return {**out, "sync.lost": at_most(lost, "events", 0)}
