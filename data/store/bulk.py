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
from data.store import conflicts, ordered
from data.store.camera_masks import ALL_MASKS
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
_MARKS = 500
_FIRST = ("incident.reported", "incident.self_handled")
"""kinds that an incident begins with"""


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


def take(tx: Transaction, order: Sequence[tuple[Any, ...]], events: Sequence[tuple[Any, ...]], *,
         joined: bool = False) -> None:
    """Keep rows (seq, event id, verdict, hash, chain) that follow the last one held, and events (id, stream, kind,
    seat, seat_no, occurred_at, hash, content, hub_seq, verdict) of them. The caller has checked both.

    `joined`: this seat has own events that may be among them: they get their places. Own ones that a restored store
    lacks are left out, as a pull leaves them out: their numbers may be borne by newer acts until those are made anew.
    """
    connection = tx.connection
    connection.exec_driver_sql("INSERT INTO ordering (seq, event_id, verdict, hash, chain) VALUES (?, ?, ?, ?, ?)",
                               list(order))
    if joined:
        held = _place(connection, order)
        events = [e for e in events if e[0] not in held and e[3] != tx.identity.seat]
    if not events:
        return
    last = connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM event").scalar_one()
    connection.exec_driver_sql(
        "INSERT INTO event (seq, id, stream, kind, seat, seat_no, occurred_at, hash, content, hub_seq, verdict, "
        f"received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {tx.now_ms:d})",
        [(last + i, *row) for i, row in enumerate(events, 1)])


def _place(connection: Connection, order: Sequence[tuple[Any, ...]]) -> set[str]:
    """Give held events without a place the one in the order; returns the ids of all that are held."""
    held: set[str] = set()
    for start in range(0, len(order), _MARKS):
        part = {(r[1], r[3]): (r[0], r[2]) for r in order[start : start + _MARKS]}
        ids = tuple({event_id for event_id, _ in part})
        rows = connection.exec_driver_sql(f"SELECT id, hash, seq, hub_seq FROM event WHERE id IN "
                                          f"({','.join('?' * len(ids))})", ids).all()
        held |= {r.id for r in rows}
        placed = [(*part[r.id, r.hash], r.seq) for r in rows if r.hub_seq is None and (r.id, r.hash) in part]
        if placed:
            connection.exec_driver_sql("UPDATE event SET hub_seq = ?, verdict = ? WHERE seq = ?", placed)
            connection.exec_driver_sql("DELETE FROM outbox WHERE seq = ?", [(p[2],) for p in placed])
    return held


def put(tx: Transaction, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *,
        replace: bool = False) -> bool:
    """Take folded rows over; what this seat shows already stays, or is replaced (own unsent acts lie on top again).
    False: they are not of this program's form."""
    if FOLDS.get(table) != tuple(columns):
        return False
    names, marks = ", ".join(f'"{c}"' for c in columns), ", ".join("?" * len(columns))
    if table == INCIDENT.name:
        at = columns.index("id")
        ids = [(row[at],) for row in rows]
        if replace:
            tx.connection.exec_driver_sql("DELETE FROM assignment WHERE incident = ?", ids)
        tx.connection.exec_driver_sql(
            f"INSERT OR {'REPLACE' if replace else 'IGNORE'} INTO incident ({names}, last_seq) VALUES ({marks}, "
            "coalesce((SELECT max(seq) FROM event WHERE stream = 'incident/' || ?), 0))",
            [(*row, row[at]) for row in rows])
        if replace:
            shown = {f"incident/{i[0]}" for i in ids}
            fold(tx, [s for s in _owed(tx.connection) if s in shown])
    else:
        tx.connection.exec_driver_sql(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})",
                                      [tuple(r) for r in rows])
    return True


def _owed(connection: Connection) -> list[str]:
    return [r[0] for r in connection.exec_driver_sql("SELECT DISTINCT e.stream FROM event e JOIN outbox o ON o.seq = "
                                                     "e.seq ORDER BY 1")]


def unfolded(connection: Connection, after: str, most: int, *, all_: bool, since: int = 0) -> list[str]:
    """Incidents' streams in the log that have no projection yet (or all, or all that something came for since a place
    of the hub's order), in their own order, after a name."""
    lacking = "" if all_ else "AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.id = substr(e.stream, 10)) "
    if all_ and since:
        lacking = f"AND e.hub_seq > {since:d} "
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


def settle(tx: Transaction, since: int | None = None) -> None:
    """What the makers here have seen, the bookings, own unsent acts on top; every screen of the seat reads anew.

    `since`: the place from which a seat that had joined long before went on; its makers are told what became of their
    acts, and what came into its area meanwhile is noted to be fetched with its past.
    """
    connection, own = tx.connection, tx.identity.seat
    kinds = ",".join(f"'{k}'" for k in sorted(sync_rules.DECIDING))
    connection.exec_driver_sql(
        f"INSERT OR REPLACE INTO act (stream, event) SELECT stream, id FROM (SELECT stream, id, max(seq) FROM event "
        f"WHERE kind IN ({kinds}) AND verdict IN ('', '{OK}') GROUP BY stream)")
    ordered.reckon_bookings(connection, own)
    mixed = [r[0] for r in connection.exec_driver_sql(
        "SELECT DISTINCT e.stream FROM event e JOIN outbox o ON o.seq = e.seq WHERE EXISTS (SELECT 1 FROM event h "
        "WHERE h.stream = e.stream AND h.hub_seq IS NOT NULL)")]
    own_rows: dict[str, list[tuple[int, str]]] = {}
    if since is not None:
        for stream, seq, verdict in connection.exec_driver_sql(
                "SELECT stream, seq, verdict FROM event WHERE seat = ? AND hub_seq > ? ORDER BY hub_seq", (own, since)):
            own_rows.setdefault(stream, []).append((seq, verdict))
        # others' masks that a restored hub lacked lay on top
        mixed += [f"camera/{r[0]}" for r in connection.exec_driver_sql("SELECT camera FROM camera_mask")]
        _note_gaps(connection, since)
    # the snapshot may be from before masks crossed: what every camera is covered with is asked for by itself
    connection.exec_driver_sql("INSERT OR REPLACE INTO gap (stream, upto) SELECT ?, max(seq) FROM ordering HAVING "
                               "max(seq) > 0", (ALL_MASKS,))
    fold(tx, sorted({*mixed, *own_rows}))
    conflicts.note(tx, own_rows.items())
    # a gap in the notes says: too far behind, read everything
    last = connection.exec_driver_sql("SELECT coalesce(max(no), 0) FROM change").scalar_one()
    connection.exec_driver_sql("DELETE FROM change")
    connection.exec_driver_sql("INSERT INTO change (no, at, what) VALUES (?, ?, '{}')", (last + 2, tx.now_ms))


def _note_gaps(connection: Connection, since: int) -> None:
    """Incidents that came into the area since: their first event here is none that an incident begins with."""
    connection.exec_driver_sql(
        "INSERT OR IGNORE INTO gap (stream, upto) SELECT s.stream, (SELECT max(seq) FROM ordering) FROM ("
        "SELECT DISTINCT stream FROM event WHERE hub_seq > ? AND stream >= 'incident/' AND stream < 'incident0' AND "
        "verdict NOT LIKE 'refused%') s WHERE (SELECT e.kind FROM event e WHERE e.stream = s.stream AND e.hub_seq IS "
        "NOT NULL AND e.verdict NOT LIKE 'refused%' ORDER BY e.hub_seq LIMIT 1) NOT IN (?, ?)", (since, *_FIRST))
