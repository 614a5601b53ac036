"""Rows of areas and grids → records, in two passes: each row by itself, then parents and levels over the whole file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.geo.codes import level_of_code, parent_codes
from app.geo.index import AreaIndex, AreaShape
from app.geo.shapes import repair_polygon
from app.intake.batch import Batch, Context, digest_of
from app.intake.places import geometry_of, transform_geometry
from app.intake.records import AreaRecord
from app.intake.table import as_text

LEVEL_NAMES: Final = {-1: "city", 0: "district", 1: "street", 2: "community", 3: "grid"}
DEFAULT_LEVEL: Final = 1
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One good row before its parent and level are settled; ``row`` is its place in the file, ``warnings`` what was
    seen of it and is seen while it is settled."""

    row: int
    record: AreaRecord
    parent_word: str
    level: int | None
    level_word: str
    warnings: list[str]


def area_rows(batch: Batch, first: int) -> list[AreaRow | None]:
    """Return the rows of one chunk (numbered from ``first``), None for refused ones."""
    batch.require("name") if not batch.has("code") else _require_one(batch)
    keys = batch.full_keys("code", "name")
    codes, names = batch.texts("code"), batch.texts("name")
    levels, words = _levels(batch)
    households, merchants = batch.whole_numbers("households"), batch.whole_numbers("merchants")
    dedicated = batch.flags("dedicated")
    leaders, deputies, members = batch.texts("staff_leader"), batch.texts("staff_deputy"), batch.words("staff_members")
    parents, own_words, extras = batch.texts("parent"), batch.texts("level_name"), batch.extras()
    geometries = _geometries(batch)
    out: list[AreaRow | None] = []
    for i in range(batch.count):
        if i in batch.faults:
            out.append(None)
            continue
        staff: dict[str, object] = {}
        for role, value in (("leader", leaders[i]), ("deputy", deputies[i]), ("members", list(members[i]))):
            if value:
                staff[role] = value
        record = AreaRecord(
            keys[i], codes[i], names[i] or codes[i], 0, own_words[i], None, geometries[i], dedicated[i], households[i],
            merchants[i], staff, extras[i],
        )  # fmt: skip
        out.append(AreaRow(first + i, record, parents[i], levels[i], words[i], batch.warnings.get(i, [])))
    return out


def _require_one(batch: Batch) -> None:
    names, codes = batch.texts("name"), batch.texts("code")
    for i in range(batch.count):
        if not names[i] and not codes[i]:
            batch.reject(i, "missing_required", "name", "", "a name or a code")


def _levels(batch: Batch) -> tuple[list[int | None], list[str]]:
    """Return levels as numbers (None: by code or parents) and the words that were none."""
    out: list[int | None] = []
    words: list[str] = []
    source = batch.texts("level")
    for i, text in enumerate(batch.coded("level")):
        word = ""
        level: int | None = None
        if text:
            try:
                level = int(text)
            except ValueError:
                word = source[i]
            else:
                if not -2 <= level <= _DEEPEST:
                    batch.reject(i, "bad_number", "level", text, "a level from -2 to {deepest}", deepest=_DEEPEST)
        out.append(level)
        words.append(word)
    return out, words


def _geometries(batch: Batch) -> list[bytes | None]:
    raw = batch.raw("geometry")
    out: list[bytes | None] = [None] * batch.count
    if raw is None:
        for i in range(batch.count):
            batch.warn(i, "no_geometry")
        return out
    shapes: dict[int, BaseGeometry] = {}
    for i, value in enumerate(raw):
        if i in batch.faults:
            continue
        if value is None or (isinstance(value, str) and not value.strip()):
            batch.warn(i, "no_geometry")
            continue
        try:
            shape = geometry_of(value)
            if shape.geom_type not in ("Polygon", "MultiPolygon", "GeometryCollection"):
                raise ValueError(f"a {shape.geom_type}")
            shapes[i] = shape
        except (ValueError, RecursionError) as error:
            batch.reject(i, "bad_geometry", "geometry", str(error) or as_text(value)[:80], "a polygon")
    _check_datum(batch.context, shapes)
    for i, shape in shapes.items():
        out[i] = _finished(batch, i, shape)
    return out


def _check_datum(context: Context, shapes: dict[int, BaseGeometry]) -> None:
    corners = [shapely.get_coordinates(shape)[:1] for shape in shapes.values()]
    if corners:
        points = np.concatenate(corners)
        context.check_datum(points[:, 0], points[:, 1])


def _finished(batch: Batch, i: int, shape: BaseGeometry) -> bytes | None:
    """Return one polygon in WGS-84, repaired where it is invalid, as WKB; None if it is refused."""
    crs = batch.context.crs or "wgs84"
    west, south, east, north = shapely.bounds(shape).tolist()
    if crs in ("wgs84", "gcj02", "bd09") and (max(abs(south), abs(north)) > 90.0 >= max(abs(west), abs(east))):
        batch.reject(i, "swapped_lonlat", "geometry", f"{west:.6g}, {south:.6g}", "lon before lat")
        return None
    try:
        there = transform_geometry(shape, crs)
        west, south, east, north = shapely.bounds(there).tolist()
        if west < -180.0 or east > 180.0 or south < -90.0 or north > 90.0:
            raise ValueError("outside the world")
        repair = repair_polygon(there)
    except (ValueError, shapely.errors.ShapelyError) as error:
        batch.reject(i, "bad_geometry", "geometry", str(error)[:80], "a polygon in {crs}", crs=crs)
        return None
    if repair.geometry.is_empty:
        batch.reject(i, "bad_geometry", "geometry", repair.reason or "no area", "a polygon with an area")
        return None
    if repair.changed:
        batch.warn(i, "repaired_polygon")
        if repair.doubtful:
            batch.warn(i, "doubtful_repair")
    return bytes(shapely.to_wkb(repair.geometry))


def settle(rows: list[AreaRow], context: Context, in_force: list[AreaRecord]) -> list[AreaRecord]:
    """Return the records of the whole file with their parents, levels and digests, in the order of ``rows``."""
    levels = _settled_levels(rows, context)
    parents = _settled_parents(rows, levels, context, in_force)
    _compare_names(rows, context, in_force)
    out = []
    for row, level, parent in zip(rows, levels, parents, strict=True):
        record = row.record
        word = record.level_name or row.level_word or LEVEL_NAMES.get(level, "area")
        record = replace(record, level=level, level_name=word, parent_key=parent)
        row.warnings.extend(_size_warnings(record, context))
        values = (
            record.key, record.code, record.name, level, word, parent, record.geometry, record.dedicated,
            record.households, record.merchants, record.staff, record.extra,
        )  # fmt: skip
        out.append(replace(record, digest=digest_of(values)))
    return out


def _words_of(rows: list[AreaRow], context: Context) -> dict[str, str]:
    """Return {key, code or name: full key} of the areas in the file; keys and codes before names."""
    words: dict[str, str] = {}
    for row in rows:
        words.setdefault(row.record.key.partition(":")[2], row.record.key)
    for row in rows:
        if row.record.code:
            words.setdefault(row.record.code, row.record.key)
    for row in rows:
        words.setdefault(row.record.name, row.record.key)
    return words


def _settled_levels(rows: list[AreaRow], context: Context) -> list[int]:
    """A level that the file tells, else by the code's length, else one below the parent, else the default."""
    told = {row.record.key: row.level for row in rows}
    by_code = {row.record.key: level_of_code(row.record.code) for row in rows}
    words = _words_of(rows, context)
    parent_of = {row.record.key: words.get(row.parent_word) for row in rows if row.parent_word}
    out = []
    for row in rows:
        key: str | None = row.record.key
        steps = 0
        level: int | None = None
        while key is not None and steps <= _DEEPEST:
            level = told.get(key)
            if level is None:
                level = by_code.get(key)
            if level is not None:
                break
            key = parent_of.get(key)
            steps += 1
        out.append(level + steps if level is not None else (steps - 1 if parent_of else DEFAULT_LEVEL))
    return out


def _settled_parents(
    rows: list[AreaRow], levels: list[int], context: Context, in_force: list[AreaRecord]
) -> list[str | None]:
    words = {**context.areas_by_word, **_words_of(rows, context)}
    level_of = {row.record.key: level for row, level in zip(rows, levels, strict=True)}
    shapes = [AreaShape(area.key, area.level, area.geometry) for area in in_force if area.key not in level_of]
    shapes += [AreaShape(row.record.key, level_of[row.record.key], row.record.geometry) for row in rows]
    index = AreaIndex(shapes) if any(not row.parent_word for row in rows) else None
    known = {shape.key: shape.level for shape in shapes}
    out: list[str | None] = []
    for row, level in zip(rows, levels, strict=True):
        parent = words.get(row.parent_word) if row.parent_word else None
        if row.parent_word and parent is None:
            row.warnings.append("unknown_parent")
        if parent is None:
            codes = parent_codes(row.record.code)
            parent = next((words[code] for code in codes if code in words), None)
        if parent is None and index is not None and row.record.geometry:
            parent = _around(row, level, index, known)
        out.append(parent if parent != row.record.key else None)
    return _without_circles(rows, out)


def _around(row: AreaRow, level: int, index: AreaIndex, known: dict[str, int]) -> str | None:
    """Return the finest coarser area that a point inside this one lies in."""
    shape = shapely.from_wkb(row.record.geometry)
    if shape is None:
        return None
    middle = shape.representative_point()
    return next((key for key in index.all_at(middle.x, middle.y) if known[key] < level), None)


def _without_circles(rows: list[AreaRow], parents: list[str | None]) -> list[str | None]:
    parent_of = {row.record.key: parent for row, parent in zip(rows, parents, strict=True)}
    warnings_of = {row.record.key: row.warnings for row in reversed(rows)}  # of a key told twice the first is taken
    done: set[str] = set()
    for start in list(parent_of):
        path: list[str] = []
        seen: set[str] = set()
        key: str | None = start
        while key is not None and key in parent_of and key not in done:
            if key in seen:
                parent_of[path[-1]] = None
                warnings_of[path[-1]].append("parent_cycle")
                break
            seen.add(key)
            path.append(key)
            key = parent_of[key]
        done.update(path)
    return [parent_of[row.record.key] for row in rows]


def _compare_names(rows: list[AreaRow], context: Context, in_force: list[AreaRecord]) -> None:
    """Count areas that another source in force names differently: lists that have to be reconciled."""
    others = (area for area in in_force if not area.key.startswith(f"{context.source}:"))
    # Only official codes mean the same in two sources; "7" of one city is not "7" of another.
    names = {area.code: area.name for area in others if level_of_code(area.code) is not None}
    for row in rows:
        other = names.get(row.record.code)
        if other is not None and other != row.record.name:
            row.warnings.append("renamed_area")


def _size_warnings(record: AreaRecord, context: Context) -> Iterator[str]:
    """The size rules of grids hold as a rule (原则上): a grid beyond them is taken, and counted."""
    profile = context.profile
    limit_households, limit_merchants = context.size_limits
    if record.level < 3:
        return
    households = profile.max_households if profile.max_households is not None else limit_households
    merchants = profile.max_merchants if profile.max_merchants is not None else limit_merchants
    if not record.dedicated and households is not None and (record.households or 0) > households:
        yield "households_over"
    if record.dedicated and merchants is not None and (record.merchants or 0) > merchants:
        yield "merchants_over"


def index_of(areas: list[AreaRecord]) -> AreaIndex:
    """Return the index of areas in force."""
    return AreaIndex(AreaShape(area.key, area.level, area.geometry) for area in areas)


def words_of(areas: list[AreaRecord]) -> dict[str, str]:
    """Return {code or name: key} of areas in force; an area with a geometry before one without, a finer one first."""
    words: dict[str, str] = {}
    ranked = sorted(areas, key=lambda area: (area.geometry is None, -area.level, area.key))
    for area in ranked:
        if area.code:
            words.setdefault(area.code, area.key)
    for area in ranked:
        words.setdefault(area.name, area.key)
    for area in ranked:
        words.setdefault(area.key, area.key)
    return words


