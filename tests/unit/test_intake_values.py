"""Values: numbers, angles, points, dates, words."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from app.domain.faults import KnownFault, Rejected
from app.geo.codes import level_of_code, parent_codes, parse_gb_device, parse_grid_code
from app.intake.places import degrees, geometry_of, number, numbers, point_of, share_in_china
from app.intake.rejects import safe_cell
from app.intake.rows_places import without_password
from app.intake.times import TimeReader, detect_formats, time_of_day

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("text", ["NaN", "inf", "-Infinity", "1e999", "1_000", "", "x", "1,2,3", "0x10", "١٢x"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        number(text)


def test_numbers_in_their_spellings() -> None:
    assert number("1,234,567.5") == 1234567.5
    assert number("1.234,5", decimal_comma=True) == 1234.5
    assert number("−3") == -3
    assert degrees("117°03'36\"E") == pytest.approx(117.06)
    assert degrees("30°30′N") == 30.5
    assert degrees("71°30'W") == -71.5


def test_bad_numbers_of_a_column_are_nan_and_named() -> None:
    values, bad = numbers(["1", "", "x", "inf", "2.5"])
    assert bad == [2, 3]
    assert np.isnan(values[[1, 2, 3]]).all()


@pytest.mark.parametrize(
    ("value", "order", "point"),
    [
        ("POINT (117.1 30.5)", "", (117.1, 30.5)),
        ("SRID=4326;POINT(117.1 30.5)", "", (117.1, 30.5)),
        ("(40.69, -73.84)", "", (-73.84, 40.69)),
        ("117.1,30.5", "", (117.1, 30.5)),
        ("30.5,117.1", "latlon", (117.1, 30.5)),
        ({"type": "Point", "coordinates": [117.1, 30.5]}, "", (117.1, 30.5)),
        ('{"type": "Point", "coordinates": [117.1, 30.5, 9]}', "", (117.1, 30.5)),
        ("0101000020E6100000CA192AEEC6C751C0774E6DBFB0254540", "", (-71.1215167437687, 42.29445641362411)),
    ],
)
def test_points_in_one_column(value: object, order: str, point: tuple[float, float]) -> None:
    assert point_of(value, order) == pytest.approx(point)


@pytest.mark.parametrize(
    "value",
    [
        "POINT EMPTY",
        {"type": "Point", "coordinates": ["a", "b"]},
        {"type": "Polygon"},
        "nowhere",
        5,
        {"type": "Polygon", "coordinates": [[[math.nan, 1], [2, 2], [3, 3], [1, 1]]]},
    ],
)
def test_what_is_no_geometry_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        geometry_of(value)


def test_china_is_known_from_its_neighbours() -> None:
    inside = {"Anqing": (117.05, 30.53), "Urumqi": (87.6, 43.8), "Haikou": (110.3, 20.0), "Mohe": (122.5, 53.4)}
    outside = {
        "Seoul": (127.0, 37.5),
        "Hanoi": (105.8, 21.0),
        "Delhi": (77.2, 28.6),
        "Boston": (-71.1, 42.4),
        "Ulaanbaatar": (106.9, 47.9),
        "Singapore": (103.8, 1.35),
        "Tokyo": (139.7, 35.7),
    }
    for place, (lon, lat) in inside.items():
        assert share_in_china(np.array([lon]), np.array([lat])) == 1.0, place
    for place, (lon, lat) in outside.items():
        assert share_in_china(np.array([lon]), np.array([lat])) == 0.0, place


def parse(text: str, *formats: str) -> datetime | None:
    return TimeReader(formats or detect_formats([text], "t"), SHANGHAI).parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05 08:30:00",
        "2026-01-05T08:30:00+08:00",
        "2026-01-05T00:30:00Z",
        "2026/1/5 8:30",
        "2026年1月5日 8时30分",
        "2026年1月5日08:30",
        "20260105083000",
        "1767573000",
        "1767573000000",
        "46027.3541666667",
    ],
)
def test_times_in_their_spellings_are_one_moment(text: str) -> None:
    found = parse(text)
    assert found is not None
    assert abs((found - datetime(2026, 1, 5, 0, 30, tzinfo=UTC)).total_seconds()) < 1


def test_day_first_and_month_first_are_told_by_the_column_or_asked_for() -> None:
    assert "%d/%m/%Y" in detect_formats(["21/01/2022", "03/04/2022"], "t")
    assert "%m/%d/%Y" in detect_formats(["01/21/2022", "03/04/2022"], "t")
    assert "%d/%m/%Y" in detect_formats(["03/04/2022"], "t", day_first=True)
    with pytest.raises(KnownFault, match="day/month and as month/day"):
        detect_formats(["03/04/2022", "05/06/2022"], "t")


@pytest.mark.parametrize("text", ["2026-13-01", "0001-01-01", "9999-01-01", "yesterday", "31/02/2026"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert TimeReader(("iso", "%d/%m/%Y"), SHANGHAI).parse(text) is None


def test_times_of_day() -> None:
    assert [str(time_of_day(t)) for t in ("08:30", "8点30分", "24:00", "8:30 PM")] == [
        "08:30:00", "08:30:00", "00:00:00", "20:30:00",
    ]  # fmt: skip
    assert time_of_day("soon") is None


def test_grid_code_in_its_parts() -> None:
    code = parse_grid_code("340803001002003")
    assert (code.district, code.street_code, code.community_code, code.sequence) == (
        "340803", "340803001", "340803001002", "003",
    )  # fmt: skip
    with pytest.raises(Rejected, match="15 digits"):
        parse_grid_code("34080300100200x")


def test_gb_device_id_in_its_parts() -> None:
    device = parse_gb_device("34080300001320000001")
    assert (device.area_code, device.industry, device.type_name, device.is_camera) == (
        "340803", "00", "Network camera (IPC)", True,
    )  # fmt: skip
    assert parse_gb_device("34080300001340000001").is_alarm_input
    with pytest.raises(Rejected, match="20 digits"):
        parse_gb_device("123")


def test_levels_and_parents_by_code() -> None:
    assert [level_of_code(c) for c in ("3408", "340803", "340803001", "340803001002", "340803001002003")] == [
        -1,
        0,
        1,
        2,
        3,
    ]
    assert [level_of_code(c) for c in ("340803000000", "340803001000", "340800", "x", "12345")] == [
        0,
        1,
        -1,
        None,
        None,
    ]
    assert (
        parent_codes("340803001002003")[:2] == ("340803001002",) or parent_codes("340803001002003")[0] == "340803001002"
    )
    assert "340803000000" in parent_codes("340803001000")


def test_cells_of_the_refused_rows_are_no_formulas() -> None:
    assert safe_cell("=1+1") == "'=1+1"
    assert safe_cell("@SUM(A1)") == "'@SUM(A1)"
    assert safe_cell("-71.05") == "-71.05"
    assert safe_cell("普通") == "普通"


def test_a_password_in_a_stream_address_is_dropped() -> None:
    assert without_password("rtsp://admin:secret@10.0.0.1/1") == "rtsp://10.0.0.1/1"
