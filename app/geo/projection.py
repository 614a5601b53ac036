"""Spherical Web Mercator (EPSG:3857): degrees to the unit square and back, metres per pixel, tile addresses."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]

EARTH_RADIUS_M = 6378137.0
MAX_LAT = 85.0511287798066  # where the projected world becomes a square
EQUATOR_M = 2.0 * np.pi * EARTH_RADIUS_M


def to_world(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Return world units of WGS-84 points: x 0 at 180° W to 1 at 180° E, y 0 at the north edge to 1 at the south
    edge (float64).

    Latitudes beyond ±85.0511° are clipped to the edge; NaN stays NaN.
    """
    x = np.asarray(lon, dtype=np.float64) / 360.0 + 0.5
    phi = np.radians(np.clip(np.asarray(lat, dtype=np.float64), -MAX_LAT, MAX_LAT))
    y = 0.5 - np.arcsinh(np.tan(phi)) / (2.0 * np.pi)
    return x, y


def to_lonlat(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Return WGS-84 lon/lat (degrees) of world units: the inverse of :func:`to_world`."""
    lon = (np.asarray(x, dtype=np.float64) - 0.5) * 360.0
    lat = np.degrees(np.arctan(np.sinh((0.5 - np.asarray(y, dtype=np.float64)) * 2.0 * np.pi)))
    return lon, lat


def metres_per_pixel(lat: float, zoom: float, tile_px: int = 256) -> float:
    """Return ground metres of one pixel at this latitude and zoom (zoom 0 = one tile for the world)."""
    return float(EQUATOR_M * np.cos(np.radians(lat)) / (tile_px * 2.0**zoom))


def tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Return the XYZ address (x, y from the north-west) of the tile that holds this point."""
    x, y = to_world(lon, lat)
    count = 2**zoom
    return min(max(int(x * count), 0), count - 1), min(max(int(y * count), 0), count - 1)


def tile_bounds(x: int, y: int, zoom: int) -> tuple[float, float, float, float]:
    """Return (west, south, east, north) in degrees of an XYZ tile."""
    count = 2.0**zoom
    lon, lat = to_lonlat(np.array([x, x + 1]) / count, np.array([y, y + 1]) / count)
    return float(lon[0]), float(lat[1]), float(lon[1]), float(lat[0])
