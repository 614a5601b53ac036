"""A flat metric frame around the demo district: metres east and north of an origin, good to a metre over 30 km."""
from __future__ import annotations

from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

_METRES_A_DEGREE = 111_195.0


class Frame:
    """Local east/north metres about (`lon0`, `lat0`); equirectangular: for generating and walking, not for survey."""

    def __init__(self, lon0: float, lat0: float) -> None:
        self.lon0 = lon0
        self.lat0 = lat0
        self.kx = _METRES_A_DEGREE * float(np.cos(np.radians(lat0)))
        self.ky = _METRES_A_DEGREE

    def to_m(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """Metres east and north of degrees."""
        return ((np.asarray(lon, dtype=np.float64) - self.lon0) * self.kx,
                (np.asarray(lat, dtype=np.float64) - self.lat0) * self.ky)

    def to_deg(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """Degrees of metres, rounded to a centimetre (7 decimals)."""
        return (np.round(np.asarray(x, dtype=np.float64) / self.kx + self.lon0, 7),
                np.round(np.asarray(y, dtype=np.float64) / self.ky + self.lat0, 7))

    def geometry_to_m(self, geometry: BaseGeometry) -> BaseGeometry:
        """A geometry in degrees as metres."""
        def move(xy: Floats) -> Floats:
            return np.column_stack(self.to_m(xy[:, 0], xy[:, 1]))
        return shapely.transform(geometry, move)

    def geometries_to_deg(self, geometries: NDArray[np.object_]) -> NDArray[np.object_]:
        """Geometries in metres as degrees."""
        def move(xy: Floats) -> Floats:
            return np.column_stack(self.to_deg(xy[:, 0], xy[:, 1]))
        return np.asarray(shapely.transform(geometries, move), dtype=object)
