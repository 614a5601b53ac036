"""The vector base of a map: roads, water, greens and buildings as plain arrays, saved in one compact file."""

from __future__ import annotations

import io
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from app.domain.faults import KnownFault, Message, why_of
from app.geo.shapes import polygonal

Ring: TypeAlias = NDArray[np.float64]  # (n, 2): lon, lat in degrees, WGS-84
Polygon: TypeAlias = Sequence[Ring]  # the outer ring, then its holes

ROAD_TRUNK, ROAD_PRIMARY, ROAD_SECONDARY, ROAD_TERTIARY, ROAD_LOCAL, ROAD_PATH = range(6)
_VERSION: Final = 1
# What numpy and zipfile raise on files that are no archives of arrays, or broken ones.
_BROKEN: Final = (
    OSError, ValueError, LookupError, EOFError, TypeError, AttributeError, SyntaxError, NotImplementedError,
    ArithmeticError, MemoryError, RecursionError, RuntimeError, Warning, zipfile.BadZipFile, zlib.error,
    tokenize.TokenError,
)  # fmt: skip
_SCALE: Final = 1e7  # stored as int32: 1 cm at the equator
_LINES: Final = ("roads", "water_lines")
_AREAS: Final = ("water", "greens", "buildings")

_ROADS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("motorway", "motorway_link", "trunk", "trunk_link", "expressway", "highway", "高速"), ROAD_TRUNK),
    **dict.fromkeys(("primary", "primary_link", "major", "main", "major highway", "国道", "主干道"), ROAD_PRIMARY),
    **dict.fromkeys(("secondary", "secondary_link", "secondary highway", "省道", "次干道"), ROAD_SECONDARY),
    **dict.fromkeys(("tertiary", "tertiary_link", "minor", "beltway", "县道", "支路"), ROAD_TERTIARY),
    **dict.fromkeys(
        ("residential", "unclassified", "living_street", "service", "road", "street", "local", "track", "道路"),
        ROAD_LOCAL,
    ),
    **dict.fromkeys(("path", "footway", "pedestrian", "cycleway", "steps", "bridleway", "corridor", "小路"), ROAD_PATH),
}
_WATER: Final = frozenset(
    ["water", "river", "riverbank", "lake", "reservoir", "canal", "stream", "ditch", "drain", "basin", "pond",
     "wetland", "ocean", "sea", "dock", "lake", "centerline", "river", "(intermittent)", "水系", "河流", "湖泊", "水库",
     "渠道"]
) | {"lake centerline", "river (intermittent)", "alkaline lake"}
_GREEN: Final = frozenset(
    ["park", "wood", "forest", "grass", "garden", "meadow", "scrub", "heath", "grassland", "green",
     "recreation_ground", "golf_course", "pitch", "cemetery", "allotments", "orchard", "nature_reserve",
     "village_green", "playground", "farmland", "绿地", "公园", "林地"]
)
_WATER_TAGS: Final = ("waterway", "water")
_CLASS_TAGS: Final = ("class", "fclass", "featurecla", "kind", "type", "layer", "类别", "类型")


def classify(tags: Mapping[str, str]) -> tuple[str, int] | None:
    """Return (layer, road class) for a feature's properties in OSM's words or a plain "class", None for what is not
    drawn.

    Layers: roads, water (a line of it is a water line), greens, buildings.
    """
    highway = tags.get("highway", "")
    if highway:
        return ("roads", _ROADS[highway]) if highway in _ROADS else None
    building = tags.get("building", "")
    if building and building != "no":
        return "buildings", 0
    if any(tags.get(tag) for tag in _WATER_TAGS) or tags.get("natural") in _WATER or tags.get("landuse") in _WATER:
        return "water", 0
    if any(tags.get(tag, "") in _GREEN for tag in ("landuse", "leisure", "natural")):
        return "greens", 0
    for tag in _CLASS_TAGS:
        found = _by_word(tags.get(tag, "").strip().lower())
        if found is not None:
            return found
    return None


def _by_word(word: str) -> tuple[str, int] | None:
    if not word:
        return None
    if word in _ROADS:
        return "roads", _ROADS[word]
    if word in _WATER or word.startswith(("river", "lake", "water")):
        return "water", 0
    if word in _GREEN or word.startswith(("green", "park")):
        return "greens", 0
    if word.startswith(("building", "house")) or word == "建筑":
        return "buildings", 0
    if word.startswith("road"):
        return "roads", ROAD_LOCAL
    return None


@dataclass(frozen=True, slots=True, eq=False)
class BaseMap:
    """Lines and polygons of a base map; ``road_class`` runs from 0 trunk to 5 path, one per road."""

    roads: Sequence[Ring] = ()
    road_class: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8))
    road_names: Sequence[str] = ()
    water_lines: Sequence[Ring] = ()
    water: Sequence[Polygon] = ()
    greens: Sequence[Polygon] = ()
    buildings: Sequence[Polygon] = ()
    attribution: str = ""
    generated: bool = False

    @property
    def count(self) -> int:
        """Number of shapes of all layers."""
        return sum(len(getattr(self, name)) for name in (*_LINES, *_AREAS))

    def merged(self, other: BaseMap) -> BaseMap:
        """Return both bases as one: a city's rivers, lakes and roads often come as several files."""
        notes = [note for note in (self.attribution, other.attribution) if note]
        return BaseMap(
            [*self.roads, *other.roads],
            np.concatenate([self.road_class, other.road_class]),
            [*self.road_names, *other.road_names],
            [*self.water_lines, *other.water_lines],
            [*self.water, *other.water],
            [*self.greens, *other.greens],
            [*self.buildings, *other.buildings],
            "; ".join(dict.fromkeys(notes)),
            self.generated or other.generated,
        )

    def to_bytes(self) -> bytes:
        """Return the file's content: a numpy archive without pickles, coordinates as int32 of 1e-7 degrees."""
        arrays: dict[str, NDArray[Any]] = {
            "version": np.array([_VERSION]),
            "road_class": np.asarray(self.road_class, np.int8),
            # Texts as bytes: numpy's own string arrays can hold what is no text.
            "road_names": _text_bytes("\n".join(name.replace("\n", " ") for name in self.road_names)),
            "note": _text_bytes(self.attribution),
            "generated": np.array([self.generated]),
        }
        for name in _LINES:
            _pack(arrays, name, [[line] for line in getattr(self, name)])
        for name in _AREAS:
            _pack(arrays, name, getattr(self, name))
        out = io.BytesIO()
        np.savez_compressed(out, **arrays)  # type: ignore[arg-type]
        return out.getvalue()

    def save(self, path: Path) -> None:
        """Write the file; it appears whole or not at all."""
        part = path.with_name(path.name + ".part")
        part.write_bytes(self.to_bytes())
        part.replace(path)

    @classmethod
    def from_bytes(cls, data: bytes) -> BaseMap:
        """Return the base in a file's content. Raises KnownFault for anything else."""
        return _load(io.BytesIO(data), "base map")

    @classmethod
    def load(cls, path: Path) -> BaseMap:
        """Return the base in a file. Raises KnownFault if it cannot be read or is none."""
        try:
            return _load(io.BytesIO(path.read_bytes()), path.name)
        except OSError as error:
            reason = why_of(error)
            told = {"file": str(path), "reason": reason}
            raise KnownFault(Message("{file} cannot be read: {reason}", told)) from None


def _pack(arrays: dict[str, NDArray[Any]], name: str, items: Sequence[Polygon]) -> None:
    """Put nested rings as three flat arrays: points, rings' starts among the points, items' starts among the rings."""
    rings = [ring for item in items for ring in item]
    points = np.concatenate(rings) if rings else np.empty((0, 2))
    arrays[f"{name}_points"] = np.round(points * _SCALE).astype(np.int32)
    arrays[f"{name}_rings"] = np.cumsum([0, *(len(ring) for ring in rings)], dtype=np.int64)
    arrays[f"{name}_items"] = np.cumsum([0, *(len(item) for item in items)], dtype=np.int64)


def _text_bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode("utf-8", "replace"), np.uint8)


def _unpack(archive: Any, name: str) -> list[list[Ring]]:
    points = archive[f"{name}_points"].astype(np.float64) / _SCALE
    starts, items = archive[f"{name}_rings"], archive[f"{name}_items"]
    if points.ndim != 2 or points.shape[1] != 2 or int(starts[-1]) != len(points) or int(items[-1]) != len(starts) - 1:
        raise ValueError(name)
    if (np.diff(starts) < 0).any() or (np.diff(items) < 0).any() or starts[0] != 0 or items[0] != 0:
        raise ValueError(name)
    rings = np.split(points, starts[1:-1]) if len(starts) > 1 else []
    return [rings[a:b] for a, b in zip(items[:-1].tolist(), items[1:].tolist(), strict=True)]


def _load(stream: io.BytesIO, where: str) -> BaseMap:
    try:
        with warnings.catch_warnings(), np.load(stream, allow_pickle=False) as archive:
            warnings.simplefilter("error")
            if int(archive["version"][0]) != _VERSION:
                raise ValueError("version")
            roads = [item[0] for item in _unpack(archive, "roads")]
            names = bytes(archive["road_names"].astype(np.uint8)).decode("utf-8").split("\n")
            classes = archive["road_class"].astype(np.int8)
            if len(classes) != len(roads):
                raise ValueError("road_class")
            return BaseMap(
                roads,
                classes,
                (names + [""] * len(roads))[: len(roads)],
                [item[0] for item in _unpack(archive, "water_lines")],
                _unpack(archive, "water"),
                _unpack(archive, "greens"),
                _unpack(archive, "buildings"),
                bytes(archive["note"].astype(np.uint8)).decode("utf-8"),
                bool(archive["generated"][0]),
            )
    except _BROKEN:
        raise KnownFault(Message("{file} is no base map of this program", {"file": where})) from None


class BaseBuilder:
    """Collects features into a base map; what has no layer is counted and left out."""

    def __init__(self, attribution: str = "", generated: bool = False) -> None:
        self._roads: list[Ring] = []
        self._classes: list[int] = []
        self._names: list[str] = []
        self._water_lines: list[Ring] = []
        self._areas: dict[str, list[list[Ring]]] = {name: [] for name in _AREAS}
        self._attribution = attribution
        self._generated = generated
        self.left_out = 0

    def add(self, shape: BaseGeometry, layer: tuple[str, int] | None, name: str = "") -> bool:
        """Take one geometry (WGS-84) into its layer; False if there is nothing of it to draw there."""
        if layer is None or shape.is_empty:
            self.left_out += 1
            return False
        kind, road_class = layer
        lines = [part for part in shapely.get_parts(shape) if part.geom_type in ("LineString", "LinearRing")]
        if kind == "roads" or (kind == "water" and lines):
            for line in lines:
                self._line(kind, shapely.get_coordinates(line), road_class, name)
            if lines:
                return True
            if kind == "roads":
                return self._ground(shape, road_class, name)
        added = False
        if kind in self._areas:
            for polygon in shapely.get_parts(polygonal(shape)):
                if not polygon.is_empty:
                    rings = [polygon.exterior, *polygon.interiors]
                    self._areas[kind].append([shapely.get_coordinates(ring) for ring in rings])
                    added = True
        self.left_out += not added
        return added

    def _line(self, kind: str, points: Ring, road_class: int, name: str) -> None:
        if kind == "roads":
            self._roads.append(points)
            self._classes.append(road_class)
            self._names.append(name)
        else:
            self._water_lines.append(points)

    def _ground(self, shape: BaseGeometry, road_class: int, name: str) -> bool:
        """A road drawn as an area (a square, a pedestrian zone): its outline."""
        polygons = [part for part in shapely.get_parts(polygonal(shape)) if not part.is_empty]
        for polygon in polygons:
            self._line("roads", shapely.get_coordinates(polygon.exterior), road_class, name)
        self.left_out += not polygons
        return bool(polygons)

    def build(self) -> BaseMap:
        """Return the base map."""
        return BaseMap(
            self._roads,
            np.array(self._classes, np.int8),
            self._names,
            self._water_lines,
            self._areas["water"],
            self._areas["greens"],
            self._areas["buildings"],
            self._attribution,
            self._generated,
        )
