"""Profiles: a versioned TOML file that says how one source's file becomes rows of ours. An unknown key is an error.

The documentation for those who write one is data/reference/profiles/README.md.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from app.domain.faults import KnownFault, Message, Rejected, why_of
from app.geo.datum import normal_crs
from app.intake.decoding import normal_encoding
from app.intake.fields import FIELDS
from app.intake.opening import FORMATS, FileSpec
from app.intake.records import Kind

PROFILE_VERSION: Final = 1
Spec: TypeAlias = tuple[str, ...]  # columns or templates, in order: the first that is not blank counts

_TOP_KEYS: Final = (
    "profile", "name", "title", "kind", "source", "version", "crs", "time_zone", "required", "keep", "split",
    "decimal_comma", "key_fallback", "point_order", "note", "file", "fields", "constants", "dates", "values", "nulls",
    "no_limit", "match", "synonyms", "rules",
)  # fmt: skip
_FILE_KEYS: Final = ("format", "encoding", "delimiter", "header", "columns", "skip_rows", "sheet", "records")
_DATE_KEYS: Final = ("formats", "day_first")
_RULE_KEYS: Final = ("max_households", "max_merchants", "unpivot", "unpivot_into")
_MAX_BYTES: Final = 1_000_000
_EMPTY: Final[Mapping[str, object]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Profile:
    """How one source's file is read. Made only by :func:`parse_profile`, so every part is checked."""

    name: str
    kind: Kind
    source: str = ""
    title: str = ""
    version: str = ""
    crs: str | None = None
    time_zone: str | None = None
    file: FileSpec = field(default_factory=FileSpec)
    fields: Mapping[str, Spec] = field(default_factory=dict)
    key_parts: tuple[str, ...] = ()  # several columns that make the key together
    constants: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    split: str = ";,、，；|"
    decimal_comma: bool = False
    key_fallback: str = ""
    point_order: str = ""
    date_formats: tuple[str, ...] = ()
    day_first: bool | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    nulls: Mapping[str, frozenset[str]] = field(default_factory=dict)
    no_limit: frozenset[str] = frozenset()
    match: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    max_households: int | None = None
    max_merchants: int | None = None
    unpivot: Mapping[str, str] = field(default_factory=dict)
    unpivot_into: tuple[str, str] = ("role", "name")

    @property
    def generic(self) -> bool:
        """True for the shipped profile of a kind that finds the columns by their usual names."""
        return bool(self.synonyms)


def load_profile(path: Path, kind: Kind | None = None) -> Profile:
    """Return the profile in a TOML file. Raises KnownFault that names the file, the key and what is expected."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise KnownFault(Message("There is no profile {file}", {"file": str(path)})) from None
    except (OSError, ValueError) as error:
        reason = why_of(error)
        raise KnownFault(Message("{file} cannot be read: {reason}", {"file": str(path), "reason": reason})) from None
    if len(data) > _MAX_BYTES:
        raise KnownFault(Message("{file} is too large for a profile", {"file": path.name}))
    return parse_profile(data, path.name, kind)


def parse_profile(data: bytes, where: str, kind: Kind | None = None) -> Profile:
    """Return the checked profile; ``kind`` is the kind it is wanted for. Raises KnownFault with ``where`` in it."""
    try:
        toml = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise KnownFault(Message("The profile {file} is not UTF-8 text", {"file": where})) from None
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise KnownFault(
            Message("The profile {file} is not valid TOML: {reason}", {"file": where, "reason": str(error)[:200]})
        ) from None
    return _Reader(where).profile(toml, kind)


class _Reader:
    """Checks one profile key by key; every fault says file, key, what stood there, what is expected."""

    def __init__(self, where: str) -> None:
        self._where = where

    def profile(self, toml: dict[str, object], wanted: Kind | None) -> Profile:
        self._known(toml, _TOP_KEYS, "")
        version = toml.get("profile", PROFILE_VERSION)
        if version != PROFILE_VERSION:
            raise self._fault("profile", version, f"{PROFILE_VERSION}: the version of the profile format")
        kind = self._kind(toml, wanted)
        fields, key_parts = self._fields(toml, kind)
        constants = self._texts(toml, "constants", tuple(FIELDS[kind]))
        rules = self._table(toml, "rules", _RULE_KEYS)
        dates = self._table(toml, "dates", _DATE_KEYS)
        formats = self._list(dates, "formats", "dates.")
        day_first = dates.get("day_first")
        if day_first is not None and not isinstance(day_first, bool):
            raise self._fault("dates.day_first", day_first, "true or false")
        into = self._list(rules, "unpivot_into", "rules.") or ("role", "name")
        if len(into) != 2:
            raise self._fault("rules.unpivot_into", into, "two field names")
        return Profile(
            name=self._name(toml, "name") or self._where.removesuffix(".toml"),
            kind=kind,
            source=self._name(toml, "source"),
            title=self._text(toml, "title"),
            version=self._text(toml, "version"),
            crs=self._crs(toml),
            time_zone=self._zone(toml),
            file=self._file(toml),
            fields=fields,
            key_parts=key_parts,
            constants=constants,
            required=self._required(toml, kind),
            keep=self._list(toml, "keep"),
            split=self._text(toml, "split") or ";,、，；|",
            decimal_comma=self._flag(toml, "decimal_comma"),
            key_fallback=self._choice(toml, "key_fallback", ("", "row")),
            point_order=self._choice(toml, "point_order", ("", "lonlat", "latlon")),
            date_formats=formats,
            day_first=day_first,
            values=self._values(toml, kind),
            nulls=self._nulls(toml, kind),
            no_limit=frozenset(value.strip() for value in self._list(toml, "no_limit")),
            match=self._list(toml, "match"),
            synonyms=self._synonyms(toml, kind),
            max_households=self._count(rules, "max_households"),
            max_merchants=self._count(rules, "max_merchants"),
            unpivot=self._texts(rules, "unpivot", None, "rules."),
            unpivot_into=(into[0], into[1]),
        )

    def _fault(self, key: str, got: object, expected: str) -> Rejected:
        return Rejected(path=f"{self._where}: {key}", got=got, expected=expected)

    def _known(self, table: Mapping[str, object], known: tuple[str, ...], prefix: str) -> None:
        for key in table:
            if key not in known:
                close = difflib.get_close_matches(key, known, n=1)
                raise KnownFault(
                    Message("The profile {file} has an unknown key: {key}. {hint}Known here: {known}",
                            {"file": self._where, "key": f"{prefix}{key}"[:100],
                             "hint": Message("Did you mean {name}? ", {"name": f"{prefix}{close[0]}"}) if close else "",
                             "known": ", ".join(known)})
                )

    def _kind(self, toml: Mapping[str, object], wanted: Kind | None) -> Kind:
        told = toml.get("kind", wanted.value if wanted else None)
        try:
            kind = Kind(str(told))
        except ValueError:
            raise self._fault("kind", told, "one of " + ", ".join(Kind)) from None
        if wanted is not None and kind is not wanted:
            raise KnownFault(
                Message("The profile {file} is for {kind}, not for {wanted}",
                        {"file": self._where, "kind": kind.value, "wanted": wanted.value})
            )
        return kind

    def _table(self, toml: Mapping[str, object], key: str, known: tuple[str, ...]) -> Mapping[str, object]:
        table = toml.get(key, _EMPTY)
        if not isinstance(table, Mapping):
            raise self._fault(key, table, f"a table: [{key}]")
        self._known(table, known, f"{key}.")
        return table

    def _text(self, toml: Mapping[str, object], key: str, prefix: str = "") -> str:
        value = toml.get(key, "")
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise self._fault(f"{prefix}{key}", value, "a text in quotes")
        return value

    def _name(self, toml: Mapping[str, object], key: str) -> str:
        value = self._text(toml, key).strip()
        if ":" in value or len(value) > 80 or any(not char.isprintable() for char in value):
            raise self._fault(key, value, "a short name without a colon")
        return value

    def _flag(self, toml: Mapping[str, object], key: str) -> bool:
        value = toml.get(key, False)
        if not isinstance(value, bool):
            raise self._fault(key, value, "true or false")
        return value

    def _choice(self, toml: Mapping[str, object], key: str, choices: tuple[str, ...]) -> str:
        value = self._text(toml, key)
        if value not in choices:
            raise self._fault(key, value, "one of " + ", ".join(choice for choice in choices if choice))
        return value

    def _count(self, toml: Mapping[str, object], key: str) -> int | None:
        value = toml.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise self._fault(f"rules.{key}", value, "a whole number")
        return value if isinstance(value, int) else None

    def _list(self, toml: Mapping[str, object], key: str, prefix: str = "") -> tuple[str, ...]:
        value = toml.get(key, [])
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(item, str | int | float) for item in value):
            raise self._fault(f"{prefix}{key}", value, 'a list of texts: ["...", "..."]')
        return tuple(str(item) for item in value)

    def _texts(
        self, toml: Mapping[str, object], key: str, known: tuple[str, ...] | None, prefix: str = ""
    ) -> dict[str, str]:
        table = toml.get(key, {})
        if not isinstance(table, dict):
            raise self._fault(f"{prefix}{key}", table, f"a table: [{prefix}{key}]")
        if known is not None:
            self._known(table, known, f"{key}.")
        out = {}
        for name, value in table.items():
            if isinstance(value, bool):
                value = "true" if value else "false"
            if not isinstance(value, str | int | float):
                raise self._fault(f"{prefix}{key}.{name}", value, "a text")
            out[str(name)] = str(value)
        return out

    def _fields(self, toml: Mapping[str, object], kind: Kind) -> tuple[dict[str, Spec], tuple[str, ...]]:
        table = toml.get("fields", {})
        if not isinstance(table, dict):
            raise self._fault("fields", table, "a table: [fields]")
        self._known(table, tuple(FIELDS[kind]), "fields.")
        out: dict[str, Spec] = {}
        parts: tuple[str, ...] = ()
        for name, value in table.items():
            spec = self._list(table, name, "fields.") if not isinstance(value, int) else (str(value),)
            if not spec or not all(item.strip() for item in spec):
                raise self._fault(f"fields.{name}", value, "a column's name, a template or a list of them")
            if name == "key" and len(spec) > 1:
                parts = spec
            else:
                out[name] = spec
        return out, parts

    def _required(self, toml: Mapping[str, object], kind: Kind) -> tuple[str, ...]:
        names = self._list(toml, "required")
        self._known(dict.fromkeys(names), tuple(FIELDS[kind]), "required: ")
        return names

    def _crs(self, toml: Mapping[str, object]) -> str | None:
        name = self._text(toml, "crs")
        if not name:
            return None
        try:
            return normal_crs(name)
        except Rejected as fault:
            raise self._fault("crs", name, fault.expected) from None

    def _zone(self, toml: Mapping[str, object]) -> str | None:
        name = self._text(toml, "time_zone")
        if name:
            time_zone(name, f"{self._where}: time_zone")
        return name or None

    def _file(self, toml: Mapping[str, object]) -> FileSpec:
        table = self._table(toml, "file", _FILE_KEYS)
        form = self._text(table, "format", "file.") or None
        if form is not None and form not in FORMATS:
            raise self._fault("file.format", form, "one of " + ", ".join(FORMATS))
        encoding = self._text(table, "encoding", "file.") or None
        delimiter = self._text(table, "delimiter", "file.").replace("\\t", "\t") or None
        if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
            raise self._fault("file.delimiter", delimiter, 'one character such as "," ";" or "\\t"')
        header = table.get("header")
        if header is not None and not isinstance(header, bool):
            raise self._fault("file.header", header, "true or false")
        skip = table.get("skip_rows", 0)
        if not isinstance(skip, int) or isinstance(skip, bool) or not 0 <= skip <= 1000:
            raise self._fault("file.skip_rows", skip, "a whole number from 0 to 1000")
        return FileSpec(
            format=form,
            encoding=normal_encoding(encoding, f"{self._where}: file.encoding") if encoding else None,
            delimiter=delimiter,
            header=header,
            columns=self._list(table, "columns", "file."),
            skip_rows=skip,
            sheet=self._text(table, "sheet", "file.") or None,
            records=self._list(table, "records", "file."),
        )

    def _values(self, toml: Mapping[str, object], kind: Kind) -> dict[str, Mapping[str, str]]:
        table = self._table(toml, "values", tuple(FIELDS[kind]))
        return {name: self._texts(table, name, None, "values.") for name in table}

    def _nulls(self, toml: Mapping[str, object], kind: Kind) -> dict[str, frozenset[str]]:
        value = toml.get("nulls", {})
        if isinstance(value, list | str):
            return {"": frozenset(item.strip() for item in self._list(toml, "nulls"))}
        table = self._table(toml, "nulls", ("all", *FIELDS[kind]))
        return {
            "" if name == "all" else name: frozenset(item.strip() for item in self._list(table, name, "nulls."))
            for name in table
        }

    def _synonyms(self, toml: Mapping[str, object], kind: Kind) -> dict[str, tuple[str, ...]]:
        table = self._table(toml, "synonyms", tuple(FIELDS[kind]))
        return {name: self._list(table, name, "synonyms.") for name in table}


def time_zone(name: str, where: str = "time_zone") -> ZoneInfo:
    """Return the zone of an IANA name. Raises Rejected for a name that is none."""
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise Rejected(path=where, got=name, expected='an IANA name such as "Asia/Shanghai"') from None
