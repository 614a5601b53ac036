"""The shipped reference packs: code lists and calendars as versioned data with their source.

One TOML file a list (`codes/*.toml`): `list`, `version`, `in_force_from`, `source` and `codes`, one inline table an
entry (`code`, `zh`, `en`, `parent`, and what the list adds). Calendars (`calendars/`): `NAME_YYYY.toml` with the
holidays and shifted working days of a year, `hours.toml` with the working hours, their zone and the zones where the
holidays are kept too. A key that is not known is a fault that names it, never a silent loss.
"""
from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.faults import KnownFault, Message
from app.domain.limits import Limit
from app.domain.working_time import CalendarKind, WorkCalendar
from app.services.book import Book, Code

_HEAD = {"list": str, "version": str, "in_force_from": date, "source": str, "codes": list}
_BASE: Mapping[str, type] = {"code": str, "zh": str, "en": str, "parent": str}
_EXTRA: Mapping[str, Mapping[str, type]] = {
    "kind_class": {"extension": bool, "sensitive": bool},
    "kind": {"level": int, "family": str, "skill": str, "sensitive": bool},
    "channel": {"live": bool},
    "level": {"numeral": str},
    "phase": {"step_zh": str, "step_en": str},
    "service": {"number": str},
    "satisfaction": {"counts": bool, "satisfied": bool},
    "shift": {"start": str, "end": str},
    "whistle_score": {"points": int},
    "drone_limit": {"value": int},
    "limit": {"scope": str, "kinds": str, "level": int, "minutes": int, "calendar": str, "no_limit": bool,
              "basis": str},
}


@dataclass(frozen=True, slots=True)
class Pack:
    """One list in one version. `kind` is "codes"; `name` is the list."""

    kind: str
    name: str
    version: str
    source: str
    in_force_from: date
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class CalendarData:
    """Holidays and shifted working days of the `covered` years, and the working hours of a day in `timezone`."""

    holidays: frozenset[date]
    workdays: frozenset[date]
    hours: tuple[tuple[time, time], ...]
    timezone: str
    covered: frozenset[int]
    source: str = ""
    zones: frozenset[str] = frozenset()
    """further time zones where these holidays are kept"""

    def calendar(self, timezone: str | None = None) -> WorkCalendar:
        """The same as the domain's calendar, in the zone of a city: hours are its own clock's, and holidays count only
        where they are kept (`zones`); elsewhere every year is one without announced holidays."""
        if timezone is None or timezone == self.timezone:
            return WorkCalendar(self.timezone, self.hours, self.holidays, self.workdays, self.covered)
        if timezone in self.zones:
            return WorkCalendar(timezone, self.hours, self.holidays, self.workdays, self.covered)
        return WorkCalendar(timezone, self.hours)


def load_packs(root: Path) -> list[Pack]:
    """All code lists below `root`/codes in the order of their file names.

    Raises KnownFault naming file, entry and key for an unknown key, a wrong type, a missing value, a code that stands
    twice, or a list in two files.
    """
    packs: list[Pack] = []
    for path in sorted((root / "codes").glob("*.toml")):
        pack = _pack(path)
        if any(p.name == pack.name for p in packs):
            raise _fault(path, pack.name, Message("a list that is in no other file"))
        packs.append(pack)
    if not packs:
        raise KnownFault(Message("No code lists in {path}", {"path": root / "codes"}))
    return packs


def all_codes(packs: Iterable[Pack]) -> tuple[Code, ...]:
    """The entries of all packs, as `Book` takes them."""
    return tuple(code for pack in packs for code in pack.codes)


def load_calendars(root: Path) -> CalendarData:
    """Holidays, shifted working days and working hours below `root`/calendars. Raises KnownFault as `load_packs`."""
    folder = root / "calendars"
    hours, timezone, zones = _hours(folder / "hours.toml")
    holidays: set[date] = set()
    workdays: set[date] = set()
    covered: set[int] = set()
    sources: list[str] = []
    for path in sorted(folder.glob("*_[0-9][0-9][0-9][0-9].toml")):
        raw = _read(path)
        _check(path, "", raw, {"year": int, "source": str, "holiday": list}, {"year", "source", "holiday"})
        covered.add(raw["year"])
        sources.append(raw["source"])
        for entry in raw["holiday"]:
            name = str(entry.get("name", "?"))
            _check(path, name, entry, {"name": str, "days": list, "workdays": list}, {"name", "days"})
            for key, into in (("days", holidays), ("workdays", workdays)):
                for day in entry.get(key, ()):
                    if type(day) is not date or day.year != raw["year"]:
                        year = Message("a date in the year {year}", {"year": raw["year"]})
                        raise _fault(path, f"{name}.{key}: {day}", year)
                    into.add(day)
    return CalendarData(frozenset(holidays), frozenset(workdays), hours, timezone, frozenset(covered),
                        "; ".join(sources), zones)


def limit_of(book: Book, scope: str, kind: str, level: int) -> Limit | None:
    """The limit of a case (`scope` "case") or of a phase, for a kind at a level; None where no rule speaks of it.

    The most exact rule wins: kind before class before "*", a rule of this level before one of all levels. `rule` is the
    code of the entry in the list "limit" (the book has its label). A matter without limit has `minutes` None.
    """
    for kinds in (kind, kind[:2], "*"):
        for wanted in (str(level), "*"):
            entry = book.code("limit", f"{scope}:{kinds}:{wanted}")
            if entry is None:
                continue
            minutes = entry.extra.get("minutes")
            return Limit(minutes=float(minutes) if isinstance(minutes, int) else None,
                         calendar=str(entry.extra.get("calendar", CalendarKind.CONTINUOUS)), rule=entry.code,
                         source=str(entry.extra.get("basis", "")))
    return None


def _fault(path: Path, where: str, expected: Message) -> KnownFault:
    return KnownFault(Message("{file}: {where}: expected {expected}",
                              {"file": path.name, "where": where, "expected": expected}))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as bad:
        raise KnownFault(Message("{file} cannot be read: {reason}", {"file": path.name, "reason": bad})) from bad


def _check(path: Path, where: str, raw: Mapping[str, Any], known: Mapping[str, type], needed: Iterable[str]) -> None:
    prefix = f"{where}." if where else ""
    for key, value in raw.items():
        wanted = known.get(key)
        if wanted is None:
            raise KnownFault(Message("{file}: unknown key {key}", {"file": path.name, "key": f"{prefix}{key}"}))
        if type(value) is not wanted:
            raise _fault(path, f"{prefix}{key}", Message("a value of type {type}", {"type": wanted.__name__}))
    for key in needed:
        if key not in raw:
            raise KnownFault(Message("{file}: key {key} is missing", {"file": path.name, "key": f"{prefix}{key}"}))


def _pack(path: Path) -> Pack:
    raw = _read(path)
    _check(path, "", raw, _HEAD, _HEAD)
    list_ = raw["list"]
    known = {**_BASE, **_EXTRA.get(list_, {})}
    codes: dict[str, Code] = {}
    for number, entry in enumerate(raw["codes"], 1):
        if not isinstance(entry, dict):
            raise _fault(path, f"codes[{number}]", Message("a table"))
        where = f"codes[{number}] ({entry.get('code', '?')})"
        _check(path, where, entry, known, ("code", "zh", "en"))
        if entry["code"] in codes:
            raise _fault(path, where, Message("a code that stands once"))
        if list_ == "limit":
            _check_limit(path, where, entry)
        extra: dict[str, object] = {k: v for k, v in entry.items() if k not in _BASE}
        if list_ == "limit":
            extra.setdefault("basis", raw["source"])
        codes[entry["code"]] = Code(list_, entry["code"], entry["zh"], entry["en"], entry.get("parent"), extra)
    return Pack("codes", list_, raw["version"], raw["source"], raw["in_force_from"], tuple(codes.values()))


def _check_limit(path: Path, where: str, entry: Mapping[str, Any]) -> None:
    level = entry.get("level")
    code = f"{entry.get('scope')}:{entry.get('kinds')}:{level or '*'}"
    if entry["code"] != code:
        raise _fault(path, where, Message("the code {code}", {"code": code}))
    if entry.get("no_limit"):
        if "minutes" in entry:
            raise _fault(path, where, Message("either minutes or no_limit"))
        return
    if entry.get("minutes", 0) <= 0:
        raise _fault(path, f"{where}.minutes", Message("minutes above zero, or no_limit = true"))
    if entry.get("calendar") not in set(CalendarKind):
        raise _fault(path, f"{where}.calendar", Message("one of {names}", {"names": ", ".join(CalendarKind)}))


def _hours(path: Path) -> tuple[tuple[tuple[time, time], ...], str, frozenset[str]]:
    raw = _read(path)
    _check(path, "", raw, {"timezone": str, "source": str, "hours": list, "zones": list},
           ("timezone", "source", "hours"))
    _demand_zones(path, [raw["timezone"], *raw.get("zones", ())])
    spans: list[tuple[time, time]] = []
    for span in raw["hours"]:
        try:
            begin, end = (time.fromisoformat(text) for text in span)
        except (TypeError, ValueError) as bad:
            raise _fault(path, f"hours: {span}", Message('a pair like ["08:30", "12:00"]')) from bad
        if begin >= end or (spans and spans[-1][1] > begin):
            raise _fault(path, f"hours: {span}", Message("spans of a day in their order"))
        spans.append((begin, end))
    if not spans:
        raise _fault(path, "hours", Message("at least one span"))
    return tuple(spans), raw["timezone"], frozenset(raw.get("zones", ()))


def _demand_zones(path: Path, names: Iterable[object]) -> None:
    for name in names:
        try:
            ZoneInfo(str(name))
        except (ZoneInfoNotFoundError, ValueError, OSError) as bad:
            raise _fault(path, f"timezone: {str(name)[:60]}",
                         Message("a time zone's name like Asia/Shanghai")) from bad
