"""Taking a long past in at once: the order and bodies first, what is folded from them afterwards, in small
transactions.

Between two transactions the store is whole at any cut: what the log holds is right, projections may still be lacking.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.events import parse
from app.services import sync_rules
from app.services.sync_rules import OK
from data.store import ordered
from data.store.migrations import HEAD
from data.store.tables import ASSIGNMENT, INCIDENT, SYNC
from data.store.transaction import Transaction

FORM = HEAD
"""folded rows of another form are not taken over: they are folded here"""
FOLDS = {
    INCIDENT.name: tuple(c.name for c in INCIDENT.columns if c.name != "last_seq"),
    ASSIGNMENT.name: tuple(c.name for c in ASSIGNMENT.columns),
}
"""tables that a snapshot carries, with their columns; all others are folded from the log"""
_UNDER_WAY = "starting"


def under_way(connection: Connection) -> dict[str, Any] | None:
    """How far a start from a snapshot came that has not ended; None: none is under way."""
    found = connection.exec_driver_sql("SELECT value FROM sync WHERE key = ?", (_UNDER_WAY,)).scalar_one_or_none()
    return json.loads(found) if found else None


def note(tx: Transaction, state: dict[str, Any] | None) -> None:
    """Remember how far it came, in the same transaction as what was taken in; None: it has ended."""
    if state is None:
        tx.connection.exec_driver_sql("DELETE FROM sync WHERE key = ?", (_UNDER_WAY,))
        return
    words = json.dumps(state)
    tx.connection.execute(upsert(SYNC).values(key=_UNDER_WAY, value=words).on_conflict_do_update(
        index_elements=["key"], set_={"value": words}))


def take(tx: Transaction, order: Sequence[tuple[Any, ...]], events: Sequence[tuple[Any, ...]]) -> None:
    """Keep rows (seq, event id, verdict, hash, chain) that follow the last one held, and events (id, stream, kind,
    seat,
    seat_no, occurred_at, hash, content, hub_seq, verdict) of them. The caller has checked both."""
    connection = tx.connection
    connection.exec_driver_sql("INSERT INTO ordering (seq, event_id, verdict, hash, chain) VALUES (?, ?, ?, ?, ?)",
                               list(order))
    if not events:
        return
    last = connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM event").scalar_one()
    connection.exec_driver_sql(
        "INSERT INTO event (seq, id, stream, kind, seat, seat_no, occurred_at, hash, content, hub_seq, verdict, "
        f"received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {tx.now_ms:d})",
        [(last + i, *row) for i, row in enumerate(events, 1)])


def put(tx: Transaction, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool:
    """Take folded rows over; what this seat shows already stays. False: they are not of this program's form."""
    if FOLDS.get(table) != tuple(columns):
        return False
    names, marks = ", ".join(f'"{c}"' for c in columns), ", ".join("?" * len(columns))
    if table == INCIDENT.name:
        at = columns.index("id")
        tx.connection.exec_driver_sql(
            f"INSERT OR IGNORE INTO incident ({names}, last_seq) VALUES ({marks}, "
            "coalesce((SELECT max(seq) FROM event WHERE stream = 'incident/' || ?), 0))",
            [(*row, row[at]) for row in rows])
    else:
        tx.connection.exec_driver_sql(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})",
                                      [tuple(r) for r in rows])
    return True


def unfolded(connection: Connection, after: str, most: int, *, all_: bool) -> list[str]:
    """Incidents' streams in the log that have no projection yet (or all), in their own order, after a name."""
    lacking = "" if all_ else "AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.id = substr(e.stream, 10)) "
    return [r[0] for r in connection.exec_driver_sql(
        "SELECT DISTINCT e.stream FROM event e WHERE e.stream > ? AND e.stream >= 'incident/' AND e.stream < "
        "'incident0' "
        f"{lacking}ORDER BY e.stream LIMIT ?", (after, most))]


def fold(tx: Transaction, streams: Sequence[str]) -> None:
    """Fold streams anew."""
    for stream in streams:
        ordered.refold(tx, stream)
    tx.write_touched()


def rest(tx: Transaction, after: int, most: int) -> int | None:
    """Fold the events that are no incident's, in the hub's order, after a sequence; the last one folded, None: no more.
    """
    rows = tx.connection.exec_driver_sql(
        "SELECT hub_seq, seq, verdict, content FROM event WHERE hub_seq > ? AND (stream < 'incident/' OR stream >= "
        "'incident0') AND verdict NOT LIKE 'refused%' ORDER BY hub_seq LIMIT ?", (after, most)).all()
    for hub_seq, seq, verdict, content in rows:
        tx.fold(parse(content), seq, verdict)
        after = hub_seq
    return after if rows else None


def settle(tx: Transaction) -> None:
    """What the makers here have seen, the bookings, own unsent acts on top; every screen of the seat reads anew."""
    connection, own = tx.connection, tx.identity.seat
    kinds = ",".join(f"'{k}'" for k in sorted(sync_rules.DECIDING))
    connection.exec_driver_sql(
        f"INSERT OR REPLACE INTO act (stream, event) SELECT stream, id FROM (SELECT stream, id, max(seq) FROM event "
        f"WHERE kind IN ({kinds}) AND verdict IN ('', '{OK}') GROUP BY stream)")
    ordered.reckon_bookings(connection, own)
    mixed = [r[0] for r in connection.exec_driver_sql(
        "SELECT DISTINCT e.stream FROM event e JOIN outbox o ON o.seq = e.seq WHERE EXISTS (SELECT 1 FROM event h "
        "WHERE h.stream = e.stream AND h.hub_seq IS NOT NULL)")]
    fold(tx, mixed)
    # a gap in the notes says: too far behind, read everything
    last = connection.exec_driver_sql("SELECT coalesce(max(no), 0) FROM change").scalar_one()
    connection.exec_driver_sql("DELETE FROM change")
    connection.exec_driver_sql("INSERT INTO change (no, at, what) VALUES (?, ?, '{}')", (last + 2, tx.now_ms))
