"""Queries over incidents: the queue, one incident's log, what lies near, the counts every screen shows."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, and_, case, func, literal_column, or_, select
from sqlalchemy.sql.elements import ColumnElement

from app.domain.events import Event, parse
from app.domain.incident import PLACED, IncidentState
from app.domain.incident_state import is_same_maker
from app.services.views import Flag, QueueRow
from data.store.reads_reference import rows_of
from data.store.tables import ASSIGNMENT, EVENT, INCIDENT, OUTBOX, READ_MARK

I = INCIDENT.c  # noqa: E741 - the one table of this module
_CHUNK = 900
QUARTER_MS = 15 * 60 * 1000
_SIGNING = "pass_to <> '' AND pass_due_at IS NOT NULL AND (due_at IS NULL OR pass_due_at < due_at)"
"""a centre is to sign for it, and sooner than its case is due: that is what is due now"""
_COLUMNS = (
    "id, number, level, kind, place, area, channel, phase, flags, reported_at, "
    f"CASE WHEN {_SIGNING} THEN json_extract(state, '$.pass_clock.from') ELSE limit_from END, "
    f"CASE WHEN {_SIGNING} THEN json_extract(state, '$.pass_clock.warn') ELSE warn_at END, "
    f"CASE WHEN {_SIGNING} THEN pass_due_at ELSE due_at END, "
    "phase_due_at, handler, helpers, lon, lat, last_seq, on_scene, closed_at, dispatcher, lead_unit, pass_to, holder, "
    "pass_due_at"
)


def _row(r: Any, operator: str, unit: str | None) -> QueueRow:
    """A row of the queue. Codes and names that thousands have in common are kept once: a quarter of their memory."""
    flags, intern = r[8], sys.intern
    if is_same_maker(r[21], operator) or (unit and r[22] == unit):
        flags |= int(Flag.MINE)
    return QueueRow(
        r[0],
        r[1],
        r[2],
        intern(r[3]),
        r[4],
        r[5] and intern(r[5]),
        intern(r[6]),
        intern(r[7]),
        flags,
        r[9] / 1000,
        None if r[10] is None else r[10] / 1000,
        None if r[11] is None else r[11] / 1000,
        None if r[12] is None else r[12] / 1000,
        None if r[13] is None else r[13] / 1000,
        intern(r[14]),
        r[15],
        r[16],
        r[17],
        r[18],
        r[19] == 1,
        r[20] / 1000 if r[20] else None,
        intern(r[23]),
        intern(r[24]),
        None if r[25] is None else r[25] / 1000,
    )


def under(prefix: str, centre: str = "", unit: str | None = None) -> ColumnElement[bool]:
    """Incidents whose area path starts with `prefix` (a range, so that an index could serve it), those passed to
    `centre` that it did not give back, and those that `unit` leads or has in hand wherever they lie."""
    wanted = [and_(I.area_path >= prefix, I.area_path < prefix + "\U0010ffff")]
    if prefix and centre:
        wanted.append(func.instr(I.centres, f"|{centre}|") > 0)
    if prefix and unit:
        wanted += [I.lead_unit == unit, I.id.in_(select(ASSIGNMENT.c.incident).where(ASSIGNMENT.c.unit == unit))]
    return or_(*wanted) if len(wanted) > 1 else wanted[0]


class IncidentReads:
    """Answers from the last commit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._whole: tuple[tuple[object, ...], list[QueueRow]] | None = None

    def queue(
        self, operator: str, unit: str | None, prefix: str, ids: Collection[str] | None, ended: bool, centre: str = ""
    ) -> list[QueueRow]:
        """Rows of open incidents (with `ended` all of them), or of `ids`, below the area path `prefix`, passed to
        `centre` or in hand of `unit`. `operator`: as a maker of events (`Operator.maker`).

        Who asks for all open ones again before the next commit is given what was read: list, map and wall of one
        program begin with one reading.
        """
        version = self._connection.exec_driver_sql("PRAGMA data_version").scalar_one()
        asked = (version, operator, unit, prefix, centre)
        if self._whole is not None and self._whole[0][0] != version:
            self._whole = None
        if ids is not None:
            wanted = list(ids)
            rows: list[QueueRow] = []
            for start in range(0, len(wanted), _CHUNK):
                part = wanted[start : start + _CHUNK]
                marks = ",".join("?" * len(part))
                rows += self._fetch(f"id IN ({marks})", tuple(part), operator, unit, prefix, centre)
            return rows
        if ended:
            return self._fetch("1=1", (), operator, unit, prefix, centre)
        if self._whole is None or self._whole[0] != asked:
            self._whole = asked, self._fetch("ended=0", (), operator, unit, prefix, centre)
        return list(self._whole[1])

    def _fetch(
        self, where: str, params: tuple[object, ...], operator: str, unit: str | None, prefix: str, centre: str
    ) -> list[QueueRow]:
        sql = f"SELECT {_COLUMNS} FROM incident WHERE {where}"
        if prefix:
            sql += (" AND (area_path >= ? AND area_path < ? OR lead_unit = ? OR instr(centres, ?) > 0 "
                    "OR id IN (SELECT incident FROM assignment WHERE unit = ?))")
            own = unit or "\x01"
            params = (*params, prefix, prefix + "\U0010ffff", own, f"|{centre}|" if centre else "\x01", own)
        result = self._connection.exec_driver_sql(sql, params)
        rows = [_row(r, operator, unit) for r in result.all()]
        waiting = self._unsent()
        if not waiting:
            return rows
        return [r._replace(flags=r.flags | int(Flag.UNSENT)) if r.id in waiting else r for r in rows]

    def _unsent(self) -> frozenset[str]:
        """Incidents with an act that waits for the hub."""
        # CROSS JOIN: from the few that wait to their events, not along all events (what SQLite chooses by itself)
        return frozenset(r[0][9:] for r in self._connection.exec_driver_sql(
            "SELECT DISTINCT e.stream FROM outbox o CROSS JOIN event e ON e.seq = o.seq "
            "WHERE e.stream LIKE 'incident/%'"))

    def read_marks(self, operator: str) -> dict[str, int]:
        """incident → sequence this operator last looked at."""
        return {
            r.incident: r.seq
            for r in self._connection.execute(
                select(READ_MARK.c.incident, READ_MARK.c.seq).where(READ_MARK.c.operator == operator)
            )
        }

    def state(self, incident_id: str) -> tuple[IncidentState, int] | None:
        """The folded state and the local sequence of its last event."""
        row = self._connection.execute(select(I.state, I.last_seq).where(I.id == incident_id)).first()
        return (IncidentState.load(row.state), row.last_seq) if row else None

    def events(self, stream: str) -> list[tuple[Event, int, bool]]:
        """(event, local sequence, unsent) of a stream in order."""
        return self._events(EVENT.c.stream == stream, None)

    def not_standing(self, stream: str) -> dict[str, str]:
        """Event id → the hub's verdict, of a stream's events that were overtaken or refused."""
        rows = self._connection.exec_driver_sql("SELECT id, verdict FROM event WHERE stream = ? AND verdict NOT IN "
                                                "('', 'ok')", (stream,))
        return {r[0]: r[1] for r in rows}

    def refused(self, seat: str) -> list[tuple[int, str, str, str]]:
        """(when it was done, kind, stream, the hub's verdict) of a seat's last 20 events that the hub refused."""
        rows = self._connection.exec_driver_sql(
            "SELECT occurred_at, kind, stream, verdict FROM event WHERE seat = ? AND verdict LIKE 'refused%' "
            "ORDER BY seq DESC LIMIT 20", (seat,))
        return [(r[0], r[1], r[2], r[3]) for r in rows]

    def last_events(
        self, prefix: str, limit: int, centre: str = "", unit: str | None = None
    ) -> list[tuple[Event, int, bool]]:
        """The newest events of incidents that are `under`, newest first. That new areas placed them is no news."""
        told = EVENT.c.kind != PLACED
        if not prefix:
            found = self._events(and_(EVENT.c.stream.like("incident/%"), told), limit)
        else:
            inside = select("incident/" + I.id).where(under(prefix, centre, unit))
            found = self._events(and_(EVENT.c.stream.in_(inside), told), limit)
        return found

    def camera_events(self, since_ms: int) -> list[tuple[Event, int, bool]]:
        """What was done with cameras since then."""
        return self._events(and_(EVENT.c.stream >= "camera/", EVENT.c.stream < "camera0",
                                 EVENT.c.occurred_at >= since_ms), None)

    def _events(self, where: ColumnElement[bool], newest: int | None) -> list[tuple[Event, int, bool]]:
        query = (
            select(EVENT.c.content, EVENT.c.seq, OUTBOX.c.seq.is_not(None))
            .where(where)
            .outerjoin(OUTBOX, OUTBOX.c.seq == EVENT.c.seq)
        )
        if newest is None:
            # as it was folded: the hub's order, own unsent events last
            query = query.order_by(EVENT.c.hub_seq.is_(None), EVENT.c.hub_seq, EVENT.c.seq)
        else:
            query = query.order_by(EVENT.c.seq.desc()).limit(newest)
        return [(parse(content), seq, bool(unsent)) for content, seq, unsent in self._connection.execute(query)]

    def numbers(self, ids: Collection[str]) -> dict[str, str]:
        """id → number."""
        return {r.id: r.number for r in rows_of(self._connection, select(I.id, I.number), I.id, ids)}

    def by_number(
        self, text: str, prefix: str, limit: int, centre: str = "", unit: str | None = None
    ) -> list[QueueRow]:
        """Incidents whose number ends with `text` or is short for it (month and day, counter: "1124-0001", as the queue
        shows it), or whose place or foreign number holds it; the one of just this number before all others, then open
        and newest first."""
        short = re.fullmatch(r"(\d{4})-(\d{3,})", text)
        like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        query = (
            select(I.id)
            .where(
                under(prefix, centre, unit),
                or_(
                    I.number.like(f"____{short[1]}-%-{short[2]}" if short else like, escape="\\"),
                    I.place.like(like + "%", escape="\\"),
                    I.external.like(like, escape="\\"),
                    I.id == text,
                ),
            )
            .order_by((I.number != text) & (I.id != text), I.ended, I.reported_at.desc())
            .limit(limit)
        )
        ids = [r.id for r in self._connection.execute(query)]
        found = {r.id: r for r in self.queue("", unit, prefix, ids, True, centre)} if ids else {}
        return [found[i] for i in ids if i in found]

    def near(self, lon: float, lat: float, radius_m: float, since_ms: int, prefix: str) -> list[QueueRow]:
        """Incidents within a box of `radius_m` about a point, open or reported since `since_ms`."""
        dlat = radius_m / 111_320
        dlon = dlat / max(math.cos(math.radians(lat)), 0.01)
        query = select(I.id).where(
            under(prefix),
            I.lon.between(lon - dlon, lon + dlon),
            I.lat.between(lat - dlat, lat + dlat),
            or_(I.ended == 0, I.reported_at >= since_ms),
            I.phase.not_in(("voided", "merged")),
            I.reported_at > 0,
        )
        ids = [r.id for r in self._connection.execute(query.limit(_CHUNK))]
        return self.queue("", None, prefix, ids, True) if ids else []

    def same_place(self, text: str, since_ms: int, prefix: str) -> list[QueueRow]:
        """Open incidents reported since then whose place holds these words, however they are spaced."""
        like = "%" + text.replace(" ", "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = (
            select(I.id)
            .where(under(prefix), I.ended == 0, I.reported_at >= since_ms,
                   func.replace(I.place, " ", "").like(like, escape="\\"))
            .limit(50)
        )
        ids = [r.id for r in self._connection.execute(query)]
        return self.queue("", None, prefix, ids, True) if ids else []

    def _unsigned(self, now_ms: int, here: list[ColumnElement[bool]]) -> list[tuple[Any, ...]]:
        """Open ones whose case is in time, but not the centre that is to sign for them: counted as overdue instead. A
        question of its own, so that an index serves the other one."""
        group = (I.phase, I.level, I.flags, I.area, I.dispatcher, I.lead_unit)
        rows = self._connection.execute(
            select(*group, func.count())
            .where(I.ended == 0, I.flags.op("&")(int(Flag.PASSED)) != 0, I.pass_to != "", I.pass_due_at < now_ms,
                   or_(I.due_at.is_(None), I.due_at >= now_ms), *here)
            .group_by(*group)).all()
        return [(*r[:6], late, r[6] if late else -r[6]) for r in rows for late in (0, 1)]

    def counts(self, prefix: str, now_ms: int, day_ms: int, yesterday_ms: int, period_ms: int, centre: str = "",
               unit: str | None = None) -> Mapping[str, Any]:
        """The raw counts behind `Status`; see `app.services.status` for what each means. What `unit` has in hand
        outside the area counts as open, as it stands in the queue, and not in the rates of the area.

        "open": (phase, level, flags, area, dispatcher, lead unit, overdue 0/1, how many); "today": (channel, start of a
        quarter of an hour, how many). Grouped by SQLite, which holds no lock of the interpreter while it counts.
        """
        run = self._connection.execute
        here = [under(prefix, centre)] if prefix else []
        late_now = case((and_(I.due_at.is_not(None), I.due_at < now_ms), 1), else_=0)
        quarter_of = (I.reported_at - day_ms) // QUARTER_MS
        return {
            "open": list(
                run(
                    select(I.phase, I.level, I.flags, I.area, I.dispatcher, I.lead_unit, late_now, func.count())
                    .where(I.ended == 0, *([under(prefix, centre, unit)] if prefix else []))
                    .group_by(I.phase, I.level, I.flags, I.area, I.dispatcher, I.lead_unit, late_now)
                )
            )
            + self._unsigned(now_ms, [under(prefix, centre, unit)] if prefix else []),
            "today": [
                (channel, day_ms + quarter * QUARTER_MS, count)
                for channel, quarter, count in run(
                    select(I.channel, quarter_of, func.count())
                    .where(I.reported_at >= day_ms, I.reported_at <= now_ms, *here)
                    .group_by(I.channel, quarter_of)
                )
            ],
            "yesterday": run(
                select(func.count()).where(
                    I.reported_at >= yesterday_ms, I.reported_at <= now_ms - (day_ms - yesterday_ms), *here
                )
            ).scalar_one(),
            "channels": self._last_reports(here),
            "satisfied": {r[0]: r[1] for r in run(select(I.satisfaction, func.count()).where(
                I.closed_at >= period_ms, literal_column("satisfaction != ''"), *here).group_by(I.satisfaction))},
            **self._walked(here, now_ms, period_ms),
        }

    def _last_reports(self, here: list[ColumnElement[bool]]) -> dict[str, int]:
        """Channel → when it reported last (ms): one search of the index a channel, instead of a look at every row."""
        first = select(func.min(I.channel).label("channel")).cte("channels", recursive=True)
        channels = first.union_all(
            select(select(func.min(I.channel)).where(I.channel > first.c.channel).scalar_subquery())
            .where(first.c.channel.is_not(None)))
        last = (select(I.reported_at).where(I.channel == channels.c.channel, *here)
                .order_by(I.reported_at.desc()).limit(1).scalar_subquery())
        found = self._connection.execute(select(channels.c.channel, last).where(channels.c.channel.is_not(None)))
        return {channel: at for channel, at in found if at is not None}

    def _walked(self, here: list[ColumnElement[bool]], now_ms: int, period_ms: int) -> dict[str, Any]:
        """The counts of phases and of the month, by one walk along their index in its own order: "phase" (phase → how
        many), "handled" (area, good, all), "closed", "closing" and "verdict" (good, all)."""
        due = I.full_due_at.is_not(None)
        fell_due = and_(I.full_due_at >= period_ms, I.full_due_at <= now_ms)
        to_handle = and_(due, or_(fell_due, I.fed_back_at >= period_ms))
        to_close = and_(due, or_(fell_due, I.closed_at >= period_ms))
        registered = and_(I.registered_at >= period_ms, I.registered_at <= now_ms)
        judged = or_(I.verdict != "", and_(I.closed_at > 0, due))
        in_time = or_(I.verdict == "ontime", and_(I.verdict == "", I.fed_back_at > 0, I.fed_back_at <= I.full_due_at))
        pairs = ((in_time, to_handle), (_kept_verdict(), to_close), (I.closed_at > 0, registered),
                 (_kept_verdict(), judged))
        counts = [func.count().filter(*both) for good, all_ in pairs for both in ((all_, good), (all_,))]
        phases: dict[str, int] = {}
        handled: list[tuple[str | None, int, int]] = []
        rest = [0] * 6
        rows = self._connection.execute(
            select(I.area, I.phase, func.count(), *counts).where(*here).group_by(I.area_path, I.area, I.phase))
        for area, phase, number, good, all_, *others in rows:
            phases[phase] = phases.get(phase, 0) + number
            if phase in ("voided", "merged"):
                continue
            handled += [(area, good, all_)] if all_ else []
            rest = [a + b for a, b in zip(rest, others, strict=True)]
        return {"phase": phases, "handled": handled, "closed": rest[:2], "closing": rest[2:4], "verdict": rest[4:]}


def _kept_verdict() -> ColumnElement[bool]:
    """Closed on time: as the import says, else as our own clock does."""
    return or_(I.verdict == "ontime", and_(I.verdict == "", I.closed_at > 0, I.closed_at <= I.full_due_at))
