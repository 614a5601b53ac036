"""Persons and files that the log names: which of them this seat lacks, on which event's ground it may ask for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from app.domain.events import Event, parse
from app.domain.faults import Rejected
from data.store.store import Store

SCAN_ROWS = 2_000
PERSON, BLOB = "person", "blob"
FIRST_WAIT_MS, LONGEST_WAIT_MS = 1_000, 300_000
_SEEN = "wants_seen"
"""meta key: local sequence up to which the log was looked through"""
_MAY_NAME = ("(instr(content, '\"reporters\":[\"') > 0 OR instr(content, '\"photos\":[\"') > 0 "
             "OR kind LIKE 'call.%')")


def named(event: Event) -> Iterator[tuple[str, str]]:
    """(what, key) of the persons and files that an event names."""
    for field, what in (("reporters", PERSON), ("photos", BLOB)):
        values = event.body.get(field)
        for value in values if isinstance(values, list) else ():
            if isinstance(value, str) and 16 <= len(value) <= 64:
                yield what, value
    person = event.body.get("person")
    if event.stream.startswith("call/") and isinstance(person, str) and person:
        yield PERSON, person


def look_through(store: Store) -> bool:
    """Look through the next events of the log, in whatever way they came; True: there are more to look through."""
    seen = int(store.read_meta(_SEEN) or 0)
    last = int(store.read.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM event").scalar_one())
    if last <= seen:
        return False
    upto = min(last, seen + SCAN_ROWS)
    rows = store.read.exec_driver_sql(
        f"SELECT content FROM event WHERE seq > ? AND seq <= ? AND {_MAY_NAME}", (seen, upto)).all()
    found: dict[tuple[str, str], str] = {}
    for row in rows:
        try:
            event = parse(row.content)
        except Rejected:
            continue
        for one in named(event):
            found.setdefault(one, event.id)
    with store.transaction(screen="sync", actor="system") as tx:
        tx.connection.exec_driver_sql(
            "INSERT INTO meta (\"key\", value) VALUES (?, ?) ON CONFLICT (\"key\") DO UPDATE SET "
            "value = excluded.value",
            (_SEEN, str(upto)))
        want(tx.connection, [(what, key, event) for (what, key), event in found.items()])
    return upto < last


def want(connection: Connection, rows: Sequence[tuple[str, str, str]]) -> None:
    """Note (what, key, event) that are lacking; what is here is not wanted."""
    for what, table, column in ((PERSON, "person", "id"), (BLOB, "blob", "digest")):
        some = [(what, key, event, key) for w, key, event in rows if w == what]
        if some:
            connection.exec_driver_sql(
                f"INSERT OR IGNORE INTO want (what, \"key\", event) SELECT ?, ?, ? WHERE NOT EXISTS "
                f"(SELECT 1 FROM {table} WHERE {column} = ?)", some)


def due(connection: Connection, what: str, now_ms: int, most: int) -> list[tuple[str, str, int]]:
    """(key, event, tries) to ask for now, oldest wish first."""
    return [tuple(r) for r in connection.exec_driver_sql(
        "SELECT \"key\", event, tries FROM want WHERE what = ? AND there = 0 AND next_at <= ? "
        "ORDER BY next_at, rowid LIMIT ?",
        (what, now_ms, most))]


def later(connection: Connection, what: str, rows: Sequence[tuple[str, int]], now_ms: int) -> None:
    """Ask for (key, tries) again after a while that doubles."""
    if not rows:
        return
    connection.exec_driver_sql(
        "UPDATE want SET there = 0, tries = tries + 1, next_at = ? WHERE what = ? AND \"key\" = ?",
        [(now_ms + min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** min(tries, 10)), what, key) for key, tries in rows])


def drop(connection: Connection, what: str, keys: Sequence[str]) -> None:
    """They came, or never will."""
    if keys:
        connection.exec_driver_sql("DELETE FROM want WHERE what = ? AND \"key\" = ?", [(what, k) for k in keys])


def ask_all_anew(connection: Connection) -> None:
    """A hub that was away or restored is asked for everything at once again."""
    connection.exec_driver_sql("UPDATE want SET there = 0, tries = 0, next_at = 0")


def sizes(connection: Connection, digests: Sequence[str]) -> Mapping[str, int | None]:
    """Wanted files among `digests` → size in bytes, None where the hub has not told it."""
    marks = ",".join("?" * len(digests))
    return {r[0]: r[1] for r in connection.exec_driver_sql(
        f"SELECT \"key\", size FROM want WHERE what = 'blob' AND \"key\" IN ({marks})", tuple(digests))}




def incidents(connection: Connection, what: str, keys: Sequence[str]) -> frozenset[str]:
    """Incidents whose events named them: their views show more once they came."""
    found: set[str] = set()
    for key in keys:
        found |= {r[0][9:] for r in connection.exec_driver_sql(
            "SELECT e.stream FROM want w JOIN event e ON e.id = w.event WHERE w.what = ? AND w.\"key\" = ? "
            "AND e.stream LIKE 'incident/%'", (what, key))}
    return frozenset(found)
