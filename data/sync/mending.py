"""Mending what a seat shows: streams are held against the log one by one, in slices, and only those that differ folded.

Nothing waits for it: between two slices the seat sends and fetches. What a slice finds is mended in that slice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from app.domain.events import content_hash
from data.store import bulk, ordered
from data.store.projection import assignment_rows, incident_row
from data.store.store import Store
from data.store.tables import ASSIGNMENT
from data.sync.digest import bucket_of
from data.sync.link import Hub

_STREAMS = 200
"""streams that are asked for at once; the time of a slice is looked at after each of them"""
_ASSIGNED = tuple(c.name for c in ASSIGNMENT.columns)


class Mending:
    """One look through the streams of some buckets (None: of all). Use it from the syncing thread."""

    def __init__(self, store: Store, buckets: frozenset[int] | None) -> None:
        self._store, self._buckets = store, buckets
        self._after = ""
        self._foreign = False
        """all streams were looked through; what is left are rows that no stream stands behind"""
        self._waiting: list[str] = []
        self.looked = 0
        """streams held against the log"""
        self.mended = 0
        """streams and rows that were mended"""

    def slice(self, hub: Hub | None, enough: Callable[[], bool]) -> bool:
        """Go on until it is `enough`; True: done. Raises `HubTrouble` where a damaged body cannot be fetched."""
        while True:
            if not self._waiting and not self._next():
                return True
            while self._waiting:
                self._check(hub, self._waiting[0])
                self._waiting.pop(0)
                if enough():
                    return not self._waiting and self._foreign and not self._next()

    def _next(self) -> bool:
        """The next streams (or ids of rows without one) to look at."""
        while not self._waiting:
            if not self._foreign:
                some: Sequence[str] = bulk.unfolded(self._store.read, self._after, _STREAMS, all_=True)
                keys = [s[9:] for s in some]
            else:
                some = keys = [r[0] for r in self._store.read.exec_driver_sql(
                    "SELECT id FROM incident i WHERE id > ? AND NOT EXISTS (SELECT 1 FROM event e WHERE e.stream = "
                    "'incident/' || i.id) ORDER BY id LIMIT ?", (self._after, _STREAMS))]
            if not some:
                if self._foreign:
                    return False
                self._foreign, self._after = True, ""
                continue
            self._after = some[-1]
            # a row that no stream stands behind belongs nowhere, whatever its bucket
            self._waiting = [k for k in keys if self._foreign or self._buckets is None or bucket_of(k) in self._buckets]
        return True

    def _check(self, hub: Hub | None, key: str) -> None:
        stream = f"incident/{key}"
        read = self._store.read
        self.looked += 1
        if hub is not None:
            bad = [r[0] for r in read.exec_driver_sql(
                "SELECT e.id, e.content, o.hash FROM event e JOIN ordering o ON o.seq = e.hub_seq AND o.event_id = "
                "e.id WHERE e.stream = ?", (stream,)) if content_hash(r[1]) != r[2]]
            if bad:
                self._fetch(hub, bad)
        if self._as_shown(read, key):
            return
        with self._store.transaction(screen="sync", actor="system") as tx:
            # seen anew at one moment: another program of the seat may have acted on it between two reads
            if self._as_shown(tx.connection, key):
                return
            ordered.refold(tx, stream)
        self.mended += 1

    def _as_shown(self, read: Connection, key: str) -> bool:
        """Whether what is shown of an incident is what its log folds to."""
        rows = read.exec_driver_sql(
            f"SELECT content, seq, hub_seq, verdict FROM event WHERE stream = ? AND {ordered.STANDING} "
            "ORDER BY hub_seq IS NULL, hub_seq, seq", (f"incident/{key}", self._store.identity.seat)).all()
        shown = read.exec_driver_sql("SELECT * FROM incident WHERE id = ?", (key,)).mappings().first()
        if not rows:
            return shown is None
        state, _ = ordered.fold_rows(read, rows)
        if shown is None or {**incident_row(state, 0), "last_seq": 0} != {**shown, "last_seq": 0}:
            return False
        names = ", ".join(_ASSIGNED)
        there = {tuple(r) for r in read.exec_driver_sql(f"SELECT {names} FROM assignment WHERE incident = ?", (key,))}
        return there == {tuple(r[c] for c in _ASSIGNED) for r in assignment_rows(state)}

    def _fetch(self, hub: Hub, ids: Sequence[str]) -> None:
        with self._store.transaction(screen="sync", actor="system") as tx:
            for found in hub.bodies(ids):
                if found.content is not None and content_hash(found.content) == found.hash:
                    tx.connection.exec_driver_sql("UPDATE event SET content = ?, hash = ? WHERE id = ? AND hub_seq = ?",
                                                  (found.content, found.hash, found.event_id, found.seq))
                    self.mended += 1
