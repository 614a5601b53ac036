"""Rows of the duty roster and of code lists → records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.intake.batch import Batch, digest_of
from app.intake.records import CodeRecord, RosterRecord, full_key
from app.intake.times import time_of_day


def roster(batch: Batch) -> list[RosterRecord | None]:
    """Return one record per row, None for refused rows. An end before its begin lies on the next day."""
    batch.require("date")
    batch.require("name")
    days = batch.times("date")
    zone = batch.context.zone
    shifts, roles, names = batch.coded("shift"), batch.coded("role"), batch.texts("name")
    starts, ends = _moments(batch, "start", days), _moments(batch, "end", days)
    own = batch.texts("key")
    extras = batch.extras()
    out: list[RosterRecord | None] = []
    for i, day in enumerate(days):
        if i in batch.faults or day is None:
            out.append(None)
            continue
        local = day.astimezone(zone).date().isoformat()
        start, end = starts[i], ends[i]
        if start is not None and end is not None and end <= start:
            end += timedelta(days=1)
        key = own[i] or "-".join(part for part in (local, shifts[i], roles[i], names[i]) if part)
        values = (full_key(batch.context.source, key), local, shifts[i], roles[i], names[i], start, end, extras[i])
        out.append(RosterRecord(*values, digest=digest_of(values)))
    return out


def _moments(batch: Batch, name: str, days: list[datetime | None]) -> list[datetime | None]:
    """Return begin or end of duties in UTC: a time of day on the row's day, or a full time."""
    zone = batch.context.zone
    texts = batch.texts(name)
    if all(not text or time_of_day(text) is not None for text in texts):
        out: list[datetime | None] = []
        for text, day in zip(texts, days, strict=True):
            at = time_of_day(text) if text else None
            if at is None or day is None:
                out.append(None)
            else:
                out.append(datetime.combine(day.astimezone(zone).date(), at, tzinfo=zone).astimezone(UTC))
        return out
    return batch.times(name)


def codes(batch: Batch) -> list[CodeRecord | None]:
    """Return one record per row, None for refused rows. A label is needed in one language at least."""
    batch.require("code")
    lists, found = batch.texts("list"), batch.texts("code")
    zh, en, parents = batch.texts("label_zh"), batch.texts("label_en"), batch.texts("parent")
    own = batch.texts("key")
    extras = batch.extras()
    out: list[CodeRecord | None] = []
    for i, code in enumerate(found):
        if not lists[i]:
            batch.reject(i, "missing_required", "list", "", "the list's name (a column, or [constants] list)")
        if not (zh[i] or en[i]):
            batch.reject(i, "missing_required", "label_zh", "", "a label (label_zh or label_en)")
        if i in batch.faults:
            out.append(None)
            continue
        key = full_key(batch.context.source, own[i] or f"{lists[i]}/{code}")
        values = (key, lists[i], code, zh[i] or en[i], en[i] or zh[i], parents[i] or None, extras[i])
        out.append(CodeRecord(*values, digest=digest_of(values)))
    return out
