"""Replaying the log: the projections that follow from it, to compare with the live ones or to replace them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, select

from app.domain.events import parse
from data.store import ordered
from data.store.store import Store
from data.store.tables import EVENT, FOLDED
from data.store.transaction import Transaction

_CHUNK = 2_000


def dump(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All folded tables as sorted rows."""
    return {t.name: sorted((tuple(r) for r in connection.execute(select(t))), key=repr) for t in FOLDED}


def rebuild(store: Store) -> int:
    """Throw the folded tables away and fold the whole log again, in one transaction; returns the number of events."""
    done = 0
    with store.transaction(screen="rebuild", actor="system") as tx:
        for table in FOLDED:
            tx.connection.execute(delete(table))
        if tx.connection.exec_driver_sql("SELECT 1 FROM ordering LIMIT 1").first() is not None:
            return _rebuild_ordered(tx)
        seq = 0
        while True:
            rows = tx.connection.execute(
                select(EVENT.c.seq, EVENT.c.content).where(EVENT.c.seq > seq).order_by(EVENT.c.seq).limit(_CHUNK)
            ).all()
            if not rows:
                return done
            for row in rows:
                _fold(tx, row.content, row.seq)
            tx.write_touched()
            seq = rows[-1].seq
            done += len(rows)


def _rebuild_ordered(tx: Transaction) -> int:
    """Each stream as the hub ordered it, own unsent events on top."""
    streams = [r[0] for r in tx.connection.exec_driver_sql("SELECT DISTINCT stream FROM event ORDER BY stream")]
    for start in range(0, len(streams), _CHUNK):
        for stream in streams[start : start + _CHUNK]:
            ordered.refold(tx, stream)
        tx.write_touched()
    return int(tx.connection.exec_driver_sql("SELECT count(*) FROM event").scalar_one())


def _fold(tx: Transaction, content: str, seq: int) -> None:
    tx.fold(parse(content), seq)
