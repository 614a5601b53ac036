"""Everything the static painter draws, held alike by the tile process and (for direct drawing) by anyone else.

A scene is fed by ``apply(kind, body)`` with the very bodies that travel to the tile process.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np

from widgets.map.clusters import Bins, bin_points
from widgets.map.geometry import Shapes
from widgets.map.layers import ByteArray, FloatArray
from widgets.map.palette import Palette
from widgets.map.raster import RasterFeed

SCALES_KEPT = 4
BASE_PARTS = ("roads", "water_lines", "water", "greens", "buildings")


class ScaledShapes:
    """Shapes and their last few scaled forms, each relative to the shapes' own middle."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self._kept: OrderedDict[float, Shapes] = OrderedDict()
        boxes = shapes.box[np.isfinite(shapes.box).all(axis=1)]
        self.origin = (
            (float((boxes[:, 0].min() + boxes[:, 2].max()) / 2), float((boxes[:, 1].min() + boxes[:, 3].max()) / 2))
            if len(boxes)
            else (0.5, 0.5)
        )

    def at(self, ppu: float) -> Shapes:
        found = self._kept.get(ppu)
        if found is None:
            found = self._kept[ppu] = self.shapes.scaled(ppu, self.origin)
            while len(self._kept) > SCALES_KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(ppu)
        return found


class Points:
    """Points sorted by x, so that a strip is found by bisection."""

    def __init__(self, x: FloatArray, y: FloatArray) -> None:
        order = np.argsort(x, kind="stable")
        self.order = order[np.isfinite(x[order]) & np.isfinite(y[order])]
        self.x = np.ascontiguousarray(x[self.order])
        self.y = np.ascontiguousarray(y[self.order])

    def inside(self, box: tuple[float, float, float, float]) -> Any:
        """Positions (into the sorted arrays) of the points inside the box."""
        first, last = np.searchsorted(self.x, (box[0], box[2]))
        y = self.y[first:last]
        return first + np.flatnonzero((y >= box[1]) & (y <= box[3]))


class Scene:
    """The static layers. ``generation`` counts changes."""

    def __init__(self) -> None:
        self.generation = 0
        self.palette: Palette | None = None
        self.dpr = 1.0
        self.style = 1.0
        self.shown: dict[str, bool] = {}
        self.areas: ScaledShapes | None = None
        self.area_level: ByteArray = np.zeros(0, np.int8)
        self.area_dedicated = np.zeros(0, np.bool_)
        self.area_step: ByteArray = np.zeros(0, np.int8)
        self.base: dict[str, ScaledShapes] = {}
        self.road_class: ByteArray = np.zeros(0, np.int8)
        self.raster: RasterFeed | None = None
        self.components: Points | None = None
        self.component_kind: ByteArray = np.zeros(0, np.int8)
        self.cameras: Points | None = None
        self.camera: dict[str, Any] = {}
        self.sprites: dict[Any, Any] = {}
        """Sprites made for this scene, by look; they live no longer than it."""
        self._bins: OrderedDict[float, tuple[Bins, Points]] = OrderedDict()

    def apply(self, kind: str, body: dict[str, Any]) -> None:
        """Take one change; an unknown kind is a ``KeyError``."""
        {
            "look": self._look,
            "areas": self._areas,
            "steps": self._steps,
            "base": self._base,
            "raster": self._raster,
            "components": self._components,
            "cameras": self._cameras,
            "camera_state": self._camera_state,
        }[kind](body)
        self.generation += 1

    def component_bins(self, cell: float) -> tuple[Bins, Points]:
        """Clusters of the components for one cell size (world units), kept for the last few sizes."""
        found = self._bins.get(cell)
        if found is None:
            assert self.components is not None
            bins = bin_points(self.components.x, self.components.y, cell)
            found = self._bins[cell] = (bins, Points(bins.x, bins.y))
            while len(self._bins) > SCALES_KEPT:
                self._bins.popitem(last=False)
        return found

    def _look(self, body: dict[str, Any]) -> None:
        self.palette = Palette.from_dict(body["palette"])
        self.sprites.clear()
        self.dpr, self.style = float(body["dpr"]), float(body["style"])
        self.shown = dict(body["shown"])

    def _areas(self, body: dict[str, Any]) -> None:
        self.areas = ScaledShapes(Shapes.from_payload(body, "areas"))
        self.area_level = np.asarray(body["levels"])
        self.area_dedicated = np.asarray(body["dedicated"])
        if len(self.area_step) != len(self.area_level):
            self.area_step = np.full(len(self.area_level), -1, np.int8)

    def _steps(self, body: dict[str, Any]) -> None:
        self.area_step = np.asarray(body["steps"])

    def _base(self, body: dict[str, Any]) -> None:
        self.base = {part: ScaledShapes(Shapes.from_payload(body, part)) for part in BASE_PARTS}
        self.road_class = np.asarray(body["road_class"])

    def _raster(self, body: dict[str, Any]) -> None:
        if self.raster is not None:
            self.raster.close()
        self.raster = RasterFeed.from_body(body) if body.get("source") else None

    def _components(self, body: dict[str, Any]) -> None:
        self.components = Points(np.asarray(body["x"]), np.asarray(body["y"]))
        self.component_kind = np.asarray(body["kind"])[self.components.order]
        self._bins.clear()

    def _cameras(self, body: dict[str, Any]) -> None:
        self.cameras = Points(np.asarray(body["x"]), np.asarray(body["y"]))
        order = self.cameras.order
        self.camera = {name: np.asarray(body[name])[order] for name in ("heading", "fov", "reach", "state", "lookout")}

    def _camera_state(self, body: dict[str, Any]) -> None:
        if self.cameras is not None:
            self.camera["state"] = np.asarray(body["state"])[self.cameras.order]
