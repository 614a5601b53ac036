"""Reading the roster, and who has signed in: by themselves, or by the signature under a hand-over."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import Connection, and_, select

from app.domain.handover_process import SIGNED as BOTH_SIGNED
from app.services.duty_views import DutyPerson
from data.store.tables import HANDOVER, ROSTER, SIGNED

DAY_MS: Final = 86_400_000
"""without a roster a sign-in counts for so long"""


class _Sign(NamedTuple):
    role: str
    name: str
    at: int
    present: bool


class DutyReads:
    """Queries over one reading connection."""

    _connection: Connection

    def duty(self, at_ms: int, early_ms: int = 0) -> list[DutyPerson]:
        """Everybody on the roster at that instant, then who has signed in without it since the shift began.

        A sign-in is for one shift: one from more than `early_ms` before it began belonged to another.
        """
        signed = self._signed(at_ms)
        rows = self._connection.execute(
            select(ROSTER).where(and_(ROSTER.c.start <= at_ms, ROSTER.c.end > at_ms))
            .order_by(ROSTER.c.role, ROSTER.c.name)).all()
        out = []
        for row in rows:
            one = signed.pop((row.role, row.name), None)
            if one is not None and one.at < row.start - early_ms:
                one = None
            out.append(DutyPerson(row.role, row.name, True, one is not None and one.present,
                                  one.at / 1000 if one is not None else None, row.shift,
                                  row.end / 1000 if row.end else None))
        since = min((r.start - early_ms for r in rows), default=at_ms - DAY_MS)
        out += [DutyPerson(one.role, one.name, False, True, one.at / 1000)
                for one in sorted(signed.values(), key=lambda r: (r.role, r.name))
                if one.present and one.at >= since]
        return out

    def _signed(self, at_ms: int) -> dict[tuple[str, str], _Sign]:
        """Who signed in or out last and when. A signature under a hand-over signs the outgoing person out and the
        incoming one in."""
        signed = {(r.role, r.name): _Sign(r.role, r.name, r.at, bool(r.present))
                  for r in self._connection.execute(select(SIGNED))}
        rows = self._connection.execute(
            select(HANDOVER.c.role, HANDOVER.c.name, HANDOVER.c.incoming, HANDOVER.c.signed_at)
            .where(HANDOVER.c.phase == BOTH_SIGNED, HANDOVER.c.signed_at > at_ms - 2 * DAY_MS)
            .order_by(HANDOVER.c.signed_at, HANDOVER.c.id))
        for row in rows:
            for name, present in ((row.name, False), (row.incoming, True)):
                known = signed.get((row.role, name))
                if known is None or known.at <= row.signed_at:
                    signed[row.role, name] = _Sign(row.role, name, row.signed_at, present)
        return signed
