"""Reading the roster, who has signed in, and the last hand-over."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, and_, select

from app.domain.events import parse
from app.services.duties import HANDED_OVER, STREAM
from app.services.duty_views import DutyPerson, Handover
from data.store.tables import ROSTER, SIGNED

DAY_MS: Final = 86_400_000
"""without a roster a sign-in counts for so long"""


class DutyReads:
    """Queries over one reading connection."""

    _connection: Connection

    def duty(self, at_ms: int, early_ms: int = 0) -> list[DutyPerson]:
        """Everybody on the roster at that instant, then who has signed in without it since the shift began.

        A sign-in is for one shift: one from more than `early_ms` before it began belonged to another.
        """
        signed = {(r.role, r.name): r for r in self._connection.execute(select(SIGNED))}
        rows = self._connection.execute(
            select(ROSTER).where(and_(ROSTER.c.start <= at_ms, ROSTER.c.end > at_ms))
            .order_by(ROSTER.c.role, ROSTER.c.name)).all()
        out = []
        for row in rows:
            one = signed.pop((row.role, row.name), None)
            if one is not None and one.at < row.start - early_ms:
                one = None
            out.append(DutyPerson(row.role, row.name, True, bool(one is not None and one.present),
                                  one.at / 1000 if one is not None else None, row.shift,
                                  row.end / 1000 if row.end else None))
        since = min((r.start - early_ms for r in rows), default=at_ms - DAY_MS)
        out += [DutyPerson(one.role, one.name, False, True, one.at / 1000)
                for one in sorted(signed.values(), key=lambda r: (r.role, r.name))
                if one.present and one.at >= since]
        return out

    def handover(self, centre: str) -> Handover | None:
        """The last hand-over of a centre ("": of whichever); None: there was none."""
        rows = self._connection.exec_driver_sql(
            "SELECT content FROM event WHERE stream = ? AND kind = ? AND verdict NOT LIKE 'refused%' ORDER BY seq DESC",
            (STREAM, HANDED_OVER))
        for row in rows:
            event = parse(row.content)
            if centre not in ("", event.centre):
                continue
            body = event.body
            counts = body.get("matters")
            return Handover(event.occurred_at / 1000, str(body.get("name", "")), str(body.get("role", "")),
                            str(body.get("note", "")),
                            {k: v for k, v in counts.items() if isinstance(v, int)} if isinstance(counts, dict) else {})
        return None
