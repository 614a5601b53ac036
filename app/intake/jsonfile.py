"""JSON, GeoJSON (FeatureCollection, one Feature, a bare list of Features), JSON lines and JSONP, read whole within
bounds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.domain.faults import KnownFault, Message
from app.intake.decoding import whole_text
from app.intake.limits import MAX_COLUMNS, MAX_WHOLE_BYTES
from app.intake.reasons import RowFault, row_fault
from app.intake.table import FEATURE_ID, GEOMETRY, RawRow, Table, flatten, value_fault

_JSONP = re.compile(
    r"^\s*(?:/\*.*?\*/\s*)?(?:(?:var|let|const)\s+)?[\w$.\[\]]{1,100}\s*(?:=|\()\s*(?=[\[{])", re.DOTALL
)
_CAPTURE = re.compile(r"^\{(\w+)\}$")


@dataclass(frozen=True, slots=True)
class JsonSpec:
    """What a profile says about a JSON file: its encoding and the paths to its records (empty: found out)."""

    encoding: str | None = None
    records: tuple[str, ...] = ()


def read_bytes(path: Path, limit: int = MAX_WHOLE_BYTES) -> bytes:
    """Return a file's bytes; raises KnownFault beyond the limit, for formats that have to be read whole."""
    size = path.stat().st_size
    if size > limit:
        raise KnownFault(
            Message("{file} has {size} MB; this format is read up to {limit} MB. Split it, or convert it to CSV",
                    {"file": path.name, "size": size // 2**20, "limit": limit // 2**20})
        )
    return path.read_bytes()


def open_json(path: Path, spec: JsonSpec) -> Table:
    """Open a JSON or GeoJSON file as a table of records. Raises KnownFault for what is not JSON or holds no records."""
    text = whole_text(read_bytes(path), spec.encoding)
    data = parse_json(text, path.name)
    if isinstance(data, _Lines):
        return _table(_from_lines(data), "jsonlines", None)
    crs = crs_member(data) if isinstance(data, dict) else None
    if spec.records:
        return _table(list(_by_paths(data, spec.records)), "json", crs)
    features = _features(data)
    if features is not None:
        return _table([(number, _feature(item), None) for number, item in enumerate(features, 1)], "geojson", crs)
    items = _plain_records(data)
    if not items:
        raise KnownFault(
            Message(
                "{file}: no list of records was found in this JSON ({shape}). Say in a profile where they are: "
                '[file] records = "path.to.list[]" (see the profiles\' README)',
                {"file": path.name, "shape": _shape(data)},
            )
        )
    return _table(items, "json", crs)


class _Lines(list[str]):
    """The lines of a JSON-lines file."""


def parse_json(text: str, name: str) -> object:
    """Return the parsed JSON (a JSONP shell is taken off; JSON lines come as their lines). Raises KnownFault with
    line and column."""
    body = text.lstrip("\ufeff \t\r\n\x1e")
    if not body:
        raise KnownFault(Message("{file} is empty: there is no row in it", {"file": name}))
    shell = _JSONP.match(body)
    if shell:
        body = body[shell.end():].rstrip().rstrip(";").rstrip()
        body = body.removesuffix(")")
    try:
        return json.loads(body, parse_int=_integer)
    except json.JSONDecodeError as error:
        lines = _json_lines(text)
        if lines is not None:
            return lines
        raise KnownFault(
            Message("{file} is not valid JSON: line {line}, column {column}: {reason}",
                    {"file": name, "line": error.lineno, "column": error.colno, "reason": error.msg})
        ) from None
    except RecursionError:
        raise KnownFault(Message("{file}: the JSON is nested too deep for any list", {"file": name})) from None
    except ValueError:
        raise KnownFault(Message("{file} is not JSON that can be read", {"file": name})) from None


def _integer(digits: str) -> int | str:
    """Integers beyond 64 bits are ids, not numbers: they stay text (and cost no time)."""
    return int(digits) if len(digits) <= 19 else digits


def _json_lines(text: str) -> _Lines | None:
    """Return the lines if the first two that hold anything are JSON objects of their own, else None."""
    lines = _Lines(line for line in text.split("\n"))
    seen = 0
    for line in lines:
        body = line.strip(" \t\r\x1e\ufeff")
        if not body:
            continue
        if not body.startswith("{"):
            return None
        try:
            json.loads(body)
        except (ValueError, RecursionError):
            return None if seen == 0 else lines
        seen += 1
        if seen == 2:
            return lines
    return lines if seen else None


_Item = tuple[int, object, RowFault | None]


def _from_lines(lines: _Lines) -> list[_Item]:
    items: list[_Item] = []
    for number, line in enumerate(lines, 1):
        body = line.strip(" \t\r\x1e\ufeff")
        if not body:
            continue
        try:
            item = json.loads(body, parse_int=_integer)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep"
            items.append((number, body[:200], row_fault("bad_json", "", reason, "one JSON object on the line")))
            continue
        if isinstance(item, dict) and item.get("type") == "Feature":
            item = _feature(item)
        items.append((number, item, None))
    return items


def crs_member(data: Mapping[str, object]) -> str | None:
    """Return the name in an old GeoJSON "crs" member, None if there is none."""
    crs = data.get("crs")
    if isinstance(crs, dict):
        properties = crs.get("properties")
        if isinstance(properties, dict) and isinstance(name := properties.get("name"), str):
            return name
    return None


def _features(data: object) -> list[object] | None:
    """Return the Features of any of GeoJSON's usual shapes, None if this is no GeoJSON."""
    if isinstance(data, dict):
        features = data.get("features")
        if isinstance(features, list):
            return features
        if data.get("type") == "Feature":
            return [data]
        if "coordinates" in data or "geometries" in data:
            return [{"type": "Feature", "properties": {}, "geometry": data}]
    if isinstance(data, list) and any(isinstance(item, dict) and item.get("type") == "Feature" for item in data[:100]):
        return data
    return None


def _feature(item: object) -> object:
    """Return a Feature as one flat object: its properties, its geometry and its id."""
    if not isinstance(item, dict):
        return item
    properties = item.get("properties")
    flat: dict[str, object] = dict(properties) if isinstance(properties, dict) else {}
    flat[GEOMETRY] = item.get("geometry")
    if "id" in item:
        flat[FEATURE_ID] = item["id"]
    return flat


def _plain_records(data: object) -> list[_Item]:
    """Return the objects in a JSON file whose profile names no path: those of the file itself, or of its lists of
    objects.

    Several lists are taken together if they hang equally deep ({state: {county: [...]}}); the members that led to a
    list are kept as "key1", "key2". Lists at different depths are too much to guess: nothing.
    """
    if isinstance(data, list):
        return [(n, item, None) for n, item in enumerate(data, 1)] if any(isinstance(i, dict) for i in data) else []
    found: list[tuple[tuple[str, ...], list[object]]] = []
    stack: list[tuple[tuple[str, ...], object]] = [((), data)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, dict) and len(path) < 4:
            stack.extend(((*path, str(key)), child) for key, child in reversed(value.items()))
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            found.append((path, value))
    if len({len(path) for path, _ in found}) != 1:
        return []
    items: list[_Item] = []
    for path, values in found:
        keys = {f"key{depth}": key for depth, key in enumerate(path, 1)} if len(found) > 1 else {}
        for item in values:
            items.append((len(items) + 1, {**keys, **item} if isinstance(item, dict) else item, None))
    return items


def _shape(data: object) -> str:
    if isinstance(data, dict):
        return "{" + ", ".join(f"{key}: {type(value).__name__}" for key, value in list(data.items())[:6])[:120] + "}"
    return type(data).__name__


def _by_paths(data: object, paths: Iterable[str]) -> Iterator[_Item]:
    number = 0
    for path in paths:
        for item, captured in _walk(data, _segments(path), {}):
            number += 1
            if isinstance(item, dict):
                record = _feature(item) if item.get("type") == "Feature" else item
                yield number, {**captured, **record} if isinstance(record, dict) else record, None
            else:
                yield number, item, None


def _segments(path: str) -> list[str]:
    """Split ``{state}.{county}[]`` into its steps: a member's name, ``*`` or ``{name}`` for any member, ``[]`` for a
    list."""
    steps: list[str] = []
    for part in path.removeprefix("$").strip(".").split("."):
        name = part.rstrip("[]") if part.endswith("[]") else part
        if name:
            steps.append(name)
        steps.extend("[]" for _ in range((len(part) - len(name)) // 2))
    return steps


def _walk(data: object, steps: list[str], captured: dict[str, object]) -> Iterator[tuple[object, dict[str, object]]]:
    if not steps:
        yield data, captured
        return
    step, rest = steps[0], steps[1:]
    capture = _CAPTURE.match(step)
    if step == "[]":
        if isinstance(data, list):
            for item in data:
                yield from _walk(item, rest, captured)
    elif not isinstance(data, dict):
        return
    elif step == "*" or capture:
        for key, value in data.items():
            yield from _walk(value, rest, {**captured, capture.group(1): key} if capture else captured)
    elif step in data:
        yield from _walk(data[step], rest, captured)


def _table(items: list[_Item], form: str, crs: str | None) -> Table:
    """Make a table of objects: the columns are the union of their members, in the order in which they appear."""
    columns: dict[str, int] = {}
    flat_items: list[tuple[int, object, RowFault | None]] = []
    for number, item, fault in items:
        if isinstance(item, dict):
            flat: dict[str, object] = {}
            flatten(item, flat)
            for name in flat:
                if name not in columns and len(columns) < MAX_COLUMNS:
                    columns[name] = len(columns)
            flat_items.append((number, flat, fault))
        else:
            flat_items.append((number, item, fault or row_fault("not_an_object", "", item, "an object {...}")))
    total = max(len(flat_items), 1)
    done = [0]

    def rows() -> Iterator[RawRow]:
        width = len(columns)
        for number, item, fault in flat_items:
            done[0] += 1
            if fault is not None or not isinstance(item, dict):
                yield RawRow(number, [item], fault)
                continue
            values: list[object] = [None] * width
            for name, value in item.items():
                index = columns.get(name)
                if index is not None:
                    values[index] = value
                    if fault is None and type(value) is str:
                        fault = value_fault(name, value)
            yield RawRow(number, values, fault)

    unit = "line" if form == "jsonlines" else "record"
    return Table(tuple(columns), rows(), form, encoding="", crs=crs, unit=unit, share=lambda: done[0] / total)
