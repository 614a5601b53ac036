"""Positions between seats and the hub: off the event log, latest per unit, tracks sampled."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.limits import to_ms
from app.ports import Clock
from data.store.local import TRACK_EVERY_MS, LocalWrites, kept_ms
from data.store.store import Store
from data.store.tables import TRACK
from data.store.transaction import Transaction
from data.sync.side_line import Fix, Side

PUSH_ROWS = 5_000
TRACK_PAGE = 5_000
PRUNE_EVERY_MS = 600_000
GAP_MS = 60_000
"""after a longer time without the hub its tracks fill the gap"""
_OWN = ("SELECT p.unit, p.lon, p.lat, p.at, p.heading, coalesce(a.path, '') FROM position p "
        "LEFT JOIN unit u ON u.id = p.unit LEFT JOIN area a ON a.id = u.area WHERE p.own = 1")

_OWN_TRACKS = (
    "SELECT t.unit, t.lon, t.lat, min(t.at) AS at, NULL, coalesce(a.path, '') FROM position p JOIN track t ON t.unit = "
    "p.unit LEFT JOIN unit u ON u.id = p.unit LEFT JOIN area a ON a.id = u.area WHERE p.own = 1 AND t.at > ? "
    "GROUP BY t.unit, t.at / ? ORDER BY 4, 1 LIMIT ?")


def own_fixes(store: Store) -> list[Fix]:
    """Where units are that report to this seat."""
    return [Fix(*r) for r in store.read.exec_driver_sql(_OWN)]


def own_tracks(store: Store, after_ms: int, most: int) -> list[Fix]:
    """Points of those units after a time, one per interval of sampling, by time."""
    return [Fix(*r) for r in store.read.exec_driver_sql(_OWN_TRACKS, (after_ms, TRACK_EVERY_MS, most))]


def keep_tracks(tx: Transaction, points: Sequence[tuple[str, int, float, float]]) -> None:
    """Keep sampled points (unit, ms, lon, lat) that came from the hub."""
    if points:
        tx.connection.execute(upsert(TRACK).on_conflict_do_nothing(),
                              [{"unit": u, "at": at, "lon": lon, "lat": lat} for u, at, lon, lat in points])


class Positions:
    """One connection's worth: begin with a new one after each break. Use it from one thread."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._local = LocalWrites(lambda: store.transaction(screen="sync", actor="system"))
        self._sent: dict[str, int] = {}
        self._cursor = 0
        self._pruned_at = 0
        self._track_from: tuple[int, str] | None = self._gap()

    def push(self, line: Side) -> int:
        """Hand in own positions that changed; returns how many."""
        rows = [f for f in own_fixes(self._store) if self._sent.get(f.unit) != f.at]
        for start in range(0, len(rows), PUSH_ROWS):
            part = rows[start : start + PUSH_ROWS]
            line.put_positions(self._store.identity.nature == "live", part)
            self._sent.update((f.unit, f.at) for f in part)
        now = to_ms(self._clock.now())
        if rows and now - self._pruned_at > PRUNE_EVERY_MS:
            self._pruned_at = now
            line.prune_tracks(to_ms(self._store.clock.now()))
        return len(rows)

    def pull(self, line: Side) -> int:
        """Take in others' positions that changed; returns how many came."""
        fixes, cursor = line.positions(self._cursor)
        self._local.put_positions([(f.unit, f.lon, f.lat, f.at, f.heading) for f in fixes], own=False)
        self._cursor = cursor
        return len(fixes)

    def fill_tracks(self, line: Side) -> int:
        """One page of the points that were missed while this seat had no hub; 0: nothing is lacking."""
        if self._track_from is None:
            return 0
        rows = line.tracks(*self._track_from, TRACK_PAGE)
        if rows:
            with self._store.transaction(screen="sync", actor="system") as tx:
                keep_tracks(tx, [r[:4] for r in rows])
        self._track_from = (rows[-1][4], rows[-1][0]) if len(rows) == TRACK_PAGE else None
        return len(rows)

    def _gap(self) -> tuple[int, str] | None:
        """Where the hub's tracks go on from what is here; None: without a gap worth a question."""
        now = to_ms(self._store.clock.now())
        last = self._store.read.exec_driver_sql(
            "SELECT max((SELECT max(t.at) FROM track t WHERE t.unit = p.unit)) FROM position p WHERE p.own = 0"
        ).scalar_one_or_none()
        oldest = now - kept_ms(self._store.read)
        return (max(last or 0, oldest), "") if last is None or now - last > GAP_MS else None
