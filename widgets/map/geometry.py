"""Many lines or polygons as flat arrays, scaled once per level, turned into one painter path per tile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath

from widgets.map.layers import FloatArray, IntArray, Polygon, Ring
from widgets.map.mercator import ring_to_world

_ELEMENT = np.dtype([("type", ">i4"), ("x", ">f8"), ("y", ">f8")])
DECIMATE_PX = 0.4


@dataclass(frozen=True, eq=False)
class Shapes:
    """``xy`` (n, 2); part p owns points ``part[p]:part[p+1]``; feature f owns parts ``feature[f]:feature[f+1]``."""

    xy: FloatArray
    part: IntArray
    feature: IntArray
    box: FloatArray
    closed: bool

    def __len__(self) -> int:
        return len(self.feature) - 1

    def inside(self, box: tuple[float, float, float, float]) -> IntArray:
        """Indices of features whose box meets ``box`` (same units as ``xy``)."""
        b = self.box
        return np.flatnonzero((b[:, 0] <= box[2]) & (b[:, 2] >= box[0]) & (b[:, 1] <= box[3]) & (b[:, 3] >= box[1]))

    def scaled(self, ppu: float, origin: tuple[float, float]) -> Shapes:
        """In pixels relative to ``origin`` (world units), points closer than DECIMATE_PX to their neighbour dropped."""
        if not len(self.xy):
            return self
        xy = (self.xy - np.asarray(origin)) * ppu
        cell = np.floor(xy / DECIMATE_PX)
        keep = np.ones(len(xy), np.bool_)
        keep[1:] = (cell[1:] != cell[:-1]).any(axis=1)
        keep[self.part[:-1]] = True
        keep[self.part[1:] - 1] = True
        counts = np.concatenate(([0], np.cumsum(keep)))
        return Shapes(xy[keep], counts[self.part], self.feature, _boxes(xy, self.part, self.feature), self.closed)

    def path(self, features: IntArray, dx: float, dy: float) -> QPainterPath:
        """One path of the features, moved by (-dx, -dy); winding fill, so overlapping areas join and holes stay open."""
        parts = _ranges(self.feature[features], self.feature[features + 1])
        starts, ends = self.part[parts], self.part[parts + 1]
        if not len(starts):
            return QPainterPath()
        xy = self.xy[_ranges(starts, ends)]
        lengths = ends - starts
        firsts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        return array_path(xy[:, 0] - dx, xy[:, 1] - dy, firsts)

    def payload(self, prefix: str) -> dict[str, Any]:
        return {f"{prefix}.xy": self.xy, f"{prefix}.part": self.part, f"{prefix}.feature": self.feature,
                f"{prefix}.box": self.box, f"{prefix}.closed": self.closed}

    @classmethod
    def from_payload(cls, data: dict[str, Any], prefix: str) -> Shapes:
        return cls(data[f"{prefix}.xy"], data[f"{prefix}.part"], data[f"{prefix}.feature"], data[f"{prefix}.box"],
                   bool(data[f"{prefix}.closed"]))

    @classmethod
    def of_lines(cls, lines: Iterable[Ring]) -> Shapes:
        """Lon/lat lines to world units; a line of fewer than two finite points becomes an empty feature."""
        return _build(([_finite(line)] for line in lines), closed=False, least=2)

    @classmethod
    def of_polygons(cls, polygons: Iterable[Sequence[Polygon]]) -> Shapes:
        """Lon/lat multipolygons to world units; outer rings turned one way, holes the other."""
        return _build((_oriented(parts) for parts in polygons), closed=True, least=4)


def _finite(ring: Ring) -> FloatArray:
    xy = ring_to_world(np.asarray(ring, np.float64)[:, :2]) if len(ring) else np.zeros((0, 2))
    return xy[np.isfinite(xy).all(axis=1)]


def _oriented(polygons: Sequence[Polygon]) -> list[FloatArray]:
    rings = []
    for polygon in polygons:
        for number, ring in enumerate(polygon):
            xy = _finite(ring)
            if len(xy) < 3:
                continue
            if (xy[0] != xy[-1]).any():
                xy = np.vstack((xy, xy[:1]))
            centred = xy - xy[0]
            area = float(np.sum(centred[:-1, 0] * centred[1:, 1] - centred[1:, 0] * centred[:-1, 1]))
            rings.append(xy if (area > 0) == (number == 0) else xy[::-1])
    return rings


def _build(features: Iterable[list[FloatArray]], closed: bool, least: int) -> Shapes:
    rings: list[FloatArray] = []
    feature = [0]
    for parts in features:
        rings += [ring for ring in parts if len(ring) >= least]
        feature.append(len(rings))
    part = np.concatenate(([0], np.cumsum([len(ring) for ring in rings]))).astype(np.int64)
    xy = np.ascontiguousarray(np.vstack(rings)) if rings else np.zeros((0, 2))
    starts = np.asarray(feature, np.int64)
    return Shapes(xy, part, starts, _boxes(xy, part, starts), closed)


def _boxes(xy: FloatArray, part: IntArray, feature: IntArray) -> FloatArray:
    """Box of each feature; an empty feature gets one that meets nothing."""
    boxes = np.full((len(feature) - 1, 4), np.nan)
    boxes[:, :2], boxes[:, 2:] = np.inf, -np.inf
    if len(xy):
        first, last = part[feature[:-1]], part[feature[1:]]
        full = np.flatnonzero(last > first)
        starts = first[full]
        for column in (0, 1):
            boxes[full, column] = np.minimum.reduceat(xy[:, column], starts)
            boxes[full, column + 2] = np.maximum.reduceat(xy[:, column], starts)
    return boxes


def _ranges(starts: IntArray, ends: IntArray) -> NDArray[np.int64]:
    """All of starts[i]:ends[i] one after another."""
    lengths = ends - starts
    total = int(lengths.sum())
    if not total:
        return np.zeros(0, np.int64)
    shift = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    return shift + np.arange(total)


def array_path(x: FloatArray, y: FloatArray, firsts: IntArray, winding: bool = True) -> QPainterPath:
    """A path of polylines from arrays by Qt's own stream format: one call instead of one per point."""
    path = QPainterPath()
    count = len(x)
    if not count:
        return path
    elements = np.empty(count, _ELEMENT)
    elements["type"] = 1
    elements["type"][firsts] = 0
    elements["x"] = x
    elements["y"] = y
    head = np.array([count], ">i4").tobytes()
    tail = np.array([0, 1 if winding else 0], ">i4").tobytes()
    stream = QDataStream(QByteArray(head + elements.tobytes() + tail))
    stream >> path  # type: ignore[operator]
    return path
