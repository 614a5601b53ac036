"""What every reader yields: columns and rows, whatever the file's format was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.domain.faults import Message
from app.intake.limits import MAX_FIELD_CHARS, MAX_FLATTEN_DEPTH
from app.intake.reasons import RowFault, row_fault

GEOMETRY = "geometry"  # the column of a GeoJSON-like geometry (a dict), in GeoJSON and Shapefiles
FEATURE_ID = "@id"  # the column of a GeoJSON feature's own id


class RawRow(NamedTuple):
    """One row as read: its line or record number, its values in the order of the columns, and its fault if it has
    one."""

    line: int
    values: Sequence[object]
    fault: RowFault | None = None


@dataclass(slots=True)
class Table:
    """An opened file: the columns are known, the rows come as they are asked for, once."""

    columns: tuple[str, ...]
    rows: Iterator[RawRow]
    format: str
    encoding: str = ""
    crs: str | None = None  # what the file itself says (a .prj, a "crs" member), None where it says nothing
    unit: str = "line"  # what RawRow.line counts: "line" or "record"
    named: bool = True  # False: there is no header row, the columns are numbered "1", "2", ...
    share: Callable[[], float] = lambda: 0.0  # how much of the file has been read, 0 to 1
    notes: list[Message] = field(default_factory=list)
    close: Callable[[], None] = lambda: None  # whoever opened the table closes it


def as_text(value: object) -> str:
    """Return one value as the text that a CSV of the same table would hold: 2131.0 is "2131", None is "", no spaces
    around."""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, list | dict | tuple):
        try:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
        except (RecursionError, ValueError, TypeError):
            return "..."
    return str(value)


def value_fault(column: str, value: object) -> RowFault | None:
    """Return the fault of a value that can't be stored as text: too long, with NUL or a broken character."""
    if not isinstance(value, str):
        return None
    if len(value) > MAX_FIELD_CHARS:
        return row_fault("too_long", column, len(value), "at most {limit} characters", limit=MAX_FIELD_CHARS)
    if "\x00" in value or not encodable(value):
        return row_fault("bad_characters", column, value[:40], "text without NUL and broken characters")
    return None


def encodable(text: str) -> bool:
    """Tell whether a text has no lone surrogates (which stand for bytes that could not be decoded, too)."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def flatten(item: dict[str, object], out: dict[str, object], prefix: str = "", depth: int = 0) -> None:
    """Put the members of an object into ``out`` under dotted names ("parent.adcode"); lists stay lists."""
    for name, value in item.items():
        full = f"{prefix}{name}"
        if isinstance(value, dict) and value and depth < MAX_FLATTEN_DEPTH and not _is_geometry(value):
            flatten(value, out, f"{full}.", depth + 1)
        else:
            out[full] = value


def _is_geometry(value: dict[str, object]) -> bool:
    return "type" in value and ("coordinates" in value or "geometries" in value)
