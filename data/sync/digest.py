"""Digests of what a seat shows: equal on all seats that hold the same area at the same sequence of the hub's order.

Taken over the rows that queries read, not over the log: a row that was flipped shows. Own unsent acts do not count.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.incident import IncidentState
from data.store import ordered
from data.store.projection import incident_row
from data.store.store import Store

BUCKETS = 64
"""incidents are spread over so many by their ids: where digests differ, those of the buckets say where to look"""
_SIZE = 1 << 256
_SHORT = 4
"""hexadecimal digits of a bucket's digest: enough to tell where, the whole one tells whether"""
_COLUMNS = tuple(c for c in incident_row(IncidentState(), 0) if c != "last_seq")
_ID, _PATH = _COLUMNS.index("id"), _COLUMNS.index("area_path")


@dataclass(frozen=True, slots=True)
class Digest:
    """`rows` incidents of a centre's area; `digest` in hex, the sum of their hashes, so that order does not matter;
    `buckets`: the same in short for each bucket, one after the other."""

    rows: int
    digest: str
    buckets: str = ""


def digests(store: Store, prefixes: Iterable[str]) -> tuple[int, dict[str, Digest]]:
    """(sequence, area path → digest), of one moment."""
    sums: dict[tuple[str, int], list[int]] = {}
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
        rows, total, short = 0, 0, [0] * BUCKETS
        for (path, bucket), (n, value) in sums.items():
            if path.startswith(prefix):
                rows, total, short[bucket] = rows + n, total + value, short[bucket] + value
        found[prefix] = Digest(rows, f"{total % _SIZE:064x}",
                               "".join(f"{v % 16**_SHORT:0{_SHORT}x}" for v in short))
    return seq, found


def bucket_of(incident_id: str) -> int:
    """The bucket that an incident belongs to, the same on all seats."""
    return zlib.crc32(incident_id.encode()) % BUCKETS


def differing_buckets(mine: str, others: Iterable[str]) -> frozenset[int] | None:
    """Where digests as they were handed in differ; None: they do not say, so everywhere."""
    own = mine.partition(":")[2]
    found: set[int] = set()
    for text in others:
        theirs = text.partition(":")[2]
        if len(own) != len(theirs) or len(own) != BUCKETS * _SHORT:
            return None
        here = {i // _SHORT for i in range(0, len(own), _SHORT) if own[i : i + _SHORT] != theirs[i : i + _SHORT]}
        if not here:
            return None
        found |= here
    return frozenset(found) or None


def _confirmed(connection: Any, key: str) -> tuple[Any, ...] | None:
    rows = connection.exec_driver_sql(
        "SELECT content, seq, hub_seq, verdict FROM event WHERE stream = ? AND hub_seq IS NOT NULL "
        "AND verdict NOT LIKE 'refused%' ORDER BY hub_seq", (f"incident/{key}",)).all()
    if not rows:
        return None
    row = incident_row(ordered.fold_rows(connection, rows)[0], 0)
    return tuple(row[c] for c in _COLUMNS)


def _add(sums: dict[tuple[str, int], list[int]], row: Sequence[Any]) -> None:
    text = json.dumps(list(row), ensure_ascii=False, separators=(",", ":"))
    value = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    entry = sums.setdefault((row[_PATH], bucket_of(row[_ID])), [0, 0])
    entry[0] += 1
    entry[1] = (entry[1] + value) % _SIZE


def by_centre(centres: Sequence[tuple[str, str]], found: Mapping[str, Digest]) -> list[tuple[str, int, str]]:
    """(centre, rows, digest) for (centre, path of its area)."""
    return [(code, found[prefix].rows, found[prefix].digest) for code, prefix in centres]


def handed_in(centres: Sequence[tuple[str, str]], found: Mapping[str, Digest]) -> list[tuple[str, int, str]]:
    """As `by_centre`, with the digests of the buckets behind: what seats compare at the hub."""
    return [(code, found[prefix].rows, f"{found[prefix].digest}:{found[prefix].buckets}") for code, prefix in centres]
