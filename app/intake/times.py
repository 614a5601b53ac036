"""Dates and times of a file: by the profile's formats or by what the column's values admit; to UTC by the file's
zone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.faults import KnownFault, Message

ISO: Final = "iso"
EPOCH_S: Final = "epoch_s"
EPOCH_MS: Final = "epoch_ms"
EXCEL: Final = "excel"
SPECIAL: Final = (ISO, EPOCH_S, EPOCH_MS, EXCEL)
_CLOCKS: Final = (" %H:%M:%S", " %H:%M", "", " %I:%M:%S %p", " %I:%M %p", " %H:%M:%S.%f", "T%H:%M:%S")
_DAY_FIRST: Final = tuple(day + clock for day in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y") for clock in _CLOCKS)
_MONTH_FIRST: Final = tuple(day + clock for day in ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y") for clock in _CLOCKS)
_PLAIN: Final = (
    *(day + clock for day in ("%Y/%m/%d", "%Y.%m.%d") for clock in _CLOCKS),
    *(f"%Y年%m月%d日{gap}{clock}" for gap in ("", " ") for clock in ("%H:%M", "%H:%M:%S", "%H时%M分", "%H时%M分%S秒")),
    "%Y年%m月%d日",
    "%Y%m%d%H%M%S", "%Y%m%d %H:%M:%S", "%d %b %Y", "%d %b %Y %H:%M", "%d-%b-%Y", "%d-%b-%Y %H:%M:%S", "%b %d, %Y",
    "%b %d, %Y %I:%M %p", "%d %B %Y", "%B %d, %Y", "%a %b %d %H:%M:%S %Y", "%y-%m-%d %H:%M:%S",
)  # fmt: skip
_YEARS: Final = (1900, 2200)
_SAMPLES: Final = 400
_CACHE: Final = 20_000
_EXCEL_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a naive local time, the zone is the file's


class TimeReader:
    """Parses the times of one column; the same text is parsed once."""

    def __init__(self, formats: Sequence[str], zone: ZoneInfo) -> None:
        self.formats = tuple(formats)
        self._zone = zone
        self._parse = lru_cache(maxsize=_CACHE)(self._parse_text)

    def parse(self, text: str) -> datetime | None:
        """Return the time in UTC, None if the text has none of the forms or a year outside 1900 to 2200."""
        return self._parse(text)

    def _parse_text(self, text: str) -> datetime | None:
        for form in self.formats:
            try:
                local = parse_local(text, form)
            except (ValueError, OverflowError):
                continue
            if not _YEARS[0] < local.year < _YEARS[1]:
                continue
            return (local if local.tzinfo else local.replace(tzinfo=self._zone)).astimezone(UTC)
        return None


def parse_local(text: str, form: str) -> datetime:
    """Return the time that a text of this form says, aware only if the text says its offset. Raises ValueError."""
    if form == ISO:
        return datetime.fromisoformat(text)
    if form in (EPOCH_S, EPOCH_MS):
        seconds = float(text) / (1000.0 if form == EPOCH_MS else 1.0)
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    if form == EXCEL:
        return _EXCEL_ZERO + timedelta(days=float(text))
    return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the file's, put on by the caller


def detect_formats(samples: Iterable[str], column: str, day_first: bool | None = None) -> tuple[str, ...]:
    """Return the forms that a column's texts have, the most frequent first.

    Raises KnownFault if they can be read both as day/month and as month/day and nobody says which.
    """
    texts = list(dict.fromkeys(text for text in samples if text))[:_SAMPLES]
    if not texts:
        return (ISO,)
    numeric = _numeric_form(texts)
    if numeric:
        return (numeric,)
    plain = _counts((ISO, *_PLAIN), texts)
    days, months = _counts(_DAY_FIRST, texts), _counts(_MONTH_FIRST, texts)
    best_day, best_month = max(days.values(), default=0), max(months.values(), default=0)
    if best_day or best_month:
        if day_first is None and best_day == best_month:
            sample = next(text for text in texts if _fits(text, _DAY_FIRST) and _fits(text, _MONTH_FIRST))
            raise KnownFault(
                Message(
                    "{column}: dates such as {sample} can be read as day/month and as month/day. Say which"
                    ' in a profile: [dates] formats = ["%d/%m/%Y %H:%M"] or ["%m/%d/%Y %H:%M"]',
                    {"column": column, "sample": sample},
                )
            )
        plain |= days if (day_first if day_first is not None else best_day > best_month) else months
    ranked = sorted((form for form in plain if plain[form]), key=lambda form: -plain[form])
    return tuple(ranked[:6]) or (ISO,)


def _counts(forms: Iterable[str], texts: Sequence[str]) -> dict[str, int]:
    """Count how many texts each form fits; forms that do not fit the first texts at all are left out early."""
    return {form: count for form in forms if (count := sum(1 for text in texts if _fits(text, (form,))))}


def _fits(text: str, forms: Iterable[str]) -> bool:
    for form in forms:
        try:
            local = parse_local(text, form)
        except (ValueError, OverflowError):
            continue
        if _YEARS[0] < local.year < _YEARS[1]:
            return True
    return False


def _numeric_form(texts: Sequence[str]) -> str | None:
    """Epoch seconds and milliseconds, and the day numbers that worksheets store."""
    tests: tuple[tuple[str, Callable[[str], bool]], ...] = (
        (EPOCH_S, lambda t: t.isdecimal() and len(t) in (9, 10)),
        (EPOCH_MS, lambda t: t.isdecimal() and len(t) in (12, 13)),
        (EXCEL, lambda t: t.replace(".", "", 1).isdecimal() and 20_000 <= float(t) <= 80_000),
    )
    return next((form for form, test in tests if all(test(text) for text in texts)), None)


_TIMES_OF_DAY: Final = ("%H:%M", "%H:%M:%S", "%H.%M", "%H点", "%H时", "%H时%M分", "%H点%M分", "%I:%M %p", "%H")


@lru_cache(maxsize=2_000)
def time_of_day(text: str) -> clock_time | None:
    """Return the time of day that a text says ("08:30", "8点30分", "24:00" as midnight), None if it says none."""
    if text in ("24:00", "24:00:00"):
        return clock_time(0, 0)
    for form in _TIMES_OF_DAY:
        try:
            return datetime.strptime(text, form).time()  # noqa: DTZ007 - only the time of day is used
        except ValueError:
            continue
    return None
