"""Readers: every encoding, delimiter and shape of file gives the same rows; a broken row harms only itself."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import shapefile

from app.domain.faults import KnownFault
from app.intake.decoding import detect_encoding
from app.intake.delimited import sniff_delimiter
from app.intake.opening import FileSpec, open_table
from app.intake.table import as_text

TEXT = '编号,名称,备注\n1,大观区,"有,逗号"\n2,龙山路街道,安庆\n'


def rows_of(path: Path, **spec: object) -> list[list[str]]:
    table = open_table(path, FileSpec(**spec))  # type: ignore[arg-type]
    return [[as_text(value) for value in row.values] for row in table.rows if row.fault is None]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_every_encoding_gives_the_same_rows(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes((TEXT * 20).encode(encoding))
    table = open_table(path, FileSpec())
    assert table.columns == ("编号", "名称", "备注")
    assert [as_text(v) for v in next(table.rows).values] == ["1", "大观区", "有,逗号"]


def test_latin_text_is_not_taken_for_chinese(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id,name\n1,Café Zürich\n2,Señor Ibáñez\n".encode("cp1252"))
    assert detect_encoding(path) == "cp1252"
    assert rows_of(path)[0] == ["1", "Café Zürich"]


def test_one_broken_byte_in_utf8_refuses_one_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    good = "\n".join(f"{i},名称{i}" for i in range(50)).encode()
    path.write_bytes(b"id,name\n" + good + b"\n99,\xff\xfe\n100,ok\n")
    faults = [row for row in open_table(path, FileSpec()).rows if row.fault]
    assert [(row.line, row.fault.reason) for row in faults if row.fault] == [(52, "bad_characters")]


@pytest.mark.parametrize(("mark", "text"), [(";", "a;b;c"), ("\t", "a\tb\tc"), ("|", "a|b|c"), (",", 'a,"b;c;d",e')])
def test_the_delimiter_is_found(mark: str, text: str) -> None:
    assert sniff_delimiter([text, text]) == mark


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_and_a_quoted_line_break_are_read(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f'id,note{end}1,"first{end}second"{end}2,x{end}'.encode())
    assert rows_of(path) == [["1", "first\nsecond"], ["2", "x"]]


def test_an_unclosed_quote_costs_its_own_line_only(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,note\n1,"open\n2,x\n3,"y"\n4,z\n', "utf-8")
    rows = list(open_table(path, FileSpec()).rows)
    assert [(row.line, row.fault.reason if row.fault else "") for row in rows] == [
        (2, "unclosed_quote"), (3, ""), (4, ""), (5, ""),
    ]  # fmt: skip


def test_uneven_rows_are_refused_and_trailing_blanks_are_not(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2,,\n1,2,3\n1\n\n,,\n5,6\n", "utf-8")
    rows = list(open_table(path, FileSpec()).rows)
    assert [(row.line, row.fault.reason if row.fault else "") for row in rows] == [
        (2, ""), (3, "wrong_field_count"), (4, "wrong_field_count"), (7, ""),
    ]  # fmt: skip


def test_a_file_without_header_has_numbered_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("40.1,-75.2,EMS,2016-01-15 12:01\n40.2,-75.3,Fire,2016-01-15 12:02\n", "utf-8")
    table = open_table(path, FileSpec())
    assert table.columns == ("1", "2", "3", "4")
    assert not table.named
    assert rows_of(path, header=False, columns=("lat", "lon", "call", "time"))[1][2] == "Fire"


def test_repeated_and_blank_column_names_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,x,,y\n1,2,3,4\n", "utf-8")
    assert open_table(path, FileSpec()).columns == ("x", "x_2", "3", "y")


FEATURE = {"type": "Feature", "id": 7, "properties": {"name": "甲", "p": {"q": 1}}, "geometry": None}


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        (json.dumps({"type": "FeatureCollection", "features": [FEATURE]}), ("name", "p.q", "geometry", "@id")),
        (json.dumps([FEATURE]), ("name", "p.q", "geometry", "@id")),
        (json.dumps(FEATURE), ("name", "p.q", "geometry", "@id")),
        ('[{"a": 1, "b": {"c": 2}}]', ("a", "b.c")),
        ('callback([{"a": 1}]);', ("a",)),
        ('var data = {"rows": [{"a": 1}]};', ("a",)),
        ('{"ok": true, "result": {"records": [{"a": 1}]}}', ("a",)),
        ('{"a": 1}\n{"a": 2, "b": 3}\n', ("a", "b")),
        ('{"Ohio": {"Erie": [{"a": 1}]}, "Utah": {"Cache": [{"a": 2}]}}', ("key1", "key2", "a")),
    ],
)
def test_json_in_every_usual_shape(tmp_path: Path, text: str, columns: tuple[str, ...]) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, "utf-8")
    assert open_table(path, FileSpec()).columns == columns


def test_json_paths_capture_the_names_on_the_way(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"Ohio": {"Erie": [{"a": 1}, {"a": 2}]}, "Utah": {"Cache": [{"a": 3}]}}', "utf-8")
    table = open_table(path, FileSpec(records=("{state}.{county}[]",)))
    assert table.columns == ("state", "county", "a")
    assert [as_text(v) for row in table.rows for v in row.values][-3:] == ["Utah", "Cache", "3"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.csv", b"", "is empty"),
        ("a.json", b'{"a": [1, 2', "not valid JSON: line 1, column"),
        ("a.json", b"[" * 100_000, "nested too deep"),
        ("a.json", b'{"a": 1, "b": [1, 2]}', "no list of records"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"x" * 99, "old .xls workbook"),
        ("a.xlsx", b"PK\x03\x04 broken", "not a zip file that can be read"),
        ("a.html", b"<!DOCTYPE html><html>", "a web page"),
        ("a.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>', "is XML"),
        ("a.bin", bytes(range(256)) * 40, "no text"),
        ("a.mbtiles", b"SQLite format 3\x00", "SQLite database"),
        ("a.pdf", b"%PDF-1.7", "PDF"),
        ("a.shp", b"\x00\x00\x27\x0a" + b"x" * 200, "the .dbf with the attributes is missing"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(KnownFault, match=words):
        list(open_table(path, FileSpec()).rows)


def test_a_missing_file_and_a_folder_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(KnownFault, match="There is no file"):
        open_table(tmp_path / "none.csv", FileSpec())
    with pytest.raises(KnownFault, match="is a folder"):
        open_table(tmp_path, FileSpec())


def test_a_worksheet_is_read_below_its_title(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["大观区部件清单"])
    sheet.append(["编号", "名称", "日期", "数量"])
    sheet.append([1, "灯", datetime(2026, 1, 2, 3, 4), 2.0])  # noqa: DTZ001 - a cell has no zone
    sheet.append([None, None, None, None])
    sheet.append([2, "盖", None, 1.5])
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert open_table(path, FileSpec()).columns == ("编号", "名称", "日期", "数量")
    assert rows_of(path) == [["1", "灯", "2026-01-02 03:04:00", "2"], ["2", "盖", "", "1.5"]]
    with pytest.raises(KnownFault, match=r"no sheet named X.*Sheet"):
        rows_of(path, sheet="X")


@pytest.mark.parametrize("zipped", [False, True])
def test_a_shapefile_tells_its_names_shapes_and_system(tmp_path: Path, zipped: bool) -> None:
    import shutil

    from pyproj import CRS

    folder = tmp_path / "shape"
    folder.mkdir()
    with shapefile.Writer(str(folder / "grids"), encoding="gbk") as writer:
        writer.field("name", "C", 40)
        writer.poly([[(500000, 3370000), (500000, 3371000), (501000, 3371000), (500000, 3370000)]])
        writer.record("网格一")
    (folder / "grids.prj").write_text(CRS.from_epsg(4548).to_wkt("WKT1_ESRI"))
    path = folder / "grids.shp"
    if zipped:
        path = Path(shutil.make_archive(str(tmp_path / "grids"), "zip", folder))
    table = open_table(path, FileSpec())
    row = next(table.rows)
    assert table.columns == ("name", "geometry")
    assert table.crs == "epsg:4548"
    assert row.values[0] == "网格一"
    assert row.values[1]["type"] == "Polygon"  # type: ignore[index]
