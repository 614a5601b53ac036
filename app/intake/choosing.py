"""Which profile reads a file: the one that was named, or one found by the file's columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from app.domain.faults import KnownFault, Message
from app.geo.datum import normal_crs
from app.intake.mapping import FieldMap
from app.intake.opening import FileSpec, open_table
from app.intake.profile import Profile
from app.intake.records import Kind
from app.intake.shipped import find_profile, generic_profile, recognise
from app.intake.table import Table
from app.intake.unpivot import unpivot


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
    KnownFault."""
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
                    "{file}: no column is known as {field}. Its columns are: {columns}. {hint}Write a profile that"
                    ' says which one it is ([fields] {field} = "..."; see the profiles\' README), then add'
                    " --profile FILE.toml",
                    {"file": path.name, "field": choices[0], "columns": columns,
                     "hint": "" if named or profile.file.columns else nameless},
                )
            )
