"""A base map brought in: GeoJSON or Shapefile of roads, water, greens, buildings, or an .osm.pbf extract."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import shapely

from app.domain.faults import KnownFault, Message
from app.geo.base import BaseBuilder, BaseMap, classify
from app.geo.datum import normal_crs
from app.geo.osm import read_osm
from app.intake.opening import FileSpec, check_file, detect_format, open_table
from app.intake.places import geometry_of, share_in_china, transform_geometry
from app.intake.profile import Profile
from app.intake.reasons import RowFault, row_fault
from app.intake.records import Kind, full_key
from app.intake.rejects import RejectedRows
from app.intake.result import ImportResult, peak_rss_mb
from app.intake.shipped import recognise
from app.intake.sink import ImportSink, PackCounts
from app.intake.table import GEOMETRY, RawRow, Table, as_text
from app.ports import Clock

_NAMES = ("name", "NAME", "名称", "road_name", "Name")


def import_base(
    path: Path,
    profile: Profile | None,
    *,
    sink: ImportSink,
    clock: Clock,
    dry_run: bool,
    crs: str | None,
    source: str | None,
    rejects_to: Path | None,
    progress: Callable[[float, int], None] | None,
) -> ImportResult:
    """Bring a base map in as one pack of one file; see app.intake.pipeline.import_file. Raises KnownFault."""
    began = clock.monotonic()
    check_file(path)
    # Rivers, lakes and roads come as files of one profile: each file is a source of its own.
    name = " ".join((source or (profile.source if profile else "") or path.stem).replace(":", "_").split())[:80]
    told = normal_crs(crs) if crs else (profile.crs if profile else None)
    reasons: Counter[str] = Counter()
    rejects = RejectedRows((rejects_to or path.parent) / f"{path.stem}.rejected.csv", ("properties",), "record")
    try:
        if detect_format(path) == "pbf":
            base, counts = read_osm(path, (lambda n: progress(0.5, n)) if progress is not None else None)
            read, accepted = counts.read, counts.taken
            for number, called in counts.broken:
                reasons["bad_geometry"] += 1
                rejects.add(number, row_fault("bad_geometry", GEOMETRY, "", "a line or a polygon"), [called])
            told = "wgs84"
        else:
            base, read, accepted = _from_features(path, profile, told, reasons, rejects)
    finally:
        rejects.close()
    if not accepted:
        raise KnownFault(
            Message("{file}: nothing in it is known as road, water, green or building. Say what it is in a profile:"
                    ' [constants] class = "water"', {"file": path.name})
        )
    data = base.to_bytes()
    digest = hashlib.blake2b(repr(_content(base)).encode(), digest_size=12).hexdigest()
    in_force = sink.known_digests("base", name).get(full_key(name, "base"))
    same = in_force == digest
    pack: str | None = None
    duplicates = accepted if same else 0
    accepted = 0 if same else accepted
    updated = accepted if in_force is not None else 0
    if not same and not dry_run:
        version = f"{clock.now():%Y-%m-%d}-{digest[:12]}"
        pack = sink.begin_pack("base", name, version, profile.name if profile else "")
        try:
            sink.write_base(pack, full_key(name, "base"), data, digest)
            totals = PackCounts(read, accepted, updated, sum(reasons.values()), duplicates, dict(reasons))
            sink.activate(pack, totals)
        except BaseException:
            sink.abandon(pack)
            raise
    seconds = max(clock.monotonic() - began, 1e-6)
    return ImportResult(
        "base", name, profile.name if profile else "", read, accepted, updated, sum(reasons.values()), duplicates,
        dict(reasons), pack, {}, (), rejects.path, dry_run, seconds, read / seconds, peak_rss_mb(), "", told or "wgs84",
    )  # fmt: skip


def _content(base: BaseMap) -> list[object]:
    """What makes two bases the same: their shapes, not how their file was packed."""
    return [
        [hashlib.blake2b(np.ascontiguousarray(line).tobytes(), digest_size=8).hexdigest() for line in base.roads],
        [hashlib.blake2b(np.ascontiguousarray(line).tobytes(), digest_size=8).hexdigest() for line in base.water_lines],
        *(
            [[hashlib.blake2b(np.ascontiguousarray(r).tobytes(), digest_size=8).hexdigest() for r in p] for p in layer]
            for layer in (base.water, base.greens, base.buildings)
        ),
        base.road_class.tolist(),
        list(base.road_names),
        base.attribution,
    ]


def _blank(profile: Profile | None, tags: Mapping[str, str]) -> RowFault | None:
    """The fault of a row in which the class or the name is blank though the profile requires it."""
    for name in profile.required if profile else ():
        if name == "geometry" or (profile and profile.constants.get(name)):
            continue
        columns = (profile.fields.get(name, ()) if profile else ()) or (name,)
        if not any(tags.get(column.removesuffix("?")) for column in columns):
            return row_fault("missing_required", name, "", "a value")
    return None


def _from_features(
    path: Path, profile: Profile | None, crs: str | None, reasons: Counter[str], rejects: RejectedRows
) -> tuple[BaseMap, int, int]:
    table = open_table(path, profile.file if profile else FileSpec())
    profile = profile or recognise(Kind.BASE, table.columns)
    crs = crs or (profile.crs if profile else None)
    if GEOMETRY not in table.columns:
        raise KnownFault(
            Message("{file} has no geometries; a base map comes as GeoJSON, Shapefile or .osm.pbf", {"file": path.name})
        )
    crs = crs or (normal_crs(table.crs) if table.crs else None)
    where = table.columns.index(GEOMETRY)
    constant = profile.constants.get("class", "") if profile else ""
    class_columns = profile.fields.get("class", ()) if profile else ()
    words = profile.values.get("class", {}) if profile else {}
    builder = BaseBuilder(profile.title if profile else "")
    read = accepted = 0
    for row in _closing(table):
        read += 1
        fault = row.fault
        tags: dict[str, str] = {}
        if fault is None:
            tags = {n: as_text(v) for n, v in zip(table.columns, row.values, strict=True) if n != GEOMETRY and v}
            told = next((tags[c] for c in class_columns if tags.get(c)), "") or constant
            layer = classify({"class": words.get(told, told)}) if told else classify(tags)
            fault = _blank(profile, tags) or _add(builder, row.values[where], layer, tags, crs, path)
        if fault is None:
            accepted += 1
        else:
            reasons[fault.reason] += 1
            rejects.add(row.line, fault, [as_text(tags)])
    return builder.build(), read, accepted


def _closing(table: Table) -> Iterator[RawRow]:
    try:
        yield from table.rows
    finally:
        table.close()


def _add(
    builder: BaseBuilder,
    value: object,
    layer: tuple[str, int] | None,
    tags: dict[str, str],
    crs: str | None,
    path: Path,
) -> RowFault | None:
    if layer is None:
        return row_fault("unknown_value", "class", as_text(tags)[:80], "properties of a road, water, green or building")
    try:
        shape = geometry_of(value)
        if crs is None:
            _ask_datum(shape, path)
        shape = transform_geometry(shape, crs or "wgs84")
    except ValueError as error:
        return row_fault("bad_geometry", GEOMETRY, str(error), "a line or a polygon")
    west, south, east, north = shapely.bounds(shape).tolist()
    if west < -180.0 or east > 180.0 or south < -90.0 or north > 90.0:
        return row_fault("out_of_world", GEOMETRY, f"{west:.6g}, {south:.6g}", "degrees: lon before lat")
    name = next((tags[n] for n in _NAMES if tags.get(n)), "")
    return None if builder.add(shape, layer, name) else row_fault("bad_geometry", GEOMETRY, "", "a line or a polygon")


def _ask_datum(shape: shapely.Geometry, path: Path) -> None:
    points = shapely.get_coordinates(shape)[:50]
    if share_in_china(points[:, 0], points[:, 1]) > 0.5:
        raise KnownFault(
            Message("{file}: the places lie in China and the file does not say its datum; a wrong one puts everything"
                    " half a kilometre off. {hint}Add one of: --crs wgs84 (GPS, surveys, CGCS2000), --crs gcj02 (AMap,"
                    " Tencent, DataV), --crs bd09 (Baidu)", {"file": path.name, "hint": ""})
        )


