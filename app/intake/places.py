"""Texts → positions and geometries: numbers with their traps, points in one column, and where China is."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from app.geo.datum import to_wgs84
from app.intake.limits import LIBRARY_FAULTS, MAX_VERTICES

# A coarse outline of China's mainland, Hainan and Taiwan, some 30 km outside the border: only to decide whether a
# source has to say its datum. Neighbours' cities (Seoul, Hanoi, Almaty, Ulaanbaatar, Delhi) lie outside.
_CHINA: Final = shapely.Polygon(
    [
        (73.3, 39.4), (74.7, 40.6), (79.8, 42.3), (80.0, 45.2), (82.3, 45.6), (85.3, 48.5), (87.8, 49.4), (91.2, 47.0),
        (95.6, 44.5), (101.0, 42.8), (106.5, 42.5), (111.5, 45.3), (116.5, 47.2), (115.4, 48.2), (117.5, 49.9),
        (119.8, 52.4), (121.2, 53.6), (125.8, 53.4), (130.8, 48.9), (135.2, 48.7), (133.0, 44.8), (131.2, 42.4),
        (128.0, 41.3), (124.3, 39.7), (122.5, 38.5), (123.0, 36.5), (122.8, 30.5), (122.3, 25.3), (121.2, 21.7),
        (113.5, 21.4), (111.3, 17.9), (108.3, 18.0), (108.0, 21.3), (105.6, 23.2), (101.8, 21.0), (98.7, 23.8),
        (97.3, 28.0), (92.0, 27.5), (86.0, 27.7), (81.0, 29.8), (78.3, 31.6), (78.8, 33.6), (76.0, 35.6), (73.3, 39.4),
    ]
)  # fmt: skip
shapely.prepare(_CHINA)

_DMS = re.compile(
    r"^\s*([+-]?\d{1,3})\s*[°度d:]\s*(\d{1,2})\s*['′’分m:]?\s*(?:(\d{1,2}(?:\.\d+)?)\s*[\"″”秒s]?)?\s*([NSEW北南东西]?)\s*$",
    re.IGNORECASE,
)
_PAIR = re.compile(r"^\s*[(（\[]?\s*([+-]?\d+(?:\.\d+)?)\s*[,，;\s]\s*([+-]?\d+(?:\.\d+)?)\s*[)）\]]?\s*$")
_WKT_POINT = re.compile(
    r"^\s*(?:SRID=\d+;)?\s*POINT\s*Z?\s*\(\s*([+-]?[\d.eE+-]+)\s+([+-]?[\d.eE+-]+)(?:\s+[\d.eE+-]+)?\s*\)\s*$", re.I
)
_HEX: Final = re.compile(r"^[0-9A-Fa-f]{18,}$")


def number(text: str, decimal_comma: bool = False) -> float:
    """Return the number that a text says; raises ValueError for none, NaN, infinity and the like of "1_000"."""
    body = text.strip().replace("−", "-").replace("＋", "+").replace("\u00a0", "").replace(" ", "")
    if decimal_comma:
        body = body.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", body):
        body = body.replace(",", "")
    if "_" in body:
        raise ValueError(text)
    value = float(body)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def degrees(text: str, decimal_comma: bool = False) -> float:
    """Return an angle: a number, or degrees, minutes and seconds ("117°03'12.5\"E"). Raises ValueError."""
    try:
        return number(text.rstrip("°度"), decimal_comma)
    except ValueError:
        match = _DMS.match(text)
        if match is None:
            raise
    whole, minutes, seconds, side = match.groups()
    value = abs(int(whole)) + int(minutes) / 60.0 + float(seconds or 0.0) / 3600.0
    return -value if whole.startswith("-") or side.upper() in ("S", "W", "南", "西") else value


def numbers(texts: list[str], decimal_comma: bool = False) -> tuple[NDArray[np.float64], list[int]]:
    """Return the numbers of a column (blank: NaN) and the indices of the texts that are none."""
    if not decimal_comma:
        try:
            values = np.array([float(text) if text else math.nan for text in texts], dtype=np.float64)
        except ValueError:
            pass
        else:
            odd = np.flatnonzero(~np.isfinite(values)).tolist()
            bad = [i for i in odd if texts[i]]
            values[odd] = math.nan
            if "_" not in "".join(texts):
                return values, bad
    values = np.full(len(texts), math.nan)
    bad = []
    for i, text in enumerate(texts):
        if text:
            try:
                values[i] = degrees(text, decimal_comma)
            except (ValueError, OverflowError):
                bad.append(i)
    return values, bad


def point_of(value: object, order: str = "") -> tuple[float, float]:
    """Return (x, y) of a point in one column: WKT, hexadecimal WKB, GeoJSON, "(lat, lon)", "lon,lat". Raises
    ValueError.

    ``order`` ("lonlat", "latlon") settles pairs; without it a pair in brackets is lat, lon (as open data portals write
    it) and a bare one lon, lat (as Chinese map services write it), unless the first cannot be a latitude.
    """
    if isinstance(value, dict | list):
        return _geojson_point(value)
    text = str(value).strip()
    match = _WKT_POINT.match(text)
    if match:
        return number(match.group(1)), number(match.group(2))
    match = _PAIR.match(text)
    if match:
        first, second = number(match.group(1)), number(match.group(2))
        lat_first = order == "latlon" or (not order and text[0] in "(（[" and abs(first) <= 90.0)
        return (second, first) if lat_first else (first, second)
    if text.startswith("{"):
        return _geojson_point(json.loads(text))
    point = geometry_of(text)
    middle = point if point.geom_type == "Point" else point.representative_point()
    return float(middle.x), float(middle.y)


def _geojson_point(value: object) -> tuple[float, float]:
    if isinstance(value, dict) and value.get("type") == "Point":
        value = value.get("coordinates")
    if isinstance(value, list | tuple):
        if len(value) >= 2 and all(isinstance(v, int | float) and not isinstance(v, bool) for v in value[:2]):
            return float(value[0]), float(value[1])
        raise ValueError("no point")
    shape: Any = geometry_of(value)
    middle = shape.representative_point()
    return float(middle.x), float(middle.y)


def geometry_of(value: object) -> Any:
    """Return the shapely geometry of a GeoJSON object, WKT or hexadecimal WKB, not yet checked. Raises ValueError."""
    try:
        if isinstance(value, str):
            text = value.strip()
            if text.startswith("{"):
                return geometry_of(json.loads(text))
            if _HEX.match(text):
                shape = shapely.from_wkb(bytes.fromhex(text))
            else:
                shape = shapely.from_wkt(text.partition(";")[2] if text[:5].upper() == "SRID=" else text)
        elif isinstance(value, dict):
            shape = shapely.geometry.shape(value)
        else:
            raise ValueError("no geometry")
        if not shape or shape.is_empty:
            raise ValueError("an empty geometry")
        if shapely.get_num_coordinates(shape) > MAX_VERTICES:
            raise ValueError("too many points")
        if not np.isfinite(shapely.get_coordinates(shape)).all():
            raise ValueError("a coordinate is not a number")
    except shapely.errors.ShapelyError as error:
        raise ValueError(str(error).splitlines()[0][:120]) from None
    except LIBRARY_FAULTS as error:
        raise ValueError(str(error)[:120] or type(error).__name__) from None
    return shape


def transform_geometry(shape: BaseGeometry, crs: str) -> BaseGeometry:
    """Return the geometry in WGS-84, two-dimensional. Raises ValueError where a point cannot be transformed."""
    flat = shapely.force_2d(shape)
    if crs != "wgs84":
        coordinates = shapely.get_coordinates(flat)
        lon, lat = to_wgs84(coordinates[:, 0], coordinates[:, 1], crs)
        if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
            raise ValueError("outside its coordinate system")
        flat = shapely.set_coordinates(flat, np.column_stack([lon, lat]))
    return flat


def share_in_china(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> float:
    """Return the share of the finite points that lie in or near China (0 without any)."""
    good = np.isfinite(lon) & np.isfinite(lat)
    count = int(good.sum())
    if not count:
        return 0.0
    step = max(count // 2000, 1)
    x, y = lon[good][::step], lat[good][::step]
    return float(shapely.contains_xy(_CHINA, x, y).mean())
