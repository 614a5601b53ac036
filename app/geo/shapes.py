"""Polygons and outlines: repair of invalid polygons, and the question whether lon and lat were swapped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

_REPAIR_LOSS = 0.01  # a repair that changes the area by more than this share deserves a look


@dataclass(frozen=True, slots=True)
class Repair:
    """The outcome of a repair: the usable polygon, why it was invalid ("" when it was not), how its area changed
    (share)."""

    geometry: BaseGeometry
    reason: str = ""
    area_change: float = 0.0

    @property
    def changed(self) -> bool:
        """True when the polygon had to be repaired."""
        return bool(self.reason)

    @property
    def doubtful(self) -> bool:
        """True when the repair changed the area so much that a person ought to look at it."""
        return self.area_change > _REPAIR_LOSS


def repair_polygon(geometry: BaseGeometry) -> Repair:
    """Return a valid polygonal geometry: the same if it was valid, else its make_valid with stray points and lines
    dropped.

    A geometry that has no area left comes back empty.
    """
    if geometry.geom_type in {"Polygon", "MultiPolygon"} and geometry.is_valid:
        return Repair(geometry)
    reason = str(shapely.is_valid_reason(geometry)).split("[")[0].strip()
    fixed = polygonal(shapely.make_valid(geometry))
    before = abs(float(geometry.area))
    change = abs(float(fixed.area) - before) / before if before > 0.0 else 0.0
    return Repair(fixed, reason or geometry.geom_type, change)


def polygonal(geometry: BaseGeometry) -> BaseGeometry:
    """Return only the polygons of a geometry, as Polygon or MultiPolygon (an empty one if there are none)."""
    if geometry.geom_type in {"Polygon", "MultiPolygon"}:
        return geometry
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type in {"Polygon", "MultiPolygon"}]
    if not parts:
        return shapely.MultiPolygon()
    return shapely.union_all(parts)


@dataclass(frozen=True, slots=True)
class SwapSuspicion:
    """How many points lie near the outline as they are, and how many only with lon and lat exchanged."""

    points: int
    inside: int
    inside_swapped: int

    @property
    def suspected(self) -> bool:
        """True when most points fit only after an exchange."""
        return self.inside_swapped > 0 and self.inside_swapped > self.inside and 2 * self.inside_swapped >= self.points


def swapped_points(lon: ArrayLike, lat: ArrayLike, outline: BaseGeometry, margin_deg: float = 0.2) -> np.ndarray:
    """Tell which points lie far from the outline as they are and near it with lon and lat exchanged. Shape (n,) of
    bool.

    Near means within the outline's bounding box grown by ``margin_deg``: neighbours' points are no suspects.
    """
    inside, swapped = _near(lon, lat, outline, margin_deg)
    return np.asarray(swapped & ~inside, dtype=np.bool_)


def swap_suspicion(lon: ArrayLike, lat: ArrayLike, outline: BaseGeometry, margin_deg: float = 0.2) -> SwapSuspicion:
    """Count for a whole file what :func:`swapped_points` tells for each point; points that are not finite do not
    count."""
    inside, swapped = _near(lon, lat, outline, margin_deg)
    finite = np.isfinite(np.asarray(lon, dtype=np.float64)) & np.isfinite(np.asarray(lat, dtype=np.float64))
    return SwapSuspicion(int(finite.sum()), int(inside.sum()), int((swapped & ~inside).sum()))


def _near(
    lon: ArrayLike, lat: ArrayLike, outline: BaseGeometry, margin_deg: float
) -> tuple[np.ndarray, np.ndarray]:
    x = np.atleast_1d(np.asarray(lon, dtype=np.float64))
    y = np.atleast_1d(np.asarray(lat, dtype=np.float64))
    west, south, east, north = (float(v) for v in shapely.bounds(outline))
    west, south, east, north = west - margin_deg, south - margin_deg, east + margin_deg, north + margin_deg
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    swapped = (y >= west) & (y <= east) & (x >= south) & (x <= north)
    return inside, swapped
