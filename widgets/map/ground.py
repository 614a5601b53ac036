"""Cameras and components: held for finding, sent to the tile process for painting."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from widgets.map.layers import KIND_CAMERA, KIND_COMPONENT, CameraLayer, Hit, PointLayer
from widgets.map.mercator import metres_per_unit, to_world, world_x, world_y
from widgets.map.scene import Points

FEW_BOXES = 40
Send = Callable[..., None]


class GroundThings:
    """``send(kind, body, boxes)`` takes what the painter of the tiles has to know."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.layers: dict[str, PointLayer | CameraLayer] = {}
        self._points: dict[str, Points] = {}

    def set_components(self, layer: PointLayer) -> None:
        x, y = world_x(layer.lon), world_y(layer.lat)
        self._keep(KIND_COMPONENT, layer, Points(x, y))
        self._send("components", {"x": x, "y": y, "kind": np.asarray(layer.kind)})

    def set_cameras(self, layer: CameraLayer) -> None:
        """When only states differ from the last call, only the tiles of those are painted again."""
        x, y = world_x(layer.lon), world_y(layer.lat)
        state = np.asarray(layer.state)
        old = self.layers.get(KIND_CAMERA)
        if isinstance(old, CameraLayer) and _same_but_state(old, layer):
            changed = np.flatnonzero(np.asarray(old.state) != state)
            self.layers[KIND_CAMERA] = layer
            if len(changed):
                boxes = [(a, b, a, b) for a, b in zip(x[changed].tolist(), y[changed].tolist(), strict=True)]
                self._send("camera_state", {"state": state}, boxes if len(boxes) <= FEW_BOXES else None)
            return
        self._keep(KIND_CAMERA, layer, Points(x, y))
        reach = np.asarray(layer.range_m) / metres_per_unit(float(np.nanmean(y)) if np.isfinite(y).any() else 0.5)
        body = {
            "x": x,
            "y": y,
            "heading": np.asarray(layer.heading),
            "fov": np.asarray(layer.fov),
            "reach": reach,
            "state": state,
            "lookout": np.asarray(layer.lookout),
        }
        self._send("cameras", body)

    def _keep(self, kind: str, layer: PointLayer | CameraLayer, points: Points) -> None:
        self.layers[kind], self._points[kind] = layer, points

    def near(self, kind: str, wx: float, wy: float, reach: float, ppu: float) -> list[Hit]:
        """Things of a kind within ``reach`` (world units) of a world point, the nearest first."""
        points = self._points.get(kind)
        if points is None:
            return []
        near = points.inside((wx - reach, wy - reach, wx + reach, wy + reach))
        distance = np.hypot(points.x[near] - wx, points.y[near] - wy)
        ids = self.layers[kind].ids
        return [
            Hit(kind, ids[int(points.order[near[i]])], float(distance[i] * ppu))
            for i in np.argsort(distance).tolist()
            if distance[i] <= reach
        ]

    def inside(self, kind: str, box: tuple[float, float, float, float]) -> tuple[Any, Any]:
        """World x and y of the things of a kind inside a world box."""
        points = self._points.get(kind)
        if points is None:
            return np.zeros(0), np.zeros(0)
        found = points.inside(box)
        return points.x[found], points.y[found]

    def place(self, kind: str, ident: str) -> tuple[float, float] | None:
        """World point of a thing; None for one that is unknown or has no place."""
        layer = self.layers.get(kind)
        if layer is None or ident not in layer.ids:
            return None
        i = list(layer.ids).index(ident)
        x, y = to_world(float(layer.lon[i]), float(layer.lat[i]))
        return (x, y) if math.isfinite(x + y) else None


def _same_but_state(a: CameraLayer, b: CameraLayer) -> bool:
    return list(a.ids) == list(b.ids) and all(
        np.array_equal(getattr(a, name), getattr(b, name), equal_nan=name != "lookout")
        for name in ("lon", "lat", "heading", "fov", "range_m", "lookout")
    )
