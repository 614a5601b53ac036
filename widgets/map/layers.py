"""What the map can show, as plain data: WGS-84 longitude/latitude in degrees, arrays of equal length, no store, no Qt.

Every class checks its lengths when made and raises ``ValueError`` naming the field. A point whose longitude or latitude
is not finite is kept in the layer and never drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
ByteArray = NDArray[np.int8]
BoolArray = NDArray[np.bool_]
Ring = NDArray[np.float64]
Polygon = Sequence[Ring]

DISTRICT, STREET, COMMUNITY, GRID = 0, 1, 2, 3

METRIC_OPEN: Final = "open"
METRIC_OVERDUE: Final = "overdue"
METRIC_HOUSEHOLDS: Final = "households"
METRICS: Final = (METRIC_OPEN, METRIC_OVERDUE, METRIC_HOUSEHOLDS)
METRIC_STEPS: Final[Mapping[str, tuple[float, float, float]]] = {
    METRIC_OPEN: (1.0, 3.0, 6.0),
    METRIC_OVERDUE: (0.000001, 0.10, 0.25),
    METRIC_HOUSEHOLDS: (101.0, 151.0, 201.0),
}
"""Lower bounds of the second, third and fourth step. Households: 200 is the customer's limit of an ordinary grid."""
ORDINARY_OPEN: Final = 12.0
"""Up to so many open incidents in the busiest area the steps of `METRIC_STEPS` hold; beyond, they follow the data."""
_ROUND: Final = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)


def _round_number(value: float) -> float:
    """The nearest of 10, 15, 20, 30, 50, 70, 100, ...; below 10 the nearest whole number."""
    if value < 10.0:
        return float(round(value))
    power = 10.0 ** np.floor(np.log10(value))
    return float(min(_ROUND, key=lambda r: abs(r * power - value)) * power)


def open_steps(values: Sequence[float]) -> tuple[float, float, float]:
    """Lower bounds of the second, third and fourth step : rounded thirds of the areas that have any."""
    some = [v for v in values if np.isfinite(v) and v > 0]
    if not some or max(some) <= ORDINARY_OPEN:
        return METRIC_STEPS[METRIC_OPEN]
    lower, upper = (_round_number(float(q)) for q in np.quantile(some, (1 / 3, 2 / 3)))
    lower = max(2.0, lower)
    return 1.0, lower, max(lower + 1.0, upper)


PHASE_NEW, PHASE_IN_HAND, PHASE_ON_SCENE, PHASE_ANSWERED = 0, 1, 2, 3
UNIT_FREE, UNIT_GOING, UNIT_ON_SCENE, UNIT_OFF, UNIT_UNKNOWN = 0, 1, 2, 3, 4
CAMERA_OK, CAMERA_OFFLINE, CAMERA_UNKNOWN = 0, 1, 2
TRACK_UNIT, TRACK_DRONE = 0, 1
ROAD_TRUNK, ROAD_PRIMARY, ROAD_SECONDARY, ROAD_TERTIARY, ROAD_LOCAL, ROAD_PATH = range(6)
POSITION_STALE_S: Final = 60.0
"""A position older than this is shown as stale (FIELD.md 4.6: a frozen position is never shown as live)."""

KIND_INCIDENT: Final = "incident"
KIND_UNIT: Final = "unit"
KIND_DRONE: Final = "drone"
KIND_CAMERA: Final = "camera"
KIND_COMPONENT: Final = "component"
KIND_AREA: Final = "area"
KIND_CLUSTER: Final = "cluster"


def _same_length(owner: str, count: int, **arrays: Sequence[Any] | NDArray[Any] | None) -> None:
    for name, value in arrays.items():
        if value is not None and len(value) != count:
            raise ValueError(f"{owner}.{name} has {len(value)} entries, ids has {count}")


def _floats(value: Any, count: int, default: float) -> FloatArray:
    return np.full(count, default) if value is None else np.ascontiguousarray(value, dtype=np.float64)


def _bytes(value: Any, count: int, default: int) -> ByteArray:
    return np.full(count, default, np.int8) if value is None else np.ascontiguousarray(value, dtype=np.int8)


@dataclass(frozen=True, eq=False)
class AreaLayer:
    """Areas of every level. ``polygons[i]`` are the polygons of area i, each ``[outer ring, hole, hole ...]`` of (n,
    2)."""

    ids: Sequence[str]
    labels: Sequence[str]
    levels: ByteArray
    polygons: Sequence[Sequence[Polygon]]
    dedicated: BoolArray | None = None
    parents: Sequence[str] | None = None
    generated: bool = False

    def __post_init__(self) -> None:
        count = len(self.ids)
        object.__setattr__(self, "levels", _bytes(self.levels, count, GRID))
        flags = np.zeros(count, np.bool_) if self.dedicated is None else np.asarray(self.dedicated, np.bool_)
        object.__setattr__(self, "dedicated", flags)
        _same_length(
            "AreaLayer", count, labels=self.labels, levels=self.levels, polygons=self.polygons, dedicated=flags
        )

    @classmethod
    def empty(cls) -> AreaLayer:
        return cls([], [], np.zeros(0, np.int8), [])


@dataclass(frozen=True, eq=False)
class BaseLayer:
    """The vector base: lines and polygons as (n, 2) arrays. ``road_class`` runs from 0 trunk to 5 path."""

    roads: Sequence[Ring] = ()
    road_class: ByteArray | None = None
    road_names: Sequence[str] = ()
    water_lines: Sequence[Ring] = ()
    water: Sequence[Polygon] = ()
    greens: Sequence[Polygon] = ()
    buildings: Sequence[Polygon] = ()
    attribution: str = ""
    generated: bool = False

    def __post_init__(self) -> None:
        count = len(self.roads)
        object.__setattr__(self, "road_class", _bytes(self.road_class, count, ROAD_LOCAL))
        _same_length("BaseLayer", count, road_class=self.road_class)


@dataclass(frozen=True, eq=False)
class RasterLayer:
    """A raster base named by a plain description the tile process opens, e.g. ``{"kind": "mbtiles", "path": ...}``."""

    source: Mapping[str, Any]
    attribution: str = ""
    min_zoom: int = 0
    max_zoom: int = 18
    opacity: float = 1.0


@dataclass(frozen=True, eq=False)
class PointLayer:
    """Components: ``kind`` indexes ``kinds`` (names) and decides the glyph."""

    ids: Sequence[str]
    lon: FloatArray
    lat: FloatArray
    kind: ByteArray | None = None
    kinds: Sequence[str] = ()

    def __post_init__(self) -> None:
        count = len(self.ids)
        object.__setattr__(self, "lon", _floats(self.lon, count, np.nan))
        object.__setattr__(self, "lat", _floats(self.lat, count, np.nan))
        object.__setattr__(self, "kind", _bytes(self.kind, count, 0))
        _same_length("PointLayer", count, lon=self.lon, lat=self.lat, kind=self.kind)


@dataclass(frozen=True, eq=False)
class CameraLayer:
    """Cameras and lookouts. Heading in degrees clockwise from north (NaN: unknown), field of view in degrees, range
    in m."""

    ids: Sequence[str]
    lon: FloatArray
    lat: FloatArray
    heading: FloatArray | None = None
    fov: FloatArray | None = None
    range_m: FloatArray | None = None
    state: ByteArray | None = None
    lookout: BoolArray | None = None

    def __post_init__(self) -> None:
        count = len(self.ids)
        for name, default in (("lon", np.nan), ("lat", np.nan), ("heading", np.nan), ("fov", 60.0), ("range_m", 60.0)):
            object.__setattr__(self, name, _floats(getattr(self, name), count, default))
            _same_length("CameraLayer", count, **{name: getattr(self, name)})
        object.__setattr__(self, "state", _bytes(self.state, count, CAMERA_UNKNOWN))
        flags = np.zeros(count, np.bool_) if self.lookout is None else np.asarray(self.lookout, np.bool_)
        object.__setattr__(self, "lookout", flags)
        _same_length("CameraLayer", count, state=self.state, lookout=flags)


@dataclass(frozen=True, eq=False)
class IncidentMarks:
    """Incidents: level 1 to 4, phase (PHASE_*), ``pulse`` for a new one of level I or II."""

    ids: Sequence[str]
    lon: FloatArray
    lat: FloatArray
    level: ByteArray | None = None
    phase: ByteArray | None = None
    pulse: BoolArray | None = None

    def __post_init__(self) -> None:
        count = len(self.ids)
        object.__setattr__(self, "lon", _floats(self.lon, count, np.nan))
        object.__setattr__(self, "lat", _floats(self.lat, count, np.nan))
        object.__setattr__(self, "level", np.clip(_bytes(self.level, count, 4), 1, 4))
        object.__setattr__(self, "phase", np.clip(_bytes(self.phase, count, PHASE_IN_HAND), 0, 3))
        flags = np.zeros(count, np.bool_) if self.pulse is None else np.asarray(self.pulse, np.bool_)
        object.__setattr__(self, "pulse", flags)
        _same_length(
            "IncidentMarks",
            count,
            lon=self.lon,
            lat=self.lat,
            level=self.level,
            phase=self.phase,
            pulse=flags,
        )

    @classmethod
    def empty(cls) -> IncidentMarks:
        return cls([], np.zeros(0), np.zeros(0))


@dataclass(frozen=True, eq=False)
class UnitMarks:
    """Forces: status (UNIT_*), age of the position in seconds (NaN: never heard), heading in degrees (NaN: unknown);
    `warn`: in trouble (drones: low battery or lost link)."""

    ids: Sequence[str]
    lon: FloatArray
    lat: FloatArray
    status: ByteArray | None = None
    age_s: FloatArray | None = None
    heading: FloatArray | None = None
    warn: BoolArray | None = None
    stale_after_s: float = POSITION_STALE_S

    def __post_init__(self) -> None:
        count = len(self.ids)
        for name, default in (("lon", np.nan), ("lat", np.nan), ("age_s", 0.0), ("heading", np.nan)):
            object.__setattr__(self, name, _floats(getattr(self, name), count, default))
            _same_length("UnitMarks", count, **{name: getattr(self, name)})
        object.__setattr__(self, "status", np.clip(_bytes(self.status, count, UNIT_UNKNOWN), 0, 4))
        warn = np.zeros(count, np.bool_) if self.warn is None else np.asarray(self.warn, np.bool_)
        object.__setattr__(self, "warn", warn)
        _same_length("UnitMarks", count, status=self.status, warn=warn)

    @classmethod
    def empty(cls) -> UnitMarks:
        return cls([], np.zeros(0), np.zeros(0))


@dataclass(frozen=True, eq=False)
class Track:
    """One polyline of where a unit or a drone has been, oldest point first, (n, 2) lon/lat."""

    id: str
    points: Ring
    kind: int = TRACK_UNIT


@dataclass(frozen=True)
class Hit:
    """One thing under the pointer."""

    kind: str
    id: str
    distance_px: float = 0.0


@dataclass(frozen=True)
class SelectionShape:
    """What the operator drew: ``rectangle`` (two corners), ``polygon`` (corners) or ``radius`` (centre, radius in
    m)."""

    kind: str
    points: tuple[tuple[float, float], ...]
    radius_m: float = 0.0


@dataclass(frozen=True)
class AreaSelection:
    """A drawn shape and the ids inside it, per kind of layer; areas are those whose inside overlaps it."""

    shape: SelectionShape
    inside: Mapping[str, Sequence[str]] = field(default_factory=dict)
