"""Pointer and keys on the map: pan, zoom, pick, hover, context menu, tools."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractAnimation, QPoint, QPointF, Qt, QTimer, QVariantAnimation, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from widgets.map.canvas import MapCanvas
from widgets.map.clusters import bin_points
from widgets.map.layers import (
    KIND_AREA,
    KIND_CAMERA,
    KIND_CLUSTER,
    KIND_COMPONENT,
    KIND_DRONE,
    KIND_INCIDENT,
    KIND_UNIT,
    AreaSelection,
    Hit,
    SelectionShape,
)
from widgets.map.mercator import MAX_ZOOM, MIN_ZOOM, to_lonlat, world_x, world_y
from widgets.map.points import CAMERA_DOT_FROM_ZOOM, COMPONENTS_FROM_ZOOM
from widgets.map.selection import areas_inside, geometry, points_inside
from widgets.map.tools import MeasureTool, PolygonTool, RadiusTool, RectangleTool, Tool
from widgets.models.dragging import drag_camera

ZOOM_MS = 150
WHEEL_STEP = 120
PAN_SHARE = 0.2
HOVER_MS = 40
HIT_PX = 9.0


class InteractiveMap(MapCanvas):
    """``picked(kind, id)`` after a click (("", "") on empty ground), ``hovered`` while the pointer rests,
    ``context_requested(lon, lat, global position, hits)`` on a right click, ``area_selected`` after a shape was
    drawn."""

    picked = Signal(str, str)
    hovered = Signal(str, str)
    context_requested = Signal(float, float, QPoint, object)
    area_selected = Signal(object)
    tool_changed = Signal(str)
    moved_by_hand = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.tool: Tool | None = None
        self._drag: tuple[QPointF, Any] | None = None
        self._dragged = False
        self._wheel = 0.0
        self._zoom_at = (0.0, 0.0)
        self._pointer: QPointF | None = None
        self._hover: tuple[str, str] = ("", "")
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(ZOOM_MS)
        self._animation.valueChanged.connect(self._on_zoom_step)
        self._hover_timer = QTimer(self, singleShot=True, interval=HOVER_MS)
        self._hover_timer.timeout.connect(self._on_hover)

    # ---- moving -----------------------------------------------------------------------------------------------

    def centre_on(self, lon: float, lat: float, zoom: float | None = None) -> None:
        """Look at a point; ``zoom`` is rounded to half steps. A point that is not finite is a ``ValueError``."""
        if not (math.isfinite(lon) and math.isfinite(lat)):
            raise ValueError(f"no place on earth: {lon}, {lat}")
        self._animation.stop()
        self._fit_pending = False
        level = self._view.zoom if zoom is None else min(MAX_ZOOM, max(MIN_ZOOM, round(zoom * 2) / 2))
        x, y = float(world_x(np.float64(lon))), float(world_y(np.float64(lat)))  # type: ignore[arg-type]
        self.set_viewport(replace(self._view, cx=x, cy=y, zoom=level).held())

    def fit(self, bounds: tuple[float, float, float, float] | None = None) -> None:
        """Show (west, south, east, north) in degrees; None: the whole district."""
        self._animation.stop()
        if bounds is None:
            world = self.district_bounds()
        else:
            x = world_x(np.array((bounds[0], bounds[2])))
            y = world_y(np.array((bounds[3], bounds[1])))
            world = (float(x[0]), float(y[0]), float(x[1]), float(y[1]))
        if world is not None:
            self._fit_pending = bounds is None and self._fit_pending
            self.fit_world(world)

    def centre(self) -> tuple[float, float, float]:
        """Longitude, latitude and zoom of the middle."""
        return (*to_lonlat(self._view.cx, self._view.cy), self._view.zoom)

    def zoom_by(self, steps: float, px: float | None = None, py: float | None = None) -> None:
        """Zoom by half steps, the point (device pixels) staying under the pointer; runs smoothly."""
        view = self._view
        self._zoom_at = (view.width / 2 if px is None else px, view.height / 2 if py is None else py)
        running = self._animation.state() == QAbstractAnimation.State.Running
        base = float(self._animation.endValue()) if running else view.zoom
        end = min(MAX_ZOOM, max(MIN_ZOOM, round((base + steps * 0.5) * 2) / 2))
        if end == view.zoom:
            return
        self._hand_moved()
        self._animation.stop()
        self._animation.setStartValue(float(view.zoom))
        self._animation.setEndValue(float(end))
        self._animation.start()

    @Slot(object)
    def _on_zoom_step(self, value: Any) -> None:
        end = float(self._animation.endValue())
        view = self._view.zoomed(float(value), *self._zoom_at)
        self.set_viewport(view, None if view.zoom == end else self._view.zoomed(end, *self._zoom_at))

    def pan_by(self, dx_px: float, dy_px: float) -> None:
        """Move the view by device pixels."""
        self._hand_moved()
        self.set_viewport(self._view.moved(dx_px, dy_px))

    def _hand_moved(self) -> None:
        self._fit_pending = False
        self.moved_by_hand.emit()

    # ---- tools ------------------------------------------------------------------------------------------------

    def use_tool(self, name: str) -> None:
        """measure, rectangle, polygon, radius; "" goes back to panning and clears what was drawn."""
        tools: dict[str, type[Tool] | None] = {"": None, "measure": MeasureTool}
        drawing = {"rectangle": RectangleTool, "polygon": PolygonTool, "radius": RadiusTool}
        if name in drawing:
            self.tool = drawing[name](self._on_shape)
        else:
            kind = tools[name]
            self.tool = kind() if kind is not None else None
        self.setCursor(Qt.CursorShape.CrossCursor if self.tool is not None else Qt.CursorShape.ArrowCursor)
        self.tool_changed.emit(name)
        self.update()

    def _on_shape(self, shape: SelectionShape) -> None:
        self.area_selected.emit(self.inside(shape))

    def inside(self, shape: SelectionShape) -> AreaSelection:
        """Ids inside a shape, per kind, of the layers that are shown."""
        area = geometry(shape)
        found: dict[str, list[str]] = {}
        for kind, layer, name in (
            (KIND_INCIDENT, self.live.incidents, "incidents"),
            (KIND_UNIT, self.live.units, "units"),
            (KIND_DRONE, self.live.drones, "drones"),
            (KIND_CAMERA, self.ground.layers.get(KIND_CAMERA), "cameras"),
            (KIND_COMPONENT, self.ground.layers.get(KIND_COMPONENT), "components"),
        ):
            if layer is not None and self.shown[name]:
                found[kind] = points_inside(area, layer.ids, world_x(layer.lon), world_y(layer.lat))
        if self.index is not None:
            found[KIND_AREA] = areas_inside(area, self.index)
        return AreaSelection(shape, found)

    # ---- what is under a point --------------------------------------------------------------------------------

    def hits_at(self, px: float, py: float) -> list[Hit]:
        """Everything shown at a point of the view (device pixels), the most important first."""
        found = self.live.hits(self._view, px, py)
        wx, wy = self._view.to_world(px, py)
        reach = HIT_PX * self.look_scale / self._view.ppu
        for kind, name, from_zoom in (
            (KIND_CAMERA, "cameras", CAMERA_DOT_FROM_ZOOM),
            (KIND_COMPONENT, "components", COMPONENTS_FROM_ZOOM),
        ):
            if self.shown[name] and self.detail >= from_zoom:
                found += self.ground.near(kind, wx, wy, reach, self._view.ppu)
        if self.index is not None and self.shown["areas"]:
            found += [Hit(KIND_AREA, self.index.layer.ids[i]) for i in self.index.at(wx, wy)]
        return found

    def position_of(self, kind: str, ident: str) -> tuple[float, float] | None:
        """Device pixels of a thing in the view, or None if the map does not know it."""
        live = self.live.position(self._view, kind, ident)
        if live is not None:
            return live
        if kind == KIND_AREA and self.index is not None and ident in self.index.number:
            x, y = self.index.anchors[self.index.number[ident]]
            return self._view.to_pixel(float(x), float(y)) if math.isfinite(x + y) else None
        place = self.ground.place(kind, ident)
        return None if place is None else self._view.to_pixel(*place)

    # ---- picking ----------------------------------------------------------------------------------------------

    def select(self, kind: str, ident: str) -> None:
        """Ring this thing in the accent colour; ("", "") for none. Does not move the view."""
        self.selected = (kind, ident) if kind else None
        self.live.set_focus(kind, ident)
        self.update()

    def _pick(self, px: float, py: float, at: QPoint) -> None:
        hits = self.hits_at(px, py)
        first = hits[0] if hits else Hit("", "")
        if first.kind == KIND_CLUSTER:
            self._open_cluster(px, py)
            return
        self.select(first.kind, first.id)
        self.picked.emit(first.kind, first.id)
        self.show_card(first, at)

    def _open_cluster(self, px: float, py: float) -> None:
        """Zoom in far enough for the cluster under the pointer to fall apart."""
        self.zoom_by(3, px, py)

    def show_card(self, hit: Hit, at: QPoint) -> None:
        """For the view that has cards."""

    def hide_cards(self) -> None:
        """For the view that has cards."""

    # ---- events -----------------------------------------------------------------------------------------------

    def _world(self, at: QPointF) -> tuple[float, float]:
        return self._view.to_world(*self.to_device(at.x(), at.y()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._animation.stop()
            self._dragged = False
            if self.tool is not None and event.button() == Qt.MouseButton.LeftButton:
                self.tool.press(self._world(event.position()))
                self.update()
            else:
                self._drag = (event.position(), self._view)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if self._drag is not None:
            start, view = self._drag
            delta = event.position() - start
            if not self._dragged and delta.manhattanLength() < QApplication.startDragDistance() / 2:
                return
            left = bool(event.buttons() & Qt.MouseButton.LeftButton)
            if not self._dragged and left and (camera := self._camera_at(start)):
                self._drag = None
                self.hide_cards()
                drag_camera(self, camera)
                return
            if not self._dragged:
                self._dragged = True
                self.hide_cards()
                self._hand_moved()
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
            dpr = self._view.dpr
            self.set_viewport(view.moved(-delta.x() * dpr, -delta.y() * dpr))
        elif self.tool is not None:
            self.tool.move(self._world(event.position()))
            self.update()
        elif not self._hover_timer.isActive():
            self._hover_timer.start()

    def _camera_at(self, at: QPointF) -> str:
        """The camera that a drag began on: it is carried away, the map stays. "" for anything else."""
        if self.tool is not None:
            return ""
        hits = self.hits_at(*self.to_device(at.x(), at.y()))
        return hits[0].id if hits and hits[0].kind == "camera" else ""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None:
            self._drag = None
            self.setCursor(Qt.CursorShape.CrossCursor if self.tool is not None else Qt.CursorShape.ArrowCursor)
            if not self._dragged and event.button() == Qt.MouseButton.LeftButton:
                self._pick(*self.to_device(event.position().x(), event.position().y()), event.position().toPoint())
        elif self.tool is not None and event.button() == Qt.MouseButton.LeftButton:
            self.tool.release(self._world(event.position()))
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self.tool is not None:
            self.tool.finish()
            self.update()
        else:
            self.zoom_by(2, *self.to_device(event.position().x(), event.position().y()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        steps = int(self._wheel / WHEEL_STEP)
        if steps:
            self._wheel -= steps * WHEEL_STEP
            self.hide_cards()
            self.zoom_by(steps, *self.to_device(event.position().x(), event.position().y()))
        event.accept()

    def leaveEvent(self, event: Any) -> None:
        self._pointer = None
        self._set_hover(Hit("", ""), QPoint())

    @Slot()
    def _on_hover(self) -> None:
        if self._pointer is None or self._drag is not None or self.tool is not None:
            return
        hits = self.hits_at(*self.to_device(self._pointer.x(), self._pointer.y()))
        self._set_hover(hits[0] if hits else Hit("", ""), self._pointer.toPoint())

    def _set_hover(self, hit: Hit, at: QPoint) -> None:
        if (hit.kind, hit.id) != self._hover:
            self._hover = (hit.kind, hit.id)
            self.hovered.emit(hit.kind, hit.id)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = QPointF(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = QPointF(self.width() / 2, self.height() / 2)
        px, py = self.to_device(at.x(), at.y())
        lon, lat = to_lonlat(*self._view.to_world(px, py))
        self.context_requested.emit(lon, lat, self.mapToGlobal(at.toPoint()), self.hits_at(px, py))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            event.ignore()
            return
        if not self.key(Qt.Key(event.key())):
            event.ignore()

    def key(self, key: Qt.Key) -> bool:
        """Do what a key stands for; False if it stands for nothing here."""
        view = self._view
        pans = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        if key in pans:
            self.pan_by(pans[key][0] * view.width * PAN_SHARE, pans[key][1] * view.height * PAN_SHARE)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(1)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom_by(-1)
        elif key == Qt.Key.Key_Home:
            self._hand_moved()
            self.fit()
        elif key == Qt.Key.Key_Escape and self.tool is not None:
            self.use_tool("")
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.tool is not None:
            self.tool.finish()
            self.update()
        else:
            return False
        return True

    def paint_tool(self, painter: QPainter) -> None:
        if self.tool is not None:
            self.tool.draw(painter, self._view, self.palette_now(), self.look_scale)

    def density_at(self, px: float, py: float, cell_px: float) -> int:
        """Number of components in the density cell under a point (0 where none are shown)."""
        if not self.shown["density"]:
            return 0
        x, y = self._view.to_world(px, py)
        cell = cell_px * self.look_scale / self._view.ppu
        left, top = math.floor(x / cell) * cell, math.floor(y / cell) * cell
        inside = self.ground.inside(KIND_COMPONENT, (left, top, left + cell, top + cell))
        return int(bin_points(*inside, cell).count.sum())
