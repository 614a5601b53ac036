"""Own acts that another one overtook: noted when the hub has ordered them, so that their maker is told and answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.domain.events import Event, parse
from app.services import sync_rules
from data.store.transaction import Transaction


def note(tx: Transaction, confirmed: Iterable[tuple[str, Sequence[tuple[int, str]]]]) -> None:
    """Note which own events, just ordered, changed nothing: (stream, [(local sequence, verdict)])."""
    for stream, placed in confirmed:
        if not stream.startswith("incident/"):
            continue
        key = stream[9:]
        state = tx.incident(key)
        if state is None or not state.superseded:
            continue
        lost = set(state.superseded)
        for seq, _ in placed:
            row = tx.connection.exec_driver_sql("SELECT id, content FROM event WHERE seq = ?", (seq,)).first()
            if row is not None and row[0] in lost:
                tx.connection.exec_driver_sql(
                    "INSERT OR IGNORE INTO conflict (event, incident, actor, at) VALUES (?, ?, ?, ?)",
                    (row[0], key, parse(row[1]).actor, tx.now_ms))


class ConflictReads:
    """Answers from the last commit."""

    _connection: Any

    def conflicts(self, actor: str | None) -> list[tuple[Event, int, Event | None]]:
        """(own act that changed nothing, when that was known in ms, the act that stands in its place) without an
        answer, oldest first; of one maker, or of all. The act that stands is None where this seat may not see it."""
        run = self._connection.exec_driver_sql
        rows = run("SELECT e.content, c.at, e.hub_seq FROM conflict c JOIN event e ON e.id = c.event WHERE "
                   "c.answered_at IS NULL AND (? IS NULL OR c.actor = ?) ORDER BY c.at, e.seq LIMIT 50",
                   (actor, actor)).all()
        found = []
        for content, at, hub_seq in rows:
            mine = parse(content)
            found.append((mine, at, self._standing(mine, hub_seq)))
        return found

    def _standing(self, mine: Event, hub_seq: int | None) -> Event | None:
        """The last act on the stream before it that its maker did not know; else the other booking of its unit."""
        run = self._connection.exec_driver_sql
        for (content,) in run("SELECT content FROM event WHERE stream = ? AND hub_seq < ? AND verdict = 'ok' "
                              "ORDER BY hub_seq DESC", (mine.stream, hub_seq or 0)):
            event = parse(content)
            if event.kind in sync_rules.DECIDING:
                if event.id not in mine.seen and event.seat != mine.seat:
                    return event
                break
        unit = sync_rules.booked_unit(mine)
        row = run("SELECT e.content FROM booking b JOIN event e ON e.id = b.confirmed WHERE b.unit = ?",
                  (unit,)).first() if unit else None
        return parse(row[0]) if row is not None and row[0] else None
