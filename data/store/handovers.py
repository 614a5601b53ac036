"""Hand-overs in the store: their fold, kept as one row each, and the queries over it."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.events import Event, parse
from app.domain.handover import HandoverState, apply
from app.domain.handover_process import SIGNED
from app.domain.incident_state import Fact
from app.services.changes import Changes
from app.services.duties import HANDED_OVER, STREAM
from app.services.duty_views import Handover
from data.store.tables import HANDOVER


def state(connection: Connection, handover_id: str) -> HandoverState | None:
    """The folded state, None when there is no such hand-over."""
    text = connection.execute(select(HANDOVER.c.state).where(HANDOVER.c.id == handover_id)).scalar_one_or_none()
    return HandoverState.load(text) if text is not None else None


def open_ones(connection: Connection) -> list[HandoverState]:
    """Those that nobody has signed for yet, the oldest first."""
    rows = connection.execute(select(HANDOVER.c.state).where(HANDOVER.c.open == 1)
                              .order_by(HANDOVER.c.began_at, HANDOVER.c.id))
    return [HandoverState.load(r.state) for r in rows]


def fold(connection: Connection, event: Event) -> Changes:
    """Fold one event of a hand-over's stream."""
    key = event.stream.partition("/")[2]
    after = apply(state(connection, key), Fact(event.id, event.kind, event.occurred_at, event.actor, event.body))
    after.id = key
    row = {"id": key, "centre": event.centre, "phase": after.phase, "open": int(after.open), "role": after.role,
           "name": after.name, "incoming": after.incoming, "signed_at": after.signed_at, "began_at": after.began_at,
           "state": after.dump()}
    connection.execute(upsert(HANDOVER).values(row).on_conflict_do_update(index_elements=["id"], set_=row))
    return Changes(duty=True)


class HandoverReads:
    """Answers from the last commit."""

    _connection: Connection

    def handovers(self, centre: str, limit: int, *, signed: bool = False) -> list[tuple[HandoverState, bool]]:
        """(state, whether the hub does not know all of it yet), newest first: all that nobody has signed for, and the
        last ended ones (`signed`: those that were signed last). `centre` "": of whichever."""
        unsent = {r[0] for r in self._connection.exec_driver_sql(
            "SELECT DISTINCT substr(e.stream, 10) FROM outbox o JOIN event e ON e.seq = o.seq "
            "WHERE e.stream LIKE 'handover/%'")}
        here = "phase <> '' AND (? = '' OR centre = ?)"
        ended = f"phase = '{SIGNED}' ORDER BY signed_at DESC" if signed else "true ORDER BY began_at DESC"
        rows = self._connection.exec_driver_sql(
            f"SELECT id, state FROM handover WHERE id IN (SELECT id FROM handover WHERE open = 1 AND {here}) OR id IN "
            f"(SELECT id FROM handover WHERE open = 0 AND {here} AND {ended}, id DESC LIMIT ?)",
            (centre, centre, centre, centre, limit)).all()
        found = [(HandoverState.load(r.state), r.id in unsent) for r in rows]
        return sorted(found, key=lambda one: (-one[0].began_at, one[0].id))

    def handover(self, handover_id: str) -> HandoverState | None:
        """One of them."""
        return state(self._connection, handover_id)

    def one_sided(self, centre: str, limit: int) -> list[Handover]:
        """The last ones that were told by one side only, as programs did before both signed; newest first."""
        rows = self._connection.exec_driver_sql(
            "SELECT content FROM event WHERE stream = ? AND kind = ? AND verdict NOT LIKE 'refused%' ORDER BY seq DESC",
            (STREAM, HANDED_OVER))
        found: list[Handover] = []
        for row in rows:
            event = parse(row.content)
            if len(found) == limit:
                break
            if centre in ("", event.centre):
                found.append(_one_sided(event))
        return found


def _one_sided(event: Event) -> Handover:
    body = event.body
    counts = body.get("matters")
    return Handover(event.occurred_at / 1000, str(body.get("name", "")), str(body.get("role", "")),
                    str(body.get("note", "")),
                    {k: v for k, v in counts.items() if isinstance(v, int)} if isinstance(counts, dict) else {})
