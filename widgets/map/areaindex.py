"""Areas as the map's own process needs them: hit-test, label anchors, steps of the active metric."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from widgets.map.geometry import Shapes
from widgets.map.layers import DISTRICT, METRIC_OPEN, METRIC_STEPS, AreaLayer, ByteArray, FloatArray, open_steps

LOCAL_SCALE = float(1 << 26)
"""Local units per world unit: about 0.5 m each, relative to the areas' middle, so that a path's numbers stay small."""


class AreaIndex:
    """Built once per import."""

    def __init__(self, layer: AreaLayer) -> None:
        self.layer = layer
        self.shapes = Shapes.of_polygons(layer.polygons)
        self.number = {ident: i for i, ident in enumerate(layer.ids)}
        self._paths: dict[int, QPainterPath] = {}
        self._shapely: Any = None
        boxes = self.shapes.box
        full = np.isfinite(boxes).all(axis=1)
        self.bounds: tuple[float, float, float, float] | None = None
        if full.any():
            self.bounds = (
                float(boxes[full, 0].min()),
                float(boxes[full, 1].min()),
                float(boxes[full, 2].max()),
                float(boxes[full, 3].max()),
            )
        self.anchors = self._anchors()
        top = boxes[full & (np.asarray(layer.levels) == DISTRICT)]
        self.district = self.bounds
        if len(top):
            self.district = (
                float(top[:, 0].min()),
                float(top[:, 1].min()),
                float(top[:, 2].max()),
                float(top[:, 3].max()),
            )

    def __len__(self) -> int:
        return len(self.layer.ids)

    def payload(self) -> dict[str, Any]:
        return {
            **self.shapes.payload("areas"),
            "levels": np.asarray(self.layer.levels),
            "dedicated": np.asarray(self.layer.dedicated),
        }

    def step_bounds(self, metric: str, values: Mapping[str, float]) -> tuple[float, float, float]:
        """Lower bounds of the second to the fourth step, by what the finest areas with a value hold: the drawn ones."""
        if metric != METRIC_OPEN:
            return METRIC_STEPS[metric]
        known = [(int(self.layer.levels[self.number[i]]), v) for i, v in values.items() if i in self.number]
        finest = max((level for level, _ in known), default=0)
        return open_steps([v for level, v in known if level == finest])

    def steps(self, metric: str, values: Mapping[str, float]) -> ByteArray:
        """Step 0 to 3 of each area, -1 where the metric knows nothing of it."""
        bounds = self.step_bounds(metric, values)
        steps = np.full(len(self), -1, np.int8)
        for ident, value in values.items():
            number = self.number.get(ident)
            if number is not None and np.isfinite(value):
                steps[number] = int(np.searchsorted(bounds, value, side="right"))
        return steps

    def path(self, number: int) -> QPainterPath:
        """The area in local units around the middle of all areas."""
        found = self._paths.get(number)
        if found is None:
            assert self.bounds is not None
            ox, oy = self.bounds[0], self.bounds[1]
            scaled = Shapes(
                (self.shapes.xy - (ox, oy)) * LOCAL_SCALE, self.shapes.part, self.shapes.feature, self.shapes.box, True
            )
            for i in range(len(self)):
                self._paths[i] = scaled.path(np.array([i]), 0.0, 0.0)
            found = self._paths[number]
        return found

    def at(self, x: float, y: float) -> list[int]:
        """Areas at a world point, the finest level first."""
        if self.bounds is None:
            return []
        b = self.shapes.box
        near = np.flatnonzero((b[:, 0] <= x) & (b[:, 2] >= x) & (b[:, 1] <= y) & (b[:, 3] >= y))
        local = QPointF((x - self.bounds[0]) * LOCAL_SCALE, (y - self.bounds[1]) * LOCAL_SCALE)
        found = [int(i) for i in near if self.path(int(i)).contains(local)]
        found.sort(key=lambda i: (-int(self.layer.levels[i]), not bool(self.layer.dedicated[i])))  # type: ignore[index]
        return found

    def polygons(self) -> Any:
        """The areas as shapely geometries in world units (repaired where invalid)."""
        if self._shapely is None:
            self._shapely = np.array([self._geometry(i) for i in range(len(self))], dtype=object)
        return self._shapely

    def _geometry(self, number: int) -> Any:
        s = self.shapes
        rings = [s.xy[s.part[p] : s.part[p + 1]] for p in range(s.feature[number], s.feature[number + 1])]
        polygons: list[tuple[FloatArray, list[FloatArray]]] = []
        for ring in rings:
            c = ring - ring[0]
            outer = float(np.sum(c[:-1, 0] * c[1:, 1] - c[1:, 0] * c[:-1, 1])) > 0
            if outer or not polygons:
                polygons.append((ring, []))
            else:
                polygons[-1][1].append(ring)
        if not polygons:
            return shapely.MultiPolygon()
        geometry = shapely.multipolygons([shapely.Polygon(outer, holes) for outer, holes in polygons])
        return geometry if shapely.is_valid(geometry) else shapely.make_valid(geometry)

    def _anchors(self) -> FloatArray:
        """Where a name sits best: the middle where it lies inside, else a point inside; NaN for an area without
        shape."""
        anchors = np.full((len(self), 2), np.nan)
        full = np.isfinite(self.shapes.box).all(axis=1)
        if full.any():
            polygons = self.polygons()[full]
            middle = shapely.centroid(polygons)
            inside = shapely.contains(polygons, middle)
            points = np.where(inside, middle, shapely.point_on_surface(polygons))
            anchors[full] = shapely.get_coordinates(points)
        return anchors
