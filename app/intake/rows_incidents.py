"""Rows of past incidents → full histories with their real times. What the file does not say is not made up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from app.intake.batch import Batch, digest_of
from app.intake.fields import STEPS
from app.intake.records import HistoryEvent, IncidentHistory
from app.intake.rows_places import codes

_ENDED: Final = ("closed", "evaluated")
_ORDER: Final = {step: number for number, step in enumerate(STEPS)}
_MIDDLE: Final = ("acknowledged", "en_route", "on_scene", "fed_back", "verified")
_FUTURE: Final = timedelta(days=1)


def incidents(batch: Batch) -> list[IncidentHistory | None]:
    """Return one history per row, None for refused rows.

    Every history begins with reported and registered at the opening time; it is assigned if the file names a department
    or a queue; further steps have the times of their own columns; it is closed if its status or closing time says so.
    """
    batch.require("opened_at")
    rows = _Rows(batch)
    return [rows.history(i) for i in range(batch.count)]


class _Rows:
    """The columns of one chunk and the histories made of them."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._keys = batch.full_keys("number")
        self._class_codes, self._kinds = codes(batch)
        self._phases, self._verdicts = batch.coded("phase"), batch.coded("verdict")
        self._levels, self._channels = batch.coded("level"), _channels(batch)
        self._opened, self._closed = batch.times("opened_at"), batch.times("closed_at")
        self._targets, self._no_limit = _targets(batch)
        timed = [step for step in STEPS if step != "closed" and batch.has(f"{step}_at")]
        self._steps = {step: batch.times(f"{step}_at") for step in timed}
        names = ("number", "title", "text", "dept", "queue", "address", "area", "reporter_name", "reporter_phone")
        self._texts = {name: batch.texts(name) for name in names}
        self._channel_words = batch.texts("channel")
        lon, lat = batch.positions(required=batch.position_required())
        self._lon, self._lat = lon.tolist(), lat.tolist()
        self._areas = batch.area_keys(lon, lat)
        self._extras = batch.extras()

    def history(self, i: int) -> IncidentHistory | None:
        """Return the history of one row, None if it is refused."""
        batch, context = self._batch, self._batch.context
        opened, closed = self._opened[i], self._closed[i]
        if opened is not None:
            self._check_order(i, opened, closed)
        if i in batch.faults or opened is None:
            return None
        if opened > context.now + _FUTURE:
            batch.warn(i, "in_future")
        told = self._phases[i]
        phase, closed = self._phase(i, told, closed)
        events, phase = self._events(i, opened, closed, phase)
        text = self._texts
        kind = self._kinds[i]
        placed = self._lon[i] == self._lon[i]
        reporter = {
            name: value
            for name, value in (("name", text["reporter_name"][i]), ("phone", text["reporter_phone"][i]))
            if value
        }
        key = self._keys[i]
        values = (
            context.source, key, text["number"][i] or key.partition(":")[2], text["title"][i] or kind, text["text"][i],
            self._class_codes[i], kind, phase, opened, tuple(events), closed, self._targets[i], self._no_limit[i],
            self._verdicts[i], self._levels[i], self._channels[i], text["dept"][i], text["queue"][i],
            text["address"][i], self._lon[i] if placed else None, self._lat[i] if placed else None,
        )  # fmt: skip
        # The area is where the incident lies by the areas in force now: it is no content of the file.
        rest = (text["area"][i], reporter, self._extra(i))
        return IncidentHistory(*values, self._areas[i], *rest, digest=digest_of(values + rest))

    def _check_order(self, i: int, opened: datetime, closed: datetime | None) -> None:
        """Refuse times that contradict each other: none lies before the opening, no step but the last after the end."""
        batch = self._batch
        if closed is not None and closed < opened:
            told = batch.texts("opened_at")[i]
            got = batch.texts("closed_at")[i]
            batch.reject(i, "time_order", "closed_at", got, "a time after the opening ({opened})", opened=told)
        for step, column in self._steps.items():
            at = column[i]
            if at is not None and (at < opened or (closed is not None and at > closed and step != "evaluated")):
                told = "a time between the opening and the end"
                batch.reject(i, "time_order", f"{step}_at", batch.texts(f"{step}_at")[i], told)

    def _extra(self, i: int) -> dict[str, object]:
        word = self._channel_words[i]
        if word and word != self._channels[i]:
            return {"channel_text": word, **self._extras[i]}
        return self._extras[i]

    def _phase(self, i: int, told: str, closed: datetime | None) -> tuple[str, datetime | None]:
        """Return the phase and the closing time that goes with it: a status outranks a closing time."""
        if not told:
            return ("closed" if closed is not None else ""), closed
        if told == "open":
            told = ""
        if told in _ENDED or told in ("voided", "merged"):
            if closed is None and told in _ENDED:
                self._batch.warn(i, "closing_time_unknown")
            return told, closed
        if closed is not None:
            self._batch.warn(i, "closing_time_ignored")
        return told, None

    def _events(
        self, i: int, opened: datetime, closed: datetime | None, phase: str
    ) -> tuple[list[HistoryEvent], str]:
        dept, queue = self._texts["dept"][i], self._texts["queue"][i]
        registered = self._time("registered", i) or opened
        assigned = self._time("assigned", i) or (registered if dept or queue else None)
        events = [HistoryEvent("reported", opened), HistoryEvent("registered", registered)]
        if phase == "reported":
            return events[:1], phase
        reached = "registered"
        if assigned is not None and phase != "registered":
            params = {name: value for name, value in (("department", dept), ("queue", queue)) if value}
            events.append(HistoryEvent("assigned", assigned, params))
            reached = "assigned"
        for step in _MIDDLE:
            at = self._time(step, i)
            if at is not None:
                events.append(HistoryEvent(step, at))
                reached = step
        last = max(event.at for event in events)
        if phase in (*_ENDED, "voided", "merged"):
            step = "closed" if phase == "evaluated" else phase
            unknown = {} if closed is not None else {"at_unknown": True}
            events.append(HistoryEvent(step, closed or last, {**unknown}))
            if phase == "evaluated":
                events.append(HistoryEvent("evaluated", self._time("evaluated", i) or closed or last, {}))
        elif phase and _ORDER.get(phase, 0) > _ORDER[reached]:
            # The status says more than the times: the step was taken, when is unknown.
            events.append(HistoryEvent(phase, last, {"at_unknown": True}))
        elif not phase or _ORDER.get(phase, 0) < _ORDER[reached]:
            phase = reached
        events.sort(key=lambda event: event.at)  # stable: equal times keep the order of the process
        return events, phase

    def _time(self, step: str, i: int) -> datetime | None:
        column = self._steps.get(step)
        return column[i] if column is not None else None


def _channels(batch: Batch) -> list[str]:
    """Return the channels' codes; a word that no table knows is kept beside the incident and the channel left open."""
    values = batch.context.fields.values("channel")
    return [values.code(word) or "" if word else "" for word in batch.texts("channel")]


def _targets(batch: Batch) -> tuple[list[datetime | None], list[bool]]:
    """Return the deadlines and whether the file says that there is none ("no limit" is a value)."""
    words = batch.context.profile.no_limit
    if not words or not batch.has("target_at"):
        return batch.times("target_at"), [False] * batch.count
    texts = batch.texts("target_at")
    free = [text in words for text in texts]
    batch.blank("target_at", free)
    return batch.times("target_at"), free
