"""Sixty days of past incidents of the demo district, and those that are open now; each as a full history of steps."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from app.domain.working_time import WorkCalendar
from app.drill.areas import SOURCE, digest_of
from app.drill.district import District
from app.drill.frame import Floats, Ints
from app.drill.hands import Force, Hands, forces_in_metres, skill_of
from app.drill.open_cases import fresh_count, phase_of, tell_open, youngest
from app.drill.places import Spots, make_spots
from app.drill.shape import Shape, levels_of, make_shape
from app.drill.story import Case, Teller, Words
from app.drill.worktime import WorkTimes
from app.intake.records import IncidentHistory, full_key
from app.services.book import Book
from app.services.packs import limit_of

DAYS, OPEN = 60, 140
_OVERDUE_OPEN = 5
_TURNS = 24
_PLANTED = (("1201", 1, "on_scene", 236.0, "joint_alarm", "s"), ("0403", 2, "assigned", 150.0, "city_order", "h"),
            ("0406", 2, "en_route", 610.0, "sensor", "."))
"""(kind, level, phase, age in s, channel, where) of the grave cases that are open now"""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Columns of equal length, by time: when, what, how told, where, level; and chances for the course of each."""

    at: Floats
    kind: Ints
    channel: Ints
    spot: Ints
    level: Ints
    turns: Floats


@dataclass(frozen=True, slots=True)
class _Times:
    """When each case was registered, due, fed back, verified, closed (epoch s; due inf without a limit)."""

    registered: Floats
    due: Floats
    fed: Floats
    checked: Floats
    ended: Floats


def make_histories(district: District, book: Book, calendar: WorkCalendar, now: datetime, root: Path, *,
                   days: int = DAYS, open_count: int = OPEN) -> list[IncidentHistory]:
    """The past of `days` local days up to `now` (aware), oldest first; about `open_count` are open at `now`.

    Deterministic by the district's seed and `now`. `book`: the lists in force. Nothing lies in the future.
    """
    base = district.skeleton
    rng = np.random.default_rng((base.seed, 7))
    spots = make_spots(base, np.random.default_rng((base.seed, 8)))
    shape = make_shape(book, root)
    teller = Teller(Words.load(root), book, calendar)
    drawn = _draw(shape, spots, calendar, now, days, rng)
    hands = hands_of(district)
    times = _times(drawn, shape, book, WorkTimes(calendar, now - timedelta(days=days + 2), now))
    writer = _Writer(book, shape, spots, hands, teller, drawn, times, now.timestamp())
    return writer.all(open_count)


def hands_of(district: District) -> Hands:
    """The district's forces as choosers of hands."""
    forces = [Force(u.key, u.name, u.kind, u.skills, u.area_key, u.extra.get("on_duty") is not False)
              for u in district.units]
    x, y = forces_in_metres(district.skeleton.cells.frame, [u.lon for u in district.units],
                            [u.lat for u in district.units])
    return Hands(forces, x, y)


def _draw(shape: Shape, spots: Spots, calendar: WorkCalendar, now: datetime, days: int,
          rng: np.random.Generator) -> _Drawn:
    zone = ZoneInfo(calendar.timezone)
    today = now.astimezone(zone).date()
    wet = {today - timedelta(days=int(d))
           for d in rng.choice(np.arange(1, days + 1), max(days // 14, 1), replace=False)}
    at: list[Floats] = []
    kinds: list[Ints] = []
    for back in range(days, -1, -1):
        day = today - timedelta(days=back)
        for hour in range(24):
            one, two = _hour(shape, calendar, day, hour, day in wet, zone, rng)
            at.append(one)
            kinds.append(two)
    when, kind = np.concatenate(at), np.concatenate(kinds)
    keep = when < now.timestamp() - 20.0
    when, kind = when[keep], kind[keep]
    order = np.argsort(when, kind="stable")
    when, kind = when[order], kind[order]
    count = len(when)
    cumulative = np.cumsum(shape.channel, axis=1)[kind]
    channel = (rng.random(count)[:, None] > cumulative).sum(axis=1).clip(0, len(shape.channels) - 1)
    spot = np.zeros(count, dtype=np.int64)
    draws = np.array([ord(d) for d in shape.draw])[kind]
    for draw, pool in spots.pools.items():
        mine = np.flatnonzero(draws == ord(draw))
        spot[mine] = pool[rng.integers(0, len(pool), len(mine))]
    level = levels_of(np.array(shape.level, dtype=np.float64)[kind], rng).astype(np.int64)
    return _Drawn(when, kind, channel.astype(np.int64), spot, level, rng.random((count, _TURNS)))


def _hour(shape: Shape, calendar: WorkCalendar, day: date, hour: int, wet: bool, zone: ZoneInfo,
          rng: np.random.Generator) -> tuple[Floats, Ints]:
    rate = shape.rate_per_hour(day.weekday(), hour, day_off=not calendar.is_working_day(day), rain=wet)
    count = int(rng.poisson(rate))
    start = datetime(day.year, day.month, day.day, hour, tzinfo=zone).timestamp()
    weights = shape.weights(hour, rain=wet)
    return start + rng.random(count) * 3600.0, rng.choice(len(weights), count, p=weights / weights.sum())


def _times(drawn: _Drawn, shape: Shape, book: Book, work: WorkTimes) -> _Times:
    """Handled in time in about 96 of 100, closed in time in about 93; the rest late by a believable share."""
    turns, count = drawn.turns, len(drawn.at)
    wait = np.where(drawn.level <= 2, 8.0 + 25.0 * turns[:, 0], 15.0 + 160.0 * turns[:, 0] ** 2)
    registered = np.round(drawn.at + wait, 3)
    handled = 0.10 + 0.62 * turns[:, 1] ** 1.3
    late = turns[:, 2] < 0.046
    handled = np.where(late, 1.04 + 0.5 * turns[:, 1], handled)
    closing = np.where(late, handled + 0.2 + 0.3 * turns[:, 3], handled + (0.96 - handled) * (0.12 + 0.7 * turns[:, 3]))
    closing = np.where(~late & (turns[:, 4] < 0.034), 1.05 + 0.4 * turns[:, 3], closing)
    checking = handled + (closing - handled) * 0.6
    out = [np.zeros(count) for _ in range(4)]
    groups: dict[tuple[float | None, str], list[int]] = {}
    rules: dict[tuple[int, int], tuple[float | None, str]] = {}
    for i, pair in enumerate(zip(drawn.kind.tolist(), drawn.level.tolist(), strict=True)):
        rule = rules.get(pair)
        if rule is None:
            limit = limit_of(book, "case", shape.kinds[pair[0]], pair[1])
            rule = rules[pair] = (limit.minutes, limit.calendar) if limit else (None, "continuous")
        groups.setdefault(rule, []).append(i)
    for (minutes, calendar), members in groups.items():
        mine = np.array(members)
        whole = np.full(len(mine), 2880.0 if minutes is None else minutes)
        for column, share in zip(out, (np.ones(count), handled, checking, closing), strict=True):
            column[mine] = work.add(registered[mine], whole * share[mine], calendar)
        if minutes is None:
            out[0][mine] = np.inf
    return _Times(registered, out[0], out[1], out[2], out[3])


class _Writer:
    """Turns the drawn columns into cases, tells each, and makes the records."""

    def __init__(self, book: Book, shape: Shape, spots: Spots, hands: Hands, teller: Teller, drawn: _Drawn,
                 times: _Times, now: float) -> None:
        self._book, self._shape, self._spots, self._hands = book, shape, spots, hands
        self._teller, self._drawn, self._times, self._now = teller, drawn, times, now
        self._skills = [skill_of(book, k) for k in shape.kinds]
        self._turns: list[list[float]] = drawn.turns.tolist()
        self._busy: set[int] = set()

    def all(self, open_count: int) -> list[IncidentHistory]:
        """All records, oldest first."""
        rows = self._open_rows(open_count)
        cases: dict[int, Case] = {i: self._case(i) for i in range(len(self._drawn.at)) if i not in rows}
        told = self._past(cases)
        for rank, i in enumerate(rows):
            case = self._case(i, free=True)
            phase = phase_of(rank, case.turns[4])
            youngest(case, phase, self._now)
            tell_open(self._teller, case, phase, self._now)
            told.append((case, i))
        records = [self._record(case, i) for case, i in told if case.steps]
        records += self._planted()
        records.sort(key=lambda r: (r.opened_at, r.key))
        return records

    def _open_rows(self, open_count: int) -> list[int]:
        """The newest cases that are believably still open: due later, but for a few that are overdue."""
        overdue = 0
        rows: list[int] = []
        for i in range(len(self._drawn.at) - 1, -1, -1):
            if len(rows) >= open_count - len(_PLANTED):
                break
            fresh = len(rows) < fresh_count()
            if self._drawn.level[i] <= 2 or (fresh and self._times.due[i] < self._now + 1200):
                continue
            if self._times.due[i] < self._now + 240:
                if fresh or overdue >= _OVERDUE_OPEN or self._turns[i][5] > 0.25:
                    continue
                overdue += 1
            rows.append(i)
        return rows

    def _past(self, cases: dict[int, Case]) -> list[tuple[Case, int]]:
        """Tell the cases that are over; those that could not be over yet are told as quick ones."""
        teller, out, recent = self._teller, [], list[tuple[Case, int]]()
        for i, case in cases.items():
            turns = case.turns
            if case.ended > self._now - 5.0:
                self._hurry(case)
            if case.channel == "patrol" and case.level >= 3 and turns[21] < 0.34:
                teller.self_handled(case)
            elif turns[21] > (0.8 if case.channel in ("sensor", "joint_alarm") else 0.974) and self._over(case, 1100.0):
                teller.false_alarm(case)
            elif turns[22] < 0.03 and self._merge(case, recent, i):
                pass
            else:
                teller.whole(case)
                teller.evaluate(case, self._now)
                recent = [*recent[-40:], (case, i)]
            out.append((case, i))
        return out

    def _over(self, case: Case, seconds: float) -> bool:
        return case.at + seconds < self._now

    def _hurry(self, case: Case) -> None:
        """Close a case before now that its limit would have let wait."""
        room = max(self._now - 3.0 - case.registered, 1.0)
        case.fed = case.registered + room * 0.6
        case.checked = case.registered + room * 0.8
        case.ended = case.registered + room * 0.97

    def _merge(self, case: Case, recent: Sequence[tuple[Case, int]], i: int) -> bool:
        """Make it a further report of a case nearby in time that is still in hand; False where there is none."""
        for other, j in reversed(recent):
            at = other.registered + 20.0 + 300.0 * case.turns[23]
            if other.phase in ("closed", "evaluated") and at + 400 < other.fed and at < self._now - 600:
                case.at, case.kind, case.family = at, other.kind, other.family
                case.level, case.area = other.level, other.area
                case.channel = ("hotline", "city_order", "neighbour_chat", "citizen_photo")[int(case.turns[3] * 4)]
                self._drawn.spot[i] = self._drawn.spot[j]
                self._teller.merged(case, other)
                return True
        return False

    def _case(self, i: int, free: bool = False) -> Case:
        drawn, times = self._drawn, self._times
        kind = int(drawn.kind[i])
        skill, family = self._skills[kind]
        spot = int(drawn.spot[i])
        turns = self._turns[i]
        lead, other = self._pair(self._shape.kinds[kind], skill, family, spot, turns, free)
        helpers: tuple[Force, ...] = ()
        if drawn.level[i] <= 2:
            helpers = self._helpers(skill, spot, lead, 1 + int(turns[20] * 2), free)
        return Case(full_key(SOURCE, f"h{i + 1:06d}"), self._shape.kinds[kind], family, int(drawn.level[i]),
                    self._shape.channels[int(drawn.channel[i])], self._spots.area[spot], float(drawn.at[i]),
                    float(times.registered[i]), float(times.fed[i]), float(times.checked[i]), float(times.ended[i]),
                    lead, other, helpers, turns)

    def _pair(self, kind: str, skill: str, family: str, spot: int, turns: Sequence[float],
              free: bool) -> tuple[Force, Force]:
        x, y, area = float(self._spots.x[spot]), float(self._spots.y[spot]), self._spots.area[spot]
        one = self._hands.choose(kind, skill, family, area, x, y, turns[19], self._busy if free else ())
        two = self._hands.choose(kind, "security", family, area, x, y, turns[18])
        if free:
            self._busy.add(one)
        if two == one:
            two = (one + 1) % len(self._hands.forces)
        return self._hands.forces[one], self._hands.forces[two]

    def _helpers(self, skill: str, spot: int, lead: Force, count: int, free: bool) -> tuple[Force, ...]:
        busy = {self._hands.index[lead.id], *(self._busy if free else ())}
        found = self._hands.nearest("security" if count == 1 else skill, float(self._spots.x[spot]),
                                    float(self._spots.y[spot]), count, busy)
        if free:
            self._busy.update(found)
        return tuple(self._hands.forces[i] for i in found)

    def _planted(self) -> list[IncidentHistory]:
        """The grave cases that are open now."""
        out = []
        for n, (kind, level, phase, age, channel, draw) in enumerate(_PLANTED):
            if self._book.code("kind", kind) is None:
                continue
            skill, family = skill_of(self._book, kind)
            pool = self._spots.pools[draw]
            spot = int(pool[(len(pool) // 2 + 7 * n) % len(pool)])
            turns = [(0.37 * (k + 1 + n)) % 1.0 for k in range(_TURNS)]
            lead, other = self._pair(kind, skill, family, spot, turns, True)
            at = self._now - age
            case = Case(full_key(SOURCE, f"now{n + 1}"), kind, family, level, channel, self._spots.area[spot], at,
                        at + 9, at, at, at, lead, other, self._helpers(skill, spot, lead, 2, True), turns)
            tell_open(self._teller, case, phase, self._now)
            out.append(self._record(case, None, spot))
        return out

    def _record(self, case: Case, i: int | None, spot: int = 0) -> IncidentHistory:
        spot = int(self._drawn.spot[i]) if i is not None else spot
        label = self._book.label("kind", case.kind, "zh_CN")
        place = self._spots.address[spot]
        opened = datetime.fromtimestamp(round(case.at, 3), UTC)
        number = f"AQ{opened:%Y%m%d}{case.key[-5:]}" if case.channel == "city_order" else ""
        reporter: dict[str, object] = {}
        if case.channel in ("city_order", "hotline", "citizen_photo", "neighbour_chat"):
            # No telephone number in the land begins with 100.
            reporter = {"name": "市民（演示）", "phone": f"100{int(case.turns[16] * 1e8):08d}"}
        closed = datetime.fromtimestamp(round(case.closed_at, 3), UTC) if case.closed_at is not None else None
        text = self._teller.words.told(case.channel, place, case.kind, label, case.turns[17])
        return IncidentHistory(
            SOURCE, case.key, number, f"{place} {label}", text,
            case.kind, label, case.phase, opened, case.events(), closed, level=str(case.level), channel=case.channel,
            dept=case.lead.name, address=place, lon=float(self._spots.lon[spot]), lat=float(self._spots.lat[spot]),
            area_key=self._spots.area[spot], reporter=reporter, extra={"generated": True},
            digest=digest_of(case.key, case.at, case.kind, case.phase, len(case.steps)))
