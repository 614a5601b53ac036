"""The painted part of the map: data in, frames out. Interaction lies in ``view``."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QElapsedTimer, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from widgets.map.areaindex import AreaIndex
from widgets.map.base import BaseShapes, PreparedBase, prepare_base
from widgets.map.ground import GroundThings
from widgets.map.labels import LabelLayer
from widgets.map.layers import (
    METRIC_OPEN,
    METRIC_STEPS,
    AreaLayer,
    BaseLayer,
    CameraLayer,
    FloatArray,
    IncidentMarks,
    PointLayer,
    RasterLayer,
    Track,
    UnitMarks,
)
from widgets.map.live import LiveLayer
from widgets.map.mercator import Viewport, detail_zoom, zoom_to_fit
from widgets.map.palette import Palette
from widgets.map.roadnames import RoadNames
from widgets.map.tilelayer import TileLayer
from widgets.theme import tokens

log = logging.getLogger(__name__)

PULSE_FRAME_MS, SLOWEST_PULSE_MS = 66, 500
PULSE_SHARE = 8
"""painting pulses takes one part in so many of the time at most: where many pulse, they do so in fewer steps"""
AHEAD_MS = 20
LATE_MS = 5
"""names that did not hold up a frame are placed so soon after it"""
QUIET_MS = 1_500
"""marks of other zoom steps are worked out once the incidents have stood still so long: not while they pour in"""
SETTLE_MS = 200
STATIC_LAYERS = ("areas", "base", "raster", "components", "density", "cameras", "fov")
LIVE_LAYERS = ("incidents", "units", "drones", "tracks")


class MapCanvas(QWidget):
    """Shows plain data (``widgets.map.layers``). Nothing in it waits for the tile process."""

    view_changed = Signal()
    layers_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setMinimumSize(160, 120)
        self.tiles = TileLayer(self)
        self.live = LiveLayer()
        self.labels = LabelLayer()
        self.road_names = RoadNames()
        self._named = np.zeros((0, 4))
        self.ground = GroundThings(lambda *order: self.tiles.send(*order))
        self.index: AreaIndex | None = None
        self.shown = {
            "areas": True,
            "base": True,
            "raster": True,
            "components": True,
            "density": False,
            "cameras": True,
            "fov": True,
            "labels": True,
            **dict.fromkeys(LIVE_LAYERS, True),
        }
        self.active_metric = METRIC_OPEN
        self.has_raster = False
        self.values: dict[str, dict[str, float]] = {}
        self.selected: tuple[str, str] | None = None
        self.attributions: dict[str, str] = {}
        self.generated: dict[str, bool] = {}
        self._steps: Any = None
        self.step_bounds = METRIC_STEPS[METRIC_OPEN]
        self._palette = Palette.from_tokens(tokens.current())
        self._view = Viewport(0.825, 0.414, 12.0, 640, 480, 1.0)
        self._goal: Viewport | None = None
        self._fit_pending = True
        self._pan = (0.0, 0.0)
        self._paint_fault = ""
        self._pulse_painting = False
        self._clock = QElapsedTimer()
        self._clock.start()
        self._pulse = QTimer(self, interval=PULSE_FRAME_MS)
        self._pulse.timeout.connect(self._on_pulse)
        self._ahead = QTimer(self, singleShot=True, interval=AHEAD_MS)
        self._ahead.timeout.connect(self._on_ahead)
        self._late = QTimer(self, singleShot=True, interval=LATE_MS)
        self._late.timeout.connect(self._on_late)
        self._since_change = QElapsedTimer()
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._on_settled)
        self.tiles.changed.connect(self._on_tile)
        self.tiles.state_changed.connect(self.update)
        tokens.changed().connect(self._on_theme_changed)
        self._apply_look()

    # ---- data -------------------------------------------------------------------------------------------------

    def set_areas(self, areas: AreaLayer | AreaIndex) -> None:
        """Show these areas; fits the view to them if it has not been moved yet. ``AreaIndex(layer)`` may be made
        beforehand on any thread; it is the slow part."""
        self.index = areas if isinstance(areas, AreaIndex) else AreaIndex(areas)
        layer = self.index.layer
        self.labels.set_areas(self.index)
        self.generated["areas"] = layer.generated
        self.tiles.send("areas", self.index.payload())
        self._steps = None
        self._send_steps()
        if self.index.bounds is not None:
            self.tiles.pin(self.index.bounds)
            if self._fit_pending:
                self.fit_world(self.index.bounds)
        self.update()

    def set_area_values(self, metric: str, values: Mapping[str, float]) -> None:
        """Values of a metric by area id; areas without one stay uncoloured. Recolours if the metric is on show."""
        self.values[metric] = dict(values)
        if metric == self.active_metric:
            self._send_steps()

    def set_metric(self, metric: str) -> None:
        """Colour the areas by another metric."""
        self.active_metric = metric
        self._send_steps()
        self.layers_changed.emit()
        self.update()

    def _send_steps(self) -> None:
        if self.index is None:
            return
        values = self.values.get(self.active_metric, {})
        steps = self.index.steps(self.active_metric, values)
        bounds = self.index.step_bounds(self.active_metric, values)
        if bounds != self.step_bounds:
            self.step_bounds = bounds
            self.layers_changed.emit()
        old, self._steps = self._steps, steps
        touched: list[tuple[float, float, float, float]] | None = None
        if old is not None and len(old) == len(steps):
            changed = np.flatnonzero(old != steps)
            if not len(changed):
                return
            if len(changed) <= 40:
                touched = [(b[0], b[1], b[2], b[3]) for b in self.index.shapes.box[changed].tolist()]
        self.tiles.send("steps", {"steps": steps}, touched)

    def set_base(self, base: BaseShapes | PreparedBase | None) -> None:
        """The vector base (a ``BaseLayer`` or an ``app.geo.base.BaseMap``), or none. ``prepare_base(layer)`` may be
        called beforehand on any thread; it is the slow
        part."""
        prepared = base if isinstance(base, PreparedBase) else prepare_base(base or BaseLayer())
        self.attributions["base"] = prepared.attribution
        self.generated["base"] = prepared.generated
        self.road_names.set_roads(prepared.roads, prepared.road_names, prepared.body["road_class"])
        self._settle.start()
        self.tiles.send("base", prepared.body)
        self.update()

    def set_raster(self, layer: RasterLayer | None) -> None:
        """A raster base under everything, or none."""
        body: dict[str, Any] = {"source": None}
        if layer is not None:
            body = {
                "source": dict(layer.source),
                "min_zoom": layer.min_zoom,
                "max_zoom": layer.max_zoom,
                "opacity": layer.opacity,
            }
        self.attributions["raster"] = layer.attribution if layer is not None else ""
        self.has_raster = layer is not None
        self.layers_changed.emit()
        self.tiles.send("raster", body)
        self.update()

    def set_components(self, layer: PointLayer) -> None:
        self.ground.set_components(layer)
        self.update()

    def set_cameras(self, layer: CameraLayer) -> None:
        """Cameras and lookouts. When only states differ from the last call, only the tiles of those are painted
        again."""
        self.ground.set_cameras(layer)
        self.update()

    def set_incidents(self, marks: IncidentMarks) -> None:
        self.live.set_incidents(marks)
        self._since_change.start()
        self._run_pulse()
        self.update()

    def set_units(self, marks: UnitMarks) -> None:
        self.live.set_units(marks)
        self.update()

    def set_drones(self, marks: UnitMarks) -> None:
        self.live.set_drones(marks)
        self.update()

    def set_tracks(self, tracks: Sequence[Track]) -> None:
        self.live.set_tracks(tracks)
        self.update()

    def set_layer_visible(self, name: str, visible: bool) -> None:
        """Show or hide a layer: areas, base, raster, components, density, cameras, fov, labels, incidents, units,
        drones,
        tracks. Unknown names are a ``KeyError``."""
        if self.shown[name] == visible:
            return
        self.shown[name] = visible
        if name in LIVE_LAYERS:
            self.live.shown[name] = visible
            self._run_pulse()
        elif name in STATIC_LAYERS:
            self._apply_look()
        self.labels.forget()
        self.layers_changed.emit()
        self.update()

    # ---- look -------------------------------------------------------------------------------------------------

    @property
    def look_scale(self) -> float:
        """Device pixels per design pixel."""
        return self._view.dpr * tokens.scale()

    @property
    def detail(self) -> float:
        """The zoom that decides what is shown (``mercator.detail_zoom``)."""
        return detail_zoom(self._view.zoom, tokens.scale())

    def palette_now(self) -> Palette:
        return self._palette

    def _apply_look(self) -> None:
        palette = self._palette = Palette.from_tokens(tokens.current())
        style = self.look_scale
        self.tiles.background = QColor(palette.ground)
        self.tiles.send(
            "look",
            {
                "palette": palette.as_dict(),
                "dpr": self._view.dpr,
                "style": style,
                "shown": {name: self.shown[name] for name in STATIC_LAYERS},
            },
        )
        self.live.set_look(palette, style)
        self.labels.set_look(palette, style)
        self.road_names.set_look(palette, style)
        self._settle.start()

    @Slot()
    def _on_theme_changed(self) -> None:
        """The slot itself is never overridden: Qt would not cut the connection of an override when the view dies."""
        self._on_theme()

    def _on_theme(self) -> None:
        self._apply_look()
        self.update()

    # ---- where it looks ---------------------------------------------------------------------------------------

    @property
    def viewport(self) -> Viewport:
        return self._view

    def set_viewport(self, view: Viewport, goal: Viewport | None = None) -> None:
        """Look elsewhere; ``goal`` is where a running zoom will end."""
        old = self._view
        self._view, self._goal = view, goal
        if view.zoom == old.zoom and view.ppu == old.ppu:
            dx, dy = view.left - old.left, view.top - old.top
            length = math.hypot(dx, dy)
            self._pan = (dx / length, dy / length) if length > 0 else self._pan
        else:
            self._pan = (0.0, 0.0)
        self.tiles.look_at(view, self._pan, goal)
        if not self._ahead.isActive() and self.isVisible():
            self._ahead.start()
        self._settle.start()
        self.view_changed.emit()
        self.update()

    @Slot()
    def _on_settled(self) -> None:
        """Names that a move brought to the rim find a place wholly inside, and roads get theirs."""
        self.labels.forget()
        self.road_names.place(self._view, np.vstack((self._named, self.live.boxes(self._view))))
        self.update()

    def fit_world(self, bounds: tuple[float, float, float, float], top: float = 17.0) -> None:
        """Show a world box, clear of the margins."""
        left, up, right, down = self.margins_px()
        v = self._view
        width, height = max(64.0, v.width - left - right), max(64.0, v.height - up - down)
        zoom = zoom_to_fit(bounds, width, height, v.dpr, top)
        ppu = replace(v, zoom=zoom).ppu
        cx = (bounds[0] + bounds[2]) / 2 + (right - left) / 2 / ppu
        cy = (bounds[1] + bounds[3]) / 2 + (down - up) / 2 / ppu
        self.set_viewport(replace(v, cx=cx, cy=cy, zoom=zoom).held())

    def margins_px(self) -> tuple[float, float, float, float]:
        """Device pixels to keep clear at the left, top, right and bottom when fitting."""
        pad = 24.0 * self.look_scale
        return pad, pad, pad, pad

    def district_bounds(self) -> tuple[float, float, float, float] | None:
        """World box of the district's areas, else of all areas."""
        return self.index.district if self.index is not None else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._sync_size()
        super().resizeEvent(event)

    def _sync_size(self) -> None:
        dpr = self.devicePixelRatioF()
        width, height = max(1, round(self.width() * dpr)), max(1, round(self.height() * dpr))
        old = self._view
        if (width, height, dpr) == (old.width, old.height, old.dpr):
            return
        view = replace(old, width=width, height=height, dpr=dpr)
        if dpr != old.dpr:
            self.tiles.forget()
        self._view = view
        if dpr != old.dpr:
            self._apply_look()
        if self._fit_pending and self.index is not None and self.index.bounds is not None:
            self.fit_world(self.index.bounds)
        else:
            self.set_viewport(view)

    def to_device(self, x: float, y: float) -> tuple[float, float]:
        return x * self._view.dpr, y * self._view.dpr

    # ---- painting ---------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """A fault in here must not reach Qt, which would end the program: it is logged once and the frame stays as
        it is."""
        began = self._clock.nsecsElapsed()
        painter = QPainter(self)
        try:
            self._paint(painter, event.region())
        except Exception:
            if self._paint_fault == "":
                log.exception("map: a frame could not be painted")
            self._paint_fault = "paint"
        else:
            self._paint_fault = ""
        finally:
            painter.end()
        if self._pulse_painting:
            self._pulse_painting = False
            took_ms = (self._clock.nsecsElapsed() - began) // 1_000_000
            self._pulse.setInterval(min(SLOWEST_PULSE_MS, max(PULSE_FRAME_MS, PULSE_SHARE * took_ms)))

    def _paint(self, painter: QPainter, region: QRegion) -> None:
        if self.devicePixelRatioF() != self._view.dpr:
            QTimer.singleShot(0, self._sync_size)
        view = self._view
        dpr = view.dpr
        if dpr != 1.0:
            painter.scale(1.0 / dpr, 1.0 / dpr)
        bounds = region.boundingRect()
        clip = QRect(
            math.floor(bounds.left() * dpr),
            math.floor(bounds.top() * dpr),
            math.ceil(bounds.width() * dpr) + 1,
            math.ceil(bounds.height() * dpr) + 1,
        )
        self.tiles.draw(painter, view, clip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_under(painter)
        self.live.draw_forces(painter, view)
        if self.shown["labels"]:
            fixed = self._place_names(view, may_wait=True)
            self._named = np.vstack((fixed, self.labels.draw(painter, view, fixed)))
            if self.shown["base"] and not (self.has_raster and self.shown["raster"]):
                self.road_names.draw(painter, view, self._named)
        self.live.draw_incidents(painter, view, self._clock.elapsed())
        self.paint_over(painter)

    def _place_names(self, view: Viewport, may_wait: bool) -> FloatArray:
        """Names of areas; a mere move of the view has them placed between two frames. Gives the panels' boxes."""
        fixed, live = self.fixed_boxes(), self.live
        points = lambda: live.unit_points(view)  # noqa: E731
        self.labels.place(view, lambda: live.boxes(view), live.version, fixed, points, may_wait)
        if self.labels.late and not self._late.isActive():
            self._late.start()
        return fixed

    def fixed_boxes(self) -> FloatArray:
        """Boxes (device pixels) that names keep off: panels lying on the map."""
        return np.zeros((0, 4))

    def paint_under(self, painter: QPainter) -> None:
        """For selections under the marks."""

    def paint_over(self, painter: QPainter) -> None:
        """For everything above the marks."""

    @Slot(object)
    def _on_tile(self, box: tuple[float, float, float, float]) -> None:
        """Qt joins the regions of all tiles that arrive before the next frame."""
        x0, y0 = self._view.to_pixel(box[0], box[1])
        x1, y1 = self._view.to_pixel(box[2], box[3])
        self._update_px(QRectF(x0, y0, x1 - x0, y1 - y0))

    def _update_px(self, box: QRectF) -> None:
        dpr = self._view.dpr
        self.update(
            QRectF(box.x() / dpr, box.y() / dpr, box.width() / dpr, box.height() / dpr)
            .adjusted(-1, -1, 1, 1)
            .toAlignedRect()
        )

    @Slot()
    def _on_ahead(self) -> None:
        """Work out where the marks lie one step further in or out, before a zoom gets there: one step at a time."""
        if self._goal is None and self._since_change.isValid() and self._since_change.elapsed() < QUIET_MS:
            self._ahead.start(QUIET_MS)
            return
        self._ahead.setInterval(AHEAD_MS)
        for step in (0.0, 0.5, -0.5, 1.0, -1.0):
            if self.live.prepare(self._view, step):
                self._ahead.start()
                return

    @Slot()
    def _on_late(self) -> None:
        self._place_names(self._view, may_wait=False)
        self.labels.prepare()
        self.update()

    def _run_pulse(self) -> None:
        if self.live.pulsing() and self.isVisible():
            if not self._pulse.isActive():
                self._pulse.start()
        else:
            self._pulse.stop()

    @Slot()
    def _on_pulse(self) -> None:
        boxes = self.live.pulse_boxes(self._view)
        if boxes:
            self._pulse_painting = True
        for box in boxes:
            self._update_px(box)

    def showEvent(self, event: Any) -> None:
        self.tiles.start()
        self._sync_size()
        self._run_pulse()
        super().showEvent(event)

    def hideEvent(self, event: Any) -> None:
        self._pulse.stop()
        self._ahead.stop()
        self._late.stop()
        self._settle.stop()
        super().hideEvent(event)

