"""Web-Mercator in float64 world units: the whole world is the square [0, 1), y grows to the south.

At zoom z one world unit is ``256 * 2**z`` logical pixels. Everything inside the map works in *device* pixels, so that a
tile lands on the screen one to one at any device pixel ratio.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from widgets.map.layers import FloatArray

MAX_LATITUDE = 85.05112878
EARTH_CIRCUMFERENCE_M = 40_075_016.686
MIN_ZOOM = 7.0
MAX_ZOOM = 20.0


def world_x(lon: FloatArray) -> FloatArray:
    return np.asarray(lon, np.float64) / 360.0 + 0.5


def world_y(lat: FloatArray) -> FloatArray:
    sine = np.sin(np.radians(np.clip(np.asarray(lat, np.float64), -MAX_LATITUDE, MAX_LATITUDE)))
    return 0.5 - np.log((1.0 + sine) / (1.0 - sine)) / (4.0 * math.pi)


def to_world(lon: float, lat: float) -> tuple[float, float]:
    return float(world_x(np.float64(lon))), float(world_y(np.float64(lat)))  # type: ignore[arg-type]


def to_lonlat(x: float, y: float) -> tuple[float, float]:
    lat = math.degrees(2.0 * math.atan(math.exp((0.5 - y) * 2.0 * math.pi)) - math.pi / 2.0)
    return (x - 0.5) * 360.0, lat


def ring_to_world(ring: FloatArray) -> FloatArray:
    """(n, 2) lon/lat to (n, 2) world units."""
    points = np.asarray(ring, np.float64).reshape(-1, 2)
    return np.column_stack((world_x(points[:, 0]), world_y(points[:, 1])))


def metres_per_unit(y: float) -> float:
    """Ground metres in one world unit at world ordinate ``y``."""
    lat = math.radians(to_lonlat(0.5, y)[1])
    return EARTH_CIRCUMFERENCE_M * math.cos(lat)


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance in metres between two lon/lat points (haversine on the mean sphere)."""
    lon_a, lat_a, lon_b, lat_b = (math.radians(v) for v in (*a, *b))
    h = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(min(1.0, math.sqrt(h)))


def pixels_per_unit(zoom: float, dpr: float = 1.0) -> float:
    return 256.0 * 2.0**zoom * dpr


def detail_zoom(zoom: float, scale: float) -> float:
    """The zoom that decides how much is shown: on a wall at scale 2 there is room for what a desk shows one level
    higher up."""
    return zoom - math.log2(scale)


@dataclass(frozen=True)
class Viewport:
    """Where the map looks: centre in world units, zoom, size in device pixels, device pixel ratio, style factor."""

    cx: float
    cy: float
    zoom: float
    width: int
    height: int
    dpr: float = 1.0

    @cached_property
    def ppu(self) -> float:
        return pixels_per_unit(self.zoom, self.dpr)

    @cached_property
    def left(self) -> float:
        """World pixel of the left edge, whole, so that tiles are copied and not resampled."""
        return math.floor(self.cx * self.ppu - self.width / 2.0 + 0.5)

    @cached_property
    def top(self) -> float:
        return math.floor(self.cy * self.ppu - self.height / 2.0 + 0.5)

    def bounds(self, margin_px: float = 0.0) -> tuple[float, float, float, float]:
        """World box (x0, y0, x1, y1) of what is seen, widened by ``margin_px`` device pixels."""
        ppu = self.ppu
        return (
            (self.left - margin_px) / ppu,
            (self.top - margin_px) / ppu,
            (self.left + self.width + margin_px) / ppu,
            (self.top + self.height + margin_px) / ppu,
        )

    def to_pixel(self, x: float, y: float) -> tuple[float, float]:
        return x * self.ppu - self.left, y * self.ppu - self.top

    def to_world(self, px: float, py: float) -> tuple[float, float]:
        return (px + self.left) / self.ppu, (py + self.top) / self.ppu

    def moved(self, dx_px: float, dy_px: float) -> Viewport:
        return replace(self, cx=self.cx + dx_px / self.ppu, cy=self.cy + dy_px / self.ppu).held()

    def zoomed(self, zoom: float, px: float, py: float) -> Viewport:
        """The same viewport at another zoom with the point under (px, py) staying where it is."""
        zoom = min(MAX_ZOOM, max(MIN_ZOOM, zoom))
        wx = self.cx + (px - self.width / 2.0) / self.ppu
        wy = self.cy + (py - self.height / 2.0) / self.ppu
        ppu = pixels_per_unit(zoom, self.dpr)
        return replace(
            self, cx=wx - (px - self.width / 2.0) / ppu, cy=wy - (py - self.height / 2.0) / ppu, zoom=zoom
        ).held()

    def held(self) -> Viewport:
        return replace(self, cx=min(1.0, max(0.0, self.cx)), cy=min(1.0, max(0.0, self.cy)))


def zoom_to_fit(
    bounds: tuple[float, float, float, float], width: float, height: float, dpr: float = 1.0, top: float = MAX_ZOOM
) -> float:
    """The largest half zoom step at which the world box fits into ``width`` × ``height`` device pixels."""
    dx = max(bounds[2] - bounds[0], 1e-12)
    dy = max(bounds[3] - bounds[1], 1e-12)
    zoom = math.log2(min(max(width, 1.0) / dx, max(height, 1.0) / dy) / (256.0 * dpr))
    return min(top, max(MIN_ZOOM, math.floor(zoom * 2.0 + 1e-9) / 2.0))
