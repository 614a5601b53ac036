"""Generated duty roster of the demo: leaders by turns for the whole day, three shifts at the desk; roles only."""
from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.drill.areas import digest_of, key
from app.intake.records import RosterRecord

LEADERS, SUPERVISORS, DISPATCHERS, VERIFIERS, LIAISONS = 12, 6, 16, 8, 6
_SHIFTS = (("day", time(8), 8), ("evening", time(16), 8), ("night", time(0), 8))
_CREW = (("supervisor", "值班长", 1, SUPERVISORS), ("dispatcher", "调度员", 4, DISPATCHERS),
         ("verifier", "核查员", 2, VERIFIERS), ("liaison", "联络员", 1, LIAISONS))


def make_roster(first: date, days: int = 365, timezone: str = "Asia/Shanghai") -> list[RosterRecord]:
    """Nine posts at any hour of `days` local days from `first`: a leader (08:00 to 08:00) and a shift of eight."""
    zone = ZoneInfo(timezone)
    rows: list[RosterRecord] = []
    shift_number = (first.toordinal() - 700_000) * len(_SHIFTS)
    for d in range(-1, days):
        day = first + timedelta(days=d)
        begins = datetime.combine(day, time(8), zone).astimezone(UTC)
        leader = f"带班领导（演示）{day.toordinal() % LEADERS + 1:02d}"
        rows.append(_row(day, "day24", "duty_leader", leader, begins, begins + timedelta(hours=24)))
        if d < 0:
            continue
        for shift, start, hours in _SHIFTS:
            begins = datetime.combine(day, start, zone).astimezone(UTC)
            shift_number += 1
            for role, name, count, people in _CREW:
                for n in range(count):
                    who = f"{name}（演示）{(shift_number * count + n) % people + 1:02d}"
                    rows.append(_row(day, shift, role, who, begins, begins + timedelta(hours=hours)))
    return rows


def _row(day: date, shift: str, role: str, name: str, start: datetime, end: datetime) -> RosterRecord:
    text = day.isoformat()
    return RosterRecord(key(f"duty-{text}-{shift}-{role}-{name[-2:]}"), text, shift, role, name, start, end,
                        {"generated": True}, digest_of(text, shift, role, name))
