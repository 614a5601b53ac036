"""Many lines or polygons as flat arrays, scaled once per level, turned into one painter path per tile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream, QLineF
from PySide6.QtGui import QPainter, QPainterPath
from shiboken6 import Shiboken

from widgets.map.layers import FloatArray, IntArray, Polygon, Ring
from widgets.map.mercator import ring_to_world

_ELEMENT = np.dtype([("type", ">i4"), ("x", ">f8"), ("y", ">f8")])
DECIMATE_PX = 0.4
FAR_PX = 8192.0


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
        """One path of the features, moved by (-dx, -dy); winding fill, so overlapping areas join and holes stay
        open."""
        parts = _ranges(self.feature[features], self.feature[features + 1])
        starts, ends = self.part[parts], self.part[parts + 1]
        if not len(starts):
            return QPainterPath()
        xy = self.xy[_ranges(starts, ends)]
        lengths = ends - starts
        firsts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        return array_path(xy[:, 0] - dx, xy[:, 1] - dy, firsts)

    def paths(self, features: IntArray, dx: float, dy: float, size: int = 16) -> Iterator[QPainterPath]:
        """Paths of a few features each: Qt fills one path of hundreds of shapes many times slower than small ones."""
        for first in range(0, len(features), size):
            yield self.path(features[first : first + size], dx, dy)

    def segments(self, features: IntArray, dx: float, dy: float, box: tuple[float, float, float, float]) -> FloatArray:
        """Straight pieces (n, 4) of the features, moved by (-dx, -dy), as far as they can touch ``box``."""
        parts = _ranges(self.feature[features], self.feature[features + 1])
        starts = _ranges(self.part[parts], self.part[parts + 1] - 1)
        if not len(starts):
            return np.zeros((0, 4))
        pieces = np.hstack((self.xy[starts], self.xy[starts + 1]))
        pieces -= (dx, dy, dx, dy)
        low = np.minimum(pieces[:, :2], pieces[:, 2:])
        high = np.maximum(pieces[:, :2], pieces[:, 2:])
        near = (low[:, 0] <= box[2]) & (high[:, 0] >= box[0]) & (low[:, 1] <= box[3]) & (high[:, 1] >= box[1])
        return cut_long(np.ascontiguousarray(pieces[near]), box)

    def payload(self, prefix: str) -> dict[str, Any]:
        return {
            f"{prefix}.xy": self.xy,
            f"{prefix}.part": self.part,
            f"{prefix}.feature": self.feature,
            f"{prefix}.box": self.box,
            f"{prefix}.closed": self.closed,
        }

    @classmethod
    def from_payload(cls, data: dict[str, Any], prefix: str) -> Shapes:
        return cls(
            data[f"{prefix}.xy"],
            data[f"{prefix}.part"],
            data[f"{prefix}.feature"],
            data[f"{prefix}.box"],
            bool(data[f"{prefix}.closed"]),
        )

    @classmethod
    def of_lines(cls, lines: Sequence[Ring]) -> Shapes:
        """Lon/lat lines to world units; points that are not finite are dropped, a line of fewer than two is left
        empty."""
        xy, part = _flat(lines)
        feature = np.arange(len(lines) + 1)
        keep = np.diff(part) >= 2
        return _select(xy, part, feature, keep, closed=False)

    @classmethod
    def of_polygons(cls, polygons: Sequence[Sequence[Polygon]]) -> Shapes:
        """Lon/lat multipolygons to world units; rings closed, outer rings turned one way, holes the other."""
        rings = [ring for area in polygons for polygon in area for ring in polygon]
        hole = np.array([n > 0 for area in polygons for polygon in area for n in range(len(polygon))], np.bool_)
        feature = np.concatenate(([0], np.cumsum([sum(len(p) for p in area) for area in polygons]))).astype(np.int64)
        xy, part = _flat(rings)
        shapes = _select(xy, part, feature, np.diff(part) >= 3, closed=True)
        return _turned(shapes, hole[np.diff(part) >= 3])


def _flat(rings: Sequence[Ring]) -> tuple[FloatArray, IntArray]:
    """All finite points of all rings in world units, and where each ring starts."""
    arrays = [
        np.asarray(ring, np.float64).reshape(len(ring), -1)[:, :2] if len(ring) else np.zeros((0, 2)) for ring in rings
    ]
    lengths = np.array([len(a) for a in arrays], np.int64)
    part = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    if not part[-1]:
        return np.zeros((0, 2)), part
    xy = ring_to_world(np.concatenate([a for a in arrays if len(a)]))
    good = np.isfinite(xy).all(axis=1)
    if not good.all():
        part = np.concatenate(([0], np.cumsum(good)))[part]
        xy = xy[good]
    return xy, part


def _select(xy: FloatArray, part: IntArray, feature: IntArray, keep: NDArray[np.bool_], closed: bool) -> Shapes:
    """Leave out the rings that are too short."""
    starts, ends = part[:-1][keep], part[1:][keep]
    xy = np.ascontiguousarray(xy[_ranges(starts, ends)])
    kept = np.concatenate(([0], np.cumsum(ends - starts))).astype(np.int64)
    feature = np.concatenate(([0], np.cumsum(keep)))[feature].astype(np.int64)
    return Shapes(xy, kept, feature, _boxes(xy, kept, feature), closed)


def _turned(shapes: Shapes, hole: NDArray[np.bool_]) -> Shapes:
    """Close every ring and turn it the way its role asks for."""
    xy, part = shapes.xy, shapes.part
    if not len(xy):
        return shapes
    starts, ends = part[:-1], part[1:]
    following = np.arange(1, len(xy) + 1)
    following[ends - 1] = starts
    centred = xy - np.repeat(xy[starts], ends - starts, axis=0)
    cross = centred[:, 0] * centred[following, 1] - centred[following, 0] * centred[:, 1]
    wrong = (np.add.reduceat(cross, starts) > 0) == hole
    open_ = (xy[starts] != xy[ends - 1]).any(axis=1)
    lengths = ends - starts
    order = _ranges(starts, ends)
    flipped = np.repeat(starts + ends - 1, lengths) - order
    order = np.where(np.repeat(wrong, lengths), flipped, order)
    closing = np.where(wrong, ends - 1, starts)
    order = np.insert(order, ends[open_], closing[open_])
    closed_part = np.concatenate(([0], np.cumsum(lengths + open_))).astype(np.int64)
    return Shapes(np.ascontiguousarray(xy[order]), closed_part, shapes.feature, shapes.box, True)


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


def cut_long(pieces: FloatArray, box: tuple[float, float, float, float]) -> FloatArray:
    """Cut pieces that reach far out of the box (Liang-Barsky): the rasteriser's numbers are small."""
    long = np.flatnonzero(np.abs(pieces).max(axis=1, initial=0.0) > FAR_PX)
    if not len(long):
        return pieces
    rim = FAR_PX / 4.0
    start, delta = pieces[long, :2], pieces[long, 2:] - pieces[long, :2]
    low, high = np.array(box[:2]) - rim, np.array(box[2:]) + rim
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = (low - start) / delta, (high - start) / delta
    still = delta == 0.0
    apart = (start < low) | (start > high)
    enter = np.where(still, np.where(apart, np.inf, 0.0), np.minimum(a, b)).max(axis=1).clip(min=0.0)
    leave = np.where(still, 1.0, np.maximum(a, b)).min(axis=1).clip(max=1.0)
    cut = np.hstack((start + delta * enter[:, None], start + delta * leave[:, None]))
    result = pieces.copy()
    result[long] = cut
    keep = np.ones(len(pieces), np.bool_)
    keep[long[~(enter < leave)]] = False
    return np.ascontiguousarray(result[keep])


def draw_segments(painter: QPainter, pieces: FloatArray) -> None:
    """All pieces with the painter's pen in one call; with a flat or square cap Qt takes its fast way."""
    if len(pieces):
        painter.drawLines(Shiboken.wrapInstance(pieces.ctypes.data, QLineF), len(pieces))  # type: ignore[call-overload]


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
    stream >> path
    return path
