"""The seat beside the hub (`main.py hub run`): folds all, makes the snapshots that new seats start from, publishes
reference digests, clears away what is old. One per hub."""

from __future__ import annotations

import json
import logging
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.clock import SystemClock
from app.domain.faults import KnownFault, Message
from app.services.sync_rules import wait_s
from data.store import bulk, ordered
from data.store.store import Store
from data.sync import digest
from data.sync.keeper_link import KeeperLink
from data.sync.seat_sync import SeatSync
from data.sync.snapshot import BODY, FOLD, ORDER, pack_bodies, pack_fold

log = logging.getLogger(__name__)

LISTEN_S = 0.5
DIGEST_S = 60.0
TIDY_S = 3_600.0
KEPT_SNAPSHOTS = 2
"""per centre: a start from the one before the newest may be under way"""
FOLD_ROWS = 5_000
SHARE = 10
"""a new snapshot is made at the earliest after so many times what the last one took"""
DIVERGENCE_DAYS = 400
POSITION_DAYS = 30
"""a force that was not heard for so long before the last one heard has no position"""

Say = Callable[[Message], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What a run did."""

    reached: int
    snapshots: int
    digests: int


class HubRun:
    """Runs on one thread until stopped. `store` is its own, of no seat; `connect` gives a line with the owner's
    right."""

    def __init__(self, store: Store, connect: Callable[[], KeeperLink], say: Say, *, digest_s: float = DIGEST_S,
                 rest_s: float = 60.0) -> None:
        """`rest_s`: at least so long between two snapshots."""
        self._store, self._connect, self._say = store, connect, say
        self._digest_s, self._rest_s = digest_s, rest_s
        self._clock = SystemClock()
        self._sync = SeatSync(store, self._clock)
        self._sync.on_start = self._told
        self._snapshot_due = self._digest_at = self._tidy_at = self._told_at = 0.0
        self._seen: dict[str, frozenset[str]] = {}
        self._snapshots = self._digests = 0
        self._compared = -1
        self._begun = self._up = False
        self._down_at = 0.0

    def run(self, ended: threading.Event, *, once: bool = False) -> Made:
        """Work until `ended`, or with `once` until everything is done once. Raises `KnownFault` for what does not pass:
        another one at work, a hub of another district or version; everything else is waited for."""
        failures, dice = 0, random.Random()
        while not ended.is_set():
            try:
                link = self._connect()
                try:
                    link.lock()
                    self._talk(link, ended, once)
                finally:
                    link.close()
                if once:
                    break
            except KnownFault as fault:
                if once or not self._begun:
                    raise
                if self._up:
                    self._up, failures, self._down_at = False, 0, self._clock.monotonic()
                    log.warning("off the hub: %s", fault)
                failures += 1
                ended.wait(wait_s(failures, dice))
        return Made(ordered.reached(self._store.read)[0], self._snapshots, self._digests)

    def _told(self, done: int, of: int) -> None:
        now = self._clock.monotonic()
        if now - self._told_at >= 2.0 or done >= of > 0:
            self._told_at = now
            self._say(Message("folding: {done} of {of} rows of the hub's order", {"done": f"{done:,}",
                "of": f"{of:,}"}))

    def _talk(self, link: KeeperLink, ended: threading.Event, once: bool) -> None:
        welcome = self._sync.begin(link)
        if self._begun and not self._up:
            log.info("on the hub again after %.0f s", self._clock.monotonic() - self._down_at)
        self._begun = self._up = True
        self._drop_foreign(link)
        self._say(Message("beside the hub of {district}: holds {reached} of {head}",
                          {"district": self._store.identity.district, "reached": f"{self._sync.reached:,}",
                           "head": f"{welcome.head:,}"}))
        while not ended.is_set():
            head = link.head()
            self._catch_up(link, head, ended)
            now = self._clock.monotonic()
            if once or now - self._digest_at >= self._digest_s / 6:
                self._digest_at = now
                link.make_point(self._digest_s)
                self._publish(link)
            if once or now - self._tidy_at >= TIDY_S:
                self._tidy_at = now
                self._tidy(link)
            if once:
                return
            link.heard = max(link.heard, head)
            self._store.tidy()
            until = self._clock.monotonic() + 2.0
            while not ended.is_set() and link.heard <= self._sync.reached and self._clock.monotonic() < until:
                link.wait(LISTEN_S)

    def _catch_up(self, link: KeeperLink, head: int, ended: threading.Event) -> None:
        behind = head - self._sync.reached > link.part_rows
        while not ended.is_set():
            reached = self._sync.reached
            if reached == head // link.part_rows * link.part_rows and reached:
                self._snapshot(link, reached)
            count = self._sync.pull(link)
            if behind:
                self._told(reached + count, head)
            if count == 0:
                return
            if self._sync.reached in link.points(self._sync.reached)[:1]:
                self._publish(link)

    def _publish(self, link: KeeperLink) -> None:
        """Reference digests where a digest point lies."""
        reached = self._sync.reached
        if reached != self._compared and link.points(reached)[:1] == [reached]:
            self._compared = reached
            self._sync.compare(link)
            self._digests += 1

    # -- snapshots -----------------------------------------------------------------------------------------------------

    def _drop_foreign(self, link: KeeperLink) -> None:
        """Snapshots of an order that no longer stands, or of another size of parts, are made again."""
        bad = link.run("SELECT 1 FROM hub.snapshot s LEFT JOIN hub.ordering o ON o.seq = s.seq AND o.chain = s.chain "
                       "WHERE "
                       "o.seq IS NULL OR s.part_rows <> %s LIMIT 1", link.part_rows)
        if bad:
            link.run("TRUNCATE hub.snapshot, hub.part")

    def _snapshot(self, link: KeeperLink, seq: int) -> None:
        """Make one for each centre that has seats, unless there is one or the last was made just now."""
        if self._clock.monotonic() < self._snapshot_due:
            return
        last = dict(link.run("SELECT centre, max(seq) FROM hub.snapshot GROUP BY centre"))
        centres = {r[0]: r[1] for r in link.run(
            "SELECT DISTINCT s.centre, c.prefix FROM hub.seat s JOIN hub.centre c ON c.code = s.centre WHERE "
            "s.revoked_at "
            "IS NULL ORDER BY 1")}
        due = [c for c in centres if last.get(c, 0) < seq]
        if not due:
            return
        began = self._clock.monotonic()
        self._order_parts(link, seq)
        seen = {c: None if centres[c] == "" else link.visible(c) for c in due}
        for centre in due:
            self._body_parts(link, centre, seq, last.get(centre, 0), seen[centre])
        folds = self._fold_pieces(link, due, seen)
        digests = self._reference(link)
        chain = ordered.reached(self._store.read)[1]
        for centre in due:
            inside = {c: d for c, (p, d) in digests.items() if p.startswith(centres[centre])}
            link.run("INSERT INTO hub.snapshot (no, centre, seq, chain, part_rows, folds, form, digests, bytes) "
                     "SELECT %s, "
                     "%s, %s, %s, %s, %s, %s, %s, coalesce(sum(length(data)), 0) FROM hub.part WHERE (kind = 'order' "
                     "OR "
                     "centre = %s) AND of_snapshot IN (0, %s)",
                     folds[centre][0], centre, seq, chain, link.part_rows, folds[centre][1], bulk.FORM,
                     json.dumps(inside), centre, folds[centre][0])
            if seen[centre] is not None:
                self._seen[centre] = seen[centre] or frozenset()
        self._snapshots += len(due)
        took = self._clock.monotonic() - began
        self._snapshot_due = self._clock.monotonic() + max(self._rest_s, SHARE * took)
        self._say(Message("snapshots for {count} centres at {seq}, made in {took} s",
                          {"count": len(due), "seq": f"{seq:,}", "took": f"{took:.1f}"}))
        self._tidy(link)

    def _order_parts(self, link: KeeperLink, seq: int) -> None:
        have = link.run("SELECT coalesce(max(number) + 1, 0) FROM hub.part WHERE kind = 'order'")[0][0]
        for number in range(have, seq // link.part_rows):
            first = number * link.part_rows
            _put(link, ORDER, "", 0, number, [link.order_part(first, first + link.part_rows)])

    def _body_parts(self, link: KeeperLink, centre: str, seq: int, last: int, seen: frozenset[str] | None) -> None:
        """New parts; of old ones those in which incidents lie that came into the centre's sight since."""
        numbers = list(range(last // link.part_rows, seq // link.part_rows))
        if seen is not None and last:
            before = self._seen.get(centre)
            numbers = sorted({*numbers, *(link.parts_with(seen - before, last) if before is not None
                                          else range(last // link.part_rows))})
        for number in numbers:
            first = number * link.part_rows
            _put(link, BODY, centre, 0, number,
                 list(pack_bodies(link.body_rows(first, first + link.part_rows, centre))))

    def _fold_pieces(self, link: KeeperLink, centres: Sequence[str], seen: Mapping[str, frozenset[str] | None]
                     ) -> dict[str, tuple[int, int]]:
        """Folded rows as they stand, by centre; centre → (number of the snapshot to be, pieces)."""
        numbers = {c: link.run("SELECT nextval('hub.snapshot_no_seq')")[0][0] for c in centres}
        pieces = dict.fromkeys(centres, 0)

        def flush(centre: str, table: str, rows: list[Sequence[object]]) -> None:
            link.run("INSERT INTO hub.part VALUES (%s, %s, %s, 0, %s, %s)", FOLD, centre, numbers[centre],
                pieces[centre],
                     pack_fold(table, bulk.FOLDS[table], rows))
            pieces[centre] += 1
            rows.clear()

        for table, columns in bulk.FOLDS.items():
            key = columns.index("id" if table == "incident" else "incident")
            buckets: dict[str, list[Sequence[object]]] = {c: [] for c in centres}
            names = ", ".join(f'"{c}"' for c in columns)
            for row in self._store.read.exec_driver_sql(f"SELECT {names} FROM {table}").yield_per(FOLD_ROWS):
                for centre in centres:
                    sight = seen[centre]
                    if sight is None or f"incident/{row[key]}" in sight:
                        buckets[centre].append(tuple(row))
                        if len(buckets[centre]) >= FOLD_ROWS:
                            flush(centre, table, buckets[centre])
            for centre in centres:
                if buckets[centre]:
                    flush(centre, table, buckets[centre])
        return {c: (numbers[c], pieces[c]) for c in centres}

    def _reference(self, link: KeeperLink) -> dict[str, tuple[str, tuple[int, str]]]:
        centres = link.centres()
        _, found = digest.digests(self._store, {p for _, p in centres})
        return {c: (p, (found[p].rows, found[p].digest)) for c, p in centres}

    # -- clearing away -------------------------------------------------------------------------------------------------

    def _tidy(self, link: KeeperLink) -> None:
        """Old snapshots, parts that belong to none, tracks and positions by age, old notes of divergence."""
        run = link.run
        run("DELETE FROM hub.snapshot s USING (SELECT no, row_number() OVER (PARTITION BY centre ORDER BY seq DESC, "
            "no DESC)"
            " AS rank FROM hub.snapshot) r WHERE r.no = s.no AND r.rank > %s", KEPT_SNAPSHOTS)
        run("DELETE FROM hub.part p WHERE p.kind = 'fold' AND NOT EXISTS (SELECT 1 FROM hub.snapshot s WHERE s.no = "
            "p.of_snapshot)")
        run("DELETE FROM hub.part p WHERE p.kind = 'body' AND NOT EXISTS (SELECT 1 FROM hub.seat s WHERE s.centre = "
            "p.centre AND s.revoked_at IS NULL)")
        run("DELETE FROM hub.snapshot p WHERE NOT EXISTS (SELECT 1 FROM hub.seat s WHERE s.centre = p.centre AND "
            "s.revoked_at IS NULL)")
        run("DELETE FROM hub.track WHERE bucket < (SELECT max(bucket) FROM hub.track) - hub.rule('track_kept_ms', "
            "86400000)")
        run("DELETE FROM hub.position WHERE at < (SELECT max(at) FROM hub.position) - %s", POSITION_DAYS * 86_400_000)
        run("DELETE FROM hub.divergence WHERE at < clock_timestamp() - make_interval(days => %s)", DIVERGENCE_DAYS)


def _put(link: KeeperLink, kind: str, centre: str, of: int, number: int, pieces: Sequence[bytes]) -> None:
    """Replace a part by its pieces, all at once."""
    link.run("BEGIN")
    try:
        link.run("DELETE FROM hub.part WHERE kind = %s AND centre = %s AND of_snapshot = %s AND number = %s", kind,
            centre,
                 of, number)
        for piece, data in enumerate(pieces):
            link.run("INSERT INTO hub.part VALUES (%s, %s, %s, %s, %s, %s)", kind, centre, of, number, piece, data)
        link.run("COMMIT")
    except BaseException:
        with suppress(KnownFault):
            link.run("ROLLBACK")
        raise
