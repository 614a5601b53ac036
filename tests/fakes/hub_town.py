"""A hub on a real PostgreSQL and seats with real stores, driven step by step or by their own syncing threads."""
from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from app.bootstrap import seats, syncing
from app.clock import SystemClock
from app.domain.events import NewEvent, uuid7
from app.ports import Clock
from data.store import ordered, rebuild
from data.store.local import LocalWrites
from data.store.store import Founding, Store
from data.sync import address as addresses
from data.sync import admin
from data.sync.beside import Beside
from data.sync.link import HubLink
from data.sync.runner import SyncRunner
from data.sync.seat_sync import SeatSync, catch_up
from data.sync.side_line import SideLine
from tests.fakes.postgres import Postgres

_names = itertools.count(1)
DISTRICT = "340803"


class TownSeat:
    """One seat: a store that acts, and a second opening of it that syncs."""

    def __init__(self, folder: Path, name: str, centre: str, address: addresses.HubAddress, secret: str,
                 clock: Clock | None = None) -> None:
        self.name, self.folder, self.address, self.secret = name, folder, address, secret
        self.clock = clock or SystemClock()
        Store.create(folder, Founding(DISTRICT, "D", centre, centre, "drill"), self.clock).close()
        addresses.write_secret_file(folder / addresses.SECRET_FILE, secret)
        syncing.join(folder, address.url, None)
        self.open()
        self.link: HubLink | None = None
        self.runner: SyncRunner | None = None
        self.side: tuple[SideLine, Beside] | None = None

    def open(self) -> None:
        """The store as its folder holds it now."""
        self.store = Store(self.folder, self.clock)
        self.sync = SeatSync(Store(self.folder, self.clock), self.clock)

    def close(self) -> None:
        self.stop()
        self.hang_up()
        self.hang_up_aside()
        self.store.close()
        self.sync.store.close()

    # -- acting

    def do(self, *news: NewEvent) -> list[str]:
        """One transaction; returns the events' ids."""
        with self.store.transaction(screen="desk", actor=self.name) as tx:
            return [tx.append(n).id for n in news]

    def now(self) -> int:
        return int(self.clock.now().timestamp() * 1000)

    def report(self, key: str | None = None, **body: Any) -> str:
        key = key or uuid7(self.now())
        self.do(NewEvent(f"incident/{key}", "incident.reported", {"id": key, "number": key[:8], "place": "p", "kind":
                                                                  "0102", **body}, self.now()),
                NewEvent(f"incident/{key}", "incident.registered", {}, self.now()))
        return key

    def act(self, key: str, verb: str, **body: Any) -> str:
        return self.do(NewEvent(f"incident/{key}", f"incident.{verb}", body, self.now()))[0]

    def assign(self, key: str, unit: str, lead: bool = True) -> str:
        return self.act(key, "assigned", unit=unit, unit_name=unit, lead=lead)

    def go(self, *fixes: tuple[str, float, float], at: int | None = None) -> None:
        """Units (id, lon, lat) report where they are."""
        LocalWrites(lambda: self.store.transaction(screen="gateway", actor="x")).put_positions(
            [(u, lon, lat, self.now() if at is None else at, 90.0) for u, lon, lat in fixes])

    # -- syncing by steps

    def dial_only(self) -> HubLink:
        """A line on which nothing was said but hello."""
        self.hang_up()
        self.link = HubLink(self.address, self.secret, answer_s=4)
        who = self.store.identity
        self.link.hello(who.seat, who.district, who.centre, self.reached)
        return self.link

    def dial(self, port: int | None = None) -> HubLink:
        self.hang_up()
        url = self.address.url
        if port is not None:
            head, _, tail = url.rpartition("@")
            url = f"{head}@127.0.0.1:{port}/{tail.partition('/')[2]}"
        self.link = HubLink(addresses.HubAddress(url), self.secret, answer_s=4)
        welcome = self.sync.begin(self.link)
        catch_up(self.sync, self.link, welcome.head)
        self.sync.recover_own(self.link, welcome)
        return self.link

    def hang_up(self) -> None:
        if self.link is not None:
            self.link.close()
            self.link = None

    def push(self) -> int:
        assert self.link is not None
        done = 0
        while (count := self.sync.push(self.link)[0]) > 0:
            done += count
            catch_up(self.sync, self.link, self.sync.head)
        return done

    def pull(self) -> int:
        assert self.link is not None
        return catch_up(self.sync, self.link, 10**15)

    def meet(self) -> None:
        """Push and pull everything."""
        if self.link is None:
            self.dial()
        self.push()
        self.pull()

    def aside(self) -> Beside:
        """What crosses beside the log, once; the line and what it remembers stay until `hang_up_aside`."""
        if self.side is None:
            self.side = SideLine(self.address, self.secret, answer_s=4), Beside(self.sync.store, self.clock)
        line, beside = self.side
        beside.turn(line)
        return beside

    def hang_up_aside(self) -> None:
        if self.side is not None:
            self.side[0].close()
            self.side = None

    # -- syncing by itself

    def start(self, port: Callable[[], int] | None = None, *, beside: bool = False, **options: Any) -> SyncRunner:
        def address() -> addresses.HubAddress:
            url = self.address.url
            if port is not None:
                head, _, tail = url.rpartition("@")
                url = f"{head}@127.0.0.1:{port()}/{tail.partition('/')[2]}"
            return addresses.HubAddress(url)

        if beside:
            options["connect_beside"] = lambda: SideLine(address(), self.secret, answer_s=3)
        self.runner = SyncRunner(self.folder, lambda: Store(self.folder, self.clock),
                                 lambda: HubLink(address(), self.secret, answer_s=3), self.clock, **options)
        self.runner.start()
        return self.runner

    def stop(self) -> None:
        if self.runner is not None:
            self.runner.stop()
            self.runner = None

    # -- looking

    @property
    def reached(self) -> int:
        return ordered.reached(self.store.read)[0]

    @property
    def unsent(self) -> int:
        return int(self.store.read.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one())

    def state(self, key: str) -> dict[str, Any]:
        text = self.store.read.exec_driver_sql("SELECT state FROM incident WHERE id = ?", (key,)).scalar_one()
        found: dict[str, Any] = json.loads(text)
        return found

    def units_of(self, key: str) -> list[str]:
        return [a[0] for a in self.state(key).get("assignments", [])]

    def picture(self) -> dict[str, list[Any]]:
        """All folded rows without what is local to the seat."""
        out = {}
        for name, rows in rebuild.dump(self.store.read).items():
            if name == "incident":
                columns = [r[1] for r in self.store.read.exec_driver_sql("PRAGMA table_info(incident)")]
                drop = columns.index("last_seq")
                out[name] = sorted((r[:drop] + r[drop + 1 :] for r in rows), key=repr)
            else:
                out[name] = rows
        return out


class Town:
    """A district with its hub."""

    def __init__(self, server: Postgres, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.address = addresses.parse_address(server.create(f"town{next(_names)}"))
        admin.init(self.address, server.SECRET, district=DISTRICT, district_name="D", now_ms=1)
        admin.put_centre(self.address, server.SECRET, "c", "Centre", level=0, parent=None, prefix="")
        self.seats: list[TownSeat] = []
        self.far: list[TownSeat] = []
        """those that no line reaches; the town closes them too"""

    def seat(self, name: str, centre: str = "c", clock: Clock | None = None) -> TownSeat:
        address, secret = admin.add_seat(self.address, self.server.SECRET, name, centre)
        one = TownSeat(self.folder / name, name, centre, address, secret, clock)
        self.seats.append(one)
        return one

    def run(self, words: str) -> list[Any]:
        """SQL on the hub as its owner."""
        with self.server.connect(self.address.database) as c:
            cursor = c.execute(words)
            return cursor.fetchall() if cursor.description else []

    def head(self) -> int:
        return int(self.run("SELECT seq FROM hub.head")[0][0])

    def level(self, within_s: float = 10.0) -> float:
        """Wait until nothing is unsent and every seat holds the hub's head; returns the seconds it took."""
        began = time.monotonic()
        while True:
            head = self.head()
            if all(s.unsent == 0 and s.reached == head for s in self.seats) and self.head() == head:
                return time.monotonic() - began
            assert time.monotonic() - began < within_s, [(s.name, s.unsent, s.reached, head) for s in self.seats]
            time.sleep(0.02)

    def close(self) -> None:
        for one in self.seats + self.far:
            one.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def town(server: Postgres, folder: Path) -> Iterator[Town]:
    """A town that is closed again."""
    one = Town(server, folder)
    try:
        yield one
    finally:
        one.close()


__all__ = ["Town", "TownSeat", "seats", "town"]
