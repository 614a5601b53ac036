"""Personal data between seats and the hub: beside the log, by right, never after an erasure."""

from __future__ import annotations

import json
from collections.abc import Sequence

from app.domain.limits import to_ms
from app.domain.process import Role
from app.ports import Clock
from app.services.changes import Changes
from app.services.permissions import FORCE_ROLES, PERSONAL_ROLES
from data.store import wants
from data.store.store import Store
from data.store.transaction import Transaction
from data.sync.side_line import PersonRow, Side

BATCH = 500
_MAY_HOLD = PERSONAL_ROLES | FORCE_ROLES | {Role.INTAKE}
_OWED = ("SELECT id, role, data, created_at FROM person WHERE sent = 0 AND role <> 'staff' AND erased_at IS NULL "
         "ORDER BY created_at LIMIT ?")


class People:
    """Pushes own reporters and callers, fetches those that events name. Use it from one thread."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._wiped: int | None = None

    def push(self, line: Side) -> int:
        """Hand in what the hub has not; returns how many."""
        done = 0
        while rows := owed(self._store):
            line.put_persons(rows)
            mark_sent(self._store, [r.id for r in rows])
            done += len(rows)
        return done

    def pull(self, line: Side) -> int:
        """Fetch what is wanted and due; returns how many came, erased ones among them."""
        if not may_hold(self._store):
            return 0
        now = to_ms(self._clock.now())
        due = wants.due(self._store.read, wants.PERSON, now, BATCH)
        if not due:
            return 0
        rows = line.persons([(key, event) for key, event, _ in due])
        came = {r.id for r in rows}
        with self._store.transaction(screen="sync", actor="system") as tx:
            take(tx, rows)
            wants.later(tx.connection, wants.PERSON, [(k, tries) for k, _, tries in due if k not in came], now)
        return len(came)

    def wipe(self) -> None:
        """After an erasure leave no trace of it in the journal."""
        last = self._store.read.exec_driver_sql("SELECT count(*) FROM person WHERE erased_at IS NOT NULL").scalar_one()
        if self._wiped is not None and last != self._wiped:
            self._store.wipe()
        self._wiped = last


def may_hold(store: Store) -> bool:
    """Whether anybody of this seat may see personal data; a wall's seat fetches none."""
    rows = store.read.exec_driver_sql("SELECT roles FROM operator WHERE disabled = 0").all()
    return not rows or any(Role(name) in _MAY_HOLD for r in rows for name in json.loads(r.roles))


def owed(store: Store, most: int = BATCH) -> list[PersonRow]:
    """The next that the hub has not."""
    return [PersonRow(*r) for r in store.read.exec_driver_sql(_OWED, (most,))]


def mark_sent(store: Store, ids: Sequence[str]) -> None:
    """The hub has them."""
    with store.transaction(screen="sync", actor="system") as tx:
        tx.connection.exec_driver_sql("UPDATE person SET sent = 1 WHERE id = ? AND sent = 0", [(i,) for i in ids])


def take(tx: Transaction, rows: Sequence[PersonRow]) -> None:
    """Keep what the hub gave; an erasure outranks data, whichever came first."""
    if not rows:
        return
    connection = tx.connection
    connection.exec_driver_sql(
        "INSERT INTO person (id, role, data, created_at, erased_at, sent) VALUES (?, ?, ?, ?, ?, 2) "
        "ON CONFLICT (id) DO UPDATE SET data = CASE WHEN excluded.erased_at IS NULL THEN data ELSE '{}' END, "
        "erased_at = coalesce(erased_at, excluded.erased_at)",
        [(r.id, r.role, "{}" if r.erased else r.data, r.created_at, tx.now_ms if r.erased else None) for r in rows])
    touched = wants.incidents(connection, wants.PERSON, [r.id for r in rows])
    wants.drop(connection, wants.PERSON, [r.id for r in rows])
    tx.mark(Changes(incidents=touched))
