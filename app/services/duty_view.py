"""Who is on duty now, from the roster's rows of the running shift."""

from __future__ import annotations

from collections.abc import Sequence

from app.services.views import DutyView

Row = tuple[str, str, str, int | None, bool]
"""(role, name, shift, end in ms, signed in for this shift)"""


def duty_view(rows: Sequence[Row]) -> DutyView | None:
    """Who leads the running shift and how many have signed in; None when there is no roster for it."""
    if not rows:
        return None
    named = {role: (name, shift, end) for role, name, shift, end, _ in reversed(rows)}
    leader, supervisor = named.get("duty_leader"), named.get("supervisor") or named.get("shift_supervisor")
    any_row = supervisor or leader or (rows[0][1], rows[0][2], rows[0][3])
    return DutyView(
        any_row[1],
        leader[0] if leader else "",
        supervisor[0] if supervisor else "",
        sum(1 for r in rows if r[4]),
        len(rows),
        any_row[2] / 1000 if any_row[2] else None,
    )
