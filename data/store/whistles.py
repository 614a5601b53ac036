"""Whistles in the store: their fold, kept as one row each, and the queries over it."""

from __future__ import annotations

from sqlalchemy import Connection, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.events import Event
from app.domain.incident_state import Fact
from app.domain.whistle import WhistleState, apply
from app.domain.whistle_process import ENDED
from app.services.changes import Changes
from data.store.tables import WHISTLE


def state(connection: Connection, whistle_id: str) -> WhistleState | None:
    """The folded state, None when there is no such whistle."""
    text = connection.execute(select(WHISTLE.c.state).where(WHISTLE.c.id == whistle_id)).scalar_one_or_none()
    return WhistleState.load(text) if text is not None else None


def fold(connection: Connection, event: Event) -> Changes:
    """Fold one event of a whistle's stream."""
    key = event.stream.partition("/")[2]
    after = apply(state(connection, key), Fact(event.id, event.kind, event.occurred_at, event.actor, event.body))
    after.id = after.id or key
    row = {"id": key, "area_path": after.area_path, "ended": int(after.phase in ENDED), "blown_at": after.blown_at,
           "state": after.dump()}
    connection.execute(upsert(WHISTLE).values(row).on_conflict_do_update(index_elements=["id"], set_=row))
    return Changes(whistles=frozenset({key}))


class WhistleReads:
    """Answers from the last commit."""

    _connection: Connection

    def whistles(self, since_ms: int) -> list[WhistleState]:
        """Open whistles and those blown since then, newest first."""
        rows = self._connection.execute(select(WHISTLE.c.state).where(
            or_(WHISTLE.c.ended == 0, WHISTLE.c.blown_at >= since_ms), WHISTLE.c.blown_at > 0
        ).order_by(WHISTLE.c.blown_at.desc(), WHISTLE.c.id))
        return [WhistleState.load(r.state) for r in rows]
