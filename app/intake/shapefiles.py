"""Shapefiles, loose (.shp beside .dbf, .shx, .prj) or zipped."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from pathlib import Path

import shapefile

from app.domain.faults import KnownFault, Message
from app.geo.datum import normal_crs
from app.intake.archives import open_zip, read_member
from app.intake.decoding import guess_encoding, normal_encoding
from app.intake.delimited import unique_names
from app.intake.jsonfile import read_bytes
from app.intake.limits import LIBRARY_FAULTS
from app.intake.reasons import row_fault
from app.intake.table import GEOMETRY, RawRow, Table, value_fault

shapefile.VERBOSE = False  # it logs what it mends in a polygon; what matters of it is in our own counts
_PARTS = ("shp", "dbf", "shx", "prj", "cpg")
_FAULTS = (*LIBRARY_FAULTS, shapefile.ShapefileException)


def open_shapefile(path: Path, encoding: str | None = None) -> Table:
    """Open a Shapefile as a table with a geometry column; the .prj tells the coordinate system. Raises KnownFault."""
    parts = _from_zip(path) if path.suffix.lower() == ".zip" or _is_zip(path) else _beside(path)
    if "dbf" not in parts:
        raise KnownFault(
            Message("{file}: the .dbf with the attributes is missing; it has to lie beside the .shp",
                    {"file": path.name})
        )
    code = encoding or _encoding(parts)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a wrong size in the header: the records tell by themselves
            reader = shapefile.Reader(
                shp=io.BytesIO(parts["shp"]),
                dbf=io.BytesIO(parts["dbf"]),
                shx=io.BytesIO(parts["shx"]) if "shx" in parts else None,
                encoding=code,
                encodingErrors="replace",
            )
        names = unique_names([str(field[0]) for field in reader.fields if str(field[0]) != "DeletionFlag"])
        count = min(len(reader), _most_records(parts["dbf"]))
    except _FAULTS as error:
        raise KnownFault(
            Message("{file} is not a Shapefile that can be read ({reason})",
                    {"file": path.name, "reason": str(error)[:80]})
        ) from None
    done = [0]
    columns = (*names, GEOMETRY)
    crs = _crs(parts.get("prj"))
    table = Table(columns, _rows(reader, count, names, done), "shapefile", encoding=code, crs=crs, unit="record")
    table.share = lambda: done[0] / max(count, 1)
    table.close = reader.close
    return table


def _most_records(dbf: bytes) -> int:
    """Return how many records the .dbf can hold, whatever its header claims."""
    length = int.from_bytes(dbf[10:12], "little")
    return len(dbf) // max(length, 1)


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _beside(path: Path) -> dict[str, bytes]:
    stem = path.with_suffix("")
    parts = {"shp": read_bytes(path)}
    for part in _PARTS[1:]:
        for suffix in (f".{part}", f".{part.upper()}"):
            other = stem.with_name(stem.name + suffix)
            if other.is_file():
                parts[part] = read_bytes(other)
                break
    return parts


def _from_zip(path: Path) -> dict[str, bytes]:
    with open_zip(path) as archive:
        shapes = sorted(name for name in archive.namelist() if name.lower().endswith(".shp") and "__MACOSX" not in name)
        if len(shapes) != 1:
            raise KnownFault(
                Message("{file}: {count} Shapefiles lie in this zip; there has to be one ({names})",
                        {"file": path.name, "count": len(shapes), "names": ", ".join(shapes)[:200]})
            )
        stem = shapes[0][:-4].lower()
        found = {name.lower(): name for name in archive.namelist()}
        return {part: read_member(archive, found[f"{stem}.{part}"]) for part in _PARTS if f"{stem}.{part}" in found}


def _encoding(parts: dict[str, bytes]) -> str:
    told = parts.get("cpg", b"").decode("ascii", "ignore").strip()
    if told:
        try:
            return normal_encoding(told if not told.isdigit() else f"cp{told}")
        except KnownFault:
            pass
    body = parts["dbf"][32:]
    return "utf-8" if body.isascii() else guess_encoding(body)


def _crs(prj: bytes | None) -> str | None:
    if not prj:
        return None
    try:
        return normal_crs(prj.decode("utf-8", "replace").strip())
    except KnownFault:
        return None  # asked for, or taken as degrees, like any file that says nothing


def _rows(reader: shapefile.Reader, count: int, names: tuple[str, ...], done: list[int]) -> Iterator[RawRow]:
    with reader:
        for index in range(count):
            done[0] = index + 1
            values: list[object] = [None] * len(names)
            try:
                record = list(reader.record(index) or [])
                values = [*record, *([None] * (len(names) - len(record)))]
                shape = reader.shape(index)
                geometry: object = shape.__geo_interface__ if shape is not None and shape.shapeType else None
            except _FAULTS as error:
                fault = row_fault("bad_geometry", GEOMETRY, str(error)[:80] or type(error).__name__, "a readable shape")
                yield RawRow(index + 1, [*values, None], fault)
                continue
            fault_of = (value_fault(n, v) for n, v in zip(names, values, strict=False))
            yield RawRow(index + 1, [*values, geometry], next((f for f in fault_of if f), None))
