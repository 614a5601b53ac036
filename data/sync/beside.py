"""What crosses seats beside the event log, on a line and a thread of its own, so that it never holds events up."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable

from app.clock import SystemClock
from app.domain.faults import KnownFault, why_of
from app.ports import Clock
from app.services.sync_rules import LONGEST_WAIT_S, wait_s
from data.store import wants
from data.store.store import Store
from data.sync.blobs import Blobs
from data.sync.faults import HubRefusal
from data.sync.packs import Packs
from data.sync.people import People
from data.sync.positions import Positions
from data.sync.side_line import Side, SideLine

log = logging.getLogger(__name__)

TURN_S = 0.5
"""positions go and come this often: with two of these and the work they are on other seats in less than 2 s"""
_HUB_STATE = "beside_hub"
"""meta key: which hub, in which state, was last worked with"""


class Beside:
    """One connection's worth of all side channels. Use it from one thread; a turn may raise `HubTrouble`."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self.positions, self.people, self.blobs = Positions(store, clock), People(store, clock), Blobs(store, clock)
        self.packs = Packs(store)
        self._begun = False

    def turn(self, line: Side) -> None:
        """Positions first, then persons, files with what the limit leaves; short enough to be done often."""
        if not self._begun:
            self._begun = True
            offer_anew(self._store)
        self.positions.push(line)
        self.positions.pull(line)
        while wants.look_through(self._store):
            # positions must not wait for a long log
            self.positions.push(line)
            self.positions.pull(line)
        self.people.push(line)
        self.people.pull(line)
        self.people.wipe()
        self.blobs.turn(line, busy=self._busy())
        self.positions.fill_tracks(line)
        self.packs.turn(line)

    def _busy(self) -> bool:
        return self._store.read.exec_driver_sql("SELECT 1 FROM outbox LIMIT 1").first() is not None


def offer_anew(store: Store) -> None:
    """Ask for what is wanted at once; a hub that was restored, failed over or is another one is offered everything."""
    told = {r[0]: r[1] for r in store.read.exec_driver_sql(
        "SELECT \"key\", value FROM sync WHERE \"key\" IN ('epoch', 'rewound')")}
    state = f"{store.meta.get('hub', '')} {told.get('epoch', '')} {told.get('rewound', '')}"
    with store.transaction(screen="sync", actor="system") as tx:
        wants.ask_all_anew(tx.connection)
        if store.read_meta(_HUB_STATE) != state:
            tx.connection.exec_driver_sql("UPDATE person SET sent = 0 WHERE sent = 1")
            tx.connection.exec_driver_sql("UPDATE blob SET sent = 0 WHERE sent = 1")
            tx.connection.exec_driver_sql(
                "INSERT INTO meta (\"key\", value) VALUES (?, ?) ON CONFLICT (\"key\") DO UPDATE SET "
                "value = excluded.value", (_HUB_STATE, state))


class BesideRunner:
    """Runs the side channels until stopped. That the hub is away is logged by who syncs the events, not here too."""

    def __init__(self, open_store: Callable[[], Store], connect: Callable[[], SideLine], clock: Clock, *,
                 seed: int | None = None) -> None:
        """`open_store` is called on the thread."""
        self._open_store, self._connect, self._clock = open_store, connect, clock
        self._ended = threading.Event()
        self._dice = random.Random(seed)
        self._thread = threading.Thread(target=self._run, name="hub beside", daemon=True)

    def start(self) -> None:
        """On a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End it, after what is under way."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        store, failures, told = None, 0, False
        try:
            while not self._ended.is_set():
                try:
                    store = store or self._open_store()
                    self._talk(store)
                    failures = 0
                except (KnownFault, OSError) as fault:
                    failures += 1
                    log.debug("beside the log nothing crosses: %s", fault)
                    if isinstance(fault, OSError) and not told:
                        # a file of this machine; that the hub is away tells who syncs the events
                        told = True
                        log.warning("beside the log nothing crosses: %s", why_of(fault))
                    pause = LONGEST_WAIT_S if isinstance(fault, HubRefusal) else wait_s(failures, self._dice)
                    self._ended.wait(pause)
        finally:
            if store is not None:
                store.close()

    def _talk(self, store: Store) -> None:
        line = self._connect()
        steady = SystemClock()
        try:
            beside = Beside(store, self._clock)
            while not self._ended.is_set():
                began = steady.monotonic()
                beside.turn(line)
                self._ended.wait(max(0.02, TURN_S - (steady.monotonic() - began)))
        finally:
            line.close()
