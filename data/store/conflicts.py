"""Own acts that another one overtook or that the hub refused: noted when they are ordered, so that their maker is told
and answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from app.domain import masks
from app.domain.events import Event, parse
from app.services import sync_rules
from app.services.changes import Changes
from data.store import camera_masks, handovers
from data.store.transaction import Transaction


def note(tx: Transaction, confirmed: Iterable[tuple[str, Sequence[tuple[int, str]]]]) -> None:
    """Note which own events, just ordered, changed nothing: (stream, [(local sequence, verdict)])."""
    for stream, placed in confirmed:
        family, _, key = stream.partition("/")
        state = tx.incident(key) if family == "incident" else tx.handover(key) if family == "handover" else \
            tx.masks(key) if family == "camera" else None
        lost = set(state.superseded) if state is not None else set()
        for seq, verdict in placed:
            refused = verdict.startswith(sync_rules.REFUSED)
            if not lost and not refused:
                continue
            row = tx.connection.exec_driver_sql("SELECT id, content FROM event WHERE seq = ?", (seq,)).first()
            if row is not None and (refused or row[0] in lost):
                tx.connection.exec_driver_sql(
                    "INSERT OR IGNORE INTO conflict (event, incident, actor, at) VALUES (?, ?, ?, ?)",
                    (row[0], key if family == "incident" else "", parse(row[1]).actor, tx.now_ms))
                tx.mark(Changes(settings=True))


def forget(connection: Connection, after: int) -> None:
    """What was told of events after a sequence of the hub's order does not hold any more: they are judged anew."""
    connection.exec_driver_sql("DELETE FROM conflict WHERE answered_at IS NULL AND event IN (SELECT id FROM event "
                               "WHERE hub_seq > ?)", (after,))


class ConflictReads:
    """Answers from the last commit."""

    _connection: Any

    def conflicts(self, actor: str | None) -> list[tuple[Event, str, Event | None]]:
        """(own act that changed nothing, the hub's verdict, the act that stands in its place) without an answer, oldest
        first; of one maker, or of all. The act that stands is None where this seat may not see it, and for a refused
        one. What a machine made and the hub refused is for every operator."""
        run = self._connection.exec_driver_sql
        rows = run("SELECT e.content, e.hub_seq, e.verdict FROM conflict c JOIN event e ON e.id = c.event WHERE "
                   "c.answered_at IS NULL AND (? IS NULL OR c.actor = ? OR (e.verdict LIKE 'refused%' AND "
                   "EXISTS (SELECT 1 FROM operator) AND c.actor NOT IN (SELECT id FROM operator))) "
                   "ORDER BY c.at, e.seq LIMIT 50", (actor, actor)).all()
        found = []
        for content, hub_seq, verdict in rows:
            mine = parse(content)
            refused = verdict.startswith(sync_rules.REFUSED)
            of = self._standing_handover if mine.stream.startswith("handover/") else self._standing
            found.append((mine, verdict, None if refused else of(mine, hub_seq)))
        return found

    def _standing_handover(self, mine: Event, hub_seq: int | None) -> Event | None:
        """The last act before it upon the hand-over that changed something."""
        state = handovers.state(self._connection, mine.stream.partition("/")[2])
        rows = self._connection.exec_driver_sql(
            "SELECT content FROM event WHERE stream = ? AND hub_seq < ? AND verdict = 'ok' ORDER BY hub_seq DESC",
            (mine.stream, hub_seq or 0))
        return next((e for (content,) in rows if (e := parse(content)).id not in (state.superseded if state else ())),
                    None)

    def _standing(self, mine: Event, hub_seq: int | None) -> Event | None:
        """The last act on the stream before it that its maker did not know; else the other booking of its unit."""
        run = self._connection.exec_driver_sql
        if mine.kind == masks.KIND:
            acts = camera_masks.state(self._connection, mine.stream.partition("/")[2]).acts
            found = run(f"SELECT content FROM event WHERE id IN ({','.join('?' * len(acts))}) ORDER BY hub_seq DESC",
                        acts).first()
            return parse(found[0]) if found is not None else None
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
