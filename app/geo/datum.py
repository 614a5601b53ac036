"""Geodetic datums: everything inside is WGS-84 lon/lat in degrees; this is the one place where other datums come in.

GCJ-02 ("Mars" coordinates: DataV, AMap, Tencent) is WGS-84 moved by a smooth offset of 0.1 to 0.8 km inside China;
BD-09 (Baidu) moves GCJ-02 once more. Both inverses are iterated until they agree with the forward formula to about a
millimetre. CGCS2000 geographic (EPSG:4490) equals WGS-84 to a few centimetres and is taken as it is; projected
CGCS2000 comes in by its EPSG code.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from app.domain.faults import Rejected

Floats: TypeAlias = NDArray[np.float64]

WGS84 = "wgs84"
GCJ02 = "gcj02"
BD09 = "bd09"

# Krasovsky 1940, as the published GCJ-02 formula uses it.
_A = 6378245.0
_EE = 0.00669342162296594323
_CHINA = (72.004, 137.8347, 0.8293, 55.8271)  # lon min, lon max, lat min, lat max: the formula's own box
_BD_SHIFT = np.pi * 3000.0 / 180.0
_MAX_ROUNDS = 30
_TOLERANCE_DEG = 1e-10  # 0.01 mm

_ALIASES = {
    "wgs84": WGS84,
    "wgs-84": WGS84,
    "wgs_84": WGS84,
    "gps": WGS84,
    "cgcs2000": WGS84,
    "crs84": WGS84,
    "epsg:4326": WGS84,
    "epsg:4490": WGS84,
    "gcj02": GCJ02,
    "gcj-02": GCJ02,
    "gcj_02": GCJ02,
    "gcj": GCJ02,
    "amap": GCJ02,
    "bd09": BD09,
    "bd-09": BD09,
    "bd_09": BD09,
    "bd09ll": BD09,
    "baidu": BD09,
}
_WKT_STARTS = ("PROJCS[", "GEOGCS[", "PROJCRS[", "GEOGCRS[", "COMPD_CS[", "BOUNDCRS[")
CRS_EXPECTED = "wgs84, gcj02, bd09 or epsg:NNNN (for example epsg:4547)"


def normal_crs(name: str) -> str:
    """Return the one spelling of a coordinate system's name: wgs84, gcj02, bd09 or epsg:N (or a WKT that has no code).

    Raises Rejected for a name that is none of these or an EPSG code that does not exist.
    """
    if name.lstrip().upper().startswith(_WKT_STARTS):
        return _from_wkt(name)
    plain = name.strip().lower().replace(" ", "")
    if plain in _ALIASES:
        return _ALIASES[plain]
    if plain.isdecimal():
        plain = f"epsg:{plain}"
    if plain.startswith("urn:ogc:def:crs:"):
        return normal_crs(_from_urn(plain))
    if plain.startswith("epsg:"):
        _crs(plain)
        return plain
    raise Rejected(path="crs", got=name, expected=CRS_EXPECTED)


def _from_wkt(wkt: str) -> str:
    """Return epsg:N for a WKT that pyproj can name (the .prj of a Shapefile), else the WKT itself, which works as
    well."""
    crs = _crs(wkt)
    code = crs.to_epsg(min_confidence=60)
    return normal_crs(f"epsg:{code}") if code else wkt


def _from_urn(urn: str) -> str:
    """Turn ``urn:ogc:def:crs:EPSG::4547`` (old GeoJSON "crs" members) into ``epsg:4547``."""
    parts = [part for part in urn.split(":")[4:] if part]
    if parts and parts[-1] in {"crs84", "84"}:
        return WGS84
    return f"{parts[0]}:{parts[-1]}" if len(parts) >= 2 else "?"


@lru_cache(maxsize=32)
def _crs(name: str) -> CRS:
    try:
        return CRS.from_user_input(name.upper() if name.startswith("epsg:") else name)
    except CRSError:
        raise Rejected(path="crs", got=name, expected=CRS_EXPECTED) from None


@lru_cache(maxsize=32)
def _transformer(name: str) -> Transformer:
    return Transformer.from_crs(_crs(name), CRS.from_epsg(4326), always_xy=True)


def is_projected(crs: str) -> bool:
    """Tell whether coordinates of this system are metres (easting, northing) and not degrees."""
    name = normal_crs(crs)
    return name not in {WGS84, GCJ02, BD09} and bool(_crs(name).is_projected)


def in_china_box(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Tell which points lie in the box where GCJ-02 applies; outside, the shifts are zero by definition."""
    x = np.asarray(lon, dtype=np.float64)
    y = np.asarray(lat, dtype=np.float64)
    return (x >= _CHINA[0]) & (x <= _CHINA[1]) & (y >= _CHINA[2]) & (y <= _CHINA[3])


def _shift(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return the GCJ-02 offset in degrees at WGS-84 points (the published polynomial-and-sines formula)."""
    x = lon - 105.0
    y = lat - 35.0
    root = np.sqrt(np.abs(x))
    common = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    dlat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    dlat = dlat + (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    dlat = dlat + (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    dlon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    dlon = dlon + (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    dlon = dlon + (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    magic = 1.0 - _EE * np.sin(phi) ** 2
    dlat = dlat * 180.0 / ((_A * (1.0 - _EE)) / (magic * np.sqrt(magic)) * np.pi)
    dlon = dlon * 180.0 / (_A / np.sqrt(magic) * np.cos(phi) * np.pi)
    return dlon, dlat


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Return GCJ-02 of WGS-84 points (degrees, any shape); points outside China pass unchanged."""
    x = np.array(lon, dtype=np.float64)
    y = np.array(lat, dtype=np.float64)
    inside = in_china_box(x, y)
    dx, dy = _shift(np.where(inside, x, 105.0), np.where(inside, y, 35.0))
    return np.where(inside, x + dx, x), np.where(inside, y + dy, y)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Return WGS-84 of GCJ-02 points; the forward formula of the result gives the input back to below 1 mm."""
    gx = np.array(lon, dtype=np.float64)
    gy = np.array(lat, dtype=np.float64)
    inside = in_china_box(gx, gy)
    x, y = np.where(inside, gx, 105.0), np.where(inside, gy, 35.0)
    for _ in range(_MAX_ROUNDS):
        dx, dy = _shift(x, y)
        nx = np.where(inside, gx - dx, 105.0)
        ny = np.where(inside, gy - dy, 35.0)
        settled = _settled(nx, x, ny, y)
        x, y = nx, ny
        if settled:
            break
    return np.where(inside, x, gx), np.where(inside, y, gy)


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Return BD-09 of GCJ-02 points; points outside China pass unchanged."""
    x = np.array(lon, dtype=np.float64)
    y = np.array(lat, dtype=np.float64)
    inside = in_china_box(x, y)
    bx, by = _bd_forward(np.where(inside, x, 105.0), np.where(inside, y, 35.0))
    return np.where(inside, bx, x), np.where(inside, by, y)


def _bd_forward(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    z = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_SHIFT)
    theta = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_SHIFT)
    return z * np.cos(theta) + 0.0065, z * np.sin(theta) + 0.006


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Return GCJ-02 of BD-09 points, iterated against the forward formula (the usual one-step inverse is some 0.5 m
    off)."""
    bx = np.array(lon, dtype=np.float64)
    by = np.array(lat, dtype=np.float64)
    inside = in_china_box(bx, by)
    x = np.where(inside, bx - 0.0065, 105.0)
    y = np.where(inside, by - 0.006, 35.0)
    for _ in range(_MAX_ROUNDS):
        fx, fy = _bd_forward(x, y)
        nx = np.where(inside, x + (bx - fx), 105.0)
        ny = np.where(inside, y + (by - fy), 35.0)
        settled = _settled(nx, x, ny, y)
        x, y = nx, ny
        if settled:
            break
    return np.where(inside, x, bx), np.where(inside, y, by)


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Return BD-09 of WGS-84 points."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Return WGS-84 of BD-09 points."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def _settled(nx: Floats, x: Floats, ny: Floats, y: Floats) -> bool:
    """True when no finite coordinate moved by more than the tolerance; NaN never settles and never hinders."""
    if nx.size == 0:
        return True
    moved = np.fmax(np.abs(nx - x), np.abs(ny - y))
    return not bool(np.any(moved > _TOLERANCE_DEG))


def to_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> tuple[Floats, Floats]:
    """Return WGS-84 lon/lat (degrees) of coordinates given in ``crs``.

    ``crs`` is "wgs84", "gcj02", "bd09" or "epsg:N"; for a projected system ``lon`` is the easting (x) and ``lat``
    the northing (y), metres.
    What cannot be transformed comes back as NaN, never as infinity. Raises Rejected for an unknown system.
    """
    name = normal_crs(crs)
    if name == WGS84:
        return np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    if name == GCJ02:
        return gcj02_to_wgs84(lon, lat)
    if name == BD09:
        return bd09_to_wgs84(lon, lat)
    x, y = _transformer(name).transform(np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64))
    out_x, out_y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    good = np.isfinite(out_x) & np.isfinite(out_y)
    return np.where(good, out_x, np.nan), np.where(good, out_y, np.nan)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str) -> tuple[Floats, Floats]:
    """Return coordinates in ``crs`` of WGS-84 points: the inverse of :func:`to_wgs84`."""
    name = normal_crs(crs)
    if name == WGS84:
        return np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    if name == GCJ02:
        return wgs84_to_gcj02(lon, lat)
    if name == BD09:
        return wgs84_to_bd09(lon, lat)
    x, y = _transformer(name).transform(
        np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64), direction="INVERSE"
    )
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
