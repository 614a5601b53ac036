"""The syncing program of a seat: one per seat by file lock, a thread beside any screen or `main.py sync run`."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from app.clock import SystemClock
from app.domain.faults import KnownFault
from app.domain.limits import to_ms
from app.ports import Clock
from app.services.sync_rules import LONGEST_WAIT_S, Ordered, wait_s
from data.store.ordered import OrderBroken
from data.store.store import Store
from data.sync.beside import BesideRunner
from data.sync.faults import HubRefusal, HubTrouble
from data.sync.link import HubLink
from data.sync.seat_sync import DIGEST_S, SLICE_S, SeatSync, catch_up
from data.sync.side_line import SideLine

log = logging.getLogger(__name__)

LOCK_FILE = "sync.lock"
LISTEN_S = 0.02
"""how long one wait for a wake-up lasts; own new events are looked for in between"""
POLL_S = 1.0
"""the cursor is asked this often though no wake-up came: the safety net"""
BEAT_S = 2.0
LOCK_S = 2.0
"""how often a screen asks whether the seat's syncing program is gone"""
NUDGE_S = 0.02
LONGEST_REST_S = 0.1
"""after a turn that did something the seat rests twice as long as it worked, at most this: what comes meanwhile is
taken in together, so that a seat never takes the whole machine, and the more there is the less each event costs"""

Connect = Callable[[], HubLink]
OpenStore = Callable[[], Store]


class _Ended(Exception):
    """The program ends in the midst of a start; it goes on there the next time."""


class SyncRunner:
    """Runs a seat's syncing until stopped; trouble is logged once when it begins and once when it ends."""

    def __init__(self, folder: Path, open_store: OpenStore, connect: Connect, clock: Clock | None = None, *,
                 on_rows: Callable[[Sequence[Ordered]], None] | None = None, poll_s: float = POLL_S,
                 digest_s: float = DIGEST_S, seed: int | None = None,
                 connect_beside: Callable[[], SideLine] | None = None) -> None:
        """`clock`: of the machine, injected for tests. `open_store` is called on the syncing thread.

        `connect_beside`: the second line, for what crosses beside the log; None: nothing does.
        """
        self._folder, self._open_store, self._connect = folder, open_store, connect
        self._clock = clock or SystemClock()
        self._on_rows = on_rows
        self._poll_s, self._digest_s = poll_s, digest_s
        self._digest_at = 0.0
        self._connect_beside = connect_beside
        self._ended = threading.Event()
        self._dice = random.Random(seed)
        self._thread: threading.Thread | None = None
        self._failures = 0
        self._down_at: float | None = None
        self._since_ms = 0
        self._beat_at = self._poll_at = 0.0
        self._owed_at: float | None = None

    def start(self) -> None:
        """Sync on a thread of its own."""
        self._thread = threading.Thread(target=self.run, name="hub sync", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it, after what is under way."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def run(self) -> None:
        """Sync until stopped, whenever no other program of the seat does."""
        lock = FileLock(self._folder / LOCK_FILE)
        while not self._ended.is_set():
            try:
                lock.acquire(timeout=0)
            except (Timeout, OSError):
                self._ended.wait(LOCK_S)
                continue
            try:
                self._hold()
            finally:
                lock.release()

    def _hold(self) -> None:
        try:
            store = self._open_store()
        except KnownFault as fault:
            log.warning("syncing waits for the store: %s", fault)
            self._ended.wait(LOCK_S)
            return
        sync = SeatSync(store, self._clock)
        sync.on_rows = self._on_rows
        sync.digest_s = self._digest_s
        self._since_ms = to_ms(self._clock.now())
        beside = BesideRunner(self._open_store, self._connect_beside, self._clock) if self._connect_beside else None
        if beside is not None:
            beside.start()
        try:
            while not self._ended.is_set():
                self._once(sync)
        finally:
            if beside is not None:
                beside.stop()
            store.close()

    def _once(self, sync: SeatSync) -> None:
        """One connection from its beginning to its end."""
        steady = SystemClock()
        try:
            link = self._connect()
            try:
                self._talk(sync, link)
            finally:
                link.close()
        except _Ended:
            return
        except OrderBroken as fault:
            # the next hello finds the common point
            self._went_down(sync, fault)
        except KnownFault as fault:
            self._went_down(sync, fault)
        else:
            return
        self._failures += 1
        refused = self._failures > 1 and self._refused
        pause = LONGEST_WAIT_S * self._dice.uniform(0.5, 1.0) if refused else wait_s(self._failures, self._dice)
        until = steady.monotonic() + pause
        while not self._ended.is_set() and steady.monotonic() < until:
            self._ended.wait(min(0.2, pause))

    _refused = False

    def _went_down(self, sync: SeatSync, fault: KnownFault) -> None:
        self._refused = isinstance(fault, HubRefusal)
        if self._down_at is None:
            self._down_at = SystemClock().monotonic()
            self._since_ms = to_ms(self._clock.now())
            log.warning("off the hub: %s", fault)
        try:
            sync.tell("off", self._since_ms, fault if isinstance(fault, HubTrouble | OrderBroken) else None)
        except KnownFault as worse:
            log.debug("the state of the line was not kept: %s", worse)

    def _came_up(self, sync: SeatSync) -> None:
        steady = SystemClock()
        self._failures = 0
        if self._down_at is not None:
            log.info("on the hub again after %.0f s", steady.monotonic() - self._down_at)
            self._down_at = None
        self._since_ms = to_ms(self._clock.now())
        sync.alive(to_ms(self._clock.now()))
        sync.tell("connected", self._since_ms)

    def _starts(self, sync: SeatSync, link: HubLink) -> None:
        """A new seat takes the past in: its screens and the hub are told how far it is."""
        now = SystemClock().monotonic()
        if now - self._beat_at >= BEAT_S:
            self._beat_at = now
            self._came_up(sync)
            sync.beat(link)
        if self._ended.is_set():
            raise _Ended

    def _talk(self, sync: SeatSync, link: HubLink) -> None:
        sync.on_start = lambda _done, _of: self._starts(sync, link)
        welcome = sync.begin(link)
        catch_up(sync, link, welcome.head)
        sync.recover_own(link, welcome)
        sync.beat(link)
        self._came_up(sync)
        self._beat_at = self._poll_at = SystemClock().monotonic()
        self._owed_at = None
        link.heard = sync.reached
        first = True
        while not self._ended.is_set():
            woken = link.wait(LISTEN_S)
            began = SystemClock().monotonic()
            if self._turn(sync, link, woken=woken, look=first):
                self._ended.wait(min(2 * (SystemClock().monotonic() - began), LONGEST_REST_S))
            first = False

    def _turn(self, sync: SeatSync, link: HubLink, *, woken: bool, look: bool) -> bool:
        """Send and fetch what there is; returns whether there was any."""
        now = SystemClock().monotonic()
        changed = sync.store.poll_version() or look
        done = 0
        if changed:
            while True:
                count, owed = sync.push(link)
                done += count
                if owed and self._owed_at is None:
                    self._owed_at = now + NUDGE_S
                if count == 0:
                    break
                catch_up(sync, link, sync.head)
                if self._ended.is_set():
                    return True
        if (woken and link.heard > sync.reached) or now - self._poll_at >= self._poll_s:
            self._poll_at = now
            done += catch_up(sync, link, max(link.heard, sync.head))
        if self._owed_at is not None and SystemClock().monotonic() >= self._owed_at:
            self._owed_at = None if link.nudge() else SystemClock().monotonic() + NUDGE_S
        if now - self._beat_at >= BEAT_S:
            self._beat_at = now
            sync.beat(link)
            sync.alive(to_ms(self._clock.now()))
        if now - self._digest_at >= self._digest_s / 6:  # the others hand theirs in when they can
            self._digest_at = now
            link.make_point(self._digest_s)
            sync.look(link)
        sync.mend_on(link, SLICE_S)
        return bool(done)
