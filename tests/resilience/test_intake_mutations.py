"""Promises 17 and 18: no payload breaks an intake, and one bad record harms only itself.

C form: 2,000 mutations a parser (LIANDONG_PROVE=1: 100,000). Every mutation is made from its number, so a failure is
replayed by that number alone.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
import shapefile

from app.clock import FixedClock
from app.domain.faults import KnownFault
from app.geo.base import BaseBuilder, BaseMap
from app.geo.tiles import open_source
from app.intake.pipeline import import_file
from app.intake.profile import parse_profile
from app.intake.result import peak_rss_mb
from app.intake.shipped import PROFILES
from tests.fakes.fake_import_sink import MemorySink

PROVE = os.environ.get("LIANDONG_PROVE") == "1"
COUNT = 100_000 if PROVE else 2_000
CLOCK = FixedClock(datetime(2026, 11, 1, tzinfo=UTC))

CSV_ROWS = "\n".join(
    ["编号,部件类型,名称,经度,纬度,状态,上报时间,结案时间,姓名,日期"]
    + [
        f'C{i},路灯,"灯,{i}",117.0{i},30.5{i},完好,2026-01-0{i} 08:00:00,2026-01-0{i} 09:30:00,员{i},2026-01-0{i}'
        for i in range(1, 8)
    ]
)
FEATURES = [
    {
        "type": "Feature",
        "id": i,
        "properties": {
            "name": f"网格{i}",
            "code": f"34080300100100{i}",
            "households": 100 + i,
            "parent": {"a": [1, {}]},
        },
        "geometry": {
            "type": "Polygon",
            "coordinates": [
                [[117 + i / 10, 30.5], [117.1 + i / 10, 30.5], [117.1 + i / 10, 30.6], [117 + i / 10, 30.5]]
            ],
        },
    }
    for i in range(1, 6)
]
TOKENS: tuple[bytes, ...] = (
    b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-0", b"0", b"null", b"true", b'""', b"\x00",
    b"\xff\xfe", b"\xef\xbb\xbf",
    b"\xed\xa0\x80", b"\\ud800", b"[" * 5000, b'{"a":' * 3000, b'"' * 3, b"\n" * 50, b",,,,,,", b";", b"\t", b"\r",
    b"999999999999999999999999", b"9" * 5000, b"30.5,117.0", b"91,181", b"2026-13-45", b"31/02/2026",
    b"\xb4\xf3\xb9\xdb",
    b'<!DOCTYPE a [<!ENTITY b "&b;&b;">]><a>&b;</a>', b'<!ENTITY x SYSTEM "file:///etc/passwd">', b"=cmd|' /C calc'!A0",
    b"' OR 1=1 --", b"<script>alert(1)</script>", b"\xe2\x80\xae", b"x" * 200_000, b"POINT EMPTY", b"{}", b"[]",
    b"[[]]",
    b"Polygon", b"GeometryCollection", b'"type":"Feature"', b'"coordinates":[[[null]]]', b"1_000", b"\xe2\x88\x921",
)  # fmt: skip


def mutate(data: bytes, number: int) -> bytes:
    """Return the data changed in one to four ways, all chosen by the number."""
    rng = random.Random(number)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data) + 1)
        to = min(at + rng.choice((1, 2, 8, 64)), len(data))
        way = rng.randrange(10)
        if way == 0:
            data = data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        elif way == 1:
            data = data[:at] + data[to:]
        elif way == 2:
            data = data[:at] + data[at:to] * rng.choice((2, 3, 50)) + data[to:]
        elif way == 3:
            data = data[:at]
        elif way in (4, 5, 6):
            data = data[:at] + rng.choice(TOKENS) + data[to if way == 5 else at :]
        elif way == 7:
            data = data.replace(
                rng.choice((b",", b'"', b"\n", b"[", b"117", b"30.5", b":")), rng.choice(TOKENS[:16]), 3
            )
        elif way == 8:
            data = data[at:] + data[:at]
        else:
            text = data.decode("utf-8", "replace")
            data = text.encode(rng.choice(("gb18030", "utf-16", "utf-16-be", "utf-8-sig", "utf-32")), "replace")
    return data


def survive(kind: str, path: Path, folder: Path, crs: str | None = None) -> str:
    """Import a file; the outcome is either a fault that names a message, or counts that add up."""
    sink = MemorySink()
    try:
        result = import_file(kind, path, sink=sink, clock=CLOCK, crs=crs, rejects_to=folder)
    except KnownFault as fault:
        return "fault" if str(fault) and not sink.activated else "a fault without words, or with rows in force"
    assert result.read == result.accepted + result.rejected + result.duplicates
    assert sum(result.reasons.values()) == result.rejected
    for row in sink.rows(kind):
        if getattr(row, "lon", None) is not None:
            assert -180.0 <= row.lon <= 180.0
            assert -90.0 <= row.lat <= 90.0
        assert "\x00" not in repr(row.key)
        repr(row).encode("utf-8")
    return "taken" if result.accepted else "refused"


def run(tmp_path: Path, name: str, seed: bytes, kinds: tuple[str, ...], count: int) -> dict[str, int]:
    outcomes: dict[str, int] = {}
    path = tmp_path / name
    for number in range(count):
        path.write_bytes(mutate(seed, number))
        crs = (None, "wgs84", "gcj02", "epsg:4548")[number % 4]
        outcome = survive(kinds[number % len(kinds)], path, tmp_path / "out", crs)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return outcomes


ROW_KINDS = ("components", "cameras", "incidents", "units", "roster", "areas", "codes")


def workbook_bytes() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in CSV_ROWS.split("\n")[:4]:
        sheet.append(line.replace('"', "").split(","))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def shapefile_bytes() -> bytes:
    parts = {name: io.BytesIO() for name in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, encoding="gbk") as writer:
        writer.field("name", "C", 40)
        writer.field("code", "C", 20)
        for i in range(4):
            writer.poly([[(117 + i, 30), (117 + i, 31), (118 + i, 31), (117 + i, 30)]])
            writer.record(f"网格{i}", f"34080300{i}")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(f"grids.{name}", part.getvalue())
    return out.getvalue()


def test_csv_mutations_end_in_a_known_fault_or_in_counts_that_add_up(tmp_path: Path) -> None:
    outcomes = run(tmp_path, "list.csv", CSV_ROWS.encode(), ROW_KINDS, COUNT)
    assert set(outcomes) == {"fault", "taken", "refused"}


def test_geojson_mutations_end_in_a_known_fault_or_in_counts_that_add_up(tmp_path: Path) -> None:
    seed = json.dumps({"type": "FeatureCollection", "features": FEATURES}, ensure_ascii=False).encode()
    outcomes = run(tmp_path, "list.geojson", seed, ("areas", "components", "base"), COUNT)
    assert set(outcomes) >= {"fault", "taken"}


def test_json_lines_mutations_end_in_a_known_fault_or_in_counts_that_add_up(tmp_path: Path) -> None:
    rows = [{"id": i, "type": "灯", "pos": {"lon": 117.0 + i / 100, "lat": 30.5}, "tags": ["a", 1]} for i in range(9)]
    seed = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).replace("pos", "p").encode()
    outcomes = run(tmp_path, "list.jsonl", seed, ("codes", "units", "components"), COUNT)
    assert outcomes["fault"]


def remake_zip(seed: bytes, number: int) -> bytes:
    """Mutate one part inside the zip, so that more than the zip's own checks is tested; now and then the zip itself."""
    if number % 10 == 0:
        return mutate(seed, number)
    rng = random.Random(number)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(seed)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        chosen = rng.choice([name for name in names if not name.startswith("docProps")])
        for name in names:
            data = old.read(name)
            new.writestr(name, mutate(data, number) if name == chosen else data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "seed", "kinds"),
    [("list.xlsx", workbook_bytes, ("components", "roster")), ("list.zip", shapefile_bytes, ("areas",))],
)
def test_zipped_mutations_end_in_a_known_fault_or_in_counts_that_add_up(
    tmp_path: Path, name: str, seed: Callable[[], bytes], kinds: tuple[str, ...]
) -> None:
    data = seed()
    path = tmp_path / name
    faults = 0
    for number in range(COUNT):
        path.write_bytes(remake_zip(data, number))
        faults += survive(kinds[number % len(kinds)], path, tmp_path / "out", "wgs84") == "fault"
    assert 0 < faults < COUNT


def test_profile_mutations_are_refused_by_name_or_read(tmp_path: Path) -> None:
    seeds = [path.read_bytes() for path in sorted(PROFILES.glob("*.toml"))]
    refused = 0
    for number in range(COUNT):
        try:
            parse_profile(mutate(seeds[number % len(seeds)], number), "mutated.toml")
        except KnownFault as fault:
            refused += "mutated.toml" in str(fault)
    assert refused > COUNT // 4


def test_base_map_mutations_are_refused_or_read() -> None:
    builder = BaseBuilder("test")
    import shapely

    builder.add(shapely.LineString([(117, 30), (117.1, 30.1)]), ("roads", 1), "路")
    builder.add(shapely.box(117, 30, 117.1, 30.1), ("water", 0))
    seed = builder.build().to_bytes()
    for number in range(COUNT):
        try:
            BaseMap.from_bytes(remake_zip(seed, number))
        except KnownFault:
            continue


def mutate_pages(seed: bytes, number: int) -> bytes:
    """Mutate a database behind its head, so that SQLite gets as far as the pages."""
    return seed[:100] + mutate(seed[100:], number)[: len(seed) * 2]


def test_mbtiles_mutations_are_refused_or_read(tmp_path: Path) -> None:
    path = tmp_path / "seed.mbtiles"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE metadata (name text, value text)")
        database.execute(
            "CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)"
        )
        database.execute("INSERT INTO metadata VALUES ('format', 'png')")
        database.execute("INSERT INTO tiles VALUES (0, 0, 0, ?)", (b"\x89PNG\r\n\x1a\n" + b"x" * 100,))
        database.commit()
    seed = path.read_bytes()
    other = tmp_path / "mutated.mbtiles"
    told = 0
    for number in range(COUNT):
        other.write_bytes(mutate_pages(seed, number) if number % 2 else mutate(seed, number))
        try:
            source = open_source({"kind": "mbtiles", "path": str(other)})
        except KnownFault:
            told += 1
            continue
        try:
            source.tile(0, 0, 0)
        except OSError:
            pass
        finally:
            source.close()
    assert 0 < told < COUNT


def test_an_mbtiles_file_whose_lists_never_end_is_refused_soon(tmp_path: Path) -> None:
    path = tmp_path / "endless.mbtiles"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE VIEW metadata AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
                         " SELECT 'format' AS name, 'png' AS value FROM n WHERE i < 0")
        database.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)")
        database.commit()
    with pytest.raises(KnownFault, match="endless"):
        open_source({"kind": "mbtiles", "path": str(path)})


def osm_bytes(folder: Path) -> bytes:
    import osmium

    path = folder / "seed.osm.pbf"
    writer = osmium.SimpleWriter(str(path))
    try:
        for i in range(12):
            writer.add_node(osmium.osm.mutable.Node(id=i + 1, location=(117.0 + i / 100, 30.5 + i % 3 / 100)))
        writer.add_way(osmium.osm.mutable.Way(id=1, nodes=[1, 2, 3, 4], tags={"highway": "primary", "name": "路"}))
        writer.add_way(osmium.osm.mutable.Way(id=2, nodes=[5, 6, 7, 5], tags={"building": "yes"}))
        writer.add_way(osmium.osm.mutable.Way(id=3, nodes=[8, 9, 10, 8], tags={"natural": "water"}))
        members = [("w", 2, "outer"), ("w", 3, "inner")]
        writer.add_relation(osmium.osm.mutable.Relation(id=1, members=members,
                                                        tags={"type": "multipolygon", "landuse": "forest"}))
    finally:
        writer.close()
    return path.read_bytes()


def repack_blobs(seed: bytes, number: int) -> bytes:
    """Mutate what is inside the compressed blobs of an extract, lengths made to fit, so that more than the outer
    checks is tested."""
    rng = random.Random(number)
    out, at = b"", 0
    while at < len(seed):
        length = int.from_bytes(seed[at : at + 4], "big")
        header = seed[at + 4 : at + 4 + length]
        kind = b"OSMHeader" if b"OSMHeader" in header else b"OSMData"
        size = header[len(kind) + 3 :]
        datasize = sum((byte & 0x7F) << (7 * i) for i, byte in enumerate(size))
        blob = seed[at + 4 + length : at + 4 + length + datasize]
        start = blob.find(b"\x78\x9c")
        raw = zlib.decompress(blob[start:])
        if rng.random() < 0.7:
            raw = mutate(raw, number)
        packed = zlib.compress(raw)
        told = len(raw) if rng.random() < 0.95 else rng.choice((0, 1, 2**31 - 1, 2**40))
        body = b"\x10" + varint(told) + b"\x1a" + varint(len(packed)) + packed
        head = b"\x0a" + bytes([len(kind)]) + kind + b"\x18" + varint(len(body))
        out += len(head).to_bytes(4, "big") + head + body
        at += 4 + length + datasize
    return out


def varint(value: int) -> bytes:
    out = b""
    while True:
        value, low = value >> 7, value & 0x7F
        out += bytes([low | (0x80 if value else 0)])
        if not value:
            return out


def close_orphans(path: Path) -> None:
    """libosmium leaves the file of most broken extracts open for good; a thousand such are more than many a program may
    have, and then each further extract is refused for that alone."""
    for one in Path("/proc/self/fd").glob("*"):
        with contextlib.suppress(OSError):
            if one.readlink() == path:
                os.close(int(one.name))


def test_osm_extract_mutations_are_refused_or_read(tmp_path: Path) -> None:
    pytest.importorskip("osmium", reason="the extra osm is not installed")
    seed = osm_bytes(tmp_path)
    path = tmp_path / "list.osm.pbf"
    path.write_bytes(repack_blobs(seed, 10**9))
    before = peak_rss_mb()
    outcomes: dict[str, int] = {}
    for number in range(COUNT):
        path.write_bytes(repack_blobs(seed, number) if number % 2 else mutate(seed, number))
        outcome = survive("base", path, tmp_path / "out", "wgs84")
        close_orphans(path)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    assert set(outcomes) >= {"fault", "taken"}, outcomes
    assert peak_rss_mb() - before < 200


def test_one_bad_record_in_ten_thousand_harms_only_itself(tmp_path: Path) -> None:
    good = [f"C{i},路灯,灯{i},{117 + i / 1e5:.5f},30.5" for i in range(10_000)]
    for bad in (
        'C1,"路灯,灯,117.0,30.5',
        "C1,路灯,灯,NaN,30.5",
        "C1,路灯",
        "C1,路灯,\x00,117,30.5",
        "C1,路\udcff灯,灯,117,30",
        ",,,117,30.5,,x",
    ):
        rows = good.copy()
        rows[5_000] = bad
        path = tmp_path / "list.csv"
        path.write_bytes("\n".join(["id,类型,名称,经度,纬度", *rows]).encode("utf-8", "surrogateescape"))
        result = import_file("components", path, sink=MemorySink(), clock=CLOCK, crs="wgs84", rejects_to=tmp_path)
        assert (result.read, result.accepted, result.rejected) == (10_000, 9_999, 1), (bad, result.reasons)
        assert result.rejected_file is not None
        kept = result.rejected_file.read_text("utf-8-sig").splitlines()
        assert len(kept) == 2
        assert kept[1].startswith("5002,")


def test_a_huge_unclosed_quote_costs_one_row_not_the_file(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    lines = [
        "id,类型,名称,经度,纬度",
        'C0,"' + "x" * 300_000 + ",灯,117,30",
        *(f"C{i},路灯,灯,117,30.5" for i in range(1, 50)),
    ]
    path.write_text("\n".join(lines), "utf-8")
    result = import_file("components", path, sink=MemorySink(), clock=CLOCK, crs="wgs84", rejects_to=tmp_path)
    assert (result.accepted, result.rejected) == (49, 1)


def test_a_zip_bomb_and_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    with pytest.raises(KnownFault, match="no honest list"):
        import_file("components", bomb, sink=MemorySink(), clock=CLOCK, rejects_to=tmp_path)
    evil = tmp_path / "evil.xlsx"
    with zipfile.ZipFile(io.BytesIO(workbook_bytes())) as old, zipfile.ZipFile(evil, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + data
            new.writestr(name, data)
    with pytest.raises(KnownFault, match="entities"):
        import_file("components", evil, sink=MemorySink(), clock=CLOCK, rejects_to=tmp_path)


def test_coordinates_swapped_for_the_whole_file_are_reported_and_never_turned(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("id,类型,经度,纬度\n" + "\n".join(f"C{i},灯,30.5,117.0" for i in range(20)), "utf-8")
    sink = MemorySink()
    result = import_file("components", path, sink=sink, clock=CLOCK, crs="wgs84", rejects_to=tmp_path)
    assert dict(result.reasons) == {"swapped_lonlat": 20}
    assert not sink.rows("components")
