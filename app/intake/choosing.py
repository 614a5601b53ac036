"""Which profile reads a file: the one that was named, or one found by the file's columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from app.domain.faults import KnownFault, Message
from app.geo.datum import normal_crs
from app.intake.mapping import FieldMap
from app.intake.opening import FileSpec, open_table
from app.intake.places import numbers
from app.intake.profile import Profile, time_zone
from app.intake.records import Kind
from app.intake.shipped import find_profile, generic_profile, recognise, shipped, shipped_names
from app.intake.table import RawRow, Table, as_text
from app.intake.times import TimeReader
from app.intake.unpivot import unpivot

_LOOKED_AT: Final = 20
"""rows by which is told whether a profile fits a file without a header"""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file with the profile that reads it, ready for its rows."""

    path: Path
    profile: Profile
    table: Table
    fields: FieldMap
    crs: str | None
    crs_hint: Message | None
    source: str
    notes: tuple[Message, ...]


def kind_named(name: str) -> Kind:
    """Return the kind of list for its name. Raises KnownFault."""
    try:
        return Kind(name)
    except ValueError:
        raise KnownFault(
            Message("There is no kind of list named {kind}; there are: {kinds}",
                    {"kind": name, "kinds": ", ".join(Kind)})
        ) from None


def given_profile(profile: Profile | str | Path | None, kind: Kind) -> Profile | None:
    """Return the profile that was named, None if none was. Raises KnownFault for one of another kind."""
    chosen = find_profile(profile, kind) if isinstance(profile, str | Path) else profile
    if chosen is not None and chosen.kind is not kind:
        raise KnownFault(
            Message("The profile {file} is for {kind}, not for {wanted}",
                    {"file": chosen.name, "kind": chosen.kind.value, "wanted": kind.value})
        )
    return chosen


def open_list(
    kind: Kind,
    path: Path,
    profile: Profile | str | Path | None = None,
    *,
    crs: str | None = None,
    source: str | None = None,
) -> Opened:
    """Return a file opened with the profile that reads it: the named one, or one found by the columns. Raises
    KnownFault: with the file, the profile that was named, and the shipped ones that fit."""
    try:
        return _opened(kind, path, profile, crs, source)
    except KnownFault as fault:
        named = profile.name if isinstance(profile, Profile) else Path(profile).name if profile is not None else ""
        raise _told_more(fault, kind, path, named) from fault


def _told_more(fault: KnownFault, kind: Kind, path: Path, named: str) -> KnownFault:
    """The same fault; what it does not say of file and profile, and which shipped profiles fit, is added."""
    told = str(fault)
    file = Message("{file}: ", {"file": path.name}) if path.name not in told else ""
    silent = named.removesuffix(".toml") not in told
    used = Message(" (Profile named: {profile}.)", {"profile": named}) if silent else ""
    names = fitting(kind, path)
    fit = Message(" (Shipped profiles that fit it: {names}.)", {"names": ", ".join(names)}) if names else ""
    if not (file or used or fit):
        return fault
    return KnownFault(Message("{file}{fault}{used}{fitting}", {
        "file": file, "fault": fault.message, "used": used, "fitting": fit}))


def fitting(kind: Kind, path: Path) -> list[str]:
    """Return the names of the shipped profiles that can read a file: its columns are all there, or, where neither has a
    header, its first rows have the profile's fields, times and numbers."""
    return [name for name in shipped_names() if not name.startswith("generic_") and _fits(shipped(name), kind, path)]


def _fits(profile: Profile, kind: Kind, path: Path) -> bool:
    if profile.kind is not kind:
        return False
    try:
        table = open_table(path, _file_spec(profile))
    except KnownFault:
        return False
    try:
        if profile.match:
            # what tells a profile of nested records are the columns of the plain reading
            if not set(profile.match) <= (_plain_columns(kind, path) if profile.file.records else set(table.columns)):
                return False
            _check_needed(kind, profile, FieldMap(profile, table, path.name), path, table.named)
            return True
        rows = list(islice(table.rows, _LOOKED_AT))
        fields = FieldMap(profile, table, path.name)
        return bool(rows) and all(row.fault is None for row in rows) and _reads(profile, fields, rows)
    except KnownFault:
        return False
    finally:
        table.close()


def _plain_columns(kind: Kind, path: Path) -> set[str]:
    table = open_table(path, _file_spec(generic_profile(kind)))
    try:
        return set(table.columns)
    finally:
        table.close()


def _reads(profile: Profile, fields: FieldMap, rows: Sequence[RawRow]) -> bool:
    """Whether times and coordinates of rows without a header are what the profile takes them for."""
    columns = list(zip(*(row.values for row in rows), strict=True))
    reader = TimeReader(profile.date_formats, time_zone(profile.time_zone or "UTC"))
    for name in ("opened_at", "date", "lon", "lat"):
        if name in fields:
            words = [as_text(value) for value in fields.sources[name](columns, len(rows))]
            if name in ("lon", "lat"):
                if numbers(words, profile.decimal_comma)[1]:
                    return False
            elif any(word and reader.parse(word) is None for word in words):
                return False
    return True


def _opened(
    kind: Kind, path: Path, profile: Profile | str | Path | None, crs: str | None, source: str | None
) -> Opened:
    chosen = given_profile(profile, kind)
    hint: Message | None = None
    notes: list[Message] = []
    table = open_table(path, _file_spec(chosen or generic_profile(kind)))
    try:
        if chosen is None:
            chosen, table, notes, hint = _recognised(kind, path, table)
        # A datum that shifts is never taken on recognition alone: it is asked for, with a hint.
        own_crs = chosen.crs if hint is None else None
        found_crs = crs or (own_crs if profile is not None else None) or table.crs or own_crs
        if chosen.unpivot:
            table = unpivot(table, chosen.unpivot, chosen.unpivot_into, chosen.split, path.name)
        fields = FieldMap(chosen, table, path.name)
        _check_needed(kind, chosen, fields, path, table.named)
        name = source or chosen.source or (path.stem if chosen.generic else chosen.name)
        crs_name = normal_crs(found_crs) if found_crs else None
    except BaseException:
        table.close()
        raise
    return Opened(path, chosen, table, fields, crs_name, hint, _source_name(name), (*table.notes, *notes))


def _file_spec(profile: Profile) -> FileSpec:
    """A profile that reads columns by their names says by it that there is a header row."""
    spec = profile.file
    names = [item for items in (*profile.fields.values(), profile.key_parts) for item in items]
    if spec.header is None and not spec.columns and any(not name.removesuffix("?").isdecimal() for name in names):
        return replace(spec, header=True)
    return spec


def _recognised(kind: Kind, path: Path, table: Table) -> tuple[Profile, Table, list[Message], Message | None]:
    """Return the shipped profile that knows the columns (else the generic one), the table as it reads it, what to
    tell."""
    known = recognise(kind, table.columns)
    if known is None:
        return generic_profile(kind), table, [], None
    if known.file.records:
        table.close()
        table = open_table(path, known.file)
    note = Message("Recognised by its columns: profile {profile}", {"profile": known.name})
    if known.crs is None or known.crs == "wgs84":
        return known, table, [note], None
    hint = Message("It looks like {profile}, which is {crs}: --crs {crs} or --profile {profile}. ",
                   {"profile": known.name, "crs": known.crs})
    return known, table, [note], hint


def _source_name(name: str) -> str:
    return " ".join(name.replace(":", "_").split())[:80] or "import"


_NEEDED: Final[Mapping[Kind, tuple[tuple[str, ...], ...]]] = {
    Kind.AREAS: (("name", "code"),),
    Kind.COMPONENTS: (("lon", "point", "geometry"), ("lat", "point", "geometry")),
    Kind.CAMERAS: (("lon", "point", "geometry"), ("lat", "point", "geometry")),
    Kind.UNITS: (("name",),),
    Kind.ROSTER: (("date",), ("name",)),
    Kind.CODES: (("code",), ("label_zh", "label_en")),
    Kind.INCIDENTS: (("opened_at",),),
}


def _check_needed(kind: Kind, profile: Profile, fields: FieldMap, path: Path, named: bool) -> None:
    """Raise KnownFault if nothing in the file can fill a field that every row needs."""
    for choices in _NEEDED[kind]:
        if not any(name in fields for name in choices):
            columns = ", ".join(fields.columns)[:600]
            nameless = Message("It has no header row: give the columns names in the profile ([file] columns). ")
            raise KnownFault(
                Message(
                    "{file}: the profile {profile} knows no column as {field}. Its columns are: {columns}."
                    ' {hint}Write a profile that says which one it is ([fields] {field} = "..."; see the profiles\''
                    " README), then add --profile FILE.toml",
                    {"file": path.name, "profile": profile.name, "field": choices[0], "columns": columns,
                     "hint": "" if named or profile.file.columns else nameless},
                )
            )
