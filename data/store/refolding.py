"""Streams whose fold has changed since a store was written: an upgrade notes them, the next opening folds them anew."""

from __future__ import annotations

import json
from typing import Final

from sqlalchemy import Connection

from data.store import ordered
from data.store.transaction import Transaction

NOTE: Final = "refold"
"""meta key: JSON list of streams"""


def owed(connection: Connection) -> list[str]:
    """The streams that are still to be folded anew."""
    row = connection.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (NOTE,)).first()
    return list(json.loads(row[0])) if row is not None else []


def carry_out(tx: Transaction) -> None:
    """Fold them; then the note goes, in the same transaction."""
    for stream in owed(tx.connection):
        ordered.refold(tx, stream)
    tx.connection.exec_driver_sql("DELETE FROM meta WHERE key = ?", (NOTE,))
