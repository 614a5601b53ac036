"""Web Mercator: there and back, tiles and scale."""

from __future__ import annotations

import numpy as np
import pytest

from app.geo.projection import metres_per_pixel, tile_bounds, tile_of, to_lonlat, to_world


def test_there_and_back() -> None:
    lon, lat = np.array([-180.0, -71.06, 0.0, 117.03, 180.0]), np.array([-85.0, 42.36, 0.0, 30.5, 85.0])
    back = to_lonlat(*to_world(lon, lat))
    assert np.allclose(back[0], lon, atol=1e-10)
    assert np.allclose(back[1], lat, atol=1e-10)


def test_corners_and_clipping() -> None:
    assert [float(v) for v in to_world(0.0, 0.0)] == [0.5, 0.5]
    assert float(to_world(0.0, 90.0)[1]) == pytest.approx(0.0, abs=1e-9)
    assert np.isnan(to_world(np.nan, np.nan)).all()


def test_a_tile_holds_its_point() -> None:
    x, y = tile_of(117.03, 30.5, 14)
    west, south, east, north = tile_bounds(x, y, 14)
    assert west <= 117.03 < east
    assert south < 30.5 <= north
    assert metres_per_pixel(0.0, 0.0) == pytest.approx(156543.03, abs=0.01)
