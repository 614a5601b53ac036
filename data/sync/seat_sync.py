"""One seat's syncing, step by step: hello, push, pull, back-fill, rewind. Knows no threads and no waiting."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.clock import SystemClock
from app.domain.faults import KnownFault, Message
from app.domain.limits import to_ms
from app.ports import Clock
from app.services.changes import Changes
from app.services.sync_rules import Ordered
from data.store import ordered
from data.store.store import Store
from data.store.tables import META, PEER, SYNC
from data.store.transaction import Transaction
from data.sync import digest, starting
from data.sync.faults import other_version
from data.sync.link import Hub, Welcome
from data.sync.mending import Mending
from data.sync.migrations import HUB_HEAD

log = logging.getLogger(__name__)

PUSH_EVENTS, PUSH_BYTES = 500, 2_000_000
PULL_ROWS = 1_000
SKEW_ALARM_MS = 60_000
DIGEST_S = 60.0
"""digests are compared this often"""
LOOK_AGAIN_S = 600.0
"""a seat that found nothing of its own to mend looks again after so long"""
SLICE_S = 0.05
"""a slice of mending lasts this long; then events go and come again"""


class SeatSync:
    """Works on a store of its own; use from one thread. Every step may raise `HubTrouble`: then nothing is lost."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self._clock, self._steady = clock, SystemClock()
        self.head = 0
        """the hub's last sequence that this seat heard of"""
        self.prefix = ""
        self.skew_ms = 0
        self.on_rows: Callable[[Sequence[Ordered]], None] | None = None
        """hears rows when they are committed and folded (measurements)"""
        self.on_start: Callable[[int, int], None] = lambda _done, _of: None
        """hears (done, of how many) rows while a new seat starts from a snapshot"""
        self._alarmed = False
        self._digested: tuple[int, list[tuple[str, int, str]]] | None = None
        self.digest_s = DIGEST_S
        """digests are taken anew after so long though nothing came: a row may be flipped at rest"""
        self._digested_at = 0.0
        self._mending: tuple[Mending, int, tuple[str, ...]] | None = None
        """what is being looked through, for which point and centres"""
        self._looked: set[tuple[int, str]] = set()
        """(point, centre) where this seat has looked already"""
        self._look_at = 0.0
        self._fruitless: set[str] = set()

    @property
    def reached(self) -> int:
        """The last sequence of the hub's order that this seat holds."""
        return ordered.reached(self.store.read)[0]

    @property
    def unsent(self) -> int:
        """Own events that the hub has not ordered yet."""
        return int(self.store.read.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one())

    # -- the beginning of a connection ---------------------------------------------------------------------------------

    def begin(self, hub: Hub) -> Welcome:
        """Say hello, compare what both know, rewind where the hub was restored or failed over.

        Raises `HubTrouble` for a hub that is not this seat's.
        """
        who = self.store.identity
        seq, chain = ordered.reached(self.store.read)
        asked = self._clock.now()
        welcome = hub.hello(who.seat, who.district, who.centre, seq)
        if welcome.revision != HUB_HEAD:
            raise other_version(welcome.revision, HUB_HEAD)
        self.prefix, self.head = welcome.prefix, welcome.head
        self._measure(asked.timestamp(), welcome.now.timestamp())
        if welcome.chain != chain:
            common = self._common(hub, min(seq, welcome.head))
            self._rewind(common)
        self._note({"epoch": welcome.epoch})
        starting.begin(self.store, hub, seat_no=welcome.seat_no, head=welcome.head, told=self.on_start)
        with self._transaction() as tx:
            ordered.join(tx)
        self._take_code(welcome.seat_code)
        self._note({"centres": json.dumps(hub.centres())})
        self._take_directory(hub)
        return welcome

    def _take_directory(self, hub: Hub) -> None:
        """Which centres there are, and which is this seat's: screens read their lists anew when it changes."""
        text = json.dumps({"own": self.store.identity.centre, "centres": hub.directory()}, ensure_ascii=False)
        self._note({"directory": text}, changes=Changes(packs=frozenset({"centres"})))

    def _measure(self, asked_s: float, hub_s: float) -> None:
        """The machine's clock against the hub's; the middle of the answer's way is when the hub looked."""
        now_s = self._clock.now().timestamp()
        self.skew_ms = round(((asked_s + now_s) / 2 - hub_s) * 1000)
        wrong = abs(self.skew_ms) > SKEW_ALARM_MS
        if wrong and not self._alarmed:
            log.warning("this machine's clock is %+.0f s off the hub's", self.skew_ms / 1000)
        elif self._alarmed and not wrong:
            log.info("this machine's clock is right again")
        self._alarmed = wrong

    def _common(self, hub: Hub, high: int) -> int:
        """The last sequence at which both orders have the same chain, by halving."""
        low = 0
        while low < high:
            middle = (low + high + 1) // 2
            theirs = hub.chain_at([middle]).get(middle)
            ours = self.store.read.exec_driver_sql("SELECT chain FROM ordering WHERE seq = ?",
                                                   (middle,)).scalar_one_or_none()
            low, high = (middle, high) if theirs is not None and theirs == ours else (low, middle - 1)
        return low

    def _rewind(self, common: int) -> None:
        with self._transaction() as tx:
            gone = ordered.rewind(tx, common)
        self._note({"rewound": json.dumps({"to": common, "rows": gone, "at": to_ms(self._clock.now())})})
        log.warning("the hub was restored or failed over: %d rows of its order were taken back to %d, own events are "
                    "offered again", gone, common)

    def _take_code(self, code: str) -> None:
        """The seat's code in numbers of incidents is the hub's to give: no two seats may have one."""
        if self.store.meta.get("seat_code") == code:
            return
        with self._transaction() as tx:
            tx.connection.execute(upsert(META).values(key="seat_code", value=code).on_conflict_do_update(
                index_elements=["key"], set_={"value": code}))
        self.store.meta["seat_code"] = code

    # -- there and back ------------------------------------------------------------------------------------------------

    def push(self, hub: Hub) -> tuple[int, bool]:
        """Offer the oldest unsent events. Returns how many were taken and whether a trailing wake-up is owed."""
        rows = self.store.read.exec_driver_sql(
            "SELECT e.id, e.content FROM outbox o JOIN event e ON e.seq = o.seq ORDER BY o.seq LIMIT ?",
            (PUSH_EVENTS,)).all()
        ids: list[str] = []
        contents: list[str] = []
        size = 0
        for row in rows:
            size += len(row.content)
            if ids and size > PUSH_BYTES:
                break
            ids.append(row.id)
            contents.append(row.content)
        if not ids:
            return 0, False
        done = hub.append(ids, contents)
        self.head = max(self.head, done.head)
        refused = {verdict for verdict in done.verdicts.values() if verdict.startswith("refused")}
        if refused:
            log.warning("the hub refused %s", ", ".join(sorted(refused)))
        return len(ids), done.owed

    def pull(self, hub: Hub) -> int:
        """Take the next rows in; returns how many. Raises `OrderBroken` when they do not follow: begin anew."""
        rows = hub.pull(self.reached, PULL_ROWS)
        if not rows:
            return 0
        # the hub has them and gives them again: nothing waits for the disk
        with self.store.transaction(screen="sync", actor="system", durable=False) as tx:
            ordered.apply(tx, rows)
        if self.on_rows is not None:
            self.on_rows(rows)
        self.head = max(self.head, rows[-1].seq)
        return len(rows)

    def fill_gaps(self, hub: Hub) -> None:
        """Fetch the earlier bodies of streams that came into this seat's area, and own ones that a restored store lost.
        """
        lacking = ordered.gaps(self.store.read)
        if lacking:
            rows = hub.stream_bodies(list(lacking), max(lacking.values()))
            with self._transaction() as tx:
                ordered.fill(tx, rows, lacking)

    def recover_own(self, hub: Hub, welcome: Welcome) -> int:
        """Own events that the hub has and this store has not (it was restored from a backup), and bodies of an area
        that has come into sight since; returns how many.

        What this seat did between its restore and now bears numbers that the hub knows for other acts: it is taken up
        and made anew behind them, with its ids, makers and times. Call it when the order is pulled, before anything is
        pushed.
        """
        own, run = self.store.identity.seat, self.store.read.exec_driver_sql
        last = run("SELECT coalesce(max(seat_no), 0) FROM event WHERE seat = ?", (own,)).scalar_one()
        forked = run("SELECT 1 FROM outbox o JOIN event e ON e.seq = o.seq WHERE e.seat_no <= ? LIMIT 1",
                     (welcome.seat_no,)).first() is not None
        older = forked or welcome.seat_no > last
        seen = run("SELECT value FROM sync WHERE key = 'prefix'").scalar_one_or_none()
        done = 0
        moved = seen is not None and seen != welcome.prefix
        if older or moved:
            behind = 0 if moved else ordered.own_reached(self.store.read, own)
            lost = [r[0] for r in run("SELECT o.event_id FROM ordering o LEFT JOIN event e ON e.id = o.event_id WHERE "
                                      "o.seq > ? AND e.id IS NULL AND o.verdict NOT LIKE 'refused%'", (behind,))]
            done = self._fetch_back(hub, lost, welcome.seat_no if older else None)
        if seen != welcome.prefix:
            self._note({"prefix": welcome.prefix})
        if older:
            log.warning("this store is older than what the hub has of it: %d events were fetched back", done)
        elif done:
            log.info("another area is in sight now: %d events were fetched", done)
        return done

    def _fetch_back(self, hub: Hub, lost: Sequence[str], own_last: int | None) -> int:
        parts = (hub.bodies(lost[start : start + PUSH_EVENTS]) for start in range(0, len(lost), PUSH_EVENTS))
        if own_last is None:
            done = 0
            for rows in parts:
                with self._transaction() as tx:
                    ordered.fill(tx, rows, ())
                done += len(rows)
            return done
        found = [row for rows in parts for row in rows]
        # all at once: what somebody does here meanwhile would get a number of what is still to come
        with self._transaction() as tx:
            made = ordered.put_back(tx, own_last, found)
        if made:
            # another program of the seat may remember a head that was taken up: this one lies beyond it
            self.store.head.write()
            log.warning("%d acts made since this store was restored were put behind those that the hub has", made)
        return len(found)

    def beat(self, hub: Hub) -> None:
        """Tell the hub how this seat stands, and its screens how the hub does."""
        asked = self._clock.now()
        self.head, now, _ = hub.beat(self.reached, self.unsent, max(-2**31, min(self.skew_ms, 2**31 - 1)))
        self._measure(asked.timestamp(), now.timestamp())
        rows = hub.presence()
        here = to_ms(self._clock.now().astimezone(UTC))
        with self._transaction() as tx:
            known = {r.centre: r for r in tx.connection.execute(select(PEER))}
            moved = {(r[0], r[1], r[2]) for r in rows} != {(k.centre, k.name, k.level) for k in known.values()}
            for centre, name, level, age_s in rows:
                seen = None if age_s is None else here - round(age_s * 1000)
                row = {"centre": centre, "name": name, "level": level, "seen_at": seen}
                tx.connection.execute(upsert(PEER).values(row).on_conflict_do_update(index_elements=["centre"],
                                                                                    set_=row))
            gone = [(c,) for c in known.keys() - {r[0] for r in rows}]
            if gone:
                tx.connection.exec_driver_sql("DELETE FROM peer WHERE centre = ?", gone)
        if moved:
            self._take_directory(hub)

    # -- digests -------------------------------------------------------------------------------------------------------

    def compare(self, hub: Hub) -> int:
        """`look`, and mend what is to be mended at once."""
        found = self.look(hub)
        while self.mend_on(hub, SLICE_S):
            pass
        return found

    @property
    def mends(self) -> bool:
        """Whether a difference is being looked into: call `mend_on` until it is not."""
        return self._mending is not None

    def look(self, hub: Hub) -> int:
        """Where this seat stands at a digest point, hand its digests in; where they are not another seat's, look
        into it. Returns how many centres that are; asking again at the same point is cheap."""
        seq, now = self.reached, self._clock.monotonic()
        fresh = self._digested is not None and self._digested[0] == seq and now - self._digested_at < self.digest_s
        if not fresh and (hub.at_point == seq or hub.points(seq)[:1] == [seq]):
            self._digested, self._digested_at = self._take_digests(hub), now
            hub.compare(*self._digested)
            self._looked = {one for one in self._looked if one[0] != seq}
        found = set(hub.differing())
        self._looked &= found
        differ = found - self._looked
        if not differ or now < self._look_at or self.mends:
            return 0
        self._looked |= differ
        centres = tuple(sorted({centre for _, centre in differ}))
        self._mending = Mending(self.store, self._where(hub, differ)), max(point for point, _ in differ), centres
        return len(centres)

    @staticmethod
    def _where(hub: Hub, differ: Collection[tuple[int, str]]) -> frozenset[int] | None:
        """The buckets in which the differences lie; None: anywhere."""
        found: set[int] = set()
        for point, centre in sorted(differ):
            handed = hub.digests_at(point, centre)
            mine = next((text for own, text in handed if own), "")
            some = digest.differing_buckets(mine, [text for own, text in handed if not own and text != mine])
            if some is None:
                return None
            found |= some
        return frozenset(found)

    def mend_on(self, hub: Hub, seconds: float) -> bool:
        """Go on with what `look` began, for so long; whether there is more to do."""
        if self._mending is None:
            return False
        mending, point, centres = self._mending
        until = self._steady.monotonic() + seconds
        if not mending.slice(hub, lambda: self._steady.monotonic() >= until):
            return True
        self._mending = None
        self._conclude(hub, point, centres, mending.mended)
        return False

    def _conclude(self, hub: Hub, point: int, centres: Sequence[str], rows: int) -> None:
        left = set[str]()
        if self._digested is not None and self._digested[0] == self.reached:
            self._digested = self._take_digests(hub)
            left = {c for c, _, others in hub.compare(*self._digested) if others}
        if rows:
            log.warning("what this seat shows had diverged at %d in %s: %d rows mended", point, ", ".join(centres),
                        rows)
            self._fruitless.clear()
            for centre in centres:
                hub.diverged(point, centre, centre not in left)
            self._note({"diverged": json.dumps({"seq": point, "rows": rows, "at": to_ms(self._clock.now())})})
            return
        # this seat shows what its log says: the other one is to mend itself; when it could not, that is recorded
        self._look_at = self._clock.monotonic() + LOOK_AGAIN_S
        for centre in sorted(self._fruitless & set(centres)):
            log.warning("what seats show of %s had diverged at %d and stays so: this one shows what its log says",
                        centre, point)
            hub.diverged(point, centre, False)
        self._fruitless |= set(centres)

    def _take_digests(self, hub: Hub) -> tuple[int, list[tuple[str, int, str]]]:
        centres = hub.centres()
        self._note({"centres": json.dumps(centres)})
        seq, found = digest.digests(self.store, {prefix for _, prefix in centres})
        return seq, digest.handed_in(centres, found)

    # -- what the screens are told -------------------------------------------------------------------------------------

    def tell(self, mode: str, since_ms: int, trouble: KnownFault | None = None) -> None:
        """Note the state of the line: connected or off, since when, and why."""
        words = json.dumps({"id": trouble.message.id, "params": _plain(trouble.message.params)},
                           ensure_ascii=False) if trouble is not None else ""
        self._note({"mode": mode, "since": str(since_ms), "trouble": words}, changes=Changes(settings=True))

    def left(self) -> None:
        """Note that the line was hung up after all was sent and fetched: off since now, and why is no trouble."""
        now_ms = to_ms(self._clock.now())
        self.alive(now_ms)
        self.tell("off", now_ms)

    def alive(self, now_ms: int) -> None:
        """Note that the syncing program lives, what it has reached and how far the clock is off."""
        self._note({"alive_at": str(now_ms), "head": str(self.head), "skew_ms": str(self.skew_ms)})

    def _note(self, values: Mapping[str, str], changes: Changes | None = None) -> None:
        known = {r.key: r.value for r in self.store.read.execute(select(SYNC))}
        new = {k: v for k, v in values.items() if known.get(k) != v}
        if not new:
            return
        with self._transaction() as tx:
            for key, value in new.items():
                tx.connection.execute(upsert(SYNC).values(key=key, value=value).on_conflict_do_update(
                    index_elements=["key"], set_={"value": value}))
            if changes is not None:
                tx.mark(changes)

    def _transaction(self) -> AbstractContextManager[Transaction]:
        return self.store.transaction(screen="sync", actor="system")


def _plain(params: Mapping[str, object]) -> dict[str, object]:
    return {k: {"id": v.id, "params": _plain(v.params)} if isinstance(v, Message) else str(v)
            for k, v in params.items()}


def catch_up(sync: SeatSync, hub: Hub, target: int) -> int:
    """Pull until `target` is reached or nothing more comes; returns the rows taken in. Digests are compared at every
    point on the way, so that no seat is past one without having handed its own in."""
    done = 0
    while True:
        count = sync.pull(hub)
        done += count
        at_point = bool(hub.at_point)
        if at_point:
            sync.look(hub)
        if count == 0 or (sync.reached >= target and count < PULL_ROWS and not at_point):
            break
    sync.fill_gaps(hub)
    return done
