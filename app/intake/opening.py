"""Which format a file is in, by its content, and the reader for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.faults import KnownFault, Message, why_of
from app.intake.delimited import DelimitedSpec, open_delimited
from app.intake.jsonfile import JsonSpec, open_json
from app.intake.shapefiles import open_shapefile
from app.intake.table import Table
from app.intake.workbook import SheetSpec, open_workbook

FORMATS = ("csv", "tsv", "json", "geojson", "jsonlines", "xlsx", "shp")


@dataclass(frozen=True, slots=True)
class FileSpec:
    """What a profile's [file] table says; None or empty: found out from the file."""

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    columns: tuple[str, ...] = ()
    skip_rows: int = 0
    sheet: str | None = None
    records: tuple[str, ...] = ()


def check_file(path: Path) -> None:
    """Raise KnownFault unless the path is a file that can be read and holds something."""
    try:
        if path.is_dir():
            raise KnownFault(Message("{file} is a folder; name the file in it", {"file": str(path)}))
        with path.open("rb") as file:
            first = file.read(1)
    except FileNotFoundError:
        raise KnownFault(Message("There is no file {file}", {"file": str(path)})) from None
    except (OSError, ValueError) as error:
        reason = why_of(error)
        raise KnownFault(Message("{file} cannot be read: {reason}", {"file": str(path), "reason": reason})) from None
    if not first:
        raise KnownFault(Message("{file} is empty: there is no row in it", {"file": path.name}))


def detect_format(path: Path) -> str:
    """Return csv, json, xlsx, shp, zip or pbf by the file's first bytes (its name decides nothing but .json/.csv
    doubts)."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        return "xlsx" if path.suffix.lower() in {".xlsx", ".xlsm"} or b"[Content_Types].xml" in head else "zip"
    if head.startswith(b"\x00\x00\x27\x0a"):
        return "shp"
    if b"OSMHeader" in head[:64]:
        return "pbf"
    _refuse_foreign(path, head)
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00\x1e")
    if text[:1] in (b"{", b"["):
        return "json"
    if path.suffix.lower() in {".json", ".geojson", ".jsonl", ".ndjson", ".js"}:
        return "json"
    return "csv"


_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\r\x0b\x0c\x1e\x1b\x00")
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "an old .xls workbook: save it as .xlsx or CSV UTF-8"),
    (b"SQLite format 3\x00", "an SQLite database (or MBTiles, which are a map's background and no list)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"%PDF", "a PDF; ask for the table as CSV or xlsx"),
    (b"\x1f\x8b", "gzip-packed: unpack it first"),
    (b"Rar!", "a RAR archive: unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it first"),
)


def _refuse_foreign(path: Path, head: bytes) -> None:
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise KnownFault(Message("{file} is {what}", {"file": path.name, "what": Message(what)}))
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise KnownFault(
            Message("{file} is a web page, not a list (the download may have failed or asked for a login)",
                    {"file": path.name})
        )
    if start.startswith((b"<?xml", b"<kml", b"<gpx", b"<!doctype", b"<osm")):
        raise KnownFault(
            Message("{file} is XML; lists come as CSV, xlsx, JSON, GeoJSON, Shapefile; base maps as .osm.pbf, GeoJSON",
                    {"file": path.name})
        )
    sample = head.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    odd, even = sample[1::2].count(0), sample[0::2].count(0)
    nuls = odd + even
    # UTF-16 of Latin text has its NULs on one side; of Chinese text it has a few line ends only, and a BOM.
    lopsided = min(odd, even) * 10 <= nuls
    controls = len(sample) - len(sample.translate(None, _CONTROLS)) if nuls <= len(sample) // 5 else 0
    strange = (nuls > len(sample) // 100 and not lopsided) or controls > len(sample) // 50
    if strange and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise KnownFault(
            Message("{file} is no text and no known format (CSV, TSV, JSON, GeoJSON, xlsx, Shapefile)",
                    {"file": path.name})
        )


def open_table(path: Path, spec: FileSpec) -> Table:
    """Open any supported list as a table. Raises KnownFault: what is wrong with the file and what to do."""
    check_file(path)
    form = detect_format(path)
    told = spec.format
    if form == "pbf":
        raise KnownFault(
            Message("{file} is an OpenStreetMap extract: bring it in with `import base {file}`", {"file": path.name})
        )
    if form == "zip":
        form = "shp"
    if form == "csv" and told in {"json", "geojson", "jsonlines"}:
        form = "json"  # fails with what is wrong with the JSON
    if told and _family(told) != form:
        raise KnownFault(
            Message("{file} is {found}, the profile expects {told}", {"file": path.name, "found": form, "told": told})
        )
    if form == "json":
        return open_json(path, JsonSpec(spec.encoding, spec.records))
    if form == "xlsx":
        return open_workbook(path, SheetSpec(spec.sheet, spec.header, spec.columns, spec.skip_rows))
    if form == "shp":
        return open_shapefile(path, spec.encoding)
    delimiter = spec.delimiter or ("\t" if told == "tsv" else None)
    return open_delimited(path, DelimitedSpec(spec.encoding, delimiter, spec.header, spec.columns, spec.skip_rows))


def _family(form: str) -> str:
    return {"tsv": "csv", "geojson": "json", "jsonlines": "json"}.get(form, form)
