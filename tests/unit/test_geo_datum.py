"""Datums: the inverse is exact, points outside China pass, projected CGCS2000 comes in by its code."""

from __future__ import annotations

import numpy as np
import pytest

from app.domain.faults import Rejected
from app.geo import datum
from app.geo.index import haversine_m

rng = np.random.default_rng(7)
LON = rng.uniform(74.0, 134.0, 20_000)
LAT = rng.uniform(4.0, 53.0, 20_000)


def test_known_point_of_gcj02_is_the_published_one() -> None:
    lon, lat = datum.wgs84_to_gcj02(116.404, 39.915)
    assert float(lon) == pytest.approx(116.41024449916938, abs=1e-9)
    assert float(lat) == pytest.approx(39.91640428150164, abs=1e-9)


def test_known_point_of_bd09_is_the_published_one() -> None:
    lon, lat = datum.gcj02_to_bd09(116.404, 39.915)
    assert float(lon) == pytest.approx(116.41036949371029, abs=1e-9)
    assert float(lat) == pytest.approx(39.92133699351021, abs=1e-9)


@pytest.mark.parametrize("crs", ["gcj02", "bd09"])
def test_inverse_is_within_a_centimetre_all_over_china(crs: str) -> None:
    x, y = datum.from_wgs84(LON, LAT, crs)
    back_x, back_y = datum.to_wgs84(x, y, crs)
    assert float(haversine_m(LON, LAT, back_x, back_y).max()) < 0.01


@pytest.mark.parametrize("crs", ["gcj02", "bd09"])
def test_points_outside_china_pass_unchanged(crs: str) -> None:
    lon, lat = np.array([-71.06, 24.94, 0.0, 151.2]), np.array([42.36, 60.17, 0.0, -33.9])
    x, y = datum.to_wgs84(lon, lat, crs)
    assert np.array_equal(x, lon)
    assert np.array_equal(y, lat)


def test_offset_at_anqing_is_about_half_a_kilometre() -> None:
    x, y = datum.wgs84_to_gcj02(117.03, 30.50)
    assert 450.0 < float(haversine_m(117.03, 30.50, x, y)) < 650.0


def test_projected_cgcs2000_comes_back_to_the_degree() -> None:
    x, y = datum.from_wgs84(117.03, 30.50, "epsg:4548")
    assert 490_000 < float(x) < 510_000
    assert 3_300_000 < float(y) < 3_400_000
    lon, lat = datum.to_wgs84(x, y, "EPSG:4548")
    assert float(lon) == pytest.approx(117.03, abs=1e-8)
    assert float(lat) == pytest.approx(30.50, abs=1e-8)


def test_what_cannot_be_transformed_is_nan_and_nan_stays_nan() -> None:
    x, y = datum.to_wgs84([1e30, np.nan], [1e30, 1.0], "epsg:4548")
    assert np.isnan(x).all()
    assert np.isnan(y).all()
    x, _ = datum.to_wgs84([np.nan, 117.0], [30.0, 30.0], "gcj02")
    assert np.isnan(x[0])
    assert np.isfinite(x[1])


@pytest.mark.parametrize("bad", ["", "mars", "epsg:999999", "epsg:x", "urn:ogc:def:crs:"])
def test_unknown_system_is_rejected_with_what_is_expected(bad: str) -> None:
    with pytest.raises(Rejected) as caught:
        datum.normal_crs(bad)
    assert "gcj02" in caught.value.expected


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("WGS-84", "wgs84"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "wgs84"),
        ("urn:ogc:def:crs:EPSG::4547", "epsg:4547"),
        ("4547", "epsg:4547"),
        ("EPSG:4490", "wgs84"),
        ("CGCS2000", "wgs84"),
        ("Baidu", "bd09"),
    ],
)
def test_names_of_systems_have_one_spelling(name: str, plain: str) -> None:
    assert datum.normal_crs(name) == plain


def test_empty_input_gives_empty_output() -> None:
    for crs in ("wgs84", "gcj02", "bd09", "epsg:4548"):
        x, y = datum.to_wgs84([], [], crs)
        assert x.shape == y.shape == (0,)
