"""`main.py bench sync`: seats in processes of their own on a PostgreSQL that is started for it, durable as in use."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.synchronize import Event as Flag
from pathlib import Path
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
        for one in processes:
            one.start()
        writer = SyncRunner(seats[0].folder, seats[0].store, seats[0].link)
        writer.start()
        polled: dict[str, float] = {}
        asking = threading.Thread(target=_poll, args=(seats[1], ended, polled), daemon=True)
        asking.start()
        threading.Event().wait(6.0 if listeners else 4.0)
        made = _pace(seats[0], rate, seconds)
        threading.Event().wait(3.0)
        ended.set()
        for one in processes:
            one.join()
        asking.join()
        writer.stop()
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


def _poll(seat: _Seat, ended: Flag, seen: dict[str, float]) -> None:
    link, reached = seat.hello(), 0
    while not ended.wait(1.0):
        rows = link.pull(reached, 20_000)
        at = _now()
        seen.update((r.event_id, at) for r in rows)
        reached = rows[-1].seq if rows else reached
    link.close()


def _race(writers: int, seconds: float, one: Callable[[int, int], None]) -> float:
    """Calls a second of several threads together."""
    counts, until = [0] * writers, _now() + seconds

    def work(i: int) -> None:
        while _now() < until:
            one(i, counts[i])
            counts[i] += 1

    threads = [threading.Thread(target=work, args=(i,)) for i in range(writers)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return sum(counts) / seconds


def _ordered(server: Postgres, folder: Path, seconds: float) -> dict[str, Figure]:
    """Ordered append beside plain inserts of the same bodies: interleaved, several writers, 10 events a commit."""
    with _hub(server, "ratio") as hub:
        seats = [_Seat(server, hub, folder / "ratio", f"w{i}") for i in range(WRITERS)]
        links = [s.hello() for s in seats]
        with server.connect(hub.database) as c:
            c.execute("CREATE TABLE plain (seq bigserial PRIMARY KEY, id text UNIQUE, stream text, content text)")
            c.execute("CREATE INDEX ON plain (stream)")
        lines = [server.connect(hub.database) for _ in seats]
        numbers = [0] * WRITERS

        def batch(i: int) -> list[Event]:
            found = []
            for _ in range(10):
                numbers[i] += 1
                found.append(Event(uuid7(numbers[i]), f"incident/{i}-{numbers[i] // 20}", "incident.noted", DISTRICT,
                                   "c", seats[i].name, numbers[i], "0" * 64, "desk", "bench", 5, "drill",
                                   {"note": "x" * 40}))
            return found

        def append(i: int, _n: int) -> None:
            events = batch(i)
            links[i].append([e.id for e in events], [canonical(e) for e in events])

        def insert(i: int, _n: int) -> None:
            events = batch(i)
            lines[i].execute("INSERT INTO plain (id, stream, content) SELECT * FROM unnest(%s::text[], %s::text[], "
                             "%s::text[])", ([e.id for e in events], [e.stream for e in events],
                                             [canonical(e) for e in events]))

        ratios, rates = [], []
        for _ in range(3):
            plain, real = _race(WRITERS, seconds, insert), _race(WRITERS, seconds, append)
            ratios.append(real / plain)
            rates.append(real * 10)
        for link in links:
            link.close()
        for line in lines:
            line.close()
    return {"sync.ordered_ratio": at_least(sorted(ratios)[1], "ratio", 0.7),
            "sync.ordered_events_per_s": told(sorted(rates)[1], "events/s")}


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
        out |= _ordered(server, folder, 1.0 if quick else 3.0)
        out |= _drain(server, folder, 1_000 if quick else 10_000)
        out |= bench_start.run(server, folder, 20_000 if quick else 1_000_000)
    p50eps = out["sync.p99_ms_50eps"]["value"]
    out["sync.p99_ms_50eps"] = at_most(p50eps, "ms", 100.0)
    out["sync.p99_ms_500eps"] = at_most(out["sync.p99_ms_500eps"]["value"], "ms", 2 * p50eps)
    lost: Any = out.pop("sync.lost_50eps")["value"] + out.pop("sync.lost_500eps")["value"]
    return {**out, "sync.lost": at_most(lost, "events", 0)}
