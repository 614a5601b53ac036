"""Digests of what a seat shows: equal on all seats that hold the same area at the same sequence of the hub's order.

Taken over the rows that queries read, not over the log: a row that was flipped shows. Own unsent acts do not count.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.events import content_hash
from app.domain.incident import IncidentState
from data.store import ordered, rebuild
from data.store.projection import incident_row
from data.store.store import Store
from data.sync.link import Hub

_SIZE = 1 << 256
_COLUMNS = tuple(c for c in incident_row(IncidentState(), 0) if c != "last_seq")
_ID, _PATH = _COLUMNS.index("id"), _COLUMNS.index("area_path")


@dataclass(frozen=True, slots=True)
class Digest:
    """`rows` incidents of a centre's area; `digest` in hex, the sum of their hashes, so that order does not matter."""

    rows: int
    digest: str


def digests(store: Store, prefixes: Iterable[str]) -> tuple[int, dict[str, Digest]]:
    """(sequence, area path → digest), of one moment."""
    sums: dict[str, list[int]] = {}
    with store.read.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        try:
            seq, _ = ordered.reached(connection)
            unsent = {r[0][9:] for r in connection.exec_driver_sql(
                "SELECT DISTINCT e.stream FROM outbox o JOIN event e ON e.seq = o.seq "
                "WHERE e.stream LIKE 'incident/%'")}
            for row in connection.exec_driver_sql(f"SELECT {', '.join(_COLUMNS)} FROM incident"):
                if row[_ID] not in unsent:
                    _add(sums, tuple(row))
            for key in sorted(unsent):
                confirmed = _confirmed(connection, key)
                if confirmed is not None:
                    _add(sums, confirmed)
        finally:
            connection.exec_driver_sql("ROLLBACK")
    found = {}
    for prefix in prefixes:
        inside = [entry for path, entry in sums.items() if path.startswith(prefix)]
        found[prefix] = Digest(sum(n for n, _ in inside), f"{sum(total for _, total in inside) % _SIZE:064x}")
    return seq, found


def _confirmed(connection: Any, key: str) -> tuple[Any, ...] | None:
    rows = connection.exec_driver_sql(
        "SELECT content, seq, hub_seq, verdict FROM event WHERE stream = ? AND hub_seq IS NOT NULL "
        "AND verdict NOT LIKE 'refused%' ORDER BY hub_seq", (f"incident/{key}",)).all()
    if not rows:
        return None
    row = incident_row(ordered.fold_rows(connection, rows)[0], 0)
    return tuple(row[c] for c in _COLUMNS)


def _add(sums: dict[str, list[int]], row: Sequence[Any]) -> None:
    text = json.dumps(list(row), ensure_ascii=False, separators=(",", ":"))
    value = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    entry = sums.setdefault(row[_PATH], [0, 0])
    entry[0] += 1
    entry[1] = (entry[1] + value) % _SIZE


def mend(store: Store, hub: Hub | None) -> int:
    """Fetch bodies again that do not match their place in the order, and fold the whole log anew; returns how many
    rows of the projections differed afterwards."""
    before = rebuild.dump(store.read)
    if hub is not None:
        _mend_bodies(store, hub)
    rebuild.rebuild(store)
    after = rebuild.dump(store.read)
    return sum(len(set(map(repr, after[name])) ^ set(map(repr, rows))) for name, rows in before.items())


def _mend_bodies(store: Store, hub: Hub) -> int:
    bad: list[str] = []
    for row in store.read.exec_driver_sql("SELECT e.id, e.content, o.hash FROM event e JOIN ordering o ON o.seq = "
                                          "e.hub_seq AND o.event_id = e.id"):
        if content_hash(row[1]) != row[2]:
            bad.append(row[0])
    mended = 0
    for start in range(0, len(bad), 500):
        with store.transaction(screen="sync", actor="system") as tx:
            for found in hub.bodies(bad[start : start + 500]):
                if found.content is not None and content_hash(found.content) == found.hash:
                    tx.connection.exec_driver_sql("UPDATE event SET content = ?, hash = ? WHERE id = ? AND hub_seq = ?",
                                                  (found.content, found.hash, found.event_id, found.seq))
                    mended += 1
    return mended


def by_centre(centres: Sequence[tuple[str, str]], found: Mapping[str, Digest]) -> list[tuple[str, int, str]]:
    """(centre, rows, digest) for (centre, path of its area)."""
    return [(code, found[prefix].rows, found[prefix].digest) for code, prefix in centres]
